/* blocked_texts.h - facts that block, in plain words with the row that they stand in. */
#ifndef PLAN_BLOCKED_TEXTS_H
#define PLAN_BLOCKED_TEXTS_H

#include "plan/planning.h"

typedef struct krni_fact {
    krn_block block;
    krn_figure figure; /* row; none for a filter */
    uint32_t filter;   /* index of the filter, or KRN_NO_ROW */
    uint32_t activity; /* one that it blocks, or KRN_NO_ID */
} krni_fact;

typedef enum krni_reason {
    KRNI_NOT_CONNECTED, /* the package has no way, whatever is lifted */
    KRNI_BLOCKED,
    KRNI_NOT_IN_TIME /* no opening within the horizon before the time asked */
} krni_reason;

krn_status krni_fact_tell(const krni_planning *planning, const krni_fact *fact, krn_blocker *out);
krn_status krni_opening_tell(const krni_planning *planning, const krni_fact *fact,
                             krn_blocked *out);
krn_status krni_reason_tell(const krni_planning *planning, krni_reason reason, krn_blocked *out);

#endif
