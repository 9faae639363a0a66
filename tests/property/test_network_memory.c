/* SPDX-License-Identifier: Apache-2.0 */
/* test_network_memory.c - the n-th allocation fails, then the next one, until all goes well.
 *
 * malloc, calloc and realloc are wrapped by the linker (see tests/CMakeLists.txt). */
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

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);

static long left = -1; /* allocations until one fails; < 0: none does */

static int fails(void)
{
    return left >= 0 && left-- == 0;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
    return fails() ? NULL : __real_realloc(memory, size);
}

static void compiling_survives_every_failing_allocation(void **state)
{
    (void)state;
    krn_package *package = mini_network_load("tests/support/mini");
    krn_status st = KRN_E_MEMORY;
    long n = 0;
    for (; st; n++) {
        krn_network *network = NULL;
        krn_error err = {0};
        left = n;
        st = krn_network_compile(package, krn_day_from_civil(2026, 3, 2), &network, &err);
        left = -1;
        assert_true(st == KRN_OK || st == KRN_E_MEMORY);
        if (!st)
            krn_network_free(network); /* and the package */
    }
    assert_true(n > 10);
}

static void weighing_and_checking_survive_every_failing_allocation(void **state)
{
    (void)state;
    krn_network *network = mini_network(NULL, 0);
    const krn_consignment consignment = {.commodity = 0,
                                         .loading_unit = KRN_NO_ROW,
                                         .net_t = 3000.0,
                                         .origin = 0,
                                         .destination = 1,
                                         .due = KRN_TIME_NONE};
    krn_status st = KRN_E_MEMORY;
    for (long n = 0; st; n++) {
        krn_arena *arena = krn_arena_new(NULL, 0);
        krn_load load;
        krn_activity_cost *costs;
        krn_error err;
        left = n;
        st = krn_network_weigh(network, &consignment, 0, arena, &load, &costs, &err);
        left = -1;
        assert_true(st == KRN_OK || st == KRN_E_MEMORY);
        krn_arena_free(arena);
    }
    st = KRN_E_MEMORY;
    for (long n = 0; st; n++) {
        krn_error err;
        left = n;
        st = krn_network_check(network, &err);
        left = -1;
        assert_true(st == KRN_OK || st == KRN_E_MEMORY);
    }
    krn_network_free(network);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compiling_survives_every_failing_allocation),
        cmocka_unit_test(weighing_and_checking_survive_every_failing_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
