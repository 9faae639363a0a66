/* SPDX-License-Identifier: Apache-2.0 */
/* test_invest.c - sets of measures of the mini package under a budget, against a plain loop.
 *
 *   m-fast-border   halves the stay at the gates      10 million
 *   m-no-ice        no ice at West Harbour            20 million
 *   m-spur          a line that no trade uses        120 million
 */
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

#define N_OPTIONS 3u

static const char *const ids[N_OPTIONS] = {"m-fast-border", "m-no-ice", "m-spur"};
static const double costs[N_OPTIONS] = {10e6, 20e6, 120e6};

typedef struct desk {
    krn_package *base;
    krn_arena *arena;
    krn_demand_list demand;
    krn_invest_option options[21];
    krn_invest_question q;
    krn_invest_answer answer;
    krn_error err;
} desk;

static int open_desk(void **state)
{
    desk *d = calloc(1, sizeof *d);
    if (!d)
        return 1;
    d->base = mini_network_load("tests/support/mini");
    d->arena = krn_arena_new(NULL, 0);
    if (krn_demand_of_year(d->base, 0, d->arena, &d->demand, &d->err))
        return 1;
    const int32_t day = krn_day_from_civil(2026, 1, 5);
    for (uint32_t i = 0; i < N_OPTIONS; i++)
        d->options[i] =
            (krn_invest_option){krn_package_find(d->base, KRN_TABLE_MEASURE, ids[i]), costs[i]};
    d->q = (krn_invest_question){
        .base = d->base,
        .always = {.day = day},
        .options = d->options,
        .n_options = N_OPTIONS,
        .budget_usd = 200e6,
        .unserved_usd_t = (double)NAN,
        .trade = {.demand = &d->demand,
                  .demand_share = 3,
                  .method = KRN_TRADE_USER,
                  .most_ways = 4,
                  .gap_share = 1e-9,
                  .ready = (krn_time)day * KRN_SECONDS_PER_DAY,
                  .n_threads = 1},
    };
    *state = d;
    return 0;
}

static int close_desk(void **state)
{
    desk *d = *state;
    krn_arena_free(d->arena);
    krn_package_free(d->base);
    free(d);
    return 0;
}

static void invest(desk *d)
{
    if (krn_invest(&d->q, d->arena, &d->answer, &d->err))
        fail_msg("%s", d->err.text);
}

static void assert_refused(desk *d, krn_status expected)
{
    assert_int_equal(krn_invest(&d->q, d->arena, &d->answer, &d->err), expected);
    assert_true(strlen(d->err.text) > 10);
}

static const krn_invest_set *set_of(const desk *d, uint64_t members)
{
    for (uint32_t i = 0; i < d->answer.n_sets; i++)
        if (d->answer.sets[i].members == members)
            return &d->answer.sets[i];
    return NULL;
}

static double year_usd(const krn_invest_set *set)
{
    return set->total_usd + set->unserved_usd;
}

/* Measures applied, compiled and assigned by hand. */
static double by_hand_usd(desk *d, uint64_t members)
{
    const char *with[N_OPTIONS];
    krn_measure_choice choice = d->q.always;
    choice.with = with;
    for (uint32_t i = 0; i < N_OPTIONS; i++)
        if (members >> i & 1u)
            with[choice.n_with++] = ids[i];
    krn_package *scenario = NULL;
    krn_network *net = NULL;
    krn_demand_list demand;
    krn_trade_answer answer;
    krn_trade_question q = d->q.trade;
    q.demand = &demand;
    if (krn_measure_apply(d->base, &choice, d->arena, NULL, &scenario, &d->err) ||
        krn_network_compile(scenario, choice.day, &net, &d->err) ||
        krn_demand_of_year(krn_network_package(net), 0, d->arena, &demand, &d->err) ||
        krn_trade_assign(net, &q, d->arena, &answer, &d->err))
        fail_msg("%s", d->err.text);
    const krn_invest_set *set = set_of(d, members);
    const double usd = answer.total_usd + set->unserved_usd;
    assert_near_relative(set->unserved_t, answer.unserved_t, 1e-9);
    assert_near_relative(set->sent_t, answer.sent_t, 1e-9);
    krn_network_free(net);
    return usd;
}

static void every_set_costs_what_it_costs_by_hand(void **state)
{
    desk *d = *state;
    invest(d);
    assert_int_equal(d->answer.n_sets, 8);
    assert_int_equal(d->answer.n_skipped, 0);
    assert_true(d->answer.gaps_reached);
    double least = (double)INFINITY;
    for (uint64_t members = 0; members < 8; members++) {
        const krn_invest_set *set = set_of(d, members);
        const double usd = by_hand_usd(d, members);
        assert_non_null(set);
        assert_near_relative(year_usd(set), usd, 1e-9);
        assert_near(set->cost_usd,
                    10e6 * (double)(members & 1u) + 20e6 * (double)(members >> 1 & 1u) +
                        120e6 * (double)(members >> 2),
                    1e-6);
        least = fmin(least, usd);
    }
    assert_near(year_usd(&d->answer.sets[0]), least, 2.0 * d->answer.resolution_usd);
    assert_near_relative(year_usd(&d->answer.base), by_hand_usd(d, 0), 1e-9);
    assert_true(year_usd(&d->answer.sets[0]) < year_usd(&d->answer.base));
}

