/* SPDX-License-Identifier: Apache-2.0 */
/* sim_question.c - rows of demand to streams of lots with the ways that they take.
 *
 *   row of demand --> one lot of it --> krn_plan --> ways worth having
 *                                                        |  of each way in words the cheapest,
 *                                                        |  of these the few of least cost
 *                                                        v
 *              stream  <--  shares  <--  cost = price + value of time * hours from ready to there
 *
 * All rows are planned for one ready time, the middle of what is counted: seasons of that month
 * decide which ways are open. A way keeps its activities only; waiting for papers, departures and
 * opening hours is found anew by the simulation.
 *
 *     share of a way = exp(-(cost - least cost) / (spread * tonnes)), then all to one */
#include <keruen/scenario.h>

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <keruen/plan.h>

#include "base/error.h"
#include "base/text.h"
#include "model/tables.h"
#include "model/way_words.h"
#include "scenario/sim_asking.h"

#define CHUNK       32u   /* rows whose routes are in memory at once */
#define LEAST_SHARE 0.001 /* a way of less is left out */
#define ROUNDS      4u    /* plans of a row, each without the borders and ports of the last one */
#define MOST_AVOID  32u

/* All that is under way from a question to its setup. */
typedef struct desk {
    const krn_network *network;
    const krn_package *package;
    const krn_sim_question *question;
    krn_arena *arena;
    krn_time ready;      /* of the plans */
    double spread_usd_t; /* NaN: not known */
    krni_asked_row *rows;
    uint32_t n_rows;
    krn_sim_unserved *unserved;
    uint32_t n_unserved;
    krn_sim_setup *setup;
} desk;

static krn_status check_question(const krn_sim_question *q, krn_error *err)
{
    if (!(q->demand_share >= 0) || isinf(q->demand_share))
        return krni_fail(err, KRN_E_ARG, "the demand is scaled by %g; 0 or more was expected",
                         q->demand_share);
    if (!(q->days > 0) || isinf(q->days))
        return krni_fail(err, KRN_E_ARG, "%g days are counted; more than 0 were expected", q->days);
    if (!(q->warmup_d >= 0) || isinf(q->warmup_d))
        return krni_fail(err, KRN_E_ARG, "a warm-up of %g days; 0 or more were expected",
                         q->warmup_d);
    if (!q->most_ways)
        return krni_fail(err, KRN_E_ARG, "at least one way was expected");
    return KRN_OK;
}

/* Spread of the choice of ways and patience with queues, from config.csv. */
static krn_status read_choice(desk *d, krn_error *err)
{
    const bool there = krn_package_rows(d->package, KRN_TABLE_CONFIG) > 0;
    const double patience_d =
        there ? krni_number(d->package, KRN_TABLE_CONFIG, 0, CONFIG_PATIENCE_D) : (double)NAN;
    d->setup->input.patience_h = patience_d >= 0 ? patience_d * 24 : (double)INFINITY;
    d->spread_usd_t =
        there ? krni_number(d->package, KRN_TABLE_CONFIG, 0, CONFIG_LOGIT_USD_T) : (double)NAN;
    if (d->question->routing != KRN_ROUTING_BEST && !(d->spread_usd_t > 0))
        return krni_fail(err, KRN_E_DATA,
                         "config.csv: kr_logit_usd_t: blank: the spread of a choice of ways was "
                         "expected; routing by the best way needs none");
    return KRN_OK;
}

/* ---- one row ---- */

/* One lot of a row. Containers told without tonnes are one shipment. */
static krn_consignment lot_of(const krn_demand *row)
{
    const bool dated = row->ready != KRN_TIME_NONE;
    return (krn_consignment){.commodity = row->commodity,
                             .loading_unit = row->loading_unit,
                             .n_units = row->lot_t > 0 && !dated ? 0 : row->n_units,
                             .net_t = dated ? row->year_t : row->lot_t,
                             .origin = row->origin,
                             .destination = row->destination,
                             .ready = KRN_TIME_NONE,
                             .due = KRN_TIME_NONE};
}

