/* SPDX-License-Identifier: Apache-2.0 */
/* vessel.c - services: departures with room for so much, ships at roadstead and berth.
 *
 *   lots wait at the quay, first come first served
 *        |
 *   departure ---- takes what fits; a lot larger than what is left goes in parts and is over when
 *        |         its last part is
 *      [berth] -> sails -> [roadstead: room ashore? then a berth] -> alongside -> unloaded
 *
 *   liner, train   leaves by timetable or headway, with what is there
 *   tramp, ferry   a ship comes every headway; it leaves with what is there, or lies ready; when
 *                  there is enough for a whole one it leaves at once. As many ships may lie ready
 * as the service has: round trip / headway
 *
 * A ship that leaves, and one that comes in, needs a berth of the port for as long as the gear of
 * the terminal needs for what it loads or unloads there; only the wait for it takes time, the work
 * itself is in the law of the terminal. Lots that are unloaded into a store ask for room first,
 * then for the berth. All on one ship sail and berth together and share their luck.
 *
 * Ships carry what the draughts of both ports and of the lane allow (krn_ship_payload_t). A service
 * with several calls is full at each of them anew: what stays aboard is not counted against the
 * next call. */
#include <assert.h>
#include <math.h>

#include "base/random.h"
#include "sim/corridor.h"

#define FULL 1e-9 /* share of a ship below which nothing is left to be carried */

static void plan_departure(krni_run *run, uint32_t index, double at)
{
    if (at <= run->sim->end_s)
        (void)krni_engine_at(run->engine, at,
                             (krni_event){.kind = KRNI_ON_DEPARTURE, .entity = index});
}

void krni_services_start(krni_run *run)
{
    for (uint32_t i = 0; i < run->sim->n_services; i++) {
        const krni_service *service = &run->sim->services[i];
        run->quays[i] = (krni_quay){.first = NONE, .last = NONE};
        if (isnan(service->headway_s)) {
            if (service->timetable.n)
                plan_departure(run, i, service->timetable.at_s[0]);
            continue;
        }
        uint32_t words[4];
        krni_random_stream(run->sim->input.seed, service->source,
                           (uint64_t)run->replication << 32 | UINT32_MAX, words);
        const double phase = run->sim->input.typical ? 0.5 : krni_random_prob(words[0]);
        plan_departure(run, i, floor(phase * service->headway_s));
    }
}

/* ---- berths ---- */

static void free_ship(krni_run *run, uint32_t index)
{
    krni_ship *ship = &run->ships[index];
    if (ship->aboard || ship->berth.id)
        return;
    ship->next = run->free_ship;
    run->free_ship = index;
}

/* Puts a lot into the list of those that wait for a berth of their ship. */
static void stand_by(krni_run *run, krni_ship *ship, uint32_t lot)
{
    run->lots[lot].next = NONE;
    if (ship->last == NONE)
        ship->waiting = lot;
    else
        run->lots[ship->last].next = lot;
    ship->last = lot;
}

/* A lot aboard begins or ends its time at the port: at once, or when the ship has a berth. */
static krn_status alongside(krni_run *run, uint32_t lot_index, krn_error *err)
{
    krni_lot *lot = &run->lots[lot_index];
    const krni_step *step = krni_step_of(run, lot);
    krni_ship *ship = &run->ships[lot->ship];
    if (step->berths == NONE || (ship->berthed && ship->berths == step->berths)) {
        double seconds;
        const krn_status st = krni_lot_start(run, lot_index, &seconds, err);
        krni_lot_done_in(run, lot_index, seconds);
        return st;
    }
    lot->stage = 3;
    stand_by(run, ship, lot_index);
    const krn_status st = krni_lot_wait(run, lot_index, KRN_WAIT_BERTH, step->berths, err);
    if (!ship->berth.id) {
        ship->berths = step->berths;
        ship->berth =
            krni_resource_ask(run->pool, (krni_resource_id){run->sim->resources[step->berths].slot},
                              &(krni_ask){.units = 1, .entity = lot->ship, .kind = KRNI_ON_BERTH});
        krni_use_note(run, step->berths);
    }
    return st;
}

