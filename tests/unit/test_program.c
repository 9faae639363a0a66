/* SPDX-License-Identifier: Apache-2.0 */
/* test_program.c - the whole program on the mini package: when the n-th allocation fails, it says
 * so in one line and ends with 3; with all of them, it answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "cli/session.h"
#include "support/failing_alloc.h"

static const char *variable(const char *name)
{
    return strcmp(name, "KERUEN_PACKAGE") == 0 ? KRN_SOURCE_DIR "/tests/support/mini" : NULL;
}

/* Runs words apart by blanks; the exit code. */
static int run(const char *line, FILE *out, FILE *err)
{
    char copy[512];
    const char *argv[32] = {"keruen"};
    int argc = 1;
    const size_t n = strlen(line);
    assert_true(n < sizeof copy);
    memcpy(copy, line, n + 1);
    for (char *at = copy; at && *at && argc < 32;) {
        argv[argc++] = at;
        at = strchr(at, ' ');
        if (at)
            *at++ = '\0';
    }
    const krni_world world = {.out = out, .err = err, .variable = variable, .today = 19786};
    return krni_program(argc, argv, &world);
}

static void survives_every_failing_allocation(const char *line, long step)
{
    FILE *nowhere = fopen("/dev/null", "w");
    assert_non_null(nowhere);
    assert_int_equal(run(line, nowhere, nowhere), KRNI_EXIT_DONE);
    bool reached = true;
    for (long n = 1; reached; n += step) {
        failing_alloc_arm(n);
        const int code = run(line, nowhere, nowhere);
        reached = failing_alloc_disarm();
        if (code != (reached ? KRNI_EXIT_DATA : KRNI_EXIT_DONE))
            fail_msg("%s: allocation %ld failing gives exit code %d", line, n, code);
        step = n > 200 ? 37 : step;
    }
    (void)fclose(nowhere);
}

static void a_plan_survives(void **state)
{
    (void)state;
    survives_every_failing_allocation(
        "plan a-farm b-city -c barley -t 500 -r 2024-03-04 -e --samples 20", 3);
    survives_every_failing_allocation(
        "plan a-farm b-city -c barley -t 500 -r 2024-03-04 -f csv --samples 20", 7);
}

static void other_verbs_survive(void **state)
{
    (void)state;
    survives_every_failing_allocation("find Great", 2);
    survives_every_failing_allocation("show b-gate", 2);
    survives_every_failing_allocation("measures", 2);
    survives_every_failing_allocation("visa XB -n XA --via XC", 2);
    survives_every_failing_allocation("papers a-farm b-city -c barley", 5);
    survives_every_failing_allocation("check", 3);
    survives_every_failing_allocation("help plan", 1);
    survives_every_failing_allocation("format", 1);
}

static void a_simulation_survives(void **state)
{
    (void)state;
    survives_every_failing_allocation("simulate --days 20 --warmup 5 -n 2 --threads 1", 5);
    survives_every_failing_allocation("simulate --days 7 --warmup 0 -n 1 --threads 1 -f json", 11);
    survives_every_failing_allocation("simulate --days 7 --warmup 0 -n 1 --threads 1 -f csv", 11);
}

static void a_full_stream_is_an_error(void **state)
{
    (void)state;
    FILE *full = fopen("/dev/full", "w"), *nowhere = fopen("/dev/null", "w");
    assert_non_null(nowhere);
    if (full) {
        assert_int_equal(run("find Great", full, nowhere), KRNI_EXIT_DATA);
        (void)fclose(full);
    }
    (void)fclose(nowhere);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_survives),
        cmocka_unit_test(other_verbs_survive),
        cmocka_unit_test(a_simulation_survives),
        cmocka_unit_test(a_full_stream_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
