/* SPDX-License-Identifier: Apache-2.0 */
/* pareto_net.h - a graph made ready for one target: lower bounds and reduced costs.
 *
 * bound[c][v] is the least cost from v to the target in criterion c alone; clocks cost nothing
 * there, so it never exceeds the truth. A label at v with costs g is kept as f = g + bound(v), and
 * an arc u -> v adds its reduced cost
 *
 *     r = cost + bound(v) - bound(u) >= 0
 *
 * so that f of a child is f of its parent plus r, and at one node f compares as g does. Arcs that
 * lead to no solution are left out.
 *
 *   arc record:   head, r[0] .. r[k-1] (, clock)          `stride` words
 */
#ifndef PLAN_PARETO_NET_H
#define PLAN_PARETO_NET_H

#include <keruen/pareto.h>

typedef struct krni_net {
    unsigned n_criteria; /* k: at least 2, a missing second one costs nothing */
    bool clocks;         /* some arc has a clock */
    bool clock_at_head;  /* as in the graph */
    unsigned stride;     /* words of an arc record */
    bool reachable;      /* the target can be reached from the source, clocks aside */
    uint32_t most;       /* no non-dominated solution has more in criterion 0 */
    uint32_t n_records;
    const uint32_t *first;                    /* n_nodes + 1, into records */
    const uint32_t *record;                   /* words */
    const uint32_t *arc_of;                   /* number of the record in the graph */
    const uint32_t *tail;                     /* of the record; tail[n_records] is no node */
    uint32_t *bound[KRN_PARETO_MAX_CRITERIA]; /* KRN_PARETO_INFINITY: no way, or none worth it */
} krni_net;

/* O(k (arcs + nodes log nodes)). KRN_E_MEMORY. */
krn_status krni_net_make(const krn_pareto_graph *graph, const krn_pareto_query *query,
                         krn_arena *arena, krni_net *out, krn_error *err);

#endif
