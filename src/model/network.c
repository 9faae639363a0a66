/* SPDX-License-Identifier: Apache-2.0 */
/* network.c - tables to states and activities, sorted and frozen into one block.
 *
 *   tables -> draft: hauls, gauge changes, transfers, services -> order by ids -> block
 *
 * A haul takes a link with its whole length at its free speed, in both directions unless the link
 * is directed, on each of its gauges. Over a border it ends in the middle of the link:
 *
 *     [rail A] --haul: all km and hours, country of A--> [border A>B] --cross--> [rail B]
 *     [rail A] <--cross-- [border B>A] <--haul: all km and hours, country of B-- [rail B]
 *
 * Links out of service make activities that are not passable, so that a blocked question can say
 * which one is missing; over a border only when border.csv has a row for them. Trucks and trains of
 * the shipper's own run on hauls; there is no delay of platoons. */
#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/error.h"
#include "model/draft.h"
#include "model/network_data.h"

/* ---- the block ---- */

typedef enum count_kind {
    BY_STATE,
    BY_STATE_AND_ONE,
    BY_NODE,
    BY_NODE_SIDE,
    BY_ACTIVITY
} count_kind;

typedef struct array_shape {
    size_t field; /* offset of the pointer in krn_network */
    size_t size;  /* of an element */
    count_kind count;
} array_shape;

#define ARRAY(field, count)                                                                        \
    {                                                                                              \
        offsetof(krn_network, field), sizeof *((krn_network *)0)->field, count                     \
    }

static const array_shape shapes[] = {
    ARRAY(length_km, BY_ACTIVITY),      ARRAY(low_h, BY_ACTIVITY),
    ARRAY(typical_h, BY_ACTIVITY),      ARRAY(high_h, BY_ACTIVITY),
    ARRAY(wait_low_h, BY_ACTIVITY),     ARRAY(wait_typical_h, BY_ACTIVITY),
    ARRAY(wait_high_h, BY_ACTIVITY),    ARRAY(variance_h2, BY_ACTIVITY),
    ARRAY(state_departure_s, BY_STATE), ARRAY(from_state, BY_ACTIVITY),
    ARRAY(to_state, BY_ACTIVITY),       ARRAY(law_row, BY_ACTIVITY),
    ARRAY(link, BY_ACTIVITY),           ARRAY(trip, BY_ACTIVITY),
    ARRAY(calendar, BY_ACTIVITY),       ARRAY(cargo_mask, BY_ACTIVITY),
    ARRAY(country, BY_ACTIVITY),        ARRAY(enters, BY_ACTIVITY),
    ARRAY(law_table, BY_ACTIVITY),      ARRAY(kind, BY_ACTIVITY),
    ARRAY(mode, BY_ACTIVITY),           ARRAY(handlings, BY_ACTIVITY),
    ARRAY(gauge, BY_ACTIVITY),          ARRAY(electrified, BY_ACTIVITY),
    ARRAY(passable, BY_ACTIVITY),       ARRAY(state_node, BY_STATE),
    ARRAY(state_link, BY_STATE),        ARRAY(state_trip, BY_STATE),
    ARRAY(state_call, BY_STATE),        ARRAY(state_stop, BY_STATE),
    ARRAY(state_side, BY_STATE),        ARRAY(first_activity, BY_STATE_AND_ONE),
    ARRAY(node_state, BY_NODE_SIDE),    ARRAY(node_season, BY_NODE),
};

#define N_SHAPES (sizeof shapes / sizeof shapes[0])

/* Bytes of one array, padded to 16. */
static size_t array_bytes(const array_shape *shape, uint32_t n_states, uint32_t n_activities,
                          uint32_t n_nodes)
{
    const size_t counts[] = {[BY_STATE] = n_states,
                             [BY_STATE_AND_ONE] = (size_t)n_states + 1,
                             [BY_NODE] = n_nodes,
                             [BY_NODE_SIDE] = (size_t)n_nodes * KRNI_SIDES,
                             [BY_ACTIVITY] = n_activities};
    return (counts[shape->count] * shape->size + 15) / 16 * 16;
}

