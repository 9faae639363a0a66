/* SPDX-License-Identifier: Apache-2.0 */
/* test_network.c - the mini corridor as states and activities.
 *
 *   a-farm --180-- a-junction --300-- a-gate --25 ]border[-- b-gate --290-- b-city --360-- b-gulf
 *                     | 130 (planned)             1520 mm      | 1435 mm
 *                   a-spur                              gauge change
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "model/network_data.h"
#include "support/assert_near.h"
#include "support/mini_network.h"

#define BROAD    ((krn_side)(KRN_SIDE_RAIL + 1)) /* 1520 mm */
#define STANDARD KRN_SIDE_RAIL                   /* 1435 mm */

static int setup(void **state)
{
    *state = mini_network(NULL, 0);
    return 0;
}

static int teardown(void **state)
{
    krn_network_free(*state);
    return 0;
}

static void gauges_are_those_of_the_links_ascending(void **state)
{
    int mm[KRN_MAX_GAUGES];
    assert_int_equal(krn_network_gauges(*state, mm), 2);
    assert_int_equal(mm[0], 1435);
    assert_int_equal(mm[1], 1520);
}

static void the_network_keeps_every_invariant(void **state)
{
    krn_error err;
    assert_int_equal(krn_network_check(*state, &err), KRN_OK);
}

static void a_haul_takes_length_over_free_speed(void **state)
{
    const krn_network *net = *state;
    krn_activity a;
    krn_network_activity(net,
                         (krn_activity_id){mini_activity(net, KRN_HAUL, "a-farm", BROAD,
                                                         "a-junction", BROAD, "r-farm-junction")},
                         &a);
    assert_near(a.length_km, 180.0, 1e-12);
    assert_near(a.duration.typical_h, 3.6, 1e-12);
    assert_near(a.duration.low_h, 3.6 * 0.8, 1e-12);
    assert_near(a.duration.high_h, 3.6 * 1.5, 1e-12);
    assert_int_equal(a.country, KRN_COUNTRY('X', 'A'));
    assert_int_equal(a.mode, KRN_RAIL);
    assert_int_equal(a.gauge_index, 1);
    assert_int_equal(a.handlings, 0);
}

static void the_spread_of_a_country_wins_over_any(void **state)
{
    const krn_network *net = *state;
    krn_activity a;
    krn_network_activity(net,
                         (krn_activity_id){mini_activity(net, KRN_HAUL, "b-gate", STANDARD,
                                                         "b-city", STANDARD, NULL)},
                         &a);
    assert_near(a.duration.low_h, 290.0 / 60.0 * 0.75, 1e-12);
    assert_near(a.duration.high_h, 290.0 / 60.0 * 1.25, 1e-12);
}

static void electric_lines_are_electrified(void **state)
{
    const krn_network *net = *state;
    assert_true(net->electrified[mini_activity(net, KRN_HAUL, "b-city", STANDARD, "b-gulf",
                                               STANDARD, NULL)]);
    assert_false(net->electrified[mini_activity(net, KRN_HAUL, "b-gate", STANDARD, "b-city",
                                                STANDARD, NULL)]);
}

static void a_planned_link_is_there_but_not_passable(void **state)
{
    const krn_network *net = *state;
    const uint32_t planned =
        mini_activity(net, KRN_HAUL, "a-junction", BROAD, "a-spur", BROAD, NULL);
    assert_false(net->passable[planned]);
    assert_true(
        net->passable[mini_activity(net, KRN_HAUL, "a-farm", BROAD, "a-junction", BROAD, NULL)]);
}

/* Index of the haul over the same link and gauge the other way, or KRN_NO_ID. */
static uint32_t mirror_of(const krn_network *net, uint32_t i)
{
    for (uint32_t k = 0; k < net->n_activities; k++)
        if (k != i && net->kind[k] == KRN_HAUL && net->link[k] == net->link[i] &&
            net->gauge[k] == net->gauge[i])
            return k;
    return KRN_NO_ID;
}

