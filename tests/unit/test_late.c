/* SPDX-License-Identifier: Apache-2.0 */
/* test_late.c - why no route arrives in time, in facts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <keruen/plan.h>

#include "plan/late_search.h"
#include "support/assert_near.h"
#include "support/random_corridor.h"

#define HOUR       KRN_SECONDS_PER_HOUR
#define DAY        KRN_SECONDS_PER_DAY
#define HEAD       "rule_id,use,kind,name,enter_countries,gate,lead_typical_days\n"
#define HEAD_MODES "rule_id,use,kind,name,enter_countries,gate,lead_typical_days,modes\n"

/*  n0 ==road, 10 h== n1 (XB)     entry into XB after a permit of 2 days  */
static corridor road(void)
{
    return (corridor){
        .n_nodes = 2,
        .n_links = 1,
        .links = {{.from = 0, .to = 1, .mode = KRN_ROAD, .km = 300, .speed_kmh = 30}}};
}

typedef struct desk {
    krn_network *network;
    krn_arena *arena;
    krn_plan_query q;
    krn_time first; /* arrival without a due time */
} desk;

static krn_plan_result ask(desk *d)
{
    krn_plan_result result;
    krn_error err = {0};
    if (krn_plan(d->network, &d->q, d->arena, &result, &err))
        fail_msg("%s", err.text);
    return result;
}

static desk open_desk(const corridor *c, krn_arena *arena)
{
    desk d = {.network = corridor_network(c), .arena = arena};
    krn_plan_query_init(&d.q);
    d.q.consignment = corridor_consignment(d.network);
    d.q.samples = 10;
    const krn_plan_result open = ask(&d);
    assert_true(open.n_routes > 0);
    d.first = open.routes[0].arrival;
    return d;
}

static krn_blocked late(desk *d)
{
    const krn_plan_result result = ask(d);
    assert_int_equal(result.n_routes, 0);
    assert_int_equal(result.blocked.earliest, d->first);
    assert_non_null(strstr(result.blocked.reason, "in time"));
    return result.blocked;
}

static void assert_single(const krn_blocked *b, krn_block block, uint32_t table, krn_time by)
{
    assert_int_equal(b->n_facts, 1);
    assert_int_equal(b->facts[0].block, block);
    assert_int_equal(b->facts[0].figure.table, table);
    assert_true(b->opening_arrival <= by);
    assert_true(b->opening_cost_usd > 0.0);
    assert_non_null(strstr(b->opening, "in time"));
}

/* Ready that much sooner there is a route, and a day less is not enough. */
static void assert_sooner(desk *d, uint32_t days)
{
    assert_true(days > 0);
    d->q.consignment.ready -= (krn_time)days * DAY;
    assert_true(ask(d).n_routes > 0);
    d->q.consignment.ready += DAY;
    assert_int_equal(ask(d).n_routes, 0);
}

static void a_paper_alone_holds_the_goods_up(void **state)
{
    const corridor c = road();
    desk d = open_desk(&c, *state);
    d.q.consignment.due = d.first - 10 * HOUR;
    const krn_blocked b = late(&d);
    assert_single(&b, KRN_BLOCK_PAPERS, KRN_TABLE_RULE, d.q.consignment.due);
    assert_non_null(strstr(b.facts[0].text, "permit: takes 2 days"));
    assert_int_equal(b.days_sooner, 1);
    assert_sooner(&d, b.days_sooner);
    krn_network_free(d.network);
}

static void the_same_paper_holds_up_an_arrival_by_a_date(void **state)
{
    const corridor c = road();
    desk d = open_desk(&c, *state);
    d.q.arrive_by = d.first - 10 * HOUR;
    const krn_blocked b = late(&d);
    assert_single(&b, KRN_BLOCK_PAPERS, KRN_TABLE_RULE, d.q.arrive_by);
    krn_network_free(d.network);
}

