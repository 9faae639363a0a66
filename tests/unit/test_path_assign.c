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

/* Path 0 costs 5 over a resource that takes 6, path 1 costs 8; demand 10. */
static path_case full_route(double limit)
{
    path_case c = path_case_new(1, 1, 2);
    c.rows[0].flow = 10.0;
    c.resources[0].limit_load = limit;
    path_case_add(&c, 0, 5.0, 1, 0);
    path_case_add(&c, 0, 8.0, 0);
    return c;
}

static void a_full_route_has_the_price_of_the_other_one(void **state)
{
    (void)state;
    for (int method = KRN_PATH_USER; method <= KRN_PATH_SYSTEM; method++) {
        path_case c = full_route(6.0);
        krn_path_answer *a = path_case_assign(&c, (krn_path_method)method, 1e-12);
        assert_near(krn_path_answer_flow(a)[0], 6.0, 6e-8);
        assert_near(krn_path_answer_flow(a)[1], 4.0, 6e-8);
        assert_near(krn_path_answer_total_cost(a), 62.0, 1e-6);
        assert_near(krn_path_answer_price(a)[0], 3.0, 1e-7);
        assert_near(krn_path_answer_cost(a)[0], 8.0, 1e-7);
        krn_path_answer_free(a);
        c.resources[0].limit_load = 7.0;
        a = path_case_assign(&c, (krn_path_method)method, 1e-12);
        assert_near(krn_path_answer_total_cost(a), 59.0, 1e-6);
        krn_path_answer_free(a);
        c.resources[0].limit_load = 0.0;
        a = path_case_assign(&c, (krn_path_method)method, 1e-12);
        assert_near(krn_path_answer_load(a)[0], 0.0, 0.0);
        assert_near(krn_path_answer_price(a)[0], 3.0, 1e-12);
        krn_path_answer_free(a);
        c.resources[0].limit_load = 11.0;
        a = path_case_assign(&c, (krn_path_method)method, 1e-12);
        assert_near(krn_path_answer_total_cost(a), 50.0, 1e-9);
        assert_near(krn_path_answer_price(a)[0], 0.0, 0.0);
        krn_path_answer_free(a);
        path_case_free(&c);
    }
}

static krn_status run(const path_case *c, krn_path_options options, krn_error *err)
{
    krn_path_answer *a = NULL;
    const krn_status status = krn_path_assign(&c->problem, &options, &a, err);
    if (status)
        assert_null(a);
    krn_path_answer_free(a);
    return status;
}

/* Rows 0 and 1 pass resources 1 and 2; only row 1 must: 4 and 5 at most, of 7. */
static void no_room_names_the_row_and_what_is_full(void **state)
{
    (void)state;
    krn_error err = {0};
    path_case c = path_case_new(2, 3, 6);
    c.rows[0].flow = 3.0;
    c.rows[1].flow = 10.0;
    c.resources[1].limit_load = 4.0;
    c.resources[2].limit_load = 5.0;
    path_case_add(&c, 0, 1.0, 2, 0, 1);
    path_case_add(&c, 0, 9.0, 1, 0);
    path_case_add(&c, 1, 2.0, 2, 0, 1);
    path_case_add(&c, 1, 3.0, 1, 2);
    for (int method = KRN_PATH_USER; method <= KRN_PATH_SYSTEM; method++)
        for (int spread = 0; spread < 2; spread++) {
            c.rows[0].spread_cost = c.rows[1].spread_cost = spread;
            const krn_path_options options = {.method = (krn_path_method)method,
                                              .gap_share = 1e-10};
            c.rows[1].flow = 10.0;
            assert_int_equal(run(&c, options, &err), KRN_E_NO_ROUTE);
            assert_non_null(strstr(err.text, "row 1"));
            assert_true(strstr(err.text, "resource 1 ") || strstr(err.text, "resource 2 "));
            c.rows[1].flow = 9.001;
            assert_int_equal(run(&c, options, &err), KRN_E_NO_ROUTE);
            c.rows[1].flow = 8.999;
            assert_int_equal(run(&c, options, &err), KRN_OK);
        }
    c.resources[1].limit_load = c.resources[2].limit_load = 0.0;
    assert_int_equal(run(&c, (krn_path_options){.method = KRN_PATH_USER}, &err), KRN_E_NO_ROUTE);
    assert_non_null(strstr(err.text, "row 1"));
    assert_non_null(strstr(err.text, "resource 1 "));
    path_case_free(&c);
}

