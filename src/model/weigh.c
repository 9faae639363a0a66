/* SPDX-License-Identifier: Apache-2.0 */
/* weigh.c - what every activity of a network means for one consignment: may it pass, how long with
 * its quantity, at what lower bound of price, with which emissions, after which papers.
 *
 *   rail    wagons by axle load; n = trains by mass and length limits of the link. A load that has
 *           to be parted into more trains than another line at the same place asks for waits for
 *           the further ones: (n - least n there) * 24 h / trains a day of the link
 *   sea     payload of a voyage = least of ship, draughts of both ports and of the lane, places;
 *           n voyages, the last one leaves n - 1 headways after the first
 *   place   quantity / (servers * rate), border and gauge change by their capacity a day: what
 *           exceeds the typical time of a usual lot is added to all three percentiles
 *
 * Variances: that of the duration (closed form) and of a uniform wait (headway^2 / 12); what is
 * added as a constant adds none. Emissions: goods without containers, times km, times a factor; an
 * unknown factor counts as 0 well to wheel and NaN tank to wheel. Seasons at `at` delay; a closed
 * season does not block here, for it is a matter of time: opening hours and seasons are asked when
 * a start is looked for (krni_activity_season says which seasons hold).
 *
 * Rates, factors, gates and visas are asked once per key (mode, country, ...), not per activity. */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <keruen/duration.h>

#include "base/error.h"
#include "model/route_draft.h"
#include "model/weighing.h"

#define HOURS_PER_DAY 24.0

/* Lengthens the duration where a quantity takes longer than the typical time of a usual lot. */
static void stretch(krn_activity_cost *cost, double quantity_h)
{
    const double excess_h = quantity_h - cost->duration.typical_h;
    if (excess_h > 0.0 && isfinite(excess_h))
        cost->duration = krn_duration_shift(cost->duration, excess_h);
}

/* ---- kinds ---- */

static void weigh_haul(krni_weighing *w, uint32_t i, uint32_t least_trains, krn_activity_cost *cost)
{
    const krn_network *net = w->network;
    const uint32_t link = net->link[i];
    if (net->mode[i] == KRN_RAIL) {
        const krni_train_size size = krni_weigh_train_over(w, net->gauge[i], link);
        if (!size.n_wagons) {
            krni_weigh_block_axle(w, net->gauge[i], link, cost);
            return;
        }
        cost->n_vehicles = size.n_wagons;
        cost->n_trains = krni_weigh_trains(w, &size, link);
        const double trains_a_day =
            krni_number(w->package, KRN_TABLE_LINK, link, LINK_TRAINS_PER_DAY);
        if (cost->n_trains > least_trains && trains_a_day > 0.0)
            cost->duration = krn_duration_shift(cost->duration, (cost->n_trains - least_trains) *
                                                                    HOURS_PER_DAY / trains_a_day);
    } else {
        cost->n_vehicles = w->n_trucks;
        if (!w->n_trucks) {
            krni_weigh_block_truck(w, cost);
            return;
        }
    }
    krni_weigh_delay(w, i, cost);
    krni_weigh_price_km(w, i, cost);
    krni_weigh_emit(w, i, KRN_NO_ROW, cost);
}

/* Fewest trains over the passable hauls that leave a state; 1 when there is none. */
static uint32_t least_trains_from(krni_weighing *w, uint32_t state)
{
    const krn_network *net = w->network;
    uint32_t least = UINT32_MAX;
    if (net->state_side[state] < KRN_SIDE_RAIL ||
        net->state_side[state] >= KRN_SIDE_RAIL + KRN_MAX_GAUGES)
        return 1;
    for (uint32_t i = net->first_activity[state]; i < net->first_activity[state + 1]; i++) {
        if (net->kind[i] != KRN_HAUL || !net->passable[i])
            continue;
        const krni_train_size size = krni_weigh_train_over(w, net->gauge[i], net->link[i]);
        const uint32_t n = size.n_wagons ? krni_weigh_trains(w, &size, net->link[i]) : UINT32_MAX;
        if (n < least)
            least = n;
    }
    return least == UINT32_MAX ? 1 : least;
}

