/* SPDX-License-Identifier: Apache-2.0 */
/* layout_names.c - what rows are called: sources of chance by ids, names of metrics, and which
 * dated events touch which steps.
 *
 * An id never depends on the order of rows, so neither does the luck of a lot. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "sim/corridor.h"
#include "sim/random_stream.h"

#define TEXT_SIZE 512

enum { PROCESS_STREAM = 1, PROCESS_ACTIVITY = 2, PROCESS_WEATHER = 3, PROCESS_ROW = 4 };

/* Column of the id of a table that makes activities or resources. */
static int id_column(krn_table table)
{
    switch (table) {
    case KRN_TABLE_NODE:
        return NODE_NODE_ID;
    case KRN_TABLE_LINK:
        return LINK_LINK_ID;
    case KRN_TABLE_BORDER:
        return BORDER_BORDER_ID;
    case KRN_TABLE_GAUGE_CHANGE:
        return GAUGE_CHANGE_GAUGE_CHANGE_ID;
    case KRN_TABLE_OPERATION:
        return OPERATION_OPERATION_ID;
    case KRN_TABLE_TRIP:
        return TRIP_TRIP_ID;
    case KRN_TABLE_PORT:
        return PORT_NODE_ID;
    case KRN_TABLE_FLEET:
        return FLEET_FLEET_ID;
    default:
        return 0;
    }
}

static const char *id_of(const krn_package *p, krn_table table, uint32_t row)
{
    return row == KRN_NO_ROW || table >= KRN_TABLE_COUNT
               ? ""
               : krni_text(p, table, row, id_column(table));
}

uint64_t krni_activity_source(const krn_network *net, uint32_t i)
{
    const krn_package *p = net->package;
    const uint32_t from = net->from_state[i], to = net->to_state[i];
    char text[TEXT_SIZE];
    (void)snprintf(text, sizeof text, "%u|%s|%u|%s|%u|%s|%s|%s", (unsigned)net->kind[i],
                   id_of(p, KRN_TABLE_NODE, net->state_node[from]), (unsigned)net->state_side[from],
                   id_of(p, KRN_TABLE_NODE, net->state_node[to]), (unsigned)net->state_side[to],
                   id_of(p, (krn_table)net->law_table[i], net->law_row[i]),
                   id_of(p, KRN_TABLE_LINK, net->link[i]), id_of(p, KRN_TABLE_TRIP, net->trip[i]));
    return krni_source_id(PROCESS_ACTIVITY, text);
}

uint64_t krni_flow_source(const krn_network *net, const krn_consignment *lot)
{
    const krn_package *p = net->package;
    char text[TEXT_SIZE];
    (void)snprintf(text, sizeof text, "%s|%s|%s", id_of(p, KRN_TABLE_NODE, lot->origin),
                   id_of(p, KRN_TABLE_NODE, lot->destination),
                   krni_text(p, KRN_TABLE_COMMODITY, lot->commodity, COMMODITY_COMMODITY_ID));
    return krni_source_id(PROCESS_STREAM, text);
}

uint64_t krni_weather_source(const krn_network *net, uint32_t node, uint32_t link)
{
    const krn_package *p = net->package;
    return krni_source_id(PROCESS_WEATHER, node != KRN_NO_ROW ? id_of(p, KRN_TABLE_NODE, node)
                                                              : id_of(p, KRN_TABLE_LINK, link));
}

/* ---- dated events ---- */

