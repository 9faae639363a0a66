/* SPDX-License-Identifier: Apache-2.0 */
/* test_path_property.c - laws of flows over paths on random cases, and the same flows as the
 * assignment over links where both can say them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/assert_near.h"
#include "support/path_case.h"
#include "support/traffic.h"

#define N_SEEDS 20u

/* ---- a network as paths: links are resources ---- */

static double fixed_of(const traffic *t, const krn_assign_class *class, uint32_t link)
{
    const krn_assign_link *l = &t->links[link];
    return (class->toll_weight * l->toll + class->length_weight * l->length) / class->time_weight;
}

/* Rows are the trips, in units of time * load, so that weights keep to units. */
static path_case rows_of(const traffic *t, uint32_t most_paths)
{
    path_case c = path_case_new(t->network.n_trips, t->network.n_links, most_paths);
    for (uint32_t k = 0; k < t->network.n_links; k++) {
        c.delays[k] = t->links[k].delay;
        c.resources[k].limit_load = t->links[k].limit_flow;
    }
    for (uint32_t i = 0; i < t->network.n_trips; i++)
        if (t->trips[i].origin != t->trips[i].destination)
            c.rows[i].flow = t->trips[i].flow;
    return c;
}

/* Tables have no law in path_case. */
static traffic random_traffic(uint32_t seed, uint32_t n_nodes, uint32_t n_classes)
{
    traffic t = traffic_random(seed, n_nodes, n_classes);
    for (uint32_t k = 0; k < t.network.n_links; k++)
        if (t.links[k].delay.kind == KRN_DELAY_TABLE)
            t.links[k] = traffic_bpr(t.links[k].tail, t.links[k].head, 3.0, 0.8, 30.0, 3.0);
    return t;
}

static void add_links(path_case *c, const traffic *t, uint32_t row, const uint32_t *links,
                      uint32_t n)
{
    const krn_assign_class *class = &t->classes[t->trips[row].class_index];
    const uint32_t p = path_case_add(c, row, 0.0, 0);
    for (uint32_t k = 0; k < n; k++) {
        c->uses[(size_t)p * PATH_CASE_USES + k] =
            (krn_path_use){links[k], class->equivalents, class->equivalents};
        c->paths[p].fixed_cost += class->equivalents * fixed_of(t, class, links[k]);
    }
    c->paths[p].n_uses = n;
}

/* All paths without a loop from a node on. */
static void add_all(path_case *c, const traffic *t, uint32_t row, uint32_t node, bool *seen,
                    uint32_t *links, uint32_t n)
{
    if (node == t->trips[row].destination) {
        add_links(c, t, row, links, n);
        return;
    }
    seen[node] = true;
    for (uint32_t k = 0; k < t->network.n_links; k++)
        if (t->links[k].tail == node && !seen[t->links[k].head]) {
            links[n] = k;
            add_all(c, t, row, t->links[k].head, seen, links, n + 1);
        }
    seen[node] = false;
}

static path_case all_paths_of(const traffic *t)
{
    path_case c = rows_of(t, 20000);
    bool seen[64] = {false};
    uint32_t links[64];
    for (uint32_t i = 0; i < t->network.n_trips; i++)
        if (t->trips[i].origin != t->trips[i].destination)
            add_all(&c, t, i, t->trips[i].origin, seen, links, 0);
    assert_true(c.problem.n_paths < 20000);
    return c;
}

/* ---- a generator: cheapest paths by Bellman and Ford ---- */

typedef struct finder {
    const traffic *t;
    unsigned calls;
} finder;

