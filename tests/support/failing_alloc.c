/* SPDX-License-Identifier: Apache-2.0 */
/* failing_alloc.c - malloc, calloc and realloc by way of the linker's --wrap. */
#include "support/failing_alloc.h"

#include <stddef.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);

static long left; /* calls until the one that fails; 0: none */
static bool failed;

void failing_alloc_arm(long n)
{
    left = n;
    failed = false;
}

bool failing_alloc_disarm(void)
{
    left = 0;
    return failed;
}

static bool fails_now(void)
{
    if (left == 0 || --left > 0)
        return false;
    failed = true;
    return true;
}

void *__wrap_malloc(size_t size)
{
    return fails_now() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails_now() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
    return fails_now() ? NULL : __real_realloc(memory, size);
}
