/* SPDX-License-Identifier: Apache-2.0 */
/* engine.c - the run loop, the pool of events, and the lane of what happens at once.
 *
 * A planned event is a slot of the pool and an entry of the calendar (engine_data.h). A cancelled
 * event stays in the calendar as a dead slot until its time has come, or until the dead are the
 * majority and are swept out.
 *
 * What is planned for this very instant with normal priority (grants of resources, mostly) does
 * not go through the calendar but through the lane, a ring in order of planning:
 *
 *      calendar first (12.5, order 40)     lane [order 38][order 41] ...   all at now = 12.5
 *      next: the smaller order of the two if the calendar's first is also at now, else the lane
 */
#include "sim/engine.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "sim/engine_data.h"

#define MOST_SLOTS  (UINT32_C(1) << KRNI_SLOT_BITS)
#define FIRST_SLOTS 64u
#define FIRST_LANE  64u
#define MANY_SLOTS  65536u /* 1 MB: about what the second cache holds */
#define FEW_DEAD    64u    /* never swept */

krni_engine *krni_engine_new(void)
{
    krni_engine *engine = calloc(1, sizeof *engine);
    if (!engine)
        return NULL;
    engine->calendar = krni_event_queue_new();
    engine->slots = malloc(FIRST_SLOTS * sizeof *engine->slots);
    engine->lane = malloc(FIRST_LANE * sizeof *engine->lane);
    engine->n_slots = FIRST_SLOTS;
    engine->lane_size = FIRST_LANE;
    engine->bound = UINT64_MAX;
    if (!engine->calendar || !engine->slots || !engine->lane) {
        krni_engine_free(engine);
        return NULL;
    }
    krni_engine_reset(engine);
    return engine;
}

void krni_engine_free(krni_engine *engine)
{
    if (!engine)
        return;
    krni_event_queue_free(engine->calendar);
    free(engine->slots);
    free(engine->lane);
    free(engine);
}

/* Slots first .. n_slots - 1 become the free ones, the first of them to be used first. */
static void free_slots_from(krni_engine *engine, uint32_t first)
{
    for (uint32_t i = first; i < engine->n_slots; i++)
        engine->slots[i].event = (krni_event){
            .kind = KRNI_KIND_FREE, .argument = i + 1 < engine->n_slots ? i + 1 : KRNI_NO_SLOT};
    engine->free_slot = first;
}

void krni_engine_reset(krni_engine *engine)
{
    krni_event_queue_reset(engine->calendar);
    free_slots_from(engine, 0);
    engine->now = 0.0;
    engine->number = 1;
    engine->lane_first = 0;
    engine->lane_n = 0;
    engine->n_dead = 0;
    engine->sweep_at = FEW_DEAD;
    engine->n_handled = 0;
    engine->stopping = false;
    engine->failure = KRN_OK;
}

void krni_engine_on(krni_engine *engine, uint16_t kind, krni_handler *handler, void *model)
{
    assert(kind < KRNI_MAX_KINDS);
    engine->handlers[kind] = handler;
    engine->models[kind] = model;
}

void krni_engine_fail(krni_engine *engine, krn_status status, const char *text)
{
    engine->stopping = true;
    if (engine->failure)
        return;
    engine->failure = status;
    snprintf(engine->failure_text, sizeof engine->failure_text, "%s", text);
}

static bool grow_slots(krni_engine *engine)
{
    const uint32_t n = engine->n_slots;
    if (n >= MOST_SLOTS) {
        krni_engine_fail(engine, KRN_E_LIMIT, "simulation: more than 2^24 pending events");
        return false;
    }
    krni_event_slot *slots = realloc(engine->slots, 2 * (size_t)n * sizeof *slots);
    if (!slots) {
        krni_engine_fail(engine, KRN_E_MEMORY, "simulation: out of memory for events");
        return false;
    }
    engine->slots = slots;
    engine->n_slots = 2 * n;
    free_slots_from(engine, n);
    return true;
}

static void free_slot(krni_engine *engine, uint32_t index)
{
    engine->slots[index].event.kind = KRNI_KIND_FREE;
    engine->slots[index].event.argument = engine->free_slot;
    engine->free_slot = index;
}

