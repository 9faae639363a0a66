/* SPDX-License-Identifier: Apache-2.0 */
/* terminal.c - work at a rate, and stores with room for so much.
 *
 *   queue      one lot after another, first come first served, each for quantity / rate
 *
 *              |<- waits ->|<- gear: quantity / rate ->|
 *              |           |<------- law of the operation, as a plan reckons ------->|
 *              ask       start                     next lot                        done
 *
 *   store      a lot must find room before it is unloaded into it: until then it stays on its
 *              wagons, or on the ship in the roadstead. It leaves the store with the ship, or when
 *              it is loaded for the way inland. Import and export have rooms apart: else a port
 *              could fill with goods that wait for the very wagons that wait to be unloaded
 *
 * Assumptions. The law of an operation holds the usual waiting behind others' trade, which the
 * package does not know; the queue here is that of the lots that are simulated. A lot larger than a
 * store takes all of it. The same form serves borders and gauge changes (border_post.c,
 * gauge_yard.c), whose rates are a day's wagons, trains or trucks. */
#include <assert.h>
#include <math.h>

#include "sim/corridor.h"

static krn_sim_cause cause_of(const krni_step *step)
{
    return step->kind == KRN_CROSS          ? KRN_WAIT_BORDER
           : step->kind == KRN_GAUGE_CHANGE ? KRN_WAIT_GAUGE
                                            : KRN_WAIT_TERMINAL;
}

krn_status krni_queue_begin(krni_run *run, uint32_t index, krn_error *err)
{
    krni_lot *lot = &run->lots[index];
    const krni_step *step = krni_step_of(run, lot);
    const krni_resource_plan *plan = &run->sim->resources[step->resource];
    assert(plan->works == KRNI_WORKS_QUEUE && !lot->claim.id);
    const krn_status st = krni_lot_wait(run, index, cause_of(step), step->resource, err);
    lot->stage = 3;
    lot->claim = krni_resource_ask(
        run->pool, (krni_resource_id){plan->slot},
        &(krni_ask){.units = 1, .entity = index, .kind = KRNI_ON_GRANT, .claim_class = 0});
    return st;
}

krn_status krni_on_grant(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    (void)engine;
    krni_run *run = model;
    const uint32_t index = event.entity;
    krni_lot *lot = &run->lots[index];
    const krni_step *step = krni_step_of(run, lot);
    krni_use *use = &run->uses[step->resource];
    const double service = step->occupy_s / use->rate_share;
    double seconds;
    const krn_status st = krni_lot_start(run, index, &seconds, err);
    if (st)
        return st;
    const double law = seconds;
    seconds = fmax(fmax(seconds, krni_border_least_s(run, lot)), service);
    krni_lot_book(run, lot, seconds - law);
    krni_use_serve(run, step->resource, step->quantity, service);
    krni_use_level(run, step->resource, 1.0);
    (void)krni_engine_in(run->engine, service,
                         (krni_event){.kind = KRNI_ON_SERVED, .entity = index});
    krni_lot_done_in(run, index, seconds);
    return KRN_OK;
}

krn_status krni_on_served(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    (void)engine;
    (void)err;
    krni_run *run = model;
    krni_lot *lot = &run->lots[event.entity];
    const krni_step *step = krni_step_of(run, lot);
    krni_use_level(run, step->resource, -1.0);
    krni_resource_release(run->pool, lot->claim);
    lot->claim = (krni_claim){0};
    return KRN_OK;
}

/* ---- stores ---- */

krn_status krni_store_ask(krni_run *run, uint32_t index, krn_error *err)
{
    krni_lot *lot = &run->lots[index];
    const krni_step *step = krni_step_of(run, lot);
    const krni_resource_plan *plan = &run->sim->resources[step->store];
    const int64_t kg = run->sim->streams[lot->stream].kg;
    assert(!lot->store.id && plan->works == KRNI_WORKS_POOL);
    const krn_status st = krni_lot_wait(run, index, KRN_WAIT_STORAGE, step->store, err);
    lot->store_resource = step->store;
    lot->store = krni_resource_ask(run->pool, (krni_resource_id){plan->slot},
                                   &(krni_ask){.units = kg < plan->units ? kg : plan->units,
                                               .entity = index,
                                               .kind = KRNI_ON_STORE});
    krni_use_note(run, step->store);
    return st;
}

/* Tonnes of room that the lot takes: at most all there is. */
static double room_t(const krni_run *run, const krni_lot *lot)
{
    const double tonnes = run->sim->streams[lot->stream].tonnes;
    return fmin(tonnes, run->sim->resources[lot->store_resource].share_of);
}

krn_status krni_on_store(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    (void)engine;
    krni_run *run = model;
    krni_lot *lot = &run->lots[event.entity];
    lot->stored_s = krni_now(run);
    lot->store_step = lot->at;
    krni_use_level(run, lot->store_resource, room_t(run, lot));
    krni_use_serve(run, lot->store_resource, run->sim->streams[lot->stream].tonnes, 0.0);
    return krni_lot_begin(run, event.entity, err);
}

void krni_store_leave(krni_run *run, uint32_t index)
{
    krni_lot *lot = &run->lots[index];
    if (!lot->store.id)
        return;
    const krni_step *in = &run->sim->steps[run->sim->ways[lot->way].first_step + lot->store_step];
    const double stay = krni_now(run) - lot->stored_s;
    lot->storage_usd += in->storage_usd_s * fmax(0.0, stay - in->storage_free_s);
    krni_use_level(run, lot->store_resource, -room_t(run, lot));
    krni_resource_release(run->pool, lot->store);
    krni_use_note(run, lot->store_resource);
    lot->store = (krni_claim){0};
}
