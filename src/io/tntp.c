/* SPDX-License-Identifier: Apache-2.0 */
/* tntp.c - the TNTP format: metadata in angle brackets, then links or trips; '~' begins a comment.
 *
 * Files in use differ in case and blanks, and the last field may touch its ';'. Byte-order mark,
 * CRLF and blanks at line ends are taken. Metadata that are not known are passed over. All faults
 * of both files are told in one run. */
#include "io/tntp_read.h"

#include <assert.h>
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "io/faults.h"

#define FILE_BYTES ((size_t)512 * 1024 * 1024)
#define MOST_NODES 1000000
#define MOST_LINKS 4000000u
#define MOST_TRIPS 100000000u
#define MOST_VALUE 1e30
#define SOME       "a number of 0 or more, at most 1e30,"

typedef enum column {
    WHOLE_ROW,
    INIT_NODE,
    TERM_NODE,
    CAPACITY,
    LENGTH,
    FREE_FLOW_TIME,
    B,
    POWER,
    SPEED,
    TOLL,
    LINK_TYPE,
    ORIGIN,
    DESTINATION,
    FLOW
} column;

static const char *const names[] = {
    "(row)", "init_node", "term_node", "capacity",  "length", "free_flow_time", "b",
    "power", "speed",     "toll",      "link_type", "Origin", "destination",    "flow"};

typedef struct token {
    const char *text;
    size_t length;
} token;

/* Metadata of one file; NaN: not there. */
typedef enum key {
    ZONES,
    NODES,
    FIRST_THRU,
    LINKS,
    TOTAL,
    TOLL_FACTOR,
    DISTANCE_FACTOR,
    N_KEYS
} key;

static const char *const keys[N_KEYS] = {"NUMBER OF ZONES", "NUMBER OF NODES", "FIRST THRU NODE",
                                         "NUMBER OF LINKS", "TOTAL OD FLOW",   "TOLL FACTOR",
                                         "DISTANCE FACTOR"};

typedef struct reader {
    const char *name, *at, *end;
    uint32_t rank, line;
    krn_faults *faults;
    uint32_t n_faults_before;
    double meta[N_KEYS];
    bool is_lost;         /* a count of the metadata is none */
    krn_tntp_link *links; /* malloc'd while they grow */
    krn_tntp_trip *trips;
    uint32_t n, room;
    double total;
} reader;

static void fault(reader *r, column where, token value, const char *expected)
{
    const uint32_t line = r->line ? r->line : 1; /* of an empty file */
    const krni_place place = {r->rank, r->name, line, (uint32_t)where, names[where]};
    krni_fault(r->faults, place, value.text, value.length, "%s", expected);
}

