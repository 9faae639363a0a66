/* output_analysis.h - what a run may say: warm-up, intervals over replications, differences.
 *
 *   replications   mean +- t S / sqrt n of independent runs (Law 2015, chapter 9)
 *   warm-up        MSER-5 (White 1997): cut where the mean of the rest is known best. It cuts; take
 *                  intervals from replications. It can misjudge a slow beginning: look at the
 * series differences    paired runs with common random numbers; the interval of X - Y
 *
 *   units      unit-free
 *   threads    pure functions of their arguments
 *   errors     none; too few values give an infinite half width
 *   bytes      the C library's exp, log, erf, erfc are used: the last bit may differ between
 * libraries */
#ifndef SIM_OUTPUT_ANALYSIS_H
#define SIM_OUTPUT_ANALYSIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/statistics.h"

/* Distribution function of Student's t with degrees > 0 (not only whole ones). |error| < 1e-13. */
double krni_student_cdf(double t, double degrees);

/* Its quantile; relative error < 1e-11 for 1e-6 <= p <= 1 - 1e-6 and degrees >= 1. Some
 * microseconds. -infinity at 0, infinity at 1. */
double krni_student_quantile(double probability, double degrees);

/* mean +- half_width holds the true mean with the confidence asked for. */
typedef struct krni_interval {
    uint64_t n;
    double mean;       /* NaN of no value */
    double half_width; /* infinite under two values */
    double deviation;  /* of one replication; NaN under two values */
} krni_interval;

/* Interval over replications; 0 < confidence < 1. For k intervals that are to hold together, ask
 * for 1 - (1 - confidence) / k each (Bonferroni). */
krni_interval krni_interval_of(const krni_sample *replications, double confidence);

/* Whether n >= n_first replications (at least 2, 10 is wise) give the mean within a relative
 * precision > 0 of the true one: half width / |mean| <= precision / (1 + precision). */
bool krni_precise_enough(const krni_interval *interval, double precision, uint64_t n_first);

/* About how many replications krni_precise_enough would ask for, with the deviation seen so far; at
 * least n, UINT64_MAX when the mean is 0. */
uint64_t krni_replications_needed(const krni_interval *interval, double confidence,
                                  double precision);

/* ---- differences ---- */

/* Two plans run with the same random numbers, pair by pair. Starts as {0}. */
typedef struct krni_pairs {
    krni_sample first, second, difference; /* first - second */
} krni_pairs;

void krni_pairs_add(krni_pairs *pairs, double first, double second);
krni_interval krni_pairs_interval(const krni_pairs *pairs, double confidence);

/* -1 .. 1; NaN where one of the two does not vary. Negative: the common numbers did not help. */
double krni_pairs_correlation(const krni_pairs *pairs);

/* ---- warm-up ---- */

#define KRNI_MSER_BATCH 5u

typedef struct krni_warm_up {
    uint64_t batches;    /* m: whole batches looked at */
    uint64_t cut;        /* d: batches to leave out */
    uint64_t cut_values; /* the same in values */
    double mser;         /* the least of MSER(d) */
    double mean;         /* of the batches that stay */
    bool too_short;      /* the least is at the last d = m / 2 looked at */
} krni_warm_up;

/* MSER of n values in batches of `batch` >= 1 (what is left over at the end is not used):
 * MSER(d) = sum over j > d of (z_j - mean)^2 / (m - d)^2 for d = 0 .. m / 2. Of equal minima the
 * first. out_mser: m / 2 + 1 places for MSER(d), or NULL. O(n), no memory. */
krni_warm_up krni_mser(const double *values, size_t n, uint32_t batch, double *out_mser);

#endif
