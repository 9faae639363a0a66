/* SPDX-License-Identifier: Apache-2.0 */
/* corridor.c - one replication of the simulation, from the empty corridor to its metrics.
 *
 *   begin                    start                                       end
 *     |-------- warm-up -------|----------------- counted ----------------|
 *   empty                levels go on, sums start anew          what is left is counted
 *
 * Nothing is shared between replications but the layout, so they run on any thread. */
#include <assert.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "sim/corridor.h"

#define FIRST_RECORDS 64u
#define MOST_RECORDS  (1u << 22) /* lots, trains, ... of one kind under way */
#define DOOR_LEAST_H  0.1
#define DOOR_MOST_H   1e5
#define DOOR_EXACT    1000u
#define MOST_EVENTS   4000000000u /* of a replication: against models that turn in circles */

krn_status krni_pool_grow(void **records, size_t size, uint32_t n, uint32_t *capacity,
                          krn_error *err)
{
    if (n < *capacity)
        return KRN_OK;
    if (*capacity >= MOST_RECORDS)
        return krni_fail(err, KRN_E_LIMIT,
                         "more than %u lots, trains or ships are under way at once: the corridor "
                         "takes less than is asked of it; lower the demand or the days",
                         MOST_RECORDS);
    const uint32_t more = *capacity ? 2 * *capacity : FIRST_RECORDS;
    void *grown = realloc(*records, more * size);
    if (!grown)
        return krni_fail_memory(err);
    *records = grown;
    *capacity = more;
    return KRN_OK;
}

/* ---- events of the run itself ---- */

static krn_status on_count(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    (void)engine;
    (void)event;
    (void)err;
    krni_count_begin(model);
    return KRN_OK;
}

static krn_status on_day(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    krni_run *run = model;
    (void)err;
    run->metrics[krn_sim_day_at(run->sim, event.entity)] = run->under_way_t;
#ifndef NDEBUG
    double t = 0.0;
    for (uint32_t i = 0; i < run->n_lots; i++)
        if (run->lots[i].live)
            t += run->sim->streams[run->lots[i].stream].tonnes;
    assert(fabs(t - run->under_way_t) <= 1e-6 * (1.0 + run->made_all_t));
#endif
    if (event.entity + 1 < run->sim->n_days)
        (void)krni_engine_at(engine, (event.entity + 2) * KRNI_DAY_S - 1.0,
                             (krni_event){.kind = KRNI_ON_DAY, .entity = event.entity + 1});
    return KRN_OK;
}

/* ---- making and freeing ---- */

static void free_tracks(krni_run *run)
{
    for (uint32_t s = 0; run->tracks && s < run->sim->n_sections; s++)
        free(run->tracks[s].block);
    free(run->tracks);
}

static void free_run(krni_run *run)
{
    for (uint32_t g = 0; run->tallies && g < run->sim->input.n_groups; g++)
        krni_quantile_free(run->tallies[g].door_h);
    free_tracks(run);
    free(run->tallies);
    free(run->uses);
    free(run->quays);
    free(run->released);
    free(run->lots);
    free(run->empties);
    free(run->groups);
    free(run->trains);
    free(run->ships);
    free(run->check_memory);
    krn_arena_free(run->look);
    krni_resources_free(run->pool);
    krni_engine_free(run->engine);
}

/* Blocks and loops of a section in one piece. */
static krn_status make_track(const krni_section *section, krni_track *track)
{
    const size_t n = section->n_blocks;
    *track = (krni_track){.first = {NONE, NONE}, .last = {NONE, NONE}};
    if (!section->single)
        return KRN_OK;
    const size_t words = n + 2 * (n + 1);
    track->block = malloc(words * sizeof *track->block + n);
    if (!track->block)
        return KRN_E_MEMORY;
    memset(track->block, 0xff, words * sizeof *track->block);
    track->loop[0] = track->block + n;
    track->loop[1] = track->loop[0] + n + 1;
    track->turn = (uint8_t *)(track->block + words);
    memset(track->turn, 1, n); /* direction 0 goes first */
    return KRN_OK;
}

static krn_status make_resources(krni_run *run, krn_error *err)
{
    const krn_sim *sim = run->sim;
    krn_status st = KRN_OK;
    uint32_t slot = 0;
    for (uint32_t i = 0; i < sim->n_resources && !st; i++) {
        const krni_resource_plan *plan = &sim->resources[i];
        if (plan->works != KRNI_WORKS_QUEUE && plan->works != KRNI_WORKS_POOL)
            continue;
        krni_resource_id id;
        const krni_resource_spec spec = {
            .capacity = plan->works == KRNI_WORKS_QUEUE ? 1 : plan->units,
            .places = KRNI_UNBOUNDED,
        };
        st = krni_resource_add(run->pool, &spec, &id, err);
        assert(st || (id.index == slot && slot == plan->slot));
        slot++;
    }
    return st;
}

