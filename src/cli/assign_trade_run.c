/* SPDX-License-Identifier: Apache-2.0 */
/* assign_trade_run.c - keruen assign on the corridor: the trade of a year over its ways. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "cli/assign_run.h"
#include "cli/progress.h"
#include "cli/trade_query.h"

#define USUAL_PRICED 10
#define FAULTS_SHOWN 20u

/* What a run holds until its end. */
typedef struct work {
    krn_trade_question question;
    krn_trade_answer answer;
    krn_trade_selection *selections;
    uint32_t n_selections;
    int year;          /* asked for, or that of the flows; 0: none */
    const char *delay; /* where waits come from */
    krni_progress bar, steps;
    uint32_t planned; /* rows, as told last */
} work;

/* ---- waits ---- */

static krn_status read_delays(krni_session *s, const char *file, work *w, krn_error *err)
{
    krn_wait_table *tables = NULL;
    uint32_t n = 0;
    krn_faults *faults = krn_faults_new();
    if (!faults)
        return krni_fail_memory(err);
    const krn_status status = krn_wait_tables_read(file, faults, s->arena, &tables, &n, err);
    const uint32_t n_faults = krn_faults_count(faults);
    for (uint32_t i = 1; i < n_faults && i < FAULTS_SHOWN; i++)
        krni_session_say(s, "%s", krn_faults_text(faults, i));
    krn_faults_free(faults);
    if (status)
        return status;
    krn_trade_delay *delays = krn_arena_calloc(s->arena, n + 1u, sizeof *delays);
    if (!delays)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < n; i++)
        delays[i] = (krn_trade_delay){tables[i].resource, tables[i].n_points, tables[i].load_a_day,
                                      tables[i].wait_h};
    w->question.delays = delays;
    w->question.n_delays = n;
    return KRN_OK;
}

static krn_status choose_delays(krni_session *s, work *w, krn_error *err)
{
    const char *where = krni_given_text(s->arguments, "delay");
    const size_t n = where ? strlen(where) : 0;
    w->delay = where ? where : "formula";
    if (!where || strcmp(where, "formula") == 0)
        return KRN_OK;
    if (strcmp(where, "simulated") == 0) {
        krni_session_say(s, "waits by load are simulated");
        return krn_trade_delays_simulate(s->network, &w->question,
                                         (uint64_t)krni_given_number(s->arguments, "seed", 1),
                                         s->arena, &w->question.delays, &w->question.n_delays, err);
    }
    if (strchr(where, '/') || (n > 4 && strcmp(where + n - 4, ".csv") == 0))
        return read_delays(s, where, w, err);
    return krni_fail(err, KRN_E_ARG, "--delay %.80s: formula, simulated or FILE.csv was expected",
                     where);
}

/* Names of a file that no way uses may be slips. */
static void say_idle_tables(const krni_session *s, const work *w)
{
    if (strcmp(w->delay, "formula") == 0 || strcmp(w->delay, "simulated") == 0)
        return;
    for (uint32_t i = 0; i < w->question.n_delays; i++) {
        bool used = false;
        for (uint32_t k = 0; k < w->answer.n_resources && !used; k++)
            used = strcmp(w->answer.resources[k].name, w->question.delays[i].resource) == 0;
        if (!used)
            krni_session_say(s, "%s: %s: no way uses a resource of that name", w->delay,
                             w->question.delays[i].resource);
    }
}

/* ---- the question ---- */

static bool show_rows(void *context, uint32_t done, uint32_t n)
{
    work *w = context;
    if (done <= w->planned) /* another round of planning, under waits */
        krni_progress_begin(&w->bar, w->bar.session, w->bar.what);
    w->planned = done;
    return krni_progress_show(&w->bar, done, n);
}

static bool show_step(void *context, const krn_assign_step *step)
{
    work *w = context;
    return krni_progress_step(&w->steps, step);
}

static void set_question(const krni_session *s, work *w)
{
    w->question = krni_trade_question(s);
    w->question.n_priced = (uint32_t)krni_given_number(s->arguments, "priced", USUAL_PRICED);
    w->question.progress = show_rows;
    w->question.step = show_step;
    w->question.progress_context = w;
}

