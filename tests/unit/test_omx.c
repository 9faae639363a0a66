/* SPDX-License-Identifier: Apache-2.0 */
/* test_omx.c - matrices by zone written to an OMX file and read back; a damaged file is refused.
 *
 *   zones a, b, c    matrix "barley" 3 x 3 with a cell that holds nothing, matrix "total" */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <keruen/io.h>
#include <keruen/omx.h>

#include "support/assert_near.h"

typedef struct fixture {
    char folder[512], path[600];
    krn_arena *arena;
    double barley[9], total[9];
    krn_omx_matrix matrices[2];
    const char *zones[3];
    krn_omx omx;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    if (!f)
        return 1;
    (void)snprintf(f->folder, sizeof f->folder, "%s/test_omx.XXXXXX", KRN_BINARY_DIR);
    f->arena = krn_arena_new(NULL, 0);
    if (!f->arena || !mkdtemp(f->folder))
        return 1;
    (void)snprintf(f->path, sizeof f->path, "%s/m.omx", f->folder);
    for (int i = 0; i < 9; i++) {
        f->barley[i] = i * 1.5 + 0.1;
        f->total[i] = i;
    }
    f->barley[4] = (double)NAN;
    f->matrices[0] = (krn_omx_matrix){"barley", f->barley};
    f->matrices[1] = (krn_omx_matrix){"total", f->total};
    f->zones[0] = "kz-a";
    f->zones[1] = "Қостанай";
    f->zones[2] = "ir-c";
    f->omx = (krn_omx){3, 2, f->matrices, "node_id", f->zones};
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    (void)unlink(f->path);
    (void)rmdir(f->folder);
    krn_arena_free(f->arena);
    free(f);
    return 0;
}

static void write_and_load(fixture *f, char **out, size_t *out_size)
{
    krn_error err = {0};
    if (krn_omx_write(f->path, &f->omx, &err))
        fail_msg("%s", err.text);
    assert_int_equal(krn_file_read(f->path, 1 << 20, out, out_size, &err), KRN_OK);
}

static void what_is_written_is_read_back(void **state)
{
    fixture *f = *state;
    krn_omx again;
    krn_error err = {0};
    if (!krn_omx_available())
        skip();
    assert_int_equal(krn_omx_write(f->path, &f->omx, &err), KRN_OK);
    if (krn_omx_read(f->path, f->arena, &again, &err))
        fail_msg("%s", err.text);
    assert_int_equal(again.n_zones, 3);
    assert_int_equal(again.n_matrices, 2);
    assert_string_equal(again.lookup_name, "node_id");
    for (int z = 0; z < 3; z++)
        assert_string_equal(again.zones[z], f->zones[z]);
    assert_string_equal(again.matrices[0].name, "barley");
    for (int i = 0; i < 9; i++) {
        assert_near(again.matrices[1].values[i], f->total[i], 0);
        if (i != 4)
            assert_near(again.matrices[0].values[i], f->barley[i], 0);
    }
    assert_true(isnan(again.matrices[0].values[4]));
}

static void the_same_matrices_are_the_same_bytes(void **state)
{
    char *a, *b;
    size_t n_a, n_b;
    if (!krn_omx_available())
        skip();
    write_and_load(*state, &a, &n_a);
    write_and_load(*state, &b, &n_b);
    assert_int_equal(n_a, n_b);
    assert_memory_equal(a, b, n_a);
    free(a);
    free(b);
}

/* Cut anywhere it is refused; never a crash. */
static void a_cut_file_is_refused(void **state)
{
    fixture *f = *state;
    char *image;
    size_t size;
    if (!krn_omx_available())
        skip();
    write_and_load(f, &image, &size);
    for (size_t i = 0; i < size; i += 3) {
        krn_arena *arena = krn_arena_new(NULL, 0);
        krn_omx omx;
        krn_error err = {0};
        assert_non_null(arena);
        assert_int_equal(krn_omx_parse("m.omx", image, i, arena, &omx, &err), KRN_E_DATA);
        assert_true(strncmp(err.text, "m.omx", 5) == 0);
        krn_arena_free(arena);
    }
    free(image);
}

/* With any byte turned it is refused, or matrices come that are whole: HDF5 may fall over it, the
 * program does not. */
static void a_damaged_file_is_refused_or_whole(void **state)
{
    fixture *f = *state;
    char *image;
    size_t size;
    uint32_t refused = 0;
    if (!krn_omx_available())
        skip();
    write_and_load(f, &image, &size);
    for (size_t i = 0; i < size; i += 7) {
        krn_arena *arena = krn_arena_new(NULL, 0);
        krn_omx omx;
        krn_error err = {0};
        assert_non_null(arena);
        image[i] = (char)(image[i] ^ 0x5a);
        const krn_status status = krn_omx_parse("m.omx", image, size, arena, &omx, &err);
        image[i] = (char)(image[i] ^ 0x5a);
        refused += status != KRN_OK;
        if (!status)
            for (uint32_t m = 0; m < omx.n_matrices; m++)
                for (uint32_t c = 0; c < omx.n_zones * omx.n_zones; c++)
                    if (isinf(omx.matrices[m].values[c]))
                        fail();
        krn_arena_free(arena);
    }
    assert_true(refused > 0);
    free(image);
}

static void bytes_of_another_kind_are_told(void **state)
{
    fixture *f = *state;
    krn_omx omx;
    krn_error err = {0};
    if (!krn_omx_available())
        skip();
    assert_int_equal(krn_omx_parse("x.omx", "origin,destination\n", 19, f->arena, &omx, &err),
                     KRN_E_DATA);
    assert_string_equal(err.text, "x.omx: an OMX file (HDF5) was expected");
}

static void names_that_a_file_cannot_hold_are_refused(void **state)
{
    fixture *f = *state;
    krn_error err = {0};
    if (!krn_omx_available())
        skip();
    f->matrices[0].name = "a/b";
    assert_int_equal(krn_omx_write(f->path, &f->omx, &err), KRN_E_ARG);
    f->matrices[0].name = "total";
    assert_int_equal(krn_omx_write(f->path, &f->omx, &err), KRN_E_ARG);
    assert_int_not_equal(access(f->path, F_OK), 0);
}

static void a_build_without_hdf5_says_so(void **state)
{
    fixture *f = *state;
    krn_error err = {0};
    if (krn_omx_available())
        skip();
    assert_int_equal(krn_omx_write(f->path, &f->omx, &err), KRN_E_ARG);
    assert_non_null(strstr(err.text, "without HDF5"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_written_is_read_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_same_matrices_are_the_same_bytes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_cut_file_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_damaged_file_is_refused_or_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bytes_of_another_kind_are_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_that_a_file_cannot_hold_are_refused, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_build_without_hdf5_says_so, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
