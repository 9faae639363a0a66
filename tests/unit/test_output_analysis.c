/* SPDX-License-Identifier: Apache-2.0 */
/* test_output_analysis.c - Student's t, intervals and their coverage, differences, warm-up.
 *
 * Reference quantiles were computed with 30 digits from the incomplete beta function. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/output_analysis.h"
#include "sim/variate.h"
#include "support/assert_near.h"

static void student_quantiles_are_the_tabled_ones(void **state)
{
    (void)state;
    static const struct {
        double degrees, t;
    } printed[] = {{4, 2.7764}, {9, 2.2622}, {19, 2.0930}, {29, 2.0452}};
    for (size_t i = 0; i < 4; i++)
        assert_near(krni_student_quantile(0.975, printed[i].degrees), printed[i].t, 0.5e-4);
    static const double degrees[] = {1.5, 3.0, 9.0, 47.3, 128.0, 5000.0};
    static const struct {
        double p, t[6];
    } exact[] = {
        {0.6,
         {0.30074539256979542, 0.27667066233268991, 0.26095533647391101, 0.25477678083149493,
          0.25387432909799381, 0.2533605839692317}},
        {0.95,
         {3.7051808200967517, 2.3533634348018239, 1.8331129326562372, 1.6777127832264501,
          1.6568452260814932, 1.6451584375969715}},
        {0.999,
         {52.184430008992648, 10.214531852407387, 4.2968056627299185, 3.2716929806897014,
          3.1551245475926149, 3.0918631199609818}},
        {0.999999,
         {5219.4693247069458, 103.29946778041934, 10.7201604099095, 5.416336280230891,
          4.9815672588281273, 4.7590379535051011}},
    };
    for (size_t i = 0; i < 4; i++)
        for (size_t k = 0; k < 6; k++) {
            assert_near_relative(krni_student_quantile(exact[i].p, degrees[k]), exact[i].t[k],
                                 i < 3 ? 1e-13 : 1e-10);
            assert_near_relative(krni_student_quantile(1.0 - exact[i].p, degrees[k]),
                                 -exact[i].t[k], i < 3 ? 1e-12 : 1e-10);
        }
    assert_near_relative(krni_student_quantile(0.975, 12345678.0), 1.9599641766940582, 1e-13);
}

/* One and two degrees in closed form; very many are the normal law. */
static void student_meets_its_closed_forms(void **state)
{
    (void)state;
    const double pi = acos(-1.0);
    for (double p = 0.01; p < 1.0; p += 0.01) {
        const double s = 2.0 * p - 1.0;
        assert_near(krni_student_quantile(p, 1.0), tan(pi * (p - 0.5)), 1e-11);
        assert_near(krni_student_quantile(p, 2.0), s * sqrt(2.0 / (1.0 - s * s)), 1e-12);
        assert_near(krni_student_quantile(p, 1e12), krni_student_quantile(p, INFINITY), 1e-10);
    }
    assert_near(krni_student_quantile(0.5, 7.0), 0.0, 0.0);
    assert_true(isinf(krni_student_quantile(1.0, 7.0)));
    assert_true(krni_student_quantile(0.0, 7.0) < 0.0);
    assert_near_relative(krni_student_quantile(0.9999, 0.25), 1.6e15, 0.9); /* it ends at all */
}

static void student_quantile_is_the_inverse(void **state)
{
    (void)state;
    for (double degrees = 0.5; degrees < 1e9; degrees *= 1.9)
        for (double p = 0.003; p < 1.0; p += 0.0171)
            assert_near(krni_student_cdf(krni_student_quantile(p, degrees), degrees), p, 1e-13);
    assert_near(krni_student_cdf(INFINITY, 3.0), 1.0, 0.0);
    assert_near(krni_student_cdf(-INFINITY, 3.0), 0.0, 0.0);
    assert_near(krni_student_cdf(0.0, 3.0), 0.5, 1e-16);
}

static krni_sample sample_of(const double *x, size_t n)
{
    krni_sample sample = {0};
    for (size_t i = 0; i < n; i++)
        krni_sample_add(&sample, x[i]);
    return sample;
}