static void two_papers_hold_up_together(void **state)
{
    corridor c = road();
    c.rules = HEAD "long,required,permit,long,XB,enter,3\n"
                   "middle,required,permit,middle,XB,enter,2\n"
                   "short,required,permit,short,XB,enter,0.1\n";
    desk d = open_desk(&c, *state);
    d.q.consignment.due = d.first - 30 * HOUR;
    const krn_blocked b = late(&d);
    assert_int_equal(b.n_facts, 2);
    assert_int_equal(b.facts[0].block, KRN_BLOCK_PAPERS);
    assert_int_equal(b.facts[1].block, KRN_BLOCK_PAPERS);
    assert_int_not_equal(b.facts[0].figure.row, b.facts[1].figure.row);
    assert_int_equal(b.facts_at_least, 2);
    assert_int_equal(b.n_sets, 1);
    assert_true(b.opening_cheapest);
    assert_true(b.opening_arrival <= d.q.consignment.due);
    assert_true(b.opening_cost_usd > 0.0);
    assert_non_null(strstr(b.opening, "if the 2 papers were at hand when the goods are ready, a "
                                      "route would be in time, there by "));
    assert_non_null(strstr(b.reason, "2 facts"));
    assert_sooner(&d, b.days_sooner);
    krn_network_free(d.network);
}

/*  n0 ==road, after permits a and b== n1      n0 --rail, after permits c and d, cheaper-- n1
 *  Both are fast enough once their two permits are at hand. */
static void of_two_pairs_of_papers_the_one_for_the_cheaper_mode_is_told(void **state)
{
    corridor c = road();
    c.rules =
        HEAD_MODES "a,required,permit,a,XB,enter,3,road\nb,required,permit,b,XB,enter,4,road\n"
                   "c,required,permit,c,XB,enter,3,rail\nd,required,permit,d,XB,enter,4,rail\n";
    c.n_links = 2;
    c.links[1] = (corridor_link){.from = 0, .to = 1, .mode = KRN_RAIL, .km = 300, .speed_kmh = 30};
    desk d = open_desk(&c, *state);
    d.q.consignment.due = d.q.consignment.ready + 2 * DAY;
    const krn_blocked b = late(&d);
    assert_int_equal(b.n_facts, 2);
    assert_int_equal(b.n_sets, 2);
    assert_true(b.opening_cheapest);
    assert_non_null(strstr(b.facts[0].text, " c: takes 3 days"));
    assert_non_null(strstr(b.facts[1].text, " d: takes 4 days"));
    d.q.modes = 1u << KRN_ROAD; /* the permits of the road, or another filter and two permits */
    const krn_plan_result by_road = ask(&d);
    assert_int_equal(by_road.blocked.n_facts, 2);
    assert_true(by_road.blocked.opening_cost_usd > b.opening_cost_usd);
    krn_network_free(d.network);
}

/*  n0 ~~ship on Saturdays, after permit a~~ n1 (XB): permit, departure and the filter of ships  */
static void a_filter_a_paper_and_a_departure_together_hold_up(void **state)
{
    corridor c = {.n_nodes = 2,
                  .n_links = 2,
                  .n_services = 1,
                  .rules = HEAD_MODES "a,required,permit,a,XB,load_sea,9,sea\n",
                  .links = {{.from = 0, .to = 1, .mode = KRN_SEA, .km = 100, .speed_kmh = 20},
                            {.from = 0, .to = 1, .mode = KRN_RAIL, .km = 9000, .speed_kmh = 20}},
                  .services = {{.link = 0, .hours = 10, .days = 1u << 5, .hour = 6}}};
    desk d = open_desk(&c, *state);
    d.q.consignment.due = d.q.consignment.ready + 2 * DAY;
    d.q.modes = 1u << KRN_RAIL;
    const krn_plan_result result = ask(&d);
    assert_int_equal(result.n_routes, 0);
    const krn_blocked *b = &result.blocked;
    assert_int_equal(b->n_facts, 3);
    assert_int_equal(b->n_sets, 1);
    unsigned blocks = 0;
    for (uint32_t i = 0; i < 3; i++)
        blocks |= 1u << b->facts[i].block;
    assert_int_equal(blocks,
                     1u << KRN_BLOCK_PAPERS | 1u << KRN_BLOCK_DEPARTURE | 1u << KRN_BLOCK_FILTER);
    assert_true(b->opening_cheapest && b->opening_cost_usd > 0.0);
    assert_true(b->opening_arrival <= d.q.consignment.due);
    assert_non_null(strstr(b->opening, "left when the goods are there"));
    assert_non_null(strstr(b->opening, "the question did not leave out sea"));
    assert_non_null(strstr(b->opening, "\"a\" were at hand when the goods are ready"));
    krn_network_free(d.network);
}

