/* plan_heap.h - a binary heap of instants, least first; ties by number of the place. */
#ifndef PLAN_PLAN_HEAP_H
#define PLAN_PLAN_HEAP_H

#include <stdbool.h>
#include <stdint.h>

typedef struct krni_heap_entry {
    uint64_t time;
    uint32_t place;
} krni_heap_entry;

static inline bool krni_heap_before(krni_heap_entry a, krni_heap_entry b)
{
    return a.time != b.time ? a.time < b.time : a.place < b.place;
}

static inline void krni_heap_push(krni_heap_entry *heap, uint32_t *n, krni_heap_entry e)
{
    uint32_t i = (*n)++;
    while (i > 0 && krni_heap_before(e, heap[(i - 1) / 2])) {
        heap[i] = heap[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    heap[i] = e;
}

static inline krni_heap_entry krni_heap_pop(krni_heap_entry *heap, uint32_t *n)
{
    const krni_heap_entry top = heap[0], last = heap[--*n];
    uint32_t i = 0;
    for (;;) {
        uint32_t child = 2 * i + 1;
        if (child >= *n)
            break;
        if (child + 1 < *n && krni_heap_before(heap[child + 1], heap[child]))
            child++;
        if (!krni_heap_before(heap[child], last))
            break;
        heap[i] = heap[child];
        i = child;
    }
    heap[i] = last;
    return top;
}

#endif
