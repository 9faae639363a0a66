/* SPDX-License-Identifier: Apache-2.0 */
/* explain.c - every figure of a route with the row, the source and the measure that it comes from.
 *
 *   border.csv:2  dwell_typical_h = 10.7  d  rail-cpmm-kz   time of Bolashak - Serhetyaka
 *
 * A law of time has three figures (low, typical, high); all three are listed. Each cell stands once
 * a route, however often it was used. */
#include "report/plan_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/tables.h"

typedef struct figures {
    krni_used_figure *list;
    uint32_t n, capacity;
    krn_arena *arena;
    bool failed;
} figures;

static void add_figure(figures *f, krn_figure figure, const char *role)
{
    if (figure.table >= KRN_TABLE_COUNT)
        return;
    for (uint32_t i = 0; i < f->n; i++) {
        const krn_figure *k = &f->list[i].figure;
        if (k->table == figure.table && k->row == figure.row && k->column == figure.column)
            return;
    }
    if (f->n == f->capacity) {
        const uint32_t capacity = f->capacity ? f->capacity * 2 : 64;
        krni_used_figure *grown = krn_arena_alloc(f->arena, capacity * sizeof *grown);
        if (!grown) {
            f->failed = true;
            return;
        }
        if (f->n)
            memcpy(grown, f->list, f->n * sizeof *grown);
        f->list = grown;
        f->capacity = capacity;
    }
    f->list[f->n++] = (krni_used_figure){figure, role};
}

/* A figure of a time law brings its two fellows. */
static void add_time(figures *f, krn_figure figure, const char *role)
{
    if (figure.table >= KRN_TABLE_COUNT)
        return;
    const krni_table *table = krni_schema((krn_table)figure.table);
    if (table->low >= 0 && figure.column >= table->low && figure.column < table->low + 3)
        for (int k = 0; k < 3; k++)
            add_figure(f, krni_figure((krn_table)figure.table, figure.row, table->low + k), role);
    else
        add_figure(f, figure, role);
}

static const char *role_of_step(const krni_answer *answer, const krn_step *s, const char *what)
{
    krni_writer w;
    krni_writer_init(&w, answer->arena);
    const char *crossing = krni_crossing_of(answer->network, s);
    if (*crossing)
        krni_writef(&w, "%s: %s", what, crossing);
    else if (s->from_node != s->to_node)
        krni_writef(&w, "%s: %s → %s", what, krni_place_name(answer->package, s->from_node),
                    krni_place_name(answer->package, s->to_node));
    else
        krni_writef(&w, "%s: %s, %s", what, krni_place_name(answer->package, s->from_node),
                    krn_activity_kind_name(s->kind));
    return krni_writer_text(&w);
}

static void add_steps(figures *f, const krni_answer *answer, const krn_route *route)
{
    for (uint32_t i = 0; i < route->n_steps; i++) {
        const krn_step *s = &route->steps[i];
        add_figure(f, s->length_figure, role_of_step(answer, s, "length"));
        add_time(f, s->time_figure, role_of_step(answer, s, "time"));
        add_figure(f, s->emission_figure, role_of_step(answer, s, "CO2e"));
        if (s->emission_figure.table == KRN_TABLE_EMISSION)
            add_figure(f,
                       krni_figure(KRN_TABLE_EMISSION, s->emission_figure.row,
                                   EMISSION_KG_CO2E_PER_TKM_TTW),
                       role_of_step(answer, s, "CO2e tank to wheel"));
    }
}

krni_used_figure *krni_route_figures(const krni_answer *answer, const krn_route *route,
                                     uint32_t *out_n)
{
    figures f = {.arena = answer->arena};
    add_steps(&f, answer, route);
    for (uint32_t i = 0; i < route->charges.n_charges; i++) {
        const krn_charge *c = &route->charges.charges[i];
        char usd[KRNI_WORD], basis[KRNI_WORD];
        krni_writer w;
        krni_writer_init(&w, answer->arena);
        krni_writef(&w, "charge: %s, %s %s", c->name,
                    krni_number_short(c->basis_share, 2, basis, sizeof basis), c->basis);
        krni_writef(&w, ", %s USD", krni_number_text(c->amount_usd, 2, true, usd, sizeof usd));
        add_figure(&f, c->figure, krni_writer_text(&w));
    }
    for (uint32_t i = 0; i < route->papers.n_papers; i++) {
        const krn_paper *p = &route->papers.papers[i];
        krni_writer w;
        krni_writer_init(&w, answer->arena);
        krni_writef(&w, "lead: %s", p->name);
        krn_figure lead = p->figure;
        if (lead.table == KRN_TABLE_RULE)
            lead.column = RULE_LEAD_TYPICAL_DAYS;
        else if (lead.table == KRN_TABLE_VISA)
            lead.column = VISA_LEAD_TYPICAL_DAYS;
        add_figure(&f, lead, krni_writer_text(&w));
    }
    for (uint32_t i = 0; i < route->n_sanctions; i++)
        add_figure(&f, krni_figure(KRN_TABLE_SANCTION, route->sanctions[i], SANCTION_FACT),
                   "sanctions fact");
    for (uint32_t i = 0; i < f.n; i++)
        f.failed = f.failed || !f.list[i].role;
    *out_n = f.failed ? 0 : f.n;
    if (!f.n && !f.failed)
        return krn_arena_alloc(answer->arena, sizeof *f.list);
    return f.failed ? NULL : f.list;
}

