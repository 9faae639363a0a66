/* network_data.h - the inside of krn_network: arrays by activity and by state, indices for
 * pointers.
 *
 * All arrays lie in one block (made by network.c, or mapped from a snapshot): a snapshot writes
 * block_size bytes at block and, after mapping, calls krni_network_lay on them. Activities are in
 * order of the state they leave; first_activity is the row start (compressed sparse rows).
 *
 * Order: states by (node id, side, link id, trip id, call), activities by (from state, kind, to
 * state, table and id of the law). Ids are compared, never rows, so the order of rows in a file
 * changes nothing. */
#ifndef MODEL_NETWORK_DATA_H
#define MODEL_NETWORK_DATA_H

#include <keruen/network.h>

#include "model/tables.h"

/* For whom the seasons of a place hold: ships that call there, trucks that leave it. */
#define KRNI_SEASON_SEA  1u
#define KRNI_SEASON_ROAD 2u

struct krn_network {
    krn_package *package; /* scenario, owned */
    int32_t day;
    krn_calendar_book *calendars;
    krn_tariff_book *tariffs;
    krn_rule_book *rules;
    krn_emission_book *emissions;

    uint32_t n_states;
    uint32_t n_activities;
    uint32_t n_gauges;
    int32_t gauge_mm[KRN_MAX_GAUGES];

    /* states */
    const uint32_t *state_node;
    const uint8_t *state_side;
    const uint32_t *state_link; /* BORDER, ABOARD */
    const uint32_t *state_trip; /* ABOARD: row of kr_trip.txt */
    const uint32_t *state_call; /* ABOARD: position of the call in its trip */
    const uint32_t *state_stop; /* ABOARD: row of stop_times.txt of that call */
    const double
        *state_departure_s; /* ABOARD: cargo boards there, from the start of the service day */
    const uint32_t *first_activity; /* n_states + 1 */
    const uint32_t *node_state;     /* n_nodes * 8: state of sides 0..7, or KRN_NO_ID */

    const uint8_t *node_season; /* n_nodes: KRNI_SEASON_SEA, KRNI_SEASON_ROAD, or both, or 0 */

    /* activities */
    const uint32_t *from_state;
    const uint32_t *to_state;
    const uint8_t *kind;
    const uint8_t *mode;
    const uint8_t *handlings;
    const int8_t *gauge; /* gauge index or -1 */
    const uint8_t *electrified;
    const uint8_t *passable; /* 0: link or place out of service in this scenario */
    const uint16_t *cargo_mask;
    const uint16_t *country;
    const uint16_t *enters;
    const uint16_t *law_table; /* krn_table of the law */
    const uint32_t *law_row;
    const uint32_t *link;     /* row or KRN_NO_ROW */
    const uint32_t *trip;     /* row of kr_trip.txt or KRN_NO_ROW */
    const uint32_t *calendar; /* row or KRN_NO_ROW */
    const double *length_km;
    const double *low_h, *typical_h, *high_h;
    const double *wait_low_h, *wait_typical_h, *wait_high_h;
    const double *variance_h2; /* of the duration alone */

    /* the block */
    void *block; /* malloc'd, or NULL when mapped */
    size_t block_size;
    void *mapping; /* mmap'd snapshot, or NULL */
    size_t mapping_size;
};

/* Bytes of the block of a network of that size; 0 when it does not fit in memory. */
size_t krni_network_block_size(uint32_t n_states, uint32_t n_activities, uint32_t n_nodes);

/* Points all arrays into a block of that size (aligned to 16) by n_states, n_activities and the
 * nodes of the package. Does not look at what is in it: krn_network_check does. */
void krni_network_lay(krn_network *network, const void *block);

/* Makes the books of laws from network->package. On failure none is left open. */
krn_status krni_network_open_books(krn_network *network, krn_error *err);

/* Rows of a law table (border, gauge change, operation of kind transfer, regular trip) that no
 * activity uses, in row order; returns how many there are and writes up to capacity of them. */
uint32_t krni_network_unused(const krn_network *network, krn_table table, uint32_t *out_rows,
                             uint32_t capacity);

/* Node and link (rows or KRN_NO_ROW) whose seasons hold for an activity: ice, storm and closure of
 * a port for boarding and leaving a ship there, convoy and closure of a place for trucks that leave
 * it inland, those of a link for whatever passes it. */
void krni_activity_season(const krn_network *network, uint32_t activity, uint32_t *out_node,
                          uint32_t *out_link);

/* As krn_network_weigh; delay_h (by activity, >= 0, or NULL) is added to each duration, and what is
 * paid by the hour is paid for it too. */
krn_status krni_network_weigh_delayed(const krn_network *network,
                                      const krn_consignment *consignment, krn_time at,
                                      const double *delay_h, krn_arena *arena, krn_load *out_load,
                                      krn_activity_cost **out_costs, krn_error *err);

#endif
