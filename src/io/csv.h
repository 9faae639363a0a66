/* csv.h - comma-separated tables (RFC 4180), row by row, with what is wrong named per field.
 *
 * Read: a byte-order mark, LF or CRLF, fields in quotes with commas, line breaks and doubled
 * quotes. Refused: bytes that are no UTF-8, NUL, a quote that does not close, text behind a closing
 * quote, a quote or a bare CR in a field without quotes, a field of more than 1 MiB. */
#ifndef IO_CSV_H
#define IO_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KRNI_CSV_FIELD_BYTES ((size_t)1024 * 1024)
#define KRNI_CSV_FIELDS      1024u

typedef struct krni_field {
    const char *text; /* without quotes; not NUL-terminated */
    size_t length;
    const char *expected; /* what is wrong with it, in words; NULL: nothing */
} krni_field;

typedef struct krni_csv {
    char *text; /* borrowed; fields are unquoted in place */
    size_t size, at;
    uint32_t next_line;
    /* the row that was read last */
    uint32_t line; /* where it begins */
    uint32_t n_fields;
    krni_field fields[KRNI_CSV_FIELDS]; /* further ones are counted only */
} krni_csv;

void krni_csv_open(krni_csv *csv, char *text, size_t size);

/* Next row; false at the end. O(bytes of the row). */
bool krni_csv_next(krni_csv *csv);

/* Nothing but line ends from here on. */
bool krni_csv_at_end(const krni_csv *csv);

#endif
