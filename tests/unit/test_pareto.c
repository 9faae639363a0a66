/* SPDX-License-Identifier: Apache-2.0 */
/* test_pareto.c - single facts about the planning kernel. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/tiny_graph.h"

typedef struct arc {
    uint32_t tail;
    uint32_t head;
    uint32_t cost[3];
    uint32_t clock;
} arc;

#define FREE KRN_PARETO_NO_CLOCK

/* Arcs must come in order of their tail. */
static void draw(tiny_graph *t, uint32_t n_nodes, unsigned n_criteria, const arc *arcs, uint32_t n)
{
    memset(t, 0, sizeof *t);
    t->graph.n_nodes = n_nodes;
    t->graph.n_arcs = n;
    t->graph.n_criteria = n_criteria;
    for (uint32_t a = 0; a < n; a++) {
        t->tail[a] = arcs[a].tail;
        t->head[a] = arcs[a].head;
        t->clock[a] = arcs[a].clock;
        for (unsigned c = 0; c < n_criteria; c++)
            t->cost[c][a] = arcs[a].cost[c];
    }
    for (unsigned i = 0; i < TINY_CLOCKS; i++)
        t->clocks[i].not_after = KRN_PARETO_INFINITY;
    tiny_link(t, true);
}

static krn_arena *fresh(void **state)
{
    krn_arena_reset(*state);
    return *state;
}

static krn_status ask(void **state, const tiny_graph *t, const krn_pareto_query *q,
                      krn_pareto_result *r)
{
    krn_error err;
    return krn_pareto_search(&t->graph, q, fresh(state), r, &err);
}

/*  0  */
static void source_that_is_the_target_gives_one_empty_path(void **state)
{
    tiny_graph t;
    draw(&t, 1, 3, NULL, 0);
    const krn_pareto_query q = {.start = 7};
    krn_pareto_result r;
    assert_int_equal(ask(state, &t, &q, &r), KRN_OK);
    assert_int_equal(r.n_solutions, 1);
    assert_int_equal(r.first_step[1], 0);
    assert_int_equal(r.cost[0], 7);
    assert_int_equal(r.cost[1], 0);
    assert_int_equal(r.cost[2], 0);
}

/*  0 --> 1    2  */
static void unreachable_target_gives_no_path(void **state)
{
    tiny_graph t;
    const arc arcs[] = {{0, 1, {1, 1}, FREE}};
    draw(&t, 3, 2, arcs, 1);
    const krn_pareto_query q = {.target = 2};
    krn_pareto_result r;
    assert_int_equal(ask(state, &t, &q, &r), KRN_OK);
    assert_int_equal(r.n_solutions, 0);
    assert_int_equal(r.first_step[0], 0);
    assert_false(r.truncated);
}

/*  0 ==(1,9)(5,5)(5,5)(6,6)(9,1)== 1  */
static void parallel_arcs_give_each_cost_vector_once(void **state)
{
    tiny_graph t;
    const arc arcs[] = {{0, 1, {9, 1}, FREE},
                        {0, 1, {5, 5}, FREE},
                        {0, 1, {5, 5}, FREE},
                        {0, 1, {6, 6}, FREE},
                        {0, 1, {1, 9}, FREE}};
    draw(&t, 2, 2, arcs, 5);
    const krn_pareto_query q = {.target = 1};
    krn_pareto_result r;
    assert_int_equal(ask(state, &t, &q, &r), KRN_OK);
    assert_int_equal(r.n_solutions, 3);
    assert_int_equal(r.arcs[0], 4);
    assert_int_equal(r.arcs[1], 1); /* the first of two equals */
    assert_int_equal(r.arcs[2], 0);
}

/*  0 --[10..12][20]--> 1  */
static void a_clock_opens_in_its_windows_and_not_after_the_last(void **state)
{
    static const uint32_t start[] = {0, 11, 12, 13, 20, 21};
    static const uint32_t arrival[] = {15, 16, 17, 25, 25, 0};
    tiny_graph t;
    const arc arcs[] = {{0, 1, {5, 1}, 0}};
    draw(&t, 2, 2, arcs, 1);
    t.open[0][0] = 10;
    t.close[0][0] = 12;
    t.open[0][1] = t.close[0][1] = 20;
    t.clocks[0].n_windows = 2;
    for (unsigned i = 0; i < 6; i++) {
        const krn_pareto_query q = {.target = 1, .start = start[i]};
        krn_pareto_result r;
        assert_int_equal(ask(state, &t, &q, &r), KRN_OK);
        assert_int_equal(r.n_solutions, arrival[i] > 0);
        if (arrival[i])
            assert_int_equal(r.cost[0], arrival[i]);
    }
}

