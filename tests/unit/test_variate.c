/* SPDX-License-Identifier: Apache-2.0 */
/* test_variate.c - every law against its distribution function written here: moments,
 * Kolmogorov-Smirnov and chi-square at 1e-4, 200,000 draws each from fixed seeds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <keruen/duration.h>

#include "sim/variate.h"
#include "support/assert_near.h"
#include "support/law_test.h"

#define DRAWS 200000u

typedef struct source {
    krni_stream stream;
    krni_exponential_source exponential;
    double a, b, c;
    krn_duration duration;
    krni_quantile_line line;
} source;

static source source_start(uint64_t id, double a, double b, double c)
{
    source s = {.stream = krni_stream_start(20261123, id, 0), .a = a, .b = b, .c = c};
    s.exponential = krni_exponential_source_start(20261123, id, 0);
    return s;
}

static double draw_uniform(void *context)
{
    source *s = context;
    return krni_uniform_between(&s->stream, s->a, s->b);
}

static double uniform_cdf(void *context, double x)
{
    const source *s = context;
    return (x - s->a) / (s->b - s->a);
}

static void uniform_is_even_and_open(void **state)
{
    (void)state;
    source s = source_start(1, -2.0, 5.0, 0.0);
    const law_test law = {"uniform", draw_uniform, uniform_cdf, 1.5, 49.0 / 12.0, 1.8};
    law_test_check(&law, &s, DRAWS);
    assert_true(krni_word_uniform(0) == 0x1p-53);
    assert_true(krni_word_uniform(UINT64_MAX) == 1.0 - 0x1p-53);
}

static double draw_exponential(void *context)
{
    source *s = context;
    return krni_exponential(&s->stream, s->a);
}

static double draw_exponential_ahead(void *context)
{
    source *s = context;
    return krni_exponential_next(&s->exponential, s->a);
}

static double exponential_cdf(void *context, double x)
{
    const source *s = context;
    return -expm1(-x / s->a);
}

static void exponential_follows_its_law(void **state)
{
    (void)state;
    source s = source_start(2, 4.0, 0.0, 0.0);
    const law_test law = {"exponential", draw_exponential, exponential_cdf, 4.0, 16.0, 9.0};
    law_test_check(&law, &s, DRAWS);
    source ahead = source_start(3, 4.0, 0.0, 0.0);
    const law_test law_ahead = {
        "exponential ahead", draw_exponential_ahead, exponential_cdf, 4.0, 16.0, 9.0};
    law_test_check(&law_ahead, &ahead, DRAWS);
}

/* One by one, in blocks and made ahead: the same bytes. */
static void exponentials_are_the_same_in_every_way(void **state)
{
    (void)state;
    krni_stream single = krni_stream_start(5, 6, 7);
    krni_stream blocks = single;
    krni_exponential_source ahead = krni_exponential_source_start(5, 6, 7);
    double out[301];
    krni_exponentials(&blocks, out, 301);
    for (int i = 0; i < 301; i++) {
        const double x = krni_exponential(&single, 1.0);
        const double y = krni_exponential_next(&ahead, 1.0);
        assert_memory_equal(&x, &out[i], sizeof x);
        assert_memory_equal(&x, &y, sizeof x);
    }
}

/* The logarithm inside, over all sizes of the uniform number, to 2 units in the last place. */
static void exponential_is_minus_the_logarithm(void **state)
{
    (void)state;
    krni_stream random = krni_stream_start(8, 9, 0);
    for (int round = 0; round < 200000; round++) {
        krni_stream words = random;
        words.word[0] = krni_stream_word(&random) >> (round % 53);
        if (round % 2)
            words.word[0] = ~words.word[0];
        words.used = 0;
        const double expected = -log(krni_word_uniform(words.word[0]));
        assert_near_relative(krni_exponential(&words, 1.0), expected, 2.0 * 0x1p-52);
    }
}

static double draw_normal(void *context)
{
    source *s = context;
    return krni_normal(&s->stream, s->a, s->b);
}

static double normal_cdf(void *context, double x)
{
    const source *s = context;
    return 0.5 * erfc((s->a - x) / s->b / sqrt(2.0));
}

static void normal_follows_its_law(void **state)
{
    (void)state;
    source s = source_start(4, 10.0, 3.0, 0.0);
    const law_test law = {"normal", draw_normal, normal_cdf, 10.0, 9.0, 3.0};
    law_test_check(&law, &s, DRAWS);
}

static double draw_gamma(void *context)
{
    source *s = context;
    return krni_gamma(&s->stream, s->a, s->b);
}

static double gamma_cdf(void *context, double x)
{
    const source *s = context;
    return law_test_gamma_cdf(s->a, x / s->b);
}

