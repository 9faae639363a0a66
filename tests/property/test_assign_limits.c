/* SPDX-License-Identifier: Apache-2.0 */
/* test_assign_limits.c - laws of hard capacities: kept, priced, or shown to be too small.
 *
 *      load <= capacity     price >= 0, and 0 where the capacity is not reached
 *      price = what the objective falls by for one more unit */
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

static double chance(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (double)(*seed >> 8) / 16777216.0;
}

/* Half of the links get a hard capacity of low to high times what they would take without. */
static void limit_some(traffic *t, krn_assign_method method, uint32_t seed, double low, double high)
{
    krn_assignment *open = traffic_assign(t, method, KRN_ASSIGN_SEGMENT, 1e-8, 1);
    for (uint32_t k = 0; k < t->network.n_links; k++)
        if (chance(&seed) < 0.5)
            t->links[k].limit_flow =
                (low + (high - low) * chance(&seed)) * (krn_assignment_load(open)[k] + 0.1);
    krn_assignment_free(open);
}

/* The answer, or NULL with the reason. */
static krn_assignment *assign(const traffic *t, krn_assign_method method, double gap_share,
                              unsigned n_threads, krn_assign_shortage *shortage)
{
    krn_assignment *a = NULL;
    krn_error err = {0};
    const krn_assign_options options = {
        .method = method, .gap_share = gap_share, .n_threads = n_threads, .shortage = shortage};
    const krn_status status = krn_assign(&t->network, &options, &a, &err);
    if (status && status != KRN_E_NO_ROUTE)
        fail_msg("%s", err.text);
    if (status)
        assert_non_null(strstr(err.text, "the hard capacities cannot carry the trips"));
    else
        assert_true(krn_assignment_step(a).gap_share <= gap_share);
    return a;
}

static void assert_kept(const traffic *t, const krn_assignment *a)
{
    for (uint32_t k = 0; k < t->network.n_links; k++) {
        const double limit = t->links[k].limit_flow, load = krn_assignment_load(a)[k];
        const double price = krn_assignment_price_cost(a, k);
        assert_true(load <= limit * (1.0 + 1.1e-8) + 1e-8);
        assert_true(price >= 0.0 && (price == 0.0 || load >= limit * (1.0 - 1.1e-8) - 1e-8));
    }
}

static void capacities_are_kept_and_priced_or_told_to_be_too_small(void **state)
{
    (void)state;
    uint32_t n_kept = 0;
    for (uint32_t seed = 1; seed <= 120; seed++) {
        const krn_assign_method method = seed % 2 ? KRN_ASSIGN_USER : KRN_ASSIGN_SYSTEM;
        traffic t = traffic_random(700 + seed, 8 + seed % 20, 1 + seed % 2);
        krn_assign_shortage shortage = {0};
        limit_some(&t, method, seed, 0.4 + 0.005 * seed, 1.3);
        krn_assignment *a = assign(&t, method, 1e-10, 1, &shortage);
        if (a) {
            n_kept++;
            assert_kept(&t, a);
            assert_near(traffic_imbalance_share(&t, a), 0.0, 1e-11);
        } else {
            assert_true(shortage.excess_flow > 0.0 && shortage.excess_flow <= shortage.trips_flow);
            assert_true(shortage.n_links > 0 && isfinite(t.links[shortage.link].limit_flow));
        }
        krn_assignment_free(a);
        traffic_free(&t);
    }
    assert_true(n_kept > 30 && n_kept < 120);
}

/* Constant times: a linear program, whose flows by link need not be unique. */
static void capacities_of_constant_links_are_kept(void **state)
{
    (void)state;
    uint32_t n_kept = 0;
    for (uint32_t seed = 1; seed <= 60; seed++) {
        traffic t = traffic_random(900 + seed, 8 + seed % 12, 1);
        for (uint32_t k = 0; k < t.network.n_links; k++)
            t.links[k].delay =
                (krn_delay){.kind = KRN_DELAY_CONSTANT, .free_time = 1.0 + t.links[k].length};
        limit_some(&t, KRN_ASSIGN_USER, seed, 0.8, 1.5);
        krn_assignment *a = assign(&t, KRN_ASSIGN_USER, 1e-10, 1, NULL);
        if (a) {
            n_kept++;
            assert_kept(&t, a);
        }
        krn_assignment_free(a);
        traffic_free(&t);
    }
    assert_true(n_kept > 20);
}