/*  0 --not before 30, not after 40--> 1  */
static void a_gate_holds_until_it_opens_and_shuts_for_good(void **state)
{
    tiny_graph t;
    const arc arcs[] = {{0, 1, {2, 1}, 3}};
    draw(&t, 2, 2, arcs, 1);
    t.clocks[3].not_before = 30;
    t.clocks[3].not_after = 40;
    krn_pareto_query q = {.target = 1, .start = 5};
    krn_pareto_result r;
    assert_int_equal(ask(state, &t, &q, &r), KRN_OK);
    assert_int_equal(r.cost[0], 32);
    q.start = 41;
    assert_int_equal(ask(state, &t, &q, &r), KRN_OK);
    assert_int_equal(r.n_solutions, 0);
}

/*  0 --5--> 1 [30]     the clock at the head: first travel, then wait */
static void a_clock_at_the_head_is_met_after_the_journey(void **state)
{
    tiny_graph t;
    const arc arcs[] = {{0, 1, {5, 1}, 0}};
    draw(&t, 2, 2, arcs, 1);
    t.graph.clock_at_head = true;
    t.open[0][0] = t.close[0][0] = 30;
    t.clocks[0].n_windows = 1;
    krn_pareto_query q = {.target = 1, .start = 25};
    krn_pareto_result r;
    assert_int_equal(ask(state, &t, &q, &r), KRN_OK);
    assert_int_equal(r.cost[0], 30);
    q.start = 26;
    assert_int_equal(ask(state, &t, &q, &r), KRN_OK);
    assert_int_equal(r.n_solutions, 0);
}

/*  0 --[100]--> 1, arrive by 90: the mirror of a window behind the instant never opens */
static void windows_after_the_instant_vanish_in_the_mirror(void **state)
{
    tiny_graph t;
    const arc arcs[] = {{0, 1, {5, 1}, 0}};
    draw(&t, 2, 2, arcs, 1);
    t.open[0][0] = t.close[0][0] = 100;
    t.clocks[0].n_windows = 1;
    krn_pareto_graph mirror;
    const uint32_t *arc_of;
    krn_error err;
    krn_pareto_result r;
    const krn_pareto_query q = {.source = 1, .target = 0};
    krn_arena *arena = fresh(state);
    assert_int_equal(krn_pareto_mirror(&t.graph, 90, arena, &mirror, &arc_of, &err), KRN_OK);
    assert_int_equal(krn_pareto_search(&mirror, &q, arena, &r, &err), KRN_OK);
    assert_int_equal(r.n_solutions, 0);
    assert_int_equal(krn_pareto_mirror(&t.graph, 120, arena, &mirror, &arc_of, &err), KRN_OK);
    assert_int_equal(krn_pareto_search(&mirror, &q, arena, &r, &err), KRN_OK);
    assert_int_equal(r.n_solutions, 1);
    assert_int_equal(r.cost[0], 20);
    assert_int_equal(arc_of[r.arcs[0]], 0);
}

/*  0 --2^31--> 1 --2^31--> 2   and a detour that stays below the largest sum in both */
static void a_sum_past_the_largest_number_is_not_followed(void **state)
{
    tiny_graph t;
    const arc arcs[] = {{0, 1, {0x80000000u, 1}, FREE},
                        {0, 1, {1, 0xfffffff0u}, FREE},
                        {1, 2, {0x80000000u, 1}, FREE},
                        {1, 2, {0x7fffffffu, 13}, FREE},
                        {1, 2, {0x7fffffffu, 0xfu}, FREE}};
    draw(&t, 3, 2, arcs, 5);
    krn_pareto_query q = {.target = 2};
    krn_pareto_result r;
    assert_int_equal(ask(state, &t, &q, &r), KRN_OK);
    assert_int_equal(r.n_solutions, 2);
    assert_int_equal(r.cost[0], 0x80000000u);
    assert_int_equal(r.cost[1], 0xfffffffdu);
    assert_int_equal(r.cost[2], 0x80000001u);
    assert_int_equal(r.cost[3], 0xfffffff1u);
    q.start = 0x7fffffffu;
    assert_int_equal(ask(state, &t, &q, &r), KRN_OK);
    assert_int_equal(r.n_solutions, 0);
    q.start = 0x7ffffffeu;
    assert_int_equal(ask(state, &t, &q, &r), KRN_OK);
    assert_int_equal(r.n_solutions, 1);
    assert_int_equal(r.cost[0], 0xfffffffeu);
}

