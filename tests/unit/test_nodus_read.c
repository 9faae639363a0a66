/* SPDX-License-Identifier: Apache-2.0 */
/* test_nodus_read.c - the small project of tests/golden/nodus-small (tools/make_nodus_small.py),
 * and what its reader says when bytes of it are damaged.
 *
 *   1 --- 11 ==== 12 --- 2      3 --- 13 --- 4      21 ~~~~ 22 (canal and rail) */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "io/nodus_read.h"
#include "support/assert_near.h"
#include "support/damage.h"
#include "support/failing_alloc.h"

#define FOLDER KRN_SOURCE_DIR "/tests/golden/nodus-small"

typedef struct reading {
    memory_folder *folder;
    krn_arena *arena;
    krn_faults *faults;
    krn_cost_network network;
    krn_cost_notes notes;
    krn_error err;
} reading;

static int set_up(void **state)
{
    reading *r = calloc(1, sizeof *r);
    if (!r)
        return 1;
    r->folder = memory_folder_open(FOLDER);
    r->arena = krn_arena_new(NULL, 0);
    r->faults = krn_faults_new();
    *state = r;
    return !r->folder || !r->arena || !r->faults;
}

static int tear_down(void **state)
{
    reading *r = *state;
    memory_folder_free(r->folder);
    krn_arena_free(r->arena);
    krn_faults_free(r->faults);
    free(r);
    return 0;
}

static krn_status read_it(reading *r)
{
    const krni_files files = memory_folder_files(r->folder);
    return krni_nodus_read_from(&files, "small.nodus", r->faults, r->arena, &r->network, &r->notes,
                                &r->err);
}

static void read_whole(reading *r)
{
    if (read_it(r))
        fail_msg("%s", r->err.text);
}

/* ---- what is read ---- */

static void nodes_come_by_number_with_what_tranship_allows(void **state)
{
    static const struct {
        int64_t id;
        const char *name;
        bool loads, tranships, changes, passes;
    } expected[] = {
        {1, "Aksay", true, false, false, false},  {2, "Belkol", true, false, false, false},
        {3, "Togay", true, false, false, false},  {4, "D\xc3\xa4la", true, false, false, false},
        {11, "", false, false, false, true},      {12, "", false, false, false, true},
        {13, "", false, false, false, true},      {21, "Quay 21", true, true, true, true},
        {22, "Quay 22", false, true, false, true}};
    reading *r = *state;
    read_whole(r);
    assert_int_equal(r->network.n_nodes, 9);
    for (uint32_t i = 0; i < 9; i++) {
        const krn_cost_node *n = &r->network.nodes[i];
        assert_int_equal(n->id, expected[i].id);
        assert_string_equal(n->name, expected[i].name);
        assert_int_equal(n->loads, expected[i].loads);
        assert_int_equal(n->tranships, expected[i].tranships);
        assert_int_equal(n->changes, expected[i].changes);
        assert_int_equal(n->passes, expected[i].passes);
    }
    assert_string_equal(r->network.nodes[7].layer, "ports");
    assert_near(r->network.nodes[8].lon_deg, 51.5, 0.0);
    assert_near(r->network.nodes[8].lat_deg, 40.5, 0.0);
}

/* 0 load, tranship, change, pass: by code 0 to 9 */
static void each_code_of_tranship_has_its_meaning(void **state)
{
    static const char expected[10][5] = {"...p", "ltcp", ".t.p", "l..p", "..cp",
                                         "....", "ltc.", ".t..", "l...", "..c."};
    reading *r = *state;
    size_t size = 0;
    for (int code = 0; code < 10; code++) {
        char *table = memory_folder_text(r->folder, "junctions.dbf", &size);
        table[129 + 1 + 10 + 2] = (char)('0' + code); /* of node 11 */
        read_whole(r);
        const krn_cost_node *n = &r->network.nodes[4];
        const char found[5] = {n->loads ? 'l' : '.', n->tranships ? 't' : '.',
                               n->changes ? 'c' : '.', n->passes ? 'p' : '.', '\0'};
        assert_string_equal(found, expected[code]);
    }
}

