/* cost_stretch.h - links that all ways use alike, as one resource.
 *
 *     way 1   ====a====b====c====              a, b: one stretch, c: one, d: one
 *     way 2   ====a====b====d====
 *
 * The time of a stretch is the sum of its links' times, which have the same load. Stretches only
 * part as ways come. Of links whose laws are powers one law is left for each power. */
#ifndef SCENARIO_COST_STRETCH_H
#define SCENARIO_COST_STRETCH_H

#include <keruen/path_assign.h>

#include "scenario/cost_loaded.h"

typedef struct krni_stretches {
    const krni_loaded *loaded;
    uint32_t *stretch_of; /* of resource; KRNI_NO_INDEX: no way uses it */
    uint32_t n_stretches, most_stretches;
    /* Laws by stretch, packed by krni_stretches_pack. */
    uint32_t *law_first; /* n_stretches + 1 */
    struct krni_stretch_law {
        double factor, power; /* power 0: the resource's own law */
        uint32_t resource;
    } * laws;
} krni_stretches;

krn_status krni_stretches_new(const krni_loaded *loaded, krn_arena *arena, krni_stretches *out,
                              krn_error *err);

/* Parts stretches that a new way uses in part. uses: one of each resource; reordered. */
krn_status krni_stretches_part(krni_stretches *stretches, krn_path_use *uses, uint32_t n,
                               krn_error *err);

/* Lists the laws; from the arena. */
krn_status krni_stretches_pack(krni_stretches *stretches, krn_arena *arena, krn_error *err);

/* A krn_path_law; context is a krni_stretches. */
double krni_stretches_law(const void *context, uint32_t stretch, double load, double *out_slope);

#endif
