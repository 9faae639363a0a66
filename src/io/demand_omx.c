/* SPDX-License-Identifier: Apache-2.0 */
/* demand_omx.c - demand as matrices of tonnes a year by commodity between places, and back.
 *
 *   matrix "barley"    rows are origins, columns destinations; zones by id of node.csv
 *                kz-kostanay  ir-tehran
 *   kz-kostanay                    41261      a row kz-kostanay -> ir-tehran, barley, 41261 t
 *   ir-tehran
 *
 * A matrix has tonnes alone: lots and months of rows that are read are those that the package has
 * for the commodity. Dated consignments are no trade of a year and do not stand in matrices. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <keruen/place.h>

#include "base/edit_distance.h"
#include "base/error.h"
#include "io/demand_read.h"
#include "io/faults.h"
#include "model/demand_place.h"

#define MOST_ROWS 1000000u
#define MOST_T    1e11

static const char total[] = "total";

/* ---- to matrices ---- */

typedef struct omx_write {
    const krn_package *package;
    const krn_demand_list *list;
    double demand_share;
    uint32_t *zone_of;   /* by node row; KRN_NO_ROW: no end of a row */
    uint32_t *matrix_of; /* by commodity row */
    krn_omx *omx;
} omx_write;

static bool counts(const krn_demand *d)
{
    return d->ready == KRN_TIME_NONE;
}

/* Rows of a table that the list names, in the order of their keys, numbered in out. */
static uint32_t number_rows(const krn_package *p, krn_table table, const bool *named,
                            uint32_t *out_number)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < krn_package_rows(p, table); i++) {
        const uint32_t row = p->tables[table].by_key[i];
        out_number[row] = named[row] ? n++ : KRN_NO_ROW;
    }
    return n;
}

static krn_status number_all(omx_write *w, krn_arena *arena, krn_error *err)
{
    const uint32_t n_nodes = krn_package_rows(w->package, KRN_TABLE_NODE),
                   n_goods = krn_package_rows(w->package, KRN_TABLE_COMMODITY);
    bool *node = krn_arena_calloc(arena, n_nodes + 1u, sizeof *node),
         *goods = krn_arena_calloc(arena, n_goods + 1u, sizeof *goods);
    w->zone_of = krn_arena_calloc(arena, n_nodes + 1u, sizeof *w->zone_of);
    w->matrix_of = krn_arena_calloc(arena, n_goods + 1u, sizeof *w->matrix_of);
    if (!node || !goods || !w->zone_of || !w->matrix_of)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < w->list->n; i++) {
        const krn_demand *d = &w->list->rows[i];
        if (counts(d))
            node[d->origin] = node[d->destination] = goods[d->commodity] = true;
    }
    w->omx->n_zones = number_rows(w->package, KRN_TABLE_NODE, node, w->zone_of);
    w->omx->n_matrices = 1 + number_rows(w->package, KRN_TABLE_COMMODITY, goods, w->matrix_of);
    return KRN_OK;
}

static krn_status name_all(omx_write *w, const char **zones, double *values, krn_error *err)
{
    const krn_package *p = w->package;
    const size_t cells = (size_t)w->omx->n_zones * w->omx->n_zones;
    for (uint32_t row = 0; row < krn_package_rows(p, KRN_TABLE_NODE); row++)
        if (w->zone_of[row] != KRN_NO_ROW)
            zones[w->zone_of[row]] = krni_text(p, KRN_TABLE_NODE, row, NODE_NODE_ID);
    for (uint32_t row = 0; row < krn_package_rows(p, KRN_TABLE_COMMODITY); row++) {
        const uint32_t k = w->matrix_of[row];
        const char *id = krni_text(p, KRN_TABLE_COMMODITY, row, COMMODITY_COMMODITY_ID);
        if (k == KRN_NO_ROW)
            continue;
        if (strcmp(id, total) == 0)
            return krni_fail(err, KRN_E_DATA,
                             "commodity.csv: total: another key was expected: so the matrix of "
                             "all goods is named");
        w->omx->matrices[k] = (krn_omx_matrix){id, values + k * cells};
    }
    const uint32_t last = w->omx->n_matrices - 1;
    w->omx->matrices[last] = (krn_omx_matrix){total, values + last * cells};
    return KRN_OK;
}

