/* simulate_query.h - options of `keruen simulate` to a question about the running corridor. */
#ifndef CLI_SIMULATE_QUERY_H
#define CLI_SIMULATE_QUERY_H

#include "cli/session.h"

/* The day of tariffs, rules and measures, before a package is opened: --date, else --from; else the
 * session asks its package. */
krn_status krni_simulate_day(krni_session *s, krn_error *err);

/* Period, routing, demand and events into a question; all lists live in the session's arena. The
 * session's network is compiled. */
krn_status krni_simulate_question(krni_session *s, krn_sim_question *out, krn_error *err);

/* What was asked as a JSON object, for a store; from the arena, NULL when memory ran out. */
const char *krni_simulate_question_text(const krni_session *s, const krn_sim_question *q);

/* Replications, precision, threads. */
krn_status krni_simulate_replications(const krni_session *s, krn_ensemble_options *out,
                                      krn_error *err);

#endif
