/* SPDX-License-Identifier: Apache-2.0 */
/* test_calendar.c - civil days, zones, opening hours, seasons and texts of instants. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <keruen/calendar.h>

#include "support/assert_near.h"
#include "support/mini_tables.h"

enum { ALMATY, TEHRAN, BERLIN };
enum { ALWAYS, WEEK, OFFICE, NIGHT, NEVER };

typedef struct fixture {
    krn_package *package;
    krn_calendar_book *book;
    krn_arena *arena;
} fixture;

static krn_package *make_package(void)
{
    mini *m = mini_new();
    mini_table(m, "timezone.csv",
               "zone,valid_from,offset_min\n"
               "Asia/Tehran,2010-01-01,210\n"
               "Asia/Almaty,2024-03-01,300\n"
               "Asia/Almaty,2010-01-01,360\n"
               "Europe/Berlin,2010-01-01,60\n"
               "Europe/Berlin,2026-03-29,120\n"
               "Europe/Berlin,2026-10-25,60\n");
    mini_table(m, "node.csv",
               "node_id,name,kr_country,kr_timezone\n"
               "almaty,Almaty,KZ,Asia/Almaty\n"
               "tehran,Tehran,IR,Asia/Tehran\n"
               "berlin,Berlin,DE,Europe/Berlin\n");
    mini_table(m, "link.csv", "link_id,from_node_id,to_node_id\nl1,almaty,tehran\n");
    mini_table(m, "calendar.csv",
               "calendar_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,"
               "holiday_country\n"
               "always,00:00-24:00,00:00-24:00,00:00-24:00,00:00-24:00,00:00-24:00,00:00-24:00,"
               "00:00-24:00,\n"
               "week,00:00-24:00,00:00-24:00,00:00-24:00,00:00-24:00,,00:00-24:00,00:00-24:00,IR\n"
               "office,08:00-12:00;13:00-18:00,08:00-18:00,08:00-18:00,08:00-18:00,08:00-18:00,,,"
               "KZ\n"
               "night,20:00-24:00,00:00-06:00;20:00-24:00,00:00-06:00,,,,,\n"
               "never,,,,,,,,\n");
    mini_table(m, "holiday.csv",
               "holiday_id,country,name,date_from,date_to\n"
               "h2,IR,Nowruz,2026-03-20,2026-04-02\n"
               "h1,KZ,Nauryz,2026-03-21,2026-03-23\n"
               "h3,KZ,New Year,2026-01-01,2026-01-02\n");
    mini_table(m, "season.csv",
               "season_id,node_id,link_id,kind,from_month_day,to_month_day,closed,delay_low_h,"
               "delay_typical_h,delay_high_h\n"
               "ice,almaty,,ice,12-10,03-12,false,12,36,108\n"
               "shut,almaty,,closure,02-01,02-10,true,,,\n"
               "storm,,l1,storm,06-01,06-30,false,1,2,3\n"
               "leap,tehran,,storm,02-20,02-29,false,1,2,3\n"
               "year,berlin,,convoy,01-01,12-31,false,1,2,3\n");
    return mini_package(m);
}

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    f->package = make_package();
    f->arena = krn_arena_new(NULL, 0);
    krn_error err;
    assert_int_equal(krn_calendar_book_new(f->package, &f->book, &err), KRN_OK);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    krn_calendar_book_free(f->book);
    krn_arena_free(f->arena);
    krn_package_free(f->package);
    free(f);
    return 0;
}

static krn_time at(const fixture *f, uint32_t node, const char *text)
{
    krn_time t = 0;
    krn_error err;
    assert_int_equal(krn_time_parse(f->book, node, text, false, &t, &err), KRN_OK);
    return t;
}

static const char *text_of(const fixture *f, uint32_t node, krn_time t)
{
    char *out = krn_arena_alloc(f->arena, 32);
    krn_time_text(f->book, node, t, out, 32);
    return out;
}

static void days_count_from_1970(void **state)
{
    (void)state;
    assert_int_equal(krn_day_from_civil(1970, 1, 1), 0);
    assert_int_equal(krn_day_from_civil(1900, 1, 1), -25567);
    assert_int_equal(krn_day_from_civil(2000, 2, 29), 11016);
    assert_int_equal(krn_day_from_civil(2026, 12, 1), 20788);
    assert_int_equal(krn_day_from_civil(2199, 12, 31), 84005);
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

static void every_day_of_1900_to_2199_goes_there_and_back(void **state)
{
    (void)state;
    int32_t expected = -25567;
    for (int y = 1900; y < 2200; y++)
        for (int m = 1; m <= 12; m++)
            for (int d = 1; d <= days_in_month(y, m); d++, expected++) {
                int year, month, day;
                assert_int_equal(krn_day_from_civil(y, m, d), expected);
                krn_day_to_civil(expected, &year, &month, &day);
                assert_true(year == y && month == m && day == d);
            }
}

static void only_real_dates_are_read(void **state)
{
    (void)state;
    const char *const wrong[] = {
        "",         "2026",       "2026-13-01", "2026-02-29",  "2026-12-1",
        "26-12-01", "1899-12-31", "2200-01-01", "2026-12-01x", " 2026-12-01"};
    int32_t day = 7;
    krn_error err;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(krn_day_parse(wrong[i], &day, &err), KRN_E_ARG);
    assert_int_equal(krn_day_parse(NULL, &day, NULL), KRN_E_ARG);
    assert_int_equal(day, 7);
    assert_int_equal(krn_day_parse("2028-02-29", &day, &err), KRN_OK);
    assert_int_equal(day, krn_day_from_civil(2028, 2, 29));
}

/*  Almaty: +06:00 | 2024-03-01 00:00 | +05:00  */
static void a_zone_changes_at_its_day(void **state)
{
    const fixture *f = *state;
    const krn_time change = at(f, ALMATY, "2024-02-29T18:00Z");
    assert_int_equal(krn_zone_offset(f->book, ALMATY, change - 1), 6 * 3600);
    assert_int_equal(krn_zone_offset(f->book, ALMATY, change), 5 * 3600);
    assert_int_equal(krn_zone_offset(f->book, ALMATY, at(f, ALMATY, "1990-01-01Z")), 6 * 3600);
    assert_int_equal(krn_zone_offset(f->book, TEHRAN, change), 210 * 60);
    assert_int_equal(krn_zone_offset(f->book, KRN_NO_ROW, change), 0);
    assert_string_equal(text_of(f, ALMATY, change), "2024-02-29T23:00+05:00");
    assert_int_equal(krn_local_day(f->book, TEHRAN, at(f, TEHRAN, "2026-01-01T00:00")),
                     krn_day_from_civil(2026, 1, 1));
    assert_int_equal(krn_local_day(f->book, TEHRAN, at(f, TEHRAN, "2026-01-01T00:00") - 1),
                     krn_day_from_civil(2025, 12, 31));
}

