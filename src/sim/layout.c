/* SPDX-License-Identifier: Apache-2.0 */
/* layout.c - an input as a layout: months, streams, ways, and each activity of a way as a step with
 * its law, what it occupies and for how long. */
#include <assert.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/route_draft.h"
#include "sim/corridor.h"

#define HOURS_PER_DAY 24.0
#define MOST_DAYS     36600.0
#define MOST_LOTS     1e7 /* of a stream a year */
#define KG_PER_T      1000.0
#define SHARES_CLOSE  1e-6

/* ---- the input ---- */

static bool is_share(double share)
{
    return share >= 0.0 && share <= 1.0;
}

static krn_status check_stream(const krn_sim_input *in, uint32_t i, krn_error *err)
{
    const krn_sim_stream *s = &in->streams[i];
    double months = 0.0, ways = 0.0;
    for (int m = 0; m < 12; m++) {
        if (!is_share(s->month_share[m]))
            return krni_fail(err, KRN_E_ARG, "stream %u: share of month %d is %g: expected 0 to 1",
                             i, m + 1, s->month_share[m]);
        months += s->month_share[m];
    }
    if (!s->ready && (!(s->lots_a_year >= 0.0) || !(s->lots_a_year <= MOST_LOTS)))
        return krni_fail(err, KRN_E_ARG, "stream %u: %g lots a year: expected 0 to %g", i,
                         s->lots_a_year, MOST_LOTS);
    if (!s->ready && s->lots_a_year > 0.0 && fabs(months - 1.0) > SHARES_CLOSE)
        return krni_fail(err, KRN_E_ARG, "stream %u: shares of the months add up to %g, not to 1",
                         i, months);
    for (uint32_t k = 1; k < s->n_ready && s->ready; k++)
        if (s->ready[k] < s->ready[k - 1])
            return krni_fail(err, KRN_E_ARG, "stream %u: instants of its lots are not ascending",
                             i);
    if (s->n_ways == 0)
        return krni_fail(err, KRN_E_ARG, "stream %u has no way", i);
    for (uint32_t k = 0; k < s->n_ways; k++) {
        ways += s->ways[k].share;
        if (s->ways[k].n_activities == 0 || s->ways[k].group >= in->n_groups ||
            !is_share(s->ways[k].share))
            return krni_fail(err, KRN_E_ARG, "stream %u, way %u: activities, group or share", i, k);
    }
    if (in->routing != KRN_ROUTING_BEST && fabs(ways - 1.0) > SHARES_CLOSE)
        return krni_fail(err, KRN_E_ARG, "stream %u: shares of the ways add up to %g, not to 1", i,
                         ways);
    return KRN_OK;
}

static bool happens_to(krn_table table)
{
    return table == KRN_TABLE_NODE || table == KRN_TABLE_LINK || table == KRN_TABLE_BORDER ||
           table == KRN_TABLE_GAUGE_CHANGE || table == KRN_TABLE_OPERATION ||
           table == KRN_TABLE_TRIP;
}

static krn_status check_input(const krn_sim_input *in, krn_error *err)
{
    if (!in->network || (in->n_streams && !in->streams) || (in->n_events && !in->events))
        return krni_fail(err, KRN_E_ARG, "a simulation needs a network and its lists");
    if (!(in->days > 0.0) || !(in->warmup_d >= 0.0) || !(in->days + in->warmup_d <= MOST_DAYS))
        return krni_fail(err, KRN_E_ARG,
                         "%g days after %g of warm-up: expected more than 0, at least 0, and "
                         "together at most %g",
                         in->days, in->warmup_d, MOST_DAYS);
    if (!(in->patience_h >= 0.0))
        return krni_fail(err, KRN_E_ARG, "a patience of %g h: expected at least 0", in->patience_h);
    if (in->n_events > KRNI_MAX_EVENTS)
        return krni_fail(err, KRN_E_LIMIT, "%u dated events: at most %u are taken", in->n_events,
                         KRNI_MAX_EVENTS);
    for (uint32_t i = 0; i < in->n_events; i++) {
        const krn_sim_event *e = &in->events[i];
        if (e->from >= e->to || (e->kind == KRN_SIM_CAPACITY && !is_share(e->share)))
            return krni_fail(err, KRN_E_ARG,
                             "dated event %u: it must end after it begins, a share lies in 0 to 1",
                             i);
        if (!happens_to(e->table) || e->row >= krn_package_rows(in->network->package, e->table))
            return krni_fail(err, KRN_E_ARG,
                             "dated event %u: expected a row of nodes, links, borders, gauge "
                             "changes, operations or trips",
                             i);
    }
    krn_status st = KRN_OK;
    for (uint32_t i = 0; i < in->n_streams && !st; i++)
        st = check_stream(in, i, err);
    return st;
}