static krn_plan_query query_of(const desk *d, const krn_demand *row)
{
    krn_plan_query query;
    krn_plan_query_init(&query);
    query.consignment = lot_of(row);
    query.consignment.ready = d->ready;
    query.arrive_by = KRN_TIME_NONE;
    query.criteria = 1u << KRN_ARRIVAL | 1u << KRN_COST; /* what a way is weighed by */
    query.max_routes = 0;
    query.samples = 1;
    return query;
}

/* ---- further rounds: without the borders and ports of the cheapest way so far ---- */

typedef struct avoided {
    const char *borders[MOST_AVOID];
    uint32_t nodes[MOST_AVOID];
    uint32_t n_borders, n_nodes;
} avoided;

static void avoid_border(avoided *a, const char *crossing)
{
    for (uint32_t i = 0; i < a->n_borders; i++)
        if (strcmp(a->borders[i], crossing) == 0)
            return;
    if (a->n_borders < MOST_AVOID)
        a->borders[a->n_borders++] = crossing;
}

static void avoid_port(avoided *a, const krn_consignment *lot, uint32_t node)
{
    for (uint32_t i = 0; i < a->n_nodes; i++)
        if (a->nodes[i] == node)
            return;
    if (node != lot->origin && node != lot->destination && a->n_nodes < MOST_AVOID)
        a->nodes[a->n_nodes++] = node;
}

/* Adds what a route passes; false when there is nothing to leave out. */
static bool avoid_route(const desk *d, const krn_consignment *lot, const krn_route *r, avoided *a)
{
    const uint32_t before = a->n_borders + a->n_nodes;
    for (uint32_t i = 0; i < r->n_steps; i++) {
        krn_activity words;
        krn_network_activity(d->network, r->steps[i].activity, &words);
        if (words.kind == KRN_CROSS && words.figure.table == KRN_TABLE_BORDER)
            avoid_border(
                a, krni_text(d->package, KRN_TABLE_BORDER, words.figure.row, BORDER_CROSSING));
        if (words.kind == KRN_BOARD && words.mode == KRN_SEA)
            avoid_port(a, lot, words.from_node);
        if (words.kind == KRN_ALIGHT && words.mode == KRN_SEA)
            avoid_port(a, lot, words.to_node);
    }
    return a->n_borders + a->n_nodes > before;
}

/* Hours of a route; what regular trade has ahead, its papers, is not waited for. */
static double hours_of(const krn_route *r, bool papers_ahead)
{
    double hours = r->duration_h;
    for (uint32_t i = 0; i < r->n_steps && papers_ahead; i++)
        if (r->steps[i].gate != KRN_TIME_NONE && r->steps[i].gate > r->steps[i].arrive)
            hours -= (double)(r->steps[i].gate - r->steps[i].arrive) / KRN_SECONDS_PER_HOUR;
    return hours;
}

/* Fees at border crossings among the charges. */
static double border_usd(const desk *d, const krn_route *r)
{
    double sum_usd = 0;
    for (uint32_t i = 0; i < r->charges.n_charges; i++) {
        const krn_charge *c = &r->charges.charges[i];
        const bool tariff =
            c->figure.table == KRN_TABLE_TARIFF &&
            strcmp(krni_text(d->package, KRN_TABLE_TARIFF, c->figure.row, TARIFF_CHARGE),
                   "border") == 0;
        if (tariff || c->figure.table == KRN_TABLE_BORDER)
            sum_usd += c->amount_usd;
    }
    return sum_usd;
}

static krn_status keep_way(const desk *d, const krn_route *r, double value_usd_h, double hours,
                           krni_asked_way *out, krn_error *err)
{
    krn_activity_id *activities = krn_arena_alloc(d->arena, r->n_steps * sizeof *activities);
    krni_writer words;
    krni_writer_init(&words, d->arena);
    krni_write_brief_way(&words, d->network, r);
    out->words = krni_writer_text(&words);
    if (!activities || !out->words)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < r->n_steps; i++)
        activities[i] = r->steps[i].activity;
    out->expected_h = hours;
    out->way = (krn_sim_way){.activities = activities,
                             .n_activities = r->n_steps,
                             .price_usd = r->cost_usd,
                             .border_usd = border_usd(d, r),
                             .wtw_kg_co2e = r->wtw_kg_co2e,
                             .general_usd = r->cost_usd + value_usd_h * hours};
    return KRN_OK;
}