static krn_status find(void *context, const double *times, const double *prices, krn_arena *arena,
                       krn_path_found *add, double *out_least_cost, krn_error *err)
{
    finder *f = context;
    const traffic *t = f->t;
    const uint32_t n = t->network.n_nodes, m = t->network.n_links;
    krn_path *paths = krn_arena_calloc(arena, t->network.n_trips, sizeof *paths);
    double *cost = krn_arena_calloc(arena, n, sizeof *cost);
    uint32_t *by = krn_arena_calloc(arena, n, sizeof *by);
    (void)err;
    if (!paths || !cost || !by)
        return KRN_E_MEMORY;
    f->calls++;
    add->paths = paths;
    for (uint32_t i = 0; i < t->network.n_trips; i++) {
        const krn_assign_trip *trip = &t->trips[i];
        const krn_assign_class *class = &t->classes[trip->class_index];
        if (trip->origin == trip->destination)
            continue;
        for (uint32_t v = 0; v < n; v++)
            cost[v] = v == trip->origin ? 0.0 : HUGE_VAL;
        for (bool better = true; better;) {
            better = false;
            for (uint32_t k = 0; k < m; k++) {
                const uint32_t tail = t->links[k].tail, head = t->links[k].head;
                const double way = cost[tail] + times[k] + prices[k] + fixed_of(t, class, k);
                if (way < cost[head] && (tail == trip->origin || !t->no_through[tail])) {
                    cost[head] = way;
                    by[head] = k;
                    better = true;
                }
            }
        }
        krn_path *path = &paths[add->n_paths++];
        krn_path_use *uses = krn_arena_calloc(arena, n, sizeof *uses);
        if (!uses)
            return KRN_E_MEMORY;
        *path = (krn_path){i, 0.0, 1.0, uses, 0};
        for (uint32_t v = trip->destination; v != trip->origin; v = t->links[by[v]].tail) {
            uses[path->n_uses++] = (krn_path_use){by[v], class->equivalents, class->equivalents};
            path->fixed_cost += class->equivalents * fixed_of(t, class, by[v]);
        }
        out_least_cost[i] = class->equivalents * cost[trip->destination];
    }
    return KRN_OK;
}

static krn_path_answer *assign_found(const path_case *c, const traffic *t, krn_path_method method,
                                     double gap_share)
{
    finder f = {t, 0};
    krn_path_answer *a = NULL;
    krn_error err = {0};
    const krn_path_options options = {
        .method = method, .gap_share = gap_share, .generate = find, .generate_context = &f};
    if (krn_path_assign(&c->problem, &options, &a, &err))
        fail_msg("%s", err.text);
    assert_true(f.calls > 0);
    return a;
}

/* ---- laws ---- */

static void paths_and_links_give_one_equilibrium(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= N_SEEDS; seed++)
        for (int k = 0; k < 2; k++) {
            traffic t = random_traffic(seed, 6, 1 + seed % 2);
            krn_assignment *links = traffic_assign(&t, k ? KRN_ASSIGN_SYSTEM : KRN_ASSIGN_USER,
                                                   KRN_ASSIGN_SEGMENT, 1e-12, 1);
            const krn_path_method method = k ? KRN_PATH_SYSTEM : KRN_PATH_USER;
            path_case c = all_paths_of(&t), none = rows_of(&t, 0);
            krn_path_answer *all = path_case_assign(&c, method, 1e-12);
            krn_path_answer *found = assign_found(&none, &t, method, 1e-12);
            const double expected = krn_assignment_step(links).objective_cost;
            assert_true(krn_path_answer_step(all).gap_share <= 1e-12);
            assert_true(krn_path_answer_step(found).gap_share <= 1e-11);
            assert_near_relative(krn_path_answer_step(all).objective_cost, expected, 1e-10);
            assert_near_relative(krn_path_answer_step(found).objective_cost, expected, 1e-10);
            for (uint32_t r = 0; r < t.network.n_links; r++)
                if (t.links[r].delay.kind != KRN_DELAY_CONSTANT)
                    assert_near(krn_path_answer_time(found)[r], krn_assignment_time(links)[r],
                                1e-4 * (1.0 + krn_assignment_time(links)[r]));
            krn_path_answer_free(all);
            krn_path_answer_free(found);
            path_case_free(&c);
            path_case_free(&none);
            krn_assignment_free(links);
            traffic_free(&t);
        }
}

