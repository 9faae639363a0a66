/* fake_ensemble.h - a model of a few numbers for tests of ensembles, a store in memory, and a
 * cluster of threads. */
#ifndef SUPPORT_FAKE_ENSEMBLE_H
#define SUPPORT_FAKE_ENSEMBLE_H

#include "sim/ensemble_model.h"

#define FAKE_DAYS    60u
#define FAKE_METRICS (4u + FAKE_DAYS)

/* metric 0: tonnes, 1: hours, 2: NaN in every third replication, 3: the number of the replication,
 * then a course that settles after 20 days. */
typedef struct fake_model {
    uint64_t seed;
    double spread;    /* relative, of tonnes and hours */
    uint32_t fail_at; /* replication that fails; UINT32_MAX: none */
    unsigned slow_us; /* most time that one takes; by chance, so that threads finish in any order */
} fake_model;

krni_ensemble_model fake_ensemble_model(const fake_model *fake);
krn_status fake_replicate(const void *context, uint32_t replication, double *out, krn_error *err);

/* A store of at most FAKE_KEPT replications in memory. */
#define FAKE_KEPT 400u
typedef struct fake_store {
    double *metrics[FAKE_KEPT];
    uint32_t n_loaded, n_saved;
    uint32_t fail_save_at; /* number whose saving fails; UINT32_MAX: none */
} fake_store;

void fake_store_init(fake_store *store);
void fake_store_clear(fake_store *store);
bool fake_store_put(fake_store *store, const fake_model *fake, uint32_t replication);
krn_ensemble_store fake_store_use(fake_store *store);

/* krni_ensemble_run in `size` threads that are a cluster; store (may be NULL) goes to rank 0.
 * Answers, statuses and errors by rank; false when a thread could not be started. */
#define FAKE_MOST_RANKS 8u
typedef struct fake_cluster_answer {
    krn_ensemble *ensemble[FAKE_MOST_RANKS];
    krn_status status[FAKE_MOST_RANKS];
    krn_error error[FAKE_MOST_RANKS];
} fake_cluster_answer;

bool fake_cluster_run(uint32_t size, const krni_ensemble_model *model,
                      const krn_ensemble_options *options, const unsigned *n_threads,
                      fake_cluster_answer *out);

#endif
