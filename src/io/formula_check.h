/* formula_check.h - whether a text is a formula, whatever its variables are called. */
#ifndef IO_FORMULA_CHECK_H
#define IO_FORMULA_CHECK_H

#include <stdbool.h>

#include "io/faults.h"

/* False with a fault of position and what was expected. "null" (no arc) is one as well. scratch is
 * reset; KRN_E_MEMORY only. */
krn_status krni_formula_check(const char *text, krni_place where, krn_faults *faults,
                              krn_arena *scratch, bool *out_good, krn_error *err);

#endif
