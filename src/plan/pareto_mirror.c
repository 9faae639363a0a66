/* SPDX-License-Identifier: Apache-2.0 */
/* pareto_mirror.c - a graph seen backwards in time from an instant T.
 *
 *   forwards    u --wait until s in a window--> travel c --> v         at v: s + c
 *   mirrored    v --travel c--> wait until T - s in the mirrored window --> u
 *
 * Time t becomes T - t. A window [open, close] becomes [T - close, T - open]; the part after T is
 * cut off. not_before and not_after change places. Where a clock lets nothing pass before T its
 * mirror is a clock that never opens (not_before > not_after).
 */
#include <keruen/pareto.h>

#include <assert.h>
#include <string.h>

#include "base/error.h"
#include "plan/pareto_clock.h"

static uint32_t reflect(uint32_t instant, uint32_t t)
{
    return t < instant ? instant - t : 0;
}

/* false: memory ran out. */
static bool mirror_clock(const krn_pareto_clock *clock, uint32_t instant, krn_arena *arena,
                         krn_pareto_clock *out)
{
    const krn_pareto_clock never = {.not_before = 1, .not_after = 0};
    *out = never;
    if (clock->not_before > instant)
        return true;
    uint32_t n = clock->n_windows;
    while (n > 0 && clock->open[n - 1] > instant)
        n--;
    if (clock->n_windows > 0 && n == 0)
        return true;
    out->not_before = reflect(instant, clock->not_after);
    out->not_after = instant - clock->not_before;
    if (n == 0)
        return true;
    uint32_t *open = krn_arena_alloc(arena, n * sizeof *open);
    uint32_t *close = krn_arena_alloc(arena, n * sizeof *close);
    if (!open || !close)
        return false;
    for (uint32_t w = 0; w < n; w++) {
        open[w] = reflect(instant, clock->close[n - 1 - w]);
        close[w] = instant - clock->open[n - 1 - w];
        assert(open[w] <= close[w]);
    }
    out->n_windows = n;
    out->open = open;
    out->close = close;
    return true;
}

static bool mirror_clocks(const krn_pareto_graph *graph, uint32_t instant, const uint32_t *arc_of,
                          krn_arena *arena, krn_pareto_graph *out)
{
    krn_pareto_clock *clocks = krn_arena_alloc(arena, graph->n_clocks * sizeof *clocks);
    uint32_t *clock = krn_arena_alloc(arena, graph->n_arcs * sizeof *clock);
    if (!clocks || !clock)
        return false;
    for (uint32_t i = 0; i < graph->n_clocks; i++)
        if (!mirror_clock(&graph->clocks[i], instant, arena, &clocks[i]))
            return false;
    for (uint32_t a = 0; a < graph->n_arcs; a++)
        clock[a] = graph->clock[arc_of[a]];
    out->clocks = clocks;
    out->clock = clock;
    out->n_clocks = graph->n_clocks;
    return true;
}

krn_status krn_pareto_mirror(const krn_pareto_graph *graph, uint32_t instant, krn_arena *arena,
                             krn_pareto_graph *out, const uint32_t **arc_of, krn_error *err)
{
    if (!arena || !out || !arc_of || instant == KRN_PARETO_INFINITY)
        return krni_fail(err, KRN_E_ARG, "mirror: arena, result or instant is missing");
    const krn_status status = krni_pareto_check_graph(graph, err);
    if (status)
        return status;
    krn_pareto_graph mirror = {.n_nodes = graph->n_nodes,
                               .n_arcs = graph->n_arcs,
                               .n_criteria = graph->n_criteria,
                               .clock_at_head = !graph->clock_at_head};
    uint32_t *first = krn_arena_calloc(arena, (size_t)graph->n_nodes + 2, sizeof *first);
    uint32_t *head = krn_arena_alloc(arena, graph->n_arcs * sizeof *head);
    uint32_t *of = krn_arena_alloc(arena, graph->n_arcs * sizeof *of);
    if (!first || !head || !of)
        return krni_fail_memory(err);
    uint32_t *place = first + 1;
    for (uint32_t a = 0; a < graph->n_arcs; a++)
        place[graph->head[a] + 1]++;
    for (uint32_t v = 0; v < graph->n_nodes; v++)
        place[v + 1] += place[v];
    for (uint32_t u = 0; u < graph->n_nodes; u++)
        for (uint32_t a = graph->first_arc[u]; a < graph->first_arc[u + 1]; a++) {
            const uint32_t to = place[graph->head[a]]++;
            head[to] = u;
            of[to] = a;
        }
    for (unsigned c = 0; c < graph->n_criteria; c++) {
        uint32_t *cost = krn_arena_alloc(arena, graph->n_arcs * sizeof *cost);
        if (!cost)
            return krni_fail_memory(err);
        for (uint32_t a = 0; a < graph->n_arcs; a++)
            cost[a] = graph->cost[c][of[a]];
        mirror.cost[c] = cost;
    }
    if (graph->clock && !mirror_clocks(graph, instant, of, arena, &mirror))
        return krni_fail_memory(err);
    mirror.first_arc = first;
    mirror.head = head;
    *out = mirror;
    *arc_of = of;
    return KRN_OK;
}
