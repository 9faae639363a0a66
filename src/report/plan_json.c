/* SPDX-License-Identifier: Apache-2.0 */
/* plan_json.c - the answer of a plan as JSON, shape of docs/plan.schema.json: query, routes,
 * blocked. Instants are local time with offset; figures are rounded to what they can mean. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "model/tables.h"
#include "report/plan_page.h"
#include "report/records.h"

/* The document under construction; a failed allocation anywhere fails the whole. */
typedef struct maker {
    const krni_answer *answer;
    const krn_network *network;
    const krn_package *package;
    bool failed;
} maker;

static void set(maker *m, json_t *object, const char *key, json_t *value)
{
    krni_json_set(object, key, value, &m->failed);
}

static void set_text(maker *m, json_t *object, const char *key, const char *text)
{
    set(m, object, key, krni_json_text_or_null(text));
}

static void set_number(maker *m, json_t *object, const char *key, double value, int decimals)
{
    set(m, object, key, krni_json_number(value, decimals));
}

static json_t *instant(maker *m, uint32_t node, krn_time at)
{
    char text[KRNI_WORD];
    return krni_json_text_or_null(krni_when_iso(m->network, node, at, text));
}

static json_t *country_or_null(krn_country country)
{
    char text[3];
    krn_country_text(country, text);
    return country ? krni_json_text(text) : json_null();
}

static const char *node_id(const maker *m, uint32_t node)
{
    return node == KRN_NO_ROW ? "" : krni_text(m->package, KRN_TABLE_NODE, node, NODE_NODE_ID);
}

static json_t *place(maker *m, uint32_t node)
{
    if (node == KRN_NO_ROW)
        return json_null();
    json_t *object = json_object();
    set_text(m, object, "id", krni_text(m->package, KRN_TABLE_NODE, node, NODE_NODE_ID));
    set_text(m, object, "name", krni_place_name(m->package, node));
    set_text(m, object, "country", krni_text(m->package, KRN_TABLE_NODE, node, NODE_COUNTRY));
    char code[6] = "";
    const char *codes = krni_text(m->package, KRN_TABLE_NODE, node, NODE_UNLOCODE);
    if (strlen(codes) >= 5)
        memcpy(code, codes, 5);
    set_text(m, object, "unlocode", code);
    set_number(m, object, "lat", krni_number(m->package, KRN_TABLE_NODE, node, NODE_Y_COORD), 5);
    set_number(m, object, "lon", krni_number(m->package, KRN_TABLE_NODE, node, NODE_X_COORD), 5);
    return object;
}

/* {"file": "border.csv", "line": 12, "source_id": ...}; null for a figure that stands nowhere. */
static json_t *origin_of(maker *m, krn_figure figure)
{
    const krn_table table = (krn_table)figure.table;
    if (table >= KRN_TABLE_COUNT)
        return json_null();
    json_t *object = json_object();
    set_text(m, object, "file", krn_package_row_file(m->package, table, figure.row));
    set_number(m, object, "line", krn_package_row_line(m->package, table, figure.row), 0);
    set_text(m, object, "column", krn_package_column_name(m->package, table, figure.column));
    set_text(m, object, "source_id", krn_package_source(m->package, figure));
    set_text(m, object, "measure", krn_package_changed_by(m->package, figure));
    return object;
}

/* ---- query ---- */

static json_t *names_of_mask(maker *m, unsigned mask, unsigned n, const char *(*name)(unsigned))
{
    json_t *array = json_array();
    for (unsigned i = 0; i < n; i++)
        if (mask & (1u << i))
            krni_json_append(array, krni_json_text(name(i)), &m->failed);
    return array;
}

static const char *mode_name(unsigned i)
{
    return krn_mode_name((krn_mode)i);
}

static const char *criterion_name(unsigned i)
{
    return krn_criterion_name((krn_criterion)i);
}

static void append_nodes(maker *m, json_t *array, const uint32_t *nodes, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        krni_json_append(
            array, krni_json_text(krni_text(m->package, KRN_TABLE_NODE, nodes[i], NODE_NODE_ID)),
            &m->failed);
}

static void append_countries(maker *m, json_t *array, const krn_country *countries, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        krni_json_append(array, country_or_null(countries[i]), &m->failed);
}

static void append_texts(maker *m, json_t *array, const char *const *texts, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        krni_json_append(array, krni_json_text(texts[i]), &m->failed);
}

