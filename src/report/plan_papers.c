/* SPDX-License-Identifier: Apache-2.0 */
/* plan_papers.c - papers and sanctions facts of all shown routes, each once, with the letters of
 * the routes that need it. The day to apply by is the earliest of these routes. */
#include "report/plan_page.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/tables.h"

#define MOST_LETTERS 8u /* routes that are told one by one */

/* Routes that have something in common; added in their order. */
typedef struct route_set {
    uint32_t n;
    uint32_t last;                /* added last */
    uint32_t first[MOST_LETTERS]; /* added first */
} route_set;

typedef struct needed_paper {
    const krn_paper *paper;
    const char *id;    /* of its row */
    krn_time apply_by; /* earliest */
    route_set routes;
} needed_paper;

static void add_route(route_set *set, uint32_t route)
{
    if (set->n && set->last == route)
        return;
    if (set->n < MOST_LETTERS)
        set->first[set->n] = route;
    set->n++;
    set->last = route;
}

static bool same_paper(const krn_paper *a, const krn_paper *b)
{
    return a->figure.table == b->figure.table && a->figure.row == b->figure.row;
}

static uint32_t collect_papers(const krn_plan_result *r, needed_paper *needed)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < r->n_routes; i++)
        for (uint32_t p = 0; p < r->routes[i].papers.n_papers; p++) {
            const krn_paper *paper = &r->routes[i].papers.papers[p];
            uint32_t at = 0;
            while (at < n && !same_paper(needed[at].paper, paper))
                at++;
            if (at == n)
                needed[n++] = (needed_paper){.paper = paper, .apply_by = KRN_TIME_NONE};
            add_route(&needed[at].routes, i);
            if (paper->apply_by != KRN_TIME_NONE &&
                (needed[at].apply_by == KRN_TIME_NONE || paper->apply_by < needed[at].apply_by))
                needed[at].apply_by = paper->apply_by;
        }
    return n;
}

/* "all", "ACD", or "98 of 422" where the letters would fill the line. */
static void write_letters(krni_writer *w, const route_set *set, uint32_t n_routes)
{
    char letter[KRNI_WORD];
    if (set->n == n_routes) {
        krni_write(w, "all");
    } else if (set->n > MOST_LETTERS || set->last >= 26) {
        krni_writef(w, "%u of %u", set->n, n_routes);
    } else {
        for (uint32_t i = 0; i < set->n; i++)
            krni_write(w, krni_route_letter(set->first[i], letter));
    }
}

static void add_paper(krni_grid *grid, const krni_answer *answer, const needed_paper *n)
{
    const krn_paper *p = n->paper;
    char word[KRNI_WORD], country[3];
    krni_writer letters, text;
    krni_writer_init(&letters, answer->arena);
    krni_writer_init(&text, answer->arena);
    write_letters(&letters, &n->routes, answer->result->n_routes);
    krn_country_text(p->country, country);
    krni_grid_format(grid, "%s",
                     krni_date_short(answer->network, answer->query->consignment.origin,
                                     n->apply_by, answer->result->routes[0].departure, word));
    krni_grid_format(grid, "%s", krni_lead(p->lead_days_h, word));
    krni_grid_cell(grid, krni_writer_text(&letters));
    krni_write(&text, p->name);
    if (p->gate == KRN_GATE_NONE)
        krni_write(&text, " (holds nothing up)");
    else
        krni_writef(&text, " (before %s%s%s)", krn_gate_name(p->gate), p->country ? ", " : "",
                    p->country ? country : "");
    krni_writef(&text, "%s", p->optional ? " (optional)" : "");
    if (*p->issuer || *p->legal_basis)
        krni_writef(&text, "\n%s%s%s", p->issuer, *p->issuer && *p->legal_basis ? "; " : "",
                    p->legal_basis);
    krni_grid_cell(grid, krni_writer_text(&text));
}

static const char *id_of(const krn_package *package, uint16_t table, uint32_t row)
{
    const int key = krni_schema((krn_table)table)->key;
    return key < 0 ? "" : krni_text(package, (krn_table)table, row, key);
}

/* By the day to apply by, those without one last; then by id. */
static int compare_papers(const void *a, const void *b)
{
    const needed_paper *x = a, *y = b;
    if (x->apply_by != y->apply_by) {
        if (x->apply_by == KRN_TIME_NONE || y->apply_by == KRN_TIME_NONE)
            return x->apply_by == KRN_TIME_NONE ? 1 : -1;
        return x->apply_by < y->apply_by ? -1 : 1;
    }
    if (x->paper->figure.table != y->paper->figure.table)
        return x->paper->figure.table < y->paper->figure.table ? -1 : 1;
    return strcmp(x->id, y->id);
}

