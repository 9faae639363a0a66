/* SPDX-License-Identifier: Apache-2.0 */
/* blocked.c - why there is no route: a smallest set of facts without which there would be one.
 *
 * A fact is what blocks: a row of a table, or a filter of the query. All activities that one row or
 * one filter blocks are one fact. An activity may be blocked by two: a row and a filter.
 *
 *   origin -> [ reached ] --x fact--> ( ... ) --x fact--> [ reaches the destination ] ->
 * destination
 *
 * Every set that opens a route holds a fact at the edge of what is reached from the origin, and one
 * at the edge of what reaches the destination. So sets of one, two and three facts are tried by
 * growing the smaller edge, which is exact; if that takes too long or needs more, the facts of a
 * way that meets as few as possible are taken, and those that turn out to be needless are dropped.
 *
 * Times block as well: if a way exists but none opens within 400 days, the activities that never
 * open, looked at on the earliest ways, become facts and the same search is done again. */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "plan/blocked_texts.h"
#include "plan/planning.h"

#define NONE        UINT32_MAX
#define MOST_SET    3
#define MOST_LOOKS  4000 /* walks over the network before the search becomes greedy */
#define MOST_PRICED 64   /* single facts of which the cost of the opened route is looked at */

typedef struct explainer {
    krni_planning *planning;
    uint32_t n_keys; /* state << bits | visited */
    unsigned bits;
    uint32_t source; /* key */
    uint32_t n_facts, n_data_facts;
    krni_fact *facts;
    uint32_t *fact_of; /* by activity: fact of its block, or NONE */
    bool *lifted;      /* by fact: taken as gone */
    uint32_t *from;    /* by key: walk in which it was reached, forwards */
    uint32_t *back;
    uint32_t walk;
    uint32_t *queue;
    uint32_t *first_back, *tail_back, *arc_back; /* reversed arcs by key */
    uint32_t n_looks;
} explainer;

/* ---- facts ---- */

static int compare_facts(const void *a, const void *b)
{
    const krni_fact *x = a, *y = b;
    if (x->block != y->block)
        return x->block < y->block ? -1 : 1;
    if (x->figure.table != y->figure.table)
        return x->figure.table < y->figure.table ? -1 : 1;
    if (x->figure.row != y->figure.row)
        return x->figure.row < y->figure.row ? -1 : 1;
    return x->activity < y->activity ? -1 : x->activity > y->activity;
}

static bool same_fact(const krni_fact *x, const krni_fact *y)
{
    return x->block == y->block && x->figure.table == y->figure.table &&
           x->figure.row == y->figure.row;
}

static bool has_row(krn_figure figure)
{
    return figure.table < KRN_TABLE_COUNT;
}

/* Numbers the facts; a block without a row is a fact of its own activity. */
static krn_status number_facts(explainer *e)
{
    const krni_planning *planning = e->planning;
    const uint32_t n = planning->network->n_activities;
    krn_arena *arena = planning->scratch;
    e->fact_of = krn_arena_alloc(arena, n * sizeof *e->fact_of);
    e->facts = krn_arena_alloc(arena, ((size_t)n + planning->n_filters) * sizeof *e->facts);
    if (!e->fact_of || !e->facts)
        return krni_fail_memory(planning->err);
    uint32_t found = 0;
    for (uint32_t a = 0; a < n; a++) {
        const krn_activity_cost *cost = &planning->costs[a];
        e->fact_of[a] = NONE;
        if (cost->block != KRN_BLOCK_NONE && cost->block != KRN_BLOCK_FILTER)
            e->facts[found++] = (krni_fact){cost->block, cost->block_figure, NONE, a};
    }
    if (found)
        qsort(e->facts, found, sizeof *e->facts, compare_facts);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < found; i++) {
        const krni_fact fact = e->facts[i];
        if (kept == 0 || !has_row(fact.figure) || !same_fact(&e->facts[kept - 1], &fact))
            e->facts[kept++] = fact;
        e->fact_of[fact.activity] = kept - 1;
    }
    e->n_data_facts = kept;
    for (uint32_t f = 0; f < planning->n_filters; f++)
        e->facts[kept++] = (krni_fact){KRN_BLOCK_FILTER, krn_figure_none(), f, KRN_NO_ID};
    e->n_facts = kept;
    e->lifted = krn_arena_calloc(arena, (size_t)kept + 1, sizeof *e->lifted);
    return e->lifted ? KRN_OK : krni_fail_memory(planning->err);
}

