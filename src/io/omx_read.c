/* SPDX-License-Identifier: Apache-2.0 */
/* omx_read.c - matrices by zone out of an OMX file, which is trusted in nothing.
 *
 *   bytes -> screened -> opened in memory -> SHAPE -> each matrix: layout, filters, extent, type
 *         -> size of all of them -> memory -> figures -> lookup
 *
 * Taken: OMX 0.x, SHAPE of equal numbers, matrices of 8- to 64-bit whole numbers or of 32- or
 * 64-bit floats in either order of bytes, plain, or shuffled and deflated in chunks; names of
 * attributes in capitals or small letters; further attributes, as PyTables writes them, are passed
 * over. Refused: links out of the file, data outside of it, any other filter (a filter may be a
 * plug-in, that is, a program), figures that a double cannot hold, infinite ones. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "base/utf8.h"
#include "io/omx_hdf5.h"

#define LEAST_BYTES  96u /* the shortest head of a file */
#define CHUNK_BYTES  ((uint64_t)256 << 20)
#define MOST_LOOKUPS 1000u
#define MOST_FILTERS 8
#define MOST_WHOLE   9007199254740992.0 /* 2^53 */

typedef struct reader {
    const char *name; /* of the file, for messages */
    krn_arena *arena;
    krn_error *err;
    krn_omx *out;
} reader;

static krn_status fail_damaged(const reader *r, const char *kind, const char *which)
{
    return krni_fail(r->err, KRN_E_DATA, "%s: %s %s: damaged", r->name, kind, which);
}

/* ---- the file in memory ---- */

/* HDF5 would copy the bytes twice; these let it look at ours, which it only reads. */
typedef struct file_image {
    void *bytes;
    size_t size;
} file_image;

static void *image_malloc(size_t size, H5FD_file_image_op_t op, void *context)
{
    const file_image *image = context;
    (void)op;
    return size == image->size ? image->bytes : NULL;
}

static void *image_copy(void *to, const void *from, size_t size, H5FD_file_image_op_t op,
                        void *context)
{
    (void)op, (void)size, (void)context;
    return to == from ? to : NULL;
}

static void *image_grow(void *bytes, size_t size, H5FD_file_image_op_t op, void *context)
{
    (void)bytes, (void)size, (void)op, (void)context;
    return NULL;
}

static herr_t image_free(void *bytes, H5FD_file_image_op_t op, void *context)
{
    (void)bytes, (void)op, (void)context;
    return 0;
}

static void *context_copy(void *context)
{
    return context;
}

static herr_t context_free(void *context)
{
    (void)context;
    return 0;
}

static hid_t open_image(file_image *image)
{
    H5FD_file_image_callbacks_t calls = {image_malloc, image_copy,   image_grow, image_free,
                                         context_copy, context_free, image};
    const hid_t access = H5Pcreate(H5P_FILE_ACCESS);
    hid_t file = -1;
    if (access >= 0 && H5Pset_fapl_core(access, 65536, false) >= 0 &&
        H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) >= 0 &&
        H5Pset_file_image_callbacks(access, &calls) >= 0 &&
        H5Pset_file_image(access, image->bytes, image->size) >= 0)
        file = H5Fopen(KRNI_OMX_NO_FILE, H5F_ACC_RDONLY, access);
    (void)H5Pclose(access);
    return file;
}

/* ---- types and attributes ---- */

/* A whole number of 1 to 8 bytes, or a float of 4 or 8, as processors have them. */
static bool is_figure_type(hid_t type, bool *whole)
{
    const hid_t known[] = {H5T_STD_I8LE,   H5T_STD_I8BE,   H5T_STD_U8LE,   H5T_STD_U8BE,
                           H5T_STD_I16LE,  H5T_STD_I16BE,  H5T_STD_U16LE,  H5T_STD_U16BE,
                           H5T_STD_I32LE,  H5T_STD_I32BE,  H5T_STD_U32LE,  H5T_STD_U32BE,
                           H5T_STD_I64LE,  H5T_STD_I64BE,  H5T_STD_U64LE,  H5T_STD_U64BE,
                           H5T_IEEE_F32LE, H5T_IEEE_F32BE, H5T_IEEE_F64LE, H5T_IEEE_F64BE};
    *whole = H5Tget_class(type) == H5T_INTEGER;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (H5Tequal(type, known[i]) > 0)
            return true;
    return false;
}

