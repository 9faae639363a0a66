/* cost_book.h - the cost set of a question as formulas ready to be computed: one book for each
 * demand class (group of commodities and od class), because formulas and variables differ by it.
 *
 *   types      modes with vehicle classes that have a move formula and links, by mode and class
 *   choice     of the formulas of a key that fit the demand class the most specific one: with its
 *              scenario before without, then with od class, then with group; "null" takes an arc
 *              away; as in NODUS an arc needs a formula without any of the three as well
 *   variables  numbers or formulas of other variables; those that nothing uses are not looked at
 *   ownership  all lives in the arena */
#ifndef SCENARIO_COST_BOOK_H
#define SCENARIO_COST_BOOK_H

#include <stddef.h>

#include <keruen/arena.h>
#include <keruen/cost_network.h>

#include "model/formula.h"

#define KRNI_MOST_TYPES 256u

typedef struct krni_vehicle_type {
    uint32_t mode, vehicle_class;
} krni_vehicle_type;

/* Values of a formula's variables, by slot. */
typedef enum krni_move_slot {
    KRNI_MOVE_LENGTH,
    KRNI_MOVE_SPEED,
    KRNI_MOVE_CAPACITY,
    KRNI_MOVE_VOLUME,
    KRNI_MOVE_UPSTREAM,
    KRNI_MOVE_FREQUENCY,
    KRNI_MOVE_NUM,
    KRNI_MOVE_NODE1,
    KRNI_MOVE_NODE2,
    KRNI_MOVE_MODE,
    KRNI_MOVE_MEANS,
    KRNI_MOVE_ENABLED,
    KRNI_MOVE_SLOTS /* then fields of the network, then variables */
} krni_move_slot;

typedef enum krni_node_slot {
    KRNI_NODE_TRANSHIP,
    KRNI_NODE_UPSTREAM,
    KRNI_NODE_FREQUENCY,
    KRNI_NODE_NUM,
    KRNI_NODE_SLOTS /* then variables */
} krni_node_slot;

typedef struct krni_cost_entry {
    const krni_formula *formula;    /* NULL: the arc is not there */
    const krn_cost_formula *source; /* for faults */
} krni_cost_entry;

typedef struct krni_cost_book {
    const krn_cost_set *set;
    int32_t group, od_class;
    uint32_t n_types;
    krni_cost_entry *move, *load, *unload, *transit; /* n_types each */
    krni_cost_entry *tranship;                       /* from type * n_types + to type */
    double *load_quantity, *car_units;               /* AVGLOAD and PCU by type; 1 if absent */
    double *move_values, *node_values;               /* by slot; variables are set */
    uint32_t n_fields;                               /* of the network */
} krni_cost_book;

/* Place of a name among items that begin with their name; KRN_E_NOT_FOUND ("no WHAT ...") names the
 * nearest one, or all there are. */
krn_status krni_cost_name_find(const char *what, const char *name, const void *items,
                               size_t item_size, uint32_t n, uint32_t *out, krn_error *err);

/* The set of that name; KRN_E_NOT_FOUND names the nearest one, or all there are. */
krn_status krni_cost_set_find(const krn_cost_network *network, const char *name,
                              const krn_cost_set **out, krn_error *err);

/* Types of a set on a network, in order; from the arena. KRN_E_LIMIT above KRNI_MOST_TYPES. */
krn_status krni_cost_types(const krn_cost_network *network, const krn_cost_set *set,
                           krn_arena *arena, const krni_vehicle_type **out, uint32_t *out_n,
                           krn_error *err);

typedef struct krni_cost_asking {
    const krn_cost_network *network;
    const krn_cost_set *set;
    const krni_vehicle_type *types;
    uint32_t n_types;
    int32_t scenario;
} krni_cost_asking;

krn_status krni_cost_book_open(const krni_cost_asking *asking, int32_t group, int32_t od_class,
                               krn_arena *arena, krni_cost_book **out, krn_error *err);

/* Value of an entry at the values given (of moves or nodes); where: "link 12" for faults.
 * KRN_E_DATA: set, line, key, where, what; also when the value is negative. */
typedef struct krni_cost_place {
    const char *word; /* "link", "node" */
    int64_t id;
} krni_cost_place;
krn_status krni_cost_compute(const krni_cost_book *book, const krni_cost_entry *entry,
                             const double *values, krni_cost_place place, double *out_cost,
                             krn_error *err);

/* Sets the values of a link in its direction, or of a node. */
void krni_cost_book_link(krni_cost_book *book, const krn_cost_network *network, uint32_t link,
                         bool forwards, double volume);
void krni_cost_book_node(krni_cost_book *book, const krn_cost_node *node);

/* "road: line 14: mv.1,1" */
void krni_cost_key(const krn_cost_set *set, const krn_cost_formula *formula, char *out,
                   size_t size);

#endif
