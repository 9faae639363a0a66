/* SPDX-License-Identifier: Apache-2.0 */
/* pareto_net.c - backward searches, one per criterion, and arcs with reduced costs.
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

static bool bound_two(const krn_pareto_graph *graph, const krn_pareto_query *query, krni_net *net)
{
    krni_sweep *zero = &net->sweep[0];
    krni_sweep *one = &net->sweep[1];
    if (!krni_sweep_until(zero, &net->reversed, KRN_PARETO_INFINITY, query->source))
        return false;
    if (zero->distance[query->source] == KRN_PARETO_INFINITY)
        return true;
    const uint32_t limit_one = cost_along(graph, query, zero->distance, 0, 1);
    if (!krni_sweep_until(one, &net->reversed, limit_one, KRNI_NO_NODE))
        return false;
    forget_beyond(one->distance, graph->n_nodes, limit_one);
    const uint32_t limit_zero = cost_along(graph, query, one->distance, 1, 0);
    if (!krni_sweep_until(zero, &net->reversed, limit_zero, KRNI_NO_NODE))
        return false;
    forget_beyond(zero->distance, graph->n_nodes, limit_zero);
    zero->final_below = one->final_below = UINT64_MAX;
    if (limit_zero < KRN_PARETO_INFINITY - query->start)
        net->most = query->start + limit_zero;
    return true;
}

/* The distances of the node in all criteria; false: memory ran out. */
static bool settle(krni_net *net, unsigned n_criteria, uint32_t node)
{
    for (unsigned c = 0; c < n_criteria; c++)
        if (!krni_sweep_reach(&net->sweep[c], &net->reversed, node))
            return false;
    return true;
}

static bool start_bounds(const krn_pareto_graph *graph, uint32_t target, krn_arena *arena,
                         krni_net *net)
{
    if (graph->index)
        net->reversed = graph->index->reversed;
    else if (!krni_reverse(graph, arena, &net->reversed))
        return false;
    for (unsigned c = 0; c < graph->n_criteria; c++) {
        if (!krni_sweep_start(&net->sweep[c], &net->reversed, c, target, arena))
            return false;
        net->bound[c] = net->sweep[c].distance;
    }
    if (graph->n_criteria >= net->n_criteria)
        return true;
    assert(graph->n_criteria == 1 && net->n_criteria == 2);
    net->bound[1] = krn_arena_calloc(arena, graph->n_nodes, sizeof *net->bound[1]);
    return net->bound[1] != NULL;
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

bool krni_net_open(krni_net *net, const krn_pareto_graph *graph, uint32_t node)
{
    krni_span *span = &net->span[node];
    assert(span->end == KRNI_NOT_OPEN);
    uint32_t n = span->first;
    for (uint32_t a = graph->first_arc[node]; a < graph->first_arc[node + 1]; a++) {
        if (!settle(net, graph->n_criteria, graph->head[a]))
            return false;
        if (!write_record(graph, net, node, a, net->record + (size_t)n * net->stride))
            continue;
        net->tail[n] = node;
        net->arc_of[n++] = a;
    }
    span->end = n;
    return true;
}

static bool start_records(const krn_pareto_graph *graph, krn_arena *arena, krni_net *net)
{
    const size_t n_arcs = graph->n_arcs;
    net->n_records = graph->n_arcs;
    net->span = krn_arena_alloc(arena, graph->n_nodes * sizeof *net->span);
    net->record = krn_arena_alloc(arena, n_arcs * net->stride * sizeof *net->record);
    net->arc_of = krn_arena_alloc(arena, n_arcs * sizeof *net->arc_of);
    net->tail = krn_arena_alloc(arena, (n_arcs + 1) * sizeof *net->tail);
    if (!net->span || !net->record || !net->arc_of || !net->tail)
        return false;
    for (uint32_t v = 0; v < graph->n_nodes; v++)
        net->span[v] = (krni_span){graph->first_arc[v], KRNI_NOT_OPEN};
    net->tail[n_arcs] = KRNI_NO_NODE;
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
    if (!start_bounds(graph, query->target, arena, out))
        return krni_fail_memory(err);
    const bool two = graph->n_criteria == 2 && !out->clocks;
    if (two ? !bound_two(graph, query, out) : !settle(out, graph->n_criteria, query->source))
        return krni_fail_memory(err);
    out->reachable = true;
    for (unsigned c = 0; c < out->n_criteria; c++)
        out->reachable = out->reachable && out->bound[c][query->source] != KRN_PARETO_INFINITY;
    if (out->reachable && !start_records(graph, arena, out))
        return krni_fail_memory(err);
    return KRN_OK;
}
