/* SPDX-License-Identifier: Apache-2.0 */
/* formula.c - a program on a stack of values with slopes (dual numbers), made while parsing.
 *
 *     a + b * c     ->     a  b  c  MULTIPLY  ADD
 *     if(c, a, b)   ->     c  UNLESS->1  a  GO->2  1: b  2:
 */
#include "model/formula_code.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "base/edit_distance.h"
#include "base/error.h"
#include "base/number.h"
#include "base/text.h"

#define MOST_NAME    64u
#define MOST_OPTIONS 512u /* names looked through for the nearest one */

static const struct {
    const char *name;
    uint32_t n_arguments; /* 0: one or more */
} functions[KRNI_FUNCTION_COUNT] = {
    {"abs", 1},   {"sqrt", 1},    {"exp", 1},     {"ln", 1},      {"log", 1},  {"ceil", 1},
    {"floor", 1}, {"round", 1},   {"sign", 1},    {"sin", 1},     {"cos", 1},  {"tan", 1},
    {"sinh", 1},  {"cosh", 1},    {"tanh", 1},    {"asin", 1},    {"acos", 1}, {"atan", 1},
    {"deg", 1},   {"rad", 1},     {"min", 2},     {"max", 2},     {"pow", 2},  {"atan2", 2},
    {"hours", 2}, {"minutes", 2}, {"seconds", 2}, {"conical", 3}, {"bpr", 4},  {"if", 3},
    {"avg", 0}};

uint32_t krni_function_arguments(uint32_t which)
{
    return functions[which].n_arguments;
}

/* ---- parsing ---- */

typedef struct parser {
    const char *text;
    size_t at;
    const char *const *names;
    uint32_t n_names;
    krni_operation *operations;
    uint32_t n_operations, most_operations;
    uint32_t n_waiting, depth; /* values on the stack; brackets and signs open */
    krn_error *err;
} parser;

static krn_status parse_or(parser *p);
static krn_status parse_atom(parser *p);

static krn_status wrong(parser *p, size_t at, const char *expected)
{
    const char *end = p->text + at;
    if (!*end)
        return krni_fail(p->err, KRN_E_DATA,
                         "position %zu of \"%.200s\": %s was expected at the end", at + 1, p->text,
                         expected);
    (void)krni_utf8_next(&end);
    return krni_fail(p->err, KRN_E_DATA, "position %zu of \"%.200s\": %s was expected, not '%.*s'",
                     at + 1, p->text, expected, (int)(end - p->text - (ptrdiff_t)at), p->text + at);
}

static void skip_blanks(parser *p)
{
    while (p->text[p->at] == ' ' || p->text[p->at] == '\t')
        p->at++;
}

/* Whether a sign stands next, and goes behind it. */
static bool take(parser *p, const char *sign)
{
    skip_blanks(p);
    if (strncmp(p->text + p->at, sign, strlen(sign)) != 0)
        return false;
    p->at += strlen(sign);
    return true;
}

static krn_status too_deep(parser *p)
{
    return krni_fail(p->err, KRN_E_DATA, "position %zu of \"%.200s\": nested deeper than %u",
                     p->at + 1, p->text, KRNI_FORMULA_MOST_DEPTH);
}

/* Appends an operation that takes some values off the stack and leaves one (or none). */
static krn_status emit(parser *p, krni_operation o, uint32_t n_taken, uint32_t n_left)
{
    assert(p->n_operations < p->most_operations && p->n_waiting >= n_taken);
    p->operations[p->n_operations++] = o;
    p->n_waiting = p->n_waiting - n_taken + n_left;
    return p->n_waiting > KRNI_FORMULA_MOST_DEPTH ? too_deep(p) : KRN_OK;
}

static krn_status emit_code(parser *p, krni_code c, size_t at, uint32_t n_taken)
{
    return emit(p, (krni_operation){.code = (uint8_t)c, .at = (uint16_t)at}, n_taken, 1);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || (unsigned char)c >= 0x80;
}

static size_t digits_behind(const char *text, size_t at)
{
    while (is_digit(text[at]))
        at++;
    return at;
}

/* A quantity's prefix behind a number: a letter alone. */
static double prefix_factor(parser *p)
{
    static const char letters[] = "numkKMG";
    static const double factors[] = {1e-9, 1e-6, 1e-3, 1e3, 1e3, 1e6, 1e9};
    skip_blanks(p);
    const char c = p->text[p->at];
    const char *found = c ? strchr(letters, c) : NULL;
    if (!found || is_letter(p->text[p->at + 1]) || is_digit(p->text[p->at + 1]))
        return 1.0;
    p->at++;
    return factors[found - letters];
}

