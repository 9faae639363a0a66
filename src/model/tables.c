/* SPDX-License-Identifier: Apache-2.0 */
/* tables.c - reading a package in memory: cells, keys, lists, quality and source of a figure.
 *
 *   by_key:  rows in byte order of their key, so that a key is found by halving
 *   changed: figures that measures set, ascending, so that one is found by halving too
 */
#include "model/tables.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

krn_figure krn_figure_none(void)
{
    const krn_figure none = {KRN_TABLE_COUNT, 0, KRN_NO_ROW};
    return none;
}

krn_figure krni_figure(krn_table table, uint32_t row, int column)
{
    assert(column >= 0 && column < UINT16_MAX);
    const krn_figure figure = {(uint16_t)table, (uint16_t)column, row};
    return figure;
}

void krn_package_free(krn_package *package)
{
    if (package)
        krn_arena_free(package->arena);
}

const char *krn_table_file(krn_table table)
{
    return krni_schema(table)->file;
}

/* "timetable/trips.txt" fits "timetable/trips.txt", "trips.txt" and "trips"; "measure/" fits
 * "measure". */
static bool file_fits(const char *file, const char *name, bool with_extension)
{
    const char *slash = strrchr(file, '/');
    const char *base = slash && slash[1] ? slash + 1 : file;
    if (with_extension)
        return strcmp(file, name) == 0 || strcmp(base, name) == 0;
    const size_t length = strcspn(base, "./");
    return strlen(name) == length && strncmp(base, name, length) == 0;
}

krn_table krn_table_named(const char *name)
{
    for (int pass = 0; pass < 2; pass++)
        for (int t = 0; t < KRN_TABLE_COUNT; t++)
            if (file_fits(krni_schema((krn_table)t)->file, name, pass == 0))
                return (krn_table)t;
    return KRN_TABLE_COUNT;
}

uint32_t krn_package_rows(const krn_package *package, krn_table table)
{
    assert((unsigned)table < KRN_TABLE_COUNT);
    return package->tables[table].n_rows;
}

uint32_t krn_package_columns(const krn_package *package, krn_table table)
{
    assert((unsigned)table < KRN_TABLE_COUNT);
    return package->tables[table].n_columns;
}

const char *krn_package_column_name(const krn_package *package, krn_table table, uint32_t column)
{
    const krni_rows *t = &package->tables[table];
    assert(column < t->n_columns);
    return package->pool + t->column_names[column];
}

int krn_package_column(const krn_package *package, krn_table table, const char *name)
{
    const krni_rows *t = &package->tables[table];
    for (uint32_t c = 0; c < t->n_columns; c++)
        if (strcmp(package->pool + t->column_names[c], name) == 0)
            return (int)c;
    return -1;
}

const char *krn_package_text(const krn_package *package, krn_table table, uint32_t row,
                             uint32_t column)
{
    const krni_rows *t = &package->tables[table];
    assert(row < t->n_rows);
    return column < t->n_columns ? krni_text(package, table, row, (int)column) : "";
}

double krn_package_number(const krn_package *package, krn_table table, uint32_t row,
                          uint32_t column)
{
    const krni_rows *t = &package->tables[table];
    assert(row < t->n_rows);
    return column < t->n_columns ? krni_number(package, table, row, (int)column) : NAN;
}

