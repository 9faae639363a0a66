/* SPDX-License-Identifier: Apache-2.0 */
/* option.c - reads the command line of one verb by its table.
 *
 *   --name VALUE   --name=VALUE   -n VALUE   --   ends options; arguments and options may mix
 *
 * Nothing is guessed: an unknown option, a value too many or too few, and a value that is not of
 * its kind are refused with the nearest valid word. */
#include "cli/option.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/edit_distance.h"
#include "base/error.h"
#include "base/number.h"

#define SHOWN_COLUMNS 60u

static const krni_option common[] = {
    {.name = "package",
     .letter = 'p',
     .kind = KRNI_OPT_FILE,
     .value = "DIR|FILE.krn",
     .help = "folder of tables, or a compiled network; else $KERUEN_PACKAGE, ./data/kti, or the "
             "installed corridor"},
    {.name = "format",
     .letter = 'f',
     .kind = KRNI_OPT_CHOICE,
     .value = "FORMAT",
     .choices = "table|json|csv|geojson",
     .help = "shape of the answer; table is the default"},
    {.name = "output",
     .letter = 'o',
     .kind = KRNI_OPT_FILE,
     .value = "FILE",
     .help = "write the answer to a file, whole or not at all"},
    {.name = "columns",
     .kind = KRNI_OPT_INTEGER,
     .value = "N",
     .min = 40,
     .max = 200,
     .help = "width of tables; else $COLUMNS or the terminal, at most 100, or 80"},
    {.name = "quiet", .letter = 'q', .kind = KRNI_OPT_FLAG, .help = "no talk on standard error"},
    {.name = "help", .letter = 'h', .kind = KRNI_OPT_FLAG, .help = "tell about the verb"},
    {0},
};

const krni_option *krni_common_options(void)
{
    return common;
}

/* The i-th option of a verb: its own first, then the common ones; NULL behind the last. */
static const krni_option *option_at(const krni_verb_words *words, size_t i)
{
    const krni_option *o = words->options;
    for (; o && o->name; o++)
        if (!i--)
            return o;
    for (o = common; o->name; o++)
        if (!i--)
            return o;
    return NULL;
}

static const krni_option *find_option(const krni_verb_words *words, const char *name, size_t length)
{
    const krni_option *o;
    for (size_t i = 0; (o = option_at(words, i)) != NULL; i++)
        if (strlen(o->name) == length && strncmp(o->name, name, length) == 0)
            return o;
    return NULL;
}

static const krni_option *find_letter(const krni_verb_words *words, char letter)
{
    const krni_option *o;
    for (size_t i = 0; letter && (o = option_at(words, i)) != NULL; i++)
        if (o->letter == letter)
            return o;
    return NULL;
}

static int shown(const char *text)
{
    return (int)krni_prefix_bytes(text, SHOWN_COLUMNS);
}

static krn_status fail_unknown(const krni_verb_words *words, const char *text, krn_error *err)
{
    const char *names[KRNI_MOST_OPTIONS + 8];
    size_t n = 0;
    const krni_option *o;
    char given[64];
    const char *bare = text + strspn(text, "-");
    size_t length = strcspn(bare, "=");
    if (length >= sizeof given)
        length = sizeof given - 1;
    memcpy(given, bare, length);
    given[length] = '\0';
    for (size_t i = 0; (o = option_at(words, i)) != NULL && n < sizeof names / sizeof names[0]; i++)
        names[n++] = o->name;
    const int nearest = krni_nearest(given, names, n);
    if (nearest >= 0)
        return krni_fail(err, KRN_E_ARG, "unknown option %.*s; did you mean --%s?", shown(text),
                         text, names[nearest]);
    return krni_fail(err, KRN_E_ARG, "unknown option %.*s; keruen %s --help lists all", shown(text),
                     text, words->name);
}

/* ---- values ---- */

/* Index of a word among "a|b|c", or -1. */
static int choice_index(const char *choices, const char *text, size_t length)
{
    int index = 0;
    for (const char *at = choices; at && *at; index++) {
        const size_t n = strcspn(at, "|");
        if (n == length && strncmp(at, text, n) == 0)
            return index;
        at += n;
        at += *at == '|';
    }
    return -1;
}

