/* SPDX-License-Identifier: Apache-2.0 */
/* assign_tntp_run.c - keruen assign --tntp: trips of a public test network. */
#include <math.h>

#include "base/error.h"
#include "cli/assign_run.h"
#include "cli/progress.h"

/* What it took, on standard error: never part of the answer. */
static void tell_effort(const krni_progress *p, const krn_assignment *assignment)
{
    krni_progress_wipe(p);
    krni_session_say(p->session,
                     "%u iterations in %.3f s; %.1f MB for flows, %.1f MB at most in all",
                     krn_assignment_step(assignment).iteration, krni_progress_spent_s(p),
                     (double)krn_assignment_bytes(assignment) / 1e6, krni_most_mb());
}

static double given_or(const krni_session *s, const char *option, double stated)
{
    return krni_given_number(s->arguments, option, isnan(stated) ? 0.0 : stated);
}

/* The network as the kernel takes it; from the arena. */
static krn_status set_network(krni_session *s, const krn_tntp *tntp, krn_assign_class *class_of_all,
                              krn_assign_network *out, krn_error *err)
{
    krn_assign_link *links = krn_arena_calloc(s->arena, tntp->n_links + 1u, sizeof *links);
    krn_assign_trip *trips = krn_arena_calloc(s->arena, tntp->n_trips + 1u, sizeof *trips);
    bool *shut = krn_arena_calloc(s->arena, tntp->n_nodes, sizeof *shut);
    if (!links || !trips || !shut)
        return krni_fail_memory(err);
    for (uint32_t k = 0; k < tntp->n_links; k++) {
        const krn_tntp_link *l = &tntp->links[k];
        const bool grows = l->factor > 0.0 && l->power > 0.0;
        links[k] = (krn_assign_link){
            .tail = l->tail,
            .head = l->head,
            .delay = {.kind = grows ? KRN_DELAY_BPR : KRN_DELAY_CONSTANT,
                      .free_time = grows ? l->free_time : l->free_time * (1.0 + l->factor),
                      .capacity = l->capacity,
                      .factor = l->factor,
                      .power = l->power},
            .toll = l->toll,
            .length = l->length,
            .limit_flow = HUGE_VAL};
    }
    for (uint32_t k = 0; k < tntp->n_trips; k++)
        trips[k] = (krn_assign_trip){0, tntp->trips[k].origin, tntp->trips[k].destination,
                                     tntp->trips[k].flow};
    for (uint32_t v = 0; v < tntp->n_nodes; v++)
        shut[v] = v < tntp->first_through;
    *class_of_all =
        (krn_assign_class){.name = "all",
                           .equivalents = 1.0,
                           .time_weight = 1.0,
                           .toll_weight = given_or(s, "toll-factor", tntp->toll_weight),
                           .length_weight = given_or(s, "distance-factor", tntp->length_weight)};
    *out = (krn_assign_network){.n_nodes = tntp->n_nodes,
                                .n_links = tntp->n_links,
                                .n_classes = 1,
                                .n_trips = tntp->n_trips,
                                .links = links,
                                .classes = class_of_all,
                                .trips = trips,
                                .no_through = shut};
    return KRN_OK;
}

static krn_status read_tntp(krni_session *s, krn_tntp *out, krn_error *err)
{
    krn_faults *faults = krn_faults_new();
    if (!faults)
        return krni_fail_memory(err);
    const krn_status status = krn_tntp_read(krni_given_text(s->arguments, "tntp"),
                                            s->arguments->argument[0], faults, s->arena, out, err);
    const uint32_t n = krn_faults_count(faults);
    for (uint32_t k = 0; n > 1 && k < n && k < 20; k++)
        krni_session_say(s, "%s", krn_faults_text(faults, k));
    krn_faults_free(faults);
    if (status == KRN_E_DATA && n > 1)
        return krni_fail(err, status, "%s, %s: %u faults", krni_given_text(s->arguments, "tntp"),
                         s->arguments->argument[0], n);
    if (!status && fabs(out->stated_flow - out->total_flow) > 1e-6 * out->total_flow)
        krni_session_say(s, "%s: trips sum to %.12g, <TOTAL OD FLOW> says %.12g",
                         s->arguments->argument[0], out->total_flow, out->stated_flow);
    return status;
}

static krn_status answer_tntp(krni_session *s, const krn_tntp *tntp, bool *out_reached,
                              krn_error *err)
{
    krn_assign_network network;
    krn_assign_class all;
    krn_assignment *assignment = NULL;
    char *text = NULL;
    krni_progress p;
    const krn_assign_options how = {
        .method = (krn_assign_method)krni_given_choice(s->arguments, "method", KRN_ASSIGN_USER),
        .algorithm =
            (krn_assign_algorithm)krni_given_choice(s->arguments, "algorithm", KRN_ASSIGN_SEGMENT),
        .gap_share = krni_given_number(s->arguments, "gap", 1e-6),
        .max_iterations = (uint32_t)krni_given_number(s->arguments, "iterations", 0),
        .n_threads = (unsigned)krni_given_number(s->arguments, "threads", 0),
        .progress = krni_progress_step,
        .progress_context = &p};
    krni_progress_begin(&p, s, "iterations");
    krn_status status = set_network(s, tntp, &all, &network, err);
    if (!status)
        status = krn_assign(&network, &how, &assignment, err);
    if (!status) {
        tell_effort(&p, assignment);
        *out_reached = krn_assignment_step(assignment).gap_share <= how.gap_share;
        const krn_tntp_answer answer = {tntp, &how, assignment};
        status = krn_report_tntp(&answer, &s->report, s->arena, &text, err);
    }
    if (!status)
        status = krni_session_answer(s, text, err);
    krn_assignment_free(assignment);
    return status;
}

int krni_assign_tntp(krni_session *s, krn_error *err)
{
    krn_tntp tntp;
    bool is_reached = false;
    krn_status status;
    if (!s->arguments->argument[0])
        status = krni_fail(err, KRN_E_ARG, "the file of trips is missing: --tntp NET TRIPS");
    else if (s->report.format == KRN_FORMAT_GEOJSON)
        status = krni_fail(err, KRN_E_ARG, "a TNTP network has no places: table, json or csv");
    else
        status = krni_session_check_output(s, err);
    if (!status)
        status = read_tntp(s, &tntp, err);
    if (!status)
        status = answer_tntp(s, &tntp, &is_reached, err);
    if (status)
        return krni_exit_of(status);
    return is_reached ? KRNI_EXIT_DONE : KRNI_EXIT_NONE;
}
