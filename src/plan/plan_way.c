/* SPDX-License-Identifier: Apache-2.0 */
/* plan_way.c - prices that depend on where a route passes.
 *
 * A coefficient may hold only by way of some place ("transit by Akyayla: half the rate"). Along an
 * arc one does not know yet, so the search reckons with the least rate of all ways, a bound. A
 * route that goes another way through that country then looks cheaper than it is; it borrows the
 * condition, and may hide the route that has a right to it. So, if a route found borrows, and one
 * by such a place could be cheaper than all found, the search is done again for arrival and cost,
 * once for each set of such places:
 *
 *   {A}     rates with the rows of A           A must be passed, B is shut
 *   {A,B}   rates with the rows of both        both must be passed
 *
 * There prices are sums. If no route found borrows, the bound was the price and nothing is hidden;
 * in any case the cheapest route is found. Order of suppositions: by the bits of their places.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "plan/plan_heap.h"
#include "plan/planning.h"

#define UNITS_PER_USD 1e6

static bool is_on_way(const krni_way *way, uint32_t node)
{
    for (uint32_t i = 0; i < way->n_nodes; i++)
        if (way->nodes[i] == node)
            return true;
    return false;
}

void krni_list_ways(const krni_planning *planning, krni_supposition *out)
{
    *out = (krni_supposition){0};
    krni_tariff_ways(planning->network->tariffs, &planning->load, planning->network->day,
                     KRNI_MAX_WAYS, out->ways, &out->n_ways);
    if (out->n_ways > KRNI_MAX_WAYS)
        out->n_ways = 0;
}

krni_claim krni_claim_of(const krni_planning *planning, const krni_supposition *ways,
                         const krn_activity_id *activities, uint32_t n_activities)
{
    const krn_network *net = planning->network;
    krni_claim claim = {false, 0, 0.0};
    for (uint32_t k = 0; k < ways->n_ways; k++) {
        bool there = false;
        bool passes = is_on_way(&ways->ways[k], planning->query->consignment.origin);
        for (uint32_t j = 0; j < n_activities && !passes; j++) {
            const uint32_t i = activities[j].index;
            const krn_activity_kind kind = (krn_activity_kind)net->kind[i];
            there = there || ((kind == KRN_HAUL || kind == KRN_RIDE) &&
                              net->mode[i] != (uint8_t)KRN_SEA && ways->ways[k].countries &&
                              krni_set_has(ways->ways[k].countries, net->country[i]));
            passes = is_on_way(&ways->ways[k], net->state_node[net->to_state[i]]);
        }
        claim.borrows = claim.borrows || (there && !passes);
        claim.passes |= passes ? 1u << k : 0u;
    }
    for (uint32_t j = 0; j < n_activities; j++)
        claim.usd += planning->costs[activities[j].index].bound_usd;
    return claim;
}

/* Dijkstra over states, each before and after a place of the way was passed. */
krn_status krni_cheapest_by_way(const krni_planning *planning, const krni_way *way,
                                double limit_usd, double *out_usd)
{
    const krn_network *net = planning->network;
    const size_t n_places = 2 * (size_t)net->n_states;
    uint64_t *least = krn_arena_alloc(planning->scratch, n_places * sizeof *least);
    krni_heap_entry *heap =
        krn_arena_alloc(planning->scratch, (2 * (size_t)net->n_activities + 1) * sizeof *heap);
    if (!least || !heap)
        return krni_fail_memory(planning->err);
    memset(least, 0xff, n_places * sizeof *least);
    uint32_t n = 0;
    const uint32_t begin =
        2 * planning->origin + (is_on_way(way, planning->query->consignment.origin) ? 1u : 0u);
    const uint32_t target = 2 * planning->destination + 1;
    const uint64_t limit =
        limit_usd < 1e12 ? (uint64_t)(limit_usd * UNITS_PER_USD) + 1u : UINT64_MAX;
    least[begin] = 0;
    krni_heap_push(heap, &n, (krni_heap_entry){0, begin});
    while (n) {
        const krni_heap_entry at = krni_heap_pop(heap, &n);
        const uint32_t state = at.place / 2;
        if (at.time != least[at.place])
            continue;
        if (at.place == target || at.time >= limit)
            break;
        for (uint32_t i = net->first_activity[state]; i < net->first_activity[state + 1]; i++) {
            if (planning->costs[i].block != KRN_BLOCK_NONE)
                continue;
            const uint32_t to = net->to_state[i];
            const uint32_t head =
                2 * to + ((at.place & 1u) | (is_on_way(way, net->state_node[to]) ? 1u : 0u));
            const uint64_t usd = at.time + (uint64_t)(planning->costs[i].bound_usd * UNITS_PER_USD);
            if (usd >= least[head] || usd >= limit)
                continue;
            least[head] = usd;
            assert(n <= 2 * net->n_activities);
            krni_heap_push(heap, &n, (krni_heap_entry){usd, head});
        }
    }
    *out_usd = least[target] == UINT64_MAX ? INFINITY : (double)least[target] / UNITS_PER_USD;
    return KRN_OK;
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

/* Whether an activity comes to a place of a way. */
static bool comes_to(const krn_network *net, uint32_t activity, const krni_way *way)
{
    const uint32_t to = net->to_state[activity];
    return net->state_side[to] != KRN_SIDE_BORDER && is_on_way(way, net->state_node[to]);
}

/* Shuts the ways that are not passed. */
static void shut_others(const krni_supposition *supposed, krni_planning *out)
{
    for (uint32_t k = 0; k < supposed->n_ways; k++)
        for (uint32_t i = 0; !(supposed->passes & (1u << k)) && i < out->network->n_activities; i++)
            if (out->costs[i].block == KRN_BLOCK_NONE &&
                comes_to(out->network, i, &supposed->ways[k]))
                out->costs[i].block = KRN_BLOCK_FILTER;
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
        for (uint32_t i = 0; i < net->n_activities; i++)
            if (comes_to(net, i, &supposed->ways[k]))
                visits[i] |= bit;
    }
    out->visits = visits;
    return KRN_OK;
}

krn_status krni_planning_on(const krni_planning *planning, const krni_supposition *supposed,
                            krn_plan_query *query, krni_planning *out)
{
    assert(supposed->passes != 0 && supposed->passes < (1u << supposed->n_ways));
    krni_way way;
    krn_load load;
    krn_activity_cost *priced = NULL;
    *query = *planning->query;
    query->criteria = 1u << KRN_ARRIVAL | 1u << KRN_COST;
    *out = *planning;
    out->query = query;
    krn_status st = nodes_passed(planning, supposed, &way);
    if (!st)
        st = krni_network_weigh_on(planning->network, &query->consignment,
                                   planning->backward ? query->arrive_by : query->consignment.ready,
                                   &way, planning->scratch, &load, &priced, planning->err);
    if (st)
        return st;
    for (uint32_t i = 0; i < planning->network->n_activities; i++) {
        priced[i].block = planning->costs[i].block; /* filters of the query */
        priced[i].block_figure = planning->costs[i].block_figure;
    }
    out->costs = priced;
    shut_others(supposed, out);
    return require_ways(supposed, out);
}