static void gamma_follows_its_law_at_any_shape(void **state)
{
    (void)state;
    const double shapes[] = {0.1, 0.5, 0.99, 1.0, 1.5, 4.0, 37.5, 1000.0};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        const double shape = shapes[i];
        source s = source_start(20 + i, shape, 2.0, 0.0);
        const law_test law = {"gamma",     draw_gamma,  gamma_cdf,
                              2.0 * shape, 4.0 * shape, 3.0 + 6.0 / shape};
        law_test_check(&law, &s, DRAWS);
    }
}

static double draw_erlang(void *context)
{
    source *s = context;
    return krni_erlang(&s->stream, (uint32_t)s->a, s->a * s->b);
}

static void erlang_is_the_gamma_of_whole_shape(void **state)
{
    (void)state;
    const double stages[] = {1.0, 2.0, 8.0, 9.0, 40.0};
    for (size_t i = 0; i < sizeof stages / sizeof *stages; i++) {
        source s = source_start(40 + i, stages[i], 0.5, 0.0);
        const law_test law = {"erlang",        draw_erlang,      gamma_cdf,
                              0.5 * stages[i], 0.25 * stages[i], 3.0 + 6.0 / stages[i]};
        law_test_check(&law, &s, DRAWS);
    }
}

static double draw_triangular(void *context)
{
    source *s = context;
    return krni_triangular(&s->stream, s->a, s->b, s->c);
}

static double triangular_cdf(void *context, double x)
{
    const source *s = context;
    if (x < s->b)
        return (x - s->a) * (x - s->a) / ((s->c - s->a) * (s->b - s->a));
    return 1.0 - (s->c - x) * (s->c - x) / ((s->c - s->a) * (s->c - s->b));
}

static void triangular_follows_its_law(void **state)
{
    (void)state;
    const double modes[] = {1.0, 2.0, 6.0}; /* at the left end, inside, at the right end */
    for (size_t i = 0; i < 3; i++) {
        const double a = 1.0;
        const double b = modes[i];
        const double c = 6.0;
        source s = source_start(60 + i, a, b, c);
        const double variance = (a * a + b * b + c * c - a * b - a * c - b * c) / 18.0;
        const law_test law = {"triangular",      draw_triangular, triangular_cdf,
                              (a + b + c) / 3.0, variance,        2.4};
        law_test_check(&law, &s, DRAWS);
    }
    krni_stream stream = krni_stream_start(1, 1, 1);
    assert_near(krni_triangular(&stream, 3.0, 3.0, 3.0), 3.0, 0.0);
}

static double draw_duration(void *context)
{
    source *s = context;
    return krni_duration_h(&s->stream, s->duration);
}

/* Phi(z(0.9) ln(x / typical) / ln(ratio)), with the ratio of the half that x lies in. */
static double duration_cdf(void *context, double x)
{
    const source *s = context;
    const krn_duration d = s->duration;
    const double ratio = x < d.typical_h ? d.typical_h / d.low_h : d.high_h / d.typical_h;
    const double z = 1.2815515655446004 * log(x / d.typical_h) / log(ratio);
    return 0.5 * erfc(-z / sqrt(2.0));
}

static void duration_follows_the_models_law(void **state)
{
    (void)state;
    source s = source_start(70, 0.0, 0.0, 0.0);
    s.duration = (krn_duration){6.0, 8.0, 12.0};
    const law_test law = {"duration",
                          draw_duration,
                          duration_cdf,
                          krn_duration_mean_h(s.duration),
                          krn_duration_variance_h2(s.duration),
                          7.0}; /* above the true one */
    law_test_check(&law, &s, DRAWS);
}

static const double line_probability[] = {0.0, 0.1, 0.5, 0.9, 1.0};
static const double line_value[] = {2.0, 3.0, 3.5, 10.0, 11.0};

static double draw_empirical(void *context)
{
    source *s = context;
    return krni_empirical(&s->stream, s->line);
}

static double empirical_cdf(void *context, double x)
{
    (void)context;
    size_t i = 0;
    while (i < 3 && x > line_value[i + 1])
        i++;
    return line_probability[i] + (line_probability[i + 1] - line_probability[i]) *
                                     (x - line_value[i]) / (line_value[i + 1] - line_value[i]);
}

