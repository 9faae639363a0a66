/* SPDX-License-Identifier: Apache-2.0 */
/* test_assign_property.c - laws of equilibria on random networks with all laws of time, tolls and
 * classes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/assert_near.h"
#include "support/traffic.h"

#define N_SEEDS 30u

static void flow_is_conserved_and_classes_add_up(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= N_SEEDS; seed++) {
        const uint32_t n_classes = 1 + seed % 3;
        traffic t = traffic_random(seed, 12 + seed, n_classes);
        krn_assignment *a = traffic_assign(&t, KRN_ASSIGN_USER, KRN_ASSIGN_SEGMENT, 1e-11, 1);
        assert_near(traffic_imbalance_share(&t, a), 0.0, 1e-12);
        for (uint32_t k = 0; k < t.network.n_links; k++) {
            double load = 0.0;
            for (uint32_t c = 0; c < n_classes; c++)
                load += t.classes[c].equivalents * krn_assignment_class_flow(a, c)[k];
            assert_near(krn_assignment_load(a)[k], load, 1e-9);
            assert_true(load >= 0.0);
        }
        krn_assignment_free(a);
        traffic_free(&t);
    }
}

static void both_algorithms_find_one_objective(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= N_SEEDS; seed++)
        for (int method = KRN_ASSIGN_USER; method <= KRN_ASSIGN_SYSTEM; method++) {
            traffic t = traffic_random(100 + seed, 10 + seed % 7, 1 + seed % 2);
            krn_assignment *a =
                traffic_assign(&t, (krn_assign_method)method, KRN_ASSIGN_SEGMENT, 1e-11, 1);
            krn_assignment *b =
                traffic_assign(&t, (krn_assign_method)method, KRN_ASSIGN_FW, 3e-4, 1);
            const double one = krn_assignment_step(a).objective_cost;
            const double other = krn_assignment_step(b).objective_cost;
            assert_true(one <= other * (1.0 + 1e-11));
            assert_near_relative(other, one, 1e-3);
            krn_assignment_free(a);
            krn_assignment_free(b);
            traffic_free(&t);
        }
}

static void the_system_optimum_costs_no_more_than_the_equilibrium(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= N_SEEDS; seed++) {
        traffic t = traffic_random(200 + seed, 15, 2);
        krn_assignment *user = traffic_assign(&t, KRN_ASSIGN_USER, KRN_ASSIGN_SEGMENT, 1e-10, 1);
        krn_assignment *best = traffic_assign(&t, KRN_ASSIGN_SYSTEM, KRN_ASSIGN_SEGMENT, 1e-10, 1);
        assert_true(krn_assignment_total_cost(best) <=
                    krn_assignment_total_cost(user) * (1.0 + 1e-9));
        assert_near_relative(krn_assignment_step(best).objective_cost,
                             krn_assignment_total_cost(best), 1e-9);
        krn_assignment_free(user);
        krn_assignment_free(best);
        traffic_free(&t);
    }
}

static void more_capacity_never_raises_the_cost_of_the_optimum(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= N_SEEDS; seed++) {
        traffic t = traffic_random(300 + seed, 12, 1);
        krn_assignment *before =
            traffic_assign(&t, KRN_ASSIGN_SYSTEM, KRN_ASSIGN_SEGMENT, 1e-11, 1);
        t.links[seed % t.network.n_links].delay.capacity *= 1.5;
        krn_assignment *after = traffic_assign(&t, KRN_ASSIGN_SYSTEM, KRN_ASSIGN_SEGMENT, 1e-11, 1);
        assert_true(krn_assignment_total_cost(after) <=
                    krn_assignment_total_cost(before) * (1.0 + 1e-10));
        krn_assignment_free(before);
        krn_assignment_free(after);
        traffic_free(&t);
    }
}

static void any_number_of_threads_gives_the_same_bytes(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 6; seed++)
        for (int algorithm = KRN_ASSIGN_SEGMENT; algorithm <= KRN_ASSIGN_FW; algorithm++) {
            traffic t = traffic_random(400 + seed, 40, 2);
            krn_assignment *one =
                traffic_assign(&t, KRN_ASSIGN_USER, (krn_assign_algorithm)algorithm, 1e-3, 1);
            for (unsigned n_threads = 2; n_threads <= 5; n_threads++) {
                krn_assignment *more = traffic_assign(
                    &t, KRN_ASSIGN_USER, (krn_assign_algorithm)algorithm, 1e-3, n_threads);
                assert_memory_equal(krn_assignment_load(one), krn_assignment_load(more),
                                    t.network.n_links * sizeof(double));
                krn_assignment_free(more);
            }
            krn_assignment_free(one);
            traffic_free(&t);
        }
}

static void users_of_a_link_are_the_same_bytes_on_any_number_of_threads(void **state)
{
    (void)state;
    traffic t = traffic_random(450, 40, 2);
    double trips[2][400], loads[2][200];
    assert_true(t.network.n_trips <= 400 && t.network.n_links <= 200);
    for (unsigned n_threads = 1; n_threads <= 3; n_threads += 2) {
        krn_assignment *a = NULL;
        const krn_assign_options options = {
            .gap_share = 1e-10, .n_threads = n_threads, .proportional = true};
        assert_int_equal(krn_assign(&t.network, &options, &a, NULL), KRN_OK);
        assert_true(krn_assignment_spread_share(a) < 1e-6);
        assert_int_equal(
            krn_assignment_select(a, 5, trips[n_threads / 2], loads[n_threads / 2], NULL), KRN_OK);
        krn_assignment_free(a);
    }
    assert_memory_equal(trips[0], trips[1], t.network.n_trips * sizeof(double));
    assert_memory_equal(loads[0], loads[1], t.network.n_links * sizeof(double));
    traffic_free(&t);
}

/* 0 -> 1 is the only way to 1; nobody may pass 2, nothing leads to 4. */
static void trips_without_a_way_are_told_and_not_lost(void **state)
{
    (void)state;
    traffic t = traffic_new(5, 4, 1, 5);
    t.links[0] = traffic_bpr(0, 1, 5.0, 0.15, 10.0, 4.0);
    t.links[1] = traffic_bpr(0, 2, 1.0, 0.15, 10.0, 4.0);
    t.links[2] = traffic_bpr(2, 1, 1.0, 0.15, 10.0, 4.0);
    t.links[3] = traffic_bpr(2, 3, 1.0, 0.15, 10.0, 4.0);
    t.no_through[2] = true;
    t.trips[0] = (krn_assign_trip){0, 0, 1, 7.0};
    t.trips[1] = (krn_assign_trip){0, 0, 3, 2.0}; /* only through 2 */
    t.trips[2] = (krn_assign_trip){0, 2, 3, 3.0}; /* from 2 itself */
    t.trips[3] = (krn_assign_trip){0, 1, 4, 1.5};
    t.trips[4] = (krn_assign_trip){0, 4, 4, 9.0};
    krn_assignment *a = traffic_assign(&t, KRN_ASSIGN_USER, KRN_ASSIGN_SEGMENT, 1e-12, 1);
    assert_near(krn_assignment_unserved_flow(a), 3.5, 1e-12);
    assert_near(krn_assignment_inner_flow(a), 9.0, 1e-12);
    assert_near(krn_assignment_load(a)[0], 7.0, 1e-12);
    assert_near(krn_assignment_load(a)[2], 0.0, 0.0);
    assert_near(krn_assignment_load(a)[3], 3.0, 1e-12);
    krn_assignment_free(a);
    traffic_free(&t);
}

