/* SPDX-License-Identifier: Apache-2.0 */
/* trade_delay.c - waits by load out of the simulation.
 *
 *   demand --> ways, planned once --> streams x 0.25, 0.5, ... 1.5 --> runs of a year each
 *                                       |                                |
 *              load a day = lots a day x shares of ways x uses      mean wait of those served
 *                                       '------- points, (0, 0) first ----'
 *
 * Loads are those that assignment reckons with: what the demand asks of a resource, by the same
 * uses of ways (krn_sim_way_uses), though an over-full one serves less. Lots take their ways by
 * logit and do not go round queues, so loads grow with the demand. At services the mean wait for
 * the next departure is taken off: plans have it already. Waits are made monotone by pooling
 * neighbours that fall (Ayer et al. 1955). A resource that nobody used has no table. */
#include <keruen/trade.h>

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include <keruen/ensemble.h>

#include "base/error.h"
#include "model/tables.h"
#include "scenario/resource_name.h"

#define N_SHARES     6u
#define REPLICATIONS 3u
#define RUN_D        365.0
#define WARMUP_D     90.0
#define MOST_WAYS    8u
#define YEAR_D       365.0

static const double shares[N_SHARES] = {0.25, 0.5, 0.75, 1.0, 1.25, 1.5};

typedef struct bench {
    const krn_trade_question *question;
    krn_sim_setup setup;
    krn_sim_stream *streams; /* scaled */
    double *load;            /* by resource, at the whole demand */
    double *wait_h;          /* [resource * N_SHARES + share] */
    uint32_t n_resources;
    krn_arena *scratch;
} bench;

/* What the whole demand asks of each resource a day. */
static krn_status sum_loads(bench *b, const krn_sim *sim, krn_error *err)
{
    b->n_resources = krn_sim_resources(sim);
    b->load = krn_arena_calloc(b->scratch, b->n_resources + 1u, sizeof *b->load);
    b->wait_h =
        krn_arena_calloc(b->scratch, ((size_t)b->n_resources + 1u) * N_SHARES, sizeof *b->wait_h);
    if (!b->load || !b->wait_h)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < b->setup.input.n_streams; i++) {
        const krn_sim_stream *s = &b->setup.input.streams[i];
        for (uint32_t w = 0; w < s->n_ways; w++) {
            krn_sim_way_use *uses;
            uint32_t n;
            const krn_status st = krn_sim_way_uses(sim, i, w, b->scratch, &n, &uses, err);
            if (st)
                return st;
            const double lots_a_day = s->lots_a_year * s->ways[w].share / YEAR_D;
            for (uint32_t k = 0; k < n; k++)
                b->load[uses[k].resource] += lots_a_day * uses[k].quantity;
        }
    }
    return KRN_OK;
}

/* Mean wait of a resource, less what a plan has of it. */
static double wait_of(const krn_sim *sim, const krn_ensemble *ensemble, uint32_t resource)
{
    const krn_sim_resource words = krn_sim_resource_at(sim, resource);
    double hours =
        krn_ensemble_estimate(ensemble, krn_sim_use_at(sim, resource, KRN_USE_WAIT_H)).mean;
    if (words.kind == KRN_RESOURCE_SERVICE && words.rate_a_day > 0.0)
        hours -= 0.5 * 24.0 / words.rate_a_day;
    return hours > 0.0 ? hours : 0.0; /* NaN: nobody was served */
}

static bool go_on(void *context, uint32_t done, uint32_t n)
{
    const krn_trade_question *q = context;
    (void)done;
    (void)n;
    return !q->progress || q->progress(q->progress_context, q->demand->n, q->demand->n);
}

static krn_status run_share(bench *b, uint32_t k, krn_error *err)
{
    krn_sim_input input = b->setup.input;
    for (uint32_t i = 0; i < input.n_streams; i++) {
        b->streams[i] = input.streams[i];
        b->streams[i].lots_a_year *= shares[k];
    }
    input.streams = b->streams;
    krn_sim *sim = NULL;
    krn_ensemble *ensemble = NULL;
    const krn_ensemble_options options = {.replications = REPLICATIONS,
                                          .n_threads = b->question->n_threads,
                                          .progress = go_on,
                                          .progress_context = (void *)(uintptr_t)b->question};
    krn_status st = krn_sim_new(&input, &sim, err);
    if (!st && !b->load)
        st = sum_loads(b, sim, err);
    if (!st)
        st = krn_ensemble_run(sim, &options, &ensemble, err);
    for (uint32_t i = 0; !st && i < b->n_resources; i++)
        b->wait_h[(size_t)i * N_SHARES + k] = wait_of(sim, ensemble, i);
    krn_ensemble_free(ensemble);
    krn_sim_free(sim);
    return st;
}

