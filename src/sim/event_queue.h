/* event_queue.h - a set of times that gives back the earliest one.
 *
 * An entry is 16 bytes: the time, and a word `order` that decides between equal times and tells
 * the owner which event it is. No two entries have the same order word, so the order is total and
 * what is popped does not depend on the structure inside.
 *
 *   times      finite, >= 0, not below what was popped last
 *   ownership  the queue owns its memory; reset keeps it for the next run
 *   threads    one thread at a time per queue
 *   errors     push tells false when memory runs out; nothing else fails
 */
#ifndef SIM_EVENT_QUEUE_H
#define SIM_EVENT_QUEUE_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/simd.h"

typedef struct krni_entry {
    double time;
    uint64_t order;
} krni_entry;

static inline bool krni_entry_before(krni_entry a, krni_entry b)
{
    return a.time < b.time || (a.time == b.time && a.order < b.order);
}

#define KRNI_FRONT_ROOM 128u

/* An entry as a whole number of 128 bits: times >= 0 order like the bits of the doubles. */
typedef struct krni_event_key {
    uint64_t high; /* of the time */
    uint64_t low;  /* order */
} krni_event_key;

/* What the fast paths see: the earliest entries, sorted. The rest is event_queue.c's. Before *first
 * lie what was popped last and the stops: never behind an entry that is still to come. */
typedef struct krni_event_queue {
    krni_event_key *first; /* first .. end - 1 */
    krni_event_key *end;
    krni_event_key *room_end;
    size_t n_buckets;         /* entries behind the front */
    krni_event_key front_end; /* all in the front are below it, all others are not; <= infinity */
    krni_event_key stops_and_front[2 + KRNI_FRONT_ROOM]; /* two stops: {0, 0} */
} krni_event_queue;

/* An empty queue; NULL when memory runs out. */
krni_event_queue *krni_event_queue_new(void);

/* queue may be NULL. */
void krni_event_queue_free(krni_event_queue *queue);

/* Forgets all entries and keeps the memory. */
void krni_event_queue_reset(krni_event_queue *queue);

/* Takes out every entry for which dead(context, order) is true. O(n). */
void krni_event_queue_purge(krni_event_queue *queue, bool (*dead)(void *context, uint64_t order),
                            void *context);

size_t krni_event_queue_count(const krni_event_queue *queue);
size_t krni_event_queue_bytes(const krni_event_queue *queue);

/* Of the functions below: the cases that are not the front's own; push_behind takes any. */
bool krni_event_queue_push_behind(krni_event_queue *queue, double time, uint64_t order);
void krni_event_queue_refill(krni_event_queue *queue);

static inline bool krni_event_key_below(uint64_t high, uint64_t low, krni_event_key than)
{
    return (high < than.high) | ((high == than.high) & (low < than.low));
}

static inline uint64_t krni_event_time_bits(double time)
{
    uint64_t bits;
    memcpy(&bits, &time, sizeof bits);
    return bits;
}

/* Does the entry belong into the front, and is there room? front_end is not above infinity. */
static inline bool krni_event_queue_in_front(const krni_event_queue *queue, double time)
{
    return krni_event_time_bits(time) < queue->front_end.high && queue->end != queue->room_end;
}

/* Into the sorted front, where it belongs, at a time behind that popped last. The first step has no
 * branch: with two events pending it is the only one, and which of the two comes first cannot be
 * foreseen. */
static inline void krni_event_queue_insert_later(krni_event_queue *queue, double time,
                                                 uint64_t order)
{
    const uint64_t high = krni_event_time_bits(time);
    krni_event_key *at = queue->end++;
    const krni_event_key last = *--at;
    assert(high > queue->first[-1].high);
    bool before = high < last.high;
    if (KRNI_UNLIKELY(high == last.high))
        before = order < last.low;
    const uint64_t swap = -(uint64_t)before;
    const uint64_t swap_high = (high ^ last.high) & swap;
    const uint64_t swap_low = (order ^ last.low) & swap;
    at[0].high = last.high ^ swap_high;
    at[0].low = last.low ^ swap_low;
    at[1].high = high ^ swap_high;
    at[1].low = order ^ swap_low;
    if (KRNI_UNLIKELY(krni_event_key_below(high, order, at[-1]))) {
        do {
            *at = at[-1];
            at--;
        } while (krni_event_key_below(high, order, at[-1]));
        at->high = high;
        at->low = order;
    }
}

/* The same at any time. */
static inline void krni_event_queue_insert(krni_event_queue *queue, double time, uint64_t order)
{
    const uint64_t high = krni_event_time_bits(time);
    if (KRNI_LIKELY(high > queue->first[-1].high)) {
        krni_event_queue_insert_later(queue, time, order);
        return;
    }
    krni_event_key *at = queue->end++;
    for (; at > queue->first && krni_event_key_below(high, order, at[-1]); at--)
        *at = at[-1];
    *at = (krni_event_key){high, order};
}

/* Adds an entry if it belongs into the front and there is room. */
static inline bool krni_event_queue_push_front(krni_event_queue *queue, double time, uint64_t order)
{
    if (!krni_event_queue_in_front(queue, time))
        return false;
    krni_event_queue_insert(queue, time, order);
    return true;
}

/* false when memory runs out, then nothing was added. O(1) amortised. */
static inline bool krni_event_queue_push(krni_event_queue *queue, double time, uint64_t order)
{
    return krni_event_queue_push_front(queue, time, order) ||
           krni_event_queue_push_behind(queue, time, order);
}

/* The earliest entry of a front that is not empty. */
static inline krni_entry krni_event_queue_front(const krni_event_queue *queue)
{
    krni_entry first = {.order = queue->first->low};
    memcpy(&first.time, &queue->first->high, sizeof first.time);
    return first;
}

/* The earliest entry; false when there is none. */
static inline bool krni_event_queue_first(krni_event_queue *queue, krni_entry *first)
{
    if (queue->first == queue->end) {
        if (!queue->n_buckets)
            return false;
        krni_event_queue_refill(queue);
    }
    *first = krni_event_queue_front(queue);
    return true;
}

/* Takes the entry out that krni_event_queue_first gave. */
static inline void krni_event_queue_drop(krni_event_queue *queue)
{
    queue->first++;
}

/* Takes the earliest entry out. The queue is not empty. */
static inline krni_entry krni_event_queue_pop(krni_event_queue *queue)
{
    krni_entry entry = {0.0, 0};
    (void)krni_event_queue_first(queue, &entry);
    queue->first++;
    return entry;
}

#endif
