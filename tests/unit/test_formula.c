/* SPDX-License-Identifier: Apache-2.0 */
/* test_formula.c - expressions, their values, slopes and faults.
 *
 *     A = 2   B = 3   ZERO = 0   VOLUME = 500   AVGLOAD.1,1 = 20 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/formula.h"
#include "support/assert_near.h"

static const char *const names[] = {"A", "B", "ZERO", "VOLUME", "AVGLOAD.1,1"};
static const double values[] = {2.0, 3.0, 0.0, 500.0, 20.0};
#define VOLUME 3u

static krn_status compute(const char *text, double *out_value, double *out_slope, krn_error *err)
{
    krn_arena *arena = krn_arena_new(NULL, 0);
    const krni_formula *formula;
    assert_non_null(arena);
    krn_status status = krni_formula_compile(text, names, 5, arena, &formula, err);
    if (!status) {
        assert_string_equal(krni_formula_text(formula), text);
        status = krni_formula_compute(formula, values, VOLUME, out_value, out_slope, err);
    }
    krn_arena_free(arena);
    return status;
}

static void check_value(const char *text, double expected)
{
    double value = NAN;
    krn_error err = {0};
    if (compute(text, &value, NULL, &err))
        fail_msg("%s: %s", text, err.text);
    if (!(fabs(value - expected) <= 1e-12 * (1.0 + fabs(expected))))
        fail_msg("%s is %.17g, expected %.17g", text, value, expected);
}

static void check_fault(const char *text, const char *expected)
{
    double value;
    krn_error err = {0};
    assert_int_equal(compute(text, &value, NULL, &err), KRN_E_DATA);
    assert_string_equal(err.text, expected);
}

static void operators_have_their_ranks(void **state)
{
    (void)state;
    check_value("1+2*3", 7);
    check_value("(1+2)*3", 9);
    check_value("10-4-3", 3);
    check_value("100/10/5", 2);
    check_value("7 % 4", 3);
    check_value("2*3^2", 18);
    check_value("1 < 2 && 2 < 1", 0);
    check_value("1 < 2 || 2 < 1", 1);
    check_value("1+1 = 2", 1);
    check_value("1+1 != 2", 0);
    check_value("A >= 2", 1);
    check_value("A > 2", 0);
    check_value("A <= 1", 0);
}

static void powers_go_from_left_to_right_and_signs_before_them(void **state)
{
    (void)state;
    check_value("2^3^2", 64);
    check_value("2**3", 8);
    check_value("-2^2", 4);
    check_value("1-2^2", -3);
    check_value("A - -B", 5);
    check_value("+(2.2)", 2.2);
    check_value("2^-1", 0.5);
}

static void numbers_and_names_are_those_of_the_files(void **state)
{
    (void)state;
    check_value("1e-3", 0.001);
    check_value(".5", 0.5);
    check_value("5.", 5);
    check_value("2k", 2000);
    check_value("3 m", 0.003);
    check_value("AVGLOAD.1,1 / A", 10);
    check_value("max(AVGLOAD.1,1, 30)", 30);
    check_value("|A-B|", 1);
    check_value("1.5E2", 150);
}

static void functions_are_found_whatever_their_case(void **state)
{
    (void)state;
    check_value("min(A, B)", 2);
    check_value("MAX(A, B)", 3);
    check_value("abs(-A)", 2);
    check_value("sqrt(16)", 4);
    check_value("exp(0)", 1);
    check_value("ln(exp(2))", 2);
    check_value("log(1000)", 3);
    check_value("pow(A, 10)", 1024);
    check_value("ceil(1.2) + floor(1.8) + round(2.5) + round(-2.5)", 4);
    check_value("sign(-3) + sign(0) + sign(7)", 0);
    check_value("sin(0) + cos(0) + tan(0) + sinh(0) + cosh(0) + tanh(0)", 2);
    check_value("asin(0) + acos(1) + atan(0) + atan2(0, 1)", 0);
    check_value("deg(rad(90))", 90);
    check_value("AVG(1, 3, 8)", 4);
    check_value("HOURS(120, 60) + MINUTES(1, 60) + SECONDS(1, 3600)", 4);
}

static void the_argument_order_of_delays_is_volume_capacity_power_factor(void **state)
{
    (void)state;
    check_value("BPR(VOLUME, 1000, 4, 0.15)", 1.0 + 0.15 * pow(0.5, 4));
    check_value("BPR(0, 1000, 4, 0.15)", 1);
    check_value("CONICAL(1000, 1000, 4)", 2);
    const double e = 7.0 / 6.0;
    check_value("CONICAL(VOLUME, 1000, 4)", 2 + sqrt(16 * 0.25 + e * e) - 4 * 0.5 - e);
}

static void only_the_branch_taken_is_computed(void **state)
{
    (void)state;
    check_value("if(ZERO = 0, A, 1/ZERO)", 2);
    check_value("if(ZERO > 0, 1/ZERO, B)", 3);
    check_value("1 + if(A = 2, if(B = 2, 10, 20), 30) * 2", 41);
}

static void slopes_are_derivatives(void **state)
{
    static const struct {
        const char *text;
        double slope;
    } cases[] = {{"A * B", 0},
                 {"3 * VOLUME + 1", 3},
                 {"VOLUME ^ 2", 1000},
                 {"1000 / VOLUME", -0.004},
                 {"A * BPR(VOLUME, 1000, 4, 1)", 2 * 4 * 0.125 / 1000},
                 {"sqrt(VOLUME * 2)", 0.0316227766016837933},
                 {"ln(VOLUME)", 0.002},
                 {"log(VOLUME)", 0.002 / 2.302585092994045684},
                 {"exp(VOLUME / 500)", 2.718281828459045235 / 500},
                 {"2 ^ (VOLUME / 500)", 2 * 0.693147180559945309 / 500},
                 {"min(VOLUME, 400)", 0},
                 {"max(VOLUME, 400)", 1},
                 {"abs(400 - VOLUME)", 1},
                 {"ceil(VOLUME)", 0},
                 {"if(VOLUME > 400, VOLUME * 7, 1)", 7},
                 {"atan2(VOLUME, 500)", 0.001},
                 {"VOLUME % 3", 1}};
    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        double value, slope = NAN;
        assert_int_equal(compute(cases[k].text, &value, &slope, NULL), KRN_OK);
        if (!(fabs(slope - cases[k].slope) <= 1e-12 * (1.0 + fabs(cases[k].slope))))
            fail_msg("%s: slope %.17g", cases[k].text, slope);
    }
}

/* The slope of CONICAL against a difference quotient. */
static void the_conical_slope_is_near_a_difference(void **state)
{
    double low, high, value, slope;
    (void)state;
    assert_int_equal(compute("CONICAL(VOLUME - 0.01, 700, 6)", &low, NULL, NULL), KRN_OK);
    assert_int_equal(compute("CONICAL(VOLUME + 0.01, 700, 6)", &high, NULL, NULL), KRN_OK);
    assert_int_equal(compute("CONICAL(VOLUME, 700, 6)", &value, &slope, NULL), KRN_OK);
    assert_near(slope, (high - low) / 0.02, 1e-9);
}

