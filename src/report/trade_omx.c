/* SPDX-License-Identifier: Apache-2.0 */
/* trade_omx.c - trade on the network as matrices: zones are the places that have demand, by key.
 *
 *   asked_total, sent_total, asked_COMMODITY, sent_COMMODITY   tonnes a year; 0 where there is none
 *   cost_usd_t price_usd_t hours wait_h kg_co2e_t distance_km  means of what is sent, by tonnes;
 *                                                              NaN where nothing is */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "model/tables.h"
#include "report/trade_page.h"

#define MOST_CELLS ((uint64_t)1 << 28) /* 2 GiB, as in omx.h */

enum { SKIM_COST, SKIM_PRICE, SKIM_HOURS, SKIM_WAIT, SKIM_CO2E, SKIM_KM, SKIMS };
static const char *const skim_names[SKIMS] = {"cost_usd_t", "price_usd_t", "hours",
                                              "wait_h",     "kg_co2e_t",   "distance_km"};

typedef struct making {
    const krn_package *package;
    const krn_trade_answer *answer;
    const krn_demand_list *demand;
    krn_arena *arena;
    uint32_t *zone_of;  /* by node; KRN_NO_ROW: none */
    uint32_t *place_of; /* by commodity: its two matrices are 2 + 2k and 3 + 2k */
    uint32_t n_goods;
    krn_omx *out;
    double *values; /* all matrices, one after the other */
} making;

static const krn_demand *demand_of(const making *m, const krn_trade_row *row)
{
    return &m->demand->rows[row->demand];
}

/* Numbers of zones in the order of node.csv, of goods in that of commodity.csv. */
static krn_status number_all(making *m, krn_error *err)
{
    const uint32_t n_nodes = krn_package_rows(m->package, KRN_TABLE_NODE),
                   n_goods = krn_package_rows(m->package, KRN_TABLE_COMMODITY);
    m->zone_of = krn_arena_alloc(m->arena, (n_nodes + 1u) * sizeof *m->zone_of);
    m->place_of = krn_arena_alloc(m->arena, (n_goods + 1u) * sizeof *m->place_of);
    if (!m->zone_of || !m->place_of)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < n_nodes; i++)
        m->zone_of[i] = KRN_NO_ROW;
    for (uint32_t i = 0; i < n_goods; i++)
        m->place_of[i] = KRN_NO_ROW;
    for (uint32_t i = 0; i < m->answer->n_rows; i++) {
        const krn_demand *d = demand_of(m, &m->answer->rows[i]);
        m->zone_of[d->origin] = m->zone_of[d->destination] = 0;
        m->place_of[d->commodity] = 0;
    }
    for (uint32_t i = 0; i < n_nodes; i++)
        if (m->zone_of[i] != KRN_NO_ROW)
            m->zone_of[i] = m->out->n_zones++;
    for (uint32_t i = 0; i < n_goods; i++)
        if (m->place_of[i] != KRN_NO_ROW)
            m->place_of[i] = m->n_goods++;
    m->out->n_matrices = 2 + 2 * m->n_goods + SKIMS;
    if (!m->out->n_zones)
        return krni_fail(err, KRN_E_ARG, "matrices of a trade without any demand");
    if ((uint64_t)m->out->n_zones * m->out->n_zones * m->out->n_matrices > MOST_CELLS)
        return krni_fail(err, KRN_E_LIMIT, "%u matrices of %u places: at most 2 GiB of figures",
                         m->out->n_matrices, m->out->n_zones);
    return KRN_OK;
}

static const char *joined(const making *m, const char *before, const char *name)
{
    krni_writer w;
    krni_writer_init(&w, m->arena);
    krni_write(&w, before);
    krni_write(&w, name);
    return krni_writer_text(&w);
}

