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
#include "model/network_data.h"
#include "model/route_draft.h"

#define HOURS_PER_DAY 24.0
#define MEMO_SLOTS    2048u /* a power of two */
#define MAX_AXLES     16    /* different (gauge, axle load) kept */

/* Answers by key; when it is full, further ones are asked again. */
typedef struct memo {
    uint64_t keys[MEMO_SLOTS]; /* 0: free */
    double values[MEMO_SLOTS][2];
    uint32_t n;
} memo;

typedef enum memo_kind { RATE = 1, VOYAGE, EMISSION, GATE, VISA, ENTRY } memo_kind;

typedef struct train_size {
    int gauge;
    double axle_t;
    uint32_t n_wagons; /* 0: none can */
    double gross_t;
    double length_m;
} train_size;

typedef struct weighing {
    const krn_network *network;
    const krn_package *package;
    const krn_load *load;
    krn_arena *arena;
    krn_time at;
    int32_t day;
    krn_country origin_country, destination_country, driver;
    uint32_t origin_rest, destination_rest; /* states */
    uint32_t n_trucks;
    krn_rule_case question;
    int wagon_column[KRN_MAX_GAUGES]; /* of cargo_class.csv */
    train_size sizes[MAX_AXLES];
    uint32_t n_sizes;
    memo *memo;
    uint8_t *node_in_rule; /* some rule names the node */
    uint8_t *link_season;
    uint32_t *trip_voyages; /* by row of kr_trip.txt; most of its rides */
    krn_country *sails_to;  /* by state aboard at sea: country of the next port */
    krn_country *comes_from;
    krn_activity_cost *costs;
} weighing;

static bool recall(const memo *m, uint64_t key, const double **out)
{
    for (uint32_t i = (uint32_t)((key * 0x9e3779b97f4a7c15u) >> 32);; i++) {
        const uint32_t slot = i & (MEMO_SLOTS - 1);
        if (m->keys[slot] == key) {
            *out = m->values[slot];
            return true;
        }
        if (!m->keys[slot])
            return false;
    }
}

static void keep(memo *m, uint64_t key, double a, double b)
{
    if (m->n >= MEMO_SLOTS / 2)
        return;
    uint32_t i = (uint32_t)((key * 0x9e3779b97f4a7c15u) >> 32);
    while (m->keys[i & (MEMO_SLOTS - 1)])
        i++;
    m->keys[i & (MEMO_SLOTS - 1)] = key;
    m->values[i & (MEMO_SLOTS - 1)][0] = a;
    m->values[i & (MEMO_SLOTS - 1)][1] = b;
    m->n++;
}

static void block(krn_activity_cost *cost, krn_block why, krn_figure figure)
{
    if (cost->block == KRN_BLOCK_NONE) {
        cost->block = why;
        cost->block_figure = figure;
    }
}

static krn_duration sum(krn_duration a, krn_duration b)
{
    return (krn_duration){a.low_h + b.low_h, a.typical_h + b.typical_h, a.high_h + b.high_h};
}

/* Lengthens the duration where a quantity takes longer than the typical time of a usual lot. */
static void stretch(krn_activity_cost *cost, double quantity_h)
{
    const double excess_h = quantity_h - cost->duration.typical_h;
    if (excess_h > 0.0 && isfinite(excess_h))
        cost->duration = krn_duration_shift(cost->duration, excess_h);
}

/* ---- laws, asked once per key ---- */

static double rate_usd_per_km(weighing *w, krn_mode mode, krn_country country, int gauge,
                              uint32_t n_vehicles)
{
    const uint64_t key = (uint64_t)RATE << 60 | (uint64_t)mode << 56 |
                         (uint64_t)(unsigned)(gauge + 1) << 48 | (uint64_t)country << 32 |
                         n_vehicles;
    const double *known;
    if (recall(w->memo, key, &known))
        return known[0];
    const double rate =
        krn_tariff_bound_usd_per_km(w->network->tariffs, w->load, mode, country, gauge, n_vehicles,
                                    w->origin_country, w->destination_country, w->day);
    keep(w->memo, key, rate, 0.0);
    return rate;
}

