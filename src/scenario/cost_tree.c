/* SPDX-License-Identifier: Apache-2.0 */
/* cost_tree.c - Dijkstra over states, with a heap of four children.
 *
 * What leaves a node costs the same from whatever link of a type it was reached, so the first
 * arrival at a node with a type serves all links but its own, and the second one that one; later
 * arrivals need not be looked at, nor sought. */
#include "scenario/cost_tree.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/error.h"

#define NOT_IN_HEAP UINT32_MAX

typedef struct layer {
    uint64_t types;     /* bit of each type used */
    uint32_t *arrived;  /* by node and type: link of the first arrival */
    uint8_t *n_arrived; /* 0, 1, 2 */
} layer;

typedef struct heap_item {
    double cost;
    uint32_t label;
} heap_item;

struct krni_tree {
    const krni_virtual *v;
    krn_arena *arena;
    bool combinations;
    uint32_t n_labels; /* of a layer */
    uint32_t n_layers;
    layer layers[KRNI_MOST_LAYERS];
    uint32_t room; /* layers that the arrays by label have room for */
    /* By label, layer after layer: states, then nodes as destinations. */
    double *cost;
    uint32_t *from;  /* label, or KRNI_NO_INDEX */
    uint32_t *place; /* in the heap */
    heap_item *heap;
    uint32_t n_heap;
    uint32_t *way;
    uint32_t most_way;
    /* of the run */
    const krni_virtual_costs *costs;
    const bool *wanted;
};

/* ---- heap ---- */

static bool is_before(const heap_item *a, const heap_item *b)
{
    return a->cost < b->cost || (a->cost == b->cost && a->label < b->label);
}

static void put(krni_tree *t, uint32_t at, heap_item item)
{
    t->heap[at] = item;
    t->place[item.label] = at;
}

static void sift_up(krni_tree *t, uint32_t at, heap_item item)
{
    while (at) {
        const uint32_t parent = (at - 1) / 4;
        if (!is_before(&item, &t->heap[parent]))
            break;
        put(t, at, t->heap[parent]);
        at = parent;
    }
    put(t, at, item);
}

static heap_item pop(krni_tree *t)
{
    const heap_item top = t->heap[0], last = t->heap[--t->n_heap];
    uint32_t at = 0;
    t->place[top.label] = NOT_IN_HEAP;
    if (!t->n_heap)
        return top;
    for (;;) {
        uint32_t best = at * 4 + 1;
        if (best >= t->n_heap)
            break;
        for (uint32_t child = best + 1; child < at * 4 + 5 && child < t->n_heap; child++)
            if (is_before(&t->heap[child], &t->heap[best]))
                best = child;
        if (!is_before(&t->heap[best], &last))
            break;
        put(t, at, t->heap[best]);
        at = best;
    }
    put(t, at, last);
    return top;
}

/* ---- layers ---- */

/* Room for twice the layers; what is there stays. */
static bool grow(krni_tree *t)
{
    const uint32_t room = t->room ? 2 * t->room : 1;
    const size_t n = (size_t)room * t->n_labels, used = (size_t)t->n_layers * t->n_labels;
    double *cost = krn_arena_alloc(t->arena, n * sizeof *cost);
    uint32_t *from = krn_arena_alloc(t->arena, n * sizeof *from);
    uint32_t *place = krn_arena_alloc(t->arena, n * sizeof *place);
    heap_item *heap = krn_arena_alloc(t->arena, n * sizeof *heap);
    if (!cost || !from || !place || !heap)
        return false;
    if (used) {
        memcpy(cost, t->cost, used * sizeof *cost);
        memcpy(from, t->from, used * sizeof *from);
        memcpy(place, t->place, used * sizeof *place);
        memcpy(heap, t->heap, t->n_heap * sizeof *heap);
    }
    t->room = room;
    t->cost = cost;
    t->from = from;
    t->place = place;
    t->heap = heap;
    return true;
}

