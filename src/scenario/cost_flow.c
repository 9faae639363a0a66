/* SPDX-License-Identifier: Apache-2.0 */
/* cost_flow.c - flows by arc and group, vehicles and volumes.
 *
 * Demand classes of one group (they differ by od class) are one group of the answer: its cost of an
 * arc is their mean by quantity, its vehicles are those of the whole group. */
#include "scenario/cost_flow.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

krn_status krni_flow_sum_new(const krni_virtual *v, uint32_t n_classes, krn_arena *arena,
                             krni_flow_sum *out, krn_error *err)
{
    *out = (krni_flow_sum){.v = v, .n_classes = n_classes, .arena = arena};
    out->moved = krn_arena_calloc(arena, n_classes + 1u, sizeof *out->moved);
    if (!out->moved)
        return krni_fail_memory(err);
    for (uint32_t c = 0; c < n_classes; c++) {
        out->moved[c] = krn_arena_calloc(arena, v->n_states + 1u, sizeof(double));
        if (!out->moved[c])
            return krni_fail_memory(err);
    }
    return KRN_OK;
}

static krn_status handle(krni_flow_sum *sum, krni_handling handling, krn_error *err)
{
    if (sum->n_handled == sum->most_handled) {
        const uint32_t most = sum->most_handled ? 2 * sum->most_handled : 1024;
        krni_handling *more = krn_arena_alloc(sum->arena, most * sizeof *more);
        if (!more)
            return krni_fail_memory(err);
        if (sum->n_handled)
            memcpy(more, sum->handled, sum->n_handled * sizeof *more);
        sum->handled = more;
        sum->most_handled = most;
    }
    sum->handled[sum->n_handled++] = handling;
    return KRN_OK;
}

krn_status krni_flow_add(krni_flow_sum *sum, uint32_t demand_class, const uint32_t *way, uint32_t n,
                         double quantity, krn_error *err)
{
    assert(n && demand_class < sum->n_classes);
    const krni_state *states = sum->v->states;
    krn_status status = handle(
        sum, (krni_handling){KRN_COST_LOAD, KRNI_NO_INDEX, way[0], demand_class, quantity}, err);
    for (uint32_t k = 0; k < n && !status; k++) {
        sum->moved[demand_class][way[k]] += quantity;
        if (k + 1 < n && states[way[k]].type != states[way[k + 1]].type)
            status = handle(
                sum, (krni_handling){KRN_COST_TRANSHIP, way[k], way[k + 1], demand_class, quantity},
                err);
    }
    if (status)
        return status;
    return handle(
        sum, (krni_handling){KRN_COST_UNLOAD, way[n - 1], KRNI_NO_INDEX, demand_class, quantity},
        err);
}

/* ---- the answer ---- */

typedef struct building {
    const krni_flow_sum *sum;
    const krni_flow_class *classes;
    bool whole;
    krn_arena *arena;
    krn_cost_answer *out;
    krn_cost_flow *flows;
    uint32_t n_flows;
    double *volume;     /* of link * 2 + forwards */
    uint32_t *group_of; /* by demand class: index of its group */
    uint32_t *first_of; /* by group: its first demand class */
} building;

static int compare_handled(const void *pa, const void *pb)
{
    const krni_handling *a = pa, *b = pb;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->to_state != b->to_state)
        return a->to_state < b->to_state ? -1 : 1;
    if (a->from_state != b->from_state)
        return a->from_state < b->from_state ? -1 : 1;
    return (a->demand_class > b->demand_class) - (a->demand_class < b->demand_class);
}

static bool is_same_arc(const krni_handling *a, const krni_handling *b)
{
    return a->kind == b->kind && a->to_state == b->to_state && a->from_state == b->from_state;
}

static double cost_of_arc(const building *b, uint32_t c, const krn_cost_flow *flow,
                          uint32_t from_state, uint32_t to_state)
{
    const krni_virtual *v = b->sum->v;
    const krni_virtual_costs *costs = b->classes[c].costs;
    const uint32_t n = v->n_types;
    switch (flow->kind) {
    case KRN_COST_LOAD:
        return costs->load[(size_t)flow->node * n + v->states[to_state].type];
    case KRN_COST_UNLOAD:
        return costs->unload[(size_t)flow->node * n + v->states[from_state].type];
    case KRN_COST_TRANSHIP:
        return costs
            ->tranship[((size_t)v->tranship_at[flow->node] * n + v->states[from_state].type) * n +
                       v->states[to_state].type];
    default:
        assert(flow->kind == KRN_COST_MOVE);
        return costs->move[from_state];
    }
}

