/* SPDX-License-Identifier: Apache-2.0 */
/* cost_equilibrium.c - user equilibrium of formulas with VOLUME, by paths.
 *
 *     cheapest ways of all cells -> balance of the ways known (krn_path_assign) -> costs of links
 *              ^                                                                       |
 *              +---------- until the gap over all ways of the network is reached ------+
 *
 * Volumes are car units without rounding up, so that costs are continuous. Rows are the cells that
 * have a way, in order. Ways known are balanced to a tenth of the gap that the network has; links
 * that all of them use alike are one resource. The gap told is that of all ways of the network, by
 * the formulas themselves. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "scenario/cost_cells.h"
#include "scenario/cost_stretch.h"

#define GAP_ANYWAY        1e-8
#define ITERATIONS_ANYWAY 10000u
#define INNER_SHARE       0.1 /* of the gap over all ways, for the ways known */
#define LEAST_INNER       1e-15
#define FEW_ITERATIONS    3u    /* of a round that more ways are looked for after */
#define MORE_ITERATIONS   10u   /* of a round after one that found none */
#define CHEAPER_SHARE     1e-13 /* a way must be cheaper by this much to be looked at */

typedef struct way {
    uint32_t cell, n, n_uses;
    const uint32_t *states;
    krn_path_use *uses; /* of resources */
    double fixed_cost, flow;
} way;

typedef struct balance {
    krni_cost_run *run;
    krn_arena *scratch; /* of a round */
    krni_loaded loaded;
    krni_stretches stretches;
    krni_virtual_costs *idle; /* by demand class */
    krni_tree *tree;
    double goal, gap_share, inner_gap_share, objective;
    way *ways;
    uint32_t n_ways, most_ways, n_rows, iterations, most_iterations;
    uint32_t *row_of;    /* by cell; KRNI_NO_INDEX: none */
    uint32_t *cell_of;   /* by row */
    uint32_t *use_of;    /* by resource; KRNI_NO_INDEX between uses */
    double *volume;      /* by resource */
    double *time;        /* by resource, under the volume */
    double *known, *sum; /* by cell: least cost of the ways known, cost of what flows */
} balance;

/* ---- ways ---- */

static double cost_of_way(const krni_virtual *v, const krni_virtual_costs *costs,
                          const uint32_t *states, uint32_t n)
{
    const krni_state *s = &v->states[states[0]];
    double cost = costs->load[(size_t)s->tail * v->n_types + s->type] + costs->move[states[0]];
    for (uint32_t k = 1; k < n; k++) {
        const krni_state *before = s;
        s = &v->states[states[k]];
        const size_t row = (size_t)v->tranship_at[s->tail] * v->n_types;
        cost += s->type == before->type
                    ? costs->transit[(size_t)s->tail * v->n_types + s->type]
                    : costs->tranship[(row + before->type) * v->n_types + s->type];
        cost += costs->move[states[k]];
    }
    return cost + costs->unload[(size_t)s->head * v->n_types + s->type];
}

/* Uses of a way: a link twice in one direction (with two classes) is one use. */
static void find_uses(balance *b, uint32_t c, const uint32_t *states, uint32_t n,
                      krn_path_use *uses, uint32_t *out_n)
{
    *out_n = 0;
    for (uint32_t k = 0; k < n; k++) {
        const uint32_t r = krni_loaded_resource(&b->loaded, states[k]);
        if (r == KRNI_NO_INDEX)
            continue;
        if (b->use_of[r] == KRNI_NO_INDEX) {
            b->use_of[r] = (*out_n)++;
            uses[b->use_of[r]] = (krn_path_use){.resource = r};
        }
        uses[b->use_of[r]].units +=
            krni_loaded_units(&b->loaded, c, b->run->virtual_network.states[states[k]].type);
        uses[b->use_of[r]].weight += b->loaded.weight[c][states[k]];
    }
    for (uint32_t k = 0; k < *out_n; k++)
        b->use_of[uses[k].resource] = KRNI_NO_INDEX;
}

static krn_status grow_ways(balance *b, krn_error *err)
{
    if (b->n_ways < b->most_ways)
        return KRN_OK;
    const uint32_t most = b->most_ways ? 2 * b->most_ways : 1024;
    way *more = krn_arena_alloc(b->run->arena, most * sizeof *more);
    if (!more)
        return krni_fail_memory(err);
    if (b->n_ways)
        memcpy(more, b->ways, b->n_ways * sizeof *more);
    b->ways = more;
    b->most_ways = most;
    return KRN_OK;
}

