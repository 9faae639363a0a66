/* SPDX-License-Identifier: Apache-2.0 */
/* test_demand.c - flows between places, months, and pools of wagons.
 *
 *     KZ: a, b, c          IR: x, y, z */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <keruen/demand.h>

#include "support/assert_near.h"
#include "support/mini_tables.h"

#define PLACES "flow_place_id,country,end,commodity,cargo_class,node_id,weight,quality\n"
#define FLOWS  "flow_id,year,origin_country,destination_country,commodity,tonnes,lot_t,quality\n"
#define BOTH_ENDS                                                                                  \
    "o1,KZ,origin,,,a,3,published\n"                                                               \
    "o2,KZ,origin,,,b,1,published\n"                                                               \
    "d1,IR,destination,,,x,1,published\n"                                                          \
    "d2,IR,destination,,,y,2,estimated\n"

/* Goods and places, flows and how they spread. */
static krn_package *corridor(const char *flows, const char *places, const char *months)
{
    mini *m = mini_new();
    mini_table(m, "node.csv", "node_id,kr_country\na,KZ\nb,KZ\nc,KZ\nx,IR\ny,IR\nz,IR\n");
    mini_table(m, "commodity.csv", "commodity_id,cargo_class\nbarley,grain_bulk\nsteel,metal\n");
    mini_table(m, "loading_unit.csv", "loading_unit,cargo_class\nbox,container\n");
    mini_table(m, "flow.csv", flows);
    mini_table(m, "flow_place.csv", places);
    if (months)
        mini_table(m, "flow_month.csv", months);
    return mini_package(m);
}

typedef struct fixture {
    krn_package *package;
    krn_arena *arena;
    krn_demand_list list;
    krn_error err;
} fixture;

static krn_status open_year(fixture *f, krn_package *package, int year)
{
    memset(f, 0, sizeof *f);
    f->package = package;
    f->arena = krn_arena_new(NULL, 0);
    assert_non_null(f->arena);
    return krn_demand_of_year(package, year, f->arena, &f->list, &f->err);
}

static void close_year(fixture *f)
{
    krn_arena_free(f->arena);
    krn_package_free(f->package);
}

static const char *node_id(const fixture *f, uint32_t row)
{
    return krn_package_text(f->package, KRN_TABLE_NODE, row, 0);
}

static double tonnes_between(const fixture *f, const char *from, const char *to)
{
    double sum_t = 0.0;
    for (uint32_t i = 0; i < f->list.n; i++)
        if (strcmp(node_id(f, f->list.rows[i].origin), from) == 0 &&
            strcmp(node_id(f, f->list.rows[i].destination), to) == 0)
            sum_t += f->list.rows[i].year_t;
    return sum_t;
}

/*  1200 t, origins 3 : 1, destinations 1 : 2  */
static void a_flow_spreads_by_the_product_of_weights(void **state)
{
    (void)state;
    fixture f;
    assert_int_equal(open_year(&f,
                               corridor(FLOWS "f,2024,KZ,IR,barley,1200,500,published\n",
                                        PLACES BOTH_ENDS, NULL),
                               2024),
                     KRN_OK);
    assert_int_equal(f.list.n, 4);
    assert_near(tonnes_between(&f, "a", "x"), 300.0, 1e-9);
    assert_near(tonnes_between(&f, "a", "y"), 600.0, 1e-9);
    assert_near(tonnes_between(&f, "b", "x"), 100.0, 1e-9);
    assert_near(tonnes_between(&f, "b", "y"), 200.0, 1e-9);
    assert_near(f.list.rows[0].lot_t, 300.0, 1e-9);
    assert_near(f.list.rows[1].lot_t, 500.0, 1e-9);
    assert_near(f.list.rows[0].month_share[6], 1.0 / 12, 1e-12);
    assert_int_equal(f.list.rows[0].quality, KRN_ESTIMATED); /* a weight */
    assert_true(f.list.rows[0].ready == KRN_TIME_NONE);
    close_year(&f);
}

/*  2.5 t: only the largest pair holds a tonne  */
static void pairs_under_a_tonne_go_to_the_largest(void **state)
{
    (void)state;
    fixture f;
    assert_int_equal(
        open_year(&f,
                  corridor(FLOWS "f,2024,KZ,IR,barley,1.9,500,published\n", PLACES BOTH_ENDS, NULL),
                  0),
        KRN_OK);
    assert_int_equal(f.list.n, 1);
    assert_near(tonnes_between(&f, "a", "y"), 1.9, 1e-12);
    close_year(&f);
}

