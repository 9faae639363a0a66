/* SPDX-License-Identifier: Apache-2.0 */
/* damage.c - a copy of the file with other bytes. */
#include "support/damage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MOST_TEXT 65536

static size_t find_bytes(const damage *d, const char *text, size_t size)
{
    for (size_t i = 0; i + d->n_old <= size; i++)
        if (memcmp(text + i, d->old, d->n_old) == 0)
            return i;
    fail_msg("%s is not in %s", d->old, d->file);
    return 0;
}

void damage_apply(memory_folder *folder, const damage *d)
{
    size_t size = 0;
    const char *text = memory_folder_text(folder, d->file, &size);
    assert_non_null(text);
    if (!d->bytes && !d->at) {
        memory_folder_drop(folder, d->file);
        return;
    }
    const size_t at = d->old ? find_bytes(d, text, size) : d->at;
    assert_true(at <= size);
    const size_t gone = !d->bytes ? size - at : d->old ? d->n_old : d->n_bytes;
    char *changed = malloc(size + d->n_bytes + 1);
    assert_non_null(changed);
    assert_true(gone <= size - at);
    memcpy(changed, text, at);
    if (d->n_bytes)
        memcpy(changed + at, d->bytes, d->n_bytes);
    memcpy(changed + at + d->n_bytes, text + at + gone, size - at - gone);
    assert_true(memory_folder_set(folder, d->file, changed, size - gone + d->n_bytes));
    free(changed);
}

void damage_check_faults(const krn_faults *faults, const char *expected)
{
    static const size_t most = MOST_TEXT;
    char *all = calloc(most, 1);
    size_t used = 0;
    assert_non_null(all);
    for (uint32_t k = 0; k < krn_faults_count(faults) && used < most; k++) {
        const int n =
            snprintf(all + used, most - used, "%s%s", k ? "\n" : "", krn_faults_text(faults, k));
        used += n > 0 ? (size_t)n : 0;
    }
    if (strcmp(all, expected) != 0)
        fprintf(stderr, "faults:\n%s\n", all);
    assert_true(strcmp(all, expected) == 0);
    free(all);
}
