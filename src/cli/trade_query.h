/* trade_query.h - the day, the demand and the question that options of assign and invest ask for.
 */
#ifndef CLI_TRADE_QUERY_H
#define CLI_TRADE_QUERY_H

#include "cli/session.h"

/* Sets the day of tariffs, rules and measures: --date, else 1 July of --year, else of the latest
 * flows once tables are read. */
krn_status krni_trade_day(krni_session *s, krn_error *err);

/* --demand FILE, else the flows of the latest year not after --year; from the arena. *out_year: as
 * asked for, else that of the flows; 0: none. */
krn_status krni_trade_demand(krni_session *s, const krn_demand_list **out, int *out_year,
                             krn_error *err);

/* All but demand, delays and progress. */
krn_trade_question krni_trade_question(const krni_session *s);

#endif
