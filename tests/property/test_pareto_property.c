/* SPDX-License-Identifier: Apache-2.0 */
/* test_pareto_property.c - laws of the planning kernel on thousands of random small graphs.
 *
 *   nodes 2 .. 10, arcs 0 .. 40 (loops and parallel ones too), criteria 1 .. 6, half of the graphs
 *   with clocks: gates (not_before), ends (not_after), windows, single departures */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/tiny_graph.h"

#define N_GRAPHS     10000
#define MOST_POINTS  4096
#define N_LAW_GRAPHS 2000

typedef struct dice {
    uint64_t state;
} dice;

static uint32_t roll(dice *d, uint32_t n)
{
    uint64_t z = d->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (uint32_t)((z ^ z >> 31) >> 32) % n;
}

static void random_clock(dice *d, tiny_graph *t, unsigned i)
{
    krn_pareto_clock *clock = &t->clocks[i];
    clock->not_before = roll(d, 3) ? 0 : roll(d, 30);
    clock->not_after = roll(d, 4) ? KRN_PARETO_INFINITY : roll(d, 60);
    clock->n_windows = roll(d, TINY_WINDOWS + 1);
    uint32_t at = roll(d, 12);
    for (uint32_t w = 0; w < clock->n_windows; w++) {
        t->open[i][w] = at;
        t->close[i][w] = at += roll(d, 2) ? 0 : roll(d, 8);
        at += 1 + roll(d, 15);
    }
}

static void random_graph(dice *d, tiny_graph *t, unsigned n_criteria, bool clocks)
{
    memset(t, 0, sizeof *t);
    krn_pareto_graph *g = &t->graph;
    g->n_nodes = 2 + roll(d, TINY_NODES - 1);
    g->n_arcs = roll(d, 4) ? TINY_ARCS - roll(d, 20) : roll(d, TINY_ARCS);
    g->n_criteria = n_criteria;
    g->clock_at_head = clocks && roll(d, 4) == 0;
    for (uint32_t a = 0; a < g->n_arcs; a++)
        t->tail[a] = roll(d, g->n_nodes);
    for (uint32_t a = 1; a < g->n_arcs; a++) /* in order of the tail */
        for (uint32_t b = a; b > 0 && t->tail[b - 1] > t->tail[b]; b--) {
            const uint32_t other = t->tail[b];
            t->tail[b] = t->tail[b - 1];
            t->tail[b - 1] = other;
        }
    static const uint32_t ranges[] = {3, 3, 12, 1000, 1000, 3000000}; /* ties; buckets; the queue */
    const uint32_t range = ranges[roll(d, 6)];
    for (uint32_t a = 0; a < g->n_arcs; a++) {
        t->head[a] = roll(d, g->n_nodes);
        for (unsigned c = 0; c < n_criteria; c++)
            t->cost[c][a] = roll(d, c == 0 && clocks ? 10 : range);
        if (roll(d, 40) == 0)
            t->cost[0][a] = KRN_PARETO_INFINITY;
        t->clock[a] = roll(d, 2) ? KRN_PARETO_NO_CLOCK : roll(d, TINY_CLOCKS);
    }
    for (unsigned i = 0; i < TINY_CLOCKS; i++)
        random_clock(d, t, i);
    tiny_link(t, clocks);
}

static krn_pareto_query random_query(dice *d, const krn_pareto_graph *g)
{
    return (krn_pareto_query){.source = roll(d, g->n_nodes),
                              .target = roll(d, g->n_nodes),
                              .start = roll(d, 2) ? 0 : roll(d, 40)};
}

static bool no_worse(const uint32_t *a, const uint32_t *b, unsigned n)
{
    for (unsigned c = 0; c < n; c++)
        if (a[c] > b[c])
            return false;
    return true;
}

static void search(const krn_pareto_graph *g, const krn_pareto_query *q, krn_arena *arena,
                   krn_pareto_result *r)
{
    krn_error err;
    if (krn_pareto_search(g, q, arena, r, &err))
        fail_msg("%s", err.text);
    for (uint32_t i = 0; i < r->n_solutions; i++)
        assert_true(tiny_path_holds(g, q, r, i));
}

