/* demand_read.h - a user's table of demand from text in memory, for krn_demand_read, tests and fuzz
 * targets. */
#ifndef IO_DEMAND_READ_H
#define IO_DEMAND_READ_H

#include <keruen/io.h>

#include "model/demand_place.h"

/* Largest lot of the package's flows of the commodity, else of its class; 0: none. */
double krni_usual_lot_t(const krn_package *package, krni_flow_goods goods);

/* text is changed in the course; name stands in faults. Else as krn_demand_read. */
krn_status krni_demand_read_text(const krn_package *package, const char *name, char *text,
                                 size_t size, krn_faults *faults, krn_arena *arena,
                                 krn_demand_list *out, krn_error *err);

#endif