static void more_of_a_hard_capacity_never_raises_the_cost_of_the_optimum(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 40; seed++) {
        traffic t = traffic_random(800 + seed, 10 + seed % 10, 1);
        limit_some(&t, KRN_ASSIGN_SYSTEM, seed, 0.85, 1.3);
        krn_assignment *before = assign(&t, KRN_ASSIGN_SYSTEM, 1e-10, 1, NULL);
        uint32_t link = seed % t.network.n_links;
        for (uint32_t k = 0; before && k < t.network.n_links; k++)
            if (krn_assignment_price_cost(before, k) > krn_assignment_price_cost(before, link))
                link = k;
        t.links[link].limit_flow *= 1.0 + 0.05 * (seed % 7);
        krn_assignment *after = assign(&t, KRN_ASSIGN_SYSTEM, 1e-10, 1, NULL);
        if (before) {
            assert_non_null(after);
            assert_true(krn_assignment_total_cost(after) <=
                        krn_assignment_total_cost(before) * (1.0 + 1e-7));
        }
        krn_assignment_free(before);
        krn_assignment_free(after);
        traffic_free(&t);
    }
}

/* Sioux Falls with its 20 fullest links cut to 85 %: each of their prices lies between what a
 * little more of the capacity gives and what a little less of it takes. */
static void many_prices_lie_between_differences_of_the_objective(void **state)
{
    (void)state;
    traffic t = traffic_golden("SiouxFalls");
    krn_assignment *open = traffic_assign(&t, KRN_ASSIGN_USER, KRN_ASSIGN_SEGMENT, 1e-8, 1);
    uint32_t full[20], n_full = 0, n_smooth = 0;
    while (n_full < 20) {
        uint32_t best = UINT32_MAX;
        for (uint32_t k = 0; k < t.network.n_links; k++)
            if (isinf(t.links[k].limit_flow) &&
                (best == UINT32_MAX ||
                 krn_assignment_load(open)[k] / t.links[k].delay.capacity >
                     krn_assignment_load(open)[best] / t.links[best].delay.capacity))
                best = k;
        t.links[best].limit_flow = 0.85 * krn_assignment_load(open)[best];
        full[n_full++] = best;
    }
    krn_assignment_free(open);
    krn_assignment *a = assign(&t, KRN_ASSIGN_USER, 1e-12, 1, NULL);
    assert_kept(&t, a);
    for (uint32_t k = 0; k < n_full; k++) {
        const double limit = t.links[full[k]].limit_flow, h = 1e-4 * limit;
        double side[2];
        for (int i = 0; i < 2; i++) {
            t.links[full[k]].limit_flow = i ? limit + h : limit - h;
            krn_assignment *moved = assign(&t, KRN_ASSIGN_USER, 1e-12, 1, NULL);
            side[i] = krn_assignment_step(moved).objective_cost;
            krn_assignment_free(moved);
        }
        t.links[full[k]].limit_flow = limit;
        const double price = krn_assignment_price_cost(a, full[k]), slack = 1e-3 * (0.1 + price);
        const double here = krn_assignment_step(a).objective_cost;
        assert_true(price <= (side[0] - here) / h + slack);
        assert_true(price >= (here - side[1]) / h - slack);
        n_smooth += side[0] + side[1] - 2.0 * here < 2.0 * slack * h;
    }
    assert_true(n_smooth >= 12); /* the others sit at a bend */
    krn_assignment_free(a);
    traffic_free(&t);
}

/*        .--[6]-->.            10 trips from 0 to 3, and 1 from 4 to 3: of the links into 2, 9 is
 *   0 --> 1       2 --> 3      to give, so that 2 of 11 cannot pass. 5 is far away and not full.
 *   4 ---'^--[3]-->'  */
