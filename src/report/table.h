/* table.h - text in columns, within the width of a terminal.
 *
 *   ownership  cells are borrowed texts; the grid lives in an arena */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include <stdbool.h>

#include "base/text.h"

/* How a page looks: width and whether a terminal shows weight. */
typedef struct krni_page {
    krni_writer *out;
    size_t columns;
    bool colour;
} krni_page;

void krni_page_title(krni_page *page, const char *text); /* bold, with a line end */
void krni_page_rule(krni_page *page, size_t indent);     /* thin, to the right margin */
void krni_page_text(krni_page *page, const char *text, size_t indent); /* wrapped, with line end */
void krni_page_dim(krni_page *page, const char *text);                 /* no line end */
void krni_page_bold(krni_page *page, const char *text);                /* no line end */
/* "label     text wrapped beside it" */
void krni_page_field(krni_page *page, const char *label, const char *text, size_t indent,
                     size_t label_columns);

#define KRNI_GRID_COLUMNS 14

typedef struct krni_grid_column {
    const char *heading; /* lines apart by '\n'; NULL in all columns: no heading */
    krni_align align;
    size_t least; /* columns that it may shrink to; 0: never shrinks. Its cells are wrapped */
} krni_grid_column;

typedef struct krni_grid {
    krn_arena *arena;
    const krni_grid_column *columns;
    size_t n_columns;
    const char **cells; /* row by row */
    size_t n_cells;
    size_t capacity;
    size_t gap; /* blanks between columns: 2, or 1 where the page is narrow */
    bool failed;
} krni_grid;

void krni_grid_init(krni_grid *grid, krn_arena *arena, const krni_grid_column *columns,
                    size_t n_columns);
void krni_grid_cell(krni_grid *grid, const char *text);
void krni_grid_number(krni_grid *grid, double value, int decimals, bool group);
void krni_grid_format(krni_grid *grid, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A row that is one text over all columns but the first, wrapped. */
void krni_grid_span(krni_grid *grid, const char *text);

/* All rows: headings, a thin rule, cells a blank or two apart. Columns that hold nothing vanish.
 * Sets failed of the page's writer when memory ran out. */
void krni_grid_write(krni_grid *grid, krni_page *page, size_t indent);

#endif
