/* SPDX-License-Identifier: Apache-2.0 */
/* train.c - wagons become trains, trains move over sections of track.
 *
 * A section is a rail link. Lots and empty wagons that want to pass it queue at its end, first come
 * first served. When a path is free a train is made up of those at the head, as many as fit into
 * the mass and length that the link allows; a lot too large for one train goes in several, and is
 * over when its last wagons are. At the other end the train is broken up.
 *
 * Single track is cut into blocks by passing loops:
 *
 *      A ==0== )--block 0--( loop 1 )--block 1--( loop 2 )--block 2--( ==3== B
 *              --> direction 0                        direction 1 <--
 *
 *   paths      N trains a day each way: a block is used for T = 12 h / N by each train, so N pairs
 *              fill a day. There are so many blocks that a train at typical speed takes at most T
 *              in one: n = ceil(running time / T)
 *   rule       a train enters a block when the block is empty and, unless it reaches the end, the
 *              place for its direction in the loop behind is free: each loop has one place a
 *              direction. So a train on the move always has where to go, places of one direction
 *              form a chain whose head needs nothing but an empty block, and nothing locks up
 *   meeting    trains of both directions at an empty block go in turn
 *
 * Two tracks or more: one direction each; trains follow each other at 24 h / N, and none
 * overtakes. Where the trains a day are not known nobody waits.
 *
 * Locomotives of a country's pool (fleet.csv) are asked for before a train starts. At the end of a
 * section one goes on with the first train made up of what it has brought, if that runs on rails of
 * its pool, else it is given back; changing them takes no time, light running is not modelled.
 * What comes to an end of a section at one instant is there before a train is made up of it. */
#include <assert.h>
#include <math.h>

#include "sim/corridor.h"

#define NEARLY (1.0 + 1e-9) /* what dividing a lot among trains leaves over is no train */

enum { LOCO_NONE, LOCO_ASKED, LOCO_HELD };

/* ---- groups ---- */

static krn_status new_group(krni_run *run, krni_group group, uint32_t *out, krn_error *err)
{
    *out = run->free_group;
    if (*out != NONE) {
        run->free_group = run->groups[*out].next;
    } else {
        const krn_status st = krni_pool_grow((void **)&run->groups, sizeof *run->groups,
                                             run->n_groups, &run->groups_capacity, err);
        if (st)
            return st;
        *out = run->n_groups++;
    }
    run->groups[*out] = group;
    return KRN_OK;
}

/* Lots at an end of a section wait for something else from now on. */
static krn_status wait_for(krni_run *run, uint32_t section, uint32_t direction, krn_sim_cause cause,
                           uint32_t resource, krn_error *err)
{
    krn_status st = KRN_OK;
    for (uint32_t g = run->tracks[section].first[direction]; g != NONE && !st;
         g = run->groups[g].next) {
        const krni_group *group = &run->groups[g];
        if (group->empty || run->lots[group->owner].cause == cause)
            continue;
        krni_lot_go(run, group->owner);
        st = krni_lot_wait(run, group->owner, cause, resource, err);
    }
    return st;
}

/* ---- may a train start from this end now? ---- */

static bool closed(const krni_run *run, const krni_section *section)
{
    return (run->sim->resources[section->resource].closing & run->active) != 0;
}

/* Groups wait, nothing closes the section, a locomotive is there; asks for one if need be. */
static krn_status end_ready(krni_run *run, uint32_t index, uint32_t direction, bool *out,
                            krn_error *err)
{
    const krni_section *section = &run->sim->sections[index];
    krni_track *track = &run->tracks[index];
    krn_status st = KRN_OK;
    *out = track->first[direction] != NONE && !closed(run, section);
    if (!*out || section->locomotives == NONE)
        return KRN_OK;
    if (track->locomotive[direction] == LOCO_NONE) {
        track->locomotive[direction] = LOCO_ASKED;
        const krni_resource_plan *pool = &run->sim->resources[section->locomotives];
        track->locomotive_claim[direction] = krni_resource_ask(
            run->pool, (krni_resource_id){pool->slot},
            &(krni_ask){.units = 1, .entity = 2 * index + direction, .kind = KRNI_ON_LOCOMOTIVE});
        krni_use_note(run, section->locomotives);
        if (krni_claim_look(run->pool, track->locomotive_claim[direction]) != KRNI_CLAIM_HELD)
            st = wait_for(run, index, direction, KRN_WAIT_LOCOMOTIVE, section->locomotives, err);
    }
    *out = track->locomotive[direction] == LOCO_HELD;
    return st;
}

