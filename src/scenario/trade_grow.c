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
 * others before they count. */
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

/* Takes of ways from `first` on, each pair of activity and resource once; how many are new. */
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
            uint32_t at = b->head[t->activity.index];
            while (at && b->entries[at - 1].resource != t->resource)
                at = b->entries[at - 1].next;
            if (at) {
                b->entries[at - 1].units = fmax(b->entries[at - 1].units, t->units);
                continue;
            }
            if (!krni_trade_room(d->arena, (void **)&b->entries, sizeof *b->entries, b->n,
                                 &b->capacity))
                return krni_fail_memory(err);
            b->entries[b->n] =
                (krni_trade_entry){t->resource, b->head[t->activity.index], t->units};
            b->head[t->activity.index] = ++b->n;
        }
    *out_new = b->n - *out_new;
    return KRN_OK;
}

static bool has_prices(const krni_trade_desk *d)
{
    for (uint32_t r = 0; r < d->solved_means; r++)
        if (d->unit_price[r] > 0)
            return true;
    return false;
}

/* Hours by activity for a lane; of all lanes the same while no limit has a price. */
static void fill_delays(const krni_trade_desk *d, bool priced, const krni_trade_lane *lane,
                        double *delay_h)
{
    const krni_trade_book *b = &d->book;
    const uint32_t n = krn_network_activities(d->network);
    for (uint32_t a = 0; a < n; a++) {
        double hours = 0;
        for (uint32_t at = b->head[a]; at; at = b->entries[at - 1].next) {
            const krni_trade_entry *e = &b->entries[at - 1];
            if (e->resource >= d->solved_means)
                continue;
            hours += d->wait_h[e->resource];
            if (priced && lane->value_usd_t_h > 0)
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
static krn_status plan_lanes(krni_trade_desk *d, bool priced, uint32_t begin, uint32_t end,
                             double *delays, krni_trade_chain **chains, uint32_t *n,
                             uint32_t *capacity, krn_error *err)
{
    const uint32_t n_activities = krn_network_activities(d->network);
    krn_plan_query queries[CHUNK];
    krn_plan_batch *batch = NULL;
    for (uint32_t i = begin; i < end; i++) {
        double *own = &delays[priced ? (size_t)(i - begin) * n_activities : 0];
        if (priced || i == begin)
            fill_delays(d, priced, &d->lanes[i], own);
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

/* Of the ways behind `before` those stay that are cheaper than all that their row had. */
static uint32_t keep_cheaper(krni_trade_desk *d, uint32_t before)
{
    uint32_t kept = before;
    for (uint32_t l = 0; l < d->n_lanes; l++) { /* forget the new ones */
        krni_trade_lane *lane = &d->lanes[l];
        lane->least_usd_t = HUGE_VAL;
        uint32_t n = 0;
        while (n < lane->n_ways && lane->ways[n] < before) {
            lane->least_usd_t = fmin(lane->least_usd_t, priced_cost(d, &d->ways[lane->ways[n]]));
            n++;
        }
        lane->n_ways = n;
    }
    for (uint32_t i = before; i < d->n_ways; i++) {
        const krni_trade_known way = d->ways[i];
        krni_trade_lane *lane = &d->lanes[way.lane];
        const double least = lane->least_usd_t;
        if (!(priced_cost(d, &way) < least - CHEAPER * fabs(least)))
            continue;
        lane->ways[lane->n_ways++] = kept;
        d->ways[kept++] = way;
    }
    const uint32_t added = kept - before;
    d->n_ways = kept;
    return added;
}

krn_status krni_trade_grow(krni_trade_desk *d, uint32_t *out_added, bool *out_closed,
                           krn_error *err)
{
    const krn_trade_question *q = d->question;
    const uint32_t before = d->n_ways;
    const bool priced = has_prices(d);
    krni_trade_chain *chains = NULL;
    uint32_t n = 0, capacity = 0, learnt = 0;
    *out_added = 0;
    krn_status status = learn(d, 0, &learnt, err);
    double *delays = krn_arena_calloc(
        d->arena, (priced ? CHUNK : 1) * (krn_network_activities(d->network) + (size_t)1),
        sizeof *delays);
    if (!status && !delays)
        status = krni_fail_memory(err);
    for (uint32_t begin = 0; begin < d->n_lanes && !status; begin += CHUNK) {
        const uint32_t end = begin + CHUNK < d->n_lanes ? begin + CHUNK : d->n_lanes;
        status = plan_lanes(d, priced, begin, end, delays, &chains, &n, &capacity, err);
        if (!status && q->progress && !q->progress(q->progress_context, end, d->n_lanes))
            status = krni_fail(err, KRN_E_CANCELLED, "stopped while ways were planned");
    }
    if (!status && n)
        status = krni_trade_add_ways(d, chains, n, err);
    if (!status)
        status = learn(d, before, &learnt, err);
    if (!status)
        *out_added = keep_cheaper(d, before);
    *out_closed = !*out_added && !learnt;
    return status;
}
