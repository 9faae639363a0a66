/* SPDX-License-Identifier: Apache-2.0 */
/* test_equilibrium.c - what an assignment takes and tells beside flows: hard capacities with
 * prices, start from a base, who uses a link, chains of links. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/assert_near.h"
#include "support/traffic.h"

/* Route A costs 5 and takes 6, route B costs 8; demand 10. */
static void a_full_route_has_the_price_of_the_detour(void **state)
{
    (void)state;
    traffic t = traffic_new(2, 2, 1, 1);
    t.links[0] = traffic_bpr(0, 1, 5.0, 0.0, 1.0, 1.0);
    t.links[1] = traffic_bpr(0, 1, 8.0, 0.0, 1.0, 1.0);
    t.trips[0] = (krn_assign_trip){0, 0, 1, 10.0};
    t.links[0].limit_flow = 6.0;
    krn_assignment *six = traffic_assign(&t, KRN_ASSIGN_USER, KRN_ASSIGN_SEGMENT, 1e-12, 1);
    assert_near(krn_assignment_load(six)[0], 6.0, 1e-7);
    assert_near(krn_assignment_load(six)[1], 4.0, 1e-7);
    assert_near(krn_assignment_total_cost(six), 62.0, 1e-6);
    assert_near(krn_assignment_price_cost(six, 0), 3.0, 1e-6);
    assert_near(krn_assignment_price_cost(six, 1), 0.0, 0.0);
    t.links[0].limit_flow = 7.0;
    krn_assignment *seven = traffic_assign(&t, KRN_ASSIGN_USER, KRN_ASSIGN_SEGMENT, 1e-12, 1);
    assert_near(krn_assignment_total_cost(seven), 59.0, 1e-6);
    krn_assignment_free(six);
    krn_assignment_free(seven);
    t.links[1].limit_flow = 2.0; /* 9 in all */
    const krn_assign_options options = {.gap_share = 1e-8, .n_threads = 1};
    krn_assignment *none = NULL;
    krn_error err = {0};
    assert_int_equal(krn_assign(&t.network, &options, &none, &err), KRN_E_NO_ROUTE);
    assert_null(none);
    traffic_free(&t);
}

static double objective_of(const traffic *t, krn_assign_method method)
{
    krn_assignment *a = traffic_assign(t, method, KRN_ASSIGN_SEGMENT, 1e-12, 1);
    const double objective = krn_assignment_step(a).objective_cost;
    krn_assignment_free(a);
    return objective;
}

static void prices_agree_with_differences_of_the_objective(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 6; seed++) {
        const krn_assign_method method = seed % 2 ? KRN_ASSIGN_USER : KRN_ASSIGN_SYSTEM;
        traffic t = traffic_random(500 + seed, 12, 2);
        krn_assignment *open = traffic_assign(&t, method, KRN_ASSIGN_SEGMENT, 1e-10, 1);
        uint32_t full = 0;
        for (uint32_t k = 1; k < t.network.n_links; k++)
            if (krn_assignment_load(open)[k] > krn_assignment_load(open)[full])
                full = k;
        const double limit = 0.8 * krn_assignment_load(open)[full];
        krn_assignment_free(open);
        t.links[full].limit_flow = limit;
        krn_assignment *a = traffic_assign(&t, method, KRN_ASSIGN_SEGMENT, 1e-12, 1);
        assert_near_relative(krn_assignment_load(a)[full], limit, 1e-7);
        const double h = 1e-3 * limit;
        t.links[full].limit_flow = limit - h;
        const double less = objective_of(&t, method);
        t.links[full].limit_flow = limit + h;
        const double more = objective_of(&t, method);
        assert_true(krn_assignment_price_cost(a, full) > 0.0);
        assert_near((less - more) / (2.0 * h), krn_assignment_price_cost(a, full),
                    1e-3 * (1.0 + krn_assignment_price_cost(a, full)));
        krn_assignment_free(a);
        traffic_free(&t);
    }
}

