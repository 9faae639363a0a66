/* SPDX-License-Identifier: Apache-2.0 */
/* test_tables.c - a package in memory: cells, keys, quality and source of a figure. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "model/tables.h"
#include "support/assert_near.h"
#include "support/memory_package.h"

static krn_package *load(void)
{
    memory_package *files = memory_package_open(KRN_SOURCE_DIR);
    krn_package *package = NULL;
    krn_error err;
    assert_non_null(files);
    assert_int_equal(memory_package_load(files, NULL, &package, &err), KRN_OK);
    memory_package_free(files);
    return package;
}

static void cells_have_text_and_number(void **state)
{
    (void)state;
    krn_package *p = load();
    const uint32_t row = krn_package_find(p, KRN_TABLE_LINK, "r-gate");
    const int length = krn_package_column(p, KRN_TABLE_LINK, "length");
    const int lanes = krn_package_column(p, KRN_TABLE_LINK, "lanes");
    assert_string_equal(krn_package_text(p, KRN_TABLE_LINK, row, (uint32_t)length), "25");
    assert_near(krn_package_number(p, KRN_TABLE_LINK, row, (uint32_t)length), 25, 0);
    assert_string_equal(krn_package_text(p, KRN_TABLE_LINK, row, (uint32_t)lanes), "");
    assert_true(isnan(krn_package_number(p, KRN_TABLE_LINK, row, (uint32_t)lanes)));
    assert_string_equal(krn_package_text(p, KRN_TABLE_LINK, row, 1000), "");
    assert_string_equal(krn_package_row_file(p, KRN_TABLE_LINK, row), "link.csv");
    assert_int_equal(krn_package_row_line(p, KRN_TABLE_LINK, row), 4);
    assert_near(krni_number(p, KRN_TABLE_HOLIDAY, 0, HOLIDAY_DATE_FROM), 20533, 0);
    assert_near(krni_number(p, KRN_TABLE_LINK, row, LINK_DIRECTED), 0, 0);
    krn_package_free(p);
}

static void every_key_is_found_and_no_other(void **state)
{
    (void)state;
    krn_package *p = load();
    for (int t = 0; t < KRN_TABLE_COUNT; t++) {
        const krn_table table = (krn_table)t;
        const int key = krni_schema(table)->key;
        for (uint32_t r = 0; key >= 0 && r < krn_package_rows(p, table); r++)
            assert_int_equal(krn_package_find(p, table, krni_text(p, table, r, key)), r);
        assert_int_equal(krn_package_find(p, table, "no-such"), KRN_NO_ROW);
        assert_int_equal(krn_package_find(p, table, ""), KRN_NO_ROW);
    }
    krn_package_free(p);
}

static void tables_are_named_with_or_without_folder_and_extension(void **state)
{
    (void)state;
    assert_int_equal(krn_table_named("link"), KRN_TABLE_LINK);
    assert_int_equal(krn_table_named("link.csv"), KRN_TABLE_LINK);
    assert_int_equal(krn_table_named("trips"), KRN_TABLE_TRIPS);
    assert_int_equal(krn_table_named("timetable/trips.txt"), KRN_TABLE_TRIPS);
    assert_int_equal(krn_table_named("calendar"), KRN_TABLE_CALENDAR);
    assert_int_equal(krn_table_named("calendar.txt"), KRN_TABLE_SERVICE_CALENDAR);
    assert_int_equal(krn_table_named("links"), KRN_TABLE_COUNT);
    assert_int_equal(krn_table_named(""), KRN_TABLE_COUNT);
}

static void quality_belongs_to_a_figure(void **state)
{
    (void)state;
    krn_package *p = load();
    const uint32_t gate = krn_package_find(p, KRN_TABLE_LINK, "r-gate");
    const uint32_t load = krn_package_find(p, KRN_TABLE_OPERATION, "op-load-rail");
    assert_int_equal(krn_package_quality(p, krni_figure(KRN_TABLE_LINK, gate, LINK_LENGTH)),
                     KRN_DERIVED);
    assert_int_equal(krn_package_quality(p, krni_figure(KRN_TABLE_LINK, gate, LINK_FREE_SPEED)),
                     KRN_ESTIMATED);
    assert_int_equal(
        krn_package_quality(p, krni_figure(KRN_TABLE_OPERATION, load, OPERATION_LOW_H)),
        KRN_ESTIMATED);
    assert_string_equal(krn_package_source(p, krni_figure(KRN_TABLE_OPERATION, load, 0)),
                        "s-guess");
    assert_string_equal(krn_package_changed_by(p, krni_figure(KRN_TABLE_LINK, gate, 0)), "");
    assert_string_equal(krn_package_source(p, krn_figure_none()), "");
    krn_package_free(p);
}

static void lists_are_walked_item_by_item(void **state)
{
    (void)state;
    const char *list = "a;bc;d";
    size_t length = 0;
    assert_memory_equal(krni_list_next(&list, &length), "a", 1);
    assert_memory_equal(krni_list_next(&list, &length), "bc", length);
    assert_int_equal(length, 2);
    assert_memory_equal(krni_list_next(&list, &length), "d", 1);
    assert_null(krni_list_next(&list, &length));
    assert_true(krni_list_has("a;bc;d", "bc"));
    assert_false(krni_list_has("a;bc;d", "b"));
    assert_false(krni_list_has("", ""));
}

static void the_pool_holds_each_text_once(void **state)
{
    (void)state;
    krni_builder *b = krni_builder_new("here");
    assert_non_null(b);
    const uint32_t first = krni_builder_text(b, "barley", 6);
    char text[32];
    for (int i = 0; i < 200000; i++) {
        const int n = snprintf(text, sizeof text, "text %d", i);
        assert_true(krni_builder_text(b, text, (size_t)n) != KRNI_NO_TEXT);
    }
    assert_int_equal(krni_builder_text(b, "barley", 6), first);
    assert_int_equal(krni_builder_text(b, "text 7 and more", 6), krni_builder_text(b, "text 7", 6));
    assert_int_equal(krni_builder_text(b, "", 0), 0);
    krni_builder_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_have_text_and_number),
        cmocka_unit_test(every_key_is_found_and_no_other),
        cmocka_unit_test(tables_are_named_with_or_without_folder_and_extension),
        cmocka_unit_test(quality_belongs_to_a_figure),
        cmocka_unit_test(lists_are_walked_item_by_item),
        cmocka_unit_test(the_pool_holds_each_text_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