/* An attribute in capitals or small letters; -1: none. */
static hid_t open_attribute(hid_t object, const char *capitals, const char *small)
{
    if (H5Aexists(object, capitals) > 0)
        return H5Aopen(object, capitals, H5P_DEFAULT);
    return H5Aexists(object, small) > 0 ? H5Aopen(object, small, H5P_DEFAULT) : -1;
}

/* Number of values of an attribute, or 0 where it has none or many. */
static hssize_t few_values(hid_t attribute)
{
    const hid_t space = H5Aget_space(attribute);
    hssize_t n = 0;
    if (space >= 0 && H5Sget_simple_extent_type(space) != H5S_NULL)
        n = H5Sget_simple_extent_npoints(space);
    (void)H5Sclose(space);
    return n == 1 || n == 2 ? n : 0;
}

/* n figures of an attribute. */
static bool read_figures(hid_t attribute, hssize_t n, double *out)
{
    bool whole = false;
    const hid_t type = H5Aget_type(attribute);
    const bool good = type >= 0 && is_figure_type(type, &whole) && few_values(attribute) == n &&
                      H5Aread(attribute, H5T_NATIVE_DOUBLE, out) >= 0;
    (void)H5Tclose(type);
    return good;
}

/* One short text of an attribute. */
static bool read_text(hid_t attribute, char *out, size_t size)
{
    const hid_t type = H5Aget_type(attribute);
    char *text = NULL;
    bool good = type >= 0 && H5Tget_class(type) == H5T_STRING && few_values(attribute) == 1;
    memset(out, 0, size);
    if (good && H5Tis_variable_str(type) > 0) {
        const hid_t memory = H5Tcopy(H5T_C_S1);
        good = memory >= 0 && H5Tset_size(memory, H5T_VARIABLE) >= 0 &&
               H5Tset_cset(memory, H5Tget_cset(type)) >= 0 &&
               H5Aread(attribute, memory, &text) >= 0 && text && strlen(text) < size;
        if (good)
            memcpy(out, text, strlen(text));
        if (text)
            (void)H5free_memory(text);
        (void)H5Tclose(memory);
    } else {
        good = good && H5Tget_size(type) < size && H5Aread(attribute, type, out) >= 0;
    }
    (void)H5Tclose(type);
    return good;
}

static krn_status read_head(const reader *r, hid_t file)
{
    char version[32] = "";
    double shape[2] = {0.0, 0.0};
    hid_t a = open_attribute(file, "OMX_VERSION", "omx_version");
    const bool known = a >= 0 && read_text(a, version, sizeof version) &&
                       krni_utf8_valid(version, strlen(version));
    if (a >= 0)
        (void)H5Aclose(a);
    if (!known || strncmp(version, "0.", 2) != 0)
        return krni_fail(r->err, KRN_E_DATA, "%s: OMX_VERSION: %s: 0.2 or another of 0.x", r->name,
                         known ? version : "none");
    a = open_attribute(file, "SHAPE", "shape");
    const bool there = a >= 0 && read_figures(a, 2, shape);
    if (a >= 0)
        (void)H5Aclose(a);
    if (!there || !(shape[0] >= 1.0 && shape[0] <= 1e15 && shape[0] == shape[1]))
        return krni_fail(r->err, KRN_E_DATA, "%s: SHAPE: %g x %g: as many rows as columns, from 1",
                         r->name, shape[0], shape[1]);
    const krn_status st = krni_omx_check_size(r->name, (uint64_t)shape[0], 0, r->err);
    if (!st)
        r->out->n_zones = (uint32_t)shape[0];
    return st;
}

/* ---- groups ---- */