/* Keeps a way of a cell; its row must be known. */
static krn_status keep_way(balance *b, uint32_t cell, const uint32_t *states, uint32_t n,
                           krn_error *err)
{
    const uint32_t c = b->run->class_of[cell];
    uint32_t *own = krn_arena_alloc(b->run->arena, n * sizeof *own), n_uses;
    krn_path_use *uses = krn_arena_alloc(b->run->arena, n * sizeof *uses);
    const krn_status status = grow_ways(b, err);
    if (status || !own || !uses)
        return status ? status : krni_fail_memory(err);
    memcpy(own, states, n * sizeof *own);
    find_uses(b, c, own, n, uses, &n_uses);
    b->ways[b->n_ways++] =
        (way){.cell = cell,
              .n = n,
              .n_uses = n_uses,
              .states = own,
              .uses = uses,
              .fixed_cost = cost_of_way(&b->run->virtual_network, &b->idle[c], own, n)};
    return krni_stretches_part(&b->stretches, uses, n_uses, err);
}

/* Costs of the ways known under the times. */
static void measure_ways(balance *b)
{
    for (uint32_t r = 0; r < b->n_rows; r++) {
        b->known[b->cell_of[r]] = HUGE_VAL;
        b->sum[b->cell_of[r]] = 0.0;
    }
    for (uint32_t w = 0; w < b->n_ways; w++) {
        const way *own = &b->ways[w];
        double cost = own->fixed_cost;
        for (uint32_t k = 0; k < own->n_uses; k++)
            cost += own->uses[k].weight * b->time[own->uses[k].resource];
        b->known[own->cell] = fmin(b->known[own->cell], cost);
        b->sum[own->cell] += own->flow * cost;
    }
}

/* ---- trees ---- */

/* Costs of a class under the times. */
static void load_costs(balance *b, uint32_t c)
{
    const krni_virtual *v = &b->run->virtual_network;
    double *move = b->run->classes[c].costs.move;
    for (uint32_t s = 0; s < v->n_states; s++) {
        const double weight = b->loaded.weight[c][s];
        if (weight > 0.0)
            move[s] = b->idle[c].move[s] + weight * b->time[krni_loaded_resource(&b->loaded, s)];
    }
}

typedef struct visit {
    balance *balance;
    bool loads; /* costs from the times; else they stand */
    krn_status (*cell)(struct visit *visit, uint32_t cell, krn_error *err);
    double excess, total;
} visit;

static krn_status visit_bundles(visit *v, krn_error *err)
{
    const krni_cost_run *run = v->balance->run;
    uint32_t loaded = KRNI_NO_INDEX;
    krn_status status = KRN_OK;
    for (uint32_t k = 0; k < run->n_bundles && !status; k++) {
        const krni_bundle *bundle = &run->bundles[k];
        if (v->loads && bundle->demand_class != loaded) {
            loaded = bundle->demand_class;
            load_costs(v->balance, loaded);
        }
        status = krni_bundle_tree(run, bundle, v->balance->tree,
                                  &run->classes[bundle->demand_class].costs, err);
        for (uint32_t i = 0; i < bundle->n_cells && !status; i++)
            status = v->cell(v, bundle->cells[i], err);
    }
    return status;
}

static double tree_cost(const visit *v, uint32_t cell)
{
    return krni_tree_cost(v->balance->tree, 0, v->balance->run->cells[cell].destination);
}

static krn_status keep_tree_way(balance *b, uint32_t cell, krn_error *err)
{
    uint32_t n;
    const uint32_t *states = krni_tree_way(b->tree, 0, b->run->cells[cell].destination, &n, err);
    return states ? keep_way(b, cell, states, n, err) : KRN_E_MEMORY;
}

/* First ways: cells without one get their reason, the others become rows. */
static krn_status first_cell(visit *v, uint32_t cell, krn_error *err)
{
    balance *b = v->balance;
    if (tree_cost(v, cell) == HUGE_VAL) {
        b->run->cells[cell].reason = "no way leads there";
        return KRN_OK;
    }
    b->row_of[cell] = b->n_rows;
    b->cell_of[b->n_rows++] = cell;
    return keep_tree_way(b, cell, err);
}

