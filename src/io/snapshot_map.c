/* SPDX-License-Identifier: Apache-2.0 */
/* snapshot_map.c - a file of a network mapped into memory; nothing is parsed, all is checked.
 *
 *   header -> checksum -> directory -> every offset and row number of the tables -> arrays laid on
 *   the file -> invariants of the network -> books of laws rebuilt from the tables */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <keruen/io.h>

#include "base/error.h"
#include "io/snapshot_format.h"

typedef struct image {
    const unsigned char *bytes;
    size_t size;
    const char *name;
    krn_error *err;
    krni_snapshot_section sections[KRNI_SECTION_COUNT];
    krni_snapshot_network network;
    krni_snapshot_shape shapes[KRN_TABLE_COUNT];
} image;

static krn_status refuse(const image *f, const char *reason)
{
    return krni_fail(f->err, KRN_E_SNAPSHOT, "%s: %s; make it anew from its package", f->name,
                     reason);
}

static krn_status check_header(const image *f)
{
    krni_snapshot_header h;
    if (f->size < sizeof h)
        return refuse(f, "too short for a snapshot");
    memcpy(&h, f->bytes, sizeof h);
    if (memcmp(h.magic, KRNI_SNAPSHOT_MAGIC, sizeof h.magic) != 0)
        return refuse(f, "not a snapshot of Keruen");
    if (h.byte_order != KRNI_SNAPSHOT_ORDER)
        return refuse(f, "a snapshot of another byte order");
    if (h.version != KRNI_SNAPSHOT_VERSION)
        return refuse(f, "a snapshot of another version");
    if (h.size != f->size || f->size % KRNI_SNAPSHOT_ALIGN)
        return refuse(f, "a snapshot that was cut or has bytes behind its end");
    if (h.checksum != krni_snapshot_checksum(f->bytes, f->size))
        return refuse(f, "a damaged snapshot, its checksum is wrong");
    if (h.format != krni_snapshot_tables() || h.n_sections != KRNI_SECTION_COUNT)
        return refuse(f, "a snapshot of another format of tables");
    return KRN_OK;
}

/* Start of a section. */
static const void *section(const image *f, uint32_t kind)
{
    return f->bytes + f->sections[kind].offset;
}

static krn_status check_directory(image *f)
{
    const size_t start = sizeof(krni_snapshot_header) + sizeof f->sections;
    if (f->size < start)
        return refuse(f, "a snapshot without directory");
    memcpy(f->sections, f->bytes + sizeof(krni_snapshot_header), sizeof f->sections);
    for (uint32_t i = 0; i < KRNI_SECTION_COUNT; i++) {
        const krni_snapshot_section *s = &f->sections[i];
        if (s->kind != i || s->offset < start || s->offset % KRNI_SNAPSHOT_ALIGN ||
            s->offset > f->size || s->size > f->size - s->offset)
            return refuse(f, "a snapshot whose directory points outside");
    }
    if (f->sections[KRNI_SECTION_NETWORK].size != sizeof f->network ||
        f->sections[KRNI_SECTION_SHAPES].size != sizeof f->shapes)
        return refuse(f, "a snapshot with sections of wrong size");
    memcpy(&f->network, section(f, KRNI_SECTION_NETWORK), sizeof f->network);
    memcpy(f->shapes, section(f, KRNI_SECTION_SHAPES), sizeof f->shapes);
    return KRN_OK;
}

/* Sizes of the four sections of each table follow from its rows and columns. */
static krn_status check_sizes(const image *f)
{
    for (uint32_t t = 0; t < KRN_TABLE_COUNT; t++) {
        const krni_table *schema = krni_schema((krn_table)t);
        const krni_snapshot_section *s = &f->sections[KRNI_SECTION_TABLES + 4 * t];
        const uint64_t rows = f->shapes[t].n_rows, columns = f->shapes[t].n_columns;
        if (columns < (uint64_t)schema->n_columns || columns > UINT16_MAX - 1 ||
            rows > KRNI_MAX_ROWS || s[0].size != columns * sizeof(uint32_t) ||
            s[1].size != rows * columns * sizeof(krni_cell) ||
            s[2].size != rows * sizeof(krni_row_origin) ||
            s[3].size != (schema->key >= 0 ? rows * sizeof(uint32_t) : 0))
            return refuse(f, "a snapshot with a table of wrong size");
    }
    const uint64_t pool = f->sections[KRNI_SECTION_POOL].size;
    const char *texts = section(f, KRNI_SECTION_POOL);
    if (!pool || pool > KRNI_MAX_POOL || texts[0] != '\0' || texts[pool - 1] != '\0')
        return refuse(f, "a snapshot without texts");
    if (f->network.origin >= pool)
        return refuse(f, "a snapshot whose origin is no text");
    return KRN_OK;
}

