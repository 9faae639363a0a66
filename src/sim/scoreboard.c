/* SPDX-License-Identifier: Apache-2.0 */
/* scoreboard.c - what a replication tells: one vector of metrics, each at a fixed place.
 *
 *   | totals | groups x measures | resources x uses | resources x 2 x weeks | days |
 *
 * Counting begins when the warm-up is over: areas under levels and sums start anew then, levels
 * themselves go on. Lots are counted when they are delivered, with all they went through, also
 * before.
 *
 * Indicators as the corridor surveys have them: TFI1 hours at a crossing with the queue before it;
 * TFI2 what is paid there per 20 t; TFI3 the price per 500 km and 20 t of lots that go by land
 * only; TFI4 km over hours: without delay (in motion), and with delay (from the first haul to the
 * last, borders, gauge changes and queues on the way included, terminals not). */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "sim/corridor.h"

#define SURVEY_T  20.0
#define SURVEY_KM 500.0

/* ---- places ---- */

static uint32_t groups_at(void)
{
    return KRN_TOTAL_COUNT;
}

static uint32_t uses_at(const krn_sim *sim)
{
    return groups_at() + sim->input.n_groups * KRN_GROUP_MEASURE_COUNT;
}

static uint32_t weeks_at(const krn_sim *sim)
{
    return uses_at(sim) + sim->n_resources * KRN_USE_COUNT;
}

static uint32_t days_at(const krn_sim *sim)
{
    return weeks_at(sim) + sim->n_resources * KRN_WEEK_COUNT * sim->n_weeks;
}

uint32_t krn_sim_metrics(const krn_sim *sim)
{
    return days_at(sim) + sim->n_days;
}

uint32_t krn_sim_total_at(const krn_sim *sim, krn_sim_total what)
{
    (void)sim;
    return (uint32_t)what;
}

uint32_t krn_sim_group_at(const krn_sim *sim, uint32_t group, unsigned measure)
{
    assert(group < sim->input.n_groups && measure < KRN_GROUP_MEASURE_COUNT);
    (void)sim;
    return groups_at() + group * KRN_GROUP_MEASURE_COUNT + measure;
}

uint32_t krn_sim_use_at(const krn_sim *sim, uint32_t resource, krn_sim_use what)
{
    assert(resource < sim->n_resources);
    return uses_at(sim) + resource * KRN_USE_COUNT + (uint32_t)what;
}

uint32_t krn_sim_week_at(const krn_sim *sim, uint32_t resource, uint32_t week, krn_sim_week what)
{
    assert(resource < sim->n_resources && week < sim->n_weeks);
    return weeks_at(sim) + (resource * KRN_WEEK_COUNT + (uint32_t)what) * sim->n_weeks + week;
}

uint32_t krn_sim_day_at(const krn_sim *sim, uint32_t day)
{
    assert(day < sim->n_days);
    return days_at(sim) + day;
}

uint32_t krn_sim_resources(const krn_sim *sim)
{
    return sim->n_resources;
}

krn_sim_resource krn_sim_resource_at(const krn_sim *sim, uint32_t index)
{
    return sim->resources[index].words;
}

uint32_t krn_sim_weeks(const krn_sim *sim)
{
    return sim->n_weeks;
}

uint32_t krn_sim_days(const krn_sim *sim)
{
    return sim->n_days;
}

uint64_t krn_sim_fingerprint(const krn_sim *sim)
{
    return sim->fingerprint;
}

/* ---- counting ---- */

void krni_use_start(krni_run *run)
{
    const krn_sim *sim = run->sim;
    for (uint32_t i = 0; i < sim->n_resources; i++) {
        double *queue = &run->metrics[krn_sim_week_at(sim, i, 0, KRN_WEEK_QUEUE_T)];
        double *level = &run->metrics[krn_sim_week_at(sim, i, 0, KRN_WEEK_SHARE)];
        run->uses[i] = (krni_use){
            .queue_t = krni_level_start(0.0, 0.0),
            .level = krni_level_start(0.0, 0.0),
            .week_queue = krni_series_start(sim->count_s, KRNI_WEEK_S, sim->n_weeks, queue, 0.0),
            .week_level = krni_series_start(sim->count_s, KRNI_WEEK_S, sim->n_weeks, level, 0.0),
            .full_since_s = NAN,
            .blocked_since_s = NAN,
            .rate_share = 1.0,
        };
    }
}

