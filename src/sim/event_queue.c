/* SPDX-License-Identifier: Apache-2.0 */
/* event_queue.c - a heap in an array, four children to a parent. */
#include "sim/event_queue.h"

#include <assert.h>
#include <stdlib.h>

#define FIRST_CAPACITY 64u

struct krni_event_queue {
    krni_entry *heap;
    size_t n;
    size_t capacity;
};

krni_event_queue *krni_event_queue_new(void)
{
    return calloc(1, sizeof(krni_event_queue));
}

void krni_event_queue_free(krni_event_queue *queue)
{
    if (!queue)
        return;
    free(queue->heap);
    free(queue);
}

void krni_event_queue_reset(krni_event_queue *queue)
{
    queue->n = 0;
}

static bool grow(krni_event_queue *queue)
{
    const size_t capacity = queue->capacity ? 2 * queue->capacity : FIRST_CAPACITY;
    krni_entry *heap = realloc(queue->heap, capacity * sizeof *heap);
    if (!heap)
        return false;
    queue->heap = heap;
    queue->capacity = capacity;
    return true;
}

static void sift_up(krni_entry *heap, size_t at, krni_entry entry)
{
    while (at > 0) {
        const size_t parent = (at - 1) / 4;
        if (!krni_entry_before(entry, heap[parent]))
            break;
        heap[at] = heap[parent];
        at = parent;
    }
    heap[at] = entry;
}

static void sift_down(krni_entry *heap, size_t n, size_t at, krni_entry entry)
{
    for (;;) {
        const size_t first = 4 * at + 1;
        if (first >= n)
            break;
        const size_t end = first + 4 < n ? first + 4 : n;
        size_t least = first;
        for (size_t child = first + 1; child < end; child++)
            if (krni_entry_before(heap[child], heap[least]))
                least = child;
        if (!krni_entry_before(heap[least], entry))
            break;
        heap[at] = heap[least];
        at = least;
    }
    heap[at] = entry;
}

bool krni_event_queue_push(krni_event_queue *queue, krni_entry entry)
{
    if (queue->n == queue->capacity && !grow(queue))
        return false;
    sift_up(queue->heap, queue->n++, entry);
    return true;
}

const krni_entry *krni_event_queue_first(krni_event_queue *queue)
{
    return queue->n ? queue->heap : NULL;
}

krni_entry krni_event_queue_pop(krni_event_queue *queue)
{
    assert(queue->n > 0);
    const krni_entry first = queue->heap[0];
    if (--queue->n)
        sift_down(queue->heap, queue->n, 0, queue->heap[queue->n]);
    return first;
}

void krni_event_queue_purge(krni_event_queue *queue, bool (*dead)(void *context, uint64_t order),
                            void *context)
{
    size_t kept = 0;
    for (size_t i = 0; i < queue->n; i++)
        if (!dead(context, queue->heap[i].order))
            queue->heap[kept++] = queue->heap[i];
    queue->n = kept;
    for (size_t i = kept / 4 + 1; i-- > 0;)
        if (i < kept)
            sift_down(queue->heap, kept, i, queue->heap[i]);
}

size_t krni_event_queue_count(const krni_event_queue *queue)
{
    return queue->n;
}

size_t krni_event_queue_bytes(const krni_event_queue *queue)
{
    return sizeof *queue + queue->capacity * sizeof *queue->heap;
}
