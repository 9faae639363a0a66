/* SPDX-License-Identifier: Apache-2.0 */
/* test_result_store.c - a file of replications: what is kept, what is refused, and why.
 *
 *   open -> save 0, 3, 1 -> close -> open -> load */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <keruen/io.h>
#include <keruen/store.h>

#define N 700u /* metrics: two pages of the file and more */

static void name_of(const void *context, uint32_t metric, char *out, size_t size)
{
    (void)snprintf(out, size, "%s/%u", (const char *)context, (unsigned)metric);
}

static krn_store_run plain(void)
{
    return (krn_store_run){.fingerprint = 0xfedcba9876543210u,
                           .seed = 7,
                           .question = "{\"days\": 365, \"demand\": 1.0}",
                           .n_metrics = N,
                           .metric_name = name_of,
                           .context = "metric"};
}

typedef struct fixture {
    char folder[512], path[600];
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    if (!f)
        return 1;
    (void)snprintf(f->folder, sizeof f->folder, "%s/test_store.XXXXXX", KRN_BINARY_DIR);
    if (!mkdtemp(f->folder))
        return 1;
    (void)snprintf(f->path, sizeof f->path, "%s/a.db", f->folder);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    char journal[700];
    (void)snprintf(journal, sizeof journal, "%s-journal", f->path);
    (void)unlink(f->path);
    (void)unlink(journal);
    const int left = rmdir(f->folder); /* nothing else was left there */
    free(f);
    return left;
}

static krn_store *open_store(const char *path)
{
    const krn_store_run run = plain();
    krn_store *s = NULL;
    krn_error err = {0};
    if (krn_store_open(path, &run, &s, &err))
        fail_msg("%s", err.text);
    return s;
}

static void fill(double *metrics, uint32_t replication)
{
    for (uint32_t i = 0; i < N; i++)
        metrics[i] = replication * 1000.0 + i / 3.0;
    metrics[1] = (double)NAN;
    metrics[2] = -(double)INFINITY;
    metrics[3] = -0.0;
}

static void save_one(krn_store *s, uint32_t replication)
{
    double metrics[N];
    const krn_ensemble_store use = krn_store_use(s);
    krn_error err = {0};
    fill(metrics, replication);
    if (use.save(use.context, replication, metrics, &err))
        fail_msg("%s", err.text);
}

static bool has(krn_store *s, uint32_t replication)
{
    double metrics[N], expected[N];
    const krn_ensemble_store use = krn_store_use(s);
    bool found = false;
    krn_error err = {0};
    if (use.load(use.context, replication, metrics, &found, &err))
        fail_msg("%s", err.text);
    fill(expected, replication);
    if (found)
        assert_memory_equal(metrics, expected, sizeof metrics); /* every bit */
    return found;
}

static void what_is_saved_is_loaded_after_opening_again(void **state)
{
    const fixture *f = *state;
    krn_store *s = open_store(f->path);
    assert_int_equal(krn_store_count(s), 0);
    save_one(s, 0);
    save_one(s, 3);
    save_one(s, UINT32_MAX);
    assert_true(has(s, 3));
    krn_store_close(s);
    s = open_store(f->path);
    assert_int_equal(krn_store_count(s), 3);
    assert_true(has(s, 0) && has(s, 3) && has(s, UINT32_MAX));
    assert_false(has(s, 1));
    krn_store_close(s);
}

static void a_journal_that_was_left_behind_goes(void **state)
{
    const fixture *f = *state;
    char path[4096];
    static const char nothing[1024];
    krn_store *s = open_store(f->path);
    save_one(s, 0);
    krn_store_close(s);
    (void)snprintf(path, sizeof path, "%s-journal", f->path);
    FILE *file = fopen(path, "wb"); /* as a process leaves it that is killed between changes */
    assert_non_null(file);
    assert_int_equal(fwrite(nothing, 1, sizeof nothing, file), sizeof nothing);
    assert_int_equal(fclose(file), 0);
    s = open_store(f->path);
    assert_true(has(s, 0));
    krn_store_close(s);
    assert_null(fopen(path, "rb"));
}

