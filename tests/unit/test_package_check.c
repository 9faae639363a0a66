/* SPDX-License-Identifier: Apache-2.0 */
/* test_package_check.c - faults between cells, rows and files, each raised once, with its whole
 * text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/fault_cases.h"

#define N(cases) (sizeof(cases) / sizeof(cases)[0])

/* References, orders, codes, twins, lengths. */
static const fault_case row_cases[] = {
    {"border.csv",
     ",s-mini,,\n"
     "bo-rail-out-container",
     ",s-nobody,,\n"
     "bo-rail-out-container",
     "border.csv:2: source_id: s-nobody: a key of source.csv was expected"},
    {"node.csv", "a-farm,Farm Town,60.0,45.0,city,,XA,Mini/West",
     "a-farm,Farm Town,60.0,45.0,city,,XA,Mini/East",
     "node.csv:2: kr_timezone: Mini/East: a zone of timezone.csv was expected"},
    {"border.csv", ",4,10,30,", ",11,10,30,",
     "border.csv:2: dwell_low_h: 11: a low figure not above the typical one was expected"},
    {"border.csv", ",4,10,30,", ",4,10,9,",
     "border.csv:2: dwell_high_h: 9: a high figure not below the typical one was expected"},
    {"port.csv", ",2,8,40,", ",2,,40,",
     "port.csv:2: berth_wait_typical_h: (blank): a figure beside the other two of low, typical, "
     "high was expected"},
    {"commodity.csv", "density_t_m3,\n", "density,\n",
     "commodity.csv:2: estimated_fields: density: a name of a column of this table, or all, was "
     "expected"},
    {"holiday.csv", "2026-03-21,2026-03-24", "2026-03-21,2026-03-20",
     "holiday.csv:2: date_to: 2026-03-20: a value not below date_from (2026-03-21) was expected"},
    {"tariff.csv", ",2026-01-01,2026-12-31,", ",2026-01-01,2025-12-31,",
     "tariff.csv:6: valid_to: 2025-12-31: a value not below valid_from (2026-01-01) was expected"},
    {"node.csv", "XAFRM", "XAFR1",
     "node.csv:2: kr_unlocode: XAFR1: a UN/LOCODE of two capital letters and three of A-Z, 2-9 was "
     "expected"},
    {"node.csv", ",660007,", ",660009,",
     "node.csv:2: kr_rail_code: 660009: a station code of six digits with a right check digit was "
     "expected"},
    {"node.csv", ",1520;1435,", ",1520;9999,",
     "node.csv:8: kr_gauge_mm: 9999: a list of gauges in mm, 600..2000, was expected"},
    {"node.csv", "b-post,South Post,60.2,40.8,border_post,b-gate",
     "b-post,South Post,60.2,40.8,border_post,b-post",
     "node.csv:9: parent_node_id: b-post: another node was expected"},
    {"link.csv", "rail,XA;XB,in_service", "rail,XA,in_service",
     "link.csv:4: kr_country: XA: XA;XB was expected\n"
     "border.csv:2: to_country: XB: a country of the link (XA) was expected\n"
     "border.csv:3: to_country: XB: a country of the link (XA) was expected\n"
     "border.csv:4: from_country: XB: a country of the link (XA) was expected"},
    {"link.csv",
     "rail,XA,in_service,1520,1,0,12,4000,,23.5,,,,,,published,s-mini,free_speed,\n"
     "r-junction-gate",
     "rail,XA,in_service,,1,0,12,4000,,23.5,,,,,,published,s-mini,free_speed,\n"
     "r-junction-gate",
     "link.csv:2: kr_gauge_mm: (blank): a gauge of a railway was expected"},
    {"link.csv", ",180,railway", ",150,railway",
     "link.csv:2: length: 150: a length of at least the great circle of 166.8 km was expected"},
    {"link.csv", "LINESTRING (60.0 45.0, 60.0 43.5)", "LINESTRING (60.0 45.1, 60.0 43.5)",
     "link.csv:2: geometry: LINESTRING (60.0 45.1, 60.0 43.5): a line that begins within 0.001 "
     "degree of from_node_id was expected"},
    {"link.csv", "LINESTRING (60.0 45.0, 60.0 43.5)", "LINESTRING (60.0 45.0, 60.1 43.5)",
     "link.csv:2: geometry: LINESTRING (60.0 45.0, 60.1 43.5): a line that ends within 0.001 "
     "degree of to_node_id was expected"},
    {"season.csv", "se-ice,a-port,,", "se-ice,a-port,s-inner,",
     "season.csv:2: link_id: s-inner: one of node_id and link_id, not both, was expected"},
    {"border.csv", "bo-rail-in,Gates,r-gate,XB,XA", "bo-rail-in,Gates,r-gate,XB,XC",
     "border.csv:4: to_country: XC: a country of the link (XA;XB) was expected"},
    {"border.csv", "bo-rail-in,Gates,r-gate,XB,XA", "bo-rail-in,Gates,r-gate,XB,XB",
     "border.csv:4: to_country: XB: another country than from_country was expected"},
    {"border.csv", "bo-rail-in,Gates,r-gate,XB,XA", "bo-rail-in,Gates,r-gate,XA,XB",
     "border.csv:4: link_id: r-gate: one row of a link, direction and cargo class, as in line 2 "
     "already, was expected"},
    {"gauge_change.csv", "gc-in,b-gate,1435,1520", "gc-in,b-gate,1435,1435",
     "gauge_change.csv:3: to_gauge_mm: 1435: another gauge than from_gauge_mm was expected"},
    {"gauge_change.csv", "gc-in,b-gate,1435,1520", "gc-in,b-gate,1520,1435",
     "gauge_change.csv:3: node_id: b-gate: one row of a node, gauges, method and cargo class, as "
     "in line 2 already, was expected"},
    {"operation.csv", "op-c-port,,c-port,,transfer,sea", "op-c-port,,c-port,city,transfer,sea",
     "operation.csv:14: node_id: c-port: one of node_id and applies_to, not both, was expected"},
    {"operation.csv", "op-c-port,,c-port,,transfer,sea", "op-c-port,,c-port,,transfer,",
     "operation.csv:14: from_side: (blank): a side of a transfer was expected"},
    {"operation.csv",
     "op-b-gulf-rest,,b-gulf,,transfer,rail,rest,,1,400,t,6,18,60,5,,,,,published,s-mini,,\n",
     "op-b-gulf-rest,,b-gulf,,transfer,rail,rest,,1,400,t,6,18,60,5,,,,,published,s-mini,,\n"
     "op-twin,,b-gulf,,transfer,rail,rest,,1,400,t,6,18,60,5,,,,,published,s-mini,,\n",
     "operation.csv:14: node_id: b-gulf: a choice that differs in a figure, as in line 13 already, "
     "was expected"},
    {"tariff.csv", ",8,XAM,", ",8,XAZ,",
     "tariff.csv:2: currency: XAZ: USD or a currency of currency.csv was expected"},
    {"tariff.csv", ",8,XAM,", ",8,,",
     "tariff.csv:2: currency: (blank): the currency of a rate was expected"},
    {"tariff.csv", ",8,XAM,", ",,XAM,",
     "tariff.csv:2: price: (blank): the figure of a rate or coefficient was expected"},
    {"tariff.csv", "t-rail-xb-near;t-rail-xb-far", "t-rail-xb-near;t-rail-xb",
     "tariff.csv:6: applies_to: t-rail-xb: a key or group of tariff.csv was expected"},
    {"tariff.csv", "t-rail-xb-near;t-rail-xb-far", "",
     "tariff.csv:6: applies_to: (blank): the rates that a coefficient multiplies was expected"},
    {"tariff.csv", ",0,300,marginal", ",400,300,marginal",
     "tariff.csv:4: distance_to_km: 300: a value not below distance_from_km (400) was expected"},
    {"tariff.csv", "10;11", "10;1a",
     "tariff.csv:6: hs_prefixes: 1a: a list of HS prefixes of 1 to 10 digits was expected"},
    {"commodity.csv", ",1003,", ",barley,",
     "commodity.csv:2: hs_code: barley: a list of HS prefixes of 1 to 10 digits was expected"},
    {"flow.csv", "barley,400000,3000,,de-1,other", "barley,0,0,,de-1,KZ",
     "flow.csv:2: tonnes: 0: tonnes above 0 was expected\n"
     "flow.csv:2: lot_t: 0: tonnes above 0 was expected"},
    {"demand.csv", "500000,,,other", "500000,,,IR",
     "flow.csv:2: demand_ids: de-1: a total of the statistics other was expected"},
    {"flow.csv", "barley,400000,3000,,de-1,", "barley,400000,3000,,de-1;de-2,",
     "flow.csv:2: demand_ids: de-2: a key of demand.csv was expected"},
    {"flow.csv", "XB,XA,machinery", "XC,XA,machinery",
     "flow.csv:3: origin_country: XC: a country with a place in flow_place.csv for these goods was "
     "expected"},
    {"flow_place.csv", "a-port,1,", "a-harbour,0,",
     "flow_place.csv:3: node_id: a-harbour: a key of node.csv was expected\n"
     "flow_place.csv:3: weight: 0: a weight above 0 was expected"},
    {"flow_place.csv", "barley,,b-gulf", "barley,grain_bulk,a-port",
     "flow_place.csv:6: cargo_class: grain_bulk: one of commodity and cargo_class, not both, was "
     "expected\n"
     "flow_place.csv:6: node_id: a-port: a place of the country was expected"},
    {"flow_place.csv", "barley,,b-gulf", "barley,,b-city",
     "flow_place.csv:6: country: XB: one row of a country, end, goods and place, as in line 5 "
     "already, was expected"},
    {"flow_month.csv", "XA,12,0.125", "XA,12,0.1",
     "flow_month.csv:2: share: 12 rows, sum 0.975: a row for each of twelve months, shares that "
     "sum to 1 was expected"},
    {"flow_month.csv", ",grain_bulk,XA,12,0.125,derived,s-mini,,\n", "",
     "flow_month.csv:2: share: 11 rows, sum 0.875: a row for each of twelve months, shares that "
     "sum to 1 was expected"},
    {"flow_month.csv", "XA,12,", "XA,11,",
     "flow_month.csv:13: commodity: (blank): one row of goods, origin and month, as in line 12 "
     "already, was expected"},
    {"flow_month.csv", ",grain_bulk,XA,12,", "barley,grain_bulk,XA,12,",
     "flow_month.csv:2: share: 11 rows, sum 0.875: a row for each of twelve months, shares that "
     "sum to 1 was expected\n"
     "flow_month.csv:13: cargo_class: grain_bulk: one of commodity and cargo_class, not both, was "
     "expected\n"
     "flow_month.csv:13: share: 1 rows, sum 0.125: a row for each of twelve months, shares that "
     "sum to 1 was expected"},
    {"fleet.csv", "w-1435-grain", "w-1520-grain",
     "fleet.csv:3: vehicle_id: w-1520-grain: a vehicle of the gauge was expected"},
    {"currency.csv", "2025-01-01", "2020-01-01",
     "currency.csv:3: currency: XAM: one rate of a currency and day, as in line 2 already, was "
     "expected"},
};

