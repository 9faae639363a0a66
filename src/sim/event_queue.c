/* SPDX-License-Identifier: Apache-2.0 */
/* event_queue.c - a sorted front before buckets of a radix heap.
 *
 * Read as whole numbers, times >= 0 order like the doubles that they are. So an entry is a number
 * of 128 bits, time above order, no two alike. The earliest entries lie sorted in the front; the
 * others in buckets by the highest byte in which they differ from `base`:
 *
 *          front, sorted               level 8          level 9      ...    level 15
 *   pop <-- [. . e1 e2 e3 e4 . .]        [slot = byte]    [slot = byte]
 *               all < front_end <-refill-- first used
 *
 *   push     below front_end: into its place of the front; else to the end of its bucket
 *   refill   the first bucket of the lowest level used, and those behind it as long as all fit the
 *            front, are moved there and sorted. A bucket that is too large becomes the new base
 *            and is split over the levels below
 *   spill    a front that is full gives its later part to the buckets
 *   rebase   what is spilled may lie before base (planned between now and the next event): base
 *            moves down to it, and the levels below the one where they differ become one bucket
 *
 * An entry moves down at most 16 levels, in practice one to three, so push and pop are O(1)
 * amortised for any law of times; there is no width to choose, and nothing to tune in a run. A
 * bucket is a list of chunks. Chunks are set aside when entries are pushed, as many as the worst
 * spread over buckets can need, so that splitting never has to ask for memory. */
#include "sim/event_queue.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/simd.h"

#define FRONT_MOST   64u /* entries when the room is used up; if more, the later ones are spilled */
#define FRONT_TAKE   32u /* a refill takes so many */
#define LEVELS       16u
#define SLOTS        256u
#define PER_CHUNK    15u /* 256 bytes in all */
#define FIRST_CHUNKS 256u

typedef krni_event_key key;

typedef struct chunk {
    struct chunk *next;
    uint32_t n; /* PER_CHUNK; of the head of a bucket see there */
    key entry[PER_CHUNK];
} chunk;

typedef struct bucket {
    chunk *head;      /* the one that is being filled; NULL: empty */
    uint32_t in_head; /* PER_CHUNK where empty, so that the first entry asks for a chunk */
    uint32_t n;
} bucket;

typedef struct slab {
    struct slab *next;
    chunk chunks[];
} slab;

typedef struct calendar {
    krni_event_queue open; /* the front; first, so that a pointer to it is one to all */
    size_t most;           /* entries in buckets for which chunks suffice */
    key base;
    chunk *free_chunks;
    slab *slabs;
    size_t n_chunks;
    size_t bytes;
    uint32_t levels_used; /* bit l: level l is not empty */
    uint64_t used[LEVELS][SLOTS / 64];
    bucket buckets[LEVELS][SLOTS];
} calendar;

static inline bool key_below(key a, key b)
{
    return a.high < b.high || (a.high == b.high && a.low < b.low);
}

/* Behind all times: infinity. */
static const key last_key = {UINT64_C(0x7FF) << 52, UINT64_MAX};

/* --- chunks --- */

/* In the worst case every bucket has one chunk that is hardly filled. */
static size_t entries_served(size_t n_chunks)
{
    const size_t spread = (size_t)LEVELS * SLOTS;
    const size_t few = (n_chunks - 2) * PER_CHUNK / (PER_CHUNK + 1);
    if (few <= spread)
        return few;
    const size_t many = n_chunks > spread + 2 ? (n_chunks - spread - 2) * PER_CHUNK : 0;
    return many > spread ? many : spread;
}

static bool grow(calendar *queue)
{
    const size_t n = queue->n_chunks ? queue->n_chunks : FIRST_CHUNKS;
    const size_t bytes = sizeof(slab) + n * sizeof(chunk);
    slab *more = malloc(bytes);
    if (!more)
        return false;
    more->next = queue->slabs;
    queue->slabs = more;
    for (size_t i = n; i-- > 0;) {
        more->chunks[i].next = queue->free_chunks;
        queue->free_chunks = &more->chunks[i];
    }
    queue->n_chunks += n;
    queue->bytes += bytes;
    queue->most = entries_served(queue->n_chunks);
    return true;
}