static void every_haul_has_its_mirror(void **state)
{
    const krn_network *net = *state;
    for (uint32_t i = 0; i < net->n_activities; i++) {
        if (net->kind[i] != KRN_HAUL)
            continue;
        const uint32_t k = mirror_of(net, i);
        assert_int_not_equal(k, KRN_NO_ID);
        assert_near(net->length_km[k], net->length_km[i], 0.0);
        assert_int_not_equal(net->state_node[net->from_state[k]],
                             net->state_node[net->from_state[i]]);
    }
}

static void a_directed_link_has_one_haul(void **state)
{
    (void)state;
    const mini_edit edit = {KRN_TABLE_LINK, "r-farm-junction", "directed", "true"};
    krn_network *net = mini_network(&edit, 1);
    assert_int_equal(mini_count(net, KRN_HAUL, "a-farm", BROAD, "a-junction", BROAD, NULL), 1);
    assert_int_equal(mini_count(net, KRN_HAUL, "a-junction", BROAD, "a-farm", BROAD, NULL), 0);
    krn_network_free(net);
}

static void a_line_of_two_gauges_has_a_haul_on_each(void **state)
{
    (void)state;
    const mini_edit edit = {KRN_TABLE_LINK, "r-gate-city", "kr_gauge_mm", "1435;1520"};
    krn_network *net = mini_network(&edit, 1);
    krn_error err;
    assert_int_equal(mini_count(net, KRN_HAUL, "b-gate", STANDARD, "b-city", STANDARD, NULL), 1);
    assert_int_equal(mini_count(net, KRN_HAUL, "b-gate", BROAD, "b-city", BROAD, NULL), 1);
    assert_int_equal(krn_network_check(net, &err), KRN_OK);
    krn_network_free(net);
}

static void a_row_for_a_class_takes_that_class_from_the_row_for_any(void **state)
{
    const krn_network *net = *state;
    const uint16_t container = (uint16_t)(1u << mini_row(net, KRN_TABLE_CARGO_CLASS, "container"));
    const uint32_t any =
        mini_activity(net, KRN_TRANSFER, "a-port", BROAD, "a-port", KRN_SIDE_QUAY_OUT, "op-a-port");
    const uint32_t own = mini_activity(net, KRN_TRANSFER, "a-port", BROAD, "a-port",
                                       KRN_SIDE_QUAY_OUT, "op-a-port-container");
    assert_int_equal(net->cargo_mask[own], container);
    assert_int_equal(net->cargo_mask[any] & container, 0);
    assert_int_equal(net->cargo_mask[any] | container, 7);
    assert_int_equal(net->handlings[any], 1);
}

/* Default rows hold at a-farm (city); its own row for loading displaces the default one only for
 * the pair of sides that it is for. */
static void rows_of_a_place_win_over_default_rows(void **state)
{
    (void)state;
    const mini_edit edits[] = {
        {KRN_TABLE_OPERATION, "op-a-port-container", "node_id", "a-farm"},
        {KRN_TABLE_OPERATION, "op-a-port-container", "from_side", "rest"},
        {KRN_TABLE_OPERATION, "op-a-port-container", "to_side", "rail"},
    };
    krn_network *net = mini_network(edits, 3);
    const uint16_t container = (uint16_t)(1u << mini_row(net, KRN_TABLE_CARGO_CLASS, "container"));
    const uint32_t own = mini_activity(net, KRN_TRANSFER, "a-farm", KRN_SIDE_REST, "a-farm", BROAD,
                                       "op-a-port-container");
    const uint32_t standard =
        mini_activity(net, KRN_TRANSFER, "a-farm", KRN_SIDE_REST, "a-farm", BROAD, "op-load-rail");
    const uint32_t unload = mini_activity(net, KRN_TRANSFER, "a-farm", BROAD, "a-farm",
                                          KRN_SIDE_REST, "op-unload-rail");
    assert_int_equal(net->cargo_mask[own], container);
    assert_int_equal(net->cargo_mask[standard] & container, 0);
    assert_int_equal(net->cargo_mask[unload], 7);
    krn_network_free(net);
}

