/* SPDX-License-Identifier: Apache-2.0 */
/* test_cost_property.c - laws of flows on random cost networks.
 *
 *   nodes on a ring with chords; modes 1 and 2 on every third link; ends load, some nodes tranship
 *
 * Oracle of costs: the virtual network written out arc by arc, relaxed until nothing gets cheaper.
 * Oracle of equilibria: krn_assign over links, where one class of one mode moves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <keruen/cost_assign.h>

#include "support/assert_near.h"

#define NODES    12u
#define LINKS    30u
#define ROWS     16u
#define FORMULAS 32u
#define GROUPS   2u

typedef struct world {
    uint64_t state;
    krn_cost_node nodes[NODES];
    krn_cost_link links[LINKS];
    krn_cost_formula formulas[FORMULAS];
    krn_cost_demand rows[ROWS];
    krn_cost_set set;
    krn_od_table table;
    krn_cost_network network;
    krn_arena *arena;
    krn_cost_answer answer;
    krn_error err;
} world;

static uint32_t draw(world *w, uint32_t n)
{
    w->state = w->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(w->state >> 33) % n;
}

static void add(world *w, krn_cost_formula f, const char *text)
{
    assert_true(w->set.n_formulas < FORMULAS);
    f.text = text;
    f.group = f.group ? f.group : KRN_COST_ANY;
    f.scenario = f.od_class = KRN_COST_ANY;
    f.line = w->set.n_formulas + 1;
    w->formulas[w->set.n_formulas++] = f;
}

#define ARC(k, m, c)                                                                               \
    (krn_cost_formula)                                                                             \
    {                                                                                              \
        .kind = (k), .mode = (m), .vehicle_class = (c)                                             \
    }

/* Mode 1 has classes 1 and 2, mode 2 class 1; class 2 has no formula in one world of three. */
static void add_formulas(world *w, const char *move)
{
    static const char *const costs[] = {"0", "1", "0.5", "2"};
    const bool second = draw(w, 3) > 0;
    for (int32_t mode = 1; mode <= 2; mode++)
        for (int32_t c = 1; c <= (mode == 1 && second ? 2 : 1); c++) {
            add(w, ARC(KRN_COST_LOAD, mode, c), costs[draw(w, 4)]);
            add(w, ARC(KRN_COST_UNLOAD, mode, c), costs[draw(w, 4)]);
            add(w, ARC(KRN_COST_TRANSIT, mode, c), costs[draw(w, 3)]);
            add(w, ARC(KRN_COST_MOVE, mode, c), c == 2 ? "LENGTH * 0.9" : move);
        }
    krn_cost_formula change = ARC(KRN_COST_TRANSHIP, 1, 1);
    change.to_mode = 2;
    change.to_class = 1;
    add(w, change, "0.25");
    change = (krn_cost_formula){.kind = KRN_COST_TRANSHIP,
                                .mode = 2,
                                .vehicle_class = 1,
                                .to_mode = 1,
                                .to_class = second ? 2 : 1};
    add(w, change, "0.75");
    krn_cost_formula own = ARC(KRN_COST_MOVE, 1, 1);
    own.group = 1;
    add(w, own, move[0] == 'L' && move[6] ? move : "LENGTH * 1.5");
    add(w, (krn_cost_formula){.name = "AVGLOAD", .mode = 1, .vehicle_class = 1}, "7");
    add(w, (krn_cost_formula){.name = "PCU", .mode = 1, .vehicle_class = 1}, "1.5");
}

