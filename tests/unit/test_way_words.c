/* SPDX-License-Identifier: Apache-2.0 */
/* test_way_words.c - ways in short, on routes made of crossings of the mini corridor.
 *
 *     XA ==Gates (rail)== XB        XA --Posts (road)-- XB */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/way_words.h"

#include "support/mini_network.h"

#define MOST 8

typedef struct desk {
    krn_network *net;
    krn_arena *arena;
    krn_step steps[MOST];
    krn_leg legs[MOST];
    krn_route route;
} desk;

static int open_desk(void **state)
{
    desk *d = calloc(1, sizeof *d);
    if (!d)
        return 1;
    d->net = mini_network(NULL, 0);
    d->arena = krn_arena_new(NULL, 0);
    d->route = (krn_route){.steps = d->steps, .legs = d->legs};
    *state = d;
    return 0;
}

static int close_desk(void **state)
{
    desk *d = *state;
    krn_arena_free(d->arena);
    krn_network_free(d->net);
    free(d);
    return 0;
}

/* A leg of a length with one crossing by the row of a key (NULL: with none). */
static void add_leg(desk *d, krn_mode mode, double length_km, const char *key)
{
    const uint32_t row = key ? mini_row(d->net, KRN_TABLE_BORDER, key) : KRN_NO_ROW;
    krn_leg *leg = &d->legs[d->route.n_legs++];
    *leg = (krn_leg){.mode = mode,
                     .from_node = mini_row(d->net, KRN_TABLE_NODE, "a-port"),
                     .to_node = mini_row(d->net, KRN_TABLE_NODE, "b-port"),
                     .length_km = length_km,
                     .first_step = d->route.n_steps};
    d->route.length_km += length_km;
    for (uint32_t i = 0; key && i < krn_network_activities(d->net); i++) {
        krn_activity a;
        krn_network_activity(d->net, (krn_activity_id){i}, &a);
        if (a.kind != KRN_CROSS || a.figure.table != KRN_TABLE_BORDER || a.figure.row != row)
            continue;
        d->steps[d->route.n_steps++] =
            (krn_step){.activity = {i}, .kind = KRN_CROSS, .time_figure = a.figure};
        leg->n_steps = 1;
        return;
    }
    assert_null(key);
}

typedef void write_words(krni_writer *w, const krn_network *network, const krn_route *route);

static void assert_words(desk *d, write_words *write, const char *expected)
{
    krni_writer w;
    krni_writer_init(&w, d->arena);
    write(&w, d->net, &d->route);
    assert_string_equal(krni_writer_text(&w), expected);
}

static void a_crossing_names_the_way(void **state)
{
    desk *d = *state;
    add_leg(d, KRN_RAIL, 500, "bo-rail-out");
    assert_words(d, krni_write_way, "rail by Gates");
    assert_words(d, krni_write_through_way, "rail by Gates");
    assert_words(d, krni_write_brief_way, "rail by Gates");
}

/* XA -> XB -> XA -> XB: the first two lead back to XA */
static void crossings_that_lead_back_are_silent(void **state)
{
    desk *d = *state;
    add_leg(d, KRN_RAIL, 500, "bo-rail-out");
    add_leg(d, KRN_RAIL, 500, "bo-rail-in");
    add_leg(d, KRN_ROAD, 500, "bo-road-out");
    assert_words(d, krni_write_way, "rail by Gates, rail by Gates, road by Posts");
    assert_words(d, krni_write_through_way, "rail, rail from West Harbour, road by Posts");
    assert_words(d, krni_write_brief_way, "rail, road by Posts");
}

static void drayage_is_no_part_of_the_way_proper(void **state)
{
    desk *d = *state;
    add_leg(d, KRN_ROAD, 40, NULL);
    add_leg(d, KRN_RAIL, 900, "bo-rail-out");
    add_leg(d, KRN_ROAD, 60, NULL);
    assert_words(d, krni_write_way, "road, rail by Gates, road from West Harbour");
    assert_words(d, krni_write_brief_way, "rail by Gates");
}

static void legs_of_one_mode_with_drayage_between_are_one(void **state)
{
    desk *d = *state;
    add_leg(d, KRN_RAIL, 900, NULL);
    add_leg(d, KRN_ROAD, 60, NULL);
    add_leg(d, KRN_RAIL, 900, "bo-rail-out");
    assert_words(d, krni_write_brief_way, "rail by Gates");
}

static void voyages_are_told_by_their_ports_however_short(void **state)
{
    desk *d = *state;
    add_leg(d, KRN_RAIL, 900, NULL);
    add_leg(d, KRN_SEA, 20, NULL);
    add_leg(d, KRN_RAIL, 900, NULL);
    assert_words(d, krni_write_brief_way, "rail, sea West Harbour – East Harbour, rail");
}

static void a_route_of_short_legs_alone_is_told_whole(void **state)
{
    desk *d = *state;
    for (unsigned i = 0; i < 7; i++)
        add_leg(d, i % 2 ? KRN_RAIL : KRN_ROAD, 10, NULL);
    krni_writer w;
    krni_writer_init(&w, d->arena);
    krni_write_brief_way(&w, d->net, &d->route);
    assert_non_null(strstr(krni_writer_text(&w), "rail"));
}

#define AT_DESK(test) cmocka_unit_test_setup_teardown(test, open_desk, close_desk)

int main(void)
{
    const struct CMUnitTest tests[] = {AT_DESK(a_crossing_names_the_way),
                                       AT_DESK(crossings_that_lead_back_are_silent),
                                       AT_DESK(drayage_is_no_part_of_the_way_proper),
                                       AT_DESK(legs_of_one_mode_with_drayage_between_are_one),
                                       AT_DESK(voyages_are_told_by_their_ports_however_short),
                                       AT_DESK(a_route_of_short_legs_alone_is_told_whole)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
