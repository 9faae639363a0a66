/* SPDX-License-Identifier: Apache-2.0 */
/* test_trace.c - a trace written, read, refused and told.
 *
 *   events -> file -> rows -> summary, story
 *
 *   lot 1   made 08:00 | load 08:00-10:00 | waits for a line 10:00-13:00 | haul 13:00-17:30 |
 * delivered */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include <keruen/trace.h>

#include "support/assert_near.h"
#include "support/failing_alloc.h"
#include "support/mini_network.h"

#define HEADING                                                                                    \
    "case_id,activity,timestamp,lifecycle,from,to,resource,cause,commodity,tonnes,relation,way\n"

/* 2027-03-01T08:00:00Z */
#define EIGHT ((krn_time)20878 * KRN_SECONDS_PER_DAY + 8 * KRN_SECONDS_PER_HOUR)

static const char small_trace[] = HEADING
    "1,made,2027-03-01T08:00:00Z,complete,a-farm,,,,barley,60,a-farm>b-city,by Gates\n"
    "1,load,2027-03-01T08:00:00Z,start,a-farm,a-farm,,,barley,60,a-farm>b-city,by Gates\n"
    "2,made,2027-03-01T09:00:00Z,complete,b-city,,,,x,6.5,b-city>a-farm,\n"
    "1,load,2027-03-01T10:00:00Z,complete,a-farm,a-farm,,,barley,60,a-farm>b-city,by Gates\n"
    "1,wait: line,2027-03-01T10:00:00Z,wait,a-farm,b-gate,section/r-1,line,barley,60,"
    "a-farm>b-city,by Gates\n"
    "1,rail haul,2027-03-01T13:00:00Z,start,a-farm,b-city,section/r-1,,barley,60,"
    "a-farm>b-city,by Gates\n"
    "1,rail haul,2027-03-01T17:30:00Z,complete,a-farm,b-city,,,barley,60,a-farm>b-city,by "
    "Gates\n"
    "1,delivered,2027-03-01T17:30:00Z,complete,b-city,,,,barley,60,a-farm>b-city,by Gates\n"
    "7,made,2027-03-02T09:00:00Z,complete,b-city,,,,x,6.5,b-city>a-farm,\n";

typedef struct fixture {
    char folder[512], path[600];
    krn_arena *arena;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    if (!f)
        return 1;
    (void)snprintf(f->folder, sizeof f->folder, "%s/test_trace.XXXXXX", KRN_BINARY_DIR);
    f->arena = krn_arena_new(NULL, 0);
    if (!f->arena || !mkdtemp(f->folder))
        return 1;
    (void)snprintf(f->path, sizeof f->path, "%s/t.csv", f->folder);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    (void)unlink(f->path);
    const int left = rmdir(f->folder); /* no temporary file was left */
    krn_arena_free(f->arena);
    free(f);
    return left;
}

/* ---- reading ---- */

typedef struct seen {
    uint32_t n;
    krn_trace_row last;
    char activity[64], way[64];
} seen;

static krn_status see(void *context, const krn_trace_row *row, krn_error *err)
{
    seen *s = context;
    (void)err;
    s->n++;
    s->last = *row;
    (void)snprintf(s->activity, sizeof s->activity, "%s", row->activity);
    (void)snprintf(s->way, sizeof s->way, "%s", row->way);
    return KRN_OK;
}

static krn_status parse(const char *text, seen *s, krn_error *err)
{
    const size_t size = strlen(text);
    char *copy = malloc(size + 1);
    assert_non_null(copy);
    memcpy(copy, text, size + 1);
    memset(s, 0, sizeof *s);
    const krn_status st = krn_trace_parse("t.csv", copy, size, see, s, err);
    free(copy);
    return st;
}

