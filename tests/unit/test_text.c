/* SPDX-License-Identifier: Apache-2.0 */
/* test_text.c - texts that grow, columns of a terminal, numbers, folding. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "base/text.h"

static void a_text_grows_and_stays_terminated(void **state)
{
    (void)state;
    krni_writer w;
    krni_writer_init(&w, NULL);
    for (int i = 0; i < 1000; i++)
        krni_writef(&w, "%d,", i % 10);
    assert_int_equal(w.size, 2000);
    assert_int_equal(strlen(krni_writer_text(&w)), 2000);
    krni_writer_free(&w);
}

static void a_writer_without_memory_stays_failed(void **state)
{
    (void)state;
    krn_arena *arena = krn_arena_new(NULL, 2048);
    krni_writer w;
    krni_writer_init(&w, arena);
    krni_write_repeat(&w, "0123456789", 1000);
    assert_true(w.failed);
    assert_null(krni_writer_text(&w));
    krn_arena_free(arena);
}

static void numbers_are_rounded_and_grouped(void **state)
{
    (void)state;
    char t[64];
    assert_string_equal(krni_number_text(1234567.5, 0, true, t, sizeof t), "1,234,568");
    assert_string_equal(krni_number_text(-0.25, 1, false, t, sizeof t), "-0.3");
    assert_string_equal(krni_number_text(2.0, 2, false, t, sizeof t), "2.00");
    assert_string_equal(krni_number_text((double)NAN, 2, false, t, sizeof t), "-");
    assert_string_equal(krni_number_short(2.50, 3, t, sizeof t), "2.5");
    assert_string_equal(krni_number_short(100, 3, t, sizeof t), "100");
}

static void width_counts_columns_not_bytes(void **state)
{
    (void)state;
    assert_int_equal(krni_width("Aktau"), 5);
    assert_int_equal(krni_width("Ақтау"), 5);
    assert_int_equal(krni_width("e\xCC\x81"), 1);        /* e and a combining mark */
    assert_int_equal(krni_width("\xE8\xA5\xBF"), 2);     /* one wide character */
    assert_int_equal(krni_width("\xD8\xA8\xD9\x86"), 2); /* two Arabic letters */
}

static void a_cut_never_breaks_a_character(void **state)
{
    (void)state;
    krni_writer w;
    krni_writer_init(&w, NULL);
    krni_write_padded(&w, "Қостанай", 5, KRNI_LEFT);
    assert_string_equal(krni_writer_text(&w), "Қост…");
    krni_writer_clear(&w);
    krni_write_padded(&w, "\xE8\xA5\xBF\xE5\xAE\x89\xE8\xA5\xBF", 4,
                      KRNI_LEFT); /* 6 columns in 4 */
    assert_int_equal(krni_width(krni_writer_text(&w)), 4);
    krni_writer_clear(&w);
    krni_write_padded(&w, "12", 5, KRNI_RIGHT);
    assert_string_equal(krni_writer_text(&w), "   12");
    krni_writer_free(&w);
}

static void lines_break_at_blanks(void **state)
{
    (void)state;
    krni_writer w;
    krni_writer_init(&w, NULL);
    krni_write_wrapped(&w, "the quick brown fox", 10, 2);
    assert_string_equal(krni_writer_text(&w), "the quick\n  brown fox");
    krni_writer_clear(&w);
    krni_write_wrapped(&w, "abcdefghijklmnop", 8, 0);
    assert_string_equal(krni_writer_text(&w), "abcdefgh\nijklmnop");
    krni_writer_free(&w);
}

static void folding_drops_case_marks_and_punctuation(void **state)
{
    (void)state;
    krni_writer w;
    krni_writer_init(&w, NULL);
    krni_fold(&w, "  Bandar-e 'Abbās! ");
    assert_string_equal(krni_writer_text(&w), "bandar e abbas");
    krni_writer_clear(&w);
    krni_fold(&w, "АКТАУ (порт)");
    assert_string_equal(krni_writer_text(&w), "актау порт");
    krni_writer_free(&w);
}

static void broken_bytes_are_skipped_not_feared(void **state)
{
    (void)state;
    krni_writer w;
    krni_writer_init(&w, NULL);
    krni_fold(&w, "a\xff\xc3"
                  "b\xe2\x82");
    assert_string_equal(krni_writer_text(&w), "a b");
    (void)krni_width("\xf0\x9f");
    krni_writer_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_grows_and_stays_terminated),
        cmocka_unit_test(a_writer_without_memory_stays_failed),
        cmocka_unit_test(numbers_are_rounded_and_grouped),
        cmocka_unit_test(width_counts_columns_not_bytes),
        cmocka_unit_test(a_cut_never_breaks_a_character),
        cmocka_unit_test(lines_break_at_blanks),
        cmocka_unit_test(folding_drops_case_marks_and_punctuation),
        cmocka_unit_test(broken_bytes_are_skipped_not_feared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
