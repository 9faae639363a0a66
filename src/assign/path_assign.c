/* SPDX-License-Identifier: Apache-2.0 */
/* path_assign.c - the iteration over rows, paths and resources.
 *
 *   paths known --> flows --> equal costs in each row? --no--> sweeps of shifts
 *        ^                          | yes
 *        '--- new paths <--- ask the generator
 *
 * Sweeps go row by row, each seeing what those before it did. Where weights do not keep to units
 * there is no objective, and a sweep may lead away: when the gap stays, shifts are damped. After
 * sweeps one Newton step for all rows at once. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "assign/path_answer.h"
#include "assign/path_limit.h"
#include "base/error.h"

#define GAP_ANYWAY    1e-6
#define ITERATIONS    10000u
#define FEW_SWEEPS    2 /* before a Newton step, after one that helped */
#define SWEEPS        8 /* after one that did not */
#define PATIENCE      6 /* iterations without a lower gap */
#define LEAST_DAMPING 0.02
#define EASE_SHARE    0.05 /* of the stiffness of limits, when the gap stays */
#define LONGEST_REST  400
#define GIVE_UP       1500  /* iterations without getting nearer */
#define NEAR_ENOUGH   1e-13 /* rounding may keep it from getting nearer than this: */
#define GIVE_UP_NEAR  40
#define ROUGH_GAP     1e-3  /* at which limits are looked at first */
#define SAME_SHARE    1e-13 /* a path found must be cheaper by this share */
#define GO_ROUND      1e3 /* mean costs that missing room is priced at when new paths are looked for */

typedef struct run {
    const krn_path_problem *problem;
    const krn_path_options *options;
    krn_path_answer *answer;
    krni_path_set set;
    krni_path_flows flows;
    krni_path_newton newton;
    krni_path_limits limits;
    double goal;
    uint32_t most_iterations, iteration;
    double *least; /* n_rows: of the generator; HUGE_VAL: unknown */
    krni_path_gap gap;
    double miss_share; /* of limits */
} run;

static bool under_load(const run *r)
{
    return r->options->method == KRN_PATH_USER || r->options->method == KRN_PATH_SYSTEM;
}

static krn_status check_laws(const run *r, krn_error *err)
{
    const uint32_t bad = r->flows.bad_law;
    if (bad == UINT32_MAX)
        return KRN_OK;
    return krni_fail(err, KRN_E_ARG,
                     "resource %u: its law gave no finite time and slope near a load of %g", bad,
                     r->flows.points[bad].load);
}

/* Packs all paths known; flows of those packed before are kept. */
static krn_status repack(run *r, krn_error *err)
{
    krni_path_set set = {0};
    krni_path_flows flows = {0};
    krn_status status = krni_path_set_new(r->problem, r->answer->paths, r->answer->n_paths,
                                          r->options->method, &set, err);
    if (status)
        return status;
    double *by_number = calloc((size_t)r->answer->n_paths + 1, sizeof *by_number);
    status = by_number ? krni_path_flows_new(r->problem, &set,
                                             r->options->method == KRN_PATH_SYSTEM, &flows, err)
                       : krni_fail_memory(err);
    if (status) {
        free(by_number);
        krni_path_set_free(&set);
        return status;
    }
    for (uint32_t q = 0; q < r->set.n_paths; q++)
        by_number[r->set.number[q]] = r->flows.flow[q];
    for (uint32_t q = 0; q < set.n_paths; q++)
        flows.flow[q] = by_number[set.number[q]];
    free(by_number);
    if (r->flows.points)
        krni_path_limits_carry(&r->flows, &flows);
    krni_path_lift(&flows);
    krni_path_flows_free(&r->flows);
    krni_path_set_free(&r->set);
    r->set = set;
    r->flows = flows;
    r->flows.set = &r->set;
    return KRN_OK;
}

