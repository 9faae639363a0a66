/* SPDX-License-Identifier: Apache-2.0 */
/* test_sim_question.c - demand of the mini corridor to streams of lots and their ways.
 *
 *   a-farm --rail by Gates--> b-city        barley 400,000 t a year in lots of 3,000 t
 *          \-road by Posts--/               machinery back in containers */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <keruen/calendar.h>
#include <keruen/scenario.h>

#include "support/assert_near.h"
#include "support/mini_network.h"

typedef struct desk {
    krn_network *net;
    krn_arena *arena;
    krn_demand_list demand;
    krn_sim_question q;
    krn_sim_setup setup;
    krn_error err;
} desk;

static int open_desk(void **state)
{
    desk *d = calloc(1, sizeof *d);
    if (!d)
        return 1;
    d->net = mini_network(NULL, 0);
    d->arena = krn_arena_new(NULL, 0);
    if (krn_demand_of_year(krn_network_package(d->net), 0, d->arena, &d->demand, &d->err))
        return 1;
    d->q =
        (krn_sim_question){.demand = &d->demand,
                           .demand_share = 1,
                           .routing = KRN_ROUTING_LOGIT,
                           .most_ways = 8,
                           .start = (krn_time)krn_day_from_civil(2026, 1, 1) * KRN_SECONDS_PER_DAY,
                           .warmup_d = 30,
                           .days = 365,
                           .seed = 1,
                           .n_threads = 1};
    *state = d;
    return 0;
}

static int close_desk(void **state)
{
    desk *d = *state;
    krn_arena_free(d->arena);
    krn_network_free(d->net);
    free(d);
    return 0;
}

static void prepare(desk *d)
{
    if (krn_sim_prepare(d->net, &d->q, d->arena, &d->setup, &d->err))
        fail_msg("%s", d->err.text);
}

static void shares_of_a_stream_add_up_to_one(void **state)
{
    desk *d = *state;
    prepare(d);
    assert_true(d->setup.input.n_streams > 0);
    for (uint32_t i = 0; i < d->setup.input.n_streams; i++) {
        const krn_sim_stream *s = &d->setup.input.streams[i];
        double sum = 0, months = 0;
        for (uint32_t w = 0; w < s->n_ways; w++) {
            assert_true(s->ways[w].share >= 0 && s->ways[w].share <= 1);
            sum += s->ways[w].share;
        }
        for (uint32_t m = 0; m < 12; m++)
            months += s->month_share[m];
        assert_near(sum, 1, 1e-12);
        assert_near(months, 1, 1e-9);
    }
}

static void a_dearer_way_has_a_smaller_share_by_the_logit_law(void **state)
{
    desk *d = *state;
    prepare(d);
    const krn_package *p = krn_network_package(d->net);
    const int column = krn_package_column(p, KRN_TABLE_CONFIG, "kr_logit_usd_t");
    assert_true(column >= 0);
    const double spread_usd_t = krn_package_number(p, KRN_TABLE_CONFIG, 0, (uint32_t)column);
    uint32_t compared = 0;
    for (uint32_t i = 0; i < d->setup.input.n_streams; i++) {
        const krn_sim_stream *s = &d->setup.input.streams[i];
        for (uint32_t w = 1; w < s->n_ways; w++, compared++) {
            const double dearer_usd_t =
                (s->ways[w].general_usd - s->ways[w - 1].general_usd) / s->lot.net_t;
            assert_true(dearer_usd_t >= 0);
            assert_near_relative(s->ways[w].share / s->ways[w - 1].share,
                                 exp(-dearer_usd_t / spread_usd_t), 1e-9);
        }
    }
    assert_true(compared > 0);
}

static void tonnes_of_a_year_are_lots_times_their_size(void **state)
{
    desk *d = *state;
    prepare(d);
    double sum_t = 0;
    for (uint32_t i = 0; i < d->setup.input.n_streams; i++) {
        const krn_sim_stream *s = &d->setup.input.streams[i];
        const krn_demand *row = &d->demand.rows[d->setup.stream_row[i]];
        assert_near_relative(s->lots_a_year * s->lot.net_t, row->year_t, 1e-9);
        sum_t += row->year_t;
    }
    assert_near_relative(sum_t + d->setup.unserved_t, d->demand.total_t, 1e-9);
    assert_near_relative(d->setup.asked_t, d->demand.total_t, 1e-9);
}

