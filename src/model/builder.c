/* SPDX-License-Identifier: Apache-2.0 */
/* builder.c - a package under construction.
 *
 * The pool grows by doubling and holds each text once: a table of offsets, open addressing with
 * linear steps, at most half full. Tables grow by doubling too. Freezing copies all into one arena
 * and sorts the keys.
 *
 * A builder made from a package borrows its tables; the first change of one copies it. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/tables.h"

#define FIRST_SEEN ((size_t)65536) /* places for texts */

typedef struct table_draft {
    bool own;                  /* false: not started, or borrowed from base */
    const krni_rows *borrowed; /* of the base */
    uint32_t n_rows, room;     /* rows */
    uint32_t n_columns;
    uint32_t *column_names;
    krni_cell *cells;
    krni_row_origin *origins;
} table_draft;

/* A text that the pool holds; offset KRNI_NO_TEXT: a free place. */
typedef struct seen_text {
    uint32_t hash, offset;
} seen_text;

struct krni_builder {
    krn_arena *arena; /* of the package to be */
    char *pool;
    size_t pool_size, pool_room;
    seen_text *seen;
    size_t seen_room, n_seen;
    uint32_t origin;
    krn_status failure;
    table_draft tables[KRN_TABLE_COUNT];
    krni_changed *changed;
    uint32_t n_changed;
    const struct krni_measure *measures;
    uint32_t n_measures;
};

/* Eight bytes at a time, multiplied and folded; only the spread matters. */
static uint32_t hash_of(const char *text, size_t length)
{
    uint64_t h = UINT64_C(0x9e3779b97f4a7c15) ^ length;
    while (length) {
        uint64_t word = 0;
        const size_t step = length < 8 ? length : 8;
        memcpy(&word, text, step);
        h = (h ^ word) * UINT64_C(0xff51afd7ed558ccd);
        h ^= h >> 32;
        text += step;
        length -= step;
    }
    return (uint32_t)h;
}

static seen_text *slot_of(const krni_builder *b, const char *text, size_t length, uint32_t hash)
{
    const size_t mask = b->seen_room - 1;
    for (size_t i = hash & mask;; i = (i + 1) & mask) {
        seen_text *slot = &b->seen[i];
        if (slot->offset == KRNI_NO_TEXT)
            return slot;
        if (slot->hash != hash || b->pool_size - slot->offset <= length)
            continue;
        const char *other = b->pool + slot->offset;
        if (memcmp(other, text, length) == 0 && !other[length])
            return slot;
    }
}

/* A table of twice the size; the texts keep their hashes. */
static bool grow_seen(krni_builder *b, size_t room)
{
    seen_text *seen = malloc(room * sizeof *seen);
    if (!seen)
        return false;
    memset(seen, 0xff, room * sizeof *seen);
    for (size_t i = 0; i < b->seen_room; i++) {
        if (b->seen[i].offset == KRNI_NO_TEXT)
            continue;
        size_t at = b->seen[i].hash & (room - 1);
        while (seen[at].offset != KRNI_NO_TEXT)
            at = (at + 1) & (room - 1);
        seen[at] = b->seen[i];
    }
    free(b->seen);
    b->seen = seen;
    b->seen_room = room;
    return true;
}

/* Room for one more text; a builder made from a package learns its texts on first use. */
static bool make_room_seen(krni_builder *b)
{
    if (b->seen)
        return 2 * (b->n_seen + 1) <= b->seen_room || grow_seen(b, 2 * b->seen_room);
    if (!grow_seen(b, FIRST_SEEN))
        return false;
    for (size_t at = 0; at < b->pool_size;) {
        const char *text = b->pool + at;
        const size_t length = strlen(text);
        const seen_text one = {hash_of(text, length), (uint32_t)at};
        if (2 * (b->n_seen + 1) > b->seen_room && !grow_seen(b, 2 * b->seen_room))
            return false;
        *slot_of(b, text, length, one.hash) = one;
        b->n_seen++;
        at += length + 1;
    }
    return true;
}