/* Excess of a cell, and a cheaper way where the tree has one. */
static krn_status better_cell(visit *v, uint32_t cell, krn_error *err)
{
    balance *b = v->balance;
    const double least = tree_cost(v, cell);
    if (b->row_of[cell] == KRNI_NO_INDEX)
        return KRN_OK;
    v->excess += fmax(b->sum[cell] - b->run->cells[cell].quantity * least, 0.0);
    v->total += b->sum[cell];
    return least < b->known[cell] * (1.0 - CHEAPER_SHARE) ? keep_tree_way(b, cell, err) : KRN_OK;
}

/* ---- the run ---- */

/* Classes share trees when their weights are the same as well. */
static void part_classes(balance *b)
{
    krni_cost_run *run = b->run;
    const size_t size = run->virtual_network.n_states * sizeof(double);
    for (uint32_t c = run->n_classes; c-- > 0;) {
        const uint32_t idle_alike = run->classes[c].same_as;
        uint32_t a = idle_alike;
        while (a < c && (run->classes[a].same_as != idle_alike ||
                         memcmp(b->loaded.weight[a], b->loaded.weight[c], size) != 0))
            a++;
        run->classes[c].same_as = a;
    }
}

/* Formulas with VOLUME; costs of classes become room for those under load. */
static krn_status open_loaded(balance *b, krn_error *err)
{
    krni_cost_run *run = b->run;
    const size_t size = (run->virtual_network.n_states + 1u) * sizeof(double);
    krni_cost_book **books = krn_arena_calloc(run->arena, run->n_classes + 1u, sizeof(void *));
    double most = 0.0, quantity = 0.0;
    b->idle = krn_arena_calloc(run->arena, run->n_classes + 1u, sizeof *b->idle);
    if (!books || !b->idle)
        return krni_fail_memory(err);
    for (uint32_t c = 0; c < run->n_classes; c++) {
        books[c] = run->classes[c].book;
        b->idle[c] = run->classes[c].costs;
        run->classes[c].costs.move = krn_arena_alloc(run->arena, size);
        if (!run->classes[c].costs.move)
            return krni_fail_memory(err);
        memcpy(run->classes[c].costs.move, b->idle[c].move, size - sizeof(double));
        for (uint32_t t = 0; t < run->virtual_network.n_types; t++)
            most = fmax(most, books[c]->car_units[t] / books[c]->load_quantity[t]);
    }
    for (uint32_t k = 0; k < run->n_cells; k++)
        quantity += run->cells[k].quantity;
    return krni_loaded_open(&run->virtual_network, books, b->idle, run->n_classes, most * quantity,
                            run->arena, &b->loaded, err);
}

static krn_status open_balance(balance *b, krn_error *err)
{
    krni_cost_run *run = b->run;
    const size_t n_cells = run->n_cells + 1u;
    krn_status status = open_loaded(b, err);
    if (!status)
        status = krni_stretches_new(&b->loaded, run->arena, &b->stretches, err);
    if (status)
        return status;
    part_classes(b);
    const size_t n_resources = b->loaded.n_resources + 1u;
    b->tree = krni_tree_new(&run->virtual_network, false, run->arena);
    b->row_of = krn_arena_alloc(run->arena, n_cells * sizeof *b->row_of);
    b->cell_of = krn_arena_alloc(run->arena, n_cells * sizeof *b->cell_of);
    b->known = krn_arena_calloc(run->arena, n_cells, sizeof *b->known);
    b->sum = krn_arena_calloc(run->arena, n_cells, sizeof *b->sum);
    b->use_of = krn_arena_alloc(run->arena, n_resources * sizeof *b->use_of);
    b->volume = krn_arena_calloc(run->arena, n_resources, sizeof *b->volume);
    b->time = krn_arena_calloc(run->arena, n_resources, sizeof *b->time);
    if (!b->tree || !b->row_of || !b->cell_of || !b->known || !b->sum || !b->use_of || !b->volume ||
        !b->time)
        return krni_fail_memory(err);
    memset(b->row_of, 0xff, n_cells * sizeof *b->row_of);
    memset(b->use_of, 0xff, n_resources * sizeof *b->use_of);
    return krni_cost_bundles(run, err);
}

