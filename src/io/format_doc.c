/* SPDX-License-Identifier: Apache-2.0 */
/* format_doc.c - the description of columns as a document for people and as a Frictionless
 * descriptor for programs. Both follow the schema, so neither can fall behind the reader. */
#include <math.h>
#include <string.h>

#include <keruen/io.h>

#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "model/tables.h"

/* ---- Markdown ---- */

/* A text inside a table cell of Markdown. */
static void write_cell(krni_writer *w, const char *text)
{
    for (; *text; text++) {
        if (*text == '|')
            krni_write_char(w, '\\');
        krni_write_char(w, *text);
    }
}

static void write_column(krni_writer *w, const krni_table *table, int c)
{
    const krni_column *column = &table->columns[c];
    char expected[KRNI_EXPECTED_SIZE];
    krni_cell_expected(table, column, expected, sizeof expected);
    krni_writef(w, "| `%s` | ", column->name);
    write_cell(w, expected);
    if (column->type == KRNI_KEY && column->refers != KRN_TABLE_CONFIG)
        krni_writef(w, "; a key of %s too", krn_table_file(column->refers));
    krni_writef(w, " | %s | ", column->required ? "yes" : "");
    write_cell(w, column->meaning);
    krni_write(w, " |\n");
}

static void write_table(krni_writer *w, krn_table table)
{
    const krni_table *schema = krni_schema(table);
    krni_writef(w, "\n## %s\n\n%s.", schema->file, schema->title);
    if (schema->optional)
        krni_write(w, " The file may be absent.");
    if (table == KRN_TABLE_MEASURE)
        krni_write(w, " The head of each file fills these columns; "
                      "[measure-format.md](measure-format.md) tells the rest.");
    if (schema->low >= 0)
        krni_writef(w, " `%s`, `%s` and `%s` stand together or not at all, in rising order.",
                    schema->columns[schema->low].name, schema->columns[schema->low + 1].name,
                    schema->columns[schema->low + 2].name);
    krni_write(w, "\n\n| column | takes | required | meaning |\n|---|---|---|---|\n");
    for (int c = 0; c < schema->n_columns; c++)
        write_column(w, schema, c);
}

static const char introduction[] =
    "# The format of a package\n"
    "\n"
    "This page is printed from the description of columns in the source (`keruen format`\n"
    "prints it); a test compares the two. A package is a folder: CSV tables, a GTFS timetable in\n"
    "`timetable/`, measures in `measure/` and a Frictionless `datapackage.json`.\n"
    "\n"
    "* Files are UTF-8, with commas, LF or CRLF, with or without a byte-order mark; fields may be\n"
    "  quoted and then hold commas, line breaks and doubled quotes. Numbers have a decimal point.\n"
    "* The first line names the columns, in any order. Columns that this page does not know are "
    "kept\n"
    "  and shown, and mean nothing to the engine. A column that is not required may be left out.\n"
    "* Lists have `;` between their items. A blank cell means unknown or not applicable.\n"
    "* `quality` tells how the figures of a row are known: published by a source, derived from\n"
    "  published figures, or estimated. `estimated_fields` names the columns of a row that are\n"
    "  estimates whatever `quality` says.\n"
    "* `low`, `typical` and `high` are the 10th, 50th and 90th percentile.\n"
    "* `node.csv`, `link.csv` and `config.csv` are GMNS 0.96 with our own columns behind (`kr_`);\n"
    "  the files in `timetable/` are GTFS with booking rules, and `kr_trip.txt` beside them.\n"
    "* Bounds: a table of 64 MiB and 4 million rows, 1024 columns, a field of 1 MiB, a measure of "
    "4 MiB\n"
    "  and 10,000 changes.\n"
    "\n"
    "Beyond single cells the reader checks: references; keys and rows that nothing tells apart; "
    "lengths\n"
    "of at least the great circle between the ends (within 0.05 km); lines that begin and end at "
    "their\n"
    "nodes (within 0.001 degree); countries of links and borders; dates and distances in order; "
    "station\n"
    "codes with their check digit, UN/LOCODEs, HS prefixes; trips whose calls rise and are joined "
    "by links\n"
    "of their mode; measures whose changes meet rows and leave them right; `datapackage.json` "
    "against the\n"
    "files. Every fault is told as `file:row: column: value: what was expected`, all of them in "
    "one run.\n";

