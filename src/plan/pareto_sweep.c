/* SPDX-License-Identifier: Apache-2.0 */
/* pareto_sweep.c - Dijkstra backwards, with a ring of buckets where costs allow it. */
#include "plan/pareto_sweep.h"

#include <string.h>

#define RING_MASK (KRNI_RING_SLOTS - 1)
#define AT_ONCE   KRNI_RECORDS_BEYOND /* in-arcs handled together */
#define BATCH     128u                /* improved neighbours gathered before they are queued */

/* Least positive and largest cost per criterion, absent ones aside; false if some are absent. */
static bool span_costs(const krn_pareto_graph *graph, krni_reversed *out)
{
    bool whole = true;
    for (unsigned c = 0; c < graph->n_criteria; c++) {
        const uint32_t *cost = graph->cost[c];
        uint32_t least = UINT32_MAX; /* of cost - 1, which puts 0 last */
        uint32_t most = 0;           /* of cost + 1, which makes an absent one 0 */
        bool absent = false;
        for (uint32_t a = 0; a < graph->n_arcs; a++) {
            least = cost[a] - 1 < least ? cost[a] - 1 : least;
            most = cost[a] + 1 > most ? cost[a] + 1 : most;
            absent |= cost[a] == KRN_PARETO_INFINITY;
        }
        out->least[c] = least < UINT32_MAX ? least + 1 : KRN_PARETO_INFINITY;
        out->most[c] = most > 0 ? most - 1 : 0;
        whole = whole && !absent;
    }
    return whole;
}

/* Writes the records of all arcs; place[v] moves from the first to behind the last of v. */
static KRNI_INLINE void fill_records(const krn_pareto_graph *graph, uint32_t *place,
                                     uint32_t *records, const bool whole, const unsigned n_criteria)
{
    const uint32_t n_nodes = graph->n_nodes;
    for (uint32_t u = 0; u < n_nodes; u++)
        for (uint32_t a = graph->first_arc[u], end = graph->first_arc[u + 1]; a < end; a++) {
            if (!whole && !krni_arc_usable(graph, a))
                continue;
            uint32_t *record = records + (size_t)place[graph->head[a]]++ * (1 + n_criteria);
            record[0] = u;
            for (unsigned c = 0; c < n_criteria; c++)
                record[1 + c] = graph->cost[c][a];
        }
}

bool krni_reverse(const krn_pareto_graph *graph, krn_arena *arena, krni_reversed *out)
{
    memset(out, 0, sizeof *out);
    out->n_nodes = graph->n_nodes;
    out->stride = 1 + graph->n_criteria;
    out->first = krn_arena_calloc(arena, (size_t)graph->n_nodes + 2, sizeof *out->first);
    const size_t n_words = (size_t)graph->n_arcs * out->stride;
    const size_t n_beyond = (size_t)KRNI_RECORDS_BEYOND * out->stride;
    out->record = krn_arena_alloc(arena, (n_words + n_beyond) * sizeof *out->record);
    if (!out->first || !out->record)
        return false;
    const bool whole = span_costs(graph, out);
    uint32_t *place = out->first + 1;
    for (uint32_t a = 0; a < graph->n_arcs; a++)
        place[graph->head[a] + 1] += whole || krni_arc_usable(graph, a);
    for (uint32_t v = 0; v < graph->n_nodes; v++)
        place[v + 1] += place[v];
    memset(out->record + (size_t)place[graph->n_nodes] * out->stride, 0,
           n_beyond * sizeof *out->record);
    if (whole && graph->n_criteria == 3)
        fill_records(graph, place, out->record, true, 3);
    else if (whole)
        fill_records(graph, place, out->record, true, graph->n_criteria);
    else
        fill_records(graph, place, out->record, false, graph->n_criteria);
    return true;
}

