/* joint_step.h - one Newton step over all pairs of segments at once.
 *
 * Pair after pair is slow where pairs share stiff links: what one gives, the next takes back. Here
 * the moves f of all pairs make least a quadratic model together,
 *
 *     sum over links of  time * dx + slope * dx^2 / 2,   dx = sum of f of the pairs over the link,
 *
 * with every f within the flow that its pair can move; conjugate gradients on the pairs that are
 * free, then a search along the step for the true times.
 *
 *   errors   KRN_E_MEMORY
 *   threads  one; moves flows of sources and loads of links in the order of the pairs */
#ifndef ASSIGN_JOINT_STEP_H
#define ASSIGN_JOINT_STEP_H

#include "assign/segment.h"

/* O(steps * links of all pairs), steps at most some hundreds. */
krn_status krni_joint_step(krni_segments *segments, krn_error *err);

#endif
