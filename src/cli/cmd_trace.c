/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_trace.c - keruen trace FILE [LOT]: what a trace of the simulation holds, or one lot's story.
 * The package, where it opens, gives places their names; without it they are told by id. */
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "cli/session.h"

static const krni_example examples[] = {
    {"simulate --days 90 --trace trace.csv", "writes every event of one replication"},
    {"trace trace.csv", "lots, where the time went, the slowest ten"},
    {"trace trace.csv 1234", "the story of lot 1234"},
    {"trace trace.csv --format csv --output lots.csv", "one row a lot"},
    {0},
};

const krni_verb_words krni_words_trace = {
    .name = "trace",
    .line = "tells what a trace of the simulation holds, or the story of one lot",
    .arguments = {{.name = "FILE",
                   .required = true,
                   .help = "as simulate --trace writes it (docs/trace-format.md)",
                   .completes = "file"},
                  {.name = "LOT", .help = "its number; without one, a summary of all"}},
    .examples = examples,
};

static const krn_package *open_names(krni_session *s)
{
    krn_error ignored = {0};
    return krni_session_open(s, &ignored) == KRN_OK ? krni_session_package(s) : NULL;
}

int krni_run_trace(krni_session *s, krn_error *err)
{
    const char *path = s->arguments->argument[0], *number = s->arguments->argument[1];
    int64_t lot = 0;
    char *text = NULL;
    krn_status status = KRN_OK;
    if (number && (!krni_integer_read(number, strlen(number), &lot) || lot < 1 || lot > UINT32_MAX))
        return krni_exit_of(
            krni_fail(err, KRN_E_ARG, "LOT %.40s: a whole number from 1 was expected", number));
    const krn_package *names = s->report.format == KRN_FORMAT_TABLE ? open_names(s) : NULL;
    if (number)
        status = krn_report_trace_lot(path, (uint32_t)lot, names, &s->report, s->arena, &text, err);
    else
        status = krn_report_trace(path, names, &s->report, s->arena, &text, err);
    if (status == KRN_OK)
        status = krni_session_answer(s, text, err);
    return krni_exit_of(status);
}
