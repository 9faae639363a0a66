/* measure_match.h - which rows a change meets, what it makes of a cell, in which order measures go.
 */
#ifndef MODEL_MEASURE_MATCH_H
#define MODEL_MEASURE_MATCH_H

#include "base/number.h"
#include "model/measure_data.h"
#include "model/tables.h"

/* Whether all conditions of a change hold for a row. */
bool krni_change_meets(const krni_change *change, const krni_cells *cells, uint32_t row);

/* The new text and number of a cell, for set and scale. False when it does not fit the type of its
 * column (expected is filled). A blank cell that is scaled stays blank. buffer holds a text that
 * is computed. */
typedef struct krni_new_cell {
    const char *text;
    double number;
    char buffer[KRNI_NUMBER_EXACT_SIZE];
    char expected[KRNI_EXPECTED_SIZE];
} krni_new_cell;

bool krni_change_cell(const krni_change *change, const krni_assignment *assignment, double before,
                      krni_new_cell *out);

/* Rows of KRN_TABLE_MEASURE in the order of application: in_force_from (blank last), then id; own
 * ones last. rows: all of them, sorted in place. */
void krni_measure_sort(const krn_package *package, uint32_t *rows, uint32_t n);

#endif
