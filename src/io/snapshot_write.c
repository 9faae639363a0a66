/* SPDX-License-Identifier: Apache-2.0 */
/* snapshot_write.c - a network and its scenario as one image, written whole. */
#include <stdlib.h>
#include <string.h>

#include <keruen/io.h>

#include "base/error.h"
#include "io/snapshot_format.h"

typedef struct source {
    const void *bytes;
    size_t size;
} source;

static void list_table(const krni_rows *t, source out[4])
{
    const source names = {t->column_names, t->n_columns * sizeof *t->column_names};
    const source cells = {t->cells, (size_t)t->n_rows * t->n_columns * sizeof *t->cells};
    const source origins = {t->origins, t->n_rows * sizeof *t->origins};
    const source by_key = {t->by_key, t->by_key ? t->n_rows * sizeof *t->by_key : 0};
    out[0] = names;
    out[1] = cells;
    out[2] = origins;
    out[3] = by_key;
}

static size_t aligned(size_t size)
{
    return (size + KRNI_SNAPSHOT_ALIGN - 1) / KRNI_SNAPSHOT_ALIGN * KRNI_SNAPSHOT_ALIGN;
}

/* Where each section goes; returns the size of the file. */
static size_t lay_sections(const source *sources, krni_snapshot_section *out)
{
    size_t at = aligned(sizeof(krni_snapshot_header) + KRNI_SECTION_COUNT * sizeof *out);
    for (uint32_t i = 0; i < KRNI_SECTION_COUNT; i++) {
        const krni_snapshot_section s = {i, 0, at, sources[i].size};
        out[i] = s;
        at += aligned(sources[i].size);
    }
    return at;
}

static void fill_image(unsigned char *image, size_t size, const source *sources,
                       const krni_snapshot_section *sections)
{
    krni_snapshot_header header;
    memset(&header, 0, sizeof header);
    memcpy(header.magic, KRNI_SNAPSHOT_MAGIC, sizeof header.magic);
    header.byte_order = KRNI_SNAPSHOT_ORDER;
    header.version = KRNI_SNAPSHOT_VERSION;
    header.size = size;
    header.format = krni_snapshot_tables();
    header.n_sections = KRNI_SECTION_COUNT;
    memcpy(image + sizeof header, sections, KRNI_SECTION_COUNT * sizeof *sections);
    for (uint32_t i = 0; i < KRNI_SECTION_COUNT; i++)
        if (sources[i].size)
            memcpy(image + sections[i].offset, sources[i].bytes, sources[i].size);
    memcpy(image, &header, sizeof header);
    header.checksum = krni_snapshot_checksum(image, size);
    memcpy(image, &header, sizeof header);
}

/* The arrays of a network that is mapped itself lie in the file. */
static const void *block_of(const krn_network *network)
{
    krni_snapshot_section section;
    if (network->block)
        return network->block;
    memcpy(&section,
           (const unsigned char *)network->mapping + sizeof(krni_snapshot_header) +
               KRNI_SECTION_BLOCK * sizeof section,
           sizeof section);
    return (const unsigned char *)network->mapping + section.offset;
}

krn_status krni_snapshot_image(const krn_network *network, unsigned char **out, size_t *out_size,
                               krn_error *err)
{
    const krn_package *p = network->package;
    const uint32_t n_nodes = krn_package_rows(p, KRN_TABLE_NODE);
    krni_snapshot_network head;
    krni_snapshot_shape shapes[KRN_TABLE_COUNT];
    source sources[KRNI_SECTION_COUNT];
    krni_snapshot_section sections[KRNI_SECTION_COUNT];
    memset(&head, 0, sizeof head);
    head.day = network->day;
    head.n_states = network->n_states;
    head.n_activities = network->n_activities;
    head.n_gauges = network->n_gauges;
    memcpy(head.gauge_mm, network->gauge_mm, sizeof head.gauge_mm);
    head.origin = p->origin;
    for (int t = 0; t < KRN_TABLE_COUNT; t++) {
        const krni_snapshot_shape shape = {p->tables[t].n_rows, p->tables[t].n_columns};
        shapes[t] = shape;
        list_table(&p->tables[t], sources + KRNI_SECTION_TABLES + 4 * t);
    }
    const source of_head = {&head, sizeof head}, of_shapes = {shapes, sizeof shapes};
    const source of_pool = {p->pool, p->pool_size};
    const source of_changed = {p->changed, p->n_changed * sizeof *p->changed};
    const source of_block = {
        block_of(network),
        krni_network_block_size(network->n_states, network->n_activities, n_nodes)};
    sources[KRNI_SECTION_NETWORK] = of_head;
    sources[KRNI_SECTION_SHAPES] = of_shapes;
    sources[KRNI_SECTION_POOL] = of_pool;
    sources[KRNI_SECTION_CHANGED] = of_changed;
    sources[KRNI_SECTION_BLOCK] = of_block;
    const size_t size = lay_sections(sources, sections);
    unsigned char *image = calloc(1, size);
    if (!image)
        return krni_fail_memory(err);
    fill_image(image, size, sources, sections);
    *out = image;
    *out_size = size;
    return KRN_OK;
}

krn_status krn_snapshot_write(const krn_network *network, const char *path, krn_error *err)
{
    unsigned char *image = NULL;
    size_t size = 0;
    krn_status status = krni_snapshot_image(network, &image, &size, err);
    if (!status)
        status = krn_file_write(path, (const char *)image, size, err);
    free(image);
    return status;
}