/* Border fees and seals of the tariff at entry into a country. */
static double entry_usd(weighing *w, krn_mode mode, krn_country country, uint32_t n_vehicles)
{
    const uint64_t key =
        (uint64_t)ENTRY << 60 | (uint64_t)mode << 56 | (uint64_t)country << 32 | n_vehicles;
    const double *known;
    if (recall(w->memo, key, &known))
        return known[0];
    const double usd =
        krn_tariff_bound_entry_usd(w->network->tariffs, w->load, mode, country, n_vehicles,
                                   w->origin_country, w->destination_country, w->day);
    keep(w->memo, key, usd, 0.0);
    return usd;
}

static double voyage_usd(weighing *w, uint32_t from_node, uint32_t to_node, uint32_t link,
                         double length_km)
{
    const uint64_t key = (uint64_t)VOYAGE << 60 | (uint64_t)(link & 0xfffffff) << 32 | from_node;
    const double *known;
    if (recall(w->memo, key, &known))
        return known[0];
    const double usd =
        krn_tariff_voyage_usd(w->network->tariffs, w->load, from_node, to_node, length_km,
                              w->origin_country, w->destination_country, w->day);
    keep(w->memo, key, usd, 0.0);
    return usd;
}

/* Emissions of an activity by its tonne-kilometres. */
static void emit(weighing *w, uint32_t i, uint32_t vehicle, krn_activity_cost *cost)
{
    const krn_network *net = w->network;
    const uint64_t key = (uint64_t)EMISSION << 60 | (uint64_t)net->mode[i] << 56 |
                         (uint64_t)(net->electrified[i] != 0) << 55 |
                         (uint64_t)net->country[i] << 32 | vehicle;
    const double *known;
    double factors[2];
    if (!recall(w->memo, key, &known)) {
        const krn_emission_factor found =
            krn_emission_find(net->emissions, (krn_mode)net->mode[i], w->load->cargo_class,
                              net->electrified[i] != 0, net->country[i], vehicle);
        factors[0] = isnan(found.wtw_kg_co2e) ? 0.0 : found.wtw_kg_co2e;
        factors[1] = found.ttw_kg_co2e;
        keep(w->memo, key, factors[0], factors[1]);
        known = factors;
    }
    const double tkm = w->load->net_t * net->length_km[i];
    cost->wtw_kg_co2e = known[0] * tkm;
    cost->ttw_kg_co2e = known[1] * tkm;
}

/* Lead of the papers asked for at a point; the latest of all gates of an activity counts. */
static void ask_gate(weighing *w, krn_gate gate, krn_mode mode, krn_country country,
                     krn_country other, uint32_t node, krn_activity_cost *cost)
{
    const uint64_t place = w->node_in_rule[node] ? node + 1u : 0u;
    const uint64_t key = (uint64_t)GATE << 60 | (uint64_t)gate << 56 | (uint64_t)mode << 54 |
                         (place & 0x3fffff) << 32 | (uint64_t)country << 16 | other;
    const double *known;
    double lead_h;
    if (recall(w->memo, key, &known)) {
        lead_h = known[0];
    } else {
        const krn_rule_point point = {.gate = gate,
                                      .mode = mode,
                                      .country = country,
                                      .other = other,
                                      .node = node,
                                      .leg = KRN_NO_ROW,
                                      .at = w->at};
        lead_h = krn_rule_gate_h(w->network->rules, &w->question, &point);
        keep(w->memo, key, lead_h, 0.0);
    }
    if (lead_h > cost->gate_h)
        cost->gate_h = lead_h;
}

/* Row of visa.csv that closes a country to the driver, or KRN_NO_ROW. */
static uint32_t closed_to_driver(weighing *w, krn_country country)
{
    const uint64_t key = (uint64_t)VISA << 60 | country;
    const double *known;
    if (recall(w->memo, key, &known))
        return (uint32_t)known[0];
    uint32_t row = KRN_NO_ROW;
    if (country != w->driver)
        krn_visa_find(w->network->rules, "driver", w->driver, country, w->day, &row);
    if (row != KRN_NO_ROW &&
        strcmp(krni_text(w->package, KRN_TABLE_VISA, row, VISA_REGIME), "closed") != 0)
        row = KRN_NO_ROW;
    keep(w->memo, key, row, 0.0);
    return row;
}

/* ---- trains and trucks ---- */

