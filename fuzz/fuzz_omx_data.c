/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_omx_data.c - first byte even: the rest is a file without the mark of HDF5; odd: the rest
 * changes what a good file says (SHAPE, version, names of zones, figures in chunks), two bytes of
 * place and one of value each. A file is refused with one line, or its matrices are whole. The
 * structure of HDF5 itself is not changed: fuzz/README.md tells why. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <keruen/io.h>
#include <keruen/omx.h>

#include "io/omx_hdf5.h"

#define FILE_SIZE 65536u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libhdf5 keeps memory of a file that it could not close; what Keruen loses is still told. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libhdf5";
}

static void check_whole(const krn_omx *omx)
{
    const size_t cells = (size_t)omx->n_zones * omx->n_zones;
    if (!omx->n_zones || omx->n_zones > 20000 || omx->n_matrices > 1000 ||
        (omx->zones == NULL) != (omx->lookup_name == NULL))
        abort();
    for (uint32_t m = 0; m < omx->n_matrices; m++) {
        if (!omx->matrices[m].name[0] ||
            (m && strcmp(omx->matrices[m - 1].name, omx->matrices[m].name) >= 0))
            abort();
        for (size_t i = 0; i < cells; i++)
            if (isinf(omx->matrices[m].values[i]))
                abort();
    }
    for (uint32_t z = 0; omx->zones && z < omx->n_zones; z++)
        if (strlen(omx->zones[z]) > 1024)
            abort();
}

static void parse(const void *bytes, size_t size)
{
    krn_arena *arena = krn_arena_new(NULL, (size_t)256 << 20);
    krn_omx omx;
    krn_error err = {0};
    if (!arena)
        abort();
    const krn_status status = krni_omx_parse_here("fuzz", bytes, size, arena, &omx, &err);
    if (status == KRN_OK)
        check_whole(&omx);
    else if (!err.text[0])
        abort();
    krn_arena_free(arena);
}

/* What of the good file may change: begins and lengths of its sayings. */
static size_t list_places(const char *file, size_t size, uint32_t *places, size_t room)
{
    static const struct {
        const char *begin;
        size_t begin_size, length;
    } sayings[] = {{"\x03\0\0\0\x03\0\0\0", 8, 8},
                   {"0.2", 3, 3},
                   {"\xd0\xb6\xd2\xaf\xd0\xba", 6, 30},
                   {"\x78\x01", 2, 28}};
    size_t n = 0;
    for (size_t at = 0; at < size; at++)
        for (size_t k = 0; k < sizeof sayings / sizeof *sayings; k++)
            if (at + sayings[k].length <= size &&
                memcmp(file + at, sayings[k].begin, sayings[k].begin_size) == 0)
                for (size_t i = 0; i < sayings[k].length && n < room; i++)
                    places[n++] = (uint32_t)(at + i);
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char *good = NULL; /* bytes of a seed, read once */
    static size_t good_size = 0, n_places = 0;
    static uint32_t places[1024];
    if (size < 1 || size > FILE_SIZE || !krn_omx_available())
        return 0;
    if (data[0] % 2 == 0) {
        if (size < 9 || memcmp(data + 1, "\x89HDF", 4) != 0)
            parse(data + 1, size - 1);
        return 0;
    }
    if (!good) {
        if (krn_file_read(KRN_GOOD_OMX, FILE_SIZE, &good, &good_size, NULL))
            abort();
        n_places = list_places(good, good_size, places, sizeof places / sizeof *places);
        if (!n_places)
            abort();
    }
    char *image = malloc(good_size);
    if (!image)
        abort();
    memcpy(image, good, good_size);
    for (size_t i = 1; i + 3 <= size; i += 3)
        image[places[((size_t)data[i] << 8 | data[i + 1]) % n_places]] = (char)data[i + 2];
    parse(image, good_size);
    free(image);
    return 0;
}
