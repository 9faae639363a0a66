/* SPDX-License-Identifier: Apache-2.0 */
/* main.c - hands the world to the program: streams, environment, the day, the terminal. */
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "cli/session.h"

static const char *variable(const char *name)
{
    return getenv(name);
}

static unsigned terminal_columns(void)
{
    struct winsize size;
    if (!isatty(STDOUT_FILENO))
        return 0;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_col)
        return 80;
    return size.ws_col;
}

int main(int argc, char **argv)
{
    const krni_world world = {
        .out = stdout,
        .err = stderr,
        .variable = variable,
        .today = (int32_t)(time(NULL) / KRN_SECONDS_PER_DAY),
        .terminal_columns = terminal_columns(),
        .talks = isatty(STDERR_FILENO) != 0,
        .writes_files = true,
    };
    return krni_program(argc, (const char *const *)argv, &world);
}
