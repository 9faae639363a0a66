/* SPDX-License-Identifier: Apache-2.0 */
/* schema_timetable.c - columns of the timetable, in the words of GTFS. One entry a column:
 * name, type, bounds, and the sentence that the format document prints. */
#include "model/schema_columns.h"

/* clang-format off */
const krni_column krni_agency_columns[AGENCY_COLUMNS] = {
    [AGENCY_AGENCY_ID] = {.name = "agency_id", .type = KRNI_KEY, .required = true,
        .meaning = "key"},
    [AGENCY_AGENCY_NAME] = {.name = "agency_name", .type = KRNI_TEXT, .required = true,
        .meaning = "name"},
    [AGENCY_AGENCY_URL] = {.name = "agency_url", .type = KRNI_TEXT, .required = true,
        .meaning = "address"},
    [AGENCY_AGENCY_TIMEZONE] = {.name = "agency_timezone", .type = KRNI_TEXT, .required = true,
        .meaning = "zone of all times of the feed"},
};

const krni_column krni_stops_columns[STOPS_COLUMNS] = {
    [STOPS_STOP_ID] = {.name = "stop_id", .type = KRNI_KEY, .refers = KRN_TABLE_NODE,
        .required = true, .meaning = "node id"},
    [STOPS_STOP_CODE] = {.name = "stop_code", .type = KRNI_TEXT,
        .meaning = "rail code or UN/LOCODE"},
    [STOPS_STOP_NAME] = {.name = "stop_name", .type = KRNI_TEXT, .required = true,
        .meaning = "name"},
    [STOPS_STOP_LAT] = {.name = "stop_lat", .type = KRNI_NUMBER, .required = true, .min = -90,
        .max = 90, .unit = "deg", .meaning = "latitude"},
    [STOPS_STOP_LON] = {.name = "stop_lon", .type = KRNI_NUMBER, .required = true, .min = -180,
        .max = 180, .unit = "deg", .meaning = "longitude"},
    [STOPS_LOCATION_TYPE] = {.name = "location_type", .type = KRNI_INTEGER, .min = 0, .max = 4,
        .meaning = "0 stop"},
    [STOPS_STOP_TIMEZONE] = {.name = "stop_timezone", .type = KRNI_TEXT, .meaning = "zone"},
};

const krni_column krni_routes_columns[ROUTES_COLUMNS] = {
    [ROUTES_ROUTE_ID] = {.name = "route_id", .type = KRNI_KEY, .required = true, .meaning = "key"},
    [ROUTES_AGENCY_ID] = {.name = "agency_id", .type = KRNI_REF, .required = true,
        .refers = KRN_TABLE_AGENCY, .meaning = "carrier"},
    [ROUTES_ROUTE_SHORT_NAME] = {.name = "route_short_name", .type = KRNI_TEXT,
        .meaning = "short name"},
    [ROUTES_ROUTE_LONG_NAME] = {.name = "route_long_name", .type = KRNI_TEXT, .meaning = "name"},
    [ROUTES_ROUTE_DESC] = {.name = "route_desc", .type = KRNI_TEXT, .meaning = "what it is"},
    [ROUTES_ROUTE_TYPE] = {.name = "route_type", .type = KRNI_INTEGER, .required = true, .min = 0,
        .max = 1700, .meaning = "2 rail, 4 ferry, 1000 water"},
};

const krni_column krni_trips_columns[TRIPS_COLUMNS] = {
    [TRIPS_ROUTE_ID] = {.name = "route_id", .type = KRNI_REF, .required = true,
        .refers = KRN_TABLE_ROUTES, .meaning = "service"},
    [TRIPS_SERVICE_ID] = {.name = "service_id", .type = KRNI_REF, .required = true,
        .refers = KRN_TABLE_SERVICE_CALENDAR, .meaning = "days it runs"},
    [TRIPS_TRIP_ID] = {.name = "trip_id", .type = KRNI_KEY, .required = true, .meaning = "key"},
    [TRIPS_TRIP_HEADSIGN] = {.name = "trip_headsign", .type = KRNI_TEXT, .meaning = "destination"},
    [TRIPS_TRIP_SHORT_NAME] = {.name = "trip_short_name", .type = KRNI_TEXT,
        .meaning = "train or voyage number"},
    [TRIPS_DIRECTION_ID] = {.name = "direction_id", .type = KRNI_INTEGER, .min = 0, .max = 1,
        .meaning = "direction"},
};

