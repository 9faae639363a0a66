/* SPDX-License-Identifier: Apache-2.0 */
/* cost_equilibrium.c - user equilibrium of formulas with VOLUME, by paths.
 *
 *     cells with their cheapest ways -> krn_path_assign -> times of links -> cheaper ways? -> ...
 *
 * Volumes are car units without rounding up, so that costs are continuous. Rows are the cells that
 * have a way, in order; ways are kept with their states, in the order of the kernel's paths. The
 * gap told is that of all ways of the network, by the formulas themselves. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "scenario/cost_cells.h"
#include "scenario/cost_loaded.h"

#define GAP_ANYWAY    1e-8
#define KERNEL_SHARE  0.5   /* of the gap asked for: between the ways known */
#define NEW_WAY_SHARE 0.25  /* and by those not known yet */
#define CHEAPER_SHARE 1e-13 /* a way must be cheaper by this much to be looked at */

typedef struct way {
    uint32_t cell, n, next; /* next: of the same cell, or KRNI_NO_INDEX */
    const uint32_t *states;
    krn_path path;
} way;

typedef struct balance {
    krni_cost_run *run;
    krni_loaded loaded;
    krni_virtual_costs *idle; /* by demand class */
    krni_tree *tree;
    double goal;
    way *ways;
    uint32_t n_ways, most_ways;
    uint32_t *first_way, *row_of; /* by cell; KRNI_NO_INDEX: none */
    uint32_t *cell_of;            /* by row */
    uint32_t n_rows;
    uint32_t *use_of; /* by resource; KRNI_NO_INDEX between uses */
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
    b->ways[b->n_ways] =
        (way){.cell = cell,
              .n = n,
              .next = b->first_way[cell],
              .states = own,
              .path = {.row = b->row_of[cell],
                       .fixed_cost = cost_of_way(&b->run->virtual_network, &b->idle[c], own, n),
                       .size = 1.0,
                       .uses = uses,
                       .n_uses = n_uses}};
    b->first_way[cell] = b->n_ways++;
    return KRN_OK;
}

static double known_cost(const balance *b, uint32_t cell, const double *times)
{
    double least = HUGE_VAL;
    for (uint32_t w = b->first_way[cell]; w != KRNI_NO_INDEX; w = b->ways[w].next) {
        const krn_path *p = &b->ways[w].path;
        double cost = p->fixed_cost;
        for (uint32_t k = 0; k < p->n_uses; k++)
            cost += p->uses[k].weight * times[p->uses[k].resource];
        least = fmin(least, cost);
    }
    return least;
}

/* ---- trees ---- */

/* Costs of a class under times of resources. */
static void load_costs(balance *b, uint32_t c, const double *times)
{
    const krni_virtual *v = &b->run->virtual_network;
    double *move = b->run->classes[c].costs.move;
    for (uint32_t s = 0; s < v->n_states; s++) {
        const double weight = b->loaded.weight[c][s];
        move[s] = b->idle[c].move[s];
        if (weight > 0.0)
            move[s] += weight * times[krni_loaded_resource(&b->loaded, s)];
    }
}

typedef struct visit {
    balance *balance;
    const double *times; /* NULL: costs stand */
    krn_status (*cell)(struct visit *visit, uint32_t cell, krn_error *err);
    double *least_cost; /* by row */
    double excess, total;
    bool adds;
} visit;