krn_status krni_on_berth(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    (void)engine;
    krni_run *run = model;
    krni_ship *ship = &run->ships[event.entity];
    krn_status st = KRN_OK;
    ship->berthed = true;
    krni_use_level(run, ship->berths, 1.0);
    krni_use_serve(run, ship->berths, 1.0, 0.0);
    uint32_t lot = ship->waiting;
    double hold_s = 0.0;
    ship->waiting = ship->last = NONE;
    while (lot != NONE && !st) {
        const uint32_t next = run->lots[lot].next;
        const krni_step *step = krni_step_of(run, &run->lots[lot]);
        if (step->berths == ship->berths) {
            double seconds;
            hold_s += step->occupy_s;
            st = krni_lot_start(run, lot, &seconds, err);
            krni_lot_done_in(run, lot, seconds);
        } else { /* has gone on to another port: asks there when this berth is left */
            stand_by(run, ship, lot);
        }
        lot = next;
    }
    (void)krni_engine_in(run->engine, hold_s,
                         (krni_event){.kind = KRNI_ON_SAILED, .entity = event.entity});
    return st;
}

krn_status krni_on_sailed(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    (void)engine;
    krni_run *run = model;
    krni_ship *ship = &run->ships[event.entity];
    krni_use_level(run, ship->berths, -1.0);
    krni_resource_release(run->pool, ship->berth);
    krni_use_note(run, ship->berths);
    ship->berth = (krni_claim){0};
    ship->berthed = false;
    if (ship->waiting == NONE) {
        free_ship(run, event.entity);
        return KRN_OK;
    }
    /* lots that wanted another berth, or came for one while this was left */
    uint32_t lot = ship->waiting;
    ship->waiting = ship->last = NONE;
    krn_status st = KRN_OK;
    while (lot != NONE && !st) {
        const uint32_t next = run->lots[lot].next;
        krni_lot_go(run, lot);
        st = alongside(run, lot, err);
        lot = next;
    }
    return st;
}

krn_status krni_alight_begin(krni_run *run, uint32_t index, krn_error *err)
{
    const uint32_t ship = run->lots[index].ship;
    if (ship != NONE && krni_step_of(run, &run->lots[index])->berths != NONE)
        return alongside(run, index, err);
    double seconds;
    const krn_status st = krni_lot_start(run, index, &seconds, err);
    krni_lot_done_in(run, index, seconds);
    return st;
}

void krni_ship_left(krni_run *run, uint32_t index)
{
    krni_lot *lot = &run->lots[index];
    const uint32_t ship = lot->ship;
    if (ship == NONE)
        return;
    lot->ship = NONE;
    assert(run->ships[ship].aboard > 0);
    run->ships[ship].aboard--;
    free_ship(run, ship);
}

/* ---- departures ---- */

static krn_status new_ship(krni_run *run, const krni_service *service, uint64_t departure,
                           uint32_t *out, krn_error *err)
{
    *out = run->free_ship;
    if (*out != NONE) {
        run->free_ship = run->ships[*out].next;
    } else {
        const krn_status st = krni_pool_grow((void **)&run->ships, sizeof *run->ships, run->n_ships,
                                             &run->ships_capacity, err);
        if (st)
            return st;
        *out = run->n_ships++;
    }
    run->ships[*out] = (krni_ship){.departure = departure,
                                   .source = service->source,
                                   .berths = NONE,
                                   .waiting = NONE,
                                   .last = NONE,
                                   .next = NONE};
    return KRN_OK;
}

