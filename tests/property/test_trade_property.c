/* SPDX-License-Identifier: Apache-2.0 */
/* test_trade_property.c - what holds of the trade on any network, on random small ones with too
 * little of everything: flows are conserved, nothing is lost, nothing passes what is closed.
 *
 *   barley between all ends of a corridor, a few times what it can take   --every method-->  laws
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <keruen/trade.h>

#include "support/assert_near.h"
#include "support/random_corridor.h"

#define CORRIDORS 120u
#define MOST_ROWS 4u

typedef struct trade {
    uint64_t seed;
    corridor c;
    corridor_limits limits;
    krn_network *net;
    krn_arena *arena;
    krn_demand rows[MOST_ROWS];
    krn_demand_list demand;
    krn_trade_question q;
    krn_trade_answer a;
    krn_error err;
} trade;

static void say(const trade *t, const char *what)
{
    fprintf(stderr, "corridor %llu, %s: %s\n", (unsigned long long)t->seed,
            krn_trade_method_name(t->q.method), what);
    fail();
}

static void add_row(trade *t, uint32_t from, uint32_t to)
{
    const krn_consignment lot = corridor_consignment(t->net);
    krn_demand *row = &t->rows[t->demand.n];
    if (from == to)
        return;
    *row = (krn_demand){.flow = KRN_NO_ROW,
                        .origin = from,
                        .destination = to,
                        .commodity = lot.commodity,
                        .loading_unit = KRN_NO_ROW,
                        .lot_t = 200.0 + corridor_random(&t->c, 1200),
                        .ready = KRN_TIME_NONE,
                        .due = KRN_TIME_NONE};
    row->year_t = row->lot_t * (1 + corridor_random(&t->c, 2000));
    for (int m = 0; m < KRN_MONTHS; m++)
        row->month_share[m] = 1.0 / KRN_MONTHS;
    t->demand.total_t += row->year_t;
    t->demand.n++;
}

static void open_trade(trade *t, uint64_t seed)
{
    memset(t, 0, sizeof *t);
    t->seed = seed;
    corridor_make(&t->c, seed, 0);
    corridor_limit(&t->c, &t->limits, seed);
    t->c.links[corridor_random(&t->c, t->c.n_links)].closed = corridor_random(&t->c, 3) == 0;
    t->net = corridor_network(&t->c);
    t->arena = krn_arena_new(NULL, 0);
    const uint32_t last = t->c.n_nodes - 1;
    t->demand.rows = t->rows;
    add_row(t, 0, last);
    add_row(t, last, 0);
    add_row(t, corridor_random(&t->c, t->c.n_nodes), last / 2);
    add_row(t, last / 2, corridor_random(&t->c, 2) ? last : 0);
    t->q = (krn_trade_question){.demand = &t->demand,
                                .demand_share = 1,
                                .gap_share = 1e-9,
                                .most_ways = 6,
                                .ready = corridor_consignment(t->net).ready,
                                .n_threads = 1};
}

static void close_trade(trade *t)
{
    krn_arena_free(t->arena);
    krn_network_free(t->net);
}

static void assign(trade *t)
{
    if (krn_trade_assign(t->net, &t->q, t->arena, &t->a, &t->err))
        say(t, t->err.text);
}

static void check_rows(const trade *t)
{
    double asked = 0, sent = 0, unserved = 0;
    for (uint32_t i = 0; i < t->a.n_rows; i++) {
        const krn_trade_row *row = &t->a.rows[i];
        double ways_t = 0;
        for (uint32_t k = row->first_way; k < row->first_way + row->n_ways; k++)
            ways_t += t->a.ways[k].year_t;
        if (fabs(ways_t - row->sent_t) > 1e-9 * row->asked_t)
            say(t, "ways do not add up to what a row sends");
        if (row->sent_t < row->asked_t && !row->reason)
            say(t, "goods stay behind without a reason");
        asked += row->asked_t;
        sent += row->sent_t;
        unserved += row->asked_t - row->sent_t;
    }
    assert_near(t->a.asked_t, t->demand.total_t, 1e-9 * t->demand.total_t);
    assert_near(asked, sent + unserved, 1e-9 * asked);
    assert_near(t->a.sent_t, sent, 1e-9 * asked);
}

static void check_uses(const trade *t)
{
    double net_t[CORRIDOR_NODES] = {0};
    for (uint32_t i = 0; i < t->a.n_uses; i++) {
        const krn_trade_use *u = &t->a.uses[i];
        double sum = 0;
        for (uint32_t c = 0;
             c < krn_package_rows(krn_network_package(t->net), KRN_TABLE_CARGO_CLASS); c++)
            sum += u->class_t[c];
        assert_near(sum, u->year_t, 1e-9 * t->demand.total_t);
        if (u->kind != KRN_TRADE_LINK)
            continue;
        if (u->row < t->c.n_links && t->c.links[u->row].closed)
            say(t, "goods pass a closed link");
        net_t[u->to_node] += u->year_t;
        net_t[u->from_node] -= u->year_t;
    }
    for (uint32_t i = 0; i < t->a.n_rows; i++) {
        net_t[t->rows[i].origin] += t->a.rows[i].sent_t;
        net_t[t->rows[i].destination] -= t->a.rows[i].sent_t;
    }
    for (uint32_t i = 0; i < t->c.n_nodes; i++)
        assert_near(net_t[i], 0, 1e-9 * t->demand.total_t);
}

static void check_room(const trade *t)
{
    for (uint32_t i = 0; i < t->a.n_resources; i++) {
        const krn_trade_resource *r = &t->a.resources[i];
        if (r->load_a_day > r->capacity_a_day * (1 + 1e-8))
            say(t, r->name);
    }
}

/* No way in use is dearer than another one of its row. */
static void check_equilibrium(const trade *t)
{
    double excess = 0, total = 0;
    for (uint32_t i = 0; i < t->a.n_ways; i++) {
        const krn_trade_way *w = &t->a.ways[i];
        excess += w->year_t * (w->cost_usd_t - t->a.rows[w->row].least_usd_t);
        total += w->year_t * w->cost_usd_t;
    }
    if (excess > 2e-9 * total)
        say(t, "a way in use is dearer than another");
}

