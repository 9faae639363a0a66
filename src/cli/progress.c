/* SPDX-License-Identifier: Apache-2.0 */
/* progress.c - how far long work is, with the time that is left. */
#include "cli/progress.h"

#include <sys/resource.h>

#define BAR_COLUMNS 30u

void krni_progress_begin(krni_progress *p, const krni_session *s, const char *what)
{
    *p = (krni_progress){.session = s,
                         .what = what,
                         .shows = s->world->talks && !krni_given_flag(s->arguments, "quiet"),
                         .logs = krni_given_flag(s->arguments, "log")};
    (void)clock_gettime(CLOCK_MONOTONIC, &p->begin);
}

double krni_progress_spent_s(const krni_progress *p)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - p->begin.tv_sec) + (double)(now.tv_nsec - p->begin.tv_nsec) / 1e9;
}

bool krni_progress_show(void *context, uint32_t done, uint32_t n)
{
    const krni_progress *p = context;
    FILE *err = p->session->world->err;
    char bar[BAR_COLUMNS + 1];
    const uint32_t filled = n ? (uint32_t)((uint64_t)BAR_COLUMNS * done / n) : BAR_COLUMNS;
    if (!p->shows)
        return true;
    for (uint32_t i = 0; i < BAR_COLUMNS; i++)
        bar[i] = i < filled ? '=' : ' ';
    bar[BAR_COLUMNS] = '\0';
    const double left_s = done ? krni_progress_spent_s(p) / done * (n - done) : 0;
    (void)fprintf(err, "\r\033[K%s %s %u of %u, %.0f s left%s", p->what, bar, done, n, left_s,
                  done >= n ? "\r\033[K" : "");
    (void)fflush(err);
    return true;
}

bool krni_progress_step(void *context, const krn_assign_step *step)
{
    const krni_progress *p = context;
    const double spent_s = krni_progress_spent_s(p);
    if (p->logs)
        krni_session_say(p->session,
                         "iteration %u: relative gap %.3e, average excess cost %.3e, objective "
                         "%.12g, %.3f s",
                         step->iteration, step->gap_share, step->excess_cost, step->objective_cost,
                         spent_s);
    else if (p->shows && spent_s > 0.5)
        (void)fprintf(p->session->world->err, "\r\033[Kiteration %u, relative gap %.2e, %.0f s",
                      step->iteration, step->gap_share, spent_s);
    return true;
}

void krni_progress_wipe(const krni_progress *p)
{
    if (p->shows && !p->logs)
        (void)fputs("\r\033[K", p->session->world->err);
}

double krni_most_mb(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? (double)usage.ru_maxrss / 1e3 : 0.0;
}
