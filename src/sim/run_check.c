/* SPDX-License-Identifier: Apache-2.0 */
/* run_check.c - what holds after every event of a replication; in debug builds it is looked at.
 *
 *   lots       made = delivered + live, by tonnes; a live lot is in one list at most, a free one in
 *              none; tonnes in a queue are those of the lots that wait there
 *   pools      units in use are those that lots, empties, trains and ships hold, never more than
 *              there are
 *   track      a block has one train, a loop one of each direction; who entered first is ahead
 *
 * O(lots + trains + resources) an event; with many lots under way every 64th event is looked at. */
#include "sim/corridor.h"

#ifndef NDEBUG

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

#define FEW_LOTS 256u
#define EVERY    64u
#define CLOSE_T  1e-6

typedef struct books {
    double *queue_t;  /* by resource: of the lots that wait */
    int64_t *held;    /* units, by slot of the engine */
    uint8_t *listed;  /* by lot */
    uint8_t *is_free; /* by train, ship or empties; all 0 between uses */
} books;

static void hold(const krni_run *run, const books *b, krni_claim claim)
{
    if (krni_claim_look(run->pool, claim) != KRNI_CLAIM_HELD)
        return;
    b->held[krni_claim_resource(run->pool, claim).index] += krni_claim_units(run->pool, claim);
}

static void list(const books *b, const krni_run *run, uint32_t lot, bool live)
{
    assert(lot < run->n_lots && !b->listed[lot]);
    assert(run->lots[lot].live == live);
    b->listed[lot] = 1;
    (void)run;
    (void)live;
}

static void check_lots(const krni_run *run, const books *b)
{
    double live_t = 0.0;
    for (uint32_t i = 0; i < run->n_lots; i++) {
        const krni_lot *lot = &run->lots[i];
        if (!lot->live)
            continue;
        const double tonnes = run->sim->streams[lot->stream].tonnes;
        live_t += tonnes;
        if (!isnan(lot->since_s) && lot->waits_for != NONE)
            b->queue_t[lot->waits_for] += tonnes;
        assert(isnan(lot->since_s) || lot->since_s <= krni_now(run));
        assert(lot->at < run->sim->ways[lot->way].n_steps);
        hold(run, b, lot->claim);
        hold(run, b, lot->wagons);
        hold(run, b, lot->fresh);
        hold(run, b, lot->store);
    }
    assert(fabs(live_t - run->under_way_t) <= CLOSE_T * (1.0 + run->made_all_t));
    assert(fabs(run->made_all_t - run->delivered_all_t - live_t) <=
           CLOSE_T * (1.0 + run->made_all_t));
    (void)live_t;
}

static void check_lists(const krni_run *run, const books *b)
{
    for (uint32_t i = run->free_lot; i != NONE; i = run->lots[i].next)
        list(b, run, i, false);
    for (uint32_t i = run->dated_first; i != NONE; i = run->lots[i].next)
        list(b, run, i, true);
    for (uint32_t s = 0; s < run->sim->n_services; s++)
        for (uint32_t i = run->quays[s].first; i != NONE; i = run->lots[i].next)
            list(b, run, i, true);
    for (uint32_t s = 0; s < run->sim->n_sections; s++)
        for (unsigned d = 0; d < 2; d++)
            for (uint32_t g = run->tracks[s].first[d]; g != NONE; g = run->groups[g].next) {
                assert(run->groups[g].t >= 0.0);
                if (!run->groups[g].empty)
                    list(b, run, run->groups[g].owner, true);
            }
}

/* Records of a pool that are not in its free list. */
static void mark_free(uint8_t *is_free, const krni_run *run, int kind)
{
    switch (kind) {
    case 0:
        for (uint32_t i = run->free_train; i != NONE; i = run->trains[i].next)
            is_free[i] = 1;
        break;
    case 1:
        for (uint32_t i = run->free_ship; i != NONE; i = run->ships[i].next)
            is_free[i] = 1;
        break;
    default:
        for (uint32_t i = run->free_empties; i != NONE; i = run->empties[i].next)
            is_free[i] = 1;
    }
}

static void check_vehicles(const krni_run *run, const books *b, uint8_t *is_free)
{
    mark_free(is_free, run, 0);
    for (uint32_t i = 0; i < run->n_trains; i++) {
        if (is_free[i]) {
            is_free[i] = 0;
            continue;
        }
        hold(run, b, run->trains[i].locomotive);
        for (uint32_t g = run->trains[i].groups; g != NONE; g = run->groups[g].next)
            if (!run->groups[g].empty)
                list(b, run, run->groups[g].owner, true);
    }
    mark_free(is_free, run, 1);
    for (uint32_t i = 0; i < run->n_ships; i++) {
        if (is_free[i]) {
            is_free[i] = 0;
            continue;
        }
        assert(run->ships[i].aboard || run->ships[i].berth.id);
        hold(run, b, run->ships[i].berth);
        for (uint32_t k = run->ships[i].waiting; k != NONE; k = run->lots[k].next)
            list(b, run, k, true);
    }
    mark_free(is_free, run, 2);
    for (uint32_t i = 0; i < run->n_empties; i++)
        if (!is_free[i])
            hold(run, b, run->empties[i].wagons);
}

