/* SPDX-License-Identifier: Apache-2.0 */
/* plan_places.c - what of the network a query can reach, layer by layer.
 *
 * A place is a state of the network with a phase: what of the required was met, how the path stands
 * to the ways on which prices depend. Most activities keep the phase; some lead to another layer,
 * some to two of them at different prices (plan_way.c), some are shut in a layer (plan_require.c).
 *
 *     phase 0   o--o--o--o--o--o--o      only places that can be reached from the origin are made,
 *                      \\     /           and only those that lead to the target are useful
 *     phase 1           o--o--o
 *
 * Memory: about 32 bytes a place, 12 an arc; the number of layers is not bounded by a table but by
 * what can be reached. Order: places as they are found, breadth first, by activity. */
#include <assert.h>
#include <string.h>

#include "base/error.h"
#include "plan/planning.h"

#define NONE UINT32_MAX

static bool same_phase(const krni_phase *a, const krni_phase *b)
{
    return a->visited == b->visited && a->ways == b->ways && a->inside == b->inside &&
           a->entry == b->entry && a->back == b->back;
}

static krn_status more_places(const krni_planning *planning, krni_places *p)
{
    const uint32_t capacity = 2 * p->capacity;
    uint32_t *state_of = krn_arena_alloc(planning->scratch, capacity * sizeof *state_of);
    uint32_t *next = krn_arena_alloc(planning->scratch, capacity * sizeof *next);
    uint32_t *first_arc =
        krn_arena_alloc(planning->scratch, ((size_t)capacity + 1) * sizeof *first_arc);
    krni_phase *phases = krn_arena_alloc(planning->scratch, capacity * sizeof *phases);
    if (!state_of || !next || !first_arc || !phases)
        return krni_fail_memory(planning->err);
    memcpy(state_of, p->state_of, p->n * sizeof *state_of);
    memcpy(next, p->next, p->n * sizeof *next);
    memcpy(first_arc, p->first_arc, p->n * sizeof *first_arc);
    memcpy(phases, p->phases, p->n * sizeof *phases);
    p->state_of = state_of;
    p->next = next;
    p->first_arc = first_arc;
    p->phases = phases;
    p->capacity = capacity;
    return KRN_OK;
}

static krn_status place_for(const krni_planning *planning, krni_places *p, uint32_t state,
                            const krni_phase *phase, uint32_t *out)
{
    for (*out = p->first[state]; *out != NONE; *out = p->next[*out])
        if (same_phase(&p->phases[*out], phase))
            return KRN_OK;
    if (p->n == p->capacity) {
        const krn_status st = more_places(planning, p);
        if (st)
            return st;
    }
    *out = p->n++;
    p->state_of[*out] = state;
    p->phases[*out] = *phase;
    p->next[*out] = p->first[state];
    p->first[state] = *out;
    if (state == planning->destination && phase->ways == 0 && phase->back == KRN_NO_ID &&
        phase->visited == (1u << planning->n_required) - 1u) {
        assert(p->target == NONE);
        p->target = *out;
    }
    return KRN_OK;
}

static krn_status add_arc(const krni_planning *planning, krni_places *p, uint32_t head,
                          uint32_t activity, uint8_t paid)
{
    if (p->n_arcs == p->arc_capacity) {
        krni_place_arc *grown =
            krn_arena_alloc(planning->scratch, 2 * (size_t)p->arc_capacity * sizeof *grown);
        if (!grown)
            return krni_fail_memory(planning->err);
        memcpy(grown, p->arcs, p->n_arcs * sizeof *grown);
        p->arcs = grown;
        p->arc_capacity *= 2;
    }
    const krn_activity_cost *cost = &planning->costs[activity];
    const krn_time run_s = krni_seconds(cost->expected_h);
    p->arcs[p->n_arcs++] =
        (krni_place_arc){.head = head,
                         .activity = activity,
                         .run_s = run_s < (krn_time)UINT32_MAX ? (uint32_t)run_s : UINT32_MAX,
                         .paid = paid,
                         .gated = cost->gate_h > 0.0};
    return KRN_OK;
}

