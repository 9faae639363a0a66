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

/* ---- graph ---- */

static krn_status check_link(const krn_assign_network *net, uint32_t k, krn_error *err)
{
    const krn_assign_link *l = &net->links[k];
    if (l->tail >= net->n_nodes || l->head >= net->n_nodes)
        return krni_fail(err, KRN_E_ARG, "link %u: nodes 0 to %u were expected", k,
                         net->n_nodes ? net->n_nodes - 1 : 0);
    if (l->tail == l->head)
        return krni_fail(err, KRN_E_ARG, "link %u: two different nodes were expected", k);
    return KRN_OK;
}

static void sort_links(const krn_assign_network *net, krni_graph *g)
{
    uint32_t *next = g->first_in; /* scratch until the second sort */
    for (uint32_t k = 0; k < net->n_links; k++)
        if (!net->links[k].closed)
            g->first_out[net->links[k].tail + 1]++;
    for (uint32_t v = 0; v < g->n_nodes; v++)
        g->first_out[v + 1] += g->first_out[v];
    memcpy(next, g->first_out, (g->n_nodes + (size_t)1) * sizeof *next);
    for (uint32_t k = 0; k < net->n_links; k++) {
        if (net->links[k].closed)
            continue;
        const uint32_t a = next[net->links[k].tail]++;
        g->tail[a] = net->links[k].tail;
        g->head[a] = net->links[k].head;
        g->input[a] = k;
    }
    memset(g->first_in, 0, (g->n_nodes + (size_t)1) * sizeof *g->first_in);
    for (uint32_t a = 0; a < g->n_links; a++)
        g->first_in[g->head[a] + 1]++;
    for (uint32_t v = 0; v < g->n_nodes; v++)
        g->first_in[v + 1] += g->first_in[v];
    for (uint32_t a = g->n_links; a-- > 0;)
        g->in_link[--g->first_in[g->head[a] + 1]] = a;
    /* counting down left first_in[v + 1] at the begin of v: move it to its place */
    for (uint32_t v = 0; v < g->n_nodes; v++)
        g->first_in[v] = g->first_in[v + 1];
    g->first_in[g->n_nodes] = g->n_links;
}

krn_status krni_graph_new(const krn_assign_network *net, krni_graph *out, krn_error *err)
{
    krn_status status = KRN_OK;
    *out = (krni_graph){.n_nodes = net->n_nodes};
    for (uint32_t k = 0; k < net->n_links && !status; k++) {
        status = check_link(net, k, err);
        out->n_links += !net->links[k].closed;
    }
    if (status)
        return status;
    const size_t n = net->n_nodes + (size_t)1, m = out->n_links + (size_t)1;
    out->first_out = calloc(n, sizeof *out->first_out);
    out->first_in = calloc(n, sizeof *out->first_in);
    out->head = malloc(m * sizeof *out->head);
    out->tail = malloc(m * sizeof *out->tail);
    out->in_link = malloc(m * sizeof *out->in_link);
    out->input = malloc(m * sizeof *out->input);
    out->shut = calloc(n, 1);
    if (!out->first_out || !out->first_in || !out->head || !out->tail || !out->in_link ||
        !out->input || !out->shut) {
        krni_graph_free(out);
        return krni_fail_memory(err);
    }
    sort_links(net, out);
    for (uint32_t v = 0; net->no_through && v < net->n_nodes; v++)
        out->shut[v] = net->no_through[v];
    return KRN_OK;
}

void krni_graph_free(krni_graph *g)
{
    free(g->first_out);
    free(g->first_in);
    free(g->head);
    free(g->tail);
    free(g->in_link);
    free(g->input);
    free(g->shut);
    *g = (krni_graph){0};
}

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
