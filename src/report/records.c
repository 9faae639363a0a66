/* SPDX-License-Identifier: Apache-2.0 */
/* records.c - rows of named values as CSV and JSON. Figures are rounded before they are written, so
 * that the same answer is the same bytes on every machine. */
#include "report/records.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "report/words.h"

void krni_records_init(krni_records *records, krn_arena *arena, const char *const *keys,
                       size_t n_keys)
{
    *records = (krni_records){.arena = arena, .keys = keys, .n_keys = n_keys};
}

static void add_value(krni_records *records, krni_value value)
{
    if (records->n_values == records->capacity) {
        const size_t capacity = records->capacity ? records->capacity * 2 : 64;
        krni_value *grown = krn_arena_alloc(records->arena, capacity * sizeof *grown);
        if (!grown) {
            records->failed = true;
            return;
        }
        if (records->n_values)
            memcpy(grown, records->values, records->n_values * sizeof *grown);
        records->values = grown;
        records->capacity = capacity;
    }
    records->values[records->n_values++] = value;
}

void krni_record_text(krni_records *records, const char *text)
{
    if (!text)
        records->failed = true;
    add_value(records,
              text && *text ? (krni_value){.text = text} : (krni_value){.number = (double)NAN});
}

void krni_record_number(krni_records *records, double value, int decimals)
{
    add_value(records, (krni_value){.number = value, .decimals = decimals});
}

void krni_record_nothing(krni_records *records)
{
    krni_record_number(records, (double)NAN, 0);
}

void krni_csv_field(krni_writer *w, const char *text)
{
    if (!strpbrk(text, ",\"\r\n")) {
        krni_write(w, text);
        return;
    }
    krni_write_char(w, '"');
    for (const char *at = text; *at; at++) {
        if (*at == '"')
            krni_write_char(w, '"');
        krni_write_char(w, *at);
    }
    krni_write_char(w, '"');
}

void krni_records_csv(const krni_records *records, krni_writer *w)
{
    if (records->failed)
        w->failed = true;
    for (size_t k = 0; k < records->n_keys; k++) {
        krni_write(w, k ? "," : "");
        krni_csv_field(w, records->keys[k]);
    }
    krni_write(w, "\r\n");
    for (size_t i = 0; i < records->n_values; i++) {
        const krni_value *v = &records->values[i];
        krni_write(w, i % records->n_keys ? "," : "");
        if (v->text)
            krni_csv_field(w, v->text);
        else if (!isnan(v->number))
            krni_write_number(w, v->number, v->decimals, false);
        if ((i + 1) % records->n_keys == 0)
            krni_write(w, "\r\n");
    }
}

json_t *krni_json_number(double value, int decimals)
{
    static const double scales[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
    assert(decimals >= 0 && decimals <= 6);
    if (isnan(value) || isinf(value))
        return json_null();
    if (decimals == 0 && fabs(value) < 9e15)
        return json_integer(llround(value));
    return json_real(round(value * scales[decimals]) / scales[decimals]);
}

json_t *krni_json_text(const char *text)
{
    json_t *value = json_string(text);
    if (value)
        return value;
    krni_writer repaired;
    krni_writer_init(&repaired, NULL);
    for (int32_t c = krni_utf8_next(&text); c; c = krni_utf8_next(&text))
        krni_write_codepoint(&repaired, c);
    const char *good = krni_writer_text(&repaired);
    value = good ? json_string(good) : NULL;
    krni_writer_free(&repaired);
    return value;
}

json_t *krni_json_text_or_null(const char *text)
{
    return text && *text ? krni_json_text(text) : json_null();
}

void krni_json_set(json_t *object, const char *key, json_t *value, bool *failed)
{
    if (json_object_set_new(object, key, value)) /* takes value even when it fails */
        *failed = true;
}

void krni_json_append(json_t *array, json_t *value, bool *failed)
{
    if (json_array_append_new(array, value))
        *failed = true;
}

json_t *krni_records_json(const krni_records *records)
{
    bool failed = records->failed;
    json_t *array = json_array();
    for (size_t row = 0; row < records->n_values; row += records->n_keys) {
        json_t *object = json_object();
        for (size_t k = 0; k < records->n_keys; k++) {
            const krni_value *v = &records->values[row + k];
            krni_json_set(object, records->keys[k],
                          v->text ? krni_json_text(v->text)
                                  : krni_json_number(v->number, v->decimals),
                          &failed);
        }
        krni_json_append(array, object, &failed);
    }
    if (failed) {
        json_decref(array);
        return NULL;
    }
    return array;
}

krn_status krni_json_write(json_t *root, bool failed, krn_arena *arena, char **out, krn_error *err)
{
    char *text = root && !failed
                     ? json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(12) | JSON_ENCODE_ANY)
                     : NULL;
    json_decref(root);
    const size_t size = text ? strlen(text) : 0;
    *out = text ? krn_arena_alloc(arena, size + 2) : NULL;
    if (*out) {
        memcpy(*out, text, size);
        memcpy(*out + size, "\n", 2);
    }
    free(text);
    return *out ? KRN_OK : krni_fail_memory(err);
}

krn_status krni_writer_answer(krni_writer *w, char **out, krn_error *err)
{
    *out = krni_writer_text(w);
    return *out ? KRN_OK : krni_fail_memory(err);
}

krn_status krni_records_answer(const krni_records *records, const char *name,
                               const krn_report_options *options, krn_arena *arena, char **out,
                               krn_error *err)
{
    *out = NULL;
    if (options->format == KRN_FORMAT_CSV) {
        krni_writer w;
        krni_writer_init(&w, arena);
        krni_records_csv(records, &w);
        return krni_writer_answer(&w, out, err);
    }
    if (options->format != KRN_FORMAT_JSON)
        return krni_no_format(options, name, err);
    bool failed = false;
    json_t *root = json_object();
    krni_json_set(root, name, krni_records_json(records), &failed);
    return krni_json_write(root, failed, arena, out, err);
}
