/* SPDX-License-Identifier: Apache-2.0 */
/* test_trade_report.c - what people and programs read of the trade on a network: a small answer
 * made by hand (support/trade_answer.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/text.h"
#include "support/assert_near.h"
#include "support/failing_alloc.h"
#include "support/trade_answer.h"

typedef struct fixture {
    trade_answer trade;
    krn_arena *arena;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    if (!f)
        return 1;
    trade_answer_open(&f->trade);
    f->arena = krn_arena_new(NULL, 0);
    *state = f;
    return f->arena ? 0 : 1;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    trade_answer_close(&f->trade);
    krn_arena_free(f->arena);
    free(f);
    return 0;
}

static const char *text_of(fixture *f, krn_format format, unsigned columns)
{
    const krn_report_options options = {.format = format, .columns = columns};
    char *text = NULL;
    krn_error err = {0};
    assert_int_equal(krn_report_trade(&f->trade.report, &options, f->arena, &text, &err), KRN_OK);
    assert_non_null(text);
    return text;
}

static void assert_narrow(const char *text, size_t columns)
{
    while (*text) {
        char line[1024];
        const size_t n = strcspn(text, "\n");
        assert_true(n < sizeof line);
        memcpy(line, text, n);
        line[n] = '\0';
        if (krni_width(line) > columns)
            fail_msg("%zu columns: %s", krni_width(line), line);
        text += n + (text[n] == '\n');
    }
}

static bool has_line(const char *text, const char *part, const char *other)
{
    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part)) {
        const size_t n = strcspn(at, "\n");
        const char *found = strstr(at, other);
        if (found && (size_t)(found - at) < n)
            return true;
    }
    return false;
}

static void no_line_is_wider_than_the_page(void **state)
{
    static const unsigned widths[] = {60, 72, 80, 100};
    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++)
        assert_narrow(text_of(*state, KRN_FORMAT_TABLE, widths[i]), widths[i]);
}

static void the_page_tells_totals_shares_and_what_is_left(void **state)
{
    const char *text = text_of(*state, KRN_FORMAT_TABLE, 80);
    assert_non_null(strstr(text, "The trade of 2030 on the network: user equilibrium"));
    assert_non_null(strstr(text, "flows of 2025, the latest known for that year"));
    assert_non_null(strstr(text, "1,100 t a year of 1,280 t asked for; 180 t (14.1%) left"));
    assert_true(has_line(text, "rail by Gates", "67%")); /* 700 of 1050 */
    assert_true(has_line(text, "sea West Harbour", "250"));
    assert_non_null(strstr(text, "West Harbour berths are full"));
    assert_non_null(strstr(text, "no way from Farm Town to Far City"));
    assert_null(strstr(text, "a way that nobody takes"));
    assert_null(strstr(text, "nan"));
}

static void a_price_that_is_not_known_is_blank(void **state)
{
    const char *text = text_of(*state, KRN_FORMAT_TABLE, 80);
    assert_true(has_line(text, "████████████████", "120%"));
    assert_true(has_line(text, "120%", "123,456"));
    assert_non_null(strstr(text, "gauge change 1520 → 1435: 72.0 of 60 wagons a day"));
    assert_true(has_line(text, "████····", "25%"));
    assert_null(strstr(text, "berths/x"));
}

static void alike_resources_are_told_together(void **state)
{
    const char *text = text_of(*state, KRN_FORMAT_TABLE, 80);
    assert_non_null(strstr(text, "West Harbour berths, West Harbour berths: 1.0 of 4 ships each"));
}

static void figures_of_the_page_stand_in_the_document(void **state)
{
    json_t *root = json_loads(text_of(*state, KRN_FORMAT_JSON, 80), 0, NULL);
    assert_non_null(root);
    const json_t *links = json_object_get(root, "links"),
                 *borders = json_object_get(root, "borders"), *rows = json_object_get(root, "rows"),
                 *ways = json_object_get(root, "ways"),
                 *first = json_array_get(json_object_get(root, "resources"), 0),
                 *last = json_array_get(json_object_get(root, "resources"), 3);
    assert_int_equal(json_array_size(links), 2);
    assert_int_equal(json_array_size(borders), 3);
    assert_int_equal(json_array_size(rows), 4);
    assert_int_equal(json_array_size(ways), 5); /* those that carry something */
    assert_int_equal(json_array_size(json_object_get(root, "bottlenecks")), 1);
    assert_int_equal(json_array_size(json_object_get(root, "unserved")), 2);
    assert_near(json_number_value(json_object_get(root, "relative_gap")), 3e-9, 1e-20);
    assert_near(json_number_value(json_object_get(first, "price_usd_per_year")), 123456, 1e-9);
    assert_true(json_is_null(json_object_get(last, "capacity_a_day")));
    assert_true(json_is_null(json_object_get(json_array_get(rows, 3), "cost_usd_t")));
    json_decref(root);
}

