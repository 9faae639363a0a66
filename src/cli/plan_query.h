/* plan_query.h - options of `keruen plan` to a query. */
#ifndef CLI_PLAN_QUERY_H
#define CLI_PLAN_QUERY_H

#include "cli/session.h"

/* What the options say whatever the consignment: modes, criteria, bounds, avoid, require. The
 * session's network is compiled. */
krn_status krni_plan_options(krni_session *s, krn_plan_query *out, krn_error *err);

/* Instants of ready, due and arrive-by (texts may be NULL) in local time of the ends. Without any
 * time to begin with, ready is the session's day. */
krn_status krni_plan_times(krni_session *s, const char *ready, const char *due,
                           const char *arrive_by, krn_plan_query *q, krn_error *err);

/* plan_batch.c: --batch FILE. Returns an exit code. */
int krni_plan_batch(krni_session *s, const char *path, krn_error *err);

#endif