static void the_bytes_do_not_depend_on_when_or_how_often_it_was_opened(void **state)
{
    const fixture *f = *state;
    char *first = NULL, *second = NULL;
    size_t size = 0, size_again = 0;
    krn_store *s = open_store(f->path);
    for (uint32_t i = 0; i < 5; i++)
        save_one(s, i);
    krn_store_close(s);
    assert_int_equal(krn_file_read(f->path, 1u << 30, &first, &size, NULL), KRN_OK);
    assert_int_equal(unlink(f->path), 0);
    s = open_store(f->path);
    for (uint32_t i = 0; i < 5; i++)
        save_one(s, i);
    krn_store_close(s);
    assert_int_equal(krn_file_read(f->path, 1u << 30, &second, &size_again, NULL), KRN_OK);
    assert_int_equal(size, size_again);
    assert_memory_equal(first, second, size);
    free(first);
    free(second);
}

static void expect_refused(const char *path, const krn_store_run *run, krn_status status,
                           const char *words)
{
    krn_store *s = NULL;
    krn_error err = {0};
    assert_int_equal(krn_store_open(path, run, &s, &err), status);
    assert_null(s);
    if (!strstr(err.text, words))
        fail_msg("\"%s\" does not say \"%s\"", err.text, words);
}

static void another_run_is_refused_with_what_differs(void **state)
{
    const fixture *f = *state;
    krn_store_close(open_store(f->path));
    krn_store_run run = plain();
    run.fingerprint++;
    expect_refused(f->path, &run, KRN_E_ARG, "the tables of the package");
    run.seed = 8;
    expect_refused(f->path, &run, KRN_E_ARG, "seed 7 (now 8)");
    run = plain();
    run.fingerprint++;
    run.question = "{\"days\": 730, \"demand\": 1.0, \"routing\": \"best\"}";
    expect_refused(f->path, &run, KRN_E_ARG, "days 365 (now 730); routing none (now \"best\")");
    expect_refused(f->path, &run, KRN_E_ARG, "Name another file, or remove this one");
    run = plain();
    run.context = "other";
    expect_refused(f->path, &run, KRN_E_ARG, "another version of the program");
    run = plain();
    run.question = "{\"precision\": 0.1}"; /* decides nothing */
    krn_store *s = NULL;
    assert_int_equal(krn_store_open(f->path, &run, &s, NULL), KRN_OK);
    krn_store_close(s);
}

static void what_is_no_store_is_refused_and_left_alone(void **state)
{
    const fixture *f = *state;
    const krn_store_run run = plain();
    static const char *const texts[] = {"x", "a short letter\n", "SQLite format 3"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char *text = NULL;
        size_t size = 0;
        assert_int_equal(krn_file_write(f->path, texts[i], strlen(texts[i]), NULL), KRN_OK);
        expect_refused(f->path, &run, KRN_E_DATA, "no store of replications");
        assert_int_equal(krn_file_read(f->path, 1000, &text, &size, NULL), KRN_OK);
        assert_string_equal(text, texts[i]);
        free(text);
    }
    expect_refused("/nonexistent/a.db", &run, KRN_E_IO, "No such file");
    expect_refused(f->folder, &run, KRN_E_IO, f->folder);
}

static void an_empty_file_becomes_a_store(void **state)
{
    const fixture *f = *state;
    assert_int_equal(krn_file_write(f->path, "", 0, NULL), KRN_OK);
    krn_store *s = open_store(f->path);
    save_one(s, 1);
    krn_store_close(s);
}

