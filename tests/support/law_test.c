/* SPDX-License-Identifier: Apache-2.0 */
/* law_test.c - see law_test.h. */
#include "support/law_test.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CELLS        100u
#define MOMENT_LIMIT 3.891 /* standard errors; chance 1e-4, both sides */

static int rising(const void *a, const void *b)
{
    double x;
    double y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

double law_test_kolmogorov(double *probabilities, size_t n)
{
    qsort(probabilities, n, sizeof *probabilities, rising);
    double most = 0.0;
    for (size_t i = 0; i < n; i++) {
        const double p = probabilities[i];
        most = fmax(most, fmax(((double)i + 1.0) / (double)n - p, p - (double)i / (double)n));
    }
    return most * sqrt((double)n);
}

double law_test_chi_square(const unsigned *counts, size_t n_cells)
{
    double total = 0.0;
    for (size_t i = 0; i < n_cells; i++)
        total += counts[i];
    const double expected = total / (double)n_cells;
    double sum = 0.0;
    for (size_t i = 0; i < n_cells; i++)
        sum += (counts[i] - expected) * (counts[i] - expected) / expected;
    return sum;
}

static void fail_at(const law_test *law, const char *what, double value, double limit)
{
    fprintf(stderr, "%s: %s is %g, allowed %g\n", law->name, what, value, limit);
    fail();
}

static void check_moments(const law_test *law, double mean, double variance, double n)
{
    const double mean_error = fabs(mean - law->mean) / sqrt(law->variance / n);
    if (!(mean_error <= MOMENT_LIMIT))
        fail_at(law, "distance of the mean in standard errors", mean_error, MOMENT_LIMIT);
    const double spread = law->variance * sqrt((law->kurtosis - 1.0) / n);
    const double variance_error = fabs(variance - law->variance) / spread;
    if (!(variance_error <= MOMENT_LIMIT))
        fail_at(law, "distance of the variance in standard errors", variance_error, MOMENT_LIMIT);
}

void law_test_check(const law_test *law, void *context, size_t n)
{
    double *probabilities = malloc(n * sizeof *probabilities);
    assert_non_null(probabilities);
    unsigned counts[CELLS] = {0};
    double sum = 0.0;
    double square = 0.0;
    for (size_t i = 0; i < n; i++) {
        const double x = law->draw(context);
        const double p = law->cdf(context, x);
        if (!(p >= 0.0 && p <= 1.0))
            fail_at(law, "a probability", p, 1.0);
        sum += x - law->mean;
        square += (x - law->mean) * (x - law->mean);
        counts[p < 1.0 ? (size_t)(p * CELLS) : CELLS - 1]++;
        probabilities[i] = p;
    }
    const double size = (double)n;
    check_moments(law, law->mean + sum / size, square / size, size);
    const double d = law_test_kolmogorov(probabilities, n);
    free(probabilities);
    if (!(d <= LAW_TEST_KOLMOGOROV_LIMIT))
        fail_at(law, "Kolmogorov distance", d, LAW_TEST_KOLMOGOROV_LIMIT);
    const double chi_square = law_test_chi_square(counts, CELLS);
    if (!(chi_square <= LAW_TEST_CHI_SQUARE_LIMIT))
        fail_at(law, "chi-square", chi_square, LAW_TEST_CHI_SQUARE_LIMIT);
}

/* Series for x < a + 1, continued fraction (Lentz) of the upper part beyond. */
double law_test_gamma_cdf(double a, double x)
{
    if (x <= 0.0)
        return 0.0;
    const double scale = exp(a * log(x) - x - lgamma(a));
    if (x < a + 1.0) {
        double term = 1.0 / a;
        double sum = term;
        for (double k = 1.0; term > 1e-17 * sum; k += 1.0) {
            term *= x / (a + k);
            sum += term;
        }
        return fmin(sum * scale, 1.0);
    }
    double b = x + 1.0 - a;
    double c = 1e300;
    double d = 1.0 / b;
    double h = d;
    for (double k = 1.0; k < 10000.0; k += 1.0) {
        const double numerator = -k * (k - a);
        b += 2.0;
        d = 1.0 / (numerator * d + b);
        c = b + numerator / c;
        h *= d * c;
        if (fabs(d * c - 1.0) < 1e-15)
            break;
    }
    return 1.0 - scale * h;
}