krn_status krn_demand_to_omx(const krn_package *package, const krn_demand_list *list,
                             double demand_share, krn_arena *arena, krn_omx *out, krn_error *err)
{
    omx_write w = {.package = package, .list = list, .demand_share = demand_share, .omx = out};
    *out = (krn_omx){.lookup_name = "node_id"};
    krn_status status = number_all(&w, arena, err);
    if (status)
        return status;
    const size_t cells = (size_t)out->n_zones * out->n_zones;
    const char **zones = krn_arena_calloc(arena, out->n_zones + 1u, sizeof *zones);
    double *values = krn_arena_calloc(arena, cells * out->n_matrices + 1u, sizeof *values);
    out->matrices = krn_arena_calloc(arena, out->n_matrices, sizeof *out->matrices);
    if (!zones || !values || !out->matrices)
        return krni_fail_memory(err);
    out->zones = zones;
    status = name_all(&w, zones, values, err);
    for (uint32_t i = 0; i < list->n && !status; i++) {
        const krn_demand *d = &list->rows[i];
        if (!counts(d))
            continue;
        const size_t cell = (size_t)w.zone_of[d->origin] * out->n_zones + w.zone_of[d->destination];
        values[w.matrix_of[d->commodity] * cells + cell] += d->year_t * demand_share;
        values[(out->n_matrices - 1) * cells + cell] += d->year_t * demand_share;
    }
    return status;
}

/* ---- from matrices ---- */

typedef struct omx_read {
    const krn_package *package;
    const char *name;
    const krn_omx *omx;
    krn_faults *faults;
    uint32_t *node_of; /* by zone */
    krn_demand *rows;
    uint32_t n;
} omx_read;

static void fault(omx_read *r, uint32_t matrix, uint32_t zone, const char *what, const char *value,
                  const char *expected)
{
    const krni_place place = {matrix, r->name, zone + 1, 0, what};
    char text[KRN_ERROR_TEXT_SIZE];
    (void)snprintf(text, sizeof text, "%s: %s: %.80s: %s was expected", r->name, what, value,
                   expected);
    krni_fault_text(r->faults, place, text);
}

/* Places of all zones; a zone twice or unknown is a fault. */
static krn_status read_zones(omx_read *r, krn_arena *arena, krn_error *err)
{
    krn_place_index *places = NULL;
    const uint32_t n_nodes = krn_package_rows(r->package, KRN_TABLE_NODE);
    uint32_t *zone_of = krn_arena_calloc(arena, n_nodes + 1u, sizeof *zone_of);
    if (!zone_of)
        return krni_fail_memory(err);
    krn_status status = krn_place_index_new(r->package, &places, err);
    for (uint32_t z = 0; z < r->omx->n_zones && !status; z++) {
        krn_error miss = {0};
        const krn_status found = krn_place_resolve(places, r->omx->zones[z], &r->node_of[z], &miss);
        if (found == KRN_E_MEMORY)
            status = krni_fail_memory(err);
        else if (found)
            fault(r, 0, z, r->omx->lookup_name ? r->omx->lookup_name : "zone", r->omx->zones[z],
                  "a place by id, code or name");
        else if (zone_of[r->node_of[z]]++)
            fault(r, 0, z, r->omx->lookup_name ? r->omx->lookup_name : "zone", r->omx->zones[z],
                  "a place that is a zone only once");
    }
    krn_place_index_free(places);
    return status;
}

static void check_cell(omx_read *r, uint32_t matrix, uint32_t from, uint32_t to, double t)
{
    char what[160], value[32];
    const char *expected = NULL;
    if (!(t >= 0.0) || t > MOST_T)
        expected = "a number of t from 0 to 1e11";
    else if (from == to)
        expected = "no tonnes within one place";
    if (!expected)
        return;
    (void)snprintf(what, sizeof what, "%.40s: %.50s to %.50s", r->omx->matrices[matrix].name,
                   r->omx->zones[from], r->omx->zones[to]);
    (void)snprintf(value, sizeof value, "%g", t);
    fault(r, matrix + 1, from, what, value, expected);
}

