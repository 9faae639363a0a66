/* SPDX-License-Identifier: Apache-2.0 */
/* csv.c - one pass over the bytes; a quoted field is moved together in place.
 *
 *   a,"b ""c"", d",e CRLF   ->   [a] [b "c", d] [e]
 */
#include "io/csv.h"

#include <string.h>

#include "base/utf8.h"

void krni_csv_open(krni_csv *csv, char *text, size_t size)
{
    const bool mark = size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0;
    csv->text = text;
    csv->size = size;
    csv->at = mark ? 3 : 0;
    csv->next_line = 1;
    csv->line = 0;
    csv->n_fields = 0;
}

/* Length of the line end at a place: 0, 1 (LF) or 2 (CRLF). */
static size_t line_end_at(const krni_csv *csv, size_t at)
{
    if (at < csv->size && csv->text[at] == '\n')
        return 1;
    return at + 1 < csv->size && csv->text[at] == '\r' && csv->text[at + 1] == '\n' ? 2 : 0;
}

/* From the opening quote to behind the closing one and what wrongly follows it. */
static void take_quoted(krni_csv *csv, krni_field *field)
{
    char *text = csv->text;
    const size_t start = ++csv->at;
    size_t to = start;
    bool closed = false;
    while (csv->at < csv->size && !closed) {
        size_t at = csv->at;
        while (at < csv->size && text[at] != '"' && text[at] != '\n')
            at++;
        if (to != csv->at)
            memmove(text + to, text + csv->at, at - csv->at);
        to += at - csv->at;
        csv->at = at;
        if (at == csv->size)
            break;
        csv->at++;
        if (text[at] == '\n') {
            csv->next_line++;
            text[to++] = '\n';
        } else if (csv->at < csv->size && text[csv->at] == '"') {
            csv->at++;
            text[to++] = '"';
        } else {
            closed = true;
        }
    }
    field->text = text + start;
    field->length = to - start;
    if (!closed) {
        field->expected = "a closing quote";
        return;
    }
    while (csv->at < csv->size && text[csv->at] != ',' && !line_end_at(csv, csv->at)) {
        field->expected = "a comma or a line end behind the closing quote";
        csv->at++;
    }
}

/* 0: a byte of a plain field; 1: one that ends or spoils it; 2: NUL and all above ASCII, which want
 * a look at UTF-8. */
static const unsigned char kinds[256] = {
    [0] = 2,     [','] = 1,   ['\n'] = 1,  ['\r'] = 1,  ['"'] = 1,
#define EIGHT(at)                                                                                  \
    [at] = 2, [(at) + 1] = 2, [(at) + 2] = 2, [(at) + 3] = 2, [(at) + 4] = 2, [(at) + 5] = 2,      \
    [(at) + 6] = 2, [(at) + 7] = 2
    EIGHT(0x80), EIGHT(0x88), EIGHT(0x90), EIGHT(0x98), EIGHT(0xa0), EIGHT(0xa8),
    EIGHT(0xb0), EIGHT(0xb8), EIGHT(0xc0), EIGHT(0xc8), EIGHT(0xd0), EIGHT(0xd8),
    EIGHT(0xe0), EIGHT(0xe8), EIGHT(0xf0), EIGHT(0xf8)
#undef EIGHT
};

/* True if the field is plain ASCII. */
static bool take_plain(krni_csv *csv, krni_field *field)
{
    const size_t start = csv->at;
    bool ascii = true;
    for (;; csv->at++) {
        size_t at = csv->at;
        while (at < csv->size && !kinds[(unsigned char)csv->text[at]])
            at++;
        csv->at = at;
        if (at == csv->size)
            break;
        const char c = csv->text[at];
        if (kinds[(unsigned char)c] == 2)
            ascii = false;
        if (c == ',' || c == '\n')
            break;
        if (c == '"')
            field->expected = "a field in quotes where it holds a quote";
        if (c == '\r') {
            if (line_end_at(csv, csv->at))
                break;
            field->expected = "a line end of LF or CRLF";
        }
    }
    field->text = csv->text + start;
    field->length = csv->at - start;
    return ascii;
}

static void take_field(krni_csv *csv, krni_field *field)
{
    bool ascii = false;
    field->expected = NULL;
    if (csv->at < csv->size && csv->text[csv->at] == '"')
        take_quoted(csv, field);
    else
        ascii = take_plain(csv, field);
    if (field->length > KRNI_CSV_FIELD_BYTES)
        field->expected = "a field of at most 1 MiB";
    else if (!ascii && !krni_utf8_valid(field->text, field->length))
        field->expected = "UTF-8 without NUL";
}

bool krni_csv_next(krni_csv *csv)
{
    if (csv->at >= csv->size)
        return false;
    csv->line = csv->next_line;
    csv->n_fields = 0;
    for (;;) {
        krni_field beyond;
        krni_field *field = csv->n_fields < KRNI_CSV_FIELDS ? &csv->fields[csv->n_fields] : &beyond;
        take_field(csv, field);
        csv->n_fields++;
        if (csv->at < csv->size && csv->text[csv->at] == ',') {
            csv->at++;
            continue;
        }
        const size_t end = line_end_at(csv, csv->at);
        csv->at += end;
        if (end)
            csv->next_line++;
        return true;
    }
}

bool krni_csv_at_end(const krni_csv *csv)
{
    for (size_t at = csv->at; at < csv->size; at++)
        if (csv->text[at] != '\n' && csv->text[at] != '\r')
            return false;
    return true;
}
