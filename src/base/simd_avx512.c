/* SPDX-License-Identifier: Apache-2.0 */
/* simd_avx512.c - 16 lanes per comparison, a mask that only loses bits. */
#include "base/simd.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f")))

static KRNI_INLINE AVX512 __mmask16 lanes_below(const uint32_t *at, const __m512i *point,
                                                unsigned dims)
{
    __mmask16 all = _mm512_cmple_epu32_mask(_mm512_loadu_si512(at), point[0]);
    for (unsigned d = 1; d < dims; d++)
        all = _mm512_mask_cmple_epu32_mask(all, _mm512_loadu_si512(at + d * KRNI_LANES), point[d]);
    return all;
}

static KRNI_INLINE AVX512 bool covered(const uint32_t *blocks, size_t n_blocks,
                                       const uint32_t *point, unsigned dims)
{
    const size_t step = (dims + 1) * (size_t)KRNI_LANES;
    __m512i p[KRNI_MAX_DIMS];
    for (unsigned d = 0; d < dims; d++)
        p[d] = _mm512_set1_epi32((int)point[d]);
    const uint32_t *at = blocks + n_blocks * step;
    for (; n_blocks >= 4; n_blocks -= 4) {
        at -= 4 * step;
        const __mmask16 high = lanes_below(at + 3 * step, p, dims);
        const __mmask16 next = lanes_below(at + 2 * step, p, dims);
        const __mmask16 low = lanes_below(at + step, p, dims);
        const __mmask16 last = lanes_below(at, p, dims);
        if ((unsigned)high | next | low | last)
            return true;
    }
    for (; n_blocks > 0; n_blocks--) {
        at -= step;
        if (lanes_below(at, p, dims))
            return true;
    }
    return false;
}

static KRNI_INLINE AVX512 size_t strike(uint32_t *blocks, size_t n_blocks, const uint32_t *point,
                                        unsigned dims)
{
    const size_t step = (dims + 1) * (size_t)KRNI_LANES;
    const __m512i struck = _mm512_set1_epi32(-1);
    size_t n = 0;
    __m512i p[KRNI_MAX_DIMS];
    for (unsigned d = 0; d < dims; d++)
        p[d] = _mm512_set1_epi32((int)point[d]);
    for (size_t b = 0; b < n_blocks; b++) {
        uint32_t *at = blocks + b * step;
        const __m512i first = _mm512_loadu_si512(at);
        __mmask16 all = _mm512_cmpneq_epu32_mask(first, struck);
        all = _mm512_mask_cmpge_epu32_mask(all, first, p[0]);
        for (unsigned d = 1; d < dims; d++)
            all = _mm512_mask_cmpge_epu32_mask(all, _mm512_loadu_si512(at + d * KRNI_LANES), p[d]);
        if (all) {
            _mm512_mask_storeu_epi32(at, all, struck);
            n += (size_t)__builtin_popcount(all);
        }
    }
    return n;
}

#define TWINS(dims)                                                                                \
    static AVX512 bool covered_##dims(const uint32_t *blocks, size_t n_blocks,                     \
                                      const uint32_t *point)                                       \
    {                                                                                              \
        return covered(blocks, n_blocks, point, dims);                                             \
    }                                                                                              \
    static AVX512 size_t strike_##dims(uint32_t *blocks, size_t n_blocks, const uint32_t *point)   \
    {                                                                                              \
        return strike(blocks, n_blocks, point, dims);                                              \
    }

TWINS(1)
TWINS(2)
TWINS(3)
TWINS(4)
TWINS(5)

const krni_simd *krni_simd_avx512(void)
{
    static const krni_simd table = {
        "avx512",
        {NULL, covered_1, covered_2, covered_3, covered_4, covered_5},
        {NULL, strike_1, strike_2, strike_3, strike_4, strike_5},
    };
    return __builtin_cpu_supports("avx512f") ? &table : NULL;
}

#else

const krni_simd *krni_simd_avx512(void)
{
    return NULL;
}

#endif
