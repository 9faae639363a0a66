/* SPDX-License-Identifier: Apache-2.0 */
/* run_cases.c - runs the program on the cases of a folder and compares, byte by byte.
 *
 *   NAME.cmd    the command line after "keruen"; read by the shell, run at the top of the source
 *   NAME.out    standard output, exactly
 *   NAME.begin  standard output begins so (instead of .out)
 *   NAME.err    standard error, exactly (absent: any)
 *   NAME.code   exit code (absent: 0)
 *   NAME.json   a path into the output and its text, a line each: routes.0.letter A;
 *               "schema FILE" on a line: the output fits that JSON Schema
 *
 * usage: run_cases PROGRAM SOURCE FOLDER [--update] [NAME]   --update writes .out, .err, .code anew
 */
#include <errno.h>
#include <glob.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "json_schema.h"

#define LONGEST_TEXT ((size_t)16 * 1024 * 1024)

typedef struct run {
    const char *program, *source, *folder;
    bool update;
    unsigned passed, failed;
} run;

/* A file as text, or NULL when there is none. */
static char *read_text(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    char *text = malloc(LONGEST_TEXT + 1);
    if (!text)
        exit(2);
    const size_t size = fread(text, 1, LONGEST_TEXT, file);
    text[size] = '\0';
    (void)fclose(file);
    return text;
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    if (!file || fputs(text, file) < 0 || fclose(file)) {
        fprintf(stderr, "%s: cannot be written\n", path);
        exit(2);
    }
}

static char *beside(const run *r, const char *name, const char *extension)
{
    const size_t size = strlen(r->folder) + strlen(name) + strlen(extension) + 2;
    char *path = malloc(size);
    if (!path)
        exit(2);
    (void)snprintf(path, size, "%s/%s%s", r->folder, name, extension);
    return path;
}

static char *read_beside(const run *r, const char *name, const char *extension)
{
    char *path = beside(r, name, extension), *text = read_text(path);
    free(path);
    return text;
}

/* Shows the first line in which two texts differ. */
static void show_difference(const char *what, const char *expected, const char *got)
{
    unsigned line = 1;
    while (*expected && *got) {
        const size_t n = strcspn(expected, "\n"), m = strcspn(got, "\n");
        if (n != m || memcmp(expected, got, n) != 0)
            break;
        expected += n + (expected[n] == '\n');
        got += m + (got[m] == '\n');
        line++;
    }
    printf("    %s, line %u\n    expected: %.*s\n    got:      %.*s\n", what, line,
           (int)strcspn(expected, "\n"), expected, (int)strcspn(got, "\n"), got);
}

static bool same(const char *what, const char *expected, const char *got)
{
    if (!expected || strcmp(expected, got) == 0)
        return true;
    show_difference(what, expected, got);
    return false;
}

/* The value at "routes.0.letter". */
static const json_t *at_path(const json_t *value, char *path)
{
    for (char *part = path, *dot; part && value; part = dot) {
        dot = strchr(part, '.');
        if (dot)
            *dot++ = '\0';
        value = json_is_array(value) ? json_array_get(value, (size_t)strtoul(part, NULL, 10))
                                     : json_object_get(value, part);
    }
    return value;
}

static bool fits_schema(const run *r, const json_t *value, const char *file)
{
    char path[1024], fault[512] = "";
    (void)snprintf(path, sizeof path, "%s/%s", r->source, file);
    json_t *schema = json_load_file(path, 0, NULL);
    const bool fits = schema && schema_fits(schema, schema, value, "$", fault, sizeof fault);
    if (!fits)
        printf("    %s: %s\n", file, schema ? fault : "cannot be read");
    json_decref(schema);
    return fits;
}

/* "routes figures source_id": every figure of every route has a source. */
static bool every_has(const json_t *root, const char *words)
{
    char list[64], inner[64], member[64];
    if (sscanf(words, "%63s %63s %63s", list, inner, member) != 3)
        return false;
    const json_t *outer = json_object_get(root, list);
    size_t n = 0;
    for (size_t i = 0; i < json_array_size(outer); i++) {
        const json_t *items = json_object_get(json_array_get(outer, i), inner);
        for (size_t k = 0; k < json_array_size(items); k++, n++) {
            const char *text = json_string_value(json_object_get(json_array_get(items, k), member));
            if (!text || !*text) {
                printf("    %s %zu, %s %zu: no %s\n", list, i, inner, k, member);
                return false;
            }
        }
    }
    return n > 0;
}

