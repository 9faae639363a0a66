/* SPDX-License-Identifier: Apache-2.0 */
/* pareto_front.h - the expanded labels of one node without their first criterion.
 *
 * Labels come in the order of criterion 0, so an older label dominates a newer one as soon as it
 * is no worse in the others ("truncated" dominance). What is kept per node:
 *
 *   k = 2   one number, the least f1               (an array of the search, not here)
 *   k = 3   a staircase: f1 rises, f2 falls; one 64-bit key f1 << 32 | f2 per step, searched by
 *           quarters and then in a window of 8, without a branch that depends on the keys. The
 *           first step is (0, UINT32_MAX), which covers nothing, unless one with f1 = 0 took its
 *           place; behind the last one the array is filled with KRNI_NO_STEP
 *   k > 3   blocks of 16 lanes, a plane per criterion and one of stamps (see base/simd.h), oldest
 *           first; a point that a newer one dominates is struck out, and once a quarter is struck
 *           the gaps are closed; the order of the rest stays
 *
 * A stamp tells when a point came: a label needs no test against points older than itself twice.
 */
#ifndef PLAN_PARETO_FRONT_H
#define PLAN_PARETO_FRONT_H

#include <string.h>

#include "plan/pareto_pool.h"

#define KRNI_WINDOW  8u
#define KRNI_SLACK   5u /* with more steps than a window a search may read as far behind the last */
#define KRNI_NO_STEP UINT64_MAX

typedef struct krni_front {
    void *data;
    uint32_t n;      /* steps, or lanes in use */
    uint16_t struck; /* of these lanes; UINT16_MAX: that many or more */
    uint8_t class;   /* size of data: unit << class */
} krni_front;

/* Room for one more step or block, or false when memory runs out. */
static KRNI_APART bool krni_front_grow(krni_front *front, krni_pool *pool, size_t used_bytes)
{
    const unsigned class = front->data ? front->class + 1u : 0;
    void *data = krni_pool_take(pool, class);
    if (!data)
        return false;
    if (front->data) {
        memcpy(data, front->data, used_bytes);
        krni_pool_give(pool, front->class, front->data);
    }
    front->data = data;
    front->class = (uint8_t) class;
    return true;
}

/* Asks early for what a search of the front looks at first. */
static KRNI_INLINE void krni_front_prefetch(const krni_front *front, const unsigned k)
{
    if (front->n == 0)
        return;
    if (k == 3)
        KRNI_PREFETCH((const uint64_t *)front->data + front->n / 2);
    else
        KRNI_PREFETCH((const uint32_t *)front->data +
                      front->n / KRNI_LANES * (size_t)k * KRNI_LANES);
}

/* Number of steps with a key < key, of n > 0: by quarters, whose three loads do not wait for each
 * other, then by a window of fixed width. What is read behind the steps is KRNI_NO_STEP. */
static KRNI_INLINE size_t krni_stairs_below(const uint64_t *step, size_t n, uint64_t key)
{
    const uint64_t *low = step;
    while (n > KRNI_WINDOW) {
        const size_t quarter = n / 4;
        const size_t below = (size_t)(low[quarter - 1] < key) + (low[2 * quarter - 1] < key) +
                             (low[3 * quarter - 1] < key);
        low += below * quarter;
        n -= 3 * quarter;
    }
    size_t below = 0;
    for (size_t i = 0; i < KRNI_WINDOW; i++)
        below += low[i] < key;
    return (size_t)(low - step) + below;
}

/* Is a step <= (f1, f2) in both? Else *place is where such a step would stand. */
static KRNI_INLINE bool krni_stairs_cover(const krni_front *front, uint32_t f1, uint32_t f2,
                                          size_t *place)
{
    const uint64_t *step = front->data;
    *place = 0;
    if (front->n == 0)
        return false;
    const size_t at = krni_stairs_below(step, front->n, ((uint64_t)f1 + 1) << 32);
    assert(at > 0); /* the step at 0 */
    const uint64_t last = step[at - 1];
    *place = at - (last >> 32 == f1);
    return (uint32_t)last <= f2;
}

/* How many steps fit into the array as it is. */
static KRNI_INLINE size_t krni_stairs_room(const krni_front *front, const krni_pool *pool)
{
    if (!front->data)
        return 0;
    const size_t capacity = (pool->unit << front->class) / sizeof(uint64_t);
    return capacity > KRNI_WINDOW ? capacity - KRNI_SLACK : capacity;
}