/* 1 2 3 4 5: mean 3, S^2 = 2.5, half width t S / sqrt 5 */
static void interval_is_the_textbook_one(void **state)
{
    (void)state;
    const double x[] = {1.0, 2.0, 3.0, 4.0, 5.0};
    krni_sample sample = sample_of(x, 5);
    const krni_interval interval = krni_interval_of(&sample, 0.95);
    assert_int_equal(interval.n, 5);
    assert_near(interval.mean, 3.0, 1e-15);
    assert_near(interval.half_width, 2.7764451051977944 * sqrt(0.5), 1e-13);
    sample = sample_of(x, 1);
    assert_true(isinf(krni_interval_of(&sample, 0.95).half_width));
    sample = sample_of(x, 0);
    assert_true(isnan(krni_interval_of(&sample, 0.95).mean));
}

/* mean 100, half width 4.9: 5 % means 4.76, 6 % means 5.66 */
static void stop_rule_is_stricter_than_the_precision(void **state)
{
    (void)state;
    krni_interval interval = {.n = 10, .mean = -100.0, .half_width = 4.9, .deviation = 1.0};
    assert_false(krni_precise_enough(&interval, 0.05, 10));
    assert_true(krni_precise_enough(&interval, 0.06, 10));
    assert_false(krni_precise_enough(&interval, 0.06, 11));
    interval.half_width = 100.0 * 0.05 / 1.05;
    assert_true(krni_precise_enough(&interval, 0.05, 10));
    interval.mean = 0.0;
    assert_false(krni_precise_enough(&interval, 0.05, 10));
    interval.half_width = 0.0;
    assert_true(krni_precise_enough(&interval, 0.05, 10));
    const double one = 5.0;
    const krni_sample sample = sample_of(&one, 1);
    interval = krni_interval_of(&sample, 0.95);
    assert_false(krni_precise_enough(&interval, 0.05, 0));
}

static void needed_replications_are_the_fewest_that_do(void **state)
{
    (void)state;
    for (double deviation = 1.0; deviation < 300.0; deviation *= 1.7) {
        krni_interval interval = {.n = 10, .mean = 100.0, .deviation = deviation};
        const uint64_t n = krni_replications_needed(&interval, 0.95, 0.05);
        for (uint64_t k = n > 10 ? n - 1 : n; k <= n; k++) {
            interval.n = k;
            interval.half_width =
                krni_student_quantile(0.975, (double)k - 1.0) * deviation / sqrt((double)k);
            assert_true(krni_precise_enough(&interval, 0.05, 10) == (k == n));
        }
    }
    krni_interval nothing = {.n = 10, .mean = 0.0, .deviation = 1.0};
    assert_true(krni_replications_needed(&nothing, 0.95, 0.05) == UINT64_MAX);
}

/* How often a 95 % interval of ten replications holds the true mean; 0.95 +- 3.891 standard errors
 * of 2,000 experiments would be 0.931 to 0.969. */
static void intervals_of_normal_means_cover_as_often_as_they_say(void **state)
{
    (void)state;
    int held = 0;
    for (uint32_t experiment = 0; experiment < 2000; experiment++) {
        krni_stream stream = krni_stream_start(31, 300, experiment);
        krni_sample sample = {0};
        for (int i = 0; i < 10; i++)
            krni_sample_add(&sample, krni_normal(&stream, 50.0, 7.0));
        const krni_interval interval = krni_interval_of(&sample, 0.95);
        held += fabs(interval.mean - 50.0) <= interval.half_width;
    }
    assert_near(held / 2000.0, 0.95, 0.02);
}

/* Each replication is the mean of 30 exponentials: a little skew is left. */
static void intervals_of_exponential_means_cover_as_often_as_they_say(void **state)
{
    (void)state;
    int held = 0;
    for (uint32_t experiment = 0; experiment < 2000; experiment++) {
        krni_stream stream = krni_stream_start(31, 301, experiment);
        krni_sample sample = {0};
        for (int i = 0; i < 10; i++)
            krni_sample_add(&sample, krni_erlang(&stream, 30, 4.0));
        const krni_interval interval = krni_interval_of(&sample, 0.95);
        held += fabs(interval.mean - 4.0) <= interval.half_width;
    }
    assert_near(held / 2000.0, 0.95, 0.02);
}

