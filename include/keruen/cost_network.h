/* cost_network.h - a freight network whose costs are formulas, as planners' models have it.
 *
 *   nodes with what may be done there      links of a mode with the vehicle classes they carry
 *                 \                            /
 *                  virtual network: load, move, transit, tranship, unload
 *                  each priced by the formula of its kind, mode and class
 *
 *     load.mode,class -> move.mode,class -> (transit | tranship -> move)* -> unload.mode,class
 *
 * A link with `classes` m carries vehicle classes 1..m of its mode, in both directions. An arc
 * whose formula a cost set does not have is not there. Costs are for one unit of quantity (tonne).
 *
 *   units      km, km/h, degrees; quantities and costs as the model means them
 *   ownership  all that is read lives in the caller's arena
 *
 * nodus.h reads and writes it, cost_assign.h puts flows on it.
 */
#ifndef KERUEN_COST_NETWORK_H
#define KERUEN_COST_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

#include <keruen/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct krn_cost_node {
    int64_t id; /* unique */
    const char *name, *layer;
    double lon_deg, lat_deg;
    bool loads, tranships, changes,
        passes; /* load and unload; tranship; change of service; transit */
} krn_cost_node;

typedef struct krn_cost_link {
    int64_t id; /* unique */
    const char *layer;
    uint32_t from_node, to_node; /* index; used both ways */
    uint32_t mode, classes;      /* >= 1; vehicle classes 1..classes */
    double length_km, speed_kmh, capacity;
    const double *fields;     /* n_fields of the network; NaN: the layer has none */
    const double *points_deg; /* lon, lat, ...; of n_points */
    uint32_t n_points;
} krn_cost_link;

typedef enum krn_cost_kind {
    KRN_COST_LOAD,     /* "ld" */
    KRN_COST_UNLOAD,   /* "ul" */
    KRN_COST_TRANSIT,  /* "tr" */
    KRN_COST_TRANSHIP, /* "tp": from mode,class to mode,class */
    KRN_COST_MOVE,     /* "mv" */
    KRN_COST_SWITCH,   /* "sw", "stp": services; kept, not used */
    KRN_COST_STOP,
    KRN_COST_KIND_COUNT
} krn_cost_kind;

#define KRN_COST_ANY (-1)

/* A variable, or the formula of a kind of arc. More specific ones go before less specific ones. */
typedef struct krn_cost_formula {
    const char
        *name; /* of a variable ("AVGLOAD.1,1": name "AVGLOAD", mode 1, class 1); NULL: arc */
    krn_cost_kind kind;
    int32_t mode, vehicle_class, to_mode, to_class; /* 0: none */
    int32_t group, scenario, od_class;              /* KRN_COST_ANY */
    bool is_duration;                               /* seconds; steers no choice */
    const char *text;
    uint32_t line; /* of its file */
} krn_cost_formula;

typedef struct krn_cost_set {
    const char *name; /* "road": of road.costs */
    uint32_t n_formulas;
    const krn_cost_formula *formulas; /* as in the file; of the same key the later one stands */
} krn_cost_set;

typedef struct krn_cost_demand {
    int32_t group, od_class;      /* 0 where the table has none */
    uint32_t origin, destination; /* nodes */
    double quantity;              /* > 0 */
} krn_cost_demand;

typedef struct krn_od_table {
    const char *name;
    uint32_t n_rows;
    const krn_cost_demand *rows; /* as in the file */
} krn_od_table;

typedef struct krn_cost_network {
    const char *name, *title;
    uint32_t n_nodes, n_links, n_fields, n_sets, n_od_tables;
    const krn_cost_node *nodes;    /* by id */
    const krn_cost_link *links;    /* by id */
    const char *const *fields;     /* names of further numeric fields of links, capitals */
    const krn_cost_set *sets;      /* by name */
    const krn_od_table *od_tables; /* by name */
} krn_cost_network;

#ifdef __cplusplus
}
#endif
#endif
