/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_compile.c - keruen compile FILE.krn: tables, measures and a day as one file that is mapped,
 * not read. */
#include "cli/session.h"

#include "base/error.h"

static const krni_option options[] = {
    {.name = "date",
     .kind = KRNI_OPT_DATE,
     .value = "DATE",
     .help = "day of tariffs, rules and measures; today"},
    {.name = "with", .kind = KRNI_OPT_LIST, .value = "ID|FILE", .help = "measures switched on"},
    {.name = "without", .kind = KRNI_OPT_LIST, .value = "ID", .help = "measures switched off"},
    {0},
};

static const krni_example examples[] = {
    {"compile kti.krn --date 2026-12-01", "then: keruen plan ... --package kti.krn"},
    {0},
};

const krni_verb_words krni_words_compile = {
    .name = "compile",
    .line = "writes package, measures and a day as one compiled network",
    .arguments =
        {{.name = "FILE.krn", .required = true, .help = "file to write", .completes = "file"}},
    .options = options,
    .examples = examples,
};

int krni_run_compile(krni_session *s, krn_error *err)
{
    const char *path = s->arguments->argument[0];
    bool given;
    krn_status status = krni_session_day(s, "date", &s->day, &given, err);
    if (status == KRN_OK && !krni_path_is_snapshot(path))
        status = krni_fail(err, KRN_E_ARG, "%.200s: a name that ends in .krn was expected", path);
    if (status == KRN_OK && !s->world->writes_files)
        status = krni_fail(err, KRN_E_IO, "%.200s: files are not written here", path);
    if (status == KRN_OK)
        status = krni_session_compile(s, err);
    if (status == KRN_OK)
        status = krn_snapshot_write(s->network, path, err);
    if (status == KRN_OK)
        krni_session_say(s, "%s: %u states, %u activities", path, krn_network_states(s->network),
                         krn_network_activities(s->network));
    return krni_exit_of(status);
}