/* A group by name: -1 when there is none; KRN_E_DATA for a link out of the file. */
static krn_status open_group(const reader *r, hid_t file, const char *name, hid_t *out)
{
    H5L_info_t link;
    H5O_info_t object;
    *out = -1;
    const htri_t there = H5Lexists(file, name, H5P_DEFAULT);
    if (there == 0)
        return KRN_OK;
    if (there > 0 && H5Lget_info(file, name, &link, H5P_DEFAULT) >= 0 &&
        link.type == H5L_TYPE_HARD &&
        H5Oget_info_by_name2(file, name, &object, H5O_INFO_BASIC, H5P_DEFAULT) >= 0 &&
        object.type == H5O_TYPE_GROUP)
        *out = H5Gopen2(file, name, H5P_DEFAULT);
    return *out < 0 ? fail_damaged(r, "group", name) : KRN_OK;
}

static krn_status count_links(const reader *r, hid_t group, const char *name, uint32_t most,
                              uint32_t *out)
{
    H5G_info_t info;
    *out = 0;
    if (H5Gget_info(group, &info) < 0)
        return fail_damaged(r, "group", name);
    if (info.nlinks > most)
        return krni_fail(r->err, KRN_E_LIMIT, "%s: %llu objects in %s: at most %u", r->name,
                         (unsigned long long)info.nlinks, name, (unsigned)most);
    *out = (uint32_t)info.nlinks;
    return KRN_OK;
}

/* The i-th name of a group, of the arena. */
static krn_status read_name(const reader *r, hid_t group, const char *kind, uint32_t i,
                            const char **out)
{
    char name[KRNI_OMX_NAME + 2] = "";
    const ssize_t n = H5Lget_name_by_idx(group, ".", H5_INDEX_NAME, H5_ITER_INC, i, name,
                                         sizeof name, H5P_DEFAULT);
    if (n < 1 || n > (ssize_t)KRNI_OMX_NAME || !krni_omx_is_name(name))
        return krni_fail(r->err, KRN_E_DATA, "%s: %s %u: name: at most %u bytes of UTF-8", r->name,
                         kind, (unsigned)i + 1, KRNI_OMX_NAME);
    *out = krn_arena_text(r->arena, name);
    return *out ? KRN_OK : krni_fail_memory(r->err);
}

/* ---- datasets ---- */

/* What is wrong with a dataset, before any of its data is touched. filtered NULL: it must not be.
 */
static const char *distrust(hid_t dataset, bool *filtered)
{
    const hid_t how = H5Dget_create_plist(dataset);
    const char *fault = how < 0 ? "damaged" : NULL;
    hsize_t chunk[H5S_MAX_RANK] = {0};
    const H5D_layout_t layout = how < 0 ? H5D_LAYOUT_ERROR : H5Pget_layout(how);
    if (!fault && layout != H5D_CONTIGUOUS && layout != H5D_CHUNKED)
        fault = "a layout that is not taken";
    if (!fault && layout == H5D_CONTIGUOUS && H5Pget_external_count(how) != 0)
        fault = "data in another file";
    const int n_filters = fault ? 0 : H5Pget_nfilters(how);
    if (n_filters < 0 || n_filters > MOST_FILTERS)
        fault = "damaged";
    for (int i = 0; !fault && i < n_filters; i++) {
        unsigned flags = 0, config = 0;
        size_t n_values = 0;
        const H5Z_filter_t f =
            H5Pget_filter2(how, (unsigned)i, &flags, &n_values, NULL, 0, NULL, &config);
        if (!filtered)
            fault = "a list is not taken in filtered chunks";
        else if (f != H5Z_FILTER_DEFLATE && f != H5Z_FILTER_SHUFFLE)
            fault = "a filter other than shuffle and deflate";
        else
            *filtered = true;
    }
    if (!fault && layout == H5D_CHUNKED) {
        const int rank = H5Pget_chunk(how, H5S_MAX_RANK, chunk);
        uint64_t bytes = sizeof(double);
        for (int k = 0; k < rank; k++)
            bytes =
                chunk[k] && bytes <= CHUNK_BYTES / chunk[k] ? bytes * chunk[k] : CHUNK_BYTES + 1;
        if (rank < 1 || bytes > CHUNK_BYTES)
            fault = "chunks of more than 256 MiB";
    }
    if (how >= 0)
        (void)H5Pclose(how);
    return fault;
}

