/* SPDX-License-Identifier: Apache-2.0 */
/* omx_hdf5.c - what reader and writer of OMX share. */
#include "io/omx_hdf5.h"

#include <string.h>

#include "base/error.h"
#include "base/utf8.h"

bool krn_omx_available(void)
{
    return true;
}

krni_omx_quiet krni_omx_be_quiet(void)
{
    krni_omx_quiet before = {NULL, NULL};
    (void)H5Eget_auto2(H5E_DEFAULT, &before.print, &before.context);
    (void)H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    return before;
}

void krni_omx_speak_again(krni_omx_quiet before)
{
    (void)H5Eclear2(H5E_DEFAULT);
    (void)H5Eset_auto2(H5E_DEFAULT, before.print, before.context);
}

bool krni_omx_is_name(const char *name)
{
    const size_t n = name ? strlen(name) : 0;
    if (n == 0 || n > KRNI_OMX_NAME || strcmp(name, ".") == 0 || !krni_utf8_valid(name, n))
        return false;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)name[i] < ' ' || name[i] == '/' || name[i] == 0x7f)
            return false;
    return true;
}

krn_status krni_omx_check_size(const char *what, uint64_t n_zones, uint64_t n_matrices,
                               krn_error *err)
{
    if (n_zones > KRNI_OMX_ZONES)
        return krni_fail(err, KRN_E_LIMIT, "%s: %llu zones: at most %u", what,
                         (unsigned long long)n_zones, KRNI_OMX_ZONES);
    if (n_matrices > KRNI_OMX_MATRICES)
        return krni_fail(err, KRN_E_LIMIT, "%s: %llu matrices: at most %u", what,
                         (unsigned long long)n_matrices, KRNI_OMX_MATRICES);
    if (n_zones * n_zones * n_matrices * sizeof(double) > KRNI_OMX_BYTES)
        return krni_fail(err, KRN_E_LIMIT, "%s: %llu matrices of %llu zones: at most 2 GiB", what,
                         (unsigned long long)n_matrices, (unsigned long long)n_zones);
    return KRN_OK;
}