static double vehicles_of(const building *b, uint32_t c, uint32_t type, double quantity)
{
    const double vehicles = quantity / b->classes[c].book->load_quantity[type];
    return b->whole ? ceil(vehicles) : vehicles;
}

/* Sums by group of an arc: quantities by demand class in `quantity`. */
static bool fill_groups(const building *b, krn_cost_flow *flow, const double *quantity,
                        uint32_t from_state, uint32_t to_state)
{
    const uint32_t n_groups = b->out->n_groups;
    const uint32_t type =
        b->sum->v->states[from_state == KRNI_NO_INDEX ? to_state : from_state].type;
    double *values = krn_arena_calloc(b->arena, (size_t)3 * n_groups, sizeof *values);
    if (!values)
        return false;
    double *sums = values, *costs = values + n_groups, *vehicles = values + 2 * (size_t)n_groups;
    flow->group_quantity = sums;
    flow->group_cost = costs;
    flow->group_vehicles = vehicles;
    for (uint32_t c = b->sum->n_classes; c-- > 0;) { /* the first class gives the cost of nothing */
        const uint32_t g = b->group_of[c];
        const double cost = cost_of_arc(b, c, flow, from_state, to_state);
        if (quantity[c] > 0.0) {
            const double all = sums[g] + quantity[c];
            costs[g] = sums[g] > 0.0 ? (costs[g] * sums[g] + cost * quantity[c]) / all : cost;
            sums[g] = all;
        } else if (sums[g] <= 0.0) {
            costs[g] = cost;
        }
        flow->quantity += quantity[c];
        if (flow->kind != KRN_COST_TRANSHIP)
            vehicles[g] = vehicles_of(b, c, type, sums[g]);
    }
    for (uint32_t g = 0; g < n_groups; g++)
        flow->vehicles += vehicles[g];
    return true;
}

/* Car units of a flow are added to the volume of its link and direction. */
static void add_volume(const building *b, const krn_cost_flow *flow, const krni_state *s)
{
    for (uint32_t g = 0; g < b->out->n_groups; g++) {
        const uint32_t c = b->first_of[g];
        const double units = flow->group_vehicles[g] * b->classes[c].book->car_units[s->type];
        b->volume[(size_t)s->link * 2 + s->forwards] += b->whole ? ceil(units) : units;
    }
}

static bool build_move(building *b, uint32_t state)
{
    const krni_state *s = &b->sum->v->states[state];
    const krni_vehicle_type *type = &b->sum->v->types[s->type];
    double *quantity = krn_arena_alloc(b->arena, b->sum->n_classes * sizeof *quantity);
    if (!quantity)
        return false;
    bool any = false;
    for (uint32_t c = 0; c < b->sum->n_classes; c++) {
        quantity[c] = b->sum->moved[c][state];
        any = any || quantity[c] > 0.0;
    }
    assert(any);
    krn_cost_flow *flow = &b->flows[b->n_flows++];
    *flow = (krn_cost_flow){.kind = KRN_COST_MOVE,
                            .node = s->tail,
                            .to_node = s->head,
                            .link = s->link,
                            .mode = type->mode,
                            .vehicle_class = type->vehicle_class};
    if (!fill_groups(b, flow, quantity, state, KRNI_NO_INDEX))
        return false;
    add_volume(b, flow, s);
    b->out->moved_km += flow->quantity * b->sum->v->network->links[s->link].length_km;
    return true;
}

static bool build_handling(building *b, const krni_handling *h, uint32_t n)
{
    const krni_virtual *v = b->sum->v;
    const krni_state *from = h->from_state == KRNI_NO_INDEX ? NULL : &v->states[h->from_state];
    const krni_state *to = h->to_state == KRNI_NO_INDEX ? NULL : &v->states[h->to_state];
    const krni_vehicle_type *type = &v->types[to ? to->type : from->type];
    double *quantity = krn_arena_calloc(b->arena, b->sum->n_classes, sizeof *quantity);
    if (!quantity)
        return false;
    for (uint32_t k = 0; k < n; k++)
        quantity[h[k].demand_class] += h[k].quantity;
    krn_cost_flow *flow = &b->flows[b->n_flows++];
    *flow = (krn_cost_flow){.kind = h->kind,
                            .node = to ? to->tail : from->head,
                            .link = to ? to->link : from->link,
                            .mode = type->mode,
                            .vehicle_class = type->vehicle_class};
    flow->to_node = flow->node;
    if (h->kind == KRN_COST_TRANSHIP) {
        flow->from_link = from->link;
        flow->from_mode = v->types[from->type].mode;
        flow->from_class = v->types[from->type].vehicle_class;
    }
    return fill_groups(b, flow, quantity, h->from_state, h->to_state);
}

