/* SPDX-License-Identifier: Apache-2.0 */
/* ensemble_sim.c - the corridor as an ensemble repeats it; its precision is judged by tonnes
 * delivered and by the mean time from door to door over all groups, weighted by tonnes. */
#include <math.h>

#include "base/error.h"
#include "sim/corridor.h"
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

/* Tonnes that the demand makes on a day: dated lots on theirs, the others by months. */
static double inflow(const void *context, uint32_t day)
{
    const krn_sim *sim = context;
    const double from = day * KRNI_DAY_S, to = from + KRNI_DAY_S;
    double tonnes = 0.0;
    for (uint32_t i = 0; i < sim->n_streams; i++) {
        const krni_flow *s = &sim->streams[i];
        for (uint32_t k = 0; s->ready_s && k < s->n_ready; k++)
            tonnes += s->ready_s[k] >= from && s->ready_s[k] < to ? s->tonnes : 0.0;
        for (uint32_t m = 0; s->made_slots && m < sim->n_months; m++) {
            const double begin = fmax(from, sim->month_s[m]), end = fmin(to, sim->month_s[m + 1]);
            if (end > begin)
                tonnes += s->tonnes * (s->made_slots[m + 1] - s->made_slots[m]) * (end - begin) /
                          (sim->month_s[m + 1] - sim->month_s[m]);
        }
    }
    return tonnes;
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
        .inflow = inflow,
    };
    return krni_ensemble_run(&model, options, out, err);
}
