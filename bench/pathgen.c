/* SPDX-License-Identifier: Apache-2.0 */
/* pathgen.c - rows between places on a line of resources: paths of a row share part of their
 * resources, as ways of a corridor do. A generator of its own (splitmix64), same on all machines.
 */
#include "pathgen.h"

#include <math.h>
#include <stdlib.h>

enum { USES = 6 };

static uint64_t next(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static double uniform(uint64_t *state, double from, double to)
{
    return from + (to - from) * ((double)(next(state) >> 11) * 0x1p-53);
}

static double law(const void *context, uint32_t resource, double load, double *out_slope)
{
    const double *capacity = context;
    const double c = capacity[resource], r = load / c, free_time = 1.0 + resource % 7;
    if (resource % 4 == 0) {
        *out_slope = free_time / c;
        return free_time * (1.0 + r);
    }
    if (resource % 4 == 1) {
        *out_slope = free_time * 0.6 * r * r * r / c;
        return free_time * (1.0 + 0.15 * r * r * r * r);
    }
    if (resource % 4 == 2) {
        const double a = 6.0, e = (2.0 * a - 1.0) / (2.0 * a - 2.0), left = a * (1.0 - r);
        const double root = sqrt(left * left + e * e);
        *out_slope = free_time * (a / c) * (1.0 - left / root);
        return free_time * (2.0 + root - left - e);
    }
    /* r / (1 - r) to 0.97, straight behind */
    const double bend = 0.97, most = fmin(r, bend), steep = 1.0 / ((1.0 - most) * (1.0 - most));
    *out_slope = 0.2 * free_time * steep / c;
    return 0.2 * free_time * (most / (1.0 - most) + (r - most) * steep);
}

static void make_paths(pathgen *g, uint64_t *state, uint32_t n_rows, uint32_t paths_a_row,
                       uint32_t n_resources, bool one_weight, double spread_cost)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < n_rows; i++) {
        const double units = uniform(state, 0.5, 2.0), value = uniform(state, 0.2, 3.0);
        const uint32_t from = (uint32_t)(next(state) % n_resources);
        g->rows[i] = (krn_path_row){uniform(state, 1.0, 10.0), spread_cost};
        for (uint32_t k = 0; k < paths_a_row; k++, n++) {
            krn_path *path = &g->paths[n];
            krn_path_use *uses = &g->uses[(size_t)n * USES];
            *path = (krn_path){i, uniform(state, 20.0, 30.0), 1.0, uses, 0};
            for (uint32_t u = 0; u < USES; u++) {
                const uint32_t where = (from + (uint32_t)(next(state) % 40)) % n_resources;
                bool there = false;
                for (uint32_t j = 0; j < path->n_uses; j++)
                    there = there || uses[j].resource == where;
                if (!there)
                    uses[path->n_uses++] = (krn_path_use){where, units, one_weight ? units : value};
            }
            for (uint32_t u = 0; u < path->n_uses; u++)
                g->capacity[uses[u].resource] += units * g->rows[i].flow / (double)paths_a_row;
        }
    }
}

bool pathgen_make(uint32_t seed, uint32_t n_rows, uint32_t paths_a_row, uint32_t n_resources,
                  bool one_weight, double spread_cost, double limit_share, pathgen *out)
{
    uint64_t state = seed;
    const uint32_t n_paths = n_rows * paths_a_row;
    pathgen g = {.rows = calloc((size_t)n_rows + 1, sizeof *g.rows),
                 .resources = calloc((size_t)n_resources + 1, sizeof *g.resources),
                 .paths = calloc((size_t)n_paths + 1, sizeof *g.paths),
                 .uses = calloc((size_t)n_paths * USES + 1, sizeof *g.uses),
                 .capacity = calloc((size_t)n_resources + 1, sizeof *g.capacity)};
    if (!g.rows || !g.resources || !g.paths || !g.uses || !g.capacity) {
        pathgen_free(&g);
        return false;
    }
    make_paths(&g, &state, n_rows, paths_a_row, n_resources, one_weight, spread_cost);
    for (uint32_t r = 0; r < n_resources; r++) {
        g.capacity[r] = (g.capacity[r] + 1e-3) * uniform(&state, 0.6, 1.6);
        g.resources[r].limit_load =
            limit_share > 0.0 && r % 10 == 0 ? limit_share * g.capacity[r] : HUGE_VAL;
    }
    g.problem = (krn_path_problem){.n_rows = n_rows,
                                   .n_resources = n_resources,
                                   .n_paths = n_paths,
                                   .rows = g.rows,
                                   .resources = g.resources,
                                   .paths = g.paths,
                                   .law = law,
                                   .law_context = g.capacity};
    *out = g;
    return true;
}

void pathgen_free(pathgen *g)
{
    free(g->rows);
    free(g->resources);
    free(g->paths);
    free(g->uses);
    free(g->capacity);
    *g = (pathgen){0};
}
