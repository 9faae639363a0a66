/* failing_alloc.h - an allocator that fails at the n-th call, for programs linked with
 * keruen_test_failing_alloc (the linker wraps malloc, calloc and realloc of the library).
 *
 *     for (long n = 1;; n++) {
 *         failing_alloc_arm(n);
 *         status = ...;
 *         if (!failing_alloc_disarm()) break;      nothing failed: n is past the last call
 *         assert(status == KRN_E_MEMORY);
 *     }
 */
#ifndef SUPPORT_FAILING_ALLOC_H
#define SUPPORT_FAILING_ALLOC_H

#include <stdbool.h>

/* The n-th allocation from now on fails (1: the next one), all others succeed. */
void failing_alloc_arm(long n);

/* No allocation fails any more; whether one did. */
bool failing_alloc_disarm(void);

#endif