static void a_start_from_a_base_ends_where_a_cold_start_does(void **state)
{
    (void)state;
    traffic t = traffic_golden("SiouxFalls");
    krn_assignment *base = traffic_assign(&t, KRN_ASSIGN_USER, KRN_ASSIGN_SEGMENT, 1e-12, 1);
    t.links[4].delay.capacity *= 1.5;
    t.links[30].closed = true;
    t.trips[17].flow += 300.0;
    krn_assignment *cold = traffic_assign(&t, KRN_ASSIGN_USER, KRN_ASSIGN_SEGMENT, 1e-12, 1);
    krn_assignment *warm = NULL;
    const krn_assign_options options = {.gap_share = 1e-12, .n_threads = 1, .base = base};
    assert_int_equal(krn_assign(&t.network, &options, &warm, NULL), KRN_OK);
    assert_near_relative(krn_assignment_step(warm).objective_cost,
                         krn_assignment_step(cold).objective_cost, 1e-12);
    assert_near(traffic_imbalance_share(&t, warm), 0.0, 1e-12);
    assert_near(krn_assignment_load(warm)[30], 0.0, 0.0);
    assert_true(krn_assignment_step(warm).iteration <= krn_assignment_step(cold).iteration);
    krn_assignment_free(warm);
    krn_assignment_free(cold);
    krn_assignment_free(base);
    traffic_free(&t);
}

static krn_assignment *proportional(const traffic *t, const krn_assignment *base)
{
    krn_assignment *a = NULL;
    const krn_assign_options options = {
        .gap_share = 1e-13, .n_threads = 1, .proportional = true, .base = base};
    assert_int_equal(krn_assign(&t->network, &options, &a, NULL), KRN_OK);
    return a;
}

static void users_of_a_link_add_up_to_its_load(void **state)
{
    (void)state;
    traffic t = traffic_golden("SiouxFalls");
    double trips[600], loads[76];
    krn_assignment *a = proportional(&t, NULL);
    for (uint32_t link = 0; link < t.network.n_links; link++) {
        double users = 0.0;
        assert_int_equal(krn_assignment_select(a, link, trips, loads, NULL), KRN_OK);
        for (uint32_t k = 0; k < t.network.n_trips; k++) {
            assert_true(trips[k] >= 0.0 && trips[k] <= t.trips[k].flow * (1.0 + 1e-12));
            users += trips[k];
        }
        assert_near_relative(users, krn_assignment_load(a)[link], 1e-9);
        assert_near_relative(loads[link], users, 1e-9);
        for (uint32_t k = 0; k < t.network.n_links; k++)
            assert_true(loads[k] <= krn_assignment_load(a)[k] * (1.0 + 1e-9));
    }
    assert_near_relative(krn_assignment_step(a).objective_cost, 4231335.287107440, 1e-12);
    assert_near(traffic_imbalance_share(&t, a), 0.0, 1e-12);
    krn_assignment_free(a);
    traffic_free(&t);
}

/* Two origins, two equal ways between 2 and 3: each origin halves as all do.
 *
 *   0 --> 2 ==> 3 --> 4
 *   1 --'         '-> 5 */
static void origins_divide_alike_over_equal_ways(void **state)
{
    (void)state;
    double trips[2], loads[6];
    traffic t = traffic_new(6, 6, 1, 2);
    t.links[0] = traffic_bpr(0, 2, 1.0, 0.0, 1.0, 1.0);
    t.links[1] = traffic_bpr(1, 2, 1.0, 0.0, 1.0, 1.0);
    t.links[2] = traffic_bpr(2, 3, 10.0, 0.3, 10.0, 1.0);
    t.links[3] = traffic_bpr(2, 3, 11.0, 0.2, 10.0, 1.0);
    t.links[4] = traffic_bpr(3, 4, 1.0, 0.0, 1.0, 1.0);
    t.links[5] = traffic_bpr(3, 5, 1.0, 0.0, 1.0, 1.0);
    t.trips[0] = (krn_assign_trip){0, 0, 4, 12.0};
    t.trips[1] = (krn_assign_trip){0, 1, 5, 4.0};
    krn_assignment *a = proportional(&t, NULL);
    const double share = krn_assignment_load(a)[2] / 16.0;
    assert_int_equal(krn_assignment_select(a, 2, trips, loads, NULL), KRN_OK);
    assert_near(trips[0], 12.0 * share, 1e-9);
    assert_near(trips[1], 4.0 * share, 1e-9);
    assert_near(loads[0], 12.0 * share, 1e-9);
    assert_near(loads[3], 0.0, 1e-12);
    krn_assignment_free(a);
    traffic_free(&t);
}

