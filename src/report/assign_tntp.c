/* SPDX-License-Identifier: Apache-2.0 */
/* assign_tntp.c - an equilibrium of a TNTP network as table, JSON, CSV. Figures keep the file's
 * units. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "report/records.h"
#include "report/words.h"

#define FULLEST 10u
#define DIGITS  15

static double ratio_of(const krn_tntp_answer *a, uint32_t link)
{
    const double capacity = a->tntp->links[link].capacity;
    return capacity > 0.0 ? krn_assignment_load(a->assignment)[link] / capacity : 0.0;
}

/* Links of the greatest flow to capacity, the lower number first when alike. */
static uint32_t fullest_links(const krn_tntp_answer *a, uint32_t *out)
{
    uint32_t n = 0;
    for (uint32_t k = 0; k < a->tntp->n_links; k++) {
        if (!(ratio_of(a, k) > 0.0) || (n == FULLEST && ratio_of(a, k) <= ratio_of(a, out[n - 1])))
            continue;
        uint32_t at = n < FULLEST ? n++ : n - 1;
        for (; at && ratio_of(a, out[at - 1]) < ratio_of(a, k); at--)
            out[at] = out[at - 1];
        out[at] = k;
    }
    return n;
}

static const char *method_name(const krn_tntp_answer *a)
{
    return a->options->method == KRN_ASSIGN_SYSTEM ? "system optimum" : "user equilibrium";
}

static const char *algorithm_name(const krn_tntp_answer *a)
{
    return a->options->algorithm == KRN_ASSIGN_FW ? "bi-conjugate Frank-Wolfe" : "paired segments";
}

static bool reached(const krn_tntp_answer *a)
{
    return krn_assignment_step(a->assignment).gap_share <= a->options->gap_share;
}

/* ---- table ---- */

/* Ten significant digits: what the gap leaves certain, more or less. */
static char *figure(double value, char out[KRNI_NUMBER_EXACT_SIZE])
{
    krni_number_exact(value, 12, out);
    return out;
}

static void write_head(krni_page *page, const krn_tntp_answer *a)
{
    char text[KRNI_NUMBER_EXACT_SIZE], line[256], flow[64];
    const krn_assign_step step = krn_assignment_step(a->assignment);
    const double unserved = krn_assignment_unserved_flow(a->assignment);
    const double inner = krn_assignment_inner_flow(a->assignment);
    (void)snprintf(line, sizeof line, "%u zones, %u nodes, %u links; trips %s", a->tntp->n_zones,
                   a->tntp->n_nodes, a->tntp->n_links,
                   krni_number_text(a->tntp->total_flow, 1, true, flow, sizeof flow));
    krni_page_title(page, line);
    (void)snprintf(line, sizeof line, "%s by %s, %u iterations%s", method_name(a),
                   algorithm_name(a), step.iteration,
                   reached(a) ? "" : "; the gap asked for was not reached");
    krni_page_text(page, line, 0);
    krni_write(page->out, "\n");
    (void)snprintf(line, sizeof line, "%.3g", step.gap_share);
    krni_page_field(page, "relative gap", line, 0, 22);
    (void)snprintf(line, sizeof line, "%.3g", step.excess_cost);
    krni_page_field(page, "average excess cost", line, 0, 22);
    krni_page_field(page, "objective", figure(step.objective_cost, text), 0, 22);
    krni_page_field(page, "total time", figure(krn_assignment_total_time(a->assignment), text), 0,
                    22);
    krni_page_field(page, "total cost", figure(krn_assignment_total_cost(a->assignment), text), 0,
                    22);
    if (inner > 0.0)
        krni_page_field(page, "within zones", figure(inner, text), 0, 22);
    if (unserved > 0.0)
        krni_page_field(page, "without a way", figure(unserved, text), 0, 22);
}

static krn_status tntp_table(const krn_tntp_answer *a, const krn_report_options *options,
                             krn_arena *arena, char **out, krn_error *err)
{
    static const krni_grid_column columns[] = {{"fullest links\nfrom", KRNI_RIGHT, 0},
                                               {"to", KRNI_RIGHT, 0},
                                               {"flow", KRNI_RIGHT, 0},
                                               {"flow to\ncapacity", KRNI_RIGHT, 0},
                                               {"time", KRNI_RIGHT, 0},
                                               {"free time", KRNI_RIGHT, 0}};
    uint32_t links[FULLEST];
    krni_writer w;
    krni_grid grid;
    krni_writer_init(&w, arena);
    krni_page page = krni_page_of(&w, options);
    write_head(&page, a);
    krni_write(&w, "\n");
    krni_grid_init(&grid, arena, columns, 6);
    const uint32_t n = fullest_links(a, links);
    for (uint32_t i = 0; i < n; i++) {
        const krn_tntp_link *l = &a->tntp->links[links[i]];
        krni_grid_format(&grid, "%u", l->tail + 1);
        krni_grid_format(&grid, "%u", l->head + 1);
        krni_grid_number(&grid, krn_assignment_load(a->assignment)[links[i]], 1, true);
        krni_grid_number(&grid, ratio_of(a, links[i]), 3, false);
        krni_grid_number(&grid, krn_assignment_time(a->assignment)[links[i]], 4, false);
        krni_grid_number(&grid, l->free_time, 4, false);
    }
    if (n)
        krni_grid_write(&grid, &page, 0);
    return krni_writer_answer(&w, out, err);
}