static void rows_that_do_not_fit_are_told(void **state)
{
    (void)state;
    check_fault_cases(row_cases, N(row_cases));
}

/* Calls, frequencies, booking rules. */
static const fault_case timetable_cases[] = {
    {"timetable/agency.txt", "rail,Etc/UTC", "rail,Mini/North",
     "timetable/agency.txt:2: agency_timezone: Mini/North: Etc/UTC or a zone of timezone.csv was "
     "expected"},
    {"timetable/stop_times.txt", "a-junction,2,1", "a-junction,1,1",
     "timetable/stop_times.txt:3: trip_id: block-out: one call of a trip and sequence, as in line "
     "2 already, was expected"},
    {"timetable/stop_times.txt", "10:00:00,10:30:00", "10:00:00,9:30:00",
     "timetable/stop_times.txt:3: departure_time: 9:30:00: a time not before arrival_time was "
     "expected"},
    {"timetable/stop_times.txt", "10:00:00,10:30:00", "5:00:00,10:30:00",
     "timetable/stop_times.txt:3: arrival_time: 5:00:00: a time not before that of the call before "
     "was expected"},
    {"timetable/stop_times.txt", "30:00:00,31:30:00,b-city", "30:00:00,31:30:00,a-gate",
     "timetable/stop_times.txt:7: stop_id: b-gulf: a stop that a rail link joins to the one before "
     "was expected"},
    {"timetable/stop_times.txt", "20:00:00,20:00:00,b-port", "20:00:00,20:00:00,b-gulf",
     "timetable/stop_times.txt:9: stop_id: b-gulf: a stop that a sea link joins to the one before "
     "was expected"},
    {"timetable/stop_times.txt", "feeder-out,40:00:00,40:00:00,c-port,2,1,0,0,\n", "",
     "timetable/stop_times.txt:12: trip_id: feeder-out: a trip of two calls at least was expected"},
    {"timetable/stop_times.txt", "40:00:00,40:00:00", ",",
     "timetable/stop_times.txt:13: arrival_time: (blank): a time at the last call was expected"},
    {"timetable/trips.txt", "feeder,daily,feeder-out,Far Port,,0\n",
     "feeder,daily,feeder-out,Far Port,,0\n"
     "feeder,daily,feeder-extra,Far Port,,0\n",
     "timetable/trips.txt:7: trip_id: feeder-extra: a trip with calls in stop_times.txt was "
     "expected\n"
     "timetable/trips.txt:7: trip_id: feeder-extra: a trip with a row in kr_trip.txt was expected"},
    {"timetable/frequencies.txt", "0:00:00,168:00:00,604800", "168:00:00,168:00:00,604800",
     "timetable/frequencies.txt:4: end_time: 168:00:00: a time after start_time was expected"},
    {"timetable/booking_rules.txt", "1,4320,", "1,,",
     "timetable/booking_rules.txt:3: prior_notice_duration_min: (blank): a notice in minutes with "
     "booking_type 1 was expected"},
    {"timetable/booking_rules.txt", "2,,7,", "2,60,7,",
     "timetable/booking_rules.txt:2: prior_notice_duration_min: 60: a blank cell with this "
     "booking_type was expected"},
    {"timetable/calendar_dates.txt", "20260210", "20260110",
     "timetable/calendar_dates.txt:4: service_id: listed: one exception of a service and date, as "
     "in line 3 already, was expected"},
    {"timetable/stops.txt", "45.0,60.0", "45.5,60.0",
     "timetable/stops.txt:2: stop_lat: 45.5: the position of the node within 0.001 degree was "
     "expected"},
    {"timetable/kr_trip.txt", ",t,1520,", ",t,,",
     "timetable/kr_trip.txt:2: gauge_mm: (blank): the gauge of a train was expected"},
};

