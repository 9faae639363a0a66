/* SPDX-License-Identifier: Apache-2.0 */
/* test_number.c - texts to numbers and back, whatever the locale. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <locale.h>
#include <math.h>

#include "base/number.h"
#include "support/assert_near.h"

static bool reads(const char *text, double *out)
{
    return krni_number_read(text, strlen(text), out);
}

static void decimals_are_read_to_the_nearest_double(void **state)
{
    (void)state;
    const struct {
        const char *text;
        double value;
    } cases[] = {{"0", 0},
                 {"-0.5", -0.5},
                 {"+12", 12},
                 {"3.25", 3.25},
                 {"0.1", 0.1},
                 {"1e3", 1000},
                 {"1E-7", 1e-7},
                 {"9007199254740993", 9007199254740992.0},
                 {"123456789012345678", 123456789012345678.0},
                 {"2.2250738585072011e-308", 2.2250738585072011e-308},
                 {"1.7976931348623157e308", 1.7976931348623157e308},
                 {"0.000000000000000000000000000123", 1.23e-28}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double value = NAN;
        assert_true(reads(cases[i].text, &value));
        assert_true(value == cases[i].value);
    }
}

static void trash_is_refused_and_leaves_the_number_alone(void **state)
{
    (void)state;
    const char *const bad[] = {"",    " 1",    "1 ",     "1,5",   "1.",  ".5",
                               "1e",  "1e+",   "0x10",   "inf",   "nan", "--1",
                               "1_0", "1e999", "-1e999", "1.2.3", "٣",   "1\n"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        double value = 7;
        assert_false(reads(bad[i], &value));
        assert_true(value == 7);
    }
    char longest[500];
    double value = 7;
    memset(longest, '1', sizeof longest);
    assert_false(krni_number_read(longest, 401, &value));
}

/* 20,000 doubles over the whole range */
static void a_number_written_and_read_is_the_same(void **state)
{
    (void)state;
    uint64_t bits = 88172645463325252u;
    for (int i = 0; i < 20000; i++) {
        bits ^= bits << 13;
        bits ^= bits >> 7;
        bits ^= bits << 17;
        double value, back = 0;
        char text[KRNI_NUMBER_EXACT_SIZE];
        memcpy(&value, &bits, sizeof value);
        krni_number_exact(value, 17, text);
        if (!isfinite(value)) {
            assert_string_equal(text, "");
            continue;
        }
        assert_true(reads(text, &back));
        assert_true(back == value);
    }
    char text[KRNI_NUMBER_EXACT_SIZE];
    krni_number_exact(302400, 17, text);
    assert_string_equal(text, "302400");
    krni_number_exact(10.7 * 0.9, 12, text);
    assert_string_equal(text, "9.63");
}

static void whole_numbers_dates_and_times_take_nothing_else(void **state)
{
    (void)state;
    int64_t whole = 0;
    int32_t day = 0, s = 0;
    assert_true(krni_integer_read("-42", 3, &whole) && whole == -42);
    assert_false(krni_integer_read("4.0", 3, &whole));
    assert_false(krni_integer_read("9223372036854775808", 19, &whole));
    assert_true(krni_date_read("1970-01-01", 10, false, &day) && day == 0);
    assert_true(krni_date_read("20240229", 8, true, &day) && day == 19782);
    assert_false(krni_date_read("2023-02-29", 10, false, &day));
    assert_false(krni_date_read("2100-02-29", 10, false, &day));
    assert_false(krni_date_read("1899-12-31", 10, false, &day));
    assert_false(krni_date_read("2024-2-29", 9, false, &day));
    assert_true(krni_clock_read("167:59:59", 9, &s) && s == 604799);
    assert_false(krni_clock_read("7:5:00", 6, &s));
    assert_false(krni_clock_read("10000:00:00", 11, &s));
    assert_true(krni_hours_read("00:00-24:00"));
    assert_true(krni_hours_read("08:00-12:00;12:00-20:30"));
    assert_false(krni_hours_read("20:00-08:00"));
    assert_false(krni_hours_read("08:00-24:01"));
    assert_false(krni_hours_read("08:00-12:00;"));
}

static void a_locale_with_a_comma_changes_nothing(void **state)
{
    (void)state;
    const char *const names[] = {"de_DE.UTF-8", "de_DE", "fr_FR.UTF-8", "ru_RU.UTF-8",
                                 "kk_KZ.UTF-8"};
    char text[KRNI_NUMBER_EXACT_SIZE];
    double value = 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (setlocale(LC_ALL, names[i]))
            break;
    assert_true(reads("2.50000000000000000001", &value) && value == 2.5);
    assert_false(reads("2,5", &value));
    krni_number_exact(2.5, 17, text);
    assert_string_equal(text, "2.5");
    (void)setlocale(LC_ALL, "C");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_are_read_to_the_nearest_double),
        cmocka_unit_test(trash_is_refused_and_leaves_the_number_alone),
        cmocka_unit_test(a_number_written_and_read_is_the_same),
        cmocka_unit_test(whole_numbers_dates_and_times_take_nothing_else),
        cmocka_unit_test(a_locale_with_a_comma_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