/* Flows of the caller, scaled to the rows; rows without any by present costs. */
static void start_from_base(run *r)
{
    const krni_path_set *s = &r->set;
    krni_path_flows *f = &r->flows;
    for (uint32_t i = 0; i < s->n_rows; i++) {
        const uint32_t first = s->row_first[i], end = s->row_first[i + 1];
        double sum = 0.0;
        for (uint32_t p = first; p < end; p++) {
            f->flow[p] =
                s->number[p] < r->problem->n_paths ? r->options->base_flow[s->number[p]] : 0.0;
            sum += f->flow[p];
        }
        if (!(sum > 0.0) || !isfinite(sum))
            krni_path_divide(f, i);
        for (uint32_t p = first; sum > 0.0 && isfinite(sum) && p < end; p++)
            f->flow[p] *= s->flow[i] / sum;
    }
    krni_path_lift(f);
}

static krn_status tell(run *r, krn_error *err)
{
    const krni_path_gap *gap = &r->gap;
    const bool kept = r->miss_share <= 2.0 * KRNI_PATH_LIMIT_KEPT;
    double flow = 0.0;
    for (uint32_t i = 0; i < r->set.n_rows; i++)
        flow += r->set.flow[i];
    r->answer->step =
        (krn_assign_step){.iteration = r->iteration,
                          .gap_share = kept ? gap->gap_share : fmax(gap->gap_share, r->miss_share),
                          .excess_cost = flow > 0.0 ? gap->excess_cost / flow : 0.0,
                          .n_pairs = gap->n_used};
    if (!r->options->progress)
        return KRN_OK;
    r->answer->step.objective_cost = krni_path_objective(&r->flows);
    if (r->options->progress(r->options->progress_context, &r->answer->step))
        return KRN_OK;
    return krni_fail(err, KRN_E_CANCELLED, "stopped at a relative gap of %.3g", gap->gap_share);
}

static double cost_at(const krn_path *path, const double *times, const double *prices)
{
    double cost = path->fixed_cost;
    for (uint32_t k = 0; k < path->n_uses; k++)
        cost += path->uses[k].weight * times[path->uses[k].resource] +
                path->uses[k].units * prices[path->uses[k].resource];
    return cost;
}

/* Takes those of the paths found that are cheaper than all paths their row had before. */
static krn_status take_found(run *r, const krn_path_found *found, const double *times,
                             const double *prices, double *least, uint32_t *out_added,
                             krn_error *err)
{
    krn_path_answer *a = r->answer;
    const uint32_t n_known = a->n_paths;
    for (uint32_t i = 0; i < r->set.n_rows; i++)
        least[i] = HUGE_VAL;
    for (uint32_t p = 0; p < n_known; p++)
        least[a->paths[p].row] = fmin(least[a->paths[p].row], cost_at(&a->paths[p], times, prices));
    for (uint32_t p = 0; p < found->n_paths; p++) {
        const krn_path *path = &found->paths[p];
        krn_status status = krni_path_check_one(r->problem, path, n_known + p, err);
        if (status)
            return status;
        const double known = least[path->row], cost = cost_at(path, times, prices);
        if (!(cost < known - (known < HUGE_VAL ? SAME_SHARE * fabs(known) : 0.0)))
            continue;
        status = krni_path_answer_add(a, path, err);
        if (status)
            return status;
        ++*out_added;
    }
    return KRN_OK;
}

/* Asks for new paths; missing room has prices of its own, if there are any. */
static krn_status ask(run *r, const double *ray, uint32_t *out_added, krn_error *err)
{
    const uint32_t n = r->set.n_resources;
    assert(r->options->generate);
    krn_path_found found = {0};
    krn_status status = KRN_OK;
    double *times = calloc(2 * (size_t)n + r->set.n_rows + 1, sizeof *times);
    *out_added = 0;
    if (!times)
        return krni_fail_memory(err);
    double *prices = times + n, *least = prices + n;
    for (uint32_t k = 0; k < n; k++) {
        times[k] = r->flows.points[k].time;
        prices[k] = r->flows.points[k].price + (ray ? ray[k] : 0.0);
    }
    if (under_load(r))
        krni_path_limits_shut(r->problem, &r->flows, r->answer->paths, r->answer->n_paths, prices);
    for (uint32_t k = 0; k < n; k++)
        prices[k] += r->flows.points[k].toll;
    for (uint32_t i = 0; i < r->set.n_rows; i++)
        r->least[i] = HUGE_VAL;
    status = r->options->generate(r->options->generate_context, times, prices, r->answer->arena,
                                  &found, r->least, err);
    if (!status)
        status = take_found(r, &found, times, prices, least, out_added, err);
    free(times);
    return status;
}

