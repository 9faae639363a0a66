/* SPDX-License-Identifier: Apache-2.0 */
/* test_cargo.c - finding commodities and units, loads, wagons, trucks, ships. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <keruen/cargo.h>

#include "support/assert_near.h"
#include "support/mini_tables.h"

enum { BARLEY, PEAS, LENTILS, MACHINES, CARS, FUEL };
enum { TONNE, BOX20, BOX40, TRAILER };
enum { HOPPER, FLAT, HOPPER_NARROW, TIPPER, LORRY, SHIP, TANKER };

static const int gauges[] = {1435, 1520};

static int set_up(void **state)
{
    mini *m = mini_new();
    mini_table(m, "loading_unit.csv",
               "loading_unit,name,kind,cargo_class,teu,feet,tare_t,max_payload_t,volume_m3\n"
               "t,tonne,tonne,,,,,1,\n"
               "22G1,20-foot,container,container,1,20,2.2,28.2,33.2\n"
               "42G1,40-foot,container,container,2,40,3.8,26.7,67.7\n"
               "truck,trailer,trailer,roro,0,0,15,20,86\n");
    mini_table(m, "vehicle.csv",
               "vehicle_id,name,kind,gauge_mm,payload_t,tare_t,axles,teu,draught_m,t_per_dm\n"
               "hopper,Hopper,wagon,1520,70,23,4,,,\n"
               "flat,Flat,wagon,1520,60,22,4,2,,\n"
               "hopper-narrow,Hopper,wagon,1435,65,24,4,,,\n"
               "tipper,Tipper,truck,,22,14,,,,\n"
               "lorry,Lorry,truck,,22,15,,,,\n"
               "ship,Ship,ship,,5000,,,,5.2,18\n"
               "tanker,Tanker,ship,,9000,,,,6,\n");
    mini_table(m, "cargo_class.csv",
               "cargo_class,name,loading_unit,wagon_1520,wagon_1435,truck\n"
               "grain,Grain,t,hopper,hopper-narrow,tipper\n"
               "container,Boxes,22G1,flat,,lorry\n"
               "roro,Rolling,truck,,,lorry\n"
               "oil,Oil,t,,,\n");
    mini_table(m, "commodity.csv",
               "commodity_id,name,name_ru,name_kk,name_fa,hs_code,cargo_class,density_t_m3,"
               "un_number\n"
               "barley,barley,ячмень,арпа,جو,1003,grain,0.65,\n"
               "peas,dry peas,горох,бұршақ,,0713,grain,0.78,\n"
               "lentils,lentils,чечевица,жасымық,,0713,container,0.78,\n"
               "machines,machines,машины,машиналар,,8430,container,0.3,\n"
               "cars,cars,автомобили,,,8703,roro,,\n"
               "fuel,gas oil,дизельное топливо,,,2710.19,oil,0.84,1202\n");
    *state = mini_package(m);
    return 0;
}

static int tear_down(void **state)
{
    krn_package_free(*state);
    return 0;
}

static uint32_t found(const krn_package *p, const char *text)
{
    uint32_t row = KRN_NO_ROW;
    krn_error err;
    if (krn_commodity_find(p, text, &row, &err) != KRN_OK)
        return KRN_NO_ROW;
    return row;
}

static void a_commodity_is_found_by_id_and_by_any_name(void **state)
{
    const krn_package *p = *state;
    assert_int_equal(found(p, "barley"), BARLEY);
    assert_int_equal(found(p, "BARLEY"), BARLEY);
    assert_int_equal(found(p, "Ячмень"), BARLEY);
    assert_int_equal(found(p, "АРПА"), BARLEY);
    assert_int_equal(found(p, "جو"), BARLEY);
    assert_int_equal(found(p, "Gas  Oil"), FUEL);
}

static void a_commodity_is_found_by_the_longest_code(void **state)
{
    const krn_package *p = *state;
    assert_int_equal(found(p, "1003"), BARLEY);
    assert_int_equal(found(p, "100390"), BARLEY);
    assert_int_equal(found(p, "10"), BARLEY);
    assert_int_equal(found(p, "2710 19 43"), FUEL);
    assert_int_equal(found(p, "2710"), FUEL);
    assert_int_equal(found(p, "99"), KRN_NO_ROW);
}

static void a_code_of_two_commodities_is_ambiguous(void **state)
{
    uint32_t row;
    krn_error err;
    assert_int_equal(krn_commodity_find(*state, "0713", &row, &err), KRN_E_AMBIGUOUS);
    assert_non_null(strstr(err.text, "peas"));
    assert_non_null(strstr(err.text, "lentils"));
}

static void a_miss_names_the_nearest(void **state)
{
    uint32_t row;
    krn_error err;
    assert_int_equal(krn_commodity_find(*state, "barlei", &row, &err), KRN_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "nearest: barley"));
    assert_int_equal(krn_commodity_find(*state, "qqqqqqqqqqqqqqqqq", &row, &err), KRN_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "nearest: none"));
    assert_int_equal(krn_commodity_find(*state, "", &row, &err), KRN_E_ARG);
}

static void units_are_a_count_and_a_unit(void **state)
{
    uint32_t unit = 0;
    uint32_t n = 0;
    krn_error err;
    const char *const right[] = {"20x42G1", "20X42G1", "20*42g1", "20×42G1", "20х42G1"};
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
        assert_int_equal(krn_units_parse(*state, right[i], &unit, &n, &err), KRN_OK);
        assert_int_equal(unit, BOX40);
        assert_int_equal(n, 20);
    }
    const char *const wrong[] = {"",        "42G1", "x42G1",        "0x42G1",
                                 "-1x42G1", "20x",  "1000001x42G1", "99999999999999999999x42G1",
                                 "20 42G1"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(krn_units_parse(*state, wrong[i], &unit, &n, &err), KRN_E_ARG);
    assert_int_equal(krn_units_parse(*state, NULL, &unit, &n, &err), KRN_E_ARG);
    assert_int_equal(krn_units_parse(*state, "20x42G2", &unit, &n, &err), KRN_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "42G1"));
}

static krn_load load_of(const krn_package *p, uint32_t commodity, uint32_t unit, uint32_t n,
                        double net_t)
{
    const krn_consignment c = {
        .commodity = commodity, .loading_unit = unit, .n_units = n, .net_t = net_t};
    krn_load load;
    krn_error err = {0};
    if (krn_cargo_load(p, &c, gauges, 2, &load, &err) != KRN_OK)
        fail_msg("%s", err.text);
    return load;
}

/*  3,000 t of grain: 43 hoppers of 70 t  */
static void grain_goes_in_whole_wagons(void **state)
{
    const krn_load load = load_of(*state, BARLEY, KRN_NO_ROW, 0, 3000.0);
    assert_int_equal(load.class_bit, 1);
    assert_int_equal(load.n_containers, 0);
    assert_near(load.gross_t, 3000.0, 1e-9);
    assert_string_equal(load.hs_code, "1003");
    assert_int_equal(load.wagon[1], HOPPER);
    assert_int_equal(load.wagon[0], HOPPER_NARROW);
    assert_int_equal(load.wagon[2], KRN_NO_ROW);
    assert_int_equal(krn_cargo_wagons(*state, &load, 1, 0.0), 43);
    assert_int_equal(krn_cargo_wagons(*state, &load, 0, 0.0), 47);
    assert_int_equal(krn_cargo_wagons(*state, &load, 2, 0.0), 0);
    assert_int_equal(krn_cargo_trucks(*state, &load), 137);
    assert_near(krn_cargo_train_gross_t(*state, &load, 1, 43), 43 * 23.0 + 3000.0, 1e-9);
}

