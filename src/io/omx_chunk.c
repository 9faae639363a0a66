/* SPDX-License-Identifier: Apache-2.0 */
/* omx_chunk.c - a matrix in filtered chunks.
 *
 *   chunk as it lies in the file -> inflated -> bytes put back in order -> doubles -> its place
 *
 * libhdf5 1.10 takes a chunk that inflates to less than it should, and reads behind its end. So the
 * filters are undone here, where every length is known. */
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "io/omx_hdf5.h"

#define MOST_CHUNKS  4000000u
#define MOST_FILTERS 8

typedef struct chunked {
    hid_t dataset, type, how;
    hsize_t n, chunk[2];
    size_t element; /* bytes of one figure in the file */
    size_t figures; /* of a chunk */
    int n_filters;
    H5Z_filter_t filters[MOST_FILTERS];
    unsigned char *raw, *work; /* of so many bytes, at least */
    size_t room;
} chunked;

static bool look(chunked *c)
{
    c->n_filters = H5Pget_nfilters(c->how);
    if (H5Pget_chunk(c->how, 2, c->chunk) != 2 || !c->chunk[0] || !c->chunk[1] ||
        c->n_filters < 0 || c->n_filters > MOST_FILTERS)
        return false;
    for (int i = 0; i < c->n_filters; i++) {
        unsigned flags = 0, values[1] = {0}, config = 0;
        size_t n_values = 1;
        c->filters[i] =
            H5Pget_filter2(c->how, (unsigned)i, &flags, &n_values, values, 0, NULL, &config);
        if (c->filters[i] == H5Z_FILTER_SHUFFLE && (n_values < 1 || values[0] != c->element))
            return false;
    }
    const hsize_t across = (c->n + c->chunk[1] - 1) / c->chunk[1],
                  down = (c->n + c->chunk[0] - 1) / c->chunk[0];
    c->figures = (size_t)(c->chunk[0] * c->chunk[1]); /* bounded: omx_read.c */
    c->room = c->figures * sizeof(double) + 4096;
    return across * down <= MOST_CHUNKS;
}

/* Bytes 0 of all figures, then bytes 1, ...: in the order of figures again. */
static void unshuffle(const chunked *c, const unsigned char *from, unsigned char *to)
{
    for (size_t byte = 0; byte < c->element; byte++)
        for (size_t i = 0; i < c->figures; i++)
            to[i * c->element + byte] = from[byte * c->figures + i];
}

/* One chunk as figures of the file in c->raw; false: damaged. */
static bool undo_filters(chunked *c, size_t size, uint32_t skipped)
{
    const size_t whole = c->figures * c->element;
    for (int i = c->n_filters - 1; i >= 0; i--) {
        if (skipped >> i & 1u)
            continue;
        uLongf got = (uLongf)c->room;
        if (c->filters[i] == H5Z_FILTER_DEFLATE &&
            uncompress(c->work, &got, c->raw, (uLong)size) == Z_OK)
            size = (size_t)got;
        else if (c->filters[i] == H5Z_FILTER_SHUFFLE && size == whole)
            unshuffle(c, c->raw, c->work);
        else
            return false;
        unsigned char *other = c->raw;
        c->raw = c->work;
        c->work = other;
    }
    return size == whole;
}

static bool read_chunk(chunked *c, const hsize_t at[2], double *out)
{
    hsize_t stored = 0;
    uint32_t skipped = 0;
    if (H5Dget_chunk_storage_size(c->dataset, at, &stored) < 0 || stored > c->room)
        return false;
    if (!stored) { /* never written */
        double fill = 0.0;
        if (H5Pget_fill_value(c->how, H5T_NATIVE_DOUBLE, &fill) < 0)
            return false;
        for (size_t i = 0; i < c->figures; i++)
            memcpy(c->raw + i * sizeof fill, &fill, sizeof fill);
    } else if (H5Dread_chunk(c->dataset, H5P_DEFAULT, at, &skipped, c->raw) < 0 ||
               !undo_filters(c, (size_t)stored, skipped) ||
               H5Tconvert(c->type, H5T_NATIVE_DOUBLE, c->figures, c->raw, NULL, H5P_DEFAULT) < 0) {
        return false;
    }
    const hsize_t wide = c->n - at[1] < c->chunk[1] ? c->n - at[1] : c->chunk[1];
    for (hsize_t row = 0; row < c->chunk[0] && at[0] + row < c->n; row++)
        memcpy(out + (at[0] + row) * c->n + at[1], c->raw + row * c->chunk[1] * sizeof(double),
               (size_t)wide * sizeof(double));
    return true;
}

bool krni_omx_read_chunks(hid_t dataset, hid_t type, uint32_t n, double *out)
{
    chunked c = {.dataset = dataset, .type = type, .n = n, .element = H5Tget_size(type)};
    c.how = H5Dget_create_plist(dataset);
    bool good = c.how >= 0 && look(&c);
    c.raw = good ? malloc(c.room) : NULL;
    c.work = good ? malloc(c.room) : NULL;
    good = good && c.raw && c.work;
    for (hsize_t row = 0; good && row < n; row += c.chunk[0])
        for (hsize_t column = 0; good && column < n; column += c.chunk[1])
            good = read_chunk(&c, (const hsize_t[2]){row, column}, out);
    free(c.raw);
    free(c.work);
    if (c.how >= 0)
        (void)H5Pclose(c.how);
    return good;
}
