/* SPDX-License-Identifier: Apache-2.0 */
/* output_analysis.c - Student's t, intervals over replications, paired differences, MSER.
 *
 *   MSER    values | . . . . . | . . . . . | . . . . . | ...      batches of 5, means z
 *                  '--- cut d ---'  spread of the rest / (how many)^2  is least
 *
 * Student's t: with a = degrees / 2, y = t^2 / (degrees + t^2) and R = Gamma(a + 1/2) / Gamma(a),
 *   P(|T| < t) = 2 R / sqrt pi  y^(1/2) (1 - y)^a  sum of (a + 1/2)_n / (3/2)_n y^n       y < 1/2
 *   P(|T| > t) = R / (a sqrt pi) (1 - y)^a y^(1/2) sum of (a + 1/2)_n / (a + 1)_n (1 - y)^n
 * (incomplete beta function, NIST DLMF 8.17.8). All terms are positive. */
#include "sim/output_analysis.h"

#include <math.h>

#include <keruen/duration.h>

#define SQRT_PI     1.77245385090551602730
#define SMALL_TERM  1e-17
#define SERIES_FROM 64.0 /* a from which the series of R is exact to a double */
#define MOST_STEPS  2000 /* of Newton; some tens are enough but for degrees far below 1 */

/* Gamma(a + 1/2) / Gamma(a); small a by R(a) = R(a + 1) a / (a + 1/2). */
static double gamma_ratio(double a)
{
    double factor = 1.0;
    for (; a < SERIES_FROM; a += 1.0)
        factor *= a / (a + 0.5);
    const double b = 1.0 / a;
    const double series =
        1.0 + b * (-1.0 / 8 +
                   b * (1.0 / 128 +
                        b * (5.0 / 1024 +
                             b * (-21.0 / 32768 + b * (-399.0 / 262144 + b * (869.0 / 4194304))))));
    return factor * sqrt(a) * series;
}

/* sum of (a)_n / (c)_n x^n, a and c > 0, x <= 1/2. */
static double ratio_series(double a, double c, double x)
{
    double sum = 1.0;
    double term = 1.0;
    for (double n = 0.0; term > SMALL_TERM * sum; n += 1.0) {
        term *= (a + n) / (c + n) * x;
        sum += term;
    }
    return sum;
}

/* P(T > t) for t >= 0. */
static double student_tail(double t, double degrees)
{
    const double a = 0.5 * degrees;
    const double t2 = t * t;
    const double y = t2 / (degrees + t2);
    const double x = degrees / (degrees + t2);
    const double scale =
        gamma_ratio(a) / SQRT_PI * exp(-a * log1p(t2 / degrees)) * t / sqrt(degrees + t2);
    if (t2 < degrees)
        return 0.5 - scale * ratio_series(a + 0.5, 1.5, y);
    return 0.5 * scale / a * ratio_series(a + 0.5, a + 1.0, x);
}

static double student_density(double t, double degrees)
{
    return gamma_ratio(0.5 * degrees) / (SQRT_PI * sqrt(degrees)) *
           exp(-0.5 * (degrees + 1.0) * log1p(t * t / degrees));
}

double krni_student_cdf(double t, double degrees)
{
    assert(degrees > 0.0);
    if (isinf(degrees))
        return krn_normal_cdf(t);
    if (isinf(t))
        return t > 0.0 ? 1.0 : 0.0;
    return t < 0.0 ? student_tail(-t, degrees) : 1.0 - student_tail(t, degrees);
}

/* For t > 0 the tail is convex: Newton from the left of the root comes nearer from the left and
 * never passes it. The normal quantile lies to the left, as t has the heavier tail. */
double krni_student_quantile(double probability, double degrees)
{
    assert(degrees > 0.0 && probability >= 0.0 && probability <= 1.0);
    const double z = krn_normal_quantile(probability);
    if (isinf(degrees) || isinf(z) || probability == 0.5)
        return z;
    const double tail = probability < 0.5 ? probability : 1.0 - probability;
    double t = fabs(z);
    for (int i = 0; i < MOST_STEPS; i++) {
        const double step = (student_tail(t, degrees) - tail) / student_density(t, degrees);
        t += step;
        if (!(step > 1e-15 * t))
            break;
    }
    return probability < 0.5 ? -t : t;
}

