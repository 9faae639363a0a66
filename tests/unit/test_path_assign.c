/* SPDX-License-Identifier: Apache-2.0 */
/* test_path_assign.c - flows over paths that share resources: small cases with known answers. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/assert_near.h"
#include "support/path_case.h"

/* Two resources of 10 + x and 12 + x, demand 10: 6 and 4, cost 16. */
static void two_routes_end_at_one_cost(void **state)
{
    (void)state;
    path_case c = path_case_new(1, 2, 2);
    c.rows[0].flow = 10.0;
    path_case_bpr(&c, 0, 10.0, 1.0, 10.0, 1.0);
    path_case_bpr(&c, 1, 12.0, 1.0, 12.0, 1.0);
    path_case_add(&c, 0, 0.0, 1, 0);
    path_case_add(&c, 0, 0.0, 1, 1);
    krn_path_answer *a = path_case_assign(&c, KRN_PATH_USER, 1e-14);
    assert_near(krn_path_answer_flow(a)[0], 6.0, 1e-12);
    assert_near(krn_path_answer_flow(a)[1], 4.0, 1e-12);
    assert_near(krn_path_answer_cost(a)[0], 16.0, 1e-12);
    assert_near(krn_path_answer_total_cost(a), 160.0, 1e-10);
    assert_near(krn_path_answer_step(a).objective_cost, 60 + 18 + 48 + 8, 1e-10);
    krn_path_answer_free(a);
    a = path_case_assign(&c, KRN_PATH_ALL_OR_NOTHING, 0.0);
    assert_near(krn_path_answer_flow(a)[0], 10.0, 0.0);
    assert_near(krn_path_answer_time(a)[0], 20.0, 1e-12);
    krn_path_answer_free(a);
    path_case_free(&c);
}

/* Braess (1968): 10x and 50 + x on the sides, 10 + x across, demand 6.
 *
 *        .-- 0: 10x --> (1) -- 2: 50 + x --.
 *   (0) <                |  4: 10 + x       > (3)
 *        '-- 1: 50 + x -> (2) -- 3: 10x ---'     */
static void a_link_across_makes_all_slower(void **state)
{
    (void)state;
    path_case c = path_case_new(1, 5, 3);
    c.rows[0].flow = 6.0;
    path_case_bpr(&c, 0, 1e-9, 1e10, 1.0, 1.0);
    path_case_bpr(&c, 1, 50.0, 1.0, 50.0, 1.0);
    path_case_bpr(&c, 2, 50.0, 1.0, 50.0, 1.0);
    path_case_bpr(&c, 3, 1e-9, 1e10, 1.0, 1.0);
    path_case_bpr(&c, 4, 10.0, 1.0, 10.0, 1.0);
    path_case_add(&c, 0, 0.0, 2, 0, 2);
    path_case_add(&c, 0, 0.0, 2, 1, 3);
    krn_path_answer *a = path_case_assign(&c, KRN_PATH_USER, 1e-13);
    assert_near(krn_path_answer_cost(a)[0], 83.0, 1e-6);
    krn_path_answer_free(a);
    path_case_add(&c, 0, 0.0, 3, 0, 4, 3);
    a = path_case_assign(&c, KRN_PATH_USER, 1e-13);
    for (uint32_t p = 0; p < 3; p++) {
        assert_near(krn_path_answer_cost(a)[p], 92.0, 1e-6);
        assert_near(krn_path_answer_flow(a)[p], 2.0, 1e-6);
    }
    krn_path_answer_free(a);
    path_case_free(&c);
}

static void logit_divides_by_costs_at_no_load(void **state)
{
    (void)state;
    path_case c = path_case_new(1, 0, 2);
    c.rows[0] = (krn_path_row){1.0, 2.0};
    path_case_add(&c, 0, 10.0, 0);
    path_case_add(&c, 0, 12.0, 0);
    for (int method = KRN_PATH_FREE; method <= KRN_PATH_USER; method++) {
        krn_path_answer *a = path_case_assign(&c, (krn_path_method)method, 1e-13);
        assert_near(krn_path_answer_flow(a)[0], 0.731058578630005, 1e-12);
        assert_near(krn_path_answer_flow(a)[1], 0.268941421369995, 1e-12);
        assert_near(krn_path_answer_step(a).gap_share, 0.0, 1e-13);
        krn_path_answer_free(a);
    }
    path_case_free(&c);
}

/* Two paths that are one and the same but for their last piece count as one and a half together. */
static void path_size_takes_from_paths_that_overlap(void **state)
{
    (void)state;
    path_case c = path_case_new(1, 0, 3);
    c.rows[0] = (krn_path_row){9.0, 1.0};
    for (uint32_t p = 0; p < 3; p++)
        path_case_add(&c, 0, 5.0, 0);
    c.paths[0].size = c.paths[1].size = 0.5;
    for (int method = KRN_PATH_FREE; method <= KRN_PATH_USER; method++) {
        krn_path_answer *a = path_case_assign(&c, (krn_path_method)method, 1e-13);
        assert_near(krn_path_answer_flow(a)[0], 2.25, 1e-12);
        assert_near(krn_path_answer_flow(a)[1], 2.25, 1e-12);
        assert_near(krn_path_answer_flow(a)[2], 4.5, 1e-12);
        krn_path_answer_free(a);
    }
    path_case_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_routes_end_at_one_cost),
        cmocka_unit_test(a_link_across_makes_all_slower),
        cmocka_unit_test(logit_divides_by_costs_at_no_load),
        cmocka_unit_test(path_size_takes_from_paths_that_overlap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