static void a_scale_multiplies_lots_and_nothing_else(void **state)
{
    desk *d = *state;
    prepare(d);
    const krn_sim_setup once = d->setup;
    d->q.demand_share = 2;
    prepare(d);
    assert_int_equal(d->setup.input.n_streams, once.input.n_streams);
    assert_int_equal(d->setup.n_groups, once.n_groups);
    for (uint32_t i = 0; i < once.input.n_streams; i++) {
        const krn_sim_stream *a = &once.input.streams[i], *b = &d->setup.input.streams[i];
        assert_near_relative(b->lots_a_year, 2 * a->lots_a_year, 1e-12);
        assert_near(b->lot.net_t, a->lot.net_t, 0);
        assert_int_equal(b->n_ways, a->n_ways);
        for (uint32_t w = 0; w < a->n_ways; w++)
            assert_near(b->ways[w].share, a->ways[w].share, 0);
    }
    d->q.demand_share = 0;
    prepare(d);
    assert_int_equal(d->setup.n_groups, once.n_groups);
    assert_near(d->setup.asked_t, 0, 0);
}

static void the_best_way_alone_is_the_cheapest_of_several(void **state)
{
    desk *d = *state;
    prepare(d);
    const krn_sim_setup several = d->setup;
    d->q.routing = KRN_ROUTING_BEST;
    prepare(d);
    for (uint32_t i = 0; i < d->setup.input.n_streams; i++) {
        const krn_sim_stream *s = &d->setup.input.streams[i];
        assert_int_equal(s->n_ways, 1);
        assert_near(s->ways[0].share, 1, 0);
        assert_near(s->ways[0].general_usd, several.input.streams[i].ways[0].general_usd, 0);
    }
}

/* at rest -> load -> haul ... -> unload -> at rest */
static void a_way_leads_from_rest_to_rest_without_a_gap(void **state)
{
    desk *d = *state;
    prepare(d);
    for (uint32_t i = 0; i < d->setup.input.n_streams; i++) {
        const krn_sim_stream *s = &d->setup.input.streams[i];
        for (uint32_t w = 0; w < s->n_ways; w++) {
            krn_activity before, a;
            krn_network_activity(d->net, s->ways[w].activities[0], &a);
            assert_int_equal(a.from_node, s->lot.origin);
            assert_int_equal(a.from_side, KRN_SIDE_REST);
            for (uint32_t k = 1; k < s->ways[w].n_activities; k++) {
                before = a;
                krn_network_activity(d->net, s->ways[w].activities[k], &a);
                assert_int_equal(a.from.index, before.to.index);
            }
            assert_int_equal(a.to_node, s->lot.destination);
            assert_int_equal(a.to_side, KRN_SIDE_REST);
        }
    }
}

static void groups_hold_all_that_is_planned(void **state)
{
    desk *d = *state;
    prepare(d);
    double planned_t = 0;
    for (uint32_t g = 0; g < d->setup.n_groups; g++) {
        assert_true(d->setup.groups[g].way[0] != '\0');
        assert_true(d->setup.groups[g].free_flow_h > 0);
        planned_t += d->setup.groups[g].planned_t;
    }
    assert_near_relative(planned_t + d->setup.unserved_t, d->setup.asked_t, 1e-9);
    for (uint32_t i = 0; i < d->setup.input.n_streams; i++)
        for (uint32_t w = 0; w < d->setup.input.streams[i].n_ways; w++)
            assert_true(d->setup.input.streams[i].ways[w].group < d->setup.n_groups);
}

static void demand_without_a_way_is_counted_with_its_reason(void **state)
{
    desk *d = *state;
    krn_demand odd = d->demand.rows[0];
    odd.origin = mini_row(d->net, KRN_TABLE_NODE, "c-city");
    odd.destination = mini_row(d->net, KRN_TABLE_NODE, "a-spur");
    krn_demand_list list = {.n = 1, .rows = &odd, .total_t = odd.year_t};
    d->q.demand = &list;
    prepare(d);
    assert_int_equal(d->setup.input.n_streams, 0);
    assert_int_equal(d->setup.n_unserved, 1);
    assert_near(d->setup.unserved_t, odd.year_t, 1e-6);
    assert_true(strlen(d->setup.unserved[0].reason) > 10);
}

