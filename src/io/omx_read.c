/* SPDX-License-Identifier: Apache-2.0 */
/* omx_read.c - matrices by zone out of an OMX file, which is trusted in nothing.
 *
 *   bytes -> opened in memory -> names of /data and /lookup -> each matrix: link, layout, filters,
 *         extent, type -> size of all of them -> figures -> lookup
 *
 * Taken: SHAPE of equal numbers, matrices of whole numbers or floats of any width, plain or
 * deflated, shuffled, with check sums; lookups of texts or whole numbers. Refused: links out of the
 * file, data outside of it, any other filter (a filter may be a plug-in, that is, a program),
 * infinite figures. A figure that the attribute NA of its matrix names is none. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/utf8.h"
#include "io/omx_hdf5.h"

#define MOST_FILTERS 8
#define CHUNK_CELLS  ((hsize_t)1 << 25)

typedef struct omx_read {
    const char *name; /* of the file, for messages */
    krn_arena *arena;
    krn_error *err;
    krn_status status; /* of a walk over names */
    hid_t file;
    krn_omx *out;
    const char **names; /* of the matrices, then of the lookups */
    uint32_t n_names;
} omx_read;

static krn_status fail(const omx_read *r, const char *what, const char *which, const char *expected)
{
    char shown[96];
    krni_utf8_excerpt(which, strlen(which), shown, sizeof shown);
    return krni_fail(r->err, KRN_E_DATA, "%s: %s %s: %s was expected", r->name, what, shown,
                     expected);
}

/* ---- names ---- */

static herr_t keep_name(hid_t group, const char *name, const H5L_info_t *info, void *context)
{
    omx_read *r = context;
    (void)group;
    if (info->type != H5L_TYPE_HARD)
        r->status = fail(r, "link", name, "a matrix or lookup within the file");
    else if (!krni_omx_is_name(name))
        r->status = fail(r, "name", name, "1 to 255 bytes of UTF-8 without '/'");
    else if (r->n_names == KRNI_OMX_MATRICES)
        r->status =
            krni_fail(r->err, KRN_E_LIMIT, "%s: more than %u matrices", r->name, KRNI_OMX_MATRICES);
    else if (!(r->names[r->n_names++] = krn_arena_text(r->arena, name)))
        r->status = krni_fail_memory(r->err);
    return r->status ? -1 : 0;
}

/* Names in a group, in their order. *out_group: open, or -1 when there is none. */
static krn_status open_group(omx_read *r, const char *name, hid_t *out_group)
{
    H5L_info_t info;
    hsize_t at = 0;
    *out_group = -1;
    r->n_names = 0;
    if (H5Lexists(r->file, name, H5P_DEFAULT) <= 0)
        return KRN_OK;
    if (H5Lget_info(r->file, name, &info, H5P_DEFAULT) < 0 || info.type != H5L_TYPE_HARD)
        return fail(r, "group", name, "a group within the file");
    *out_group = H5Gopen2(r->file, name, H5P_DEFAULT);
    if (*out_group < 0)
        return fail(r, "group", name, "a group");
    r->names = krn_arena_calloc(r->arena, KRNI_OMX_MATRICES, sizeof *r->names);
    if (!r->names)
        return krni_fail_memory(r->err);
    r->status = KRN_OK;
    if (H5Literate(*out_group, H5_INDEX_NAME, H5_ITER_INC, &at, keep_name, r) < 0 && !r->status)
        r->status = fail(r, "group", name, "a group that is not damaged");
    return r->status;
}

/* ---- matrices ---- */

/* Whether a dataset lies in the file and needs no program from outside to be read. */
static bool is_plain(hid_t dataset)
{
    const hid_t how = H5Dget_create_plist(dataset);
    bool good = how >= 0 && H5Pget_layout(how) != H5D_VIRTUAL && H5Pget_external_count(how) == 0;
    if (good && H5Pget_layout(how) == H5D_CHUNKED) {
        hsize_t chunk[2] = {1, 1};
        good = H5Pget_chunk(how, 2, chunk) > 0 && chunk[0] > 0 && chunk[1] > 0 &&
               chunk[0] <= CHUNK_CELLS / chunk[1];
    }
    const int n = good ? H5Pget_nfilters(how) : 0;
    good = good && n >= 0 && n <= MOST_FILTERS;
    for (int i = 0; good && i < n; i++) {
        unsigned flags = 0;
        size_t n_values = 0;
        const H5Z_filter_t filter =
            H5Pget_filter2(how, (unsigned)i, &flags, &n_values, NULL, 0, NULL, NULL);
        good = filter == H5Z_FILTER_DEFLATE || filter == H5Z_FILTER_SHUFFLE ||
               filter == H5Z_FILTER_FLETCHER32;
    }
    (void)H5Pclose(how);
    return good;
}

