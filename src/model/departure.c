/* SPDX-License-Identifier: Apache-2.0 */
/* departure.c - departures of a service by timetable, as instants.
 *
 *   service day ----------------------------> next service day
 *   |<- noon minus 12 h   boarding: H:MM:SS later, may pass 24 h
 *
 * The time of a stop is counted from noon minus 12 h of the service day, in the zone of the agency,
 * as GTFS has it: on the two days a year on which clocks are changed, that is not midnight. Days
 * come from calendar.txt, exceptions from calendar_dates.txt; a trip with exact frequencies is
 * repeated from its start times on. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/draft.h"
#include "model/network_data.h"
#include "model/zone.h"

#define LARGEST_WALK_DAYS 4000     /* of a question for departures */
#define LARGEST_ANSWER    1000000u /* departures */

/* Start of a service day: noon of the agency's zone minus 12 h. */
static krn_time day_start(const krn_calendar_book *book, const char *zone, int32_t day)
{
    const krn_time noon = (krn_time)day * KRN_SECONDS_PER_DAY + KRN_SECONDS_PER_DAY / 2;
    krn_time at = noon;
    for (int turn = 0; turn < 2; turn++) /* the offset at the guess, then at the result */
        at = noon - krni_zone_offset_named(book, zone, at);
    return at - KRN_SECONDS_PER_DAY / 2;
}

typedef struct timetable {
    const krn_package *package;
    const krn_calendar_book *calendars;
    const char *trip_id;
    const char *zone;
    const char *service;
    uint32_t calendar;    /* row of calendar.txt */
    double offset_s;      /* of the boarding from the start of the service day */
    double first_s;       /* departure of the first call, which exact frequencies replace */
    uint32_t *exceptions; /* rows of calendar_dates.txt */
    uint32_t *repeats;    /* rows of frequencies.txt, with exact times */
    uint32_t n_exceptions, n_repeats;
} timetable;

/* Departure of the first call of the trip. */
static double first_departure_s(const krn_package *p, const char *trip_id)
{
    const uint32_t n = krn_package_rows(p, KRN_TABLE_STOP_TIMES);
    double lowest = INFINITY, first_s = 0.0;
    for (uint32_t row = 0; row < n; row++) {
        const double sequence = krni_number(p, KRN_TABLE_STOP_TIMES, row, STOP_TIMES_STOP_SEQUENCE);
        if (!(sequence < lowest) ||
            strcmp(krni_text(p, KRN_TABLE_STOP_TIMES, row, STOP_TIMES_TRIP_ID), trip_id) != 0)
            continue;
        lowest = sequence;
        first_s = krni_number_or(
            p, KRN_TABLE_STOP_TIMES, row, STOP_TIMES_DEPARTURE_TIME,
            krni_number_or(p, KRN_TABLE_STOP_TIMES, row, STOP_TIMES_ARRIVAL_TIME, 0.0));
    }
    return first_s;
}

/* Rows of a table whose column has a text, in row order; from the arena. */
static krn_status rows_with(const krn_package *p, krn_table table, int column, const char *text,
                            krn_arena *arena, uint32_t **out, uint32_t *out_n, krn_error *err)
{
    const uint32_t n_rows = krn_package_rows(p, table);
    uint32_t n = 0;
    for (uint32_t row = 0; row < n_rows; row++)
        n += strcmp(krni_text(p, table, row, column), text) == 0;
    uint32_t *rows = krn_arena_alloc(arena, n * sizeof *rows);
    if (!rows)
        return krni_fail_memory(err);
    *out_n = 0;
    for (uint32_t row = 0; row < n_rows && *out_n < n; row++)
        if (strcmp(krni_text(p, table, row, column), text) == 0)
            rows[(*out_n)++] = row;
    *out = rows;
    return KRN_OK;
}

