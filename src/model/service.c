/* SPDX-License-Identifier: Apache-2.0 */
/* service.c - GTFS services as board, ride and alight.
 *
 *   call 0           call 1                          call 2
 *   [ready] --ride--> [arrived] =change gauge=> [ready] --ride--> [border] --cross--> [arrived]
 *      ^                 |                         ^                                     |
 *    board             alight                    board                                 alight
 *      |                 v                         |                                     v
 *   [rail]             [rail]                    [rail]                                [rail]
 *
 * Only trips of status regular are offered. A ride follows the link that joins two calls: of the
 * trip's mode, of the gauge that the train has (as few changes of gauge as possible, each as late
 * as possible), in service before others, shorter before longer, lower id first. Its typical time
 * is the timetable's, spread by spread.csv. Times that are blank between two calls are filled in:
 * running time in proportion to free running, after the typical time of borders and changes of
 * gauge on the way, but never less than the share that running has in both.
 *
 * Stops: before a border and at a change of gauge the timetable's stop is replaced by the law of
 * border.csv or gauge_change.csv; any other stop counts to the ride that follows, and cargo can be
 * boarded until the arrival there. A service of which only the frequency is known has a wait that
 * is uniform between 0 and the headway H: 0.1 H, 0.5 H, 0.9 H are its percentiles.
 *
 * Where no link joins two calls, the train or ship passes the places on the shortest way between
 * them without a stop. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/draft.h"

typedef struct call {
    uint32_t trip, trip_rank; /* row of kr_trip.txt, its place by id */
    uint32_t stop;            /* row of stop_times.txt */
    uint32_t node;
    double sequence;
    double arrival_s, departure_s; /* NaN when blank */
    bool passes;                   /* a place on the way between two stops of the timetable */
} call;

/* A hop from one call to the next one. */
typedef struct hop {
    uint32_t link;
    int gauge;     /* index, -1 off rails */
    bool reversed; /* link is used from its second to its first node */
    bool changes;  /* gauge is changed at the call before it */
    bool border;
    double free_h;  /* running at free speed; by length at sea */
    double fixed_h; /* typical border and change of gauge */
    double ride_h;
    double stop_h; /* stop at the call before it that counts to this ride */
} hop;

typedef struct trip_draft {
    uint32_t trip;
    krn_mode mode;
    uint16_t cargo_mask;
    double headway_h; /* NaN: by timetable */
    const call *calls;
    uint32_t n_calls;
    call *times; /* calls with all times filled in */
    hop *hops;   /* n_calls - 1 */
} trip_draft;

static int compare_calls(const void *a, const void *b)
{
    const call *x = a, *y = b;
    if (x->trip_rank != y->trip_rank)
        return x->trip_rank < y->trip_rank ? -1 : 1;
    if (x->sequence != y->sequence)
        return x->sequence < y->sequence ? -1 : 1;
    return x->stop < y->stop ? -1 : x->stop > y->stop;
}