/*  n0 --rail-- n1 --rail-- n2     n0 --rail, shorter-- n2     n1 is asked for  */
static void the_price_is_that_of_a_way_by_the_places_asked_for(void **state)
{
    const corridor c = {
        .n_nodes = 3,
        .n_links = 3,
        .links = {{.from = 0, .to = 1, .mode = KRN_RAIL, .km = 100, .speed_kmh = 40},
                  {.from = 1, .to = 2, .mode = KRN_RAIL, .km = 100, .speed_kmh = 40},
                  {.from = 0, .to = 2, .mode = KRN_RAIL, .km = 50, .speed_kmh = 40}}};
    const uint32_t place = 1;
    double usd[2];
    for (uint32_t n = 0; n < 2; n++) {
        desk d = open_desk(&c, *state);
        d.q.require_nodes = &place;
        d.q.n_require_nodes = n;
        const krn_plan_result open = ask(&d);
        double least = INFINITY;
        for (uint32_t i = 0; i < open.n_routes; i++)
            least = fmin(least, open.routes[i].cost_usd);
        d.first = open.routes[0].arrival;
        d.q.consignment.due = d.first - 10 * HOUR;
        const krn_blocked b = late(&d);
        assert_single(&b, KRN_BLOCK_PAPERS, KRN_TABLE_RULE, d.q.consignment.due);
        assert_near(b.opening_cost_usd, least, 1e-6);
        usd[n] = b.opening_cost_usd;
        krn_network_free(d.network);
    }
    assert_true(usd[1] > usd[0]);
}

/* Eight permits: more than a set that is searched for; the six of one mode are searched for. */
static void more_papers_than_are_searched_for_are_told_as_one_set(void **state)
{
    corridor c = road();
    c.rules = HEAD "a,required,permit,a,XB,enter,3\nb,required,permit,b,XB,enter,3\n"
                   "c,required,permit,c,XB,enter,3\nd,required,permit,d,XB,enter,3\n"
                   "e,required,permit,e,XB,enter,3\nf,required,permit,f,XB,enter,3\n"
                   "g,required,permit,g,XB,enter,3\nh,required,permit,h,XB,enter,3\n";
    desk d = open_desk(&c, *state);
    d.q.consignment.due = d.first - 10 * HOUR;
    const krn_blocked b = late(&d);
    assert_int_equal(b.n_facts, 8);
    assert_int_equal(b.facts_at_least, KRNI_MOST_SET + 1);
    assert_false(b.opening_cheapest);
    assert_true(b.opening_arrival <= d.q.consignment.due && b.opening_cost_usd > 0.0);
    assert_non_null(strstr(b.reason, "at least 7 facts together hold it up; one set of 8 is told"));
    assert_non_null(strstr(b.opening, "if the 8 papers were at hand"));
    krn_network_free(d.network);
}

/* Four papers: each of them is needed. */
static void four_papers_are_found_as_well(void **state)
{
    corridor c = road();
    c.rules = HEAD "a,required,permit,a,XB,enter,3\nb,required,permit,b,XB,enter,3\n"
                   "c,required,permit,c,XB,enter,3\nd,required,permit,d,XB,enter,3\n"
                   "e,required,permit,e,XB,enter,0.1\n";
    desk d = open_desk(&c, *state);
    d.q.consignment.due = d.first - 10 * HOUR;
    assert_int_equal(late(&d).n_facts, 4);
    krn_network_free(d.network);
}

/* The road is open from 08:00 to 20:00; the truck is loaded at 04:00. */
static void opening_hours_hold_the_goods_up(void **state)
{
    corridor c = road();
    c.rules = HEAD;
    c.links[0].by_day = true;
    desk d = open_desk(&c, *state);
    d.q.consignment.due = d.first - HOUR;
    const krn_blocked b = late(&d);
    assert_single(&b, KRN_BLOCK_CALENDAR, KRN_TABLE_CALENDAR, d.q.consignment.due);
    krn_network_free(d.network);
}

/*  n0 ~~a ship on Saturdays~~ n1  */
static void a_departure_is_waited_for(void **state)
{
    const corridor c = {
        .n_nodes = 2,
        .n_links = 1,
        .n_services = 1,
        .rules = HEAD,
        .links = {{.from = 0, .to = 1, .mode = KRN_SEA, .km = 100, .speed_kmh = 20}},
        .services = {{.link = 0, .hours = 10, .days = 1u << 5, .hour = 6}}};
    desk d = open_desk(&c, *state);
    d.q.consignment.due = d.first - DAY;
    const krn_blocked b = late(&d);
    assert_single(&b, KRN_BLOCK_DEPARTURE, KRN_TABLE_TRIP, d.q.consignment.due);
    assert_sooner(&d, b.days_sooner);
    krn_network_free(d.network);
}

