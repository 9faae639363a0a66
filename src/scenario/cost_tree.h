/* cost_tree.h - cheapest ways from a node of a virtual network to all others.
 *
 * Without combinations one tree; with them one layer for each combination of vehicle classes that
 * a way may use, and the cheapest way of each:
 *
 *     layer {road}        o==>...==>d
 *     layer {road, rail}  o==>...(tranship) ==> ...(tranship) ==>...d
 *
 *   order      labels are taken by cost, then layer, then state; the first way of a cost stands
 *   memory     about 28 bytes a state and layer, kept from run to run
 *   errors     KRN_E_MEMORY; KRN_E_LIMIT above KRNI_MOST_LAYERS combinations */
#ifndef SCENARIO_COST_TREE_H
#define SCENARIO_COST_TREE_H

#include "scenario/cost_virtual.h"

#define KRNI_MOST_LAYERS 64u

typedef struct krni_tree krni_tree;

krni_tree *krni_tree_new(const krni_virtual *v, bool combinations, krn_arena *arena);

/* wanted: n_nodes, ends that are asked for; the run ends when all n_wanted have their ways
 * (without combinations). */
krn_status krni_tree_run(krni_tree *tree, const krni_virtual_costs *costs, uint32_t origin,
                         const bool *wanted, uint32_t n_wanted, krn_error *err);

/* Layers in the order in which they were met; 1 without combinations. */
uint32_t krni_tree_layers(const krni_tree *tree);

/* Cost of the cheapest way of a layer to a node; HUGE_VAL: none. */
double krni_tree_cost(const krni_tree *tree, uint32_t layer, uint32_t node);

/* Its states from the origin on; NULL and 0 where there is none. Valid until the next call. */
const uint32_t *krni_tree_way(krni_tree *tree, uint32_t layer, uint32_t node, uint32_t *out_n,
                              krn_error *err);

#endif
