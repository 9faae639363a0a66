/* SPDX-License-Identifier: Apache-2.0 */
/* calendar.c - civil days, texts of instants, opening hours.
 *
 *   local day    |----- 08:00 ===== 12:00 --- 13:00 ===== 18:00 -----|   hours of the weekday
 *   holiday      |---------------------------------------------------|   closed
 *   24:00 of a day and 00:00 of the next one are the same instant: such intervals are one window.
 *
 * Days and dates: proleptic Gregorian calendar, counted in eras of 400 years of 146,097 days. */
#include <keruen/calendar.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "model/calendar_book.h"

#define MAX_WINDOW_DAYS 40000
#define DAYS_PER_ERA    146097
#define DAYS_TO_1970    719468 /* from 0000-03-01 */

/* ---- days ---- */

int32_t krn_day_from_civil(int year, int month, int day)
{
    /* years begin in March, so that a leap day is the last day of its year */
    const int y = month <= 2 ? year - 1 : year;
    const int era = (y >= 0 ? y : y - 399) / 400;
    const int year_of_era = y - era * 400;
    const int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_PER_ERA + day_of_era - DAYS_TO_1970;
}

void krn_day_to_civil(int32_t day, int *year, int *month, int *day_of_month)
{
    const int64_t z = (int64_t)day + DAYS_TO_1970;
    const int64_t era = (z >= 0 ? z : z - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
    const int day_of_era = (int)(z - era * DAYS_PER_ERA);
    const int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int m = (5 * day_of_year + 2) / 153;
    *day_of_month = day_of_year - (153 * m + 2) / 5 + 1;
    *month = m < 10 ? m + 3 : m - 9;
    *year = (int)(year_of_era + era * 400) + (*month <= 2 ? 1 : 0);
}

krn_status krn_day_parse(const char *text, int32_t *out_day, krn_error *err)
{
    if (text && krni_date_read(text, strlen(text), false, out_day))
        return KRN_OK;
    return krni_fail(err, KRN_E_ARG, "date '%.40s': YYYY-MM-DD of 1900 to 2199 was expected",
                     text ? text : "");
}

/* 0 Monday .. 6 Sunday; 1970-01-01 was a Thursday. */
static int weekday(int32_t day)
{
    return (int)(((int64_t)day % 7 + 7 + 3) % 7);
}
/* ---- texts of instants ---- */

/* Reads exactly n digits. */
static bool read_digits(const char **at, int n, int *out)
{
    int value = 0;
    for (int i = 0; i < n; i++) {
        const char c = (*at)[i];
        if (c < '0' || c > '9')
            return false;
        value = value * 10 + (c - '0');
    }
    *at += n;
    *out = value;
    return true;
}

/* "HH:MM" or "HH:MM:SS" in seconds of the day; 24:00 is its end. */
static bool read_clock(const char **at, int32_t *out_s)
{
    int hour = 0;
    int minute = 0;
    int second = 0;
    if (!read_digits(at, 2, &hour) || *(*at)++ != ':' || !read_digits(at, 2, &minute))
        return false;
    if (**at == ':') {
        (*at)++;
        if (!read_digits(at, 2, &second))
            return false;
    }
    if (minute > 59 || second > 59 || hour > 24 || (hour == 24 && minute + second > 0))
        return false;
    *out_s = (hour * 60 + minute) * KRNI_MINUTE + second;
    return true;
}

/* "Z", "+05:00", "-0330"; *out_known false when the text ends here. */
static bool read_offset(const char **at, bool *out_known, int32_t *out_s)
{
    *out_known = **at != '\0';
    *out_s = 0;
    if (!*out_known)
        return true;
    if (**at == 'Z' || **at == 'z') {
        (*at)++;
        return **at == '\0';
    }
    if (**at != '+' && **at != '-')
        return false;
    const int32_t sign = *(*at)++ == '-' ? -1 : 1;
    int hour = 0;
    int minute = 0;
    if (!read_digits(at, 2, &hour))
        return false;
    if (**at == ':')
        (*at)++;
    if (!read_digits(at, 2, &minute) || hour > 14 || minute > 59 || **at != '\0')
        return false;
    *out_s = sign * (hour * 60 + minute) * KRNI_MINUTE;
    return true;
}

krn_status krn_time_parse(const krn_calendar_book *book, uint32_t node, const char *text,
                          bool end_of_day, krn_time *out, krn_error *err)
{
    const char *at = text ? text : "";
    int32_t day = 0;
    int32_t clock_s = end_of_day ? KRN_SECONDS_PER_DAY - 1 : 0;
    int32_t offset_s = 0;
    bool offset_known = false;
    if (strlen(at) < 10 || !krni_date_read(at, 10, false, &day))
        goto wrong;
    at += 10;
    if (*at == 'T' || *at == 't' || *at == ' ') {
        at++;
        if (!read_clock(&at, &clock_s))
            goto wrong;
    }
    if (!read_offset(&at, &offset_known, &offset_s))
        goto wrong;
    const krn_time local = (krn_time)day * KRN_SECONDS_PER_DAY + clock_s;
    *out = offset_known ? local - offset_s
                        : krni_zone_to_utc(book, krni_zone_of_node(book, node), local);
    return KRN_OK;
wrong:
    return krni_fail(err, KRN_E_ARG,
                     "time '%.60s': 2026-12-01 or 2026-12-01T08:30, with Z or +05:00 behind it if "
                     "not local, was expected (years 1900 to 2199)",
                     text ? text : "");
}

void krn_time_text(const krn_calendar_book *book, uint32_t node, krn_time at, char *out,
                   size_t size)
{
    if (size == 0)
        return;
    if (at == KRN_TIME_NONE) {
        (void)snprintf(out, size, "-");
        return;
    }
    const int32_t offset_s = krn_zone_offset(book, node, at);
    const krn_time local = at + offset_s;
    const int64_t day = krni_floor_div(local, KRN_SECONDS_PER_DAY);
    const int second = (int)(local - day * KRN_SECONDS_PER_DAY);
    const int offset_min = abs(offset_s) / KRNI_MINUTE;
    int year = 0;
    int month = 0;
    int day_of_month = 0;
    krn_day_to_civil((int32_t)day, &year, &month, &day_of_month);
    (void)snprintf(out, size, "%04d-%02d-%02dT%02d:%02d%c%02d:%02d", year, month, day_of_month,
                   second / KRN_SECONDS_PER_HOUR, second / KRNI_MINUTE % 60,
                   offset_s < 0 ? '-' : '+', offset_min / 60, offset_min % 60);
}

/* ---- opening hours ---- */

static bool is_holiday(const krn_calendar_book *book, krn_country country, int32_t day)
{
    uint32_t low = 0;
    uint32_t high = book->n_holidays;
    while (low < high) { /* first holiday of the country or a later one */
        const uint32_t middle = low + (high - low) / 2;
        if (book->holidays[middle].country < country)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < book->n_holidays && book->holidays[low].country == country; low++) {
        const krni_holiday *h = &book->holidays[low];
        if (h->from > day)
            return false;
        if (day <= h->to)
            return true;
    }
    return false;
}

/* Hours of a local day; none on a holiday. */
static const krni_weekday_hours *hours_of(const krn_calendar_book *book, const krni_opening *o,
                                          int32_t day)
{
    static const krni_weekday_hours closed = {0};
    if (o->holiday_country && is_holiday(book, o->holiday_country, day))
        return &closed;
    return &o->days[weekday(day)];
}

krn_time krn_calendar_next_open(const krn_calendar_book *book, uint32_t calendar, uint32_t node,
                                krn_time at)
{
    if (calendar >= book->n_openings)
        return at;
    const krni_opening *o = &book->openings[calendar];
    const uint32_t z = krni_zone_of_node(book, node);
    const int32_t first = krni_zone_local_day(book, z, at) - 1;
    for (int32_t day = first; day <= first + KRNI_HORIZON_DAYS + 1; day++) {
        const krni_weekday_hours *hours = hours_of(book, o, day);
        for (int i = 0; i < hours->n; i++) {
            const krn_time close = krni_zone_instant(book, z, day, hours->intervals[i].close_min);
            if (close < at)
                continue;
            const krn_time open = krni_zone_instant(book, z, day, hours->intervals[i].open_min);
            return open > at ? open : at;
        }
    }
    return KRN_TIME_NONE;
}

/* Appends [open, close] clipped to [from, to], or widens the last window when they touch. */
static void add_window(krn_time open, krn_time close, krn_time from, krn_time to, uint32_t *n,
                       krn_time *opens, krn_time *closes)
{
    open = open > from ? open : from;
    close = close < to ? close : to;
    if (close < open)
        return;
    if (*n > 0 && open <= closes[*n - 1]) {
        if (close > closes[*n - 1])
            closes[*n - 1] = close;
        return;
    }
    opens[*n] = open;
    closes[*n] = close;
    (*n)++;
}

krn_status krn_calendar_windows(const krn_calendar_book *book, uint32_t calendar, uint32_t node,
                                krn_time from, krn_time to, krn_arena *arena, uint32_t *out_n,
                                krn_time **out_open, krn_time **out_close, krn_error *err)
{
    *out_n = 0;
    *out_open = NULL;
    *out_close = NULL;
    if (to < from)
        return KRN_OK;
    const uint32_t z = krni_zone_of_node(book, node);
    const bool always = calendar >= book->n_openings;
    size_t capacity = 1;
    int32_t first = 0;
    int32_t last = 0;
    if (!always) {
        if (to - from > (krn_time)MAX_WINDOW_DAYS * KRN_SECONDS_PER_DAY)
            return krni_fail(err, KRN_E_LIMIT, "opening hours are listed for at most %d days",
                             MAX_WINDOW_DAYS);
        first = krni_zone_local_day(book, z, from) - 1;
        last = krni_zone_local_day(book, z, to) + 1;
        capacity = (size_t)(last - first + 1) * KRNI_MAX_INTERVALS;
    }
    krn_time *opens = krn_arena_alloc(arena, capacity * sizeof *opens);
    krn_time *closes = krn_arena_alloc(arena, capacity * sizeof *closes);
    if (!opens || !closes)
        return krni_fail_memory(err);
    if (always)
        add_window(from, to, from, to, out_n, opens, closes);
    for (int32_t day = first; !always && day <= last; day++) {
        const krni_weekday_hours *hours = hours_of(book, &book->openings[calendar], day);
        for (int i = 0; i < hours->n; i++)
            add_window(krni_zone_instant(book, z, day, hours->intervals[i].open_min),
                       krni_zone_instant(book, z, day, hours->intervals[i].close_min), from, to,
                       out_n, opens, closes);
    }
    *out_open = opens;
    *out_close = closes;
    return KRN_OK;
}

/* ---- making the book ---- */

/* "08:00-12:00;13:00-18:00"; false when it is something else. */
static bool read_hours(const char *text, krni_weekday_hours *out)
{
    const char *item;
    size_t length;
    while ((item = krni_list_next(&text, &length))) {
        int32_t open_s = 0;
        int32_t close_s = 0;
        if (length != 11 || out->n == KRNI_MAX_INTERVALS || item[5] != '-')
            return false;
        char copy[12];
        memcpy(copy, item, 11);
        copy[5] = copy[11] = '\0';
        const char *open = copy;
        const char *close = copy + 6;
        if (!read_clock(&open, &open_s) || !read_clock(&close, &close_s) || close_s <= open_s)
            return false;
        if (out->n > 0 && open_s / KRNI_MINUTE < out->intervals[out->n - 1].close_min)
            return false;
        out->intervals[out->n].open_min = (int16_t)(open_s / KRNI_MINUTE);
        out->intervals[out->n].close_min = (int16_t)(close_s / KRNI_MINUTE);
        out->n++;
    }
    return true;
}

static krn_status make_openings(krn_calendar_book *book, const krn_package *package, krn_error *err)
{
    book->n_openings = krn_package_rows(package, KRN_TABLE_CALENDAR);
    book->openings = krn_arena_calloc(book->arena, book->n_openings, sizeof *book->openings);
    if (!book->openings)
        return krni_fail_memory(err);
    for (uint32_t row = 0; row < book->n_openings; row++) {
        krni_opening *o = &book->openings[row];
        o->holiday_country = krn_country_parse(
            krni_text(package, KRN_TABLE_CALENDAR, row, CALENDAR_HOLIDAY_COUNTRY));
        for (int d = 0; d < 7; d++) {
            const char *hours = krni_text(package, KRN_TABLE_CALENDAR, row, CALENDAR_MONDAY + d);
            if (!read_hours(hours, &o->days[d]))
                return krni_fail(err, KRN_E_DATA,
                                 "%s:%u: %s: %s: at most %d opening hours HH:MM-HH:MM expected",
                                 krn_package_row_file(package, KRN_TABLE_CALENDAR, row),
                                 krn_package_row_line(package, KRN_TABLE_CALENDAR, row),
                                 krn_package_column_name(package, KRN_TABLE_CALENDAR,
                                                         (uint32_t)(CALENDAR_MONDAY + d)),
                                 hours, KRNI_MAX_INTERVALS);
        }
    }
    return KRN_OK;
}

static int compare_holidays(const void *a, const void *b)
{
    const krni_holiday *x = a;
    const krni_holiday *y = b;
    if (x->country != y->country)
        return x->country < y->country ? -1 : 1;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->to < y->to ? -1 : x->to > y->to;
}

static krn_status make_holidays(krn_calendar_book *book, const krn_package *package, krn_error *err)
{
    book->n_holidays = krn_package_rows(package, KRN_TABLE_HOLIDAY);
    book->holidays = krn_arena_calloc(book->arena, book->n_holidays, sizeof *book->holidays);
    if (!book->holidays)
        return krni_fail_memory(err);
    for (uint32_t row = 0; row < book->n_holidays; row++) {
        krni_holiday *h = &book->holidays[row];
        h->country = krn_country_parse(krni_text(package, KRN_TABLE_HOLIDAY, row, HOLIDAY_COUNTRY));
        h->from = (int32_t)krni_number(package, KRN_TABLE_HOLIDAY, row, HOLIDAY_DATE_FROM);
        h->to = (int32_t)krni_number(package, KRN_TABLE_HOLIDAY, row, HOLIDAY_DATE_TO);
    }
    qsort(book->holidays, book->n_holidays, sizeof *book->holidays, compare_holidays);
    return KRN_OK;
}

krn_status krn_calendar_book_new(const krn_package *package, krn_calendar_book **out,
                                 krn_error *err)
{
    *out = NULL;
    krn_status status = KRN_OK;
    krn_arena *arena = krn_arena_new(NULL, 0);
    krn_calendar_book *book = arena ? krn_arena_calloc(arena, 1, sizeof *book) : NULL;
    if (!book) {
        status = krni_fail_memory(err);
        goto done;
    }
    book->arena = arena;
    status = krni_zones_make(book, package, err);
    if (!status)
        status = make_openings(book, package, err);
    if (!status)
        status = make_holidays(book, package, err);
    if (!status)
        status = krni_seasons_make(book, package, err);
done:
    if (status)
        krn_arena_free(arena);
    else
        *out = book;
    return status;
}

void krn_calendar_book_free(krn_calendar_book *book)
{
    if (book)
        krn_arena_free(book->arena);
}
