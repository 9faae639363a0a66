/* SPDX-License-Identifier: Apache-2.0 */
/* sim_thing.c - rows of tables that a text names: an id, the beginning of ids, a crossing, a link,
 * a place in words.
 *
 * A name of a crossing stands for all its rows: both directions, every cargo class; a name of links
 * for all of that name; "sea-gulf-*" for all ids that begin so. */
#include "scenario/sim_thing.h"

#include <assert.h>
#include <string.h>

#include "base/edit_distance.h"
#include "base/error.h"
#include "base/text.h"
#include "model/tables.h"

/* Tables whose ids a text may name, and the column of their key. */
static const struct {
    krn_table table;
    int key;
} named[] = {{KRN_TABLE_NODE, NODE_NODE_ID},
             {KRN_TABLE_LINK, LINK_LINK_ID},
             {KRN_TABLE_BORDER, BORDER_BORDER_ID},
             {KRN_TABLE_GAUGE_CHANGE, GAUGE_CHANGE_GAUGE_CHANGE_ID},
             {KRN_TABLE_OPERATION, OPERATION_OPERATION_ID},
             {KRN_TABLE_TRIP, TRIP_TRIP_ID}};

#define N_NAMED (sizeof named / sizeof named[0])

static const char *folded(krn_arena *arena, const char *text)
{
    krni_writer w;
    krni_writer_init(&w, arena);
    krni_fold(&w, text);
    const char *out = krni_writer_text(&w);
    return out ? out : "";
}

/* A node that a row lies at; KRN_NO_ROW when it is nowhere in particular. */
static uint32_t node_of(const krn_package *p, krn_table table, uint32_t row)
{
    switch (table) {
    case KRN_TABLE_NODE:
        return row;
    case KRN_TABLE_LINK:
        return krni_ref(p, KRN_TABLE_LINK, row, LINK_FROM_NODE_ID);
    case KRN_TABLE_BORDER: {
        const uint32_t link = krni_ref(p, KRN_TABLE_BORDER, row, BORDER_LINK_ID);
        return link == KRN_NO_ROW ? KRN_NO_ROW : node_of(p, KRN_TABLE_LINK, link);
    }
    case KRN_TABLE_GAUGE_CHANGE:
        return krni_ref(p, KRN_TABLE_GAUGE_CHANGE, row, GAUGE_CHANGE_NODE_ID);
    case KRN_TABLE_OPERATION:
        return krni_ref(p, KRN_TABLE_OPERATION, row, OPERATION_NODE_ID);
    default:
        return KRN_NO_ROW;
    }
}

/* Rows of a table whose text in a column reads like the one asked for. */
static void add_alike(const krn_package *p, krn_table table, int column, const char *asked,
                      krn_arena *arena, krni_things *out)
{
    for (uint32_t i = 0; i < krn_package_rows(p, table) && *asked; i++)
        if (strcmp(folded(arena, krni_text(p, table, i, column)), asked) == 0)
            out->list[out->n++] = (krni_thing){table, i};
}

/* Rows of any table whose id begins with a text. */
static void add_beginning(const krn_package *p, const char *text, size_t size, krni_things *out)
{
    for (size_t t = 0; t < N_NAMED; t++)
        for (uint32_t i = 0; i < krn_package_rows(p, named[t].table); i++)
            if (strncmp(krni_text(p, named[t].table, i, named[t].key), text, size) == 0)
                out->list[out->n++] = (krni_thing){named[t].table, i};
}

/* What is known by an id, a name of a crossing or link, or the beginning of ids. */
static void find_named(const krn_package *p, const char *text, krn_arena *arena, krni_things *out)
{
    const size_t size = strlen(text);
    for (size_t t = 0; t < N_NAMED && !out->n; t++) {
        const uint32_t row = krn_package_find(p, named[t].table, text);
        if (row != KRN_NO_ROW)
            out->list[out->n++] = (krni_thing){named[t].table, row};
    }
    if (!out->n && size > 1 && text[size - 1] == '*')
        add_beginning(p, text, size - 1, out);
    const char *asked = folded(arena, text);
    if (!out->n)
        add_alike(p, KRN_TABLE_BORDER, BORDER_CROSSING, asked, arena, out);
    if (!out->n)
        add_alike(p, KRN_TABLE_LINK, LINK_NAME, asked, arena, out);
}

/* The id or crossing that is spelled most like a text, or NULL. */
static const char *nearest(const krn_package *p, const char *text, krn_arena *arena)
{
    size_t n = krn_package_rows(p, KRN_TABLE_BORDER), most = n;
    for (size_t t = 0; t < N_NAMED; t++)
        most += krn_package_rows(p, named[t].table);
    const char **words = krn_arena_calloc(arena, most + 1u, sizeof *words);
    if (!words)
        return NULL;
    for (uint32_t i = 0; i < n; i++)
        words[i] = krni_text(p, KRN_TABLE_BORDER, i, BORDER_CROSSING);
    for (size_t t = 0; t < N_NAMED; t++)
        for (uint32_t i = 0; i < krn_package_rows(p, named[t].table); i++)
            words[n++] = krni_text(p, named[t].table, i, named[t].key);
    assert(n == most);
    const int found = krni_nearest(text, words, n);
    return found < 0 ? NULL : words[found];
}

krn_status krni_things_find(const krn_network *network, const krn_place_index *places,
                            const char *text, krn_arena *arena, krni_things *out, krn_error *err)
{
    const krn_package *p = krn_network_package(network);
    uint32_t most = 1, node = KRN_NO_ROW;
    krn_error miss = {0};
    for (size_t t = 0; t < N_NAMED; t++)
        most += krn_package_rows(p, named[t].table);
    out->n = 0;
    out->list = krn_arena_calloc(arena, most, sizeof *out->list);
    if (!out->list)
        return krni_fail_memory(err);
    find_named(p, text, arena, out);
    if (out->n)
        return KRN_OK;
    const krn_status status = krn_place_resolve(places, text, &node, &miss);
    const char *near = status == KRN_E_NOT_FOUND ? nearest(p, text, arena) : NULL;
    if (near)
        return krni_fail(err, KRN_E_NOT_FOUND,
                         "\"%.80s\" is neither an id nor a place; did you mean %s?", text, near);
    if (status)
        return krni_fail(err, status, "%s", miss.text);
    out->list[out->n++] = (krni_thing){KRN_TABLE_NODE, node};
    return KRN_OK;
}

uint32_t krni_thing_node(const krn_package *package, const krni_thing *thing)
{
    return node_of(package, thing->table, thing->row);
}
