/* quantile.h - quantiles and histograms of many values in bounded memory.
 *
 * A quantile keeps every value up to a limit and answers exactly. Beyond it, counts in buckets:
 * each power of two is cut into 128 equal parts, found by shifting the bits of the double.
 *
 *   ... | 1/2 |||||||| | 1 |||||||| | 2 |||||||| | 4 ...        bucket [a, a + w), w <= a / 128
 *
 *   error      none up to the limit; then each order statistic is met within 1/257 of itself
 *              (0.39 %), if its size lies in [least, greatest) of the rule. Smaller ones count as
 * 0, larger ones as greatest. Smallest, largest value and count are always exact merging    the
 * state depends on the values alone, not on their order nor on how they were split: the same bytes
 * on any number of threads memory     8 bytes * (limit + buckets); 128 buckets per power of two,
 * twice that if signed. Allocated by _new only: limit 1000 and 1e-3 .. 1e6: 39 kB units unit-free
 *   threads    one at a time per structure
 *   errors     KRN_E_ARG, KRN_E_MEMORY from _new; NaN is a caller's mistake (asserted)
 *   bytes      integers and + - * / only: the same everywhere (logarithmic histograms call pow) */
#ifndef SIM_QUANTILE_H
#define SIM_QUANTILE_H

#include <stdbool.h>
#include <stdint.h>

#include <keruen/status.h>

typedef struct krni_quantile_rule {
    uint32_t limit;         /* values kept before counting begins; 0 counts at once */
    double least, greatest; /* 0 < least < greatest: sizes told apart in buckets */
    bool is_signed;         /* values below 0 are told apart as well; else they count as 0 */
} krni_quantile_rule;

typedef struct krni_quantile krni_quantile;

krn_status krni_quantile_new(const krni_quantile_rule *rule, krni_quantile **out, krn_error *err);
void krni_quantile_free(krni_quantile *quantile); /* NULL is taken */
void krni_quantile_clear(krni_quantile *quantile);
uint64_t krni_quantile_bytes(const krni_quantile *quantile);

/* A few ns; once, when the limit is passed, O(limit). */
void krni_quantile_add(krni_quantile *quantile, double x);

/* Adds all of other's values; both were made by equal rules (asserted). O(limit + buckets). */
void krni_quantile_merge(krni_quantile *quantile, const krni_quantile *other);

uint64_t krni_quantile_count(const krni_quantile *quantile);
bool krni_quantile_exact(const krni_quantile *quantile); /* whether all values are still kept */

/* Quantile at a probability 0 .. 1: on the straight line between the order statistics around
 * 1 + (n - 1) p. NaN when empty. O(limit log limit) or O(buckets); sorts what is kept. */
double krni_quantile_at(krni_quantile *quantile, double probability);

/* ---- histogram ---- */

/* n bins from low to high of equal width, or of equal ratio; bin i is [edge i, edge i + 1). */
typedef struct krni_histogram {
    double low, high;
    double per_width; /* n / (high - low); 0 of equal ratio */
    uint32_t n;
    uint64_t below, above; /* under low; at or over high */
    uint64_t *count;       /* n; the caller's */
    double *edge;          /* n + 1; the caller's */
} krni_histogram;

/* low < high, finite; n >= 1; counts are cleared. equal_ratio asks for low > 0. */
krni_histogram krni_histogram_start(double low, double high, uint32_t n, bool equal_ratio,
                                    uint64_t *count, double *edge);

/* O(1) of equal width, O(log n) of equal ratio. */
void krni_histogram_add(krni_histogram *histogram, double x);

/* Adds the counts of a histogram with the same edges (asserted). */
void krni_histogram_merge(krni_histogram *histogram, const krni_histogram *other);

#endif