static void the_links_and_trips_of_a_shortage_are_told(void **state)
{
    (void)state;
    traffic t = traffic_new(6, 6, 1, 3);
    const uint32_t ends[6][2] = {{0, 1}, {4, 1}, {1, 2}, {1, 2}, {2, 3}, {5, 4}};
    for (uint32_t k = 0; k < 6; k++)
        t.links[k] = traffic_bpr(ends[k][0], ends[k][1], 3.0 + k, 0.15, 10.0, 4.0);
    t.links[2].limit_flow = 6.0;
    t.links[3].limit_flow = 3.0;
    t.links[5].limit_flow = 100.0;
    t.trips[0] = (krn_assign_trip){0, 0, 3, 10.0};
    t.trips[1] = (krn_assign_trip){0, 4, 3, 1.0};
    t.trips[2] = (krn_assign_trip){0, 5, 4, 50.0};
    krn_assign_shortage told = {0};
    krn_assignment *a = NULL;
    krn_error err = {0};
    const krn_assign_options options = {.gap_share = 1e-8, .n_threads = 1, .shortage = &told};
    assert_int_equal(krn_assign(&t.network, &options, &a, &err), KRN_E_NO_ROUTE);
    assert_null(a);
    assert_int_equal(told.n_links, 2);
    assert_true(told.link == 2 || told.link == 3);
    assert_int_equal(told.origin, 0);
    assert_int_equal(told.destination, 3);
    assert_near(told.trips_flow, 11.0, 1e-9);
    assert_near(told.capacity_flow, 9.0, 1e-9);
    assert_near(told.excess_flow, 2.0, 1e-9);
    assert_non_null(strstr(err.text, "(1 to 2)"));
    assert_non_null(strstr(err.text, "from 0 to 3"));
    t.links[3].limit_flow = 5.0;
    krn_assignment *room = assign(&t, KRN_ASSIGN_USER, 1e-10, 1, NULL);
    assert_near(krn_assignment_load(room)[2], 6.0, 1e-7);
    krn_assignment_free(room);
    traffic_free(&t);
}

static void a_base_with_prices_gives_the_same_answer_sooner(void **state)
{
    (void)state;
    traffic t = traffic_golden("SiouxFalls");
    krn_assignment *open = traffic_assign(&t, KRN_ASSIGN_USER, KRN_ASSIGN_SEGMENT, 1e-8, 1);
    for (uint32_t k = 0; k < t.network.n_links; k += 3)
        t.links[k].limit_flow = 0.85 * krn_assignment_load(open)[k];
    krn_assignment *base = assign(&t, KRN_ASSIGN_USER, 1e-10, 1, NULL), *warm = NULL;
    t.links[3].limit_flow *= 1.02;
    const krn_assign_options options = {.gap_share = 1e-10, .n_threads = 1, .base = base};
    krn_assignment *cold = assign(&t, KRN_ASSIGN_USER, 1e-10, 1, NULL);
    assert_int_equal(krn_assign(&t.network, &options, &warm, NULL), KRN_OK);
    assert_kept(&t, warm);
    assert_near_relative(krn_assignment_step(warm).objective_cost,
                         krn_assignment_step(cold).objective_cost, 1e-8);
    assert_true(krn_assignment_step(warm).iteration < krn_assignment_step(cold).iteration);
    krn_assignment_free(open);
    krn_assignment_free(base);
    krn_assignment_free(cold);
    krn_assignment_free(warm);
    traffic_free(&t);
}

static void capacities_give_the_same_bytes_on_any_number_of_threads(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 4; seed++) {
        traffic t = traffic_random(1000 + seed, 30, 2);
        limit_some(&t, KRN_ASSIGN_USER, seed, 0.9, 1.3);
        krn_assign_shortage short_one = {0}, short_more = {0};
        krn_assignment *one = assign(&t, KRN_ASSIGN_USER, 1e-9, 1, &short_one);
        krn_assignment *more = assign(&t, KRN_ASSIGN_USER, 1e-9, 3, &short_more);
        assert_true(!one == !more);
        assert_near(short_one.excess_flow, short_more.excess_flow, 0.0);
        if (one)
            assert_memory_equal(krn_assignment_load(one), krn_assignment_load(more),
                                t.network.n_links * sizeof(double));
        krn_assignment_free(one);
        krn_assignment_free(more);
        traffic_free(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(capacities_are_kept_and_priced_or_told_to_be_too_small),
        cmocka_unit_test(capacities_of_constant_links_are_kept),
        cmocka_unit_test(more_of_a_hard_capacity_never_raises_the_cost_of_the_optimum),
        cmocka_unit_test(many_prices_lie_between_differences_of_the_objective),
        cmocka_unit_test(the_links_and_trips_of_a_shortage_are_told),
        cmocka_unit_test(a_base_with_prices_gives_the_same_answer_sooner),
        cmocka_unit_test(capacities_give_the_same_bytes_on_any_number_of_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