static void timetables_that_do_not_fit_are_told(void **state)
{
    (void)state;
    check_fault_cases(timetable_cases, N(timetable_cases));
}

/* datapackage.json against the files. */
static const fault_case descriptor_cases[] = {
    {"datapackage.json", "", "{",
     "datapackage.json:1: (json): string or '}' expected near end of file: valid JSON was "
     "expected"},
    {"datapackage.json", "", "[]",
     "datapackage.json:1: (json): (no object): an object with name and resources was expected"},
    {"datapackage.json", "", "{\"name\": \"x\"}",
     "datapackage.json:1: resources: (missing): a list of resources was expected"},
    {"datapackage.json", "\"path\": \"spread.csv\"", "\"path\": \"spreads.csv\"",
     "datapackage.json:1: resources[10].path: spreads.csv: a file that is there was expected\n"
     "datapackage.json:1: resources: spread.csv: a resource for this file was expected"},
    {"datapackage.json", "\"path\": \"spread.csv\"", "\"path\": \"../spread.csv\"",
     "datapackage.json:1: resources[10].path: ../spread.csv: a path inside the package was "
     "expected\n"
     "datapackage.json:1: resources: spread.csv: a resource for this file was expected"},
    {"datapackage.json", "{\"name\": \"low_factor\",", "{\"name\": \"lowest_factor\",",
     "datapackage.json:1: spread.csv fields: low_factor: a field for this column was expected"},
};

static void descriptors_that_do_not_fit_are_told(void **state)
{
    (void)state;
    check_fault_cases(descriptor_cases, N(descriptor_cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_that_do_not_fit_are_told),
        cmocka_unit_test(timetables_that_do_not_fit_are_told),
        cmocka_unit_test(descriptors_that_do_not_fit_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
