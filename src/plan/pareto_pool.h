/* SPDX-License-Identifier: Apache-2.0 */
/* pareto_pool.h - pieces of doubling size out of an arena, given back and taken again.
 *
 *   piece of class c: unit << c bytes, aligned to 64; spare ones wait in one list per class
 *
 *   ownership  all memory stays the arena's
 *   errors     NULL when the arena is exhausted
 */
#ifndef PLAN_PARETO_POOL_H
#define PLAN_PARETO_POOL_H

#include <assert.h>
#include <stdint.h>

#include <keruen/arena.h>

#include "base/simd.h"

#define KRNI_POOL_CLASSES 40u
#define KRNI_POOL_ALIGN   ((size_t)64)
#define KRNI_POOL_LARGEST ((size_t)1024 * 1024)

typedef struct krni_pool {
    krn_arena *arena;
    size_t unit;  /* bytes of class 0, a multiple of 64 */
    size_t bytes; /* taken from the arena so far */
    size_t slab_bytes;
    unsigned char *at; /* free part of the slab in use */
    unsigned char *end;
    void *spare[KRNI_POOL_CLASSES];
} krni_pool;

static inline krni_pool krni_pool_on(krn_arena *arena, size_t unit)
{
    assert(unit > 0 && unit % KRNI_POOL_ALIGN == 0);
    return (krni_pool){.arena = arena, .unit = unit, .slab_bytes = 4096};
}

/* size bytes aligned to 64, straight from the arena. */
static inline void *krni_pool_raw(krni_pool *pool, size_t size)
{
    if (size > SIZE_MAX / 2)
        return NULL;
    unsigned char *memory = krn_arena_alloc(pool->arena, size + KRNI_POOL_ALIGN);
    if (!memory)
        return NULL;
    pool->bytes += size + KRNI_POOL_ALIGN;
    const size_t past = (size_t)((uintptr_t)memory % KRNI_POOL_ALIGN);
    return past ? memory + (KRNI_POOL_ALIGN - past) : memory;
}

static KRNI_APART void *krni_pool_cut(krni_pool *pool, size_t size)
{
    if ((size_t)(pool->end - pool->at) < size) {
        if (size >= pool->slab_bytes / 2)
            return krni_pool_raw(pool, size);
        unsigned char *slab = krni_pool_raw(pool, pool->slab_bytes);
        if (!slab)
            return NULL;
        pool->at = slab;
        pool->end = slab + pool->slab_bytes;
        if (pool->slab_bytes < KRNI_POOL_LARGEST)
            pool->slab_bytes *= 2;
    }
    void *piece = pool->at;
    pool->at += size;
    return piece;
}

static inline void *krni_pool_take(krni_pool *pool, unsigned class)
{
    if (class >= KRNI_POOL_CLASSES || pool->unit > SIZE_MAX / 4 >> class)
        return NULL;
    void *piece = pool->spare[class];
    if (piece) {
        pool->spare[class] = *(void **)piece;
        return piece;
    }
    return krni_pool_cut(pool, pool->unit << class);
}

static inline void krni_pool_give(krni_pool *pool, unsigned class, void *piece)
{
    *(void **)piece = pool->spare[class];
    pool->spare[class] = piece;
}

#endif
