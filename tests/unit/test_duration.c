/* SPDX-License-Identifier: Apache-2.0 */
/* test_duration.c - the normal quantile against tabulated values, percentiles, moments against
 * quadrature. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <keruen/duration.h>

#include "support/assert_near.h"

/* Quantiles of the doubles nearest to p, computed with 60 digits by Newton's method on erfc. */
static const struct {
    double p;
    double z;
} table[] = {
    {1e-299, -36.98493649690257222910999},
    {1e-250, -33.79958617269483746959197},
    {1e-200, -30.20559417957964306312401},
    {1e-150, -26.1229611905939835092498},
    {1e-100, -21.27345356096532429417952},
    {1e-50, -14.93333753478848898065821},
    {1e-30, -11.46402468844361571976697},
    {1e-20, -9.262340089798407579572095},
    {1e-16, -8.222082216130435615182015},
    {1e-12, -7.034483825301131932614176},
    {1e-10, -6.361340902404056199100397},
    {1e-8, -5.612001244174788727930121},
    {1e-6, -4.753424308822898957338864},
    {1e-5, -4.264890793922824610233749},
    {1e-4, -3.719016485455680552287564},
    {0.001, -3.090232306167813535358005},
    {0.005, -2.575829303548900753780426},
    {0.01, -2.326347874040841093075096},
    {0.02, -2.053748910631823044338639},
    {0.025, -1.959963984540054211779584},
    {0.05, -1.644853626951472687952128},
    {0.07, -1.475791028179170685608678},
    {0.075, -1.439531470938455934949801},
    {0.0751, -1.438825392752539982435914},
    {0.08, -1.405071560309632544749097},
    {0.1, -1.281551565544600435334517},
    {0.15, -1.036433389493789603521549},
    {0.2, -0.8416212335729141655224906},
    {0.25, -0.674489750196081743202227},
    {0.3, -0.5244005127080408159694544},
    {0.35, -0.3853204664075676837581711},
    {0.4, -0.2533471031357997413246887},
    {0.45, -0.1256613468550740061604284},
    {0.49, -0.02506890825871105803269163},
    {0.499, -0.002506630899571766231698791},
    {0.4999999, -0.0000002506628274703106513497816},
    {0.5000001, 0.0000002506628273311648301161888},
    {0.501, 0.002506630899571766231698791},
    {0.51, 0.02506890825871105803269163},
    {0.55, 0.1256613468550741464092082},
    {0.6, 0.2533471031357997413246887},
    {0.65, 0.3853204664075676837581711},
    {0.7, 0.5244005127080406563136292},
    {0.75, 0.674489750196081743202227},
    {0.8, 0.8416212335729143638035681},
    {0.84, 0.9944578832097530399766479},
    {0.9, 1.281551565544600593487448},
    {0.92, 1.405071560309632824794972},
    {0.925, 1.43953147093845622906332},
    {0.93, 1.475791028179171099044393},
    {0.95, 1.644853626951472284276316},
    {0.975, 1.959963984540053855604431},
    {0.98, 2.053748910631822686058948},
    {0.99, 2.326347874040840767637189},
    {0.995, 2.575829303548900453857483},
    {0.999, 3.090232306167813277758202},
    {0.9999, 3.719016485455708386722759},
    {0.999999, 4.753424308817087765688097},
    {0.99999999, 5.612001243305504982604508},
    {0.9999999999, 6.361340889697421864155442},
    {0.999999999999, 7.034486910047835205692401},
    {0.99999999999999, 7.650730905155642956255434},
    {0.9999999999999998, 8.125890664701906858507992},
};

static const krn_duration some[] = {
    {1.0, 2.0, 5.0},       {2.0, 2.0, 5.0},   {1.0, 5.0, 5.0},   {10.0, 10.000001, 10.000002},
    {0.5, 24.0, 240.0},    {9.0, 10.0, 11.0}, {3.0, 3.0, 3.0},   {1e-3, 1.0, 1e3},
    {48.0, 48.1, 48.1001}, {1.0, 1.3, 1.9},   {6.0, 12.0, 72.0}, {0.2, 100.0, 100.5},
};

#define N_SOME (sizeof some / sizeof some[0])