/* A route that may become a way. */
typedef struct candidate {
    const krn_route *route;
    const char *words;
    double general_usd, hours;
    uint32_t number;
    uint32_t round;
} candidate;

static int compare_cost(const void *pa, const void *pb)
{
    const candidate *a = pa, *b = pb;
    if (a->general_usd != b->general_usd)
        return a->general_usd < b->general_usd ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

static bool is_new(const candidate *list, uint32_t n, const char *words)
{
    for (uint32_t i = 0; i < n; i++)
        if (strcmp(list[i].words, words) == 0)
            return false;
    return true;
}

/* Routes of a row in all rounds, cheapest first. */
static krn_status gather(const desk *d, const krn_plan_result *const results[ROUNDS],
                         double value_usd_h, bool papers_ahead, krn_arena *scratch, candidate **out,
                         uint32_t *out_n, krn_error *err)
{
    uint32_t n = 0, most = 0;
    for (uint32_t k = 0; k < ROUNDS; k++)
        most += results[k] ? results[k]->n_routes : 0;
    candidate *all = krn_arena_calloc(scratch, most + 1u, sizeof *all);
    if (!all)
        return krni_fail_memory(err);
    for (uint32_t k = 0; k < ROUNDS; k++)
        for (uint32_t i = 0; results[k] && i < results[k]->n_routes; i++) {
            const krn_route *r = &results[k]->routes[i];
            const double hours = hours_of(r, papers_ahead);
            krni_writer w;
            krni_writer_init(&w, scratch);
            krni_write_through_way(&w, d->network, r);
            all[n] = (candidate){
                r, krni_writer_text(&w), r->cost_usd + value_usd_h * hours, hours, n, k};
            if (!all[n++].words)
                return krni_fail_memory(err);
        }
    if (n)
        qsort(all, n, sizeof *all, compare_cost);
    *out = all;
    *out_n = n;
    return KRN_OK;
}

/* The cheapest routes of different words, cheapest first; the cheapest one of each round is among
 * them, for it is what is left when others are full. Writes into all; how many. */
static uint32_t choose(const desk *d, candidate *all, uint32_t n_all)
{
    const uint32_t most = d->question->routing == KRN_ROUTING_BEST ? 1 : d->question->most_ways;
    bool seen[ROUNDS] = {false};
    uint32_t n = 0;
    for (uint32_t i = 0; i < n_all && n < most; i++) { /* first of each round to the front */
        if (seen[all[i].round])
            continue;
        seen[all[i].round] = true;
        if (!is_new(all, n, all[i].words))
            continue;
        const candidate first = all[i];
        memmove(&all[n + 1], &all[n], (i - n) * sizeof *all);
        all[n++] = first;
    }
    for (uint32_t i = n; i < n_all && n < most; i++)
        if (is_new(all, n, all[i].words))
            all[n++] = all[i];
    qsort(all, n, sizeof *all, compare_cost);
    return n;
}

/* Shares of ways, dearest last; those of next to nothing are taken off the end. */
static void share_out(const desk *d, krni_asked_row *row)
{
    const double spread_usd = d->spread_usd_t * row->stream.lot.net_t;
    double sum = 0;
    assert(row->n_ways > 0);
    for (uint32_t i = 0; i < row->n_ways; i++) {
        krn_sim_way *way = &row->ways[i].way;
        const double dearer_usd = way->general_usd - row->ways[0].way.general_usd;
        assert(dearer_usd >= 0);
        way->share = i == 0 ? 1 : spread_usd > 0 ? exp(-dearer_usd / spread_usd) : 0;
        sum += way->share;
    }
    while (d->question->routing == KRN_ROUTING_LOGIT && row->n_ways > 1 &&
           row->ways[row->n_ways - 1].way.share < LEAST_SHARE * sum)
        row->n_ways--;
    sum = 0;
    for (uint32_t i = 0; i < row->n_ways; i++)
        sum += row->ways[i].way.share;
    for (uint32_t i = 0; i < row->n_ways; i++)
        row->ways[i].way.share /= sum;
}

/* Lots of a row over time; false when a dated one lies outside of the run. */
static bool spread_lots(const desk *d, const krn_demand *demand, krni_asked_row *row)
{
    const krn_sim_question *q = d->question;
    if (demand->ready == KRN_TIME_NONE) {
        const double lot_t = row->stream.lot.net_t,
                     year_t = demand->year_t > 0 ? demand->year_t : lot_t;
        row->stream.lots_a_year = q->demand_share * year_t / lot_t;
        memcpy(row->stream.month_share, demand->month_share, sizeof row->stream.month_share);
        row->year_t = q->demand_share * year_t;
        return true;
    }
    row->stream.ready = &demand->ready;
    row->stream.n_ready = 1;
    row->year_t = row->stream.lot.net_t;
    const double from_start_h = (double)(demand->ready - q->start) / KRN_SECONDS_PER_HOUR;
    return from_start_h >= -24 * q->warmup_d && from_start_h < 24 * q->days;
}

static krn_country country_of(const krn_package *package, uint32_t node)
{
    return krn_country_parse(krni_text(package, KRN_TABLE_NODE, node, NODE_COUNTRY));
}

static krn_status add_row(desk *d, uint32_t number, const krn_plan_result *const results[ROUNDS],
                          krn_arena *scratch, krn_error *err)
{
    const krn_demand *demand = &d->question->demand->rows[number];
    krni_asked_row *row = &d->rows[d->n_rows];
    candidate *chosen = NULL;
    uint32_t n_found = 0;
    *row = (krni_asked_row){.row = number,
                            .from = country_of(d->package, demand->origin),
                            .to = country_of(d->package, demand->destination)};
    krn_sim_stream *s = &row->stream;
    s->lot = lot_of(demand);
    s->lot.net_t = results[0]->load.net_t;
    s->papers_ahead = demand->ready == KRN_TIME_NONE;
    assert(s->lot.net_t > 0);
    const double value_usd_t_h = krni_number_or(d->package, KRN_TABLE_COMMODITY, demand->commodity,
                                                COMMODITY_VALUE_OF_TIME_USD_T_H, 0);
    s->value_of_time_usd_h = value_usd_t_h * s->lot.net_t;
    krn_status status = gather(d, results, s->value_of_time_usd_h, s->papers_ahead, scratch,
                               &chosen, &n_found, err);
    if (status)
        return status;
    row->n_ways = choose(d, chosen, n_found);
    row->ways = krn_arena_calloc(d->arena, row->n_ways, sizeof *row->ways);
    if (!row->ways)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < row->n_ways && status == KRN_OK; i++) {
        status = keep_way(d, chosen[i].route, s->value_of_time_usd_h, chosen[i].hours,
                          &row->ways[i], err);
        d->setup->quality = krn_quality_weakest(d->setup->quality, chosen[i].route->quality);
    }
    if (status)
        return status;
    share_out(d, row);
    d->setup->n_outside += !spread_lots(d, demand, row);
    for (uint32_t i = 0; i < row->n_ways; i++) {
        const double share = row->ways[i].way.share;
        row->ways[i].year_t = share * row->year_t;
        row->ways[i].weight_t = share * (demand->year_t > 0 ? demand->year_t : s->lot.net_t);
    }
    d->setup->asked_t += row->year_t;
    d->n_rows++;
    return KRN_OK;
}

