/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_json.c - the bytes are the datapackage.json of the mini package. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/memory_package.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static memory_package *open_base(void)
{
    memory_package *base = memory_package_open(KRN_SOURCE_DIR);
    if (!base)
        abort();
    return base;
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
    if (!faults || !memory_package_set(base, "datapackage.json", data, size))
        abort();
    const krn_status status = memory_package_load(base, faults, &package, &err);
    if ((status == KRN_OK) != (package != NULL) || (status == KRN_OK && krn_faults_count(faults)))
        abort();
    krn_package_free(package);
    krn_faults_free(faults);
    return 0;
}
