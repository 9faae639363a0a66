/* SPDX-License-Identifier: Apache-2.0 */
/* check_table.c - what a package holds: rows by table, how its figures are known, what hangs
 * together, and published lengths against ours.
 *
 * A figure is a number cell that is not blank, of a table whose rows tell their quality. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <keruen/connectivity.h>

#include "base/error.h"
#include "model/tables.h"
#include "report/records.h"
#include "report/words.h"

#define WORST 5u

typedef struct table_facts {
    uint32_t n_rows;
    uint32_t n_figures[3]; /* by quality */
} table_facts;

typedef struct facts {
    table_facts tables[KRN_TABLE_COUNT];
    table_facts all;
    uint32_t n_parts;
    const krn_connectivity *parts;
    uint32_t n_checks;
    const krn_rail_check *checks;
    const krn_rail_check **by_error; /* the worst first; those without a way before all */
} facts;

static void count_figures(const krn_package *package, krn_table table, table_facts *out)
{
    const krni_table *schema = krni_schema(table);
    out->n_rows = krn_package_rows(package, table);
    for (uint32_t row = 0; schema->quality >= 0 && row < out->n_rows; row++)
        for (int c = 0; c < schema->n_columns; c++) {
            const krni_column *column = &schema->columns[c];
            if ((column->type != KRNI_NUMBER && column->type != KRNI_INTEGER) ||
                !*krni_text(package, table, row, c))
                continue;
            out->n_figures[krn_package_quality(package, krni_figure(table, row, c))]++;
        }
}

static int compare_errors(const void *a, const void *b)
{
    const krn_rail_check *x = *(const krn_rail_check *const *)a,
                         *y = *(const krn_rail_check *const *)b;
    const double ex = isnan(x->off_share) ? INFINITY : fabs(x->off_share),
                 ey = isnan(y->off_share) ? INFINITY : fabs(y->off_share);
    if (ex != ey)
        return ex > ey ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static krn_status gather(const krn_package *package, krn_arena *arena, facts *out, krn_error *err)
{
    memset(out, 0, sizeof *out);
    for (int t = 0; t < KRN_TABLE_COUNT; t++) {
        count_figures(package, (krn_table)t, &out->tables[t]);
        out->all.n_rows += out->tables[t].n_rows;
        for (int q = 0; q < 3; q++)
            out->all.n_figures[q] += out->tables[t].n_figures[q];
    }
    krn_status status = krn_connectivity_find(package, arena, &out->n_parts, &out->parts, err);
    if (status == KRN_OK)
        status = krn_rail_checks(package, arena, &out->n_checks, &out->checks, err);
    if (status)
        return status;
    out->by_error = krn_arena_calloc(arena, out->n_checks + 1u, sizeof *out->by_error);
    if (!out->by_error)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < out->n_checks; i++)
        out->by_error[i] = &out->checks[i];
    qsort((void *)out->by_error, out->n_checks, sizeof *out->by_error, compare_errors);
    return KRN_OK;
}

static double share_of(const table_facts *t, int quality)
{
    const double n = (double)t->n_figures[0] + t->n_figures[1] + t->n_figures[2];
    return n > 0 ? t->n_figures[quality] / n : (double)NAN;
}

static void add_shares(krni_grid *grid, const table_facts *t)
{
    char word[KRNI_WORD];
    const uint32_t n = t->n_figures[0] + t->n_figures[1] + t->n_figures[2];
    krni_grid_number(grid, t->n_rows, 0, true);
    if (!n) {
        for (int i = 0; i < 4; i++)
            krni_grid_cell(grid, "");
        return;
    }
    krni_grid_number(grid, n, 0, true);
    for (int q = 0; q < 3; q++)
        krni_grid_format(grid, "%s%%",
                         krni_number_text(100 * share_of(t, q), 0, false, word, sizeof word));
}

static void write_tables(krni_page *page, const facts *f, krn_arena *arena)
{
    static const krni_grid_column columns[] = {
        {"table", KRNI_LEFT, 0},      {"rows", KRNI_RIGHT, 0},    {"figures", KRNI_RIGHT, 0},
        {"published", KRNI_RIGHT, 0}, {"derived", KRNI_RIGHT, 0}, {"estimated", KRNI_RIGHT, 0}};
    krni_grid grid;
    krni_grid_init(&grid, arena, columns, 6);
    for (int t = 0; t < KRN_TABLE_COUNT; t++) {
        if (!f->tables[t].n_rows)
            continue;
        krni_grid_cell(&grid, krn_table_file((krn_table)t));
        add_shares(&grid, &f->tables[t]);
    }
    krni_grid_cell(&grid, "all");
    add_shares(&grid, &f->all);
    krni_write(page->out, "\n");
    krni_grid_write(&grid, page, 0);
}

