/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"
#include "scenario/cost_run.h"
krn_status krni_cost_equilibrium(krni_cost_run *run, krn_cost_answer *out, krn_error *err)
{
    (void)run;
    (void)out;
    return krni_fail(err, KRN_E_ARG, "not yet");
}
