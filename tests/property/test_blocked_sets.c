/* SPDX-License-Identifier: Apache-2.0 */
/* test_blocked_sets.c - the cheapest of the smallest sets of facts against all sets one by one.
 *
 *   ways of made-up problems: {0 3} {1 2 5} {3 4} ..      a way opens when all its facts are lifted
 *   price: of the cheapest way that is open                some ways have none */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "plan/blocked_sets.h"
#include "support/assert_near.h"

#define MOST_FACTS 40
#define MOST_WAYS  4096
#define PROBLEMS   3000
#define SMALL      11 /* facts of problems that are solved by trying all sets */

typedef struct made_up {
    uint64_t random;
    uint32_t n_facts, n_ways;
    uint64_t ways[MOST_WAYS]; /* mask of facts */
    double usd[MOST_WAYS];    /* NaN: no price */
    uint32_t arrival[MOST_WAYS];
    bool lifted[MOST_FACTS];
    uint32_t n_looks;
    bool with_edge;
    krn_status status;
    uint32_t fails_at; /* look at which the status is set; 0 never */
} made_up;

static uint32_t random_below(made_up *m, uint32_t n)
{
    m->random = m->random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((m->random >> 33) % n);
}

static unsigned bits_of(uint64_t mask)
{
    unsigned n = 0;
    for (; mask; mask &= mask - 1)
        n++;
    return n;
}

static uint64_t lifted_mask(const made_up *m)
{
    uint64_t mask = 0;
    for (uint32_t f = 0; f < m->n_facts; f++)
        mask |= (uint64_t)m->lifted[f] << f;
    return mask;
}

static bool is_open(const made_up *m, uint64_t lifted, krni_opened *out)
{
    bool open = false;
    *out = (krni_opened){.usd = NAN};
    double least = INFINITY;
    uint32_t soonest = UINT32_MAX;
    for (uint32_t i = 0; i < m->n_ways; i++) {
        if (m->ways[i] & ~lifted)
            continue;
        open = true;
        least = m->usd[i] < least ? m->usd[i] : least;
        soonest = m->arrival[i] < soonest ? m->arrival[i] : soonest;
    }
    out->usd = isfinite(least) ? least : (double)NAN;
    out->arrival = soonest;
    return open;
}

static bool opens(void *self)
{
    made_up *m = self;
    krni_opened opened;
    m->n_looks++;
    if (m->n_looks == m->fails_at)
        m->status = KRN_E_MEMORY;
    return !m->status && is_open(m, lifted_mask(m), &opened);
}

/* One fact that is missing of every way: too many as a rule, but one more of them must go. */
static uint32_t edge(void *self, uint32_t *out)
{
    made_up *m = self;
    const uint64_t lifted = lifted_mask(m);
    uint64_t facts = 0;
    for (uint32_t i = 0; i < m->n_ways; i++)
        for (uint32_t f = 0; f < m->n_facts; f++)
            if (m->ways[i] & ~lifted & (uint64_t)1 << f) {
                facts |= (uint64_t)1 << f;
                break;
            }
    uint32_t n = 0;
    for (uint32_t f = m->n_facts; f-- > 0;) /* in no order that helps */
        if (facts >> f & 1u)
            out[n++] = f;
    return n;
}

static krn_status some_way(void *self)
{
    made_up *m = self;
    const uint32_t way = random_below(m, m->n_ways);
    for (uint32_t f = 0; f < m->n_facts; f++)
        m->lifted[f] = m->ways[way] >> f & 1u;
    return m->status;
}

static krn_status price(void *self, krni_opened *out)
{
    made_up *m = self;
    (void)is_open(m, lifted_mask(m), out);
    return m->status;
}

static krni_opening solve(made_up *m, krn_arena *arena)
{
    const krni_set_problem problem = {.self = m,
                                      .n_facts = m->n_facts,
                                      .lifted = m->lifted,
                                      .arena = arena,
                                      .opens = opens,
                                      .failed = &m->status,
                                      .edge = m->with_edge ? edge : NULL,
                                      .some_way = some_way,
                                      .price = price};
    krni_opening out;
    const krn_status st = krni_cheapest_opening(&problem, &out);
    assert_int_equal(st, m->status);
    if (!m->status)
        for (uint32_t f = 0; f < m->n_facts; f++)
            assert_false(m->lifted[f]);
    return out;
}

