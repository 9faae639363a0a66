/* SPDX-License-Identifier: Apache-2.0 */
/* blocked_times.c - earliest arrival where ways are open, and what never opens on them.
 *
 * Dijkstra with the opening hours and departures looked up one by one, without clocks: the planner
 * found nothing within its horizon, so few activities are asked. */
#include <assert.h>

#include "base/error.h"
#include "plan/blocked_search.h"
#include "plan/plan_heap.h"

/* When an activity can start at or after an instant, papers included; an activity that never does
 * is marked as blocked by its calendar. */
static krn_status start_of(krni_planning *planning, uint32_t a, krn_time at, krn_arena *arena,
                           krn_time *out)
{
    krn_activity_cost *cost = &planning->costs[a];
    krn_time start = at;
    if (planning->papers_from != KRN_TIME_NONE && cost->gate_h > 0.0) {
        const krn_time gate = planning->papers_from + krni_seconds(cost->gate_h);
        start = start < gate ? gate : start;
    }
    krn_activity words;
    krn_network_activity(planning->network, (krn_activity_id){a}, &words);
    const krn_status st = krni_activity_next_start(planning->network, (krn_activity_id){a}, &words,
                                                   start, arena, out, planning->err);
    if (st || *out != KRN_TIME_NONE)
        return st;
    cost->block = KRN_BLOCK_CALENDAR;
    cost->block_figure = words.calendar != KRN_NO_ROW
                             ? krni_figure(KRN_TABLE_CALENDAR, words.calendar, CALENDAR_CALENDAR_ID)
                             : words.figure;
    return KRN_OK;
}

/* Instants as seconds after base; UINT64_MAX: not reached. */
typedef struct front {
    uint64_t *at; /* by key */
    krni_heap_entry *heap;
    uint32_t n;
    krn_arena *own; /* of one look-up */
    uint32_t n_never;
} front;

static krn_status leave_key(krni_blocked_search *e, front *f, uint32_t key)
{
    krni_planning *planning = e->planning;
    const krn_network *net = planning->network;
    const uint32_t state = key >> e->bits;
    krn_arena_reset(f->own);
    for (uint32_t a = net->first_activity[state]; a < net->first_activity[state + 1]; a++) {
        krn_time start;
        if (krni_blocked_standing(e, a))
            continue;
        const krn_status st =
            start_of(planning, a, planning->base + (krn_time)f->at[key], f->own, &start);
        if (st)
            return st;
        if (start == KRN_TIME_NONE) {
            f->n_never++;
            continue;
        }
        const uint32_t head = krni_blocked_head(e, key, a);
        const uint64_t end =
            (uint64_t)(start - planning->base + krni_seconds(planning->costs[a].expected_h));
        if (end >= f->at[head])
            continue;
        f->at[head] = end;
        krni_heap_push(f->heap, &f->n, (krni_heap_entry){end, head});
    }
    return KRN_OK;
}

krn_status krni_blocked_times(krni_blocked_search *e, krn_time *out, uint32_t *out_never)
{
    krni_planning *planning = e->planning;
    krn_arena *arena = planning->scratch;
    const size_t n_entries = ((size_t)planning->network->n_activities << e->bits) + 1;
    front f = {.at = krn_arena_alloc(arena, e->n_keys * sizeof *f.at),
               .heap = krn_arena_alloc(arena, n_entries * sizeof *f.heap),
               .own = krn_arena_new(NULL, 0)};
    krn_status st = KRN_OK;
    *out = KRN_TIME_NONE;
    *out_never = 0;
    if (!f.at || !f.heap || !f.own) {
        st = krni_fail_memory(planning->err);
        goto done;
    }
    for (uint32_t key = 0; key < e->n_keys; key++)
        f.at[key] = UINT64_MAX;
    f.at[e->source] = 0;
    krni_heap_push(f.heap, &f.n, (krni_heap_entry){0, e->source});
    while (f.n && !st) {
        const krni_heap_entry top = krni_heap_pop(f.heap, &f.n);
        if (top.time == f.at[top.place])
            st = leave_key(e, &f, top.place);
    }
    *out_never = f.n_never;
    if (!st && f.at[e->target] != UINT64_MAX)
        *out = planning->base + (krn_time)f.at[e->target];
done:
    krn_arena_free(f.own);
    return st;
}
