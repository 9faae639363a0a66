/* path_case.h - rows, paths and resources for tests of flows over paths. */
#ifndef SUPPORT_PATH_CASE_H
#define SUPPORT_PATH_CASE_H

#include <keruen/path_assign.h>

enum { PATH_CASE_USES = 64 };

/* A problem and all that it borrows; path_case_free. Law of a resource: as of a link. */
typedef struct path_case {
    krn_path_problem problem;
    krn_path_row *rows;
    krn_path_resource *resources;
    krn_path *paths;
    krn_path_use *uses; /* PATH_CASE_USES a path */
    krn_delay *delays;  /* by resource: constant, BPR or conical */
} path_case;

/* No limits, no times, sizes 1; paths are added by path_case_add. */
path_case path_case_new(uint32_t n_rows, uint32_t n_resources, uint32_t most_paths);
void path_case_free(path_case *c);

/* A path over the n resources that follow, each with units and weight 1. */
uint32_t path_case_add(path_case *c, uint32_t row, double fixed_cost, uint32_t n, ...);

/* free_time * (1 + factor * (load / capacity)^power). */
void path_case_bpr(path_case *c, uint32_t resource, double free_time, double factor,
                   double capacity, double power);

/* The answer at a gap, or the test fails. */
krn_path_answer *path_case_assign(const path_case *c, krn_path_method method, double gap_share);

/* Random rows over random resources with laws of all kinds; weights keep to units or not. */
path_case path_case_random(uint32_t seed, uint32_t n_rows, uint32_t paths_a_row,
                           uint32_t n_resources, bool one_weight);

#endif