/* Checks every line of NAME.json. */
static bool check_json(const run *r, char *facts, const char *out)
{
    json_t *root = json_loads(out, 0, NULL);
    bool good = root != NULL;
    if (!root)
        printf("    standard output is no JSON\n");
    for (char *line = facts, *end; root && line && *line; line = end) {
        end = strchr(line, '\n');
        if (end)
            *end++ = '\0';
        char *expected = strchr(line, ' ');
        if (!expected)
            continue;
        *expected++ = '\0';
        if (strcmp(line, "schema") == 0) {
            good = fits_schema(r, root, expected) && good;
            continue;
        }
        if (strcmp(line, "every") == 0) {
            good = every_has(root, expected) && good;
            continue;
        }
        char shown[256];
        (void)snprintf(shown, sizeof shown, "%s", line);
        const json_t *value = at_path(root, line);
        char *text = json_is_string(value)
                         ? strdup(json_string_value(value))
                         : json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(12));
        if (!text || strcmp(text, expected) != 0) {
            printf("    %s: expected %s, got %s\n", shown, expected, text ? text : "nothing");
            good = false;
        }
        free(text);
    }
    json_decref(root);
    return good;
}

/* Runs the command; *out and *err are its texts. */
static int execute(const run *r, const char *command, char **out, char **err)
{
    char folder[] = "/tmp/keruen-cases-XXXXXX", line[8192], path[128];
    if (!mkdtemp(folder))
        exit(2);
    (void)snprintf(line, sizeof line,
                   "cd '%s' && export LC_ALL=C COLUMNS=80 TZ=Pacific/Auckland TMP_CASE='%s' && "
                   "unset KERUEN_PACKAGE NO_COLOR; keruen() { '%s' \"$@\"; }; { %s\n} "
                   ">'%s/out' 2>'%s/err' </dev/null",
                   r->source, folder, r->program, command, folder, folder);
    const int status = system(line);
    (void)snprintf(path, sizeof path, "%s/out", folder);
    *out = read_text(path);
    (void)snprintf(path, sizeof path, "%s/err", folder);
    *err = read_text(path);
    (void)snprintf(line, sizeof line, "rm -rf '%s'", folder);
    if (!*out || !*err || system(line))
        exit(2);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static void update_case(const run *r, const char *name, const char *out, const char *err, int code)
{
    static const char *const kinds[] = {".begin", ".json"};
    char number[16];
    bool loose = false;
    for (size_t i = 0; i < 2; i++) {
        char *text = read_beside(r, name, kinds[i]);
        if (text)
            loose = true;
        free(text);
    }
    char *path = beside(r, name, ".out");
    if (!loose)
        write_text(path, out);
    free(path);
    path = beside(r, name, ".err");
    if (*err)
        write_text(path, err);
    else
        (void)remove(path);
    free(path);
    path = beside(r, name, ".code");
    (void)snprintf(number, sizeof number, "%d\n", code);
    if (code)
        write_text(path, number);
    else
        (void)remove(path);
    free(path);
}

static void run_case(run *r, const char *name)
{
    char *command = read_beside(r, name, ".cmd"), *out = NULL, *err = NULL;
    char *expected_out = read_beside(r, name, ".out"), *expected_err = read_beside(r, name, ".err"),
         *begin = read_beside(r, name, ".begin"), *code_text = read_beside(r, name, ".code"),
         *facts = read_beside(r, name, ".json");
    const int code = execute(r, command ? command : "false", &out, &err);
    const int expected = code_text ? (int)strtol(code_text, NULL, 10) : 0;
    if (r->update)
        update_case(r, name, out, err, code);
    else {
        bool good = code == expected;
        if (!good)
            printf("    exit code: expected %d, got %d; standard error: %s", expected, code, err);
        good = same("standard output", expected_out, out) && good;
        good = same("standard error", expected_err, err) && good;
        if (begin && strncmp(out, begin, strlen(begin)) != 0) {
            show_difference("beginning of standard output", begin, out);
            good = false;
        }
        if (facts)
            good = check_json(r, facts, out) && good;
        printf("%s %s\n", good ? "ok    " : "FAILED", name);
        r->passed += good;
        r->failed += !good;
    }
    free(command);
    free(out);
    free(err);
    free(expected_out);
    free(expected_err);
    free(begin);
    free(code_text);
    free(facts);
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: run_cases PROGRAM SOURCE FOLDER [--update] [NAME]\n");
        return 2;
    }
    run r = {.program = argv[1], .source = argv[2], .folder = argv[3]};
    const char *only = NULL;
    for (int i = 4; i < argc; i++) {
        if (strcmp(argv[i], "--update") == 0)
            r.update = true;
        else
            only = argv[i];
    }
    char pattern[1024];
    glob_t found;
    (void)snprintf(pattern, sizeof pattern, "%s/*.cmd", r.folder);
    if (glob(pattern, 0, NULL, &found)) {
        fprintf(stderr, "%s: no cases\n", pattern);
        return 2;
    }
    for (size_t i = 0; i < found.gl_pathc; i++) {
        char name[256];
        const char *base = strrchr(found.gl_pathv[i], '/') + 1;
        (void)snprintf(name, sizeof name, "%.*s", (int)(strlen(base) - 4), base);
        if (!only || strcmp(only, name) == 0)
            run_case(&r, name);
    }
    globfree(&found);
    printf("%u passed, %u failed\n", r.passed, r.failed);
    return r.failed ? 1 : 0;
}
