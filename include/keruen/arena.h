/* arena.h - the memory of one query.
 *
 * All that a query makes (labels, routes, texts) lives in an arena that the caller owns, and goes
 * with one call. An arena grows by blocks taken from an allocator that can be replaced.
 *
 *   ownership  krn_arena_new / krn_arena_free; what krn_arena_alloc returns lives until
 *              krn_arena_reset or krn_arena_free
 *   threads    one thread at a time per arena
 *   errors     NULL when memory runs out or the arena's limit is reached; nothing else fails
 */
#ifndef KERUEN_ARENA_H
#define KERUEN_ARENA_H

#include <stddef.h>

#include <keruen/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct krn_arena krn_arena;

typedef struct krn_allocator {
    void *(*allocate)(void *context, size_t size); /* aligned for any type, or NULL */
    void (*release)(void *context, void *memory);  /* memory may be NULL */
    void *context;
} krn_allocator;

/* A new arena. allocator NULL takes malloc and free. limit_bytes bounds the sum of all blocks;
 * 0 means no bound. NULL when memory runs out. */
KRN_API krn_arena *krn_arena_new(const krn_allocator *allocator, size_t limit_bytes);

/* Gives back all blocks and the arena. arena may be NULL. O(blocks). */
KRN_API void krn_arena_free(krn_arena *arena);

/* Forgets all that was allocated and keeps the blocks for the next query. O(blocks). */
KRN_API void krn_arena_reset(krn_arena *arena);

/* size bytes, aligned to 16, not cleared; NULL when memory runs out. size 0 gives a valid pointer.
 * Amortised O(1). */
KRN_API void *krn_arena_alloc(krn_arena *arena, size_t size);

/* count * size bytes, cleared; NULL when memory runs out or the product overflows. */
KRN_API void *krn_arena_calloc(krn_arena *arena, size_t count, size_t size);

/* A copy of a NUL-terminated text; NULL when memory runs out. */
KRN_API char *krn_arena_text(krn_arena *arena, const char *text);

/* Bytes of all blocks taken from the allocator so far. */
KRN_API size_t krn_arena_bytes(const krn_arena *arena);

#ifdef __cplusplus
}
#endif
#endif
