/* SPDX-License-Identifier: Apache-2.0 */
/* engine_data.h - the inside of engine.h, shared by engine.c and resource.c only, so that a grant
 * plans its event without a call.
 *
 * A planned event is a slot of the pool and an entry of the calendar. The entry's order word holds
 * all that decides between equal times, and the slot:
 *
 *      63    60 59                      24 23            0
 *     [priority |  number of the planning |     slot      ]
 *
 * so a tie costs one comparison of whole numbers, and the word is also the event's id: it is
 * pending as long as its slot still holds that number. */
#ifndef SIM_ENGINE_DATA_H
#define SIM_ENGINE_DATA_H

#include <assert.h>

#include "base/simd.h"
#include "sim/engine.h"
#include "sim/event_queue.h"

#define KRNI_SLOT_BITS     24u
#define KRNI_NUMBER_BITS   36u
#define KRNI_SLOT_MASK     ((UINT64_C(1) << KRNI_SLOT_BITS) - 1)
#define KRNI_MOST_NUMBERS  (UINT64_C(1) << KRNI_NUMBER_BITS)
#define KRNI_NO_SLOT       UINT32_MAX
#define KRNI_FAILURE_BYTES 128

typedef struct krni_event_slot {
    krni_event event; /* argument of a free slot: the next one */
    uint32_t number;  /* low bits of the number of the planning */
} krni_event_slot;

#define KRNI_KIND_FREE 0xFFFFu /* the slot is in the list of free ones */
#define KRNI_KIND_DEAD 0xFFFEu /* cancelled, still in the calendar or the lane */

struct krni_engine {
    double now; /* first: see krni_engine_now */
    krni_event_queue *calendar;
    krni_event_slot *slots;
    uint64_t number; /* of the next planning; 0 is never used, so that no id is 0 */
    uint32_t free_slot;
    bool stopping;
    size_t lane_n;
    uint64_t n_handled;
    uint64_t bound;
    uint64_t *lane; /* order words; a ring of lane_size, a power of two */
    size_t lane_size;
    size_t lane_first;
    size_t n_dead;
    size_t sweep_at;
    uint32_t n_slots;
    krn_status failure;
    char failure_text[KRNI_FAILURE_BYTES];
    krni_handler *handlers[KRNI_MAX_KINDS];
    void *models[KRNI_MAX_KINDS];
};

/* Takes the free slot for an event; the order word of it. */
static KRNI_INLINE uint64_t krni_engine_fill(krni_engine *engine, uint32_t entity,
                                             uint32_t argument, uint16_t kind, int priority)
{
    const uint32_t index = engine->free_slot;
    krni_event_slot *at = &engine->slots[index];
    const uint64_t number = engine->number++;
    const uint64_t rank = (uint64_t)(priority - KRNI_PRIORITY_FIRST);
    engine->free_slot = at->event.argument;
    at->event.entity = entity;
    at->event.argument = argument;
    at->event.kind = kind;
    at->event.priority = (int16_t)priority;
    at->number = (uint32_t)number;
    return rank << (KRNI_SLOT_BITS + KRNI_NUMBER_BITS) | number << KRNI_SLOT_BITS | index;
}

/* For this instant, for a time before now or none, or where something has to grow. */
krni_event_id krni_engine_plan_rare(krni_engine *engine, double time, krni_event event);

/* Not into the front: into the buckets, or refused if the time is infinite. */
krni_event_id krni_engine_plan_behind(krni_engine *engine, double time, uint64_t order);

/* krni_engine_plan; the common cases call nothing, or as the last thing that they do. */
static KRNI_INLINE krni_event_id krni_engine_plan_here(krni_engine *engine, double time,
                                                       uint32_t entity, uint32_t argument,
                                                       uint16_t kind, int priority)
{
    assert(kind < KRNI_MAX_KINDS && engine->handlers[kind]);
    assert(priority >= KRNI_PRIORITY_FIRST && priority <= KRNI_PRIORITY_LAST);
    if (KRNI_UNLIKELY(!(time > engine->now) || engine->number == KRNI_MOST_NUMBERS ||
                      engine->free_slot == KRNI_NO_SLOT))
        return krni_engine_plan_rare(engine, time,
                                     (krni_event){entity, argument, kind, (int16_t)priority});
    const uint64_t order = krni_engine_fill(engine, entity, argument, kind, priority);
    if (!krni_event_queue_in_front(engine->calendar, time))
        return krni_engine_plan_behind(engine, time, order);
    krni_event_queue_insert_later(engine->calendar, time, order);
    return (krni_event_id){order};
}

#endif
