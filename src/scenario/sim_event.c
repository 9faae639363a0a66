/* SPDX-License-Identifier: Apache-2.0 */
/* sim_event.c - dated events of a simulation, read from a line of text.
 *
 *   2027-03-01..2027-04-15 close ir-shahid-rajaee-port
 *   \________/  \________/ \___/ \___________________/
 *    from        to         verb  thing: id, crossing or place
 *
 * The thing is found first, for its zone tells what the dates mean. A name of a crossing stands for
 * all its rows: both directions, every cargo class; a name of links for all of that name;
 * "sea-gulf-*" for all ids that begin so. */
#include <keruen/scenario.h>

#include <assert.h>
#include <string.h>

#include <keruen/calendar.h>
#include <keruen/cargo.h>

#include "base/edit_distance.h"
#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "model/tables.h"

#define LONGEST_DATE 40u

static const char expected[] =
    "\"2027-03-01..2027-04-15 close ID\", \"... capacity 0.5 ID\" or \"... ban COMMODITY ID\" was "
    "expected";

/* Tables whose ids an event may name, and the column of their key. */
static const struct {
    krn_table table;
    int key;
} named[] = {{KRN_TABLE_NODE, NODE_NODE_ID},
             {KRN_TABLE_LINK, LINK_LINK_ID},
             {KRN_TABLE_BORDER, BORDER_BORDER_ID},
             {KRN_TABLE_GAUGE_CHANGE, GAUGE_CHANGE_GAUGE_CHANGE_ID},
             {KRN_TABLE_OPERATION, OPERATION_OPERATION_ID},
             {KRN_TABLE_TRIP, TRIP_TRIP_ID}};

#define N_NAMED (sizeof named / sizeof named[0])

/* The line in its parts. */
typedef struct parts {
    char from[LONGEST_DATE], to[LONGEST_DATE];
    const char *verb;
    size_t verb_size;
    const char *rest; /* behind the verb */
} parts;

/* Rows that a name stands for. */
typedef struct things {
    struct thing {
        krn_table table;
        uint32_t row;
    } * list;
    uint32_t n;
} things;

static const char *skip_blanks(const char *at)
{
    while (*at == ' ' || *at == '\t')
        at++;
    return at;
}

static size_t word_size(const char *at)
{
    return strcspn(at, " \t");
}

static bool split(const char *text, parts *out)
{
    const char *at = skip_blanks(text);
    const size_t dates = word_size(at);
    const char *dots = strstr(at, "..");
    if (!dots || dots >= at + dates)
        return false;
    const size_t from = (size_t)(dots - at), to = dates - from - 2;
    if (from == 0 || to == 0 || from >= LONGEST_DATE || to >= LONGEST_DATE)
        return false;
    memcpy(out->from, at, from);
    out->from[from] = '\0';
    memcpy(out->to, dots + 2, to);
    out->to[to] = '\0';
    out->verb = skip_blanks(at + dates);
    out->verb_size = word_size(out->verb);
    out->rest = skip_blanks(out->verb + out->verb_size);
    return out->verb_size > 0 && *out->rest;
}

static bool is_verb(const parts *p, const char *verb)
{
    return p->verb_size == strlen(verb) && memcmp(p->verb, verb, p->verb_size) == 0;
}

/* ---- the thing ---- */

static const char *folded(krn_arena *arena, const char *text)
{
    krni_writer w;
    krni_writer_init(&w, arena);
    krni_fold(&w, text);
    const char *out = krni_writer_text(&w);
    return out ? out : "";
}

/* A node that a row lies at; KRN_NO_ROW when it is nowhere in particular. */
static uint32_t node_of(const krn_package *p, krn_table table, uint32_t row)
{
    switch (table) {
    case KRN_TABLE_NODE:
        return row;
    case KRN_TABLE_LINK:
        return krni_ref(p, KRN_TABLE_LINK, row, LINK_FROM_NODE_ID);
    case KRN_TABLE_BORDER: {
        const uint32_t link = krni_ref(p, KRN_TABLE_BORDER, row, BORDER_LINK_ID);
        return link == KRN_NO_ROW ? KRN_NO_ROW : node_of(p, KRN_TABLE_LINK, link);
    }
    case KRN_TABLE_GAUGE_CHANGE:
        return krni_ref(p, KRN_TABLE_GAUGE_CHANGE, row, GAUGE_CHANGE_NODE_ID);
    case KRN_TABLE_OPERATION:
        return krni_ref(p, KRN_TABLE_OPERATION, row, OPERATION_NODE_ID);
    default:
        return KRN_NO_ROW;
    }
}