/* Time that the quantity needs at a rate a day; 0 without a rate. */
static double days_work_h(const krni_weighing *w, krn_table table, uint32_t row, int column,
                          double n)
{
    const double a_day = krni_number(w->package, table, row, column);
    return a_day > 0.0 ? n / a_day * HOURS_PER_DAY : 0.0;
}

static void weigh_cross(krni_weighing *w, uint32_t i, krn_activity_cost *cost)
{
    const krn_network *net = w->network;
    const krn_package *p = w->package;
    const uint32_t row = net->law_row[i], node = net->state_node[net->from_state[i]];
    const krn_mode mode = (krn_mode)net->mode[i];
    if (mode == KRN_RAIL) {
        const krni_train_size size = krni_weigh_train_over(w, net->gauge[i], net->link[i]);
        if (!size.n_wagons) {
            krni_weigh_block_axle(w, net->gauge[i], net->link[i], cost);
            return;
        }
        cost->n_vehicles = size.n_wagons;
        cost->n_trains = krni_weigh_trains(w, &size, net->link[i]);
        const double by_wagons_h =
            days_work_h(w, KRN_TABLE_BORDER, row, BORDER_WAGONS_PER_DAY, size.n_wagons);
        const double by_trains_h =
            days_work_h(w, KRN_TABLE_BORDER, row, BORDER_TRAINS_PER_DAY, cost->n_trains);
        stretch(cost, fmax(by_wagons_h, by_trains_h));
    } else {
        cost->n_vehicles = w->n_trucks;
        if (!w->n_trucks) {
            krni_weigh_block_truck(w, cost);
            return;
        }
        stretch(cost, days_work_h(w, KRN_TABLE_BORDER, row, BORDER_TRUCKS_PER_DAY, w->n_trucks));
        const uint32_t visa = krni_weigh_closed_to_driver(w, net->enters[i]);
        if (visa != KRN_NO_ROW)
            krni_weigh_block(cost, KRN_BLOCK_RULE, krni_figure(KRN_TABLE_VISA, visa, VISA_REGIME));
    }
    const char *basis = krni_text(p, KRN_TABLE_BORDER, row, BORDER_FEE_BASIS);
    cost->bound_usd = krni_number_or(p, KRN_TABLE_BORDER, row, BORDER_FEE_USD, 0.0) *
                      krni_load_quantity(w->load, *basis ? basis : "consignment", cost->n_vehicles);
    cost->bound_usd += krni_weigh_entry_usd(w, mode, net->enters[i], cost->n_vehicles);
    krni_weigh_gate(w, KRN_GATE_LEAVE, mode, net->country[i], net->enters[i], node, cost);
    krni_weigh_gate(w, KRN_GATE_ENTER, mode, net->enters[i], net->country[i],
                    net->state_node[net->to_state[i]], cost);
}

static void weigh_gauge_change(krni_weighing *w, uint32_t i, krn_activity_cost *cost)
{
    const krn_network *net = w->network;
    const krn_package *p = w->package;
    const uint32_t row = net->law_row[i], node = net->state_node[net->from_state[i]];
    const krni_train_size size = krni_weigh_train_on(w, net->gauge[i], 0.0);
    if (!size.n_wagons) {
        krni_weigh_block_axle(w, net->gauge[i], KRN_NO_ROW, cost);
        return;
    }
    cost->n_vehicles = size.n_wagons;
    stretch(cost, days_work_h(w, KRN_TABLE_GAUGE_CHANGE, row, GAUGE_CHANGE_WAGONS_PER_DAY,
                              size.n_wagons));
    cost->bound_usd =
        krni_number_or(p, KRN_TABLE_GAUGE_CHANGE, row, GAUGE_CHANGE_COST_USD, 0.0) *
        krni_load_quantity(w->load,
                           krni_text(p, KRN_TABLE_GAUGE_CHANGE, row, GAUGE_CHANGE_COST_UNIT),
                           cost->n_vehicles);
    krni_weigh_gate(w, KRN_GATE_GAUGE_CHANGE, KRN_RAIL, net->country[i], 0, node, cost);
}

