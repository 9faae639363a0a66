/* SPDX-License-Identifier: Apache-2.0 */
/* calendar.c - civil days, zones by data, opening hours, seasons, texts of instants.
 *
 *   local day    |----- 08:00 ===== 12:00 --- 13:00 ===== 18:00 -----|   hours of the weekday
 *   holiday      |------------------------------------------------- -|   closed
 *   24:00 of a day and 00:00 of the next one are the same instant: such intervals are one window.
 *
 * A zone is a list of days from which an offset holds; the change comes at 00:00 of that day by the
 * offset before it. Before its first day a zone has its first offset. Nothing here asks the
 * machine: no TZ, no locale.
 *
 * Days and dates: proleptic Gregorian calendar, counted in eras of 400 years of 146,097 days. */
#include <keruen/calendar.h>

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "model/tables.h"
#include "model/zone.h"

#define MINUTE           60
#define MINUTES_PER_DAY  1440
#define HORIZON_DAYS     400
#define MAX_INTERVALS    8 /* of a day */
#define MAX_WINDOW_DAYS  40000
#define DAYS_PER_ERA     146097
#define DAYS_TO_1970     719468 /* from 0000-03-01 */
#define MONTH_DAY_WEIGHT 100    /* MM-DD is read as MM * 100 + DD */
#define NO_ZONE          UINT32_MAX

typedef struct offset_span {
    krn_time from; /* first instant of the offset; INT64_MIN for the first span of a zone */
    int32_t offset_s;
} offset_span;

typedef struct zone {
    const char *name;
    uint32_t first_span;
    uint32_t n_spans;
} zone;

typedef struct interval {
    int16_t open_min;
    int16_t close_min; /* 1440: 24:00 */
} interval;

typedef struct weekday_hours {
    uint8_t n;
    interval intervals[MAX_INTERVALS];
} weekday_hours;

typedef struct opening {
    weekday_hours days[7]; /* Monday first */
    krn_country holiday_country;
} opening;

typedef struct holiday {
    krn_country country;
    int32_t from;
    int32_t to;
} holiday;

typedef struct season {
    uint32_t row;
    uint32_t place; /* node row, or number of nodes + link row */
    const char *id;
    uint32_t zone;
    int from; /* MMDD */
    int to;
    bool closed;
    krn_duration delay;
} season;

struct krn_calendar_book {
    krn_arena *arena;
    uint32_t n_nodes;
    uint32_t n_zones;
    zone *zones; /* by name */
    offset_span *spans;
    uint32_t *node_zone;
    uint32_t n_openings;
    opening *openings;
    uint32_t n_holidays;
    holiday *holidays; /* by country, then day */
    uint32_t n_seasons;
    season *seasons;        /* by place, strongest first */
    uint32_t *first_season; /* places + 1 */
    uint32_t n_places;
};

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

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b != 0 && (a % b < 0) != (b < 0) ? 1 : 0);
}

/* 0 Monday .. 6 Sunday; 1970-01-01 was a Thursday. */
static int weekday(int32_t day)
{
    return (int)(((int64_t)day % 7 + 7 + 3) % 7);
}

/* ---- zones ---- */