/* The next line without its end; false at the end of the file. */
static bool next_line(reader *r, token *out)
{
    if (r->at >= r->end)
        return false;
    const char *stop = memchr(r->at, '\n', (size_t)(r->end - r->at));
    const char *end = stop ? stop : r->end;
    *out = (token){r->at, (size_t)(end - r->at)};
    r->at = stop ? stop + 1 : r->end;
    r->line++;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

static void skip_blanks(token *rest)
{
    while (rest->length && is_blank(*rest->text)) {
        rest->text++;
        rest->length--;
    }
}

/* The next word of a line; one of ":;" stands alone. length 0: none. */
static token next_token(token *rest)
{
    token t;
    skip_blanks(rest);
    t = (token){rest->text, 0};
    while (t.length < rest->length && !is_blank(t.text[t.length])) {
        const bool mark = t.text[t.length] == ';' || t.text[t.length] == ':';
        if (mark && t.length)
            break;
        t.length++;
        if (mark)
            break;
    }
    rest->text += t.length;
    rest->length -= t.length;
    return t;
}

static bool is_mark(token t, char c)
{
    return t.length == 1 && *t.text == c;
}

static bool is_empty(token line)
{
    skip_blanks(&line);
    return !line.length || *line.text == '~';
}

/* ---- metadata ---- */

/* Whether a text is the key, in any case and with any blanks between the words. */
static bool is_key(token t, const char *words)
{
    while (t.length && is_blank(*t.text))
        t.text++, t.length--;
    for (; *words; words++) {
        if (*words == ' ') {
            if (!t.length || !is_blank(*t.text))
                return false;
            skip_blanks(&t);
            continue;
        }
        if (!t.length || toupper((unsigned char)*t.text) != *words)
            return false;
        t.text++;
        t.length--;
    }
    skip_blanks(&t);
    return !t.length;
}

static void read_value(reader *r, key k, token rest)
{
    double value = NAN;
    const token t = next_token(&rest);
    const bool whole = k <= LINKS;
    if (!isnan(r->meta[k])) {
        fault(r, WHOLE_ROW, (token){keys[k], strlen(keys[k])}, "a key that stands there only once");
        return;
    }
    if (!krni_number_read(t.text, t.length, &value) || !(value >= 0.0) || value > MOST_VALUE ||
        (whole && (value < 1.0 || value != floor(value) || value > 4e6))) {
        fault(r, WHOLE_ROW, t, whole ? "a whole number from 1 to 4000000" : SOME);
        r->is_lost |= whole; /* what rows would be measured by: they are not read then */
        value = 1.0;
    }
    r->meta[k] = value;
}

/* Up to <END OF METADATA>. */
static bool read_metadata(reader *r)
{
    token line;
    for (int k = 0; k < N_KEYS; k++)
        r->meta[k] = NAN;
    if (r->end - r->at >= 3 && memcmp(r->at, "\xEF\xBB\xBF", 3) == 0)
        r->at += 3;
    while (next_line(r, &line)) {
        if (is_empty(line))
            continue;
        skip_blanks(&line);
        const char *close = memchr(line.text, '>', line.length);
        if (*line.text != '<' || !close) {
            fault(r, WHOLE_ROW, line, "a line <KEY> value of the metadata");
            return false;
        }
        const token word = {line.text + 1, (size_t)(close - line.text) - 1};
        const token rest = {close + 1, line.length - word.length - 2};
        if (is_key(word, "END OF METADATA"))
            return !r->is_lost;
        for (int k = 0; k < N_KEYS; k++)
            if (is_key(word, keys[k]))
                read_value(r, (key)k, rest);
    }
    fault(r, WHOLE_ROW, (token){"", 0}, "<END OF METADATA>");
    return false;
}

static void need_key(reader *r, key k)
{
    if (isnan(r->meta[k])) {
        fault(r, WHOLE_ROW, (token){keys[k], strlen(keys[k])}, "this key in the metadata");
        r->meta[k] = 1.0;
    }
}

/* ---- rows ---- */

static bool read_node(reader *r, column where, token t, double most, uint32_t *out)
{
    double value = 0.0;
    char expected[64];
    if (krni_number_read(t.text, t.length, &value) && value >= 1.0 && value <= most &&
        value == floor(value)) {
        *out = (uint32_t)value - 1;
        return true;
    }
    (void)snprintf(expected, sizeof expected, "a whole number from 1 to %.0f", most);
    fault(r, where, t, expected);
    return false;
}

static bool read_number(reader *r, column where, token t, double most, const char *expected,
                        double *out)
{
    if (krni_number_read(t.text, t.length, out) && *out >= 0.0 && *out <= most)
        return true;
    fault(r, where, t, expected);
    return false;
}

/* Room for one more row of `size` bytes; NULL: no memory. */
static void *grow(void *list, uint32_t n, uint32_t *room, size_t size)
{
    if (n < *room)
        return list;
    const uint32_t more = *room ? 2 * *room : 1024;
    void *grown = realloc(list, more * size);
    if (grown)
        *room = more;
    return grown;
}

static bool read_link(reader *r, const token *fields, krn_tntp_link *out)
{
    double speed = 0.0;
    bool good = read_node(r, INIT_NODE, fields[0], r->meta[NODES], &out->tail);
    good &= read_node(r, TERM_NODE, fields[1], r->meta[NODES], &out->head);
    good &= read_number(r, CAPACITY, fields[2], MOST_VALUE, SOME, &out->capacity);
    good &= read_number(r, LENGTH, fields[3], MOST_VALUE, SOME, &out->length);
    good &= read_number(r, FREE_FLOW_TIME, fields[4], MOST_VALUE, SOME, &out->free_time);
    good &= read_number(r, B, fields[5], MOST_VALUE, SOME, &out->factor);
    good &= read_number(r, POWER, fields[6], 64.0, "a number from 0 to 64", &out->power);
    good &= read_number(r, TOLL, fields[8], MOST_VALUE, SOME, &out->toll);
    if (!krni_number_read(fields[7].text, fields[7].length, &speed)) {
        fault(r, SPEED, fields[7], "a number");
        good = false;
    }
    if (good && out->tail == out->head) {
        fault(r, TERM_NODE, fields[1], "another node than init_node");
        good = false;
    }
    if (good && !(out->capacity > 0.0) && out->factor > 0.0 && out->power > 0.0) {
        fault(r, CAPACITY, fields[2], "a number above 0 on a link whose time grows with flow");
        good = false;
    }
    return good;
}

static krn_status read_links(reader *r, krn_error *err)
{
    token line, fields[10];
    while (next_line(r, &line)) {
        if (is_empty(line))
            continue;
        uint32_t n = 0;
        token rest = line, t = next_token(&rest);
        for (; t.length && !is_mark(t, ';') && n < 10; t = next_token(&rest))
            fields[n++] = t;
        skip_blanks(&rest);
        if (n < 10 || (t.length && !is_mark(t, ';')) || rest.length) {
            fault(r, WHOLE_ROW, line, "ten fields and ';'");
            continue;
        }
        krn_tntp_link link = {0};
        if (!read_link(r, fields, &link))
            continue;
        if (r->n == MOST_LINKS)
            return krni_fail(err, KRN_E_LIMIT, "%s: more than %u links", r->name, MOST_LINKS);
        krn_tntp_link *links = grow(r->links, r->n, &r->room, sizeof *links);
        if (!links)
            return krni_fail_memory(err);
        r->links = links;
        r->links[r->n++] = link;
    }
    return KRN_OK;
}

/* ---- trips ---- */

typedef struct trip_reader {
    reader *r;
    bool has_origin;
    bool is_lost; /* the origin is none, as was told; its pairs go with it */
    uint32_t origin;
    uint32_t *seen; /* n_zones: origin + 1 that had the destination last */
    uint8_t *done;  /* n_zones: had its origin line */
    krn_error *err;
} trip_reader;

static void read_origin(trip_reader *t, token rest)
{
    reader *r = t->r;
    const token zone = next_token(&rest);
    t->has_origin = read_node(r, ORIGIN, zone, r->meta[ZONES], &t->origin);
    t->is_lost = !t->has_origin;
    skip_blanks(&rest);
    if (t->has_origin && rest.length)
        fault(r, ORIGIN, rest, "one number behind Origin");
    if (t->has_origin && t->done[t->origin])
        fault(r, ORIGIN, zone, "an origin that stands there only once");
    if (t->has_origin)
        t->done[t->origin] = 1;
}

static krn_status keep_trip(trip_reader *t, uint32_t zone, double flow)
{
    reader *r = t->r;
    if (!(flow > 0.0))
        return KRN_OK;
    if (r->n == MOST_TRIPS)
        return krni_fail(t->err, KRN_E_LIMIT, "%s: more than %u trips", r->name, MOST_TRIPS);
    krn_tntp_trip *trips = grow(r->trips, r->n, &r->room, sizeof *trips);
    if (!trips)
        return krni_fail_memory(t->err);
    r->trips = trips;
    r->trips[r->n++] = (krn_tntp_trip){t->origin, zone, flow};
    r->total += flow;
    return KRN_OK;
}

/* Pairs `zone : flow ;` of one line; the first one that is no pair ends it. */
static krn_status read_pairs(trip_reader *t, token line)
{
    reader *r = t->r;
    krn_status status = KRN_OK;
    for (token word = next_token(&line); word.length && !status; word = next_token(&line)) {
        uint32_t zone = 0;
        double flow = 0.0;
        const token colon = next_token(&line), value = next_token(&line), mark = next_token(&line);
        if (!is_mark(colon, ':') || (mark.length && !is_mark(mark, ';'))) {
            fault(r, WHOLE_ROW, word, "pairs `zone : flow ;`");
            break;
        }
        bool good = read_node(r, DESTINATION, word, r->meta[ZONES], &zone);
        good &= read_number(r, FLOW, value, MOST_VALUE, SOME, &flow);
        if (t->is_lost)
            continue;
        if (good && !t->has_origin) {
            fault(r, ORIGIN, word, "a line `Origin k` before the first pair");
            break;
        }
        if (good && t->seen[zone] == t->origin + 1) {
            fault(r, DESTINATION, word, "a destination that stands there only once of an origin");
            continue;
        }
        if (good) {
            t->seen[zone] = t->origin + 1;
            status = keep_trip(t, zone, flow);
        }
    }
    return status;
}

static krn_status read_trips(reader *r, krn_error *err)
{
    const size_t n_zones = (size_t)r->meta[ZONES];
    trip_reader t = {.r = r, .err = err};
    krn_status status = KRN_OK;
    token line;
    t.seen = calloc(n_zones, sizeof *t.seen);
    t.done = calloc(n_zones, 1);
    if (!t.seen || !t.done)
        status = krni_fail_memory(err);
    while (!status && next_line(r, &line)) {
        if (is_empty(line))
            continue;
        token rest = line;
        const token word = next_token(&rest);
        if (is_key(word, "ORIGIN"))
            read_origin(&t, rest);
        else
            status = read_pairs(&t, line);
    }
    free(t.seen);
    free(t.done);
    return status;
}

/* ---- both files ---- */

static void check_counts(reader *r)
{
    char found[32], expected[64];
    const token first = {found, (size_t)snprintf(found, sizeof found, "%u links", r->n)};
    if (krn_faults_count(r->faults) == r->n_faults_before && r->n != r->meta[LINKS]) {
        (void)snprintf(expected, sizeof expected, "<NUMBER OF LINKS> %.0f", r->meta[LINKS]);
        fault(r, WHOLE_ROW, first, expected);
    }
}

static krn_status read_net(reader *r, krn_error *err)
{
    krn_status status = KRN_OK;
    r->n_faults_before = krn_faults_count(r->faults);
    const bool whole = read_metadata(r);
    if (whole) {
        for (int k = ZONES; k <= LINKS; k++)
            need_key(r, (key)k);
        if (r->meta[NODES] > MOST_NODES)
            return krni_fail(err, KRN_E_LIMIT, "%s: more than %d nodes", r->name, MOST_NODES);
        if (r->meta[ZONES] > r->meta[NODES])
            fault(r, WHOLE_ROW, (token){keys[ZONES], strlen(keys[ZONES])}, "no more than nodes");
        status = read_links(r, err);
        check_counts(r);
    }
    return status;
}

static krn_status read_trip_file(reader *r, double n_zones, krn_error *err)
{
    char text[32], expected[64];
    if (!read_metadata(r))
        return KRN_OK;
    need_key(r, ZONES);
    if (r->meta[ZONES] != n_zones && n_zones > 0.0) {
        const token found = {text, (size_t)snprintf(text, sizeof text, "%.0f", r->meta[ZONES])};
        (void)snprintf(expected, sizeof expected, "<NUMBER OF ZONES> %.0f of the network", n_zones);
        fault(r, WHOLE_ROW, found, expected);
        return KRN_OK;
    }
    return read_trips(r, err);
}

static krn_status keep(const reader *net, const reader *trips, krn_arena *arena, krn_tntp *out,
                       krn_error *err)
{
    *out = (krn_tntp){.n_zones = (uint32_t)net->meta[ZONES],
                      .n_nodes = (uint32_t)net->meta[NODES],
                      .first_through = (uint32_t)net->meta[FIRST_THRU] - 1,
                      .n_links = net->n,
                      .n_trips = trips->n,
                      .total_flow = trips->total,
                      .stated_flow = trips->meta[TOTAL],
                      .toll_weight = net->meta[TOLL_FACTOR],
                      .length_weight = net->meta[DISTANCE_FACTOR]};
    out->links = krn_arena_alloc(arena, net->n * sizeof *out->links);
    out->trips = krn_arena_alloc(arena, trips->n * sizeof *out->trips);
    if (!out->links || !out->trips)
        return krni_fail_memory(err);
    if (net->n)
        memcpy(out->links, net->links, net->n * sizeof *out->links);
    if (trips->n)
        memcpy(out->trips, trips->trips, trips->n * sizeof *out->trips);
    return KRN_OK;
}

krn_status krni_tntp_read_text(krni_tntp_text net, krni_tntp_text trips, krn_faults *faults,
                               krn_arena *arena, krn_tntp *out, krn_error *err)
{
    krn_faults *own = faults ? NULL : krn_faults_new();
    if (!faults && !own)
        return krni_fail_memory(err);
    krn_faults *told = faults ? faults : own;
    reader a = {.name = net.name, .at = net.text, .end = net.text + net.size, .faults = told};
    reader b = {.name = trips.name,
                .at = trips.text,
                .end = trips.text + trips.size,
                .faults = told,
                .rank = 1};
    krn_status status = read_net(&a, err);
    if (!status)
        status = read_trip_file(&b, a.meta[ZONES], err);
    if (!status)
        status = krni_faults_close(told, err);
    if (!status)
        status = keep(&a, &b, arena, out, err);
    free(a.links);
    free(b.trips);
    krn_faults_free(own);
    return status;
}

krn_status krn_tntp_read(const char *net_path, const char *trips_path, krn_faults *faults,
                         krn_arena *arena, krn_tntp *out, krn_error *err)
{
    krni_tntp_text net = {.name = net_path}, trips = {.name = trips_path};
    char *net_text = NULL, *trips_text = NULL;
    krn_status status = krn_file_read(net_path, FILE_BYTES, &net_text, &net.size, err);
    if (!status)
        status = krn_file_read(trips_path, FILE_BYTES, &trips_text, &trips.size, err);
    net.text = net_text;
    trips.text = trips_text;
    if (!status)
        status = krni_tntp_read_text(net, trips, faults, arena, out, err);
    free(net_text);
    free(trips_text);
    return status;
}