/* ---- time ---- */

static krn_status lay_months(krn_sim *sim, krn_error *err)
{
    const int32_t first = (int32_t)floor((double)sim->begin / KRNI_DAY_S);
    int year, month, day;
    krn_day_to_civil(first, &year, &month, &day);
    const uint32_t most = (uint32_t)(sim->end_s / (28.0 * KRNI_DAY_S)) + 3u;
    sim->month_s = krn_arena_calloc(sim->arena, most + 1u, sizeof *sim->month_s);
    sim->month_of = krn_arena_calloc(sim->arena, most + 1u, sizeof *sim->month_of);
    sim->month_days = krn_arena_calloc(sim->arena, most + 1u, sizeof *sim->month_days);
    if (!sim->month_s || !sim->month_of || !sim->month_days)
        return krni_fail_memory(err);
    double at = 0.0;
    while (at < sim->end_s) {
        const int32_t begin = krn_day_from_civil(year, month, 1);
        const int next_year = month == 12 ? year + 1 : year, next = month == 12 ? 1 : month + 1;
        const int32_t end = krn_day_from_civil(next_year, next, 1);
        assert(sim->n_months < most);
        sim->month_s[sim->n_months] = at;
        sim->month_of[sim->n_months] = (uint8_t)(month - 1);
        sim->month_days[sim->n_months] = (double)(end - begin);
        at = fmin(sim->end_s, (double)((krn_time)end * KRN_SECONDS_PER_DAY - sim->begin));
        sim->month_s[++sim->n_months] = at;
        year = next_year;
        month = next;
    }
    return KRN_OK;
}

static krn_status lay_demand(krn_sim *sim, uint32_t index, krn_error *err)
{
    const krn_sim_stream *in = &sim->input.streams[index];
    krni_flow *out = &sim->streams[index];
    if (in->ready) {
        double *ready = krn_arena_calloc(sim->arena, in->n_ready + 1u, sizeof *ready);
        if (!ready)
            return krni_fail_memory(err);
        for (uint32_t k = 0; k < in->n_ready; k++) {
            ready[k] = (double)(in->ready[k] - sim->begin);
            if (ready[k] < 0.0)
                return krni_fail(
                    err, KRN_E_ARG,
                    "a consignment is ready before the simulation begins: let it begin "
                    "sooner, or lengthen the warm-up");
        }
        out->ready_s = ready;
        out->n_ready = in->n_ready;
        return KRN_OK;
    }
    double *sum = krn_arena_calloc(sim->arena, sim->n_months + 1u, sizeof *sum);
    if (!sum)
        return krni_fail_memory(err);
    for (uint32_t m = 0; m < sim->n_months; m++) {
        const double part =
            (sim->month_s[m + 1] - sim->month_s[m]) / (sim->month_days[m] * KRNI_DAY_S);
        sum[m + 1] = sum[m] + in->lots_a_year * in->month_share[sim->month_of[m]] * part;
    }
    out->made_slots = sum;
    return KRN_OK;
}

/* ---- steps ---- */

typedef struct lot_view {
    krn_load load;
    krn_activity_cost *costs;
    const krn_consignment *lot;
    uint64_t source;
    bool papers_ahead;
} lot_view;