size_t krni_network_block_size(uint32_t n_states, uint32_t n_activities, uint32_t n_nodes)
{
    size_t size = 16;
    for (size_t i = 0; i < N_SHAPES; i++)
        size += array_bytes(&shapes[i], n_states, n_activities, n_nodes);
    return size; /* at most 2^32 * about 150: no overflow in 64 bits */
}

void krni_network_lay(krn_network *network, const void *block)
{
    const uint32_t n_nodes = krn_package_rows(network->package, KRN_TABLE_NODE);
    const unsigned char *at = block;
    assert((uintptr_t)block % 16 == 0);
    for (size_t i = 0; i < N_SHAPES; i++) {
        const void *array = at;
        memcpy((unsigned char *)network + shapes[i].field, &array, sizeof array);
        at += array_bytes(&shapes[i], network->n_states, network->n_activities, n_nodes);
    }
}

krn_status krni_network_open_books(krn_network *network, krn_error *err)
{
    krn_status st = krn_calendar_book_new(network->package, &network->calendars, err);
    if (!st)
        st = krn_tariff_book_new(network->package, &network->tariffs, err);
    if (!st)
        st = krn_rule_book_new(network->package, &network->rules, err);
    if (!st)
        st = krn_emission_book_new(network->package, &network->emissions, err);
    if (st) {
        krn_calendar_book_free(network->calendars);
        krn_tariff_book_free(network->tariffs);
        krn_rule_book_free(network->rules);
        network->calendars = NULL;
        network->tariffs = NULL;
        network->rules = NULL;
        network->emissions = NULL;
    }
    return st;
}

/* ---- hauls ---- */

static krn_status add_haul(krni_network_draft *draft, uint32_t row, bool reversed, int gauge,
                           krn_error *err)
{
    const krni_draft_link *link = &draft->links[row];
    const uint32_t tail = reversed ? link->to : link->from;
    const uint32_t head = reversed ? link->from : link->to;
    const krn_country left = reversed ? link->to_country : link->from_country;
    const krn_country entered = reversed ? link->from_country : link->to_country;
    const krn_side side =
        link->mode == KRN_ROAD ? KRN_SIDE_ROAD : (krn_side)(KRN_SIDE_RAIL + gauge);
    const bool border = left != entered;
    if (border && !krni_border_known(draft, row, left, entered)) {
        if (!link->in_service)
            return KRN_OK;
        char countries[64], from[3], to[3];
        krn_country_text(left, from);
        krn_country_text(entered, to);
        (void)snprintf(countries, sizeof countries, "expected a row of border.csv from %s to %s",
                       from, to);
        return krni_row_fault(draft->package, KRN_TABLE_LINK, row, LINK_LINK_ID, countries, err);
    }
    krni_draft_activity haul = krni_draft_blank(KRN_HAUL, link->mode);
    uint32_t far = KRN_NO_ID;
    krn_status st = krni_draft_side(draft, tail, side, &haul.from, err);
    if (!st)
        st = krni_draft_side(draft, head, side, &far, err);
    haul.to = far;
    if (!st && border) {
        const krni_draft_state middle = {.node = tail,
                                         .link = row,
                                         .trip = KRN_NO_ROW,
                                         .call = KRN_NO_ROW,
                                         .stop = KRN_NO_ROW,
                                         .side = KRN_SIDE_BORDER,
                                         .lane = (uint8_t)(gauge + 1)};
        st = krni_draft_new_state(draft, &middle, &haul.to, err);
    }
    haul.gauge = (int8_t)gauge;
    haul.electrified = link->electrified;
    haul.passable = link->in_service;
    haul.cargo_mask = draft->all_classes;
    haul.country = left;
    haul.law_table = KRN_TABLE_LINK;
    haul.law_row = haul.link = row;
    haul.calendar = krni_ref(draft->package, KRN_TABLE_LINK, row, LINK_CALENDAR_ID);
    haul.length_km = link->length_km;
    haul.duration = krni_draft_running(draft, link->mode, left, link->run_h);
    if (!st)
        st = krni_draft_add(draft, &haul, err);
    if (!st && border) {
        uint32_t n_crossings;
        haul.from = haul.to;
        haul.to = far;
        st = krni_border_cross(draft, &haul, left, entered, &n_crossings, err);
    }
    return st;
}

