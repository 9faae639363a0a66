/* cost_virtual.h - the virtual network of a cost network, folded.
 *
 *     origin -load-> (-)==move==>(+) -transit, tranship-> (-)==move==>(+) -unload-> destination
 *                    \___ a state ___/                    \___ a state ___/
 *
 * A state is a move: a link in a direction with a vehicle class. What leads from state to state
 * hangs on the node between them and on both types alone, and stands there once:
 *
 *   transit    same type, another link (no turning back), the node is passed
 *   tranship   another type, on any link (also back), the node tranships
 *   load, unload  the node loads
 *
 * Costs of a demand class are HUGE_VAL where the arc is not there.
 *   order      states by type, link, id of the node they leave
 *   bounds     KRN_E_LIMIT above KRNI_MOST_STATES states or cells of node and type */
#ifndef SCENARIO_COST_VIRTUAL_H
#define SCENARIO_COST_VIRTUAL_H

#include "scenario/cost_book.h"

#define KRNI_MOST_STATES 20000000u
#define KRNI_NO_INDEX    UINT32_MAX

typedef struct krni_state {
    uint32_t type, link, tail, head; /* nodes */
    bool forwards;                   /* from from_node to to_node */
} krni_state;

typedef struct krni_virtual {
    const krn_cost_network *network;
    const krni_vehicle_type *types;
    uint32_t n_types, n_states;
    const krni_state *states;
    const uint32_t *out_first, *out_states; /* of node * n_types + type; n_nodes * n_types + 1 */
    const uint32_t *tranship_at;            /* n_nodes: row of tranship costs, or KRNI_NO_INDEX */
    uint32_t n_tranship_nodes;
} krni_virtual;

/* Costs of a demand class at volumes (of link * 2 + forwards; NULL: 0). */
typedef struct krni_virtual_costs {
    double *move;                    /* by state */
    double *load, *unload, *transit; /* by node * n_types + type */
    double *tranship;                /* by (row * n_types + from type) * n_types + to type */
} krni_virtual_costs;

krn_status krni_virtual_build(const krn_cost_network *network, const krni_vehicle_type *types,
                              uint32_t n_types, krn_arena *arena, krni_virtual *out,
                              krn_error *err);

krn_status krni_virtual_costs_new(const krni_virtual *v, krni_cost_book *book, krn_arena *arena,
                                  krni_virtual_costs *out, krn_error *err);

/* Nodes and arcs that have costs in any of n demand classes. */
void krni_virtual_count(const krni_virtual *v, const krni_virtual_costs *costs, uint32_t n,
                        uint32_t *out_nodes, uint32_t *out_arcs);

#endif