krn_status krn_format_markdown(krn_arena *arena, char **out, krn_error *err)
{
    krni_writer w;
    krni_writer_init(&w, arena);
    krni_write(&w, introduction);
    for (int t = 0; t < KRN_TABLE_COUNT; t++)
        write_table(&w, (krn_table)t);
    *out = krni_writer_text(&w);
    return *out ? KRN_OK : krni_fail_memory(err);
}

/* ---- Frictionless ---- */

static void write_string(krni_writer *w, const char *text)
{
    krni_write_char(w, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            krni_write_char(w, '\\');
        if ((unsigned char)*text < 0x20)
            krni_writef(w, "\\u%04x", (unsigned)(unsigned char)*text);
        else
            krni_write_char(w, *text);
    }
    krni_write_char(w, '"');
}

static void write_member(krni_writer *w, const char *indent, const char *key, const char *value)
{
    krni_writef(w, ",\n%s\"%s\": ", indent, key);
    write_string(w, value);
}

static const char *type_of(const krni_column *column)
{
    switch (column->type) {
    case KRNI_NUMBER:
        return "number";
    case KRNI_INTEGER:
        return "integer";
    case KRNI_BOOL:
        return "boolean";
    case KRNI_DATE:
        return "date";
    default:
        return "string";
    }
}

static void write_constraints(krni_writer *w, const krni_column *column)
{
    const char *comma = "";
    char number[KRNI_NUMBER_EXACT_SIZE];
    krni_write(w, ", \"constraints\": {");
    if (column->required) {
        krni_write(w, "\"required\": true");
        comma = ", ";
    }
    if (column->min < column->max) {
        krni_number_exact(column->min, 17, number);
        krni_writef(w, "%s\"minimum\": %s", comma, number);
        krni_number_exact(column->max, 17, number);
        krni_writef(w, ", \"maximum\": %s", number);
        comma = ", ";
    }
    if (column->type == KRNI_CHOICE) {
        krni_writef(w, "%s\"enum\": [\"", comma);
        for (const char *c = column->choices; *c; c++) {
            if (*c == '|')
                krni_write(w, "\", \"");
            else
                krni_write_char(w, *c);
        }
        krni_write(w, "\"]");
    }
    krni_write_char(w, '}');
}

static void write_field(krni_writer *w, const krni_table *table, const krni_column *column)
{
    krni_write(w, "     {\"name\": ");
    write_string(w, column->name);
    krni_writef(w, ", \"type\": \"%s\"", type_of(column));
    if (column->type == KRNI_DATE && table->gtfs)
        krni_write(w, ", \"format\": \"%Y%m%d\"");
    if (column->type == KRNI_BOOL)
        krni_write(w, ", \"trueValues\": [\"true\", \"1\"], \"falseValues\": [\"false\", \"0\"]");
    krni_write(w, ", \"description\": ");
    write_string(w, column->meaning);
    if (column->unit && *column->unit) {
        krni_write(w, ", \"unit\": ");
        write_string(w, column->unit);
    }
    if (column->required || column->min < column->max || column->type == KRNI_CHOICE)
        write_constraints(w, column);
    krni_write_char(w, '}');
}

/* "timetable/kr_trip.txt" as "timetable-kr_trip", which is unique and fit for a name. */
static void write_resource_name(krni_writer *w, const char *file)
{
    krni_write_char(w, '"');
    for (; *file && *file != '.'; file++)
        krni_write_char(w, *file == '/' ? '-' : *file);
    krni_write_char(w, '"');
}

