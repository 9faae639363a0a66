/* SPDX-License-Identifier: Apache-2.0 */
/* price_of_a_measure.c - the cheapest route for 500 t of barley by road without and with a measure.
 * usage: price_of_a_measure PACKAGE_FOLDER FROM_NODE TO_NODE MEASURE */
#include <math.h>
#include <stdio.h>

#include <keruen/keruen.h>

static krn_status cost_of(const krn_package *package, char **words, bool with, krn_arena *arena,
                          double *out_usd, krn_error *err)
{
    const char *const measure[] = {words[4]};
    const krn_measure_choice choice = {krn_day_from_civil(2026, 12, 1), measure, with, measure,
                                       !with};
    krn_package *scenario = NULL;
    krn_network *network = NULL;
    krn_plan_result found = {0};
    krn_plan_query query;
    krn_plan_query_init(&query);
    query.modes = 1u << KRN_ROAD;
    query.consignment.net_t = 500.0;
    query.consignment.origin = krn_package_find(package, KRN_TABLE_NODE, words[2]);
    query.consignment.destination = krn_package_find(package, KRN_TABLE_NODE, words[3]);
    query.consignment.ready = (krn_time)choice.day * KRN_SECONDS_PER_DAY;
    krn_status status = krn_commodity_find(package, "barley", &query.consignment.commodity, err);
    if (!status)
        status = krn_measure_apply(package, &choice, arena, NULL, &scenario, err);
    if (!status)
        status = krn_network_compile(scenario, choice.day, &network, err);
    if (!status)
        status = krn_plan(network, &query, arena, &found, err);
    *out_usd = INFINITY; /* no route */
    for (uint32_t i = 0; i < found.n_routes; i++)
        *out_usd = fmin(*out_usd, found.routes[i].cost_usd);
    krn_network_free(network); /* and its scenario */
    krn_package_free(network ? NULL : scenario);
    return status;
}

int main(int argc, char **argv)
{
    krn_error err = {0};
    krn_package *package = NULL;
    krn_arena *arena = krn_arena_new(NULL, 0);
    double without_usd, with_usd;
    krn_status status = arena && argc == 5 ? KRN_OK : KRN_E_ARG;
    if (!status)
        status = krn_package_load(argv[1], NULL, 0, NULL, &package, &err);
    if (!status)
        status = cost_of(package, argv, false, arena, &without_usd, &err);
    if (!status)
        status = cost_of(package, argv, true, arena, &with_usd, &err);
    if (status)
        fprintf(stderr, "price_of_a_measure: %s: %s\n", krn_status_name(status), err.text);
    else
        printf("without %.0f USD, with %s %.0f USD\n", without_usd, argv[4], with_usd);
    krn_package_free(package);
    krn_arena_free(arena);
    return status ? 1 : 0;
}