static chunk *take_chunk(calendar *queue)
{
    chunk *taken = queue->free_chunks;
    assert(taken);
    queue->free_chunks = taken->next;
    taken->n = PER_CHUNK;
    return taken;
}

static void give_chunk(calendar *queue, chunk *given)
{
    given->next = queue->free_chunks;
    queue->free_chunks = given;
}

/* --- buckets --- */

/* Byte in which a key >= base differs first; level 0 if it does not. */
static inline unsigned level_of(const calendar *queue, uint64_t high, uint64_t low)
{
    const uint64_t in_high = high ^ queue->base.high;
    if (KRNI_LIKELY(in_high))
        return 8 + KRNI_HIGH_BIT64(in_high) / 8;
    const uint64_t in_low = low ^ queue->base.low;
    return in_low ? KRNI_HIGH_BIT64(in_low) / 8 : 0;
}

static inline unsigned slot_of(uint64_t high, uint64_t low, unsigned level)
{
    return (unsigned)((level < 8 ? low >> 8 * level : high >> 8 * (level - 8)) & (SLOTS - 1));
}

static inline void mark_used(calendar *queue, unsigned level, unsigned slot)
{
    queue->used[level][slot / 64] |= UINT64_C(1) << slot % 64;
    queue->levels_used |= 1u << level;
}

static inline void mark_empty(calendar *queue, unsigned level, unsigned slot)
{
    uint64_t *used = queue->used[level];
    used[slot / 64] &= ~(UINT64_C(1) << slot % 64);
    if (!(used[0] | used[1] | used[2] | used[3]))
        queue->levels_used &= ~(1u << level);
    queue->buckets[level][slot] = (bucket){NULL, PER_CHUNK, 0};
}

/* A chunk more for a bucket, the first or one before the full ones. */
static KRNI_APART void add_chunk(calendar *queue, unsigned level, unsigned slot)
{
    bucket *b = &queue->buckets[level][slot];
    if (!b->head)
        mark_used(queue, level, slot);
    chunk *head = take_chunk(queue);
    head->next = b->head;
    b->head = head;
    b->in_head = 0;
}

static inline void put(calendar *queue, uint64_t high, uint64_t low)
{
    const unsigned level = level_of(queue, high, low);
    const unsigned slot = slot_of(high, low, level);
    bucket *b = &queue->buckets[level][slot];
    if (KRNI_UNLIKELY(b->in_head == PER_CHUNK))
        add_chunk(queue, level, slot);
    key *to = &b->head->entry[b->in_head++];
    to->high = high;
    to->low = low;
    b->n++;
}

/* First used slot of a level from `slot` on, or SLOTS. */
static unsigned next_slot(const calendar *queue, unsigned level, unsigned slot)
{
    for (unsigned word = slot / 64; word < SLOTS / 64; word++) {
        uint64_t used = queue->used[level][word];
        if (word == slot / 64)
            used &= UINT64_MAX << slot % 64;
        if (used)
            return word * 64 + KRNI_LOW_BIT(used);
    }
    return SLOTS;
}

/* The least key of a bucket: base with one byte replaced and those below 0. */
static key start_of(key base, unsigned level, unsigned slot)
{
    if (level >= 8) {
        const unsigned shift = 8 * (level - 8);
        const uint64_t above = shift == 56 ? 0 : base.high >> (shift + 8) << (shift + 8);
        return (key){above | (uint64_t)slot << shift, 0};
    }
    const unsigned shift = 8 * level;
    const uint64_t above = shift == 56 ? 0 : base.low >> (shift + 8) << (shift + 8);
    return (key){base.high, above | (uint64_t)slot << shift};
}

/* The least key behind a bucket. */
static key end_of(key base, unsigned level, unsigned slot)
{
    key end = start_of(base, level, slot);
    if (level >= 8) {
        end.high += UINT64_C(1) << 8 * (level - 8);
    } else {
        const uint64_t low = end.low;
        end.low += UINT64_C(1) << 8 * level;
        end.high += end.low < low;
    }
    return end;
}

