/* SPDX-License-Identifier: Apache-2.0 */
/* test_ensemble.c - replications on threads and machines, and what they say together.
 *
 *   model of 64 numbers -> threads, store, cluster -> the same answer, or one error for all */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <math.h>

#include "sim/output_analysis.h"
#include "support/assert_near.h"
#include "support/failing_alloc.h"
#include "support/fake_ensemble.h"

static const fake_model plain = {.seed = 7, .spread = 0.2, .fail_at = UINT32_MAX};

static krn_ensemble *run(const fake_model *fake, const krn_ensemble_options *options)
{
    const krni_ensemble_model model = fake_ensemble_model(fake);
    krn_ensemble *e = NULL;
    krn_error err = {0};
    const krn_status st = krni_ensemble_run(&model, options, &e, &err);
    if (st)
        fail_msg("%s", err.text);
    return e;
}

static void mean_and_interval_are_those_of_the_formula(void **state)
{
    (void)state;
    krn_ensemble *e = run(&plain, &(krn_ensemble_options){.replications = 5, .n_threads = 2});
    assert_int_equal(krn_ensemble_size(e), 5);
    assert_true(krn_ensemble_precise(e));
    const krn_estimate number = krn_ensemble_estimate(e, 3); /* 0, 1, 2, 3, 4 */
    assert_near(number.mean, 2.0, 1e-12);
    /* t(4 degrees) 2.7764 * sqrt(2.5) / sqrt(5) */
    assert_near(number.half, 2.776445 * sqrt(2.5) / sqrt(5.0), 1e-6);
    assert_int_equal(number.n, 5);
    assert_int_equal(krn_ensemble_estimate(e, 2).n, 4); /* NaN tells nothing */
    assert_int_equal(krn_ensemble_estimate(e, FAKE_METRICS).n, 0);
    assert_true(isnan(krn_ensemble_estimate(e, FAKE_METRICS).mean));
    assert_near(krn_ensemble_metrics(e, 4)[3], 4.0, 0);
    assert_null(krn_ensemble_metrics(e, 5));
    krn_ensemble_free(e);
}

static void one_replication_has_no_interval(void **state)
{
    (void)state;
    krn_ensemble *e = run(&plain, &(krn_ensemble_options){.replications = 1});
    assert_near(krn_ensemble_estimate(e, 3).mean, 0.0, 0);
    assert_true(isnan(krn_ensemble_estimate(e, 3).half));
    krn_ensemble_free(e);
}

static void differences_are_taken_replication_by_replication(void **state)
{
    (void)state;
    const fake_model other = {.seed = 8, .spread = 0.2, .fail_at = UINT32_MAX};
    krn_ensemble *e = run(&plain, &(krn_ensemble_options){.replications = 12});
    krn_ensemble *base = run(&other, &(krn_ensemble_options){.replications = 9});
    const krn_estimate same = krn_ensemble_difference(e, 3, base, 3);
    assert_int_equal(same.n, 9);
    assert_near(same.mean, 0.0, 0);
    assert_near(same.half, 0.0, 0);
    const krn_estimate tonnes = krn_ensemble_difference(e, 0, base, 0);
    double sum = 0;
    for (uint32_t i = 0; i < 9; i++)
        sum += krn_ensemble_metrics(e, i)[0] - krn_ensemble_metrics(base, i)[0];
    assert_near(tonnes.mean, sum / 9, 1e-9);
    assert_true(tonnes.half > 0);
    krn_ensemble_free(e);
    krn_ensemble_free(base);
}

/* Half width of the first n over their mean, by hand. */
static double relative_half(const krn_ensemble *e, uint32_t metric, uint32_t n)
{
    double sum = 0, square = 0;
    for (uint32_t i = 0; i < n; i++)
        sum += krn_ensemble_metrics(e, i)[metric];
    for (uint32_t i = 0; i < n; i++) {
        const double d = krn_ensemble_metrics(e, i)[metric] - sum / n;
        square += d * d;
    }
    return krni_student_quantile(0.975, n - 1.0) * sqrt(square / (n - 1) / n) / (sum / n);
}

