/* SPDX-License-Identifier: Apache-2.0 */
/* test_corridor.c - the running corridor against times reckoned by hand, plans, and laws.
 *
 * Small corridors of constant times (support/random_corridor.h, filled in here):
 *
 *   load 4 h (rest to rail)    unload 5 h (rail to rest)    a link of L km at V km/h: L / V hours
 *   rail to quay 5 h           quay to rail or rest 7 h     border: 3 h
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <keruen/duration.h>
#include <keruen/ensemble.h>

#include "support/assert_near.h"
#include "support/failing_alloc.h"
#include "support/mini_network.h"
#include "support/random_corridor.h"
#include "support/sim_streams.h"

#define HOUR         ((krn_time)KRN_SECONDS_PER_HOUR)
#define DAY          ((krn_time)KRN_SECONDS_PER_DAY)
#define MOST_STREAMS 4u
#define MOST_READY   64u
#define NO_RULES     "rule_id,use,kind,name\n"
#define MONDAY       ((krn_time)20605 * DAY) /* 2026-06-01 */
#define NEAR_H       1e-6
#define ONE_WAGON_T  60.0 /* fills one wagon of either gauge */

typedef struct bench {
    corridor c;
    corridor_limits limits;
    krn_network *net;
    krn_arena *arena;
    krn_sim_stream streams[MOST_STREAMS];
    krn_time ready[MOST_STREAMS][MOST_READY];
    krn_sim_event events[4];
    krn_sim_input input;
    krn_sim *sim;
    double *m;
    sim_log log;
} bench;

/* ---- a corridor by hand ---- */

static bench *new_bench(uint32_t n_nodes)
{
    bench *b = calloc(1, sizeof *b);
    assert_non_null(b);
    b->c.n_nodes = n_nodes;
    b->c.rules = NO_RULES;
    b->c.limits = &b->limits;
    b->arena = krn_arena_new(NULL, 0);
    assert_non_null(b->arena);
    b->input = (krn_sim_input){
        .start = MONDAY, .days = 30.0, .seed = 1, .typical = true, .streams = b->streams};
    return b;
}

static uint32_t link(bench *b, uint32_t from, uint32_t to, krn_mode mode, int hours)
{
    b->c.links[b->c.n_links] =
        (corridor_link){.from = from, .to = to, .mode = mode, .km = 50 * hours, .speed_kmh = 50};
    b->limits.tracks[b->c.n_links] = 1;
    return b->c.n_links++;
}

static uint32_t service(bench *b, uint32_t on, const char *kind, int hours, int headway_h,
                        int capacity_t)
{
    b->c.services[b->c.n_services] =
        (corridor_service){.link = on, .hours = hours, .headway_h = headway_h};
    b->limits.kinds[b->c.n_services] = kind;
    b->limits.capacity_t[b->c.n_services] = capacity_t;
    return b->c.n_services++;
}

/* Lots of one stream, ready so many hours after the start. */
static krn_sim_stream *stream(bench *b, uint32_t from, uint32_t to, double tonnes,
                              const int *ready_h, uint32_t n)
{
    if (!b->net)
        b->net = corridor_network(&b->c);
    const uint32_t i = b->input.n_streams++;
    krn_sim_stream *s = &b->streams[i];
    krn_sim_way *ways;
    s->lot = corridor_consignment(b->net);
    s->lot.origin = from;
    s->lot.destination = to;
    s->lot.net_t = tonnes;
    s->value_of_time_usd_h = 10.0;
    s->n_ways = sim_ways(b->net, &s->lot, KRN_ALL_MODES, 8, i, b->arena, &ways);
    assert_true(s->n_ways > 0);
    s->ways = ways;
    for (uint32_t k = 0; k < n; k++)
        b->ready[i][k] = b->input.start + ready_h[k] * HOUR;
    s->ready = b->ready[i];
    s->n_ready = n;
    b->input.n_groups++;
    return s;
}

static void run(bench *b)
{
    krn_sim_free(b->sim);
    free(b->m);
    sim_log_free(&b->log);
    b->input.network = b->net;
    b->input.events = b->events;
    b->sim = sim_make(&b->input);
    b->m = calloc(krn_sim_metrics(b->sim), sizeof *b->m);
    assert_non_null(b->m);
    sim_run(b->sim, 0, b->m, &b->log);
    const sim_story story = sim_log_check(&b->log, &b->input);
    assert_string_equal(story.why, "");
    assert_true(b->m[KRN_TOTAL_LOST_T] == 0.0);
    if (b->input.warmup_d > 0.0)
        return;
    assert_near(b->m[KRN_TOTAL_MADE_T], story.made_t, NEAR_H);
    assert_near(b->m[KRN_TOTAL_DELIVERED_T], story.delivered_t, NEAR_H);
}

static void close_bench(bench *b)
{
    krn_sim_free(b->sim);
    free(b->m);
    sim_log_free(&b->log);
    krn_arena_free(b->arena);
    krn_network_free(b->net);
    free(b);
}

/* Hours from the start to an event of a lot; NaN: it is not there. */
static double told_h(const bench *b, uint32_t lot, krn_sim_trace_kind kind,
                     krn_activity_kind activity)
{
    for (uint32_t i = 0; i < b->log.n; i++) {
        const krn_sim_trace_event *e = &b->log.events[i];
        if (e->lot != lot || e->kind != kind)
            continue;
        krn_activity words;
        if (e->activity.index != KRN_NO_ID) {
            krn_network_activity(b->net, e->activity, &words);
            if (words.kind != activity)
                continue;
        }
        return (double)(e->at - b->input.start) / (double)HOUR;
    }
    return NAN;
}

static double delivered_h(const bench *b, uint32_t lot)
{
    return told_h(b, lot, KRN_TRACE_DELIVERED, KRN_HAUL);
}

/* Hours that a lot waited for a cause. */
static double waited_h(const bench *b, uint32_t lot, krn_sim_cause cause)
{
    double hours = 0.0;
    for (uint32_t i = 0; i < b->log.n; i++) {
        const krn_sim_trace_event *e = &b->log.events[i];
        if (e->lot != lot || e->kind != KRN_TRACE_WAIT || e->cause != cause)
            continue;
        for (uint32_t k = i + 1; k < b->log.n; k++)
            if (b->log.events[k].lot == lot) {
                hours += (double)(b->log.events[k].at - e->at) / (double)HOUR;
                break;
            }
    }
    return hours;
}

static uint32_t resource(const bench *b, krn_sim_resource_kind kind, uint32_t nth)
{
    for (uint32_t i = 0; i < krn_sim_resources(b->sim); i++)
        if (krn_sim_resource_at(b->sim, i).kind == kind && nth-- == 0)
            return i;
    fail_msg("no resource of kind %s", krn_sim_resource_kind_name(kind));
    return 0;
}

static double use_of(const bench *b, krn_sim_resource_kind kind, uint32_t nth, krn_sim_use what)
{
    return b->m[krn_sim_use_at(b->sim, resource(b, kind, nth), what)];
}

static double group_wait_h(const bench *b, uint32_t group, krn_sim_cause cause)
{
    return b->m[krn_sim_group_at(b->sim, group, KRN_GROUP_WAIT_H + (unsigned)cause)];
}

/* An event on the row of a table, in hours from the start. */
static krn_sim_event *event(bench *b, krn_sim_event_kind kind, krn_table table, const char *id,
                            int from_h, int to_h)
{
    krn_sim_event *e = &b->events[b->input.n_events++];
    *e = (krn_sim_event){.kind = kind,
                         .from = b->input.start + from_h * HOUR,
                         .to = b->input.start + to_h * HOUR,
                         .table = table,
                         .row = mini_row(b->net, table, id),
                         .commodity = KRN_NO_ROW};
    return e;
}

static const int at_once[8] = {0};

/* ---- borders, yards ---- */

