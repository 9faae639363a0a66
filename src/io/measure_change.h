/* measure_change.h - one file of a measure while it is read, and its changes. */
#ifndef IO_MEASURE_CHANGE_H
#define IO_MEASURE_CHANGE_H

#include "io/package_read.h"
#include "io/yaml_tree.h"
#include "model/measure_data.h"

#define KRNI_MEASURE_CHANGES 10000u

typedef struct krni_measure_file {
    krni_reading *reading;
    const char *file; /* as in messages */
    const krni_yaml_node *root;
    uint32_t row;
    krni_measure out;
    krn_status status; /* memory or bounds; KRN_OK else */
} krni_measure_file;

/* Reports "file:line: key: value: expected". */
void krni_measure_fault(krni_measure_file *f, uint32_t line, const char *key, const char *value,
                        const char *expected);

/* The list "changes" to f->out; the row of the measure must be there for its quality. */
void krni_read_changes(krni_measure_file *f);

#endif
