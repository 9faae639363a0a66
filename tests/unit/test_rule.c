/* SPDX-License-Identifier: Apache-2.0 */
/* test_rule.c - papers at their gates, visas, regimes, sanctions.
 *
 *     AA  (origin)  --rail--  ][  BB (transit)  ][  CC (destination)
 *     a                       b                  c
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <keruen/rule.h>

#include "support/assert_near.h"
#include "support/mini_tables.h"

#define AA    KRN_COUNTRY('A', 'A')
#define BB    KRN_COUNTRY('B', 'B')
#define CC    KRN_COUNTRY('C', 'C')
#define DD    KRN_COUNTRY('D', 'D')

#define DAY_H 24.0
#define READY ((krn_time)1000000)

enum { NODE_A, NODE_B, NODE_C };

typedef struct fixture {
    krn_package *package;
    krn_rule_book *book;
    krn_arena *arena;
    krn_load load;
    krn_consignment consignment;
    krn_rule_case question;
    krn_paper_list papers;
} fixture;

static const krn_country all_three[] = {AA, BB, CC};
static const uint32_t all_nodes[] = {NODE_A, NODE_B, NODE_C};

static fixture *make(const char *table, const char *csv)
{
    fixture *f = calloc(1, sizeof *f);
    mini *m = mini_new();
    krn_error err = {0};
    mini_table(m, "node.csv", "node_id,name,kr_country\na,A,AA\nb,B,BB\nc,C,CC\n");
    mini_table(m, "cargo_class.csv", "cargo_class,name\ngrain,Grain\nbox,Boxes\n");
    mini_table(m, "vehicle.csv",
               "vehicle_id,name,kind,payload_t\ntruck,Truck,truck,20\nwagon,Wagon,wagon,50\n");
    mini_table(m, table, csv);
    f->package = mini_package(m);
    f->arena = krn_arena_new(NULL, 0);
    if (krn_rule_book_new(f->package, &f->book, &err) != KRN_OK)
        fail_msg("%s", err.text);
    f->load = (krn_load){.class_bit = 1,
                         .net_t = 100.0,
                         .gross_t = 100.0,
                         .wagon = {1, KRN_NO_ROW, KRN_NO_ROW, KRN_NO_ROW},
                         .truck = 0,
                         .hs_code = "1003"};
    f->consignment.ready = READY;
    f->question = (krn_rule_case){.consignment = &f->consignment,
                                  .load = &f->load,
                                  .origin = AA,
                                  .destination = CC,
                                  .day = 20000,
                                  .countries = all_three,
                                  .n_countries = 3,
                                  .nodes = all_nodes,
                                  .n_nodes = 3};
    return f;
}

static void done(fixture *f)
{
    krn_rule_book_free(f->book);
    krn_package_free(f->package);
    krn_arena_free(f->arena);
    free(f);
}

static krn_rule_point point(krn_gate gate, krn_mode mode, krn_country country, uint32_t node,
                            krn_time at)
{
    const krn_rule_point p = {
        .gate = gate, .mode = mode, .country = country, .node = node, .leg = 0, .at = at};
    return p;
}

/* The points of the route above. */
static uint32_t papers(fixture *f, krn_mode mode)
{
    const krn_rule_point points[] = {
        point(KRN_GATE_DEPARTURE, mode, AA, NODE_A, READY + 86400),
        point(KRN_GATE_LEAVE, mode, AA, NODE_B, READY + 2 * 86400),
        point(KRN_GATE_ENTER, mode, BB, NODE_B, READY + 3 * 86400),
        point(KRN_GATE_LEAVE, mode, BB, NODE_C, READY + 4 * 86400),
        point(KRN_GATE_ENTER, mode, CC, NODE_C, READY + 5 * 86400),
        point(KRN_GATE_GAUGE_CHANGE, mode, CC, NODE_C, READY + 6 * 86400),
        point(KRN_GATE_DELIVERY, mode, CC, NODE_C, READY + 7 * 86400),
    };
    krn_error err = {0};
    f->papers = (krn_paper_list){0};
    assert_int_equal(krn_rule_papers(f->book, &f->question, points,
                                     sizeof points / sizeof points[0], f->arena, &f->papers, &err),
                     KRN_OK);
    return f->papers.n_papers;
}

