/* SPDX-License-Identifier: Apache-2.0 */
/* text.c - texts that grow, and texts in columns of a terminal.
 *
 * Width follows utf8proc: East Asian wide characters take two columns, combining marks none.
 * A cut never falls inside a character, and a mark stays with the letter that it sits on. */
#include "base/text.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#define FIRST_CAPACITY 256u

void krni_writer_init(krni_writer *w, krn_arena *arena)
{
    *w = (krni_writer){.arena = arena};
}

void krni_writer_free(krni_writer *w)
{
    if (!w->arena)
        free(w->data);
    *w = (krni_writer){.arena = w->arena};
}

void krni_writer_clear(krni_writer *w)
{
    w->size = 0;
    if (w->data)
        w->data[0] = '\0';
}

/* Room for n more bytes and a NUL. */
static bool reserve(krni_writer *w, size_t n)
{
    if (w->failed)
        return false;
    if (n >= SIZE_MAX / 4 - w->size) {
        w->failed = true;
        return false;
    }
    const size_t need = w->size + n + 1;
    if (need <= w->capacity)
        return true;
    size_t capacity = w->capacity ? w->capacity * 2 : FIRST_CAPACITY;
    if (capacity < need)
        capacity = need;
    char *data = w->arena ? krn_arena_alloc(w->arena, capacity) : realloc(w->data, capacity);
    if (!data) {
        w->failed = true;
        return false;
    }
    if (w->arena && w->size)
        memcpy(data, w->data, w->size);
    w->data = data;
    w->capacity = capacity;
    w->data[w->size] = '\0';
    return true;
}

char *krni_writer_text(krni_writer *w)
{
    if (!reserve(w, 0))
        return NULL;
    w->data[w->size] = '\0';
    return w->data;
}

void krni_write_bytes(krni_writer *w, const char *bytes, size_t n)
{
    if (!reserve(w, n))
        return;
    if (n)
        memcpy(w->data + w->size, bytes, n);
    w->size += n;
    w->data[w->size] = '\0';
}

void krni_write(krni_writer *w, const char *text)
{
    krni_write_bytes(w, text, strlen(text));
}

void krni_write_char(krni_writer *w, char c)
{
    krni_write_bytes(w, &c, 1);
}

void krni_write_repeat(krni_writer *w, const char *text, size_t times)
{
    const size_t n = strlen(text);
    for (size_t i = 0; i < times && !w->failed; i++)
        krni_write_bytes(w, text, n);
}

void krni_writef(krni_writer *w, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    const int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n < 0)
        w->failed = true;
    else if (reserve(w, (size_t)n)) {
        (void)vsnprintf(w->data + w->size, (size_t)n + 1, format, again);
        w->size += (size_t)n;
    }
    va_end(again);
}

