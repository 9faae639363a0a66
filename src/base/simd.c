/* SPDX-License-Identifier: Apache-2.0 */
/* simd.c - the plain C twins of the vector tests, and the choice among the tables. */
#include "base/simd.h"

#include <assert.h>

static KRNI_INLINE bool covered(const uint32_t *blocks, size_t n_blocks, const uint32_t *point,
                                unsigned dims)
{
    const size_t step = (dims + 1) * (size_t)KRNI_LANES;
    for (size_t b = n_blocks; b-- > 0;) {
        const uint32_t *at = blocks + b * step;
        uint32_t any = 0;
        for (unsigned l = 0; l < KRNI_LANES; l++) {
            uint32_t all = 1;
            for (unsigned d = 0; d < dims; d++)
                all &= at[d * KRNI_LANES + l] <= point[d];
            any |= all;
        }
        if (any)
            return true;
    }
    return false;
}

static KRNI_INLINE size_t strike(uint32_t *blocks, size_t n_blocks, const uint32_t *point,
                                 unsigned dims)
{
    const size_t step = (dims + 1) * (size_t)KRNI_LANES;
    size_t n = 0;
    for (size_t b = 0; b < n_blocks; b++) {
        uint32_t *at = blocks + b * step;
        for (unsigned l = 0; l < KRNI_LANES; l++) {
            bool all = at[l] != UINT32_MAX;
            for (unsigned d = 0; d < dims; d++)
                all &= at[d * KRNI_LANES + l] >= point[d];
            at[l] = all ? UINT32_MAX : at[l];
            n += all;
        }
    }
    return n;
}

#define TWINS(dims)                                                                                \
    static bool covered_##dims(const uint32_t *blocks, size_t n_blocks, const uint32_t *point)     \
    {                                                                                              \
        return covered(blocks, n_blocks, point, dims);                                             \
    }                                                                                              \
    static size_t strike_##dims(uint32_t *blocks, size_t n_blocks, const uint32_t *point)          \
    {                                                                                              \
        return strike(blocks, n_blocks, point, dims);                                              \
    }

TWINS(1)
TWINS(2)
TWINS(3)
TWINS(4)
TWINS(5)

const krni_simd *krni_simd_plain(void)
{
    static const krni_simd table = {
        "plain",
        {NULL, covered_1, covered_2, covered_3, covered_4, covered_5},
        {NULL, strike_1, strike_2, strike_3, strike_4, strike_5},
    };
    return &table;
}

const krni_simd *krni_simd_best(void)
{
    const krni_simd *best = krni_simd_avx512();
    if (!best)
        best = krni_simd_avx2();
    return best ? best : krni_simd_plain();
}

size_t krni_simd_close_gaps(uint32_t *blocks, size_t n, unsigned dims)
{
    assert(dims >= 1 && dims <= KRNI_MAX_DIMS);
    const size_t step = (dims + 1) * (size_t)KRNI_LANES;
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        const uint32_t *from = blocks + i / KRNI_LANES * step + i % KRNI_LANES;
        if (*from == UINT32_MAX)
            continue;
        uint32_t *to = blocks + kept / KRNI_LANES * step + kept % KRNI_LANES;
        for (unsigned d = 0; d <= dims; d++)
            to[d * KRNI_LANES] = from[d * KRNI_LANES];
        kept++;
    }
    for (size_t i = kept; i < n; i++) {
        uint32_t *to = blocks + i / KRNI_LANES * step + i % KRNI_LANES;
        for (unsigned d = 0; d < dims; d++)
            to[d * KRNI_LANES] = UINT32_MAX;
    }
    return kept;
}
