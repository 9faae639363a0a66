/* cost_network_cell.h - a table of a cost network while it is read: its columns in any order, rows
 * of the right number of fields, cells by kind. A cell that is not as expected is a fault with
 * file, line, column and value, and makes the call false. */
#ifndef IO_COST_NETWORK_CELL_H
#define IO_COST_NETWORK_CELL_H

#include "io/cost_network_table.h"
#include "io/csv.h"

#define KRNI_COST_NO_COLUMN UINT32_MAX

/* What all tables of a folder share. */
typedef struct krni_cost_reader {
    const krni_files *files;
    krn_faults *faults;
    krn_arena *arena;
    krni_cost_descriptor names;
} krni_cost_reader;

typedef struct krni_cost_rows {
    krni_cost_table which;
    const krni_cost_format *format;
    char *text; /* free() it */
    krni_csv csv;
    uint32_t *place; /* of each column among the fields of a row */
    uint32_t n_columns;
} krni_cost_rows;

/* Reads the file and its heading; *out_good false: there is a fault. */
krn_status krni_cost_open(krni_cost_reader *r, krni_cost_table which, krni_cost_rows *t,
                          bool *out_good, krn_error *err);
/* Next row of all fields; rows of another number of fields are faults and passed over. */
bool krni_cost_next(const krni_cost_reader *r, krni_cost_rows *t);

krni_place krni_cost_place(const krni_cost_reader *r, const krni_cost_rows *t, uint32_t line,
                           uint32_t column);
krni_field krni_cost_cell(const krni_cost_rows *t, uint32_t column);
bool krni_cost_is(krni_field field, const char *text);
/* Tells of a fault; false always. */
bool krni_cost_wrong(const krni_cost_reader *r, const krni_cost_rows *t, uint32_t column,
                     const char *expected);

bool krni_cost_number(const krni_cost_reader *r, const krni_cost_rows *t, uint32_t column,
                      double least, double most, const char *expected, double *out);
bool krni_cost_integer(const krni_cost_reader *r, const krni_cost_rows *t, uint32_t column,
                       double least, double most, const char *expected, int64_t *out);
/* Blank is none, where none is not least. */
bool krni_cost_small(const krni_cost_reader *r, const krni_cost_rows *t, uint32_t column,
                     int32_t least, int32_t most, int32_t none, const char *expected, int32_t *out);
bool krni_cost_switch(const krni_cost_reader *r, const krni_cost_rows *t, uint32_t column,
                      bool *out);
/* A text of the arena; *good false with a fault. */
krn_status krni_cost_text(const krni_cost_reader *r, const krni_cost_rows *t, uint32_t column,
                          bool *good, const char **out, krn_error *err);
/* A name of the descriptor by its number. */
bool krni_cost_name(const krni_cost_reader *r, const krni_cost_rows *t, uint32_t column,
                    const krni_cost_names *names, const char *expected, uint32_t *out);

#endif