static void write_parts(krni_page *page, const krn_package *package, const facts *f,
                        krn_arena *arena)
{
    static const krni_grid_column columns[] = {{"links in service", KRNI_LEFT, 0},
                                               {"links", KRNI_RIGHT, 0},
                                               {"km", KRNI_RIGHT, 0},
                                               {"places", KRNI_RIGHT, 0},
                                               {"parts", KRNI_RIGHT, 0},
                                               {"largest", KRNI_RIGHT, 0},
                                               {"apart", KRNI_LEFT, 12}};
    krni_grid grid;
    krni_grid_init(&grid, arena, columns, 7);
    for (uint32_t i = 0; i < f->n_parts; i++) {
        const krn_connectivity *c = &f->parts[i];
        krni_writer apart;
        krni_writer_init(&apart, arena);
        for (uint32_t k = 0; k < c->n_apart && k < 4; k++)
            krni_writef(&apart, "%s%s", k ? " " : "",
                        krni_text(package, KRN_TABLE_NODE, c->apart[k], NODE_NODE_ID));
        if (c->n_apart > 4)
            krni_writef(&apart, " and %u more", c->n_apart - 4);
        if (c->gauge_mm)
            krni_grid_format(&grid, "%s %d mm", krn_mode_name(c->mode), c->gauge_mm);
        else
            krni_grid_cell(&grid, krn_mode_name(c->mode));
        krni_grid_number(&grid, c->n_links, 0, true);
        krni_grid_number(&grid, c->length_km, 0, true);
        krni_grid_number(&grid, c->n_nodes, 0, true);
        krni_grid_number(&grid, c->n_parts, 0, true);
        krni_grid_number(&grid, c->largest, 0, true);
        krni_grid_cell(&grid, krni_writer_text(&apart));
    }
    krni_write(page->out, "\n");
    krni_grid_write(&grid, page, 0);
}

static void write_checks(krni_page *page, const krn_package *package, const facts *f,
                         krn_arena *arena)
{
    static const krni_grid_column columns[] = {{"worst five", KRNI_LEFT, 20},
                                               {"published km", KRNI_RIGHT, 0},
                                               {"ours", KRNI_RIGHT, 0},
                                               {"off", KRNI_RIGHT, 0}};
    uint32_t within_1 = 0, within_5 = 0, none = 0;
    for (uint32_t i = 0; i < f->n_checks; i++) {
        none += isnan(f->checks[i].off_share) ? 1u : 0u;
        within_1 += fabs(f->checks[i].off_share) <= 0.01 ? 1u : 0u;
        within_5 += fabs(f->checks[i].off_share) <= 0.05 ? 1u : 0u;
    }
    if (!f->n_checks)
        return;
    krni_writef(page->out, "\n%u published route lengths: %u within 1 %%, %u within 5 %%",
                f->n_checks, within_1, within_5);
    if (none)
        krni_writef(page->out, ", %u without a way of ours", none);
    krni_write(page->out, "\n\n");
    krni_grid grid;
    krni_grid_init(&grid, arena, columns, 4);
    for (uint32_t i = 0; i < f->n_checks && i < WORST; i++) {
        const krn_rail_check *c = f->by_error[i];
        char word[KRNI_WORD];
        krni_grid_cell(&grid, krni_text(package, KRN_TABLE_RAIL_CHECK, c->row, RAIL_CHECK_ROUTE));
        krni_grid_number(&grid, c->published_km, 0, true);
        krni_grid_number(&grid, c->ours_km, 0, true);
        if (isnan(c->off_share))
            krni_grid_cell(&grid, "no way");
        else
            krni_grid_format(&grid, "%s%s %%", c->off_share > 0 ? "+" : "",
                             krni_number_text(100 * c->off_share, 1, false, word, sizeof word));
    }
    krni_grid_write(&grid, page, 0);
}

