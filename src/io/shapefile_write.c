/* SPDX-License-Identifier: Apache-2.0 */
/* shapefile_write.c - a layer as a shapefile, by shapelib.
 *
 *   PATH.tmpXXXXXX/ {a.shp a.shx a.dbf a.cpg a.prj} -> whole? -> renamed one by one to PATH.*
 *
 * Numbers are texts of a DBF: real ones 24 wide, as short as reads back exactly, with an exponent
 * where that is shorter ("1e-06" stays); programs that read DBF take both forms. shapelib does not
 * tell of a disk that is full: the sizes of the files are compared with what they must be. */
#define _XOPEN_SOURCE 700 /* mkdtemp */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <shapefil.h>

#include <keruen/io.h>

#include "base/error.h"
#include "base/number.h"
#include "io/layer_check.h"

#define NAME_BYTES    10
#define TEXT_BYTES    254u
#define REAL_WIDTH    24 /* -1.2345678901234567e-308 */
#define REAL_DECIMALS 15
#define MOST_BYTES    2000000000u /* of one file; the format's own bound is 2^31 words */

static const char projection[] =
    "GEOGCS[\"GCS_WGS_1984\",DATUM[\"D_WGS_1984\",SPHEROID[\"WGS_1984\",6378137.0,298.257223563]],"
    "PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]]";

static const char *const endings[] = {"shp", "shx", "prj", "cpg", "dbf"};
#define N_ENDINGS 5

typedef struct writing {
    const krn_layer *layer;
    bool drawn;
    char *stem;   /* path without ending */
    char *folder; /* of the temporary files; NULL: not made */
    SAHooks hooks;
} writing;

static void say_nothing(const char *message)
{
    (void)message;
}

static krn_status fail_file(const writing *w, const char *ending, krn_error *err)
{
    return krni_fail(err, KRN_E_IO, "cannot write %s.%s", w->stem, ending);
}

/* base.ending, malloc'd; in a folder: folder/a.ending. */
static char *file_name(const char *base, bool inside, const char *ending)
{
    const size_t size = strlen(base) + strlen(ending) + 8;
    char *name = malloc(size);
    if (name)
        (void)snprintf(name, size, "%s%s.%s", base, inside ? "/a" : "", ending);
    return name;
}

/* ---- columns ---- */

/* Longest beginning of at most `most` bytes that ends between characters. */
static size_t cut_bytes(const char *text, size_t most)
{
    size_t n = strlen(text);
    if (n <= most)
        return n;
    for (n = most; n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80; n--)
        continue;
    return n;
}

/* A name of at most ten bytes that no earlier column has: "_1", "_2", ... at its end if need be. */
static void short_name(const krn_layer *l, char (*names)[NAME_BYTES + 1], uint32_t column)
{
    const char *whole = l->columns[column].name;
    char ending[8] = "";
    for (unsigned attempt = 1;; attempt++) {
        const size_t n = cut_bytes(whole, NAME_BYTES - strlen(ending));
        bool found = false;
        (void)snprintf(names[column], NAME_BYTES + 1, "%.*s%s", (int)n, whole, ending);
        for (uint32_t other = 0; other < column && !found; other++)
            found = krni_same_name(names[column], names[other]);
        if (!found)
            return;
        (void)snprintf(ending, sizeof ending, "_%u", attempt);
    }
}

/* A cell as the table has it, right-aligned if it is a number; "" for none. */
static void cell_text(krn_layer_type type, const krn_layer_cell *cell, int width,
                      char out[TEXT_BYTES + 1])
{
    char number[KRNI_NUMBER_EXACT_SIZE] = "";
    if (type == KRN_LAYER_TEXT) {
        const char *text = cell->text ? cell->text : "";
        (void)snprintf(out, TEXT_BYTES + 1, "%.*s", (int)cut_bytes(text, TEXT_BYTES), text);
        return;
    }
    if (type == KRN_LAYER_REAL)
        krni_number_exact(cell->number, 17, number);
    else if (isfinite(cell->number))
        (void)snprintf(number, sizeof number, "%.0f", cell->number);
    (void)snprintf(out, TEXT_BYTES + 1, "%*s", *number ? width : 0, number);
}

/* Widest cell of a column, at least 1. */
static int column_width(const krn_layer *l, uint32_t column)
{
    char text[TEXT_BYTES + 1];
    size_t most = 1;
    if (l->columns[column].type == KRN_LAYER_REAL)
        return REAL_WIDTH;
    for (uint32_t i = 0; i < l->n_features; i++) {
        cell_text(l->columns[column].type, &l->features[i].cells[column], 0, text);
        if (strlen(text) > most)
            most = strlen(text);
    }
    return (int)most;
}

