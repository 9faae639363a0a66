/* SPDX-License-Identifier: Apache-2.0 */
/* trade_answer.c - what was spread, told: rows, their ways, resources, sums.
 *
 * Nothing is lost: what a row asks is what its ways send and what is unserved, and the sums are
 * those of the rows, added in the order of the demand. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "model/tables.h"
#include "scenario/trade_desk.h"

#define FULL_SHARE  (1 - 1e-6)
#define MOST_NAMED  3u    /* full resources in a reason */
#define SENT_WHOLE  1e-12 /* of a row: rounding */
#define HOURS_A_DAY 24.0

/* ---- ways ---- */

typedef struct ranked {
    uint32_t way;
    double cost_usd_t;
} ranked;

static int compare_ranked(const void *pa, const void *pb)
{
    const ranked *a = pa, *b = pb;
    if (a->cost_usd_t != b->cost_usd_t)
        return a->cost_usd_t < b->cost_usd_t ? -1 : 1;
    return (a->way > b->way) - (a->way < b->way);
}

static double sent_day_t(const krni_trade_desk *d, const krni_trade_lane *lane)
{
    double sum = 0;
    for (uint32_t i = 0; i < lane->n_ways; i++)
        sum += d->ways[lane->ways[i]].day_t;
    return sum;
}

/* Ways of a lane behind those told, cheapest first. Tonnes of a year add up to what is sent. */
static krn_status tell_ways(krni_trade_desk *d, const krni_trade_lane *lane, krn_trade_row *row,
                            krn_trade_way *ways, uint32_t *n, krn_error *err)
{
    ranked *order = krn_arena_calloc(d->scratch, lane->n_ways + 1u, sizeof *order);
    if (!order)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < lane->n_ways; i++)
        order[i] = (ranked){lane->ways[i], krni_trade_cost_usd_t(d, &d->ways[lane->ways[i]])};
    if (lane->n_ways)
        qsort(order, lane->n_ways, sizeof *order, compare_ranked);
    const double sent_day = sent_day_t(d, lane);
    row->first_way = *n;
    row->n_ways = lane->n_ways;
    for (uint32_t i = 0; i < lane->n_ways; i++) {
        const krni_trade_known *known = &d->ways[order[i].way];
        krn_trade_way *w = &ways[(*n)++];
        *w = known->words;
        w->share = sent_day > 0 ? known->day_t / sent_day : 0;
        w->year_t = row->sent_t * w->share;
        w->wait_h = krni_trade_wait_h(d, known);
        w->cost_usd_t = order[i].cost_usd_t;
    }
    row->least_usd_t = lane->n_ways ? ways[row->first_way].cost_usd_t : (double)NAN;
    return KRN_OK;
}

/* ---- reasons ---- */

static bool is_full(const krni_trade_desk *d, uint32_t resource)
{
    return resource < d->solved_means &&
           d->load[resource] >= d->means[resource].capacity * FULL_SHARE;
}

/* "no room is left: border/..., section/... are full". */
static krn_status left_reason(krni_trade_desk *d, const krni_trade_lane *lane, const char **out,
                              krn_error *err)
{
    uint8_t *named = krn_arena_calloc(d->scratch, d->n_means + 1u, sizeof *named);
    krni_writer w;
    uint32_t n = 0;
    if (!named)
        return krni_fail_memory(err);
    krni_writer_init(&w, d->arena);
    for (uint32_t i = 0; i < lane->n_ways; i++) {
        const krni_trade_known *way = &d->ways[lane->ways[i]];
        for (uint32_t k = 0; k < way->n_uses; k++) {
            const uint32_t r = way->uses[k].resource;
            if (named[r] || !is_full(d, r) || !(way->uses[k].units > 0))
                continue;
            named[r] = 1;
            if (n < MOST_NAMED)
                krni_writef(&w, "%s%s", n ? ", " : "full on its ways: ", d->means[r].name);
            n++;
        }
    }
    if (n > MOST_NAMED)
        krni_writef(&w, " and %u more", n - MOST_NAMED);
    if (!n)
        krni_write(&w, "every way costs more than the goods are worth");
    *out = krni_writer_text(&w);
    return *out ? KRN_OK : krni_fail_memory(err);
}

/* ---- rows ---- */

