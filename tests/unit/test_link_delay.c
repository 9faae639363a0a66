/* SPDX-License-Identifier: Apache-2.0 */
/* test_link_delay.c - laws of time: values by their formulas, slopes and integrals by differences.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "assign/link_delay.h"
#include "support/assert_near.h"

static const double table_flow[] = {0.0, 10.0, 30.0, 80.0};
static const double table_time[] = {4.0, 4.0, 9.0, 40.0};

/* One link 0 -> 1 of this law; graph and delays must be freed. */
static void pack(const krn_delay *law, bool marginal, krni_graph *graph, krni_delays *delays)
{
    const krn_assign_link link = {.tail = 0, .head = 1, .delay = *law, .limit_flow = HUGE_VAL};
    const krn_assign_class all = {"all", 1.0, 1.0, 0.0, 0.0};
    const krn_assign_network network = {
        .n_nodes = 2, .n_links = 1, .n_classes = 1, .links = &link, .classes = &all};
    const krn_assign_trip trip = {0, 0, 1, 1.0};
    krn_assign_network with_trip = network;
    with_trip.trips = &trip;
    with_trip.n_trips = 1;
    krn_error err = {0};
    assert_int_equal(krni_graph_new(&with_trip, graph, &err), KRN_OK);
    assert_int_equal(krni_delays_new(&link, graph, marginal, delays, &err), KRN_OK);
}

static const krn_delay laws[] = {
    {.kind = KRN_DELAY_CONSTANT, .free_time = 7.0},
    {.kind = KRN_DELAY_BPR, .free_time = 6.0, .capacity = 20.0, .factor = 0.15, .power = 4.0},
    {.kind = KRN_DELAY_BPR, .free_time = 6.0, .capacity = 20.0, .factor = 1.5, .power = 1.0},
    {.kind = KRN_DELAY_BPR, .free_time = 6.0, .capacity = 20.0, .factor = 0.7, .power = 2.5},
    {.kind = KRN_DELAY_BPR, .free_time = 6.0, .capacity = 20.0, .factor = 0.7, .power = 7.0},
    {.kind = KRN_DELAY_CONICAL, .free_time = 6.0, .capacity = 20.0, .factor = 4.0},
    {.kind = KRN_DELAY_TABLE, .n_points = 4, .points_flow = table_flow, .points_time = table_time},
};
#define N_LAWS (sizeof laws / sizeof laws[0])

static double time_at(krni_delays *d, double flow)
{
    d->links[0].flow = flow;
    krni_delay_update(d, 0);
    return d->links[0].time;
}

static void times_follow_their_formulas(void **state)
{
    (void)state;
    const double expected[N_LAWS] = {7.0, 6.0 * (1.0 + 0.15 * pow(1.5, 4.0)),
                                     6.0 * (1.0 + 1.5 * 1.5), 6.0 * (1.0 + 0.7 * pow(1.5, 2.5)),
                                     6.0 * (1.0 + 0.7 * pow(1.5, 7.0)),
                                     /* Spiess: 2 + sqrt(16 * 0.25 + e^2) + 2 - e with e = 7 / 6 */
                                     6.0 * (4.0 + sqrt(4.0 + 49.0 / 36.0) - 7.0 / 6.0), 9.0};
    for (size_t k = 0; k < N_LAWS; k++) {
        krni_graph g;
        krni_delays d;
        pack(&laws[k], false, &g, &d);
        assert_near_relative(time_at(&d, 30.0), expected[k], 1e-14);
        assert_near_relative(krni_delay_part_time(&d, 0, 30.0), expected[k], 1e-14);
        krni_delays_free(&d);
        krni_graph_free(&g);
    }
}

static void conical_law_is_one_at_no_flow_and_two_at_capacity(void **state)
{
    (void)state;
    krni_graph g;
    krni_delays d;
    pack(&laws[5], false, &g, &d);
    assert_near(time_at(&d, 0.0), 6.0, 1e-12);
    assert_near(time_at(&d, 20.0), 12.0, 1e-12);
    krni_delays_free(&d);
    krni_graph_free(&g);
}

