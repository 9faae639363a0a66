/* SPDX-License-Identifier: Apache-2.0 */
/* zone.c - time zones by data: offsets of timezone.csv, local days and instants.
 *
 * A zone is a list of days from which an offset holds; the change comes at 00:00 of that day by the
 * offset before it. Before its first day a zone has its first offset. Nothing here asks the
 * machine: no TZ, no locale. */
#include "model/zone.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/calendar_book.h"

int32_t krni_zone_offset_at(const krn_calendar_book *book, uint32_t zone_index, krn_time at)
{
    if (zone_index >= book->n_zones)
        return 0;
    const krni_zone *z = &book->zones[zone_index];
    uint32_t low = 0;
    uint32_t high = z->n_spans;
    while (high - low > 1) {
        const uint32_t middle = low + (high - low) / 2;
        if (book->spans[z->first_span + middle].from <= at)
            low = middle;
        else
            high = middle;
    }
    return book->spans[z->first_span + low].offset_s;
}

krn_time krni_zone_to_utc(const krn_calendar_book *book, uint32_t zone_index, krn_time local)
{
    const int32_t day_before =
        krni_zone_offset_at(book, zone_index, local - 2 * KRN_SECONDS_PER_DAY);
    const krn_time early = local - day_before;
    if (krni_zone_offset_at(book, zone_index, early) == day_before)
        return early;
    const int32_t after = krni_zone_offset_at(book, zone_index, early + KRN_SECONDS_PER_DAY);
    const krn_time late = local - after;
    return krni_zone_offset_at(book, zone_index, late) == after ? late : early;
}

uint32_t krni_zone_of_node(const krn_calendar_book *book, uint32_t node)
{
    return node < book->n_nodes ? book->node_zone[node] : KRNI_NO_ZONE;
}

int32_t krn_zone_offset(const krn_calendar_book *book, uint32_t node, krn_time at)
{
    return krni_zone_offset_at(book, krni_zone_of_node(book, node), at);
}

int32_t krni_zone_local_day(const krn_calendar_book *book, uint32_t zone_index, krn_time at)
{
    return (int32_t)krni_floor_div(at + krni_zone_offset_at(book, zone_index, at),
                                   KRN_SECONDS_PER_DAY);
}

int32_t krn_local_day(const krn_calendar_book *book, uint32_t node, krn_time at)
{
    return krni_zone_local_day(book, krni_zone_of_node(book, node), at);
}

krn_time krni_zone_instant(const krn_calendar_book *book, uint32_t zone_index, int32_t day,
                           int minute)
{
    return krni_zone_to_utc(book, zone_index,
                            (krn_time)day * KRN_SECONDS_PER_DAY + (krn_time)minute * KRNI_MINUTE);
}

/* ---- making ---- */

typedef struct zone_row {
    const char *name;
    int32_t from;
    int32_t offset_s;
} zone_row;

static int compare_zone_rows(const void *a, const void *b)
{
    const zone_row *x = a;
    const zone_row *y = b;
    const int names = strcmp(x->name, y->name);
    return names ? names : (x->from > y->from) - (x->from < y->from);
}

static krn_status make_spans(krn_calendar_book *book, const krn_package *package, krn_error *err)
{
    const krn_table t = KRN_TABLE_TIMEZONE;
    const uint32_t n = krn_package_rows(package, t);
    zone_row *rows = krn_arena_alloc(book->arena, n * sizeof *rows);
    book->zones = krn_arena_calloc(book->arena, n, sizeof *book->zones);
    book->spans = krn_arena_calloc(book->arena, n, sizeof *book->spans);
    if (!rows || !book->zones || !book->spans)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < n; i++)
        rows[i] =
            (zone_row){krni_text(package, t, i, TIMEZONE_ZONE),
                       (int32_t)krni_number(package, t, i, TIMEZONE_VALID_FROM),
                       (int32_t)krni_number(package, t, i, TIMEZONE_OFFSET_MIN) * KRNI_MINUTE};
    qsort(rows, n, sizeof *rows, compare_zone_rows);
    for (uint32_t i = 0; i < n; i++) {
        const bool first = i == 0 || strcmp(rows[i - 1].name, rows[i].name) != 0;
        if (first)
            book->zones[book->n_zones++] = (krni_zone){rows[i].name, i, 0};
        book->spans[i].offset_s = rows[i].offset_s;
        book->spans[i].from =
            first ? INT64_MIN : (krn_time)rows[i].from * KRN_SECONDS_PER_DAY - rows[i - 1].offset_s;
        book->zones[book->n_zones - 1].n_spans++;
    }
    return KRN_OK;
}

static uint32_t find_zone(const krn_calendar_book *book, const char *name)
{
    uint32_t low = 0;
    uint32_t high = book->n_zones;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const int order = strcmp(book->zones[middle].name, name);
        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return KRNI_NO_ZONE;
}

static krn_status make_node_zones(krn_calendar_book *book, const krn_package *package,
                                  krn_error *err)
{
    book->n_nodes = krn_package_rows(package, KRN_TABLE_NODE);
    book->node_zone = krn_arena_alloc(book->arena, book->n_nodes * sizeof *book->node_zone);
    if (!book->node_zone)
        return krni_fail_memory(err);
    for (uint32_t node = 0; node < book->n_nodes; node++) {
        const char *name = krni_text(package, KRN_TABLE_NODE, node, NODE_TIMEZONE);
        book->node_zone[node] = find_zone(book, name);
        if (book->node_zone[node] == KRNI_NO_ZONE)
            return krni_fail(err, KRN_E_NOT_FOUND,
                             "%s:%u: kr_timezone: %s: a zone of timezone.csv was expected",
                             krn_package_row_file(package, KRN_TABLE_NODE, node),
                             krn_package_row_line(package, KRN_TABLE_NODE, node), name);
    }
    return KRN_OK;
}

krn_status krni_zones_make(krn_calendar_book *book, const krn_package *package, krn_error *err)
{
    const krn_status status = make_spans(book, package, err);
    return status ? status : make_node_zones(book, package, err);
}

int32_t krni_zone_offset_named(const krn_calendar_book *book, const char *name, krn_time at)
{
    return krni_zone_offset_at(book, find_zone(book, name), at);
}
