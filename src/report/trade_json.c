/* SPDX-License-Identifier: Apache-2.0 */
/* trade_json.c - the trade of a year on the network for programs. Schema: docs/assign.schema.json,
 * that of the other networks too. */
#include <math.h>
#include <string.h>

#include "model/tables.h"
#include "report/plan_page.h"
#include "report/resource_words.h"
#include "report/trade_page.h"

#define T_DECIMALS 3

static json_t *exact(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static void set_number(json_t *o, const char *key, double value, int decimals, bool *failed)
{
    krni_json_set(o, key, krni_json_number(value, decimals), failed);
}

static void set_text(json_t *o, const char *key, const char *text, bool *failed)
{
    krni_json_set(o, key, krni_json_text_or_null(text), failed);
}

static void set_country(json_t *o, const char *key, krn_country country, bool *failed)
{
    char text[3];
    krn_country_text(country, text);
    set_text(o, key, country ? text : "", failed);
}

static const char *commodity_id(const krni_trade *t, uint32_t commodity)
{
    return krni_text(t->package, KRN_TABLE_COMMODITY, commodity, COMMODITY_COMMODITY_ID);
}

/* ---- what was asked ---- */

static json_t *question_json(const krni_trade *t, bool *failed)
{
    const krn_trade_question *q = t->question;
    json_t *o = json_object(), *measures = json_array();
    char day[KRNI_WORD];
    uint32_t n = 0;
    const uint32_t *rows = krni_measures_at_work(t->package, t->arena, &n);
    if (!rows)
        *failed = true;
    for (uint32_t i = 0; i < n && rows; i++)
        krni_json_append(
            measures,
            krni_json_text(krni_text(t->package, KRN_TABLE_MEASURE, rows[i], MEASURE_MEASURE_ID)),
            failed);
    krni_json_set(o, "network", json_string("corridor"), failed);
    set_text(o, "method", krn_trade_method_name(q->method), failed);
    krni_json_set(o, "gap", exact(q->gap_share > 0.0 ? q->gap_share : 1e-6), failed);
    krni_json_set(o, "year", t->report->year ? json_integer(t->report->year) : json_null(), failed);
    krni_json_set(o, "demand_year", q->demand->year ? json_integer(q->demand->year) : json_null(),
                  failed);
    set_text(o, "demand_file", t->report->demand_file, failed);
    krni_json_set(o, "demand_scale", exact(q->demand_share), failed);
    set_text(o, "day", krni_day_text(krn_network_day(t->network), day), failed);
    krni_json_set(o, "measures", measures, failed);
    krni_json_set(o, "hard_capacity", json_boolean(q->hard_capacity), failed);
    set_number(o, "ways_at_first", q->most_ways, 0, failed);
    krni_json_set(o, "emission_usd_per_t", exact(q->emission_usd_t), failed);
    set_text(o, "delay", t->report->delay ? t->report->delay : "formula", failed);
    return o;
}

static json_t *totals_json(const krni_trade *t, bool *failed)
{
    const krn_trade_answer *a = t->answer;
    json_t *o = json_object();
    set_number(o, "asked_t", a->asked_t, T_DECIMALS, failed);
    set_number(o, "sent_t", a->sent_t, T_DECIMALS, failed);
    set_number(o, "unserved_t", a->unserved_t, T_DECIMALS, failed);
    set_number(o, "total_usd", a->total_usd, 2, failed);
    set_number(o, "price_usd", a->price_usd, 2, failed);
    set_number(o, "time_usd", a->time_usd, 2, failed);
    set_number(o, "emission_usd", a->emission_usd, 2, failed);
    set_number(o, "mean_d", a->mean_d, 4, failed);
    set_number(o, "wait_d", a->wait_d, 4, failed);
    set_number(o, "co2e_wtw_kg", a->wtw_kg_co2e, 1, failed);
    set_number(o, "tkm", a->tkm, 0, failed);
    set_number(o, "rail_tkm", a->rail_tkm, 0, failed);
    set_number(o, "road_tkm", a->road_tkm, 0, failed);
    set_number(o, "sea_tkm", a->sea_tkm, 0, failed);
    set_text(o, "quality", krn_quality_name(a->quality), failed);
    return o;
}

/* ---- tonnes by place ---- */

static json_t *classes_json(const krni_trade *t, const double *class_t, bool *failed)
{
    json_t *o = json_object();
    for (uint32_t k = 0; k < krni_classes(t); k++)
        if (class_t[k] > 0.0)
            set_number(o, krni_class_id(t, k), class_t[k], T_DECIMALS, failed);
    return o;
}

static json_t *links_json(const krni_trade *t, bool *failed)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < t->answer->n_uses; i++) {
        const krn_trade_use *use = &t->answer->uses[i];
        if (use->kind != KRN_TRADE_LINK)
            continue;
        json_t *o = json_object();
        set_text(o, "link", krni_text(t->package, KRN_TABLE_LINK, use->row, LINK_LINK_ID), failed);
        set_text(o, "from", krni_node_id(t->package, use->from_node), failed);
        set_text(o, "to", krni_node_id(t->package, use->to_node), failed);
        set_text(o, "mode", krn_mode_name(use->mode), failed);
        set_number(o, "length_km", use->length_km, 3, failed);
        set_number(o, "tonnes", use->year_t, T_DECIMALS, failed);
        krni_json_set(o, "classes", classes_json(t, use->class_t, failed), failed);
        krni_json_append(list, o, failed);
    }
    return list;
}

