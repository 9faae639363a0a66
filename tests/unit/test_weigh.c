/* SPDX-License-Identifier: Apache-2.0 */
/* test_weigh.c - 3000 t of barley from a-farm to b-gulf, and what the mini corridor makes of it.
 *
 *   1520 mm: 45 wagons of 68 t, 4080 t gross, 2 trains of at most 4000 t; 1435 mm: 50 wagons of 60
 * t road: 137 trucks of 22 t;   coaster: 4000 t a voyage, every 48 h
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <keruen/duration.h>

#include "model/network_data.h"
#include "model/tariff_book.h"
#include "support/assert_near.h"
#include "support/mini_network.h"

#define BROAD    ((krn_side)(KRN_SIDE_RAIL + 1)) /* 1520 mm */
#define STANDARD KRN_SIDE_RAIL                   /* 1435 mm */

typedef struct weighed {
    krn_network *net;
    krn_arena *arena;
    krn_consignment consignment;
    krn_load load;
    krn_activity_cost *costs;
} weighed;

static krn_time day_at(int year, int month, int day)
{
    return (krn_time)krn_day_from_civil(year, month, day) * KRN_SECONDS_PER_DAY;
}

static weighed *weigh(const mini_edit *edits, uint32_t n, const char *commodity, double net_t,
                      krn_time at)
{
    weighed *w = calloc(1, sizeof *w);
    krn_error err;
    assert_non_null(w);
    w->net = mini_network(edits, n);
    w->arena = krn_arena_new(NULL, 0);
    w->consignment =
        (krn_consignment){.commodity = mini_row(w->net, KRN_TABLE_COMMODITY, commodity),
                          .loading_unit = KRN_NO_ROW,
                          .net_t = net_t,
                          .origin = mini_row(w->net, KRN_TABLE_NODE, "a-farm"),
                          .destination = mini_row(w->net, KRN_TABLE_NODE, "b-gulf"),
                          .ready = at,
                          .due = KRN_TIME_NONE};
    assert_int_equal(
        krn_network_weigh(w->net, &w->consignment, at, w->arena, &w->load, &w->costs, &err),
        KRN_OK);
    return w;
}

static void end(weighed *w)
{
    krn_arena_free(w->arena);
    krn_network_free(w->net);
    free(w);
}

static int setup(void **state)
{
    *state = weigh(NULL, 0, "barley", 3000.0, day_at(2026, 4, 1));
    return 0;
}

static int teardown(void **state)
{
    end(*state);
    return 0;
}

static const krn_activity_cost *haul(const weighed *w, const char *from, krn_side side,
                                     const char *to)
{
    return &w->costs[mini_activity(w->net, KRN_HAUL, from, side, to, side, NULL)];
}

static const krn_activity_cost *crossing(const weighed *w, const char *law)
{
    for (uint32_t i = 0; i < w->net->n_activities; i++)
        if (w->net->kind[i] == KRN_CROSS &&
            w->net->law_row[i] == mini_row(w->net, KRN_TABLE_BORDER, law))
            return &w->costs[i];
    fail();
    return NULL;
}

static const krn_activity_cost *boarding(const weighed *w, const char *trip)
{
    for (uint32_t i = 0; i < w->net->n_activities; i++)
        if (w->net->kind[i] == KRN_BOARD &&
            w->net->trip[i] == mini_row(w->net, KRN_TABLE_TRIP, trip))
            return &w->costs[i];
    fail();
    return NULL;
}

static const krn_activity_cost *riding(const weighed *w, const char *trip)
{
    for (uint32_t i = 0; i < w->net->n_activities; i++)
        if (w->net->kind[i] == KRN_RIDE &&
            w->net->trip[i] == mini_row(w->net, KRN_TABLE_TRIP, trip))
            return &w->costs[i];
    fail();
    return NULL;
}

