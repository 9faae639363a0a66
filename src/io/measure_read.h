/* measure_read.h - the YAML files of measures, as rows of a table and as changes. */
#ifndef IO_MEASURE_READ_H
#define IO_MEASURE_READ_H

#include "io/package_read.h"
#include "model/measure_data.h"

/* All of the package's folder measure/, then own ones by path. The tables must have been read, for
 * their further columns. Sets the measures of the builder. */
krn_status krni_read_measures(krni_reading *reading, const char *const *own, uint32_t n_own,
                              krn_error *err);

#endif