char *krni_number_text(double value, int decimals, bool group, char *out, size_t size)
{
    assert(size > 0);
    assert(decimals >= 0 && decimals <= 6);
    static const double scales[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
    if (isnan(value) || isinf(value) || fabs(value) > 1e12) {
        (void)snprintf(out, size, "%s", isnan(value) ? "-" : value > 0 ? "very large" : "very low");
        return out;
    }
    const long long scaled = llround(value * scales[decimals]);
    const long long unit = (long long)scales[decimals];
    unsigned long long rest = (unsigned long long)(scaled < 0 ? -scaled : scaled);
    unsigned long long whole = rest / (unsigned long long)unit;
    rest %= (unsigned long long)unit;
    char reversed[48];
    size_t n = 0;
    unsigned digits = 0;
    do {
        if (group && digits && digits % 3 == 0)
            reversed[n++] = ',';
        reversed[n++] = (char)('0' + whole % 10);
        whole /= 10;
        digits++;
    } while (whole);
    if (scaled < 0)
        reversed[n++] = '-';
    size_t at = 0;
    while (n && at + 1 < size)
        out[at++] = reversed[--n];
    out[at] = '\0';
    if (decimals && at + 1 < size)
        (void)snprintf(out + at, size - at, ".%0*llu", decimals, rest);
    return out;
}

char *krni_number_short(double value, int most, char *out, size_t size)
{
    krni_number_text(value, most, false, out, size);
    if (strchr(out, '.')) {
        size_t n = strlen(out);
        while (n && out[n - 1] == '0')
            out[--n] = '\0';
        if (n && out[n - 1] == '.')
            out[--n] = '\0';
    }
    return out;
}

void krni_write_number(krni_writer *w, double value, int decimals, bool group)
{
    char text[64];
    krni_write(w, krni_number_text(value, decimals, group, text, sizeof text));
}

int32_t krni_utf8_next(const char **at)
{
    const char *s = *at;
    if (!*s)
        return 0;
    const size_t left = strnlen(s, 4);
    utf8proc_int32_t codepoint = -1;
    const utf8proc_ssize_t n =
        utf8proc_iterate((const utf8proc_uint8_t *)s, (utf8proc_ssize_t)left, &codepoint);
    if (n <= 0) {
        *at = s + 1;
        return 0xFFFD;
    }
    *at = s + n;
    return codepoint;
}

void krni_write_codepoint(krni_writer *w, int32_t codepoint)
{
    utf8proc_uint8_t bytes[4];
    const utf8proc_ssize_t n = utf8proc_encode_char(codepoint, bytes);
    if (n > 0)
        krni_write_bytes(w, (const char *)bytes, (size_t)n);
}

static size_t width_of(int32_t codepoint)
{
    const int width = utf8proc_charwidth(codepoint);
    return width > 0 ? (size_t)width : 0;
}

size_t krni_width(const char *text)
{
    size_t columns = 0;
    for (int32_t c = krni_utf8_next(&text); c; c = krni_utf8_next(&text))
        columns += width_of(c);
    return columns;
}

size_t krni_prefix_bytes(const char *text, size_t columns)
{
    const char *at = text;
    size_t taken = 0;
    for (;;) {
        const char *next = at;
        const int32_t c = krni_utf8_next(&next);
        if (!c)
            break;
        const size_t width = width_of(c);
        if (taken + width > columns)
            break;
        taken += width;
        at = next;
    }
    return (size_t)(at - text);
}

void krni_write_padded(krni_writer *w, const char *text, size_t columns, krni_align align)
{
    size_t width = krni_width(text);
    if (width > columns) {
        const size_t bytes = columns ? krni_prefix_bytes(text, columns - 1) : 0;
        krni_write_bytes(w, text, bytes);
        if (columns)
            krni_write(w, "…");
        size_t taken = 1; /* a wide character at the cut may leave a column over */
        for (const char *at = text; at < text + bytes;)
            taken += width_of(krni_utf8_next(&at));
        if (taken < columns)
            krni_write_repeat(w, " ", columns - taken);
        return;
    }
    const size_t room = columns - width;
    const size_t before = align == KRNI_RIGHT ? room : align == KRNI_CENTRE ? room / 2 : 0;
    krni_write_repeat(w, " ", before);
    krni_write(w, text);
    krni_write_repeat(w, " ", room - before);
}

void krni_write_wrapped(krni_writer *w, const char *text, size_t columns, size_t indent)
{
    if (columns < 8)
        columns = 8;
    size_t taken = 0;
    const char *at = text;
    while (*at == ' ' || *at == '\n')
        at++;
    while (*at) {
        const size_t bytes = strcspn(at, " \n");
        char word[1024];
        size_t kept = bytes < sizeof word - 1 ? bytes : sizeof word - 1;
        while (kept < bytes && kept && ((unsigned char)at[kept] & 0xC0) == 0x80)
            kept--;
        memcpy(word, at, kept);
        word[kept] = '\0';
        size_t width = krni_width(word);
        if (taken && taken + 1 + width > columns) {
            krni_write_char(w, '\n');
            krni_write_repeat(w, " ", indent);
            taken = 0;
        }
        if (width > columns) { /* a word longer than a line is cut */
            kept = krni_prefix_bytes(word, columns);
            word[kept] = '\0';
            width = krni_width(word);
        }
        if (taken) {
            krni_write_char(w, ' ');
            taken++;
        }
        krni_write(w, word);
        taken += width;
        at += kept;
        if (kept < bytes) {
            krni_write_char(w, '\n');
            krni_write_repeat(w, " ", indent);
            taken = 0;
        }
        while (*at == ' ' || *at == '\n')
            at++;
    }
}

static bool is_letter_or_digit(int32_t codepoint)
{
    const utf8proc_category_t category = utf8proc_category(codepoint);
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
           (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

void krni_fold(krni_writer *w, const char *text)
{
    bool blank = true; /* nothing or a blank was written last */
    const size_t begin = w->size;
    for (int32_t c = krni_utf8_next(&text); c; c = krni_utf8_next(&text)) {
        utf8proc_int32_t parts[32];
        int boundary = 0;
        const utf8proc_ssize_t n =
            utf8proc_decompose_char(c, parts, 32,
                                    UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD |
                                        UTF8PROC_STRIPMARK | UTF8PROC_IGNORE,
                                    &boundary);
        for (utf8proc_ssize_t i = 0; i < n && i < 32; i++) {
            if (is_letter_or_digit(parts[i])) {
                krni_write_codepoint(w, parts[i]);
                blank = false;
            } else if (!blank) {
                krni_write_char(w, ' ');
                blank = true;
            }
        }
    }
    if (!w->failed && w->size > begin && w->data[w->size - 1] == ' ')
        w->data[--w->size] = '\0';
}
