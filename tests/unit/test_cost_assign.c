/* SPDX-License-Identifier: Apache-2.0 */
/* test_cost_assign.c - od tables on a cost network drawn by hand.
 *
 *             10: 10 km      11: 12 km
 *        1 ------------- 3 ------------- 2        1, 2 load; nobody drives through them
 *                        | 12: 1 km      |
 *                        4 ====20:4km=== 5        rail between 4 and 5, which tranship
 *                                        (13: 5 - 2, 1 km of road)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <keruen/cost_assign.h>

#include "support/assert_near.h"
#include "support/failing_alloc.h"

static const krn_cost_node nodes[] = {
    {.id = 1, .name = "1", .layer = "ends", .loads = true},
    {.id = 2, .name = "2", .layer = "ends", .loads = true},
    {.id = 3, .name = "3", .layer = "points", .passes = true},
    {.id = 4, .name = "4", .layer = "points", .passes = true, .tranships = true},
    {.id = 5, .name = "5", .layer = "points", .passes = true, .tranships = true}};

static const double fields[] = {7.0};

#define LINK(number, from, to, of_mode, km)                                                        \
    {                                                                                              \
        .id = (number), .layer = "links", .from_node = (from)-1, .to_node = (to)-1,                \
        .mode = (of_mode), .classes = 2, .length_km = (km), .speed_kmh = 50, .capacity = 10,       \
        .fields = fields                                                                           \
    }

static const krn_cost_link links[] = {LINK(10, 1, 3, 1, 10), LINK(11, 3, 2, 1, 12),
                                      LINK(12, 3, 4, 1, 1), LINK(13, 5, 2, 1, 1),
                                      LINK(20, 5, 4, 3, 4)};
static const char *const field_names[] = {"LANES"};

#define GENERAL .group = KRN_COST_ANY, .scenario = KRN_COST_ANY, .od_class = KRN_COST_ANY
#define ARC(of_kind, m, c, of_text)                                                                \
    {                                                                                              \
        .kind = (of_kind), .mode = (m), .vehicle_class = (c), .text = (of_text), .line = __LINE__, \
        GENERAL                                                                                    \
    }
#define CHANGE(m, c, to_m, to_c, of_text)                                                          \
    {                                                                                              \
        .kind = KRN_COST_TRANSHIP, .mode = (m), .vehicle_class = (c), .to_mode = (to_m),           \
        .to_class = (to_c), .text = (of_text), .line = __LINE__, GENERAL                           \
    }

#define MOST 24u
typedef struct world {
    krn_cost_formula formulas[MOST];
    krn_cost_demand rows[MOST];
    krn_cost_set set;
    krn_od_table tables[2];
    krn_cost_network network;
    krn_arena *arena;
    krn_cost_answer answer;
    krn_error err;
} world;

/* Road at 1 a km, rail at rail_cost for its link, transhipment 1. */
static void open_world(world *w, const char *rail_cost)
{
    static const char *const tables[] = {"od", "more"};
    const krn_cost_formula all[] = {
        ARC(KRN_COST_LOAD, 1, 1, "2"),
        ARC(KRN_COST_UNLOAD, 1, 1, "base + 1"),
        ARC(KRN_COST_TRANSIT, 1, 1, "0"),
        ARC(KRN_COST_MOVE, 1, 1, "LENGTH * rate"),
        ARC(KRN_COST_MOVE, 3, 1, ""),
        CHANGE(1, 1, 3, 1, "1"),
        CHANGE(3, 1, 1, 1, "1"),
        {.name = "rate", .text = "1", .line = 8, GENERAL},
        {.name = "base", .text = "rate + 1", .line = 9, GENERAL},
        {.name = "AVGLOAD", .mode = 1, .vehicle_class = 1, .text = "20", .line = 10, GENERAL},
        {.name = "PCU", .mode = 1, .vehicle_class = 1, .text = "1.5", .line = 11, GENERAL}};
    memset(w, 0, sizeof *w);
    memcpy(w->formulas, all, sizeof all);
    w->formulas[4].text = rail_cost;
    w->rows[0] = (krn_cost_demand){0, 0, 0, 1, 100};
    w->rows[1] = (krn_cost_demand){1, 0, 0, 1, 30};
    w->rows[2] = (krn_cost_demand){0, 0, 1, 0, 7};
    w->set = (krn_cost_set){"plain", 11, w->formulas};
    w->tables[0] = (krn_od_table){tables[0], 3, w->rows};
    w->tables[1] = (krn_od_table){tables[1], 1, w->rows};
    w->network = (krn_cost_network){.name = "hand",
                                    .title = "hand",
                                    .n_nodes = 5,
                                    .n_links = 5,
                                    .n_fields = 1,
                                    .n_sets = 1,
                                    .n_od_tables = 2,
                                    .nodes = nodes,
                                    .links = links,
                                    .fields = field_names,
                                    .sets = &w->set,
                                    .od_tables = w->tables};
    w->arena = krn_arena_new(NULL, 0);
    assert_non_null(w->arena);
}

