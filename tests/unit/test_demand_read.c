/* SPDX-License-Identifier: Apache-2.0 */
/* test_demand_read.c - a user's table of demand on the mini package: what is read, and every fault
 * once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "io/demand_read.h"
#include "support/assert_near.h"
#include "support/memory_package.h"

typedef struct fixture {
    memory_package *memory;
    krn_package *package;
    krn_arena *arena;
} fixture;

static int open_mini(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    krn_error err = {0};
    if (!f)
        return -1;
    f->memory = memory_package_open(KRN_SOURCE_DIR);
    f->arena = krn_arena_new(NULL, 0);
    *state = f;
    if (!f->memory || !f->arena || memory_package_load(f->memory, NULL, &f->package, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return -1;
    }
    return 0;
}

static int close_mini(void **state)
{
    fixture *f = *state;
    krn_package_free(f->package);
    krn_arena_free(f->arena);
    memory_package_free(f->memory);
    free(f);
    return 0;
}

static krn_status read_table(const fixture *f, const char *table, krn_faults *faults,
                             krn_demand_list *out, krn_error *err)
{
    const size_t size = strlen(table);
    char *text = malloc(size + 1);
    assert_non_null(text);
    memcpy(text, table, size + 1);
    const krn_status status =
        krni_demand_read_text(f->package, "d.csv", text, size, faults, f->arena, out, err);
    free(text);
    return status;
}

static void rows_are_read_with_places_lots_and_months(void **state)
{
    const fixture *f = *state;
    krn_demand_list list;
    krn_error err = {0};
    assert_int_equal(
        read_table(f,
                   "origin,destination,commodity,tonnes,lot_t,units,loading_unit,ready,due\r\n"
                   "a-farm,XBCTY,barley,9000,,,,,\r\n"
                   "\r\n"
                   "Great City,\"Farm Town\",machinery,,,3x22G1,,2026-12-01,2026-12-20\r\n"
                   "a-farm,b-gulf,steel,700,50,,22G1,,\r\n",
                   NULL, &list, &err),
        KRN_OK);
    assert_int_equal(list.n, 3);
    assert_int_equal(list.year, 0);
    const krn_demand *d = list.rows;
    assert_string_equal(krn_package_text(f->package, KRN_TABLE_NODE, d[0].destination, 0),
                        "b-city");
    assert_int_equal(d[0].flow, KRN_NO_ROW);
    assert_int_equal(d[0].line, 2);
    assert_near(d[0].year_t, 9000.0, 1e-9);
    assert_near(d[0].lot_t, 3000.0, 1e-9);         /* of flow.csv */
    assert_near(d[0].month_share[3], 0.05, 1e-12); /* of flow_month.csv */
    assert_near(d[1].month_share[3], 1.0 / 12, 1e-12);
    assert_int_equal(d[1].n_units, 3);
    assert_true(d[1].year_t > 0.0 && d[1].lot_t == d[1].year_t);
    assert_true(d[1].due > d[1].ready && d[1].ready != KRN_TIME_NONE);
    assert_int_equal(d[2].line, 5);
    assert_near(d[2].lot_t, 50.0, 1e-12);
    assert_string_equal(krn_package_text(f->package, KRN_TABLE_LOADING_UNIT, d[2].loading_unit, 0),
                        "22G1");
    assert_near(list.total_t, 9700.0 + d[1].year_t, 1e-9);
}

static void no_rows_are_no_demand(void **state)
{
    krn_demand_list list;
    assert_int_equal(read_table(*state, "origin,destination,commodity,tonnes\n", NULL, &list, NULL),
                     KRN_OK);
    assert_int_equal(list.n, 0);
}

#define HEAD "origin,destination,commodity,tonnes,lot_t,units,loading_unit,ready,due\n"

typedef struct table_case {
    const char *table, *faults;
} table_case;

static const table_case cases[] = {
    {"", "d.csv:1: (row): (blank): a line of column names was expected"},
    {"origin,destination,commodity,tonne\n",
     "d.csv:1: (row): tonne: a column of origin, destination, commodity, tonnes, lot_t, units, "
     "loading_unit, ready, due (tonnes?) was expected\n"
     "d.csv:1: tonnes: (missing): this column, or units, was expected"},
    {"origin,origin,commodity,tonnes\n",
     "d.csv:1: origin: origin: a column that stands there only once was expected\n"
     "d.csv:1: destination: (missing): this column was expected"},
    {HEAD "a-farm,b-city,barley\n", "d.csv:2: (row): 3 fields: 9 fields was expected"},
    {HEAD ",b-city,barley,1,,,,,\n",
     "d.csv:2: origin: (blank): a place by id, code or name was expected"},
    {HEAD "a-farm,a-farm,barley,1,,,,,\n",
     "d.csv:2: destination: a-farm: another place than origin was expected"},
    {HEAD "a-farm,b-city,barley,,,,,,\n",
     "d.csv:2: tonnes: (blank): tonnes, or units, was expected"},
    {HEAD "a-farm,b-city,barley,-1,,,,,\n",
     "d.csv:2: tonnes: -1: a number of t above 0, at most 1e11, was expected"},
    {HEAD "a-farm,b-city,barley,10,x,,,,\n",
     "d.csv:2: lot_t: x: a number of t above 0, at most 1e11, was expected"},
    {HEAD "a-farm,b-city,barley,10,11,,,,\n",
     "d.csv:2: lot_t: 11: a lot that is not above the tonnes of the row was expected"},
    {HEAD "a-farm,b-city,barley,10,,,99X9,,\n",
     "d.csv:2: loading_unit: 99X9: a key of loading_unit.csv was expected"},
    {HEAD "a-farm,b-city,machinery,,,2x22G1,t,,\n",
     "d.csv:2: loading_unit: t: the unit of the column units, or a blank was expected"},
    {HEAD "a-farm,b-city,barley,10,,,,,2026-12-01\n",
     "d.csv:2: ready: (blank): a time of a row that has a due time was expected"},
    {HEAD "a-farm,b-city,barley,10,,,,2026-12-05,2026-12-01\n",
     "d.csv:2: due: 2026-12-01: a time not before ready was expected"},
    {HEAD "a-farm,b-city,barley,\"10,,,,,\n", "d.csv:2: (row): 4 fields: 9 fields was expected"},
};