/* One ship or train leaves with what fits. */
static krn_status depart(krni_run *run, uint32_t index, krn_error *err)
{
    const krni_service *service = &run->sim->services[index];
    krni_quay *quay = &run->quays[index];
    uint32_t ship = NONE, leaving = NONE, last = NONE;
    double room = 1.0;
    while (quay->first != NONE && room > FULL) {
        const uint32_t lot_index = quay->first;
        krni_lot *lot = &run->lots[lot_index];
        const double part = fmin(room, lot->share_left);
        room -= part;
        quay->share -= part;
        lot->share_left -= part;
        if (lot->share_left > FULL)
            break;
        quay->first = lot->next;
        lot->next = NONE;
        if (last == NONE)
            leaving = lot_index;
        else
            run->lots[last].next = lot_index;
        last = lot_index;
    }
    if (quay->first == NONE) {
        quay->last = NONE;
        quay->share = 0.0;
    }
    quay->n_departures++;
    krni_use_serve(run, service->resource, 1.0, 0.0);
    krni_use_filled(run, service->resource, 1.0 - room);
    if (run->counting && service->at_sea && (room < 1.0 || leaving != NONE))
        run->totals[KRN_TOTAL_SHIPS] += 1.0;
    krn_status st = KRN_OK;
    if (leaving != NONE)
        st = new_ship(run, service, quay->n_departures, &ship, err);
    while (leaving != NONE && !st) {
        const uint32_t next = run->lots[leaving].next;
        krni_lot_go(run, leaving);
        run->lots[leaving].ship = ship;
        run->ships[ship].aboard++;
        st = alongside(run, leaving, err);
        leaving = next;
    }
    return st;
}

static bool is_closed(const krni_run *run, const krni_service *service)
{
    return (run->sim->resources[service->resource].closing & run->active) != 0;
}

krn_status krni_on_departure(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    (void)engine;
    krni_run *run = model;
    const krni_service *service = &run->sim->services[event.entity];
    krni_quay *quay = &run->quays[event.entity];
    if (!isnan(service->headway_s))
        plan_departure(run, event.entity, krni_now(run) + service->headway_s);
    else if (++quay->next_departure < service->timetable.n)
        plan_departure(run, event.entity, service->timetable.at_s[quay->next_departure]);
    if (is_closed(run, service))
        return KRN_OK;
    if (service->when_full && quay->first == NONE) {
        quay->ready += quay->ready < service->most_ships;
        return KRN_OK;
    }
    return depart(run, event.entity, err);
}

krn_status krni_quay_look(krni_run *run, uint32_t index, krn_error *err)
{
    const krni_service *service = &run->sim->services[index];
    krni_quay *quay = &run->quays[index];
    krn_status st = KRN_OK;
    while (!st && service->when_full && quay->ready && quay->share >= 1.0 - FULL &&
           !is_closed(run, service)) {
        quay->ready--;
        st = depart(run, index, err);
    }
    return st;
}

krn_status krni_board_begin(krni_run *run, uint32_t index, krn_error *err)
{
    krni_lot *lot = &run->lots[index];
    const krni_step *step = krni_step_of(run, lot);
    const krni_service *service = &run->sim->services[step->service];
    krni_quay *quay = &run->quays[step->service];
    lot->share_left = step->ship_share;
    lot->next = NONE;
    if (quay->last == NONE)
        quay->first = index;
    else
        run->lots[quay->last].next = index;
    quay->last = index;
    quay->share += step->ship_share;
    const krn_status st = krni_lot_wait(run, index, KRN_WAIT_DEPARTURE, service->resource, err);
    lot->stage = 3;
    return st ? st : krni_quay_look(run, step->service, err);
}

void krni_vessels_on(krni_run *run)
{
    krni_run_on(run, KRNI_ON_DEPARTURE, krni_on_departure);
    krni_run_on(run, KRNI_ON_BERTH, krni_on_berth);
    krni_run_on(run, KRNI_ON_SAILED, krni_on_sailed);
}