/*  20 t an axle: 4 * 20 - 23 = 57 t in a hopper of 70 t  */
static void a_weak_line_takes_lighter_wagons(void **state)
{
    const krn_load load = load_of(*state, BARLEY, KRN_NO_ROW, 0, 570.0);
    assert_int_equal(krn_cargo_wagons(*state, &load, 1, 20.0), 10);
    assert_int_equal(krn_cargo_wagons(*state, &load, 1, 25.0), 9);
    assert_int_equal(krn_cargo_wagons(*state, &load, 1, 5.0), 0);
    assert_int_equal(krn_cargo_wagons(*state, &load, 1, NAN), 9);
}

static void whole_wagons_do_not_suffer_from_rounding(void **state)
{
    const krn_load load = load_of(*state, BARLEY, KRN_NO_ROW, 0, 70.0 * 3.0 * (1.0 + 1e-13));
    assert_int_equal(krn_cargo_wagons(*state, &load, 1, 0.0), 3);
}

static void containers_take_the_class_of_the_unit(void **state)
{
    const krn_load load = load_of(*state, BARLEY, BOX20, 10, 200.0);
    assert_int_equal(load.class_bit, 2);
    assert_int_equal(load.n_containers, 10);
    assert_int_equal(load.container_feet, 20);
    assert_near(load.teu_share, 1.0, 0.0);
    assert_near(load.gross_t, 222.0, 1e-9);
    assert_near(load.unit_gross_t, 22.2, 1e-9);
    /* two places and 60 t: two boxes of 22.2 t on a wagon */
    assert_int_equal(krn_cargo_wagons(*state, &load, 1, 0.0), 5);
    assert_int_equal(krn_cargo_wagons(*state, &load, 0, 0.0), 0);
    const krn_load heavy = load_of(*state, BARLEY, BOX20, 10, 282.0);
    assert_int_equal(krn_cargo_wagons(*state, &heavy, 1, 0.0), 10);
    /* 304 t over 22 t a truck */
    assert_int_equal(krn_cargo_trucks(*state, &heavy), 14);
    const krn_load light = load_of(*state, BARLEY, BOX20, 10, 50.0);
    assert_int_equal(krn_cargo_trucks(*state, &light), 10);
}

