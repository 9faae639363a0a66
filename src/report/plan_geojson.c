/* SPDX-License-Identifier: Apache-2.0 */
/* plan_geojson.c - the answer of a plan as RFC 7946: one line feature a leg, one point feature for
 * each end of a leg. */
#include <math.h>

#include "base/error.h"
#include "model/tables.h"
#include "report/geometry.h"
#include "report/plan_page.h"

static json_t *line_of_leg(const krni_answer *answer, const krn_route *r, const krn_leg *leg,
                           bool *failed)
{
    json_t *positions = json_array();
    for (uint32_t i = leg->first_step; i < leg->first_step + leg->n_steps; i++) {
        const krn_step *s = &r->steps[i];
        krn_activity words;
        krn_network_activity(answer->network, s->activity, &words);
        if ((s->kind == KRN_HAUL || s->kind == KRN_RIDE) && words.link != KRN_NO_ROW)
            krni_append_line(positions, answer->package, words.link, words.from_node, failed);
    }
    if (json_array_size(positions) < 2) {
        json_array_clear(positions);
        krni_json_append(positions, krni_node_position(answer->package, leg->from_node, failed),
                         failed);
        krni_json_append(positions, krni_node_position(answer->package, leg->to_node, failed),
                         failed);
    }
    return positions;
}

static json_t *leg_feature(const krni_answer *answer, uint32_t route, uint32_t l, bool *failed)
{
    const krn_route *r = &answer->result->routes[route];
    const krn_leg *leg = &r->legs[l];
    const krn_package *package = answer->package;
    char word[KRNI_WORD];
    json_t *p = json_object();
    krni_json_set(p, "route", krni_json_text(krni_route_letter(route, word)), failed);
    krni_json_set(p, "leg", json_integer(l + 1), failed);
    krni_json_set(p, "mode", krni_json_text(krn_mode_name(leg->mode)), failed);
    krni_json_set(p, "from",
                  krni_json_text(krni_text(package, KRN_TABLE_NODE, leg->from_node, NODE_NODE_ID)),
                  failed);
    krni_json_set(p, "to",
                  krni_json_text(krni_text(package, KRN_TABLE_NODE, leg->to_node, NODE_NODE_ID)),
                  failed);
    krni_json_set(p, "departure",
                  krni_json_text_or_null(
                      krni_when_iso(answer->network, leg->from_node, leg->departure, word)),
                  failed);
    krni_json_set(
        p, "arrival",
        krni_json_text_or_null(krni_when_iso(answer->network, leg->to_node, leg->arrival, word)),
        failed);
    krni_json_set(p, "km", krni_json_number(leg->length_km, 1), failed);
    krni_json_set(p, "co2e_wtw_kg", krni_json_number(leg->wtw_kg_co2e, 0), failed);
    krni_json_set(p, "service", krni_json_text_or_null(krni_service_of(package, leg->trip)),
                  failed);
    krni_json_set(p, "route_cost_usd", krni_json_number(r->cost_usd, 2), failed);
    krni_json_set(p, "route_duration_h", krni_json_number(r->duration_h, 2), failed);
    return krni_feature("LineString", line_of_leg(answer, r, leg, failed), p, failed);
}

krn_status krni_plan_geojson(const krni_answer *answer, char **out, krn_error *err)
{
    const krn_plan_result *r = answer->result;
    bool failed = false;
    const uint32_t n_nodes = krn_package_rows(answer->package, KRN_TABLE_NODE);
    bool *shown = krn_arena_calloc(answer->arena, n_nodes + 1u, sizeof *shown);
    if (!shown)
        return krni_fail_memory(err);
    json_t *features = json_array();
    for (uint32_t i = 0; i < r->n_routes; i++)
        for (uint32_t l = 0; l < r->routes[i].n_legs; l++) {
            const krn_leg *leg = &r->routes[i].legs[l];
            krni_json_append(features, leg_feature(answer, i, l, &failed), &failed);
            shown[leg->from_node] = shown[leg->to_node] = true;
        }
    for (uint32_t node = 0; node < n_nodes; node++) {
        json_t *properties = NULL;
        if (shown[node])
            krni_json_append(
                features, krni_node_feature(answer->package, node, &properties, &failed), &failed);
    }
    json_t *root = krni_feature_collection(features, &failed);
    return krni_json_write(root, failed, answer->arena, out, err);
}
