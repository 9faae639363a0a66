/* SPDX-License-Identifier: Apache-2.0 */
/* way_uses.c - what one lot takes of each resource along its way, told without running anything.
 *
 *      step     transfer        haul          haul     cross     ...      transfer
 *               | wagons: taken here --------------------------------------> and back empty
 *               | store, gear   | locomotive, section    | post            | gear
 *
 * It is read off the same steps that the simulation runs on, so a load reckoned from it and what a
 * run serves are the same number: quantity of posts, yards and terminals exactly, of the others
 * where times are typical and trains and ships go full.
 *
 * How long pools are held: the typical time of every step in between and the typical wait for
 * departures (by timetable half the mean interval); no queues. Empty wagons go back as wagon.c has
 * it: they ask for train paths, and take the typical time of rides, borders and gauge changes. */
#include <assert.h>
#include <math.h>

#include "base/error.h"
#include "sim/corridor.h"

typedef struct use_list {
    const krn_sim *sim;
    const krni_flow *stream;
    const krni_step *steps;
    uint32_t n_steps;
    krn_sim_way_use *uses;
    uint32_t n, capacity;
} use_list;

#define MOST_USES_A_STEP 5u /* wagons, locomotive, store, berths, and what the step occupies */

static void add(use_list *list, uint32_t step, uint32_t resource, double quantity, double occupy_h)
{
    assert(resource < list->sim->n_resources && list->n < list->capacity);
    if (!(quantity > 0.0))
        return;
    list->uses[list->n++] = (krn_sim_way_use){.activity = {list->steps[step].activity},
                                              .resource = resource,
                                              .quantity = quantity,
                                              .occupy_h = occupy_h};
}

/* Typical hours of a step with its wait for a departure. */
static double step_h(const krn_sim *sim, const krni_step *step)
{
    double wait_h = step->wait.typical_h;
    if (step->service != NONE && isnan(sim->services[step->service].headway_s)) {
        const uint32_t n = sim->services[step->service].timetable.n;
        wait_h = n ? 0.5 * sim->end_s / n / KRNI_HOUR_S : 0.0;
    }
    return step->duration.typical_h + wait_h;
}

static double hours_between(const use_list *list, uint32_t from, uint32_t end)
{
    double hours = 0.0;
    for (uint32_t k = from; k < end; k++)
        hours += step_h(list->sim, &list->steps[k]);
    return hours;
}

/* First step from here on that gives wagons back; the last one if none does. */
static uint32_t drop_step(const use_list *list, uint32_t from)
{
    uint32_t k = from;
    while (k + 1 < list->n_steps && !list->steps[k].drops_wagons)
        k++;
    return k;
}

/* Step at which a pool that gives wagons was asked for those that a lot has on step k, or NONE. A
 * gauge change gives back the old ones at its end. */
static uint32_t wagon_step(const use_list *list, uint32_t k)
{
    for (uint32_t i = k; i-- > 0;) {
        if (list->steps[i].wagons != NONE)
            return i;
        if (list->steps[i].drops_wagons)
            return NONE;
    }
    return NONE;
}

/* Of a full train; 1 where neither mass nor length of trains is bound. */
static double share_of_train(const krni_section *section, double t, double m)
{
    if (isinf(section->max_t) && isinf(section->max_m))
        return 1.0;
    return fmax(t / section->max_t, m / section->max_m);
}

static void add_wagons(use_list *list, uint32_t k)
{
    const krni_step *step = &list->steps[k];
    const krni_resource_plan *pool = &list->sim->resources[step->wagons];
    const double n = fmin((double)step->n_wagons, (double)pool->units);
    const uint32_t drop = drop_step(list, k + 1 < list->n_steps ? k + 1 : k);
    double hours = hours_between(list, k, drop + 1);
    const uint32_t end = list->steps[drop].drops_wagons ? drop : drop + 1;
    for (uint32_t i = k + 1; i < end; i++) { /* home, empty */
        const krni_step *s = &list->steps[i];
        if (s->section != NONE)
            hours += s->running.typical_h;
        else if (s->kind == KRN_RIDE || s->kind == KRN_CROSS || s->kind == KRN_GAUGE_CHANGE)
            hours += s->duration.typical_h;
    }
    add(list, k, step->wagons, n * hours / 24.0, hours);
}

static void add_store(use_list *list, uint32_t k)
{
    const krni_step *step = &list->steps[k];
    uint32_t end = k;
    while (end < list->n_steps && !list->steps[end].leaves_store)
        end++;
    if (end < list->n_steps)
        end++;
    const double hours = hours_between(list, k, end);
    const double t = fmin(list->stream->tonnes, list->sim->resources[step->store].share_of);
    add(list, k, step->store, t * hours / 24.0, hours);
}

static void add_track(use_list *list, uint32_t k)
{
    const krni_step *step = &list->steps[k];
    const krni_section *section = &list->sim->sections[step->section];
    double trains = share_of_train(section, step->train_t, step->train_m);
    if (wagon_step(list, k) != NONE)
        trains += share_of_train(section, step->empty_t, step->train_m);
    const double run_h = step->running.typical_h;
    if (section->locomotives != NONE)
        add(list, k, section->locomotives, trains * run_h / 24.0, run_h);
    if (section->limited) {
        const double rate_a_day = list->sim->resources[section->resource].words.rate_a_day;
        add(list, k, section->resource, trains / 2.0, trains / 2.0 / rate_a_day * 24.0);
    }
}

static void add_service(use_list *list, uint32_t k)
{
    const krni_step *step = &list->steps[k];
    const double rate_a_day = list->sim->resources[step->resource].words.rate_a_day;
    if (rate_a_day > 0.0)
        add(list, k, step->resource, step->ship_share, step->ship_share / rate_a_day * 24.0);
}

static void add_step(use_list *list, uint32_t k)
{
    const krni_step *step = &list->steps[k];
    if (step->wagons != NONE && step->n_wagons)
        add_wagons(list, k);
    if (step->store != NONE)
        add_store(list, k);
    if (step->section != NONE)
        add_track(list, k);
    else if (step->service != NONE)
        add_service(list, k);
    else if (step->resource != NONE)
        add(list, k, step->resource, step->quantity, step->occupy_s / KRNI_HOUR_S);
    if (step->berths != NONE)
        add(list, k, step->berths, step->occupy_s / KRNI_DAY_S, step->occupy_s / KRNI_HOUR_S);
}

krn_status krn_sim_way_uses(const krn_sim *sim, uint32_t stream, uint32_t way, krn_arena *arena,
                            uint32_t *out_n, krn_sim_way_use **out, krn_error *err)
{
    if (!sim || !arena || !out_n || !out || stream >= sim->n_streams ||
        way >= sim->streams[stream].n_ways)
        return krni_fail(err, KRN_E_ARG, "uses of a way: no such stream or way");
    const krni_course *course = &sim->ways[sim->streams[stream].first_way + way];
    use_list list = {.sim = sim,
                     .stream = &sim->streams[stream],
                     .steps = &sim->steps[course->first_step],
                     .n_steps = course->n_steps,
                     .capacity = MOST_USES_A_STEP * course->n_steps};
    list.uses = krn_arena_calloc(arena, list.capacity, sizeof *list.uses);
    if (!list.uses)
        return krni_fail_memory(err);
    for (uint32_t k = 0; k < list.n_steps; k++)
        add_step(&list, k);
    *out_n = list.n;
    *out = list.uses;
    return KRN_OK;
}
