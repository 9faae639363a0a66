/* SPDX-License-Identifier: Apache-2.0 */
/* tiny_graph.h - random graphs of a few nodes with clocks, and a path evaluated arc by arc.
 *
 * Everything lives in one value; the graph borrows from it, so a tiny_graph must not be moved
 * after tiny_link. Evaluation is written apart from the product's own code. */
#ifndef TESTS_TINY_GRAPH_H
#define TESTS_TINY_GRAPH_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <keruen/pareto.h>

#define TINY_NODES   10
#define TINY_ARCS    40
#define TINY_CLOCKS  8
#define TINY_WINDOWS 4

typedef struct tiny_graph {
    krn_pareto_graph graph;
    uint32_t first_arc[TINY_NODES + 1];
    uint32_t tail[TINY_ARCS];
    uint32_t head[TINY_ARCS];
    uint32_t cost[KRN_PARETO_MAX_CRITERIA][TINY_ARCS];
    uint32_t clock[TINY_ARCS];
    krn_pareto_clock clocks[TINY_CLOCKS];
    uint32_t open[TINY_CLOCKS][TINY_WINDOWS];
    uint32_t close[TINY_CLOCKS][TINY_WINDOWS];
} tiny_graph;

/* Points the graph at its arrays, from tails in rising order. */
static inline void tiny_link(tiny_graph *t, bool clocks)
{
    uint32_t arc = 0;
    for (uint32_t v = 0; v < t->graph.n_nodes; v++) {
        t->first_arc[v] = arc;
        while (arc < t->graph.n_arcs && t->tail[arc] == v)
            arc++;
    }
    t->first_arc[t->graph.n_nodes] = t->graph.n_arcs;
    t->graph.first_arc = t->first_arc;
    t->graph.head = t->head;
    for (unsigned c = 0; c < KRN_PARETO_MAX_CRITERIA; c++)
        t->graph.cost[c] = t->cost[c];
    t->graph.clock = clocks ? t->clock : NULL;
    t->graph.clocks = clocks ? t->clocks : NULL;
    t->graph.n_clocks = clocks ? TINY_CLOCKS : 0;
    for (unsigned i = 0; i < TINY_CLOCKS; i++) {
        t->clocks[i].open = t->open[i];
        t->clocks[i].close = t->close[i];
    }
}

/* The first instant >= at at which the clock lets pass, by looking at every window. */
static inline uint32_t tiny_enter(const krn_pareto_clock *clock, uint32_t at)
{
    uint32_t best = KRN_PARETO_INFINITY;
    const uint32_t from = at > clock->not_before ? at : clock->not_before;
    if (clock->n_windows == 0)
        best = from;
    for (uint32_t w = 0; w < clock->n_windows; w++) {
        const uint32_t s = from > clock->open[w] ? from : clock->open[w];
        if (s <= clock->close[w] && s < best)
            best = s;
    }
    return best <= clock->not_after ? best : KRN_PARETO_INFINITY;
}

/* Adds an arc to a cost vector; false if it cannot be taken. */
static inline bool tiny_step(const krn_pareto_graph *g, uint32_t arc, uint32_t *cost)
{
    const uint32_t clock = g->clock ? g->clock[arc] : KRN_PARETO_NO_CLOCK;
    const bool timed = clock != KRN_PARETO_NO_CLOCK;
    if (timed && !g->clock_at_head)
        cost[0] = tiny_enter(&g->clocks[clock], cost[0]);
    for (unsigned c = 0; c < g->n_criteria; c++) {
        const uint64_t sum = (uint64_t)cost[c] + g->cost[c][arc];
        if (cost[c] == KRN_PARETO_INFINITY || sum >= KRN_PARETO_INFINITY)
            return false;
        cost[c] = (uint32_t)sum;
    }
    if (timed && g->clock_at_head)
        cost[0] = tiny_enter(&g->clocks[clock], cost[0]);
    return cost[0] != KRN_PARETO_INFINITY;
}

/* Is path i of the result a path from source to target with exactly the costs stated? */
static inline bool tiny_path_holds(const krn_pareto_graph *g, const krn_pareto_query *q,
                                   const krn_pareto_result *r, uint32_t i)
{
    uint32_t cost[KRN_PARETO_MAX_CRITERIA] = {q->start};
    uint32_t at = q->source;
    for (uint32_t s = r->first_step[i]; s < r->first_step[i + 1]; s++) {
        const uint32_t arc = r->arcs[s];
        if (arc >= g->n_arcs || arc < g->first_arc[at] || arc >= g->first_arc[at + 1])
            return false;
        if (!tiny_step(g, arc, cost))
            return false;
        at = g->head[arc];
    }
    return at == q->target &&
           memcmp(cost, r->cost + (size_t)i * g->n_criteria, g->n_criteria * sizeof *cost) == 0;
}

#endif
