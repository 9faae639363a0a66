/* SPDX-License-Identifier: Apache-2.0 */
/* mini_tables.c - small CSV texts to a package by the builder. */
#include "support/mini_tables.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/tables.h"

#define MAX_COLUMNS 64

struct mini {
    krni_builder *builder;
    bool started[KRN_TABLE_COUNT];
};

static void stop(const char *what, const char *where, const char *value)
{
    fprintf(stderr, "mini_tables: %s: %s: %s\n", where, what, value);
    abort();
}

mini *mini_new(void)
{
    mini *m = calloc(1, sizeof *m);
    if (!m || !(m->builder = krni_builder_new("mini")))
        stop("no memory", "mini", "");
    return m;
}

static void start_table(mini *m, krn_table table)
{
    krn_error err;
    if (krni_builder_table(m->builder, table, NULL, 0, &err))
        stop("table", krn_table_file(table), err.text);
    m->started[table] = true;
}

static void set_cell(mini *m, krn_table table, uint32_t row, int column, const char *text,
                     size_t length)
{
    char copy[512];
    char expected[128];
    if (length == 0)
        return;
    if (length >= sizeof copy)
        stop("cell too long", krn_table_file(table), text);
    memcpy(copy, text, length);
    copy[length] = '\0';
    double number = NAN;
    const krni_table *t = krni_schema(table);
    if (!krni_cell_parse(t, &t->columns[column], copy, &number, expected, sizeof expected))
        stop(expected, t->columns[column].name, copy);
    const uint32_t offset = krni_builder_text(m->builder, copy, length);
    krni_cell *cell = krni_builder_cell(m->builder, table, row, (uint32_t)column);
    if (offset == UINT32_MAX || !cell)
        stop("no memory", krn_table_file(table), "");
    cell->text = offset;
    cell->number = number;
}

static int column_named(const krni_table *t, const char *name, size_t length)
{
    for (int c = 0; c < t->n_columns; c++)
        if (strlen(t->columns[c].name) == length && memcmp(t->columns[c].name, name, length) == 0)
            return c;
    stop("no such column", t->file, name);
    return -1;
}

void mini_table(mini *m, const char *name, const char *csv)
{
    const krn_table table = krn_table_named(name);
    int columns[MAX_COLUMNS];
    int n_columns = 0;
    uint32_t line = 0;
    if (table == KRN_TABLE_COUNT)
        stop("no such table", name, "");
    if (!m->started[table])
        start_table(m, table);
    while (*csv) {
        uint32_t row = KRN_NO_ROW;
        if (line > 0) {
            row = krni_builder_row(m->builder, table,
                                   krni_builder_text(m->builder, name, strlen(name)), line + 1);
            if (row == KRN_NO_ROW)
                stop("no memory", name, "");
        }
        for (int c = 0;; c++) {
            const bool quoted = *csv == '"';
            csv += quoted;
            const size_t length = strcspn(csv, quoted ? "\"" : ",\n");
            if (line == 0 && n_columns < MAX_COLUMNS)
                columns[n_columns++] = column_named(krni_schema(table), csv, length);
            else if (c < n_columns)
                set_cell(m, table, row, columns[c], csv, length);
            else
                stop("too many cells", name, csv);
            csv += length + quoted;
            if (*csv != ',')
                break;
            csv++;
        }
        if (*csv == '\n')
            csv++;
        line++;
    }
}

krn_package *mini_package(mini *m)
{
    krn_package *package = NULL;
    krn_error err;
    for (int t = 0; t < KRN_TABLE_COUNT; t++)
        if (!m->started[t])
            start_table(m, (krn_table)t);
    if (krni_builder_finish(m->builder, &package, &err))
        stop("finish", "mini", err.text);
    free(m);
    return package;
}
