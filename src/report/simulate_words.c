/* SPDX-License-Identifier: Apache-2.0 */
/* simulate_words.c - names of resources, events and figures of a simulation as people and programs
 * read them. Every name comes from the row of the package that makes the thing. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "model/tables.h"
#include "report/simulate_page.h"

#define NAME_SIZE 96

static bool of_table(const krn_sim_resource *r, krn_table table)
{
    return r->figure.table == table;
}

/* "a_b" as "a b". */
static void write_spaced(krni_writer *w, const char *text)
{
    for (; *text; text++)
        krni_write_char(w, (char)(*text == '_' ? ' ' : *text));
}

static void write_ends_short(krni_writer *w, const krn_package *p, uint32_t from, uint32_t to,
                             const char *between)
{
    char a[NAME_SIZE], b[NAME_SIZE];
    krni_writef(w, "%s%s%s", krni_place_short(p, from, a, sizeof a), between,
                krni_place_short(p, to, b, sizeof b));
}

static void write_class(krni_writer *w, const krn_package *p, krn_table table, uint32_t row,
                        int column)
{
    const char *class_name = krni_text(p, table, row, column);
    if (*class_name) {
        krni_write(w, ", ");
        write_spaced(w, class_name);
    }
}

static void write_section(krni_writer *w, const krn_package *p, const krn_sim_resource *r)
{
    uint32_t a = r->from_node, b = r->to_node;
    if (of_table(r, KRN_TABLE_LINK) && (a == KRN_NO_ROW || b == KRN_NO_ROW)) {
        a = krni_ref(p, KRN_TABLE_LINK, r->figure.row, LINK_FROM_NODE_ID);
        b = krni_ref(p, KRN_TABLE_LINK, r->figure.row, LINK_TO_NODE_ID);
    }
    write_ends_short(w, p, a, b, " – ");
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
    write_ends_short(w, p, a, b, " → ");
    krni_writef(w, "%s border", strcmp(mode, "road") == 0 ? " road" : "");
    if (of_table(r, KRN_TABLE_BORDER))
        write_class(w, p, KRN_TABLE_BORDER, r->figure.row, BORDER_CARGO_CLASS);
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
    write_class(w, p, KRN_TABLE_GAUGE_CHANGE, row, GAUGE_CHANGE_CARGO_CLASS);
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
    write_class(w, p, KRN_TABLE_OPERATION, row, OPERATION_CARGO_CLASS);
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
        write_ends_short(w, p, from, to, " → ");
    krni_write(w, " ");
    write_spaced(w, krni_text(p, KRN_TABLE_TRIP, trip, TRIP_KIND));
    if (!strchr(krni_text(p, KRN_TABLE_TRIP, trip, TRIP_CARGO_CLASSES), ';'))
        write_class(w, p, KRN_TABLE_TRIP, trip, TRIP_CARGO_CLASSES);
}

char *krni_resource_name(const krni_run *run, uint32_t resource)
{
    const krn_sim_resource r = krn_sim_resource_at(run->sim, resource);
    const krn_package *p = run->package;
    char place[NAME_SIZE];
    krni_writer w;
    krni_writer_init(&w, run->arena);
    switch (r.kind) {
    case KRN_RESOURCE_SECTION:
        write_section(&w, p, &r);
        break;
    case KRN_RESOURCE_BORDER:
        write_border(&w, p, &r);
        break;
    case KRN_RESOURCE_GAUGE_YARD:
        write_gauge_yard(&w, p, &r);
        break;
    case KRN_RESOURCE_TERMINAL:
        write_terminal(&w, p, &r);
        break;
    case KRN_RESOURCE_WAGONS:
    case KRN_RESOURCE_LOCOMOTIVES:
        write_pool(&w, p, &r);
        break;
    case KRN_RESOURCE_SERVICE:
        write_service(&w, p, &r);
        break;
    case KRN_RESOURCE_STORAGE:
        krni_writef(&w, "%s storage", krni_place_short(p, r.from_node, place, sizeof place));
        if (of_table(&r, KRN_TABLE_OPERATION))
            write_class(&w, p, KRN_TABLE_OPERATION, r.figure.row, OPERATION_CARGO_CLASS);
        break;
    default:
        krni_writef(&w, "%s %s", krni_place_short(p, r.from_node, place, sizeof place),
                    krn_sim_resource_kind_name(r.kind));
    }
    return krni_writer_text(&w);
}