/* ---- making up ---- */

/* Takes groups from the head of a queue into a train; a group that fits in part stays there. */
static double load_train(krni_run *run, const krni_section *section, krni_track *track,
                         uint32_t direction, krni_train *train)
{
    double room_t = section->max_t, room_m = section->max_m, run_s = 0.0;
    uint32_t last = NONE;
    train->groups = NONE;
    while (track->first[direction] != NONE) {
        const uint32_t g = track->first[direction];
        krni_group *group = &run->groups[g];
        if (group->t > room_t * NEARLY || group->m > room_m * NEARLY) {
            if (last == NONE) { /* a part of it */
                const double part = fmin(room_t / group->t, room_m / group->m);
                run_s = group->run_s;
                group->t -= part * group->t;
                group->m -= part * group->m;
            }
            break;
        }
        room_t -= group->t;
        room_m -= group->m;
        run_s = fmax(run_s, group->run_s);
        track->first[direction] = group->next;
        if (group->next == NONE)
            track->last[direction] = NONE;
        group->next = NONE;
        if (last == NONE)
            train->groups = g;
        else
            run->groups[last].next = g;
        last = g;
        if (!group->empty)
            krni_lot_go(run, group->owner);
    }
    return run_s;
}

static krn_status new_train(krni_run *run, uint32_t index, uint32_t direction, uint32_t *out,
                            krn_error *err)
{
    const krni_section *section = &run->sim->sections[index];
    krni_track *track = &run->tracks[index];
    *out = run->free_train;
    if (*out != NONE) {
        run->free_train = run->trains[*out].next;
    } else {
        const krn_status st = krni_pool_grow((void **)&run->trains, sizeof *run->trains,
                                             run->n_trains, &run->trains_capacity, err);
        if (st)
            return st;
        *out = run->n_trains++;
    }
    krni_train *train = &run->trains[*out];
    *train = (krni_train){.section = index,
                          .direction = direction,
                          .number = ++track->n_trains[direction],
                          .place = direction == 0 ? 0 : section->n_blocks,
                          .next = NONE};
    train->block_s = load_train(run, section, track, direction, train) / section->n_blocks;
    if (section->locomotives != NONE) {
        train->locomotive = track->locomotive_claim[direction];
        track->locomotive[direction] = LOCO_NONE;
        track->locomotive_claim[direction] = (krni_claim){0};
    }
    if (run->counting) {
        run->totals[KRN_TOTAL_TRAINS] += 1.0;
        run->totals[KRN_TOTAL_TRAIN_KM] += section->km;
    }
    krni_use_serve(run, section->resource, 1.0, 0.0);
    return KRN_OK;
}

