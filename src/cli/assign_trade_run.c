/* SPDX-License-Identifier: Apache-2.0 */
/* assign_trade_run.c - keruen assign on the corridor: the trade of a year over its ways. */
#include "base/error.h"
#include "cli/assign_run.h"

int krni_assign_trade(krni_session *s, krn_error *err)
{
    (void)s;
    return krni_exit_of(krni_fail(err, KRN_E_ARG, "the trade of a package is not assigned yet"));
}
