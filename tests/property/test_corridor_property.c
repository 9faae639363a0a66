/* SPDX-License-Identifier: Apache-2.0 */
/* test_corridor_property.c - what holds of any running corridor, on random small ones with too
 * little of everything: nobody is stuck for good, and nothing is lost or made of nothing.
 *
 *   lots are made in the first days, both ways            then only time passes
 *   |---------------|-------------------------------------------------------------| all delivered
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/assert_near.h"
#include "support/random_corridor.h"
#include "support/sim_streams.h"

#ifdef NDEBUG
#define CORRIDORS 10000u
#else
#define CORRIDORS 2000u /* every event is checked in these builds */
#endif
#define MOST_STREAMS 4u
#define MOST_READY   12u
#define MOST_EVENTS  4u
#define DAYS         400.0
#define LONG_DAYS    12000.0

typedef struct run {
    uint64_t seed;
    corridor c;
    corridor_limits limits;
    krn_network *net;
    krn_arena *arena;
    krn_sim_stream streams[MOST_STREAMS];
    krn_time ready[MOST_STREAMS][MOST_READY];
    krn_sim_event events[MOST_EVENTS];
    krn_sim_input input;
} run;

static void say(const run *r, const char *what)
{
    fprintf(stderr, "corridor %llu: %s\n", (unsigned long long)r->seed, what);
    fail();
}

static void add_stream(run *r, uint32_t from, uint32_t to)
{
    krn_sim_stream *s = &r->streams[r->input.n_streams];
    krn_time *ready = r->ready[r->input.n_streams];
    const uint32_t n = 1 + corridor_random(&r->c, MOST_READY);
    s->lot = corridor_consignment(r->net);
    s->lot.origin = from;
    s->lot.destination = to;
    s->lot.net_t = 20.0 + corridor_random(&r->c, 1400);
    s->value_of_time_usd_h = 10.0;
    krn_sim_way *ways;
    s->n_ways = sim_ways(r->net, &s->lot, KRN_ALL_MODES, 4, r->input.n_streams, r->arena, &ways);
    if (s->n_ways == 0)
        return;
    s->ways = ways;
    krn_time at = r->input.start;
    for (uint32_t k = 0; k < n; k++) {
        at += corridor_random(&r->c, 2) ? 0 : corridor_random(&r->c, 90000);
        ready[k] = at;
    }
    s->ready = ready;
    s->n_ready = n;
    r->input.n_streams++;
    r->input.n_groups++;
}

/* Closures, losses of capacity and bans of some days, over before the run is. */
static void add_event(run *r)
{
    static const krn_table tables[] = {KRN_TABLE_NODE,      KRN_TABLE_LINK,
                                       KRN_TABLE_BORDER,    KRN_TABLE_GAUGE_CHANGE,
                                       KRN_TABLE_OPERATION, KRN_TABLE_TRIP};
    krn_sim_event *e = &r->events[r->input.n_events];
    const krn_table table = tables[corridor_random(&r->c, 6)];
    const uint32_t n = krn_package_rows(krn_network_package(r->net), table);
    if (n == 0)
        return;
    *e = (krn_sim_event){.kind = (krn_sim_event_kind)corridor_random(&r->c, 3),
                         .from = r->input.start - 3600 + corridor_random(&r->c, 3000000),
                         .table = table,
                         .row = corridor_random(&r->c, n),
                         .share = 0.25 * corridor_random(&r->c, 5),
                         .commodity = corridor_random(&r->c, 2) ? 0 : KRN_NO_ROW};
    e->to = e->from + 1 + corridor_random(&r->c, 3000000);
    r->input.n_events++;
}

static void open_run(run *r, uint64_t seed)
{
    memset(r, 0, sizeof *r);
    r->seed = seed;
    corridor_make(&r->c, seed, 0);
    corridor_limit(&r->c, &r->limits, seed);
    r->net = corridor_network(&r->c);
    r->arena = krn_arena_new(NULL, 0);
    r->input = (krn_sim_input){.network = r->net,
                               .streams = r->streams,
                               .start = corridor_consignment(r->net).ready,
                               .days = DAYS,
                               .seed = seed,
                               .events = r->events,
                               .patience_h = corridor_random(&r->c, 100),
                               .typical = corridor_random(&r->c, 4) == 0,
                               .unlimited = corridor_random(&r->c, 8) == 0,
                               .routing = (krn_sim_routing)corridor_random(&r->c, 3)};
    const uint32_t last = r->c.n_nodes - 1;
    add_stream(r, 0, last);
    add_stream(r, last, 0);
    add_stream(r, corridor_random(&r->c, last), last);
    add_stream(r, last / 2, corridor_random(&r->c, 2) ? last : 0);
    while (r->input.n_events < MOST_EVENTS && corridor_random(&r->c, 2))
        add_event(r);
}

