/* law_test.h - does a source of numbers follow a law? Moments, Kolmogorov-Smirnov, chi-square.
 *
 *   1 |        ___---      D: the largest distance between the share of draws up to x and the
 *     |    .--'            law's distribution function F(x);
 *   0 +--''------->        chi-square: F(draw) in 100 cells of equal probability
 *
 * Thresholds: a source that follows the law fails with a chance of 1e-4 per test; the seeds are
 * fixed, so a test that passes passes always. */
#ifndef SUPPORT_LAW_TEST_H
#define SUPPORT_LAW_TEST_H

#include <stddef.h>

typedef struct law_test {
    const char *name;
    double (*draw)(void *context);
    double (*cdf)(void *context, double x);
    double mean, variance;
    double kurtosis; /* fourth central moment over variance^2: 3 of a normal law */
} law_test;

/* Stops the test with a message when the draws do not follow the law. n >= 1000. */
void law_test_check(const law_test *law, void *context, size_t n);

/* Regularised lower incomplete gamma function P(a, x), a > 0, x >= 0; |error| < 1e-12. */
double law_test_gamma_cdf(double a, double x);

/* Largest distance of n draws (sorted here) from the uniform law on (0, 1), times sqrt n. */
double law_test_kolmogorov(double *probabilities, size_t n);

/* Sum of (count - expected)^2 / expected over cells of equal expectation. */
double law_test_chi_square(const unsigned *counts, size_t n_cells);

#define LAW_TEST_KOLMOGOROV_LIMIT 2.2252 /* chance 1e-4: sqrt(ln(2e4) / 2) */
#define LAW_TEST_CHI_SQUARE_LIMIT 160.06 /* chance 1e-4, 99 degrees of freedom */

#endif