static int32_t offset_at(const krn_calendar_book *book, uint32_t zone_index, krn_time at)
{
    if (zone_index >= book->n_zones)
        return 0;
    const zone *z = &book->zones[zone_index];
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

/* Instant of a local time; of two (clocks set back) the first, in a gap by the offset before it. */
static krn_time to_utc(const krn_calendar_book *book, uint32_t zone_index, krn_time local)
{
    const int32_t day_before = offset_at(book, zone_index, local - 2 * KRN_SECONDS_PER_DAY);
    const krn_time early = local - day_before;
    if (offset_at(book, zone_index, early) == day_before)
        return early;
    const int32_t after = offset_at(book, zone_index, early + KRN_SECONDS_PER_DAY);
    const krn_time late = local - after;
    return offset_at(book, zone_index, late) == after ? late : early;
}

static uint32_t zone_of_node(const krn_calendar_book *book, uint32_t node)
{
    return node < book->n_nodes ? book->node_zone[node] : NO_ZONE;
}

int32_t krn_zone_offset(const krn_calendar_book *book, uint32_t node, krn_time at)
{
    return offset_at(book, zone_of_node(book, node), at);
}

static int32_t local_day_in(const krn_calendar_book *book, uint32_t zone_index, krn_time at)
{
    return (int32_t)floor_div(at + offset_at(book, zone_index, at), KRN_SECONDS_PER_DAY);
}

int32_t krn_local_day(const krn_calendar_book *book, uint32_t node, krn_time at)
{
    return local_day_in(book, zone_of_node(book, node), at);
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
    *out_s = (hour * 60 + minute) * MINUTE + second;
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
    *out_s = sign * (hour * 60 + minute) * MINUTE;
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
    *out = offset_known ? local - offset_s : to_utc(book, zone_of_node(book, node), local);
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
    const int64_t day = floor_div(local, KRN_SECONDS_PER_DAY);
    const int second = (int)(local - day * KRN_SECONDS_PER_DAY);
    const int offset_min = abs(offset_s) / MINUTE;
    int year = 0;
    int month = 0;
    int day_of_month = 0;
    krn_day_to_civil((int32_t)day, &year, &month, &day_of_month);
    (void)snprintf(out, size, "%04d-%02d-%02dT%02d:%02d%c%02d:%02d", year, month, day_of_month,
                   second / KRN_SECONDS_PER_HOUR, second / MINUTE % 60, offset_s < 0 ? '-' : '+',
                   offset_min / 60, offset_min % 60);
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
        const holiday *h = &book->holidays[low];
        if (h->from > day)
            return false;
        if (day <= h->to)
            return true;
    }
    return false;
}

/* Hours of a local day; none on a holiday. */
static const weekday_hours *hours_of(const krn_calendar_book *book, const opening *o, int32_t day)
{
    static const weekday_hours closed = {0};
    if (o->holiday_country && is_holiday(book, o->holiday_country, day))
        return &closed;
    return &o->days[weekday(day)];
}

static krn_time instant(const krn_calendar_book *book, uint32_t zone_index, int32_t day, int minute)
{
    return to_utc(book, zone_index,
                  (krn_time)day * KRN_SECONDS_PER_DAY + (krn_time)minute * MINUTE);
}

