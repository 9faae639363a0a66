/* planning.h - one query on its way from words to routes, passed from part to part of the planner.
 *
 *   query --plan_filter--> blocked activities --plan_clock, plan_graph--> graph --pareto--> paths
 *         --router--> priced routes --choice--> shown --reliability--> answer
 *                  \--blocked--> why there is none
 */
#ifndef PLAN_PLANNING_H
#define PLAN_PLANNING_H

#include <keruen/pareto.h>
#include <keruen/plan.h>

#include "model/route_draft.h"
#include "model/tariff_book.h"

#define KRNI_MAX_REQUIRED 6
#define KRNI_HORIZON_DAYS 400

/* One thing that a query switches off. */
typedef enum krni_filter_kind {
    KRNI_FILTER_MODE,
    KRNI_FILTER_NODE,
    KRNI_FILTER_COUNTRY,
    KRNI_FILTER_BORDER,
    KRNI_FILTER_CARRIER,
    KRNI_FILTER_OTHER_CARRIERS /* all but the required ones */
} krni_filter_kind;

typedef struct krni_filter {
    krni_filter_kind kind;
    uint32_t index; /* into the list of the query; the mode */
} krni_filter;

#define KRNI_NO_FILTER UINT16_MAX

typedef struct krni_planning {
    const krn_network *network;
    const krn_plan_query *query;
    krn_arena *arena;   /* of the result */
    krn_arena *scratch; /* of all that is not part of it */
    krn_error *err;
    krn_load load;
    krn_activity_cost *costs; /* by activity; block is FILTER where the query switches off */
    krni_filter *filters;     /* what the query switches off */
    uint16_t *filter_of;      /* by activity: index of the first filter that hits, or none */
    uint32_t n_filters;
    uint8_t *visits;     /* by activity: bits of required places that it visits; or NULL */
    unsigned n_required; /* bits */
    uint8_t visited_at_start;
    uint32_t origin, destination; /* states */
    bool backward;                /* arrive-by */
    krn_time base;                /* instant of value 0 of criterion 0 */
    krn_time papers_from;         /* KRN_TIME_NONE: no gate holds */
    bool *season_of_node;         /* node or link has a closing season */
    bool *season_of_link;
    krni_paper_memo papers; /* prices of papers by what routes ask for */
} krni_planning;

/* plan_way.c: suppositions about a route by which conditional prices become sums. */
#define KRNI_MAX_WAYS 2 /* conditions by way of some place that are told apart */

typedef struct krni_supposition {
    unsigned passes; /* bits of the ways that must be passed; the others are shut */
    uint32_t n_ways;
    krni_way ways[KRNI_MAX_WAYS];
} krni_supposition;

/* The conditions that can hold for the load; more than KRNI_MAX_WAYS count as none. */
void krni_list_ways(const krni_planning *planning, krni_supposition *out);

/* How a chain of activities stands to the conditions. */
typedef struct krni_claim {
    bool borrows; /* reckoned with a condition whose place it does not pass */
    bool passes;  /* passes a place of a condition */
    double usd;   /* sum of bounds */
} krni_claim;

krni_claim krni_claim_of(const krni_planning *planning, const krni_supposition *ways,
                         const krn_activity_id *activities, uint32_t n_activities);

/* Least sum of bounds from origin to destination by a way; infinity when there is none below
 * limit_usd. Opening hours and dates are left out. O(activities log activities). */
krn_status krni_cheapest_by_way(const krni_planning *planning, const krni_way *way,
                                double limit_usd, double *out_usd);

/* A copy of a planning for arrival and cost with prices by a supposition; query is its question. */
krn_status krni_planning_on(const krni_planning *planning, const krni_supposition *supposed,
                            krn_plan_query *query, krni_planning *out);

/* plan_filter.c: checks a query, weighs the network, marks what is switched off. */
krn_status krni_plan_prepare(krni_planning *planning);

/* plan_clock.c: clocks of activities, windows between two instants. */
typedef struct krni_clock_book {
    krn_pareto_clock *clocks;
    uint32_t n_clocks;
    uint32_t capacity;
    struct krni_window_set *sets;
    uint32_t n_sets, set_capacity;
    krn_time from, to; /* windows are exact here; outside everything counts as open */
} krni_clock_book;