static void wagons_and_trains_follow_the_line(void **state)
{
    const weighed *w = *state;
    const krn_activity_cost *c = haul(w, "a-farm", BROAD, "a-junction");
    assert_int_equal(c->block, KRN_BLOCK_NONE);
    assert_int_equal(c->n_vehicles, 45);
    assert_int_equal(c->n_trains, 2);
    assert_near(c->duration.typical_h, 3.6, 1e-12);
    assert_near(c->expected_h, 3.6, 1e-12);
    assert_near(c->variance_h2, krn_duration_variance_h2(c->duration), 1e-12);
    assert_int_equal(haul(w, "b-gate", STANDARD, "b-city")->n_vehicles, 50);
    assert_int_equal(haul(w, "b-city", KRN_SIDE_ROAD, "b-gulf")->n_vehicles, 137);
}

/* 4080 t on trains of 2000 t: 3 trains where the other lines take 2; 12 trains a day. */
static void a_weaker_line_waits_for_the_further_train(void **state)
{
    (void)state;
    const mini_edit edit = {KRN_TABLE_LINK, "r-junction-gate", "kr_max_train_t", "2000"};
    weighed *w = weigh(&edit, 1, "barley", 3000.0, day_at(2026, 4, 1));
    const krn_activity_cost *c = haul(w, "a-junction", BROAD, "a-gate");
    assert_int_equal(c->n_trains, 3);
    assert_near(c->duration.typical_h, 6.0 + 2.0, 1e-12);
    assert_near(c->duration.low_h, 6.0 * 0.8 + 2.0, 1e-12);
    assert_near(haul(w, "a-junction", BROAD, "a-farm")->duration.typical_h, 3.6, 1e-12);
    end(w);
}

/* 45 wagons of 15 m: 675 m, two trains of at most 400 m. */
static void train_length_counts_as_well(void **state)
{
    (void)state;
    const mini_edit edits[] = {{KRN_TABLE_LINK, "r-farm-junction", "kr_max_train_t", "9000"},
                               {KRN_TABLE_LINK, "r-farm-junction", "kr_max_train_m", "400"}};
    weighed *w = weigh(edits, 2, "barley", 3000.0, day_at(2026, 4, 1));
    assert_int_equal(haul(w, "a-farm", BROAD, "a-junction")->n_trains, 2);
    end(w);
}

static void an_axle_load_that_bears_no_wagon_blocks(void **state)
{
    (void)state;
    const mini_edit edit = {KRN_TABLE_LINK, "r-junction-gate", "kr_axle_t", "6"};
    weighed *w = weigh(&edit, 1, "barley", 3000.0, day_at(2026, 4, 1));
    const krn_activity_cost *c = haul(w, "a-junction", BROAD, "a-gate");
    assert_int_equal(c->block, KRN_BLOCK_AXLE);
    assert_int_equal(c->block_figure.table, KRN_TABLE_LINK);
    assert_int_equal(c->block_figure.row, mini_row(w->net, KRN_TABLE_LINK, "r-junction-gate"));
    assert_int_equal(c->block_figure.column, LINK_AXLE_T);
    end(w);
}

static void a_planned_link_is_closed(void **state)
{
    const weighed *w = *state;
    const krn_activity_cost *c = haul(w, "a-junction", BROAD, "a-spur");
    assert_int_equal(c->block, KRN_BLOCK_CLOSED);
    assert_int_equal(c->block_figure.row, mini_row(w->net, KRN_TABLE_LINK, "r-junction-spur"));
    assert_int_equal(c->block_figure.column, LINK_STATUS);
}

static void cargo_of_another_class_is_not_taken(void **state)
{
    const weighed *w = *state;
    assert_int_equal(boarding(w, "city-out")->block, KRN_BLOCK_CARGO);
    assert_int_equal(crossing(w, "bo-rail-out-container")->block, KRN_BLOCK_CARGO);
    assert_int_equal(crossing(w, "bo-rail-out")->block, KRN_BLOCK_NONE);
}

/* 3000 t at 100 t/h: 30 h, 18 h more than the usual lot. */
static void a_large_lot_takes_longer_at_a_place(void **state)
{
    const weighed *w = *state;
    const krn_activity_cost *c = &w->costs[mini_activity(
        w->net, KRN_TRANSFER, "a-farm", KRN_SIDE_REST, "a-farm", BROAD, "op-load-rail")];
    assert_near(c->duration.low_h, 24.0, 1e-9);
    assert_near(c->duration.typical_h, 30.0, 1e-9);
    assert_near(c->duration.high_h, 48.0, 1e-9);
    assert_near(c->bound_usd, 4.0 * 3000.0, 1e-6);
    assert_int_equal(c->n_vehicles, 45);
}

