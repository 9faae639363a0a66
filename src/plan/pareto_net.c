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
#include "plan/pareto_queue.h"

#define NONE UINT32_MAX

/* In-arcs in order of their head: records of tail and costs, so that a sweep reads in one go. */
typedef struct reversed {
    uint32_t *first;  /* n_nodes + 1, into records */
    uint32_t *record; /* tail, cost[0] .. cost[n-1] */
    unsigned stride;  /* words of a record */
} reversed;

typedef struct sweep {
    unsigned criterion;
    uint32_t *distance;
    krni_queue *queue;
} sweep;

static bool usable(const krn_pareto_graph *graph, uint32_t arc)
{
    bool infinite = false;
    for (unsigned c = 0; c < graph->n_criteria; c++)
        infinite |= graph->cost[c][arc] == KRN_PARETO_INFINITY;
    return !infinite;
}

static bool reverse(const krn_pareto_graph *graph, krn_arena *arena, reversed *out)
{
    const unsigned n_criteria = graph->n_criteria;
    out->stride = 1 + n_criteria;
    out->first = krn_arena_calloc(arena, (size_t)graph->n_nodes + 2, sizeof *out->first);
    out->record = krn_arena_alloc(arena, (size_t)graph->n_arcs * out->stride * sizeof *out->record);
    if (!out->first || !out->record)
        return false;
    uint32_t *place = out->first + 1; /* place[v] moves from the first to behind the last of v */
    for (uint32_t a = 0; a < graph->n_arcs; a++)
        place[graph->head[a] + 1] += usable(graph, a);
    for (uint32_t v = 0; v < graph->n_nodes; v++)
        place[v + 1] += place[v];
    for (uint32_t u = 0; u < graph->n_nodes; u++)
        for (uint32_t a = graph->first_arc[u]; a < graph->first_arc[u + 1]; a++) {
            if (!usable(graph, a))
                continue;
            uint32_t *record = out->record + (size_t)place[graph->head[a]]++ * out->stride;
            record[0] = u;
            for (unsigned c = 0; c < n_criteria; c++)
                record[1 + c] = graph->cost[c][a];
        }
    return true;
}

static void prefetch_window(const sweep *s, const reversed *rev)
{
    const krni_queue *queue = s->queue;
    for (size_t i = 0; i < queue->heap_n && i < 64; i++)
        KRNI_PREFETCH(&rev->first[queue->heap[2 * i + 1]]);
    for (size_t i = 0; i < queue->heap_n && i < 64; i++)
        KRNI_PREFETCH(rev->record + (size_t)rev->first[queue->heap[2 * i + 1]] * rev->stride);
}

/* Improved neighbours are written first and kept or overwritten without a branch. false: memory ran
 * out. */
static bool relax(sweep *s, const reversed *rev, uint32_t distance, uint32_t v)
{
    enum { AT_ONCE = 8 };
    uint32_t i = rev->first[v];
    const uint32_t end = rev->first[v + 1];
    while (i < end) {
        uint32_t entry[AT_ONCE][2];
        unsigned n = 0;
        for (const uint32_t stop = end - i < AT_ONCE ? end : i + AT_ONCE; i < stop; i++) {
            const uint32_t *record = rev->record + (size_t)i * rev->stride;
            const uint64_t total = (uint64_t)distance + record[1 + s->criterion];
            const uint32_t before = s->distance[record[0]];
            const bool better = total < before;
            s->distance[record[0]] = better ? (uint32_t)total : before;
            entry[n][0] = (uint32_t)total;
            entry[n][1] = record[0];
            n += better;
        }
        for (unsigned j = 0; j < n; j++)
            if (!krni_queue_push(s->queue, entry[j], 2))
                return false;
    }
    return true;
}

/* Makes final all distances up to limit, or up to that of `stop`. false: memory ran out. */
static bool sweep_until(sweep *s, const reversed *rev, uint32_t limit, uint32_t stop)
{
    krni_queue *queue = s->queue;
    for (;;) {
        if (queue->heap_n == 0) {
            if (!krni_queue_refill(queue, 2))
                return false;
            prefetch_window(s, rev);
        }
        if (queue->heap_n == 0 || queue->heap[0] > limit)
            return true;
        uint32_t entry[2];
        krni_queue_pop(queue, entry, 2);
        if (entry[0] != s->distance[entry[1]])
            continue;
        if (!relax(s, rev, entry[0], entry[1]))
            return false;
        if (entry[1] == stop)
            return true;
    }
}

static bool sweep_start(sweep *s, const krn_pareto_graph *graph, unsigned criterion,
                        uint32_t target, krn_arena *arena)
{
    s->criterion = criterion;
    s->distance = krn_arena_alloc(arena, graph->n_nodes * sizeof *s->distance);
    s->queue = krn_arena_alloc(arena, sizeof *s->queue);
    if (!s->distance || !s->queue)
        return false;
    memset(s->distance, 0xff, graph->n_nodes * sizeof *s->distance);
    s->distance[target] = 0;
    krni_queue_start(s->queue, arena, 0);
    const uint32_t entry[2] = {0, target};
    return krni_queue_push(s->queue, entry, 2);
}

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
        while (a < end && !(usable(graph, a) &&
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
                      const reversed *rev, krn_arena *arena, krni_net *net)
{
    sweep zero;
    sweep one;
    if (!sweep_start(&zero, graph, 0, query->target, arena) ||
        !sweep_start(&one, graph, 1, query->target, arena) ||
        !sweep_until(&zero, rev, KRN_PARETO_INFINITY, query->source))
        return false;
    net->bound[0] = zero.distance;
    net->bound[1] = one.distance;
    if (zero.distance[query->source] == KRN_PARETO_INFINITY)
        return true;
    const uint32_t limit_one = cost_along(graph, query, zero.distance, 0, 1);
    if (!sweep_until(&one, rev, limit_one, NONE))
        return false;
    forget_beyond(one.distance, graph->n_nodes, limit_one);
    const uint32_t limit_zero = cost_along(graph, query, one.distance, 1, 0);
    if (!sweep_until(&zero, rev, limit_zero, NONE))
        return false;
    forget_beyond(zero.distance, graph->n_nodes, limit_zero);
    if (limit_zero < KRN_PARETO_INFINITY - query->start)
        net->most = query->start + limit_zero;
    return true;
}

static bool bound_all(const krn_pareto_graph *graph, const krn_pareto_query *query,
                      const reversed *rev, krn_arena *arena, krni_net *net)
{
    for (unsigned c = 0; c < net->n_criteria; c++) {
        if (c >= graph->n_criteria) {
            net->bound[c] = krn_arena_calloc(arena, graph->n_nodes, sizeof *net->bound[c]);
            if (!net->bound[c])
                return false;
            continue;
        }
        sweep s;
        if (!sweep_start(&s, graph, c, query->target, arena) ||
            !sweep_until(&s, rev, KRN_PARETO_INFINITY, NONE))
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
    if (!usable(graph, arc))
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
    reversed rev;
    if (!reverse(graph, arena, &rev))
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
