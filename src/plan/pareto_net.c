/* SPDX-License-Identifier: Apache-2.0 */
/* pareto_net.c - one backward search per criterion, then arcs with reduced costs.
 *
 * With two criteria and no clocks the best paths of the one bound the other: let P0 be a cheapest
 * path in criterion 0 and P1 in criterion 1. A path with more than P1 in criterion 0 is dominated
 * by P1, one with more than P0 in criterion 1 by P0. So the backward searches end there:
 *
 *     search 0 until the source is settled  ->  P0  ->  limit of search 1
 *     search 1 up to that limit             ->  P1  ->  limit of search 0, which goes on
 */
#include "plan/pareto_net.h"

#include <assert.h>
#include <string.h>

#include "base/error.h"
#include "plan/pareto_sweep.h"

#define NONE UINT32_MAX

/* What the best path of one criterion costs in another; KRN_PARETO_INFINITY when not known. */
static uint32_t cost_along(const krn_pareto_graph *graph, const krn_pareto_query *query,
                           const uint32_t *distance, unsigned of, unsigned in)
{
    uint64_t sum = 0;
    uint32_t v = query->source;
    if (distance[v] == KRN_PARETO_INFINITY)
        return KRN_PARETO_INFINITY;
    for (uint32_t steps = 0; v != query->target; steps++) {
        uint32_t a = graph->first_arc[v];
        const uint32_t end = graph->first_arc[v + 1];
        while (a < end && !(krni_arc_usable(graph, a) &&
                            (uint64_t)distance[graph->head[a]] + graph->cost[of][a] == distance[v]))
            a++;
        if (a == end || steps == graph->n_nodes)
            return KRN_PARETO_INFINITY; /* a round of arcs that cost nothing */
        sum += graph->cost[in][a];
        v = graph->head[a];
    }
    return sum < KRN_PARETO_INFINITY ? (uint32_t)sum : KRN_PARETO_INFINITY;
}

static void forget_beyond(uint32_t *distance, uint32_t n, uint32_t limit)
{
    for (uint32_t v = 0; v < n; v++)
        distance[v] = distance[v] <= limit ? distance[v] : KRN_PARETO_INFINITY;
}

static bool bound_two(const krn_pareto_graph *graph, const krn_pareto_query *query,
                      const krni_reversed *rev, krn_arena *arena, krni_net *net)
{
    krni_sweep zero;
    krni_sweep one;
    if (!krni_sweep_start(&zero, rev, 0, query->target, arena) ||
        !krni_sweep_start(&one, rev, 1, query->target, arena) ||
        !krni_sweep_until(&zero, rev, KRN_PARETO_INFINITY, query->source))
        return false;
    net->bound[0] = zero.distance;
    net->bound[1] = one.distance;
    if (zero.distance[query->source] == KRN_PARETO_INFINITY)
        return true;
    const uint32_t limit_one = cost_along(graph, query, zero.distance, 0, 1);
    if (!krni_sweep_until(&one, rev, limit_one, NONE))
        return false;
    forget_beyond(one.distance, graph->n_nodes, limit_one);
    const uint32_t limit_zero = cost_along(graph, query, one.distance, 1, 0);
    if (!krni_sweep_until(&zero, rev, limit_zero, NONE))
        return false;
    forget_beyond(zero.distance, graph->n_nodes, limit_zero);
    if (limit_zero < KRN_PARETO_INFINITY - query->start)
        net->most = query->start + limit_zero;
    return true;
}

static bool bound_all(const krn_pareto_graph *graph, const krn_pareto_query *query,
                      const krni_reversed *rev, krn_arena *arena, krni_net *net)
{
    for (unsigned c = 0; c < net->n_criteria; c++) {
        if (c >= graph->n_criteria) {
            net->bound[c] = krn_arena_calloc(arena, graph->n_nodes, sizeof *net->bound[c]);
            if (!net->bound[c])
                return false;
            continue;
        }
        krni_sweep s;
        if (!krni_sweep_start(&s, rev, c, query->target, arena) ||
            !krni_sweep_until(&s, rev, KRN_PARETO_INFINITY, NONE))
            return false;
        net->bound[c] = s.distance;
    }
    return true;
}

