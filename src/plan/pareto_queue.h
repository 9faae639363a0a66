/* SPDX-License-Identifier: Apache-2.0 */
/* pareto_queue.h - a monotone priority queue: buckets of four levels before a small heap.
 *
 * An entry is `words` unsigned numbers, compared word by word; what is pushed may not be smaller
 * than what was popped last. The first word decides the bucket. Level l has 256 buckets of 256^l
 * values: an entry lies on the level of the highest byte in which it differs from `base`.
 *
 *    level 3 .  level 2 ..  level 1 ...  level 0 ......   heap [base, heap_end)
 *               a bucket that is reached goes into the heap if it is small or 1 wide,
 *               else its entries go to the buckets of the levels below
 *
 * So an entry moves at most four times, and the heap stays in the nearest cache whatever the range
 * of the keys: no width to choose. push and pop are O(log heap) and in practice O(1).
 *
 * All functions take `words` as a constant, so that the compiler makes one copy per size.
 *   ownership  the arena owns all;  errors  push and refill tell false when memory runs out
 */
#ifndef PLAN_PARETO_QUEUE_H
#define PLAN_PARETO_QUEUE_H

#include <string.h>

#include "plan/pareto_pool.h"

#define KRNI_CHUNK_BYTES  ((size_t)512)
#define KRNI_HEAP_SMALL   32u /* a bucket up to this size goes into the heap whole */
#define KRNI_QUEUE_LEVELS 4u
#define KRNI_LEVEL_BITS   8u
#define KRNI_LEVEL_SLOTS  (1u << KRNI_LEVEL_BITS)

typedef struct krni_chunk {
    struct krni_chunk *next;
    uint32_t n;
    uint32_t n_before; /* entries in the chunks behind this one */
    uint32_t word[];
} krni_chunk;

typedef struct krni_queue {
    krni_pool chunks;
    krni_pool heaps;
    uint32_t *heap;
    unsigned heap_class;
    size_t heap_n;
    size_t heap_capacity;
    uint64_t heap_end; /* a first word below it goes into the heap */
    uint32_t base;
    uint64_t used[KRNI_QUEUE_LEVELS][KRNI_LEVEL_SLOTS / 64];
    krni_chunk *bucket[KRNI_QUEUE_LEVELS][KRNI_LEVEL_SLOTS];
} krni_queue;

static inline void krni_queue_start(krni_queue *queue, krn_arena *arena, uint32_t least)
{
    memset(queue, 0, sizeof *queue);
    queue->chunks = krni_pool_on(arena, KRNI_CHUNK_BYTES);
    queue->heaps = krni_pool_on(arena, 4096);
    queue->base = least;
    queue->heap_end = (uint64_t)least + 1;
}

static inline size_t krni_queue_bytes(const krni_queue *queue)
{
    return queue->chunks.bytes + queue->heaps.bytes;
}

static KRNI_INLINE uint64_t krni_queue_key(const uint32_t *entry)
{
    return (uint64_t)entry[0] << 32 | entry[1];
}

static KRNI_INLINE bool krni_queue_less(const uint32_t *a, const uint32_t *b, unsigned words)
{
    const uint64_t key_a = krni_queue_key(a);
    const uint64_t key_b = krni_queue_key(b);
    if (KRNI_LIKELY(key_a != key_b))
        return key_a < key_b;
    for (unsigned w = 2; w < words; w++)
        if (a[w] != b[w])
            return a[w] < b[w];
    return false;
}

static KRNI_INLINE void krni_queue_copy(uint32_t *to, const uint32_t *from, unsigned words)
{
    memcpy(to, from, words * sizeof *to);
}

static KRNI_APART bool krni_queue_grow_heap(krni_queue *queue, size_t needed, unsigned words)
{
    const size_t entry_bytes = words * sizeof(uint32_t);
    unsigned class = queue->heap ? queue->heap_class + 1 : 0;
    while (class < KRNI_POOL_CLASSES && (queue->heaps.unit << class) / entry_bytes < needed)
        class ++;
    uint32_t *heap = krni_pool_take(&queue->heaps, class);
    if (!heap)
        return false;
    if (queue->heap) {
        memcpy(heap, queue->heap, queue->heap_n * entry_bytes);
        krni_pool_give(&queue->heaps, queue->heap_class, queue->heap);
    }
    queue->heap = heap;
    queue->heap_class = class;
    queue->heap_capacity = (queue->heaps.unit << class) / entry_bytes;
    return true;
}