/* Extent of a dataset of so many dimensions; false: another one. */
static bool extent_of(hid_t dataset, int n_dimensions, hsize_t out[2])
{
    const hid_t space = H5Dget_space(dataset);
    const bool good = space >= 0 && H5Sget_simple_extent_ndims(space) == n_dimensions &&
                      H5Sget_simple_extent_dims(space, out, NULL) == n_dimensions;
    (void)H5Sclose(space);
    return good;
}

static H5T_class_t class_of(hid_t dataset)
{
    const hid_t type = H5Dget_type(dataset);
    const H5T_class_t class_found = type < 0 ? H5T_NO_CLASS : H5Tget_class(type);
    (void)H5Tclose(type);
    return class_found;
}

/* The figure that means none; NaN when the matrix names none. */
static double none_of(hid_t dataset)
{
    double value = (double)NAN;
    if (H5Aexists(dataset, "NA") <= 0)
        return value;
    const hid_t a = H5Aopen(dataset, "NA", H5P_DEFAULT), space = H5Aget_space(a),
                type = H5Aget_type(a);
    const H5T_class_t kind = type < 0 ? H5T_NO_CLASS : H5Tget_class(type);
    if (H5Sget_simple_extent_npoints(space) != 1 || (kind != H5T_FLOAT && kind != H5T_INTEGER) ||
        H5Aread(a, H5T_NATIVE_DOUBLE, &value) < 0)
        value = (double)NAN;
    (void)H5Tclose(type);
    (void)H5Sclose(space);
    (void)H5Aclose(a);
    return value;
}

static krn_status check_figures(const omx_read *r, const char *matrix, double *values, double none)
{
    const uint32_t n = r->out->n_zones;
    for (size_t i = 0; i < (size_t)n * n; i++) {
        if (values[i] == none)
            values[i] = (double)NAN;
        else if (isinf(values[i]))
            return krni_fail(r->err, KRN_E_DATA,
                             "%s: matrix %.80s: zone %zu to %zu: %g: a finite number was expected",
                             r->name, matrix, i / n + 1, i % n + 1, values[i]);
    }
    return KRN_OK;
}

static krn_status check_matrix(omx_read *r, const char *name, hid_t dataset)
{
    hsize_t extent[2] = {0, 0};
    const H5T_class_t kind = class_of(dataset);
    if (!extent_of(dataset, 2, extent) || extent[0] != extent[1] || !extent[0])
        return fail(r, "matrix", name, "as many rows as columns");
    if (kind != H5T_INTEGER && kind != H5T_FLOAT)
        return fail(r, "matrix", name, "a matrix of numbers");
    if (!is_plain(dataset))
        return fail(r, "matrix", name, "figures in the file itself, plain, deflated or shuffled");
    if (extent[0] > KRNI_OMX_ZONES || !r->out->n_zones) {
        const krn_status status = krni_omx_check_size(r->name, extent[0], r->n_names, r->err);
        if (status)
            return status;
        r->out->n_zones = (uint32_t)extent[0];
    }
    if (extent[0] != r->out->n_zones)
        return fail(r, "matrix", name, "as many zones as in the first matrix");
    return KRN_OK;
}

static krn_status read_matrix(omx_read *r, hid_t group, uint32_t m)
{
    const char *name = r->names[m];
    const hid_t dataset = H5Dopen2(group, name, H5P_DEFAULT);
    krn_status status =
        dataset < 0 ? fail(r, "matrix", name, "a matrix") : check_matrix(r, name, dataset);
    double *values = NULL;
    if (!status) {
        values =
            krn_arena_alloc(r->arena, (size_t)r->out->n_zones * r->out->n_zones * sizeof *values);
        if (!values)
            status = krni_fail_memory(r->err);
    }
    if (!status && H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0)
        status = fail(r, "matrix", name, "a matrix that is not damaged");
    if (!status)
        status = check_figures(r, name, values, none_of(dataset));
    if (dataset >= 0)
        (void)H5Dclose(dataset);
    r->out->matrices[m] = (krn_omx_matrix){name, values};
    return status;
}

