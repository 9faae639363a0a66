/* SPDX-License-Identifier: Apache-2.0 */
/* omx_write.c - matrices by zone as an OMX 0.2 file.
 *
 *   /              OMX_VERSION "0.2", SHAPE [zones, zones]
 *   /data/NAME     64-bit floats, in chunks of whole rows, shuffled and deflated
 *   /lookup/NAME   texts of one width
 *
 * The file is made in memory and written whole, so a failure leaves nothing half. No object keeps a
 * time. The oldest form of HDF5 is written, which every reader takes. */
#include <stdlib.h>
#include <string.h>

#include <keruen/io.h>

#include "base/error.h"
#include "io/omx_hdf5.h"

#define CHUNK_BYTES ((hsize_t)64 * 1024)
#define STEP_BYTES  ((size_t)1024 * 1024)

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static krn_status check_names(const krn_omx *omx, krn_error *err)
{
    krn_status st = KRN_OK;
    const char **names = malloc((omx->n_matrices + 1u) * sizeof *names);
    if (!names)
        return krni_fail_memory(err);
    for (uint32_t m = 0; !st && m < omx->n_matrices; m++) {
        names[m] = omx->matrices[m].name;
        if (!krni_omx_is_name(names[m]) || !omx->matrices[m].values)
            st = krni_fail(err, KRN_E_ARG, "matrix %u: a name without '/', and figures",
                           (unsigned)m + 1);
    }
    if (!st)
        qsort(names, omx->n_matrices, sizeof *names, by_name);
    for (uint32_t m = 1; !st && m < omx->n_matrices; m++)
        if (strcmp(names[m - 1], names[m]) == 0)
            st = krni_fail(err, KRN_E_ARG, "two matrices %s", names[m]);
    free(names);
    return st;
}

static krn_status check(const krn_omx *omx, krn_error *err)
{
    if (!omx->n_zones)
        return krni_fail(err, KRN_E_ARG, "an OMX file without zones");
    krn_status st = krni_omx_check_size("OMX file", omx->n_zones, omx->n_matrices, err);
    if (!st)
        st = check_names(omx, err);
    if (!st && omx->lookup_name && (!krni_omx_is_name(omx->lookup_name) || !omx->zones))
        st = krni_fail(err, KRN_E_ARG, "a lookup needs a name without '/', and zones");
    for (uint32_t z = 0; !st && omx->lookup_name && z < omx->n_zones; z++)
        if (!omx->zones[z] || strlen(omx->zones[z]) > KRNI_OMX_TEXT)
            st = krni_fail(err, KRN_E_ARG, "zone %u: a text of at most %u bytes", (unsigned)z + 1,
                           KRNI_OMX_TEXT);
    return st;
}

static bool write_attribute(hid_t object, const char *name, hid_t type, hid_t space, hid_t memory,
                            const void *value)
{
    const hid_t a = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    bool good = a >= 0 && H5Awrite(a, memory, value) >= 0;
    if (a >= 0)
        good = H5Aclose(a) >= 0 && good;
    return good;
}

/* A text type of a width, padded by NUL, in UTF-8. */
static hid_t text_type(size_t width)
{
    const hid_t t = H5Tcopy(H5T_C_S1);
    if (t >= 0 && H5Tset_size(t, width) >= 0 && H5Tset_strpad(t, H5T_STR_NULLPAD) >= 0 &&
        H5Tset_cset(t, H5T_CSET_UTF8) >= 0)
        return t;
    if (t >= 0)
        (void)H5Tclose(t);
    return -1;
}

static bool write_head(hid_t file, uint32_t n_zones)
{
    const int32_t shape[2] = {(int32_t)n_zones, (int32_t)n_zones};
    const hsize_t two = 2;
    const hid_t text = text_type(3), one = H5Screate(H5S_SCALAR),
                pair = H5Screate_simple(1, &two, NULL);
    const bool good = text >= 0 && one >= 0 && pair >= 0 &&
                      write_attribute(file, "OMX_VERSION", text, one, text, "0.2") &&
                      write_attribute(file, "SHAPE", H5T_STD_I32LE, pair, H5T_NATIVE_INT32, shape);
    (void)H5Tclose(text);
    (void)H5Sclose(one);
    (void)H5Sclose(pair);
    return good;
}

static hid_t make_group(hid_t file, const char *name)
{
    const hid_t how = H5Pcreate(H5P_GROUP_CREATE);
    hid_t group = -1;
    if (how >= 0 && H5Pset_obj_track_times(how, false) >= 0)
        group = H5Gcreate2(file, name, H5P_DEFAULT, how, H5P_DEFAULT);
    (void)H5Pclose(how);
    return group;
}

