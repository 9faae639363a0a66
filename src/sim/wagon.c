/* SPDX-License-Identifier: Apache-2.0 */
/* wagon.c - empty wagons: asked for, taken along, sent home.
 *
 *   pool --> loaded at A --> ... --> unloaded at B --> empty, by the same way back --> pool
 *
 * A pool is a row of fleet.csv: wagons of a gauge and type that a country has for the corridor. Its
 * wagons may be anywhere; what is counted is how long each is away: until it has come home empty to
 * where it was loaded. On the way home wagons ask for train paths like laden ones (train.c); at
 * borders, gauge changes and ferries they take the typical time and no place in a queue.
 * A lot that needs more wagons than the pool has takes all of it.
 *
 * At a gauge change where goods are moved over, wagons of the other gauge are asked for when the
 * lot arrives. If there are none it is set down and its own wagons go home at once: nobody holds
 * wagons while waiting for wagons. Where bogies are changed the wagon runs through. */
#include <assert.h>
#include <math.h>

#include "sim/corridor.h"

krn_status krni_wagons_ask(krni_run *run, uint32_t index, krn_error *err)
{
    krni_lot *lot = &run->lots[index];
    const krni_step *step = krni_step_of(run, lot);
    const krni_resource_plan *plan = &run->sim->resources[step->wagons];
    assert(!lot->fresh.id && step->n_wagons > 0);
    const int64_t n = (int64_t)step->n_wagons < plan->units ? (int64_t)step->n_wagons : plan->units;
    krn_status st = krni_lot_wait(run, index, KRN_WAIT_WAGON, step->wagons, err);
    lot->fresh_pool = step->wagons;
    lot->n_fresh = (uint32_t)n;
    lot->fresh =
        krni_resource_ask(run->pool, (krni_resource_id){plan->slot},
                          &(krni_ask){.units = n, .entity = index, .kind = KRNI_ON_WAGONS});
    krni_use_note(run, step->wagons);
    if (!st && lot->wagons.id && krni_claim_look(run->pool, lot->fresh) != KRNI_CLAIM_HELD)
        /* set down */
        st = krni_wagons_home(run, index, err);
    return st;
}

krn_status krni_on_wagons(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    (void)engine;
    krni_run *run = model;
    const krni_lot *lot = &run->lots[event.entity];
    krni_use_level(run, lot->fresh_pool, lot->n_fresh);
    krni_use_serve(run, lot->fresh_pool, lot->n_fresh, 0.0);
    return krni_lot_begin(run, event.entity, err);
}

static void back_in_pool(krni_run *run, uint32_t index)
{
    krni_empties *e = &run->empties[index];
    krni_use_level(run, e->pool, -(double)e->n_wagons);
    krni_resource_release(run->pool, e->wagons);
    krni_use_note(run, e->pool);
    e->wagons = (krni_claim){0};
    e->next = run->free_empties;
    run->free_empties = index;
}

krn_status krni_empties_next(krni_run *run, uint32_t index, krn_error *err)
{
    krni_empties *e = &run->empties[index];
    const krni_course *way = &run->sim->ways[e->way];
    while (e->at > e->to) {
        const krni_step *step = &run->sim->steps[way->first_step + --e->at];
        if (step->section != NONE) {
            const double run_s = krni_draw_s(run, step->running, 0.5);
            if (run->counting)
                run->totals[KRN_TOTAL_EMPTY_WAGON_KM] += e->n_wagons * step->km;
            return krni_train_ask(run, step->section, 1u - step->direction, true, index,
                                  step->empty_t, step->train_m, run_s, err);
        }
        const double seconds =
            step->kind == KRN_RIDE || step->kind == KRN_CROSS || step->kind == KRN_GAUGE_CHANGE
                ? krni_draw_s(run, step->duration, 0.5)
                : 0.0;
        if (seconds > 0.0) {
            (void)krni_engine_in(run->engine, seconds,
                                 (krni_event){.kind = KRNI_ON_HOME, .entity = index});
            return KRN_OK;
        }
    }
    back_in_pool(run, index);
    return KRN_OK;
}

krn_status krni_on_home(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    (void)engine;
    return krni_empties_next(model, event.entity, err);
}

krn_status krni_wagons_home(krni_run *run, uint32_t lot_index, krn_error *err)
{
    krni_lot *lot = &run->lots[lot_index];
    if (!lot->wagons.id)
        return KRN_OK;
    uint32_t index = run->free_empties;
    if (index != NONE) {
        run->free_empties = run->empties[index].next;
    } else {
        const krn_status st = krni_pool_grow((void **)&run->empties, sizeof *run->empties,
                                             run->n_empties, &run->empties_capacity, err);
        if (st)
            return st;
        index = run->n_empties++;
    }
    run->empties[index] = (krni_empties){.wagons = lot->wagons,
                                         .pool = lot->wagon_pool,
                                         .n_wagons = lot->n_wagons,
                                         .way = lot->way,
                                         .at = lot->at,
                                         .to = lot->wagon_step + 1,
                                         .next = NONE};
    if (run->empties[index].to > run->empties[index].at)
        run->empties[index].to = run->empties[index].at;
    lot->wagons = (krni_claim){0};
    return krni_empties_next(run, index, err);
}