static json_t *measures(maker *m)
{
    uint32_t n = 0;
    json_t *array = json_array();
    const uint32_t *rows = krni_measures_at_work(m->package, m->answer->arena, &n);
    if (!rows)
        m->failed = true;
    for (uint32_t i = 0; rows && i < n; i++)
        krni_json_append(
            array,
            krni_json_text(krni_text(m->package, KRN_TABLE_MEASURE, rows[i], MEASURE_MEASURE_ID)),
            &m->failed);
    return array;
}

static json_t *query_object(maker *m)
{
    const krn_plan_query *q = m->answer->query;
    const krn_consignment *c = &q->consignment;
    char day[KRNI_WORD];
    json_t *object = json_object();
    set_text(m, object, "origin", node_id(m, c->origin));
    set_text(m, object, "destination", node_id(m, c->destination));
    set(m, object, "origin_place", place(m, c->origin));
    set(m, object, "destination_place", place(m, c->destination));
    set_text(m, object, "commodity",
             krni_text(m->package, KRN_TABLE_COMMODITY, c->commodity, COMMODITY_COMMODITY_ID));
    set_text(m, object, "commodity_name", krni_commodity_name(m->package, c->commodity));
    set_text(m, object, "hs_code",
             krni_text(m->package, KRN_TABLE_COMMODITY, c->commodity, COMMODITY_HS_CODE));
    set_number(m, object, "net_t",
               m->answer->result->load.net_t > 0 ? m->answer->result->load.net_t : c->net_t, 3);
    set_number(m, object, "n_units", c->n_units, 0);
    set_text(m, object, "loading_unit",
             c->loading_unit == KRN_NO_ROW ? ""
                                           : krni_text(m->package, KRN_TABLE_LOADING_UNIT,
                                                       c->loading_unit, LOADING_UNIT_LOADING_UNIT));
    set(m, object, "ready", instant(m, c->origin, c->ready));
    set(m, object, "due", instant(m, c->destination, c->due));
    set(m, object, "arrive_by", instant(m, c->destination, q->arrive_by));
    set_text(m, object, "date", krni_day_text(krn_network_day(m->network), day));
    set(m, object, "driver", country_or_null(c->driver));
    set(m, object, "modes", names_of_mask(m, q->modes, KRN_MODE_COUNT, mode_name));
    set(m, object, "criteria", names_of_mask(m, q->criteria, KRN_CRITERION_COUNT, criterion_name));
    set_number(m, object, "epsilon_share", q->epsilon_share, 6);
    set_number(m, object, "max_routes", q->max_routes, 0);
    set_number(m, object, "samples", q->samples, 0);
    set(m, object, "seed", json_integer((json_int_t)q->seed));
    json_t *avoid = json_array(), *require = json_array();
    append_nodes(m, avoid, q->avoid_nodes, q->n_avoid_nodes);
    append_countries(m, avoid, q->avoid_countries, q->n_avoid_countries);
    append_texts(m, avoid, q->avoid_borders, q->n_avoid_borders);
    append_texts(m, avoid, q->avoid_carriers, q->n_avoid_carriers);
    append_nodes(m, require, q->require_nodes, q->n_require_nodes);
    append_countries(m, require, q->require_countries, q->n_require_countries);
    append_texts(m, require, q->require_borders, q->n_require_borders);
    append_texts(m, require, q->require_carriers, q->n_require_carriers);
    set(m, object, "avoid", avoid);
    set(m, object, "require", require);
    set(m, object, "measures", measures(m));
    return object;
}

/* ---- a route ---- */

static json_t *duration(maker *m, krn_duration d)
{
    json_t *object = json_object();
    set_number(m, object, "low_h", d.low_h, 2);
    set_number(m, object, "typical_h", d.typical_h, 2);
    set_number(m, object, "high_h", d.high_h, 2);
    return object;
}