static krn_status visit_bundles(visit *v, krn_error *err)
{
    const krni_cost_run *run = v->balance->run;
    uint32_t loaded = KRNI_NO_INDEX;
    krn_status status = KRN_OK;
    for (uint32_t k = 0; k < run->n_bundles && !status; k++) {
        const krni_bundle *bundle = &run->bundles[k];
        if (v->times && bundle->demand_class != loaded) {
            loaded = bundle->demand_class;
            load_costs(v->balance, loaded, v->times);
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

static krn_status measure_cell(visit *v, uint32_t cell, krn_error *err)
{
    const balance *b = v->balance;
    const double quantity = b->run->cells[cell].quantity, least = tree_cost(v, cell);
    (void)err;
    if (b->row_of[cell] == KRNI_NO_INDEX)
        return KRN_OK;
    const double known = known_cost(b, cell, v->times);
    v->least_cost[b->row_of[cell]] = fmin(least, known);
    v->excess += quantity * fmax(known - least, 0.0);
    v->total += quantity * known;
    return KRN_OK;
}

static krn_status add_cell(visit *v, uint32_t cell, krn_error *err)
{
    balance *b = v->balance;
    if (b->row_of[cell] == KRNI_NO_INDEX)
        return KRN_OK;
    const double known = known_cost(b, cell, v->times);
    if (!(tree_cost(v, cell) < known * (1.0 - CHEAPER_SHARE)))
        return KRN_OK;
    return keep_tree_way(b, cell, err);
}

/* krn_path_options.generate */
static krn_status generate(void *context, const double *times, const double *prices,
                           krn_arena *arena, krn_path_found *add, double *out_least_cost,
                           krn_error *err)
{
    balance *b = context;
    visit v = {.balance = b, .times = times, .cell = measure_cell, .least_cost = out_least_cost};
    const uint32_t before = b->n_ways;
    (void)prices; /* there are no limits */
    krn_status status = visit_bundles(&v, err);
    if (status || v.excess <= NEW_WAY_SHARE * b->goal * v.total)
        return status;
    v.cell = add_cell;
    status = visit_bundles(&v, err);
    if (status)
        return status;
    add->n_paths = b->n_ways - before;
    add->paths = krn_arena_calloc(arena, add->n_paths + 1u, sizeof *add->paths);
    if (!add->paths)
        return krni_fail_memory(err);
    for (uint32_t k = 0; k < add->n_paths; k++)
        add->paths[k] = b->ways[before + k].path;
    return KRN_OK;
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
        while (a < c && ((run->classes[a].same_as != idle_alike) ||
                         memcmp(b->loaded.weight[a], b->loaded.weight[c], size) != 0))
            a++;
        run->classes[c].same_as = a;
    }
}

static krn_status open_balance(balance *b, krn_error *err)
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
        memcpy(run->classes[c].costs.move, b->idle[c].move, size);
        for (uint32_t t = 0; t < run->virtual_network.n_types; t++)
            most = fmax(most, books[c]->car_units[t] / books[c]->load_quantity[t]);
    }
    for (uint32_t k = 0; k < run->n_cells; k++)
        quantity += run->cells[k].quantity;
    krn_status status = krni_loaded_open(&run->virtual_network, books, b->idle, run->n_classes,
                                         most * quantity, run->arena, &b->loaded, err);
    if (status)
        return status;
    part_classes(b);
    b->tree = krni_tree_new(&run->virtual_network, false, run->arena);
    b->first_way = krn_arena_alloc(run->arena, (run->n_cells + 1u) * sizeof *b->first_way);
    b->row_of = krn_arena_alloc(run->arena, (run->n_cells + 1u) * sizeof *b->row_of);
    b->cell_of = krn_arena_alloc(run->arena, (run->n_cells + 1u) * sizeof *b->cell_of);
    b->use_of = krn_arena_alloc(run->arena, (b->loaded.n_resources + 1u) * sizeof *b->use_of);
    if (!b->tree || !b->first_way || !b->row_of || !b->cell_of || !b->use_of)
        return krni_fail_memory(err);
    memset(b->first_way, 0xff, (run->n_cells + 1u) * sizeof *b->first_way);
    memset(b->row_of, 0xff, (run->n_cells + 1u) * sizeof *b->row_of);
    memset(b->use_of, 0xff, (b->loaded.n_resources + 1u) * sizeof *b->use_of);
    return krni_cost_bundles(run, err);
}