static KRNI_APART bool grow_lane(krni_engine *engine)
{
    const size_t size = engine->lane_size;
    uint64_t *lane = malloc(2 * size * sizeof *lane);
    if (!lane)
        return false;
    for (size_t i = 0; i < size; i++)
        lane[i] = engine->lane[(engine->lane_first + i) & (size - 1)];
    free(engine->lane);
    engine->lane = lane;
    engine->lane_first = 0;
    engine->lane_size = 2 * size;
    return true;
}

static inline bool push_lane(krni_engine *engine, uint64_t order)
{
    if (KRNI_UNLIKELY(engine->lane_n == engine->lane_size) && !grow_lane(engine))
        return false;
    engine->lane[(engine->lane_first + engine->lane_n++) & (engine->lane_size - 1)] = order;
    return true;
}

/* Why an event cannot be planned; no id. */
static KRNI_APART krni_event_id refuse(krni_engine *engine, double time)
{
    if (!(time >= engine->now && time < (double)INFINITY)) /* NaN too */
        krni_engine_fail(engine, KRN_E_ARG,
                         "simulation: an event is planned for before now, or never");
    else if (engine->number == KRNI_MOST_NUMBERS)
        krni_engine_fail(engine, KRN_E_LIMIT, "simulation: more than 2^36 events in a run");
    else
        krni_engine_fail(engine, KRN_E_MEMORY, "simulation: out of memory for events");
    return (krni_event_id){0};
}

krni_event_id krni_engine_plan_behind(krni_engine *engine, double time, uint64_t order)
{
    if (time < (double)INFINITY && krni_event_queue_push_behind(engine->calendar, time, order))
        return (krni_event_id){order};
    free_slot(engine, (uint32_t)(order & KRNI_SLOT_MASK));
    return refuse(engine, time);
}

krni_event_id krni_engine_plan_rare(krni_engine *engine, double time, krni_event event)
{
    const bool sound = time >= engine->now && time < (double)INFINITY;
    if (!sound || engine->number == KRNI_MOST_NUMBERS)
        return refuse(engine, time);
    if (engine->free_slot == KRNI_NO_SLOT && !grow_slots(engine))
        return (krni_event_id){0};
    const uint64_t order =
        krni_engine_fill(engine, event.entity, event.argument, event.kind, event.priority);
    if (time > engine->now || event.priority != KRNI_PRIORITY_NORMAL)
        return krni_engine_plan_behind(engine, time, order);
    if (push_lane(engine, order))
        return (krni_event_id){order};
    free_slot(engine, (uint32_t)(order & KRNI_SLOT_MASK));
    return refuse(engine, time);
}

krni_event_id krni_engine_plan(krni_engine *engine, double time, uint32_t entity, uint32_t argument,
                               uint16_t kind, int priority)
{
    return krni_engine_plan_here(engine, time, entity, argument, kind, priority);
}

bool krni_engine_pending(const krni_engine *engine, krni_event_id id)
{
    const uint32_t index = (uint32_t)(id.order & KRNI_SLOT_MASK);
    if (!id.order || index >= engine->n_slots)
        return false;
    const krni_event_slot *at = &engine->slots[index];
    return at->event.kind < KRNI_MAX_KINDS && at->number == (uint32_t)(id.order >> KRNI_SLOT_BITS);
}

/* For the sweep: frees the slot of a dead entry on the way. */
static bool is_dead(void *context, uint64_t order)
{
    krni_engine *engine = context;
    const uint32_t index = (uint32_t)(order & KRNI_SLOT_MASK);
    if (engine->slots[index].event.kind != KRNI_KIND_DEAD)
        return false;
    free_slot(engine, index);
    engine->n_dead--;
    return true;
}

bool krni_engine_cancel(krni_engine *engine, krni_event_id id)
{
    if (!krni_engine_pending(engine, id))
        return false;
    engine->slots[id.order & KRNI_SLOT_MASK].event.kind = KRNI_KIND_DEAD;
    engine->n_dead++;
    if (engine->n_dead > engine->sweep_at &&
        2 * engine->n_dead > krni_event_queue_count(engine->calendar) + engine->lane_n) {
        krni_event_queue_purge(engine->calendar, is_dead, engine);
        engine->sweep_at = FEW_DEAD + 2 * engine->n_dead; /* those in the lane stay */
    }
    return true;
}