/* How a matrix lies in the file. */
static hid_t matrix_properties(hsize_t n)
{
    const hsize_t fitting = CHUNK_BYTES / (n * sizeof(double));
    const hsize_t chunk[2] = {fitting < 1 ? 1 : fitting < n ? fitting : n, n};
    const hid_t how = H5Pcreate(H5P_DATASET_CREATE);
    bool good = how >= 0 && H5Pset_obj_track_times(how, false) >= 0 &&
                H5Pset_chunk(how, 2, chunk) >= 0 && H5Pset_fill_time(how, H5D_FILL_TIME_NEVER) >= 0;
    if (good && H5Zfilter_avail(H5Z_FILTER_DEFLATE) > 0)
        good = H5Pset_shuffle(how) >= 0 && H5Pset_deflate(how, 1) >= 0;
    if (good)
        return how;
    (void)H5Pclose(how);
    return -1;
}

static bool write_matrices(hid_t file, const krn_omx *omx)
{
    const hsize_t n = omx->n_zones, extent[2] = {n, n};
    const hid_t group = make_group(file, "data"), how = matrix_properties(n),
                space = H5Screate_simple(2, extent, NULL);
    bool good = group >= 0 && how >= 0 && space >= 0;
    for (uint32_t m = 0; good && m < omx->n_matrices; m++) {
        const hid_t d = H5Dcreate2(group, omx->matrices[m].name, H5T_IEEE_F64LE, space, H5P_DEFAULT,
                                   how, H5P_DEFAULT);
        good = d >= 0 && H5Dwrite(d, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT,
                                  omx->matrices[m].values) >= 0;
        if (d >= 0)
            good = H5Dclose(d) >= 0 && good;
    }
    (void)H5Sclose(space);
    (void)H5Pclose(how);
    (void)H5Gclose(group);
    return good;
}

static bool write_lookup(hid_t file, const krn_omx *omx)
{
    const hsize_t n = omx->n_zones;
    size_t width = 1;
    for (uint32_t z = 0; z < omx->n_zones; z++)
        width = strlen(omx->zones[z]) > width ? strlen(omx->zones[z]) : width;
    char *texts = calloc(omx->n_zones, width);
    if (!texts)
        return false;
    for (uint32_t z = 0; z < omx->n_zones; z++)
        memcpy(texts + z * width, omx->zones[z], strlen(omx->zones[z]));
    const hid_t group = make_group(file, "lookup"), type = text_type(width),
                space = H5Screate_simple(1, &n, NULL), how = H5Pcreate(H5P_DATASET_CREATE);
    hid_t d = -1;
    if (group >= 0 && type >= 0 && space >= 0 && how >= 0 &&
        H5Pset_obj_track_times(how, false) >= 0)
        d = H5Dcreate2(group, omx->lookup_name, type, space, H5P_DEFAULT, how, H5P_DEFAULT);
    bool good = d >= 0 && H5Dwrite(d, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts) >= 0;
    if (d >= 0)
        good = H5Dclose(d) >= 0 && good;
    (void)H5Pclose(how);
    (void)H5Sclose(space);
    (void)H5Tclose(type);
    (void)H5Gclose(group);
    free(texts);
    return good;
}

/* The bytes of the file, malloc'd; NULL: failed. */
static char *take_image(hid_t file, size_t *out_size)
{
    if (H5Fflush(file, H5F_SCOPE_GLOBAL) < 0)
        return NULL;
    const ssize_t size = H5Fget_file_image(file, NULL, 0);
    char *image = size > 0 ? malloc((size_t)size) : NULL;
    if (image && H5Fget_file_image(file, image, (size_t)size) != size) {
        free(image);
        image = NULL;
    }
    *out_size = image ? (size_t)size : 0;
    return image;
}

static char *make_image(const krn_omx *omx, size_t *out_size)
{
    char *image = NULL;
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    hid_t file = -1;
    if (access >= 0 && H5Pset_fapl_core(access, STEP_BYTES, false) >= 0 &&
        H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) >= 0)
        file = H5Fcreate(KRNI_OMX_NO_FILE, H5F_ACC_TRUNC, H5P_DEFAULT, access);
    if (file >= 0 && write_head(file, omx->n_zones) && write_matrices(file, omx) &&
        (!omx->lookup_name || write_lookup(file, omx)))
        image = take_image(file, out_size);
    if (file >= 0)
        (void)H5Fclose(file);
    (void)H5Pclose(access);
    return image;
}

krn_status krn_omx_write(const char *path, const krn_omx *omx, krn_error *err)
{
    size_t size = 0;
    if (!path || !omx)
        return krni_fail(err, KRN_E_ARG, "matrices and a path are needed");
    krn_status st = check(omx, err);
    if (st)
        return st;
    const krni_omx_quiet before = krni_omx_be_quiet();
    char *image = make_image(omx, &size);
    krni_omx_speak_again(before);
    /* in memory nothing but memory can be short */
    st = image ? krn_file_write(path, image, size, err) : krni_fail_memory(err);
    free(image);
    return st;
}