static bool make_room_pool(krni_builder *b, size_t length)
{
    if (length >= KRNI_MAX_POOL || b->pool_size + length + 1 > KRNI_MAX_POOL) {
        b->failure = KRN_E_LIMIT;
        return false;
    }
    if (b->pool_size + length + 1 <= b->pool_room)
        return true;
    size_t room = b->pool_room ? b->pool_room : 65536;
    while (room < b->pool_size + length + 1)
        room *= 2;
    char *pool = realloc(b->pool, room);
    if (!pool)
        return false;
    b->pool = pool;
    b->pool_room = room;
    return true;
}

uint32_t krni_builder_text(krni_builder *builder, const char *text, size_t length)
{
    if (!length && builder->pool_size)
        return 0;
    if (!make_room_seen(builder))
        return KRNI_NO_TEXT;
    const uint32_t hash = hash_of(text, length);
    seen_text *slot = slot_of(builder, text, length, hash);
    if (slot->offset != KRNI_NO_TEXT)
        return slot->offset;
    if (!make_room_pool(builder, length))
        return KRNI_NO_TEXT;
    const uint32_t offset = (uint32_t)builder->pool_size;
    memcpy(builder->pool + offset, text, length);
    builder->pool[offset + length] = '\0';
    builder->pool_size += length + 1;
    slot->hash = hash;
    slot->offset = offset;
    builder->n_seen++;
    return offset;
}

const char *krni_builder_at(const krni_builder *builder, uint32_t text)
{
    assert(text < builder->pool_size);
    return builder->pool + text;
}

static krni_builder *builder_bare(void)
{
    krni_builder *b = calloc(1, sizeof *b);
    if (!b)
        return NULL;
    b->failure = KRN_E_MEMORY;
    b->arena = krn_arena_new(NULL, 0);
    if (!b->arena) {
        free(b);
        return NULL;
    }
    return b;
}

krni_builder *krni_builder_new(const char *origin)
{
    krni_builder *b = builder_bare();
    if (!b)
        return NULL;
    if (krni_builder_text(b, "", 0) != 0)
        goto failed;
    b->origin = krni_builder_text(b, origin, strlen(origin));
    if (b->origin == KRNI_NO_TEXT)
        goto failed;
    return b;
failed:
    krni_builder_free(b);
    return NULL;
}

krni_builder *krni_builder_from(const krn_package *base)
{
    krni_builder *b = builder_bare();
    if (!b)
        return NULL;
    const size_t room = base->pool_size + (size_t)65536;
    b->pool = malloc(room);
    if (!b->pool) {
        krni_builder_free(b);
        return NULL;
    }
    memcpy(b->pool, base->pool, base->pool_size);
    b->pool_size = base->pool_size;
    b->pool_room = room;
    b->origin = base->origin;
    for (int t = 0; t < KRN_TABLE_COUNT; t++) {
        b->tables[t].borrowed = &base->tables[t];
        b->tables[t].n_rows = base->tables[t].n_rows;
        b->tables[t].n_columns = base->tables[t].n_columns;
    }
    b->measures = base->measures;
    b->n_measures = base->n_measures;
    if (!krni_builder_set_changed(b, base->changed, base->n_changed)) {
        krni_builder_free(b);
        return NULL;
    }
    return b;
}

void krni_builder_free(krni_builder *builder)
{
    if (!builder)
        return;
    for (int t = 0; t < KRN_TABLE_COUNT; t++) {
        free(builder->tables[t].column_names);
        free(builder->tables[t].cells);
        free(builder->tables[t].origins);
    }
    free(builder->pool);
    free(builder->seen);
    krn_arena_free(builder->arena);
    free(builder);
}

krn_status krni_builder_failure(const krni_builder *builder, krn_error *err)
{
    if (builder->failure == KRN_E_LIMIT)
        return krni_fail(err, KRN_E_LIMIT,
                         "the package is larger than 1 GiB of texts, 4 million rows or 67 million "
                         "cells a table");
    return krni_fail_memory(err);
}