static void the_least_number_that_is_precise_is_taken(void **state)
{
    (void)state;
    const krn_ensemble_options options = {.replications = 1, .precision_share = 0.02};
    krn_ensemble *e = run(&plain, &options);
    const uint32_t n = krn_ensemble_size(e);
    const double most = 0.02 / 1.02;
    assert_true(krn_ensemble_precise(e));
    assert_in_range(n, 20, 200);
    assert_true(relative_half(e, 0, n) < 1.000001 * most);
    assert_true(relative_half(e, 1, n) < 1.000001 * most);
    assert_true(relative_half(e, 0, n - 1) > most || relative_half(e, 1, n - 1) > most);
    krn_ensemble_free(e);
    e = run(&plain, &(krn_ensemble_options){.replications = 4, .precision_share = 0.5});
    assert_int_equal(krn_ensemble_size(e), 10); /* never fewer */
    krn_ensemble_free(e);
}

static void a_maximum_ends_what_is_not_precise(void **state)
{
    (void)state;
    krn_ensemble *e =
        run(&plain, &(krn_ensemble_options){
                        .replications = 10, .precision_share = 0.0001, .max_replications = 17});
    assert_int_equal(krn_ensemble_size(e), 17);
    assert_false(krn_ensemble_precise(e));
    krn_ensemble_free(e);
    const fake_model still = {.seed = 1, .spread = 0, .fail_at = UINT32_MAX};
    e = run(&still, &(krn_ensemble_options){.replications = 1, .precision_share = 1e-9});
    assert_int_equal(krn_ensemble_size(e), 10); /* nothing varies */
    krn_ensemble_free(e);
}

static void the_warm_up_is_cut_where_the_course_settles(void **state)
{
    (void)state;
    bool too_short = true;
    krn_ensemble *e = run(&plain, &(krn_ensemble_options){.replications = 20});
    const double cut = krn_ensemble_warmup_d(e, &too_short);
    assert_near(cut, 20, 0);
    assert_false(too_short);
    krn_ensemble_free(e);
}

static void wrong_options_are_refused(void **state)
{
    (void)state;
    const krni_ensemble_model model = fake_ensemble_model(&plain);
    const krn_ensemble_options wrong[] = {
        {.replications = 0},
        {.replications = 5, .precision_share = -0.1},
        {.replications = 5, .precision_share = 1},
        {.replications = 5, .precision_share = (double)NAN},
        {.replications = 50, .precision_share = 0.1, .max_replications = 40},
        {.replications = 5, .precision_share = 0.1, .max_replications = 9},
        {.replications = 5, .cluster = &(krn_ensemble_cluster){.rank = 2, .size = 2}},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        krn_ensemble *e = NULL;
        krn_error err = {0};
        assert_int_equal(krni_ensemble_run(&model, &wrong[i], &e, &err), KRN_E_ARG);
        assert_null(e);
        assert_true(err.text[0]);
    }
}

/* Replications 5 of 30 fail on any number of threads, with the same words. */
static void the_first_failure_by_number_is_told(void **state)
{
    (void)state;
    fake_model fake = plain;
    fake.fail_at = 5;
    fake.slow_us = 300;
    const krni_ensemble_model model = fake_ensemble_model(&fake);
    for (unsigned n_threads = 1; n_threads <= 7; n_threads += 3) {
        krn_ensemble *e = NULL;
        krn_error err = {0};
        const krn_ensemble_options options = {.replications = 30, .n_threads = n_threads};
        assert_int_equal(krni_ensemble_run(&model, &options, &e, &err), KRN_E_LIMIT);
        assert_string_equal(err.text, "replication 5 fails");
        assert_null(e);
    }
    fake.fail_at = 12; /* behind the ten that are enough */
    krn_ensemble *e = run(
        &fake, &(krn_ensemble_options){.replications = 10, .precision_share = 0.9, .n_threads = 7});
    assert_int_equal(krn_ensemble_size(e), 10);
    krn_ensemble_free(e);
}

static void a_failing_store_ends_the_run(void **state)
{
    (void)state;
    fake_store kept;
    fake_store_init(&kept);
    kept.fail_save_at = 4;
    const krn_ensemble_store store = fake_store_use(&kept);
    const krni_ensemble_model model = fake_ensemble_model(&plain);
    krn_ensemble *e = NULL;
    krn_error err = {0};
    const krn_ensemble_options options = {.replications = 30, .n_threads = 3, .store = &store};
    assert_int_equal(krni_ensemble_run(&model, &options, &e, &err), KRN_E_IO);
    assert_string_equal(err.text, "the store is full at 4");
    assert_in_range(kept.n_saved, 2, 12);
    fake_store_clear(&kept);
}