static bool add_columns(DBFHandle dbf, const krn_layer *l, char (*names)[NAME_BYTES + 1],
                        size_t *record_bytes)
{
    static const DBFFieldType types[] = {FTString, FTDouble, FTInteger};
    for (uint32_t c = 0; c < l->n_columns; c++) {
        const krn_layer_type type = l->columns[c].type;
        const int width = column_width(l, c);
        short_name(l, names, c);
        *record_bytes += (size_t)width;
        if (DBFAddField(dbf, names[c], types[type], width,
                        type == KRN_LAYER_REAL ? REAL_DECIMALS : 0) < 0)
            return false;
    }
    if (!l->n_columns)
        *record_bytes += 10;
    return l->n_columns || DBFAddField(dbf, "id", FTInteger, 10, 0) >= 0;
}

static bool add_rows(DBFHandle dbf, const krn_layer *l)
{
    char text[TEXT_BYTES + 1];
    for (uint32_t i = 0; i < l->n_features; i++) {
        for (uint32_t c = 0; c < l->n_columns; c++) {
            const krn_layer_type type = l->columns[c].type;
            int width = 0, decimals = 0;
            (void)DBFGetFieldInfo(dbf, (int)c, NULL, &width, &decimals);
            cell_text(type, &l->features[i].cells[c], width, text);
            if (!DBFWriteAttributeDirectly(dbf, (int)i, (int)c, text))
                return false;
        }
        if (!l->n_columns && !DBFWriteIntegerAttribute(dbf, (int)i, 0, (int)i + 1))
            return false;
    }
    return true;
}

/* ---- files ---- */

static bool is_whole(const char *name, size_t least_bytes)
{
    struct stat info;
    return stat(name, &info) == 0 && (size_t)info.st_size >= least_bytes;
}

static krn_status write_table(writing *w, krn_error *err)
{
    const krn_layer *l = w->layer;
    char *name = file_name(w->folder, true, "dbf");
    char(*names)[NAME_BYTES + 1] = calloc(l->n_columns + 1u, sizeof *names);
    size_t record_bytes = 1;
    krn_status st = KRN_OK;
    DBFHandle dbf = NULL;
    if (!name || !names) {
        st = krni_fail_memory(err);
        goto done;
    }
    dbf = DBFCreateLL(name, "UTF-8", &w->hooks);
    bool good = dbf && add_columns(dbf, l, names, &record_bytes);
    if (good && record_bytes * ((size_t)l->n_features + 1) > MOST_BYTES) {
        st = krni_fail(err, KRN_E_LIMIT, "%s.dbf: more than %u bytes", w->stem, MOST_BYTES);
        goto done;
    }
    good = good && add_rows(dbf, l);
    if (dbf)
        DBFClose(dbf);
    dbf = NULL;
    if (!good || !is_whole(name, 33 + 32 * (size_t)(l->n_columns ? l->n_columns : 1) +
                                     record_bytes * l->n_features))
        st = fail_file(w, "dbf", err);
done:
    if (dbf)
        DBFClose(dbf);
    free(names);
    free(name);
    return st;
}

static bool add_shape(SHPHandle shp, const krn_layer *l, uint32_t feature, double *x, double *y)
{
    const krn_layer_feature *f = &l->features[feature];
    const int kind = !f->n_points ? SHPT_NULL : l->is_points ? SHPT_POINT : SHPT_ARC;
    for (uint32_t i = 0; i < f->n_points; i++) {
        x[i] = f->points_deg[2 * (size_t)i];
        y[i] = f->points_deg[2 * (size_t)i + 1];
    }
    SHPObject *o = SHPCreateSimpleObject(kind, (int)f->n_points, x, y, NULL);
    const bool good = o && SHPWriteObject(shp, -1, o) == (int)feature;
    SHPDestroyObject(o);
    return good;
}

/* Bytes of the file of shapes; *most: points of the longest line. */
static double shape_bytes(const krn_layer *l, uint32_t *most)
{
    double bytes = 100.0;
    *most = 1;
    for (uint32_t i = 0; i < l->n_features; i++) {
        const uint32_t n = l->features[i].n_points;
        bytes += !n ? 12.0 : l->is_points ? 28.0 : 56.0 + 16.0 * n;
        *most = n > *most ? n : *most;
    }
    return bytes;
}