static krn_status ask(world *w, krn_cost_method method, double spread, uint32_t n_tables)
{
    static const char *const tables[] = {"od", "more"};
    const krn_cost_question question = {.set = "plain",
                                        .od_tables = tables,
                                        .n_od_tables = n_tables,
                                        .scenario = KRN_COST_ANY,
                                        .method = method,
                                        .spread_cost = spread};
    return krn_cost_assign(&w->network, &question, w->arena, &w->answer, &w->err);
}

static void must(world *w, krn_cost_method method, double spread)
{
    if (ask(w, method, spread, 1) != KRN_OK)
        fail_msg("%s", w->err.text);
}

/* A formula more, or another text for an arc there is. */
static krn_cost_formula *add(world *w, krn_cost_formula formula)
{
    assert_true(w->set.n_formulas < MOST);
    w->formulas[w->set.n_formulas] = formula;
    return &w->formulas[w->set.n_formulas++];
}

static double flow_on(const world *w, krn_cost_kind kind, int64_t link, int64_t node)
{
    double sum = 0.0;
    for (uint32_t k = 0; k < w->answer.n_flows; k++) {
        const krn_cost_flow *f = &w->answer.flows[k];
        if (f->kind == kind && links[f->link].id == link && nodes[f->node].id == node)
            sum += f->quantity;
    }
    return sum;
}

static void check_fault(world *w, const char *expected)
{
    assert_int_equal(ask(w, KRN_COST_ALL_OR_NOTHING, 0, 1), KRN_E_DATA);
    assert_string_equal(w->err.text, expected);
    krn_arena_free(w->arena);
}

/* 8 road moves and 2 of rail: 20 nodes and 4 ends; 10 moves, 6 transits at 3, 3 + 3 loads and
 * unloads, 4 transhipments. */
static void the_virtual_network_counts_what_has_a_formula(void **state)
{
    world w;
    (void)state;
    open_world(&w, "4");
    must(&w, KRN_COST_ALL_OR_NOTHING, 0);
    assert_int_equal(w.answer.n_virtual_nodes, 24);
    assert_int_equal(w.answer.n_virtual_arcs, 26);
    krn_arena_free(w.arena);
    open_world(&w, "null");
    must(&w, KRN_COST_ALL_OR_NOTHING, 0);
    assert_int_equal(w.answer.n_virtual_nodes, 20);
    assert_int_equal(w.answer.n_virtual_arcs, 20);
    krn_arena_free(w.arena);
}

/* Road all the way: 2 + 22 + 3; by rail 2 + 11 + 1 + 4 + 1 + 1 + 3. */
static void all_goes_the_cheapest_way(void **state)
{
    world w;
    (void)state;
    open_world(&w, "4");
    must(&w, KRN_COST_ALL_OR_NOTHING, 0);
    assert_near(flow_on(&w, KRN_COST_MOVE, 20, 4), 130, 0);
    assert_near(flow_on(&w, KRN_COST_MOVE, 20, 5), 7, 0);
    assert_near(flow_on(&w, KRN_COST_MOVE, 11, 3), 0, 0);
    assert_near(flow_on(&w, KRN_COST_TRANSHIP, 20, 4), 130, 0);
    assert_near(flow_on(&w, KRN_COST_LOAD, 10, 1), 130, 0);
    assert_near(flow_on(&w, KRN_COST_UNLOAD, 13, 2), 130, 0);
    assert_near(w.answer.total_cost, 137 * 23, 1e-9);
    assert_near(w.answer.moved_km, 137 * 16, 1e-9);
    assert_near(w.answer.quantity, 137, 0);
    assert_int_equal(w.answer.n_cells, 3);
    assert_near(w.answer.cells[0].least_cost, 23, 1e-12);
    krn_arena_free(w.arena);
    open_world(&w, "40");
    must(&w, KRN_COST_ALL_OR_NOTHING, 0);
    assert_near(flow_on(&w, KRN_COST_MOVE, 20, 4), 0, 0);
    assert_near(flow_on(&w, KRN_COST_MOVE, 11, 3), 130, 0);
    assert_near(w.answer.total_cost, 137 * 27, 1e-9);
    krn_arena_free(w.arena);
}