static krn_status read_matrices(omx_read *r)
{
    hid_t group;
    krn_status status = open_group(r, "data", &group);
    if (!status && group < 0)
        status =
            krni_fail(r->err, KRN_E_DATA, "%s: data: a group of matrices was expected", r->name);
    if (!status && !r->n_names)
        status = krni_fail(r->err, KRN_E_DATA, "%s: data: a matrix was expected", r->name);
    if (!status) {
        r->out->n_matrices = r->n_names;
        r->out->matrices = krn_arena_calloc(r->arena, r->n_names, sizeof *r->out->matrices);
        if (!r->out->matrices)
            status = krni_fail_memory(r->err);
    }
    for (uint32_t m = 0; m < r->out->n_matrices && !status; m++)
        status = read_matrix(r, group, m);
    if (group >= 0)
        (void)H5Gclose(group);
    return status;
}

/* SHAPE of the file, where it has one, says what its matrices are. */
static krn_status check_shape(const omx_read *r)
{
    int64_t shape[2] = {0, 0};
    if (H5Aexists(r->file, "SHAPE") <= 0)
        return KRN_OK;
    const hid_t a = H5Aopen(r->file, "SHAPE", H5P_DEFAULT), space = H5Aget_space(a),
                type = H5Aget_type(a);
    const bool read = H5Sget_simple_extent_npoints(space) == 2 && type >= 0 &&
                      H5Tget_class(type) == H5T_INTEGER && H5Aread(a, H5T_NATIVE_INT64, shape) >= 0;
    (void)H5Tclose(type);
    (void)H5Sclose(space);
    (void)H5Aclose(a);
    if (read && shape[0] == r->out->n_zones && shape[1] == r->out->n_zones)
        return KRN_OK;
    return krni_fail(r->err, KRN_E_DATA, "%s: SHAPE: %u and %u, as the matrices have, was expected",
                     r->name, r->out->n_zones, r->out->n_zones);
}

/* ---- lookup ---- */

static krn_status keep_text(omx_read *r, const char **zones, uint32_t z, const char *text,
                            size_t length)
{
    if (length > KRNI_OMX_TEXT || !krni_utf8_valid(text, length))
        return krni_fail(r->err, KRN_E_DATA,
                         "%s: lookup %.80s: zone %u: UTF-8 of at most %u bytes was expected",
                         r->name, r->out->lookup_name, z + 1, KRNI_OMX_TEXT);
    char *copy = krn_arena_alloc(r->arena, length + 1);
    if (!copy)
        return krni_fail_memory(r->err);
    memcpy(copy, text, length);
    copy[length] = '\0';
    zones[z] = copy;
    return KRN_OK;
}

/* Texts of one width: the width ends them, or a NUL before it; blanks at the end are none. */
static krn_status read_fixed(omx_read *r, hid_t dataset, hid_t type, const char **zones)
{
    const size_t width = H5Tget_size(type);
    const uint32_t n = r->out->n_zones;
    if (!width || width > KRNI_OMX_TEXT)
        return fail(r, "lookup", r->out->lookup_name, "texts of at most 1024 bytes");
    char *texts = malloc(n * width);
    if (!texts)
        return krni_fail_memory(r->err);
    krn_status status = KRN_OK;
    if (H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts) < 0)
        status = fail(r, "lookup", r->out->lookup_name, "a lookup that is not damaged");
    for (uint32_t z = 0; z < n && !status; z++) {
        const char *text = texts + z * width;
        size_t length = 0;
        while (length < width && text[length])
            length++;
        while (length && text[length - 1] == ' ')
            length--;
        status = keep_text(r, zones, z, text, length);
    }
    free(texts);
    return status;
}

static krn_status read_variable(omx_read *r, hid_t dataset, hid_t type, const char **zones)
{
    const uint32_t n = r->out->n_zones;
    char **texts = calloc(n, sizeof *texts);
    const hid_t space = H5Dget_space(dataset);
    krn_status status = texts ? KRN_OK : krni_fail_memory(r->err);
    if (!status && H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts) < 0)
        status = fail(r, "lookup", r->out->lookup_name, "a lookup that is not damaged");
    for (uint32_t z = 0; z < n && !status; z++)
        status = keep_text(r, zones, z, texts[z] ? texts[z] : "", texts[z] ? strlen(texts[z]) : 0);
    if (texts)
        (void)H5Dvlen_reclaim(type, space, H5P_DEFAULT, texts);
    (void)H5Sclose(space);
    free(texts);
    return status;
}