/* Facts of an activity that still stand: 0, 1 or 2 of them. */
static unsigned standing(const explainer *e, uint32_t activity, uint32_t out[2])
{
    unsigned n = 0;
    const uint32_t data = e->fact_of[activity];
    if (data != NONE && !e->lifted[data])
        out[n++] = data;
    if (e->planning->filter_of && e->planning->filter_of[activity] != KRNI_NO_FILTER) {
        const uint32_t filter = e->n_data_facts + e->planning->filter_of[activity];
        if (!e->lifted[filter])
            out[n++] = filter;
    }
    return n;
}

/* ---- walks ---- */

static uint32_t head_key(const explainer *e, uint32_t key, uint32_t activity)
{
    const krni_planning *planning = e->planning;
    const uint32_t visited =
        (key & ((1u << e->bits) - 1u)) | (planning->visits ? planning->visits[activity] : 0u);
    return (planning->network->to_state[activity] << e->bits) | visited;
}

static uint32_t target_key(const explainer *e)
{
    return (e->planning->destination << e->bits) | ((1u << e->bits) - 1u);
}

static krn_status reverse_arcs(explainer *e)
{
    const krn_network *net = e->planning->network;
    krn_arena *arena = e->planning->scratch;
    e->first_back = krn_arena_calloc(arena, (size_t)e->n_keys + 2, sizeof *e->first_back);
    const size_t n_arcs = (size_t)net->n_activities << e->bits;
    e->tail_back = krn_arena_alloc(arena, n_arcs * sizeof *e->tail_back);
    e->arc_back = krn_arena_alloc(arena, n_arcs * sizeof *e->arc_back);
    if (!e->first_back || !e->tail_back || !e->arc_back)
        return krni_fail_memory(e->planning->err);
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t key = 0; key < e->n_keys; key++) {
            const uint32_t state = key >> e->bits;
            for (uint32_t a = net->first_activity[state]; a < net->first_activity[state + 1]; a++) {
                const uint32_t head = head_key(e, key, a);
                if (pass == 0)
                    e->first_back[head + 2]++;
                else {
                    const uint32_t at = e->first_back[head + 1]++;
                    e->tail_back[at] = key;
                    e->arc_back[at] = a;
                }
            }
        }
        for (uint32_t i = 0; i < e->n_keys && pass == 0; i++)
            e->first_back[i + 2] += e->first_back[i + 1];
    }
    return KRN_OK;
}

/* A set of facts at the edge of a walk. */
typedef struct edge {
    uint32_t *facts;
    uint32_t n;
    bool *has;
} edge;

static void add_to_edge(edge *out, const uint32_t *facts, unsigned n)
{
    for (unsigned i = 0; out && i < n; i++)
        if (!out->has[facts[i]]) {
            out->has[facts[i]] = true;
            out->facts[out->n++] = facts[i];
        }
}

/* Reaches all it can from the origin; true when the destination is among it. */
static bool walk_forwards(explainer *e, edge *out)
{
    const krn_network *net = e->planning->network;
    uint32_t begin = 0, end = 0, facts[2];
    e->n_looks++;
    e->walk++;
    e->queue[end++] = e->source;
    e->from[e->source] = e->walk;
    while (begin < end) {
        const uint32_t key = e->queue[begin++], state = key >> e->bits;
        for (uint32_t a = net->first_activity[state]; a < net->first_activity[state + 1]; a++) {
            const uint32_t head = head_key(e, key, a);
            if (e->from[head] == e->walk)
                continue;
            const unsigned n = standing(e, a, facts);
            if (n) {
                add_to_edge(out, facts, n);
                continue;
            }
            e->from[head] = e->walk;
            e->queue[end++] = head;
        }
    }
    return e->from[target_key(e)] == e->walk;
}