static json_t *borders_json(const krni_trade *t, bool *failed)
{
    json_t *list = json_array();
    uint32_t n = 0;
    const krni_trade_crossing *crossings = krni_trade_crossing_list(t, &n);
    if (!crossings)
        *failed = true;
    for (uint32_t i = 0; i < n && crossings; i++) {
        json_t *o = json_object();
        set_text(o, "crossing", crossings[i].name, failed);
        set_country(o, "from", crossings[i].from, failed);
        set_country(o, "to", crossings[i].to, failed);
        set_text(o, "mode", krn_mode_name(crossings[i].mode), failed);
        set_number(o, "tonnes", crossings[i].year_t, T_DECIMALS, failed);
        krni_json_set(o, "classes", classes_json(t, crossings[i].class_t, failed), failed);
        krni_json_append(list, o, failed);
    }
    return list;
}

/* Ports and gauge changes: places with a direction. */
static json_t *places_json(const krni_trade *t, bool ports, bool *failed)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < t->answer->n_uses; i++) {
        const krn_trade_use *use = &t->answer->uses[i];
        const bool is_port = use->kind == KRN_TRADE_PORT_IN || use->kind == KRN_TRADE_PORT_OUT;
        if (ports ? !is_port : use->kind != KRN_TRADE_GAUGE)
            continue;
        json_t *o = json_object();
        set_text(o, "node", krni_node_id(t->package, use->from_node), failed);
        if (ports)
            set_text(o, "ships", use->kind == KRN_TRADE_PORT_IN ? "off" : "onto", failed);
        else
            set_text(o, "gauge_change",
                     krni_text(t->package, KRN_TABLE_GAUGE_CHANGE, use->row,
                               krni_schema(KRN_TABLE_GAUGE_CHANGE)->key),
                     failed);
        set_number(o, "tonnes", use->year_t, T_DECIMALS, failed);
        krni_json_set(o, "classes", classes_json(t, use->class_t, failed), failed);
        krni_json_append(list, o, failed);
    }
    return list;
}

/* ---- resources ---- */

