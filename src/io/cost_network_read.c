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
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <keruen/nodus.h>

#include "base/error.h"
#include "base/number.h"
#include "io/cost_network_cell.h"
#include "io/formula_check.h"
#include "io/nodus_read.h"

#define MOST_ID 9007199254740992.0 /* whole numbers that a double holds */

typedef struct numbered {
    int64_t id;
    uint32_t line, at;
} numbered;

typedef struct reading {
    krni_cost_reader in;
    krn_arena *scratch; /* of one formula */
    krn_cost_node *nodes;
    krn_cost_link *links;
    uint32_t n_nodes, node_room, n_links, link_room;
    numbered *node_ids, *link_ids; /* sorted */
    uint32_t *set_of, *table_of;   /* of each formula and od row, as in the file */
    krn_cost_formula *formulas;
    krn_cost_demand *demands;
    uint32_t n_formulas, formula_room, n_demands, demand_room;
    bool nodes_known; /* node.csv was read without a fault */
} reading;

/* ---- numbers of nodes and links ---- */

static int compare_numbered(const void *pa, const void *pb)
{
    const numbered *a = pa, *b = pb;
    if (a->id != b->id)
        return a->id < b->id ? -1 : 1;
    return (a->line > b->line) - (a->line < b->line);
}

/* Sorted; of two alike the later line is a fault. */
static void sort_numbered(const reading *r, const krni_cost_rows *t, numbered *list, uint32_t n)
{
    if (n)
        qsort(list, n, sizeof *list, compare_numbered);
    for (uint32_t i = 1; i < n; i++)
        if (list[i].id == list[i - 1].id) {
            char text[32];
            const int length = snprintf(text, sizeof text, "%lld", (long long)list[i].id);
            krni_fault(r->in.faults, krni_cost_place(&r->in, t, list[i].line, 0), text,
                       (size_t)length, "a number that stands only once (also in line %u)",
                       list[i - 1].line);
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

/* A node that is not there is told only when node.csv itself is whole. */
static bool take_node(const reading *r, const krni_cost_rows *t, uint32_t column, uint32_t *out)
{
    int64_t id = 0;
    if (!krni_cost_integer(&r->in, t, column, -MOST_ID, MOST_ID, "a node of node.csv", &id))
        return false;
    if (find_node(r, id, out))
        return true;
    return r->nodes_known && krni_cost_wrong(&r->in, t, column, "a node of node.csv");
}

/* Room for one more; false: no memory. */
static bool has_room(reading *r, void **list, uint32_t n, uint32_t *room, size_t size)
{
    if (n < *room)
        return true;
    void *larger = krni_arena_grow(r->in.arena, *list, n, room, size);
    if (larger)
        *list = larger;
    return larger != NULL;
}

static krn_status too_many(const krni_cost_rows *t, krn_error *err)
{
    return krni_fail(err, KRN_E_LIMIT, "%s: more than %u rows", t->format->file,
                     KRNI_COST_MOST_ROWS);
}

/* ---- node.csv ---- */

static krn_status read_node(reading *r, const krni_cost_rows *t, krn_cost_node *n, bool *good,
                            krn_error *err)
{
    krn_status status = KRN_OK;
    *good = krni_cost_integer(&r->in, t, CN_NODE_ID, -MOST_ID, MOST_ID, "a whole number", &n->id);
    *good = krni_cost_number(&r->in, t, CN_X_COORD, -180, 180, "degrees from -180 to 180",
                             &n->lon_deg) &&
            *good;
    *good =
        krni_cost_number(&r->in, t, CN_Y_COORD, -90, 90, "degrees from -90 to 90", &n->lat_deg) &&
        *good;
    *good = krni_cost_switch(&r->in, t, CN_LOADS, &n->loads) && *good;
    *good = krni_cost_switch(&r->in, t, CN_TRANSHIPS, &n->tranships) && *good;
    *good = krni_cost_switch(&r->in, t, CN_CHANGES, &n->changes) && *good;
    *good = krni_cost_switch(&r->in, t, CN_PASSES, &n->passes) && *good;
    status = krni_cost_text(&r->in, t, CN_NODE_NAME, good, &n->name, err);
    return status ? status : krni_cost_text(&r->in, t, CN_NODE_LAYER, good, &n->layer, err);
}

static krn_status read_nodes(reading *r, krni_cost_rows *t, krn_error *err)
{
    uint32_t id_room = 0;
    while (krni_cost_next(&r->in, t)) {
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
    krn_cost_node *sorted = krn_arena_calloc(r->in.arena, r->n_nodes + 1u, sizeof *sorted);
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
static krn_status take_line(const reading *r, const krni_cost_rows *t, krn_cost_link *l, bool *good,
                            krn_error *err)
{
    static const char head[] = "LINESTRING (";
    static const char expected[] = "LINESTRING (lon lat, lon lat, ...) in degrees, or blank";
    const krni_field f = krni_cost_cell(t, CN_GEOMETRY);
    uint32_t n = 1;
    if (!f.length && !f.expected)
        return KRN_OK;
    if (f.expected || f.length < sizeof head || memcmp(f.text, head, sizeof head - 1) != 0) {
        *good = krni_cost_wrong(&r->in, t, CN_GEOMETRY, expected);
        return KRN_OK;
    }
    const char *at = f.text + sizeof head - 1, *end = f.text + f.length;
    for (const char *c = at; c < end; c++)
        n += *c == ',';
    double *points = krn_arena_alloc(r->in.arena, 2 * n * sizeof *points);
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
        *good = krni_cost_wrong(&r->in, t, CN_GEOMETRY, expected);
        return KRN_OK;
    }
    l->points_deg = points;
    l->n_points = n;
    return KRN_OK;
}

static krn_status read_link(reading *r, const krni_cost_rows *t, krn_cost_link *l, bool *good,
                            krn_error *err)
{
    static const char small[] = "a whole number from 1 to 99", amount[] = "a number from 0 to 1e15";
    int64_t mode = 0, classes = 0, directed = 0;
    double *fields = krn_arena_calloc(r->in.arena, r->in.names.fields.n + 1u, sizeof *fields);
    if (!fields)
        return krni_fail_memory(err);
    l->fields = fields;
    *good = krni_cost_integer(&r->in, t, CN_LINK_ID, -MOST_ID, MOST_ID, "a whole number", &l->id);
    *good = take_node(r, t, CN_FROM_NODE_ID, &l->from_node) && *good;
    *good = take_node(r, t, CN_TO_NODE_ID, &l->to_node) && *good;
    *good =
        krni_cost_integer(&r->in, t, CN_DIRECTED, 0, 0, "0: used in both directions", &directed) &&
        *good;
    *good = krni_cost_number(&r->in, t, CN_LENGTH, 0, 1e6, "km from 0 to 1000000", &l->length_km) &&
            *good;
    *good = krni_cost_number(&r->in, t, CN_FREE_SPEED, 0, 1e15, amount, &l->speed_kmh) && *good;
    *good = krni_cost_number(&r->in, t, CN_CAPACITY, 0, 1e15, amount, &l->capacity) && *good;
    *good = krni_cost_integer(&r->in, t, CN_MODE, 1, KRNI_NODUS_CLASSES, small, &mode) && *good;
    *good =
        krni_cost_integer(&r->in, t, CN_CLASSES, 1, KRNI_NODUS_CLASSES, small, &classes) && *good;
    l->mode = (uint32_t)mode;
    l->classes = (uint32_t)classes;
    for (uint32_t k = 0; k < r->in.names.fields.n; k++) {
        const uint32_t column = CN_LINK_COLUMNS + k;
        fields[k] = NAN;
        if (krni_cost_cell(t, column).length || krni_cost_cell(t, column).expected)
            *good = krni_cost_number(&r->in, t, column, -1e300, 1e300, "a number, or blank",
                                     &fields[k]) &&
                    *good;
    }
    const krn_status status = take_line(r, t, l, good, err);
    return status ? status : krni_cost_text(&r->in, t, CN_LINK_LAYER, good, &l->layer, err);
}

static krn_status read_links(reading *r, krni_cost_rows *t, krn_error *err)
{
    uint32_t id_room = 0;
    while (krni_cost_next(&r->in, t)) {
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
    krn_cost_link *sorted = krn_arena_calloc(r->in.arena, r->n_links + 1u, sizeof *sorted);
    if (!sorted)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < r->n_links; i++)
        sorted[i] = r->links[r->link_ids[i].at];
    r->links = sorted;
    return KRN_OK;
}

/* ---- cost_formula.csv ---- */

static bool take_kind(const reading *r, const krni_cost_rows *t, krn_cost_formula *f,
                      bool *out_variable)
{
    *out_variable = !krni_cost_cell(t, CN_KIND).expected &&
                    krni_cost_is(krni_cost_cell(t, CN_KIND), KRNI_COST_VARIABLE);
    for (int k = 0; !*out_variable && k < KRN_COST_KIND_COUNT; k++)
        if (!krni_cost_cell(t, CN_KIND).expected &&
            krni_cost_is(krni_cost_cell(t, CN_KIND), krni_cost_kinds[k])) {
            f->kind = (krn_cost_kind)k;
            return true;
        }
    return *out_variable ||
           krni_cost_wrong(&r->in, t, CN_KIND,
                           "variable, load, unload, transit, tranship, move, switch or stop");
}

static krn_status read_formula(reading *r, const krni_cost_rows *t, krn_cost_formula *f,
                               uint32_t *out_set, bool *good, krn_error *err)
{
    static const char small[] = "a whole number from 1 to 99, or blank",
                      group[] = "a whole number from 0 to 99, or blank",
                      scenario[] = "a whole number from 0 to 999, or blank";
    bool is_variable = false;
    int64_t line = 0;
    *good = krni_cost_name(&r->in, t, CN_SET, &r->in.names.sets, "a cost set of datapackage.json",
                           out_set);
    *good =
        krni_cost_integer(&r->in, t, CN_LINE, 0, 4294967295.0, "a whole number", &line) && *good;
    *good = take_kind(r, t, f, &is_variable) && *good;
    *good = krni_cost_small(&r->in, t, CN_FORMULA_MODE, 1, 99, 0, small, &f->mode) && *good;
    *good =
        krni_cost_small(&r->in, t, CN_VEHICLE_CLASS, 1, 99, 0, small, &f->vehicle_class) && *good;
    *good = krni_cost_small(&r->in, t, CN_TO_MODE, 1, 99, 0, small, &f->to_mode) && *good;
    *good = krni_cost_small(&r->in, t, CN_TO_CLASS, 1, 99, 0, small, &f->to_class) && *good;
    *good = krni_cost_small(&r->in, t, CN_GROUP, 0, 99, KRN_COST_ANY, group, &f->group) && *good;
    *good = krni_cost_small(&r->in, t, CN_SCENARIO, 0, 999, KRN_COST_ANY, scenario, &f->scenario) &&
            *good;
    *good =
        krni_cost_small(&r->in, t, CN_OD_CLASS, 0, 99, KRN_COST_ANY, group, &f->od_class) && *good;
    *good = krni_cost_switch(&r->in, t, CN_DURATION, &f->is_duration) && *good;
    f->line = (uint32_t)line;
    krn_status status = krni_cost_text(&r->in, t, CN_FORMULA, good, &f->text, err);
    if (!status && *good && !*f->text)
        *good = krni_cost_wrong(&r->in, t, CN_FORMULA, "a number or formula");
    if (!status && *good)
        status = krni_formula_check(f->text, krni_cost_place(&r->in, t, t->csv.line, CN_FORMULA),
                                    r->in.faults, r->scratch, good, err);
    if (!status)
        status = krni_cost_text(&r->in, t, CN_VARIABLE, good, &f->name, err);
    if (!status && *good && (*f->name != '\0') != is_variable)
        *good = krni_cost_wrong(&r->in, t, CN_VARIABLE,
                                is_variable ? "the name of the variable" : "(blank)");
    if (!is_variable)
        f->name = NULL;
    return status;
}

static krn_status read_formulas(reading *r, krni_cost_rows *t, krn_error *err)
{
    uint32_t set_room = 0;
    while (krni_cost_next(&r->in, t)) {
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

static krn_status read_demands(reading *r, krni_cost_rows *t, krn_error *err)
{
    static const char group[] = "a whole number from 0 to 99";
    uint32_t table_room = 0;
    while (krni_cost_next(&r->in, t)) {
        krn_cost_demand d = {0};
        uint32_t od = 0;
        bool good = krni_cost_name(&r->in, t, CN_TABLE, &r->in.names.od_tables,
                                   "an od table of datapackage.json", &od);
        good = krni_cost_small(&r->in, t, CN_OD_GROUP, 0, 99, 0, group, &d.group) && good;
        good = krni_cost_small(&r->in, t, CN_OD_OD_CLASS, 0, 99, 0, group, &d.od_class) && good;
        good = take_node(r, t, CN_ORIGIN, &d.origin) && good;
        good = take_node(r, t, CN_DESTINATION, &d.destination) && good;
        good = krni_cost_number(&r->in, t, CN_QUANTITY, 5e-324, 1e15,
                                "a number above 0, at most 1e15,", &d.quantity) &&
               good;
        if (good && d.origin == d.destination)
            good = krni_cost_wrong(&r->in, t, CN_DESTINATION, "another node than the origin");
        if (good && !r->nodes[d.origin].loads)
            good = krni_cost_wrong(&r->in, t, CN_ORIGIN, "a node where goods are loaded");
        if (good && !r->nodes[d.destination].loads)
            good = krni_cost_wrong(&r->in, t, CN_DESTINATION, "a node where goods are unloaded");
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
    krn_status (*const read[])(reading *, krni_cost_rows *,
                               krn_error *) = {read_nodes, read_links, read_formulas, read_demands};
    krn_status status = KRN_OK;
    for (int which = 0; which < KRNI_COST_TABLES && !status; which++) {
        krni_cost_rows t;
        bool good = false;
        status = krni_cost_open(&r->in, (krni_cost_table)which, &t, &good, err);
        if (!status && good)
            status = read[which](r, &t, err);
        if (which == KRNI_COST_NODE)
            r->nodes_known = krn_faults_count(r->in.faults) == 0;
        free(t.text);
    }
    return status;
}

/* Rows of each set and table together, in their order. */
static krn_status gather(const reading *r, krn_cost_network *out, krn_error *err)
{
    const uint32_t n_sets = r->in.names.sets.n, n_tables = r->in.names.od_tables.n;
    krn_cost_set *sets = krn_arena_calloc(r->in.arena, n_sets + 1u, sizeof *sets);
    krn_od_table *tables = krn_arena_calloc(r->in.arena, n_tables + 1u, sizeof *tables);
    krn_cost_formula *formulas =
        krn_arena_calloc(r->in.arena, r->n_formulas + 1u, sizeof *formulas);
    krn_cost_demand *demands = krn_arena_calloc(r->in.arena, r->n_demands + 1u, sizeof *demands);
    if (!sets || !tables || !formulas || !demands)
        return krni_fail_memory(err);
    uint32_t n = 0;
    for (uint32_t s = 0; s < n_sets; s++) {
        sets[s] = (krn_cost_set){r->in.names.sets.list[s], 0, formulas + n};
        for (uint32_t i = 0; i < r->n_formulas; i++)
            if (r->set_of[i] == s)
                formulas[n++] = r->formulas[i], sets[s].n_formulas++;
    }
    n = 0;
    for (uint32_t s = 0; s < n_tables; s++) {
        tables[s] = (krn_od_table){r->in.names.od_tables.list[s], 0, demands + n};
        for (uint32_t i = 0; i < r->n_demands; i++)
            if (r->table_of[i] == s)
                demands[n++] = r->demands[i], tables[s].n_rows++;
    }
    *out = (krn_cost_network){.name = r->in.names.name,
                              .title = r->in.names.title,
                              .n_nodes = r->n_nodes,
                              .n_links = r->n_links,
                              .n_fields = r->in.names.fields.n,
                              .n_sets = n_sets,
                              .n_od_tables = n_tables,
                              .nodes = r->nodes,
                              .links = r->links,
                              .fields = r->in.names.fields.list,
                              .sets = sets,
                              .od_tables = tables};
    return KRN_OK;
}

static krn_status read_descriptor(reading *r, krn_error *err)
{
    char *text = NULL;
    size_t size = 0;
    bool is = false;
    krn_status status = r->in.files->read(r->in.files->context, "datapackage.json",
                                          KRNI_NODUS_BYTES, &text, &size, err);
    if (!status && !text)
        status = krni_fail(err, KRN_E_IO, "%s/datapackage.json is not there", r->in.files->origin);
    if (!status)
        status = krni_cost_descriptor_read(text, size, r->in.faults, r->in.arena, &is, &r->in.names,
                                           err);
    free(text);
    if (!status && (!is || krn_faults_count(r->in.faults)))
        status = krni_faults_close(r->in.faults, err);
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
    r->in.files = files;
    r->in.faults = faults ? faults : own;
    r->in.arena = arena;
    r->scratch = krn_arena_new(NULL, 0);
    status = r->scratch ? read_descriptor(r, err) : krni_fail_memory(err);
    if (!status)
        status = read_tables(r, err);
    if (!status)
        status = krni_faults_close(r->in.faults, err);
    if (!status)
        status = gather(r, out, err);
done:
    if (r)
        krn_arena_free(r->scratch);
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

/* Whether a file holds a text; looked for in pieces, so that nothing is allocated. */
static bool file_holds(const char *path, const char *text)
{
    char piece[4096];
    const size_t n = strlen(text);
    size_t kept = 0;
    bool found = false;
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return false;
    for (size_t read_bytes = 0; !found && read_bytes < KRNI_NODUS_BYTES;) {
        const ssize_t got = read(file, piece + kept, sizeof piece - kept);
        if (got <= 0)
            break;
        const size_t size = kept + (size_t)got;
        for (size_t k = 0; k + n <= size && !found; k++)
            found = memcmp(piece + k, text, n) == 0;
        kept = size < n ? size : n - 1;
        memmove(piece, piece + size - kept, kept);
        read_bytes += (size_t)got;
    }
    (void)close(file);
    return found;
}

bool krn_cost_network_is(const char *folder)
{
    char path[4096];
    const int n = snprintf(path, sizeof path, "%s/datapackage.json", folder);
    return n > 0 && (size_t)n < sizeof path && file_holds(path, "\"" KRNI_COST_PROFILE "\"");
}
