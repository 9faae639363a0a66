/* SPDX-License-Identifier: Apache-2.0 */
/* find_route.c - the cheapest way for 3,000 t of barley, by the library alone.
 * usage: find_route PACKAGE_FOLDER */
#include <stdio.h>

#include <keruen/keruen.h>

static krn_status cheapest(const char *folder, krn_arena *arena, krn_error *err)
{
    krn_package *package = NULL;
    krn_package *scenario = NULL;
    krn_network *network = NULL;
    krn_place_index *places = NULL;
    krn_plan_query query;
    krn_plan_result result;
    const krn_measure_choice choice = {.day = krn_day_from_civil(2026, 12, 1)};

    krn_plan_query_init(&query);
    query.criteria = 1u << KRN_ARRIVAL | 1u << KRN_COST;
    query.consignment.net_t = 3000.0;

    krn_status status = krn_package_load(folder, NULL, 0, NULL, &package, err);
    if (!status)
        status = krn_measure_apply(package, &choice, arena, NULL, &scenario, err);
    if (!status)
        status = krn_network_compile(scenario, choice.day, &network, err); /* takes the scenario */
    if (!status)
        status = krn_place_index_new(package, &places, err);
    if (!status)
        status = krn_place_resolve(places, "Қостанай", &query.consignment.origin, err);
    if (!status)
        status = krn_place_resolve(places, "Shahid Rajaee", &query.consignment.destination, err);
    if (!status)
        status = krn_commodity_find(package, "barley", &query.consignment.commodity, err);
    if (!status)
        status = krn_time_parse(krn_network_calendars(network), query.consignment.origin,
                                "2026-12-01", false, &query.consignment.ready, err);
    if (!status)
        status = krn_plan(network, &query, arena, &result, err);
    if (!status && result.n_routes) {
        const krn_route *best = &result.routes[0];
        for (uint32_t i = 1; i < result.n_routes; i++)
            if (result.routes[i].cost_usd < best->cost_usd)
                best = &result.routes[i];
        printf("%.1f days, %.0f USD, %.1f t CO2e, %u legs\n", best->duration_h / 24.0,
               best->cost_usd, best->wtw_kg_co2e / 1000.0, best->n_legs);
    }
    krn_place_index_free(places);
    krn_network_free(network);
    krn_package_free(package);
    return status;
}

int main(int argc, char **argv)
{
    krn_error err = {0};
    krn_arena *arena = krn_arena_new(NULL, 0);
    const krn_status status = arena && argc == 2 ? cheapest(argv[1], arena, &err) : KRN_E_ARG;
    if (status)
        fprintf(stderr, "find_route: %s: %s\n", krn_status_name(status), err.text);
    krn_arena_free(arena);
    return status ? 1 : 0;
}
