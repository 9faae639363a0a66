/* SPDX-License-Identifier: Apache-2.0 */
/* test_omx_foreign.c - matrices by zone as other programs write them are read; all else is refused
 * with its place.
 *
 *   zones a, b, c      matrix cost: 3 x 3, one cell without a figure */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <hdf5.h>
#include <math.h>
#include <unistd.h>

#include <keruen/io.h>
#include <keruen/omx.h>

#include "io/omx_hdf5.h"

static const double cost[9] = {0.1, 1.0 / 3.0, -5e-324, 1e300, (double)NAN, 0.0, 7.0, 8.0, 9.0};
static const double tonnes[9] = {1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0};
static const char *const zones[3] = {"a", "жүк бекеті", "c"};

typedef struct fixture {
    char folder[512], path[600];
    krn_arena *arena;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    if (!f)
        return 1;
    (void)snprintf(f->folder, sizeof f->folder, "%s/test_omx_foreign.XXXXXX", KRN_BINARY_DIR);
    if (!mkdtemp(f->folder))
        return 1;
    (void)snprintf(f->path, sizeof f->path, "%s/a.omx", f->folder);
    f->arena = krn_arena_new(NULL, 0);
    *state = f;
    return f->arena ? 0 : 1;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    (void)unlink(f->path);
    const int left = rmdir(f->folder); /* nothing else was left there */
    krn_arena_free(f->arena);
    free(f);
    return left;
}

static krn_omx sample(krn_omx_matrix matrices[2])
{
    matrices[0] = (krn_omx_matrix){"tonnes", tonnes};
    matrices[1] = (krn_omx_matrix){"cost", cost};
    return (krn_omx){3, 2, matrices, "node_id", zones};
}

static void write_sample(const char *path)
{
    krn_omx_matrix m[2];
    const krn_omx omx = sample(m);
    krn_error err = {0};
    if (krn_omx_write(path, &omx, &err))
        fail_msg("%s", err.text);
}

static krn_omx read_back(const fixture *f)
{
    krn_omx omx;
    krn_error err = {0};
    if (krn_omx_read(f->path, f->arena, &omx, &err))
        fail_msg("%s", err.text);
    return omx;
}

static void chunks_of_a_large_matrix_are_read_back(void **state)
{
    const fixture *f = *state;
    const uint32_t n = 157;
    double *values = malloc((size_t)n * n * sizeof *values);
    assert_non_null(values);
    for (uint32_t i = 0; i < n * n; i++)
        values[i] = (double)i * 0.1;
    krn_omx_matrix m = {"m", values};
    const krn_omx given = {n, 1, &m, NULL, NULL};
    krn_error err = {0};
    assert_int_equal(krn_omx_write(f->path, &given, &err), KRN_OK);
    const krn_omx omx = read_back(f);
    assert_int_equal(omx.n_zones, n);
    assert_memory_equal(omx.matrices[0].values, values, (size_t)n * n * sizeof *values);
    assert_null(omx.zones);
    free(values);
}

static void the_same_matrices_are_the_same_bytes(void **state)
{
    const fixture *f = *state;
    char *first = NULL, *second = NULL;
    size_t n = 0, m = 0;
    write_sample(f->path);
    assert_int_equal(krn_file_read(f->path, 1 << 20, &first, &n, NULL), KRN_OK);
    (void)sleep(1); /* a time would show */
    write_sample(f->path);
    assert_int_equal(krn_file_read(f->path, 1 << 20, &second, &m, NULL), KRN_OK);
    assert_int_equal(n, m);
    assert_memory_equal(first, second, n);
    free(first);
    free(second);
}

/* ---- files as others write them ---- */

typedef struct foreign {
    hid_t file, data;
} foreign;

static void put_attribute(hid_t object, const char *name, hid_t type, int n, const void *value)
{
    const hsize_t extent = (hsize_t)n;
    const hid_t space = n ? H5Screate_simple(1, &extent, NULL) : H5Screate(H5S_SCALAR);
    const hid_t a = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(a >= 0 && H5Awrite(a, type, value) >= 0);
    (void)H5Aclose(a);
    (void)H5Sclose(space);
}