/* earliest: no sooner is it ever asked; a gate that is open by then is left out. */
krn_status krni_clock_of(krni_planning *planning, krni_clock_book *book, uint32_t activity,
                         uint32_t earliest, uint32_t *out_clock);

/* Opening hours, closed seasons and departures alone, without papers; some of them left out. */
#define KRNI_WITHOUT_CALENDAR  1u
#define KRNI_WITHOUT_SEASON    2u
#define KRNI_WITHOUT_TIMETABLE 4u
krn_status krni_opening_of(krni_planning *planning, krni_clock_book *book, uint32_t activity,
                           unsigned without, uint32_t *out_clock);

/* Places of a query: states of the network times the required places visited so far. Place 0 is
 * the origin. */
typedef struct krni_places {
    uint32_t n, capacity;
    uint32_t n_arcs;     /* activities that leave them */
    uint32_t *state_of;  /* by place */
    uint8_t *visited_of; /* by place */
    uint32_t *at;        /* by state << bits | visited: place or KRN_NO_ID */
} krni_places;

/* Place that an activity leads to from a place. */
static inline uint32_t krni_place_after(const krni_planning *planning, const krni_places *places,
                                        uint32_t place, uint32_t activity)
{
    const uint32_t visited =
        places->visited_of[place] | (planning->visits ? planning->visits[activity] : 0u);
    const size_t state = planning->network->to_state[activity];
    return places->at[(state << planning->n_required) | visited];
}

/* plan_earliest.c: bound from below of criterion 0 at every place; KRN_NO_ID where unreachable. */
krn_status krni_earliest_arrivals(const krni_planning *planning, const krni_places *places,
                                  uint32_t **out);

/* plan_graph.c */
typedef struct krni_plan_graph {
    krn_pareto_graph graph;
    uint32_t source, target;                /* KRN_NO_ID when there is no path at all */
    int criterion[KRN_PARETO_MAX_CRITERIA]; /* krn_criterion of each cost */
    double unit[KRN_PARETO_MAX_CRITERIA];   /* what one count of a cost is worth */
    const uint32_t *chain_of;               /* by arc: chain in the pool */
    const struct krni_chain *chains;
} krni_plan_graph;

krn_status krni_plan_graph_make(krni_planning *planning, krni_clock_book *book,
                                krni_plan_graph *out);

/* Activities of a path of arcs, in order; out holds krni_path_length of them. */
uint32_t krni_path_length(const krni_plan_graph *graph, const uint32_t *arcs, uint32_t n_arcs);
krn_status krni_path_activities(const krni_plan_graph *graph, const uint32_t *arcs, uint32_t n_arcs,
                                krn_arena *scratch, krn_activity_id *out, krn_error *err);

/* A route as choice and dominance see it; less is better in every criterion. */
typedef struct krni_option {
    double worth[KRN_CRITERION_COUNT]; /* arrive-by: hours before 1970 of the departure */
    uint64_t way;                      /* of modes, ends of legs and borders */
    unsigned best_of;
} krni_option;

krni_option krni_option_of(const krn_route *route, bool backward);

/* choice.c: at most max (0: all) of n options, in their order; sets best_of of those chosen. */
krn_status krni_choose(krni_option *options, uint32_t n, uint32_t max, unsigned criteria,
                       krn_arena *scratch, uint32_t *out_n, uint32_t **out, krn_error *err);

/* reliability.c: samples the routes shown; fills percentiles and the chance to be in time.
 * out_arrivals (may be NULL): every sampled arrival, route by route. */
krn_status krni_sample_routes(const krni_planning *planning, krn_route *routes, uint32_t n,
                              krn_time *out_arrivals);

/* blocked.c: why there is no route; earliest KRN_TIME_NONE when there is none at any time. */
krn_status krni_explain_blocked(krni_planning *planning, krn_time earliest, krn_blocked *out);

/* late.c: why no route arrives by an instant; there are ways, and the goods are ready at base. */
krn_status krni_explain_late(const krni_planning *planning, krn_time by, krn_blocked *out);

/* router.c: a plan with memory of its own for what is not part of the answer. */
krn_status krni_plan(const krn_network *network, const krn_plan_query *query, krn_arena *arena,
                     krn_arena *scratch, krn_plan_result *out, krn_error *err);

/* Agency of a service: row of agency.txt, or KRN_NO_ROW. */
uint32_t krni_agency_of_trip(const krn_package *package, uint32_t trip);

#endif