/* The first resource with a limit of 0 on a path of a row. */
static uint32_t shut_on(const run *r, uint32_t row)
{
    for (uint32_t p = 0; p < r->answer->n_paths; p++)
        for (uint32_t k = 0; r->answer->paths[p].row == row && k < r->answer->paths[p].n_uses;
             k++) {
            const krn_path_use *use = &r->answer->paths[p].uses[k];
            if (use->units > 0.0 && !(r->problem->resources[use->resource].limit_load > 0.0))
                return use->resource;
        }
    return UINT32_MAX;
}

static uint32_t first_without_path(const run *r)
{
    for (uint32_t i = 0; i < r->set.n_rows; i++)
        if (r->set.flow[i] > 0.0 && r->set.row_first[i] == r->set.row_first[i + 1])
            return i;
    return UINT32_MAX;
}

static krn_status check_rows_have_paths(const run *r, krn_error *err)
{
    const uint32_t row = first_without_path(r);
    if (row == UINT32_MAX)
        return KRN_OK;
    const uint32_t shut = under_load(r) ? shut_on(r, row) : UINT32_MAX;
    if (shut == UINT32_MAX)
        return krni_fail(err, KRN_E_NO_ROUTE, "row %u: no path was found", row);
    return krni_fail(err, KRN_E_NO_ROUTE, "row %u: no path has room: resource %u has a limit of 0",
                     row, shut);
}

/* Limits cannot be kept with the paths known: new ones round what is full, or the end. */
static krn_status find_room(run *r, krni_path_full full, krn_error *err)
{
    uint32_t added = 0;
    double most = 0.0, cost = 0.0;
    double *ray = r->limits.ray;
    krn_status status = KRN_OK;
    if (r->options->generate) {
        for (uint32_t k = 0; k < r->set.n_resources; k++)
            most = fmax(most, ray[k] * r->flows.points[k].limit);
        for (uint32_t p = 0; p < r->set.n_paths; p++)
            cost = fmax(cost, fabs(krni_path_cost(&r->flows, p)));
        for (uint32_t k = 0; k < r->set.n_resources; k++)
            ray[k] *= GO_ROUND * (cost + 1.0) / most;
        status = ask(r, ray, &added, err);
        if (!status && added)
            status = repack(r, err);
        if (status || added)
            return status;
    }
    return krni_fail(err, KRN_E_NO_ROUTE,
                     "row %u: no room for all of its flow: resource %u is full at its limit of %g",
                     full.row, full.resource, r->flows.points[full.resource].limit);
}

/* Whether limits can be kept at all; where not, new paths are looked for until they can. */
static krn_status make_room(run *r, krn_error *err)
{
    krni_path_full full = {0};
    bool no_room = true;
    krn_status status = KRN_OK;
    krni_path_load(&r->flows);
    if (krni_path_limits_miss(&r->limits, &r->flows) <= KRNI_PATH_LIMIT_KEPT)
        r->limits.has_room = true;
    while (!status && no_room && r->limits.n_limits && !r->limits.has_room) {
        status = krni_path_limits_try(&r->limits, r->problem, &r->flows, &no_room, &full, err);
        if (!status && no_room)
            status = find_room(r, full, err);
    }
    return status;
}

/* Prices of limits go on; now and then whether there is room at all, if that is not known yet. */
static krn_status press_limits(run *r, krn_error *err)
{
    krni_path_limits_raise(&r->limits, &r->flows);
    return r->limits.raises % 4 == 0 ? make_room(r, err) : KRN_OK;
}

/* What to do when the gap stays: sweeps alone for a while, each time longer, as Newton steps may
 * lead round in a circle; where sweeps do the same, smaller shifts. */
typedef struct pace {
    double lowest, at_rest;
    int sweeps, stays, rest, length;
} pace;

/* The nearest flows so far. */
typedef struct nearest {
    double share; /* gap, or limit missed */
    uint32_t iteration;
    double *flow; /* n_paths */
} nearest;