/* Names are looked up before the work as well: a slip is told at once, nobody uses it then. */
static krn_status select_all(krni_session *s, work *w, krn_error *err)
{
    const char *const *names = krni_given_list(s->arguments, "select", &w->n_selections);
    if (!names)
        return krni_fail_memory(err);
    krn_status status = w->n_selections ? krni_session_places(s, err) : KRN_OK;
    w->selections = krn_arena_calloc(s->arena, w->n_selections + 1u, sizeof *w->selections);
    if (!status && !w->selections)
        status = krni_fail_memory(err);
    for (uint32_t i = 0; i < w->n_selections && !status; i++)
        status = krn_trade_select(s->network, s->places, &w->answer, names[i], s->arena,
                                  &w->selections[i], err);
    return status;
}

/* What cannot be written is told before the work. */
static krn_status check_files(const krni_session *s, krn_error *err)
{
    const char *map = krni_given_text(s->arguments, "gpkg");
    const char *matrices = krni_given_text(s->arguments, "omx");
    if ((map || matrices) && !s->world->writes_files)
        return krni_fail(err, KRN_E_IO, "%.80s: files are not written here", map ? map : matrices);
    if (matrices && !krn_omx_available())
        return krni_fail(err, KRN_E_ARG, "--omx %.80s: this program was built without HDF5",
                         matrices);
    return KRN_OK;
}

static krn_status write_files(krni_session *s, const krn_trade_report *report, krn_error *err)
{
    const char *map = krni_given_text(s->arguments, "gpkg");
    const char *matrices = krni_given_text(s->arguments, "omx");
    krn_layer layers[3];
    krn_omx omx;
    krn_status status = map ? krn_trade_layers(report, s->arena, layers, err) : KRN_OK;
    if (!status && map)
        status = krn_gpkg_write(map, layers, 3, err);
    if (!status && matrices)
        status = krn_trade_to_omx(report, s->arena, &omx, err);
    return !status && matrices ? krn_omx_write(matrices, &omx, err) : status;
}

static krn_status prepare(krni_session *s, work *w, krn_error *err)
{
    krn_status status = krni_session_check_output(s, err);
    if (!status)
        status = check_files(s, err);
    if (!status)
        status = krni_trade_day(s, err);
    if (!status)
        status = krni_session_compile(s, err);
    if (status)
        return status;
    set_question(s, w);
    krni_progress_begin(&w->bar, s, "ways");
    krni_progress_begin(&w->steps, s, "iterations");
    status = krni_trade_demand(s, &w->question.demand, &w->year, err);
    if (!status)
        status = select_all(s, w, err);
    return status ? status : choose_delays(s, w, err);
}

static krn_status answer(krni_session *s, const work *w, krn_error *err)
{
    char *text = NULL;
    const krn_trade_report report = {.network = s->network,
                                     .answer = &w->answer,
                                     .selections = w->selections,
                                     .n_selections = w->n_selections,
                                     .year = w->year,
                                     .demand_file = krni_given_text(s->arguments, "demand"),
                                     .delay = w->delay};
    krn_status status = krn_report_trade(&report, &s->report, s->arena, &text, err);
    if (!status)
        status = write_files(s, &report, err);
    return status ? status : krni_session_answer(s, text, err);
}

int krni_assign_trade(krni_session *s, krn_error *err)
{
    work w = {0};
    krn_status status = prepare(s, &w, err);
    if (!status)
        status = krn_trade_assign(s->network, &w.question, s->arena, &w.answer, err);
    krni_progress_wipe(&w.steps);
    if (!status) {
        krni_session_say(s, "%u round%s of planning in %.2f s, %.0f MB at most in all",
                         w.answer.n_rounds, w.answer.n_rounds == 1 ? "" : "s",
                         krni_progress_spent_s(&w.steps), krni_most_mb());
        say_idle_tables(s, &w);
        status = select_all(s, &w, err);
    }
    if (!status)
        status = answer(s, &w, err);
    if (status)
        return krni_exit_of(status);
    return w.answer.gap_reached && w.answer.sent_t > 0.0 ? KRNI_EXIT_DONE : KRNI_EXIT_NONE;
}