/*   n0 XA --2 h--]post: 24 wagons a day[-- n1 XB */
static bench *post_bench(uint32_t n_lots)
{
    bench *b = new_bench(2);
    b->limits.post[link(b, 0, 1, KRN_RAIL, 2)] = 24;
    stream(b, 0, 1, ONE_WAGON_T, at_once, n_lots);
    return b;
}

static void wagons_pass_a_post_one_after_another(void **state)
{
    (void)state;
    bench *b = post_bench(3);
    run(b);
    for (uint32_t lot = 1; lot <= 3; lot++) {
        assert_near(delivered_h(b, lot), 13.0 + lot, NEAR_H);
        assert_near(waited_h(b, lot, KRN_WAIT_BORDER), lot - 1.0, NEAR_H);
    }
    assert_near(group_wait_h(b, 0, KRN_WAIT_BORDER), 1.0, NEAR_H);
    assert_near(use_of(b, KRN_RESOURCE_BORDER, 0, KRN_USE_SERVED), 3.0, NEAR_H);
    assert_near(use_of(b, KRN_RESOURCE_BORDER, 0, KRN_USE_WAIT_H), 1.0, NEAR_H);
    assert_near(use_of(b, KRN_RESOURCE_BORDER, 0, KRN_USE_SHARE), 3.0 / 720.0, NEAR_H);
    assert_near(use_of(b, KRN_RESOURCE_BORDER, 0, KRN_USE_LOST_TD), 3.0 * ONE_WAGON_T / 24.0,
                NEAR_H);
    assert_near(use_of(b, KRN_RESOURCE_BORDER, 0, KRN_USE_QUEUE_MAX_T), 3.0 * ONE_WAGON_T, NEAR_H);
    close_bench(b);
}

static void a_slow_post_keeps_the_lot_as_long_as_it_works_on_it(void **state)
{
    (void)state;
    bench *b = new_bench(2);
    b->limits.post[link(b, 0, 1, KRN_RAIL, 2)] = 1;
    stream(b, 0, 1, ONE_WAGON_T, at_once, 2);
    run(b);
    assert_near(delivered_h(b, 1), 4.0 + 2.0 + 24.0 + 5.0, NEAR_H);
    assert_near(delivered_h(b, 2), 4.0 + 2.0 + 48.0 + 5.0, NEAR_H);
    assert_near(b->m[krn_sim_group_at(b->sim, 0, KRN_GROUP_BORDER_H)], 24.0, NEAR_H);
    close_bench(b);
}

/*  A ==4 h== ][ stay of 3 h, two agencies ][ ==> B     each examines for 1 h, or for 5 h  */
static void examinations_are_part_of_the_stay_and_nobody_leaves_before_they_end(void **state)
{
    (void)state;
    static const struct {
        int examined_h;
        bool jointly;
        double stay_h;
    } cases[4] = {{1, false, 3.0}, {5, false, 10.0}, {5, true, 5.0}, {1, true, 3.0}};
    for (unsigned k = 0; k < 4; k++) {
        bench *b = new_bench(2);
        const uint32_t l = link(b, 0, 1, KRN_RAIL, 2);
        b->limits.examined_h[l] = cases[k].examined_h;
        b->limits.jointly[l] = cases[k].jointly;
        for (unsigned posts = 0; posts < 2; posts++) { /* without a rate, with one */
            b->limits.post[l] = posts ? 240 : 0;
            krn_network_free(b->net);
            b->net = NULL;
            b->input.n_groups = b->input.n_streams = 0;
            stream(b, 0, 1, ONE_WAGON_T, at_once, 1);
            run(b);
            assert_near(b->m[krn_sim_group_at(b->sim, 0, KRN_GROUP_BORDER_H)], cases[k].stay_h,
                        NEAR_H);
            assert_near(delivered_h(b, 1), 4.0 + 2.0 + cases[k].stay_h + 5.0, NEAR_H);
        }
        close_bench(b);
    }
}

static void a_closed_post_serves_nobody_more_and_lets_go_who_is_under_way(void **state)
{
    (void)state;
    static const int ready[3] = {0, 0, 8};
    bench *b = new_bench(2);
    b->limits.post[link(b, 0, 1, KRN_RAIL, 2)] = 24;
    stream(b, 0, 1, ONE_WAGON_T, ready, 3);
    event(b, KRN_SIM_CLOSE, KRN_TABLE_BORDER, "bo0", 6, 30)->from += HOUR / 2;
    run(b);
    assert_near(delivered_h(b, 1), 14.0, NEAR_H);
    assert_near(delivered_h(b, 2), 30.0 + 3.0 + 5.0, NEAR_H);
    assert_near(waited_h(b, 2, KRN_WAIT_BORDER), 24.0, NEAR_H);
    assert_near(delivered_h(b, 3), 31.0 + 3.0 + 5.0, NEAR_H);
    assert_near(waited_h(b, 3, KRN_WAIT_CLOSURE), 16.0, NEAR_H);
    assert_near(waited_h(b, 3, KRN_WAIT_BORDER), 1.0, NEAR_H);
    close_bench(b);
}

static void half_of_the_capacity_takes_twice_the_time(void **state)
{
    (void)state;
    bench *b = post_bench(3);
    event(b, KRN_SIM_CAPACITY, KRN_TABLE_BORDER, "bo0", 0, 8)->share = 0.5;
    run(b); /* starts at 6, at 8 still slow in part: what has started keeps its time */
    assert_near(told_h(b, 2, KRN_TRACE_START, KRN_CROSS), 8.0, NEAR_H);
    assert_near(told_h(b, 3, KRN_TRACE_START, KRN_CROSS), 9.0, NEAR_H);
    close_bench(b);
}

static void a_post_without_capacity_lets_nothing_pass_and_nothing_is_lost(void **state)
{
    (void)state;
    bench *b = post_bench(5);
    event(b, KRN_SIM_CAPACITY, KRN_TABLE_BORDER, "bo0", -24, 9999)->share = 0.0;
    run(b);
    assert_near(b->m[KRN_TOTAL_MADE_T], 5.0 * ONE_WAGON_T, NEAR_H);
    assert_near(b->m[KRN_TOTAL_LEFT_T], 5.0 * ONE_WAGON_T, NEAR_H);
    assert_near(b->m[KRN_TOTAL_DELIVERED_T], 0.0, 0.0);
    assert_near(b->m[krn_sim_day_at(b->sim, 29)], 5.0 * ONE_WAGON_T, NEAR_H);
    close_bench(b);
}

static void a_ban_holds_at_loading_only(void **state)
{
    (void)state;
    static const int ready[2] = {0, 10};
    bench *b = new_bench(2);
    link(b, 0, 1, KRN_RAIL, 2);
    stream(b, 0, 1, ONE_WAGON_T, ready, 2);
    event(b, KRN_SIM_BAN, KRN_TABLE_NODE, "n0", 3, 40); /* the first one is being loaded then */
    event(b, KRN_SIM_BAN, KRN_TABLE_NODE, "n1", 0, 99); /* nothing is loaded there */
    run(b);
    assert_near(delivered_h(b, 1), 14.0, NEAR_H);
    assert_near(waited_h(b, 2, KRN_WAIT_CLOSURE), 30.0, NEAR_H);
    assert_near(delivered_h(b, 2), 54.0, NEAR_H);
    b->events[0].commodity = 77; /* of something else */
    run(b);
    assert_near(delivered_h(b, 2), 24.0, NEAR_H);
    close_bench(b);
}

/*   n0 XA --2 h--]border[-- n2 XB =1520|1435: 4 h= --2 h-- n3 */
static bench *yard_bench(uint32_t n_lots, int broad, int narrow, int yard)
{
    bench *b = new_bench(4);
    b->limits.two_gauges = true;
    b->limits.yard_wagons = yard;
    b->limits.wagons[0][0] = broad;
    b->limits.wagons[1][1] = narrow;
    link(b, 0, 2, KRN_RAIL, 2);
    link(b, 2, 3, KRN_RAIL, 2);
    stream(b, 0, 3, ONE_WAGON_T, at_once, n_lots);
    return b;
}

