/* SPDX-License-Identifier: Apache-2.0 */
/* pareto_log.c - the log grows by segments; paths are read back from its end, many at once. */
#include "plan/pareto_log.h"

#include <string.h>

#include "base/error.h"

#define CHAINS 16u /* paths followed side by side, to hide the latency of memory */

bool krni_log_grow(krni_log *log)
{
    const uint32_t at = log->n >> KRNI_LOG_BITS;
    assert(log->n % KRNI_LOG_SEGMENT == 0);
    if (at == log->segment_capacity) {
        const uint32_t capacity = at ? at * 2 : 16;
        krni_expansion **table = krni_pool_raw(&log->memory, capacity * sizeof *table);
        if (!table)
            return false;
        if (at)
            memcpy(table, log->segment, at * sizeof *table);
        log->segment = table;
        log->segment_capacity = capacity;
    }
    log->segment[at] = krni_pool_raw(&log->memory, KRNI_LOG_SEGMENT * sizeof(krni_expansion));
    return log->segment[at] != NULL;
}

bool krni_log_solution(krni_log *log, uint32_t number, const uint32_t *f)
{
    const unsigned words = log->n_criteria + 1;
    assert(number > 0 && number <= log->n);
    if (log->n_solutions == log->solution_capacity) {
        const uint32_t capacity = log->solution_capacity ? log->solution_capacity * 2 : 16;
        uint32_t *grown = krni_pool_raw(&log->memory, (size_t)capacity * words * sizeof *grown);
        if (!grown)
            return false;
        if (log->n_solutions)
            memcpy(grown, log->solution, (size_t)log->n_solutions * words * sizeof *grown);
        log->solution = grown;
        log->solution_capacity = capacity;
    }
    uint32_t *at = log->solution + (size_t)log->n_solutions++ * words;
    at[0] = number;
    memcpy(at + 1, f, log->n_criteria * sizeof *f);
    return true;
}

/* Follows up to CHAINS paths back to the source at once. length[i] counts the arcs; with `arcs` the
 * arcs are also written, the last one before end[i]. */
static void follow(const krni_log *log, const krni_net *net, const uint32_t *solution, uint32_t n,
                   uint32_t *length, uint32_t *arcs, const uint32_t *end)
{
    const unsigned words = log->n_criteria + 1;
    uint32_t number[CHAINS];
    uint32_t open = n;
    assert(n <= CHAINS);
    for (uint32_t i = 0; i < n; i++) {
        number[i] = solution[(size_t)i * words];
        length[i] = 0;
    }
    while (open > 0) {
        open = 0;
        for (uint32_t i = 0; i < n; i++) {
            const krni_expansion e = krni_log_at(log, number[i]);
            if (e.parent == 0)
                continue;
            assert(e.parent < number[i]);
            length[i]++;
            if (arcs)
                arcs[end[i] - length[i]] = net->arc_of[e.arc];
            number[i] = e.parent;
            open++;
        }
    }
}

/* Fills first[0 .. n] with the places where the paths begin; the number of all arcs. */
static uint64_t measure_paths(const krni_log *log, const krni_net *net, uint32_t *first)
{
    const unsigned words = log->n_criteria + 1;
    const uint32_t n = log->n_solutions;
    uint64_t total = 0;
    first[0] = 0;
    for (uint32_t i = 0; i < n; i += CHAINS) {
        uint32_t length[CHAINS];
        const uint32_t some = n - i < CHAINS ? n - i : CHAINS;
        follow(log, net, log->solution + (size_t)i * words, some, length, NULL, NULL);
        for (uint32_t j = 0; j < some; j++) {
            total += length[j];
            first[i + j + 1] = (uint32_t)total;
        }
    }
    return total;
}

krn_status krni_log_answer(const krni_log *log, const krni_net *net, unsigned n_criteria,
                           krn_arena *arena, krn_pareto_result *out, krn_error *err)
{
    const unsigned words = log->n_criteria + 1;
    const uint32_t n = log->n_solutions;
    assert(n_criteria <= log->n_criteria || n == 0);
    uint32_t *cost = krn_arena_alloc(arena, (size_t)n * n_criteria * sizeof *cost);
    uint32_t *first = krn_arena_alloc(arena, ((size_t)n + 1) * sizeof *first);
    if (!cost || !first)
        return krni_fail_memory(err);
    const uint64_t total = measure_paths(log, net, first);
    if (total > UINT32_MAX)
        return krni_fail(err, KRN_E_LIMIT, "the paths found have more than %u arcs together",
                         UINT32_MAX);
    uint32_t *arcs = krn_arena_alloc(arena, (size_t)total * sizeof *arcs);
    if (!arcs)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < n; i += CHAINS) {
        uint32_t length[CHAINS];
        const uint32_t some = n - i < CHAINS ? n - i : CHAINS;
        follow(log, net, log->solution + (size_t)i * words, some, length, arcs, first + i + 1);
    }
    for (uint32_t i = 0; i < n; i++)
        memcpy(cost + (size_t)i * n_criteria, log->solution + (size_t)i * words + 1,
               n_criteria * sizeof *cost);
    out->n_solutions = n;
    out->cost = cost;
    out->first_step = first;
    out->arcs = arcs;
    return KRN_OK;
}
