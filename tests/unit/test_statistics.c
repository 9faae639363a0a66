/* SPDX-License-Identifier: Apache-2.0 */
/* test_statistics.c - samples, levels, series and batches against sums written out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sim/statistics.h"
#include "sim/variate.h"
#include "support/assert_near.h"

#define MOST 5000

static void known_values_give_known_moments(void **state)
{
    (void)state;
    krni_sample sample = {0};
    assert_true(isnan(krni_sample_mean(&sample)));
    assert_true(isnan(krni_sample_variance(&sample)));
    assert_near(krni_sample_total(&sample), 0.0, 0.0);
    krni_sample_add(&sample, 4.0);
    assert_near(krni_sample_mean(&sample), 4.0, 0.0);
    assert_true(isnan(krni_sample_variance(&sample)));
    krni_sample_add(&sample, 7.0);
    krni_sample_add(&sample, 13.0);
    krni_sample_add(&sample, 16.0);
    assert_int_equal(sample.count, 4);
    assert_near(krni_sample_mean(&sample), 10.0, 1e-14);
    assert_near(krni_sample_variance(&sample), 30.0, 1e-13);
    assert_near(krni_sample_deviation(&sample), sqrt(30.0), 1e-14);
    assert_near(krni_sample_total(&sample), 40.0, 1e-13);
    assert_near(sample.least, 4.0, 0.0);
    assert_near(sample.greatest, 16.0, 0.0);
}

static void variance_survives_a_mean_far_from_zero(void **state)
{
    (void)state;
    krni_sample sample = {0};
    const double values[] = {1e9 + 4.0, 1e9 + 7.0, 1e9 + 13.0, 1e9 + 16.0};
    for (int i = 0; i < 4; i++)
        krni_sample_add(&sample, values[i]);
    assert_near(krni_sample_variance(&sample), 30.0, 1e-13);
}

static void equal_values_have_no_variance(void **state)
{
    (void)state;
    krni_sample sample = {0};
    for (int i = 0; i < 1000; i++)
        krni_sample_add(&sample, 0.1);
    assert_near(krni_sample_mean(&sample), 0.1, 0.0);
    assert_near(krni_sample_variance(&sample), 0.0, 0.0);
}

/* Two passes in long double. */
static void assert_moments(const krni_sample *sample, const double *x, size_t n)
{
    long double sum = 0.0L;
    long double square = 0.0L;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    const long double mean = sum / (long double)n;
    for (size_t i = 0; i < n; i++)
        square += (x[i] - mean) * (x[i] - mean);
    assert_int_equal(sample->count, n);
    assert_near_relative(krni_sample_mean(sample), (double)mean, 1e-15);
    assert_near_relative(krni_sample_variance(sample), (double)(square / (n - 1)), 1e-12);
}

/* First value of 1 among others around 1000: it lies 1000 standard deviations away. */
static void moments_meet_two_passes_over_the_values(void **state)
{
    (void)state;
    static double x[MOST];
    krni_stream stream = krni_stream_start(1, 100, 0);
    for (int round = 0; round < 60; round++) {
        const size_t n = 2 + krni_below(&stream, MOST - 1);
        krni_sample sample = {0};
        for (size_t i = 0; i < n; i++) {
            x[i] = round % 3 == 0   ? krni_exponential(&stream, 50.0)
                   : round % 3 == 1 ? krni_normal(&stream, -3.0, 1.0)
                   : i              ? krni_normal(&stream, 1000.0, 1.0)
                                    : 1.0;
            krni_sample_add(&sample, x[i]);
        }
        assert_moments(&sample, x, n);
    }
}

