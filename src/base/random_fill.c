/* SPDX-License-Identifier: Apache-2.0 */
/* random_fill.c - many blocks of Philox4x32-10 at once.
 *
 * One block per 64-bit lane, its four words in four vectors, each in the low half of its lane. The
 * multiplication of low halves reads nothing else, so the high halves may hold rubbish on the way.
 *
 *   lane      0    1    2    3            two vectors at the end:   a0|b0  a1|b1 ..  first words
 *   vector a  a0   a1   a2   a3                                     c0|d0  c1|d1 ..  second words
 *
 * Two groups of lanes run side by side, because each round waits for its multiplication. */
#include "base/random.h"
#include "base/simd.h"

#define MULTIPLIER_0 0xD2511F53u
#define MULTIPLIER_1 0xCD9E8D57u
#define WEYL_0       0x9E3779B9u
#define WEYL_1       0xBB67AE85u
#define ROUNDS       10u

static size_t fill_plain(uint64_t seed, uint64_t stream, uint64_t first, size_t n, uint64_t *out)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t word[4];
        krni_random_stream(seed, stream, first + i, word);
        out[2 * i] = word[0] | (uint64_t)word[1] << 32;
        out[2 * i + 1] = word[2] | (uint64_t)word[3] << 32;
    }
    return n;
}

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2   __attribute__((target("avx2")))
#define AVX512 __attribute__((target("avx512f")))

typedef struct lanes4 {
    __m256i a, b, c, d;
} lanes4;

static KRNI_INLINE AVX2 lanes4 start4(uint64_t stream, uint64_t first)
{
    const __m256i block =
        _mm256_add_epi64(_mm256_set1_epi64x((long long)first), _mm256_set_epi64x(3, 2, 1, 0));
    const lanes4 l = {block, _mm256_srli_epi64(block, 32), _mm256_set1_epi64x((long long)stream),
                      _mm256_set1_epi64x((long long)(stream >> 32))};
    return l;
}

static KRNI_INLINE AVX2 lanes4 round4(lanes4 l, __m256i k0, __m256i k1)
{
    const __m256i p = _mm256_mul_epu32(l.a, _mm256_set1_epi64x(MULTIPLIER_0));
    const __m256i q = _mm256_mul_epu32(l.c, _mm256_set1_epi64x(MULTIPLIER_1));
    const lanes4 next = {_mm256_xor_si256(_mm256_srli_epi64(q, 32), _mm256_xor_si256(l.b, k0)), q,
                         _mm256_xor_si256(_mm256_srli_epi64(p, 32), _mm256_xor_si256(l.d, k1)), p};
    return next;
}

static KRNI_INLINE AVX2 void store4(lanes4 l, uint64_t *out)
{
    const __m256i first = _mm256_blend_epi32(l.a, _mm256_slli_epi64(l.b, 32), 0xAA);
    const __m256i second = _mm256_blend_epi32(l.c, _mm256_slli_epi64(l.d, 32), 0xAA);
    const __m256i even = _mm256_unpacklo_epi64(first, second); /* blocks 0 and 2 */
    const __m256i odd = _mm256_unpackhi_epi64(first, second);  /* blocks 1 and 3 */
    _mm256_storeu_si256((__m256i *)(void *)out, _mm256_permute2x128_si256(even, odd, 0x20));
    _mm256_storeu_si256((__m256i *)(void *)(out + 4), _mm256_permute2x128_si256(even, odd, 0x31));
}

static AVX2 size_t fill_avx2(uint64_t seed, uint64_t stream, uint64_t first, size_t n,
                             uint64_t *out)
{
    size_t done = 0;
    for (; done + 8 <= n; done += 8) {
        lanes4 x = start4(stream, first + done);
        lanes4 y = start4(stream, first + done + 4);
        uint32_t k0 = (uint32_t)seed;
        uint32_t k1 = (uint32_t)(seed >> 32);
        for (unsigned r = 0; r < ROUNDS; r++, k0 += WEYL_0, k1 += WEYL_1) {
            const __m256i key0 = _mm256_set1_epi64x(k0);
            const __m256i key1 = _mm256_set1_epi64x(k1);
            x = round4(x, key0, key1);
            y = round4(y, key0, key1);
        }
        store4(x, out + 2 * done);
        store4(y, out + 2 * done + 8);
    }
    return done;
}

