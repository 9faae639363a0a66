/* SPDX-License-Identifier: Apache-2.0 */
/* pareto_index.c - what all searches in one graph can share, made once.
 *
 * The in-arcs are a property of the graph, not of a query; so is its being well-formed. */
#include <keruen/pareto.h>

#include <assert.h>

#include "base/error.h"
#include "plan/pareto_clock.h"
#include "plan/pareto_sweep.h"

bool krni_index_fits(const krn_pareto_index *index, const krn_pareto_graph *graph)
{
    const krn_pareto_graph *of = &index->of;
    bool fits = of->n_nodes == graph->n_nodes && of->n_arcs == graph->n_arcs &&
                of->n_criteria == graph->n_criteria && of->first_arc == graph->first_arc &&
                of->head == graph->head && of->clock == graph->clock &&
                of->clocks == graph->clocks && of->n_clocks == graph->n_clocks;
    for (unsigned c = 0; fits && c < graph->n_criteria; c++)
        fits = of->cost[c] == graph->cost[c];
    return fits;
}

krn_status krn_pareto_prepare(krn_pareto_graph *graph, krn_arena *arena, krn_error *err)
{
    if (!graph || !arena)
        return krni_fail(err, KRN_E_ARG, "prepare: graph or arena is missing");
    graph->index = NULL;
    const krn_status status = krni_pareto_check_graph(graph, err);
    if (status)
        return status;
    krn_pareto_index *index = krn_arena_calloc(arena, 1, sizeof *index);
    if (!index || !krni_reverse(graph, arena, &index->reversed))
        return krni_fail_memory(err);
    index->of = *graph;
    assert(krni_index_fits(index, graph));
    graph->index = index;
    return KRN_OK;
}
