/* SPDX-License-Identifier: Apache-2.0 */
/* test_trade_delay.c - tables of waits that the simulation of the mini corridor makes. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <keruen/calendar.h>
#include <keruen/trade.h>

#include "support/assert_near.h"
#include "support/mini_network.h"

typedef struct desk {
    krn_network *net;
    krn_arena *arena;
    krn_demand_list demand;
    krn_trade_question q;
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
    d->q = (krn_trade_question){
        .demand = &d->demand,
        .demand_share = 1.0,
        .most_ways = 4,
        .ready = (krn_time)krn_day_from_civil(2026, 7, 1) * KRN_SECONDS_PER_DAY,
        .n_threads = 1,
    };
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

static const krn_trade_delay *simulate(desk *d, uint32_t *n)
{
    const krn_trade_delay *tables;
    if (krn_trade_delays_simulate(d->net, &d->q, 1, d->arena, &tables, n, &d->err))
        fail_msg("%s", d->err.text);
    return tables;
}

static void tables_begin_at_nothing_and_never_fall(void **state)
{
    desk *d = *state;
    uint32_t n;
    const krn_trade_delay *tables = simulate(d, &n);
    bool border = false, waits = false;
    assert_true(n > 3);
    for (uint32_t i = 0; i < n; i++) {
        const krn_trade_delay *t = &tables[i];
        border |= strcmp(t->resource, "border/bo-rail-out") == 0;
        assert_true(t->n_points >= 2);
        assert_true(t->load_a_day[0] == 0.0 && t->wait_h[0] == 0.0);
        for (uint32_t k = 1; k < t->n_points; k++) {
            assert_true(t->load_a_day[k] > t->load_a_day[k - 1]);
            assert_true(t->wait_h[k] >= t->wait_h[k - 1] && isfinite(t->wait_h[k]));
            waits |= t->wait_h[k] > 0.0;
        }
        for (uint32_t j = 0; j < i; j++)
            assert_string_not_equal(t->resource, tables[j].resource);
    }
    assert_true(border && waits);
}

static void twice_the_demand_is_twice_the_load(void **state)
{
    desk *d = *state;
    uint32_t n, twice_n;
    const krn_trade_delay *once = simulate(d, &n);
    d->q.demand_share = 2.0;
    const krn_trade_delay *twice = simulate(d, &twice_n);
    assert_int_equal(n, twice_n);
    for (uint32_t i = 0; i < n; i++) {
        assert_string_equal(once[i].resource, twice[i].resource);
        for (uint32_t k = 0; k < once[i].n_points; k++)
            assert_near_relative(twice[i].load_a_day[k], 2.0 * once[i].load_a_day[k], 1e-12);
    }
}

static void the_number_of_threads_changes_nothing(void **state)
{
    desk *d = *state;
    uint32_t n, again_n;
    const krn_trade_delay *one = simulate(d, &n);
    d->q.n_threads = 2;
    const krn_trade_delay *two = simulate(d, &again_n);
    assert_int_equal(n, again_n);
    for (uint32_t i = 0; i < n; i++)
        assert_memory_equal(one[i].wait_h, two[i].wait_h, one[i].n_points * sizeof(double));
}

static void without_demand_there_is_no_table(void **state)
{
    desk *d = *state;
    uint32_t n = 7;
    d->q.demand_share = 0.0;
    (void)simulate(d, &n);
    assert_int_equal(n, 0);
}

static bool stop(void *context, uint32_t done, uint32_t n)
{
    uint32_t *left = context;
    (void)done;
    (void)n;
    return (*left)-- > 1;
}

static void it_can_be_stopped_at_any_time(void **state)
{
    desk *d = *state;
    const krn_trade_delay *tables;
    uint32_t n;
    d->q.progress = stop;
    for (uint32_t after = 1; after < 12; after += 4) {
        uint32_t left = after;
        d->q.progress_context = &left;
        assert_int_equal(
            krn_trade_delays_simulate(d->net, &d->q, 1, d->arena, &tables, &n, &d->err),
            KRN_E_CANCELLED);
    }
    assert_int_equal(krn_trade_delays_simulate(NULL, &d->q, 1, d->arena, &tables, &n, &d->err),
                     KRN_E_ARG);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, open_desk, close_desk)
    const struct CMUnitTest tests[] = {
        CASE(tables_begin_at_nothing_and_never_fall), CASE(twice_the_demand_is_twice_the_load),
        CASE(the_number_of_threads_changes_nothing),  CASE(without_demand_there_is_no_table),
        CASE(it_can_be_stopped_at_any_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
