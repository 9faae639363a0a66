/* SPDX-License-Identifier: Apache-2.0 */
/* measure.c - base tables and chosen measures to a scenario.
 *
 *   base --copy--> draft --measure by measure, change by change--> frozen --changed rows checked-->
 *
 * Every cell that is set is noted with its measure; two notes of one cell by two measures are a
 * conflict, the later one stands. When rows are taken out, the notes below them move up. */
#include <keruen/measure.h>

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/edit_distance.h"
#include "base/error.h"
#include "model/measure_match.h"
#include "model/row_check.h"

/* A cell set, or a row added (column KRNI_WHOLE_ROW), in the order of doing. */
typedef struct note {
    krn_figure figure;
    uint32_t measure;
    uint32_t quality;
    uint32_t line; /* of the change in the measure's file */
    uint32_t number;
} note;

typedef struct overlay {
    const krn_package *base;
    krni_builder *builder;
    note *notes;
    uint32_t n_notes, room;
    bool removed[KRN_TABLE_COUNT];
    krn_error *err;
} overlay;

static bool add_note(overlay *o, krn_table table, uint32_t row, int column, uint32_t measure,
                     const krni_change *change, uint32_t line)
{
    if (o->n_notes == o->room) {
        const uint32_t room = o->room ? 2 * o->room : 256;
        note *notes = realloc(o->notes, room * sizeof *notes);
        if (!notes)
            return false;
        o->notes = notes;
        o->room = room;
    }
    const note n = {krni_figure(table, row, 0), measure, (uint32_t)change->quality, line,
                    o->n_notes};
    o->notes[o->n_notes] = n;
    o->notes[o->n_notes++].figure.column = column < 0 ? KRNI_WHOLE_ROW : (uint16_t)column;
    return true;
}

/* A base that is a scenario itself: what was changed already. */
static bool take_base_notes(overlay *o)
{
    for (uint32_t i = 0; i < o->base->n_changed; i++) {
        const krni_changed *c = &o->base->changed[i];
        const int column = c->figure.column == KRNI_WHOLE_ROW ? -1 : (int)c->figure.column;
        const krni_change change = {.quality = (krn_quality)c->quality};
        if (!add_note(o, (krn_table)c->figure.table, c->figure.row, column, c->measure, &change, 0))
            return false;
    }
    return true;
}

static const char *file_of(const overlay *o, uint32_t measure)
{
    return o->base->measures[measure].file;
}

static krn_status set_cell(overlay *o, krn_table table, uint32_t row, int column, const char *text,
                           double number)
{
    const uint32_t offset = krni_builder_text(o->builder, text, strlen(text));
    if (offset == KRNI_NO_TEXT)
        return krni_builder_failure(o->builder, o->err);
    krni_cell *cell = krni_builder_cell(o->builder, table, row, (uint32_t)column);
    if (!cell)
        return krni_fail_memory(o->err);
    cell->text = offset;
    cell->number = number;
    return KRN_OK;
}

/* set and scale on one row */
static krn_status change_row(overlay *o, uint32_t measure, const krni_change *change, uint32_t row)
{
    for (uint32_t i = 0; i < change->n_assignments; i++) {
        const krni_assignment *a = &change->assignments[i];
        const krni_cell before =
            krni_builder_read(o->builder, change->table, row, (uint32_t)a->column);
        krni_new_cell after;
        if (!krni_change_cell(change, a, before.number, &after))
            return krni_fail(o->err, KRN_E_DATA, "%s:%u: %s: %s: %s was expected",
                             file_of(o, measure), change->line,
                             krn_package_column_name(o->base, change->table, (uint32_t)a->column),
                             after.buffer, after.expected);
        if (change->kind == KRNI_SCALE && !*after.text)
            continue;
        const krn_status status =
            set_cell(o, change->table, row, a->column, after.text, after.number);
        if (status)
            return status;
        if (!add_note(o, change->table, row, a->column, measure, change, change->line))
            return krni_fail_memory(o->err);
    }
    return KRN_OK;
}