/* Whether an event is about this activity; resource: about what it occupies. */
static bool touches(const krn_network *net, const krn_sim_event *e, uint32_t i, bool resource)
{
    const krn_package *p = net->package;
    const krn_activity_kind kind = (krn_activity_kind)net->kind[i];
    const bool track = (kind == KRN_HAUL || kind == KRN_RIDE) && net->mode[i] == KRN_RAIL;
    switch (e->table) {
    case KRN_TABLE_NODE:
        return net->state_node[net->from_state[i]] == e->row && !(track && resource);
    case KRN_TABLE_LINK:
        return net->link[i] == e->row && (kind == KRN_HAUL || kind == KRN_RIDE);
    case KRN_TABLE_GAUGE_CHANGE:
        return kind == KRN_GAUGE_CHANGE && net->law_table[i] == KRN_TABLE_GAUGE_CHANGE &&
               (net->law_row[i] == e->row ||
                (krni_ref(p, KRN_TABLE_GAUGE_CHANGE, e->row, GAUGE_CHANGE_NODE_ID) ==
                     krni_ref(p, KRN_TABLE_GAUGE_CHANGE, net->law_row[i], GAUGE_CHANGE_NODE_ID) &&
                 krni_number(p, KRN_TABLE_GAUGE_CHANGE, e->row, GAUGE_CHANGE_FROM_GAUGE_MM) ==
                     krni_number(p, KRN_TABLE_GAUGE_CHANGE, net->law_row[i],
                                 GAUGE_CHANGE_FROM_GAUGE_MM)));
    case KRN_TABLE_TRIP:
        return kind == KRN_BOARD && net->trip[i] == e->row;
    default:
        return net->law_table[i] == (uint16_t)e->table && net->law_row[i] == e->row;
    }
}

uint64_t krni_layout_closing(const krn_sim *sim, uint32_t activity, bool resource)
{
    uint64_t bits = 0;
    for (uint32_t e = 0; e < sim->input.n_events; e++) {
        const krn_sim_event *event = &sim->input.events[e];
        const bool shuts = event->kind == KRN_SIM_CLOSE ||
                           (event->kind == KRN_SIM_CAPACITY && !(event->share > 0.0));
        if (shuts && touches(sim->network, event, activity, resource))
            bits |= 1ull << e;
    }
    return bits;
}

uint64_t krni_layout_slowing(const krn_sim *sim, uint32_t activity)
{
    uint64_t bits = 0;
    for (uint32_t e = 0; e < sim->input.n_events; e++)
        if (sim->input.events[e].kind == KRN_SIM_CAPACITY && sim->input.events[e].share > 0.0 &&
            touches(sim->network, &sim->input.events[e], activity, true))
            bits |= 1ull << e;
    return bits;
}

uint64_t krni_layout_bans(const krn_sim *sim, uint32_t activity, uint32_t commodity)
{
    const krn_network *net = sim->network;
    const uint32_t from = net->from_state[activity];
    const bool loads =
        net->kind[activity] == KRN_BOARD ||
        (net->kind[activity] == KRN_TRANSFER && net->state_side[from] == (uint8_t)KRN_SIDE_REST);
    uint64_t bits = 0;
    for (uint32_t e = 0; e < sim->input.n_events && loads; e++) {
        const krn_sim_event *event = &sim->input.events[e];
        if (event->kind == KRN_SIM_BAN && touches(net, event, activity, true) &&
            (event->commodity == KRN_NO_ROW || event->commodity == commodity))
            bits |= 1ull << e;
    }
    return bits;
}

/* ---- names of metrics ---- */

static const char *const total_names[KRN_TOTAL_COUNT] = {
    "made_t",        "delivered_t",   "left_t",         "begun_t",       "lots",
    "teu",           "tkm",           "price_usd",      "storage_usd",   "wtw_kg_co2e",
    "trains",        "train_km",      "empty_wagon_km", "wagon_km",      "ships",
    "tfi1_rail_h",   "tfi1_road_h",   "tfi2_rail_usd",  "tfi2_road_usd", "tfi3_rail_usd",
    "tfi3_road_usd", "swod_rail_kmh", "swod_road_kmh",  "swd_rail_kmh",  "swd_road_kmh",
    "events",        "lost_t"};

static const char *const measure_names[KRN_GROUP_WAIT_H] = {
    "delivered_t", "teu",      "lots",       "mean_h",   "p10_h",  "p50_h",
    "p90_h",       "moving_h", "handling_h", "border_h", "gauge_h"};

static const char *const use_names[KRN_USE_COUNT] = {
    "share",   "served", "wait_h",    "queue_t", "queue_max_t",
    "lost_td", "level",  "level_max", "full_h",  "blocked_h"};

