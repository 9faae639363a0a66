/* SPDX-License-Identifier: Apache-2.0 */
/* workers.c - a pool of threads that wait for rounds of jobs. */
#include "assign/workers.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/error.h"

#define MOST_THREADS 64u

struct krni_workers {
    pthread_mutex_t lock;
    pthread_cond_t begun, ended;
    pthread_t threads[MOST_THREADS];
    unsigned n_threads; /* beside the caller */
    unsigned n_busy, n_known;
    uint64_t round;
    bool stops;
    uint32_t n_jobs;
    atomic_uint next;
    krni_job *job;
    void *context;
};

static void work_off(krni_workers *w, unsigned worker)
{
    for (;;) {
        const uint32_t job = atomic_fetch_add(&w->next, 1u);
        if (job >= w->n_jobs)
            return;
        w->job(w->context, job, worker);
    }
}

static void *run_worker(void *context)
{
    krni_workers *w = context;
    uint64_t seen = 0;
    pthread_mutex_lock(&w->lock);
    const unsigned worker = ++w->n_known;
    for (;;) {
        while (w->round == seen && !w->stops)
            pthread_cond_wait(&w->begun, &w->lock);
        if (w->stops)
            break;
        seen = w->round;
        pthread_mutex_unlock(&w->lock);
        work_off(w, worker);
        pthread_mutex_lock(&w->lock);
        if (--w->n_busy == 0)
            pthread_cond_signal(&w->ended);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

krn_status krni_workers_new(unsigned n_threads, krni_workers **out, krn_error *err)
{
    krni_workers *w = calloc(1, sizeof *w);
    *out = w;
    if (!w)
        return krni_fail_memory(err);
    if (!n_threads) {
        const long n = sysconf(_SC_NPROCESSORS_ONLN);
        n_threads = n > 0 ? (unsigned)n : 1;
    }
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->begun, NULL);
    pthread_cond_init(&w->ended, NULL);
    while (w->n_threads + 1 < n_threads && w->n_threads < MOST_THREADS &&
           pthread_create(&w->threads[w->n_threads], NULL, run_worker, w) == 0)
        w->n_threads++;
    return KRN_OK;
}

void krni_workers_free(krni_workers *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->stops = true;
    pthread_cond_broadcast(&w->begun);
    pthread_mutex_unlock(&w->lock);
    for (unsigned t = 0; t < w->n_threads; t++)
        pthread_join(w->threads[t], NULL);
    pthread_cond_destroy(&w->begun);
    pthread_cond_destroy(&w->ended);
    pthread_mutex_destroy(&w->lock);
    free(w);
}

unsigned krni_workers_count(const krni_workers *w)
{
    return w->n_threads + 1;
}

void krni_workers_run(krni_workers *w, uint32_t n, krni_job *job, void *context)
{
    w->job = job;
    w->context = context;
    w->n_jobs = n;
    atomic_store(&w->next, 0u);
    if (!w->n_threads || n < 2) {
        work_off(w, 0);
        return;
    }
    pthread_mutex_lock(&w->lock);
    w->n_busy = w->n_threads;
    w->round++;
    pthread_cond_broadcast(&w->begun);
    pthread_mutex_unlock(&w->lock);
    work_off(w, 0);
    pthread_mutex_lock(&w->lock);
    while (w->n_busy)
        pthread_cond_wait(&w->ended, &w->lock);
    pthread_mutex_unlock(&w->lock);
}
