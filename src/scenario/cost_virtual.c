/* SPDX-License-Identifier: Apache-2.0 */
/* cost_virtual.c - states of a cost network and what they cost a demand class. */
#include "scenario/cost_virtual.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

/* ---- states ---- */

static bool carries(const krn_cost_link *link, const krni_vehicle_type *type)
{
    return link->mode == type->mode && link->classes >= type->vehicle_class;
}

static krn_status list_states(krni_virtual *v, krn_arena *arena, krn_error *err)
{
    const krn_cost_network *network = v->network;
    uint64_t n = 0;
    for (uint32_t t = 0; t < v->n_types; t++)
        for (uint32_t l = 0; l < network->n_links; l++)
            n += carries(&network->links[l], &v->types[t]) ? 2 : 0;
    if (n > KRNI_MOST_STATES || (uint64_t)network->n_nodes * v->n_types > KRNI_MOST_STATES)
        return krni_fail(err, KRN_E_LIMIT,
                         "%llu moves and %llu cells of node and vehicle class; at most %u each",
                         (unsigned long long)n, (unsigned long long)network->n_nodes * v->n_types,
                         KRNI_MOST_STATES);
    krni_state *states = krn_arena_calloc(arena, n + 1, sizeof *states);
    if (!states)
        return krni_fail_memory(err);
    for (uint32_t t = 0; t < v->n_types; t++)
        for (uint32_t l = 0; l < network->n_links; l++) {
            const krn_cost_link *link = &network->links[l];
            if (!carries(link, &v->types[t]))
                continue;
            const bool first = link->from_node <= link->to_node; /* nodes stand by id */
            for (int k = 0; k < 2; k++) {
                const bool forwards = (k == 0) == first;
                states[v->n_states++] =
                    (krni_state){.type = t,
                                 .link = l,
                                 .forwards = forwards,
                                 .tail = forwards ? link->from_node : link->to_node,
                                 .head = forwards ? link->to_node : link->from_node};
            }
        }
    assert(v->n_states == n);
    v->states = states;
    return KRN_OK;
}

/* States that leave a node with a type, in order. */
static krn_status list_leaving(krni_virtual *v, krn_arena *arena, krn_error *err)
{
    const size_t n_cells = (size_t)v->network->n_nodes * v->n_types;
    uint32_t *first = krn_arena_calloc(arena, n_cells + 2, sizeof *first);
    uint32_t *leaving = krn_arena_calloc(arena, v->n_states + 1u, sizeof *leaving);
    if (!first || !leaving)
        return krni_fail_memory(err);
    for (uint32_t s = 0; s < v->n_states; s++)
        first[(size_t)v->states[s].tail * v->n_types + v->states[s].type + 2]++;
    for (size_t k = 2; k < n_cells + 2; k++)
        first[k] += first[k - 1];
    for (uint32_t s = 0; s < v->n_states; s++)
        leaving[first[(size_t)v->states[s].tail * v->n_types + v->states[s].type + 1]++] = s;
    assert(first[n_cells] == v->n_states);
    v->out_first = first;
    v->out_states = leaving;
    return KRN_OK;
}

krn_status krni_virtual_build(const krn_cost_network *network, const krni_vehicle_type *types,
                              uint32_t n_types, krn_arena *arena, krni_virtual *out, krn_error *err)
{
    *out = (krni_virtual){.network = network, .types = types, .n_types = n_types};
    krn_status status = list_states(out, arena, err);
    if (!status)
        status = list_leaving(out, arena, err);
    if (status)
        return status;
    uint32_t *at = krn_arena_calloc(arena, network->n_nodes + 1u, sizeof *at);
    if (!at)
        return krni_fail_memory(err);
    for (uint32_t k = 0; k < network->n_nodes; k++)
        at[k] = network->nodes[k].tranships ? out->n_tranship_nodes++ : KRNI_NO_INDEX;
    if ((uint64_t)out->n_tranship_nodes * n_types * n_types > KRNI_MOST_STATES)
        return krni_fail(err, KRN_E_LIMIT, "%u nodes tranship between %u vehicle classes: too many",
                         out->n_tranship_nodes, n_types);
    out->tranship_at = at;
    return KRN_OK;
}

/* ---- costs ---- */

static krn_status cost_of_node(const krni_cost_book *book, const krni_cost_entry *entry, bool may,
                               int64_t id, double *out_cost, krn_error *err)
{
    *out_cost = HUGE_VAL;
    if (!may || !entry->formula)
        return KRN_OK;
    return krni_cost_compute(book, entry, book->node_values, (krni_cost_place){"node", id},
                             out_cost, err);
}

/* Costs at a node of the types that links bring there. */
static krn_status costs_of_node(const krni_virtual *v, krni_cost_book *book, uint32_t node,
                                krni_virtual_costs *out, krn_error *err)
{
    const krn_cost_node *n = &v->network->nodes[node];
    const uint32_t row = v->tranship_at[node];
    krn_status status = KRN_OK;
    krni_cost_book_node(book, n);
    for (uint32_t t = 0; t < v->n_types && !status; t++) {
        const size_t cell = (size_t)node * v->n_types + t;
        const bool is_there = v->out_first[cell] < v->out_first[cell + 1];
        status =
            cost_of_node(book, &book->load[t], is_there && n->loads, n->id, &out->load[cell], err);
        if (!status)
            status = cost_of_node(book, &book->unload[t], is_there && n->loads, n->id,
                                  &out->unload[cell], err);
        if (!status)
            status = cost_of_node(book, &book->transit[t], is_there && n->passes, n->id,
                                  &out->transit[cell], err);
        for (uint32_t u = 0; row != KRNI_NO_INDEX && u < v->n_types && !status; u++) {
            const size_t other = (size_t)node * v->n_types + u;
            const bool both = is_there && v->out_first[other] < v->out_first[other + 1] && u != t;
            status =
                cost_of_node(book, &book->tranship[t * v->n_types + u], both, n->id,
                             &out->tranship[((size_t)row * v->n_types + t) * v->n_types + u], err);
        }
    }
    return status;
}

