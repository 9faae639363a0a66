/* SPDX-License-Identifier: Apache-2.0 */
/* test_resource_wait.c - waits by load against the queues of the books, and what holds of all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scenario/resource_wait.h"
#include "support/assert_near.h"

static double steady(double servers, double spread, double rho)
{
    double slope;
    const krni_queue q = {
        .servers = servers, .service_h = 1.0, .spread = spread, .period_h = (double)INFINITY};
    return krni_queue_wait_h(&q, rho, &slope);
}

static void single_queues_are_those_of_pollaczek_and_khinchine(void **state)
{
    (void)state;
    assert_near(steady(1.0, 1.0, 0.9), 9.0, 1e-9);
    assert_near(steady(1.0, 0.5, 0.8), 2.0, 1e-9); /* M/D/1 */
    assert_near(steady(1.0, 1.0, 0.8), 4.0, 1e-9);
    assert_near(steady(1.0, 2.5, 0.8), 10.0, 1e-9); /* cs2 4 */
}

static void many_servers_wait_as_erlang_says(void **state)
{
    (void)state;
    assert_near(steady(2.0, 1.0, 0.8), 1.777778, 1e-6);
    assert_near(steady(3.0, 1.0, 0.8), 1.078652, 1e-6);
    assert_near(steady(10.0, 1.0, 0.9), 0.668732, 1e-6);
}

/* Berths: waiting over service at 30 to 80 % occupancy, M/M/n and M/E2/n (Allen and Cunneen). */
static void berths_wait_as_the_tables_of_port_planners_say(void **state)
{
    (void)state;
    static const struct {
        double n, m[6], e2[4];
    } rows[] = {
        {1, {0.429, 0.667, 1.000, 1.500, 2.333, 4.000}, {0.750, 1.125, 1.750, 3.000}},
        {2, {0.099, 0.190, 0.333, 0.562, 0.961, 1.778}, {0.250, 0.422, 0.721, 1.333}},
        {3, {0.033, 0.078, 0.158, 0.296, 0.547, 1.079}, {0.118, 0.222, 0.410, 0.809}},
        {4, {0.013, 0.038, 0.087, 0.179, 0.357, 0.746}, {0.065, 0.135, 0.268, 0.559}},
        {5, {0.006, 0.020, 0.052, 0.118, 0.252, 0.554}, {0.039, 0.089, 0.189, 0.416}},
        {6, {0.003, 0.011, 0.033, 0.082, 0.187, 0.432}, {0.025, 0.061, 0.140, 0.324}},
        {8, {0.001, 0.004, 0.015, 0.044, 0.113, 0.286}, {0.011, 0.033, 0.085, 0.215}},
        {10, {0.000, 0.002, 0.007, 0.025, 0.074, 0.205}, {0.005, 0.019, 0.055, 0.153}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (int k = 0; k < 6; k++)
            assert_near(steady(rows[i].n, 1.0, 0.3 + 0.1 * k), rows[i].m[k], 0.0006);
        for (int k = 0; k < 4; k++)
            assert_near(steady(rows[i].n, 0.75, 0.5 + 0.1 * k), rows[i].e2[k], 0.00051);
    }
}

static void a_year_that_begins_empty_is_steady_below_and_grows_above_capacity(void **state)
{
    (void)state;
    double slope;
    const krni_queue q = {.servers = 1.0, .service_h = 0.1, .spread = 1.0, .period_h = KRNI_YEAR_H};
    assert_near_relative(krni_queue_wait_h(&q, 0.8, &slope), 0.4, 0.001);
    assert_near_relative(krni_queue_wait_h(&q, 2.0, &slope), KRNI_YEAR_H / 2.0, 0.001);
    assert_near_relative(slope, KRNI_YEAR_H / 2.0, 0.001);
    /* at capacity: sqrt(T S / 2) */
    assert_near_relative(krni_queue_wait_h(&q, 1.0, &slope), sqrt(KRNI_YEAR_H * 0.1 / 2.0), 1e-9);
}

static const krn_sim_resource kinds[] = {
    {.kind = KRN_RESOURCE_SECTION, .capacity = 1, .rate_a_day = 12},
    {.kind = KRN_RESOURCE_SECTION, .capacity = 2, .rate_a_day = 60},
    {.kind = KRN_RESOURCE_BORDER, .capacity = 1, .rate_a_day = 50},
    {.kind = KRN_RESOURCE_GAUGE_YARD, .capacity = 2, .rate_a_day = 50},
    {.kind = KRN_RESOURCE_TERMINAL, .capacity = 1, .rate_a_day = 4800},
    {.kind = KRN_RESOURCE_SERVICE, .capacity = 3800, .rate_a_day = 0.5},
    {.kind = KRN_RESOURCE_STORAGE, .capacity = 100000, .rate_a_day = (double)NAN},
    {.kind = KRN_RESOURCE_BERTHS, .capacity = 3, .rate_a_day = (double)NAN},
    {.kind = KRN_RESOURCE_WAGONS, .capacity = 94000, .rate_a_day = (double)NAN},
    {.kind = KRN_RESOURCE_LOCOMOTIVES, .capacity = 37, .rate_a_day = (double)NAN},
};
#define N_KINDS (sizeof kinds / sizeof *kinds)

static double capacity_of(const krn_sim_resource *r)
{
    return r->rate_a_day > 0.0 ? r->rate_a_day : r->capacity;
}

static krni_resource_mix mix_of(const krn_sim_resource *r)
{
    krni_resource_mix mix = {0};
    const double capacity = capacity_of(r);
    krni_resource_mix_add(&mix, 2.0, capacity * 0.31, 7.0);
    krni_resource_mix_add(&mix, 1.0, capacity * 0.02, 30.0);
    return mix;
}

static void every_law_is_finite_begins_at_nothing_and_never_falls(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_KINDS; i++)
        for (int mixed = 0; mixed < 2; mixed++) {
            const krn_sim_resource *r = &kinds[i];
            const krni_resource_mix mix = mix_of(r);
            const double capacity = capacity_of(r);
            double last = 0.0, slope;
            assert_near(krni_resource_wait(r, mixed ? &mix : NULL, capacity, 0.0, &slope), 0.0,
                        0.0);
            assert_true(isfinite(slope) && slope >= 0.0);
            for (int k = 1; k <= 400; k++) {
                const double load = capacity * k / 100.0;
                const double wait =
                    krni_resource_wait(r, mixed ? &mix : NULL, capacity, load, &slope);
                assert_true(isfinite(wait) && isfinite(slope) && slope >= 0.0);
                assert_true(wait >= last);
                last = wait;
            }
            assert_true(last > 1000.0); /* four times too much, all year */
        }
}

