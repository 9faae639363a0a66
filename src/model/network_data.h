/* network_data.h - the inside of krn_network: arrays by activity and by state, indices for
 * pointers.
 *
 * All arrays lie in one block (made by network.c, or mapped from a snapshot). Activities are in
 * order of the state they leave; first_activity is the row start (compressed sparse rows). */
#ifndef MODEL_NETWORK_DATA_H
#define MODEL_NETWORK_DATA_H

#include <keruen/network.h>

#include "model/tables.h"

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
    const uint32_t *state_link;     /* BORDER, ABOARD */
    const uint32_t *state_trip;     /* ABOARD: row of kr_trip.txt */
    const uint32_t *state_call;     /* ABOARD: position of the call in its trip */
    const uint32_t *first_activity; /* n_states + 1 */
    const uint32_t *node_state;     /* n_nodes * 8: state of sides 0..7, or KRN_NO_ID */

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

    /* the block */
    void *block; /* malloc'd, or NULL when mapped */
    size_t block_size;
    void *mapping; /* mmap'd snapshot, or NULL */
    size_t mapping_size;
};

#endif
