/* snapshot_format.h - the bytes of a snapshot file (docs/snapshot-format.md tells them one by one).
 *
 *   header 64 | directory, 24 each | sections, each at a multiple of 64 */
#ifndef IO_SNAPSHOT_FORMAT_H
#define IO_SNAPSHOT_FORMAT_H

#include <stddef.h>
#include <stdint.h>

#include "model/network_data.h"

#define KRNI_SNAPSHOT_MAGIC   "KERUEN\r\n"
#define KRNI_SNAPSHOT_VERSION 1u
#define KRNI_SNAPSHOT_ORDER   0x01020304u
#define KRNI_SNAPSHOT_ALIGN   64u

typedef struct krni_snapshot_header {
    char magic[8];
    uint32_t byte_order;
    uint32_t version;
    uint64_t size;     /* of the whole file */
    uint64_t checksum; /* of all bytes, this field taken as 0 */
    uint64_t format;   /* of the tables: hash of all columns */
    uint32_t n_sections;
    uint32_t zero[5];
} krni_snapshot_header;

_Static_assert(sizeof(krni_snapshot_header) == 64, "header of 64 bytes");

typedef struct krni_snapshot_section {
    uint32_t kind;
    uint32_t zero;
    uint64_t offset;
    uint64_t size;
} krni_snapshot_section;

_Static_assert(sizeof(krni_snapshot_section) == 24, "directory entry of 24 bytes");

/* Sections stand in this order; the directory has one entry for each. */
enum {
    KRNI_SECTION_NETWORK, /* krni_snapshot_network */
    KRNI_SECTION_SHAPES,  /* krni_snapshot_shape by table */
    KRNI_SECTION_POOL,
    KRNI_SECTION_CHANGED,
    KRNI_SECTION_BLOCK,
    KRNI_SECTION_TABLES, /* four for each table: names, cells, origins, by_key */
    KRNI_SECTION_COUNT = KRNI_SECTION_TABLES + 4 * KRN_TABLE_COUNT
};

typedef struct krni_snapshot_network {
    int32_t day;
    uint32_t n_states;
    uint32_t n_activities;
    uint32_t n_gauges;
    int32_t gauge_mm[KRN_MAX_GAUGES];
    uint32_t origin; /* offset in the pool */
    uint32_t zero[3];
} krni_snapshot_network;

typedef struct krni_snapshot_shape {
    uint32_t n_rows, n_columns;
} krni_snapshot_shape;

_Static_assert(sizeof(krni_cell) == 16, "cell of 16 bytes");
_Static_assert(sizeof(krni_row_origin) == 8, "origin of 8 bytes");
_Static_assert(sizeof(krni_changed) == 16, "change of 16 bytes");

/* Four sums over words of eight bytes in turn, multiplied and turned, folded into one. size is a
 * multiple of 32. */
uint64_t krni_snapshot_sum(const void *bytes, size_t size, uint64_t seed);

/* Checksum of a whole file image, its field taken as 0. */
uint64_t krni_snapshot_checksum(const unsigned char *file, size_t size);

/* Hash of names and types of all columns of all tables. */
uint64_t krni_snapshot_tables(void);

/* Checks an image and makes a network on it; the image must stay. For krn_snapshot_map and tests.
 */
krn_status krni_snapshot_open(const unsigned char *image, size_t size, const char *name,
                              krn_network **out, krn_error *err);

/* The image of a network, malloc'd. */
krn_status krni_snapshot_image(const krn_network *network, unsigned char **out, size_t *out_size,
                               krn_error *err);

#endif
