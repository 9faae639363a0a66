/* SPDX-License-Identifier: Apache-2.0 */
/* arena.c - a list of blocks, each twice the last one up to 1 MiB; allocation moves a mark.
 *
 *   blocks -> [used ....... free] -> [full] -> [full]       newest first; spare ones after a reset
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <keruen/arena.h>

#define ALIGNMENT         16u
#define FIRST_BLOCK_BYTES ((size_t)16 * 1024)
#define LARGEST_STEP      ((size_t)1024 * 1024)

typedef struct block {
    struct block *next;
    size_t size; /* of the data behind the header */
    size_t used;
} block;

#define HEADER_BYTES ((sizeof(block) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT)

struct krn_arena {
    krn_allocator allocator;
    block *blocks; /* in use, newest first */
    block *spare;  /* kept by a reset */
    size_t bytes;
    size_t limit_bytes;
    size_t next_block_bytes;
};

static void *allocate_with_malloc(void *context, size_t size)
{
    (void)context;
    return malloc(size);
}

static void release_with_free(void *context, void *memory)
{
    (void)context;
    free(memory);
}

krn_arena *krn_arena_new(const krn_allocator *allocator, size_t limit_bytes)
{
    const krn_allocator standard = {allocate_with_malloc, release_with_free, NULL};
    const krn_allocator taken = allocator ? *allocator : standard;
    krn_arena *arena = taken.allocate(taken.context, sizeof *arena);
    if (!arena)
        return NULL;
    memset(arena, 0, sizeof *arena);
    arena->allocator = taken;
    arena->limit_bytes = limit_bytes;
    arena->next_block_bytes = FIRST_BLOCK_BYTES;
    return arena;
}

static void release_list(krn_arena *arena, block *list)
{
    while (list) {
        block *next = list->next;
        arena->allocator.release(arena->allocator.context, list);
        list = next;
    }
}

void krn_arena_free(krn_arena *arena)
{
    if (!arena)
        return;
    const krn_allocator allocator = arena->allocator;
    release_list(arena, arena->blocks);
    release_list(arena, arena->spare);
    allocator.release(allocator.context, arena);
}

void krn_arena_reset(krn_arena *arena)
{
    while (arena->blocks) {
        block *b = arena->blocks;
        arena->blocks = b->next;
        b->used = 0;
        b->next = arena->spare;
        arena->spare = b;
    }
}

static block *take_spare(krn_arena *arena, size_t size)
{
    for (block **at = &arena->spare; *at; at = &(*at)->next) {
        block *b = *at;
        if (b->size >= size) {
            *at = b->next;
            return b;
        }
    }
    return NULL;
}

static block *take_new(krn_arena *arena, size_t size)
{
    size_t data = arena->next_block_bytes > size ? arena->next_block_bytes : size;
    if (data > SIZE_MAX - HEADER_BYTES)
        return NULL;
    if (arena->limit_bytes) {
        const size_t left =
            arena->limit_bytes > arena->bytes ? arena->limit_bytes - arena->bytes : 0;
        if (left < size + HEADER_BYTES)
            return NULL;
        if (data + HEADER_BYTES > left)
            data = left - HEADER_BYTES;
    }
    block *b = arena->allocator.allocate(arena->allocator.context, HEADER_BYTES + data);
    if (!b)
        return NULL;
    b->size = data;
    b->used = 0;
    arena->bytes += HEADER_BYTES + data;
    if (arena->next_block_bytes < LARGEST_STEP)
        arena->next_block_bytes *= 2;
    return b;
}

void *krn_arena_alloc(krn_arena *arena, size_t size)
{
    assert(arena);
    if (size > SIZE_MAX - HEADER_BYTES - ALIGNMENT)
        return NULL;
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    block *b = arena->blocks;
    if (!b || b->size - b->used < size) {
        b = take_spare(arena, size);
        if (!b)
            b = take_new(arena, size);
        if (!b)
            return NULL;
        b->next = arena->blocks;
        arena->blocks = b;
    }
    unsigned char *data = (unsigned char *)b + HEADER_BYTES + b->used;
    b->used += size;
    return data;
}

void *krn_arena_calloc(krn_arena *arena, size_t count, size_t size)
{
    if (size && count > SIZE_MAX / size)
        return NULL;
    void *memory = krn_arena_alloc(arena, count * size);
    if (memory)
        memset(memory, 0, count * size);
    return memory;
}

char *krn_arena_text(krn_arena *arena, const char *text)
{
    const size_t size = strlen(text) + 1;
    char *copy = krn_arena_alloc(arena, size);
    if (copy)
        memcpy(copy, text, size);
    return copy;
}

size_t krn_arena_bytes(const krn_arena *arena)
{
    return arena->bytes;
}