static krn_status read_numbers(omx_read *r, hid_t dataset, const char **zones)
{
    const uint32_t n = r->out->n_zones;
    int64_t *numbers = calloc(n, sizeof *numbers);
    char text[32];
    krn_status status = numbers ? KRN_OK : krni_fail_memory(r->err);
    if (!status && H5Dread(dataset, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, numbers) < 0)
        status = fail(r, "lookup", r->out->lookup_name, "a lookup that is not damaged");
    for (uint32_t z = 0; z < n && !status; z++) {
        (void)snprintf(text, sizeof text, "%lld", (long long)numbers[z]);
        status = keep_text(r, zones, z, text, strlen(text));
    }
    free(numbers);
    return status;
}

static krn_status read_zones(omx_read *r, hid_t dataset)
{
    hsize_t extent[2] = {0, 0};
    const hid_t type = H5Dget_type(dataset);
    const H5T_class_t kind = type < 0 ? H5T_NO_CLASS : H5Tget_class(type);
    const char **zones = krn_arena_calloc(r->arena, r->out->n_zones, sizeof *zones);
    krn_status status = KRN_OK;
    if (!zones)
        status = krni_fail_memory(r->err);
    else if (!extent_of(dataset, 1, extent) || extent[0] != r->out->n_zones)
        status = fail(r, "lookup", r->out->lookup_name, "one entry a zone");
    else if (!is_plain(dataset))
        status = fail(r, "lookup", r->out->lookup_name, "entries in the file itself");
    else if (kind == H5T_INTEGER)
        status = read_numbers(r, dataset, zones);
    else if (kind != H5T_STRING)
        status = fail(r, "lookup", r->out->lookup_name, "texts or whole numbers");
    else if (H5Tis_variable_str(type) > 0)
        status = read_variable(r, dataset, type, zones);
    else
        status = read_fixed(r, dataset, type, zones);
    r->out->zones = zones;
    (void)H5Tclose(type);
    return status;
}

/* The first lookup of texts; without one the first of all. */
static krn_status read_lookup(omx_read *r)
{
    hid_t group, chosen = -1;
    krn_status status = open_group(r, "lookup", &group);
    for (uint32_t i = 0; i < r->n_names && group >= 0 && !status; i++) {
        const hid_t dataset = H5Dopen2(group, r->names[i], H5P_DEFAULT);
        if (dataset < 0) {
            status = fail(r, "lookup", r->names[i], "a lookup");
        } else if (chosen < 0 ||
                   (class_of(dataset) == H5T_STRING && class_of(chosen) != H5T_STRING)) {
            if (chosen >= 0)
                (void)H5Dclose(chosen);
            chosen = dataset;
            r->out->lookup_name = r->names[i];
        } else {
            (void)H5Dclose(dataset);
        }
    }
    if (!status && chosen >= 0)
        status = read_zones(r, chosen);
    if (chosen >= 0)
        (void)H5Dclose(chosen);
    if (group >= 0)
        (void)H5Gclose(group);
    return status;
}

/* ---- the file ---- */

static hid_t open_image(const void *bytes, size_t size)
{
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    hid_t file = -1;
    if (access >= 0 && H5Pset_fapl_core(access, 65536, false) >= 0 &&
        H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) >= 0 &&
        H5Pset_file_image(access, (void *)bytes, size) >= 0)
        file = H5Fopen(KRNI_OMX_NO_FILE, H5F_ACC_RDONLY, access);
    (void)H5Pclose(access);
    return file;
}

krn_status krni_omx_parse_here(const char *name, const void *bytes, size_t size, krn_arena *arena,
                               krn_omx *out, krn_error *err)
{
    krn_omx omx = {0};
    omx_read r = {.name = name, .arena = arena, .err = err, .out = &omx};
    const krni_omx_quiet before = krni_omx_be_quiet();
    r.file = size ? open_image(bytes, size) : -1;
    krn_status status =
        r.file < 0 ? krni_fail(err, KRN_E_DATA, "%s: an OMX file (HDF5) was expected", name)
                   : read_matrices(&r);
    if (!status)
        status = check_shape(&r);
    if (!status)
        status = read_lookup(&r);
    if (r.file >= 0)
        (void)H5Fclose(r.file);
    krni_omx_speak_again(before);
    if (!status)
        *out = omx;
    return status;
}