static void units_without_tonnes_are_filled(void **state)
{
    const krn_load light = load_of(*state, MACHINES, BOX40, 20, 0.0);
    assert_near(light.net_t, 20 * 0.3 * 67.7, 1e-9); /* full by volume */
    const krn_load heavy = load_of(*state, BARLEY, BOX40, 2, 0.0);
    assert_near(heavy.net_t, 2 * 26.7, 1e-9); /* full by mass: 0.65 * 67.7 = 44 t */
    const krn_load unknown = load_of(*state, CARS, TRAILER, 4, 0.0);
    assert_near(unknown.net_t, 80.0, 1e-9);
    assert_int_equal(unknown.n_trailers, 4);
    assert_int_equal(unknown.n_containers, 0);
    assert_int_equal(krn_cargo_trucks(*state, &unknown), 4);
}

static void tonnes_of_a_boxed_class_are_packed(void **state)
{
    const krn_load load = load_of(*state, LENTILS, KRN_NO_ROW, 0, 100.0);
    /* 33.2 m3 * 0.78 = 25.9 t in a box: four */
    assert_int_equal(load.n_containers, 4);
    assert_int_equal(load.class_bit, 2);
}

static void impossible_quantities_are_refused(void **state)
{
    const krn_consignment wrong[] = {
        {.commodity = BARLEY, .loading_unit = KRN_NO_ROW, .net_t = 0.0},
        {.commodity = BARLEY, .loading_unit = KRN_NO_ROW, .net_t = -1.0},
        {.commodity = BARLEY, .loading_unit = KRN_NO_ROW, .net_t = NAN},
        {.commodity = BARLEY, .loading_unit = KRN_NO_ROW, .net_t = INFINITY},
        {.commodity = BARLEY, .loading_unit = KRN_NO_ROW, .net_t = 1.1e7},
        {.commodity = BARLEY, .loading_unit = BOX20, .n_units = 1, .net_t = 28.3},
        {.commodity = 99, .loading_unit = KRN_NO_ROW, .net_t = 1.0},
        {.commodity = BARLEY, .loading_unit = 99, .net_t = 1.0},
    };
    krn_load load;
    krn_error err;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(krn_cargo_load(*state, &wrong[i], gauges, 2, &load, &err), KRN_E_ARG);
}

static void a_load_without_vehicle_needs_none(void **state)
{
    const krn_load load = load_of(*state, FUEL, KRN_NO_ROW, 0, 100.0);
    assert_int_equal(load.un_number, 1202);
    assert_int_equal(krn_cargo_wagons(*state, &load, 1, 0.0), 0);
    assert_int_equal(krn_cargo_trucks(*state, &load), 0);
    assert_near(krn_cargo_train_gross_t(*state, &load, 1, 3), 100.0, 0.0);
}

/*  5.2 m laden, 4.7 m of water: 5 dm * 18 t less  */
static void a_ship_carries_less_in_shallow_water(void **state)
{
    assert_near(krn_ship_payload_t(*state, SHIP, 4.7), 4910.0, 1e-9);
    assert_near(krn_ship_payload_t(*state, SHIP, 5.2), 5000.0, 0.0);
    assert_near(krn_ship_payload_t(*state, SHIP, 12.0), 5000.0, 0.0);
    assert_near(krn_ship_payload_t(*state, SHIP, NAN), 5000.0, 0.0);
    assert_near(krn_ship_payload_t(*state, SHIP, 0.0), 5000.0 - 52 * 18.0, 1e-9);
    assert_near(krn_ship_payload_t(*state, TANKER, 5.0), 0.0, 0.0);
    assert_near(krn_ship_payload_t(*state, TANKER, 6.0), 9000.0, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_commodity_is_found_by_id_and_by_any_name),
        cmocka_unit_test(a_commodity_is_found_by_the_longest_code),
        cmocka_unit_test(a_code_of_two_commodities_is_ambiguous),
        cmocka_unit_test(a_miss_names_the_nearest),
        cmocka_unit_test(units_are_a_count_and_a_unit),
        cmocka_unit_test(grain_goes_in_whole_wagons),
        cmocka_unit_test(a_weak_line_takes_lighter_wagons),
        cmocka_unit_test(whole_wagons_do_not_suffer_from_rounding),
        cmocka_unit_test(containers_take_the_class_of_the_unit),
        cmocka_unit_test(units_without_tonnes_are_filled),
        cmocka_unit_test(tonnes_of_a_boxed_class_are_packed),
        cmocka_unit_test(impossible_quantities_are_refused),
        cmocka_unit_test(a_load_without_vehicle_needs_none),
        cmocka_unit_test(a_ship_carries_less_in_shallow_water),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
