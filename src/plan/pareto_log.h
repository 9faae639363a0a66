/* SPDX-License-Identifier: Apache-2.0 */
/* pareto_log.h - what a search has expanded, in order, and the solutions among it.
 *
 *   expansions   8 bytes each in segments of 4096: parent and arc; number = place + 1, 0 is no
 * label solutions    number in the log, f[0] .. f[k-1]
 *
 *   ownership  the arena owns all;  errors  0 or false when memory runs out
 */
#ifndef PLAN_PARETO_LOG_H
#define PLAN_PARETO_LOG_H

#include <keruen/pareto.h>

#include "plan/pareto_net.h"
#include "plan/pareto_pool.h"

#define KRNI_LOG_BITS    12u
#define KRNI_LOG_SEGMENT ((uint32_t)1 << KRNI_LOG_BITS)
#define KRNI_LOG_FULL    (UINT32_MAX - 1)

typedef struct krni_expansion {
    uint32_t parent;
    uint32_t arc; /* record of the net */
} krni_expansion;

typedef struct krni_log {
    krni_pool memory;
    krni_expansion **segment;
    uint32_t segment_capacity;
    uint32_t n;
    unsigned n_criteria; /* of a solution, as in the net */
    uint32_t *solution;
    uint32_t n_solutions;
    uint32_t solution_capacity;
} krni_log;

/* Makes room for one more segment; false when memory runs out. */
bool krni_log_grow(krni_log *log);

/* The number of the new entry, or 0 when memory runs out. O(1). */
static KRNI_INLINE uint32_t krni_log_add(krni_log *log, uint32_t parent, uint32_t arc)
{
    const uint32_t at = log->n;
    assert(at < KRNI_LOG_FULL && parent <= at);
    if (KRNI_UNLIKELY(at % KRNI_LOG_SEGMENT == 0) && !krni_log_grow(log))
        return 0;
    log->segment[at >> KRNI_LOG_BITS][at % KRNI_LOG_SEGMENT] = (krni_expansion){parent, arc};
    return log->n = at + 1;
}

static KRNI_INLINE krni_expansion krni_log_at(const krni_log *log, uint32_t number)
{
    assert(number > 0 && number <= log->n);
    return log->segment[(number - 1) >> KRNI_LOG_BITS][(number - 1) % KRNI_LOG_SEGMENT];
}

/* Notes that the entry is a solution with these costs. */
bool krni_log_solution(krni_log *log, uint32_t number, const uint32_t *f);

/* The solutions with their paths, in the order in which they came. O(all arcs of all paths).
 * KRN_E_MEMORY, or KRN_E_LIMIT if there are more than 2^32 - 1 arcs. */
krn_status krni_log_answer(const krni_log *log, const krni_net *net, unsigned n_criteria,
                           krn_arena *arena, krn_pareto_result *out, krn_error *err);

#endif