static krn_status add_unserved(desk *d, uint32_t number, const char *reason, krn_error *err)
{
    const krn_demand *demand = &d->question->demand->rows[number];
    const bool dated = demand->ready != KRN_TIME_NONE;
    const double year_t = demand->year_t * (dated ? 1 : d->question->demand_share);
    char *text = krn_arena_text(d->arena, reason && *reason ? reason : "no way is known");
    if (!text)
        return krni_fail_memory(err);
    d->unserved[d->n_unserved++] = (krn_sim_unserved){number, year_t, text};
    d->setup->asked_t += year_t;
    d->setup->unserved_t += year_t;
    return KRN_OK;
}

/* Why there is no way, with the facts that block it: as many as there is room for, each whole. */
static const char *blocked_words(const krn_blocked *blocked, char *out, size_t size)
{
    enum { SHOWN = 3 };
    if (!blocked->reason)
        return NULL;
    const int begin = snprintf(out, size, "%s", blocked->reason);
    size_t used = begin > 0 ? (size_t)begin : 0;
    for (uint32_t k = 0; k < blocked->n_facts && k < SHOWN; k++) {
        const size_t n = strlen(blocked->facts[k].text) + 2;
        if (used + n >= size)
            break;
        (void)snprintf(out + used, size - used, "%s%s", k ? "; " : ": ", blocked->facts[k].text);
        used += n;
    }
    return out;
}

