/* SPDX-License-Identifier: Apache-2.0 */
/* cost_network_cell.c - tables of a cost network row by row, and their cells by kind. */
#include "io/cost_network_cell.h"

#include <assert.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"

#define NO_COLUMN KRNI_COST_NO_COLUMN

/* ---- columns ---- */

static const char *column_name(const krni_cost_reader *r, const krni_cost_rows *t, uint32_t column,
                               char out[static 256])
{
    if (column < t->format->n_columns)
        return t->format->columns[column].name;
    const char *field = r->names.fields.list[column - t->format->n_columns];
    const size_t n = strlen(field);
    assert(n < 256 - sizeof KRNI_COST_FIELD);
    memcpy(out, KRNI_COST_FIELD, sizeof KRNI_COST_FIELD - 1);
    memcpy(out + sizeof KRNI_COST_FIELD - 1, field, n + 1);
    return out;
}

krni_place krni_cost_place(const krni_cost_reader *r, const krni_cost_rows *t, uint32_t line,
                           uint32_t column)
{
    char name[256];
    const char *shown = column == NO_COLUMN ? "(row)" : column_name(r, t, column, name);
    if (shown == name)
        shown = r->names.fields.list[column - t->format->n_columns];
    return (krni_place){1 + (uint32_t)t->which, t->format->file, line,
                        column == NO_COLUMN ? 0 : 1 + column, shown};
}

bool krni_cost_is(krni_field field, const char *name)
{
    return field.length == strlen(name) && memcmp(field.text, name, field.length) == 0;
}

/* Where each column stands; false when the table cannot be read by it. */
static bool find_columns(const krni_cost_reader *r, krni_cost_rows *t)
{
    bool good = true;
    char name[256];
    for (uint32_t i = 0; i < t->csv.n_fields && i < KRNI_CSV_FIELDS; i++) {
        bool known = false;
        for (uint32_t c = 0; c < t->n_columns && !known; c++)
            if (t->place[c] == NO_COLUMN &&
                krni_cost_is(t->csv.fields[i], column_name(r, t, c, name))) {
                t->place[c] = i;
                known = true;
            }
        if (!known) {
            krni_fault(r->faults, krni_cost_place(r, t, 1, NO_COLUMN), t->csv.fields[i].text,
                       t->csv.fields[i].length, "a column of this table, each once");
            good = false;
        }
    }
    for (uint32_t c = 0; c < t->n_columns; c++)
        if (t->place[c] == NO_COLUMN) {
            krni_fault(r->faults, krni_cost_place(r, t, 1, c), "no such column", 14,
                       "a column of it");
            good = false;
        }
    return good;
}

/* Reads the file and its heading; *out_good false: there is a fault. */
krn_status krni_cost_open(krni_cost_reader *r, krni_cost_table which, krni_cost_rows *t,
                          bool *out_good, krn_error *err)
{
    size_t size = 0;
    *t = (krni_cost_rows){.which = which, .format = &krni_cost_formats[which]};
    *out_good = false;
    t->n_columns = t->format->n_columns + (which == KRNI_COST_LINK ? r->names.fields.n : 0);
    t->place = krn_arena_alloc(r->arena, t->n_columns * sizeof *t->place);
    if (!t->place)
        return krni_fail_memory(err);
    for (uint32_t c = 0; c < t->n_columns; c++)
        t->place[c] = NO_COLUMN;
    const krn_status status = r->files->read(r->files->context, t->format->file,
                                             KRNI_COST_FILE_BYTES, &t->text, &size, err);
    if (status)
        return status;
    if (!t->text) {
        krni_fault(r->faults, krni_cost_place(r, t, 1, NO_COLUMN), "no such file", 12, "a table");
        return KRN_OK;
    }
    krni_csv_open(&t->csv, t->text, size);
    if (!krni_csv_next(&t->csv)) {
        krni_fault(r->faults, krni_cost_place(r, t, 1, NO_COLUMN), "", 0, "the names of columns");
        return KRN_OK;
    }
    *out_good = find_columns(r, t);
    return KRN_OK;
}

