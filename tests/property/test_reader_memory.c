/* SPDX-License-Identifier: Apache-2.0 */
/* test_reader_memory.c - the n-th allocation fails while a package is read, measures applied, a
 * snapshot made and opened, demand read and spread: each call answers KRN_E_MEMORY, gives nothing,
 * and leaks nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <keruen/measure.h>

#include "io/demand_read.h"
#include "support/failing_alloc.h"
#include "support/memory_package.h"

#define DAY 20819

static void loading_survives_any_failing_allocation(void **state)
{
    (void)state;
    memory_package *files = memory_package_open(KRN_SOURCE_DIR);
    assert_non_null(files);
    for (long n = 1;; n++) {
        krn_package *package = NULL;
        krn_error err;
        failing_alloc_arm(n);
        const krn_status status = memory_package_load(files, NULL, &package, &err);
        const bool failed = failing_alloc_disarm();
        assert_int_equal(status, failed ? KRN_E_MEMORY : KRN_OK);
        assert_true((status == KRN_OK) == (package != NULL));
        krn_package_free(package);
        if (!failed)
            break;
    }
    memory_package_free(files);
}

static void faults_survive_any_failing_allocation(void **state)
{
    (void)state;
    memory_package *files = memory_package_open(KRN_SOURCE_DIR);
    assert_non_null(files);
    assert_true(memory_package_set(files, "port.csv", "node_id,sea\na-prt,\n", 18));
    assert_true(memory_package_set(files, "measure/m-words.yaml", "id: [", 5));
    for (long n = 1;; n++) {
        krn_package *package = NULL;
        krn_error err;
        failing_alloc_arm(n);
        const krn_status status = memory_package_load(files, NULL, &package, &err);
        const bool failed = failing_alloc_disarm();
        assert_int_equal(status, failed ? KRN_E_MEMORY : KRN_E_DATA);
        assert_null(package);
        if (!failed)
            break;
    }
    memory_package_free(files);
}

static void applying_survives_any_failing_allocation(void **state)
{
    (void)state;
    memory_package *files = memory_package_open(KRN_SOURCE_DIR);
    krn_package *base = NULL;
    const krn_measure_choice choice = {.day = DAY};
    krn_error err;
    assert_int_equal(memory_package_load(files, NULL, &base, &err), KRN_OK);
    for (long n = 1;; n++) {
        krn_arena *arena = krn_arena_new(NULL, 0);
        krn_measure_report report;
        krn_package *scenario = NULL;
        failing_alloc_arm(n);
        const krn_status status = krn_measure_apply(base, &choice, arena, &report, &scenario, &err);
        const bool failed = failing_alloc_disarm();
        assert_int_equal(status, failed ? KRN_E_MEMORY : KRN_OK);
        krn_package_free(scenario);
        krn_arena_free(arena);
        if (!failed)
            break;
    }
    krn_package_free(base);
    memory_package_free(files);
}

static void snapshots_survive_any_failing_allocation(void **state)
{
    (void)state;
    memory_package *files = memory_package_open(KRN_SOURCE_DIR);
    krn_package *package = NULL;
    krn_network *network = NULL;
    krn_error err;
    assert_int_equal(memory_package_load(files, NULL, &package, &err), KRN_OK);
    assert_int_equal(krn_network_compile(package, DAY, &network, &err), KRN_OK);
    for (long n = 1;; n++) {
        krn_network *opened = NULL;
        unsigned char *image = NULL;
        size_t size = 0;
        failing_alloc_arm(n);
        krn_status status = memory_snapshot_make(network, &image, &size, &err);
        if (!status)
            status = memory_snapshot_open(image, size, &opened, &err);
        const bool failed = failing_alloc_disarm();
        assert_int_equal(status, failed ? KRN_E_MEMORY : KRN_OK);
        krn_network_free(opened);
        free(image);
        if (!failed)
            break;
    }
    krn_network_free(network);
    memory_package_free(files);
}

/* A table with rows and one with a fault, then the flows of the package. */
static void demand_survives_any_failing_allocation(void **state)
{
    (void)state;
    static const char *const tables[2] = {
        "origin,destination,commodity,tonnes,units,ready\n"
        "a-farm,Great City,barley,9000,,\nXAFRM,b-gulf,machinery,,2x22G1,2026-12-01\n",
        "origin,destination,commodity,tonnes\nnowhere,b-city,barley,1\n"};
    memory_package *files = memory_package_open(KRN_SOURCE_DIR);
    krn_package *package = NULL;
    krn_error err;
    assert_int_equal(memory_package_load(files, NULL, &package, &err), KRN_OK);
    for (int t = 0; t < 3; t++)
        for (long n = 1;; n++) {
            char text[256];
            krn_demand_list list;
            krn_arena *arena = krn_arena_new(NULL, 0);
            const size_t size = strlen(tables[t % 2]);
            memcpy(text, tables[t % 2], size + 1);
            failing_alloc_arm(n);
            const krn_status status = t == 2 ? krn_demand_of_year(package, 0, arena, &list, &err)
                                             : krni_demand_read_text(package, "d.csv", text, size,
                                                                     NULL, arena, &list, &err);
            const bool failed = failing_alloc_disarm();
            assert_int_equal(status, failed ? KRN_E_MEMORY : t == 1 ? KRN_E_DATA : KRN_OK);
            krn_arena_free(arena);
            if (!failed)
                break;
        }
    krn_package_free(package);
    memory_package_free(files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loading_survives_any_failing_allocation),
        cmocka_unit_test(faults_survive_any_failing_allocation),
        cmocka_unit_test(applying_survives_any_failing_allocation),
        cmocka_unit_test(demand_survives_any_failing_allocation),
        cmocka_unit_test(snapshots_survive_any_failing_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