/* All calls of regular trips, by trip id and sequence. */
static krn_status read_calls(krni_network_draft *draft, call **out, uint32_t *out_n, krn_error *err)
{
    const krn_package *p = draft->package;
    const uint32_t n_rows = krn_package_rows(p, KRN_TABLE_STOP_TIMES);
    call *calls = krn_arena_alloc(draft->arena, n_rows * sizeof *calls);
    if (!calls)
        return krni_fail_memory(err);
    uint32_t n = 0, trip = KRN_NO_ROW;
    const char *trip_id = NULL;
    bool regular = false;
    for (uint32_t row = 0; row < n_rows; row++) {
        const char *id = krni_text(p, KRN_TABLE_STOP_TIMES, row, STOP_TIMES_TRIP_ID);
        if (id != trip_id) { /* texts of a package are there once: the same text, the same place */
            trip_id = id;
            trip = krn_package_find(p, KRN_TABLE_TRIP, id);
            regular = trip != KRN_NO_ROW &&
                      strcmp(krni_text(p, KRN_TABLE_TRIP, trip, TRIP_STATUS), "regular") == 0;
        }
        if (!regular)
            continue;
        const uint32_t node = krn_package_find(
            p, KRN_TABLE_NODE, krni_text(p, KRN_TABLE_STOP_TIMES, row, STOP_TIMES_STOP_ID));
        if (node == KRN_NO_ROW)
            return krni_row_fault(p, KRN_TABLE_STOP_TIMES, row, STOP_TIMES_STOP_ID,
                                  "expected a stop whose id is a node of node.csv", err);
        calls[n++] = (call){
            .trip = trip,
            .trip_rank = draft->rank[KRN_TABLE_TRIP][trip],
            .stop = row,
            .node = node,
            .sequence = krni_number(p, KRN_TABLE_STOP_TIMES, row, STOP_TIMES_STOP_SEQUENCE),
            .arrival_s = krni_number(p, KRN_TABLE_STOP_TIMES, row, STOP_TIMES_ARRIVAL_TIME),
            .departure_s = krni_number(p, KRN_TABLE_STOP_TIMES, row, STOP_TIMES_DEPARTURE_TIME)};
    }
    if (n)
        qsort(calls, n, sizeof *calls, compare_calls);
    *out = calls;
    *out_n = n;
    return KRN_OK;
}

/* Headways of the trips of which only the frequency is known, by row of kr_trip.txt: the shortest
 * of their rows; NaN else. */
static krn_status read_headways(krni_network_draft *draft, double **out, krn_error *err)
{
    const krn_package *p = draft->package;
    const uint32_t n_trips = krn_package_rows(p, KRN_TABLE_TRIP);
    const uint32_t n = krn_package_rows(p, KRN_TABLE_FREQUENCIES);
    double *headway_h = krn_arena_alloc(draft->arena, n_trips * sizeof *headway_h);
    if (!headway_h)
        return krni_fail_memory(err);
    for (uint32_t trip = 0; trip < n_trips; trip++)
        headway_h[trip] = NAN;
    for (uint32_t row = 0; row < n; row++) {
        const uint32_t trip = krn_package_find(
            p, KRN_TABLE_TRIP, krni_text(p, KRN_TABLE_FREQUENCIES, row, FREQUENCIES_TRIP_ID));
        if (trip == KRN_NO_ROW ||
            krni_number_or(p, KRN_TABLE_FREQUENCIES, row, FREQUENCIES_EXACT_TIMES, 0.0) > 0.5)
            continue;
        const double h = krni_number(p, KRN_TABLE_FREQUENCIES, row, FREQUENCIES_HEADWAY_SECS) /
                         KRN_SECONDS_PER_HOUR;
        if (!(h >= headway_h[trip]))
            headway_h[trip] = h;
    }
    *out = headway_h;
    return KRN_OK;
}

/* Best link from one node to another, of a gauge on rails; KRN_NO_ROW if none. */
static uint32_t joining_link(const krni_network_draft *draft, krn_mode mode, int gauge,
                             uint32_t from, uint32_t to)
{
    uint32_t best = KRN_NO_ROW;
    for (uint32_t end = draft->node_ends[from]; end != KRN_NO_ROW; end = draft->ends[end].next) {
        const uint32_t row = draft->ends[end].link;
        const krni_draft_link *link = &draft->links[row];
        const bool along = link->from == from && link->to == to;
        const bool against = link->from == to && link->to == from && !link->directed;
        if (link->mode != mode || !(along || against) ||
            (mode == KRN_RAIL && !(link->gauges & 1u << gauge)))
            continue;
        const krni_draft_link *held = best == KRN_NO_ROW ? NULL : &draft->links[best];
        if (!held || (link->in_service && !held->in_service) ||
            (link->in_service == held->in_service && link->length_km < held->length_km))
            best = row;
    }
    return best;
}