static void empirical_follows_the_line(void **state)
{
    (void)state;
    source s = source_start(80, 0.0, 0.0, 0.0);
    s.line = (krni_quantile_line){5, line_probability, line_value};
    assert_true(krni_quantile_line_valid(s.line));
    double mean = 0.0; /* of pieces that are even between two values */
    double square = 0.0;
    double fourth = 0.0;
    for (int i = 0; i < 4; i++)
        mean += (line_probability[i + 1] - line_probability[i]) * 0.5 *
                (line_value[i] + line_value[i + 1]);
    for (int i = 0; i < 4; i++) {
        const double share = line_probability[i + 1] - line_probability[i];
        const double a = line_value[i] - mean;
        const double b = line_value[i + 1] - mean;
        square += share * (b * b * b - a * a * a) / (3.0 * (b - a));
        fourth += share * (pow(b, 5.0) - pow(a, 5.0)) / (5.0 * (b - a));
    }
    const law_test law = {"empirical", draw_empirical, empirical_cdf,
                          mean,        square,         fourth / (square * square)};
    law_test_check(&law, &s, DRAWS);
    assert_near(krni_quantile_line_at(s.line, 0.0), 2.0, 0.0);
    assert_near(krni_quantile_line_at(s.line, 0.5), 3.5, 0.0);
    assert_near(krni_quantile_line_at(s.line, 1.0), 11.0, 0.0);
}

static void wrong_lines_are_refused(void **state)
{
    (void)state;
    const double good_p[] = {0.0, 0.5, 1.0};
    const double good_x[] = {1.0, 1.0, 2.0};
    const double late_p[] = {0.1, 0.5, 1.0};
    const double early_p[] = {0.0, 0.5, 0.9};
    const double level_p[] = {0.0, 0.0, 1.0};
    const double falling_x[] = {1.0, 3.0, 2.0};
    const double endless_x[] = {1.0, 3.0, INFINITY};
    assert_true(krni_quantile_line_valid((krni_quantile_line){3, good_p, good_x}));
    assert_false(krni_quantile_line_valid((krni_quantile_line){1, good_p, good_x}));
    assert_false(krni_quantile_line_valid((krni_quantile_line){3, late_p, good_x}));
    assert_false(krni_quantile_line_valid((krni_quantile_line){3, early_p, good_x}));
    assert_false(krni_quantile_line_valid((krni_quantile_line){3, level_p, good_x}));
    assert_false(krni_quantile_line_valid((krni_quantile_line){3, good_p, falling_x}));
    assert_false(krni_quantile_line_valid((krni_quantile_line){3, good_p, endless_x}));
}

static void bernoulli_meets_its_probability(void **state)
{
    (void)state;
    krni_stream stream = krni_stream_start(1, 90, 0);
    const double probabilities[] = {0.0, 0.003, 0.5, 0.97, 1.0};
    for (size_t k = 0; k < 5; k++) {
        const double p = probabilities[k];
        unsigned hits = 0;
        for (unsigned i = 0; i < DRAWS; i++)
            hits += krni_bernoulli(&stream, p);
        assert_near(hits, p * DRAWS, 3.891 * sqrt(p * (1.0 - p) * DRAWS));
    }
}

/* 3/4 of 2^32: without rejection the lower third of the numbers would come twice as often. */
static void whole_numbers_are_even(void **state)
{
    (void)state;
    krni_stream stream = krni_stream_start(1, 91, 0);
    unsigned counts[100] = {0};
    unsigned cells[100] = {0};
    const uint32_t n = 3221225472u;
    for (unsigned i = 0; i < DRAWS; i++) {
        counts[krni_below(&stream, 100)]++;
        const uint32_t x = krni_below(&stream, n);
        assert_true(x < n);
        cells[(uint64_t)x * 100 / n]++;
        assert_int_equal(krni_below(&stream, 1), 0);
    }
    assert_true(law_test_chi_square(counts, 100) < LAW_TEST_CHI_SQUARE_LIMIT);
    assert_true(law_test_chi_square(cells, 100) < LAW_TEST_CHI_SQUARE_LIMIT);
}

static void alias_cells_hold_the_weights(void **state)
{
    (void)state;
    krni_stream stream = krni_stream_start(1, 92, 0);
    for (uint32_t round = 0; round < 300; round++) {
        double weights[50];
        krni_alias_cell cells[50];
        double held[50] = {0};
        const uint32_t n = 1 + krni_below(&stream, 50);
        double sum = 0.0;
        for (uint32_t i = 0; i < n; i++) {
            weights[i] = krni_bernoulli(&stream, 0.3) ? 0.0 : krni_gamma(&stream, 0.3, 1e6);
            sum += weights[i];
        }
        if (sum == 0.0) {
            assert_false(krni_alias_build(weights, n, cells));
            continue;
        }
        assert_true(krni_alias_build(weights, n, cells));
        for (uint32_t i = 0; i < n; i++) {
            assert_true(cells[i].own >= 0.0 && cells[i].own <= 1.0 && cells[i].alias < n);
            held[i] += cells[i].own / n;
            held[cells[i].alias] += (1.0 - cells[i].own) / n;
        }
        for (uint32_t i = 0; i < n; i++) {
            assert_near(held[i], weights[i] / sum, 1e-14);
            assert_true(weights[i] > 0.0 || held[i] == 0.0);
        }
    }
}

