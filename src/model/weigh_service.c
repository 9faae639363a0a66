/* SPDX-License-Identifier: Apache-2.0 */
/* weigh_service.c - departures, rides and arrivals as one consignment meets them: how many ships or
 * trains it takes, how long the last one is waited for, what a port lets in.
 *
 *   n = max(load / places, load / payload at the least draught);  last departure: (n - 1) headways
 *
 * A train too heavy for a link runs there in parts and waits there; at its origin only places
 * count. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include <keruen/duration.h>

#include "model/route_draft.h"
#include "model/weighing.h"

#define HOURS_PER_DAY 24.0

/* Departures by timetable: hours between two of them; 0 when it runs on single days only. */
static double timetable_headway_h(const krn_package *p, uint32_t trip_row)
{
    const char *trip_id = krni_text(p, KRN_TABLE_TRIP, trip_row, TRIP_TRIP_ID);
    const uint32_t trip = krn_package_find(p, KRN_TABLE_TRIPS, trip_id);
    const uint32_t calendar =
        trip == KRN_NO_ROW ? KRN_NO_ROW : krni_ref(p, KRN_TABLE_TRIPS, trip, TRIPS_SERVICE_ID);
    if (calendar == KRN_NO_ROW)
        return 0.0;
    int n_days = 0;
    for (int day = 0; day < 7; day++)
        n_days += krni_number_or(p, KRN_TABLE_SERVICE_CALENDAR, calendar,
                                 SERVICE_CALENDAR_MONDAY + day, 0.0) > 0.5;
    return n_days ? 7 * HOURS_PER_DAY / n_days : 0.0;
}

/* Hours before a departure at which a place must be booked; *out_rule its row or KRN_NO_ROW. */
static double booking_h(const krn_package *p, uint32_t stop, uint32_t *out_rule)
{
    const uint32_t rule =
        krni_ref(p, KRN_TABLE_STOP_TIMES, stop, STOP_TIMES_PICKUP_BOOKING_RULE_ID);
    *out_rule = rule;
    if (rule == KRN_NO_ROW)
        return 0.0;
    const double minutes = krni_number_or(p, KRN_TABLE_BOOKING_RULES, rule,
                                          BOOKING_RULES_PRIOR_NOTICE_DURATION_MIN, 0.0);
    const double days =
        krni_number_or(p, KRN_TABLE_BOOKING_RULES, rule, BOOKING_RULES_PRIOR_NOTICE_LAST_DAY, 0.0);
    return fmax(minutes / 60.0, days * HOURS_PER_DAY);
}

/* A place is booked when the goods are ready. */
static void weigh_booking(krni_weighing *w, uint32_t i, krn_activity_cost *cost)
{
    uint32_t rule;
    cost->gate_h = booking_h(w->package, w->network->state_stop[w->network->to_state[i]], &rule);
    if (!w->holds || w->hold_status || !(cost->gate_h > 0.0))
        return;
    const krni_hold hold = {
        i, krni_figure(KRN_TABLE_BOOKING_RULES, rule, BOOKING_RULES_PRIOR_NOTICE_DURATION_MIN),
        cost->gate_h};
    w->hold_status = krni_hold_add(w->holds, hold, w->arena, NULL);
}

/* A service known by frequency leaves only between the dates of its calendar. */
static bool offered(const krni_weighing *w, uint32_t trip_row, uint32_t *out_calendar)
{
    const krn_package *p = w->package;
    const uint32_t trip =
        krn_package_find(p, KRN_TABLE_TRIPS, krni_text(p, KRN_TABLE_TRIP, trip_row, TRIP_TRIP_ID));
    const uint32_t calendar =
        trip == KRN_NO_ROW ? KRN_NO_ROW : krni_ref(p, KRN_TABLE_TRIPS, trip, TRIPS_SERVICE_ID);
    *out_calendar = calendar;
    if (calendar == KRN_NO_ROW)
        return true;
    const double day = floor((double)w->at / KRN_SECONDS_PER_DAY);
    return day >= krni_number_or(p, KRN_TABLE_SERVICE_CALENDAR, calendar,
                                 SERVICE_CALENDAR_START_DATE, -1e9) &&
           day <= krni_number_or(p, KRN_TABLE_SERVICE_CALENDAR, calendar, SERVICE_CALENDAR_END_DATE,
                                 1e9);
}