static krn_status name_all(making *m, krn_error *err)
{
    const size_t cells = (size_t)m->out->n_zones * m->out->n_zones;
    const uint32_t n_nodes = krn_package_rows(m->package, KRN_TABLE_NODE),
                   n_goods = krn_package_rows(m->package, KRN_TABLE_COMMODITY);
    krn_omx_matrix *list = krn_arena_calloc(m->arena, m->out->n_matrices, sizeof *list);
    const char **zones = krn_arena_calloc(m->arena, m->out->n_zones, sizeof *zones);
    m->values = krn_arena_calloc(m->arena, cells * m->out->n_matrices, sizeof *m->values);
    if (!list || !zones || !m->values)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < n_nodes; i++)
        if (m->zone_of[i] != KRN_NO_ROW)
            zones[m->zone_of[i]] = krni_node_id(m->package, i);
    list[0].name = "asked_total";
    list[1].name = "sent_total";
    for (uint32_t i = 0; i < n_goods; i++) {
        const uint32_t k = m->place_of[i];
        if (k == KRN_NO_ROW)
            continue;
        const char *goods = krni_text(m->package, KRN_TABLE_COMMODITY, i, COMMODITY_COMMODITY_ID);
        list[2 + 2 * k].name = joined(m, "asked_", goods);
        list[3 + 2 * k].name = joined(m, "sent_", goods);
        if (!list[2 + 2 * k].name || !list[3 + 2 * k].name)
            return krni_fail_memory(err);
    }
    for (uint32_t k = 0; k < SKIMS; k++)
        list[2 + 2 * m->n_goods + k].name = skim_names[k];
    for (uint32_t i = 0; i < m->out->n_matrices; i++)
        list[i].values = m->values + i * cells;
    m->out->matrices = list;
    m->out->zones = zones;
    m->out->lookup_name = "node_id";
    return KRN_OK;
}

/* Tonnes, and sums of figures times tonnes. */
static void add_row(making *m, const krn_trade_row *row)
{
    const size_t n = m->out->n_zones, cells = n * n;
    const krn_demand *d = demand_of(m, row);
    const size_t cell = m->zone_of[d->origin] * n + m->zone_of[d->destination];
    const size_t goods = 2 + 2 * (size_t)m->place_of[d->commodity],
                 skims = 2 + 2 * (size_t)m->n_goods;
    m->values[cell] += row->asked_t;
    m->values[cells + cell] += row->sent_t;
    m->values[goods * cells + cell] += row->asked_t;
    m->values[(goods + 1) * cells + cell] += row->sent_t;
    for (uint32_t i = 0; i < row->n_ways; i++) {
        const krn_trade_way *w = &m->answer->ways[row->first_way + i];
        const double figures[SKIMS] = {w->cost_usd_t,         w->price_usd_t,
                                       w->free_h + w->wait_h, w->wait_h,
                                       w->wtw_kg_t,           w->rail_km + w->road_km + w->sea_km};
        for (size_t k = 0; k < SKIMS; k++)
            if (w->year_t > 0.0)
                m->values[(skims + k) * cells + cell] += w->year_t * figures[k];
    }
}

krn_status krn_trade_to_omx(const krn_trade_report *report, krn_arena *arena, krn_omx *out,
                            krn_error *err)
{
    making m = {.package = krn_network_package(report->network),
                .answer = report->answer,
                .demand = report->answer->question->demand,
                .arena = arena,
                .out = out};
    *out = (krn_omx){0, 0, NULL, NULL, NULL};
    krn_status st = number_all(&m, err);
    if (!st)
        st = name_all(&m, err);
    if (st)
        return st;
    for (uint32_t i = 0; i < m.answer->n_rows; i++)
        add_row(&m, &m.answer->rows[i]);
    const size_t cells = (size_t)out->n_zones * out->n_zones, skims = 2 + 2 * (size_t)m.n_goods;
    for (size_t k = 0; k < SKIMS; k++)
        for (size_t c = 0; c < cells; c++) {
            const double sent_t = m.values[cells + c];
            double *figure = &m.values[(skims + k) * cells + c];
            *figure = sent_t > 0.0 ? *figure / sent_t : (double)NAN;
        }
    return KRN_OK;
}
