/* no_room.h - whether hard capacities can be proven too small for the trips, and where.
 *
 * For any lengths l >= 0 of the links with a hard capacity (0 on all others), trips need at least
 * sum of trips * shortest length of length, and the network has sum of capacity * l to give. Where
 * the first is more, no flow keeps the capacities. What prices rise by when they do not settle is
 * such a length.
 *
 *   errors   KRN_E_NO_ROUTE with the links, the trips and what cannot pass; KRN_E_MEMORY
 *   threads  trees of sources are shared out among the workers; sums in the order of sources */
#ifndef ASSIGN_NO_ROOM_H
#define ASSIGN_NO_ROOM_H

#include "assign/segment.h"
#include "assign/workers.h"

/* By what the loads are above the hard capacities now. KRN_OK: nothing was proven. One tree of
 * cheapest ways for each source. */
krn_status krni_no_room(const krni_problem *problem, krni_workers *workers, krni_seeker *seekers,
                        krn_assign_shortage *out, krn_error *err);

#endif