void krni_weigh_board(krni_weighing *w, uint32_t i, krn_activity_cost *cost)
{
    const krn_network *net = w->network;
    const uint32_t trip = net->trip[i], aboard = net->to_state[i];
    const uint32_t n = w->trip_voyages[trip] ? w->trip_voyages[trip] : 1;
    cost->n_trains = cost->n_vehicles = n;
    if (cost->wait.high_h > 0.0) {
        const double headway_h = (cost->wait.high_h - cost->wait.low_h) / 0.8;
        cost->variance_h2 += headway_h * headway_h / 12.0;
        cost->wait = krn_duration_shift(cost->wait, (n - 1) * headway_h);
        uint32_t calendar;
        if (!offered(w, trip, &calendar))
            krni_weigh_block(
                cost, KRN_BLOCK_CALENDAR,
                krni_figure(KRN_TABLE_SERVICE_CALENDAR, calendar, SERVICE_CALENDAR_END_DATE));
    } else if (n > 1) {
        cost->duration =
            krn_duration_shift(cost->duration, (n - 1) * timetable_headway_h(w->package, trip));
    }
    krni_weigh_delay(w, i, cost);
    weigh_booking(w, i, cost);
    if (net->mode[i] == KRN_SEA && w->sails_to[aboard] && w->sails_to[aboard] != net->country[i])
        krni_weigh_gate(w, KRN_GATE_LEAVE, KRN_SEA, net->country[i], w->sails_to[aboard],
                        net->state_node[aboard], cost);
}

void krni_weigh_alight(krni_weighing *w, uint32_t i, krn_activity_cost *cost)
{
    const krn_network *net = w->network;
    const uint32_t aboard = net->from_state[i];
    if (net->mode[i] == KRN_SEA && w->comes_from[aboard] &&
        w->comes_from[aboard] != net->country[i])
        krni_weigh_gate(w, KRN_GATE_ENTER, KRN_SEA, net->country[i], w->comes_from[aboard],
                        net->state_node[aboard], cost);
}

/* ---- rides: before all others, for boarding needs the number of voyages ---- */

/* Least of the draughts of lane and ports; *out_figure the cell that limits. */
static double draught_of(const krni_weighing *w, uint32_t link, const uint32_t nodes[2],
                         krn_figure *out_figure)
{
    const krn_package *p = w->package;
    double draught_m = krni_number(p, KRN_TABLE_LINK, link, LINK_DRAUGHT_M);
    *out_figure = krni_figure(KRN_TABLE_LINK, link, LINK_DRAUGHT_M);
    for (int end = 0; end < 2; end++) {
        const uint32_t port = krn_package_find(
            p, KRN_TABLE_PORT, krni_text(p, KRN_TABLE_NODE, nodes[end], NODE_NODE_ID));
        if (port == KRN_NO_ROW)
            continue;
        const double here_m = krni_number(p, KRN_TABLE_PORT, port, PORT_DRAUGHT_M);
        if (here_m < draught_m || (isnan(draught_m) && !isnan(here_m))) {
            draught_m = here_m;
            *out_figure = krni_figure(KRN_TABLE_PORT, port, PORT_DRAUGHT_M);
        }
    }
    return draught_m;
}

/* Wagons of the load wherever the gauge is not known: on the first gauge that has some. */
static uint32_t some_wagons(krni_weighing *w, int gauge)
{
    if (gauge >= 0)
        return krni_weigh_train_on(w, gauge, 0.0).n_wagons;
    for (uint32_t g = 0; g < w->network->n_gauges; g++) {
        const uint32_t n = krni_weigh_train_on(w, (int)g, 0.0).n_wagons;
        if (n)
            return n;
    }
    return 0;
}