static train_size size_of(const weighing *w, int gauge, double axle_t)
{
    train_size size = {.gauge = gauge, .axle_t = axle_t};
    size.n_wagons = krn_cargo_wagons(w->package, w->load, gauge, axle_t);
    if (size.n_wagons) {
        size.gross_t = krn_cargo_train_gross_t(w->package, w->load, gauge, size.n_wagons);
        size.length_m =
            size.n_wagons * krni_number_or(w->package, KRN_TABLE_VEHICLE, w->load->wagon[gauge],
                                           VEHICLE_LENGTH_M, 0.0);
    }
    return size;
}

/* The load on a gauge under an axle load; 0 t: no limit. */
static train_size train_on(weighing *w, int gauge, double axle_t)
{
    assert(gauge >= 0 && gauge < KRN_MAX_GAUGES);
    for (uint32_t i = 0; i < w->n_sizes; i++)
        if (w->sizes[i].gauge == gauge && w->sizes[i].axle_t == axle_t)
            return w->sizes[i];
    const train_size size = size_of(w, gauge, axle_t);
    if (w->n_sizes < MAX_AXLES)
        w->sizes[w->n_sizes++] = size;
    return size;
}

static train_size train_over(weighing *w, int gauge, uint32_t link)
{
    return train_on(w, gauge, krni_number_or(w->package, KRN_TABLE_LINK, link, LINK_AXLE_T, 0.0));
}

static uint32_t parts(double whole, double most)
{
    return whole > most ? (uint32_t)fmin(ceil(whole / most), 1e9) : 1;
}

/* Trains that a load makes on a link. */
static uint32_t trains_over(const weighing *w, const train_size *size, uint32_t link)
{
    const double max_t = krni_number(w->package, KRN_TABLE_LINK, link, LINK_MAX_TRAIN_T);
    const double max_m = krni_number(w->package, KRN_TABLE_LINK, link, LINK_MAX_TRAIN_M);
    const uint32_t by_mass = max_t > 0.0 ? parts(size->gross_t, max_t) : 1;
    const uint32_t by_length = max_m > 0.0 ? parts(size->length_m, max_m) : 1;
    return by_mass > by_length ? by_mass : by_length;
}

/* No wagon of the gauge takes the load: the line is too weak, or there is no such wagon. */
static void block_axle(const weighing *w, int gauge, uint32_t link, krn_activity_cost *cost)
{
    const bool line = link != KRN_NO_ROW && w->load->wagon[gauge] != KRN_NO_ROW;
    block(cost, KRN_BLOCK_AXLE,
          line ? krni_figure(KRN_TABLE_LINK, link, LINK_AXLE_T)
               : krni_figure(KRN_TABLE_CARGO_CLASS, w->load->cargo_class, w->wagon_column[gauge]));
}

static void block_truck(const weighing *w, krn_activity_cost *cost)
{
    block(cost, KRN_BLOCK_CARGO,
          krni_figure(KRN_TABLE_CARGO_CLASS, w->load->cargo_class, CARGO_CLASS_TRUCK));
}

static void price_km(weighing *w, uint32_t i, krn_activity_cost *cost)
{
    const krn_network *net = w->network;
    const double rate = rate_usd_per_km(w, (krn_mode)net->mode[i], net->country[i], net->gauge[i],
                                        cost->n_vehicles);
    if (isnan(rate))
        block(cost, KRN_BLOCK_RATE, krni_figure(KRN_TABLE_LINK, net->link[i], LINK_COUNTRY));
    else
        cost->bound_usd = rate * net->length_km[i];
}

/* Adds a delay that a season at node or link brings now. */
static void delay(const weighing *w, uint32_t i, krn_activity_cost *cost)
{
    uint32_t node, link;
    krni_activity_season(w->network, i, &node, &link);
    const bool at_node = node != KRN_NO_ROW;
    const bool at_link = link != KRN_NO_ROW && w->link_season[link];
    if (!at_node && !at_link)
        return;
    const krn_season_effect effect = krn_season_at(
        w->network->calendars, at_node ? node : KRN_NO_ROW, at_link ? link : KRN_NO_ROW, w->at);
    if (effect.closed || !(effect.delay.high_h > 0.0))
        return;
    cost->duration = sum(cost->duration, effect.delay);
    cost->variance_h2 += krn_duration_variance_h2(effect.delay);
}

/* ---- kinds ---- */