static void open_world(world *w, uint64_t seed, const char *move, bool one_mode)
{
    memset(w, 0, sizeof *w);
    w->state = seed * UINT64_C(2654435761) + 1;
    for (uint32_t k = 0; k < NODES; k++)
        w->nodes[k] = (krn_cost_node){.id = 100 + k,
                                      .name = "n",
                                      .layer = "n",
                                      .loads = k % 3 == 0,
                                      .tranships = draw(w, 3) == 0,
                                      .passes = one_mode || draw(w, 5) > 0};
    for (uint32_t k = 0; k < LINKS; k++) {
        const uint32_t from = k < NODES ? k : draw(w, NODES);
        const uint32_t to = k < NODES ? (k + 1) % NODES : (from + 1 + draw(w, NODES - 1)) % NODES;
        w->links[k] = (krn_cost_link){.id = 1000 + k,
                                      .layer = "l",
                                      .from_node = from,
                                      .to_node = to,
                                      .mode = !one_mode && k % 3 == 2 ? 2 : 1,
                                      .classes = one_mode ? 1 : 1 + draw(w, 2),
                                      .length_km = 1 + draw(w, 1000) / 100.0,
                                      .speed_kmh = 50,
                                      .capacity = 20 + draw(w, 60)};
    }
    add_formulas(w, move);
    for (uint32_t k = 0; k < ROWS; k++)
        w->rows[k] = (krn_cost_demand){.group = (int32_t)draw(w, GROUPS),
                                       .origin = 3 * draw(w, NODES / 3),
                                       .destination = 3 * draw(w, NODES / 3),
                                       .quantity = 1 + draw(w, 500)};
    w->set = (krn_cost_set){"all", w->set.n_formulas, w->formulas};
    w->table = (krn_od_table){"od", ROWS, w->rows};
    w->network = (krn_cost_network){.name = "random",
                                    .title = "random",
                                    .n_nodes = NODES,
                                    .n_links = LINKS,
                                    .n_sets = 1,
                                    .n_od_tables = 1,
                                    .nodes = w->nodes,
                                    .links = w->links,
                                    .sets = &w->set,
                                    .od_tables = &w->table};
    w->arena = krn_arena_new(NULL, 0);
    assert_non_null(w->arena);
}

static void must(world *w, krn_cost_method method, double gap)
{
    static const char *const tables[] = {"od"};
    const krn_cost_question q = {.set = "all",
                                 .od_tables = tables,
                                 .n_od_tables = 1,
                                 .scenario = KRN_COST_ANY,
                                 .method = method,
                                 .spread_cost = 2.0,
                                 .gap_share = gap};
    if (krn_cost_assign(&w->network, &q, w->arena, &w->answer, &w->err) != KRN_OK)
        fail_msg("%s", w->err.text);
}

/* ---- laws ---- */

/* What comes to a node by moves, with what is loaded, leaves it or is unloaded: by group. */
static void check_balance(const world *w)
{
    double balance[NODES][GROUPS] = {{0}}, ends[NODES][GROUPS] = {{0}}, all = 1.0;
    const krn_cost_answer *a = &w->answer;
    for (uint32_t k = 0; k < a->n_flows; k++) {
        const krn_cost_flow *f = &a->flows[k];
        double sum = 0.0;
        for (uint32_t g = 0; g < a->n_groups; g++) {
            const double q = f->group_quantity[g];
            sum += q;
            assert_true(q >= 0.0);
            if (f->kind == KRN_COST_MOVE) {
                balance[f->node][a->groups[g]] -= q;
                balance[f->to_node][a->groups[g]] += q;
            } else if (f->kind != KRN_COST_TRANSHIP) {
                const double sign = f->kind == KRN_COST_LOAD ? 1 : -1;
                balance[f->node][a->groups[g]] += sign * q;
                ends[f->node][a->groups[g]] += sign * q;
            }
        }
        assert_near(f->quantity, sum, 1e-9 * (1.0 + sum)); /* groups add up */
    }
    for (uint32_t k = 0; k < a->n_cells; k++) {
        const krn_cost_cell *c = &a->cells[k];
        all += c->quantity;
        if (c->reason)
            continue;
        ends[c->origin][c->group] -= c->quantity;
        ends[c->destination][c->group] += c->quantity;
        assert_true(c->least_cost <= c->cost * (1.0 + 1e-12));
    }
    for (uint32_t k = 0; k < NODES; k++)
        for (uint32_t g = 0; g < GROUPS; g++) {
            assert_near(balance[k][g], 0.0, 1e-9 * all);
            assert_near(ends[k][g], 0.0, 1e-9 * all);
        }
}

static const krn_cost_formula *formula_of(const world *w, krn_cost_kind kind, uint32_t mode,
                                          uint32_t c, uint32_t to_mode, uint32_t to_class)
{
    for (uint32_t k = 0; k < w->set.n_formulas; k++) {
        const krn_cost_formula *f = &w->formulas[k];
        if (!f->name && f->kind == kind && f->mode == (int32_t)mode &&
            f->vehicle_class == (int32_t)c && f->to_mode == (int32_t)to_mode &&
            f->to_class == (int32_t)to_class)
            return f;
    }
    return NULL;
}

/* No flow on an arc without a formula, on a link that does not carry the class, through a node
 * that neither passes nor tranships. */
