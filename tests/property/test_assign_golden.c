/* SPDX-License-Identifier: Apache-2.0 */
/* test_assign_golden.c - published equilibria: objectives, link flows, and small cases by hand.
 *
 *      1 --> 3        Braess: 1 -> 3 and 4 -> 2 cost 10 x, 1 -> 4 and 3 -> 2 cost 50 + x,
 *      | \   |        the short cut 3 -> 4 costs 10 + x; demand 6 from 1 to 2
 *      v   v v
 *      4 --> 2 */
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

/* Largest |flow - published| over the total of the published flows of a network. */
static double worst_flow_share(const traffic *t, const krn_assignment *a, const char *name)
{
    char path[512], line[256];
    double worst = 0.0, most = 0.0;
    (void)snprintf(path, sizeof path, "%s/tests/golden/tntp/%s_flow.tntp", KRN_SOURCE_DIR, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    uint32_t n = 0;
    while (fgets(line, sizeof line, file)) {
        char *at = line;
        const unsigned long from = strtoul(at, &at, 10), to = strtoul(at, &at, 10);
        const double flow = strtod(at, &at);
        if (!from)
            continue;
        uint32_t k = 0;
        while (k < t->network.n_links &&
               (t->links[k].tail + 1 != from || t->links[k].head + 1 != to))
            k++;
        assert_in_range(k, 0, t->network.n_links - 1);
        worst = fmax(worst, fabs(krn_assignment_load(a)[k] - flow));
        most = fmax(most, flow);
        n++;
    }
    (void)fclose(file);
    assert_int_equal(n, t->network.n_links);
    return worst / most;
}

static void sioux_falls_has_its_published_flows(void **state)
{
    (void)state;
    traffic t = traffic_golden("SiouxFalls");
    krn_assignment *a = traffic_assign(&t, KRN_ASSIGN_USER, KRN_ASSIGN_SEGMENT, 1e-13, 1);
    assert_near_relative(krn_assignment_step(a).objective_cost, 4231335.287107440, 1e-13);
    assert_near_relative(krn_assignment_total_time(a), 7480225.344921, 1e-10);
    assert_near(worst_flow_share(&t, a, "SiouxFalls"), 0.0, 1e-9);
    assert_near(traffic_imbalance_share(&t, a), 0.0, 1e-12);
    assert_near(krn_assignment_load(a)[0], 4494.65764646, 1e-5);
    assert_near(krn_assignment_time(a)[0], 6.00081624, 1e-8);
    krn_assignment_free(a);
    traffic_free(&t);
}

static void anaheim_has_its_published_flows(void **state)
{
    (void)state;
    traffic t = traffic_golden("Anaheim");
    krn_assignment *a = traffic_assign(&t, KRN_ASSIGN_USER, KRN_ASSIGN_SEGMENT, 1e-13, 2);
    assert_near_relative(krn_assignment_step(a).objective_cost, 1286032.171096, 1e-12);
    assert_near_relative(krn_assignment_total_time(a), 1419913.851059, 1e-12);
    assert_near(worst_flow_share(&t, a, "Anaheim"), 0.0, 1e-8);
    assert_near(traffic_imbalance_share(&t, a), 0.0, 1e-12);
    krn_assignment_free(a);
    traffic_free(&t);
}

static void flows_at_a_gap_are_as_near_as_practice_says(void **state)
{
    (void)state;
    traffic t = traffic_golden("SiouxFalls");
    krn_assignment *rough = traffic_assign(&t, KRN_ASSIGN_USER, KRN_ASSIGN_SEGMENT, 1e-4, 1);
    krn_assignment *fine = traffic_assign(&t, KRN_ASSIGN_USER, KRN_ASSIGN_SEGMENT, 1e-6, 1);
    assert_near(worst_flow_share(&t, rough, "SiouxFalls"), 0.0, 1e-2);
    assert_near(worst_flow_share(&t, fine, "SiouxFalls"), 0.0, 1e-4);
    assert_near_relative(krn_assignment_step(rough).objective_cost, 4231335.287107440, 1e-4);
    krn_assignment_free(rough);
    krn_assignment_free(fine);
    traffic_free(&t);
}

static void frank_wolfe_comes_to_the_same_objective(void **state)
{
    (void)state;
    static const char *const names[] = {"SiouxFalls", "Anaheim"};
    static const double objectives[] = {4231335.287107440, 1286032.171096};
    for (int k = 0; k < 2; k++) {
        traffic t = traffic_golden(names[k]);
        krn_assignment *a = traffic_assign(&t, KRN_ASSIGN_USER, KRN_ASSIGN_FW, 1e-5, 1);
        assert_near_relative(krn_assignment_step(a).objective_cost, objectives[k], 1e-5);
        assert_true(krn_assignment_step(a).objective_cost >= objectives[k] * (1.0 - 1e-12));
        assert_near(traffic_imbalance_share(&t, a), 0.0, 1e-12);
        krn_assignment_free(a);
        traffic_free(&t);
    }
}

static void braess_pays_for_the_short_cut(void **state)
{
    (void)state;
    traffic t = traffic_golden("Braess");
    krn_assignment *with = traffic_assign(&t, KRN_ASSIGN_USER, KRN_ASSIGN_SEGMENT, 1e-14, 1);
    krn_assignment *best = traffic_assign(&t, KRN_ASSIGN_SYSTEM, KRN_ASSIGN_SEGMENT, 1e-14, 1);
    t.links[3].closed = true;
    krn_assignment *without = traffic_assign(&t, KRN_ASSIGN_USER, KRN_ASSIGN_SEGMENT, 1e-14, 1);
    assert_near(krn_assignment_total_cost(with), 552.0, 1e-6);
    assert_near(krn_assignment_load(with)[3], 2.0, 1e-7);
    assert_near(krn_assignment_total_cost(without), 498.0, 1e-6);
    assert_near(krn_assignment_load(without)[3], 0.0, 0.0);
    assert_near(krn_assignment_total_cost(best), 498.0, 1e-6);
    assert_near(krn_assignment_total_cost(with) / krn_assignment_total_cost(best), 552.0 / 498.0,
                1e-8);
    krn_assignment_free(with);
    krn_assignment_free(best);
    krn_assignment_free(without);
    traffic_free(&t);
}

/* time 10 + x against 15, demand 10 */
static void two_parallel_links_share_by_cost_or_by_marginal_cost(void **state)
{
    (void)state;
    traffic t = traffic_new(2, 2, 1, 1);
    t.links[0] = traffic_bpr(0, 1, 10.0, 1.0, 10.0, 1.0);
    t.links[1] = traffic_bpr(0, 1, 15.0, 0.0, 10.0, 1.0);
    t.trips[0] = (krn_assign_trip){0, 0, 1, 10.0};
    krn_assignment *user = traffic_assign(&t, KRN_ASSIGN_USER, KRN_ASSIGN_SEGMENT, 1e-14, 1);
    krn_assignment *best = traffic_assign(&t, KRN_ASSIGN_SYSTEM, KRN_ASSIGN_SEGMENT, 1e-14, 1);
    assert_near(krn_assignment_load(user)[0], 5.0, 1e-9);
    assert_near(krn_assignment_load(user)[1], 5.0, 1e-9);
    assert_near(krn_assignment_cost(user, 0, 0), 15.0, 1e-9);
    assert_near(krn_assignment_load(best)[0], 2.5, 1e-9);
    krn_assignment_free(user);
    krn_assignment_free(best);
    traffic_free(&t);
}

static void logit_shares_follow_costs(void **state)
{
    (void)state;
    const double costs[] = {10.0, 12.0, HUGE_VAL};
    double shares[3];
    krn_assign_logit(costs, 3, 0.5, shares);
    assert_near(shares[0], 0.731059, 5e-7);
    assert_near(shares[1], 0.268941, 5e-7);
    assert_near(shares[2], 0.0, 0.0);
    krn_assign_logit(costs + 2, 1, 0.5, shares);
    assert_near(shares[0], 0.0, 0.0);
}

typedef struct gaps {
    double share[200];
    uint32_t n;
} gaps;

static bool note_gap(void *context, const krn_assign_step *step)
{
    gaps *g = context;
    if (g->n < 200)
        g->share[g->n++] = step->gap_share;
    return true;
}

/* The first rounds are of mixed costs; then none is above the best of two before it. */
static void gaps_fall(void **state)
{
    (void)state;
    static const char *const names[] = {"SiouxFalls", "Anaheim"};
    for (int k = 0; k < 2; k++) {
        traffic t = traffic_golden(names[k]);
        gaps g = {.n = 0};
        krn_assignment *a = NULL;
        const krn_assign_options options = {
            .gap_share = 1e-6, .n_threads = 1, .progress = note_gap, .progress_context = &g};
        assert_int_equal(krn_assign(&t.network, &options, &a, NULL), KRN_OK);
        for (uint32_t i = 2; i < g.n; i++)
            assert_true(g.share[i] <= fmax(g.share[i - 1], g.share[i - 2]));
        assert_true(g.n < 20);
        krn_assignment_free(a);
        traffic_free(&t);
    }
}

static bool stop_at_once(void *context, const krn_assign_step *step)
{
    (void)context;
    return step->iteration > 1;
}

static void progress_may_stop_it(void **state)
{
    (void)state;
    traffic t = traffic_golden("SiouxFalls");
    for (int k = KRN_ASSIGN_SEGMENT; k <= KRN_ASSIGN_FW; k++) {
        krn_assignment *a = NULL;
        krn_error err = {0};
        const krn_assign_options options = {
            .algorithm = (krn_assign_algorithm)k, .n_threads = 1, .progress = stop_at_once};
        assert_int_equal(krn_assign(&t.network, &options, &a, &err), KRN_E_CANCELLED);
        assert_null(a);
    }
    traffic_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sioux_falls_has_its_published_flows),
        cmocka_unit_test(anaheim_has_its_published_flows),
        cmocka_unit_test(flows_at_a_gap_are_as_near_as_practice_says),
        cmocka_unit_test(frank_wolfe_comes_to_the_same_objective),
        cmocka_unit_test(braess_pays_for_the_short_cut),
        cmocka_unit_test(two_parallel_links_share_by_cost_or_by_marginal_cost),
        cmocka_unit_test(logit_shares_follow_costs),
        cmocka_unit_test(gaps_fall),
        cmocka_unit_test(progress_may_stop_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
