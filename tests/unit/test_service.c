/* SPDX-License-Identifier: Apache-2.0 */
/* test_service.c - trains and ships of the mini timetable.
 *
 *   block-out    a-farm 6:00 ---- a-junction 10:00 to 10:30 ---- a-gate 20:00      Tuesdays
 *   city-out     b-gate 22:00 --- b-city 30:00 to 31:30 --- b-gulf 42:00      on listed days
 *   coaster-out  a-port 0:00 ~~~~ b-port 20:00                                every 48 h
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
#define HOUR     ((krn_time)KRN_SECONDS_PER_HOUR)
#define DAY      ((krn_time)KRN_SECONDS_PER_DAY)

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

static krn_time at(int year, int month, int day, int hour)
{
    return (krn_time)krn_day_from_civil(year, month, day) * DAY + hour * HOUR;
}

static uint32_t ride_of(const krn_network *net, const char *from, const char *to)
{
    return mini_activity(net, KRN_RIDE, from, KRN_SIDE_ABOARD, to, KRN_SIDE_ABOARD, NULL);
}

static uint32_t board_of(const krn_network *net, const char *node, krn_side side)
{
    return mini_activity(net, KRN_BOARD, node, side, node, KRN_SIDE_ABOARD, NULL);
}

static void a_ship_is_boarded_on_one_quay_and_left_on_the_other(void **state)
{
    const krn_network *net = *state;
    assert_int_equal(net->mode[board_of(net, "a-port", KRN_SIDE_QUAY_OUT)], KRN_SEA);
    assert_int_equal(
        mini_count(net, KRN_ALIGHT, "b-port", KRN_SIDE_ABOARD, "b-port", KRN_SIDE_QUAY_IN, NULL),
        1);
    const uint32_t ride = mini_activity(net, KRN_RIDE, "a-port", KRN_SIDE_ABOARD, "b-port",
                                        KRN_SIDE_ABOARD, "coaster-out");
    assert_near(net->typical_h[ride], 20.0, 1e-9);
    assert_near(net->low_h[ride], 18.0, 1e-9);
    assert_near(net->high_h[ride], 26.0, 1e-9);
    assert_near(net->length_km[ride], 340.0, 1e-12);
    assert_int_equal(net->country[ride], 0);
}

static void a_ship_waits_for_a_berth_where_it_arrives(void **state)
{
    const krn_network *net = *state;
    const uint32_t alight =
        mini_activity(net, KRN_ALIGHT, "b-port", KRN_SIDE_ABOARD, "b-port", KRN_SIDE_QUAY_IN, NULL);
    assert_int_equal(net->law_table[alight], KRN_TABLE_PORT);
    assert_near(net->typical_h[alight], 12.0, 1e-12);
}

static void the_wait_of_a_frequency_is_uniform_over_the_headway(void **state)
{
    const krn_network *net = *state;
    const uint32_t board = board_of(net, "a-port", KRN_SIDE_QUAY_OUT);
    assert_near(net->wait_low_h[board], 4.8, 1e-12);
    assert_near(net->wait_typical_h[board], 24.0, 1e-12);
    assert_near(net->wait_high_h[board], 43.2, 1e-12);
    const uint32_t train = board_of(net, "a-farm", BROAD);
    assert_near(net->wait_high_h[train], 0.0, 0.0);
}

/* a-farm 6:00 to a-gate 20:00: 14 h over 180 km and 300 km at 50 km/h: 5.25 h and 8.75 h. */
static void a_place_between_two_stops_is_passed(void **state)
{
    (void)state;
    const mini_edit edit = {KRN_TABLE_STOP_TIMES, "#1", NULL, NULL}; /* a-junction */
    krn_network *net = mini_network(&edit, 1);
    const uint32_t first = ride_of(net, "a-farm", "a-junction");
    const uint32_t second = ride_of(net, "a-junction", "a-gate");
    assert_near(net->typical_h[first], 14.0 * 180.0 / 480.0, 1e-9);
    assert_near(net->typical_h[second], 14.0 * 300.0 / 480.0, 1e-9);
    assert_int_equal(
        mini_count(net, KRN_BOARD, "a-junction", BROAD, "a-junction", KRN_SIDE_ABOARD, NULL), 0);
    assert_int_equal(
        mini_count(net, KRN_ALIGHT, "a-junction", KRN_SIDE_ABOARD, "a-junction", BROAD, NULL), 0);
    krn_network_free(net);
}