static void check_arcs(const world *w)
{
    for (uint32_t k = 0; k < w->answer.n_flows; k++) {
        const krn_cost_flow *f = &w->answer.flows[k];
        const bool changes = f->kind == KRN_COST_TRANSHIP;
        assert_true(f->quantity > 0.0);
        assert_non_null(formula_of(w, f->kind, changes ? f->from_mode : f->mode,
                                   changes ? f->from_class : f->vehicle_class,
                                   changes ? f->mode : 0, changes ? f->vehicle_class : 0));
        assert_true(w->links[f->link].mode == f->mode);
        assert_true(w->links[f->link].classes >= f->vehicle_class);
        assert_true(!changes || w->nodes[f->node].tranships);
        assert_true((f->kind != KRN_COST_LOAD && f->kind != KRN_COST_UNLOAD) ||
                    w->nodes[f->node].loads);
    }
}

/* ---- the oracle of costs: plain formulas alone ---- */

typedef struct label {
    uint32_t link, forwards, c;
    double cost;
} label;

static double plain(const char *text, double length_km)
{
    double factor;
    if (strncmp(text, "LENGTH", 6) != 0)
        return sscanf(text, "%lf", &factor) == 1 ? factor : HUGE_VAL;
    return text[6] && sscanf(text, "LENGTH * %lf", &factor) == 1 ? length_km * factor : length_km;
}

static double cost_of(const world *w, krn_cost_kind kind, uint32_t mode, uint32_t c,
                      uint32_t to_mode, uint32_t to_class, int32_t group, double length_km)
{
    const krn_cost_formula *f = formula_of(w, kind, mode, c, to_mode, to_class);
    if (!f)
        return HUGE_VAL;
    if (kind == KRN_COST_MOVE && mode == 1 && c == 1 && group == 1)
        return length_km * 1.5;
    return plain(f->text, length_km);
}

static double join_cost(const world *w, const label *a, const label *b, uint32_t node,
                        int32_t group)
{
    const krn_cost_link *from = &w->links[a->link], *to = &w->links[b->link];
    if (from->mode == to->mode && a->c == b->c)
        return w->nodes[node].passes && a->link != b->link
                   ? cost_of(w, KRN_COST_TRANSIT, from->mode, a->c, 0, 0, group, 0)
                   : HUGE_VAL;
    return w->nodes[node].tranships
               ? cost_of(w, KRN_COST_TRANSHIP, from->mode, a->c, to->mode, b->c, group, 0)
               : HUGE_VAL;
}

static double oracle_cost(const world *w, const krn_cost_cell *cell)
{
    label labels[LINKS * 4];
    uint32_t n = 0;
    double best = HUGE_VAL;
    for (uint32_t l = 0; l < LINKS; l++)
        for (uint32_t k = 0; k < 2; k++)
            for (uint32_t c = 1; c <= w->links[l].classes; c++)
                labels[n++] = (label){l, k, c, HUGE_VAL};
    for (bool moved = true; moved;) {
        moved = false;
        for (uint32_t b = 0; b < n; b++) {
            const krn_cost_link *l = &w->links[labels[b].link];
            const uint32_t tail = labels[b].forwards ? l->from_node : l->to_node;
            const double move =
                cost_of(w, KRN_COST_MOVE, l->mode, labels[b].c, 0, 0, cell->group, l->length_km);
            double cost =
                tail == cell->origin && w->nodes[tail].loads
                    ? cost_of(w, KRN_COST_LOAD, l->mode, labels[b].c, 0, 0, cell->group, 0)
                    : HUGE_VAL;
            for (uint32_t a = 0; a < n; a++) {
                const krn_cost_link *before = &w->links[labels[a].link];
                if ((labels[a].forwards ? before->to_node : before->from_node) == tail)
                    cost = fmin(cost, labels[a].cost +
                                          join_cost(w, &labels[a], &labels[b], tail, cell->group));
            }
            if (cost + move < labels[b].cost * (1.0 - 1e-15)) {
                labels[b].cost = cost + move;
                moved = true;
            }
        }
    }
    for (uint32_t b = 0; b < n; b++) {
        const krn_cost_link *l = &w->links[labels[b].link];
        if ((labels[b].forwards ? l->to_node : l->from_node) == cell->destination)
            best = fmin(best, labels[b].cost + cost_of(w, KRN_COST_UNLOAD, l->mode, labels[b].c, 0,
                                                       0, cell->group, 0));
    }
    return best;
}

