/* SPDX-License-Identifier: Apache-2.0 */
/* cost_network_read.c - a cost network from its folder of tables (docs/cost-network.md).
 *
 *   datapackage.json   names of cost sets, od tables, further fields
 *   node.csv           sorted by number, numbers unique
 *   link.csv           ends looked up among the nodes
 *   cost_formula.csv   rows of a set in the order of the file
 *   od.csv             rows of a table in the order of the file
 *
 * Columns may stand in any order; each must be there, once, and no other. All faults are told in
 * one reading; with one of them there is no network. */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <keruen/nodus.h>

#include "base/error.h"
#include "base/number.h"
#include "io/cost_network_table.h"
#include "io/csv.h"
#include "io/nodus_read.h"

#define MOST_COLUMNS (CN_FORMULA_COLUMNS + KRNI_COST_MOST_NAMES)
#define NO_COLUMN    UINT32_MAX
#define MOST_ID      9007199254740992.0 /* whole numbers that a double holds */
#define MOST_POINTS  100000u

/* A table while it is read. */
typedef struct table {
    krni_cost_table which;
    const krni_cost_format *format;
    char *text;
    krni_csv csv;
    uint32_t *place; /* of each column among the fields of a row */
    uint32_t n_columns;
} table;

typedef struct numbered {
    int64_t id;
    uint32_t line, at;
} numbered;

typedef struct reading {
    const krni_files *files;
    krn_faults *faults;
    krn_arena *arena;
    krni_cost_descriptor names;
    krn_cost_node *nodes;
    krn_cost_link *links;
    uint32_t n_nodes, node_room, n_links, link_room;
    numbered *node_ids, *link_ids; /* sorted */
    uint32_t *set_of, *table_of;   /* of each formula and od row, as in the file */
    krn_cost_formula *formulas;
    krn_cost_demand *demands;
    uint32_t n_formulas, formula_room, n_demands, demand_room;
} reading;

/* ---- columns ---- */

static const char *column_name(const reading *r, const table *t, uint32_t column,
                               char out[static 256])
{
    if (column < t->format->n_columns)
        return t->format->columns[column].name;
    const char *field = r->names.fields.list[column - t->format->n_columns];
    const size_t n = strlen(field);
    assert(n < 256 - sizeof KRNI_COST_FIELD);
    memcpy(out, KRNI_COST_FIELD, sizeof KRNI_COST_FIELD - 1);
    memcpy(out + sizeof KRNI_COST_FIELD - 1, field, n + 1);
    return out;
}

static krni_place place_of(const reading *r, const table *t, uint32_t line, uint32_t column)
{
    char name[256];
    const char *shown = column == NO_COLUMN ? "(row)" : column_name(r, t, column, name);
    if (shown == name)
        shown = r->names.fields.list[column - t->format->n_columns];
    return (krni_place){1 + (uint32_t)t->which, t->format->file, line,
                        column == NO_COLUMN ? 0 : 1 + column, shown};
}

static bool is_name(krni_field field, const char *name)
{
    return field.length == strlen(name) && memcmp(field.text, name, field.length) == 0;
}

/* Where each column stands; false when the table cannot be read by it. */
static bool find_columns(const reading *r, table *t)
{
    bool good = true;
    char name[256];
    for (uint32_t i = 0; i < t->csv.n_fields && i < KRNI_CSV_FIELDS; i++) {
        bool known = false;
        for (uint32_t c = 0; c < t->n_columns && !known; c++)
            if (t->place[c] == NO_COLUMN && is_name(t->csv.fields[i], column_name(r, t, c, name))) {
                t->place[c] = i;
                known = true;
            }
        if (!known) {
            krni_fault(r->faults, place_of(r, t, 1, NO_COLUMN), t->csv.fields[i].text,
                       t->csv.fields[i].length, "a column of this table, each once");
            good = false;
        }
    }
    for (uint32_t c = 0; c < t->n_columns; c++)
        if (t->place[c] == NO_COLUMN) {
            krni_fault(r->faults, place_of(r, t, 1, c), "no such column", 14, "a column of it");
            good = false;
        }
    return good;
}

