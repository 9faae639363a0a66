/* SPDX-License-Identifier: Apache-2.0 */
/* problem.c - trips sorted into sources, costs of classes in units of time.
 *
 * A class sees time + (toll_weight * toll + length_weight * length) / time_weight. Divided by its
 * weight of time, costs of all classes share one time of the link, so the equilibrium of several
 * classes is the least point of one convex function, and loads of links are unique. */
#include "assign/problem.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

static krn_status check_class(const krn_assign_class *c, uint32_t k, krn_error *err)
{
    if (!(c->equivalents > 0.0) || !(c->time_weight > 0.0) || !isfinite(c->equivalents) ||
        !isfinite(c->time_weight))
        return krni_fail(err, KRN_E_ARG,
                         "class %u: equivalents and weight of time above 0 were expected", k);
    if (!(c->toll_weight >= 0.0) || !(c->length_weight >= 0.0) || !isfinite(c->toll_weight) ||
        !isfinite(c->length_weight))
        return krni_fail(err, KRN_E_ARG, "class %u: weights of 0 or more were expected", k);
    return KRN_OK;
}

static krn_status check_trip(const krn_assign_network *net, uint32_t k, krn_error *err)
{
    const krn_assign_trip *t = &net->trips[k];
    if (t->class_index >= net->n_classes || t->origin >= net->n_nodes ||
        t->destination >= net->n_nodes)
        return krni_fail(err, KRN_E_ARG, "trip %u: its class or node does not exist", k);
    if (!(t->flow >= 0.0) || !isfinite(t->flow))
        return krni_fail(err, KRN_E_ARG, "trip %u: flow %g: 0 or more was expected", k, t->flow);
    return KRN_OK;
}

static krn_status check_all(const krn_assign_network *net, krn_assign_method method, krn_error *err)
{
    krn_status status = KRN_OK;
    if (!net->n_nodes || !net->n_classes)
        return krni_fail(err, KRN_E_ARG,
                         "a network of at least one node and one class was "
                         "expected");
    for (uint32_t k = 0; k < net->n_classes && !status; k++)
        status = check_class(&net->classes[k], k, err);
    for (uint32_t k = 0; k < net->n_trips && !status; k++)
        status = check_trip(net, k, err);
    for (uint32_t k = 0; k < net->n_links && !status; k++)
        status = krni_delay_check(&net->links[k].delay, k, method == KRN_ASSIGN_SYSTEM, err);
    return status;
}

/* Toll and length of a link in units of a class's time. */
static double fixed_cost(const krn_assign_network *net, uint32_t class_index, uint32_t link)
{
    const krn_assign_class *c = &net->classes[class_index];
    const krn_assign_link *l = &net->links[link];
    return (c->toll_weight * l->toll + c->length_weight * l->length) / c->time_weight;
}

static krn_status set_fixed(krni_problem *p, krn_error *err)
{
    const krn_assign_network *net = p->network;
    const uint32_t m = p->graph.n_links;
    p->fixed = malloc(((size_t)net->n_classes * m + 1) * sizeof *p->fixed);
    if (!p->fixed)
        return krni_fail_memory(err);
    for (uint32_t k = 0; k < net->n_classes; k++)
        for (uint32_t a = 0; a < m; a++) {
            double *sum = &p->fixed[(size_t)k * m + a];
            *sum = 0.0;
            for (uint32_t i = p->graph.first_part[a]; i < p->graph.first_part[a + 1]; i++)
                *sum += fixed_cost(net, k, p->graph.part[i]);
            if (!(*sum >= 0.0) || !isfinite(*sum))
                return krni_fail(err, KRN_E_ARG, "link %u: a cost of 0 or more was expected",
                                 p->graph.part[p->graph.first_part[a]]);
        }
    return KRN_OK;
}

/* ---- trips ---- */

static int by_place(const void *a, const void *b)
{
    const krn_assign_trip *x = *(const krn_assign_trip *const *)a,
                          *y = *(const krn_assign_trip *const *)b;
    if (x->class_index != y->class_index)
        return x->class_index < y->class_index ? -1 : 1;
    if (x->origin != y->origin)
        return x->origin < y->origin ? -1 : 1;
    if (x->destination != y->destination)
        return x->destination < y->destination ? -1 : 1;
    return x < y ? -1 : x > y;
}

/* Trips that move, in order; inner and empty ones left out. */
static const krn_assign_trip **sorted_trips(krni_problem *p, uint32_t *out_n)
{
    const krn_assign_network *net = p->network;
    const krn_assign_trip **list = malloc((net->n_trips + (size_t)1) * sizeof *list);
    uint32_t n = 0;
    bool sorted = true;
    for (uint32_t k = 0; list && k < net->n_trips; k++) {
        const krn_assign_trip *t = &net->trips[k];
        if (t->origin == t->destination)
            p->inner_flow += t->flow;
        else if (t->flow > 0.0) {
            list[n] = t;
            sorted = sorted && (!n || by_place(&list[n - 1], &list[n]) < 0);
            n++;
        }
    }
    if (list && !sorted)
        qsort(list, n, sizeof *list, by_place);
    *out_n = n;
    return list;
}