static void a_lot_without_wagons_of_the_other_gauge_is_set_down(void **state)
{
    (void)state;
    bench *b = yard_bench(3, 2, 1, 0);
    run(b);
    /* first: yard 9 to 13, over at 20, its narrow wagon is back at 22 */
    assert_near(delivered_h(b, 1), 20.0, NEAR_H);
    assert_near(told_h(b, 2, KRN_TRACE_START, KRN_GAUGE_CHANGE), 22.0, NEAR_H);
    assert_near(delivered_h(b, 2), 33.0, NEAR_H);
    /* the broad wagon of the second went home from 9 on, 2 h and the border: the third has it */
    assert_near(told_h(b, 3, KRN_TRACE_START, KRN_TRANSFER), 14.0, NEAR_H);
    assert_near(waited_h(b, 3, KRN_WAIT_WAGON), 14.0 + 12.0, NEAR_H);
    assert_near(delivered_h(b, 3), 46.0, NEAR_H);
    close_bench(b);
}

static void bogies_changed_keep_the_wagon(void **state)
{
    (void)state;
    bench *b = new_bench(4);
    b->limits.two_gauges = b->limits.bogies = true;
    b->limits.wagons[0][0] = 1;
    b->limits.wagons[1][1] = 1;
    link(b, 0, 2, KRN_RAIL, 2);
    link(b, 2, 3, KRN_RAIL, 2);
    stream(b, 0, 3, ONE_WAGON_T, at_once, 2);
    run(b); /* home: 2 h, yard 4 h, 2 h, border 3 h after 20 */
    assert_near(delivered_h(b, 1), 20.0, NEAR_H);
    assert_near(told_h(b, 2, KRN_TRACE_START, KRN_TRANSFER), 31.0, NEAR_H);
    assert_near(waited_h(b, 2, KRN_WAIT_WAGON), 31.0, NEAR_H);
    close_bench(b);
}

static void a_yard_works_on_one_lot_after_another(void **state)
{
    (void)state;
    bench *b = yard_bench(3, 0, 0, 12); /* 2 h a wagon */
    run(b);
    assert_near(delivered_h(b, 1), 20.0, NEAR_H);
    assert_near(delivered_h(b, 3), 24.0, NEAR_H);
    assert_near(group_wait_h(b, 0, KRN_WAIT_GAUGE), 2.0, NEAR_H);
    close_bench(b);
}

/* ---- stores, wagons, ships ---- */

/*   n0 --2 h-- n1 (store: one lot) ~~20 h, every 100 h~~ n2 */
static void a_full_store_keeps_the_wagons_and_the_pool_runs_empty(void **state)
{
    (void)state;
    bench *b = new_bench(4);
    link(b, 0, 1, KRN_RAIL, 2);
    service(b, link(b, 1, 2, KRN_SEA, 20), "tramp", 20, 100, 1000);
    b->limits.store_t[1] = (int)ONE_WAGON_T;
    b->limits.wagons[0][0] = 1;
    stream(b, 0, 2, ONE_WAGON_T, at_once, 3);
    run(b);
    assert_near(delivered_h(b, 1), 77.0, NEAR_H); /* loaded, quay at 11, sails at 50 */
    assert_near(waited_h(b, 2, KRN_WAIT_WAGON), 13.0, NEAR_H);
    assert_near(waited_h(b, 2, KRN_WAIT_STORAGE), 31.0, NEAR_H); /* 19 to 50 */
    assert_near(delivered_h(b, 2), 177.0, NEAR_H);
    assert_near(waited_h(b, 3, KRN_WAIT_WAGON), 57.0, NEAR_H);
    assert_near(waited_h(b, 3, KRN_WAIT_STORAGE), 87.0, NEAR_H); /* 63 to 150 */
    assert_near(delivered_h(b, 3), 277.0, NEAR_H);
    assert_near(use_of(b, KRN_RESOURCE_WAGONS, 0, KRN_USE_FULL_H), 157.0, NEAR_H);
    assert_near(use_of(b, KRN_RESOURCE_WAGONS, 0, KRN_USE_LEVEL), 157.0 / 720.0, NEAR_H);
    assert_near(use_of(b, KRN_RESOURCE_STORAGE, 0, KRN_USE_BLOCKED_H), 118.0, NEAR_H);
    assert_near(use_of(b, KRN_RESOURCE_STORAGE, 0, KRN_USE_LOST_TD), 118.0 * ONE_WAGON_T / 24.0,
                NEAR_H);
    assert_near(use_of(b, KRN_RESOURCE_STORAGE, 0, KRN_USE_FULL_H), 44.0 + 100.0 + 100.0, NEAR_H);
    assert_near(b->m[KRN_TOTAL_SHIPS], 3.0, 0.0);
    assert_near(b->m[KRN_TOTAL_EMPTY_WAGON_KM], 300.0, NEAR_H);
    close_bench(b);
}

/*   n0 ~~20 h, a ship every 100 h, two lots fill it~~ n2 */
static void a_tramp_leaves_when_full_and_a_liner_at_its_time(void **state)
{
    (void)state;
    static const int ready[3] = {60, 70, 80};
    for (int liner = 0; liner < 2; liner++) {
        bench *b = new_bench(4);
        service(b, link(b, 0, 2, KRN_SEA, 20), liner ? "liner" : "tramp", 20, 100, 120);
        stream(b, 0, 2, ONE_WAGON_T, ready, 3);
        run(b);
        const double first = liner ? 150.0 : 74.0; /* a ship lies ready since 50 */
        assert_near(delivered_h(b, 1), first + 27.0, NEAR_H);
        assert_near(delivered_h(b, 2), first + 27.0, NEAR_H);
        assert_near(delivered_h(b, 3), (liner ? 250.0 : 150.0) + 27.0, NEAR_H);
        assert_near(b->m[KRN_TOTAL_SHIPS], 2.0, 0.0);
        close_bench(b);
    }
}

static void a_lot_too_large_for_one_ship_goes_in_several(void **state)
{
    (void)state;
    bench *b = new_bench(4);
    service(b, link(b, 0, 2, KRN_SEA, 20), "liner", 20, 100, 100);
    stream(b, 0, 2, 250.0, at_once, 1);
    run(b);
    assert_near(delivered_h(b, 1), 250.0 + 27.0, NEAR_H);
    assert_near(use_of(b, KRN_RESOURCE_SERVICE, 0, KRN_USE_SHARE), 2.5 / 7.0, NEAR_H);
    close_bench(b);
}

/*   n0 ~~20 h~~.
 *                n2 (one berth, gear 6 h a lot) --2 h-- n3
 *   n1 ~~20 h~~'                                              */
static bench *berth_bench(void)
{
    bench *b = new_bench(4);
    service(b, link(b, 0, 2, KRN_SEA, 20), "liner", 20, 100, 1000);
    service(b, link(b, 1, 2, KRN_SEA, 20), "liner", 20, 100, 1000);
    link(b, 2, 3, KRN_RAIL, 2);
    b->limits.berths[2] = 1;
    b->limits.gear_t_h[2] = 10;
    stream(b, 0, 3, ONE_WAGON_T, at_once, 1)->n_ways = 1; /* the quick one, ship to wagon */
    stream(b, 1, 3, ONE_WAGON_T, at_once, 1)->n_ways = 1;
    return b;
}