static void links_come_by_number_with_their_layer_and_fields(void **state)
{
    static const int64_t ids[] = {101, 102, 103, 104, 201, 202, 204, 205, 301, 401};
    reading *r = *state;
    read_whole(r);
    const krn_cost_network *n = &r->network;
    assert_int_equal(n->n_links, 10);
    for (uint32_t i = 0; i < 10; i++)
        assert_int_equal(n->links[i].id, ids[i]);
    assert_int_equal(n->n_fields, 2);
    assert_string_equal(n->fields[0], "LANES");
    assert_string_equal(n->fields[1], "DRAUGHT");
    const krn_cost_link *road = &n->links[4], *canal = &n->links[8];
    assert_int_equal(n->nodes[road->from_node].id, 11);
    assert_int_equal(n->nodes[road->to_node].id, 12);
    assert_int_equal(road->mode, 1);
    assert_int_equal(road->classes, 2);
    assert_near(road->capacity, 500.0, 0.0);
    assert_near(road->speed_kmh, 80.0, 0.0);
    assert_near(road->fields[0], 2.0, 0.0);
    assert_true(isnan(road->fields[1]));
    assert_true(isnan(n->links[5].fields[0])); /* blank */
    assert_int_equal(canal->mode, 2);
    assert_int_equal(canal->classes, 3);
    assert_near(canal->fields[1], 2.75, 0.0);
    assert_int_equal(canal->n_points, 4);
    assert_near(canal->points_deg[2], 50.8, 0.0);
    assert_near(canal->points_deg[3], 40.4, 0.0);
}

static double haversine_km(double lon_a, double lat_a, double lon_b, double lat_b)
{
    const double radian = 3.14159265358979323846 / 180.0;
    const double s = sin((lat_b - lat_a) * radian / 2.0), t = sin((lon_b - lon_a) * radian / 2.0);
    return 2.0 * 6378.137 * asin(sqrt(s * s + cos(lat_a * radian) * cos(lat_b * radian) * t * t));
}

static void lengths_are_great_circles_unless_a_field_says_else(void **state)
{
    reading *r = *state;
    read_whole(r);
    const krn_cost_link *links = r->network.links;
    assert_near_relative(links[0].length_km, haversine_km(50, 41, 50.5, 41), 1e-6);
    assert_near_relative(links[4].length_km,
                         haversine_km(50.5, 41, 51, 41.1) + haversine_km(51, 41.1, 51.5, 41), 1e-6);
    assert_near_relative(links[5].length_km, 6378.137 * 3.14159265358979323846 / 180.0, 1e-6);
    assert_near(links[9].length_km, 95.5, 0.0); /* field LENGTH of rails */
}

static void demand_is_that_between_nodes_that_load(void **state)
{
    static const struct {
        int32_t group, od_class;
        int64_t from, to;
        double quantity;
    } expected[] = {
        {0, 0, 1, 2, 1000.0}, {0, 0, 3, 2, 250.5}, {1, 0, 1, 4, 400.0}, {1, 1, 2, 3, 60.25}};
    reading *r = *state;
    read_whole(r);
    const krn_cost_network *n = &r->network;
    assert_int_equal(n->n_od_tables, 2);
    assert_string_equal(n->od_tables[0].name, "od_first");
    assert_string_equal(n->od_tables[1].name, "od_second");
    assert_int_equal(n->od_tables[0].n_rows, 4);
    for (uint32_t i = 0; i < 4; i++) {
        const krn_cost_demand *d = &n->od_tables[0].rows[i];
        assert_int_equal(d->group, expected[i].group);
        assert_int_equal(d->od_class, expected[i].od_class);
        assert_int_equal(n->nodes[d->origin].id, expected[i].from);
        assert_int_equal(n->nodes[d->destination].id, expected[i].to);
        assert_near(d->quantity, expected[i].quantity, 0.0);
    }
    assert_int_equal(n->od_tables[1].n_rows, 2);
    assert_int_equal(n->od_tables[1].rows[0].group, 0);
}

static const krn_cost_formula *formula_of_line(const krn_cost_set *set, uint32_t line)
{
    for (uint32_t i = 0; i < set->n_formulas; i++)
        if (set->formulas[i].line == line)
            return &set->formulas[i];
    return NULL;
}

