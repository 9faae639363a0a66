/* trace_words.h - what the tellers of a trace share: instants, places, tallies of time by name. */
#ifndef REPORT_TRACE_WORDS_H
#define REPORT_TRACE_WORDS_H

#include <keruen/trace.h>

#include "report/words.h"

/* "2027-03-01 08:30" and "2027-03-01T08:30:00Z", UTC. */
char *krni_utc_text(krn_time at, char out[KRNI_WORD]);
char *krni_utc_iso(krn_time at, char out[KRNI_WORD]);

/* Short name of a node id by the package (may be NULL), else the id. */
const char *krni_trace_place(const krn_package *package, const char *id, krn_arena *arena);
/* "Kostanay → Sarakhs"; one place alone where both are the same or one is blank. */
const char *krni_trace_ends(const krn_package *package, const char *from, const char *to,
                            krn_arena *arena);
/* The same of a relation "kz-kostanay>ir-sarakhs". */
const char *krni_trace_relation(const krn_package *package, const char *relation, krn_arena *arena);
/* Name of a commodity id, in small letters, else the id. */
const char *krni_trace_commodity(const krn_package *package, const char *id, krn_arena *arena);

/* Hours by name, in the order of the first time; the few names that a trace has. */
#define KRNI_TALLIES 64u
typedef struct krni_tally {
    const char *name; /* in the arena */
    double net_t_h;   /* tonne-hours where tonnes are given, else hours */
    double span_h;
    uint32_t n;
} krni_tally;

typedef struct krni_tallies {
    krn_arena *arena;
    uint32_t n;
    krni_tally of[KRNI_TALLIES];
    bool failed; /* memory */
} krni_tallies;

/* More names than there are places go to the last, "other". */
void krni_tally_add(krni_tallies *tallies, const char *name, double span_h, double net_t);
/* Most hours first, then by name. */
void krni_tally_sort(krni_tallies *tallies);

/* What follows a row until the next one of its lot: "wait: border", "rail haul", "at rest". */
const char *krni_trace_state(const krn_trace_row *row);
bool krni_trace_is_wait(const char *state);

/* KRN_E_DATA: rows of a lot are not in the order of time. */
krn_status krni_trace_disorder(const char *path, const krn_trace_row *row, krn_error *err);

#endif