static krn_status parse_number(parser *p)
{
    const size_t begin = p->at;
    size_t end = digits_behind(p->text, begin);
    double value;
    if (p->text[end] == '.')
        end = digits_behind(p->text, end + 1);
    if (p->text[end] == 'e' || p->text[end] == 'E') {
        const size_t sign = end + 1 + (p->text[end + 1] == '-' || p->text[end + 1] == '+');
        if (is_digit(p->text[sign]))
            end = digits_behind(p->text, sign);
    }
    /* ".5" and "5." are numbers here */
    char digits[MOST_NAME + 3];
    size_t n = 0;
    if (end - begin > MOST_NAME)
        return wrong(p, begin, "a number of at most 64 characters");
    if (p->text[begin] == '.')
        digits[n++] = '0';
    for (size_t k = begin; k < end; k++) {
        digits[n++] = p->text[k];
        if (p->text[k] == '.' && !is_digit(p->text[k + 1]))
            digits[n++] = '0';
    }
    if (!krni_number_read(digits, n, &value))
        return wrong(p, begin, "a number");
    p->at = end;
    value *= prefix_factor(p);
    return emit(p,
                (krni_operation){.code = KRNI_CODE_NUMBER, .number = value, .at = (uint16_t)begin},
                0, 1);
}

/* NAME, NAME.1,2 or NAME.1,2.3: the end of it. */
static size_t name_end(const char *text, size_t at)
{
    while (is_letter(text[at]) || is_digit(text[at]))
        at++;
    if (text[at] != '.' || !is_digit(text[at + 1]))
        return at;
    at = digits_behind(text, at + 1);
    if (text[at] == ',' && is_digit(text[at + 1]))
        at = digits_behind(text, at + 1);
    if (text[at] == '.' && is_digit(text[at + 1]))
        at = digits_behind(text, at + 1);
    return at;
}

static krn_status unknown_name(parser *p, size_t begin, size_t end, bool is_function)
{
    char name[MOST_NAME + 1];
    const char *words[MOST_OPTIONS] = {NULL};
    const size_t n = end - begin < MOST_NAME ? end - begin : MOST_NAME;
    size_t n_words = 0;
    memcpy(name, p->text + begin, n);
    name[n] = '\0';
    if (is_function)
        for (; n_words < KRNI_FUNCTION_COUNT; n_words++)
            words[n_words] = functions[n_words].name;
    else
        for (; n_words < p->n_names && n_words < MOST_OPTIONS; n_words++)
            words[n_words] = p->names[n_words];
    const int nearest = krni_nearest(name, words, n_words);
    return krni_fail(p->err, KRN_E_DATA, "position %zu of \"%.200s\": no %s \"%s\"%s%.60s%s",
                     begin + 1, p->text, is_function ? "function" : "variable", name,
                     nearest >= 0 ? "; nearest: \"" : "", nearest >= 0 ? words[nearest] : "",
                     nearest >= 0 ? "\"" : "");
}

static krn_status parse_variable(parser *p, size_t begin, size_t end)
{
    p->at = end;
    for (uint32_t k = 0; k < p->n_names; k++)
        if (strncmp(p->names[k], p->text + begin, end - begin) == 0 && !p->names[k][end - begin])
            return emit(
                p,
                (krni_operation){.code = KRNI_CODE_VARIABLE, .argument = k, .at = (uint16_t)begin},
                0, 1);
    return unknown_name(p, begin, end, false);
}

/* if(c, a, b): only one of a and b is computed. */
static krn_status parse_if(parser *p, size_t at)
{
    krn_status status = parse_or(p);
    if (!status && !take(p, ","))
        status = wrong(p, p->at, "',' (if has 3 arguments)");
    const uint32_t unless = p->n_operations;
    if (!status)
        status = emit(p, (krni_operation){.code = KRNI_CODE_UNLESS, .at = (uint16_t)at}, 1, 0);
    if (!status)
        status = parse_or(p);
    if (!status && !take(p, ","))
        status = wrong(p, p->at, "',' (if has 3 arguments)");
    const uint32_t go = p->n_operations;
    if (!status)
        status = emit(p, (krni_operation){.code = KRNI_CODE_GO, .at = (uint16_t)at}, 1, 0);
    if (!status) {
        p->operations[unless].argument = p->n_operations;
        status = parse_or(p);
    }
    if (!status)
        p->operations[go].argument = p->n_operations;
    return status;
}