/* Where many are pending, the slots of what will come next lie in memory: the front, filled anew,
 * tells which ones. */
static void fetch_ahead(const krni_engine *engine)
{
    const krni_event_queue *calendar = engine->calendar;
    for (const krni_event_key *at = calendar->first; at < calendar->end; at++)
        KRNI_PREFETCH(&engine->slots[at->low & KRNI_SLOT_MASK]);
}

/* Takes the next order word out and sets the clock; 0 when nothing is left before until. */
static KRNI_APART uint64_t take_rare(krni_engine *engine, double until)
{
    krni_entry first;
    if (engine->stopping)
        return 0;
    const bool refilled = engine->calendar->first == engine->calendar->end;
    const bool planned = krni_event_queue_first(engine->calendar, &first);
    if (refilled && engine->n_slots >= MANY_SLOTS)
        fetch_ahead(engine);
    if (engine->lane_n) {
        const uint64_t in_lane = engine->lane[engine->lane_first];
        if (!(engine->now < until))
            return 0;
        if (!planned || first.time > engine->now || in_lane < first.order) {
            engine->lane_first = (engine->lane_first + 1) & (engine->lane_size - 1);
            engine->lane_n--;
            return in_lane;
        }
    }
    if (!planned || !(first.time < until))
        return 0;
    assert(first.time >= engine->now);
    krni_event_queue_drop(engine->calendar);
    engine->now = first.time;
    return first.order;
}

/* The same; mostly the lane is empty and the front of the calendar is not. */
static KRNI_INLINE uint64_t take_next(krni_engine *engine, krni_event_queue *calendar, double until)
{
    if (KRNI_UNLIKELY(engine->lane_n | engine->stopping) || calendar->first == calendar->end)
        return take_rare(engine, until);
    const krni_entry first = krni_event_queue_front(calendar);
    if (KRNI_UNLIKELY(!(first.time < until)))
        return 0;
    assert(first.time >= engine->now);
    krni_event_queue_drop(calendar);
    engine->now = first.time;
    return first.order;
}

static krn_status end_of_run(krni_engine *engine, double until, krn_error *err)
{
    if (engine->failure)
        return krni_fail(err, engine->failure, "%s", engine->failure_text);
    if (!engine->stopping && until > engine->now && until < (double)INFINITY)
        engine->now = until;
    engine->stopping = false;
    return KRN_OK;
}

krn_status krni_engine_run(krni_engine *engine, double until, krn_error *err)
{
    krni_event_queue *calendar = engine->calendar;
    for (uint64_t order; (order = take_next(engine, calendar, until)) != 0;) {
        const uint32_t index = (uint32_t)(order & KRNI_SLOT_MASK);
        const krni_event event = engine->slots[index].event;
        free_slot(engine, index);
        if (KRNI_UNLIKELY(event.kind == KRNI_KIND_DEAD)) {
            engine->n_dead--;
            continue;
        }
        if (KRNI_UNLIKELY(engine->n_handled == engine->bound)) {
            krni_engine_fail(engine, KRN_E_LIMIT, "simulation: the bound of events is reached");
            break;
        }
        engine->n_handled++;
        const krn_status status =
            engine->handlers[event.kind](engine->models[event.kind], engine, event, err);
        if (status)
            return status;
    }
    return end_of_run(engine, until, err);
}

void krni_engine_stop(krni_engine *engine)
{
    engine->stopping = true;
}

void krni_engine_bound(krni_engine *engine, uint64_t n_events)
{
    engine->bound = n_events ? n_events : UINT64_MAX;
}

krni_engine_state krni_engine_look(const krni_engine *engine)
{
    return (krni_engine_state){
        .now = engine->now,
        .n_handled = engine->n_handled,
        .n_pending = krni_event_queue_count(engine->calendar) + engine->lane_n - engine->n_dead,
        .bytes = sizeof *engine + krni_event_queue_bytes(engine->calendar) +
                 engine->n_slots * sizeof *engine->slots + engine->lane_size * sizeof *engine->lane,
    };
}