static void faults_tell_where_and_what_was_expected(void **state)
{
    (void)state;
    check_fault("", "position 1 of \"\": a number, a variable, a function or '(' was expected at "
                    "the end");
    check_fault("A + * B", "position 5 of \"A + * B\": a number, a variable, a function or '(' was "
                           "expected, not '*'");
    check_fault("(A", "position 3 of \"(A\": ')' was expected at the end");
    check_fault("A B", "position 3 of \"A B\": an operator or the end was expected, not 'B'");
    check_fault("|A", "position 3 of \"|A\": '|' was expected at the end");
    check_fault("A # B", "position 3 of \"A # B\": an operator or the end was expected, not '#'");
    check_fault("VOLUM", "position 1 of \"VOLUM\": no variable \"VOLUM\"; nearest: \"VOLUME\"");
    check_fault("QQQQ", "position 1 of \"QQQQ\": no variable \"QQQQ\"");
    check_fault("sqr(2)", "position 1 of \"sqr(2)\": no function \"sqr\"; nearest: \"sqrt\"");
    check_fault("min(1)", "position 6 of \"min(1)\": ',' (it has 2 arguments) was expected, not "
                          "')'");
    check_fault("min(1, 2, 3)", "position 9 of \"min(1, 2, 3)\": ')' was expected, not ','");
    check_fault("if(1, 2)", "position 8 of \"if(1, 2)\": ',' (if has 3 arguments) was expected, "
                            "not ')'");
    check_fault("1e999", "position 1 of \"1e999\": a number was expected, not '1'");
}