static double gate(const fixture *f, krn_gate kind, krn_mode mode, krn_country country,
                   uint32_t node)
{
    const krn_rule_point p = point(kind, mode, country, node, KRN_TIME_NONE);
    return krn_rule_gate_h(f->book, &f->question, &p);
}

#define HEAD                                                                                       \
    "rule_id,use,name,kind,gate,lead_typical_days,modes,origin_countries,destination_countries,"   \
    "enter_countries,leave_countries,transit_countries,node_ids,hs_prefixes,cargo_classes,"        \
    "dangerous_only,valid_from,valid_to,cost_usd,cost_basis\n"

static void a_paper_is_listed_once_at_its_gate(void **state)
{
    (void)state;
    fixture *f = make("rule.csv", HEAD "x,required,Note,customs,enter,2,,,,,,,,,,,,,10,truck\n"
                                       "o,optional,Perk,origin,none,9,,,,,,,,,,,,,,\n"
                                       "e,effect,Effect,permit,departure,9,,,,,,,,,,,,,,\n");
    assert_int_equal(papers(f, KRN_ROAD), 2);
    const krn_paper *perk = &f->papers.papers[0];
    assert_true(perk->optional);
    assert_int_equal(perk->gate, KRN_GATE_NONE);
    assert_true(perk->apply_by == KRN_TIME_NONE);
    const krn_paper *note = &f->papers.papers[1];
    assert_string_equal(note->name, "Note");
    assert_string_equal(note->kind, "customs");
    assert_int_equal(note->gate, KRN_GATE_ENTER);
    assert_int_equal(note->country, BB);
    assert_int_equal(note->gate_node, NODE_B);
    assert_near(note->lead_days_h, 2 * DAY_H, 0.0);
    assert_near(note->cost_usd, 50.0, 1e-9); /* 100 t on five trucks */
    assert_int_equal(note->apply_by, READY + 86400);
    assert_int_equal(note->ready_at, READY + 2 * 86400);
    assert_int_equal(note->figure.table, KRN_TABLE_RULE);
    done(f);
}

static void a_gate_is_the_longest_lead_asked_for_there(void **state)
{
    (void)state;
    fixture *f = make("rule.csv", HEAD "a,required,A,customs,enter,2,,,,CC,,,,,,,,,,\n"
                                       "b,required,B,customs,enter,5,,,,CC,,,,,,,,,,\n"
                                       "c,required,C,customs,enter,,,,,CC,,,,,,,,,,\n"
                                       "d,optional,D,customs,enter,9,,,,CC,,,,,,,,,,\n"
                                       "e,required,E,customs,none,9,,,,,,,,,,,,,,\n"
                                       "l,required,L,customs,leave,3,,,,,BB,,,,,,,,,\n"
                                       "g,required,G,customs,gauge_change,4,,,,,,,c,,,,,,,\n"
                                       "s,required,S,customs,load_sea,6,sea,,,,,,b,,,,,,,\n"
                                       "y,required,Y,customs,delivery,7,,,,,,,,,,,,,,\n"
                                       "z,required,Z,customs,delivery,9,,,,,,,b,,,,,,,\n");
    assert_near(gate(f, KRN_GATE_ENTER, KRN_RAIL, CC, NODE_C), 5 * DAY_H, 0.0);
    assert_near(gate(f, KRN_GATE_ENTER, KRN_RAIL, BB, NODE_B), 0.0, 0.0);
    assert_near(gate(f, KRN_GATE_LEAVE, KRN_RAIL, BB, NODE_B), 3 * DAY_H, 0.0);
    assert_near(gate(f, KRN_GATE_LEAVE, KRN_RAIL, AA, NODE_B), 0.0, 0.0);
    assert_near(gate(f, KRN_GATE_GAUGE_CHANGE, KRN_RAIL, CC, NODE_C), 4 * DAY_H, 0.0);
    assert_near(gate(f, KRN_GATE_GAUGE_CHANGE, KRN_RAIL, CC, NODE_B), 0.0, 0.0);
    assert_near(gate(f, KRN_GATE_LOAD_SEA, KRN_RAIL, BB, NODE_B), 6 * DAY_H, 0.0);
    assert_near(gate(f, KRN_GATE_LOAD_SEA, KRN_SEA, CC, NODE_C), 0.0, 0.0);
    assert_near(gate(f, KRN_GATE_DELIVERY, KRN_RAIL, CC, NODE_C), 7 * DAY_H, 0.0);
    assert_near(gate(f, KRN_GATE_DEPARTURE, KRN_RAIL, AA, NODE_A), 0.0, 0.0);
    assert_int_equal(papers(f, KRN_RAIL), 8);
    done(f);
}

