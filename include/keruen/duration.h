/* duration.h - the law of a time that is known by three percentiles.
 *
 * Two-piece lognormal through P10, P50, P90: Q(p) = typical * exp(s(p) * z(p)) with z the standard
 * normal quantile, s = ln(typical/low)/z(0.9) below the median and ln(high/typical)/z(0.9) above.
 * It meets the three figures exactly for 0 < low <= typical <= high. Equal figures are a constant.
 * low = 0 < typical (an uncertain delay that may be nothing): the lower half is linear in p from 0,
 * Q(p) = 2 p typical for p < 0.5. All zero is the constant 0.
 *
 *   units      hours; probabilities 0..1
 *   errors     none; a triplet out of order is a caller's mistake (asserted)
 */
#ifndef KERUEN_DURATION_H
#define KERUEN_DURATION_H

#include <keruen/units.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Standard normal quantile, |error| < 1e-15 relative for 1e-300 < p < 1 - 1e-16; p <= 0 gives
 * -infinity, p >= 1 +infinity. (Wichura 1988, algorithm AS 241, with one Halley step.) */
KRN_API double krn_normal_quantile(double p_prob);

/* Standard normal distribution function. */
KRN_API double krn_normal_cdf(double z_share);

/* Whether 0 <= low <= typical <= high, all finite, and typical > 0 wherever high > 0. */
KRN_API bool krn_duration_valid(krn_duration d);

/* Q(p), hours; p outside (0, 1) gives the limits (0 or typical below, infinity above unless
 * constant). */
KRN_API double krn_duration_quantile_h(krn_duration d, double p_prob);

/* Mean, hours; closed form. */
KRN_API double krn_duration_mean_h(krn_duration d);

/* Variance, square hours; closed form. */
KRN_API double krn_duration_variance_h2(krn_duration d);

/* Adds a constant number of hours to all three figures (a shift keeps order). */
KRN_API krn_duration krn_duration_shift(krn_duration d, double shift_h);

/* Multiplies all three figures by a factor >= 0. */
KRN_API krn_duration krn_duration_scale(krn_duration d, double factor_share);

#ifdef __cplusplus
}
#endif
#endif