static void sioux_falls_has_the_published_objective(void **state)
{
    (void)state;
    traffic t = traffic_golden("SiouxFalls");
    path_case c = rows_of(&t, 0);
    krn_path_answer *a = assign_found(&c, &t, KRN_PATH_USER, 1e-12);
    assert_near_relative(krn_path_answer_step(a).objective_cost, 4231335.287107440, 1e-12);
    assert_true(krn_path_answer_step(a).gap_share <= 1e-11);
    krn_path_answer_free(a);
    path_case_free(&c);
    traffic_free(&t);
}

/* Conserved flows; equal g on paths in use, none lower. */
static void check_equilibrium(const path_case *c, const krn_path_answer *a, double tolerance)
{
    const uint32_t n = c->problem.n_paths;
    const double *flow = krn_path_answer_flow(a), *cost = krn_path_answer_cost(a);
    for (uint32_t i = 0; i < c->problem.n_rows; i++) {
        double sum = 0.0, least = HUGE_VAL;
        const double spread = c->rows[i].spread_cost, row = c->rows[i].flow;
        for (uint32_t p = 0; p < n; p++) {
            if (c->paths[p].row != i)
                continue;
            assert_true(flow[p] >= 0.0 && (!(spread > 0.0) || flow[p] > 0.0));
            sum += flow[p];
            const double g =
                cost[p] + (spread > 0.0 ? spread * log(flow[p] / (row * c->paths[p].size)) : 0.0);
            least = fmin(least, g);
        }
        assert_near(sum, row, 1e-9 * row);
        for (uint32_t p = 0; p < n; p++) {
            if (c->paths[p].row != i || flow[p] < 1e-6 * row)
                continue;
            const double g =
                cost[p] + (spread > 0.0 ? spread * log(flow[p] / (row * c->paths[p].size)) : 0.0);
            assert_near(g, least, tolerance);
        }
    }
    for (uint32_t r = 0; r < c->problem.n_resources; r++) {
        double load = 0.0;
        for (uint32_t p = 0; p < n; p++)
            for (uint32_t k = 0; k < c->paths[p].n_uses; k++)
                if (c->paths[p].uses[k].resource == r)
                    load += flow[p] * c->paths[p].uses[k].units;
        assert_near(load, krn_path_answer_load(a)[r], 1e-9 * (1.0 + load));
        assert_true(load <= c->resources[r].limit_load * (1.0 + 1e-8));
        if (krn_path_answer_price(a)[r] > 0.0)
            assert_near_relative(load, c->resources[r].limit_load, 1e-8);
    }
}

static void costs_are_equal_on_all_paths_in_use(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= N_SEEDS; seed++)
        for (uint32_t kind = 0; kind < 8; kind++) {
            path_case c = path_case_random(seed, 30, 6, 15, kind & 1);
            for (uint32_t i = 0; i < 30 && kind & 2; i++)
                c.rows[i].spread_cost = i % 3 ? 0.05 * (double)(seed % 7 + 1) : 0.0;
            if (kind & 4) { /* most of what an open case loads */
                krn_path_answer *open = path_case_assign(&c, KRN_PATH_USER, 1e-9);
                for (uint32_t r = 0; r < 15; r += 4)
                    c.resources[r].limit_load = 0.85 * krn_path_answer_load(open)[r];
                krn_path_answer_free(open);
            }
            krn_error err = {0};
            krn_path_answer *a = NULL;
            const krn_path_options options = {.method = KRN_PATH_USER, .gap_share = 1e-12};
            const krn_status status = krn_path_assign(&c.problem, &options, &a, &err);
            assert_true(status == KRN_OK || (kind & 4 && status == KRN_E_NO_ROUTE));
            if (a) {
                if (krn_path_answer_step(a).gap_share > 1e-12)
                    fail_msg("seed %u kind %u gap %g", seed, kind,
                             krn_path_answer_step(a).gap_share);
                check_equilibrium(&c, a, 1e-5);
            }
            krn_path_answer_free(a);
            path_case_free(&c);
        }
}

