/* path_flow.h - flows of rows over paths, with what they load: state of path_assign.c.
 *
 *   packed paths  by row, then in the caller's order; uses of a path by resource
 *   point         a resource under its load: time, slope, marginal toll, price of its limit
 *
 *     cost of a path = fixed + sum of weight * time + units * (toll + price)
 *     g of a path    = cost + spread ln(flow / (flow of the row * size)), equal over a row's paths
 *
 *   ownership  krni_path_set_free, krni_path_flows_free; a set and flows borrow from the problem
 *   threads    one
 *   errors     KRN_E_ARG, KRN_E_MEMORY */
#ifndef ASSIGN_PATH_FLOW_H
#define ASSIGN_PATH_FLOW_H

#include <keruen/path_assign.h>

/* Paths that may take flow, packed: those over a resource with a limit of 0 are left out. */
typedef struct krni_path_set {
    uint32_t n_rows, n_resources, n_paths, most_uses;
    uint32_t *row_first; /* n_rows + 1 */
    uint32_t *number;    /* n_paths: in the caller's order */
    uint32_t *use_first; /* n_paths + 1 */
    krn_path_use *uses;
    double *fixed;     /* n_paths */
    double *size_cost; /* n_paths: spread ln(size of it * flow of the row) */
    double *flow;      /* n_rows */
    double *spread;    /* n_rows: 0 where the method does not look at it */
} krni_path_set;

typedef struct krni_path_point {
    double load, time, slope;
    double weight_load; /* sum of weight * flow */
    double toll;        /* of the system optimum: weight_load * slope, on a unit of load */
    double bend;        /* of the same: second derivative of the time, >= 0 */
    double price;       /* max(0, base + stiffness * (load - limit)) */
    double price_slope; /* stiffness where the price is above 0 */
    double limit, base_price, stiffness;
} krni_path_point;

typedef struct krni_path_flows {
    const krni_path_set *set;
    krn_path_law law;
    const void *law_context;
    bool marginal;        /* system optimum */
    bool room_only;       /* costs are those of missing room alone */
    uint32_t bad_law;     /* a resource whose law gave no finite number, or UINT32_MAX */
    double damping_share; /* of each shift, 0..1 */
    double *flow;         /* n_paths */
    krni_path_point *points;
    /* scratch of a pair */
    krn_path_use *pair;
    uint32_t n_pair;
} krni_path_flows;

/* How far flows are from equilibrium. */
typedef struct krni_path_gap {
    double excess_cost; /* sum of flow * (g - least g of the row) */
    double total_cost;  /* sum of flow * |cost| */
    double gap_share;
    uint32_t n_used;
} krni_path_gap;

/* ---- path_problem.c ---- */

krn_status krni_path_check(const krn_path_problem *problem, const krn_path_options *options,
                           krn_error *err);
/* A path with the number it is called by in the fault. */
krn_status krni_path_check_one(const krn_path_problem *problem, const krn_path *path,
                               uint32_t number, krn_error *err);
krn_status krni_path_set_new(const krn_path_problem *problem, const krn_path *paths,
                             uint32_t n_paths, krn_path_method method, krni_path_set *out,
                             krn_error *err);
void krni_path_set_free(krni_path_set *set);

/* ---- path_load.c ---- */

krn_status krni_path_flows_new(const krn_path_problem *problem, const krni_path_set *set,
                               bool marginal, krni_path_flows *out, krn_error *err);
void krni_path_flows_free(krni_path_flows *flows);

/* Paths of rows with a spread have at least the least flow. */
void krni_path_lift(krni_path_flows *flows);

/* Time, slope, toll and price of a resource from its load. */
void krni_path_refresh(krni_path_flows *flows, uint32_t resource);

/* Rows add up again, loads are summed anew, all points refreshed. */
void krni_path_load(krni_path_flows *flows);

double krni_path_cost(const krni_path_flows *flows, uint32_t path);

/* Cost and the term of the spread; of a path without flow in a row with a spread -HUGE_VAL. */
double krni_path_g(const krni_path_flows *flows, uint32_t row, uint32_t path);

/* least: by row a cost to compare with where it is lower than that of all paths; NULL: none. */
krni_path_gap krni_path_gap_of(const krni_path_flows *flows, const double *least);

/* ---- path_shift.c ---- */

/* The cheapest path of a row under present loads; the lower number of equal ones. */
uint32_t krni_path_cheapest(const krni_path_flows *flows, uint32_t row);

/* The least flow of a path in a row with a spread. */
double krni_path_floor(double row_flow);

/* All flow of a row by present costs: cheapest path, or logit where it has a spread. Loads are not
 * touched. */
void krni_path_divide(krni_path_flows *flows, uint32_t row);

/* The same with loads: rows one after another, each seeing those before it. */
void krni_path_fill(krni_path_flows *flows);

/* Shifts between paths of each row, rows in order. Returns the largest share of a row moved. */
double krni_path_sweep(krni_path_flows *flows);

/* ---- path_answer.c ---- */

/* What the equilibrium makes least; of the system optimum the total cost. */
double krni_path_objective(const krni_path_flows *flows);

#endif
