/* SPDX-License-Identifier: Apache-2.0 */
/* test_border.c - crossings and gauge changes of the mini corridor.
 *
 *   [a-gate, broad] --25 km--> [border XA>XB] --10 h--> [b-gate, broad] ==16 h==> [b-gate,
 * standard] [a-gate, broad] <--9 h-- [border XB>XA] <--25 km-- [b-gate, broad]
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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

static uint16_t mask_of(const krn_network *net, const char *cargo_class)
{
    return (uint16_t)(1u << mini_row(net, KRN_TABLE_CARGO_CLASS, cargo_class));
}

static void a_haul_over_a_border_ends_in_the_middle_of_the_link(void **state)
{
    const krn_network *net = *state;
    krn_activity a;
    krn_network_activity(net,
                         (krn_activity_id){mini_activity(net, KRN_HAUL, "a-gate", BROAD, "a-gate",
                                                         KRN_SIDE_BORDER, "r-gate")},
                         &a);
    assert_near(a.length_km, 25.0, 1e-12);
    assert_near(a.duration.typical_h, 25.0 / 40.0, 1e-12);
    assert_int_equal(a.country, KRN_COUNTRY('X', 'A'));
    assert_int_equal(a.enters, 0);
    assert_int_equal(mini_count(net, KRN_HAUL, "a-gate", BROAD, "b-gate", BROAD, NULL), 0);
}

static void a_crossing_has_its_own_time_and_no_length(void **state)
{
    const krn_network *net = *state;
    krn_activity a;
    krn_network_activity(net,
                         (krn_activity_id){mini_activity(net, KRN_CROSS, "a-gate", KRN_SIDE_BORDER,
                                                         "b-gate", BROAD, "bo-rail-out")},
                         &a);
    assert_near(a.length_km, 0.0, 0.0);
    assert_near(a.duration.low_h, 4.0, 1e-12);
    assert_near(a.duration.typical_h, 10.0, 1e-12);
    assert_near(a.duration.high_h, 30.0, 1e-12);
    assert_int_equal(a.country, KRN_COUNTRY('X', 'A'));
    assert_int_equal(a.enters, KRN_COUNTRY('X', 'B'));
}

static void each_direction_has_its_own_row(void **state)
{
    const krn_network *net = *state;
    const uint32_t back =
        mini_activity(net, KRN_CROSS, "b-gate", KRN_SIDE_BORDER, "a-gate", BROAD, "bo-rail-in");
    assert_near(net->typical_h[back], 9.0, 1e-12);
    assert_int_equal(net->country[back], KRN_COUNTRY('X', 'B'));
    assert_int_equal(net->enters[back], KRN_COUNTRY('X', 'A'));
}

static void a_border_row_for_a_class_takes_it_from_the_row_for_any(void **state)
{
    const krn_network *net = *state;
    const uint16_t container = mask_of(net, "container");
    const uint32_t any =
        mini_activity(net, KRN_CROSS, "a-gate", KRN_SIDE_BORDER, "b-gate", BROAD, "bo-rail-out");
    const uint32_t own = mini_activity(net, KRN_CROSS, "a-gate", KRN_SIDE_BORDER, "b-gate", BROAD,
                                       "bo-rail-out-container");
    assert_int_equal(net->cargo_mask[own], container);
    assert_int_equal(net->cargo_mask[any], 7 & ~container);
}

/* Of two rows for one class the shorter one is the crossing. */
static void the_shorter_of_two_rows_for_a_class_is_taken(void **state)
{
    (void)state;
    const mini_edit edits[] = {
        {KRN_TABLE_BORDER, "bo-rail-out", "cargo_class", "container"},
        {KRN_TABLE_BORDER, "bo-rail-out", "dwell_typical_h", "5"},
    };
    krn_network *net = mini_network(edits, 2);
    assert_int_equal(mini_count(net, KRN_CROSS, "a-gate", KRN_SIDE_BORDER, "b-gate", BROAD, NULL),
                     1);
    assert_int_equal(
        mini_count(net, KRN_CROSS, "a-gate", KRN_SIDE_BORDER, "b-gate", BROAD, "bo-rail-out"), 1);
    krn_network_free(net);
}

static void roads_cross_with_opening_hours(void **state)
{
    const krn_network *net = *state;
    const uint32_t out = mini_activity(net, KRN_CROSS, "a-post", KRN_SIDE_BORDER, "b-post",
                                       KRN_SIDE_ROAD, "bo-road-out");
    assert_int_equal(net->mode[out], KRN_ROAD);
    assert_int_equal(net->calendar[out], mini_row(net, KRN_TABLE_CALENDAR, "day-shift"));
    const uint32_t in = mini_activity(net, KRN_CROSS, "b-post", KRN_SIDE_BORDER, "a-post",
                                      KRN_SIDE_ROAD, "bo-road-in");
    assert_int_equal(net->calendar[in], KRN_NO_ROW);
}

