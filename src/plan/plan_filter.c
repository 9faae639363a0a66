/* SPDX-License-Identifier: Apache-2.0 */
/* plan_filter.c - from a query to weights: checks, what is switched off, which places must be seen.
 *
 * An activity that the query switches off is blocked by KRN_BLOCK_FILTER, unless a fact of the
 * package blocks it already; filter_of remembers the filter in both cases, so that the explanation
 * of a blocked query knows that both must go.
 *
 * A link between a place and the place that it belongs to (node.parent_node_id) is an access link.
 * It may be used whatever modes are asked for: "by rail only" from a city still has to reach the
 * station. Transfers are never switched off by modes: they lead nowhere if the mode behind is. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "plan/plan_filter.h"

#define MOST_DELAY_H 1e6

uint32_t krni_agency_of_trip(const krn_package *package, uint32_t trip)
{
    const char *trip_id = krni_text(package, KRN_TABLE_TRIP, trip, TRIP_TRIP_ID);
    const uint32_t row = krn_package_find(package, KRN_TABLE_TRIPS, trip_id);
    if (row == KRN_NO_ROW)
        return KRN_NO_ROW;
    const uint32_t route = krni_ref(package, KRN_TABLE_TRIPS, row, TRIPS_ROUTE_ID);
    if (route == KRN_NO_ROW)
        return KRN_NO_ROW;
    return krni_ref(package, KRN_TABLE_ROUTES, route, ROUTES_AGENCY_ID);
}

static krn_country country_of_node(const krn_package *package, uint32_t node)
{
    return krn_country_parse(krni_text(package, KRN_TABLE_NODE, node, NODE_COUNTRY));
}

static krn_status check_ends(const krni_planning *planning)
{
    const krn_plan_query *q = planning->query;
    const krn_consignment *c = &q->consignment;
    const uint32_t n_nodes = krn_package_rows(planning->network->package, KRN_TABLE_NODE);
    if (c->origin >= n_nodes || c->destination >= n_nodes)
        return krni_fail(planning->err, KRN_E_ARG, "origin and destination must be places");
    if (c->origin == c->destination)
        return krni_fail(
            planning->err, KRN_E_ARG, "origin and destination are the same place: %s",
            krni_text(planning->network->package, KRN_TABLE_NODE, c->origin, NODE_NAME));
    for (uint32_t i = 0; i < q->n_avoid_nodes; i++)
        for (uint32_t k = 0; k < q->n_require_nodes + 2; k++) {
            const uint32_t needed = k == 0   ? c->origin
                                    : k == 1 ? c->destination
                                             : q->require_nodes[k - 2];
            if (q->avoid_nodes[i] == needed)
                return krni_fail(
                    planning->err, KRN_E_ARG, "%s is both asked for and avoided",
                    krni_text(planning->network->package, KRN_TABLE_NODE, needed, NODE_NAME));
        }
    for (uint32_t i = 0; i < q->n_avoid_countries; i++) {
        const krn_package *p = planning->network->package;
        bool needed = q->avoid_countries[i] == country_of_node(p, c->origin) ||
                      q->avoid_countries[i] == country_of_node(p, c->destination);
        for (uint32_t k = 0; k < q->n_require_countries; k++)
            needed = needed || q->avoid_countries[i] == q->require_countries[k];
        if (needed) {
            char text[3];
            krn_country_text(q->avoid_countries[i], text);
            return krni_fail(planning->err, KRN_E_ARG, "%s is both needed and avoided", text);
        }
    }
    return KRN_OK;
}

static krn_status check_query(const krni_planning *planning)
{
    const krn_plan_query *q = planning->query;
    const krn_time ready = q->consignment.ready;
    if (ready == KRN_TIME_NONE && q->arrive_by == KRN_TIME_NONE)
        return krni_fail(planning->err, KRN_E_ARG, "a ready time or an arrive-by time is needed");
    if (ready != KRN_TIME_NONE && q->arrive_by != KRN_TIME_NONE && q->arrive_by <= ready)
        return krni_fail(planning->err, KRN_E_ARG, "arrive-by lies before the ready time");
    if ((q->modes & KRN_ALL_MODES) == 0)
        return krni_fail(planning->err, KRN_E_ARG, "no mode is left");
    if (!(q->epsilon_share >= 0.0 && q->epsilon_share <= 10.0))
        return krni_fail(planning->err, KRN_E_ARG, "epsilon must lie in 0..10");
    for (uint32_t i = 0; q->delay_h && i < planning->network->n_activities; i++)
        if (!(q->delay_h[i] >= 0.0 && q->delay_h[i] <= MOST_DELAY_H))
            return krni_fail(planning->err, KRN_E_ARG,
                             "a delay of %g h at activity %u: expected 0 to %g", q->delay_h[i], i,
                             MOST_DELAY_H);
    if (q->n_require_nodes + q->n_require_countries + q->n_require_borders > KRNI_MAX_REQUIRED)
        return krni_fail(planning->err, KRN_E_ARG, "at most %d places can be required",
                         KRNI_MAX_REQUIRED);
    return check_ends(planning);
}

/* Names of the query must exist: a filter with a typing error would silently do nothing. */
static krn_status check_names(const krni_planning *planning)
{
    const krn_plan_query *q = planning->query;
    const krn_package *p = planning->network->package;
    const uint32_t n_borders = krn_package_rows(p, KRN_TABLE_BORDER);
    for (uint32_t i = 0; i < q->n_avoid_borders + q->n_require_borders; i++) {
        const char *name = i < q->n_avoid_borders ? q->avoid_borders[i]
                                                  : q->require_borders[i - q->n_avoid_borders];
        uint32_t row = 0;
        while (row < n_borders &&
               strcmp(krni_text(p, KRN_TABLE_BORDER, row, BORDER_CROSSING), name) != 0)
            row++;
        if (row == n_borders)
            return krni_fail(planning->err, KRN_E_NOT_FOUND,
                             "no crossing \"%s\" in border.csv: see its column crossing", name);
    }
    for (uint32_t i = 0; i < q->n_avoid_carriers + q->n_require_carriers; i++) {
        const char *name = i < q->n_avoid_carriers ? q->avoid_carriers[i]
                                                   : q->require_carriers[i - q->n_avoid_carriers];
        if (krn_package_find(p, KRN_TABLE_AGENCY, name) == KRN_NO_ROW)
            return krni_fail(planning->err, KRN_E_NOT_FOUND,
                             "no carrier \"%s\" in timetable/agency.txt", name);
    }
    return KRN_OK;
}

