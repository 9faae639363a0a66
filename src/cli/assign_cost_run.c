/* SPDX-License-Identifier: Apache-2.0 */
/* assign_cost_run.c - keruen assign on a cost network: od tables by the formulas of a cost set. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/error.h"
#include "cli/assign_run.h"
#include "cli/progress.h"

#define USUAL_GAP    1e-8
#define FAULTS_SHOWN 20u

static bool ends_with(const char *text, const char *end)
{
    const size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

bool krni_is_cost_network(const krni_session *s)
{
    const char *path = krni_session_path(s);
    return path && (ends_with(path, ".nodus") || krn_cost_network_is(path));
}

static krn_status read_network(krni_session *s, krn_cost_network *out, krn_error *err)
{
    const char *path = krni_session_path(s);
    krn_cost_notes notes = {0};
    krn_faults *faults = krn_faults_new();
    if (!faults)
        return krni_fail_memory(err);
    const krn_status status = ends_with(path, ".nodus")
                                  ? krn_nodus_read(path, faults, s->arena, out, &notes, err)
                                  : krn_cost_network_read(path, faults, s->arena, out, err);
    const uint32_t n = krn_faults_count(faults);
    for (uint32_t k = 1; k < n && k < FAULTS_SHOWN; k++)
        krni_session_say(s, "%s", krn_faults_text(faults, k));
    krn_faults_free(faults);
    return status;
}

/* ---- the question ---- */

static void list_names(const krn_cost_network *network, krni_writer *w)
{
    krni_write(w, "cost sets: ");
    for (uint32_t k = 0; k < network->n_sets; k++)
        krni_writef(w, "%s%s", k ? ", " : "", network->sets[k].name);
    krni_write(w, "; od tables: ");
    for (uint32_t k = 0; k < network->n_od_tables; k++)
        krni_writef(w, "%s%s", k ? ", " : "", network->od_tables[k].name);
}

static krn_status is_missing(krni_session *s, const krn_cost_network *network, const char *what,
                             krn_error *err)
{
    krni_writer w;
    krni_writer_init(&w, s->arena);
    list_names(network, &w);
    if (!krni_writer_text(&w))
        return krni_fail_memory(err);
    return krni_fail(err, KRN_E_ARG, "%s was expected; %s", what, krni_writer_text(&w));
}

/* A table that would count twice. */
static bool is_named_twice(const krn_cost_question *q, krn_error *err)
{
    for (uint32_t k = 1; k < q->n_od_tables; k++)
        for (uint32_t i = 0; i < k; i++)
            if (strcmp(q->od_tables[i], q->od_tables[k]) == 0) {
                (void)krni_fail(err, KRN_E_ARG, "--od %.80s: each table once was expected",
                                q->od_tables[k]);
                return true;
            }
    return false;
}

static krn_status set_question(krni_session *s, const krn_cost_network *network,
                               krni_progress *steps, krn_cost_question *out, krn_error *err)
{
    static const krn_cost_method methods[] = {KRN_COST_USER, KRN_COST_USER, KRN_COST_ALL_OR_NOTHING,
                                              KRN_COST_LOGIT};
    enum { ALL_OR_NOTHING = 2 }; /* of the choices of --method */
    const krni_arguments *a = s->arguments;
    const unsigned method = krni_given_choice(a, "method", ALL_OR_NOTHING);
    *out = (krn_cost_question){.set = krni_given_text(a, "costs"),
                               .scenario = (int32_t)krni_given_number(a, "scenario", KRN_COST_ANY),
                               .method = methods[method],
                               .spread_cost = krni_given_number(a, "spread", 0.0),
                               .gap_share = krni_given_number(a, "gap", USUAL_GAP),
                               .max_iterations = (uint32_t)krni_given_number(a, "iterations", 0),
                               .progress = krni_progress_step,
                               .progress_context = steps};
    out->od_tables = krni_given_list(a, "od", &out->n_od_tables);
    if (!out->od_tables)
        return krni_fail_memory(err);
    if (!out->set)
        return is_missing(s, network, "--costs NAME", err);
    if (!out->n_od_tables)
        return is_missing(s, network, "--od TABLE", err);
    if (is_named_twice(out, err))
        return KRN_E_ARG;
    if (out->method == KRN_COST_LOGIT && !krni_given_text(a, "spread"))
        return krni_fail(err, KRN_E_ARG,
                         "--spread COST was expected with --method logit: shares are "
                         "exp(-cost / spread)");
    if (out->method != KRN_COST_LOGIT && krni_given_text(a, "spread"))
        return krni_fail(err, KRN_E_ARG, "--spread goes with --method logit alone");
    return KRN_OK;
}