static void a_usual_lot_takes_its_usual_time(void **state)
{
    (void)state;
    weighed *w = weigh(NULL, 0, "barley", 1200.0, day_at(2026, 4, 1));
    const krn_activity_cost *c = &w->costs[mini_activity(
        w->net, KRN_TRANSFER, "a-farm", KRN_SIDE_REST, "a-farm", BROAD, "op-load-rail")];
    assert_near(c->duration.typical_h, 12.0, 1e-9);
    end(w);
}

static void borders_and_gauges_take_their_time_and_price(void **state)
{
    const weighed *w = *state;
    const krn_activity_cost *rail = crossing(w, "bo-rail-out");
    assert_near(rail->duration.typical_h, 10.0, 1e-9); /* 2 trains at 8 a day: 6 h */
    assert_near(rail->bound_usd, 20.0 * 45 + 25.0 * 45 * 10.0 / 24.0, 1e-9); /* fee, hire */
    const krn_activity_cost *road = crossing(w, "bo-road-out");
    assert_near(road->duration.typical_h, 137.0 / 200.0 * 24.0, 1e-9);
    assert_near(road->bound_usd, (100.0 + 60.0) * 137, 1e-9); /* border and tariff */
    const krn_activity_cost *change = &w->costs[mini_activity(w->net, KRN_GAUGE_CHANGE, "b-gate",
                                                              BROAD, "b-gate", STANDARD, "gc-out")];
    assert_near(change->duration.typical_h, 45.0 / 60.0 * 24.0, 1e-9);
    assert_near(change->duration.low_h, 6.0 + 2.0, 1e-9);
    assert_near(change->bound_usd, 5.0 * 3000.0 + 25.0 * 45 * 18.0 / 24.0, 1e-6);
}

static void one_ship_is_enough_for_a_shipload(void **state)
{
    const weighed *w = *state;
    const krn_activity_cost *c = boarding(w, "coaster-out");
    assert_int_equal(c->n_vehicles, 1);
    assert_near(c->wait.typical_h, 24.0, 1e-9);
    assert_near(c->variance_h2, 48.0 * 48.0 / 12.0, 1e-9);
    assert_near(c->expected_h, 24.0, 1e-9);
}

static void the_last_ship_leaves_headways_later(void **state)
{
    (void)state;
    weighed *w = weigh(NULL, 0, "barley", 9000.0, day_at(2026, 4, 1));
    const krn_activity_cost *c = boarding(w, "coaster-out");
    assert_int_equal(riding(w, "coaster-out")->n_vehicles, 3);
    assert_int_equal(c->n_vehicles, 3);
    assert_near(c->wait.low_h, 4.8 + 96.0, 1e-9);
    assert_near(c->wait.typical_h, 24.0 + 96.0, 1e-9);
    assert_near(c->wait.high_h, 43.2 + 96.0, 1e-9);
    assert_near(c->variance_h2, 192.0, 1e-9);
    /* the block train takes 2500 t on Tuesdays: the fourth one leaves three weeks later */
    const krn_activity_cost *train = boarding(w, "block-out");
    assert_int_equal(train->n_trains, 4);
    assert_near(train->duration.typical_h, 3 * 168.0, 1e-9);
    assert_near(train->wait.high_h, 0.0, 0.0);
    end(w);
}

/* The ship draws 5.5 m and loses 1000 t a decimetre: at 5 m it carries nothing. */
static void a_port_too_shallow_blocks(void **state)
{
    (void)state;
    const mini_edit edits[] = {{KRN_TABLE_PORT, "b-port", "draught_m", "5"},
                               {KRN_TABLE_VEHICLE, "ship-inner", "t_per_dm", "1000"}};
    weighed *w = weigh(edits, 2, "barley", 3000.0, day_at(2026, 4, 1));
    const krn_activity_cost *c = riding(w, "coaster-out");
    assert_int_equal(c->block, KRN_BLOCK_DRAUGHT);
    assert_int_equal(c->block_figure.table, KRN_TABLE_PORT);
    assert_int_equal(c->block_figure.row, mini_row(w->net, KRN_TABLE_PORT, "b-port"));
    end(w);
}