/* Next row of all fields; rows of another number of fields are faults and passed over. */
bool krni_cost_next(const krni_cost_reader *r, krni_cost_rows *t)
{
    while (krni_csv_next(&t->csv)) {
        if (t->csv.n_fields == t->n_columns && t->n_columns <= KRNI_CSV_FIELDS)
            return true;
        if (t->csv.n_fields == 1 && !t->csv.fields[0].length && krni_csv_at_end(&t->csv))
            return false;
        krni_fault(r->faults, krni_cost_place(r, t, t->csv.line, NO_COLUMN),
                   "another number of fields", 24, "%u fields", t->n_columns);
    }
    return false;
}

/* ---- cells ---- */

krni_field krni_cost_cell(const krni_cost_rows *t, uint32_t column)
{
    return t->csv.fields[t->place[column]];
}

bool krni_cost_wrong(const krni_cost_reader *r, const krni_cost_rows *t, uint32_t column,
                     const char *expected)
{
    const krni_field f = krni_cost_cell(t, column);
    krni_fault(r->faults, krni_cost_place(r, t, t->csv.line, column), f.text, f.length, "%s",
               f.expected ? f.expected : expected);
    return false;
}

bool krni_cost_number(const krni_cost_reader *r, const krni_cost_rows *t, uint32_t column,
                      double least, double most, const char *expected, double *out)
{
    const krni_field f = krni_cost_cell(t, column);
    double value;
    if (f.expected || !krni_number_read(f.text, f.length, &value) || !(value >= least) ||
        !(value <= most))
        return krni_cost_wrong(r, t, column, expected);
    *out = value;
    return true;
}

bool krni_cost_integer(const krni_cost_reader *r, const krni_cost_rows *t, uint32_t column,
                       double least, double most, const char *expected, int64_t *out)
{
    const krni_field f = krni_cost_cell(t, column);
    int64_t value;
    if (f.expected || !krni_integer_read(f.text, f.length, &value) || (double)value < least ||
        (double)value > most)
        return krni_cost_wrong(r, t, column, expected);
    *out = value;
    return true;
}

bool krni_cost_small(const krni_cost_reader *r, const krni_cost_rows *t, uint32_t column,
                     int32_t least, int32_t most, int32_t none, const char *expected, int32_t *out)
{
    int64_t value = none;
    const bool good = (!krni_cost_cell(t, column).length && !krni_cost_cell(t, column).expected &&
                       none != least) ||
                      krni_cost_integer(r, t, column, least, most, expected, &value);
    *out = (int32_t)value;
    return good;
}

bool krni_cost_switch(const krni_cost_reader *r, const krni_cost_rows *t, uint32_t column,
                      bool *out)
{
    int64_t value = 0;
    const bool good = krni_cost_integer(r, t, column, 0, 1, "0 or 1", &value);
    *out = value != 0;
    return good;
}

/* A text of the arena; *out NULL only with a fault or without memory. */
krn_status krni_cost_text(const krni_cost_reader *r, const krni_cost_rows *t, uint32_t column,
                          bool *good, const char **out, krn_error *err)
{
    const krni_field f = krni_cost_cell(t, column);
    if (f.expected) {
        *good = krni_cost_wrong(r, t, column, f.expected);
        *out = "";
        return KRN_OK;
    }
    char *text = krn_arena_calloc(r->arena, f.length + 1, 1);
    if (!text)
        return krni_fail_memory(err);
    if (f.length)
        memcpy(text, f.text, f.length);
    *out = text;
    return KRN_OK;
}

/* A name of the descriptor by its number. */
bool krni_cost_name(const krni_cost_reader *r, const krni_cost_rows *t, uint32_t column,
                    const krni_cost_names *names, const char *expected, uint32_t *out)
{
    const krni_field f = krni_cost_cell(t, column);
    for (uint32_t i = 0; !f.expected && i < names->n; i++)
        if (krni_cost_is(f, names->list[i])) {
            *out = i;
            return true;
        }
    return krni_cost_wrong(r, t, column, expected);
}
