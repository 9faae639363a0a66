/* SPDX-License-Identifier: Apache-2.0 */
/* plan_csv.c - the answer of a plan as RFC 4180: one row a leg, sums of its route repeated. */
#include "model/tables.h"
#include "report/plan_page.h"
#include "report/records.h"

static const char *const keys[] = {
    "route",        "leg",         "mode",        "from",        "to",           "departure",
    "arrival",      "km",          "vehicles",    "service",     "carrier",      "leg_co2e_kg",
    "leg_cost_usd", "duration_h",  "cost_usd",    "co2e_wtw_kg", "co2e_ttw_kg",  "handlings",
    "risk_h",       "arrival_p10", "arrival_p50", "arrival_p90", "on_time_prob", "quality",
};

static const char *kept(const krni_answer *answer, const char *text)
{
    return krn_arena_text(answer->arena, text);
}

static void add_leg(krni_records *records, const krni_answer *answer, const krn_route *r,
                    uint32_t route, uint32_t l)
{
    const krn_leg *leg = &r->legs[l];
    const krn_package *package = answer->package;
    const krn_network *network = answer->network;
    const uint32_t to = answer->query->consignment.destination;
    char word[KRNI_WORD];
    double leg_usd = 0;
    for (uint32_t i = 0; i < r->charges.n_charges; i++)
        if (r->charges.charges[i].leg == l)
            leg_usd += r->charges.charges[i].amount_usd;
    krni_record_text(records, kept(answer, krni_route_letter(route, word)));
    krni_record_number(records, l + 1, 0);
    krni_record_text(records, krn_mode_name(leg->mode));
    krni_record_text(records, krni_text(package, KRN_TABLE_NODE, leg->from_node, NODE_NODE_ID));
    krni_record_text(records, krni_text(package, KRN_TABLE_NODE, leg->to_node, NODE_NODE_ID));
    krni_record_text(records,
                     kept(answer, krni_when_iso(network, leg->from_node, leg->departure, word)));
    krni_record_text(records,
                     kept(answer, krni_when_iso(network, leg->to_node, leg->arrival, word)));
    krni_record_number(records, leg->length_km, 1);
    krni_record_number(records, leg->n_vehicles, 0);
    krni_record_text(records, krni_service_of(package, leg->trip));
    krni_record_text(records, krni_carrier_of(package, leg->trip));
    krni_record_number(records, leg->wtw_kg_co2e, 0);
    krni_record_number(records, leg_usd, 2);
    krni_record_number(records, r->duration_h, 2);
    krni_record_number(records, r->cost_usd, 2);
    krni_record_number(records, r->wtw_kg_co2e, 0);
    krni_record_number(records, r->ttw_kg_co2e, 0);
    krni_record_number(records, r->handlings, 0);
    krni_record_number(records, r->risk_h, 2);
    krni_record_text(records, kept(answer, krni_when_iso(network, to, r->arrival_p10, word)));
    krni_record_text(records, kept(answer, krni_when_iso(network, to, r->arrival_p50, word)));
    krni_record_text(records, kept(answer, krni_when_iso(network, to, r->arrival_p90, word)));
    krni_record_number(records, r->on_time_prob, 4);
    krni_record_text(records, krn_quality_name(r->quality));
}

krn_status krni_plan_csv(const krni_answer *answer, char **out, krn_error *err)
{
    krni_records records;
    krni_writer w;
    krni_records_init(&records, answer->arena, keys, sizeof keys / sizeof keys[0]);
    krni_writer_init(&w, answer->arena);
    for (uint32_t i = 0; i < answer->result->n_routes; i++)
        for (uint32_t l = 0; l < answer->result->routes[i].n_legs; l++)
            add_leg(&records, answer, &answer->result->routes[i], i, l);
    krni_records_csv(&records, &w);
    return krni_writer_answer(&w, out, err);
}
