/* SPDX-License-Identifier: Apache-2.0 */
/* test_reliability.c - sampled arrivals follow the laws of the steps, and repeat. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <keruen/duration.h>

#include "plan/planning.h"
#include "support/assert_near.h"
#include "support/random_corridor.h"

#define SAMPLES 20000u

/*  n0 --rail, 2400 km-- n1 ==road, 300 km== n2, all in one country but the last  */
static corridor two_legs(void)
{
    return (corridor){
        .n_nodes = 3,
        .n_links = 2,
        .uncertain = true,
        .links = {{.from = 0, .to = 1, .mode = KRN_RAIL, .km = 2400, .speed_kmh = 20},
                  {.from = 1, .to = 2, .mode = KRN_ROAD, .km = 300, .speed_kmh = 30}}};
}

/*  n0 --rail-- n1 ~~ship on Wednesdays 12:00~~ n2  */
static corridor weekly_ship(void)
{
    return (corridor){.n_nodes = 3,
                      .n_links = 2,
                      .n_services = 1,
                      .uncertain = true,
                      .links = {{.from = 0, .to = 1, .mode = KRN_RAIL, .km = 800, .speed_kmh = 20},
                                {.from = 1, .to = 2, .mode = KRN_SEA, .km = 300, .speed_kmh = 20}},
                      .services = {{.link = 1, .hours = 30, .days = 1u << 2, .hour = 12}}};
}

static krn_plan_query query_of(const krn_network *network, uint32_t samples)
{
    krn_plan_query q;
    krn_plan_query_init(&q);
    q.consignment = corridor_consignment(network);
    q.samples = samples;
    return q;
}

/* Mean and standard deviation of arrivals, hours after the ready time. */
static void moments(const krn_network *network, krn_plan_query *q, krn_arena *arena,
                    krn_plan_result *result, double *out_mean_h, double *out_sd_h, krn_time *all)
{
    assert_int_equal(krn_plan(network, q, arena, result, NULL), KRN_OK);
    assert_true(result->n_routes > 0);
    krni_planning planning = {.network = network, .query = q, .arena = arena, .scratch = arena};
    assert_int_equal(krni_plan_prepare(&planning), KRN_OK);
    assert_int_equal(krni_sample_routes(&planning, result->routes, 1, all), KRN_OK);
    double sum = 0.0, squares = 0.0;
    for (uint32_t i = 0; i < q->samples; i++) {
        const double h = (double)(all[i] - q->consignment.ready) / KRN_SECONDS_PER_HOUR;
        sum += h;
        squares += h * h;
    }
    *out_mean_h = sum / q->samples;
    *out_sd_h = sqrt(squares / q->samples - *out_mean_h * *out_mean_h);
}

static void mean_and_deviation_are_those_of_the_steps(void **state)
{
    krn_arena *arena = *state;
    const corridor c = two_legs();
    krn_network *network = corridor_network(&c);
    krn_plan_query q = query_of(network, SAMPLES);
    krn_time *all = malloc(SAMPLES * sizeof *all);
    krn_plan_result result;
    double mean_h, sd_h;
    moments(network, &q, arena, &result, &mean_h, &sd_h, all);
    const krn_route *route = &result.routes[0];
    double expected_h =
        (double)(route->departure - q.consignment.ready) / KRN_SECONDS_PER_HOUR; /* papers */
    for (uint32_t i = 0; i < route->n_steps; i++) {
        if (i > 0) /* no clock holds */
            assert_int_equal(route->steps[i].start, route->steps[i].arrive);
        expected_h += krn_duration_mean_h(route->steps[i].duration);
    }
    const double error_h = 3.0 * route->risk_h / sqrt(SAMPLES);
    assert_near(mean_h, expected_h, error_h + 0.003 * expected_h);
    assert_near_relative(sd_h, route->risk_h, 0.04);
    free(all);
    krn_network_free(network);
}

static int compare_times(const void *a, const void *b)
{
    const krn_time x = *(const krn_time *)a, y = *(const krn_time *)b;
    return x < y ? -1 : x > y;
}

static void percentiles_are_those_of_the_samples(void **state)
{
    krn_arena *arena = *state;
    const corridor c = weekly_ship();
    krn_network *network = corridor_network(&c);
    krn_plan_query q = query_of(network, 1000);
    krn_time all[1000];
    krn_plan_result result;
    double mean_h, sd_h;
    moments(network, &q, arena, &result, &mean_h, &sd_h, all);
    qsort(all, 1000, sizeof *all, compare_times);
    assert_int_equal(result.routes[0].arrival_p10, all[99]);
    assert_int_equal(result.routes[0].arrival_p50, all[499]);
    assert_int_equal(result.routes[0].arrival_p90, all[899]);
    krn_network_free(network);
}