static void set_hop(const krni_network_draft *draft, const trip_draft *t, uint32_t k,
                    uint32_t link_row, int gauge)
{
    const krni_draft_link *link = &draft->links[link_row];
    hop *h = &t->hops[k];
    h->link = link_row;
    h->gauge = gauge;
    h->reversed = link->from != t->calls[k].node;
    h->border = link->mode != KRN_SEA && link->from_country != link->to_country;
    h->free_h = t->mode == KRN_SEA || isnan(link->run_h) ? link->length_km : link->run_h;
    if (h->border)
        h->fixed_h = krni_border_typical_h(
            draft, link_row, h->reversed ? link->to_country : link->from_country,
            h->reversed ? link->from_country : link->to_country, t->cargo_mask);
}

static krn_status no_link(const krni_network_draft *draft, const trip_draft *t, uint32_t k,
                          krn_error *err)
{
    const krn_package *p = draft->package;
    return krni_fail(
        err, KRN_E_DATA, "%s:%u: stop_id: \"%s\": expected a %s link from the stop before (%s)%s",
        krn_package_row_file(p, KRN_TABLE_STOP_TIMES, t->calls[k + 1].stop),
        (unsigned)krn_package_row_line(p, KRN_TABLE_STOP_TIMES, t->calls[k + 1].stop),
        krni_text(p, KRN_TABLE_NODE, t->calls[k + 1].node, NODE_NODE_ID), krn_mode_name(t->mode),
        krni_text(p, KRN_TABLE_NODE, t->calls[k].node, NODE_NODE_ID),
        t->mode == KRN_RAIL ? ", of a gauge that the train has or can change to" : "");
}

/* Fewest changes from each call to the end for each gauge, backwards; then forwards the way. */
static krn_status find_rails(krni_network_draft *draft, const trip_draft *t, krn_error *err)
{
    const krn_package *p = draft->package;
    const uint32_t n = t->n_calls;
    const unsigned none = UINT16_MAX;
    unsigned(*changes)[KRN_MAX_GAUGES] = krn_arena_alloc(draft->arena, n * sizeof *changes);
    int(*next)[KRN_MAX_GAUGES] = krn_arena_alloc(draft->arena, n * sizeof *next);
    if (!changes || !next)
        return krni_fail_memory(err);
    memset(changes[n - 1], 0, sizeof changes[n - 1]);
    for (uint32_t k = n - 1; k-- > 0;) {
        unsigned after[KRN_MAX_GAUGES]; /* leaving call k on that gauge */
        bool way = false;
        for (int g = 0; g < (int)draft->n_gauges; g++) {
            const uint32_t link =
                joining_link(draft, KRN_RAIL, g, t->calls[k].node, t->calls[k + 1].node);
            after[g] = link == KRN_NO_ROW ? none : changes[k + 1][g];
            way |= after[g] < none;
        }
        if (!way)
            return no_link(draft, t, k, err);
        for (int g = 0; g < (int)draft->n_gauges; g++) {
            changes[k][g] = after[g];
            next[k][g] = g;
            for (int h = 0; h < (int)draft->n_gauges && k > 0; h++)
                if (h != g && after[h] < none && after[h] + 1 < changes[k][g] &&
                    !isnan(krni_gauge_change_typical_h(draft, t->calls[k].node, g, h,
                                                       t->cargo_mask))) {
                    changes[k][g] = after[h] + 1;
                    next[k][g] = h;
                }
        }
    }
    const int mm = (int)krni_number_or(p, KRN_TABLE_TRIP, t->trip, TRIP_GAUGE_MM, 0.0);
    int gauge = krni_draft_gauge(draft, mm);
    if (mm == 0)
        for (int g = 0; g < (int)draft->n_gauges; g++)
            if (gauge < 0 || changes[0][g] < changes[0][gauge])
                gauge = g;
    if (gauge < 0 || changes[0][gauge] >= none)
        return krni_row_fault(p, KRN_TABLE_TRIP, t->trip, TRIP_GAUGE_MM,
                              "expected a gauge on which the train can run, with changes of gauge "
                              "where rails differ",
                              err);
    for (uint32_t k = 0; k + 1 < n; k++) {
        const int held = gauge;
        gauge = next[k][gauge];
        set_hop(draft, t, k,
                joining_link(draft, KRN_RAIL, gauge, t->calls[k].node, t->calls[k + 1].node),
                gauge);
        t->hops[k].changes = gauge != held;
        if (gauge != held)
            t->hops[k].fixed_h +=
                krni_gauge_change_typical_h(draft, t->calls[k].node, held, gauge, t->cargo_mask);
    }
    return KRN_OK;
}