/* ---- files ---- */

static krn_status write_table(krni_session *s, const krn_cost_report *report, krn_cost_table table,
                              const char *path, krn_error *err)
{
    char *text = NULL;
    const krn_status status = krn_cost_csv(report, table, s->arena, &text, err);
    return status ? status : krn_file_write(path, text, strlen(text), err);
}

static krn_status write_flows(krni_session *s, const krn_cost_report *report,
                              const krn_layer *layers, const char *folder, krn_error *err)
{
    static const char *const tables[] = {"links.csv", "handling.csv", "cells.csv"};
    char path[1024];
    krn_status status = KRN_OK;
    if (strlen(folder) > sizeof path - 32)
        return krni_fail(err, KRN_E_ARG, "--flows: %.80s...: the path is too long", folder);
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return krni_fail(err, KRN_E_IO, "%s: cannot be made: %s", folder, strerror(errno));
    for (int k = 0; k < 3 && !status; k++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, tables[k]);
        status = write_table(s, report, (krn_cost_table)k, path, err);
    }
    for (int k = 0; k < 2 && !status; k++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, layers[k].name);
        status = krn_shapefile_write(path, &layers[k], err);
    }
    return status;
}

static krn_status write_files(krni_session *s, const krn_cost_report *report, krn_error *err)
{
    const char *folder = krni_given_text(s->arguments, "flows");
    const char *map = krni_given_text(s->arguments, "gpkg");
    krn_layer layers[2];
    if (!folder && !map)
        return KRN_OK;
    if (!s->world->writes_files)
        return krni_fail(err, KRN_E_IO, "%s: files are not written here", folder ? folder : map);
    krn_status status = krn_cost_layers(report, s->arena, layers, err);
    if (!status && map)
        status = krn_gpkg_write(map, layers, 2, err);
    if (!status && folder)
        status = write_flows(s, report, layers, folder, err);
    return status;
}

/* ---- the run ---- */

static krn_status answer(krni_session *s, const krn_cost_report *report, krn_error *err)
{
    char *text = NULL;
    krn_status status = krn_report_cost(report, &s->report, s->arena, &text, err);
    if (!status)
        status = write_files(s, report, err);
    return status ? status : krni_session_answer(s, text, err);
}

int krni_assign_cost(krni_session *s, krn_error *err)
{
    krn_cost_network network;
    krn_cost_question question;
    krn_cost_answer found = {0};
    krni_progress steps;
    krn_status status = s->report.format == KRN_FORMAT_GEOJSON
                            ? krni_fail(err, KRN_E_ARG,
                                        "flows of a cost network come as table, json or csv; "
                                        "--gpkg has them as a map")
                            : krni_session_check_output(s, err);
    if (!status)
        status = read_network(s, &network, err);
    krni_progress_begin(&steps, s, "iterations");
    if (!status)
        status = set_question(s, &network, &steps, &question, err);
    if (!status)
        status = krn_cost_assign(&network, &question, s->arena, &found, err);
    krni_progress_wipe(&steps);
    if (!status) {
        krni_session_say(s, "%u cells in %.3f s, %.0f MB at most in all", found.n_cells,
                         krni_progress_spent_s(&steps), krni_most_mb());
        const krn_cost_report report = {&network, &question, &found};
        status = answer(s, &report, err);
    }
    if (status)
        return krni_exit_of(status);
    return found.gap_reached && found.quantity > found.unserved ? KRNI_EXIT_DONE : KRNI_EXIT_NONE;
}
