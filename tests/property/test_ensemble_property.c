/* SPDX-License-Identifier: Apache-2.0 */
/* test_ensemble_property.c - the same bytes on any number of threads and machines, whatever a store
 * held before.
 *
 *   1, 2, 3, 7 threads   x   1, 2, 4 processes   x   any subset kept   ->   one answer */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "support/fake_ensemble.h"

#define ROUNDS 40

static uint32_t draw(uint32_t round, uint32_t block)
{
    uint32_t word[4];
    krni_random_stream(20261123, round, block, word);
    return word[1];
}

static krn_ensemble_options options_of(uint32_t round)
{
    krn_ensemble_options o = {.replications = 1 + draw(round, 0) % 30, .n_threads = 1};
    if (round % 2) {
        o.precision_share = 0.01 + 0.0001 * (draw(round, 1) % 500);
        o.max_replications = 60 + draw(round, 2) % 60;
    }
    return o;
}

static void assert_same(const krn_ensemble *expected, const krn_ensemble *got)
{
    assert_non_null(got);
    assert_int_equal(krn_ensemble_size(expected), krn_ensemble_size(got));
    assert_int_equal(krn_ensemble_precise(expected), krn_ensemble_precise(got));
    for (uint32_t i = 0; i < krn_ensemble_size(expected); i++)
        assert_memory_equal(krn_ensemble_metrics(expected, i), krn_ensemble_metrics(got, i),
                            FAKE_METRICS * sizeof(double));
    for (uint32_t m = 0; m < FAKE_METRICS; m++) {
        const krn_estimate a = krn_ensemble_estimate(expected, m),
                           b = krn_ensemble_estimate(got, m);
        assert_memory_equal(&a.mean, &b.mean, sizeof a.mean);
        assert_memory_equal(&a.half, &b.half, sizeof a.half);
    }
}

/* A store with any subset, and the numbers in it that no answer asks for. */
static void fill(fake_store *store, const fake_model *fake, uint32_t round)
{
    const uint32_t share = draw(round, 3) % 101;
    fake_store_init(store);
    for (uint32_t i = 0; i < FAKE_KEPT; i++)
        if (draw(round, 10 + i) % 100 < share)
            assert_true(fake_store_put(store, fake, i));
}

static void the_answer_does_not_depend_on_threads_or_store(void **state)
{
    (void)state;
    static const unsigned counts[] = {1, 2, 3, 7};
    for (uint32_t round = 0; round < ROUNDS; round++) {
        const fake_model fake = {
            .seed = round, .spread = 0.2, .fail_at = UINT32_MAX, .slow_us = round % 4 ? 0 : 150};
        const krni_ensemble_model model = fake_ensemble_model(&fake);
        krn_ensemble_options options = options_of(round);
        krn_ensemble *expected = NULL;
        assert_int_equal(krni_ensemble_run(&model, &options, &expected, NULL), KRN_OK);
        for (unsigned k = 0; k < 2 * sizeof counts / sizeof counts[0]; k++) {
            krn_ensemble *got = NULL;
            fake_store kept;
            fill(&kept, &fake, round + 1000 * k);
            const krn_ensemble_store store = fake_store_use(&kept);
            options.n_threads = counts[k % 4];
            options.store = k < 4 ? NULL : &store;
            assert_int_equal(krni_ensemble_run(&model, &options, &got, NULL), KRN_OK);
            assert_same(expected, got);
            krn_ensemble_free(got);
            fake_store_clear(&kept);
        }
        krn_ensemble_free(expected);
    }
}

static void the_answer_does_not_depend_on_machines(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {1, 2, 4};
    static const unsigned n_threads[] = {2, 1, 3, 1};
    for (uint32_t round = 0; round < ROUNDS; round++) {
        const fake_model fake = {
            .seed = 77 + round, .spread = 0.2, .fail_at = UINT32_MAX, .slow_us = 0};
        const krni_ensemble_model model = fake_ensemble_model(&fake);
        krn_ensemble_options options = options_of(round);
        krn_ensemble *expected = NULL;
        assert_int_equal(krni_ensemble_run(&model, &options, &expected, NULL), KRN_OK);
        for (unsigned k = 0; k < 3; k++) {
            fake_cluster_answer answer;
            fake_store kept;
            fill(&kept, &fake, round + 1000 * k);
            const krn_ensemble_store store = fake_store_use(&kept);
            options.store = round % 3 ? &store : NULL;
            assert_true(fake_cluster_run(sizes[k], &model, &options, n_threads, &answer));
            for (uint32_t rank = 0; rank < sizes[k]; rank++) {
                assert_int_equal(answer.status[rank], KRN_OK);
                assert_same(expected, answer.ensemble[rank]);
                krn_ensemble_free(answer.ensemble[rank]);
            }
            if (options.store) /* the one store has all of the answer */
                for (uint32_t i = 0; i < krn_ensemble_size(expected); i++)
                    assert_memory_equal(kept.metrics[i], krn_ensemble_metrics(expected, i),
                                        FAKE_METRICS * sizeof(double));
            fake_store_clear(&kept);
        }
        options.store = NULL;
        krn_ensemble_free(expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_answer_does_not_depend_on_threads_or_store),
        cmocka_unit_test(the_answer_does_not_depend_on_machines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