static void brute_force(const krn_pareto_graph *g, const krn_pareto_query *q, krn_arena *arena,
                        krn_pareto_result *r)
{
    krn_error err;
    if (krn_pareto_brute_force(g, q, arena, r, &err))
        fail_msg("%s", err.text);
}

static void assert_same_costs(const krn_pareto_result *a, const krn_pareto_result *b)
{
    assert_int_equal(a->n_solutions, b->n_solutions);
    assert_int_equal(a->n_criteria, b->n_criteria);
    assert_memory_equal(a->cost, b->cost, (size_t)a->n_solutions * a->n_criteria * sizeof *a->cost);
}

/* Once more in the same graph with an index: nothing may differ. */
static void assert_same_when_prepared(const krn_pareto_graph *g, const krn_pareto_query *q,
                                      krn_arena *arena, const krn_pareto_result *plain)
{
    krn_pareto_graph prepared = *g;
    krn_pareto_result r;
    krn_error err;
    assert_int_equal(krn_pareto_prepare(&prepared, arena, &err), KRN_OK);
    search(&prepared, q, arena, &r);
    assert_same_costs(&r, plain);
    assert_int_equal(r.n_expanded, plain->n_expanded);
    assert_memory_equal(r.first_step, plain->first_step, (r.n_solutions + 1) * sizeof *r.arcs);
    assert_memory_equal(r.arcs, plain->arcs, r.first_step[r.n_solutions] * sizeof *r.arcs);
}

static void search_equals_brute_force(void **state)
{
    (void)state;
    dice d = {1};
    tiny_graph t;
    krn_arena *arena = krn_arena_new(NULL, 0);
    uint64_t n_points = 0;
    for (unsigned i = 0; i < N_GRAPHS; i++) {
        random_graph(&d, &t, i % 10 == 9 ? 6 : i % 10 == 8 ? 1 : 2 + i % 4, i % 2);
        const krn_pareto_query q = random_query(&d, &t.graph);
        krn_pareto_result fast;
        krn_pareto_result slow;
        search(&t.graph, &q, arena, &fast);
        brute_force(&t.graph, &q, arena, &slow);
        assert_same_costs(&fast, &slow);
        assert_same_when_prepared(&t.graph, &q, arena, &fast);
        assert_false(fast.truncated);
        for (uint32_t s = 0; s < slow.n_solutions; s++)
            assert_true(tiny_path_holds(&t.graph, &q, &slow, s));
        n_points += fast.n_solutions;
        krn_arena_reset(arena);
    }
    assert_true(n_points > N_GRAPHS * 3 / 2);
    krn_arena_free(arena);
}

/*  0 ==4== 1 ==4== 2 ==4== 3 ==4== 4      up to 256 points: fronts of many blocks and steps */
static void long_fronts_equal_brute_force(void **state)
{
    (void)state;
    dice d = {9};
    tiny_graph t;
    krn_arena *arena = krn_arena_new(NULL, 0);
    for (unsigned i = 0; i < 100; i++) {
        random_graph(&d, &t, 2 + i % 5, i % 4 == 0);
        t.graph.n_nodes = 5;
        t.graph.n_arcs = 16;
        for (uint32_t a = 0; a < 16; a++) {
            t.tail[a] = a / 4;
            t.head[a] = a / 4 + 1;
            for (unsigned c = 0; c < t.graph.n_criteria; c++)
                t.cost[c][a] = roll(&d, 1000);
        }
        tiny_link(&t, i % 4 == 0);
        krn_pareto_query q = {.source = 0, .target = 4};
        krn_pareto_result fast;
        krn_pareto_result slow;
        search(&t.graph, &q, arena, &fast);
        brute_force(&t.graph, &q, arena, &slow);
        assert_same_costs(&fast, &slow);
        krn_arena_reset(arena);
    }
    krn_arena_free(arena);
}

typedef struct points {
    unsigned n_criteria;
    uint32_t n;
    uint32_t cost[MOST_POINTS][KRN_PARETO_MAX_CRITERIA];
} points;