static krn_status write_shapes(writing *w, krn_error *err)
{
    const krn_layer *l = w->layer;
    uint32_t most = 0;
    const double bytes = shape_bytes(l, &most);
    if (bytes > MOST_BYTES)
        return krni_fail(err, KRN_E_LIMIT, "%s.shp: more than %u bytes", w->stem, MOST_BYTES);
    char *name = file_name(w->folder, true, "shp"), *index = file_name(w->folder, true, "shx");
    double *x = malloc(2 * (size_t)most * sizeof *x);
    krn_status st = KRN_OK;
    if (!name || !index || !x) {
        st = krni_fail_memory(err);
        goto done;
    }
    SHPHandle shp = SHPCreateLL(name, l->is_points ? SHPT_POINT : SHPT_ARC, &w->hooks);
    bool good = shp != NULL;
    for (uint32_t i = 0; good && i < l->n_features; i++)
        good = add_shape(shp, l, i, x, x + most);
    if (shp)
        SHPClose(shp);
    if (!good || !is_whole(name, (size_t)bytes) ||
        !is_whole(index, 100 + 8 * (size_t)l->n_features))
        st = fail_file(w, "shp", err);
done:
    free(x);
    free(index);
    free(name);
    return st;
}

static krn_status write_projection(const writing *w, krn_error *err)
{
    char *name = file_name(w->folder, true, "prj");
    const krn_status st =
        name ? krn_file_write(name, projection, sizeof projection - 1, err) : krni_fail_memory(err);
    free(name);
    return st;
}

/* Temporary files to their places. When one cannot be moved, those before it go again. */
static krn_status move_files(const writing *w, krn_error *err)
{
    char *old[N_ENDINGS] = {NULL}, *new[N_ENDINGS] = {NULL};
    krn_status st = KRN_OK;
    for (int i = 0; i < N_ENDINGS; i++) {
        old[i] = file_name(w->folder, true, endings[i]);
        new[i] = file_name(w->stem, false, endings[i]);
        if (!old[i] || !new[i])
            st = krni_fail_memory(err);
    }
    for (int i = w->drawn ? 0 : 3; !st && i < N_ENDINGS; i++) {
        if (rename(old[i], new[i]) == 0)
            continue;
        st = fail_file(w, endings[i], err);
        for (int k = w->drawn ? 0 : 3; k < i; k++)
            (void)unlink(new[k]);
    }
    for (int i = 0; i < N_ENDINGS; i++) {
        free(old[i]);
        free(new[i]);
    }
    return st;
}

static void clean_up(writing *w)
{
    for (int i = 0; w->folder && i < N_ENDINGS; i++) {
        char *name = file_name(w->folder, true, endings[i]);
        if (name)
            (void)unlink(name);
        free(name);
    }
    if (w->folder)
        (void)rmdir(w->folder);
    free(w->folder);
    free(w->stem);
}

static krn_status begin(writing *w, const char *path, krn_error *err)
{
    const size_t n = strlen(path);
    const char *ending = n > 4 ? path + n - 4 : "";
    w->stem = malloc(n + 1);
    char *folder = malloc(n + 12);
    if (!w->stem || !folder) {
        free(folder);
        return krni_fail_memory(err);
    }
    memcpy(w->stem, path, n + 1);
    if (krni_same_name(ending, ".shp") || krni_same_name(ending, ".dbf"))
        w->stem[n - 4] = '\0';
    (void)snprintf(folder, n + 12, "%s.tmpXXXXXX", w->stem);
    if (!mkdtemp(folder)) {
        const int number = errno;
        free(folder);
        return krni_fail(err, KRN_E_IO, "cannot write %s.dbf: no folder can be made beside it (%d)",
                         w->stem, number);
    }
    w->folder = folder;
    SASetupDefaultHooks(&w->hooks);
    w->hooks.Error = say_nothing;
    return KRN_OK;
}

krn_status krn_shapefile_write(const char *path, const krn_layer *layer, krn_error *err)
{
    writing w = {.layer = layer};
    if (!path || !*path)
        return krni_fail(err, KRN_E_ARG, "a path is needed");
    krn_status st = krni_layer_check(layer, err);
    if (st)
        return st;
    w.drawn = krni_layer_has_geometry(layer);
    st = begin(&w, path, err);
    if (!st)
        st = write_table(&w, err);
    if (!st && w.drawn)
        st = write_shapes(&w, err);
    if (!st && w.drawn)
        st = write_projection(&w, err);
    if (!st)
        st = move_files(&w, err);
    clean_up(&w);
    return st;
}