/* 0.2 m too shallow, 1000 t a decimetre: 2500 t a voyage, two voyages. */
static void a_shallow_port_needs_more_voyages(void **state)
{
    (void)state;
    const mini_edit edits[] = {{KRN_TABLE_PORT, "b-port", "draught_m", "5.3"},
                               {KRN_TABLE_VEHICLE, "ship-inner", "t_per_dm", "1000"}};
    weighed *w = weigh(edits, 2, "barley", 3000.0, day_at(2026, 4, 1));
    assert_int_equal(riding(w, "coaster-out")->n_vehicles, 2);
    end(w);
}

/* Ice at a-port from 15 December to 28 February delays ships there, and nothing else. */
static void ice_delays_ships_of_that_port_only(void **state)
{
    const weighed *spring = *state;
    weighed *w = weigh(NULL, 0, "barley", 3000.0, day_at(2026, 1, 10));
    const krn_activity_cost *c = boarding(w, "coaster-out");
    assert_near(c->duration.typical_h, 24.0, 1e-9);
    const krn_duration ice = {6.0, 24.0, 72.0};
    assert_near(c->variance_h2, 192.0 + krn_duration_variance_h2(ice), 1e-9);
    assert_near(boarding(spring, "coaster-out")->duration.typical_h, 0.0, 0.0);
    assert_near(haul(w, "a-port", BROAD, "a-junction")->duration.typical_h,
                haul(spring, "a-port", BROAD, "a-junction")->duration.typical_h, 0.0);
    end(w);
}

static void storms_on_a_lane_delay_the_voyage(void **state)
{
    (void)state;
    weighed *w = weigh(NULL, 0, "barley", 3000.0, day_at(2026, 7, 1));
    assert_near(riding(w, "feeder-out")->duration.typical_h, 48.0, 1e-9);
    end(w);
}

static void season_keys_say_for_whom_they_hold(void **state)
{
    const weighed *w = *state;
    uint32_t node, link;
    const uint32_t board = mini_activity(w->net, KRN_BOARD, "a-port", KRN_SIDE_QUAY_OUT, "a-port",
                                         KRN_SIDE_ABOARD, NULL);
    krni_activity_season(w->net, board, &node, &link);
    assert_int_equal(node, mini_row(w->net, KRN_TABLE_NODE, "a-port"));
    assert_int_equal(link, KRN_NO_ROW);
    const uint32_t rail =
        mini_activity(w->net, KRN_HAUL, "a-port", BROAD, "a-junction", BROAD, NULL);
    krni_activity_season(w->net, rail, &node, &link);
    assert_int_equal(node, KRN_NO_ROW);
    assert_int_equal(link, mini_row(w->net, KRN_TABLE_LINK, "r-junction-port"));
}

/* Plant health asks 5 days before departure, origin 3 days before entry into XB. */
static void papers_gate_departure_and_entry(void **state)
{
    const weighed *w = *state;
    const uint32_t load = mini_activity(w->net, KRN_TRANSFER, "a-farm", KRN_SIDE_REST, "a-farm",
                                        BROAD, "op-load-rail");
    assert_near(w->costs[load].gate_h, 120.0, 1e-9);
    assert_near(crossing(w, "bo-rail-out")->gate_h, 72.0, 1e-9);
    /* into XA no more than the railway's note of one day, which holds for all that goes by rail */
    assert_near(crossing(w, "bo-rail-in")->gate_h, 24.0, 1e-9);
    assert_near(haul(w, "a-farm", BROAD, "a-junction")->gate_h, 0.0, 0.0);
    /* a driver's visa takes 7 days */
    assert_near(crossing(w, "bo-road-out")->gate_h, 168.0, 1e-9);
}

/* Road to b-city, rail from there: the railway asks for its note (a day) where rail begins. */
static void a_mode_that_begins_later_asks_for_its_papers_there(void **state)
{
    (void)state;
    const mini_edit edits[] = {{KRN_TABLE_OPERATION, "op-b-port-road", "node_id", "b-city"},
                               {KRN_TABLE_OPERATION, "op-b-port-road", "from_side", "road"},
                               {KRN_TABLE_OPERATION, "op-b-port-road", "to_side", "rail"}};
    weighed *w = weigh(edits, 3, "barley", 3000.0, day_at(2026, 4, 1));
    const uint32_t lift = mini_activity(w->net, KRN_TRANSFER, "b-city", KRN_SIDE_ROAD, "b-city",
                                        STANDARD, "op-b-port-road");
    assert_near(w->costs[lift].gate_h, 24.0, 1e-9);
    end(w);
}

