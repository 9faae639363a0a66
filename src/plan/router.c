/* SPDX-License-Identifier: Apache-2.0 */
/* router.c - from a consignment to routes.
 *
 *   weigh, filter -> graph -> pareto search -> paths -> build and price exactly -> dominance again
 *        ^                        |                          -> choice -> reliability -> answer
 *        '--- longer horizon <----'  (a solution lies beyond it)
 *
 * What is exact. The search finds every non-dominated path in expected arrival (with gates, opening
 * hours, seasons that close, departures), bound of cost, CO2e, handlings and variance, to the
 * resolution stated in plan_graph.c. Each is then priced exactly and routes that another one
 * dominates by exact values are dropped; n_non_dominated counts the rest.
 * Prices that hold only by way of some place are told apart by layers of the graph (plan_way.c).
 * What is not. The bound of cost is additive, real tariffs are not: a route that another one
 * dominates by bound could be cheaper than that one when priced (belts that fall with distance,
 * through rates, storage, papers). Where prices add up the answer is exact; elsewhere it is exact
 * in the bound.
 * CO2e of an activity without a factor counts as 0 in the search. Delays of a query (delay_h) are
 * part of the weights: search, legs and prices by the hour know them, the risk does not.
 *
 * Why a horizon does no harm. Beyond it everything counts as open, so times there are bounds from
 * below. Let no solution arrive beyond the horizon H. A label whose time is a bound only has a time
 * >= H; if it displaced another label, that one's time was >= H as well, so all its ends arrive
 * after H; the ends of the displacing label are >= H too and none is in the answer, so each of
 * them, and with it the displaced one, is dominated by a solution that arrives before H and is
 * exact. If a solution arrives beyond H, the search is done again with a longer horizon.
 *
 * Arrive-by. The same graph is mirrored in time at the instant of arrival, criterion 0 is the time
 * from departure to that instant. Without a ready time no gate holds, papers say when to apply. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "plan/planning.h"

#define DEFAULT_MAX_LABELS 20000000u
#define DEFAULT_SAMPLES    1000u
#define DEFAULT_MAX_ROUTES 6u
#define FIRST_HORIZON_DAYS 120

void krn_plan_query_init(krn_plan_query *query)
{
    *query = (krn_plan_query){
        .consignment = {.commodity = KRN_NO_ROW,
                        .loading_unit = KRN_NO_ROW,
                        .origin = KRN_NO_ROW,
                        .destination = KRN_NO_ROW,
                        .ready = KRN_TIME_NONE,
                        .due = KRN_TIME_NONE},
        .arrive_by = KRN_TIME_NONE,
        .modes = KRN_ALL_MODES,
        .criteria = KRN_ALL_CRITERIA,
        .max_routes = DEFAULT_MAX_ROUTES,
        .samples = DEFAULT_SAMPLES,
        .seed = 1,
        .max_labels = DEFAULT_MAX_LABELS,
    };
}

/* One search with windows for a number of days. Paths as chains of activities. */
typedef struct found {
    krni_plan_graph graph;
    krn_pareto_result result;
    const uint32_t *arc_of; /* arrive-by: arc of the graph of each mirrored arc */
    bool beyond;            /* a solution lies beyond the horizon */
} found;

static krn_status search(krni_planning *planning, int days, found *out)
{
    const krn_plan_query *q = planning->query;
    const krn_time span = (krn_time)days * KRN_SECONDS_PER_DAY;
    krni_clock_book book = {.from = planning->base, .to = planning->base + span};
    if (planning->backward) {
        book.from = q->arrive_by - span > planning->base ? q->arrive_by - span : planning->base;
        book.to = q->arrive_by;
    }
    *out = (found){0};
    krn_status st = krni_plan_graph_make(planning, &book, &out->graph);
    if (st || out->graph.target == KRN_NO_ID)
        return st;
    krn_pareto_query question = {
        .source = out->graph.source,
        .target = out->graph.target,
        .start = 0,
        .epsilon_share = q->epsilon_share,
        .max_labels = q->max_labels ? q->max_labels : DEFAULT_MAX_LABELS,
    };
    krn_pareto_graph mirrored;
    const krn_pareto_graph *graph = &out->graph.graph;
    krn_time limit = span; /* of criterion 0 */
    if (planning->backward) {
        const uint32_t instant = (uint32_t)(q->arrive_by - planning->base);
        st = krn_pareto_mirror(graph, instant, planning->scratch, &mirrored, &out->arc_of,
                               planning->err);
        if (st)
            return st;
        graph = &mirrored;
        question.source = out->graph.target;
        question.target = out->graph.source;
        limit = book.from > planning->base ? q->arrive_by - book.from : INT64_MAX;
    }
    st = krn_pareto_search(graph, &question, planning->scratch, &out->result, planning->err);
    for (uint32_t i = 0; i < out->result.n_solutions && !st; i++)
        if ((krn_time)out->result.cost[(size_t)i * out->result.n_criteria] > limit)
            out->beyond = true;
    return st;
}

