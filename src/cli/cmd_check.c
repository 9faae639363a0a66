/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_check.c - keruen check [PACKAGE]: all faults in one run, then what the package holds. */
#include "cli/session.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/error.h"

static const krni_example examples[] = {
    {"check data/kti", "every fault as file:row: column: value: what was expected"},
    {0},
};

const krni_verb_words krni_words_check = {
    .name = "check",
    .line = "checks a package: all faults in one run, then a summary; exit 3 on any fault",
    .arguments = {{.name = "PACKAGE",
                   .help = "folder of tables; --package says the same",
                   .completes = "file"}},
    .examples = examples,
};

/* {"faults": [...]} for programs. */
static krn_status faults_json(const krn_faults *faults, krni_writer *w, krn_error *err)
{
    json_t *root = json_object(), *list = json_array();
    int failed = json_object_set_new(root, "faults", list);
    for (uint32_t i = 0; i < krn_faults_count(faults) && !failed; i++)
        failed = json_array_append_new(list, json_string(krn_faults_text(faults, i)));
    char *text = failed ? NULL : json_dumps(root, JSON_INDENT(2));
    json_decref(root);
    if (text)
        krni_write(w, text);
    free(text);
    krni_write(w, "\n");
    return text ? KRN_OK : krni_fail_memory(err);
}

static krn_status answer_faults(krni_session *s, const krn_faults *faults, krn_error *err)
{
    krni_writer w;
    krni_writer_init(&w, s->arena);
    krn_status status = KRN_OK;
    if (s->report.format == KRN_FORMAT_JSON)
        status = faults_json(faults, &w, err);
    else
        for (uint32_t i = 0; i < krn_faults_count(faults); i++)
            krni_writef(&w, "%s\n", krn_faults_text(faults, i));
    const char *text = krni_writer_text(&w);
    if (status == KRN_OK)
        status = text ? krni_session_answer(s, text, err) : krni_fail_memory(err);
    return status;
}

/* A folder of a cost network, as keruen convert makes it. */
static krn_status check_cost_network(krni_session *s, const char *path, krn_faults *faults,
                                     krn_error *err)
{
    krn_cost_network network;
    char *text = NULL;
    krn_status status = krn_cost_network_read(path, faults, s->arena, &network, err);
    if (status == KRN_OK)
        status = krn_report_cost_network(&network, NULL, path, &s->report, s->arena, &text, err);
    return status == KRN_OK ? krni_session_answer(s, text, err) : status;
}

int krni_run_check(krni_session *s, krn_error *err)
{
    const char *path = s->arguments->argument[0];
    char *text = NULL;
    if (!path)
        path = krni_session_path(s);
    if (krni_path_is_snapshot(path)) {
        krn_status status = krn_snapshot_map(path, &s->network, err);
        if (status == KRN_OK)
            status = krn_network_check(s->network, err);
        if (status == KRN_OK)
            krni_session_say(s, "%s: every invariant holds", path);
        return krni_exit_of(status);
    }
    krn_faults *faults = krn_faults_new();
    if (!faults)
        return krni_exit_of(krni_fail_memory(err));
    const bool is_costs = krn_cost_network_is(path);
    krn_status status = is_costs ? check_cost_network(s, path, faults, err)
                                 : krn_package_load(path, NULL, 0, faults, &s->base, err);
    const uint32_t n = krn_faults_count(faults);
    if (status == KRN_E_DATA && n) {
        krn_error written;
        status = answer_faults(s, faults, &written);
        if (status == KRN_OK)
            status = krni_fail(err, KRN_E_DATA, "%s: %u fault%s", path, n, n == 1 ? "" : "s");
        else
            *err = written;
    } else if (status == KRN_OK && !is_costs) {
        const krn_measure_choice today = {.day = s->day};
        status = krn_measure_apply(s->base, &today, s->arena, &s->measures, &s->scenario, err);
        if (status == KRN_OK)
            status = krn_report_check(s->scenario, &s->report, s->arena, &text, err);
        if (status == KRN_OK)
            status = krni_session_answer(s, text, err);
    }
    krn_faults_free(faults);
    return krni_exit_of(status);
}
