/* SPDX-License-Identifier: Apache-2.0 */
/* variate.c - draws by inversion where one uniform number is enough, else by rejection.
 *
 *   1 |          ____       u uniform on (0, 1); the draw is Q(u)
 *   u |......_-'            exponential  -mean ln u
 *     |    -' .             triangular   two parabolas
 *     |  -'   .             empirical    straight lines between given quantiles
 *   0 +-'-----+-------->    duration     the model's own quantile
 *            Q(u)
 *
 * The logarithm of the exponential is made here and not by the C library: only + - * / , so the
 * bytes are the same everywhere, and the compiler turns the loop over a block into vectors. With
 * u = 2^e m, sqrt(1/2) <= m < sqrt(2), f = m - 1 and s = f / (2 + f), log m = 2 atanh s is
 * f - s (f - s^2 P(s^2)); P is a polynomial of degree 6 with an error below 4e-16 (Chebyshev fit).
 * The result is within 2 units in the last place. */
#include "sim/variate.h"

#include <assert.h>
#include <math.h>

#include <keruen/duration.h>

#define LN2_HIGH       0x1.62e42fefa2p-1 /* ends in zeros: times a whole number it is exact */
#define LN2_LOW        0x1.9ef35793c7673p-41
#define SQRT_HALF_BITS 0x3FE6A09E667F3BCDu
#define EXPONENT_LIFT  64u                 /* keeps exponents of u < 1 above 0 */
#define TWO_52_BITS    0x4330000000000000u /* 2^52 + k has k in its low bits */
#define MOST_STAGES    8u                  /* of an Erlang law drawn one by one */

/* -ln u of u = krni_word_uniform(word). */
static KRNI_INLINE double minus_log(uint64_t word)
{
    const double u = krni_word_uniform(word);
    uint64_t bits;
    memcpy(&bits, &u, sizeof u);
    const uint64_t lifted = bits - SQRT_HALF_BITS + ((uint64_t)EXPONENT_LIFT << 52);
    const uint64_t exponent = lifted >> 52; /* e + EXPONENT_LIFT */
    const uint64_t exponent_bits = TWO_52_BITS | exponent;
    double e;
    memcpy(&e, &exponent_bits, sizeof e);
    e -= 0x1p52 + EXPONENT_LIFT;
    bits -= (exponent - EXPONENT_LIFT) << 52;
    double m;
    memcpy(&m, &bits, sizeof m);
    const double f = m - 1.0;
    const double s = f / (2.0 + f);
    const double z = s * s;
    const double z2 = z * z;
    const double even =
        0.666666666666667 +
        z2 * (0.28571428625975487 + z2 * (0.1818288912526188 + z2 * 0.14616449685088906));
    const double odd = 0.39999999999899505 + z2 * (0.22222211134795078 + z2 * 0.1533172160055169);
    const double p = even + z * odd;
    return (s * (f - z * p) - f) - e * LN2_LOW - e * LN2_HIGH;
}

static KRNI_INLINE void minus_logs(const uint64_t *restrict words, double *restrict out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = minus_log(words[i]);
}

static void minus_logs_plain(const uint64_t *words, double *out, size_t n)
{
    minus_logs(words, out, n);
}

#if defined(__x86_64__)
#if defined(__clang__)
#define AVX512 __attribute__((target("avx512f,avx512dq")))
#else
#define AVX512 __attribute__((target("avx512f,avx512dq,prefer-vector-width=512")))
#endif

static __attribute__((target("avx2"))) void minus_logs_avx2(const uint64_t *words, double *out,
                                                            size_t n)
{
    minus_logs(words, out, n);
}

static AVX512 void minus_logs_avx512(const uint64_t *words, double *out, size_t n)
{
    minus_logs(words, out, n);
}
#endif

/* The same loop, compiled for what the machine has; the results are the same bytes. */
static void minus_logs_best(const uint64_t *words, double *out, size_t n)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512dq")) {
        minus_logs_avx512(words, out, n);
        return;
    }
    if (__builtin_cpu_supports("avx2")) {
        minus_logs_avx2(words, out, n);
        return;
    }
#endif
    minus_logs_plain(words, out, n);
}

double krni_uniform_between(krni_stream *stream, double low, double high)
{
    assert(low <= high);
    return low + (high - low) * krni_uniform(stream);
}

double krni_exponential(krni_stream *stream, double mean)
{
    assert(mean >= 0.0);
    return mean * minus_log(krni_stream_word(stream));
}

void krni_exponentials(krni_stream *stream, double *out, size_t n)
{
    uint64_t words[KRNI_AHEAD];
    for (size_t i = 0; i < n; i += KRNI_AHEAD) {
        const size_t part = n - i < KRNI_AHEAD ? n - i : KRNI_AHEAD;
        krni_stream_words(stream, words, part);
        minus_logs_best(words, out + i, part);
    }
}

krni_exponential_source krni_exponential_source_start(uint64_t seed, uint64_t source,
                                                      uint32_t replication)
{
    krni_exponential_source made;
    made.stream = krni_stream_start(seed, source, replication);
    made.used = KRNI_AHEAD;
    return made;
}

void krni_exponential_source_refill(krni_exponential_source *source)
{
    assert(source->used == KRNI_AHEAD);
    krni_exponentials(&source->stream, source->ahead, KRNI_AHEAD);
    source->used = 0;
}

double krni_normal(krni_stream *stream, double mean, double deviation)
{
    assert(deviation >= 0.0);
    return mean + deviation * krn_normal_quantile(krni_uniform(stream));
}