/* Exceptions of the service, repetitions of the trip. */
static krn_status read_repeats(timetable *t, krn_arena *arena, krn_error *err)
{
    const krn_package *p = t->package;
    krn_status st = rows_with(p, KRN_TABLE_CALENDAR_DATES, CALENDAR_DATES_SERVICE_ID, t->service,
                              arena, &t->exceptions, &t->n_exceptions, err);
    if (!st)
        st = rows_with(p, KRN_TABLE_FREQUENCIES, FREQUENCIES_TRIP_ID, t->trip_id, arena,
                       &t->repeats, &t->n_repeats, err);
    t->first_s = !st && t->n_repeats ? first_departure_s(p, t->trip_id) : 0.0;
    return st;
}

static krn_status open_timetable(const krn_network *network, uint32_t board, krn_arena *arena,
                                 timetable *out, krn_error *err)
{
    const krn_package *p = network->package;
    const uint32_t trip_row = network->trip[board], state = network->to_state[board];
    out->package = p;
    out->calendars = network->calendars;
    out->trip_id = krni_text(p, KRN_TABLE_TRIP, trip_row, TRIP_TRIP_ID);
    const uint32_t trip = krn_package_find(p, KRN_TABLE_TRIPS, out->trip_id);
    if (trip == KRN_NO_ROW)
        return krni_row_fault(p, KRN_TABLE_TRIP, trip_row, TRIP_TRIP_ID,
                              "expected a trip of trips.txt", err);
    out->service = krni_text(p, KRN_TABLE_TRIPS, trip, TRIPS_SERVICE_ID);
    out->calendar = krn_package_find(p, KRN_TABLE_SERVICE_CALENDAR, out->service);
    const uint32_t route = krni_ref(p, KRN_TABLE_TRIPS, trip, TRIPS_ROUTE_ID);
    const uint32_t agency =
        route == KRN_NO_ROW ? KRN_NO_ROW : krni_ref(p, KRN_TABLE_ROUTES, route, ROUTES_AGENCY_ID);
    out->zone =
        agency == KRN_NO_ROW ? "" : krni_text(p, KRN_TABLE_AGENCY, agency, AGENCY_AGENCY_TIMEZONE);
    out->offset_s = network->state_departure_s[state];
    return read_repeats(out, arena, err);
}

/* Whether the service runs on a day: weekdays within its dates, then exceptions. */
static bool runs_on(const timetable *t, int32_t day)
{
    const krn_package *p = t->package;
    bool runs = false;
    if (t->calendar != KRN_NO_ROW) {
        const int weekday = (int)(((int64_t)day % 7 + 7 + 3) % 7); /* 1970-01-01: a Thursday */
        runs = krni_number_or(p, KRN_TABLE_SERVICE_CALENDAR, t->calendar,
                              SERVICE_CALENDAR_MONDAY + weekday, 0.0) > 0.5 &&
               day >= krni_number_or(p, KRN_TABLE_SERVICE_CALENDAR, t->calendar,
                                     SERVICE_CALENDAR_START_DATE, -1e9) &&
               day <= krni_number_or(p, KRN_TABLE_SERVICE_CALENDAR, t->calendar,
                                     SERVICE_CALENDAR_END_DATE, 1e9);
    }
    for (uint32_t i = 0; i < t->n_exceptions; i++)
        if (krni_number_or(p, KRN_TABLE_CALENDAR_DATES, t->exceptions[i], CALENDAR_DATES_DATE,
                           NAN) == day)
            runs = krni_number_or(p, KRN_TABLE_CALENDAR_DATES, t->exceptions[i],
                                  CALENDAR_DATES_EXCEPTION_TYPE, 2.0) < 1.5;
    return runs;
}

typedef struct departure_list {
    krn_time from, to;
    krn_time *times; /* NULL: only counted */
    uint32_t n;
} departure_list;

static void note_departure(departure_list *list, krn_time at)
{
    if (at < list->from || at > list->to || list->n >= LARGEST_ANSWER)
        return;
    if (list->times)
        list->times[list->n] = at;
    list->n++;
}

