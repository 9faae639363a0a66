/* SPDX-License-Identifier: Apache-2.0 */
/* test_blocked.c - why there is no route, in facts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <keruen/plan.h>

#include "plan/planning.h"
#include "support/assert_near.h"
#include "support/failing_alloc.h"
#include "support/mini_network.h"
#include "support/random_corridor.h"

/*  n0 --rail l0-- n1 --rail l1-- n2       n0 ==road l2== n2  */
static corridor triangle(void)
{
    return (corridor){
        .n_nodes = 3,
        .n_links = 3,
        .uncertain = true,
        .links = {{.from = 0, .to = 1, .mode = KRN_RAIL, .km = 100, .speed_kmh = 20},
                  {.from = 1, .to = 2, .mode = KRN_RAIL, .km = 100, .speed_kmh = 20},
                  {.from = 0, .to = 2, .mode = KRN_ROAD, .km = 300, .speed_kmh = 30}}};
}

static krn_plan_query query_of(const krn_network *network)
{
    krn_plan_query q;
    krn_plan_query_init(&q);
    q.consignment = corridor_consignment(network);
    q.samples = 10;
    return q;
}

static krn_blocked blocked_of(const krn_network *network, const krn_plan_query *q, krn_arena *arena)
{
    krn_plan_result result;
    krn_error err = {0};
    const krn_status st = krn_plan(network, q, arena, &result, &err);
    if (st)
        fail_msg("%s", err.text);
    assert_int_equal(result.n_routes, 0);
    return result.blocked;
}

static void one_closed_link_is_the_fact(void **state)
{
    corridor c = triangle();
    c.links[1].closed = true;
    c.links[2].removed = true;
    krn_network *network = corridor_network(&c);
    const krn_plan_query q = query_of(network);
    const krn_blocked blocked = blocked_of(network, &q, *state);
    assert_int_equal(blocked.n_facts, 1);
    assert_int_equal(blocked.facts[0].block, KRN_BLOCK_CLOSED);
    assert_int_equal(blocked.facts[0].figure.table, KRN_TABLE_LINK);
    assert_int_equal(blocked.facts[0].link, 1);
    assert_non_null(strstr(blocked.facts[0].text, "not in service"));
    assert_non_null(strstr(blocked.opening, "there would be a route"));
    assert_true(blocked.opening_cost_usd > 0.0);
    krn_network_free(network);
}

/* Of two single facts the one that opens the cheaper way is told: rail costs less than road. */
static void the_cheapest_single_change_is_told(void **state)
{
    corridor c = triangle();
    c.links[1].closed = true;
    c.links[2].closed = true;
    krn_network *network = corridor_network(&c);
    const krn_plan_query q = query_of(network);
    const krn_blocked blocked = blocked_of(network, &q, *state);
    assert_int_equal(blocked.n_facts, 1);
    assert_int_equal(blocked.facts[0].link, 1);
    krn_network_free(network);
}

static void two_facts_are_needed_when_one_does_not_help(void **state)
{
    corridor c = triangle();
    c.links[0].closed = true;
    c.links[1].closed = true;
    c.links[2].removed = true;
    krn_network *network = corridor_network(&c);
    const krn_plan_query q = query_of(network);
    const krn_blocked blocked = blocked_of(network, &q, *state);
    assert_int_equal(blocked.n_facts, 2);
    assert_int_equal(blocked.facts_at_least, 2);
    assert_int_equal(blocked.n_sets, 1);
    assert_true(blocked.opening_cheapest);
    assert_string_equal(blocked.reason,
                        "no way from Place 0 to Place 2: 2 facts together block it");
    assert_non_null(strstr(blocked.opening, "if Place 0 - Place 1 (rail) and Place 1 - Place 2 "
                                            "(rail) were in service, there would be a route, "
                                            "from "));
    assert_true(blocked.opening_cost_usd > 0.0);
    krn_network_free(network);
}

/*  n0 --l0 x-- n1 --l1 x-- n4      100 km each: the cheapest pair of closed links
 *  n0 --l2 x-- n2 --l3 x-- n4      150 km each
 *  n0 --l4 x-- n3 --l5 x-- n4      120 km each; all rail */
