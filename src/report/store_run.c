/* SPDX-License-Identifier: Apache-2.0 */
/* store_run.c - the run of a simulation, as a store knows it. */
#include <keruen/store.h>

static void metric_name(const void *context, uint32_t metric, char *out, size_t size)
{
    krn_sim_metric_name(context, metric, out, size);
}

krn_store_run krn_store_run_of(const krn_sim *sim, uint64_t seed, const char *question)
{
    return (krn_store_run){.fingerprint = krn_sim_fingerprint(sim),
                           .seed = seed,
                           .question = question,
                           .n_metrics = krn_sim_metrics(sim),
                           .metric_name = metric_name,
                           .context = sim};
}