static void weigh_haul(weighing *w, uint32_t i, uint32_t least_trains, krn_activity_cost *cost)
{
    const krn_network *net = w->network;
    const uint32_t link = net->link[i];
    if (net->mode[i] == KRN_RAIL) {
        const train_size size = train_over(w, net->gauge[i], link);
        if (!size.n_wagons) {
            block_axle(w, net->gauge[i], link, cost);
            return;
        }
        cost->n_vehicles = size.n_wagons;
        cost->n_trains = trains_over(w, &size, link);
        const double trains_a_day =
            krni_number(w->package, KRN_TABLE_LINK, link, LINK_TRAINS_PER_DAY);
        if (cost->n_trains > least_trains && trains_a_day > 0.0)
            cost->duration = krn_duration_shift(cost->duration, (cost->n_trains - least_trains) *
                                                                    HOURS_PER_DAY / trains_a_day);
    } else {
        cost->n_vehicles = w->n_trucks;
        if (!w->n_trucks) {
            block_truck(w, cost);
            return;
        }
    }
    delay(w, i, cost);
    price_km(w, i, cost);
    emit(w, i, KRN_NO_ROW, cost);
}

/* Fewest trains over the passable hauls that leave a state; 1 when there is none. */
static uint32_t least_trains_from(weighing *w, uint32_t state)
{
    const krn_network *net = w->network;
    uint32_t least = UINT32_MAX;
    if (net->state_side[state] < KRN_SIDE_RAIL ||
        net->state_side[state] >= KRN_SIDE_RAIL + KRN_MAX_GAUGES)
        return 1;
    for (uint32_t i = net->first_activity[state]; i < net->first_activity[state + 1]; i++) {
        if (net->kind[i] != KRN_HAUL || !net->passable[i])
            continue;
        const train_size size = train_over(w, net->gauge[i], net->link[i]);
        const uint32_t n = size.n_wagons ? trains_over(w, &size, net->link[i]) : UINT32_MAX;
        if (n < least)
            least = n;
    }
    return least == UINT32_MAX ? 1 : least;
}

/* Time that the quantity needs at a rate a day; 0 without a rate. */
static double days_work_h(const weighing *w, krn_table table, uint32_t row, int column, double n)
{
    const double a_day = krni_number(w->package, table, row, column);
    return a_day > 0.0 ? n / a_day * HOURS_PER_DAY : 0.0;
}

static void weigh_cross(weighing *w, uint32_t i, krn_activity_cost *cost)
{
    const krn_network *net = w->network;
    const krn_package *p = w->package;
    const uint32_t row = net->law_row[i], node = net->state_node[net->from_state[i]];
    const krn_mode mode = (krn_mode)net->mode[i];
    if (mode == KRN_RAIL) {
        const train_size size = train_over(w, net->gauge[i], net->link[i]);
        if (!size.n_wagons) {
            block_axle(w, net->gauge[i], net->link[i], cost);
            return;
        }
        cost->n_vehicles = size.n_wagons;
        cost->n_trains = trains_over(w, &size, net->link[i]);
        const double by_wagons_h =
            days_work_h(w, KRN_TABLE_BORDER, row, BORDER_WAGONS_PER_DAY, size.n_wagons);
        const double by_trains_h =
            days_work_h(w, KRN_TABLE_BORDER, row, BORDER_TRAINS_PER_DAY, cost->n_trains);
        stretch(cost, fmax(by_wagons_h, by_trains_h));
    } else {
        cost->n_vehicles = w->n_trucks;
        if (!w->n_trucks) {
            block_truck(w, cost);
            return;
        }
        stretch(cost, days_work_h(w, KRN_TABLE_BORDER, row, BORDER_TRUCKS_PER_DAY, w->n_trucks));
        const uint32_t visa = closed_to_driver(w, net->enters[i]);
        if (visa != KRN_NO_ROW)
            block(cost, KRN_BLOCK_RULE, krni_figure(KRN_TABLE_VISA, visa, VISA_REGIME));
    }
    const char *basis = krni_text(p, KRN_TABLE_BORDER, row, BORDER_FEE_BASIS);
    cost->bound_usd = krni_number_or(p, KRN_TABLE_BORDER, row, BORDER_FEE_USD, 0.0) *
                      krni_load_quantity(w->load, *basis ? basis : "consignment", cost->n_vehicles);
    cost->bound_usd += entry_usd(w, mode, net->enters[i], cost->n_vehicles);
    ask_gate(w, KRN_GATE_LEAVE, mode, net->country[i], net->enters[i], node, cost);
    ask_gate(w, KRN_GATE_ENTER, mode, net->enters[i], net->country[i],
             net->state_node[net->to_state[i]], cost);
}

