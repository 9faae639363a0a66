/* SPDX-License-Identifier: Apache-2.0 */
/* ensemble_reckon.c - a figure that is reckoned in every replication, and what it comes to over
 * them: mean and half width of the 95 % interval by Student's t. */
#include <keruen/ensemble.h>

#include <assert.h>
#include <math.h>

#include "sim/output_analysis.h"

#define UPPER_PROB 0.975 /* of an interval of 95 % with two sides */

krn_estimate krn_ensemble_reckon(const krn_ensemble *ensemble,
                                 double (*value)(const void *context, const double *metrics),
                                 const void *context)
{
    double mean = 0, squares = 0; /* Welford: sums of squares about the mean so far */
    uint32_t n = 0;
    for (uint32_t i = 0; i < krn_ensemble_size(ensemble); i++) {
        const double x = value(context, krn_ensemble_metrics(ensemble, i));
        if (isnan(x))
            continue;
        const double step = x - mean;
        n++;
        mean += step / n;
        squares += step * (x - mean);
    }
    assert(squares >= 0);
    const krn_estimate none = {(double)NAN, (double)NAN, 0};
    if (n == 0)
        return none;
    const double half =
        n < 2 ? (double)NAN
              : krni_student_quantile(UPPER_PROB, n - 1.0) * sqrt(squares / (n - 1.0) / n);
    return (krn_estimate){mean, half, n};
}