/* Every offset within the pool, every row within its table. */
static bool table_is_sound(const krni_rows *t, uint32_t pool_size)
{
    const size_t n_cells = (size_t)t->n_rows * t->n_columns;
    uint32_t most = 0;
    for (uint32_t c = 0; c < t->n_columns; c++)
        most = t->column_names[c] > most ? t->column_names[c] : most;
    for (size_t i = 0; i < n_cells; i++)
        most = t->cells[i].text > most ? t->cells[i].text : most;
    for (uint32_t r = 0; r < t->n_rows; r++)
        most = t->origins[r].file > most ? t->origins[r].file : most;
    if (most >= pool_size)
        return false;
    for (uint32_t r = 0; t->by_key && r < t->n_rows; r++)
        if (t->by_key[r] >= t->n_rows)
            return false;
    return true;
}

/* What a number may be by the type of its column, NaN always; the laws reckon with it unseen. */
typedef struct number_range {
    double min, max;
    bool whole;
} number_range;

static number_range range_of(const krni_column *column)
{
    number_range range = {1, 0, true}; /* nothing but NaN */
    if (column->type == KRNI_NUMBER || column->type == KRNI_INTEGER) {
        const bool bounded = column->min < column->max;
        range.min = bounded ? column->min : -1e15;
        range.max = bounded ? column->max : 1e15;
        range.whole = column->type == KRNI_INTEGER;
    } else if (column->type == KRNI_BOOL) {
        range.min = 0;
        range.max = 1;
    } else if (column->type == KRNI_DATE) {
        range.min = -25567; /* 1900-01-01 */
        range.max = 84005;  /* 2199-12-31 */
    } else if (column->type == KRNI_MONTH_DAY) {
        range.min = 101;
        range.max = 1231;
    } else if (column->type == KRNI_CLOCK) {
        range.min = 0;
        range.max = 3600.0 * 10000 - 1;
    }
    return range;
}

static bool numbers_are_sound(const krni_rows *t, const krni_table *schema)
{
    for (int c = 0; c < schema->n_columns; c++) {
        const number_range range = range_of(&schema->columns[c]);
        const krni_cell *cell = t->cells + c;
        for (uint32_t r = 0; r < t->n_rows; r++, cell += t->n_columns) {
            const double x = cell->number;
            if (!isnan(x) &&
                (!(x >= range.min && x <= range.max) || (range.whole && x != floor(x))))
                return false;
        }
    }
    return true;
}

static bool changes_are_sound(const krn_package *p)
{
    for (uint32_t i = 0; i < p->n_changed; i++) {
        const krni_changed *c = &p->changed[i];
        if (c->figure.table >= KRN_TABLE_COUNT || c->quality > KRN_ESTIMATED ||
            c->measure >= p->tables[KRN_TABLE_MEASURE].n_rows ||
            c->figure.row >= p->tables[c->figure.table].n_rows ||
            (c->figure.column != KRNI_WHOLE_ROW &&
             c->figure.column >= p->tables[c->figure.table].n_columns))
            return false;
    }
    return true;
}

