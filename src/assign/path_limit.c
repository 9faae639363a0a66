/* SPDX-License-Identifier: Apache-2.0 */
/* path_limit.c - hard limits: augmented Lagrangian, and the proof that they cannot be kept.
 *
 *   price = max(0, base + stiffness (load - limit)), base <- price once costs are equal under it
 *
 * Proof (Farkas): with prices v >= 0 on load alone, no flow over these paths costs less than
 * sum over rows of flow * least v of a path. Where that is more than sum of v * limit, no flow
 * keeps the limits. Such prices are found by making sum of ((load - limit) / limit)^2 over full
 * resources least: where it does not go to 0, its own derivatives prove it. */
#include "assign/path_limit.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

#define PROOF_MARGIN 2e-8
#define MOST_TRIES   200
#define GO_ROUND     1e3

void krni_path_limits_free(krni_path_limits *limits)
{
    free(limits->miss_share);
    free(limits->first);
    free(limits->ray);
    *limits = (krni_path_limits){0};
}

static bool is_limited(const krni_path_point *point)
{
    return isfinite(point->limit) && point->limit > 0.0;
}

/* Mean cost of a path at the present loads. */
static double mean_cost(const krni_path_flows *f)
{
    double sum = 0.0;
    for (uint32_t p = 0; p < f->set->n_paths; p++)
        sum += fabs(krni_path_cost(f, p));
    return sum > 0.0 && isfinite(sum) ? sum / f->set->n_paths : 1.0;
}

/* Full by one half of the limit costs a path its mean cost. */
static void set_stiffness(krni_path_flows *f, double *units, double *count)
{
    const krni_path_set *s = f->set;
    const double cost = mean_cost(f);
    for (uint32_t k = 0; k < s->use_first[s->n_paths]; k++) {
        if (!(s->uses[k].units > 0.0))
            continue;
        units[s->uses[k].resource] += s->uses[k].units;
        count[s->uses[k].resource] += 1.0;
    }
    for (uint32_t r = 0; r < s->n_resources; r++)
        if (is_limited(&f->points[r]) && units[r] > 0.0)
            f->points[r].stiffness = 2.0 * cost * count[r] / (units[r] * f->points[r].limit);
}

krn_status krni_path_limits_new(const krn_path_problem *problem, krni_path_flows *f,
                                krni_path_limits *out, krn_error *err)
{
    krni_path_limits l = {0};
    const size_t room = (size_t)problem->n_resources + 1;
    l.miss_share = calloc(room, sizeof *l.miss_share);
    l.ray = calloc(room, sizeof *l.ray);
    l.first = calloc(room, sizeof *l.first);
    if (!l.miss_share || !l.first || !l.ray) {
        krni_path_limits_free(&l);
        return krni_fail_memory(err);
    }
    for (uint32_t r = 0; r < problem->n_resources; r++) {
        f->points[r].limit = problem->resources[r].limit_load;
        l.n_limits += is_limited(&f->points[r]);
    }
    set_stiffness(f, l.miss_share, l.ray);
    for (uint32_t r = 0; r < problem->n_resources; r++) {
        l.miss_share[r] = HUGE_VAL;
        l.first[r] = f->points[r].stiffness;
        l.ray[r] = 0.0;
    }
    *out = l;
    return KRN_OK;
}

void krni_path_limits_carry(const krni_path_flows *from, krni_path_flows *to)
{
    assert(from->set->n_resources == to->set->n_resources);
    for (uint32_t r = 0; r < to->set->n_resources; r++) {
        to->points[r].limit = from->points[r].limit;
        to->points[r].base_price = from->points[r].base_price;
        to->points[r].stiffness = from->points[r].stiffness;
    }
}

static double miss_of(const krni_path_point *point)
{
    if (!is_limited(point) || (!(point->load > point->limit) && !(point->price > 0.0)))
        return 0.0;
    return fabs(point->load - point->limit) / point->limit;
}

double krni_path_limits_miss(const krni_path_limits *limits, const krni_path_flows *f)
{
    double worst = 0.0;
    for (uint32_t r = 0; limits->n_limits && r < f->set->n_resources; r++)
        worst = fmax(worst, miss_of(&f->points[r]));
    return worst;
}

void krni_path_limits_raise(krni_path_limits *limits, krni_path_flows *f)
{
    const double first = limits->raises == 0 ? 1.0 : 0.25;
    double stiffer = 8.0;
    if (limits->raises > 12)
        stiffer = 2.0;
    for (uint32_t r = 0; r < f->set->n_resources; r++) {
        krni_path_point *point = &f->points[r];
        const double miss = miss_of(point);
        if (!is_limited(point))
            continue;
        point->base_price = point->price;
        if (miss > KRNI_PATH_LIMIT_KEPT && miss > first * limits->miss_share[r] &&
            limits->raises < 30)
            point->stiffness *= stiffer;
        limits->miss_share[r] = miss;
        krni_path_refresh(f, r);
    }
    limits->raises++;
    assert(limits->n_limits > 0);
}

void krni_path_limits_ease(const krni_path_limits *limits, krni_path_flows *f, double share)
{
    for (uint32_t r = 0; limits->n_limits && r < f->set->n_resources; r++) {
        krni_path_point *point = &f->points[r];
        if (!is_limited(point))
            continue;
        point->base_price = point->price;
        point->stiffness = fmax(limits->first[r], share * point->stiffness);
        limits->miss_share[r] = HUGE_VAL;
        krni_path_refresh(f, r);
    }
}

