/* SPDX-License-Identifier: Apache-2.0 */
/* snapshot_format.c - checksum of a snapshot, and hash of the format of tables that it was made by.
 */
#include "io/snapshot_format.h"

#include <assert.h>
#include <string.h>

#define MULTIPLIER UINT64_C(0x9e3779b97f4a7c15)

static uint64_t turn(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

uint64_t krni_snapshot_sum(const void *bytes, size_t size, uint64_t seed)
{
    const unsigned char *at = bytes;
    uint64_t lane[4] = {seed ^ 1, seed ^ 2, seed ^ 3, seed ^ 4};
    assert(size % 32 == 0);
    for (; size; size -= 32, at += 32) {
        uint64_t word[4];
        memcpy(word, at, 32);
        for (int i = 0; i < 4; i++)
            lane[i] = turn((lane[i] ^ word[i]) * MULTIPLIER, 29);
    }
    uint64_t sum = 0;
    for (int i = 0; i < 4; i++)
        sum = turn((sum ^ lane[i]) * MULTIPLIER, 31);
    return sum ^ (sum >> 32);
}

uint64_t krni_snapshot_checksum(const unsigned char *file, size_t size)
{
    krni_snapshot_header header;
    assert(size >= sizeof header && size % KRNI_SNAPSHOT_ALIGN == 0);
    memcpy(&header, file, sizeof header);
    header.checksum = 0;
    return krni_snapshot_sum(file + sizeof header, size - sizeof header,
                             krni_snapshot_sum(&header, sizeof header, size));
}

static uint64_t add_text(uint64_t hash, const char *text)
{
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return (hash ^ 0xff) * UINT64_C(0x100000001b3);
}

uint64_t krni_snapshot_tables(void)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (int t = 0; t < KRN_TABLE_COUNT; t++) {
        const krni_table *schema = krni_schema((krn_table)t);
        hash = add_text(hash, schema->file);
        for (int c = 0; c < schema->n_columns; c++) {
            hash = add_text(hash, schema->columns[c].name);
            hash = (hash ^ (uint64_t)schema->columns[c].type) * UINT64_C(0x100000001b3);
        }
    }
    return hash;
}