static krn_status make_hauls(krni_network_draft *draft, krn_error *err)
{
    const uint32_t *order = krni_draft_order(draft, KRN_TABLE_LINK);
    krn_status st = KRN_OK;
    for (uint32_t i = 0; i < draft->n_links && !st; i++) {
        const krni_draft_link *link = &draft->links[order[i]];
        if (link->mode == KRN_SEA)
            continue;
        for (int reversed = 0; reversed < (link->directed ? 1 : 2) && !st; reversed++) {
            if (link->mode == KRN_ROAD)
                st = add_haul(draft, order[i], reversed, -1, err);
            for (int g = 0; g < (int)draft->n_gauges && !st; g++)
                if (link->gauges & 1u << g)
                    st = add_haul(draft, order[i], reversed, g, err);
        }
    }
    return st;
}

/* ---- order and freeze ---- */

typedef struct sort_key {
    uint64_t first, second, third;
    uint32_t index;
} sort_key;

static int compare_keys(const void *a, const void *b)
{
    const sort_key *x = a, *y = b;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    if (x->second != y->second)
        return x->second < y->second ? -1 : 1;
    if (x->third != y->third)
        return x->third < y->third ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

static uint32_t rank_of(const krni_network_draft *draft, krn_table table, uint32_t row)
{
    return row == KRN_NO_ROW ? UINT32_MAX : draft->rank[table][row];
}

/* keys of all states, sorted; new_state[draft state] = place. */
static krn_status order_states(const krni_network_draft *draft, sort_key **out,
                               uint32_t **out_new_state, krn_error *err)
{
    const uint32_t n = draft->n_states;
    sort_key *keys = krn_arena_alloc(draft->arena, n * sizeof *keys);
    uint32_t *new_state = krn_arena_alloc(draft->arena, n * sizeof *new_state);
    if (!keys || !new_state)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < n; i++) {
        const krni_draft_state *s = &draft->states[i];
        keys[i] = (sort_key){(uint64_t)rank_of(draft, KRN_TABLE_NODE, s->node) << 32 | s->side,
                             (uint64_t)rank_of(draft, KRN_TABLE_TRIP, s->trip) << 32 |
                                 rank_of(draft, KRN_TABLE_LINK, s->link),
                             (uint64_t)s->call << 32 | s->lane, i};
    }
    if (n)
        qsort(keys, n, sizeof *keys, compare_keys);
    for (uint32_t i = 0; i < n; i++)
        new_state[keys[i].index] = i;
    *out = keys;
    *out_new_state = new_state;
    return KRN_OK;
}

static krn_status order_activities(const krni_network_draft *draft, const uint32_t *new_state,
                                   sort_key **out, krn_error *err)
{
    const uint32_t n = draft->n_activities;
    sort_key *keys = krn_arena_alloc(draft->arena, n * sizeof *keys);
    if (!keys)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < n; i++) {
        const krni_draft_activity *a = &draft->activities[i];
        assert(draft->rank[a->law_table]);
        keys[i] = (sort_key){(uint64_t)new_state[a->from] << 32 | a->kind,
                             (uint64_t)new_state[a->to] << 32 | a->law_table,
                             (uint64_t)draft->rank[a->law_table][a->law_row] << 32 |
                                 rank_of(draft, KRN_TABLE_LINK, a->link),
                             i};
    }
    if (n)
        qsort(keys, n, sizeof *keys, compare_keys);
    *out = keys;
    return KRN_OK;
}

