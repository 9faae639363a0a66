/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_shapefile.c - the bytes are a .shp, a .shx and a .dbf file, each behind its length (three
 * bytes, low one first); the first byte says points or lines. They are refused with faults, or
 * every position and every cell can be read. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "io/shapefile_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The next part as a copy of its own, so that a read beyond it is seen. */
static krni_bytes take(const uint8_t **at, size_t *left, const char *file)
{
    size_t size = 0;
    for (size_t i = 0; i < 3 && *left; i++, ++*at, --*left)
        size |= (size_t) * *at << 8 * i;
    if (size > *left)
        size = *left;
    char *copy = malloc(size ? size : 1);
    if (!copy)
        abort();
    if (size)
        memcpy(copy, *at, size);
    *at += size;
    *left -= size;
    return (krni_bytes){file, 0, copy, size};
}

static void read_shapes(krni_bytes shp, krni_bytes shx, bool are_points, krn_faults *faults)
{
    krni_shapes *shapes = NULL;
    const uint32_t before = krn_faults_count(faults);
    krn_error err;
    const krn_status status = krni_shapes_open(shp, shx, are_points, faults, &shapes, &err);
    if (!status && !shapes != (krn_faults_count(faults) > before))
        abort();
    for (uint32_t i = 0; shapes && i < krni_shapes_count(shapes); i++) {
        krni_shape shape;
        if (!krni_shapes_read(shapes, i, faults, &shape))
            continue;
        if (are_points ? shape.n_points != 1 : shape.n_points < 2)
            abort();
        for (uint32_t k = 0; k < shape.n_points; k++)
            if (!(shape.x[k] >= -180.0 && shape.x[k] <= 180.0 && shape.y[k] >= -90.0 &&
                  shape.y[k] <= 90.0))
                abort();
    }
    krni_shapes_close(shapes);
}

static void read_table(krni_bytes bytes, krn_faults *faults)
{
    krni_dbf *dbf = NULL;
    const krni_dbf_field *fields;
    const uint32_t before = krn_faults_count(faults);
    krn_error err;
    const krn_status status = krni_dbf_open(bytes, faults, &dbf, &err);
    if (!status && !dbf != (krn_faults_count(faults) > before))
        abort();
    const uint32_t n = dbf ? krni_dbf_fields(dbf, &fields) : 0;
    for (uint32_t i = 0; dbf && i < krni_dbf_records(dbf) && i < 1000; i++) {
        (void)krni_dbf_is_deleted(dbf, i);
        for (uint32_t k = 0; k < n; k++)
            if (strlen(krni_dbf_text(dbf, i, (int)k)) > 255)
                abort();
    }
    krni_dbf_close(dbf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!size || size > 65536)
        return 0;
    const bool are_points = data[0] & 1;
    const uint8_t *at = data + 1;
    size_t left = size - 1;
    const krni_bytes shp = take(&at, &left, "a.shp"), shx = take(&at, &left, "a.shx"),
                     dbf = take(&at, &left, "a.dbf");
    krn_faults *faults = krn_faults_new();
    if (!faults)
        abort();
    read_shapes(shp, shx, are_points, faults);
    read_table(dbf, faults);
    krn_faults_free(faults);
    free((void *)(uintptr_t)shp.data);
    free((void *)(uintptr_t)shx.data);
    free((void *)(uintptr_t)dbf.data);
    return 0;
}
