/* network.h - one virtual network: states of cargo and activities between them, frozen.
 *
 * A state is a node in a condition (at rest, on rails of a gauge, on the road, on the quay before
 * or after a voyage, at a border in the middle of a link, aboard a service). An activity leads from
 * one state to another and points to its law, its calendar, its rules. plan, simulation and
 * assignment read this network and nothing else.
 *
 *              load          haul            border         haul / sail         unload
 *   [rest] ----------> [rail] ----> [border] ----> [rail] ... [quay] ----> [quay] ----> [rest]
 *
 *   ownership  krn_network_compile makes it, krn_network_free frees it and its scenario
 *   threads    immutable: any number of threads may read it
 *   errors     KRN_E_DATA: the tables do not make a network (text says which row)
 */
#ifndef KERUEN_NETWORK_H
#define KERUEN_NETWORK_H

#include <keruen/calendar.h>
#include <keruen/cargo.h>
#include <keruen/emission.h>
#include <keruen/package.h>
#include <keruen/rule.h>
#include <keruen/tariff.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct krn_network krn_network;

typedef struct krn_state_id {
    uint32_t index;
} krn_state_id;

typedef struct krn_activity_id {
    uint32_t index;
} krn_activity_id;

#define KRN_NO_ID UINT32_MAX

/* The condition of cargo at a place. Rails of gauge index g are KRN_SIDE_RAIL + g. */
typedef enum krn_side {
    KRN_SIDE_REST = 0,     /* at the place, not on wheels */
    KRN_SIDE_ROAD = 1,     /* on a truck */
    KRN_SIDE_QUAY_OUT = 2, /* in the port, before a voyage */
    KRN_SIDE_QUAY_IN = 3,  /* in the port, after a voyage */
    KRN_SIDE_RAIL = 4,     /* on wagons; 4 .. 7 by gauge index */
    KRN_SIDE_BORDER = 8,   /* in the middle of a link, before the border is passed */
    KRN_SIDE_ABOARD = 9,   /* on a service between two calls */
    KRN_SIDE_COUNT = 10
} krn_side;

typedef enum krn_activity_kind {
    KRN_HAUL,         /* over a link (or up to its border) on rail or road, on own train or truck */
    KRN_CROSS,        /* pass a border */
    KRN_GAUGE_CHANGE, /* to another gauge */
    KRN_TRANSFER,     /* load, unload, tranship: an operation of a place */
    KRN_BOARD,        /* wait for a departure of a service and go aboard */
    KRN_RIDE,         /* over a link aboard a service */
    KRN_ALIGHT,       /* leave a service */
    KRN_ACTIVITY_KIND_COUNT
} krn_activity_kind;

/* "haul", "border", "gauge change", "transfer", "departure", "ride", "arrival". */
KRN_API const char *krn_activity_kind_name(krn_activity_kind kind);

/* Tables of a scenario (as krn_measure_apply gives it) to a network for a day. On success the
 * network owns the scenario and frees it; on failure it stays the caller's. O(rows log rows), about
 * 5 ms on the shipped corridor. */
KRN_API krn_status krn_network_compile(krn_package *scenario, int32_t day, krn_network **out,
                                       krn_error *err);
KRN_API void krn_network_free(krn_network *network);

/* Every invariant of a frozen network; KRN_E_DATA with the first one that is broken. */
KRN_API krn_status krn_network_check(const krn_network *network, krn_error *err);

/* The scenario that it was made from, its day, and the books of laws; all borrowed. */
KRN_API const krn_package *krn_network_package(const krn_network *network);
KRN_API int32_t krn_network_day(const krn_network *network);
KRN_API const krn_calendar_book *krn_network_calendars(const krn_network *network);
KRN_API const krn_tariff_book *krn_network_tariffs(const krn_network *network);
KRN_API const krn_rule_book *krn_network_rules(const krn_network *network);
KRN_API const krn_emission_book *krn_network_emissions(const krn_network *network);

KRN_API uint32_t krn_network_states(const krn_network *network);
KRN_API uint32_t krn_network_activities(const krn_network *network);

/* Gauges of the package, mm, ascending; index is the gauge index. */
KRN_API int krn_network_gauges(const krn_network *network, int out_mm[KRN_MAX_GAUGES]);

