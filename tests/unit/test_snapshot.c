/* SPDX-License-Identifier: Apache-2.0 */
/* test_snapshot.c - a network to a file and back; files that were cut or damaged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include <keruen/measure.h>

#include "model/network_data.h"
#include "support/memory_package.h"

#define DAY 20819 /* 2027-01-01: two measures in force */

static krn_network *compile(void)
{
    memory_package *files = memory_package_open(KRN_SOURCE_DIR);
    krn_arena *arena = krn_arena_new(NULL, 0);
    const krn_measure_choice choice = {.day = DAY};
    krn_package *base = NULL, *scenario = NULL;
    krn_network *network = NULL;
    krn_error err;
    assert_non_null(files);
    assert_non_null(arena);
    assert_int_equal(memory_package_load(files, NULL, &base, &err), KRN_OK);
    assert_int_equal(krn_measure_apply(base, &choice, arena, NULL, &scenario, &err), KRN_OK);
    assert_int_equal(krn_network_compile(scenario, DAY, &network, &err), KRN_OK);
    memory_package_free(files);
    krn_arena_free(arena);
    krn_package_free(base);
    return network;
}

static unsigned char *image_of(const krn_network *network, size_t *out_size)
{
    unsigned char *image = NULL, *copy = NULL;
    assert_int_equal(memory_snapshot_make(network, &image, out_size, NULL), KRN_OK);
    copy = aligned_alloc(64, *out_size);
    assert_non_null(copy);
    memcpy(copy, image, *out_size);
    free(image);
    return copy;
}

static void a_network_comes_back_as_it_was(void **state)
{
    (void)state;
    char path[512];
    krn_network *before = compile(), *after = NULL;
    krn_error err;
    (void)snprintf(path, sizeof path, "%s/test_snapshot.tmp", KRN_BINARY_DIR);
    assert_int_equal(krn_snapshot_write(before, path, &err), KRN_OK);
    assert_int_equal(krn_snapshot_map(path, &after, &err), KRN_OK);
    assert_int_equal(krn_network_day(after), DAY);
    assert_int_equal(krn_network_states(after), krn_network_states(before));
    assert_int_equal(krn_network_activities(after), krn_network_activities(before));
    for (uint32_t i = 0; i < krn_network_activities(before); i++) {
        krn_activity a, b;
        memset(&a, 0, sizeof a);
        memset(&b, 0, sizeof b);
        krn_network_activity(before, (krn_activity_id){i}, &a);
        krn_network_activity(after, (krn_activity_id){i}, &b);
        assert_memory_equal(&a, &b, sizeof a);
    }
    const krn_package *p = krn_network_package(after);
    const uint32_t row = krn_package_find(p, KRN_TABLE_BORDER, "bo-rail-out");
    const krn_figure figure = {KRN_TABLE_BORDER, BORDER_DWELL_LOW_H, row};
    assert_string_equal(krn_package_changed_by(p, figure), "m-fast-border");
    assert_string_equal(krn_package_origin(p), "mini");
    assert_int_equal(krn_network_check(after, &err), KRN_OK);
    krn_network_free(before);
    krn_network_free(after);
    assert_int_equal(unlink(path), 0);
}

static void the_same_network_gives_the_same_bytes(void **state)
{
    (void)state;
    krn_network *a = compile(), *b = compile(), *c = NULL;
    size_t size_a = 0, size_b = 0, size_c = 0;
    unsigned char *first = image_of(a, &size_a), *second = image_of(b, &size_b);
    assert_int_equal(size_a, size_b);
    assert_memory_equal(first, second, size_a);
    assert_int_equal(memory_snapshot_open(first, size_a, &c, NULL), KRN_OK);
    c->mapping = first; /* as krn_snapshot_map leaves it */
    unsigned char *third = image_of(c, &size_c);
    c->mapping = NULL;
    assert_int_equal(size_c, size_a);
    assert_memory_equal(third, second, size_a);
    krn_network_free(a);
    krn_network_free(b);
    krn_network_free(c);
    free(first);
    free(second);
    free(third);
}

static void every_cut_and_every_changed_byte_is_refused(void **state)
{
    (void)state;
    krn_network *network = compile(), *opened = NULL;
    krn_error err;
    size_t size = 0;
    unsigned char *image = image_of(network, &size);
    for (size_t cut = 0; cut < size; cut += cut < 4096 ? 1 : 61) {
        assert_int_equal(memory_snapshot_open(image, cut, &opened, &err), KRN_E_SNAPSHOT);
        assert_null(opened);
    }
    for (size_t at = 0; at < size; at += at < 4096 ? 1 : 61) {
        image[at] ^= 0x40;
        assert_int_equal(memory_snapshot_open(image, size, &opened, &err), KRN_E_SNAPSHOT);
        assert_non_null(strstr(err.text, "image"));
        image[at] ^= 0x40;
    }
    assert_int_equal(memory_snapshot_open(image, size, &opened, &err), KRN_OK);
    krn_network_free(opened);
    krn_network_free(network);
    free(image);
}

static void damage_under_a_right_checksum_is_refused_or_harmless(void **state)
{
    (void)state;
    krn_network *network = compile();
    size_t size = 0;
    unsigned char *image = image_of(network, &size), *copy = aligned_alloc(64, size);
    uint32_t refused = 0;
    assert_non_null(copy);
    for (size_t at = 64; at < size; at += 7) {
        krn_network *opened = NULL;
        memcpy(copy, image, size);
        copy[at] ^= 0xff;
        memory_snapshot_seal(copy, size);
        refused += memory_snapshot_open(copy, size, &opened, NULL) != KRN_OK;
        krn_network_free(opened);
    }
    assert_true(refused > 100);
    krn_network_free(network);
    free(image);
    free(copy);
}

static void what_is_no_snapshot_is_told(void **state)
{
    (void)state;
    krn_network *network = NULL;
    krn_error err;
    assert_int_equal(krn_snapshot_map("/nonexistent", &network, &err), KRN_E_IO);
    assert_int_equal(krn_snapshot_map(KRN_SOURCE_DIR "/LICENSE", &network, &err), KRN_E_SNAPSHOT);
    assert_non_null(strstr(err.text, "not a snapshot of Keruen"));
    assert_int_equal(krn_snapshot_map("/dev/null", &network, &err), KRN_E_SNAPSHOT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_network_comes_back_as_it_was),
        cmocka_unit_test(the_same_network_gives_the_same_bytes),
        cmocka_unit_test(every_cut_and_every_changed_byte_is_refused),
        cmocka_unit_test(damage_under_a_right_checksum_is_refused_or_harmless),
        cmocka_unit_test(what_is_no_snapshot_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
