/* SPDX-License-Identifier: Apache-2.0 */
/* engine.c - the run loop, the pool of events, and the lane of what happens at once.
 *
 * A planned event is a slot of the pool and an entry of the calendar. The entry's order word holds
 * all that decides between equal times, and the slot:
 *
 *      63    60 59                      24 23            0
 *     [priority |  number of the planning |     slot      ]
 *
 * so a tie costs one comparison of whole numbers, and the word is also the event's id: it is
 * pending as long as its slot still holds that number. A cancelled event stays in the calendar as
 * a dead slot until its time has come, or until the dead are the majority and are swept out.
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
#include "base/simd.h"
#include "sim/event_queue.h"

#define SLOT_BITS     24u
#define NUMBER_BITS   36u
#define SLOT_MASK     ((UINT64_C(1) << SLOT_BITS) - 1)
#define MOST_SLOTS    (UINT32_C(1) << SLOT_BITS)
#define MOST_NUMBERS  (UINT64_C(1) << NUMBER_BITS)
#define FIRST_SLOTS   64u
#define FIRST_LANE    64u
#define FEW_DEAD      64u     /* never swept */
#define KIND_FREE     0xFFFFu /* the slot is in the list of free ones */
#define KIND_DEAD     0xFFFEu /* cancelled, still in the calendar or the lane */
#define NO_SLOT       UINT32_MAX
#define FAILURE_BYTES 128

typedef struct slot {
    krni_event event; /* kind may be KIND_FREE or KIND_DEAD; argument of a free slot: the next */
    uint32_t number;  /* low bits of the number of the planning */
} slot;

typedef struct receiver {
    krni_handler *handler;
    void *model;
} receiver;

struct krni_engine {
    double now; /* first: see krni_engine_now */
    krni_event_queue *calendar;
    slot *slots;
    uint32_t n_slots;
    uint32_t free_slot;
    uint64_t number; /* of the next planning; 0 is never used, so that no id is 0 */
    uint64_t *lane;  /* order words; a ring of lane_size, a power of two */
    size_t lane_size;
    size_t lane_first;
    size_t lane_n;
    size_t n_dead;
    size_t sweep_at;
    uint64_t n_handled;
    uint64_t bound;
    bool stopping;
    krn_status failure;
    char failure_text[FAILURE_BYTES];
    receiver receivers[KRNI_MAX_KINDS];
};

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
        engine->slots[i] = (slot){.event.kind = KIND_FREE,
                                  .event.argument = i + 1 < engine->n_slots ? i + 1 : NO_SLOT};
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
    engine->receivers[kind] = (receiver){handler, model};
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
    slot *slots = realloc(engine->slots, 2 * (size_t)n * sizeof *slots);
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
    engine->slots[index].event.kind = KIND_FREE;
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
    else if (engine->number == MOST_NUMBERS)
        krni_engine_fail(engine, KRN_E_LIMIT, "simulation: more than 2^36 events in a run");
    else
        krni_engine_fail(engine, KRN_E_MEMORY, "simulation: out of memory for events");
    return (krni_event_id){0};
}

/* Takes the free slot for an event; the order word of it. */
static inline uint64_t fill_slot(krni_engine *engine, uint32_t entity, uint32_t argument,
                                 uint16_t kind, int priority)
{
    const uint32_t index = engine->free_slot;
    slot *at = &engine->slots[index];
    const uint64_t number = engine->number++;
    const uint64_t rank = (uint64_t)(priority - KRNI_PRIORITY_FIRST);
    engine->free_slot = at->event.argument;
    at->event.entity = entity;
    at->event.argument = argument;
    at->event.kind = kind;
    at->event.priority = (int16_t)priority;
    at->number = (uint32_t)number;
    return rank << (SLOT_BITS + NUMBER_BITS) | number << SLOT_BITS | index;
}

static KRNI_APART krni_event_id plan_behind(krni_engine *engine, double time, uint64_t order)
{
    if (krni_event_queue_push_behind(engine->calendar, time, order))
        return (krni_event_id){order};
    free_slot(engine, (uint32_t)(order & SLOT_MASK));
    return refuse(engine, time);
}

