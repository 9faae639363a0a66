/* SPDX-License-Identifier: Apache-2.0 */
/* path_problem.c - checks what a caller passes, and packs paths by row.
 *
 * A path over a resource whose limit is 0 can never take flow and is left out of the packed set. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "assign/path_flow.h"
#include "base/error.h"

static bool not_negative(double value)
{
    return isfinite(value) && value >= 0.0;
}

static krn_status check_use(const krn_path_problem *problem, const krn_path *path, uint32_t k,
                            uint32_t number, krn_error *err)
{
    const krn_path_use *use = &path->uses[k];
    if (use->resource >= problem->n_resources)
        return krni_fail(err, KRN_E_ARG, "path %u: resource %u of %u", number, use->resource,
                         problem->n_resources);
    if (!not_negative(use->units) || !not_negative(use->weight))
        return krni_fail(err, KRN_E_ARG,
                         "path %u: resource %u: units %g and weight %g: 0 or more was expected",
                         number, use->resource, use->units, use->weight);
    for (uint32_t i = 0; i < k; i++)
        if (path->uses[i].resource == use->resource)
            return krni_fail(err, KRN_E_ARG, "path %u: resource %u twice: once was expected",
                             number, use->resource);
    return KRN_OK;
}

krn_status krni_path_check_one(const krn_path_problem *problem, const krn_path *path,
                               uint32_t number, krn_error *err)
{
    if (path->row >= problem->n_rows)
        return krni_fail(err, KRN_E_ARG, "path %u: row %u of %u", number, path->row,
                         problem->n_rows);
    if (!isfinite(path->fixed_cost))
        return krni_fail(err, KRN_E_ARG, "path %u: fixed cost %g: a number was expected", number,
                         path->fixed_cost);
    if (!isfinite(path->size) || !(path->size > 0.0))
        return krni_fail(err, KRN_E_ARG, "path %u: size %g: more than 0 was expected", number,
                         path->size);
    if (path->n_uses && !path->uses)
        return krni_fail(err, KRN_E_ARG, "path %u: %u uses, and no list of them", number,
                         path->n_uses);
    for (uint32_t k = 0; k < path->n_uses; k++) {
        const krn_status status = check_use(problem, path, k, number, err);
        if (status)
            return status;
    }
    return KRN_OK;
}

static krn_status check_rows(const krn_path_problem *problem, krn_error *err)
{
    for (uint32_t i = 0; i < problem->n_rows; i++) {
        if (!not_negative(problem->rows[i].flow))
            return krni_fail(err, KRN_E_ARG, "row %u: flow %g: 0 or more was expected", i,
                             problem->rows[i].flow);
        if (!not_negative(problem->rows[i].spread_cost))
            return krni_fail(err, KRN_E_ARG, "row %u: spread %g: 0 or more was expected", i,
                             problem->rows[i].spread_cost);
    }
    for (uint32_t r = 0; r < problem->n_resources; r++)
        if (!(problem->resources[r].limit_load >= 0.0))
            return krni_fail(err, KRN_E_ARG, "resource %u: limit %g: 0 or more was expected", r,
                             problem->resources[r].limit_load);
    return KRN_OK;
}

static krn_status check_options(const krn_path_problem *problem, const krn_path_options *options,
                                krn_error *err)
{
    if (options->method > KRN_PATH_SYSTEM)
        return krni_fail(err, KRN_E_ARG, "method %d: one of krn_path_method was expected",
                         (int)options->method);
    if (!not_negative(options->gap_share))
        return krni_fail(err, KRN_E_ARG, "gap %g: 0 or more was expected", options->gap_share);
    for (uint32_t p = 0; options->base_flow && p < problem->n_paths; p++)
        if (!not_negative(options->base_flow[p]))
            return krni_fail(err, KRN_E_ARG, "path %u: base flow %g: 0 or more was expected", p,
                             options->base_flow[p]);
    return KRN_OK;
}

krn_status krni_path_check(const krn_path_problem *problem, const krn_path_options *options,
                           krn_error *err)
{
    if ((problem->n_rows && !problem->rows) || (problem->n_resources && !problem->resources) ||
        (problem->n_paths && !problem->paths))
        return krni_fail(err, KRN_E_ARG, "rows, resources or paths: a list is missing");
    krn_status status = check_rows(problem, err);
    if (!status)
        status = check_options(problem, options, err);
    for (uint32_t p = 0; !status && p < problem->n_paths; p++)
        status = krni_path_check_one(problem, &problem->paths[p], p, err);
    if (status || options->generate)
        return status;
    bool *has = calloc((size_t)problem->n_rows + 1, sizeof *has);
    if (!has)
        return krni_fail_memory(err);
    for (uint32_t p = 0; p < problem->n_paths; p++)
        has[problem->paths[p].row] = true;
    for (uint32_t i = 0; !status && i < problem->n_rows; i++)
        if (!has[i] && problem->rows[i].flow > 0.0)
            status = krni_fail(err, KRN_E_ARG, "row %u: a path was expected", i);
    free(has);
    return status;
}

/* A path with a resource of limit 0 takes nothing. */
static bool is_shut(const krn_path_problem *problem, const krn_path *path)
{
    for (uint32_t k = 0; k < path->n_uses; k++)
        if (path->uses[k].units > 0.0 &&
            !(problem->resources[path->uses[k].resource].limit_load > 0.0))
            return true;
    return false;
}