static krn_status add_row(overlay *o, uint32_t measure, const krni_change *change,
                          const krni_added_row *added)
{
    const krni_table *schema = krni_schema(change->table);
    const char *file = file_of(o, measure);
    const uint32_t name = krni_builder_text(o->builder, file, strlen(file));
    const uint32_t row = name == KRNI_NO_TEXT
                             ? KRN_NO_ROW
                             : krni_builder_row(o->builder, change->table, name, added->line);
    krn_status status = KRN_OK;
    if (row == KRN_NO_ROW)
        return krni_builder_failure(o->builder, o->err);
    if (schema->quality >= 0)
        status = set_cell(o, change->table, row, schema->quality, krn_quality_name(change->quality),
                          NAN);
    if (!status && schema->source >= 0)
        status = set_cell(o, change->table, row, schema->source,
                          krni_text(o->base, KRN_TABLE_MEASURE, measure, MEASURE_SOURCE_ID), NAN);
    for (uint32_t i = 0; i < added->n_assignments && !status; i++)
        if (*added->assignments[i].text)
            status = set_cell(o, change->table, row, added->assignments[i].column,
                              added->assignments[i].text, added->assignments[i].number);
    if (!status && !add_note(o, change->table, row, -1, measure, change, added->line))
        status = krni_fail_memory(o->err);
    return status;
}

/* Notes of rows taken out go, those of later rows move up. */
static void move_notes(overlay *o, krn_table table, const bool *marks, uint32_t n_rows,
                       uint32_t *new_row)
{
    uint32_t kept = 0, next = 0;
    for (uint32_t r = 0; r < n_rows; r++)
        new_row[r] = marks[r] ? KRN_NO_ROW : next++;
    for (uint32_t i = 0; i < o->n_notes; i++) {
        note n = o->notes[i];
        if (n.figure.table == table) {
            assert(n.figure.row < n_rows);
            n.figure.row = new_row[n.figure.row];
            if (n.figure.row == KRN_NO_ROW)
                continue;
        }
        o->notes[kept++] = n;
    }
    o->n_notes = kept;
}

static krn_status remove_rows(overlay *o, const krni_change *change, const bool *marks,
                              uint32_t n_rows)
{
    uint32_t *new_row = malloc((n_rows + (size_t)1) * sizeof *new_row);
    if (!new_row || !krni_builder_remove(o->builder, change->table, marks)) {
        free(new_row);
        return krni_fail_memory(o->err);
    }
    move_notes(o, change->table, marks, n_rows, new_row);
    free(new_row);
    o->removed[change->table] = true;
    return KRN_OK;
}

static krn_status apply_where(overlay *o, uint32_t measure, const krni_change *change)
{
    const krni_cells cells = krni_builder_cells(o->builder, change->table);
    const uint32_t n_rows = cells.n_rows;
    bool *marks = calloc(n_rows + (size_t)1, sizeof *marks);
    uint32_t n_met = 0;
    krn_status status = KRN_OK;
    if (!marks)
        return krni_fail_memory(o->err);
    for (uint32_t r = 0; r < n_rows; r++) {
        marks[r] = krni_change_meets(change, &cells, r);
        n_met += marks[r];
    }
    if (!n_met)
        status =
            krni_fail(o->err, KRN_E_DATA,
                      "%s:%u: where: (no row): a condition that a row of %s meets was expected",
                      file_of(o, measure), change->line, krn_table_file(change->table));
    else if (change->kind == KRNI_REMOVE)
        status = remove_rows(o, change, marks, n_rows);
    else
        for (uint32_t r = 0; r < n_rows && !status; r++)
            if (marks[r])
                status = change_row(o, measure, change, r);
    free(marks);
    return status;
}

static krn_status apply_measure(overlay *o, uint32_t measure)
{
    const krni_measure *m = &o->base->measures[measure];
    krn_status status = KRN_OK;
    for (uint32_t i = 0; i < m->n_changes && !status; i++) {
        const krni_change *change = &m->changes[i];
        if (change->kind != KRNI_ADD)
            status = apply_where(o, measure, change);
        for (uint32_t k = 0; k < change->n_added && !status; k++)
            status = add_row(o, measure, change, &change->added[k]);
    }
    return status;
}

/* ---- what was changed ---- */

