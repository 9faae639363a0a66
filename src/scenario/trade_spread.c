/* SPDX-License-Identifier: Apache-2.0 */
/* trade_spread.c - ways and resources as a problem of paths that share resources, solved.
 *
 *   row      a row of demand, tonnes a day
 *   path     a way: price + value of time * free hours + emissions, USD a tonne
 *   use      units of a tonne of a resource; its hours weigh the value of time, once each time the
 *            way meets it
 *
 * With hard capacities each row has one more path that uses nothing: goods that are left behind,
 * which costs what they are worth, or three times the cheapest way where that is more. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "scenario/trade_desk.h"

#define LEFT_FACTOR 3.0
#define LEFT_NOISE  1e-9 /* of a row: rounding, and what logit gives to the dearest choice */

bool krni_trade_divides(krn_trade_method method)
{
    return method == KRN_TRADE_LOGIT || method == KRN_TRADE_PATH_SIZE ||
           method == KRN_TRADE_STOCHASTIC;
}

double krni_trade_fixed_usd_t(const krni_trade_desk *d, const krni_trade_known *way)
{
    const krn_trade_way *w = &way->words;
    return w->price_usd_t + w->emission_usd_t + d->lanes[way->lane].value_usd_t_h * w->free_h;
}

double krni_trade_wait_h(const krni_trade_desk *d, const krni_trade_known *way)
{
    double hours = 0;
    for (uint32_t i = 0; i < way->n_takes; i++)
        if (way->takes[i].resource < d->solved_means)
            hours += d->wait_h[way->takes[i].resource];
    return hours;
}

double krni_trade_cost_usd_t(const krni_trade_desk *d, const krni_trade_known *way)
{
    return krni_trade_fixed_usd_t(d, way) +
           d->lanes[way->lane].value_usd_t_h * krni_trade_wait_h(d, way);
}

/* ---- path size ---- */

/* Ways of a lane that have an activity. */
static uint32_t sharers(const krni_trade_desk *d, const krni_trade_lane *lane, uint32_t activity)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < lane->n_ways; i++) {
        const krn_trade_way *w = &d->ways[lane->ways[i]].words;
        for (uint32_t k = 0; k < w->n_activities; k++)
            if (w->activities[k].index == activity) {
                n++;
                break;
            }
    }
    return n;
}

/* Sum over activities of length / length of the way / ways that have it (Ben-Akiva, Bierlaire). */
static void size_ways(krni_trade_desk *d)
{
    for (uint32_t l = 0; l < d->n_lanes; l++) {
        const krni_trade_lane *lane = &d->lanes[l];
        for (uint32_t i = 0; i < lane->n_ways; i++) {
            krni_trade_known *way = &d->ways[lane->ways[i]];
            double km = 0, own_km = 0;
            for (uint32_t k = 0; k < way->words.n_activities; k++) {
                krn_activity a;
                krn_network_activity(d->network, way->words.activities[k], &a);
                if (!(a.length_km > 0))
                    continue;
                km += a.length_km;
                own_km += a.length_km / sharers(d, lane, way->words.activities[k].index);
            }
            way->size = km > 0 ? own_km / km : 1;
        }
    }
}

/* ---- the problem ---- */

static krn_path_method method_of(krn_trade_method method)
{
    switch (method) {
    case KRN_TRADE_ALL_OR_NOTHING:
        return KRN_PATH_ALL_OR_NOTHING;
    case KRN_TRADE_LOGIT:
    case KRN_TRADE_PATH_SIZE:
        return KRN_PATH_FREE;
    case KRN_TRADE_SYSTEM:
        return KRN_PATH_SYSTEM;
    default:
        return KRN_PATH_USER;
    }
}

/* What a tonne left behind costs: once, by the ways that the row has first. */
static void price_left(krni_trade_desk *d, krni_trade_lane *lane)
{
    double least = HUGE_VAL;
    for (uint32_t i = 0; i < lane->n_ways; i++)
        least = fmin(least, krni_trade_fixed_usd_t(d, &d->ways[lane->ways[i]]));
    if (lane->n_ways && !(lane->left_usd_t > LEFT_FACTOR * least))
        lane->left_usd_t = LEFT_FACTOR * fabs(least);
}

typedef struct problem {
    krn_path *paths;
    krn_path_row *rows;
    krn_path_resource *resources;
    double *base;
    uint32_t n_paths;
    bool left; /* the last n_lanes paths are goods left behind */
} problem;