const krni_column krni_stop_times_columns[STOP_TIMES_COLUMNS] = {
    [STOP_TIMES_TRIP_ID] = {.name = "trip_id", .type = KRNI_REF, .required = true,
        .refers = KRN_TABLE_TRIPS, .meaning = "trip"},
    [STOP_TIMES_ARRIVAL_TIME] = {.name = "arrival_time", .type = KRNI_CLOCK,
        .meaning = "from the start of the service day, may pass 24 h"},
    [STOP_TIMES_DEPARTURE_TIME] = {.name = "departure_time", .type = KRNI_CLOCK,
        .meaning = "the same"},
    [STOP_TIMES_STOP_ID] = {.name = "stop_id", .type = KRNI_REF, .required = true,
        .refers = KRN_TABLE_STOPS, .meaning = "stop"},
    [STOP_TIMES_STOP_SEQUENCE] = {.name = "stop_sequence", .type = KRNI_INTEGER, .required = true,
        .min = 0, .max = 100000, .meaning = "order"},
    [STOP_TIMES_PICKUP_TYPE] = {.name = "pickup_type", .type = KRNI_INTEGER, .min = 0, .max = 3,
        .meaning = "0 yes, 1 no"},
    [STOP_TIMES_DROP_OFF_TYPE] = {.name = "drop_off_type", .type = KRNI_INTEGER, .min = 0, .max = 3,
        .meaning = "0 yes, 1 no"},
    [STOP_TIMES_TIMEPOINT] = {.name = "timepoint", .type = KRNI_INTEGER, .min = 0, .max = 1,
        .meaning = "0 estimated, 1 exact"},
    [STOP_TIMES_PICKUP_BOOKING_RULE_ID] = {.name = "pickup_booking_rule_id", .type = KRNI_REF,
        .refers = KRN_TABLE_BOOKING_RULES, .meaning = "lead time"},
};

const krni_column krni_service_calendar_columns[SERVICE_CALENDAR_COLUMNS] = {
    [SERVICE_CALENDAR_SERVICE_ID] = {.name = "service_id", .type = KRNI_KEY, .required = true,
        .meaning = "key"},
    [SERVICE_CALENDAR_MONDAY] = {.name = "monday", .type = KRNI_INTEGER, .required = true, .min = 0,
        .max = 1, .meaning = "1 = runs"},
    [SERVICE_CALENDAR_TUESDAY] = {.name = "tuesday", .type = KRNI_INTEGER, .required = true,
        .min = 0, .max = 1, .meaning = "1 = runs"},
    [SERVICE_CALENDAR_WEDNESDAY] = {.name = "wednesday", .type = KRNI_INTEGER, .required = true,
        .min = 0, .max = 1, .meaning = "1 = runs"},
    [SERVICE_CALENDAR_THURSDAY] = {.name = "thursday", .type = KRNI_INTEGER, .required = true,
        .min = 0, .max = 1, .meaning = "1 = runs"},
    [SERVICE_CALENDAR_FRIDAY] = {.name = "friday", .type = KRNI_INTEGER, .required = true, .min = 0,
        .max = 1, .meaning = "1 = runs"},
    [SERVICE_CALENDAR_SATURDAY] = {.name = "saturday", .type = KRNI_INTEGER, .required = true,
        .min = 0, .max = 1, .meaning = "1 = runs"},
    [SERVICE_CALENDAR_SUNDAY] = {.name = "sunday", .type = KRNI_INTEGER, .required = true, .min = 0,
        .max = 1, .meaning = "1 = runs"},
    [SERVICE_CALENDAR_START_DATE] = {.name = "start_date", .type = KRNI_DATE, .required = true,
        .meaning = "first day"},
    [SERVICE_CALENDAR_END_DATE] = {.name = "end_date", .type = KRNI_DATE, .required = true,
        .meaning = "last day"},
};

const krni_column krni_calendar_dates_columns[CALENDAR_DATES_COLUMNS] = {
    [CALENDAR_DATES_SERVICE_ID] = {.name = "service_id", .type = KRNI_REF, .required = true,
        .refers = KRN_TABLE_SERVICE_CALENDAR, .meaning = "days"},
    [CALENDAR_DATES_DATE] = {.name = "date", .type = KRNI_DATE, .required = true, .meaning = "day"},
    [CALENDAR_DATES_EXCEPTION_TYPE] = {.name = "exception_type", .type = KRNI_INTEGER,
        .required = true, .min = 1, .max = 2, .meaning = "1 added, 2 removed"},
};

const krni_column krni_frequencies_columns[FREQUENCIES_COLUMNS] = {
    [FREQUENCIES_TRIP_ID] = {.name = "trip_id", .type = KRNI_REF, .required = true,
        .refers = KRN_TABLE_TRIPS, .meaning = "trip"},
    [FREQUENCIES_START_TIME] = {.name = "start_time", .type = KRNI_CLOCK, .required = true,
        .meaning = "from"},
    [FREQUENCIES_END_TIME] = {.name = "end_time", .type = KRNI_CLOCK, .required = true,
        .meaning = "to"},
    [FREQUENCIES_HEADWAY_SECS] = {.name = "headway_secs", .type = KRNI_INTEGER, .required = true,
        .min = 1, .max = 100000000, .unit = "s", .meaning = "time between departures"},
    [FREQUENCIES_EXACT_TIMES] = {.name = "exact_times", .type = KRNI_INTEGER, .min = 0, .max = 1,
        .meaning = "0 = only the frequency is known"},
};

