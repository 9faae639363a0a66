/* SPDX-License-Identifier: Apache-2.0 */
/* test_router.c - questions to the planner on the mini corridor. */
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

typedef struct desk {
    krn_network *net;
    krn_arena *arena;
    krn_plan_query q;
    krn_error err;
} desk;

static krn_time day_at(int month, int day)
{
    return (krn_time)krn_day_from_civil(2026, month, day) * KRN_SECONDS_PER_DAY;
}

static int open_desk(void **state)
{
    desk *d = calloc(1, sizeof *d);
    if (!d)
        return 1;
    d->net = mini_network(NULL, 0);
    d->arena = krn_arena_new(NULL, 0);
    krn_plan_query_init(&d->q);
    d->q.consignment.commodity = mini_row(d->net, KRN_TABLE_COMMODITY, "barley");
    d->q.consignment.net_t = 3000.0;
    d->q.consignment.origin = mini_row(d->net, KRN_TABLE_NODE, "a-farm");
    d->q.consignment.destination = mini_row(d->net, KRN_TABLE_NODE, "b-gulf");
    d->q.consignment.ready = day_at(3, 2);
    d->q.max_routes = 0;
    d->q.samples = 20;
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

static krn_plan_result ask(desk *d)
{
    krn_plan_result result;
    if (krn_plan(d->net, &d->q, d->arena, &result, &d->err))
        fail_msg("%s", d->err.text);
    return result;
}

static void assert_refused(desk *d, krn_status expected)
{
    krn_plan_result result;
    assert_int_equal(krn_plan(d->net, &d->q, d->arena, &result, &d->err), expected);
    assert_true(strlen(d->err.text) > 10);
}

static unsigned modes_of(const krn_route *route)
{
    unsigned modes = 0;
    for (uint32_t i = 0; i < route->n_legs; i++)
        modes |= 1u << route->legs[i].mode;
    return modes;
}

static bool passes(const krn_route *route, uint32_t node)
{
    for (uint32_t i = 0; i < route->n_steps; i++)
        if (route->steps[i].from_node == node || route->steps[i].to_node == node)
            return true;
    return false;
}

static void contradictions_are_refused(void **state)
{
    desk *d = *state;
    const krn_plan_query good = d->q;
    d->q.consignment.destination = d->q.consignment.origin;
    assert_refused(d, KRN_E_ARG);
    d->q = good;
    d->q.arrive_by = day_at(3, 1);
    assert_refused(d, KRN_E_ARG);
    d->q = good;
    d->q.consignment.ready = KRN_TIME_NONE;
    assert_refused(d, KRN_E_ARG);
    d->q = good;
    d->q.modes = 0;
    assert_refused(d, KRN_E_ARG);
    d->q = good;
    d->q.avoid_nodes = &d->q.consignment.origin;
    d->q.n_avoid_nodes = 1;
    assert_refused(d, KRN_E_ARG);
    d->q = good;
    const krn_country home = KRN_COUNTRY('X', 'A');
    d->q.avoid_countries = &home;
    d->q.n_avoid_countries = 1;
    assert_refused(d, KRN_E_ARG);
    d->q = good;
    const uint32_t seven[7] = {1, 2, 3, 4, 5, 6, 7};
    d->q.require_nodes = seven;
    d->q.n_require_nodes = 7;
    assert_refused(d, KRN_E_ARG);
    d->q = good;
    d->q.epsilon_share = -0.1;
    assert_refused(d, KRN_E_ARG);
    assert_int_equal(krn_plan(NULL, &d->q, d->arena, NULL, &d->err), KRN_E_ARG);
}

static void unknown_names_are_not_found(void **state)
{
    desk *d = *state;
    const char *name = "Gaets";
    d->q.avoid_borders = &name;
    d->q.n_avoid_borders = 1;
    assert_refused(d, KRN_E_NOT_FOUND);
    d->q.n_avoid_borders = 0;
    d->q.avoid_carriers = &name;
    d->q.n_avoid_carriers = 1;
    assert_refused(d, KRN_E_NOT_FOUND);
}

static void modes_are_kept_to(void **state)
{
    desk *d = *state;
    for (unsigned modes = 1; modes <= KRN_ALL_MODES; modes++) {
        d->q.modes = modes;
        const krn_plan_result r = ask(d);
        for (uint32_t i = 0; i < r.n_routes; i++)
            assert_int_equal(modes_of(&r.routes[i]) & ~modes, 0);
    }
}

/* c-city belongs to c-port: the road between them may be used though road is left out. */
static void access_links_are_open_whatever_the_modes(void **state)
{
    desk *d = *state;
    d->q.consignment.destination = mini_row(d->net, KRN_TABLE_NODE, "c-city");
    d->q.modes = 1u << KRN_RAIL | 1u << KRN_SEA;
    const krn_plan_result r = ask(d);
    assert_true(r.n_routes > 0);
    const krn_leg *last = &r.routes[0].legs[r.routes[0].n_legs - 1];
    assert_int_equal(last->mode, KRN_ROAD);
    assert_string_equal(
        krn_package_text(krn_network_package(d->net), KRN_TABLE_NODE, last->from_node, 0),
        "c-port");
}

static void avoided_and_required_things_hold(void **state)
{
    desk *d = *state;
    const uint32_t port = mini_row(d->net, KRN_TABLE_NODE, "a-port");
    const uint32_t gate = mini_row(d->net, KRN_TABLE_NODE, "a-gate");
    const char *gates = "Gates", *line = "mini-sea";
    d->q.require_nodes = &port;
    d->q.n_require_nodes = 1;
    krn_plan_result r = ask(d);
    assert_true(r.n_routes > 0);
    for (uint32_t i = 0; i < r.n_routes; i++)
        assert_true(passes(&r.routes[i], port));
    d->q.n_require_nodes = 0;
    d->q.avoid_nodes = &gate;
    d->q.n_avoid_nodes = 1;
    r = ask(d);
    for (uint32_t i = 0; i < r.n_routes; i++)
        assert_false(passes(&r.routes[i], gate));
    d->q.n_avoid_nodes = 0;
    d->q.require_borders = &gates;
    d->q.n_require_borders = 1;
    r = ask(d);
    assert_true(r.n_routes > 0);
    for (uint32_t i = 0; i < r.n_routes; i++)
        assert_true(passes(&r.routes[i], gate));
    d->q.n_require_borders = 0;
    d->q.avoid_carriers = &line;
    d->q.n_avoid_carriers = 1;
    r = ask(d);
    for (uint32_t i = 0; i < r.n_routes; i++)
        assert_int_equal(modes_of(&r.routes[i]) & (1u << KRN_SEA), 0);
}

/* Name of the nth crossing of a route; "" when there are fewer. */
static const char *crossing_of(const krn_network *net, const krn_route *route, unsigned n)
{
    const krn_package *p = krn_network_package(net);
    const uint32_t column = (uint32_t)krn_package_column(p, KRN_TABLE_BORDER, "crossing");
    for (uint32_t i = 0; i < route->n_steps; i++) {
        krn_activity words;
        krn_network_activity(net, route->steps[i].activity, &words);
        if (words.kind == KRN_CROSS && n-- == 0)
            return krn_package_text(p, KRN_TABLE_BORDER, words.figure.row, column);
    }
    return "";
}

/*   XA       farm              from city to gulf by way of XA: in at Gates, out at Posts or by sea,
 *      Gates|    |Posts        or the other way round; never out where it came in
 *   XB       city ---- gulf                                                                   */
static void a_required_country_is_crossed_and_not_touched(void **state)
{
    desk *d = *state;
    const krn_country there = KRN_COUNTRY('X', 'A');
    d->q.consignment.origin = mini_row(d->net, KRN_TABLE_NODE, "b-city");
    d->q.consignment.net_t = 300.0;
    d->q.require_countries = &there;
    d->q.n_require_countries = 1;
    krn_plan_result r = ask(d);
    assert_true(r.n_routes > 0);
    for (uint32_t i = 0; i < r.n_routes; i++) {
        const char *in = crossing_of(d->net, &r.routes[i], 0);
        assert_true(*in != '\0');
        assert_string_not_equal(in, crossing_of(d->net, &r.routes[i], 1));
    }
    d->q.modes = 1u << KRN_RAIL; /* Gates alone are left */
    r = ask(d);
    assert_int_equal(r.n_routes, 0);
    assert_non_null(strstr(r.blocked.reason, "can only be touched"));
}

static void a_required_country_is_met_where_the_route_ends(void **state)
{
    desk *d = *state;
    const krn_plan_result without = ask(d);
    const krn_country ends[] = {KRN_COUNTRY('X', 'A'), KRN_COUNTRY('X', 'B')};
    d->q.require_countries = ends;
    d->q.n_require_countries = 2;
    const krn_plan_result with = ask(d);
    assert_int_equal(without.n_non_dominated, with.n_non_dominated);
}

static void a_required_border_is_crossed_once(void **state)
{
    desk *d = *state;
    const char *both[] = {"Gates", "Posts"};
    d->q.consignment.net_t = 300.0;
    d->q.require_borders = both;
    d->q.n_require_borders = 2;
    const krn_plan_result r = ask(d); /* over one, back over the other, then by sea */
    assert_true(r.n_routes > 0);
    for (uint32_t i = 0; i < r.n_routes; i++) {
        assert_string_not_equal(crossing_of(d->net, &r.routes[i], 0),
                                crossing_of(d->net, &r.routes[i], 1));
        assert_string_equal(crossing_of(d->net, &r.routes[i], 2), "");
    }
}

static void no_route_dominates_another(void **state)
{
    desk *d = *state;
    const krn_plan_result r = ask(d);
    assert_true(r.n_routes > 1);
    for (uint32_t i = 0; i < r.n_routes; i++) {
        for (uint32_t k = 0; k < r.n_routes; k++)
            assert_false(krn_route_dominates(&r.routes[i], &r.routes[k], KRN_ALL_CRITERIA));
        if (i > 0)
            assert_true(r.routes[i - 1].arrival <= r.routes[i].arrival);
    }
}

static void fewer_criteria_give_fewer_routes(void **state)
{
    desk *d = *state;
    const uint32_t all = ask(d).n_non_dominated;
    d->q.criteria = 1u << KRN_ARRIVAL;
    assert_int_equal(ask(d).n_non_dominated, 1);
    d->q.criteria = 1u << KRN_COST; /* arrival is always among them */
    const krn_plan_result r = ask(d);
    assert_true(r.n_non_dominated <= all);
    for (uint32_t i = 1; i < r.n_routes; i++)
        assert_true(r.routes[i].cost_usd < r.routes[i - 1].cost_usd);
}

static void max_routes_shows_some_and_counts_all(void **state)
{
    desk *d = *state;
    const krn_plan_result all = ask(d);
    d->q.max_routes = 2;
    const krn_plan_result two = ask(d);
    assert_int_equal(two.n_routes, 2);
    assert_int_equal(two.n_non_dominated, all.n_non_dominated);
    unsigned best = 0;
    for (uint32_t i = 0; i < 2; i++)
        best |= two.routes[i].best_of;
    assert_int_equal(best, KRN_ALL_CRITERIA);
}

static void routes_that_miss_the_due_time_are_left_out(void **state)
{
    desk *d = *state;
    const krn_plan_result all = ask(d);
    const krn_time first = all.routes[0].arrival;
    d->q.consignment.due = first;
    const krn_plan_result r = ask(d);
    assert_true(r.n_routes > 0 && r.n_routes < all.n_routes);
    for (uint32_t i = 0; i < r.n_routes; i++)
        assert_true(r.routes[i].arrival <= first && r.routes[i].on_time_prob >= 0.0);
}

/* Leaving when arrive-by says, one is there in time; a second later, not. */
static void arrive_by_is_the_latest_departure(void **state)
{
    desk *d = *state;
    d->q.criteria = 1u << KRN_ARRIVAL;
    d->q.modes = 1u << KRN_RAIL;
    d->q.arrive_by = day_at(4, 20);
    const krn_plan_result r = ask(d);
    assert_int_equal(r.n_routes, 1);
    assert_true(r.routes[0].arrival <= d->q.arrive_by);
    krn_activity_id chain[64];
    krn_load load;
    krn_activity_cost *costs;
    for (uint32_t i = 0; i < r.routes[0].n_steps; i++)
        chain[i] = r.routes[0].steps[i].activity;
    assert_int_equal(
        krn_network_weigh(d->net, &d->q.consignment, d->q.arrive_by, d->arena, &load, &costs, NULL),
        KRN_OK);
    krn_route later;
    assert_int_equal(krn_route_build(d->net, &d->q.consignment, &load, costs, chain,
                                     r.routes[0].n_steps, r.routes[0].departure + 1,
                                     d->q.consignment.ready, d->arena, &later, NULL),
                     KRN_OK);
    assert_true(later.arrival > d->q.arrive_by);
}

static void without_a_ready_time_papers_say_when_to_apply(void **state)
{
    desk *d = *state;
    d->q.consignment.ready = KRN_TIME_NONE;
    d->q.arrive_by = day_at(4, 20);
    d->q.modes = 1u << KRN_RAIL;
    const krn_plan_result r = ask(d);
    assert_true(r.n_routes > 0);
    const krn_route *route = &r.routes[0];
    assert_near(route->duration_h,
                (double)(route->arrival - route->departure) / KRN_SECONDS_PER_HOUR, 1e-9);
    bool told = false;
    for (uint32_t i = 0; i < route->papers.n_papers; i++) {
        const krn_paper *paper = &route->papers.papers[i];
        if (paper->lead_days_h > 0.0 && paper->apply_by != KRN_TIME_NONE) {
            assert_true(paper->apply_by < route->arrival);
            told = true;
        }
    }
    assert_true(told);
    for (uint32_t i = 0; i < route->n_steps; i++)
        assert_int_equal(route->steps[i].gate, KRN_TIME_NONE);
}

static void epsilon_gives_no_more_routes_and_stays_near(void **state)
{
    desk *d = *state;
    const krn_plan_result exact = ask(d);
    d->q.epsilon_share = 0.1;
    const krn_plan_result rough = ask(d);
    assert_true(rough.n_routes > 0 && rough.n_routes <= exact.n_routes);
}

/* The tables in any order of rows give the same routes, to the last bit. */
static void the_order_of_rows_changes_nothing(void **state)
{
    desk *d = *state;
    d->q.max_routes = 3;
    const krn_plan_result first = ask(d);
    assert_int_equal(first.n_routes, 3);
    for (uint64_t seed = 1; seed <= 5; seed++) {
        krn_network *other = mini_network_compile(
            mini_network_shuffle(mini_network_load("tests/support/mini"), seed));
        krn_plan_query q = d->q;
        q.consignment.commodity = mini_row(other, KRN_TABLE_COMMODITY, "barley");
        q.consignment.origin = mini_row(other, KRN_TABLE_NODE, "a-farm");
        q.consignment.destination = mini_row(other, KRN_TABLE_NODE, "b-gulf");
        krn_plan_result again;
        assert_int_equal(krn_plan(other, &q, d->arena, &again, &d->err), KRN_OK);
        assert_int_equal(again.n_routes, first.n_routes);
        assert_int_equal(again.n_non_dominated, first.n_non_dominated);
        for (uint32_t i = 0; i < first.n_routes; i++) {
            const krn_route *a = &first.routes[i], *b = &again.routes[i];
            assert_int_equal(a->arrival, b->arrival);
            assert_int_equal(a->arrival_p90, b->arrival_p90);
            assert_near(b->cost_usd, a->cost_usd, 1e-9 * a->cost_usd);
            assert_int_equal(a->n_steps, b->n_steps);
            assert_int_equal(a->best_of, b->best_of);
        }
        krn_network_free(other);
    }
}

typedef struct failing {
    uint32_t left; /* allocations until one fails */
} failing;

static void *allocate_or_fail(void *context, size_t size)
{
    failing *f = context;
    if (f->left == 0)
        return NULL;
    f->left--;
    return malloc(size);
}

static void release(void *context, void *memory)
{
    (void)context;
    free(memory);
}

/* Every block that the arena cannot have ends the plan with an error, none with a crash. */
static void memory_that_runs_out_is_an_error(void **state)
{
    desk *d = *state;
    krn_status st = KRN_E_MEMORY;
    for (uint32_t blocks = 1; st != KRN_OK && blocks < 200; blocks++) {
        failing f = {.left = blocks};
        const krn_allocator allocator = {allocate_or_fail, release, &f};
        krn_arena *arena = krn_arena_new(&allocator, 0);
        krn_plan_result result;
        assert_non_null(arena);
        st = krn_plan(d->net, &d->q, arena, &result, &d->err);
        assert_true(st == KRN_OK || st == KRN_E_MEMORY);
        krn_arena_free(arena);
    }
    assert_int_equal(st, KRN_OK);
    for (size_t limit = 1 << 14; limit < (1 << 22); limit += limit / 7) {
        krn_arena *arena = krn_arena_new(NULL, limit);
        krn_plan_result result;
        st = krn_plan(d->net, &d->q, arena, &result, &d->err);
        assert_true(st == KRN_OK || st == KRN_E_MEMORY);
        krn_arena_free(arena);
    }
}

static void a_bound_of_labels_is_told(void **state)
{
    desk *d = *state;
    krn_plan_result result;
    d->q.max_labels = 1;
    const krn_status st = krn_plan(d->net, &d->q, d->arena, &result, &d->err);
    assert_true(st == KRN_E_LIMIT || (st == KRN_OK && result.truncated));
}

/* Delays of nothing but what a figure of a table stands behind. */
static double *delays_at(const desk *d, krn_activity_kind kind, krn_table table, const char *key,
                         double hours)
{
    const uint32_t row = mini_row(d->net, table, key);
    double *delay_h = calloc(krn_network_activities(d->net), sizeof *delay_h);
    assert_non_null(delay_h);
    for (uint32_t a = 0; a < krn_network_activities(d->net); a++) {
        krn_activity words;
        krn_network_activity(d->net, (krn_activity_id){a}, &words);
        if (words.kind == kind && words.figure.table == table && words.figure.row == row)
            delay_h[a] = hours;
    }
    return delay_h;
}

static void a_delay_on_the_only_way_moves_the_arrival_by_exactly_so_much(void **state)
{
    desk *d = *state;
    d->q.modes = 1u << KRN_RAIL;
    d->q.criteria = 1u << KRN_ARRIVAL;
    const krn_plan_result before = ask(d);
    double *delay_h = delays_at(d, KRN_GAUGE_CHANGE, KRN_TABLE_GAUGE_CHANGE, "gc-out", 7.5);
    d->q.delay_h = delay_h;
    const krn_plan_result after = ask(d);
    assert_true(before.n_routes == 1 && after.n_routes == 1);
    assert_int_equal(after.routes[0].arrival - before.routes[0].arrival, 7.5 * 3600.0);
    for (uint32_t i = 0; i < after.routes[0].n_steps; i++) {
        const krn_step *was = &before.routes[0].steps[i], *is = &after.routes[0].steps[i];
        const double more = is->kind == KRN_GAUGE_CHANGE ? 7.5 : 0.0;
        assert_near(is->duration.typical_h - was->duration.typical_h, more, 1e-9);
        assert_near((double)(is->end - is->start - (was->end - was->start)), more * 3600.0, 0.5);
    }
    assert_true(after.routes[0].arrival_p50 > before.routes[0].arrival_p50);
    memset(delay_h, 0, krn_network_activities(d->net) * sizeof *delay_h); /* none: as NULL */
    assert_int_equal(ask(d).routes[0].arrival, before.routes[0].arrival);
    free(delay_h);
}

static void a_long_delay_sends_the_goods_another_way(void **state)
{
    desk *d = *state;
    const uint32_t gate = mini_row(d->net, KRN_TABLE_NODE, "b-gate");
    d->q.criteria = 1u << KRN_ARRIVAL;
    d->q.modes = 1u << KRN_RAIL | 1u << KRN_SEA;
    assert_true(passes(&ask(d).routes[0], gate));
    double *delay_h = delays_at(d, KRN_CROSS, KRN_TABLE_BORDER, "bo-rail-out", 5000.0);
    d->q.delay_h = delay_h;
    assert_false(passes(&ask(d).routes[0], gate));
    free(delay_h);
}

static void delays_that_are_no_hours_are_refused(void **state)
{
    desk *d = *state;
    double *delay_h = calloc(krn_network_activities(d->net), sizeof *delay_h);
    assert_non_null(delay_h);
    d->q.delay_h = delay_h;
    static const double wrong[4] = {-1e-9, (double)NAN, (double)INFINITY, 1e7};
    for (unsigned i = 0; i < 4; i++) {
        delay_h[3] = wrong[i];
        assert_refused(d, KRN_E_ARG);
    }
    free(delay_h);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, open_desk, close_desk)
    const struct CMUnitTest tests[] = {
        CASE(contradictions_are_refused),
        CASE(unknown_names_are_not_found),
        CASE(modes_are_kept_to),
        CASE(access_links_are_open_whatever_the_modes),
        CASE(avoided_and_required_things_hold),
        CASE(a_required_country_is_crossed_and_not_touched),
        CASE(a_required_country_is_met_where_the_route_ends),
        CASE(a_required_border_is_crossed_once),
        CASE(no_route_dominates_another),
        CASE(fewer_criteria_give_fewer_routes),
        CASE(max_routes_shows_some_and_counts_all),
        CASE(routes_that_miss_the_due_time_are_left_out),
        CASE(arrive_by_is_the_latest_departure),
        CASE(without_a_ready_time_papers_say_when_to_apply),
        CASE(epsilon_gives_no_more_routes_and_stays_near),
        CASE(the_order_of_rows_changes_nothing),
        CASE(memory_that_runs_out_is_an_error),
        CASE(a_bound_of_labels_is_told),
        CASE(a_delay_on_the_only_way_moves_the_arrival_by_exactly_so_much),
        CASE(a_long_delay_sends_the_goods_another_way),
        CASE(delays_that_are_no_hours_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