static void walk_backwards(explainer *e, edge *out)
{
    uint32_t begin = 0, end = 0, facts[2];
    e->n_looks++;
    e->walk++;
    e->queue[end++] = target_key(e);
    e->back[target_key(e)] = e->walk;
    while (begin < end) {
        const uint32_t key = e->queue[begin++];
        for (uint32_t i = e->first_back[key]; i < e->first_back[key + 1]; i++) {
            const uint32_t tail = e->tail_back[i];
            if (e->back[tail] == e->walk)
                continue;
            const unsigned n = standing(e, e->arc_back[i], facts);
            if (n) {
                add_to_edge(out, facts, n);
                continue;
            }
            e->back[tail] = e->walk;
            e->queue[end++] = tail;
        }
    }
}

static int compare_numbers(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static krn_status make_edge(const explainer *e, edge *out)
{
    out->n = 0;
    out->facts = krn_arena_alloc(e->planning->scratch, e->n_facts * sizeof *out->facts);
    out->has = krn_arena_calloc(e->planning->scratch, e->n_facts, sizeof *out->has);
    return out->facts && out->has ? KRN_OK : krni_fail_memory(e->planning->err);
}

/* ---- the smallest set ---- */

/* Tries to open a way with at most n more facts; the set found is left in lifted and in set. */
static krn_status open_with(explainer *e, unsigned n, uint32_t *set, unsigned held,
                            bool *out_opened)
{
    edge front, rear;
    krn_status st = make_edge(e, &front);
    if (!st)
        st = make_edge(e, &rear);
    if (st)
        return st;
    *out_opened = walk_forwards(e, &front);
    if (*out_opened || n == 0)
        return KRN_OK;
    walk_backwards(e, &rear);
    const edge *grown = front.n <= rear.n ? &front : &rear;
    const edge *other = grown == &front ? &rear : &front;
    qsort(grown->facts, grown->n, sizeof *grown->facts, compare_numbers);
    for (uint32_t i = 0; i < grown->n && e->n_looks < MOST_LOOKS; i++) {
        const uint32_t fact = grown->facts[i];
        if (n == 1 && !other->has[fact])
            continue;
        e->lifted[fact] = true;
        set[held] = fact;
        st = open_with(e, n - 1, set, held + 1, out_opened);
        if (st || *out_opened)
            return st;
        e->lifted[fact] = false;
    }
    return KRN_OK;
}

/* Facts met on a way that meets as few as possible: Dijkstra with weights 0, 1, 2 in three lists.
 */
static krn_status open_greedily(explainer *e, uint32_t *out_n, uint32_t **out)
{
    const krn_network *net = e->planning->network;
    krn_arena *arena = e->planning->scratch;
    uint32_t *met = krn_arena_alloc(arena, e->n_keys * sizeof *met);
    uint32_t *by = krn_arena_alloc(arena, e->n_keys * sizeof *by);
    uint32_t *parent = krn_arena_alloc(arena, e->n_keys * sizeof *parent);
    uint32_t *next = krn_arena_alloc(arena, e->n_keys * sizeof *next);
    *out = krn_arena_alloc(arena, ((size_t)e->n_facts + 1) * sizeof **out);
    *out_n = 0;
    if (!met || !by || !parent || !next || !*out)
        return krni_fail_memory(e->planning->err);
    memset(met, 0xff, e->n_keys * sizeof *met);
    /* Rounds: all keys at distance d are settled before those at d + 1. */
    bool *done = krn_arena_calloc(arena, e->n_keys, sizeof *done);
    if (!done)
        return krni_fail_memory(e->planning->err);
    met[e->source] = 0;
    by[e->source] = NONE;
    uint32_t level = 0, silent = 0, facts[2];
    while (silent < 3) { /* no key at three levels running: the end */
        uint32_t begin = 0, end = 0;
        for (uint32_t key = 0; key < e->n_keys; key++)
            if (met[key] == level && !done[key]) {
                done[key] = true;
                e->queue[end++] = key;
            }
        silent = end ? 0 : silent + 1;
        while (begin < end) {
            const uint32_t key = e->queue[begin++], state = key >> e->bits;
            for (uint32_t a = net->first_activity[state]; a < net->first_activity[state + 1]; a++) {
                const uint32_t head = head_key(e, key, a);
                const uint32_t distance = level + standing(e, a, facts);
                if (done[head] || met[head] <= distance)
                    continue;
                met[head] = distance;
                by[head] = a;
                parent[head] = key;
                if (distance == level) {
                    done[head] = true;
                    e->queue[end++] = head;
                }
            }
        }
        level++;
    }
    if (met[target_key(e)] == NONE)
        return KRN_OK;
    for (uint32_t key = target_key(e); by[key] != NONE; key = parent[key]) {
        const unsigned n = standing(e, by[key], facts);
        for (unsigned i = 0; i < n; i++) {
            e->lifted[facts[i]] = true;
            (*out)[(*out_n)++] = facts[i];
        }
    }
    qsort(*out, *out_n, sizeof **out, compare_numbers);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < *out_n; i++) { /* drop what is not needed */
        e->lifted[(*out)[i]] = false;
        if (walk_forwards(e, NULL))
            continue;
        e->lifted[(*out)[i]] = true;
        (*out)[kept++] = (*out)[i];
    }
    *out_n = kept;
    return KRN_OK;
}