/* Mean wait of 500 customers of M/M/1, arrival rate 0.5, service rate 1, by Lindley's recursion,
 * begun in the steady state: no wait with probability 1/2, else exponential of mean 2. */
static double mean_wait(uint32_t replication)
{
    krni_exponential_source times = krni_exponential_source_start(31, 302, replication);
    krni_stream start = krni_stream_start(31, 303, replication);
    double wait = krni_bernoulli(&start, 0.5) ? 0.0 : krni_exponential(&start, 2.0);
    double sum = 0.0;
    for (int i = 0; i < 500; i++) {
        sum += wait;
        const double service = krni_exponential_next(&times, 1.0);
        wait = fmax(0.0, wait + service - krni_exponential_next(&times, 2.0));
    }
    return sum / 500.0;
}

/* 1,000 experiments of 10 replications each; the true mean is 1. Bands: binomial, 95 %. */
static void intervals_of_queue_waits_cover_as_often_as_they_say(void **state)
{
    (void)state;
    int held_95 = 0;
    int held_90 = 0;
    for (uint32_t experiment = 0; experiment < 1000; experiment++) {
        krni_sample sample = {0};
        for (uint32_t i = 0; i < 10; i++)
            krni_sample_add(&sample, mean_wait(10 * experiment + i));
        const krni_interval wide = krni_interval_of(&sample, 0.95);
        const krni_interval narrow = krni_interval_of(&sample, 0.90);
        held_95 += fabs(wide.mean - 1.0) <= wide.half_width;
        held_90 += fabs(narrow.mean - 1.0) <= narrow.half_width;
    }
    assert_near(held_95 / 1000.0, 0.95, 0.02);
    assert_near(held_90 / 1000.0, 0.90, 0.025);
}

/* Two plans with the same numbers: the difference is known far better than each. */
static void common_numbers_narrow_the_difference(void **state)
{
    (void)state;
    krni_pairs common = {0};
    krni_pairs apart = {0};
    for (uint32_t i = 0; i < 40; i++) {
        krni_stream a = krni_stream_start(33, 310, i);
        krni_stream b = krni_stream_start(33, 310, i);
        krni_stream c = krni_stream_start(33, 311, i);
        const double slow = krni_exponential(&a, 11.0);
        krni_pairs_add(&common, slow, krni_exponential(&b, 10.0));
        krni_pairs_add(&apart, slow, krni_exponential(&c, 10.0));
    }
    assert_near(krni_pairs_correlation(&common), 1.0, 1e-12);
    assert_near(krni_pairs_correlation(&apart), 0.0, 0.5);
    assert_true(10.0 * krni_pairs_interval(&common, 0.95).half_width <
                krni_pairs_interval(&apart, 0.95).half_width);
}

/* x 1 2 3 4, y 2 1 4 3: covariance 1, variances 5/3 each, correlation 0.6 */
static void differences_are_taken_pair_by_pair(void **state)
{
    (void)state;
    krni_pairs pairs = {0};
    krni_pairs_add(&pairs, 1.0, 2.0);
    krni_pairs_add(&pairs, 2.0, 1.0);
    krni_pairs_add(&pairs, 3.0, 4.0);
    assert_near(krni_pairs_correlation(&pairs), sqrt(3.0 / 7.0), 1e-14);
    krni_pairs_add(&pairs, 4.0, 3.0);
    assert_near(krni_pairs_correlation(&pairs), 0.6, 1e-14);
    const krni_interval interval = krni_pairs_interval(&pairs, 0.95);
    assert_near(interval.mean, 0.0, 1e-15);
    assert_near(interval.deviation, sqrt(4.0 / 3.0), 1e-14);
    krni_pairs still = {0};
    krni_pairs_add(&still, 1.0, 2.0);
    krni_pairs_add(&still, 1.0, 3.0);
    assert_true(isnan(krni_pairs_correlation(&still)));
}

