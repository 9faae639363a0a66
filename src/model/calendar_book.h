/* calendar_book.h - the inside of krn_calendar_book: zones, opening hours, holidays, seasons. */
#ifndef MODEL_CALENDAR_BOOK_H
#define MODEL_CALENDAR_BOOK_H

#include <keruen/calendar.h>

#include "model/tables.h"

#define KRNI_MAX_INTERVALS 8 /* of a day */
#define KRNI_HORIZON_DAYS  400
#define KRNI_NO_ZONE       UINT32_MAX
#define KRNI_MINUTE        60 /* seconds */

typedef struct krni_offset_span {
    krn_time from; /* first instant of the offset; INT64_MIN for the first span of a zone */
    int32_t offset_s;
} krni_offset_span;

typedef struct krni_zone {
    const char *name;
    uint32_t first_span;
    uint32_t n_spans;
} krni_zone;

typedef struct krni_interval {
    int16_t open_min;
    int16_t close_min; /* 1440: 24:00 */
} krni_interval;

typedef struct krni_weekday_hours {
    uint8_t n;
    krni_interval intervals[KRNI_MAX_INTERVALS];
} krni_weekday_hours;

typedef struct krni_opening {
    krni_weekday_hours days[7]; /* Monday first */
    krn_country holiday_country;
} krni_opening;

typedef struct krni_holiday {
    krn_country country;
    int32_t from;
    int32_t to;
} krni_holiday;

typedef struct krni_season {
    uint32_t row;
    uint32_t place; /* node row, or number of nodes + link row */
    const char *id;
    uint32_t zone;
    int from; /* MMDD */
    int to;
    bool closed;
    krn_duration delay;
} krni_season;

struct krn_calendar_book {
    krn_arena *arena;
    uint32_t n_nodes;
    uint32_t n_zones;
    krni_zone *zones; /* by name */
    krni_offset_span *spans;
    uint32_t *node_zone;
    uint32_t n_openings;
    krni_opening *openings;
    uint32_t n_holidays;
    krni_holiday *holidays; /* by country, then day */
    uint32_t n_seasons;
    krni_season *seasons;   /* by place, then id */
    uint32_t *first_season; /* places + 1 */
    uint32_t n_places;
};

/* zone.c; a zone is an index of book->zones, KRNI_NO_ZONE is UTC */
krn_status krni_zones_make(krn_calendar_book *book, const krn_package *package, krn_error *err);
uint32_t krni_zone_of_node(const krn_calendar_book *book, uint32_t node);
int32_t krni_zone_offset_at(const krn_calendar_book *book, uint32_t zone_index, krn_time at);
int32_t krni_zone_local_day(const krn_calendar_book *book, uint32_t zone_index, krn_time at);

/* Instant of a local time; of two (clocks set back) the first, in a gap by the offset before it. */
krn_time krni_zone_to_utc(const krn_calendar_book *book, uint32_t zone_index, krn_time local);

/* Instant of a minute of a local day; 1440: its end. */
krn_time krni_zone_instant(const krn_calendar_book *book, uint32_t zone_index, int32_t day,
                           int minute);

/* season.c */
krn_status krni_seasons_make(krn_calendar_book *book, const krn_package *package, krn_error *err);

/* Quotient rounded down, for instants before 1970. */
static inline int64_t krni_floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b != 0 && (a % b < 0) != (b < 0) ? 1 : 0);
}

#endif
