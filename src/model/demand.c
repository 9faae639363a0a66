/* SPDX-License-Identifier: Apache-2.0 */
/* demand.c - flows of a year between places: the tonnes of a pair of countries, spread over the
 * places of both ends by the product of their weights, and over the months.
 *
 *     flow     KZ -> IR barley 1200 t
 *     places   origin KZ: a 3, b 1       destination IR: x 1, y 2
 *     cells    a-x 300   a-y 600   b-x 100   b-y 200          (900 of a, 300 of b)
 *
 * Assumed: every origin trades with every destination in the same proportion, all year round. A
 * place does not trade with itself. */
#include <keruen/demand.h>

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/demand_place.h"

#define LEAST_CELL_T 1.0
#define MOST_CELLS   4000000u

/* A flow while it is spread: its cells stand in rows[first .. n). */
typedef struct spread {
    const krn_package *package;
    uint32_t flow;
    krni_flow_end ends[2]; /* origin, destination */
    double weight;         /* of all pairs of different places */
} spread;

static double weight_of(const spread *s, uint32_t i, uint32_t j)
{
    const krni_flow_place *a = &s->ends[0].places[i], *b = &s->ends[1].places[j];
    return a->node == b->node ? 0.0 : a->weight_share * b->weight_share;
}

static double tonnes_of(const spread *s, uint32_t i, uint32_t j)
{
    const double total_t = krni_number_or(s->package, KRN_TABLE_FLOW, s->flow, FLOW_TONNES, 0.0);
    return total_t * weight_of(s, i, j) / s->weight;
}

static krn_status spread_open(spread *s, const krn_package *package, uint32_t flow,
                              krn_arena *arena, krn_error *err)
{
    const krni_flow_goods goods = krni_flow_goods_of(package, flow);
    s->package = package;
    s->flow = flow;
    s->weight = 0.0;
    for (int end = 0; end < 2; end++) {
        const int column = end ? FLOW_DESTINATION_COUNTRY : FLOW_ORIGIN_COUNTRY;
        const char *country = krni_text(package, KRN_TABLE_FLOW, flow, column);
        const krn_status status =
            krni_flow_end_open(package, country, end == 1, goods, arena, &s->ends[end], err);
        if (status)
            return status;
        if (!s->ends[end].n)
            return krni_fail(err, KRN_E_RULE,
                             "flow.csv:%u: %s: %s: a country with a place in flow_place.csv was "
                             "expected",
                             krn_package_row_line(package, KRN_TABLE_FLOW, flow),
                             krni_schema(KRN_TABLE_FLOW)->columns[column].name, country);
    }
    for (uint32_t i = 0; i < s->ends[0].n; i++)
        for (uint32_t j = 0; j < s->ends[1].n; j++)
            s->weight += weight_of(s, i, j);
    if (!(s->weight > 0.0))
        return krni_fail(err, KRN_E_RULE,
                         "flow.csv:%u: flow_id: %s: two different places were expected, it begins "
                         "and ends at one",
                         krn_package_row_line(package, KRN_TABLE_FLOW, flow),
                         krni_text(package, KRN_TABLE_FLOW, flow, FLOW_FLOW_ID));
    return KRN_OK;
}

static krn_quality quality_of_spread(const spread *s, krn_quality months)
{
    const krn_quality tonnes =
        krn_package_quality(s->package, krni_figure(KRN_TABLE_FLOW, s->flow, FLOW_TONNES));
    const krn_quality lot =
        krn_package_quality(s->package, krni_figure(KRN_TABLE_FLOW, s->flow, FLOW_LOT_T));
    krn_quality out = krn_quality_weakest(krn_quality_weakest(tonnes, lot), months);
    for (int end = 0; end < 2; end++)
        out = krn_quality_weakest(out, s->ends[end].quality);
    return out;
}

/* Writes the cells of a flow into out (room for one at least); returns how many. Pairs of less
 * than a tonne go to the largest pair, which takes what the others leave. */
static uint32_t spread_write(const spread *s, krn_demand *out)
{
    const krn_package *p = s->package;
    const double total_t = krni_number_or(p, KRN_TABLE_FLOW, s->flow, FLOW_TONNES, 0.0);
    uint32_t n = 0, largest = 0, best_i = 0, best_j = 0;
    double others_t = 0.0, best = -1.0;
    krn_demand cell = {.flow = s->flow,
                       .commodity = krni_ref(p, KRN_TABLE_FLOW, s->flow, FLOW_COMMODITY),
                       .loading_unit = krni_ref(p, KRN_TABLE_FLOW, s->flow, FLOW_LOADING_UNIT),
                       .lot_t = krni_number_or(p, KRN_TABLE_FLOW, s->flow, FLOW_LOT_T, 0.0),
                       .ready = KRN_TIME_NONE,
                       .due = KRN_TIME_NONE};
    krn_quality months = KRN_PUBLISHED;
    krni_flow_months(p, krni_text(p, KRN_TABLE_FLOW, s->flow, FLOW_ORIGIN_COUNTRY),
                     krni_flow_goods_of(p, s->flow), cell.month_share, &months);
    cell.quality = quality_of_spread(s, months);
    for (uint32_t i = 0; i < s->ends[0].n; i++)
        for (uint32_t j = 0; j < s->ends[1].n; j++)
            if (weight_of(s, i, j) > best) {
                best = weight_of(s, i, j);
                best_i = i;
                best_j = j;
            }
    for (uint32_t i = 0; i < s->ends[0].n; i++)
        for (uint32_t j = 0; j < s->ends[1].n; j++) {
            const bool is_largest = i == best_i && j == best_j;
            cell.year_t = tonnes_of(s, i, j);
            if (!is_largest && cell.year_t < LEAST_CELL_T)
                continue;
            cell.origin = s->ends[0].places[i].node;
            cell.destination = s->ends[1].places[j].node;
            largest = is_largest ? n : largest;
            others_t += is_largest ? 0.0 : cell.year_t;
            out[n++] = cell;
        }
    out[largest].year_t = total_t - others_t;
    for (uint32_t i = 0; i < n; i++)
        out[i].lot_t = fmin(out[i].lot_t, out[i].year_t);
    assert(n > 0 && out[largest].year_t > 0.0);
    return n;
}

