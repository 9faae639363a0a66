/* tables.h - a package in memory: the inside of krn_package, and how it is built.
 *
 *   pool:   "\0barley\0wheat\0..."       all texts, each once; offset 0 is ""
 *   table:  cells row by row, n_columns each { offset of the text, number }
 *
 * Everything is offsets and indices, so tables can be written to a snapshot and mapped as they are.
 * A scenario is a copy of the tables that its measures touch and a list of what they changed. */
#ifndef MODEL_TABLES_H
#define MODEL_TABLES_H

#include <stdbool.h>
#include <stdint.h>

#include <keruen/arena.h>
#include <keruen/package.h>

#include "model/schema.h"

typedef struct krni_cell {
    uint32_t text;   /* offset into the pool */
    uint32_t unused; /* 0 */
    double number;   /* NaN when blank or not a number, date or boolean */
} krni_cell;

typedef struct krni_row_origin {
    uint32_t file; /* offset of the file name in the pool */
    uint32_t line; /* 1-based */
} krni_row_origin;

typedef struct krni_rows {
    uint32_t n_rows;
    uint32_t n_columns;             /* of the format and own further ones */
    const uint32_t *column_names;   /* offsets in the pool, n_columns */
    const krni_cell *cells;         /* n_rows * n_columns */
    const krni_row_origin *origins; /* n_rows */
    const uint32_t *by_key;         /* rows in byte order of their key; NULL without a key column */
} krni_rows;

/* A cell that a measure set, or a row that it added (column == KRNI_WHOLE_ROW). Sorted by table,
 * row, column. */
#define KRNI_WHOLE_ROW UINT16_MAX
typedef struct krni_changed {
    krn_figure figure;
    uint32_t measure; /* row of KRN_TABLE_MEASURE */
    uint32_t quality; /* krn_quality of the new figure */
} krni_changed;

struct krni_measure; /* measure_data.h: parsed changes */

struct krn_package {
    krn_arena *arena; /* owns all below; of a mapped snapshot this struct alone */
    const char *pool;
    uint32_t pool_size;
    uint32_t origin; /* offset: folder or file */
    krni_rows tables[KRN_TABLE_COUNT];
    const krni_changed *changed;
    uint32_t n_changed;
    const struct krni_measure *measures; /* one per row of KRN_TABLE_MEASURE; NULL in a snapshot */
    uint32_t n_measures;
};

/* Text and number of a cell by column of the format; both O(1). */
static inline const char *krni_text(const krn_package *p, krn_table table, uint32_t row, int column)
{
    const krni_rows *t = &p->tables[table];
    return p->pool + t->cells[(size_t)row * t->n_columns + (uint32_t)column].text;
}

static inline double krni_number(const krn_package *p, krn_table table, uint32_t row, int column)
{
    const krni_rows *t = &p->tables[table];
    return t->cells[(size_t)row * t->n_columns + (uint32_t)column].number;
}

/* Number of a cell, or a default when blank. */
double krni_number_or(const krn_package *p, krn_table table, uint32_t row, int column,
                      double otherwise);

/* Rows of a table in byte order of the texts of a column, malloc'd; NULL when memory runs out. */
uint32_t *krni_sorted_rows(const krn_package *p, krn_table table, int column);

/* Rows that have a key. O(log rows + rows found). */
uint32_t krni_key_count(const krn_package *p, krn_table table, const char *key);

/* Row that a reference cell points to, KRN_NO_ROW when blank. O(log rows). */
uint32_t krni_ref(const krn_package *p, krn_table table, uint32_t row, int column);

/* Whether a list cell ("a;b;c") holds an item; a blank list holds nothing. */
bool krni_list_has(const char *list, const char *item);

/* Next item of a list: returns its start and length, moves *at behind it; NULL at the end. */
const char *krni_list_next(const char **at, size_t *length);

/* A figure of a cell. */
krn_figure krni_figure(krn_table table, uint32_t row, int column);

/* ---- building ---- */

/* A package under construction: tables grow row by row, the pool text by text (each text once). */
typedef struct krni_builder krni_builder;

