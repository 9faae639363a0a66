/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_omx.c - the bytes are an OMX file: refused, or matrices that are whole. HDF5 reads it in a
 * process of its own (io/omx_ward.c), so what it breaks is no crash here. */
#include <math.h>
#include <stdlib.h>

#include <keruen/omx.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 65536 || !krn_omx_available())
        return 0;
    krn_arena *arena = krn_arena_new(NULL, 0);
    krn_omx omx = {0};
    krn_error err = {0};
    if (!arena)
        abort();
    const krn_status status = krn_omx_parse("m.omx", data, size, arena, &omx, &err);
    if (!status && (!omx.n_zones || !omx.n_matrices || (omx.lookup_name && !omx.zones)))
        abort();
    for (uint32_t m = 0; m < omx.n_matrices && !status; m++)
        for (size_t i = 0; i < (size_t)omx.n_zones * omx.n_zones; i++)
            if (isinf(omx.matrices[m].values[i]))
                abort();
    if (status && !err.text[0])
        abort();
    krn_arena_free(arena);
    return 0;
}
