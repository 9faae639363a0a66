/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_convert.c - keruen convert FORM PROJECT FOLDER: projects of other programs as folders of
 * tables. */
#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "cli/session.h"

#define FAULTS_SHOWN 20u

static const krni_option options[] = {
    {.name = "force",
     .kind = KRNI_OPT_FLAG,
     .help = "write over a cost network that is in FOLDER already"},
    {0},
};

static const krni_example examples[] = {
    {"convert nodus demo/demo.nodus demo-tables", "a project of NODUS as a folder of tables"},
    {"assign --package demo-tables --costs road --od od_road", "flows on it"},
    {0},
};

const krni_verb_words krni_words_convert = {
    .name = "convert",
    .line = "makes a folder of tables from a project of another program",
    .prose = "Reads layers (shapefiles), od tables (DBF) and cost functions of a NODUS project, "
             "whole or not at all, and says what of it could not be used. keruen assign takes the "
             "folder, or the project itself.",
    .arguments = {{.name = "FORM", .required = true, .help = "nodus"},
                  {.name = "PROJECT",
                   .required = true,
                   .help = "PROJECT.nodus; its layers and tables lie beside it",
                   .completes = "file"},
                  {.name = "FOLDER",
                   .required = true,
                   .help = "folder to write; made when it is not there",
                   .completes = "file"}},
    .options = options,
    .examples = examples,
};

/* Refuses a folder with something else in it. */
static krn_status check_folder(const krni_session *s, const char *folder, krn_error *err)
{
    DIR *dir = opendir(folder);
    bool empty = true;
    if (!dir && errno == ENOENT)
        return KRN_OK;
    if (!dir)
        return krni_fail(err, KRN_E_IO, "%.200s: %s", folder, strerror(errno));
    for (struct dirent *e; empty && (e = readdir(dir)) != NULL;)
        empty = strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0;
    (void)closedir(dir);
    if (empty)
        return KRN_OK;
    if (!krn_cost_network_is(folder))
        return krni_fail(err, KRN_E_IO,
                         "%.200s: holds something else than a cost network; an empty or new folder "
                         "was expected",
                         folder);
    if (!krni_given_flag(s->arguments, "force"))
        return krni_fail(err, KRN_E_IO,
                         "%.200s: holds a cost network already; --force writes over it", folder);
    return KRN_OK;
}

static krn_status read_project(krni_session *s, const char *path, krn_cost_network *out,
                               krn_cost_notes *notes, krn_error *err)
{
    krn_faults *faults = krn_faults_new();
    if (!faults)
        return krni_fail_memory(err);
    const krn_status status = krn_nodus_read(path, faults, s->arena, out, notes, err);
    const uint32_t n = krn_faults_count(faults);
    for (uint32_t k = 0; n > 1 && k < n && k < FAULTS_SHOWN; k++)
        krni_session_say(s, "%s", krn_faults_text(faults, k));
    krn_faults_free(faults);
    if (status == KRN_E_DATA && n > 1)
        return krni_fail(err, status, "%.200s: %u faults", path, n);
    return status;
}

int krni_run_convert(krni_session *s, krn_error *err)
{
    const char *const *given = s->arguments->argument;
    krn_cost_network network;
    krn_cost_notes notes = {0, NULL};
    char *text = NULL;
    krn_status status = KRN_OK;
    if (strcmp(given[0], "nodus") != 0)
        status = krni_fail(err, KRN_E_ARG, "convert %.40s: nodus was expected", given[0]);
    if (!status && !s->world->writes_files)
        status = krni_fail(err, KRN_E_IO, "%.200s: files are not written here", given[2]);
    if (!status)
        status = krni_session_check_output(s, err);
    if (!status)
        status = check_folder(s, given[2], err);
    if (!status)
        status = read_project(s, given[1], &network, &notes, err);
    if (!status)
        status =
            krn_report_cost_network(&network, &notes, given[2], &s->report, s->arena, &text, err);
    if (!status)
        status = krn_cost_network_write(&network, given[2], err);
    if (!status)
        status = krni_session_answer(s, text, err);
    return krni_exit_of(status);
}