static json_t *step_object(maker *m, const krn_step *s)
{
    json_t *object = json_object();
    set_text(m, object, "kind", krn_activity_kind_name(s->kind));
    set_text(m, object, "from", krni_text(m->package, KRN_TABLE_NODE, s->from_node, NODE_NODE_ID));
    set_text(m, object, "to", krni_text(m->package, KRN_TABLE_NODE, s->to_node, NODE_NODE_ID));
    set_text(m, object, "crossing", krni_crossing_of(m->network, s));
    set(m, object, "reached", instant(m, s->from_node, s->arrive));
    set(m, object, "start", instant(m, s->from_node, s->start));
    set(m, object, "end", instant(m, s->to_node, s->end));
    set_number(m, object, "waiting_h", (double)(s->start - s->arrive) / KRN_SECONDS_PER_HOUR, 2);
    set(m, object, "papers_ready", instant(m, s->from_node, s->gate));
    set(m, object, "duration", duration(m, s->duration));
    set(m, object, "wait", duration(m, s->wait));
    set_number(m, object, "km", s->length_km, 1);
    set_number(m, object, "co2e_wtw_kg", s->wtw_kg_co2e, 0);
    set_number(m, object, "co2e_ttw_kg", s->ttw_kg_co2e, 0);
    set_number(m, object, "handlings", s->handlings, 0);
    set_number(m, object, "vehicles", s->n_vehicles, 0);
    set_text(m, object, "quality", krn_quality_name(s->quality));
    set(m, object, "time_row", origin_of(m, s->time_figure));
    return object;
}

static json_t *regimes(maker *m, const krn_leg *leg)
{
    json_t *array = json_array();
    for (uint32_t i = 0; i < leg->n_regimes; i++) {
        json_t *object = json_object();
        set_text(m, object, "regime", leg->regimes[i]);
        set_text(m, object, "from",
                 leg->regime_nodes[i] == KRN_NO_ROW
                     ? ""
                     : krni_text(m->package, KRN_TABLE_NODE, leg->regime_nodes[i], NODE_NODE_ID));
        krni_json_append(array, object, &m->failed);
    }
    return array;
}

static json_t *leg_object(maker *m, const krn_route *r, const krn_leg *leg)
{
    json_t *object = json_object(), *via = json_array(), *steps = json_array();
    set_text(m, object, "mode", krn_mode_name(leg->mode));
    set_text(m, object, "from", node_id(m, leg->from_node));
    set_text(m, object, "to", node_id(m, leg->to_node));
    set(m, object, "from_place", place(m, leg->from_node));
    set(m, object, "to_place", place(m, leg->to_node));
    append_nodes(m, via, leg->via, leg->n_via);
    set(m, object, "via", via);
    set_number(m, object, "km", leg->length_km, 1);
    set(m, object, "departure", instant(m, leg->from_node, leg->departure));
    set(m, object, "arrival", instant(m, leg->to_node, leg->arrival));
    set_number(m, object, "co2e_wtw_kg", leg->wtw_kg_co2e, 0);
    set_number(m, object, "co2e_ttw_kg", leg->ttw_kg_co2e, 0);
    set_number(m, object, "vehicles", leg->n_vehicles, 0);
    if (leg->trip == KRN_NO_ROW)
        set(m, object, "service", json_null());
    else {
        json_t *service = json_object();
        set_text(m, service, "trip_id",
                 krni_text(m->package, KRN_TABLE_TRIP, leg->trip, TRIP_TRIP_ID));
        set_text(m, service, "name", krni_service_of(m->package, leg->trip));
        set_text(m, service, "carrier", krni_carrier_of(m->package, leg->trip));
        set_text(m, service, "kind", krni_text(m->package, KRN_TABLE_TRIP, leg->trip, TRIP_KIND));
        set(m, object, "service", service);
    }
    set(m, object, "regimes", regimes(m, leg));
    for (uint32_t i = 0; i < leg->n_steps; i++)
        krni_json_append(steps, step_object(m, &r->steps[leg->first_step + i]), &m->failed);
    set(m, object, "steps", steps);
    return object;
}

static json_t *charge_object(maker *m, const krn_charge *c)
{
    json_t *object = json_object();
    set_text(m, object, "name", c->name);
    set_number(m, object, "amount_usd", c->amount_usd, 2);
    set_number(m, object, "price_usd", c->price_usd, 6);
    set_number(m, object, "quantity", c->basis_share, 3);
    set_text(m, object, "basis", c->basis);
    set_text(m, object, "currency", c->currency);
    set(m, object, "country", country_or_null(c->country));
    set(m, object, "leg", c->leg == KRN_NO_ROW ? json_null() : json_integer(c->leg));
    set_text(m, object, "quality", krn_quality_name(c->quality));
    set(m, object, "row", origin_of(m, c->figure));
    return object;
}

