/* SPDX-License-Identifier: Apache-2.0 */
/* test_demand_omx.c - demand as matrices by commodity between places, and back.
 *
 *   barley     b-city  b-gulf        machinery   a-farm
 *   a-farm        200     100        b-city          20
 *   a-port         67      33 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <keruen/io.h>

#include "support/assert_near.h"
#include "support/failing_alloc.h"
#include "support/memory_package.h"

typedef struct fixture {
    krn_package *package;
    krn_arena *arena;
    krn_demand_list list;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    memory_package *memory = memory_package_open(KRN_SOURCE_DIR);
    if (!f || !memory)
        return 1;
    f->arena = krn_arena_new(NULL, 0);
    const krn_status status = memory_package_load(memory, NULL, &f->package, NULL);
    memory_package_free(memory);
    *state = f;
    return status || !f->arena || krn_demand_of_year(f->package, 0, f->arena, &f->list, NULL);
}

static int tear_down(void **state)
{
    fixture *f = *state;
    krn_package_free(f->package);
    krn_arena_free(f->arena);
    free(f);
    return 0;
}

static void matrices_bring_the_rows_back(void **state)
{
    fixture *f = *state;
    krn_omx omx;
    krn_demand_list again;
    assert_int_equal(krn_demand_to_omx(f->package, &f->list, 1, f->arena, &omx, NULL), KRN_OK);
    assert_int_equal(omx.n_zones, 4);
    assert_int_equal(omx.n_matrices, 3);
    assert_string_equal(omx.matrices[0].name, "barley");
    assert_string_equal(omx.matrices[1].name, "machinery");
    assert_string_equal(omx.matrices[2].name, "total");
    assert_string_equal(omx.zones[0], "a-farm");
    assert_int_equal(krn_demand_from_omx(f->package, "d.omx", &omx, NULL, f->arena, &again, NULL),
                     KRN_OK);
    assert_int_equal(again.n, f->list.n);
    assert_near(again.total_t, f->list.total_t, 1e-9);
    for (uint32_t i = 0; i < again.n; i++) {
        assert_int_equal(again.rows[i].origin, f->list.rows[i].origin);
        assert_int_equal(again.rows[i].destination, f->list.rows[i].destination);
        assert_int_equal(again.rows[i].commodity, f->list.rows[i].commodity);
        assert_near(again.rows[i].year_t, f->list.rows[i].year_t, 0);
        assert_near(again.rows[i].lot_t, f->list.rows[i].lot_t, 0);
    }
}

static void the_total_is_the_sum_of_the_goods(void **state)
{
    fixture *f = *state;
    krn_omx omx;
    assert_int_equal(krn_demand_to_omx(f->package, &f->list, 2.5, f->arena, &omx, NULL), KRN_OK);
    double sum_t = 0;
    for (uint32_t i = 0; i < omx.n_zones * omx.n_zones; i++) {
        assert_near(omx.matrices[0].values[i] + omx.matrices[1].values[i],
                    omx.matrices[2].values[i], 1e-9);
        sum_t += omx.matrices[2].values[i];
    }
    assert_near(sum_t, 2.5 * f->list.total_t, 1e-6);
}

static void dated_consignments_stand_in_no_matrix(void **state)
{
    fixture *f = *state;
    krn_omx omx;
    for (uint32_t i = 0; i < f->list.n; i++)
        f->list.rows[i].ready = 0;
    assert_int_equal(krn_demand_to_omx(f->package, &f->list, 1, f->arena, &omx, NULL), KRN_OK);
    assert_int_equal(omx.n_zones, 0);
    assert_int_equal(omx.n_matrices, 1);
}

/* Each fault is told with matrix and zones, all in one go. */
static void each_fault_is_told(void **state)
{
    fixture *f = *state;
    const char *zones[] = {"a-farm", "b-city", "nowhere", "Farm Town"};
    double barley[16] = {0, 5, 0, 0, -1, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, wheat[16] = {0};
    barley[2] = (double)NAN; /* none */
    barley[3] = HUGE_VAL;
    krn_omx_matrix matrices[] = {{"barley", barley}, {"rice", wheat}, {"total", wheat}};
    krn_omx omx = {4, 3, matrices, "place", zones};
    static const char *const expected[] = {
        "d.omx: place: nowhere: a place by id",
        "d.omx: place: Farm Town: a place that is a zone only once",
        "d.omx: barley: b-city to a-farm: -1: a number of t",
        "d.omx: barley: b-city to b-city: 3: no tonnes within one place",
        "d.omx: barley: a-farm to Farm Town: inf: a number of t",
        "d.omx: matrix: rice: a key of commodity.csv"};
    krn_demand_list list = {.n = 77};
    krn_faults *faults = krn_faults_new();
    krn_error err = {0};
    assert_int_equal(krn_demand_from_omx(f->package, "d.omx", &omx, faults, f->arena, &list, &err),
                     KRN_E_DATA);
    assert_int_equal(krn_faults_count(faults), sizeof expected / sizeof expected[0]);
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        bool told = false;
        for (uint32_t k = 0; k < krn_faults_count(faults); k++)
            told =
                told || strncmp(krn_faults_text(faults, k), expected[i], strlen(expected[i])) == 0;
        if (!told)
            fail_msg("%s", expected[i]);
    }
    assert_int_equal(list.n, 77); /* nothing is half accepted */
    krn_faults_free(faults);
    omx.zones = NULL;
    assert_int_equal(krn_demand_from_omx(f->package, "d.omx", &omx, NULL, f->arena, &list, &err),
                     KRN_E_DATA);
    assert_non_null(strstr(err.text, "a lookup of places"));
}

static void memory_that_runs_out_is_told(void **state)
{
    fixture *f = *state;
    for (long n = 1;; n++) {
        krn_arena *arena = krn_arena_new(NULL, 0);
        krn_omx omx;
        krn_demand_list again;
        krn_error err = {0};
        assert_non_null(arena);
        failing_alloc_arm(n);
        krn_status status = krn_demand_to_omx(f->package, &f->list, 1, arena, &omx, &err);
        if (!status)
            status = krn_demand_from_omx(f->package, "d.omx", &omx, NULL, arena, &again, &err);
        const bool failed = failing_alloc_disarm();
        assert_int_equal(status, failed ? KRN_E_MEMORY : KRN_OK);
        krn_arena_free(arena);
        if (!failed)
            break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(matrices_bring_the_rows_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_total_is_the_sum_of_the_goods, set_up, tear_down),
        cmocka_unit_test_setup_teardown(dated_consignments_stand_in_no_matrix, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_fault_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(memory_that_runs_out_is_told, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