/* The bucket, which is emptied into the levels below, becomes the base. */
static void split(calendar *queue, unsigned level, unsigned slot)
{
    const bucket b = queue->buckets[level][slot];
    assert(level > 0);
    mark_empty(queue, level, slot);
    queue->base = start_of(queue->base, level, slot);
    chunk *next;
    uint32_t n = b.in_head;
    for (chunk *at = b.head; at; at = next, n = PER_CHUNK) {
        next = at->next;
        if (next)
            KRNI_PREFETCH(next);
        for (uint32_t i = 0; i < n; i++)
            put(queue, at->entry[i].high, at->entry[i].low);
        give_chunk(queue, at);
    }
}

/* --- front --- */

static inline size_t in_front(const krni_event_queue *open)
{
    return (size_t)(open->end - open->first);
}

static void empty_front(krni_event_queue *open)
{
    open->first = open->stops_and_front + 2;
    open->end = open->first;
    open->room_end = open->first + KRNI_FRONT_ROOM;
}

/* From a bucket, mostly behind all that is there. */
static inline void append(krni_event_queue *open, uint64_t high, uint64_t low)
{
    assert(open->end < open->room_end);
    key *at = open->end++;
    for (; at > open->first; at--) {
        if (high > at[-1].high || (high == at[-1].high && low > at[-1].low))
            break;
        at[0].high = at[-1].high;
        at[0].low = at[-1].low;
    }
    at->high = high;
    at->low = low;
}

static void take_to_front(calendar *queue, unsigned level, unsigned slot)
{
    const bucket b = queue->buckets[level][slot];
    chunk *next;
    uint32_t n = b.in_head;
    for (chunk *at = b.head; at; at = next, n = PER_CHUNK) {
        next = at->next;
        for (uint32_t i = 0; i < n; i++)
            append(&queue->open, at->entry[i].high, at->entry[i].low);
        give_chunk(queue, at);
    }
    queue->open.n_buckets -= b.n;
    mark_empty(queue, level, slot);
}

/* The front is empty, the buckets are not. */
static void refill(calendar *queue)
{
    unsigned level;
    unsigned slot;
    for (;;) {
        level = KRNI_LOW_BIT((uint64_t)queue->levels_used);
        slot = next_slot(queue, level, 0);
        if (queue->buckets[level][slot].n <= FRONT_TAKE)
            break;
        split(queue, level, slot);
    }
    unsigned last;
    empty_front(&queue->open);
    do {
        take_to_front(queue, level, slot);
        last = slot;
        slot = next_slot(queue, level, slot + 1);
    } while (slot < SLOTS && in_front(&queue->open) + queue->buckets[level][slot].n <= FRONT_TAKE);
    const key end = end_of(queue->base, level, last);
    queue->open.front_end = queue->open.n_buckets && key_below(end, last_key) ? end : last_key;
}

/* Base moves down to k; what lies below the level where they differ becomes one bucket there. */
static void rebase(calendar *queue, key k)
{
    const unsigned level = level_of(queue, k.high, k.low);
    chunk *moved = NULL;
    for (unsigned l = 0; l < level; l++)
        for (unsigned slot = next_slot(queue, l, 0); slot < SLOTS;
             slot = next_slot(queue, l, slot + 1)) {
            const bucket b = queue->buckets[l][slot];
            b.head->n = b.in_head;
            chunk *tail = b.head;
            while (tail->next)
                tail = tail->next;
            tail->next = moved;
            moved = b.head;
            mark_empty(queue, l, slot);
        }
    queue->base = k;
    while (moved) {
        chunk *next = moved->next;
        for (uint32_t i = 0; i < moved->n; i++)
            put(queue, moved->entry[i].high, moved->entry[i].low);
        give_chunk(queue, moved);
        moved = next;
    }
}

/* The front has no room at its end. What is in it moves to the beginning; the later half goes to
 * the buckets, which have room for it, if it is more than FRONT_MOST. */