/* 100 / 20 and ceil(30 / 20) lorries; ceil(5 * 1.5) + ceil(2 * 1.5) cars; none where cargo changes
 * over. */
static void vehicles_and_car_units_are_rounded_up_by_group(void **state)
{
    world w;
    (void)state;
    open_world(&w, "4");
    must(&w, KRN_COST_ALL_OR_NOTHING, 0);
    for (uint32_t k = 0; k < w.answer.n_flows; k++) {
        const krn_cost_flow *f = &w.answer.flows[k];
        if (f->kind == KRN_COST_MOVE && links[f->link].id == 10 && nodes[f->node].id == 1) {
            assert_near(f->group_vehicles[0], 5, 0);
            assert_near(f->group_vehicles[1], 2, 0);
            assert_near(f->vehicles, 7, 0);
            assert_near(f->volume_load, 8 + 3, 0);
            assert_near(f->group_cost[0], 10, 0);
        }
        if (f->kind == KRN_COST_TRANSHIP)
            assert_near(f->vehicles, 0, 0);
    }
    krn_arena_free(w.arena);
}

static void tables_add_up_by_cell(void **state)
{
    world w;
    (void)state;
    open_world(&w, "4");
    assert_int_equal(ask(&w, KRN_COST_ALL_OR_NOTHING, 0, 2), KRN_OK);
    assert_int_equal(w.answer.n_cells, 3);
    assert_near(w.answer.cells[0].quantity, 200, 0);
    krn_arena_free(w.arena);
}

/* Rail at 7: 26 against 27, so 1 / (1 + exp(-1)) go by rail. */
static void logit_shares_combinations_of_modes(void **state)
{
    world w;
    (void)state;
    open_world(&w, "7");
    must(&w, KRN_COST_LOGIT, 1.0);
    const double share = 0.731058578630004879;
    assert_near(flow_on(&w, KRN_COST_MOVE, 20, 4), 130 * share, 1e-10);
    assert_near(flow_on(&w, KRN_COST_MOVE, 11, 3), 130 * (1 - share), 1e-10);
    assert_near(w.answer.cells[0].cost, 26 + (1 - share), 1e-12);
    assert_near(w.answer.cells[0].least_cost, 26, 1e-12);
    krn_arena_free(w.arena);
}

/* What one mode can do alone is not taken for a combination: with a spread of a million the two
 * combinations, road and road with rail, have half each. */
static void each_combination_has_its_cheapest_way(void **state)
{
    world w;
    (void)state;
    open_world(&w, "4");
    must(&w, KRN_COST_LOGIT, 1e9);
    assert_near(flow_on(&w, KRN_COST_MOVE, 20, 4), 65, 1e-5);
    assert_near(flow_on(&w, KRN_COST_MOVE, 11, 3), 65, 1e-5);
    krn_arena_free(w.arena);
}

static void the_most_specific_formula_holds(void **state)
{
    world w;
    (void)state;
    open_world(&w, "4");
    add(&w, (krn_cost_formula){.kind = KRN_COST_MOVE,
                               .mode = 3,
                               .vehicle_class = 1,
                               .group = 1,
                               .scenario = KRN_COST_ANY,
                               .od_class = KRN_COST_ANY,
                               .text = "100",
                               .line = 50});
    must(&w, KRN_COST_ALL_OR_NOTHING, 0); /* group 1 keeps to the road */
    assert_near(flow_on(&w, KRN_COST_MOVE, 20, 4), 100, 0);
    assert_near(flow_on(&w, KRN_COST_MOVE, 11, 3), 30, 0);
    add(&w, (krn_cost_formula){.name = "rate",
                               .group = 1,
                               .scenario = KRN_COST_ANY,
                               .od_class = 0,
                               .text = "20",
                               .line = 51});
    must(&w, KRN_COST_ALL_OR_NOTHING, 0); /* and goes by rail when the road is dearer still */
    assert_near(flow_on(&w, KRN_COST_MOVE, 20, 4), 130, 0);
    krn_arena_free(w.arena);
}