static void rows_of_a_flow_sum_to_it(void **state)
{
    (void)state;
    fixture f;
    double sum_t = 0.0;
    assert_int_equal(open_year(&f,
                               corridor(FLOWS "f,2024,KZ,IR,barley,1234567.891,500,published\n",
                                        PLACES "o1,KZ,origin,,,a,0.3,published\n"
                                               "o2,KZ,origin,,,b,0.00000007,published\n"
                                               "o3,KZ,origin,,,c,17,published\n"
                                               "d1,IR,destination,,,x,1,published\n"
                                               "d2,IR,destination,,,y,0.00003,published\n"
                                               "d3,IR,destination,,,z,7,published\n",
                                        NULL),
                               2024),
                     KRN_OK);
    for (uint32_t i = 0; i < f.list.n; i++) {
        assert_true(f.list.rows[i].year_t >= 1.0);
        sum_t += f.list.rows[i].year_t;
    }
    assert_near(sum_t, 1234567.891, 1e-9 * 1234567.891);
    assert_near(f.list.total_t, 1234567.891, 1e-9);
    close_year(&f);
}

/*  a: any    b: metal    c: steel    x: any, y: of barley  */
static void the_most_specific_places_hold_alone(void **state)
{
    (void)state;
    fixture f;
    assert_int_equal(open_year(&f,
                               corridor(FLOWS "f1,2024,KZ,IR,barley,100,50,published\n"
                                              "f2,2024,KZ,IR,steel,200,50,published\n",
                                        PLACES "o1,KZ,origin,,,a,1,published\n"
                                               "o2,KZ,origin,,metal,b,1,published\n"
                                               "o3,KZ,origin,steel,,c,1,published\n"
                                               "d1,IR,destination,,,x,1,published\n"
                                               "d2,IR,destination,,grain_bulk,y,1,published\n",
                                        NULL),
                               2024),
                     KRN_OK);
    assert_int_equal(f.list.n, 2);
    assert_near(tonnes_between(&f, "a", "y"), 100.0, 1e-12);
    assert_near(tonnes_between(&f, "c", "x"), 200.0, 1e-12);
    close_year(&f);
}

/*  steel in boxes is of the class of the box  */
static void the_class_is_that_of_the_loading_unit(void **state)
{
    (void)state;
    fixture f;
    assert_int_equal(
        open_year(&f,
                  corridor("flow_id,year,origin_country,destination_country,commodity,tonnes,lot_t,"
                           "loading_unit\n"
                           "f,2024,KZ,IR,steel,100,50,box\n",
                           PLACES "o1,KZ,origin,,metal,a,1,published\n"
                                  "o2,KZ,origin,,container,b,1,published\n"
                                  "d1,IR,destination,,,x,1,published\n",
                           NULL),
                  2024),
        KRN_OK);
    assert_int_equal(f.list.n, 1);
    assert_near(tonnes_between(&f, "b", "x"), 100.0, 1e-12);
    close_year(&f);
}

static void order_of_rows_changes_nothing(void **state)
{
    (void)state;
    fixture f, g;
    assert_int_equal(open_year(&f,
                               corridor(FLOWS "f1,2024,KZ,IR,barley,777,50,published\n"
                                              "f2,2024,KZ,IR,steel,3333,50,published\n",
                                        PLACES BOTH_ENDS, NULL),
                               2024),
                     KRN_OK);
    assert_int_equal(open_year(&g,
                               corridor(FLOWS "f2,2024,KZ,IR,steel,3333,50,published\n"
                                              "f1,2024,KZ,IR,barley,777,50,published\n",
                                        PLACES "d2,IR,destination,,,y,2,estimated\n"
                                               "o2,KZ,origin,,,b,1,published\n"
                                               "d1,IR,destination,,,x,1,published\n"
                                               "o1,KZ,origin,,,a,3,published\n",
                                        NULL),
                               2024),
                     KRN_OK);
    assert_int_equal(f.list.n, g.list.n);
    for (uint32_t i = 0; i < f.list.n; i++) {
        assert_true(f.list.rows[i].year_t == g.list.rows[i].year_t);
        assert_int_equal(f.list.rows[i].origin, g.list.rows[i].origin);
        assert_int_equal(f.list.rows[i].destination, g.list.rows[i].destination);
        assert_int_equal(f.list.rows[i].commodity, g.list.rows[i].commodity);
    }
    close_year(&f);
    close_year(&g);
}

static void year_0_is_the_latest_and_others_are_left_out(void **state)
{
    (void)state;
    fixture f;
    assert_int_equal(open_year(&f,
                               corridor(FLOWS "f1,2023,KZ,IR,barley,100,50,published\n"
                                              "f2,2024,KZ,IR,barley,200,50,published\n",
                                        PLACES BOTH_ENDS, NULL),
                               0),
                     KRN_OK);
    assert_int_equal(f.list.year, 2024);
    assert_near(f.list.total_t, 200.0, 1e-12);
    uint32_t n = 0;
    int *years = NULL;
    assert_int_equal(krn_demand_years(f.package, f.arena, &n, &years, NULL), KRN_OK);
    assert_int_equal(n, 2);
    assert_int_equal(years[0], 2023);
    assert_int_equal(krn_demand_of_year(f.package, 2020, f.arena, &f.list, &f.err),
                     KRN_E_NOT_FOUND);
    assert_non_null(strstr(f.err.text, "2023, 2024"));
    close_year(&f);
}