/* Reads the file and its heading; *out_good false: there is a fault. */
static krn_status open_table(reading *r, krni_cost_table which, table *t, bool *out_good,
                             krn_error *err)
{
    size_t size = 0;
    *t = (table){.which = which, .format = &krni_cost_formats[which]};
    *out_good = false;
    t->n_columns = t->format->n_columns + (which == KRNI_COST_LINK ? r->names.fields.n : 0);
    t->place = krn_arena_alloc(r->arena, t->n_columns * sizeof *t->place);
    if (!t->place)
        return krni_fail_memory(err);
    for (uint32_t c = 0; c < t->n_columns; c++)
        t->place[c] = NO_COLUMN;
    const krn_status status = r->files->read(r->files->context, t->format->file,
                                             KRNI_COST_FILE_BYTES, &t->text, &size, err);
    if (status)
        return status;
    if (!t->text) {
        krni_fault(r->faults, place_of(r, t, 1, NO_COLUMN), "no such file", 12, "a table");
        return KRN_OK;
    }
    krni_csv_open(&t->csv, t->text, size);
    if (!krni_csv_next(&t->csv)) {
        krni_fault(r->faults, place_of(r, t, 1, NO_COLUMN), "", 0, "the names of columns");
        return KRN_OK;
    }
    *out_good = find_columns(r, t);
    return KRN_OK;
}

/* Next row of all fields; rows of another number of fields are faults and passed over. */
static bool next_row(const reading *r, table *t)
{
    while (krni_csv_next(&t->csv)) {
        if (t->csv.n_fields == t->n_columns && t->n_columns <= KRNI_CSV_FIELDS)
            return true;
        if (t->csv.n_fields == 1 && !t->csv.fields[0].length && krni_csv_at_end(&t->csv))
            return false;
        krni_fault(r->faults, place_of(r, t, t->csv.line, NO_COLUMN), "another number of fields",
                   24, "%u fields", t->n_columns);
    }
    return false;
}

/* ---- cells ---- */

static krni_field cell(const table *t, uint32_t column)
{
    return t->csv.fields[t->place[column]];
}

static bool wrong(const reading *r, const table *t, uint32_t column, const char *expected)
{
    const krni_field f = cell(t, column);
    krni_fault(r->faults, place_of(r, t, t->csv.line, column), f.text, f.length, "%s",
               f.expected ? f.expected : expected);
    return false;
}

static bool take_number(const reading *r, const table *t, uint32_t column, double least,
                        double most, const char *expected, double *out)
{
    const krni_field f = cell(t, column);
    double value;
    if (f.expected || !krni_number_read(f.text, f.length, &value) || !(value >= least) ||
        !(value <= most))
        return wrong(r, t, column, expected);
    *out = value;
    return true;
}

static bool take_integer(const reading *r, const table *t, uint32_t column, double least,
                         double most, const char *expected, int64_t *out)
{
    const krni_field f = cell(t, column);
    int64_t value;
    if (f.expected || !krni_integer_read(f.text, f.length, &value) || (double)value < least ||
        (double)value > most)
        return wrong(r, t, column, expected);
    *out = value;
    return true;
}

static bool take_small(const reading *r, const table *t, uint32_t column, int32_t least,
                       int32_t most, int32_t none, const char *expected, int32_t *out)
{
    int64_t value = none;
    const bool good = (!cell(t, column).length && !cell(t, column).expected && none != least) ||
                      take_integer(r, t, column, least, most, expected, &value);
    *out = (int32_t)value;
    return good;
}

static bool take_switch(const reading *r, const table *t, uint32_t column, bool *out)
{
    int64_t value = 0;
    const bool good = take_integer(r, t, column, 0, 1, "0 or 1", &value);
    *out = value != 0;
    return good;
}

/* A text of the arena; *out NULL only with a fault or without memory. */
static krn_status take_text(const reading *r, const table *t, uint32_t column, bool *good,
                            const char **out, krn_error *err)
{
    const krni_field f = cell(t, column);
    if (f.expected) {
        *good = wrong(r, t, column, f.expected);
        *out = "";
        return KRN_OK;
    }
    char *text = krn_arena_calloc(r->arena, f.length + 1, 1);
    if (!text)
        return krni_fail_memory(err);
    if (f.length)
        memcpy(text, f.text, f.length);
    *out = text;
    return KRN_OK;
}