static json_t *paper_object(maker *m, const krn_paper *p)
{
    const uint32_t origin = m->answer->query->consignment.origin;
    json_t *object = json_object();
    set_text(m, object, "name", p->name);
    set_text(m, object, "kind", p->kind);
    set_text(m, object, "issuer", p->issuer);
    set_text(m, object, "legal_basis", p->legal_basis);
    set_text(m, object, "regime", p->regime);
    set(m, object, "required", json_boolean(!p->optional));
    set_text(m, object, "gate", krn_gate_name(p->gate));
    set(m, object, "country", country_or_null(p->country));
    set_text(m, object, "gate_node",
             p->gate_node == KRN_NO_ROW
                 ? ""
                 : krni_text(m->package, KRN_TABLE_NODE, p->gate_node, NODE_NODE_ID));
    set(m, object, "leg", p->leg == KRN_NO_ROW ? json_null() : json_integer(p->leg));
    set_number(m, object, "lead_h", p->lead_days_h, 1);
    set_number(m, object, "cost_usd", p->cost_usd, 2);
    set(m, object, "apply_by", instant(m, origin, p->apply_by));
    set(m, object, "ready_at", instant(m, origin, p->ready_at));
    set_text(m, object, "quality", krn_quality_name(p->quality));
    set(m, object, "row", origin_of(m, p->figure));
    return object;
}

static json_t *sanction_object(maker *m, uint32_t row)
{
    const krn_figure figure = krni_figure(KRN_TABLE_SANCTION, row, SANCTION_FACT);
    json_t *object = json_object();
    set_text(m, object, "sanction_id",
             krni_text(m->package, KRN_TABLE_SANCTION, row, SANCTION_SANCTION_ID));
    set_text(m, object, "authority",
             krni_text(m->package, KRN_TABLE_SANCTION, row, SANCTION_AUTHORITY));
    set_text(m, object, "name", krni_text(m->package, KRN_TABLE_SANCTION, row, SANCTION_NAME));
    set_text(m, object, "level", krni_text(m->package, KRN_TABLE_SANCTION, row, SANCTION_LEVEL));
    set_text(m, object, "fact", krni_text(m->package, KRN_TABLE_SANCTION, row, SANCTION_FACT));
    set_text(m, object, "legal_basis",
             krni_text(m->package, KRN_TABLE_SANCTION, row, SANCTION_LEGAL_BASIS));
    set(m, object, "row", origin_of(m, figure));
    return object;
}

static json_t *figure_object(maker *m, const krni_used_figure *used)
{
    const krn_figure f = used->figure;
    const krn_table table = (krn_table)f.table;
    const char *source = krni_figure_source(m->package, f);
    json_t *object = json_object();
    set_text(m, object, "stands_for", used->role);
    set_text(m, object, "file", krn_package_row_file(m->package, table, f.row));
    set_number(m, object, "line", krn_package_row_line(m->package, table, f.row), 0);
    set_text(m, object, "column", krn_package_column_name(m->package, table, f.column));
    set_text(m, object, "value", krn_package_text(m->package, table, f.row, f.column));
    set_text(m, object, "quality", krn_quality_name(krni_figure_quality(m->package, f)));
    set_text(m, object, "source_id", source);
    set_text(m, object, "source_title", krni_source_title(m->package, source));
    set_text(m, object, "measure", krn_package_changed_by(m->package, f));
    return object;
}

static void set_sums(maker *m, json_t *object, const krn_route *r)
{
    const krn_consignment *c = &m->answer->query->consignment;
    set(m, object, "departure", instant(m, c->origin, r->departure));
    set(m, object, "arrival", instant(m, c->destination, r->arrival));
    set_number(m, object, "duration_h", r->duration_h, 2);
    set_number(m, object, "cost_usd", r->cost_usd, 2);
    set_number(m, object, "cost_usd_per_t", r->cost_usd / m->answer->result->load.net_t, 2);
    set_number(m, object, "co2e_wtw_kg", r->wtw_kg_co2e, 0);
    set_number(m, object, "co2e_ttw_kg", r->ttw_kg_co2e, 0);
    set_number(m, object, "handlings", r->handlings, 0);
    set_number(m, object, "risk_h", r->risk_h, 2);
    set(m, object, "arrival_p10", instant(m, c->destination, r->arrival_p10));
    set(m, object, "arrival_p50", instant(m, c->destination, r->arrival_p50));
    set(m, object, "arrival_p90", instant(m, c->destination, r->arrival_p90));
    set_number(m, object, "on_time_prob", r->on_time_prob, 4);
    set_number(m, object, "km", r->length_km, 1);
    set_number(m, object, "moving_h", r->moving_h, 2);
    set_number(m, object, "terminal_h", r->terminal_h, 2);
    set_number(m, object, "border_h", r->border_h, 2);
    set_number(m, object, "gauge_change_h", r->gauge_change_h, 2);
    set_number(m, object, "waiting_h", r->waiting_h, 2);
    set(m, object, "best_of", names_of_mask(m, r->best_of, KRN_CRITERION_COUNT, criterion_name));
    set_text(m, object, "quality", krn_quality_name(r->quality));
}

