/* late_texts.h - facts that delay, in plain words. */
#ifndef PLAN_LATE_TEXTS_H
#define PLAN_LATE_TEXTS_H

#include "plan/blocked_texts.h"

typedef struct krni_late_fact {
    krni_fact fact;
    double delay_h; /* lead, usual wait, what is added, or running time; 0 unknown */
} krni_late_fact;

krn_status krni_late_fact_tell(const krni_planning *planning, const krni_late_fact *fact,
                               krn_blocker *out);

krn_status krni_late_fact_change(const krni_planning *planning, const krni_late_fact *fact,
                                 krni_change *out);

/* By the facts of out, if any; running_days: of the way without any waiting; NaN: the facts are not
 * its steps. */
krn_status krni_late_reason_tell(const krni_planning *planning, double running_days,
                                 krn_blocked *out);

#endif
