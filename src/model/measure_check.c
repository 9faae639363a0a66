/* SPDX-License-Identifier: Apache-2.0 */
/* measure_check.c - whether measures could be applied, mostly without applying them.
 *
 * Quick look: every condition meets a row, every changed or added row fits. A measure that fails
 * the quick look (it may lean on rows of its own or of an earlier one) is applied for good: alone,
 * then after all that come before it. Only when both fail it is reported. */
#include "model/measure_check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <keruen/measure.h>

#include "base/error.h"
#include "model/measure_match.h"
#include "model/row_check.h"

/* Applying costs time in the size of the package; a package with more measures in doubt is refused.
 */
#define MOST_CLOSE_LOOKS 1000u

typedef struct quick_look {
    const krn_package *base;
    const uint32_t *order; /* measures */
    uint32_t at;           /* the one looked at */
    bool doubt;
} quick_look;

static void note_doubt(void *context, int column, const char *value, const char *expected)
{
    (void)column;
    (void)value;
    (void)expected;
    ((quick_look *)context)->doubt = true;
}

static bool row_says(const krni_added_row *row, int column, const char *text)
{
    for (uint32_t i = 0; i < row->n_assignments; i++)
        if (row->assignments[i].column == column && strcmp(row->assignments[i].text, text) == 0)
            return true;
    return false;
}

/* Rows added by this measure or one before it. */
static bool is_added(void *context, krn_table table, int column, const char *text)
{
    const quick_look *q = context;
    for (uint32_t i = 0; i <= q->at; i++) {
        const krni_measure *m = &q->base->measures[q->order[i]];
        for (uint32_t c = 0; c < m->n_changes; c++) {
            if (m->changes[c].table != table)
                continue;
            for (uint32_t r = 0; r < m->changes[c].n_added; r++)
                if (row_says(&m->changes[c].added[r], column, text))
                    return true;
        }
    }
    return false;
}

static void look_at_view(quick_look *q, const krni_row_view *view)
{
    const krni_row_checker checker = {q->base, NULL, NULL, q, is_added, note_doubt};
    krni_row_check(&checker, view);
}

static void look_at_added(quick_look *q, const krni_change *change, const krni_added_row *row)
{
    const krni_table *schema = krni_schema(change->table);
    krni_row_view view;
    view.table = change->table;
    for (int c = 0; c < schema->n_columns; c++) {
        view.texts[c] = "";
        view.numbers[c] = NAN;
    }
    if (schema->source >= 0)
        view.texts[schema->source] =
            krni_text(q->base, KRN_TABLE_MEASURE, q->order[q->at], MEASURE_SOURCE_ID);
    for (uint32_t i = 0; i < row->n_assignments; i++) {
        const krni_assignment *a = &row->assignments[i];
        if (a->column >= schema->n_columns)
            continue;
        view.texts[a->column] = a->text;
        view.numbers[a->column] = a->number;
        if (a->column == schema->key &&
            krn_package_find(q->base, change->table, a->text) != KRN_NO_ROW)
            q->doubt = true;
    }
    look_at_view(q, &view);
}

/* One row as set or scale would leave it. */
static void look_at_row(quick_look *q, const krni_change *change, uint32_t row)
{
    const int n_columns = krni_schema(change->table)->n_columns;
    krni_row_view view;
    krni_new_cell cells[KRNI_ROW_COLUMNS];
    krni_row_view_of(q->base, change->table, row, &view);
    for (uint32_t i = 0; i < change->n_assignments && !q->doubt; i++) {
        const krni_assignment *a = &change->assignments[i];
        if (a->column >= n_columns)
            continue;
        krni_new_cell *cell = &cells[a->column];
        if (!krni_change_cell(change, a, view.numbers[a->column], cell))
            q->doubt = true;
        if (change->kind == KRNI_SCALE && !*cell->text)
            continue;
        view.texts[a->column] = cell->text;
        view.numbers[a->column] = cell->number;
    }
    if (!q->doubt)
        look_at_view(q, &view);
}

/* Whether any table names rows of this one. */
static bool is_referred_to(krn_table table)
{
    if (table == KRN_TABLE_TARIFF || table == KRN_TABLE_TIMEZONE || table == KRN_TABLE_CURRENCY)
        return true;
    for (int t = 0; t < KRN_TABLE_COUNT; t++) {
        const krni_table *schema = krni_schema((krn_table)t);
        for (int c = 0; c < schema->n_columns; c++) {
            const krni_column *column = &schema->columns[c];
            const bool refers = column->type == KRNI_REF || column->type == KRNI_REF_LIST ||
                                (column->type == KRNI_KEY && column->refers != KRN_TABLE_CONFIG);
            if (refers && column->refers == table)
                return true;
        }
    }
    return false;
}