static KRNI_INLINE void krni_heap_up(uint32_t *heap, size_t at, const uint32_t *entry,
                                     unsigned words)
{
    while (at > 0) {
        const size_t parent = (at - 1) / 4;
        if (!krni_queue_less(entry, heap + parent * words, words))
            break;
        krni_queue_copy(heap + at * words, heap + parent * words, words);
        at = parent;
    }
    krni_queue_copy(heap + at * words, entry, words);
}

/* The least of the children first .. end-1; without a branch on the keys unless two are equal. */
static KRNI_INLINE size_t krni_heap_least(const uint32_t *heap, size_t first, size_t end,
                                          unsigned words)
{
    size_t least = first;
    uint64_t key = krni_queue_key(heap + first * words);
    bool tie = false;
    for (size_t c = first + 1; c < end; c++) {
        const uint64_t other = krni_queue_key(heap + c * words);
        tie |= other == key;
        least = other < key ? c : least;
        key = other < key ? other : key;
    }
    if (KRNI_UNLIKELY(tie)) {
        least = first;
        for (size_t c = first + 1; c < end; c++)
            if (krni_queue_less(heap + c * words, heap + least * words, words))
                least = c;
    }
    return least;
}

static KRNI_INLINE void krni_heap_down(uint32_t *heap, size_t n, size_t at, const uint32_t *entry,
                                       unsigned words)
{
    for (;;) {
        const size_t first = at * 4 + 1;
        if (first >= n)
            break;
        const size_t least = KRNI_LIKELY(first + 4 <= n)
                                 ? krni_heap_least(heap, first, first + 4, words)
                                 : krni_heap_least(heap, first, n, words);
        if (!krni_queue_less(heap + least * words, entry, words))
            break;
        krni_queue_copy(heap + at * words, heap + least * words, words);
        at = least;
    }
    krni_queue_copy(heap + at * words, entry, words);
}

static KRNI_INLINE bool krni_queue_to_bucket(krni_queue *queue, const uint32_t *entry,
                                             unsigned words)
{
    const uint32_t per_chunk =
        (uint32_t)((KRNI_CHUNK_BYTES - sizeof(krni_chunk)) / (words * sizeof(uint32_t)));
    const uint32_t differ = entry[0] ^ queue->base;
    const unsigned level = differ ? KRNI_HIGH_BIT32(differ) / KRNI_LEVEL_BITS : 0;
    const unsigned slot = entry[0] >> (level * KRNI_LEVEL_BITS) & (KRNI_LEVEL_SLOTS - 1);
    krni_chunk *chunk = queue->bucket[level][slot];
    if (KRNI_UNLIKELY(!chunk || chunk->n == per_chunk)) {
        krni_chunk *fresh = krni_pool_take(&queue->chunks, 0);
        if (!fresh)
            return false;
        fresh->next = chunk;
        fresh->n = 0;
        fresh->n_before = chunk ? chunk->n_before + chunk->n : 0;
        queue->bucket[level][slot] = chunk = fresh;
        queue->used[level][slot / 64] |= (uint64_t)1 << slot % 64;
    }
    krni_queue_copy(chunk->word + chunk->n * words, entry, words);
    chunk->n++;
    return true;
}

static KRNI_INLINE bool krni_queue_push(krni_queue *queue, const uint32_t *entry, unsigned words)
{
    assert(entry[0] >= queue->base || entry[0] < queue->heap_end);
    if (entry[0] >= queue->heap_end)
        return krni_queue_to_bucket(queue, entry, words);
    if (KRNI_UNLIKELY(queue->heap_n == queue->heap_capacity) &&
        !krni_queue_grow_heap(queue, queue->heap_n + 1, words))
        return false;
    krni_heap_up(queue->heap, queue->heap_n++, entry, words);
    return true;
}