/* Keeps the set free of dominated and double points. */
static void add_point(points *p, const uint32_t *cost)
{
    for (uint32_t i = 0; i < p->n; i++)
        if (no_worse(p->cost[i], cost, p->n_criteria))
            return;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < p->n; i++)
        if (!no_worse(cost, p->cost[i], p->n_criteria))
            memcpy(p->cost[kept++], p->cost[i], sizeof p->cost[i]);
    assert_true(kept < MOST_POINTS);
    memcpy(p->cost[kept], cost, sizeof p->cost[kept]);
    p->n = kept + 1;
}

static void assert_same_set(const points *p, const krn_pareto_result *r)
{
    assert_int_equal(p->n, r->n_solutions);
    for (uint32_t i = 0; i < r->n_solutions; i++) {
        const uint32_t *cost = r->cost + (size_t)i * r->n_criteria;
        bool found = false;
        for (uint32_t j = 0; j < p->n; j++)
            found = found || memcmp(p->cost[j], cost, r->n_criteria * sizeof *cost) == 0;
        assert_true(found);
    }
}

/* Every path without a node met twice; costs are not negative, so none other can be needed. */
static void walk(const krn_pareto_graph *g, uint32_t at, uint32_t target, const uint32_t *cost,
                 uint32_t met, points *p)
{
    if (at == target)
        add_point(p, cost);
    for (uint32_t a = g->first_arc[at]; a < g->first_arc[at + 1]; a++) {
        uint32_t next[KRN_PARETO_MAX_CRITERIA];
        memcpy(next, cost, sizeof next);
        if (!(met >> g->head[a] & 1) && tiny_step(g, a, next))
            walk(g, g->head[a], target, next, met | 1u << g->head[a], p);
    }
}

static void brute_force_equals_enumeration_of_paths(void **state)
{
    (void)state;
    dice d = {2};
    tiny_graph t;
    points *p = malloc(sizeof *p);
    krn_arena *arena = krn_arena_new(NULL, 0);
    for (unsigned i = 0; i < N_LAW_GRAPHS; i++) {
        do
            random_graph(&d, &t, 1 + i % 6, i % 2);
        while (t.graph.n_nodes > 6 || t.graph.n_arcs > 24);
        const krn_pareto_query q = random_query(&d, &t.graph);
        krn_pareto_result r;
        brute_force(&t.graph, &q, arena, &r);
        p->n = 0;
        p->n_criteria = t.graph.n_criteria;
        const uint32_t cost[KRN_PARETO_MAX_CRITERIA] = {q.start};
        walk(&t.graph, q.source, q.target, cost, 1u << q.source, p);
        assert_same_set(p, &r);
        krn_arena_reset(arena);
    }
    krn_arena_free(arena);
    free(p);
}

/* Arrive by T: of all departures, the non-dominated (T - departure, other costs). */
static void search_in_the_mirror_equals_all_departures(void **state)
{
    (void)state;
    dice d = {3};
    tiny_graph t;
    points *p = malloc(sizeof *p);
    krn_arena *arena = krn_arena_new(NULL, 0);
    for (unsigned i = 0; i < N_LAW_GRAPHS; i++) {
        random_graph(&d, &t, 1 + i % 4, i % 4 != 0);
        krn_pareto_query q = random_query(&d, &t.graph);
        const uint32_t instant = 10 + roll(&d, 50);
        p->n = 0;
        p->n_criteria = t.graph.n_criteria;
        for (q.start = 0; q.start <= instant; q.start++) {
            krn_pareto_result r;
            brute_force(&t.graph, &q, arena, &r);
            for (uint32_t s = 0; s < r.n_solutions; s++) {
                uint32_t cost[KRN_PARETO_MAX_CRITERIA];
                memcpy(cost, r.cost + (size_t)s * r.n_criteria, r.n_criteria * sizeof *cost);
                const bool in_time = cost[0] <= instant;
                cost[0] = instant - q.start;
                if (in_time)
                    add_point(p, cost);
            }
        }
        krn_pareto_graph mirror;
        const uint32_t *arc_of;
        krn_error err;
        assert_int_equal(krn_pareto_mirror(&t.graph, instant, arena, &mirror, &arc_of, &err), 0);
        const krn_pareto_query back = {.source = q.target, .target = q.source};
        krn_pareto_result r;
        search(&mirror, &back, arena, &r);
        while (r.n_solutions && r.cost[(size_t)(r.n_solutions - 1) * r.n_criteria] > instant)
            r.n_solutions--; /* would leave before time 0 */
        assert_same_set(p, &r);
        for (uint32_t s = 0; s < r.n_solutions; s++) /* the arcs, taken forwards, join */
            for (uint32_t j = r.first_step[s]; j + 1 < r.first_step[s + 1]; j++)
                assert_int_equal(t.graph.head[arc_of[r.arcs[j + 1]]], t.tail[arc_of[r.arcs[j]]]);
        krn_arena_reset(arena);
    }
    krn_arena_free(arena);
    free(p);
}

