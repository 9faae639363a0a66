/* SPDX-License-Identifier: Apache-2.0 */
/* show.c - all that a package knows of an id: its row cell by cell, and the rows of other tables
 * that point to it. Nothing here knows a table by name: columns and references are data. */
#include <keruen/report.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/edit_distance.h"
#include "base/error.h"
#include "model/tables.h"
#include "report/geometry.h"
#include "report/words.h"

#define SHOWN_PER_TABLE 12u

typedef struct subject {
    const krn_package *package;
    const krn_report_options *options;
    krn_arena *arena;
    const char *id;
    krn_table table;
    uint32_t row;
} subject;

/* Table and row of an id: the first table whose key it is. */
static bool find_row(const krn_package *package, const char *id, krn_table *table, uint32_t *row)
{
    for (int t = 0; t < KRN_TABLE_COUNT; t++) {
        if (krni_schema((krn_table)t)->key < 0 || t == KRN_TABLE_PORT)
            continue;
        *row = krn_package_find(package, (krn_table)t, id);
        if (*row != KRN_NO_ROW) {
            *table = (krn_table)t;
            return true;
        }
    }
    return false;
}

/* The id nearest in spelling, of all tables; "" when none is near. */
static const char *nearest_id(const krn_package *package, const char *id)
{
    const char *nearest = "";
    uint32_t best = krni_edit_allowance(strlen(id)) + 1;
    for (int t = 0; t < KRN_TABLE_COUNT; t++) {
        const int key = krni_schema((krn_table)t)->key;
        const uint32_t n = key < 0 ? 0 : krn_package_rows(package, (krn_table)t);
        for (uint32_t i = 0; i < n && best > 0; i++) {
            const char *other = krni_text(package, (krn_table)t, i, key);
            const uint32_t distance = krni_edit_distance(id, other, best - 1);
            if (distance < best) {
                best = distance;
                nearest = other;
            }
        }
    }
    return nearest;
}

static bool points_to(const subject *s, krn_table table, uint32_t row)
{
    const krni_table *schema = krni_schema(table);
    for (int c = 0; c < schema->n_columns; c++) {
        const krni_column *column = &schema->columns[c];
        const bool refers = column->refers == s->table &&
                            (column->type == KRNI_REF || column->type == KRNI_KEY ||
                             column->type == KRNI_REF_LIST) &&
                            !(column->type == KRNI_KEY && table == s->table);
        if (!refers || (c == schema->key && table == s->table))
            continue;
        const char *text = krni_text(s->package, table, row, c);
        if (column->type == KRNI_REF_LIST ? krni_list_has(text, s->id) : strcmp(text, s->id) == 0)
            return true;
    }
    return false;
}

/* Name of the quality of a figure; empty where a table says none. */
static const char *quality_of(const krn_package *package, krn_figure f)
{
    return krni_schema((krn_table)f.table)->quality < 0
               ? ""
               : krn_quality_name(krn_package_quality(package, f));
}

static void write_quality(krni_writer *w, const krn_package *package, krn_figure f)
{
    const char *source = krn_package_source(package, f);
    const char *changed = krn_package_changed_by(package, f);
    krni_write(w, krn_quality_name(krn_package_quality(package, f)));
    if (*source)
        krni_writef(w, "; %s: %s", source, krni_source_title(package, source));
    if (*changed)
        krni_writef(w, "; by measure %s", changed);
}

static bool is_figure(const krni_column *column)
{
    return column->type == KRNI_NUMBER || column->type == KRNI_INTEGER;
}

/* A text; the items of a list with a blank between. */
static void write_list(krni_writer *w, const char *text, bool list)
{
    for (; *text; text++) {
        krni_write_char(w, *text);
        if (list && *text == ';')
            krni_write_char(w, ' ');
    }
}

/* All cells of a row, one a line; estimated figures are marked. */
static void write_cells(krni_page *page, const subject *s, krn_table table, uint32_t row)
{
    const krni_table *schema = krni_schema(table);
    const uint32_t n = krn_package_columns(s->package, table);
    for (uint32_t c = 0; c < n; c++) {
        const char *text = krn_package_text(s->package, table, row, c);
        const bool of_format = (int)c < schema->n_columns;
        if (!*text || (of_format && ((int)c == schema->quality || (int)c == schema->source ||
                                     (int)c == schema->estimated)))
            continue;
        krni_writer w;
        krni_writer_init(&w, s->arena);
        if (krni_width(text) > 1200)
            krni_writef(&w, "%.*s…", (int)krni_prefix_bytes(text, 200), text);
        else
            write_list(&w, text, of_format && schema->columns[c].type == KRNI_LIST);
        if (of_format && schema->columns[c].unit && *schema->columns[c].unit)
            krni_writef(&w, " %s", schema->columns[c].unit);
        const krn_figure f = {(uint16_t)table, (uint16_t)c, row};
        const bool figure = of_format && schema->quality >= 0 && is_figure(&schema->columns[c]);
        const char *changed = krn_package_changed_by(s->package, f);
        if (figure || *changed)
            krni_writef(&w, "  (%s%s%s%s)",
                        figure ? krn_quality_name(krn_package_quality(s->package, f)) : "",
                        figure && *changed ? ", " : "", *changed ? "by measure " : "", changed);
        const char *line = krni_writer_text(&w);
        krni_page_field(page, krn_package_column_name(s->package, table, c), line ? line : "", 2,
                        22);
    }
    if (schema->quality >= 0 || schema->source >= 0) {
        krni_writer w;
        krni_writer_init(&w, s->arena);
        write_quality(
            &w, s->package,
            (krn_figure){(uint16_t)table, (uint16_t)(schema->key < 0 ? 0 : schema->key), row});
        const char *line = krni_writer_text(&w);
        krni_page_field(page, "known", line ? line : "", 2, 22);
    }
    char place[KRNI_WORD * 4];
    krni_page_field(page, "row",
                    krni_row_place(s->package, (krn_figure){(uint16_t)table, 0, row}, place), 2,
                    22);
}

