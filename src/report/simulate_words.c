/* SPDX-License-Identifier: Apache-2.0 */
/* simulate_words.c - names of events and figures of a simulation as people and programs
 * read them. Every name comes from the row of the package that makes the thing. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "model/tables.h"
#include "report/resource_words.h"
#include "report/simulate_page.h"

char *krni_resource_name(const krni_run *run, uint32_t resource)
{
    const krn_sim_resource r = krn_sim_resource_at(run->sim, resource);
    return krni_resource_words(run->package, &r, run->arena);
}

const char *krni_resource_id(const krni_run *run, uint32_t resource)
{
    const krn_sim_resource r = krn_sim_resource_at(run->sim, resource);
    return krni_resource_row_id(run->package, &r);
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
        krni_write_ends_short(w, p, krni_ref(p, KRN_TABLE_LINK, e->row, LINK_FROM_NODE_ID),
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
        krni_write_class(w, p, KRN_TABLE_BORDER, e->row, BORDER_CARGO_CLASS);
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

char *krni_half_text(krn_estimate e, int decimals, char out[KRNI_WORD])
{
    char number[KRNI_WORD];
    out[0] = '\0';
    if (e.half == e.half)
        (void)snprintf(out, KRNI_WORD, "± %s",
                       krni_number_text(e.half, decimals, true, number, sizeof number));
    return out;
}