static void mirror_of_the_mirror_is_the_graph(void **state)
{
    (void)state;
    dice d = {4};
    tiny_graph t;
    krn_arena *arena = krn_arena_new(NULL, 0);
    for (unsigned i = 0; i < N_LAW_GRAPHS; i++) {
        random_graph(&d, &t, 2 + i % 3, true);
        const krn_pareto_query q = random_query(&d, &t.graph);
        const uint32_t far = 100000; /* beyond all that can happen here */
        krn_pareto_graph once;
        krn_pareto_graph twice;
        const uint32_t *arc_of;
        krn_error err;
        assert_int_equal(krn_pareto_mirror(&t.graph, far, arena, &once, &arc_of, &err), 0);
        assert_int_equal(krn_pareto_mirror(&once, far, arena, &twice, &arc_of, &err), 0);
        krn_pareto_result a;
        krn_pareto_result b;
        search(&t.graph, &q, arena, &a);
        search(&twice, &q, arena, &b);
        assert_same_costs(&a, &b);
        krn_arena_reset(arena);
    }
    krn_arena_free(arena);
}

static void an_arc_more_loses_no_point_without_dominating_it(void **state)
{
    (void)state;
    dice d = {5};
    tiny_graph t;
    krn_arena *arena = krn_arena_new(NULL, 0);
    for (unsigned i = 0; i < N_LAW_GRAPHS; i++) {
        do
            random_graph(&d, &t, 2 + i % 4, i % 2);
        while (t.graph.n_arcs == 0);
        const krn_pareto_query q = random_query(&d, &t.graph);
        const uint32_t arc = roll(&d, t.graph.n_arcs);
        krn_pareto_result with;
        krn_pareto_result without;
        search(&t.graph, &q, arena, &with);
        t.cost[0][arc] = KRN_PARETO_INFINITY;
        search(&t.graph, &q, arena, &without);
        for (uint32_t s = 0; s < without.n_solutions; s++) {
            bool held = false;
            for (uint32_t j = 0; j < with.n_solutions; j++)
                held =
                    held || no_worse(with.cost + (size_t)j * with.n_criteria,
                                     without.cost + (size_t)s * with.n_criteria, with.n_criteria);
            assert_true(held);
        }
        krn_arena_reset(arena);
    }
    krn_arena_free(arena);
}

static void shifting_all_times_shifts_the_answers(void **state)
{
    (void)state;
    dice d = {6};
    tiny_graph t;
    krn_arena *arena = krn_arena_new(NULL, 0);
    for (unsigned i = 0; i < N_LAW_GRAPHS; i++) {
        random_graph(&d, &t, 1 + i % 5, true);
        krn_pareto_query q = random_query(&d, &t.graph);
        const uint32_t shift = 1 + roll(&d, 2000000000);
        krn_pareto_result before;
        krn_pareto_result after;
        search(&t.graph, &q, arena, &before);
        q.start += shift;
        for (unsigned c = 0; c < TINY_CLOCKS; c++) {
            t.clocks[c].not_before += shift;
            if (t.clocks[c].not_after != KRN_PARETO_INFINITY)
                t.clocks[c].not_after += shift;
            for (unsigned w = 0; w < TINY_WINDOWS; w++) {
                t.open[c][w] += shift;
                t.close[c][w] += shift;
            }
        }
        search(&t.graph, &q, arena, &after);
        assert_int_equal(before.n_solutions, after.n_solutions);
        for (uint32_t j = 0; j < before.n_solutions * before.n_criteria; j++)
            assert_int_equal(before.cost[j] + (j % before.n_criteria ? 0 : shift), after.cost[j]);
        krn_arena_reset(arena);
    }
    krn_arena_free(arena);
}