/* One line for a row that points to the subject: key or place, and the first telling texts. */
static void write_summary(krni_writer *w, const subject *s, krn_table table, uint32_t row)
{
    const krni_table *schema = krni_schema(table);
    uint32_t told = 0;
    for (int c = 0; c < schema->n_columns && told < 6; c++) {
        const krni_column *column = &schema->columns[c];
        const char *text = krni_text(s->package, table, row, c);
        if (!*text || strcmp(text, s->id) == 0 || column->type == KRNI_WKT ||
            c == schema->quality || c == schema->source || c == schema->estimated ||
            c == schema->key || column->type == KRNI_BOOL || column->type == KRNI_LIST ||
            krni_width(text) > 48)
            continue;
        krni_writef(w, "%s%s %s%s%s", told++ ? ", " : "", column->name, text,
                    column->unit && *column->unit ? " " : "",
                    column->unit && *column->unit ? column->unit : "");
    }
}

static void write_pointing(krni_page *page, const subject *s)
{
    for (int t = 0; t < KRN_TABLE_COUNT; t++) {
        const krn_table table = (krn_table)t;
        const krni_table *schema = krni_schema(table);
        const uint32_t n = krn_package_rows(s->package, table);
        uint32_t found = 0;
        for (uint32_t row = 0; row < n; row++) {
            if ((table == s->table && row == s->row) || !points_to(s, table, row))
                continue;
            if (!found++) {
                krni_write(page->out, "\n");
                krni_page_bold(page, schema->title);
                krni_write(page->out, "\n");
            }
            if (found > SHOWN_PER_TABLE)
                continue;
            krni_writer w;
            krni_writer_init(&w, s->arena);
            char place[KRNI_WORD * 4];
            const krn_figure f = {(uint16_t)table, 0, row};
            if (schema->key >= 0)
                krni_writef(&w, "%s  ", krni_text(s->package, table, row, schema->key));
            write_summary(&w, s, table, row);
            krni_writef(&w, "  [%s", krni_row_place(s->package, f, place));
            if (schema->quality >= 0)
                krni_writef(&w, ", %s", krn_quality_name(krn_package_quality(s->package, f)));
            const char *source = krn_package_source(s->package, f);
            krni_writef(&w, "%s%s]", *source ? ", " : "", source);
            const char *line = krni_writer_text(&w);
            krni_write(page->out, "  ");
            krni_write_wrapped(page->out, line ? line : "", page->columns - 4, 4);
            krni_write(page->out, "\n");
        }
        if (found > SHOWN_PER_TABLE)
            krni_writef(page->out, "    and %u more\n", found - SHOWN_PER_TABLE);
    }
}

static krn_status show_table(const subject *s, char **out, krn_error *err)
{
    krni_writer w;
    krni_writer_init(&w, s->arena);
    krni_page page = krni_page_of(&w, s->options);
    krni_writer head;
    krni_writer_init(&head, s->arena);
    krni_writef(&head, "%s   %s", s->id, krni_schema(s->table)->title);
    const char *title = krni_writer_text(&head);
    krni_page_title(&page, title ? title : "");
    krni_page_rule(&page, 0);
    write_cells(&page, s, s->table, s->row);
    if (s->table == KRN_TABLE_MEASURE) {
        const uint32_t n = krn_measure_changes(s->package, s->row);
        if (n)
            krni_write(&w, "\nChanges\n");
        for (uint32_t i = 0; i < n; i++) {
            const char *text = krn_measure_change_text(s->package, s->row, i, s->arena);
            krni_page_text(&page, text ? text : "", 2);
        }
    }
    write_pointing(&page, s);
    return krni_writer_answer(&w, out, err);
}

/* ---- for programs ---- */

