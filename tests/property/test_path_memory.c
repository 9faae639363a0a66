/* SPDX-License-Identifier: Apache-2.0 */
/* test_path_memory.c - the n-th allocation of flows over paths fails: KRN_E_MEMORY and nothing
 * lost. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "support/assert_near.h"
#include "support/failing_alloc.h"
#include "support/path_case.h"

static void fail_each(const path_case *c, krn_path_options options, krn_status expected)
{
    long n = 0;
    for (bool failed = true; failed;) {
        krn_path_answer *a = NULL;
        krn_error err = {0};
        failing_alloc_arm(++n);
        const krn_status status = krn_path_assign(&c->problem, &options, &a, &err);
        failed = failing_alloc_disarm();
        assert_int_equal(status, failed ? KRN_E_MEMORY : expected);
        assert_true((status == KRN_OK) == (a != NULL));
        krn_path_answer_free(a);
    }
    assert_true(n > 10);
}

/* One more path for row 0 in each call, until it has three. */
static krn_status find_one(void *context, const double *times, const double *prices,
                           krn_arena *arena, krn_path_found *add, double *out_least_cost,
                           krn_error *err)
{
    uint32_t *calls = context;
    (void)times;
    (void)prices;
    (void)err;
    out_least_cost[0] = 0.0;
    add->paths = krn_arena_calloc(arena, 1, sizeof *add->paths);
    if (!add->paths)
        return KRN_E_MEMORY;
    add->paths[0] = (krn_path){0, -1.0 - (double)++*calls, 1.0, NULL, 0};
    add->n_paths = *calls % 4 ? 1 : 0;
    return KRN_OK;
}

static void every_allocation_of_an_equilibrium_may_fail(void **state)
{
    (void)state;
    path_case c = path_case_random(21, 10, 4, 6, false);
    fail_each(&c, (krn_path_options){.method = KRN_PATH_USER, .gap_share = 1e-10}, KRN_OK);
    fail_each(&c, (krn_path_options){.method = KRN_PATH_FREE}, KRN_OK);
    for (uint32_t i = 0; i < 10; i++)
        c.rows[i].spread_cost = 0.2;
    krn_path_answer *open = path_case_assign(&c, KRN_PATH_USER, 1e-8);
    for (uint32_t r = 0; r < 6; r += 2)
        c.resources[r].limit_load = 0.95 * krn_path_answer_load(open)[r];
    krn_path_answer_free(open);
    fail_each(&c, (krn_path_options){.method = KRN_PATH_USER, .gap_share = 1e-10}, KRN_OK);
    path_case_free(&c);
}

static void every_allocation_of_a_search_for_paths_may_fail(void **state)
{
    (void)state;
    uint32_t calls = 0;
    path_case c = path_case_random(22, 6, 3, 5, true);
    long n = 0;
    for (bool failed = true; failed;) {
        krn_path_answer *a = NULL;
        calls = 0;
        const krn_path_options options = {.method = KRN_PATH_USER,
                                          .gap_share = 1e-9,
                                          .generate = find_one,
                                          .generate_context = &calls};
        failing_alloc_arm(++n);
        const krn_status status = krn_path_assign(&c.problem, &options, &a, NULL);
        failed = failing_alloc_disarm();
        assert_int_equal(status, failed ? KRN_E_MEMORY : KRN_OK);
        if (a) {
            assert_int_equal(krn_path_answer_paths(a), c.problem.n_paths + 3);
            assert_near(krn_path_answer_flow(a)[c.problem.n_paths + 2], c.rows[0].flow, 1e-9);
        }
        krn_path_answer_free(a);
    }
    assert_true(n > 20);
    path_case_free(&c);
}

static void every_allocation_on_the_way_to_a_refusal_may_fail(void **state)
{
    (void)state;
    path_case c = path_case_new(1, 2, 2);
    c.rows[0].flow = 10.0;
    c.resources[0].limit_load = 4.0;
    c.resources[1].limit_load = 5.0;
    path_case_add(&c, 0, 1.0, 1, 0);
    path_case_add(&c, 0, 2.0, 1, 1);
    fail_each(&c, (krn_path_options){.method = KRN_PATH_USER}, KRN_E_NO_ROUTE);
    path_case_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_of_an_equilibrium_may_fail),
        cmocka_unit_test(every_allocation_of_a_search_for_paths_may_fail),
        cmocka_unit_test(every_allocation_on_the_way_to_a_refusal_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