/* Least bound of cost with the facts lifted; NaN when a lifted activity on the way has none. */
static krn_status price_of_opening(explainer *e, double *out_usd)
{
    const krn_network *net = e->planning->network;
    const krn_activity_cost *costs = e->planning->costs;
    krn_arena *arena = e->planning->scratch;
    double *cost = krn_arena_alloc(arena, e->n_keys * sizeof *cost);
    bool *unknown = krn_arena_calloc(arena, e->n_keys, sizeof *unknown);
    bool *queued = krn_arena_calloc(arena, e->n_keys, sizeof *queued);
    if (!cost || !unknown || !queued)
        return krni_fail_memory(e->planning->err);
    for (uint32_t key = 0; key < e->n_keys; key++)
        cost[key] = INFINITY;
    /* label correcting on a ring: simple, and rare */
    uint32_t begin = 0, count = 0, facts[2];
    cost[e->source] = 0.0;
    e->queue[0] = e->source;
    count = 1;
    while (count) {
        const uint32_t key = e->queue[begin], state = key >> e->bits;
        begin = (begin + 1) % e->n_keys;
        count--;
        queued[key] = false;
        for (uint32_t a = net->first_activity[state]; a < net->first_activity[state + 1]; a++) {
            if (standing(e, a, facts))
                continue;
            const uint32_t head = head_key(e, key, a);
            const bool known = costs[a].bound_usd >= 0.0;
            const double sum = cost[key] + (known ? costs[a].bound_usd : 0.0);
            if (!(sum < cost[head]))
                continue;
            cost[head] = sum;
            unknown[head] = unknown[key] || !known;
            if (!queued[head]) {
                queued[head] = true;
                e->queue[(begin + count++) % e->n_keys] = head;
            }
        }
    }
    const uint32_t target = target_key(e);
    *out_usd = unknown[target] || !isfinite(cost[target]) ? NAN : cost[target];
    return KRN_OK;
}

/* The single fact without which the cheapest route opens, if one is enough. */
static krn_status best_single(explainer *e, uint32_t *out_fact, double *out_usd)
{
    edge front, rear;
    *out_fact = NONE;
    *out_usd = NAN;
    krn_status st = make_edge(e, &front);
    if (!st)
        st = make_edge(e, &rear);
    if (st)
        return st;
    walk_forwards(e, &front);
    walk_backwards(e, &rear);
    qsort(front.facts, front.n, sizeof *front.facts, compare_numbers);
    uint32_t priced = 0;
    for (uint32_t i = 0; i < front.n && !st; i++) {
        const uint32_t fact = front.facts[i];
        if (!rear.has[fact])
            continue;
        e->lifted[fact] = true;
        if (walk_forwards(e, NULL)) {
            double usd = NAN;
            if (priced++ < MOST_PRICED)
                st = price_of_opening(e, &usd);
            if (*out_fact == NONE || usd < *out_usd || (isnan(*out_usd) && !isnan(usd))) {
                *out_fact = fact;
                *out_usd = usd;
            }
        }
        e->lifted[fact] = false;
    }
    return st;
}

