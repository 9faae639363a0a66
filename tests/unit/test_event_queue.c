/* SPDX-License-Identifier: Apache-2.0 */
/* The calendar against a sorted list: the same entries in the same order, whatever the times. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "sim/event_queue.h"

#define MOST 20000u

/* Words of one stream, one after the other. */
typedef struct dice {
    uint64_t seed;
    uint64_t i;
} dice;

static uint32_t roll(dice *d)
{
    uint32_t out[4];
    krni_random_stream(d->seed, 7, d->i++, out);
    return out[0];
}

typedef struct list { /* sorted, the earliest last */
    krni_entry *entry;
    size_t n;
} list;

static void list_push(list *l, krni_entry e)
{
    size_t low = 0;
    size_t high = l->n;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (krni_entry_before(l->entry[middle], e))
            high = middle;
        else
            low = middle + 1;
    }
    memmove(l->entry + low + 1, l->entry + low, (l->n - low) * sizeof e);
    l->entry[low] = e;
    l->n++;
}

/* Laws of delays: ties in whole numbers, one instant, dense, far, of very different sizes. */
static double delay(dice *d, unsigned law)
{
    const double u = krni_random_prob(roll(d));
    switch (law) {
    case 0:
        return (double)(roll(d) % 4u);
    case 1:
        return 0.0;
    case 2:
        return -log(u);
    case 3:
        return pow(10.0, 24.0 * u - 12.0);
    case 4:
        return roll(d) % 50u ? 1e-3 * u : 1e6 * u;
    case 5:
        return (double)(roll(d) % 3u) * 86400.0;
    default:
        return 1e300 * u;
    }
}

static bool same(krni_entry a, krni_entry b)
{
    return a.time == b.time && a.order == b.order;
}

static bool next_is(krni_event_queue *queue, krni_entry b)
{
    krni_entry first;
    return krni_event_queue_first(queue, &first) && same(first, b);
}

static bool is_empty(krni_event_queue *queue)
{
    krni_entry first;
    return !krni_event_queue_first(queue, &first) && krni_event_queue_count(queue) == 0;
}

/* Grows to `most`, holds, shrinks to nothing. */
static void play(krni_event_queue *queue, unsigned law, uint64_t seed, size_t most, size_t steps)
{
    dice d = {seed, 0};
    list expected = {malloc((MOST + 1) * sizeof(krni_entry)), 0};
    double now = 0.0;
    uint64_t number = 1;
    for (size_t i = 0; i < steps; i++) {
        const bool grows = i < steps / 2;
        const bool push =
            expected.n < most && (expected.n == 0 || roll(&d) % 8u < (grows ? 5u : 3u));
        if (push) {
            const uint64_t order =
                (uint64_t)(roll(&d) % 3u) << 60 | number++ << 24 | roll(&d) % 64u;
            const krni_entry e = {now + delay(&d, law), order};
            list_push(&expected, e);
            assert_true(krni_event_queue_push(queue, e.time, e.order));
        } else {
            const krni_entry e = expected.entry[--expected.n];
            assert_true(next_is(queue, e));
            const krni_entry popped = krni_event_queue_pop(queue);
            assert_true(same(popped, e));
            now = e.time;
        }
        assert_int_equal(krni_event_queue_count(queue), expected.n);
    }
    while (expected.n) {
        const krni_entry e = krni_event_queue_pop(queue);
        assert_true(same(e, expected.entry[--expected.n]));
    }
    assert_true(is_empty(queue));
    free(expected.entry);
}

static void entries_come_in_total_order_for_any_law_of_times(void **state)
{
    (void)state;
    krni_event_queue *queue = krni_event_queue_new();
    for (unsigned law = 0; law < 7; law++)
        for (uint64_t seed = 0; seed < 6; seed++) {
            static const size_t sizes[] = {3, 40, 70, 500, 5000, MOST};
            play(queue, law, seed, sizes[seed], 40000);
        }
    krni_event_queue_free(queue);
}

/*  first() looks ahead to 1e6, then 10,000 entries are pushed before it */
static void entries_before_the_next_one_are_taken_first(void **state)
{
    (void)state;
    krni_event_queue *queue = krni_event_queue_new();
    dice d = {3, 0};
    list expected = {malloc((MOST + 1) * sizeof(krni_entry)), 0};
    uint64_t order = 1;
    for (unsigned i = 0; i < 3000; i++) {
        const krni_entry e = {1e6 + (double)(roll(&d) % 1000u), order++};
        list_push(&expected, e);
        assert_true(krni_event_queue_push(queue, e.time, e.order));
    }
    assert_true(next_is(queue, expected.entry[expected.n - 1]));
    for (unsigned i = 0; i < 10000; i++) {
        const krni_entry e = {(double)(roll(&d) % 1100000u), order++};
        list_push(&expected, e);
        assert_true(krni_event_queue_push(queue, e.time, e.order));
        if (i % 100 == 0)
            assert_true(next_is(queue, expected.entry[expected.n - 1]));
    }
    while (expected.n) {
        const krni_entry e = krni_event_queue_pop(queue);
        assert_true(same(e, expected.entry[--expected.n]));
    }
    free(expected.entry);
    krni_event_queue_free(queue);
}

static bool is_odd(void *context, uint64_t order)
{
    (void)context;
    return order & 1;
}

static void a_purge_takes_out_the_dead_and_nothing_else(void **state)
{
    (void)state;
    krni_event_queue *queue = krni_event_queue_new();
    for (unsigned n = 0; n < 3000; n = n * 3 + 1) {
        dice d = {n, 0};
        for (uint64_t i = 0; i < n; i++)
            assert_true(krni_event_queue_push(queue, roll(&d) % 1000u, i));
        krni_entry first;
        (void)krni_event_queue_first(queue, &first);
        krni_event_queue_purge(queue, is_odd, NULL);
        assert_int_equal(krni_event_queue_count(queue), (n + 1) / 2);
        krni_entry before = {-1.0, 0};
        for (size_t i = 0; i < (n + 1) / 2; i++) {
            const krni_entry e = krni_event_queue_pop(queue);
            assert_true(krni_entry_before(before, e) && e.order % 2 == 0);
            before = e;
        }
    }
    krni_event_queue_free(queue);
}

static void reset_keeps_the_memory_and_forgets_the_entries(void **state)
{
    (void)state;
    krni_event_queue *queue = krni_event_queue_new();
    size_t bytes = 0;
    for (unsigned run = 0; run < 4; run++) {
        dice d = {1, 0};
        for (uint64_t i = 0; i < 5000; i++)
            assert_true(krni_event_queue_push(queue, delay(&d, run), i));
        if (run)
            assert_int_equal(krni_event_queue_bytes(queue), bytes);
        bytes = krni_event_queue_bytes(queue);
        for (unsigned i = 0; i < 1000 * run; i++)
            (void)krni_event_queue_pop(queue);
        krni_event_queue_reset(queue);
        assert_int_equal(krni_event_queue_count(queue), 0);
        assert_true(is_empty(queue));
    }
    krni_event_queue_free(queue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_come_in_total_order_for_any_law_of_times),
        cmocka_unit_test(entries_before_the_next_one_are_taken_first),
        cmocka_unit_test(a_purge_takes_out_the_dead_and_nothing_else),
        cmocka_unit_test(reset_keeps_the_memory_and_forgets_the_entries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
