/* SPDX-License-Identifier: Apache-2.0 */
/* ensemble_round.c - one round: who does which replication, and how all get all of them.
 *
 *   1  each process says which numbers its store keeps
 *   2  a number goes to the first process that keeps it; the others are dealt in proportion to the
 *      threads of each process
 *   3  threads take the next number of their process; the calling thread saves what is finished
 *   4  processes tell each other how it went, then exchange the numbers
 *   5  what others found goes into the own store, if there is one
 *
 * Which thread or machine did a replication is chance; its bytes are not. A failure in any process
 * ends the round in all of them with the same words: status first, data after. */
#include "sim/ensemble_round.h"

#include <assert.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"

#define MOST_THREADS 256u
#define TEXT_DOUBLES (KRN_ERROR_TEXT_SIZE / sizeof(double))

/* ---- processes ---- */

/* All ranks' values; a copy when there is one process. */
static krn_status gather(krni_crew *crew, const double *values, size_t count, double *out,
                         krn_error *err)
{
    const size_t bytes = count * sizeof *values * (crew->size + 1u);
    crew->message_bytes = bytes > crew->message_bytes ? bytes : crew->message_bytes;
    if (crew->size > 1) {
        const krn_ensemble_cluster *c = crew->options->cluster;
        return c->all_gather(c->context, values, count, out, err);
    }
    memcpy(out, values, count * sizeof *values);
    return KRN_OK;
}

/* The text of one rank's failure, to all. */
static krn_status share_text(krni_crew *crew, uint32_t from, krn_status status, krn_error *err)
{
    krn_error mine = {0};
    double words[TEXT_DOUBLES];
    if (err && from == crew->rank)
        mine = *err;
    double *all = crew->talk + 2 * (size_t)crew->size;
    memcpy(words, mine.text, sizeof words);
    krn_error trouble = {0};
    const krn_status sent = gather(crew, words, TEXT_DOUBLES, all, &trouble);
    char text[KRN_ERROR_TEXT_SIZE];
    memcpy(text, sent ? trouble.text : (const char *)(all + (size_t)from * TEXT_DOUBLES),
           sizeof text);
    text[sizeof text - 1] = '\0';
    return krni_fail(err, sent ? sent : status, "%s", text);
}

/* Every process gives how it fares and one number; the first failure by rank ends all. Fills
 * numbers (by rank) otherwise. */
static krn_status agree(krni_crew *crew, krn_status status, double number, double *numbers,
                        krn_error *err)
{
    if (crew->size == 1) {
        if (numbers)
            numbers[0] = number;
        return status;
    }
    const double mine[2] = {(double)status, number};
    double *all = crew->talk;
    krn_status st = gather(crew, mine, 2, all, err);
    for (uint32_t rank = 0; !st && rank < crew->size; rank++) {
        const krn_status theirs = (krn_status)(int)all[2 * (size_t)rank];
        if (theirs)
            st = share_text(crew, rank, theirs, err);
        else if (numbers)
            numbers[rank] = all[2 * (size_t)rank + 1];
    }
    return st;
}

krn_status krni_crew_agree(krni_crew *crew, krn_status status, krn_error *err)
{
    return agree(crew, status, 0, NULL, err);
}

static unsigned count_threads(unsigned asked)
{
    unsigned count = asked;
    if (count == 0) {
        const long online = sysconf(_SC_NPROCESSORS_ONLN);
        count = online > 0 ? (unsigned)online : 1u;
    }
    return count < MOST_THREADS ? count : MOST_THREADS;
}

