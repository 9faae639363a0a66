/* SPDX-License-Identifier: Apache-2.0 */
/* test_cost_network.c - a cost network as a folder of tables: written, read back alike to the last
 * bit, and every fault of its tables once.
 *
 *   tests/golden/nodus-small -> network -> folder -> network -> folder, the same bytes */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "io/cost_network_table.h"
#include "io/nodus_read.h"
#include "support/assert_near.h"
#include "support/damage.h"
#include "support/failing_alloc.h"

#define PROJECT KRN_SOURCE_DIR "/tests/golden/nodus-small/small.nodus"

static const char *const files[] = {"node.csv", "link.csv", "cost_formula.csv", "od.csv",
                                    "datapackage.json"};

typedef struct fixture {
    char folder[512];
    krn_arena *arena;
    krn_cost_network network; /* of the project */
    memory_folder *written;   /* as krn_cost_network_write has it */
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    krn_cost_notes notes;
    if (!f)
        return 1;
    (void)snprintf(f->folder, sizeof f->folder, "%s/test_cost.XXXXXX", KRN_BINARY_DIR);
    f->arena = krn_arena_new(NULL, 0);
    if (!mkdtemp(f->folder) || !f->arena ||
        krn_nodus_read(PROJECT, NULL, f->arena, &f->network, &notes, NULL) ||
        krn_cost_network_write(&f->network, f->folder, NULL))
        return 1;
    f->written = memory_folder_open(f->folder);
    *state = f;
    return !f->written;
}

static void empty_folder(const fixture *f)
{
    char path[600];
    for (int i = 0; i < 5; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", f->folder, files[i]);
        (void)unlink(path);
    }
}

static int tear_down(void **state)
{
    fixture *f = *state;
    empty_folder(f);
    const int left = rmdir(f->folder); /* nothing else was left there */
    memory_folder_free(f->written);
    krn_arena_free(f->arena);
    free(f);
    return left;
}

static krn_status read_memory(memory_folder *folder, krn_faults *faults, krn_arena *arena,
                              krn_cost_network *out)
{
    const krni_files from = memory_folder_files(folder);
    krn_error err;
    return krni_cost_network_read_from(&from, faults, arena, out, &err);
}

/* ---- alike ---- */

static void same_number(double a, double b)
{
    if (!isnan(a) || !isnan(b))
        assert_near(a, b, 0.0);
}

static void same_nodes(const krn_cost_network *a, const krn_cost_network *b)
{
    assert_int_equal(a->n_nodes, b->n_nodes);
    for (uint32_t i = 0; i < a->n_nodes; i++) {
        const krn_cost_node *x = &a->nodes[i], *y = &b->nodes[i];
        assert_int_equal(x->id, y->id);
        assert_string_equal(x->name, y->name);
        assert_string_equal(x->layer, y->layer);
        same_number(x->lon_deg, y->lon_deg);
        same_number(x->lat_deg, y->lat_deg);
        assert_int_equal(x->loads, y->loads);
        assert_int_equal(x->tranships, y->tranships);
        assert_int_equal(x->changes, y->changes);
        assert_int_equal(x->passes, y->passes);
    }
}

static void same_links(const krn_cost_network *a, const krn_cost_network *b)
{
    assert_int_equal(a->n_links, b->n_links);
    assert_int_equal(a->n_fields, b->n_fields);
    for (uint32_t k = 0; k < a->n_fields; k++)
        assert_string_equal(a->fields[k], b->fields[k]);
    for (uint32_t i = 0; i < a->n_links; i++) {
        const krn_cost_link *x = &a->links[i], *y = &b->links[i];
        assert_int_equal(x->id, y->id);
        assert_string_equal(x->layer, y->layer);
        assert_int_equal(x->from_node, y->from_node);
        assert_int_equal(x->to_node, y->to_node);
        assert_int_equal(x->mode, y->mode);
        assert_int_equal(x->classes, y->classes);
        same_number(x->length_km, y->length_km);
        same_number(x->speed_kmh, y->speed_kmh);
        same_number(x->capacity, y->capacity);
        assert_int_equal(x->n_points, y->n_points);
        for (uint32_t k = 0; k < 2 * x->n_points; k++)
            same_number(x->points_deg[k], y->points_deg[k]);
        for (uint32_t k = 0; k < a->n_fields; k++)
            same_number(x->fields[k], y->fields[k]);
    }
}