/*  0 <-(0,0)-> 1 --> 2: going round costs nothing and adds nothing */
static void a_round_of_free_arcs_ends(void **state)
{
    tiny_graph t;
    const arc arcs[] = {{0, 1, {0, 0, 0}, FREE}, {1, 0, {0, 0, 0}, FREE}, {1, 2, {0, 0, 0}, FREE}};
    for (unsigned k = 1; k <= 3; k++) {
        draw(&t, 3, k, arcs, 3);
        const krn_pareto_query q = {.target = 2};
        krn_pareto_result r;
        assert_int_equal(ask(state, &t, &q, &r), KRN_OK);
        assert_int_equal(r.n_solutions, 1);
        assert_int_equal(r.first_step[1], 2);
    }
}

static void a_malformed_graph_is_refused(void **state)
{
    tiny_graph t;
    const arc arcs[] = {{0, 1, {1, 1}, 0}, {1, 0, {1, 1}, FREE}};
    const krn_pareto_query q = {.target = 1};
    krn_pareto_result r;
    draw(&t, 2, 2, arcs, 2);
    assert_int_equal(ask(state, &t, &q, &r), KRN_OK);
    t.head[1] = 2;
    assert_int_equal(ask(state, &t, &q, &r), KRN_E_ARG);
    draw(&t, 2, 2, arcs, 2);
    t.first_arc[1] = 3;
    assert_int_equal(ask(state, &t, &q, &r), KRN_E_ARG);
    draw(&t, 2, 2, arcs, 2);
    t.first_arc[2] = 1;
    assert_int_equal(ask(state, &t, &q, &r), KRN_E_ARG);
    draw(&t, 2, 2, arcs, 2);
    t.clock[0] = TINY_CLOCKS;
    assert_int_equal(ask(state, &t, &q, &r), KRN_E_ARG);
    draw(&t, 2, 2, arcs, 2);
    t.graph.cost[1] = NULL;
    assert_int_equal(ask(state, &t, &q, &r), KRN_E_ARG);
    draw(&t, 2, 2, arcs, 2);
    t.graph.n_criteria = 7;
    assert_int_equal(ask(state, &t, &q, &r), KRN_E_ARG);
    t.graph.n_criteria = 0;
    assert_int_equal(ask(state, &t, &q, &r), KRN_E_ARG);
    draw(&t, 2, 2, arcs, 2);
    t.clocks[1].n_windows = 2; /* twice [0, 0]: not disjoint */
    assert_int_equal(ask(state, &t, &q, &r), KRN_E_ARG);
    t.open[1][1] = 9;
    t.close[1][1] = 8;
    assert_int_equal(ask(state, &t, &q, &r), KRN_E_ARG);
}

/*  0 --> 1 --> 2    and the same with another array of costs  */
static void a_prepared_graph_is_searched_as_it_was_prepared(void **state)
{
    tiny_graph t;
    const arc arcs[] = {{0, 1, {1, 5}, FREE}, {0, 1, {4, 2}, FREE}, {1, 2, {1, 1}, FREE}};
    const krn_pareto_query q = {.target = 2};
    krn_pareto_result r;
    krn_error err;
    draw(&t, 3, 2, arcs, 3);
    krn_arena *arena = krn_arena_new(NULL, 0);
    assert_int_equal(krn_pareto_prepare(&t.graph, arena, &err), KRN_OK);
    assert_non_null(t.graph.index);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(ask(state, &t, &q, &r), KRN_OK);
        assert_int_equal(r.n_solutions, 2);
        assert_int_equal(r.cost[3], 3);
    }
    t.graph.cost[1] = t.cost[2];
    assert_int_equal(ask(state, &t, &q, &r), KRN_E_ARG);
    t.graph.cost[1] = t.cost[1];
    t.graph.n_arcs = 2;
    assert_int_equal(ask(state, &t, &q, &r), KRN_E_ARG);
    assert_int_equal(krn_pareto_prepare(&t.graph, arena, &err), KRN_E_ARG);
    assert_null(t.graph.index);
    assert_int_equal(krn_pareto_prepare(NULL, arena, &err), KRN_E_ARG);
    krn_arena_free(arena);
    arena = krn_arena_new(NULL, 64);
    t.graph.n_arcs = 3;
    assert_int_equal(krn_pareto_prepare(&t.graph, arena, &err), KRN_E_MEMORY);
    assert_null(t.graph.index);
    krn_arena_free(arena);
}

