/* SPDX-License-Identifier: Apache-2.0 */
/* test_plan_property.c - laws of planning on random small corridors with gates, opening hours,
 * timetables and frequencies: equal to trying every path, and what must not change does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <keruen/plan.h>

#include "support/assert_near.h"
#include "support/random_corridor.h"

#define MOST_PATHS  3000u
#define MOST_STATES 256u
#define MOST_STEPS  64u
#define CORRIDORS   300u
#define SHARE       2e-6 /* of a value: the resolution that the search states */

/* A set of points in the criteria, with the chain of each when it was found by trying all. */
typedef struct points {
    double (*values)[KRN_CRITERION_COUNT];
    uint32_t n, capacity;
} points;

static void add_point(points *p, const double values[KRN_CRITERION_COUNT])
{
    if (p->n == p->capacity) {
        p->capacity = p->capacity ? 2 * p->capacity : 64;
        p->values = realloc(p->values, p->capacity * sizeof *p->values);
        assert_non_null(p->values);
    }
    memcpy(p->values[p->n++], values, sizeof *p->values);
}

static void values_of(const krn_route *route, bool backward, double out[KRN_CRITERION_COUNT])
{
    for (int c = 0; c < KRN_CRITERION_COUNT; c++)
        out[c] = krn_route_value(route, (krn_criterion)c);
    if (backward)
        out[KRN_ARRIVAL] = -(double)route->departure / KRN_SECONDS_PER_HOUR;
}

/* a is as good as b everywhere, up to the resolution. */
static bool covers(const double *a, const double *b)
{
    for (int c = 0; c < KRN_CRITERION_COUNT; c++)
        if (a[c] > b[c] + SHARE * (1.0 + fabs(b[c])))
            return false;
    return true;
}

/* a is clearly better than b: nowhere worse, somewhere by more than the resolution. */
static bool beats(const double *a, const double *b)
{
    bool better = false;
    for (int c = 0; c < KRN_CRITERION_COUNT; c++) {
        if (a[c] > b[c])
            return false;
        better = better || a[c] < b[c] - SHARE * (1.0 + fabs(b[c]));
    }
    return better;
}

static bool is_covered(const points *by, const double *value)
{
    for (uint32_t i = 0; i < by->n; i++)
        if (covers(by->values[i], value))
            return true;
    return false;
}

static void assert_all_covered(const points *by, const points *set, const char *what, uint64_t seed)
{
    for (uint32_t i = 0; i < set->n; i++)
        if (!is_covered(by, set->values[i])) {
            const double *v = set->values[i];
            fprintf(stderr, "corridor %llu: %s: %.4f h %.2f USD %.2f kg %.0f %.4f h of %u, %u\n",
                    (unsigned long long)seed, what, v[0], v[1], v[2], v[3], v[4], (unsigned)set->n,
                    (unsigned)by->n);
            fail();
        }
}

/* ---- every path ---- */

typedef struct walk {
    const krn_network *network;
    const krn_consignment *consignment;
    krn_load load;
    krn_activity_cost *costs;
    krn_arena *arena;
    uint32_t target;
    bool seen[MOST_STATES];
    krn_activity_id path[MOST_STEPS];
    krn_time arrive_by; /* KRN_TIME_NONE: depart when ready */
    points found;
    uint32_t n_paths;
    bool too_many;
} walk;