static void of_three_pairs_the_cheapest_is_told(void **state)
{
    static const int km[] = {100, 150, 120};
    corridor c = {.n_nodes = 5, .n_links = 6};
    for (uint32_t i = 0; i < 6; i++)
        c.links[i] = (corridor_link){.from = i % 2 ? 1 + i / 2 : 0,
                                     .to = i % 2 ? 4 : 1 + i / 2,
                                     .mode = KRN_RAIL,
                                     .km = km[i / 2],
                                     .speed_kmh = 20,
                                     .closed = true};
    krn_network *network = corridor_network(&c);
    const krn_plan_query q = query_of(network);
    const krn_blocked blocked = blocked_of(network, &q, *state);
    assert_int_equal(blocked.n_facts, 2);
    assert_int_equal(blocked.n_sets, 3);
    assert_true(blocked.opening_cheapest);
    assert_int_equal(blocked.facts[0].link + blocked.facts[1].link, 0 + 1);
    krn_network_free(network);
    c.links[1].km = 190; /* now 240 km by n3 are the least */
    network = corridor_network(&c);
    const krn_blocked other = blocked_of(network, &q, *state);
    assert_int_equal(other.facts[0].link + other.facts[1].link, 4 + 5);
    assert_true(other.opening_cost_usd > blocked.opening_cost_usd);
    krn_network_free(network);
}

/*  n0 --l0 x-- n1 --l1 x-- n2 --l2 x-- n3      100 km each
 *  n0 ==l3 x== n1 ==l4 x== n2 ==l5 x== n3      road, which costs more; it may mix with rail  */
static void three_facts_that_stay_on_the_cheaper_mode_are_told(void **state)
{
    corridor c = {.n_nodes = 4, .n_links = 6};
    for (uint32_t i = 0; i < 6; i++)
        c.links[i] = (corridor_link){.from = i % 3,
                                     .to = i % 3 + 1,
                                     .mode = i < 3 ? KRN_RAIL : KRN_ROAD,
                                     .km = 100,
                                     .speed_kmh = 20,
                                     .closed = true};
    krn_network *network = corridor_network(&c);
    const krn_plan_query q = query_of(network);
    const krn_blocked blocked = blocked_of(network, &q, *state);
    assert_int_equal(blocked.n_facts, 3);
    assert_int_equal(blocked.n_sets, 8);
    assert_true(blocked.opening_cheapest);
    for (uint32_t i = 0; i < 3; i++)
        assert_true(blocked.facts[i].link < 3);
    krn_network_free(network);
}

/*  n0 --x-- n1 --x-- .. --x-- n7: seven closed links in a row, more than is searched for  */
static void a_set_that_is_too_large_is_told_as_one_of_them(void **state)
{
    corridor c = {.n_nodes = 8, .n_links = 7};
    for (uint32_t i = 0; i < 7; i++)
        c.links[i] = (corridor_link){
            .from = i, .to = i + 1, .mode = KRN_RAIL, .km = 100, .speed_kmh = 20, .closed = true};
    krn_network *network = corridor_network(&c);
    const krn_plan_query q = query_of(network);
    krn_blocked blocked = blocked_of(network, &q, *state);
    assert_int_equal(blocked.n_facts, 7);
    assert_int_equal(blocked.facts_at_least, 7); /* six were searched in vain */
    assert_false(blocked.opening_cheapest);
    assert_true(blocked.opening_cost_usd > 0.0);
    assert_non_null(strstr(blocked.reason, "7 facts together"));
    krn_network_free(network);
    c.links[3].mode = KRN_ROAD; /* and a mode that the question leaves out */
    network = corridor_network(&c);
    krn_plan_query rail = query_of(network);
    rail.modes = 1u << KRN_RAIL;
    blocked = blocked_of(network, &rail, *state);
    assert_int_equal(blocked.n_facts, 8);
    assert_int_equal(blocked.facts_at_least, 7);
    assert_non_null(strstr(blocked.reason, "at least 7 facts together block it; one set of 8"));
    assert_non_null(strstr(blocked.opening, "the question did not leave out road"));
    krn_network_free(network);
}

/* What takes no such cargo has no price: another set is told, though this one comes first. */
static void a_set_without_a_price_is_told_last(void **state)
{
    corridor c = triangle();
    c.links[0].closed = true;
    c.links[2].closed = true;
    krn_network *network = corridor_network(&c);
    const krn_plan_query q = query_of(network);
    krni_planning planning = {.network = network, .query = &q, .arena = *state, .scratch = *state};
    assert_int_equal(krni_plan_prepare(&planning), KRN_OK);
    for (uint32_t a = 0; a < network->n_activities; a++)
        if (network->kind[a] == KRN_HAUL && network->link[a] == 0)
            planning.costs[a].block = KRN_BLOCK_RATE;
    krn_blocked blocked;
    assert_int_equal(krni_explain_blocked(&planning, KRN_TIME_NONE, &blocked), KRN_OK);
    assert_int_equal(blocked.n_facts, 1);
    assert_int_equal(blocked.n_sets, 2);
    assert_int_equal(blocked.facts[0].link, 2);
    assert_true(blocked.opening_cheapest && blocked.opening_cost_usd > 0.0);
    krn_network_free(network);
}

