/* SPDX-License-Identifier: Apache-2.0 */
/* plan_way.c - prices that depend on where a route passes, made into sums.
 *
 * A coefficient may hold only by way of some place ("transit by Akyayla: half the rate"). Along an
 * arc one does not know yet. So the search is done once for each set of such places that a route
 * may pass:
 *
 *   {}      rates without any of these rows            exact for routes that pass none of the
 * places {A}     rates with the rows of A; A must be passed exact for routes that pass A and not B
 *   {A,B}   ...
 *
 * Each route is in one of these sets, and there its price is a sum; the union of the fronts holds
 * every route that no other one dominates. Routes found under a supposition that is not theirs are
 * priced exactly like all others. With more places than KRNI_MAX_WAYS nothing is supposed: prices
 * are then the least of all ways, a bound. */
#include "base/error.h"
#include "plan/planning.h"

#include <assert.h>
#include <string.h>

void krni_suppose(const krni_planning *planning, krni_supposition *out, uint32_t *out_n)
{
    krni_supposition all = {.known = true};
    krni_tariff_ways(planning->network->tariffs, &planning->load, planning->network->day,
                     KRNI_MAX_WAYS, all.ways, &all.n_ways);
    *out_n = 1;
    if (all.n_ways > KRNI_MAX_WAYS ||
        planning->n_required + all.n_ways > KRNI_MAX_REQUIRED + KRNI_MAX_WAYS) {
        out[0] = (krni_supposition){.known = false};
        return;
    }
    *out_n = 1u << all.n_ways;
    for (uint32_t set = 0; set < *out_n; set++) {
        out[set] = all;
        out[set].passes = set;
    }
}

static bool is_on_way(const krni_way *way, uint32_t node)
{
    for (uint32_t i = 0; i < way->n_nodes; i++)
        if (way->nodes[i] == node)
            return true;
    return false;
}

/* Nodes of all ways that are passed. */
static krn_status nodes_passed(const krni_planning *planning, const krni_supposition *supposed,
                               krni_way *out)
{
    uint32_t n = 0;
    for (uint32_t k = 0; k < supposed->n_ways; k++)
        if (supposed->passes & (1u << k))
            n += supposed->ways[k].n_nodes;
    uint32_t *nodes = krn_arena_calloc(planning->scratch, n, sizeof *nodes);
    if (!nodes)
        return krni_fail_memory(planning->err);
    *out = (krni_way){.known = true, .nodes = nodes};
    for (uint32_t k = 0; k < supposed->n_ways; k++)
        for (uint32_t i = 0; supposed->passes & (1u << k) && i < supposed->ways[k].n_nodes; i++)
            nodes[out->n_nodes++] = supposed->ways[k].nodes[i];
    assert(out->n_nodes == n);
    return KRN_OK;
}

/* One more bit to visit for each way that is passed. */
static krn_status require_ways(const krni_supposition *supposed, krni_planning *out)
{
    const krn_network *net = out->network;
    uint8_t *visits = krn_arena_calloc(out->scratch, net->n_activities, sizeof *visits);
    if (!visits)
        return krni_fail_memory(out->err);
    if (out->visits)
        memcpy(visits, out->visits, net->n_activities * sizeof *visits);
    for (uint32_t k = 0; k < supposed->n_ways; k++) {
        if (!(supposed->passes & (1u << k)))
            continue;
        const uint8_t bit = (uint8_t)(1u << out->n_required++);
        if (is_on_way(&supposed->ways[k], out->query->consignment.origin))
            out->visited_at_start |= bit;
        for (uint32_t i = 0; i < net->n_activities; i++) {
            const uint32_t to = net->to_state[i];
            if (net->state_side[to] != KRN_SIDE_BORDER &&
                is_on_way(&supposed->ways[k], net->state_node[to]))
                visits[i] |= bit;
        }
    }
    out->visits = visits;
    return KRN_OK;
}

krn_status krni_planning_on(const krni_planning *planning, const krni_supposition *supposed,
                            krni_planning *out)
{
    const krn_plan_query *q = planning->query;
    *out = *planning;
    if (!supposed->known || !supposed->n_ways)
        return KRN_OK;
    krni_way way;
    krn_load load;
    krn_activity_cost *priced = NULL;
    krn_status st = nodes_passed(planning, supposed, &way);
    if (!st)
        st = krni_network_weigh_on(planning->network, &q->consignment,
                                   planning->backward ? q->arrive_by : q->consignment.ready, &way,
                                   planning->scratch, &load, &priced, planning->err);
    if (st)
        return st;
    for (uint32_t i = 0; i < planning->network->n_activities; i++) {
        priced[i].block = planning->costs[i].block; /* filters of the query */
        priced[i].block_figure = planning->costs[i].block_figure;
    }
    out->costs = priced;
    return supposed->passes ? require_ways(supposed, out) : KRN_OK;
}
