/* SPDX-License-Identifier: Apache-2.0 */
/* mini_network.c - the mini package as a network. */
#include "support/mini_network.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <keruen/io.h>

#include "model/network_data.h"
#include "model/tables.h"

#define MAX_ROWS 4096

static void stop(const char *what, const char *where)
{
    fprintf(stderr, "mini_network: %s: %s\n", what, where);
    abort();
}

krn_package *mini_network_load(const char *folder)
{
    char path[1024];
    krn_error err;
    krn_package *package = NULL;
    (void)snprintf(path, sizeof path, "%s/%s", KRN_SOURCE_DIR, folder);
    if (krn_package_load(path, NULL, 0, NULL, &package, &err))
        stop(err.text, path);
    return package;
}

static uint32_t row_of(const krn_package *package, krn_table table, const char *key)
{
    const uint32_t row = key[0] == '#' ? (uint32_t)strtoul(key + 1, NULL, 10)
                                       : krn_package_find(package, table, key);
    if (row >= krn_package_rows(package, table))
        stop("no such row", key);
    return row;
}

static void set_cell(krni_builder *builder, krn_table table, uint32_t row, int column,
                     const char *text)
{
    char expected[KRNI_EXPECTED_SIZE];
    double number = NAN;
    const krni_table *t = krni_schema(table);
    if (*text && !krni_cell_parse(t, &t->columns[column], text, &number, expected, sizeof expected))
        stop(expected, text);
    const uint32_t offset = krni_builder_text(builder, text, strlen(text));
    krni_cell *cell = krni_builder_cell(builder, table, row, (uint32_t)column);
    if (!cell || offset == UINT32_MAX)
        stop("no memory", text);
    cell->text = offset;
    cell->number = number;
}

krn_package *mini_network_edit(krn_package *base, const mini_edit *edits, uint32_t n)
{
    static const mini_edit none = {KRN_TABLE_COUNT, NULL, NULL, NULL};
    krn_error err;
    krn_package *package = NULL;
    krni_builder *builder = krni_builder_from(base);
    if (!builder)
        stop("no memory", "builder");
    for (uint32_t i = 0; i < n; i++) {
        const mini_edit *e = edits ? &edits[i] : &none;
        if (!e->column)
            continue;
        const int column = krn_package_column(base, e->table, e->column);
        if (column < 0)
            stop("no such column", e->column);
        set_cell(builder, e->table, row_of(base, e->table, e->key), column, e->text);
    }
    for (int t = 0; t < KRN_TABLE_COUNT; t++) {
        bool marks[MAX_ROWS] = {false};
        bool any = false;
        for (uint32_t i = 0; i < n; i++)
            if (!edits[i].column && edits[i].table == (krn_table)t)
                any = marks[row_of(base, (krn_table)t, edits[i].key)] = true;
        if (any && !krni_builder_remove(builder, (krn_table)t, marks))
            stop("no memory", "remove");
    }
    if (krni_builder_finish(builder, &package, &err))
        stop(err.text, "finish");
    krn_package_free(base);
    return package;
}

/* A permutation of 0 .. n - 1 (splitmix64, Fisher-Yates). */
static void permute(uint32_t *order, uint32_t n, uint64_t *seed)
{
    for (uint32_t i = 0; i < n; i++)
        order[i] = i;
    for (uint32_t i = n; i > 1; i--) {
        uint64_t z = *seed += 0x9e3779b97f4a7c15u;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        const uint32_t j = (uint32_t)((z ^ (z >> 31)) % i);
        const uint32_t held = order[i - 1];
        order[i - 1] = order[j];
        order[j] = held;
    }
}

krn_package *mini_network_shuffle(krn_package *base, uint64_t seed)
{
    krn_error err;
    krn_package *package = NULL;
    krni_builder *builder = krni_builder_new("shuffled");
    for (int t = 0; t < KRN_TABLE_COUNT; t++) {
        const krn_table table = (krn_table)t;
        const uint32_t n_rows = krn_package_rows(base, table);
        uint32_t *order = calloc(n_rows + 1, sizeof *order);
        if (!order || krni_builder_table(builder, table, NULL, 0, &err))
            stop("no memory", "shuffle");
        permute(order, n_rows, &seed);
        for (uint32_t i = 0; i < n_rows; i++) {
            const uint32_t row = krni_builder_row(builder, table, 0, i + 2);
            for (int c = 0; c < krni_schema(table)->n_columns; c++) {
                const char *text = krni_text(base, table, order[i], c);
                const uint32_t offset = krni_builder_text(builder, text, strlen(text));
                krni_cell *cell = krni_builder_cell(builder, table, row, (uint32_t)c);
                cell->text = offset;
                cell->number = krni_number(base, table, order[i], c);
            }
        }
        free(order);
    }
    if (krni_builder_finish(builder, &package, &err))
        stop(err.text, "finish");
    krn_package_free(base);
    return package;
}

static int32_t the_day(void)
{
    return krn_day_from_civil(2026, 3, 2);
}

krn_network *mini_network_compile(krn_package *package)
{
    krn_network *network = NULL;
    krn_error err;
    if (krn_network_compile(package, the_day(), &network, &err))
        stop(err.text, "compile");
    return network;
}

krn_network *mini_network(const mini_edit *edits, uint32_t n)
{
    krn_package *package = mini_network_load("tests/support/mini");
    return mini_network_compile(n ? mini_network_edit(package, edits, n) : package);
}

krn_status mini_network_fails(const mini_edit *edits, uint32_t n, krn_error *err)
{
    krn_network *network = NULL;
    krn_package *package = mini_network_edit(mini_network_load("tests/support/mini"), edits, n);
    const krn_status st = krn_network_compile(package, the_day(), &network, err);
    if (st)
        krn_package_free(package); /* a failed compile leaves the package with its caller */
    else
        krn_network_free(network);
    return st;
}

uint32_t mini_row(const krn_network *network, krn_table table, const char *key)
{
    return row_of(network->package, table, key);
}

static bool fits(const krn_network *network, uint32_t i, krn_activity_kind kind, const char *from,
                 krn_side from_side, const char *to, krn_side to_side, const char *law)
{
    krn_activity a;
    krn_network_activity(network, (krn_activity_id){i}, &a);
    const krn_package *p = network->package;
    return a.kind == kind && a.from_side == from_side && a.to_side == to_side &&
           strcmp(krni_text(p, KRN_TABLE_NODE, a.from_node, NODE_NODE_ID), from) == 0 &&
           strcmp(krni_text(p, KRN_TABLE_NODE, a.to_node, NODE_NODE_ID), to) == 0 &&
           (!law || strcmp(krni_text(p, (krn_table)a.figure.table, a.figure.row, 0), law) == 0);
}

uint32_t mini_count(const krn_network *network, krn_activity_kind kind, const char *from,
                    krn_side from_side, const char *to, krn_side to_side, const char *law)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < network->n_activities; i++)
        n += fits(network, i, kind, from, from_side, to, to_side, law);
    return n;
}

uint32_t mini_activity(const krn_network *network, krn_activity_kind kind, const char *from,
                       krn_side from_side, const char *to, krn_side to_side, const char *law)
{
    if (mini_count(network, kind, from, from_side, to, to_side, law) != 1)
        stop(krn_activity_kind_name(kind), from);
    uint32_t i = 0;
    while (!fits(network, i, kind, from, from_side, to, to_side, law))
        i++;
    return i;
}
