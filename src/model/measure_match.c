/* SPDX-License-Identifier: Apache-2.0 */
/* measure_match.c - rows by condition, cells by assignment, measures by date; and changes in words.
 */
#include "model/measure_match.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include <keruen/measure.h>

#include "base/text.h"

static bool condition_holds(const krni_condition *condition, const char *text)
{
    for (uint32_t i = 0; i < condition->n_values; i++)
        if (condition->contains ? krni_list_has(text, condition->values[i])
                                : strcmp(text, condition->values[i]) == 0)
            return true;
    return false;
}

bool krni_change_meets(const krni_change *change, const krni_cells *cells, uint32_t row)
{
    assert(row < cells->n_rows);
    for (uint32_t i = 0; i < change->n_conditions; i++)
        if (!condition_holds(&change->conditions[i],
                             krni_cells_text(cells, row, change->conditions[i].column)))
            return false;
    return true;
}

bool krni_change_cell(const krni_change *change, const krni_assignment *assignment, double before,
                      krni_new_cell *out)
{
    const krni_table *schema = krni_schema(change->table);
    out->text = assignment->text;
    out->number = assignment->number;
    if (change->kind != KRNI_SCALE)
        return true; /* read by its type when the measure was */
    out->buffer[0] = '\0';
    out->text = out->buffer;
    out->number = NAN;
    if (isnan(before))
        return true;
    krni_number_exact(before * assignment->number, 12, out->buffer);
    if (!out->buffer[0])
        return false;
    return krni_cell_parse(schema, &schema->columns[assignment->column], out->buffer, &out->number,
                           out->expected, sizeof out->expected);
}

static int compare_measures(const krn_package *p, uint32_t a, uint32_t b)
{
    const bool own_a = p->measures && p->measures[a].own;
    const bool own_b = p->measures && p->measures[b].own;
    if (own_a != own_b)
        return own_a ? 1 : -1;
    const double from_a = krni_number(p, KRN_TABLE_MEASURE, a, MEASURE_IN_FORCE_FROM);
    const double from_b = krni_number(p, KRN_TABLE_MEASURE, b, MEASURE_IN_FORCE_FROM);
    if (isnan(from_a) != isnan(from_b))
        return isnan(from_a) ? 1 : -1;
    if (from_a < from_b || from_a > from_b)
        return from_a < from_b ? -1 : 1;
    const int order = strcmp(krni_text(p, KRN_TABLE_MEASURE, a, MEASURE_MEASURE_ID),
                             krni_text(p, KRN_TABLE_MEASURE, b, MEASURE_MEASURE_ID));
    return order ? order : a < b ? -1 : a > b;
}

/* Sifts rows[at] down so that no child is larger: a heap, for a sort without memory. */
static void sift(const krn_package *p, uint32_t *rows, uint32_t at, uint32_t n)
{
    for (uint32_t child; (child = 2 * at + 1) < n; at = child) {
        if (child + 1 < n && compare_measures(p, rows[child], rows[child + 1]) < 0)
            child++;
        if (compare_measures(p, rows[at], rows[child]) >= 0)
            return;
        const uint32_t swap = rows[at];
        rows[at] = rows[child];
        rows[child] = swap;
    }
}

void krni_measure_sort(const krn_package *package, uint32_t *rows, uint32_t n)
{
    for (uint32_t at = n / 2; at-- > 0;)
        sift(package, rows, at, n);
    for (uint32_t end = n; end-- > 1;) {
        const uint32_t swap = rows[0];
        rows[0] = rows[end];
        rows[end] = swap;
        sift(package, rows, 0, end);
    }
}

bool krn_measure_in_force(const krn_package *package, uint32_t measure, int32_t day)
{
    const double from = krni_number(package, KRN_TABLE_MEASURE, measure, MEASURE_IN_FORCE_FROM);
    const double to = krni_number(package, KRN_TABLE_MEASURE, measure, MEASURE_IN_FORCE_TO);
    return !isnan(from) && from <= day && (isnan(to) || day <= to);
}

uint32_t krn_measure_changes(const krn_package *package, uint32_t measure)
{
    assert(measure < krn_package_rows(package, KRN_TABLE_MEASURE));
    return package->measures ? package->measures[measure].n_changes : 0;
}

static void write_assignments(krni_writer *w, const krn_package *package, const krni_change *change)
{
    const bool scale = change->kind == KRNI_SCALE;
    krni_write(w, scale ? "scale " : "set ");
    for (uint32_t i = 0; i < change->n_assignments; i++) {
        const krni_assignment *a = &change->assignments[i];
        krni_writef(w, "%s%s %s %s", i ? ", " : "",
                    krn_package_column_name(package, change->table, (uint32_t)a->column),
                    scale ? "by" : "to", *a->text ? a->text : "blank");
    }
}

static void write_added(krni_writer *w, const krni_change *change)
{
    const int key = krni_schema(change->table)->key;
    krni_write(w, "add");
    for (uint32_t i = 0; i < change->n_added; i++)
        for (uint32_t k = 0; k < change->added[i].n_assignments; k++)
            if (change->added[i].assignments[k].column == key)
                krni_writef(w, "%s%s", i ? ", " : " ", change->added[i].assignments[k].text);
}

char *krn_measure_change_text(const krn_package *package, uint32_t measure, uint32_t change_index,
                              krn_arena *arena)
{
    assert(change_index < krn_measure_changes(package, measure));
    const krni_change *change = &package->measures[measure].changes[change_index];
    const krni_cells cells = krni_package_cells(package, change->table);
    const char *file = krn_table_file(change->table);
    const char *slash = strrchr(file, '/');
    const char *name = slash ? slash + 1 : file;
    uint32_t rows = change->n_added;
    krni_writer w;
    if (change->kind != KRNI_ADD)
        for (uint32_t r = 0; r < cells.n_rows; r++)
            rows += krni_change_meets(change, &cells, r);
    krni_writer_init(&w, arena);
    krni_write_bytes(&w, name, strcspn(name, "."));
    krni_writef(&w, ": %u row%s: ", rows, rows == 1 ? "" : "s");
    if (change->kind == KRNI_ADD)
        write_added(&w, change);
    else if (change->kind == KRNI_REMOVE)
        krni_write(&w, "remove");
    else
        write_assignments(&w, package, change);
    return krni_writer_text(&w);
}
