/* SPDX-License-Identifier: Apache-2.0 */
/* test_tariff.c - groups, validity, belts, coefficients, bases, lanes, bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <keruen/calendar.h>
#include <keruen/tariff.h>

#include "support/assert_near.h"
#include "support/mini_tables.h"

#define AA KRN_COUNTRY('A', 'A')
#define BB KRN_COUNTRY('B', 'B')
#define CC KRN_COUNTRY('C', 'C')

#define HEAD                                                                                       \
    "tariff_id,name,use,charge,mode,countries,basis,price,currency,group,priority,valid_from,"     \
    "valid_to,carry_forward"

enum { NODE_A, NODE_B, NODE_C, NODE_D };

typedef struct fixture {
    krn_package *package;
    krn_tariff_book *book;
    krn_arena *arena;
    krn_charge_list charges;
} fixture;

static void base_tables(mini *m)
{
    mini_table(m, "node.csv", "node_id,name,kr_country\na,A,AA\nb,B,BB\nc,C,CC\nd,D,AA\n");
    mini_table(m, "cargo_class.csv", "cargo_class,name\ngrain,Grain\nbox,Boxes\n");
    mini_table(m, "vehicle.csv",
               "vehicle_id,name,kind,payload_t\ntruck,Truck,truck,20\nwagon,Wagon,wagon,50\n");
    mini_table(m, "currency.csv",
               "currency,valid_from,usd_per_unit,quality\n"
               "XXX,2024-01-01,0.5,published\n"
               "XXX,2020-01-01,0.25,derived\n");
}

static fixture make(const char *tariff, const char *more)
{
    fixture f = {0};
    mini *m = mini_new();
    krn_error err = {0};
    base_tables(m);
    if (*tariff)
        mini_table(m, "tariff.csv", tariff);
    if (more)
        mini_table(m, "tariff.csv", more);
    f.package = mini_package(m);
    f.arena = krn_arena_new(NULL, 0);
    if (krn_tariff_book_new(f.package, &f.book, &err) != KRN_OK)
        fail_msg("%s", err.text);
    return f;
}

static void done(fixture *f)
{
    krn_tariff_book_free(f->book);
    krn_package_free(f->package);
    krn_arena_free(f->arena);
}

static int32_t day_of(const char *text)
{
    int32_t day = 0;
    assert_int_equal(krn_day_parse(text, &day, NULL), KRN_OK);
    return day;
}

static krn_load grain(void)
{
    const krn_load load = {.cargo_class = 0,
                           .class_bit = 1,
                           .net_t = 100.0,
                           .gross_t = 100.0,
                           .wagon = {1, KRN_NO_ROW, KRN_NO_ROW, KRN_NO_ROW},
                           .truck = 0,
                           .hs_code = "1003"};
    return load;
}

static krn_load boxes(int feet, double unit_gross_t)
{
    const krn_load load = {.cargo_class = 1,
                           .class_bit = 2,
                           .net_t = 80.0,
                           .gross_t = 90.0,
                           .n_containers = 4,
                           .teu_share = feet / 20.0,
                           .container_feet = feet,
                           .unit_gross_t = unit_gross_t,
                           .wagon = {1, KRN_NO_ROW, KRN_NO_ROW, KRN_NO_ROW},
                           .truck = 0,
                           .hs_code = "8430"};
    return load;
}

static krn_haul rail(krn_country country, double km)
{
    const krn_haul haul = {.mode = KRN_RAIL,
                           .country = country,
                           .country_km = km,
                           .leg_km = km,
                           .n_wagons = 2,
                           .hours_h = 48.0,
                           .from_node = NODE_A,
                           .to_node = NODE_B,
                           .origin = AA,
                           .destination = BB};
    return haul;
}

static double total(const krn_charge_list *list)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < list->n_charges; i++)
        sum += list->charges[i].amount_usd;
    return sum;
}

static double price_on(fixture *f, const krn_load *load, const krn_haul *haul, const char *day)
{
    krn_error err = {0};
    f->charges = (krn_charge_list){0};
    if (krn_tariff_haul(f->book, load, haul, day_of(day), 0, f->arena, &f->charges, &err) != KRN_OK)
        fail_msg("%s", err.text);
    return total(&f->charges);
}

static double price(fixture *f, const krn_load *load, const krn_haul *haul)
{
    return price_on(f, load, haul, "2026-06-01");
}

static void higher_priority_wins_inside_a_group(void **state)
{
    (void)state;
    fixture f = make(HEAD "\nlow,Low,rate,haul,rail,AA,tkm,0.01,USD,g,1,,,\n"
                          "high,High,rate,haul,rail,any,tkm,0.02,USD,g,2,,,\n"
                          "other,Other,rate,haul,rail,AA,tkm,0.005,USD,h,,,,\n",
                     NULL);
    const krn_load load = grain();
    krn_haul haul = rail(AA, 10.0);
    assert_near(price(&f, &load, &haul), 100 * 10 * 0.025, 1e-9);
    assert_int_equal(f.charges.n_charges, 2);
    assert_string_equal(f.charges.charges[0].name, "High");
    assert_near(f.charges.charges[0].basis_share, 1000.0, 1e-9);
    assert_string_equal(f.charges.charges[0].basis, "tkm");
    assert_int_equal(f.charges.charges[0].country, AA);
    haul.country = CC; /* only the row for any country */
    assert_near(price(&f, &load, &haul), 100 * 10 * 0.02, 1e-9);
    done(&f);
}