/* The law without what a season adds at the instant of weighing; whether seasons touch it. */
static void take_season_out(const krn_sim *sim, krni_step *step)
{
    const krn_network *net = sim->network;
    const krn_package *p = net->package;
    uint32_t node, link;
    krni_activity_season(net, step->activity, &node, &link);
    bool shuts = false;
    for (uint32_t row = 0; row < krn_package_rows(p, KRN_TABLE_SEASON); row++) {
        const uint32_t at_node = krni_ref(p, KRN_TABLE_SEASON, row, SEASON_NODE_ID);
        const uint32_t at_link = krni_ref(p, KRN_TABLE_SEASON, row, SEASON_LINK_ID);
        const bool here = (at_node != KRN_NO_ROW && at_node == node) ||
                          (at_link != KRN_NO_ROW && at_link == link);
        if (!here)
            continue;
        step->seasonal = true;
        shuts |= krni_number_or(p, KRN_TABLE_SEASON, row, SEASON_CLOSED, 0.0) > 0.5;
    }
    step->clocked |= shuts;
    if (!step->seasonal)
        return;
    step->weather = krni_weather_source(net, node, link);
    const krn_season_effect effect = krn_season_at(net->calendars, node, link, sim->begin);
    if (effect.closed || !(effect.delay.high_h > 0.0))
        return;
    step->duration.low_h = fmax(0.0, step->duration.low_h - effect.delay.low_h);
    step->duration.typical_h = fmax(0.0, step->duration.typical_h - effect.delay.typical_h);
    step->duration.high_h = fmax(0.0, step->duration.high_h - effect.delay.high_h);
    step->duration.typical_h = fmax(step->duration.typical_h, step->duration.low_h);
    step->duration.high_h = fmax(step->duration.high_h, step->duration.typical_h); /* rounding */
}

static double tare_of(const krn_package *p, uint32_t vehicle, int column)
{
    return vehicle == KRN_NO_ROW ? 0.0 : krni_number_or(p, KRN_TABLE_VEHICLE, vehicle, column, 0.0);
}

static krn_status lay_track(krni_layout *l, const lot_view *view, krni_step *step)
{
    const krn_network *net = l->sim->network;
    const krn_package *p = net->package;
    const uint32_t i = step->activity;
    const uint32_t wagon = view->load.wagon[net->gauge[i]];
    const krn_status st = krni_layout_section(l, i, &step->section);
    if (st)
        return st;
    const uint32_t first = krni_ref(p, KRN_TABLE_LINK, net->link[i], LINK_FROM_NODE_ID);
    step->direction = net->state_node[net->from_state[i]] == first ? 0 : 1;
    step->resource = l->sim->sections[step->section].resource;
    step->empty_t = step->n_wagons * tare_of(p, wagon, VEHICLE_TARE_T);
    step->train_t = step->empty_t + view->load.gross_t;
    step->train_m = step->n_wagons * tare_of(p, wagon, VEHICLE_LENGTH_M);
    step->running = (krn_duration){net->low_h[i], net->typical_h[i], net->high_h[i]};
    step->quantity = 1.0;
    return KRN_OK;
}