void krni_use_queue(krni_run *run, uint32_t resource, double change_t)
{
    krni_use *use = &run->uses[resource];
    const double now = krni_now(run);
    if (!(use->queue_t.value > 0.0)) { /* who waited before tells nothing of a new queue */
        use->last_wait_s = 0.0;
        use->last_go_s = now;
    }
    krni_level_add(&use->queue_t, now, change_t);
    if (fabs(use->queue_t.value) < 1e-6) /* what adding and taking away leaves over */
        use->queue_t.value = 0.0;
    if (run->counting)
        krni_series_set(&use->week_queue, now, use->queue_t.value);
}

void krni_use_level(krni_run *run, uint32_t resource, double change)
{
    krni_use *use = &run->uses[resource];
    const double now = krni_now(run);
    krni_level_add(&use->level, now, change);
    if (fabs(use->level.value) < 1e-6)
        use->level.value = 0.0;
    if (run->counting)
        krni_series_set(&use->week_level, now, use->level.value);
}

void krni_use_serve(krni_run *run, uint32_t resource, double units, double service_s)
{
    krni_use *use = &run->uses[resource];
    use->served += units;
    use->n_served += 1.0;
    use->busy_s += service_s;
}

void krni_use_filled(krni_run *run, uint32_t resource, double share)
{
    krni_use *use = &run->uses[resource];
    use->busy_s += share; /* of a service: places taken, in departures */
    if (run->counting)
        (void)krni_series_count(&use->week_level, krni_now(run), share);
}

void krni_use_waited(krni_run *run, uint32_t resource, double seconds)
{
    krni_use *use = &run->uses[resource];
    use->wait_s += seconds;
    use->n_waits += 1.0;
    use->last_wait_s = seconds;
    use->last_go_s = krni_now(run);
}

/* The wait of the lot that last left the queue, or the time since then if that is longer: for
 * queues in order of coming hardly worse than anything that knows more (Ibrahim and Whitt 2009,
 * Manufacturing and Service Operations Management 11, 397-415). */
double krni_use_delay_s(const krni_run *run, uint32_t resource)
{
    const krni_use *use = &run->uses[resource];
    return use->queue_t.value > 0.0 ? fmax(use->last_wait_s, krni_now(run) - use->last_go_s) : 0.0;
}

static void mark(double *since, double *sum, bool on, double now)
{
    if (on && isnan(*since))
        *since = now;
    if (!on && !isnan(*since)) {
        *sum += now - *since;
        *since = NAN;
    }
}

void krni_use_note(krni_run *run, uint32_t resource)
{
    krni_use *use = &run->uses[resource];
    const krni_resource_id id = {run->sim->resources[resource].slot};
    const krni_resource_state state = krni_resource_look(run->pool, id);
    const double now = krni_now(run);
    assert(state.in_use <= run->sim->resources[resource].units);
    mark(&use->full_since_s, &use->full_s, state.in_use >= run->sim->resources[resource].units,
         now);
    mark(&use->blocked_since_s, &use->blocked_s, state.waiting > 0, now);
}

void krni_count_begin(krni_run *run)
{
    const krn_sim *sim = run->sim;
    const double now = krni_now(run);
    run->counting = true;
    for (uint32_t i = 0; i < sim->n_resources; i++) {
        krni_use *use = &run->uses[i];
        krni_level_restart(&use->queue_t, now);
        krni_level_restart(&use->level, now);
        krni_series_set(&use->week_queue, now, use->queue_t.value);
        if (sim->resources[i].works != KRNI_WORKS_SERVICE)
            krni_series_set(&use->week_level, now, use->level.value);
        use->busy_s = use->served = use->n_served = use->wait_s = use->n_waits = 0.0;
        use->full_s = use->blocked_s = 0.0;
        use->full_since_s = isnan(use->full_since_s) ? NAN : now;
        use->blocked_since_s = isnan(use->blocked_since_s) ? NAN : now;
    }
    run->totals[KRN_TOTAL_BEGUN_T] = run->under_way_t;
}

