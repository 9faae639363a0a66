/* equilibrium.h - the two iterations: paired segments, and Frank-Wolfe beside it. */
#ifndef ASSIGN_EQUILIBRIUM_H
#define ASSIGN_EQUILIBRIUM_H

#include "assign/answer.h"
#include "assign/workers.h"

/* Runs to the gap; answer->problem is made, the rest is filled. */
krn_status krni_equilibrium(krn_assignment *answer, const krn_assign_options *options,
                            krni_workers *workers, krn_error *err);
krn_status krni_frank_wolfe(krn_assignment *answer, const krn_assign_options *options,
                            krni_workers *workers, krn_error *err);

#endif