const char *krni_resource_id(const krni_run *run, uint32_t resource)
{
    const krn_sim_resource r = krn_sim_resource_at(run->sim, resource);
    const krn_table table = (krn_table)r.figure.table;
    if (table >= KRN_TABLE_COUNT || krni_schema(table)->key < 0)
        return "";
    return krni_text(run->package, table, r.figure.row, krni_schema(table)->key);
}

/* ---- events ---- */

static void write_thing(krni_writer *w, const krn_package *p, const krn_sim_event *e)
{
    char country[2][3];
    switch (e->table) {
    case KRN_TABLE_NODE:
        krni_write(w, krni_place_name(p, e->row));
        break;
    case KRN_TABLE_LINK:
        write_ends_short(w, p, krni_ref(p, KRN_TABLE_LINK, e->row, LINK_FROM_NODE_ID),
                         krni_ref(p, KRN_TABLE_LINK, e->row, LINK_TO_NODE_ID), " – ");
        krni_writef(w, " (%s)", krni_text(p, KRN_TABLE_LINK, e->row, LINK_MODE));
        break;
    case KRN_TABLE_BORDER:
        (void)snprintf(country[0], 3, "%s",
                       krni_text(p, KRN_TABLE_BORDER, e->row, BORDER_FROM_COUNTRY));
        (void)snprintf(country[1], 3, "%s",
                       krni_text(p, KRN_TABLE_BORDER, e->row, BORDER_TO_COUNTRY));
        krni_writef(w, "%s, %s → %s", krni_text(p, KRN_TABLE_BORDER, e->row, BORDER_CROSSING),
                    country[0], country[1]);
        write_class(w, p, KRN_TABLE_BORDER, e->row, BORDER_CARGO_CLASS);
        break;
    default:
        krni_write(w, krni_text(p, e->table, e->row, krni_schema(e->table)->key));
    }
}

/* A node whose zone the times of an event are told in. */
static uint32_t zone_of(const krn_package *p, const krn_sim_event *e)
{
    switch (e->table) {
    case KRN_TABLE_NODE:
        return e->row;
    case KRN_TABLE_LINK:
        return krni_ref(p, KRN_TABLE_LINK, e->row, LINK_FROM_NODE_ID);
    case KRN_TABLE_BORDER:
        return krni_ref(p, KRN_TABLE_LINK, krni_ref(p, KRN_TABLE_BORDER, e->row, BORDER_LINK_ID),
                        LINK_FROM_NODE_ID);
    case KRN_TABLE_GAUGE_CHANGE:
        return krni_ref(p, KRN_TABLE_GAUGE_CHANGE, e->row, GAUGE_CHANGE_NODE_ID);
    case KRN_TABLE_OPERATION:
        return krni_ref(p, KRN_TABLE_OPERATION, e->row, OPERATION_NODE_ID);
    default:
        return KRN_NO_ROW;
    }
}

char *krni_event_text(const krni_run *run, uint32_t event)
{
    const krn_sim_event *e = &run->question->events[event];
    const uint32_t node = zone_of(run->package, e);
    char from[KRNI_WORD], to[KRNI_WORD];
    krni_writer w;
    krni_writer_init(&w, run->arena);
    write_thing(&w, run->package, e);
    switch (e->kind) {
    case KRN_SIM_CLOSE:
        krni_write(&w, ": closed");
        break;
    case KRN_SIM_CAPACITY:
        krni_writef(&w, ": at %s%% of its capacity",
                    krni_number_short(100 * e->share, 1, from, sizeof from));
        break;
    default:
        krni_writef(&w, ": no %s is loaded",
                    e->commodity == KRN_NO_ROW ? "cargo"
                                               : krni_commodity_name(run->package, e->commodity));
    }
    krn_time_text(krn_network_calendars(run->network), node, e->from, from, sizeof from);
    krn_time_text(krn_network_calendars(run->network), node, e->to, to, sizeof to);
    from[16] = to[16] = '\0';
    from[10] = to[10] = ' ';
    krni_writef(&w, " from %s to %s", from, to);
    return krni_writer_text(&w);
}

const char *krni_routing_name(krn_sim_routing routing)
{
    static const char *const names[] = {"best", "logit", "adaptive"};
    return (unsigned)routing <= KRN_ROUTING_ADAPTIVE ? names[routing] : "?";
}

/* ---- keys ---- */