/* Writes into an array of the block, which is ours until the network is handed out. */
#define PUT(type, field, i, value) (((type *)(uintptr_t)network->field)[i] = (type)(value))

static void freeze_states(const krni_network_draft *draft, const sort_key *keys,
                          const uint32_t *new_state, krn_network *network)
{
    for (uint32_t i = 0; i < draft->n_states; i++) {
        const krni_draft_state *s = &draft->states[keys[i].index];
        PUT(uint32_t, state_node, i, s->node);
        PUT(uint32_t, state_link, i, s->link);
        PUT(uint32_t, state_trip, i, s->trip);
        PUT(uint32_t, state_call, i, s->call);
        PUT(uint32_t, state_stop, i, s->stop);
        PUT(uint8_t, state_side, i, s->side);
        PUT(double, state_departure_s, i, s->departure_s);
    }
    for (size_t i = 0; i < (size_t)draft->n_nodes * KRNI_SIDES; i++)
        PUT(uint32_t, node_state, i,
            draft->node_state[i] == KRN_NO_ID ? KRN_NO_ID : new_state[draft->node_state[i]]);
}

/* Variance of a duration; operations are the law of many activities, so theirs are kept by row. */
static double variance_of(const krni_draft_activity *a, double *of_operation)
{
    if (a->law_table != KRN_TABLE_OPERATION)
        return krn_duration_variance_h2(a->duration);
    if (isnan(of_operation[a->law_row]))
        of_operation[a->law_row] = krn_duration_variance_h2(a->duration);
    return of_operation[a->law_row];
}

static void freeze_activities(const krni_network_draft *draft, const sort_key *keys,
                              const uint32_t *new_state, double *of_operation, krn_network *network)
{
    uint32_t state = 0;
    PUT(uint32_t, first_activity, 0, 0);
    for (uint32_t i = 0; i < draft->n_activities; i++) {
        const krni_draft_activity *a = &draft->activities[keys[i].index];
        const uint32_t from = new_state[a->from];
        while (state < from)
            PUT(uint32_t, first_activity, ++state, i);
        PUT(uint32_t, from_state, i, from);
        PUT(uint32_t, to_state, i, new_state[a->to]);
        PUT(uint8_t, kind, i, a->kind);
        PUT(uint8_t, mode, i, a->mode);
        PUT(uint8_t, handlings, i, a->handlings);
        PUT(int8_t, gauge, i, a->gauge);
        PUT(uint8_t, electrified, i, a->electrified);
        PUT(uint8_t, passable, i, a->passable);
        PUT(uint16_t, cargo_mask, i, a->cargo_mask);
        PUT(uint16_t, country, i, a->country);
        PUT(uint16_t, enters, i, a->enters);
        PUT(uint16_t, law_table, i, a->law_table);
        PUT(uint32_t, law_row, i, a->law_row);
        PUT(uint32_t, link, i, a->link);
        PUT(uint32_t, trip, i, a->trip);
        PUT(uint32_t, calendar, i, a->calendar);
        PUT(double, length_km, i, a->length_km);
        PUT(double, low_h, i, a->duration.low_h);
        PUT(double, typical_h, i, a->duration.typical_h);
        PUT(double, high_h, i, a->duration.high_h);
        PUT(double, wait_low_h, i, a->wait.low_h);
        PUT(double, wait_typical_h, i, a->wait.typical_h);
        PUT(double, wait_high_h, i, a->wait.high_h);
        PUT(double, variance_h2, i, variance_of(a, of_operation));
    }
    while (state < draft->n_states)
        PUT(uint32_t, first_activity, ++state, draft->n_activities);
}

