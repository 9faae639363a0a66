/* SPDX-License-Identifier: Apache-2.0 */
/* pareto_clock.h - when an arc may be entered, and what a well-formed question is. */
#ifndef PLAN_PARETO_CLOCK_H
#define PLAN_PARETO_CLOCK_H

#include <keruen/pareto.h>

/* The first instant >= at at which the clock lets one pass; KRN_PARETO_INFINITY if there is none.
 * First-in-first-out: a larger `at` never gives a smaller answer. O(log windows). */
static inline uint32_t krni_clock_enter(const krn_pareto_clock *clock, uint32_t at)
{
    if (at < clock->not_before)
        at = clock->not_before;
    if (clock->n_windows > 0) {
        uint32_t low = 0; /* the first window that closes at `at` or later */
        uint32_t high = clock->n_windows;
        while (low < high) {
            const uint32_t middle = low + (high - low) / 2;
            if (clock->close[middle] < at)
                low = middle + 1;
            else
                high = middle;
        }
        if (low == clock->n_windows)
            return KRN_PARETO_INFINITY;
        if (at < clock->open[low])
            at = clock->open[low];
    }
    return at <= clock->not_after ? at : KRN_PARETO_INFINITY;
}

/* KRN_E_ARG with a reason if the graph breaks its contract. O(nodes + arcs + windows). */
krn_status krni_pareto_check_graph(const krn_pareto_graph *graph, krn_error *err);

/* KRN_E_ARG if the query does not fit the (checked) graph. O(1). */
krn_status krni_pareto_check_query(const krn_pareto_graph *graph, const krn_pareto_query *query,
                                   krn_error *err);

#endif
