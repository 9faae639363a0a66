/* SPDX-License-Identifier: Apache-2.0 */
/* trace_read.c - the trace of a simulation, row by row, however long the file is.
 *
 *   file -> buffer of one row and more -> record up to its line end -> fields -> row -> visit
 *
 * The first fault is told with its line; what was visited before it stands. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "base/utf8.h"
#include "io/csv.h"
#include "io/trace_columns.h"

#define ROW_BYTES    ((size_t)64 * 1024)
#define BUFFER_BYTES (2 * ROW_BYTES)
#define TEXT_BYTES   2000u /* most of one field */

static const char *const column_names[KRNI_TRACE_COLUMNS] = {
    "case_id",  "activity", "timestamp", "lifecycle", "from",     "to",
    "resource", "cause",    "commodity", "tonnes",    "relation", "way"};

const char *krni_trace_column_name(unsigned column)
{
    return column < KRNI_TRACE_COLUMNS ? column_names[column] : "";
}

const char *krn_trace_step_name(krn_trace_step step)
{
    static const char *const names[] = {"wait", "start", "complete"};
    return (unsigned)step < sizeof names / sizeof names[0] ? names[step] : "?";
}

/* Where bytes come from: a file, or nothing more behind those that are there. */
typedef struct source {
    const char *name;
    FILE *file;
    char *buffer; /* BUFFER_BYTES, or the whole text */
    size_t begin, end;
    uint32_t line;
    krni_csv csv;
    char texts[KRNI_TRACE_COLUMNS][TEXT_BYTES + 1];
} source;

static krn_status fail_field(const source *s, uint32_t line, unsigned column, const char *value,
                             size_t length, const char *expected, krn_error *err)
{
    char shown[64] = "";
    krni_utf8_excerpt(value, length, shown, sizeof shown);
    return krni_fail(err, KRN_E_DATA, "%s:%u: %s: %s: %s was expected", s->name, (unsigned)line,
                     column_names[column], length ? shown : "(blank)", expected);
}

static krn_status fail_row(const source *s, uint32_t line, const char *expected, krn_error *err)
{
    return krni_fail(err, KRN_E_DATA, "%s:%u: (row): %s was expected", s->name, (unsigned)line,
                     expected);
}

/* ---- records ---- */

/* Bytes of the record at begin with its line end; 0 when its end is not in the buffer. A quote
 * inside quotes is doubled, so that counting quotes tells what lies within. */
static size_t record_length(const source *s, uint32_t *out_lines)
{
    bool quoted = false;
    uint32_t lines = 0;
    for (size_t at = s->begin; at < s->end; at++) {
        const char c = s->buffer[at];
        if (c == '"')
            quoted = !quoted;
        if (c != '\n')
            continue;
        lines++;
        if (!quoted) {
            *out_lines = lines;
            return at + 1 - s->begin;
        }
    }
    *out_lines = lines;
    return 0;
}

static krn_status refill(source *s, bool *out_more, krn_error *err)
{
    *out_more = false;
    if (!s->file)
        return KRN_OK;
    memmove(s->buffer, s->buffer + s->begin, s->end - s->begin);
    s->end -= s->begin;
    s->begin = 0;
    errno = 0;
    const size_t n = fread(s->buffer + s->end, 1, BUFFER_BYTES - s->end, s->file);
    if (n == 0 && ferror(s->file))
        return krni_fail(err, KRN_E_IO, "cannot read %s: %s", s->name,
                         errno == EISDIR ? "it is a folder" : "the device fails");
    s->end += n;
    *out_more = n > 0;
    return KRN_OK;
}

/* Next record into csv; *out_line where it begins, 0 at the end. */
static krn_status next_record(source *s, uint32_t *out_line, krn_error *err)
{
    uint32_t lines = 0;
    *out_line = 0;
    size_t length = record_length(s, &lines);
    while (length == 0 && (s->end - s->begin) <= ROW_BYTES) {
        bool more = false;
        const krn_status st = refill(s, &more, err);
        if (st)
            return st;
        length = record_length(s, &lines);
        if (!more)
            break;
    }
    if (length == 0)
        length = s->end - s->begin;
    if (length == 0)
        return KRN_OK;
    if (length > ROW_BYTES)
        return fail_row(s, s->line, "a row of at most 64 KiB", err);
    if (lines >= UINT32_MAX - s->line)
        return krni_fail(err, KRN_E_LIMIT, "%s: too many rows", s->name);
    krni_csv_open(&s->csv, s->buffer + s->begin, length);
    if (s->line > 1)
        s->csv.at = 0; /* a byte-order mark stands at the begin of a file only */
    (void)krni_csv_next(&s->csv);
    *out_line = s->line;
    s->line += lines;
    s->begin += length;
    return KRN_OK;
}

/* ---- fields ---- */

static krn_status take_texts(source *s, uint32_t line, krn_error *err)
{
    if (s->csv.n_fields != KRNI_TRACE_COLUMNS)
        return fail_row(s, line, "12 fields", err);
    for (unsigned c = 0; c < KRNI_TRACE_COLUMNS; c++) {
        const krni_field *f = &s->csv.fields[c];
        if (f->expected)
            return fail_field(s, line, c, f->text, f->length, f->expected, err);
        if (f->length > TEXT_BYTES)
            return fail_field(s, line, c, f->text, f->length, "a text of at most 2000 bytes", err);
        memcpy(s->texts[c], f->text, f->length);
        s->texts[c][f->length] = '\0';
    }
    return KRN_OK;
}

