/* SPDX-License-Identifier: Apache-2.0 */
/* cost_assign.c - od tables on a cost network: all or nothing, and logit over combinations of
 * vehicle classes. Costs are those of empty links (VOLUME 0); the equilibrium is in
 * cost_equilibrium.c. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "scenario/cost_cells.h"

#define SMALLEST_SHARE 1e-9 /* of a cell; what is less goes to the other ways */

void krni_exact_add(krni_exact_sum *sum, double value)
{
    const double all = sum->sum + value;
    sum->rest +=
        fabs(sum->sum) >= fabs(value) ? (sum->sum - all) + value : (value - all) + sum->sum;
    sum->sum = all;
}

double krni_exact_value(const krni_exact_sum *sum)
{
    return sum->sum + sum->rest;
}

/* ---- costs of classes ---- */

static bool has_same_costs(const krni_virtual *v, const krni_virtual_costs *a,
                           const krni_virtual_costs *b)
{
    const size_t n_cells = (size_t)v->network->n_nodes * v->n_types;
    const size_t n_tranships = (size_t)v->n_tranship_nodes * v->n_types * v->n_types;
    return memcmp(a->move, b->move, v->n_states * sizeof(double)) == 0 &&
           memcmp(a->load, b->load, n_cells * sizeof(double)) == 0 &&
           memcmp(a->unload, b->unload, n_cells * sizeof(double)) == 0 &&
           memcmp(a->transit, b->transit, n_cells * sizeof(double)) == 0 &&
           memcmp(a->tranship, b->tranship, n_tranships * sizeof(double)) == 0;
}

static krn_status open_classes(krni_cost_run *run, const krni_cost_asking *asking, krn_error *err)
{
    krn_status status = KRN_OK;
    for (uint32_t c = 0; c < run->n_classes && !status; c++) {
        krni_demand_class *own = &run->classes[c];
        status =
            krni_cost_book_open(asking, own->group, own->od_class, run->arena, &own->book, err);
        if (!status)
            status = krni_virtual_costs_new(&run->virtual_network, own->book, run->arena,
                                            &own->costs, err);
        if (status)
            break;
        own->same_as = 0;
        while (own->same_as < c &&
               (run->classes[own->same_as].same_as != own->same_as ||
                !has_same_costs(&run->virtual_network, &run->classes[own->same_as].costs,
                                &own->costs)))
            own->same_as++;
    }
    return status;
}

static krn_status open_run(krni_cost_run *run, krn_error *err)
{
    const krn_cost_question *q = run->question;
    krni_cost_asking asking = {.network = run->network, .scenario = q->scenario};
    krn_status status = krni_cost_set_find(run->network, q->set, &asking.set, err);
    if (!status)
        status = krni_cost_cells(run, err);
    if (!status)
        status = krni_cost_types(run->network, asking.set, run->arena, &asking.types,
                                 &asking.n_types, err);
    if (!status)
        status = krni_virtual_build(run->network, asking.types, asking.n_types, run->arena,
                                    &run->virtual_network, err);
    if (!status)
        status = open_classes(run, &asking, err);
    if (status)
        return status;
    run->wanted = krn_arena_calloc(run->arena, run->network->n_nodes + 1u, sizeof *run->wanted);
    if (!run->wanted)
        return krni_fail_memory(err);
    return krni_flow_sum_new(&run->virtual_network, run->n_classes, run->arena, &run->sum, err);
}

/* ---- trees ---- */

krn_status krni_bundle_tree(const krni_cost_run *run, const krni_bundle *bundle, krni_tree *tree,
                            const krni_virtual_costs *costs, krn_error *err)
{
    uint32_t n_wanted = 0;
    for (uint32_t k = 0; k < bundle->n_cells; k++) {
        bool *wanted = &run->wanted[run->cells[bundle->cells[k]].destination];
        n_wanted += !*wanted;
        *wanted = true;
    }
    const krn_status status =
        krni_tree_run(tree, costs, bundle->origin, run->wanted, n_wanted, err);
    for (uint32_t k = 0; k < bundle->n_cells; k++)
        run->wanted[run->cells[bundle->cells[k]].destination] = false;
    return status;
}

static krn_status add_way(krni_cost_run *run, krni_tree *tree, uint32_t layer, uint32_t cell,
                          double quantity, krn_error *err)
{
    uint32_t n;
    const uint32_t *way = krni_tree_way(tree, layer, run->cells[cell].destination, &n, err);
    if (!way)
        return KRN_E_MEMORY;
    return krni_flow_add(&run->sum, run->class_of[cell], way, n, quantity, err);
}