krni_interval krni_interval_of(const krni_sample *replications, double confidence)
{
    assert(confidence > 0.0 && confidence < 1.0);
    krni_interval interval = {.n = replications->count,
                              .mean = krni_sample_mean(replications),
                              .half_width = INFINITY,
                              .deviation = krni_sample_deviation(replications)};
    if (interval.n >= 2) {
        const double n = (double)interval.n;
        const double t = krni_student_quantile(0.5 + 0.5 * confidence, n - 1.0);
        interval.half_width = t * interval.deviation / sqrt(n);
    }
    return interval;
}

static double widest(const krni_interval *interval, double precision)
{
    assert(precision > 0.0);
    return fabs(interval->mean) * precision / (1.0 + precision);
}

bool krni_precise_enough(const krni_interval *interval, double precision, uint64_t n_first)
{
    return interval->n >= 2 && interval->n >= n_first &&
           interval->half_width <= widest(interval, precision);
}

static bool enough(const krni_interval *interval, double confidence, double most, uint64_t n)
{
    const double t = krni_student_quantile(0.5 + 0.5 * confidence, (double)n - 1.0);
    return t * interval->deviation / sqrt((double)n) <= most;
}

uint64_t krni_replications_needed(const krni_interval *interval, double confidence,
                                  double precision)
{
    assert(interval->n >= 2);
    const double most = widest(interval, precision);
    uint64_t low = interval->n;
    if (enough(interval, confidence, most, low))
        return low;
    if (!(most > 0.0))
        return UINT64_MAX;
    uint64_t high = low;
    while (!enough(interval, confidence, most, high)) {
        if (high > UINT64_MAX / 4)
            return UINT64_MAX;
        low = high;
        high *= 2;
    }
    while (high - low > 1) {
        const uint64_t middle = low + (high - low) / 2;
        if (enough(interval, confidence, most, middle))
            high = middle;
        else
            low = middle;
    }
    return high;
}

void krni_pairs_add(krni_pairs *pairs, double first, double second)
{
    krni_sample_add(&pairs->first, first);
    krni_sample_add(&pairs->second, second);
    krni_sample_add(&pairs->difference, first - second);
}

krni_interval krni_pairs_interval(const krni_pairs *pairs, double confidence)
{
    return krni_interval_of(&pairs->difference, confidence);
}

/* var(X - Y) = var X + var Y - 2 cov */
double krni_pairs_correlation(const krni_pairs *pairs)
{
    const double x = krni_sample_variance(&pairs->first);
    const double y = krni_sample_variance(&pairs->second);
    if (!(x > 0.0 && y > 0.0))
        return NAN;
    const double covariance = 0.5 * (x + y - krni_sample_variance(&pairs->difference));
    return fmin(fmax(covariance / sqrt(x * y), -1.0), 1.0);
}

static double batch_mean(const double *values, uint32_t batch)
{
    krni_sum sum = {0};
    for (uint32_t i = 0; i < batch; i++)
        krni_sum_add(&sum, values[i]);
    return krni_sum_value(sum) / batch;
}

/* From the last batch backwards, so that mean and spread of what stays grow by one batch a step. */
krni_warm_up krni_mser(const double *values, size_t n, uint32_t batch, double *out_mser)
{
    assert(batch >= 1);
    const size_t m = n / batch;
    krni_warm_up best = {.batches = m, .mser = NAN, .mean = NAN, .too_short = true};
    double mean = 0.0;
    double spread = 0.0;
    for (size_t d = m; d-- > 0;) {
        const double z = batch_mean(values + d * batch, batch);
        const double stay = (double)(m - d);
        const double step = z - mean;
        mean += step / stay;
        spread += step * (z - mean);
        if (d > m / 2)
            continue;
        const double mser = spread / (stay * stay);
        if (out_mser)
            out_mser[d] = mser;
        if (d == m / 2 || mser <= best.mser) {
            best.cut = d;
            best.mser = mser;
            best.mean = mean;
        }
    }
    best.cut_values = best.cut * batch;
    best.too_short = best.cut == m / 2;
    return best;
}
