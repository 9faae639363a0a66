/* SPDX-License-Identifier: Apache-2.0 */
/* measure_change.c - the list of changes of a measure, checked against the format of the tables:
 * names of tables and columns, values by the type of their column. Whether rows are met and what
 * the changed rows then say is for the model. */
#include "io/measure_change.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"

void krni_measure_fault(krni_measure_file *f, uint32_t line, const char *key, const char *value,
                        const char *expected)
{
    krni_fault(f->reading->faults,
               krni_cell_place(KRN_TABLE_MEASURE, f->file, line, 0, key ? key : "(item)"), value,
               strlen(value), "%s", expected);
}

/* count zeroed items, or NULL with f->status set. */
static void *make(krni_measure_file *f, uint32_t count, size_t size)
{
    void *memory = krn_arena_calloc(f->reading->arena, count + (size_t)1, size);
    if (!memory)
        f->status = KRN_E_MEMORY;
    return memory;
}

static const char *text_of(const krni_yaml_node *node)
{
    return node->kind == KRNI_YAML_TEXT   ? node->text
           : node->kind == KRNI_YAML_LIST ? "(list)"
                                          : "(map)";
}

/* Column of the table that a key names, or -1 (reported). */
static int column_of(krni_measure_file *f, krn_table table, const krni_yaml_node *node)
{
    const int column = krni_builder_column(f->reading->builder, table, node->key);
    if (column < 0) {
        char expected[128];
        (void)snprintf(expected, sizeof expected, "a column of %s", krn_table_file(table));
        krni_measure_fault(f, node->line, node->key, "(unknown column)", expected);
    }
    return column;
}

/* ---- where ---- */

static bool read_condition(krni_measure_file *f, krn_table table, const krni_yaml_node *node,
                           krni_condition *out)
{
    static const char mark[] = "contains:";
    const bool list = node->kind == KRNI_YAML_LIST;
    const krni_yaml_node *first = list ? node->first : node;
    const char **values = make(f, list ? node->n_children : 1, sizeof *values);
    out->column = column_of(f, table, node);
    out->values = values;
    if (!values || out->column < 0)
        return false;
    if (node->kind == KRNI_YAML_MAP || !first) {
        krni_measure_fault(f, node->line, node->key, first ? "(map)" : "", "a text or a list");
        return false;
    }
    for (const krni_yaml_node *n = first; n; n = list ? n->next : NULL) {
        if (n->kind != KRNI_YAML_TEXT) {
            krni_measure_fault(f, n->line, node->key, text_of(n), "a text or a list of texts");
            return false;
        }
        const bool contains = strncmp(n->text, mark, sizeof mark - 1) == 0;
        if (out->n_values && contains != out->contains) {
            krni_measure_fault(f, n->line, node->key, n->text,
                               "contains: before all values of the list or before none");
            return false;
        }
        out->contains = contains;
        values[out->n_values++] = contains ? n->text + sizeof mark - 1 : n->text;
    }
    return true;
}

static void read_where(krni_measure_file *f, const krni_yaml_node *node, krni_change *change)
{
    if (node->kind != KRNI_YAML_MAP || !node->n_children) {
        krni_measure_fault(f, node->line, "where", text_of(node), "a map of column: value");
        return;
    }
    krni_condition *conditions = make(f, node->n_children, sizeof *conditions);
    if (!conditions)
        return;
    for (const krni_yaml_node *n = node->first; n && !f->status; n = n->next)
        if (read_condition(f, change->table, n, &conditions[change->n_conditions]))
            change->n_conditions++;
    change->conditions = conditions;
}

/* ---- set, scale, add ---- */

/* One "column: value" that is set; false if it is wrong (reported). */
static bool read_value(krni_measure_file *f, krn_table table, const krni_yaml_node *node,
                       krni_assignment *out)
{
    const krni_table *schema = krni_schema(table);
    char expected[KRNI_EXPECTED_SIZE];
    out->column = column_of(f, table, node);
    out->number = NAN;
    if (out->column < 0)
        return false;
    if (node->kind != KRNI_YAML_TEXT) {
        krni_measure_fault(f, node->line, node->key, text_of(node), "a text");
        return false;
    }
    out->text = node->text;
    if (out->column < schema->n_columns &&
        !krni_cell_parse(schema, &schema->columns[out->column], node->text, &out->number, expected,
                         sizeof expected)) {
        krni_measure_fault(f, node->line, node->key, node->text, expected);
        return false;
    }
    return true;
}

