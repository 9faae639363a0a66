/* SPDX-License-Identifier: Apache-2.0 */
/* pareto_sweep.c - Dijkstra backwards, with a ring of buckets where costs allow it. */
#include "plan/pareto_sweep.h"

#include <string.h>

#define RING_MASK (KRNI_RING_SLOTS - 1)
#define AT_ONCE   8u /* in-arcs handled together */

bool krni_reverse(const krn_pareto_graph *graph, krn_arena *arena, krni_reversed *out)
{
    const unsigned n_criteria = graph->n_criteria;
    memset(out, 0, sizeof *out);
    memset(out->least, 0xff, sizeof out->least);
    out->n_nodes = graph->n_nodes;
    out->stride = 1 + n_criteria;
    out->first = krn_arena_calloc(arena, (size_t)graph->n_nodes + 2, sizeof *out->first);
    out->record = krn_arena_alloc(arena, (size_t)graph->n_arcs * out->stride * sizeof *out->record);
    if (!out->first || !out->record)
        return false;
    uint32_t *place = out->first + 1; /* place[v] moves from the first to behind the last of v */
    for (uint32_t a = 0; a < graph->n_arcs; a++)
        place[graph->head[a] + 1] += krni_arc_usable(graph, a);
    for (uint32_t v = 0; v < graph->n_nodes; v++)
        place[v + 1] += place[v];
    for (uint32_t u = 0; u < graph->n_nodes; u++)
        for (uint32_t a = graph->first_arc[u]; a < graph->first_arc[u + 1]; a++) {
            if (!krni_arc_usable(graph, a))
                continue;
            uint32_t *record = out->record + (size_t)place[graph->head[a]]++ * out->stride;
            record[0] = u;
            for (unsigned c = 0; c < n_criteria; c++) {
                const uint32_t cost = graph->cost[c][a];
                record[1 + c] = cost;
                out->most[c] = cost > out->most[c] ? cost : out->most[c];
                out->least[c] = cost - 1 < out->least[c] - 1 ? cost : out->least[c]; /* not 0 */
            }
        }
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

/* Improved neighbours are written first and kept or overwritten without a branch. */
static KRNI_INLINE bool relax(krni_sweep *s, const krni_reversed *rev, uint32_t distance,
                              uint32_t v, const bool ringed)
{
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
            if (!(ringed ? ring_push(s->ring, entry[j]) : krni_queue_push(s->queue, entry[j], 2)))
                return false;
    }
    return true;
}

static bool queue_until(krni_sweep *s, const krni_reversed *rev, uint32_t limit, uint32_t stop)
{
    krni_queue *queue = s->queue;
    for (;;) {
        if (queue->heap_n == 0 && !krni_queue_refill(queue, 2))
            return false;
        if (queue->heap_n == 0 || queue->heap[0] > limit)
            return true;
        uint32_t entry[2];
        krni_queue_pop(queue, entry, 2);
        if (entry[0] != s->distance[entry[1]])
            continue;
        if (!relax(s, rev, entry[0], entry[1], false))
            return false;
        if (entry[1] == stop)
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

static bool ring_until(krni_sweep *s, const krni_reversed *rev, uint32_t limit, uint32_t stop)
{
    krni_ring *ring = s->ring;
    bool stopped = false;
    while (!stopped && ring_next(ring) && (uint64_t)ring->now << ring->shift <= limit) {
        const uint32_t slot = ring->now & RING_MASK;
        for (krni_chunk *chunk = ring->bucket[slot]; chunk; chunk = ring->bucket[slot]) {
            if (chunk->n == 0) {
                ring->bucket[slot] = chunk->next;
                krni_pool_give(&ring->chunks, 0, chunk);
                continue;
            }
            chunk->n--;
            if (chunk->n >= 4)
                KRNI_PREFETCH(&rev->first[chunk->word[2 * (chunk->n - 4) + 1]]);
            if (chunk->n >= 2)
                KRNI_PREFETCH(rev->record +
                              (size_t)rev->first[chunk->word[2 * (chunk->n - 2) + 1]] *
                                  rev->stride);
            const uint32_t distance = chunk->word[2 * chunk->n];
            const uint32_t v = chunk->word[2 * chunk->n + 1];
            if (distance == s->distance[v] && !relax(s, rev, distance, v, true))
                return false;
            stopped |= v == stop;
        }
        ring->used[slot / 64] &= ~((uint64_t)1 << slot % 64);
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