static void steep_laws_reach_a_small_gap(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= N_SEEDS; seed++)
        for (int method = KRN_PATH_USER; method <= KRN_PATH_SYSTEM; method++) {
            path_case c = path_case_random(200 + seed, 40, 8, 20, seed % 2);
            for (uint32_t r = 0; r < 20; r++)
                c.delays[r] = (krn_delay){.kind = KRN_DELAY_BPR,
                                          .free_time = 1.0,
                                          .factor = 1.0,
                                          .capacity = 6.0 + r,
                                          .power = r % 2 ? 20.0 : 8.0};
            krn_path_answer *a = path_case_assign(&c, (krn_path_method)method, 1e-10);
            if (krn_path_answer_step(a).gap_share > 1e-10)
                fail_msg("seed %u gap %g", seed, krn_path_answer_step(a).gap_share);
            krn_path_answer_free(a);
            path_case_free(&c);
        }
}

static void a_tiny_spread_is_nearly_no_spread(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 5; seed++) {
        path_case c = path_case_random(300 + seed, 30, 6, 15, true);
        krn_path_answer *user = path_case_assign(&c, KRN_PATH_USER, 1e-12);
        double before = HUGE_VAL;
        for (double spread = 1e-1; spread > 1e-5; spread *= 0.1) {
            double off = 0.0;
            for (uint32_t i = 0; i < 30; i++)
                c.rows[i].spread_cost = spread;
            krn_path_answer *a = path_case_assign(&c, KRN_PATH_USER, 1e-10);
            assert_true(krn_path_answer_step(a).gap_share <= 1e-10);
            for (uint32_t r = 0; r < 15; r++)
                off = fmax(off, fabs(krn_path_answer_load(a)[r] - krn_path_answer_load(user)[r]));
            assert_true(off < before);
            before = off;
            krn_path_answer_free(a);
        }
        assert_near(before, 0.0, 0.05);
        krn_path_answer_free(user);
        path_case_free(&c);
    }
}

static double objective_at(const path_case *c, krn_path_method method)
{
    krn_path_answer *a = path_case_assign(c, method, 1e-13);
    const double objective = krn_path_answer_step(a).objective_cost;
    krn_path_answer_free(a);
    return objective;
}

static void prices_agree_with_differences_of_the_objective(void **state)
{
    (void)state;
    unsigned priced = 0;
    for (uint32_t seed = 1; seed <= N_SEEDS; seed++) {
        const krn_path_method method = seed % 2 ? KRN_PATH_USER : KRN_PATH_SYSTEM;
        path_case c = path_case_random(400 + seed, 30, 6, 15, true);
        for (uint32_t i = 0; i < 30 && seed % 4 == 1; i++)
            c.rows[i].spread_cost = 0.3;
        krn_path_answer *open = path_case_assign(&c, method, 1e-10);
        const uint32_t r = seed % 15;
        const double limit = 0.9 * krn_path_answer_load(open)[r], h = 1e-3 * limit;
        krn_path_answer_free(open);
        c.resources[r].limit_load = limit;
        krn_path_answer *a = path_case_assign(&c, method, 1e-13);
        const double price = krn_path_answer_price(a)[r];
        assert_near_relative(krn_path_answer_load(a)[r], limit, 1e-8);
        krn_path_answer_free(a);
        c.resources[r].limit_load = limit - h;
        const double less = objective_at(&c, method);
        c.resources[r].limit_load = limit + h;
        const double more = objective_at(&c, method);
        assert_near((less - more) / (2.0 * h), price, 2e-2 * price + 1e-4);
        priced += price > 0.0;
        path_case_free(&c);
    }
    assert_true(priced > N_SEEDS / 2);
}

