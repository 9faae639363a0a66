/* omx.h - matrices by zone in the open matrix format (OMX 0.2: HDF5), where HDF5 was at the build.
 *
 *   units      the caller's; rows are origins, columns destinations
 *   ownership  what is read lives in the caller's arena
 *   errors     KRN_E_IO, KRN_E_DATA (file, matrix, zone, value), KRN_E_LIMIT, KRN_E_MEMORY,
 *              KRN_E_ARG "built without HDF5"
 *   processes  a file is read in a child process, which a damaged one may bring down
 *   bounds     20,000 zones, 1,000 matrices, 2 GiB of figures
 */
#ifndef KERUEN_OMX_H
#define KERUEN_OMX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <keruen/arena.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct krn_omx_matrix {
    const char *name;
    const double *values; /* n_zones * n_zones, row by row; NaN: none */
} krn_omx_matrix;

typedef struct krn_omx {
    uint32_t n_zones, n_matrices;
    krn_omx_matrix *matrices; /* by name */
    const char *lookup_name;  /* NULL: zones have no names */
    const char *const *zones; /* n_zones texts; numbers of a numeric lookup as text */
} krn_omx;

/* Whether this build can. */
KRN_API bool krn_omx_available(void);

/* Writes to a temporary file beside path, then renames. The same bytes for the same matrices. */
KRN_API krn_status krn_omx_write(const char *path, const krn_omx *omx, krn_error *err);

KRN_API krn_status krn_omx_read(const char *path, krn_arena *arena, krn_omx *out, krn_error *err);
/* The same of bytes that hold a whole file. name: for messages. */
KRN_API krn_status krn_omx_parse(const char *name, const void *bytes, size_t size, krn_arena *arena,
                                 krn_omx *out, krn_error *err);

#ifdef __cplusplus
}
#endif
#endif