/* A dataset that a link of this file names and that is as `rank` says; its extent. */
static krn_status open_dataset(const reader *r, hid_t group, const char *kind, const char *name,
                               int rank, hsize_t *extent, bool *filtered, hid_t *out)
{
    H5L_info_t link;
    H5O_info_t object;
    const char *fault = "a dataset";
    *out = -1;
    if (H5Lget_info(group, name, &link, H5P_DEFAULT) >= 0 && link.type == H5L_TYPE_HARD &&
        H5Oget_info_by_name2(group, name, &object, H5O_INFO_BASIC, H5P_DEFAULT) >= 0 &&
        object.type == H5O_TYPE_DATASET)
        *out = H5Dopen2(group, name, H5P_DEFAULT);
    if (*out < 0)
        return krni_fail(r->err, KRN_E_DATA, "%s: %s %s: no dataset of this file, or damaged",
                         r->name, kind, name);
    fault = distrust(*out, filtered);
    const hid_t space = fault ? -1 : H5Dget_space(*out);
    if (!fault &&
        (space < 0 || H5Sis_simple(space) <= 0 || H5Sget_simple_extent_ndims(space) != rank ||
         H5Sget_simple_extent_dims(space, extent, NULL) != rank))
        fault = rank == 2 ? "a table of rows and columns is expected" : "a list is expected";
    if (space >= 0)
        (void)H5Sclose(space);
    if (!fault)
        return KRN_OK;
    (void)H5Dclose(*out);
    *out = -1;
    return krni_fail(r->err, KRN_E_DATA, "%s: %s %s: %s", r->name, kind, name, fault);
}

/* The value that means "none", NaN if there is no such attribute. */
static double value_of_none(hid_t dataset)
{
    double value = (double)NAN;
    const hid_t a = open_attribute(dataset, "NA", "na");
    if (a >= 0 && !read_figures(a, 1, &value))
        value = (double)NAN;
    if (a >= 0)
        (void)H5Aclose(a);
    return value;
}

/* Zone for a message: its name, or its number from 1 on. */
static const char *zone_text(const reader *r, uint32_t zone, char *out, size_t size)
{
    (void)snprintf(out, size, "%u", (unsigned)zone + 1);
    return r->out->zones ? r->out->zones[zone] : out;
}

static krn_status check_figures(const reader *r, const char *name, double *values, bool whole,
                                double none)
{
    const size_t n = r->out->n_zones;
    for (size_t i = 0; i < n * n; i++) {
        if (values[i] == none)
            values[i] = (double)NAN;
        if (!isinf(values[i]) && !(whole && fabs(values[i]) >= MOST_WHOLE))
            continue;
        char from[16], to[16];
        return krni_fail(r->err, KRN_E_DATA, "%s: matrix %s: from %s to %s: %.17g: %s", r->name,
                         name, zone_text(r, (uint32_t)(i / n), from, sizeof from),
                         zone_text(r, (uint32_t)(i % n), to, sizeof to), values[i],
                         whole ? "a whole number below 2^53" : "a finite number");
    }
    return KRN_OK;
}

