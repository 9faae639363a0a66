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
 * Nothing is made before it is asked for. A node is opened when its first label is expanded: the
 * backward searches go on until the heads of its arcs are settled, and its records are written, at
 * the places of its arcs in the graph. So bound[c][v] holds at heads of opened nodes, no further.
 *
 *   arc record:   head, r[0] .. r[k-1] (, clock)          `stride` words
 */
#ifndef PLAN_PARETO_NET_H
#define PLAN_PARETO_NET_H

#include <keruen/pareto.h>

#include "plan/pareto_sweep.h"

/* The records of a node; end KRNI_NOT_OPEN: not written yet. */
typedef struct krni_span {
    uint32_t first;
    uint32_t end;
} krni_span;

#define KRNI_NOT_OPEN UINT32_MAX

typedef struct krni_net {
    unsigned n_criteria; /* k: at least 2, a missing second one costs nothing */
    bool clocks;         /* some arc has a clock */
    bool clock_at_head;  /* as in the graph */
    unsigned stride;     /* words of an arc record */
    bool reachable;      /* the target can be reached from the source, clocks aside */
    uint32_t most;       /* no non-dominated solution has more in criterion 0 */
    uint32_t n_records;  /* places for them: as many as arcs */
    krni_span *span;     /* per node, into records */
    uint32_t *record;    /* words */
    uint32_t *arc_of;    /* number of the record in the graph */
    uint32_t *tail;      /* of the record; tail[n_records] is no node */
    uint32_t *bound[KRN_PARETO_MAX_CRITERIA]; /* KRN_PARETO_INFINITY: no way, or none worth it */
    krni_reversed reversed;
    krni_sweep sweep[KRN_PARETO_MAX_CRITERIA]; /* of the criteria of the graph; bound is theirs */
} krni_net;

/* Bounds the source only. O(arcs + nodes) and the searches up to there. KRN_E_MEMORY. */
krn_status krni_net_make(const krn_pareto_graph *graph, const krn_pareto_query *query,
                         krn_arena *arena, krni_net *out, krn_error *err);

/* Opens a bounded node. false: memory ran out. All nodes together: O(k (arcs + nodes log nodes)).
 */
bool krni_net_open(krni_net *net, const krn_pareto_graph *graph, uint32_t node);

#endif
