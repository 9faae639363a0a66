/* SPDX-License-Identifier: Apache-2.0 */
/* pareto_check.c - refuses a malformed graph or query before the search trusts it.
 *
 * The long loops gather faults without a branch and look for the culprit only if there is one. */
#include <math.h>

#include "base/error.h"
#include "plan/pareto_clock.h"

static krn_status check_clock(const krn_pareto_clock *clock, uint32_t number, krn_error *err)
{
    if (clock->n_windows == 0)
        return KRN_OK;
    if (!clock->open || !clock->close)
        return krni_fail(err, KRN_E_ARG, "graph: clock %u has windows but no arrays", number);
    bool bad = clock->open[0] > clock->close[0];
    for (uint32_t w = 1; w < clock->n_windows; w++) {
        bad |= clock->open[w] > clock->close[w];
        bad |= clock->close[w - 1] >= clock->open[w];
    }
    if (bad)
        return krni_fail(err, KRN_E_ARG, "graph: windows of clock %u are not sorted and disjoint",
                         number);
    return KRN_OK;
}

static krn_status check_rows(const krn_pareto_graph *graph, krn_error *err)
{
    bool bad = graph->first_arc[0] != 0 || graph->first_arc[graph->n_nodes] != graph->n_arcs;
    for (uint32_t v = 0; v < graph->n_nodes; v++)
        bad |= graph->first_arc[v] > graph->first_arc[v + 1];
    if (bad)
        return krni_fail(err, KRN_E_ARG, "graph: first_arc does not rise from 0 to n_arcs");
    for (uint32_t a = 0; a < graph->n_arcs; a++)
        bad |= graph->head[a] >= graph->n_nodes;
    if (bad)
        return krni_fail(err, KRN_E_ARG, "graph: the head of an arc is not a node");
    if (!graph->clock)
        return KRN_OK;
    for (uint32_t a = 0; a < graph->n_arcs; a++)
        bad |= graph->clock[a] >= graph->n_clocks && graph->clock[a] != KRN_PARETO_NO_CLOCK;
    if (bad)
        return krni_fail(err, KRN_E_ARG, "graph: an arc names a clock that does not exist");
    return KRN_OK;
}

krn_status krni_pareto_check_graph(const krn_pareto_graph *graph, krn_error *err)
{
    if (!graph)
        return krni_fail(err, KRN_E_ARG, "graph: missing");
    if (graph->n_criteria < 1 || graph->n_criteria > KRN_PARETO_MAX_CRITERIA)
        return krni_fail(err, KRN_E_ARG, "graph: %u criteria, expected 1 to %d", graph->n_criteria,
                         KRN_PARETO_MAX_CRITERIA);
    if (graph->n_nodes < 1 || graph->n_nodes >= UINT32_MAX - 1 || graph->n_arcs >= UINT32_MAX - 1)
        return krni_fail(err, KRN_E_ARG, "graph: %u nodes, expected 1 to %u", graph->n_nodes,
                         UINT32_MAX - 2);
    if (!graph->first_arc || (graph->n_arcs > 0 && !graph->head))
        return krni_fail(err, KRN_E_ARG, "graph: first_arc or head is missing");
    for (unsigned c = 0; c < graph->n_criteria; c++)
        if (graph->n_arcs > 0 && !graph->cost[c])
            return krni_fail(err, KRN_E_ARG, "graph: cost[%u] is missing", c);
    if (graph->clock && graph->n_clocks > 0 && !graph->clocks)
        return krni_fail(err, KRN_E_ARG, "graph: clocks are missing");
    const krn_status status = check_rows(graph, err);
    if (status)
        return status;
    for (uint32_t i = 0; graph->clock && i < graph->n_clocks; i++)
        if (check_clock(&graph->clocks[i], i, err))
            return KRN_E_ARG;
    return KRN_OK;
}

krn_status krni_pareto_check_query(const krn_pareto_graph *graph, const krn_pareto_query *query,
                                   krn_error *err)
{
    if (!query)
        return krni_fail(err, KRN_E_ARG, "query: missing");
    if (query->source >= graph->n_nodes || query->target >= graph->n_nodes)
        return krni_fail(err, KRN_E_ARG, "query: source %u or target %u is not one of %u nodes",
                         query->source, query->target, graph->n_nodes);
    if (query->start == KRN_PARETO_INFINITY)
        return krni_fail(err, KRN_E_ARG, "query: start is infinite");
    if (!(query->epsilon_share >= 0.0) || !isfinite(query->epsilon_share))
        return krni_fail(err, KRN_E_ARG, "query: epsilon_share is %g, expected 0 or more",
                         query->epsilon_share);
    return KRN_OK;
}
