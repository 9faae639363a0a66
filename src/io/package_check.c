/* SPDX-License-Identifier: Apache-2.0 */
/* package_check.c - what no row can say alone: keys that stand twice, rows that nothing tells
 * apart, lines shorter than the straight way, measures that meet nothing. */
#include "io/package_check.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <keruen/connectivity.h>

#include "base/error.h"
#include "base/number.h"
#include "model/measure_check.h"
#include "model/measure_data.h"
#include "model/row_check.h"

#define ROUNDING_KM  0.05  /* coordinates and lengths are rounded */
#define NEAR_DEGREES 0.001 /* of the end of a geometry from its node, about 100 m */

void krni_fault_at(krn_faults *faults, const krn_package *package, krn_table table, uint32_t row,
                   int column, const char *value, const char *expected)
{
    uint32_t line = krn_package_row_line(package, table, row);
    if (table == KRN_TABLE_MEASURE && package->measures && package->measures[row].lines[column])
        line = package->measures[row].lines[column];
    krni_fault(faults,
               krni_cell_place(table, krn_package_row_file(package, table, row), line,
                               (uint32_t)column,
                               krn_package_column_name(package, table, (uint32_t)column)),
               value, strlen(value), "%s", expected);
}

/* ---- every row for itself ---- */

typedef struct row_faults {
    krn_faults *faults;
    const krn_package *package;
    krn_table table;
    uint32_t row;
} row_faults;

static void report_row(void *context, int column, const char *value, const char *expected)
{
    const row_faults *r = context;
    krni_fault_at(r->faults, r->package, r->table, r->row, column, value, expected);
}

static krn_status check_rows(const krn_package *package, krn_faults *faults, krn_error *err)
{
    krni_row_view view;
    krni_row_memo memo;
    krni_row_index index;
    memset(&memo, 0, sizeof memo);
    const bool made = krni_row_index_open(&index, package);
    for (int t = 0; t < KRN_TABLE_COUNT && made; t++) {
        row_faults context = {faults, package, (krn_table)t, 0};
        const krni_row_checker checker = {package, &memo, &index, &context, NULL, report_row};
        for (; context.row < krn_package_rows(package, context.table); context.row++) {
            krni_row_view_of(package, context.table, context.row, &view);
            krni_row_check(&checker, &view);
        }
    }
    krni_row_index_close(&index);
    return made ? KRN_OK : krni_fail_memory(err);
}

static void check_config(const krn_package *package, krn_faults *faults)
{
    const uint32_t n = krn_package_rows(package, KRN_TABLE_CONFIG);
    char count[32];
    const int length = snprintf(count, sizeof count, "%u rows", n);
    if (n != 1)
        krni_fault(faults, krni_cell_place(KRN_TABLE_CONFIG, "config.csv", n ? 3 : 2, 0, "(row)"),
                   count, (size_t)length, "exactly one row");
}

/* ---- rows that stand twice ---- */

#define MOST_COLUMNS 14

/* Columns that tell rows of a table apart; rows alike in all of them are a fault. */
typedef struct distinct {
    krn_table table;
    int columns[MOST_COLUMNS]; /* -1 ends */
    const char *expected;
} distinct;

static const distinct distincts[] = {
    {KRN_TABLE_TIMEZONE, {TIMEZONE_ZONE, TIMEZONE_VALID_FROM, -1}, "one offset of a zone and day"},
    {KRN_TABLE_CURRENCY,
     {CURRENCY_CURRENCY, CURRENCY_VALID_FROM, -1},
     "one rate of a currency and day"},
    {KRN_TABLE_SPREAD, {SPREAD_MODE, SPREAD_COUNTRY, -1}, "one spread of a mode and country"},
    {KRN_TABLE_BORDER,
     {BORDER_LINK_ID, BORDER_FROM_COUNTRY, BORDER_TO_COUNTRY, BORDER_CARGO_CLASS, -1},
     "one row of a link, direction and cargo class"},
    {KRN_TABLE_GAUGE_CHANGE,
     {GAUGE_CHANGE_NODE_ID, GAUGE_CHANGE_FROM_GAUGE_MM, GAUGE_CHANGE_TO_GAUGE_MM,
      GAUGE_CHANGE_METHOD, GAUGE_CHANGE_CARGO_CLASS, -1},
     "one row of a node, gauges, method and cargo class"},
    {KRN_TABLE_OPERATION,
     {OPERATION_NODE_ID, OPERATION_APPLIES_TO, OPERATION_KIND, OPERATION_FROM_SIDE,
      OPERATION_TO_SIDE, OPERATION_CARGO_CLASS, OPERATION_RATE_PER_H, OPERATION_LOW_H,
      OPERATION_TYPICAL_H, OPERATION_HIGH_H, OPERATION_COST_USD, OPERATION_SERVERS, -1},
     "a choice that differs in a figure"},
    {KRN_TABLE_FLOW_PLACE,
     {FLOW_PLACE_COUNTRY, FLOW_PLACE_END, FLOW_PLACE_COMMODITY, FLOW_PLACE_CARGO_CLASS,
      FLOW_PLACE_NODE_ID, -1},
     "one row of a country, end, goods and place"},
    {KRN_TABLE_FLOW_MONTH,
     {FLOW_MONTH_COMMODITY, FLOW_MONTH_CARGO_CLASS, FLOW_MONTH_ORIGIN_COUNTRY, FLOW_MONTH_MONTH,
      -1},
     "one row of goods, origin and month"},
    {KRN_TABLE_STOP_TIMES,
     {STOP_TIMES_TRIP_ID, STOP_TIMES_STOP_SEQUENCE, -1},
     "one call of a trip and sequence"},
    {KRN_TABLE_CALENDAR_DATES,
     {CALENDAR_DATES_SERVICE_ID, CALENDAR_DATES_DATE, -1},
     "one exception of a service and date"},
    {KRN_TABLE_FREQUENCIES,
     {FREQUENCIES_TRIP_ID, FREQUENCIES_START_TIME, -1},
     "one frequency of a trip and start"},
    {KRN_TABLE_RAIL_CHECK, {RAIL_CHECK_ROUTE, -1}, "one row of a route"},
};

