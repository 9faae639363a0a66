/* SPDX-License-Identifier: Apache-2.0 */
/* simd.h - vector tests of points against points, and the few compiler words the kernels need.
 *
 * The only header with compiler extensions. Points of small unsigned coordinates lie in blocks of
 * 16: one plane per coordinate and a last plane that travels along and is never compared.
 *
 *   block b, planes = dims + 1:    [c0 x16][c1 x16] ... [stamp x16]      data + b * planes * 16
 *   lanes behind the last point hold UINT32_MAX in every compared plane, struck ones in the first
 *
 *   ownership  nothing is kept
 *   threads    no state; krni_simd() looks at the machine and returns a constant table
 *   errors     none
 */
#ifndef BASE_SIMD_H
#define BASE_SIMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define KRNI_INLINE        inline __attribute__((always_inline))
#define KRNI_APART         __attribute__((noinline))
#define KRNI_LIKELY(x)     __builtin_expect(!!(x), 1)
#define KRNI_UNLIKELY(x)   __builtin_expect(!!(x), 0)
#define KRNI_PREFETCH(at)  __builtin_prefetch(at)
#define KRNI_LOW_BIT(x)    ((unsigned)__builtin_ctzll(x))       /* of a uint64_t, not 0 */
#define KRNI_HIGH_BIT64(x) (63u - (unsigned)__builtin_clzll(x)) /* of a uint64_t, not 0 */
#define KRNI_HIGH_BIT32(x) (31u - (unsigned)__builtin_clz(x))   /* of a uint32_t, not 0 */
#else
#error "keruen is built with gcc or clang"
#endif

#define KRNI_LANES    16u
#define KRNI_MAX_DIMS 5u

typedef struct krni_simd {
    const char *name; /* "avx512", "avx2" or "plain" */
    /* [dims]: is one of the points of n_blocks blocks <= point in every coordinate? Looks at the
     * last block first. O(n_blocks). */
    bool (*covered[KRNI_MAX_DIMS + 1])(const uint32_t *blocks, size_t n_blocks,
                                       const uint32_t *point);
    /* [dims]: strikes out every point >= point in every coordinate: its first coordinate becomes
     * UINT32_MAX, so that it covers nothing any more. The number struck. O(n_blocks). */
    size_t (*strike[KRNI_MAX_DIMS + 1])(uint32_t *blocks, size_t n_blocks, const uint32_t *point);
} krni_simd;

/* The best table that this machine can run. O(1). */
const krni_simd *krni_simd_best(void);

/* Each table, for tests; NULL where the machine or the build lacks it. */
const krni_simd *krni_simd_plain(void);
const krni_simd *krni_simd_avx2(void);
const krni_simd *krni_simd_avx512(void);

/* Closes the gaps of struck points among n, keeps the order of the others, fills freed lanes with
 * UINT32_MAX; the new number of points. O(n). */
size_t krni_simd_close_gaps(uint32_t *blocks, size_t n, unsigned dims);

#endif