/* Number of papers when one rule has one condition. */
static uint32_t with(const char *conditions, krn_mode mode)
{
    char table[512];
    (void)snprintf(table, sizeof table, HEAD "x,required,X,customs,departure,1,%s\n", conditions);
    fixture *f = make("rule.csv", table);
    const uint32_t n = papers(f, mode);
    /* what the route needs is never more than what the search waits for */
    f->question.countries = NULL;
    f->question.nodes = NULL;
    if (n > 0)
        assert_near(gate(f, KRN_GATE_DEPARTURE, mode, AA, NODE_A), DAY_H, 0.0);
    done(f);
    return n;
}

static void all_conditions_of_a_rule_must_hold(void **state)
{
    (void)state;
    assert_int_equal(with(",,,,,,,,,,,,,", KRN_RAIL), 1);
    assert_int_equal(with("rail,,,,,,,,,,,,,", KRN_RAIL), 1);
    assert_int_equal(with("rail,,,,,,,,,,,,,", KRN_ROAD), 0);
    assert_int_equal(with("road;sea,,,,,,,,,,,,,", KRN_ROAD), 1);
    assert_int_equal(with(",AA,,,,,,,,,,,,", KRN_RAIL), 1);
    assert_int_equal(with(",BB,,,,,,,,,,,,", KRN_RAIL), 0);
    assert_int_equal(with(",,any,,,,,,,,,,,", KRN_RAIL), 1);
    assert_int_equal(with(",,AA,,,,,,,,,,,", KRN_RAIL), 0);
    assert_int_equal(with(",,,BB,,,,,,,,,,", KRN_RAIL), 1);
    assert_int_equal(with(",,,AA,,,,,,,,,,", KRN_RAIL), 0);
    assert_int_equal(with(",,,,BB,,,,,,,,,", KRN_RAIL), 1);
    assert_int_equal(with(",,,,CC,,,,,,,,,", KRN_RAIL), 0);
    assert_int_equal(with(",,,,,BB,,,,,,,,", KRN_RAIL), 1);
    assert_int_equal(with(",,,,,BB;DD,,,,,,,,", KRN_RAIL), 0);
    assert_int_equal(with(",,,,,CC,,,,,,,,", KRN_RAIL), 0);
    assert_int_equal(with(",,,,,,b,,,,,,,", KRN_RAIL), 1);
    assert_int_equal(with(",,,,,,,10,,,,,,", KRN_RAIL), 1);
    assert_int_equal(with(",,,,,,,11;12,,,,,,", KRN_RAIL), 0);
    assert_int_equal(with(",,,,,,,,grain,,,,,", KRN_RAIL), 1);
    assert_int_equal(with(",,,,,,,,box,,,,,", KRN_RAIL), 0);
    assert_int_equal(with(",,,,,,,,,true,,,,", KRN_RAIL), 0);
    assert_int_equal(with(",,,,,,,,,,2030-01-01,,,", KRN_RAIL), 0);
    assert_int_equal(with(",,,,,,,,,,2020-01-01,2030-01-01,,", KRN_RAIL), 1);
    assert_int_equal(with(",,,,,,,,,,,2020-01-01,,", KRN_RAIL), 0);
}