/* 2027-03-01T08:30:00Z */
static bool read_instant(const char *text, krn_time *out)
{
    int32_t day, clock;
    if (strlen(text) != 20 || text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
        text[19] != 'Z' || !krni_date_read(text, 10, false, &day) ||
        !krni_clock_read(text + 11, 8, &clock) || clock >= KRN_SECONDS_PER_DAY)
        return false;
    *out = (krn_time)day * KRN_SECONDS_PER_DAY + clock;
    return true;
}

static bool read_step(const char *text, krn_trace_step *out)
{
    for (int i = KRN_STEP_WAIT; i <= KRN_STEP_COMPLETE; i++)
        if (strcmp(text, krn_trace_step_name((krn_trace_step)i)) == 0) {
            *out = (krn_trace_step)i;
            return true;
        }
    return false;
}

static krn_status fail_text(const source *s, uint32_t line, unsigned column, const char *expected,
                            krn_error *err)
{
    const char *text = s->texts[column];
    return fail_field(s, line, column, text, strlen(text), expected, err);
}

static krn_status take_row(const source *s, uint32_t line, krn_trace_row *out, krn_error *err)
{
    const char *lot = s->texts[KRNI_TRACE_CASE], *tonnes = s->texts[KRNI_TRACE_TONNES];
    int64_t number;
    if (!krni_integer_read(lot, strlen(lot), &number) || number < 1 || number > UINT32_MAX)
        return fail_text(s, line, KRNI_TRACE_CASE, "a whole number from 1", err);
    if (!s->texts[KRNI_TRACE_ACTIVITY][0])
        return fail_text(s, line, KRNI_TRACE_ACTIVITY, "a name", err);
    if (!read_instant(s->texts[KRNI_TRACE_TIMESTAMP], &out->at))
        return fail_text(s, line, KRNI_TRACE_TIMESTAMP, "an instant as 2027-03-01T08:30:00Z", err);
    if (!read_step(s->texts[KRNI_TRACE_LIFECYCLE], &out->step))
        return fail_text(s, line, KRNI_TRACE_LIFECYCLE, "wait, start or complete", err);
    if ((out->step == KRN_STEP_WAIT) != (s->texts[KRNI_TRACE_CAUSE][0] != '\0'))
        return fail_text(s, line, KRNI_TRACE_CAUSE,
                         out->step == KRN_STEP_WAIT ? "what is waited for" : "blank but in a wait",
                         err);
    if (!krni_number_read(tonnes, strlen(tonnes), &out->net_t) || out->net_t < 0)
        return fail_text(s, line, KRNI_TRACE_TONNES, "a number of t from 0", err);
    out->lot = (uint32_t)number;
    out->activity = s->texts[KRNI_TRACE_ACTIVITY];
    out->from = s->texts[KRNI_TRACE_FROM];
    out->to = s->texts[KRNI_TRACE_TO];
    out->resource = s->texts[KRNI_TRACE_RESOURCE];
    out->cause = s->texts[KRNI_TRACE_CAUSE];
    out->commodity = s->texts[KRNI_TRACE_COMMODITY];
    out->relation = s->texts[KRNI_TRACE_RELATION];
    out->way = s->texts[KRNI_TRACE_WAY];
    return KRN_OK;
}

static krn_status check_heading(source *s, krn_error *err)
{
    uint32_t line;
    krn_status st = next_record(s, &line, err);
    if (!st && !line)
        return fail_row(s, 1, "the heading of a trace", err);
    if (!st)
        st = take_texts(s, 1, err);
    for (unsigned c = 0; !st && c < KRNI_TRACE_COLUMNS; c++)
        if (strcmp(s->texts[c], column_names[c]) != 0)
            st = krni_fail(err, KRN_E_DATA, "%s:1: %s: %.60s: this heading was expected", s->name,
                           column_names[c], s->texts[c][0] ? s->texts[c] : "(blank)");
    return st;
}

static krn_status read_rows(source *s, krn_trace_visit visit, void *context, krn_error *err)
{
    s->line = 1;
    krn_status st = check_heading(s, err);
    while (!st) {
        uint32_t line;
        krn_trace_row row;
        st = next_record(s, &line, err);
        if (st || !line)
            break;
        if (s->csv.n_fields == 1 && !s->csv.fields[0].length && s->begin == s->end)
            continue; /* a blank line at the end */
        st = take_texts(s, line, err);
        if (!st)
            st = take_row(s, line, &row, err);
        if (!st)
            st = visit(context, &row, err);
    }
    return st;
}

krn_status krn_trace_parse(const char *name, char *text, size_t size, krn_trace_visit visit,
                           void *context, krn_error *err)
{
    source *s = calloc(1, sizeof *s);
    if (!s)
        return krni_fail_memory(err);
    s->name = name;
    s->buffer = text;
    s->end = size;
    const krn_status st = read_rows(s, visit, context, err);
    free(s);
    return st;
}

krn_status krn_trace_read(const char *path, krn_trace_visit visit, void *context, krn_error *err)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return krni_fail(err, KRN_E_IO, "cannot open %s: %s", path,
                         errno == ENOENT ? "no such file" : "it cannot be read");
    source *s = calloc(1, sizeof *s);
    char *buffer = malloc(BUFFER_BYTES);
    krn_status st;
    if (s && buffer) {
        s->name = path;
        s->file = file;
        s->buffer = buffer;
        st = read_rows(s, visit, context, err);
    } else {
        st = krni_fail_memory(err);
    }
    free(buffer);
    free(s);
    (void)fclose(file);
    return st;
}
