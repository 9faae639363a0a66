/* SPDX-License-Identifier: Apache-2.0 */
/* test_laws_memory.c - the n-th allocation of every law fails: the answer is KRN_E_MEMORY, nothing
 * leaks (the sanitizers watch), and the next try succeeds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <keruen/calendar.h>
#include <keruen/cargo.h>
#include <keruen/emission.h>
#include <keruen/io.h>
#include <keruen/rule.h>
#include <keruen/tariff.h>

#include "support/failing_alloc.h"

#define DAY 20800

typedef krn_status (*attempt)(const krn_package *package, krn_error *err);

static int set_up(void **state)
{
    krn_package *package = NULL;
    krn_error err;
    if (krn_package_load(KRN_SOURCE_DIR "/data/kti", NULL, 0, NULL, &package, &err) != KRN_OK)
        fail_msg("%s", err.text);
    *state = package;
    return 0;
}

static int tear_down(void **state)
{
    krn_package_free(*state);
    return 0;
}

/* Every allocation of an attempt fails once; returns how many there are. */
static long fail_each(const krn_package *package, attempt try)
{
    for (long n = 1;; n++) {
        krn_error err = {0};
        failing_alloc_arm(n);
        const krn_status status = try(package, &err);
        if (!failing_alloc_disarm()) {
            assert_int_equal(status, KRN_OK);
            return n - 1;
        }
        assert_int_equal(status, KRN_E_MEMORY);
        assert_int_equal(err.status, KRN_E_MEMORY);
    }
}

static krn_status make_calendars(const krn_package *package, krn_error *err)
{
    krn_calendar_book *book = NULL;
    const krn_status status = krn_calendar_book_new(package, &book, err);
    krn_calendar_book_free(book);
    return status;
}

static krn_status make_tariffs(const krn_package *package, krn_error *err)
{
    krn_tariff_book *book = NULL;
    const krn_status status = krn_tariff_book_new(package, &book, err);
    krn_tariff_book_free(book);
    return status;
}

static krn_status make_rules(const krn_package *package, krn_error *err)
{
    krn_rule_book *book = NULL;
    const krn_status status = krn_rule_book_new(package, &book, err);
    krn_rule_book_free(book);
    return status;
}

static krn_status make_emissions(const krn_package *package, krn_error *err)
{
    krn_emission_book *book = NULL;
    const krn_status status = krn_emission_book_new(package, &book, err);
    krn_emission_book_free(book);
    return status;
}

static krn_status find_commodity(const krn_package *package, krn_error *err)
{
    uint32_t row;
    return krn_commodity_find(package, "Ячмень", &row, err);
}

static krn_status parse_units(const krn_package *package, krn_error *err)
{
    uint32_t unit;
    uint32_t n;
    return krn_units_parse(package, "3x42g1", &unit, &n, err);
}

static void books_report_every_failing_allocation(void **state)
{
    assert_true(fail_each(*state, make_calendars) >= 2);
    assert_true(fail_each(*state, make_tariffs) >= 2);
    assert_true(fail_each(*state, make_rules) >= 2);
    assert_true(fail_each(*state, make_emissions) >= 2);
}

static void finding_reports_every_failing_allocation(void **state)
{
    assert_true(fail_each(*state, find_commodity) >= 1);
    assert_true(fail_each(*state, parse_units) >= 1);
}

/* Lists grow in the caller's arena: every bound of it is met with an error or an answer. */
static void lists_report_a_full_arena(void **state)
{
    const krn_package *package = *state;
    krn_rule_book *rules = NULL;
    krn_calendar_book *calendars = NULL;
    assert_int_equal(krn_rule_book_new(package, &rules, NULL), KRN_OK);
    assert_int_equal(krn_calendar_book_new(package, &calendars, NULL), KRN_OK);
    const int gauges[] = {1435, 1520};
    krn_consignment consignment = {.loading_unit = KRN_NO_ROW, .net_t = 1000.0};
    assert_int_equal(krn_commodity_find(package, "barley", &consignment.commodity, NULL), KRN_OK);
    krn_load load;
    assert_int_equal(krn_cargo_load(package, &consignment, gauges, 2, &load, NULL), KRN_OK);
    const krn_rule_case question = {.consignment = &consignment,
                                    .load = &load,
                                    .origin = KRN_COUNTRY('K', 'Z'),
                                    .destination = KRN_COUNTRY('I', 'R'),
                                    .day = DAY};
    const krn_rule_point points[] = {
        {.gate = KRN_GATE_DEPARTURE, .mode = KRN_ROAD, .country = KRN_COUNTRY('K', 'Z')},
        {.gate = KRN_GATE_ENTER, .mode = KRN_ROAD, .country = KRN_COUNTRY('T', 'M')},
        {.gate = KRN_GATE_ENTER, .mode = KRN_ROAD, .country = KRN_COUNTRY('I', 'R')}};
    int n_failed = 0;
    krn_status status = KRN_E_MEMORY;
    for (size_t limit = 64; limit < 65536 && status != KRN_OK; limit += 64) {
        krn_arena *arena = krn_arena_new(NULL, limit);
        krn_paper_list list = {0};
        status = krn_rule_papers(rules, &question, points, 3, arena, &list, NULL);
        assert_true(status == KRN_OK || status == KRN_E_MEMORY);
        n_failed += status != KRN_OK;
        uint32_t n = 0;
        krn_time *open;
        krn_time *close;
        const krn_status windows =
            krn_calendar_windows(calendars, 1, 0, 0, 86400 * 100, arena, &n, &open, &close, NULL);
        assert_true(windows == KRN_OK || windows == KRN_E_MEMORY);
        krn_arena_free(arena);
    }
    assert_int_equal(status, KRN_OK);
    assert_true(n_failed > 0);
    krn_calendar_book_free(calendars);
    krn_rule_book_free(rules);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(books_report_every_failing_allocation),
        cmocka_unit_test(finding_reports_every_failing_allocation),
        cmocka_unit_test(lists_report_a_full_arena),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
