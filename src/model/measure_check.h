/* measure_check.h - whether the measures of a package could be applied. */
#ifndef MODEL_MEASURE_CHECK_H
#define MODEL_MEASURE_CHECK_H

#include "model/measure_data.h"
#include "model/tables.h"

/* One measure that cannot: file and line of the change, and the whole text of the fault. */
typedef void (*krni_measure_report)(void *context, const char *file, uint32_t line,
                                    const char *text);

/* Each measure for itself against the base tables; one that fails so, after all those before it in
 * the order of application. The base must be free of faults. */
krn_status krni_measure_check(const krn_package *base, krni_measure_report report, void *context,
                              krn_error *err);

#endif
