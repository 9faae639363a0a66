/* SPDX-License-Identifier: Apache-2.0 */
/* test_quantile.c - exact up to the limit, within 1/257 beyond, the same in any order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/quantile.h"
#include "sim/variate.h"
#include "support/assert_near.h"
#include "support/failing_alloc.h"

#define MOST  20000
#define BOUND (1.0 / 257.0)

static const krni_quantile_rule times = {.limit = 1000, .least = 1e-3, .greatest = 1e6};

static krni_quantile *quantile_new(krni_quantile_rule rule)
{
    krni_quantile *made = NULL;
    assert_int_equal(krni_quantile_new(&rule, &made, NULL), KRN_OK);
    return made;
}

static int rising(const void *a, const void *b)
{
    double x;
    double y;
    memcpy(&x, a, sizeof x);
    memcpy(&y, b, sizeof y);
    return (x > y) - (x < y);
}

/* From sorted values. */
static double exact_quantile(const double *x, size_t n, double p)
{
    const double place = p * (double)(n - 1);
    const size_t rank = (size_t)place;
    const double next = x[rank + 1 < n ? rank + 1 : rank];
    return x[rank] + (place - (double)rank) * (next - x[rank]);
}

static void few_values_are_answered_exactly(void **state)
{
    (void)state;
    krni_quantile *q = quantile_new(times);
    assert_true(isnan(krni_quantile_at(q, 0.5)));
    const double values[] = {7.0, 1.0, 3.0, 1e9, -4.0};
    for (int i = 0; i < 5; i++)
        krni_quantile_add(q, values[i]);
    assert_near(krni_quantile_at(q, 0.0), -4.0, 0.0);
    assert_near(krni_quantile_at(q, 0.25), 1.0, 0.0);
    assert_near(krni_quantile_at(q, 0.5), 3.0, 0.0);
    assert_near(krni_quantile_at(q, 0.625), 5.0, 0.0);
    assert_near(krni_quantile_at(q, 1.0), 1e9, 0.0);
    assert_int_equal(krni_quantile_count(q), 5);
    assert_true(krni_quantile_exact(q));
    krni_quantile_clear(q);
    krni_quantile_add(q, 2.0);
    assert_near(krni_quantile_at(q, 0.3), 2.0, 0.0);
    krni_quantile_free(q);
}

static double some_time(krni_stream *stream, int law)
{
    switch (law) {
    case 0:
        return krni_exponential(stream, 30.0);
    case 1:
        return exp(krni_normal(stream, 2.0, 3.0)) + 1e-3; /* over many powers of ten */
    case 2:
        return 1.0 + krni_below(stream, 40); /* many equal */
    default:
        return krni_bernoulli(stream, 0.4) ? 0.0 : krni_gamma(stream, 5.0, 20.0) + 1e-3;
    }
}

static void many_values_are_within_the_bound(void **state)
{
    (void)state;
    static const double p[] = {0.0, 0.001, 0.1, 0.25, 0.5, 0.77, 0.9, 0.99, 0.9999, 1.0};
    static double x[MOST];
    krni_stream stream = krni_stream_start(1, 200, 0);
    for (int law = 0; law < 4; law++)
        for (int round = 0; round < 10; round++) {
            krni_quantile *q = quantile_new(times);
            const size_t n = 900 + krni_below(&stream, MOST - 900);
            for (size_t i = 0; i < n; i++) {
                x[i] = fmin(some_time(&stream, law), 999999.0);
                krni_quantile_add(q, x[i]);
            }
            qsort(x, n, sizeof *x, rising);
            assert_int_equal(krni_quantile_exact(q), n <= 1000);
            for (size_t i = 0; i < sizeof p / sizeof *p; i++) {
                const double expected = exact_quantile(x, n, p[i]);
                const double bound = n <= 1000 ? 0.0 : BOUND * expected * (1.0 + 1e-12) + 1e-3;
                assert_near(krni_quantile_at(q, p[i]), expected, bound);
            }
            krni_quantile_free(q);
        }
}

