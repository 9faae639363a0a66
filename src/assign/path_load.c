/* SPDX-License-Identifier: Apache-2.0 */
/* path_load.c - loads and costs of flows over paths, and how far they are from equilibrium.
 *
 *   marginal cost of a unit of load (system optimum): toll = sum of weight * flow over the resource
 *   times the slope of its time; its own slope needs the second derivative, which is taken from
 *   two slopes a small way apart: it only scales steps.
 *
 * Sums go by path, then by use: the same bytes each time. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "assign/path_flow.h"
#include "base/error.h"

krn_status krni_path_flows_new(const krn_path_problem *problem, const krni_path_set *set,
                               bool marginal, krni_path_flows *out, krn_error *err)
{
    krni_path_flows f = {.set = set,
                         .law = problem->law,
                         .law_context = problem->law_context,
                         .marginal = marginal,
                         .bad_law = UINT32_MAX,
                         .damping_share = 1.0};
    f.flow = calloc((size_t)set->n_paths + 1, sizeof *f.flow);
    f.points = calloc((size_t)set->n_resources + 1, sizeof *f.points);
    f.pair = calloc(2 * (size_t)set->most_uses + 1, sizeof *f.pair);
    if (!f.flow || !f.points || !f.pair) {
        krni_path_flows_free(&f);
        return krni_fail_memory(err);
    }
    for (uint32_t r = 0; r < set->n_resources; r++) {
        f.points[r].limit = HUGE_VAL;
        krni_path_refresh(&f, r);
    }
    *out = f;
    return KRN_OK;
}

void krni_path_flows_free(krni_path_flows *flows)
{
    free(flows->flow);
    free(flows->points);
    free(flows->pair);
    *flows = (krni_path_flows){0};
}

void krni_path_lift(krni_path_flows *f)
{
    const krni_path_set *s = f->set;
    for (uint32_t i = 0; i < s->n_rows; i++)
        for (uint32_t p = s->row_first[i]; s->spread[i] > 0.0 && p < s->row_first[i + 1]; p++)
            f->flow[p] = fmax(f->flow[p], krni_path_floor(s->flow[i]));
}

static double law_at(krni_path_flows *f, uint32_t resource, double load, double *out_slope)
{
    *out_slope = 0.0;
    const double time = f->law(f->law_context, resource, load, out_slope);
    if (!isfinite(time) || !isfinite(*out_slope)) {
        f->bad_law = resource < f->bad_law ? resource : f->bad_law;
        *out_slope = 0.0;
        return 0.0;
    }
    *out_slope = fmax(0.0, *out_slope);
    return time;
}

void krni_path_refresh(krni_path_flows *f, uint32_t resource)
{
    krni_path_point *point = &f->points[resource];
    const double load = fmax(0.0, point->load);
    point->time = point->slope = point->toll = point->bend = 0.0;
    if (f->law && !f->room_only) {
        point->time = law_at(f, resource, load, &point->slope);
        if (f->marginal) {
            double further = 0.0;
            const double step = 1e-5 * load + 1e-9;
            (void)law_at(f, resource, load + step, &further);
            point->toll = fmax(0.0, point->weight_load) * point->slope;
            point->bend = fmax(0.0, (further - point->slope) / step);
        }
    }
    point->price = point->price_slope = 0.0;
    if (isfinite(point->limit)) {
        const double price = point->base_price + point->stiffness * (load - point->limit);
        if (price > 0.0) {
            point->price = price;
            point->price_slope = point->stiffness;
        }
    }
}

/* The remainder of rounding goes to the fullest path. */
static void add_up(krni_path_flows *f, uint32_t row)
{
    const krni_path_set *s = f->set;
    const uint32_t first = s->row_first[row], end = s->row_first[row + 1];
    uint32_t fullest = first;
    double sum = 0.0;
    for (uint32_t p = first; p < end; p++) {
        sum += f->flow[p];
        if (f->flow[p] > f->flow[fullest])
            fullest = p;
    }
    if (first < end)
        f->flow[fullest] = fmax(0.0, f->flow[fullest] + (s->flow[row] - sum));
}

void krni_path_load(krni_path_flows *f)
{
    const krni_path_set *s = f->set;
    for (uint32_t r = 0; r < s->n_resources; r++)
        f->points[r].load = f->points[r].weight_load = 0.0;
    for (uint32_t i = 0; i < s->n_rows; i++)
        add_up(f, i);
    for (uint32_t p = 0; p < s->n_paths; p++) {
        assert(f->flow[p] >= 0.0);
        for (uint32_t k = s->use_first[p]; f->flow[p] > 0.0 && k < s->use_first[p + 1]; k++) {
            f->points[s->uses[k].resource].load += s->uses[k].units * f->flow[p];
            f->points[s->uses[k].resource].weight_load += s->uses[k].weight * f->flow[p];
        }
    }
    for (uint32_t r = 0; r < s->n_resources; r++)
        krni_path_refresh(f, r);
}

double krni_path_cost(const krni_path_flows *f, uint32_t path)
{
    const krni_path_set *s = f->set;
    double cost = f->room_only ? 0.0 : s->fixed[path];
    for (uint32_t k = s->use_first[path]; k < s->use_first[path + 1]; k++) {
        const krni_path_point *point = &f->points[s->uses[k].resource];
        cost += s->uses[k].weight * point->time + s->uses[k].units * (point->toll + point->price);
    }
    return cost;
}

double krni_path_g(const krni_path_flows *f, uint32_t row, uint32_t path)
{
    assert(path >= f->set->row_first[row] && path < f->set->row_first[row + 1]);
    const double cost = krni_path_cost(f, path), spread = f->set->spread[row];
    if (f->room_only || !(spread > 0.0))
        return cost;
    return cost + spread * log(f->flow[path]) - f->set->size_cost[path];
}

krni_path_gap krni_path_gap_of(const krni_path_flows *f, const double *least)
{
    const krni_path_set *s = f->set;
    krni_path_gap gap = {0};
    for (uint32_t i = 0; i < s->n_rows; i++) {
        double lowest = HUGE_VAL, row_g = 0.0, row_excess = 0.0;
        if (!(s->flow[i] > 0.0))
            continue;
        for (uint32_t p = s->row_first[i]; p < s->row_first[i + 1]; p++)
            lowest = fmin(lowest, krni_path_g(f, i, p));
        if (least && !(s->spread[i] > 0.0))
            lowest = fmin(lowest, least[i]);
        for (uint32_t p = s->row_first[i]; p < s->row_first[i + 1]; p++) {
            if (!(f->flow[p] > 0.0))
                continue;
            const double g = krni_path_g(f, i, p);
            row_excess += f->flow[p] * (g - lowest);
            row_g += f->flow[p] * fmax(fabs(g), fabs(krni_path_cost(f, p)));
            gap.n_used++;
        }
        gap.excess_cost += row_excess;
        gap.total_cost += row_g;
    }
    gap.gap_share = gap.excess_cost > 0.0 ? gap.excess_cost / gap.total_cost : 0.0;
    return gap;
}