char *krni_measure_key(unsigned measure, char out[KRNI_WORD])
{
    static const char *const before[] = {"delivered_t", "teu",      "lots",          "mean_h",
                                         "p10_h",       "p50_h",    "p90_h",         "moving_h",
                                         "handling_h",  "border_h", "gauge_change_h"};
    if (measure < KRN_GROUP_WAIT_H)
        (void)snprintf(out, KRNI_WORD, "%s", before[measure]);
    else if (measure < KRN_GROUP_PRICE_USD_T) {
        (void)snprintf(out, KRNI_WORD, "wait_%s_h",
                       krn_sim_cause_name((krn_sim_cause)(measure - KRN_GROUP_WAIT_H)));
        for (char *at = out; *at; at++)
            if (*at == ' ')
                *at = '_';
    } else
        (void)snprintf(out, KRNI_WORD, "%s",
                       measure == KRN_GROUP_PRICE_USD_T ? "price_usd_per_t" : "co2e_wtw_kg_per_t");
    return out;
}

/* Keys and decimals of the totals, in their order. */
static const struct {
    const char *key;
    int decimals;
} totals[KRN_TOTAL_COUNT] = {
    [KRN_TOTAL_MADE_T] = {"made_t", 1},
    [KRN_TOTAL_DELIVERED_T] = {"delivered_t", 1},
    [KRN_TOTAL_LEFT_T] = {"under_way_at_end_t", 1},
    [KRN_TOTAL_BEGUN_T] = {"under_way_at_start_t", 1},
    [KRN_TOTAL_LOTS] = {"lots", 1},
    [KRN_TOTAL_TEU] = {"teu", 1},
    [KRN_TOTAL_TKM] = {"tkm", 0},
    [KRN_TOTAL_PRICE_USD] = {"price_usd", 0},
    [KRN_TOTAL_STORAGE_USD] = {"storage_usd", 0},
    [KRN_TOTAL_WTW_KG_CO2E] = {"co2e_wtw_kg", 0},
    [KRN_TOTAL_TRAINS] = {"trains", 1},
    [KRN_TOTAL_TRAIN_KM] = {"train_km", 0},
    [KRN_TOTAL_EMPTY_WAGON_KM] = {"empty_wagon_km", 0},
    [KRN_TOTAL_WAGON_KM] = {"loaded_wagon_km", 0},
    [KRN_TOTAL_SHIPS] = {"ships", 1},
    [KRN_TOTAL_TFI1_RAIL_H] = {"tfi1_rail_h", 2},
    [KRN_TOTAL_TFI1_ROAD_H] = {"tfi1_road_h", 2},
    [KRN_TOTAL_TFI2_RAIL_USD] = {"tfi2_rail_usd", 2},
    [KRN_TOTAL_TFI2_ROAD_USD] = {"tfi2_road_usd", 2},
    [KRN_TOTAL_TFI3_RAIL_USD] = {"tfi3_rail_usd", 2},
    [KRN_TOTAL_TFI3_ROAD_USD] = {"tfi3_road_usd", 2},
    [KRN_TOTAL_SWOD_RAIL_KMH] = {"swod_rail_kmh", 2},
    [KRN_TOTAL_SWOD_ROAD_KMH] = {"swod_road_kmh", 2},
    [KRN_TOTAL_SWD_RAIL_KMH] = {"swd_rail_kmh", 2},
    [KRN_TOTAL_SWD_ROAD_KMH] = {"swd_road_kmh", 2},
    [KRN_TOTAL_EVENTS] = {"engine_events", 0},
    [KRN_TOTAL_LOST_T] = {"unaccounted_t", 6},
};

const char *krni_total_key(krn_sim_total total)
{
    return totals[total].key;
}

int krni_total_decimals(krn_sim_total total)
{
    return totals[total].decimals;
}

const char *krni_use_key(krn_sim_use use)
{
    static const char *const keys[KRN_USE_COUNT] = {
        "use_share",       "served", "wait_h",    "queue_t", "queue_max_t",
        "lost_tonne_days", "level",  "level_max", "full_h",  "blocked_h"};
    return keys[use];
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

char *krni_half_text(krn_estimate e, int decimals, char out[KRNI_WORD])
{
    char number[KRNI_WORD];
    out[0] = '\0';
    if (e.half == e.half)
        (void)snprintf(out, KRNI_WORD, "± %s",
                       krni_number_text(e.half, decimals, true, number, sizeof number));
    return out;
}