static int compare_notes(const void *a, const void *b)
{
    const note *x = a, *y = b;
    if (x->figure.table != y->figure.table)
        return x->figure.table < y->figure.table ? -1 : 1;
    if (x->figure.row != y->figure.row)
        return x->figure.row < y->figure.row ? -1 : 1;
    if (x->figure.column != y->figure.column)
        return x->figure.column < y->figure.column ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

static bool same_figure(krn_figure a, krn_figure b)
{
    return a.table == b.table && a.row == b.row && a.column == b.column;
}

/* Sorts the notes; the last one of a cell stands, one before it by another measure is a conflict.
 */
static krn_status settle_notes(overlay *o, krn_arena *arena, krn_measure_report *report)
{
    krni_changed *changed = malloc((o->n_notes + (size_t)1) * sizeof *changed);
    krn_measure_conflict *conflicts =
        report ? krn_arena_alloc(arena, o->n_notes * sizeof *conflicts) : NULL;
    uint32_t n_changed = 0, n_conflicts = 0, kept = 0;
    if (!changed || (report && !conflicts)) {
        free(changed);
        return krni_fail_memory(o->err);
    }
    if (o->n_notes)
        qsort(o->notes, o->n_notes, sizeof *o->notes, compare_notes);
    for (uint32_t i = 0; i < o->n_notes; i++) {
        const note *n = &o->notes[i];
        const note *next = i + 1 < o->n_notes ? n + 1 : NULL;
        if (next && same_figure(n->figure, next->figure)) {
            if (next->measure != n->measure && report) {
                const krn_measure_conflict conflict = {n->figure, n->measure, next->measure};
                conflicts[n_conflicts++] = conflict;
            }
            continue;
        }
        const krni_changed one = {n->figure, n->measure, n->quality};
        changed[n_changed++] = one;
        o->notes[kept++] = *n;
    }
    o->n_notes = kept;
    const bool set = krni_builder_set_changed(o->builder, changed, n_changed);
    free(changed);
    if (report) {
        report->conflicts = conflicts;
        report->n_conflicts = n_conflicts;
    }
    return set ? KRN_OK : krni_fail_memory(o->err);
}

/* ---- checks of the scenario ---- */

typedef struct row_report {
    krn_error *err;
    krn_table table;
    const krn_package *package;
    const char *file;
    uint32_t line;
    bool found;
} row_report;

static void report_first(void *context, int column, const char *value, const char *expected)
{
    row_report *r = context;
    if (r->found)
        return;
    r->found = true;
    (void)krni_fail(r->err, KRN_E_DATA, "%s:%u: %s: %.200s: %s was expected", r->file, r->line,
                    krn_package_column_name(r->package, r->table, (uint32_t)column),
                    *value ? value : "(blank)", expected);
}

/* Rows that measures changed, each once: the fault is the measure's. */
static krn_status check_changed(const overlay *o, const krn_package *scenario)
{
    krni_row_view view;
    for (uint32_t i = 0; i < o->n_notes; i++) {
        const note *n = &o->notes[i];
        const note *next = i + 1 < o->n_notes ? n + 1 : NULL;
        if (next && next->figure.table == n->figure.table && next->figure.row == n->figure.row)
            continue; /* the last note of a row: that it was added, if it was */
        const krn_table table = (krn_table)n->figure.table;
        row_report report = {o->err, table, scenario, file_of(o, n->measure), n->line, false};
        const krni_row_checker checker = {scenario, NULL, NULL, &report, NULL, report_first};
        krni_row_view_of(scenario, table, n->figure.row, &view);
        krni_row_check(&checker, &view);
        const int key = krni_schema(table)->key;
        if (key >= 0 && n->figure.column == KRNI_WHOLE_ROW &&
            krni_key_count(scenario, table, view.texts[key]) > 1)
            report_first(&report, key, view.texts[key], "a key that no other row has");
        if (report.found)
            return KRN_E_DATA;
    }
    return KRN_OK;
}

static bool refers_to_removed(const overlay *o, const krni_table *schema)
{
    for (int c = 0; c < schema->n_columns; c++) {
        const krni_column *column = &schema->columns[c];
        const bool refers = column->type == KRNI_REF || column->type == KRNI_REF_LIST ||
                            (column->type == KRNI_KEY && column->refers != KRN_TABLE_CONFIG) ||
                            (column->type == KRNI_LIST && o->removed[KRN_TABLE_TARIFF]);
        const krn_table table = column->type == KRNI_LIST ? KRN_TABLE_TARIFF : column->refers;
        if (refers && o->removed[table])
            return true;
    }
    return false;
}

/* After rows were taken out: whoever named them would hang in the air. */
static krn_status check_referring(const overlay *o, const krn_package *scenario)
{
    krni_row_view view;
    for (int t = 0; t < KRN_TABLE_COUNT; t++) {
        const krn_table table = (krn_table)t;
        if (!refers_to_removed(o, krni_schema(table)))
            continue;
        for (uint32_t r = 0; r < krn_package_rows(scenario, table); r++) {
            row_report report = {o->err,
                                 table,
                                 scenario,
                                 krn_package_row_file(scenario, table, r),
                                 krn_package_row_line(scenario, table, r),
                                 false};
            const krni_row_checker checker = {scenario, NULL, NULL, &report, NULL, report_first};
            krni_row_view_of(scenario, table, r, &view);
            krni_row_check(&checker, &view);
            if (report.found)
                return KRN_E_DATA;
        }
    }
    return KRN_OK;
}

/* ---- the choice ---- */

static krn_status fail_unknown(const krn_package *base, const char *id, krn_error *err)
{
    const uint32_t n = krn_package_rows(base, KRN_TABLE_MEASURE);
    const char **ids = malloc((n + (size_t)1) * sizeof *ids);
    if (!ids)
        return krni_fail_memory(err);
    for (uint32_t r = 0; r < n; r++)
        ids[r] = krni_text(base, KRN_TABLE_MEASURE, r, MEASURE_MEASURE_ID);
    const int nearest = krni_nearest(id, ids, n);
    krn_status status = KRN_E_NOT_FOUND;
    if (nearest >= 0)
        status = krni_fail(err, status, "no measure %.100s in the package; did you mean %s?", id,
                           ids[nearest]);
    else
        status = krni_fail(err, status,
                           "no measure %.100s in the package: keruen measures lists them", id);
    free(ids);
    return status;
}

static krn_status mark(const krn_package *base, const char *const *ids, uint32_t n, bool *marks,
                       krn_error *err)
{
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t row = krn_package_find(base, KRN_TABLE_MEASURE, ids[i]);
        if (row == KRN_NO_ROW && strcmp(ids[i], "all") == 0)
            continue;
        if (row == KRN_NO_ROW)
            return fail_unknown(base, ids[i], err);
        marks[row] = true;
    }
    return KRN_OK;
}

