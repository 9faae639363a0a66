/* SPDX-License-Identifier: Apache-2.0 */
/* trade_grow.c - more ways, where those known have grown dear.
 *
 *   waits of the last solution --> hours by activity --> plans of all rows (arrival, cost)
 *        --> chains that are not known --> priced and laid out --> kept when cheaper than all known
 *
 * A limit that binds has a price; on a plan it stands as hours, price / value of time. What an
 * activity takes is learnt from all ways ever found, also those that were too dear. The cheapest
 * way by price and time is a point of the front of arrival and cost that carries a line, so it is
 * among the routes of a plan, to what a plan can know (see router.c: its cost is a bound while it
 * searches, and hours are those of a calendar). Costs of ways found are reckoned as those of all
 * others before they count. What all rows would save by them is told with the gap. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <keruen/plan.h>

#include "base/error.h"
#include "scenario/trade_desk.h"

#define CHUNK        32u
#define CHEAPER      1e-9 /* of the cost of the cheapest known way */
#define MOST_DELAY_H 1e5

/* Goods that take the same wagons and stores. */
static uint32_t goods_of(const krni_trade_lane *lane)
{
    const uint32_t unit = lane->lot.loading_unit == KRN_NO_ROW ? 0 : lane->lot.loading_unit + 1;
    return lane->lot.commodity << 12 ^ unit;
}

static bool is_for_all(const krni_trade_desk *d, uint32_t resource)
{
    const krn_sim_resource_kind kind = d->means[resource].words.kind;
    return kind != KRN_RESOURCE_WAGONS && kind != KRN_RESOURCE_STORAGE;
}

/* Takes of ways from `first` on, each triple of activity, resource and goods once; how many are
 * new. */
static krn_status learn(krni_trade_desk *d, uint32_t first, uint32_t *out_new, krn_error *err)
{
    krni_trade_book *b = &d->book;
    if (!b->head)
        b->head =
            krn_arena_calloc(d->arena, krn_network_activities(d->network) + 1u, sizeof *b->head);
    if (!b->head)
        return krni_fail_memory(err);
    *out_new = b->n;
    for (uint32_t i = first; i < d->n_ways; i++)
        for (uint32_t k = 0; k < d->ways[i].n_takes; k++) {
            const krni_trade_take *t = &d->ways[i].takes[k];
            const uint32_t goods =
                is_for_all(d, t->resource) ? KRN_NO_ROW : goods_of(&d->lanes[d->ways[i].lane]);
            uint32_t at = b->head[t->activity.index];
            while (at && (b->entries[at - 1].resource != t->resource ||
                          b->entries[at - 1].goods != goods))
                at = b->entries[at - 1].next;
            if (at) {
                b->entries[at - 1].units = fmax(b->entries[at - 1].units, t->units);
                continue;
            }
            if (!krni_trade_room(d->arena, (void **)&b->entries, sizeof *b->entries, b->n,
                                 &b->capacity))
                return krni_fail_memory(err);
            b->entries[b->n] = (krni_trade_entry){.resource = t->resource,
                                                  .next = b->head[t->activity.index],
                                                  .goods = goods,
                                                  .units = t->units};
            b->head[t->activity.index] = ++b->n;
        }
    *out_new = b->n - *out_new;
    return KRN_OK;
}

/* Hours by activity for a lane: of what ways have shown. Too few lead to ways that turn out too
 * dear and show more; too many would leave a cheaper way unseen. */
static void fill_delays(const krni_trade_desk *d, const krni_trade_lane *lane, double *delay_h)
{
    const krni_trade_book *b = &d->book;
    const uint32_t n = krn_network_activities(d->network), goods = goods_of(lane);
    for (uint32_t a = 0; a < n; a++) {
        double hours = 0;
        for (uint32_t at = b->head[a]; at; at = b->entries[at - 1].next) {
            const krni_trade_entry *e = &b->entries[at - 1];
            if (e->resource >= d->solved_means || (e->goods != KRN_NO_ROW && e->goods != goods))
                continue;
            hours += d->wait_h[e->resource];
            if (lane->value_usd_t_h > 0)
                hours += d->unit_price[e->resource] * e->units / lane->value_usd_t_h;
        }
        delay_h[a] = fmin(hours, MOST_DELAY_H);
    }
}

static krn_plan_query query_of(const krni_trade_desk *d, const krni_trade_lane *lane,
                               const double *delay_h)
{
    krn_plan_query query;
    krn_plan_query_init(&query);
    query.consignment = lane->lot;
    query.consignment.ready = d->question->ready;
    query.arrive_by = KRN_TIME_NONE;
    query.criteria = 1u << KRN_ARRIVAL | 1u << KRN_COST;
    if (d->question->emission_usd_t > 0)
        query.criteria |= 1u << KRN_CO2E;
    query.max_routes = 0;
    query.samples = 1;
    query.delay_h = delay_h;
    query.papers_ahead = true;
    return query;
}

/* Chains of one answer that are not known. */
static krn_status take_routes(krni_trade_desk *d, uint32_t lane, const krn_plan_result *result,
                              krni_trade_chain **chains, uint32_t *n, uint32_t *capacity,
                              krn_error *err)
{
    for (uint32_t i = 0; i < result->n_routes; i++) {
        const krn_route *r = &result->routes[i];
        krn_activity_id *activities = krn_arena_alloc(d->arena, r->n_steps * sizeof *activities);
        if (!activities ||
            !krni_trade_room(d->arena, (void **)chains, sizeof **chains, *n, capacity))
            return krni_fail_memory(err);
        for (uint32_t k = 0; k < r->n_steps; k++)
            activities[k] = r->steps[k].activity;
        const krni_trade_chain chain = {lane, activities, r->n_steps};
        if (!krni_trade_is_known(d, &chain))
            (*chains)[(*n)++] = chain;
    }
    return KRN_OK;
}