/* One solution of the kernel as activities, first one first. */
static krn_status read_path(const krni_planning *planning, const found *f, uint32_t solution,
                            uint32_t *out_n, krn_activity_id **out)
{
    const krn_pareto_result *r = &f->result;
    const uint32_t begin = r->first_step[solution], n = r->first_step[solution + 1] - begin;
    uint32_t *arcs = krn_arena_alloc(planning->scratch, (size_t)n * sizeof *arcs);
    if (!arcs)
        return krni_fail_memory(planning->err);
    for (uint32_t i = 0; i < n; i++)
        arcs[i] = planning->backward ? f->arc_of[r->arcs[begin + n - 1 - i]] : r->arcs[begin + i];
    *out_n = krni_path_length(&f->graph, arcs, n);
    *out = krn_arena_alloc(planning->scratch, (size_t)*out_n * sizeof **out);
    if (!*out)
        return krni_fail_memory(planning->err);
    return krni_path_activities(&f->graph, arcs, n, planning->scratch, *out, planning->err);
}

typedef struct candidate {
    krn_activity_id *activities;
    uint32_t n_activities;
    krn_time start;
    krni_option option;
    bool kept;
} candidate;

static krn_status build(const krni_planning *planning, const candidate *c, krni_paper_memo *memo,
                        krn_arena *arena, krn_route *out)
{
    return krni_route_make(planning->network, &planning->query->consignment, &planning->load,
                           planning->costs, c->activities, c->n_activities, c->start,
                           planning->papers_from, memo, arena, out, planning->err);
}

static bool is_late(const krni_planning *planning, const krn_route *route)
{
    const krn_plan_query *q = planning->query;
    return (planning->backward && route->arrival > q->arrive_by) ||
           (q->consignment.due != KRN_TIME_NONE && route->arrival > q->consignment.due);
}

/* Prices all solutions; a path that opens in no 400 days, or that comes too late, is dropped. work
 * holds one route at a time. */
static krn_status price_all(krni_planning *planning, const found *f, krn_arena *work,
                            candidate *candidates, uint32_t *out_n, krn_time *earliest)
{
    const krn_plan_query *q = planning->query;
    uint32_t n = 0;
    *earliest = KRN_TIME_NONE;
    for (uint32_t i = 0; i < f->result.n_solutions; i++) {
        candidate *c = &candidates[n];
        krn_status st = read_path(planning, f, i, &c->n_activities, &c->activities);
        if (st)
            return st;
        const krn_time value = f->result.cost[(size_t)i * f->result.n_criteria];
        if (planning->backward && value > q->arrive_by - planning->base)
            continue; /* would leave before the goods are ready */
        c->start = planning->backward ? q->arrive_by - value : q->consignment.ready;
        krn_route route;
        krn_arena_reset(work);
        st = build(planning, c, &planning->papers, work, &route);
        if (st == KRN_E_NO_ROUTE)
            continue;
        if (st)
            return st;
        /* search and route agree to the second wherever windows were exact */
        assert(f->beyond || planning->backward || route.arrival - c->start == value);
        assert(f->beyond || !planning->backward || route.departure == c->start);
        if (*earliest == KRN_TIME_NONE || route.arrival < *earliest)
            *earliest = route.arrival;
        if (is_late(planning, &route))
            continue;
        c->option = krni_option_of(&route, planning->backward);
        c->kept = true;
        n++;
    }
    *out_n = n;
    return KRN_OK;
}