static void keys_of_costs_tell_what_a_formula_is_for(void **state)
{
    reading *r = *state;
    read_whole(r);
    assert_int_equal(r->network.n_sets, 3);
    const krn_cost_set *all = &r->network.sets[0];
    assert_string_equal(all->name, "all");
    assert_string_equal(r->network.sets[1].name, "jam");
    assert_string_equal(r->network.sets[2].name, "road");
    assert_int_equal(all->n_formulas, 25);
    const krn_cost_formula *f = formula_of_line(all, 3); /* AVGLOAD.1,1.1 */
    assert_string_equal(f->name, "AVGLOAD");
    assert_int_equal(f->mode, 1);
    assert_int_equal(f->vehicle_class, 1);
    assert_int_equal(f->group, 1);
    assert_int_equal(f->scenario, KRN_COST_ANY);
    f = formula_of_line(all, 8); /* 2.toll */
    assert_string_equal(f->name, "toll");
    assert_int_equal(f->scenario, 2);
    assert_int_equal(f->group, KRN_COST_ANY);
    assert_null(formula_of_line(all, 9)); /* set again in line 10 */
    f = formula_of_line(all, 14);         /* ld.1,1-1 */
    assert_null(f->name);
    assert_int_equal(f->kind, KRN_COST_LOAD);
    assert_int_equal(f->od_class, 1);
    f = formula_of_line(all, 20); /* tp.1,1-3,1 */
    assert_int_equal(f->kind, KRN_COST_TRANSHIP);
    assert_int_equal(f->to_mode, 3);
    assert_int_equal(f->to_class, 1);
    f = formula_of_line(all, 23); /* goes on in line 24 */
    assert_string_equal(f->text, "0.02 * LENGTH * max(1, 4 - DRAUGHT)");
    assert_false(f->is_duration);
    f = formula_of_line(all, 26); /* mv@1,1 */
    assert_int_equal(f->kind, KRN_COST_MOVE);
    assert_true(f->is_duration);
}

static void what_is_not_used_is_noted(void **state)
{
    static const char *const expected[] = {
        "small.nodus: properties of drawing, database or program, not used: 2 (the first: "
        "jdbc.driver)",
        "junctions.dbf: deleted records, left out: 1",
        "highways.dbf: links that are disabled, deleted, or of mode or means 0, left out: 1",
        "highways.dbf: further values that are blank, which no formula can use: 1",
        "rails.dbf: LENGTH is that of the field, not of the line",
        "layers of nodes: formulas cannot use the fields DEPTH",
        "layers of links: styles and the labels LABEL are not used",
        "od_first.dbf: rows left out: 4, of 105 in all: 1 from a place to itself, 1 of no "
        "quantity, 1 with an end that is no node for loading, 1 deleted",
        "od_second.dbf: departure times are not used",
        "od_second.dbf: read as an od table, though importTables does not name it",
        "tallies.dbf: not used, as it is no layer and no od table (org, dst, qty)",
        "all.costs: rate of line 9 does not count, as line 10 sets it again",
        "all.costs: lines of plug-ins, time slices or texts, not used: 1 (Logit.plugin)",
        "all.costs: formulas of services (sw, stp), kept and not used: 1",
        "after.groovy: scripts and plug-ins are not run",
        "merge.sql: SQL is not run; od tables are added up by naming them together: --od od_first"};
    reading *r = *state;
    read_whole(r);
    assert_int_equal(r->notes.n, sizeof expected / sizeof expected[0]);
    for (uint32_t i = 0; i < r->notes.n; i++)
        assert_string_equal(r->notes.texts[i], expected[i]);
}

/* ---- damaged copies ---- */

static void check_damages(const damage *list, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        reading *r = NULL;
        assert_int_equal(set_up((void **)&r), 0);
        damage_apply(r->folder, &list[k]);
        const krn_status status = read_it(r);
        damage_check_faults(r->faults, list[k].faults);
        assert_int_equal(status, KRN_E_DATA);
        assert_int_equal(r->network.n_nodes, 0); /* nothing half read */
        assert_int_equal(r->network.n_links, 0);
        assert_int_equal(r->network.n_sets, 0);
        assert_int_equal(r->network.n_od_tables, 0);
        assert_int_equal(r->notes.n, 0);
        tear_down((void **)&r);
    }
}

