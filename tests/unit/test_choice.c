/* SPDX-License-Identifier: Apache-2.0 */
/* test_choice.c - a small diverse choice of routes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plan/planning.h"
#include "support/assert_near.h"

static krni_option option_of(double days, double usd, double kg, uint64_t way)
{
    return (krni_option){.worth = {24.0 * days, usd, kg, 2.0, 10.0}, .way = way};
}

static uint32_t choose(krni_option *options, uint32_t n, uint32_t max, krn_arena *arena,
                       uint32_t *out)
{
    uint32_t n_chosen = 0, *chosen = NULL;
    assert_int_equal(
        krni_choose(options, n, max, KRN_ALL_CRITERIA, arena, &n_chosen, &chosen, NULL), KRN_OK);
    for (uint32_t i = 0; i < n_chosen; i++)
        out[i] = chosen[i];
    return n_chosen;
}

static void all_are_shown_when_they_are_few(void **state)
{
    krni_option options[2] = {option_of(10, 100, 5, 1), option_of(12, 90, 6, 2)};
    uint32_t out[2];
    assert_int_equal(choose(options, 2, 6, *state, out), 2);
    assert_int_equal(choose(options, 2, 0, *state, out), 2);
    assert_int_equal(options[0].best_of & (1u << KRN_ARRIVAL), 1u << KRN_ARRIVAL);
    assert_int_equal(options[1].best_of & (1u << KRN_COST), 1u << KRN_COST);
    assert_int_equal(options[0].best_of & (1u << KRN_COST), 0);
    assert_int_equal(options[0].best_of & options[1].best_of, /* equal in both */
                     (1u << KRN_HANDLINGS) | (1u << KRN_RISK));
}

/*  arrival 10: first, 30: cheapest, 29: cleanest, others between; each best one is shown */
static void the_best_of_each_criterion_is_shown(void **state)
{
    krni_option options[6] = {option_of(10, 900, 90, 1), option_of(11, 890, 89, 1),
                              option_of(12, 880, 88, 1), option_of(13, 870, 87, 1),
                              option_of(29, 600, 10, 2), option_of(30, 100, 50, 3)};
    uint32_t out[3];
    assert_int_equal(choose(options, 6, 3, *state, out), 3);
    assert_int_equal(out[0], 0);
    assert_int_equal(out[1], 4);
    assert_int_equal(out[2], 5);
}

static void another_way_is_preferred_to_the_same_way(void **state)
{
    krni_option options[4] = {option_of(10, 900, 50, 1), option_of(20, 500, 50, 1),
                              option_of(21, 480, 50, 7), option_of(30, 100, 50, 3)};
    uint32_t out[3];
    assert_int_equal(choose(options, 4, 3, *state, out), 3);
    assert_int_equal(out[1], 2);
}

static void a_later_departure_is_worth_more_when_asked_backward(void **state)
{
    (void)state;
    const krn_route early = {.departure = 0, .arrival = 7200};
    const krn_route late = {.departure = 3600, .arrival = 7200};
    assert_true(krni_option_of(&late, true).worth[KRN_ARRIVAL] <
                krni_option_of(&early, true).worth[KRN_ARRIVAL]);
    assert_near(krni_option_of(&late, false).worth[KRN_ARRIVAL], 2.0, 1e-12);
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
        cmocka_unit_test_setup_teardown(a_later_departure_is_worth_more_when_asked_backward, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
