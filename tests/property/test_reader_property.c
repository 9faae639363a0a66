/* SPDX-License-Identifier: Apache-2.0 */
/* test_reader_property.c - what holds for any change of the files of the mini package: cut at each
 * byte it is refused or whole; another spelling or order of rows reads the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/memory_package.h"

static krn_package *load(const memory_package *files)
{
    krn_package *package = NULL;
    krn_error err;
    const krn_status status = memory_package_load(files, NULL, &package, &err);
    if (status)
        fprintf(stderr, "%s\n", err.text);
    assert_int_equal(status, KRN_OK);
    return package;
}

/* Rows of all tables, joined by key: equal texts in all columns of the format. */
static void assert_same(const krn_package *a, const krn_package *b)
{
    for (int t = 0; t < KRN_TABLE_COUNT; t++) {
        const krn_table table = (krn_table)t;
        assert_int_equal(krn_package_rows(a, table), krn_package_rows(b, table));
        for (uint32_t r = 0; r < krn_package_rows(a, table); r++) {
            const char *key = krn_package_text(a, table, r, 0);
            const uint32_t found = krn_package_find(b, table, key);
            const uint32_t other = found == KRN_NO_ROW ? r : found;
            for (uint32_t c = 0; c < krn_package_columns(a, table); c++)
                assert_string_equal(krn_package_text(a, table, r, c),
                                    krn_package_text(b, table, other, c));
        }
    }
}

static void a_file_cut_at_any_byte_is_refused_or_read_whole(void **state)
{
    (void)state;
    memory_package *files = memory_package_open(KRN_SOURCE_DIR);
    assert_non_null(files);
    memory_package_drop(files, "datapackage.json");
    for (size_t i = 0; memory_package_name(files, i); i++) {
        const char *name = memory_package_name(files, i);
        size_t size = 0;
        const char *text = memory_package_text(files, name, &size);
        char *whole = malloc(size + 1);
        assert_non_null(whole);
        memcpy(whole, text, size + 1);
        for (size_t cut = 0; cut<size; cut += size> 2500 ? 7 : 3) {
            krn_faults *faults = krn_faults_new();
            krn_package *package = NULL;
            assert_true(memory_package_set(files, name, whole, cut));
            const krn_status status = memory_package_load(files, faults, &package, NULL);
            assert_true(status == KRN_OK || status == KRN_E_DATA);
            assert_true((status == KRN_OK) == (package != NULL));
            assert_true((status == KRN_OK) == (krn_faults_count(faults) == 0));
            krn_package_free(package);
            krn_faults_free(faults);
        }
        assert_true(memory_package_restore(files, name));
        free(whole);
    }
    memory_package_free(files);
}

/* Every field in quotes, CRLF, a byte-order mark. */
static char *spelled_otherwise(const char *text)
{
    const size_t room = 4 * strlen(text) + 16;
    char *out = malloc(room);
    size_t used = 3;
    bool quoted = false, start = true;
    assert_non_null(out);
    memcpy(out, "\xef\xbb\xbf", 3);
    for (const char *c = text; *c; c++) {
        const bool ends = !quoted && (*c == ',' || *c == '\n');
        if (start) {
            out[used++] = '"';
            start = false;
            if (*c == '"') {
                quoted = true;
                continue;
            }
        }
        if (quoted && *c == '"' && c[1] == '"') {
            out[used++] = '"';
            out[used++] = '"';
            c++;
        } else if (quoted && *c == '"') {
            quoted = false;
        } else if (ends) {
            out[used++] = '"';
            if (*c == '\n')
                out[used++] = '\r';
            out[used++] = *c;
            start = c[1] != '\0';
        } else {
            out[used++] = *c;
        }
    }
    out[used] = '\0';
    return out;
}

static void marks_quotes_and_line_ends_change_nothing(void **state)
{
    (void)state;
    memory_package *files = memory_package_open(KRN_SOURCE_DIR);
    krn_package *before = load(files);
    for (int t = 0; t < KRN_TABLE_MEASURE; t++) {
        const char *name = krn_table_file((krn_table)t);
        size_t size = 0;
        char *text = spelled_otherwise(memory_package_text(files, name, &size));
        assert_true(memory_package_set(files, name, text, strlen(text)));
        free(text);
    }
    krn_package *after = load(files);
    assert_same(before, after);
    krn_package_free(before);
    krn_package_free(after);
    memory_package_free(files);
}

/* The last row first. The mini package has no field with a line break. */
static char *reversed(const char *text)
{
    const size_t size = strlen(text);
    const char *header_end = strchr(text, '\n') + 1;
    char *out = malloc(size + 1);
    size_t used = (size_t)(header_end - text);
    assert_non_null(out);
    memcpy(out, text, used);
    for (const char *end = text + size; end > header_end;) {
        const char *start = end - 1;
        while (start > header_end && start[-1] != '\n')
            start--;
        memcpy(out + used, start, (size_t)(end - start));
        used += (size_t)(end - start);
        end = start;
    }
    out[used] = '\0';
    return out;
}

static void the_order_of_rows_changes_nothing(void **state)
{
    (void)state;
    memory_package *files = memory_package_open(KRN_SOURCE_DIR);
    krn_package *before = load(files);
    for (int t = 0; t < KRN_TABLE_MEASURE; t++) {
        const krn_table table = (krn_table)t;
        const char *name = krn_table_file(table);
        size_t size = 0;
        if (krn_package_find(before, table, krn_package_text(before, table, 0, 0)) == KRN_NO_ROW)
            continue; /* without keys rows cannot be told apart here */
        char *text = reversed(memory_package_text(files, name, &size));
        assert_true(memory_package_set(files, name, text, strlen(text)));
        free(text);
    }
    krn_package *after = load(files);
    assert_same(before, after);
    krn_package_free(before);
    krn_package_free(after);
    memory_package_free(files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_cut_at_any_byte_is_refused_or_read_whole),
        cmocka_unit_test(marks_quotes_and_line_ends_change_nothing),
        cmocka_unit_test(the_order_of_rows_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