/*  a --road--> b --rail--> c: the rail note is asked for when the goods come to the railway  */
static void a_departure_paper_of_a_later_mode_waits_for_it(void **state)
{
    (void)state;
    fixture *f = make("rule.csv", HEAD "n,required,Note,customs,departure,2,rail,,,,,,,,,,,,,\n");
    const krn_rule_point points[] = {
        point(KRN_GATE_DEPARTURE, KRN_ROAD, AA, NODE_A, READY),
        point(KRN_GATE_ENTER, KRN_RAIL, BB, NODE_B, READY + 86400),
    };
    krn_error err;
    assert_int_equal(krn_rule_papers(f->book, &f->question, points, 2, f->arena, &f->papers, &err),
                     KRN_OK);
    assert_int_equal(f->papers.n_papers, 1);
    assert_int_equal(f->papers.papers[0].gate, KRN_GATE_DEPARTURE);
    assert_int_equal(f->papers.papers[0].gate_node, NODE_B);
    assert_int_equal(f->papers.papers[0].apply_by, READY - 86400);
    /* a point of no gate: a mode with papers of its own begins */
    assert_near(gate(f, KRN_GATE_NONE, KRN_RAIL, AA, NODE_B), 2 * DAY_H, 0.0);
    assert_near(gate(f, KRN_GATE_NONE, KRN_ROAD, AA, NODE_B), 0.0, 0.0);
    assert_near(gate(f, KRN_GATE_DEPARTURE, KRN_ROAD, AA, NODE_A), 0.0, 0.0);
    assert_near(gate(f, KRN_GATE_ENTER, KRN_RAIL, BB, NODE_B), 2 * DAY_H, 0.0);
    done(f);
}

static void what_is_not_known_of_a_route_counts_as_met(void **state)
{
    (void)state;
    fixture *f = make("rule.csv", HEAD "t,required,T,plan,departure,10,rail,,,,,BB,,,,,,,,\n"
                                       "n,required,N,plan,departure,12,rail,,,,,,b,,,,,,,\n");
    static const krn_country direct[] = {AA, CC};
    f->question.countries = direct;
    f->question.n_countries = 2;
    f->question.n_nodes = 1;
    assert_near(gate(f, KRN_GATE_DEPARTURE, KRN_RAIL, AA, NODE_A), 0.0, 0.0);
    f->question.countries = NULL;
    assert_near(gate(f, KRN_GATE_DEPARTURE, KRN_RAIL, AA, NODE_A), 10 * DAY_H, 0.0);
    f->question.nodes = NULL;
    assert_near(gate(f, KRN_GATE_DEPARTURE, KRN_RAIL, AA, NODE_A), 12 * DAY_H, 0.0);
    done(f);
}

#define VISA                                                                                       \
    "visa_id,use,subject,nationality,destination,regime,lead_typical_days,cost_usd,valid_from,"    \
    "valid_to,priority\n"

static uint32_t visa(const fixture *f, const char *subject, krn_country nationality,
                     krn_country destination)
{
    uint32_t row = 7777;
    krn_visa_find(f->book, subject, nationality, destination, 20000, &row);
    return row;
}

static void the_visa_of_higher_priority_and_later_day_is_found(void **state)
{
    (void)state;
    fixture *f = make("visa.csv", VISA "v0,rule,citizen,AA,BB,visa,20,60,,,\n"
                                       "v1,rule,citizen,AA,BB,visa_free,0,0,2022-01-01,,10\n"
                                       "v2,rule,citizen,AA,BB,e_visa,3,20,2030-01-01,,20\n"
                                       "v3,context,citizen,AA,BB,closed,,,,,99\n"
                                       "v4,rule,citizen,any,CC,visa,5,,,,\n"
                                       "v5,rule,citizen,AA,CC,visa,6,,,,\n"
                                       "v6,rule,driver,AA,CC,visa,7,,2020-01-01,,\n"
                                       "v7,rule,driver,AA,CC,visa,8,,2021-01-01,,\n");
    assert_int_equal(visa(f, "citizen", AA, BB), 1);
    assert_int_equal(visa(f, "citizen", AA, CC), 5);
    assert_int_equal(visa(f, "citizen", DD, CC), 4);
    assert_int_equal(visa(f, "driver", AA, CC), 7);
    assert_int_equal(visa(f, "driver", AA, BB), KRN_NO_ROW);
    assert_int_equal(visa(f, "business", AA, BB), 1);
    assert_int_equal(visa(f, "crew", AA, BB), 1);
    assert_int_equal(visa(f, "train_crew", AA, BB), KRN_NO_ROW);
    assert_int_equal(visa(f, "citizen", AA, DD), KRN_NO_ROW);
    done(f);
}