/*  2023 |----A----|              2025 |---- B ----|       today: 2026
 *       |----------- C carried --                           */
static void a_valid_row_wins_over_a_carried_one_of_its_priority(void **state)
{
    (void)state;
    fixture f =
        make(HEAD ",quality\n"
                  "a,A,rate,haul,rail,AA,tkm,1,USD,g,,2023-01-01,2023-12-31,true,published\n"
                  "b,B,rate,haul,rail,AA,tkm,2,USD,g,,2025-01-01,2025-12-31,,published\n"
                  "c,C,rate,haul,rail,AA,tkm,3,USD,g,,2020-01-01,2020-12-31,true,published\n",
             NULL);
    const krn_load load = grain();
    const krn_haul haul = rail(AA, 1.0);
    assert_near(price_on(&f, &load, &haul, "2023-06-01"), 100.0, 1e-9);
    assert_int_equal(f.charges.charges[0].quality, KRN_PUBLISHED);
    assert_near(price_on(&f, &load, &haul, "2024-06-01"), 100.0, 1e-9);
    assert_int_equal(f.charges.charges[0].quality, KRN_ESTIMATED);
    assert_near(price_on(&f, &load, &haul, "2025-12-31"), 200.0, 1e-9);
    assert_near(price_on(&f, &load, &haul, "2026-01-01"), 100.0, 1e-9);
    assert_near(price_on(&f, &load, &haul, "2022-06-01"), 300.0, 1e-9);
    done(&f);
}

static void later_first_day_then_id_decide_the_rest(void **state)
{
    (void)state;
    fixture f = make(HEAD "\nb,B,rate,haul,rail,AA,tkm,2,USD,g,,2025-01-01,,\n"
                          "a,A,rate,haul,rail,AA,tkm,1,USD,g,,2024-01-01,,\n"
                          "c,C,rate,haul,rail,AA,tkm,3,USD,g,,2025-01-01,,\n",
                     NULL);
    const krn_load load = grain();
    const krn_haul haul = rail(AA, 1.0);
    assert_near(price(&f, &load, &haul), 200.0, 1e-9);
    done(&f);
}

#define BELTS                                                                                      \
    "tariff_id,name,use,charge,mode,countries,basis,price,currency,group,distance_from_km,"        \
    "distance_to_km,belt_rule\n"

/*  |-- 3 --500|-- 2 --1500|1501-- 1 --->  */
static void a_total_belt_prices_every_kilometre(void **state)
{
    (void)state;
    fixture f = make(BELTS "a,A,rate,haul,rail,AA,tkm,3,USD,g,0,500,total\n"
                           "b,B,rate,haul,rail,AA,tkm,2,USD,g,500,1500,\n"
                           "c,C,rate,haul,rail,AA,tkm,1,USD,g,1501,,total\n",
                     NULL);
    const krn_load load = grain();
    const double km[] = {0.0, 400.0, 500.0, 500.5, 1500.0, 1500.5, 1501.0, 9000.0};
    const double rate[] = {3, 3, 3, 2, 2, 1, 1, 1};
    for (size_t i = 0; i < sizeof km / sizeof km[0]; i++) {
        const krn_haul haul = rail(AA, km[i]);
        assert_near(price(&f, &load, &haul), 100.0 * km[i] * rate[i], 1e-6);
    }
    done(&f);
}