static krn_status find_links(krni_network_draft *draft, const trip_draft *t, krn_error *err)
{
    if (t->mode == KRN_RAIL)
        return find_rails(draft, t, err);
    for (uint32_t k = 0; k + 1 < t->n_calls; k++) {
        const uint32_t link =
            joining_link(draft, t->mode, -1, t->calls[k].node, t->calls[k + 1].node);
        if (link == KRN_NO_ROW)
            return no_link(draft, t, k, err);
        set_hop(draft, t, k, link, -1);
    }
    return KRN_OK;
}

/* Fills the times between two calls that have them, i < j, and the hours of the rides. */
static void fill_between(const trip_draft *t, uint32_t i, uint32_t j)
{
    const double total_h = (t->times[j].arrival_s - t->times[i].departure_s) / KRN_SECONDS_PER_HOUR;
    double free_h = 0.0, fixed_h = 0.0;
    for (uint32_t k = i; k < j; k++) {
        free_h += t->hops[k].free_h;
        fixed_h += k == i && j == i + 1 ? 0.0 : t->hops[k].fixed_h;
    }
    double running_h = total_h - fixed_h;
    const double share_h = free_h + fixed_h > 0.0 ? total_h * free_h / (free_h + fixed_h) : 0.0;
    if (running_h < share_h)
        running_h = share_h;
    double past_h = 0.0;
    for (uint32_t k = i; k < j; k++) {
        hop *h = &t->hops[k];
        h->ride_h = free_h > 0.0 ? running_h * h->free_h / free_h : running_h / (j - i);
        if (k + 1 == j)
            break;
        past_h += free_h + fixed_h > 0.0 ? h->free_h + h->fixed_h : 1.0;
        const double part = past_h / (free_h + fixed_h > 0.0 ? free_h + fixed_h : (double)(j - i));
        t->times[k + 1].arrival_s = t->times[k + 1].departure_s =
            t->times[i].departure_s + part * total_h * KRN_SECONDS_PER_HOUR;
    }
}

static krn_status fill_times(krni_network_draft *draft, trip_draft *t, krn_error *err)
{
    const krn_package *p = draft->package;
    t->times = krn_arena_alloc(draft->arena, t->n_calls * sizeof *t->times);
    if (!t->times)
        return krni_fail_memory(err);
    memcpy(t->times, t->calls, t->n_calls * sizeof *t->times);
    uint32_t last = 0;
    for (uint32_t k = 0; k < t->n_calls; k++) {
        call *at = &t->times[k];
        if (isnan(at->departure_s))
            at->departure_s = at->arrival_s;
        if (isnan(at->arrival_s))
            at->arrival_s = at->departure_s;
        if (isnan(at->arrival_s)) {
            if (k == 0 || k + 1 == t->n_calls)
                return krni_row_fault(p, KRN_TABLE_STOP_TIMES, at->stop,
                                      k == 0 ? STOP_TIMES_DEPARTURE_TIME : STOP_TIMES_ARRIVAL_TIME,
                                      "expected a time at the first and the last stop", err);
            continue;
        }
        if (at->departure_s < at->arrival_s ||
            (k > 0 && at->arrival_s < t->times[last].departure_s))
            return krni_row_fault(p, KRN_TABLE_STOP_TIMES, at->stop, STOP_TIMES_ARRIVAL_TIME,
                                  "expected times that do not go back", err);
        if (k > 0)
            fill_between(t, last, k);
        last = k;
    }
    for (uint32_t k = 1; k + 1 < t->n_calls; k++)
        if (!t->hops[k].changes && !t->hops[k].border)
            t->hops[k].stop_h =
                (t->times[k].departure_s - t->times[k].arrival_s) / KRN_SECONDS_PER_HOUR;
    return KRN_OK;
}