/* Records of points are 28 bytes from 100 on; lines have 8 + 48 + 16 a point. */
static void damaged_shapes_are_told_with_file_and_record(void **state)
{
    static const damage list[] = {
        CUT("cities.shp", 50, "cities.shp:0: (size): 50: a file of 100 bytes or more was expected"),
        CUT("cities.shp", 100,
            "cities.shp:0: (size): 100: a file of 212 bytes or more, as the header says was "
            "expected"),
        CUT("cities.shx", 99, "cities.shx:0: (size): 99: a file of 100 bytes or more was expected"),
        CUT("cities.shx", 124,
            "cities.shx:0: (size): 124: a file of 132 bytes or more, as the header says was "
            "expected"),
        PUT("cities.shp", 0, "\0\0\0\1",
            "cities.shp:0: (header): another beginning: the header of a shapefile (9994, version "
            "1000) was expected"),
        PUT("cities.shp", 28, "\1\0\0\0",
            "cities.shp:0: (header): another beginning: the header of a shapefile (9994, version "
            "1000) was expected"),
        PUT("cities.shp", 32, "\3\0\0\0",
            "cities.shp:0: (type): type 3: a point (type 1, 11 or 21) was expected"),
        PUT("cities.shx", 32, "\3\0\0\0",
            "cities.shx:0: (type): type 3: the type of the .shp file was expected"),
        PUT("ramps.shp", 32, "\5\0\0\0",
            "ramps.shp:0: (type): type 5: a line (type 3, 13 or 23) was expected"),
        PUT("cities.shp", 108, "\0\0\0\0",
            "cities.shp:1: (type): type 0: a point (type 1, 11 or 21) was expected"),
        PUT("cities.shp", 104, "\0\0\0\x0c",
            "cities.shp:1: (size): 24: a record of 20 bytes, as the .shx file says was expected"),
        PUT("cities.shx", 100, "\0\0\0\2",
            "cities.shx:1: (record): 4: a place of a record within the 212 bytes of the .shp file "
            "was expected"),
        PUT("cities.shx", 100, "\x7f\xff\xff\xff",
            "cities.shx:1: (record): 4294967294: a place of a record within the 212 bytes of the "
            ".shp file was expected"),
        PUT("cities.shp", 112, "\0\0\0\0\0\0\xf8\x7f",
            "cities.shp:1: (longitude): NaN: degrees from -180 to 180 was expected"),
        PUT("cities.shp", 112, "\0\0\0\0\0\0\xf0\x7f",
            "cities.shp:1: (longitude): infinite: degrees from -180 to 180 was expected"),
        PUT("cities.shp", 120, "\0\0\0\0\0\0\x59\x40",
            "cities.shp:1: (latitude): 100: degrees from -90 to 90 was expected"),
        PUT("rails.shp", 144, "\2\0\0\0",
            "rails.shp:1: (parts): 2: a line of one part and 2 points or more was expected"),
        PUT("rails.shp", 148, "\1\0\0\0",
            "rails.shp:1: (points): 1: a line of one part and 2 points or more was expected"),
        PUT("rails.shp", 148, "\xff\xff\xff\x7f",
            "rails.shp:1: (size): 80: 34359738400 bytes, as the points are counted was expected"),
        PUT("rails.shp", 152, "\1\0\0\0",
            "rails.shp:1: (part): 1: a part that begins at point 0 was expected"),
        CUT("cities.shp", 0,
            "cities.shp:0: (file): (blank): a file in the folder of the project was expected"),
        CUT("cities.shx", 0,
            "cities.shx:0: (file): (blank): a file in the folder of the project was expected"),
    };
    (void)state;
    check_damages(list, sizeof list / sizeof list[0]);
}

