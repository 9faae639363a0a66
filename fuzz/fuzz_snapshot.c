/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_snapshot.c - first byte even: the rest is a file; odd: the rest changes bytes of a good
 * image, three bytes of place and one of value each, and the checksum is set right again, so that
 * the checks behind it are reached. A file is refused, or the network passes its own check. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <keruen/measure.h>

#include "support/memory_package.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned char *good_image(size_t *out_size)
{
    memory_package *base = memory_package_open(KRN_SOURCE_DIR);
    krn_arena *arena = krn_arena_new(NULL, 0);
    const krn_measure_choice choice = {.day = 20800};
    krn_package *package = NULL, *scenario = NULL;
    krn_network *network = NULL;
    unsigned char *image = NULL;
    if (!base || !arena || memory_package_load(base, NULL, &package, NULL) ||
        krn_measure_apply(package, &choice, arena, NULL, &scenario, NULL) ||
        krn_network_compile(scenario, 20800, &network, NULL) ||
        memory_snapshot_make(network, &image, out_size, NULL))
        abort();
    krn_network_free(network);
    krn_package_free(package);
    krn_arena_free(arena);
    memory_package_free(base);
    return image;
}

static void open_image(const unsigned char *image, size_t size)
{
    krn_network *network = NULL;
    krn_error err;
    const krn_status status = memory_snapshot_open(image, size, &network, &err);
    if ((status == KRN_OK) != (network != NULL))
        abort();
    if (network && krn_network_check(network, &err))
        abort();
    krn_network_free(network);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t image_size = 0;
    if (!size)
        return 0;
    if (data[0] % 2 == 0) {
        unsigned char *copy = aligned_alloc(64, (size + 63) / 64 * 64);
        if (!copy)
            abort();
        memcpy(copy, data + 1, size - 1);
        open_image(copy, size - 1);
        free(copy);
        return 0;
    }
    static const unsigned char *good = NULL;
    static size_t good_size = 0;
    if (!good)
        good = good_image(&good_size);
    image_size = good_size;
    unsigned char *image = aligned_alloc(64, image_size);
    if (!image)
        abort();
    memcpy(image, good, image_size);
    for (size_t i = 1; i + 4 <= size; i += 4) {
        const size_t at = (size_t)data[i] << 16 | (size_t)data[i + 1] << 8 | data[i + 2];
        image[at % image_size] = data[i + 3];
    }
    memory_snapshot_seal(image, image_size);
    open_image(image, image_size);
    free(image);
    return 0;
}