static json_t *resource_json(const krni_trade *t, const krn_trade_resource *r, bool *failed)
{
    json_t *o = json_object();
    const char *words = krni_resource_words(t->package, &r->words, t->arena);
    if (!words)
        *failed = true;
    set_text(o, "resource", r->name, failed);
    set_text(o, "words", words, failed);
    set_text(o, "kind", krn_sim_resource_kind_name(r->words.kind), failed);
    set_text(o, "row", krni_resource_row_id(t->package, &r->words), failed);
    set_text(o, "unit", r->words.unit, failed);
    set_number(o, "load_a_day", r->load_a_day, 6, failed);
    set_number(o, "capacity_a_day", r->capacity_a_day, 6, failed);
    set_number(o, "full_share", r->full_share, 6, failed);
    set_number(o, "tonnes", r->year_t, T_DECIMALS, failed);
    set_number(o, "wait_h", r->wait_h, 4, failed);
    set_number(o, "step_a_day", r->step_a_day, 6, failed);
    set_number(o, "price_usd_per_year", r->price_usd_per_year, 2, failed);
    set_number(o, "more_t", r->more_t, T_DECIMALS, failed);
    set_number(o, "faster_d", r->faster_d, 6, failed);
    return o;
}

/* All of them, or those that are priced. */
static json_t *resources_json(const krni_trade *t, bool priced, bool *failed)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < t->answer->n_resources; i++)
        if (!priced || !isnan(t->answer->resources[i].price_usd_per_year))
            krni_json_append(list, resource_json(t, &t->answer->resources[i], failed), failed);
    return list;
}

/* ---- ways ---- */

static json_t *modes_json(const krni_trade *t, bool *failed)
{
    json_t *list = json_array();
    uint32_t n = 0;
    const krni_trade_mode *modes = krni_trade_modes_by_goods(t, &n);
    if (!modes)
        *failed = true;
    for (uint32_t i = 0; i < n && modes; i++) {
        json_t *o = json_object();
        set_text(o, "commodity", commodity_id(t, modes[i].commodity), failed);
        set_text(o, "modes", modes[i].modes, failed);
        set_number(o, "tonnes", modes[i].year_t, T_DECIMALS, failed);
        set_number(o, "share", modes[i].share, 6, failed);
        krni_json_append(list, o, failed);
    }
    return list;
}

static json_t *rows_json(const krni_trade *t, bool *failed)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < t->answer->n_rows; i++) {
        const krn_trade_row *row = &t->answer->rows[i];
        const krn_demand *d = &t->question->demand->rows[row->demand];
        json_t *o = json_object();
        set_text(o, "origin", krni_node_id(t->package, d->origin), failed);
        set_text(o, "destination", krni_node_id(t->package, d->destination), failed);
        set_text(o, "commodity", commodity_id(t, d->commodity), failed);
        set_text(o, "cargo_class", krni_class_id(t, row->cargo_class), failed);
        set_number(o, "asked_t", row->asked_t, T_DECIMALS, failed);
        set_number(o, "sent_t", row->sent_t, T_DECIMALS, failed);
        set_text(o, "reason", row->reason, failed);
        set_number(o, "ways", row->n_ways, 0, failed);
        set_number(o, "value_of_time_usd_t_h", row->value_of_time_usd_t_h, 6, failed);
        set_number(o, "cost_usd_t", row->cost_usd_t, 4, failed);
        set_number(o, "price_usd_t", row->price_usd_t, 4, failed);
        set_number(o, "least_usd_t", row->least_usd_t, 4, failed);
        set_number(o, "hours", row->hours, 3, failed);
        set_number(o, "co2e_wtw_kg_t", row->wtw_kg_t, 4, failed);
        krni_json_append(list, o, failed);
    }
    return list;
}

/* Those that carry something; row: of rows. */
static json_t *ways_json(const krni_trade *t, bool *failed)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < t->answer->n_ways; i++) {
        const krn_trade_way *way = &t->answer->ways[i];
        if (!(way->year_t > 0.0))
            continue;
        json_t *o = json_object();
        set_number(o, "row", way->row, 0, failed);
        set_text(o, "way", way->words, failed);
        set_text(o, "modes", way->modes, failed);
        set_number(o, "tonnes", way->year_t, T_DECIMALS, failed);
        set_number(o, "share", way->share, 6, failed);
        set_number(o, "cost_usd_t", way->cost_usd_t, 4, failed);
        set_number(o, "price_usd_t", way->price_usd_t, 4, failed);
        set_number(o, "emission_usd_t", way->emission_usd_t, 4, failed);
        set_number(o, "free_h", way->free_h, 3, failed);
        set_number(o, "wait_h", way->wait_h, 3, failed);
        set_number(o, "co2e_wtw_kg_t", way->wtw_kg_t, 4, failed);
        set_number(o, "rail_km", way->rail_km, 1, failed);
        set_number(o, "road_km", way->road_km, 1, failed);
        set_number(o, "sea_km", way->sea_km, 1, failed);
        set_number(o, "handlings", way->handlings, 0, failed);
        krni_json_append(list, o, failed);
    }
    return list;
}

