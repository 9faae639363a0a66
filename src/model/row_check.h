/* row_check.h - whether the cells of one row fit each other and the rows that they name.
 *
 * The reader checks every row of a package with it; measures check the rows that they change. */
#ifndef MODEL_ROW_CHECK_H
#define MODEL_ROW_CHECK_H

#include "model/tables.h"

#define KRNI_ROW_COLUMNS 64 /* columns of the format in any table, at most */

/* The cells of a row, of the format's columns. */
typedef struct krni_row_view {
    krn_table table;
    const char *texts[KRNI_ROW_COLUMNS];
    double numbers[KRNI_ROW_COLUMNS];
} krni_row_view;

void krni_row_view_of(const krn_package *package, krn_table table, uint32_t row,
                      krni_row_view *out);

/* Look-ups that succeeded, by address of the text: a pool holds each text once. Zeroed by the
 * caller before the first row. */
#define KRNI_ROW_MEMO 1024
typedef struct krni_row_memo {
    const char *texts[KRNI_ROW_MEMO];
    uint8_t tables[KRNI_ROW_MEMO];
} krni_row_memo;

/* Columns without a key index that rows are looked up by: zones, currencies, groups of tariffs. */
#define KRNI_ROW_INDICES 3
typedef struct krni_row_index {
    uint32_t *rows[KRNI_ROW_INDICES]; /* in byte order of the column */
} krni_row_index;

/* False when memory runs out; krni_row_index_close in any case. */
bool krni_row_index_open(krni_row_index *index, const krn_package *package);
void krni_row_index_close(krni_row_index *index);

typedef struct krni_row_checker {
    const krn_package *package;  /* base of look-ups */
    krni_row_memo *memo;         /* may be NULL; all texts must then be of the package's pool */
    const krni_row_index *index; /* may be NULL: tables are looked through */
    void *context;
    /* Further rows that count as present: whether one has that text in that column; may be NULL. */
    bool (*further)(void *context, krn_table table, int column, const char *text);
    void (*report)(void *context, int column, const char *value, const char *expected);
} krni_row_checker;

/* References, zones, currencies, percentiles in order, dates in order, codes, names of columns. */
void krni_row_check(const krni_row_checker *checker, const krni_row_view *row);

#endif