static void times_are_local_unless_an_offset_stands_behind(void **state)
{
    const fixture *f = *state;
    const krn_time noon = (krn_time)krn_day_from_civil(2026, 12, 1) * 86400 + 12 * 3600;
    assert_int_equal(at(f, ALMATY, "2026-12-01T17:00"), noon);
    assert_int_equal(at(f, TEHRAN, "2026-12-01T15:30"), noon);
    assert_int_equal(at(f, TEHRAN, "2026-12-01T12:00Z"), noon);
    assert_int_equal(at(f, TEHRAN, "2026-12-01 12:00:30Z"), noon + 30);
    assert_int_equal(at(f, TEHRAN, "2026-12-01T17:00+05:00"), noon);
    assert_int_equal(at(f, TEHRAN, "2026-12-01T08:30-0330"), noon);
    assert_int_equal(at(f, ALMATY, "2026-12-01"), noon - 17 * 3600);
    assert_int_equal(at(f, ALMATY, "2026-12-01T24:00"), at(f, ALMATY, "2026-12-02"));
    krn_time end = 0;
    assert_int_equal(krn_time_parse(f->book, ALMATY, "2026-12-01", true, &end, NULL), KRN_OK);
    assert_int_equal(end, noon + 7 * 3600 - 1);
    assert_string_equal(text_of(f, ALMATY, noon), "2026-12-01T17:00+05:00");
    assert_string_equal(text_of(f, ALMATY, KRN_TIME_NONE), "-");
}

