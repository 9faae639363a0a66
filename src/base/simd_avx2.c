/* SPDX-License-Identifier: Apache-2.0 */
/* simd_avx2.c - two halves of 8 lanes; unsigned a <= b is max(a, b) == b. */
#include "base/simd.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))

static KRNI_INLINE AVX2 __m256i half(const uint32_t *at)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)at);
}

static KRNI_INLINE AVX2 __m256i half_below(const uint32_t *at, const __m256i *point, unsigned dims)
{
    __m256i all = _mm256_cmpeq_epi32(_mm256_max_epu32(half(at), point[0]), point[0]);
    for (unsigned d = 1; d < dims; d++) {
        const __m256i most = _mm256_max_epu32(half(at + d * KRNI_LANES), point[d]);
        all = _mm256_and_si256(all, _mm256_cmpeq_epi32(most, point[d]));
    }
    return all;
}

static KRNI_INLINE AVX2 bool covered(const uint32_t *blocks, size_t n_blocks, const uint32_t *point,
                                     unsigned dims)
{
    const size_t step = (dims + 1) * (size_t)KRNI_LANES;
    __m256i p[KRNI_MAX_DIMS];
    for (unsigned d = 0; d < dims; d++)
        p[d] = _mm256_set1_epi32((int)point[d]);
    for (const uint32_t *at = blocks + n_blocks * step; at != blocks;) {
        at -= step;
        const __m256i any =
            _mm256_or_si256(half_below(at, p, dims), half_below(at + KRNI_LANES / 2, p, dims));
        if (!_mm256_testz_si256(any, any))
            return true;
    }
    return false;
}

static KRNI_INLINE AVX2 size_t strike_half(uint32_t *at, const __m256i *point, unsigned dims)
{
    const __m256i struck = _mm256_set1_epi32(-1);
    const __m256i first = half(at);
    __m256i all = _mm256_cmpeq_epi32(_mm256_min_epu32(first, point[0]), point[0]);
    all = _mm256_andnot_si256(_mm256_cmpeq_epi32(first, struck), all);
    for (unsigned d = 1; d < dims; d++) {
        const __m256i least = _mm256_min_epu32(half(at + d * KRNI_LANES), point[d]);
        all = _mm256_and_si256(all, _mm256_cmpeq_epi32(least, point[d]));
    }
    if (_mm256_testz_si256(all, all))
        return 0;
    _mm256_storeu_si256((__m256i *)(void *)at, _mm256_or_si256(first, all));
    return (size_t)__builtin_popcount((unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(all)));
}

static KRNI_INLINE AVX2 size_t strike(uint32_t *blocks, size_t n_blocks, const uint32_t *point,
                                      unsigned dims)
{
    const size_t step = (dims + 1) * (size_t)KRNI_LANES;
    size_t n = 0;
    __m256i p[KRNI_MAX_DIMS];
    for (unsigned d = 0; d < dims; d++)
        p[d] = _mm256_set1_epi32((int)point[d]);
    for (size_t b = 0; b < n_blocks; b++) {
        uint32_t *at = blocks + b * step;
        n += strike_half(at, p, dims) + strike_half(at + KRNI_LANES / 2, p, dims);
    }
    return n;
}

#define TWINS(dims)                                                                                \
    static AVX2 bool covered_##dims(const uint32_t *blocks, size_t n_blocks,                       \
                                    const uint32_t *point)                                         \
    {                                                                                              \
        return covered(blocks, n_blocks, point, dims);                                             \
    }                                                                                              \
    static AVX2 size_t strike_##dims(uint32_t *blocks, size_t n_blocks, const uint32_t *point)     \
    {                                                                                              \
        return strike(blocks, n_blocks, point, dims);                                              \
    }

TWINS(1)
TWINS(2)
TWINS(3)
TWINS(4)
TWINS(5)

const krni_simd *krni_simd_avx2(void)
{
    static const krni_simd table = {
        "avx2",
        {NULL, covered_1, covered_2, covered_3, covered_4, covered_5},
        {NULL, strike_1, strike_2, strike_3, strike_4, strike_5},
    };
    return __builtin_cpu_supports("avx2") ? &table : NULL;
}

#else

const krni_simd *krni_simd_avx2(void)
{
    return NULL;
}

#endif