static uint32_t count_moves(const krni_flow_sum *sum)
{
    uint32_t n = 0;
    for (uint32_t s = 0; s < sum->v->n_states; s++)
        for (uint32_t c = 0; c < sum->n_classes; c++)
            if (sum->moved[c][s] > 0.0) {
                n++;
                break;
            }
    return n;
}

static bool is_used(const krni_flow_sum *sum, uint32_t state)
{
    for (uint32_t c = 0; c < sum->n_classes; c++)
        if (sum->moved[c][state] > 0.0)
            return true;
    return false;
}

static int compare_flows(const void *pa, const void *pb)
{
    const krn_cost_flow *a = pa, *b = pb;
    const uint32_t own[] = {(uint32_t)a->kind, a->mode,      a->vehicle_class, a->link,
                            a->node,           a->from_mode, a->from_class,    a->from_link};
    const uint32_t other[] = {(uint32_t)b->kind, b->mode,      b->vehicle_class, b->link,
                              b->node,           b->from_mode, b->from_class,    b->from_link};
    for (size_t k = 0; k < sizeof own / sizeof own[0]; k++)
        if (own[k] != other[k])
            return own[k] < other[k] ? -1 : 1;
    return 0;
}

static krn_status list_groups(building *b, krn_error *err)
{
    const size_t n = b->sum->n_classes + 1u;
    int32_t *groups = krn_arena_calloc(b->arena, n, sizeof *groups);
    b->group_of = krn_arena_calloc(b->arena, n, sizeof *b->group_of);
    b->first_of = krn_arena_calloc(b->arena, n, sizeof *b->first_of);
    if (!groups || !b->group_of || !b->first_of)
        return krni_fail_memory(err);
    for (uint32_t c = 0; c < b->sum->n_classes; c++) { /* classes stand by group */
        const uint32_t g = b->out->n_groups;
        if (!g || groups[g - 1] != b->classes[c].group) {
            groups[g] = b->classes[c].group;
            b->first_of[g] = c;
            b->out->n_groups++;
        }
        b->group_of[c] = b->out->n_groups - 1;
    }
    b->out->groups = groups;
    return KRN_OK;
}

krn_status krni_flow_answer(krni_flow_sum *sum, const krni_flow_class *classes, bool whole,
                            krn_arena *arena, krn_cost_answer *out, krn_error *err)
{
    building b = {.sum = sum, .classes = classes, .whole = whole, .arena = arena, .out = out};
    krn_status status = list_groups(&b, err);
    if (status)
        return status;
    if (sum->n_handled)
        qsort(sum->handled, sum->n_handled, sizeof *sum->handled, compare_handled);
    const size_t most = (size_t)count_moves(sum) + sum->n_handled + 1u;
    b.flows = krn_arena_calloc(arena, most, sizeof *b.flows);
    b.volume = krn_arena_calloc(arena, (size_t)sum->v->network->n_links * 2 + 1u, sizeof *b.volume);
    if (!b.flows || !b.volume)
        return krni_fail_memory(err);
    for (uint32_t s = 0; s < sum->v->n_states; s++)
        if (is_used(sum, s) && !build_move(&b, s))
            return krni_fail_memory(err);
    for (uint32_t k = 0, n; k < sum->n_handled; k += n) {
        for (n = 1; k + n < sum->n_handled && is_same_arc(&sum->handled[k], &sum->handled[k + n]);)
            n++;
        if (!build_handling(&b, &sum->handled[k], n))
            return krni_fail_memory(err);
    }
    for (uint32_t k = 0; k < b.n_flows; k++)
        if (b.flows[k].kind == KRN_COST_MOVE) {
            const krn_cost_link *l = &sum->v->network->links[b.flows[k].link];
            b.flows[k].volume_load =
                b.volume[(size_t)b.flows[k].link * 2 + (b.flows[k].node == l->from_node)];
        }
    if (b.n_flows)
        qsort(b.flows, b.n_flows, sizeof *b.flows, compare_flows);
    out->flows = b.flows;
    out->n_flows = b.n_flows;
    return KRN_OK;
}