static void same_sets(const krn_cost_network *a, const krn_cost_network *b)
{
    assert_int_equal(a->n_sets, b->n_sets);
    for (uint32_t s = 0; s < a->n_sets; s++) {
        assert_string_equal(a->sets[s].name, b->sets[s].name);
        assert_int_equal(a->sets[s].n_formulas, b->sets[s].n_formulas);
        for (uint32_t i = 0; i < a->sets[s].n_formulas; i++) {
            const krn_cost_formula *x = &a->sets[s].formulas[i], *y = &b->sets[s].formulas[i];
            assert_int_equal(!x->name, !y->name);
            assert_string_equal(x->name ? x->name : "", y->name ? y->name : "");
            assert_int_equal(x->kind, y->kind);
            assert_int_equal(x->mode, y->mode);
            assert_int_equal(x->vehicle_class, y->vehicle_class);
            assert_int_equal(x->to_mode, y->to_mode);
            assert_int_equal(x->to_class, y->to_class);
            assert_int_equal(x->group, y->group);
            assert_int_equal(x->scenario, y->scenario);
            assert_int_equal(x->od_class, y->od_class);
            assert_int_equal(x->is_duration, y->is_duration);
            assert_string_equal(x->text, y->text);
            assert_int_equal(x->line, y->line);
        }
    }
}

static void same_tables(const krn_cost_network *a, const krn_cost_network *b)
{
    assert_int_equal(a->n_od_tables, b->n_od_tables);
    for (uint32_t s = 0; s < a->n_od_tables; s++) {
        assert_string_equal(a->od_tables[s].name, b->od_tables[s].name);
        assert_int_equal(a->od_tables[s].n_rows, b->od_tables[s].n_rows);
        for (uint32_t i = 0; i < a->od_tables[s].n_rows; i++) {
            const krn_cost_demand *x = &a->od_tables[s].rows[i], *y = &b->od_tables[s].rows[i];
            assert_int_equal(x->group, y->group);
            assert_int_equal(x->od_class, y->od_class);
            assert_int_equal(x->origin, y->origin);
            assert_int_equal(x->destination, y->destination);
            same_number(x->quantity, y->quantity);
        }
    }
}

static void same_network(const krn_cost_network *a, const krn_cost_network *b)
{
    assert_string_equal(a->name, b->name);
    assert_string_equal(a->title, b->title);
    same_nodes(a, b);
    same_links(a, b);
    same_sets(a, b);
    same_tables(a, b);
}

/* Writes it anew: the files in memory again. */
static memory_folder *write_again(const fixture *f, const krn_cost_network *network)
{
    krn_error err = {0};
    empty_folder(f);
    if (krn_cost_network_write(network, f->folder, &err))
        fail_msg("%s", err.text);
    memory_folder *again = memory_folder_open(f->folder);
    assert_non_null(again);
    return again;
}

static void check_round_trip(const fixture *f, const krn_cost_network *network)
{
    krn_cost_network back, third;
    krn_error err = {0};
    memory_folder *first = write_again(f, network);
    if (krn_cost_network_read(f->folder, NULL, f->arena, &back, &err))
        fail_msg("%s", err.text);
    same_network(network, &back);
    memory_folder *second = write_again(f, &back);
    assert_int_equal(first->n, 5);
    assert_int_equal(second->n, 5);
    for (uint32_t i = 0; i < 5; i++) {
        assert_string_equal(first->files[i].name, second->files[i].name);
        assert_int_equal(first->files[i].size, second->files[i].size);
        assert_memory_equal(first->files[i].text, second->files[i].text, first->files[i].size);
    }
    assert_int_equal(read_memory(second, NULL, f->arena, &third), KRN_OK);
    same_network(network, &third);
    memory_folder_free(first);
    memory_folder_free(second);
}