static void look_at_change(quick_look *q, const krni_change *change)
{
    const krni_cells cells = krni_package_cells(q->base, change->table);
    uint32_t n_met = 0;
    for (uint32_t i = 0; i < change->n_added && !q->doubt; i++)
        look_at_added(q, change, &change->added[i]);
    if (change->kind == KRNI_ADD)
        return;
    for (uint32_t r = 0; r < cells.n_rows && !q->doubt; r++) {
        if (!krni_change_meets(change, &cells, r))
            continue;
        n_met++;
        if (change->kind != KRNI_REMOVE)
            look_at_row(q, change, r);
    }
    if (!n_met || (change->kind == KRNI_REMOVE && is_referred_to(change->table)))
        q->doubt = true;
}

/* Applies the measures order[from .. to] and no other. */
static krn_status try_apply(const krn_package *base, const uint32_t *order, uint32_t n,
                            uint32_t from, uint32_t to, krn_error *err)
{
    krn_arena *arena = krn_arena_new(NULL, 0);
    const char **ids = malloc((n + (size_t)2) * sizeof *ids);
    krn_package *scenario = NULL;
    krn_status status = KRN_E_MEMORY;
    if (arena && ids) {
        uint32_t n_with = 0, n_without = 1;
        for (uint32_t i = from; i <= to; i++)
            ids[n_with++] = krni_text(base, KRN_TABLE_MEASURE, order[i], MEASURE_MEASURE_ID);
        ids[n_with] = "all";
        for (uint32_t i = 0; i < n; i++)
            if ((i < from || i > to) && base->measures[order[i]].own)
                ids[n_with + n_without++] =
                    krni_text(base, KRN_TABLE_MEASURE, order[i], MEASURE_MEASURE_ID);
        const krn_measure_choice choice = {0, ids, n_with, ids + n_with, n_without};
        status = krn_measure_apply(base, &choice, arena, NULL, &scenario, err);
    } else {
        status = krni_fail_memory(err);
    }
    krn_package_free(scenario);
    krn_arena_free(arena);
    free(ids);
    return status;
}

/* Line behind "file:" in the text of a fault. */
static uint32_t line_in(const char *text, const char *file)
{
    const size_t length = strlen(file);
    if (strncmp(text, file, length) != 0 || text[length] != ':')
        return 1;
    const long line = strtol(text + length + 1, NULL, 10);
    return line > 0 ? (uint32_t)line : 1;
}

static krn_status look_closely(const quick_look *q, uint32_t n, krni_measure_report report,
                               void *context, krn_error *err)
{
    const krni_measure *m = &q->base->measures[q->order[q->at]];
    krn_error first, second;
    krn_status status = try_apply(q->base, q->order, n, q->at, q->at, &first);
    if (status == KRN_E_DATA && q->at) {
        status = try_apply(q->base, q->order, n, 0, q->at, &second);
        if (status == KRN_OK || status == KRN_E_DATA) {
            if (status)
                report(context, m->file, line_in(first.text, m->file), first.text);
            return KRN_OK;
        }
        first = second;
    }
    if (status == KRN_E_DATA) {
        report(context, m->file, line_in(first.text, m->file), first.text);
        return KRN_OK;
    }
    return status ? krni_fail(err, status, "%s", first.text) : KRN_OK;
}

krn_status krni_measure_check(const krn_package *base, krni_measure_report report, void *context,
                              krn_error *err)
{
    const uint32_t n = base->n_measures;
    uint32_t *order = malloc((n + (size_t)1) * sizeof *order);
    krn_status status = KRN_OK;
    if (!order)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < n; i++)
        order[i] = i;
    krni_measure_sort(base, order, n);
    uint32_t n_close = 0;
    quick_look q = {base, order, 0, false};
    for (; q.at < n && !status; q.at++) {
        const krni_measure *m = &base->measures[order[q.at]];
        q.doubt = false;
        for (uint32_t c = 0; c < m->n_changes && !q.doubt; c++)
            look_at_change(&q, &m->changes[c]);
        if (q.doubt && n_close++ == MOST_CLOSE_LOOKS)
            status =
                krni_fail(err, KRN_E_LIMIT, "more than %u measures lean on others or do not fit",
                          MOST_CLOSE_LOOKS);
        else if (q.doubt)
            status = look_closely(&q, n, report, context, err);
    }
    free(order);
    return status;
}
