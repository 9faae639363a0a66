/* SPDX-License-Identifier: Apache-2.0 */
/* test_network_property.c - laws that hold for any network and any consignment.
 *
 * Random small corridors, and the shipped one with random consignments. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <keruen/duration.h>

#include "model/network_data.h"
#include "support/assert_near.h"
#include "support/mini_network.h"
#include "support/random_corridor.h"

static void any_corridor_makes_a_sound_network(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 400; seed++) {
        corridor c;
        krn_error err;
        corridor_make(&c, seed, (uint32_t)(seed % 7) + 2);
        krn_network *net = corridor_network(&c);
        assert_int_equal(krn_network_check(net, &err), KRN_OK);
        krn_network_free(net);
    }
}

/* Next random number below n (splitmix64). */
static uint32_t below(uint64_t *seed, uint32_t n)
{
    uint64_t z = *seed += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (uint32_t)((z ^ (z >> 31)) % n);
}

static krn_consignment any_consignment(const krn_network *net, uint64_t *seed)
{
    const krn_package *p = net->package;
    const uint32_t n_nodes = krn_package_rows(p, KRN_TABLE_NODE);
    const krn_time first = (krn_time)krn_day_from_civil(2026, 1, 1) * KRN_SECONDS_PER_DAY;
    return (krn_consignment){.commodity = below(seed, krn_package_rows(p, KRN_TABLE_COMMODITY)),
                             .loading_unit = KRN_NO_ROW,
                             .net_t = 1.0 + below(seed, 5000),
                             .origin = below(seed, n_nodes),
                             .destination = below(seed, n_nodes),
                             .ready = first + (krn_time)below(seed, 365) * KRN_SECONDS_PER_DAY,
                             .due = KRN_TIME_NONE};
}

/* A law is a law, a bound no less than nothing, a block says which cell. */
static void assert_sound(const krn_network *net, uint32_t i, const krn_activity_cost *c)
{
    assert_true((unsigned)c->block < KRN_BLOCK_COUNT);
    if (c->block != KRN_BLOCK_NONE) {
        assert_true(c->block_figure.table < KRN_TABLE_COUNT);
        assert_true(c->block_figure.row <
                    krn_package_rows(net->package, (krn_table)c->block_figure.table));
        return;
    }
    assert_true(krn_duration_valid(c->duration) && krn_duration_valid(c->wait));
    assert_near(c->expected_h, c->duration.typical_h + c->wait.typical_h, 1e-9);
    assert_true(c->duration.low_h >= net->low_h[i] && c->duration.high_h >= net->high_h[i]);
    assert_true(c->bound_usd >= 0.0 && isfinite(c->bound_usd));
    assert_true(c->variance_h2 >= 0.0 && isfinite(c->variance_h2));
    assert_true(c->wtw_kg_co2e >= 0.0 && isfinite(c->wtw_kg_co2e));
    assert_true(c->gate_h >= 0.0 && isfinite(c->gate_h));
    assert_true(c->n_trains >= 1);
}

static void any_consignment_is_weighed_soundly(void **state)
{
    const krn_network *net = *state;
    krn_arena *arena = krn_arena_new(NULL, 0);
    uint64_t seed = 7;
    uint32_t n_weighed = 0;
    for (int round = 0; round < 200; round++) {
        const krn_consignment consignment = any_consignment(net, &seed);
        krn_load load;
        krn_activity_cost *costs;
        krn_error err;
        krn_arena_reset(arena);
        const krn_status st =
            krn_network_weigh(net, &consignment, consignment.ready, arena, &load, &costs, &err);
        assert_true(st == KRN_OK || st == KRN_E_ARG || st == KRN_E_NOT_FOUND);
        for (uint32_t i = 0; i < net->n_activities && !st; i++)
            assert_sound(net, i, &costs[i]);
        n_weighed += !st;
    }
    assert_true(n_weighed > 150);
    krn_arena_free(arena);
}

/* More tonnes never take less time, fewer vehicles, or a smaller price. */
static void more_cargo_is_never_quicker_or_cheaper(void **state)
{
    const krn_network *net = *state;
    krn_arena *arena = krn_arena_new(NULL, 0);
    uint64_t seed = 11;
    for (int round = 0; round < 40; round++) {
        krn_consignment small = any_consignment(net, &seed);
        krn_consignment large = small;
        krn_load load[2];
        krn_activity_cost *a, *b;
        krn_error err;
        large.net_t = small.net_t + 1.0 + below(&seed, 3000);
        krn_arena_reset(arena);
        if (krn_network_weigh(net, &small, small.ready, arena, &load[0], &a, &err) ||
            krn_network_weigh(net, &large, small.ready, arena, &load[1], &b, &err))
            continue;
        for (uint32_t i = 0; i < net->n_activities; i++) {
            if (a[i].block || b[i].block)
                continue;
            assert_true(b[i].n_vehicles >= a[i].n_vehicles);
            if (net->kind[i] == KRN_HAUL) /* re-forming looks at the other lines as well */
                continue;
            assert_true(b[i].bound_usd >= a[i].bound_usd * (1.0 - 1e-9));
            assert_true(b[i].expected_h >= a[i].expected_h - 1e-9);
        }
    }
    krn_arena_free(arena);
}

/* The same question twice gives the same figures, whatever was asked between. */
static void the_same_consignment_weighs_the_same(void **state)
{
    const krn_network *net = *state;
    krn_arena *arena = krn_arena_new(NULL, 0);
    uint64_t seed = 13;
    const krn_consignment first = any_consignment(net, &seed);
    const krn_consignment other = any_consignment(net, &seed);
    krn_load load[3];
    krn_activity_cost *a, *b, *c;
    krn_error err;
    assert_int_equal(krn_network_weigh(net, &first, first.ready, arena, &load[0], &a, &err),
                     KRN_OK);
    (void)krn_network_weigh(net, &other, other.ready, arena, &load[1], &b, &err);
    assert_int_equal(krn_network_weigh(net, &first, first.ready, arena, &load[2], &c, &err),
                     KRN_OK);
    for (uint32_t i = 0; i < net->n_activities; i++) {
        assert_int_equal(a[i].block, c[i].block);
        assert_true(a[i].expected_h == c[i].expected_h && a[i].bound_usd == c[i].bound_usd &&
                    a[i].variance_h2 == c[i].variance_h2 && a[i].gate_h == c[i].gate_h);
    }
    krn_arena_free(arena);
}

static int setup(void **state)
{
    *state = mini_network_compile(mini_network_load("data/kti"));
    return 0;
}

static int teardown(void **state)
{
    krn_network_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_corridor_makes_a_sound_network),
        cmocka_unit_test(any_consignment_is_weighed_soundly),
        cmocka_unit_test(more_cargo_is_never_quicker_or_cheaper),
        cmocka_unit_test(the_same_consignment_weighs_the_same),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