/* The choice nearest to a text, as words in a buffer; false when none is near. */
static bool nearest_choice(const char *choices, const char *text, char *out, size_t size)
{
    char words[16][32];
    const char *list[16];
    size_t n = 0;
    for (const char *at = choices; *at && n < 16;) {
        size_t length = strcspn(at, "|");
        const size_t kept = length < sizeof words[0] - 1 ? length : sizeof words[0] - 1;
        memcpy(words[n], at, kept);
        words[n][kept] = '\0';
        list[n] = words[n];
        n++;
        at += length;
        at += *at == '|';
    }
    const int nearest = krni_nearest(text, list, n);
    if (nearest < 0)
        return false;
    const size_t length = strlen(list[nearest]);
    if (length >= size)
        return false;
    memcpy(out, list[nearest], length + 1);
    return true;
}

static krn_status fail_choice(const krni_option *o, const char *text, size_t length, krn_error *err)
{
    char word[64], nearest[64] = "", listed[128];
    const size_t kept = length < sizeof word - 1 ? length : sizeof word - 1;
    memcpy(word, text, kept);
    word[kept] = '\0';
    size_t n = 0;
    for (const char *c = o->choices; *c && n + 3 < sizeof listed; c++) {
        listed[n++] = *c == '|' ? ',' : *c;
        if (*c == '|')
            listed[n++] = ' ';
    }
    listed[n] = '\0';
    if (nearest_choice(o->choices, word, nearest, sizeof nearest))
        return krni_fail(err, KRN_E_ARG, "--%s %s: one of %s was expected; did you mean %s?",
                         o->name, word, listed, nearest);
    return krni_fail(err, KRN_E_ARG, "--%s %s: one of %s was expected", o->name, word, listed);
}

static krn_status check_choices(const krni_option *o, const char *value, krn_error *err)
{
    const char *at = value;
    do {
        const size_t n = o->kind == KRNI_OPT_CHOICES ? strcspn(at, ",") : strlen(at);
        if (choice_index(o->choices, at, n) < 0)
            return fail_choice(o, at, n, err);
        at += n;
    } while (*at++ == ',');
    return KRN_OK;
}

/* A bound of a number in few digits; one that would read 0 in its own. */
static void bound_text(double bound, char out[32])
{
    if (bound != 0.0 && fabs(bound) < 1e-4)
        krni_number_exact(bound, 4, out);
    else
        krni_number_short(bound, 4, out, 32);
}

static krn_status check_value(const krni_option *o, const char *value, krn_error *err)
{
    double number;
    char low[32], high[32];
    switch (o->kind) {
    case KRNI_OPT_NUMBER:
    case KRNI_OPT_INTEGER:
        bound_text(o->min, low);
        bound_text(o->max, high);
        if (!krni_number_read(value, strlen(value), &number) || number < o->min ||
            number > o->max || (o->kind == KRNI_OPT_INTEGER && number != floor(number)))
            return krni_fail(err, KRN_E_ARG, "--%s %.*s: a %snumber in %s..%s was expected",
                             o->name, shown(value), value,
                             o->kind == KRNI_OPT_INTEGER ? "whole " : "", low, high);
        return KRN_OK;
    case KRNI_OPT_CHOICE:
    case KRNI_OPT_CHOICES:
        return check_choices(o, value, err);
    case KRNI_OPT_DATE:
        if (strlen(value) < 10 || value[4] != '-' || value[7] != '-')
            return krni_fail(err, KRN_E_ARG,
                             "--%s %.*s: a date as 2026-12-01 or 2026-12-01T08:30 was expected",
                             o->name, shown(value), value);
        return KRN_OK;
    case KRNI_OPT_TEXT:
    case KRNI_OPT_FILE:
    case KRNI_OPT_LIST:
        if (!*value)
            return krni_fail(err, KRN_E_ARG, "--%s: a value was expected after it", o->name);
        return KRN_OK;
    default:
        return KRN_OK;
    }
}

/* ---- reading ---- */

static krn_status take_option(krni_arguments *a, const char *text, const char *next,
                              bool *used_next, krn_error *err)
{
    const krni_option *o = NULL;
    const char *value = NULL;
    *used_next = false;
    if (text[1] == '-') {
        const char *equals = strchr(text, '=');
        o = find_option(a->words, text + 2,
                        equals ? (size_t)(equals - text - 2) : strlen(text + 2));
        value = equals ? equals + 1 : NULL;
    } else {
        o = find_letter(a->words, text[1]);
        if (o && text[2])
            value = text[2] == '=' ? text + 3 : text + 2;
    }
    if (!o)
        return fail_unknown(a->words, text, err);
    if (o->kind == KRNI_OPT_FLAG) {
        if (value)
            return krni_fail(err, KRN_E_ARG, "--%s takes no value", o->name);
        value = "";
    } else if (!value) {
        if (!next)
            return krni_fail(err, KRN_E_ARG, "--%s: %s was expected after it", o->name,
                             o->value ? o->value : "a value");
        value = next;
        *used_next = true;
    }
    a->given[a->n_given].option = o;
    a->given[a->n_given].value = value;
    a->n_given++;
    return check_value(o, value, err);
}