/* The train is over: its groups go on, in their order. */
static krn_status end_train(krni_run *run, uint32_t index, krn_error *err)
{
    krni_train *train = &run->trains[index];
    uint32_t group = train->groups;
    const double running = train->block_s * run->sim->sections[train->section].n_blocks;
    krni_track *track = &run->tracks[train->section];
    track->n_over[train->direction]++;
    assert(!run->sim->sections[train->section].limited ||
           train->number == track->n_over[train->direction]); /* nobody has overtaken */
    run->spare = train->locomotive; /* goes on with the first group that needs one of its pool */
    run->spare_pool = run->sim->sections[train->section].locomotives;
    train->groups = NONE;
    train->next = run->free_train;
    run->free_train = index;
    krn_status st = KRN_OK;
    while (group != NONE && !st) {
        const krni_group g = run->groups[group];
        run->groups[group].next = run->free_group;
        run->free_group = group;
        group = g.next;
        if (g.empty) {
            st = krni_empties_next(run, g.owner, err);
            continue;
        }
        krni_lot *lot = &run->lots[g.owner];
        const double under_way = krni_now(run) - lot->put_s;
        krni_lot_moved(run, lot, fmin(running, under_way));
        lot->wait_s[KRN_WAIT_LINE] += fmax(0.0, under_way - running);
        st = krni_lot_done(run, g.owner, err);
    }
    if (run->spare.id) {
        krni_use_level(run, run->spare_pool, -1.0);
        krni_resource_release(run->pool, run->spare);
        krni_use_note(run, run->spare_pool);
        run->spare = (krni_claim){0};
    }
    return st;
}

/* Lots of a train that starts: their step begins. */
static krn_status depart(krni_run *run, uint32_t index, krn_error *err)
{
    krn_status st = KRN_OK;
    for (uint32_t g = run->trains[index].groups; g != NONE && !st; g = run->groups[g].next) {
        if (run->groups[g].empty)
            continue;
        st = krni_lot_put(run, run->groups[g].owner, err);
    }
    return st;
}

/* ---- single track ---- */

static krn_status try_block(krni_run *run, uint32_t index, uint32_t block, krn_error *err);

/* Train that could enter a block in a direction: in the loop before it, or KRNI_HELD: one to be
 * made up at the end; NONE: none. */
static krn_status candidate(krni_run *run, uint32_t index, uint32_t block, uint32_t direction,
                            uint32_t *out, krn_error *err)
{
    const krni_section *section = &run->sim->sections[index];
    krni_track *track = &run->tracks[index];
    const uint32_t from = direction == 0 ? block : block + 1;
    const uint32_t to = direction == 0 ? block + 1 : block;
    const bool at_end = from == 0 || from == section->n_blocks;
    const bool to_end = to == 0 || to == section->n_blocks;
    *out = NONE;
    if (!to_end && track->loop[direction][to] != NONE)
        return KRN_OK;
    if (at_end) {
        bool ready;
        const krn_status st = end_ready(run, index, direction, &ready, err);
        *out = ready ? KRNI_HELD : NONE;
        return st;
    }
    const uint32_t train = track->loop[direction][from];
    *out = train != NONE && !run->trains[train].runs ? train : NONE;
    return KRN_OK;
}

static krn_status enter(krni_run *run, uint32_t index, uint32_t block, uint32_t direction,
                        uint32_t train, krn_error *err)
{
    const krni_section *section = &run->sim->sections[index];
    krni_track *track = &run->tracks[index];
    const uint32_t from = direction == 0 ? block : block + 1;
    const uint32_t to = direction == 0 ? block + 1 : block;
    krn_status st = KRN_OK;
    if (train == KRNI_HELD) {
        st = new_train(run, index, direction, &train, err);
        if (!st)
            st = depart(run, train, err);
        if (st)
            return st;
    } else {
        track->loop[direction][from] = NONE;
    }
    krni_train *t = &run->trains[train];
    assert(track->block[block] == NONE);
    track->block[block] = train;
    track->turn[block] = (uint8_t)direction;
    if (to != 0 && to != section->n_blocks) {
        assert(track->loop[direction][to] == NONE);
        track->loop[direction][to] = train;
    }
    t->place = to;
    t->runs = true;
    krni_use_level(run, section->resource, 1.0);
    (void)krni_engine_in(run->engine, t->block_s,
                         (krni_event){.kind = KRNI_ON_BLOCK, .entity = train});
    /* the place it left is free for the one behind */
    if (from != 0 && from != section->n_blocks)
        st = try_block(run, index, direction == 0 ? from - 1 : from, err);
    return st;
}

