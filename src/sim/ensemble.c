/* SPDX-License-Identifier: Apache-2.0 */
/* ensemble.c - replications until there are enough, and what they say together.
 *
 *   number asked for   one round of all; on a cluster rounds of two a thread
 *   precision asked    n0 = 10 or more, then rounds as long as the spread seen so far suggests
 *
 *   replication   0 1 2 3 4 5 6 7 8 9 10 11 12 | 13 14 15
 *                          n0 ------^         ^ first n that is precise: the answer
 *                                              ^------- ran beside it: kept in the store only
 *
 * The rule is looked at after each replication in the order of numbers, so the answer depends
 * neither on rounds nor on threads nor on what a store held. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "sim/ensemble_round.h"
#include "sim/output_analysis.h"

#define CONFIDENCE         0.95
#define LEAST_REPLICATIONS 10u /* before a precision is believed */
#define MOST_REPLICATIONS  1000u
#define ROUND_PER_THREAD   2u /* replications of a round on a cluster */
#define GUESS_PER_THREAD   4u /* at most, when more are wanted for the precision */

struct krn_ensemble {
    uint32_t n; /* of the answer */
    uint32_t n_metrics, first_day, n_days;
    bool precise;
    double t; /* quantile of n replications */
    size_t peak_bytes;
    uint32_t n_held; /* vectors below; after the run n */
    double **metrics;
    double *inflow; /* expected by day, or NULL */
};

/* ---- running ---- */

typedef struct run {
    krni_crew crew;
    krn_ensemble *answer;
    uint32_t capacity; /* most replications that the answer may hold */
    uint32_t least;
    uint32_t judged; /* replications looked at */
    krni_sample sample[KRNI_JUDGED];
    uint32_t enough; /* replications of the answer, 0: not known yet */
} run;

static krn_status make_room(krn_ensemble *e, uint32_t n, krn_error *err)
{
    while (e->n_held < n) {
        e->metrics[e->n_held] = calloc(e->n_metrics, sizeof **e->metrics);
        if (!e->metrics[e->n_held])
            return krni_fail_memory(err);
        e->n_held++;
    }
    return KRN_OK;
}

static void drop_behind(krn_ensemble *e, uint32_t n)
{
    while (e->n_held > n)
        free(e->metrics[--e->n_held]);
}

/* Whether the replications so far are precise. A number that none tells asks for nothing. */
static bool is_precise(const run *r)
{
    for (unsigned k = 0; k < KRNI_JUDGED; k++) {
        if (r->sample[k].count == 0)
            continue;
        const krni_interval i = krni_interval_of(&r->sample[k], CONFIDENCE);
        if (!krni_precise_enough(&i, r->crew.options->precision_share, 2))
            return false;
    }
    return true;
}

/* Looks at the replications [judged, whole) in their order. */
static void judge(run *r, uint32_t whole)
{
    const krni_ensemble_model *model = r->crew.model;
    while (r->judged < whole && !r->enough) {
        double value[KRNI_JUDGED];
        model->judge(model->context, r->answer->metrics[r->judged++], value);
        for (unsigned k = 0; k < KRNI_JUDGED; k++)
            if (!isnan(value[k]))
                krni_sample_add(&r->sample[k], value[k]);
        if (r->judged >= r->least && is_precise(r))
            r->enough = r->judged;
    }
}

/* How many more the spread so far suggests, in whole rounds of all threads. */
static uint32_t guess_more(const run *r)
{
    const uint32_t done = r->judged, threads = r->crew.n_threads_all;
    uint64_t needed = (uint64_t)done + 1;
    for (unsigned k = 0; k < KRNI_JUDGED; k++) {
        if (r->sample[k].count < 2)
            continue;
        const krni_interval i = krni_interval_of(&r->sample[k], CONFIDENCE);
        const uint64_t n =
            krni_replications_needed(&i, CONFIDENCE, r->crew.options->precision_share);
        needed = n > needed ? n : needed;
    }
    const uint64_t most = (uint64_t)GUESS_PER_THREAD * threads;
    uint64_t more = needed - done < most ? needed - done : most;
    more = (more + threads - 1) / threads * threads;
    return more < r->capacity - done ? (uint32_t)more : r->capacity - done;
}

