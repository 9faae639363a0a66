/* SPDX-License-Identifier: Apache-2.0 */
/* test_choice.c - a small diverse choice of routes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plan/planning.h"
#include "support/assert_near.h"

/* A route of one leg with given values; place tells its way apart. */
static krn_route route_of(krn_leg *leg, double days, double usd, double kg, uint32_t place)
{
    *leg = (krn_leg){.mode = KRN_RAIL, .from_node = place, .to_node = place + 1};
    return (krn_route){.arrival = (krn_time)(days * KRN_SECONDS_PER_DAY),
                       .departure = (krn_time)((days - 20.0) * KRN_SECONDS_PER_DAY),
                       .cost_usd = usd,
                       .wtw_kg_co2e = kg,
                       .handlings = 2,
                       .risk_h = 10,
                       .legs = leg,
                       .n_legs = 1};
}

static uint32_t choose(krn_route *routes, uint32_t n, uint32_t max, krn_arena *arena, uint32_t *out)
{
    uint32_t n_chosen = 0, *chosen = NULL;
    assert_int_equal(
        krni_choose(routes, n, max, KRN_ALL_CRITERIA, false, arena, &n_chosen, &chosen, NULL),
        KRN_OK);
    for (uint32_t i = 0; i < n_chosen; i++)
        out[i] = chosen[i];
    return n_chosen;
}

static void all_are_shown_when_they_are_few(void **state)
{
    krn_leg legs[2];
    krn_route routes[2] = {route_of(&legs[0], 10, 100, 5, 1), route_of(&legs[1], 12, 90, 6, 2)};
    uint32_t out[2];
    assert_int_equal(choose(routes, 2, 6, *state, out), 2);
    assert_int_equal(choose(routes, 2, 0, *state, out), 2);
    assert_int_equal(routes[0].best_of & (1u << KRN_ARRIVAL), 1u << KRN_ARRIVAL);
    assert_int_equal(routes[1].best_of & (1u << KRN_COST), 1u << KRN_COST);
    assert_int_equal(routes[0].best_of & (1u << KRN_COST), 0);
    assert_int_equal(routes[0].best_of & routes[1].best_of, /* equal in both */
                     (1u << KRN_HANDLINGS) | (1u << KRN_RISK));
}

/*  arrival 10: first, 30: cheapest, 29: cleanest, others between; each best one is shown */
static void the_best_of_each_criterion_is_shown(void **state)
{
    krn_leg legs[6];
    krn_route routes[6] = {route_of(&legs[0], 10, 900, 90, 1), route_of(&legs[1], 11, 890, 89, 1),
                           route_of(&legs[2], 12, 880, 88, 1), route_of(&legs[3], 13, 870, 87, 1),
                           route_of(&legs[4], 29, 600, 10, 2), route_of(&legs[5], 30, 100, 50, 3)};
    uint32_t out[3];
    assert_int_equal(choose(routes, 6, 3, *state, out), 3);
    assert_int_equal(out[0], 0);
    assert_int_equal(out[1], 4);
    assert_int_equal(out[2], 5);
}

static void another_way_is_preferred_to_the_same_way(void **state)
{
    krn_leg legs[4];
    krn_route routes[4] = {route_of(&legs[0], 10, 900, 50, 1), route_of(&legs[1], 20, 500, 50, 1),
                           route_of(&legs[2], 21, 480, 50, 7), route_of(&legs[3], 30, 100, 50, 3)};
    uint32_t out[3];
    assert_int_equal(choose(routes, 4, 3, *state, out), 3);
    assert_int_equal(out[1], 2);
}

static void later_departure_is_better_when_asked_backward(void **state)
{
    krn_leg legs[2];
    krn_route routes[2] = {route_of(&legs[0], 10, 100, 5, 1), route_of(&legs[1], 12, 100, 5, 2)};
    uint32_t n = 0, *chosen = NULL;
    assert_int_equal(krni_choose(routes, 2, 2, KRN_ALL_CRITERIA, true, *state, &n, &chosen, NULL),
                     KRN_OK);
    assert_int_equal(routes[0].best_of & (1u << KRN_ARRIVAL), 0);
    assert_int_equal(routes[1].best_of & (1u << KRN_ARRIVAL), 1u << KRN_ARRIVAL);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(all_are_shown_when_they_are_few, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_best_of_each_criterion_is_shown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_way_is_preferred_to_the_same_way, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(later_departure_is_better_when_asked_backward, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