static krn_status lay_crossing(krni_layout *l, const lot_view *view, krni_step *step)
{
    const krn_network *net = l->sim->network;
    const krn_package *p = net->package;
    const uint32_t i = step->activity, row = net->law_row[i];
    const krn_status st = krni_layout_border(l, i, &step->resource);
    if (st || net->law_table[i] != KRN_TABLE_BORDER)
        return st;
    step->inspection_share = krni_number_or(p, KRN_TABLE_BORDER, row, BORDER_INSPECTION_SHARE, 0.0);
    step->recheck_share = krni_number_or(p, KRN_TABLE_BORDER, row, BORDER_RECHECK_SHARE, 0.0);
    const bool joint = krni_number_or(p, KRN_TABLE_BORDER, row, BORDER_AGENCIES_JOINT, 0.0) > 0.5;
    uint32_t agencies = 1;
    for (const char *c = krni_text(p, KRN_TABLE_BORDER, row, BORDER_AGENCIES); *c && !joint; c++)
        agencies += *c == ',';
    step->inspection_s =
        agencies * KRNI_HOUR_S * krni_number_or(p, KRN_TABLE_BORDER, row, BORDER_INSPECTION_H, 0.0);
    if (step->resource == NONE)
        return KRN_OK;
    const krn_sim_resource *words = &l->sim->resources[step->resource].words;
    step->quantity = step->n_wagons;
    if (strcmp(words->unit, "trains") == 0) { /* as much of a train as the lot fills */
        const uint32_t link = net->link[i];
        const uint32_t wagon = view->load.wagon[net->gauge[i]];
        const double t = step->n_wagons * tare_of(p, wagon, VEHICLE_TARE_T) + view->load.gross_t;
        const double m = step->n_wagons * tare_of(p, wagon, VEHICLE_LENGTH_M);
        const double max_t = krni_number_or(p, KRN_TABLE_LINK, link, LINK_MAX_TRAIN_T, INFINITY);
        const double max_m = krni_number_or(p, KRN_TABLE_LINK, link, LINK_MAX_TRAIN_M, INFINITY);
        const double part = fmax(t / max_t, m / max_m);
        step->quantity = part > 0.0 ? part : 1.0;
    }
    step->occupy_s = step->quantity / words->rate_a_day * KRNI_DAY_S;
    return KRN_OK;
}

static krn_status lay_gauge_change(krni_layout *l, const lot_view *view, krni_step *step)
{
    const krn_network *net = l->sim->network;
    const krn_package *p = net->package;
    const uint32_t i = step->activity, row = net->law_row[i];
    krn_status st = krni_layout_gauge_yard(l, i, &step->resource);
    if (st)
        return st;
    if (step->resource != NONE) {
        step->quantity = step->n_wagons;
        step->occupy_s =
            step->n_wagons / l->sim->resources[step->resource].words.rate_a_day * KRNI_DAY_S;
    }
    if (net->law_table[i] != KRN_TABLE_GAUGE_CHANGE || krni_gauge_yard_keeps_wagon(p, row))
        return KRN_OK;
    const int to = (int)net->state_side[net->to_state[i]] - (int)KRN_SIDE_RAIL;
    const double mm = krni_number(p, KRN_TABLE_GAUGE_CHANGE, row, GAUGE_CHANGE_TO_GAUGE_MM);
    for (int g = 0; g < (int)net->n_gauges; g++) {
        if (net->gauge_mm[g] != (int32_t)mm && g != to)
            continue;
        const uint32_t n = krn_cargo_wagons(p, &view->load, g, 0.0);
        if (n == 0)
            continue;
        step->drops_wagons = true;
        st = krni_layout_wagons(l, net->country[i], (int)net->gauge_mm[g], view->load.wagon[g],
                                &step->wagons);
        step->n_wagons = n;
        break;
    }
    return st;
}

