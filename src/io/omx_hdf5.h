/* omx_hdf5.h - what reader and writer of OMX share: bounds, and a library that does not print. */
#ifndef IO_OMX_HDF5_H
#define IO_OMX_HDF5_H

#include <hdf5.h>

#include <keruen/omx.h>

#define KRNI_OMX_ZONES    20000u
#define KRNI_OMX_MATRICES 1000u
#define KRNI_OMX_BYTES    ((uint64_t)2 << 30)
#define KRNI_OMX_NAME     255u
#define KRNI_OMX_TEXT     1024u /* bytes of a zone */

/* No path can be of this name: HDF5 looks for a file even where it is given one in memory. */
#define KRNI_OMX_NO_FILE "/dev/null/keruen.omx"

/* HDF5 prints its errors unless told not to; what the program set before comes back. */
typedef struct krni_omx_quiet {
    H5E_auto2_t print;
    void *context;
} krni_omx_quiet;

krni_omx_quiet krni_omx_be_quiet(void);
void krni_omx_speak_again(krni_omx_quiet before);

/* A name of a matrix or lookup: UTF-8, no control character, no '/', 1 to 255 bytes, not ".". */
bool krni_omx_is_name(const char *name);

/* Zones, matrices and bytes within the bounds of omx.h; what: the file. */
krn_status krni_omx_check_size(const char *what, uint64_t n_zones, uint64_t n_matrices,
                               krn_error *err);

/* Reads in this very process: bytes that are damaged may bring HDF5 down (omx_ward.c). */
krn_status krni_omx_parse_here(const char *name, const void *bytes, size_t size, krn_arena *arena,
                               krn_omx *out, krn_error *err);

/* omx_chunk.c: n x n figures of a dataset in filtered chunks that was looked at (deflate and
 * shuffle alone). False: damaged, or no memory. */
bool krni_omx_read_chunks(hid_t dataset, hid_t type, uint32_t n, double *out);

#endif