static krn_status list_filters(krni_planning *planning)
{
    const krn_plan_query *q = planning->query;
    const size_t most = (size_t)KRN_MODE_COUNT + q->n_avoid_nodes + q->n_avoid_countries +
                        q->n_avoid_borders + q->n_avoid_carriers + 1;
    if (most >= KRNI_NO_FILTER)
        return krni_fail(planning->err, KRN_E_ARG, "too many places to avoid");
    krni_filter *list = krn_arena_calloc(planning->scratch, most, sizeof *list);
    if (!list)
        return krni_fail_memory(planning->err);
    uint32_t n = 0;
    for (uint32_t m = 0; m < KRN_MODE_COUNT; m++)
        if (!(q->modes & (1u << m)))
            list[n++] = (krni_filter){KRNI_FILTER_MODE, m};
    for (uint32_t i = 0; i < q->n_avoid_nodes; i++)
        list[n++] = (krni_filter){KRNI_FILTER_NODE, i};
    for (uint32_t i = 0; i < q->n_avoid_countries; i++)
        list[n++] = (krni_filter){KRNI_FILTER_COUNTRY, i};
    for (uint32_t i = 0; i < q->n_avoid_borders; i++)
        list[n++] = (krni_filter){KRNI_FILTER_BORDER, i};
    for (uint32_t i = 0; i < q->n_avoid_carriers; i++)
        list[n++] = (krni_filter){KRNI_FILTER_CARRIER, i};
    if (q->n_require_carriers)
        list[n++] = (krni_filter){KRNI_FILTER_OTHER_CARRIERS, 0};
    planning->filters = list;
    planning->n_filters = n;
    return KRN_OK;
}

static bool is_access(const krn_package *p, uint32_t a, uint32_t b)
{
    return krni_ref(p, KRN_TABLE_NODE, a, NODE_PARENT_NODE_ID) == b ||
           krni_ref(p, KRN_TABLE_NODE, b, NODE_PARENT_NODE_ID) == a;
}

static bool crosses_at(const krn_package *p, const krn_activity *words, const char *crossing)
{
    return words->kind == KRN_CROSS && words->figure.table == KRN_TABLE_BORDER &&
           strcmp(krni_text(p, KRN_TABLE_BORDER, words->figure.row, BORDER_CROSSING), crossing) ==
               0;
}