static void laws_hold_of_every_method_on_any_corridor(void **state)
{
    (void)state;
    uint32_t n_left = 0, n_full = 0;
    for (uint64_t seed = 1; seed <= CORRIDORS; seed++) {
        trade t;
        open_trade(&t, seed);
        for (int m = 0; m < KRN_TRADE_METHOD_COUNT; m++) {
            t.q.method = (krn_trade_method)m;
            t.q.hard_capacity = false;
            assign(&t);
            check_rows(&t);
            check_uses(&t);
            if (!t.a.gap_reached)
                say(&t, "the gap was not reached");
            if (m == KRN_TRADE_USER)
                check_equilibrium(&t);
            if (m < KRN_TRADE_USER)
                continue;
            t.q.hard_capacity = true;
            assign(&t);
            check_rows(&t);
            check_uses(&t);
            check_room(&t);
            n_left += t.a.unserved_t > 0;
            n_full += t.a.n_resources && t.a.resources[0].full_share > 0.999;
        }
        close_trade(&t);
    }
    assert_true(n_left > 20 && n_full > 20); /* the corridors are small enough to tell */
}

static void widen(corridor_limits *l)
{
    for (int i = 0; i < CORRIDOR_LINKS; i++)
        l->post[i] *= 2;
    for (int i = 0; i < CORRIDOR_NODES; i++)
        l->gear_t_h[i] *= 2;
    l->yard_wagons *= 2;
}

/* Goods are of one value of time here, so the optimum is one point. */
static void more_capacity_never_raises_the_least_total(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= CORRIDORS; seed++) {
        trade t;
        open_trade(&t, seed);
        t.q.method = KRN_TRADE_SYSTEM;
        assign(&t);
        const double total_usd = t.a.total_usd;
        widen(&t.limits);
        krn_network_free(t.net);
        t.net = corridor_network(&t.c);
        assign(&t);
        if (t.a.total_usd > total_usd * (1 + 1e-6))
            say(&t, "more capacity costs more");
        close_trade(&t);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(laws_hold_of_every_method_on_any_corridor),
        cmocka_unit_test(more_capacity_never_raises_the_least_total)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
