/* progress.h - a bar, and the steps of an assignment, on standard error of a terminal: never part
 * of an answer. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <time.h>

#include "cli/session.h"

typedef struct krni_progress {
    const krni_session *session;
    const char *what; /* "ways", "replications" */
    struct timespec begin;
    bool shows; /* a terminal, and not --quiet */
    bool logs;  /* --log: a line a step */
} krni_progress;

void krni_progress_begin(krni_progress *p, const krni_session *s, const char *what);

double krni_progress_spent_s(const krni_progress *p);

/* context is the krni_progress; always true. "ways ====      12 of 40, 3 s left". */
bool krni_progress_show(void *context, uint32_t done, uint32_t n);

/* The same of a step: relative gap and seconds, from half a second on. */
bool krni_progress_step(void *context, const krn_assign_step *step);

/* Wipes what krni_progress_step has written. */
void krni_progress_wipe(const krni_progress *p);

/* Most memory that the program has held so far, MB; 0 when not known. */
double krni_most_mb(void);

#endif