void krni_plan_papers(krni_page *page, const krni_answer *answer)
{
    static const krni_grid_column columns[] = {{"apply by", KRNI_LEFT, 0},
                                               {"lead", KRNI_LEFT, 0},
                                               {"route", KRNI_LEFT, 0},
                                               {"paper; issuer; legal basis", KRNI_LEFT, 24}};
    const krn_plan_result *r = answer->result;
    uint32_t most = 0;
    for (uint32_t i = 0; i < r->n_routes; i++)
        most += r->routes[i].papers.n_papers;
    if (!most)
        return;
    needed_paper *needed = krn_arena_calloc(answer->arena, most, sizeof *needed);
    if (!needed) {
        page->out->failed = true;
        return;
    }
    const uint32_t n = collect_papers(r, needed);
    for (uint32_t i = 0; i < n; i++)
        needed[i].id =
            id_of(answer->package, needed[i].paper->figure.table, needed[i].paper->figure.row);
    qsort(needed, n, sizeof *needed, compare_papers);
    krni_grid grid;
    krni_grid_init(&grid, answer->arena, columns, 4);
    for (uint32_t i = 0; i < n; i++)
        add_paper(&grid, answer, &needed[i]);
    krni_write(page->out, "\n");
    krni_page_title(page, "Papers");
    krni_grid_write(&grid, page, 0);
}

/* The fact with the next id that concerns some route; after KRN_NO_ROW the first one. */
static uint32_t next_sanction(const krni_answer *answer, uint32_t after)
{
    const krn_plan_result *r = answer->result;
    const char *last = after == KRN_NO_ROW ? "" : id_of(answer->package, KRN_TABLE_SANCTION, after);
    const char *best_id = NULL;
    uint32_t best = KRN_NO_ROW;
    for (uint32_t i = 0; i < r->n_routes; i++)
        for (uint32_t s = 0; s < r->routes[i].n_sanctions; s++) {
            const uint32_t row = r->routes[i].sanctions[s];
            const char *id = id_of(answer->package, KRN_TABLE_SANCTION, row);
            if (strcmp(id, last) > 0 && (!best_id || strcmp(id, best_id) < 0)) {
                best = row;
                best_id = id;
            }
        }
    return best;
}

void krni_plan_sanctions(krni_page *page, const krni_answer *answer)
{
    const krn_plan_result *r = answer->result;
    const krn_package *package = answer->package;
    uint32_t row = KRN_NO_ROW;
    bool any = false;
    while ((row = next_sanction(answer, row)) != KRN_NO_ROW) {
        route_set routes = {0};
        for (uint32_t i = 0; i < r->n_routes; i++)
            for (uint32_t s = 0; s < r->routes[i].n_sanctions; s++)
                if (r->routes[i].sanctions[s] == row)
                    add_route(&routes, i);
        if (!any) {
            krni_write(page->out, "\n");
            krni_page_title(page, "Sanctions: facts, not advice");
            krni_page_rule(page, 0);
        }
        any = true;
        krni_writer text, letters;
        krni_writer_init(&text, answer->arena);
        krni_writer_init(&letters, answer->arena);
        write_letters(&letters, &routes, r->n_routes);
        const krn_figure fact = krni_figure(KRN_TABLE_SANCTION, row, SANCTION_FACT);
        krni_writef(&text, "%s, %s: %s",
                    krni_text(package, KRN_TABLE_SANCTION, row, SANCTION_AUTHORITY),
                    krni_text(package, KRN_TABLE_SANCTION, row, SANCTION_NAME),
                    krni_text(package, KRN_TABLE_SANCTION, row, SANCTION_FACT));
        const char *basis = krni_text(package, KRN_TABLE_SANCTION, row, SANCTION_LEGAL_BASIS);
        krni_writef(&text, " (%s%slevel: %s; source: %s)", basis, *basis ? "; " : "",
                    krni_text(package, KRN_TABLE_SANCTION, row, SANCTION_LEVEL),
                    krn_package_source(package, fact));
        const char *label = krni_writer_text(&letters), *line = krni_writer_text(&text);
        krni_page_field(page, label ? label : "", line ? line : "", 0, r->n_routes > 6 ? 12 : 7);
    }
}
