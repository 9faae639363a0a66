/* SPDX-License-Identifier: Apache-2.0 */
/* quantile.c - values up to a limit, then counts by the leading bits of the double.
 *
 *   bits of x > 0:   | exponent 11 | mantissa 52 |
 *                    |  number of the bucket |  45 bits dropped |      7 bits: 128 per power of two
 *
 *   buckets:   signed  | -greatest .. -least | 0 | least .. greatest |       unsigned: right of 0
 *
 * Numbers of buckets rise with x. The answer of a bucket [a, b) is 2 a b / (a + b), whose relative
 * distance to a and to b is the same, (b - a) / (a + b) <= 1/257. */
#include "sim/quantile.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

#define DROPPED_BITS 45u

struct krni_quantile {
    krni_quantile_rule rule;
    uint64_t first;   /* leading bits of rule.least */
    uint32_t n_sizes; /* buckets of one sign */
    uint32_t n_buckets;
    uint64_t count;
    double least, greatest;
    bool counting; /* values were turned into counts */
    double *value; /* limit; filled up to count unless counting */
    uint64_t *bucket;
};

static uint64_t leading_bits(double size)
{
    uint64_t bits;
    memcpy(&bits, &size, sizeof bits);
    return bits >> DROPPED_BITS;
}

static double from_leading_bits(uint64_t leading)
{
    const uint64_t bits = leading << DROPPED_BITS;
    double size;
    memcpy(&size, &bits, sizeof size);
    return size;
}

krn_status krni_quantile_new(const krni_quantile_rule *rule, krni_quantile **out, krn_error *err)
{
    *out = NULL;
    if (!(rule->least > 0.0 && rule->least < rule->greatest && rule->greatest <= 1e300 &&
          rule->least >= 1e-300))
        return krni_fail(err, KRN_E_ARG, "sizes from %g to %g: expected 0 < least < greatest",
                         rule->least, rule->greatest);
    krni_quantile *made = calloc(1, sizeof *made);
    if (!made)
        return krni_fail_memory(err);
    made->rule = *rule;
    made->first = leading_bits(rule->least);
    made->n_sizes = (uint32_t)(leading_bits(rule->greatest) - made->first) + 1;
    made->n_buckets = rule->is_signed ? 2 * made->n_sizes + 1 : made->n_sizes + 1;
    made->bucket = calloc(made->n_buckets, sizeof *made->bucket);
    made->value = malloc(rule->limit ? rule->limit * sizeof *made->value : 1);
    if (!made->bucket || !made->value) {
        krni_quantile_free(made);
        return krni_fail_memory(err);
    }
    made->counting = rule->limit == 0;
    *out = made;
    return KRN_OK;
}

void krni_quantile_free(krni_quantile *quantile)
{
    if (!quantile)
        return;
    free(quantile->bucket);
    free(quantile->value);
    free(quantile);
}

void krni_quantile_clear(krni_quantile *quantile)
{
    if (quantile->counting)
        memset(quantile->bucket, 0, quantile->n_buckets * sizeof *quantile->bucket);
    quantile->count = 0;
    quantile->counting = quantile->rule.limit == 0;
}

uint64_t krni_quantile_bytes(const krni_quantile *quantile)
{
    return sizeof *quantile + (uint64_t)quantile->rule.limit * sizeof *quantile->value +
           (uint64_t)quantile->n_buckets * sizeof *quantile->bucket;
}

/* Where the bucket of 0 lies. */
static uint32_t zero_bucket(const krni_quantile *quantile)
{
    return quantile->rule.is_signed ? quantile->n_sizes : 0;
}

static uint32_t bucket_of(const krni_quantile *quantile, double x)
{
    const double size = fabs(x);
    const uint32_t zero = zero_bucket(quantile);
    if (size < quantile->rule.least || (x < 0.0 && !quantile->rule.is_signed))
        return zero;
    uint64_t place = leading_bits(size) - quantile->first;
    if (place >= quantile->n_sizes)
        place = quantile->n_sizes - 1;
    return x < 0.0 ? zero - 1 - (uint32_t)place : zero + 1 + (uint32_t)place;
}

static double bucket_value(const krni_quantile *quantile, uint32_t bucket)
{
    const uint32_t zero = zero_bucket(quantile);
    if (bucket == zero)
        return 0.0;
    const uint32_t place = bucket < zero ? zero - 1 - bucket : bucket - zero - 1;
    const double a = from_leading_bits(quantile->first + place);
    const double b = from_leading_bits(quantile->first + place + 1);
    const double middle = 2.0 * a * (b / (a + b));
    return bucket < zero ? -middle : middle;
}

static void begin_counting(krni_quantile *quantile)
{
    assert(!quantile->counting);
    quantile->counting = true;
    for (uint64_t i = 0; i < quantile->count; i++)
        quantile->bucket[bucket_of(quantile, quantile->value[i])]++;
}

static void widen(krni_quantile *quantile, double least, double greatest)
{
    const bool first = quantile->count == 0;
    quantile->least = first || least < quantile->least ? least : quantile->least;
    quantile->greatest = first || greatest > quantile->greatest ? greatest : quantile->greatest;
}

