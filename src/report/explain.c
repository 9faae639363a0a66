/* SPDX-License-Identifier: Apache-2.0 */
/* explain.c - every figure of a route with the row, the source and the measure that it comes from.
 *
 *   border.csv:2   time: Bolashak - Serhetyaka: dwell_low_h = 2 e, dwell_typical_h = 10.7 d,
 *                  dwell_high_h = 30 e; throughput: trains_per_day = 5 d [rail-cpmm-kz]
 *
 * A law of time has three figures (low, typical, high); all three are listed. Each cell stands once
 * a route, however often it was used, and the figures of a row stand together. */
#include "report/plan_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/tables.h"

#define VALUE_COLUMNS 40u /* of a value that is shown */

typedef struct figures {
    krni_used_figure *list;
    uint32_t n, capacity;
    krn_arena *arena;
    bool failed;
} figures;

static void add_figure(figures *f, krn_figure figure, const char *role)
{
    if (figure.table >= KRN_TABLE_COUNT)
        return;
    for (uint32_t i = 0; i < f->n; i++) {
        const krn_figure *k = &f->list[i].figure;
        if (k->table == figure.table && k->row == figure.row && k->column == figure.column)
            return;
    }
    if (f->n == f->capacity) {
        const uint32_t capacity = f->capacity ? f->capacity * 2 : 64;
        krni_used_figure *grown = krn_arena_alloc(f->arena, capacity * sizeof *grown);
        if (!grown) {
            f->failed = true;
            return;
        }
        if (f->n)
            memcpy(grown, f->list, f->n * sizeof *grown);
        f->list = grown;
        f->capacity = capacity;
    }
    f->list[f->n++] = (krni_used_figure){figure, role};
}

/* A figure of a time law brings its two fellows. */
static void add_time(figures *f, krn_figure figure, const char *role)
{
    if (figure.table >= KRN_TABLE_COUNT)
        return;
    const krni_table *table = krni_schema((krn_table)figure.table);
    if (table->low >= 0 && figure.column >= table->low && figure.column < table->low + 3)
        for (int k = 0; k < 3; k++)
            add_figure(f, krni_figure((krn_table)figure.table, figure.row, table->low + k), role);
    else
        add_figure(f, figure, role);
}

static const char *role_of_step(const krni_answer *answer, const krn_step *s, const char *what)
{
    krni_writer w;
    krni_writer_init(&w, answer->arena);
    const char *crossing = krni_crossing_of(answer->network, s);
    if (*crossing)
        krni_writef(&w, "%s: %s", what, crossing);
    else if (s->from_node != s->to_node) {
        krni_writef(&w, "%s: ", what);
        krni_write_ends(&w, answer->package, s->from_node, s->to_node);
    } else
        krni_writef(&w, "%s: %s, %s", what, krni_place_name(answer->package, s->from_node),
                    krn_activity_kind_name(s->kind));
    return krni_writer_text(&w);
}

/* A cell of a row when it is not blank. */
static void add_cell(figures *f, const krn_package *package, krn_table table, uint32_t row,
                     int column, const char *role)
{
    if (row != KRN_NO_ROW && *krni_text(package, table, row, column))
        add_figure(f, krni_figure(table, row, column), role);
}

/* Row of kr_trip.txt that tells how the figures of a timetable row are known, or KRN_NO_ROW. */
static uint32_t trip_of_figure(const krn_package *package, krn_figure f)
{
    const char *trip = "";
    if (f.table == KRN_TABLE_FREQUENCIES)
        trip = krni_text(package, KRN_TABLE_FREQUENCIES, f.row, FREQUENCIES_TRIP_ID);
    else if (f.table == KRN_TABLE_STOP_TIMES)
        trip = krni_text(package, KRN_TABLE_STOP_TIMES, f.row, STOP_TIMES_TRIP_ID);
    return *trip ? krn_package_find(package, KRN_TABLE_TRIP, trip) : KRN_NO_ROW;
}