/* ---- for programs ---- */

static json_t *exact(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *link_of(const krn_tntp_answer *a, uint32_t k, bool *failed)
{
    json_t *o = json_object();
    krni_json_set(o, "from", json_integer(a->tntp->links[k].tail + 1), failed);
    krni_json_set(o, "to", json_integer(a->tntp->links[k].head + 1), failed);
    krni_json_set(o, "flow", exact(krn_assignment_load(a->assignment)[k]), failed);
    krni_json_set(o, "time", exact(krn_assignment_time(a->assignment)[k]), failed);
    krni_json_set(o, "cost", exact(krn_assignment_cost(a->assignment, 0, k)), failed);
    krni_json_set(o, "flow_to_capacity", exact(ratio_of(a, k)), failed);
    return o;
}

static json_t *question_of(const krn_tntp_answer *a, bool *failed)
{
    json_t *o = json_object();
    krni_json_set(o, "network", json_string("tntp"), failed);
    krni_json_set(o, "method", json_string(a->options->method == KRN_ASSIGN_SYSTEM ? "so" : "ue"),
                  failed);
    krni_json_set(o, "algorithm", json_string(algorithm_name(a)), failed);
    krni_json_set(o, "gap", exact(a->options->gap_share), failed);
    return o;
}

static json_t *totals_of(const krn_tntp_answer *a, bool *failed)
{
    json_t *o = json_object();
    krni_json_set(o, "time", exact(krn_assignment_total_time(a->assignment)), failed);
    krni_json_set(o, "cost", exact(krn_assignment_total_cost(a->assignment)), failed);
    krni_json_set(o, "flow", exact(a->tntp->total_flow), failed);
    krni_json_set(o, "flow_within_zones", exact(krn_assignment_inner_flow(a->assignment)), failed);
    krni_json_set(o, "flow_without_way", exact(krn_assignment_unserved_flow(a->assignment)),
                  failed);
    return o;
}

static json_t *head_of(const krn_tntp_answer *a, bool *failed)
{
    const krn_assign_step step = krn_assignment_step(a->assignment);
    json_t *o = json_object();
    krni_json_set(o, "objective", exact(step.objective_cost), failed);
    krni_json_set(o, "relative_gap", exact(step.gap_share), failed);
    krni_json_set(o, "average_excess_cost", exact(step.excess_cost), failed);
    krni_json_set(o, "iterations", json_integer(step.iteration), failed);
    krni_json_set(o, "gap_reached", json_boolean(reached(a)), failed);
    krni_json_set(o, "question", question_of(a, failed), failed);
    krni_json_set(o, "totals", totals_of(a, failed), failed);
    return o;
}

static krn_status tntp_json(const krn_tntp_answer *a, krn_arena *arena, char **out, krn_error *err)
{
    bool failed = false;
    uint32_t fullest[FULLEST];
    json_t *root = head_of(a, &failed), *links = json_array(), *bottlenecks = json_array();
    for (uint32_t k = 0; k < a->tntp->n_links; k++)
        krni_json_append(links, link_of(a, k, &failed), &failed);
    const uint32_t n = fullest_links(a, fullest);
    for (uint32_t i = 0; i < n; i++)
        krni_json_append(bottlenecks, link_of(a, fullest[i], &failed), &failed);
    krni_json_set(root, "links", links, &failed);
    krni_json_set(root, "modes", json_array(), &failed);
    krni_json_set(root, "bottlenecks", bottlenecks, &failed);
    char *text =
        root && !failed ? json_dumps(root, JSON_INDENT(1) | JSON_REAL_PRECISION(DIGITS)) : NULL;
    json_decref(root);
    *out = NULL;
    if (text) {
        krni_writer w;
        krni_writer_init(&w, arena);
        krni_write(&w, text);
        krni_write(&w, "\n");
        *out = krni_writer_text(&w);
    }
    free(text);
    return *out ? KRN_OK : krni_fail_memory(err);
}

static krn_status tntp_csv(const krn_tntp_answer *a, krn_arena *arena, char **out, krn_error *err)
{
    char text[KRNI_NUMBER_EXACT_SIZE];
    krni_writer w;
    krni_writer_init(&w, arena);
    krni_write(&w, "from,to,flow,time,cost,flow_to_capacity\r\n");
    for (uint32_t k = 0; k < a->tntp->n_links; k++) {
        const double values[] = {krn_assignment_load(a->assignment)[k],
                                 krn_assignment_time(a->assignment)[k],
                                 krn_assignment_cost(a->assignment, 0, k), ratio_of(a, k)};
        krni_writef(&w, "%u,%u", a->tntp->links[k].tail + 1, a->tntp->links[k].head + 1);
        for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
            krni_number_exact(values[i], DIGITS, text);
            krni_writef(&w, ",%s", text);
        }
        krni_write(&w, "\r\n");
    }
    return krni_writer_answer(&w, out, err);
}

krn_status krn_report_tntp(const krn_tntp_answer *answer, const krn_report_options *options,
                           krn_arena *arena, char **out, krn_error *err)
{
    *out = NULL;
    switch (options->format) {
    case KRN_FORMAT_TABLE:
        return tntp_table(answer, options, arena, out, err);
    case KRN_FORMAT_JSON:
        return tntp_json(answer, arena, out, err);
    case KRN_FORMAT_CSV:
        return tntp_csv(answer, arena, out, err);
    default:
        return krni_no_format(options, "an assignment", err);
    }
}