static void what_is_not_a_finite_number_is_a_fault(void **state)
{
    (void)state;
    check_fault("A / ZERO", "position 3 of \"A / ZERO\": division by zero");
    check_fault("A % ZERO", "position 3 of \"A % ZERO\": division by zero");
    check_fault("1 + sqrt(-1)", "position 5 of \"1 + sqrt(-1)\": the value is not a finite number");
    check_fault("ln(ZERO)", "position 1 of \"ln(ZERO)\": the value is not a finite number");
    check_fault("BPR(1, ZERO, 4, 1)",
                "position 1 of \"BPR(1, ZERO, 4, 1)\": the value is not a finite number");
    check_fault("10^400", "position 3 of \"10^400\": the value is not a finite number");
}

static void length_and_depth_are_bounded(void **state)
{
    char text[KRNI_FORMULA_MOST_TEXT + 2];
    double value;
    krn_error err;
    (void)state;
    memset(text, '1', sizeof text);
    text[sizeof text - 1] = '\0';
    assert_int_equal(compute(text, &value, NULL, &err), KRN_E_DATA);
    assert_string_equal(err.text, "a formula of 4097 bytes; at most 4096 were expected");
    memset(text, '(', 200);
    text[200] = '\0';
    assert_int_equal(compute(text, &value, NULL, &err), KRN_E_DATA);
    assert_non_null(strstr(err.text, "nested deeper than 64"));
    memset(text, '-', 200);
    assert_int_equal(compute(text, &value, NULL, &err), KRN_E_DATA);
    text[0] = '\0';
    for (int k = 0; k < 60; k++) /* values waiting: min(A,min(A,... */
        strncat(text, "min(A,1+1*1^", sizeof text - strlen(text) - 1);
    assert_int_equal(compute(text, &value, NULL, &err), KRN_E_DATA);
    assert_non_null(strstr(err.text, "nested deeper than 64"));
}

static void a_formula_knows_its_variables(void **state)
{
    krn_arena *arena = krn_arena_new(NULL, 0);
    const krni_formula *formula;
    (void)state;
    assert_int_equal(krni_formula_compile("A * VOLUME", names, 5, arena, &formula, NULL), KRN_OK);
    assert_true(krni_formula_uses(formula, 0));
    assert_false(krni_formula_uses(formula, 1));
    assert_true(krni_formula_uses(formula, VOLUME));
    krn_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operators_have_their_ranks),
        cmocka_unit_test(powers_go_from_left_to_right_and_signs_before_them),
        cmocka_unit_test(numbers_and_names_are_those_of_the_files),
        cmocka_unit_test(functions_are_found_whatever_their_case),
        cmocka_unit_test(the_argument_order_of_delays_is_volume_capacity_power_factor),
        cmocka_unit_test(only_the_branch_taken_is_computed),
        cmocka_unit_test(slopes_are_derivatives),
        cmocka_unit_test(the_conical_slope_is_near_a_difference),
        cmocka_unit_test(faults_tell_where_and_what_was_expected),
        cmocka_unit_test(what_is_not_a_finite_number_is_a_fault),
        cmocka_unit_test(length_and_depth_are_bounded),
        cmocka_unit_test(a_formula_knows_its_variables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