krn_time krn_calendar_next_open(const krn_calendar_book *book, uint32_t calendar, uint32_t node,
                                krn_time at)
{
    if (calendar >= book->n_openings)
        return at;
    const opening *o = &book->openings[calendar];
    const uint32_t z = zone_of_node(book, node);
    const int32_t first = local_day_in(book, z, at) - 1;
    for (int32_t day = first; day <= first + HORIZON_DAYS + 1; day++) {
        const weekday_hours *hours = hours_of(book, o, day);
        for (int i = 0; i < hours->n; i++) {
            const krn_time close = instant(book, z, day, hours->intervals[i].close_min);
            if (close < at)
                continue;
            const krn_time open = instant(book, z, day, hours->intervals[i].open_min);
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
    const uint32_t z = zone_of_node(book, node);
    const bool always = calendar >= book->n_openings;
    size_t capacity = 1;
    int32_t first = 0;
    int32_t last = 0;
    if (!always) {
        if (to - from > (krn_time)MAX_WINDOW_DAYS * KRN_SECONDS_PER_DAY)
            return krni_fail(err, KRN_E_LIMIT, "opening hours are listed for at most %d days",
                             MAX_WINDOW_DAYS);
        first = local_day_in(book, z, from) - 1;
        last = local_day_in(book, z, to) + 1;
        capacity = (size_t)(last - first + 1) * MAX_INTERVALS;
    }
    krn_time *opens = krn_arena_alloc(arena, capacity * sizeof *opens);
    krn_time *closes = krn_arena_alloc(arena, capacity * sizeof *closes);
    if (!opens || !closes)
        return krni_fail_memory(err);
    if (always)
        add_window(from, to, from, to, out_n, opens, closes);
    for (int32_t day = first; !always && day <= last; day++) {
        const weekday_hours *hours = hours_of(book, &book->openings[calendar], day);
        for (int i = 0; i < hours->n; i++)
            add_window(instant(book, z, day, hours->intervals[i].open_min),
                       instant(book, z, day, hours->intervals[i].close_min), from, to, out_n, opens,
                       closes);
    }
    *out_open = opens;
    *out_close = closes;
    return KRN_OK;
}

/* ---- seasons ---- */

static int month_day(int32_t day)
{
    int year = 0;
    int month = 0;
    int day_of_month = 0;
    krn_day_to_civil(day, &year, &month, &day_of_month);
    return month * MONTH_DAY_WEIGHT + day_of_month;
}

static bool in_season(const season *s, int32_t day)
{
    const int now = month_day(day);
    return s->from <= s->to ? s->from <= now && now <= s->to : now >= s->from || now <= s->to;
}

/* First local day after `day` on which a season begins or has ended. */
static int32_t next_change(const season *s, int32_t day)
{
    const bool inside = in_season(s, day);
    int32_t best = day + HORIZON_DAYS; /* all the year: ask again then */
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
                        krn_season_effect *effect, const season **strongest)
{
    for (uint32_t i = book->first_season[place]; i < book->first_season[place + 1]; i++) {
        const season *s = &book->seasons[i];
        const int32_t day = local_day_in(book, s->zone, at);
        const krn_time change = instant(book, s->zone, next_change(s, day), 0);
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
    const season *strongest = NULL;
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

/* ---- making the book ---- */

static int compare_zone_rows(const krn_package *package, uint32_t a, uint32_t b)
{
    const int names = strcmp(krni_text(package, KRN_TABLE_TIMEZONE, a, TIMEZONE_ZONE),
                             krni_text(package, KRN_TABLE_TIMEZONE, b, TIMEZONE_ZONE));
    if (names)
        return names;
    const double from_a = krni_number(package, KRN_TABLE_TIMEZONE, a, TIMEZONE_VALID_FROM);
    const double from_b = krni_number(package, KRN_TABLE_TIMEZONE, b, TIMEZONE_VALID_FROM);
    return from_a < from_b ? -1 : from_a > from_b;
}

/* Rows in order of zone and day: heap sort, as qsort takes no context. */
static void sift_down(const krn_package *package, uint32_t *rows, uint32_t start, uint32_t end)
{
    for (uint32_t root = start; 2 * root + 1 < end;) {
        uint32_t child = 2 * root + 1;
        if (child + 1 < end && compare_zone_rows(package, rows[child], rows[child + 1]) < 0)
            child++;
        if (compare_zone_rows(package, rows[root], rows[child]) >= 0)
            return;
        const uint32_t swap = rows[root];
        rows[root] = rows[child];
        rows[child] = swap;
        root = child;
    }
}

static void sort_zone_rows(const krn_package *package, uint32_t *rows, uint32_t n)
{
    for (uint32_t start = n / 2; start-- > 0;)
        sift_down(package, rows, start, n);
    for (uint32_t end = n; end-- > 1;) {
        const uint32_t swap = rows[0];
        rows[0] = rows[end];
        rows[end] = swap;
        sift_down(package, rows, 0, end);
    }
}

static krn_status make_zones(krn_calendar_book *book, const krn_package *package, krn_error *err)
{
    const uint32_t n = krn_package_rows(package, KRN_TABLE_TIMEZONE);
    uint32_t *rows = krn_arena_alloc(book->arena, n * sizeof *rows);
    book->zones = krn_arena_calloc(book->arena, n, sizeof *book->zones);
    book->spans = krn_arena_calloc(book->arena, n, sizeof *book->spans);
    if (!rows || !book->zones || !book->spans)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < n; i++)
        rows[i] = i;
    sort_zone_rows(package, rows, n);
    for (uint32_t i = 0; i < n; i++) {
        const char *name = krni_text(package, KRN_TABLE_TIMEZONE, rows[i], TIMEZONE_ZONE);
        const int32_t offset_s =
            (int32_t)krni_number(package, KRN_TABLE_TIMEZONE, rows[i], TIMEZONE_OFFSET_MIN) *
            MINUTE;
        const bool first = i == 0 || strcmp(book->zones[book->n_zones - 1].name, name) != 0;
        if (first)
            book->zones[book->n_zones++] = (zone){name, i, 0};
        const double from = krni_number(package, KRN_TABLE_TIMEZONE, rows[i], TIMEZONE_VALID_FROM);
        book->spans[i].offset_s = offset_s;
        book->spans[i].from =
            first ? INT64_MIN : (krn_time)from * KRN_SECONDS_PER_DAY - book->spans[i - 1].offset_s;
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
    return NO_ZONE;
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
        if (book->node_zone[node] == NO_ZONE)
            return krni_fail(err, KRN_E_NOT_FOUND,
                             "%s:%u: kr_timezone: %s: a zone of timezone.csv was expected",
                             krn_package_row_file(package, KRN_TABLE_NODE, node),
                             krn_package_row_line(package, KRN_TABLE_NODE, node), name);
    }
    return KRN_OK;
}

/* "08:00-12:00;13:00-18:00"; false when it is something else. */
static bool read_hours(const char *text, weekday_hours *out)
{
    const char *item;
    size_t length;
    while ((item = krni_list_next(&text, &length))) {
        int32_t open_s = 0;
        int32_t close_s = 0;
        if (length != 11 || out->n == MAX_INTERVALS || item[5] != '-')
            return false;
        char copy[12];
        memcpy(copy, item, 11);
        copy[5] = copy[11] = '\0';
        const char *open = copy;
        const char *close = copy + 6;
        if (!read_clock(&open, &open_s) || !read_clock(&close, &close_s) || close_s <= open_s)
            return false;
        if (out->n > 0 && open_s / MINUTE < out->intervals[out->n - 1].close_min)
            return false;
        out->intervals[out->n].open_min = (int16_t)(open_s / MINUTE);
        out->intervals[out->n].close_min = (int16_t)(close_s / MINUTE);
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
        opening *o = &book->openings[row];
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
                                 hours, MAX_INTERVALS);
        }
    }
    return KRN_OK;
}

static int compare_holidays(const void *a, const void *b)
{
    const holiday *x = a;
    const holiday *y = b;
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
        holiday *h = &book->holidays[row];
        h->country = krn_country_parse(krni_text(package, KRN_TABLE_HOLIDAY, row, HOLIDAY_COUNTRY));
        h->from = (int32_t)krni_number(package, KRN_TABLE_HOLIDAY, row, HOLIDAY_DATE_FROM);
        h->to = (int32_t)krni_number(package, KRN_TABLE_HOLIDAY, row, HOLIDAY_DATE_TO);
    }
    qsort(book->holidays, book->n_holidays, sizeof *book->holidays, compare_holidays);
    return KRN_OK;
}