#define KRNI_NO_TEXT UINT32_MAX

/* Largest pool, most rows and cells of a table: KRN_E_LIMIT beyond. */
#define KRNI_MAX_POOL  ((size_t)1 << 30)
#define KRNI_MAX_ROWS  4000000u
#define KRNI_MAX_CELLS ((size_t)1 << 26)

krni_builder *krni_builder_new(const char *origin);
void krni_builder_free(krni_builder *builder); /* may be NULL */

/* What went wrong in the last call that failed: KRN_E_MEMORY or KRN_E_LIMIT, with its text. */
krn_status krni_builder_failure(const krni_builder *builder, krn_error *err);

/* Memory of the package to be: lives as long as it. */
krn_arena *krni_builder_arena(krni_builder *builder);

/* Offset of a text in the pool; KRNI_NO_TEXT when memory runs out. */
uint32_t krni_builder_text(krni_builder *builder, const char *text, size_t length);

/* The text behind an offset; valid until the next krni_builder_text. */
const char *krni_builder_at(const krni_builder *builder, uint32_t text);

/* Starts a table with its columns: those of the format, then own further names. Tables that were
 * not started are empty. */
krn_status krni_builder_table(krni_builder *builder, krn_table table, const char *const *further,
                              uint32_t n_further, krn_error *err);

/* Appends a row of blank cells; returns its index or KRN_NO_ROW. */
uint32_t krni_builder_row(krni_builder *builder, krn_table table, uint32_t file, uint32_t line);

/* A cell to be changed; NULL when memory runs out (a borrowed table is copied first). */
krni_cell *krni_builder_cell(krni_builder *builder, krn_table table, uint32_t row, uint32_t column);

/* A cell as it stands now. */
krni_cell krni_builder_read(const krni_builder *builder, krn_table table, uint32_t row,
                            uint32_t column);

uint32_t krni_builder_rows(const krni_builder *builder, krn_table table);
uint32_t krni_builder_columns(const krni_builder *builder, krn_table table);

/* The cells of a table for reading; valid until the builder changes. */
typedef struct krni_cells {
    const char *pool;
    const krni_cell *cells;
    uint32_t n_rows, n_columns;
} krni_cells;

krni_cells krni_builder_cells(const krni_builder *builder, krn_table table);
krni_cells krni_package_cells(const krn_package *package, krn_table table);

static inline const char *krni_cells_text(const krni_cells *c, uint32_t row, int column)
{
    return c->pool + c->cells[(size_t)row * c->n_columns + (uint32_t)column].text;
}

/* Column by name, of the format or further, or -1. */
int krni_builder_column(const krni_builder *builder, krn_table table, const char *name);

/* Takes out the rows whose mark is set (marks: one per row); the others keep their order.
 * False when memory runs out. */
bool krni_builder_remove(krni_builder *builder, krn_table table, const bool *marks);

/* What measures set, ascending by table, row, column; copied (false: no memory). Measures:
 * kept as they are. */
bool krni_builder_set_changed(krni_builder *builder, const krni_changed *changed, uint32_t n);
void krni_builder_set_measures(krni_builder *builder, const struct krni_measure *measures,
                               uint32_t n);

/* Freezes all into a package; the builder is freed in any case. */
krn_status krni_builder_finish(krni_builder *builder, krn_package **out, krn_error *err);

/* Copy of a package whose tables can be changed; tables that are not touched are copied only once,
 * when it is finished. The base must outlive the builder, and its measures the new package. */
krni_builder *krni_builder_from(const krn_package *base);

/* Reads the text of a cell by the type of its column: fills number; false and expected (what was
 * expected, in words) when it does not fit. References are not looked up. Dates are days,
 * month-days month * 100 + day, clock times seconds. */
#define KRNI_EXPECTED_SIZE 512
bool krni_cell_parse(const krni_table *table, const krni_column *column, const char *text,
                     double *out_number, char *expected, size_t expected_size);

/* What a column takes, in words ("a number of km in 0..30000"). */
void krni_cell_expected(const krni_table *table, const krni_column *column, char *out, size_t size);

#endif
