/* SPDX-License-Identifier: Apache-2.0 */
/* brute_force.c - the same set as pareto.c by the slow, clear way: an oracle for tests.
 *
 * No bounds, no order, no vectors: a list of labels in the order in which they are made. Each label
 * not yet crossed out is extended along every arc; a new label is compared with every other one at
 * its node; it is refused if one is no worse in all criteria, else those that it beats are crossed
 * out. What stands at the target in the end is the answer. The lists are of quadratic cost.
 *
 * Crossing out is exact: costs are not negative and clocks are first-in-first-out, so what a worse
 * label can reach the better one reaches no worse.
 */
#include <keruen/pareto.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "plan/pareto_clock.h"

#define NONE UINT32_MAX

typedef struct entry {
    uint32_t cost[KRN_PARETO_MAX_CRITERIA];
    uint32_t node;
    uint32_t parent; /* place in the list */
    uint32_t arc;
    bool crossed_out;
} entry;

typedef struct list {
    entry *entries;
    size_t n;
    size_t capacity;
} list;

static bool no_worse(const uint32_t *a, const uint32_t *b, unsigned n_criteria)
{
    for (unsigned c = 0; c < n_criteria; c++)
        if (a[c] > b[c])
            return false;
    return true;
}

/* false: memory ran out. */
static bool append(list *l, const entry *e)
{
    if (l->n == l->capacity) {
        const size_t capacity = l->capacity ? l->capacity * 2 : 64;
        entry *grown = realloc(l->entries, capacity * sizeof *grown);
        if (!grown)
            return false;
        l->entries = grown;
        l->capacity = capacity;
    }
    l->entries[l->n++] = *e;
    return true;
}

/* Adds a label unless another one at its node is no worse; false: memory ran out. */
static bool offer(list *l, const entry *e, unsigned n_criteria)
{
    for (size_t i = 0; i < l->n; i++) {
        const entry *other = &l->entries[i];
        if (other->node == e->node && !other->crossed_out &&
            no_worse(other->cost, e->cost, n_criteria))
            return true;
    }
    for (size_t i = 0; i < l->n; i++) {
        entry *other = &l->entries[i];
        if (other->node == e->node && no_worse(e->cost, other->cost, n_criteria))
            other->crossed_out = true;
    }
    return append(l, e);
}

/* Adds the costs of an arc; false if it cannot be taken or a sum grows too large. */
static bool travel(const krn_pareto_graph *graph, uint32_t arc, uint32_t *cost)
{
    const krn_pareto_clock *clock = NULL;
    if (graph->clock && graph->clock[arc] != KRN_PARETO_NO_CLOCK)
        clock = &graph->clocks[graph->clock[arc]];
    if (clock && !graph->clock_at_head) {
        cost[0] = krni_clock_enter(clock, cost[0]);
        if (cost[0] == KRN_PARETO_INFINITY)
            return false;
    }
    for (unsigned c = 0; c < graph->n_criteria; c++) {
        const uint64_t sum = (uint64_t)cost[c] + graph->cost[c][arc];
        if (sum >= KRN_PARETO_INFINITY)
            return false;
        cost[c] = (uint32_t)sum;
    }
    if (clock && graph->clock_at_head)
        cost[0] = krni_clock_enter(clock, cost[0]);
    return cost[0] != KRN_PARETO_INFINITY;
}

/* false: memory ran out. */
static bool extend_all(const krn_pareto_graph *graph, list *l, krn_pareto_result *out)
{
    for (size_t i = 0; i < l->n; i++) {
        if (l->entries[i].crossed_out)
            continue;
        const uint32_t node = l->entries[i].node;
        out->n_expanded++;
        for (uint32_t a = graph->first_arc[node]; a < graph->first_arc[node + 1]; a++) {
            entry child = l->entries[i];
            if (!travel(graph, a, child.cost))
                continue;
            child.node = graph->head[a];
            child.parent = (uint32_t)i;
            child.arc = a;
            out->n_generated++;
            if (l->n >= NONE || !offer(l, &child, graph->n_criteria))
                return false;
        }
    }
    return true;
}

static int compare_costs(const uint32_t *a, const uint32_t *b, unsigned n_criteria)
{
    for (unsigned c = 0; c < n_criteria; c++)
        if (a[c] != b[c])
            return a[c] < b[c] ? -1 : 1;
    return 0;
}

/* Numbers of the solutions in lexicographic order of cost, by insertion. */
static uint32_t pick_solutions(const krn_pareto_graph *graph, const krn_pareto_query *query,
                               const list *l, uint32_t *picked)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < l->n; i++) {
        if (l->entries[i].crossed_out || l->entries[i].node != query->target)
            continue;
        uint32_t at = n++;
        while (at > 0 && compare_costs(l->entries[picked[at - 1]].cost, l->entries[i].cost,
                                       graph->n_criteria) > 0) {
            picked[at] = picked[at - 1];
            at--;
        }
        picked[at] = i;
    }
    return n;
}

static uint32_t count_arcs(const list *l, uint32_t i)
{
    uint32_t n = 0;
    for (; l->entries[i].parent != NONE; i = l->entries[i].parent)
        n++;
    return n;
}

static krn_status answer(const krn_pareto_graph *graph, const list *l, const uint32_t *picked,
                         uint32_t n, krn_arena *arena, krn_pareto_result *out, krn_error *err)
{
    const unsigned k = graph->n_criteria;
    uint32_t *cost = krn_arena_alloc(arena, (size_t)n * k * sizeof *cost);
    uint32_t *first = krn_arena_alloc(arena, ((size_t)n + 1) * sizeof *first);
    if (!cost || !first)
        return krni_fail_memory(err);
    first[0] = 0;
    for (uint32_t i = 0; i < n; i++) {
        memcpy(cost + (size_t)i * k, l->entries[picked[i]].cost, k * sizeof *cost);
        first[i + 1] = first[i] + count_arcs(l, picked[i]);
    }
    uint32_t *arcs = krn_arena_alloc(arena, first[n] * sizeof *arcs);
    if (!arcs)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = first[i + 1];
        for (uint32_t e = picked[i]; l->entries[e].parent != NONE; e = l->entries[e].parent)
            arcs[--at] = l->entries[e].arc;
        assert(at == first[i]);
    }
    out->n_solutions = n;
    out->cost = cost;
    out->first_step = first;
    out->arcs = arcs;
    return KRN_OK;
}

krn_status krn_pareto_brute_force(const krn_pareto_graph *graph, const krn_pareto_query *query,
                                  krn_arena *arena, krn_pareto_result *out, krn_error *err)
{
    if (!arena || !out)
        return krni_fail(err, KRN_E_ARG, "brute force: arena or result is missing");
    memset(out, 0, sizeof *out);
    krn_status status = krni_pareto_check_graph(graph, err);
    if (!status)
        status = krni_pareto_check_query(graph, query, err);
    if (status)
        return status;
    list l = {NULL, 0, 0};
    entry source = {.node = query->source, .parent = NONE, .arc = NONE};
    source.cost[0] = query->start;
    out->n_criteria = graph->n_criteria;
    if (!append(&l, &source) || !extend_all(graph, &l, out)) {
        status = krni_fail_memory(err);
        goto done;
    }
    uint32_t *picked = krn_arena_alloc(arena, l.n * sizeof *picked);
    if (!picked) {
        status = krni_fail_memory(err);
        goto done;
    }
    out->peak_bytes = l.capacity * sizeof *l.entries;
    status = answer(graph, &l, picked, pick_solutions(graph, query, &l, picked), arena, out, err);
done:
    free(l.entries);
    return status;
}