static void places_are_booked_ahead(void **state)
{
    const weighed *w = *state;
    assert_near(boarding(w, "block-out")->gate_h, 168.0, 1e-9);
    assert_true(boarding(w, "coaster-out")->gate_h >= 72.0);
}

static void a_country_closed_to_the_driver_blocks_the_road(void **state)
{
    (void)state;
    const mini_edit edit = {KRN_TABLE_VISA, "v-xa-xb-driver", "regime", "closed"};
    weighed *w = weigh(&edit, 1, "barley", 3000.0, day_at(2026, 4, 1));
    const krn_activity_cost *c = crossing(w, "bo-road-out");
    assert_int_equal(c->block, KRN_BLOCK_RULE);
    assert_int_equal(c->block_figure.table, KRN_TABLE_VISA);
    assert_int_equal(c->block_figure.row, mini_row(w->net, KRN_TABLE_VISA, "v-xa-xb-driver"));
    assert_int_equal(crossing(w, "bo-rail-out")->block, KRN_BLOCK_NONE);
    end(w);
}

static void no_rate_blocks(void **state)
{
    (void)state;
    const mini_edit edits[] = {{KRN_TABLE_TARIFF, "t-road", NULL, NULL},
                               {KRN_TABLE_TARIFF, "t-sea-outer", NULL, NULL}};
    weighed *w = weigh(edits, 2, "barley", 3000.0, day_at(2026, 4, 1));
    assert_int_equal(haul(w, "b-city", KRN_SIDE_ROAD, "b-gulf")->block, KRN_BLOCK_RATE);
    assert_int_equal(riding(w, "feeder-out")->block, KRN_BLOCK_RATE);
    assert_int_equal(haul(w, "b-city", STANDARD, "b-gulf")->block, KRN_BLOCK_NONE);
    end(w);
}

static void prices_are_the_bounds_per_km_and_hour(void **state)
{
    const weighed *w = *state;
    const krn_activity_cost *c = haul(w, "a-farm", BROAD, "a-junction");
    const double rate =
        krn_tariff_bound_usd_per_km(w->net->tariffs, &w->load, KRN_RAIL, KRN_COUNTRY('X', 'A'), 1,
                                    45, KRN_COUNTRY('X', 'A'), KRN_COUNTRY('X', 'B'), w->net->day);
    const double hire =
        krni_tariff_bound_per_hour(w->net->tariffs, &w->load, KRN_RAIL, KRN_COUNTRY('X', 'A'), 45,
                                   KRN_COUNTRY('X', 'A'), KRN_COUNTRY('X', 'B'), w->net->day, NULL);
    assert_near(c->bound_usd, rate * 180.0 + hire * c->expected_h, 1e-6);
    assert_true(hire > 0.0);
    assert_true(c->bound_usd > 0.0);
    const double voyage =
        krn_tariff_voyage_usd(w->net->tariffs, &w->load, mini_row(w->net, KRN_TABLE_NODE, "a-port"),
                              mini_row(w->net, KRN_TABLE_NODE, "b-port"), 340.0,
                              KRN_COUNTRY('X', 'A'), KRN_COUNTRY('X', 'B'), w->net->day);
    assert_near(riding(w, "coaster-out")->bound_usd, voyage, 1e-6);
}

static void emissions_are_goods_times_km_times_factor(void **state)
{
    const weighed *w = *state;
    const krn_activity_cost *c = haul(w, "a-farm", BROAD, "a-junction");
    assert_near(c->wtw_kg_co2e, 0.022 * 3000.0 * 180.0, 1e-6);
    assert_near(c->ttw_kg_co2e, 0.018 * 3000.0 * 180.0, 1e-6);
    assert_near(haul(w, "b-city", STANDARD, "b-gulf")->wtw_kg_co2e, 0.015 * 3000.0 * 360.0, 1e-6);
    assert_near(haul(w, "b-city", STANDARD, "b-gulf")->ttw_kg_co2e, 0.0, 1e-12);
    assert_near(riding(w, "coaster-out")->wtw_kg_co2e, 0.021 * 3000.0 * 340.0, 1e-6);
}