static void wrong_networks_are_refused_with_a_reason(void **state)
{
    (void)state;
    traffic t = traffic_random(1, 10, 1);
    krn_assignment *a = NULL;
    krn_error err = {0};
    const krn_assign_options options = {.gap_share = 1e-3};
    t.links[3].head = 10;
    assert_int_equal(krn_assign(&t.network, &options, &a, &err), KRN_E_ARG);
    assert_non_null(strstr(err.text, "link 3"));
    assert_null(a);
    t.links[3].head = t.links[3].tail;
    assert_int_equal(krn_assign(&t.network, &options, &a, &err), KRN_E_ARG);
    t.links[3].head = (t.links[3].tail + 1) % 10;
    t.trips[2].flow = -1.0;
    assert_int_equal(krn_assign(&t.network, &options, &a, &err), KRN_E_ARG);
    assert_non_null(strstr(err.text, "trip 2"));
    t.trips[2].flow = 1.0;
    t.classes[0].time_weight = 0.0;
    assert_int_equal(krn_assign(&t.network, &options, &a, &err), KRN_E_ARG);
    assert_non_null(strstr(err.text, "class 0"));
    traffic_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flow_is_conserved_and_classes_add_up),
        cmocka_unit_test(both_algorithms_find_one_objective),
        cmocka_unit_test(the_system_optimum_costs_no_more_than_the_equilibrium),
        cmocka_unit_test(more_capacity_never_raises_the_cost_of_the_optimum),
        cmocka_unit_test(any_number_of_threads_gives_the_same_bytes),
        cmocka_unit_test(users_of_a_link_are_the_same_bytes_on_any_number_of_threads),
        cmocka_unit_test(trips_without_a_way_are_told_and_not_lost),
        cmocka_unit_test(wrong_networks_are_refused_with_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