/* For this instant, for a wrong time, or where something has to grow. */
static KRNI_APART krni_event_id plan_rare(krni_engine *engine, double time, krni_event event)
{
    const bool sound = time >= engine->now && time < (double)INFINITY;
    if (!sound || engine->number == MOST_NUMBERS)
        return refuse(engine, time);
    if (engine->free_slot == NO_SLOT && !grow_slots(engine))
        return (krni_event_id){0};
    const uint64_t order =
        fill_slot(engine, event.entity, event.argument, event.kind, event.priority);
    if (time > engine->now || event.priority != KRNI_PRIORITY_NORMAL)
        return plan_behind(engine, time, order);
    if (push_lane(engine, order))
        return (krni_event_id){order};
    free_slot(engine, (uint32_t)(order & SLOT_MASK));
    return refuse(engine, time);
}

/* The common case calls nothing, so that it needs no registers saved. */
krni_event_id krni_engine_plan(krni_engine *engine, double time, uint32_t entity, uint32_t argument,
                               uint16_t kind, int priority)
{
    assert(kind < KRNI_MAX_KINDS && engine->receivers[kind].handler);
    assert(priority >= KRNI_PRIORITY_FIRST && priority <= KRNI_PRIORITY_LAST);
    const bool later = time > engine->now && time < (double)INFINITY;
    if (KRNI_UNLIKELY(!later || engine->number == MOST_NUMBERS || engine->free_slot == NO_SLOT))
        return plan_rare(engine, time, (krni_event){entity, argument, kind, (int16_t)priority});
    const uint64_t order = fill_slot(engine, entity, argument, kind, priority);
    if (!krni_event_queue_push_front(engine->calendar, time, order))
        return plan_behind(engine, time, order);
    return (krni_event_id){order};
}

bool krni_engine_pending(const krni_engine *engine, krni_event_id id)
{
    const uint32_t index = (uint32_t)(id.order & SLOT_MASK);
    if (!id.order || index >= engine->n_slots)
        return false;
    const slot *at = &engine->slots[index];
    return at->event.kind < KRNI_MAX_KINDS && at->number == (uint32_t)(id.order >> SLOT_BITS);
}

/* For the sweep: frees the slot of a dead entry on the way. */
static bool is_dead(void *context, uint64_t order)
{
    krni_engine *engine = context;
    const uint32_t index = (uint32_t)(order & SLOT_MASK);
    if (engine->slots[index].event.kind != KIND_DEAD)
        return false;
    free_slot(engine, index);
    engine->n_dead--;
    return true;
}

bool krni_engine_cancel(krni_engine *engine, krni_event_id id)
{
    if (!krni_engine_pending(engine, id))
        return false;
    engine->slots[id.order & SLOT_MASK].event.kind = KIND_DEAD;
    engine->n_dead++;
    if (engine->n_dead > engine->sweep_at &&
        2 * engine->n_dead > krni_event_queue_count(engine->calendar) + engine->lane_n) {
        krni_event_queue_purge(engine->calendar, is_dead, engine);
        engine->sweep_at = FEW_DEAD + 2 * engine->n_dead; /* those in the lane stay */
    }
    return true;
}

/* Takes the next order word out and sets the clock; false when nothing is left before until. */
static bool take_next(krni_engine *engine, double until, uint64_t *order)
{
    krni_entry first;
    const bool planned = krni_event_queue_first(engine->calendar, &first);
    if (engine->lane_n) {
        const uint64_t in_lane = engine->lane[engine->lane_first];
        if (!(engine->now < until))
            return false;
        if (!planned || first.time > engine->now || in_lane < first.order) {
            engine->lane_first = (engine->lane_first + 1) & (engine->lane_size - 1);
            engine->lane_n--;
            *order = in_lane;
            return true;
        }
    }
    if (!planned || !(first.time < until))
        return false;
    assert(first.time >= engine->now);
    krni_event_queue_drop(engine->calendar);
    engine->now = first.time;
    *order = first.order;
    return true;
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
    uint64_t order;
    while (!engine->stopping && take_next(engine, until, &order)) {
        const uint32_t index = (uint32_t)(order & SLOT_MASK);
        const krni_event event = engine->slots[index].event;
        free_slot(engine, index);
        if (KRNI_UNLIKELY(event.kind == KIND_DEAD)) {
            engine->n_dead--;
            continue;
        }
        if (KRNI_UNLIKELY(engine->n_handled == engine->bound)) {
            krni_engine_fail(engine, KRN_E_LIMIT, "simulation: the bound of events is reached");
            break;
        }
        engine->n_handled++;
        const receiver *to = &engine->receivers[event.kind];
        const krn_status status = to->handler(to->model, engine, event, err);
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
