/* SPDX-License-Identifier: Apache-2.0 */
/* answer.c - what an assignment says, in the caller's order of links. */
#include "assign/answer.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/error.h"

krn_status krni_answer_fill(krn_assignment *w, const double *class_load, krn_error *err)
{
    const krni_problem *p = &w->problem;
    const krn_assign_network *net = p->network;
    const uint32_t m = p->graph.n_links;
    w->n_links = net->n_links;
    w->n_classes = net->n_classes;
    w->load = calloc(net->n_links + (size_t)1, sizeof *w->load);
    w->time = calloc(net->n_links + (size_t)1, sizeof *w->time);
    w->class_flow = calloc((size_t)net->n_links * net->n_classes + 1, sizeof *w->class_flow);
    if (!w->load || !w->time || !w->class_flow)
        return krni_fail_memory(err);
    for (uint32_t k = 0; k < net->n_links; k++)
        w->time[k] = net->links[k].delay.free_time; /* closed ones keep this */
    for (uint32_t a = 0; a < m; a++) {
        double load = 0.0;
        for (uint32_t c = 0; c < net->n_classes; c++) {
            load += class_load[(size_t)c * m + a];
            w->total_cost += class_load[(size_t)c * m + a] * krni_fixed_of(p, c)[a];
        }
        for (uint32_t i = p->graph.first_part[a]; i < p->graph.first_part[a + 1]; i++) {
            const uint32_t k = p->graph.part[i];
            for (uint32_t c = 0; c < net->n_classes; c++)
                w->class_flow[(size_t)c * net->n_links + k] =
                    class_load[(size_t)c * m + a] / net->classes[c].equivalents;
            w->load[k] = load;
            w->time[k] = krni_delay_part_time(&p->delays, i, load);
            w->total_time += load * w->time[k];
        }
    }
    w->total_cost += w->total_time;
    if (!p->delays.n_limits)
        return KRN_OK;
    w->price = calloc(net->n_links + (size_t)1, sizeof *w->price);
    if (!w->price)
        return krni_fail_memory(err);
    for (uint32_t a = 0; a < m; a++)
        w->price[p->graph.part[p->graph.first_part[a]]] = p->delays.limits[a].price;
    return KRN_OK;
}

void krn_assignment_free(krn_assignment *w)
{
    if (!w)
        return;
    krni_segments_free(&w->segments);
    krni_problem_free(&w->problem);
    free(w->load);
    free(w->time);
    free(w->price);
    free(w->class_flow);
    free(w);
}

krn_assign_step krn_assignment_step(const krn_assignment *w)
{
    return w->step;
}

const double *krn_assignment_load(const krn_assignment *w)
{
    return w->load;
}

const double *krn_assignment_class_flow(const krn_assignment *w, uint32_t class_index)
{
    assert(class_index < w->n_classes);
    return w->class_flow + (size_t)class_index * w->n_links;
}

const double *krn_assignment_time(const krn_assignment *w)
{
    return w->time;
}

double krn_assignment_price_cost(const krn_assignment *w, uint32_t link)
{
    assert(link < w->n_links);
    return w->price ? w->price[link] : 0.0;
}

double krn_assignment_cost(const krn_assignment *w, uint32_t class_index, uint32_t link)
{
    assert(class_index < w->n_classes && link < w->n_links);
    const krn_assign_class *c = &w->problem.network->classes[class_index];
    const krn_assign_link *l = &w->problem.network->links[link];
    return w->time[link] +
           (c->toll_weight * l->toll + c->length_weight * l->length) / c->time_weight;
}

double krn_assignment_total_time(const krn_assignment *w)
{
    return w->total_time;
}

double krn_assignment_total_cost(const krn_assignment *w)
{
    return w->total_cost;
}

double krn_assignment_unserved_flow(const krn_assignment *w)
{
    return w->problem.unserved_flow;
}

double krn_assignment_inner_flow(const krn_assignment *w)
{
    return w->problem.inner_flow;
}

double krn_assignment_spread_share(const krn_assignment *w)
{
    return w->spread_off_share;
}

size_t krn_assignment_bytes(const krn_assignment *w)
{
    return w->bytes;
}

void krn_assign_logit(const double *values, uint32_t n, double steepness_weight, double *out_share)
{
    double least = HUGE_VAL, sum = 0.0;
    for (uint32_t k = 0; k < n; k++)
        least = values[k] < least ? values[k] : least;
    for (uint32_t k = 0; k < n; k++) {
        out_share[k] = values[k] < HUGE_VAL ? exp(-steepness_weight * (values[k] - least)) : 0.0;
        sum += out_share[k];
    }
    for (uint32_t k = 0; k < n && sum > 0.0; k++)
        out_share[k] /= sum;
}
