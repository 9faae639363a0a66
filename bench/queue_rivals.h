/* queue_rivals.h - other calendars than the one of the kernel, to measure them beside it.
 *
 * As the papers have them, without the care of a product: a calendar queue (Brown 1988,
 * Communications of the ACM 31, 1220-1227) and a ladder queue (Tang, Goh, Thng 2005, ACM
 * Transactions on Modeling and Computer Simulation 15, 175-204). Order: time, then order. Made for
 * a number of entries known beforehand; NULL and false when memory runs out. */
#ifndef QUEUE_RIVALS_H
#define QUEUE_RIVALS_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/event_queue.h"

typedef struct calendar_queue calendar_queue;
calendar_queue *calendar_queue_new(size_t most);
void calendar_queue_free(calendar_queue *queue);
bool calendar_queue_push(calendar_queue *queue, krni_entry entry);
krni_entry calendar_queue_pop(calendar_queue *queue);

typedef struct ladder_queue ladder_queue;
ladder_queue *ladder_queue_new(size_t most);
void ladder_queue_free(ladder_queue *queue);
bool ladder_queue_push(ladder_queue *queue, krni_entry entry);
krni_entry ladder_queue_pop(ladder_queue *queue);

#endif
