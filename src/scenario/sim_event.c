/* SPDX-License-Identifier: Apache-2.0 */
/* sim_event.c - dated events of a simulation, read from a line of text.
 *
 *   2027-03-01..2027-04-15 close ir-shahid-rajaee-port
 *   \________/  \________/ \___/ \___________________/
 *    from        to         verb  thing: id, crossing or place
 *
 * The thing is found first (sim_thing.c), for its zone tells what the dates mean. */
#include <keruen/scenario.h>

#include <assert.h>
#include <string.h>

#include <keruen/calendar.h>
#include <keruen/cargo.h>

#include "base/error.h"
#include "base/number.h"
#include "model/tables.h"
#include "scenario/sim_thing.h"

#define LONGEST_DATE 40u

static const char expected[] =
    "\"2027-03-01..2027-04-15 close ID\", \"... capacity 0.5 ID\" or \"... ban COMMODITY ID\" was "
    "expected";

/* The line in its parts. */
typedef struct parts {
    char from[LONGEST_DATE], to[LONGEST_DATE];
    const char *verb;
    size_t verb_size;
    const char *rest; /* behind the verb */
} parts;

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
    krni_things found = {0};
    krn_sim_event event = {0};
    const char *thing = NULL;
    krn_error why = {0};
    *out = NULL;
    *out_n = 0;
    krn_status status = split(text, &p) ? KRN_OK : krni_fail(&why, KRN_E_ARG, "%s", expected);
    if (status == KRN_OK)
        status = read_verb(krn_network_package(network), &p, arena, &event, &thing, &why);
    if (status == KRN_OK)
        status = krni_things_find(network, places, thing, arena, &found, &why);
    krn_sim_event *list = krn_arena_calloc(arena, found.n + 1u, sizeof *list);
    if (!list)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < found.n && status == KRN_OK; i++) {
        const krni_thing *t = &found.list[i];
        list[i] = event;
        list[i].table = t->table;
        list[i].row = t->row;
        status = read_dates(network, &p, krni_thing_node(krn_network_package(network), t), begin,
                            end, &list[i], &why);
    }
    if (status)
        return krni_fail(err, status, "event \"%.120s\": %s", text, why.text);
    *out = list;
    *out_n = found.n;
    return KRN_OK;
}