static void a_formula_of_a_group_alone_makes_no_arc(void **state)
{
    world w;
    (void)state;
    open_world(&w, "4");
    w.formulas[4].group = 0;
    must(&w, KRN_COST_ALL_OR_NOTHING, 0);
    assert_near(flow_on(&w, KRN_COST_MOVE, 20, 4), 0, 0);
    krn_arena_free(w.arena);
}

static void formulas_know_link_and_node(void **state)
{
    world w;
    (void)state;
    open_world(&w, "if(NUM = 20, LANES - 3, 0) + UPSTREAM * 0.5 + 0 * (SPEED + CAPACITY + VOLUME + "
                   "NODE1 + NODE2 + MODE + MEANS + ENABLED + FREQUENCY)");
    w.formulas[0].text = "if(TRANSHIP = 8, 2, 1000) + 0 * NUM";
    must(&w, KRN_COST_ALL_OR_NOTHING, 0);
    assert_near(w.answer.cells[0].cost, 23.5, 1e-12); /* 4 -> 5 is upstream */
    assert_near(w.answer.cells[1].cost, 23.0, 1e-12);
    krn_arena_free(w.arena);
}

static void demand_without_a_way_is_told_with_its_reason(void **state)
{
    static const char *const reasons[] = {"origin and destination are the same node",
                                          "nothing is unloaded at the destination",
                                          "nothing is loaded at the origin",
                                          "no way leads there",
                                          "no formula loads anything on a link of the origin",
                                          ("no formula unloads anything from a link of the "
                                           "destination")};
    world w;
    (void)state;
    open_world(&w, "4");
    w.rows[0] = (krn_cost_demand){0, 0, 0, 0, 1};
    w.rows[1] = (krn_cost_demand){0, 0, 0, 2, 2};
    w.rows[2] = (krn_cost_demand){0, 0, 2, 1, 4};
    must(&w, KRN_COST_ALL_OR_NOTHING, 0);
    assert_near(w.answer.quantity, 7, 0);
    assert_near(w.answer.unserved, 7, 0);
    assert_int_equal(w.answer.n_flows, 0);
    for (uint32_t k = 0; k < 3; k++)
        assert_string_equal(w.answer.cells[k].reason, reasons[k]);
    krn_arena_free(w.arena);
    for (int k = 3; k < 6; k++) {
        open_world(&w, "4");
        if (k == 3)
            w.formulas[2].text = "null"; /* no transit at 3 */
        else
            w.formulas[k - 4].text = "null";
        must(&w, KRN_COST_ALL_OR_NOTHING, 0);
        assert_string_equal(w.answer.cells[0].reason, reasons[k]);
        assert_near(w.answer.unserved, 137, 0);
        krn_arena_free(w.arena);
    }
}

/* 3 does not pass and does not tranship: a way may end there, not go on. */
static void nobody_turns_back_on_a_link(void **state)
{
    world w;
    krn_cost_node own[5];
    krn_cost_link few[3];
    (void)state;
    open_world(&w, "4");
    memcpy(own, nodes, sizeof own);
    memcpy(few, links, sizeof few);
    own[3].loads = true; /* 1 -> 4 -> 2 would have to turn at 4 */
    few[1].from_node = 3;
    few[1].to_node = 1;
    w.network.nodes = own;
    w.network.links = few;
    w.network.n_links = 3;
    w.rows[0] = (krn_cost_demand){0, 0, 0, 3, 100};
    must(&w, KRN_COST_ALL_OR_NOTHING, 0);
    assert_near(w.answer.cells[0].cost, 2 + 11 + 3, 1e-12);
    krn_arena_free(w.arena);
}

