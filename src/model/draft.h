/* draft.h - a network under construction: growing lists of states and activities, and the parts of
 * the tables that all makers of activities look at again and again.
 *
 * Makers run in a fixed order and walk tables in the order of their ids; network.c then sorts and
 * freezes. Everything but the two lists lies in a scratch arena. */
#ifndef MODEL_DRAFT_H
#define MODEL_DRAFT_H

#include <keruen/duration.h>
#include <keruen/network.h>

#include "model/tables.h"

#define KRNI_SIDES 8 /* sides that a node has one state of: rest, road, quays, rails */

typedef struct krni_draft_state {
    uint32_t node, link, trip, call, stop; /* rows and call, or KRN_NO_ROW */
    uint8_t side;
    uint8_t lane;       /* tells apart states that are equal else: gauge, phase of a call */
    double departure_s; /* of a call, from the start of the service day */
} krni_draft_state;

typedef struct krni_draft_activity {
    uint32_t from, to; /* states of the draft */
    uint8_t kind, mode, handlings, electrified, passable;
    int8_t gauge;
    uint16_t cargo_mask;
    krn_country country, enters;
    uint16_t law_table;
    uint32_t law_row, link, trip, calendar;
    double length_km;
    krn_duration duration, wait;
} krni_draft_activity;

/* A link as the makers need it. */
typedef struct krni_draft_link {
    uint32_t from, to; /* node rows */
    krn_mode mode;
    uint8_t gauges; /* mask of gauge indices */
    bool directed, in_service, electrified;
    krn_country from_country, to_country; /* equal where no border is passed; 0 at sea */
    double length_km;
    double run_h; /* length / free speed; NaN without a speed */
} krni_draft_link;

/* One end of a link in the list of its node, lower link ids first. */
typedef struct krni_link_end {
    uint32_t link;
    uint32_t next; /* index of the next end, or KRN_NO_ROW */
} krni_link_end;

typedef struct krni_network_draft {
    const krn_package *package;
    krn_arena *arena; /* scratch */
    uint32_t n_nodes, n_links;
    int32_t gauge_mm[KRN_MAX_GAUGES];
    uint32_t n_gauges;
    uint16_t all_classes;
    uint32_t *rank[KRN_TABLE_COUNT]; /* row -> place in the order of ids; NULL if not asked for */
    krni_draft_link *links;
    uint32_t *node_ends;                    /* node -> first end, or KRN_NO_ROW */
    krni_link_end *ends;                    /* 2 * n_links */
    uint8_t *node_sides;                    /* mask of the sides that a node has */
    uint32_t *border_of_link, *next_border; /* rows of border.csv by link, lower ids first */
    uint32_t *change_at_node, *next_change; /* rows of gauge_change.csv by node, likewise */
    uint32_t *node_state;                   /* n_nodes * KRNI_SIDES, or KRN_NO_ID */
    krni_draft_state *states;
    uint32_t n_states, states_capacity;
    krni_draft_activity *activities;
    uint32_t n_activities, activities_capacity;
} krni_network_draft;

krn_status krni_draft_open(krni_network_draft *draft, const krn_package *package, krn_error *err);
void krni_draft_close(krni_network_draft *draft);

/* State of a side of a node, made when it is not there yet. */
krn_status krni_draft_side(krni_network_draft *draft, uint32_t node, krn_side side, uint32_t *out,
                           krn_error *err);

/* A further state. */
krn_status krni_draft_new_state(krni_network_draft *draft, const krni_draft_state *state,
                                uint32_t *out, krn_error *err);

krn_status krni_draft_add(krni_network_draft *draft, const krni_draft_activity *activity,
                          krn_error *err);

/* An activity with nothing set: no rows, no gauge, passable. */
krni_draft_activity krni_draft_blank(krn_activity_kind kind, krn_mode mode);

/* Rows of a table in the order of their ids (tables with a key only). */
const uint32_t *krni_draft_order(const krni_network_draft *draft, krn_table table);

/* Index of a gauge, or -1. */
int krni_draft_gauge(const krni_network_draft *draft, int mm);

/* Hours with the spread of a mode in a country (spread.csv; none there: no spread). */
krn_duration krni_draft_spread(const krni_network_draft *draft, krn_mode mode, krn_country country,
                               double typical_h);

/* Running time of an own train or truck whose time at free speed is free_h: the typical factor of
 * spread.csv, then its spread. */
krn_duration krni_draft_running(const krni_network_draft *draft, krn_mode mode, krn_country country,
                                double free_h);

/* Three cells low, typical, high; blank ones count as the typical one, blank typical as 0. */
krn_duration krni_draft_triplet(const krn_package *package, krn_table table, uint32_t row, int low);

/* Mask of a cargo_class cell; 0 when it is blank: any. */
uint16_t krni_draft_class(const krn_package *package, krn_table table, uint32_t row, int column);

krn_mode krni_mode_parse(const char *text); /* KRN_MODE_COUNT when it is none */

/* "file:row: column: value: expected" as KRN_E_DATA. */
krn_status krni_row_fault(const krn_package *package, krn_table table, uint32_t row, int column,
                          const char *expected, krn_error *err);

/* ---- makers ---- */

/* Crossings of a link from one country to the other, one activity per row of border.csv that is
 * the best one for some class of the mask. *out_n 0: no row for it. */
krn_status krni_border_cross(krni_network_draft *draft, const krni_draft_activity *like,
                             krn_country from_country, krn_country to_country, uint32_t *out_n,
                             krn_error *err);

/* Whether border.csv has a row for a link from one country to the other. */
bool krni_border_known(const krni_network_draft *draft, uint32_t link, krn_country from_country,
                       krn_country to_country);

/* Typical hours of the shortest crossing; 0 when there is none. */
double krni_border_typical_h(const krni_network_draft *draft, uint32_t link,
                             krn_country from_country, krn_country to_country, uint16_t mask);

/* Gauge changes at a node between two states; like has states, gauge, mask and trip. *out_n: how
 * many. */
krn_status krni_gauge_change(krni_network_draft *draft, const krni_draft_activity *like,
                             uint32_t node, int from_gauge, int to_gauge, uint32_t *out_n,
                             krn_error *err);

/* Typical hours of the shortest change for some class of the mask; NaN when there is none. */
double krni_gauge_change_typical_h(const krni_network_draft *draft, uint32_t node, int from_gauge,
                                   int to_gauge, uint16_t mask);

/* Gauge changes of all nodes between the rails there; refuses rows of border.csv that do not fit
 * their link. */
krn_status krni_border_make(krni_network_draft *draft, krn_error *err);

/* Transfers between the sides of all nodes (operation.csv). */
krn_status krni_transfer_make(krni_network_draft *draft, krn_error *err);

/* Shortest way over links of a mode between two places that no link joins: the places between, in
 * order; none found: *out_n 0. gauge: of a train at the start, -1 any. Gauges are changed where
 * gauge_change.csv has a row. Links out of service count only when there is no other way. */
krn_status krni_way_between(krni_network_draft *draft, krn_mode mode, int gauge, uint32_t from,
                            uint32_t to, uint32_t **out_nodes, uint32_t *out_n, krn_error *err);

/* Services (timetable/). */
krn_status krni_service_make(krni_network_draft *draft, krn_error *err);

#endif
