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
#include "plan/plan_heap.h"
#include "plan/planning.h"

krn_status krni_earliest_arrivals(const krni_planning *planning, const krni_places *places,
                                  uint32_t **out)
{
    krn_arena *arena = planning->scratch;
    const bool gates = planning->papers_from != KRN_TIME_NONE;
    uint32_t *earliest = krn_arena_alloc(arena, places->n * sizeof *earliest);
    krni_heap_entry *heap = krn_arena_alloc(arena, ((size_t)places->n_arcs + 1) * sizeof *heap);
    if (!earliest || !heap)
        return krni_fail_memory(planning->err);
    memset(earliest, 0xff, places->n * sizeof *earliest);
    const krn_time lead = gates ? planning->papers_from - planning->base : 0;
    uint32_t n = 0;
    earliest[0] = 0;
    krni_heap_push(heap, &n, (krni_heap_entry){0, 0});
    while (n) {
        const krni_heap_entry at = krni_heap_pop(heap, &n);
        if (at.time != earliest[at.place])
            continue;
        for (uint32_t i = places->first_arc[at.place]; i < places->first_arc[at.place + 1]; i++) {
            const krni_place_arc *arc = &places->arcs[i];
            krn_time start = (krn_time)at.time;
            if (gates && arc->gated) {
                const krn_time opens = lead + krni_seconds(planning->costs[arc->activity].gate_h);
                start = opens > start ? opens : start;
            }
            const uint64_t end = (uint64_t)start + arc->run_s;
            if (end >= earliest[arc->head] || !places->useful[arc->head])
                continue;
            earliest[arc->head] = (uint32_t)end;
            assert(n <= places->n_arcs);
            krni_heap_push(heap, &n, (krni_heap_entry){end, arc->head});
        }
    }
    *out = earliest;
    return KRN_OK;
}