/* ---- all rows ---- */

/* A chunk of rows while it is planned, round by round. */
typedef struct chunk {
    uint32_t begin, n;
    krn_plan_batch *batches[ROUNDS];
    uint32_t place[ROUNDS][CHUNK]; /* of each row in the batch of a round; KRN_NO_ROW: not asked */
    avoided avoid[CHUNK];
} chunk;

static const krn_plan_result *result_of(const chunk *c, uint32_t round, uint32_t i,
                                        krn_status *out_status, const char **out_failure)
{
    *out_status = KRN_OK;
    if (!c->batches[round] || c->place[round][i] == KRN_NO_ROW)
        return NULL;
    return krn_plan_batch_result(c->batches[round], c->place[round][i], out_status, out_failure);
}

static krn_status take_answers(desk *d, const chunk *c, krn_arena *scratch, krn_error *err)
{
    char text[1024];
    krn_status status = KRN_OK;
    for (uint32_t i = 0; i < c->n && status == KRN_OK; i++) {
        const krn_plan_result *results[ROUNDS] = {NULL};
        krn_status first = KRN_OK;
        const char *failure = NULL;
        results[0] = result_of(c, 0, i, &first, &failure);
        for (uint32_t k = 1; k < ROUNDS; k++) {
            krn_status later;
            const char *ignored;
            results[k] = result_of(c, k, i, &later, &ignored);
            if (later == KRN_E_MEMORY)
                first = later;
            if (later)
                results[k] = NULL;
        }
        if (first == KRN_E_MEMORY)
            status = krni_fail_memory(err);
        else if (first)
            status = add_unserved(d, c->begin + i, failure, err);
        else if (!results[0]->n_routes)
            status = add_unserved(d, c->begin + i,
                                  blocked_words(&results[0]->blocked, text, sizeof text), err);
        else
            status = add_row(d, c->begin + i, results, scratch, err);
        krn_arena_reset(scratch);
    }
    return status;
}

/* Adds what the cheapest way of the last round passes; false: nothing more to look for. */
static bool leave_out(const desk *d, chunk *c, uint32_t round, uint32_t i)
{
    const krn_demand *row = &d->question->demand->rows[c->begin + i];
    const krn_consignment lot = lot_of(row);
    krn_status status;
    const char *failure;
    const krn_plan_result *last = result_of(c, round - 1, i, &status, &failure);
    if (!last || status || !last->n_routes)
        return false;
    uint32_t best = 0;
    for (uint32_t k = 1; k < last->n_routes; k++)
        if (last->routes[k].cost_usd < last->routes[best].cost_usd)
            best = k;
    return avoid_route(d, &lot, &last->routes[best], &c->avoid[i]);
}

static krn_status plan_chunk(const desk *d, chunk *c, krn_error *err)
{
    const krn_sim_question *q = d->question;
    const uint32_t rounds = q->routing == KRN_ROUTING_BEST ? 1 : ROUNDS;
    krn_plan_query queries[CHUNK];
    krn_status status = KRN_OK;
    for (uint32_t round = 0; round < rounds && status == KRN_OK; round++) {
        uint32_t n = 0;
        for (uint32_t i = 0; i < c->n; i++) {
            c->place[round][i] = KRN_NO_ROW;
            if (round && !leave_out(d, c, round, i))
                continue;
            krn_plan_query *query = &queries[n];
            *query = query_of(d, &q->demand->rows[c->begin + i]);
            query->avoid_borders = c->avoid[i].borders;
            query->n_avoid_borders = c->avoid[i].n_borders;
            query->avoid_nodes = c->avoid[i].nodes;
            query->n_avoid_nodes = c->avoid[i].n_nodes;
            c->place[round][i] = n++;
        }
        if (n)
            status = krn_plan_batch_run(d->network, queries, n, q->n_threads, NULL, NULL,
                                        &c->batches[round], err);
    }
    return status;
}