static void epsilon_covers_every_exact_point(void **state)
{
    (void)state;
    static const double shares[] = {0.01, 0.1, 0.5, 1.0, 3.0};
    dice d = {7};
    tiny_graph t;
    krn_arena *arena = krn_arena_new(NULL, 0);
    uint64_t n_exact = 0;
    uint64_t n_cover = 0;
    for (unsigned i = 0; i < N_LAW_GRAPHS; i++) {
        random_graph(&d, &t, 1 + i % 6, i % 2);
        krn_pareto_query q = random_query(&d, &t.graph);
        krn_pareto_result exact;
        krn_pareto_result cover;
        search(&t.graph, &q, arena, &exact);
        q.epsilon_share = shares[i % 5];
        search(&t.graph, &q, arena, &cover);
        const unsigned k = exact.n_criteria;
        for (uint32_t s = 0; s < exact.n_solutions; s++) {
            const uint32_t *p = exact.cost + (size_t)s * k;
            bool held = false;
            for (uint32_t j = 0; j < cover.n_solutions; j++) {
                const uint32_t *e = cover.cost + (size_t)j * k;
                bool near = e[0] <= p[0];
                for (unsigned c = 1; c < k; c++)
                    near = near && e[c] <= (1.0 + q.epsilon_share) * p[c];
                held = held || near;
            }
            assert_true(held);
        }
        n_exact += exact.n_solutions;
        n_cover += cover.n_solutions;
        krn_arena_reset(arena);
    }
    assert_true(n_cover < n_exact);
    krn_arena_free(arena);
}

static void a_bound_that_costs_a_point_sets_truncated(void **state)
{
    (void)state;
    dice d = {8};
    tiny_graph t;
    krn_arena *arena = krn_arena_new(NULL, 0);
    unsigned n_truncated = 0;
    for (unsigned i = 0; i < N_LAW_GRAPHS; i++) {
        random_graph(&d, &t, 2 + i % 4, i % 2);
        krn_pareto_query q = random_query(&d, &t.graph);
        krn_pareto_result exact;
        krn_pareto_result bounded;
        search(&t.graph, &q, arena, &exact);
        q.max_front = 1 + roll(&d, 3);
        search(&t.graph, &q, arena, &bounded);
        assert_true(bounded.n_solutions <= q.max_front);
        assert_int_equal(bounded.n_solutions > 0, exact.n_solutions > 0);
        if (!bounded.truncated)
            assert_same_costs(&bounded, &exact);
        n_truncated += bounded.truncated;
        q.max_front = 0;
        q.max_labels = 1 + roll(&d, 20);
        krn_error err;
        const krn_status status = krn_pareto_search(&t.graph, &q, arena, &bounded, &err);
        assert_true(bounded.n_expanded <= q.max_labels);
        if (status == KRN_OK && !bounded.truncated)
            assert_same_costs(&bounded, &exact);
        else if (status == KRN_OK)
            assert_true(bounded.n_solutions > 0);
        else
            assert_int_equal(status, KRN_E_LIMIT);
        krn_arena_reset(arena);
    }
    assert_true(n_truncated > 100);
    krn_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(search_equals_brute_force),
        cmocka_unit_test(long_fronts_equal_brute_force),
        cmocka_unit_test(brute_force_equals_enumeration_of_paths),
        cmocka_unit_test(search_in_the_mirror_equals_all_departures),
        cmocka_unit_test(mirror_of_the_mirror_is_the_graph),
        cmocka_unit_test(an_arc_more_loses_no_point_without_dominating_it),
        cmocka_unit_test(shifting_all_times_shifts_the_answers),
        cmocka_unit_test(epsilon_covers_every_exact_point),
        cmocka_unit_test(a_bound_that_costs_a_point_sets_truncated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