static void close_run(run *r)
{
    krn_arena_free(r->arena);
    krn_network_free(r->net);
}

/* Tonnes under way at the end of each day, as the trace has it. */
static void check_days(const run *r, const krn_sim *sim, const double *m, const sim_log *log)
{
    double under_way = 0.0;
    uint32_t at = 0;
    for (uint32_t d = 0; d < krn_sim_days(sim); d++) {
        const krn_time end = r->input.start + (krn_time)(d + 1) * KRN_SECONDS_PER_DAY - 1;
        for (; at < log->n && log->events[at].at < end; at++) {
            const krn_sim_trace_event *e = &log->events[at];
            under_way += e->kind == KRN_TRACE_MADE        ? e->tonnes
                         : e->kind == KRN_TRACE_DELIVERED ? -e->tonnes
                                                          : 0.0;
        }
        bool tie = at < log->n && log->events[at].at == end;
        if (!tie && fabs(m[krn_sim_day_at(sim, d)] - under_way) > 1e-6)
            say(r, "tonnes under way at the end of a day are not those of the trace");
    }
}

/* Door to door is the sum of its parts. */
static void check_parts(const run *r, const krn_sim *sim, const double *m)
{
    for (uint32_t g = 0; g < krn_sim_groups(sim); g++) {
        const double *x = &m[krn_sim_group_at(sim, g, 0)];
        if (!(x[KRN_GROUP_LOTS] > 0.0))
            continue;
        double sum = x[KRN_GROUP_MOVING_H] + x[KRN_GROUP_HANDLING_H] + x[KRN_GROUP_BORDER_H] +
                     x[KRN_GROUP_GAUGE_H];
        for (unsigned k = 0; k < KRN_WAIT_COUNT; k++)
            sum += x[KRN_GROUP_WAIT_H + k];
        if (fabs(sum - x[KRN_GROUP_MEAN_H]) > 1e-6 * (1.0 + sum)) {
            fprintf(stderr, "group %u: %.6f h door to door, parts %.6f h\n", (unsigned)g,
                    x[KRN_GROUP_MEAN_H], sum);
            say(r, "parts of the time do not add up");
        }
    }
}

static void check_uses(const run *r, const krn_sim *sim, const double *m)
{
    for (uint32_t i = 0; i < krn_sim_resources(sim); i++) {
        const krn_sim_resource words = krn_sim_resource_at(sim, i);
        const double share = m[krn_sim_use_at(sim, i, KRN_USE_SHARE)];
        const double queue = m[krn_sim_use_at(sim, i, KRN_USE_QUEUE_T)];
        if (share < -1e-9 || share > 1.0 + 1e-9 || queue < -1e-9) {
            fprintf(stderr, "%s %u: use %g, queue %g t\n", krn_sim_resource_kind_name(words.kind),
                    (unsigned)i, share, queue);
            say(r, "use outside of 0 to 1, or a queue below 0");
        }
        if (words.kind == KRN_RESOURCE_STORAGE &&
            m[krn_sim_use_at(sim, i, KRN_USE_FULL_H)] > r->input.days * 24.0 + 1e-9)
            say(r, "full for longer than the run");
    }
}

/* What was served is what lots take along their ways, as it is told without running anything: when
 * all are delivered. */