/* A name of the descriptor by its number. */
static bool take_name(const reading *r, const table *t, uint32_t column,
                      const krni_cost_names *names, const char *expected, uint32_t *out)
{
    const krni_field f = cell(t, column);
    for (uint32_t i = 0; !f.expected && i < names->n; i++)
        if (is_name(f, names->list[i])) {
            *out = i;
            return true;
        }
    return wrong(r, t, column, expected);
}

/* ---- numbers of nodes and links ---- */

static int compare_numbered(const void *pa, const void *pb)
{
    const numbered *a = pa, *b = pb;
    if (a->id != b->id)
        return a->id < b->id ? -1 : 1;
    return (a->line > b->line) - (a->line < b->line);
}

/* Sorted; of two alike the later line is a fault. */
static void sort_numbered(const reading *r, const table *t, numbered *list, uint32_t n)
{
    if (n)
        qsort(list, n, sizeof *list, compare_numbered);
    for (uint32_t i = 1; i < n; i++)
        if (list[i].id == list[i - 1].id) {
            char text[32];
            const int length = snprintf(text, sizeof text, "%lld", (long long)list[i].id);
            krni_fault(r->faults, place_of(r, t, list[i].line, 0), text, (size_t)length,
                       "a number that stands only once (also in line %u)", list[i - 1].line);
        }
}