static void a_ship_waits_for_the_berth_as_long_as_another_is_worked_on(void **state)
{
    (void)state;
    bench *b = berth_bench();
    run(b);
    const double first = fmin(delivered_h(b, 1), delivered_h(b, 2));
    assert_near(first, 50.0 + 20.0 + 6.0 + 2.0 + 5.0, NEAR_H);
    assert_near(delivered_h(b, 1) + delivered_h(b, 2), 2.0 * first + 6.0, NEAR_H);
    assert_near(group_wait_h(b, 0, KRN_WAIT_BERTH) + group_wait_h(b, 1, KRN_WAIT_BERTH), 6.0,
                NEAR_H);
    assert_near(use_of(b, KRN_RESOURCE_BERTHS, 0, KRN_USE_LEVEL), 12.0 / 720.0, NEAR_H);
    close_bench(b);
}

static void no_ship_comes_alongside_at_a_closed_port(void **state)
{
    (void)state;
    bench *b = berth_bench();
    event(b, KRN_SIM_CLOSE, KRN_TABLE_NODE, "n2", 71, 100);
    run(b);
    const double first = fmin(delivered_h(b, 1), delivered_h(b, 2));
    assert_near(first, 107.0, NEAR_H); /* unloaded by 76, the line from there is closed */
    assert_near(fmax(delivered_h(b, 1), delivered_h(b, 2)), 100.0 + 6.0 + 2.0 + 5.0, NEAR_H);
    close_bench(b);
}

/* Room comes free in a closed port: who has waited for it stays aboard. */
static void room_in_a_closed_port_is_not_entered(void **state)
{
    (void)state;
    bench *b = new_bench(4);
    service(b, link(b, 0, 2, KRN_SEA, 20), "liner", 20, 10, 60);
    link(b, 2, 3, KRN_RAIL, 2);
    b->limits.store_t[2] = (int)ONE_WAGON_T;
    stream(b, 0, 3, ONE_WAGON_T, at_once, 2)->n_ways = 1;
    run(b); /* departures 5, 15: at n2 at 25, 35; the store is left when the wagon is loaded */
    const double open = delivered_h(b, 2);
    event(b, KRN_SIM_CLOSE, KRN_TABLE_NODE, "n2", (int)open - 9, (int)open + 90);
    run(b);
    assert_true(delivered_h(b, 2) > open + 90.0);
    close_bench(b);
}

/* ---- track ---- */

/*   n0 ---12 h, single track--- n1, a lot from each end */
static bench *track_bench(int trains, bool both)
{
    bench *b = new_bench(4);
    b->limits.trains[link(b, 0, 1, KRN_RAIL, 12)] = trains;
    stream(b, 0, 1, ONE_WAGON_T, at_once, both ? 1 : 2);
    if (both)
        stream(b, 1, 0, ONE_WAGON_T, at_once, 1);
    b->limits.train_t[0] = 0;
    return b;
}

static void one_block_lets_the_second_train_wait_for_the_first(void **state)
{
    (void)state;
    bench *b = track_bench(1, true);
    run(b);
    assert_near(delivered_h(b, 1), 21.0, NEAR_H);
    assert_near(waited_h(b, 2, KRN_WAIT_LINE), 12.0, NEAR_H);
    assert_near(delivered_h(b, 2), 33.0, NEAR_H);
    assert_near(b->m[KRN_TOTAL_TRAINS], 2.0, 0.0);
    assert_near(b->m[KRN_TOTAL_TRAIN_KM], 1200.0, NEAR_H);
    close_bench(b);
}

/*   ==0==)--4 h--(1)--4 h--(2)--4 h--(==3==     they meet in the middle: one waits in a loop */
static void trains_cross_in_a_loop(void **state)
{
    (void)state;
    bench *b = track_bench(3, true);
    run(b);
    assert_near(delivered_h(b, 1), 21.0, NEAR_H);
    assert_near(delivered_h(b, 2), 25.0, NEAR_H);
    assert_near(group_wait_h(b, 0, KRN_WAIT_LINE), 0.0, NEAR_H);
    assert_near(group_wait_h(b, 1, KRN_WAIT_LINE), 4.0, NEAR_H);
    assert_near(b->m[krn_sim_group_at(b->sim, 1, KRN_GROUP_MOVING_H)], 12.0, NEAR_H);
    assert_near(use_of(b, KRN_RESOURCE_SECTION, 0, KRN_USE_SHARE), 24.0 / (3.0 * 720.0), NEAR_H);
    close_bench(b);
}

/* Lots of 84 t gross: together in a train that may have as much, else one after another. */
static void trains_follow_each_other_at_the_distance_of_a_block(void **state)
{
    (void)state;
    for (int heavy = 0; heavy < 2; heavy++) {
        bench *b = new_bench(4);
        const uint32_t l = link(b, 0, 1, KRN_RAIL, 12);
        b->limits.trains[l] = 3;
        b->limits.train_t[l] = heavy ? 100 : 200;
        stream(b, 0, 1, ONE_WAGON_T, at_once, 2);
        run(b);
        assert_near(delivered_h(b, 1), 21.0, NEAR_H);
        assert_near(delivered_h(b, 2), heavy ? 25.0 : 21.0, NEAR_H);
        close_bench(b);
    }
}

static void lots_that_wait_together_go_on_one_train(void **state)
{
    (void)state;
    for (int heavy = 0; heavy < 2; heavy++) {
        bench *b = new_bench(4);
        const uint32_t l = link(b, 0, 1, KRN_RAIL, 12);
        b->limits.trains[l] = 1;
        b->limits.train_t[l] = heavy ? 100 : 200;
        stream(b, 0, 1, ONE_WAGON_T, at_once, 3);
        run(b);
        assert_near(delivered_h(b, 2), heavy ? 33.0 : 21.0, NEAR_H);
        assert_near(delivered_h(b, 3), heavy ? 45.0 : 33.0, NEAR_H);
        assert_near(b->m[KRN_TOTAL_TRAINS], heavy ? 3.0 : 2.0, 0.0);
        close_bench(b);
    }
}

static void a_lot_too_heavy_for_one_train_goes_in_as_few_as_it_can(void **state)
{
    (void)state;
    for (int n = 2; n <= 30; n++) { /* n wagons of 94 t, a train takes one */
        bench *b = new_bench(4);
        const uint32_t l = link(b, 0, 1, KRN_RAIL, 1);
        b->limits.tracks[l] = 1 + n % 2;
        b->limits.trains[l] = 12;
        b->limits.train_t[l] = 94;
        stream(b, 0, 1, 70.0 * n, at_once, 1);
        run(b);
        assert_near(b->m[KRN_TOTAL_TRAINS], n, 0.0);
        assert_near(b->m[KRN_TOTAL_LOTS], 1.0, 0.0);
        close_bench(b);
    }
}

static void nobody_overtakes_on_two_tracks(void **state)
{
    (void)state;
    bench *b = track_bench(4, true); /* headway 6 h */
    krn_network_free(b->net);
    b->limits.tracks[0] = 2;
    b->net = corridor_network(&b->c);
    b->streams[0].n_ready = 1;
    run(b);
    assert_near(delivered_h(b, 1), 21.0, NEAR_H);
    assert_near(delivered_h(b, 2), 21.0, NEAR_H);
    close_bench(b);
    b = track_bench(4, false);
    krn_network_free(b->net);
    b->limits.tracks[0] = 2;
    b->limits.train_t[0] = 100;
    b->net = corridor_network(&b->c);
    run(b);
    assert_near(delivered_h(b, 2), 27.0, NEAR_H);
    close_bench(b);
}

/* A closed section, two lots before it, one locomotive; another section has to go on. */
static void a_closed_section_keeps_no_locomotive(void **state)
{
    (void)state;
    static const int early[2] = {0, 0}, late[1] = {20};
    bench *b = new_bench(6);
    link(b, 0, 1, KRN_RAIL, 12);
    link(b, 1, 2, KRN_RAIL, 12);
    b->limits.trains[0] = b->limits.trains[1] = 1;
    b->limits.locomotives[0][0] = 1;
    b->limits.train_t[0] = 100;
    stream(b, 0, 1, ONE_WAGON_T, early, 2);
    stream(b, 1, 2, ONE_WAGON_T, late, 1);
    event(b, KRN_SIM_CLOSE, KRN_TABLE_LINK, "l0", 10, 300);
    run(b);
    assert_near(delivered_h(b, 1), 21.0, NEAR_H);
    assert_near(delivered_h(b, 3), 24.0 + 12.0 + 5.0, NEAR_H);
    assert_near(delivered_h(b, 2), 300.0 + 12.0 + 5.0, NEAR_H);
    close_bench(b);
}

