/* SPDX-License-Identifier: Apache-2.0 */
/* formula_check.c - every name that a text holds is given as a variable; then it must compile. */
#include "io/formula_check.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "model/formula.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || (unsigned char)c >= 0x80;
}

static size_t skip_digits(const char *text, size_t at)
{
    while (is_digit(text[at]))
        at++;
    return at;
}

/* End of NAME, NAME.1,2 or NAME.1,2.3. */
static size_t name_end(const char *text, size_t at)
{
    while (is_letter(text[at]) || is_digit(text[at]))
        at++;
    for (const char *mark = ".,."; *mark && text[at] == *mark && is_digit(text[at + 1]); mark++)
        at = skip_digits(text, at + 1);
    return at;
}

/* Names of a text; each letter begins one at most. */
static krn_status find_names(const char *text, krn_arena *scratch, const char ***out,
                             uint32_t *out_n, krn_error *err)
{
    const size_t length = strlen(text);
    *out_n = 0;
    *out = krn_arena_calloc(scratch, length + 1, sizeof **out);
    if (!*out)
        return krni_fail_memory(err);
    for (size_t at = 0; at < length;) {
        if (!is_letter(text[at])) {
            at++;
            continue;
        }
        const size_t end = name_end(text, at);
        char *name = krn_arena_calloc(scratch, end - at + 1, 1);
        if (!name)
            return krni_fail_memory(err);
        memcpy(name, text + at, end - at);
        (*out)[(*out_n)++] = name;
        at = end;
    }
    return KRN_OK;
}

krn_status krni_formula_check(const char *text, krni_place where, krn_faults *faults,
                              krn_arena *scratch, bool *out_good, krn_error *err)
{
    const char **names = NULL;
    const krni_formula *formula = NULL;
    krn_error why;
    char told[KRN_ERROR_TEXT_SIZE + 512];
    uint32_t n = 0;
    *out_good = true;
    if (strcmp(text, "null") == 0)
        return KRN_OK;
    krn_arena_reset(scratch);
    krn_status status = KRN_OK;
    if (strlen(text) <= KRNI_FORMULA_MOST_TEXT)
        status = find_names(text, scratch, &names, &n, err);
    if (!status)
        status = krni_formula_compile(text, names, n, scratch, &formula, &why);
    if (status != KRN_E_DATA)
        return status ? krni_fail_memory(err) : KRN_OK;
    *out_good = false;
    (void)snprintf(told, sizeof told, "%.200s:%u: %.200s: %s", where.file, (unsigned)where.line,
                   where.name, why.text);
    krni_fault_text(faults, where, told);
    return KRN_OK;
}