/* For whom the seasons of each place hold. */
static void freeze_seasons(const krn_package *p, krn_network *network)
{
    const uint32_t n = krn_package_rows(p, KRN_TABLE_SEASON);
    for (uint32_t row = 0; row < n; row++) {
        const uint32_t node = krni_ref(p, KRN_TABLE_SEASON, row, SEASON_NODE_ID);
        const char *kind = krni_text(p, KRN_TABLE_SEASON, row, SEASON_KIND);
        if (node == KRN_NO_ROW)
            continue;
        unsigned holds = network->node_season[node];
        if (strcmp(kind, "convoy") != 0)
            holds |= KRNI_SEASON_SEA;
        if (strcmp(kind, "convoy") == 0 || strcmp(kind, "closure") == 0)
            holds |= KRNI_SEASON_ROAD;
        PUT(uint8_t, node_season, node, holds);
    }
}

static krn_status freeze(const krni_network_draft *draft, krn_network *network, krn_error *err)
{
    sort_key *states = NULL, *activities = NULL;
    uint32_t *new_state = NULL;
    krn_status st = order_states(draft, &states, &new_state, err);
    if (!st)
        st = order_activities(draft, new_state, &activities, err);
    const uint32_t n_operations = krn_package_rows(draft->package, KRN_TABLE_OPERATION);
    double *of_operation = krn_arena_alloc(draft->arena, n_operations * sizeof *of_operation);
    if (!st && !of_operation)
        st = krni_fail_memory(err);
    if (st)
        return st;
    for (uint32_t row = 0; row < n_operations; row++)
        of_operation[row] = NAN;
    network->n_states = draft->n_states;
    network->n_activities = draft->n_activities;
    network->n_gauges = draft->n_gauges;
    memcpy(network->gauge_mm, draft->gauge_mm, sizeof network->gauge_mm);
    network->block_size =
        krni_network_block_size(draft->n_states, draft->n_activities, draft->n_nodes);
    network->block = calloc(1, network->block_size); /* malloc aligns to 16 */
    if (!network->block)
        return krni_fail_memory(err);
    krni_network_lay(network, network->block);
    freeze_states(draft, states, new_state, network);
    freeze_activities(draft, activities, new_state, of_operation, network);
    freeze_seasons(draft->package, network);
    return KRN_OK;
}

/* Every node can hold cargo at rest. */
static krn_status make_rests(krni_network_draft *draft, krn_error *err)
{
    krn_status st = KRN_OK;
    uint32_t state;
    for (uint32_t node = 0; node < draft->n_nodes && !st; node++)
        st = krni_draft_side(draft, node, KRN_SIDE_REST, &state, err);
    return st;
}

krn_status krn_network_compile(krn_package *scenario, int32_t day, krn_network **out,
                               krn_error *err)
{
    if (!scenario || !out)
        return krni_fail(err, KRN_E_ARG, "krn_network_compile: a package and a result are needed");
    krni_network_draft draft;
    krn_network *network = calloc(1, sizeof *network);
    if (!network)
        return krni_fail_memory(err);
    network->package = scenario;
    network->day = day;
    krn_status st = krni_draft_open(&draft, scenario, err);
    if (!st)
        st = make_rests(&draft, err);
    if (!st)
        st = make_hauls(&draft, err);
    if (!st)
        st = krni_border_make(&draft, err);
    if (!st)
        st = krni_transfer_make(&draft, err);
    if (!st)
        st = krni_service_make(&draft, err);
    if (!st)
        st = freeze(&draft, network, err);
    if (!st)
        st = krni_network_open_books(network, err);
    krni_draft_close(&draft);
    if (st) {
        network->package = NULL; /* still the caller's */
        krn_network_free(network);
        return st;
    }
    *out = network;
    return KRN_OK;
}

void krn_network_free(krn_network *network)
{
    if (!network)
        return;
    krn_emission_book_free(network->emissions);
    krn_rule_book_free(network->rules);
    krn_tariff_book_free(network->tariffs);
    krn_calendar_book_free(network->calendars);
    krn_package_free(network->package);
    free(network->block);
    if (network->mapping)
        (void)munmap(network->mapping, network->mapping_size);
    free(network);
}

