/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_measures.c - keruen measures: the measures of a package, their dates, what they touch. */
#include "cli/session.h"

static const krni_option options[] = {
    {.name = "date", .kind = KRNI_OPT_DATE, .value = "DATE", .help = "day of the states; today"},
    {.name = "with", .kind = KRNI_OPT_LIST, .value = "FILE", .help = "own measures beside them"},
    {.name = "without", .kind = KRNI_OPT_LIST, .value = "ID", .help = "measures switched off"},
    {0},
};

static const krni_example examples[] = {
    {"measures --date 2027-06-01", "what will be in force in summer 2027"},
    {0},
};

const krni_verb_words krni_words_measures = {
    .name = "measures",
    .line = "lists dated changes (agreements, investments, tariffs, waivers) and what they touch",
    .options = options,
    .examples = examples,
};

int krni_run_measures(krni_session *s, krn_error *err)
{
    char *text = NULL;
    bool given;
    krn_status status = krni_session_day(s, "date", &s->day, &given, err);
    if (status == KRN_OK)
        status = krni_session_open(s, err);
    if (status == KRN_OK && !given && !s->network)
        krni_session_say(s, "states of today; --date DATE chooses another day");
    if (status == KRN_OK)
        status = krn_report_measures(s->base ? s->base : krni_session_package(s), s->day,
                                     &s->report, s->arena, &text, err);
    if (status == KRN_OK)
        status = krni_session_answer(s, text, err);
    return krni_exit_of(status);
}