krn_quality krni_figure_quality(const krn_package *package, krn_figure f)
{
    const uint32_t trip = trip_of_figure(package, f);
    if (trip == KRN_NO_ROW)
        return krn_package_quality(package, f);
    const bool frequency = f.table == KRN_TABLE_FREQUENCIES;
    if (frequency &&
        krni_list_has(krni_text(package, KRN_TABLE_TRIP, trip, TRIP_ESTIMATED_FIELDS), "frequency"))
        return KRN_ESTIMATED;
    return krn_package_quality(package, krni_figure(KRN_TABLE_TRIP, trip, TRIP_TRANSIT_DAYS));
}

const char *krni_figure_source(const krn_package *package, krn_figure f)
{
    const uint32_t trip = trip_of_figure(package, f);
    return krn_package_source(
        package, trip == KRN_NO_ROW ? f : krni_figure(KRN_TABLE_TRIP, trip, TRIP_TRIP_ID));
}

/* Times of a ride from the timetable, and what its vehicle carries. */
static void add_ride(figures *f, const krni_answer *answer, const krn_step *s, uint32_t trip)
{
    const krn_package *package = answer->package;
    if (trip == KRN_NO_ROW)
        return;
    const char *id = krni_text(package, KRN_TABLE_TRIP, trip, TRIP_TRIP_ID);
    const char *from = krni_text(package, KRN_TABLE_NODE, s->from_node, NODE_NODE_ID),
               *to = krni_text(package, KRN_TABLE_NODE, s->to_node, NODE_NODE_ID);
    const char *role = role_of_step(answer, s, "time");
    for (uint32_t i = 0; i < krn_package_rows(package, KRN_TABLE_STOP_TIMES); i++) {
        const char *stop = krni_text(package, KRN_TABLE_STOP_TIMES, i, STOP_TIMES_STOP_ID);
        if (strcmp(krni_text(package, KRN_TABLE_STOP_TIMES, i, STOP_TIMES_TRIP_ID), id) != 0)
            continue;
        if (strcmp(stop, from) == 0)
            add_cell(f, package, KRN_TABLE_STOP_TIMES, i, STOP_TIMES_DEPARTURE_TIME, role);
        if (strcmp(stop, to) == 0)
            add_cell(f, package, KRN_TABLE_STOP_TIMES, i, STOP_TIMES_ARRIVAL_TIME, role);
    }
    const uint32_t vehicle = krni_ref(package, KRN_TABLE_TRIP, trip, TRIP_VEHICLE_ID);
    add_cell(f, package, KRN_TABLE_TRIP, trip, TRIP_CAPACITY, "room of a departure");
    add_cell(f, package, KRN_TABLE_VEHICLE, vehicle, VEHICLE_PAYLOAD_T, "room of a vehicle");
}

/* Headways of a service known by frequency. */
static void add_headways(figures *f, const krn_package *package, uint32_t trip, const char *role)
{
    const char *id =
        trip == KRN_NO_ROW ? "" : krni_text(package, KRN_TABLE_TRIP, trip, TRIP_TRIP_ID);
    for (uint32_t i = 0; *id && i < krn_package_rows(package, KRN_TABLE_FREQUENCIES); i++)
        if (strcmp(krni_text(package, KRN_TABLE_FREQUENCIES, i, FREQUENCIES_TRIP_ID), id) == 0)
            add_cell(f, package, KRN_TABLE_FREQUENCIES, i, FREQUENCIES_HEADWAY_SECS, role);
}