static void rows_are_read_as_they_stand(void **state)
{
    (void)state;
    seen s;
    assert_int_equal(parse(small_trace, &s, NULL), KRN_OK);
    assert_int_equal(s.n, 9);
    assert_int_equal(s.last.lot, 7);
    assert_int_equal(s.last.at, EIGHT + 25 * KRN_SECONDS_PER_HOUR);
    assert_near(s.last.net_t, 6.5, 0);
    assert_int_equal(s.last.step, KRN_STEP_COMPLETE);
    /* byte-order mark, CRLF, quotes, no line end at the end, blank line */
    assert_int_equal(
        parse("\xef\xbb\xbf" HEADING
              "3,\"a \"\"b\"\",\nc\",2027-03-01T08:00:00Z,start,a,b,,,x,1,r,\"w,1\"\r\n",
              &s, NULL),
        KRN_OK);
    assert_string_equal(s.activity, "a \"b\",\nc");
    assert_string_equal(s.way, "w,1");
    assert_int_equal(parse(HEADING "3,a,2027-03-01T08:00:00Z,start,a,b,,,x,1,r,w", &s, NULL),
                     KRN_OK);
    assert_int_equal(parse(HEADING "3,a,2027-03-01T08:00:00Z,start,a,b,,,x,1,r,w\n\n", &s, NULL),
                     KRN_OK);
    assert_int_equal(s.n, 1);
    assert_int_equal(parse(HEADING, &s, NULL), KRN_OK);
    assert_int_equal(s.n, 0);
}

static void every_fault_is_told_with_its_place(void **state)
{
    (void)state;
#define ROW(a, t, l, c, n) a ",act," t "," l ",x,y,," c ",k," n ",r,w\n"
#define GOOD               ROW("1", "2027-03-01T08:00:00Z", "start", "", "1")
    static const struct {
        const char *text, *fault;
    } cases[] = {
        {"", "t.csv:1: (row): the heading of a trace was expected"},
        {"a,b\n", "t.csv:1: (row): 12 fields was expected"},
        {"case,activity,timestamp,lifecycle,from,to,resource,cause,commodity,tonnes,relation,way\n",
         "t.csv:1: case_id: case: this heading was expected"},
        {HEADING GOOD ROW("0", "2027-03-01T08:00:00Z", "start", "", "1"),
         "t.csv:3: case_id: 0: a whole number from 1 was expected"},
        {HEADING ROW("1.5", "2027-03-01T08:00:00Z", "start", "", "1"), "t.csv:2: case_id: 1.5: "},
        {HEADING ROW("4294967296", "2027-03-01T08:00:00Z", "start", "", "1"), "t.csv:2: case_id: "},
        {HEADING ROW("1", "2027-02-29T08:00:00Z", "start", "", "1"),
         "t.csv:2: timestamp: 2027-02-29T08:00:00Z: an instant as 2027-03-01T08:30:00Z was "
         "expected"},
        {HEADING ROW("1", "2027-03-01T24:00:00Z", "start", "", "1"), "t.csv:2: timestamp: "},
        {HEADING ROW("1", "2027-03-01 08:00:00Z", "start", "", "1"), "t.csv:2: timestamp: "},
        {HEADING ROW("1", "2027-03-01T08:00:00", "start", "", "1"), "t.csv:2: timestamp: "},
        {HEADING ROW("1", "2027-03-01T08:00:00Z", "begin", "", "1"),
         "t.csv:2: lifecycle: begin: wait, start or complete was expected"},
        {HEADING ROW("1", "2027-03-01T08:00:00Z", "wait", "", "1"),
         "t.csv:2: cause: (blank): what is waited for was expected"},
        {HEADING ROW("1", "2027-03-01T08:00:00Z", "start", "line", "1"),
         "t.csv:2: cause: line: blank but in a wait was expected"},
        {HEADING ROW("1", "2027-03-01T08:00:00Z", "start", "", "-1"),
         "t.csv:2: tonnes: -1: a number of t from 0 was expected"},
        {HEADING ROW("1", "2027-03-01T08:00:00Z", "start", "", "1,5"),
         "t.csv:2: (row): 12 fields was expected"},
        {HEADING ROW("1", "2027-03-01T08:00:00Z", "start", "", "nan"), "t.csv:2: tonnes: nan: "},
        {HEADING "\n" GOOD, "t.csv:2: (row): 12 fields was expected"},
        {HEADING GOOD "1,\"a\n\nb\",2027-03-01T08:00:00Z,start,,,,,k,1,r,w\n" ROW(
             "x", "2027-03-01T08:00:00Z", "start", "", "1"),
         "t.csv:6: case_id: x: "},
        {HEADING "1,\"act,2027-03-01T08:00:00Z,start,,,,,k,1,r,w\n", "t.csv:2: (row): 12 fields"},
        {HEADING "1,a\x80,2027-03-01T08:00:00Z,start,,,,,k,1,r,w\n",
         "t.csv:2: activity: a?: UTF-8 without NUL was expected"},
        {HEADING "1,,2027-03-01T08:00:00Z,start,,,,,k,1,r,w\n",
         "t.csv:2: activity: (blank): a name was expected"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        seen s;
        krn_error err = {0};
        const krn_status st = parse(cases[i].text, &s, &err);
        if (st != KRN_E_DATA || strncmp(err.text, cases[i].fault, strlen(cases[i].fault)) != 0)
            fail_msg("case %zu: %d: %s", i, st, err.text);
    }
}

static void a_row_without_end_is_refused_in_bounded_memory(void **state)
{
    const fixture *f = *state;
    FILE *file = fopen(f->path, "w");
    assert_non_null(file);
    (void)fputs(HEADING "1,\"", file);
    for (int i = 0; i < 400000; i++)
        (void)fputs("long\n", file);
    assert_int_equal(fclose(file), 0);
    seen s = {0};
    krn_error err = {0};
    assert_int_equal(krn_trace_read(f->path, see, &s, &err), KRN_E_DATA);
    assert_non_null(strstr(err.text, ":2: (row): a row of at most 64 KiB was expected"));
}

/* Rows fall on every place relative to the reader's buffer. */
static void a_long_file_is_read_whole(void **state)
{
    const fixture *f = *state;
    FILE *file = fopen(f->path, "w");
    assert_non_null(file);
    (void)fputs(HEADING, file);
    for (int i = 1; i <= 20000; i++)
        (void)fprintf(
            file, "%d,%.*s,2027-03-01T08:00:00Z,start,a,b,,,x,%d,r,w\n", i, 1 + i % 97,
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            "aaaaaaaaaaaaaaaaaaaaaaaaaa",
            i);
    assert_int_equal(fclose(file), 0);
    seen s = {0};
    assert_int_equal(krn_trace_read(f->path, see, &s, NULL), KRN_OK);
    assert_int_equal(s.n, 20000);
    assert_int_equal(s.last.lot, 20000);
    assert_near(s.last.net_t, 20000, 0);
}

static void a_file_that_is_not_there_is_told(void **state)
{
    const fixture *f = *state;
    seen s = {0};
    krn_error err = {0};
    assert_int_equal(krn_trace_read("/nonexistent/t.csv", see, &s, &err), KRN_E_IO);
    assert_non_null(strstr(err.text, "/nonexistent/t.csv: no such file"));
    assert_int_equal(krn_trace_read(f->folder, see, &s, &err), KRN_E_IO);
    assert_non_null(strstr(err.text, "it is a folder"));
}

/* ---- telling ---- */

static char *tell(fixture *f, const char *trace, uint32_t lot, krn_format format, krn_status want,
                  krn_error *err)
{
    char *text = NULL;
    const krn_report_options options = {.format = format, .columns = 80};
    assert_int_equal(krn_file_write(f->path, trace, strlen(trace), NULL), KRN_OK);
    const krn_status st =
        lot ? krn_report_trace_lot(f->path, lot, NULL, &options, f->arena, &text, err)
            : krn_report_trace(f->path, NULL, &options, f->arena, &text, err);
    if (st != want)
        fail_msg("status %d: %s", st, err->text);
    return text;
}

static void has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in:\n%s", part, text);
}

