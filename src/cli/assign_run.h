/* assign_run.h - the kinds of network that keruen assign takes: TNTP files (--tntp), cost networks
 * (by the package), the trade of the corridor. Each returns an exit code; err is filled where it is
 * 2 or 3. */
#ifndef CLI_ASSIGN_RUN_H
#define CLI_ASSIGN_RUN_H

#include "cli/session.h"

int krni_assign_tntp(krni_session *s, krn_error *err);
int krni_assign_trade(krni_session *s, krn_error *err);
int krni_assign_cost(krni_session *s, krn_error *err);

/* Whether the package of a session is a cost network. */
bool krni_is_cost_network(const krni_session *s);

#endif
