/* SPDX-License-Identifier: Apache-2.0 */
/* test_sim_event.c - dated events read from a line.
 *
 *   2027-03-01..2027-04-15 close b-gate        run: 2026-10-03 ... 2028-01-01 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <keruen/calendar.h>
#include <keruen/scenario.h>

#include "support/assert_near.h"
#include "support/mini_network.h"

typedef struct desk {
    krn_network *net;
    krn_place_index *places;
    krn_arena *arena;
    krn_sim_event *events;
    uint32_t n;
    krn_error err;
} desk;

static krn_time day_at(int year, int month, int day)
{
    return (krn_time)krn_day_from_civil(year, month, day) * KRN_SECONDS_PER_DAY;
}

static int open_desk(void **state)
{
    desk *d = calloc(1, sizeof *d);
    if (!d)
        return 1;
    d->net = mini_network(NULL, 0);
    d->arena = krn_arena_new(NULL, 0);
    if (krn_place_index_new(krn_network_package(d->net), &d->places, &d->err))
        return 1;
    *state = d;
    return 0;
}

static int close_desk(void **state)
{
    desk *d = *state;
    krn_place_index_free(d->places);
    krn_arena_free(d->arena);
    krn_network_free(d->net);
    free(d);
    return 0;
}

static krn_status read_one(desk *d, const char *text)
{
    d->err = (krn_error){0};
    return krn_sim_event_read(d->net, d->places, text, day_at(2026, 10, 3), day_at(2028, 1, 1),
                              d->arena, &d->events, &d->n, &d->err);
}

static void assert_read(desk *d, const char *text)
{
    if (read_one(d, text))
        fail_msg("%s", d->err.text);
    assert_true(d->n > 0);
}

static void assert_refused(desk *d, const char *text, krn_status status, const char *word)
{
    assert_int_equal(read_one(d, text), status);
    if (!strstr(d->err.text, word))
        fail_msg("\"%s\" was expected in: %s", word, d->err.text);
    assert_int_equal(d->n, 0);
}

static uint32_t row(const desk *d, krn_table table, const char *key)
{
    return krn_package_find(krn_network_package(d->net), table, key);
}

static void a_closed_place_is_a_node_and_its_last_day_counts_whole(void **state)
{
    desk *d = *state;
    assert_read(d, "2027-03-01..2027-04-15 close b-gate");
    assert_int_equal(d->n, 1);
    assert_int_equal(d->events[0].kind, KRN_SIM_CLOSE);
    assert_int_equal(d->events[0].table, KRN_TABLE_NODE);
    assert_int_equal(d->events[0].row, row(d, KRN_TABLE_NODE, "b-gate"));
    const krn_calendar_book *book = krn_network_calendars(d->net);
    const krn_time local =
        day_at(2027, 3, 1) - krn_zone_offset(book, d->events[0].row, day_at(2027, 3, 1));
    assert_int_equal(d->events[0].from, local);
    assert_int_equal(d->events[0].to, local + (krn_time)46 * KRN_SECONDS_PER_DAY);
}

static void times_of_day_and_zones_are_exact(void **state)
{
    desk *d = *state;
    assert_read(d, "2027-03-01T08:30Z..2027-03-01T09:00Z close b-gate");
    assert_int_equal(d->events[0].from, day_at(2027, 3, 1) + 8 * 3600 + 1800);
    assert_int_equal(d->events[0].to, day_at(2027, 3, 1) + 9 * 3600);
}

static void one_day_may_begin_and_end_on_the_same_date(void **state)
{
    desk *d = *state;
    assert_read(d, "2027-03-01..2027-03-01 close b-gate");
    assert_int_equal(d->events[0].to - d->events[0].from, KRN_SECONDS_PER_DAY);
}

static void ids_of_every_table_are_known(void **state)
{
    static const struct {
        const char *id;
        krn_table table;
    } things[] = {{"r-gate", KRN_TABLE_LINK},
                  {"bo-rail-out", KRN_TABLE_BORDER},
                  {"gc-out", KRN_TABLE_GAUGE_CHANGE},
                  {"op-a-port", KRN_TABLE_OPERATION},
                  {"a-port", KRN_TABLE_NODE}};
    desk *d = *state;
    for (size_t i = 0; i < sizeof things / sizeof things[0]; i++) {
        char text[96];
        (void)snprintf(text, sizeof text, "2027-03-01..2027-03-09 capacity 0.5 %s", things[i].id);
        assert_read(d, text);
        assert_int_equal(d->n, 1);
        assert_int_equal(d->events[0].table, things[i].table);
        assert_int_equal(d->events[0].row, row(d, things[i].table, things[i].id));
        assert_near(d->events[0].share, 0.5, 0);
    }
}

static void a_trip_is_known_by_its_id(void **state)
{
    desk *d = *state;
    const krn_package *p = krn_network_package(d->net);
    char text[128];
    (void)snprintf(text, sizeof text, "2027-03-01..2027-03-09 close %s",
                   krn_package_text(p, KRN_TABLE_TRIP, 0, 0));
    assert_read(d, text);
    assert_int_equal(d->events[0].table, KRN_TABLE_TRIP);
}

/* bo-rail-out, bo-rail-out-container, bo-rail-in bear one name. */
static void the_name_of_a_crossing_stands_for_all_its_rows(void **state)
{
    desk *d = *state;
    assert_read(d, "2027-03-01..2027-03-09 close gates");
    assert_int_equal(d->n, 3);
    for (uint32_t i = 0; i < d->n; i++)
        assert_int_equal(d->events[i].table, KRN_TABLE_BORDER);
}