/* A package whose tables lie in the image; only the struct is in an arena. */
static krn_status open_package(const image *f, krn_package **out)
{
    krn_arena *arena = krn_arena_new(NULL, 0);
    krn_package *p = arena ? krn_arena_calloc(arena, 1, sizeof *p) : NULL;
    if (!p) {
        krn_arena_free(arena);
        return krni_fail_memory(f->err);
    }
    bool sound = f->sections[KRNI_SECTION_CHANGED].size % sizeof(krni_changed) == 0;
    p->arena = arena;
    p->pool = section(f, KRNI_SECTION_POOL);
    p->pool_size = (uint32_t)f->sections[KRNI_SECTION_POOL].size;
    p->origin = f->network.origin;
    p->changed = section(f, KRNI_SECTION_CHANGED);
    p->n_changed = (uint32_t)(f->sections[KRNI_SECTION_CHANGED].size / sizeof(krni_changed));
    for (uint32_t t = 0; t < KRN_TABLE_COUNT; t++) {
        krni_rows *rows = &p->tables[t];
        const uint32_t first = KRNI_SECTION_TABLES + 4 * t;
        rows->n_rows = f->shapes[t].n_rows;
        rows->n_columns = f->shapes[t].n_columns;
        rows->column_names = section(f, first);
        rows->cells = section(f, first + 1);
        rows->origins = section(f, first + 2);
        rows->by_key = krni_schema((krn_table)t)->key >= 0 ? section(f, first + 3) : NULL;
        sound = sound && table_is_sound(rows, p->pool_size) &&
                numbers_are_sound(rows, krni_schema((krn_table)t));
    }
    if (!sound || !changes_are_sound(p)) {
        krn_package_free(p);
        return refuse(f, "a snapshot with a cell that its column does not take");
    }
    *out = p;
    return KRN_OK;
}

krn_status krni_snapshot_open(const unsigned char *bytes, size_t size, const char *name,
                              krn_network **out, krn_error *err)
{
    image f;
    memset(&f, 0, sizeof f);
    f.bytes = bytes;
    f.size = size;
    f.name = name;
    f.err = err;
    *out = NULL;
    krn_network *network = calloc(1, sizeof *network);
    if (!network)
        return krni_fail_memory(err);
    krn_status status = check_header(&f);
    if (!status)
        status = check_directory(&f);
    if (!status)
        status = check_sizes(&f);
    if (!status)
        status = open_package(&f, &network->package);
    if (status)
        goto failed;
    const uint32_t n_nodes = krn_package_rows(network->package, KRN_TABLE_NODE);
    network->day = f.network.day;
    network->n_states = f.network.n_states;
    network->n_activities = f.network.n_activities;
    network->n_gauges = f.network.n_gauges;
    memcpy(network->gauge_mm, f.network.gauge_mm, sizeof network->gauge_mm);
    network->block_size =
        krni_network_block_size(network->n_states, network->n_activities, n_nodes);
    if (network->block_size != f.sections[KRNI_SECTION_BLOCK].size ||
        network->n_gauges > KRN_MAX_GAUGES) {
        status = refuse(&f, "a snapshot with a network of wrong size");
        goto failed;
    }
    krni_network_lay(network, section(&f, KRNI_SECTION_BLOCK));
    krn_error reason;
    status = krn_network_check(network, &reason);
    if (status) {
        status = status == KRN_E_MEMORY ? krni_fail_memory(err) : refuse(&f, reason.text);
        goto failed;
    }
    status = krni_network_open_books(network, err);
    if (status)
        goto failed;
    *out = network;
    return KRN_OK;
failed:
    krn_network_free(network);
    return status;
}

krn_status krn_snapshot_map(const char *path, krn_network **out, krn_error *err)
{
    struct stat info;
    *out = NULL;
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return krni_fail(err, KRN_E_IO, "cannot open %s", path);
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size <= 0) {
        (void)close(fd);
        return krni_fail(err, KRN_E_SNAPSHOT, "%s: too short for a snapshot, or no file", path);
    }
    const size_t size = (size_t)info.st_size;
    void *mapping = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    (void)close(fd);
    if (mapping == MAP_FAILED)
        return krni_fail(err, errno == ENOMEM ? KRN_E_MEMORY : KRN_E_IO, "cannot map %s", path);
    const krn_status status = krni_snapshot_open(mapping, size, path, out, err);
    if (status) {
        (void)munmap(mapping, size);
        return status;
    }
    (*out)->mapping = mapping;
    (*out)->mapping_size = size;
    return KRN_OK;
}