/* Least-squares fit that does not fall: neighbours that fall get their mean. */
static void pool_falling(double *values, uint32_t n)
{
    double mean[N_SHARES + 1];
    uint32_t count[N_SHARES + 1], blocks = 0;
    assert(n <= N_SHARES + 1);
    for (uint32_t i = 0; i < n; i++) {
        mean[blocks] = values[i];
        count[blocks++] = 1;
        while (blocks > 1 && mean[blocks - 2] > mean[blocks - 1]) {
            const uint32_t both = count[blocks - 2] + count[blocks - 1];
            mean[blocks - 2] =
                (mean[blocks - 2] * count[blocks - 2] + mean[blocks - 1] * count[blocks - 1]) /
                both;
            count[blocks - 2] = both;
            blocks--;
        }
    }
    for (uint32_t i = 0, k = 0; k < blocks; k++)
        for (uint32_t c = 0; c < count[k]; c++)
            values[i++] = mean[k];
}

static krn_status fill_table(const bench *b, const krn_sim *sim, uint32_t resource,
                             krn_arena *arena, krn_trade_delay *out, krn_error *err)
{
    double *load = krn_arena_calloc(arena, N_SHARES + 1, sizeof *load);
    double *wait = krn_arena_calloc(arena, N_SHARES + 1, sizeof *wait);
    const char *name = krni_resource_key(sim, resource, arena);
    if (!load || !wait || !name)
        return krni_fail_memory(err);
    for (uint32_t k = 0; k < N_SHARES; k++) {
        load[k + 1] = shares[k] * b->load[resource];
        wait[k + 1] = b->wait_h[(size_t)resource * N_SHARES + k];
    }
    pool_falling(wait, N_SHARES + 1);
    *out = (krn_trade_delay){
        .resource = name, .n_points = N_SHARES + 1, .load_a_day = load, .wait_h = wait};
    return KRN_OK;
}

static krn_status lay_tables(const bench *b, krn_arena *arena, const krn_trade_delay **out,
                             uint32_t *out_n, krn_error *err)
{
    krn_trade_delay *tables = krn_arena_calloc(arena, b->n_resources + 1u, sizeof *tables);
    krn_sim *sim = NULL;
    uint32_t n = 0;
    krn_status st = tables ? krn_sim_new(&b->setup.input, &sim, err) : krni_fail_memory(err);
    for (uint32_t i = 0; i < b->n_resources && !st; i++)
        if (b->load[i] > 0.0)
            st = fill_table(b, sim, i, arena, &tables[n++], err);
    krn_sim_free(sim);
    *out = tables;
    *out_n = n;
    return st;
}

static krn_sim_question question_of(const krn_network *network, const krn_trade_question *q,
                                    uint64_t seed)
{
    const krn_package *p = krn_network_package(network);
    const bool spreads = krn_package_rows(p, KRN_TABLE_CONFIG) > 0 &&
                         krni_number_or(p, KRN_TABLE_CONFIG, 0, CONFIG_LOGIT_USD_T, 0.0) > 0.0;
    return (krn_sim_question){.demand = q->demand,
                              .demand_share = q->demand_share,
                              .routing = spreads ? KRN_ROUTING_LOGIT : KRN_ROUTING_BEST,
                              .most_ways = q->most_ways ? q->most_ways : MOST_WAYS,
                              .start = q->ready - (krn_time)(RUN_D / 2.0) * KRN_SECONDS_PER_DAY,
                              .warmup_d = WARMUP_D,
                              .days = RUN_D,
                              .seed = seed,
                              .n_threads = q->n_threads,
                              .progress = q->progress,
                              .progress_context = q->progress_context};
}

krn_status krn_trade_delays_simulate(const krn_network *network, const krn_trade_question *question,
                                     uint64_t seed, krn_arena *arena, const krn_trade_delay **out,
                                     uint32_t *out_n, krn_error *err)
{
    if (!network || !question || !question->demand || !arena || !out || !out_n)
        return krni_fail(err, KRN_E_ARG,
                         "tables of waits: a network, a question and an arena were expected");
    *out = NULL;
    *out_n = 0;
    bench b = {.question = question, .scratch = krn_arena_new(NULL, 0)};
    if (!b.scratch)
        return krni_fail_memory(err);
    const krn_sim_question asked = question_of(network, question, seed);
    krn_status st = krn_sim_prepare(network, &asked, b.scratch, &b.setup, err);
    if (!st) {
        b.streams = krn_arena_calloc(b.scratch, b.setup.input.n_streams + 1u, sizeof *b.streams);
        st = b.streams ? KRN_OK : krni_fail_memory(err);
    }
    for (uint32_t k = 0; k < N_SHARES && !st; k++)
        st = run_share(&b, k, err);
    if (!st)
        st = lay_tables(&b, arena, out, out_n, err);
    krn_arena_free(b.scratch);
    return st;
}
