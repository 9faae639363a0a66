/* cost_assign.h - quantities of od tables on a cost network.
 *
 *   units      of the model; relative gaps as in assign.h
 *   ownership  an answer lives in the caller's arena and borrows from the network
 *   errors     KRN_E_NOT_FOUND (cost set, od table: nearest names), KRN_E_DATA (a formula that
 *              cannot be computed: set, line, text, what), KRN_E_MEMORY, KRN_E_CANCELLED
 */
#ifndef KERUEN_COST_ASSIGN_H
#define KERUEN_COST_ASSIGN_H

#include <keruen/arena.h>
#include <keruen/cost_network.h>
#include <keruen/path_assign.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum krn_cost_method {
    KRN_COST_ALL_OR_NOTHING,
    KRN_COST_LOGIT, /* over the cheapest path of each combination of modes and classes */
    KRN_COST_USER   /* equilibrium of formulas with VOLUME; vehicles are not rounded up */
} krn_cost_method;

typedef struct krn_cost_question {
    const char *set;              /* cost set */
    const char *const *od_tables; /* rows of the same group, class and pair add up */
    uint32_t n_od_tables;
    int32_t scenario; /* KRN_COST_ANY: formulas without one only */
    krn_cost_method method;
    double spread_cost; /* logit: > 0 */
    double gap_share;   /* 0: 1e-8 */
    uint32_t max_iterations;
    bool (*progress)(void *context, const krn_assign_step *step);
    void *progress_context;
} krn_cost_question;

/* An arc of the virtual network that carries something. */
typedef struct krn_cost_flow {
    krn_cost_kind kind;
    uint32_t node; /* of LOAD, UNLOAD, TRANSHIP; from node of MOVE */
    uint32_t to_node;
    uint32_t link;      /* MOVE: its link; LOAD, TRANSHIP: link gone on with; UNLOAD: come from */
    uint32_t from_link; /* TRANSHIP */
    uint32_t mode, vehicle_class, from_mode, from_class; /* from_*: TRANSHIP */
    /* By group; cost of a unit (of several od classes their mean; HUGE_VAL: the arc is not there
     * for the group), vehicles 0 of TRANSHIP. */
    const double *group_quantity, *group_cost, *group_vehicles;
    double quantity, vehicles;
    double volume_load; /* MOVE: car units of all classes on the link in this direction */
} krn_cost_flow;

typedef struct krn_cost_cell {
    int32_t group, od_class;
    uint32_t origin, destination;
    double quantity, cost; /* cost of a unit: mean of what is sent */
    double least_cost;     /* cheapest path under load */
    const char *reason;    /* why nothing is sent; NULL: it is */
} krn_cost_cell;

typedef struct krn_cost_answer {
    uint32_t n_groups;
    const int32_t *groups;
    uint32_t n_flows, n_cells;
    const krn_cost_flow *flows; /* by kind, mode, class, link, from node */
    const krn_cost_cell *cells; /* by group, class, origin, destination */
    double quantity, unserved;  /* of all cells; of those with a reason */
    double total_cost;          /* sum of quantity * cost */
    double moved_km;            /* quantity * km */
    krn_assign_step step;
    bool gap_reached;
    uint32_t n_virtual_nodes, n_virtual_arcs;
} krn_cost_answer;

/* KRN_E_DATA: a formula that cannot be computed (set, line, text, what), or gives a negative cost
 * or none. Vehicles of a group on an arc = ceil(quantity / AVGLOAD), volume of a link and direction
 * = sum of ceil(vehicles * PCU); the equilibrium leaves the ceilings out. */
KRN_API krn_status krn_cost_assign(const krn_cost_network *network,
                                   const krn_cost_question *question, krn_arena *arena,
                                   krn_cost_answer *out, krn_error *err);

#ifdef __cplusplus
}
#endif
#endif