static void a_marginal_belt_prices_its_own_kilometres(void **state)
{
    (void)state;
    fixture f = make(BELTS "a,A,rate,haul,rail,AA,tkm,3,USD,g,,500,marginal\n"
                           "b,B,rate,haul,rail,AA,tkm,2,USD,g,501,1500,marginal\n"
                           "c,C,rate,haul,rail,AA,tkm,1,USD,g,1501,,marginal\n",
                     NULL);
    const krn_load load = grain();
    krn_haul haul = rail(AA, 2000.0);
    assert_near(price(&f, &load, &haul), 100.0 * (500 * 3 + 1000 * 2 + 500 * 1), 1e-6);
    assert_int_equal(f.charges.n_charges, 3);
    assert_near(f.charges.charges[1].basis_share, 100.0 * 1000, 1e-6);
    haul = rail(AA, 200.0);
    assert_near(price(&f, &load, &haul), 100.0 * 200 * 3, 1e-6);
    assert_int_equal(f.charges.n_charges, 1);
    done(&f);
}

static void each_coefficient_is_a_line_of_its_own(void **state)
{
    (void)state;
    fixture f =
        make("tariff_id,name,use,charge,mode,countries,basis,price,currency,group,applies_to,"
             "via_node_ids\n"
             "a,A,rate,haul,rail,AA,tkm,1,USD,g,,\n"
             "b,B,rate,haul,rail,AA,tkm,0.5,USD,h,,\n"
             "half,Half,coefficient,haul,rail,AA,coefficient,0.5,,k1,g,c\n"
             "rise,Rise,coefficient,haul,rail,AA,coefficient,3,,k2,a;b,\n"
             "none,None,coefficient,haul,rail,AA,coefficient,9,,k3,nothing,\n",
             NULL);
    const krn_load load = grain();
    krn_haul haul = rail(AA, 10.0);
    assert_near(price(&f, &load, &haul), (1000 + 500) * 3.0, 1e-6);
    const uint32_t nodes[] = {NODE_A, NODE_C, NODE_B};
    haul.nodes = nodes;
    haul.n_nodes = 3;
    assert_near(price(&f, &load, &haul), (1000 * 0.5 + 500) * 3.0, 1e-6);
    assert_int_equal(f.charges.n_charges, 4);
    const krn_charge *half = &f.charges.charges[2];
    assert_string_equal(half->name, "Half");
    assert_near(half->amount_usd, -500.0, 1e-9);
    assert_near(half->price_usd, 0.5, 0.0);
    assert_near(f.charges.charges[3].amount_usd, (500 + 500) * 2.0, 1e-9);
    done(&f);
}

static void every_basis_counts_its_units(void **state)
{
    (void)state;
    static const struct {
        const char *basis;
        double rail_boxes, road_boxes;
    } cases[] = {{"t", 80, 80},
                 {"tkm", 80 * 10, 80 * 10},
                 {"teu_km", 8 * 10, 8 * 10},
                 {"feu_km", 40, 40},
                 {"wagon_km", 20, 0},
                 {"truck_km", 0, 20},
                 {"container", 4, 4},
                 {"teu", 8, 8},
                 {"wagon", 2, 0},
                 {"truck", 0, 2},
                 {"consignment", 1, 1},
                 {"wagon_day", 4, 0},
                 {"truck_day", 0, 4},
                 {"vessel_day", 0, 0}};
    const krn_load load = boxes(40, 22.5);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char table[512];
        (void)snprintf(table, sizeof table,
                       HEAD "\nbase,Base,rate,haul,any,AA,tkm,1,USD,a,,,,\n"
                            "x,X,rate,wagon,any,AA,%s,7,USD,z,,,,\n",
                       cases[i].basis);
        fixture f = make(table, NULL);
        krn_haul haul = rail(AA, 10.0);
        assert_near(price(&f, &load, &haul), 800 + 7 * cases[i].rail_boxes, 1e-9);
        haul.mode = KRN_ROAD;
        assert_near(price(&f, &load, &haul), 800 + 7 * cases[i].road_boxes, 1e-9);
        done(&f);
    }
}

static void grain_takes_no_price_per_container(void **state)
{
    (void)state;
    fixture f = make(HEAD "\na,A,rate,haul,rail,AA,teu_km,1,USD,g,9,,,\n"
                          "b,B,rate,haul,rail,AA,tkm,1,USD,g,1,,,\n",
                     NULL);
    const krn_load load = grain();
    const krn_haul haul = rail(AA, 10.0);
    assert_near(price(&f, &load, &haul), 1000.0, 1e-9);
    done(&f);
}

