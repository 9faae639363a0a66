/* SPDX-License-Identifier: Apache-2.0 */
/* season.c - ice, storms, closures and convoys: which season lies on a node or link at an instant.
 *
 *   10 Dec ====== New Year ======[1 Feb  closed  10 Feb]====== 12 Mar
 *
 * Seasons are days of the year in the zone of the place (of a link: of its first end), both ends
 * included. Of several a closed one wins, then the longer typical delay, then the lower id. */
#include <keruen/calendar.h>

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/calendar_book.h"

#define MONTH_DAY_WEIGHT 100 /* MM-DD is read as MM * 100 + DD */

static int month_day(int32_t day)
{
    int year = 0;
    int month = 0;
    int day_of_month = 0;
    krn_day_to_civil(day, &year, &month, &day_of_month);
    return month * MONTH_DAY_WEIGHT + day_of_month;
}

static bool in_season(const krni_season *s, int32_t day)
{
    const int now = month_day(day);
    return s->from <= s->to ? s->from <= now && now <= s->to : now >= s->from || now <= s->to;
}

/* First local day after `day` on which a season begins or has ended. */
static int32_t next_change(const krni_season *s, int32_t day)
{
    const bool inside = in_season(s, day);
    int32_t best = day + KRNI_HORIZON_DAYS; /* all the year: ask again then */
    int year = 0;
    int month = 0;
    int day_of_month = 0;
    krn_day_to_civil(day, &year, &month, &day_of_month);
    for (int y = year; y <= year + 1; y++) {
        const int32_t first =
            krn_day_from_civil(y, s->from / MONTH_DAY_WEIGHT, s->from % MONTH_DAY_WEIGHT);
        const int32_t last =
            krn_day_from_civil(y, s->to / MONTH_DAY_WEIGHT, s->to % MONTH_DAY_WEIGHT);
        /* `last` itself: the 29th of February of another year is the 1st of March */
        const int32_t candidates[] = {first, last, last + 1};
        for (int i = 0; i < 3; i++)
            if (candidates[i] > day && candidates[i] < best &&
                in_season(s, candidates[i]) != inside)
                best = candidates[i];
    }
    return best;
}

static void add_seasons(const krn_calendar_book *book, uint32_t place, krn_time at,
                        krn_season_effect *effect, const krni_season **strongest)
{
    for (uint32_t i = book->first_season[place]; i < book->first_season[place + 1]; i++) {
        const krni_season *s = &book->seasons[i];
        const int32_t day = krni_zone_local_day(book, s->zone, at);
        const krn_time change = krni_zone_instant(book, s->zone, next_change(s, day), 0);
        if (change < effect->until)
            effect->until = change;
        if (!in_season(s, day))
            continue;
        const bool stronger = !*strongest || (s->closed && !(*strongest)->closed) ||
                              (s->closed == (*strongest)->closed &&
                               s->delay.typical_h > (*strongest)->delay.typical_h);
        if (stronger)
            *strongest = s;
    }
}

krn_season_effect krn_season_at(const krn_calendar_book *book, uint32_t node, uint32_t link,
                                krn_time at)
{
    krn_season_effect effect = {.row = KRN_NO_ROW, .until = INT64_MAX};
    const krni_season *strongest = NULL;
    if (node < book->n_nodes)
        add_seasons(book, node, at, &effect, &strongest);
    if (link < book->n_places - book->n_nodes)
        add_seasons(book, book->n_nodes + link, at, &effect, &strongest);
    if (strongest) {
        effect.closed = strongest->closed;
        effect.delay = strongest->delay;
        effect.row = strongest->row;
    }
    return effect;
}

/* ---- making ---- */

static int compare_seasons(const void *a, const void *b)
{
    const krni_season *x = a;
    const krni_season *y = b;
    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    return strcmp(x->id, y->id);
}

static krni_season read_season(const krn_calendar_book *book, const krn_package *package,
                               uint32_t row, uint32_t node, uint32_t link)
{
    const krn_table t = KRN_TABLE_SEASON;
    krni_season s = {.row = row, .id = krni_text(package, t, row, SEASON_SEASON_ID)};
    s.place = node != KRN_NO_ROW ? node : book->n_nodes + link;
    if (node == KRN_NO_ROW)
        node = krni_ref(package, KRN_TABLE_LINK, link, LINK_FROM_NODE_ID);
    s.zone = krni_zone_of_node(book, node);
    s.from = (int)krni_number(package, t, row, SEASON_FROM_MONTH_DAY);
    s.to = (int)krni_number(package, t, row, SEASON_TO_MONTH_DAY);
    s.closed = krni_number(package, t, row, SEASON_CLOSED) == 1.0;
    s.delay.low_h = krni_number_or(package, t, row, SEASON_DELAY_LOW_H, 0.0);
    s.delay.typical_h = krni_number_or(package, t, row, SEASON_DELAY_TYPICAL_H, s.delay.low_h);
    s.delay.high_h = krni_number_or(package, t, row, SEASON_DELAY_HIGH_H, s.delay.typical_h);
    return s;
}

krn_status krni_seasons_make(krn_calendar_book *book, const krn_package *package, krn_error *err)
{
    const uint32_t n_rows = krn_package_rows(package, KRN_TABLE_SEASON);
    book->n_places = book->n_nodes + krn_package_rows(package, KRN_TABLE_LINK);
    book->seasons = krn_arena_calloc(book->arena, 2 * (size_t)n_rows, sizeof *book->seasons);
    book->first_season =
        krn_arena_calloc(book->arena, (size_t)book->n_places + 1, sizeof *book->first_season);
    if (!book->seasons || !book->first_season)
        return krni_fail_memory(err);
    for (uint32_t row = 0; row < n_rows; row++) {
        const uint32_t node = krni_ref(package, KRN_TABLE_SEASON, row, SEASON_NODE_ID);
        const uint32_t link = krni_ref(package, KRN_TABLE_SEASON, row, SEASON_LINK_ID);
        if (node != KRN_NO_ROW)
            book->seasons[book->n_seasons++] = read_season(book, package, row, node, KRN_NO_ROW);
        if (link != KRN_NO_ROW)
            book->seasons[book->n_seasons++] = read_season(book, package, row, KRN_NO_ROW, link);
    }
    qsort(book->seasons, book->n_seasons, sizeof *book->seasons, compare_seasons);
    uint32_t next = 0;
    for (uint32_t place = 0; place <= book->n_places; place++) {
        while (next < book->n_seasons && book->seasons[next].place < place)
            next++;
        book->first_season[place] = next;
    }
    return KRN_OK;
}