static void more_capacity_never_raises_the_cost_of_the_optimum(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= N_SEEDS; seed++) {
        path_case c = path_case_random(500 + seed, 30, 6, 15, true);
        c.resources[seed % 15].limit_load = 20.0;
        krn_path_answer *a = NULL, *b = NULL;
        const krn_path_options options = {.method = KRN_PATH_SYSTEM, .gap_share = 1e-11};
        if (krn_path_assign(&c.problem, &options, &a, NULL) == KRN_OK) {
            for (uint32_t r = 0; r < 15; r++) {
                c.delays[r].capacity *= r % 3 ? 1.0 : 1.3;
                c.resources[r].limit_load *= 1.1;
            }
            assert_int_equal(krn_path_assign(&c.problem, &options, &b, NULL), KRN_OK);
            assert_true(krn_path_answer_total_cost(b) <=
                        krn_path_answer_total_cost(a) * (1.0 + 1e-9));
        }
        krn_path_answer_free(a);
        krn_path_answer_free(b);
        path_case_free(&c);
    }
}

static void the_optimum_costs_no_more_than_the_equilibrium(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= N_SEEDS; seed++) {
        path_case c = path_case_random(600 + seed, 30, 6, 15, true);
        krn_path_answer *user = path_case_assign(&c, KRN_PATH_USER, 1e-11);
        krn_path_answer *best = path_case_assign(&c, KRN_PATH_SYSTEM, 1e-11);
        assert_true(krn_path_answer_total_cost(best) <=
                    krn_path_answer_total_cost(user) * (1.0 + 1e-10));
        krn_path_answer_free(user);
        krn_path_answer_free(best);
        path_case_free(&c);
    }
}

static void a_start_from_a_base_ends_at_the_same_loads(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= N_SEEDS; seed++) {
        path_case c = path_case_random(700 + seed, 30, 6, 15, seed % 2);
        for (uint32_t i = 0; i < 30; i++)
            c.rows[i].spread_cost = seed % 3 ? 0.2 : 0.0;
        krn_path_answer *base = path_case_assign(&c, KRN_PATH_USER, 1e-12), *warm = NULL;
        for (uint32_t i = 0; i < 30; i++)
            c.rows[i].flow *= 1.1;
        krn_path_answer *cold = path_case_assign(&c, KRN_PATH_USER, 1e-13);
        const krn_path_options options = {
            .method = KRN_PATH_USER, .gap_share = 1e-13, .base_flow = krn_path_answer_flow(base)};
        assert_int_equal(krn_path_assign(&c.problem, &options, &warm, NULL), KRN_OK);
        for (uint32_t r = 0; r < 15; r++)
            assert_near(krn_path_answer_load(warm)[r], krn_path_answer_load(cold)[r],
                        1e-4 * (1.0 + krn_path_answer_load(cold)[r]));
        for (uint32_t p = 0; p < c.problem.n_paths && seed % 3; p++)
            assert_near(krn_path_answer_flow(warm)[p], krn_path_answer_flow(cold)[p], 1e-5);
        krn_path_answer_free(base);
        krn_path_answer_free(warm);
        krn_path_answer_free(cold);
        path_case_free(&c);
    }
}

static void an_end_before_the_gap_is_told(void **state)
{
    (void)state;
    path_case c = path_case_random(901, 40, 6, 15, true);
    krn_path_options options = {.method = KRN_PATH_USER, .gap_share = 1e-12, .max_iterations = 1};
    krn_path_answer *a = NULL;
    assert_int_equal(krn_path_assign(&c.problem, &options, &a, NULL), KRN_OK);
    assert_int_equal(krn_path_answer_step(a).iteration, 1);
    assert_true(krn_path_answer_step(a).gap_share > 1e-12);
    krn_path_answer_free(a);
    options = (krn_path_options){.method = KRN_PATH_USER, .gap_share = 1e-30};
    assert_int_equal(krn_path_assign(&c.problem, &options, &a, NULL), KRN_OK);
    assert_true(krn_path_answer_step(a).gap_share < 1e-14);
    assert_true(krn_path_answer_step(a).iteration < 200);
    krn_path_answer_free(a);
    path_case_free(&c);
}