/* Of 5 x and 50 with demand 10: equilibrium 10 on the first; the optimum halves it. */
static void the_system_optimum_counts_what_a_path_costs_others(void **state)
{
    (void)state;
    path_case c = path_case_new(1, 1, 2);
    c.rows[0].flow = 10.0;
    path_case_bpr(&c, 0, 1e-9, 5e9, 1.0, 1.0);
    path_case_add(&c, 0, 0.0, 1, 0);
    path_case_add(&c, 0, 50.0, 0);
    krn_path_answer *a = path_case_assign(&c, KRN_PATH_SYSTEM, 1e-13);
    assert_near(krn_path_answer_flow(a)[0], 5.0, 1e-8);
    assert_near(krn_path_answer_total_cost(a), 375.0, 1e-7);
    assert_near(krn_path_answer_step(a).objective_cost, 375.0, 1e-7);
    assert_near(krn_path_answer_cost(a)[0], 25.0, 1e-7); /* without what it costs others */
    krn_path_answer_free(a);
    a = path_case_assign(&c, KRN_PATH_USER, 1e-13);
    assert_near(krn_path_answer_total_cost(a), 500.0, 1e-6);
    krn_path_answer_free(a);
    path_case_free(&c);
}

/* Two rows, one resource of 1 + load each; row 0 minds time 4 times as much as row 1 and loads
 * twice as much: costs 4 (1 + x) against 10, and (1 + x) against 6. Row 1 stays off when x = 1.5.
 */
static void weights_may_differ_from_units(void **state)
{
    (void)state;
    path_case c = path_case_new(2, 1, 4);
    c.rows[0].flow = 3.0;
    c.rows[1].flow = 1.0;
    path_case_bpr(&c, 0, 1.0, 1.0, 1.0, 1.0);
    path_case_add(&c, 0, 0.0, 1, 0);
    path_case_add(&c, 0, 10.0, 0);
    path_case_add(&c, 1, 4.0, 1, 0);
    path_case_add(&c, 1, 6.0, 0);
    c.uses[0].weight = 4.0;
    c.uses[0].units = 2.0;
    krn_path_answer *a = path_case_assign(&c, KRN_PATH_USER, 1e-13);
    assert_near(krn_path_answer_load(a)[0], 1.5, 1e-10);
    assert_near(krn_path_answer_flow(a)[0], 0.75, 1e-10);
    assert_near(krn_path_answer_flow(a)[2], 0.0, 1e-10);
    krn_path_answer_free(a);
    path_case_free(&c);
}

static bool stop(void *context, const krn_assign_step *step)
{
    uint32_t *left = context;
    assert_true(step->objective_cost > 0.0);
    return (*left)-- > 1;
}

static void a_caller_may_stop_it(void **state)
{
    (void)state;
    uint32_t left = 2;
    krn_error err = {0};
    path_case c = path_case_random(3, 20, 5, 10, true);
    const krn_path_options options = {
        .method = KRN_PATH_USER, .gap_share = 1e-12, .progress = stop, .progress_context = &left};
    assert_int_equal(run(&c, options, &err), KRN_E_CANCELLED);
    path_case_free(&c);
}

typedef struct fault {
    const char *text; /* in the message */
    void (*spoil)(path_case *c, krn_path_options *options);
} fault;