#define CONDITIONS                                                                                 \
    "tariff_id,name,use,charge,mode,countries,basis,price,currency,group,priority,"                \
    "origin_countries,destination_countries,traffic,cargo_classes,hs_prefixes,hs_except,feet,"     \
    "unit_t_from,unit_t_to,from_node_id,to_node_id,both_ways\n"                                    \
    "base,Base,rate,haul,rail,,tkm,1,USD,g,,,,,,,,,,,,,\n"

/* Price per tkm of a haul where a row with one condition stands above a general one. */
static double with_condition(const char *row, const krn_load *load, const krn_haul *haul)
{
    char table[1024];
    (void)snprintf(table, sizeof table, CONDITIONS "%s\n", row);
    fixture f = make(table, NULL);
    const double sum = price(&f, load, haul);
    done(&f);
    return sum / (load->net_t * haul->country_km);
}

static void conditions_of_a_row_must_all_hold(void **state)
{
    (void)state;
    const krn_load g = grain();
    const krn_load b20 = boxes(20, 24.0);
    const krn_haul h = rail(AA, 10.0);
#define ROW "x,X,rate,haul,rail,AA,tkm,2,USD,g,5,"
    assert_near(with_condition(ROW "AA;CC,,,,,,,,,,,", &g, &h), 2, 1e-12);
    assert_near(with_condition(ROW "CC,,,,,,,,,,,", &g, &h), 1, 1e-12);
    assert_near(with_condition(ROW ",BB,,,,,,,,,,", &g, &h), 2, 1e-12);
    assert_near(with_condition(ROW ",AA,,,,,,,,,,", &g, &h), 1, 1e-12);
    assert_near(with_condition(ROW ",,export,,,,,,,,,", &g, &h), 2, 1e-12);
    assert_near(with_condition(ROW ",,import,,,,,,,,,", &g, &h), 1, 1e-12);
    assert_near(with_condition(ROW ",,transit,,,,,,,,,", &g, &h), 1, 1e-12);
    assert_near(with_condition(ROW ",,,box,,,,,,,,", &g, &h), 1, 1e-12);
    assert_near(with_condition(ROW ",,,box;grain,,,,,,,,", &g, &h), 2, 1e-12);
    assert_near(with_condition(ROW ",,,,10;12,,,,,,,", &g, &h), 2, 1e-12);
    assert_near(with_condition(ROW ",,,,1003.90,,,,,,,", &g, &h), 1, 1e-12);
    assert_near(with_condition(ROW ",,,,,10,,,,,,", &g, &h), 1, 1e-12);
    assert_near(with_condition(ROW ",,,,,20,,,,,,", &g, &h), 2, 1e-12);
    assert_near(with_condition(ROW ",,,,,,20,,,,,", &b20, &h), 2, 1e-12);
    assert_near(with_condition(ROW ",,,,,,40,,,,,", &b20, &h), 1, 1e-12);
    assert_near(with_condition(ROW ",,,,,,20,,,,,", &g, &h), 1, 1e-12);
    assert_near(with_condition(ROW ",,,,,,,,24,,,", &b20, &h), 2, 1e-12);
    assert_near(with_condition(ROW ",,,,,,,24,,,,", &b20, &h), 2, 1e-12);
    assert_near(with_condition(ROW ",,,,,,,24.1,,,,", &b20, &h), 1, 1e-12);
    assert_near(with_condition(ROW ",,,,,,,,99,,,", &g, &h), 1, 1e-12);
    assert_near(with_condition(ROW ",,,,,,,,,a,b,", &g, &h), 2, 1e-12);
    assert_near(with_condition(ROW ",,,,,,,,,b,a,", &g, &h), 1, 1e-12);
    assert_near(with_condition(ROW ",,,,,,,,,b,a,true", &g, &h), 2, 1e-12);
    assert_near(with_condition(ROW ",,,,,,,,,,b,", &g, &h), 2, 1e-12);
    assert_near(with_condition(ROW ",,,,,,,,,,c,", &g, &h), 1, 1e-12);
#undef ROW
}