/* -1 a dominates or equals b, 1 b dominates a, 0 neither. */
static int compare(const krni_option *a, const krni_option *b, unsigned criteria)
{
    bool a_better = false, b_better = false;
    for (int c = 0; c < KRN_CRITERION_COUNT; c++) {
        if (c != KRN_ARRIVAL && !(criteria & (1u << c)))
            continue;
        a_better = a_better || a->worth[c] < b->worth[c];
        b_better = b_better || b->worth[c] < a->worth[c];
        if (a_better && b_better)
            return 0;
    }
    return b_better ? 1 : -1;
}

/* Drops what exact prices show to be dominated; of equals the first one stays. The search gives
 * routes by arrival, so a route is nearly always dominated by an earlier one only. */
static void drop_dominated(const krni_planning *planning, candidate *candidates, uint32_t *n)
{
    uint32_t left = 0;
    for (uint32_t i = 0; i < *n; i++) {
        bool kept = true;
        uint32_t k = 0;
        for (uint32_t j = 0; j < left; j++) {
            const int order = kept ? compare(&candidates[j].option, &candidates[i].option,
                                             planning->query->criteria)
                                   : 0;
            if (order < 0)
                kept = false;
            if (order <= 0) {
                if (k != j)
                    candidates[k] = candidates[j];
                k++;
            }
            if (!kept && k == j + 1) { /* nothing was taken out so far: the rest may stay */
                k = left;
                break;
            }
        }
        left = k;
        if (kept)
            candidates[left++] = candidates[i];
    }
    *n = left;
}

/* By arrival (arrive-by: latest departure first), then the other criteria, then the activities. */
static bool comes_before(const candidate *x, const candidate *y)
{
    for (int c = 0; c < KRN_CRITERION_COUNT; c++)
        if (x->option.worth[c] < y->option.worth[c] || y->option.worth[c] < x->option.worth[c])
            return x->option.worth[c] < y->option.worth[c];
    for (uint32_t i = 0; i < x->n_activities && i < y->n_activities; i++)
        if (x->activities[i].index != y->activities[i].index)
            return x->activities[i].index < y->activities[i].index;
    return x->n_activities < y->n_activities;
}

/* Merge sort: stable, no recursion. */
static krn_status sort_candidates(const krni_planning *planning, candidate *candidates, uint32_t n,
                                  candidate **out)
{
    candidate *from = candidates;
    candidate *to = krn_arena_alloc(planning->scratch, (size_t)n * sizeof *to);
    if (!to)
        return krni_fail_memory(planning->err);
    for (uint32_t width = 1; width < n; width *= 2) {
        for (uint32_t begin = 0; begin < n; begin += 2 * width) {
            const uint32_t middle = begin + width < n ? begin + width : n;
            const uint32_t end = begin + 2 * width < n ? begin + 2 * width : n;
            uint32_t a = begin, b = middle;
            for (uint32_t k = begin; k < end; k++) {
                const bool right = a == middle || (b < end && comes_before(&from[b], &from[a]));
                to[k] = right ? from[b++] : from[a++];
            }
        }
        candidate *swap = from;
        from = to;
        to = swap;
    }
    *out = from;
    return KRN_OK;
}

/* Chooses, builds in the arena of the answer, samples. */
static krn_status show(krni_planning *planning, candidate *candidates, uint32_t n,
                       krn_plan_result *out)
{
    const krn_plan_query *q = planning->query;
    uint32_t *chosen = NULL, n_chosen = 0;
    candidate *sorted = NULL;
    krni_option *options = krn_arena_alloc(planning->scratch, (size_t)n * sizeof *options);
    if (!options)
        return krni_fail_memory(planning->err);
    krn_status st = sort_candidates(planning, candidates, n, &sorted);
    if (st)
        return st;
    for (uint32_t i = 0; i < n; i++)
        options[i] = sorted[i].option;
    st = krni_choose(options, n, q->max_routes, q->criteria, planning->scratch, &n_chosen, &chosen,
                     planning->err);
    if (st)
        return st;
    out->routes = krn_arena_calloc(planning->arena, n_chosen, sizeof *out->routes);
    if (!out->routes)
        return krni_fail_memory(planning->err);
    for (uint32_t i = 0; i < n_chosen; i++) {
        st = build(planning, &sorted[chosen[i]], NULL, planning->arena, &out->routes[i]);
        if (st)
            return st;
        out->routes[i].best_of = options[chosen[i]].best_of;
    }
    out->n_routes = n_chosen;
    return krni_sample_routes(planning, out->routes, n_chosen, NULL);
}

