/* status.h - how a call ended, and why it failed.
 *
 * Every fallible function returns a krn_status: KRN_OK is 0, all else is a failure. The text of a
 * failure goes into a krn_error that the caller owns and passes last; it may be NULL.
 *
 *   ownership  a krn_error is a plain value; nothing in it is allocated
 *   threads    no shared state; one krn_error per call
 *   errors     the text is one line of UTF-8 and says what to do next where that is known; faults
 * of a package name file, row, column, the value found and what was expected
 */
#ifndef KERUEN_STATUS_H
#define KERUEN_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define KRN_API __attribute__((visibility("default")))
#else
#define KRN_API
#endif

typedef enum krn_status {
    KRN_OK = 0,
    KRN_E_ARG,       /* the caller passed something that the function does not take */
    KRN_E_MEMORY,    /* memory ran out, or a stated bound of memory was reached */
    KRN_E_IO,        /* a file could not be read or written */
    KRN_E_DATA,      /* a table, measure or timetable breaks its format */
    KRN_E_SNAPSHOT,  /* a compiled network file is damaged, of another version or byte order */
    KRN_E_NOT_FOUND, /* a place, commodity, measure, ... of that name does not exist */
    KRN_E_AMBIGUOUS, /* a name fits several places equally well */
    KRN_E_RULE,      /* a rule of the package names something that has no figures */
    KRN_E_NO_ROUTE,  /* no way exists for the consignment under the query's conditions */
    KRN_E_LIMIT,     /* a stated bound (labels, time steps, rows) was reached; no full answer */
    KRN_E_CANCELLED, /* the caller asked to stop */
    KRN_STATUS_COUNT
} krn_status;

#define KRN_ERROR_TEXT_SIZE 1024

typedef struct krn_error {
    krn_status status;
    char text[KRN_ERROR_TEXT_SIZE]; /* one line, NUL-terminated UTF-8, cut if longer */
} krn_error;

/* A short English name of a status ("no route"); never NULL. O(1). */
KRN_API const char *krn_status_name(krn_status status);

#ifdef __cplusplus
}
#endif
#endif
