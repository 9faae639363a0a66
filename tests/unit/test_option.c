/* SPDX-License-Identifier: Apache-2.0 */
/* test_option.c - a command line is read by its table; what does not fit is refused with the
 * nearest valid word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "cli/option.h"

static const krni_option options[] = {
    {.name = "tonnes",
     .help = "what it does",
     .letter = 't',
     .kind = KRNI_OPT_NUMBER,
     .value = "N",
     .min = 1,
     .max = 100},
    {.name = "max",
     .help = "what it does",
     .kind = KRNI_OPT_INTEGER,
     .value = "N",
     .min = 0,
     .max = 9},
    {.name = "modes",
     .help = "what it does",
     .letter = 'm',
     .kind = KRNI_OPT_CHOICES,
     .value = "M",
     .choices = "rail|road|sea"},
    {.name = "avoid", .help = "what it does", .kind = KRNI_OPT_LIST, .value = "WHAT"},
    {.name = "explain", .help = "what it does", .letter = 'e', .kind = KRNI_OPT_FLAG},
    {.name = "ready", .help = "what it does", .kind = KRNI_OPT_DATE, .value = "DATE"},
    {0},
};

static const krni_verb_words words = {
    .name = "test",
    .line = "a verb",
    .arguments = {{.name = "FROM", .required = true, .help = "from"}, {.name = "TO", .help = "to"}},
    .options = options,
};

typedef struct line {
    krn_arena *arena;
    krni_arguments a;
    krn_error err;
} line;

/* Reads words apart by blanks. */
static krn_status read_line(line *l, const char *text)
{
    const char *argv[32];
    int argc = 0;
    krn_arena_reset(l->arena);
    char *copy = krn_arena_text(l->arena, text);
    for (char *at = copy; at && *at && argc < 32;) {
        argv[argc++] = at;
        at = strchr(at, ' ');
        if (at)
            *at++ = '\0';
    }
    l->err.text[0] = '\0';
    return krni_arguments_read(&words, argc, argv, l->arena, &l->a, &l->err);
}

static int open_line(void **state)
{
    static line l;
    l.arena = krn_arena_new(NULL, 0);
    *state = &l;
    return l.arena ? 0 : -1;
}

static int close_line(void **state)
{
    line *l = *state;
    krn_arena_free(l->arena);
    return 0;
}

static void every_spelling_of_a_value_is_read(void **state)
{
    line *l = *state;
    assert_int_equal(read_line(l, "A --tonnes 3.5 B -e -m rail,sea"), KRN_OK);
    assert_string_equal(l->a.argument[0], "A");
    assert_string_equal(l->a.argument[1], "B");
    assert_true(krni_given_flag(&l->a, "explain"));
    assert_int_equal(krni_given_mask(&l->a, "modes", 7), 5);
    assert_true(krni_given_number(&l->a, "tonnes", 0) == 3.5);
    assert_int_equal(read_line(l, "A --tonnes=4"), KRN_OK);
    assert_true(krni_given_number(&l->a, "tonnes", 0) == 4.0);
    assert_int_equal(read_line(l, "A -t5"), KRN_OK);
    assert_true(krni_given_number(&l->a, "tonnes", 0) == 5.0);
    assert_int_equal(read_line(l, "-- --odd-name"), KRN_OK);
    assert_string_equal(l->a.argument[0], "--odd-name");
}

static void the_last_value_stands_and_lists_add_up(void **state)
{
    line *l = *state;
    uint32_t n = 0;
    assert_int_equal(read_line(l, "A --max 1 --max 2 --avoid x,y --avoid z"), KRN_OK);
    assert_true(krni_given_number(&l->a, "max", 0) == 2.0);
    const char *const *list = krni_given_list(&l->a, "avoid", &n);
    assert_int_equal(n, 3);
    assert_string_equal(list[0], "x");
    assert_string_equal(list[2], "z");
}

static void refused(line *l, const char *text, const char *says)
{
    if (read_line(l, text) != KRN_E_ARG)
        fail_msg("%s was taken", text);
    if (!strstr(l->err.text, says))
        fail_msg("%s: \"%s\" does not say \"%s\"", text, l->err.text, says);
}

static void what_does_not_fit_is_refused(void **state)
{
    refused(*state, "", "FROM is missing");
    refused(*state, "A B C", "one argument too many");
    refused(*state, "A --tones 3", "did you mean --tonnes?");
    refused(*state, "A --zzzzzz", "--help lists all");
    refused(*state, "A -z", "unknown option -z");
    refused(*state, "A --tonnes", "N was expected after it");
    refused(*state, "A --tonnes 3,5", "a number in 1..100");
    refused(*state, "A --tonnes 0x10", "a number in 1..100");
    refused(*state, "A --tonnes nan", "a number in 1..100");
    refused(*state, "A --tonnes 101", "a number in 1..100");
    refused(*state, "A --max 1.5", "a whole number in 0..9");
    refused(*state, "A --modes rial", "did you mean rail?");
    refused(*state, "A --modes rail,", "one of rail, road, sea");
    refused(*state, "A --explain=1", "takes no value");
    refused(*state, "A --ready tomorrow", "a date as 2026-12-01");
    refused(*state, "A --format jsn", "did you mean json?");
}

static void help_needs_no_arguments(void **state)
{
    line *l = *state;
    assert_int_equal(read_line(l, "--help"), KRN_OK);
    assert_true(krni_given_flag(&l->a, "help"));
}

static void every_option_stands_in_help_page_and_completion(void **state)
{
    line *l = *state;
    const krni_verb_words *const verbs[] = {&words};
    const krni_program_words program = {"keruen", "freight", "1.0", verbs, 1};
    krni_writer help, man, bash;
    krni_writer_init(&help, l->arena);
    krni_writer_init(&man, l->arena);
    krni_writer_init(&bash, l->arena);
    krni_help_verb(&help, &program, &words, 80);
    krni_help_man(&man, &program);
    krni_help_bash(&bash, &program);
    for (const krni_option *o = options; o->name; o++) {
        assert_non_null(strstr(krni_writer_text(&help), o->name));
        assert_non_null(strstr(krni_writer_text(&man), o->name));
        assert_non_null(strstr(krni_writer_text(&bash), o->name));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_spelling_of_a_value_is_read),
        cmocka_unit_test(the_last_value_stands_and_lists_add_up),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(help_needs_no_arguments),
        cmocka_unit_test(every_option_stands_in_help_page_and_completion),
    };
    return cmocka_run_group_tests(tests, open_line, close_line);
}