/* The ship leaves on Wednesdays; every sample boards one of them, some miss the planned one. */
static void a_missed_departure_means_the_next_one(void **state)
{
    krn_arena *arena = *state;
    const corridor c = weekly_ship();
    krn_network *network = corridor_network(&c);
    krn_plan_query q = query_of(network, 1000);
    q.consignment.ready += 8 * KRN_SECONDS_PER_HOUR;
    krn_time all[1000];
    krn_plan_result result;
    double mean_h, sd_h;
    moments(network, &q, arena, &result, &mean_h, &sd_h, all);
    uint32_t weeks[4] = {0};
    for (uint32_t i = 0; i < 1000; i++) {
        const krn_time late = all[i] - result.routes[0].arrival + 3 * KRN_SECONDS_PER_DAY;
        assert_true(late >= 0 && late / (7 * KRN_SECONDS_PER_DAY) < 4);
        weeks[late / (7 * KRN_SECONDS_PER_DAY)]++;
        assert_true(late % (7 * KRN_SECONDS_PER_DAY) < 6 * KRN_SECONDS_PER_DAY);
    }
    assert_true(weeks[0] > 100 && weeks[1] > 10);
    krn_network_free(network);
}

static void the_chance_grows_with_the_due_time(void **state)
{
    krn_arena *arena = *state;
    const corridor c = two_legs();
    krn_network *network = corridor_network(&c);
    krn_plan_query q = query_of(network, 1000);
    double before = 0.0;
    krn_plan_result result;
    assert_int_equal(krn_plan(network, &q, arena, &result, NULL), KRN_OK);
    assert_true(isnan(result.routes[0].on_time_prob));
    const krn_time arrival = result.routes[0].arrival;
    for (int h = 0; h <= 200; h += 20) {
        q.consignment.due = arrival + h * KRN_SECONDS_PER_HOUR;
        assert_int_equal(krn_plan(network, &q, arena, &result, NULL), KRN_OK);
        assert_true(result.routes[0].on_time_prob >= before);
        before = result.routes[0].on_time_prob;
    }
    assert_true(before > 0.95);
    krn_network_free(network);
}

static void the_seed_alone_decides(void **state)
{
    krn_arena *arena = *state;
    const corridor c = two_legs();
    krn_network *network = corridor_network(&c);
    krn_plan_query q = query_of(network, 300);
    krn_plan_result a, b, other;
    assert_int_equal(krn_plan(network, &q, arena, &a, NULL), KRN_OK);
    assert_int_equal(krn_plan(network, &q, arena, &b, NULL), KRN_OK);
    q.seed++;
    assert_int_equal(krn_plan(network, &q, arena, &other, NULL), KRN_OK);
    assert_int_equal(a.routes[0].arrival_p90, b.routes[0].arrival_p90);
    assert_int_equal(a.routes[0].arrival_p10, b.routes[0].arrival_p10);
    assert_true(a.routes[0].arrival_p10 != other.routes[0].arrival_p10 ||
                a.routes[0].arrival_p90 != other.routes[0].arrival_p90);
    krn_network_free(network);
}

static void certain_times_have_one_arrival(void **state)
{
    krn_arena *arena = *state;
    corridor c = weekly_ship();
    c.uncertain = false;
    krn_network *network = corridor_network(&c);
    krn_plan_query q = query_of(network, 100);
    krn_plan_result result;
    assert_int_equal(krn_plan(network, &q, arena, &result, NULL), KRN_OK);
    const krn_route *route = &result.routes[0];
    assert_near(route->risk_h, 0.0, 1e-12);
    assert_int_equal(route->arrival_p10, route->arrival);
    assert_int_equal(route->arrival_p90, route->arrival);
    krn_network_free(network);
}

static int set_up(void **state)
{
    *state = krn_arena_new(NULL, 0);
    return *state ? 0 : 1;
}

static int tear_down(void **state)
{
    krn_arena_free(*state);
    return 0;
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(mean_and_deviation_are_those_of_the_steps),
        CASE(percentiles_are_those_of_the_samples),
        CASE(a_missed_departure_means_the_next_one),
        CASE(the_chance_grows_with_the_due_time),
        CASE(the_seed_alone_decides),
        CASE(certain_times_have_one_arrival),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