/* Searches with a horizon that grows until no solution lies beyond it. */
static krn_status search_far_enough(krni_planning *planning, found *f, krn_plan_result *out)
{
    static const int horizons[] = {FIRST_HORIZON_DAYS, 240, KRNI_HORIZON_DAYS};
    for (size_t i = 0; i < sizeof horizons / sizeof *horizons; i++) {
        const krn_status st = search(planning, horizons[i], f);
        if (st)
            return st;
        out->n_labels += f->result.n_expanded;
        if (f->result.peak_bytes > out->peak_bytes)
            out->peak_bytes = f->result.peak_bytes;
        if (!f->beyond)
            break;
    }
    out->truncated = out->truncated || f->result.truncated;
    return KRN_OK;
}

/* What the searches of a question gave, priced. */
typedef struct harvest {
    candidate *candidates;
    uint32_t n;
    krn_time earliest; /* of all, also of those that are late */
} harvest;

static krn_status reap(krni_planning *planning, const found *f, krn_arena *work, harvest *h)
{
    candidate *all = krn_arena_alloc(planning->scratch,
                                     ((size_t)h->n + f->result.n_solutions + 1) * sizeof *all);
    if (!all)
        return krni_fail_memory(planning->err);
    if (h->n)
        memcpy(all, h->candidates, h->n * sizeof *all);
    h->candidates = all;
    uint32_t n = 0;
    krn_time earliest = KRN_TIME_NONE;
    const krn_status st = price_all(planning, f, work, all + h->n, &n, &earliest);
    h->n += n;
    if (earliest != KRN_TIME_NONE && (h->earliest == KRN_TIME_NONE || earliest < h->earliest))
        h->earliest = earliest;
    return st;
}

/* Keeps what no other one dominates by exact values, and shows a choice of it. */
static krn_status answer(krni_planning *planning, harvest *h, krn_plan_result *out)
{
    candidate *candidates = h->candidates;
    uint32_t n = h->n;
    if (n > 1) {
        const krn_status st = sort_candidates(planning, h->candidates, n, &candidates);
        if (st)
            return st;
    }
    drop_dominated(planning, candidates, &n);
    out->n_non_dominated = n;
    if (n == 0)
        return krni_explain_blocked(planning, h->earliest, &out->blocked);
    return show(planning, candidates, n, out);
}

krn_status krni_plan(const krn_network *network, const krn_plan_query *query, krn_arena *arena,
                     krn_arena *scratch, krn_plan_result *out, krn_error *err)
{
    krni_planning planning = {
        .network = network, .query = query, .arena = arena, .scratch = scratch, .err = err};
    *out = (krn_plan_result){0};
    out->blocked.reason = "";
    out->blocked.opening = "";
    out->blocked.opening_cost_usd = NAN;
    out->blocked.earliest = out->blocked.opening_arrival = KRN_TIME_NONE;
    krn_status st = krni_plan_prepare(&planning);
    if (st)
        return st;
    found f = {0};
    harvest h = {.earliest = KRN_TIME_NONE};
    krn_arena *work = krn_arena_new(NULL, 0);
    if (!work)
        return krni_fail_memory(err);
    st = search_far_enough(&planning, &f, out);
    if (!st)
        st = reap(&planning, &f, work, &h);
    krn_arena_free(work);
    out->load = planning.load;
    return st ? st : answer(&planning, &h, out);
}

krn_status krn_plan(const krn_network *network, const krn_plan_query *query, krn_arena *arena,
                    krn_plan_result *out, krn_error *err)
{
    if (!network || !query || !arena || !out)
        return krni_fail(err, KRN_E_ARG, "a plan needs network, query, arena and a place for it");
    return krni_plan(network, query, arena, arena, out, err);
}