/* Keeps flows that are nearer; false: nothing got nearer for long. */
static bool keep_nearest(const run *r, nearest *best)
{
    const double share = fmax(r->gap.gap_share, r->miss_share);
    if (share < 0.9 * best->share) {
        best->share = share;
        best->iteration = r->iteration;
        memcpy(best->flow, r->flows.flow, r->set.n_paths * sizeof *best->flow);
        return true;
    }
    return r->iteration - best->iteration < (best->share <= NEAR_ENOUGH ? GIVE_UP_NEAR : GIVE_UP);
}

/* Flows that ended further away than they had been. */
static void take_nearest(run *r, const nearest *best)
{
    if (r->limits.n_limits || !(best->share < r->gap.gap_share))
        return;
    memcpy(r->flows.flow, best->flow, r->set.n_paths * sizeof *best->flow);
    krni_path_load(&r->flows);
    r->gap = krni_path_gap_of(&r->flows, NULL);
}

static void watch(pace *now, const krni_path_limits *limits, krni_path_flows *f, double gap_share)
{
    if (now->rest > 0) {
        if (now->rest == now->length - 1)
            now->at_rest = gap_share;
        if (--now->rest > 0)
            return;
        if (gap_share > 0.9 * now->at_rest)
            f->damping_share = fmax(LEAST_DAMPING, 0.5 * f->damping_share);
        now->lowest = gap_share;
        now->stays = 0;
    } else if (gap_share < 0.9 * now->lowest) {
        now->lowest = gap_share;
        now->stays = 0;
        f->damping_share = fmin(1.0, 1.5 * f->damping_share);
    } else if (++now->stays >= PATIENCE) {
        now->length = now->length < LONGEST_REST ? 2 * now->length : now->length;
        now->rest = now->length;
        now->at_rest = gap_share;
        now->sweeps = SWEEPS;
        krni_path_limits_ease(limits, f, EASE_SHARE);
    }
}

/* Prices of limits, or what else to do before the next sweeps. */
static krn_status steer(run *r, pace *now, double *rough, krn_error *err)
{
    krn_status status = KRN_OK;
    if (r->miss_share <= KRNI_PATH_LIMIT_KEPT || r->gap.gap_share > *rough) {
        watch(now, &r->limits, &r->flows, r->gap.gap_share);
        return KRN_OK;
    }
    *rough = fmax(r->goal, 0.1 * *rough);
    *now = (pace){.lowest = HUGE_VAL, .sweeps = now->sweeps, .length = PATIENCE};
    status = press_limits(r, err);
    if (!status && r->newton.n_paths != r->set.n_paths)
        status = krni_path_newton_fit(&r->newton, &r->flows, err);
    return status;
}

/* Iterates until the paths known are in equilibrium, or iterations end. */
static krn_status balance(run *r, krn_error *err)
{
    double rough = r->limits.n_limits ? fmax(ROUGH_GAP, r->goal) : r->goal;
    pace now = {.lowest = HUGE_VAL, .sweeps = FEW_SWEEPS, .length = PATIENCE};
    nearest best = {HUGE_VAL, r->iteration, NULL};
    uint32_t packed = 0;
    krn_status status = krni_path_newton_fit(&r->newton, &r->flows, err);
    r->flows.damping_share = 1.0;
    krni_path_limits_ease(&r->limits, &r->flows, 0.0);
    while (!status) {
        if (!best.flow || packed != r->set.n_paths) {
            free(best.flow);
            packed = r->set.n_paths;
            best = (nearest){HUGE_VAL, r->iteration, calloc((size_t)packed + 1, sizeof(double))};
        }
        if (!best.flow) {
            status = krni_fail_memory(err);
            break;
        }
        krni_path_load(&r->flows);
        r->gap = krni_path_gap_of(&r->flows, NULL);
        r->miss_share = krni_path_limits_miss(&r->limits, &r->flows);
        if ((status = check_laws(r, err)) || (status = tell(r, err)))
            break;
        const bool kept = r->miss_share <= KRNI_PATH_LIMIT_KEPT;
        if ((kept && r->gap.gap_share <= r->goal) || !keep_nearest(r, &best) ||
            r->iteration >= r->most_iterations)
            break;
        r->iteration++;
        status = steer(r, &now, &rough, err);
        for (int k = 0; !status && k < now.sweeps; k++)
            if (!(krni_path_sweep(&r->flows) > 1e-15))
                break;
        if (!status && now.rest == 0)
            now.sweeps =
                krni_path_newton_step(&r->newton, &r->flows, &r->gap) ? FEW_SWEEPS : SWEEPS;
    }
    if (!status && r->gap.gap_share > r->goal) {
        take_nearest(r, &best);
        status = tell(r, err);
    }
    free(best.flow);
    return status;
}