/* op-b-port, op-b-port-road, op-b-port-back */
static void a_star_stands_for_all_ids_that_begin_so(void **state)
{
    desk *d = *state;
    assert_read(d, "2027-03-01..2027-03-09 close op-b-port*");
    assert_int_equal(d->n, 3);
    for (uint32_t i = 0; i < d->n; i++)
        assert_int_equal(d->events[i].table, KRN_TABLE_OPERATION);
    assert_refused(d, "2027-03-01..2027-03-09 close zz-*", KRN_E_NOT_FOUND, "zz-*");
}

static void places_are_known_in_words(void **state)
{
    desk *d = *state;
    assert_read(d, "2027-03-01..2027-03-09 close  West Harbour");
    assert_int_equal(d->events[0].row, row(d, KRN_TABLE_NODE, "a-port"));
}

static void a_ban_names_a_commodity_or_all(void **state)
{
    desk *d = *state;
    assert_read(d, "2027-03-01..2027-03-09 ban barley a-farm");
    assert_int_equal(d->events[0].kind, KRN_SIM_BAN);
    assert_int_equal(d->events[0].commodity, row(d, KRN_TABLE_COMMODITY, "barley"));
    assert_read(d, "2027-03-01..2027-03-09 ban all a-farm");
    assert_int_equal(d->events[0].commodity, KRN_NO_ROW);
}

static void what_is_no_event_is_refused_with_the_reason(void **state)
{
    desk *d = *state;
    assert_refused(d, "", KRN_E_ARG, "was expected");
    assert_refused(d, "close b-gate", KRN_E_ARG, "was expected");
    assert_refused(d, "2027-03-01 close b-gate", KRN_E_ARG, "was expected");
    assert_refused(d, "2027-03-01.. close b-gate", KRN_E_ARG, "was expected");
    assert_refused(d, "2027-03-01..2027-03-09 close", KRN_E_ARG, "was expected");
    assert_refused(d, "2027-03-01..2027-03-09 open b-gate", KRN_E_ARG, "open");
    assert_refused(d, "2027-02-30..2027-03-09 close b-gate", KRN_E_ARG, "no such day");
    assert_refused(d, "2027-03-01..2027-03-09T25:00 close b-gate", KRN_E_ARG, "no such day");
    assert_refused(d, "2027-03-09..2027-03-01 close b-gate", KRN_E_ARG, "before the begin");
    assert_refused(d, "2027-03-01T08:00..2027-03-01T08:00 close b-gate", KRN_E_ARG,
                   "before the begin");
    assert_refused(d, "2029-03-01..2029-03-09 close b-gate", KRN_E_ARG, "outside of the run");
    assert_refused(d, "2025-03-01..2025-03-09 close b-gate", KRN_E_ARG, "outside of the run");
    assert_refused(d, "2027-03-01..2027-03-09 capacity 1.5 b-gate", KRN_E_ARG, "0 to 1");
    assert_refused(d, "2027-03-01..2027-03-09 capacity -1 b-gate", KRN_E_ARG, "0 to 1");
    assert_refused(d, "2027-03-01..2027-03-09 capacity nan b-gate", KRN_E_ARG, "0 to 1");
    assert_refused(d, "2027-03-01..2027-03-09 capacity 0.5", KRN_E_ARG, "capacity of what");
    assert_refused(d, "2027-03-01..2027-03-09 ban barley", KRN_E_ARG, "ban");
    assert_refused(d, "2027-03-01..2027-03-09 ban barli a-farm", KRN_E_NOT_FOUND, "barley");
}

static void an_unknown_thing_is_told_with_the_nearest_one(void **state)
{
    desk *d = *state;
    assert_refused(d, "2027-03-01..2027-03-09 close b-gaet", KRN_E_NOT_FOUND, "b-gate");
    assert_refused(d, "2027-03-01..2027-03-09 close bo-rail-uot", KRN_E_NOT_FOUND, "bo-rail-out");
    assert_refused(d, "2027-03-01..2027-03-09 close xyzxyzxyz", KRN_E_NOT_FOUND, "xyzxyzxyz");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_closed_place_is_a_node_and_its_last_day_counts_whole),
        cmocka_unit_test(times_of_day_and_zones_are_exact),
        cmocka_unit_test(one_day_may_begin_and_end_on_the_same_date),
        cmocka_unit_test(ids_of_every_table_are_known),
        cmocka_unit_test(a_trip_is_known_by_its_id),
        cmocka_unit_test(the_name_of_a_crossing_stands_for_all_its_rows),
        cmocka_unit_test(a_star_stands_for_all_ids_that_begin_so),
        cmocka_unit_test(places_are_known_in_words),
        cmocka_unit_test(a_ban_names_a_commodity_or_all),
        cmocka_unit_test(what_is_no_event_is_refused_with_the_reason),
        cmocka_unit_test(an_unknown_thing_is_told_with_the_nearest_one)};
    return cmocka_run_group_tests(tests, open_desk, close_desk);
}