static void other_texts_are_no_times(void **state)
{
    const fixture *f = *state;
    const char *const wrong[] = {"",
                                 "2026-12-01T",
                                 "2026-12-01T8:30",
                                 "2026-12-01T25:00",
                                 "2026-12-01T24:01",
                                 "2026-12-01T12:60",
                                 "2026-12-01T12:00+",
                                 "2026-12-01T12:00+5",
                                 "2026-12-01T12:00Zx",
                                 "2026-12-01T12:00+15:00",
                                 "2026-02-30T12:00",
                                 "tomorrow"};
    krn_error err;
    krn_time t;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(krn_time_parse(f->book, ALMATY, wrong[i], false, &t, &err), KRN_E_ARG);
    assert_non_null(strstr(err.text, "tomorrow"));
}

/*  Berlin, as data says: +1 until 29 March 00:00, +2 until 25 October 00:00, then +1 again  */
static void local_times_in_a_gap_or_twice_are_still_instants(void **state)
{
    const fixture *f = *state;
    assert_int_equal(at(f, BERLIN, "2026-03-29T00:30"), at(f, BERLIN, "2026-03-28T23:30Z"));
    assert_int_equal(at(f, BERLIN, "2026-03-29T01:30"), at(f, BERLIN, "2026-03-28T23:30Z"));
    assert_int_equal(at(f, BERLIN, "2026-10-24T23:30"), at(f, BERLIN, "2026-10-24T21:30Z"));
    assert_int_equal(at(f, BERLIN, "2026-10-25T00:30"), at(f, BERLIN, "2026-10-24T23:30Z"));
}

static void next_opening_passes_closed_days_and_holidays(void **state)
{
    const fixture *f = *state;
    const krn_calendar_book *b = f->book;
    /* Friday 27 November 2026 in Tehran */
    assert_int_equal(krn_calendar_next_open(b, WEEK, TEHRAN, at(f, TEHRAN, "2026-11-27T05:00")),
                     at(f, TEHRAN, "2026-11-28"));
    /* Nowruz holidays until 2 April, the 3rd is a Friday */
    assert_int_equal(krn_calendar_next_open(b, WEEK, TEHRAN, at(f, TEHRAN, "2026-03-21")),
                     at(f, TEHRAN, "2026-04-04"));
    /* open: no wait, the closing instant included */
    const krn_time inside = at(f, ALMATY, "2026-11-30T09:00");
    assert_int_equal(krn_calendar_next_open(b, OFFICE, ALMATY, inside), inside);
    assert_int_equal(krn_calendar_next_open(b, OFFICE, ALMATY, at(f, ALMATY, "2026-11-30T12:00")),
                     at(f, ALMATY, "2026-11-30T12:00"));
    assert_int_equal(krn_calendar_next_open(b, OFFICE, ALMATY, at(f, ALMATY, "2026-11-30T12:01")),
                     at(f, ALMATY, "2026-11-30T13:00"));
    assert_int_equal(krn_calendar_next_open(b, OFFICE, ALMATY, at(f, ALMATY, "2026-11-27T19:00")),
                     at(f, ALMATY, "2026-11-30T08:00"));
    assert_int_equal(krn_calendar_next_open(b, KRN_NO_ROW, ALMATY, inside), inside);
    assert_int_equal(krn_calendar_next_open(b, ALWAYS, ALMATY, inside), inside);
    assert_true(krn_calendar_next_open(b, NEVER, ALMATY, inside) == KRN_TIME_NONE);
}

static uint32_t windows(const fixture *f, uint32_t calendar, uint32_t node, const char *from,
                        const char *to, krn_time **open, krn_time **close)
{
    uint32_t n = 0;
    krn_error err;
    assert_int_equal(krn_calendar_windows(f->book, calendar, node, at(f, node, from),
                                          at(f, node, to), f->arena, &n, open, close, &err),
                     KRN_OK);
    return n;
}