static void check_track(const krni_run *run, uint32_t index, const books *b)
{
    const krni_section *section = &run->sim->sections[index];
    const krni_track *track = &run->tracks[index];
    for (unsigned d = 0; d < 2; d++)
        hold(run, b, track->locomotive_claim[d]);
    for (uint32_t k = 0; section->single && k < section->n_blocks; k++) {
        const uint32_t train = track->block[k];
        if (train == NONE || train == KRNI_HELD)
            continue;
        const krni_train *t = &run->trains[train];
        assert(train < run->n_trains && t->section == index && t->runs);
        assert(t->place == (t->direction == 0 ? k + 1 : k));
        (void)t;
    }
    for (unsigned d = 0; section->single && d < 2; d++) {
        uint32_t ahead = 0; /* from the front to the back numbers rise */
        for (uint32_t k = 1; k < section->n_blocks; k++) {
            const uint32_t train = track->loop[d][d == 0 ? section->n_blocks - k : k];
            if (train == NONE)
                continue;
            const krni_train *t = &run->trains[train];
            assert(t->section == index && t->direction == d && t->number > ahead);
            assert(t->place == (d == 0 ? section->n_blocks - k : k));
            ahead = t->number;
        }
    }
}

static void check_resources(const krni_run *run, const books *b)
{
    for (uint32_t i = 0; i < run->sim->n_resources; i++) {
        const krni_resource_plan *plan = &run->sim->resources[i];
        const krni_use *use = &run->uses[i];
        assert(fabs(use->queue_t.value - b->queue_t[i]) <= CLOSE_T * (1.0 + run->made_all_t));
        assert(use->level.value >= 0.0);
        if (plan->works == KRNI_WORKS_SECTION)
            assert(use->level.value <= plan->share_of);
        if (plan->works != KRNI_WORKS_QUEUE && plan->works != KRNI_WORKS_POOL)
            continue;
        const krni_resource_state state =
            krni_resource_look(run->pool, (krni_resource_id){plan->slot});
        assert(state.in_use == b->held[plan->slot]);
        assert(state.in_use <= (plan->works == KRNI_WORKS_QUEUE ? 1 : plan->units));
        (void)state;
        (void)use;
    }
}

/* The books in one piece that lives as long as the run, all 0. */
static krn_status open_books(krni_run *run, books *b, krn_error *err)
{
    uint32_t vehicles = run->trains_capacity + run->ships_capacity + run->empties_capacity;
    const size_t n = run->sim->n_resources, slots = run->sim->n_slots;
    const size_t size =
        n * sizeof *b->queue_t + slots * sizeof *b->held + run->lots_capacity + vehicles + 1u;
    if (size > run->check_size) {
        void *grown = realloc(run->check_memory, size);
        if (!grown)
            return krni_fail_memory(err);
        run->check_memory = grown;
        run->check_size = size;
    }
    memset(run->check_memory, 0, size);
    b->queue_t = run->check_memory;
    b->held = (int64_t *)(b->queue_t + n);
    b->listed = (uint8_t *)(b->held + slots);
    b->is_free = b->listed + run->lots_capacity;
    return KRN_OK;
}

static krn_status check(krni_run *run, krn_error *err)
{
    books b;
    const krn_status st = open_books(run, &b, err);
    if (st)
        return st;
    check_lots(run, &b);
    check_lists(run, &b);
    check_vehicles(run, &b, b.is_free);
    for (uint32_t s = 0; s < run->sim->n_sections; s++)
        check_track(run, s, &b);
    check_resources(run, &b);
    return KRN_OK;
}

static krn_status checked(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    krni_run *run = model;
    const krn_status st = run->handlers[event.kind](model, engine, event, err);
    if (st || (run->n_lots > FEW_LOTS && run->n_checks++ % EVERY))
        return st;
    return check(run, err);
}

#endif

void krni_run_on(krni_run *run, uint16_t kind, krni_handler *handler)
{
#ifdef NDEBUG
    krni_engine_on(run->engine, kind, handler, run);
#else
    run->handlers[kind] = handler;
    krni_engine_on(run->engine, kind, checked, run);
#endif
}