/* b-city: arrival 30:00, departure 31:30: the stop counts to the ride to b-gulf. */
static void a_stop_counts_to_the_ride_that_follows(void **state)
{
    const krn_network *net = *state;
    assert_near(net->typical_h[ride_of(net, "b-gate", "b-city")], 8.0, 1e-9);
    assert_near(net->typical_h[ride_of(net, "b-city", "b-gulf")], 1.5 + 10.5, 1e-9);
    const uint32_t board = board_of(net, "b-city", STANDARD);
    assert_near(net->state_departure_s[net->to_state[board]], 30.0 * 3600.0, 1e-6);
}

static void only_regular_trips_are_offered(void **state)
{
    (void)state;
    const mini_edit edit = {KRN_TABLE_TRIP, "block-out", "status", "trial"};
    krn_network *net = mini_network(&edit, 1);
    assert_int_equal(mini_count(net, KRN_BOARD, "a-farm", BROAD, "a-farm", KRN_SIDE_ABOARD, NULL),
                     0);
    krn_network_free(net);
}

static void a_trip_takes_its_classes_only(void **state)
{
    const krn_network *net = *state;
    assert_int_equal(net->cargo_mask[board_of(net, "b-gate", STANDARD)],
                     1u << mini_row(net, KRN_TABLE_CARGO_CLASS, "container"));
}

/* The block train goes on to b-city: over the border, and from 1520 to 1435 mm at b-gate.
 *
 *   a-farm 6:00 ... (a-gate, border) ... b-city 66:00     60 h with 10 h border (6 h for
 *   containers, which it does not take) and 16 h change of gauge: 34 h of running
 */
static krn_network *through_train(void)
{
    const mini_edit edits[] = {
        {KRN_TABLE_STOP_TIMES, "#1", NULL, NULL}, /* no stop at a-junction */
        {KRN_TABLE_STOP_TIMES, "#2", "stop_id", "b-city"},
        {KRN_TABLE_STOP_TIMES, "#2", "arrival_time", "66:00:00"},
        {KRN_TABLE_STOP_TIMES, "#2", "departure_time", "66:00:00"},
    };
    return mini_network(edits, 4);
}

static void a_train_crosses_borders_and_changes_gauge_aboard(void **state)
{
    (void)state;
    krn_error err;
    krn_network *net = through_train();
    assert_int_equal(krn_network_check(net, &err), KRN_OK);
    const uint32_t cross = mini_activity(net, KRN_CROSS, "a-gate", KRN_SIDE_ABOARD, "b-gate",
                                         KRN_SIDE_ABOARD, "bo-rail-out");
    const uint32_t change = mini_activity(net, KRN_GAUGE_CHANGE, "b-gate", KRN_SIDE_ABOARD,
                                          "b-gate", KRN_SIDE_ABOARD, "gc-out");
    assert_near(net->typical_h[cross], 10.0, 1e-12);
    assert_near(net->typical_h[change], 16.0, 1e-12);
    assert_int_equal(net->mode[cross], KRN_RAIL);
    assert_int_equal(net->gauge[change], 1);
    assert_int_equal(
        mini_count(net, KRN_ALIGHT, "b-city", KRN_SIDE_ABOARD, "b-city", STANDARD, "block-out"), 1);
    krn_network_free(net);
}

static void running_fills_what_borders_and_gauges_leave(void **state)
{
    (void)state;
    krn_network *net = through_train();
    const double free_h = 180.0 / 50 + 300.0 / 50 + 25.0 / 40 + 290.0 / 60;
    const uint32_t to_border =
        mini_activity(net, KRN_RIDE, "a-gate", KRN_SIDE_ABOARD, "a-gate", KRN_SIDE_ABOARD, NULL);
    assert_near(net->typical_h[ride_of(net, "a-farm", "a-junction")], 34.0 * 3.6 / free_h, 1e-9);
    assert_near(net->typical_h[to_border], 34.0 * 0.625 / free_h, 1e-9);
    assert_near(net->length_km[to_border], 25.0, 1e-12);
    krn_network_free(net);
}