static json_t *route_object(maker *m, uint32_t index)
{
    const krn_route *r = &m->answer->result->routes[index];
    char letter[KRNI_WORD];
    json_t *object = json_object();
    json_t *legs = json_array(), *charges = json_array(), *papers = json_array(),
           *sanctions = json_array();
    set_text(m, object, "letter", krni_route_letter(index, letter));
    set_sums(m, object, r);
    for (uint32_t i = 0; i < r->n_legs; i++)
        krni_json_append(legs, leg_object(m, r, &r->legs[i]), &m->failed);
    for (uint32_t i = 0; i < r->charges.n_charges; i++)
        krni_json_append(charges, charge_object(m, &r->charges.charges[i]), &m->failed);
    for (uint32_t i = 0; i < r->papers.n_papers; i++)
        krni_json_append(papers, paper_object(m, &r->papers.papers[i]), &m->failed);
    for (uint32_t i = 0; i < r->n_sanctions; i++)
        krni_json_append(sanctions, sanction_object(m, r->sanctions[i]), &m->failed);
    set(m, object, "legs", legs);
    set(m, object, "charges", charges);
    set(m, object, "papers", papers);
    set(m, object, "sanctions", sanctions);
    if (m->answer->options->explain) {
        uint32_t n = 0;
        const krni_used_figure *list = krni_route_figures(m->answer, r, &n);
        json_t *figures = json_array();
        if (!list)
            m->failed = true;
        for (uint32_t i = 0; list && i < n; i++)
            krni_json_append(figures, figure_object(m, &list[i]), &m->failed);
        set(m, object, "figures", figures);
    }
    return object;
}

static json_t *blocked_object(maker *m)
{
    const krn_blocked *b = &m->answer->result->blocked;
    const uint32_t destination = m->answer->query->consignment.destination;
    json_t *object = json_object(), *facts = json_array();
    set_text(m, object, "reason", b->reason);
    for (uint32_t i = 0; i < b->n_facts; i++) {
        const krn_blocker *fact = &b->facts[i];
        json_t *one = json_object();
        set_text(m, one, "block", krn_block_name(fact->block));
        set_text(m, one, "text", fact->text);
        set_text(m, one, "node",
                 fact->node == KRN_NO_ROW
                     ? ""
                     : krni_text(m->package, KRN_TABLE_NODE, fact->node, NODE_NODE_ID));
        set_text(m, one, "link",
                 fact->link == KRN_NO_ROW
                     ? ""
                     : krni_text(m->package, KRN_TABLE_LINK, fact->link, LINK_LINK_ID));
        set(m, one, "row", origin_of(m, fact->figure));
        krni_json_append(facts, one, &m->failed);
    }
    set(m, object, "facts", facts);
    set_number(m, object, "facts_at_least", b->facts_at_least, 0);
    set_number(m, object, "n_sets", b->n_sets, 0);
    set_text(m, object, "opening", b->opening);
    set(m, object, "opening_cheapest", json_boolean(b->opening_cheapest));
    set_number(m, object, "opening_cost_usd", b->opening_cost_usd, 2);
    set(m, object, "earliest", instant(m, destination, b->earliest));
    set(m, object, "opening_arrival", instant(m, destination, b->opening_arrival));
    set_number(m, object, "days_sooner", b->days_sooner ? (double)b->days_sooner : (double)NAN, 0);
    return object;
}

krn_status krni_plan_json(const krni_answer *answer, char **out, krn_error *err)
{
    maker m = {answer, answer->network, answer->package, false};
    const krn_plan_result *r = answer->result;
    json_t *root = json_object(), *routes = json_array();
    set(&m, root, "query", query_object(&m));
    for (uint32_t i = 0; i < r->n_routes; i++)
        krni_json_append(routes, route_object(&m, i), &m.failed);
    set(&m, root, "routes", routes);
    set(&m, root, "blocked", r->n_routes ? json_null() : blocked_object(&m));
    set_number(&m, root, "n_non_dominated", r->n_non_dominated, 0);
    set(&m, root, "truncated", json_boolean(r->truncated));
    return krni_json_write(root, m.failed, answer->arena, out, err);
}