krn_status krni_crew_open(krni_crew *crew, const krni_ensemble_model *model,
                          const krn_ensemble_options *options, krn_error *err)
{
    const krn_ensemble_cluster *cluster = options->cluster;
    *crew = (krni_crew){.model = model,
                        .options = options,
                        .n_threads = count_threads(options->n_threads),
                        .rank = cluster ? cluster->rank : 0,
                        .size = cluster ? cluster->size : 1};
    crew->n_threads_of = calloc(crew->size, sizeof *crew->n_threads_of);
    double *all = calloc(crew->size, sizeof *all);
    if (crew->size > 1)
        crew->talk = calloc((size_t)crew->size * (2 + TEXT_DOUBLES), sizeof *crew->talk);
    krn_status st = KRN_OK;
    if (!crew->n_threads_of || !all || (crew->size > 1 && !crew->talk)) /* nobody can be told */
        st = krni_fail_memory(err);
    else
        st = agree(crew, KRN_OK, (double)crew->n_threads, all, err);
    for (uint32_t rank = 0; !st && rank < crew->size; rank++) {
        crew->n_threads_of[rank] = all[rank] >= 1 ? (uint32_t)all[rank] : 1u;
        crew->n_threads_all += crew->n_threads_of[rank];
    }
    free(all);
    return st;
}

void krni_crew_close(krni_crew *crew)
{
    free(crew->n_threads_of);
    crew->n_threads_of = NULL;
    free(crew->talk);
    crew->talk = NULL;
}

/* ---- threads ---- */

typedef struct round {
    krni_crew *crew;
    uint32_t first, n;
    double *const *metrics;
    bool *kept;      /* by place in the round: in the own store */
    uint32_t *owner; /* rank that does or has it */
    uint32_t *own;   /* places to be run here, ascending */
    uint32_t n_own;
    double *exchange; /* n, and n * size, for what is told of each place */
    uint32_t n_told;  /* for progress: taken or run here */
    /* under lock */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    uint32_t next, active; /* of own; threads at work */
    uint32_t *finished, n_finished;
    bool stop;
    uint32_t failed; /* place of the first failure by number, or n */
    krn_status failed_status;
    krn_error failed_error;
} round_work;