/* Departures that the load needs by the places of the trip. */
static uint32_t departures_by_places(krni_weighing *w, uint32_t trip, int gauge)
{
    const krn_package *p = w->package;
    double capacity = krni_number_or(p, KRN_TABLE_TRIP, trip, TRIP_CAPACITY, 0.0);
    const char *unit = krni_text(p, KRN_TABLE_TRIP, trip, TRIP_CAPACITY_UNIT);
    if (!(capacity > 0.0))
        return 1;
    const uint32_t n_vehicles = strcmp(unit, "truck") == 0 ? w->n_trucks : some_wagons(w, gauge);
    return krni_weigh_parts(krni_load_quantity(w->load, *unit ? unit : "t", n_vehicles), capacity);
}

static void weigh_sea_ride(krni_weighing *w, uint32_t i, krn_activity_cost *cost)
{
    const krn_network *net = w->network;
    const krn_package *p = w->package;
    const uint32_t trip = net->trip[i], link = net->link[i];
    const uint32_t nodes[2] = {net->state_node[net->from_state[i]],
                               net->state_node[net->to_state[i]]};
    const uint32_t vehicle = krni_ref(p, KRN_TABLE_TRIP, trip, TRIP_VEHICLE_ID);
    uint32_t n = departures_by_places(w, trip, -1);
    if (vehicle != KRN_NO_ROW) {
        krn_figure figure;
        const double draught_m = draught_of(w, link, nodes, &figure);
        const double payload_t = krn_ship_payload_t(p, vehicle, draught_m);
        if (payload_t > 0.0) {
            const uint32_t by_mass = krni_weigh_parts(w->load->gross_t, payload_t);
            n = by_mass > n ? by_mass : n;
        } else {
            krni_weigh_block(cost, KRN_BLOCK_DRAUGHT, figure);
        }
    }
    cost->n_trains = cost->n_vehicles = n;
    const double usd = krni_weigh_voyage_usd(w, nodes[0], nodes[1], link, net->length_km[i]);
    if (isnan(usd))
        krni_weigh_block(cost, KRN_BLOCK_RATE, krni_figure(KRN_TABLE_TRIP, trip, TRIP_TRIP_ID));
    else
        cost->bound_usd = usd;
    krni_weigh_emit(w, i, vehicle, cost);
}

static void weigh_land_ride(krni_weighing *w, uint32_t i, krn_activity_cost *cost)
{
    const krn_network *net = w->network;
    const uint32_t link = net->link[i];
    cost->n_trains = departures_by_places(w, net->trip[i], net->gauge[i]);
    if (net->mode[i] == KRN_RAIL) {
        const krni_train_size size = krni_weigh_train_over(w, net->gauge[i], link);
        if (!size.n_wagons) {
            krni_weigh_block_axle(w, net->gauge[i], link, cost);
            return;
        }
        cost->n_vehicles = size.n_wagons;
        const uint32_t by_link = krni_weigh_trains(w, &size, link);
        cost->n_trains = by_link > cost->n_trains ? by_link : cost->n_trains;
    } else {
        cost->n_vehicles = w->n_trucks;
        if (!w->n_trucks) {
            krni_weigh_block_truck(w, cost);
            return;
        }
    }
    krni_weigh_price_km(w, i, cost);
    krni_weigh_emit(w, i, KRN_NO_ROW, cost);
}

void krni_weigh_ride(krni_weighing *w, uint32_t i, krn_activity_cost *cost)
{
    const krn_network *net = w->network;
    const uint32_t from = net->from_state[i], to = net->to_state[i];
    if (net->mode[i] == KRN_SEA) {
        w->sails_to[from] = krni_node_country(w->package, net->state_node[to]);
        w->comes_from[to] = krni_node_country(w->package, net->state_node[from]);
        weigh_sea_ride(w, i, cost);
    } else {
        weigh_land_ride(w, i, cost);
    }
    krni_weigh_delay(w, i, cost);
    /* a train split on a steep section still left its origin once */
    const uint32_t n = net->mode[i] == KRN_SEA
                           ? cost->n_trains
                           : departures_by_places(w, net->trip[i], net->gauge[i]);
    if (cost->block == KRN_BLOCK_NONE && n > w->trip_voyages[net->trip[i]])
        w->trip_voyages[net->trip[i]] = n;
}
