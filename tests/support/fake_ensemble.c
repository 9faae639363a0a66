/* SPDX-License-Identifier: Apache-2.0 */
/* fake_ensemble.c - see fake_ensemble.h. */
#define _POSIX_C_SOURCE 200809L
#include "support/fake_ensemble.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "base/random.h"

static double uniform(uint64_t seed, uint64_t stream, uint64_t block)
{
    uint32_t word[4];
    krni_random_stream(seed, stream, block, word);
    return krni_random_prob(word[0]);
}

krn_status fake_replicate(const void *context, uint32_t replication, double *out, krn_error *err)
{
    const fake_model *fake = context;
    if (fake->slow_us) {
        const double part = uniform(~fake->seed, replication, 0);
        const struct timespec pause = {0, (long)(part * 1000.0 * fake->slow_us)};
        (void)nanosleep(&pause, NULL);
    }
    if (replication == fake->fail_at)
        return krni_fail(err, KRN_E_LIMIT, "replication %u fails", (unsigned)replication);
    out[0] = 1000.0 * (1.0 + fake->spread * (2.0 * uniform(fake->seed, replication, 1) - 1.0));
    out[1] = 300.0 * (1.0 + fake->spread * (2.0 * uniform(fake->seed, replication, 2) - 1.0));
    out[2] = replication % 3 == 2 ? (double)NAN : uniform(fake->seed, replication, 3);
    out[3] = replication;
    for (uint32_t day = 0; day < FAKE_DAYS; day++)
        out[4 + day] =
            (day < 20 ? 5.0 * day : 100.0) + uniform(fake->seed, replication, 4 + (uint64_t)day);
    return KRN_OK;
}

static void judge(const void *context, const double *metrics, double out[KRNI_JUDGED])
{
    (void)context;
    out[0] = metrics[0];
    out[1] = metrics[1];
}

krni_ensemble_model fake_ensemble_model(const fake_model *fake)
{
    return (krni_ensemble_model){.context = fake,
                                 .n_metrics = FAKE_METRICS,
                                 .first_day = 4,
                                 .n_days = FAKE_DAYS,
                                 .replicate = fake_replicate,
                                 .judge = judge};
}

/* ---- store ---- */

static krn_status load(void *context, uint32_t replication, double *metrics, bool *out_found,
                       krn_error *err)
{
    fake_store *store = context;
    (void)err;
    *out_found = replication < FAKE_KEPT && store->metrics[replication];
    if (*out_found) {
        memcpy(metrics, store->metrics[replication], FAKE_METRICS * sizeof *metrics);
        store->n_loaded++;
    }
    return KRN_OK;
}

static krn_status save(void *context, uint32_t replication, const double *metrics, krn_error *err)
{
    fake_store *store = context;
    if (replication == store->fail_save_at)
        return krni_fail(err, KRN_E_IO, "the store is full at %u", (unsigned)replication);
    if (replication >= FAKE_KEPT || store->metrics[replication])
        return krni_fail(err, KRN_E_ARG, "saved twice: %u", (unsigned)replication);
    store->metrics[replication] = malloc(FAKE_METRICS * sizeof *metrics);
    if (!store->metrics[replication])
        return krni_fail_memory(err);
    memcpy(store->metrics[replication], metrics, FAKE_METRICS * sizeof *metrics);
    store->n_saved++;
    return KRN_OK;
}

void fake_store_init(fake_store *store)
{
    memset(store, 0, sizeof *store);
    store->fail_save_at = UINT32_MAX;
}

void fake_store_clear(fake_store *store)
{
    for (uint32_t i = 0; i < FAKE_KEPT; i++)
        free(store->metrics[i]);
    fake_store_init(store);
}

bool fake_store_put(fake_store *store, const fake_model *fake, uint32_t replication)
{
    double metrics[FAKE_METRICS];
    const bool done = fake_replicate(fake, replication, metrics, NULL) == KRN_OK &&
                      save(store, replication, metrics, NULL) == KRN_OK;
    store->n_saved = 0;
    return done;
}

krn_ensemble_store fake_store_use(fake_store *store)
{
    return (krn_ensemble_store){.context = store, .load = load, .save = save};
}

/* ---- cluster ---- */

typedef struct shared {
    pthread_mutex_t lock;
    pthread_cond_t turned;
    uint32_t size, here;
    uint64_t turn;
    const double *given[FAKE_MOST_RANKS];
} shared;

typedef struct process {
    shared *all;
    uint32_t rank;
    const krni_ensemble_model *model;
    krn_ensemble_options options;
    krn_ensemble_cluster cluster;
    fake_cluster_answer *out;
} process;

static void meet(shared *s)
{
    pthread_mutex_lock(&s->lock);
    const uint64_t turn = s->turn;
    if (++s->here == s->size) {
        s->here = 0;
        s->turn++;
        pthread_cond_broadcast(&s->turned);
    }
    while (turn == s->turn)
        pthread_cond_wait(&s->turned, &s->lock);
    pthread_mutex_unlock(&s->lock);
}

static krn_status all_gather(void *context, const double *values, size_t count, double *out,
                             krn_error *err)
{
    const process *p = context;
    (void)err;
    p->all->given[p->rank] = values;
    meet(p->all);
    for (uint32_t rank = 0; rank < p->all->size; rank++)
        memcpy(out + rank * count, p->all->given[rank], count * sizeof *out);
    meet(p->all);
    return KRN_OK;
}

static void *run_process(void *context)
{
    process *p = context;
    fake_cluster_answer *out = p->out;
    out->status[p->rank] =
        krni_ensemble_run(p->model, &p->options, &out->ensemble[p->rank], &out->error[p->rank]);
    return NULL;
}

bool fake_cluster_run(uint32_t size, const krni_ensemble_model *model,
                      const krn_ensemble_options *options, const unsigned *n_threads,
                      fake_cluster_answer *out)
{
    shared all = {.size = size};
    process processes[FAKE_MOST_RANKS];
    pthread_t threads[FAKE_MOST_RANKS];
    memset(out, 0, sizeof *out);
    pthread_mutex_init(&all.lock, NULL);
    pthread_cond_init(&all.turned, NULL);
    bool started = size <= FAKE_MOST_RANKS;
    for (uint32_t rank = 0; started && rank < size; rank++) {
        process *p = &processes[rank];
        *p = (process){.all = &all, .rank = rank, .model = model, .options = *options, .out = out};
        p->cluster = (krn_ensemble_cluster){p, rank, size, all_gather};
        p->options.cluster = &p->cluster;
        p->options.n_threads = n_threads[rank];
        if (rank > 0) {
            p->options.store = NULL;
            p->options.progress = NULL;
        }
    }
    for (uint32_t rank = 0; started && rank < size; rank++)
        started = pthread_create(&threads[rank], NULL, run_process, &processes[rank]) == 0;
    for (uint32_t rank = 0; started && rank < size; rank++)
        (void)pthread_join(threads[rank], NULL);
    pthread_cond_destroy(&all.turned);
    pthread_mutex_destroy(&all.lock);
    return started;
}