static json_t *row_object(const subject *s, krn_table table, uint32_t row, bool *failed)
{
    const krni_table *schema = krni_schema(table);
    json_t *object = json_object(), *cells = json_object();
    const krn_figure f = {(uint16_t)table, 0, row};
    krni_json_set(object, "file", krni_json_text(krn_package_row_file(s->package, table, row)),
                  failed);
    krni_json_set(object, "line", json_integer(krn_package_row_line(s->package, table, row)),
                  failed);
    krni_json_set(object, "quality", krni_json_text_or_null(quality_of(s->package, f)), failed);
    const char *source = krn_package_source(s->package, f);
    krni_json_set(object, "source_id", krni_json_text_or_null(source), failed);
    krni_json_set(object, "source_title",
                  krni_json_text_or_null(krni_source_title(s->package, source)), failed);
    for (uint32_t c = 0; c < krn_package_columns(s->package, table); c++) {
        const char *text = krn_package_text(s->package, table, row, c);
        const double number = krn_package_number(s->package, table, row, c);
        const char *name = krn_package_column_name(s->package, table, c);
        if (!*text)
            continue;
        const bool numeric = (int)c < schema->n_columns && is_figure(&schema->columns[c]);
        krni_json_set(
            cells, name,
            numeric && !isnan(number) ? krni_json_number(number, 6) : krni_json_text(text), failed);
    }
    krni_json_set(object, "cells", cells, failed);
    return object;
}

static krn_status show_json(const subject *s, char **out, krn_error *err)
{
    bool failed = false;
    json_t *root = json_object(), *rows = json_array();
    krni_json_set(root, "id", krni_json_text(s->id), &failed);
    krni_json_set(root, "table", krni_json_text(krn_table_file(s->table)), &failed);
    krni_json_set(root, "row", row_object(s, s->table, s->row, &failed), &failed);
    for (int t = 0; t < KRN_TABLE_COUNT; t++)
        for (uint32_t row = 0; row < krn_package_rows(s->package, (krn_table)t); row++)
            if (!((krn_table)t == s->table && row == s->row) && points_to(s, (krn_table)t, row))
                krni_json_append(rows, row_object(s, (krn_table)t, row, &failed), &failed);
    krni_json_set(root, "related", rows, &failed);
    return krni_json_write(root, failed, s->arena, out, err);
}

static krn_status show_csv(const subject *s, char **out, krn_error *err)
{
    static const char *const keys[] = {"file",    "line",      "column", "value",
                                       "quality", "source_id", "measure"};
    krni_records records;
    krni_writer w;
    krni_records_init(&records, s->arena, keys, 7);
    krni_writer_init(&w, s->arena);
    for (uint32_t c = 0; c < krn_package_columns(s->package, s->table); c++) {
        const krn_figure f = {(uint16_t)s->table, (uint16_t)c, s->row};
        krni_record_text(&records, krn_package_row_file(s->package, s->table, s->row));
        krni_record_number(&records, krn_package_row_line(s->package, s->table, s->row), 0);
        krni_record_text(&records, krn_package_column_name(s->package, s->table, c));
        krni_record_text(&records, krn_package_text(s->package, s->table, s->row, c));
        krni_record_text(&records, quality_of(s->package, f));
        krni_record_text(&records, krn_package_source(s->package, f));
        krni_record_text(&records, krn_package_changed_by(s->package, f));
    }
    krni_records_csv(&records, &w);
    return krni_writer_answer(&w, out, err);
}

static krn_status show_geojson(const subject *s, char **out, krn_error *err)
{
    bool failed = false;
    json_t *features = json_array(), *properties = NULL;
    if (s->table == KRN_TABLE_NODE)
        krni_json_append(features, krni_node_feature(s->package, s->row, &properties, &failed),
                         &failed);
    else {
        const uint32_t from = krni_ref(s->package, KRN_TABLE_LINK, s->row, LINK_FROM_NODE_ID);
        json_t *positions = json_array();
        properties = json_object();
        krni_append_line(positions, s->package, s->row, from, &failed);
        krni_json_set(properties, "id", krni_json_text(s->id), &failed);
        krni_json_append(features, krni_feature("LineString", positions, properties, &failed),
                         &failed);
    }
    json_t *root = krni_feature_collection(features, &failed);
    return krni_json_write(root, failed, s->arena, out, err);
}

krn_status krn_report_show(const krn_package *package, const char *id,
                           const krn_report_options *options, krn_arena *arena, char **out,
                           krn_error *err)
{
    subject s = {.package = package, .options = options, .arena = arena, .id = id};
    *out = NULL;
    if (!find_row(package, id, &s.table, &s.row)) {
        const char *nearest = nearest_id(package, id);
        const int shown = (int)krni_prefix_bytes(id, 60);
        if (*nearest)
            return krni_fail(err, KRN_E_NOT_FOUND, "no table has an id \"%.*s\"; nearest: %s",
                             shown, id, nearest);
        return krni_fail(err, KRN_E_NOT_FOUND,
                         "no table has an id \"%.*s\" (keruen find TEXT searches places)", shown,
                         id);
    }
    switch (options->format) {
    case KRN_FORMAT_TABLE:
        return show_table(&s, out, err);
    case KRN_FORMAT_JSON:
        return show_json(&s, out, err);
    case KRN_FORMAT_CSV:
        return show_csv(&s, out, err);
    default:
        break;
    }
    if (options->format == KRN_FORMAT_GEOJSON &&
        (s.table == KRN_TABLE_NODE || s.table == KRN_TABLE_LINK))
        return show_geojson(&s, out, err);
    return krni_no_format(options, "an id that is neither place nor link", err);
}