static void count_indicators(krni_run *run, const krni_lot *lot, const krni_course *way, double t)
{
    const double by_mode[2][3] = {
        {way->rail_km, lot->moving_rail_s, lot->land_rail_s},
        {way->road_km, lot->moving_road_s, lot->land_road_s},
    };
    const double cross_s[2] = {lot->cross_rail_s, lot->cross_road_s};
    const uint32_t crossings[2] = {way->n_rail_crossings, way->n_road_crossings};
    const double all = crossings[0] + crossings[1];
    for (unsigned k = 0; k < 2; k++) {
        if (by_mode[k][0] > 0.0) {
            run->swod[k][0] += by_mode[k][0];
            run->swod[k][1] += by_mode[k][1];
            run->swd[k][0] += by_mode[k][0];
            run->swd[k][1] += by_mode[k][2];
        }
        run->tfi1[k][0] += cross_s[k];
        run->tfi1[k][1] += crossings[k];
        if (crossings[k]) {
            run->tfi2[k][0] += way->border_usd * crossings[k] / all * SURVEY_T / t;
            run->tfi2[k][1] += crossings[k];
        }
    }
    const unsigned main = way->rail_km >= way->road_km ? 0 : 1;
    const double km = way->rail_km + way->road_km;
    if (km > 0.0 && !(way->sea_km > 0.0)) {
        run->tfi3[main][0] += way->price_usd * SURVEY_T / t;
        run->tfi3[main][1] += km / SURVEY_KM;
    }
}

void krni_count_delivered(krni_run *run, const krni_lot *lot)
{
    const krn_sim *sim = run->sim;
    const krni_course *way = &sim->ways[lot->way];
    const krni_flow *stream = &sim->streams[lot->stream];
    krni_tally *tally = &run->tallies[way->group];
    const double t = stream->tonnes, door_s = krni_now(run) - lot->made_s;
    const double th = t / KRNI_HOUR_S;
    double *total = run->totals;
    tally->t += t;
    tally->teu += stream->teu;
    tally->lots += 1.0;
    tally->door_th += door_s * th;
    tally->moving_th += lot->moving_s * th;
    tally->handling_th += lot->handling_s * th;
    tally->border_th += lot->border_s * th;
    tally->gauge_th += lot->gauge_s * th;
    for (unsigned c = 0; c < KRN_WAIT_COUNT; c++)
        tally->wait_th[c] += lot->wait_s[c] * th;
    tally->usd += way->price_usd + lot->storage_usd;
    tally->kg += way->wtw_kg_co2e;
    krni_quantile_add(tally->door_h, door_s / KRNI_HOUR_S);
    total[KRN_TOTAL_DELIVERED_T] += t;
    total[KRN_TOTAL_LOTS] += 1.0;
    total[KRN_TOTAL_TEU] += stream->teu;
    total[KRN_TOTAL_TKM] += t * (way->rail_km + way->road_km + way->sea_km);
    total[KRN_TOTAL_PRICE_USD] += way->price_usd + lot->storage_usd;
    total[KRN_TOTAL_STORAGE_USD] += lot->storage_usd;
    total[KRN_TOTAL_WTW_KG_CO2E] += way->wtw_kg_co2e;
    count_indicators(run, lot, way, t);
}

/* ---- the end ---- */

static double over(double a, double b)
{
    return b > 0.0 ? a / b : NAN;
}

static void end_groups(krni_run *run)
{
    const krn_sim *sim = run->sim;
    for (uint32_t g = 0; g < sim->input.n_groups; g++) {
        krni_tally *tally = &run->tallies[g];
        double *m = &run->metrics[krn_sim_group_at(sim, g, 0)];
        m[KRN_GROUP_DELIVERED_T] = tally->t;
        m[KRN_GROUP_TEU] = tally->teu;
        m[KRN_GROUP_LOTS] = tally->lots;
        m[KRN_GROUP_MEAN_H] = over(tally->door_th, tally->t);
        m[KRN_GROUP_P10_H] = krni_quantile_at(tally->door_h, 0.1);
        m[KRN_GROUP_P50_H] = krni_quantile_at(tally->door_h, 0.5);
        m[KRN_GROUP_P90_H] = krni_quantile_at(tally->door_h, 0.9);
        m[KRN_GROUP_MOVING_H] = over(tally->moving_th, tally->t);
        m[KRN_GROUP_HANDLING_H] = over(tally->handling_th, tally->t);
        m[KRN_GROUP_BORDER_H] = over(tally->border_th, tally->t);
        m[KRN_GROUP_GAUGE_H] = over(tally->gauge_th, tally->t);
        for (unsigned c = 0; c < KRN_WAIT_COUNT; c++)
            m[KRN_GROUP_WAIT_H + c] = over(tally->wait_th[c], tally->t);
        m[KRN_GROUP_PRICE_USD_T] = over(tally->usd, tally->t);
        m[KRN_GROUP_WTW_KG_T] = over(tally->kg, tally->t);
    }
}