static void a_story_adds_up_to_door_to_door(void **state)
{
    fixture *f = *state;
    krn_error err = {0};
    const char *text = tell(f, small_trace, 1, KRN_FORMAT_TABLE, KRN_OK, &err);
    has(text, "Lot 1: 60.0 t barley, a-farm → b-city");
    has(text, "made 2027-03-01 08:00, delivered 2027-03-01 17:30: 9.5 h");
    has(text, "2027-03-01 10:00  wait: line  a-farm");
    has(text, "rail haul        4.5   47 %");
    has(text, "of it waiting    3.0   32 %");
    text = tell(f, small_trace, 1, KRN_FORMAT_CSV, KRN_OK, &err);
    has(text, "1,2027-03-01T10:00:00Z,2027-03-01T13:00:00Z,wait: "
              "line,a-farm,b-gate,section/r-1,line,3.0000");
    text = tell(f, small_trace, 1, KRN_FORMAT_JSON, KRN_OK, &err);
    has(text, "\"hours\": 9.5");
    has(text, "\"delivered\": \"2027-03-01T17:30:00Z\"");
    text = tell(f, small_trace, 2, KRN_FORMAT_JSON, KRN_OK, &err);
    has(text, "\"last_seen\": \"2027-03-01T09:00:00Z\"");
    text = tell(f, small_trace, 2, KRN_FORMAT_TABLE, KRN_OK, &err); /* one row, no time */
    has(text, "still under way");
}

