/* SPDX-License-Identifier: Apache-2.0 */
/* test_assign_memory.c - the n-th allocation of an assignment fails: KRN_E_MEMORY and nothing lost.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "io/tntp_read.h"
#include "support/assert_near.h"
#include "support/failing_alloc.h"
#include "support/traffic.h"

static void fail_each(const traffic *t, krn_assign_options options)
{
    long n = 0;
    for (bool failed = true; failed;) {
        krn_assignment *a = NULL;
        krn_error err = {0};
        failing_alloc_arm(++n);
        const krn_status status = krn_assign(&t->network, &options, &a, &err);
        failed = failing_alloc_disarm();
        assert_true(status == KRN_OK || (failed && status == KRN_E_MEMORY));
        assert_true((status == KRN_OK) == (a != NULL));
        if (a) /* or one that only gives room back */
            assert_near(traffic_imbalance_share(t, a), 0.0, 1e-9);
        krn_assignment_free(a);
    }
    assert_true(n > 20);
}

static void every_allocation_of_an_equilibrium_may_fail(void **state)
{
    (void)state;
    traffic t = traffic_random(11, 20, 2);
    fail_each(&t, (krn_assign_options){.gap_share = 1e-9, .n_threads = 1, .proportional = true});
    fail_each(&t,
              (krn_assign_options){.gap_share = 1e-2, .n_threads = 1, .algorithm = KRN_ASSIGN_FW});
    t.links[0].limit_flow = 1000.0;
    krn_assignment *base = traffic_assign(&t, KRN_ASSIGN_USER, KRN_ASSIGN_SEGMENT, 1e-6, 1);
    fail_each(&t, (krn_assign_options){.gap_share = 1e-8, .n_threads = 1, .base = base});
    krn_assignment_free(base);
    traffic_free(&t);
}

static void every_allocation_of_a_selection_may_fail(void **state)
{
    (void)state;
    traffic t = traffic_random(12, 20, 1);
    double trips[200], loads[200];
    krn_assignment *a = traffic_assign(&t, KRN_ASSIGN_USER, KRN_ASSIGN_SEGMENT, 1e-9, 1);
    krn_status status = KRN_E_MEMORY;
    long n = 0;
    while (status == KRN_E_MEMORY) {
        failing_alloc_arm(++n);
        status = krn_assignment_select(a, 3, trips, loads, NULL);
        assert_true(failing_alloc_disarm() == (status == KRN_E_MEMORY));
    }
    assert_int_equal(status, KRN_OK);
    assert_true(n > 5);
    krn_assignment_free(a);
    traffic_free(&t);
}

static void every_allocation_of_the_reader_may_fail(void **state)
{
    (void)state;
    static const char net[] = "<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 2\n<FIRST THRU NODE> 1\n"
                              "<NUMBER OF LINKS> 1\n<END OF METADATA>\n1 2 1 1 1 1 1 0 0 1;\n";
    static const char trips[] = "<NUMBER OF ZONES> 2\n<END OF METADATA>\nOrigin 1\n2 : 1;\n";
    static const char bad[] = "<NUMBER OF ZONES> 2\n<END OF METADATA>\nOrigin 3\n2 : 1;\n";
    for (int k = 0; k < 2; k++) {
        const char *text = k ? bad : trips;
        krn_status status = KRN_E_MEMORY;
        long n = 0;
        while (status == KRN_E_MEMORY) {
            krn_tntp tntp;
            krn_arena *arena = krn_arena_new(NULL, 0);
            failing_alloc_arm(++n);
            status = krni_tntp_read_text((krni_tntp_text){"n", net, sizeof net - 1},
                                         (krni_tntp_text){"t", text, strlen(text)}, NULL, arena,
                                         &tntp, NULL);
            (void)failing_alloc_disarm();
            krn_arena_free(arena);
        }
        assert_int_equal(status, k ? KRN_E_DATA : KRN_OK);
        assert_true(n > 4);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_of_an_equilibrium_may_fail),
        cmocka_unit_test(every_allocation_of_a_selection_may_fail),
        cmocka_unit_test(every_allocation_of_the_reader_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
