/* SPDX-License-Identifier: Apache-2.0 */
/* package_read.c - CSV files to tables by the description of columns.
 *
 * Columns stand in any order in the file; those that the format does not know are kept behind its
 * own. A cell that does not fit its column is reported and left blank, so that one wrong cell is
 * one fault and the checks over rows still run. */
#include "io/package_read.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "io/csv.h"

#define NO_COLUMN UINT32_MAX

/* A table while its file is read. */
typedef struct table_read {
    krni_reading *reading;
    krn_table table;
    const krni_table *schema;
    krni_csv csv;
    uint32_t n_header;
    uint32_t column_of[KRNI_CSV_FIELDS]; /* field to column, NO_COLUMN: not kept */
} table_read;

krni_place krni_cell_place(krn_table table, const char *file, uint32_t line, uint32_t column,
                           const char *name)
{
    const krni_place place = {1 + (uint32_t)table, file, line, column, name};
    return place;
}

static krni_place place_of(const table_read *t, uint32_t field, const char *name)
{
    return krni_cell_place(t->table, t->schema->file, t->csv.line, field, name);
}

static uint32_t schema_column(const krni_table *schema, const char *name)
{
    for (int c = 0; c < schema->n_columns; c++)
        if (strcmp(schema->columns[c].name, name) == 0)
            return (uint32_t)c;
    return NO_COLUMN;
}

/* The name of a header field; reports one that cannot be a name. NULL: no memory. */
static const char *header_name(table_read *t, uint32_t field)
{
    const krni_field *f = &t->csv.fields[field];
    if (f->expected)
        krni_fault(t->reading->faults, place_of(t, field, "(header)"), f->text, f->length, "%s",
                   f->expected);
    else if (!f->length)
        krni_fault(t->reading->faults, place_of(t, field, "(header)"), "", 0, "a name of a column");
    char *name = krn_arena_alloc(t->reading->arena, f->length + 1);
    if (!name)
        return NULL;
    const size_t length = f->expected ? 0 : f->length;
    memcpy(name, f->text, length);
    name[length] = '\0';
    return name;
}

static bool seen_before(const char *const *names, uint32_t n, const char *name)
{
    for (uint32_t i = 0; i < n; i++)
        if (*name && strcmp(names[i], name) == 0)
            return true;
    return false;
}

static void report_missing_columns(table_read *t)
{
    for (int c = 0; c < t->schema->n_columns; c++) {
        const krni_column *column = &t->schema->columns[c];
        bool found = !column->required;
        for (uint32_t f = 0; f < t->n_header && !found; f++)
            found = t->column_of[f] == (uint32_t)c;
        if (!found)
            krni_fault(t->reading->faults, place_of(t, t->n_header + (uint32_t)c, column->name),
                       "(missing)", 9, "this column");
    }
}

/* First line: which field is which column; starts the table. */
static krn_status read_header(table_read *t, krn_error *err)
{
    krni_reading *r = t->reading;
    const uint32_t n = t->csv.n_fields < KRNI_CSV_FIELDS ? t->csv.n_fields : KRNI_CSV_FIELDS;
    const char **names = krn_arena_alloc(r->arena, n * sizeof *names);
    const char **further = krn_arena_alloc(r->arena, n * sizeof *further);
    uint32_t n_further = 0;
    if (!names || !further)
        return krni_fail_memory(err);
    if (t->csv.n_fields > KRNI_CSV_FIELDS)
        krni_fault(r->faults, place_of(t, KRNI_CSV_FIELDS, "(header)"), "(too long)", 10,
                   "a header of at most %u columns", KRNI_CSV_FIELDS);
    t->n_header = n;
    for (uint32_t f = 0; f < n; f++) {
        names[f] = header_name(t, f);
        if (!names[f])
            return krni_fail_memory(err);
        const bool twice = seen_before(names, f, names[f]);
        if (twice)
            krni_fault(r->faults, place_of(t, f, names[f]), names[f], strlen(names[f]),
                       "a column that stands there only once");
        t->column_of[f] = schema_column(t->schema, names[f]);
        if (twice || !*names[f]) {
            t->column_of[f] = NO_COLUMN;
        } else if (t->column_of[f] == NO_COLUMN) {
            t->column_of[f] = (uint32_t)t->schema->n_columns + n_further;
            further[n_further++] = names[f];
        }
    }
    report_missing_columns(t);
    r->headers[t->table].present = true;
    r->headers[t->table].n = n;
    r->headers[t->table].names = names;
    return krni_builder_table(r->builder, t->table, further, n_further, err);
}

/* The cell above, when it says the same and was right: columns repeat themselves (mode, quality,
 * source), and what was read once need not be read again. */