static krn_status plan_rows(desk *d, krn_arena *scratch, krn_error *err)
{
    const krn_sim_question *q = d->question;
    chunk *c = krn_arena_calloc(d->arena, 1, sizeof *c);
    krn_status status = c ? KRN_OK : krni_fail_memory(err);
    for (uint32_t begin = 0; begin < q->demand->n && status == KRN_OK; begin += CHUNK) {
        const uint32_t n = q->demand->n - begin < CHUNK ? q->demand->n - begin : CHUNK;
        *c = (chunk){.begin = begin, .n = n};
        status = plan_chunk(d, c, err);
        if (status == KRN_OK)
            status = take_answers(d, c, scratch, err);
        for (uint32_t k = 0; k < ROUNDS; k++)
            krn_plan_batch_free(c->batches[k]);
        if (status == KRN_OK && q->progress &&
            !q->progress(q->progress_context, begin + n, q->demand->n))
            status = krni_fail(err, KRN_E_CANCELLED, "stopped while ways were planned");
    }
    return status;
}

/* Rows to streams, in the order of the demand. */
static krn_status lay_streams(desk *d, krn_error *err)
{
    krn_sim_setup *setup = d->setup;
    krn_sim_stream *streams = krn_arena_calloc(d->arena, d->n_rows + 1u, sizeof *streams);
    uint32_t *stream_row = krn_arena_calloc(d->arena, d->n_rows + 1u, sizeof *stream_row);
    if (!streams || !stream_row)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < d->n_rows; i++) {
        const krni_asked_row *row = &d->rows[i];
        krn_sim_way *ways = krn_arena_calloc(d->arena, row->n_ways, sizeof *ways);
        if (!ways)
            return krni_fail_memory(err);
        for (uint32_t w = 0; w < row->n_ways; w++)
            ways[w] = row->ways[w].way;
        streams[i] = row->stream;
        streams[i].ways = ways;
        streams[i].n_ways = row->n_ways;
        stream_row[i] = row->row;
    }
    setup->stream_row = stream_row;
    setup->input.streams = streams;
    setup->input.n_streams = d->n_rows;
    setup->input.n_groups = setup->n_groups;
    return KRN_OK;
}

static krn_status prepare(desk *d, krn_error *err)
{
    const krn_sim_question *q = d->question;
    d->rows = krn_arena_calloc(d->arena, q->demand->n + 1u, sizeof *d->rows);
    d->unserved = krn_arena_calloc(d->arena, q->demand->n + 1u, sizeof *d->unserved);
    krn_arena *scratch = krn_arena_new(NULL, 0);
    krn_status status = d->rows && d->unserved && scratch ? KRN_OK : krni_fail_memory(err);
    for (uint32_t i = 0; i < q->demand->n; i++)
        d->setup->quality = krn_quality_weakest(d->setup->quality, q->demand->rows[i].quality);
    if (status == KRN_OK)
        status = plan_rows(d, scratch, err);
    krn_arena_free(scratch);
    if (status == KRN_OK)
        status = krni_sim_group(d->rows, d->n_rows, d->arena, d->setup, err);
    if (status == KRN_OK)
        status = lay_streams(d, err);
    d->setup->unserved = d->unserved;
    d->setup->n_unserved = d->n_unserved;
    return status;
}

krn_status krn_sim_prepare(const krn_network *network, const krn_sim_question *question,
                           krn_arena *arena, krn_sim_setup *out, krn_error *err)
{
    if (!network || !question || !question->demand || !arena || !out)
        return krni_fail(err, KRN_E_ARG, "a network, a question and an arena were expected");
    krn_status status = check_question(question, err);
    if (status)
        return status;
    const krn_time middle = question->start + (krn_time)(question->days / 2) * KRN_SECONDS_PER_DAY;
    *out = (krn_sim_setup){.input = {.network = network,
                                     .events = question->events,
                                     .n_events = question->n_events,
                                     .start = question->start,
                                     .warmup_d = question->warmup_d,
                                     .days = question->days,
                                     .seed = question->seed,
                                     .routing = question->routing,
                                     .typical = question->typical,
                                     .unlimited = question->unlimited},
                           .planned_for = middle,
                           .quality = KRN_PUBLISHED};
    desk d = {.network = network,
              .package = krn_network_package(network),
              .question = question,
              .arena = arena,
              .ready = middle,
              .setup = out};
    status = read_choice(&d, err);
    return status ? status : prepare(&d, err);
}