static void a_lot_that_is_not_there_names_its_neighbours(void **state)
{
    fixture *f = *state;
    krn_error err = {0};
    (void)tell(f, small_trace, 4, KRN_FORMAT_TABLE, KRN_E_NOT_FOUND, &err);
    has(err.text, "has no lot 4; nearest: 2 and 7");
    (void)tell(f, small_trace, 9, KRN_FORMAT_TABLE, KRN_E_NOT_FOUND, &err);
    has(err.text, "has no lot 9; nearest: 7");
    (void)tell(f, HEADING, 9, KRN_FORMAT_TABLE, KRN_E_NOT_FOUND, &err);
    has(err.text, "holds no lot at all");
}

static void rows_of_a_lot_that_go_back_in_time_are_refused(void **state)
{
    fixture *f = *state;
    krn_error err = {0};
    static const char back[] = HEADING "1,made,2027-03-01T08:00:00Z,complete,a,,,,x,1,r,w\n"
                                       "1,load,2027-03-01T07:59:59Z,start,a,a,,,x,1,r,w\n";
    (void)tell(f, back, 1, KRN_FORMAT_TABLE, KRN_E_DATA, &err);
    has(err.text, "lot 1: timestamp: 2027-03-01T07:59:59Z: no earlier instant");
    (void)tell(f, back, 0, KRN_FORMAT_TABLE, KRN_E_DATA, &err);
}

static void a_summary_counts_lots_times_and_relations(void **state)
{
    fixture *f = *state;
    krn_error err = {0};
    const char *text = tell(f, small_trace, 0, KRN_FORMAT_JSON, KRN_OK, &err);
    has(text, "\"rows\": 9");
    has(text, "\"lots\": 3");
    has(text, "\"tonnes\": 73.0");
    has(text, "\"delivered_lots\": 1");
    has(text, "\"mean_h\": 9.5");
    has(text, "\"wait: line\": 180.0"); /* 3 h of 60 t */
    has(text, "\"relation\": \"a-farm>b-city\"");
    text = tell(f, small_trace, 0, KRN_FORMAT_CSV, KRN_OK, &err);
    has(text, "1,barley,60.000,a-farm>b-city,by "
              "Gates,2027-03-01T08:00:00Z,2027-03-01T17:30:00Z,9.5000,3.0000");
    text = tell(f, small_trace, 0, KRN_FORMAT_TABLE, KRN_OK, &err);
    has(text, "3 lots, 73 t");
    text = tell(f, HEADING, 0, KRN_FORMAT_TABLE, KRN_OK, &err);
    has(text, "0 lots");
    (void)tell(f, HEADING, 0, KRN_FORMAT_JSON, KRN_OK, &err);
    (void)tell(f, small_trace, 0, KRN_FORMAT_GEOJSON, KRN_E_ARG, &err);
}

/* ---- writing ---- */