static krn_status try_block(krni_run *run, uint32_t index, uint32_t block, krn_error *err)
{
    const krni_track *track = &run->tracks[index];
    if (track->block[block] != NONE)
        return KRN_OK;
    const uint32_t first = 1u - track->turn[block];
    for (uint32_t k = 0; k < 2; k++) {
        const uint32_t direction = k == 0 ? first : 1u - first;
        uint32_t train;
        const krn_status st = candidate(run, index, block, direction, &train, err);
        if (st || train != NONE)
            return st ? st : enter(run, index, block, direction, train, err);
    }
    return KRN_OK;
}

static krn_status clear_block(krni_run *run, uint32_t index, uint32_t block, krn_error *err)
{
    krni_use_level(run, run->sim->sections[index].resource, -1.0);
    run->tracks[index].block[block] = NONE;
    return try_block(run, index, block, err);
}

/* ---- two tracks ---- */

static krn_status try_direction(krni_run *run, uint32_t index, uint32_t direction, krn_error *err)
{
    const krni_section *section = &run->sim->sections[index];
    krni_track *track = &run->tracks[index];
    while (!track->busy[direction]) {
        uint32_t train;
        bool ready;
        krn_status st = end_ready(run, index, direction, &ready, err);
        if (st || !ready)
            return st;
        st = new_train(run, index, direction, &train, err);
        if (!st)
            st = depart(run, train, err);
        if (st)
            return st;
        const double out =
            fmax(krni_now(run) + run->trains[train].block_s, track->out_s[direction]);
        track->out_s[direction] = section->limited ? out : 0.0;
        (void)krni_engine_at(run->engine, out,
                             (krni_event){.kind = KRNI_ON_BLOCK, .entity = train});
        if (!section->limited)
            continue;
        track->busy[direction] = true;
        krni_use_level(run, section->resource, 1.0);
        (void)krni_engine_in(
            run->engine, section->hold_s / run->uses[section->resource].rate_share,
            (krni_event){.kind = KRNI_ON_CLEAR, .entity = index, .argument = direction});
    }
    return KRN_OK;
}

/* ---- events ---- */

krn_status krni_train_dispatch(krni_run *run, uint32_t index, krn_error *err)
{
    const krni_section *section = &run->sim->sections[index];
    krn_status st;
    if (!section->single) {
        st = try_direction(run, index, 0, err);
        return st ? st : try_direction(run, index, 1, err);
    }
    st = try_block(run, index, 0, err);
    if (!st && section->n_blocks > 1)
        st = try_block(run, index, section->n_blocks - 1, err);
    return st;
}

krn_status krni_train_ask(krni_run *run, uint32_t index, uint32_t direction, bool empty,
                          uint32_t owner, double t, double m, double run_s, krn_error *err)
{
    krni_track *track = &run->tracks[index];
    uint32_t g;
    const krni_group group = {
        .owner = owner, .empty = empty, .t = t, .m = m, .run_s = run_s, .next = NONE};
    const krn_status st = new_group(run, group, &g, err);
    if (st)
        return st;
    if (track->last[direction] == NONE)
        track->first[direction] = g;
    else
        run->groups[track->last[direction]].next = g;
    track->last[direction] = g;
    if (run->spare.id && run->sim->sections[index].locomotives == run->spare_pool &&
        track->locomotive[direction] == LOCO_NONE && !closed(run, &run->sim->sections[index])) {
        track->locomotive[direction] = LOCO_HELD;
        track->locomotive_claim[direction] = run->spare;
        run->spare = (krni_claim){0};
    }
    if (!track->called) {
        track->called = true;
        (void)krni_engine_in(run->engine, 0.0,
                             (krni_event){.kind = KRNI_ON_DISPATCH,
                                          .entity = index,
                                          .priority = KRNI_PRIORITY_LAST});
    }
    return KRN_OK;
}

krn_status krni_on_dispatch(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    (void)engine;
    krni_run *run = model;
    run->tracks[event.entity].called = false;
    return krni_train_dispatch(run, event.entity, err);
}