static krn_status check_json(const krn_package *package, const facts *f, krn_arena *arena,
                             char **out, krn_error *err)
{
    bool failed = false;
    json_t *root = json_object(), *tables = json_array(), *parts = json_array(),
           *checks = json_array();
    krni_json_set(root, "faults", json_array(), &failed);
    for (int t = 0; t < KRN_TABLE_COUNT; t++) {
        const table_facts *facts_of = &f->tables[t];
        json_t *o = json_object();
        krni_json_set(o, "table", krni_json_text(krn_table_file((krn_table)t)), &failed);
        krni_json_set(o, "rows", json_integer(facts_of->n_rows), &failed);
        for (int q = 0; q < 3; q++)
            krni_json_set(o, krn_quality_name((krn_quality)q), json_integer(facts_of->n_figures[q]),
                          &failed);
        krni_json_append(tables, o, &failed);
    }
    for (uint32_t i = 0; i < f->n_parts; i++) {
        const krn_connectivity *c = &f->parts[i];
        json_t *o = json_object(), *apart = json_array();
        krni_json_set(o, "mode", krni_json_text(krn_mode_name(c->mode)), &failed);
        krni_json_set(o, "gauge_mm", c->gauge_mm ? json_integer(c->gauge_mm) : json_null(),
                      &failed);
        krni_json_set(o, "links", json_integer(c->n_links), &failed);
        krni_json_set(o, "km", krni_json_number(c->length_km, 1), &failed);
        krni_json_set(o, "places", json_integer(c->n_nodes), &failed);
        krni_json_set(o, "parts", json_integer(c->n_parts), &failed);
        krni_json_set(o, "largest", json_integer(c->largest), &failed);
        for (uint32_t k = 0; k < c->n_apart; k++)
            krni_json_append(
                apart,
                krni_json_text(krni_text(package, KRN_TABLE_NODE, c->apart[k], NODE_NODE_ID)),
                &failed);
        krni_json_set(o, "apart", apart, &failed);
        krni_json_append(parts, o, &failed);
    }
    for (uint32_t i = 0; i < f->n_checks; i++) {
        const krn_rail_check *c = &f->checks[i];
        json_t *o = json_object();
        krni_json_set(
            o, "route",
            krni_json_text(krni_text(package, KRN_TABLE_RAIL_CHECK, c->row, RAIL_CHECK_ROUTE)),
            &failed);
        krni_json_set(o, "published_km", krni_json_number(c->published_km, 1), &failed);
        krni_json_set(o, "ours_km", krni_json_number(c->ours_km, 1), &failed);
        krni_json_set(o, "off_share", krni_json_number(c->off_share, 4), &failed);
        krni_json_append(checks, o, &failed);
    }
    krni_json_set(root, "tables", tables, &failed);
    krni_json_set(root, "connectivity", parts, &failed);
    krni_json_set(root, "rail_checks", checks, &failed);
    return krni_json_write(root, failed, arena, out, err);
}

static krn_status check_csv(const facts *f, krn_arena *arena, char **out, krn_error *err)
{
    static const char *const keys[] = {"table", "rows", "published", "derived", "estimated"};
    krni_records records;
    krni_writer w;
    krni_records_init(&records, arena, keys, 5);
    krni_writer_init(&w, arena);
    for (int t = 0; t < KRN_TABLE_COUNT; t++) {
        krni_record_text(&records, krn_table_file((krn_table)t));
        krni_record_number(&records, f->tables[t].n_rows, 0);
        for (int q = 0; q < 3; q++)
            krni_record_number(&records, f->tables[t].n_figures[q], 0);
    }
    krni_records_csv(&records, &w);
    return krni_writer_answer(&w, out, err);
}

krn_status krn_report_check(const krn_package *package, const krn_report_options *options,
                            krn_arena *arena, char **out, krn_error *err)
{
    facts f;
    krni_writer w;
    *out = NULL;
    const krn_status status = gather(package, arena, &f, err);
    if (status)
        return status;
    if (options->format == KRN_FORMAT_JSON)
        return check_json(package, &f, arena, out, err);
    if (options->format == KRN_FORMAT_CSV)
        return check_csv(&f, arena, out, err);
    if (options->format != KRN_FORMAT_TABLE)
        return krni_no_format(options, "a check", err);
    krni_writer_init(&w, arena);
    krni_page page = krni_page_of(&w, options);
    krni_writef(&w, "%s: no faults\n", krn_package_origin(package));
    write_tables(&page, &f, arena);
    write_parts(&page, package, &f, arena);
    write_checks(&page, package, &f, arena);
    return krni_writer_answer(&w, out, err);
}