static void a_dated_consignment_is_one_lot_that_no_scale_changes(void **state)
{
    desk *d = *state;
    krn_demand dated = d->demand.rows[0];
    dated.ready = d->q.start + 10 * KRN_SECONDS_PER_DAY;
    dated.year_t = 500;
    krn_demand_list list = {.n = 1, .rows = &dated, .total_t = 500};
    d->q.demand = &list;
    d->q.demand_share = 3;
    prepare(d);
    assert_int_equal(d->setup.input.n_streams, 1);
    assert_int_equal(d->setup.input.streams[0].n_ready, 1);
    assert_near(d->setup.input.streams[0].lot.net_t, 500, 0);
    assert_near(d->setup.asked_t, 500, 0);
    assert_int_equal(d->setup.n_outside, 0);
    dated.ready = d->q.start + 500 * (krn_time)KRN_SECONDS_PER_DAY;
    prepare(d);
    assert_int_equal(d->setup.n_outside, 1);
}

static void the_same_on_any_number_of_threads(void **state)
{
    desk *d = *state;
    prepare(d);
    const krn_sim_setup alone = d->setup;
    d->q.n_threads = 3;
    prepare(d);
    assert_int_equal(d->setup.input.n_streams, alone.input.n_streams);
    for (uint32_t i = 0; i < alone.input.n_streams; i++) {
        const krn_sim_stream *a = &alone.input.streams[i], *b = &d->setup.input.streams[i];
        assert_int_equal(a->n_ways, b->n_ways);
        for (uint32_t w = 0; w < a->n_ways; w++) {
            assert_int_equal(a->ways[w].n_activities, b->ways[w].n_activities);
            assert_memory_equal(a->ways[w].activities, b->ways[w].activities,
                                a->ways[w].n_activities * sizeof *a->ways[w].activities);
            assert_int_equal(a->ways[w].group, b->ways[w].group);
        }
    }
}

static void refused(desk *d, krn_status status)
{
    d->err = (krn_error){0};
    assert_int_equal(krn_sim_prepare(d->net, &d->q, d->arena, &d->setup, &d->err), status);
    assert_true(strlen(d->err.text) > 10);
}

static void questions_that_contradict_themselves_are_refused(void **state)
{
    desk *d = *state;
    const krn_sim_question good = d->q;
    d->q.demand_share = -1;
    refused(d, KRN_E_ARG);
    d->q = good;
    d->q.demand_share = (double)NAN;
    refused(d, KRN_E_ARG);
    d->q = good;
    d->q.days = 0;
    refused(d, KRN_E_ARG);
    d->q = good;
    d->q.warmup_d = -1;
    refused(d, KRN_E_ARG);
    d->q = good;
    d->q.most_ways = 0;
    refused(d, KRN_E_ARG);
}

static bool stop_at_once(void *context, uint32_t done, uint32_t n)
{
    (void)context;
    assert_true(done <= n);
    return false;
}

/* kr_patience_d is blank in the mini corridor. */
static void without_a_patience_in_the_package_no_queue_is_too_long(void **state)
{
    desk *d = *state;
    prepare(d);
    assert_true(isinf(d->setup.input.patience_h));
}

static void who_watches_may_stop_it(void **state)
{
    desk *d = *state;
    d->q.progress = stop_at_once;
    refused(d, KRN_E_CANCELLED);
}

#define AT_DESK(test) cmocka_unit_test_setup_teardown(test, open_desk, close_desk)

int main(void)
{
    const struct CMUnitTest tests[] = {
        AT_DESK(shares_of_a_stream_add_up_to_one),
        AT_DESK(a_dearer_way_has_a_smaller_share_by_the_logit_law),
        AT_DESK(tonnes_of_a_year_are_lots_times_their_size),
        AT_DESK(a_scale_multiplies_lots_and_nothing_else),
        AT_DESK(the_best_way_alone_is_the_cheapest_of_several),
        AT_DESK(a_way_leads_from_rest_to_rest_without_a_gap),
        AT_DESK(groups_hold_all_that_is_planned),
        AT_DESK(demand_without_a_way_is_counted_with_its_reason),
        AT_DESK(a_dated_consignment_is_one_lot_that_no_scale_changes),
        AT_DESK(the_same_on_any_number_of_threads),
        AT_DESK(questions_that_contradict_themselves_are_refused),
        AT_DESK(without_a_patience_in_the_package_no_queue_is_too_long),
        AT_DESK(who_watches_may_stop_it)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