static void events_become_rows_that_the_reader_takes(void **state)
{
    const fixture *f = *state;
    krn_network *network = mini_network(NULL, 0);
    const uint32_t load = mini_activity(network, KRN_TRANSFER, "a-farm", KRN_SIDE_REST, "a-farm",
                                        KRN_SIDE_ROAD, NULL);
    const krn_sim_way way = {.group = 1};
    const krn_sim_stream stream = {
        .lot = {.commodity = mini_row(network, KRN_TABLE_COMMODITY, "barley"),
                .origin = mini_row(network, KRN_TABLE_NODE, "a-farm"),
                .destination = mini_row(network, KRN_TABLE_NODE, "b-city")},
        .ways = &way,
        .n_ways = 1};
    const char *const ways[] = {"none", "rail, then \"road\""}, *const resources[] = {"border/b,1"};
    const krn_trace_names names = {.network = network,
                                   .streams = &stream,
                                   .n_streams = 1,
                                   .ways = ways,
                                   .resources = resources,
                                   .n_resources = 1};
    const krn_sim_trace_event events[] = {
        {EIGHT, KRN_TRACE_MADE, 1, 0, 0, 60, {KRN_NO_ID}, 0, KRN_NO_ROW},
        {EIGHT + 1, KRN_TRACE_WAIT, 1, 0, 0, 60, {load}, KRN_WAIT_HOURS, 0},
        {EIGHT + 3600, KRN_TRACE_START, 1, 0, 0, 60, {load}, 0, KRN_NO_ROW},
        {EIGHT + 17 * 3600, KRN_TRACE_DELIVERED, 1, 0, 0, 60.125, {KRN_NO_ID}, 0, KRN_NO_ROW},
    };
    krn_trace_file *file = NULL;
    assert_int_equal(krn_trace_create(f->path, &names, &file, NULL), KRN_OK);
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++)
        assert_int_equal(krn_trace_write(file, &events[i], NULL), KRN_OK);
    assert_int_not_equal(access(f->path, F_OK), 0); /* not before it is whole */
    assert_int_equal(krn_trace_finish(file, NULL), KRN_OK);
    char *text = NULL;
    size_t size = 0;
    assert_int_equal(krn_file_read(f->path, 100000, &text, &size, NULL), KRN_OK);
    assert_string_equal(
        text, HEADING
        "1,made,2027-03-01T08:00:00Z,complete,a-farm,,,,barley,60,a-farm>b-city,\"rail, then "
        "\"\"road\"\"\"\n"
        "1,wait: closed hours,2027-03-01T08:00:01Z,wait,a-farm,a-farm,\"border/b,1\",closed "
        "hours,barley,60,a-farm>b-city,\"rail, then \"\"road\"\"\"\n"
        "1,load,2027-03-01T09:00:00Z,start,a-farm,a-farm,,,barley,60,a-farm>b-city,\"rail, then "
        "\"\"road\"\"\"\n"
        "1,delivered,2027-03-02T01:00:00Z,complete,b-city,,,,barley,60.125,a-farm>b-city,\"rail, "
        "then \"\"road\"\"\"\n");
    free(text);
    seen s = {0};
    assert_int_equal(krn_trace_read(f->path, see, &s, NULL), KRN_OK);
    assert_int_equal(s.n, 4);
    assert_int_equal(s.last.at, EIGHT + 17 * 3600);
    assert_int_equal(krn_trace_create(f->path, &names, &file, NULL), KRN_OK);
    krn_trace_drop(file); /* the old file stays */
    assert_int_equal(krn_trace_read(f->path, see, &s, NULL), KRN_OK);
    krn_error err = {0};
    assert_int_equal(krn_trace_create("/nonexistent/t", &names, &file, &err), KRN_E_IO);
    krn_network_free(network);
}

/* Reading, summary and story with the n-th allocation failing. */
static void every_failed_allocation_is_told(void **state)
{
    const fixture *f = *state;
    assert_int_equal(krn_file_write(f->path, small_trace, sizeof small_trace - 1, NULL), KRN_OK);
    for (int what = 0; what < 6; what++) {
        const krn_report_options options = {.format = (krn_format)(what % 3), .columns = 80};
        for (long n = 1;; n++) {
            char *text = NULL;
            krn_error err = {0};
            failing_alloc_arm(n);
            krn_arena *arena = krn_arena_new(NULL, 0);
            krn_status st = KRN_E_MEMORY;
            if (arena)
                st = what < 3
                         ? krn_report_trace(f->path, NULL, &options, arena, &text, &err)
                         : krn_report_trace_lot(f->path, 1, NULL, &options, arena, &text, &err);
            const bool failed = failing_alloc_disarm();
            if (!failed)
                assert_int_equal(st, KRN_OK);
            assert_true(st == KRN_OK || st == KRN_E_MEMORY || st == KRN_E_IO);
            krn_arena_free(arena);
            if (!failed)
                break;
        }
    }
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_read_as_they_stand),
        cmocka_unit_test(every_fault_is_told_with_its_place),
        CASE(a_row_without_end_is_refused_in_bounded_memory),
        CASE(a_long_file_is_read_whole),
        CASE(a_file_that_is_not_there_is_told),
        CASE(a_story_adds_up_to_door_to_door),
        CASE(a_lot_that_is_not_there_names_its_neighbours),
        CASE(rows_of_a_lot_that_go_back_in_time_are_refused),
        CASE(a_summary_counts_lots_times_and_relations),
        CASE(events_become_rows_that_the_reader_takes),
        CASE(every_failed_allocation_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