static void transit_import_and_domestic_are_seen_from_the_country(void **state)
{
    (void)state;
    const krn_load g = grain();
    krn_haul h = rail(CC, 10.0);
    const char *const transit = "x,X,rate,haul,rail,,tkm,2,USD,g,5,,,transit,,,,,,,,,";
    const char *const domestic = "x,X,rate,haul,rail,,tkm,2,USD,g,5,,,domestic,,,,,,,,,";
    assert_near(with_condition(transit, &g, &h), 2, 1e-12);
    assert_near(with_condition(domestic, &g, &h), 1, 1e-12);
    h.country = h.origin = h.destination = AA;
    assert_near(with_condition(transit, &g, &h), 1, 1e-12);
    assert_near(with_condition(domestic, &g, &h), 2, 1e-12);
}

static void currencies_go_by_the_rate_of_the_day(void **state)
{
    (void)state;
    fixture f = make(HEAD ",quality\na,A,rate,haul,rail,AA,tkm,8,XXX,g,,,,,published\n", NULL);
    const krn_load load = grain();
    const krn_haul haul = rail(AA, 1.0);
    assert_near(price_on(&f, &load, &haul, "2026-01-01"), 400.0, 1e-9);
    assert_string_equal(f.charges.charges[0].currency, "XXX");
    assert_near(f.charges.charges[0].price_usd, 4.0, 1e-12);
    assert_int_equal(f.charges.charges[0].quality, KRN_PUBLISHED);
    assert_near(price_on(&f, &load, &haul, "2023-12-31"), 200.0, 1e-9);
    assert_int_equal(f.charges.charges[0].quality, KRN_DERIVED);
    assert_near(price_on(&f, &load, &haul, "2010-01-01"), 200.0, 1e-9);
    krn_figure figure;
    assert_near(krn_currency_to_usd(f.book, "XXX", 3.0, day_of("2024-01-01"), &figure), 1.5, 1e-12);
    assert_int_equal(figure.row, 0);
    assert_near(krn_currency_to_usd(f.book, "USD", 3.0, 0, &figure), 3.0, 0.0);
    assert_int_equal(figure.table, KRN_TABLE_COUNT);
    assert_true(isnan(krn_currency_to_usd(f.book, "YYY", 3.0, 0, NULL)));
    done(&f);
}

static void an_unknown_currency_is_a_rule_without_figures(void **state)
{
    (void)state;
    mini *m = mini_new();
    base_tables(m);
    mini_table(m, "tariff.csv", HEAD "\na,A,rate,haul,rail,AA,tkm,8,ZZZ,g,,,,\n");
    krn_package *package = mini_package(m);
    krn_tariff_book *book;
    krn_error err;
    assert_int_equal(krn_tariff_book_new(package, &book, &err), KRN_E_RULE);
    assert_non_null(strstr(err.text, "tariff.csv:2"));
    assert_non_null(strstr(err.text, "ZZZ"));
    assert_null(book);
    krn_package_free(package);
    krn_tariff_book_free(NULL);
}

static void a_haul_without_rate_says_where(void **state)
{
    (void)state;
    fixture f = make(HEAD "\na,A,rate,haul,rail,AA,tkm,8,USD,g,,,,\n"
                          "c,C,context,haul,rail,BB,tkm,8,USD,g,,,,\n",
                     NULL);
    const krn_load load = grain();
    const krn_haul haul = rail(BB, 10.0);
    krn_charge_list list = {0};
    krn_error err;
    assert_int_equal(krn_tariff_haul(f.book, &load, &haul, 0, 0, f.arena, &list, &err), KRN_E_RULE);
    assert_non_null(strstr(err.text, "grain"));
    assert_non_null(strstr(err.text, "BB"));
    assert_true(isnan(krn_tariff_bound_usd_per_km(f.book, &load, KRN_RAIL, BB, 0, 2, AA, BB,
                                                  day_of("2026-06-01"))));
    krn_arena *small = krn_arena_new(NULL, 64);
    const krn_haul priced = rail(AA, 10.0);
    assert_int_equal(krn_tariff_haul(f.book, &load, &priced, 0, 0, small, &list, &err),
                     KRN_E_MEMORY);
    krn_arena_free(small);
    done(&f);
}