static uint32_t class_of(const krni_trade_desk *d, const krn_demand *row)
{
    uint32_t unit = KRN_NO_ROW;
    if (row->loading_unit != KRN_NO_ROW)
        unit = krni_ref(d->package, KRN_TABLE_LOADING_UNIT, row->loading_unit,
                        LOADING_UNIT_CARGO_CLASS);
    return unit != KRN_NO_ROW
               ? unit
               : krni_ref(d->package, KRN_TABLE_COMMODITY, row->commodity, COMMODITY_CARGO_CLASS);
}

static krn_country country_of(const krni_trade_desk *d, uint32_t node)
{
    return krn_country_parse(krni_text(d->package, KRN_TABLE_NODE, node, NODE_COUNTRY));
}

/* Means of a row over what it sends, and its part of the sums. */
static void add_up(const krn_trade_way *ways, krn_trade_row *row, krn_trade_answer *out)
{
    double cost = 0, price = 0, hours = 0, wait_h = 0, kg = 0;
    for (uint32_t i = row->first_way; i < row->first_way + row->n_ways; i++) {
        const krn_trade_way *w = &ways[i];
        cost += w->share * w->cost_usd_t;
        price += w->share * w->price_usd_t;
        hours += w->share * (w->free_h + w->wait_h);
        wait_h += w->share * w->wait_h;
        kg += w->share * w->wtw_kg_t;
        out->rail_tkm += w->year_t * w->rail_km;
        out->road_tkm += w->year_t * w->road_km;
        out->sea_tkm += w->year_t * w->sea_km;
        out->emission_usd += w->year_t * w->emission_usd_t;
    }
    const bool sends = row->sent_t > 0;
    row->cost_usd_t = sends ? cost : (double)NAN;
    row->price_usd_t = sends ? price : (double)NAN;
    row->hours = sends ? hours : (double)NAN;
    row->wtw_kg_t = sends ? kg : (double)NAN;
    out->price_usd += row->sent_t * price;
    out->time_usd += row->sent_t * row->value_of_time_usd_t_h * hours;
    out->total_usd += row->sent_t * cost;
    out->mean_d += row->sent_t * hours / HOURS_A_DAY;
    out->wait_d += row->sent_t * wait_h / HOURS_A_DAY;
    out->wtw_kg_co2e += row->sent_t * kg;
}

static krn_status tell_row(krni_trade_desk *d, const krni_trade_lane *lane, krn_trade_row *row,
                           krn_trade_way *ways, uint32_t *n, krn_trade_answer *out, krn_error *err)
{
    const double left = lane->n_ways && lane->day_t > 0 ? lane->left_t_day / lane->day_t : 0;
    row->value_of_time_usd_t_h = lane->value_usd_t_h;
    row->sent_t = lane->n_ways ? row->asked_t * fmax(0, 1 - left) : 0;
    if (row->asked_t - row->sent_t <= SENT_WHOLE * row->asked_t && lane->n_ways)
        row->sent_t = row->asked_t;
    krn_status status = KRN_OK;
    if (row->sent_t < row->asked_t && lane->n_ways)
        status = left_reason(d, lane, &row->reason, err);
    if (!status)
        status = tell_ways(d, lane, row, ways, n, err);
    if (!status)
        add_up(ways, row, out);
    krn_arena_reset(d->scratch);
    return status;
}

static krn_status tell_rows(krni_trade_desk *d, krn_trade_answer *out, krn_error *err)
{
    const krn_demand_list *list = d->question->demand;
    krn_trade_row *rows = krn_arena_calloc(d->arena, list->n + 1u, sizeof *rows);
    krn_trade_way *ways = krn_arena_calloc(d->arena, d->n_ways + 1u, sizeof *ways);
    krn_status status = rows && ways ? KRN_OK : krni_fail_memory(err);
    uint32_t lane = 0;
    for (uint32_t i = 0; i < list->n && !status; i++) {
        const krn_demand *demand = &list->rows[i];
        rows[i] = (krn_trade_row){.demand = i,
                                  .from = country_of(d, demand->origin),
                                  .to = country_of(d, demand->destination),
                                  .cargo_class = class_of(d, demand),
                                  .asked_t = d->asked_t[i],
                                  .reason = d->reasons[i],
                                  .first_way = out->n_ways,
                                  .cost_usd_t = (double)NAN,
                                  .price_usd_t = (double)NAN,
                                  .hours = (double)NAN,
                                  .wtw_kg_t = (double)NAN,
                                  .least_usd_t = (double)NAN};
        if (lane < d->n_lanes && d->lanes[lane].row == i)
            status = tell_row(d, &d->lanes[lane++], &rows[i], ways, &out->n_ways, out, err);
        out->asked_t += rows[i].asked_t;
        out->sent_t += rows[i].sent_t;
        out->unserved_t += rows[i].asked_t - rows[i].sent_t;
    }
    for (uint32_t i = 0; i < d->n_ways; i++)
        if (d->ways[i].day_t > 0)
            out->quality = krn_quality_weakest(out->quality, d->ways[i].quality);
    out->rows = rows;
    out->n_rows = list->n;
    out->ways = ways;
    if (out->sent_t > 0) {
        out->mean_d /= out->sent_t;
        out->wait_d /= out->sent_t;
    }
    out->tkm = out->rail_tkm + out->road_tkm + out->sea_tkm;
    return status;
}

