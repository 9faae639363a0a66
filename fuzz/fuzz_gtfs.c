/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_gtfs.c - the first byte chooses one of the GTFS files of the mini package, the rest becomes
 * its text. The package is refused with faults, or it is whole: then its measures apply or fail
 * cleanly. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <keruen/measure.h>

#include "support/memory_package.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FIRST KRN_TABLE_AGENCY
#define COUNT (KRN_TABLE_TRIP - KRN_TABLE_AGENCY + 1)

/* Opened once; the changed file is put back after each run. */
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
    const krn_measure_choice choice = {.day = 20800};
    krn_measure_report report;
    krn_package *scenario = NULL;
    if (arena && !krn_measure_apply(package, &choice, arena, &report, &scenario, NULL))
        krn_package_free(scenario);
    krn_arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size || size > 65536)
        return 0;
    static memory_package *base = NULL;
    if (!base)
        base = open_base();
    const krn_table table = (krn_table)(FIRST + data[0] % COUNT);
    krn_faults *faults = krn_faults_new();
    krn_package *package = NULL;
    krn_error err;
    if (!faults || !memory_package_set(base, krn_table_file(table), data + 1, size - 1))
        abort();
    const krn_status status = memory_package_load(base, faults, &package, &err);
    if ((status == KRN_OK) != (package != NULL) || (status == KRN_OK && krn_faults_count(faults)))
        abort();
    if (package)
        apply_all(package);
    krn_package_free(package);
    krn_faults_free(faults);
    if (!memory_package_restore(base, krn_table_file(table)))
        abort();
    return 0;
}