/* Rows of a table whose text in a column reads like the one asked for. */
static void add_alike(const krn_package *p, krn_table table, int column, const char *asked,
                      krn_arena *arena, things *out)
{
    for (uint32_t i = 0; i < krn_package_rows(p, table) && *asked; i++)
        if (strcmp(folded(arena, krni_text(p, table, i, column)), asked) == 0)
            out->list[out->n++] = (struct thing){table, i};
}

/* Rows of any table whose id begins with a text. */
static void add_beginning(const krn_package *p, const char *text, size_t size, things *out)
{
    for (size_t t = 0; t < N_NAMED; t++)
        for (uint32_t i = 0; i < krn_package_rows(p, named[t].table); i++)
            if (strncmp(krni_text(p, named[t].table, i, named[t].key), text, size) == 0)
                out->list[out->n++] = (struct thing){named[t].table, i};
}

/* What is known by an id, a name of a crossing or link, or the beginning of ids. */
static void find_named(const krn_package *p, const char *text, krn_arena *arena, things *out)
{
    const size_t size = strlen(text);
    for (size_t t = 0; t < N_NAMED && !out->n; t++) {
        const uint32_t row = krn_package_find(p, named[t].table, text);
        if (row != KRN_NO_ROW)
            out->list[out->n++] = (struct thing){named[t].table, row};
    }
    if (!out->n && size > 1 && text[size - 1] == '*')
        add_beginning(p, text, size - 1, out);
    const char *asked = folded(arena, text);
    if (!out->n)
        add_alike(p, KRN_TABLE_BORDER, BORDER_CROSSING, asked, arena, out);
    if (!out->n)
        add_alike(p, KRN_TABLE_LINK, LINK_NAME, asked, arena, out);
}

/* The id or crossing that is spelled most like a text, or NULL. */
static const char *nearest(const krn_package *p, const char *text, krn_arena *arena)
{
    size_t n = krn_package_rows(p, KRN_TABLE_BORDER), most = n;
    for (size_t t = 0; t < N_NAMED; t++)
        most += krn_package_rows(p, named[t].table);
    const char **words = krn_arena_calloc(arena, most + 1u, sizeof *words);
    if (!words)
        return NULL;
    for (uint32_t i = 0; i < n; i++)
        words[i] = krni_text(p, KRN_TABLE_BORDER, i, BORDER_CROSSING);
    for (size_t t = 0; t < N_NAMED; t++)
        for (uint32_t i = 0; i < krn_package_rows(p, named[t].table); i++)
            words[n++] = krni_text(p, named[t].table, i, named[t].key);
    assert(n == most);
    const int found = krni_nearest(text, words, n);
    return found < 0 ? NULL : words[found];
}

static krn_status find_thing(const krn_network *network, const krn_place_index *places,
                             const char *text, krn_arena *arena, things *out, krn_error *err)
{
    const krn_package *p = krn_network_package(network);
    uint32_t most = 1, node = KRN_NO_ROW;
    krn_error miss = {0};
    for (size_t t = 0; t < N_NAMED; t++)
        most += krn_package_rows(p, named[t].table);
    out->n = 0;
    out->list = krn_arena_calloc(arena, most, sizeof *out->list);
    if (!out->list)
        return krni_fail_memory(err);
    find_named(p, text, arena, out);
    if (out->n)
        return KRN_OK;
    const krn_status status = krn_place_resolve(places, text, &node, &miss);
    const char *near = status == KRN_E_NOT_FOUND ? nearest(p, text, arena) : NULL;
    if (near)
        return krni_fail(err, KRN_E_NOT_FOUND,
                         "\"%.80s\" is nothing that an event can happen to; did you mean %s?", text,
                         near);
    if (status)
        return krni_fail(err, status, "%s", miss.text);
    out->list[out->n++] = (struct thing){KRN_TABLE_NODE, node};
    return KRN_OK;
}

/* ---- the verb ---- */

/* "WHAT THING": the shortest beginning that is a commodity; the thing behind it. */
static krn_status read_commodity(const krn_package *p, const char **rest, krn_arena *arena,
                                 uint32_t *out, krn_error *err)
{
    krn_error miss = {0};
    const char *begin = *rest, *at = begin;
    for (;;) {
        at += word_size(at);
        const char *behind = skip_blanks(at);
        if (!*behind)
            return miss.status ? krni_fail(err, miss.status, "%s", miss.text)
                               : krni_fail(err, KRN_E_ARG, "ban: %s", expected);
        char *name = krn_arena_alloc(arena, (size_t)(at - begin) + 1);
        if (!name)
            return krni_fail_memory(err);
        memcpy(name, begin, (size_t)(at - begin));
        name[at - begin] = '\0';
        *rest = behind;
        *out = KRN_NO_ROW;
        if (strcmp(name, "all") == 0)
            return KRN_OK;
        krn_error one = {0};
        if (krn_commodity_find(p, name, out, &one) == KRN_OK)
            return KRN_OK;
        if (!miss.status)
            miss = one;
        at = behind;
    }
}