static void what_cannot_be_spread_is_told(void **state)
{
    (void)state;
    fixture f;
    assert_int_equal(
        open_year(&f,
                  corridor(FLOWS "f1,2024,KZ,AF,barley,100,50,published\n", PLACES BOTH_ENDS, NULL),
                  0),
        KRN_E_RULE);
    assert_string_equal(f.err.text, "flow.csv:2: destination_country: AF: a country with a place "
                                    "in flow_place.csv was expected");
    close_year(&f);
    assert_int_equal(open_year(&f,
                               corridor(FLOWS "f1,2024,KZ,KZ,barley,100,50,published\n",
                                        PLACES "o,KZ,origin,,,a,1,published\n"
                                               "d,KZ,destination,,,a,1,published\n",
                                        NULL),
                               0),
                     KRN_E_RULE);
    assert_non_null(strstr(f.err.text, "two different places"));
    close_year(&f);
    assert_int_equal(open_year(&f, corridor(FLOWS, PLACES, NULL), 0), KRN_E_NOT_FOUND);
    close_year(&f);
}

/* A twelve-month group: the first month has all. */
#define MONTHS(goods, first)                                                                       \
    goods ",1," first "\n" goods ",2,0\n" goods ",3,0\n" goods ",4,0\n" goods ",5,0\n" goods       \
          ",6,0\n" goods ",7,0\n" goods ",8,0\n" goods ",9,0\n" goods ",10,0\n" goods              \
          ",11,0\n" goods ",12,1\n"

static void months_of_the_most_specific_rows_hold(void **state)
{
    (void)state;
    fixture f;
    assert_int_equal(
        open_year(&f,
                  corridor(FLOWS "f1,2024,KZ,IR,barley,100,50,published\n"
                                 "f2,2024,KZ,IR,steel,100,50,published\n",
                           PLACES "o1,KZ,origin,,,a,1,published\n"
                                  "d1,IR,destination,,,x,1,published\n",
                           "commodity,cargo_class,origin_country,month,share\n" MONTHS(",,", "0")
                               MONTHS(",,KZ", "1") MONTHS(",grain_bulk,", "0.25")),
                  0),
        KRN_OK);
    assert_near(f.list.rows[0].month_share[0], 0.2, 1e-12); /* the class before the country */
    assert_near(f.list.rows[1].month_share[0], 0.5, 1e-12); /* the country before any */
    close_year(&f);
}

/*  wagons of 1435 mm: 200 hoppers and 600 others  */
static void a_pool_is_found_by_vehicle_then_gauge(void **state)
{
    (void)state;
    mini *m = mini_new();
    mini_table(m, "vehicle.csv", "vehicle_id,gauge_mm\nhopper,1435\nflat,1435\n");
    mini_table(m, "fleet.csv",
               "fleet_id,kind,country,gauge_mm,vehicle_id,count,corridor_share,quality,"
               "estimated_fields\n"
               "f3,wagon,IR,1435,hopper,200,0.25,published,\n"
               "f2,wagon,IR,1435,,601,0.5,published,corridor_share\n"
               "f1,locomotive,IR,1435,,40,0.2,published,\n"
               "f4,wagon,KZ,1520,,9,1,published,\n");
    krn_package *p = mini_package(m);
    krn_fleet f = krn_fleet_find(p, KRN_FLEET_WAGON, KRN_COUNTRY('I', 'R'), 1435, 0);
    assert_int_equal(f.count, 200);
    assert_int_equal(krn_fleet_at_hand(&f), 50);
    f = krn_fleet_find(p, KRN_FLEET_WAGON, 0, 1435, 1);
    assert_int_equal(f.count, 601);
    assert_int_equal(krn_fleet_at_hand(&f), 301);
    assert_int_equal(f.quality, KRN_ESTIMATED);
    assert_int_equal(f.vehicle, KRN_NO_ROW);
    f = krn_fleet_find(p, KRN_FLEET_CREW, 0, 1435, KRN_NO_ROW);
    assert_int_equal(f.row, KRN_NO_ROW);
    krn_arena *arena = krn_arena_new(NULL, 0);
    krn_fleet *list = NULL;
    uint32_t n = 0;
    assert_int_equal(krn_fleet_list(p, arena, &n, &list, NULL), KRN_OK);
    assert_int_equal(n, 4);
    assert_int_equal(list[0].kind, KRN_FLEET_LOCOMOTIVE);
    assert_string_equal(krn_fleet_kind_name(list[0].kind), "locomotive");
    krn_arena_free(arena);
    krn_package_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flow_spreads_by_the_product_of_weights),
        cmocka_unit_test(pairs_under_a_tonne_go_to_the_largest),
        cmocka_unit_test(rows_of_a_flow_sum_to_it),
        cmocka_unit_test(the_most_specific_places_hold_alone),
        cmocka_unit_test(the_class_is_that_of_the_loading_unit),
        cmocka_unit_test(order_of_rows_changes_nothing),
        cmocka_unit_test(year_0_is_the_latest_and_others_are_left_out),
        cmocka_unit_test(what_cannot_be_spread_is_told),
        cmocka_unit_test(months_of_the_most_specific_rows_hold),
        cmocka_unit_test(a_pool_is_found_by_vehicle_then_gauge),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