krn_arena *krni_builder_arena(krni_builder *builder)
{
    return builder->arena;
}

krn_status krni_builder_table(krni_builder *builder, krn_table table, const char *const *further,
                              uint32_t n_further, krn_error *err)
{
    const krni_table *schema = krni_schema(table);
    table_draft *t = &builder->tables[table];
    assert(!t->own && !t->borrowed);
    const uint32_t n = (uint32_t)schema->n_columns + n_further;
    t->column_names = malloc(n * sizeof *t->column_names);
    if (!t->column_names)
        return krni_fail_memory(err);
    for (uint32_t c = 0; c < n; c++) {
        const char *name = c < (uint32_t)schema->n_columns
                               ? schema->columns[c].name
                               : further[c - (uint32_t)schema->n_columns];
        t->column_names[c] = krni_builder_text(builder, name, strlen(name));
        if (t->column_names[c] == KRNI_NO_TEXT)
            return krni_builder_failure(builder, err);
    }
    t->n_columns = n;
    t->own = true;
    return KRN_OK;
}

/* Room for rows; sizes are bounded by KRNI_MAX_ROWS and the number of columns. */
static bool make_room_rows(table_draft *t, uint32_t rows)
{
    if (rows <= t->room)
        return true;
    uint32_t room = t->room ? t->room : 16;
    while (room < rows)
        room *= 2;
    krni_cell *cells = realloc(t->cells, (size_t)room * t->n_columns * sizeof *cells);
    if (!cells)
        return false;
    t->cells = cells;
    krni_row_origin *origins = realloc(t->origins, (size_t)room * sizeof *origins);
    if (!origins)
        return false;
    t->origins = origins;
    t->room = room;
    return true;
}

/* A table of its own, copied from the base if it is borrowed. */
static bool make_own(krni_builder *builder, krn_table table)
{
    table_draft *t = &builder->tables[table];
    if (t->own)
        return true;
    assert(t->borrowed);
    const krni_rows *from = t->borrowed;
    t->column_names = malloc((from->n_columns + (size_t)1) * sizeof *t->column_names);
    if (!t->column_names || !make_room_rows(t, from->n_rows + 1))
        return false;
    memcpy(t->column_names, from->column_names, from->n_columns * sizeof *t->column_names);
    if (from->n_rows) {
        memcpy(t->cells, from->cells, (size_t)from->n_rows * from->n_columns * sizeof *t->cells);
        memcpy(t->origins, from->origins, from->n_rows * sizeof *t->origins);
    }
    t->own = true;
    t->borrowed = NULL;
    return true;
}

uint32_t krni_builder_row(krni_builder *builder, krn_table table, uint32_t file, uint32_t line)
{
    table_draft *t = &builder->tables[table];
    if (t->n_rows >= KRNI_MAX_ROWS || ((size_t)t->n_rows + 1) * t->n_columns > KRNI_MAX_CELLS) {
        builder->failure = KRN_E_LIMIT;
        return KRN_NO_ROW;
    }
    if (!make_own(builder, table) || !make_room_rows(t, t->n_rows + 1))
        return KRN_NO_ROW;
    const uint32_t row = t->n_rows++;
    for (uint32_t c = 0; c < t->n_columns; c++) {
        const krni_cell blank = {0, 0, NAN};
        t->cells[(size_t)row * t->n_columns + c] = blank;
    }
    t->origins[row].file = file;
    t->origins[row].line = line;
    return row;
}

krni_cell *krni_builder_cell(krni_builder *builder, krn_table table, uint32_t row, uint32_t column)
{
    table_draft *t = &builder->tables[table];
    assert(row < t->n_rows && column < t->n_columns);
    if (!make_own(builder, table))
        return NULL;
    return &t->cells[(size_t)row * t->n_columns + column];
}

