/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_show.c - keruen show ID: all that is known of a place, link, service, rule, measure, ... */
#include "cli/session.h"

static const krni_option options[] = {
    {.name = "date", .kind = KRNI_OPT_DATE, .value = "DATE", .help = "day whose measures apply"},
    {.name = "with",
     .kind = KRNI_OPT_LIST,
     .value = "ID|FILE",
     .help = "measures switched on, by id or as an own YAML file"},
    {.name = "without",
     .kind = KRNI_OPT_LIST,
     .value = "ID",
     .help = "measures switched off; all: every one in force"},
    {0},
};

static const krni_example examples[] = {
    {"show kz-aktau-port", "a port with its lines, terminals and services"},
    {"show IRTHR", "a place by code"},
    {0},
};

const krni_verb_words krni_words_show = {
    .name = "show",
    .line = "shows all that is known of a place, link, service, rule, tariff, source or measure",
    .arguments = {{.name = "ID", .required = true, .help = "id of any table, or a place by name"}},
    .options = options,
    .examples = examples,
};

int krni_run_show(krni_session *s, krn_error *err)
{
    const char *id = s->arguments->argument[0];
    char *text = NULL;
    bool given;
    krn_status status = krni_session_day(s, "date", &s->day, &given, err);
    if (status == KRN_OK)
        status = krni_session_open(s, err);
    if (status == KRN_OK)
        status = krn_report_show(krni_session_package(s), id, &s->report, s->arena, &text, err);
    if (status == KRN_E_NOT_FOUND) { /* perhaps a place by another name */
        uint32_t node = KRN_NO_ROW;
        const krn_package *package = krni_session_package(s);
        const int key = krn_package_column(package, KRN_TABLE_NODE, "node_id");
        krn_error miss;
        if (key >= 0 && krni_session_place(s, id, &node, &miss) == KRN_OK)
            status = krn_report_show(package,
                                     krn_package_text(package, KRN_TABLE_NODE, node, (uint32_t)key),
                                     &s->report, s->arena, &text, err);
    }
    if (status == KRN_OK)
        status = krni_session_answer(s, text, err);
    return krni_exit_of(status);
}