void krni_explain_route(krni_page *page, const krni_answer *answer, uint32_t index)
{
    static const krni_grid_column columns[] = {{"row", KRNI_LEFT, 0},
                                               {"figure", KRNI_LEFT, 18},
                                               {"", KRNI_LEFT, 0},
                                               {"source", KRNI_LEFT, 14},
                                               {"stands for", KRNI_LEFT, 16}};
    uint32_t n = 0;
    const krni_used_figure *list = krni_route_figures(answer, &answer->result->routes[index], &n);
    if (!list) {
        page->out->failed = true;
        return;
    }
    krni_grid grid;
    krni_grid_init(&grid, answer->arena, columns, 5);
    for (uint32_t i = 0; i < n; i++) {
        const krn_figure f = list[i].figure;
        const krn_table table = (krn_table)f.table;
        char place[KRNI_WORD * 4];
        const char *value = krn_package_text(answer->package, table, f.row, f.column);
        const char *changed = krn_package_changed_by(answer->package, f);
        char shown[128];
        (void)snprintf(shown, sizeof shown, "%.*s%s", (int)krni_prefix_bytes(value, 40), value,
                       krni_width(value) > 40 ? "…" : "");
        krni_grid_format(&grid, "%s", krni_row_place(answer->package, f, place));
        krni_grid_format(&grid, "%s = %s",
                         krn_package_column_name(answer->package, table, f.column),
                         *shown ? shown : "(blank)");
        krni_grid_cell(&grid, krni_quality_letter(krn_package_quality(answer->package, f)));
        krni_grid_format(&grid, "%s%s%s", krn_package_source(answer->package, f),
                         *changed ? ", by measure " : "", changed);
        krni_grid_cell(&grid, list[i].role);
    }
    krni_write(page->out, "\n");
    krni_grid_write(&grid, page, 4);
}

static int compare_rows(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* Rows of source.csv behind the figures of all routes; each once, ascending. */
static uint32_t *sources_of(const krni_answer *answer, uint32_t *out_n)
{
    const uint32_t n_sources = krn_package_rows(answer->package, KRN_TABLE_SOURCE);
    uint32_t *rows = krn_arena_calloc(answer->arena, n_sources + 1u, sizeof *rows);
    bool *seen = krn_arena_calloc(answer->arena, n_sources + 1u, sizeof *seen);
    uint32_t n = 0;
    if (!rows || !seen)
        return NULL;
    for (uint32_t i = 0; i < answer->result->n_routes; i++) {
        uint32_t n_figures = 0;
        const krni_used_figure *list =
            krni_route_figures(answer, &answer->result->routes[i], &n_figures);
        if (!list)
            return NULL;
        for (uint32_t k = 0; k < n_figures; k++) {
            const uint32_t row =
                krn_package_find(answer->package, KRN_TABLE_SOURCE,
                                 krn_package_source(answer->package, list[k].figure));
            if (row != KRN_NO_ROW && !seen[row]) {
                seen[row] = true;
                rows[n++] = row;
            }
        }
    }
    qsort(rows, n, sizeof *rows, compare_rows);
    *out_n = n;
    return rows;
}

void krni_explain_sources(krni_page *page, const krni_answer *answer)
{
    const krn_package *package = answer->package;
    uint32_t n = 0;
    const uint32_t *rows = sources_of(answer, &n);
    if (!rows) {
        page->out->failed = true;
        return;
    }
    krni_write(page->out, "\n");
    krni_page_title(page, "Sources");
    krni_page_rule(page, 0);
    for (uint32_t i = 0; i < n; i++) {
        krni_writer w;
        krni_writer_init(&w, answer->arena);
        krni_writef(&w, "%s: %s", krni_text(package, KRN_TABLE_SOURCE, rows[i], SOURCE_SOURCE_ID),
                    krni_text(package, KRN_TABLE_SOURCE, rows[i], SOURCE_TITLE));
        const char *publisher = krni_text(package, KRN_TABLE_SOURCE, rows[i], SOURCE_PUBLISHER);
        const char *date = krni_text(package, KRN_TABLE_SOURCE, rows[i], SOURCE_DATE);
        const char *url = krni_text(package, KRN_TABLE_SOURCE, rows[i], SOURCE_URL);
        krni_writef(&w, "%s%s%s%s", *publisher ? "; " : "", publisher, *date ? ", " : "", date);
        krni_writef(&w, "%s%s", *url ? " " : "", url);
        const char *text = krni_writer_text(&w);
        krni_write_wrapped(page->out, text ? text : "", page->columns - 2, 2);
        krni_write(page->out, "\n");
    }
}

uint32_t *krni_measures_at_work(const krn_package *package, krn_arena *arena, uint32_t *out_n)
{
    const uint32_t n_measures = krn_package_rows(package, KRN_TABLE_MEASURE);
    bool *seen = krn_arena_calloc(arena, n_measures + 1u, sizeof *seen);
    uint32_t *rows = krn_arena_calloc(arena, n_measures + 1u, sizeof *rows);
    *out_n = 0;
    if (!seen || !rows)
        return NULL;
    for (uint32_t i = 0; i < package->n_changed; i++)
        if (package->changed[i].measure < n_measures)
            seen[package->changed[i].measure] = true;
    for (uint32_t i = 0; i < n_measures; i++)
        if (seen[i])
            rows[(*out_n)++] = i;
    return rows;
}