static void more_than_64_charges_are_a_limit(void **state)
{
    (void)state;
    char table[8192];
    size_t used = (size_t)snprintf(table, sizeof table, HEAD "\n");
    for (int i = 0; i < 65; i++)
        used += (size_t)snprintf(table + used, sizeof table - used,
                                 "r%d,R,rate,haul,rail,AA,tkm,1,USD,g%d,,,,\n", i, i);
    fixture f = make(table, NULL);
    const krn_load load = grain();
    const krn_haul haul = rail(AA, 10.0);
    krn_charge_list list = {0};
    krn_error err;
    assert_int_equal(krn_tariff_haul(f.book, &load, &haul, 0, 0, f.arena, &list, &err),
                     KRN_E_LIMIT);
    done(&f);
}

/*  AA ---][--- BB: the fee of BB is paid by what comes from AA, not by what begins in BB  */
static void border_fees_and_seals_are_paid_once_per_entry(void **state)
{
    (void)state;
    fixture f = make(HEAD "\na,A,rate,haul,rail,any,tkm,1,USD,g,,,,\n"
                          "fee,Fee,rate,border,rail,BB,wagon,50,USD,fee,,,,\n"
                          "seal,Seal,rate,seal,rail,BB,consignment,30,USD,seal,,,,\n",
                     NULL);
    const krn_load load = grain();
    krn_haul haul = rail(BB, 10.0);
    assert_near(price(&f, &load, &haul), 1000.0, 1e-9);
    haul.enter_from = AA;
    assert_near(price(&f, &load, &haul), 1000.0 + 2 * 50 + 30, 1e-9);
    haul.enter_from = BB;
    assert_near(price(&f, &load, &haul), 1000.0, 1e-9);
    const int32_t day = day_of("2026-06-01");
    assert_near(krn_tariff_bound_entry_usd(f.book, &load, KRN_RAIL, BB, 2, AA, BB, day), 130.0,
                1e-9);
    assert_near(krn_tariff_bound_entry_usd(f.book, &load, KRN_RAIL, AA, 2, AA, BB, day), 0.0, 0.0);
    done(&f);
}

/*  AA ---][ b  the leg ends at b: entry and hire, but nothing is hauled in BB  */
static void a_leg_that_ends_behind_the_border_pays_its_entry(void **state)
{
    (void)state;
    fixture f = make(HEAD "\na,A,rate,haul,rail,any,tkm,1,USD,g,,,,\n"
                          "start,Start,rate,other,rail,any,consignment,70,USD,s,,,,\n"
                          "hire,Hire,rate,wagon,rail,any,wagon_day,24,USD,h,,,,\n"
                          "fee,Fee,rate,border,rail,BB,wagon,50,USD,fee,,,,\n",
                     NULL);
    const krn_load load = grain();
    krn_haul haul = rail(BB, 0.0);
    haul.enter_from = AA;
    haul.n_wagons = 2;
    haul.n_entering = 3;
    haul.hours_h = 6.0;
    assert_near(price(&f, &load, &haul), 3 * 50 + 2 * 6.0, 1e-9);
    done(&f);
}

#define LANES                                                                                      \
    "tariff_id,name,use,charge,mode,countries,from_node_id,to_node_id,both_ways,basis,price,"      \
    "currency,group,applies_to\n"

static void a_voyage_takes_its_lane_else_the_price_per_km(void **state)
{
    (void)state;
    fixture f = make(LANES "ab,AB,rate,freight,sea,,a,b,true,t,20,USD,freight,\n"
                           "ca,CA,rate,freight,sea,,c,a,,t,30,USD,freight,\n"
                           "km,Km,rate,freight,sea,,,,,tkm,0.1,USD,freight,\n"
                           "half,Half,coefficient,freight,sea,CC,,,,coefficient,0.5,,k,freight\n",
                     NULL);
    const krn_load load = grain();
    const int32_t day = day_of("2026-06-01");
    assert_near(krn_tariff_voyage_usd(f.book, &load, NODE_A, NODE_B, 500, AA, BB, day), 2000, 1e-9);
    assert_near(krn_tariff_voyage_usd(f.book, &load, NODE_B, NODE_A, 500, AA, BB, day), 2000, 1e-9);
    assert_near(krn_tariff_voyage_usd(f.book, &load, NODE_C, NODE_A, 500, AA, BB, day), 1500, 1e-9);
    assert_near(krn_tariff_voyage_usd(f.book, &load, NODE_A, NODE_C, 500, AA, BB, day), 2500, 1e-9);
    assert_near(krn_tariff_voyage_usd(f.book, &load, NODE_B, NODE_D, 500, AA, BB, day), 5000, 1e-9);
    const krn_haul haul = {.mode = KRN_SEA,
                           .country_km = 500,
                           .from_node = NODE_C,
                           .to_node = NODE_A,
                           .origin = AA,
                           .destination = BB};
    assert_near(price(&f, &load, &haul), 1500, 1e-9);
    assert_int_equal(f.charges.n_charges, 2);
    done(&f);
}