static void a_project_comes_back_from_its_folder_to_the_last_bit(void **state)
{
    const fixture *f = *state;
    check_round_trip(f, &f->network);
    assert_true(krn_cost_network_is(f->folder));
    assert_false(krn_cost_network_is(KRN_SOURCE_DIR "/tests/golden/nodus-small"));
    assert_false(krn_cost_network_is(KRN_SOURCE_DIR "/tests/support/mini"));
}

/* Commas, quotes, line ends in texts; numbers of all sizes; sets and tables of no rows. */
static void odd_texts_and_numbers_come_back(void **state)
{
    static const double points[] = {-180.0, 90.0, 0.1 + 0.2, -1e-300, 179.99999999999997, -90.0};
    static const krn_cost_node nodes[] = {
        {.id = -9007199254740992, .name = "a, \"b\"", .layer = "x\ny", .loads = true},
        {.id = 0, .name = "", .layer = "", .lon_deg = -0.0, .lat_deg = 5e-324, .loads = true},
        {.id = 9007199254740992, .name = " \xd2\x9b ", .layer = "'", .changes = true}};
    const double fields[] = {NAN, 1e300, -0.1, 4.9406564584124654e-324};
    const krn_cost_link links[] = {{.id = 1,
                                    .layer = "\r\n",
                                    .from_node = 2,
                                    .to_node = 0,
                                    .mode = 99,
                                    .classes = 99,
                                    .length_km = 1.0 / 3.0,
                                    .speed_kmh = 1e15,
                                    .fields = fields,
                                    .points_deg = points,
                                    .n_points = 3},
                                   {.id = 2,
                                    .layer = "",
                                    .to_node = 1,
                                    .mode = 1,
                                    .classes = 1,
                                    .capacity = 0.1,
                                    .fields = fields + 2}};
    static const char *const names[] = {"A,B", "C\"D"};
    static const krn_cost_formula formulas[] = {{.name = "x",
                                                 .group = 99,
                                                 .scenario = 999,
                                                 .od_class = 0,
                                                 .text = "max(1, 5)",
                                                 .line = UINT32_MAX},
                                                {.kind = KRN_COST_SWITCH,
                                                 .mode = 1,
                                                 .vehicle_class = 2,
                                                 .to_mode = 3,
                                                 .to_class = 4,
                                                 .group = KRN_COST_ANY,
                                                 .scenario = KRN_COST_ANY,
                                                 .od_class = KRN_COST_ANY,
                                                 .is_duration = true,
                                                 .text = " (1 + \t2) ",
                                                 .line = 0}};
    static const krn_cost_set sets[] = {{"a b", 0, NULL}, {"c,d", 2, formulas}};
    static const krn_cost_demand rows[] = {{99, 99, 0, 1, 5e-324}, {0, 0, 1, 0, 1e15}};
    static const krn_od_table tables[] = {{"empty", 0, NULL}, {"t;\"", 2, rows}};
    const krn_cost_network network = {.name = "",
                                      .title = "\xd2\x9a\"\\\n",
                                      .n_nodes = 3,
                                      .n_links = 2,
                                      .n_fields = 2,
                                      .n_sets = 2,
                                      .n_od_tables = 2,
                                      .nodes = nodes,
                                      .links = links,
                                      .fields = names,
                                      .sets = sets,
                                      .od_tables = tables};
    check_round_trip(*state, &network);
}

static void a_network_of_nothing_comes_back(void **state)
{
    const krn_cost_network network = {.name = "none", .title = ""};
    check_round_trip(*state, &network);
}