static bool read_factor(krni_measure_file *f, krn_table table, const krni_yaml_node *node,
                        krni_assignment *out)
{
    const krni_table *schema = krni_schema(table);
    out->column = column_of(f, table, node);
    if (out->column < 0)
        return false;
    const bool number =
        out->column < schema->n_columns && (schema->columns[out->column].type == KRNI_NUMBER ||
                                            schema->columns[out->column].type == KRNI_INTEGER);
    if (!number) {
        krni_measure_fault(f, node->line, node->key, text_of(node), "a column of numbers");
        return false;
    }
    out->text = text_of(node);
    if (node->kind != KRNI_YAML_TEXT ||
        !krni_number_read(node->text, strlen(node->text), &out->number)) {
        krni_measure_fault(f, node->line, node->key, text_of(node), "a factor, a number");
        return false;
    }
    return true;
}

static void read_assignments(krni_measure_file *f, const krni_yaml_node *node, krni_change *change)
{
    const krni_table *schema = krni_schema(change->table);
    if (node->kind != KRNI_YAML_MAP || !node->n_children) {
        krni_measure_fault(f, node->line, node->key, text_of(node), "a map of column: value");
        return;
    }
    krni_assignment *list = make(f, node->n_children, sizeof *list);
    if (!list)
        return;
    for (const krni_yaml_node *n = node->first; n && !f->status; n = n->next) {
        krni_assignment *one = &list[change->n_assignments];
        const bool read = change->kind == KRNI_SCALE ? read_factor(f, change->table, n, one)
                                                     : read_value(f, change->table, n, one);
        if (read && one->column == schema->key)
            krni_measure_fault(f, n->line, n->key, text_of(n), "a column other than the key");
        else if (read)
            change->n_assignments++;
    }
    change->assignments = list;
}

static bool is_given(const krni_added_row *row, int column)
{
    for (uint32_t i = 0; i < row->n_assignments; i++)
        if (row->assignments[i].column == column)
            return true;
    return false;
}

/* Columns that must not be blank; quality and source come from the measure when left out. */
static void require_columns(krni_measure_file *f, krn_table table, const krni_added_row *row)
{
    const krni_table *schema = krni_schema(table);
    for (int c = 0; c < schema->n_columns; c++) {
        const krni_column *column = &schema->columns[c];
        if (!column->required || c == schema->quality || c == schema->source || is_given(row, c))
            continue;
        char expected[KRNI_EXPECTED_SIZE];
        krni_cell_expected(schema, column, expected, sizeof expected);
        krni_measure_fault(f, row->line, column->name, "", expected);
    }
}

static void read_added(krni_measure_file *f, const krni_yaml_node *node, krni_change *change)
{
    if (node->kind != KRNI_YAML_LIST || !node->n_children) {
        krni_measure_fault(f, node->line, "add", text_of(node), "a list of rows");
        return;
    }
    krni_added_row *rows = make(f, node->n_children, sizeof *rows);
    if (!rows)
        return;
    change->added = rows;
    for (const krni_yaml_node *n = node->first; n && !f->status; n = n->next) {
        if (n->kind != KRNI_YAML_MAP || !n->n_children) {
            krni_measure_fault(f, n->line, "add", text_of(n), "a map of column: value");
            continue;
        }
        krni_added_row *row = &rows[change->n_added++];
        krni_assignment *list = make(f, n->n_children, sizeof *list);
        row->line = n->line;
        row->assignments = list;
        if (!list)
            return;
        bool whole = true;
        for (const krni_yaml_node *m = n->first; m; m = m->next) {
            if (read_value(f, change->table, m, &list[row->n_assignments]))
                row->n_assignments++;
            else
                whole = false;
        }
        if (whole)
            require_columns(f, change->table, row);
    }
}

static void read_remove(krni_measure_file *f, const krni_yaml_node *node)
{
    if (node->kind != KRNI_YAML_TEXT || strcmp(node->text, "true") != 0)
        krni_measure_fault(f, node->line, "remove", text_of(node), "true");
}

/* ---- one change ---- */

