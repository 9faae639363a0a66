/* SPDX-License-Identifier: Apache-2.0 */
/* test_tntp.c - networks and trips in the TNTP format: what is read, and every fault once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "io/tntp_read.h"
#include "support/assert_near.h"

#define NET_HEAD                                                                                   \
    "<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 3\n<FIRST THRU NODE> 3\n<NUMBER OF LINKS> 2\n"         \
    "<END OF METADATA>\n"
#define NET   NET_HEAD "1 3 10 1 5 0.15 4 0 0 1 ;\n3 2 10 1 5 0.15 4 0 0 1 ;\n"
#define TRIPS "<NUMBER OF ZONES> 2\n<END OF METADATA>\nOrigin 1\n2 : 4.5;\n"

static krn_status read_texts(const char *net, const char *trips, krn_faults *faults,
                             krn_arena *arena, krn_tntp *out, krn_error *err)
{
    return krni_tntp_read_text((krni_tntp_text){"n", net, strlen(net)},
                               (krni_tntp_text){"t", trips, strlen(trips)}, faults, arena, out,
                               err);
}

static void blanks_cases_and_line_ends_differ_in_files(void **state)
{
    (void)state;
    krn_arena *arena = krn_arena_new(NULL, 0);
    krn_tntp t;
    krn_error err = {0};
    assert_int_equal(
        read_texts("\xEF\xBB\xBF<Number of  zones>2\r\n<NUMBER OF NODES>\t3 \r\n"
                   "<FIRST THRU NODE> 3\r\n<NUMBER OF LINKS> 2\r\n<ORIGINAL HEADER>~ x\r\n"
                   "<TOLL FACTOR> 0.02\r\n<END OF METADATA>\t\t\r\n\r\n ~ init\r\n"
                   "\t1\t3\t10\t1\t5\t0.15\t4\t0\t0\t1;\r\n3 2 10.5 1e0 5 0 0 -1 2.5 1 ;",
                   "<NUMBER OF ZONES> 2\n<TOTAL OD FLOW> 4.5\n<END OF METADATA>\n\nORIGIN\t1 \n"
                   "    1 :      0.0;     2 :     4.5;  \n~ end\nOrigin 2\n1:1;",
                   NULL, arena, &t, &err),
        KRN_OK);
    assert_int_equal(t.n_zones, 2);
    assert_int_equal(t.n_nodes, 3);
    assert_int_equal(t.first_through, 2);
    assert_int_equal(t.n_links, 2);
    assert_int_equal(t.links[1].tail, 2);
    assert_near(t.links[1].capacity, 10.5, 0.0);
    assert_near(t.links[1].toll, 2.5, 0.0);
    assert_near(t.toll_weight, 0.02, 0.0);
    assert_true(isnan(t.length_weight));
    assert_int_equal(t.n_trips, 2);
    assert_int_equal(t.trips[0].destination, 1);
    assert_near(t.trips[0].flow, 4.5, 0.0);
    assert_near(t.total_flow, 5.5, 0.0);
    assert_near(t.stated_flow, 4.5, 0.0);
    krn_arena_free(arena);
}

typedef struct fault_case {
    const char *net, *trips, *expected;
} fault_case;

static void every_fault_is_told_once_with_its_place(void **state)
{
    (void)state;
    static const fault_case cases[] = {
        {"", TRIPS, "n:1: (row): (blank): <END OF METADATA> was expected"},
        {"1 2 3\n", TRIPS, "n:1: (row): 1 2 3: a line <KEY> value of the metadata was expected"},
        {"<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 3\n<NUMBER OF LINKS> 0\n<FIRST THRU NODE> "
         "1\n<END OF METADATA>\n",
         TRIPS, "n:3: (row): 0: a whole number from 1 to 4000000 was expected"},
        {"<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 3\n<FIRST THRU NODE> 1\n<END OF METADATA>\n"
         "1 3 10 1 5 0.15 4 0 0 1 ;\n",
         TRIPS, "n:4: (row): NUMBER OF LINKS: this key in the metadata was expected"},
        {NET_HEAD "1 3 10 1 5 0.15 4 0 0 1 ;\n", TRIPS,
         "n:6: (row): 1 links: <NUMBER OF LINKS> 2 was expected"},
        {NET_HEAD "1 4 10 1 5 0.15 4 0 0 1 ;\n3 2 10 1 5 0.15 4 0 0 1 ;\n", TRIPS,
         "n:6: term_node: 4: a whole number from 1 to 3 was expected"},
        {NET_HEAD "1 1 10 1 5 0.15 4 0 0 1 ;\n3 2 10 1 5 0.15 4 0 0 1 ;\n", TRIPS,
         "n:6: term_node: 1: another node than init_node was expected"},
        {NET_HEAD "1 3 0 1 5 0.15 4 0 0 1 ;\n3 2 10 1 5 0.15 4 0 0 1 ;\n", TRIPS,
         "n:6: capacity: 0: a number above 0 on a link whose time grows with flow was expected"},
        {NET_HEAD "1 3 10 1 5x 0.15 4 0 0 1 ;\n3 2 10 1 5 0.15 4 0 0 1 ;\n", TRIPS,
         "n:6: free_flow_time: 5x: a number of 0 or more, at most 1e30, was expected"},
        {NET_HEAD "1 3 10 1 5 0.15 65 0 0 1 ;\n3 2 10 1 5 0.15 4 0 0 1 ;\n", TRIPS,
         "n:6: power: 65: a number from 0 to 64 was expected"},
        {NET_HEAD "1 3 10 1 5 0.15 4 0 0 1 ; 7\n3 2 10 1 5 0.15 4 0 0 1 ;\n", TRIPS,
         "n:6: (row): 1 3 10 1 5 0.15 4 0 0 1 ; 7: ten fields and ';' was expected"},
        {NET, "<END OF METADATA>\n",
         "t:1: (row): NUMBER OF ZONES: this key in the metadata was expected"},
        {NET, "<NUMBER OF ZONES> 3\n<END OF METADATA>\n",
         "t:2: (row): 3: <NUMBER OF ZONES> 2 of the network was expected"},
        {NET, TRIPS "3 : 1;\n", "t:5: destination: 3: a whole number from 1 to 2 was expected"},
        {NET, TRIPS "2 : 1;\n",
         "t:5: destination: 2: a destination that stands there only once of an origin was "
         "expected"},
        {NET, TRIPS "Origin 1\n",
         "t:5: Origin: 1: an origin that stands there only once was expected"},
        {NET, TRIPS "1 : -2;\n",
         "t:5: flow: -2: a number of 0 or more, at most 1e30, was expected"},
        {NET, TRIPS "1 2;\n", "t:5: (row): 1: pairs `zone : flow ;` was expected"},
        {NET, "<NUMBER OF ZONES> 2\n<END OF METADATA>\n2 : 4.5;\n",
         "t:3: Origin: 2: a line `Origin k` before the first pair was expected"},
    };
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        krn_arena *arena = krn_arena_new(NULL, 0);
        krn_faults *faults = krn_faults_new();
        krn_tntp t;
        krn_error err = {0};
        assert_int_equal(read_texts(cases[k].net, cases[k].trips, faults, arena, &t, &err),
                         KRN_E_DATA);
        assert_string_equal(krn_faults_text(faults, 0), cases[k].expected);
        krn_faults_free(faults);
        krn_arena_free(arena);
    }
}

static void all_faults_of_both_files_come_in_one_run(void **state)
{
    (void)state;
    krn_arena *arena = krn_arena_new(NULL, 0);
    krn_faults *faults = krn_faults_new();
    krn_tntp t;
    assert_int_equal(read_texts(NET_HEAD "1 9 x 1 5 0.15 4 0 0 1 ;\nno\n", TRIPS "9 : 1; 1 : y;\n",
                                faults, arena, &t, NULL),
                     KRN_E_DATA);
    assert_int_equal(krn_faults_count(faults), 5);
    krn_faults_free(faults);
    krn_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blanks_cases_and_line_ends_differ_in_files),
        cmocka_unit_test(every_fault_is_told_once_with_its_place),
        cmocka_unit_test(all_faults_of_both_files_come_in_one_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
