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

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct krni_entry {
    double time;
    uint64_t order;
} krni_entry;

static inline bool krni_entry_before(krni_entry a, krni_entry b)
{
    return a.time < b.time || (a.time == b.time && a.order < b.order);
}

typedef struct krni_event_queue krni_event_queue;

/* An empty queue; NULL when memory runs out. */
krni_event_queue *krni_event_queue_new(void);

/* queue may be NULL. */
void krni_event_queue_free(krni_event_queue *queue);

/* Forgets all entries and keeps the memory. */
void krni_event_queue_reset(krni_event_queue *queue);

/* false when memory runs out, then nothing was added. */
bool krni_event_queue_push(krni_event_queue *queue, double time, uint64_t order);

/* The earliest entry; false when there is none. */
bool krni_event_queue_first(krni_event_queue *queue, krni_entry *first);

/* Takes the earliest entry out. The queue is not empty. */
krni_entry krni_event_queue_pop(krni_event_queue *queue);

/* Takes out every entry for which dead(context, order) is true. O(n). */
void krni_event_queue_purge(krni_event_queue *queue, bool (*dead)(void *context, uint64_t order),
                            void *context);

size_t krni_event_queue_count(const krni_event_queue *queue);
size_t krni_event_queue_bytes(const krni_event_queue *queue);

#endif