static void check_way_uses(run *r, const krn_sim *sim, const double *m, const sim_log *log)
{
    const uint32_t n = krn_sim_resources(sim);
    double *taken = calloc(n + 1u, sizeof *taken);
    assert_non_null(taken);
    for (uint32_t i = 0; i < log->n; i++) {
        const krn_sim_trace_event *e = &log->events[i];
        krn_sim_way_use *uses;
        uint32_t n_uses = 0;
        if (e->kind != KRN_TRACE_DELIVERED)
            continue;
        if (krn_sim_way_uses(sim, e->stream, e->way, r->arena, &n_uses, &uses, NULL))
            say(r, "uses of a way");
        for (uint32_t k = 0; k < n_uses; k++)
            taken[uses[k].resource] += uses[k].quantity;
    }
    for (uint32_t i = 0; i < n; i++) {
        const krn_sim_resource words = krn_sim_resource_at(sim, i);
        const double served = m[krn_sim_use_at(sim, i, KRN_USE_SERVED)];
        const double share = m[krn_sim_use_at(sim, i, KRN_USE_SHARE)];
        double expected = taken[i], told = served;
        if (words.kind == KRN_RESOURCE_SERVICE)
            told = served > 0.0 ? served * share : 0.0; /* places taken, in departures */
        else if (words.kind != KRN_RESOURCE_BORDER && words.kind != KRN_RESOURCE_GAUGE_YARD &&
                 words.kind != KRN_RESOURCE_TERMINAL)
            continue;
        if (fabs(told - expected) > 1e-6 * (1.0 + expected)) {
            fprintf(stderr, "%s %u: %.9g served, %.9g taken\n",
                    krn_sim_resource_kind_name(words.kind), (unsigned)i, told, expected);
            say(r, "lots take other than what is served");
        }
    }
    free(taken);
}

/* What the lots that are left did last. */
static void tell_left(const krn_sim *sim, const sim_log *log)
{
    for (uint32_t i = 0; i < log->n; i++) {
        const krn_sim_trace_event *e = &log->events[i];
        bool last = e->kind != KRN_TRACE_DELIVERED;
        for (uint32_t k = i + 1; k < log->n && last; k++)
            last = log->events[k].lot != e->lot;
        if (!last)
            continue;
        fprintf(stderr, "lot %u, %g t: event %d of activity %u", (unsigned)e->lot, e->tonnes,
                (int)e->kind, (unsigned)e->activity.index);
        if (e->kind == KRN_TRACE_WAIT)
            fprintf(stderr, ", waits for %s", krn_sim_cause_name(e->cause));
        if (e->resource != KRN_NO_ROW) {
            const krn_sim_resource words = krn_sim_resource_at(sim, e->resource);
            fprintf(stderr, ", %s %u, %g %s", krn_sim_resource_kind_name(words.kind),
                    (unsigned)e->resource, words.capacity, words.unit);
        }
        fprintf(stderr, "\n");
    }
}

/* False: something is left. */
static bool all_delivered(run *r, double days)
{
    r->input.days = days;
    krn_sim *sim = sim_make(&r->input);
    double *m = calloc(krn_sim_metrics(sim), sizeof *m);
    assert_non_null(m);
    sim_log log = {0};
    sim_run(sim, 0, m, &log);
    const sim_story story = sim_log_check(&log, &r->input);
    if (*story.why)
        say(r, story.why);
    const double left = m[krn_sim_total_at(sim, KRN_TOTAL_LEFT_T)];
    if (m[krn_sim_total_at(sim, KRN_TOTAL_LOST_T)] != 0.0 ||
        fabs(story.made_t - story.delivered_t - left) > 1e-6 ||
        fabs(m[krn_sim_total_at(sim, KRN_TOTAL_MADE_T)] - story.made_t) > 1e-6)
        say(r, "made is not delivered and left");
    check_days(r, sim, m, &log);
    check_parts(r, sim, m);
    check_uses(r, sim, m);
    if (left == 0.0 && !r->input.unlimited)
        check_way_uses(r, sim, m, &log);
    if (left > 0.0 && days == LONG_DAYS)
        tell_left(sim, &log);
    sim_log_free(&log);
    free(m);
    krn_sim_free(sim);
    return left == 0.0;
}

static void nobody_is_stuck_and_nothing_is_lost(void **state)
{
    (void)state;
    const char *one = getenv("KERUEN_TEST_SEED");
    uint32_t n_long = 0, n_streams = 0;
    for (uint64_t seed = one ? strtoull(one, NULL, 10) : 1; seed <= CORRIDORS || one; seed++) {
        run r;
        open_run(&r, seed);
        n_streams += r.input.n_streams;
        if (r.input.n_streams && !all_delivered(&r, DAYS)) {
            n_long++;
            if (!all_delivered(&r, LONG_DAYS))
                say(&r, "lots are stuck");
        }
        close_run(&r);
        if (one)
            break;
    }
    print_message("%u streams, %u corridors needed more than %g days\n", (unsigned)n_streams,
                  (unsigned)n_long, DAYS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_is_stuck_and_nothing_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
