/* SPDX-License-Identifier: Apache-2.0 */
/* pareto_sweep.h - least costs from every node to the target in one criterion, backwards.
 *
 * Where the largest cost is no more than about a thousand times the least positive one, nodes wait
 * in a ring of buckets no wider than that least cost: then no arc leads from a bucket into the same
 * one (but those that cost nothing, whose heads are corrected), and nothing has to be sorted. Else
 * they wait in the queue of the search itself.
 *
 *   bucket   now | now+1 | ... | now + most / width + 1      1024 slots, used again and again
 */
#ifndef PLAN_PARETO_SWEEP_H
#define PLAN_PARETO_SWEEP_H

#include <keruen/pareto.h>

#include "plan/pareto_queue.h"

#define KRNI_RING_SLOTS     1024u
#define KRNI_RECORDS_BEYOND 4u
#define KRNI_NO_NODE        UINT32_MAX

/* In-arcs in order of their head: records of tail and costs, so that a sweep reads in one go.
 * Arcs that are absent in some criterion are left out. KRNI_RECORDS_BEYOND empty records follow, so
 * that arcs can be read in fours. */
typedef struct krni_reversed {
    uint32_t n_nodes;
    uint32_t *first;                         /* n_nodes + 1, into records */
    uint32_t *record;                        /* tail, cost[0] .. cost[n-1] */
    unsigned stride;                         /* words of a record */
    uint32_t least[KRN_PARETO_MAX_CRITERIA]; /* positive cost; KRN_PARETO_INFINITY: none */
    uint32_t most[KRN_PARETO_MAX_CRITERIA];
} krni_reversed;

/* The index of krn_pareto_prepare, and the graph that it was made of. */
struct krn_pareto_index {
    krni_reversed reversed;
    krn_pareto_graph of;
};

typedef struct krni_ring {
    krni_pool chunks;
    unsigned shift; /* a bucket is 2^shift wide */
    uint32_t now;   /* number of the bucket in work, counted from 0 */
    uint64_t used[KRNI_RING_SLOTS / 64];
    krni_chunk *bucket[KRNI_RING_SLOTS];
} krni_ring;

typedef struct krni_sweep {
    unsigned criterion;
    uint32_t *distance;   /* KRN_PARETO_INFINITY: not reached */
    uint64_t final_below; /* distances less than this are final; UINT64_MAX: all are */
    krni_queue *queue;    /* one of the two */
    krni_ring *ring;
} krni_sweep;

/* Can the arc be taken at all? */
static inline bool krni_arc_usable(const krn_pareto_graph *graph, uint32_t arc)
{
    bool infinite = false;
    for (unsigned c = 0; c < graph->n_criteria; c++)
        infinite |= graph->cost[c][arc] == KRN_PARETO_INFINITY;
    return !infinite;
}

/* false: memory ran out; so in all three. O(nodes + arcs). */
bool krni_reverse(const krn_pareto_graph *graph, krn_arena *arena, krni_reversed *out);

/* Was this index made of this graph? Compares sizes and addresses, not what lies there. O(1). */
bool krni_index_fits(const krn_pareto_index *index, const krn_pareto_graph *graph);

/* Only the target is reached. O(nodes). */
bool krni_sweep_start(krni_sweep *sweep, const krni_reversed *rev, unsigned criterion,
                      uint32_t target, krn_arena *arena);

/* Goes on until all distances up to limit are final, or that of `stop` is (KRNI_NO_NODE: no such
 * node); others are too large or KRN_PARETO_INFINITY. It can be called again to go on. */
bool krni_sweep_until(krni_sweep *sweep, const krni_reversed *rev, uint32_t limit, uint32_t stop);

/* Goes on only as far as the distance of this node needs. */
static inline bool krni_sweep_reach(krni_sweep *sweep, const krni_reversed *rev, uint32_t node)
{
    return sweep->distance[node] < sweep->final_below ||
           krni_sweep_until(sweep, rev, KRN_PARETO_INFINITY, node);
}

#endif