static void faults_name_set_line_and_place(void **state)
{
    world w;
    (void)state;
    open_world(&w, "LENGTH / nothing");
    w.formulas[4].line = 5;
    check_fault(&w, "plain: line 5: mv.3,1: position 10 of \"LENGTH / nothing\": no variable "
                    "\"nothing\"");
    open_world(&w, "LENGTH / (CAPACITY - 10)");
    w.formulas[4].line = 5;
    check_fault(&w, "plain: line 5: mv.3,1: link 20: position 8 of \"LENGTH / (CAPACITY - 10)\": "
                    "division by zero");
    open_world(&w, "0 - LENGTH");
    w.formulas[4].line = 5;
    check_fault(&w, "plain: line 5: mv.3,1: link 20: \"0 - LENGTH\" is -4; a cost of 0 or more "
                    "was expected");
    open_world(&w, "4");
    w.formulas[5].text = "LENGTH";
    w.formulas[5].line = 6;
    check_fault(&w, "plain: line 6: tp.1,1-3,1: position 1 of \"LENGTH\": no variable \"LENGTH\"");
    open_world(&w, "4");
    w.formulas[7].text = "base"; /* base is rate + 1 */
    check_fault(&w, "plain: line 8: rate: the variable hangs on itself");
    open_world(&w, "4");
    w.formulas[9].text = "0";
    check_fault(&w, "plain: line 10: AVGLOAD.1,1: a value above 0 was expected");
    open_world(&w, "4");
    w.formulas[7].group = 0;
    check_fault(&w, "plain: line 8: rate: no value for group 1, class 0");
}

static void names_that_are_not_there_are_told_with_the_nearest(void **state)
{
    static const char *const tables[] = {"ods"};
    world w;
    (void)state;
    open_world(&w, "4");
    krn_cost_question question = {
        .set = "plan", .od_tables = tables, .n_od_tables = 1, .scenario = KRN_COST_ANY};
    assert_int_equal(krn_cost_assign(&w.network, &question, w.arena, &w.answer, &w.err),
                     KRN_E_NOT_FOUND);
    assert_string_equal(w.err.text, "no cost set \"plan\"; did you mean plain?");
    question.set = "plain";
    assert_int_equal(krn_cost_assign(&w.network, &question, w.arena, &w.answer, &w.err),
                     KRN_E_NOT_FOUND);
    assert_string_equal(w.err.text, "no od table \"ods\"; did you mean od?");
    question.n_od_tables = 0;
    assert_int_equal(krn_cost_assign(&w.network, &question, w.arena, &w.answer, &w.err), KRN_E_ARG);
    assert_int_equal(ask(&w, KRN_COST_LOGIT, 0.0, 1), KRN_E_ARG);
    krn_arena_free(w.arena);
}

/* Link 11 costs VOLUME more, of 1.5 / 20 a tonne: 27 + 0.075 q = 29, the way by rail. */
static void equilibrium_makes_two_ways_alike(void **state)
{
    world w;
    (void)state;
    open_world(&w, "10");
    w.formulas[3].text = "LENGTH * rate + if(NUM = 11, VOLUME, 0)";
    must(&w, KRN_COST_USER, 0);
    const double back = 7; /* of the other direction: its volume is its own */
    assert_near(flow_on(&w, KRN_COST_MOVE, 11, 3), 2 / 0.075, 1e-6);
    assert_near(flow_on(&w, KRN_COST_MOVE, 20, 4), 130 - 2 / 0.075, 1e-6);
    assert_near(flow_on(&w, KRN_COST_MOVE, 11, 2), back, 1e-9);
    assert_near(w.answer.cells[0].cost, 29, 1e-6);
    assert_near(w.answer.cells[0].least_cost, 29, 1e-6);
    assert_near(w.answer.cells[1].cost, 27 + 7 * 0.075, 1e-9);
    assert_true(w.answer.gap_reached);
    assert_true(w.answer.step.gap_share <= 1e-8);
    krn_arena_free(w.arena);
}

/* All road links grow with the fourth power. Both ways share 10 in and nothing else. */
static void powers_of_links_in_a_row_are_one_law(void **state)
{
    world w;
    (void)state;
    open_world(&w, "10");
    w.formulas[3].text = "LENGTH * rate * BPR(VOLUME, CAPACITY, 4, 1)";
    must(&w, KRN_COST_USER, 0);
    double low = 0, high = 130;
    for (int k = 0; k < 200; k++) {
        const double q = 0.5 * (low + high);
        const double road = 12 * (1 + pow(q * 0.0075, 4));
        const double rail = 2 * (1 + pow((130 - q) * 0.0075, 4)) + 1 + 10 + 1;
        if (road < rail)
            low = q;
        else
            high = q;
    }
    assert_near(flow_on(&w, KRN_COST_MOVE, 11, 3), low, 1e-4);
    assert_true(w.answer.step.gap_share <= 1e-8);
    krn_arena_free(w.arena);
}