static void *run_worker(void *context)
{
    round_work *w = context;
    const krni_ensemble_model *model = w->crew->model;
    pthread_mutex_lock(&w->lock);
    while (!w->stop && w->next < w->n_own) {
        const uint32_t place = w->own[w->next++];
        pthread_mutex_unlock(&w->lock);
        krn_error err = {0};
        const krn_status st =
            model->replicate(model->context, w->first + place, w->metrics[place], &err);
        pthread_mutex_lock(&w->lock);
        if (!st)
            w->finished[w->n_finished++] = place;
        if (st && place < w->failed) {
            w->failed = place;
            w->failed_status = st;
            w->failed_error = err;
        }
        w->stop = w->stop || st;
        pthread_cond_signal(&w->changed);
    }
    w->active--;
    pthread_cond_signal(&w->changed);
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

static krn_status tell(round_work *w, krn_error *err)
{
    const krn_ensemble_options *o = w->crew->options;
    if (o->progress && !o->progress(o->progress_context, w->first + w->n_told, w->crew->wanted))
        return krni_fail(err, KRN_E_CANCELLED, "stopped before all replications were done");
    return KRN_OK;
}

static krn_status save(const round_work *w, uint32_t place, krn_error *err)
{
    const krn_ensemble_store *store = w->crew->options->store;
    return store ? store->save(store->context, w->first + place, w->metrics[place], err) : KRN_OK;
}

/* Saves and tells what is finished until no thread is at work. After a stop all that was begun is
 * saved still; after a failure of the store nothing more is. */
static krn_status watch(round_work *w, krn_error *err)
{
    krn_status status = KRN_OK;
    bool saves = true;
    uint32_t seen = 0;
    pthread_mutex_lock(&w->lock);
    for (;;) {
        while (seen == w->n_finished && w->active > 0)
            pthread_cond_wait(&w->changed, &w->lock);
        if (seen == w->n_finished)
            break;
        const uint32_t place = w->finished[seen++];
        pthread_mutex_unlock(&w->lock);
        krn_error trouble = {0};
        krn_status st = saves ? save(w, place, &trouble) : KRN_OK;
        saves = saves && !st;
        w->n_told++;
        if (!st && !status)
            st = tell(w, &trouble);
        if (st && !status) {
            status = st;
            if (err)
                *err = trouble;
        }
        pthread_mutex_lock(&w->lock);
        w->stop = w->stop || status;
    }
    pthread_mutex_unlock(&w->lock);
    return status;
}

static krn_status run_own(round_work *w, krn_error *err)
{
    pthread_t threads[MOST_THREADS];
    unsigned started = 0;
    const unsigned n = w->crew->n_threads < w->n_own ? w->crew->n_threads : (unsigned)w->n_own;
    if (n == 0)
        return KRN_OK;
    pthread_mutex_lock(&w->lock);
    while (started < n && pthread_create(&threads[started], NULL, run_worker, w) == 0)
        started++;
    w->active = started;
    pthread_mutex_unlock(&w->lock);
    if (started == 0)
        return krni_fail(err, KRN_E_MEMORY, "no thread could be started");
    const krn_status st = watch(w, err);
    for (unsigned i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    return st;
}

/* ---- the round ---- */

static krn_status load_kept(round_work *w, krn_error *err)
{
    const krn_ensemble_store *store = w->crew->options->store;
    for (uint32_t i = 0; store && i < w->n; i++) {
        const krn_status st =
            store->load(store->context, w->first + i, w->metrics[i], &w->kept[i], err);
        if (st)
            return st;
    }
    return KRN_OK;
}

/* Steps 1 and 2: owner of each place, and the own ones that are to be run. */
static krn_status deal(round_work *w, krn_error *err)
{
    krni_crew *crew = w->crew;
    double *mine = w->exchange, *all = w->exchange + w->n;
    for (uint32_t i = 0; i < w->n; i++)
        mine[i] = w->kept[i] ? 1.0 : 0.0;
    const krn_status st = gather(crew, mine, w->n, all, err);
    if (st)
        return st;
    uint32_t rank = 0, left = crew->n_threads_of[0];
    for (uint32_t i = 0; i < w->n; i++) {
        uint32_t keeper = 0;
        while (keeper < crew->size && !(all[(size_t)keeper * w->n + i] > 0))
            keeper++;
        if (keeper < crew->size) {
            w->owner[i] = keeper;
            continue;
        }
        while (left == 0) {
            rank = (rank + 1) % crew->size;
            left = crew->n_threads_of[rank];
        }
        left--;
        w->owner[i] = rank;
        if (rank == crew->rank)
            w->own[w->n_own++] = i;
    }
    return KRN_OK;
}

/* Step 4: every process gets the metrics of all places. */
static krn_status exchange_metrics(round_work *w, krn_error *err)
{
    krni_crew *crew = w->crew;
    const size_t n_metrics = crew->model->n_metrics;
    if (crew->size == 1)
        return KRN_OK;
    uint32_t *count = calloc(crew->size, sizeof *count);
    uint32_t slots = 0;
    double *mine = NULL, *all = NULL;
    krn_status st = KRN_OK;
    if (count) {
        for (uint32_t i = 0; i < w->n; i++) {
            const uint32_t held = ++count[w->owner[i]];
            slots = held > slots ? held : slots;
        }
        mine = calloc((size_t)slots * n_metrics, sizeof *mine);
        all = calloc((size_t)slots * n_metrics * crew->size, sizeof *all);
    }
    if (!mine || !all)
        st = krni_fail_memory(err);
    st = agree(crew, st, 0, NULL, err);
    if (!st) {
        size_t at = 0;
        for (uint32_t i = 0; i < w->n; i++)
            if (w->owner[i] == crew->rank)
                memcpy(mine + at++ * n_metrics, w->metrics[i], n_metrics * sizeof *mine);
        st = gather(crew, mine, slots * n_metrics, all, err);
    }
    if (!st) {
        memset(count, 0, crew->size * sizeof *count);
        for (uint32_t i = 0; i < w->n; i++) {
            const size_t at = (size_t)w->owner[i] * slots + count[w->owner[i]]++;
            memcpy(w->metrics[i], all + at * n_metrics, n_metrics * sizeof *all);
        }
    }
    free(all);
    free(mine);
    free(count);
    return st;
}

/* Step 5: what came from elsewhere. */
static krn_status save_others(round_work *w, uint32_t whole, krn_error *err)
{
    krn_status st = KRN_OK;
    for (uint32_t i = 0; !st && i < whole; i++)
        if (w->owner[i] != w->crew->rank && !w->kept[i])
            st = save(w, i, err);
    w->n_told = whole;
    if (!st && w->crew->size > 1)
        st = tell(w, err);
    return w->crew->size > 1 ? agree(w->crew, st, 0, NULL, err) : st;
}

/* The first failing replication of all processes: its place in *out_failed (n: none) and its rank.
 */
static krn_status find_failed(round_work *w, uint32_t *out_failed, uint32_t *out_rank,
                              krn_error *err)
{
    double *places = calloc(w->crew->size, sizeof *places);
    krn_status st = places ? KRN_OK : krni_fail_memory(err);
    if (!st)
        st = agree(w->crew, KRN_OK, (double)w->failed, places, err);
    *out_failed = w->n;
    *out_rank = 0;
    for (uint32_t rank = 0; !st && rank < w->crew->size; rank++)
        if (places[rank] < (double)*out_failed) {
            *out_failed = (uint32_t)places[rank];
            *out_rank = rank;
        }
    free(places);
    return st;
}

/* The status and words of the failing replication, in all processes. */
static krn_status fail_replication(round_work *w, uint32_t rank, krn_error *err)
{
    krni_crew *crew = w->crew;
    if (crew->size == 1) {
        if (err)
            *err = w->failed_error;
        return w->failed_status;
    }
    krn_error mine = w->failed_error;
    const krn_status st =
        agree(crew, rank == crew->rank ? w->failed_status : KRN_OK, 0, NULL, &mine);
    if (err)
        *err = mine;
    return st;
}

static krn_status run_round(round_work *w, uint32_t *out_whole, krn_error *err)
{
    krni_crew *crew = w->crew;
    uint32_t rank = 0, failed = w->n;
    krn_status st = agree(crew, load_kept(w, err), 0, NULL, err);
    if (!st)
        st = deal(w, err);
    if (st)
        return st;
    for (uint32_t i = 0; i < w->n; i++)
        w->n_told += w->kept[i] ? 1 : 0;
    if (w->n_told)
        st = tell(w, err);
    if (!st)
        st = run_own(w, err);
    st = agree(crew, st, 0, NULL, err);
    if (!st)
        st = find_failed(w, &failed, &rank, err);
    if (!st)
        st = exchange_metrics(w, err);
    if (!st)
        st = save_others(w, failed, err);
    if (st)
        return st;
    *out_whole = failed;
    return failed < w->n ? fail_replication(w, rank, err) : KRN_OK;
}

krn_status krni_crew_round(krni_crew *crew, uint32_t first, uint32_t n, double *const *metrics,
                           uint32_t *out_whole, krn_error *err)
{
    assert(n > 0 && crew->n_threads_all > 0);
    round_work w = {.crew = crew, .first = first, .n = n, .metrics = metrics, .failed = n};
    *out_whole = 0;
    w.kept = calloc(n, sizeof *w.kept);
    w.owner = calloc(n, sizeof *w.owner);
    w.own = calloc(n, sizeof *w.own);
    w.finished = calloc(n, sizeof *w.finished);
    w.exchange = calloc((size_t)n * (crew->size + 1u), sizeof *w.exchange);
    krn_status st = KRN_OK;
    if (!w.kept || !w.owner || !w.own || !w.finished || !w.exchange)
        st = krni_fail_memory(err);
    st = agree(crew, st, 0, NULL, err);
    if (!st) {
        pthread_mutex_init(&w.lock, NULL);
        pthread_cond_init(&w.changed, NULL);
        st = run_round(&w, out_whole, err);
        pthread_cond_destroy(&w.changed);
        pthread_mutex_destroy(&w.lock);
    }
    free(w.kept);
    free(w.owner);
    free(w.own);
    free(w.finished);
    free(w.exchange);
    return st;
}
