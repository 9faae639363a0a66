/* SPDX-License-Identifier: Apache-2.0 */
/* blocked_search.c - what blocks as facts, and what can be reached without some of them.
 *
 *   origin -> [ reached ] --x fact--> ( ... ) --x fact--> [ reaches the destination ] ->
 * destination
 *
 * A fact is a row of a table, or a filter of the query. All activities that one row or one filter
 * blocks are one fact; an activity may be blocked by a row and by several filters. Every set that
 * opens a route holds a fact at the edge of what is reached from the origin, and one at the edge of
 * what reaches the destination. */
#include "plan/blocked_search.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "plan/plan_filter.h"
#include "plan/plan_heap.h"

#define NONE KRN_NO_ID

/* ---- facts ---- */

static int compare_rows(const void *a, const void *b)
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

static int compare_activities(const void *a, const void *b)
{
    const krni_fact *x = a, *y = b;
    return x->activity < y->activity ? -1 : x->activity > y->activity;
}

/* A block without a row is a fact of its own activity. */
static bool same_fact(const krni_fact *x, const krni_fact *y)
{
    return x->block == y->block && x->figure.table == y->figure.table &&
           x->figure.row == y->figure.row && x->figure.table < KRN_TABLE_COUNT;
}

/* The rows that block, each once; *fact_of by activity: its row's fact, or none. */
static krn_status list_rows(krni_blocked_search *e, uint32_t *fact_of)
{
    const krni_planning *planning = e->planning;
    const uint32_t n = planning->network->n_activities;
    const size_t most = (size_t)n + planning->n_filters + 1;
    krni_fact *found = krn_arena_alloc(planning->scratch, most * sizeof *found);
    e->facts = krn_arena_alloc(planning->scratch, most * sizeof *e->facts);
    if (!found || !e->facts)
        return krni_fail_memory(planning->err);
    uint32_t n_found = 0, kept = 0;
    for (uint32_t a = 0; a < n; a++) {
        const krn_activity_cost *cost = &planning->costs[a];
        fact_of[a] = NONE;
        if (cost->block != KRN_BLOCK_NONE && cost->block != KRN_BLOCK_FILTER)
            found[n_found++] = (krni_fact){cost->block, cost->block_figure, NONE, a};
    }
    qsort(found, n_found, sizeof *found, compare_rows);
    for (uint32_t i = 0; i < n_found; i++)
        if (i == 0 || !same_fact(&found[i - 1], &found[i]))
            e->facts[kept++] = found[i]; /* with the first activity that it blocks */
    qsort(e->facts, kept, sizeof *e->facts, compare_activities);
    for (uint32_t f = 0; f < kept; f++)
        fact_of[e->facts[f].activity] = f;
    for (uint32_t i = 1; i < n_found; i++)
        if (same_fact(&found[i - 1], &found[i]))
            fact_of[found[i].activity] = fact_of[found[i - 1].activity];
    e->n_data_facts = e->n_facts = kept;
    return KRN_OK;
}

krn_status krni_blocked_facts(krni_blocked_search *e)
{
    const krni_planning *planning = e->planning;
    const uint32_t n = planning->network->n_activities;
    krn_arena *arena = planning->scratch;
    uint32_t *fact_of = krn_arena_alloc(arena, ((size_t)n + 1) * sizeof *fact_of);
    uint32_t *hits = krn_arena_alloc(arena, ((size_t)planning->n_filters + 1) * sizeof *hits);
    e->first_fact = krn_arena_alloc(arena, ((size_t)n + 1) * sizeof *e->first_fact);
    if (!fact_of || !hits || !e->first_fact)
        return krni_fail_memory(planning->err);
    krn_status st = list_rows(e, fact_of);
    if (st)
        return st;
    uint32_t total = 0;
    for (uint32_t a = 0; a < n; a++)
        total += (fact_of[a] != NONE) + krni_filters_of(planning, a, hits);
    e->facts_of = krn_arena_alloc(arena, ((size_t)total + 1) * sizeof *e->facts_of);
    for (uint32_t f = 0; f < planning->n_filters; f++)
        e->facts[e->n_facts++] = (krni_fact){KRN_BLOCK_FILTER, krn_figure_none(), f, KRN_NO_ID};
    e->lifted = krn_arena_calloc(arena, (size_t)e->n_facts + 1, sizeof *e->lifted);
    if (!e->facts_of || !e->lifted)
        return krni_fail_memory(planning->err);
    total = 0;
    for (uint32_t a = 0; a < n; a++) {
        e->first_fact[a] = total;
        if (fact_of[a] != NONE)
            e->facts_of[total++] = fact_of[a];
        const uint32_t n_hits = krni_filters_of(planning, a, hits);
        for (uint32_t i = 0; i < n_hits; i++)
            e->facts_of[total++] = e->n_data_facts + hits[i];
    }
    e->first_fact[n] = total;
    return KRN_OK;
}