static void one_locomotive_takes_one_train_after_another(void **state)
{
    (void)state;
    bench *b = new_bench(4);
    link(b, 0, 1, KRN_RAIL, 12); /* no bound of trains */
    b->limits.locomotives[0][0] = 1;
    b->limits.train_t[0] = 100;
    stream(b, 0, 1, ONE_WAGON_T, at_once, 3);
    run(b);
    assert_near(delivered_h(b, 1), 21.0, NEAR_H);
    assert_near(delivered_h(b, 3), 45.0, NEAR_H);
    assert_near(waited_h(b, 3, KRN_WAIT_LOCOMOTIVE) + waited_h(b, 3, KRN_WAIT_LINE), 24.0, NEAR_H);
    assert_near(use_of(b, KRN_RESOURCE_LOCOMOTIVES, 0, KRN_USE_LEVEL), 36.0 / 720.0, NEAR_H);
    close_bench(b);
}

/* ---- demand and ways ---- */

static void one_month_gets_its_share_and_the_year_its_lots(void **state)
{
    (void)state;
    bench *b = new_bench(2);
    link(b, 0, 1, KRN_ROAD, 2);
    krn_sim_stream *s = stream(b, 0, 1, 20.0, at_once, 0);
    s->ready = NULL;
    s->lots_a_year = 120.0;
    s->month_share[0] = 0.25;
    s->month_share[5] = 0.75;
    b->input.start = (krn_time)krn_day_from_civil(2026, 1, 1) * DAY;
    b->input.days = 365.0;
    for (int chance = 0; chance < 2; chance++) {
        b->input.typical = chance == 0;
        run(b);
        uint32_t made[12] = {0}, all = 0;
        for (uint32_t i = 0; i < b->log.n; i++) {
            int year, month, day;
            if (b->log.events[i].kind != KRN_TRACE_MADE)
                continue;
            krn_day_to_civil((int32_t)(b->log.events[i].at / DAY), &year, &month, &day);
            made[month - 1]++;
            all++;
        }
        assert_int_equal(all, 120);
        assert_true(made[0] >= 29 && made[0] <= 31 && made[5] == all - made[0]);
    }
    s->lots_a_year = 12.0;
    run(b);
    assert_near(b->m[KRN_TOTAL_MADE_T], 240.0, NEAR_H);
    b->input.start = (krn_time)krn_day_from_civil(2026, 6, 16) * DAY; /* half of June */
    b->input.days = 15.0;
    s->lots_a_year = 160.0;
    run(b);
    assert_near(b->m[KRN_TOTAL_MADE_T], 60.0 * 20.0, 20.0);
    close_bench(b);
}

/*   n0 --rail 5 h-- n1, ==road 2 h== beside it; lots at 0, 1, ... 7 h */
static bench *choice_bench(double rail_share)
{
    static const int hourly[8] = {0, 1, 2, 3, 4, 5, 6, 7};
    bench *b = new_bench(4);
    link(b, 0, 1, KRN_RAIL, 5);
    link(b, 0, 1, KRN_ROAD, 2);
    b->limits.gear_t_h[0] = 6; /* 10 h a lot from rest to rail */
    krn_sim_stream *s = stream(b, 0, 1, ONE_WAGON_T, hourly, 8);
    krn_sim_way *ways = krn_arena_calloc(b->arena, 2, sizeof *ways);
    assert_non_null(ways);
    for (uint32_t k = 0; k < s->n_ways; k++) { /* those of one mode all the way */
        krn_activity words;
        krn_network_activity(b->net, s->ways[k].activities[1], &words);
        if (s->ways[k].n_activities == 3)
            ways[words.mode == KRN_RAIL ? 0 : 1] = s->ways[k];
    }
    for (uint32_t k = 0; k < 2; k++) {
        assert_true(ways[k].n_activities == 3);
        ways[k].general_usd = k == 0 ? 1000.0 : 1250.0;
        ways[k].share = k == 0 ? rail_share : 1.0 - rail_share;
        ways[k].group = k;
    }
    s->ways = ways;
    s->n_ways = 2;
    b->input.n_groups = 2;
    return b;
}

static double lots_of(const bench *b, uint32_t group)
{
    return b->m[krn_sim_group_at(b->sim, group, KRN_GROUP_LOTS)];
}

static void lots_take_the_cheapest_way_or_turn_where_the_queue_is_long(void **state)
{
    (void)state;
    bench *b = choice_bench(1.0);
    b->input.routing = KRN_ROUTING_BEST;
    run(b);
    assert_near(lots_of(b, 0), 8.0, 0.0);
    b->input.routing = KRN_ROUTING_ADAPTIVE;
    b->input.patience_h = 5.0; /* the first waits from 1 on: at 7 for 6 hours */
    run(b);
    assert_near(lots_of(b, 0), 7.0, 0.0);
    assert_near(lots_of(b, 1), 1.0, 0.0);
    event(b, KRN_SIM_CLOSE, KRN_TABLE_LINK, "l0", -1, 13); /* still 6 hours at 7 */
    run(b);
    assert_near(lots_of(b, 0), 0.0, 0.0);
    b->events[0].to = b->input.start + 10 * HOUR; /* 5 hours at 5, then a queue of 1 hour */
    run(b);
    assert_near(lots_of(b, 0), 3.0, 0.0);
    close_bench(b);
}

static void lots_spread_by_the_shares_of_the_ways(void **state)
{
    (void)state;
    bench *b = choice_bench(0.3);
    b->streams[0].ready = NULL;
    b->streams[0].lots_a_year = 5000.0;
    sim_even_months(&b->streams[0]);
    b->input.days = 365.0;
    b->input.unlimited = true;
    b->input.typical = false;
    b->input.routing = KRN_ROUTING_LOGIT;
    run(b);
    const double n = lots_of(b, 0) + lots_of(b, 1);
    assert_true(n > 4900.0);
    assert_near(lots_of(b, 0) / n, 0.3, 4.0 * sqrt(0.3 * 0.7 / n));
    close_bench(b);
}

/* ---- extremes ---- */

static void without_demand_all_is_zero(void **state)
{
    (void)state;
    bench *b = post_bench(0);
    run(b);
    for (int t = 0; t < KRN_TOTAL_TFI1_RAIL_H; t++)
        assert_true(b->m[t] == 0.0);
    assert_true(b->m[KRN_TOTAL_LOST_T] == 0.0);
    assert_true(b->m[krn_sim_group_at(b->sim, 0, KRN_GROUP_LOTS)] == 0.0);
    for (uint32_t i = 0; i < krn_sim_resources(b->sim); i++) {
        static const krn_sim_use due[] = {KRN_USE_SHARE,       KRN_USE_SERVED,  KRN_USE_QUEUE_T,
                                          KRN_USE_QUEUE_MAX_T, KRN_USE_LOST_TD, KRN_USE_LEVEL,
                                          KRN_USE_LEVEL_MAX,   KRN_USE_FULL_H,  KRN_USE_BLOCKED_H};
        for (size_t k = 0; k < sizeof due / sizeof *due; k++)
            assert_true(b->m[krn_sim_use_at(b->sim, i, due[k])] == 0.0);
        for (uint32_t w = 0; w < krn_sim_weeks(b->sim); w++)
            for (int k = 0; k < KRN_WEEK_COUNT; k++)
                assert_true(b->m[krn_sim_week_at(b->sim, i, w, (krn_sim_week)k)] == 0.0);
    }
    b->input.n_streams = b->input.n_groups = 0; /* not even a stream */
    run(b);
    assert_true(b->m[KRN_TOTAL_MADE_T] == 0.0 && krn_sim_resources(b->sim) == 0);
    close_bench(b);
}