static krn_status cost_of_move(const krni_virtual *v, krni_cost_book *book, uint32_t state,
                               double *out_cost, krn_error *err)
{
    const krni_state *s = &v->states[state];
    const krni_cost_entry *entry = &book->move[s->type];
    *out_cost = HUGE_VAL;
    if (!entry->formula)
        return KRN_OK;
    krni_cost_book_link(book, v->network, s->link, s->forwards, 0.0);
    return krni_cost_compute(book, entry, book->move_values,
                             (krni_cost_place){"link", v->network->links[s->link].id}, out_cost,
                             err);
}

krn_status krni_virtual_costs_new(const krni_virtual *v, krni_cost_book *book, krn_arena *arena,
                                  krni_virtual_costs *out, krn_error *err)
{
    const size_t n_cells = (size_t)v->network->n_nodes * v->n_types + 1u;
    const size_t n_tranships = (size_t)v->n_tranship_nodes * v->n_types * v->n_types + 1u;
    krn_status status = KRN_OK;
    out->move = krn_arena_alloc(arena, (v->n_states + 1u) * sizeof(double));
    out->load = krn_arena_alloc(arena, n_cells * sizeof(double));
    out->unload = krn_arena_alloc(arena, n_cells * sizeof(double));
    out->transit = krn_arena_alloc(arena, n_cells * sizeof(double));
    out->tranship = krn_arena_alloc(arena, n_tranships * sizeof(double));
    if (!out->move || !out->load || !out->unload || !out->transit || !out->tranship)
        return krni_fail_memory(err);
    for (uint32_t s = 0; s < v->n_states && !status; s++)
        status = cost_of_move(v, book, s, &out->move[s], err);
    for (uint32_t k = 0; k < v->network->n_nodes && !status; k++)
        status = costs_of_node(v, book, k, out, err);
    return status;
}

/* ---- counting ---- */

static const double *costs_of_kind(const krni_virtual_costs *costs, krn_cost_kind kind)
{
    switch (kind) {
    case KRN_COST_LOAD:
        return costs->load;
    case KRN_COST_UNLOAD:
        return costs->unload;
    case KRN_COST_TRANSIT:
        return costs->transit;
    case KRN_COST_TRANSHIP:
        return costs->tranship;
    default:
        assert(kind == KRN_COST_MOVE);
        return costs->move;
    }
}

static bool is_in_any(const krni_virtual_costs *costs, uint32_t n, krn_cost_kind kind, size_t at)
{
    for (uint32_t k = 0; k < n; k++)
        if (costs_of_kind(&costs[k], kind)[at] < HUGE_VAL)
            return true;
    return false;
}

/* Arcs into and out of a node: of n_in and n_out moves of each type there. */
static uint32_t arcs_of_node(const krni_virtual *v, const krni_virtual_costs *costs, uint32_t n,
                             uint32_t node, const uint32_t *n_moves)
{
    const uint32_t row = v->tranship_at[node];
    uint32_t arcs = 0;
    for (uint32_t t = 0; t < v->n_types; t++) {
        const size_t cell = (size_t)node * v->n_types + t;
        if (is_in_any(costs, n, KRN_COST_LOAD, cell))
            arcs += n_moves[t];
        if (is_in_any(costs, n, KRN_COST_UNLOAD, cell))
            arcs += n_moves[t];
        if (is_in_any(costs, n, KRN_COST_TRANSIT, cell))
            arcs += n_moves[t] * (n_moves[t] - (n_moves[t] > 0));
        for (uint32_t u = 0; row != KRNI_NO_INDEX && u < v->n_types; u++)
            if (is_in_any(costs, n, KRN_COST_TRANSHIP,
                          ((size_t)row * v->n_types + t) * v->n_types + u))
                arcs += n_moves[t] * n_moves[u];
    }
    return arcs;
}

void krni_virtual_count(const krni_virtual *v, const krni_virtual_costs *costs, uint32_t n,
                        uint32_t *out_nodes, uint32_t *out_arcs)
{
    *out_nodes = *out_arcs = 0;
    for (uint32_t s = 0; s < v->n_states; s++)
        if (is_in_any(costs, n, KRN_COST_MOVE, s)) {
            *out_nodes += 2;
            *out_arcs += 1;
        }
    uint32_t n_moves[KRNI_MOST_TYPES];
    for (uint32_t k = 0; k < v->network->n_nodes; k++) {
        bool is_end[2] = {false, false};
        for (uint32_t t = 0; t < v->n_types; t++) {
            const size_t cell = (size_t)k * v->n_types + t;
            n_moves[t] = 0;
            for (uint32_t i = v->out_first[cell]; i < v->out_first[cell + 1]; i++)
                n_moves[t] += is_in_any(costs, n, KRN_COST_MOVE, v->out_states[i]);
            is_end[0] |= is_in_any(costs, n, KRN_COST_LOAD, cell);
            is_end[1] |= is_in_any(costs, n, KRN_COST_UNLOAD, cell);
        }
        *out_nodes += (uint32_t)is_end[0] + (uint32_t)is_end[1];
        *out_arcs += arcs_of_node(v, costs, n, k, n_moves);
    }
}