/* Shares by costs, without those too small to matter. */
static void share_out(const double *costs, uint32_t n, double spread, double *out)
{
    double sum = 0.0;
    krn_assign_logit(costs, n, 1.0 / spread, out);
    for (uint32_t k = 0; k < n; k++) {
        if (out[k] < SMALLEST_SHARE)
            out[k] = 0.0;
        sum += out[k];
    }
    for (uint32_t k = 0; k < n; k++)
        out[k] /= sum;
}

static krn_status serve(krni_cost_run *run, krni_tree *tree, uint32_t cell, krn_error *err)
{
    krn_cost_cell *c = &run->cells[cell];
    const uint32_t n = krni_tree_layers(tree);
    double costs[KRNI_MOST_LAYERS], shares[KRNI_MOST_LAYERS] = {1.0};
    krn_status status = KRN_OK;
    c->least_cost = HUGE_VAL;
    for (uint32_t k = 0; k < n; k++) {
        costs[k] = krni_tree_cost(tree, k, c->destination);
        c->least_cost = fmin(c->least_cost, costs[k]);
    }
    if (c->least_cost == HUGE_VAL) {
        c->least_cost = NAN;
        c->reason = "no way leads there";
        return KRN_OK;
    }
    if (run->question->method == KRN_COST_LOGIT)
        share_out(costs, n, run->question->spread_cost, shares);
    c->cost = 0.0;
    for (uint32_t k = 0; k < n && !status; k++)
        if (shares[k] > 0.0) {
            c->cost += shares[k] * costs[k];
            status = add_way(run, tree, k, cell, shares[k] * c->quantity, err);
        }
    return status;
}

static krn_status assign_trees(krni_cost_run *run, krn_error *err)
{
    krni_tree *tree =
        krni_tree_new(&run->virtual_network, run->question->method == KRN_COST_LOGIT, run->arena);
    krn_status status = tree ? krni_cost_bundles(run, err) : krni_fail_memory(err);
    for (uint32_t b = 0; b < run->n_bundles && !status; b++) {
        const krni_bundle *bundle = &run->bundles[b];
        status =
            krni_bundle_tree(run, bundle, tree, &run->classes[bundle->demand_class].costs, err);
        for (uint32_t k = 0; k < bundle->n_cells && !status; k++)
            status = serve(run, tree, bundle->cells[k], err);
    }
    return status;
}

/* ---- the answer ---- */

static krn_status finish(krni_cost_run *run, krn_cost_answer *out, krn_error *err)
{
    krni_exact_sum quantity = {0}, unserved = {0}, cost = {0};
    krni_flow_class *classes = krn_arena_calloc(run->arena, run->n_classes + 1u, sizeof *classes);
    krni_virtual_costs *costs = krn_arena_calloc(run->arena, run->n_classes + 1u, sizeof *costs);
    if (!classes || !costs)
        return krni_fail_memory(err);
    for (uint32_t c = 0; c < run->n_classes; c++) {
        classes[c] =
            (krni_flow_class){run->classes[c].group, run->classes[c].book, &run->classes[c].costs};
        costs[c] = run->classes[c].costs;
    }
    for (uint32_t k = 0; k < run->n_cells; k++) {
        krni_exact_add(&quantity, run->cells[k].quantity);
        if (run->cells[k].reason)
            krni_exact_add(&unserved, run->cells[k].quantity);
        else
            krni_exact_add(&cost, run->cells[k].quantity * run->cells[k].cost);
    }
    out->cells = run->cells;
    out->n_cells = run->n_cells;
    out->quantity = krni_exact_value(&quantity);
    out->unserved = krni_exact_value(&unserved);
    out->total_cost = krni_exact_value(&cost);
    krni_virtual_count(&run->virtual_network, costs, run->n_classes, &out->n_virtual_nodes,
                       &out->n_virtual_arcs);
    return krni_flow_answer(&run->sum, classes, run->question->method != KRN_COST_USER, run->arena,
                            out, err);
}

krn_status krn_cost_assign(const krn_cost_network *network, const krn_cost_question *question,
                           krn_arena *arena, krn_cost_answer *out, krn_error *err)
{
    krni_cost_run run = {.network = network, .question = question, .arena = arena};
    memset(out, 0, sizeof *out);
    if (question->method == KRN_COST_LOGIT && !(question->spread_cost > 0.0))
        return krni_fail(err, KRN_E_ARG, "a spread above 0 was expected for logit");
    if (!question->n_od_tables)
        return krni_fail(err, KRN_E_ARG, "at least one od table was expected");
    krn_status status = open_run(&run, err);
    if (status)
        return status;
    if (question->method == KRN_COST_USER)
        status = krni_cost_equilibrium(&run, out, err);
    else
        status = assign_trees(&run, err);
    if (status)
        return status;
    status = finish(&run, out, err);
    if (!status && question->method != KRN_COST_USER) {
        out->step.objective_cost = out->total_cost;
        out->gap_reached = true;
    }
    return status;
}