/* A field of a table holds 1 MiB: what could not be read back is not written. */
static void a_line_of_too_many_points_is_not_written(void **state)
{
    enum { N = 100000 };
    static double points[2 * N];
    for (uint32_t k = 0; k < 2 * N; k++)
        points[k] = 0.1 + (double)k / 3e6;
    const fixture *f = *state;
    const krn_cost_node nodes[] = {{.name = "", .layer = ""}};
    const double none = 0.0;
    krn_cost_link link = {.id = 7,
                          .layer = "",
                          .mode = 1,
                          .classes = 1,
                          .fields = &none,
                          .points_deg = points,
                          .n_points = N};
    const krn_cost_network network = {
        .name = "a", .title = "a", .n_nodes = 1, .n_links = 1, .nodes = nodes, .links = &link};
    krn_error err;
    assert_int_equal(krn_cost_network_write(&network, f->folder, &err), KRN_E_LIMIT);
    assert_string_equal(err.text,
                        "link 7: a line of 100000 points, of more than 1 MiB, cannot be written");
    link.n_points = 20000;
    check_round_trip(f, &network);
}

static void names_that_are_too_long_are_not_written(void **state)
{
    const fixture *f = *state;
    char name[202];
    memset(name, 'a', sizeof name - 1);
    name[201] = '\0';
    const krn_cost_set set = {name, 0, NULL};
    krn_cost_network network = {.name = "a", .title = "a", .n_sets = 1, .sets = &set};
    krn_error err;
    assert_int_equal(krn_cost_network_write(&network, f->folder, &err), KRN_E_LIMIT);
    name[200] = '\0';
    check_round_trip(f, &network);
}

static void columns_may_stand_in_any_order(void **state)
{
    static const char text[] = "quantity,table,origin_id,destination_id,od_class,group\r\n"
                               "12.5,od_first,1,2,0,1\r\n";
    const fixture *f = *state;
    krn_cost_network n;
    assert_true(memory_folder_set(f->written, "od.csv", text, sizeof text - 1));
    assert_int_equal(read_memory(f->written, NULL, f->arena, &n), KRN_OK);
    assert_int_equal(n.od_tables[0].n_rows, 1);
    assert_int_equal(n.od_tables[1].n_rows, 0);
    assert_near(n.od_tables[0].rows[0].quantity, 12.5, 0.0);
    assert_int_equal(n.od_tables[0].rows[0].group, 1);
}

static void texts_that_are_no_utf8_are_not_written(void **state)
{
    fixture *f = *state;
    krn_cost_node nodes[9];
    krn_error err;
    memcpy(nodes, f->network.nodes, sizeof nodes);
    nodes[3].name = "D\xe4la";
    krn_cost_network bad = f->network;
    bad.nodes = nodes;
    assert_int_equal(krn_cost_network_write(&bad, f->folder, &err), KRN_E_ARG);
    memory_folder *left = memory_folder_open(f->folder); /* the old files are as they were */
    assert_int_equal(left->n, 5);
    for (uint32_t i = 0; i < 5; i++)
        assert_memory_equal(left->files[i].text, f->written->files[i].text, left->files[i].size);
    memory_folder_free(left);
}

static void folders_that_cannot_be_are_told(void **state)
{
    const fixture *f = *state;
    krn_cost_network n;
    krn_error err;
    assert_int_equal(krn_cost_network_write(&f->network, "/dev/null/a", &err), KRN_E_IO);
    assert_int_equal(krn_cost_network_write(&f->network, KRN_BINARY_DIR "/none/a", &err), KRN_E_IO);
    assert_int_equal(krn_cost_network_read(KRN_BINARY_DIR "/none", NULL, f->arena, &n, &err),
                     KRN_E_IO);
}

/* ---- faults ---- */