static bool find_node(const reading *r, int64_t id, uint32_t *out)
{
    uint32_t low = 0, high = r->n_nodes;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (r->node_ids[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    *out = low;
    return low < r->n_nodes && r->node_ids[low].id == id;
}

static bool take_node(const reading *r, const table *t, uint32_t column, uint32_t *out)
{
    int64_t id = 0;
    if (!take_integer(r, t, column, -MOST_ID, MOST_ID, "a node of node.csv", &id))
        return false;
    return find_node(r, id, out) || wrong(r, t, column, "a node of node.csv");
}

/* Room for one more; false: no memory. */
static bool has_room(reading *r, void **list, uint32_t n, uint32_t *room, size_t size)
{
    if (n < *room)
        return true;
    void *larger = krni_arena_grow(r->arena, *list, n, room, size);
    if (larger)
        *list = larger;
    return larger != NULL;
}

static krn_status too_many(const table *t, krn_error *err)
{
    return krni_fail(err, KRN_E_LIMIT, "%s: more than %u rows", t->format->file,
                     KRNI_COST_MOST_ROWS);
}

/* ---- node.csv ---- */

static krn_status read_node(reading *r, const table *t, krn_cost_node *n, bool *good,
                            krn_error *err)
{
    krn_status status = KRN_OK;
    *good = take_integer(r, t, CN_NODE_ID, -MOST_ID, MOST_ID, "a whole number", &n->id);
    *good =
        take_number(r, t, CN_X_COORD, -180, 180, "degrees from -180 to 180", &n->lon_deg) && *good;
    *good = take_number(r, t, CN_Y_COORD, -90, 90, "degrees from -90 to 90", &n->lat_deg) && *good;
    *good = take_switch(r, t, CN_LOADS, &n->loads) && *good;
    *good = take_switch(r, t, CN_TRANSHIPS, &n->tranships) && *good;
    *good = take_switch(r, t, CN_CHANGES, &n->changes) && *good;
    *good = take_switch(r, t, CN_PASSES, &n->passes) && *good;
    status = take_text(r, t, CN_NODE_NAME, good, &n->name, err);
    return status ? status : take_text(r, t, CN_NODE_LAYER, good, &n->layer, err);
}

static krn_status read_nodes(reading *r, table *t, krn_error *err)
{
    uint32_t id_room = 0;
    while (next_row(r, t)) {
        krn_cost_node node = {0};
        bool good = true;
        const krn_status status = read_node(r, t, &node, &good, err);
        if (status)
            return status;
        if (!good)
            continue;
        if (r->n_nodes == KRNI_COST_MOST_ROWS)
            return too_many(t, err);
        if (!has_room(r, (void **)&r->nodes, r->n_nodes, &r->node_room, sizeof *r->nodes) ||
            !has_room(r, (void **)&r->node_ids, r->n_nodes, &id_room, sizeof *r->node_ids))
            return krni_fail_memory(err);
        r->node_ids[r->n_nodes] = (numbered){node.id, t->csv.line, r->n_nodes};
        r->nodes[r->n_nodes++] = node;
    }
    sort_numbered(r, t, r->node_ids, r->n_nodes);
    krn_cost_node *sorted = krn_arena_calloc(r->arena, r->n_nodes + 1u, sizeof *sorted);
    if (!sorted)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < r->n_nodes; i++)
        sorted[i] = r->nodes[r->node_ids[i].at];
    r->nodes = sorted;
    return KRN_OK;
}

/* ---- link.csv ---- */

/* A number of a line of coordinates and what must stand behind it. */
static bool take_coordinate(const char **at, const char *end, double most, double *out)
{
    const char *begin = *at;
    while (*at < end && **at != ' ' && **at != ',' && **at != ')')
        ++*at;
    return krni_number_read(begin, (size_t)(*at - begin), out) && fabs(*out) <= most;
}

/* "LINESTRING (lon lat, lon lat)"; blank: no points. */
static krn_status take_line(const reading *r, const table *t, krn_cost_link *l, bool *good,
                            krn_error *err)
{
    static const char head[] = "LINESTRING (";
    static const char expected[] = "LINESTRING (lon lat, lon lat, ...) in degrees, or blank";
    const krni_field f = cell(t, CN_GEOMETRY);
    uint32_t n = 1;
    if (!f.length && !f.expected)
        return KRN_OK;
    if (f.expected || f.length < sizeof head || memcmp(f.text, head, sizeof head - 1) != 0) {
        *good = wrong(r, t, CN_GEOMETRY, expected);
        return KRN_OK;
    }
    const char *at = f.text + sizeof head - 1, *end = f.text + f.length;
    for (const char *c = at; c < end; c++)
        n += *c == ',';
    if (n > MOST_POINTS) {
        *good = wrong(r, t, CN_GEOMETRY, "a line of at most 100000 points");
        return KRN_OK;
    }
    double *points = krn_arena_alloc(r->arena, 2 * n * sizeof *points);
    if (!points)
        return krni_fail_memory(err);
    bool fine = n > 1;
    for (uint32_t k = 0; k < n && fine; k++) {
        fine = take_coordinate(&at, end, 180, &points[2 * k]) && at < end && *at++ == ' ' &&
               take_coordinate(&at, end, 90, &points[2 * k + 1]) && at < end;
        if (fine && k + 1 < n)
            fine = end - at > 2 && at[0] == ',' && at[1] == ' ';
        at += k + 1 < n ? 2 : 0;
    }
    if (!fine || end - at != 1 || *at != ')') {
        *good = wrong(r, t, CN_GEOMETRY, expected);
        return KRN_OK;
    }
    l->points_deg = points;
    l->n_points = n;
    return KRN_OK;
}

static krn_status read_link(reading *r, const table *t, krn_cost_link *l, bool *good,
                            krn_error *err)
{
    static const char small[] = "a whole number from 1 to 99", amount[] = "a number of 0 or more";
    int64_t mode = 0, classes = 0, directed = 0;
    double *fields = krn_arena_calloc(r->arena, r->names.fields.n + 1u, sizeof *fields);
    if (!fields)
        return krni_fail_memory(err);
    l->fields = fields;
    *good = take_integer(r, t, CN_LINK_ID, -MOST_ID, MOST_ID, "a whole number", &l->id);
    *good = take_node(r, t, CN_FROM_NODE_ID, &l->from_node) && *good;
    *good = take_node(r, t, CN_TO_NODE_ID, &l->to_node) && *good;
    *good = take_integer(r, t, CN_DIRECTED, 0, 0, "0: used in both directions", &directed) && *good;
    *good = take_number(r, t, CN_LENGTH, 0, 1e6, "km from 0 to 1000000", &l->length_km) && *good;
    *good = take_number(r, t, CN_FREE_SPEED, 0, 1e15, amount, &l->speed_kmh) && *good;
    *good = take_number(r, t, CN_CAPACITY, 0, 1e15, amount, &l->capacity) && *good;
    *good = take_integer(r, t, CN_MODE, 1, KRNI_NODUS_CLASSES, small, &mode) && *good;
    *good = take_integer(r, t, CN_CLASSES, 1, KRNI_NODUS_CLASSES, small, &classes) && *good;
    l->mode = (uint32_t)mode;
    l->classes = (uint32_t)classes;
    for (uint32_t k = 0; k < r->names.fields.n; k++) {
        const uint32_t column = CN_LINK_COLUMNS + k;
        fields[k] = NAN;
        if (cell(t, column).length || cell(t, column).expected)
            *good =
                take_number(r, t, column, -1e300, 1e300, "a number, or blank", &fields[k]) && *good;
    }
    const krn_status status = take_line(r, t, l, good, err);
    return status ? status : take_text(r, t, CN_LINK_LAYER, good, &l->layer, err);
}

static krn_status read_links(reading *r, table *t, krn_error *err)
{
    uint32_t id_room = 0;
    while (next_row(r, t)) {
        krn_cost_link link = {0};
        bool good = true;
        const krn_status status = read_link(r, t, &link, &good, err);
        if (status)
            return status;
        if (!good)
            continue;
        if (r->n_links == KRNI_COST_MOST_ROWS)
            return too_many(t, err);
        if (!has_room(r, (void **)&r->links, r->n_links, &r->link_room, sizeof *r->links) ||
            !has_room(r, (void **)&r->link_ids, r->n_links, &id_room, sizeof *r->link_ids))
            return krni_fail_memory(err);
        r->link_ids[r->n_links] = (numbered){link.id, t->csv.line, r->n_links};
        r->links[r->n_links++] = link;
    }
    sort_numbered(r, t, r->link_ids, r->n_links);
    krn_cost_link *sorted = krn_arena_calloc(r->arena, r->n_links + 1u, sizeof *sorted);
    if (!sorted)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < r->n_links; i++)
        sorted[i] = r->links[r->link_ids[i].at];
    r->links = sorted;
    return KRN_OK;
}