static bool repeat_cell(const table_read *t, uint32_t row, uint32_t column, const krni_field *f)
{
    krni_builder *b = t->reading->builder;
    if (!row || !f->length)
        return false;
    const krni_cell above = krni_builder_read(b, t->table, row - 1, column);
    const char *text = krni_builder_at(b, above.text);
    if (strncmp(text, f->text, f->length) != 0 || text[f->length] != '\0')
        return false;
    *krni_builder_cell(b, t->table, row, column) = above; /* the table is the builder's own */
    return true;
}

/* One field into its cell. */
static krn_status read_cell(table_read *t, uint32_t row, uint32_t field, krn_error *err)
{
    krni_reading *r = t->reading;
    const krni_field *f = &t->csv.fields[field];
    const uint32_t c = t->column_of[field];
    const char *name = r->headers[t->table].names[field];
    if (f->expected) {
        krni_fault(r->faults, place_of(t, field, name), f->text, f->length, "%s", f->expected);
        return KRN_OK;
    }
    if (c == NO_COLUMN || repeat_cell(t, row, c, f))
        return KRN_OK;
    const uint32_t text = krni_builder_text(r->builder, f->text, f->length);
    if (text == KRNI_NO_TEXT)
        return krni_builder_failure(r->builder, err);
    krni_cell *cell = krni_builder_cell(r->builder, t->table, row, c);
    if (!cell)
        return krni_fail_memory(err);
    if (c < (uint32_t)t->schema->n_columns) {
        char expected[KRNI_EXPECTED_SIZE];
        if (!krni_cell_parse(t->schema, &t->schema->columns[c], krni_builder_at(r->builder, text),
                             &cell->number, expected, sizeof expected)) {
            krni_fault(r->faults, place_of(t, field, name), f->text, f->length, "%s", expected);
            return KRN_OK;
        }
    }
    cell->text = text;
    return KRN_OK;
}

static krn_status read_row(table_read *t, uint32_t file, krn_error *err)
{
    krni_reading *r = t->reading;
    const uint32_t n = t->csv.n_fields < t->n_header ? t->csv.n_fields : t->n_header;
    const uint32_t row = krni_builder_row(r->builder, t->table, file, t->csv.line);
    if (row == KRN_NO_ROW)
        return krni_builder_failure(r->builder, err);
    if (t->csv.n_fields != t->n_header) {
        char count[32];
        const int length = snprintf(count, sizeof count, "%u fields", t->csv.n_fields);
        krni_fault(r->faults, place_of(t, n, "(row)"), count, (size_t)length,
                   "a row of %u fields, as in the header,", t->n_header);
    }
    for (uint32_t field = 0; field < n; field++) {
        const krn_status status = read_cell(t, row, field, err);
        if (status)
            return status;
    }
    return KRN_OK;
}

krn_status krni_read_table(krni_reading *reading, krn_table table, char *text, size_t size,
                           krn_error *err)
{
    table_read *t = malloc(sizeof *t);
    if (!t)
        return krni_fail_memory(err);
    krn_status status = KRN_OK;
    t->reading = reading;
    t->table = table;
    t->schema = krni_schema(table);
    krni_csv_open(&t->csv, text, size);
    const uint32_t file =
        krni_builder_text(reading->builder, t->schema->file, strlen(t->schema->file));
    if (file == KRNI_NO_TEXT) {
        status = krni_builder_failure(reading->builder, err);
        goto done;
    }
    if (!krni_csv_next(&t->csv)) {
        t->csv.line = 1;
        krni_fault(reading->faults, place_of(t, 0, "(header)"), "", 0, "a line of column names");
        goto done;
    }
    status = read_header(t, err);
    while (!status && !krni_csv_at_end(&t->csv) && krni_csv_next(&t->csv))
        status = read_row(t, file, err);
done:
    free(t);
    return status;
}

krn_status krni_read_tables(krni_reading *reading, krn_error *err)
{
    for (int i = 0; i < KRN_TABLE_COUNT; i++) {
        const krn_table table = (krn_table)i;
        const krni_table *schema = krni_schema(table);
        char *text = NULL;
        size_t size = 0;
        if (table == KRN_TABLE_MEASURE)
            continue;
        krn_status status = reading->files->read(reading->files->context, schema->file,
                                                 KRNI_TABLE_BYTES, &text, &size, err);
        if (status)
            return status;
        if (text) {
            status = krni_read_table(reading, table, text, size, err);
            free(text);
        } else if (!schema->optional) {
            krni_fault(reading->faults, krni_cell_place(table, schema->file, 1, 0, "(file)"),
                       "(missing)", 9, "this table");
        }
        if (status)
            return status;
    }
    return KRN_OK;
}
