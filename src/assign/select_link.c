/* SPDX-License-Identifier: Apache-2.0 */
/* select_link.c - who uses a link.
 *
 * An equilibrium fixes loads of links, not routes. Of one origin, trips part at a node in the same
 * shares whatever their destinations are: the most likely routes for its flows. Which flows an
 * origin has is settled by entropy.c. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "assign/answer.h"
#include "base/error.h"

static double inflow_of(const krni_graph *g, const double *flow, uint32_t node)
{
    double sum = 0.0;
    for (uint32_t k = g->first_in[node]; k < g->first_in[node + 1]; k++)
        sum += flow[g->in_link[k]];
    return sum;
}

typedef struct selection {
    const krni_problem *problem;
    const double *flow; /* of the source */
    uint32_t link;      /* of the graph */
    uint32_t *order;    /* nodes, upstream first */
    uint32_t *left;     /* in-links not passed yet */
    double *inflow;     /* by node */
    double *share;      /* of what comes to a node: has used the link */
    double *ahead;      /* flow through a node that will use the link */
    double *link_load;  /* by link of the graph: load of the trips that use the link */
} selection;

static uint32_t order_nodes(selection *w)
{
    const krni_graph *g = &w->problem->graph;
    uint32_t n = 0;
    for (uint32_t v = 0; v < g->n_nodes; v++) {
        w->left[v] = 0;
        w->inflow[v] = inflow_of(g, w->flow, v);
        for (uint32_t k = g->first_in[v]; k < g->first_in[v + 1]; k++)
            w->left[v] += w->flow[g->in_link[k]] > 0.0;
        if (!w->left[v])
            w->order[n++] = v;
    }
    for (uint32_t at = 0; at < n; at++)
        for (uint32_t a = g->first_out[w->order[at]]; a < g->first_out[w->order[at] + 1]; a++)
            if (w->flow[a] > 0.0 && --w->left[g->head[a]] == 0)
                w->order[n++] = g->head[a];
    return n;
}

/* Shares by node, and loads of all links by the trips of this source that use the link. */
static void select_source(selection *w)
{
    const krni_graph *g = &w->problem->graph;
    const uint32_t n = order_nodes(w);
    memset(w->share, 0, g->n_nodes * sizeof *w->share);
    memset(w->ahead, 0, g->n_nodes * sizeof *w->ahead);
    for (uint32_t at = 0; at < n; at++) {
        const uint32_t v = w->order[at];
        double used = 0.0;
        for (uint32_t k = g->first_in[v]; k < g->first_in[v + 1]; k++) {
            const uint32_t a = g->in_link[k];
            const double part = w->flow[a] * (a == w->link ? 1.0 : w->share[g->tail[a]]);
            used += part;
            w->link_load[a] += part;
        }
        w->share[v] = used > 0.0 ? fmin(1.0, used / w->inflow[v]) : 0.0;
    }
    w->ahead[g->tail[w->link]] = w->flow[w->link];
    for (uint32_t at = n; at-- > 0;) {
        const uint32_t v = w->order[at];
        if (!(w->ahead[v] > 0.0) || !(w->inflow[v] > 0.0))
            continue;
        for (uint32_t k = g->first_in[v]; k < g->first_in[v + 1]; k++) {
            const uint32_t a = g->in_link[k];
            const double part = w->ahead[v] * w->flow[a] / w->inflow[v];
            w->ahead[g->tail[a]] += part;
            w->link_load[a] += part;
        }
    }
}

static bool selection_new(selection *w, const krni_problem *p)
{
    const size_t n = p->graph.n_nodes + (size_t)1;
    *w = (selection){.problem = p,
                     .order = malloc(n * sizeof *w->order),
                     .left = malloc(n * sizeof *w->left),
                     .inflow = malloc(n * sizeof *w->inflow),
                     .share = malloc(n * sizeof *w->share),
                     .ahead = malloc(n * sizeof *w->ahead),
                     .link_load = calloc(p->graph.n_links + (size_t)1, sizeof *w->link_load)};
    return w->order && w->left && w->inflow && w->share && w->ahead && w->link_load;
}