/* One activity in words of the tables. Rows are KRN_NO_ROW where they do not apply. */
typedef struct krn_activity {
    krn_activity_kind kind;
    krn_mode mode; /* of a transfer: the mode that it leads to, or leaves for rest */
    krn_state_id from, to;
    uint32_t from_node, to_node; /* node rows */
    krn_side from_side, to_side;
    uint32_t link;       /* link row */
    double length_km;    /* of a haul or ride: whole link, charged to the part before the border */
    krn_country country; /* where it is done */
    krn_country enters;  /* of a crossing: country entered */
    krn_duration duration; /* of a usual lot, before quantity and season */
    krn_duration wait;     /* of a departure: wait for it; zero when by timetable */
    uint32_t calendar;     /* opening hours */
    uint32_t trip;         /* row of kr_trip.txt */
    unsigned handlings;    /* 1 for a transfer or transhipment, else 0 */
    uint16_t cargo_mask;   /* cargo classes that it takes */
    int gauge_index;       /* rail; -1 else */
    bool electrified;
    krn_figure figure; /* row of the law: link, border, gauge_change, operation, kr_trip, spread */
} krn_activity;

KRN_API void krn_network_activity(const krn_network *network, krn_activity_id id,
                                  krn_activity *out);

/* Row of spread.csv that shapes running times of a mode in a country, or KRN_NO_ROW. O(rows). */
KRN_API uint32_t krn_network_spread_row(const krn_package *package, krn_mode mode,
                                        krn_country country);

/* State of a node and side, or index KRN_NO_ID. */
KRN_API krn_state_id krn_network_state(const krn_network *network, uint32_t node, krn_side side);

/* ---- what a network is to one consignment ---- */

/* Why an activity cannot be used by a consignment. */
typedef enum krn_block {
    KRN_BLOCK_NONE = 0,
    KRN_BLOCK_CARGO,    /* does not take this cargo class */
    KRN_BLOCK_CLOSED,   /* link or place out of service */
    KRN_BLOCK_DRAUGHT,  /* no ship that comes in carries anything */
    KRN_BLOCK_AXLE,     /* wagons too heavy for the line, or none of that gauge */
    KRN_BLOCK_RATE,     /* no price in the package */
    KRN_BLOCK_RULE,     /* a rule or closed entry forbids it (visa regime closed) */
    KRN_BLOCK_CALENDAR, /* no departure or opening in the horizon */
    KRN_BLOCK_FILTER,   /* switched off by the query */
    /* what delays, of a route that does not come in time: */
    KRN_BLOCK_PAPERS,    /* lead time of a paper, visa or booking */
    KRN_BLOCK_DEPARTURE, /* wait for a departure */
    KRN_BLOCK_QUANTITY,  /* takes longer than a usual lot: one train or ship after another */
    KRN_BLOCK_TIME,      /* the running time itself */
    KRN_BLOCK_COUNT
} krn_block;

/* "cargo", "closed", "draught", ... as JSON and messages say it. */
KRN_API const char *krn_block_name(krn_block block);

/* One activity for one consignment. */
typedef struct krn_activity_cost {
    krn_block block;
    krn_figure block_figure; /* row that blocks */
    krn_duration duration;   /* with quantity (rates, trains one behind another), no waiting */
    krn_duration wait;       /* uncertain wait for a departure by frequency, with ships needed */
    double expected_h;       /* typical duration + typical wait: what the plan reckons with */
    double variance_h2;      /* of duration and wait */
    double bound_usd;        /* lower bound of its charges */
    double wtw_kg_co2e, ttw_kg_co2e;
    double gate_h;       /* lead of papers asked for here, hours after ready; 0 none */
    uint32_t n_vehicles; /* wagons, trucks, or ship voyages */
    uint32_t n_trains;   /* trains or ships one behind another; 1 if whole */
} krn_activity_cost;

/* Costs of every activity for a consignment, krn_network_activities of them, from the arena. Rates
 * and rules are those of the network's day; at: the instant by which seasons are judged. An
 * activity of another cargo class is blocked and has no other figures; one that is blocked for
 * another reason keeps those that are known. O(activities), about 0.4 ms on the shipped corridor.
 */
KRN_API krn_status krn_network_weigh(const krn_network *network, const krn_consignment *consignment,
                                     krn_time at, krn_arena *arena, krn_load *out_load,
                                     krn_activity_cost **out_costs, krn_error *err);

/* Departures of a boarding activity by timetable between two instants (UTC, ascending), or
 * *out_n 0 and *out_by_frequency true when only a frequency is known. Opening hours of other
 * activities come from krn_calendar_windows. */
KRN_API krn_status krn_network_departures(const krn_network *network, krn_activity_id board,
                                          krn_time from, krn_time to, krn_arena *arena,
                                          uint32_t *out_n, krn_time **out_times,
                                          bool *out_by_frequency, krn_error *err);

#ifdef __cplusplus
}
#endif
#endif