static krn_status take_argument(krni_arguments *a, uint32_t *n, const char *text, krn_error *err)
{
    if (*n == KRNI_MOST_ARGUMENTS || !a->words->arguments[*n].name)
        return krni_fail(err, KRN_E_ARG, "%.*s: one argument too many for keruen %s", shown(text),
                         text, a->words->name);
    a->argument[(*n)++] = text;
    return KRN_OK;
}

krn_status krni_arguments_read(const krni_verb_words *words, int argc, const char *const *argv,
                               krn_arena *arena, krni_arguments *out, krn_error *err)
{
    *out = (krni_arguments){.arena = arena, .words = words};
    out->given = krn_arena_calloc(arena, (size_t)argc + 1, sizeof *out->given);
    if (!out->given)
        return krni_fail_memory(err);
    uint32_t n = 0;
    bool ended = false;
    for (int i = 0; i < argc; i++) {
        krn_status status;
        bool used_next = false;
        if (!ended && strcmp(argv[i], "--") == 0) {
            ended = true;
            continue;
        }
        if (!ended && argv[i][0] == '-' && argv[i][1])
            status = take_option(out, argv[i], i + 1 < argc ? argv[i + 1] : NULL, &used_next, err);
        else
            status = take_argument(out, &n, argv[i], err);
        if (status)
            return status;
        i += used_next;
    }
    if (krni_given_flag(out, "help"))
        return KRN_OK;
    if (n < KRNI_MOST_ARGUMENTS && words->arguments[n].name && words->arguments[n].required)
        return krni_fail(err, KRN_E_ARG, "%s is missing: keruen %s --help",
                         words->arguments[n].name, words->name);
    return KRN_OK;
}

const char *krni_given_text(const krni_arguments *a, const char *name)
{
    const char *value = NULL;
    for (uint32_t i = 0; i < a->n_given; i++)
        if (strcmp(a->given[i].option->name, name) == 0)
            value = a->given[i].value;
    return value;
}

bool krni_given_flag(const krni_arguments *a, const char *name)
{
    return krni_given_text(a, name) != NULL;
}

double krni_given_number(const krni_arguments *a, const char *name, double otherwise)
{
    const char *text = krni_given_text(a, name);
    double number = otherwise;
    return text && krni_number_read(text, strlen(text), &number) ? number : otherwise;
}

const char *const *krni_given_list(const krni_arguments *a, const char *name, uint32_t *out_n)
{
    size_t most = 1;
    *out_n = 0;
    for (uint32_t i = 0; i < a->n_given; i++) {
        const struct krni_given *g = &a->given[i];
        if (strcmp(g->option->name, name) == 0)
            for (const char *at = g->value; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
                most++;
    }
    const char **list = krn_arena_calloc(a->arena, most, sizeof *list);
    if (!list)
        return NULL;
    for (uint32_t i = 0; i < a->n_given; i++) {
        const struct krni_given *g = &a->given[i];
        if (strcmp(g->option->name, name) != 0)
            continue;
        char *copy = krn_arena_text(a->arena, g->value);
        if (!copy)
            return NULL;
        for (char *at = copy; at;) {
            char *comma = strchr(at, ',');
            if (comma)
                *comma = '\0';
            if (*at)
                list[(*out_n)++] = at;
            at = comma ? comma + 1 : NULL;
        }
    }
    return list;
}

unsigned krni_given_mask(const krni_arguments *a, const char *name, unsigned otherwise)
{
    unsigned mask = 0;
    for (uint32_t i = 0; i < a->n_given; i++) {
        const struct krni_given *g = &a->given[i];
        if (strcmp(g->option->name, name) != 0)
            continue;
        for (const char *at = g->value; *at;) {
            const size_t n = strcspn(at, ",");
            const int index = choice_index(g->option->choices, at, n);
            if (index >= 0)
                mask |= 1u << index;
            at += n;
            at += *at == ',';
        }
    }
    return mask ? mask : otherwise;
}

unsigned krni_given_choice(const krni_arguments *a, const char *name, unsigned otherwise)
{
    unsigned chosen = otherwise;
    for (uint32_t i = 0; i < a->n_given; i++)
        if (strcmp(a->given[i].option->name, name) == 0) {
            const int index = choice_index(a->given[i].option->choices, a->given[i].value,
                                           strlen(a->given[i].value));
            if (index >= 0)
                chosen = (unsigned)index;
        }
    return chosen;
}
