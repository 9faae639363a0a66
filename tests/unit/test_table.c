/* SPDX-License-Identifier: Apache-2.0 */
/* test_table.c - columns fit the page, numbers stand under each other, long texts are wrapped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "report/table.h"
#include "report/words.h"

typedef struct sheet {
    krn_arena *arena;
    krni_writer w;
    krni_page page;
} sheet;

static int open_sheet(void **state)
{
    static sheet s;
    s.arena = krn_arena_new(NULL, 0);
    krni_writer_init(&s.w, s.arena);
    s.page = (krni_page){.out = &s.w, .columns = 40};
    *state = &s;
    return 0;
}

static int close_sheet(void **state)
{
    sheet *s = *state;
    krn_arena_free(s->arena);
    return 0;
}

static void widest_line_is_at_most(const char *text, size_t columns)
{
    while (*text) {
        char line[512];
        const size_t n = strcspn(text, "\n");
        assert_true(n < sizeof line);
        memcpy(line, text, n);
        line[n] = '\0';
        if (krni_width(line) > columns)
            fail_msg("too wide: %s", line);
        text += n + (text[n] == '\n');
    }
}

static void numbers_stand_under_each_other(void **state)
{
    sheet *s = *state;
    static const krni_grid_column columns[] = {{"", KRNI_LEFT, 0}, {"USD", KRNI_RIGHT, 0}};
    krni_grid g;
    krni_grid_init(&g, s->arena, columns, 2);
    krni_grid_cell(&g, "A");
    krni_grid_number(&g, 1234567, 0, true);
    krni_grid_cell(&g, "B");
    krni_grid_number(&g, 12, 0, true);
    krni_grid_write(&g, &s->page, 0);
    assert_string_equal(krni_writer_text(&s->w), "         USD\n"
                                                 "────────────\n"
                                                 "A  1,234,567\n"
                                                 "B         12\n");
}

static void a_row_never_passes_the_margin(void **state)
{
    sheet *s = *state;
    static const krni_grid_column columns[] = {
        {"way", KRNI_LEFT, 10}, {"note", KRNI_LEFT, 8}, {"km", KRNI_RIGHT, 0}};
    krni_grid g;
    krni_grid_init(&g, s->arena, columns, 3);
    krni_grid_cell(&g, "rail by Қостанай and a very long way round the lake");
    krni_grid_cell(&g, "an even longer remark that nobody reads to its end");
    krni_grid_number(&g, 5432.1, 1, true);
    krni_grid_span(&g, "one text over all columns that is longer than the page is wide");
    krni_grid_write(&g, &s->page, 2);
    widest_line_is_at_most(krni_writer_text(&s->w), 40);
    assert_non_null(strstr(krni_writer_text(&s->w), "5,432.1"));
}

static void an_empty_column_vanishes(void **state)
{
    sheet *s = *state;
    static const krni_grid_column columns[] = {
        {"a", KRNI_LEFT, 0}, {"due", KRNI_RIGHT, 0}, {"b", KRNI_LEFT, 0}};
    krni_grid g;
    krni_grid_init(&g, s->arena, columns, 3);
    krni_grid_cell(&g, "x");
    krni_grid_cell(&g, "");
    krni_grid_cell(&g, "y");
    krni_grid_write(&g, &s->page, 0);
    assert_string_equal(krni_writer_text(&s->w), "a  b\n────\nx  y\n");
}

static void colour_is_only_for_terminals(void **state)
{
    sheet *s = *state;
    krni_page_title(&s->page, "Title");
    krni_page_rule(&s->page, 0);
    assert_null(strchr(krni_writer_text(&s->w), '\033'));
    s->page.colour = true;
    krni_page_title(&s->page, "Title");
    assert_non_null(strchr(krni_writer_text(&s->w), '\033'));
}

/* A .. Z AA .. ZZ AAA: no letter stands for two routes. */
static void letters_of_routes_go_on_after_z(void **state)
{
    (void)state;
    char letter[KRNI_WORD];
    assert_string_equal(krni_route_letter(0, letter), "A");
    assert_string_equal(krni_route_letter(25, letter), "Z");
    assert_string_equal(krni_route_letter(26, letter), "AA");
    assert_string_equal(krni_route_letter(701, letter), "ZZ");
    assert_string_equal(krni_route_letter(702, letter), "AAA");
    assert_string_equal(krni_route_letter(UINT32_MAX, letter), "MWLQKWV");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_of_routes_go_on_after_z),
        cmocka_unit_test_setup_teardown(numbers_stand_under_each_other, open_sheet, close_sheet),
        cmocka_unit_test_setup_teardown(a_row_never_passes_the_margin, open_sheet, close_sheet),
        cmocka_unit_test_setup_teardown(an_empty_column_vanishes, open_sheet, close_sheet),
        cmocka_unit_test_setup_teardown(colour_is_only_for_terminals, open_sheet, close_sheet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