/* ---- times ---- */

/* When an activity can start at or after an instant, papers included; an activity that never does
 * is marked as blocked by its calendar. */
static krn_status start_of(krni_planning *planning, uint32_t a, krn_time at, krn_arena *arena,
                           krn_time *out)
{
    krn_activity_cost *cost = &planning->costs[a];
    krn_time start = at;
    if (planning->papers_from != KRN_TIME_NONE && cost->gate_h > 0.0) {
        const krn_time gate = planning->papers_from + krni_seconds(cost->gate_h);
        start = start < gate ? gate : start;
    }
    krn_activity words;
    krn_network_activity(planning->network, (krn_activity_id){a}, &words);
    const krn_status st = krni_activity_next_start(planning->network, (krn_activity_id){a}, &words,
                                                   start, arena, out, planning->err);
    if (st || *out != KRN_TIME_NONE)
        return st;
    cost->block = KRN_BLOCK_CALENDAR;
    cost->block_figure = words.calendar != KRN_NO_ROW
                             ? krni_figure(KRN_TABLE_CALENDAR, words.calendar, CALENDAR_CALENDAR_ID)
                             : words.figure;
    return KRN_OK;
}

/* Earliest arrival at every key from the ready time on, by Dijkstra; marks activities that never
 * open as blocked by their calendar. *out KRN_TIME_NONE when the destination is not reached. */
static krn_status earliest_ways(explainer *e, krn_time *out, uint32_t *out_never)
{
    krni_planning *planning = e->planning;
    const krn_network *net = planning->network;
    krn_arena *arena = planning->scratch;
    krn_time *at = krn_arena_alloc(arena, e->n_keys * sizeof *at);
    bool *done = krn_arena_calloc(arena, e->n_keys, sizeof *done);
    uint32_t *open = krn_arena_alloc(arena, ((size_t)e->n_keys + 1) * sizeof *open);
    krn_arena *own = krn_arena_new(NULL, 0); /* departures looked up one by one */
    *out = KRN_TIME_NONE;
    *out_never = 0;
    if (!at || !done || !open || !own) {
        krn_arena_free(own);
        return krni_fail_memory(planning->err);
    }
    krn_status st = KRN_OK;
    for (uint32_t key = 0; key < e->n_keys; key++)
        at[key] = INT64_MAX;
    at[e->source] = planning->base;
    uint32_t n_open = 1, facts[2];
    open[0] = e->source; /* an unsorted list: only blocked questions come here */
    while (n_open && !st) {
        uint32_t best = 0;
        for (uint32_t i = 1; i < n_open; i++)
            if (at[open[i]] < at[open[best]] ||
                (at[open[i]] == at[open[best]] && open[i] < open[best]))
                best = i;
        const uint32_t key = open[best], state = key >> e->bits;
        open[best] = open[--n_open];
        done[key] = true;
        krn_arena_reset(own);
        for (uint32_t a = net->first_activity[state]; a < net->first_activity[state + 1] && !st;
             a++) {
            const uint32_t head = head_key(e, key, a);
            if (standing(e, a, facts) || done[head])
                continue;
            krn_time start;
            st = start_of(planning, a, at[key], own, &start);
            if (st)
                break;
            if (start == KRN_TIME_NONE) {
                ++*out_never;
                continue;
            }
            const krn_time end = start + krni_seconds(planning->costs[a].expected_h);
            if (end >= at[head])
                continue;
            if (at[head] == INT64_MAX)
                open[n_open++] = head;
            at[head] = end;
        }
    }
    krn_arena_free(own);
    const uint32_t target = target_key(e);
    if (!st && at[target] != INT64_MAX)
        *out = at[target];
    return st;
}

/* ---- the answer ---- */