/* Load of a unit of flow of a path, in prices v. */
static double price_of(const krni_path_set *s, const double *v, uint32_t path)
{
    double sum = 0.0;
    for (uint32_t k = s->use_first[path]; k < s->use_first[path + 1]; k++)
        sum += s->uses[k].units * v[s->uses[k].resource];
    return sum;
}

/* Whether prices v prove that there is no room; names the row that asks for most of it. */
static bool prove(const krni_path_flows *f, const double *v, krni_path_full *out)
{
    const krni_path_set *s = f->set;
    double asked = 0.0, given = 0.0, most = 0.0, worst = 0.0;
    assert(f->room_only);
    uint32_t path = 0;
    for (uint32_t r = 0; r < s->n_resources; r++)
        given += v[r] > 0.0 ? v[r] * f->points[r].limit : 0.0;
    for (uint32_t i = 0; i < s->n_rows; i++) {
        double least = HUGE_VAL;
        uint32_t best = s->row_first[i];
        if (!(s->flow[i] > 0.0))
            continue;
        for (uint32_t p = s->row_first[i]; p < s->row_first[i + 1]; p++) {
            const double price = price_of(s, v, p);
            if (price < least) {
                least = price;
                best = p;
            }
        }
        asked += s->flow[i] * least;
        if (s->flow[i] * least > most) {
            most = s->flow[i] * least;
            out->row = i;
            path = best;
        }
    }
    if (!(asked > given * (1.0 + PROOF_MARGIN)))
        return false;
    for (uint32_t k = s->use_first[path]; k < s->use_first[path + 1]; k++)
        if (s->uses[k].units * v[s->uses[k].resource] > worst) {
            worst = s->uses[k].units * v[s->uses[k].resource];
            out->resource = s->uses[k].resource;
        }
    return worst > 0.0;
}

krn_status krni_path_limits_try(krni_path_limits *limits, const krn_path_problem *problem,
                                const krni_path_flows *flows, bool *out_full, krni_path_full *out,
                                krn_error *err)
{
    krni_path_flows f = {0};
    krni_path_newton newton = {0};
    *out_full = false;
    krn_status status = krni_path_flows_new(problem, flows->set, false, &f, err);
    if (status)
        return status;
    status = krni_path_newton_fit(&newton, &f, err);
    f.room_only = true;
    for (uint32_t r = 0; r < f.set->n_resources; r++) {
        f.points[r].limit = flows->points[r].limit;
        if (is_limited(&f.points[r]))
            f.points[r].stiffness = 1.0 / (f.points[r].limit * f.points[r].limit);
    }
    memcpy(f.flow, flows->flow, f.set->n_paths * sizeof *f.flow);
    for (int k = 0; !status && k < MOST_TRIES; k++) {
        krni_path_gap gap;
        krni_path_load(&f);
        if (krni_path_limits_miss(limits, &f) <= 0.1 * KRNI_PATH_LIMIT_KEPT) {
            limits->has_room = true;
            break;
        }
        for (uint32_t r = 0; r < f.set->n_resources; r++)
            limits->ray[r] = f.points[r].price;
        *out_full = prove(&f, limits->ray, out);
        if (*out_full)
            break;
        for (int sweep = 0; sweep < 4; sweep++)
            (void)krni_path_sweep(&f);
        (void)krni_path_newton_step(&newton, &f, &gap);
    }
    krni_path_newton_free(&newton);
    krni_path_flows_free(&f);
    return status;
}

/* Cost of a packed path at prices of limits. */
static double cost_with(const krni_path_flows *f, uint32_t path, const double *prices)
{
    const krni_path_set *s = f->set;
    double cost = s->fixed[path];
    for (uint32_t k = s->use_first[path]; k < s->use_first[path + 1]; k++) {
        const krn_path_use *use = &s->uses[k];
        const krni_path_point *point = &f->points[use->resource];
        cost += use->weight * point->time + use->units * (point->toll + prices[use->resource]);
    }
    return cost;
}

void krni_path_limits_shut(const krn_path_problem *problem, const krni_path_flows *f,
                           const krn_path *paths, uint32_t n_paths, double *prices)
{
    const krni_path_set *s = f->set;
    for (uint32_t p = 0; p < n_paths; p++) {
        const krn_path *path = &paths[p];
        const krn_path_use *shut = NULL;
        double cost = path->fixed_cost, least = HUGE_VAL;
        for (uint32_t k = 0; k < path->n_uses; k++) {
            const krn_path_use *use = &path->uses[k];
            const krni_path_point *point = &f->points[use->resource];
            if (!shut && use->units > 0.0 && !(problem->resources[use->resource].limit_load > 0.0))
                shut = use;
            cost += use->weight * point->time + use->units * (point->toll + prices[use->resource]);
        }
        for (uint32_t q = s->row_first[path->row]; shut && q < s->row_first[path->row + 1]; q++)
            least = fmin(least, cost_with(f, q, prices));
        if (!shut)
            continue;
        if (!(least < HUGE_VAL)) /* the row has no other path: look for one that goes round */
            prices[shut->resource] =
                fmax(prices[shut->resource], GO_ROUND * (1.0 + fabs(cost)) / shut->units);
        else if (cost < least)
            prices[shut->resource] += (least - cost) / shut->units;
    }
}