static void damaged_tables_are_told_with_file_and_record(void **state)
{
    static const damage list[] = {
        CUT("cities.dbf", 0,
            "cities.dbf:0: (file): (blank): a file in the folder of the project was expected"),
        CUT("cities.dbf", 20, "cities.dbf:0: (size): 20: a file of 33 bytes or more was expected"),
        CUT("cities.dbf", 200,
            "cities.dbf:0: (size): 200: a file of 265 bytes or more, as the header counts rows was "
            "expected"),
        PUT("cities.dbf", 4, "\5\0\0\0",
            "cities.dbf:0: (size): 266: a file of 291 bytes or more, as the header counts rows was "
            "expected"),
        PUT("cities.dbf", 4, "\3\0\0\0",
            "cities.dbf:0: (records): 3 records: 4 records, as in cities.shp, was expected"),
        PUT("cities.dbf", 8, "\x20\0",
            "cities.dbf:0: (header): 32: a length of the header of 65 to 266 bytes was expected"),
        PUT("cities.dbf", 10, "\1\0",
            "cities.dbf:0: (header): 1: a length of rows of 2 bytes or more was expected"),
        PUT("cities.dbf", 10, "\5\0",
            "cities.dbf:0: (header): 5: a length of rows of 26 bytes or more, as the fields are "
            "long was expected"),
        SWAP("cities.dbf", "STYLE\0", "NUM\0\0\0",
             "cities.dbf:0: (header): NUM: a name of a field that stands only once was expected"),
        SWAP("cities.dbf", "TRANSHIP", "TRANSHAP",
             "cities.dbf:0: TRANSHIP: (missing): a numeric field of this name was expected"),
        SWAP("ramps.dbf", "SPEED", "SPEAD",
             "ramps.dbf:0: SPEED: (missing): a numeric field of this name was expected"),
        PUT("ramps.dbf", 32 + 11, "C",
            "ramps.dbf:0: NUM: (missing): a numeric field of this name was expected"), /* type of
                                                                                          NUM */
        SWAP("cities.dbf", "         3 08", "         1 08",
             "cities.dbf:2: NUM: 1: a number that stands only once in all layers was expected"),
        SWAP("ports.dbf", "        21", "         2",
             "ports.dbf:1: NUM: 2: a number that stands only once in all layers was expected"),
        SWAP("highways.dbf", "       201", "       101",
             "highways.dbf:1: NUM: 101: a number that stands only once in all layers was expected"),
        SWAP("highways.dbf", "       201", "      20.5",
             "highways.dbf:1: NUM: 20.5: a whole number was expected"),
        SWAP("highways.dbf", "       201", "          ",
             "highways.dbf:1: NUM: (blank): a whole number was expected"),
        SWAP("cities.dbf", "         3 08", "         3 0x",
             "cities.dbf:1: TRANSHIP: x: a whole number from 0 to 9 was expected"),
        SWAP("ramps.dbf", "        11 1", "        10 1",
             "ramps.dbf:1: NODE2: 10: the number of a node was expected"),
        SWAP("ramps.dbf", "     900.0", "    -900.0",
             "ramps.dbf:1: CAPACITY: -900.0: a number of 0 or more was expected"),
        SWAP("ramps.dbf", "     900.0", "       nan",
             "ramps.dbf:1: CAPACITY: nan: a number of 0 or more was expected"),
        SWAP("rails.dbf", "   95.50", "   95,50",
             "rails.dbf:1: LENGTH: 95,50: a number of km was expected"),
        SWAP("highways.dbf", " 2A1", "x2A1", "highways.dbf:1: LANES: x2: a number was expected"),
        CUT("od_first.dbf", 0,
            "od_first.dbf:0: (file): (blank): a file in the folder of the project was expected"),
        SWAP("od_first.dbf", "QTY", "QTE",
             "od_first.dbf:0: QTY: (missing): a numeric field of this name was expected"),
        SWAP("od_first.dbf", "     1000.00", "     1000.0x",
             "od_first.dbf:1: QTY: 1000.0x: a number was expected"),
        SWAP("od_first.dbf", " 1 0", "-1 0",
             "od_first.dbf:3: GRP: -1: a whole number from 0 to 99 was expected"),
    };
    (void)state;
    check_damages(list, sizeof list / sizeof list[0]);
}