/* Ways as paths over stretches. */
static krn_status pack_paths(balance *b, krn_path **out, krn_error *err)
{
    krn_path *paths = krn_arena_calloc(b->scratch, b->n_ways + 1u, sizeof *paths);
    uint32_t *seen = krn_arena_calloc(b->scratch, b->stretches.n_stretches + 1u, sizeof *seen);
    if (!paths || !seen)
        return krni_fail_memory(err);
    for (uint32_t w = 0; w < b->n_ways; w++) {
        const way *own = &b->ways[w];
        krn_path_use *uses = krn_arena_alloc(b->scratch, (own->n_uses + 1u) * sizeof *uses);
        uint32_t n = 0;
        if (!uses)
            return krni_fail_memory(err);
        for (uint32_t k = 0; k < own->n_uses; k++) {
            const uint32_t stretch = b->stretches.stretch_of[own->uses[k].resource];
            if (seen[stretch] == w + 1)
                continue;
            seen[stretch] = w + 1;
            uses[n++] = (krn_path_use){stretch, own->uses[k].units, own->uses[k].weight};
        }
        paths[w] = (krn_path){.row = b->row_of[own->cell],
                              .fixed_cost = own->fixed_cost,
                              .size = 1.0,
                              .uses = uses,
                              .n_uses = n};
    }
    *out = paths;
    return KRN_OK;
}

static bool tell_step(void *context, const krn_assign_step *step)
{
    const balance *b = context;
    const krn_cost_question *q = b->run->question;
    krn_assign_step all = *step;
    all.iteration += b->iterations;
    all.gap_share = fmax(all.gap_share, b->gap_share);
    return !q->progress || q->progress(q->progress_context, &all);
}

static void take_answer(balance *b, const krn_path_answer *answer)
{
    double slope;
    const double *flow = krn_path_answer_flow(answer), *load = krn_path_answer_load(answer);
    for (uint32_t w = 0; w < b->n_ways; w++)
        b->ways[w].flow = flow[w];
    for (uint32_t r = 0; r < b->loaded.n_resources; r++) {
        const uint32_t stretch = b->stretches.stretch_of[r];
        b->volume[r] = stretch == KRNI_NO_INDEX ? 0.0 : load[stretch];
        b->time[r] =
            stretch == KRNI_NO_INDEX ? 0.0 : krni_loaded_time(&b->loaded, r, b->volume[r], &slope);
    }
    b->iterations += krn_path_answer_step(answer).iteration;
    b->inner_gap_share = krn_path_answer_step(answer).gap_share;
    b->objective = krn_path_answer_step(answer).objective_cost;
}

/* Balances the ways known to a gap, or as far as some iterations go. */
static krn_status balance_ways(balance *b, double inner_share, uint32_t most, krn_error *err)
{
    krn_path_answer *answer = NULL;
    krn_path *paths = NULL;
    krn_arena_reset(b->scratch);
    krn_status status = krni_stretches_pack(&b->stretches, b->scratch, err);
    if (!status)
        status = pack_paths(b, &paths, err);
    if (status)
        return status;
    krn_path_row *rows = krn_arena_calloc(b->scratch, b->n_rows + 1u, sizeof *rows);
    double *flows = krn_arena_calloc(b->scratch, b->n_ways + 1u, sizeof *flows);
    krn_path_resource *resources =
        krn_arena_calloc(b->scratch, b->stretches.n_stretches + 1u, sizeof *resources);
    if (!rows || !flows || !resources)
        return krni_fail_memory(err);
    for (uint32_t k = 0; k < b->n_rows; k++)
        rows[k].flow = b->run->cells[b->cell_of[k]].quantity;
    for (uint32_t w = 0; w < b->n_ways; w++)
        flows[w] = b->ways[w].flow;
    for (uint32_t k = 0; k < b->stretches.n_stretches; k++)
        resources[k].limit_load = HUGE_VAL;
    const krn_path_problem problem = {.n_rows = b->n_rows,
                                      .n_resources = b->stretches.n_stretches,
                                      .n_paths = b->n_ways,
                                      .rows = rows,
                                      .resources = resources,
                                      .paths = paths,
                                      .law = krni_stretches_law,
                                      .law_context = &b->stretches};
    const krn_path_options options = {.method = KRN_PATH_USER,
                                      .gap_share = inner_share,
                                      .max_iterations = most,
                                      .base_flow = b->iterations ? flows : NULL,
                                      .progress = tell_step,
                                      .progress_context = b};
    status = krn_path_assign(&problem, &options, &answer, err);
    if (!status)
        take_answer(b, answer);
    krn_path_answer_free(answer);
    return status;
}