static void a_voyage_without_rate_is_not_a_number(void **state)
{
    (void)state;
    fixture f = make(LANES "ab,AB,rate,freight,sea,,a,b,,teu,20,USD,freight,\n"
                           "tr,Tr,rate,freight,sea,,a,c,,truck,20,USD,freight,\n"
                           "wa,Wa,rate,freight,sea,,a,d,,wagon,20,USD,freight,\n",
                     NULL);
    const krn_load load = grain();
    assert_true(isnan(krn_tariff_voyage_usd(f.book, &load, NODE_A, NODE_B, 500, AA, BB, 0)));
    assert_true(isnan(krn_tariff_voyage_usd(f.book, &load, NODE_B, NODE_C, 500, AA, BB, 0)));
    /* 100 t: five trucks, two wagons */
    assert_near(krn_tariff_voyage_usd(f.book, &load, NODE_A, NODE_C, 500, AA, BB, 0), 100.0, 1e-9);
    assert_near(krn_tariff_voyage_usd(f.book, &load, NODE_A, NODE_D, 500, AA, BB, 0), 40.0, 1e-9);
    done(&f);
}

static void a_through_rate_is_bound_to_its_ends(void **state)
{
    (void)state;
    fixture f = make(LANES "ab,AB,rate,through,rail,,a,b,,t,120,USD,through,\n"
                           "open,Open,rate,through,rail,,a,,,t,1,USD,through,\n"
                           "km,Km,rate,haul,rail,any,,,,tkm,1,USD,g,\n",
                     NULL);
    const krn_load load = grain();
    krn_haul leg = rail(AA, 3000.0);
    krn_charge_list list = {0};
    bool found = false;
    krn_error err;
    const int32_t day = day_of("2026-06-01");
    assert_int_equal(krn_tariff_through(f.book, &load, &leg, day, 3, f.arena, &list, &found, &err),
                     KRN_OK);
    assert_true(found);
    assert_int_equal(list.n_charges, 1);
    assert_near(list.charges[0].amount_usd, 12000.0, 1e-9);
    assert_int_equal(list.charges[0].leg, 3);
    leg.from_node = NODE_B;
    leg.to_node = NODE_A;
    assert_int_equal(krn_tariff_through(f.book, &load, &leg, day, 3, f.arena, &list, &found, &err),
                     KRN_OK);
    assert_false(found);
    assert_int_equal(list.n_charges, 1);
    done(&f);
}

static void the_bound_takes_the_cheapest_that_a_route_may_meet(void **state)
{
    (void)state;
    fixture f = make("tariff_id,name,use,charge,mode,countries,basis,price,currency,group,priority,"
                     "via_node_ids,applies_to,distance_from_km,distance_to_km\n"
                     "base,Base,rate,haul,rail,AA,tkm,1,USD,g,0,,,,\n"
                     "via,Via,rate,haul,rail,AA,tkm,0.6,USD,g,1,c,,,\n"
                     "never,Never,rate,haul,rail,AA,tkm,0.1,USD,g,-1,c,,,\n"
                     "add,Add,rate,haul,rail,AA,tkm,0.2,USD,h,,,,,\n"
                     "maybe,Maybe,rate,haul,rail,AA,tkm,5,USD,i,,c,,,\n"
                     "fix,Fix,rate,haul,rail,AA,t,5,USD,j,,,,,\n"
                     "half,Half,coefficient,haul,rail,AA,coefficient,0.5,,k,,c,h,,\n"
                     "rise,Rise,coefficient,haul,rail,AA,coefficient,3,,l,,c,h,,\n"
                     "b1,B1,rate,haul,rail,BB,tkm,4,USD,g,,,,0,500\n"
                     "b2,B2,rate,haul,rail,BB,tkm,2,USD,g,,,,501,\n"
                     "c1,C1,rate,haul,rail,CC,tkm,4,USD,g,,a,,,\n"
                     "c2,C2,rate,haul,rail,CC,tkm,3,USD,h,,b,,,\n",
                     NULL);
    const krn_load load = grain();
    const int32_t day = day_of("2026-06-01");
    assert_near(krn_tariff_bound_usd_per_km(f.book, &load, KRN_RAIL, AA, 0, 2, AA, BB, day),
                100 * (0.6 + 0.2 * 0.5), 1e-9);
    assert_near(krn_tariff_bound_usd_per_km(f.book, &load, KRN_RAIL, BB, 0, 2, AA, BB, day), 200,
                1e-9);
    assert_near(krn_tariff_bound_usd_per_km(f.book, &load, KRN_RAIL, CC, 0, 2, AA, BB, day), 300,
                1e-9);
    done(&f);
}