/* Writes the record of an arc whose ends are bounded; false if it leads to no solution. */
static bool write_record(const krn_pareto_graph *graph, const krni_net *net, uint32_t tail,
                         uint32_t arc, uint32_t *record)
{
    const uint32_t head = graph->head[arc];
    if (!krni_arc_usable(graph, arc))
        return false;
    record[0] = head;
    for (unsigned c = 0; c < net->n_criteria; c++) {
        const uint32_t cost = c < graph->n_criteria ? graph->cost[c][arc] : 0;
        const uint32_t rest = net->bound[c][head];
        if (rest >= KRN_PARETO_INFINITY - cost)
            return false;
        assert(cost + rest >= net->bound[c][tail]);
        record[1 + c] = cost + rest - net->bound[c][tail];
    }
    if (net->clocks)
        record[1 + net->n_criteria] = graph->clock[arc];
    return true;
}

static bool write_records(const krn_pareto_graph *graph, krn_arena *arena, krni_net *net)
{
    uint32_t *first = krn_arena_alloc(arena, ((size_t)graph->n_nodes + 1) * sizeof *first);
    uint32_t *arc_of = krn_arena_alloc(arena, graph->n_arcs * sizeof *arc_of);
    uint32_t *record = krn_arena_alloc(arena, (size_t)graph->n_arcs * net->stride * sizeof *record);
    uint32_t *tail = krn_arena_alloc(arena, ((size_t)graph->n_arcs + 1) * sizeof *tail);
    if (!first || !arc_of || !record || !tail)
        return false;
    uint32_t n = 0;
    for (uint32_t u = 0; u < graph->n_nodes; u++) {
        first[u] = n;
        bool bounded = true;
        for (unsigned c = 0; c < net->n_criteria; c++)
            bounded = bounded && net->bound[c][u] != KRN_PARETO_INFINITY;
        if (!bounded)
            continue;
        for (uint32_t a = graph->first_arc[u]; a < graph->first_arc[u + 1]; a++)
            if (write_record(graph, net, u, a, record + (size_t)n * net->stride)) {
                tail[n] = u;
                arc_of[n++] = a;
            }
    }
    first[graph->n_nodes] = n;
    tail[n] = NONE;
    net->n_records = n;
    net->first = first;
    net->arc_of = arc_of;
    net->tail = tail;
    net->record = record;
    return true;
}

krn_status krni_net_make(const krn_pareto_graph *graph, const krn_pareto_query *query,
                         krn_arena *arena, krni_net *out, krn_error *err)
{
    memset(out, 0, sizeof *out);
    out->n_criteria = graph->n_criteria < 2 ? 2 : graph->n_criteria;
    out->clock_at_head = graph->clock_at_head;
    for (uint32_t a = 0; graph->clock && !out->clocks && a < graph->n_arcs; a++)
        out->clocks = graph->clock[a] != KRN_PARETO_NO_CLOCK;
    out->stride = 1 + out->n_criteria + out->clocks;
    out->most = KRN_PARETO_INFINITY - 1;
    krni_reversed rev;
    if (!krni_reverse(graph, arena, &rev))
        return krni_fail_memory(err);
    const bool two = graph->n_criteria == 2 && !out->clocks;
    if (two ? !bound_two(graph, query, &rev, arena, out)
            : !bound_all(graph, query, &rev, arena, out))
        return krni_fail_memory(err);
    out->reachable = true;
    for (unsigned c = 0; c < out->n_criteria; c++)
        out->reachable = out->reachable && out->bound[c][query->source] != KRN_PARETO_INFINITY;
    if (out->reachable && !write_records(graph, arena, out))
        return krni_fail_memory(err);
    return KRN_OK;
}
