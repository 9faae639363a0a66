/* SPDX-License-Identifier: Apache-2.0 */
/* duration.c - two-piece lognormal through three percentiles: quantile, mean, variance.
 *
 *        high |                    *      Q(p) = typical exp(s z(p)), z normal quantile,
 *             |               *           s = ln(typical/low)/z(0.9)   for p < 1/2
 *     typical |         *                 s = ln(high/typical)/z(0.9)  for p > 1/2
 *         low |  *                        low = 0: the lower half is the line 2 p typical
 *             +--+------+------+----> p
 *               0.1    0.5    0.9
 *
 * Moments are taken of D = X / typical - 1 half by half. With h(x) = exp(x^2/2) Phi(x):
 *   upper half  E[D] = h(s) - 1/2     E[D^2] = h(2s) - 2 h(s) + 1/2
 *   lower half  the same with -s
 * For small s these differences cancel; then the power series of the same functions is summed:
 *   h(x) - 1/2 = 1/2 sum over k >= 1 of (x / sqrt 2)^k / Gamma(k/2 + 1)
 *
 * Source of the normal quantile: M. J. Wichura, The percentage points of the normal distribution,
 * Applied Statistics 37 (1988), algorithm AS 241 (PPND16); then one Halley step. */
#include <keruen/duration.h>

#include <assert.h>
#include <math.h>

#define SQRT_2       1.41421356237309504880
#define SQRT_2PI     2.50662827463100050242
#define Z_90         1.28155156554460046697 /* z(0.9) */
#define SMALL_SPREAD 0.5

static double ratio(const double top[8], const double bottom[8], double r)
{
    double a = top[7];
    double b = bottom[7];
    for (int i = 6; i >= 0; i--) {
        a = a * r + top[i];
        b = b * r + bottom[i];
    }
    return a / b;
}

/* AS 241 for |p - 1/2| <= 0.425; q = p - 1/2. */
static double quantile_middle(double q)
{
    static const double top[8] = {3.3871328727963666080e0,  1.3314166789178437745e+2,
                                  1.9715909503065514427e+3, 1.3731693765509461125e+4,
                                  4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                  3.3430575583588128105e+4, 2.5090809287301226727e+3};
    static const double bottom[8] = {1.0,
                                     4.2313330701600911252e+1,
                                     6.8718700749205790830e+2,
                                     5.3941960214247511077e+3,
                                     2.1213794301586595867e+4,
                                     3.9307895800092710610e+4,
                                     2.8729085735721942674e+4,
                                     5.2264952788528545610e+3};
    return q * ratio(top, bottom, 0.180625 - q * q);
}

/* AS 241 for the tails: |z| of the tail probability 0 < tail <= 0.075. */
static double quantile_tail(double tail)
{
    static const double near_top[8] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                                       5.76949722146069140550e0,  3.64784832476320460504e0,
                                       1.27045825245236838258e0,  2.41780725177450611770e-1,
                                       2.27238449892691845833e-2, 7.74545014278341407640e-4};
    static const double near_bottom[8] = {1.0,
                                          2.05319162663775882187e0,
                                          1.67638483018380384940e0,
                                          6.89767334985100004550e-1,
                                          1.48103976427480074590e-1,
                                          1.51986665636164571966e-2,
                                          5.47593808499534494600e-4,
                                          1.05075007164441684324e-9};
    static const double far_top[8] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                                      1.78482653991729133580e0,  2.96560571828504891230e-1,
                                      2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                      2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static const double far_bottom[8] = {1.0,
                                         5.99832206555887937690e-1,
                                         1.36929880922735805310e-1,
                                         1.48753612908506148525e-2,
                                         7.86869131145613259100e-4,
                                         1.84631831751005468180e-5,
                                         1.42151175831644588870e-7,
                                         2.04426310338993978564e-15};
    const double r = sqrt(-log(tail));
    return r <= 5.0 ? ratio(near_top, near_bottom, r - 1.6) : ratio(far_top, far_bottom, r - 5.0);
}

/* Halley step for f(z) = cdf(z) - p: u = f/f', z - u / (1 + z u / 2). */
static double halley(double z, double excess)
{
    const double u = excess * SQRT_2PI * exp(0.5 * z * z);
    return z - u / (1.0 + 0.5 * z * u);
}

double krn_normal_quantile(double p_prob)
{
    if (isnan(p_prob))
        return NAN;
    if (p_prob <= 0.0)
        return -INFINITY;
    if (p_prob >= 1.0)
        return INFINITY;
    const double q = p_prob - 0.5;
    if (fabs(q) <= 0.425) {
        const double z = quantile_middle(q);
        return halley(z, 0.5 * erf(z / SQRT_2) - q);
    }
    const double tail = q < 0.0 ? p_prob : 1.0 - p_prob;
    const double z = quantile_tail(tail);
    /* exp(z^2/2) would pass the range of a double in the farthest tail; AS 241 alone holds there */
    const double refined = z < 37.0 ? halley(-z, 0.5 * erfc(z / SQRT_2) - tail) : -z;
    return q < 0.0 ? refined : -refined;
}