static void weigh_transfer(krni_weighing *w, uint32_t i, krn_activity_cost *cost)
{
    const krn_network *net = w->network;
    const krn_package *p = w->package;
    const uint32_t row = net->law_row[i], node = net->state_node[net->from_state[i]];
    const krn_side from = (krn_side)net->state_side[net->from_state[i]];
    const krn_side to = (krn_side)net->state_side[net->to_state[i]];
    const char *unit = krni_text(p, KRN_TABLE_OPERATION, row, OPERATION_UNIT);
    if (net->gauge[i] >= 0) {
        const krni_train_size size = krni_weigh_train_on(w, net->gauge[i], 0.0);
        if (!size.n_wagons) {
            krni_weigh_block_axle(w, net->gauge[i], KRN_NO_ROW, cost);
            return;
        }
        cost->n_vehicles = size.n_wagons;
    }
    if (from == KRN_SIDE_ROAD || to == KRN_SIDE_ROAD) {
        if (!w->n_trucks) {
            krni_weigh_block_truck(w, cost);
            return;
        }
        if (net->gauge[i] < 0 || strcmp(unit, "truck") == 0)
            cost->n_vehicles = w->n_trucks;
    }
    const double quantity = krni_load_quantity(w->load, unit, cost->n_vehicles);
    const double rate = krni_number_or(p, KRN_TABLE_OPERATION, row, OPERATION_RATE_PER_H, 0.0);
    const double servers = krni_number_or(p, KRN_TABLE_OPERATION, row, OPERATION_SERVERS, 1.0);
    if (rate > 0.0 && servers > 0.0)
        stretch(cost, quantity / (servers * rate));
    cost->bound_usd =
        krni_number_or(p, KRN_TABLE_OPERATION, row, OPERATION_COST_USD, 0.0) * quantity;
    const krn_mode mode = (krn_mode)net->mode[i];
    if (net->from_state[i] == w->origin_rest)
        krni_weigh_gate(w, KRN_GATE_DEPARTURE, mode, w->origin_country, 0, node, cost);
    else if (to == KRN_SIDE_ROAD || to >= KRN_SIDE_RAIL) /* papers of a mode that begins here */
        krni_weigh_gate(w, KRN_GATE_NONE, to == KRN_SIDE_ROAD ? KRN_ROAD : KRN_RAIL,
                        net->country[i], 0, node, cost);
    if (to == KRN_SIDE_QUAY_OUT)
        krni_weigh_gate(w, KRN_GATE_LOAD_SEA, KRN_SEA, net->country[i], 0, node, cost);
    if (net->to_state[i] == w->destination_rest)
        krni_weigh_gate(w, KRN_GATE_DELIVERY, mode, w->destination_country, 0, node, cost);
}

/* ---- all ---- */

/* What holds for every kind: cargo class (false: does not take it, and nothing else is filled in),
 * the law as it is, service. */
static bool begin(const krni_weighing *w, uint32_t i, krn_activity_cost *cost)
{
    const krn_network *net = w->network;
    cost->n_trains = 1;
    if (!(net->cargo_mask[i] & w->load->class_bit)) {
        krni_weigh_block(cost, KRN_BLOCK_CARGO,
                         krni_figure((krn_table)net->law_table[i], net->law_row[i], 0));
        return false;
    }
    cost->block_figure = krn_figure_none();
    cost->duration = (krn_duration){net->low_h[i], net->typical_h[i], net->high_h[i]};
    cost->wait = (krn_duration){net->wait_low_h[i], net->wait_typical_h[i], net->wait_high_h[i]};
    cost->variance_h2 = net->variance_h2[i];
    if (!net->passable[i])
        krni_weigh_block(cost, KRN_BLOCK_CLOSED,
                         krni_figure(KRN_TABLE_LINK, net->link[i], LINK_STATUS));
    return true;
}