static void a_warm_up_runs_uncounted(void **state)
{
    (void)state;
    static const int ready[3] = {-47, 0, 1};
    bench *b = new_bench(2);
    b->limits.post[link(b, 0, 1, KRN_RAIL, 2)] = 1; /* a day each */
    stream(b, 0, 1, ONE_WAGON_T, ready, 3);
    b->input.warmup_d = 2.0;
    run(b); /* first: at the post from -41 to -17, over at -12 */
    assert_near(b->m[KRN_TOTAL_BEGUN_T], 0.0, 0.0);
    assert_near(b->m[KRN_TOTAL_LOTS], 2.0, 0.0);
    assert_int_equal(krn_sim_days(b->sim), 32);
    b->ready[0][0] += 20 * HOUR; /* at the post from -21 to 3 */
    run(b);
    assert_near(b->m[KRN_TOTAL_BEGUN_T], ONE_WAGON_T, NEAR_H);
    assert_near(b->m[KRN_TOTAL_MADE_T], 2.0 * ONE_WAGON_T, NEAR_H);
    assert_near(b->m[KRN_TOTAL_DELIVERED_T], 3.0 * ONE_WAGON_T, NEAR_H);
    const uint32_t post = resource(b, KRN_RESOURCE_BORDER, 0);
    assert_near(use_of(b, KRN_RESOURCE_BORDER, 0, KRN_USE_SHARE), 51.0 / 720.0, NEAR_H);
    assert_near(b->m[krn_sim_week_at(b->sim, post, 0, KRN_WEEK_SHARE)], 51.0 / 168.0, NEAR_H);
    assert_near(b->m[krn_sim_week_at(b->sim, post, 4, KRN_WEEK_SHARE)], 0.0, NEAR_H);
    close_bench(b);
}

static void inputs_that_contradict_themselves_are_refused(void **state)
{
    (void)state;
    bench *b = post_bench(1);
    b->input.network = b->net;
    b->input.events = b->events;
    const krn_sim_input good = b->input;
    const krn_sim_stream stream_good = b->streams[0];
    krn_sim *sim = NULL;
    krn_error err;
    for (int wrong = 0; wrong < 12; wrong++) {
        krn_activity_id back[2] = {stream_good.ways[0].activities[1],
                                   stream_good.ways[0].activities[0]};
        krn_sim_way other = stream_good.ways[0];
        b->input = good;
        b->streams[0] = stream_good;
        b->events[0] = (krn_sim_event){.from = 0, .to = 1, .table = KRN_TABLE_BORDER};
        b->input.n_events = wrong >= 8;
        switch (wrong) {
        case 0:
            b->input.days = 0.0;
            break;
        case 1:
            b->input.days = (double)NAN;
            break;
        case 2:
            b->input.warmup_d = -1.0;
            break;
        case 3:
            b->input.days = 1e-9;
            break;
        case 4:
            b->streams[0].ready = NULL;
            b->streams[0].lots_a_year = -1.0;
            break;
        case 5:
            b->streams[0].ready = NULL;
            b->streams[0].lots_a_year = 1.0;
            break;
        case 6:
            b->streams[0].n_ways = 0;
            break;
        case 7:
            other.activities = back;
            other.n_activities = 2;
            b->streams[0].ways = &other;
            break;
        case 8:
            b->events[0].to = 0;
            break;
        case 9:
            b->events[0].kind = KRN_SIM_CAPACITY;
            b->events[0].share = 1.5;
            break;
        case 10:
            b->events[0].row = 99;
            break;
        default:
            b->events[0].table = KRN_TABLE_TARIFF;
            break;
        }
        assert_int_equal(krn_sim_new(&b->input, &sim, &err), KRN_E_ARG);
        assert_true(strlen(err.text) > 10 && !sim);
    }
    close_bench(b);
}

/* ---- the same luck ---- */

static bench *lucky_bench(void)
{
    bench *b = new_bench(4);
    b->c.uncertain = true;
    link(b, 0, 2, KRN_RAIL, 20);
    service(b, link(b, 2, 3, KRN_SEA, 30), "tramp", 30, 60, 500);
    b->limits.trains[0] = 3;
    b->limits.post[0] = 30;
    b->limits.store_t[2] = 900;
    b->limits.wagons[0][0] = 20;
    krn_sim_stream *s = stream(b, 0, 3, 300.0, at_once, 0);
    s->ready = NULL;
    s->lots_a_year = 400.0;
    sim_even_months(s);
    b->input.typical = false;
    return b;
}

static void the_same_replication_gives_the_same_bytes(void **state)
{
    (void)state;
    bench *b = lucky_bench();
    run(b);
    const size_t size = krn_sim_metrics(b->sim) * sizeof *b->m;
    double *again = malloc(size);
    assert_non_null(again);
    sim_run(b->sim, 0, again, NULL);
    assert_memory_equal(again, b->m, size);
    sim_run(b->sim, 1, again, NULL);
    assert_true(memcmp(again, b->m, size) != 0);
    b->input.seed++;
    krn_sim *other = sim_make(&b->input);
    sim_run(other, 0, again, NULL);
    assert_true(memcmp(again, b->m, size) != 0);
    assert_true(krn_sim_fingerprint(other) != krn_sim_fingerprint(b->sim));
    krn_sim_free(other);
    free(again);
    close_bench(b);
}

static void threads_share_one_simulation(void **state)
{
    (void)state;
    bench *b = lucky_bench();
    run(b);
    krn_error err;
    krn_ensemble *one = NULL, *four = NULL;
    krn_ensemble_options options = {.replications = 8, .n_threads = 1};
    assert_int_equal(krn_ensemble_run(b->sim, &options, &one, &err), KRN_OK);
    options.n_threads = 4;
    assert_int_equal(krn_ensemble_run(b->sim, &options, &four, &err), KRN_OK);
    for (uint32_t r = 0; r < 8; r++)
        assert_memory_equal(krn_ensemble_metrics(one, r), krn_ensemble_metrics(four, r),
                            krn_sim_metrics(b->sim) * sizeof(double));
    assert_memory_equal(krn_ensemble_metrics(four, 0), b->m,
                        krn_sim_metrics(b->sim) * sizeof(double));
    krn_ensemble_free(one);
    krn_ensemble_free(four);
    close_bench(b);
}

/* Instants of the lots of stream 0 in the order told, without the number of the lot. */
static uint32_t story_of(const bench *b, krn_time *out, uint32_t most)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < b->log.n; i++)
        if (b->log.events[i].stream == 0 && n < most)
            out[n++] = b->log.events[i].at * 8 + (krn_time)b->log.events[i].kind;
    return n;
}

static void another_stream_changes_no_luck_when_nobody_waits(void **state)
{
    (void)state;
    bench *b = lucky_bench();
    static krn_time before[4096], after[4096];
    b->input.unlimited = true;
    run(b);
    const uint32_t n = story_of(b, before, 4096);
    krn_sim_stream *s = stream(b, 0, 2, 100.0, at_once, 0);
    s->ready = NULL;
    s->lots_a_year = 300.0;
    sim_even_months(s);
    run(b);
    assert_int_equal(story_of(b, after, 4096), n);
    assert_memory_equal(before, after, n * sizeof *before);
    close_bench(b);
}

static void two_streams_between_the_same_places_have_luck_of_their_own(void **state)
{
    (void)state;
    bench *b = lucky_bench();
    krn_sim_stream *s = stream(b, 0, 3, 250.0, at_once, 0);
    s->ready = NULL;
    s->lots_a_year = 400.0;
    sim_even_months(s);
    b->input.unlimited = true;
    run(b);
    krn_time first[2] = {0, 0};
    for (uint32_t i = b->log.n; i-- > 0;)
        if (b->log.events[i].kind == KRN_TRACE_MADE)
            first[b->log.events[i].stream] = b->log.events[i].at;
    assert_true(first[0] != first[1]);
    close_bench(b);
}