/* Every bucket from end to end: the first and the last double in it meet the bound. */
static void each_bucket_meets_the_bound_at_its_ends(void **state)
{
    (void)state;
    const krni_quantile_rule rule = {.limit = 0, .least = 0.25, .greatest = 64.0};
    for (double a = 0.25; a < 64.0; a *= 2.0)
        for (int part = 0; part < 128; part++) {
            const double low = a * (1.0 + part / 128.0);
            const double high = nextafter(a * (1.0 + (part + 1) / 128.0), 0.0);
            krni_quantile *q = quantile_new(rule);
            krni_quantile_add(q, 0.25);
            krni_quantile_add(q, low);
            krni_quantile_add(q, high);
            krni_quantile_add(q, 63.9);
            assert_near_relative(krni_quantile_at(q, 1.0 / 3.0), low, BOUND * (1.0 + 1e-12));
            assert_near_relative(krni_quantile_at(q, 2.0 / 3.0), high, BOUND * (1.0 + 1e-12));
            krni_quantile_free(q);
        }
}

static void values_below_zero_are_told_apart_when_asked_for(void **state)
{
    (void)state;
    krni_quantile_rule rule = {.limit = 0, .least = 0.01, .greatest = 1000.0, .is_signed = true};
    static double x[MOST];
    krni_stream stream = krni_stream_start(1, 201, 0);
    krni_quantile *q = quantile_new(rule);
    for (size_t i = 0; i < MOST; i++) {
        x[i] = krni_normal(&stream, -5.0, 20.0);
        krni_quantile_add(q, x[i]);
    }
    qsort(x, MOST, sizeof *x, rising);
    for (double p = 0.0; p <= 1.0; p += 0.0625) {
        const double expected = exact_quantile(x, MOST, p);
        assert_near(krni_quantile_at(q, p), expected, BOUND * fabs(expected) * 1.01 + 0.01);
    }
    krni_quantile_free(q);
    rule.is_signed = false;
    q = quantile_new(rule);
    for (int i = -3; i <= 1; i++)
        krni_quantile_add(q, i);
    assert_near(krni_quantile_at(q, 0.5), 0.0, 0.0);
    assert_near(krni_quantile_at(q, 0.0), -3.0, 0.0);
    krni_quantile_free(q);
}

/* Sizes outside of the rule: too small is 0, too large is the greatest; the ends stay exact. */
static void sizes_outside_of_the_rule_are_bounded(void **state)
{
    (void)state;
    const krni_quantile_rule rule = {.limit = 0, .least = 1.0, .greatest = 1000.0};
    krni_quantile *q = quantile_new(rule);
    krni_quantile_add(q, 0.1);
    krni_quantile_add(q, 0.2);
    krni_quantile_add(q, 0.3);
    krni_quantile_add(q, 1e30);
    krni_quantile_add(q, 1e40);
    krni_quantile_add(q, INFINITY);
    assert_near(krni_quantile_at(q, 0.0), 0.1, 0.0);
    assert_near(krni_quantile_at(q, 0.2), 0.1, 0.0); /* 0, raised to the smallest value */
    assert_near_relative(krni_quantile_at(q, 0.6), 1000.0, 2.0 * BOUND);
    assert_true(isinf(krni_quantile_at(q, 1.0)));
    krni_quantile_free(q);
}