static made_up *make(uint64_t seed)
{
    made_up *m = calloc(1, sizeof *m);
    assert_non_null(m);
    m->random = seed * 2654435761u;
    (void)random_below(m, 2);
    m->n_facts = 1 + random_below(m, SMALL);
    m->n_ways = random_below(m, 14);
    m->with_edge = seed % 2;
    const uint32_t most = 1 + random_below(m, m->n_facts);
    for (uint32_t i = 0; i < m->n_ways; i++) {
        const uint32_t n = most > 2 ? most - random_below(m, 2) : most;
        while (bits_of(m->ways[i]) < n)
            m->ways[i] |= (uint64_t)1 << random_below(m, m->n_facts);
        m->usd[i] = random_below(m, 4) ? 1.0 + random_below(m, 6) : (double)NAN;
        m->arrival[i] = random_below(m, 4);
    }
    return m;
}

/* Order of two sets of one size: the one with the lowest fact that they do not share. */
static bool comes_first(uint64_t a, uint64_t b)
{
    const uint64_t differ = a ^ b;
    return (a & differ & (~differ + 1)) != 0;
}

static uint64_t mask_of(const krni_opening *o)
{
    uint64_t mask = 0;
    for (uint32_t i = 0; i < o->n; i++) {
        assert_true(i == 0 || o->facts[i - 1] < o->facts[i]);
        mask |= (uint64_t)1 << o->facts[i];
    }
    return mask;
}

static void no_set_is_smaller_or_cheaper(void **state)
{
    uint32_t n_by_size[SMALL + 1] = {0}, n_compared = 0, n_unpriced = 0, n_shut = 0;
    for (uint64_t seed = 1; seed <= PROBLEMS; seed++) {
        krn_arena_reset(*state);
        made_up *m = make(seed);
        const krni_opening o = solve(m, *state);
        unsigned least = UINT32_MAX;
        for (uint64_t mask = 0; mask < (uint64_t)1 << m->n_facts; mask++) {
            krni_opened opened;
            if (bits_of(mask) < least && is_open(m, mask, &opened))
                least = bits_of(mask);
        }
        uint64_t best = 0;
        uint32_t n_sets = 0;
        double best_usd = INFINITY;
        uint32_t best_arrival = 0;
        for (uint64_t mask = 0; mask < (uint64_t)1 << m->n_facts; mask++) {
            krni_opened opened;
            if (bits_of(mask) != least || !is_open(m, mask, &opened))
                continue;
            const double usd = isnan(opened.usd) ? INFINITY : opened.usd;
            const bool same = !(usd < best_usd) && !(usd > best_usd);
            if (n_sets++ == 0 || usd < best_usd || (same && opened.arrival < best_arrival) ||
                (same && opened.arrival == best_arrival && comes_first(mask, best))) {
                best = mask;
                best_usd = usd;
                best_arrival = opened.arrival;
            }
        }
        if (n_sets == 0) {
            assert_int_equal(o.n, 0);
            n_shut++;
        } else if (least <= KRNI_MOST_SET) {
            assert_int_equal(o.n, least);
            assert_int_equal(o.at_least, least);
            assert_true(o.all);
            assert_int_equal(o.n_sets, n_sets);
            assert_int_equal(mask_of(&o), best);
            assert_int_equal(o.opened.arrival, best_arrival);
            assert_true(isnan(o.opened.usd) ? isinf(best_usd) : !(o.opened.usd < best_usd));
            n_compared += n_sets > 1;
            n_unpriced += isnan(o.opened.usd) ? 1 : 0;
        } else {
            assert_true(o.n >= least && !o.all);
            assert_int_equal(o.at_least, KRNI_MOST_SET + 1);
        }
        n_by_size[n_sets ? least : 0]++;
        free(m);
    }
    for (unsigned n = 1; n <= KRNI_MOST_SET + 1; n++)
        assert_true(n_by_size[n] > 20);
    assert_true(n_compared > 500 && n_unpriced > 50 && n_shut > 50);
}

