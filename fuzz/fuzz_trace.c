/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_trace.c - bytes as a trace, by themselves or behind a right heading: rows that hold what the
 * format says, or one fault. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <keruen/io.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static krn_status visit(void *context, const krn_trace_row *row, krn_error *err)
{
    uint32_t *n = context;
    (void)err;
    if (row->lot == 0 || !row->activity[0] || !(row->net_t >= 0) || isinf(row->net_t) ||
        (row->step == KRN_STEP_WAIT) != (row->cause[0] != '\0'))
        abort();
    (*n)++;
    return KRN_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char heading[] = "case_id,activity,timestamp,lifecycle,from,to,resource,cause,"
                                  "commodity,tonnes,relation,way\n";
    const size_t before = size && data[0] % 4 ? sizeof heading - 1 : 0;
    if (!size || size > 300000)
        return 0;
    char *text = malloc(before + size);
    if (!text)
        return 0;
    memcpy(text, heading, before);
    memcpy(text + before, data + 1, size - 1);
    krn_error err = {0};
    uint32_t n = 0;
    const krn_status st = krn_trace_parse("fuzz", text, before + size - 1, visit, &n, &err);
    if (st && (st != KRN_E_DATA || !err.text[0]))
        abort();
    free(text);
    return 0;
}
