/* SPDX-License-Identifier: Apache-2.0 */
/* cost_cells.c - rows of the same group, class and pair are one cell; cells of one origin and the
 * same costs share a tree. */
#include "scenario/cost_cells.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "scenario/cost_book.h"

static krn_status find_table(const krn_cost_network *network, const char *name,
                             const krn_od_table **out, krn_error *err)
{
    uint32_t at = 0;
    const krn_status status =
        krni_cost_name_find("od table", name, network->od_tables, sizeof *network->od_tables,
                            network->n_od_tables, &at, err);
    if (!status)
        *out = &network->od_tables[at];
    return status;
}

static int compare_cells(const void *pa, const void *pb)
{
    const krn_cost_cell *a = pa, *b = pb;
    if (a->group != b->group)
        return a->group < b->group ? -1 : 1;
    if (a->od_class != b->od_class)
        return a->od_class < b->od_class ? -1 : 1;
    if (a->origin != b->origin)
        return a->origin < b->origin ? -1 : 1;
    if (a->destination != b->destination)
        return a->destination < b->destination ? -1 : 1;
    return (a->quantity > b->quantity) - (a->quantity < b->quantity); /* sums in one order */
}

static bool is_same_pair(const krn_cost_cell *a, const krn_cost_cell *b)
{
    return a->group == b->group && a->od_class == b->od_class && a->origin == b->origin &&
           a->destination == b->destination;
}

static krn_status gather_rows(krni_cost_run *run, krn_error *err)
{
    const krn_cost_question *q = run->question;
    const krn_od_table *table = NULL;
    uint64_t n = 0;
    for (uint32_t k = 0; k < q->n_od_tables; k++) {
        const krn_status status = find_table(run->network, q->od_tables[k], &table, err);
        if (status)
            return status;
        n += table->n_rows;
    }
    if (n >= UINT32_MAX)
        return krni_fail(err, KRN_E_LIMIT, "%llu rows of demand", (unsigned long long)n);
    run->cells = krn_arena_calloc(run->arena, n + 1, sizeof *run->cells);
    if (!run->cells)
        return krni_fail_memory(err);
    for (uint32_t k = 0; k < q->n_od_tables; k++) {
        (void)find_table(run->network, q->od_tables[k], &table, err);
        for (uint32_t i = 0; i < table->n_rows; i++) {
            const krn_cost_demand *r = &table->rows[i];
            run->cells[run->n_cells++] = (krn_cost_cell){.group = r->group,
                                                         .od_class = r->od_class,
                                                         .origin = r->origin,
                                                         .destination = r->destination,
                                                         .quantity = r->quantity};
        }
    }
    return KRN_OK;
}

static void merge_rows(krni_cost_run *run)
{
    uint32_t n = 0;
    if (run->n_cells)
        qsort(run->cells, run->n_cells, sizeof *run->cells, compare_cells);
    for (uint32_t k = 0; k < run->n_cells; k++)
        if (n && is_same_pair(&run->cells[n - 1], &run->cells[k]))
            run->cells[n - 1].quantity += run->cells[k].quantity;
        else
            run->cells[n++] = run->cells[k];
    run->n_cells = n;
}

krn_status krni_cost_cells(krni_cost_run *run, krn_error *err)
{
    const krn_status status = gather_rows(run, err);
    if (status)
        return status;
    merge_rows(run);
    run->class_of = krn_arena_calloc(run->arena, run->n_cells + 1u, sizeof *run->class_of);
    if (!run->class_of)
        return krni_fail_memory(err);
    for (uint32_t k = 0; k < run->n_cells; k++) {
        const bool is_new = !k || run->cells[k].group != run->cells[k - 1].group ||
                            run->cells[k].od_class != run->cells[k - 1].od_class;
        run->n_classes += is_new;
        run->class_of[k] = run->n_classes - 1;
    }
    run->classes = krn_arena_calloc(run->arena, run->n_classes + 1u, sizeof *run->classes);
    if (!run->classes)
        return krni_fail_memory(err);
    for (uint32_t k = 0; k < run->n_cells; k++) {
        run->classes[run->class_of[k]].group = run->cells[k].group;
        run->classes[run->class_of[k]].od_class = run->cells[k].od_class;
    }
    return KRN_OK;
}

/* ---- bundles ---- */

static bool has_any(const krni_virtual *v, const double *costs, uint32_t node)
{
    for (uint32_t t = 0; t < v->n_types; t++)
        if (costs[(size_t)node * v->n_types + t] < HUGE_VAL)
            return true;
    return false;
}

static const char *reason_of(const krni_cost_run *run, uint32_t k)
{
    const krn_cost_cell *c = &run->cells[k];
    const krni_virtual_costs *costs = &run->classes[run->class_of[k]].costs;
    if (c->origin == c->destination)
        return "origin and destination are the same node";
    if (!run->network->nodes[c->origin].loads)
        return "nothing is loaded at the origin";
    if (!run->network->nodes[c->destination].loads)
        return "nothing is unloaded at the destination";
    if (!has_any(&run->virtual_network, costs->load, c->origin))
        return "no formula loads anything on a link of the origin";
    if (!has_any(&run->virtual_network, costs->unload, c->destination))
        return "no formula unloads anything from a link of the destination";
    return NULL;
}

typedef struct bundled {
    uint32_t demand_class, origin, cell;
} bundled;

static int compare_bundled(const void *pa, const void *pb)
{
    const bundled *a = pa, *b = pb;
    if (a->demand_class != b->demand_class)
        return a->demand_class < b->demand_class ? -1 : 1;
    if (a->origin != b->origin)
        return a->origin < b->origin ? -1 : 1;
    return (a->cell > b->cell) - (a->cell < b->cell);
}

krn_status krni_cost_bundles(krni_cost_run *run, krn_error *err)
{
    bundled *list = krn_arena_calloc(run->arena, run->n_cells + 1u, sizeof *list);
    uint32_t *cells = krn_arena_calloc(run->arena, run->n_cells + 1u, sizeof *cells);
    krni_bundle *bundles = krn_arena_calloc(run->arena, run->n_cells + 1u, sizeof *bundles);
    uint32_t n = 0;
    if (!list || !cells || !bundles)
        return krni_fail_memory(err);
    for (uint32_t k = 0; k < run->n_cells; k++) {
        run->cells[k].reason = reason_of(run, k);
        run->cells[k].cost = run->cells[k].least_cost = NAN;
        if (!run->cells[k].reason)
            list[n++] = (bundled){run->classes[run->class_of[k]].same_as, run->cells[k].origin, k};
    }
    if (n)
        qsort(list, n, sizeof *list, compare_bundled);
    for (uint32_t k = 0; k < n; k++) {
        cells[k] = list[k].cell;
        if (!k || list[k].demand_class != list[k - 1].demand_class ||
            list[k].origin != list[k - 1].origin)
            bundles[run->n_bundles++] = (krni_bundle){
                .demand_class = list[k].demand_class, .origin = list[k].origin, .cells = &cells[k]};
        bundles[run->n_bundles - 1].n_cells++;
    }
    run->bundles = bundles;
    return KRN_OK;
}
