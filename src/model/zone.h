/* zone.h - offsets of time zones by name, for timetables: GTFS names zones, not places. */
#ifndef MODEL_ZONE_H
#define MODEL_ZONE_H

#include <keruen/calendar.h>

/* Offset east of UTC in seconds at an instant; 0 for a zone that timezone.csv does not know. */
int32_t krni_zone_offset_named(const krn_calendar_book *book, const char *name, krn_time at);

#endif