static KRNI_INLINE bool ring_push(krni_ring *ring, const uint32_t *entry)
{
    const uint32_t per_chunk =
        (uint32_t)((KRNI_CHUNK_BYTES - sizeof(krni_chunk)) / (2 * sizeof(uint32_t)));
    const uint32_t slot = entry[0] >> ring->shift & RING_MASK;
    assert((entry[0] >> ring->shift) - ring->now < KRNI_RING_SLOTS);
    krni_chunk *chunk = ring->bucket[slot];
    if (KRNI_UNLIKELY(!chunk || chunk->n == per_chunk)) {
        krni_chunk *fresh = krni_pool_take(&ring->chunks, 0);
        if (!fresh)
            return false;
        fresh->next = chunk;
        fresh->n = 0;
        ring->bucket[slot] = chunk = fresh;
        ring->used[slot / 64] |= (uint64_t)1 << slot % 64;
    }
    krni_queue_copy(chunk->word + chunk->n * 2, entry, 2);
    chunk->n++;
    return true;
}

/* Tries the arcs i .. i + AT_ONCE - 1 as far as they lie before end, and adds the tails that are
 * improved to the n entries before: all are written, and the others overwritten, without a branch.
 * So there must be room for n + AT_ONCE. The number of entries. */
static KRNI_INLINE uint32_t relax(krni_sweep *s, const krni_reversed *rev, uint32_t distance,
                                  uint32_t i, uint32_t end, uint32_t (*improved)[2], uint32_t n)
{
    const unsigned stride = rev->stride;
    const uint32_t *record = rev->record + (size_t)i * stride;
    const uint32_t *cost = record + 1 + s->criterion;
    uint32_t *least = s->distance;
    for (unsigned j = 0; j < AT_ONCE; j++, record += stride, cost += stride) {
        const uint32_t tail = *record;
        const uint64_t total = (uint64_t)distance + *cost;
        const uint32_t before = least[tail];
        const bool better = (total < before) & (i + j < end);
        least[tail] = better ? (uint32_t)total : before;
        improved[n][0] = (uint32_t)total;
        improved[n][1] = tail;
        n += better;
    }
    return n;
}

static bool queue_until(krni_sweep *s, const krni_reversed *rev, uint32_t limit, uint32_t stop)
{
    krni_queue *queue = s->queue;
    for (;;) {
        if (queue->heap_n == 0 && !krni_queue_refill(queue, 2))
            return false;
        if (queue->heap_n == 0)
            s->final_below = UINT64_MAX;
        if (queue->heap_n == 0 || queue->heap[0] > limit)
            return true;
        uint32_t entry[2];
        krni_queue_pop(queue, entry, 2);
        const uint32_t v = entry[1];
        if (entry[0] != s->distance[v])
            continue;
        s->final_below = (uint64_t)entry[0] + 1;
        for (uint32_t i = rev->first[v]; i < rev->first[v + 1]; i += AT_ONCE) {
            uint32_t improved[AT_ONCE + 1][2];
            const uint32_t n = relax(s, rev, entry[0], i, rev->first[v + 1], improved, 0);
            for (uint32_t j = 0; j < n; j++)
                if (!krni_queue_push(queue, improved[j], 2))
                    return false;
        }
        if (v == stop)
            return true;
    }
}

/* Moves to the next bucket that holds something; false if there is none. */
static bool ring_next(krni_ring *ring)
{
    const uint32_t slot = ring->now & RING_MASK;
    const uint64_t behind = ~(uint64_t)0 << slot % 64;
    for (uint32_t i = 0; i <= KRNI_RING_SLOTS / 64; i++) {
        const uint32_t word = (slot / 64 + i) % (KRNI_RING_SLOTS / 64);
        uint64_t used = ring->used[word];
        if (i == 0)
            used &= behind;
        if (i == KRNI_RING_SLOTS / 64)
            used &= ~behind;
        if (used) {
            ring->now += (word * 64 + KRNI_LOW_BIT(used) - slot) & RING_MASK;
            return true;
        }
    }
    return false;
}

/* Strikes the entries of a chunk whose node was reached more cheaply by now; the number left. */
static KRNI_INLINE uint32_t drop_stale(const krni_sweep *s, const krni_reversed *rev,
                                       krni_chunk *chunk)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < chunk->n; i++) {
        const uint32_t distance = chunk->word[2 * i];
        const uint32_t v = chunk->word[2 * i + 1];
        chunk->word[2 * n] = distance;
        chunk->word[2 * n + 1] = v;
        KRNI_PREFETCH(&rev->first[v]);
        n += distance == s->distance[v];
    }
    return n;
}

