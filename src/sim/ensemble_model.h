/* ensemble_model.h - what an ensemble asks of the thing that it repeats: nothing but numbers. */
#ifndef SIM_ENSEMBLE_MODEL_H
#define SIM_ENSEMBLE_MODEL_H

#include <keruen/ensemble.h>

#define KRNI_JUDGED 2u /* numbers of a replication whose precision is asked for */

typedef struct krni_ensemble_model {
    const void *context;
    uint32_t n_metrics;         /* >= 1 */
    uint32_t first_day, n_days; /* metrics that are the course of a level by day */
    /* Any number of threads at a time; the same number gives the same bytes. */
    krn_status (*replicate)(const void *context, uint32_t replication, double *out_metrics,
                            krn_error *err);
    /* What the precision is judged by; NaN where a replication does not tell. */
    void (*judge)(const void *context, const double *metrics, double out[KRNI_JUDGED]);
    size_t (*replication_bytes)(const void *context); /* or NULL */
    /* What is expected to come in on a day, in the unit of the level; NULL: evenly. */
    double (*inflow)(const void *context, uint32_t day);
} krni_ensemble_model;

/* krn_ensemble_run on any model. */
krn_status krni_ensemble_run(const krni_ensemble_model *model, const krn_ensemble_options *options,
                             krn_ensemble **out, krn_error *err);

#endif
