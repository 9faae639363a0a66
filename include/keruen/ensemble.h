/* ensemble.h - replications of a simulation on threads and machines, and what they say together.
 *
 *   replication 0, 1, 2, ...   each on any thread of any machine, or kept from an earlier run
 *        |
 *   metrics in the order of the replications --> means, 95 % intervals (Student's t)
 *
 * The same bytes on any number of threads and machines, and after any interruption.
 *
 *   ownership  krn_ensemble_free frees the answer; a store and a cluster are borrowed for the call
 *   threads    store, cluster and progress are called from the calling thread only
 *   errors     KRN_E_ARG, KRN_E_MEMORY, what a replication or the store says, KRN_E_CANCELLED
 */
#ifndef KERUEN_ENSEMBLE_H
#define KERUEN_ENSEMBLE_H

#include <keruen/sim.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where finished replications are kept as they come. */
typedef struct krn_ensemble_store {
    void *context;
    /* Fills metrics with those of a replication that is kept; *out_found false when it is not. */
    krn_status (*load)(void *context, uint32_t replication, double *metrics, bool *out_found,
                       krn_error *err);
    krn_status (*save)(void *context, uint32_t replication, const double *metrics, krn_error *err);
} krn_ensemble_store;

/* Several processes that work on one ensemble; each calls krn_ensemble_run with the same
 * arguments and gets the same answer. */
typedef struct krn_ensemble_cluster {
    void *context;
    uint32_t rank, size;
    /* Every process gives count values; out receives size * count of them by rank. */
    krn_status (*all_gather)(void *context, const double *values, size_t count, double *out,
                             krn_error *err);
} krn_ensemble_cluster;

typedef struct krn_ensemble_options {
    uint32_t replications;  /* >= 1; with a precision the least number, at least 10 */
    double precision_share; /* 0: just so many; else as many as the relative precision asks for */
    uint32_t max_replications;           /* with a precision; 0: 1000 */
    unsigned n_threads;                  /* 0: all processors */
    const krn_ensemble_store *store;     /* or NULL */
    const krn_ensemble_cluster *cluster; /* or NULL */
    /* Called after each replication; false ends the run with KRN_E_CANCELLED. n: how many are
     * wanted as far as known. */
    bool (*progress)(void *context, uint32_t done, uint32_t n);
    void *progress_context;
} krn_ensemble_options;

typedef struct krn_ensemble krn_ensemble;

/* What a metric comes to over the replications. */
typedef struct krn_estimate {
    double mean; /* NaN when no replication tells it */
    double half; /* half width of the 95 % interval; NaN with fewer than two replications */
    uint32_t n;  /* replications that tell it (NaN is none) */
} krn_estimate;

/* Runs, or takes from the store. With a precision the answer has the smallest number n >= 10 of
 * replications for which t * s / sqrt(n) / |mean| <= precision / (1 + precision) holds for tonnes
 * delivered and for the mean door-to-door time (Law 2015, ch. 9), or the maximum. */
KRN_API krn_status krn_ensemble_run(const krn_sim *sim, const krn_ensemble_options *options,
                                    krn_ensemble **out, krn_error *err);
KRN_API void krn_ensemble_free(krn_ensemble *ensemble);

KRN_API uint32_t krn_ensemble_size(const krn_ensemble *ensemble); /* replications */
KRN_API bool
krn_ensemble_precise(const krn_ensemble *ensemble); /* precision reached, or not asked */
KRN_API krn_estimate krn_ensemble_estimate(const krn_ensemble *ensemble, uint32_t metric);

/* The same for a figure that is reckoned from the metrics of each replication (a sum, a quotient);
 * NaN: that replication does not tell it. */
KRN_API krn_estimate krn_ensemble_reckon(const krn_ensemble *ensemble,
                                         double (*value)(const void *context,
                                                         const double *metrics),
                                         const void *context);

/* Metrics of one replication, krn_sim_metrics of them. */
KRN_API const double *krn_ensemble_metrics(const krn_ensemble *ensemble, uint32_t replication);

/* Difference of a metric between two ensembles run with the same seed, replication by replication
 * (common random numbers): base is subtracted. The shorter one counts. */
KRN_API krn_estimate krn_ensemble_difference(const krn_ensemble *ensemble, uint32_t metric,
                                             const krn_ensemble *base, uint32_t base_metric);

/* The warm-up that MSER-5 would cut from the mean course of tonnes under way over the tonnes that
 * came in a day of late (so that seasons of demand do not look like a start), days; *out_too_short
 * when the minimum lies at half of the run: longer runs are needed to tell. */
KRN_API double krn_ensemble_warmup_d(const krn_ensemble *ensemble, bool *out_too_short);

/* Bytes that one replication and the whole ensemble took at most. */
KRN_API size_t krn_ensemble_peak_bytes(const krn_ensemble *ensemble);

#ifdef __cplusplus
}
#endif
#endif