/* The same values in another order, split over other parts, merged in another order. */
static void merging_knows_no_order(void **state)
{
    (void)state;
    static double x[MOST];
    static const double p[] = {0.0, 0.01, 0.1, 0.5, 0.9, 0.99, 1.0};
    krni_stream stream = krni_stream_start(1, 202, 0);
    for (int round = 0; round < 40; round++) {
        const size_t n = round % 2 ? 1 + krni_below(&stream, 1200) : MOST;
        double expected[7];
        for (size_t i = 0; i < n; i++)
            x[i] = krni_bernoulli(&stream, 0.01) ? -0.0 : some_time(&stream, round % 4);
        for (int order = 0; order < 3; order++) {
            krni_quantile *part[5];
            for (int k = 0; k < 5; k++)
                part[k] = quantile_new(times);
            for (size_t i = 0; i < n; i++)
                krni_quantile_add(part[order ? krni_below(&stream, 5) : 0],
                                  x[order == 2 ? n - 1 - i : i]);
            for (int k = 1; k < 5; k++)
                krni_quantile_merge(part[0], part[order == 1 ? k : 5 - k]);
            assert_int_equal(krni_quantile_count(part[0]), n);
            assert_int_equal(krni_quantile_exact(part[0]), n <= 1000);
            for (int i = 0; i < 7; i++) {
                const double at = krni_quantile_at(part[0], p[i]);
                if (order == 0)
                    expected[i] = at;
                assert_memory_equal(&at, &expected[i], sizeof at);
            }
            for (int k = 0; k < 5; k++)
                krni_quantile_free(part[k]);
        }
    }
}

static void wrong_rules_and_lack_of_memory_are_reported(void **state)
{
    (void)state;
    const krni_quantile_rule wrong[] = {{10, 0.0, 1.0, false},
                                        {10, 2.0, 1.0, false},
                                        {10, 1.0, INFINITY, false},
                                        {10, NAN, 1.0, false}};
    krni_quantile *q = NULL;
    krn_error err;
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(krni_quantile_new(&wrong[i], &q, &err), KRN_E_ARG);
        assert_null(q);
    }
    for (long n = 1;; n++) {
        failing_alloc_arm(n);
        const krn_status status = krni_quantile_new(&times, &q, &err);
        if (!failing_alloc_disarm())
            break;
        assert_int_equal(status, KRN_E_MEMORY);
        assert_null(q);
    }
    assert_true(krni_quantile_bytes(q) < 40000);
    krni_quantile_free(q);
    krni_quantile_free(NULL);
}

static void histogram_counts_by_bins_of_equal_width(void **state)
{
    (void)state;
    uint64_t count[10];
    double edge[11];
    krni_histogram h = krni_histogram_start(0.1, 1.1, 10, false, count, edge);
    for (int i = 0; i <= 10; i++) { /* the edges themselves belong to the bin on their right */
        krni_histogram_add(&h, edge[i]);
        krni_histogram_add(&h, nextafter(edge[i], 0.0));
    }
    for (int i = 0; i < 10; i++)
        assert_int_equal(count[i], 2);
    assert_int_equal(h.below, 1);
    assert_int_equal(h.above, 1);
    krni_histogram_add(&h, -INFINITY);
    krni_histogram_add(&h, INFINITY);
    assert_int_equal(h.below, 2);
    assert_int_equal(h.above, 2);
}

static void histogram_counts_by_bins_of_equal_ratio(void **state)
{
    (void)state;
    uint64_t count[6];
    uint64_t other_count[6];
    double edge[7];
    double other_edge[7];
    krni_histogram h = krni_histogram_start(0.01, 1e4, 6, true, count, edge);
    krni_histogram other = krni_histogram_start(0.01, 1e4, 6, true, other_count, other_edge);
    for (double x = 0.02; x < 1e5; x *= 10.0) {
        krni_histogram_add(&h, x);
        krni_histogram_add(&other, 2.0 * x);
    }
    assert_near_relative(edge[2], 1.0, 1e-14);
    krni_histogram_merge(&h, &other);
    for (int i = 0; i < 6; i++)
        assert_int_equal(count[i], 2);
    assert_int_equal(h.below, 0);
    assert_int_equal(h.above, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_values_are_answered_exactly),
        cmocka_unit_test(many_values_are_within_the_bound),
        cmocka_unit_test(each_bucket_meets_the_bound_at_its_ends),
        cmocka_unit_test(values_below_zero_are_told_apart_when_asked_for),
        cmocka_unit_test(sizes_outside_of_the_rule_are_bounded),
        cmocka_unit_test(merging_knows_no_order),
        cmocka_unit_test(wrong_rules_and_lack_of_memory_are_reported),
        cmocka_unit_test(histogram_counts_by_bins_of_equal_width),
        cmocka_unit_test(histogram_counts_by_bins_of_equal_ratio),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
