/* SPDX-License-Identifier: Apache-2.0 */
/* test_file.c - files in, files out, and a full disk. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <keruen/io.h>

static void make_folder(char *out, size_t size)
{
    (void)snprintf(out, size, "%s/test_file.XXXXXX", KRN_BINARY_DIR);
    assert_non_null(mkdtemp(out));
}

static void path_in(const char *folder, const char *name, char *out, size_t size)
{
    assert_true((size_t)snprintf(out, size, "%s/%s", folder, name) < size);
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    char folder[512], path[600], *text = NULL;
    size_t size = 0;
    krn_error err;
    make_folder(folder, sizeof folder);
    path_in(folder, "a", path, sizeof path);
    assert_int_equal(krn_file_write(path, "one\0two", 7, &err), KRN_OK);
    assert_int_equal(krn_file_read(path, 7, &text, &size, &err), KRN_OK);
    assert_int_equal(size, 7);
    assert_memory_equal(text, "one\0two", 8);
    free(text);
    assert_int_equal(krn_file_read(path, 6, &text, &size, &err), KRN_E_LIMIT);
    assert_int_equal(krn_file_write(path, "", 0, &err), KRN_OK);
    assert_int_equal(krn_file_read(path, 6, &text, &size, &err), KRN_OK);
    assert_int_equal(size, 0);
    free(text);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0); /* nothing else was left there */
}

static void what_is_not_there_is_told(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 0;
    krn_error err;
    assert_int_equal(krn_file_read("/nonexistent/file", 10, &text, &size, &err), KRN_E_IO);
    assert_non_null(strstr(err.text, "/nonexistent/file"));
    assert_int_equal(krn_file_read(KRN_BINARY_DIR, 10, &text, &size, &err), KRN_E_IO);
    assert_int_equal(krn_file_write("/nonexistent/file", "x", 1, &err), KRN_E_IO);
}

static void a_full_disk_keeps_the_old_file(void **state)
{
    (void)state;
    char folder[512], path[600], *text = NULL;
    char large[8192];
    size_t size = 0;
    krn_error err;
    struct rlimit before, small;
    make_folder(folder, sizeof folder);
    path_in(folder, "a", path, sizeof path);
    memset(large, 'x', sizeof large);
    assert_int_equal(krn_file_write(path, "old", 3, &err), KRN_OK);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 4096;
    assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    const krn_status status = krn_file_write(path, large, sizeof large, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(status, KRN_E_IO);
    assert_int_equal(krn_file_read(path, 100, &text, &size, &err), KRN_OK);
    assert_string_equal(text, "old");
    free(text);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    if (access("/dev/full", W_OK) == 0)
        assert_int_equal(krn_file_write("/dev/full", large, sizeof large, &err), KRN_E_IO);
}

static void a_symbolic_link_stays_one(void **state)
{
    (void)state;
    char folder[512], path[600], link[600];
    struct stat info;
    krn_error err;
    make_folder(folder, sizeof folder);
    path_in(folder, "real", path, sizeof path);
    path_in(folder, "link", link, sizeof link);
    assert_int_equal(krn_file_write(path, "old", 3, &err), KRN_OK);
    assert_int_equal(symlink(path, link), 0);
    assert_int_equal(krn_file_write(link, "newer", 5, &err), KRN_OK);
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(krn_file_write(link, "newer", 5, &err), KRN_OK);
    assert_int_equal(lstat(link, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_size, 5);
    assert_int_equal(info.st_mode & 07777, 0600);
    assert_int_equal(unlink(link), 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(what_is_not_there_is_told),
        cmocka_unit_test(a_full_disk_keeps_the_old_file),
        cmocka_unit_test(a_symbolic_link_stays_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
