/* SPDX-License-Identifier: Apache-2.0 */
/* test_cheapest.c - asking for less never hides the cheapest route of the shipped corridor. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <keruen/keruen.h>

#include "support/assert_near.h"

/* The base has to live as long as the network that was made from it. */
static krn_network *shipped_corridor(krn_package **out_base)
{
    krn_error err = {0};
    krn_package *package = NULL, *scenario = NULL;
    krn_network *network = NULL;
    krn_arena *arena = krn_arena_new(NULL, 0);
    const krn_measure_choice choice = {.day = krn_day_from_civil(2026, 12, 1)};
    if (krn_package_load(KRN_SOURCE_DIR "/data/kti", NULL, 0, NULL, &package, &err) ||
        krn_measure_apply(package, &choice, arena, NULL, &scenario, &err) ||
        krn_network_compile(scenario, choice.day, &network, &err))
        fail_msg("%s", err.text);
    krn_arena_free(arena);
    *out_base = package;
    return network;
}

static double cheapest_usd(const krn_network *network, const char *from, const char *to,
                           const char *commodity, unsigned criteria)
{
    const krn_package *package = krn_network_package(network);
    krn_error err = {0};
    krn_plan_query query;
    krn_plan_result result;
    krn_arena *arena = krn_arena_new(NULL, 0);
    krn_plan_query_init(&query);
    query.consignment.net_t = 3000.0;
    query.consignment.origin = krn_package_find(package, KRN_TABLE_NODE, from);
    query.consignment.destination = krn_package_find(package, KRN_TABLE_NODE, to);
    query.criteria = criteria;
    query.max_routes = 0;
    query.samples = 1;
    double least_usd = INFINITY;
    if (krn_commodity_find(package, commodity, &query.consignment.commodity, &err) ||
        krn_time_parse(krn_network_calendars(network), query.consignment.origin, "2026-12-01",
                       false, &query.consignment.ready, &err) ||
        krn_plan(network, &query, arena, &result, &err))
        fail_msg("%s", err.text);
    for (uint32_t i = 0; i < result.n_routes; i++)
        least_usd = fmin(least_usd, result.routes[i].cost_usd);
    krn_arena_free(arena);
    return least_usd;
}

/* Half the Turkmen rate holds by way of one border only; routes by another one looked as cheap in
 * the bound and hid the cheapest. */
static void asking_for_cost_alone_finds_the_same_cheapest_route(void **state)
{
    (void)state;
    static const char *const asked[][3] = {
        {"kz-kostanay", "ir-shahid-rajaee-port", "barley"},
        {"kz-astana", "ir-tehran", "wheat"},
        {"ru-chelyabinsk", "ir-aprin", "steel_flat"},
        {"kz-pavlodar", "ir-mashhad", "sulphur"},
        {"kz-aktobe", "ir-qom", "ferroalloys"},
    };
    krn_package *base = NULL;
    krn_network *network = shipped_corridor(&base);
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        const double all =
            cheapest_usd(network, asked[i][0], asked[i][1], asked[i][2], KRN_ALL_CRITERIA);
        const double alone = cheapest_usd(network, asked[i][0], asked[i][1], asked[i][2],
                                          1u << KRN_ARRIVAL | 1u << KRN_COST);
        assert_near(alone / all, 1.0, 1e-9);
    }
    krn_network_free(network);
    krn_package_free(base);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asking_for_cost_alone_finds_the_same_cheapest_route),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
