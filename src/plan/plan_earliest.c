/* SPDX-License-Identifier: Apache-2.0 */
/* plan_earliest.c - how early each place of a query can be reached at all.
 *
 * Dijkstra from the origin with running times and gates of papers, but without opening hours and
 * departures: a bound from below. A gate that is open before anything can arrive there never holds
 * anybody up, so its clock can be left out, and then its place can be taken out of the graph. Most
 * gates are such: a paper asked for at departure is asked for at every loading on the way as well.
 *
 * Order of ties: time, then place. */
#include <assert.h>
#include <string.h>

#include "base/error.h"
#include "plan/planning.h"

typedef struct entry {
    uint64_t time;
    uint32_t place;
} entry;

static bool before(entry a, entry b)
{
    return a.time != b.time ? a.time < b.time : a.place < b.place;
}

static void push(entry *heap, uint32_t *n, entry e)
{
    uint32_t i = (*n)++;
    while (i > 0 && before(e, heap[(i - 1) / 2])) {
        heap[i] = heap[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    heap[i] = e;
}

static entry pop(entry *heap, uint32_t *n)
{
    const entry top = heap[0], last = heap[--*n];
    uint32_t i = 0;
    for (;;) {
        uint32_t child = 2 * i + 1;
        if (child >= *n)
            break;
        if (child + 1 < *n && before(heap[child + 1], heap[child]))
            child++;
        if (!before(heap[child], last))
            break;
        heap[i] = heap[child];
        i = child;
    }
    heap[i] = last;
    return top;
}

krn_status krni_earliest_arrivals(const krni_planning *planning, const krni_places *places,
                                  uint32_t **out)
{
    const krn_network *net = planning->network;
    krn_arena *arena = planning->scratch;
    const bool gates = planning->papers_from != KRN_TIME_NONE;
    uint32_t *earliest = krn_arena_alloc(arena, places->n * sizeof *earliest);
    entry *heap = krn_arena_alloc(arena, ((size_t)places->n_arcs + 1) * sizeof *heap);
    if (!earliest || !heap)
        return krni_fail_memory(planning->err);
    memset(earliest, 0xff, places->n * sizeof *earliest);
    const krn_time lead = gates ? planning->papers_from - planning->base : 0;
    uint32_t n = 0;
    earliest[0] = 0;
    push(heap, &n, (entry){0, 0});
    while (n) {
        const entry at = pop(heap, &n);
        if (at.time != earliest[at.place])
            continue;
        const uint32_t state = places->state_of[at.place];
        for (uint32_t a = net->first_activity[state]; a < net->first_activity[state + 1]; a++) {
            const krn_activity_cost *cost = &planning->costs[a];
            if (cost->block != KRN_BLOCK_NONE)
                continue;
            krn_time start = (krn_time)at.time;
            if (gates && cost->gate_h > 0.0 && lead + krni_seconds(cost->gate_h) > start)
                start = lead + krni_seconds(cost->gate_h);
            const uint64_t end = (uint64_t)(start + krni_seconds(cost->expected_h));
            const uint32_t head = krni_place_after(planning, places, at.place, a);
            if (end >= earliest[head])
                continue;
            earliest[head] = (uint32_t)end;
            assert(n <= places->n_arcs);
            push(heap, &n, (entry){end, head});
        }
    }
    *out = earliest;
    return KRN_OK;
}