static void merged_samples_are_the_sample_of_all(void **state)
{
    (void)state;
    static double x[MOST];
    krni_stream stream = krni_stream_start(1, 101, 0);
    for (int round = 0; round < 60; round++) {
        const size_t n = 2 + krni_below(&stream, MOST - 1);
        krni_sample whole = {0};
        krni_sample part = {0};
        for (size_t i = 0; i < n; i++) {
            x[i] = krni_normal(&stream, 200.0 + round, 10.0);
            krni_sample_add(&part, x[i]);
            if (krni_bernoulli(&stream, 0.01) || i == n - 1) {
                krni_sample_merge(&whole, &part);
                part = (krni_sample){0};
                krni_sample_merge(&whole, &part);
            }
        }
        assert_moments(&whole, x, n);
        krni_sample once = {0};
        for (size_t i = 0; i < n; i++)
            krni_sample_add(&once, x[i]);
        assert_near(whole.least, once.least, 0.0);
        assert_near(whole.greatest, once.greatest, 0.0);
    }
}

/* 10^7 times 0.1: a plain sum is off in the tenth digit. */
static void long_sums_keep_their_digits(void **state)
{
    (void)state;
    krni_sum sum = {0};
    for (int i = 0; i < 10000000; i++)
        krni_sum_add(&sum, 0.1);
    assert_near(krni_sum_value(sum), 1000000.0 + 1e7 * 5.551115123125783e-18, 2e-10);
}

/*  3 |        ____
 *  1 |   ____|    |
 *  0 |__|         |____
 *    0  2    5    7    10      area 3 + 6 = 9 */
static void level_is_averaged_over_time(void **state)
{
    (void)state;
    krni_level level = krni_level_start(0.0, 0.0);
    assert_near(krni_level_mean(&level, 0.0), 0.0, 0.0);
    krni_level_set(&level, 2.0, 1.0);
    krni_level_add(&level, 5.0, 2.0);
    assert_near(krni_level_mean(&level, 6.0), 1.0, 1e-15);
    krni_level_set(&level, 7.0, 0.0);
    assert_near(krni_level_integral(&level, 10.0), 9.0, 1e-15);
    assert_near(krni_level_mean(&level, 10.0), 0.9, 1e-15);
    assert_near(level.least, 0.0, 0.0);
    assert_near(level.greatest, 3.0, 0.0);
}

static void restart_forgets_what_was_before(void **state)
{
    (void)state;
    krni_level level = krni_level_start(0.0, 9.0);
    krni_level_set(&level, 4.0, 2.0);
    krni_level_restart(&level, 6.0);
    assert_near(krni_level_mean(&level, 6.0), 2.0, 0.0);
    krni_level_set(&level, 8.0, 5.0);
    assert_near(krni_level_mean(&level, 9.0), 3.0, 1e-15);
    assert_near(level.least, 2.0, 0.0);
    assert_near(level.greatest, 5.0, 0.0);
}

/* Little's law on a line of customers that starts and ends empty: the area under their number is
 * the sum of their times in the system. */
static void area_is_the_sum_of_times_in_system(void **state)
{
    (void)state;
    enum { N = 20000 };
    static double leave[N];
    krni_stream stream = krni_stream_start(1, 102, 0);
    krni_level number = krni_level_start(0.0, 0.0);
    krni_sample times = {0};
    double now = 0.0;
    double free_at = 0.0;
    size_t next = 0;
    for (size_t i = 0; i <= N; i++) {
        now += krni_exponential(&stream, 1.0 / 0.9);
        for (; next < i && (leave[next] <= now || i == N); next++)
            krni_level_add(&number, leave[next], -1.0);
        if (i == N)
            break;
        krni_level_add(&number, now, 1.0);
        free_at = fmax(free_at, now) + krni_exponential(&stream, 1.0);
        leave[i] = free_at;
        krni_sample_add(&times, free_at - now);
    }
    assert_near(number.value, 0.0, 0.0);
    assert_near_relative(krni_level_integral(&number, number.since), krni_sample_total(&times),
                         1e-13);
}