/* One source of trips[0 .. n - 1]: keeps those that are reached. */
static void add_source(krni_problem *p, const krn_assign_trip *const *trips, uint32_t n,
                       const double *label)
{
    krni_source *s = &p->sources[p->n_sources];
    const double equivalents = p->network->classes[trips[0]->class_index].equivalents;
    *s = (krni_source){.class_index = trips[0]->class_index,
                       .node = p->graph.place[trips[0]->origin],
                       .first_trip = p->n_trips};
    for (uint32_t k = 0; k < n; k++) {
        const double load = equivalents * trips[k]->flow;
        const uint32_t end = p->graph.place[trips[k]->destination];
        if (isinf(label[end])) {
            p->unserved_flow += trips[k]->flow;
        } else if (k && s->n_trips && end == p->trip_end[p->n_trips - 1]) {
            p->trip_load[p->n_trips - 1] += load;
            s->load += load;
        } else {
            p->trip_end[p->n_trips] = end;
            p->trip_load[p->n_trips++] = load;
            s->n_trips++;
            s->load += load;
        }
    }
    p->load += s->load;
    p->n_sources += s->n_trips > 0;
}

/* Which nodes are reached: labels 0 and INFINITY. */
static void reach(const krni_graph *g, uint32_t origin, double *label, uint32_t *stack)
{
    uint32_t n = 0;
    for (uint32_t v = 0; v < g->n_nodes; v++)
        label[v] = INFINITY;
    label[origin] = 0.0;
    stack[n++] = origin;
    while (n) {
        const uint32_t v = stack[--n];
        if (g->shut[v] && v != origin)
            continue;
        for (uint32_t a = g->first_out[v]; a < g->first_out[v + 1]; a++)
            if (isinf(label[g->head[a]])) {
                label[g->head[a]] = 0.0;
                stack[n++] = g->head[a];
            }
    }
}

static uint32_t count_origins(const krn_assign_trip *const *trips, uint32_t n)
{
    uint32_t count = 0;
    for (uint32_t k = 0; k < n; k++)
        count += !k || trips[k]->origin != trips[k - 1]->origin ||
                 trips[k]->class_index != trips[k - 1]->class_index;
    return count;
}

static krn_status set_sources(krni_problem *p, krn_error *err)
{
    uint32_t n = 0;
    krn_status status = KRN_E_MEMORY;
    const krn_assign_trip **trips = sorted_trips(p, &n);
    double *label = malloc((p->graph.n_nodes + (size_t)1) * sizeof *label);
    uint32_t *stack = malloc((p->graph.n_nodes + (size_t)1) * sizeof *stack);
    p->trip_end = malloc((n + (size_t)1) * sizeof *p->trip_end);
    p->trip_load = malloc((n + (size_t)1) * sizeof *p->trip_load);
    if (!trips || !label || !stack || !p->trip_end || !p->trip_load)
        goto done;
    p->sources = malloc((count_origins(trips, n) + (size_t)1) * sizeof *p->sources);
    if (!p->sources)
        goto done;
    status = KRN_OK;
    for (uint32_t k = 0; k < n;) {
        uint32_t end = k + 1;
        while (end < n && count_origins(trips + end - 1, 2) == 1)
            end++;
        reach(&p->graph, p->graph.place[trips[k]->origin], label, stack);
        add_source(p, trips + k, end - k, label);
        k = end;
    }
done:
    if (status)
        status = krni_fail_memory(err);
    free(trips);
    free(label);
    free(stack);
    return status;
}

krn_status krni_problem_new(const krn_assign_network *net, krn_assign_method method,
                            krni_problem *out, krn_error *err)
{
    *out = (krni_problem){.network = net, .n_classes = net->n_classes};
    krn_status status = check_all(net, method, err);
    if (!status)
        status = krni_graph_new(net, &out->graph, err);
    if (!status)
        status = krni_delays_new(net->links, &out->graph, method == KRN_ASSIGN_SYSTEM, &out->delays,
                                 err);
    if (!status)
        status = set_fixed(out, err);
    if (!status)
        status = set_sources(out, err);
    if (status)
        krni_problem_free(out);
    return status;
}

void krni_problem_free(krni_problem *p)
{
    krni_graph_free(&p->graph);
    krni_delays_free(&p->delays);
    free(p->fixed);
    free(p->sources);
    free(p->trip_end);
    free(p->trip_load);
    *p = (krni_problem){0};
}

double krni_problem_integral(const krni_problem *p)
{
    double sum = 0.0;
    for (uint32_t a = 0; a < p->graph.n_links; a++)
        sum += krni_delay_integral(&p->delays, a, p->delays.links[a].flow);
    return sum;
}

double krni_problem_time(const krni_problem *p)
{
    double sum = 0.0;
    for (uint32_t a = 0; a < p->graph.n_links; a++)
        sum += p->delays.links[a].flow * p->delays.links[a].time;
    return sum;
}
