/* SPDX-License-Identifier: Apache-2.0 */
/* omx_none.c - a build without HDF5 says so. */
#include <keruen/omx.h>

#include "base/error.h"

static krn_status tell(krn_error *err)
{
    return krni_fail(err, KRN_E_ARG,
                     "built without HDF5, so there are no OMX files: install libhdf5-dev and build "
                     "again");
}

bool krn_omx_available(void)
{
    return false;
}

krn_status krn_omx_write(const char *path, const krn_omx *omx, krn_error *err)
{
    (void)path, (void)omx;
    return tell(err);
}

krn_status krn_omx_read(const char *path, krn_arena *arena, krn_omx *out, krn_error *err)
{
    (void)path, (void)arena, (void)out;
    return tell(err);
}

krn_status krn_omx_parse(const char *name, const void *bytes, size_t size, krn_arena *arena,
                         krn_omx *out, krn_error *err)
{
    (void)name, (void)bytes, (void)size, (void)arena, (void)out;
    return tell(err);
}