/* Shape >= 1: d (1 + c x)^3 with x normal, accepted under a bound that fits to 95 % and more. */
static double gamma_from_one(krni_stream *stream, double shape)
{
    const double d = shape - 1.0 / 3.0;
    const double c = 1.0 / sqrt(9.0 * d);
    for (;;) {
        const double x = krn_normal_quantile(krni_uniform(stream));
        const double root = 1.0 + c * x;
        const double u = krni_uniform(stream);
        if (root <= 0.0)
            continue;
        const double v = root * root * root;
        if (u < 1.0 - 0.0331 * (x * x) * (x * x) || log(u) < 0.5 * x * x + d * (1.0 - v + log(v)))
            return d * v;
    }
}

double krni_gamma(krni_stream *stream, double shape, double scale)
{
    assert(shape > 0.0 && isfinite(shape) && scale >= 0.0);
    if (shape >= 1.0)
        return scale * gamma_from_one(stream, shape);
    const double u = krni_uniform(stream);
    return scale * gamma_from_one(stream, shape + 1.0) * pow(u, 1.0 / shape);
}

double krni_erlang(krni_stream *stream, uint32_t stages, double mean)
{
    assert(stages >= 1 && mean >= 0.0);
    if (stages > MOST_STAGES)
        return krni_gamma(stream, stages, mean / stages);
    double sum = 0.0;
    for (uint32_t i = 0; i < stages; i++)
        sum += minus_log(krni_stream_word(stream));
    return mean * sum / stages;
}

double krni_triangular(krni_stream *stream, double low, double mode, double high)
{
    assert(low <= mode && mode <= high);
    const double u = krni_uniform(stream);
    const double width = high - low;
    const double left = mode - low;
    if (u * width < left)
        return low + sqrt(u * width * left);
    return high - sqrt((1.0 - u) * width * (high - mode));
}

double krni_duration_h(krni_stream *stream, krn_duration duration)
{
    return krn_duration_quantile_h(duration, krni_uniform(stream));
}

bool krni_bernoulli(krni_stream *stream, double probability)
{
    assert(probability >= 0.0 && probability <= 1.0);
    return krni_uniform(stream) < probability;
}

/* The upper half of x n, x of 32 bits, is below n; the lower halves under 2^32 mod n are the ones
 * too many (Lemire 2019). */
uint32_t krni_below(krni_stream *stream, uint32_t n)
{
    assert(n >= 1);
    uint64_t product = (krni_stream_word(stream) >> 32) * n;
    if ((uint32_t)product < n) {
        const uint32_t too_many = (0u - n) % n;
        while ((uint32_t)product < too_many)
            product = (krni_stream_word(stream) >> 32) * n;
    }
    return (uint32_t)(product >> 32);
}

bool krni_quantile_line_valid(krni_quantile_line line)
{
    if (line.n < 2 || line.probability[0] != 0.0 || line.probability[line.n - 1] != 1.0 ||
        !isfinite(line.value[0]))
        return false;
    for (uint32_t i = 1; i < line.n; i++)
        if (!(line.probability[i - 1] < line.probability[i]) ||
            !(line.value[i - 1] <= line.value[i]) || !isfinite(line.value[i]))
            return false;
    return true;
}

double krni_quantile_line_at(krni_quantile_line line, double probability)
{
    assert(line.n >= 2 && probability >= 0.0 && probability <= 1.0);
    uint32_t low = 0;
    uint32_t high = line.n - 1;
    while (high - low > 1) {
        const uint32_t middle = low + (high - low) / 2;
        if (line.probability[middle] <= probability)
            low = middle;
        else
            high = middle;
    }
    const double share =
        (probability - line.probability[low]) / (line.probability[high] - line.probability[low]);
    return line.value[low] + share * (line.value[high] - line.value[low]);
}

double krni_empirical(krni_stream *stream, krni_quantile_line line)
{
    return krni_quantile_line_at(line, krni_uniform(stream));
}

/* Vose 1991. Cells under their fair share take the rest from one above it; what waits on either
 * side is a list through .next. */
bool krni_alias_build(const double *weights, uint32_t n, krni_alias_cell *cells)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < n; i++) {
        if (!(weights[i] >= 0.0))
            return false;
        sum += weights[i];
    }
    if (!(sum > 0.0) || !isfinite(sum))
        return false;
    uint32_t small = UINT32_MAX;
    uint32_t large = UINT32_MAX;
    for (uint32_t i = n; i-- > 0;) {
        cells[i].own = weights[i] / sum * n;
        cells[i].alias = i;
        uint32_t *list = cells[i].own < 1.0 ? &small : &large;
        cells[i].next = *list;
        *list = i;
    }
    while (small != UINT32_MAX && large != UINT32_MAX) {
        const uint32_t poor = small;
        const uint32_t rich = large;
        small = cells[poor].next;
        cells[poor].alias = rich;
        cells[rich].own -= 1.0 - cells[poor].own;
        if (cells[rich].own < 1.0) {
            large = cells[rich].next;
            cells[rich].next = small;
            small = rich;
        }
    }
    /* what is left is whole but for rounding; a weight of 0 never stays in its cell */
    for (; large != UINT32_MAX; large = cells[large].next)
        cells[large].own = 1.0;
    for (; small != UINT32_MAX; small = cells[small].next)
        cells[small].own = 1.0;
    return true;
}

uint32_t krni_discrete(krni_stream *stream, const krni_alias_cell *cells, uint32_t n)
{
    const uint32_t cell = krni_below(stream, n);
    return krni_uniform(stream) < cells[cell].own ? cell : cells[cell].alias;
}
