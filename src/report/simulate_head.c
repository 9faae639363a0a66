/* SPDX-License-Identifier: Apache-2.0 */
/* simulate_head.c - the top of a simulation's answer: what was simulated, and which demand found no
 * way; and the answer in the format that is asked for. */
#include <math.h>
#include <stdio.h>

#include "base/error.h"
#include "model/tables.h"
#include "report/plan_page.h"
#include "report/simulate_page.h"

#define UNSERVED_SHOWN 8u
#define EVENTS_SHOWN   8u

static void write_line(krni_page *page, krni_writer *line, size_t indent)
{
    const char *text = krni_writer_text(line);
    if (!text)
        page->out->failed = true;
    krni_page_text(page, text ? text : "", indent);
}

static char *day_of(krn_time at, char out[KRNI_WORD])
{
    const krn_time day = at >= 0 ? at / KRN_SECONDS_PER_DAY
                                 : -((-at + KRN_SECONDS_PER_DAY - 1) / KRN_SECONDS_PER_DAY);
    return krni_day_text((int32_t)day, out);
}

static void write_period(krni_page *page, const krni_run *run)
{
    const krn_sim_question *q = run->question;
    char from[KRNI_WORD], to[KRNI_WORD], days[KRNI_WORD], warmup[KRNI_WORD];
    const uint32_t n = krn_ensemble_size(run->ensemble);
    krni_writer line;
    krni_writer_init(&line, run->arena);
    krni_writef(&line, "The corridor in operation, %s to %s", day_of(q->start, from),
                day_of(q->start + (krn_time)(q->days * KRN_SECONDS_PER_DAY) - 1, to));
    const char *title = krni_writer_text(&line);
    krni_page_title(page, title ? title : "");

    krni_writer_init(&line, run->arena);
    krni_writef(&line, "%s days counted after %s of warm-up; %u replication%s, seed %llu",
                krni_number_short(q->days, 1, days, sizeof days),
                krni_number_short(q->warmup_d, 1, warmup, sizeof warmup), n, n == 1 ? "" : "s",
                (unsigned long long)q->seed);
    if (q->typical)
        krni_write(&line, "; every time at its typical value");
    if (q->unlimited)
        krni_write(&line, "; nobody waits for another");
    krni_writef(&line, "; tariffs and rules of %s",
                krni_day_text(krn_network_day(run->network), from));
    write_line(page, &line, 0);
}

static void write_demand(krni_page *page, const krni_run *run)
{
    const krn_sim_question *q = run->question;
    const krn_sim_setup *s = run->setup;
    char tonnes[KRNI_WORD], scale[KRNI_WORD];
    krni_writer line;
    krni_writer_init(&line, run->arena);
    krni_writef(&line, "demand %s t a year",
                krni_number_text(s->asked_t, 0, true, tonnes, sizeof tonnes));
    if (q->demand->year)
        krni_writef(&line, " (flows of %d", q->demand->year);
    else
        krni_write(&line, " (own table");
    if (q->demand_share != 1)
        krni_writef(&line, ", scaled by %s",
                    krni_number_short(q->demand_share, 4, scale, sizeof scale));
    krni_writef(&line, ") in %u stream%s over %u way%s", s->input.n_streams,
                s->input.n_streams == 1 ? "" : "s", s->n_ways, s->n_ways == 1 ? "" : "s");
    static const char *const how[] = {"each by its way of least cost and time",
                                      "spread over ways by logit",
                                      "ways chosen by cost, time and queues"};
    krni_writef(&line, ", %s", how[q->routing]);
    if (s->n_outside)
        krni_writef(&line, "; %u consignment%s not ready within the run", s->n_outside,
                    s->n_outside == 1 ? " is" : "s are");
    krni_writef(&line, "; weakest figure used: %s", krn_quality_name(s->quality));
    write_line(page, &line, 0);
}

static void write_measures(krni_page *page, const krni_run *run)
{
    const char *text = krni_measures_line(run->package, run->arena);
    if (!text)
        page->out->failed = true;
    else if (*text)
        krni_page_text(page, text, 0);
}

void krni_simulate_head(krni_page *page, const krni_run *run)
{
    write_period(page, run);
    write_demand(page, run);
    write_measures(page, run);
    const uint32_t n = run->question->n_events;
    for (uint32_t i = 0; i < n && i < EVENTS_SHOWN; i++) {
        const char *text = krni_event_text(run, i);
        if (!text)
            page->out->failed = true;
        krni_page_field(page, "event", text ? text : "", 0, 7);
    }
    if (n > EVENTS_SHOWN) {
        char text[KRNI_WORD];
        (void)snprintf(text, sizeof text, "and %u more", n - EVENTS_SHOWN);
        krni_page_field(page, "event", text, 0, 7);
    }
}

/* "barley Kostanay → Mashhad, 12,000 t: no way at all: ..." */
void krni_simulate_unserved(krni_page *page, const krni_run *run)
{
    const krn_sim_setup *s = run->setup;
    char tonnes[KRNI_WORD], share[KRNI_WORD];
    krni_writer line;
    if (!s->n_unserved)
        return;
    krni_writer_init(&line, run->arena);
    krni_writef(&line, "\nNo way for %s t a year, %s%% of the demand (%u row%s)\n",
                krni_number_text(s->unserved_t, 0, true, tonnes, sizeof tonnes),
                krni_number_short(s->asked_t > 0 ? 100 * s->unserved_t / s->asked_t : 0, 1, share,
                                  sizeof share),
                s->n_unserved, s->n_unserved == 1 ? "" : "s");
    const char *title = krni_writer_text(&line);
    krni_page_bold(page, title ? title : "");
    for (uint32_t i = 0; i < s->n_unserved && i < UNSERVED_SHOWN; i++) {
        const krn_sim_unserved *u = &s->unserved[i];
        const krn_demand *d = &run->question->demand->rows[u->row];
        krni_writer_init(&line, run->arena);
        krni_writef(&line, "%s ", krni_commodity_name(run->package, d->commodity));
        krni_write_ends(&line, run->package, d->origin, d->destination);
        krni_writef(&line, ", %s t: %s",
                    krni_number_text(u->year_t, 0, true, tonnes, sizeof tonnes), u->reason);
        write_line(page, &line, 2);
    }
    if (s->n_unserved > UNSERVED_SHOWN) {
        krni_writer_init(&line, run->arena);
        krni_writef(&line, "and %u more: --format json has all", s->n_unserved - UNSERVED_SHOWN);
        write_line(page, &line, 2);
    }
}
