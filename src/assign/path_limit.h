/* path_limit.h - hard limits of resources, by prices.
 *
 *   ownership  krni_path_limits_free
 *   threads    one
 *   errors     KRN_E_MEMORY */
#ifndef ASSIGN_PATH_LIMIT_H
#define ASSIGN_PATH_LIMIT_H

#include "assign/path_newton.h"

/* Limits are kept to this share of themselves; the promise is 1e-8. */
#define KRNI_PATH_LIMIT_KEPT 5e-9

typedef struct krni_path_limits {
    uint32_t n_limits;  /* resources that have one; 0: nothing to do */
    double *miss_share; /* by resource: how far off at the last raise */
    double *first;      /* by resource: stiffness to begin with */
    double *ray;        /* by resource: prices that prove that there is no room */
    unsigned raises;
    bool has_room; /* proved */
} krni_path_limits;

/* Which row and resource lack room. */
typedef struct krni_path_full {
    uint32_t row, resource;
} krni_path_full;

/* Makes flows keep limits: how stiff a price is at first is taken from the costs at no load. */
krn_status krni_path_limits_new(const krn_path_problem *problem, krni_path_flows *flows,
                                krni_path_limits *out, krn_error *err);
void krni_path_limits_free(krni_path_limits *limits);

/* Prices and stiffness of flows packed before, for flows packed anew. */
void krni_path_limits_carry(const krni_path_flows *from, krni_path_flows *to);

/* The largest |load - limit| / limit where load is above the limit or the price above 0. */
double krni_path_limits_miss(const krni_path_limits *limits, const krni_path_flows *flows);

/* Prices reached become the base of the next ones; stiffer where that brought little. */
void krni_path_limits_raise(krni_path_limits *limits, krni_path_flows *flows);

/* Less stiff again, down to the first stiffness; prices stay. Flows move easier then. */
void krni_path_limits_ease(const krni_path_limits *limits, krni_path_flows *flows, double share);

/* Looks for flows within all limits, whatever they cost. *out_full: proved that there are none;
 * limits->ray holds the proof. Neither proved: nothing is said. */
krn_status krni_path_limits_try(krni_path_limits *limits, const krn_path_problem *problem,
                                const krni_path_flows *flows, bool *out_full, krni_path_full *out,
                                krn_error *err);

/* Prices of resources whose limit is 0: so high that no path over them is worth it. paths: all
 * known; prices: by resource, those above 0 limits are filled. O(paths * uses). */
void krni_path_limits_shut(const krn_path_problem *problem, const krni_path_flows *flows,
                           const krn_path *paths, uint32_t n_paths, double *prices);

#endif
