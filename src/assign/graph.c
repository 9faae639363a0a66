/* SPDX-License-Identifier: Apache-2.0 */
/* graph.c - the open links of a network as chains between the nodes where ways part.
 *
 *   1 ---> a ---> b ---> 2        a and b: nobody starts or ends there, and who comes in has one
 *     <---   <---   <---          way on. The links 1a, ab, b2 become one; so do 2b, ba, a1.
 *
 * A chain has one flow, so its time is the sum of the times of its links; links are put together
 * where that sum is a law of the same form. A chain that comes back to its own begin is left out:
 * no cheapest way takes it. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "assign/shortest_tree.h"
#include "base/error.h"

#define NO_NODE UINT32_MAX

/* The first two links into and out of a node. */
typedef struct crossing {
    uint32_t n_in, n_out;
    uint32_t in[2], out[2];
} crossing;

typedef struct weaver {
    const krn_assign_network *net;
    krni_graph *graph;
    crossing *crossings;
    uint8_t *kept;
    uint32_t *chain_tail, *chain_head, *chain_begin; /* in the order found; begin into members */
    uint32_t *members;
    uint32_t n_chains, n_members;
} weaver;

static krn_status check_link(const krn_assign_network *net, uint32_t k, krn_error *err)
{
    const krn_assign_link *l = &net->links[k];
    if (l->tail >= net->n_nodes || l->head >= net->n_nodes)
        return krni_fail(err, KRN_E_ARG, "link %u: nodes 0 to %u were expected", k,
                         net->n_nodes ? net->n_nodes - 1 : 0);
    if (l->tail == l->head)
        return krni_fail(err, KRN_E_ARG, "link %u: two different nodes were expected", k);
    if (!(l->limit_flow >= 0.0))
        return krni_fail(err, KRN_E_ARG, "link %u: hard capacity %g: 0 or more was expected", k,
                         l->limit_flow);
    return KRN_OK;
}

static void count_links(weaver *w)
{
    for (uint32_t k = 0; k < w->net->n_links; k++) {
        const krn_assign_link *l = &w->net->links[k];
        if (l->closed)
            continue;
        crossing *from = &w->crossings[l->tail], *to = &w->crossings[l->head];
        if (from->n_out < 2)
            from->out[from->n_out] = k;
        if (to->n_in < 2)
            to->in[to->n_in] = k;
        from->n_out++;
        to->n_in++;
    }
}

static bool is_constant(const krn_delay *d)
{
    return d->kind == KRN_DELAY_CONSTANT ||
           (d->kind == KRN_DELAY_BPR && !(d->free_time * d->factor > 0.0 && d->power > 0.0));
}

/* Whether the sum of two laws has the form of each. */
static bool can_join(const krn_assign_link *a, const krn_assign_link *b)
{
    if (isfinite(a->limit_flow) || isfinite(b->limit_flow))
        return false;
    if (is_constant(&a->delay) || is_constant(&b->delay))
        return is_constant(&a->delay) && is_constant(&b->delay);
    return a->delay.kind == KRN_DELAY_BPR && b->delay.kind == KRN_DELAY_BPR &&
           a->delay.power == b->delay.power;
}

/* The link on from a node that is passed, coming by link k. */
static uint32_t link_on(const weaver *w, uint32_t k)
{
    const krn_assign_link *l = &w->net->links[k];
    const crossing *c = &w->crossings[l->head];
    const bool back = c->n_out == 2 && w->net->links[c->out[0]].head == l->tail;
    return c->out[back ? 1 : 0];
}

static bool is_passed(const weaver *w, uint32_t v)
{
    const krn_assign_link *links = w->net->links;
    const crossing *c = &w->crossings[v];
    if (c->n_in != c->n_out || !c->n_in || c->n_in > 2)
        return false;
    if (c->n_in == 2) {
        const uint32_t p = links[c->in[0]].tail, q = links[c->in[1]].tail;
        const uint32_t a = links[c->out[0]].head, b = links[c->out[1]].head;
        if (p == q || !((a == p && b == q) || (a == q && b == p)))
            return false;
    }
    for (uint32_t i = 0; i < c->n_in; i++)
        if (!can_join(&links[c->in[i]], &links[link_on(w, c->in[i])]))
            return false;
    return true;
}

static void choose_kept(weaver *w)
{
    const krn_assign_network *net = w->net;
    for (uint32_t k = 0; k < net->n_trips; k++)
        w->kept[net->trips[k].origin] = w->kept[net->trips[k].destination] = 1;
    for (uint32_t v = 0; v < net->n_nodes; v++) {
        if ((net->no_through && net->no_through[v]) || !is_passed(w, v))
            w->kept[v] = 1;
        w->graph->place[v] = w->kept[v] ? w->graph->n_nodes++ : NO_NODE;
        if (w->kept[v])
            w->graph->node[w->graph->place[v]] = v;
    }
}