static void a_filter_of_the_query_is_a_fact(void **state)
{
    corridor c = triangle();
    c.links[0].removed = true;
    krn_network *network = corridor_network(&c);
    krn_plan_query q = query_of(network);
    q.modes = 1u << KRN_RAIL;
    const krn_blocked blocked = blocked_of(network, &q, *state);
    assert_int_equal(blocked.n_facts, 1);
    assert_int_equal(blocked.facts[0].block, KRN_BLOCK_FILTER);
    assert_int_equal(blocked.facts[0].figure.table, KRN_TABLE_COUNT);
    assert_non_null(strstr(blocked.facts[0].text, "leaves out road"));
    krn_network_free(network);
}

/* A closed link on a mode that is left out as well: both must go. */
static void a_row_and_a_filter_together_block(void **state)
{
    corridor c = triangle();
    c.links[0].removed = true;
    c.links[2].closed = true;
    krn_network *network = corridor_network(&c);
    krn_plan_query q = query_of(network);
    q.modes = 1u << KRN_RAIL;
    const krn_blocked blocked = blocked_of(network, &q, *state);
    assert_int_equal(blocked.n_facts, 2);
    krn_network_free(network);
}

/*  n0 --l0-- n1 | n2: the road l2 goes into the country XB and by the crossing of l2 and to n2  */
static void all_filters_that_hit_one_way_must_go(void **state)
{
    corridor c = triangle();
    c.links[0].removed = c.links[1].removed = true;
    krn_network *network = corridor_network(&c);
    krn_plan_query q = query_of(network);
    static const char *const crossing[] = {"Crossing 2"};
    q.avoid_borders = crossing;
    q.n_avoid_borders = 1;
    q.modes = 1u << KRN_RAIL;
    krn_blocked blocked = blocked_of(network, &q, *state);
    assert_int_equal(blocked.n_facts, 2);
    assert_true(blocked.opening_cheapest);
    assert_non_null(strstr(blocked.opening, "if the question did not leave out road and did not "
                                            "avoid the crossing Crossing 2, there would be"));
    q.consignment.due = q.consignment.ready + (krn_time)60 * KRN_SECONDS_PER_DAY;
    blocked = blocked_of(network, &q, *state); /* the same two open one in time */
    assert_int_equal(blocked.n_facts, 2);
    assert_int_equal(blocked.earliest, KRN_TIME_NONE);
    assert_true(blocked.opening_arrival <= q.consignment.due);
    assert_non_null(strstr(blocked.opening, "a route would be in time, there by"));
    q.consignment.due = q.consignment.ready + (krn_time)24 * KRN_SECONDS_PER_HOUR;
    blocked = blocked_of(network, &q, *state); /* and the permit, which takes two days */
    assert_int_equal(blocked.n_facts, 3);
    assert_non_null(strstr(blocked.reason, "in time: 3 facts together hold it up"));
    q.consignment.due = q.consignment.ready + KRN_SECONDS_PER_HOUR;
    blocked = blocked_of(network, &q, *state); /* nothing can be in time */
    assert_int_equal(blocked.n_facts, 2);
    assert_non_null(strstr(blocked.opening, "there would be a route, but none in time is known"));
    krn_network_free(network);
}

static void a_due_time_too_early_tells_the_earliest_arrival(void **state)
{
    const corridor c = triangle();
    krn_network *network = corridor_network(&c);
    krn_plan_query q = query_of(network);
    krn_plan_result open;
    assert_int_equal(krn_plan(network, &q, *state, &open, NULL), KRN_OK);
    q.consignment.due = open.routes[0].arrival - 1;
    const krn_blocked blocked = blocked_of(network, &q, *state);
    assert_true(blocked.n_facts > 0); /* what delays: test_late.c */
    assert_int_equal(blocked.earliest, open.routes[0].arrival);
    assert_non_null(strstr(blocked.reason, "in time"));
    q.consignment.due = KRN_TIME_NONE;
    q.arrive_by = open.routes[0].arrival - 1;
    assert_int_equal(blocked_of(network, &q, *state).earliest, open.routes[0].arrival);
    krn_network_free(network);
}

static void places_without_any_connection_have_no_facts(void **state)
{
    corridor c = triangle();
    c.links[1].removed = c.links[2].removed = true;
    krn_network *network = corridor_network(&c);
    const krn_plan_query q = query_of(network);
    const krn_blocked blocked = blocked_of(network, &q, *state);
    assert_int_equal(blocked.n_facts, 0);
    assert_non_null(strstr(blocked.reason, "no connection"));
    krn_network_free(network);
}

