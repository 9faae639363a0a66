/* plan.h - all non-dominated routes of a consignment, or why there is none.
 *
 *   units      criteria: arrival, USD, kg CO2e (WTW), handlings, risk (standard deviation, h)
 *   ownership  a result lives in the arena of the call
 *   threads    any number of plans may run on one network, one arena each
 *   errors     KRN_E_ARG (a query that contradicts itself), KRN_E_MEMORY, KRN_E_LIMIT. No route is
 * not an error: n_routes is 0 and blocked says why
 */
#ifndef KERUEN_PLAN_H
#define KERUEN_PLAN_H

#include <keruen/route.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is asked. Lists hold rows or codes; pointers are borrowed for the call. */
typedef struct krn_plan_query {
    krn_consignment consignment; /* ready may be KRN_TIME_NONE with arrive_by */
    krn_time arrive_by;          /* KRN_TIME_NONE: depart when ready */
    unsigned modes;              /* mask, KRN_ALL_MODES */
    unsigned criteria;           /* mask, KRN_ALL_CRITERIA; arrival is always among them */
    double epsilon_share;        /* 0 exact */
    uint32_t max_routes;         /* shown; 0 all */
    uint32_t samples;            /* for reliability; 0: default 1000 */
    uint64_t seed;
    const uint32_t *avoid_nodes, *require_nodes; /* node rows; at most 6 required */
    uint32_t n_avoid_nodes, n_require_nodes;
    const krn_country *avoid_countries, *require_countries;
    uint32_t n_avoid_countries, n_require_countries;
    const char *const *avoid_borders; /* crossings of border.csv */
    uint32_t n_avoid_borders;
    const char *const *require_borders;
    uint32_t n_require_borders;
    const char *const *avoid_carriers; /* agency ids */
    uint32_t n_avoid_carriers;
    const char *const *require_carriers; /* services of others are not taken */
    uint32_t n_require_carriers;
    uint64_t max_labels; /* 0: default bound of 20 million */
    /* Hours by activity (krn_network_activities values, 0..1e6) that are added to its duration,
     * as of queues under load; NULL: none. */
    const double *delay_h;
    bool papers_ahead; /* regular trade: no gate holds, papers were applied for before */
} krn_plan_query;

/* Fills a query with defaults: all modes, all criteria, exact, 6 routes, 1000 samples, seed 1. */
KRN_API void krn_plan_query_init(krn_plan_query *query);

/* One fact that blocks. */
typedef struct krn_blocker {
    krn_block block;
    krn_figure figure;   /* row of the fact; table KRN_TABLE_COUNT for a filter of the query */
    uint32_t node, link; /* rows or KRN_NO_ROW */
    const char *text;    /* one sentence */
} krn_blocker;

typedef struct krn_blocked {
    const char *reason;       /* one sentence: no way at all, or none in time */
    const krn_blocker *facts; /* without all of these there is a route; none can be left out */
    uint32_t n_facts;
    uint32_t facts_at_least; /* no fewer facts would do; n_facts: the set is a smallest one; 0: the
                                facts are the longest steps of a way, none in time */
    uint32_t n_sets;         /* sets of n_facts facts that open a route and were compared */
    bool opening_cheapest;   /* no set of n_facts facts opens a route with a lower bound of cost */
    const char *opening; /* the change that opens a route: the facts undone, in words; "" none */
    double opening_cost_usd; /* bound of the route's cost once opened; NaN unknown */
    krn_time earliest;       /* in time asked, none in time: earliest arrival; else KRN_TIME_NONE */
    krn_time opening_arrival; /* in time asked: arrival with the opening; else KRN_TIME_NONE */
    uint32_t days_sooner; /* none in time: whole days that the goods must be ready sooner; 0 unknown
                           */
} krn_blocked;

typedef struct krn_plan_result {
    krn_route *routes; /* shown, by arrival (arrive-by: latest departure first) */
    uint32_t n_routes;
    uint32_t n_non_dominated; /* all that were found */
    bool truncated;           /* a bound cut the search: there may be more */
    krn_blocked blocked;      /* when n_routes is 0 */
    krn_load load;
    uint64_t n_labels; /* expanded by the search */
    size_t peak_bytes;
} krn_plan_result;

KRN_API krn_status krn_plan(const krn_network *network, const krn_plan_query *query,
                            krn_arena *arena, krn_plan_result *out, krn_error *err);

/* Answers n queries on n_threads threads (0: all processors); results in the order of the queries,
 * each with its own arena (krn_plan_batch_free). The same bytes on any number of threads. progress
 * (may be NULL) is called from the calling thread only. */
typedef struct krn_plan_batch krn_plan_batch;
KRN_API krn_status krn_plan_batch_run(const krn_network *network, const krn_plan_query *queries,
                                      uint32_t n, unsigned n_threads,
                                      void (*progress)(void *context, uint32_t done, uint32_t n),
                                      void *context, krn_plan_batch **out, krn_error *err);
KRN_API const krn_plan_result *krn_plan_batch_result(const krn_plan_batch *batch, uint32_t index,
                                                     krn_status *out_status,
                                                     const char **out_error);
KRN_API void krn_plan_batch_free(krn_plan_batch *batch);

#ifdef __cplusplus
}
#endif
#endif