/*  n0 --rail, slow-- n1     n0 ==road== n1, left out by the question  */
static void a_filter_keeps_a_faster_way_away(void **state)
{
    corridor c = road();
    c.rules = HEAD;
    c.n_links = 2;
    c.links[1] = (corridor_link){.from = 0, .to = 1, .mode = KRN_RAIL, .km = 900, .speed_kmh = 10};
    desk d = open_desk(&c, *state);
    d.q.consignment.due = d.first + HOUR;
    d.q.modes = 1u << KRN_RAIL;
    const krn_plan_result result = ask(&d);
    assert_int_equal(result.n_routes, 0);
    assert_single(&result.blocked, KRN_BLOCK_FILTER, KRN_TABLE_COUNT, d.q.consignment.due);
    assert_non_null(strstr(result.blocked.facts[0].text, "leaves out road"));
    krn_network_free(d.network);
}

/* Trucks wait for nothing, and 600 t take longer to load than the usual lot at a slow place. */
static void running_time_that_is_too_long_names_its_longest_steps(void **state)
{
    corridor c = road();
    desk d = open_desk(&c, *state);
    d.q.consignment.due = d.q.consignment.ready + 3 * HOUR;
    const krn_blocked b = late(&d);
    assert_true(b.n_facts > 0 && b.n_facts <= 3);
    for (uint32_t i = 0; i < b.n_facts; i++)
        assert_int_equal(b.facts[i].block, KRN_BLOCK_TIME);
    assert_int_equal(b.facts[0].figure.table, KRN_TABLE_LINK);
    assert_non_null(strstr(b.reason, "even with nothing to wait for"));
    assert_string_equal(b.opening, "");
    assert_true(b.days_sooner > 0);
    krn_network_free(d.network);
}

static void a_due_time_before_the_ready_time_is_answered(void **state)
{
    corridor c = road();
    desk d = open_desk(&c, *state);
    d.q.arrive_by = d.q.consignment.ready - 5 * DAY;
    krn_plan_result result;
    const krn_status st = krn_plan(d.network, &d.q, d.arena, &result, NULL);
    assert_true(st == KRN_E_ARG || (st == KRN_OK && result.n_routes == 0));
    krn_network_free(d.network);
}

/* On made-up corridors: the single fact is a paper only if the date can be met without it. */
static void the_hints_hold_on_random_corridors(void **state)
{
    uint32_t n_facts = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        corridor c;
        corridor_make(&c, seed, 0);
        krn_arena_reset(*state);
        krn_network *network = corridor_network(&c);
        desk d = {.network = network, .arena = *state};
        krn_plan_query_init(&d.q);
        d.q.consignment = corridor_consignment(network);
        d.q.samples = 10;
        const krn_plan_result open = ask(&d);
        if (open.n_routes) {
            d.first = open.routes[0].arrival;
            d.q.consignment.due = d.q.consignment.ready + (d.first - d.q.consignment.ready) * 3 / 4;
            const krn_blocked b = late(&d);
            assert_true(b.n_facts > 0);
            assert_true((b.facts[0].block != KRN_BLOCK_TIME) ==
                        (b.opening_arrival != KRN_TIME_NONE));
            if (b.opening_arrival != KRN_TIME_NONE)
                assert_true(b.opening_arrival <= d.q.consignment.due);
            if (b.days_sooner)
                assert_sooner(&d, b.days_sooner);
            n_facts += b.n_facts;
        }
        krn_network_free(network);
    }
    assert_true(n_facts > 60);
}

/* ---- all sets of facts one by one ---- */

typedef struct best_set {
    uint32_t n_sets;
    double usd; /* of the cheapest; infinity: not known */
    uint32_t arrival;
    uint32_t facts[4];
} best_set;

/* Tries all sets of the facts held and n more, those from first on. */
static void try_all(krni_late *e, unsigned held, unsigned n, uint32_t first, uint32_t *set,
                    best_set *out)
{
    for (uint32_t f = first; n && f < e->n_facts; f++) {
        e->lifted[f] = true;
        set[held] = f;
        try_all(e, held + 1, n - 1, f + 1, set, out);
        e->lifted[f] = false;
    }
    if (n || krni_late_arrival(e, KRNI_LATE_LIFTED) == KRNI_NEVER)
        return;
    uint32_t arrival;
    double usd;
    assert_int_equal(krni_late_price(e, &arrival, &usd), KRN_OK);
    usd = isnan(usd) ? INFINITY : usd;
    if (out->n_sets++ && (usd > out->usd || (!(usd < out->usd) && arrival >= out->arrival)))
        return;
    *out = (best_set){.n_sets = out->n_sets, .usd = usd, .arrival = arrival};
    memcpy(out->facts, set, held * sizeof *set);
}