static bool stop_allows(const krni_network_draft *draft, uint32_t stop, int column)
{
    return krni_number_or(draft->package, KRN_TABLE_STOP_TIMES, stop, column, 0.0) != 1.0;
}

/* An activity of the trip at or after a call. */
static krni_draft_activity like_trip(const krni_network_draft *draft, const trip_draft *t,
                                     krn_activity_kind kind, int gauge, uint32_t node)
{
    krni_draft_activity activity = krni_draft_blank(kind, t->mode);
    activity.cargo_mask = t->cargo_mask;
    activity.trip = t->trip;
    activity.gauge = (int8_t)gauge;
    activity.law_table = KRN_TABLE_TRIP;
    activity.law_row = t->trip;
    if (t->mode != KRN_SEA || kind != KRN_RIDE)
        activity.country =
            krn_country_parse(krni_text(draft->package, KRN_TABLE_NODE, node, NODE_COUNTRY));
    return activity;
}

static krn_status add_state(krni_network_draft *draft, const trip_draft *t, uint32_t k,
                            uint32_t link, uint8_t phase, uint32_t *out, krn_error *err)
{
    const bool until_departure =
        k == 0 || (k + 1 < t->n_calls && (t->hops[k].changes || t->hops[k].border));
    const krni_draft_state state = {.node = t->calls[k].node,
                                    .link = link,
                                    .trip = t->trip,
                                    .call = k,
                                    .stop = t->calls[k].stop,
                                    .side = KRN_SIDE_ABOARD,
                                    .lane = phase,
                                    .departure_s = until_departure ? t->times[k].departure_s
                                                                   : t->times[k].arrival_s};
    return krni_draft_new_state(draft, &state, out, err);
}

static krn_status add_board(krni_network_draft *draft, const trip_draft *t, uint32_t k,
                            uint32_t ready, krn_error *err)
{
    if (t->calls[k].passes || !stop_allows(draft, t->calls[k].stop, STOP_TIMES_PICKUP_TYPE))
        return KRN_OK;
    krni_draft_activity board = like_trip(draft, t, KRN_BOARD, t->hops[k].gauge, t->calls[k].node);
    const krn_side side = t->mode == KRN_SEA    ? KRN_SIDE_QUAY_OUT
                          : t->mode == KRN_ROAD ? KRN_SIDE_ROAD
                                                : (krn_side)(KRN_SIDE_RAIL + t->hops[k].gauge);
    if (!isnan(t->headway_h))
        board.wait = (krn_duration){0.1 * t->headway_h, 0.5 * t->headway_h, 0.9 * t->headway_h};
    board.to = ready;
    const krn_status st = krni_draft_side(draft, t->calls[k].node, side, &board.from, err);
    return st ? st : krni_draft_add(draft, &board, err);
}

static krn_status add_alight(krni_network_draft *draft, const trip_draft *t, uint32_t k,
                             uint32_t arrived, krn_error *err)
{
    if (t->calls[k].passes || !stop_allows(draft, t->calls[k].stop, STOP_TIMES_DROP_OFF_TYPE))
        return KRN_OK;
    const krn_package *p = draft->package;
    const uint32_t node = t->calls[k].node;
    krni_draft_activity alight = like_trip(draft, t, KRN_ALIGHT, t->hops[k - 1].gauge, node);
    const krn_side side = t->mode == KRN_SEA    ? KRN_SIDE_QUAY_IN
                          : t->mode == KRN_ROAD ? KRN_SIDE_ROAD
                                                : (krn_side)(KRN_SIDE_RAIL + t->hops[k - 1].gauge);
    if (t->mode == KRN_SEA) { /* the ship waits for a berth */
        const uint32_t port =
            krn_package_find(p, KRN_TABLE_PORT, krni_text(p, KRN_TABLE_NODE, node, NODE_NODE_ID));
        if (port != KRN_NO_ROW &&
            krni_number_or(p, KRN_TABLE_PORT, port, PORT_BERTH_WAIT_TYPICAL_H, 0.0) > 0.0) {
            alight.law_table = KRN_TABLE_PORT;
            alight.law_row = port;
            alight.duration = krni_draft_triplet(p, KRN_TABLE_PORT, port, PORT_BERTH_WAIT_LOW_H);
        }
    }
    alight.from = arrived;
    const krn_status st = krni_draft_side(draft, node, side, &alight.to, err);
    return st ? st : krni_draft_add(draft, &alight, err);
}