static void drivers_need_visas_of_every_country_but_their_own(void **state)
{
    (void)state;
    fixture *f = make("visa.csv", VISA "b,rule,driver,AA,BB,visa,20,60,,,\n"
                                       "c,rule,driver,AA,CC,transit_visa,,,,,\n"
                                       "d,rule,driver,CC,BB,visa_free,0,0,,,\n"
                                       "t,rule,train_crew,AA,BB,visa,4,1,,,\n"
                                       "z,rule,citizen,AA,CC,visa,99,1,,,\n");
    assert_int_equal(papers(f, KRN_ROAD), 2);
    const krn_paper *b = &f->papers.papers[0];
    assert_string_equal(b->kind, "visa");
    assert_string_equal(b->name, "driver of AA: visa for BB");
    assert_int_equal(b->gate, KRN_GATE_ENTER);
    assert_near(b->cost_usd, 5 * 60.0, 1e-9);
    assert_int_equal(b->ready_at, READY + 20 * 86400);
    assert_near(gate(f, KRN_GATE_ENTER, KRN_ROAD, BB, NODE_B), 20 * DAY_H, 0.0);
    /* a lead that is not found is no gate, but it is told */
    const krn_paper *c = &f->papers.papers[1];
    assert_string_equal(c->name, "driver of AA: transit visa for CC");
    assert_true(isnan(c->lead_days_h));
    assert_true(isnan(c->cost_usd));
    assert_true(c->apply_by == KRN_TIME_NONE && c->ready_at == KRN_TIME_NONE);
    assert_near(gate(f, KRN_GATE_ENTER, KRN_ROAD, CC, NODE_C), 0.0, 0.0);
    /* train crews have rows of their own; citizens' rows do not hold them up */
    assert_int_equal(papers(f, KRN_RAIL), 1);
    assert_near(gate(f, KRN_GATE_ENTER, KRN_RAIL, BB, NODE_B), 4 * DAY_H, 0.0);
    assert_int_equal(papers(f, KRN_SEA), 0);
    /* a driver of CC */
    f->consignment.driver = CC;
    assert_int_equal(papers(f, KRN_ROAD), 0);
    done(f);
}

static void a_regime_is_held_where_it_also_holds(void **state)
{
    (void)state;
    fixture *f = make("regime.csv", "regime_id,regime,mode,country,rank,valid_from\n"
                                    "r1,CIM,rail,BB,20,\n"
                                    "r2,SMGS,rail,AA,10,\n"
                                    "r3,SMGS,rail,BB,10,\n"
                                    "r4,CIM,rail,CC,20,\n"
                                    "r5,BL,sea,any,10,\n"
                                    "r6,CIM_SMGS,rail,CC,5,2100-01-01\n");
    krn_figure figure;
    assert_string_equal(krn_rule_regime(f->book, KRN_RAIL, AA, "", 20000, &figure), "SMGS");
    assert_int_equal(figure.row, 1);
    assert_string_equal(krn_rule_regime(f->book, KRN_RAIL, BB, "SMGS", 20000, &figure), "SMGS");
    assert_string_equal(krn_rule_regime(f->book, KRN_RAIL, BB, "CIM", 20000, &figure), "CIM");
    assert_int_equal(figure.row, 0);
    assert_string_equal(krn_rule_regime(f->book, KRN_RAIL, CC, "SMGS", 20000, &figure), "CIM");
    assert_string_equal(krn_rule_regime(f->book, KRN_SEA, DD, NULL, 20000, NULL), "BL");
    assert_string_equal(krn_rule_regime(f->book, KRN_RAIL, DD, "", 20000, &figure), "");
    assert_int_equal(figure.table, KRN_TABLE_COUNT);
    done(f);
}

