/* sim_thing.h - rows of tables that a text names: ids, beginnings of ids with '*', names of
 * crossings and links, places in words. */
#ifndef SCENARIO_SIM_THING_H
#define SCENARIO_SIM_THING_H

#include <keruen/network.h>
#include <keruen/place.h>

/* A row of KRN_TABLE_NODE, _LINK, _BORDER, _GAUGE_CHANGE, _OPERATION or _TRIP. */
typedef struct krni_thing {
    krn_table table;
    uint32_t row;
} krni_thing;

typedef struct krni_things {
    krni_thing *list; /* of the arena */
    uint32_t n;
} krni_things;

/* KRN_E_NOT_FOUND with what is spelled most like it; KRN_E_AMBIGUOUS. */
krn_status krni_things_find(const krn_network *network, const krn_place_index *places,
                            const char *text, krn_arena *arena, krni_things *out, krn_error *err);

/* A node that it lies at; KRN_NO_ROW when it is nowhere in particular. */
uint32_t krni_thing_node(const krn_package *package, const krni_thing *thing);

#endif