static void normal_quantile_meets_the_table_to_1e_15(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        assert_near_relative(krn_normal_quantile(table[i].p), table[i].z, 1e-15);
    assert_true(krn_normal_quantile(0.5) == 0.0);
}

static void normal_quantile_is_infinite_at_the_ends(void **state)
{
    (void)state;
    assert_true(krn_normal_quantile(0.0) == -INFINITY);
    assert_true(krn_normal_quantile(-1.0) == -INFINITY);
    assert_true(krn_normal_quantile(1.0) == INFINITY);
    assert_true(isnan(krn_normal_quantile(NAN)));
    assert_true(isfinite(krn_normal_quantile(4.9e-324)));
}

static void normal_cdf_inverts_the_quantile(void **state)
{
    (void)state;
    for (int i = 1; i < 1000; i++)
        assert_near_relative(krn_normal_cdf(krn_normal_quantile(i / 1000.0)), i / 1000.0, 1e-14);
}

static void quantile_returns_the_three_figures(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_SOME; i++) {
        assert_near_relative(krn_duration_quantile_h(some[i], 0.1), some[i].low_h, 1e-12);
        assert_near_relative(krn_duration_quantile_h(some[i], 0.5), some[i].typical_h, 1e-12);
        assert_near_relative(krn_duration_quantile_h(some[i], 0.9), some[i].high_h, 1e-12);
    }
}

static void equal_figures_are_a_constant(void **state)
{
    (void)state;
    const krn_duration d = {7.0, 7.0, 7.0};
    const double p[] = {-1.0, 0.0, 1e-9, 0.3, 0.5, 0.999, 1.0, 2.0};
    for (size_t i = 0; i < sizeof p / sizeof p[0]; i++)
        assert_true(krn_duration_quantile_h(d, p[i]) == 7.0);
    assert_true(krn_duration_mean_h(d) == 7.0);
    assert_true(krn_duration_variance_h2(d) == 0.0);
    const krn_duration zero = {0.0, 0.0, 0.0};
    assert_true(krn_duration_quantile_h(zero, 0.7) == 0.0);
    assert_true(krn_duration_mean_h(zero) == 0.0);
    assert_true(krn_duration_variance_h2(zero) == 0.0);
}

static void ends_are_the_limits(void **state)
{
    (void)state;
    const krn_duration d = {1.0, 2.0, 3.0};
    assert_true(krn_duration_quantile_h(d, 0.0) == 0.0);
    assert_true(krn_duration_quantile_h(d, 1.0) == INFINITY);
    const krn_duration only_later = {2.0, 2.0, 3.0};
    assert_true(krn_duration_quantile_h(only_later, 0.0) == 2.0);
    assert_true(isnan(krn_duration_quantile_h(d, NAN)));
}

/*  hours |        /     low 0: a line from 0 to typical below the median
 *        |   ____/
 *        |__/            */
static void low_zero_is_a_line_below_the_median(void **state)
{
    (void)state;
    const krn_duration d = {0.0, 10.0, 10.0};
    assert_near(krn_duration_quantile_h(d, 0.25), 5.0, 1e-12);
    assert_near(krn_duration_quantile_h(d, 0.1), 2.0, 1e-12);
    assert_near(krn_duration_mean_h(d), 7.5, 1e-12);
    /* E[X^2] = 1/2 * 100/3 + 1/2 * 100 */
    assert_near(krn_duration_variance_h2(d), 50.0 / 3.0 + 50.0 - 56.25, 1e-11);
}

/* Composite Gauss-Legendre of 5 points over z in [from, to], the weight is the normal density.
 * power 1: E[X]; 2: E[(X - centre)^2]. */
static double quadrature(krn_duration d, double from, double to, int power, double centre)
{
    static const double x[5] = {-0.90617984593866399280, -0.53846931010568309104, 0.0,
                                0.53846931010568309104, 0.90617984593866399280};
    static const double w[5] = {0.23692688505618908751, 0.47862867049936646804,
                                0.56888888888888888889, 0.47862867049936646804,
                                0.23692688505618908751};
    const double z90 = 1.28155156554460046697;
    const double s =
        from < 0.0 ? log(d.typical_h / d.low_h) / z90 : log(d.high_h / d.typical_h) / z90;
    const int panels = 4000;
    double sum = 0.0;
    for (int i = 0; i < panels; i++) {
        const double half = 0.5 * (to - from) / panels;
        const double middle = from + (2 * i + 1) * half;
        for (int k = 0; k < 5; k++) {
            const double z = middle + half * x[k];
            const double value = d.typical_h * expm1(s * z) + (d.typical_h - centre);
            const double density = exp(-0.5 * z * z) / sqrt(2.0 * acos(-1.0));
            sum += w[k] * half * density * (power == 1 ? value : value * value);
        }
    }
    return sum;
}

