/* SPDX-License-Identifier: Apache-2.0 */
/* ensemble_sim.c - the corridor as an ensemble repeats it; its precision is judged by tonnes
 * delivered and by the mean time from door to door over all groups, weighted by tonnes. */
#include <math.h>

#include "base/error.h"
#include "sim/ensemble_model.h"
#include "sim/statistics.h"

static krn_status replicate(const void *context, uint32_t replication, double *out_metrics,
                            krn_error *err)
{
    return krn_sim_replicate(context, replication, NULL, NULL, out_metrics, err);
}

static void judge(const void *context, const double *metrics, double out[KRNI_JUDGED])
{
    const krn_sim *sim = context;
    krni_sum tonnes = {0}, tonne_hours = {0};
    for (uint32_t group = 0; group < krn_sim_groups(sim); group++) {
        const double t = metrics[krn_sim_group_at(sim, group, KRN_GROUP_DELIVERED_T)];
        const double h = metrics[krn_sim_group_at(sim, group, KRN_GROUP_MEAN_H)];
        if (t > 0 && !isnan(h)) {
            krni_sum_add(&tonnes, t);
            krni_sum_add(&tonne_hours, t * h);
        }
    }
    out[0] = metrics[krn_sim_total_at(sim, KRN_TOTAL_DELIVERED_T)];
    out[1] = krni_sum_value(tonnes) > 0 ? krni_sum_value(tonne_hours) / krni_sum_value(tonnes)
                                        : (double)NAN;
}

static size_t replication_bytes(const void *context)
{
    return krn_sim_replication_bytes(context);
}

krn_status krn_ensemble_run(const krn_sim *sim, const krn_ensemble_options *options,
                            krn_ensemble **out, krn_error *err)
{
    if (!sim || !options || !out)
        return krni_fail(err, KRN_E_ARG, "an ensemble needs a simulation and options");
    const krni_ensemble_model model = {
        .context = sim,
        .n_metrics = krn_sim_metrics(sim),
        .first_day = krn_sim_days(sim) ? krn_sim_day_at(sim, 0) : 0,
        .n_days = krn_sim_days(sim),
        .replicate = replicate,
        .judge = judge,
        .replication_bytes = replication_bytes,
    };
    return krni_ensemble_run(&model, options, out, err);
}