static KRNI_APART void make_room(calendar *queue)
{
    krni_event_queue *open = &queue->open;
    const size_t n = in_front(open);
    key *front = memmove(open->stops_and_front + 2, open->first, n * sizeof *front);
    empty_front(open);
    open->end += n;
    if (n <= FRONT_MOST)
        return;
    const size_t kept = FRONT_MOST / 2;
    const key first = front[kept];
    if (!open->n_buckets)
        queue->base = first;
    else if (key_below(first, queue->base))
        rebase(queue, first);
    for (size_t i = kept; i < n; i++)
        put(queue, front[i].high, front[i].low);
    open->n_buckets += n - kept;
    open->front_end = first;
    open->end = front + kept;
}

/* --- what the engine calls --- */

static calendar *all_of(krni_event_queue *queue)
{
    return (calendar *)(void *)queue;
}

krni_event_queue *krni_event_queue_new(void)
{
    calendar *queue = calloc(1, sizeof *queue);
    if (!queue)
        return NULL;
    queue->bytes = sizeof *queue;
    for (unsigned level = 0; level < LEVELS; level++)
        for (unsigned slot = 0; slot < SLOTS; slot++)
            queue->buckets[level][slot].in_head = PER_CHUNK;
    krni_event_queue_reset(&queue->open);
    return &queue->open;
}

void krni_event_queue_free(krni_event_queue *open)
{
    if (!open)
        return;
    calendar *queue = all_of(open);
    for (slab *at = queue->slabs, *next; at; at = next) {
        next = at->next;
        free(at);
    }
    free(queue);
}

void krni_event_queue_reset(krni_event_queue *open)
{
    calendar *queue = all_of(open);
    while (queue->levels_used) {
        const unsigned level = KRNI_LOW_BIT((uint64_t)queue->levels_used);
        const unsigned slot = next_slot(queue, level, 0);
        for (chunk *at = queue->buckets[level][slot].head, *next; at; at = next) {
            next = at->next;
            give_chunk(queue, at);
        }
        mark_empty(queue, level, slot);
    }
    empty_front(open);
    open->n_buckets = 0;
    open->front_end = last_key;
    queue->base = (key){0, 0};
}

void krni_event_queue_refill(krni_event_queue *open)
{
    refill(all_of(open));
}

bool krni_event_queue_push_behind(krni_event_queue *open, double time, uint64_t order)
{
    assert(time >= 0.0 && !signbit(time));
    calendar *queue = all_of(open);
    uint64_t high;
    memcpy(&high, &time, sizeof high);
    const bool to_front = krni_event_key_below(high, order, open->front_end);
    if (KRNI_UNLIKELY((to_front && open->end == open->room_end) ||
                      open->n_buckets == queue->most)) {
        while (open->n_buckets + KRNI_FRONT_ROOM > queue->most)
            if (!grow(queue))
                return false;
        if (to_front)
            make_room(queue);
        return krni_event_queue_push(open, time, order);
    }
    if (to_front) {
        krni_event_queue_insert(open, time, order);
        return true;
    }
    put(queue, high, order);
    open->n_buckets++;
    return true;
}

void krni_event_queue_purge(krni_event_queue *open, bool (*dead)(void *context, uint64_t order),
                            void *context)
{
    calendar *queue = all_of(open);
    key *end = open->first;
    for (const key *at = open->first; at < open->end; at++)
        if (!dead(context, at->low))
            *end++ = *at;
    open->end = end;
    for (unsigned level = 0; level < LEVELS; level++)
        for (unsigned slot = next_slot(queue, level, 0); slot < SLOTS;
             slot = next_slot(queue, level, slot + 1)) {
            const bucket b = queue->buckets[level][slot];
            b.head->n = b.in_head;
            mark_empty(queue, level, slot);
            open->n_buckets -= b.n;
            for (chunk *at = b.head, *next; at; at = next) {
                next = at->next;
                for (uint32_t i = 0; i < at->n; i++)
                    if (!dead(context, at->entry[i].low)) {
                        put(queue, at->entry[i].high, at->entry[i].low);
                        open->n_buckets++;
                    }
                give_chunk(queue, at);
            }
        }
}

size_t krni_event_queue_count(const krni_event_queue *open)
{
    return in_front(open) + open->n_buckets;
}

size_t krni_event_queue_bytes(const krni_event_queue *open)
{
    return ((const calendar *)(const void *)open)->bytes;
}
