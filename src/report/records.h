/* records.h - an answer as rows of named values, for programs: one shape, written as CSV or JSON.
 */
#ifndef REPORT_RECORDS_H
#define REPORT_RECORDS_H

#include <jansson.h>

#include <keruen/report.h>

#include "base/text.h"

typedef struct krni_value {
    const char *text; /* NULL: a number */
    double number;    /* NaN: nothing */
    int decimals;
} krni_value;

typedef struct krni_records {
    krn_arena *arena;
    const char *const *keys;
    size_t n_keys;
    krni_value *values;
    size_t n_values;
    size_t capacity;
    bool failed;
} krni_records;

void krni_records_init(krni_records *records, krn_arena *arena, const char *const *keys,
                       size_t n_keys);
/* Values in the order of the keys, row after row. A blank text is nothing (null). */
void krni_record_text(krni_records *records, const char *text);
void krni_record_number(krni_records *records, double value, int decimals);
void krni_record_nothing(krni_records *records);

/* RFC 4180 with a heading row. */
void krni_records_csv(const krni_records *records, krni_writer *w);

/* An array of objects, or NULL when memory ran out. */
json_t *krni_records_json(const krni_records *records);

/* One field of CSV, quoted where needed. */
void krni_csv_field(krni_writer *w, const char *text);

/* ---- JSON: NULL stands for a failed allocation and travels upward ---- */

/* Rounded to a number of decimals; NaN is null. */
json_t *krni_json_number(double value, int decimals);
/* A text, broken UTF-8 repaired; "" stays "". */
json_t *krni_json_text(const char *text);
json_t *krni_json_text_or_null(const char *text);
/* Sets a member and takes the value; a failure sets *failed. */
void krni_json_set(json_t *object, const char *key, json_t *value, bool *failed);
void krni_json_append(json_t *array, json_t *value, bool *failed);

/* The document as a text in an arena; takes root (may be NULL: memory). */
krn_status krni_json_write(json_t *root, bool failed, krn_arena *arena, char **out, krn_error *err);

/* Records as CSV, or as JSON {"<name>": [...]}; KRN_E_ARG for other formats. */
krn_status krni_records_answer(const krni_records *records, const char *name,
                               const krn_report_options *options, krn_arena *arena, char **out,
                               krn_error *err);

/* The text of a writer as the answer of a report. */
krn_status krni_writer_answer(krni_writer *w, char **out, krn_error *err);

#endif