void krni_quantile_add(krni_quantile *quantile, double x)
{
    assert(x == x);
    x += 0.0; /* -0 becomes 0: which of the two came first must not show */
    widen(quantile, x, x);
    if (!quantile->counting) {
        if (quantile->count < quantile->rule.limit) {
            quantile->value[quantile->count++] = x;
            return;
        }
        begin_counting(quantile);
    }
    quantile->bucket[bucket_of(quantile, x)]++;
    quantile->count++;
}

static bool same_rule(const krni_quantile_rule *a, const krni_quantile_rule *b)
{
    return a->limit == b->limit && a->least == b->least && a->greatest == b->greatest &&
           a->is_signed == b->is_signed;
}

void krni_quantile_merge(krni_quantile *quantile, const krni_quantile *other)
{
    if (KRN_NEVER(quantile == other || !same_rule(&quantile->rule, &other->rule)) ||
        other->count == 0)
        return;
    if (!other->counting) {
        for (uint64_t i = 0; i < other->count; i++)
            krni_quantile_add(quantile, other->value[i]);
        return;
    }
    if (!quantile->counting)
        begin_counting(quantile);
    widen(quantile, other->least, other->greatest);
    for (uint32_t i = 0; i < quantile->n_buckets; i++)
        quantile->bucket[i] += other->bucket[i];
    quantile->count += other->count;
}

uint64_t krni_quantile_count(const krni_quantile *quantile)
{
    return quantile->count;
}

bool krni_quantile_exact(const krni_quantile *quantile)
{
    return !quantile->counting;
}

static int rising(const void *a, const void *b)
{
    double x;
    double y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

/* Order statistics `rank` and `rank + 1` (from 0; the last one twice) out of the buckets. */
static void ranked(const krni_quantile *quantile, uint64_t rank, double out[2])
{
    uint64_t up_to = 0;
    uint32_t i = 0;
    for (unsigned k = 0; k < 2; k++) {
        const uint64_t wanted = rank + k < quantile->count ? rank + k : quantile->count - 1;
        while (up_to + quantile->bucket[i] <= wanted)
            up_to += quantile->bucket[i++];
        const double middle = bucket_value(quantile, i);
        out[k] = fmin(fmax(middle, quantile->least), quantile->greatest);
        if (wanted == 0)
            out[k] = quantile->least;
        if (wanted == quantile->count - 1)
            out[k] = quantile->greatest;
    }
}

double krni_quantile_at(krni_quantile *quantile, double probability)
{
    assert(probability >= 0.0 && probability <= 1.0);
    if (quantile->count == 0)
        return NAN;
    const double place = probability * (double)(quantile->count - 1);
    const uint64_t rank = (uint64_t)place;
    const double share = place - (double)rank;
    double around[2];
    if (quantile->counting) {
        ranked(quantile, rank, around);
    } else {
        qsort(quantile->value, quantile->count, sizeof *quantile->value, rising);
        around[0] = quantile->value[rank];
        around[1] = quantile->value[rank + 1 < quantile->count ? rank + 1 : rank];
    }
    if (share == 0.0 || around[0] == around[1]) /* also two infinities */
        return around[0];
    return around[0] + share * (around[1] - around[0]);
}

krni_histogram krni_histogram_start(double low, double high, uint32_t n, bool equal_ratio,
                                    uint64_t *count, double *edge)
{
    assert(isfinite(low) && isfinite(high) && low < high && n >= 1);
    assert(!equal_ratio || low > 0.0);
    krni_histogram histogram = {.low = low, .high = high, .n = n, .count = count, .edge = edge};
    if (!equal_ratio)
        histogram.per_width = n / (high - low);
    memset(count, 0, n * sizeof *count);
    for (uint32_t i = 0; i <= n; i++) {
        const double share = (double)i / n;
        edge[i] = equal_ratio ? low * pow(high / low, share) : low + (high - low) * share;
    }
    edge[n] = high;
    return histogram;
}

static uint32_t bin_of(const krni_histogram *histogram, double x)
{
    uint32_t low = 0;
    uint32_t high = histogram->n; /* edge[low] <= x < edge[high] */
    if (histogram->per_width > 0.0) {
        const double place = (x - histogram->low) * histogram->per_width;
        low = place < histogram->n ? (uint32_t)place : histogram->n - 1;
        /* the product may be a rounding off the edges as they are stored */
        while (x < histogram->edge[low])
            low--;
        while (x >= histogram->edge[low + 1])
            low++;
        return low;
    }
    while (high - low > 1) {
        const uint32_t middle = low + (high - low) / 2;
        if (histogram->edge[middle] <= x)
            low = middle;
        else
            high = middle;
    }
    return low;
}

void krni_histogram_add(krni_histogram *histogram, double x)
{
    assert(x == x);
    if (x < histogram->low)
        histogram->below++;
    else if (x >= histogram->high)
        histogram->above++;
    else
        histogram->count[bin_of(histogram, x)]++;
}

void krni_histogram_merge(krni_histogram *histogram, const krni_histogram *other)
{
    assert(histogram->n == other->n);
    assert(memcmp(histogram->edge, other->edge, (histogram->n + 1u) * sizeof *other->edge) == 0);
    histogram->below += other->below;
    histogram->above += other->above;
    for (uint32_t i = 0; i < histogram->n; i++)
        histogram->count[i] += other->count[i];
}