/* Group 1 minds the volume twice as much and leaves the road to group 0. */
static void groups_may_weigh_a_shared_volume_differently(void **state)
{
    world w;
    (void)state;
    open_world(&w, "10");
    w.formulas[3].text = "LENGTH * rate + if(NUM = 11, VOLUME, 0)";
    add(&w, (krn_cost_formula){.kind = KRN_COST_MOVE,
                               .mode = 1,
                               .vehicle_class = 1,
                               .group = 1,
                               .scenario = KRN_COST_ANY,
                               .od_class = KRN_COST_ANY,
                               .line = 50,
                               .text = "LENGTH * rate + if(NUM = 11, 2 * VOLUME, 0)"});
    must(&w, KRN_COST_USER, 0);
    assert_near(flow_on(&w, KRN_COST_MOVE, 11, 3), 2 / 0.075, 1e-5);
    for (uint32_t k = 0; k < w.answer.n_flows; k++) {
        const krn_cost_flow *f = &w.answer.flows[k];
        if (f->kind == KRN_COST_MOVE && links[f->link].id == 11 && f->node == 2)
            assert_near(f->group_quantity[1], 0, 1e-5);
    }
    w.formulas[w.set.n_formulas - 1].text = "LENGTH * rate + if(NUM = 11, VOLUME ^ 2, 0)";
    assert_int_equal(ask(&w, KRN_COST_USER, 0, 1), KRN_E_DATA);
    assert_non_null(strstr(w.err.text, "share link 11 and grow with VOLUME in different ways"));
    w.formulas[w.set.n_formulas - 1].text = "LENGTH * rate + 100000 - VOLUME";
    assert_int_equal(ask(&w, KRN_COST_USER, 0, 1), KRN_E_DATA);
    assert_non_null(strstr(w.err.text, "falls with VOLUME"));
    krn_arena_free(w.arena);
}

static void without_volume_the_equilibrium_is_all_or_nothing(void **state)
{
    world w;
    (void)state;
    open_world(&w, "4");
    must(&w, KRN_COST_USER, 0);
    assert_near(w.answer.total_cost, 137 * 23, 1e-9);
    assert_near(w.answer.step.gap_share, 0, 0);
    krn_arena_free(w.arena);
    open_world(&w, "4");
    w.formulas[0].text = "null";
    must(&w, KRN_COST_USER, 0);
    assert_near(w.answer.unserved, 137, 0);
    krn_arena_free(w.arena);
}

static void every_failing_allocation_is_told(void **state)
{
    static const krn_cost_method methods[] = {KRN_COST_ALL_OR_NOTHING, KRN_COST_LOGIT,
                                              KRN_COST_USER};
    (void)state;
    for (int k = 0; k < 3; k++)
        for (long n = 1;; n++) {
            world w;
            open_world(&w, "10");
            w.formulas[3].text = "LENGTH * rate * BPR(VOLUME, CAPACITY, 4, 1)";
            failing_alloc_arm(n);
            const krn_status status = ask(&w, methods[k], 1.0, 1);
            const bool failed = failing_alloc_disarm();
            krn_arena_free(w.arena);
            if (!failed) {
                assert_int_equal(status, KRN_OK);
                break;
            }
            assert_int_equal(status, KRN_E_MEMORY);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_virtual_network_counts_what_has_a_formula),
        cmocka_unit_test(all_goes_the_cheapest_way),
        cmocka_unit_test(vehicles_and_car_units_are_rounded_up_by_group),
        cmocka_unit_test(tables_add_up_by_cell),
        cmocka_unit_test(logit_shares_combinations_of_modes),
        cmocka_unit_test(each_combination_has_its_cheapest_way),
        cmocka_unit_test(the_most_specific_formula_holds),
        cmocka_unit_test(a_formula_of_a_group_alone_makes_no_arc),
        cmocka_unit_test(formulas_know_link_and_node),
        cmocka_unit_test(demand_without_a_way_is_told_with_its_reason),
        cmocka_unit_test(nobody_turns_back_on_a_link),
        cmocka_unit_test(equilibrium_makes_two_ways_alike),
        cmocka_unit_test(powers_of_links_in_a_row_are_one_law),
        cmocka_unit_test(groups_may_weigh_a_shared_volume_differently),
        cmocka_unit_test(without_volume_the_equilibrium_is_all_or_nothing),
        cmocka_unit_test(every_failing_allocation_is_told),
        cmocka_unit_test(faults_name_set_line_and_place),
        cmocka_unit_test(names_that_are_not_there_are_told_with_the_nearest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