static void slopes_and_integrals_agree_with_differences(void **state)
{
    (void)state;
    static const double flows[] = {0.5, 7.0, 12.0, 19.0, 33.0, 70.0, 95.0};
    const double h = 1e-5;
    for (size_t k = 0; k < N_LAWS; k++)
        for (int marginal = 0; marginal < 2; marginal++) {
            krni_graph g;
            krni_delays d;
            pack(&laws[k], marginal != 0, &g, &d);
            for (size_t i = 0; i < sizeof flows / sizeof flows[0]; i++) {
                const double x = flows[i];
                const double low = time_at(&d, x - h), high = time_at(&d, x + h);
                const double value = time_at(&d, x);
                assert_near(d.links[0].slope, (high - low) / (2 * h),
                            1e-5 * (1.0 + d.links[0].slope));
                const double area =
                    krni_delay_integral(&d, 0, x + h) - krni_delay_integral(&d, 0, x - h);
                assert_near_relative(area / (2 * h), value, 1e-5);
            }
            krni_delays_free(&d);
            krni_graph_free(&g);
        }
}

static void marginal_time_is_time_and_flow_times_slope(void **state)
{
    (void)state;
    for (size_t k = 0; k < N_LAWS; k++) {
        krni_graph g;
        krni_delays plain, marginal;
        pack(&laws[k], false, &g, &plain);
        krni_graph_free(&g);
        pack(&laws[k], true, &g, &marginal);
        const double time = time_at(&plain, 25.0);
        assert_near_relative(time_at(&marginal, 25.0), time + 25.0 * plain.links[0].slope, 1e-13);
        assert_near_relative(krni_delay_part_time(&marginal, 0, 25.0), time, 1e-13);
        assert_near_relative(krni_delay_integral(&marginal, 0, 25.0), 25.0 * time, 1e-13);
        krni_delays_free(&plain);
        krni_delays_free(&marginal);
        krni_graph_free(&g);
    }
}

static void a_tiny_free_time_keeps_the_digits_of_its_growth(void **state)
{
    (void)state;
    const krn_delay law = {
        .kind = KRN_DELAY_BPR, .free_time = 1e-8, .capacity = 1.0, .factor = 1e9, .power = 1.0};
    krni_graph g;
    krni_delays d;
    pack(&law, false, &g, &d);
    assert_near(time_at(&d, 4.0), 40.00000001, 1e-13);
    krni_delays_free(&d);
    krni_graph_free(&g);
}

static void wrong_laws_are_refused(void **state)
{
    (void)state;
    static const double falling[] = {5.0, 4.0, 9.0, 40.0}, flatter[] = {1.0, 20.0, 21.0, 22.0};
    krn_delay bad[] = {laws[1], laws[1], laws[1], laws[5], laws[6], laws[6]};
    krn_error err = {0};
    bad[0].capacity = 0.0;
    bad[1].factor = -1.0;
    bad[2].power = 65.0;
    bad[3].factor = 1.0;
    bad[4].points_time = falling;
    bad[5].n_points = 1;
    for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++)
        assert_int_equal(krni_delay_check(&bad[k], 3, false, &err), KRN_E_ARG);
    assert_non_null(strstr(err.text, "link 3"));
    bad[5] = laws[6];
    bad[5].points_time = flatter;
    assert_int_equal(krni_delay_check(&bad[5], 3, false, &err), KRN_OK);
    assert_int_equal(krni_delay_check(&bad[5], 3, true, &err), KRN_E_ARG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_follow_their_formulas),
        cmocka_unit_test(conical_law_is_one_at_no_flow_and_two_at_capacity),
        cmocka_unit_test(slopes_and_integrals_agree_with_differences),
        cmocka_unit_test(marginal_time_is_time_and_flow_times_slope),
        cmocka_unit_test(a_tiny_free_time_keeps_the_digits_of_its_growth),
        cmocka_unit_test(wrong_laws_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