/* Departures of one service day. */
static void list_day(const timetable *t, int32_t day, departure_list *list)
{
    const krn_package *p = t->package;
    const krn_time start = day_start(t->calendars, t->zone, day);
    if (!t->n_repeats)
        note_departure(list, start + (krn_time)llround(t->offset_s));
    for (uint32_t i = 0; i < t->n_repeats; i++) {
        const uint32_t row = t->repeats[i];
        const double begin_s = krni_number(p, KRN_TABLE_FREQUENCIES, row, FREQUENCIES_START_TIME);
        const double end_s = krni_number(p, KRN_TABLE_FREQUENCIES, row, FREQUENCIES_END_TIME);
        const double step_s = krni_number(p, KRN_TABLE_FREQUENCIES, row, FREQUENCIES_HEADWAY_SECS);
        const double base_s = (double)start + t->offset_s - t->first_s;
        double k = ceil(((double)list->from - base_s - begin_s) / step_s);
        for (k = k > 0.0 ? k : 0.0; begin_s + k * step_s < end_s; k += 1.0) {
            const double at_s = base_s + begin_s + k * step_s;
            if (at_s > (double)list->to || list->n >= LARGEST_ANSWER)
                break;
            note_departure(list, (krn_time)llround(at_s));
        }
    }
}

static void list_days(const timetable *t, departure_list *list)
{
    /* repetitions may run for days behind their service day; 9999 h is the longest time */
    const double longest_s = 10000.0 * KRN_SECONDS_PER_HOUR;
    const double before_s = t->offset_s + (t->n_repeats ? longest_s : 0.0);
    const int32_t first = (int32_t)floor(((double)list->from - before_s) / KRN_SECONDS_PER_DAY) - 2;
    const int32_t last = (int32_t)floor((double)list->to / KRN_SECONDS_PER_DAY) + 2;
    for (int32_t day = first; day <= last; day++)
        if (runs_on(t, day))
            list_day(t, day, list);
}

static int compare_times(const void *a, const void *b)
{
    const krn_time x = *(const krn_time *)a, y = *(const krn_time *)b;
    return x < y ? -1 : x > y;
}

krn_status krn_network_departures(const krn_network *network, krn_activity_id board, krn_time from,
                                  krn_time to, krn_arena *arena, uint32_t *out_n,
                                  krn_time **out_times, bool *out_by_frequency, krn_error *err)
{
    if (!network || !arena || !out_n || !out_times || !out_by_frequency ||
        board.index >= network->n_activities || network->kind[board.index] != KRN_BOARD)
        return krni_fail(err, KRN_E_ARG, "krn_network_departures: a boarding activity is needed");
    if (to < from || to - from > (krn_time)LARGEST_WALK_DAYS * KRN_SECONDS_PER_DAY ||
        llabs(from) > INT64_C(1) << 40 || llabs(to) > INT64_C(1) << 40)
        return krni_fail(err, KRN_E_ARG, "krn_network_departures: expected 0 to %d days",
                         LARGEST_WALK_DAYS);
    *out_n = 0;
    *out_times = NULL;
    *out_by_frequency = network->wait_high_h[board.index] > 0.0;
    if (*out_by_frequency)
        return KRN_OK;
    timetable t = {0};
    krn_status st = open_timetable(network, board.index, arena, &t, err);
    if (st)
        return st;
    departure_list list = {from, to, NULL, 0};
    list_days(&t, &list);
    krn_time *times = krn_arena_alloc(arena, list.n * sizeof *times);
    if (!times)
        return krni_fail_memory(err);
    list.times = times;
    list.n = 0;
    list_days(&t, &list);
    if (list.n)
        qsort(times, list.n, sizeof *times, compare_times);
    uint32_t n = 0;
    for (uint32_t i = 0; i < list.n; i++)
        if (n == 0 || times[n - 1] != times[i])
            times[n++] = times[i];
    *out_n = n;
    *out_times = times;
    return KRN_OK;
}