static void moments_agree_with_quadrature(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_SOME; i++) {
        const krn_duration d = some[i];
        if (d.low_h == d.high_h)
            continue;
        const double mean = quadrature(d, -40.0, 0.0, 1, 0.0) + quadrature(d, 0.0, 60.0, 1, 0.0);
        assert_near_relative(krn_duration_mean_h(d), mean, 1e-9);
        const double exact = krn_duration_mean_h(d);
        const double variance =
            quadrature(d, -40.0, 0.0, 2, exact) + quadrature(d, 0.0, 60.0, 2, exact);
        assert_near_relative(krn_duration_variance_h2(d), variance, 1e-9);
    }
}

static void quantile_rises_with_p(void **state)
{
    (void)state;
    uint64_t random = 1;
    for (int trial = 0; trial < 300; trial++) {
        double f[3];
        for (int k = 0; k < 3; k++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            f[k] = (double)(random >> 40) / 1e5;
        }
        const krn_duration d = {f[0], f[0] + f[1], f[0] + f[1] + f[2]};
        if (!krn_duration_valid(d))
            continue;
        double last = 0.0;
        for (int i = 1; i < 400; i++) {
            const double q = krn_duration_quantile_h(d, i / 400.0);
            assert_true(q >= last);
            last = q;
        }
    }
}

static void validity_is_order_and_finiteness(void **state)
{
    (void)state;
    assert_true(krn_duration_valid((krn_duration){0.0, 0.0, 0.0}));
    assert_true(krn_duration_valid((krn_duration){0.0, 1.0, 2.0}));
    assert_false(krn_duration_valid((krn_duration){0.0, 0.0, 2.0}));
    assert_false(krn_duration_valid((krn_duration){-1.0, 0.0, 2.0}));
    assert_false(krn_duration_valid((krn_duration){2.0, 1.0, 3.0}));
    assert_false(krn_duration_valid((krn_duration){1.0, 3.0, 2.0}));
    assert_false(krn_duration_valid((krn_duration){NAN, 1.0, 2.0}));
    assert_false(krn_duration_valid((krn_duration){0.0, 1.0, INFINITY}));
}

static void shift_and_scale_act_on_all_three(void **state)
{
    (void)state;
    const krn_duration d = krn_duration_shift((krn_duration){0.0, 1.0, 4.0}, 2.0);
    assert_near(d.low_h, 2.0, 0.0);
    assert_near(d.typical_h, 3.0, 0.0);
    assert_near(d.high_h, 6.0, 0.0);
    const krn_duration twice = krn_duration_scale(d, 2.0);
    assert_near(twice.high_h, 12.0, 0.0);
    assert_near(krn_duration_mean_h(twice), 2.0 * krn_duration_mean_h(d), 1e-12);
    assert_near(krn_duration_variance_h2(twice), 4.0 * krn_duration_variance_h2(d), 1e-9);
    assert_near(krn_duration_scale(d, 0.0).high_h, 0.0, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normal_quantile_meets_the_table_to_1e_15),
        cmocka_unit_test(normal_quantile_is_infinite_at_the_ends),
        cmocka_unit_test(normal_cdf_inverts_the_quantile),
        cmocka_unit_test(quantile_returns_the_three_figures),
        cmocka_unit_test(equal_figures_are_a_constant),
        cmocka_unit_test(ends_are_the_limits),
        cmocka_unit_test(low_zero_is_a_line_below_the_median),
        cmocka_unit_test(moments_agree_with_quadrature),
        cmocka_unit_test(quantile_rises_with_p),
        cmocka_unit_test(validity_is_order_and_finiteness),
        cmocka_unit_test(shift_and_scale_act_on_all_three),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
