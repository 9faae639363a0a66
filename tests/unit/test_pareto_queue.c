/* SPDX-License-Identifier: Apache-2.0 */
/* test_pareto_queue.c - the monotone queue gives back what it got, in order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "plan/pareto_queue.h"

#define WORDS 4

static uint32_t roll(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 32);
}

/* A step from the key popped last: none, small, or far, up to the edge of 32 bits. */
static uint32_t step_from(uint64_t *state, uint32_t last, unsigned reach)
{
    const uint32_t room = UINT32_MAX - 1 - last;
    const uint32_t step = roll(state) % 3 ? roll(state) >> reach : 0;
    return last + (step < room ? step : room);
}

/* 20,000 pushes among pops, reach by reach: every pop is the least that is left. */
static void entries_come_out_in_order(void **state)
{
    (void)state;
    uint64_t seed = 5;
    for (unsigned reach = 0; reach < 32; reach += 3) {
        krn_arena *arena = krn_arena_new(NULL, 0);
        krni_queue *queue = malloc(sizeof *queue);
        uint32_t last[WORDS] = {1000, 0, 0, 0};
        size_t n_in = 0;
        size_t n_out = 0;
        krni_queue_start(queue, arena, last[0]);
        while (n_in < 20000 || n_out < n_in) {
            const bool may_push = n_in < 20000;
            if (may_push && (n_out == n_in || roll(&seed) % 5 < 3)) {
                uint32_t entry[WORDS] = {step_from(&seed, last[0], reach), 0, 0, 0};
                entry[1] = entry[0] == last[0] ? last[1] : roll(&seed) % 8;
                entry[2] = entry[0] == last[0] ? last[2] : roll(&seed) % 2;
                entry[3] = (uint32_t)n_in;
                if (entry[0] == last[0] && entry[3] < last[3])
                    continue;
                assert_true(krni_queue_push(queue, entry, WORDS));
                n_in++;
                continue;
            }
            if (queue->heap_n == 0)
                assert_true(krni_queue_refill(queue, WORDS));
            assert_true(queue->heap_n > 0);
            uint32_t entry[WORDS];
            krni_queue_pop(queue, entry, WORDS);
            assert_false(krni_queue_less(entry, last, WORDS));
            krni_queue_copy(last, entry, WORDS);
            n_out++;
            if (n_out % 500 == 0)
                assert_true(krni_queue_check(queue, WORDS));
        }
        assert_true(krni_queue_refill(queue, WORDS));
        assert_int_equal(queue->heap_n, 0);
        free(queue);
        krn_arena_free(arena);
    }
}

static void pieces_given_back_are_taken_again(void **state)
{
    (void)state;
    krn_arena *arena = krn_arena_new(NULL, 0);
    krni_pool pool = krni_pool_on(arena, 64);
    for (unsigned class = 0; class < 12; class ++) {
        void *a = krni_pool_take(&pool, class);
        void *b = krni_pool_take(&pool, class);
        assert_true(a && b && a != b);
        assert_int_equal((uintptr_t)a % KRNI_POOL_ALIGN, 0);
        krni_pool_give(&pool, class, a);
        assert_ptr_equal(krni_pool_take(&pool, class), a);
    }
    assert_null(krni_pool_take(&pool, KRNI_POOL_CLASSES));
    krn_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_come_out_in_order),
        cmocka_unit_test(pieces_given_back_are_taken_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