static void weigh_all(krni_weighing *w)
{
    const krn_network *net = w->network;
    for (uint32_t i = 0; i < net->n_activities; i++)
        if (net->kind[i] == KRN_RIDE && begin(w, i, &w->costs[i]))
            krni_weigh_ride(w, i, &w->costs[i]);
    for (uint32_t state = 0; state < net->n_states; state++) {
        uint32_t least_trains = 0; /* not known yet */
        for (uint32_t i = net->first_activity[state]; i < net->first_activity[state + 1]; i++) {
            krn_activity_cost *cost = &w->costs[i];
            const krn_activity_kind kind = (krn_activity_kind)net->kind[i];
            if (kind != KRN_RIDE && begin(w, i, cost)) {
                if (kind == KRN_HAUL && !least_trains)
                    least_trains = least_trains_from(w, state);
                if (kind == KRN_HAUL)
                    weigh_haul(w, i, least_trains, cost);
                else if (kind == KRN_CROSS)
                    weigh_cross(w, i, cost);
                else if (kind == KRN_GAUGE_CHANGE)
                    weigh_gauge_change(w, i, cost);
                else if (kind == KRN_TRANSFER)
                    weigh_transfer(w, i, cost);
                else if (kind == KRN_BOARD)
                    krni_weigh_board(w, i, cost);
                else
                    krni_weigh_alight(w, i, cost);
            }
            if (w->delay_h)
                cost->duration = krn_duration_shift(cost->duration, w->delay_h[i]);
            cost->expected_h = cost->duration.typical_h + cost->wait.typical_h;
            krni_weigh_hire(w, i, cost);
            assert(cost->block != KRN_BLOCK_NONE || cost->bound_usd >= 0.0);
        }
    }
}

/* Marks the rows that a list or reference column of a table names. */
static void mark(const krn_package *p, krn_table table, int column, krn_table named, uint8_t *marks)
{
    const uint32_t n = krn_package_rows(p, table);
    for (uint32_t row = 0; row < n; row++) {
        const char *at = krni_text(p, table, row, column);
        const char *item;
        size_t length;
        while ((item = krni_list_next(&at, &length))) {
            char id[256];
            if (length >= sizeof id)
                continue;
            memcpy(id, item, length);
            id[length] = '\0';
            const uint32_t found = krn_package_find(p, named, id);
            if (found != KRN_NO_ROW)
                marks[found] = 1;
        }
    }
}

static krn_status prepare(krni_weighing *w, krn_error *err)
{
    const krn_network *net = w->network;
    const krn_package *p = w->package;
    w->memo = krn_arena_calloc(w->arena, 1, sizeof *w->memo);
    w->link_season = krn_arena_calloc(w->arena, krn_package_rows(p, KRN_TABLE_LINK), 1);
    w->trip_voyages =
        krn_arena_calloc(w->arena, krn_package_rows(p, KRN_TABLE_TRIP), sizeof(uint32_t));
    w->sails_to = krn_arena_calloc(w->arena, net->n_states, sizeof(krn_country));
    w->comes_from = krn_arena_calloc(w->arena, net->n_states, sizeof(krn_country));
    w->costs = krn_arena_calloc(w->arena, net->n_activities, sizeof *w->costs);
    if (!w->memo || !w->link_season || !w->trip_voyages || !w->sails_to || !w->comes_from ||
        !w->costs)
        return krni_fail_memory(err);
    for (uint32_t g = 0; g < net->n_gauges; g++) {
        char name[32];
        (void)snprintf(name, sizeof name, "wagon_%d", (int)net->gauge_mm[g]);
        const int column = krn_package_column(p, KRN_TABLE_CARGO_CLASS, name);
        w->wagon_column[g] = column < 0 ? CARGO_CLASS_CARGO_CLASS : column;
    }
    mark(p, KRN_TABLE_SEASON, SEASON_LINK_ID, KRN_TABLE_LINK, w->link_season);
    return KRN_OK;
}

