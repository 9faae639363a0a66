/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_wait.c - the bytes are a user's tables of waits by load: refused with faults, or each table
 * is one that an assignment takes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "io/wait_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_table(const krn_wait_table *t)
{
    if (t->n_points < 2 || !*t->resource || t->load_a_day[0] != 0.0 || !(t->wait_h[0] >= 0.0))
        abort();
    for (uint32_t i = 1; i < t->n_points; i++)
        if (!(t->load_a_day[i] > t->load_a_day[i - 1]) || !(t->wait_h[i] >= t->wait_h[i - 1]) ||
            isinf(t->load_a_day[i]) || isinf(t->wait_h[i]))
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 65536)
        return 0;
    char *text = malloc(size + 1);
    krn_faults *faults = krn_faults_new();
    krn_arena *arena = krn_arena_new(NULL, 0);
    krn_wait_table *tables = NULL;
    uint32_t n = 0;
    krn_error err;
    if (!text || !faults || !arena)
        abort();
    memcpy(text, data, size);
    text[size] = '\0';
    const krn_status status =
        krni_wait_tables_read_text("w.csv", text, size, faults, arena, &tables, &n, &err);
    if ((status == KRN_OK) != (krn_faults_count(faults) == 0) || (status && n))
        abort();
    for (uint32_t i = 0; i < n; i++)
        check_table(&tables[i]);
    krn_arena_free(arena);
    krn_faults_free(faults);
    free(text);
    return 0;
}