/* Arguments of any number, of which the mean is left. */
static krn_status parse_mean(parser *p, size_t at)
{
    uint32_t n = 1;
    krn_status status = parse_or(p);
    while (!status && take(p, ",")) {
        status = parse_or(p);
        if (!status)
            status = emit_code(p, KRNI_CODE_ADD, at, 2);
        n++;
    }
    if (!status)
        status = emit(
            p, (krni_operation){.code = KRNI_CODE_NUMBER, .number = n, .at = (uint16_t)at}, 0, 1);
    return status ? status : emit_code(p, KRNI_CODE_DIVIDE, at, 2);
}

static krn_status parse_arguments(parser *p, uint32_t which, size_t at)
{
    static const char *const expected[] = {"", "',' (it has 1 argument)",
                                           "',' (it has 2 arguments)", "',' (it has 3 arguments)",
                                           "',' (it has 4 arguments)"};
    krn_status status = KRN_OK;
    if (which == KRNI_FUNCTION_IF)
        return parse_if(p, at);
    if (which == KRNI_FUNCTION_AVG)
        return parse_mean(p, at);
    for (uint32_t k = 0; k < functions[which].n_arguments && !status; k++) {
        if (k && !take(p, ","))
            return wrong(p, p->at, expected[functions[which].n_arguments]);
        status = parse_or(p);
    }
    if (status)
        return status;
    return emit(p, (krni_operation){.code = KRNI_CODE_CALL, .argument = which, .at = (uint16_t)at},
                functions[which].n_arguments, 1);
}

static krn_status parse_call(parser *p, size_t begin, size_t end)
{
    uint32_t which = 0;
    while (which < KRNI_FUNCTION_COUNT &&
           (strncasecmp(functions[which].name, p->text + begin, end - begin) != 0 ||
            functions[which].name[end - begin]))
        which++;
    if (which == KRNI_FUNCTION_COUNT)
        return unknown_name(p, begin, end, true);
    const krn_status status = parse_arguments(p, which, begin);
    if (status)
        return status;
    return take(p, ")") ? KRN_OK : wrong(p, p->at, "')'");
}

static krn_status parse_name(parser *p)
{
    const size_t begin = p->at, end = name_end(p->text, begin);
    size_t plain = begin;
    while (is_letter(p->text[plain]) || is_digit(p->text[plain]))
        plain++;
    p->at = plain;
    if (take(p, "("))
        return parse_call(p, begin, plain);
    return parse_variable(p, begin, end);
}

static krn_status parse_bracket(parser *p, const char *closing, const char *expected)
{
    const krn_status status = parse_or(p);
    if (status)
        return status;
    return take(p, closing) ? KRN_OK : wrong(p, p->at, expected);
}

static krn_status parse_plain_atom(parser *p)
{
    skip_blanks(p);
    const size_t begin = p->at;
    const char c = p->text[begin];
    krn_status status;
    if (take(p, "-")) {
        status = parse_atom(p);
        return status ? status : emit_code(p, KRNI_CODE_NEGATE, begin, 1);
    }
    if (take(p, "+"))
        return parse_atom(p);
    if (take(p, "("))
        return parse_bracket(p, ")", "')'");
    if (c == '|' && p->text[begin + 1] != '|') {
        p->at++;
        status = parse_bracket(p, "|", "'|'");
        if (status)
            return status;
        return emit(p,
                    (krni_operation){.code = KRNI_CODE_CALL,
                                     .argument = KRNI_FUNCTION_ABS,
                                     .at = (uint16_t)begin},
                    1, 1);
    }
    if (is_digit(c) || (c == '.' && is_digit(p->text[begin + 1])))
        return parse_number(p);
    if (is_letter(c))
        return parse_name(p);
    return wrong(p, begin, "a number, a variable, a function or '('");
}

/* Brackets, signs and functions are counted, so that recursion is bounded. */
static krn_status parse_atom(parser *p)
{
    if (p->depth >= KRNI_FORMULA_MOST_DEPTH)
        return too_deep(p);
    p->depth++;
    const krn_status status = parse_plain_atom(p);
    p->depth--;
    return status;
}

typedef struct sign_code {
    const char *sign;
    krni_code code;
} sign_code;

/* Operators of one rank, from left to right: longer signs stand first. */
static krn_status parse_rank(parser *p, const sign_code *signs, krn_status (*parse_next)(parser *))
{
    krn_status status = parse_next(p);
    while (!status) {
        const sign_code *s = signs;
        skip_blanks(p);
        const size_t at = p->at;
        while (s->sign && !take(p, s->sign))
            s++;
        if (!s->sign)
            break;
        status = parse_next(p);
        if (!status)
            status = emit_code(p, s->code, at, 2);
    }
    return status;
}