/* Ways of 16 facts: five that all need, and either of eleven pairs. */
static void a_large_set_is_one_of_which_no_fact_can_be_left_out(void **state)
{
    made_up *m = calloc(1, sizeof *m);
    assert_non_null(m);
    m->n_facts = 32;
    m->n_ways = 2048;
    for (uint32_t i = 0; i < m->n_ways; i++) { /* one of each of 16 pairs, 16 bits of i */
        for (unsigned k = 0; k < 16; k++)
            m->ways[i] |= (uint64_t)1 << (2 * k + (i * 32 >> k & 1u));
        m->usd[i] = i + 1;
    }
    const krni_opening o = solve(m, *state);
    assert_int_equal(o.n, 16);
    assert_int_equal(o.at_least, KRNI_MOST_SET + 1);
    assert_false(o.all);
    krni_opened opened;
    assert_true(is_open(m, mask_of(&o), &opened));
    for (uint32_t i = 0; i < o.n; i++)
        assert_false(is_open(m, mask_of(&o) & ~((uint64_t)1 << o.facts[i]), &opened));
    free(m);
}

/* One fact of each of three times 13: 2,197 smallest sets, more than are compared. */
static void too_many_sets_are_not_all_compared_and_that_is_said(void **state)
{
    made_up *m = calloc(1, sizeof *m);
    assert_non_null(m);
    m->n_facts = 39;
    for (uint32_t a = 0; a < 13; a++)
        for (uint32_t b = 13; b < 26; b++)
            for (uint32_t c = 26; c < 39; c++) {
                m->ways[m->n_ways] = (uint64_t)1 << a | (uint64_t)1 << b | (uint64_t)1 << c;
                m->usd[m->n_ways] = 5000.0 - m->n_ways;
                m->n_ways++;
            }
    const krni_opening o = solve(m, *state);
    assert_int_equal(o.n, 3);
    assert_int_equal(o.at_least, 3);
    assert_false(o.all);
    assert_true(o.n_sets > 500 && o.n_sets <= KRNI_MOST_PRICED);
    assert_true(m->n_looks <= KRNI_MOST_LOOKS + 100);
    free(m);
}

/* 300 ways of six random facts of 40: the looks end, and at_least is what was proved. */
static void the_looks_are_bounded(void **state)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        krn_arena_reset(*state);
        made_up *m = calloc(1, sizeof *m);
        assert_non_null(m);
        m->random = seed;
        m->with_edge = seed % 2;
        m->n_facts = MOST_FACTS;
        m->n_ways = 300;
        for (uint32_t i = 0; i < m->n_ways; i++) {
            while (bits_of(m->ways[i]) < 6)
                m->ways[i] |= (uint64_t)1 << random_below(m, MOST_FACTS);
            m->usd[i] = i;
        }
        const krni_opening o = solve(m, *state);
        krni_opened opened;
        assert_true(m->n_looks <= KRNI_MOST_LOOKS + 2 * MOST_FACTS);
        assert_true(o.n == 6 && o.at_least <= 6);
        assert_true(is_open(m, mask_of(&o), &opened));
        free(m);
    }
}

static void a_failing_look_is_handed_on(void **state)
{
    for (uint32_t at = 1; at < 200; at++) {
        krn_arena_reset(*state);
        made_up *m = make(at);
        m->fails_at = at / 4 + 1;
        (void)solve(m, *state); /* compares the status */
        free(m);
    }
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
        CASE(no_set_is_smaller_or_cheaper),
        CASE(a_large_set_is_one_of_which_no_fact_can_be_left_out),
        CASE(too_many_sets_are_not_all_compared_and_that_is_said),
        CASE(the_looks_are_bounded),
        CASE(a_failing_look_is_handed_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
