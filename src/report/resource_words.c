/* SPDX-License-Identifier: Apache-2.0 */
/* resource_words.c - what lots wait for, as people read it. Every name comes from the row of the
 * package that makes the thing. */
#include "report/resource_words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/tables.h"

#define NAME_SIZE 96

static bool of_table(const krn_sim_resource *r, krn_table table)
{
    return r->figure.table == table;
}

/* "a_b" as "a b". */
void krni_write_spaced(krni_writer *w, const char *text)
{
    for (; *text; text++)
        krni_write_char(w, (char)(*text == '_' ? ' ' : *text));
}

void krni_write_ends_short(krni_writer *w, const krn_package *p, uint32_t from, uint32_t to,
                           const char *between)
{
    char a[NAME_SIZE], b[NAME_SIZE];
    krni_writef(w, "%s%s%s", krni_place_short(p, from, a, sizeof a), between,
                krni_place_short(p, to, b, sizeof b));
}

void krni_write_class(krni_writer *w, const krn_package *p, krn_table table, uint32_t row,
                      int column)
{
    const char *class_name = krni_text(p, table, row, column);
    if (*class_name) {
        krni_write(w, ", ");
        krni_write_spaced(w, class_name);
    }
}

static void write_section(krni_writer *w, const krn_package *p, const krn_sim_resource *r)
{
    uint32_t a = r->from_node, b = r->to_node;
    if (of_table(r, KRN_TABLE_LINK) && (a == KRN_NO_ROW || b == KRN_NO_ROW)) {
        a = krni_ref(p, KRN_TABLE_LINK, r->figure.row, LINK_FROM_NODE_ID);
        b = krni_ref(p, KRN_TABLE_LINK, r->figure.row, LINK_TO_NODE_ID);
    }
    krni_write_ends_short(w, p, a, b, " – ");
    krni_write(w, " track");
}

/* A crossing in its direction: the side of the country that is left first. */
static void write_border(krni_writer *w, const krn_package *p, const krn_sim_resource *r)
{
    uint32_t a = r->from_node, b = r->to_node;
    char country[3];
    krn_country_text(r->from, country);
    const char *mode = "";
    if (of_table(r, KRN_TABLE_BORDER)) {
        const uint32_t link = krni_ref(p, KRN_TABLE_BORDER, r->figure.row, BORDER_LINK_ID);
        a = krni_ref(p, KRN_TABLE_LINK, link, LINK_FROM_NODE_ID);
        b = krni_ref(p, KRN_TABLE_LINK, link, LINK_TO_NODE_ID);
        mode = krni_text(p, KRN_TABLE_LINK, link, LINK_MODE);
        if (strcmp(krni_text(p, KRN_TABLE_NODE, a, NODE_COUNTRY), country) != 0) {
            const uint32_t other = a;
            a = b;
            b = other;
        }
    }
    krni_write_ends_short(w, p, a, b, " → ");
    krni_writef(w, "%s border", strcmp(mode, "road") == 0 ? " road" : "");
    if (of_table(r, KRN_TABLE_BORDER))
        krni_write_class(w, p, KRN_TABLE_BORDER, r->figure.row, BORDER_CARGO_CLASS);
}

static void write_gauge_yard(krni_writer *w, const krn_package *p, const krn_sim_resource *r)
{
    char place[NAME_SIZE];
    krni_writef(w, "%s gauge change", krni_place_short(p, r->from_node, place, sizeof place));
    if (!of_table(r, KRN_TABLE_GAUGE_CHANGE))
        return;
    const uint32_t row = r->figure.row;
    krni_writef(w, " %s → %s",
                krni_text(p, KRN_TABLE_GAUGE_CHANGE, row, GAUGE_CHANGE_FROM_GAUGE_MM),
                krni_text(p, KRN_TABLE_GAUGE_CHANGE, row, GAUGE_CHANGE_TO_GAUGE_MM));
    krni_write_class(w, p, KRN_TABLE_GAUGE_CHANGE, row, GAUGE_CHANGE_CARGO_CLASS);
}

/* "Aktau grain bulk rail → sea"; at rest is loading or unloading. */
static void write_terminal(krni_writer *w, const krn_package *p, const krn_sim_resource *r)
{
    char place[NAME_SIZE];
    krni_write(w, krni_place_short(p, r->from_node, place, sizeof place));
    if (!of_table(r, KRN_TABLE_OPERATION)) {
        krni_write(w, " terminal");
        return;
    }
    const uint32_t row = r->figure.row;
    const char *from = krni_text(p, KRN_TABLE_OPERATION, row, OPERATION_FROM_SIDE),
               *to = krni_text(p, KRN_TABLE_OPERATION, row, OPERATION_TO_SIDE),
               *name = krni_text(p, KRN_TABLE_OPERATION, row, OPERATION_NAME);
    if (*name)
        krni_writef(w, ": %s", name);
    else if (strcmp(from, "rest") == 0)
        krni_writef(w, " loading %s", to);
    else if (strcmp(to, "rest") == 0)
        krni_writef(w, " unloading %s", from);
    else
        krni_writef(w, " %s → %s", from, to);
    krni_write_class(w, p, KRN_TABLE_OPERATION, row, OPERATION_CARGO_CLASS);
}

