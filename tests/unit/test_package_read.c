/* SPDX-License-Identifier: Apache-2.0 */
/* test_package_read.c - faults of files, lines and cells, each raised once, with its whole text. */
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

/* Bytes, quotes, headers, rows. */
static const fault_case reader_cases[] = {
    {"source.csv", "source_id,title", "source_id,title,title",
     "source.csv:1: title: title: a column that stands there only once was expected\n"
     "source.csv:2: (row): 6 fields: a row of 7 fields, as in the header, was expected\n"
     "source.csv:3: (row): 6 fields: a row of 7 fields, as in the header, was expected"},
    {"node.csv", "node_id,name,x_coord", "node_id,name,x",
     "datapackage.json:1: node.csv fields: x: a field for this column was expected\n"
     "node.csv:1: x_coord: (missing): this column was expected"},
    {"node.csv", "a-farm,Farm Town", "a-farm,Farm \"Town",
     "node.csv:2: name: Farm \"Town: a field in quotes where it holds a quote was expected"},
    {"source.csv", ",all\n", ",\"all\"x\n",
     "source.csv:2: accessed_note: all: a comma or a line end behind the closing quote was "
     "expected"},
    {"source.csv", "invented for tests\"",
     "inv\xff"
     "ented\"",
     "source.csv:2: title: The mini corridor, inv?ented: UTF-8 without NUL was expected"},
    {"source.csv", ",all\n", ",all,more\n",
     "source.csv:2: (row): 7 fields: a row of 6 fields, as in the header, was expected"},
    {"source.csv", ",all\n", "\n",
     "source.csv:2: (row): 5 fields: a row of 6 fields, as in the header, was expected"},
    {"spread.csv", NULL, NULL,
     "datapackage.json:1: resources[10].path: spread.csv: a file that is there was expected\n"
     "spread.csv:1: (file): (missing): this table was expected"},
    {"spread.csv", "", "",
     "datapackage.json:1: resources[10].path: spread.csv: a file that is there was expected\n"
     "spread.csv:1: (header): (blank): a line of column names was expected"},
};

static void files_and_lines_that_are_wrong_are_told(void **state)
{
    (void)state;
    check_fault_cases(reader_cases, N(reader_cases));
}

/* One case for each type of column. */
static const fault_case type_cases[] = {
    {"link.csv", ",180,railway", ",\"3,5\",railway",
     "link.csv:2: length: 3,5: a number of km in 0..30000 was expected"},
    {"link.csv", ",180,railway", ",180km,railway",
     "link.csv:2: length: 180km: a number of km in 0..30000 was expected"},
    {"link.csv", ",180,railway", ",-1,railway",
     "link.csv:2: length: -1: a number of km in 0..30000 was expected"},
    {"link.csv", ",180,railway", ",0x10,railway",
     "link.csv:2: length: 0x10: a number of km in 0..30000 was expected"},
    {"link.csv", ",180,railway", ",nan,railway",
     "link.csv:2: length: nan: a number of km in 0..30000 was expected"},
    {"link.csv", ",180,railway", ",,railway",
     "link.csv:2: length: (blank): a number of km in 0..30000 was expected"},
    {"link.csv", "r-farm-junction,,a-farm,a-junction,false",
     "r-farm-junction,,a-farm,a-junction,no",
     "link.csv:2: directed: no: true, false, 1 or 0 was expected"},
    {"link.csv", "r-farm-junction,", "r farm junction,",
     "link.csv:2: link_id: r farm junction: a key of letters, digits, '.', '_', '-' was expected"},
    {"vehicle.csv", ",68,24,4,", ",68,24,4.5,",
     "vehicle.csv:2: axles: 4.5: a whole number in 0..20 was expected"},
    {"timezone.csv", "2024-03-01", "2023-02-29",
     "timezone.csv:3: valid_from: 2023-02-29: a date YYYY-MM-DD was expected"},
    {"season.csv", "12-15", "12-32",
     "season.csv:2: from_month_day: 12-32: a day of the year MM-DD was expected"},
    {"timetable/calendar.txt", "20200101", "2020-01-01",
     "timetable/calendar.txt:2: start_date: 2020-01-01: a date YYYYMMDD was expected"},
    {"timetable/stop_times.txt", "6:00:00,6:00:00", "6:00,6:00:00",
     "timetable/stop_times.txt:2: arrival_time: 6:00: a time H:MM:SS, hours up to 9999 was "
     "expected"},
    {"calendar.csv", "08:00-12:00;13:00-20:00,08:00-12:00;13:00-20:00,",
     "08:00-12:00;11:00-20:00,08:00-12:00;13:00-20:00,",
     "calendar.csv:3: monday: 08:00-12:00;11:00-20:00: a list of opening hours HH:MM-HH:MM, "
     "ascending, ';' between them was expected"},
    {"season.csv", ",ice,", ",snow,",
     "season.csv:2: kind: snow: one of ice, storm, closure, convoy was expected"},
    {"node.csv", "city,,XA", "city,,Xa",
     "node.csv:2: kr_country: Xa: a country of two capital letters was expected"},
    {"link.csv", "LINESTRING (60.0 45.0, 60.0 43.5)", "LINESTRING (60.0 45.0)",
     "link.csv:2: geometry: LINESTRING (60.0 45.0): LINESTRING (lon lat, lon lat, ...) in degrees "
     "was expected"},
    {"tariff.csv", "10;11", "10;;11",
     "tariff.csv:6: hs_prefixes: 10;;11: a list of texts, ';' between them, none blank was "
     "expected"},
};

static void cells_that_do_not_fit_their_column_are_told(void **state)
{
    (void)state;
    check_fault_cases(type_cases, N(type_cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_and_lines_that_are_wrong_are_told),
        cmocka_unit_test(cells_that_do_not_fit_their_column_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