/* Latest start that arrives in time, by halving: who leaves earlier never arrives later. */
static krn_time latest_start(const walk *w, uint32_t n)
{
    krn_time low = w->consignment->ready - 1, high = w->arrive_by;
    while (low < high) {
        const krn_time middle = low + (high - low + 1) / 2;
        krn_route route;
        krn_arena_reset(w->arena);
        const krn_status st =
            krn_route_build(w->network, w->consignment, &w->load, w->costs, w->path, n, middle,
                            w->consignment->ready, w->arena, &route, NULL);
        if (st == KRN_OK && route.arrival <= w->arrive_by)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

static void end_of_path(walk *w, uint32_t n)
{
    krn_time start = w->consignment->ready;
    krn_route route;
    krn_error err = {0};
    if (++w->n_paths > MOST_PATHS) {
        w->too_many = true;
        return;
    }
    if (w->arrive_by != KRN_TIME_NONE) {
        start = latest_start(w, n);
        if (start < w->consignment->ready)
            return;
    }
    krn_arena_reset(w->arena);
    if (krn_route_build(w->network, w->consignment, &w->load, w->costs, w->path, n, start,
                        w->consignment->ready, w->arena, &route, &err))
        return;
    double values[KRN_CRITERION_COUNT];
    values_of(&route, w->arrive_by != KRN_TIME_NONE, values);
    add_point(&w->found, values);
}

static void walk_on(walk *w, uint32_t state, uint32_t n)
{
    if (state == w->target) {
        end_of_path(w, n);
        return;
    }
    if (n == MOST_STEPS || w->too_many)
        return;
    for (uint32_t a = 0; a < krn_network_activities(w->network); a++) {
        krn_activity words;
        krn_network_activity(w->network, (krn_activity_id){a}, &words);
        if (words.from.index != state || w->seen[words.to.index] ||
            w->costs[a].block != KRN_BLOCK_NONE)
            continue;
        w->seen[words.to.index] = true;
        w->path[n] = (krn_activity_id){a};
        walk_on(w, words.to.index, n + 1);
        w->seen[words.to.index] = false;
    }
}

/* Values of all paths; false when there are too many. delay_h: added to durations, or NULL. */
static bool try_delayed(const krn_network *network, const krn_consignment *consignment,
                        krn_time arrive_by, const double *delay_h, points *out)
{
    walk w = {.network = network, .consignment = consignment, .arrive_by = arrive_by};
    krn_arena *costs = krn_arena_new(NULL, 0);
    w.arena = krn_arena_new(NULL, 0);
    assert_true(krn_network_states(network) <= MOST_STATES);
    const krn_time at = arrive_by != KRN_TIME_NONE ? arrive_by : consignment->ready;
    assert_int_equal(krn_network_weigh(network, consignment, at, costs, &w.load, &w.costs, NULL),
                     KRN_OK);
    for (uint32_t a = 0; delay_h && a < krn_network_activities(network); a++) {
        w.costs[a].duration.low_h += delay_h[a];
        w.costs[a].duration.typical_h += delay_h[a];
        w.costs[a].duration.high_h += delay_h[a];
        w.costs[a].expected_h = w.costs[a].duration.typical_h + w.costs[a].wait.typical_h;
    }
    const uint32_t source = krn_network_state(network, consignment->origin, KRN_SIDE_REST).index;
    w.target = krn_network_state(network, consignment->destination, KRN_SIDE_REST).index;
    w.seen[source] = true;
    walk_on(&w, source, 0);
    krn_arena_free(costs);
    krn_arena_free(w.arena);
    *out = w.found;
    return !w.too_many;
}

static bool try_all(const krn_network *network, const krn_consignment *consignment,
                    krn_time arrive_by, points *out)
{
    return try_delayed(network, consignment, arrive_by, NULL, out);
}

/* ---- plans ---- */

static krn_plan_query query_of(const krn_network *network)
{
    krn_plan_query q;
    krn_plan_query_init(&q);
    q.consignment = corridor_consignment(network);
    q.max_routes = 0;
    q.samples = 1;
    return q;
}

static points plan_points(const krn_network *network, const krn_plan_query *q, krn_arena *arena,
                          krn_plan_result *out)
{
    krn_error err = {0};
    points p = {0};
    krn_arena_reset(arena);
    if (krn_plan(network, q, arena, out, &err)) {
        fprintf(stderr, "plan: %s\n", err.text);
        fail();
    }
    assert_int_equal(out->n_routes, out->n_non_dominated);
    for (uint32_t i = 0; i < out->n_routes; i++) {
        double values[KRN_CRITERION_COUNT];
        values_of(&out->routes[i], q->arrive_by != KRN_TIME_NONE, values);
        add_point(&p, values);
    }
    return p;
}

static void routes_are_those_of_trying_every_path(void **state)
{
    krn_arena *arena = *state;
    uint32_t compared = 0;
    for (uint64_t seed = 1; seed <= CORRIDORS; seed++) {
        corridor c;
        corridor_make(&c, seed, 0);
        krn_network *network = corridor_network(&c);
        const krn_plan_query q = query_of(network);
        points all = {0};
        if (try_all(network, &q.consignment, KRN_TIME_NONE, &all)) {
            krn_plan_result result;
            points planned = plan_points(network, &q, arena, &result);
            assert_int_equal(planned.n > 0, all.n > 0);
            assert_all_covered(&planned, &all, "a path is missing", seed);
            assert_all_covered(&all, &planned, "a route that is no path", seed);
            for (uint32_t i = 0; i < planned.n; i++)
                for (uint32_t k = 0; k < all.n; k++)
                    assert_false(beats(all.values[k], planned.values[i]));
            free(planned.values);
            compared++;
        }
        free(all.values);
        krn_network_free(network);
    }
    assert_true(compared > CORRIDORS / 2);
}

/* Queues of hours on some activities. */
static void delayed_routes_are_those_of_trying_every_path(void **state)
{
    krn_arena *arena = *state;
    uint32_t compared = 0;
    for (uint64_t seed = 1; seed <= CORRIDORS; seed++) {
        corridor c;
        corridor_make(&c, seed, 0);
        krn_network *network = corridor_network(&c);
        krn_plan_query q = query_of(network);
        double *delay_h = calloc(krn_network_activities(network), sizeof *delay_h);
        assert_non_null(delay_h);
        for (uint32_t a = 0; a < krn_network_activities(network); a++)
            delay_h[a] = corridor_random(&c, 3) ? 0.0 : corridor_random(&c, 4000) / 37.0;
        q.delay_h = delay_h;
        points all = {0};
        if (try_delayed(network, &q.consignment, KRN_TIME_NONE, delay_h, &all)) {
            krn_plan_result result;
            points planned = plan_points(network, &q, arena, &result);
            assert_int_equal(planned.n > 0, all.n > 0);
            assert_all_covered(&planned, &all, "a path is missing", seed);
            assert_all_covered(&all, &planned, "a route that is no path", seed);
            free(planned.values);
            compared++;
        }
        free(all.values);
        free(delay_h);
        krn_network_free(network);
    }
    assert_true(compared > CORRIDORS / 2);
}

/* Tariffs with rows that hold only by way of one or two places: up to four coefficients, border
 * fees and rates of hire, in one country or in all; cheaper only, or dearer as well. */
static void write_tariffs(corridor *c, bool dearer, char *text, size_t size)
{
    static const char *const countries[] = {"XA", "XB", "any"};
    size_t n = (size_t)snprintf(
        text, size,
        "tariff_id,name,use,charge,mode,countries,via_node_ids,basis,price,currency,group,"
        "applies_to,priority\n"
        "rail,rail,rate,haul,rail,any,,tkm,0.02,USD,rail,,0\n"
        "road,road,rate,haul,road,any,,truck_km,1.1,USD,road,,0\n"
        "sea,sea,rate,freight,sea,any,,t,9,USD,sea,,0\n");
    const uint32_t n_rows = 1 + corridor_random(c, 4);
    for (uint32_t i = 0; i < n_rows; i++) {
        const uint32_t place = corridor_random(c, c->n_nodes), kind = corridor_random(c, 4);
        const char *where = countries[corridor_random(c, 3)];
        char via[32];
        snprintf(via, sizeof via, corridor_random(c, 3) ? "n%u" : "n%u;n%u", (unsigned)place,
                 (unsigned)((place + 1) % c->n_nodes));
        const uint32_t percent = 20 + corridor_random(c, dearer ? 150 : 75);
        const char *mode = corridor_random(c, 3) ? "rail" : "road";
        if (kind < 2 || !dearer)
            n += (size_t)snprintf(
                text + n, size - n, "c%u,c,coefficient,haul,%s,%s,%s,coefficient,%.2f,,c%u,%s,0\n",
                (unsigned)i, mode, where, via, percent / 100.0, (unsigned)i, mode);
        else if (kind == 2)
            n += (size_t)snprintf(text + n, size - n,
                                  "b%u,b,rate,border,%s,%s,%s,%s,%u,USD,b%u,,0\n", (unsigned)i,
                                  mode, where, via,
                                  percent % 2                 ? "consignment"
                                  : strcmp(mode, "rail") == 0 ? "wagon"
                                                              : "truck",
                                  (unsigned)(10 * percent), (unsigned)i);
        else
            n += (size_t)snprintf(text + n, size - n,
                                  "w%u,w,rate,wagon,%s,%s,%s,%s_day,%u,USD,w%u,,0\n", (unsigned)i,
                                  mode, where, via, strcmp(mode, "rail") ? "truck" : "wagon",
                                  (unsigned)percent, (unsigned)i);
    }
    assert_true(n < size);
}

static bool is_simple(const krn_network *network, const krn_route *route)
{
    bool seen[MOST_STATES] = {false};
    for (uint32_t i = 0; i < route->n_steps; i++) {
        krn_activity words;
        krn_network_activity(network, route->steps[i].activity, &words);
        if (seen[words.to.index])
            return false;
        seen[words.to.index] = true;
    }
    return true;
}

/*   n0 -- n1 -- n2 -- n3      rows of XB hold by way of n2: nobody knows at n1 yet
 *           \__ n4 __/                                                            */
static void prices_by_way_of_places_hide_no_route(void **state)
{
    krn_arena *arena = *state;
    uint32_t compared = 0, points_compared = 0;
    for (uint64_t seed = 1; seed <= 4 * CORRIDORS; seed++) {
        corridor c;
        char tariffs[2048];
        corridor_make(&c, seed, 3 + (uint32_t)(seed % 3));
        write_tariffs(&c, seed % 2, tariffs, sizeof tariffs);
        c.tariffs = tariffs;
        krn_network *network = corridor_network(&c);
        const krn_plan_query q = query_of(network);
        points all = {0};
        if (try_all(network, &q.consignment, KRN_TIME_NONE, &all)) {
            krn_plan_result result;
            points planned = plan_points(network, &q, arena, &result);
            points simple = {0};
            for (uint32_t i = 0; i < planned.n; i++)
                if (is_simple(network, &result.routes[i]))
                    add_point(&simple, planned.values[i]);
            assert_all_covered(&planned, &all, "a path is missing", seed);
            assert_all_covered(&all, &simple, "a route that is no path", seed);
            for (uint32_t i = 0; i < planned.n; i++)
                for (uint32_t k = 0; k < all.n; k++)
                    assert_false(beats(all.values[k], planned.values[i]));
            points_compared += planned.n;
            free(planned.values);
            free(simple.values);
            compared++;
        }
        free(all.values);
        krn_network_free(network);
    }
    assert_true(compared > 2 * CORRIDORS && points_compared > compared);
}

static void arrive_by_leaves_as_late_as_any_path_can(void **state)
{
    krn_arena *arena = *state;
    uint32_t compared = 0;
    for (uint64_t seed = 1; seed <= CORRIDORS && compared < 60; seed++) {
        corridor c;
        corridor_make(&c, seed, 3 + seed % 2);
        krn_network *network = corridor_network(&c);
        krn_plan_query q = query_of(network);
        q.arrive_by = q.consignment.ready + (10 + (krn_time)(seed % 9)) * KRN_SECONDS_PER_DAY + 77;
        points all = {0};
        if (try_all(network, &q.consignment, q.arrive_by, &all) && all.n < 400) {
            krn_plan_result result;
            points planned = plan_points(network, &q, arena, &result);
            assert_int_equal(planned.n > 0, all.n > 0);
            assert_all_covered(&planned, &all, "a path is missing", seed);
            assert_all_covered(&all, &planned, "a route that is no path", seed);
            for (uint32_t i = 0; i < result.n_routes; i++)
                assert_true(result.routes[i].arrival <= q.arrive_by &&
                            result.routes[i].departure >= q.consignment.ready);
            free(planned.values);
            compared += all.n > 0;
        }
        free(all.values);
        krn_network_free(network);
    }
    assert_true(compared >= 30);
}

/* Runs one query on a corridor and on a changed one. */
static void compare_plans(const corridor *before, const corridor *after, krn_arena *arena,
                          points *out_before, points *out_after)
{
    krn_plan_result result;
    krn_network *network = corridor_network(before);
    krn_plan_query q = query_of(network);
    *out_before = plan_points(network, &q, arena, &result);
    krn_network_free(network);
    network = corridor_network(after);
    q = query_of(network);
    *out_after = plan_points(network, &q, arena, &result);
    krn_network_free(network);
}

static void adding_a_link_or_service_only_dominates(void **state)
{
    for (uint64_t seed = 1; seed <= CORRIDORS; seed++) {
        corridor with, without;
        corridor_make(&with, seed, 0);
        without = with;
        const uint32_t i = corridor_random(&with, with.n_links);
        if (with.n_services && seed % 2)
            without.services[corridor_random(&with, with.n_services)].removed = true;
        else
            without.links[i].removed = true;
        points less, more;
        compare_plans(&without, &with, *state, &less, &more);
        assert_all_covered(&more, &less, "a point is gone though nothing was taken away", seed);
        free(less.values);
        free(more.values);
    }
}

static double least(const points *p, int c)
{
    double best = INFINITY;
    for (uint32_t i = 0; i < p->n; i++)
        best = fmin(best, p->values[i][c]);
    return best;
}

static void a_shorter_link_never_makes_the_best_route_worse(void **state)
{
    for (uint64_t seed = 1; seed <= CORRIDORS; seed++) {
        corridor before, after;
        corridor_make(&before, seed, 0);
        after = before;
        corridor_link *link = &after.links[corridor_random(&before, before.n_links)];
        if (link->mode == KRN_SEA)
            continue;
        link->km -= 10 + link->km / 4;
        points a, b;
        compare_plans(&before, &after, *state, &a, &b);
        for (int c = 0; c < KRN_CRITERION_COUNT; c++)
            assert_true(least(&b, c) <= least(&a, c) * (1.0 + SHARE));
        free(a.values);
        free(b.values);
    }
}

/* The same with queues, from the other end. */
static void arrive_by_counts_delays_as_any_path_does(void **state)
{
    krn_arena *arena = *state;
    uint32_t compared = 0;
    for (uint64_t seed = 1; seed <= CORRIDORS && compared < 40; seed++) {
        corridor c;
        corridor_make(&c, seed, 3 + seed % 2);
        krn_network *network = corridor_network(&c);
        krn_plan_query q = query_of(network);
        double *delay_h = calloc(krn_network_activities(network), sizeof *delay_h);
        assert_non_null(delay_h);
        for (uint32_t a = 0; a < krn_network_activities(network); a++)
            delay_h[a] = corridor_random(&c, 3) ? 0.0 : corridor_random(&c, 900) / 37.0;
        q.delay_h = delay_h;
        q.arrive_by = q.consignment.ready + (12 + (krn_time)(seed % 9)) * KRN_SECONDS_PER_DAY + 77;
        points all = {0};
        if (try_delayed(network, &q.consignment, q.arrive_by, delay_h, &all) && all.n < 400) {
            krn_plan_result result;
            points planned = plan_points(network, &q, arena, &result);
            assert_int_equal(planned.n > 0, all.n > 0);
            assert_all_covered(&planned, &all, "a path is missing", seed);
            assert_all_covered(&all, &planned, "a route that is no path", seed);
            free(planned.values);
            compared += all.n > 0;
        }
        free(all.values);
        free(delay_h);
        krn_network_free(network);
    }
    assert_true(compared >= 20);
}

static void a_shift_of_weeks_shifts_the_answer(void **state)
{
    krn_arena *arena = *state;
    for (uint64_t seed = 1; seed <= CORRIDORS / 3; seed++) {
        corridor c;
        corridor_make(&c, seed, 0);
        krn_network *network = corridor_network(&c);
        krn_plan_query q = query_of(network);
        krn_plan_result result;
        points a = plan_points(network, &q, arena, &result);
        const krn_time shift = 7 * (1 + (krn_time)(seed % 5)) * KRN_SECONDS_PER_DAY;
        q.consignment.ready += shift;
        points b = plan_points(network, &q, arena, &result);
        assert_int_equal(a.n, b.n);
        for (uint32_t i = 0; i < a.n; i++) {
            assert_near(b.values[i][0] - a.values[i][0], (double)shift / KRN_SECONDS_PER_HOUR,
                        1e-6);
            for (int k = 1; k < KRN_CRITERION_COUNT; k++)
                assert_near_relative(b.values[i][k], a.values[i][k], 1e-12);
        }
        free(a.values);
        free(b.values);
        krn_network_free(network);
    }
}

static bool touches(const krn_plan_result *result, uint32_t node)
{
    for (uint32_t i = 0; i < result->n_routes; i++)
        for (uint32_t k = 0; k < result->routes[i].n_steps; k++)
            if (result->routes[i].steps[k].from_node == node ||
                result->routes[i].steps[k].to_node == node)
                return true;
    return false;
}

static void avoiding_what_is_not_used_changes_nothing(void **state)
{
    krn_arena *arena = *state;
    uint32_t compared = 0;
    for (uint64_t seed = 1; seed <= CORRIDORS; seed++) {
        corridor c;
        corridor_make(&c, seed, 5);
        krn_network *network = corridor_network(&c);
        krn_plan_query q = query_of(network);
        krn_plan_result result;
        points a = plan_points(network, &q, arena, &result);
        bool used[CORRIDOR_NODES] = {false};
        for (uint32_t node = 0; node < c.n_nodes; node++)
            used[node] = touches(&result, node);
        for (uint32_t node = 1; node + 1 < c.n_nodes; node++) {
            if (used[node])
                continue;
            q.avoid_nodes = &node;
            q.n_avoid_nodes = 1;
            points b = plan_points(network, &q, arena, &result);
            q.n_avoid_nodes = 0;
            assert_int_equal(a.n, b.n);
            if (a.n)
                assert_memory_equal(a.values, b.values, a.n * sizeof *a.values);
            free(b.values);
            compared++;
        }
        free(a.values);
        krn_network_free(network);
    }
    assert_true(compared > 20);
}

static void a_closed_passage_is_on_no_route(void **state)
{
    krn_arena *arena = *state;
    for (uint64_t seed = 1; seed <= CORRIDORS; seed++) {
        corridor c;
        corridor_make(&c, seed, 0);
        const uint32_t closed = corridor_random(&c, c.n_links);
        char crossing[32];
        snprintf(crossing, sizeof crossing, "Crossing %u", (unsigned)closed);
        const char *name = crossing;
        krn_network *network = corridor_network(&c);
        krn_plan_query q = query_of(network);
        q.avoid_borders = &name;
        q.n_avoid_borders = 1;
        krn_plan_result result;
        krn_arena_reset(arena);
        const krn_status st = krn_plan(network, &q, arena, &result, NULL);
        const krn_package *p = krn_network_package(network);
        for (uint32_t i = 0; st == KRN_OK && i < result.n_routes; i++)
            for (uint32_t k = 0; k < result.routes[i].n_steps; k++) {
                const krn_step *step = &result.routes[i].steps[k];
                if (step->kind == KRN_CROSS)
                    assert_string_not_equal(
                        krn_package_text(p, KRN_TABLE_BORDER, step->time_figure.row, 1), name);
            }
        krn_network_free(network);
        c.links[closed].closed = true;
        network = corridor_network(&c);
        q = query_of(network);
        krn_arena_reset(arena);
        assert_int_equal(krn_plan(network, &q, arena, &result, NULL), KRN_OK);
        for (uint32_t i = 0; i < result.n_routes; i++)
            for (uint32_t k = 0; k < result.routes[i].n_steps; k++) {
                krn_activity words;
                krn_network_activity(network, result.routes[i].steps[k].activity, &words);
                assert_true(words.link != closed);
            }
        if (result.n_routes == 0)
            assert_true(result.blocked.n_facts > 0 || result.blocked.reason[0] != '\0');
        krn_network_free(network);
    }
}

static void required_places_are_on_every_route(void **state)
{
    krn_arena *arena = *state;
    for (uint64_t seed = 1; seed <= CORRIDORS; seed++) {
        corridor c;
        corridor_make(&c, seed, 5);
        krn_network *network = corridor_network(&c);
        krn_plan_query q = query_of(network);
        const uint32_t nodes[2] = {1 + (uint32_t)(seed % 3), 1 + (uint32_t)((seed + 1) % 3)};
        q.require_nodes = nodes;
        q.n_require_nodes = 1 + seed % 2;
        krn_plan_result result;
        points p = plan_points(network, &q, arena, &result);
        for (uint32_t i = 0; i < result.n_routes; i++)
            for (uint32_t r = 0; r < q.n_require_nodes; r++) {
                bool there = false;
                for (uint32_t k = 0; k < result.routes[i].n_steps; k++)
                    there = there || result.routes[i].steps[k].to_node == nodes[r];
                assert_true(there);
            }
        free(p.values);
        krn_network_free(network);
    }
}

/* What a result says, as text: equal texts are equal answers. */
static void write_result(const krn_plan_result *r, char *out, size_t size)
{
    size_t used =
        (size_t)snprintf(out, size, "%u %u|", (unsigned)r->n_routes, (unsigned)r->n_non_dominated);
    for (uint32_t i = 0; i < r->n_routes && used + 256 < size; i++) {
        const krn_route *x = &r->routes[i];
        used += (size_t)snprintf(out + used, size - used,
                                 "%lld %lld %a %a %a %u %lld %lld %lld %u %u %u|",
                                 (long long)x->departure, (long long)x->arrival, x->cost_usd,
                                 x->wtw_kg_co2e, x->risk_h, x->handlings, (long long)x->arrival_p10,
                                 (long long)x->arrival_p50, (long long)x->arrival_p90,
                                 (unsigned)x->n_steps, (unsigned)x->charges.n_charges, x->best_of);
    }
}

static void a_batch_gives_the_same_on_any_number_of_threads(void **state)
{
    (void)state;
    enum { N = 24, SIZE = 8192 };
    corridor c;
    corridor_make(&c, 11, 5);
    krn_network *network = corridor_network(&c);
    krn_plan_query queries[N];
    for (int i = 0; i < N; i++) {
        queries[i] = query_of(network);
        queries[i].max_routes = 4;
        queries[i].samples = 200;
        queries[i].consignment.ready += i * 5000;
        queries[i].consignment.net_t = 100.0 + 50.0 * i;
    }
    queries[7].consignment.destination = queries[7].consignment.origin; /* a fault among them */
    char *texts = calloc(N, SIZE), *again = calloc(1, SIZE);
    assert_true(texts && again);
    for (unsigned threads = 1; threads <= 3; threads++) {
        krn_plan_batch *batch = NULL;
        assert_int_equal(krn_plan_batch_run(network, queries, N, threads, NULL, NULL, &batch, NULL),
                         KRN_OK);
        for (uint32_t i = 0; i < N; i++) {
            krn_status st;
            const char *text;
            const krn_plan_result *r = krn_plan_batch_result(batch, i, &st, &text);
            assert_int_equal(st, i == 7 ? KRN_E_ARG : KRN_OK);
            write_result(r, again, SIZE);
            if (threads == 1)
                memcpy(texts + (size_t)i * SIZE, again, SIZE);
            else
                assert_string_equal(again, texts + (size_t)i * SIZE);
        }
        krn_plan_batch_free(batch);
    }
    free(texts);
    free(again);
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

#define LAW(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LAW(routes_are_those_of_trying_every_path),
        LAW(delayed_routes_are_those_of_trying_every_path),
        LAW(prices_by_way_of_places_hide_no_route),
        LAW(arrive_by_leaves_as_late_as_any_path_can),
        LAW(arrive_by_counts_delays_as_any_path_does),
        LAW(adding_a_link_or_service_only_dominates),
        LAW(a_shorter_link_never_makes_the_best_route_worse),
        LAW(a_shift_of_weeks_shifts_the_answer),
        LAW(avoiding_what_is_not_used_changes_nothing),
        LAW(a_closed_passage_is_on_no_route),
        LAW(required_places_are_on_every_route),
        LAW(a_batch_gives_the_same_on_any_number_of_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