static bool holds_all(const krn_measure_choice *choice)
{
    for (uint32_t i = 0; i < choice->n_without; i++)
        if (strcmp(choice->without[i], "all") == 0)
            return true;
    return false;
}

/* Rows of the measures that apply, in order; rows has room for all. */
static krn_status choose(const krn_package *base, const krn_measure_choice *choice, uint32_t *rows,
                         uint32_t *out_n, krn_error *err)
{
    const uint32_t n = krn_package_rows(base, KRN_TABLE_MEASURE);
    bool *with = calloc(2 * (size_t)n + 1, sizeof *with);
    if (!with)
        return krni_fail_memory(err);
    bool *without = with + n;
    const bool none = holds_all(choice);
    krn_status status = mark(base, choice->with, choice->n_with, with, err);
    if (!status)
        status = mark(base, choice->without, choice->n_without, without, err);
    for (uint32_t r = 0; r < n && !status; r++) {
        const bool own = base->measures && base->measures[r].own;
        const bool by_date = !none && krn_measure_in_force(base, r, choice->day);
        if (with[r] && without[r])
            status = krni_fail(err, KRN_E_ARG, "measure %s is switched both on and off",
                               krni_text(base, KRN_TABLE_MEASURE, r, MEASURE_MEASURE_ID));
        else if ((own || with[r] || by_date) && !without[r])
            rows[(*out_n)++] = r;
    }
    free(with);
    if (!status)
        krni_measure_sort(base, rows, *out_n);
    return status;
}

krn_status krn_measure_apply(const krn_package *base, const krn_measure_choice *choice,
                             krn_arena *arena, krn_measure_report *report, krn_package **out,
                             krn_error *err)
{
    overlay o;
    uint32_t n = 0;
    memset(&o, 0, sizeof o);
    *out = NULL;
    o.base = base;
    o.err = err;
    uint32_t *rows =
        krn_arena_alloc(arena, krn_package_rows(base, KRN_TABLE_MEASURE) * sizeof *rows);
    if (!rows)
        return krni_fail_memory(err);
    krn_status status = choose(base, choice, rows, &n, err);
    if (!status && n && !base->measures)
        status =
            krni_fail(err, KRN_E_ARG,
                      "a package from a snapshot holds no changes of measures; load the folder");
    if (status)
        return status;
    if (report) {
        memset(report, 0, sizeof *report);
        report->applied = rows;
        report->n_applied = n;
    }
    o.builder = krni_builder_from(base);
    if (!o.builder)
        return krni_fail_memory(err);
    if (!take_base_notes(&o))
        status = krni_fail_memory(err);
    for (uint32_t i = 0; i < n && !status; i++)
        status = apply_measure(&o, rows[i]);
    if (!status)
        status = settle_notes(&o, arena, report);
    krn_package *scenario = NULL;
    if (status)
        krni_builder_free(o.builder);
    else
        status = krni_builder_finish(o.builder, &scenario, err);
    if (!status)
        status = check_changed(&o, scenario);
    if (!status)
        status = check_referring(&o, scenario);
    free(o.notes);
    if (status) {
        krn_package_free(scenario);
        return status;
    }
    *out = scenario;
    return KRN_OK;
}
