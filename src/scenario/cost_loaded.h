/* cost_loaded.h - moves whose cost grows with the volume of their link.
 *
 * Each link and direction with such a formula is a resource. Its time is what the reference formula
 * (of the first demand class and type that grow) adds to its value at no volume; the cost of any
 * class there is
 *
 *     cost(volume) = cost(0) + weight * (reference(volume) - reference(0))
 *
 * Formulas of classes that share a link must grow alike but for such a weight: KRN_E_DATA if not,
 * and if a formula cannot be computed up to the volume of all demand or falls.
 * A plain formula whose growth is factor * volume^power at all samples is known as that, and the
 * laws of many links in a row add up to one. memory     8 bytes a state and demand class */
#ifndef SCENARIO_COST_LOADED_H
#define SCENARIO_COST_LOADED_H

#include "scenario/cost_virtual.h"

typedef struct krni_loaded {
    const krni_virtual *v;
    krni_cost_book **books;         /* by demand class */
    const krni_virtual_costs *idle; /* the same: costs at no volume */
    uint32_t n_classes, n_resources;
    uint32_t *resource_of;  /* of link * 2 + forwards; KRNI_NO_INDEX: none */
    uint32_t *state_of;     /* of resource: the reference's */
    uint32_t *class_of;     /* of resource */
    double *idle_time;      /* of resource: reference(0) */
    double *factor, *power; /* of resource: growth = factor * volume^power; power 0: other */
    double **weight;        /* of demand class and state; 0 where nothing grows */
    double most_volume;
} krni_loaded;

krn_status krni_loaded_open(const krni_virtual *v, krni_cost_book **books,
                            const krni_virtual_costs *idle, uint32_t n_classes, double most_volume,
                            krn_arena *arena, krni_loaded *out, krn_error *err);

/* Time of a resource under a volume, with its slope. */
double krni_loaded_time(const krni_loaded *loaded, uint32_t resource, double volume,
                        double *out_slope);

/* Cost of a state at a volume, by its own formula. */
krn_status krni_loaded_cost(const krni_loaded *loaded, uint32_t demand_class, uint32_t state,
                            double volume, double *out_cost, krn_error *err);

/* Car units of a unit of quantity. */
double krni_loaded_units(const krni_loaded *loaded, uint32_t demand_class, uint32_t type);

uint32_t krni_loaded_resource(const krni_loaded *loaded, uint32_t state);

#endif