/* The quality of the new figures: the change's own, else that of the measure. */
static krn_quality read_quality(krni_measure_file *f, const krni_yaml_node *map)
{
    static const char *const names[] = {"published", "derived", "estimated"};
    const krni_yaml_node *node = krni_yaml_get(map, "quality");
    const char *text =
        node ? text_of(node)
             : krni_builder_at(f->reading->builder,
                               krni_builder_read(f->reading->builder, KRN_TABLE_MEASURE, f->row,
                                                 MEASURE_QUALITY)
                                   .text);
    for (int q = KRN_PUBLISHED; q <= KRN_ESTIMATED; q++)
        if (strcmp(text, names[q]) == 0)
            return (krn_quality)q;
    if (node)
        krni_measure_fault(f, node->line, "quality", text, "one of published, derived, estimated");
    return KRN_ESTIMATED;
}

static bool read_table(krni_measure_file *f, const krni_yaml_node *map, krni_change *change)
{
    const krni_yaml_node *node = krni_yaml_get(map, "table");
    change->table =
        node && node->kind == KRNI_YAML_TEXT ? krn_table_named(node->text) : KRN_TABLE_COUNT;
    if (change->table < KRN_TABLE_COUNT && change->table != KRN_TABLE_MEASURE)
        return true;
    krni_measure_fault(f, node ? node->line : map->line, "table", node ? text_of(node) : "",
                       "the name of a table without extension");
    return false;
}

static bool is_known_key(const char *key)
{
    static const char *const keys[] = {"table", "where",  "set",     "scale",
                                       "add",   "remove", "quality", "note"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (strcmp(keys[i], key) == 0)
            return true;
    return false;
}

/* The one key of set, scale, add, remove; NULL if there is not exactly one (reported). */
static const krni_yaml_node *read_kind(krni_measure_file *f, const krni_yaml_node *map,
                                       krni_change *change)
{
    static const char *const kinds[] = {
        [KRNI_SET] = "set", [KRNI_SCALE] = "scale", [KRNI_ADD] = "add", [KRNI_REMOVE] = "remove"};
    const krni_yaml_node *found = NULL;
    int count = 0;
    for (int k = KRNI_SET; k <= KRNI_REMOVE; k++) {
        const krni_yaml_node *node = krni_yaml_get(map, kinds[k]);
        if (!node)
            continue;
        found = node;
        change->kind = (krni_change_kind)k;
        count++;
    }
    if (count == 1)
        return found;
    krni_measure_fault(f, map->line, "changes", count ? "(several)" : "(none)",
                       "exactly one of set, scale, add, remove");
    return NULL;
}

static void read_change(krni_measure_file *f, const krni_yaml_node *map, krni_change *change)
{
    for (const krni_yaml_node *n = map->first; n; n = n->next)
        if (!is_known_key(n->key))
            krni_measure_fault(f, n->line, n->key, "(unknown key)",
                               "one of table, where, set, scale, add, remove, quality, note");
    const krni_yaml_node *what = read_kind(f, map, change);
    const krni_yaml_node *where = krni_yaml_get(map, "where");
    const krni_yaml_node *note = krni_yaml_get(map, "note");
    change->line = map->line;
    change->note = note && note->kind == KRNI_YAML_TEXT ? note->text : "";
    change->quality = read_quality(f, map);
    if (!what || !read_table(f, map, change))
        return;
    if (change->kind == KRNI_ADD && where)
        krni_measure_fault(f, where->line, "where", text_of(where), "no condition beside add");
    else if (change->kind != KRNI_ADD && !where)
        krni_measure_fault(f, map->line, "where", "", "a map of column: value");
    else if (where)
        read_where(f, where, change);
    if (change->kind == KRNI_ADD)
        read_added(f, what, change);
    else if (change->kind == KRNI_REMOVE)
        read_remove(f, what);
    else
        read_assignments(f, what, change);
}

void krni_read_changes(krni_measure_file *f)
{
    const krni_yaml_node *list = krni_yaml_get(f->root, "changes");
    if (!list)
        return;
    if (list->kind != KRNI_YAML_LIST || !list->n_children ||
        list->n_children > KRNI_MEASURE_CHANGES) {
        krni_measure_fault(f, list->line, "changes",
                           list->n_children ? "(too many)" : text_of(list),
                           "a list of 1 to 10000 changes");
        return;
    }
    krni_change *changes = make(f, list->n_children, sizeof *changes);
    if (!changes)
        return;
    f->out.changes = changes;
    for (const krni_yaml_node *n = list->first; n && !f->status; n = n->next) {
        if (n->kind == KRNI_YAML_MAP)
            read_change(f, n, &changes[f->out.n_changes++]);
        else
            krni_measure_fault(f, n->line, "changes", text_of(n), "a map of one change");
    }
}