/* ---- cost_formula.csv ---- */

static bool take_kind(const reading *r, const table *t, krn_cost_formula *f, bool *out_variable)
{
    *out_variable = !cell(t, CN_KIND).expected && is_name(cell(t, CN_KIND), KRNI_COST_VARIABLE);
    for (int k = 0; !*out_variable && k < KRN_COST_KIND_COUNT; k++)
        if (!cell(t, CN_KIND).expected && is_name(cell(t, CN_KIND), krni_cost_kinds[k])) {
            f->kind = (krn_cost_kind)k;
            return true;
        }
    return *out_variable ||
           wrong(r, t, CN_KIND, "variable, load, unload, transit, tranship, move, switch or stop");
}

static krn_status read_formula(reading *r, const table *t, krn_cost_formula *f, uint32_t *out_set,
                               bool *good, krn_error *err)
{
    static const char small[] = "a whole number from 1 to 99, or blank",
                      group[] = "a whole number from 0 to 99, or blank",
                      scenario[] = "a whole number from 0 to 999, or blank";
    bool is_variable = false;
    int64_t line = 0;
    *good = take_name(r, t, CN_SET, &r->names.sets, "a cost set of datapackage.json", out_set);
    *good = take_integer(r, t, CN_LINE, 0, 4294967295.0, "a whole number", &line) && *good;
    *good = take_kind(r, t, f, &is_variable) && *good;
    *good = take_small(r, t, CN_FORMULA_MODE, 1, 99, 0, small, &f->mode) && *good;
    *good = take_small(r, t, CN_VEHICLE_CLASS, 1, 99, 0, small, &f->vehicle_class) && *good;
    *good = take_small(r, t, CN_TO_MODE, 1, 99, 0, small, &f->to_mode) && *good;
    *good = take_small(r, t, CN_TO_CLASS, 1, 99, 0, small, &f->to_class) && *good;
    *good = take_small(r, t, CN_GROUP, 0, 99, KRN_COST_ANY, group, &f->group) && *good;
    *good = take_small(r, t, CN_SCENARIO, 0, 999, KRN_COST_ANY, scenario, &f->scenario) && *good;
    *good = take_small(r, t, CN_OD_CLASS, 0, 99, KRN_COST_ANY, group, &f->od_class) && *good;
    *good = take_switch(r, t, CN_DURATION, &f->is_duration) && *good;
    f->line = (uint32_t)line;
    krn_status status = take_text(r, t, CN_FORMULA, good, &f->text, err);
    if (!status && *good && !*f->text)
        *good = wrong(r, t, CN_FORMULA, "a number or formula");
    if (!status)
        status = take_text(r, t, CN_VARIABLE, good, &f->name, err);
    if (!status && *good && (*f->name != '\0') != is_variable)
        *good = wrong(r, t, CN_VARIABLE, is_variable ? "the name of the variable" : "(blank)");
    if (!is_variable)
        f->name = NULL;
    return status;
}