static krn_status parse_power(parser *p)
{
    static const sign_code signs[] = {
        {"^", KRNI_CODE_POWER}, {"**", KRNI_CODE_POWER}, {NULL, KRNI_CODE_POWER}};
    return parse_rank(p, signs, parse_atom);
}

static krn_status parse_product(parser *p)
{
    static const sign_code signs[] = {{"*", KRNI_CODE_MULTIPLY},
                                      {"/", KRNI_CODE_DIVIDE},
                                      {"%", KRNI_CODE_MODULO},
                                      {NULL, KRNI_CODE_ADD}};
    return parse_rank(p, signs, parse_power);
}

static krn_status parse_sum(parser *p)
{
    static const sign_code signs[] = {
        {"+", KRNI_CODE_ADD}, {"-", KRNI_CODE_SUBTRACT}, {NULL, KRNI_CODE_ADD}};
    return parse_rank(p, signs, parse_product);
}

static krn_status parse_comparison(parser *p)
{
    static const sign_code signs[] = {{"<=", KRNI_CODE_LESS_EQUAL}, {"<", KRNI_CODE_LESS},
                                      {">=", KRNI_CODE_MORE_EQUAL}, {">", KRNI_CODE_MORE},
                                      {"==", KRNI_CODE_EQUAL},      {"=", KRNI_CODE_EQUAL},
                                      {"!=", KRNI_CODE_OTHER},      {NULL, KRNI_CODE_ADD}};
    return parse_rank(p, signs, parse_sum);
}

static krn_status parse_or(parser *p)
{
    static const sign_code signs[] = {
        {"&&", KRNI_CODE_AND}, {"||", KRNI_CODE_OR}, {NULL, KRNI_CODE_ADD}};
    return parse_rank(p, signs, parse_comparison);
}

krn_status krni_formula_compile(const char *text, const char *const *names, uint32_t n_names,
                                krn_arena *arena, const krni_formula **out, krn_error *err)
{
    const size_t length = strlen(text);
    *out = NULL;
    if (length > KRNI_FORMULA_MOST_TEXT)
        return krni_fail(err, KRN_E_DATA, "a formula of %zu bytes; at most %u were expected",
                         length, KRNI_FORMULA_MOST_TEXT);
    krni_formula *formula = krn_arena_calloc(arena, 1, sizeof *formula);
    if (!formula)
        return krni_fail_memory(err);
    parser p = {
        .names = names, .n_names = n_names, .err = err, .most_operations = (uint32_t)length + 4u};
    formula->text = krn_arena_text(arena, text);
    p.operations = krn_arena_calloc(arena, p.most_operations, sizeof *p.operations);
    if (!formula->text || !p.operations)
        return krni_fail_memory(err);
    p.text = formula->text;
    krn_status status = parse_or(&p);
    skip_blanks(&p);
    if (!status && p.text[p.at])
        status = wrong(&p, p.at, "an operator or the end");
    if (status)
        return status;
    assert(p.n_waiting == 1);
    formula->operations = p.operations;
    formula->n_operations = p.n_operations;
    *out = formula;
    return KRN_OK;
}

const char *krni_formula_text(const krni_formula *formula)
{
    return formula->text;
}

bool krni_formula_uses(const krni_formula *formula, uint32_t slot)
{
    for (uint32_t k = 0; k < formula->n_operations; k++)
        if (formula->operations[k].code == KRNI_CODE_VARIABLE &&
            formula->operations[k].argument == slot)
            return true;
    return false;
}

bool krni_formula_is_plain(const krni_formula *formula)
{
    for (uint32_t k = 0; k < formula->n_operations; k++) {
        const krni_operation *o = &formula->operations[k];
        const bool is_call = o->code == KRNI_CODE_CALL;
        if (o->code == KRNI_CODE_MODULO || (o->code >= KRNI_CODE_LESS && o->code <= KRNI_CODE_OR) ||
            o->code == KRNI_CODE_UNLESS || o->code == KRNI_CODE_GO)
            return false;
        if (is_call && o->argument != KRNI_FUNCTION_BPR && o->argument != KRNI_FUNCTION_POW &&
            o->argument != KRNI_FUNCTION_HOURS && o->argument != KRNI_FUNCTION_MINUTES &&
            o->argument != KRNI_FUNCTION_SECONDS)
            return false;
    }
    return true;
}