/* 10 9 8 ... 1, then fifteen times 0 1 */
static void golden_series_is_cut_after_ten_values(void **state)
{
    (void)state;
    static const double printed[] = {0.782187, 0.110554, 0.001667, 0.001920, 0.002500};
    double values[40];
    for (int i = 0; i < 40; i++)
        values[i] = (double)(i < 10 ? 10 - i : i % 2);
    double mser[5];
    const krni_warm_up warm_up = krni_mser(values, 40, KRNI_MSER_BATCH, mser);
    for (int d = 0; d < 5; d++)
        assert_near(mser[d], printed[d], 0.5e-6);
    assert_int_equal(warm_up.batches, 8);
    assert_int_equal(warm_up.cut, 2);
    assert_int_equal(warm_up.cut_values, 10);
    assert_near(warm_up.mser, 1.0 / 600.0, 1e-15);
    assert_near(warm_up.mean, 0.5, 1e-15);
    assert_false(warm_up.too_short);
}

/* A value that only rises has its least MSER at the end of what may be cut. */
static void rising_series_is_too_short(void **state)
{
    (void)state;
    enum { N = 203 };
    double values[N];
    for (int i = 0; i < 203; i++)
        values[i] = i;
    const krni_warm_up warm_up = krni_mser(values, 203, KRNI_MSER_BATCH, NULL);
    assert_int_equal(warm_up.batches, 40);
    assert_int_equal(warm_up.cut, 20);
    assert_true(warm_up.too_short);
    assert_true(krni_mser(values, 0, 5, NULL).too_short);
    assert_true(krni_mser(values, 4, 5, NULL).too_short);
    assert_true(krni_mser(values, 9, 5, NULL).too_short);
}

static void constant_series_needs_no_cut(void **state)
{
    (void)state;
    double values[100];
    for (int i = 0; i < 100; i++)
        values[i] = 0.3;
    const krni_warm_up warm_up = krni_mser(values, 100, KRNI_MSER_BATCH, NULL);
    assert_int_equal(warm_up.cut, 0);
    assert_false(warm_up.too_short);
    assert_near(warm_up.mean, 0.3, 1e-16);
}

/* Against the formula, term by term. */
static void mser_meets_its_formula_on_random_series(void **state)
{
    (void)state;
    krni_stream stream = krni_stream_start(1, 320, 0);
    for (int round = 0; round < 200; round++) {
        double values[400];
        double mser[201];
        const uint32_t n = 1 + krni_below(&stream, 400);
        const uint32_t batch = 1 + krni_below(&stream, 6);
        const uint32_t m = n / batch;
        for (uint32_t i = 0; i < n; i++)
            values[i] = krni_normal(&stream, 100.0 * exp(-0.05 * i), 1.0);
        const krni_warm_up warm_up = krni_mser(values, n, batch, mser);
        for (uint32_t d = 0; m > 0 && d <= m / 2; d++) {
            double z[400];
            double mean = 0.0;
            double sum = 0.0;
            for (uint32_t j = d; j < m; j++) {
                z[j] = 0.0;
                for (uint32_t i = 0; i < batch; i++)
                    z[j] += values[j * batch + i] / batch;
                mean += z[j] / (m - d);
            }
            for (uint32_t j = d; j < m; j++)
                sum += (z[j] - mean) * (z[j] - mean);
            assert_near(mser[d], sum / (m - d) / (m - d), 1e-9);
            assert_true(warm_up.mser <= mser[d]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(student_quantiles_are_the_tabled_ones),
        cmocka_unit_test(student_meets_its_closed_forms),
        cmocka_unit_test(student_quantile_is_the_inverse),
        cmocka_unit_test(interval_is_the_textbook_one),
        cmocka_unit_test(stop_rule_is_stricter_than_the_precision),
        cmocka_unit_test(needed_replications_are_the_fewest_that_do),
        cmocka_unit_test(intervals_of_normal_means_cover_as_often_as_they_say),
        cmocka_unit_test(intervals_of_exponential_means_cover_as_often_as_they_say),
        cmocka_unit_test(intervals_of_queue_waits_cover_as_often_as_they_say),
        cmocka_unit_test(common_numbers_narrow_the_difference),
        cmocka_unit_test(differences_are_taken_pair_by_pair),
        cmocka_unit_test(golden_series_is_cut_after_ten_values),
        cmocka_unit_test(rising_series_is_too_short),
        cmocka_unit_test(constant_series_needs_no_cut),
        cmocka_unit_test(mser_meets_its_formula_on_random_series),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
