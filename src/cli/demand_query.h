/* demand_query.h - the demand that options ask for: flows of a year of the package, or an own
 * table.
 */
#ifndef CLI_DEMAND_QUERY_H
#define CLI_DEMAND_QUERY_H

#include "cli/session.h"

/* --demand FILE, else the flows of --year (of just that year; the latest without); from the arena.
 * All faults of a file are told, the first one is the failure. */
krn_status krni_session_demand(krni_session *s, const krn_demand_list **out, krn_error *err);

/* --demand FILE alone: a table as CSV, or matrices (FILE.omx). */
krn_status krni_own_demand(krni_session *s, const char *file, krn_demand_list *out, krn_error *err);

#endif