/*  2 |    ______         intervals of 10: 10, 20, 5 + 0, 0 */
static void series_splits_a_level_into_intervals(void **state)
{
    (void)state;
    double sum[4];
    krni_series series = krni_series_start(100.0, 10.0, 4, sum, 0.0);
    krni_series_set(&series, 105.0, 2.0);
    krni_series_set(&series, 120.0, 1.0);
    krni_series_set(&series, 125.0, 0.0);
    krni_series_set(&series, 500.0, 7.0);
    assert_near(krni_series_mean(&series, 0), 1.0, 1e-15);
    assert_near(krni_series_mean(&series, 1), 2.0, 1e-15);
    assert_near(krni_series_mean(&series, 2), 0.5, 1e-15);
    assert_near(krni_series_mean(&series, 3), 0.0, 0.0);
    krni_series_set(&series, 600.0, 7.0);
    assert_near(krni_series_mean(&series, 3), 0.0, 0.0);
}

static void series_adds_up_to_the_level(void **state)
{
    (void)state;
    double sum[37];
    krni_stream stream = krni_stream_start(1, 103, 0);
    krni_series series = krni_series_start(5.0, 0.7, 37, sum, 3.0);
    krni_level level = krni_level_start(5.0, 3.0);
    double time = 5.0;
    for (;;) {
        time += krni_exponential(&stream, 0.4);
        if (time > 5.0 + 0.7 * 37)
            break;
        const double value = krni_normal(&stream, 2.0, 3.0);
        krni_series_set(&series, time, value);
        krni_level_set(&level, time, value);
    }
    const double end = 5.0 + 0.7 * 37;
    krni_series_set(&series, end, 0.0);
    double total = 0.0;
    for (int i = 0; i < 37; i++)
        total += sum[i];
    assert_near(total, krni_level_integral(&level, end), 1e-12);
}

static void series_counts_by_interval(void **state)
{
    (void)state;
    double sum[3];
    krni_series series = krni_series_start(0.0, 2.0, 3, sum, 0.0);
    assert_true(krni_series_count(&series, 0.0, 1.0));
    assert_true(krni_series_count(&series, 1.999, 2.0));
    assert_true(krni_series_count(&series, 2.0, 4.0));
    assert_true(krni_series_count(&series, 5.0, 8.0));
    assert_false(krni_series_count(&series, 6.0, 16.0));
    assert_near(sum[0], 3.0, 0.0);
    assert_near(sum[1], 4.0, 0.0);
    assert_near(sum[2], 8.0, 0.0);
}

/* Whatever the length, 8 to 15 means of equal size that are the means of what came. */
static void batches_stay_few_and_are_the_means(void **state)
{
    (void)state;
    double mean[16];
    krni_batches batches = krni_batches_start(mean, 16, 5);
    for (int i = 0; i < 10000; i++) {
        krni_batches_add(&batches, i);
        assert_true(batches.n < 16);
        assert_true(i < 16 * 5 || batches.n >= 8);
        assert_int_equal(batches.n * batches.size + batches.waiting, i + 1);
    }
    for (uint32_t b = 0; b < batches.n; b++)
        assert_near_relative(mean[b], ((double)b + 0.5) * (double)batches.size - 0.5, 1e-14);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_values_give_known_moments),
        cmocka_unit_test(variance_survives_a_mean_far_from_zero),
        cmocka_unit_test(equal_values_have_no_variance),
        cmocka_unit_test(moments_meet_two_passes_over_the_values),
        cmocka_unit_test(merged_samples_are_the_sample_of_all),
        cmocka_unit_test(long_sums_keep_their_digits),
        cmocka_unit_test(level_is_averaged_over_time),
        cmocka_unit_test(restart_forgets_what_was_before),
        cmocka_unit_test(area_is_the_sum_of_times_in_system),
        cmocka_unit_test(series_splits_a_level_into_intervals),
        cmocka_unit_test(series_adds_up_to_the_level),
        cmocka_unit_test(series_counts_by_interval),
        cmocka_unit_test(batches_stay_few_and_are_the_means),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