/* The uses of a path by resource, those that weigh and load nothing left out. */
static uint32_t pack_uses(const krn_path *path, krn_path_use *out)
{
    uint32_t n = 0;
    for (uint32_t k = 0; k < path->n_uses; k++) {
        const krn_path_use use = path->uses[k];
        uint32_t i = n;
        if (!(use.units > 0.0) && !(use.weight > 0.0))
            continue;
        for (; i > 0 && out[i - 1].resource > use.resource; i--)
            out[i] = out[i - 1];
        out[i] = use;
        n++;
    }
    return n;
}

static void pack(const krn_path_problem *problem, const krn_path *paths, uint32_t n_paths,
                 const bool *out_of_use, krni_path_set *s)
{
    for (uint32_t p = 0; p < n_paths; p++)
        if (!out_of_use[p])
            s->row_first[paths[p].row + 1]++;
    for (uint32_t i = 0; i < s->n_rows; i++)
        s->row_first[i + 1] += s->row_first[i];
    for (uint32_t p = 0; p < n_paths; p++)
        if (!out_of_use[p])
            s->number[s->row_first[paths[p].row]++] = p;
    for (uint32_t i = s->n_rows; i > 0; i--)
        s->row_first[i] = s->row_first[i - 1];
    s->row_first[0] = 0;
    for (uint32_t q = 0; q < s->n_paths; q++) {
        const krn_path *path = &paths[s->number[q]];
        const uint32_t n = pack_uses(path, s->uses + s->use_first[q]);
        const double flow = problem->rows[path->row].flow;
        s->use_first[q + 1] = s->use_first[q] + n;
        s->most_uses = n > s->most_uses ? n : s->most_uses;
        s->fixed[q] = path->fixed_cost;
        if (s->spread[path->row] > 0.0 && flow > 0.0)
            s->size_cost[q] = s->spread[path->row] * (log(path->size) + log(flow));
    }
}

krn_status krni_path_set_new(const krn_path_problem *problem, const krn_path *paths,
                             uint32_t n_paths, krn_path_method method, krni_path_set *out,
                             krn_error *err)
{
    krn_status status = KRN_OK;
    size_t n_uses = 1;
    krni_path_set s = {.n_rows = problem->n_rows, .n_resources = problem->n_resources};
    const bool look_at_limits = method == KRN_PATH_USER || method == KRN_PATH_SYSTEM;
    const bool look_at_spread = method == KRN_PATH_USER || method == KRN_PATH_FREE;
    bool *out_of_use = calloc((size_t)n_paths + 1, sizeof *out_of_use);
    for (uint32_t p = 0; out_of_use && p < n_paths; p++) {
        out_of_use[p] = look_at_limits && is_shut(problem, &paths[p]);
        s.n_paths += !out_of_use[p];
        n_uses += out_of_use[p] ? 0 : paths[p].n_uses;
    }
    s.row_first = calloc((size_t)s.n_rows + 2, sizeof *s.row_first);
    s.number = calloc((size_t)s.n_paths + 1, sizeof *s.number);
    s.use_first = calloc((size_t)s.n_paths + 1, sizeof *s.use_first);
    s.uses = calloc(n_uses, sizeof *s.uses);
    s.fixed = calloc((size_t)s.n_paths + 1, sizeof *s.fixed);
    s.size_cost = calloc((size_t)s.n_paths + 1, sizeof *s.size_cost);
    s.flow = calloc((size_t)s.n_rows + 1, sizeof *s.flow);
    s.spread = calloc((size_t)s.n_rows + 1, sizeof *s.spread);
    if (!out_of_use || !s.row_first || !s.number || !s.use_first || !s.uses || !s.fixed ||
        !s.size_cost || !s.flow || !s.spread) {
        status = krni_fail_memory(err);
        goto done;
    }
    for (uint32_t i = 0; i < s.n_rows; i++) {
        s.flow[i] = problem->rows[i].flow;
        s.spread[i] = look_at_spread ? problem->rows[i].spread_cost : 0.0;
    }
    pack(problem, paths, n_paths, out_of_use, &s);
    assert(s.row_first[s.n_rows] == s.n_paths && s.use_first[s.n_paths] < n_uses);
    *out = s;
done:
    if (status)
        krni_path_set_free(&s);
    free(out_of_use);
    return status;
}

void krni_path_set_free(krni_path_set *set)
{
    free(set->row_first);
    free(set->number);
    free(set->use_first);
    free(set->uses);
    free(set->fixed);
    free(set->size_cost);
    free(set->flow);
    free(set->spread);
    *set = (krni_path_set){0};
}