/*  Mon 20:00 ==== 24:00|00:00 ==== Tue 06:00      Tue 20:00 ==== Wed 06:00  */
static void windows_over_midnight_are_one(void **state)
{
    const fixture *f = *state;
    krn_time *open, *close;
    assert_int_equal(windows(f, NIGHT, ALMATY, "2026-11-30", "2026-12-06", &open, &close), 2);
    assert_int_equal(open[0], at(f, ALMATY, "2026-11-30T20:00"));
    assert_int_equal(close[0], at(f, ALMATY, "2026-12-01T06:00"));
    assert_int_equal(open[1], at(f, ALMATY, "2026-12-01T20:00"));
    assert_int_equal(close[1], at(f, ALMATY, "2026-12-02T06:00"));
}

static void windows_are_clipped_and_always_open_is_one(void **state)
{
    const fixture *f = *state;
    krn_time *open, *close;
    assert_int_equal(windows(f, ALWAYS, ALMATY, "2026-11-30", "2027-11-06", &open, &close), 1);
    assert_int_equal(open[0], at(f, ALMATY, "2026-11-30"));
    assert_int_equal(close[0], at(f, ALMATY, "2027-11-06"));
    assert_int_equal(windows(f, KRN_NO_ROW, ALMATY, "2026-11-30", "2027-11-06", &open, &close), 1);
    assert_int_equal(windows(f, NEVER, ALMATY, "2026-11-30", "2027-11-06", &open, &close), 0);
    assert_int_equal(
        windows(f, OFFICE, ALMATY, "2026-11-30T10:00", "2026-11-30T14:00", &open, &close), 2);
    assert_int_equal(open[0], at(f, ALMATY, "2026-11-30T10:00"));
    assert_int_equal(close[1], at(f, ALMATY, "2026-11-30T14:00"));
    assert_int_equal(windows(f, OFFICE, ALMATY, "2026-12-02", "2026-12-01", &open, &close), 0);
}

static void windows_of_a_year_agree_with_next_opening(void **state)
{
    const fixture *f = *state;
    for (uint32_t calendar = ALWAYS; calendar <= NIGHT; calendar++)
        for (uint32_t node = ALMATY; node <= BERLIN; node++) {
            krn_time *open, *close;
            const uint32_t n =
                windows(f, calendar, node, "2026-01-01", "2027-01-01", &open, &close);
            uint32_t w = 0;
            for (krn_time t = at(f, node, "2026-01-01"); t < at(f, node, "2026-12-01");
                 t += 5 * 3600 + 17 * 60) {
                while (w < n && close[w] < t)
                    w++;
                assert_true(w < n);
                assert_int_equal(krn_calendar_next_open(f->book, calendar, node, t),
                                 open[w] > t ? open[w] : t);
            }
        }
}

static void too_long_a_list_of_windows_is_refused(void **state)
{
    const fixture *f = *state;
    uint32_t n;
    krn_time *open, *close;
    krn_error err;
    assert_int_equal(krn_calendar_windows(f->book, OFFICE, ALMATY, 0, (krn_time)1 << 40, f->arena,
                                          &n, &open, &close, &err),
                     KRN_E_LIMIT);
    krn_arena *small = krn_arena_new(NULL, 100);
    assert_int_equal(krn_calendar_windows(f->book, OFFICE, ALMATY, 0, 86400 * 400, small, &n, &open,
                                          &close, &err),
                     KRN_E_MEMORY);
    krn_arena_free(small);
}

