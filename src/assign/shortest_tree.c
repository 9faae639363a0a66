/* SPDX-License-Identifier: Apache-2.0 */
/* shortest_tree.c - Dijkstra with a heap of four children, and repair of a tree after costs moved.
 *
 * Repair: the labels along the old tree are costs of real ways, so they are upper bounds. Links
 * that promise less are found in one pass over the graph; their heads go into the heap and are
 * settled in order of their labels, each once. */
#include "assign/shortest_tree.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

/* ---- heap ---- */

static void put(krni_tree_work *w, uint32_t at, krni_heap_item item)
{
    w->heap[at] = item;
    w->place[item.node] = at + 1;
}

/* Node into the heap, or up in it, by its label. */
static void raise(krni_tree_work *w, uint32_t node, double key)
{
    uint32_t at = w->place[node] ? w->place[node] - 1 : w->n_heap++;
    while (at) {
        const uint32_t parent = (at - 1) / 4;
        if (w->heap[parent].key <= key)
            break;
        put(w, at, w->heap[parent]);
        at = parent;
    }
    put(w, at, (krni_heap_item){key, node});
}

static uint32_t take_least(krni_tree_work *w)
{
    const uint32_t node = w->heap[0].node;
    const krni_heap_item last = w->heap[--w->n_heap];
    w->place[node] = 0;
    if (!w->n_heap)
        return node;
    uint32_t at = 0;
    for (;;) {
        const uint32_t first = 4 * at + 1;
        if (first >= w->n_heap)
            break;
        const uint32_t end = first + 4 < w->n_heap ? first + 4 : w->n_heap;
        uint32_t least = first;
        for (uint32_t c = first + 1; c < end; c++)
            if (w->heap[c].key < w->heap[least].key)
                least = c;
        if (last.key <= w->heap[least].key)
            break;
        put(w, at, w->heap[least]);
        at = least;
    }
    put(w, at, last);
    return node;
}

/* ---- trees ---- */

static void settle(const krni_graph *g, const double *cost, uint32_t origin, uint32_t *enter,
                   krni_tree_work *w)
{
    while (w->n_heap) {
        const uint32_t v = take_least(w);
        if (g->shut[v] && v != origin)
            continue;
        const double from = w->label[v];
        for (uint32_t a = g->first_out[v]; a < g->first_out[v + 1]; a++) {
            const uint32_t to = g->head[a];
            const double label = from + cost[a];
            if (label < w->label[to]) {
                w->label[to] = label;
                enter[to] = a;
                raise(w, to, label);
            }
        }
    }
}

void krni_tree_build(const krni_graph *g, const double *cost, uint32_t origin, uint32_t *enter,
                     krni_tree_work *w)
{
    assert(w->n_heap == 0);
    for (uint32_t v = 0; v < g->n_nodes; v++) {
        w->label[v] = INFINITY;
        enter[v] = KRNI_NO_LINK;
    }
    w->label[origin] = 0.0;
    raise(w, origin, 0.0);
    settle(g, cost, origin, enter, w);
}

/* Costs of the ways in a tree, each node once. */
static void label_tree(const krni_graph *g, const double *cost, uint32_t origin,
                       const uint32_t *enter, krni_tree_work *w)
{
    for (uint32_t v = 0; v < g->n_nodes; v++)
        w->label[v] = enter[v] == KRNI_NO_LINK ? INFINITY : -1.0;
    w->label[origin] = 0.0;
    for (uint32_t v = 0; v < g->n_nodes; v++) {
        uint32_t depth = 0, at = v;
        while (w->label[at] < 0.0) {
            w->stack[depth++] = enter[at];
            at = g->tail[enter[at]];
        }
        double label = w->label[at];
        while (depth) {
            const uint32_t a = w->stack[--depth];
            label += cost[a];
            w->label[g->head[a]] = label;
        }
    }
}

void krni_tree_repair(const krni_graph *g, const double *cost, uint32_t origin, uint32_t *enter,
                      krni_tree_work *w)
{
    assert(w->n_heap == 0);
    label_tree(g, cost, origin, enter, w);
    for (uint32_t v = 0; v < g->n_nodes; v++) {
        if (g->shut[v] && v != origin)
            continue;
        const double from = w->label[v];
        for (uint32_t a = g->first_out[v]; a < g->first_out[v + 1]; a++) {
            const uint32_t to = g->head[a];
            const double label = from + cost[a];
            if (label < w->label[to]) {
                w->label[to] = label;
                enter[to] = a;
                raise(w, to, label);
            }
        }
    }
    settle(g, cost, origin, enter, w);
}

krn_status krni_tree_work_new(uint32_t n_nodes, krni_tree_work *out, krn_error *err)
{
    const size_t n = n_nodes + (size_t)1;
    *out = (krni_tree_work){0};
    out->label = malloc(n * sizeof *out->label);
    out->place = calloc(n, sizeof *out->place);
    out->stack = malloc(n * sizeof *out->stack);
    out->heap = malloc(n * sizeof *out->heap);
    if (out->label && out->place && out->stack && out->heap)
        return KRN_OK;
    krni_tree_work_free(out);
    return krni_fail_memory(err);
}

void krni_tree_work_free(krni_tree_work *w)
{
    free(w->label);
    free(w->place);
    free(w->stack);
    free(w->heap);
    *w = (krni_tree_work){0};
}