static void walk_chain(weaver *w, uint32_t k)
{
    const krn_assign_link *links = w->net->links;
    const uint32_t begin = w->n_members, tail = links[k].tail;
    w->members[w->n_members++] = k;
    while (!w->kept[links[k].head]) {
        k = link_on(w, k);
        w->members[w->n_members++] = k;
    }
    if (links[k].head == tail) {
        w->n_members = begin; /* leads nowhere */
        return;
    }
    w->chain_tail[w->n_chains] = w->graph->place[tail];
    w->chain_head[w->n_chains] = w->graph->place[links[k].head];
    w->chain_begin[w->n_chains++] = begin;
}

/* Chains in order of their tails; of one tail as found. */
static void sort_chains(weaver *w)
{
    krni_graph *g = w->graph;
    uint32_t *next = g->first_in; /* scratch until heads are sorted */
    uint32_t n = 0;
    for (uint32_t c = 0; c < w->n_chains; c++)
        g->first_out[w->chain_tail[c] + 1]++;
    for (uint32_t v = 0; v < g->n_nodes; v++)
        g->first_out[v + 1] += g->first_out[v];
    memcpy(next, g->first_out, (g->n_nodes + (size_t)1) * sizeof *next);
    w->chain_begin[w->n_chains] = w->n_members;
    for (uint32_t c = 0; c < w->n_chains; c++) {
        const uint32_t a = next[w->chain_tail[c]]++;
        g->tail[a] = w->chain_tail[c];
        g->head[a] = w->chain_head[c];
        g->in_link[a] = c; /* scratch: which chain it is */
    }
    for (uint32_t a = 0; a < g->n_links; a++) {
        const uint32_t c = g->in_link[a];
        g->first_part[a] = n;
        for (uint32_t i = w->chain_begin[c]; i < w->chain_begin[c + 1]; i++)
            g->part[n++] = w->members[i];
    }
    g->first_part[g->n_links] = n;
}

static void sort_heads(krni_graph *g)
{
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

static bool make_room(weaver *w)
{
    krni_graph *g = w->graph;
    const size_t n = w->net->n_nodes + (size_t)1, m = w->net->n_links + (size_t)1;
    w->crossings = calloc(n, sizeof *w->crossings);
    w->kept = calloc(n, 1);
    w->chain_tail = malloc(m * sizeof *w->chain_tail);
    w->chain_head = malloc(m * sizeof *w->chain_head);
    w->chain_begin = malloc((m + 1) * sizeof *w->chain_begin);
    w->members = malloc(m * sizeof *w->members);
    g->place = malloc(n * sizeof *g->place);
    g->node = malloc(n * sizeof *g->node);
    g->first_out = calloc(n, sizeof *g->first_out);
    g->first_in = calloc(n, sizeof *g->first_in);
    g->head = malloc(m * sizeof *g->head);
    g->tail = malloc(m * sizeof *g->tail);
    g->in_link = malloc(m * sizeof *g->in_link);
    g->first_part = malloc((m + 1) * sizeof *g->first_part);
    g->part = malloc(m * sizeof *g->part);
    g->shut = calloc(n, 1);
    return w->crossings && w->kept && w->chain_tail && w->chain_head && w->chain_begin &&
           w->members && g->place && g->node && g->first_out && g->first_in && g->head && g->tail &&
           g->in_link && g->first_part && g->part && g->shut;
}

static void weave(weaver *w)
{
    const krn_assign_network *net = w->net;
    krni_graph *g = w->graph;
    count_links(w);
    choose_kept(w);
    for (uint32_t k = 0; k < net->n_links; k++)
        if (!net->links[k].closed && w->kept[net->links[k].tail])
            walk_chain(w, k);
    g->n_links = w->n_chains;
    sort_chains(w);
    sort_heads(g);
    for (uint32_t v = 0; net->no_through && v < net->n_nodes; v++)
        if (w->kept[v])
            g->shut[g->place[v]] = net->no_through[v];
}

krn_status krni_graph_new(const krn_assign_network *net, krni_graph *out, krn_error *err)
{
    krn_status status = KRN_OK;
    weaver w = {.net = net, .graph = out};
    *out = (krni_graph){0};
    for (uint32_t k = 0; k < net->n_links && !status; k++)
        status = check_link(net, k, err);
    if (!status && !make_room(&w))
        status = krni_fail_memory(err);
    if (!status)
        weave(&w);
    else
        krni_graph_free(out);
    free(w.crossings);
    free(w.kept);
    free(w.chain_tail);
    free(w.chain_head);
    free(w.chain_begin);
    free(w.members);
    return status;
}

void krni_graph_free(krni_graph *g)
{
    free(g->place);
    free(g->node);
    free(g->first_out);
    free(g->first_in);
    free(g->head);
    free(g->tail);
    free(g->in_link);
    free(g->first_part);
    free(g->part);
    free(g->shut);
    *g = (krni_graph){0};
}