static void a_malformed_query_is_refused(void **state)
{
    tiny_graph t;
    const arc arcs[] = {{0, 1, {1, 1}, FREE}};
    draw(&t, 2, 2, arcs, 1);
    const krn_pareto_query bad[] = {
        {.target = 2},
        {.source = 2},
        {.target = 1, .start = KRN_PARETO_INFINITY},
        {.target = 1, .epsilon_share = -0.1},
        {.target = 1, .epsilon_share = (double)INFINITY},
        {.target = 1, .epsilon_share = (double)NAN},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        krn_pareto_result r;
        assert_int_equal(ask(state, &t, &bad[i], &r), KRN_E_ARG);
    }
    krn_pareto_result r;
    assert_int_equal(krn_pareto_search(NULL, &bad[0], *state, &r, NULL), KRN_E_ARG);
    assert_int_equal(krn_pareto_search(&t.graph, NULL, *state, &r, NULL), KRN_E_ARG);
    assert_int_equal(krn_pareto_search(&t.graph, &bad[0], NULL, &r, NULL), KRN_E_ARG);
}

/*  0 --> 1 --> 2: two labels do not reach the target */
static void a_limit_before_the_first_solution_is_an_error(void **state)
{
    tiny_graph t;
    const arc arcs[] = {{0, 1, {1, 1}, FREE}, {1, 2, {1, 1}, FREE}};
    draw(&t, 3, 2, arcs, 2);
    krn_pareto_query q = {.target = 2, .max_labels = 2};
    krn_pareto_result r;
    assert_int_equal(ask(state, &t, &q, &r), KRN_E_LIMIT);
    q.max_labels = 3;
    assert_int_equal(ask(state, &t, &q, &r), KRN_OK);
    assert_int_equal(r.n_solutions, 1);
    assert_false(r.truncated);
}

/* Costs are drawn so that fronts grow: every limit of the arena ends clean, or well. */
static void a_full_arena_is_an_error_and_nothing_else(void **state)
{
    (void)state;
    tiny_graph t;
    arc arcs[36];
    uint32_t seed = 1;
    for (uint32_t a = 0; a < 36; a++) {
        arcs[a] = (arc){a / 4, a / 4 + 1, {0}, FREE};
        for (unsigned c = 0; c < 3; c++) {
            seed = seed * 1664525u + 1013904223u;
            arcs[a].cost[c] = seed >> 20;
        }
    }
    draw(&t, 10, 3, arcs, 36);
    const krn_pareto_query q = {.target = 9};
    unsigned failed = 0;
    unsigned done = 0;
    for (size_t limit = 1024; limit < 40 * 1024 * 1024; limit += limit / 8) {
        krn_arena *arena = krn_arena_new(NULL, limit);
        krn_error err;
        krn_pareto_result r;
        const krn_status status = krn_pareto_search(&t.graph, &q, arena, &r, &err);
        assert_true(status == KRN_OK || status == KRN_E_MEMORY);
        assert_true(krn_arena_bytes(arena) <= limit);
        failed += status == KRN_E_MEMORY;
        done += status == KRN_OK;
        krn_arena_free(arena);
    }
    assert_true(failed > 10 && done > 0);
}

static void the_vector_code_has_a_name(void **state)
{
    (void)state;
    const char *name = krn_pareto_vector_code();
    assert_true(!strcmp(name, "avx512") || !strcmp(name, "avx2") || !strcmp(name, "plain"));
}

static int set_up(void **state)
{
    *state = krn_arena_new(NULL, 0);
    return *state ? 0 : -1;
}

static int tear_down(void **state)
{
    krn_arena_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(source_that_is_the_target_gives_one_empty_path),
        cmocka_unit_test(unreachable_target_gives_no_path),
        cmocka_unit_test(parallel_arcs_give_each_cost_vector_once),
        cmocka_unit_test(a_clock_opens_in_its_windows_and_not_after_the_last),
        cmocka_unit_test(a_gate_holds_until_it_opens_and_shuts_for_good),
        cmocka_unit_test(a_clock_at_the_head_is_met_after_the_journey),
        cmocka_unit_test(windows_after_the_instant_vanish_in_the_mirror),
        cmocka_unit_test(a_sum_past_the_largest_number_is_not_followed),
        cmocka_unit_test(a_round_of_free_arcs_ends),
        cmocka_unit_test(a_malformed_graph_is_refused),
        cmocka_unit_test(a_prepared_graph_is_searched_as_it_was_prepared),
        cmocka_unit_test(a_malformed_query_is_refused),
        cmocka_unit_test(a_limit_before_the_first_solution_is_an_error),
        cmocka_unit_test(a_full_arena_is_an_error_and_nothing_else),
        cmocka_unit_test(the_vector_code_has_a_name),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