static void write_keys(krni_writer *w, const krni_table *table)
{
    const char *comma = "";
    if (table->key >= 0)
        krni_writef(w, ",\n    \"primaryKey\": \"%s\"", table->columns[table->key].name);
    krni_write(w, ",\n    \"foreignKeys\": [");
    for (int c = 0; c < table->n_columns; c++) {
        const krni_column *column = &table->columns[c];
        if (column->type != KRNI_REF &&
            !(column->type == KRNI_KEY && column->refers != KRN_TABLE_CONFIG))
            continue;
        const krni_table *other = krni_schema(column->refers);
        krni_writef(w, "%s\n     {\"fields\": \"%s\", \"reference\": {\"resource\": ", comma,
                    column->name);
        write_resource_name(w, other->file);
        krni_writef(w, ", \"fields\": \"%s\"}}", other->columns[other->key].name);
        comma = ",";
    }
    krni_write_char(w, ']');
}

static void write_resource(krni_writer *w, const krn_package *package, krn_table table)
{
    const krni_table *schema = krni_schema(table);
    krni_write(w, "  {\n   \"name\": ");
    write_resource_name(w, schema->file);
    write_member(w, "   ", "path", schema->file);
    write_member(w, "   ", "profile", "tabular-data-resource");
    write_member(w, "   ", "title", schema->title);
    write_member(w, "   ", "format", "csv");
    write_member(w, "   ", "mediatype", "text/csv");
    write_member(w, "   ", "encoding", "utf-8");
    krni_write(w, ",\n   \"schema\": {\n    \"fieldsMatch\": \"superset\",\n    \"fields\": [\n");
    for (uint32_t c = 0; c < krn_package_columns(package, table); c++) {
        krni_write(w, c ? ",\n" : "");
        if (c < (uint32_t)schema->n_columns) {
            write_field(w, schema, &schema->columns[c]);
        } else {
            krni_write(w, "     {\"name\": ");
            write_string(w, krn_package_column_name(package, table, c));
            krni_write(w, ", \"type\": \"string\"}");
        }
    }
    krni_write(w, "\n    ]");
    write_keys(w, schema);
    krni_write(w, "\n   }\n  }");
}

/* Lower case letters and digits of a label, "-" between them. */
static void write_label(krni_writer *w, const char *label)
{
    bool gap = false, any = false;
    krni_write_char(w, '"');
    for (; *label; label++) {
        const char c = *label;
        const bool upper = c >= 'A' && c <= 'Z';
        if (!upper && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9')) {
            gap = any;
            continue;
        }
        if (gap)
            krni_write_char(w, '-');
        krni_write_char(w, upper ? (char)(c - 'A' + 'a') : c);
        gap = false;
        any = true;
    }
    krni_write(w, any ? "\"" : "package\"");
}

krn_status krn_format_datapackage(const krn_package *package, krn_arena *arena, char **out,
                                  krn_error *err)
{
    krni_writer w;
    const char *comma = "";
    if (krn_package_rows(package, KRN_TABLE_CONFIG) == 0)
        return krni_fail(err, KRN_E_ARG, "the package has no row in config.csv");
    krni_writer_init(&w, arena);
    krni_write(&w, "{\n \"profile\": \"data-package\",\n \"name\": ");
    write_label(&w, krni_text(package, KRN_TABLE_CONFIG, 0, CONFIG_DATASET_NAME));
    write_member(&w, " ", "title", krni_text(package, KRN_TABLE_CONFIG, 0, CONFIG_DATASET_NAME));
    write_member(&w, " ", "version", krni_text(package, KRN_TABLE_CONFIG, 0, CONFIG_VERSION));
    krni_writef(&w, ",\n \"created\": \"%sT00:00:00Z\"",
                krni_text(package, KRN_TABLE_CONFIG, 0, CONFIG_DATE));
    krni_write(&w, ",\n \"licenses\": [{\"name\": ");
    write_string(&w, krni_text(package, KRN_TABLE_CONFIG, 0, CONFIG_LICENCE));
    krni_write(&w, "}],\n \"resources\": [\n");
    for (int t = 0; t < KRN_TABLE_MEASURE; t++) {
        if (krni_schema((krn_table)t)->optional && !krn_package_rows(package, (krn_table)t))
            continue;
        krni_write(&w, comma);
        write_resource(&w, package, (krn_table)t);
        comma = ",\n";
    }
    krni_write(&w, "\n ]\n}\n");
    *out = krni_writer_text(&w);
    return *out ? KRN_OK : krni_fail_memory(err);
}