/* 20 h in all, 26 h for border and gauge: running keeps its share of both. */
static void running_never_vanishes(void **state)
{
    (void)state;
    const mini_edit edits[] = {
        {KRN_TABLE_STOP_TIMES, "#1", NULL, NULL},
        {KRN_TABLE_STOP_TIMES, "#2", "stop_id", "b-city"},
        {KRN_TABLE_STOP_TIMES, "#2", "arrival_time", "26:00:00"},
        {KRN_TABLE_STOP_TIMES, "#2", "departure_time", "26:00:00"},
    };
    krn_network *net = mini_network(edits, 4);
    const double free_h = 180.0 / 50 + 300.0 / 50 + 25.0 / 40 + 290.0 / 60;
    assert_near(net->typical_h[ride_of(net, "a-farm", "a-junction")], 20.0 * 3.6 / (free_h + 26.0),
                1e-9);
    krn_network_free(net);
}

static void a_train_that_cannot_run_there_is_refused(void **state)
{
    (void)state;
    krn_error err;
    const mini_edit no_way = {KRN_TABLE_STOP_TIMES, "#2", "stop_id", "c-city"};
    assert_int_equal(mini_network_fails(&no_way, 1, &err), KRN_E_DATA);
    const mini_edit gauge = {KRN_TABLE_TRIP, "block-out", "gauge_mm", "1435"};
    assert_int_equal(mini_network_fails(&gauge, 1, &err), KRN_E_DATA);
    assert_non_null(strstr(err.text, "timetable/"));
}

static void times_that_go_back_are_refused(void **state)
{
    (void)state;
    krn_error err;
    const mini_edit edit = {KRN_TABLE_STOP_TIMES, "#5", "stop_sequence", "0"};
    assert_int_equal(mini_network_fails(&edit, 1, &err), KRN_E_DATA);
    const mini_edit blank[] = {{KRN_TABLE_STOP_TIMES, "#0", "arrival_time", ""},
                               {KRN_TABLE_STOP_TIMES, "#0", "departure_time", ""}};
    assert_int_equal(mini_network_fails(blank, 2, &err), KRN_E_DATA);
    assert_non_null(strstr(err.text, "expected a time at the first and the last stop"));
    const mini_edit node = {KRN_TABLE_STOP_TIMES, "#0", "stop_id", "nowhere"};
    assert_int_equal(mini_network_fails(&node, 1, &err), KRN_E_DATA);
}

/* Tuesdays at 6:00 UTC, but 6 January 2026 is taken out. */
static void departures_follow_weekdays_and_exceptions(void **state)
{
    const krn_network *net = *state;
    const krn_activity_id board = {board_of(net, "a-farm", BROAD)};
    krn_arena *arena = krn_arena_new(NULL, 0);
    krn_error err;
    uint32_t n;
    krn_time *times;
    bool by_frequency;
    assert_int_equal(krn_network_departures(net, board, at(2026, 1, 1, 0), at(2026, 1, 31, 0),
                                            arena, &n, &times, &by_frequency, &err),
                     KRN_OK);
    assert_false(by_frequency);
    assert_int_equal(n, 3);
    assert_true(times[0] == at(2026, 1, 13, 6));
    assert_true(times[1] == at(2026, 1, 20, 6));
    assert_true(times[2] == at(2026, 1, 27, 6));
    krn_arena_free(arena);
}

/* The city train of 10 February is at b-city at 30:00: on the 11th at 6:00. */
static void times_beyond_a_day_fall_on_the_next_one(void **state)
{
    const krn_network *net = *state;
    const krn_activity_id board = {board_of(net, "b-city", STANDARD)};
    krn_arena *arena = krn_arena_new(NULL, 0);
    krn_error err;
    uint32_t n;
    krn_time *times;
    bool by_frequency;
    assert_int_equal(krn_network_departures(net, board, at(2026, 2, 11, 6), at(2026, 2, 11, 6),
                                            arena, &n, &times, &by_frequency, &err),
                     KRN_OK);
    assert_int_equal(n, 1);
    assert_true(times[0] == at(2026, 2, 11, 6));
    assert_int_equal(krn_network_departures(net, board, at(2026, 2, 11, 7), at(2026, 12, 31, 0),
                                            arena, &n, &times, &by_frequency, &err),
                     KRN_OK);
    assert_int_equal(n, 1);
    assert_true(times[0] == at(2026, 12, 6, 6));
    krn_arena_free(arena);
}

/* Clocks of Mini/West go back an hour on 1 March 2024, a Friday: times of that service day count
 * from noon minus 12 h. From 2 March on the offset is 4 h. */
