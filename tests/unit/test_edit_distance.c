/* SPDX-License-Identifier: Apache-2.0 */
/* test_edit_distance.c - typing errors are counted, and the count stops at its limit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/edit_distance.h"

static void each_kind_of_error_counts_once(void **state)
{
    (void)state;
    assert_int_equal(krni_edit_distance("aktau", "aktau", 3), 0);
    assert_int_equal(krni_edit_distance("abbas", "abas", 3), 1);
    assert_int_equal(krni_edit_distance("abas", "abbas", 3), 1);
    assert_int_equal(krni_edit_distance("aktau", "aktou", 3), 1);
    assert_int_equal(krni_edit_distance("aktau", "katau", 3), 1); /* two neighbours swapped */
    assert_int_equal(krni_edit_distance("", "abc", 3), 3);
}

static void a_distance_over_the_limit_is_limit_plus_one(void **state)
{
    (void)state;
    assert_int_equal(krni_edit_distance("kitten", "sitting", 3), 3);
    assert_int_equal(krni_edit_distance("kitten", "sitting", 2), 3);
    assert_int_equal(krni_edit_distance("a", "abcdefgh", 2), 3);
    assert_int_equal(krni_edit_distance("abcd", "wxyz", 1), 2);
}

static void the_nearest_word_is_found(void **state)
{
    (void)state;
    const char *const words[] = {"plan", "check", "find", "measures"};
    assert_int_equal(krni_nearest("plna", words, 4), 0);
    assert_int_equal(krni_nearest("CHEK", words, 4), 1);
    assert_int_equal(krni_nearest("meas", words, 4), 3);
    assert_int_equal(krni_nearest("zzzz", words, 4), -1);
    assert_int_equal(krni_nearest("", words, 4), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_of_error_counts_once),
        cmocka_unit_test(a_distance_over_the_limit_is_limit_plus_one),
        cmocka_unit_test(the_nearest_word_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