static krn_status run_rounds(balance *b, krn_error *err)
{
    double inner_share = 1e-3;
    bool grew = true;
    for (;;) {
        const uint32_t n_before = b->n_ways, begun = b->iterations;
        const uint32_t left = b->most_iterations - begun;
        visit v = {.balance = b, .loads = true, .cell = better_cell};
        const uint32_t most = grew ? FEW_ITERATIONS : MORE_ITERATIONS;
        krn_status status = balance_ways(b, inner_share, left < most ? left : most, err);
        if (status)
            return status;
        measure_ways(b);
        status = visit_bundles(&v, err);
        if (status)
            return status;
        b->gap_share = v.total > 0.0 ? v.excess / v.total : 0.0;
        if (b->gap_share <= b->goal || b->iterations >= b->most_iterations)
            return KRN_OK;
        grew = b->n_ways > n_before;
        if (grew)
            inner_share = INNER_SHARE * b->gap_share;
        else if (b->inner_gap_share <= inner_share)
            inner_share = INNER_SHARE * fmin(inner_share, b->gap_share);
        else if (b->iterations == begun)
            return KRN_OK; /* nothing gets nearer */
        if (inner_share < LEAST_INNER)
            return KRN_OK;
    }
}

/* ---- what came of it ---- */

/* Costs of all moves at the volumes reached, by their own formulas. */
static krn_status final_costs(balance *b, krn_error *err)
{
    const krni_cost_run *run = b->run;
    krn_status status = KRN_OK;
    for (uint32_t c = 0; c < run->n_classes; c++)
        for (uint32_t s = 0; s < run->virtual_network.n_states && !status; s++)
            if (b->loaded.weight[c][s] > 0.0)
                status = krni_loaded_cost(&b->loaded, c, s,
                                          b->volume[krni_loaded_resource(&b->loaded, s)],
                                          &run->classes[c].costs.move[s], err);
    return status;
}

static krn_status flows_of_cells(balance *b, krn_error *err)
{
    krni_cost_run *run = b->run;
    krn_status status = KRN_OK;
    for (uint32_t r = 0; r < b->n_rows; r++)
        run->cells[b->cell_of[r]].cost = 0.0;
    for (uint32_t w = 0; w < b->n_ways && !status; w++) {
        const way *own = &b->ways[w];
        const uint32_t c = run->class_of[own->cell];
        krn_cost_cell *cell = &run->cells[own->cell];
        if (!(own->flow > 0.0))
            continue;
        cell->cost +=
            own->flow / cell->quantity *
            cost_of_way(&run->virtual_network, &run->classes[c].costs, own->states, own->n);
        status = krni_flow_add(&run->sum, c, own->states, own->n, own->flow, err);
    }
    return status;
}

static krn_status least_cell(visit *v, uint32_t cell, krn_error *err)
{
    krn_cost_cell *own = &v->balance->run->cells[cell];
    (void)err;
    if (own->reason)
        return KRN_OK;
    own->least_cost = tree_cost(v, cell);
    v->excess += own->quantity * (own->cost - own->least_cost);
    v->total += own->quantity * own->cost;
    return KRN_OK;
}

static krn_status tell(balance *b, krn_cost_answer *out, krn_error *err)
{
    double quantity = 0.0;
    visit v = {.balance = b, .cell = least_cell};
    krn_status status = final_costs(b, err);
    if (!status)
        status = flows_of_cells(b, err);
    if (!status)
        status = visit_bundles(&v, err);
    if (status)
        return status;
    for (uint32_t r = 0; r < b->n_rows; r++)
        quantity += b->run->cells[b->cell_of[r]].quantity;
    out->step.iteration = b->iterations;
    out->step.objective_cost = b->objective;
    out->step.gap_share = v.total > 0.0 ? fmax(v.excess / v.total, 0.0) : 0.0;
    out->step.excess_cost = quantity > 0.0 ? fmax(v.excess / quantity, 0.0) : 0.0;
    out->gap_reached = out->step.gap_share <= b->goal;
    return KRN_OK;
}

krn_status krni_cost_equilibrium(krni_cost_run *run, krn_cost_answer *out, krn_error *err)
{
    const krn_cost_question *q = run->question;
    balance b = {.run = run,
                 .goal = q->gap_share > 0.0 ? q->gap_share : GAP_ANYWAY,
                 .most_iterations = q->max_iterations ? q->max_iterations : ITERATIONS_ANYWAY};
    visit first = {.balance = &b, .cell = first_cell};
    b.scratch = krn_arena_new(NULL, 0);
    krn_status status = b.scratch ? open_balance(&b, err) : krni_fail_memory(err);
    if (!status)
        status = visit_bundles(&first, err);
    if (!status && b.n_rows)
        status = run_rounds(&b, err);
    if (!status && b.n_rows)
        status = tell(&b, out, err);
    if (!status && !b.n_rows)
        out->gap_reached = true;
    krn_arena_free(b.scratch);
    return status;
}
