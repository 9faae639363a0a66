/* ensemble_round.h - one round of an ensemble: some replications by number, run on threads, on the
 * machines of a cluster, or taken from a store.
 *
 *   threads    every function is called by the calling thread of the ensemble, on all processes of
 * a cluster alike: they are collective calls */
#ifndef SIM_ENSEMBLE_ROUND_H
#define SIM_ENSEMBLE_ROUND_H

#include "sim/ensemble_model.h"

/* What lasts from round to round. */
typedef struct krni_crew {
    const krni_ensemble_model *model;
    const krn_ensemble_options *options;
    unsigned n_threads;     /* of this process */
    uint32_t rank, size;    /* of the cluster; 0 of 1 without one */
    uint32_t *n_threads_of; /* by rank */
    uint32_t n_threads_all; /* of the cluster */
    double *talk;           /* room for what agreeing exchanges; NULL alone */
    uint32_t wanted;        /* replications as far as known, for progress */
    size_t message_bytes;   /* most that was exchanged at once */
} krni_crew;

/* Threads of all machines. krni_crew_close also after a failure. */
krn_status krni_crew_open(krni_crew *crew, const krni_ensemble_model *model,
                          const krn_ensemble_options *options, krn_error *err);
void krni_crew_close(krni_crew *crew);

/* The first failure of any process by rank, with its words, in all of them. */
krn_status krni_crew_agree(krni_crew *crew, krn_status status, krn_error *err);

/* Replications first .. first + n - 1 into metrics[0 .. n - 1], n_metrics numbers each. Every
 * process gets the same status, text and bytes. When a replication fails, it is the one of the
 * least number whose status is returned, and the *out_whole before it are whole; *out_whole is 0
 * after any other failure. */
krn_status krni_crew_round(krni_crew *crew, uint32_t first, uint32_t n, double *const *metrics,
                           uint32_t *out_whole, krn_error *err);

#endif