static uint32_t round_length(run *r, uint32_t done)
{
    const bool precision = r->crew.options->precision_share > 0;
    const uint32_t left = r->capacity - done;
    uint32_t n = left;
    if (precision && done < r->least)
        n = r->least - done;
    else if (precision)
        n = guess_more(r);
    r->crew.wanted = precision ? done + n : r->capacity;
    const uint32_t most = ROUND_PER_THREAD * r->crew.n_threads_all;
    if (r->crew.size > 1 && n > most)
        n = most;
    assert(n > 0 && n <= left);
    return n;
}

static krn_status run_all(run *r, krn_error *err)
{
    uint32_t done = 0;
    const bool precision = r->crew.options->precision_share > 0;
    while (done < r->capacity && !r->enough) {
        uint32_t whole = 0;
        const uint32_t n = round_length(r, done);
        krn_status st = krni_crew_agree(&r->crew, make_room(r->answer, done + n, err), err);
        if (st)
            return st;
        st = krni_crew_round(&r->crew, done, n, r->answer->metrics + done, &whole, err);
        if (precision)
            judge(r, done + whole);
        if (st && !r->enough)
            return st;
        done += n;
    }
    r->answer->precise = r->enough || !precision;
    if (!r->enough)
        r->enough = r->capacity;
    return KRN_OK;
}

static krn_status check_options(const krni_ensemble_model *model, const krn_ensemble_options *o,
                                krn_error *err)
{
    const krn_ensemble_cluster *c = o->cluster;
    if (!model->replicate || model->n_metrics == 0)
        return krni_fail(err, KRN_E_ARG, "an ensemble needs a simulation with metrics");
    if (o->replications == 0)
        return krni_fail(err, KRN_E_ARG, "replications: 0: at least 1 was expected");
    if (!(o->precision_share >= 0) || o->precision_share >= 1)
        return krni_fail(err, KRN_E_ARG, "precision: %g: 0 <= precision < 1 was expected",
                         o->precision_share);
    if (c && (c->size == 0 || c->rank >= c->size || (c->size > 1 && !c->all_gather)))
        return krni_fail(err, KRN_E_ARG, "a cluster of %u processes has no rank %u",
                         (unsigned)c->size, (unsigned)c->rank);
    const uint32_t most = o->max_replications ? o->max_replications : MOST_REPLICATIONS;
    if (o->precision_share > 0 && (most < o->replications || most < LEAST_REPLICATIONS))
        return krni_fail(err, KRN_E_ARG,
                         "at most %u replications: no fewer than those asked for, and %u, were "
                         "expected with a precision",
                         (unsigned)most, LEAST_REPLICATIONS);
    return KRN_OK;
}

static size_t bytes_of(const run *r)
{
    const krni_ensemble_model *model = r->crew.model;
    const size_t vectors =
        (size_t)r->answer->n_held * (r->answer->n_metrics * sizeof(double) + sizeof(double *));
    const size_t running = model->replication_bytes ? model->replication_bytes(model->context) : 0;
    return vectors + r->crew.message_bytes + running * r->crew.n_threads;
}

krn_status krni_ensemble_run(const krni_ensemble_model *model, const krn_ensemble_options *options,
                             krn_ensemble **out, krn_error *err)
{
    *out = NULL;
    krn_status st = check_options(model, options, err);
    if (st)
        return st;
    run r = {.capacity = options->replications, .least = options->replications};
    if (options->precision_share > 0) {
        r.capacity = options->max_replications ? options->max_replications : MOST_REPLICATIONS;
        r.least = r.least > LEAST_REPLICATIONS ? r.least : LEAST_REPLICATIONS;
    }
    krn_ensemble *e = calloc(1, sizeof *e);
    if (e)
        e->metrics = calloc(r.capacity, sizeof *e->metrics);
    if (!e || !e->metrics) {
        free(e);
        return krni_fail_memory(err);
    }
    e->n_metrics = model->n_metrics;
    e->first_day = model->first_day;
    e->n_days = model->n_days;
    if (model->inflow && e->n_days) {
        e->inflow = calloc(e->n_days, sizeof *e->inflow);
        if (!e->inflow) {
            krn_ensemble_free(e);
            return krni_fail_memory(err);
        }
        for (uint32_t day = 0; day < e->n_days; day++)
            e->inflow[day] = model->inflow(model->context, day);
    }
    r.answer = e;
    st = krni_crew_open(&r.crew, model, options, err);
    if (!st)
        st = run_all(&r, err);
    if (!st) {
        e->n = r.enough;
        e->t = e->n > 1 ? krni_student_quantile(0.5 + 0.5 * CONFIDENCE, e->n - 1.0) : NAN;
        e->peak_bytes = bytes_of(&r);
        drop_behind(e, e->n);
        *out = e;
    } else {
        krn_ensemble_free(e);
    }
    krni_crew_close(&r.crew);
    return st;
}