/* Paths by costs at no load, then flows, once. */
static krn_status spread_once(run *r, krn_error *err)
{
    uint32_t added = 1;
    krn_status status = KRN_OK;
    while (r->options->generate && added && !status) {
        status = ask(r, NULL, &added, err);
        if (!status && added)
            status = repack(r, err);
    }
    if (!status)
        status = check_laws(r, err);
    if (!status)
        status = check_rows_have_paths(r, err);
    if (status)
        return status;
    for (uint32_t i = 0; i < r->set.n_rows; i++)
        krni_path_divide(&r->flows, i);
    krni_path_load(&r->flows);
    r->gap = krni_path_gap_of(&r->flows, NULL);
    status = check_laws(r, err);
    return status ? status : tell(r, err);
}

/* Paths for rows that have none that may take flow, by costs at no load. */
static krn_status find_first_paths(run *r, krn_error *err)
{
    uint32_t added = 1;
    krn_status status = KRN_OK;
    while (!status && added && r->options->generate && first_without_path(r) != UINT32_MAX) {
        status = ask(r, NULL, &added, err);
        if (!status && added)
            status = repack(r, err);
    }
    return status ? status : check_rows_have_paths(r, err);
}

static krn_status equilibrate(run *r, krn_error *err)
{
    uint32_t added = 0;
    krn_status status = find_first_paths(r, err);
    if (!status)
        status = krni_path_limits_new(r->problem, &r->flows, &r->limits, err);
    if (status)
        return status;
    if (r->options->base_flow)
        start_from_base(r);
    else
        krni_path_fill(&r->flows);
    status = make_room(r, err);
    while (!status) {
        status = balance(r, err);
        if (status || !r->options->generate)
            return status;
        status = ask(r, NULL, &added, err);
        if (status || !added || r->iteration >= r->most_iterations)
            break;
        status = repack(r, err);
        if (status)
            return status;
    }
    if (status)
        return status;
    r->gap = krni_path_gap_of(&r->flows, r->least);
    return tell(r, err);
}

krn_status krn_path_assign(const krn_path_problem *problem, const krn_path_options *options,
                           krn_path_answer **out, krn_error *err)
{
    *out = NULL;
    krn_status status = krni_path_check(problem, options, err);
    if (status)
        return status;
    run r = {.problem = problem,
             .options = options,
             .goal = options->gap_share > 0.0 ? options->gap_share : GAP_ANYWAY,
             .most_iterations = options->max_iterations ? options->max_iterations : ITERATIONS};
    r.least = calloc((size_t)problem->n_rows + 1, sizeof *r.least);
    status = r.least ? krni_path_answer_new(problem, &r.answer, err) : krni_fail_memory(err);
    if (!status)
        status = repack(&r, err);
    if (!status)
        status = under_load(&r) ? equilibrate(&r, err) : spread_once(&r, err);
    if (!status) {
        r.answer->step.objective_cost = krni_path_objective(&r.flows);
        status = krni_path_answer_take(r.answer, &r.flows, err);
    }
    if (!status && under_load(&r))
        krni_path_limits_shut(problem, &r.flows, r.answer->paths, r.answer->n_paths,
                              r.answer->price);
    if (!status)
        krni_path_answer_price(r.answer);
    krni_path_limits_free(&r.limits);
    krni_path_newton_free(&r.newton);
    krni_path_flows_free(&r.flows);
    krni_path_set_free(&r.set);
    free(r.least);
    if (status) {
        krn_path_answer_free(r.answer);
        return status;
    }
    *out = r.answer;
    return KRN_OK;
}
