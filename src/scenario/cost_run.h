/* cost_run.h - what the methods of cost_assign.h share: cells, demand classes, costs, trees. */
#ifndef SCENARIO_COST_RUN_H
#define SCENARIO_COST_RUN_H

#include "scenario/cost_flow.h"
#include "scenario/cost_tree.h"

typedef struct krni_demand_class {
    int32_t group, od_class;
    krni_cost_book *book;
    krni_virtual_costs costs;
    uint32_t same_as; /* first class with the same costs: itself or an earlier one */
} krni_demand_class;

/* Cells of one origin whose classes have the same costs: one tree serves them. */
typedef struct krni_bundle {
    uint32_t demand_class, origin; /* the class whose costs are taken */
    uint32_t n_cells;
    const uint32_t *cells;
} krni_bundle;

typedef struct krni_cost_run {
    const krn_cost_network *network;
    const krn_cost_question *question;
    krn_arena *arena;
    krni_virtual virtual_network;
    uint32_t n_classes;
    krni_demand_class *classes; /* by group, od class */
    uint32_t n_cells;
    krn_cost_cell *cells; /* by group, od class, origin, destination */
    uint32_t *class_of;   /* n_cells */
    uint32_t n_bundles;   /* of cells that may have a way */
    const krni_bundle *bundles;
    bool *wanted; /* n_nodes, all false between uses */
    krni_flow_sum sum;
} krni_cost_run;

/* Tree of a bundle under costs. */
krn_status krni_bundle_tree(const krni_cost_run *run, const krni_bundle *bundle, krni_tree *tree,
                            const krni_virtual_costs *costs, krn_error *err);

/* Flows of the user equilibrium into run->sum, costs and cells; moves of all classes have the
 * costs under load in the end. */
krn_status krni_cost_equilibrium(krni_cost_run *run, krn_cost_answer *out, krn_error *err);

/* A sum that keeps what rounding takes away. */
typedef struct krni_exact_sum {
    double sum, rest;
} krni_exact_sum;
void krni_exact_add(krni_exact_sum *sum, double value);
double krni_exact_value(const krni_exact_sum *sum);

#endif
