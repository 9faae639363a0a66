/* SPDX-License-Identifier: Apache-2.0 */
/* test_simd.c - every vector table answers as its plain C twin does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/simd.h"

#define MOST_POINTS 200
#define MOST_BLOCKS ((MOST_POINTS + KRNI_LANES - 1) / KRNI_LANES)
#define WORDS       (MOST_BLOCKS * KRNI_LANES * (KRNI_MAX_DIMS + 1))

static uint32_t roll(uint64_t *state, uint32_t n)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33) % n;
}

/* Coordinates from a small range (ties), a middle one, and the edges of 32 bits. */
static uint32_t coordinate(uint64_t *state)
{
    switch (roll(state, 3)) {
    case 0:
        return roll(state, 4);
    case 1:
        return 0x7ffffffeu + roll(state, 4);
    default:
        return UINT32_MAX - 1 - roll(state, 3);
    }
}

static size_t fill(uint64_t *state, uint32_t *blocks, unsigned dims)
{
    const size_t n = roll(state, MOST_POINTS + 1);
    memset(blocks, 0xff, WORDS * sizeof *blocks);
    for (size_t i = 0; i < n; i++) {
        uint32_t *at = blocks + i / KRNI_LANES * (dims + 1) * KRNI_LANES + i % KRNI_LANES;
        for (unsigned c = 0; c < dims; c++)
            at[c * KRNI_LANES] = coordinate(state);
        at[dims * KRNI_LANES] = (uint32_t)i;
    }
    return n;
}

static void assert_twin(const krni_simd *simd)
{
    static const unsigned rounds = 4000;
    if (!simd)
        skip();
    const krni_simd *plain = krni_simd_plain();
    uint64_t state = 1;
    for (unsigned dims = 1; dims <= KRNI_MAX_DIMS; dims++)
        for (unsigned i = 0; i < rounds; i++) {
            uint32_t blocks[WORDS];
            uint32_t twin[WORDS];
            uint32_t point[KRNI_MAX_DIMS];
            const size_t n = fill(&state, blocks, dims);
            const size_t n_blocks = (n + KRNI_LANES - 1) / KRNI_LANES;
            for (unsigned c = 0; c < dims; c++)
                point[c] = coordinate(&state);
            memcpy(twin, blocks, sizeof twin);
            assert_int_equal(simd->covered[dims](blocks, n_blocks, point),
                             plain->covered[dims](blocks, n_blocks, point));
            assert_int_equal(simd->strike[dims](blocks, n_blocks, point),
                             plain->strike[dims](twin, n_blocks, point));
            assert_memory_equal(blocks, twin, sizeof twin);
        }
}

static void avx2_equals_plain(void **state)
{
    (void)state;
    assert_twin(krni_simd_avx2());
}

static void avx512_equals_plain(void **state)
{
    (void)state;
    assert_twin(krni_simd_avx512());
}

static void what_is_struck_goes_and_the_rest_keeps_its_order(void **state)
{
    (void)state;
    uint64_t seed = 7;
    for (unsigned i = 0; i < 2000; i++) {
        uint32_t blocks[WORDS];
        uint32_t point[3];
        const size_t n = fill(&seed, blocks, 3);
        for (unsigned c = 0; c < 3; c++)
            point[c] = coordinate(&seed);
        const size_t n_blocks = (n + KRNI_LANES - 1) / KRNI_LANES;
        const size_t struck = krni_simd_best()->strike[3](blocks, n_blocks, point);
        const size_t kept = krni_simd_close_gaps(blocks, n, 3);
        assert_int_equal(kept + struck, n);
        assert_int_equal(krni_simd_best()->strike[3](blocks, n_blocks, point), 0);
        uint32_t before = 0;
        for (size_t j = 0; j < kept; j++) {
            const uint32_t *at = blocks + j / KRNI_LANES * 4 * KRNI_LANES + j % KRNI_LANES;
            const uint32_t stamp = at[3 * KRNI_LANES];
            assert_true(j == 0 || stamp > before);
            before = stamp;
            assert_false(at[0] >= point[0] && at[KRNI_LANES] >= point[1] &&
                         at[2 * KRNI_LANES] >= point[2]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(avx2_equals_plain),
        cmocka_unit_test(avx512_equals_plain),
        cmocka_unit_test(what_is_struck_goes_and_the_rest_keeps_its_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