/* Ride k from a call that is ready to the next one; over a border in two parts. */
static krn_status add_ride(krni_network_draft *draft, const trip_draft *t, uint32_t k,
                           uint32_t ready, uint32_t arrived, krn_error *err)
{
    const hop *h = &t->hops[k];
    const krni_draft_link *link = &draft->links[h->link];
    krni_draft_activity ride = like_trip(draft, t, KRN_RIDE, h->gauge, t->calls[k].node);
    const krn_country left = h->reversed ? link->to_country : link->from_country;
    const krn_country entered = h->reversed ? link->from_country : link->to_country;
    ride.country = left;
    ride.link = h->link;
    ride.length_km = link->length_km;
    ride.electrified = link->electrified;
    ride.passable = link->in_service;
    ride.duration = krni_draft_spread(draft, t->mode, left, h->ride_h + h->stop_h);
    ride.from = ready;
    ride.to = arrived;
    if (!h->border)
        return krni_draft_add(draft, &ride, err);
    krn_status st = add_state(draft, t, k, h->link, 2, &ride.to, err);
    if (!st)
        st = krni_draft_add(draft, &ride, err);
    uint32_t n_crossings = 0;
    if (!st) {
        krni_draft_activity cross = ride;
        cross.from = ride.to;
        cross.to = arrived;
        st = krni_border_cross(draft, &cross, left, entered, &n_crossings, err);
    }
    if (!st && n_crossings == 0)
        st = krni_row_fault(draft->package, KRN_TABLE_TRIP, t->trip, TRIP_CARGO_CLASSES,
                            "expected a row of border.csv for each border on the way", err);
    return st;
}

static krn_status add_trip(krni_network_draft *draft, const trip_draft *t, krn_error *err)
{
    krn_status st = KRN_OK;
    uint32_t arrived = KRN_NO_ID, ready = KRN_NO_ID, n_changes = 0;
    for (uint32_t k = 0; k < t->n_calls && !st; k++) {
        if (k == 0) {
            st = add_state(draft, t, k, KRN_NO_ROW, 1, &ready, err);
        } else {
            st = add_state(draft, t, k, KRN_NO_ROW, 0, &arrived, err);
            if (!st)
                st = add_ride(draft, t, k - 1, ready, arrived, err);
            if (!st)
                st = add_alight(draft, t, k, arrived, err);
            ready = arrived;
        }
        if (!st && k > 0 && k + 1 < t->n_calls && t->hops[k].changes) {
            krni_draft_activity like =
                like_trip(draft, t, KRN_GAUGE_CHANGE, t->hops[k - 1].gauge, t->calls[k].node);
            st = add_state(draft, t, k, KRN_NO_ROW, 1, &ready, err);
            like.from = arrived;
            like.to = ready;
            if (!st)
                st = krni_gauge_change(draft, &like, t->calls[k].node, t->hops[k - 1].gauge,
                                       t->hops[k].gauge, &n_changes, err);
        }
        if (!st && k + 1 < t->n_calls)
            st = add_board(draft, t, k, ready, err);
    }
    return st;
}

/* Whether some link of the mode joins two places, in that direction. */
static bool joined(const krni_network_draft *draft, krn_mode mode, uint32_t from, uint32_t to)
{
    if (mode != KRN_RAIL)
        return joining_link(draft, mode, -1, from, to) != KRN_NO_ROW;
    for (int g = 0; g < (int)draft->n_gauges; g++)
        if (joining_link(draft, mode, g, from, to) != KRN_NO_ROW)
            return true;
    return false;
}