/* The arcs of one activity from a place. */
static krn_status follow(const krni_planning *planning, krni_places *p, uint32_t place, uint32_t a)
{
    krni_phase phase = p->phases[place]; /* a copy: places may move */
    const uint32_t to = planning->network->to_state[a];
    krni_way_step steps[KRNI_MOST_WAY_STEPS];
    uint32_t n = 1;
    if (planning->visits && !krni_require_step(planning, a, &phase))
        return KRN_OK;
    if (planning->ways)
        n = krni_way_steps(planning, &phase, a, steps);
    else
        steps[0] = (krni_way_step){0, 0, KRN_NO_ID};
    for (uint32_t i = 0; i < n; i++) {
        uint32_t head;
        phase.ways = steps[i].ways;
        phase.back = steps[i].back;
        krn_status st = place_for(planning, p, to, &phase, &head);
        if (!st && head != place && head != 0)
            st = add_arc(planning, p, head, a, steps[i].paid);
        if (st)
            return st;
    }
    return KRN_OK;
}

static krn_status discover(const krni_planning *planning, krni_places *p)
{
    const krn_network *net = planning->network;
    const krni_phase begin = {
        .visited = planning->visited_at_start, .entry = KRN_NO_ID, .back = KRN_NO_ID};
    uint32_t source;
    krn_status st = place_for(planning, p, planning->origin, &begin, &source);
    for (uint32_t place = 0; place < p->n && !st; place++) {
        p->first_arc[place] = p->n_arcs;
        if (place == p->target)
            continue;
        const uint32_t state = p->state_of[place];
        const uint32_t end = net->first_activity[state + 1];
        for (uint32_t a = net->first_activity[state]; a < end && !st; a++)
            if (planning->costs[a].block == KRN_BLOCK_NONE)
                st = follow(planning, p, place, a);
    }
    p->first_arc[p->n] = p->n_arcs;
    return st;
}

/* Places from which the target can be reached: backward over a reversed copy of the arcs. */
static krn_status find_useful(const krni_planning *planning, krni_places *p)
{
    krn_arena *arena = planning->scratch;
    uint32_t *first = krn_arena_calloc(arena, (size_t)p->n + 2, sizeof *first);
    uint32_t *tails = krn_arena_alloc(arena, ((size_t)p->n_arcs + 1) * sizeof *tails);
    uint32_t *queue = krn_arena_alloc(arena, (size_t)p->n * sizeof *queue);
    p->useful = krn_arena_calloc(arena, p->n, sizeof *p->useful);
    if (!first || !tails || !queue || !p->useful)
        return krni_fail_memory(planning->err);
    for (uint32_t i = 0; i < p->n_arcs; i++)
        first[p->arcs[i].head + 2]++;
    for (uint32_t i = 0; i < p->n; i++)
        first[i + 2] += first[i + 1];
    for (uint32_t place = 0; place < p->n; place++)
        for (uint32_t i = p->first_arc[place]; i < p->first_arc[place + 1]; i++)
            tails[first[p->arcs[i].head + 1]++] = place;
    uint32_t begin = 0, end = 0;
    queue[end++] = p->target;
    p->useful[p->target] = true;
    while (begin < end) {
        const uint32_t head = queue[begin++];
        for (uint32_t i = first[head]; i < first[head + 1]; i++)
            if (!p->useful[tails[i]]) {
                p->useful[tails[i]] = true;
                queue[end++] = tails[i];
            }
    }
    return KRN_OK;
}

krn_status krni_places_make(const krni_planning *planning, krni_places *out)
{
    const krn_network *net = planning->network;
    krn_arena *arena = planning->scratch;
    *out = (krni_places){
        .target = NONE, .capacity = net->n_states + 64, .arc_capacity = net->n_activities + 64};
    if (planning->origin == KRN_NO_ID || planning->destination == KRN_NO_ID)
        return KRN_OK;
    out->state_of = krn_arena_alloc(arena, out->capacity * sizeof *out->state_of);
    out->next = krn_arena_alloc(arena, out->capacity * sizeof *out->next);
    out->first_arc = krn_arena_alloc(arena, ((size_t)out->capacity + 1) * sizeof *out->first_arc);
    out->phases = krn_arena_alloc(arena, out->capacity * sizeof *out->phases);
    out->first = krn_arena_alloc(arena, net->n_states * sizeof *out->first);
    out->arcs = krn_arena_alloc(arena, out->arc_capacity * sizeof *out->arcs);
    if (!out->state_of || !out->next || !out->first_arc || !out->phases || !out->first ||
        !out->arcs)
        return krni_fail_memory(planning->err);
    memset(out->first, 0xff, net->n_states * sizeof *out->first);
    const krn_status st = discover(planning, out);
    if (st || out->target == NONE)
        return st;
    return find_useful(planning, out);
}