static krn_status lay_transfer(krni_layout *l, const lot_view *view, krni_step *step)
{
    const krn_network *net = l->sim->network;
    const krn_package *p = net->package;
    const uint32_t i = step->activity, row = net->law_row[i];
    const uint32_t node = net->state_node[net->from_state[i]];
    const uint8_t from = net->state_side[net->from_state[i]];
    const uint8_t to = net->state_side[net->to_state[i]];
    krn_status st = krni_layout_terminal(l, i, &step->resource);
    if (st)
        return st;
    if (net->law_table[i] == KRN_TABLE_OPERATION) {
        const char *unit = krni_text(p, KRN_TABLE_OPERATION, row, OPERATION_UNIT);
        const double n = krni_load_quantity(&view->load, unit, view->costs[i].n_vehicles);
        step->quantity = n;
        if (step->resource != NONE)
            step->occupy_s = n / l->sim->resources[step->resource].words.rate_a_day * KRNI_DAY_S;
        const double days =
            krni_number_or(p, KRN_TABLE_OPERATION, row, OPERATION_FREE_STORAGE_DAYS, 0.0);
        const double usd =
            krni_number_or(p, KRN_TABLE_OPERATION, row, OPERATION_STORAGE_USD_UNIT_DAY, 0.0);
        step->storage_free_s = days * KRNI_DAY_S;
        step->storage_usd_s = usd * n / KRNI_DAY_S;
    }
    step->drops_wagons = from >= KRN_SIDE_RAIL && from < KRN_SIDE_RAIL + KRN_MAX_GAUGES;
    if (to >= KRN_SIDE_RAIL && to < KRN_SIDE_RAIL + KRN_MAX_GAUGES && !step->drops_wagons)
        st = krni_layout_wagons(l, net->country[i], (int)net->gauge_mm[to - KRN_SIDE_RAIL],
                                view->load.wagon[to - KRN_SIDE_RAIL], &step->wagons);
    if (!st && to == KRN_SIDE_QUAY_OUT && from != KRN_SIDE_QUAY_IN)
        st = krni_layout_store(l, node, view->load.cargo_class, false, &step->store);
    step->leaves_store = from == KRN_SIDE_QUAY_IN && to != KRN_SIDE_QUAY_OUT;
    return st;
}

/* How much of one departure the lot takes. */
static double ship_share(const krn_sim *sim, const lot_view *view, uint32_t board)
{
    const krn_network *net = sim->network;
    const krn_package *p = net->package;
    const uint32_t trip = net->trip[board];
    const double capacity = krni_number_or(p, KRN_TABLE_TRIP, trip, TRIP_CAPACITY, 0.0);
    const char *unit = krni_text(p, KRN_TABLE_TRIP, trip, TRIP_CAPACITY_UNIT);
    const uint32_t vehicle = krni_ref(p, KRN_TABLE_TRIP, trip, TRIP_VEHICLE_ID);
    double share = 0.0;
    if (capacity > 0.0) {
        uint32_t n = krn_cargo_trucks(p, &view->load);
        if (strcmp(unit, "truck") != 0) {
            n = 0;
            for (int g = 0; g < (int)net->n_gauges && n == 0; g++)
                n = krn_cargo_wagons(p, &view->load, g, 0.0);
        }
        share = krni_load_quantity(&view->load, *unit ? unit : "t", n) / capacity;
    }
    if (net->mode[board] != KRN_SEA || vehicle == KRN_NO_ROW)
        return share;
    const uint32_t aboard = net->to_state[board];
    for (uint32_t a = net->first_activity[aboard]; a < net->first_activity[aboard + 1]; a++) {
        if (net->kind[a] != KRN_RIDE)
            continue;
        double draught_m = krni_number(p, KRN_TABLE_LINK, net->link[a], LINK_DRAUGHT_M);
        const uint32_t ends[2] = {net->state_node[aboard], net->state_node[net->to_state[a]]};
        for (int k = 0; k < 2; k++) {
            const uint32_t port = krn_package_find(
                p, KRN_TABLE_PORT, krni_text(p, KRN_TABLE_NODE, ends[k], NODE_NODE_ID));
            const double here_m =
                port == KRN_NO_ROW ? NAN : krni_number(p, KRN_TABLE_PORT, port, PORT_DRAUGHT_M);
            draught_m = isnan(draught_m) ? here_m
                        : isnan(here_m)  ? draught_m
                                         : fmin(draught_m, here_m);
        }
        const double payload_t = krn_ship_payload_t(p, vehicle, draught_m);
        if (payload_t > 0.0)
            share = fmax(share, view->load.gross_t / payload_t);
    }
    return share;
}