/*  10 Dec ======= New Year ===[1 Feb closed 10 Feb]=== 12 Mar  */
static void a_season_passes_over_new_year(void **state)
{
    const fixture *f = *state;
    krn_season_effect e =
        krn_season_at(f->book, ALMATY, KRN_NO_ROW, at(f, ALMATY, "2026-12-09T23:59"));
    assert_int_equal(e.row, KRN_NO_ROW);
    assert_false(e.closed);
    assert_near(e.delay.high_h, 0.0, 0.0);
    assert_int_equal(e.until, at(f, ALMATY, "2026-12-10"));
    e = krn_season_at(f->book, ALMATY, KRN_NO_ROW, at(f, ALMATY, "2026-12-10"));
    assert_int_equal(e.row, 0);
    assert_near(e.delay.typical_h, 36.0, 0.0);
    assert_int_equal(e.until, at(f, ALMATY, "2027-02-01"));
    e = krn_season_at(f->book, ALMATY, KRN_NO_ROW, at(f, ALMATY, "2027-02-05"));
    assert_true(e.closed);
    assert_int_equal(e.row, 1);
    assert_int_equal(e.until, at(f, ALMATY, "2027-02-11"));
    e = krn_season_at(f->book, ALMATY, KRN_NO_ROW, at(f, ALMATY, "2027-03-12T23:59"));
    assert_int_equal(e.row, 0);
    assert_int_equal(e.until, at(f, ALMATY, "2027-03-13"));
    e = krn_season_at(f->book, ALMATY, KRN_NO_ROW, at(f, ALMATY, "2027-03-13"));
    assert_int_equal(e.row, KRN_NO_ROW);
}

static void seasons_lie_on_links_too_and_february_ends_twice(void **state)
{
    const fixture *f = *state;
    krn_season_effect e = krn_season_at(f->book, KRN_NO_ROW, 0, at(f, ALMATY, "2026-06-30T12:00"));
    assert_int_equal(e.row, 2);
    assert_int_equal(e.until, at(f, ALMATY, "2026-07-01"));
    e = krn_season_at(f->book, TEHRAN, KRN_NO_ROW, at(f, TEHRAN, "2027-02-25"));
    assert_int_equal(e.row, 3);
    assert_int_equal(e.until, at(f, TEHRAN, "2027-03-01"));
    e = krn_season_at(f->book, TEHRAN, KRN_NO_ROW, at(f, TEHRAN, "2028-02-29T12:00"));
    assert_int_equal(e.row, 3);
    assert_int_equal(e.until, at(f, TEHRAN, "2028-03-01"));
    e = krn_season_at(f->book, BERLIN, KRN_NO_ROW, at(f, BERLIN, "2026-07-01"));
    assert_int_equal(e.row, 4);
    assert_true(e.until > at(f, BERLIN, "2027-07-01"));
    e = krn_season_at(f->book, KRN_NO_ROW, KRN_NO_ROW, 0);
    assert_int_equal(e.row, KRN_NO_ROW);
    assert_true(e.until == INT64_MAX);
}

static void an_unknown_zone_is_not_found(void **state)
{
    (void)state;
    mini *m = mini_new();
    mini_table(m, "node.csv", "node_id,name,kr_country,kr_timezone\na,A,KZ,Asia/Nowhere\n");
    krn_package *package = mini_package(m);
    krn_calendar_book *book;
    krn_error err;
    assert_int_equal(krn_calendar_book_new(package, &book, &err), KRN_E_NOT_FOUND);
    assert_null(book);
    assert_non_null(strstr(err.text, "node.csv:2"));
    assert_non_null(strstr(err.text, "Asia/Nowhere"));
    krn_package_free(package);
    krn_calendar_book_free(NULL);
}

int main(void)
{
    /* the machine's zone must not matter */
    setenv("TZ", "America/New_York", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_count_from_1970),
        cmocka_unit_test(every_day_of_1900_to_2199_goes_there_and_back),
        cmocka_unit_test(only_real_dates_are_read),
        cmocka_unit_test(a_zone_changes_at_its_day),
        cmocka_unit_test(times_are_local_unless_an_offset_stands_behind),
        cmocka_unit_test(other_texts_are_no_times),
        cmocka_unit_test(local_times_in_a_gap_or_twice_are_still_instants),
        cmocka_unit_test(next_opening_passes_closed_days_and_holidays),
        cmocka_unit_test(windows_over_midnight_are_one),
        cmocka_unit_test(windows_are_clipped_and_always_open_is_one),
        cmocka_unit_test(windows_of_a_year_agree_with_next_opening),
        cmocka_unit_test(too_long_a_list_of_windows_is_refused),
        cmocka_unit_test(a_season_passes_over_new_year),
        cmocka_unit_test(seasons_lie_on_links_too_and_february_ends_twice),
        cmocka_unit_test(an_unknown_zone_is_not_found),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