static krn_status read_formulas(reading *r, table *t, krn_error *err)
{
    uint32_t set_room = 0;
    while (next_row(r, t)) {
        krn_cost_formula formula = {0};
        uint32_t set = 0;
        bool good = true;
        const krn_status status = read_formula(r, t, &formula, &set, &good, err);
        if (status)
            return status;
        if (!good)
            continue;
        if (r->n_formulas == KRNI_COST_MOST_ROWS)
            return too_many(t, err);
        if (!has_room(r, (void **)&r->formulas, r->n_formulas, &r->formula_room,
                      sizeof *r->formulas) ||
            !has_room(r, (void **)&r->set_of, r->n_formulas, &set_room, sizeof *r->set_of))
            return krni_fail_memory(err);
        r->set_of[r->n_formulas] = set;
        r->formulas[r->n_formulas++] = formula;
    }
    return KRN_OK;
}

/* ---- od.csv ---- */

static krn_status read_demands(reading *r, table *t, krn_error *err)
{
    static const char group[] = "a whole number from 0 to 99";
    uint32_t table_room = 0;
    while (next_row(r, t)) {
        krn_cost_demand d = {0};
        uint32_t od = 0;
        bool good =
            take_name(r, t, CN_TABLE, &r->names.od_tables, "an od table of datapackage.json", &od);
        good = take_small(r, t, CN_OD_GROUP, 0, 99, 0, group, &d.group) && good;
        good = take_small(r, t, CN_OD_OD_CLASS, 0, 99, 0, group, &d.od_class) && good;
        good = take_node(r, t, CN_ORIGIN, &d.origin) && good;
        good = take_node(r, t, CN_DESTINATION, &d.destination) && good;
        good =
            take_number(r, t, CN_QUANTITY, 5e-324, 1e15, "a number above 0", &d.quantity) && good;
        if (good && d.origin == d.destination)
            good = wrong(r, t, CN_DESTINATION, "another node than the origin");
        if (good && !r->nodes[d.origin].loads)
            good = wrong(r, t, CN_ORIGIN, "a node where goods are loaded");
        if (good && !r->nodes[d.destination].loads)
            good = wrong(r, t, CN_DESTINATION, "a node where goods are unloaded");
        if (!good)
            continue;
        if (r->n_demands == KRNI_COST_MOST_ROWS)
            return too_many(t, err);
        if (!has_room(r, (void **)&r->demands, r->n_demands, &r->demand_room, sizeof *r->demands) ||
            !has_room(r, (void **)&r->table_of, r->n_demands, &table_room, sizeof *r->table_of))
            return krni_fail_memory(err);
        r->table_of[r->n_demands] = od;
        r->demands[r->n_demands++] = d;
    }
    return KRN_OK;
}

/* ---- all ---- */

static krn_status read_tables(reading *r, krn_error *err)
{
    krn_status (*const read[])(reading *, table *, krn_error *) = {read_nodes, read_links,
                                                                   read_formulas, read_demands};
    krn_status status = KRN_OK;
    for (int which = 0; which < KRNI_COST_TABLES && !status; which++) {
        table t;
        bool good = false;
        status = open_table(r, (krni_cost_table)which, &t, &good, err);
        if (!status && good)
            status = read[which](r, &t, err);
        free(t.text);
    }
    return status;
}