static void damaged_texts_are_told_with_file_and_line(void **state)
{
    static const damage list[] = {
        SWAP("small.nodus", "network.nodes", "network.modes",
             "small.nodus:0: network.nodes: (blank): names of layers was expected"),
        SWAP("small.nodus", "ramps highways", "ramps ramps",
             "small.nodus:4: network.links: ramps: a name that stands only once was "
             "expected\nramps.dbf:1: NUM: 101: a number that stands only once in all layers was "
             "expected\nramps.dbf:2: NUM: 102: a number that stands only once in all layers was "
             "expected\nramps.dbf:3: NUM: 103: a number that stands only once in all layers was "
             "expected\nramps.dbf:4: NUM: 104: a number that stands only once in all layers was "
             "expected"),
        SWAP("small.nodus", "ramps highways", "ramps cities",
             "small.nodus:4: network.links: cities: a name that stands only once was "
             "expected\ncities.dbf:0: ENABLED: (missing): a numeric field of this name was "
             "expected\ncities.dbf:0: NODE1: (missing): a numeric field of this name was "
             "expected\ncities.dbf:0: NODE2: (missing): a numeric field of this name was "
             "expected\ncities.dbf:0: MODE: (missing): a numeric field of this name was "
             "expected\ncities.dbf:0: MEANS: (missing): a numeric field of this name was "
             "expected\ncities.dbf:0: CAPACITY: (missing): a numeric field of this name was "
             "expected\ncities.dbf:0: SPEED: (missing): a numeric field of this name was "
             "expected\ncities.shp:0: (type): type 1: a line (type 3, 13 or 23) was expected"),
        SWAP("small.nodus", "ramps highways", "../ramps highways",
             "small.nodus:4: network.links: ../ramps: a name of a file in the same folder was "
             "expected"),
        SWAP("small.nodus", "ramps highways", "ramps byways",
             "byways.dbf:0: (file): (blank): a file in the folder of the project was "
             "expected\nbyways.shp:0: (file): (blank): a file in the folder of the project was "
             "expected\nbyways.shx:0: (file): (blank): a file in the folder of the project was "
             "expected"),
        SWAP("small.nodus", "plain", "\\u12x4",
             "small.nodus:7: look.of.map: 12x4: four hexadecimal digits behind \\u was expected"),
        SWAP("road.costs", "ld.1,1", "ld.1;1",
             "road.costs:2: (name): ld.1;1: mode,class[.group][-class] behind the kind was "
             "expected"),
        SWAP("road.costs", "ld.1,1", "ld.1,100",
             "road.costs:2: (name): ld.1,100: mode,class[.group][-class] behind the kind was "
             "expected"),
        SWAP("road.costs", "ld.1,1", "ld.1,1.100",
             "road.costs:2: (name): ld.1,1.100: mode,class[.group][-class] behind the kind was "
             "expected"),
        SWAP("road.costs", "ld.1,1", "1000.ld.1,1",
             "road.costs:2: (name): 1000.ld.1,1: a scenario from 0 to 999 and a point before the "
             "name was expected"),
        SWAP("road.costs", "ld.1,1 = 2",
             "ld.1,1 =", "road.costs:2: ld.1,1: (blank): a number or a formula was expected"),
        SWAP("road.costs", "0.1 *", "\\u00",
             "road.costs:5: (name): mv.1,1: four hexadecimal digits behind \\u was expected"),
        SWAP("all.costs", "tp.1,1-2,1", "tp.1,1",
             "all.costs:18: (name): tp.1,1: mode,class-mode,class[.group][-class] behind the kind "
             "was expected"),
        SWAP("all.costs", "PCU.1,1", "PCU.1",
             "all.costs:6: (name): PCU.1: mode,class[.group] behind the name was expected"),
    };
    (void)state;
    check_damages(list, sizeof list / sizeof list[0]);
}

static void faults_of_many_files_come_in_one_reading(void **state)
{
    static const damage list[] = {
        PUT("cities.shp", 112, "\0\0\0\0\0\0\xf8\x7f", ""),
        SWAP("ramps.dbf", "     900.0", "    -900.0", ""),
        SWAP("od_first.dbf", "     1000.00", "     1000.0x", ""),
        SWAP("road.costs", "ld.1,1", "ld.1;1", ""),
    };
    reading *r = *state;
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
        damage_apply(r->folder, &list[i]);
    assert_int_equal(read_it(r), KRN_E_DATA);
    damage_check_faults(
        r->faults, "cities.shp:1: (longitude): NaN: degrees from -180 to 180 was "
                   "expected\nramps.dbf:1: CAPACITY: -900.0: a number of 0 or more was "
                   "expected\nod_first.dbf:1: QTY: 1000.0x: a number was expected\nroad.costs:2: "
                   "(name): ld.1;1: mode,class[.group][-class] behind the kind was expected");
}

/* A table that nobody asked for is passed over with a note when it is damaged. */
static void a_damaged_table_that_is_not_named_is_a_note(void **state)
{
    reading *r = *state;
    damage_apply(r->folder, &(damage)CUT("od_second.dbf", 40, ""));
    read_whole(r);
    assert_int_equal(r->network.n_od_tables, 1);
    bool told = false;
    for (uint32_t i = 0; i < r->notes.n; i++)
        told = told || strncmp(r->notes.texts[i], "od_second.dbf: not used", 23) == 0;
    assert_true(told);
}

