/* SPDX-License-Identifier: Apache-2.0 */
/* flow_check.c - flows against the tables that spread them: every flow finds a place at both ends,
 * and the shares of twelve months sum to 1.
 *
 * Groups of rows are found by sorting keys: four offsets of texts, which the pool holds once. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <keruen/demand.h>

#include "base/error.h"
#include "base/number.h"
#include "io/package_check.h"

#define MONTHS_TOLERANCE 1e-6

typedef struct row_key {
    uint32_t texts[4];
    uint32_t row;
} row_key;

static uint32_t text_at(const krn_package *p, krn_table table, uint32_t row, int column)
{
    const krni_rows *t = &p->tables[table];
    return t->cells[(size_t)row * t->n_columns + (uint32_t)column].text;
}

static int compare_texts(const row_key *x, const row_key *y)
{
    for (int i = 0; i < 4; i++)
        if (x->texts[i] != y->texts[i])
            return x->texts[i] < y->texts[i] ? -1 : 1;
    return 0;
}

static int compare_keys(const void *a, const void *b)
{
    const row_key *x = a, *y = b;
    const int order = compare_texts(x, y);
    return order ? order : x->row < y->row ? -1 : x->row > y->row;
}

/* Rows of a table with the texts of four columns (-1: none), sorted, malloc'd; NULL: no memory. */
static row_key *sorted_keys(const krn_package *p, krn_table table, const int columns[4])
{
    const uint32_t n = krn_package_rows(p, table);
    row_key *keys = calloc((size_t)n + 1, sizeof *keys);
    for (uint32_t row = 0; keys && row < n; row++) {
        keys[row].row = row;
        for (int i = 0; i < 4; i++)
            keys[row].texts[i] = columns[i] < 0 ? 0 : text_at(p, table, row, columns[i]);
    }
    if (keys)
        qsort(keys, n, sizeof *keys, compare_keys);
    return keys;
}

/* ---- places ---- */

typedef struct place_set {
    const krn_package *package;
    const row_key *keys;
    uint32_t n;
    uint32_t ends[2]; /* offsets of "origin" and "destination", 0: no row says so */
} place_set;

static bool has_place(const place_set *set, const row_key *wanted)
{
    uint32_t low = 0, high = set->n;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const int order = compare_texts(&set->keys[middle], wanted);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* Offset of the class of a flow's goods; 0 (blank) when they have none. */
static uint32_t class_of(const krn_package *p, uint32_t flow)
{
    const uint32_t unit = krni_ref(p, KRN_TABLE_FLOW, flow, FLOW_LOADING_UNIT),
                   commodity = krni_ref(p, KRN_TABLE_FLOW, flow, FLOW_COMMODITY);
    uint32_t out = 0;
    if (unit != KRN_NO_ROW)
        out = text_at(p, KRN_TABLE_LOADING_UNIT, unit, LOADING_UNIT_CARGO_CLASS);
    if (!out && commodity != KRN_NO_ROW)
        out = text_at(p, KRN_TABLE_COMMODITY, commodity, COMMODITY_CARGO_CLASS);
    return out;
}

/* By commodity, by class, by neither. */
static bool end_is_known(const place_set *set, uint32_t flow, int end, int column)
{
    const krn_package *p = set->package;
    const uint32_t country = text_at(p, KRN_TABLE_FLOW, flow, column);
    const row_key wanted[3] = {
        {{set->ends[end], country, text_at(p, KRN_TABLE_FLOW, flow, FLOW_COMMODITY), 0}, 0},
        {{set->ends[end], country, 0, class_of(p, flow)}, 0},
        {{set->ends[end], country, 0, 0}, 0}};
    return has_place(set, &wanted[0]) || has_place(set, &wanted[1]) || has_place(set, &wanted[2]);
}

static krn_status check_places(const krn_package *p, krn_faults *faults, krn_error *err)
{
    static const int columns[4] = {FLOW_PLACE_END, FLOW_PLACE_COUNTRY, FLOW_PLACE_COMMODITY,
                                   FLOW_PLACE_CARGO_CLASS};
    static const int countries[2] = {FLOW_ORIGIN_COUNTRY, FLOW_DESTINATION_COUNTRY};
    row_key *keys = sorted_keys(p, KRN_TABLE_FLOW_PLACE, columns);
    place_set set = {p, keys, krn_package_rows(p, KRN_TABLE_FLOW_PLACE), {0, 0}};
    if (!keys)
        return krni_fail_memory(err);
    for (uint32_t row = 0; row < set.n; row++) {
        const char end = krni_text(p, KRN_TABLE_FLOW_PLACE, row, FLOW_PLACE_END)[0];
        if (end)
            set.ends[end == 'd'] = text_at(p, KRN_TABLE_FLOW_PLACE, row, FLOW_PLACE_END);
    }
    for (uint32_t flow = 0; flow < krn_package_rows(p, KRN_TABLE_FLOW); flow++)
        for (int end = 0; end < 2; end++) {
            const char *country = krni_text(p, KRN_TABLE_FLOW, flow, countries[end]);
            if (*country && (!set.ends[end] || !end_is_known(&set, flow, end, countries[end])))
                krni_fault_at(faults, p, KRN_TABLE_FLOW, flow, countries[end], country,
                              "a country with a place in flow_place.csv for these goods");
        }
    free(keys);
    return KRN_OK;
}

/* ---- months ---- */

static krn_status check_months(const krn_package *p, krn_faults *faults, krn_error *err)
{
    static const int columns[4] = {FLOW_MONTH_COMMODITY, FLOW_MONTH_CARGO_CLASS,
                                   FLOW_MONTH_ORIGIN_COUNTRY, -1};
    const uint32_t n = krn_package_rows(p, KRN_TABLE_FLOW_MONTH);
    row_key *keys = sorted_keys(p, KRN_TABLE_FLOW_MONTH, columns);
    if (!keys)
        return krni_fail_memory(err);
    for (uint32_t begin = 0, end; begin < n; begin = end) {
        double sum = 0.0;
        for (end = begin; end < n && compare_texts(&keys[begin], &keys[end]) == 0; end++)
            sum += krni_number_or(p, KRN_TABLE_FLOW_MONTH, keys[end].row, FLOW_MONTH_SHARE, 0.0);
        if (end - begin == KRN_MONTHS && fabs(sum - 1.0) <= MONTHS_TOLERANCE)
            continue;
        char found[64], text[KRNI_NUMBER_EXACT_SIZE];
        krni_number_exact(sum, 9, text);
        (void)snprintf(found, sizeof found, "%u rows, sum %s", end - begin, text);
        krni_fault_at(faults, p, KRN_TABLE_FLOW_MONTH, keys[begin].row, FLOW_MONTH_SHARE, found,
                      "a row for each of twelve months, shares that sum to 1");
    }
    free(keys);
    return KRN_OK;
}

krn_status krni_check_flows(const krn_package *package, krn_faults *faults, krn_error *err)
{
    const krn_status status = check_places(package, faults, err);
    return status ? status : check_months(package, faults, err);
}