static void clear_layer(krni_tree *t, uint32_t at)
{
    const size_t first = (size_t)at * t->n_labels;
    for (uint32_t k = 0; k < t->n_labels; k++)
        t->cost[first + k] = HUGE_VAL;
    memset(t->place + first, 0xff, t->n_labels * sizeof *t->place);
    memset(t->layers[at].n_arrived, 0, (size_t)t->v->network->n_nodes * t->v->n_types);
}

static krn_status add_layer(krni_tree *t, uint64_t types, krn_error *err)
{
    const size_t n_cells = (size_t)t->v->network->n_nodes * t->v->n_types + 1u;
    if (t->n_layers == KRNI_MOST_LAYERS)
        return krni_fail(err, KRN_E_LIMIT,
                         "more than %u combinations of vehicle classes; fewer kinds of "
                         "transhipment in the cost set were expected",
                         KRNI_MOST_LAYERS);
    if ((uint64_t)t->n_labels * 2u * (t->n_layers + 1u) >= UINT32_MAX)
        return krni_fail(err, KRN_E_LIMIT, "too many moves times combinations of classes");
    layer *l = &t->layers[t->n_layers];
    l->types = types;
    l->arrived = krn_arena_alloc(t->arena, n_cells * sizeof *l->arrived);
    l->n_arrived = krn_arena_alloc(t->arena, n_cells);
    if (!l->arrived || !l->n_arrived || (t->n_layers == t->room && !grow(t)))
        return krni_fail_memory(err);
    clear_layer(t, t->n_layers++);
    return KRN_OK;
}

static krn_status find_layer(krni_tree *t, uint64_t types, uint32_t *out, krn_error *err)
{
    for (*out = 0; *out < t->n_layers; (*out)++)
        if (t->layers[*out].types == types)
            return KRN_OK;
    return add_layer(t, types, err);
}

krni_tree *krni_tree_new(const krni_virtual *v, bool combinations, krn_arena *arena)
{
    krni_tree *t = krn_arena_calloc(arena, 1, sizeof *t);
    if (!t)
        return NULL;
    t->v = v;
    t->arena = arena;
    t->combinations = combinations;
    t->n_labels = v->n_states + v->network->n_nodes;
    return t;
}

/* ---- the run ---- */

static void reach(krni_tree *t, uint32_t label, double cost, uint32_t from)
{
    if (!(cost < t->cost[label]))
        return;
    t->cost[label] = cost;
    t->from[label] = from;
    sift_up(t, t->place[label] == NOT_IN_HEAP ? t->n_heap++ : t->place[label],
            (heap_item){cost, label});
}

/* An arrival that would serve nothing: two were there, or one by the same link. */
static bool is_late(const krni_tree *t, const layer *l, const krni_state *s)
{
    const size_t cell = (size_t)s->head * t->v->n_types + s->type;
    return l->n_arrived[cell] == 2 || (l->n_arrived[cell] == 1 && l->arrived[cell] == s->link);
}

/* On from a node to all moves of a type, but not back over a link. */
static void leave(krni_tree *t, uint32_t layer_at, size_t cell, double cost, uint32_t not_link,
                  uint32_t from)
{
    const krni_virtual *v = t->v;
    const uint32_t first = layer_at * t->n_labels;
    for (uint32_t k = v->out_first[cell]; k < v->out_first[cell + 1]; k++) {
        const uint32_t s = v->out_states[k];
        if (v->states[s].link != not_link && !is_late(t, &t->layers[layer_at], &v->states[s]))
            reach(t, first + s, cost + t->costs->move[s], from);
    }
}

static krn_status tranship(krni_tree *t, uint32_t layer_at, const krni_state *s, heap_item item,
                           krn_error *err)
{
    const krni_virtual *v = t->v;
    const uint32_t row = v->tranship_at[s->head];
    if (row == KRNI_NO_INDEX)
        return KRN_OK;
    for (uint32_t u = 0; u < v->n_types; u++) {
        const double cost =
            t->costs->tranship[((size_t)row * v->n_types + s->type) * v->n_types + u];
        uint32_t to = layer_at;
        if (cost == HUGE_VAL)
            continue;
        if (t->combinations) {
            const krn_status status =
                find_layer(t, t->layers[layer_at].types | UINT64_C(1) << u, &to, err);
            if (status)
                return status;
        }
        leave(t, to, (size_t)s->head * v->n_types + u, item.cost + cost, KRNI_NO_INDEX, item.label);
    }
    return KRN_OK;
}