static void a_stochastic_equilibrium_takes_paths_found(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 5; seed++) {
        traffic t = random_traffic(850 + seed, 6, 1);
        path_case none = rows_of(&t, 0);
        for (uint32_t i = 0; i < t.network.n_trips; i++)
            none.rows[i].spread_cost = 0.5;
        krn_path_answer *a = assign_found(&none, &t, KRN_PATH_USER, 1e-11);
        assert_true(krn_path_answer_step(a).gap_share <= 1e-11);
        for (uint32_t p = 0; p < krn_path_answer_paths(a); p++)
            assert_true(krn_path_answer_flow(a)[p] > 0.0 ||
                        !(none.rows[krn_path_answer_path(a, p)->row].flow > 0.0));
        krn_path_answer_free(a);
        path_case_free(&none);
        traffic_free(&t);
    }
}

/* Each row finds one way round what is full only when it is priced. */
static void paths_are_found_round_what_is_full(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= N_SEEDS; seed++) {
        traffic t = random_traffic(800 + seed, 8, 1);
        path_case none = rows_of(&t, 0);
        krn_path_answer *open = assign_found(&none, &t, KRN_PATH_USER, 1e-9);
        for (uint32_t k = 0; k < t.network.n_links; k += 5)
            t.links[k].limit_flow = none.resources[k].limit_load =
                (k % 2 ? 0.7 : 0.0) * krn_path_answer_load(open)[k];
        krn_path_answer_free(open);
        path_case all = all_paths_of(&t);
        krn_path_answer *found = NULL, *whole = NULL;
        finder f = {&t, 0};
        const krn_path_options by_finder = {
            .method = KRN_PATH_USER, .gap_share = 1e-10, .generate = find, .generate_context = &f};
        const krn_path_options by_list = {.method = KRN_PATH_USER, .gap_share = 1e-10};
        const krn_status one = krn_path_assign(&none.problem, &by_finder, &found, NULL);
        const krn_status other = krn_path_assign(&all.problem, &by_list, &whole, NULL);
        assert_int_equal(one, other);
        assert_true(one == KRN_OK || one == KRN_E_NO_ROUTE);
        if (found)
            assert_near_relative(krn_path_answer_step(found).objective_cost,
                                 krn_path_answer_step(whole).objective_cost, 1e-7);
        krn_path_answer_free(found);
        krn_path_answer_free(whole);
        path_case_free(&all);
        path_case_free(&none);
        traffic_free(&t);
    }
}

static void the_same_question_gives_the_same_bytes(void **state)
{
    (void)state;
    path_case c = path_case_random(900, 40, 6, 15, false);
    c.resources[3].limit_load = 30.0;
    for (uint32_t i = 0; i < 40; i += 2)
        c.rows[i].spread_cost = 0.1;
    krn_path_answer *a = path_case_assign(&c, KRN_PATH_USER, 1e-12);
    krn_path_answer *b = path_case_assign(&c, KRN_PATH_USER, 1e-12);
    assert_memory_equal(krn_path_answer_flow(a), krn_path_answer_flow(b),
                        c.problem.n_paths * sizeof(double));
    assert_memory_equal(krn_path_answer_price(a), krn_path_answer_price(b), 15 * sizeof(double));
    krn_path_answer_free(a);
    krn_path_answer_free(b);
    path_case_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_and_links_give_one_equilibrium),
        cmocka_unit_test(sioux_falls_has_the_published_objective),
        cmocka_unit_test(costs_are_equal_on_all_paths_in_use),
        cmocka_unit_test(steep_laws_reach_a_small_gap),
        cmocka_unit_test(a_tiny_spread_is_nearly_no_spread),
        cmocka_unit_test(prices_agree_with_differences_of_the_objective),
        cmocka_unit_test(more_capacity_never_raises_the_cost_of_the_optimum),
        cmocka_unit_test(the_optimum_costs_no_more_than_the_equilibrium),
        cmocka_unit_test(a_start_from_a_base_ends_at_the_same_loads),
        cmocka_unit_test(paths_are_found_round_what_is_full),
        cmocka_unit_test(the_same_question_gives_the_same_bytes),
        cmocka_unit_test(an_end_before_the_gap_is_told),
        cmocka_unit_test(a_stochastic_equilibrium_takes_paths_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