static char *faults_of(const fixture *f, const char *table)
{
    krn_faults *faults = krn_faults_new();
    char *all = calloc(1, 1 << 14);
    krn_demand_list list;
    krn_error err = {0};
    size_t used = 0;
    assert_non_null(all);
    assert_non_null(faults);
    if (read_table(f, table, faults, &list, &err) != KRN_E_DATA)
        fail_msg("no fault in: %s", table);
    for (uint32_t i = 0; i < krn_faults_count(faults); i++)
        used += (size_t)snprintf(all + used, (1 << 14) - used, "%s%s", i ? "\n" : "",
                                 krn_faults_text(faults, i));
    assert_memory_equal(err.text, all, strlen(err.text)); /* the first one */
    krn_faults_free(faults);
    return all;
}

static void each_fault_is_told_with_its_place(void **state)
{
    int failed = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *found = faults_of(*state, cases[i].table);
        if (strcmp(found, cases[i].faults) != 0) {
            failed++;
            fprintf(stderr, "case %zu\n  expected %s\n  found    %s\n", i, cases[i].faults, found);
        }
        free(found);
    }
    assert_int_equal(failed, 0);
}

/* Texts of what is not found begin with place and value; the rest is told by who looked. */
static void all_faults_come_in_one_go(void **state)
{
    static const char *const beginnings[] = {
        "d.csv:2: origin: nowhere: ",       "d.csv:2: destination: (blank): ",
        "d.csv:2: commodity: phlogiston: ", "d.csv:2: tonnes: ten: ",
        "d.csv:3: ready: tomorrow: ",       "d.csv:4: units: many: "};
    krn_faults *faults = krn_faults_new();
    krn_demand_list list;
    krn_error err;
    assert_non_null(faults);
    assert_int_equal(read_table(*state,
                                HEAD "nowhere,,phlogiston,ten,,,,,\n"
                                     "a-farm,b-city,barley,1,,,,tomorrow,\n"
                                     "a-farm,b-city,machinery,,,many,,,\n",
                                faults, &list, &err),
                     KRN_E_DATA);
    assert_int_equal(krn_faults_count(faults), 6);
    for (uint32_t i = 0; i < 6; i++)
        if (strncmp(krn_faults_text(faults, i), beginnings[i], strlen(beginnings[i])) != 0)
            fail_msg("%s", krn_faults_text(faults, i));
    krn_faults_free(faults);
}

/* Whatever is left of it: faults, or rows that are whole. */
static void a_table_may_end_at_any_byte(void **state)
{
    static const char table[] = "\xEF\xBB\xBForigin,destination,commodity,tonnes,units,ready\r\n"
                                "a-farm,\"Great City\",barley,9000,,\r\n"
                                "XAFRM,b-gulf,machinery,,2x22G1,2026-12-01\r\n";
    for (size_t n = 0; n < sizeof table; n++) {
        char cut[sizeof table];
        krn_faults *faults = krn_faults_new();
        krn_demand_list list = {0};
        krn_error err;
        assert_non_null(faults);
        memcpy(cut, table, n);
        cut[n] = '\0';
        const krn_status status = read_table(*state, cut, faults, &list, &err);
        assert_true(status == (krn_faults_count(faults) ? KRN_E_DATA : KRN_OK));
        for (uint32_t i = 0; i < list.n; i++)
            assert_true(list.rows[i].year_t > 0.0 && list.rows[i].lot_t <= list.rows[i].year_t);
        krn_faults_free(faults);
    }
}

static void a_file_that_is_not_there_is_an_error_of_its_own(void **state)
{
    const fixture *f = *state;
    krn_demand_list list;
    krn_error err;
    assert_int_equal(
        krn_demand_read(f->package, KRN_BINARY_DIR "/no-demand.csv", NULL, f->arena, &list, &err),
        KRN_E_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_read_with_places_lots_and_months),
        cmocka_unit_test(no_rows_are_no_demand),
        cmocka_unit_test(each_fault_is_told_with_its_place),
        cmocka_unit_test(all_faults_come_in_one_go),
        cmocka_unit_test(a_table_may_end_at_any_byte),
        cmocka_unit_test(a_file_that_is_not_there_is_an_error_of_its_own),
    };
    return cmocka_run_group_tests(tests, open_mini, close_mini);
}