static krn_status lay_service(krni_layout *l, const lot_view *view, krni_step *step)
{
    const krn_network *net = l->sim->network;
    const uint32_t i = step->activity;
    const uint32_t node = net->state_node[net->from_state[i]];
    krn_status st = KRN_OK;
    if (step->kind == KRN_BOARD) {
        st = krni_layout_service(l, i, &step->service);
        if (st)
            return st;
        step->resource = l->sim->services[step->service].resource;
        step->ship_share = ship_share(l->sim, view, i);
        step->leaves_store = step->mode == KRN_SEA;
        step->clocked |= l->sim->input.unlimited;
    } else if (step->mode == KRN_SEA) {
        st = krni_layout_store(l, node, view->load.cargo_class, true, &step->store);
    }
    if (!st && step->mode == KRN_SEA)
        st = krni_layout_berths(l, node, &step->berths);
    return st;
}

static krn_status lay_step(krni_layout *l, const lot_view *view, uint32_t activity, krni_step *step)
{
    const krn_sim *sim = l->sim;
    const krn_network *net = sim->network;
    const krn_activity_cost *cost = &view->costs[activity];
    *step = (krni_step){
        .activity = activity,
        .kind = net->kind[activity],
        .mode = net->mode[activity],
        .clocked = net->calendar[activity] != KRN_NO_ROW,
        .duration = cost->duration,
        .wait = cost->wait,
        .gate_s = view->papers_ahead ? 0.0 : cost->gate_h * KRNI_HOUR_S,
        .resource = NONE,
        .section = NONE,
        .service = NONE,
        .store = NONE,
        .berths = NONE,
        .wagons = NONE,
        .n_wagons = net->gauge[activity] >= 0 ||
                            (net->kind[activity] == KRN_CROSS && net->mode[activity] != KRN_SEA)
                        ? cost->n_vehicles
                        : 0,
        .km = net->length_km[activity],
        .common = krni_activity_source(net, activity),
    };
    step->source = step->common ^ view->source;
    take_season_out(sim, step);
    krn_status st = KRN_OK;
    switch ((krn_activity_kind)step->kind) {
    case KRN_HAUL:
    case KRN_RIDE:
        if (step->mode == KRN_RAIL)
            st = lay_track(l, view, step);
        break;
    case KRN_CROSS:
        st = lay_crossing(l, view, step);
        break;
    case KRN_GAUGE_CHANGE:
        st = lay_gauge_change(l, view, step);
        break;
    case KRN_TRANSFER:
        st = lay_transfer(l, view, step);
        break;
    default:
        st = lay_service(l, view, step);
    }
    return st;
}

/* Dated events of steps and of what they occupy; a closed sea lane keeps ships in port. */
static void lay_dated(krn_sim *sim, krni_step *steps, uint32_t n, uint32_t commodity)
{
    uint64_t of_nodes = 0;
    for (uint32_t e = 0; e < sim->input.n_events; e++)
        of_nodes |= (uint64_t)(sim->input.events[e].table == KRN_TABLE_NODE) << e;
    for (uint32_t k = 0; k < n; k++) {
        krni_step *step = &steps[k];
        uint64_t here = krni_layout_closing(sim, step->activity, false);
        uint64_t there = krni_layout_closing(sim, step->activity, true);
        step->bans = krni_layout_bans(sim, step->activity, commodity);
        krni_step *at = step;
        if (step->kind == KRN_RIDE && step->mode == KRN_SEA) {
            while (at > steps && at->kind != KRN_BOARD)
                at--;
        }
        at->closing |= here;
        if (step->berths != NONE)
            sim->resources[step->berths].closing |= here & of_nodes;
        if (at->resource == NONE)
            continue;
        sim->resources[at->resource].closing |= there;
        sim->resources[at->resource].slowing |= krni_layout_slowing(sim, step->activity);
    }
}

/* Ships lie at the berth as long as the gear next to them works on the lot. */
static void lay_berth_times(krni_step *steps, uint32_t n)
{
    for (uint32_t k = 0; k < n; k++) {
        const uint32_t work = steps[k].kind == KRN_BOARD ? k - 1 : k + 1;
        if (steps[k].berths == NONE || work >= n || steps[work].kind != KRN_TRANSFER)
            continue;
        steps[k].occupy_s = steps[work].occupy_s;
        if (steps[k].kind == KRN_ALIGHT) {
            steps[k].storage_free_s = steps[work].storage_free_s;
            steps[k].storage_usd_s = steps[work].storage_usd_s;
        }
    }
}