/*  n0 ~~a ship whose timetable has no day~~ n1  */
static void a_service_that_never_departs_is_a_fact_of_the_calendar(void **state)
{
    const corridor c = {
        .n_nodes = 2,
        .n_links = 1,
        .n_services = 1,
        .links = {{.from = 0, .to = 1, .mode = KRN_SEA, .km = 100, .speed_kmh = 20}},
        .services = {{.link = 0, .hours = 10, .days = 0, .hour = 6}}};
    krn_network *network = corridor_network(&c);
    const krn_plan_query q = query_of(network);
    const krn_blocked blocked = blocked_of(network, &q, *state);
    assert_int_equal(blocked.n_facts, 1);
    assert_int_equal(blocked.facts[0].block, KRN_BLOCK_CALENDAR);
    krn_network_free(network);
}

/* Texts name no rows here, so that they can be compared. */
static void the_order_of_rows_changes_no_answer(void **state)
{
    char openings[2][1024] = {"", ""};
    for (uint64_t seed = 0; seed < 4; seed++) {
        krn_package *package = mini_network_load("data/kti");
        krn_network *network =
            mini_network_compile(seed ? mini_network_shuffle(package, seed) : package);
        krn_plan_query q;
        krn_plan_query_init(&q);
        const krn_time ready = (krn_time)20788 * KRN_SECONDS_PER_DAY; /* 2026-12-01 */
        q.consignment = (krn_consignment){
            .commodity = mini_row(network, KRN_TABLE_COMMODITY, "barley"),
            .loading_unit = KRN_NO_ROW,
            .net_t = 3000,
            .origin = mini_row(network, KRN_TABLE_NODE, "kz-kostanay"),
            .destination = mini_row(network, KRN_TABLE_NODE, "ir-shahid-rajaee-port"),
            .ready = ready,
            .due = ready + (krn_time)10 * KRN_SECONDS_PER_DAY};
        for (unsigned i = 0; i < 2; i++) {
            q.modes = i ? 1u << KRN_SEA : KRN_ALL_MODES;
            const krn_blocked b = blocked_of(network, &q, *state);
            assert_int_equal(b.facts_at_least, b.n_facts);
            assert_true(b.n_facts > 1);
            if (seed == 0)
                (void)snprintf(openings[i], sizeof openings[i], "%s", b.opening);
            else
                assert_string_equal(b.opening, openings[i]);
        }
        krn_network_free(network);
        krn_arena_reset(*state);
    }
}

/* Two closed links and a mode left out; then the same with a due time. */
static void explaining_survives_every_failing_allocation(void **state)
{
    (void)state;
    corridor c = triangle();
    c.links[0].closed = c.links[2].closed = true;
    krn_network *network = corridor_network(&c);
    krn_plan_query q = query_of(network);
    q.modes = 1u << KRN_SEA;
    for (int timed = 0; timed < 2; timed++) {
        q.consignment.due =
            timed ? q.consignment.ready + (krn_time)30 * KRN_SECONDS_PER_HOUR : KRN_TIME_NONE;
        bool failed = true;
        for (long n = 1; failed; n++) {
            krn_plan_result result;
            krn_arena *arena = krn_arena_new(NULL, 0);
            assert_non_null(arena);
            failing_alloc_arm(n);
            const krn_status st = krn_plan(network, &q, arena, &result, NULL);
            failed = failing_alloc_disarm();
            assert_int_equal(st, failed ? KRN_E_MEMORY : KRN_OK);
            assert_true(failed || result.blocked.n_facts > 1);
            krn_arena_free(arena);
        }
    }
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
        CASE(one_closed_link_is_the_fact),
        CASE(the_cheapest_single_change_is_told),
        CASE(two_facts_are_needed_when_one_does_not_help),
        CASE(of_three_pairs_the_cheapest_is_told),
        CASE(three_facts_that_stay_on_the_cheaper_mode_are_told),
        CASE(a_set_that_is_too_large_is_told_as_one_of_them),
        CASE(a_set_without_a_price_is_told_last),
        CASE(a_filter_of_the_query_is_a_fact),
        CASE(a_row_and_a_filter_together_block),
        CASE(all_filters_that_hit_one_way_must_go),
        CASE(a_due_time_too_early_tells_the_earliest_arrival),
        CASE(places_without_any_connection_have_no_facts),
        CASE(a_service_that_never_departs_is_a_fact_of_the_calendar),
        CASE(the_order_of_rows_changes_no_answer),
        CASE(explaining_survives_every_failing_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