static krn_status tell_facts(explainer *e, const uint32_t *set, uint32_t n, krn_blocked *out)
{
    krn_blocker *facts = krn_arena_calloc(e->planning->arena, n, sizeof *facts);
    if (!facts)
        return krni_fail_memory(e->planning->err);
    for (uint32_t i = 0; i < n; i++) {
        const krn_status st = krni_fact_tell(e->planning, &e->facts[set[i]], &facts[i]);
        if (st)
            return st;
    }
    out->facts = facts;
    out->n_facts = n;
    return KRN_OK;
}

static krn_status explain_no_way(explainer *e, krn_blocked *out)
{
    krni_planning *planning = e->planning;
    krn_status st = number_facts(e);
    if (st)
        return st;
    uint32_t set[MOST_SET] = {0};
    uint32_t single = NONE;
    st = best_single(e, &single, &out->opening_cost_usd);
    if (st)
        return st;
    if (single != NONE) {
        st = tell_facts(e, &single, 1, out);
        if (!st)
            st = krni_opening_tell(planning, &e->facts[single], out);
        return st;
    }
    bool opened = false;
    e->n_looks = 0;
    for (unsigned size = 2; size <= MOST_SET && !opened && e->n_looks < MOST_LOOKS; size++) {
        st = open_with(e, size, set, 0, &opened);
        if (st)
            return st;
        if (opened)
            return tell_facts(e, set, size, out);
    }
    uint32_t n = 0, *many = NULL;
    memset(e->lifted, 0, e->n_facts * sizeof *e->lifted);
    st = open_greedily(e, &n, &many);
    return st ? st : tell_facts(e, many, n, out);
}

/* The sooner of due time and arrive-by. */
static krn_time deadline_of(const krn_plan_query *q)
{
    if (q->arrive_by == KRN_TIME_NONE)
        return q->consignment.due;
    return q->consignment.due != KRN_TIME_NONE && q->consignment.due < q->arrive_by
               ? q->consignment.due
               : q->arrive_by;
}

krn_status krni_explain_blocked(krni_planning *planning, krn_time earliest, krn_blocked *out)
{
    const krn_plan_query *q = planning->query;
    out->opening = "";
    out->opening_cost_usd = NAN;
    out->earliest = out->opening_arrival = KRN_TIME_NONE;
    if (planning->origin == KRN_NO_ID || planning->destination == KRN_NO_ID)
        return krni_reason_tell(planning, KRNI_NOT_CONNECTED, out);
    const uint32_t n_states = planning->network->n_states;
    explainer e = {.planning = planning, .bits = planning->n_required};
    e.n_keys = n_states << e.bits;
    e.source = (planning->origin << e.bits) | planning->visited_at_start;
    krn_arena *arena = planning->scratch;
    e.from = krn_arena_calloc(arena, e.n_keys, sizeof *e.from);
    e.back = krn_arena_calloc(arena, e.n_keys, sizeof *e.back);
    e.queue = krn_arena_alloc(arena, ((size_t)e.n_keys + 1) * sizeof *e.queue);
    if (!e.from || !e.back || !e.queue)
        return krni_fail_memory(planning->err);
    krn_status st = number_facts(&e);
    if (!st)
        st = reverse_arcs(&e);
    if (st)
        return st;
    if (earliest != KRN_TIME_NONE && !planning->backward) {
        out->earliest = earliest;
        return krni_explain_late(planning, deadline_of(q), out);
    }
    if (walk_forwards(&e, NULL)) { /* there is a way, so time is what is missing */
        uint32_t n_never = 0;
        st = earliest_ways(&e, &out->earliest, &n_never);
        if (st)
            return st;
        if (out->earliest != KRN_TIME_NONE && q->consignment.ready != KRN_TIME_NONE)
            return krni_explain_late(planning, deadline_of(q), out);
        out->earliest = KRN_TIME_NONE;
        if (n_never == 0)
            return krni_reason_tell(planning, KRNI_NOT_IN_TIME, out);
    }
    st = explain_no_way(&e, out);
    if (st)
        return st;
    return krni_reason_tell(planning, out->n_facts ? KRNI_BLOCKED : KRNI_NOT_CONNECTED, out);
}