/* First place in by_key whose key is not below the wanted one. */
static uint32_t lower_bound(const krn_package *p, krn_table table, int column, const char *key)
{
    const krni_rows *t = &p->tables[table];
    uint32_t low = 0, high = t->n_rows;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (strcmp(krni_text(p, table, t->by_key[middle], column), key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t krni_key_count(const krn_package *p, krn_table table, const char *key)
{
    const krni_rows *t = &p->tables[table];
    const int column = krni_schema(table)->key;
    uint32_t n = 0;
    if (column < 0 || !t->by_key)
        return 0;
    for (uint32_t at = lower_bound(p, table, column, key);
         at < t->n_rows && strcmp(krni_text(p, table, t->by_key[at], column), key) == 0; at++)
        n++;
    return n;
}

uint32_t krn_package_find(const krn_package *package, krn_table table, const char *key)
{
    const krni_rows *t = &package->tables[table];
    const int column = krni_schema(table)->key;
    if (column < 0 || !t->by_key)
        return KRN_NO_ROW;
    const uint32_t at = lower_bound(package, table, column, key);
    return at < t->n_rows && strcmp(krni_text(package, table, t->by_key[at], column), key) == 0
               ? t->by_key[at]
               : KRN_NO_ROW;
}

krni_cells krni_package_cells(const krn_package *package, krn_table table)
{
    const krni_rows *t = &package->tables[table];
    const krni_cells view = {package->pool, t->cells, t->n_rows, t->n_columns};
    return view;
}

double krni_number_or(const krn_package *p, krn_table table, uint32_t row, int column,
                      double otherwise)
{
    const double value = krni_number(p, table, row, column);
    return isnan(value) ? otherwise : value;
}

uint32_t krni_ref(const krn_package *p, krn_table table, uint32_t row, int column)
{
    const char *key = krni_text(p, table, row, column);
    return *key ? krn_package_find(p, krni_schema(table)->columns[column].refers, key) : KRN_NO_ROW;
}

const char *krni_list_next(const char **at, size_t *length)
{
    const char *start = *at;
    if (!start || !*start)
        return NULL;
    *length = strcspn(start, ";");
    *at = start[*length] ? start + *length + 1 : start + *length;
    return start;
}

bool krni_list_has(const char *list, const char *item)
{
    const size_t wanted = strlen(item);
    size_t length = 0;
    for (const char *one; (one = krni_list_next(&list, &length)) != NULL;)
        if (length == wanted && memcmp(one, item, length) == 0)
            return true;
    return false;
}

static int compare_figures(krn_figure a, krn_figure b)
{
    if (a.table != b.table)
        return a.table < b.table ? -1 : 1;
    if (a.row != b.row)
        return a.row < b.row ? -1 : 1;
    return a.column < b.column ? -1 : a.column > b.column;
}

static const krni_changed *find_changed(const krn_package *package, krn_figure figure)
{
    uint32_t low = 0, high = package->n_changed;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const int order = compare_figures(package->changed[middle].figure, figure);
        if (order == 0)
            return &package->changed[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* The cell if a measure set it, else its row if a measure added that. */
static const krni_changed *change_of(const krn_package *package, krn_figure figure)
{
    const krni_changed *change = find_changed(package, figure);
    if (!change) {
        figure.column = KRNI_WHOLE_ROW;
        change = find_changed(package, figure);
    }
    return change;
}

static bool is_none(const krn_package *package, krn_figure figure)
{
    return figure.table >= KRN_TABLE_COUNT || figure.row >= package->tables[figure.table].n_rows;
}

static krn_quality quality_of_row(const krn_package *package, krn_figure figure)
{
    const krni_table *schema = krni_schema((krn_table)figure.table);
    if (schema->quality < 0)
        return KRN_PUBLISHED;
    const char *text = krni_text(package, (krn_table)figure.table, figure.row, schema->quality);
    return text[0] == 'p' ? KRN_PUBLISHED : text[0] == 'd' ? KRN_DERIVED : KRN_ESTIMATED;
}

krn_quality krn_package_quality(const krn_package *package, krn_figure figure)
{
    if (is_none(package, figure))
        return KRN_PUBLISHED;
    const krni_changed *change = find_changed(package, figure);
    if (change)
        return (krn_quality)change->quality;
    const krn_table table = (krn_table)figure.table;
    const krni_table *schema = krni_schema(table);
    if (schema->estimated >= 0 && figure.column < package->tables[table].n_columns) {
        const char *list = krni_text(package, table, figure.row, schema->estimated);
        if (krni_list_has(list, "all") ||
            krni_list_has(list, krn_package_column_name(package, table, figure.column)))
            return KRN_ESTIMATED;
    }
    return quality_of_row(package, figure);
}

const char *krn_package_source(const krn_package *package, krn_figure figure)
{
    if (is_none(package, figure))
        return "";
    const krni_changed *change = find_changed(package, figure);
    if (change)
        return krni_text(package, KRN_TABLE_MEASURE, change->measure, MEASURE_SOURCE_ID);
    const krn_table table = (krn_table)figure.table;
    const int column = krni_schema(table)->source;
    return column < 0 ? "" : krni_text(package, table, figure.row, column);
}

const char *krn_package_changed_by(const krn_package *package, krn_figure figure)
{
    if (is_none(package, figure))
        return "";
    const krni_changed *change = change_of(package, figure);
    return change ? krni_text(package, KRN_TABLE_MEASURE, change->measure, MEASURE_MEASURE_ID) : "";
}

const char *krn_package_row_file(const krn_package *package, krn_table table, uint32_t row)
{
    assert(row < package->tables[table].n_rows);
    return package->pool + package->tables[table].origins[row].file;
}

uint32_t krn_package_row_line(const krn_package *package, krn_table table, uint32_t row)
{
    assert(row < package->tables[table].n_rows);
    return package->tables[table].origins[row].line;
}

const char *krn_package_origin(const krn_package *package)
{
    return package->pool + package->origin;
}
