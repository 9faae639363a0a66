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

/* The only fact; opening_cost_usd of out is told. */
krn_status krni_late_opening_tell(const krni_planning *planning, const krni_late_fact *fact,
                                  krn_blocked *out);

/* running_days: of the way without any waiting; NaN: the facts are not its steps. */
krn_status krni_late_reason_tell(const krni_planning *planning, uint32_t n_facts,
                                 double running_days, krn_blocked *out);

#endif