static void check_damages(const damage *list, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        fixture *f = NULL;
        krn_cost_network network;
        krn_faults *faults = krn_faults_new();
        assert_int_equal(set_up((void **)&f), 0);
        damage_apply(f->written, &list[k]);
        const krn_status status = read_memory(f->written, faults, f->arena, &network);
        damage_check_faults(faults, list[k].faults);
        assert_int_equal(status, KRN_E_DATA);
        assert_int_equal(network.n_nodes, 0); /* nothing half read */
        assert_null(network.nodes);
        assert_null(network.links);
        assert_null(network.sets);
        assert_null(network.od_tables);
        krn_faults_free(faults);
        assert_int_equal(tear_down((void **)&f), 0);
    }
}

static void each_fault_of_nodes_and_links_is_told(void **state)
{
    static const damage list[] = {
        CUT("node.csv", 0, "node.csv:1: (row): no such file: a table was expected"),
        PUT("node.csv", 0, "\"",
            "node.csv:1: (row): ode_id,name,x_coord,y_coord,layer,loads,tranships,changes,pa...: a "
            "column of this table, each once was expected\nnode.csv:1: node_id: no such column: a "
            "column of it was expected\nnode.csv:1: name: no such column: a column of it was "
            "expected\nnode.csv:1: x_coord: no such column: a column of it was "
            "expected\nnode.csv:1: y_coord: no such column: a column of it was "
            "expected\nnode.csv:1: layer: no such column: a column of it was expected\nnode.csv:1: "
            "loads: no such column: a column of it was expected\nnode.csv:1: tranships: no such "
            "column: a column of it was expected\nnode.csv:1: changes: no such column: a column of "
            "it was expected\nnode.csv:1: passes: no such column: a column of it was expected"),
        SWAP("node.csv", "node_id", "nodes_id",
             "node.csv:1: (row): nodes_id: a column of this table, each once was "
             "expected\nnode.csv:1: node_id: no such column: a column of it was expected"),
        SWAP("node.csv", "name,", "",
             "node.csv:1: name: no such column: a column of it was expected"),
        SWAP("node.csv", "passes\n", "passes,more\n",
             "node.csv:1: (row): more: a column of this table, each once was expected"),
        SWAP("node.csv", "name,x_coord", "name,name",
             "node.csv:1: (row): name: a column of this table, each once was expected\nnode.csv:1: "
             "x_coord: no such column: a column of it was expected"),
        SWAP(
            "node.csv", "1,Aksay", "2,Aksay",
            "node.csv:3: node_id: 2: a number that stands only once (also in line 2) was expected"),
        SWAP("node.csv", "1,Aksay", "1.5,Aksay",
             "node.csv:2: node_id: 1.5: a whole number was expected"),
        SWAP("node.csv", "Aksay,50", "Aksay,500",
             "node.csv:2: x_coord: 500: degrees from -180 to 180 was expected"),
        SWAP("node.csv", "Aksay,50", "Aksay,nan",
             "node.csv:2: x_coord: nan: degrees from -180 to 180 was expected"),
        SWAP("node.csv", "Aksay,50,41", "Aksay,50,",
             "node.csv:2: y_coord: (blank): degrees from -90 to 90 was expected"),
        SWAP("node.csv", "1,0,0,0\n", "2,0,0,0\n", "node.csv:2: loads: 2: 0 or 1 was expected"),
        SWAP("node.csv", "1,0,0,0\n", "1,0,0\n",
             "node.csv:2: (row): another number of fields: 9 fields was expected"),
        SWAP("node.csv", "Aksay", "Aks\xe4y",
             "node.csv:2: name: Aks?y: UTF-8 without NUL was expected"),
        CUT("link.csv", 0, "link.csv:1: (row): no such file: a table was expected"),
        SWAP("link.csv", ",field_LANES", ",field_WIDTH",
             "link.csv:1: (row): field_WIDTH: a column of this table, each once was "
             "expected\nlink.csv:1: LANES: no such column: a column of it was expected"),
        SWAP("link.csv", "\n102,2", "\n101,2",
             "link.csv:3: link_id: 101: a number that stands only once (also in line 2) was "
             "expected"),
        SWAP("link.csv", "\n102,2", "\n102,5",
             "link.csv:3: from_node_id: 5: a node of node.csv was expected"),
        SWAP("link.csv", "12,0,", "12,1,",
             "link.csv:3: directed: 1: 0: used in both directions was expected"),
        SWAP("link.csv", "\"LINESTRING (50 41, 50.5 41)\"", "\"LINESTRING (50 41; 50.5 41)\"",
             "link.csv:2: geometry: LINESTRING (50 41; 50.5 41): LINESTRING (lon lat, lon lat, "
             "...) in degrees, or blank was expected"),
        SWAP("link.csv", "\"LINESTRING (50 41, 50.5 41)\"", "\"LINESTRING (50 41)\"",
             "link.csv:2: geometry: LINESTRING (50 41): LINESTRING (lon lat, lon lat, ...) in "
             "degrees, or blank was expected"),
        SWAP("link.csv", "\"LINESTRING (50 41, 50.5 41)\"", "\"LINESTRING (50 41, 50.5 41\"",
             "link.csv:2: geometry: LINESTRING (50 41, 50.5 41: LINESTRING (lon lat, lon lat, ...) "
             "in degrees, or blank was expected"),
        SWAP("link.csv", "\"LINESTRING (50 41, 50.5 41)\"", "POINT (50 41)",
             "link.csv:2: geometry: POINT (50 41): LINESTRING (lon lat, lon lat, ...) in degrees, "
             "or blank was expected"),
        SWAP("link.csv", "\"LINESTRING (50 41, 50.5 41)\"", "\"LINESTRING (50 41, 50.5 91)\"",
             "link.csv:2: geometry: LINESTRING (50 41, 50.5 91): LINESTRING (lon lat, lon lat, "
             "...) in degrees, or blank was expected"),
        SWAP("link.csv", "\"LINESTRING (50 41, 50.5 41)\"", "\"LINESTRING (50 41, 50.5 41) \"",
             "link.csv:2: geometry: LINESTRING (50 41, 50.5 41) : LINESTRING (lon lat, lon lat, "
             "...) in degrees, or blank was expected"),
        SWAP("link.csv", "42.00688552856445,", "42.0x,",
             "link.csv:2: length: 42.0x: km from 0 to 1000000 was expected"),
        SWAP("link.csv", "42.00688552856445,", "-1,",
             "link.csv:2: length: -1: km from 0 to 1000000 was expected"),
        SWAP("link.csv", ",40,900,", ",inf,900,",
             "link.csv:2: free_speed: inf: a number from 0 to 1e15 was expected"),
        SWAP("link.csv", ",40,900,", ",40,-900,",
             "link.csv:2: capacity: -900: a number from 0 to 1e15 was expected"),
        SWAP("link.csv", ",ramps,1,2", ",ramps,0,2",
             "link.csv:2: mode: 0: a whole number from 1 to 99 was expected"),
        SWAP("link.csv", ",ramps,1,2", ",ramps,1,100",
             "link.csv:2: classes: 100: a whole number from 1 to 99 was expected"),
        SWAP("link.csv", "highways,1,2,2,", "highways,1,2,two,",
             "link.csv:6: LANES: two: a number, or blank was expected"),
    };
    (void)state;
    check_damages(list, sizeof list / sizeof list[0]);
}