/* Also sets the first step of an empty front. false: memory ran out. */
static KRNI_APART bool krni_stairs_grow(krni_front *front, krni_pool *pool)
{
    if (!krni_front_grow(front, pool, front->n * sizeof(uint64_t)))
        return false;
    uint64_t *step = front->data;
    if (front->n == 0)
        step[front->n++] = UINT32_MAX;
    const size_t capacity = (pool->unit << front->class) / sizeof(uint64_t);
    for (size_t i = front->n; i < capacity; i++)
        step[i] = KRNI_NO_STEP;
    return true;
}

/* Adds a step that is not covered at its place. false: memory ran out. */
static KRNI_INLINE bool krni_stairs_add(krni_front *front, krni_pool *pool, uint32_t f1,
                                        uint32_t f2, size_t at)
{
    if (front->n == krni_stairs_room(front, pool)) {
        assert(front->n > 0 || at == 0);
        at = front->n == 0 ? f1 > 0 : at;
        if (!krni_stairs_grow(front, pool))
            return false;
    }
    uint64_t *step = front->data;
    size_t end = at;
    while (end < front->n && (uint32_t)step[end] >= f2)
        end++;
    if (end != at + 1)
        memmove(step + at + 1, step + end, (front->n - end) * sizeof *step);
    step[at] = (uint64_t)f1 << 32 | f2;
    const size_t n = front->n + 1 - (end - at);
    for (size_t i = n; i < front->n; i++)
        step[i] = KRNI_NO_STEP;
    front->n = (uint32_t)n;
    return true;
}

/* Adds a point of dims coordinates; those that it dominates go. false: memory ran out. */
static KRNI_INLINE bool krni_blocks_add(krni_front *front, krni_pool *pool, const krni_simd *simd,
                                        const uint32_t *point, uint32_t stamp, unsigned dims)
{
    const size_t step = (dims + 1) * (size_t)KRNI_LANES;
    size_t lane = front->n % KRNI_LANES;
    size_t block = front->n / KRNI_LANES;
    if (front->n > 0) {
        const size_t struck =
            front->struck + simd->strike[dims](front->data, block + (lane > 0), point);
        front->struck = struck < UINT16_MAX ? (uint16_t)struck : UINT16_MAX;
    }
    if (lane == 0 && (front->struck > front->n / 4 || front->struck == UINT16_MAX)) {
        front->n = (uint32_t)krni_simd_close_gaps(front->data, front->n, dims);
        front->struck = 0;
        lane = front->n % KRNI_LANES;
        block = front->n / KRNI_LANES;
    }
    if (lane == 0) {
        const size_t capacity = front->data ? (size_t)1 << front->class : 0;
        if (block == capacity && !krni_front_grow(front, pool, block * step * sizeof(uint32_t)))
            return false;
        memset((uint32_t *)front->data + block * step, 0xff, step * sizeof(uint32_t));
    }
    uint32_t *at = (uint32_t *)front->data + block * step + lane;
    for (unsigned d = 0; d < dims; d++)
        at[d * KRNI_LANES] = point[d];
    at[dims * KRNI_LANES] = stamp;
    front->n++;
    return true;
}

/* Is a point <= point that came at stamp or later? */
static KRNI_INLINE bool krni_blocks_cover(const krni_front *front, const krni_simd *simd,
                                          const uint32_t *point, uint32_t stamp, unsigned dims)
{
    const size_t step = (dims + 1) * (size_t)KRNI_LANES;
    const uint32_t *data = front->data;
    if (front->n == 0)
        return false;
    const size_t n_blocks = (front->n + KRNI_LANES - 1) / KRNI_LANES;
    size_t from = 0;
    if (stamp > 0) {
        const uint32_t *stamps = data + dims * KRNI_LANES;
        if (stamps[(n_blocks - 1) * step + (front->n - 1) % KRNI_LANES] < stamp)
            return false;
        from = n_blocks - 1;
        while (from > 0 && stamps[(from - 1) * step + KRNI_LANES - 1] >= stamp)
            from--;
    }
    return simd->covered[dims](data + from * step, n_blocks - from, point);
}

#endif
