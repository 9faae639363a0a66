/* SPDX-License-Identifier: Apache-2.0 */
/* test_csv.c - rows and fields out of bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "io/csv.h"

/* Rows as "[a][b]|[c]": fields in brackets, '|' between rows, '!' before a field that is wrong. */
static void show(const char *bytes, size_t size, char *out, size_t room)
{
    krni_csv *csv = malloc(sizeof *csv);
    char *text = malloc(size + 1);
    size_t used = 0;
    assert_non_null(csv);
    assert_non_null(text);
    if (size)
        memcpy(text, bytes, size);
    krni_csv_open(csv, text, size);
    out[0] = '\0';
    for (int row = 0; krni_csv_next(csv); row++) {
        used += (size_t)snprintf(out + used, room - used, "%s%u:", row ? "|" : "", csv->line);
        for (uint32_t i = 0; i < csv->n_fields; i++)
            used += (size_t)snprintf(out + used, room - used, "%s[%.*s]",
                                     csv->fields[i].expected ? "!" : "", (int)csv->fields[i].length,
                                     csv->fields[i].text);
    }
    free(csv);
    free(text);
}

static void fields_come_out_as_they_were_meant(void **state)
{
    (void)state;
    const struct {
        const char *bytes, *rows;
    } cases[] = {
        {"", ""},
        {"a,b\n1,2\n", "1:[a][b]|2:[1][2]"},
        {"a,b\r\n1,2", "1:[a][b]|2:[1][2]"},
        {"\xef\xbb\xbf"
         "a\n",
         "1:[a]"},
        {"\"a,\"\"b\"\"\",\"x\ny\"\nc,", "1:[a,\"b\"][x\ny]|3:[c][]"},
        {",\n", "1:[][]"},
        {"\"\"\n", "1:[]"},
        {"\"a\"b,c\n", "1:![a][c]"},
        {"a\"b,c\n", "1:![a\"b][c]"},
        {"a\rb,c\n", "1:![a\rb][c]"},
        {"\"a\nb", "1:![a\nb]"},
        {"\xff,a\n", "1:![\xff][a]"},
        {"қ,ش\n", "1:[қ][ش]"},
        {"\n\na", "1:[]|2:[]|3:[a]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char rows[512];
        show(cases[i].bytes, strlen(cases[i].bytes), rows, sizeof rows);
        assert_string_equal(rows, cases[i].rows);
    }
}

static void nul_and_broken_utf8_are_wrong(void **state)
{
    (void)state;
    char rows[64];
    show("a\0b\n", 4, rows, sizeof rows);
    assert_string_equal(rows, "1:![a]"); /* shown up to the NUL */
    assert_true(krni_utf8_valid("plain ascii text of some length", 31));
    assert_false(krni_utf8_valid("\xc0\x80", 2));
    assert_false(krni_utf8_valid("\xed\xa0\x80", 3));
    assert_false(krni_utf8_valid("\xf4\x90\x80\x80", 4));
    assert_false(krni_utf8_valid("\xe2\x82", 2));
    assert_false(krni_utf8_valid("12345678\0", 9));
    assert_true(krni_utf8_valid("\xf0\x9f\x9a\x82", 4));
}

static void a_field_of_more_than_a_mebibyte_is_wrong(void **state)
{
    (void)state;
    const size_t size = KRNI_CSV_FIELD_BYTES + 1;
    char *text = malloc(size);
    krni_csv *csv = malloc(sizeof *csv);
    assert_non_null(text);
    assert_non_null(csv);
    memset(text, 'x', size);
    krni_csv_open(csv, text, size);
    assert_true(krni_csv_next(csv));
    assert_non_null(csv->fields[0].expected);
    krni_csv_open(csv, text, size - 1);
    assert_true(krni_csv_next(csv));
    assert_null(csv->fields[0].expected);
    free(csv);
    free(text);
}

static void more_fields_than_are_kept_are_counted(void **state)
{
    (void)state;
    char text[3000];
    krni_csv *csv = malloc(sizeof *csv);
    assert_non_null(csv);
    memset(text, ',', sizeof text);
    krni_csv_open(csv, text, sizeof text);
    assert_true(krni_csv_next(csv));
    assert_int_equal(csv->n_fields, 3001);
    assert_false(krni_csv_next(csv));
    free(csv);
}

static void excerpts_end_between_characters(void **state)
{
    (void)state;
    char out[12];
    krni_utf8_excerpt("қазақстан", strlen("қазақстан"), out, sizeof out);
    assert_string_equal(out, "қаза...");
    krni_utf8_excerpt("a\x1b\xff"
                      "b",
                      4, out, sizeof out);
    assert_string_equal(out, "a??b");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_come_out_as_they_were_meant),
        cmocka_unit_test(nul_and_broken_utf8_are_wrong),
        cmocka_unit_test(a_field_of_more_than_a_mebibyte_is_wrong),
        cmocka_unit_test(more_fields_than_are_kept_are_counted),
        cmocka_unit_test(excerpts_end_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