static void service_days_begin_at_noon_minus_twelve_hours(void **state)
{
    (void)state;
    const mini_edit edit = {KRN_TABLE_AGENCY, "mini-rail", "agency_timezone", "Mini/West"};
    krn_network *net = mini_network(&edit, 1);
    const krn_activity_id board = {board_of(net, "a-farm", BROAD)};
    krn_arena *arena = krn_arena_new(NULL, 0);
    krn_error err;
    uint32_t n;
    krn_time *times;
    bool by_frequency;
    assert_int_equal(krn_network_departures(net, board, at(2024, 2, 26, 0), at(2024, 3, 6, 0),
                                            arena, &n, &times, &by_frequency, &err),
                     KRN_OK);
    assert_int_equal(n, 2);
    assert_true(times[0] == at(2024, 2, 27, 6 - 5));
    assert_true(times[1] == at(2024, 3, 5, 6 - 4));
    krn_arena_free(arena);
    krn_network_free(net);
}

/* Exact frequencies repeat the trip: every 6 h from 0:00 to 24:00 on Tuesdays. */
static void exact_frequencies_are_departures(void **state)
{
    (void)state;
    const mini_edit edits[] = {
        {KRN_TABLE_FREQUENCIES, "#0", "trip_id", "block-out"},
        {KRN_TABLE_FREQUENCIES, "#0", "end_time", "24:00:00"},
        {KRN_TABLE_FREQUENCIES, "#0", "headway_secs", "21600"},
        {KRN_TABLE_FREQUENCIES, "#0", "exact_times", "1"},
    };
    krn_network *net = mini_network(edits, 4);
    const krn_activity_id board = {board_of(net, "a-farm", BROAD)};
    krn_arena *arena = krn_arena_new(NULL, 0);
    krn_error err;
    uint32_t n;
    krn_time *times;
    bool by_frequency;
    assert_int_equal(krn_network_departures(net, board, at(2026, 3, 2, 0), at(2026, 3, 8, 0), arena,
                                            &n, &times, &by_frequency, &err),
                     KRN_OK);
    assert_int_equal(n, 4);
    for (int i = 0; i < 4; i++)
        assert_true(times[i] == at(2026, 3, 3, 6 * i));
    krn_arena_free(arena);
    krn_network_free(net);
}

static void a_frequency_has_no_departures(void **state)
{
    const krn_network *net = *state;
    krn_arena *arena = krn_arena_new(NULL, 0);
    krn_error err;
    uint32_t n = 7;
    krn_time *times;
    bool by_frequency = false;
    const krn_activity_id ship = {board_of(net, "a-port", KRN_SIDE_QUAY_OUT)};
    assert_int_equal(
        krn_network_departures(net, ship, 0, DAY, arena, &n, &times, &by_frequency, &err), KRN_OK);
    assert_true(by_frequency);
    assert_int_equal(n, 0);
    const krn_activity_id haul = {
        mini_activity(net, KRN_HAUL, "a-farm", BROAD, "a-junction", BROAD, NULL)};
    assert_int_equal(
        krn_network_departures(net, haul, 0, DAY, arena, &n, &times, &by_frequency, &err),
        KRN_E_ARG);
    assert_int_equal(
        krn_network_departures(net, ship, DAY, 0, arena, &n, &times, &by_frequency, &err),
        KRN_E_ARG);
    krn_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_ship_is_boarded_on_one_quay_and_left_on_the_other),
        cmocka_unit_test(a_ship_waits_for_a_berth_where_it_arrives),
        cmocka_unit_test(the_wait_of_a_frequency_is_uniform_over_the_headway),
        cmocka_unit_test(a_place_between_two_stops_is_passed),
        cmocka_unit_test(a_stop_counts_to_the_ride_that_follows),
        cmocka_unit_test(only_regular_trips_are_offered),
        cmocka_unit_test(a_trip_takes_its_classes_only),
        cmocka_unit_test(a_train_crosses_borders_and_changes_gauge_aboard),
        cmocka_unit_test(running_fills_what_borders_and_gauges_leave),
        cmocka_unit_test(running_never_vanishes),
        cmocka_unit_test(a_train_that_cannot_run_there_is_refused),
        cmocka_unit_test(times_that_go_back_are_refused),
        cmocka_unit_test(departures_follow_weekdays_and_exceptions),
        cmocka_unit_test(times_beyond_a_day_fall_on_the_next_one),
        cmocka_unit_test(service_days_begin_at_noon_minus_twelve_hours),
        cmocka_unit_test(exact_frequencies_are_departures),
        cmocka_unit_test(a_frequency_has_no_departures),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