static KRNI_INLINE bool krni_queue_fill_heap(krni_queue *queue, krni_chunk *chunk, unsigned words)
{
    const size_t n = (size_t)chunk->n_before + chunk->n;
    if (n > queue->heap_capacity && !krni_queue_grow_heap(queue, n, words))
        return false;
    uint32_t *to = queue->heap;
    while (chunk) {
        krni_chunk *next = chunk->next;
        memcpy(to, chunk->word, chunk->n * words * sizeof *to);
        to += chunk->n * words;
        krni_pool_give(&queue->chunks, 0, chunk);
        chunk = next;
    }
    queue->heap_n = n;
    for (size_t i = n > 1 ? (n - 2) / 4 + 1 : 0; i-- > 0;) {
        uint32_t entry[16];
        krni_queue_copy(entry, queue->heap + i * words, words);
        krni_heap_down(queue->heap, n, i, entry, words);
    }
    return true;
}

/* Fills the empty heap from the next bucket. false: memory ran out. The heap stays empty only if
 * the queue is empty. */
static KRNI_INLINE bool krni_queue_refill(krni_queue *queue, unsigned words)
{
    assert(queue->heap_n == 0);
    for (unsigned level = 0; level < KRNI_QUEUE_LEVELS;) {
        unsigned at = 0;
        while (at < KRNI_LEVEL_SLOTS / 64 && !queue->used[level][at])
            at++;
        if (at == KRNI_LEVEL_SLOTS / 64) {
            level++;
            continue;
        }
        const unsigned slot = at * 64 + KRNI_LOW_BIT(queue->used[level][at]);
        krni_chunk *chunk = queue->bucket[level][slot];
        queue->bucket[level][slot] = NULL;
        queue->used[level][at] &= queue->used[level][at] - 1;
        const unsigned shift = level * KRNI_LEVEL_BITS;
        const uint32_t below = ((uint32_t)1 << shift) - 1;
        const uint32_t low = chunk->word[0] & ~below;
        if (level == 0 || (size_t)chunk->n_before + chunk->n <= KRNI_HEAP_SMALL) {
            queue->base = low | below;
            queue->heap_end = (uint64_t)queue->base + 1;
            return krni_queue_fill_heap(queue, chunk, words);
        }
        queue->base = low;
        queue->heap_end = low;
        while (chunk) {
            krni_chunk *next = chunk->next;
            for (uint32_t i = 0; i < chunk->n; i++)
                if (!krni_queue_to_bucket(queue, chunk->word + i * words, words))
                    return false;
            krni_pool_give(&queue->chunks, 0, chunk);
            chunk = next;
        }
        level = 0;
    }
    return true;
}

/* The least entry out of a heap that is not empty. */
static KRNI_INLINE void krni_queue_pop(krni_queue *queue, uint32_t *entry, unsigned words)
{
    assert(queue->heap_n > 0);
    krni_queue_copy(entry, queue->heap, words);
    const size_t n = --queue->heap_n;
    if (n > 0)
        krni_heap_down(queue->heap, n, 0, queue->heap + n * words, words);
}

/* Does every entry lie where it must? For tests. O(entries). */
static inline bool krni_queue_check(const krni_queue *queue, unsigned words)
{
    for (size_t i = 0; i < queue->heap_n; i++) {
        const uint32_t *entry = queue->heap + i * words;
        if (entry[0] >= queue->heap_end ||
            (i > 0 && krni_queue_less(entry, queue->heap + (i - 1) / 4 * words, words)))
            return false;
    }
    for (unsigned level = 0; level < KRNI_QUEUE_LEVELS; level++)
        for (unsigned slot = 0; slot < KRNI_LEVEL_SLOTS; slot++) {
            const krni_chunk *chunk = queue->bucket[level][slot];
            if ((chunk != NULL) != (queue->used[level][slot / 64] >> slot % 64 & 1))
                return false;
            for (; chunk; chunk = chunk->next)
                for (uint32_t i = 0; i < chunk->n; i++) {
                    const uint32_t first = chunk->word[i * words];
                    const uint32_t above = (first ^ queue->base) >> level * KRNI_LEVEL_BITS;
                    if (first < queue->heap_end || above >= KRNI_LEVEL_SLOTS ||
                        (first >> level * KRNI_LEVEL_BITS) % KRNI_LEVEL_SLOTS != slot)
                        return false;
                }
        }
    return true;
}

#endif