typedef struct lanes8 {
    __m512i a, b, c, d;
} lanes8;

static KRNI_INLINE AVX512 lanes8 start8(uint64_t stream, uint64_t first)
{
    const __m512i block = _mm512_add_epi64(_mm512_set1_epi64((long long)first),
                                           _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0));
    const lanes8 l = {block, _mm512_srli_epi64(block, 32), _mm512_set1_epi64((long long)stream),
                      _mm512_set1_epi64((long long)(stream >> 32))};
    return l;
}

static KRNI_INLINE AVX512 lanes8 round8(lanes8 l, __m512i k0, __m512i k1)
{
    const __m512i p = _mm512_mul_epu32(l.a, _mm512_set1_epi64(MULTIPLIER_0));
    const __m512i q = _mm512_mul_epu32(l.c, _mm512_set1_epi64(MULTIPLIER_1));
    /* 0x96: exclusive or of three */
    const lanes8 next = {_mm512_ternarylogic_epi64(_mm512_srli_epi64(q, 32), l.b, k0, 0x96), q,
                         _mm512_ternarylogic_epi64(_mm512_srli_epi64(p, 32), l.d, k1, 0x96), p};
    return next;
}

static KRNI_INLINE AVX512 void store8(lanes8 l, uint64_t *out)
{
    const __m512i first = _mm512_mask_blend_epi32(0xAAAA, l.a, _mm512_slli_epi64(l.b, 32));
    const __m512i second = _mm512_mask_blend_epi32(0xAAAA, l.c, _mm512_slli_epi64(l.d, 32));
    const __m512i low = _mm512_set_epi64(11, 3, 10, 2, 9, 1, 8, 0);
    const __m512i high = _mm512_set_epi64(15, 7, 14, 6, 13, 5, 12, 4);
    _mm512_storeu_si512(out, _mm512_permutex2var_epi64(first, low, second));
    _mm512_storeu_si512(out + 8, _mm512_permutex2var_epi64(first, high, second));
}

static AVX512 size_t fill_avx512(uint64_t seed, uint64_t stream, uint64_t first, size_t n,
                                 uint64_t *out)
{
    size_t done = 0;
    for (; done + 16 <= n; done += 16) {
        lanes8 x = start8(stream, first + done);
        lanes8 y = start8(stream, first + done + 8);
        uint32_t k0 = (uint32_t)seed;
        uint32_t k1 = (uint32_t)(seed >> 32);
        for (unsigned r = 0; r < ROUNDS; r++, k0 += WEYL_0, k1 += WEYL_1) {
            const __m512i key0 = _mm512_set1_epi64(k0);
            const __m512i key1 = _mm512_set1_epi64(k1);
            x = round8(x, key0, key1);
            y = round8(y, key0, key1);
        }
        store8(x, out + 2 * done);
        store8(y, out + 2 * done + 16);
    }
    return done;
}

size_t krni_random_fill_by(unsigned way, uint64_t seed, uint64_t stream, uint64_t first_block,
                           size_t n_blocks, uint64_t *out)
{
    if (way == 2)
        return __builtin_cpu_supports("avx512f")
                   ? fill_avx512(seed, stream, first_block, n_blocks, out)
                   : 0;
    if (way == 1)
        return __builtin_cpu_supports("avx2") ? fill_avx2(seed, stream, first_block, n_blocks, out)
                                              : 0;
    return fill_plain(seed, stream, first_block, n_blocks, out);
}

#else

size_t krni_random_fill_by(unsigned way, uint64_t seed, uint64_t stream, uint64_t first_block,
                           size_t n_blocks, uint64_t *out)
{
    return way == 0 ? fill_plain(seed, stream, first_block, n_blocks, out) : 0;
}

#endif

void krni_random_fill(uint64_t seed, uint64_t stream, uint64_t first_block, size_t n_blocks,
                      uint64_t *out)
{
    size_t done = 0;
    for (unsigned way = KRNI_RANDOM_WAYS; way-- > 0;)
        done += krni_random_fill_by(way, seed, stream, first_block + done, n_blocks - done,
                                    out + 2 * done);
}