static krn_status solve(balance *b, krn_path_answer **out, krn_error *err)
{
    krni_cost_run *run = b->run;
    const krn_cost_question *q = run->question;
    const uint32_t n_resources = b->loaded.n_resources;
    krn_path_row *rows = krn_arena_calloc(run->arena, b->n_rows + 1u, sizeof *rows);
    krn_path *paths = krn_arena_calloc(run->arena, b->n_ways + 1u, sizeof *paths);
    krn_path_resource *resources =
        krn_arena_calloc(run->arena, n_resources + 1u, sizeof *resources);
    if (!rows || !paths || !resources)
        return krni_fail_memory(err);
    for (uint32_t k = 0; k < b->n_rows; k++)
        rows[k].flow = run->cells[b->cell_of[k]].quantity;
    for (uint32_t k = 0; k < b->n_ways; k++)
        paths[k] = b->ways[k].path;
    for (uint32_t k = 0; k < n_resources; k++)
        resources[k].limit_load = HUGE_VAL;
    const krn_path_problem problem = {.n_rows = b->n_rows,
                                      .n_resources = n_resources,
                                      .n_paths = b->n_ways,
                                      .rows = rows,
                                      .resources = resources,
                                      .paths = paths,
                                      .law = krni_loaded_law,
                                      .law_context = &b->loaded};
    const krn_path_options options = {.method = KRN_PATH_USER,
                                      .gap_share = KERNEL_SHARE * b->goal,
                                      .max_iterations = q->max_iterations,
                                      .generate = generate,
                                      .generate_context = b,
                                      .progress = q->progress,
                                      .progress_context = q->progress_context};
    return krn_path_assign(&problem, &options, out, err);
}

/* Costs of all moves at the volumes reached, by their own formulas. */
static krn_status final_costs(balance *b, const double *volumes, krn_error *err)
{
    const krni_cost_run *run = b->run;
    krn_status status = KRN_OK;
    for (uint32_t c = 0; c < run->n_classes; c++)
        for (uint32_t s = 0; s < run->virtual_network.n_states && !status; s++) {
            run->classes[c].costs.move[s] = b->idle[c].move[s];
            if (b->loaded.weight[c][s] > 0.0)
                status =
                    krni_loaded_cost(&b->loaded, c, s, volumes[krni_loaded_resource(&b->loaded, s)],
                                     &run->classes[c].costs.move[s], err);
        }
    return status;
}

static krn_status flows_of_cells(balance *b, const double *flow, krn_error *err)
{
    krni_cost_run *run = b->run;
    krn_status status = KRN_OK;
    for (uint32_t r = 0; r < b->n_rows; r++)
        run->cells[b->cell_of[r]].cost = 0.0;
    for (uint32_t w = 0; w < b->n_ways && !status; w++) {
        const way *own = &b->ways[w];
        const uint32_t c = run->class_of[own->cell];
        krn_cost_cell *cell = &run->cells[own->cell];
        if (!(flow[w] > 0.0))
            continue;
        cell->cost +=
            flow[w] / cell->quantity *
            cost_of_way(&run->virtual_network, &run->classes[c].costs, own->states, own->n);
        status = krni_flow_add(&run->sum, c, own->states, own->n, flow[w], err);
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

static krn_status tell(balance *b, const krn_path_answer *answer, krn_cost_answer *out,
                       krn_error *err)
{
    double quantity = 0.0;
    visit v = {.balance = b, .cell = least_cell};
    krn_status status = final_costs(b, krn_path_answer_load(answer), err);
    if (!status)
        status = flows_of_cells(b, krn_path_answer_flow(answer), err);
    if (!status)
        status = visit_bundles(&v, err);
    if (status)
        return status;
    for (uint32_t r = 0; r < b->n_rows; r++)
        quantity += b->run->cells[b->cell_of[r]].quantity;
    out->step = krn_path_answer_step(answer);
    out->step.gap_share = v.total > 0.0 ? fmax(v.excess / v.total, 0.0) : 0.0;
    out->step.excess_cost = quantity > 0.0 ? fmax(v.excess / quantity, 0.0) : 0.0;
    out->gap_reached = out->step.gap_share <= b->goal;
    return KRN_OK;
}

krn_status krni_cost_equilibrium(krni_cost_run *run, krn_cost_answer *out, krn_error *err)
{
    const double asked = run->question->gap_share;
    balance b = {.run = run, .goal = asked > 0.0 ? asked : GAP_ANYWAY};
    visit first = {.balance = &b, .cell = first_cell};
    krn_path_answer *answer = NULL;
    krn_status status = open_balance(&b, err);
    if (!status)
        status = visit_bundles(&first, err);
    if (status)
        return status;
    if (!b.n_rows) {
        out->gap_reached = true;
        return KRN_OK;
    }
    status = solve(&b, &answer, err);
    if (!status && KRN_NEVER(krn_path_answer_paths(answer) != b.n_ways))
        status = krni_fail(err, KRN_E_ARG, "paths of the kernel are not those given");
    if (!status)
        status = tell(&b, answer, out, err);
    krn_path_answer_free(answer);
    return status;
}