static void resource_name(const krn_sim *sim, uint32_t i, char *out, size_t size)
{
    const krn_sim_resource *words = &sim->resources[i].words;
    const bool inbound = words->kind == KRN_RESOURCE_STORAGE && strstr(words->unit, "inbound");
    const krn_package *p = sim->network->package;
    const bool calls = words->kind == KRN_RESOURCE_SERVICE; /* each boarding place of a trip */
    (void)snprintf(out, size, "%s%s/%s%s%s", krn_sim_resource_kind_name(words->kind),
                   inbound ? " in" : "",
                   id_of(p, (krn_table)words->figure.table, words->figure.row), calls ? "@" : "",
                   calls ? id_of(p, KRN_TABLE_NODE, words->from_node) : "");
}

static void group_name(const krn_sim *sim, uint32_t index, char *out, size_t size)
{
    const uint32_t group = index / KRN_GROUP_MEASURE_COUNT;
    const uint32_t measure = index % KRN_GROUP_MEASURE_COUNT;
    (void)sim;
    if (measure < KRN_GROUP_WAIT_H)
        (void)snprintf(out, size, "group %u/%s", (unsigned)group, measure_names[measure]);
    else if (measure < KRN_GROUP_PRICE_USD_T)
        (void)snprintf(out, size, "group %u/wait %s", (unsigned)group,
                       krn_sim_cause_name((krn_sim_cause)(measure - KRN_GROUP_WAIT_H)));
    else
        (void)snprintf(out, size, "group %u/%s", (unsigned)group,
                       measure == KRN_GROUP_PRICE_USD_T ? "price_usd_t" : "wtw_kg_t");
}

void krn_sim_metric_name(const krn_sim *sim, uint32_t metric, char *out, size_t size)
{
    char resource[TEXT_SIZE];
    uint32_t at = metric;
    assert(metric < krn_sim_metrics(sim) && size > 0);
    if (at < KRN_TOTAL_COUNT) {
        (void)snprintf(out, size, "total/%s", total_names[at]);
        return;
    }
    at -= KRN_TOTAL_COUNT;
    if (at < sim->input.n_groups * KRN_GROUP_MEASURE_COUNT) {
        group_name(sim, at, out, size);
        return;
    }
    at -= sim->input.n_groups * KRN_GROUP_MEASURE_COUNT;
    if (at < sim->n_resources * KRN_USE_COUNT) {
        resource_name(sim, at / KRN_USE_COUNT, resource, sizeof resource);
        (void)snprintf(out, size, "%s/%s", resource, use_names[at % KRN_USE_COUNT]);
        return;
    }
    at -= sim->n_resources * KRN_USE_COUNT;
    const uint32_t per = KRN_WEEK_COUNT * sim->n_weeks;
    if (at < sim->n_resources * per) {
        resource_name(sim, at / per, resource, sizeof resource);
        (void)snprintf(out, size, "%s/week %u %s", resource, (unsigned)(at % sim->n_weeks),
                       at % per < sim->n_weeks ? "share" : "queue_t");
        return;
    }
    (void)snprintf(out, size, "day %u/under_way_t", (unsigned)(at - sim->n_resources * per));
}

/* ---- fingerprint ---- */

static void mix(uint64_t *hash, uint64_t value)
{
    uint64_t x = *hash ^ value;
    x ^= x >> 30;
    x *= 0xBF58476D1CE4E5B9u;
    x ^= x >> 27;
    x *= 0x94D049BB133111EBu;
    *hash = (x ^ x >> 31) + 0x9E3779B97F4A7C15u;
}

static void mix_number(uint64_t *hash, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    mix(hash, bits);
}

static void mix_step(uint64_t *hash, const krni_step *s)
{
    const double numbers[] = {s->quantity,
                              s->duration.low_h,
                              s->duration.typical_h,
                              s->duration.high_h,
                              s->wait.low_h,
                              s->wait.typical_h,
                              s->wait.high_h,
                              s->running.low_h,
                              s->running.typical_h,
                              s->running.high_h,
                              s->gate_s,
                              s->occupy_s,
                              s->ship_share,
                              s->train_t,
                              s->train_m,
                              s->empty_t,
                              s->km,
                              s->inspection_share,
                              s->inspection_s,
                              s->recheck_share,
                              s->storage_usd_s,
                              s->storage_free_s};
    const uint64_t words[] = {
        s->kind,   s->mode,     s->seasonal,  s->weather,      s->source,       s->closing,
        s->bans,   s->resource, s->section,   s->service,      s->store,        s->berths,
        s->wagons, s->n_wagons, s->direction, s->drops_wagons, s->leaves_store, s->clocked};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        mix_number(hash, numbers[i]);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        mix(hash, words[i]);
}