static krn_status make_run(krni_run *run, krn_error *err)
{
    const krn_sim *sim = run->sim;
    run->engine = krni_engine_new();
    run->pool = run->engine ? krni_resources_new(run->engine) : NULL;
    run->look = krn_arena_new(NULL, 0);
    run->uses = calloc(sim->n_resources + 1u, sizeof *run->uses);
    run->tracks = calloc(sim->n_sections + 1u, sizeof *run->tracks);
    run->quays = calloc(sim->n_services + 1u, sizeof *run->quays);
    run->released = calloc(sim->n_streams + 1u, sizeof *run->released);
    run->tallies = calloc(sim->input.n_groups + 1u, sizeof *run->tallies);
    if (!run->engine || !run->pool || !run->look || !run->uses || !run->tracks || !run->quays ||
        !run->released || !run->tallies)
        return krni_fail_memory(err);
    const krni_quantile_rule rule = {
        .limit = DOOR_EXACT, .least = DOOR_LEAST_H, .greatest = DOOR_MOST_H};
    krn_status st = make_resources(run, err);
    for (uint32_t g = 0; g < sim->input.n_groups && !st; g++)
        st = krni_quantile_new(&rule, &run->tallies[g].door_h, err);
    for (uint32_t s = 0; s < sim->n_sections && !st; s++)
        if (make_track(&sim->sections[s], &run->tracks[s]))
            st = krni_fail_memory(err);
    run->free_lot = run->free_empties = run->free_group = run->free_train = run->free_ship = NONE;
    return st;
}

static void listen(krni_run *run)
{
    krni_lots_on(run);
    krni_vessels_on(run);
    krni_run_on(run, KRNI_ON_GRANT, krni_on_grant);
    krni_run_on(run, KRNI_ON_SERVED, krni_on_served);
    krni_run_on(run, KRNI_ON_WAGONS, krni_on_wagons);
    krni_run_on(run, KRNI_ON_STORE, krni_on_store);
    krni_run_on(run, KRNI_ON_HOME, krni_on_home);
    krni_run_on(run, KRNI_ON_LOCOMOTIVE, krni_on_locomotive);
    krni_run_on(run, KRNI_ON_DISPATCH, krni_on_dispatch);
    krni_run_on(run, KRNI_ON_BLOCK, krni_on_block);
    krni_run_on(run, KRNI_ON_CLEAR, krni_on_clear);
    krni_run_on(run, KRNI_ON_COUNT, on_count);
    krni_run_on(run, KRNI_ON_DAY, on_day);
    krni_engine_bound(run->engine, MOST_EVENTS);
}

static void start(krni_run *run)
{
    const krn_sim *sim = run->sim;
    krni_use_start(run);
    krni_dated_start(run);
    krni_services_start(run);
    (void)krni_engine_at(run->engine, sim->count_s,
                         (krni_event){.kind = KRNI_ON_COUNT, .priority = KRNI_PRIORITY_FIRST});
    (void)krni_engine_at(run->engine, KRNI_DAY_S - 1.0, (krni_event){.kind = KRNI_ON_DAY});
    for (uint32_t i = 0; i < sim->n_streams; i++)
        krni_release_plan(run, i);
}

/* Memory of this replication, if it is the most so far. */
static void note_bytes(const krni_run *run)
{
    const krn_sim *sim = run->sim;
    size_t bytes = krni_engine_look(run->engine).bytes + krni_resources_bytes(run->pool);
    bytes += run->lots_capacity * sizeof *run->lots;
    bytes += run->empties_capacity * sizeof *run->empties;
    bytes += run->groups_capacity * sizeof *run->groups;
    bytes += run->trains_capacity * sizeof *run->trains;
    bytes += run->ships_capacity * sizeof *run->ships;
    bytes += sim->n_resources * sizeof *run->uses + sim->n_sections * sizeof *run->tracks;
    for (uint32_t g = 0; g < sim->input.n_groups; g++)
        bytes += krni_quantile_bytes(run->tallies[g].door_h);
    bytes += krn_sim_metrics(sim) * sizeof(double);
    size_t most = atomic_load(sim->replication_bytes);
    while (bytes > most && !atomic_compare_exchange_weak(sim->replication_bytes, &most, bytes))
        ;
}

krn_status krn_sim_replicate(const krn_sim *sim, uint32_t replication, krn_sim_trace trace,
                             void *context, double *out_metrics, krn_error *err)
{
    if (!sim || !out_metrics)
        return krni_fail(err, KRN_E_ARG, "a replication needs a simulation and room for metrics");
    krni_run run = {.sim = sim,
                    .replication = replication,
                    .metrics = out_metrics,
                    .trace = trace,
                    .trace_context = context};
    memset(out_metrics, 0, krn_sim_metrics(sim) * sizeof *out_metrics);
    krn_status st = make_run(&run, err);
    if (!st) {
        listen(&run);
        start(&run);
        st = krni_engine_run(run.engine, sim->end_s, err);
    }
    if (!st)
        krni_count_end(&run);
    if (!st)
        note_bytes(&run);
    free_run(&run);
    return st;
}

const char *krn_sim_cause_name(krn_sim_cause cause)
{
    static const char *const names[KRN_WAIT_COUNT] = {
        "papers", "closed hours", "weather",  "closure", "line",      "locomotive", "wagons",
        "border", "gauge change", "terminal", "storage", "departure", "berth"};
    return (unsigned)cause < KRN_WAIT_COUNT ? names[cause] : "unknown";
}

const char *krn_sim_resource_kind_name(krn_sim_resource_kind kind)
{
    static const char *const names[KRN_RESOURCE_KIND_COUNT] = {
        "section", "border", "gauge change", "terminal", "storage",
        "berths",  "wagons", "locomotives",  "service"};
    return (unsigned)kind < KRN_RESOURCE_KIND_COUNT ? names[kind] : "unknown";
}