static void slopes_are_those_of_the_waits(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_KINDS; i++)
        for (int k = 1; k <= 150; k++) {
            const krn_sim_resource *r = &kinds[i];
            const krni_resource_mix mix = mix_of(r);
            const double capacity = capacity_of(r);
            const double load = capacity * (k + 0.37) / 80.0, step = 1e-6 * capacity;
            double slope, ignored;
            const double below = krni_resource_wait(r, &mix, capacity, load - step, &ignored);
            const double above = krni_resource_wait(r, &mix, capacity, load + step, &ignored);
            (void)krni_resource_wait(r, &mix, capacity, load, &slope);
            assert_near(slope * capacity, (above - below) / (2.0 * step) * capacity,
                        1e-5 * (1.0 + slope * capacity));
        }
}

/* A border of 50 wagons a day and lots of 50: one takes a day. */
static void large_lots_wait_for_large_lots(void **state)
{
    (void)state;
    krni_resource_mix mix = {0};
    double slope;
    krni_resource_mix_add(&mix, 0.1, 50.0, 24.0);
    const krni_queue q = krni_resource_queue(&kinds[2], &mix, 50.0);
    assert_near(q.service_h, 24.0, 1e-9);
    assert_near(q.spread, 0.5, 1e-9); /* all alike */
    const double few = krni_resource_wait(&kinds[2], NULL, 50.0, 25.0, &slope);
    assert_near_relative(krni_resource_wait(&kinds[2], &mix, 50.0, 25.0, &slope), 50.0 * few, 0.02);
}

static void more_capacity_never_waits_longer(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_KINDS; i++)
        for (int k = 1; k <= 60; k++) {
            const krn_sim_resource *r = &kinds[i];
            const krni_resource_mix mix = mix_of(r);
            const double capacity = capacity_of(r), load = capacity * k / 30.0;
            double slope;
            const double wait = krni_resource_wait(r, &mix, capacity, load, &slope);
            assert_true(krni_resource_wait(r, &mix, capacity * 1.03, load, &slope) <=
                        wait * (1.0 + 1e-12));
        }
}

static void what_has_no_limit_lets_nobody_wait(void **state)
{
    (void)state;
    double slope = 1.0;
    assert_near(krni_resource_wait_law(&kinds[2], (double)INFINITY, 1e9, &slope), 0.0, 0.0);
    assert_near(slope, 0.0, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(single_queues_are_those_of_pollaczek_and_khinchine),
        cmocka_unit_test(many_servers_wait_as_erlang_says),
        cmocka_unit_test(berths_wait_as_the_tables_of_port_planners_say),
        cmocka_unit_test(a_year_that_begins_empty_is_steady_below_and_grows_above_capacity),
        cmocka_unit_test(every_law_is_finite_begins_at_nothing_and_never_falls),
        cmocka_unit_test(slopes_are_those_of_the_waits),
        cmocka_unit_test(large_lots_wait_for_large_lots),
        cmocka_unit_test(more_capacity_never_waits_longer),
        cmocka_unit_test(what_has_no_limit_lets_nobody_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