static void sanctions_are_facts_that_the_route_touches(void **state)
{
    (void)state;
    fixture *f = make("sanction.csv",
                      "sanction_id,countries,node_ids,modes,hs_prefixes,hs_except,valid_from\n"
                      "s0,CC,,,,,\n"
                      "s1,BB,,rail,,,\n"
                      "s2,BB,,sea,,,\n"
                      "s3,DD,,,,,\n"
                      "s4,,b,,,,\n"
                      "s5,,,,72,,\n"
                      "s6,,,,,10,\n"
                      "s7,,,,,,2100-01-01\n");
    uint32_t n = 0;
    uint32_t *rows = NULL;
    krn_error err;
    assert_int_equal(
        krn_rule_sanctions(f->book, &f->question, 1u << KRN_RAIL, f->arena, &n, &rows, &err),
        KRN_OK);
    assert_int_equal(n, 3);
    assert_int_equal(rows[0], 0);
    assert_int_equal(rows[1], 1);
    assert_int_equal(rows[2], 4);
    f->question.n_nodes = 1;
    assert_int_equal(
        krn_rule_sanctions(f->book, &f->question, KRN_ALL_MODES, f->arena, &n, &rows, &err),
        KRN_OK);
    assert_int_equal(n, 3);
    assert_int_equal(rows[2], 2);
    krn_arena *small = krn_arena_new(NULL, 64);
    (void)krn_arena_alloc(small, 16);
    assert_int_equal(krn_rule_sanctions(f->book, &f->question, 1, small, &n, &rows, &err),
                     KRN_E_MEMORY);
    krn_arena_free(small);
    done(f);
}

static void a_table_of_too_many_rules_is_a_limit(void **state)
{
    (void)state;
    static char table[20001 * 16 + 64];
    size_t used = (size_t)snprintf(table, sizeof table, "rule_id,use\n");
    for (int i = 0; i <= 20000; i++)
        used += (size_t)snprintf(table + used, sizeof table - used, "r%d,\n", i);
    mini *m = mini_new();
    mini_table(m, "rule.csv", table);
    krn_package *package = mini_package(m);
    krn_rule_book *book;
    krn_error err;
    assert_int_equal(krn_rule_book_new(package, &book, &err), KRN_E_LIMIT);
    assert_non_null(strstr(err.text, "rule.csv"));
    krn_package_free(package);
}

static void no_rules_no_papers(void **state)
{
    (void)state;
    fixture *f = make("rule.csv", HEAD);
    assert_int_equal(papers(f, KRN_ROAD), 0);
    assert_near(gate(f, KRN_GATE_DEPARTURE, KRN_ROAD, AA, NODE_A), 0.0, 0.0);
    assert_string_equal(krn_gate_name(KRN_GATE_ENTER), "entry");
    assert_string_equal(krn_gate_name((krn_gate)99), "unknown");
    krn_rule_book_free(NULL);
    done(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_paper_is_listed_once_at_its_gate),
        cmocka_unit_test(a_gate_is_the_longest_lead_asked_for_there),
        cmocka_unit_test(all_conditions_of_a_rule_must_hold),
        cmocka_unit_test(a_departure_paper_of_a_later_mode_waits_for_it),
        cmocka_unit_test(what_is_not_known_of_a_route_counts_as_met),
        cmocka_unit_test(the_visa_of_higher_priority_and_later_day_is_found),
        cmocka_unit_test(drivers_need_visas_of_every_country_but_their_own),
        cmocka_unit_test(a_regime_is_held_where_it_also_holds),
        cmocka_unit_test(sanctions_are_facts_that_the_route_touches),
        cmocka_unit_test(a_table_of_too_many_rules_is_a_limit),
        cmocka_unit_test(no_rules_no_papers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
