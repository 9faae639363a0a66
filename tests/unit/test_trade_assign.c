/* SPDX-License-Identifier: Apache-2.0 */
/* test_trade_assign.c - the trade of the mini corridor over its ways.
 *
 *   a-farm --rail by Gates--> b-city        barley 400,000 t a year in lots of 3,000 t
 *          \-road by Posts--/               machinery back in containers */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <keruen/calendar.h>
#include <keruen/plan.h>
#include <keruen/trade.h>

#include "support/assert_near.h"
#include "support/mini_network.h"

typedef struct desk {
    krn_network *net;
    krn_arena *arena;
    krn_demand_list demand;
    krn_trade_question q;
    krn_trade_answer answer;
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
    d->q = (krn_trade_question){.demand = &d->demand,
                                .demand_share = 1,
                                .method = KRN_TRADE_LOGIT,
                                .most_ways = 8,
                                .gap_share = 1e-9,
                                .ready =
                                    (krn_time)krn_day_from_civil(2026, 6, 1) * KRN_SECONDS_PER_DAY,
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

static void assign(desk *d)
{
    if (krn_trade_assign(d->net, &d->q, d->arena, &d->answer, &d->err))
        fail_msg("%s", d->err.text);
}

/* Each row sends what it asks, or says why not; its ways add up; the sums are those of the rows. */
static void check_sums(const desk *d)
{
    const krn_trade_answer *a = &d->answer;
    double asked = 0, sent = 0;
    assert_int_equal(a->n_rows, d->q.demand->n);
    for (uint32_t i = 0; i < a->n_rows; i++) {
        const krn_trade_row *row = &a->rows[i];
        double ways_t = 0, share = 0;
        for (uint32_t k = row->first_way; k < row->first_way + row->n_ways; k++) {
            assert_true(a->ways[k].year_t >= 0 && a->ways[k].row == i);
            assert_true(k == row->first_way || a->ways[k].cost_usd_t >= a->ways[k - 1].cost_usd_t);
            ways_t += a->ways[k].year_t;
            share += a->ways[k].share;
        }
        assert_near(ways_t, row->sent_t, 1e-9 * row->asked_t);
        assert_true(!(row->sent_t > 0) || fabs(share - 1) < 1e-12);
        assert_true(row->sent_t <= row->asked_t && row->sent_t >= 0);
        assert_true(row->reason || row->sent_t >= row->asked_t);
        assert_true(row->n_ways == 0 || !row->reason == (row->sent_t >= row->asked_t));
        asked += row->asked_t;
        sent += row->sent_t;
    }
    assert_near_relative(a->asked_t, asked, 1e-12);
    assert_near_relative(a->sent_t, sent, 1e-12);
    assert_near(a->asked_t, a->sent_t + a->unserved_t, 1e-9 * asked);
}

static void what_is_asked_is_sent_by_every_method(void **state)
{
    desk *d = *state;
    for (int m = 0; m < KRN_TRADE_METHOD_COUNT; m++) {
        d->q.method = (krn_trade_method)m;
        assign(d);
        check_sums(d);
        assert_near_relative(d->answer.asked_t, d->demand.total_t, 1e-9);
        assert_true(d->answer.sent_t > 0 && d->answer.gap_reached);
    }
}

static void methods_have_names(void **state)
{
    (void)state;
    assert_string_equal(krn_trade_method_name(KRN_TRADE_ALL_OR_NOTHING), "aon");
    assert_string_equal(krn_trade_method_name(KRN_TRADE_SYSTEM), "so");
}

/* share_a / share_b = exp((cost_b - cost_a) / spread), costs without waits */
static void logit_shares_follow_costs_at_no_load(void **state)
{
    desk *d = *state;
    const krn_package *p = krn_network_package(d->net);
    const int column = krn_package_column(p, KRN_TABLE_CONFIG, "kr_logit_usd_t");
    const double spread = krn_package_number(p, KRN_TABLE_CONFIG, 0, (uint32_t)column);
    uint32_t compared = 0;
    assign(d);
    for (uint32_t i = 0; i < d->answer.n_rows; i++) {
        const krn_trade_row *row = &d->answer.rows[i];
        for (uint32_t k = row->first_way + 1; k < row->first_way + row->n_ways; k++) {
            const krn_trade_way *a = &d->answer.ways[row->first_way], *b = &d->answer.ways[k];
            const double dearer = b->price_usd_t - a->price_usd_t +
                                  row->value_of_time_usd_t_h * (b->free_h - a->free_h);
            assert_near_relative(b->share / a->share, exp(-dearer / spread), 1e-9);
            compared++;
        }
    }
    assert_true(compared > 0);
}

/* The cheapest route of a plan by price and value of time carries all. */
static void all_or_nothing_takes_the_cheapest_plan(void **state)
{
    desk *d = *state;
    d->q.method = KRN_TRADE_ALL_OR_NOTHING;
    assign(d);
    for (uint32_t i = 0; i < d->answer.n_rows; i++) {
        const krn_demand *row = &d->demand.rows[i];
        krn_plan_query query;
        krn_plan_result plan;
        krn_plan_query_init(&query);
        query.consignment = (krn_consignment){.commodity = row->commodity,
                                              .loading_unit = row->loading_unit,
                                              .net_t = row->lot_t,
                                              .origin = row->origin,
                                              .destination = row->destination,
                                              .ready = d->q.ready,
                                              .due = KRN_TIME_NONE};
        query.criteria = 1u << KRN_ARRIVAL | 1u << KRN_COST;
        query.max_routes = 0;
        assert_int_equal(krn_plan(d->net, &query, d->arena, &plan, &d->err), KRN_OK);
        double least = HUGE_VAL;
        for (uint32_t k = 0; k < plan.n_routes; k++) {
            const krn_route *r = &plan.routes[k];
            double gates_h = 0; /* papers are there ahead */
            for (uint32_t s = 0; s < r->n_steps; s++)
                if (r->steps[s].gate != KRN_TIME_NONE && r->steps[s].gate > r->steps[s].arrive)
                    gates_h += (double)(r->steps[s].gate - r->steps[s].arrive) / 3600;
            least = fmin(least, r->cost_usd / row->lot_t + d->answer.rows[i].value_of_time_usd_t_h *
                                                               (r->duration_h - gates_h));
        }
        const krn_trade_row *told = &d->answer.rows[i];
        uint32_t used = 0;
        for (uint32_t k = told->first_way; k < told->first_way + told->n_ways; k++) {
            const krn_trade_way *w = &d->answer.ways[k];
            if (!(w->year_t > 0))
                continue;
            used++;
            assert_near_relative(w->price_usd_t + told->value_of_time_usd_t_h * w->free_h, least,
                                 5e-3);
        }
        assert_int_equal(used, told->n_ways ? 1 : 0);
    }
}

/* into + begun there = out of + ended there, at every place of the links */
static void flows_are_conserved_at_every_place(void **state)
{
    desk *d = *state;
    const uint32_t n = krn_package_rows(krn_network_package(d->net), KRN_TABLE_NODE);
    for (int m = 0; m < KRN_TRADE_METHOD_COUNT; m++) {
        d->q.method = (krn_trade_method)m;
        assign(d);
        double *net_t = krn_arena_calloc(d->arena, n, sizeof *net_t);
        for (uint32_t i = 0; i < d->answer.n_uses; i++) {
            const krn_trade_use *u = &d->answer.uses[i];
            if (u->kind != KRN_TRADE_LINK)
                continue;
            net_t[u->to_node] += u->year_t;
            net_t[u->from_node] -= u->year_t;
        }
        for (uint32_t i = 0; i < d->answer.n_rows; i++) {
            net_t[d->demand.rows[i].origin] += d->answer.rows[i].sent_t;
            net_t[d->demand.rows[i].destination] -= d->answer.rows[i].sent_t;
        }
        for (uint32_t i = 0; i < n; i++)
            assert_near(net_t[i], 0, 1e-9 * d->demand.total_t);
    }
}

static void classes_add_up(void **state)
{
    desk *d = *state;
    const uint32_t n = krn_package_rows(krn_network_package(d->net), KRN_TABLE_CARGO_CLASS);
    assign(d);
    assert_true(d->answer.n_uses > 0);
    for (uint32_t i = 0; i < d->answer.n_uses; i++) {
        double sum = 0;
        for (uint32_t c = 0; c < n; c++)
            sum += d->answer.uses[i].class_t[c];
        assert_near_relative(d->answer.uses[i].year_t, sum, 1e-12);
        assert_true(i == 0 || d->answer.uses[i].kind > d->answer.uses[i - 1].kind ||
                    d->answer.uses[i].year_t <= d->answer.uses[i - 1].year_t);
    }
}

static void a_selection_adds_up_to_the_use_of_the_link(void **state)
{
    desk *d = *state;
    const krn_package *p = krn_network_package(d->net);
    krn_place_index *places = NULL;
    krn_trade_selection selected;
    assert_int_equal(krn_place_index_new(p, &places, &d->err), KRN_OK);
    assign(d);
    const uint32_t gate = mini_row(d->net, KRN_TABLE_LINK, "r-gate");
    double used = 0, sum = 0;
    for (uint32_t i = 0; i < d->answer.n_uses; i++)
        if (d->answer.uses[i].kind == KRN_TRADE_LINK && d->answer.uses[i].row == gate)
            used += d->answer.uses[i].year_t;
    assert_int_equal(
        krn_trade_select(d->net, places, &d->answer, "r-gate", d->arena, &selected, &d->err),
        KRN_OK);
    for (uint32_t i = 0; i < d->answer.n_ways; i++)
        sum += selected.ways_t[i];
    assert_true(used > 0);
    assert_near_relative(selected.year_t, used, 1e-12);
    assert_near_relative(sum, used, 1e-12);
    assert_int_equal(
        krn_trade_select(d->net, places, &d->answer, "nowhere", d->arena, &selected, &d->err),
        KRN_E_NOT_FOUND);
    krn_place_index_free(places);
}

static void demand_without_a_way_is_told_and_not_lost(void **state)
{
    desk *d = *state;
    krn_demand rows[2] = {d->demand.rows[0], d->demand.rows[0]};
    rows[0].origin = mini_row(d->net, KRN_TABLE_NODE, "c-city");
    rows[0].destination = mini_row(d->net, KRN_TABLE_NODE, "a-spur");
    krn_demand_list list = {.n = 2, .rows = rows, .total_t = 2 * rows[0].year_t};
    d->q.demand = &list;
    d->q.method = KRN_TRADE_USER;
    assign(d);
    check_sums(d);
    assert_near_relative(d->answer.unserved_t, rows[0].year_t, 1e-12);
    assert_true(strlen(d->answer.rows[0].reason) > 10);
    assert_int_equal(d->answer.rows[0].n_ways, 0);
    assert_near_relative(d->answer.rows[1].sent_t, rows[1].year_t, 1e-12);
}

static void more_demand_waits_longer(void **state)
{
    desk *d = *state;
    d->q.method = KRN_TRADE_USER;
    assign(d);
    const double wait_d = d->answer.wait_d;
    d->q.demand_share = 3;
    assign(d);
    check_sums(d);
    assert_true(d->answer.wait_d > wait_d);
    d->q.demand_share = 0;
    assign(d);
    check_sums(d);
    assert_near(d->answer.sent_t, 0, 0);
}

/* 20 times the trade of a year finds no room */
static void hard_capacities_are_kept_and_what_is_left_behind_is_told(void **state)
{
    desk *d = *state;
    const krn_trade_method methods[] = {KRN_TRADE_USER, KRN_TRADE_SYSTEM};
    d->q.demand_share = 20;
    d->q.hard_capacity = true;
    for (size_t m = 0; m < 2; m++) {
        d->q.method = methods[m];
        assign(d);
        check_sums(d);
        assert_true(d->answer.unserved_t > 0);
        for (uint32_t i = 0; i < d->answer.n_resources; i++) {
            const krn_trade_resource *r = &d->answer.resources[i];
            assert_true(isinf(r->capacity_a_day) ||
                        r->load_a_day <= r->capacity_a_day * (1 + 1e-8));
        }
    }
}

/* One more unit of a limit that binds: the fall of the total is the kernel's price, to the step. */
static void the_price_of_a_unit_is_what_the_total_falls_by(void **state)
{
    desk *d = *state;
    d->q.method = KRN_TRADE_SYSTEM;
    d->q.demand_share = 20;
    d->q.hard_capacity = true;
    d->q.gap_share = 1e-12;
    d->q.n_priced = 1;
    assign(d);
    const krn_trade_resource full = d->answer.resources[0];
    assert_near_relative(full.full_share, 1.0, 1e-7);
    assert_true(full.price_usd_per_year > 0);
    assert_true(full.more_t > 0);
    assert_true(isnan(d->answer.resources[1].price_usd_per_year));
}

/* exp(0) : exp(-1) when one way is dearer by one spread */
static void two_ways_a_spread_apart_divide_by_logit(void **state)
{
    desk *d = *state;
    assign(d);
    const krn_trade_row *row = &d->answer.rows[0];
    assert_int_equal(row->n_ways, 2);
    const krn_trade_way *w = &d->answer.ways[row->first_way];
    char spread[40];
    (void)snprintf(spread, sizeof spread, "%.15g",
                   w[1].price_usd_t - w[0].price_usd_t +
                       row->value_of_time_usd_t_h * (w[1].free_h - w[0].free_h));
    const mini_edit edit = {KRN_TABLE_CONFIG, "#0", "kr_logit_usd_t", spread};
    krn_network_free(d->net);
    d->net = mini_network(&edit, 1);
    assign(d);
    w = &d->answer.ways[d->answer.rows[0].first_way];
    const double both = w[0].share + w[1].share; /* a third way may be worth it now */
    assert_near(w[0].share / both, 0.731058578630004879, 1e-9);
    assert_near(w[1].share / both, 0.268941421369995121, 1e-9);
}

/* A table of waits stands for the formula: 10 h at any load. */
static void a_table_of_waits_takes_the_place_of_the_formula(void **state)
{
    desk *d = *state;
    assign(d);
    const char *name = d->answer.resources[0].name;
    const double loads[] = {0, 1, 1000}, waits[] = {10, 10, 10};
    const krn_trade_delay flat = {name, 3, loads, waits};
    d->q.delays = &flat;
    d->q.n_delays = 1;
    d->q.method = KRN_TRADE_USER;
    assign(d);
    uint32_t met = 0;
    for (uint32_t i = 0; i < d->answer.n_resources; i++)
        if (strcmp(d->answer.resources[i].name, name) == 0) {
            assert_near(d->answer.resources[i].wait_h, 10, 1e-12);
            met++;
        }
    assert_int_equal(met, 1);
}

static void a_package_without_a_spread_has_no_logit(void **state)
{
    desk *d = *state;
    const mini_edit edit = {KRN_TABLE_CONFIG, "#0", "kr_logit_usd_t", ""};
    krn_network_free(d->net);
    d->net = mini_network(&edit, 1);
    d->err = (krn_error){0};
    assert_int_equal(krn_trade_assign(d->net, &d->q, d->arena, &d->answer, &d->err), KRN_E_DATA);
    assert_non_null(strstr(d->err.text, "kr_logit_usd_t"));
    d->q.method = KRN_TRADE_USER;
    assign(d);
    check_sums(d);
}

static void the_same_bytes_on_any_number_of_threads(void **state)
{
    desk *d = *state;
    d->q.method = KRN_TRADE_USER;
    assign(d);
    const krn_trade_answer alone = d->answer;
    d->q.n_threads = 3;
    assign(d);
    assert_int_equal(d->answer.n_ways, alone.n_ways);
    for (uint32_t i = 0; i < alone.n_ways; i++)
        assert_memory_equal(&d->answer.ways[i].year_t, &alone.ways[i].year_t, sizeof(double));
    assert_memory_equal(&d->answer.total_usd, &alone.total_usd, sizeof(double));
}

static void refused(desk *d, krn_status status)
{
    d->err = (krn_error){0};
    assert_int_equal(krn_trade_assign(d->net, &d->q, d->arena, &d->answer, &d->err), status);
    assert_true(strlen(d->err.text) > 10);
}

static void questions_that_contradict_themselves_are_refused(void **state)
{
    desk *d = *state;
    const krn_trade_question good = d->q;
    d->q.demand_share = -1;
    refused(d, KRN_E_ARG);
    d->q = good;
    d->q.gap_share = 2;
    refused(d, KRN_E_ARG);
    d->q = good;
    d->q.most_ways = 0;
    refused(d, KRN_E_ARG);
    d->q = good;
    d->q.emission_usd_t = (double)NAN;
    refused(d, KRN_E_ARG);
    d->q = good;
    d->q.hard_capacity = true;
    refused(d, KRN_E_ARG);
    d->q = good;
    const double loads[] = {0, 1}, waits[] = {2, 1};
    const krn_trade_delay falling = {"border/x", 2, loads, waits};
    d->q.delays = &falling;
    d->q.n_delays = 1;
    refused(d, KRN_E_ARG);
}

static bool stop_at_once(void *context, uint32_t done, uint32_t n)
{
    (void)context;
    assert_true(done <= n);
    return false;
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
        AT_DESK(what_is_asked_is_sent_by_every_method),
        AT_DESK(methods_have_names),
        AT_DESK(logit_shares_follow_costs_at_no_load),
        AT_DESK(all_or_nothing_takes_the_cheapest_plan),
        AT_DESK(flows_are_conserved_at_every_place),
        AT_DESK(classes_add_up),
        AT_DESK(a_selection_adds_up_to_the_use_of_the_link),
        AT_DESK(demand_without_a_way_is_told_and_not_lost),
        AT_DESK(more_demand_waits_longer),
        AT_DESK(hard_capacities_are_kept_and_what_is_left_behind_is_told),
        AT_DESK(the_price_of_a_unit_is_what_the_total_falls_by),
        AT_DESK(two_ways_a_spread_apart_divide_by_logit),
        AT_DESK(a_table_of_waits_takes_the_place_of_the_formula),
        AT_DESK(a_package_without_a_spread_has_no_logit),
        AT_DESK(the_same_bytes_on_any_number_of_threads),
        AT_DESK(questions_that_contradict_themselves_are_refused),
        AT_DESK(who_watches_may_stop_it)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
