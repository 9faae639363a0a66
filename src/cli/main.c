/* SPDX-License-Identifier: Apache-2.0 */
/* main.c - hands the world to the program: streams, environment, the day, the terminal. */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "cli/cluster.h"
#include "cli/session.h"

static const char *variable(const char *name)
{
    return getenv(name);
}

static unsigned terminal_columns(void)
{
    struct winsize size;
    if (!isatty(STDOUT_FILENO) || krni_started_by_mpirun(variable))
        return 0;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_col)
        return 80;
    return size.ws_col;
}

/* The corridor that was installed with this program: beside it, or where the build was told. */
static const char *installed_corridor(char *out, size_t size)
{
    static const char beside[] = "/../share/keruen/kti";
    const ssize_t n = readlink("/proc/self/exe", out, size - sizeof beside);
    if (n <= 0)
        return KRN_DATA_DIR;
    out[n] = '\0';
    char *slash = strrchr(out, '/');
    if (!slash)
        return KRN_DATA_DIR;
    memcpy(slash, beside, sizeof beside);
    return access(out, R_OK) == 0 ? out : KRN_DATA_DIR;
}

/* Of the processes that work on one ensemble the first one speaks for all. */
static FILE *voice(FILE *stream, bool speaks)
{
    FILE *nowhere = speaks ? NULL : fopen("/dev/null", "w");
    return nowhere ? nowhere : stream;
}

int main(int argc, char **argv)
{
    char corridor[4096];
    const bool speaks =
        argc < 2 || strcmp(argv[1], "simulate") != 0 || krni_started_rank(variable) == 0;
    const krni_world world = {
        .out = voice(stdout, speaks),
        .err = voice(stderr, speaks),
        .variable = variable,
        .today = (int32_t)(time(NULL) / KRN_SECONDS_PER_DAY),
        .installed = installed_corridor(corridor, sizeof corridor),
        .terminal_columns = terminal_columns(),
        .talks = speaks && isatty(STDERR_FILENO) != 0,
        .writes_files = true,
    };
    return krni_program(argc, (const char *const *)argv, &world);
}