/* ---- reading ---- */

const char *krn_activity_kind_name(krn_activity_kind kind)
{
    static const char *const names[KRN_ACTIVITY_KIND_COUNT] = {
        "haul", "border", "gauge change", "transfer", "departure", "ride", "arrival"};
    return (unsigned)kind < KRN_ACTIVITY_KIND_COUNT ? names[kind] : "unknown";
}

const krn_package *krn_network_package(const krn_network *network)
{
    return network->package;
}

int32_t krn_network_day(const krn_network *network)
{
    return network->day;
}

const krn_calendar_book *krn_network_calendars(const krn_network *network)
{
    return network->calendars;
}

const krn_tariff_book *krn_network_tariffs(const krn_network *network)
{
    return network->tariffs;
}

const krn_rule_book *krn_network_rules(const krn_network *network)
{
    return network->rules;
}

const krn_emission_book *krn_network_emissions(const krn_network *network)
{
    return network->emissions;
}

uint32_t krn_network_states(const krn_network *network)
{
    return network->n_states;
}

uint32_t krn_network_activities(const krn_network *network)
{
    return network->n_activities;
}

int krn_network_gauges(const krn_network *network, int out_mm[KRN_MAX_GAUGES])
{
    for (uint32_t g = 0; g < network->n_gauges; g++)
        out_mm[g] = network->gauge_mm[g];
    return (int)network->n_gauges;
}

/* Column of the typical time in a table of laws. */
static int law_column(krn_table table)
{
    switch (table) {
    case KRN_TABLE_BORDER:
        return BORDER_DWELL_TYPICAL_H;
    case KRN_TABLE_GAUGE_CHANGE:
        return GAUGE_CHANGE_TYPICAL_H;
    case KRN_TABLE_OPERATION:
        return OPERATION_TYPICAL_H;
    case KRN_TABLE_PORT:
        return PORT_BERTH_WAIT_TYPICAL_H;
    case KRN_TABLE_LINK:
        return LINK_FREE_SPEED;
    default:
        return 0;
    }
}

void krn_network_activity(const krn_network *network, krn_activity_id id, krn_activity *out)
{
    const uint32_t i = id.index;
    assert(i < network->n_activities);
    const uint32_t from = network->from_state[i], to = network->to_state[i];
    *out = (krn_activity){
        .kind = (krn_activity_kind)network->kind[i],
        .mode = (krn_mode)network->mode[i],
        .from = {from},
        .to = {to},
        .from_node = network->state_node[from],
        .to_node = network->state_node[to],
        .from_side = (krn_side)network->state_side[from],
        .to_side = (krn_side)network->state_side[to],
        .link = network->link[i],
        .length_km = network->length_km[i],
        .country = network->country[i],
        .enters = network->enters[i],
        .duration = {network->low_h[i], network->typical_h[i], network->high_h[i]},
        .wait = {network->wait_low_h[i], network->wait_typical_h[i], network->wait_high_h[i]},
        .calendar = network->calendar[i],
        .trip = network->trip[i],
        .handlings = network->handlings[i],
        .cargo_mask = network->cargo_mask[i],
        .gauge_index = network->gauge[i],
        .electrified = network->electrified[i] != 0,
        .figure = krni_figure((krn_table)network->law_table[i], network->law_row[i],
                              law_column((krn_table)network->law_table[i])),
    };
}

krn_state_id krn_network_state(const krn_network *network, uint32_t node, krn_side side)
{
    krn_state_id none = {KRN_NO_ID};
    if (node >= krn_package_rows(network->package, KRN_TABLE_NODE) || side >= KRNI_SIDES)
        return none;
    return (krn_state_id){network->node_state[(size_t)node * KRNI_SIDES + side]};
}