/* Rows of flow.csv of a year, by id. */
static uint32_t flows_of_year(const krn_package *package, int year, uint32_t *out)
{
    const krni_rows *rows = &package->tables[KRN_TABLE_FLOW];
    uint32_t n = 0;
    for (uint32_t i = 0; i < rows->n_rows; i++) {
        const uint32_t row = rows->by_key[i];
        if ((int)krni_number_or(package, KRN_TABLE_FLOW, row, FLOW_YEAR, 0.0) == year)
            out[n++] = row;
    }
    return n;
}

static krn_status fail_no_year(const krn_package *package, int year, krn_arena *arena,
                               krn_error *err)
{
    uint32_t n = 0;
    int *years = NULL;
    const krn_status status = krn_demand_years(package, arena, &n, &years, err);
    if (status)
        return status;
    if (!n)
        return krni_fail(err, KRN_E_NOT_FOUND,
                         "flow.csv: %s: no flows are told; a table of demand can be given instead",
                         krn_package_origin(package));
    char known[256] = "";
    for (uint32_t i = 0, at = 0; i < n && at + 8 < sizeof known; i++)
        at += (uint32_t)snprintf(known + at, sizeof known - at, "%s%d", i ? ", " : "", years[i]);
    return krni_fail(err, KRN_E_NOT_FOUND,
                     "year %d: a year that flow.csv has flows of was expected: %s", year, known);
}

krn_status krn_demand_years(const krn_package *package, krn_arena *arena, uint32_t *out_n,
                            int **out, krn_error *err)
{
    const uint32_t n_rows = krn_package_rows(package, KRN_TABLE_FLOW);
    int *years = krn_arena_calloc(arena, (size_t)n_rows + 1, sizeof *years);
    uint32_t n = 0;
    if (!years)
        return krni_fail_memory(err);
    for (uint32_t row = 0; row < n_rows; row++) {
        const int year = (int)krni_number_or(package, KRN_TABLE_FLOW, row, FLOW_YEAR, 0.0);
        uint32_t at = 0;
        while (at < n && years[at] < year)
            at++;
        if (at < n && years[at] == year)
            continue;
        memmove(years + at + 1, years + at, (n - at) * sizeof *years);
        years[at] = year;
        n++;
    }
    *out = years;
    *out_n = n;
    return KRN_OK;
}

krn_status krn_demand_of_year(const krn_package *package, int year, krn_arena *arena,
                              krn_demand_list *out, krn_error *err)
{
    uint32_t n_years = 0;
    size_t n_cells = 0;
    int *years = NULL;
    krn_status status = krn_demand_years(package, arena, &n_years, &years, err);
    if (status)
        return status;
    if (!year && n_years)
        year = years[n_years - 1];
    const uint32_t n_rows = krn_package_rows(package, KRN_TABLE_FLOW);
    uint32_t *flows = krn_arena_calloc(arena, (size_t)n_rows + 1, sizeof *flows);
    if (!flows)
        return krni_fail_memory(err);
    const uint32_t n = n_rows ? flows_of_year(package, year, flows) : 0;
    if (!n)
        return fail_no_year(package, year, arena, err);
    spread *spreads = krn_arena_calloc(arena, n, sizeof *spreads);
    if (!spreads)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < n; i++) {
        status = spread_open(&spreads[i], package, flows[i], arena, err);
        if (status)
            return status;
        n_cells += (size_t)spreads[i].ends[0].n * spreads[i].ends[1].n;
        if (n_cells > MOST_CELLS)
            return krni_fail(err, KRN_E_LIMIT, "flow.csv: year %d: more than %u pairs of places",
                             year, MOST_CELLS);
    }
    *out = (krn_demand_list){.year = year};
    out->rows = krn_arena_calloc(arena, n_cells, sizeof *out->rows);
    if (!out->rows)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < n; i++) {
        out->n += spread_write(&spreads[i], out->rows + out->n);
        out->total_t += krni_number_or(package, KRN_TABLE_FLOW, flows[i], FLOW_TONNES, 0.0);
    }
    return KRN_OK;
}