static void a_book_of_too_many_rows_is_a_limit(void **state)
{
    (void)state;
    enum { ROWS = 75000 };
    char *table = malloc(ROWS * 24 + 128);
    size_t used = (size_t)snprintf(table, 128, "tariff_id,use,basis,countries,price\n");
    for (int i = 0; i < ROWS; i++)
        used += (size_t)snprintf(table + used, 24, "r%d,rate,t,%c%c,1\n", i, 'A' + i % 26,
                                 'A' + i / 26 % 26);
    mini *m = mini_new();
    mini_table(m, "tariff.csv", table);
    krn_package *package = mini_package(m);
    krn_tariff_book *book;
    krn_error err;
    assert_int_equal(krn_tariff_book_new(package, &book, &err), KRN_E_LIMIT);
    assert_non_null(strstr(err.text, "tariff.csv"));
    krn_package_free(package);
    free(table);
}

static void rows_in_another_order_give_the_same_price(void **state)
{
    (void)state;
    fixture f = make(HEAD "\na,A,rate,haul,rail,AA,tkm,1,USD,g,,,,\n"
                          "b,B,rate,haul,rail,AA,tkm,2,USD,g,,,,\n"
                          "c,C,rate,haul,rail,AA,tkm,3,USD,h,,,,\n",
                     NULL);
    fixture g = make(HEAD "\nc,C,rate,haul,rail,AA,tkm,3,USD,h,,,,\n"
                          "b,B,rate,haul,rail,AA,tkm,2,USD,g,,,,\n"
                          "a,A,rate,haul,rail,AA,tkm,1,USD,g,,,,\n",
                     NULL);
    const krn_load load = grain();
    const krn_haul haul = rail(AA, 10.0);
    assert_near(price(&f, &load, &haul), price(&g, &load, &haul), 0.0);
    assert_int_equal(f.charges.n_charges, g.charges.n_charges);
    for (uint32_t i = 0; i < f.charges.n_charges; i++)
        assert_string_equal(f.charges.charges[i].name, g.charges.charges[i].name);
    done(&f);
    done(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(higher_priority_wins_inside_a_group),
        cmocka_unit_test(a_valid_row_wins_over_a_carried_one_of_its_priority),
        cmocka_unit_test(later_first_day_then_id_decide_the_rest),
        cmocka_unit_test(a_total_belt_prices_every_kilometre),
        cmocka_unit_test(a_marginal_belt_prices_its_own_kilometres),
        cmocka_unit_test(each_coefficient_is_a_line_of_its_own),
        cmocka_unit_test(every_basis_counts_its_units),
        cmocka_unit_test(grain_takes_no_price_per_container),
        cmocka_unit_test(conditions_of_a_row_must_all_hold),
        cmocka_unit_test(transit_import_and_domestic_are_seen_from_the_country),
        cmocka_unit_test(currencies_go_by_the_rate_of_the_day),
        cmocka_unit_test(an_unknown_currency_is_a_rule_without_figures),
        cmocka_unit_test(a_haul_without_rate_says_where),
        cmocka_unit_test(more_than_64_charges_are_a_limit),
        cmocka_unit_test(border_fees_and_seals_are_paid_once_per_entry),
        cmocka_unit_test(a_leg_that_ends_behind_the_border_pays_its_entry),
        cmocka_unit_test(a_voyage_takes_its_lane_else_the_price_per_km),
        cmocka_unit_test(a_voyage_without_rate_is_not_a_number),
        cmocka_unit_test(a_through_rate_is_bound_to_its_ends),
        cmocka_unit_test(the_bound_takes_the_cheapest_that_a_route_may_meet),
        cmocka_unit_test(a_book_of_too_many_rows_is_a_limit),
        cmocka_unit_test(rows_in_another_order_give_the_same_price),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