/* Every byte of the file changed, one after another: refused, or what is loaded is right. */
static void no_changed_byte_gives_wrong_numbers(void **state)
{
    const fixture *f = *state;
    const krn_store_run run = plain();
    char *text = NULL;
    size_t size = 0, refused = 0;
    krn_store *s = open_store(f->path);
    for (uint32_t i = 0; i < 3; i++)
        save_one(s, i);
    krn_store_close(s);
    assert_int_equal(krn_file_read(f->path, 1u << 30, &text, &size, NULL), KRN_OK);
    for (size_t at = 0; at < size; at += at < 200 ? 1 : 211) {
        const int fd = open(f->path, O_WRONLY | O_TRUNC);
        text[at] = (char)(text[at] ^ 0x41);
        assert_true(fd >= 0 && write(fd, text, size) == (ssize_t)size);
        assert_int_equal(close(fd), 0);
        text[at] = (char)(text[at] ^ 0x41);
        krn_error err = {0};
        krn_status st = krn_store_open(f->path, &run, &s, &err);
        for (uint32_t i = 0; !st && i < 3; i++) {
            double metrics[N], expected[N];
            bool found = false;
            const krn_ensemble_store use = krn_store_use(s);
            st = use.load(use.context, i, metrics, &found, &err);
            fill(expected, i);
            if (!st && found)
                assert_memory_equal(metrics, expected, sizeof metrics);
        }
        refused += st ? 1 : 0;
        assert_true(!st || err.text[0]);
        krn_store_close(s);
        s = NULL;
    }
    assert_true(refused > size / 211 / 2);
    free(text);
}

static void a_second_process_is_told_to_wait(void **state)
{
    const fixture *f = *state;
    const krn_store_run run = plain();
    krn_store *s = open_store(f->path);
    save_one(s, 0);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        krn_store *second = NULL;
        krn_error err = {0};
        const krn_status st = krn_store_open(f->path, &run, &second, &err);
        _exit(st == KRN_E_IO && strstr(err.text, "another run works with it") ? 0 : 1);
    }
    int how = 1;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFEXITED(how) && WEXITSTATUS(how) == 0);
    save_one(s, 1);
    krn_store_close(s);
}

/* In a child, so that the limit is its own: files of at most the present length + 9000 bytes. */
static int fill_the_disk(const char *path)
{
    krn_store *s = open_store(path);
    save_one(s, 0);
    const struct rlimit limit = {50000, 50000};
    (void)signal(SIGXFSZ, SIG_IGN);
    if (setrlimit(RLIMIT_FSIZE, &limit))
        return 1;
    const krn_ensemble_store use = krn_store_use(s);
    krn_status st = KRN_OK;
    krn_error err = {0};
    uint32_t kept = 1;
    while (!st && kept < 100) {
        double metrics[N];
        fill(metrics, kept);
        st = use.save(use.context, kept, metrics, &err);
        kept += st ? 0 : 1;
    }
    if (st != KRN_E_IO || !strstr(err.text, path) || kept != krn_store_count(s) || kept < 2)
        return 2;
    for (uint32_t i = 0; i < kept; i++)
        if (!has(s, i))
            return 3;
    krn_store_close(s);
    return (int)(10 + kept);
}

static void a_full_disk_leaves_what_was_kept(void **state)
{
    const fixture *f = *state;
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(fill_the_disk(f->path));
    int how = 1;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFEXITED(how));
    assert_in_range(WEXITSTATUS(how), 12, 30);
    krn_store *s = open_store(f->path);
    assert_int_equal(krn_store_count(s), WEXITSTATUS(how) - 10);
    for (uint32_t i = 0; i < krn_store_count(s); i++)
        assert_true(has(s, i));
    save_one(s, 99); /* there is room again */
    krn_store_close(s);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(what_is_saved_is_loaded_after_opening_again),
        CASE(a_journal_that_was_left_behind_goes),
        CASE(the_bytes_do_not_depend_on_when_or_how_often_it_was_opened),
        CASE(another_run_is_refused_with_what_differs),
        CASE(what_is_no_store_is_refused_and_left_alone),
        CASE(an_empty_file_becomes_a_store),
        CASE(no_changed_byte_gives_wrong_numbers),
        CASE(a_second_process_is_told_to_wait),
        CASE(a_full_disk_leaves_what_was_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
