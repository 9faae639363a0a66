/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_yaml.c - the bytes are the file of one more measure of the mini package. It is refused with
 * faults, or it applies with all others or fails cleanly, and can be told in words. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <keruen/measure.h>

#include "support/memory_package.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NAME "measure/m-fuzz.yaml"

static memory_package *open_base(void)
{
    memory_package *base = memory_package_open(KRN_SOURCE_DIR);
    if (!base)
        abort();
    memory_package_drop(base, "datapackage.json");
    return base;
}

static void apply_all(const krn_package *package)
{
    krn_arena *arena = krn_arena_new(NULL, 0);
    const char *with[] = {"m-fuzz"};
    const krn_measure_choice choice = {.day = 20800, .with = with, .n_with = 1};
    krn_measure_report report;
    krn_package *scenario = NULL;
    if (arena && !krn_measure_apply(package, &choice, arena, &report, &scenario, NULL))
        krn_package_free(scenario);
    const uint32_t n = krn_package_rows(package, KRN_TABLE_MEASURE);
    for (uint32_t m = 0; m < n; m++)
        for (uint32_t c = 0; c < krn_measure_changes(package, m); c++)
            if (!krn_measure_change_text(package, m, c, arena))
                abort();
    krn_arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size || size > 65536)
        return 0;
    static memory_package *base = NULL;
    if (!base)
        base = open_base();
    krn_faults *faults = krn_faults_new();
    krn_package *package = NULL;
    krn_error err;
    if (!faults || !memory_package_set(base, NAME, data, size))
        abort();
    const krn_status status = memory_package_load(base, faults, &package, &err);
    if ((status == KRN_OK) != (package != NULL) || (status == KRN_OK && krn_faults_count(faults)))
        abort();
    if (package)
        apply_all(package);
    krn_package_free(package);
    krn_faults_free(faults);
    return 0;
}