static void a_field_without_a_name_is_passed_over(void **state)
{
    reading *r = *state;
    damage_apply(r->folder, &(damage)SWAP("ports.dbf", "DEPTH", "\0EPTH", ""));
    damage_apply(r->folder, &(damage)SWAP("highways.dbf", "LABEL", "\0ABEL", ""));
    read_whole(r);
    assert_int_equal(r->network.n_links, 10);
    for (uint32_t i = 0; i < r->notes.n; i++)
        assert_null(strstr(r->notes.texts[i], "layers of nodes"));
}

static void texts_may_have_other_line_ends_marks_and_letters(void **state)
{
    static const char text[] =
        "\xef\xbb\xbf# m\xc3\xa4rk\r\n! also\rld.1,1:\\u0032\r\n  ul.1,1 2 + 1  \r"
        "tr.1,1=\\\r\n   0\nmv.1,1 = LENGTH";
    reading *r = *state;
    assert_true(memory_folder_set(r->folder, "road.costs", text, sizeof text - 1));
    read_whole(r);
    const krn_cost_set *road = &r->network.sets[2];
    assert_int_equal(road->n_formulas, 4);
    assert_string_equal(road->formulas[0].text, "2");
    assert_string_equal(road->formulas[1].text, "2 + 1");
    assert_string_equal(road->formulas[2].text, "0");
    assert_string_equal(road->formulas[3].text, "LENGTH");
    assert_int_equal(road->formulas[3].line, 7);
}

static void texts_with_nul_are_told_with_its_line(void **state)
{
    static const char costs[] = "ld.1,1 = 2\nmv.1,1 = 2\0*LENGTH";
    static const char project[] = "network.nodes=\0cities";
    reading *r = *state;
    assert_true(memory_folder_set(r->folder, "road.costs", costs, sizeof costs - 1));
    assert_int_equal(read_it(r), KRN_E_DATA);
    damage_check_faults(r->faults, "road.costs:2: (row): (blank): a text without NUL was expected");
    assert_true(memory_folder_set(r->folder, "small.nodus", project, sizeof project - 1));
    assert_int_equal(read_it(r), KRN_E_DATA);
    assert_non_null(strstr(r->err.text, "small.nodus:1: (row)"));
}

static void a_project_is_named_by_its_file(void **state)
{
    reading *r = *state;
    assert_int_equal(
        krn_nodus_read(FOLDER "/small.nodus", NULL, r->arena, &r->network, &r->notes, &r->err),
        KRN_OK);
    assert_string_equal(r->network.name, "small");
    assert_int_equal(krn_nodus_read(FOLDER, NULL, r->arena, &r->network, &r->notes, &r->err),
                     KRN_E_ARG);
    assert_int_equal(
        krn_nodus_read(FOLDER "/none.nodus", NULL, r->arena, &r->network, &r->notes, &r->err),
        KRN_E_IO);
}

static void reading_survives_any_failing_allocation(void **state)
{
    reading *r = *state;
    for (long n = 1;; n++) {
        krn_arena *arena = krn_arena_new(NULL, 0);
        failing_alloc_arm(n);
        const krni_files files = memory_folder_files(r->folder);
        const krn_status status = krni_nodus_read_from(&files, "small.nodus", NULL, arena,
                                                       &r->network, &r->notes, &r->err);
        const bool failed = failing_alloc_disarm();
        assert_int_equal(status, failed ? KRN_E_MEMORY : KRN_OK);
        assert_true((status == KRN_OK) == (r->network.n_nodes != 0));
        krn_arena_free(arena);
        if (!failed)
            break;
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nodes_come_by_number_with_what_tranship_allows),
        TEST(each_code_of_tranship_has_its_meaning),
        TEST(links_come_by_number_with_their_layer_and_fields),
        TEST(lengths_are_great_circles_unless_a_field_says_else),
        TEST(demand_is_that_between_nodes_that_load),
        TEST(keys_of_costs_tell_what_a_formula_is_for),
        TEST(what_is_not_used_is_noted),
        TEST(damaged_shapes_are_told_with_file_and_record),
        TEST(damaged_tables_are_told_with_file_and_record),
        TEST(damaged_texts_are_told_with_file_and_line),
        TEST(faults_of_many_files_come_in_one_reading),
        TEST(a_damaged_table_that_is_not_named_is_a_note),
        TEST(a_field_without_a_name_is_passed_over),
        TEST(texts_may_have_other_line_ends_marks_and_letters),
        TEST(texts_with_nul_are_told_with_its_line),
        TEST(a_project_is_named_by_its_file),
        TEST(reading_survives_any_failing_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
