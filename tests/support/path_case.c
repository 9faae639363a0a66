/* SPDX-License-Identifier: Apache-2.0 */
#include "support/path_case.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static double law(const void *context, uint32_t resource, double load, double *out_slope)
{
    const krn_delay *d = (const krn_delay *)context + resource;
    const double r = d->capacity > 0.0 ? load / d->capacity : 0.0;
    *out_slope = 0.0;
    if (d->kind == KRN_DELAY_BPR) {
        if (d->power > 0.0 && (r > 0.0 || d->power <= 1.0))
            *out_slope = d->free_time * d->factor * d->power * pow(r, d->power - 1.0) / d->capacity;
        return d->free_time * (1.0 + (d->power > 0.0 ? d->factor * pow(r, d->power) : d->factor));
    }
    if (d->kind == KRN_DELAY_CONICAL) {
        const double a = d->factor, e = (2.0 * a - 1.0) / (2.0 * a - 2.0), left = a * (1.0 - r);
        const double root = sqrt(left * left + e * e);
        *out_slope = d->free_time * (a / d->capacity) * (1.0 - left / root);
        return d->free_time * (2.0 + root - left - e);
    }
    return d->free_time;
}

path_case path_case_new(uint32_t n_rows, uint32_t n_resources, uint32_t most_paths)
{
    path_case c = {.rows = calloc(n_rows + 1u, sizeof *c.rows),
                   .resources = calloc(n_resources + 1u, sizeof *c.resources),
                   .paths = calloc(most_paths + 1u, sizeof *c.paths),
                   .uses = calloc((size_t)most_paths * PATH_CASE_USES + 1u, sizeof *c.uses),
                   .delays = calloc(n_resources + 1u, sizeof *c.delays)};
    assert_true(c.rows && c.resources && c.paths && c.uses && c.delays);
    for (uint32_t r = 0; r < n_resources; r++)
        c.resources[r].limit_load = HUGE_VAL;
    c.problem = (krn_path_problem){.n_rows = n_rows,
                                   .n_resources = n_resources,
                                   .rows = c.rows,
                                   .resources = c.resources,
                                   .paths = c.paths,
                                   .law = law,
                                   .law_context = c.delays};
    return c;
}

void path_case_free(path_case *c)
{
    free(c->rows);
    free(c->resources);
    free(c->paths);
    free(c->uses);
    free(c->delays);
}

uint32_t path_case_add(path_case *c, uint32_t row, double fixed_cost, uint32_t n, ...)
{
    const uint32_t at = c->problem.n_paths++;
    krn_path_use *uses = c->uses + (size_t)at * PATH_CASE_USES;
    va_list list;
    va_start(list, n);
    for (uint32_t k = 0; k < n; k++)
        uses[k] = (krn_path_use){(uint32_t)va_arg(list, int), 1.0, 1.0};
    va_end(list);
    c->paths[at] = (krn_path){row, fixed_cost, 1.0, uses, n};
    return at;
}

void path_case_bpr(path_case *c, uint32_t resource, double free_time, double factor,
                   double capacity, double power)
{
    c->delays[resource] = (krn_delay){.kind = KRN_DELAY_BPR,
                                      .free_time = free_time,
                                      .factor = factor,
                                      .capacity = capacity,
                                      .power = power};
}

krn_path_answer *path_case_assign(const path_case *c, krn_path_method method, double gap_share)
{
    const krn_path_options options = {.method = method, .gap_share = gap_share};
    krn_path_answer *answer = NULL;
    krn_error err = {0};
    if (krn_path_assign(&c->problem, &options, &answer, &err))
        fail_msg("%s", err.text);
    return answer;
}

static double uniform(uint64_t *state, double from, double to)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return from + (to - from) * ((double)(*state >> 11) * 0x1p-53);
}

path_case path_case_random(uint32_t seed, uint32_t n_rows, uint32_t paths_a_row,
                           uint32_t n_resources, bool one_weight)
{
    uint64_t state = 77u + seed;
    path_case c = path_case_new(n_rows, n_resources, n_rows * paths_a_row);
    for (uint32_t i = 0; i < n_rows; i++) {
        const double units = uniform(&state, 0.5, 2.0), value = uniform(&state, 0.3, 3.0);
        c.rows[i].flow = uniform(&state, 1.0, 9.0);
        for (uint32_t k = 0; k < paths_a_row; k++) {
            const uint32_t p = path_case_add(&c, i, uniform(&state, 8.0, 12.0), 0);
            krn_path_use *uses = c.uses + (size_t)p * PATH_CASE_USES;
            for (uint32_t r = 0; r < n_resources && c.paths[p].n_uses < 5; r++)
                if (uniform(&state, 0.0, 1.0) < 3.0 / n_resources)
                    uses[c.paths[p].n_uses++] =
                        (krn_path_use){r, units, one_weight ? units : value};
        }
    }
    for (uint32_t r = 0; r < n_resources; r++) {
        const double capacity =
            uniform(&state, 0.8, 2.5) * 5.0 * (double)n_rows / (double)n_resources;
        c.delays[r] = (krn_delay){.kind = r % 3 == 2 ? KRN_DELAY_CONICAL : KRN_DELAY_BPR,
                                  .free_time = uniform(&state, 1.0, 4.0),
                                  .capacity = capacity,
                                  .factor = r % 3 == 2 ? 5.0 : uniform(&state, 0.1, 1.0),
                                  .power = r % 3 == 0 ? 4.0 : 1.0};
    }
    return c;
}