const krni_column krni_booking_rules_columns[BOOKING_RULES_COLUMNS] = {
    [BOOKING_RULES_BOOKING_RULE_ID] = {.name = "booking_rule_id", .type = KRNI_KEY,
        .required = true, .meaning = "key"},
    [BOOKING_RULES_BOOKING_TYPE] = {.name = "booking_type", .type = KRNI_INTEGER, .required = true,
        .min = 0, .max = 2, .meaning = "0 real time, 1 same day, 2 days before"},
    [BOOKING_RULES_PRIOR_NOTICE_DURATION_MIN] = {.name = "prior_notice_duration_min",
        .type = KRNI_INTEGER, .min = 0, .max = 1000000, .unit = "min", .meaning = "minutes before"},
    [BOOKING_RULES_PRIOR_NOTICE_LAST_DAY] = {.name = "prior_notice_last_day", .type = KRNI_INTEGER,
        .min = 0, .max = 1000, .unit = "d", .meaning = "days before"},
    [BOOKING_RULES_PRIOR_NOTICE_LAST_TIME] = {.name = "prior_notice_last_time", .type = KRNI_CLOCK,
        .meaning = "until"},
    [BOOKING_RULES_MESSAGE] = {.name = "message", .type = KRNI_TEXT, .meaning = "in words"},
};

const krni_column krni_feed_info_columns[FEED_INFO_COLUMNS] = {
    [FEED_INFO_FEED_PUBLISHER_NAME] = {.name = "feed_publisher_name", .type = KRNI_TEXT,
        .required = true, .meaning = "publisher"},
    [FEED_INFO_FEED_PUBLISHER_URL] = {.name = "feed_publisher_url", .type = KRNI_TEXT,
        .required = true, .meaning = "address"},
    [FEED_INFO_FEED_LANG] = {.name = "feed_lang", .type = KRNI_TEXT, .required = true,
        .meaning = "language"},
    [FEED_INFO_FEED_START_DATE] = {.name = "feed_start_date", .type = KRNI_DATE,
        .meaning = "first day"},
    [FEED_INFO_FEED_END_DATE] = {.name = "feed_end_date", .type = KRNI_DATE, .meaning = "last day"},
    [FEED_INFO_FEED_VERSION] = {.name = "feed_version", .type = KRNI_TEXT, .meaning = "version"},
};

const krni_column krni_trip_columns[TRIP_COLUMNS] = {
    [TRIP_TRIP_ID] = {.name = "trip_id", .type = KRNI_KEY, .refers = KRN_TABLE_TRIPS,
        .required = true, .meaning = "the trip; one row each"},
    [TRIP_MODE] = {.name = "mode", .type = KRNI_CHOICE, .required = true,
        .choices = "rail|road|sea", .meaning = "mode"},
    [TRIP_KIND] = {.name = "kind", .type = KRNI_CHOICE, .required = true,
        .choices = "block_train|wagon_flow|liner|tramp|roro_ferry|rail_ferry",
        .meaning = "kind of service"},
    [TRIP_CARGO_CLASSES] = {.name = "cargo_classes", .type = KRNI_REF_LIST, .required = true,
        .refers = KRN_TABLE_CARGO_CLASS, .meaning = "what it carries"},
    [TRIP_VEHICLE_ID] = {.name = "vehicle_id", .type = KRNI_REF, .refers = KRN_TABLE_VEHICLE,
        .meaning = "ship; blank on land"},
    [TRIP_CAPACITY] = {.name = "capacity", .type = KRNI_NUMBER, .min = 0, .max = 1e7,
        .meaning = "places or tonnes of a departure"},
    [TRIP_CAPACITY_UNIT] = {.name = "capacity_unit", .type = KRNI_CHOICE,
        .choices = "t|TEU|wagon|truck|container", .meaning = "unit"},
    [TRIP_GAUGE_MM] = {.name = "gauge_mm", .type = KRNI_INTEGER, .min = 0, .max = 2000,
        .unit = "mm", .meaning = "gauge at the first stop of a train"},
    [TRIP_STATUS] = {.name = "status", .type = KRNI_CHOICE, .required = true,
        .choices = "regular|announced|trial|ended", .meaning = "only regular is offered"},
    [TRIP_TRANSIT_DAYS] = {.name = "transit_days", .type = KRNI_TEXT, .meaning = "as told"},
    [TRIP_COMMODITIES] = {.name = "commodities", .type = KRNI_TEXT, .meaning = "as told"},
    [TRIP_QUALITY] = {.name = "quality", .type = KRNI_CHOICE, .required = true,
        .choices = "published|derived|estimated",
        .meaning = "how the figures of the row are known"},
    [TRIP_SOURCE_ID] = {.name = "source_id", .type = KRNI_REF, .required = true,
        .refers = KRN_TABLE_SOURCE, .meaning = "where they come from"},
    [TRIP_ESTIMATED_FIELDS] = {.name = "estimated_fields", .type = KRNI_LIST,
        .meaning = "columns of this row that are estimates whatever quality says; all = every "
            "figure"},
    [TRIP_NOTE] = {.name = "note", .type = KRNI_TEXT,
        .meaning = "how a figure came about, other figures told"},
};
/* clang-format on */
