/* SPDX-License-Identifier: Apache-2.0 */
/* batch.c - many plans on many threads.
 *
 *   next query <- mutex <- worker 1 .. n      each has memory for what is not part of an answer,
 *        |                                    each answer has an arena of its own
 *   done count -> condition -> calling thread: progress
 *
 * Which thread answers which query is chance; the answer is not, so results are the same bytes on
 * any number of threads. */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "plan/planning.h"

#define MOST_THREADS 256u

typedef struct answer {
    krn_arena *arena;
    krn_plan_result result;
    krn_status status;
    char *error; /* malloc'd, NULL when it went well */
} answer;

struct krn_plan_batch {
    uint32_t n;
    answer *answers;
};

typedef struct work {
    const krn_network *network;
    const krn_plan_query *queries;
    krn_plan_batch *batch;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    uint32_t next, done;
} work;

static void answer_one(const work *w, uint32_t i, krn_arena *scratch)
{
    answer *a = &w->batch->answers[i];
    krn_error err = {0};
    a->arena = scratch ? krn_arena_new(NULL, 0) : NULL;
    if (a->arena)
        a->status = krni_plan(w->network, &w->queries[i], a->arena, scratch, &a->result, &err);
    else
        a->status = krni_fail_memory(&err);
    if (a->status) {
        const size_t size = strlen(err.text) + 1;
        a->error = malloc(size);
        if (a->error)
            memcpy(a->error, err.text, size);
        a->result = (krn_plan_result){0};
    }
}

static void *run_worker(void *context)
{
    work *w = context;
    krn_arena *scratch = krn_arena_new(NULL, 0);
    for (;;) {
        pthread_mutex_lock(&w->lock);
        const uint32_t i = w->next < w->batch->n ? w->next++ : UINT32_MAX;
        pthread_mutex_unlock(&w->lock);
        if (i == UINT32_MAX)
            break;
        answer_one(w, i, scratch);
        if (scratch)
            krn_arena_reset(scratch);
        pthread_mutex_lock(&w->lock);
        w->done++;
        pthread_cond_signal(&w->changed);
        pthread_mutex_unlock(&w->lock);
    }
    krn_arena_free(scratch);
    return NULL;
}

static unsigned count_threads(unsigned asked, uint32_t n)
{
    unsigned count = asked;
    if (count == 0) {
        const long online = sysconf(_SC_NPROCESSORS_ONLN);
        count = online > 0 ? (unsigned)online : 1u;
    }
    count = count < MOST_THREADS ? count : MOST_THREADS;
    return count < n ? count : (n ? n : 1u);
}

/* Reports progress until all is done; only this thread calls back. */
static void watch(work *w, void (*progress)(void *, uint32_t, uint32_t), void *context)
{
    uint32_t told = 0;
    pthread_mutex_lock(&w->lock);
    while (w->done < w->batch->n) {
        while (w->done == told)
            pthread_cond_wait(&w->changed, &w->lock);
        told = w->done;
        if (progress) {
            pthread_mutex_unlock(&w->lock);
            progress(context, told, w->batch->n);
            pthread_mutex_lock(&w->lock);
        }
    }
    pthread_mutex_unlock(&w->lock);
}

static krn_status run(work *w, unsigned n_threads, void (*progress)(void *, uint32_t, uint32_t),
                      void *context, krn_error *err)
{
    pthread_t threads[MOST_THREADS];
    unsigned started = 0;
    while (started < n_threads && pthread_create(&threads[started], NULL, run_worker, w) == 0)
        started++;
    if (started == 0)
        return krni_fail(err, KRN_E_MEMORY, "no thread could be started");
    watch(w, progress, context);
    for (unsigned i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    return KRN_OK;
}

krn_status krn_plan_batch_run(const krn_network *network, const krn_plan_query *queries, uint32_t n,
                              unsigned n_threads,
                              void (*progress)(void *context, uint32_t done, uint32_t n),
                              void *context, krn_plan_batch **out, krn_error *err)
{
    if (!network || (n && !queries) || !out)
        return krni_fail(err, KRN_E_ARG, "a batch needs a network, queries and a place for it");
    *out = NULL;
    krn_plan_batch *batch = calloc(1, sizeof *batch);
    if (!batch)
        return krni_fail_memory(err);
    batch->n = n;
    batch->answers = calloc(n ? n : 1, sizeof *batch->answers);
    krn_status st = KRN_OK;
    if (!batch->answers)
        st = krni_fail_memory(err);
    if (!st && n) {
        work w = {.network = network, .queries = queries, .batch = batch};
        pthread_mutex_init(&w.lock, NULL);
        pthread_cond_init(&w.changed, NULL);
        st = run(&w, count_threads(n_threads, n), progress, context, err);
        pthread_cond_destroy(&w.changed);
        pthread_mutex_destroy(&w.lock);
    }
    if (st) {
        krn_plan_batch_free(batch);
        return st;
    }
    *out = batch;
    return KRN_OK;
}

const krn_plan_result *krn_plan_batch_result(const krn_plan_batch *batch, uint32_t index,
                                             krn_status *out_status, const char **out_error)
{
    if (!batch || index >= batch->n)
        return NULL;
    const answer *a = &batch->answers[index];
    if (out_status)
        *out_status = a->status;
    if (out_error)
        *out_error = a->error ? a->error : "";
    return &a->result;
}

void krn_plan_batch_free(krn_plan_batch *batch)
{
    if (!batch)
        return;
    for (uint32_t i = 0; i < batch->n && batch->answers; i++) {
        krn_arena_free(batch->answers[i].arena);
        free(batch->answers[i].error);
    }
    free(batch->answers);
    free(batch);
}