static void each_fault_of_formulas_and_demand_is_told(void **state)
{
    static const damage list[] = {
        CUT("cost_formula.csv", 0, "cost_formula.csv:1: (row): no such file: a table was expected"),
        SWAP("cost_formula.csv", "\nall,2", "\nnone,2",
             "cost_formula.csv:2: set: none: a cost set of datapackage.json was expected"),
        SWAP("cost_formula.csv", "\nall,2", "\nall,-2",
             "cost_formula.csv:2: line: -2: a whole number was expected"),
        SWAP("cost_formula.csv", ",load,", ",lode,",
             "cost_formula.csv:11: kind: lode: variable, load, unload, transit, tranship, move, "
             "switch or stop was expected"),
        SWAP("cost_formula.csv", ",variable,AVGLOAD,1", ",variable,,1",
             "cost_formula.csv:2: name: (blank): the name of the variable was expected"),
        SWAP("cost_formula.csv", ",load,,1", ",load,x,1",
             "cost_formula.csv:11: name: x: (blank) was expected"),
        SWAP("cost_formula.csv", ",load,,1", ",load,,0",
             "cost_formula.csv:11: mode: 0: a whole number from 1 to 99, or blank was expected"),
        SWAP("cost_formula.csv", "1,1,,,1,,,0,16", "1,1,,,100,,,0,16",
             "cost_formula.csv:3: group: 100: a whole number from 0 to 99, or blank was expected"),
        SWAP("cost_formula.csv", ",2,,0,5\n", ",1000,,0,5\n",
             "cost_formula.csv:8: scenario: 1000: a whole number from 0 to 999, or blank was "
             "expected"),
        SWAP("cost_formula.csv", ",1,0,3\n", ",1,2,3\n",
             "cost_formula.csv:13: duration: 2: 0 or 1 was expected"),
        SWAP("cost_formula.csv", ",1,0,3\n", ",1,0,\n",
             "cost_formula.csv:13: formula: (blank): a number or formula was expected"),
        CUT("od.csv", 0, "od.csv:1: (row): no such file: a table was expected"),
        SWAP("od.csv", "\nod_first", "\nod_fist",
             "od.csv:2: table: od_fist: an od table of datapackage.json was expected"),
        SWAP("od.csv", "od_first,0", "od_first,",
             "od.csv:2: group: (blank): a whole number from 0 to 99 was expected"),
        SWAP("od.csv", "1,2,1000", "1,5,1000",
             "od.csv:2: destination_id: 5: a node of node.csv was expected"),
        SWAP("od.csv", "1,2,1000", "1,1,1000",
             "od.csv:2: destination_id: 1: another node than the origin was expected"),
        SWAP("od.csv", "1,2,1000", "12,2,1000",
             "od.csv:2: origin_id: 12: a node where goods are loaded was expected"),
        SWAP("od.csv", "1,2,1000", "1,12,1000",
             "od.csv:2: destination_id: 12: a node where goods are unloaded was expected"),
        SWAP("od.csv", "1,2,1000", "1,2,0",
             "od.csv:2: quantity: 0: a number above 0, at most 1e15, was expected"),
        SWAP("od.csv", "1,2,1000", "1,2,-7",
             "od.csv:2: quantity: -7: a number above 0, at most 1e15, was expected"),
        SWAP("od.csv", "1,2,1000", "1,2,1e16",
             "od.csv:2: quantity: 1e16: a number above 0, at most 1e15, was expected"),
    };
    (void)state;
    check_damages(list, sizeof list / sizeof list[0]);
}