static krn_status read_matrix(const reader *r, hid_t group, krn_omx_matrix *m)
{
    const size_t n = r->out->n_zones;
    hsize_t extent[2] = {0, 0};
    hid_t dataset = -1;
    bool whole = false, filtered = false;
    krn_status st = open_dataset(r, group, "matrix", m->name, 2, extent, &filtered, &dataset);
    if (st)
        return st;
    const hid_t type = H5Dget_type(dataset);
    double *values = NULL;
    if (extent[0] != n || extent[1] != n)
        st = krni_fail(r->err, KRN_E_DATA, "%s: matrix %s: %llu x %llu: %zu x %zu as SHAPE says",
                       r->name, m->name, (unsigned long long)extent[0],
                       (unsigned long long)extent[1], n, n);
    else if (type < 0 || !is_figure_type(type, &whole))
        st = krni_fail(r->err, KRN_E_DATA,
                       "%s: matrix %s: type: whole numbers, or floats of 32 or 64 bits", r->name,
                       m->name);
    if (!st && !(values = krn_arena_alloc(r->arena, n * n * sizeof *values)))
        st = krni_fail_memory(r->err);
    if (!st && !(filtered ? krni_omx_read_chunks(dataset, type, r->out->n_zones, values)
                          : H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT,
                                    values) >= 0))
        st = fail_damaged(r, "matrix", m->name);
    if (!st)
        st = check_figures(r, m->name, values, whole, value_of_none(dataset));
    m->values = values;
    if (type >= 0)
        (void)H5Tclose(type);
    (void)H5Dclose(dataset);
    return st;
}

static krn_status read_matrices(const reader *r, hid_t file)
{
    hid_t group = -1;
    uint32_t n = 0;
    krn_status st = open_group(r, file, "data", &group);
    if (!st && group < 0)
        st = krni_fail(r->err, KRN_E_DATA, "%s: no group data", r->name);
    if (!st)
        st = count_links(r, group, "data", KRNI_OMX_MATRICES, &n);
    if (!st && !n)
        st = krni_fail(r->err, KRN_E_DATA, "%s: data: a matrix was expected", r->name);
    if (!st)
        st = krni_omx_check_size(r->name, r->out->n_zones, n, r->err);
    if (!st && !(r->out->matrices = krn_arena_calloc(r->arena, n + 1u, sizeof *r->out->matrices)))
        st = krni_fail_memory(r->err);
    for (uint32_t i = 0; !st && i < n; i++)
        st = read_name(r, group, "matrix", i, &r->out->matrices[i].name);
    for (uint32_t i = 0; !st && i < n; i++)
        st = read_matrix(r, group, &r->out->matrices[i]);
    if (!st)
        r->out->n_matrices = n;
    if (group >= 0)
        (void)H5Gclose(group);
    return st;
}

/* ---- lookup ---- */

/* Texts of one width, without what pads them. */
static krn_status read_fixed_texts(const reader *r, hid_t dataset, hid_t type, const char *name,
                                   const char **zones)
{
    const uint32_t n = r->out->n_zones;
    const size_t width = H5Tget_size(type);
    const bool by_blanks = H5Tget_strpad(type) == H5T_STR_SPACEPAD;
    if (width < 1 || width > KRNI_OMX_TEXT)
        return krni_fail(r->err, KRN_E_DATA, "%s: lookup %s: texts of at most %u bytes", r->name,
                         name, KRNI_OMX_TEXT);
    char *texts = krn_arena_alloc(r->arena, n * width);
    if (!texts)
        return krni_fail_memory(r->err);
    if (H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts) < 0)
        return fail_damaged(r, "lookup", name);
    for (uint32_t z = 0; z < n; z++) {
        const char *text = texts + z * width, *end = memchr(text, '\0', width);
        size_t length = end ? (size_t)(end - text) : width;
        while (by_blanks && length && text[length - 1] == ' ')
            length--;
        char *copy = krn_arena_alloc(r->arena, length + 1);
        if (!copy)
            return krni_fail_memory(r->err);
        memcpy(copy, text, length);
        copy[length] = '\0';
        zones[z] = copy;
    }
    return KRN_OK;
}