static void weigh_gauge_change(weighing *w, uint32_t i, krn_activity_cost *cost)
{
    const krn_network *net = w->network;
    const krn_package *p = w->package;
    const uint32_t row = net->law_row[i], node = net->state_node[net->from_state[i]];
    const train_size size = train_on(w, net->gauge[i], 0.0);
    if (!size.n_wagons) {
        block_axle(w, net->gauge[i], KRN_NO_ROW, cost);
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
    ask_gate(w, KRN_GATE_GAUGE_CHANGE, KRN_RAIL, net->country[i], 0, node, cost);
}

static void weigh_transfer(weighing *w, uint32_t i, krn_activity_cost *cost)
{
    const krn_network *net = w->network;
    const krn_package *p = w->package;
    const uint32_t row = net->law_row[i], node = net->state_node[net->from_state[i]];
    const krn_side from = (krn_side)net->state_side[net->from_state[i]];
    const krn_side to = (krn_side)net->state_side[net->to_state[i]];
    const char *unit = krni_text(p, KRN_TABLE_OPERATION, row, OPERATION_UNIT);
    if (net->gauge[i] >= 0) {
        const train_size size = train_on(w, net->gauge[i], 0.0);
        if (!size.n_wagons) {
            block_axle(w, net->gauge[i], KRN_NO_ROW, cost);
            return;
        }
        cost->n_vehicles = size.n_wagons;
    }
    if (from == KRN_SIDE_ROAD || to == KRN_SIDE_ROAD) {
        if (!w->n_trucks) {
            block_truck(w, cost);
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
        ask_gate(w, KRN_GATE_DEPARTURE, mode, w->origin_country, 0, node, cost);
    else if (to == KRN_SIDE_ROAD || to >= KRN_SIDE_RAIL) /* papers of a mode that begins here */
        ask_gate(w, KRN_GATE_NONE, to == KRN_SIDE_ROAD ? KRN_ROAD : KRN_RAIL, net->country[i], 0,
                 node, cost);
    if (to == KRN_SIDE_QUAY_OUT)
        ask_gate(w, KRN_GATE_LOAD_SEA, KRN_SEA, net->country[i], 0, node, cost);
    if (net->to_state[i] == w->destination_rest)
        ask_gate(w, KRN_GATE_DELIVERY, mode, w->destination_country, 0, node, cost);
}

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

/* Hours before a departure at which a place must be booked. */
static double booking_h(const krn_package *p, uint32_t stop)
{
    const uint32_t rule =
        krni_ref(p, KRN_TABLE_STOP_TIMES, stop, STOP_TIMES_PICKUP_BOOKING_RULE_ID);
    if (rule == KRN_NO_ROW)
        return 0.0;
    const double minutes = krni_number_or(p, KRN_TABLE_BOOKING_RULES, rule,
                                          BOOKING_RULES_PRIOR_NOTICE_DURATION_MIN, 0.0);
    const double days =
        krni_number_or(p, KRN_TABLE_BOOKING_RULES, rule, BOOKING_RULES_PRIOR_NOTICE_LAST_DAY, 0.0);
    return fmax(minutes / 60.0, days * HOURS_PER_DAY);
}

/* A service known by frequency leaves only between the dates of its calendar. */
static bool offered(const weighing *w, uint32_t trip_row, uint32_t *out_calendar)
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

static void weigh_board(weighing *w, uint32_t i, krn_activity_cost *cost)
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
            block(cost, KRN_BLOCK_CALENDAR,
                  krni_figure(KRN_TABLE_SERVICE_CALENDAR, calendar, SERVICE_CALENDAR_END_DATE));
    } else if (n > 1) {
        cost->duration =
            krn_duration_shift(cost->duration, (n - 1) * timetable_headway_h(w->package, trip));
    }
    delay(w, i, cost);
    cost->gate_h = booking_h(w->package, net->state_stop[aboard]);
    if (net->mode[i] == KRN_SEA && w->sails_to[aboard] && w->sails_to[aboard] != net->country[i])
        ask_gate(w, KRN_GATE_LEAVE, KRN_SEA, net->country[i], w->sails_to[aboard],
                 net->state_node[aboard], cost);
}

static void weigh_alight(weighing *w, uint32_t i, krn_activity_cost *cost)
{
    const krn_network *net = w->network;
    const uint32_t aboard = net->from_state[i];
    if (net->mode[i] == KRN_SEA && w->comes_from[aboard] &&
        w->comes_from[aboard] != net->country[i])
        ask_gate(w, KRN_GATE_ENTER, KRN_SEA, net->country[i], w->comes_from[aboard],
                 net->state_node[aboard], cost);
}

/* ---- rides: before all others, for boarding needs the number of voyages ---- */

/* Least of the draughts of lane and ports; *out_figure the cell that limits. */
static double draught_of(const weighing *w, uint32_t link, const uint32_t nodes[2],
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
static uint32_t some_wagons(weighing *w, int gauge)
{
    if (gauge >= 0)
        return train_on(w, gauge, 0.0).n_wagons;
    for (uint32_t g = 0; g < w->network->n_gauges; g++) {
        const uint32_t n = train_on(w, (int)g, 0.0).n_wagons;
        if (n)
            return n;
    }
    return 0;
}

/* Departures that the load needs by the places of the trip. */
static uint32_t departures_by_places(weighing *w, uint32_t trip, int gauge)
{
    const krn_package *p = w->package;
    double capacity = krni_number_or(p, KRN_TABLE_TRIP, trip, TRIP_CAPACITY, 0.0);
    const char *unit = krni_text(p, KRN_TABLE_TRIP, trip, TRIP_CAPACITY_UNIT);
    if (!(capacity > 0.0))
        return 1;
    const uint32_t n_vehicles = strcmp(unit, "truck") == 0 ? w->n_trucks : some_wagons(w, gauge);
    return parts(krni_load_quantity(w->load, *unit ? unit : "t", n_vehicles), capacity);
}

static void weigh_sea_ride(weighing *w, uint32_t i, krn_activity_cost *cost)
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
            const uint32_t by_mass = parts(w->load->gross_t, payload_t);
            n = by_mass > n ? by_mass : n;
        } else {
            block(cost, KRN_BLOCK_DRAUGHT, figure);
        }
    }
    cost->n_trains = cost->n_vehicles = n;
    const double usd = voyage_usd(w, nodes[0], nodes[1], link, net->length_km[i]);
    if (isnan(usd))
        block(cost, KRN_BLOCK_RATE, krni_figure(KRN_TABLE_TRIP, trip, TRIP_TRIP_ID));
    else
        cost->bound_usd = usd;
    emit(w, i, vehicle, cost);
}

