/* entropy.h - the most likely flows by source of an equilibrium: unique, given its loads. */
#ifndef ASSIGN_ENTROPY_H
#define ASSIGN_ENTROPY_H

#include "assign/segment.h"
#include "assign/workers.h"

/* Sets the flows by source to those of largest entropy over ways that cost no more than `share`
 * above the cheapest and use loaded links only. cost: n_classes * n_links, of the loads. Sums of
 * the flows differ from the loads by about 1e-9 of them, *out_off_share tells; trips stay exact.
 * seekers: one per worker. */
krn_status krni_spread_by_entropy(krni_segments *segments, const double *cost, double share,
                                  krni_workers *workers, krni_seeker *seekers,
                                  double *out_off_share, krn_error *err);

#endif
