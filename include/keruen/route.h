/* route.h - a way for a consignment: legs, steps, charges, papers, and how sure it is.
 *
 *   ownership  a route and all it points to live in the arena that it was made in
 *   units      instants are UTC; texts in local time are made by report
 */
#ifndef KERUEN_ROUTE_H
#define KERUEN_ROUTE_H

#include <keruen/network.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One activity as planned. arrive <= start <= end: from arrive to start is waiting. */
typedef struct krn_step {
    krn_activity_id activity;
    krn_activity_kind kind;
    uint32_t from_node, to_node; /* rows */
    krn_time arrive;             /* at the state before it */
    krn_time start;              /* gate open, calendar open, departure reached */
    krn_time end;
    krn_duration duration;
    krn_duration wait; /* uncertain wait inside start..end of a departure by frequency */
    double length_km;
    double wtw_kg_co2e, ttw_kg_co2e;
    krn_figure time_figure;   /* row of its time law */
    krn_figure length_figure; /* row of its length, or none */
    krn_figure emission_figure;
    krn_quality quality; /* weakest of these */
    unsigned handlings;
    krn_time gate; /* papers ready; KRN_TIME_NONE: none asked */
    uint32_t n_vehicles;
} krn_step;

typedef struct krn_leg {
    krn_mode mode;
    uint32_t from_node, to_node;
    const uint32_t *via; /* node rows between, in order */
    uint32_t n_via;
    krn_time departure, arrival; /* begin of the first step, end of the last one */
    double length_km;
    double wtw_kg_co2e, ttw_kg_co2e;
    uint32_t first_step, n_steps; /* into the steps of the route */
    uint32_t trip;                /* row of kr_trip.txt when it is one service, else KRN_NO_ROW */
    const char *const
        *regimes; /* legal regime, one or several where it changes; none within a country */
    const uint32_t *regime_nodes; /* node where each begins */
    uint32_t n_regimes;
    uint32_t n_vehicles; /* wagons, trucks or voyages */
} krn_leg;

typedef struct krn_route {
    krn_time departure, arrival;     /* KRN: ready cargo leaves; delivered */
    double duration_h;               /* arrival - ready time (or departure when asked arrive-by) */
    double cost_usd;                 /* exact: sum of charges */
    double wtw_kg_co2e, ttw_kg_co2e; /* ttw NaN: unknown on a part */
    unsigned handlings;
    double risk_h; /* standard deviation of the arrival */
    double waiting_h, border_h, gauge_change_h, moving_h,
        terminal_h; /* add up to arrival - departure */
    double length_km;
    krn_time arrival_p10, arrival_p50, arrival_p90;
    double on_time_prob; /* NaN without a due time */
    const krn_step *steps;
    uint32_t n_steps;
    const krn_leg *legs;
    uint32_t n_legs;
    krn_charge_list charges;
    krn_paper_list papers;
    const uint32_t *sanctions; /* rows of sanction.csv that touch it */
    uint32_t n_sanctions;
    krn_quality quality; /* weakest figure used */
    unsigned best_of;    /* bit per criterion in which no shown route is better */
} krn_route;

typedef enum krn_criterion {
    KRN_ARRIVAL = 0,
    KRN_COST,
    KRN_CO2E,
    KRN_HANDLINGS,
    KRN_RISK,
    KRN_CRITERION_COUNT
} krn_criterion;
#define KRN_ALL_CRITERIA 31u

/* "arrival", "cost", "co2e", "handlings", "risk". */
KRN_API const char *krn_criterion_name(krn_criterion criterion);

/* Value of a route in a criterion: arrival in hours since 1970, USD, kg, count, hours. */
KRN_API double krn_route_value(const krn_route *route, krn_criterion criterion);

/* A chain of activities to a route: times from the start instant on (waiting for gates, calendars,
 * departures), legs, exact charges, papers, sanctions, sums. costs: of krn_network_weigh. start:
 * when cargo is at the first state. papers_from: when papers are applied for (the ready time). */
KRN_API krn_status krn_route_build(const krn_network *network, const krn_consignment *consignment,
                                   const krn_load *load, const krn_activity_cost *costs,
                                   const krn_activity_id *activities, uint32_t n_activities,
                                   krn_time start, krn_time papers_from, krn_arena *arena,
                                   krn_route *out, krn_error *err);

/* True when a is at least as good as b in all criteria of the mask and better in one. */
KRN_API bool krn_route_dominates(const krn_route *a, const krn_route *b, unsigned criteria);

#ifdef __cplusplus
}
#endif
#endif