/* A corridor with four papers by three modes, opening hours and ships, and a date too early. */
static desk late_desk(uint64_t seed, krn_arena *arena)
{
    corridor c;
    corridor_make(&c, seed, 0);
    c.rules =
        HEAD_MODES "a,required,permit,a,XB,enter,3,road\nb,required,permit,b,XB,enter,2,rail\n"
                   "c,required,permit,c,XB,enter,4,sea;rail\nd,required,permit,d,,departure,1,\n";
    desk d = open_desk(&c, arena);
    d.q.modes = seed % 2 ? KRN_ALL_MODES : 1u << KRN_RAIL | 1u << KRN_SEA;
    d.q.consignment.due =
        d.q.consignment.ready + (d.first - d.q.consignment.ready) * (krn_time)(3 + seed % 6) / 10;
    return d;
}

static bool tells(const krn_blocked *b, const krni_fact *fact)
{
    for (uint32_t i = 0; i < b->n_facts; i++)
        if (b->facts[i].block == fact->block &&
            memcmp(&b->facts[i].figure, &fact->figure, sizeof fact->figure) == 0)
            return true;
    return false;
}

/* The set told is a smallest one, and of all of its size it opens the cheapest way; the first in
 * order of those that are alike. */
static void the_set_told_is_the_best_of_all_sets_of_facts(void **state)
{
    uint32_t n_by_size[5] = {0}, n_chosen = 0;
    for (uint64_t seed = 1; seed <= 160; seed++) {
        krn_arena_reset(*state);
        desk d = late_desk(seed, *state);
        const krn_plan_result result = ask(&d);
        assert_int_equal(result.n_routes, 0);
        const krn_blocked *b = &result.blocked;
        if (b->facts_at_least && b->earliest != KRN_TIME_NONE) {
            krni_planning planning = {
                .network = d.network, .query = &d.q, .arena = *state, .scratch = *state};
            krni_late e;
            bool reachable;
            uint32_t set[4];
            best_set best = {0};
            assert_int_equal(krni_plan_prepare(&planning), KRN_OK);
            assert_int_equal(krni_late_open(&planning, planning.base, d.q.consignment.due, &e),
                             KRN_OK);
            assert_int_equal(krni_late_facts(&e, &reachable), KRN_OK);
            assert_true(reachable);
            const unsigned size = b->n_facts < 4 ? b->n_facts : 4;
            assert_int_equal(b->facts_at_least, b->n_facts);
            for (unsigned n = 0; n < size && !best.n_sets; n++)
                try_all(&e, 0, n, 0, set, &best);
            assert_int_equal(best.n_sets, 0);
            if (b->n_facts < 4) {
                try_all(&e, 0, size, 0, set, &best);
                assert_int_equal(b->n_sets, best.n_sets);
                assert_int_equal(b->opening_arrival, planning.base + (krn_time)best.arrival);
                assert_near(b->opening_cost_usd, best.usd, 1e-9);
                for (unsigned i = 0; i < size; i++)
                    assert_true(tells(b, &e.facts[best.facts[i]].fact));
                n_chosen += best.n_sets > 1;
            }
            n_by_size[size]++;
        }
        krn_network_free(d.network);
    }
    assert_true(n_by_size[1] > 0 && n_by_size[2] > 0 && n_by_size[3] > 0);
    assert_true(n_chosen > 10);
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
        CASE(a_paper_alone_holds_the_goods_up),
        CASE(the_same_paper_holds_up_an_arrival_by_a_date),
        CASE(two_papers_hold_up_together),
        CASE(of_two_pairs_of_papers_the_one_for_the_cheaper_mode_is_told),
        CASE(a_filter_a_paper_and_a_departure_together_hold_up),
        CASE(the_price_is_that_of_a_way_by_the_places_asked_for),
        CASE(more_papers_than_are_searched_for_are_told_as_one_set),
        CASE(four_papers_are_found_as_well),
        CASE(opening_hours_hold_the_goods_up),
        CASE(a_departure_is_waited_for),
        CASE(a_filter_keeps_a_faster_way_away),
        CASE(running_time_that_is_too_long_names_its_longest_steps),
        CASE(a_due_time_before_the_ready_time_is_answered),
        CASE(the_hints_hold_on_random_corridors),
        CASE(the_set_told_is_the_best_of_all_sets_of_facts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
