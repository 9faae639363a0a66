/* SPDX-License-Identifier: Apache-2.0 */
/* pareto_filter.h - a coarse table before the front of the target, which every label is held to.
 *
 * k = 3: f1 falls into one of 1024 cells; least[cell] is the least f2 among the solutions of this
 * cell and all before it. So with b the cell of a label
 *
 *     f2 <  least[b]      no solution covers the label
 *     f2 >= least[b - 1]  one does
 *     else                only the front itself can tell
 *
 * k > 3: the same with 64 x 64 cells of (f1, f2), and one table for each further criterion; any of
 * them may acquit, but only with k = 4 one alone can convict.
 *
 * The cells are laid over the front anew whenever it has doubled; before it has 32 points there is
 * no table. Values past the last cell count to the last cell.
 */
#ifndef PLAN_PARETO_FILTER_H
#define PLAN_PARETO_FILTER_H

#include <string.h>

#include "plan/pareto_front.h"

#define KRNI_FILTER_LINE  1024u
#define KRNI_FILTER_SIDE  64u
#define KRNI_FILTER_CELLS ((size_t)KRNI_FILTER_SIDE * KRNI_FILTER_SIDE)
#define KRNI_FILTER_FROM  32u

typedef enum krni_verdict { KRNI_ACQUITTED, KRNI_COVERED, KRNI_UNSURE } krni_verdict;

typedef struct krni_filter {
    uint32_t *least; /* NULL: no table yet */
    uint32_t low[2]; /* of f1 and f2 */
    unsigned shift[2];
    uint32_t next_build; /* points of the front */
} krni_filter;

static KRNI_INLINE uint32_t krni_filter_cell(const krni_filter *filter, unsigned side, uint32_t f,
                                             uint32_t n_cells)
{
    assert(f >= filter->low[side]);
    const uint32_t cell = (f - filter->low[side]) >> filter->shift[side];
    return cell < n_cells ? cell : n_cells - 1;
}

/* point: f1 .. f[k-1], no less than the bounds of the source. */
static KRNI_INLINE krni_verdict krni_filter_judge(const krni_filter *filter, const uint32_t *point,
                                                  const unsigned k)
{
    if (!filter->least)
        return KRNI_UNSURE;
    if (k == 3) {
        const uint32_t cell = krni_filter_cell(filter, 0, point[0], KRNI_FILTER_LINE);
        if (point[1] < filter->least[cell])
            return KRNI_ACQUITTED;
        return cell > 0 && point[1] >= filter->least[cell - 1] ? KRNI_COVERED : KRNI_UNSURE;
    }
    const uint32_t x = krni_filter_cell(filter, 0, point[0], KRNI_FILTER_SIDE);
    const uint32_t y = krni_filter_cell(filter, 1, point[1], KRNI_FILTER_SIDE);
    const uint32_t *least = filter->least + x * KRNI_FILTER_SIDE + y;
    for (unsigned c = 3; c < k; c++)
        if (point[c - 1] < least[(c - 3) * KRNI_FILTER_CELLS])
            return KRNI_ACQUITTED;
    if (k == 4 && x > 0 && y > 0 && point[2] >= *(least - KRNI_FILTER_SIDE - 1))
        return KRNI_COVERED;
    return KRNI_UNSURE;
}

static KRNI_INLINE void krni_filter_add(krni_filter *filter, const uint32_t *point,
                                        const unsigned k)
{
    if (k == 3) {
        uint32_t cell = krni_filter_cell(filter, 0, point[0], KRNI_FILTER_LINE);
        for (; cell < KRNI_FILTER_LINE && filter->least[cell] > point[1]; cell++)
            filter->least[cell] = point[1];
        return;
    }
    const uint32_t x0 = krni_filter_cell(filter, 0, point[0], KRNI_FILTER_SIDE);
    const uint32_t y0 = krni_filter_cell(filter, 1, point[1], KRNI_FILTER_SIDE);
    for (unsigned c = 3; c < k; c++) {
        uint32_t *least = filter->least + (c - 3) * KRNI_FILTER_CELLS;
        for (uint32_t x = x0; x < KRNI_FILTER_SIDE; x++)
            for (uint32_t y = y0; y < KRNI_FILTER_SIDE; y++) {
                uint32_t *at = &least[x * KRNI_FILTER_SIDE + y];
                if (*at <= point[c - 1])
                    break; /* so it is in all cells behind */
                *at = point[c - 1];
            }
    }
}

/* The i-th point of a front as f1 .. f[k-1]; false if it is struck out, or no point. */
static KRNI_INLINE bool krni_front_point(const krni_front *front, uint32_t i, uint32_t *point,
                                         const unsigned k)
{
    if (k == 3) {
        const uint64_t step = ((const uint64_t *)front->data)[i];
        point[0] = (uint32_t)(step >> 32);
        point[1] = (uint32_t)step;
        return point[1] != UINT32_MAX;
    }
    const uint32_t *at =
        (const uint32_t *)front->data + i / KRNI_LANES * (size_t)k * KRNI_LANES + i % KRNI_LANES;
    for (unsigned c = 1; c < k; c++)
        point[c - 1] = at[(c - 1) * KRNI_LANES];
    return point[0] != UINT32_MAX;
}

/* Lays the cells over the front of the target; low[]: no solution has less. false: out of memory.
 */
static KRNI_INLINE bool krni_filter_build(krni_filter *filter, const krni_front *front,
                                          krni_pool *pool, const uint32_t *low, const unsigned k)
{
    const size_t cells = k == 3 ? KRNI_FILTER_LINE : KRNI_FILTER_CELLS * (k - 3);
    const uint32_t side = k == 3 ? KRNI_FILTER_LINE : KRNI_FILTER_SIDE;
    uint32_t point[KRNI_MAX_DIMS];
    uint32_t high[2] = {low[0], low[1]};
    if (!filter->least)
        filter->least = krni_pool_raw(pool, cells * sizeof *filter->least);
    if (!filter->least)
        return false;
    for (uint32_t i = 0; i < front->n; i++) {
        if (!krni_front_point(front, i, point, k))
            continue;
        for (unsigned s = 0; s < 2; s++)
            high[s] = point[s] > high[s] ? point[s] : high[s];
    }
    for (unsigned s = 0; s < 2; s++) {
        filter->low[s] = low[s];
        filter->shift[s] = 0;
        while ((high[s] - low[s]) >> filter->shift[s] >= side)
            filter->shift[s]++;
    }
    memset(filter->least, 0xff, cells * sizeof *filter->least);
    for (uint32_t i = 0; i < front->n; i++) {
        if (krni_front_point(front, i, point, k))
            krni_filter_add(filter, point, k);
    }
    filter->next_build = 2 * front->n;
    return true;
}

#endif