krni_cell krni_builder_read(const krni_builder *builder, krn_table table, uint32_t row,
                            uint32_t column)
{
    const table_draft *t = &builder->tables[table];
    assert(row < t->n_rows && column < t->n_columns);
    const krni_cell *cells = t->own ? t->cells : t->borrowed->cells;
    return cells[(size_t)row * t->n_columns + column];
}

uint32_t krni_builder_rows(const krni_builder *builder, krn_table table)
{
    return builder->tables[table].n_rows;
}

uint32_t krni_builder_columns(const krni_builder *builder, krn_table table)
{
    return builder->tables[table].n_columns;
}

krni_cells krni_builder_cells(const krni_builder *builder, krn_table table)
{
    const table_draft *t = &builder->tables[table];
    const krni_cell *cells = t->own || !t->borrowed ? t->cells : t->borrowed->cells;
    const krni_cells view = {builder->pool, cells, t->n_rows, t->n_columns};
    return view;
}

int krni_builder_column(const krni_builder *builder, krn_table table, const char *name)
{
    const table_draft *t = &builder->tables[table];
    const uint32_t *names = t->own || !t->borrowed ? t->column_names : t->borrowed->column_names;
    for (uint32_t c = 0; c < t->n_columns; c++)
        if (strcmp(builder->pool + names[c], name) == 0)
            return (int)c;
    return -1;
}

bool krni_builder_remove(krni_builder *builder, krn_table table, const bool *marks)
{
    table_draft *t = &builder->tables[table];
    if (!make_own(builder, table))
        return false;
    uint32_t kept = 0;
    for (uint32_t row = 0; row < t->n_rows; row++) {
        if (marks[row])
            continue;
        if (kept != row) {
            memcpy(t->cells + (size_t)kept * t->n_columns, t->cells + (size_t)row * t->n_columns,
                   t->n_columns * sizeof *t->cells);
            t->origins[kept] = t->origins[row];
        }
        kept++;
    }
    t->n_rows = kept;
    return true;
}

bool krni_builder_set_changed(krni_builder *builder, const krni_changed *changed, uint32_t n)
{
    krni_changed *copy = krn_arena_alloc(builder->arena, n * sizeof *copy);
    if (!copy)
        return false;
    if (n)
        memcpy(copy, changed, n * sizeof *copy);
    builder->changed = copy;
    builder->n_changed = n;
    return true;
}

void krni_builder_set_measures(krni_builder *builder, const struct krni_measure *measures,
                               uint32_t n)
{
    builder->measures = measures;
    builder->n_measures = n;
}

/* ---- freezing ---- */

typedef struct key_order {
    const char *pool;
    const krni_cell *cells;
    uint32_t n_columns;
    uint32_t column;
} key_order;

static const char *key_at(const key_order *order, uint32_t row)
{
    return order->pool + order->cells[(size_t)row * order->n_columns + order->column].text;
}

/* Runs of doubling width are merged from rows to other and back; equal keys keep file order. */
static uint32_t *sort_keys(const key_order *order, uint32_t *rows, uint32_t *other, uint32_t n)
{
    for (uint32_t width = 1; width < n; width *= 2) {
        for (uint32_t start = 0; start < n; start += 2 * width) {
            const uint32_t middle = start + width < n ? start + width : n;
            const uint32_t end = middle + width < n ? middle + width : n;
            uint32_t a = start, b = middle;
            for (uint32_t at = start; at < end; at++) {
                const bool first = a < middle && (b == end || strcmp(key_at(order, rows[a]),
                                                                     key_at(order, rows[b])) <= 0);
                other[at] = first ? rows[a++] : rows[b++];
            }
        }
        uint32_t *swap = rows;
        rows = other;
        other = swap;
    }
    return rows;
}

static const void *copy_into(krn_arena *arena, const void *from, size_t count, size_t size)
{
    void *to = krn_arena_alloc(arena, count * size);
    if (to && count)
        memcpy(to, from, count * size);
    return to;
}