/* ---- resources ---- */

/* What is full to the brim is told by tonnes, not by the last digits of its load. */
typedef struct fullness {
    uint32_t means;
    double rank, full_share, load, year_t;
    const char *name;
} fullness;

static int compare_full(const void *pa, const void *pb)
{
    const fullness *a = pa, *b = pb;
    if (a->rank != b->rank)
        return a->rank > b->rank ? -1 : 1;
    if (a->year_t != b->year_t)
        return a->year_t > b->year_t ? -1 : 1;
    return strcmp(a->name, b->name);
}

static krn_status tell_means(krni_trade_desk *d, krn_trade_answer *out, krn_error *err)
{
    const uint32_t n = d->n_means;
    krn_trade_resource *list = krn_arena_calloc(d->arena, n + 1u, sizeof *list);
    fullness *order = krn_arena_calloc(d->arena, n + 1u, sizeof *order);
    uint32_t *means_of = krn_arena_calloc(d->arena, n + 1u, sizeof *means_of);
    if (!list || !order || !means_of)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < n; i++) {
        const double capacity = d->means[i].capacity;
        const double full = isinf(capacity) ? 0 : d->load[i] / capacity;
        const bool brim = fabs(full - 1) < 1 - FULL_SHARE;
        order[i] = (fullness){i,          brim ? 1 : full,         full,
                              d->load[i], krni_trade_over_t(d, i), d->means[i].name};
    }
    if (n)
        qsort(order, n, sizeof *order, compare_full);
    for (uint32_t i = 0; i < n; i++) {
        const krni_trade_means *m = &d->means[order[i].means];
        means_of[i] = order[i].means;
        list[i] = (krn_trade_resource){.words = m->words,
                                       .name = m->name,
                                       .load_a_day = order[i].load,
                                       .capacity_a_day = m->capacity,
                                       .full_share = order[i].full_share,
                                       .year_t = order[i].year_t,
                                       .wait_h = d->wait_h[order[i].means],
                                       .step_a_day = krni_trade_step(&m->words),
                                       .price_usd_per_year = (double)NAN,
                                       .more_t = (double)NAN,
                                       .faster_d = (double)NAN};
    }
    out->resources = list;
    out->n_resources = n;
    const uint32_t priced = d->question->n_priced < n ? d->question->n_priced : n;
    return priced ? krni_trade_price(d, list, means_of, priced, err) : KRN_OK;
}

double krni_trade_over_t(const krni_trade_desk *d, uint32_t resource)
{
    double sum = 0;
    for (uint32_t i = 0; i < d->n_ways; i++)
        for (uint32_t k = 0; k < d->ways[i].n_uses; k++)
            if (d->ways[i].uses[k].resource == resource)
                sum += d->ways[i].day_t * KRNI_TRADE_DAYS;
    return sum;
}

krn_status krni_trade_tell(krni_trade_desk *d, krn_trade_answer *out, krn_error *err)
{
    assert(d->solved_means <= d->n_means);
    d->n_means = d->solved_means; /* what only ways that were not taken would use is not told */
    *out = (krn_trade_answer){.question = d->question, .step = d->step, .quality = d->quality};
    krn_status status = tell_rows(d, out, err);
    if (!status)
        status = krni_trade_tell_uses(d, out, err);
    if (!status)
        status = tell_means(d, out, err);
    return status;
}