static void each_fault_of_the_descriptor_is_told(void **state)
{
    static const damage list[] = {
        SWAP("datapackage.json", "keruen-cost-network", "keruen-package",
             "datapackage.json:1: profile: keruen-package: keruen-cost-network was expected"),
        SWAP("datapackage.json", "\"version\": 1", "\"version\": 2",
             "datapackage.json:1: keruen.version: another one: 1 was expected"),
        SWAP("datapackage.json", "\"road\"", "7",
             "datapackage.json:1: sets: (blank): a name of at most 200 bytes was expected"),
        SWAP("datapackage.json", "\"road\"", "\"jam\"",
             "datapackage.json:1: sets: jam: a name that stands only once was expected"),
        SWAP("datapackage.json", "\"od_tables\"", "\"tables\"",
             "datapackage.json:1: od_tables: (blank): a list of at most 1000 names was expected"),
        CUT("datapackage.json", 40,
            "datapackage.json:3: (json): string or '}' expected near end of file: valid JSON was "
            "expected"),
    };
    (void)state;
    check_damages(list, sizeof list / sizeof list[0]);
}

static void all_faults_are_told_in_one_reading(void **state)
{
    static const damage list[] = {
        SWAP("node.csv", "Aksay,50", "Aksay,500", ""),
        SWAP("node.csv", "Togay,50", "Togay,x", ""),
        SWAP("link.csv", "42.00688552856445,", "42.0x,", ""),
        SWAP("link.csv", ",ramps,1,2", ",ramps,0,2", ""),
        SWAP("cost_formula.csv", ",load,", ",lode,", ""),
        SWAP("od.csv", "1,2,1000", "4,2,-7", ""),
    };
    const fixture *f = *state;
    krn_cost_network network;
    krn_faults *faults = krn_faults_new();
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++)
        damage_apply(f->written, &list[i]);
    assert_int_equal(read_memory(f->written, faults, f->arena, &network), KRN_E_DATA);
    damage_check_faults(
        faults,
        "node.csv:2: x_coord: 500: degrees from -180 to 180 was expected\nnode.csv:4: x_coord: x: "
        "degrees from -180 to 180 was expected\nlink.csv:2: length: 42.0x: km from 0 to 1000000 "
        "was expected\nlink.csv:2: mode: 0: a whole number from 1 to 99 was "
        "expected\ncost_formula.csv:11: kind: lode: variable, load, unload, transit, tranship, "
        "move, switch or stop was expected\nod.csv:2: quantity: -7: a number above 0, at most "
        "1e15, was expected");
    krn_faults_free(faults);
}

