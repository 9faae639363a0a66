/* pathgen.h - made rows of demand over paths that share resources, for benchmarks.
 *
 * Loads at rest are about 0.3 to 2 of what a resource takes; laws are a quarter each linear, of
 * the fourth power, conical, and of a queue.
 *
 *   ownership  pathgen_free */
#ifndef PATHGEN_H
#define PATHGEN_H

#include <keruen/path_assign.h>

typedef struct pathgen {
    krn_path_problem problem;
    krn_path_row *rows;
    krn_path_resource *resources;
    krn_path *paths;
    krn_path_use *uses;
    double *capacity; /* by resource */
} pathgen;

/* one_weight: weights keep to units, so that there is an objective. spread_cost: of each row.
 * limit_share: hard limits of every tenth resource, in its capacity; 0: none. */
bool pathgen_make(uint32_t seed, uint32_t n_rows, uint32_t paths_a_row, uint32_t n_resources,
                  bool one_weight, double spread_cost, double limit_share, pathgen *out);
void pathgen_free(pathgen *g);

#endif
