/* cost_flow.h - ways with quantities, added up to flows on the arcs of a virtual network. */
#ifndef SCENARIO_COST_FLOW_H
#define SCENARIO_COST_FLOW_H

#include <keruen/cost_assign.h>

#include "scenario/cost_virtual.h"

typedef struct krni_handling {
    krn_cost_kind kind;
    uint32_t from_state, to_state; /* KRNI_NO_INDEX where there is none */
    uint32_t demand_class;
    double quantity;
} krni_handling;

typedef struct krni_flow_sum {
    const krni_virtual *v;
    uint32_t n_classes;
    krn_arena *arena;
    double **moved; /* of demand class and state */
    krni_handling *handled;
    uint32_t n_handled, most_handled;
} krni_flow_sum;

krn_status krni_flow_sum_new(const krni_virtual *v, uint32_t n_classes, krn_arena *arena,
                             krni_flow_sum *out, krn_error *err);

/* A quantity of a demand class over a way. */
krn_status krni_flow_add(krni_flow_sum *sum, uint32_t demand_class, const uint32_t *way, uint32_t n,
                         double quantity, krn_error *err);

/* What flows become an answer with. */
typedef struct krni_flow_class {
    int32_t group;
    const krni_cost_book *book;
    const krni_virtual_costs *costs;
} krni_flow_class;

/* Fills flows, groups, moved_km. whole: vehicles and car units are rounded up. */
krn_status krni_flow_answer(krni_flow_sum *sum, const krni_flow_class *classes, bool whole,
                            krn_arena *arena, krn_cost_answer *out, krn_error *err);

#endif