/* ---- the answer ---- */

void krn_ensemble_free(krn_ensemble *e)
{
    if (!e)
        return;
    drop_behind(e, 0);
    free(e->metrics);
    free(e->inflow);
    free(e);
}

uint32_t krn_ensemble_size(const krn_ensemble *e)
{
    return e ? e->n : 0;
}

bool krn_ensemble_precise(const krn_ensemble *e)
{
    return e && e->precise;
}

const double *krn_ensemble_metrics(const krn_ensemble *e, uint32_t replication)
{
    return e && replication < e->n ? e->metrics[replication] : NULL;
}

size_t krn_ensemble_peak_bytes(const krn_ensemble *e)
{
    return e ? e->peak_bytes : 0;
}

/* t: quantile of as many values as the ensemble has, so that it is not sought for each metric. */
static krn_estimate estimate_of(const krni_sample *s, const krn_ensemble *e)
{
    krn_estimate out = {krni_sample_mean(s), NAN, (uint32_t)s->count};
    if (s->count < 2)
        return out;
    const double n = (double)s->count;
    const double t =
        s->count == e->n ? e->t : krni_student_quantile(0.5 + 0.5 * CONFIDENCE, n - 1.0);
    out.half = t * krni_sample_deviation(s) / sqrt(n);
    return out;
}

krn_estimate krn_ensemble_estimate(const krn_ensemble *e, uint32_t metric)
{
    krni_sample s = {0};
    if (!e || metric >= e->n_metrics)
        return (krn_estimate){NAN, NAN, 0};
    for (uint32_t i = 0; i < e->n; i++)
        if (!isnan(e->metrics[i][metric]))
            krni_sample_add(&s, e->metrics[i][metric]);
    return estimate_of(&s, e);
}

krn_estimate krn_ensemble_difference(const krn_ensemble *e, uint32_t metric,
                                     const krn_ensemble *base, uint32_t base_metric)
{
    krni_sample s = {0};
    if (!e || !base || metric >= e->n_metrics || base_metric >= base->n_metrics)
        return (krn_estimate){NAN, NAN, 0};
    const uint32_t n = e->n < base->n ? e->n : base->n;
    for (uint32_t i = 0; i < n; i++) {
        const double difference = e->metrics[i][metric] - base->metrics[i][base_metric];
        if (!isnan(difference))
            krni_sample_add(&s, difference);
    }
    return estimate_of(&s, e);
}

/* Days that a lot is under way, about; over so many days the inflow is averaged. */
#define INFLOW_DAYS 30u

/* The level over what has come in of late: by Little's law the time in the corridor. A level that
 * follows the seasons of its inflow would look like one that has not settled. Left as it is where
 * nothing came in for so long. */
static void take_seasons_out(const krn_ensemble *e, double *course)
{
    for (int pass = 0; pass < 2 && e->inflow; pass++) {
        double sum = 0.0;
        for (uint32_t day = 0; day < e->n_days; day++) {
            const uint32_t n = day < INFLOW_DAYS ? day + 1 : INFLOW_DAYS;
            sum += e->inflow[day] - (day >= INFLOW_DAYS ? e->inflow[day - INFLOW_DAYS] : 0.0);
            const double mean = sum / n;
            if (pass == 0 && !(mean > 0.0))
                return;
            if (pass == 1)
                course[day] /= mean;
        }
    }
}

double krn_ensemble_warmup_d(const krn_ensemble *e, bool *out_too_short)
{
    *out_too_short = true;
    if (!e || e->n_days < KRNI_MSER_BATCH)
        return 0;
    double *course = calloc(e->n_days, sizeof *course);
    if (!course)
        return NAN;
    for (uint32_t day = 0; day < e->n_days; day++) {
        krni_sum sum = {0};
        for (uint32_t i = 0; i < e->n; i++)
            krni_sum_add(&sum, e->metrics[i][e->first_day + day]);
        course[day] = krni_sum_value(sum) / e->n;
    }
    take_seasons_out(e, course);
    const krni_warm_up w = krni_mser(course, e->n_days, KRNI_MSER_BATCH, NULL);
    free(course);
    *out_too_short = w.too_short;
    return (double)w.cut_values;
}
