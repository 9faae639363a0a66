/* SPDX-License-Identifier: Apache-2.0 */
/* test_blocked_property.c - what is told of blocked corridors against corridors made without what
 * blocks: every set of closed links and modes left out is undone, and a route is asked for again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <keruen/plan.h>

#include "support/assert_near.h"
#include "support/random_corridor.h"

#define CORRIDORS  300
#define MOST_FACTS 10

/* Facts: closed links first, then modes that the question leaves out, then a crossing that it
 * avoids: what crosses there may be blocked by all three. */
typedef struct blocked_corridor {
    corridor c;
    uint32_t closed[CORRIDOR_LINKS];
    uint32_t n_closed, n_facts;
    unsigned modes;
    unsigned left_out[3];
    uint32_t n_modes;  /* left out */
    char crossing[24]; /* "": none */
} blocked_corridor;

/* Ships sail on the first open sea lane between two places, so a second one would not be a fact. */
static void drop_second_lanes(corridor *c)
{
    for (uint32_t i = 0; i < c->n_links; i++)
        for (uint32_t k = 0; k < i; k++) {
            const corridor_link *x = &c->links[i], *y = &c->links[k];
            if (x->mode == KRN_SEA && y->mode == KRN_SEA && x->from + x->to == y->from + y->to &&
                (x->from == y->from || x->from == y->to))
                c->links[i].removed = true;
        }
}

/* Nodes of the first half are in one country, the others in another. */
static bool crosses(const corridor *c, uint32_t link)
{
    const corridor_link *l = &c->links[link];
    const uint32_t half = (c->n_nodes + 1) / 2;
    return !l->removed && l->mode != KRN_SEA && (l->from < half) != (l->to < half);
}

static void make(blocked_corridor *b, uint64_t seed)
{
    memset(b, 0, sizeof *b);
    corridor_make(&b->c, seed, 4 + seed % 2);
    drop_second_lanes(&b->c);
    b->modes = KRN_ALL_MODES;
    for (uint32_t i = 0; i < b->c.n_links && b->n_closed < MOST_FACTS - 4; i++)
        if (!b->c.links[i].removed && corridor_random(&b->c, 3) > 0) {
            b->c.links[i].closed = true;
            b->closed[b->n_closed++] = i;
        }
    b->n_facts = b->n_closed;
    for (unsigned m = 0; m < 3; m++)
        if (corridor_random(&b->c, 3) == 0 && (b->modes & ~(1u << m))) {
            b->modes &= ~(1u << m);
            b->left_out[b->n_modes++] = m;
        }
    b->n_facts += b->n_modes;
    const uint32_t at = corridor_random(&b->c, b->c.n_links);
    if (crosses(&b->c, at)) {
        (void)snprintf(b->crossing, sizeof b->crossing, "Crossing %u", (unsigned)at);
        b->n_facts++;
    }
}

static krn_plan_result plan(const blocked_corridor *b, unsigned undone, krn_network **network,
                            krn_arena *arena)
{
    corridor c = b->c;
    krn_plan_query q;
    krn_plan_query_init(&q);
    q.modes = b->modes;
    const char *const crossings[] = {b->crossing};
    q.avoid_borders = crossings;
    q.n_avoid_borders = b->crossing[0] != '\0';
    for (uint32_t i = 0; i < b->n_facts; i++)
        if (undone >> i & 1u) {
            if (i < b->n_closed)
                c.links[b->closed[i]].closed = false;
            else if (i < b->n_closed + b->n_modes)
                q.modes |= 1u << b->left_out[i - b->n_closed];
            else
                q.n_avoid_borders = 0;
        }
    *network = corridor_network(&c);
    q.consignment = corridor_consignment(*network);
    q.criteria = 1u << KRN_ARRIVAL | 1u << KRN_COST;
    q.max_routes = 0;
    q.samples = 1;
    krn_plan_result result;
    assert_int_equal(krn_plan(*network, &q, arena, &result, NULL), KRN_OK);
    return result;
}

static double cheapest(const krn_plan_result *r)
{
    double usd = INFINITY;
    for (uint32_t i = 0; i < r->n_routes; i++)
        usd = r->routes[i].cost_usd < usd ? r->routes[i].cost_usd : usd;
    return usd;
}

static unsigned bits_of(unsigned mask)
{
    unsigned n = 0;
    for (; mask; mask &= mask - 1)
        n++;
    return n;
}

static uint32_t row_of_link(const corridor *c, uint32_t link)
{
    uint32_t row = 0;
    for (uint32_t i = 0; i < link; i++)
        row += !c->links[i].removed;
    return row;
}

/* Facts told, as a mask of ours. */
static unsigned mask_of(const blocked_corridor *b, const krn_blocked *told)
{
    unsigned mask = 0;
    for (uint32_t i = 0; i < told->n_facts; i++) {
        const krn_blocker *fact = &told->facts[i];
        bool found = false;
        for (uint32_t k = 0; k < b->n_facts && !found; k++) {
            if (k < b->n_closed)
                found = fact->block == KRN_BLOCK_CLOSED &&
                        fact->link == row_of_link(&b->c, b->closed[k]);
            else if (k < b->n_closed + b->n_modes)
                found = fact->block == KRN_BLOCK_FILTER &&
                        strstr(fact->text, krn_mode_name((krn_mode)b->left_out[k - b->n_closed]));
            else
                found = strstr(fact->text, b->crossing) != NULL;
            mask |= (unsigned)found << k;
        }
        assert_true(found);
    }
    return mask;
}

static void no_smaller_or_cheaper_set_opens_a_route(void **state)
{
    uint32_t n_by_size[MOST_FACTS + 1] = {0}, n_choices = 0;
    for (uint64_t seed = 1; seed <= CORRIDORS; seed++) {
        blocked_corridor b;
        krn_network *network;
        krn_arena_reset(*state);
        make(&b, seed);
        krn_plan_result result = plan(&b, 0, &network, *state);
        if (result.n_routes) {
            krn_network_free(network);
            continue;
        }
        const krn_blocked told = result.blocked;
        const unsigned mine = mask_of(&b, &told);
        krn_network_free(network);
        double usd = INFINITY, mine_usd = INFINITY;
        uint32_t n_sets = 0;
        unsigned size = 1;
        for (; size <= b.n_facts && n_sets == 0; size++)
            for (unsigned mask = 1; mask < 1u << b.n_facts; mask++) {
                if (bits_of(mask) != size)
                    continue;
                const krn_plan_result opened = plan(&b, mask, &network, *state);
                n_sets += opened.n_routes > 0;
                const double cost = cheapest(&opened);
                usd = cost < usd ? cost : usd;
                mine_usd = mask == mine ? cost : mine_usd;
                krn_network_free(network);
            }
        size--;
        assert_true(n_sets > 0);
        assert_int_equal(told.n_facts, size);
        assert_int_equal(told.facts_at_least, size);
        assert_int_equal(told.n_sets, n_sets);
        assert_true(told.opening_cheapest);
        assert_near(mine_usd, usd, 1e-6); /* the set told opens the cheapest route */
        assert_near(told.opening_cost_usd, usd, 1e-6);
        n_by_size[size]++;
        n_choices += n_sets > 1;
    }
    for (unsigned n = 1; n <= 3; n++)
        assert_true(n_by_size[n] > 2);
    assert_true(n_choices > 5);
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

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(
        no_smaller_or_cheaper_set_opens_a_route, set_up, tear_down)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