/* What quantity does to a step: rates, servers, wagons and trucks a day, payloads. */
static void add_quantity(figures *f, const krni_answer *answer, const krn_step *s,
                         const krn_activity *words)
{
    const krn_package *package = answer->package;
    const krn_load *load = &answer->result->load;
    const uint32_t row = s->time_figure.row;
    const bool moves = s->kind == KRN_HAUL || s->kind == KRN_RIDE;
    const char *role = role_of_step(answer, s, "throughput");
    if (s->time_figure.table == KRN_TABLE_OPERATION) {
        add_cell(f, package, KRN_TABLE_OPERATION, row, OPERATION_RATE_PER_H, role);
        add_cell(f, package, KRN_TABLE_OPERATION, row, OPERATION_SERVERS, role);
    } else if (s->time_figure.table == KRN_TABLE_BORDER) {
        const int column = words->mode == KRN_ROAD ? BORDER_TRUCKS_PER_DAY : BORDER_WAGONS_PER_DAY;
        add_cell(f, package, KRN_TABLE_BORDER, row, column, role);
        if (words->mode == KRN_RAIL)
            add_cell(f, package, KRN_TABLE_BORDER, row, BORDER_TRAINS_PER_DAY, role);
    } else if (s->time_figure.table == KRN_TABLE_GAUGE_CHANGE)
        add_cell(f, package, KRN_TABLE_GAUGE_CHANGE, row, GAUGE_CHANGE_WAGONS_PER_DAY, role);
    if (moves && words->mode == KRN_ROAD)
        add_cell(f, package, KRN_TABLE_VEHICLE, load->truck, VEHICLE_PAYLOAD_T, "trucks needed");
    if (moves && words->mode == KRN_RAIL && words->gauge_index >= 0) {
        static const int wagon_columns[] = {VEHICLE_PAYLOAD_T, VEHICLE_TARE_T, VEHICLE_AXLES,
                                            VEHICLE_LENGTH_M, VEHICLE_TEU};
        static const int link_columns[] = {LINK_AXLE_T, LINK_MAX_TRAIN_T, LINK_MAX_TRAIN_M,
                                           LINK_TRAINS_PER_DAY};
        const uint32_t wagon = load->wagon[words->gauge_index];
        for (size_t i = 0; i < sizeof wagon_columns / sizeof wagon_columns[0]; i++)
            add_cell(f, package, KRN_TABLE_VEHICLE, wagon, wagon_columns[i], "wagons needed");
        for (size_t i = 0; i < sizeof link_columns / sizeof link_columns[0]; i++)
            add_cell(f, package, KRN_TABLE_LINK, words->link, link_columns[i], "trains needed");
    }
    if (s->kind == KRN_BOARD || s->kind == KRN_ALIGHT) {
        const uint32_t port =
            krn_package_find(package, KRN_TABLE_PORT,
                             krni_text(package, KRN_TABLE_NODE, s->from_node, NODE_NODE_ID));
        if (words->mode == KRN_SEA)
            add_cell(f, package, KRN_TABLE_PORT, port, PORT_DRAUGHT_M, "room of a ship");
    }
}

/* Delays of the season that holds where and when a step begins. */
static void add_season(figures *f, const krni_answer *answer, const krn_step *s,
                       const krn_activity *words)
{
    const uint32_t nodes[] = {s->from_node, s->to_node};
    for (size_t i = 0; i < 2 && (words->mode == KRN_SEA || words->link != KRN_NO_ROW); i++) {
        const uint32_t node = words->mode == KRN_SEA ? nodes[i] : KRN_NO_ROW;
        const krn_season_effect season =
            krn_season_at(krn_network_calendars(answer->network), node, words->link, s->start);
        if (season.row != KRN_NO_ROW)
            add_time(f, krni_figure(KRN_TABLE_SEASON, season.row, SEASON_DELAY_TYPICAL_H),
                     role_of_step(answer, s, "delay of the season"));
    }
}

/* What a loading unit holds, and how heavy the goods are. */
static void add_goods(figures *f, const krni_answer *answer)
{
    static const int unit_columns[] = {LOADING_UNIT_TARE_T, LOADING_UNIT_MAX_PAYLOAD_T,
                                       LOADING_UNIT_VOLUME_M3, LOADING_UNIT_TEU};
    const krn_consignment *c = &answer->query->consignment;
    for (size_t i = 0; i < sizeof unit_columns / sizeof unit_columns[0]; i++)
        if (c->loading_unit != KRN_NO_ROW)
            add_cell(f, answer->package, KRN_TABLE_LOADING_UNIT, c->loading_unit, unit_columns[i],
                     "load of a unit");
    if (c->n_units)
        add_cell(f, answer->package, KRN_TABLE_COMMODITY, c->commodity, COMMODITY_DENSITY_T_M3,
                 "load of a unit");
}