static int compare_seasons(const void *a, const void *b)
{
    const season *x = a;
    const season *y = b;
    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    return strcmp(x->id, y->id);
}

static season read_season(const krn_calendar_book *book, const krn_package *package, uint32_t row,
                          uint32_t node, uint32_t link)
{
    const krn_table t = KRN_TABLE_SEASON;
    season s = {.row = row, .id = krni_text(package, t, row, SEASON_SEASON_ID)};
    s.place = node != KRN_NO_ROW ? node : book->n_nodes + link;
    if (node == KRN_NO_ROW)
        node = krni_ref(package, KRN_TABLE_LINK, link, LINK_FROM_NODE_ID);
    s.zone = zone_of_node(book, node);
    s.from = (int)krni_number(package, t, row, SEASON_FROM_MONTH_DAY);
    s.to = (int)krni_number(package, t, row, SEASON_TO_MONTH_DAY);
    s.closed = krni_number(package, t, row, SEASON_CLOSED) == 1.0;
    s.delay.low_h = krni_number_or(package, t, row, SEASON_DELAY_LOW_H, 0.0);
    s.delay.typical_h = krni_number_or(package, t, row, SEASON_DELAY_TYPICAL_H, s.delay.low_h);
    s.delay.high_h = krni_number_or(package, t, row, SEASON_DELAY_HIGH_H, s.delay.typical_h);
    return s;
}

static krn_status make_seasons(krn_calendar_book *book, const krn_package *package, krn_error *err)
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
    status = make_zones(book, package, err);
    if (!status)
        status = make_node_zones(book, package, err);
    if (!status)
        status = make_openings(book, package, err);
    if (!status)
        status = make_holidays(book, package, err);
    if (!status)
        status = make_seasons(book, package, err);
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

int32_t krni_zone_offset_named(const krn_calendar_book *book, const char *name, krn_time at)
{
    return offset_at(book, find_zone(book, name), at);
}