/* ---- memory ---- */

static void reading_survives_any_failing_allocation(void **state)
{
    const fixture *f = *state;
    for (long n = 1;; n++) {
        krn_arena *arena = krn_arena_new(NULL, 0);
        krn_cost_network network;
        failing_alloc_arm(n);
        const krn_status status = read_memory(f->written, NULL, arena, &network);
        const bool failed = failing_alloc_disarm();
        assert_int_equal(status, failed ? KRN_E_MEMORY : KRN_OK);
        assert_true((status == KRN_OK) == (network.nodes != NULL));
        krn_arena_free(arena);
        if (!failed)
            break;
    }
}

/* A folder that is not synced, for want of memory, is no failure. */
static void writing_survives_any_failing_allocation(void **state)
{
    const fixture *f = *state;
    for (long n = 1;; n++) {
        krn_error err;
        failing_alloc_arm(n);
        const krn_status status = krn_cost_network_write(&f->network, f->folder, &err);
        const bool failed = failing_alloc_disarm();
        assert_true(status == KRN_OK || (failed && status == KRN_E_MEMORY));
        memory_folder *left = memory_folder_open(f->folder); /* whole, and nothing beside it */
        assert_non_null(left);
        assert_int_equal(left->n, 5);
        for (uint32_t i = 0; i < 5; i++) {
            assert_int_equal(left->files[i].size, f->written->files[i].size);
            assert_memory_equal(left->files[i].text, f->written->files[i].text,
                                left->files[i].size);
        }
        memory_folder_free(left);
        if (!failed)
            break;
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_project_comes_back_from_its_folder_to_the_last_bit),
        TEST(odd_texts_and_numbers_come_back),
        TEST(a_network_of_nothing_comes_back),
        TEST(a_line_of_too_many_points_is_not_written),
        TEST(names_that_are_too_long_are_not_written),
        TEST(columns_may_stand_in_any_order),
        TEST(texts_that_are_no_utf8_are_not_written),
        TEST(folders_that_cannot_be_are_told),
        TEST(each_fault_of_nodes_and_links_is_told),
        TEST(each_fault_of_formulas_and_demand_is_told),
        TEST(each_fault_of_the_descriptor_is_told),
        TEST(all_faults_are_told_in_one_reading),
        TEST(reading_survives_any_failing_allocation),
        TEST(writing_survives_any_failing_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