static void a_border_link_without_a_row_is_refused(void **state)
{
    (void)state;
    const mini_edit edit = {KRN_TABLE_BORDER, "bo-rail-in", NULL, NULL};
    krn_error err;
    assert_int_equal(mini_network_fails(&edit, 1, &err), KRN_E_DATA);
    assert_non_null(strstr(err.text, "link.csv:4: link_id: \"r-gate\": expected a row of "
                                     "border.csv from XB to XA"));
}

static void a_planned_border_link_needs_no_row_yet(void **state)
{
    (void)state;
    const mini_edit edits[] = {
        {KRN_TABLE_BORDER, "bo-road-in", NULL, NULL},
        {KRN_TABLE_LINK, "d-post", "kr_status", "planned"},
    };
    krn_network *net = mini_network(edits, 2);
    assert_int_equal(
        mini_count(net, KRN_HAUL, "b-post", KRN_SIDE_ROAD, "b-post", KRN_SIDE_BORDER, NULL), 0);
    krn_network_free(net);
}

static void a_row_for_other_countries_is_refused(void **state)
{
    (void)state;
    const mini_edit edit = {KRN_TABLE_BORDER, "bo-rail-in", "from_country", "XC"};
    krn_error err;
    assert_int_equal(mini_network_fails(&edit, 1, &err), KRN_E_DATA);
    const mini_edit inland = {KRN_TABLE_BORDER, "bo-rail-out-container", "link_id", "r-gate-city"};
    assert_int_equal(mini_network_fails(&inland, 1, &err), KRN_E_DATA);
    assert_non_null(strstr(err.text, "expected a land link over a border"));
}

static void methods_of_gauge_change_are_alternatives(void **state)
{
    const krn_network *net = *state;
    const uint16_t container = mask_of(net, "container");
    const uint32_t lifted =
        mini_activity(net, KRN_GAUGE_CHANGE, "b-gate", BROAD, "b-gate", STANDARD, "gc-out");
    const uint32_t bogies = mini_activity(net, KRN_GAUGE_CHANGE, "b-gate", BROAD, "b-gate",
                                          STANDARD, "gc-out-container");
    assert_int_equal(net->cargo_mask[lifted], 7);
    assert_int_equal(net->cargo_mask[bogies], container);
    assert_int_equal(net->handlings[lifted], 1);
    assert_int_equal(net->handlings[bogies], 0);
    assert_near(net->typical_h[bogies], 8.0, 1e-12);
    assert_int_equal(mini_count(net, KRN_GAUGE_CHANGE, "b-gate", STANDARD, "b-gate", BROAD, NULL),
                     1);
}

/* Same method: the row for containers displaces the row for any. */
static void within_a_method_a_row_for_a_class_wins(void **state)
{
    (void)state;
    const mini_edit edit = {KRN_TABLE_GAUGE_CHANGE, "gc-out-container", "method", "transhipment"};
    krn_network *net = mini_network(&edit, 1);
    const uint32_t any =
        mini_activity(net, KRN_GAUGE_CHANGE, "b-gate", BROAD, "b-gate", STANDARD, "gc-out");
    assert_int_equal(net->cargo_mask[any], 7 & ~mask_of(net, "container"));
    krn_network_free(net);
}

static void no_change_where_only_one_gauge_lies(void **state)
{
    (void)state;
    const mini_edit edit = {KRN_TABLE_GAUGE_CHANGE, "gc-in", "node_id", "b-city"};
    krn_network *net = mini_network(&edit, 1);
    uint32_t row;
    assert_int_equal(krni_network_unused(net, KRN_TABLE_GAUGE_CHANGE, &row, 1), 1);
    assert_int_equal(row, mini_row(net, KRN_TABLE_GAUGE_CHANGE, "gc-in"));
    krn_network_free(net);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_haul_over_a_border_ends_in_the_middle_of_the_link),
        cmocka_unit_test(a_crossing_has_its_own_time_and_no_length),
        cmocka_unit_test(each_direction_has_its_own_row),
        cmocka_unit_test(a_border_row_for_a_class_takes_it_from_the_row_for_any),
        cmocka_unit_test(the_shorter_of_two_rows_for_a_class_is_taken),
        cmocka_unit_test(roads_cross_with_opening_hours),
        cmocka_unit_test(a_border_link_without_a_row_is_refused),
        cmocka_unit_test(a_planned_border_link_needs_no_row_yet),
        cmocka_unit_test(a_row_for_other_countries_is_refused),
        cmocka_unit_test(methods_of_gauge_change_are_alternatives),
        cmocka_unit_test(within_a_method_a_row_for_a_class_wins),
        cmocka_unit_test(no_change_where_only_one_gauge_lies),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