/* Opening hours, holidays, seasons and offsets of local time: what is looked up while a replication
 * runs. In any order of rows. */
static uint64_t hash_calendars(const krn_package *p)
{
    static const krn_table tables[] = {KRN_TABLE_TIMEZONE, KRN_TABLE_CALENDAR, KRN_TABLE_HOLIDAY,
                                       KRN_TABLE_SEASON};
    uint64_t sum = 0;
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
        for (uint32_t row = 0; row < krn_package_rows(p, tables[t]); row++) {
            uint64_t hash = (uint64_t)tables[t];
            for (int c = 0; c < krni_schema(tables[t])->n_columns; c++)
                mix(&hash, krni_source_id(PROCESS_ROW, krni_text(p, tables[t], row, c)));
            sum += hash;
        }
    return sum;
}

static void mix_resources(uint64_t *hash, const krn_sim *sim)
{
    for (uint32_t i = 0; i < sim->n_resources; i++) {
        const krni_resource_plan *plan = &sim->resources[i];
        mix(hash, (uint64_t)plan->units);
        mix(hash, plan->closing);
        mix(hash, plan->slowing);
        mix_number(hash, plan->words.rate_a_day);
    }
    for (uint32_t i = 0; i < sim->n_sections; i++) {
        const krni_section *s = &sim->sections[i];
        const double numbers[] = {s->hold_s, s->max_t, s->max_m, s->run_s, s->km};
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
            mix_number(hash, numbers[k]);
        mix(hash, (uint64_t)s->n_blocks << 2 | (uint64_t)s->single << 1 | (uint64_t)s->limited);
        mix(hash, s->locomotives);
    }
    for (uint32_t i = 0; i < sim->n_services; i++) {
        const krni_service *s = &sim->services[i];
        mix_number(hash, s->headway_s);
        mix(hash, (uint64_t)s->most_ships << 1 | (uint64_t)s->when_full);
        mix(hash, s->source);
        for (uint32_t k = 0; k < s->timetable.n; k++)
            mix_number(hash, s->timetable.at_s[k]);
    }
}

uint64_t krni_layout_fingerprint(const krn_sim *sim)
{
    uint64_t hash = 1;
    const krn_sim_input *in = &sim->input;
    mix(&hash, in->seed);
    mix(&hash, (uint64_t)in->start);
    mix_number(&hash, in->warmup_d);
    mix_number(&hash, in->days);
    mix_number(&hash, in->patience_h);
    mix(&hash, (uint64_t)in->routing << 2 | (uint64_t)in->typical << 1 | (uint64_t)in->unlimited);
    for (uint32_t i = 0; i < in->n_events; i++) {
        mix(&hash, (uint64_t)in->events[i].from);
        mix(&hash, (uint64_t)in->events[i].to);
        mix_number(&hash, in->events[i].share);
        mix(&hash, (uint64_t)in->events[i].kind);
    }
    mix(&hash, hash_calendars(sim->network->package));
    for (uint32_t i = 0; i < sim->n_steps; i++)
        mix_step(&hash, &sim->steps[i]);
    for (uint32_t i = 0; i < sim->n_ways; i++) {
        mix_number(&hash, sim->ways[i].price_usd);
        mix_number(&hash, sim->ways[i].border_usd);
        mix_number(&hash, sim->ways[i].general_usd);
        mix_number(&hash, sim->ways[i].share);
        mix_number(&hash, sim->ways[i].wtw_kg_co2e);
        mix(&hash, sim->ways[i].group);
    }
    for (uint32_t i = 0; i < sim->n_streams; i++) {
        const krni_flow *s = &sim->streams[i];
        mix(&hash, s->source);
        mix_number(&hash, s->tonnes);
        mix_number(&hash, s->teu);
        mix_number(&hash, s->value_of_time_usd_h);
        for (uint32_t k = 0; s->ready_s && k < s->n_ready; k++)
            mix_number(&hash, s->ready_s[k]);
        for (uint32_t m = 0; m <= sim->n_months && s->made_slots; m++)
            mix_number(&hash, s->made_slots[m]);
    }
    mix_resources(&hash, sim);
    return hash;
}