static void transfers_are_only_between_sides_that_exist(void **state)
{
    const krn_network *net = *state;
    /* a-junction is a junction: no default row is for it; b-port has no road */
    for (uint32_t i = 0; i < net->n_activities; i++)
        if (net->kind[i] == KRN_TRANSFER)
            assert_int_not_equal(net->state_node[net->from_state[i]],
                                 mini_row(net, KRN_TABLE_NODE, "a-junction"));
    const uint32_t b_port = mini_row(net, KRN_TABLE_NODE, "b-port");
    assert_int_equal(krn_network_state(net, b_port, KRN_SIDE_ROAD).index, KRN_NO_ID);
    assert_int_not_equal(krn_network_state(net, b_port, KRN_SIDE_REST).index, KRN_NO_ID);
    assert_int_not_equal(krn_network_state(net, b_port, KRN_SIDE_QUAY_IN).index, KRN_NO_ID);
}

/* Every transfer row makes an activity or is listed: b-port has no road, so one is not used. */
static void every_operation_is_used_or_listed(void **state)
{
    const krn_network *net = *state;
    uint32_t rows[8];
    assert_int_equal(krni_network_unused(net, KRN_TABLE_OPERATION, rows, 8), 1);
    assert_int_equal(rows[0], mini_row(net, KRN_TABLE_OPERATION, "op-b-port-road"));
    assert_int_equal(krni_network_unused(net, KRN_TABLE_BORDER, rows, 8), 0);
    assert_int_equal(krni_network_unused(net, KRN_TABLE_GAUGE_CHANGE, rows, 8), 0);
    assert_int_equal(krni_network_unused(net, KRN_TABLE_TRIP, rows, 8), 0);
}

/* Texts of the keys that an activity points to; rows differ between orders, keys do not. */
static void assert_same_row(const krn_network *a, const krn_network *b, krn_table table,
                            uint32_t row_a, uint32_t row_b)
{
    if (row_a == KRN_NO_ROW || row_b == KRN_NO_ROW)
        assert_int_equal(row_a, row_b);
    else
        assert_string_equal(krni_text(a->package, table, row_a, krni_schema(table)->key),
                            krni_text(b->package, table, row_b, krni_schema(table)->key));
}

static void assert_same_network(const krn_network *a, const krn_network *b)
{
    assert_int_equal(a->n_states, b->n_states);
    assert_int_equal(a->n_activities, b->n_activities);
    for (uint32_t s = 0; s < a->n_states; s++) {
        assert_same_row(a, b, KRN_TABLE_NODE, a->state_node[s], b->state_node[s]);
        assert_same_row(a, b, KRN_TABLE_LINK, a->state_link[s], b->state_link[s]);
        assert_same_row(a, b, KRN_TABLE_TRIP, a->state_trip[s], b->state_trip[s]);
        assert_int_equal(a->state_side[s], b->state_side[s]);
        assert_int_equal(a->first_activity[s], b->first_activity[s]);
    }
    for (uint32_t i = 0; i < a->n_activities; i++) {
        assert_int_equal(a->to_state[i], b->to_state[i]);
        assert_int_equal(a->kind[i], b->kind[i]);
        assert_int_equal(a->law_table[i], b->law_table[i]);
        assert_same_row(a, b, (krn_table)a->law_table[i], a->law_row[i], b->law_row[i]);
        assert_same_row(a, b, KRN_TABLE_LINK, a->link[i], b->link[i]);
        assert_same_row(a, b, KRN_TABLE_CALENDAR, a->calendar[i], b->calendar[i]);
        assert_int_equal(a->gauge[i], b->gauge[i]);
        assert_true(a->typical_h[i] == b->typical_h[i] && a->high_h[i] == b->high_h[i]);
        assert_true(a->length_km[i] == b->length_km[i]);
    }
}

static void the_order_of_rows_changes_nothing(void **state)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        krn_network *net = mini_network_compile(
            mini_network_shuffle(mini_network_load("tests/support/mini"), seed));
        assert_same_network(*state, net);
        krn_network_free(net);
    }
}

static void a_land_link_without_speed_is_refused(void **state)
{
    (void)state;
    const mini_edit edit = {KRN_TABLE_LINK, "r-gate-city", "free_speed", ""};
    krn_error err;
    assert_int_equal(mini_network_fails(&edit, 1, &err), KRN_E_DATA);
    assert_non_null(strstr(err.text, "link.csv:5: free_speed"));
}

