/* cost_cells.h - rows of od tables to cells, demand classes and bundles. */
#ifndef SCENARIO_COST_CELLS_H
#define SCENARIO_COST_CELLS_H

#include "scenario/cost_run.h"

/* Fills cells and classes (without books). KRN_E_NOT_FOUND: a table. */
krn_status krni_cost_cells(krni_cost_run *run, krn_error *err);

/* Gives a reason to cells that cannot have a way; all others into bundles. Classes have costs. */
krn_status krni_cost_bundles(krni_cost_run *run, krn_error *err);

#endif