/* Texts are stored once, so equal ones have equal offsets. */
static int compare_cells(const krni_cells *cells, const int *columns, uint32_t a, uint32_t b)
{
    for (; *columns >= 0; columns++) {
        const krni_cell *x = &cells->cells[(size_t)a * cells->n_columns + (uint32_t)*columns];
        const krni_cell *y = &cells->cells[(size_t)b * cells->n_columns + (uint32_t)*columns];
        if (x->text != y->text)
            return x->text < y->text ? -1 : 1;
    }
    return 0;
}

static bool is_before(const krni_cells *cells, const int *columns, uint32_t a, uint32_t b)
{
    const int order = compare_cells(cells, columns, a, b);
    return order ? order < 0 : a < b;
}

/* A heap sort: no memory, no bad case. */
static void sort_rows(const krni_cells *cells, const int *columns, uint32_t *rows, uint32_t n)
{
    for (uint32_t start = n / 2, end = n; end > 1;) {
        if (start) {
            start--;
        } else {
            end--;
            const uint32_t swap = rows[0];
            rows[0] = rows[end];
            rows[end] = swap;
        }
        for (uint32_t at = start, child; (child = 2 * at + 1) < end; at = child) {
            if (child + 1 < end && is_before(cells, columns, rows[child], rows[child + 1]))
                child++;
            if (!is_before(cells, columns, rows[at], rows[child]))
                break;
            const uint32_t swap = rows[at];
            rows[at] = rows[child];
            rows[child] = swap;
        }
    }
}

static krn_status check_distinct(const krn_package *package, const distinct *d, krn_faults *faults,
                                 krn_error *err)
{
    const krni_cells cells = krni_package_cells(package, d->table);
    uint32_t *rows = malloc((cells.n_rows + (size_t)1) * sizeof *rows);
    if (!rows)
        return krni_fail_memory(err);
    for (uint32_t r = 0; r < cells.n_rows; r++)
        rows[r] = r;
    sort_rows(&cells, d->columns, rows, cells.n_rows);
    for (uint32_t i = 1; i < cells.n_rows; i++) {
        char expected[160];
        if (compare_cells(&cells, d->columns, rows[i - 1], rows[i]) != 0)
            continue;
        (void)snprintf(expected, sizeof expected, "%s, as in line %u already,", d->expected,
                       krn_package_row_line(package, d->table, rows[i - 1]));
        krni_fault_at(faults, package, d->table, rows[i], d->columns[0],
                      krni_cells_text(&cells, rows[i], d->columns[0]), expected);
    }
    free(rows);
    return KRN_OK;
}

/* by_key keeps equal keys in the order of the file. */
static void check_keys(const krn_package *package, krn_faults *faults)
{
    for (int t = 0; t < KRN_TABLE_COUNT; t++) {
        const krn_table table = (krn_table)t;
        const krni_rows *rows = &package->tables[t];
        const int key = krni_schema(table)->key;
        for (uint32_t i = 1; key >= 0 && i < rows->n_rows; i++) {
            const char *text = krni_text(package, table, rows->by_key[i], key);
            char expected[160];
            if (!*text || strcmp(krni_text(package, table, rows->by_key[i - 1], key), text) != 0)
                continue;
            (void)snprintf(expected, sizeof expected, "a key that %.60s:%u does not have already",
                           krn_package_row_file(package, table, rows->by_key[i - 1]),
                           krn_package_row_line(package, table, rows->by_key[i - 1]));
            krni_fault_at(faults, package, table, rows->by_key[i], key, text, expected);
        }
    }
}

/* ---- lengths and geometry ---- */

typedef struct point {
    double lon, lat;
} point;