static void add_steps(figures *f, const krni_answer *answer, const krn_route *route)
{
    const krn_package *package = answer->package;
    for (uint32_t i = 0; i < route->n_steps; i++) {
        const krn_step *s = &route->steps[i];
        krn_activity words;
        krn_network_activity(answer->network, s->activity, &words);
        add_figure(f, s->length_figure, role_of_step(answer, s, "length"));
        add_time(f, s->time_figure, role_of_step(answer, s, "time"));
        if (s->time_figure.table == KRN_TABLE_LINK) {
            const uint32_t spread = krn_network_spread_row(package, words.mode, words.country);
            add_cell(f, package, KRN_TABLE_SPREAD, spread, SPREAD_TYPICAL_FACTOR,
                     "typical running time over that at free speed");
            add_cell(f, package, KRN_TABLE_SPREAD, spread, SPREAD_LOW_FACTOR,
                     "P10 of running times");
            add_cell(f, package, KRN_TABLE_SPREAD, spread, SPREAD_HIGH_FACTOR,
                     "P90 of running times");
        }
        add_quantity(f, answer, s, &words);
        add_season(f, answer, s, &words);
        if (s->kind == KRN_RIDE)
            add_ride(f, answer, s, words.trip);
        if (s->kind == KRN_BOARD)
            add_headways(f, package, words.trip, role_of_step(answer, s, "departures"));
        add_figure(f, s->emission_figure, role_of_step(answer, s, "CO2e"));
        if (s->emission_figure.table == KRN_TABLE_EMISSION)
            add_figure(f,
                       krni_figure(KRN_TABLE_EMISSION, s->emission_figure.row,
                                   EMISSION_KG_CO2E_PER_TKM_TTW),
                       role_of_step(answer, s, "CO2e tank to wheel"));
    }
}

/* A charge: its price, and the rate of its currency. */
static void add_charge(figures *f, const krni_answer *answer, const krn_charge *c)
{
    char usd[KRNI_WORD], basis[KRNI_WORD];
    krni_writer w;
    krni_writer_init(&w, answer->arena);
    krni_writef(&w, "charge: %s, %s %s", c->name,
                krni_number_short(c->basis_share, 2, basis, sizeof basis), c->basis);
    krni_writef(&w, ", %s USD", krni_number_text(c->amount_usd, 2, true, usd, sizeof usd));
    krn_figure price = c->figure;
    if (price.table == KRN_TABLE_RULE)
        price.column = RULE_COST_USD;
    else if (price.table == KRN_TABLE_VISA)
        price.column = VISA_COST_USD;
    add_figure(f, price, krni_writer_text(&w));
    if (c->currency && strcmp(c->currency, "USD") != 0) {
        krn_figure rate = krn_figure_none();
        (void)krn_currency_to_usd(krn_network_tariffs(answer->network), c->currency, 1.0,
                                  krn_network_day(answer->network), &rate);
        add_figure(f, rate, "rate of a currency");
    }
}

krni_used_figure *krni_route_figures(const krni_answer *answer, const krn_route *route,
                                     uint32_t *out_n)
{
    figures f = {.arena = answer->arena};
    add_goods(&f, answer);
    add_steps(&f, answer, route);
    for (uint32_t i = 0; i < route->charges.n_charges; i++)
        add_charge(&f, answer, &route->charges.charges[i]);
    for (uint32_t i = 0; i < route->papers.n_papers; i++) {
        const krn_paper *p = &route->papers.papers[i];
        krni_writer w;
        krni_writer_init(&w, answer->arena);
        krni_writef(&w, "lead: %s", p->name);
        krn_figure lead = p->figure;
        if (lead.table == KRN_TABLE_RULE)
            lead.column = RULE_LEAD_TYPICAL_DAYS;
        else if (lead.table == KRN_TABLE_VISA)
            lead.column = VISA_LEAD_TYPICAL_DAYS;
        add_figure(&f, lead, krni_writer_text(&w));
    }
    for (uint32_t i = 0; i < route->n_sanctions; i++)
        add_figure(&f, krni_figure(KRN_TABLE_SANCTION, route->sanctions[i], SANCTION_FACT),
                   "sanctions fact");
    for (uint32_t i = 0; i < f.n; i++)
        f.failed = f.failed || !f.list[i].role;
    *out_n = f.failed ? 0 : f.n;
    if (!f.n && !f.failed)
        return krn_arena_alloc(answer->arena, sizeof *f.list);
    return f.failed ? NULL : f.list;
}

