/* SPDX-License-Identifier: Apache-2.0 */
/* test_wait_read.c - a user's tables of waits by load: read whole, or every fault told.
 *
 *   resource,load_a_day,wait_h      gauge change/gc-out  0 -> 0.5 h, 40 -> 3 h, 50 -> 31 h
 *                                   border/b             0 -> 0 h, 8 -> 8 h */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "io/wait_read.h"
#include "support/assert_near.h"
#include "support/failing_alloc.h"

#define HEADING "resource,load_a_day,wait_h\n"

static const char good[] = HEADING "gauge change/gc-out,0,0.5\n"
                                   "gauge change/gc-out,40,3\n"
                                   "gauge change/gc-out,50,31\n"
                                   "\n"
                                   "border/b,0,0\r\n"
                                   "\"border/b\",8,8\r\n";

typedef struct answer {
    krn_arena *arena;
    krn_faults *faults;
    krn_wait_table *tables;
    uint32_t n;
    krn_status status;
    krn_error err;
} answer;

static answer read_text(const char *text, size_t size)
{
    answer a = {.arena = krn_arena_new(NULL, 0), .faults = krn_faults_new()};
    char *copy = malloc(size + 1);
    assert_true(a.arena && a.faults && copy);
    memcpy(copy, text, size);
    copy[size] = '\0';
    a.status =
        krni_wait_tables_read_text("w.csv", copy, size, a.faults, a.arena, &a.tables, &a.n, &a.err);
    free(copy);
    return a;
}

static void drop(answer *a)
{
    krn_faults_free(a->faults);
    krn_arena_free(a->arena);
}

static void tables_are_read_in_their_order(void **state)
{
    (void)state;
    answer a = read_text(good, sizeof good - 1);
    assert_int_equal(a.status, KRN_OK);
    assert_int_equal(a.n, 2);
    assert_string_equal(a.tables[0].resource, "gauge change/gc-out");
    assert_int_equal(a.tables[0].n_points, 3);
    assert_near(a.tables[0].load_a_day[1], 40, 0);
    assert_near(a.tables[0].wait_h[2], 31, 0);
    assert_string_equal(a.tables[1].resource, "border/b");
    assert_near(a.tables[1].load_a_day[0], 0, 0);
    assert_near(a.tables[1].wait_h[1], 8, 0);
    drop(&a);
}

static void columns_stand_in_any_order(void **state)
{
    static const char text[] = "wait_h,resource,load_a_day\n1,r,0\n2,r,7\n";
    (void)state;
    answer a = read_text(text, sizeof text - 1);
    assert_int_equal(a.status, KRN_OK);
    assert_near(a.tables[0].load_a_day[1], 7, 0);
    assert_near(a.tables[0].wait_h[1], 2, 0);
    drop(&a);
}

/* Each text is refused with a fault that names line and column. */
static void each_fault_has_its_place(void **state)
{
    static const struct {
        const char *text, *fault;
    } cases[] = {
        {"", "w.csv:1: (row)"},
        {"resource,load_a_day\nr,0\n", "w.csv:1: wait_h: (missing)"},
        {"resource,load_a_day,wait_h,more\n", "w.csv:1: (row): more: a column of resource"},
        {"resource,resource,wait_h\n", "w.csv:1: resource: resource: a column that stands"},
        {HEADING, "two rows of a resource at least"},
        {HEADING "r,0,1\n", "a resource of two rows at least"},
        {HEADING "r,1,1\nr,2,2\n", "w.csv:2: load_a_day: 1: 0 in the first row"},
        {HEADING "r,0,1\nr,0,1\n", "w.csv:3: load_a_day: 0: more than in the row before"},
        {HEADING "r,0,2\nr,1,1\n", "w.csv:3: wait_h: 1: no less than in the row before"},
        {HEADING "r,0,-1\nr,1,1\n", "w.csv:2: wait_h: -1: a number of h from 0"},
        {HEADING "r,0,nan\nr,1,1\n", "w.csv:2: wait_h: nan: a number of h from 0"},
        {HEADING "r,0,1e13\nr,1,1\n", "w.csv:2: wait_h: 1e13: a number of h from 0"},
        {HEADING "r,0,1 h\nr,1,1\n", "w.csv:2: wait_h: 1 h: a number of h from 0"},
        {HEADING ",0,1\n", "w.csv:2: resource: (blank)"},
        {HEADING "r,0\n", "w.csv:2: (row): 2 fields: 3 fields"},
        {HEADING "r,0,0\nr,1,1\ns,0,0\ns,1,1\nr,0,0\nr,1,1\n", "a resource whose rows stand"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        answer a = read_text(cases[i].text, strlen(cases[i].text));
        bool told = false;
        for (uint32_t k = 0; k < krn_faults_count(a.faults); k++)
            told = told || strstr(krn_faults_text(a.faults, k), cases[i].fault);
        if (a.status != KRN_E_DATA || !told || a.tables || a.n)
            fail_msg("%s: %s", cases[i].fault, a.err.text);
        drop(&a);
    }
}

/* Cut anywhere, the file is refused or read as what is left of it. */
static void a_cut_file_is_whole_or_refused(void **state)
{
    (void)state;
    for (size_t size = 0; size < sizeof good; size++) {
        answer a = read_text(good, size);
        assert_int_equal(a.status == KRN_OK, krn_faults_count(a.faults) == 0);
        for (uint32_t i = 0; i < a.n; i++)
            assert_true(a.tables[i].n_points >= 2);
        drop(&a);
    }
}

static void memory_that_runs_out_is_told(void **state)
{
    (void)state;
    for (long n = 1;; n++) {
        krn_arena *arena = krn_arena_new(NULL, 0);
        char copy[sizeof good];
        krn_wait_table *tables = NULL;
        uint32_t n_tables = 0;
        krn_error err = {0};
        assert_non_null(arena);
        memcpy(copy, good, sizeof good);
        failing_alloc_arm(n);
        const krn_status status = krni_wait_tables_read_text("w.csv", copy, sizeof good - 1, NULL,
                                                             arena, &tables, &n_tables, &err);
        const bool failed = failing_alloc_disarm();
        assert_int_equal(status, failed ? KRN_E_MEMORY : KRN_OK);
        krn_arena_free(arena);
        if (!failed)
            break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_are_read_in_their_order),
        cmocka_unit_test(columns_stand_in_any_order),
        cmocka_unit_test(each_fault_has_its_place),
        cmocka_unit_test(a_cut_file_is_whole_or_refused),
        cmocka_unit_test(memory_that_runs_out_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
