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

static KRNI_INLINE size_t first_behind(const uint32_t *blocks, size_t n, const uint32_t *point,
                                       unsigned dims)
{
    const size_t step = (dims + 1) * (size_t)KRNI_LANES;
    for (size_t i = 0; i < n; i++) {
        const uint32_t *at = blocks + i / KRNI_LANES * step + i % KRNI_LANES;
        bool all = true;
        for (unsigned d = 0; d < dims; d++)
            all = all && at[d * KRNI_LANES] >= point[d];
        if (all)
            return i / KRNI_LANES;
    }
    return (n + KRNI_LANES - 1) / KRNI_LANES;
}

#define TWINS(dims)                                                                                \
    static bool covered_##dims(const uint32_t *blocks, size_t n_blocks, const uint32_t *point)     \
    {                                                                                              \
        return covered(blocks, n_blocks, point, dims);                                             \
    }                                                                                              \
    static size_t first_behind_##dims(const uint32_t *blocks, size_t n, const uint32_t *point)     \
    {                                                                                              \
        return first_behind(blocks, n, point, dims);                                               \
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
        {NULL, first_behind_1, first_behind_2, first_behind_3, first_behind_4, first_behind_5},
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

size_t krni_simd_thin(const krni_simd *simd, uint32_t *blocks, size_t n, unsigned dims,
                      const uint32_t *point)
{
    assert(dims >= 1 && dims <= KRNI_MAX_DIMS);
    const size_t step = (dims + 1) * (size_t)KRNI_LANES;
    const size_t first = simd->first_behind[dims](blocks, n, point) * KRNI_LANES;
    if (first >= n)
        return n;
    size_t kept = first;
    for (size_t i = first; i < n; i++) {
        const uint32_t *from = blocks + i / KRNI_LANES * step + i % KRNI_LANES;
        bool behind = true;
        for (unsigned d = 0; d < dims; d++)
            behind = behind && from[d * KRNI_LANES] >= point[d];
        if (behind)
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