static bool same_row(krn_figure a, krn_figure b)
{
    return a.table == b.table && a.row == b.row;
}

/* "column = value e", long values cut, by which measure. */
static void write_figure(krni_writer *w, const krn_package *package, krn_figure f)
{
    const krn_table table = (krn_table)f.table;
    const char *value = krn_package_text(package, table, f.row, f.column);
    const char *changed = krn_package_changed_by(package, f);
    const size_t kept = krni_prefix_bytes(value, VALUE_COLUMNS);
    krni_writef(w, "%s = %.*s%s %s", krn_package_column_name(package, table, f.column), (int)kept,
                *value ? value : "(blank)", value[kept] ? "…" : "",
                krni_quality_letter(krni_figure_quality(package, f)));
    if (*changed)
        krni_writef(w, " by %s", changed);
}

/* All figures of one row: what they stand for, columns and values, the source. */
static const char *row_words(const krni_answer *answer, const krni_used_figure *list, uint32_t n,
                             uint32_t first)
{
    krni_writer w;
    krni_writer_init(&w, answer->arena);
    const char *role = "";
    for (uint32_t i = first; i < n; i++) {
        if (!same_row(list[i].figure, list[first].figure))
            continue;
        if (strcmp(role, list[i].role) != 0) {
            const size_t whole = strlen(list[i].role), kind = strcspn(list[i].role, ":");
            krni_write(&w, i == first ? "" : "; ");
            krni_write_bytes(&w, list[i].role, i == first ? whole : kind);
            krni_write(&w, ": ");
            role = list[i].role;
        } else
            krni_write(&w, ", ");
        write_figure(&w, answer->package, list[i].figure);
    }
    krni_writef(&w, " [%s]", krni_figure_source(answer->package, list[first].figure));
    return krni_writer_text(&w);
}

void krni_explain_route(krni_page *page, const krni_answer *answer, uint32_t index)
{
    uint32_t n = 0;
    const krni_used_figure *list = krni_route_figures(answer, &answer->result->routes[index], &n);
    if (!list) {
        page->out->failed = true;
        return;
    }
    krni_write(page->out, "\n    ");
    krni_page_dim(page, "row  what it stands for: figures, quality [source]");
    krni_write(page->out, "\n");
    krni_page_rule(page, 4);
    for (uint32_t i = 0; i < n; i++) {
        char place[KRNI_WORD * 4];
        bool told = false;
        for (uint32_t k = 0; k < i && !told; k++)
            told = same_row(list[k].figure, list[i].figure);
        if (told)
            continue;
        krni_writer line;
        krni_writer_init(&line, answer->arena);
        const char *words = row_words(answer, list, n, i);
        krni_writef(&line, "%s  %s", krni_row_place(answer->package, list[i].figure, place),
                    words ? words : "");
        const char *text = krni_writer_text(&line);
        if (!words || !text)
            page->out->failed = true;
        krni_write(page->out, "    ");
        krni_write_wrapped(page->out, text ? text : "", page->columns - 8, 8);
        krni_write(page->out, "\n");
    }
}

