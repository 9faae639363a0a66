/* SPDX-License-Identifier: Apache-2.0 */
/* way.c - the places that a service passes between two stops that no link joins.
 *
 *   stop A . . . . . . stop B          Dijkstra over (place, gauge), by km, with a binary heap;
 *       \__ P __ Q __/                 of equal ways the one whose places come first by id
 *
 * A change of gauge costs no km, so trains change where they must; which changes are taken is
 * decided by service.c for the whole trip. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "model/draft.h"

typedef struct entry {
    double km;
    uint32_t order; /* place of the node by id: breaks ties */
    uint32_t at;    /* node * lanes + lane */
} entry;

typedef struct search {
    krni_network_draft *draft;
    krn_mode mode;
    bool in_service_only;
    uint32_t n_lanes; /* gauges on rails, 1 else */
    double *km;
    uint32_t *before; /* where from, or KRN_NO_ROW */
    entry *heap;
    uint32_t n_heap, capacity;
} search;

static bool comes_first(const entry *a, const entry *b)
{
    if (a->km != b->km)
        return a->km < b->km;
    return a->order != b->order ? a->order < b->order : a->at < b->at;
}

static krn_status push(search *s, double km, uint32_t at, krn_error *err)
{
    if (s->n_heap == s->capacity) {
        const uint32_t capacity = s->capacity ? 2 * s->capacity : 256;
        entry *grown = krn_arena_alloc(s->draft->arena, capacity * sizeof *grown);
        if (!grown)
            return krni_fail_memory(err);
        if (s->n_heap)
            memcpy(grown, s->heap, s->n_heap * sizeof *grown);
        s->heap = grown;
        s->capacity = capacity;
    }
    const entry added = {km, s->draft->rank[KRN_TABLE_NODE][at / s->n_lanes], at};
    uint32_t i = s->n_heap++;
    for (; i > 0 && comes_first(&added, &s->heap[(i - 1) / 2]); i = (i - 1) / 2)
        s->heap[i] = s->heap[(i - 1) / 2];
    s->heap[i] = added;
    return KRN_OK;
}

static entry pop(search *s)
{
    assert(s->n_heap > 0);
    const entry top = s->heap[0];
    const entry last = s->heap[--s->n_heap];
    uint32_t i = 0;
    for (;;) {
        uint32_t child = 2 * i + 1;
        if (child >= s->n_heap)
            break;
        if (child + 1 < s->n_heap && comes_first(&s->heap[child + 1], &s->heap[child]))
            child++;
        if (!comes_first(&s->heap[child], &last))
            break;
        s->heap[i] = s->heap[child];
        i = child;
    }
    s->heap[i] = last;
    return top;
}

static krn_status reach(search *s, double km, uint32_t at, uint32_t before, krn_error *err)
{
    if (!(km < s->km[at]))
        return KRN_OK;
    s->km[at] = km;
    s->before[at] = before;
    return push(s, km, at, err);
}

/* Goes on from a place: along its links, and to other gauges. */
static krn_status expand(search *s, const entry *from, krn_error *err)
{
    const krni_network_draft *draft = s->draft;
    const uint32_t node = from->at / s->n_lanes, lane = from->at % s->n_lanes;
    krn_status st = KRN_OK;
    for (uint32_t end = draft->node_ends[node]; end != KRN_NO_ROW && !st;
         end = draft->ends[end].next) {
        const krni_draft_link *link = &draft->links[draft->ends[end].link];
        if (link->mode != s->mode || (s->in_service_only && !link->in_service) ||
            (link->directed && link->from != node) ||
            (s->mode == KRN_RAIL && !(link->gauges & 1u << lane)))
            continue;
        const uint32_t next = link->from == node ? link->to : link->from;
        st = reach(s, from->km + link->length_km, next * s->n_lanes + lane, from->at, err);
    }
    if (s->mode == KRN_RAIL && draft->change_at_node[node] != KRN_NO_ROW)
        for (uint32_t to = 0; to < s->n_lanes && !st; to++)
            if (to != lane && !isnan(krni_gauge_change_typical_h(draft, node, (int)lane, (int)to,
                                                                 draft->all_classes)))
                st = reach(s, from->km, node * s->n_lanes + to, from->at, err);
    return st;
}

/* Runs until the place is reached; *out_at where it ended, or KRN_NO_ROW. */
static krn_status run(search *s, int gauge, uint32_t from, uint32_t to, uint32_t *out_at,
                      krn_error *err)
{
    const uint32_t n = s->draft->n_nodes * s->n_lanes;
    krn_status st = KRN_OK;
    for (uint32_t i = 0; i < n; i++)
        s->km[i] = INFINITY;
    s->n_heap = 0;
    *out_at = KRN_NO_ROW;
    for (uint32_t lane = 0; lane < s->n_lanes && !st; lane++)
        if (gauge < 0 || lane == (uint32_t)gauge)
            st = reach(s, 0.0, from * s->n_lanes + lane, KRN_NO_ROW, err);
    while (s->n_heap && !st) {
        const entry top = pop(s);
        if (top.km > s->km[top.at])
            continue; /* reached by a shorter way since */
        if (top.at / s->n_lanes == to) {
            *out_at = top.at;
            break;
        }
        st = expand(s, &top, err);
    }
    return st;
}

krn_status krni_way_between(krni_network_draft *draft, krn_mode mode, int gauge, uint32_t from,
                            uint32_t to, uint32_t **out_nodes, uint32_t *out_n, krn_error *err)
{
    search s = {.draft = draft, .mode = mode};
    s.n_lanes = mode == KRN_RAIL ? draft->n_gauges : 1;
    const size_t n = (size_t)draft->n_nodes * s.n_lanes;
    s.km = krn_arena_alloc(draft->arena, n * sizeof *s.km);
    s.before = krn_arena_alloc(draft->arena, n * sizeof *s.before);
    uint32_t *nodes = krn_arena_alloc(draft->arena, n * sizeof *nodes);
    if (!s.km || !s.before || !nodes)
        return krni_fail_memory(err);
    uint32_t at = KRN_NO_ROW;
    krn_status st = KRN_OK;
    for (int all = 0; all < 2 && at == KRN_NO_ROW && !st; all++) {
        s.in_service_only = all == 0;
        st = run(&s, mode == KRN_RAIL ? gauge : -1, from, to, &at, err);
    }
    if (st)
        return st;
    uint32_t n_between = 0;
    for (uint32_t last = to; at != KRN_NO_ROW; at = s.before[at]) {
        const uint32_t node = at / s.n_lanes;
        if (node != last && node != from)
            nodes[n_between++] = node;
        last = node;
    }
    for (uint32_t i = 0; i < n_between / 2; i++) {
        const uint32_t held = nodes[i];
        nodes[i] = nodes[n_between - 1 - i];
        nodes[n_between - 1 - i] = held;
    }
    *out_nodes = nodes;
    *out_n = n_between;
    return KRN_OK;
}