/* Classes of each row add up to its total, and every row has as many fields as the heading. */
static void rows_of_csv_add_up(void **state)
{
    const char *at = text_of(*state, KRN_FORMAT_CSV, 80);
    size_t fields = 0, rows = 0;
    for (; *at; rows++) {
        char line[1024];
        const size_t n = strcspn(at, "\r");
        assert_true(n < sizeof line && at[n + 1] == '\n');
        memcpy(line, at, n);
        line[n] = '\0';
        at += n + 2;
        size_t k = 0;
        double total_t = 0, sum_t = 0;
        for (char *field = line, *end; field; field = end, k++) {
            end = strchr(field, ',');
            if (end)
                *end++ = '\0';
            if (rows && k == 6)
                total_t = strtod(field, NULL);
            else if (rows && k > 6)
                sum_t += strtod(field, NULL);
        }
        fields = rows ? fields : k;
        assert_int_equal(k, fields);
        assert_near(sum_t, total_t, 1e-9);
    }
    assert_int_equal(rows, 9);
}

static void a_map_has_a_feature_for_each_use(void **state)
{
    json_t *root = json_loads(text_of(*state, KRN_FORMAT_GEOJSON, 80), 0, NULL);
    const json_t *features = json_object_get(root, "features");
    assert_int_equal(json_array_size(features), 8);
    const json_t *line = json_object_get(json_array_get(features, 1), "geometry");
    assert_string_equal(json_string_value(json_object_get(line, "type")), "LineString");
    /* against the link: begins at the junction */
    assert_near(json_number_value(
                    json_array_get(json_array_get(json_object_get(line, "coordinates"), 0), 1)),
                43.5, 1e-9);
    json_decref(root);
}

static void nothing_sent_is_a_page_too(void **state)
{
    fixture *f = *state;
    f->trade.answer.sent_t = 0;
    f->trade.answer.unserved_t = 1280;
    f->trade.answer.n_ways = f->trade.answer.n_uses = f->trade.answer.n_resources = 0;
    for (int i = 0; i < 4; i++) {
        f->trade.rows[i].sent_t = 0;
        f->trade.rows[i].reason = "closed";
    }
    const char *text = text_of(f, KRN_FORMAT_TABLE, 80);
    assert_non_null(strstr(text, "0 t a year of 1,280 t asked for"));
    assert_non_null(strstr(text, "Left behind"));
    assert_null(strstr(text, "nan"));
}

static void memory_that_runs_out_is_told(void **state)
{
    static const krn_format formats[] = {KRN_FORMAT_TABLE, KRN_FORMAT_JSON, KRN_FORMAT_CSV,
                                         KRN_FORMAT_GEOJSON};
    fixture *f = *state;
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        for (long n = 1;; n++) {
            const krn_report_options options = {.format = formats[i], .columns = 80};
            krn_arena *arena = krn_arena_new(NULL, 0);
            char *text = NULL;
            krn_error err = {0};
            assert_non_null(arena);
            failing_alloc_arm(n);
            const krn_status status =
                krn_report_trade(&f->trade.report, &options, arena, &text, &err);
            const bool failed = failing_alloc_disarm();
            if (status != (failed ? KRN_E_MEMORY : KRN_OK))
                fail_msg("format %zu, allocation %ld: status %d", i, n, (int)status);
            krn_arena_free(arena);
            if (!failed)
                break;
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(no_line_is_wider_than_the_page, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_page_tells_totals_shares_and_what_is_left, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_price_that_is_not_known_is_blank, set_up, tear_down),
        cmocka_unit_test_setup_teardown(alike_resources_are_told_together, set_up, tear_down),
        cmocka_unit_test_setup_teardown(figures_of_the_page_stand_in_the_document, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(rows_of_csv_add_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_map_has_a_feature_for_each_use, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_sent_is_a_page_too, set_up, tear_down),
        cmocka_unit_test_setup_teardown(memory_that_runs_out_is_told, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