static void selection_free(selection *w)
{
    free(w->order);
    free(w->left);
    free(w->inflow);
    free(w->share);
    free(w->ahead);
    free(w->link_load);
}

/* Link of the graph that a link of the caller is part of. */
static uint32_t chain_of(const krni_graph *g, uint32_t link)
{
    for (uint32_t a = 0; a < g->n_links; a++)
        for (uint32_t i = g->first_part[a]; i < g->first_part[a + 1]; i++)
            if (g->part[i] == link)
                return a;
    return KRNI_NO_LINK;
}

/* Trips of the caller by class and origin: next[k] chains them, first[source]. */
static void chain_trips(const krni_problem *p, uint32_t *first, uint32_t *next, uint32_t *source_of)
{
    const krn_assign_network *net = p->network;
    for (size_t i = 0; i < (size_t)p->n_classes * p->graph.n_nodes; i++)
        source_of[i] = UINT32_MAX;
    for (uint32_t s = 0; s < p->n_sources; s++) {
        first[s] = UINT32_MAX;
        source_of[(size_t)p->sources[s].class_index * p->graph.n_nodes + p->sources[s].node] = s;
    }
    for (uint32_t k = net->n_trips; k-- > 0;) {
        const krn_assign_trip *t = &net->trips[k];
        const uint32_t s =
            source_of[(size_t)t->class_index * p->graph.n_nodes + p->graph.place[t->origin]];
        next[k] = UINT32_MAX;
        if (s == UINT32_MAX || t->origin == t->destination)
            continue;
        next[k] = first[s];
        first[s] = k;
    }
}

static void select_all(const krn_assignment *w, selection *s, const uint32_t *first,
                       const uint32_t *next, double *out_trips_flow)
{
    const krni_problem *p = &w->problem;
    for (uint32_t k = 0; k < p->n_sources; k++) {
        s->flow = krni_flow_of(&w->segments, k);
        if (!(s->flow[s->link] > 0.0))
            continue;
        select_source(s);
        for (uint32_t t = first[k]; t != UINT32_MAX; t = next[t])
            out_trips_flow[t] = p->network->trips[t].flow *
                                s->share[p->graph.place[p->network->trips[t].destination]];
    }
}

krn_status krn_assignment_select(const krn_assignment *w, uint32_t link, double *out_trips_flow,
                                 double *out_links_load, krn_error *err)
{
    const krni_problem *p = &w->problem;
    selection s = {0};
    uint32_t *first = NULL, *next = NULL, *source_of = NULL;
    krn_status status = KRN_OK;
    if (link >= w->n_links || !w->segments.flow)
        return krni_fail(err, KRN_E_ARG,
                         "link %u: one of %u links of an answer with flows by origin was expected",
                         link, w->n_links);
    memset(out_trips_flow, 0, p->network->n_trips * sizeof *out_trips_flow);
    memset(out_links_load, 0, w->n_links * sizeof *out_links_load);
    first = malloc((p->n_sources + (size_t)1) * sizeof *first);
    next = malloc((p->network->n_trips + (size_t)1) * sizeof *next);
    source_of = malloc(((size_t)p->n_classes * p->graph.n_nodes + 1) * sizeof *source_of);
    if (!selection_new(&s, p) || !first || !next || !source_of) {
        status = krni_fail_memory(err);
        goto done;
    }
    s.link = chain_of(&p->graph, link);
    if (s.link == KRNI_NO_LINK)
        goto done; /* closed, or on no way */
    chain_trips(p, first, next, source_of);
    select_all(w, &s, first, next, out_trips_flow);
    for (uint32_t a = 0; a < p->graph.n_links; a++)
        for (uint32_t i = p->graph.first_part[a]; i < p->graph.first_part[a + 1]; i++)
            out_links_load[p->graph.part[i]] = s.link_load[a];
done:
    selection_free(&s);
    free(first);
    free(next);
    free(source_of);
    return status;
}
