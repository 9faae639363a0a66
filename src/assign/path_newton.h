/* path_newton.h - one Newton step of all rows at once, by the resources that they share.
 *
 *   ownership  krni_path_newton_free
 *   threads    one
 *   errors     memory alone; a step that helps nothing is not taken */
#ifndef ASSIGN_PATH_NEWTON_H
#define ASSIGN_PATH_NEWTON_H

#include "assign/path_flow.h"

typedef struct krni_path_newton {
    uint32_t n_states, room;                /* loads (and weighted loads) that answer to flow */
    uint32_t n_resources, n_paths;          /* of the arrays */
    double ridge_share;                     /* of the slope of a path: keeps the step finite */
    bool any_spread, failed;                /* failed: the last step helped nothing */
    double merit;                           /* before the step */
    uint32_t *state;                        /* by resource, or UINT32_MAX */
    double *matrix, *right;                 /* room * room, room */
    double *sum_a, *sum_k;                  /* room: of one row */
    uint32_t *touched;                      /* room: states of one row */
    double *start, *kept, *step, *ease, *g; /* n_paths */
    uint8_t *part;                          /* n_paths */
} krni_path_newton;

/* For flows of these numbers; what was there before is freed. */
krn_status krni_path_newton_fit(krni_path_newton *newton, const krni_path_flows *flows,
                                krn_error *err);
void krni_path_newton_free(krni_path_newton *newton);

/* Takes a step, or part of it, if that leads nearer; flows are loaded and gap is theirs in any
 * case. True: the whole step made the gap smaller. O(paths * uses^2 + states^3). */
bool krni_path_newton_step(krni_path_newton *newton, krni_path_flows *flows, krni_path_gap *gap);

#endif