static bool touches_country(const krn_package *p, const krn_activity *words, krn_country country)
{
    return words->country == country || words->enters == country ||
           country_of_node(p, words->to_node) == country ||
           country_of_node(p, words->from_node) == country;
}

static bool is_carried_by(const krn_package *p, const krn_activity *words, const char *agency)
{
    const uint32_t row = krni_agency_of_trip(p, words->trip);
    return row != KRN_NO_ROW &&
           strcmp(krni_text(p, KRN_TABLE_AGENCY, row, AGENCY_AGENCY_ID), agency) == 0;
}

static bool filter_hits(const krni_planning *planning, const krni_filter *filter,
                        const krn_activity *words)
{
    const krn_plan_query *q = planning->query;
    const krn_package *p = planning->network->package;
    switch (filter->kind) {
    case KRNI_FILTER_MODE:
        if (words->kind == KRN_TRANSFER || (uint32_t)words->mode != filter->index)
            return false;
        return words->kind != KRN_HAUL || !is_access(p, words->from_node, words->to_node);
    case KRNI_FILTER_NODE:
        return words->from_node == q->avoid_nodes[filter->index] ||
               words->to_node == q->avoid_nodes[filter->index];
    case KRNI_FILTER_COUNTRY:
        return touches_country(p, words, q->avoid_countries[filter->index]);
    case KRNI_FILTER_BORDER:
        return crosses_at(p, words, q->avoid_borders[filter->index]);
    case KRNI_FILTER_CARRIER:
        return words->kind == KRN_BOARD &&
               is_carried_by(p, words, q->avoid_carriers[filter->index]);
    case KRNI_FILTER_OTHER_CARRIERS:
        if (words->kind != KRN_BOARD)
            return false;
        for (uint32_t i = 0; i < q->n_require_carriers; i++)
            if (is_carried_by(p, words, q->require_carriers[i]))
                return false;
        return true;
    }
    assert(false);
    return false;
}

uint32_t krni_filters_of(const krni_planning *planning, uint32_t activity, uint32_t *out)
{
    uint32_t n = 0;
    if (!planning->filter_of || planning->filter_of[activity] == KRNI_NO_FILTER)
        return 0;
    krn_activity words;
    krn_network_activity(planning->network, (krn_activity_id){activity}, &words);
    for (uint32_t f = planning->filter_of[activity]; f < planning->n_filters; f++)
        if (filter_hits(planning, &planning->filters[f], &words))
            out[n++] = f;
    return n;
}

/* Bits of the required places, countries and borders that an activity touches. */
static uint8_t visits_of(const krni_planning *planning, const krn_activity *words)
{
    const krn_plan_query *q = planning->query;
    const krn_package *p = planning->network->package;
    unsigned bits = 0, bit = 1;
    for (uint32_t i = 0; i < q->n_require_nodes; i++, bit <<= 1)
        if (words->to_node == q->require_nodes[i] && words->to_side != KRN_SIDE_BORDER)
            bits |= bit;
    for (uint32_t i = 0; i < q->n_require_countries; i++, bit <<= 1)
        if (words->enters == q->require_countries[i] ||
            (words->to_side != KRN_SIDE_BORDER &&
             country_of_node(p, words->to_node) == q->require_countries[i]))
            bits |= bit;
    for (uint32_t i = 0; i < q->n_require_borders; i++, bit <<= 1)
        if (crosses_at(p, words, q->require_borders[i]))
            bits |= bit;
    return (uint8_t)bits;
}

static void mark_start(krni_planning *planning)
{
    const krn_plan_query *q = planning->query;
    const uint32_t origin = q->consignment.origin;
    const krn_country home = country_of_node(planning->network->package, origin);
    const krn_country goal =
        country_of_node(planning->network->package, q->consignment.destination);
    unsigned bit = 1;
    for (uint32_t i = 0; i < q->n_require_nodes; i++, bit <<= 1)
        if (q->require_nodes[i] == origin)
            planning->visited_at_start |= (uint8_t)bit;
    for (uint32_t i = 0; i < q->n_require_countries; i++, bit <<= 1)
        if (q->require_countries[i] == home || q->require_countries[i] == goal)
            planning->visited_at_start |= (uint8_t)bit;
}

