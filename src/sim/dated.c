/* SPDX-License-Identifier: Apache-2.0 */
/* dated.c - closures, losses of capacity and bans of loading, from one instant to another.
 *
 *   closed     nothing new starts there: posts, yards and terminals serve nobody more, no train
 *              enters the section, no ship leaves or comes to a berth. What has started goes on;
 *              locomotives that stand ready before a closed section go to others
 *   capacity   work at a rate, a block and the distance of trains take 1 / share of their time;
 *              stores, berths and pools keep theirs
 *   ban        lots of the commodity are not loaded there (a step that begins at rest there, or
 *              goes aboard there)
 *
 * Which steps and resources an event touches is found once, when the corridor is laid out: bit i of
 * their masks is event i. */
#include "sim/corridor.h"

static void set_resource(krni_run *run, uint32_t index)
{
    const krni_resource_plan *plan = &run->sim->resources[index];
    krni_use *use = &run->uses[index];
    bool closed = (plan->closing & run->active) != 0;
    use->rate_share = 1.0;
    for (uint32_t i = 0; i < run->sim->input.n_events; i++)
        if (plan->slowing & run->active & 1ull << i)
            use->rate_share *= run->sim->input.events[i].share;
    if (!(use->rate_share > 0.0)) {
        closed = true;
        use->rate_share = 1.0;
    }
    if (plan->works == KRNI_WORKS_QUEUE)
        krni_resource_capacity(run->pool, (krni_resource_id){plan->slot}, closed ? 0 : 1,
                               KRNI_AFTER_SERVICE);
    else if (plan->words.kind == KRN_RESOURCE_BERTHS) /* of a closed port; a ship at one stays */
        krni_resource_capacity(run->pool, (krni_resource_id){plan->slot}, closed ? 0 : plan->units,
                               KRNI_AFTER_SERVICE);
}

/* Lots that were held back look again, in the order in which they came. */
static krn_status look_again(krni_run *run, krn_error *err)
{
    uint32_t lot = run->dated_first;
    run->dated_first = run->dated_last = NONE;
    krn_status st = KRN_OK;
    while (lot != NONE && !st) {
        const uint32_t next = run->lots[lot].next;
        st = krni_lot_begin(run, lot, err);
        lot = next;
    }
    return st;
}

krn_status krni_on_dated(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    (void)engine;
    krni_run *run = model;
    const uint64_t bit = 1ull << event.entity;
    run->active = event.argument ? run->active | bit : run->active & ~bit;
    for (uint32_t i = 0; i < run->sim->n_resources; i++)
        if ((run->sim->resources[i].closing | run->sim->resources[i].slowing) & bit)
            set_resource(run, i);
    krn_status st = KRN_OK;
    for (uint32_t s = 0; s < run->sim->n_sections && !st; s++) {
        if (!(run->sim->resources[run->sim->sections[s].resource].closing & bit))
            continue;
        if (event.argument)
            krni_train_close(run, s);
        else
            st = krni_train_dispatch(run, s, err);
    }
    for (uint32_t s = 0; s < run->sim->n_services && !st && !event.argument; s++)
        if (run->sim->resources[run->sim->services[s].resource].closing & bit)
            st = krni_quay_look(run, s, err);
    return st || event.argument ? st : look_again(run, err);
}

void krni_dated_start(krni_run *run)
{
    const krn_sim *sim = run->sim;
    krni_run_on(run, KRNI_ON_DATED, krni_on_dated);
    run->dated_first = run->dated_last = NONE;
    for (uint32_t i = 0; i < sim->input.n_events; i++) {
        const double from = (double)(sim->input.events[i].from - sim->begin);
        const double to = (double)(sim->input.events[i].to - sim->begin);
        if (to <= 0.0 || from >= sim->end_s)
            continue;
        (void)krni_engine_at(run->engine, from > 0.0 ? from : 0.0,
                             (krni_event){.kind = KRNI_ON_DATED,
                                          .entity = i,
                                          .argument = 1,
                                          .priority = KRNI_PRIORITY_FIRST});
        (void)krni_engine_at(
            run->engine, to,
            (krni_event){.kind = KRNI_ON_DATED, .entity = i, .priority = KRNI_PRIORITY_FIRST});
    }
}
