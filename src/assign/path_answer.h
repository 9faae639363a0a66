/* path_answer.h - inside of an answer over paths: filled by path_assign.c.
 *
 *   ownership  paths found by the caller's generator lie in the answer's arena, uses of paths given
 *              are copied there
 *   threads    one
 *   errors     KRN_E_MEMORY */
#ifndef ASSIGN_PATH_ANSWER_H
#define ASSIGN_PATH_ANSWER_H

#include "assign/path_flow.h"

struct krn_path_answer {
    krn_arena *arena;
    uint32_t n_paths, room, n_resources;
    krn_path *paths;
    double *flow, *cost;         /* by path */
    double *load, *time, *price; /* by resource */
    double total_cost;
    krn_assign_step step;
};

/* The paths given, copied. */
krn_status krni_path_answer_new(const krn_path_problem *problem, krn_path_answer **out,
                                krn_error *err);
/* One more path; its uses stay where they are. */
krn_status krni_path_answer_add(krn_path_answer *answer, const krn_path *path, krn_error *err);
/* Figures by path, from flows, times and prices. */
void krni_path_answer_price(krn_path_answer *answer);
/* Flows, loads, times and prices of the end. */
krn_status krni_path_answer_take(krn_path_answer *answer, const krni_path_flows *flows,
                                 krn_error *err);

#endif
