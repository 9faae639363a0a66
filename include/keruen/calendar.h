/* calendar.h - local time, opening hours, holidays, seasons, and texts of instants.
 *
 * Zones and offsets are data (timezone.csv): the machine's zone and its tz files are never asked.
 *
 *   units      krn_time is seconds UTC; a day is days since 1970-01-01 (int32_t)
 *   errors     KRN_E_ARG for texts that are no date; KRN_E_NOT_FOUND for an unknown zone
 */
#ifndef KERUEN_CALENDAR_H
#define KERUEN_CALENDAR_H

#include <keruen/arena.h>
#include <keruen/package.h>
#include <keruen/units.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Compiled calendars, holidays, seasons and zones of a package; immutable. */
typedef struct krn_calendar_book krn_calendar_book;

KRN_API krn_status krn_calendar_book_new(const krn_package *package, krn_calendar_book **out,
                                         krn_error *err);
KRN_API void krn_calendar_book_free(krn_calendar_book *book);

/* Days since 1970-01-01 of a date of the Gregorian calendar, and back. */
KRN_API int32_t krn_day_from_civil(int year, int month, int day);
KRN_API void krn_day_to_civil(int32_t day, int *year, int *month, int *day_of_month);

/* "2026-12-01" (real dates only, years 1900..2199) to a day. */
KRN_API krn_status krn_day_parse(const char *text, int32_t *out_day, krn_error *err);

/* Offset east of UTC in seconds at an instant, of the zone of a node row. */
KRN_API int32_t krn_zone_offset(const krn_calendar_book *book, uint32_t node, krn_time at);

/* "2026-12-01" or "2026-12-01T08:30" in the zone of a node, or with "Z" or "+05:00", to an instant.
 * A bare date is 00:00 local, or 23:59:59 when end_of_day. */
KRN_API krn_status krn_time_parse(const krn_calendar_book *book, uint32_t node, const char *text,
                                  bool end_of_day, krn_time *out, krn_error *err);

/* "2026-12-01T08:30+05:00" into out[size >= 26], local time of a node with its offset. */
KRN_API void krn_time_text(const krn_calendar_book *book, uint32_t node, krn_time at, char *out,
                           size_t size);

/* Local day of an instant at a node. */
KRN_API int32_t krn_local_day(const krn_calendar_book *book, uint32_t node, krn_time at);

/* First instant >= at when a calendar (row of calendar.csv; KRN_NO_ROW: always open) is open in the
 * zone of a node; KRN_TIME_NONE if it does not open within 400 days. O(days looked at). */
KRN_API krn_time krn_calendar_next_open(const krn_calendar_book *book, uint32_t calendar,
                                        uint32_t node, krn_time at);

/* Opening intervals [open, close] of a calendar between two instants, ascending, disjoint, closed
 * ends inclusive, clipped to [from, to]. From the arena. Always open gives one interval.
 * KRN_E_LIMIT when the instants lie more than 40,000 days apart. O(days). */
KRN_API krn_status krn_calendar_windows(const krn_calendar_book *book, uint32_t calendar,
                                        uint32_t node, krn_time from, krn_time to, krn_arena *arena,
                                        uint32_t *out_n, krn_time **out_open, krn_time **out_close,
                                        krn_error *err);

/* A season that lies on a node or link (rows; KRN_NO_ROW for the other). */
typedef struct krn_season_effect {
    bool closed;        /* nothing passes at that instant */
    krn_duration delay; /* added to a departure; zero outside the season */
    uint32_t row;       /* strongest row of season.csv, or KRN_NO_ROW */
    krn_time until;     /* instant at which the answer may change */
} krn_season_effect;

KRN_API krn_season_effect krn_season_at(const krn_calendar_book *book, uint32_t node, uint32_t link,
                                        krn_time at);

#ifdef __cplusplus
}
#endif
#endif
