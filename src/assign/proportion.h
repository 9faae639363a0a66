/* proportion.h - flows by source that divide alike over segments of the same cost. */
#ifndef ASSIGN_PROPORTION_H
#define ASSIGN_PROPORTION_H

#include "assign/segment.h"

#define KRNI_ALIKE_SHARE 1e-6 /* difference of cost of segments that count as alike */

/* Levels all pairs that cost the same on both sides, round after round, until nothing moves; loads
 * stay as they are. O(rounds * pairs * sources * links of a segment). */
krn_status krni_level_proportions(krni_segments *segments, krn_error *err);

#endif
