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
#include "model/weigh_ways.h"

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
    uint8_t *visits;     /* by activity: bits of required places that it touches; or NULL */
    unsigned n_required; /* bits */
    uint8_t visited_at_start;
    uint8_t required_countries, required_borders; /* bits of them */
    uint32_t *crossing_of_border;                 /* by row of border.csv; or NULL */
    krni_way_prices prices;
    uint8_t ways;     /* bits of the ways on which prices depend */
    uint8_t *passes;  /* by state: bits of ways whose place it is at; NULL without ways */
    uint8_t *outside; /* by state: bits of ways on which an activity does not depend that leaves */
    uint32_t origin, destination; /* states */
    bool backward;                /* arrive-by */
    krn_time base;                /* instant of value 0 of criterion 0 */
    krn_time papers_from;         /* KRN_TIME_NONE: no gate holds */
    bool *season_of_node;         /* node or link has a closing season */
    bool *season_of_link;
    krni_paper_memo papers; /* prices of papers by what routes ask for */
} krni_planning;

/* What a path has to remember besides its state. */
typedef struct krni_phase {
    uint8_t visited; /* bits of what is required and met */
    uint8_t ways;    /* two bits for each way: krni_way_phase */
    uint8_t inside;  /* bit of the required country that it is in and that is not met yet */
    uint32_t entry;  /* crossing or port of a required country that is shut; KRN_NO_ID */
    uint32_t back;   /* at a place of a way: link that leads back; KRN_NO_ID */
} krni_phase;

/* plan_way.c: how a path stands to a way, and what an activity makes of it. */
typedef enum krni_way_phase {
    KRNI_WAY_OFF,     /* nothing paid by this way, or all that was paid is settled */
    KRNI_WAY_CLAIMED, /* paid by this way; its place must still be passed */
    KRNI_WAY_PASSED,  /* the place is passed: paid by this way */
    KRNI_WAY_REFUSED, /* paid without it; its place must not be passed */
    KRNI_WAY_PAYING = KRNI_WAY_REFUSED /* of a way that makes nothing dearer: passed and paid by */
} krni_way_phase;

#define KRNI_MOST_WAY_STEPS (1u << KRNI_MAX_WAYS)

typedef struct krni_way_step {
    uint8_t ways; /* phases after the activity */
    uint8_t paid; /* bits of the ways by which it is paid */
    uint32_t back;
} krni_way_step;

/* Asks which prices depend on ways. */
krn_status krni_ways_prepare(krni_planning *planning);

/* What an activity makes of the phases; returns how many steps there are, 0: it is shut. */
uint32_t krni_way_steps(const krni_planning *planning, const krni_phase *phase, uint32_t activity,
                        krni_way_step out[KRNI_MOST_WAY_STEPS]);

/* plan_require.c: bits, entries and crossings of what is required. */
krn_status krni_require_prepare(krni_planning *planning);

/* What an activity makes of visited and entry; false when it is shut. */
bool krni_require_step(const krni_planning *planning, uint32_t activity, krni_phase *phase);

/* plan_filter.c: checks a query, weighs the network, marks what is switched off. */
krn_status krni_plan_prepare(krni_planning *planning);

/* plan_clock.c: clocks of activities, windows between two instants. */
typedef struct krni_clock_book {
    krn_pareto_clock *clocks;
    uint32_t n_clocks;
    uint32_t capacity;
    struct krni_window_set *sets;
    uint32_t n_sets, set_capacity;
    uint32_t *set_of;  /* by activity: set + 2, 1 always open, 0 not known yet */
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

/* An activity between two places of a query. */
typedef struct krni_place_arc {
    uint32_t head, activity;
    uint32_t run_s; /* seconds it takes, at most UINT32_MAX */
    uint8_t paid;   /* bits of the ways by which it is paid */
    bool gated;     /* papers may hold it up */
} krni_place_arc;

/* Places of a query: states of the network times phases, as far as they can be reached. Place 0 is
 * the origin. */
typedef struct krni_places {
    uint32_t n, capacity;
    uint32_t n_arcs, arc_capacity;
    uint32_t target;     /* KRN_NO_ID: it cannot be reached */
    uint32_t *state_of;  /* by place */
    krni_phase *phases;  /* by place */
    uint32_t *next;      /* by place: another one of the same state */
    uint32_t *first;     /* by state */
    uint32_t *first_arc; /* by place, n + 1 */
    krni_place_arc *arcs;
    bool *useful; /* by place: the target can be reached from it */
} krni_places;

/* plan_places.c: all places and arcs. O(places + activities that leave them). */
krn_status krni_places_make(const krni_planning *planning, krni_places *out);

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