static void put_text(hid_t object, const char *name, const char *text)
{
    const hid_t type = H5Tcopy(H5T_C_S1);
    (void)H5Tset_size(type, strlen(text));
    put_attribute(object, name, type, 0, text);
    (void)H5Tclose(type);
}

static foreign foreign_begin(const char *path, const int32_t shape[2])
{
    foreign g;
    g.file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(g.file >= 0);
    put_text(g.file, "CLASS", "GROUP");
    put_text(g.file, "PYTABLES_FORMAT_VERSION", "2.1");
    put_text(g.file, "TITLE", " ");
    put_text(g.file, "VERSION", "1.0");
    put_text(g.file, "omx_version", "0.2");
    put_attribute(g.file, "shape", H5T_NATIVE_INT32, 2, shape);
    g.data = H5Gcreate2(g.file, "data", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    return g;
}

static hid_t put_list(hid_t group, const char *name, hid_t type, int rank, hsize_t n, hid_t how,
                      hid_t memory, const void *values)
{
    const hsize_t extent[2] = {n, n};
    const hid_t space = H5Screate_simple(rank, extent, NULL);
    const hid_t d = H5Dcreate2(group, name, type, space, H5P_DEFAULT, how, H5P_DEFAULT);
    assert_true(d >= 0 && H5Dwrite(d, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
    (void)H5Sclose(space);
    return d;
}

static void foreign_end(foreign g)
{
    (void)H5Gclose(g.data);
    (void)H5Fclose(g.file);
}

static void a_file_as_pytables_writes_it_is_read(void **state)
{
    const fixture *f = *state;
    const int32_t shape[2] = {3, 3}, numbers[3] = {101, 7, 33};
    const hsize_t chunk[2] = {2, 2};
    const int64_t whole[9] = {1, 2, 3, 4, -1, 6, 7, 8, 9}, none = -1;
    foreign g = foreign_begin(f->path, shape);
    const hid_t how = H5Pcreate(H5P_DATASET_CREATE);
    (void)H5Pset_chunk(how, 2, chunk);
    (void)H5Pset_shuffle(how);
    (void)H5Pset_deflate(how, 9);
    hid_t d = put_list(g.data, "f32", H5T_IEEE_F32BE, 2, 3, how, H5T_NATIVE_DOUBLE, tonnes);
    put_text(d, "CLASS", "CARRAY");
    put_text(d, "VERSION", "1.1");
    put_text(d, "TITLE", "tonnes");
    (void)H5Dclose(d);
    d = put_list(g.data, "i64", H5T_STD_I64LE, 2, 3, how, H5T_NATIVE_INT64, whole);
    put_attribute(d, "NA", H5T_NATIVE_INT64, 0, &none);
    (void)H5Dclose(d);
    const hid_t lookup = H5Gcreate2(g.file, "lookup", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    (void)H5Dclose(
        put_list(lookup, "zone", H5T_STD_I32LE, 1, 3, H5P_DEFAULT, H5T_NATIVE_INT32, numbers));
    (void)H5Gclose(lookup);
    (void)H5Pclose(how);
    foreign_end(g);
    const krn_omx omx = read_back(f);
    assert_int_equal(omx.n_matrices, 2);
    assert_memory_equal(omx.matrices[0].values, tonnes, sizeof tonnes);
    assert_true(isnan(omx.matrices[1].values[4]) && omx.matrices[1].values[5] == 6.0);
    assert_string_equal(omx.zones[0], "101");
    assert_string_equal(omx.zones[1], "7");
    assert_string_equal(omx.lookup_name, "zone");
}

static void a_list_of_names_goes_before_one_of_numbers(void **state)
{
    const fixture *f = *state;
    const int32_t shape[2] = {3, 3}, numbers[3] = {1, 2, 3};
    const char *const texts[3] = {"north", "mid", "south"};
    foreign g = foreign_begin(f->path, shape);
    const hid_t type = H5Tcopy(H5T_C_S1);
    (void)H5Tset_size(type, H5T_VARIABLE);
    const hid_t lookup = H5Gcreate2(g.file, "lookup", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    (void)H5Dclose(
        put_list(lookup, "a", H5T_STD_I32LE, 1, 3, H5P_DEFAULT, H5T_NATIVE_INT32, numbers));
    (void)H5Dclose(put_list(lookup, "b", type, 1, 3, H5P_DEFAULT, type, texts));
    (void)H5Dclose(
        put_list(g.data, "m", H5T_IEEE_F64LE, 2, 3, H5P_DEFAULT, H5T_NATIVE_DOUBLE, tonnes));
    (void)H5Gclose(lookup);
    (void)H5Tclose(type);
    foreign_end(g);
    const krn_omx omx = read_back(f);
    assert_int_equal(omx.n_matrices, 1);
    assert_string_equal(omx.lookup_name, "b");
    assert_string_equal(omx.zones[2], "south");
}

/* ---- what is refused ---- */

static void assert_refused(const fixture *f, krn_status status, const char *told)
{
    krn_omx omx;
    krn_error err = {0};
    assert_int_equal(krn_omx_read(f->path, f->arena, &omx, &err), status);
    if (!strstr(err.text, told))
        fail_msg("\"%s\" is not in \"%s\"", told, err.text);
}

static void refuse_matrix(const fixture *f, const char *name, hid_t type, hsize_t n, hid_t memory,
                          const void *values, const char *told)
{
    const int32_t shape[2] = {3, 3};
    foreign g = foreign_begin(f->path, shape);
    (void)H5Dclose(put_list(g.data, name, type, 2, n, H5P_DEFAULT, memory, values));
    foreign_end(g);
    assert_refused(f, KRN_E_DATA, told);
}

static void figures_that_are_none_are_told_with_their_place(void **state)
{
    const fixture *f = *state;
    const double wild[9] = {0, 0, 0, 0, 0, -HUGE_VAL, 0, 0, 0};
    const int64_t large[9] = {0, INT64_C(9007199254740993), 0, 0, 0, 0, 0, 0, 0};
    const uint16_t small[9] = {0};
    refuse_matrix(f, "m", H5T_IEEE_F64LE, 3, H5T_NATIVE_DOUBLE, wild,
                  "a.omx: matrix m: from 2 to 3: -inf: a finite number");
    refuse_matrix(f, "m", H5T_STD_I64LE, 3, H5T_NATIVE_INT64, large,
                  "a.omx: matrix m: from 1 to 2: 9007199254740992: a whole number below 2^53");
    refuse_matrix(f, "m", H5T_IEEE_F64LE, 2, H5T_NATIVE_DOUBLE, tonnes,
                  "a.omx: matrix m: 2 x 2: 3 x 3 as SHAPE says");
    refuse_matrix(f, "m", H5T_STD_B16LE, 3, H5T_NATIVE_B16, small, "a.omx: matrix m: type:");
}

static void a_shape_that_is_none_is_refused(void **state)
{
    const fixture *f = *state;
    const int32_t oblong[2] = {3, 4}, huge[2] = {30000, 30000}, minus[2] = {-3, -3};
    foreign_end(foreign_begin(f->path, oblong));
    assert_refused(f, KRN_E_DATA, "a.omx: SHAPE: 3 x 4: as many rows as columns");
    foreign_end(foreign_begin(f->path, huge));
    assert_refused(f, KRN_E_LIMIT, "a.omx: 30000 zones: at most 20000");
    foreign_end(foreign_begin(f->path, minus));
    assert_refused(f, KRN_E_DATA, "a.omx: SHAPE: -3 x -3");
}

static void links_out_of_the_file_and_data_outside_are_refused(void **state)
{
    const fixture *f = *state;
    const int32_t shape[2] = {3, 3};
    const hsize_t extent[2] = {3, 3};
    foreign g = foreign_begin(f->path, shape);
    (void)H5Lcreate_external("/etc/passwd", "/x", g.data, "m", H5P_DEFAULT, H5P_DEFAULT);
    foreign_end(g);
    assert_refused(f, KRN_E_DATA, "matrix m: no dataset of this file");
    g = foreign_begin(f->path, shape);
    const hid_t how = H5Pcreate(H5P_DATASET_CREATE), space = H5Screate_simple(2, extent, NULL);
    (void)H5Pset_external(how, "/etc/passwd", 0, 72);
    const hid_t d =
        H5Dcreate2(g.data, "m", H5T_NATIVE_DOUBLE, space, H5P_DEFAULT, how, H5P_DEFAULT);
    assert_true(d >= 0);
    (void)H5Dclose(d);
    (void)H5Sclose(space);
    (void)H5Pclose(how);
    foreign_end(g);
    assert_refused(f, KRN_E_DATA, "matrix m: data in another file");
}

static void two_zones_of_one_name_are_refused(void **state)
{
    const fixture *f = *state;
    const int32_t shape[2] = {3, 3}, numbers[3] = {1, 2, 1};
    foreign g = foreign_begin(f->path, shape);
    const hid_t lookup = H5Gcreate2(g.file, "lookup", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    (void)H5Dclose(
        put_list(lookup, "z", H5T_STD_I32LE, 1, 3, H5P_DEFAULT, H5T_NATIVE_INT32, numbers));
    (void)H5Gclose(lookup);
    foreign_end(g);
    assert_refused(f, KRN_E_DATA, "a.omx: lookup z: 1: a zone that stands there once");
}

static void a_file_cut_anywhere_is_refused_or_whole(void **state)
{
    const fixture *f = *state;
    char *bytes = NULL;
    size_t size = 0;
    write_sample(f->path);
    assert_int_equal(krn_file_read(f->path, 1 << 20, &bytes, &size, NULL), KRN_OK);
    for (size_t n = 0; n < size; n++) {
        krn_omx omx;
        krn_error err = {0};
        char *part = malloc(n ? n : 1); /* its end is the end of memory */
        assert_non_null(part);
        memcpy(part, bytes, n);
        assert_int_equal(krni_omx_parse_here("cut", part, n, f->arena, &omx, &err), KRN_E_DATA);
        assert_true(strncmp(err.text, "cut: ", 5) == 0);
        free(part);
        krn_arena_reset(f->arena);
    }
    free(bytes);
}

static void what_cannot_be_written_is_told(void **state)
{
    const fixture *f = *state;
    krn_omx_matrix m[2] = {{"a", cost}, {"a", cost}}, slash = {"a/b", cost};
    const krn_omx bad[] = {{0, 0, NULL, NULL, NULL},
                           {3, 2, m, NULL, NULL},
                           {3, 1, &slash, NULL, NULL},
                           {3, 1, m, "node_id", NULL}};
    krn_error err = {0};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(krn_omx_write(f->path, &bad[i], &err), KRN_E_ARG);
    const krn_omx large = {20001, 0, NULL, NULL, NULL};
    assert_int_equal(krn_omx_write(f->path, &large, &err), KRN_E_LIMIT);
    const krn_omx good = {3, 1, m, NULL, NULL};
    assert_int_equal(krn_omx_write("/nowhere/a.omx", &good, &err), KRN_E_IO);
    assert_true(access(f->path, F_OK) != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(chunks_of_a_large_matrix_are_read_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_same_matrices_are_the_same_bytes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_as_pytables_writes_it_is_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_list_of_names_goes_before_one_of_numbers, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(figures_that_are_none_are_told_with_their_place, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_shape_that_is_none_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(links_out_of_the_file_and_data_outside_are_refused, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(two_zones_of_one_name_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_cut_anywhere_is_refused_or_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_cannot_be_written_is_told, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