static krn_status read_long_texts(const reader *r, hid_t dataset, hid_t type, const char *name,
                                  const char **zones)
{
    const uint32_t n = r->out->n_zones;
    const hid_t memory = H5Tcopy(type);
    char **texts = calloc(n, sizeof *texts);
    krn_status st = KRN_OK;
    if (!texts)
        st = krni_fail_memory(r->err);
    else if (memory < 0 || H5Dread(dataset, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts) < 0)
        st = fail_damaged(r, "lookup", name);
    for (uint32_t z = 0; !st && z < n; z++) {
        const bool fits = !texts[z] || strlen(texts[z]) <= KRNI_OMX_TEXT;
        zones[z] = krn_arena_text(r->arena, texts[z] && fits ? texts[z] : "");
        if (!fits)
            st = krni_fail(r->err, KRN_E_DATA, "%s: lookup %s: texts of at most %u bytes", r->name,
                           name, KRNI_OMX_TEXT);
        else if (!zones[z])
            st = krni_fail_memory(r->err);
    }
    for (uint32_t z = 0; texts && z < n; z++)
        if (texts[z])
            (void)H5free_memory(texts[z]);
    free(texts);
    if (memory >= 0)
        (void)H5Tclose(memory);
    return st;
}

static krn_status read_numbers(const reader *r, hid_t dataset, bool whole, const char *name,
                               const char **zones)
{
    const uint32_t n = r->out->n_zones;
    char text[KRNI_NUMBER_EXACT_SIZE];
    double *values = malloc(n * sizeof *values);
    krn_status st = KRN_OK;
    if (!values)
        return krni_fail_memory(r->err);
    if (H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0)
        st = fail_damaged(r, "lookup", name);
    for (uint32_t z = 0; !st && z < n; z++) {
        krni_number_exact(values[z], 17, text);
        if (!*text || (whole && fabs(values[z]) >= MOST_WHOLE))
            st = krni_fail(r->err, KRN_E_DATA, "%s: lookup %s: zone %u: %g: a finite number",
                           r->name, name, (unsigned)z + 1, values[z]);
        else if (!(zones[z] = krn_arena_text(r->arena, text)))
            st = krni_fail_memory(r->err);
    }
    free(values);
    return st;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Texts, and no text twice. */
static krn_status check_zones(const reader *r, const char *name, const char *const *zones)
{
    const uint32_t n = r->out->n_zones;
    const char **sorted = malloc(n * sizeof *sorted);
    krn_status st = KRN_OK;
    if (!sorted)
        return krni_fail_memory(r->err);
    for (uint32_t z = 0; !st && z < n; z++) {
        sorted[z] = zones[z];
        if (!krni_utf8_valid(zones[z], strlen(zones[z])))
            st = krni_fail(r->err, KRN_E_DATA, "%s: lookup %s: zone %u: text in UTF-8", r->name,
                           name, (unsigned)z + 1);
    }
    if (!st)
        qsort(sorted, n, sizeof *sorted, by_text);
    for (uint32_t z = 1; !st && z < n; z++)
        if (strcmp(sorted[z - 1], sorted[z]) == 0)
            st = krni_fail(r->err, KRN_E_DATA, "%s: lookup %s: %s: a zone that stands there once",
                           r->name, name, sorted[z]);
    free(sorted);
    return st;
}

/* Names of zones out of a list of the right length and kind. *taken: it is such a list. */
static krn_status read_lookup(const reader *r, hid_t group, const char *name, bool texts,
                              bool *taken)
{
    const uint32_t n = r->out->n_zones;
    hsize_t extent[1] = {0};
    hid_t dataset = -1;
    bool whole = false;
    double dim = 0.0;
    *taken = false;
    krn_status st = open_dataset(r, group, "lookup", name, 1, extent, NULL, &dataset);
    if (st)
        return st;
    const hid_t type = H5Dget_type(dataset), a = open_attribute(dataset, "DIM", "dim");
    const bool rows = a < 0 || !read_figures(a, 1, &dim) || dim != 1.0;
    const char **zones = krn_arena_calloc(r->arena, n, sizeof *zones);
    const bool is_text = type >= 0 && H5Tget_class(type) == H5T_STRING;
    *taken =
        rows && extent[0] == n && type >= 0 && (texts ? is_text : is_figure_type(type, &whole));
    if (!zones)
        st = krni_fail_memory(r->err);
    else if (*taken && !texts)
        st = read_numbers(r, dataset, whole, name, zones);
    else if (*taken)
        st = H5Tis_variable_str(type) > 0 ? read_long_texts(r, dataset, type, name, zones)
                                          : read_fixed_texts(r, dataset, type, name, zones);
    if (!st && *taken)
        st = check_zones(r, name, zones);
    if (!st && *taken) {
        r->out->lookup_name = name;
        r->out->zones = zones;
    }
    if (a >= 0)
        (void)H5Aclose(a);
    if (type >= 0)
        (void)H5Tclose(type);
    (void)H5Dclose(dataset);
    return st;
}

/* The first lookup of texts by name, else the first of numbers; one of columns alone is none. */
static krn_status read_lookups(const reader *r, hid_t file)
{
    hid_t group = -1;
    uint32_t n = 0;
    const char *name = NULL;
    bool taken = false;
    krn_status st = open_group(r, file, "lookup", &group);
    if (st || group < 0)
        return st;
    st = count_links(r, group, "lookup", MOST_LOOKUPS, &n);
    for (uint32_t i = 0; !st && !taken && i < 2 * n; i++) {
        st = read_name(r, group, "lookup", i % n, &name);
        if (!st)
            st = read_lookup(r, group, name, i < n, &taken);
    }
    (void)H5Gclose(group);
    return st;
}

/* ---- the whole ---- */

/* Bytes that can be a file: the mark at the start, a known head, addresses of eight bytes. */
static bool is_hdf5(const unsigned char *bytes, size_t size)
{
    static const unsigned char mark[8] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
    if (size < LEAST_BYTES || memcmp(bytes, mark, sizeof mark) != 0)
        return false;
    const unsigned char version = bytes[8];
    const size_t at = version < 2 ? 13 : 9;
    return version <= 3 && bytes[at] == 8 && bytes[at + 1] == 8;
}

static uint64_t number_at(const unsigned char *bytes)
{
    uint64_t n = 0;
    for (int i = 7; i >= 0; i--)
        n = n << 8 | bytes[i];
    return n;
}

/* Names of a group stand in a heap; libhdf5 1.10 reads a name to its NUL wherever that is. So each
 * heap must lie in the file and end in a NUL. "HEAP", version 0, three bytes, size, list of free
 * places, address. */
static bool has_sound_heaps(const unsigned char *bytes, size_t size)
{
    const unsigned char *at = bytes, *end = bytes + size;
    while ((at = memchr(at, 'H', (size_t)(end - at))) != NULL) {
        if (end - at >= 32 && memcmp(at, "HEAP", 4) == 0) {
            const uint64_t heap = number_at(at + 8), address = number_at(at + 24);
            if (heap > size || address > size - heap || (heap && bytes[address + heap - 1]))
                return false;
        }
        at++;
    }
    return true;
}

static krn_status parse(const reader *r, void *bytes, size_t size)
{
    file_image image = {bytes, size};
    if (!is_hdf5(bytes, size) || !has_sound_heaps(bytes, size))
        return krni_fail(r->err, KRN_E_DATA, "%s: an OMX file (HDF5) was expected", r->name);
    const hid_t file = open_image(&image);
    if (file < 0)
        return krni_fail(r->err, KRN_E_DATA, "%s: a damaged HDF5 file; an OMX file was expected",
                         r->name);
    krn_status st = read_head(r, file);
    if (!st)
        st = read_lookups(r, file); /* first: messages name zones */
    if (!st)
        st = read_matrices(r, file);
    (void)H5Fclose(file);
    return st;
}

krn_status krni_omx_parse_here(const char *name, const void *bytes, size_t size, krn_arena *arena,
                               krn_omx *out, krn_error *err)
{
    krn_omx omx = {0, 0, NULL, NULL, NULL};
    const reader r = {name, arena, err, &omx};
    const krni_omx_quiet before = krni_omx_be_quiet();
    /* HDF5 takes the address without const; the callbacks never write to it. */
    const krn_status st = parse(&r, (void *)(uintptr_t)bytes, size);
    krni_omx_speak_again(before);
    if (!st)
        *out = omx;
    return st;
}
