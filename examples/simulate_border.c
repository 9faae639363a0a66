/* SPDX-License-Identifier: Apache-2.0 */
/* simulate_border.c - half a year of a corridor, open and with a thing of it closed for a while.
 * usage: simulate_border PACKAGE_FOLDER "2026-03-01..2026-03-31 close ID" */
#include <stdio.h>

#include <keruen/keruen.h>

static krn_status run(const krn_network *network, const krn_sim_question *question,
                      krn_arena *arena, const char *what, krn_error *err)
{
    const krn_ensemble_options five = {.replications = 5};
    krn_sim_setup setup;
    krn_sim *sim = NULL;
    krn_ensemble *ensemble = NULL;
    krn_status status;
    if (!(status = krn_sim_prepare(network, question, arena, &setup, err)) &&
        !(status = krn_sim_new(&setup.input, &sim, err)) &&
        !(status = krn_ensemble_run(sim, &five, &ensemble, err))) {
        const krn_estimate h =
            krn_ensemble_estimate(ensemble, krn_sim_group_at(sim, 0, KRN_GROUP_MEAN_H));
        printf("%s: %.0f days by %s, more or less %.0f\n", what, h.mean / 24, setup.groups[0].way,
               h.half / 24);
    }
    krn_ensemble_free(ensemble);
    krn_sim_free(sim);
    return status;
}

int main(int argc, char **argv)
{
    const krn_measure_choice today = {.day = krn_day_from_civil(2026, 1, 1)};
    const krn_time start = (krn_time)today.day * KRN_SECONDS_PER_DAY, end = start + 181 * 86400;
    krn_error err = {0};
    krn_package *package = NULL, *scenario = NULL;
    krn_network *network = NULL;
    krn_place_index *places = NULL;
    krn_sim_event *events = NULL;
    krn_demand_list demand;
    krn_arena *arena = krn_arena_new(NULL, 0);
    krn_sim_question question = {.demand = &demand, .demand_share = 1, .most_ways = 8, .seed = 1};
    question.start = start;
    question.warmup_d = 30;
    question.days = 181;
    uint32_t n = 0;
    krn_status status = arena && argc == 3 ? KRN_OK : KRN_E_ARG;
    if (!status && !(status = krn_package_load(argv[1], NULL, 0, NULL, &package, &err)) &&
        !(status = krn_measure_apply(package, &today, arena, NULL, &scenario, &err)) &&
        !(status = krn_network_compile(scenario, today.day, &network, &err)) &&
        !(status = krn_demand_of_year(scenario, 0, arena, &demand, &err)) &&
        !(status = krn_place_index_new(scenario, &places, &err)) &&
        !(status =
              krn_sim_event_read(network, places, argv[2], start, end, arena, &events, &n, &err)) &&
        !(status = run(network, &question, arena, "open", &err))) {
        question.events = events;
        question.n_events = n;
        status = run(network, &question, arena, "closed", &err);
    }
    if (status)
        fprintf(stderr, "simulate_border: %s: %s\n", krn_status_name(status), err.text);
    krn_place_index_free(places);
    krn_network_free(network); /* and its scenario */
    krn_package_free(network ? NULL : scenario);
    krn_package_free(package);
    krn_arena_free(arena);
    return status ? 1 : 0;
}
