/* answer.h - an assignment and its state: kept for queries and warm starts. */
#ifndef ASSIGN_ANSWER_H
#define ASSIGN_ANSWER_H

#include "assign/problem.h"
#include "assign/segment.h"

struct krn_assignment {
    krni_problem problem;
    krni_segments segments;      /* flow NULL: by Frank-Wolfe */
    uint32_t n_links, n_classes; /* of the caller's network */
    double *load, *time;         /* n_links */
    double *class_flow;          /* n_classes * n_links */
    double *price;               /* n_links, of hard capacities; NULL: none */
    double total_time, total_cost, spread_off_share;
    krn_assign_step step;
    size_t bytes;
};

/* Flows by class in the caller's order, from loads by class (n_classes * links of the graph). */
krn_status krni_answer_fill(krn_assignment *answer, const double *class_load, krn_error *err);

#endif
