/* blocked_texts.h - facts that block, in plain words with the row that they stand in. */
#ifndef PLAN_BLOCKED_TEXTS_H
#define PLAN_BLOCKED_TEXTS_H

#include "plan/blocked_sets.h"
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
    KRNI_TURNS_BACK, /* what is required can be touched, but only by turning back */
    KRNI_NOT_IN_TIME /* no opening within the horizon before the time asked */
} krni_reason;

/* A fact undone, as part of "if SUBJECT PREDICATE, there would be a route". */
typedef struct krni_change {
    const char *subject;
    const char *predicate; /* fits one and several subjects */
    const char *several;   /* not NULL: what several subjects with this predicate are called */
} krni_change;

krn_status krni_fact_tell(const krni_planning *planning, const krni_fact *fact, krn_blocker *out);
krn_status krni_fact_change(const krni_planning *planning, const krni_fact *fact, krni_change *out);

/* Fills in what is told of the opening, by one change for each of its facts; then: what would be,
 * "there would be a route"; out->opening_arrival is known. */
krn_status krni_opening_tell(const krni_planning *planning, const krni_opening *opening,
                             const krni_change *changes, const char *then, krn_blocked *out);

/* "3 facts together", "at least 2 facts together"; verb is that of one fact and of several. */
void krni_facts_text(const krn_blocked *blocked, const char *one, const char *several, char *out,
                     size_t size);

krn_status krni_reason_tell(const krni_planning *planning, krni_reason reason, krn_blocked *out);

#endif
