/* measure_data.h - the changes of a measure, as read from its file and checked against the format.
 */
#ifndef MODEL_MEASURE_DATA_H
#define MODEL_MEASURE_DATA_H

#include <stdbool.h>
#include <stdint.h>

#include <keruen/units.h>

#include "model/schema.h"

typedef enum krni_change_kind { KRNI_SET, KRNI_SCALE, KRNI_ADD, KRNI_REMOVE } krni_change_kind;

typedef struct krni_condition {
    int column;
    bool contains; /* value is looked for in a list */
    uint32_t n_values;
    const char *const *values; /* any of; "" = blank */
} krni_condition;

typedef struct krni_assignment {
    int column;
    const char *text; /* set, add */
    double number;    /* parsed number, or the factor of scale */
} krni_assignment;

typedef struct krni_added_row {
    uint32_t n_assignments;
    const krni_assignment *assignments;
    uint32_t line;
} krni_added_row;

typedef struct krni_change {
    krn_table table;
    krni_change_kind kind;
    uint32_t n_conditions;
    const krni_condition *conditions; /* all must hold */
    uint32_t n_assignments;           /* set, scale */
    const krni_assignment *assignments;
    uint32_t n_added; /* add */
    const krni_added_row *added;
    krn_quality quality; /* of the new figures */
    const char *note;
    uint32_t line;
} krni_change;

typedef struct krni_measure {
    uint32_t row; /* of KRN_TABLE_MEASURE */
    const char *file;
    bool own;                        /* given by --with FILE */
    uint32_t lines[MEASURE_COLUMNS]; /* where each cell of the row stands; 0: nowhere */
    uint32_t n_changes;
    const krni_change *changes;
} krni_measure;

#endif