krn_status krni_train_begin(krni_run *run, uint32_t index, krn_error *err)
{
    krni_lot *lot = &run->lots[index];
    const krni_step *step = krni_step_of(run, lot);
    const krni_section *section = &run->sim->sections[step->section];
    const double run_s = krni_draw_s(run, step->running, krni_lot_chance(run, lot, 0));
    if (run->counting)
        run->totals[KRN_TOTAL_WAGON_KM] += step->n_wagons * step->km;
    const bool asked = run->tracks[step->section].locomotive[step->direction] == LOCO_ASKED;
    const krn_status st =
        asked ? krni_lot_wait(run, index, KRN_WAIT_LOCOMOTIVE, section->locomotives, err)
              : krni_lot_wait(run, index, KRN_WAIT_LINE, section->resource, err);
    return st ? st
              : krni_train_ask(run, step->section, step->direction, false, index, step->train_t,
                               step->train_m, run_s, err);
}

/* A locomotive that stands at an end goes back to its pool. */
static void drop_locomotive(krni_run *run, uint32_t index, uint32_t direction)
{
    krni_track *track = &run->tracks[index];
    const uint32_t pool = run->sim->sections[index].locomotives;
    krni_use_level(run, pool, -1.0);
    krni_resource_release(run->pool, track->locomotive_claim[direction]);
    krni_use_note(run, pool);
    track->locomotive[direction] = LOCO_NONE;
    track->locomotive_claim[direction] = (krni_claim){0};
}

void krni_train_close(krni_run *run, uint32_t index)
{
    for (uint32_t direction = 0; direction < 2; direction++)
        if (run->tracks[index].locomotive[direction] == LOCO_HELD)
            drop_locomotive(run, index, direction);
}

krn_status krni_on_locomotive(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    (void)engine;
    krni_run *run = model;
    const uint32_t index = event.entity / 2, direction = event.entity % 2;
    const krni_section *section = &run->sim->sections[index];
    run->tracks[index].locomotive[direction] = LOCO_HELD;
    krni_use_level(run, section->locomotives, 1.0);
    if (closed(run, section)) { /* for others; asked for again when it opens */
        drop_locomotive(run, index, direction);
        return wait_for(run, index, direction, KRN_WAIT_LINE, section->resource, err);
    }
    krni_use_serve(run, section->locomotives, 1.0, 0.0);
    const krn_status st = wait_for(run, index, direction, KRN_WAIT_LINE, section->resource, err);
    return st ? st : krni_train_dispatch(run, index, err);
}

krn_status krni_on_block(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    (void)engine;
    krni_run *run = model;
    const uint32_t index = event.entity;
    krni_train *train = &run->trains[index];
    const krni_section *section = &run->sim->sections[train->section];
    const uint32_t at = train->section, direction = train->direction, place = train->place;
    if (!section->single)
        return end_train(run, index, err);
    const uint32_t block = direction == 0 ? place - 1 : place;
    const bool over = place == 0 || place == section->n_blocks;
    const double hold_s = section->hold_s / run->uses[section->resource].rate_share;
    const bool held = hold_s > train->block_s;
    train->runs = false;
    krn_status st = KRN_OK;
    if (held) {
        run->tracks[at].block[block] = KRNI_HELD;
        (void)krni_engine_in(run->engine, hold_s - train->block_s,
                             (krni_event){.kind = KRNI_ON_CLEAR, .entity = at, .argument = block});
    }
    if (!over)
        st = try_block(run, at, direction == 0 ? place : place - 1, err);
    if (!st && !held)
        st = clear_block(run, at, block, err);
    if (!st && over)
        st = end_train(run, index, err);
    return st;
}

krn_status krni_on_clear(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    (void)engine;
    krni_run *run = model;
    const krni_section *section = &run->sim->sections[event.entity];
    if (section->single)
        return clear_block(run, event.entity, event.argument, err);
    run->tracks[event.entity].busy[event.argument] = false;
    krni_use_level(run, section->resource, -1.0);
    return try_direction(run, event.entity, event.argument, err);
}