static void a_service_out_of_its_dates_is_not_offered(void **state)
{
    (void)state;
    weighed *w = weigh(NULL, 0, "barley", 3000.0, day_at(2037, 4, 1));
    assert_int_equal(boarding(w, "coaster-out")->block, KRN_BLOCK_CALENDAR);
    assert_int_equal(boarding(w, "coaster-out")->block_figure.table, KRN_TABLE_SERVICE_CALENDAR);
    end(w);
}

static void every_activity_is_weighed_or_blocked_with_a_figure(void **state)
{
    const weighed *w = *state;
    for (uint32_t i = 0; i < w->net->n_activities; i++) {
        const krn_activity_cost *c = &w->costs[i];
        if (c->block == KRN_BLOCK_NONE) {
            assert_true(c->expected_h >= 0.0 && c->bound_usd >= 0.0 && c->variance_h2 >= 0.0);
            assert_true(c->wtw_kg_co2e >= 0.0 && c->gate_h >= 0.0 && c->n_trains >= 1);
        } else {
            assert_true(c->block_figure.table < KRN_TABLE_COUNT);
        }
    }
}

static void wrong_arguments_are_refused(void **state)
{
    weighed *w = *state;
    krn_consignment consignment = w->consignment;
    krn_activity_cost *costs;
    krn_load load;
    krn_error err;
    consignment.origin = 99999;
    assert_int_equal(krn_network_weigh(w->net, &consignment, 0, w->arena, &load, &costs, &err),
                     KRN_E_ARG);
    consignment = w->consignment;
    consignment.net_t = -1.0;
    assert_int_equal(krn_network_weigh(w->net, &consignment, 0, w->arena, &load, &costs, &err),
                     KRN_E_ARG);
    assert_int_equal(krn_network_weigh(NULL, &consignment, 0, w->arena, &load, &costs, &err),
                     KRN_E_ARG);
    krn_arena *small = krn_arena_new(NULL, 4096);
    assert_int_equal(krn_network_weigh(w->net, &w->consignment, 0, small, &load, &costs, &err),
                     KRN_E_MEMORY);
    krn_arena_free(small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wagons_and_trains_follow_the_line),
        cmocka_unit_test(a_weaker_line_waits_for_the_further_train),
        cmocka_unit_test(train_length_counts_as_well),
        cmocka_unit_test(an_axle_load_that_bears_no_wagon_blocks),
        cmocka_unit_test(a_planned_link_is_closed),
        cmocka_unit_test(cargo_of_another_class_is_not_taken),
        cmocka_unit_test(a_large_lot_takes_longer_at_a_place),
        cmocka_unit_test(a_usual_lot_takes_its_usual_time),
        cmocka_unit_test(borders_and_gauges_take_their_time_and_price),
        cmocka_unit_test(one_ship_is_enough_for_a_shipload),
        cmocka_unit_test(the_last_ship_leaves_headways_later),
        cmocka_unit_test(a_port_too_shallow_blocks),
        cmocka_unit_test(a_shallow_port_needs_more_voyages),
        cmocka_unit_test(ice_delays_ships_of_that_port_only),
        cmocka_unit_test(storms_on_a_lane_delay_the_voyage),
        cmocka_unit_test(season_keys_say_for_whom_they_hold),
        cmocka_unit_test(papers_gate_departure_and_entry),
        cmocka_unit_test(a_mode_that_begins_later_asks_for_its_papers_there),
        cmocka_unit_test(places_are_booked_ahead),
        cmocka_unit_test(a_country_closed_to_the_driver_blocks_the_road),
        cmocka_unit_test(no_rate_blocks),
        cmocka_unit_test(prices_are_the_bounds_per_km_and_hour),
        cmocka_unit_test(emissions_are_goods_times_km_times_factor),
        cmocka_unit_test(a_service_out_of_its_dates_is_not_offered),
        cmocka_unit_test(every_activity_is_weighed_or_blocked_with_a_figure),
        cmocka_unit_test(wrong_arguments_are_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
