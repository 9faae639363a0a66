/* route_draft.h - a route while it is being built, passed from one part of its making to the next.
 *
 *   activities --route_time--> steps --route_leg--> legs, points --route_price--> charges, sums
 */
#ifndef MODEL_ROUTE_DRAFT_H
#define MODEL_ROUTE_DRAFT_H

#include <assert.h>

#include <keruen/route.h>

#include "model/network_data.h"
#include "model/tariff_book.h"

/* Prices of papers by what they are asked for: the points of a route and those of its nodes that a
 * rule names; rows of the tariff that can hold at all. Many routes of a query share them. For one
 * consignment. */
typedef struct krni_paper_memo {
    krn_arena *arena;
    const bool *concerned; /* by rule, NULL: not asked yet */
    uint64_t *keys;
    double *usd;
    uint32_t n, capacity;
    krni_rate_memo rates;
} krni_paper_memo;

krn_status krni_paper_memo_init(krni_paper_memo *memo, krn_arena *arena, krn_error *err);

typedef struct krni_draft {
    const krn_network *network;
    const krn_package *package;
    const krn_consignment *consignment;
    const krn_load *load;
    const krn_activity_cost *costs;
    krn_arena *arena;
    krn_time papers_from;
    int32_t day;                /* of tariffs and rules */
    krn_country origin_country; /* of the consignment */
    krn_country destination_country;
    krn_route *route;
    uint32_t n_steps;
    krn_activity *words; /* each step in words of the tables */
    krn_step *steps;
    krn_leg *legs;
    uint32_t n_legs;
    uint32_t *leg_of; /* leg of each step */
    krn_country *countries;
    uint32_t n_countries;
    uint32_t *nodes; /* all nodes in order */
    uint32_t n_nodes;
    krn_rule_point *points;
    uint32_t n_points;
    krni_paper_memo *memo; /* not NULL: no figures, regimes, sanctions, papers: only what the
                              criteria need */
    double paper_usd;      /* sum of the prices of papers */
    krn_error *err;
} krni_draft;

/* route_time.c */
krn_status krni_route_times(krni_draft *draft, const krn_activity_id *activities, krn_time start);

/* First instant >= at when an activity can start: opening hours, season and timetable, no papers.
 * KRN_TIME_NONE when there is none within 400 days. */
krn_status krni_activity_next_start(const krn_network *network, krn_activity_id id,
                                    const krn_activity *words, krn_time at, krn_arena *arena,
                                    krn_time *out, krn_error *err);

/* Hours to whole seconds, as search and route reckon them. */
static inline krn_time krni_seconds(double hours_h)
{
    assert(hours_h >= 0.0 && hours_h < 1e9);
    return (krn_time)(hours_h * KRN_SECONDS_PER_HOUR + 0.5);
}

/* krn_route_build, or only the values of its criteria, steps and legs: no figures of steps,
 * regimes, sanctions, quality. */
krn_status krni_route_make(const krn_network *network, const krn_consignment *consignment,
                           const krn_load *load, const krn_activity_cost *costs,
                           const krn_activity_id *activities, uint32_t n_activities, krn_time start,
                           krn_time papers_from, krni_paper_memo *memo, krn_arena *arena,
                           krn_route *out, krn_error *err);

/* route_leg.c: legs, places, points at which rules are asked, regimes. */
krn_status krni_route_legs(krni_draft *draft);
krn_status krni_route_regimes(krni_draft *draft);

/* route_paper.c: papers and sanctions of a route, or with a memo only the price of papers. */
krn_status krni_route_papers(krni_draft *draft);

/* route_price.c: charges of legs, places, borders, papers and storage. */
krn_status krni_route_price(krni_draft *draft);

/* How many of a unit ("t", "wagon", "container", "TEU", "truck", "consignment") a load is;
 * n_vehicles wagons or trucks carry it there. 0 when it has none of that unit. */
double krni_load_quantity(const krn_load *load, const char *unit, uint32_t n_vehicles);

/* Country of a node row; 0 none. */
krn_country krni_node_country(const krn_package *package, uint32_t node);

#endif