static bool stop_at_six(void *context, uint32_t done, uint32_t n)
{
    uint32_t *last = context;
    assert_true(done > *last && n == 30);
    *last = done;
    return done < 6;
}

static void what_was_finished_before_a_stop_is_kept(void **state)
{
    (void)state;
    fake_store kept;
    uint32_t last = 0;
    fake_store_init(&kept);
    fake_model fake = plain;
    fake.slow_us = 200;
    const krn_ensemble_store store = fake_store_use(&kept);
    const krni_ensemble_model model = fake_ensemble_model(&fake);
    krn_ensemble *e = NULL;
    krn_error err = {0};
    krn_ensemble_options options = {.replications = 30,
                                    .n_threads = 4,
                                    .store = &store,
                                    .progress = stop_at_six,
                                    .progress_context = &last};
    assert_int_equal(krni_ensemble_run(&model, &options, &e, &err), KRN_E_CANCELLED);
    assert_in_range(kept.n_saved, 6, 12);
    const uint32_t before = kept.n_saved;
    options.progress = NULL;
    e = run(&fake, &options);
    assert_int_equal(kept.n_loaded, before); /* those, and no others, were taken from it */
    assert_int_equal(kept.n_saved, 30);
    krn_ensemble_free(e);
    fake_store_clear(&kept);
}

static void a_failure_in_one_process_ends_all_with_its_words(void **state)
{
    (void)state;
    static const unsigned n_threads[] = {1, 2, 1, 3};
    fake_cluster_answer answer;
    fake_store kept;
    fake_model fake = plain;
    fake.fail_at = 9;
    krni_ensemble_model model = fake_ensemble_model(&fake);
    const krn_ensemble_options options = {.replications = 30};
    assert_true(fake_cluster_run(4, &model, &options, n_threads, &answer));
    for (uint32_t rank = 0; rank < 4; rank++) {
        assert_int_equal(answer.status[rank], KRN_E_LIMIT);
        assert_string_equal(answer.error[rank].text, "replication 9 fails");
        assert_null(answer.ensemble[rank]);
    }
    fake_store_init(&kept);
    kept.fail_save_at = 3;
    const krn_ensemble_store store = fake_store_use(&kept);
    const krn_ensemble_options stored = {.replications = 30, .store = &store};
    model = fake_ensemble_model(&plain);
    assert_true(fake_cluster_run(4, &model, &stored, n_threads, &answer));
    for (uint32_t rank = 0; rank < 4; rank++) {
        assert_int_equal(answer.status[rank], KRN_E_IO);
        assert_string_equal(answer.error[rank].text, "the store is full at 3");
    }
    fake_store_clear(&kept);
}

static void every_failed_allocation_is_told(void **state)
{
    (void)state;
    const krni_ensemble_model model = fake_ensemble_model(&plain);
    const krn_ensemble_options options = {
        .replications = 12, .precision_share = 0.05, .n_threads = 1};
    long failures = 0;
    for (long n = 1;; n++) {
        krn_ensemble *e = NULL;
        krn_error err = {0};
        failing_alloc_arm(n);
        const krn_status st = krni_ensemble_run(&model, &options, &e, &err);
        const bool failed = failing_alloc_disarm();
        assert_int_equal(st, failed ? KRN_E_MEMORY : KRN_OK);
        assert_true((e == NULL) == failed);
        krn_ensemble_free(e);
        if (!failed)
            break;
        failures++;
    }
    assert_in_range(failures, 10, 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mean_and_interval_are_those_of_the_formula),
        cmocka_unit_test(one_replication_has_no_interval),
        cmocka_unit_test(differences_are_taken_replication_by_replication),
        cmocka_unit_test(the_least_number_that_is_precise_is_taken),
        cmocka_unit_test(a_maximum_ends_what_is_not_precise),
        cmocka_unit_test(the_warm_up_is_cut_where_the_course_settles),
        cmocka_unit_test(wrong_options_are_refused),
        cmocka_unit_test(the_first_failure_by_number_is_told),
        cmocka_unit_test(a_failing_store_ends_the_run),
        cmocka_unit_test(what_was_finished_before_a_stop_is_kept),
        cmocka_unit_test(a_failure_in_one_process_ends_all_with_its_words),
        cmocka_unit_test(every_failed_allocation_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