static void all_or_nothing_finds_the_cheapest_ways(void **state)
{
    world w;
    uint32_t served = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        open_world(&w, seed, "LENGTH", false);
        must(&w, KRN_COST_ALL_OR_NOTHING, 0);
        check_balance(&w);
        check_arcs(&w);
        for (uint32_t k = 0; k < w.answer.n_cells; k++) {
            const krn_cost_cell *c = &w.answer.cells[k];
            if (c->origin == c->destination)
                continue;
            const double cost = oracle_cost(&w, c);
            assert_true((cost < HUGE_VAL) == !c->reason);
            if (!c->reason)
                assert_near(c->least_cost, cost, 1e-12 * cost);
            served += !c->reason;
        }
        krn_arena_free(w.arena);
    }
    assert_true(served > 300);
}

static void logit_shares_add_up(void **state)
{
    world w;
    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        open_world(&w, seed, "LENGTH", false);
        must(&w, KRN_COST_LOGIT, 0);
        check_balance(&w);
        check_arcs(&w);
        krn_arena_free(w.arena);
    }
}

/* Two modes, two groups, an own formula of group 1 that grows half as much. */
static void equilibria_reach_the_gap_and_conserve_flow(void **state)
{
    world w;
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        open_world(&w, seed, "LENGTH", false);
        for (uint32_t k = 0; k < w.set.n_formulas; k++)
            if (!w.formulas[k].name && w.formulas[k].kind == KRN_COST_MOVE &&
                w.formulas[k].vehicle_class == 1)
                w.formulas[k].text = w.formulas[k].group == 1
                                         ? "LENGTH * 0.5 * (3 + (VOLUME / CAPACITY) ^ 4)"
                                         : "LENGTH * BPR(VOLUME, CAPACITY, 4, 1)";
        must(&w, KRN_COST_USER, 1e-8);
        check_balance(&w);
        check_arcs(&w);
        assert_true(w.answer.gap_reached);
        krn_arena_free(w.arena);
    }
}

static void an_equilibrium_is_that_of_the_kernel_over_links(void **state)
{
    world w;
    (void)state;
    for (uint64_t seed = 1; seed <= 30; seed++) {
        krn_assign_link links[2 * LINKS];
        krn_assign_trip trips[ROWS];
        const krn_assign_class all = {"all", 1.5 / 7, 1, 0, 0};
        krn_assignment *kernel = NULL;
        open_world(&w, seed, "LENGTH * BPR(VOLUME, CAPACITY, 4, 1)", true);
        for (uint32_t k = 0; k < w.set.n_formulas; k++)
            if (!w.formulas[k].name && w.formulas[k].kind != KRN_COST_MOVE)
                w.formulas[k].text = "0";
        for (uint32_t k = 0; k < 2 * LINKS; k++) {
            const krn_cost_link *l = &w.links[k / 2];
            links[k] = (krn_assign_link){.tail = k % 2 ? l->to_node : l->from_node,
                                         .head = k % 2 ? l->from_node : l->to_node,
                                         .delay = {.kind = KRN_DELAY_BPR,
                                                   .free_time = l->length_km,
                                                   .capacity = l->capacity,
                                                   .factor = 1,
                                                   .power = 4},
                                         .limit_flow = HUGE_VAL};
        }
        for (uint32_t k = 0; k < ROWS; k++)
            trips[k] =
                (krn_assign_trip){0, w.rows[k].origin, w.rows[k].destination, w.rows[k].quantity};
        const krn_assign_network network = {.n_nodes = NODES,
                                            .n_links = 2 * LINKS,
                                            .n_classes = 1,
                                            .n_trips = ROWS,
                                            .links = links,
                                            .classes = &all,
                                            .trips = trips};
        const krn_assign_options options = {.gap_share = 1e-12, .n_threads = 1};
        assert_int_equal(krn_assign(&network, &options, &kernel, NULL), KRN_OK);
        must(&w, KRN_COST_USER, 1e-10);
        double flow[2 * LINKS] = {0};
        for (uint32_t k = 0; k < w.answer.n_flows; k++) {
            const krn_cost_flow *f = &w.answer.flows[k];
            if (f->kind == KRN_COST_MOVE)
                flow[2 * f->link + (f->node != w.links[f->link].from_node)] = f->volume_load;
        }
        for (uint32_t k = 0; k < 2 * LINKS; k++)
            assert_near(flow[k], krn_assignment_load(kernel)[k], 0.02);
        assert_near_relative(w.answer.total_cost * 1.5 / 7, krn_assignment_total_cost(kernel),
                             1e-5);
        krn_assignment_free(kernel);
        krn_arena_free(w.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_or_nothing_finds_the_cheapest_ways),
        cmocka_unit_test(logit_shares_add_up),
        cmocka_unit_test(equilibria_reach_the_gap_and_conserve_flow),
        cmocka_unit_test(an_equilibrium_is_that_of_the_kernel_over_links),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
