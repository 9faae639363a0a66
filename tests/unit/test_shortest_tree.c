/* SPDX-License-Identifier: Apache-2.0 */
/* test_shortest_tree.c - chains of links, trees, and trees after costs moved. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "assign/shortest_tree.h"
#include "support/assert_near.h"
#include "support/traffic.h"

/* 0 <-> 1 <-> 2 <-> 3 with ends at 0 and 3; 4 is a dead end beside 1: only 1 parts ways. */
static void chains_become_links(void **state)
{
    (void)state;
    static const uint32_t ends[][2] = {{0, 1}, {1, 2}, {2, 3}, {1, 4}};
    traffic t = traffic_new(5, 8, 1, 1);
    krni_graph g;
    for (uint32_t k = 0; k < 4; k++) {
        t.links[2 * k] = traffic_bpr(ends[k][0], ends[k][1], 1.0, 0.15, 10.0, 4.0);
        t.links[2 * k + 1] = traffic_bpr(ends[k][1], ends[k][0], 1.0, 0.15, 10.0, 4.0);
    }
    t.trips[0] = (krn_assign_trip){0, 0, 3, 1.0};
    assert_int_equal(krni_graph_new(&t.network, &g, NULL), KRN_OK);
    assert_int_equal(g.n_nodes, 3); /* 0, 1, 3 */
    assert_int_equal(g.n_links, 4);
    assert_int_equal(g.first_part[g.n_links], 6); /* the dead end is on no way */
    for (uint32_t a = 0; a < g.n_links; a++)
        for (uint32_t i = g.first_part[a]; i + 1 < g.first_part[a + 1]; i++)
            assert_int_equal(t.links[g.part[i]].head, t.links[g.part[i + 1]].tail);
    krni_graph_free(&g);
    t.links[2].delay.power = 2.0; /* 1 -> 2 has a law of another form than 2 -> 3 */
    assert_int_equal(krni_graph_new(&t.network, &g, NULL), KRN_OK);
    assert_int_equal(g.n_nodes, 4);
    krni_graph_free(&g);
    traffic_free(&t);
}

/* Labels by relaxing all links until nothing changes. */
static void slow_labels(const krni_graph *g, const double *cost, uint32_t origin, double *label)
{
    bool moved = true;
    for (uint32_t v = 0; v < g->n_nodes; v++)
        label[v] = v == origin ? 0.0 : HUGE_VAL;
    while (moved) {
        moved = false;
        for (uint32_t a = 0; a < g->n_links; a++)
            if ((!g->shut[g->tail[a]] || g->tail[a] == origin) &&
                label[g->tail[a]] + cost[a] < label[g->head[a]]) {
                label[g->head[a]] = label[g->tail[a]] + cost[a];
                moved = true;
            }
    }
}

static void trees_and_repaired_trees_are_cheapest(void **state)
{
    (void)state;
    traffic t = traffic_random(7, 60, 1);
    krni_graph g;
    krni_tree_work w;
    double cost[240], label[60];
    uint32_t enter[60], seed = 5;
    for (uint32_t v = 0; v < 60; v += 7)
        t.no_through[v] = true;
    assert_int_equal(krni_graph_new(&t.network, &g, NULL), KRN_OK);
    assert_int_equal(krni_tree_work_new(g.n_nodes, &w, NULL), KRN_OK);
    for (uint32_t origin = 0; origin < g.n_nodes; origin++)
        for (int round = 0; round < 4; round++) {
            for (uint32_t a = 0; a < g.n_links; a++) {
                seed = seed * 1664525u + 1013904223u;
                cost[a] = (seed >> 20) % 5 ? (seed >> 8) / 1e6 : 0.0; /* some cost nothing */
            }
            if (round == 0)
                krni_tree_build(&g, cost, origin, enter, &w);
            else
                krni_tree_repair(&g, cost, origin, enter, &w);
            slow_labels(&g, cost, origin, label);
            for (uint32_t v = 0; v < g.n_nodes; v++) {
                assert_near(w.label[v], label[v], 1e-9);
                if (enter[v] == KRNI_NO_LINK)
                    assert_true(v == origin || isinf(label[v]));
                else
                    assert_near(label[g.tail[enter[v]]] + cost[enter[v]], label[v], 1e-9);
            }
        }
    krni_tree_work_free(&w);
    krni_graph_free(&g);
    traffic_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chains_become_links),
        cmocka_unit_test(trees_and_repaired_trees_are_cheapest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
