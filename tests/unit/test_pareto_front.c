/* SPDX-License-Identifier: Apache-2.0 */
/* test_pareto_front.c - a staircase knows what is covered, and where a new step stands.
 *
 *   f2 |  x            kept: steps that no other one covers
 *      |    x
 *      |       x  o    o is covered
 *      +------------ f1  */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "plan/pareto_front.h"

#define MOST 2000

typedef struct point {
    uint32_t f1;
    uint32_t f2;
} point;

static uint32_t roll(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 32);
}

/* Along a falling line, off it by less than `off`: the larger, the fewer points are kept. */
static point random_point(uint64_t *state, uint32_t length, uint32_t off)
{
    const uint32_t along = roll(state) % length;
    return (point){along + roll(state) % off, length - along + roll(state) % off};
}

static bool covered_by_any(const point *p, uint32_t n, point q)
{
    for (uint32_t i = 0; i < n; i++)
        if (p[i].f1 <= q.f1 && p[i].f2 <= q.f2)
            return true;
    return false;
}

/* Every step is a point that was put in and is covered by no other; behind the last is none. */
static void assert_sound(const krni_front *front, const krni_pool *pool)
{
    const uint64_t *step = front->data;
    const size_t capacity = (pool->unit << front->class) / sizeof *step;
    assert_true(front->n <= krni_stairs_room(front, pool));
    for (uint32_t i = 1; i < front->n; i++) {
        assert_true(step[i - 1] >> 32 < step[i] >> 32);
        assert_true((uint32_t)step[i - 1] > (uint32_t)step[i]);
    }
    for (size_t i = front->n; i < capacity; i++)
        assert_true(step[i] == KRNI_NO_STEP);
}

static void a_staircase_equals_a_list_of_points(void **state)
{
    (void)state;
    static const uint32_t offs[] = {1, 2, 8, 50, 1000};
    uint64_t seed = 3;
    point *p = malloc(MOST * sizeof *p);
    assert_non_null(p);
    for (unsigned round = 0; round < 50; round++) {
        krn_arena *arena = krn_arena_new(NULL, 0);
        krni_pool pool = krni_pool_on(arena, 64);
        krni_front front = {0};
        const uint32_t length = round % 10 < 5 ? 30 : 3000;
        const uint32_t most = round % 2 ? MOST : 40;
        uint32_t n = 0;
        for (uint32_t i = 0; i < most; i++) {
            const point q = random_point(&seed, length, offs[round % 5]);
            size_t place;
            const bool covered = krni_stairs_cover(&front, q.f1, q.f2, &place);
            assert_int_equal(covered, covered_by_any(p, n, q));
            p[n++] = q;
            if (covered)
                continue;
            assert_true(krni_stairs_add(&front, &pool, q.f1, q.f2, place));
            assert_sound(&front, &pool);
            assert_true(krni_stairs_cover(&front, q.f1, q.f2, &place));
        }
        krn_arena_free(arena);
    }
    free(p);
}

static void the_largest_numbers_are_told_apart(void **state)
{
    (void)state;
    const uint32_t most = UINT32_MAX - 1;
    krn_arena *arena = krn_arena_new(NULL, 0);
    krni_pool pool = krni_pool_on(arena, 64);
    krni_front front = {0};
    size_t place;
    assert_false(krni_stairs_cover(&front, most, most, &place));
    assert_true(krni_stairs_add(&front, &pool, most, most, place));
    assert_true(krni_stairs_cover(&front, most, most, &place));
    assert_false(krni_stairs_cover(&front, most - 1, most, &place));
    assert_false(krni_stairs_cover(&front, 0, most, &place));
    assert_true(krni_stairs_add(&front, &pool, 0, most, place));
    assert_true(krni_stairs_cover(&front, most, most, &place));
    assert_false(krni_stairs_cover(&front, 0, 0, &place));
    assert_true(krni_stairs_add(&front, &pool, 0, 0, place));
    assert_int_equal(front.n, 1);
    assert_true(krni_stairs_cover(&front, 0, 0, &place));
    krn_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_staircase_equals_a_list_of_points),
        cmocka_unit_test(the_largest_numbers_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
