/* SPDX-License-Identifier: Apache-2.0 */
/* properties.c - one pass; what was read is moved together in place, which never grows it:
 *
 *   mv.1,1 = LENGTH \ LF    SPEED    ->   [mv.1,1\0] [LENGTH SPEED\0]
 */
#include "io/properties.h"

#include <assert.h>
#include <string.h>

#include "base/utf8.h"

void krni_properties_open(krni_properties *p, char *text, size_t size)
{
    const bool mark = size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0;
    p->at = text + (mark ? 3 : 0);
    p->end = text + size;
    p->next_line = 1;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\f';
}

static bool is_line_end(const krni_properties *p)
{
    return p->at == p->end || *p->at == '\n' || *p->at == '\r';
}

/* Over LF, CR or CRLF. */
static void skip_line_end(krni_properties *p)
{
    if (p->at == p->end)
        return;
    if (*p->at == '\r' && p->at + 1 < p->end && p->at[1] == '\n')
        p->at++;
    p->at++;
    p->next_line++;
}

static void skip_blanks(krni_properties *p)
{
    while (p->at < p->end && is_blank(*p->at))
        p->at++;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Four hexadecimal digits; -1 if they are not there. */
static int32_t code_unit(const krni_properties *p, const char *at)
{
    int32_t code = 0;
    if (p->end - at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        const int digit = hex_value(at[i]);
        if (digit < 0)
            return -1;
        code = code * 16 + digit;
    }
    return code;
}

static char *put_code(char *to, int32_t code)
{
    if (code == 0)
        code = ' ';
    if (code < 0x80) {
        *to++ = (char)code;
    } else if (code < 0x800) {
        *to++ = (char)(0xc0 | code >> 6);
        *to++ = (char)(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        *to++ = (char)(0xe0 | code >> 12);
        *to++ = (char)(0x80 | (code >> 6 & 0x3f));
        *to++ = (char)(0x80 | (code & 0x3f));
    } else {
        *to++ = (char)(0xf0 | code >> 18);
        *to++ = (char)(0x80 | (code >> 12 & 0x3f));
        *to++ = (char)(0x80 | (code >> 6 & 0x3f));
        *to++ = (char)(0x80 | (code & 0x3f));
    }
    return to;
}

/* \uXXXX, or two of them that are one character beyond the first 65,536. */
static char *take_unicode(krni_properties *p, char *to, krni_property *out)
{
    int32_t code = code_unit(p, p->at);
    if (code < 0) {
        out->expected = "four hexadecimal digits behind \\u";
        return to;
    }
    p->at += 4;
    if (code >= 0xd800 && code < 0xdc00 && p->end - p->at >= 6 && p->at[0] == '\\' &&
        p->at[1] == 'u') {
        const int32_t low = code_unit(p, p->at + 2);
        if (low >= 0xdc00 && low < 0xe000) {
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
            p->at += 6;
        }
    }
    if (code >= 0xd800 && code < 0xe000)
        code = 0xfffd;
    return put_code(to, code);
}

/* Behind a backslash. */
static char *take_escape(krni_properties *p, char *to, krni_property *out)
{
    if (is_line_end(p)) {
        skip_line_end(p);
        skip_blanks(p);
        return to;
    }
    const char c = *p->at++;
    if (c == 'u')
        return take_unicode(p, to, out);
    *to++ = c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c == 'f' ? '\f' : c;
    return to;
}

/* A key ends at a blank, '=' or ':'; a value at the end of its line. The end is not yet written, as
 * the byte there may still be wanted. */
static char *take_text(krni_properties *p, bool is_key, krni_property *out)
{
    char *to = p->at, *blanks_from = to;
    while (!is_line_end(p)) {
        const char c = *p->at;
        if (is_key && (is_blank(c) || c == '=' || c == ':'))
            break;
        p->at++;
        if (c == '\\') {
            to = take_escape(p, to, out);
            blanks_from = to;
        } else {
            *to++ = c;
            if (!is_blank(c))
                blanks_from = to;
        }
        assert(to <= p->at);
    }
    return blanks_from;
}

bool krni_properties_next(krni_properties *p, krni_property *out)
{
    for (;;) {
        skip_blanks(p);
        if (p->at == p->end)
            return false;
        if (*p->at == '#' || *p->at == '!')
            while (!is_line_end(p))
                p->at++;
        else if (!is_line_end(p))
            break;
        skip_line_end(p);
    }
    *out = (krni_property){.key = p->at, .line = p->next_line};
    char *key_end = take_text(p, true, out);
    skip_blanks(p);
    if (p->at < p->end && (*p->at == '=' || *p->at == ':')) {
        p->at++;
        skip_blanks(p);
    }
    out->value = p->at;
    char *value_end = take_text(p, false, out);
    skip_line_end(p);
    if (key_end == out->value) { /* a key alone: both texts end at one byte */
        *key_end = '\0';
        return true;
    }
    *key_end = '\0';
    *value_end = '\0';
    return true;
}

uint32_t krni_line_of_nul(const char *text, size_t size)
{
    const char *nul = size ? memchr(text, 0, size) : NULL;
    uint32_t line = 1;
    for (const char *at = text; nul && at < nul; at++)
        line += *at == '\n';
    return nul ? line : 0;
}

char *krni_text_as_utf8(char *text, size_t size, krn_arena *arena, size_t *out_size)
{
    *out_size = size;
    if (krni_utf8_valid(text, size))
        return text;
    char *out = krn_arena_alloc(arena, 2 * size + 1), *to = out;
    if (!out)
        return NULL;
    for (size_t i = 0; i < size; i++)
        to = put_code(to, (unsigned char)text[i]);
    *to = '\0';
    *out_size = (size_t)(to - out);
    return out;
}