static krn_status weigh(const krn_network *network, const krn_consignment *consignment, krn_time at,
                        const double *delay_h, krn_arena *arena, krni_hold_list *holds,
                        krn_load *out_load, krn_activity_cost **out_costs, krn_error *err)
{
    if (!network || !consignment || !arena || !out_load || !out_costs)
        return krni_fail(err, KRN_E_ARG,
                         "krn_network_weigh: network, consignment, arena are needed");
    const krn_package *p = network->package;
    const uint32_t n_nodes = krn_package_rows(p, KRN_TABLE_NODE);
    if (consignment->origin >= n_nodes || consignment->destination >= n_nodes)
        return krni_fail(err, KRN_E_ARG, "a consignment goes from a place to a place");
    krni_weighing w = {.network = network,
                       .package = p,
                       .load = out_load,
                       .arena = arena,
                       .at = at,
                       .holds = holds,
                       .delay_h = delay_h};
    krn_status st =
        krn_cargo_load(p, consignment, network->gauge_mm, (int)network->n_gauges, out_load, err);
    if (!st)
        st = prepare(&w, err);
    if (st)
        return st;
    w.day = network->day;
    w.origin_country = krni_node_country(p, consignment->origin);
    w.destination_country = krni_node_country(p, consignment->destination);
    w.driver = consignment->driver ? consignment->driver : w.origin_country;
    w.origin_rest = krn_network_state(network, consignment->origin, KRN_SIDE_REST).index;
    w.destination_rest = krn_network_state(network, consignment->destination, KRN_SIDE_REST).index;
    w.n_trucks = krn_cargo_trucks(p, out_load);
    w.question = (krn_rule_case){.consignment = consignment,
                                 .load = out_load,
                                 .origin = w.origin_country,
                                 .destination = w.destination_country,
                                 .day = network->day};
    st = krni_rule_concerned(network->rules, &w.question, arena, &w.question.concerned, err);
    if (st)
        return st;
    weigh_all(&w);
    *out_costs = w.costs;
    return w.hold_status ? krni_fail_memory(err) : KRN_OK;
}

krn_status krn_network_weigh(const krn_network *network, const krn_consignment *consignment,
                             krn_time at, krn_arena *arena, krn_load *out_load,
                             krn_activity_cost **out_costs, krn_error *err)
{
    return weigh(network, consignment, at, NULL, arena, NULL, out_load, out_costs, err);
}

krn_status krni_network_weigh_delayed(const krn_network *network,
                                      const krn_consignment *consignment, krn_time at,
                                      const double *delay_h, krn_arena *arena, krn_load *out_load,
                                      krn_activity_cost **out_costs, krn_error *err)
{
    return weigh(network, consignment, at, delay_h, arena, NULL, out_load, out_costs, err);
}

krn_status krni_network_holds(const krn_network *network, const krn_consignment *consignment,
                              krn_time at, krn_arena *arena, krni_hold_list *out, krn_error *err)
{
    krn_load load;
    krn_activity_cost *costs;
    *out = (krni_hold_list){0};
    return weigh(network, consignment, at, NULL, arena, out, &load, &costs, err);
}

const char *krn_block_name(krn_block why)
{
    static const char *const names[KRN_BLOCK_COUNT] = {
        "none",     "cargo",  "closed", "draught",   "axle",     "rate", "rule",
        "calendar", "filter", "papers", "departure", "quantity", "time"};
    return (unsigned)why < KRN_BLOCK_COUNT ? names[why] : "unknown";
}

void krni_activity_season(const krn_network *network, uint32_t activity, uint32_t *out_node,
                          uint32_t *out_link)
{
    const krn_activity_kind kind = (krn_activity_kind)network->kind[activity];
    const uint32_t node = network->state_node[network->from_state[activity]];
    const bool ship =
        network->mode[activity] == KRN_SEA && (kind == KRN_BOARD || kind == KRN_ALIGHT);
    const bool truck = network->mode[activity] == KRN_ROAD && kind == KRN_HAUL &&
                       network->state_side[network->to_state[activity]] != KRN_SIDE_BORDER;
    *out_node = *out_link = KRN_NO_ROW;
    if ((ship && network->node_season[node] & KRNI_SEASON_SEA) ||
        (truck && network->node_season[node] & KRNI_SEASON_ROAD))
        *out_node = node;
    if (kind == KRN_HAUL || kind == KRN_RIDE)
        *out_link = network->link[activity];
}