static krn_status lay_way(krni_layout *l, const lot_view *view, const krn_sim_way *in)
{
    krn_sim *sim = l->sim;
    krni_course *way = &sim->ways[sim->n_ways++];
    *way = (krni_course){.first_step = sim->n_steps,
                         .n_steps = in->n_activities,
                         .price_usd = in->price_usd,
                         .border_usd = in->border_usd,
                         .wtw_kg_co2e = in->wtw_kg_co2e,
                         .general_usd = in->general_usd,
                         .share = in->share,
                         .group = in->group};
    krni_step *steps = &sim->steps[sim->n_steps];
    krn_status st = KRN_OK;
    for (uint32_t k = 0; k < in->n_activities && !st; k++) {
        const uint32_t activity = in->activities[k].index;
        if (activity >= sim->network->n_activities ||
            (k > 0 && sim->network->from_state[activity] !=
                          sim->network->to_state[in->activities[k - 1].index]))
            return krni_fail(l->err, KRN_E_ARG, "step %u of a way does not follow the one before",
                             k + 1);
        if (view->costs[activity].block == KRN_BLOCK_CARGO)
            return krni_fail(l->err, KRN_E_ARG, "step %u of a way does not take the cargo", k + 1);
        st = lay_step(l, view, activity, &steps[k]);
        way->rail_km += steps[k].mode == KRN_RAIL ? steps[k].km : 0.0;
        way->road_km += steps[k].mode == KRN_ROAD ? steps[k].km : 0.0;
        way->sea_km += steps[k].mode == KRN_SEA ? steps[k].km : 0.0;
        way->n_rail_crossings += steps[k].kind == KRN_CROSS && steps[k].mode == KRN_RAIL;
        way->n_road_crossings += steps[k].kind == KRN_CROSS && steps[k].mode == KRN_ROAD;
    }
    sim->n_steps += in->n_activities;
    if (st)
        return st;
    lay_berth_times(steps, in->n_activities);
    lay_dated(sim, steps, in->n_activities, view->lot->commodity);
    return KRN_OK;
}

/* Streams between the same places with the same goods have luck of their own: the second, third,
 * ... takes the next number that no stream before it has. */
static uint64_t own_source(krni_layout *l, uint64_t source)
{
    for (uint32_t i = (uint32_t)(source % l->n_sources);; i = (i + 1) % l->n_sources) {
        if (l->sources[i] == source)
            source = source * 6364136223846793005u + 1442695040888963407u;
        else if (!l->sources[i])
            return l->sources[i] = source;
    }
}

static krn_status lay_stream(krni_layout *l, uint32_t index)
{
    krn_sim *sim = l->sim;
    const krn_sim_stream *in = &sim->input.streams[index];
    krni_flow *out = &sim->streams[index];
    krn_consignment lot = in->lot;
    lot.ready = sim->begin;
    lot.due = KRN_TIME_NONE;
    lot_view view = {.lot = &lot, .papers_ahead = in->papers_ahead};
    krn_arena *arena = krn_arena_new(NULL, 0);
    if (!arena)
        return krni_fail_memory(l->err);
    krn_status st =
        krn_network_weigh(sim->network, &lot, sim->begin, arena, &view.load, &view.costs, l->err);
    view.source = own_source(l, krni_flow_source(sim->network, &lot));
    if (!st) {
        *out = (krni_flow){.first_way = sim->n_ways,
                           .n_ways = in->n_ways,
                           .tonnes = view.load.net_t,
                           .kg = (int64_t)fmax(1.0, ceil(view.load.net_t * KG_PER_T)),
                           .teu = view.load.n_containers * view.load.teu_share,
                           .source = view.source,
                           .value_of_time_usd_h = in->value_of_time_usd_h};
        st = lay_demand(sim, index, l->err);
    }
    for (uint32_t k = 0; k < in->n_ways && !st; k++)
        st = lay_way(l, &view, &in->ways[k]);
    krn_arena_free(arena);
    return st;
}