static void a_railway_without_gauge_is_refused(void **state)
{
    (void)state;
    const mini_edit edit = {KRN_TABLE_LINK, "r-gate-city", "kr_gauge_mm", ""};
    krn_error err;
    assert_int_equal(mini_network_fails(&edit, 1, &err), KRN_E_DATA);
    assert_non_null(strstr(err.text, "kr_gauge_mm"));
}

static void a_fifth_gauge_is_refused(void **state)
{
    (void)state;
    const mini_edit edit = {KRN_TABLE_LINK, "r-gate-city", "kr_gauge_mm", "1000;1067;1435;1668"};
    krn_error err;
    assert_int_equal(mini_network_fails(&edit, 1, &err), KRN_E_DATA);
    assert_non_null(strstr(err.text, "at most 4"));
}

static void a_missing_argument_is_refused(void **state)
{
    krn_network *net = NULL;
    krn_error err;
    assert_int_equal(krn_network_compile(NULL, 0, &net, &err), KRN_E_ARG);
    assert_int_equal(krn_network_check(NULL, &err), KRN_E_ARG);
    assert_int_equal(krn_network_state(*state, UINT32_MAX, KRN_SIDE_REST).index, KRN_NO_ID);
    assert_int_equal(krn_network_state(*state, 0, KRN_SIDE_BORDER).index, KRN_NO_ID);
}

static void names_are_words(void **state)
{
    (void)state;
    assert_string_equal(krn_activity_kind_name(KRN_HAUL), "haul");
    assert_string_equal(krn_activity_kind_name(KRN_CROSS), "border");
    assert_string_equal(krn_activity_kind_name(KRN_ALIGHT), "arrival");
    assert_string_equal(krn_activity_kind_name(KRN_ACTIVITY_KIND_COUNT), "unknown");
    assert_string_equal(krn_block_name(KRN_BLOCK_DRAUGHT), "draught");
    assert_string_equal(krn_block_name(KRN_BLOCK_COUNT), "unknown");
}

/* The shipped corridor: complete, sound, the same in any order of rows, and fast to make. */
static void the_shipped_corridor_is_a_sound_network(void **state)
{
    (void)state;
    krn_error err;
    krn_network *net = mini_network_compile(mini_network_load("data/kti"));
    assert_int_equal(krn_network_check(net, &err), KRN_OK);
    every_haul_has_its_mirror((void **)&net);
    krn_network *other =
        mini_network_compile(mini_network_shuffle(mini_network_load("data/kti"), 7));
    assert_same_network(net, other);
    krn_network_free(other);
    krn_network_free(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gauges_are_those_of_the_links_ascending),
        cmocka_unit_test(the_network_keeps_every_invariant),
        cmocka_unit_test(a_haul_takes_length_over_free_speed),
        cmocka_unit_test(the_spread_of_a_country_wins_over_any),
        cmocka_unit_test(electric_lines_are_electrified),
        cmocka_unit_test(a_planned_link_is_there_but_not_passable),
        cmocka_unit_test(every_haul_has_its_mirror),
        cmocka_unit_test(a_directed_link_has_one_haul),
        cmocka_unit_test(a_line_of_two_gauges_has_a_haul_on_each),
        cmocka_unit_test(a_row_for_a_class_takes_that_class_from_the_row_for_any),
        cmocka_unit_test(rows_of_a_place_win_over_default_rows),
        cmocka_unit_test(transfers_are_only_between_sides_that_exist),
        cmocka_unit_test(every_operation_is_used_or_listed),
        cmocka_unit_test(the_order_of_rows_changes_nothing),
        cmocka_unit_test(a_land_link_without_speed_is_refused),
        cmocka_unit_test(a_railway_without_gauge_is_refused),
        cmocka_unit_test(a_fifth_gauge_is_refused),
        cmocka_unit_test(a_missing_argument_is_refused),
        cmocka_unit_test(names_are_words),
        cmocka_unit_test(the_shipped_corridor_is_a_sound_network),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
