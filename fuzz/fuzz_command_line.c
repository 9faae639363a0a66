/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_command_line.c - any words on the command line: an answer or one clear line, no crash.
 *
 * The bytes are words apart by line ends; the first is the verb. They run on the mini package, with
 * streams that go nowhere and no file written. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/session.h"

#define MOST_WORDS 24
#define N_SHORTLY  (sizeof shortly / sizeof shortly[0])
#define MOST_BYTES 2048

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *variable(const char *name)
{
    return strcmp(name, "KERUEN_PACKAGE") == 0 ? KRN_MINI_PACKAGE : NULL;
}

/* What a simulation is kept short by: the last one of an option counts. */
static const char *const shortly[] = {"--days", "3", "--warmup", "1", "-n", "2", "--threads", "1"};

/* As many replications as a precision asks for are too many here. */
static int takes_long(const char *word)
{
    return strncmp(word, "--prec", 6) == 0 || strncmp(word, "--max-r", 7) == 0;
}

/* A path that the bytes name is not opened: reading the machine's files is no part of the test. */
static int names_a_file(const char *word)
{
    return strchr(word, '/') != NULL || strncmp(word, "--package", 9) == 0 ||
           strncmp(word, "-p", 2) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[MOST_BYTES + 1];
    const char *argv[MOST_WORDS + N_SHORTLY + 1] = {"keruen"};
    int argc = 1;
    if (size > MOST_BYTES)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    for (char *at = text; *at && argc < MOST_WORDS;) {
        char *end = strchr(at, '\n');
        if (end)
            *end = '\0';
        if (names_a_file(at) || takes_long(at))
            return 0;
        argv[argc++] = at;
        if (!end)
            break;
        at = end + 1;
    }
    for (size_t i = 0; argc > 1 && strcmp(argv[1], "simulate") == 0 && i < N_SHORTLY; i++)
        argv[argc++] = shortly[i];
    FILE *nowhere = fopen("/dev/null", "w");
    if (!nowhere)
        return 0;
    const krni_world world = {.out = nowhere,
                              .err = nowhere,
                              .variable = variable,
                              .today = 19786,
                              .talks = false,
                              .writes_files = false};
    const int code = krni_program(argc, argv, &world);
    (void)fclose(nowhere);
    if (code < KRNI_EXIT_DONE || code > KRNI_EXIT_DATA)
        abort();
    return 0;
}
