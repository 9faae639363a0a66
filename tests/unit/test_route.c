/* SPDX-License-Identifier: Apache-2.0 */
/* test_route.c - 3000 t of barley from a-farm to b-gulf on the mini corridor, step by step.
 *
 *   a-farm --180-- a-junction --300-- a-gate --25-]Gates[-- b-gate =gauge= --290-- b-city --360--
 * b-gulf
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <keruen/plan.h>

#include "support/assert_near.h"
#include "support/mini_network.h"

typedef struct planned {
    krn_network *net;
    krn_arena *arena;
    krn_plan_query query;
    krn_plan_result result;
} planned;

static planned *plan(const mini_edit *edits, uint32_t n, const char *to, unsigned modes)
{
    planned *p = calloc(1, sizeof *p);
    krn_error err = {0};
    assert_non_null(p);
    p->net = mini_network(edits, n);
    p->arena = krn_arena_new(NULL, 0);
    krn_plan_query_init(&p->query);
    p->query.consignment.commodity = mini_row(p->net, KRN_TABLE_COMMODITY, "barley");
    p->query.consignment.net_t = 3000.0;
    p->query.consignment.origin = mini_row(p->net, KRN_TABLE_NODE, "a-farm");
    p->query.consignment.destination = mini_row(p->net, KRN_TABLE_NODE, to);
    p->query.consignment.ready = (krn_time)krn_day_from_civil(2026, 3, 2) * KRN_SECONDS_PER_DAY;
    p->query.modes = modes;
    p->query.max_routes = 0;
    if (krn_plan(p->net, &p->query, p->arena, &p->result, &err))
        fail_msg("%s", err.text);
    assert_true(p->result.n_routes > 0);
    return p;
}

static void end(planned *p)
{
    krn_arena_free(p->arena);
    krn_network_free(p->net);
    free(p);
}

static const char *node_id(const planned *p, uint32_t row)
{
    return krn_package_text(krn_network_package(p->net), KRN_TABLE_NODE, row, 0);
}

static void a_leg_runs_from_loading_to_unloading(void **state)
{
    (void)state;
    planned *p = plan(NULL, 0, "b-gulf", 1u << KRN_RAIL);
    const krn_route *route = &p->result.routes[0];
    assert_int_equal(route->n_legs, 1);
    const krn_leg *leg = &route->legs[0];
    static const char *const via[] = {"a-junction", "a-gate", "b-gate", "b-city"};
    assert_int_equal(leg->mode, KRN_RAIL);
    assert_int_equal(leg->n_via, 4);
    for (uint32_t i = 0; i < 4; i++)
        assert_string_equal(node_id(p, leg->via[i]), via[i]);
    assert_near(leg->length_km, 180 + 300 + 25 + 290 + 360, 1e-9);
    assert_int_equal(leg->n_steps, route->n_steps);
    assert_int_equal(leg->departure, route->departure);
    assert_int_equal(leg->arrival, route->arrival);
    assert_int_equal(leg->n_vehicles, 50); /* of 60 t on 1435 mm; 45 on 1520 mm */
    assert_int_equal(leg->n_regimes, 2);
    assert_string_equal(leg->regimes[0], "SMGS");
    assert_string_equal(leg->regimes[1], "CIM");
    assert_string_equal(node_id(p, leg->regime_nodes[1]), "b-gate");
    end(p);
}

static void transfers_belong_to_the_leg_that_follows(void **state)
{
    (void)state;
    planned *p = plan(NULL, 0, "b-gulf", KRN_ALL_MODES);
    bool seen = false;
    for (uint32_t i = 0; i < p->result.n_routes; i++) {
        const krn_route *route = &p->result.routes[i];
        uint32_t steps = 0;
        for (uint32_t k = 0; k < route->n_legs; k++) {
            const krn_leg *leg = &route->legs[k];
            assert_int_equal(leg->first_step, steps);
            steps += leg->n_steps;
            assert_int_equal(route->steps[leg->first_step].kind, KRN_TRANSFER);
            if (k > 0)
                assert_int_equal(leg->from_node, route->legs[k - 1].to_node);
            seen = seen || k > 0;
        }
        assert_int_equal(steps, route->n_steps);
    }
    assert_true(seen);
    end(p);
}

