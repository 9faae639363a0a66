/* SPDX-License-Identifier: Apache-2.0 */
/* find_route.c - the cheapest way for 500 t of barley on a day, by the library alone.
 * usage: find_route PACKAGE_FOLDER FROM TO DAY */
#include <stdio.h>

#include <keruen/keruen.h>

static krn_status cheapest(char **words, krn_arena *arena, krn_plan_result *out, krn_error *err)
{
    krn_package *package = NULL, *scenario = NULL;
    krn_network *network = NULL;
    krn_place_index *places = NULL;
    krn_measure_choice choice = {0};
    krn_plan_query query;
    krn_plan_query_init(&query);
    query.consignment.net_t = 500.0;
    krn_status status = krn_day_parse(words[4], &choice.day, err);
    if (!status)
        status = krn_package_load(words[1], NULL, 0, NULL, &package, err);
    if (!status)
        status = krn_place_index_new(package, &places, err);
    if (!status)
        status = krn_place_resolve(places, words[2], &query.consignment.origin, err);
    if (!status)
        status = krn_place_resolve(places, words[3], &query.consignment.destination, err);
    if (!status)
        status = krn_commodity_find(package, "barley", &query.consignment.commodity, err);
    if (!status)
        status = krn_measure_apply(package, &choice, arena, NULL, &scenario, err);
    if (!status)
        status = krn_network_compile(scenario, choice.day, &network, err);
    if (!status)
        status = krn_time_parse(krn_network_calendars(network), query.consignment.origin, words[4],
                                false, &query.consignment.ready, err);
    if (!status)
        status = krn_plan(network, &query, arena, out, err);
    krn_place_index_free(places);
    krn_network_free(network); /* and its scenario */
    krn_package_free(network ? NULL : scenario);
    krn_package_free(package);
    return status;
}

int main(int argc, char **argv)
{
    krn_error err = {0};
    krn_plan_result found = {0};
    krn_arena *arena = krn_arena_new(NULL, 0);
    const krn_status status = arena && argc == 5 ? cheapest(argv, arena, &found, &err) : KRN_E_ARG;
    if (status)
        fprintf(stderr, "find_route: %s: %s\n", krn_status_name(status), err.text);
    for (uint32_t i = 0; i < found.n_routes; i++)
        if (found.routes[i].best_of & 1u << KRN_COST)
            printf("%.1f days, %.0f USD, %.1f t CO2e, %u legs\n", found.routes[i].duration_h / 24.0,
                   found.routes[i].cost_usd, found.routes[i].wtw_kg_co2e / 1000.0,
                   (unsigned)found.routes[i].n_legs);
    krn_arena_free(arena);
    return status ? 1 : 0;
}
