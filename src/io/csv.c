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
        const char c = text[csv->at++];
        if (c == '"') {
            if (csv->at < csv->size && text[csv->at] == '"')
                csv->at++;
            else
                closed = true;
        }
        if (c == '\n')
            csv->next_line++;
        if (!closed)
            text[to++] = c;
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

/* Bytes that end or spoil a field without quotes are '!'; NUL and all above ASCII, which want a
 * look at UTF-8, are '8'. */
static char kind_of(char c)
{
    const unsigned char byte = (unsigned char)c;
    if (byte >= 0x80 || byte == 0)
        return '8';
    return c == ',' || c == '\n' || c == '\r' || c == '"' ? '!' : ' ';
}

/* True if the field is plain ASCII. */
static bool take_plain(krni_csv *csv, krni_field *field)
{
    const size_t start = csv->at;
    bool ascii = true;
    for (; csv->at < csv->size; csv->at++) {
        const char c = csv->text[csv->at];
        const char kind = kind_of(c);
        if (kind == ' ')
            continue;
        if (kind == '8')
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