static void end_uses(krni_run *run)
{
    const krn_sim *sim = run->sim;
    const double now = krni_now(run), span = now - sim->count_s;
    for (uint32_t i = 0; i < sim->n_resources; i++) {
        const krni_resource_plan *plan = &sim->resources[i];
        krni_use *use = &run->uses[i];
        double *m = &run->metrics[krn_sim_use_at(sim, i, 0)];
        const bool service = plan->works == KRNI_WORKS_SERVICE;
        const double level = krni_level_mean(&use->level, now);
        mark(&use->full_since_s, &use->full_s, false, now);
        mark(&use->blocked_since_s, &use->blocked_s, false, now);
        m[KRN_USE_SHARE] = service ? over(use->busy_s, use->served) : over(level, plan->share_of);
        m[KRN_USE_SERVED] = use->served;
        m[KRN_USE_WAIT_H] = over(use->wait_s / KRNI_HOUR_S, use->n_waits);
        m[KRN_USE_QUEUE_T] = krni_level_mean(&use->queue_t, now);
        m[KRN_USE_QUEUE_MAX_T] = use->queue_t.greatest;
        m[KRN_USE_LOST_TD] = krni_level_integral(&use->queue_t, now) / KRNI_DAY_S;
        m[KRN_USE_LEVEL] = service ? NAN : level;
        m[KRN_USE_LEVEL_MAX] = service ? NAN : use->level.greatest;
        m[KRN_USE_FULL_H] = use->full_s / KRNI_HOUR_S;
        m[KRN_USE_BLOCKED_H] = use->blocked_s / KRNI_HOUR_S;
        krni_series_set(&use->week_queue, now, use->queue_t.value);
        if (!service)
            krni_series_set(&use->week_level, now, use->level.value);
        for (uint32_t w = 0; w < sim->n_weeks; w++) {
            double *share = &run->metrics[krn_sim_week_at(sim, i, w, KRN_WEEK_SHARE)];
            double *queue = &run->metrics[krn_sim_week_at(sim, i, w, KRN_WEEK_QUEUE_T)];
            const double width = fmin(KRNI_WEEK_S, span - w * KRNI_WEEK_S);
            *queue /= width;
            *share /=
                service ? fmax(1.0, use->served / fmax(1.0, span / width)) : width * plan->share_of;
        }
    }
}

static double measured_t(const krni_run *run)
{
    double t = 0.0;
    for (uint32_t i = 0; i < run->n_lots; i++)
        if (run->lots[i].live)
            t += run->sim->streams[run->lots[i].stream].tonnes;
    return t;
}

void krni_count_end(krni_run *run)
{
    double *total = run->totals;
    static const krn_sim_total pairs[4][2] = {
        {KRN_TOTAL_TFI1_RAIL_H, KRN_TOTAL_TFI1_ROAD_H},
        {KRN_TOTAL_TFI2_RAIL_USD, KRN_TOTAL_TFI2_ROAD_USD},
        {KRN_TOTAL_TFI3_RAIL_USD, KRN_TOTAL_TFI3_ROAD_USD},
        {KRN_TOTAL_SWOD_RAIL_KMH, KRN_TOTAL_SWOD_ROAD_KMH},
    };
    for (unsigned k = 0; k < 2; k++) {
        total[pairs[0][k]] = over(run->tfi1[k][0] / KRNI_HOUR_S, run->tfi1[k][1]);
        total[pairs[1][k]] = over(run->tfi2[k][0], run->tfi2[k][1]);
        total[pairs[2][k]] = over(run->tfi3[k][0], run->tfi3[k][1]);
        total[pairs[3][k]] = over(run->swod[k][0], run->swod[k][1] / KRNI_HOUR_S);
    }
    total[KRN_TOTAL_SWD_RAIL_KMH] = over(run->swd[0][0], run->swd[0][1] / KRNI_HOUR_S);
    total[KRN_TOTAL_SWD_ROAD_KMH] = over(run->swd[1][0], run->swd[1][1] / KRNI_HOUR_S);
    total[KRN_TOTAL_LEFT_T] = measured_t(run);
    const double lost = total[KRN_TOTAL_MADE_T] + total[KRN_TOTAL_BEGUN_T] -
                        total[KRN_TOTAL_DELIVERED_T] - total[KRN_TOTAL_LEFT_T];
    total[KRN_TOTAL_LOST_T] = fabs(lost) <= 1e-9 * (1.0 + run->made_all_t) ? 0.0 : lost;
    total[KRN_TOTAL_EVENTS] = (double)krni_engine_look(run->engine).n_handled;
    memcpy(run->metrics, total, sizeof run->totals);
    end_groups(run);
    end_uses(run);
}