/* Handles the nodes of a chunk of the bucket in work. Only arcs that cost nothing lead back into
 * that bucket; who is improved by one waits there again. */
static bool ring_chunk(krni_sweep *s, const krni_reversed *rev, krni_chunk *chunk)
{
    uint32_t improved[BATCH][2];
    uint32_t n = 0;
    const uint32_t n_nodes = drop_stale(s, rev, chunk);
    for (uint32_t e = 0; e < n_nodes; e++) {
        const uint32_t v = chunk->word[2 * e + 1];
        const uint32_t end = rev->first[v + 1];
        if (e + 2 < n_nodes)
            KRNI_PREFETCH(rev->record + (size_t)rev->first[chunk->word[2 * e + 5]] * rev->stride);
        for (uint32_t i = rev->first[v]; i < end; i += AT_ONCE) {
            n = relax(s, rev, chunk->word[2 * e], i, end, improved, n);
            if (KRNI_LIKELY(n < BATCH - AT_ONCE))
                continue;
            while (n > 0)
                if (!ring_push(s->ring, improved[--n]))
                    return false;
        }
    }
    while (n > 0)
        if (!ring_push(s->ring, improved[--n]))
            return false;
    return true;
}

static bool ring_until(krni_sweep *s, const krni_reversed *rev, uint32_t limit, uint32_t stop)
{
    krni_ring *ring = s->ring;
    while (stop == KRNI_NO_NODE || s->distance[stop] >= s->final_below) {
        if (!ring_next(ring)) {
            s->final_below = UINT64_MAX;
            return true;
        }
        if ((uint64_t)ring->now << ring->shift > limit)
            return true;
        const uint32_t slot = ring->now & RING_MASK;
        for (krni_chunk *chunk = ring->bucket[slot]; chunk; chunk = ring->bucket[slot]) {
            ring->bucket[slot] = chunk->next;
            if (!ring_chunk(s, rev, chunk))
                return false;
            krni_pool_give(&ring->chunks, 0, chunk);
        }
        ring->used[slot / 64] &= ~((uint64_t)1 << slot % 64);
        s->final_below = ((uint64_t)ring->now + 1) << ring->shift;
    }
    return true;
}

bool krni_sweep_start(krni_sweep *sweep, const krni_reversed *rev, unsigned criterion,
                      uint32_t target, krn_arena *arena)
{
    const uint32_t least = rev->least[criterion];
    const unsigned shift = KRNI_HIGH_BIT32(least);
    const bool ringed = rev->most[criterion] >> shift < KRNI_RING_SLOTS - 1;
    const uint32_t entry[2] = {0, target};
    memset(sweep, 0, sizeof *sweep);
    sweep->criterion = criterion;
    sweep->distance = krn_arena_alloc(arena, rev->n_nodes * sizeof *sweep->distance);
    if (!sweep->distance)
        return false;
    memset(sweep->distance, 0xff, rev->n_nodes * sizeof *sweep->distance);
    sweep->distance[target] = 0;
    if (ringed) {
        sweep->ring = krn_arena_calloc(arena, 1, sizeof *sweep->ring);
        if (!sweep->ring)
            return false;
        sweep->ring->chunks = krni_pool_on(arena, KRNI_CHUNK_BYTES);
        sweep->ring->shift = shift;
        return ring_push(sweep->ring, entry);
    }
    sweep->queue = krn_arena_alloc(arena, sizeof *sweep->queue);
    if (!sweep->queue)
        return false;
    krni_queue_start(sweep->queue, arena, 0);
    return krni_queue_push(sweep->queue, entry, 2);
}

bool krni_sweep_until(krni_sweep *sweep, const krni_reversed *rev, uint32_t limit, uint32_t stop)
{
    return sweep->ring ? ring_until(sweep, rev, limit, stop) : queue_until(sweep, rev, limit, stop);
}