static bool node_point(const krn_package *p, uint32_t node, point *out)
{
    if (node == KRN_NO_ROW)
        return false;
    out->lon = krni_number(p, KRN_TABLE_NODE, node, NODE_X_COORD);
    out->lat = krni_number(p, KRN_TABLE_NODE, node, NODE_Y_COORD);
    return !isnan(out->lon) && !isnan(out->lat);
}

/* "lon lat" at the start of a text that the reader has checked. */
static bool read_point(const char *text, point *out)
{
    text += strspn(text, " ");
    const size_t first = strcspn(text, " ");
    const char *second = text + first + strspn(text + first, " ");
    return krni_number_read(text, first, &out->lon) &&
           krni_number_read(second, strcspn(second, " ,)"), &out->lat);
}

static bool is_near(point a, point b)
{
    return fabs(a.lon - b.lon) <= NEAR_DEGREES && fabs(a.lat - b.lat) <= NEAR_DEGREES;
}

static void check_geometry(const krn_package *p, uint32_t link, point from, point to,
                           krn_faults *faults)
{
    const char *wkt = krni_text(p, KRN_TABLE_LINK, link, LINK_GEOMETRY);
    const char *open = strchr(wkt, '('), *last = strrchr(wkt, ',');
    point first_point, last_point;
    if (!open || !last || !read_point(open + 1, &first_point) || !read_point(last + 1, &last_point))
        return;
    if (!is_near(first_point, from))
        krni_fault_at(faults, p, KRN_TABLE_LINK, link, LINK_GEOMETRY, wkt,
                      "a line that begins within 0.001 degree of from_node_id");
    if (!is_near(last_point, to))
        krni_fault_at(faults, p, KRN_TABLE_LINK, link, LINK_GEOMETRY, wkt,
                      "a line that ends within 0.001 degree of to_node_id");
}

static void check_links(const krn_package *p, krn_faults *faults)
{
    for (uint32_t link = 0; link < krn_package_rows(p, KRN_TABLE_LINK); link++) {
        point from, to;
        const double length_km = krni_number(p, KRN_TABLE_LINK, link, LINK_LENGTH);
        if (!node_point(p, krni_ref(p, KRN_TABLE_LINK, link, LINK_FROM_NODE_ID), &from) ||
            !node_point(p, krni_ref(p, KRN_TABLE_LINK, link, LINK_TO_NODE_ID), &to))
            continue;
        const double straight_km = krn_great_circle_km(from.lat, from.lon, to.lat, to.lon);
        if (length_km + ROUNDING_KM < straight_km) {
            char expected[96], km[KRNI_NUMBER_EXACT_SIZE];
            krni_number_exact(round(straight_km * 10) / 10, 12, km);
            (void)snprintf(expected, sizeof expected,
                           "a length of at least the great circle of %s km", km);
            krni_fault_at(faults, p, KRN_TABLE_LINK, link, LINK_LENGTH,
                          krni_text(p, KRN_TABLE_LINK, link, LINK_LENGTH), expected);
        }
        check_geometry(p, link, from, to, faults);
    }
}

/* Every stop stands where its node stands. */
static void check_stops(const krn_package *p, krn_faults *faults)
{
    for (uint32_t stop = 0; stop < krn_package_rows(p, KRN_TABLE_STOPS); stop++) {
        point node, at = {krni_number(p, KRN_TABLE_STOPS, stop, STOPS_STOP_LON),
                          krni_number(p, KRN_TABLE_STOPS, stop, STOPS_STOP_LAT)};
        if (node_point(p, krni_ref(p, KRN_TABLE_STOPS, stop, STOPS_STOP_ID), &node) &&
            !isnan(at.lon) && !isnan(at.lat) && !is_near(at, node))
            krni_fault_at(faults, p, KRN_TABLE_STOPS, stop, STOPS_STOP_LAT,
                          krni_text(p, KRN_TABLE_STOPS, stop, STOPS_STOP_LAT),
                          "the position of the node within 0.001 degree");
    }
}

/* ---- measures ---- */

static void report_measure(void *context, const char *file, uint32_t line, const char *text)
{
    krni_fault_text(context, krni_cell_place(KRN_TABLE_MEASURE, file, line, 1, ""), text);
}

krn_status krni_check_package(const krn_package *package, krn_faults *faults, krn_error *err)
{
    const uint32_t n_before = krn_faults_count(faults);
    check_config(package, faults);
    krn_status status = check_rows(package, faults, err);
    check_keys(package, faults);
    for (size_t i = 0; i < sizeof distincts / sizeof distincts[0] && !status; i++)
        status = check_distinct(package, &distincts[i], faults, err);
    if (status)
        return status;
    check_links(package, faults);
    check_stops(package, faults);
    status = krni_check_flows(package, faults, err);
    if (!status)
        status = krni_check_timetable(package, faults, err);
    if (status || n_before || krn_faults_count(faults))
        return status; /* on tables that are wrong, changes cannot be judged */
    return krni_measure_check(package, report_measure, faults, err);
}