static krn_status mark_activities(krni_planning *planning)
{
    const uint32_t n = planning->network->n_activities;
    planning->n_required = planning->query->n_require_nodes + planning->query->n_require_countries +
                           planning->query->n_require_borders;
    if (planning->n_required) {
        planning->visits = krn_arena_calloc(planning->scratch, n, sizeof *planning->visits);
        if (!planning->visits)
            return krni_fail_memory(planning->err);
        mark_start(planning);
    }
    if (planning->n_filters) {
        planning->filter_of = krn_arena_calloc(planning->scratch, n, sizeof *planning->filter_of);
        if (!planning->filter_of)
            return krni_fail_memory(planning->err);
    }
    if (!planning->n_filters && !planning->n_required)
        return KRN_OK;
    for (uint32_t i = 0; i < n; i++) {
        krn_activity words;
        krn_network_activity(planning->network, (krn_activity_id){i}, &words);
        if (planning->visits)
            planning->visits[i] = visits_of(planning, &words);
        if (!planning->filter_of)
            continue;
        planning->filter_of[i] = KRNI_NO_FILTER;
        for (uint32_t f = 0; f < planning->n_filters; f++)
            if (filter_hits(planning, &planning->filters[f], &words)) {
                planning->filter_of[i] = (uint16_t)f;
                if (planning->costs[i].block == KRN_BLOCK_NONE) {
                    planning->costs[i].block = KRN_BLOCK_FILTER;
                    planning->costs[i].block_figure = krn_figure_none();
                }
                break;
            }
    }
    return KRN_OK;
}

static krn_status mark_seasons(krni_planning *planning)
{
    const krn_package *p = planning->network->package;
    const uint32_t n = krn_package_rows(p, KRN_TABLE_SEASON);
    planning->season_of_node = krn_arena_calloc(
        planning->scratch, krn_package_rows(p, KRN_TABLE_NODE), sizeof *planning->season_of_node);
    planning->season_of_link = krn_arena_calloc(
        planning->scratch, krn_package_rows(p, KRN_TABLE_LINK), sizeof *planning->season_of_link);
    if (!planning->season_of_node || !planning->season_of_link)
        return krni_fail_memory(planning->err);
    for (uint32_t row = 0; row < n; row++) {
        if (!(krni_number(p, KRN_TABLE_SEASON, row, SEASON_CLOSED) > 0.0))
            continue;
        const uint32_t node = krni_ref(p, KRN_TABLE_SEASON, row, SEASON_NODE_ID);
        const uint32_t link = krni_ref(p, KRN_TABLE_SEASON, row, SEASON_LINK_ID);
        if (node != KRN_NO_ROW)
            planning->season_of_node[node] = true;
        if (link != KRN_NO_ROW)
            planning->season_of_link[link] = true;
    }
    return KRN_OK;
}

krn_status krni_plan_prepare(krni_planning *planning)
{
    const krn_plan_query *q = planning->query;
    krn_status st = check_query(planning);
    if (!st)
        st = check_names(planning);
    if (st)
        return st;
    planning->backward = q->arrive_by != KRN_TIME_NONE;
    planning->papers_from = q->papers_ahead ? KRN_TIME_NONE : q->consignment.ready;
    const krn_time earliest = planning->backward
                                  ? q->arrive_by - (krn_time)KRNI_HORIZON_DAYS * KRN_SECONDS_PER_DAY
                                  : q->consignment.ready;
    planning->base = q->consignment.ready != KRN_TIME_NONE && q->consignment.ready > earliest
                         ? q->consignment.ready
                         : earliest;
    planning->origin =
        krn_network_state(planning->network, q->consignment.origin, KRN_SIDE_REST).index;
    planning->destination =
        krn_network_state(planning->network, q->consignment.destination, KRN_SIDE_REST).index;
    const krn_time at = planning->backward ? q->arrive_by : q->consignment.ready;
    st = krni_network_weigh_delayed(planning->network, &q->consignment, at, q->delay_h,
                                    planning->scratch, &planning->load, &planning->costs,
                                    planning->err);
    if (!st)
        st = list_filters(planning);
    if (!st)
        st = mark_activities(planning);
    if (!st)
        st = krni_require_prepare(planning);
    if (!st)
        st = krni_ways_prepare(planning);
    if (!st)
        st = mark_seasons(planning);
    if (!st)
        st = krni_paper_memo_init(&planning->papers, planning->scratch, planning->err);
    return st;
}
