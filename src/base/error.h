/* error.h - how a function reports a failure, in one line. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <keruen/status.h>

/* Fills err (may be NULL) and returns status, so that a failure reads
 *     return krni_fail(err, KRN_E_DATA, "%s:%d: ...", file, line);
 * Control characters of the text become '?', so that a table cannot write to the terminal. */
krn_status krni_fail(krn_error *err, krn_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The failure that needs no text of its own. */
krn_status krni_fail_memory(krn_error *err);

/* Believed impossible, and handled: true in release, an assertion in debug. */
#ifdef NDEBUG
#define KRN_NEVER(condition) (condition)
#else
#include <assert.h>
#define KRN_NEVER(condition) (assert(!(condition)), 0)
#endif

#endif