static void choices_meet_their_weights(void **state)
{
    (void)state;
    const double weights[] = {1.0, 0.0, 5.0, 2.0, 0.5};
    krni_alias_cell cells[5];
    unsigned counts[5] = {0};
    krni_stream stream = krni_stream_start(1, 93, 0);
    assert_true(krni_alias_build(weights, 5, cells));
    for (unsigned i = 0; i < DRAWS; i++)
        counts[krni_discrete(&stream, cells, 5)]++;
    for (int i = 0; i < 5; i++) {
        const double p = weights[i] / 8.5;
        assert_near(counts[i], p * DRAWS, 3.891 * sqrt(p * (1.0 - p) * DRAWS));
    }
    const double bad[][2] = {{1.0, -1.0}, {1.0, NAN}, {1.0, INFINITY}, {0.0, 0.0}};
    for (int i = 0; i < 4; i++)
        assert_false(krni_alias_build(bad[i], 2, cells));
}

/* Bytes written down once: every compiler and machine must make them again. */
static void exact_laws_make_the_same_bytes_everywhere(void **state)
{
    (void)state;
    static const double p[] = {0.0, 0.25, 1.0};
    static const double value[] = {1.0, 3.0, 10.0};
    krni_stream stream = krni_stream_start(1, krni_source_id(3, "golden"), 2);
    assert_int_equal(krni_source_id(3, "golden"), 0xbd33e446430be494u);
    assert_true(krni_exponential(&stream, 1.0) == 0x1.7b91e6791fef8p-4);
    assert_true(krni_triangular(&stream, 1.0, 2.0, 4.0) == 0x1.5b50486c47b2cp+1);
    assert_true(krni_empirical(&stream, (krni_quantile_line){3, p, value}) == 0x1.a12ba84454322p+2);
    assert_true(krni_erlang(&stream, 3, 6.0) == 0x1.8deb78d26026p+1);
    double many[100];
    uint64_t hash = 0;
    stream = krni_stream_start(9, 9, 9);
    krni_exponentials(&stream, many, 100);
    for (int i = 0; i < 100; i++) {
        uint64_t bits;
        memcpy(&bits, &many[i], sizeof bits);
        hash = (hash ^ bits) * 0x100000001b3u;
    }
    assert_int_equal(hash, 0x07018c1580c0a617u);
}

/* The same word in a longer law gives a longer time: scenarios stay in step. */
static void common_numbers_keep_the_order_of_laws(void **state)
{
    (void)state;
    krni_stream a = krni_stream_start(1, 94, 0);
    krni_stream b = a;
    for (int i = 0; i < 1000; i++) {
        assert_true(krni_exponential(&a, 2.0) > krni_exponential(&b, 1.0));
        assert_true(krni_normal(&a, 2.0, 1.0) > krni_normal(&b, 1.0, 1.0));
        assert_true(krni_triangular(&a, 1.0, 2.0, 4.0) > krni_triangular(&b, 0.0, 2.0, 3.0));
        assert_true(krni_duration_h(&a, (krn_duration){2.0, 3.0, 9.0}) >
                    krni_duration_h(&b, (krn_duration){1.0, 2.0, 6.0}));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uniform_is_even_and_open),
        cmocka_unit_test(exponential_follows_its_law),
        cmocka_unit_test(exponentials_are_the_same_in_every_way),
        cmocka_unit_test(exponential_is_minus_the_logarithm),
        cmocka_unit_test(normal_follows_its_law),
        cmocka_unit_test(gamma_follows_its_law_at_any_shape),
        cmocka_unit_test(erlang_is_the_gamma_of_whole_shape),
        cmocka_unit_test(triangular_follows_its_law),
        cmocka_unit_test(duration_follows_the_models_law),
        cmocka_unit_test(empirical_follows_the_line),
        cmocka_unit_test(wrong_lines_are_refused),
        cmocka_unit_test(bernoulli_meets_its_probability),
        cmocka_unit_test(whole_numbers_are_even),
        cmocka_unit_test(alias_cells_hold_the_weights),
        cmocka_unit_test(choices_meet_their_weights),
        cmocka_unit_test(exact_laws_make_the_same_bytes_everywhere),
        cmocka_unit_test(common_numbers_keep_the_order_of_laws),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