static int compare_rows(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

/* Rows of source.csv behind the figures of all routes; each once, ascending. */
static uint32_t *sources_of(const krni_answer *answer, uint32_t *out_n)
{
    const uint32_t n_sources = krn_package_rows(answer->package, KRN_TABLE_SOURCE);
    uint32_t *rows = krn_arena_calloc(answer->arena, n_sources + 1u, sizeof *rows);
    bool *seen = krn_arena_calloc(answer->arena, n_sources + 1u, sizeof *seen);
    uint32_t n = 0;
    if (!rows || !seen)
        return NULL;
    for (uint32_t i = 0; i < answer->result->n_routes; i++) {
        uint32_t n_figures = 0;
        const krni_used_figure *list =
            krni_route_figures(answer, &answer->result->routes[i], &n_figures);
        if (!list)
            return NULL;
        for (uint32_t k = 0; k < n_figures; k++) {
            const uint32_t row =
                krn_package_find(answer->package, KRN_TABLE_SOURCE,
                                 krni_figure_source(answer->package, list[k].figure));
            if (row != KRN_NO_ROW && !seen[row]) {
                seen[row] = true;
                rows[n++] = row;
            }
        }
    }
    qsort(rows, n, sizeof *rows, compare_rows);
    *out_n = n;
    return rows;
}

void krni_explain_sources(krni_page *page, const krni_answer *answer)
{
    const krn_package *package = answer->package;
    uint32_t n = 0;
    const uint32_t *rows = sources_of(answer, &n);
    if (!rows) {
        page->out->failed = true;
        return;
    }
    krni_write(page->out, "\n");
    krni_page_title(page, "Sources");
    krni_page_rule(page, 0);
    for (uint32_t i = 0; i < n; i++) {
        krni_writer w;
        krni_writer_init(&w, answer->arena);
        krni_writef(&w, "%s: %s", krni_text(package, KRN_TABLE_SOURCE, rows[i], SOURCE_SOURCE_ID),
                    krni_text(package, KRN_TABLE_SOURCE, rows[i], SOURCE_TITLE));
        const char *publisher = krni_text(package, KRN_TABLE_SOURCE, rows[i], SOURCE_PUBLISHER);
        const char *date = krni_text(package, KRN_TABLE_SOURCE, rows[i], SOURCE_DATE);
        const char *url = krni_text(package, KRN_TABLE_SOURCE, rows[i], SOURCE_URL);
        krni_writef(&w, "%s%s%s%s", *publisher ? "; " : "", publisher, *date ? ", " : "", date);
        krni_writef(&w, "%s%s", *url ? " " : "", url);
        const char *text = krni_writer_text(&w);
        krni_write_wrapped(page->out, text ? text : "", page->columns - 2, 2);
        krni_write(page->out, "\n");
    }
}

uint32_t *krni_measures_at_work(const krn_package *package, krn_arena *arena, uint32_t *out_n)
{
    const uint32_t n_measures = krn_package_rows(package, KRN_TABLE_MEASURE);
    bool *seen = krn_arena_calloc(arena, n_measures + 1u, sizeof *seen);
    uint32_t *rows = krn_arena_calloc(arena, n_measures + 1u, sizeof *rows);
    *out_n = 0;
    if (!seen || !rows)
        return NULL;
    for (uint32_t i = 0; i < package->n_changed; i++)
        if (package->changed[i].measure < n_measures)
            seen[package->changed[i].measure] = true;
    for (uint32_t i = 0; i < n_measures; i++)
        if (seen[i])
            rows[(*out_n)++] = i;
    return rows;
}

#define MEASURES_NAMED 4u

const char *krni_measures_line(const krn_package *package, krn_arena *arena)
{
    uint32_t n = 0;
    const uint32_t *rows = krni_measures_at_work(package, arena, &n);
    if (!rows)
        return NULL;
    krni_writer line;
    krni_writer_init(&line, arena);
    if (n)
        krni_writef(&line, "with %u measure%s%s", n, n == 1 ? "" : "s",
                    n > MEASURES_NAMED ? " at work (keruen measures tells about them)" : ": ");
    for (uint32_t i = 0; i < n && n <= MEASURES_NAMED; i++)
        krni_writef(&line, "%s%s", i ? ", " : "",
                    krni_text(package, KRN_TABLE_MEASURE, rows[i], MEASURE_MEASURE_ID));
    return krni_writer_text(&line);
}