/* Puts the places that are passed between two stops into the list of calls. */
static krn_status insert_passes(krni_network_draft *draft, trip_draft *t, int gauge, krn_error *err)
{
    const call *stops = t->calls;
    const uint32_t n_stops = t->n_calls;
    uint32_t n = n_stops, capacity = n_stops;
    call *calls = NULL;
    for (uint32_t k = 0; k + 1 < n_stops; k++) {
        uint32_t *nodes = NULL, n_between = 0;
        if (joined(draft, t->mode, stops[k].node, stops[k + 1].node)) {
            if (calls)
                calls[n++] = stops[k + 1];
            continue;
        }
        const krn_status st = krni_way_between(draft, t->mode, k == 0 ? gauge : -1, stops[k].node,
                                               stops[k + 1].node, &nodes, &n_between, err);
        if (st)
            return st;
        if (!calls || n + n_between + n_stops > capacity) {
            capacity = 2 * (n + n_between + n_stops);
            call *grown = krn_arena_alloc(draft->arena, capacity * sizeof *grown);
            if (!grown)
                return krni_fail_memory(err);
            n = calls ? n : k + 1;
            memcpy(grown, calls ? calls : stops, n * sizeof *grown);
            calls = grown;
        }
        for (uint32_t b = 0; b < n_between; b++) {
            calls[n] = stops[k];
            calls[n].node = nodes[b];
            calls[n].arrival_s = calls[n].departure_s = NAN;
            calls[n++].passes = true;
        }
        calls[n++] = stops[k + 1];
    }
    if (calls)
        t->calls = calls;
    t->n_calls = n;
    return KRN_OK;
}

static krn_status make_trip(krni_network_draft *draft, const call *calls, uint32_t n_calls,
                            double headway_h, krn_error *err)
{
    const krn_package *p = draft->package;
    trip_draft t = {.trip = calls[0].trip, .calls = calls, .n_calls = n_calls};
    t.mode = krni_mode_parse(krni_text(p, KRN_TABLE_TRIP, t.trip, TRIP_MODE));
    if (t.mode == KRN_MODE_COUNT)
        return krni_row_fault(p, KRN_TABLE_TRIP, t.trip, TRIP_MODE, "expected rail, road or sea",
                              err);
    const char *classes = krni_text(p, KRN_TABLE_TRIP, t.trip, TRIP_CARGO_CLASSES);
    for (uint32_t c = 0; c < krn_package_rows(p, KRN_TABLE_CARGO_CLASS); c++)
        if (krni_list_has(classes, krni_text(p, KRN_TABLE_CARGO_CLASS, c, CARGO_CLASS_CARGO_CLASS)))
            t.cargo_mask |= (uint16_t)(1u << c);
    if (!t.cargo_mask)
        return krni_row_fault(p, KRN_TABLE_TRIP, t.trip, TRIP_CARGO_CLASSES,
                              "expected cargo classes", err);
    if (n_calls < 2)
        return krni_row_fault(p, KRN_TABLE_TRIP, t.trip, TRIP_TRIP_ID,
                              "expected a trip with two stops or more", err);
    t.headway_h = headway_h;
    const int mm = (int)krni_number_or(p, KRN_TABLE_TRIP, t.trip, TRIP_GAUGE_MM, 0.0);
    krn_status st = insert_passes(draft, &t, krni_draft_gauge(draft, mm), err);
    if (st)
        return st;
    t.hops = krn_arena_calloc(draft->arena, t.n_calls - 1, sizeof *t.hops);
    if (!t.hops)
        return krni_fail_memory(err);
    st = find_links(draft, &t, err);
    if (!st)
        st = fill_times(draft, &t, err);
    if (!st)
        st = add_trip(draft, &t, err);
    return st;
}

krn_status krni_service_make(krni_network_draft *draft, krn_error *err)
{
    call *calls = NULL;
    double *headways_h = NULL;
    uint32_t n = 0;
    krn_status st = read_calls(draft, &calls, &n, err);
    if (!st)
        st = read_headways(draft, &headways_h, err);
    for (uint32_t first = 0; first < n && !st;) {
        uint32_t end = first + 1;
        while (end < n && calls[end].trip == calls[first].trip)
            end++;
        st = make_trip(draft, &calls[first], end - first, headways_h[calls[first].trip], err);
        first = end;
    }
    return st;
}