double krn_normal_cdf(double z_share)
{
    return 0.5 * erfc(-z_share / SQRT_2);
}

bool krn_duration_valid(krn_duration d)
{
    return isfinite(d.low_h) && isfinite(d.typical_h) && isfinite(d.high_h) && d.low_h >= 0.0 &&
           d.low_h <= d.typical_h && d.typical_h <= d.high_h &&
           (d.typical_h > 0.0 || d.high_h == 0.0);
}

/* Spread of the two halves; a lower half that starts at 0 has none (see lower_is_line). */
static double lower_spread(krn_duration d)
{
    return d.low_h > 0.0 ? log(d.typical_h / d.low_h) / Z_90 : 0.0;
}

static double upper_spread(krn_duration d)
{
    return d.typical_h > 0.0 ? log(d.high_h / d.typical_h) / Z_90 : 0.0;
}

static bool lower_is_line(krn_duration d)
{
    return d.low_h == 0.0 && d.typical_h > 0.0;
}

double krn_duration_quantile_h(krn_duration d, double p_prob)
{
    assert(krn_duration_valid(d));
    if (isnan(p_prob))
        return NAN;
    if (p_prob < 0.5) {
        if (d.low_h == d.typical_h)
            return d.typical_h;
        if (p_prob <= 0.0)
            return 0.0;
        if (lower_is_line(d))
            return 2.0 * p_prob * d.typical_h;
        return d.typical_h * exp(lower_spread(d) * krn_normal_quantile(p_prob));
    }
    if (d.high_h == d.typical_h || p_prob == 0.5)
        return d.typical_h;
    if (p_prob >= 1.0)
        return INFINITY;
    return d.typical_h * exp(upper_spread(d) * krn_normal_quantile(p_prob));
}

/* h(x) = exp(x^2/2) Phi(x); far below 0 by the asymptotic series of Mill's ratio. */
static double half_moment(double x)
{
    if (x > -25.0)
        return exp(0.5 * x * x) * krn_normal_cdf(x);
    const double r = 1.0 / (x * x);
    return (1.0 - r * (1.0 - 3.0 * r * (1.0 - 5.0 * r * (1.0 - 7.0 * r)))) / (-x * SQRT_2PI);
}

/* First and second moment of D over one half; x = s above the median, -s below. */
static void half_moments(double x, double *out_first, double *out_second)
{
    if (fabs(x) > SMALL_SPREAD) {
        const double h = half_moment(x);
        *out_first = h - 0.5;
        *out_second = half_moment(2.0 * x) - 2.0 * h + 0.5;
        return;
    }
    /* term_k = 1/2 (x/sqrt2)^k / Gamma(k/2 + 1), by two interleaved recurrences in steps of two */
    const double y = x / SQRT_2;
    double odd = y / sqrt(acos(-1.0)); /* k = 1: Gamma(3/2) = sqrt(pi)/2 */
    double even = 0.5 * y * y;         /* k = 2 */
    double first = 0.0;
    double second = 0.0;
    double power = 2.0; /* 2^k */
    for (int k = 1; k <= 39; k += 2) {
        first += odd + even;
        second += (power - 2.0) * odd + (2.0 * power - 2.0) * even;
        odd *= y * y / (0.5 * k + 1.0);
        even *= y * y / (0.5 * (k + 1) + 1.0);
        power *= 4.0;
    }
    *out_first = first;
    *out_second = second;
}

/* Mean and variance of X / typical - 1. */
static void moments(krn_duration d, double *out_mean, double *out_variance)
{
    double low_first = -0.25; /* the line from 0: uniform on (0, typical) */
    double low_second = 1.0 / 6.0;
    double high_first = 0.0;
    double high_second = 0.0;
    if (!lower_is_line(d))
        half_moments(-lower_spread(d), &low_first, &low_second);
    half_moments(upper_spread(d), &high_first, &high_second);
    const double mean = low_first + high_first;
    *out_mean = mean;
    *out_variance = low_second + high_second - mean * mean;
}

double krn_duration_mean_h(krn_duration d)
{
    assert(krn_duration_valid(d));
    if (d.low_h == d.high_h)
        return d.typical_h;
    double mean;
    double variance;
    moments(d, &mean, &variance);
    return d.typical_h + d.typical_h * mean;
}

double krn_duration_variance_h2(krn_duration d)
{
    assert(krn_duration_valid(d));
    if (d.low_h == d.high_h)
        return 0.0;
    double mean;
    double variance;
    moments(d, &mean, &variance);
    return d.typical_h * d.typical_h * variance;
}

krn_duration krn_duration_shift(krn_duration d, double shift_h)
{
    const krn_duration shifted = {d.low_h + shift_h, d.typical_h + shift_h, d.high_h + shift_h};
    assert(krn_duration_valid(shifted));
    return shifted;
}

krn_duration krn_duration_scale(krn_duration d, double factor_share)
{
    assert(factor_share >= 0.0);
    const krn_duration scaled = {d.low_h * factor_share, d.typical_h * factor_share,
                                 d.high_h * factor_share};
    return scaled;
}
