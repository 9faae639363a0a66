/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_demand.c - the bytes are a user's table of demand on the mini package: it is refused with
 * faults, or every row of it is whole. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/demand_read.h"
#include "support/memory_package.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static krn_package *open_mini(void)
{
    krn_package *package = NULL;
    memory_package *memory = memory_package_open(KRN_SOURCE_DIR);
    if (!memory || memory_package_load(memory, NULL, &package, NULL))
        abort();
    memory_package_free(memory);
    return package;
}

static void check_row(const krn_package *p, const krn_demand *d)
{
    double sum = 0.0;
    const uint32_t n_nodes = krn_package_rows(p, KRN_TABLE_NODE);
    for (int m = 0; m < KRN_MONTHS; m++)
        sum += d->month_share[m];
    if (!(d->year_t > 0.0) || !(d->lot_t > 0.0) || d->lot_t > d->year_t || fabs(sum - 1.0) > 1e-9 ||
        d->origin == d->destination || d->origin >= n_nodes || d->destination >= n_nodes ||
        d->commodity >= krn_package_rows(p, KRN_TABLE_COMMODITY) ||
        (d->due != KRN_TIME_NONE && (d->ready == KRN_TIME_NONE || d->due < d->ready)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static krn_package *package = NULL;
    if (size > 65536)
        return 0;
    if (!package)
        package = open_mini();
    char *text = malloc(size + 1);
    krn_faults *faults = krn_faults_new();
    krn_arena *arena = krn_arena_new(NULL, 0);
    krn_demand_list list = {0};
    krn_error err;
    if (!text || !faults || !arena)
        abort();
    memcpy(text, data, size);
    text[size] = '\0';
    const krn_status status =
        krni_demand_read_text(package, "d.csv", text, size, faults, arena, &list, &err);
    if ((status == KRN_OK) != (krn_faults_count(faults) == 0))
        abort();
    for (uint32_t i = 0; status == KRN_OK && i < list.n; i++)
        check_row(package, &list.rows[i]);
    krn_arena_free(arena);
    krn_faults_free(faults);
    free(text);
    return 0;
}
