/* SPDX-License-Identifier: Apache-2.0 */
/* test_demand_report.c - the trade of a year as rows that are read back, and as a page.
 *
 *   flows of the mini package -> CSV -> rows -> CSV: the same bytes */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <keruen/report.h>

#include "base/text.h"
#include "io/demand_read.h"
#include "support/assert_near.h"
#include "support/failing_alloc.h"
#include "support/memory_package.h"

typedef struct fixture {
    krn_package *package;
    krn_arena *arena;
    krn_demand_list list;
    krn_demand_answer answer;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    memory_package *memory = memory_package_open(KRN_SOURCE_DIR);
    if (!f || !memory)
        return 1;
    f->arena = krn_arena_new(NULL, 0);
    const krn_status status = memory_package_load(memory, NULL, &f->package, NULL);
    memory_package_free(memory);
    *state = f;
    if (status || !f->arena || krn_demand_of_year(f->package, 0, f->arena, &f->list, NULL))
        return 1;
    f->answer =
        (krn_demand_answer){.package = f->package, .list = &f->list, .demand_share = 1, .pairs = 1};
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    krn_package_free(f->package);
    krn_arena_free(f->arena);
    free(f);
    return 0;
}

static char *text_of(fixture *f, krn_format format, unsigned columns)
{
    const krn_report_options options = {.format = format, .columns = columns};
    char *text = NULL;
    krn_error err = {0};
    assert_int_equal(krn_report_demand(&f->answer, &options, f->arena, &text, &err), KRN_OK);
    return text;
}

static void read_back(fixture *f, const char *csv, krn_demand_list *out)
{
    krn_error err = {0};
    char *copy = krn_arena_text(f->arena, csv);
    if (krni_demand_read_text(f->package, "d.csv", copy, strlen(copy), NULL, f->arena, out, &err))
        fail_msg("%s", err.text);
}

static void rows_that_are_read_back_are_the_same(void **state)
{
    fixture *f = *state;
    const char *csv = text_of(f, KRN_FORMAT_CSV, 80);
    krn_demand_list again;
    read_back(f, csv, &again);
    assert_int_equal(again.n, f->list.n);
    for (uint32_t i = 0; i < again.n; i++) {
        const krn_demand *a = &f->list.rows[i], *b = &again.rows[i];
        assert_int_equal(a->origin, b->origin);
        assert_int_equal(a->destination, b->destination);
        assert_int_equal(a->commodity, b->commodity);
        assert_int_equal(a->loading_unit, b->loading_unit);
        assert_true(a->year_t == b->year_t && a->lot_t == b->lot_t); /* to the last bit */
        for (int m = 0; m < KRN_MONTHS; m++)
            assert_near(a->month_share[m], b->month_share[m], 1e-12);
    }
    f->answer.list = &again;
    assert_string_equal(csv, text_of(f, KRN_FORMAT_CSV, 80));
}

static void scaled_rows_sum_to_the_scaled_total(void **state)
{
    fixture *f = *state;
    krn_demand_list again;
    f->answer.demand_share = 0.001; /* below the lots */
    read_back(f, text_of(f, KRN_FORMAT_CSV, 80), &again);
    assert_near(again.total_t, 0.001 * f->list.total_t, 1e-9 * f->list.total_t);
    for (uint32_t i = 0; i < again.n; i++)
        assert_true(again.rows[i].lot_t <= again.rows[i].year_t);
}

static void a_dated_consignment_keeps_its_tonnes(void **state)
{
    fixture *f = *state;
    krn_demand_list own, again;
    f->answer.demand_share = 3;
    read_back(f,
              "origin,destination,commodity,tonnes,units,ready\n"
              "a-farm,b-city,barley,100,,2027-05-01\n"
              "a-farm,b-city,barley,100,,\n"
              "b-city,a-farm,machinery,,4x22G1,\n",
              &own);
    f->answer.list = &own;
    read_back(f, text_of(f, KRN_FORMAT_CSV, 80), &again);
    assert_near(again.rows[0].year_t, 100, 1e-9);
    assert_near(again.rows[1].year_t, 300, 1e-9);
    assert_int_equal(again.rows[2].n_units, 0); /* scaled boxes are tonnes in that box */
    assert_near(again.rows[2].year_t, 3 * own.rows[2].year_t, 1e-9);
    assert_true(again.rows[0].ready == own.rows[0].ready);
}

static void no_line_is_wider_than_the_page(void **state)
{
    static const unsigned widths[] = {60, 80, 100};
    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
        const char *text = text_of(*state, KRN_FORMAT_TABLE, widths[i]);
        while (*text) {
            char line[512];
            const size_t n = strcspn(text, "\n");
            assert_true(n < sizeof line);
            memcpy(line, text, n);
            line[n] = '\0';
            assert_true(krni_width(line) <= widths[i]);
            text += n + (text[n] == '\n');
        }
    }
}

static void a_page_says_whose_statistics_a_flow_follows(void **state)
{
    const char *text = text_of(*state, KRN_FORMAT_TABLE, 80);
    assert_non_null(strstr(text, "told by  other 420.0 thousand t"));
    assert_non_null(strstr(text, "XA → XB   barley       400.0  other  published  s-mini"));
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
            const krn_status status = krn_report_demand(&f->answer, &options, arena, &text, &err);
            const bool failed = failing_alloc_disarm();
            assert_int_equal(status, failed ? KRN_E_MEMORY : KRN_OK);
            krn_arena_free(arena);
            if (!failed)
                break;
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rows_that_are_read_back_are_the_same, set_up, tear_down),
        cmocka_unit_test_setup_teardown(scaled_rows_sum_to_the_scaled_total, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_dated_consignment_keeps_its_tonnes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_line_is_wider_than_the_page, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_page_says_whose_statistics_a_flow_follows, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(memory_that_runs_out_is_told, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