uint32_t krni_blocked_standing(const krni_blocked_search *e, uint32_t activity)
{
    uint32_t n = 0;
    for (uint32_t i = e->first_fact[activity]; i < e->first_fact[activity + 1]; i++)
        n += !e->lifted[e->facts_of[i]];
    return n;
}

/* ---- walks ---- */

uint32_t krni_blocked_head(const krni_blocked_search *e, uint32_t key, uint32_t activity)
{
    const krni_planning *planning = e->planning;
    const uint32_t visited =
        (key & ((1u << e->bits) - 1u)) | (planning->visits ? planning->visits[activity] : 0u);
    return (planning->network->to_state[activity] << e->bits) | visited;
}

static krn_status reverse_arcs(krni_blocked_search *e)
{
    const krn_network *net = e->planning->network;
    krn_arena *arena = e->planning->scratch;
    e->first_back = krn_arena_calloc(arena, (size_t)e->n_keys + 2, sizeof *e->first_back);
    const size_t n_arcs = ((size_t)net->n_activities << e->bits) + 1;
    e->tail_back = krn_arena_alloc(arena, n_arcs * sizeof *e->tail_back);
    e->arc_back = krn_arena_alloc(arena, n_arcs * sizeof *e->arc_back);
    if (!e->first_back || !e->tail_back || !e->arc_back)
        return krni_fail_memory(e->planning->err);
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t key = 0; key < e->n_keys; key++) {
            const uint32_t state = key >> e->bits;
            for (uint32_t a = net->first_activity[state]; a < net->first_activity[state + 1]; a++) {
                const uint32_t head = krni_blocked_head(e, key, a);
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

krn_status krni_blocked_open(krni_planning *planning, krni_blocked_search *out)
{
    krn_arena *arena = planning->scratch;
    *out = (krni_blocked_search){.planning = planning, .bits = planning->n_required};
    out->n_keys = planning->network->n_states << out->bits;
    out->source = (planning->origin << out->bits) | planning->visited_at_start;
    out->target = (planning->destination << out->bits) | ((1u << out->bits) - 1u);
    out->from = krn_arena_calloc(arena, out->n_keys, sizeof *out->from);
    out->back = krn_arena_calloc(arena, out->n_keys, sizeof *out->back);
    out->queue = krn_arena_alloc(arena, ((size_t)out->n_keys + 1) * sizeof *out->queue);
    if (!out->from || !out->back || !out->queue)
        return krni_fail_memory(planning->err);
    return reverse_arcs(out);
}

/* Facts at the edge of a walk, each once; has is by fact. */
typedef struct edge {
    uint32_t *facts;
    uint32_t n;
    bool *has;
} edge;

static void add_to_edge(const krni_blocked_search *e, uint32_t activity, edge *out)
{
    for (uint32_t i = e->first_fact[activity]; out && i < e->first_fact[activity + 1]; i++) {
        const uint32_t fact = e->facts_of[i];
        if (e->lifted[fact] || out->has[fact])
            continue;
        out->has[fact] = true;
        out->facts[out->n++] = fact;
    }
}

/* Reaches all it can from the origin; true when the destination is among it. */
static bool walk_forwards(krni_blocked_search *e, edge *out)
{
    const krn_network *net = e->planning->network;
    uint32_t begin = 0, end = 0;
    e->walk++;
    e->queue[end++] = e->source;
    e->from[e->source] = e->walk;
    while (begin < end) {
        const uint32_t key = e->queue[begin++], state = key >> e->bits;
        for (uint32_t a = net->first_activity[state]; a < net->first_activity[state + 1]; a++) {
            const uint32_t head = krni_blocked_head(e, key, a);
            if (e->from[head] == e->walk)
                continue;
            if (krni_blocked_standing(e, a)) {
                add_to_edge(e, a, out);
                continue;
            }
            e->from[head] = e->walk;
            e->queue[end++] = head;
        }
    }
    return e->from[e->target] == e->walk;
}

static void walk_backwards(krni_blocked_search *e, edge *out)
{
    uint32_t begin = 0, end = 0;
    e->walk++;
    e->queue[end++] = e->target;
    e->back[e->target] = e->walk;
    while (begin < end) {
        const uint32_t key = e->queue[begin++];
        for (uint32_t i = e->first_back[key]; i < e->first_back[key + 1]; i++) {
            const uint32_t tail = e->tail_back[i];
            if (e->back[tail] == e->walk)
                continue;
            if (krni_blocked_standing(e, e->arc_back[i])) {
                add_to_edge(e, e->arc_back[i], out);
                continue;
            }
            e->back[tail] = e->walk;
            e->queue[end++] = tail;
        }
    }
}

bool krni_blocked_walk(krni_blocked_search *e)
{
    return walk_forwards(e, NULL);
}

/* ---- what the search for sets asks ---- */

typedef struct blocked_case {
    krni_blocked_search *e;
    edge front, rear;
    double *cost; /* by key */
    bool *queued;
} blocked_case;

static bool opens(void *self)
{
    return walk_forwards(((blocked_case *)self)->e, NULL);
}

/* The smaller of the two edges; an edge of facts that were met only from one side. */
static uint32_t smaller_edge(void *self, uint32_t *out)
{
    blocked_case *c = self;
    c->front.n = c->rear.n = 0;
    memset(c->front.has, 0, c->e->n_facts * sizeof *c->front.has);
    memset(c->rear.has, 0, c->e->n_facts * sizeof *c->rear.has);
    (void)walk_forwards(c->e, &c->front);
    walk_backwards(c->e, &c->rear);
    const edge *smaller = c->front.n <= c->rear.n ? &c->front : &c->rear;
    memcpy(out, smaller->facts, smaller->n * sizeof *out);
    return smaller->n;
}

/* A way that meets as few facts as possible, a fact counted at each activity that it blocks. */
static krn_status way_of_few(void *self)
{
    krni_blocked_search *e = ((blocked_case *)self)->e;
    const krn_network *net = e->planning->network;
    krn_arena *arena = e->planning->scratch;
    const size_t n_entries = ((size_t)net->n_activities << e->bits) + 1;
    uint32_t *met = krn_arena_alloc(arena, e->n_keys * sizeof *met);
    uint32_t *by = krn_arena_alloc(arena, e->n_keys * sizeof *by);
    uint32_t *parent = krn_arena_alloc(arena, e->n_keys * sizeof *parent);
    krni_heap_entry *heap = krn_arena_alloc(arena, n_entries * sizeof *heap);
    if (!met || !by || !parent || !heap)
        return krni_fail_memory(e->planning->err);
    memset(met, 0xff, e->n_keys * sizeof *met);
    uint32_t n = 0;
    met[e->source] = 0;
    krni_heap_push(heap, &n, (krni_heap_entry){0, e->source});
    while (n) {
        const krni_heap_entry top = krni_heap_pop(heap, &n);
        const uint32_t key = top.place, state = key >> e->bits;
        if (top.time != met[key])
            continue;
        for (uint32_t a = net->first_activity[state]; a < net->first_activity[state + 1]; a++) {
            const uint32_t head = krni_blocked_head(e, key, a);
            const uint32_t sum = met[key] + krni_blocked_standing(e, a);
            if (sum >= met[head])
                continue;
            met[head] = sum;
            by[head] = a;
            parent[head] = key;
            krni_heap_push(heap, &n, (krni_heap_entry){sum, head});
        }
    }
    assert(met[e->target] != UINT32_MAX); /* with all lifted there is a way */
    for (uint32_t key = e->target; key != e->source; key = parent[key]) {
        const uint32_t a = by[key];
        for (uint32_t i = e->first_fact[a]; i < e->first_fact[a + 1]; i++)
            e->lifted[e->facts_of[i]] = true;
    }
    return KRN_OK;
}

/* Whether the price would be known if it were not blocked: not of what takes no such cargo, of
 * ships or wagons of which the number is not known, and where there is no rate. */
static bool has_price(const krn_activity_cost *cost)
{
    return cost->bound_usd >= 0.0 && cost->block != KRN_BLOCK_CARGO &&
           cost->block != KRN_BLOCK_DRAUGHT && cost->block != KRN_BLOCK_AXLE &&
           cost->block != KRN_BLOCK_RATE;
}

/* Least sum of bounds over the ways that are open and have a price all along. */
static krn_status price_of_opening(void *self, krni_opened *out)
{
    krni_blocked_search *e = ((blocked_case *)self)->e;
    double *cost = ((blocked_case *)self)->cost;
    bool *queued = ((blocked_case *)self)->queued; /* none is when a search ends */
    const krn_network *net = e->planning->network;
    const krn_activity_cost *costs = e->planning->costs;
    for (uint32_t key = 0; key < e->n_keys; key++)
        cost[key] = INFINITY;
    /* label correcting on a ring: simple, and rare */
    uint32_t begin = 0, count = 1;
    cost[e->source] = 0.0;
    e->queue[0] = e->source;
    while (count) {
        const uint32_t key = e->queue[begin], state = key >> e->bits;
        begin = (begin + 1) % e->n_keys;
        count--;
        queued[key] = false;
        for (uint32_t a = net->first_activity[state]; a < net->first_activity[state + 1]; a++) {
            const uint32_t head = krni_blocked_head(e, key, a);
            if (!has_price(&costs[a]) || !(cost[key] + costs[a].bound_usd < cost[head]) ||
                krni_blocked_standing(e, a))
                continue;
            cost[head] = cost[key] + costs[a].bound_usd;
            if (!queued[head]) {
                queued[head] = true;
                e->queue[(begin + count++) % e->n_keys] = head;
            }
        }
    }
    *out = (krni_opened){isfinite(cost[e->target]) ? cost[e->target] : (double)NAN, 0};
    return KRN_OK;
}

krn_status krni_blocked_sets(krni_blocked_search *e, krni_opening *out)
{
    krn_arena *arena = e->planning->scratch;
    const size_t n = (size_t)e->n_facts + 1;
    blocked_case c = {.e = e};
    c.front.facts = krn_arena_alloc(arena, n * sizeof *c.front.facts);
    c.rear.facts = krn_arena_alloc(arena, n * sizeof *c.rear.facts);
    c.front.has = krn_arena_alloc(arena, n * sizeof *c.front.has);
    c.rear.has = krn_arena_alloc(arena, n * sizeof *c.rear.has);
    c.cost = krn_arena_alloc(arena, e->n_keys * sizeof *c.cost);
    c.queued = krn_arena_calloc(arena, e->n_keys, sizeof *c.queued);
    if (!c.front.facts || !c.rear.facts || !c.front.has || !c.rear.has || !c.cost || !c.queued)
        return krni_fail_memory(e->planning->err);
    const krni_set_problem problem = {.self = &c,
                                      .n_facts = e->n_facts,
                                      .lifted = e->lifted,
                                      .arena = arena,
                                      .err = e->planning->err,
                                      .opens = opens,
                                      .edge = smaller_edge,
                                      .some_way = way_of_few,
                                      .price = price_of_opening};
    return krni_cheapest_opening(&problem, out);
}