static krn_status read_verb(const krn_package *p, const parts *line, krn_arena *arena,
                            krn_sim_event *out, const char **thing, krn_error *err)
{
    *thing = line->rest;
    out->commodity = KRN_NO_ROW;
    out->share = 0;
    if (is_verb(line, "close")) {
        out->kind = KRN_SIM_CLOSE;
        return KRN_OK;
    }
    if (is_verb(line, "capacity")) {
        const size_t size = word_size(*thing);
        out->kind = KRN_SIM_CAPACITY;
        if (!krni_number_read(*thing, size, &out->share) || !(out->share >= 0) || out->share > 1)
            return krni_fail(err, KRN_E_ARG,
                             "capacity %.*s: the share that is left, 0 to 1, was expected",
                             (int)(size < 40 ? size : 40), *thing);
        *thing = skip_blanks(*thing + size);
        return **thing ? KRN_OK : krni_fail(err, KRN_E_ARG, "capacity of what? %s", expected);
    }
    if (is_verb(line, "ban")) {
        out->kind = KRN_SIM_BAN;
        return read_commodity(p, thing, arena, &out->commodity, err);
    }
    return krni_fail(err, KRN_E_ARG, "%.*s: close, capacity or ban was expected",
                     (int)(line->verb_size < 40 ? line->verb_size : 40), line->verb);
}

/* ---- the dates ---- */

/* At no place in particular: UTC. */
static krn_status read_date(const krn_network *network, uint32_t node, const char *text, bool last,
                            krn_time *out, krn_error *err)
{
    if (krn_time_parse(krn_network_calendars(network), node, text, false, out, NULL))
        return krni_fail(err, KRN_E_ARG,
                         "%s: no such day or time; 2027-03-01, or 2027-03-01T08:30, was expected",
                         text);
    if (last && strlen(text) == 10)
        *out += KRN_SECONDS_PER_DAY;
    return KRN_OK;
}

static krn_status read_dates(const krn_network *network, const parts *p, uint32_t node,
                             krn_time begin, krn_time end, krn_sim_event *e, krn_error *err)
{
    krn_status status = read_date(network, node, p->from, false, &e->from, err);
    if (status == KRN_OK)
        status = read_date(network, node, p->to, true, &e->to, err);
    if (status)
        return status;
    if (e->from >= e->to)
        return krni_fail(err, KRN_E_ARG, "%s..%s: the end lies before the begin", p->from, p->to);
    if (e->to <= begin || e->from >= end) {
        char run_begin[32], run_end[32];
        krn_time_text(krn_network_calendars(network), node, begin, run_begin, sizeof run_begin);
        krn_time_text(krn_network_calendars(network), node, end, run_end, sizeof run_end);
        return krni_fail(err, KRN_E_ARG, "%s..%s lies outside of the run, %.16s to %.16s", p->from,
                         p->to, run_begin, run_end);
    }
    return KRN_OK;
}

krn_status krn_sim_event_read(const krn_network *network, const krn_place_index *places,
                              const char *text, krn_time begin, krn_time end, krn_arena *arena,
                              krn_sim_event **out, uint32_t *out_n, krn_error *err)
{
    parts p;
    things found = {0};
    krn_sim_event event = {0};
    const char *thing = NULL;
    krn_error why = {0};
    *out = NULL;
    *out_n = 0;
    krn_status status = split(text, &p) ? KRN_OK : krni_fail(&why, KRN_E_ARG, "%s", expected);
    if (status == KRN_OK)
        status = read_verb(krn_network_package(network), &p, arena, &event, &thing, &why);
    if (status == KRN_OK)
        status = find_thing(network, places, thing, arena, &found, &why);
    krn_sim_event *list = krn_arena_calloc(arena, found.n + 1u, sizeof *list);
    if (!list)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < found.n && status == KRN_OK; i++) {
        const struct thing *t = &found.list[i];
        list[i] = event;
        list[i].table = t->table;
        list[i].row = t->row;
        status = read_dates(network, &p, node_of(krn_network_package(network), t->table, t->row),
                            begin, end, &list[i], &why);
    }
    if (status)
        return krni_fail(err, status, "event \"%.120s\": %s", text, why.text);
    *out = list;
    *out_n = found.n;
    return KRN_OK;
}