uint32_t *krni_sorted_rows(const krn_package *p, krn_table table, int column)
{
    const krni_rows *t = &p->tables[table];
    const key_order order = {p->pool, t->cells, t->n_columns, (uint32_t)column};
    uint32_t *rows = malloc((t->n_rows + (size_t)1) * sizeof *rows);
    uint32_t *other = malloc((t->n_rows + (size_t)1) * sizeof *other);
    if (!rows || !other) {
        free(rows);
        free(other);
        return NULL;
    }
    for (uint32_t r = 0; r < t->n_rows; r++)
        rows[r] = r;
    uint32_t *sorted = sort_keys(&order, rows, other, t->n_rows);
    free(sorted == rows ? other : rows);
    return sorted;
}

static bool freeze_keys(krn_arena *arena, krn_table table, const char *pool, krni_rows *out)
{
    const int column = krni_schema(table)->key;
    if (column < 0)
        return true;
    const key_order order = {pool, out->cells, out->n_columns, (uint32_t)column};
    uint32_t *rows = krn_arena_alloc(arena, out->n_rows * sizeof *rows);
    uint32_t *other = malloc((out->n_rows + (size_t)1) * sizeof *other);
    if (!rows || !other) {
        free(other);
        return false;
    }
    for (uint32_t r = 0; r < out->n_rows; r++)
        rows[r] = r;
    const uint32_t *sorted = sort_keys(&order, rows, other, out->n_rows);
    if (sorted == other && out->n_rows)
        memcpy(rows, other, out->n_rows * sizeof *rows);
    free(other);
    out->by_key = rows;
    return true;
}

static bool freeze_table(krni_builder *b, krn_table table, const char *pool, krni_rows *out)
{
    const table_draft *t = &b->tables[table];
    const uint32_t *names = t->own ? t->column_names : t->borrowed->column_names;
    const krni_cell *cells = t->own ? t->cells : t->borrowed->cells;
    const krni_row_origin *origins = t->own ? t->origins : t->borrowed->origins;
    out->n_rows = t->n_rows;
    out->n_columns = t->n_columns;
    out->column_names = copy_into(b->arena, names, t->n_columns, sizeof *names);
    out->cells = copy_into(b->arena, cells, (size_t)t->n_rows * t->n_columns, sizeof *cells);
    out->origins = copy_into(b->arena, origins, t->n_rows, sizeof *origins);
    if (!out->column_names || !out->cells || !out->origins)
        return false;
    if (t->own || !t->borrowed->by_key)
        return freeze_keys(b->arena, table, pool, out);
    out->by_key = copy_into(b->arena, t->borrowed->by_key, t->n_rows, sizeof *out->by_key);
    return out->by_key != NULL;
}

krn_status krni_builder_finish(krni_builder *builder, krn_package **out, krn_error *err)
{
    krn_status status = KRN_OK;
    for (int t = 0; t < KRN_TABLE_COUNT && !status; t++)
        if (!builder->tables[t].own && !builder->tables[t].borrowed)
            status = krni_builder_table(builder, (krn_table)t, NULL, 0, err);
    krn_package *package = status ? NULL : krn_arena_calloc(builder->arena, 1, sizeof *package);
    if (!package)
        goto failed;
    package->pool = copy_into(builder->arena, builder->pool, builder->pool_size, 1);
    if (!package->pool)
        goto failed;
    package->pool_size = (uint32_t)builder->pool_size;
    package->origin = builder->origin;
    for (int t = 0; t < KRN_TABLE_COUNT; t++)
        if (!freeze_table(builder, (krn_table)t, package->pool, &package->tables[t]))
            goto failed;
    package->changed = builder->changed;
    package->n_changed = builder->n_changed;
    package->measures = builder->measures;
    package->n_measures = builder->n_measures;
    package->arena = builder->arena;
    builder->arena = NULL;
    krni_builder_free(builder);
    *out = package;
    return KRN_OK;
failed:
    if (!status)
        status = krni_fail_memory(err);
    krni_builder_free(builder);
    return status;
}
