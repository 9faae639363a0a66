/* SPDX-License-Identifier: Apache-2.0 */
/* test_emission.c - the most specific factor wins, and an unknown one is not a number. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <keruen/emission.h>

#include "support/assert_near.h"
#include "support/mini_tables.h"

#define AA KRN_COUNTRY('A', 'A')
#define BB KRN_COUNTRY('B', 'B')

enum { GRAIN, BOX };
enum { SHIP };

typedef struct fixture {
    krn_package *package;
    krn_emission_book *book;
} fixture;

static int set_up(void **state)
{
    static fixture f;
    mini *m = mini_new();
    krn_error err;
    mini_table(m, "cargo_class.csv",
               "cargo_class,name,emission_group\ngrain,Grain,bulk\nbox,Boxes,container\n");
    mini_table(m, "vehicle.csv", "vehicle_id,name,kind,payload_t\nship,Ship,ship,5000\n");
    mini_table(m, "emission.csv",
               "emission_id,use,mode,emission_group,traction,country,vehicle_id,"
               "kg_co2e_per_tkm_wtw,kg_co2e_per_tkm_ttw,quality\n"
               "old,context,rail,bulk,diesel,AA,,9,9,published\n"
               "blank,factor,rail,bulk,diesel,AA,,,9,published\n"
               "hub,factor,hub,bulk,,AA,,9,9,published\n"
               "b-bulk,factor,rail,bulk,diesel,any,,0.02,0.018,published\n"
               "a-bulk,factor,rail,bulk,diesel,,,0.03,0.028,derived\n"
               "aa,factor,rail,,diesel,AA,,0.04,,estimated\n"
               "aa-bulk,factor,rail,bulk,diesel,AA,,0.05,0.045,published\n"
               "electric,factor,rail,bulk,electric,AA,,0.01,0,published\n"
               "lane,factor,sea,,fuel oil,,,0.06,0.05,published\n"
               "ship,factor,sea,,,,ship,0.07,0.06,published\n"
               "ship-lane,factor,sea,bulk,fuel oil,AA,,0.08,0.07,published\n");
    f.package = mini_package(m);
    assert_int_equal(krn_emission_book_new(f.package, &f.book, &err), KRN_OK);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    krn_emission_book_free(f->book);
    krn_emission_book_free(NULL);
    krn_package_free(f->package);
    return 0;
}

static double wtw(const fixture *f, krn_mode mode, uint32_t cargo_class, bool electrified,
                  krn_country country, uint32_t vehicle)
{
    return krn_emission_find(f->book, mode, cargo_class, electrified, country, vehicle).wtw_kg_co2e;
}

static void the_most_specific_row_wins(void **state)
{
    const fixture *f = *state;
    assert_near(wtw(f, KRN_RAIL, GRAIN, false, AA, KRN_NO_ROW), 0.05, 0.0);
    assert_near(wtw(f, KRN_RAIL, BOX, false, AA, KRN_NO_ROW), 0.04, 0.0);
    assert_near(wtw(f, KRN_RAIL, GRAIN, true, AA, KRN_NO_ROW), 0.01, 0.0);
    assert_near(wtw(f, KRN_SEA, GRAIN, false, 0, KRN_NO_ROW), 0.06, 0.0);
    assert_near(wtw(f, KRN_SEA, GRAIN, false, 0, SHIP), 0.07, 0.0);
    assert_near(wtw(f, KRN_SEA, GRAIN, false, AA, SHIP), 0.07, 0.0);
    assert_near(wtw(f, KRN_SEA, GRAIN, false, AA, KRN_NO_ROW), 0.08, 0.0);
}

static void of_equal_rows_the_lower_id_wins(void **state)
{
    const fixture *f = *state;
    assert_near(wtw(f, KRN_RAIL, GRAIN, false, BB, KRN_NO_ROW), 0.03, 0.0);
}

static void an_unknown_factor_is_not_a_number(void **state)
{
    const fixture *f = *state;
    const krn_emission_factor none =
        krn_emission_find(f->book, KRN_RAIL, BOX, false, BB, KRN_NO_ROW);
    assert_true(isnan(none.wtw_kg_co2e));
    assert_true(isnan(none.ttw_kg_co2e));
    assert_int_equal(none.figure.table, KRN_TABLE_COUNT);
    assert_true(isnan(wtw(f, KRN_ROAD, GRAIN, false, AA, KRN_NO_ROW)));
    assert_true(isnan(wtw(f, KRN_RAIL, GRAIN, true, BB, KRN_NO_ROW)));
    assert_true(isnan(wtw(f, KRN_RAIL, 99, false, BB, KRN_NO_ROW)));
}

static void a_factor_names_its_row_and_quality(void **state)
{
    const fixture *f = *state;
    const krn_emission_factor found =
        krn_emission_find(f->book, KRN_RAIL, BOX, false, AA, KRN_NO_ROW);
    assert_true(isnan(found.ttw_kg_co2e));
    assert_int_equal(found.figure.table, KRN_TABLE_EMISSION);
    assert_int_equal(found.figure.row, 5);
    assert_int_equal(found.quality, KRN_ESTIMATED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_most_specific_row_wins),
        cmocka_unit_test(of_equal_rows_the_lower_id_wins),
        cmocka_unit_test(an_unknown_factor_is_not_a_number),
        cmocka_unit_test(a_factor_names_its_row_and_quality),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