/* Plans lanes begin..end-1. A row whose plan fails has no new way. */
static krn_status plan_lanes(krni_trade_desk *d, uint32_t begin, uint32_t end, double *delays,
                             krni_trade_chain **chains, uint32_t *n, uint32_t *capacity,
                             krn_error *err)
{
    const uint32_t n_activities = krn_network_activities(d->network);
    krn_plan_query queries[CHUNK];
    krn_plan_batch *batch = NULL;
    for (uint32_t i = begin; i < end; i++) {
        double *own = &delays[(size_t)(i - begin) * n_activities];
        fill_delays(d, &d->lanes[i], own);
        queries[i - begin] = query_of(d, &d->lanes[i], own);
    }
    krn_status status = krn_plan_batch_run(d->network, queries, end - begin, d->question->n_threads,
                                           NULL, NULL, &batch, err);
    for (uint32_t i = begin; i < end && !status; i++) {
        krn_status one = KRN_OK;
        const char *failure = NULL;
        const krn_plan_result *result = krn_plan_batch_result(batch, i - begin, &one, &failure);
        if (one == KRN_E_MEMORY)
            status = krni_fail_memory(err);
        else if (!one && d->lanes[i].n_ways)
            status = take_routes(d, i, result, chains, n, capacity, err);
    }
    krn_plan_batch_free(batch);
    return status;
}

static double priced_cost(const krni_trade_desk *d, const krni_trade_known *way)
{
    double cost = krni_trade_cost_usd_t(d, way);
    for (uint32_t k = 0; k < way->n_uses; k++)
        if (way->uses[k].resource < d->solved_means)
            cost += way->uses[k].units * d->unit_price[way->uses[k].resource];
    return cost;
}

/* Least cost that each row knew without the ways from `before` on, goods left behind among it;
 * takes these off the rows. Sum of tonnes * cost of a day. */
static double forget_new(krni_trade_desk *d, uint32_t before)
{
    double total_usd = 0;
    for (uint32_t l = 0; l < d->n_lanes; l++) {
        krni_trade_lane *lane = &d->lanes[l];
        uint32_t n = 0;
        lane->least_usd_t = d->question->hard_capacity ? lane->left_usd_t : HUGE_VAL;
        total_usd += lane->left_t_day * lane->left_usd_t;
        for (; n < lane->n_ways && lane->ways[n] < before; n++) {
            const krni_trade_known *way = &d->ways[lane->ways[n]];
            const double cost = priced_cost(d, way);
            lane->least_usd_t = fmin(lane->least_usd_t, cost);
            total_usd += way->day_t * cost;
        }
        lane->n_ways = n;
    }
    return total_usd;
}

/* Of the ways from `before` on those stay that are cheaper than all that their row had. What rows
 * would save by the cheapest of them, as a share of all costs, is how far the known ways are from
 * all ways: when that is within the gap, none stays. */
static krn_status keep_cheaper(krni_trade_desk *d, uint32_t before, double gap_share,
                               uint32_t *out_added, krn_error *err)
{
    const double total_usd = forget_new(d, before);
    double *found = krn_arena_calloc(d->scratch, d->n_lanes + 1u, sizeof *found);
    double saved_usd = 0;
    uint32_t kept = before;
    if (!found)
        return krni_fail_memory(err);
    for (uint32_t i = before; i < d->n_ways; i++) {
        const krni_trade_known way = d->ways[i];
        const krni_trade_lane *lane = &d->lanes[way.lane];
        const double less = lane->least_usd_t - priced_cost(d, &way);
        if (!(less > CHEAPER * fabs(lane->least_usd_t)))
            continue;
        found[way.lane] = fmax(found[way.lane], less);
        d->ways[kept++] = way;
    }
    for (uint32_t l = 0; l < d->n_lanes; l++)
        saved_usd += d->lanes[l].day_t * found[l];
    d->beyond_share = total_usd > 0 ? saved_usd / total_usd : 0;
    d->n_ways = d->beyond_share > gap_share ? kept : before;
    for (uint32_t i = before; i < d->n_ways; i++) {
        krni_trade_lane *lane = &d->lanes[d->ways[i].lane];
        lane->ways[lane->n_ways++] = i;
    }
    *out_added = d->n_ways - before;
    return KRN_OK;
}

krn_status krni_trade_grow(krni_trade_desk *d, double gap_share, uint32_t *out_added,
                           bool *out_closed, krn_error *err)
{
    const krn_trade_question *q = d->question;
    const uint32_t before = d->n_ways;
    krni_trade_chain *chains = NULL;
    uint32_t n = 0, capacity = 0, learnt = 0;
    *out_added = 0;
    krn_status status = learn(d, 0, &learnt, err);
    double *delays = krn_arena_calloc(
        d->arena, CHUNK * (krn_network_activities(d->network) + (size_t)1), sizeof *delays);
    if (!status && !delays)
        status = krni_fail_memory(err);
    for (uint32_t begin = 0; begin < d->n_lanes && !status; begin += CHUNK) {
        const uint32_t end = begin + CHUNK < d->n_lanes ? begin + CHUNK : d->n_lanes;
        status = plan_lanes(d, begin, end, delays, &chains, &n, &capacity, err);
        if (!status && q->progress && !q->progress(q->progress_context, end, d->n_lanes))
            status = krni_fail(err, KRN_E_CANCELLED, "stopped while ways were planned");
    }
    if (!status && n)
        status = krni_trade_add_ways(d, chains, n, err);
    if (!status)
        status = learn(d, before, &learnt, err);
    if (!status)
        status = keep_cheaper(d, before, gap_share, out_added, err);
    *out_closed = !*out_added && !learnt;
    return status;
}