static void weigh_land_ride(weighing *w, uint32_t i, krn_activity_cost *cost)
{
    const krn_network *net = w->network;
    const uint32_t link = net->link[i];
    cost->n_trains = departures_by_places(w, net->trip[i], net->gauge[i]);
    if (net->mode[i] == KRN_RAIL) {
        const train_size size = train_over(w, net->gauge[i], link);
        if (!size.n_wagons) {
            block_axle(w, net->gauge[i], link, cost);
            return;
        }
        cost->n_vehicles = size.n_wagons;
        const uint32_t by_link = trains_over(w, &size, link);
        cost->n_trains = by_link > cost->n_trains ? by_link : cost->n_trains;
    } else {
        cost->n_vehicles = w->n_trucks;
        if (!w->n_trucks) {
            block_truck(w, cost);
            return;
        }
    }
    price_km(w, i, cost);
    emit(w, i, KRN_NO_ROW, cost);
}

static void weigh_ride(weighing *w, uint32_t i, krn_activity_cost *cost)
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
    delay(w, i, cost);
    if (cost->block == KRN_BLOCK_NONE && cost->n_trains > w->trip_voyages[net->trip[i]])
        w->trip_voyages[net->trip[i]] = cost->n_trains;
}

/* ---- all ---- */

/* What holds for every kind: cargo class (false: does not take it, and nothing else is filled in),
 * the law as it is, service. */