/* Cells of a matrix that hold tonnes; faults are told. */
static uint32_t check_matrix(omx_read *r, uint32_t matrix)
{
    const double *values = r->omx->matrices[matrix].values;
    const uint32_t n = r->omx->n_zones;
    uint32_t used = 0;
    for (uint32_t from = 0; from < n; from++)
        for (uint32_t to = 0; to < n; to++) {
            const double t = values[(size_t)from * n + to];
            if (isnan(t) || t == 0.0)
                continue;
            check_cell(r, matrix, from, to, t);
            used++;
        }
    return used;
}

/* Commodity of a matrix; KRN_NO_ROW: the sum of the others, or a fault. */
static uint32_t goods_of(omx_read *r, uint32_t matrix)
{
    const char *name = r->omx->matrices[matrix].name;
    const uint32_t row = krn_package_find(r->package, KRN_TABLE_COMMODITY, name);
    if (row == KRN_NO_ROW && strcmp(name, total) != 0)
        fault(r, matrix + 1, 0, "matrix", name, "a key of commodity.csv, or total,");
    return row;
}

static void read_matrix(omx_read *r, uint32_t matrix, uint32_t commodity)
{
    const krn_package *p = r->package;
    const krni_flow_goods goods = krni_goods_of(p, commodity, KRN_NO_ROW);
    const double lot_t = krni_usual_lot_t(p, goods), *values = r->omx->matrices[matrix].values;
    const uint32_t n = r->omx->n_zones;
    for (uint32_t from = 0; from < n; from++)
        for (uint32_t to = 0; to < n; to++) {
            const double t = values[(size_t)from * n + to];
            if (!(t > 0.0))
                continue;
            krn_demand *d = &r->rows[r->n++];
            *d = (krn_demand){.flow = KRN_NO_ROW,
                              .line = from + 1,
                              .origin = r->node_of[from],
                              .destination = r->node_of[to],
                              .commodity = commodity,
                              .loading_unit = KRN_NO_ROW,
                              .year_t = t,
                              .lot_t = lot_t > 0.0 ? fmin(lot_t, t) : t,
                              .ready = KRN_TIME_NONE,
                              .due = KRN_TIME_NONE};
            krni_flow_months(p, krni_text(p, KRN_TABLE_NODE, d->origin, NODE_COUNTRY), goods,
                             d->month_share, &d->quality);
        }
}

static krn_status read_all(omx_read *r, krn_arena *arena, krn_demand_list *out, krn_error *err)
{
    size_t n = 0;
    krn_status status = read_zones(r, arena, err);
    for (uint32_t m = 0; m < r->omx->n_matrices && !status; m++)
        if (goods_of(r, m) != KRN_NO_ROW)
            n += check_matrix(r, m);
    if (!status)
        status = krni_faults_close(r->faults, err);
    if (!status && n > MOST_ROWS)
        status =
            krni_fail(err, KRN_E_LIMIT, "%s: more than %u pairs of places", r->name, MOST_ROWS);
    if (status)
        return status;
    r->rows = krn_arena_calloc(arena, n + 1u, sizeof *r->rows);
    if (!r->rows)
        return krni_fail_memory(err);
    for (uint32_t m = 0; m < r->omx->n_matrices; m++) {
        const uint32_t commodity =
            krn_package_find(r->package, KRN_TABLE_COMMODITY, r->omx->matrices[m].name);
        if (commodity != KRN_NO_ROW)
            read_matrix(r, m, commodity);
    }
    *out = (krn_demand_list){.n = r->n, .rows = r->rows};
    for (uint32_t i = 0; i < r->n; i++)
        out->total_t += r->rows[i].year_t;
    return KRN_OK;
}

krn_status krn_demand_from_omx(const krn_package *package, const char *name, const krn_omx *omx,
                               krn_faults *faults, krn_arena *arena, krn_demand_list *out,
                               krn_error *err)
{
    krn_faults *own = faults ? NULL : krn_faults_new();
    omx_read r = {.package = package, .name = name, .omx = omx, .faults = faults ? faults : own};
    krn_status status;
    if (!r.faults)
        return krni_fail_memory(err);
    r.node_of = krn_arena_calloc(arena, omx->n_zones + 1u, sizeof *r.node_of);
    if (!r.node_of)
        status = krni_fail_memory(err);
    else if (!omx->zones && omx->n_zones)
        status = krni_fail(err, KRN_E_DATA, "%s: lookup: a lookup of places was expected", name);
    else
        status = read_all(&r, arena, out, err);
    krn_faults_free(own);
    return status;
}