/* Rows of each set and table together, in their order. */
static krn_status gather(const reading *r, krn_cost_network *out, krn_error *err)
{
    const uint32_t n_sets = r->names.sets.n, n_tables = r->names.od_tables.n;
    krn_cost_set *sets = krn_arena_calloc(r->arena, n_sets + 1u, sizeof *sets);
    krn_od_table *tables = krn_arena_calloc(r->arena, n_tables + 1u, sizeof *tables);
    krn_cost_formula *formulas = krn_arena_calloc(r->arena, r->n_formulas + 1u, sizeof *formulas);
    krn_cost_demand *demands = krn_arena_calloc(r->arena, r->n_demands + 1u, sizeof *demands);
    if (!sets || !tables || !formulas || !demands)
        return krni_fail_memory(err);
    uint32_t n = 0;
    for (uint32_t s = 0; s < n_sets; s++) {
        sets[s] = (krn_cost_set){r->names.sets.list[s], 0, formulas + n};
        for (uint32_t i = 0; i < r->n_formulas; i++)
            if (r->set_of[i] == s)
                formulas[n++] = r->formulas[i], sets[s].n_formulas++;
    }
    n = 0;
    for (uint32_t s = 0; s < n_tables; s++) {
        tables[s] = (krn_od_table){r->names.od_tables.list[s], 0, demands + n};
        for (uint32_t i = 0; i < r->n_demands; i++)
            if (r->table_of[i] == s)
                demands[n++] = r->demands[i], tables[s].n_rows++;
    }
    *out = (krn_cost_network){.name = r->names.name,
                              .title = r->names.title,
                              .n_nodes = r->n_nodes,
                              .n_links = r->n_links,
                              .n_fields = r->names.fields.n,
                              .n_sets = n_sets,
                              .n_od_tables = n_tables,
                              .nodes = r->nodes,
                              .links = r->links,
                              .fields = r->names.fields.list,
                              .sets = sets,
                              .od_tables = tables};
    return KRN_OK;
}

static krn_status read_descriptor(reading *r, krn_error *err)
{
    char *text = NULL;
    size_t size = 0;
    bool is = false;
    krn_status status =
        r->files->read(r->files->context, "datapackage.json", KRNI_NODUS_BYTES, &text, &size, err);
    if (!status && !text)
        status = krni_fail(err, KRN_E_IO, "%s/datapackage.json is not there", r->files->origin);
    if (!status)
        status = krni_cost_descriptor_read(text, size, r->faults, r->arena, &is, &r->names, err);
    free(text);
    if (!status && (!is || krn_faults_count(r->faults)))
        status = krni_faults_close(r->faults, err);
    return status;
}

krn_status krni_cost_network_read_from(const krni_files *files, krn_faults *faults,
                                       krn_arena *arena, krn_cost_network *out, krn_error *err)
{
    krn_faults *own = faults ? NULL : krn_faults_new();
    reading *r = krn_arena_calloc(arena, 1, sizeof *r);
    krn_status status = KRN_OK;
    *out = (krn_cost_network){0};
    if ((!faults && !own) || !r) {
        status = krni_fail_memory(err);
        goto done;
    }
    r->files = files;
    r->faults = faults ? faults : own;
    r->arena = arena;
    status = read_descriptor(r, err);
    if (!status)
        status = read_tables(r, err);
    if (!status)
        status = krni_faults_close(r->faults, err);
    if (!status)
        status = gather(r, out, err);
done:
    krn_faults_free(own);
    return status;
}

krn_status krn_cost_network_read(const char *folder, krn_faults *faults, krn_arena *arena,
                                 krn_cost_network *out, krn_error *err)
{
    char *path = krn_arena_text(arena, folder);
    if (!path)
        return krni_fail_memory(err);
    const krni_files files = krni_folder_files(path, folder);
    return krni_cost_network_read_from(&files, faults, arena, out, err);
}

bool krn_cost_network_is(const char *folder)
{
    krn_arena *arena = krn_arena_new(NULL, 0);
    char *path = arena ? krn_arena_text(arena, folder) : NULL;
    char *text = NULL;
    size_t size = 0;
    bool is = false;
    krni_cost_descriptor names;
    krn_error ignored;
    if (path) {
        const krni_files files = krni_folder_files(path, folder);
        if (!files.read(files.context, "datapackage.json", KRNI_NODUS_BYTES, &text, &size,
                        &ignored) &&
            text)
            (void)krni_cost_descriptor_read(text, size, NULL, arena, &is, &names, &ignored);
    }
    free(text);
    krn_arena_free(arena);
    return is;
}
