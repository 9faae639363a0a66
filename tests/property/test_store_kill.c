/* SPDX-License-Identifier: Apache-2.0 */
/* test_store_kill.c - an ensemble that is killed again and again ends in the same bytes.
 *
 *   child: open the store, run 60 replications on 2 threads     <- kill -9 at any moment
 *   again until one ends by itself; then the answer of the store = the answer without interruption
 */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <keruen/store.h>

#include "base/random.h"
#include "support/fake_ensemble.h"

#define KILLS        80u
#define REPLICATIONS 60u

static void name_of(const void *context, uint32_t metric, char *out, size_t size)
{
    (void)context;
    (void)snprintf(out, size, "metric/%u", (unsigned)metric);
}

static const krn_store_run run = {.fingerprint = 42,
                                  .seed = 3,
                                  .question = "{}",
                                  .n_metrics = FAKE_METRICS,
                                  .metric_name = name_of};

static krn_status work(const char *path, const fake_model *fake, krn_ensemble **out, krn_error *err)
{
    krn_store *kept = NULL;
    krn_status st = krn_store_open(path, &run, &kept, err);
    if (st)
        return st;
    const krn_ensemble_store store = krn_store_use(kept);
    const krni_ensemble_model model = fake_ensemble_model(fake);
    const krn_ensemble_options options = {
        .replications = REPLICATIONS, .n_threads = 2, .store = &store};
    st = krni_ensemble_run(&model, &options, out, err);
    krn_store_close(kept);
    return st;
}

/* Exit code 0: all replications done. */
static int child(const char *path, const fake_model *fake)
{
    krn_ensemble *e = NULL;
    krn_error err = {0};
    if (work(path, fake, &e, &err)) {
        (void)fprintf(stderr, "child: %s\n", err.text);
        return 1;
    }
    krn_ensemble_free(e);
    return 0;
}

/* Starts one and kills it after a while; true when it had ended before. */
static bool run_and_kill(const char *path, const fake_model *fake, uint32_t most_us, uint32_t turn)
{
    uint32_t word[4];
    krni_random_stream(11, turn, 0, word);
    const struct timespec pause = {0, (long)(word[0] % most_us) * 1000};
    const pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        _exit(child(path, fake));
    (void)nanosleep(&pause, NULL);
    (void)kill(pid, SIGKILL);
    int how = 0;
    assert_int_equal(waitpid(pid, &how, 0), pid);
    if (WIFSIGNALED(how)) {
        assert_int_equal(WTERMSIG(how), SIGKILL);
        return false;
    }
    assert_int_equal(WEXITSTATUS(how), 0);
    return true;
}

static uint32_t count_kept(const char *path)
{
    krn_store *kept = NULL;
    krn_error err = {0};
    if (krn_store_open(path, &run, &kept, &err))
        fail_msg("%s", err.text);
    const uint32_t n = krn_store_count(kept);
    krn_store_close(kept);
    return n;
}

/* The rest without interruption: the bytes of the answer are those of a run without a store. */
static void assert_ends_alike(const char *path, const fake_model *fake,
                              const krn_ensemble *expected)
{
    krn_ensemble *got = NULL;
    krn_error err = {0};
    if (work(path, fake, &got, &err))
        fail_msg("%s", err.text);
    assert_int_equal(krn_ensemble_size(got), REPLICATIONS);
    for (uint32_t i = 0; i < REPLICATIONS; i++)
        assert_memory_equal(krn_ensemble_metrics(expected, i), krn_ensemble_metrics(got, i),
                            FAKE_METRICS * sizeof(double));
    krn_ensemble_free(got);
    assert_int_equal(unlink(path), 0);
}

static void an_ensemble_survives_kills_at_any_point(void **state)
{
    (void)state;
    const fake_model quick = {.seed = 3, .spread = 0.2, .fail_at = UINT32_MAX};
    fake_model slow = quick;
    slow.slow_us = 2000;
    const krni_ensemble_model model = fake_ensemble_model(&quick);
    const krn_ensemble_options options = {.replications = REPLICATIONS, .n_threads = 1};
    krn_ensemble *expected = NULL;
    assert_int_equal(krni_ensemble_run(&model, &options, &expected, NULL), KRN_OK);
    char path[600];
    uint32_t killed = 0, stores = 0, before = 0, interrupted = 0, most_us = 25000;
    (void)snprintf(path, sizeof path, "%s/test_store_kill.db", KRN_BINARY_DIR);
    (void)unlink(path);
    for (uint32_t turn = 0; killed < KILLS && turn < 10 * KILLS; turn++) {
        /* short lives hit the making of the file, long ones the saving */
        const bool ended = run_and_kill(path, &slow, turn % 3 ? most_us : 5000, turn);
        const uint32_t now = count_kept(path);
        assert_true(now >= before && now <= REPLICATIONS); /* nothing that was kept is lost */
        killed += ended ? 0 : 1;
        interrupted += !ended && now > before ? 1 : 0;
        if (now == before && most_us < 500000000) /* a busy machine */
            most_us += most_us / 10;
        before = now;
        if (ended || now == REPLICATIONS || turn % 10 == 9) {
            assert_ends_alike(path, &quick, expected);
            before = 0;
            stores++;
        }
    }
    if (count_kept(path) < REPLICATIONS)
        assert_ends_alike(path, &quick, expected);
    (void)unlink(path);
    assert_int_equal(killed, KILLS);
    print_message("%u kills, %u of them after a replication was kept; %u ensembles ended\n", killed,
                  interrupted, stores);
    assert_true(interrupted > 0);
    krn_ensemble_free(expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ensemble_survives_kills_at_any_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