static bool begin(const weighing *w, uint32_t i, krn_activity_cost *cost)
{
    const krn_network *net = w->network;
    cost->n_trains = 1;
    if (!(net->cargo_mask[i] & w->load->class_bit)) {
        block(cost, KRN_BLOCK_CARGO, krni_figure((krn_table)net->law_table[i], net->law_row[i], 0));
        return false;
    }
    cost->block_figure = krn_figure_none();
    cost->duration = (krn_duration){net->low_h[i], net->typical_h[i], net->high_h[i]};
    cost->wait = (krn_duration){net->wait_low_h[i], net->wait_typical_h[i], net->wait_high_h[i]};
    cost->variance_h2 = net->variance_h2[i];
    if (!net->passable[i])
        block(cost, KRN_BLOCK_CLOSED, krni_figure(KRN_TABLE_LINK, net->link[i], LINK_STATUS));
    return true;
}

static void weigh_all(weighing *w)
{
    const krn_network *net = w->network;
    for (uint32_t i = 0; i < net->n_activities; i++)
        if (net->kind[i] == KRN_RIDE && begin(w, i, &w->costs[i]))
            weigh_ride(w, i, &w->costs[i]);
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
                    weigh_board(w, i, cost);
                else
                    weigh_alight(w, i, cost);
            }
            cost->expected_h = cost->duration.typical_h + cost->wait.typical_h;
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

static krn_status prepare(weighing *w, krn_error *err)
{
    const krn_network *net = w->network;
    const krn_package *p = w->package;
    const uint32_t n_nodes = krn_package_rows(p, KRN_TABLE_NODE);
    w->memo = krn_arena_calloc(w->arena, 1, sizeof *w->memo);
    w->node_in_rule = krn_arena_calloc(w->arena, n_nodes, 1);
    w->link_season = krn_arena_calloc(w->arena, krn_package_rows(p, KRN_TABLE_LINK), 1);
    w->trip_voyages =
        krn_arena_calloc(w->arena, krn_package_rows(p, KRN_TABLE_TRIP), sizeof(uint32_t));
    w->sails_to = krn_arena_calloc(w->arena, net->n_states, sizeof(krn_country));
    w->comes_from = krn_arena_calloc(w->arena, net->n_states, sizeof(krn_country));
    w->costs = krn_arena_calloc(w->arena, net->n_activities, sizeof *w->costs);
    if (!w->memo || !w->node_in_rule || !w->link_season || !w->trip_voyages || !w->sails_to ||
        !w->comes_from || !w->costs)
        return krni_fail_memory(err);
    for (uint32_t g = 0; g < net->n_gauges; g++) {
        char name[32];
        (void)snprintf(name, sizeof name, "wagon_%d", (int)net->gauge_mm[g]);
        const int column = krn_package_column(p, KRN_TABLE_CARGO_CLASS, name);
        w->wagon_column[g] = column < 0 ? CARGO_CLASS_CARGO_CLASS : column;
    }
    mark(p, KRN_TABLE_RULE, RULE_NODE_IDS, KRN_TABLE_NODE, w->node_in_rule);
    mark(p, KRN_TABLE_SEASON, SEASON_LINK_ID, KRN_TABLE_LINK, w->link_season);
    return KRN_OK;
}

krn_status krn_network_weigh(const krn_network *network, const krn_consignment *consignment,
                             krn_time at, krn_arena *arena, krn_load *out_load,
                             krn_activity_cost **out_costs, krn_error *err)
{
    if (!network || !consignment || !arena || !out_load || !out_costs)
        return krni_fail(err, KRN_E_ARG,
                         "krn_network_weigh: network, consignment, arena are needed");
    const krn_package *p = network->package;
    const uint32_t n_nodes = krn_package_rows(p, KRN_TABLE_NODE);
    if (consignment->origin >= n_nodes || consignment->destination >= n_nodes)
        return krni_fail(err, KRN_E_ARG, "a consignment goes from a place to a place");
    weighing w = {.network = network, .package = p, .load = out_load, .arena = arena, .at = at};
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
    weigh_all(&w);
    *out_costs = w.costs;
    return KRN_OK;
}

const char *krn_block_name(krn_block why)
{
    static const char *const names[KRN_BLOCK_COUNT] = {
        "none", "cargo", "closed", "draught", "axle", "rate", "rule", "calendar", "filter"};
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
