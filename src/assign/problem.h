/* problem.h - an assignment packed for its solvers: graph, laws, costs of classes, sources.
 *
 * A source is a pair of class and origin with its trips. Flows inside are loads (equivalents *
 * flow), costs are in units of time.
 *
 *   ownership  krni_problem_free
 *   threads    only the loads of delays change, by one thread at a time */
#ifndef ASSIGN_PROBLEM_H
#define ASSIGN_PROBLEM_H

#include "assign/link_delay.h"
#include "assign/shortest_tree.h"

typedef struct krni_source {
    uint32_t class_index, node;
    uint32_t first_trip, n_trips;
    double load; /* of its served trips */
} krni_source;

typedef struct krni_problem {
    const krn_assign_network *network; /* borrowed */
    krni_graph graph;
    krni_delays delays;
    double *fixed; /* n_classes * n_links: toll and length in units of time */
    uint32_t n_sources, n_trips, n_classes;
    krni_source *sources; /* by class and origin */
    uint32_t *trip_end;   /* by source, then destination; each pair once */
    double *trip_load;
    double load;                      /* of all served trips */
    double unserved_flow, inner_flow; /* flows, not loads */
} krni_problem;

/* Checks everything and leaves out trips that have no way. */
krn_status krni_problem_new(const krn_assign_network *network, krn_assign_method method,
                            krni_problem *out, krn_error *err);
void krni_problem_free(krni_problem *problem);

/* Fixed part of the costs of a class, by link. */
static inline const double *krni_fixed_of(const krni_problem *p, uint32_t class_index)
{
    return p->fixed + (size_t)class_index * p->graph.n_links;
}

/* Sum over links of the integrals of their times; without the fixed parts. */
double krni_problem_integral(const krni_problem *problem);

/* Sum over links of load * time as the iteration sees them; without the fixed parts. */
double krni_problem_time(const krni_problem *problem);

#endif