/* ---- plans and laws ---- */

/* The mini package: lots alone on the way take what a plan tells, to the second. */
static void nobody_about_and_typical_times_are_those_of_a_plan(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *commodity;
        double tonnes;
        unsigned modes;
        int month, day;
    } cases[] = {
        {"a-farm", "b-gulf", "barley", 3000.0, 1u << KRN_RAIL, 3, 2},
        {"a-farm", "b-gulf", "barley", 3000.0, 1u << KRN_ROAD, 3, 3},
        {"a-farm", "b-city", "barley", 9000.0, KRN_ALL_MODES, 4, 6},
        {"b-city", "a-farm", "barley", 500.0, KRN_ALL_MODES, 4, 6},
        {"a-farm", "c-port", "barley", 20000.0, KRN_ALL_MODES, 3, 9},
        {"a-farm", "b-city", "steel", 2000.0, KRN_ALL_MODES, 1, 12},
        {"b-city", "a-farm", "steel", 900.0, KRN_ALL_MODES, 9, 30},
        {"a-farm", "b-gulf", "machinery", 100.0, KRN_ALL_MODES, 5, 1},
        {"b-gulf", "c-port", "barley", 5000.0, KRN_ALL_MODES, 7, 1},
        {"b-gulf", "a-farm", "barley", 60.0, KRN_ALL_MODES, 5, 1},
    };
    krn_network *net = mini_network(NULL, 0);
    krn_arena *arena = krn_arena_new(NULL, 0);
    uint32_t n_ways = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const krn_time ready =
            (krn_time)krn_day_from_civil(2026, cases[i].month, cases[i].day) * DAY;
        krn_sim_stream s = {
            .lot = {.commodity = mini_row(net, KRN_TABLE_COMMODITY, cases[i].commodity),
                    .loading_unit = KRN_NO_ROW,
                    .net_t = cases[i].tonnes,
                    .origin = mini_row(net, KRN_TABLE_NODE, cases[i].from),
                    .destination = mini_row(net, KRN_TABLE_NODE, cases[i].to),
                    .ready = ready,
                    .due = KRN_TIME_NONE},
            .ready = &ready,
            .n_ready = 1};
        krn_sim_way *ways;
        const uint32_t n = sim_ways(net, &s.lot, cases[i].modes, 0, 0, arena, &ways);
        for (uint32_t k = 0; k < n; k++) {
            s.ways = &ways[k];
            s.n_ways = 1;
            const krn_sim_input input = {.network = net,
                                         .streams = &s,
                                         .n_streams = 1,
                                         .n_groups = 1,
                                         .start = ready,
                                         .days = 200.0,
                                         .seed = 3,
                                         .typical = true,
                                         .unlimited = true};
            const krn_route route = sim_route(net, &s.lot, &ways[k], ready, arena);
            krn_sim *sim = sim_make(&input);
            double *m = calloc(krn_sim_metrics(sim), sizeof *m);
            assert_non_null(m);
            sim_log log = {0};
            sim_run(sim, 0, m, &log);
            assert_string_equal(sim_log_check(&log, &input).why, "");
            uint32_t at = 0;
            for (uint32_t e = 0; e < log.n; e++) {
                if (log.events[e].kind == KRN_TRACE_START)
                    assert_int_equal(log.events[e].at, route.steps[at].start);
                if (log.events[e].kind == KRN_TRACE_END)
                    assert_int_equal(log.events[e].at, route.steps[at++].end);
            }
            assert_int_equal(log.events[log.n - 1].at, route.arrival);
            sim_log_free(&log);
            free(m);
            krn_sim_free(sim);
            n_ways++;
        }
    }
    assert_true(n_ways >= 12);
    krn_arena_free(arena);
    krn_network_free(net);
}

static void without_waiting_lots_take_the_mean_of_their_laws(void **state)
{
    (void)state;
    bench *b = lucky_bench();
    b->input.unlimited = true;
    b->streams[0].lots_a_year = 20000.0;
    b->input.days = 365.0;
    run(b);
    krn_load load;
    krn_activity_cost *costs;
    krn_error err;
    assert_int_equal(krn_network_weigh(b->net, &b->streams[0].lot, b->input.start, b->arena, &load,
                                       &costs, &err),
                     KRN_OK);
    double mean_h = 0.0, variance_h2 = 0.0;
    const krn_sim_way *way = &b->streams[0].ways[0];
    for (uint32_t k = 0; k < way->n_activities; k++) {
        const krn_activity_cost *cost = &costs[way->activities[k].index];
        mean_h += krn_duration_mean_h(cost->duration) + krn_duration_mean_h(cost->wait);
        variance_h2 += cost->variance_h2;
    }
    const double n = lots_of(b, 0);
    assert_true(n > 19000.0);
    assert_near(b->m[krn_sim_group_at(b->sim, 0, KRN_GROUP_MEAN_H)], mean_h,
                4.0 * sqrt(variance_h2 / n));
    close_bench(b);
}

static void unbounded_servers_are_as_good_as_nobody_waiting(void **state)
{
    (void)state;
    bench *b = new_bench(4);
    b->c.uncertain = true;
    link(b, 0, 2, KRN_RAIL, 20);
    krn_sim_stream *s = stream(b, 0, 2, 300.0, at_once, 0);
    s->ready = NULL;
    s->lots_a_year = 900.0;
    sim_even_months(s);
    b->input.typical = false;
    run(b);
    const double limited_h = b->m[krn_sim_group_at(b->sim, 0, KRN_GROUP_MEAN_H)];
    b->input.unlimited = true;
    run(b);
    assert_near(b->m[krn_sim_group_at(b->sim, 0, KRN_GROUP_MEAN_H)], limited_h, NEAR_H);
    close_bench(b);
}

/* ---- order of rows ---- */

/* Lots from farm to gulf and back on the mini package, its rows in another order for seed > 0. */
static void shuffled_run(uint64_t seed, krn_sim **out_sim, krn_network **out_net, double **out_m,
                         krn_arena *arena)
{
    krn_package *package = mini_network_load("tests/support/mini");
    krn_network *net = mini_network_compile(seed ? mini_network_shuffle(package, seed) : package);
    static const char *const places[2][2] = {{"a-farm", "b-gulf"}, {"b-city", "a-farm"}};
    krn_sim_stream *s = krn_arena_calloc(arena, 2, sizeof *s);
    krn_sim_event *event = krn_arena_calloc(arena, 1, sizeof *event);
    const krn_time start = (krn_time)krn_day_from_civil(2026, 3, 2) * DAY;
    assert_true(s && event);
    for (uint32_t i = 0; i < 2; i++) {
        krn_sim_way *ways;
        s[i].lot = (krn_consignment){.commodity = mini_row(net, KRN_TABLE_COMMODITY, "barley"),
                                     .loading_unit = KRN_NO_ROW,
                                     .net_t = 2500.0,
                                     .origin = mini_row(net, KRN_TABLE_NODE, places[i][0]),
                                     .destination = mini_row(net, KRN_TABLE_NODE, places[i][1]),
                                     .ready = start,
                                     .due = KRN_TIME_NONE};
        s[i].n_ways = sim_ways(net, &s[i].lot, KRN_ALL_MODES, 0, i, arena, &ways);
        s[i].ways = ways;
        s[i].lots_a_year = 200.0;
        sim_even_months(&s[i]);
    }
    *event = (krn_sim_event){.kind = KRN_SIM_CLOSE,
                             .from = start + 20 * DAY,
                             .to = start + 25 * DAY,
                             .table = KRN_TABLE_BORDER,
                             .row = mini_row(net, KRN_TABLE_BORDER, "bo-rail-out")};
    const krn_sim_input input = {.network = net,
                                 .streams = s,
                                 .n_streams = 2,
                                 .n_groups = 2,
                                 .events = event,
                                 .n_events = 1,
                                 .start = start,
                                 .days = 100.0,
                                 .routing = KRN_ROUTING_LOGIT,
                                 .seed = 5};
    *out_sim = sim_make(&input);
    *out_net = net;
    *out_m = calloc(krn_sim_metrics(*out_sim), sizeof **out_m);
    assert_non_null(*out_m);
    sim_run(*out_sim, 2, *out_m, NULL);
}

