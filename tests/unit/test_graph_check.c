/* SPDX-License-Identifier: Apache-2.0 */
/* test_graph_check.c - parts and lengths of the mini package (its drawing is in its README). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <keruen/connectivity.h>

#include "support/assert_near.h"
#include "support/memory_package.h"

static krn_package *load(const char *file, const char *text)
{
    memory_package *files = memory_package_open(KRN_SOURCE_DIR);
    krn_package *package = NULL;
    krn_error err;
    assert_non_null(files);
    if (file)
        assert_true(memory_package_set(files, file, text, strlen(text)));
    assert_int_equal(memory_package_load(files, NULL, &package, &err), KRN_OK);
    memory_package_free(files);
    return package;
}

static void great_circles_are_as_long_as_known_ones(void **state)
{
    (void)state;
    assert_near(krn_great_circle_km(0, 0, 0, 180), 20015.1145, 1e-3);
    assert_near(krn_great_circle_km(0, 0, 1, 0), 111.19508, 1e-4);
    assert_near(krn_great_circle_km(45, 60, 45, 60), 0, 1e-12);
    assert_near(krn_great_circle_km(60, 0, 60, 1), krn_great_circle_km(60, 179.5, 60, -179.5),
                1e-9);
}

static void parts_are_counted_by_gauge_and_mode(void **state)
{
    (void)state;
    krn_package *p = load(NULL, NULL);
    krn_arena *arena = krn_arena_new(NULL, 0);
    const krn_connectivity *list = NULL;
    uint32_t n = 0;
    assert_int_equal(krn_connectivity_find(p, arena, &n, &list, NULL), KRN_OK);
    assert_int_equal(n, 4);
    assert_int_equal(list[0].gauge_mm, 1435);
    assert_int_equal(list[1].gauge_mm, 1520);
    assert_int_equal(list[1].n_links, 4); /* the planned spur is none */
    assert_near(list[1].length_km, 765, 1e-9);
    assert_int_equal(list[1].n_parts, 1);
    assert_int_equal(list[2].mode, KRN_ROAD);
    assert_int_equal(list[2].n_parts, 2);
    assert_int_equal(list[2].n_apart, 2);
    assert_int_equal(list[2].apart[0], krn_package_find(p, KRN_TABLE_NODE, "c-port"));
    assert_int_equal(list[3].mode, KRN_SEA);
    krn_package_free(p);
    krn_arena_free(arena);
}

/* a-farm 180 a-junction 300 a-gate; b-gate 290 b-city 360 b-gulf; a-spur is not joined */
static void published_lengths_are_compared_with_the_shortest_way(void **state)
{
    (void)state;
    krn_package *p =
        load("rail_check.csv",
             "route,stations,published_km,extra_km,independent,quality,source_id,note\n"
             "one,a-farm;a-gate,482,0,true,published,s-mini,\n"
             "two,b-gate;b-city;b-gulf,640,5,false,derived,s-mini,\n"
             "no way,a-farm;a-spur,100,,,published,s-mini,\n");
    krn_arena *arena = krn_arena_new(NULL, 0);
    const krn_rail_check *list = NULL;
    uint32_t n = 0;
    assert_int_equal(krn_rail_checks(p, arena, &n, &list, NULL), KRN_OK);
    assert_int_equal(n, 3);
    assert_near(list[0].ours_km, 480, 1e-9);
    assert_near(list[0].off_share, -2.0 / 482, 1e-12);
    assert_near(list[1].ours_km, 655, 1e-9);
    assert_true(isnan(list[2].ours_km));
    assert_int_equal(list[2].to, krn_package_find(p, KRN_TABLE_NODE, "a-spur"));
    krn_package_free(p);
    krn_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(great_circles_are_as_long_as_known_ones),
        cmocka_unit_test(parts_are_counted_by_gauge_and_mode),
        cmocka_unit_test(published_lengths_are_compared_with_the_shortest_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
