/* SPDX-License-Identifier: Apache-2.0 */
/* layer_check.c - layers that are about to be written: refused before the first byte. */
#include "io/layer_check.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/utf8.h"

#define MOST_WHOLE   9007199254740992.0 /* 2^53: whole numbers of a double are exact up to here */
#define MOST_COLUMNS 250u               /* a DBF table has room for 255 */

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

bool krni_same_name(const char *a, const char *b)
{
    while (*a && lower(*a) == lower(*b))
        a++, b++;
    return lower(*a) == lower(*b);
}

static krn_status check_columns(const krn_layer *l, krn_error *err)
{
    if (l->n_columns > MOST_COLUMNS)
        return krni_fail(err, KRN_E_LIMIT, "layer %s: %u columns: at most %u", l->name,
                         (unsigned)l->n_columns, MOST_COLUMNS);
    for (uint32_t c = 0; c < l->n_columns; c++) {
        const char *name = l->columns[c].name;
        if (!name || !*name || !krni_utf8_valid(name, strlen(name)))
            return krni_fail(err, KRN_E_ARG, "layer %s: column %u: a name", l->name,
                             (unsigned)c + 1);
        if (krni_same_name(name, "fid") || krni_same_name(name, "geom"))
            return krni_fail(err, KRN_E_ARG, "layer %s: column %s: a name that is not taken",
                             l->name, name);
        for (uint32_t other = 0; other < c; other++)
            if (krni_same_name(name, l->columns[other].name))
                return krni_fail(err, KRN_E_ARG, "layer %s: two columns %s", l->name, name);
    }
    return KRN_OK;
}

static krn_status check_geometry(const krn_layer *l, uint32_t feature, krn_error *err)
{
    const krn_layer_feature *f = &l->features[feature];
    if (f->n_points && (l->is_points ? f->n_points != 1 : f->n_points < 2))
        return krni_fail(err, KRN_E_ARG, "layer %s: feature %u: %u positions: %s", l->name,
                         (unsigned)feature + 1, (unsigned)f->n_points,
                         l->is_points ? "one" : "two or more");
    for (uint32_t i = 0; i < f->n_points; i++) {
        const double lon = f->points_deg[2 * (size_t)i], lat = f->points_deg[2 * (size_t)i + 1];
        if (!(fabs(lon) <= 180.0 && fabs(lat) <= 90.0))
            return krni_fail(err, KRN_E_ARG,
                             "layer %s: feature %u: position %g, %g: longitude and latitude",
                             l->name, (unsigned)feature + 1, lon, lat);
    }
    return KRN_OK;
}

static krn_status check_cells(const krn_layer *l, uint32_t feature, krn_error *err)
{
    for (uint32_t c = 0; c < l->n_columns; c++) {
        const krn_layer_cell *cell = &l->features[feature].cells[c];
        const char *name = l->columns[c].name;
        if (l->columns[c].type == KRN_LAYER_TEXT && cell->text &&
            !krni_utf8_valid(cell->text, strlen(cell->text)))
            return krni_fail(err, KRN_E_ARG, "layer %s: feature %u: %s: text in UTF-8", l->name,
                             (unsigned)feature + 1, name);
        if (l->columns[c].type == KRN_LAYER_INTEGER && isfinite(cell->number) &&
            (cell->number != floor(cell->number) || fabs(cell->number) > MOST_WHOLE))
            return krni_fail(err, KRN_E_ARG, "layer %s: feature %u: %s: %.17g: a whole number",
                             l->name, (unsigned)feature + 1, name, cell->number);
    }
    return KRN_OK;
}

krn_status krni_layer_check(const krn_layer *l, krn_error *err)
{
    if (!l || !l->name || !*l->name || !krni_utf8_valid(l->name, strlen(l->name)) ||
        (l->title && !krni_utf8_valid(l->title, strlen(l->title))))
        return krni_fail(err, KRN_E_ARG, "a layer without a name");
    krn_status st = check_columns(l, err);
    const char *const drawn[] = {l->width_column, l->colour_column};
    for (int i = 0; !st && i < 2; i++) {
        const int64_t c = krni_layer_column(l, drawn[i]);
        if (drawn[i] && (c < 0 || l->columns[c].type == KRN_LAYER_TEXT))
            st = krni_fail(err, KRN_E_ARG, "layer %s: %s: a column of numbers", l->name, drawn[i]);
    }
    for (uint32_t i = 0; !st && i < l->n_features; i++) {
        st = check_geometry(l, i, err);
        if (!st)
            st = check_cells(l, i, err);
    }
    return st;
}

bool krni_layer_has_geometry(const krn_layer *l)
{
    for (uint32_t i = 0; i < l->n_features; i++)
        if (l->features[i].n_points)
            return true;
    return l->n_features == 0;
}

int64_t krni_layer_column(const krn_layer *l, const char *name)
{
    for (uint32_t c = 0; name && c < l->n_columns; c++)
        if (strcmp(l->columns[c].name, name) == 0)
            return c;
    return -1;
}

double krni_layer_most(const krn_layer *l, uint32_t column)
{
    double most = 0.0;
    for (uint32_t i = 0; i < l->n_features; i++) {
        const double x = l->features[i].cells[column].number;
        if (isfinite(x) && x > most)
            most = x;
    }
    return most;
}

bool krni_layer_bounds(const krn_layer *l, double out[4])
{
    bool any = false;
    out[0] = out[1] = HUGE_VAL;
    out[2] = out[3] = -HUGE_VAL;
    for (uint32_t i = 0; i < l->n_features; i++)
        for (uint32_t k = 0; k < l->features[i].n_points; k++) {
            const double *at = l->features[i].points_deg + 2 * (size_t)k;
            for (int axis = 0; axis < 2; axis++) {
                out[axis] = fmin(out[axis], at[axis]);
                out[2 + axis] = fmax(out[2 + axis], at[axis]);
            }
            any = true;
        }
    return any;
}