static void no_order_of_rows_changes_a_byte(void **state)
{
    (void)state;
    krn_sim *sim, *other;
    krn_network *net, *other_net;
    double *m, *other_m;
    char name[256], other_name[256];
    krn_arena *arena = krn_arena_new(NULL, 0);
    shuffled_run(0, &sim, &net, &m, arena);
    assert_true(m[KRN_TOTAL_LOTS] > 50.0);
    for (uint64_t seed = 1; seed <= 5; seed++) {
        shuffled_run(seed, &other, &other_net, &other_m, arena);
        assert_int_equal(krn_sim_metrics(other), krn_sim_metrics(sim));
        for (uint32_t i = 0; i < krn_sim_metrics(sim); i++) {
            krn_sim_metric_name(sim, i, name, sizeof name);
            krn_sim_metric_name(other, i, other_name, sizeof other_name);
            assert_string_equal(name, other_name);
            if (memcmp(&m[i], &other_m[i], sizeof *m) != 0)
                fail_msg("%s: %.17g, in another order %.17g", name, m[i], other_m[i]);
        }
        assert_true(krn_sim_fingerprint(sim) == krn_sim_fingerprint(other));
        free(other_m);
        krn_sim_free(other);
        krn_network_free(other_net);
    }
    free(m);
    krn_sim_free(sim);
    krn_network_free(net);
    krn_arena_free(arena);
}

static void no_two_metrics_have_one_name(void **state)
{
    (void)state;
    krn_sim *sim;
    krn_network *net;
    double *m;
    krn_arena *arena = krn_arena_new(NULL, 0);
    shuffled_run(0, &sim, &net, &m, arena);
    const uint32_t n = krn_sim_metrics(sim);
    char(*names)[128] = calloc(n, sizeof *names);
    assert_non_null(names);
    for (uint32_t i = 0; i < n; i++) {
        krn_sim_metric_name(sim, i, names[i], sizeof *names);
        for (uint32_t k = 0; k < i; k++)
            if (strcmp(names[i], names[k]) == 0)
                fail_msg("%s", names[i]);
    }
    free(names);
    free(m);
    krn_sim_free(sim);
    krn_network_free(net);
    krn_arena_free(arena);
}

/* ---- failures ---- */

static void a_trace_that_fails_ends_the_replication(void **state)
{
    (void)state;
    bench *b = lucky_bench();
    b->limits.locomotives[0][0] = 1;
    krn_network_free(b->net);
    b->net = corridor_network(&b->c);
    b->input.days = 12.0;
    run(b);
    const uint32_t n = b->log.n;
    for (uint32_t at = 1; at <= n; at++) {
        krn_error err;
        sim_log log = {.fail_at = at};
        assert_int_equal(krn_sim_replicate(b->sim, 0, sim_log_add, &log, b->m, &err), KRN_E_IO);
        assert_string_equal(err.text, "refused");
        assert_int_equal(log.n, at);
        sim_log_free(&log);
    }
    close_bench(b);
}

static void a_lack_of_memory_anywhere_is_told(void **state)
{
    (void)state;
    bench *b = lucky_bench();
    run(b);
    krn_error err;
    long n = 1;
    for (;; n++) {
        krn_sim *sim = NULL;
        failing_alloc_arm(n);
        const krn_status st = krn_sim_new(&b->input, &sim, &err);
        if (!failing_alloc_disarm()) {
            assert_int_equal(st, KRN_OK);
            krn_sim_free(sim);
            break;
        }
        assert_int_equal(st, KRN_E_MEMORY);
        assert_null(sim);
    }
    assert_true(n > 3);
    for (n = 1;; n++) {
        failing_alloc_arm(n);
        const krn_status st = krn_sim_replicate(b->sim, 0, NULL, NULL, b->m, &err);
        if (!failing_alloc_disarm()) {
            assert_int_equal(st, KRN_OK);
            break;
        }
        assert_int_equal(st, KRN_E_MEMORY);
    }
    assert_true(n > 10);
    close_bench(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wagons_pass_a_post_one_after_another),
        cmocka_unit_test(a_slow_post_keeps_the_lot_as_long_as_it_works_on_it),
        cmocka_unit_test(examinations_are_part_of_the_stay_and_nobody_leaves_before_they_end),
        cmocka_unit_test(a_closed_post_serves_nobody_more_and_lets_go_who_is_under_way),
        cmocka_unit_test(half_of_the_capacity_takes_twice_the_time),
        cmocka_unit_test(a_post_without_capacity_lets_nothing_pass_and_nothing_is_lost),
        cmocka_unit_test(a_ban_holds_at_loading_only),
        cmocka_unit_test(a_lot_without_wagons_of_the_other_gauge_is_set_down),
        cmocka_unit_test(bogies_changed_keep_the_wagon),
        cmocka_unit_test(a_yard_works_on_one_lot_after_another),
        cmocka_unit_test(a_full_store_keeps_the_wagons_and_the_pool_runs_empty),
        cmocka_unit_test(a_tramp_leaves_when_full_and_a_liner_at_its_time),
        cmocka_unit_test(a_lot_too_large_for_one_ship_goes_in_several),
        cmocka_unit_test(a_ship_waits_for_the_berth_as_long_as_another_is_worked_on),
        cmocka_unit_test(no_ship_comes_alongside_at_a_closed_port),
        cmocka_unit_test(room_in_a_closed_port_is_not_entered),
        cmocka_unit_test(one_block_lets_the_second_train_wait_for_the_first),
        cmocka_unit_test(trains_cross_in_a_loop),
        cmocka_unit_test(trains_follow_each_other_at_the_distance_of_a_block),
        cmocka_unit_test(lots_that_wait_together_go_on_one_train),
        cmocka_unit_test(a_lot_too_heavy_for_one_train_goes_in_as_few_as_it_can),
        cmocka_unit_test(nobody_overtakes_on_two_tracks),
        cmocka_unit_test(a_closed_section_keeps_no_locomotive),
        cmocka_unit_test(one_locomotive_takes_one_train_after_another),
        cmocka_unit_test(one_month_gets_its_share_and_the_year_its_lots),
        cmocka_unit_test(lots_take_the_cheapest_way_or_turn_where_the_queue_is_long),
        cmocka_unit_test(lots_spread_by_the_shares_of_the_ways),
        cmocka_unit_test(without_demand_all_is_zero),
        cmocka_unit_test(a_warm_up_runs_uncounted),
        cmocka_unit_test(inputs_that_contradict_themselves_are_refused),
        cmocka_unit_test(the_same_replication_gives_the_same_bytes),
        cmocka_unit_test(threads_share_one_simulation),
        cmocka_unit_test(another_stream_changes_no_luck_when_nobody_waits),
        cmocka_unit_test(two_streams_between_the_same_places_have_luck_of_their_own),
        cmocka_unit_test(nobody_about_and_typical_times_are_those_of_a_plan),
        cmocka_unit_test(without_waiting_lots_take_the_mean_of_their_laws),
        cmocka_unit_test(unbounded_servers_are_as_good_as_nobody_waiting),
        cmocka_unit_test(no_order_of_rows_changes_a_byte),
        cmocka_unit_test(no_two_metrics_have_one_name),
        cmocka_unit_test(a_trace_that_fails_ends_the_replication),
        cmocka_unit_test(a_lack_of_memory_anywhere_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