static void bad_row(path_case *c, krn_path_options *o)
{
    (void)o;
    c->paths[1].row = 2;
}
static void bad_flow(path_case *c, krn_path_options *o)
{
    (void)o;
    c->rows[1].flow = -1.0;
}
static void bad_spread(path_case *c, krn_path_options *o)
{
    (void)o;
    c->rows[1].spread_cost = -0.5;
}
static void bad_cost(path_case *c, krn_path_options *o)
{
    (void)o;
    c->paths[2].fixed_cost = HUGE_VAL;
}
static void bad_size(path_case *c, krn_path_options *o)
{
    (void)o;
    c->paths[2].size = 0.0;
}
static void bad_resource(path_case *c, krn_path_options *o)
{
    (void)o;
    c->uses[PATH_CASE_USES].resource = 9;
}
static void resource_twice(path_case *c, krn_path_options *o)
{
    (void)o;
    c->uses[PATH_CASE_USES + 1].resource = 0;
}
static void bad_units(path_case *c, krn_path_options *o)
{
    (void)o;
    c->uses[PATH_CASE_USES].units = -1.0;
}
static void bad_weight(path_case *c, krn_path_options *o)
{
    (void)o;
    c->uses[PATH_CASE_USES].weight = NAN;
}
static void bad_limit(path_case *c, krn_path_options *o)
{
    (void)o;
    c->resources[1].limit_load = -2.0;
}
static void no_path(path_case *c, krn_path_options *o)
{
    (void)o;
    c->problem.n_paths = 2;
}
static void bad_law(path_case *c, krn_path_options *o)
{
    (void)o;
    c->delays[1].free_time = NAN;
}
static void bad_gap(path_case *c, krn_path_options *o)
{
    (void)c;
    o->gap_share = -1.0;
}
static void bad_method(path_case *c, krn_path_options *o)
{
    (void)c;
    o->method = (krn_path_method)7;
}
static void bad_base(path_case *c, krn_path_options *o)
{
    (void)c;
    static const double flows[4] = {1.0, 1.0, -1.0, 1.0};
    o->base_flow = flows;
}

static void each_wrong_figure_is_told_with_its_number(void **state)
{
    (void)state;
    static const fault faults[] = {
        {"path 1: row 2 of 2", bad_row},
        {"row 1: flow -1", bad_flow},
        {"row 1: spread -0.5", bad_spread},
        {"path 2: fixed cost", bad_cost},
        {"path 2: size 0", bad_size},
        {"path 1: resource 9 of 2", bad_resource},
        {"path 1: resource 0 twice", resource_twice},
        {"path 1: resource 0: units -1", bad_units},
        {"path 1: resource 0: units 1", bad_weight},
        {"resource 1: limit -2", bad_limit},
        {"row 1: a path was expected", no_path},
        {"resource 1: its law", bad_law},
        {"gap -1", bad_gap},
        {"method 7", bad_method},
        {"path 2: base flow -1", bad_base},
    };
    for (size_t k = 0; k < sizeof faults / sizeof *faults; k++) {
        krn_error err = {0};
        krn_path_options options = {.method = KRN_PATH_USER};
        path_case c = path_case_new(2, 2, 4);
        c.rows[0].flow = c.rows[1].flow = 1.0;
        for (uint32_t p = 0; p < 4; p++)
            path_case_add(&c, p / 2, 1.0, 2, 0, 1);
        assert_int_equal(run(&c, options, NULL), KRN_OK);
        faults[k].spoil(&c, &options);
        assert_int_equal(run(&c, options, &err), KRN_E_ARG);
        if (!strstr(err.text, faults[k].text))
            fail_msg("'%s' in '%s'", faults[k].text, err.text);
        path_case_free(&c);
    }
}

static void no_rows_is_an_answer(void **state)
{
    (void)state;
    path_case c = path_case_new(2, 1, 1);
    for (int method = KRN_PATH_ALL_OR_NOTHING; method <= KRN_PATH_SYSTEM; method++) {
        krn_path_answer *a = path_case_assign(&c, (krn_path_method)method, 0.0);
        assert_int_equal(krn_path_answer_paths(a), 0);
        assert_near(krn_path_answer_step(a).gap_share, 0.0, 0.0);
        assert_near(krn_path_answer_load(a)[0], 0.0, 0.0);
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
        cmocka_unit_test(a_full_route_has_the_price_of_the_other_one),
        cmocka_unit_test(no_room_names_the_row_and_what_is_full),
        cmocka_unit_test(the_system_optimum_counts_what_a_path_costs_others),
        cmocka_unit_test(weights_may_differ_from_units),
        cmocka_unit_test(a_caller_may_stop_it),
        cmocka_unit_test(each_wrong_figure_is_told_with_its_number),
        cmocka_unit_test(no_rows_is_an_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