static krn_status lay_all(krn_sim *sim, krn_error *err)
{
    uint32_t n_ways = 0;
    uint64_t n_steps = 0;
    for (uint32_t i = 0; i < sim->input.n_streams; i++) {
        n_ways += sim->input.streams[i].n_ways;
        for (uint32_t k = 0; k < sim->input.streams[i].n_ways; k++)
            n_steps += sim->input.streams[i].ways[k].n_activities;
    }
    if (n_steps > UINT32_MAX / 2)
        return krni_fail(err, KRN_E_LIMIT, "the ways have too many steps together");
    sim->n_streams = sim->input.n_streams;
    sim->streams = krn_arena_calloc(sim->arena, sim->n_streams + 1u, sizeof *sim->streams);
    sim->ways = krn_arena_calloc(sim->arena, n_ways + 1u, sizeof *sim->ways);
    sim->steps = krn_arena_calloc(sim->arena, (size_t)n_steps + 1u, sizeof *sim->steps);
    sim->replication_bytes = krn_arena_calloc(sim->arena, 1, sizeof *sim->replication_bytes);
    krni_layout layout = {.sim = sim, .scratch = krn_arena_new(NULL, 0), .err = err};
    krn_status st = KRN_OK;
    if (!sim->streams || !sim->ways || !sim->steps || !layout.scratch || !sim->replication_bytes)
        st = krni_fail_memory(err);
    layout.n_sources = 2 * sim->n_streams + 2u;
    if (!st) {
        layout.sources = krn_arena_calloc(layout.scratch, layout.n_sources, sizeof(uint64_t));
        st = layout.sources ? krni_layout_start(&layout) : krni_fail_memory(err);
    }
    for (uint32_t i = 0; i < sim->n_streams && !st; i++)
        st = lay_stream(&layout, i);
    krn_arena_free(layout.scratch);
    return st;
}

krn_status krn_sim_new(const krn_sim_input *input, krn_sim **out, krn_error *err)
{
    if (!input || !out)
        return krni_fail(err, KRN_E_ARG, "krn_sim_new: an input and a place for it are needed");
    *out = NULL;
    krn_status st = check_input(input, err);
    if (st)
        return st;
    krn_sim *sim = calloc(1, sizeof *sim);
    if (!sim)
        return krni_fail_memory(err);
    sim->input = *input;
    sim->network = input->network;
    sim->arena = krn_arena_new(NULL, 0);
    sim->count_s = floor(input->warmup_d * KRNI_DAY_S);
    sim->end_s = sim->count_s + floor(input->days * KRNI_DAY_S);
    sim->begin = input->start - (krn_time)sim->count_s;
    sim->n_days = (uint32_t)floor(sim->end_s / KRNI_DAY_S);
    sim->n_weeks = (uint32_t)ceil((sim->end_s - sim->count_s) / KRNI_WEEK_S);
    if (!sim->arena)
        st = krni_fail_memory(err);
    if (!st && sim->n_weeks == 0)
        st = krni_fail(err, KRN_E_ARG, "%g days: expected a second at least", input->days);
    if (!st)
        st = lay_months(sim, err);
    if (!st)
        st = lay_all(sim, err);
    if (st) {
        krn_sim_free(sim);
        return st;
    }
    sim->fingerprint = krni_layout_fingerprint(sim);
    *out = sim;
    return KRN_OK;
}

void krn_sim_free(krn_sim *sim)
{
    if (!sim)
        return;
    krn_arena_free(sim->arena);
    free(sim);
}

uint32_t krn_sim_groups(const krn_sim *sim)
{
    return sim->input.n_groups;
}

size_t krn_sim_bytes(const krn_sim *sim)
{
    return sizeof *sim + krn_arena_bytes(sim->arena);
}

size_t krn_sim_replication_bytes(const krn_sim *sim)
{
    return atomic_load(sim->replication_bytes);
}