static krn_status make_problem(krni_trade_desk *d, const krni_trade_law *law, problem *p,
                               krn_error *err)
{
    const krn_trade_question *q = d->question;
    const uint32_t most = d->n_ways + d->n_lanes;
    const bool divides = krni_trade_divides(q->method);
    const bool sized = divides && q->method != KRN_TRADE_LOGIT;
    p->paths = krn_arena_calloc(d->scratch, most + 1u, sizeof *p->paths);
    p->base = krn_arena_calloc(d->scratch, most + 1u, sizeof *p->base);
    p->rows = krn_arena_calloc(d->scratch, d->n_lanes + 1u, sizeof *p->rows);
    p->resources = krn_arena_calloc(d->scratch, d->n_means + 1u, sizeof *p->resources);
    if (!p->paths || !p->base || !p->rows || !p->resources)
        return krni_fail_memory(err);
    if (sized)
        size_ways(d);
    for (uint32_t i = 0; i < d->n_ways; i++) {
        const krni_trade_known *way = &d->ways[i];
        p->paths[p->n_paths] = (krn_path){.row = way->lane,
                                          .fixed_cost = krni_trade_fixed_usd_t(d, way),
                                          .size = sized ? way->size : 1,
                                          .uses = way->uses,
                                          .n_uses = way->n_uses};
        p->base[p->n_paths++] = way->day_t;
    }
    for (uint32_t i = 0; i < d->n_lanes; i++) {
        krni_trade_lane *lane = &d->lanes[i];
        p->rows[i] = (krn_path_row){.flow = lane->n_ways ? lane->day_t : 0,
                                    .spread_cost = divides ? d->spread_usd_t : 0};
        price_left(d, lane);
        if (!q->hard_capacity && lane->n_ways)
            continue;
        p->paths[p->n_paths] = (krn_path){.row = i, .fixed_cost = lane->left_usd_t, .size = 1};
        p->base[p->n_paths++] = lane->left_t_day;
    }
    for (uint32_t i = 0; i < d->n_means; i++) {
        const double capacity = i == law->more ? law->capacity : d->means[i].capacity;
        p->resources[i].limit_load = q->hard_capacity ? capacity : HUGE_VAL;
    }
    return KRN_OK;
}

/* Flows to ways and lanes; next to nothing left behind is no tonne left behind. */
static void take_flows(krni_trade_desk *d, const problem *p, const double *flow)
{
    for (uint32_t i = 0; i < d->n_ways; i++)
        d->ways[i].day_t = flow[i];
    for (uint32_t i = d->n_ways; i < p->n_paths; i++) {
        krni_trade_lane *lane = &d->lanes[p->paths[i].row];
        lane->left_t_day = flow[i];
        if (!(flow[i] > 0) || flow[i] > LEFT_NOISE * lane->day_t || !lane->n_ways)
            continue;
        uint32_t most = lane->ways[0];
        for (uint32_t k = 1; k < lane->n_ways; k++)
            if (d->ways[lane->ways[k]].day_t > d->ways[most].day_t)
                most = lane->ways[k];
        d->ways[most].day_t += flow[i];
        lane->left_t_day = 0;
    }
}

/* In a system optimum one more unit of load also costs what it makes the others wait. */
static void add_marginal_prices(krni_trade_desk *d, const krni_trade_law *law)
{
    for (uint32_t r = 0; r < d->n_means; r++) {
        double usd_per_h = 0, slope = 0;
        for (uint32_t i = 0; i < d->n_ways; i++)
            for (uint32_t k = 0; k < d->ways[i].n_uses; k++)
                if (d->ways[i].uses[k].resource == r)
                    usd_per_h += d->ways[i].day_t * d->ways[i].uses[k].weight;
        (void)krni_trade_wait(law, r, d->load[r], &slope);
        d->unit_price[r] += usd_per_h * slope;
    }
}

static krn_status take_means(krni_trade_desk *d, const krni_trade_law *law,
                             const krn_path_answer *answer, krn_error *err)
{
    const size_t size = d->n_means * sizeof(double);
    double *all = krn_arena_calloc(d->arena, 3 * (size_t)d->n_means + 1u, sizeof *all);
    if (!all)
        return krni_fail_memory(err);
    d->load = all;
    d->wait_h = all + d->n_means;
    d->unit_price = all + 2 * (size_t)d->n_means;
    if (size) {
        memcpy(d->load, krn_path_answer_load(answer), size);
        memcpy(d->wait_h, krn_path_answer_time(answer), size);
        memcpy(d->unit_price, krn_path_answer_price(answer), size);
    }
    d->solved_means = d->n_means;
    if (d->question->method == KRN_TRADE_SYSTEM)
        add_marginal_prices(d, law);
    return KRN_OK;
}

krn_status krni_trade_spread(krni_trade_desk *d, const krni_trade_law *law, double gap_share,
                             bool base, krn_error *err)
{
    const krn_trade_question *q = d->question;
    problem p = {0};
    krn_path_answer *answer = NULL;
    krn_status status = krni_trade_take_tables(d, err);
    if (!status)
        status = make_problem(d, law, &p, err);
    if (!status) {
        const krn_path_problem kernel = {.n_rows = d->n_lanes,
                                         .n_resources = d->n_means,
                                         .n_paths = p.n_paths,
                                         .rows = p.rows,
                                         .resources = p.resources,
                                         .paths = p.paths,
                                         .law = krni_trade_wait,
                                         .law_context = law};
        const krn_path_options options = {.method = method_of(q->method),
                                          .gap_share = gap_share,
                                          .max_iterations = q->max_iterations,
                                          .progress = d->silent ? NULL : q->step,
                                          .progress_context = q->progress_context,
                                          .base_flow = base ? p.base : NULL};
        status = krn_path_assign(&kernel, &options, &answer, err);
    }
    if (!status) {
        d->step = krn_path_answer_step(answer);
        d->total_usd_day = krn_path_answer_total_cost(answer);
        take_flows(d, &p, krn_path_answer_flow(answer));
        status = take_means(d, law, answer, err);
    }
    krn_path_answer_free(answer);
    krn_arena_reset(d->scratch);
    return status;
}