static void hours_add_up_to_the_second(void **state)
{
    (void)state;
    planned *p = plan(NULL, 0, "c-city", KRN_ALL_MODES);
    for (uint32_t i = 0; i < p->result.n_routes; i++) {
        const krn_route *r = &p->result.routes[i];
        const double sum_h =
            r->waiting_h + r->border_h + r->gauge_change_h + r->moving_h + r->terminal_h;
        assert_near(sum_h, (double)(r->arrival - r->departure) / KRN_SECONDS_PER_HOUR, 1e-9);
        krn_time now = p->query.consignment.ready;
        double kg = 0.0;
        for (uint32_t k = 0; k < r->n_steps; k++) {
            assert_int_equal(r->steps[k].arrive, now);
            assert_true(r->steps[k].start >= now && r->steps[k].end >= r->steps[k].start);
            now = r->steps[k].end;
            kg += r->steps[k].wtw_kg_co2e;
        }
        assert_int_equal(now, r->arrival);
        assert_near_relative(r->wtw_kg_co2e, kg, 1e-12);
    }
    end(p);
}

/* Phytosanitary certificate: 5 days before departure; origin certificate: 3 days before XB. */
static void papers_hold_a_step_until_they_are_ready(void **state)
{
    (void)state;
    planned *p = plan(NULL, 0, "b-gulf", 1u << KRN_RAIL);
    const krn_route *route = &p->result.routes[0];
    const krn_time ready = p->query.consignment.ready;
    assert_int_equal(route->steps[0].gate, ready + 5 * KRN_SECONDS_PER_DAY);
    assert_int_equal(route->steps[0].start, route->steps[0].gate);
    assert_int_equal(route->departure, route->steps[0].start);
    assert_near(route->duration_h, (double)(route->arrival - ready) / KRN_SECONDS_PER_HOUR, 1e-9);
    assert_int_equal(route->papers.n_papers, 3);
    end(p);
}

static const krn_charge *charge_of(const krn_route *route, krn_table table, uint32_t row)
{
    for (uint32_t i = 0; i < route->charges.n_charges; i++)
        if (route->charges.charges[i].figure.table == (uint16_t)table &&
            route->charges.charges[i].figure.row == row)
            return &route->charges.charges[i];
    fail();
    return NULL;
}

static void every_charge_has_its_row_and_the_cost_is_their_sum(void **state)
{
    (void)state;
    planned *p = plan(NULL, 0, "b-gulf", 1u << KRN_RAIL);
    const krn_route *route = &p->result.routes[0];
    double sum_usd = 0.0;
    for (uint32_t i = 0; i < route->charges.n_charges; i++) {
        sum_usd += route->charges.charges[i].amount_usd;
        assert_true(route->charges.charges[i].figure.table < KRN_TABLE_COUNT);
    }
    assert_near(route->cost_usd, sum_usd, 1e-6);
    const krn_package *t = krn_network_package(p->net);
    const uint32_t xa = mini_row(p->net, KRN_TABLE_TARIFF, "t-rail-xa");
    const uint32_t near = mini_row(p->net, KRN_TABLE_TARIFF, "t-rail-xb-near");
    const uint32_t far = mini_row(p->net, KRN_TABLE_TARIFF, "t-rail-xb-far");
    const uint32_t border = mini_row(p->net, KRN_TABLE_BORDER, "bo-rail-out");
    const uint32_t load = mini_row(p->net, KRN_TABLE_OPERATION, "op-load-rail");
    assert_near(charge_of(route, KRN_TABLE_TARIFF, xa)->basis_share, 505.0 * 3000.0, 1e-6);
    assert_near(charge_of(route, KRN_TABLE_TARIFF, near)->amount_usd, 300.0 * 3000.0 * 0.03, 1e-6);
    assert_near(charge_of(route, KRN_TABLE_TARIFF, far)->amount_usd, 350.0 * 3000.0 * 0.02, 1e-6);
    assert_near(charge_of(route, KRN_TABLE_BORDER, border)->amount_usd, 20.0 * 45.0, 1e-9);
    assert_near(charge_of(route, KRN_TABLE_OPERATION, load)->amount_usd, 4.0 * 3000.0, 1e-9);
    assert_string_equal(
        krn_package_column_name(t, KRN_TABLE_OPERATION,
                                charge_of(route, KRN_TABLE_OPERATION, load)->figure.column),
        "cost_usd");
    end(p);
}