static void users_of_a_link_do_not_hang_on_the_start(void **state)
{
    (void)state;
    traffic t = traffic_golden("SiouxFalls");
    double one[600], other[600], loads[76], worst = 0.0;
    t.trips[100].flow *= 3.0;
    krn_assignment *base = traffic_assign(&t, KRN_ASSIGN_USER, KRN_ASSIGN_SEGMENT, 1e-3, 1);
    t.trips[100].flow /= 3.0;
    krn_assignment *cold = proportional(&t, NULL), *warm = proportional(&t, base);
    assert_true(krn_assignment_spread_share(cold) < 1e-9);
    for (uint32_t link = 0; link < t.network.n_links; link++) {
        assert_int_equal(krn_assignment_select(cold, link, one, loads, NULL), KRN_OK);
        assert_int_equal(krn_assignment_select(warm, link, other, loads, NULL), KRN_OK);
        for (uint32_t k = 0; k < t.network.n_trips; k++)
            worst = fmax(worst, fabs(one[k] - other[k]));
    }
    assert_near(worst, 0.0, 1e-4); /* of up to 4,400 trips */
    krn_assignment_free(cold);
    krn_assignment_free(warm);
    krn_assignment_free(base);
    traffic_free(&t);
}

/* Each link of a random network cut into three, and a dead end on every second cut. */
static void links_in_parts_give_the_same_flows(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 10; seed++) {
        traffic t = traffic_random(600 + seed, 14, 2);
        const uint32_t n = t.network.n_nodes, m = t.network.n_links;
        traffic cut = traffic_new(n + 3 * m, 5 * m, 2, t.network.n_trips);
        memcpy(cut.trips, t.trips, t.network.n_trips * sizeof *t.trips);
        memcpy(cut.classes, t.classes, 2 * sizeof *t.classes);
        for (uint32_t k = 0; k < m; k++) {
            if (t.links[k].delay.kind == KRN_DELAY_CONICAL ||
                t.links[k].delay.kind == KRN_DELAY_TABLE)
                t.links[k].delay = t.links[4].delay = (krn_delay){
                    .kind = KRN_DELAY_BPR, .free_time = 5, .capacity = 30, .factor = 1, .power = 3};
            const uint32_t a = n + 3 * k, nodes[] = {t.links[k].tail, a, a + 1, t.links[k].head};
            for (uint32_t i = 0; i < 3; i++) {
                cut.links[5 * k + i] = t.links[k];
                cut.links[5 * k + i].tail = nodes[i];
                cut.links[5 * k + i].head = nodes[i + 1];
            }
            cut.links[5 * k + 3] = traffic_bpr(a, a + 2, 1.0, 0.15, 5.0, 4.0);
            cut.links[5 * k + 4] = traffic_bpr(a + 2, a, 1.0, 0.15, 5.0, 4.0);
            if (k % 2)
                cut.links[5 * k + 3].closed = cut.links[5 * k + 4].closed = true;
        }
        for (uint32_t k = 0; k < m; k++)
            for (uint32_t i = 0; i < 3; i++) {
                cut.links[5 * k + i].delay = t.links[k].delay;
                cut.links[5 * k + i].delay.free_time /= 3.0;
                cut.links[5 * k + i].toll /= 3.0;
                cut.links[5 * k + i].length /= 3.0;
            }
        krn_assignment *whole = traffic_assign(&t, KRN_ASSIGN_USER, KRN_ASSIGN_SEGMENT, 1e-12, 1);
        krn_assignment *parts = traffic_assign(&cut, KRN_ASSIGN_USER, KRN_ASSIGN_SEGMENT, 1e-12, 1);
        assert_near_relative(krn_assignment_step(parts).objective_cost,
                             krn_assignment_step(whole).objective_cost, 1e-11);
        assert_near_relative(krn_assignment_total_cost(parts), krn_assignment_total_cost(whole),
                             1e-5);
        assert_near(traffic_imbalance_share(&cut, parts), 0.0, 1e-12);
        krn_assignment_free(whole);
        krn_assignment_free(parts);
        traffic_free(&t);
        traffic_free(&cut);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_route_has_the_price_of_the_detour),
        cmocka_unit_test(prices_agree_with_differences_of_the_objective),
        cmocka_unit_test(a_start_from_a_base_ends_where_a_cold_start_does),
        cmocka_unit_test(users_of_a_link_add_up_to_its_load),
        cmocka_unit_test(origins_divide_alike_over_equal_ways),
        cmocka_unit_test(users_of_a_link_do_not_hang_on_the_start),
        cmocka_unit_test(links_in_parts_give_the_same_flows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
