/* package.h - a corridor as tables in memory: rows, cells, and how each figure is known.
 *
 * A package is a folder of CSV tables, a GTFS timetable and measures (see docs/package-format.md,
 * which is generated from the same description of columns that the reader checks against). Tables
 * and rows keep their file order; a row is named by its key, never by its place.
 *
 *   ownership  krn_package is opened by io.h and freed by krn_package_free; every text returned is
 *              borrowed from it
 *   threads    a package is not changed after it was made; any number of threads may read it
 *   errors     none: reading beyond a table is a caller's mistake (asserted); a blank cell is ""
 */
#ifndef KERUEN_PACKAGE_H
#define KERUEN_PACKAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <keruen/status.h>
#include <keruen/units.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct krn_package krn_package;

typedef enum krn_table {
    KRN_TABLE_CONFIG = 0,
    KRN_TABLE_SOURCE,
    KRN_TABLE_TIMEZONE,
    KRN_TABLE_CURRENCY,
    KRN_TABLE_CALENDAR,
    KRN_TABLE_HOLIDAY,
    KRN_TABLE_NODE,
    KRN_TABLE_PORT,
    KRN_TABLE_LINK,
    KRN_TABLE_SEASON,
    KRN_TABLE_SPREAD,
    KRN_TABLE_CARGO_CLASS,
    KRN_TABLE_COMMODITY,
    KRN_TABLE_LOADING_UNIT,
    KRN_TABLE_VEHICLE,
    KRN_TABLE_BORDER,
    KRN_TABLE_GAUGE_CHANGE,
    KRN_TABLE_OPERATION,
    KRN_TABLE_TARIFF,
    KRN_TABLE_EMISSION,
    KRN_TABLE_RULE,
    KRN_TABLE_VISA,
    KRN_TABLE_REGIME,
    KRN_TABLE_SANCTION,
    KRN_TABLE_DEMAND,
    KRN_TABLE_FLOW,
    KRN_TABLE_FLOW_PLACE,
    KRN_TABLE_FLOW_MONTH,
    KRN_TABLE_FLEET,
    KRN_TABLE_PLACE_CROSSWALK,
    KRN_TABLE_RAIL_CHECK,
    /* GTFS files of timetable/ */
    KRN_TABLE_AGENCY,
    KRN_TABLE_STOPS,
    KRN_TABLE_ROUTES,
    KRN_TABLE_TRIPS,
    KRN_TABLE_STOP_TIMES,
    KRN_TABLE_SERVICE_CALENDAR,
    KRN_TABLE_CALENDAR_DATES,
    KRN_TABLE_FREQUENCIES,
    KRN_TABLE_BOOKING_RULES,
    KRN_TABLE_FEED_INFO,
    KRN_TABLE_TRIP, /* kr_trip.txt: what freight needs beside trips.txt */
    /* measures, one row each; their changes are read by measure.h */
    KRN_TABLE_MEASURE,
    KRN_TABLE_COUNT
} krn_table;

/* Where a figure stands. row is an index into the table as it is in this package or scenario. */
typedef struct krn_figure {
    uint16_t table;  /* krn_table; KRN_TABLE_COUNT: none */
    uint16_t column; /* index of the column */
    uint32_t row;
} krn_figure;

#define KRN_NO_ROW UINT32_MAX

/* A figure that stands nowhere. */
KRN_API krn_figure krn_figure_none(void);

KRN_API void krn_package_free(krn_package *package);

/* File name of a table inside the package folder ("node.csv", "timetable/trips.txt"). */
KRN_API const char *krn_table_file(krn_table table);

/* Table of that file name, with or without folder and extension; KRN_TABLE_COUNT if none. */
KRN_API krn_table krn_table_named(const char *name);

KRN_API uint32_t krn_package_rows(const krn_package *package, krn_table table);
KRN_API uint32_t krn_package_columns(const krn_package *package, krn_table table);

/* Name of a column; columns of the format first, then the package's own further ones. */
KRN_API const char *krn_package_column_name(const krn_package *package, krn_table table,
                                            uint32_t column);

/* Index of a column by name, or -1. O(columns). */
KRN_API int krn_package_column(const krn_package *package, krn_table table, const char *name);

/* Text of a cell, "" when blank or when the file has no such column. O(1). */
KRN_API const char *krn_package_text(const krn_package *package, krn_table table, uint32_t row,
                                     uint32_t column);

/* Number of a numeric, date or boolean cell (dates: days since 1970-01-01; booleans 0 or 1); NaN
 * when blank. O(1). */
KRN_API double krn_package_number(const krn_package *package, krn_table table, uint32_t row,
                                  uint32_t column);

/* Row by key, or KRN_NO_ROW. Tables without a single key column have none. O(log rows). */
KRN_API uint32_t krn_package_find(const krn_package *package, krn_table table, const char *key);

/* Quality of one cell: the row's flag, or estimated when the row names this column (or "all") among
 * its estimated fields, or when a measure of that quality set it. */
KRN_API krn_quality krn_package_quality(const krn_package *package, krn_figure figure);

/* Source id of one cell's row, or of the measure that set the cell; "" if the table has none. */
KRN_API const char *krn_package_source(const krn_package *package, krn_figure figure);

/* Id of the measure that set a cell or added its row, or "". */
KRN_API const char *krn_package_changed_by(const krn_package *package, krn_figure figure);

/* Where a row came from: file inside the package (or of an own measure) and 1-based line. */
KRN_API const char *krn_package_row_file(const krn_package *package, krn_table table, uint32_t row);
KRN_API uint32_t krn_package_row_line(const krn_package *package, krn_table table, uint32_t row);

/* Folder or file that the package was read from. */
KRN_API const char *krn_package_origin(const krn_package *package);

#ifdef __cplusplus
}
#endif
#endif