static krn_status arrive(krni_tree *t, heap_item item, krn_error *err)
{
    const uint32_t layer_at = item.label / t->n_labels;
    layer *l = &t->layers[layer_at];
    const krni_state *s = &t->v->states[item.label % t->n_labels];
    const size_t cell = (size_t)s->head * t->v->n_types + s->type;
    if (t->wanted[s->head])
        reach(t, layer_at * t->n_labels + t->v->n_states + s->head,
              item.cost + t->costs->unload[cell], item.label);
    if (is_late(t, l, s))
        return KRN_OK;
    if (t->costs->transit[cell] < HUGE_VAL)
        leave(t, layer_at, cell, item.cost + t->costs->transit[cell], s->link, item.label);
    l->arrived[cell] = s->link;
    return l->n_arrived[cell]++ ? KRN_OK : tranship(t, layer_at, s, item, err);
}

static krn_status load(krni_tree *t, uint32_t origin, krn_error *err)
{
    const krni_virtual *v = t->v;
    for (uint32_t type = 0; type < v->n_types; type++) {
        const size_t cell = (size_t)origin * v->n_types + type;
        uint32_t to = 0;
        if (t->costs->load[cell] == HUGE_VAL)
            continue;
        if (t->combinations) {
            const krn_status status = find_layer(t, UINT64_C(1) << type, &to, err);
            if (status)
                return status;
        }
        leave(t, to, cell, t->costs->load[cell], KRNI_NO_INDEX, KRNI_NO_INDEX);
    }
    return KRN_OK;
}

krn_status krni_tree_run(krni_tree *t, const krni_virtual_costs *costs, uint32_t origin,
                         const bool *wanted, uint32_t n_wanted, krn_error *err)
{
    krn_status status = KRN_OK;
    if (t->combinations && t->v->n_types > 64)
        return krni_fail(err, KRN_E_LIMIT, "combinations of %u vehicle classes; at most 64",
                         t->v->n_types);
    t->costs = costs;
    t->wanted = wanted;
    t->n_heap = 0;
    for (uint32_t k = 0; k < t->n_layers; k++)
        clear_layer(t, k);
    if (!t->n_layers && !t->combinations)
        status = add_layer(t, 0, err);
    if (!status)
        status = load(t, origin, err);
    while (!status && t->n_heap) {
        const heap_item item = pop(t);
        if (item.label % t->n_labels < t->v->n_states)
            status = arrive(t, item, err);
        else if (!t->combinations && --n_wanted == 0)
            break;
    }
    return status;
}

/* ---- what was found ---- */

uint32_t krni_tree_layers(const krni_tree *tree)
{
    return tree->n_layers;
}

double krni_tree_cost(const krni_tree *tree, uint32_t layer_at, uint32_t node)
{
    assert(layer_at < tree->n_layers);
    return tree->cost[(size_t)layer_at * tree->n_labels + tree->v->n_states + node];
}

const uint32_t *krni_tree_way(krni_tree *t, uint32_t layer_at, uint32_t node, uint32_t *out_n,
                              krn_error *err)
{
    uint32_t n = 0;
    *out_n = 0;
    if (krni_tree_cost(t, layer_at, node) == HUGE_VAL)
        return NULL;
    const uint32_t last = t->from[(size_t)layer_at * t->n_labels + t->v->n_states + node];
    for (uint32_t at = last; at != KRNI_NO_INDEX; at = t->from[at])
        n++;
    if (n > t->most_way) {
        t->most_way = 2 * n;
        t->way = krn_arena_alloc(t->arena, t->most_way * sizeof *t->way);
        if (!t->way) {
            t->most_way = 0;
            (void)krni_fail_memory(err);
            return NULL;
        }
    }
    *out_n = n;
    for (uint32_t at = last; at != KRNI_NO_INDEX; at = t->from[at])
        t->way[--n] = at % t->n_labels;
    return t->way;
}