static void sets_stand_best_first_and_cheap_ones_before_dear_ones_that_do_the_same(void **state)
{
    desk *d = *state;
    invest(d);
    const double step = d->answer.resolution_usd;
    for (uint32_t i = 1; i < d->answer.n_sets; i++) {
        const krn_invest_set *a = &d->answer.sets[i - 1], *b = &d->answer.sets[i];
        assert_true(year_usd(a) <= year_usd(b) + step);
        assert_true(year_usd(a) <= year_usd(b) || a->cost_usd <= b->cost_usd);
    }
    /* a line that nobody uses is never among the best */
    assert_int_equal(d->answer.sets[0].members & 4u, 0);
    assert_near(d->answer.alone_usd[2], 0.0, 2.0 * step);
    for (uint32_t i = 0; i < N_OPTIONS; i++)
        assert_near(d->answer.alone_usd[i],
                    year_usd(&d->answer.base) - year_usd(set_of(d, 1ull << i)), 1e-6);
}

static void a_larger_budget_never_ends_dearer(void **state)
{
    desk *d = *state;
    static const double budgets[] = {0, 9e6, 10e6, 25e6, 30e6, 125e6, 150e6};
    static const uint32_t n_sets[] = {1, 1, 2, 3, 4, 5, 8};
    double last = (double)INFINITY;
    for (size_t i = 0; i < sizeof budgets / sizeof *budgets; i++) {
        d->q.budget_usd = budgets[i];
        invest(d);
        assert_int_equal(d->answer.n_sets, n_sets[i]);
        assert_int_equal(d->answer.n_skipped, 8 - n_sets[i]);
        const double usd = year_usd(&d->answer.sets[0]);
        assert_true(usd <= last + 2.0 * d->answer.resolution_usd);
        last = usd;
    }
    d->q.budget_usd = 0.0;
    invest(d);
    assert_true(isnan(d->answer.alone_usd[0]));
    assert_int_equal(d->answer.sets[0].members, 0);
}

static void what_contradicts_itself_is_refused(void **state)
{
    desk *d = *state;
    const krn_invest_question good = d->q;
    d->q.budget_usd = -1;
    assert_refused(d, KRN_E_ARG);
    d->q = good;
    d->q.unserved_usd_t = -1;
    assert_refused(d, KRN_E_ARG);
    d->q = good;
    d->options[1].cost_usd = (double)NAN;
    assert_refused(d, KRN_E_ARG);
    d->options[1] = d->options[0];
    assert_refused(d, KRN_E_ARG);
    d->options[1] =
        (krn_invest_option){krn_package_find(d->base, KRN_TABLE_MEASURE, ids[1]), costs[1]};
    d->q.always.with = &ids[1];
    d->q.always.n_with = 1;
    assert_refused(d, KRN_E_ARG);
    d->q = good;
    d->q.always.day = krn_day_from_civil(2026, 7, 1); /* m-fast-border is in force */
    assert_refused(d, KRN_E_ARG);
    d->q = good;
    d->options[0].measure = 99;
    assert_refused(d, KRN_E_ARG);
    d->q.n_options = 21;
    assert_refused(d, KRN_E_LIMIT);
    assert_int_equal(krn_invest(NULL, d->arena, &d->answer, &d->err), KRN_E_ARG);
}

/* What is in force can be switched off, and then be chosen. */
static void a_measure_in_force_is_an_option_once_it_is_switched_off(void **state)
{
    desk *d = *state;
    d->q.always.day = krn_day_from_civil(2026, 7, 1);
    d->q.always.without = &ids[0];
    d->q.always.n_without = 1;
    d->q.n_options = 1;
    invest(d);
    assert_int_equal(d->answer.n_sets, 2);
    assert_true(d->answer.alone_usd[0] > 0.0);
}

static void tonnes_that_are_not_sent_cost_their_value_or_what_is_said(void **state)
{
    desk *d = *state;
    krn_demand *row = &d->demand.rows[0];
    row->destination = krn_package_find(d->base, KRN_TABLE_NODE, "a-spur"); /* no line there yet */
    row->origin = krn_package_find(d->base, KRN_TABLE_NODE, "b-city");
    d->options[0] = d->options[2];
    d->q.n_options = 1;
    d->q.unserved_usd_t = 1000.0;
    invest(d);
    const krn_invest_set *none = &d->answer.base, *spur = set_of(d, 1);
    assert_true(none->unserved_t > 1.0);
    assert_near_relative(none->unserved_usd, 1000.0 * none->unserved_t, 1e-12);
    assert_non_null(spur);
    assert_near(none->sent_t + none->unserved_t, spur->sent_t + spur->unserved_t, 1e-3);
}

static bool stop_at(void *context, uint32_t done, uint32_t n)
{
    const uint32_t *at = context;
    assert_int_equal(n, 8);
    return done < *at;
}

static void it_can_be_stopped_between_and_within_sets(void **state)
{
    desk *d = *state;
    for (uint32_t at = 0; at < 3; at++) {
        d->q.progress = stop_at;
        d->q.progress_context = &at;
        assert_refused(d, KRN_E_CANCELLED);
    }
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, open_desk, close_desk)
    const struct CMUnitTest tests[] = {
        CASE(every_set_costs_what_it_costs_by_hand),
        CASE(sets_stand_best_first_and_cheap_ones_before_dear_ones_that_do_the_same),
        CASE(a_larger_budget_never_ends_dearer),
        CASE(what_contradicts_itself_is_refused),
        CASE(a_measure_in_force_is_an_option_once_it_is_switched_off),
        CASE(tonnes_that_are_not_sent_cost_their_value_or_what_is_said),
        CASE(it_can_be_stopped_between_and_within_sets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
