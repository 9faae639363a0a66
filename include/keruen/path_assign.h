/* path_assign.h - flows of rows of demand over paths that share resources.
 *
 *   row (flow)  --paths-->  fixed cost + what is waited for at resources, which grows with their
 * load
 *
 *     cost of a path     c_p = fixed_cost + sum over its uses (weight * time_r(load_r)
 *                                                             + units * price_r)
 *     load of a resource x_r = sum over paths (flow_p * units)
 *
 *   where assign.h has flows over links of one kind, here a path has a cost of its own (a tariff
 *   over the whole way), rows weigh time differently, and take different amounts of a resource.
 *
 *     user equilibrium          no path in use is dearer than another one of its row
 *     stochastic equilibrium    c_p + spread ln(flow_p / flow) - spread ln(size_p) is equal on all
 *                               paths of a row (Fisk 1980; path size: Ben-Akiva, Bierlaire 1999)
 *     system optimum            sum of flow * cost is least (a stationary point of it)
 *
 * No freight word. Paths may be given all at once, or be found while costs change (generate).
 *
 *   order      rows, paths and resources are numbers; ties go to the lower number
 *   ownership  an answer is freed by krn_path_answer_free; inputs are borrowed for the call
 *   threads    one; generate may use more
 *   errors     KRN_E_ARG (what is wrong, with the number of row, path or resource), KRN_E_MEMORY,
 *              KRN_E_NO_ROUTE (limits cannot carry the rows: the text names the row and what is
 *              full), KRN_E_CANCELLED
 */
#ifndef KERUEN_PATH_ASSIGN_H
#define KERUEN_PATH_ASSIGN_H

#include <keruen/arena.h>
#include <keruen/assign.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct krn_path_use {
    uint32_t resource; /* at most once in a path */
    double units;      /* load of one unit of flow, >= 0 */
    double weight;     /* cost of a unit of its time for a unit of flow, >= 0 */
} krn_path_use;

typedef struct krn_path {
    uint32_t row;
    double fixed_cost; /* finite, of any sign */
    double size;       /* path size, > 0; 1: none */
    const krn_path_use *uses;
    uint32_t n_uses;
} krn_path;

typedef struct krn_path_row {
    double flow;        /* >= 0 */
    double spread_cost; /* > 0: the row divides by logit; 0: cheapest only */
} krn_path_row;

/* Time at a resource under a load >= 0, not falling, with its slope: finite values both. */
typedef double (*krn_path_law)(const void *context, uint32_t resource, double load,
                               double *out_slope);

typedef struct krn_path_resource {
    double limit_load; /* a hard capacity, >= 0; HUGE_VAL: none */
} krn_path_resource;

typedef struct krn_path_problem {
    uint32_t n_rows, n_resources, n_paths;
    const krn_path_row *rows;
    const krn_path_resource *resources;
    const krn_path *paths; /* in any order; each row needs one, unless generate gives it */
    krn_path_law law;      /* NULL: all times 0 */
    const void *law_context;
} krn_path_problem;

typedef enum krn_path_method {
    KRN_PATH_ALL_OR_NOTHING, /* cheapest path at no load; spread and limits are not looked at */
    KRN_PATH_FREE,           /* by costs at no load: logit where a row has a spread */
    KRN_PATH_USER,           /* equilibrium under load; stochastic where a row has a spread */
    KRN_PATH_SYSTEM          /* least total cost; spreads are not looked at */
} krn_path_method;

/* Paths found under the present times and prices. add->paths live in arena. */
typedef struct krn_path_found {
    krn_path *paths;
    uint32_t n_paths;
} krn_path_found;

typedef struct krn_path_options {
    krn_path_method method;
    double gap_share;        /* ends at or below this relative gap; 0: 1e-6 */
    uint32_t max_iterations; /* 0: 10000 */
    /* Asked when the paths known are in equilibrium: paths that are cheaper than all known ones of
     * their row, at these times and prices (n_resources values; of a system optimum the marginal
     * ones). out_least_cost: of each row the least cost found, or HUGE_VAL. None added: the end.
     * NULL: the paths given are all. */
    krn_status (*generate)(void *context, const double *times, const double *prices,
                           krn_arena *arena, krn_path_found *add, double *out_least_cost,
                           krn_error *err);
    void *generate_context;
    bool (*progress)(void *context, const krn_assign_step *step); /* false: stop; or NULL */
    void *progress_context;
    const double *base_flow; /* n_paths: flows to start from, scaled to the rows; NULL: none */
} krn_path_options;

typedef struct krn_path_answer krn_path_answer;

/* Relative gap: sum of flow * (cost - least cost of the row) / sum of |flow * cost|, costs with
 * prices of limits and, of a system optimum, what a unit costs others; with a spread, of cost +
 * spread * ln(share / size). Where iterations end before limits are kept, at least the share by
 * which one is missed. objective_cost: sum of flow * fixed cost + integral of each resource's time
 * with the mean weight of a unit of its load (+ the entropy of rows with a spread): what the
 * equilibrium makes least where weights keep to units; of the system optimum the total cost.
 * Limits are kept to 1e-8 of themselves. All-or-nothing and free: times, costs and gap are those
 * under the loads that come of it. n_pairs of a step: paths in use.
 * O(paths * uses + resources^3) an iteration, 10 to 30 iterations as a rule; where weights of a row
 * do not keep to units at all the gap may stay above the one asked for: look at the step. */
KRN_API krn_status krn_path_assign(const krn_path_problem *problem, const krn_path_options *options,
                                   krn_path_answer **out, krn_error *err);
KRN_API void krn_path_answer_free(krn_path_answer *answer);

KRN_API krn_assign_step krn_path_answer_step(const krn_path_answer *answer);

/* Paths given first, then those found, in order. */
KRN_API uint32_t krn_path_answer_paths(const krn_path_answer *answer);
KRN_API const krn_path *krn_path_answer_path(const krn_path_answer *answer, uint32_t path);
KRN_API const double *krn_path_answer_flow(const krn_path_answer *answer); /* by path */
/* By path, a unit: c_p above, with prices of limits and without what it costs others. */
KRN_API const double *krn_path_answer_cost(const krn_path_answer *answer);

/* n_resources values each: load, time under it, price of the limit (cost that one more unit of
 * capacity would take off the objective; 0 where it does not bind). */
KRN_API const double *krn_path_answer_load(const krn_path_answer *answer);
KRN_API const double *krn_path_answer_time(const krn_path_answer *answer);
KRN_API const double *krn_path_answer_price(const krn_path_answer *answer);

/* Sum of flow * (fixed cost + weights * times): without prices of limits. */
KRN_API double krn_path_answer_total_cost(const krn_path_answer *answer);

#ifdef __cplusplus
}
#endif
#endif