static void the_bound_of_the_search_is_not_above_the_price(void **state)
{
    (void)state;
    planned *p = plan(NULL, 0, "b-gulf", KRN_ALL_MODES);
    krn_load load;
    krn_activity_cost *costs;
    assert_int_equal(krn_network_weigh(p->net, &p->query.consignment, p->query.consignment.ready,
                                       p->arena, &load, &costs, NULL),
                     KRN_OK);
    for (uint32_t i = 0; i < p->result.n_routes; i++) {
        const krn_route *r = &p->result.routes[i];
        double bound_usd = 0.0, variance_h2 = 0.0;
        for (uint32_t k = 0; k < r->n_steps; k++) {
            bound_usd += costs[r->steps[k].activity.index].bound_usd;
            variance_h2 += costs[r->steps[k].activity.index].variance_h2;
        }
        assert_true(bound_usd <= r->cost_usd + 1e-6);
        assert_near_relative(r->risk_h, sqrt(variance_h2), 1e-12);
    }
    end(p);
}

/* A paper of 30 days for loading on a ship: the grain lies in the store of a-port, 5 days free. */
static void waiting_in_a_store_costs_after_the_free_days(void **state)
{
    (void)state;
    const mini_edit edits[] = {
        {KRN_TABLE_RULE, "ru-adr", "dangerous_only", ""},
        {KRN_TABLE_RULE, "ru-adr", "lead_typical_days", "30"},
        {KRN_TABLE_LINK, "r-gate", "kr_status", "closed"},
        {KRN_TABLE_LINK, "d-post", "kr_status", "closed"},
    };
    planned *p = plan(edits, 4, "b-city", KRN_ALL_MODES);
    const krn_route *route = &p->result.routes[0];
    const krn_step *loading = NULL;
    for (uint32_t i = 1; i < route->n_steps && !loading; i++)
        if (route->steps[i].kind == KRN_TRANSFER)
            loading = &route->steps[i];
    assert_non_null(loading);
    const double days =
        ceil((double)(loading->start - loading->arrive) / KRN_SECONDS_PER_DAY) - 5.0;
    assert_true(days > 5.0);
    const uint32_t store = mini_row(p->net, KRN_TABLE_OPERATION, "op-a-port-store");
    assert_near(charge_of(route, KRN_TABLE_OPERATION, store)->amount_usd, days * 0.1 * 3000.0,
                1e-6);
    end(p);
}

static void dominance_needs_one_better_value(void **state)
{
    (void)state;
    const krn_route a = {.arrival = 3600, .cost_usd = 10, .handlings = 2};
    const krn_route same = a;
    const krn_route dearer = {.arrival = 3600, .cost_usd = 11, .handlings = 2};
    const krn_route mixed = {.arrival = 3600, .cost_usd = 9, .handlings = 3};
    assert_false(krn_route_dominates(&a, &same, KRN_ALL_CRITERIA));
    assert_true(krn_route_dominates(&a, &dearer, KRN_ALL_CRITERIA));
    assert_false(krn_route_dominates(&dearer, &a, KRN_ALL_CRITERIA));
    assert_false(krn_route_dominates(&a, &mixed, KRN_ALL_CRITERIA));
    assert_true(krn_route_dominates(&mixed, &a, 1u << KRN_COST));
    assert_near(krn_route_value(&a, KRN_ARRIVAL), 1.0, 1e-12);
    assert_string_equal(krn_criterion_name(KRN_CO2E), "co2e");
}

static void a_route_without_activities_is_refused(void **state)
{
    (void)state;
    planned *p = plan(NULL, 0, "b-gulf", 1u << KRN_RAIL);
    krn_route route;
    krn_error err;
    const krn_activity_id none = {0};
    const krn_activity_cost cost = {0};
    assert_int_equal(krn_route_build(p->net, &p->query.consignment, &p->result.load, &cost, &none,
                                     0, 0, 0, p->arena, &route, &err),
                     KRN_E_ARG);
    end(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_leg_runs_from_loading_to_unloading),
        cmocka_unit_test(transfers_belong_to_the_leg_that_follows),
        cmocka_unit_test(hours_add_up_to_the_second),
        cmocka_unit_test(papers_hold_a_step_until_they_are_ready),
        cmocka_unit_test(every_charge_has_its_row_and_the_cost_is_their_sum),
        cmocka_unit_test(the_bound_of_the_search_is_not_above_the_price),
        cmocka_unit_test(waiting_in_a_store_costs_after_the_free_days),
        cmocka_unit_test(dominance_needs_one_better_value),
        cmocka_unit_test(a_route_without_activities_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