static json_t *selections_json(const krni_trade *t, bool *failed)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < t->report->n_selections; i++) {
        const krn_trade_selection *s = &t->report->selections[i];
        json_t *o = json_object(), *users = json_array();
        uint32_t n = 0;
        const krni_trade_bundle *bundles = krni_trade_bundles(t, s->ways_t, &n);
        if (!bundles)
            *failed = true;
        for (uint32_t k = 0; k < n && bundles; k++) {
            json_t *user = json_object();
            set_country(user, "from", bundles[k].from, failed);
            set_country(user, "to", bundles[k].to, failed);
            set_text(user, "cargo_class", krni_class_id(t, bundles[k].cargo_class), failed);
            set_text(user, "way", bundles[k].words, failed);
            set_number(user, "tonnes", bundles[k].year_t, T_DECIMALS, failed);
            krni_json_append(users, user, failed);
        }
        set_text(o, "what", s->what, failed);
        set_number(o, "tonnes", s->year_t, T_DECIMALS, failed);
        krni_json_set(o, "users", users, failed);
        krni_json_append(list, o, failed);
    }
    return list;
}

static json_t *unserved_json(const krni_trade *t, bool *failed)
{
    json_t *list = json_array();
    uint32_t n = 0;
    const krni_trade_left *left = krni_trade_left_behind(t, &n);
    if (!left)
        *failed = true;
    for (uint32_t i = 0; i < n && left; i++) {
        json_t *o = json_object();
        set_text(o, "origin", krni_node_id(t->package, left[i].demand->origin), failed);
        set_text(o, "destination", krni_node_id(t->package, left[i].demand->destination), failed);
        set_text(o, "commodity", commodity_id(t, left[i].demand->commodity), failed);
        set_number(o, "tonnes", left[i].year_t, T_DECIMALS, failed);
        set_text(o, "reason", left[i].reason, failed);
        krni_json_append(list, o, failed);
    }
    return list;
}

krn_status krni_trade_json(const krni_trade *t, char **out, krn_error *err)
{
    const krn_assign_step *step = &t->answer->step;
    bool failed = false;
    json_t *root = json_object();
    krni_json_set(root, "objective", exact(step->objective_cost), &failed);
    krni_json_set(root, "relative_gap", exact(step->gap_share), &failed);
    krni_json_set(root, "average_excess_cost", exact(step->excess_cost), &failed);
    krni_json_set(root, "iterations", json_integer(step->iteration), &failed);
    krni_json_set(root, "gap_reached", json_boolean(t->answer->gap_reached), &failed);
    krni_json_set(root, "question", question_json(t, &failed), &failed);
    krni_json_set(root, "totals", totals_json(t, &failed), &failed);
    krni_json_set(root, "links", links_json(t, &failed), &failed);
    krni_json_set(root, "borders", borders_json(t, &failed), &failed);
    krni_json_set(root, "ports", places_json(t, true, &failed), &failed);
    krni_json_set(root, "gauge_changes", places_json(t, false, &failed), &failed);
    krni_json_set(root, "resources", resources_json(t, false, &failed), &failed);
    krni_json_set(root, "modes", modes_json(t, &failed), &failed);
    krni_json_set(root, "bottlenecks", resources_json(t, true, &failed), &failed);
    krni_json_set(root, "rows", rows_json(t, &failed), &failed);
    krni_json_set(root, "ways", ways_json(t, &failed), &failed);
    krni_json_set(root, "selections", selections_json(t, &failed), &failed);
    krni_json_set(root, "unserved", unserved_json(t, &failed), &failed);
    return krni_json_write(root, failed, t->arena, out, err);
}