static void write_pool(krni_writer *w, const krn_package *p, const krn_sim_resource *r)
{
    const char *what = r->kind == KRN_RESOURCE_WAGONS ? "wagons" : "locomotives";
    if (of_table(r, KRN_TABLE_FLEET)) {
        const uint32_t row = r->figure.row,
                       vehicle = krni_ref(p, KRN_TABLE_FLEET, row, FLEET_VEHICLE_ID);
        krni_writef(w, "%s %s, %s mm", krni_text(p, KRN_TABLE_FLEET, row, FLEET_COUNTRY), what,
                    krni_text(p, KRN_TABLE_FLEET, row, FLEET_GAUGE_MM));
        if (vehicle != KRN_NO_ROW)
            krni_writef(w, ": %s", krni_text(p, KRN_TABLE_VEHICLE, vehicle, VEHICLE_NAME));
        return;
    }
    if (of_table(r, KRN_TABLE_VEHICLE))
        krni_writef(w, "%s, ", krni_text(p, KRN_TABLE_VEHICLE, r->figure.row, VEHICLE_NAME));
    krni_write(w, what);
}

/* Where a trip begins and ends, by the order of its stops. */
static void ends_of_trip(const krn_package *p, uint32_t trip, uint32_t *from, uint32_t *to)
{
    const char *id = krni_text(p, KRN_TABLE_TRIP, trip, TRIP_TRIP_ID);
    const uint32_t n = krn_package_rows(p, KRN_TABLE_STOP_TIMES);
    double first = (double)INFINITY, last = -(double)INFINITY;
    for (uint32_t i = 0; i < n; i++) {
        if (strcmp(krni_text(p, KRN_TABLE_STOP_TIMES, i, STOP_TIMES_TRIP_ID), id) != 0)
            continue;
        const double at = krni_number(p, KRN_TABLE_STOP_TIMES, i, STOP_TIMES_STOP_SEQUENCE);
        const uint32_t node = krn_package_find(
            p, KRN_TABLE_NODE, krni_text(p, KRN_TABLE_STOP_TIMES, i, STOP_TIMES_STOP_ID));
        if (at < first) {
            first = at;
            *from = node;
        }
        if (at > last) {
            last = at;
            *to = node;
        }
    }
}

/* "Baku → Amirabad tramp". */
static void write_service(krni_writer *w, const krn_package *p, const krn_sim_resource *r)
{
    uint32_t from = r->from_node, to = r->to_node;
    if (!of_table(r, KRN_TABLE_TRIP)) {
        krni_write(w, "service");
        return;
    }
    const uint32_t trip = r->figure.row;
    if (from == KRN_NO_ROW || to == KRN_NO_ROW)
        ends_of_trip(p, trip, &from, &to);
    if (from == KRN_NO_ROW || to == KRN_NO_ROW)
        krni_write(w, krni_text(p, KRN_TABLE_TRIP, trip, TRIP_TRIP_ID));
    else
        krni_write_ends_short(w, p, from, to, " → ");
    krni_write(w, " ");
    krni_write_spaced(w, krni_text(p, KRN_TABLE_TRIP, trip, TRIP_KIND));
    if (!strchr(krni_text(p, KRN_TABLE_TRIP, trip, TRIP_CARGO_CLASSES), ';'))
        krni_write_class(w, p, KRN_TABLE_TRIP, trip, TRIP_CARGO_CLASSES);
}

char *krni_resource_words(const krn_package *p, const krn_sim_resource *r, krn_arena *arena)
{
    char place[NAME_SIZE];
    krni_writer w;
    krni_writer_init(&w, arena);
    switch (r->kind) {
    case KRN_RESOURCE_SECTION:
        write_section(&w, p, r);
        break;
    case KRN_RESOURCE_BORDER:
        write_border(&w, p, r);
        break;
    case KRN_RESOURCE_GAUGE_YARD:
        write_gauge_yard(&w, p, r);
        break;
    case KRN_RESOURCE_TERMINAL:
        write_terminal(&w, p, r);
        break;
    case KRN_RESOURCE_WAGONS:
    case KRN_RESOURCE_LOCOMOTIVES:
        write_pool(&w, p, r);
        break;
    case KRN_RESOURCE_SERVICE:
        write_service(&w, p, r);
        break;
    case KRN_RESOURCE_STORAGE:
        krni_writef(&w, "%s storage", krni_place_short(p, r->from_node, place, sizeof place));
        if (of_table(r, KRN_TABLE_OPERATION))
            krni_write_class(&w, p, KRN_TABLE_OPERATION, r->figure.row, OPERATION_CARGO_CLASS);
        break;
    default:
        krni_writef(&w, "%s %s", krni_place_short(p, r->from_node, place, sizeof place),
                    krn_sim_resource_kind_name(r->kind));
    }
    return krni_writer_text(&w);
}

const char *krni_resource_row_id(const krn_package *package, const krn_sim_resource *r)
{
    const krn_table table = (krn_table)r->figure.table;
    if (table >= KRN_TABLE_COUNT || krni_schema(table)->key < 0)
        return "";
    return krni_text(package, table, r->figure.row, krni_schema(table)->key);
}

/* " (50 wagons a day)", " (a departure every 25 days)"; nothing when the rate is not known. */
void krni_write_rate(krni_writer *w, const krn_sim_resource *r)
{
    char number[KRNI_WORD];
    const double rate = r->rate_a_day;
    if (!(rate > 0) || isinf(rate) || !r->unit || !*r->unit)
        return;
    size_t letters = strlen(r->unit);
    letters -= letters > 1 && r->unit[letters - 1] == 's';
    if (rate > 0.95 && rate < 1.05)
        krni_writef(w, " (a %.*s a day)", (int)letters, r->unit);
    else if (rate < 0.95)
        krni_writef(w, " (a %.*s every %s days)", (int)letters, r->unit,
                    krni_number_short(1 / rate, rate > 0.2 ? 1 : 0, number, sizeof number));
    else
        krni_writef(w, " (%s %s a day)",
                    krni_number_short(rate, rate < 10 ? 1 : 0, number, sizeof number), r->unit);
}
