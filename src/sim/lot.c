/* SPDX-License-Identifier: Apache-2.0 */
/* lot.c - a lot on its way: what must hold before a step, the step, the next one.
 *
 *   before a step, in this order, asked again after each wait:
 *     papers     applied for when the lot is made, there after their lead
 *     dated      nothing closes the place, the border, the link, no ban holds
 *     hours      the calendar is open and no season closes it
 *   then, each held from there on:
 *     wagons     cargo on the ground, or that changes gauge
 *     room       ashore, before it is unloaded into a store
 *     resource   by the kind of the step
 *
 * Chance. A lot has a random number of its own for each of its steps: a function of seed, names of
 * origin, destination, commodity and activity, replication and the lot's serial number. So a lot
 * has the same luck in every scenario, whatever else is on the way. What is aboard of one ship
 * shares the ship's luck. Weather is the same for all at a place on one day. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include <keruen/duration.h>

#include "base/error.h"
#include "base/random.h"
#include "model/route_draft.h"
#include "sim/corridor.h"
#include "sim/random_stream.h"

enum { PROCESS_RELEASE = 8 };

double krni_lot_chance(const krni_run *run, const krni_lot *lot, unsigned index)
{
    const krni_step *step = krni_step_of(run, lot);
    uint64_t source = step->source, block = lot->serial;
    assert(index < 4);
    if (lot->ship != NONE) {
        source = step->common ^ run->ships[lot->ship].source;
        block = run->ships[lot->ship].departure;
    }
    uint32_t words[4];
    krni_random_stream(run->sim->input.seed, source, (uint64_t)run->replication << 32 | block,
                       words);
    return krni_random_prob(words[index]);
}

double krni_draw_s(const krni_run *run, krn_duration law, double chance)
{
    const double hours =
        run->sim->input.typical ? law.typical_h : krn_duration_quantile_h(law, chance);
    return (double)krni_seconds(hours);
}

static krn_status tell(krni_run *run, const krni_lot *lot, krn_sim_trace_kind kind,
                       uint32_t resource, krn_error *err)
{
    if (!run->trace)
        return KRN_OK;
    const krni_course *way = &run->sim->ways[lot->way];
    const bool on_step = kind != KRN_TRACE_MADE && kind != KRN_TRACE_DELIVERED;
    const krn_sim_trace_event event = {
        .at = run->sim->begin + (krn_time)floor(krni_now(run)),
        .kind = kind,
        .lot = lot->number,
        .stream = lot->stream,
        .way = lot->way - run->sim->streams[lot->stream].first_way,
        .tonnes = run->sim->streams[lot->stream].tonnes,
        .activity = {on_step ? run->sim->steps[way->first_step + lot->at].activity : KRN_NO_ID},
        .cause = lot->cause,
        .resource = resource,
    };
    return run->trace(run->trace_context, &event, err);
}

/* ---- waiting ---- */

krn_status krni_lot_wait(krni_run *run, uint32_t index, krn_sim_cause cause, uint32_t resource,
                         krn_error *err)
{
    krni_lot *lot = &run->lots[index];
    assert(isnan(lot->since_s));
    lot->since_s = krni_now(run);
    lot->cause = cause;
    lot->waits_for = resource;
    if (resource != NONE)
        krni_use_queue(run, resource, run->sim->streams[lot->stream].tonnes);
    return tell(run, lot, KRN_TRACE_WAIT, resource, err);
}

void krni_lot_go(krni_run *run, uint32_t index)
{
    krni_lot *lot = &run->lots[index];
    if (isnan(lot->since_s))
        return;
    const double waited = krni_now(run) - lot->since_s;
    lot->wait_s[lot->cause] += waited;
    if (lot->waits_for != NONE) {
        krni_use_queue(run, lot->waits_for, -run->sim->streams[lot->stream].tonnes);
        krni_use_waited(run, lot->waits_for, waited);
    }
    lot->since_s = NAN;
}

/* ---- a step ---- */

/* What a season adds now: the same for all at a place on one day. */
static double weather_s(const krni_run *run, const krni_step *step)
{
    const krn_network *net = run->sim->network;
    uint32_t node, link;
    krni_activity_season(net, step->activity, &node, &link);
    const krn_time now = run->sim->begin + (krn_time)floor(krni_now(run));
    const krn_season_effect effect = krn_season_at(net->calendars, node, link, now);
    if (effect.closed || !(effect.delay.high_h > 0.0))
        return 0.0;
    uint32_t words[4];
    krni_random_stream(run->sim->input.seed, step->weather,
                       (uint64_t)run->replication << 32 | (uint32_t)(now / KRN_SECONDS_PER_DAY),
                       words);
    return krni_draw_s(run, effect.delay, krni_random_prob(words[0]));
}

void krni_lot_moved(const krni_run *run, krni_lot *lot, double seconds)
{
    const uint8_t mode = krni_step_of(run, lot)->mode;
    lot->moving_s += seconds;
    lot->moving_rail_s += mode == KRN_RAIL ? seconds : 0.0;
    lot->moving_road_s += mode == KRN_ROAD ? seconds : 0.0;
}

void krni_lot_book(const krni_run *run, krni_lot *lot, double seconds)
{
    switch ((krn_activity_kind)krni_step_of(run, lot)->kind) {
    case KRN_HAUL:
    case KRN_RIDE:
        krni_lot_moved(run, lot, seconds);
        break;
    case KRN_CROSS:
        lot->border_s += seconds;
        break;
    case KRN_GAUGE_CHANGE:
        lot->gauge_s += seconds;
        break;
    default:
        lot->handling_s += seconds;
    }
}

krn_status krni_lot_start(krni_run *run, uint32_t index, double *out_s, krn_error *err)
{
    krni_lot *lot = &run->lots[index];
    const krni_step *step = krni_step_of(run, lot);
    krni_lot_go(run, index);
    lot->stage = 3;
    double seconds = krni_draw_s(run, step->duration, krni_lot_chance(run, lot, 0));
    krni_lot_book(run, lot, seconds);
    if (run->sim->input.unlimited) { /* wait for a departure known by its frequency */
        double wait = krni_draw_s(run, step->wait, krni_lot_chance(run, lot, 1));
        if (run->sim->input.typical) /* to the second as a plan has it: rounded once */
            wait = (double)krni_seconds(step->duration.typical_h + step->wait.typical_h) - seconds;
        lot->wait_s[KRN_WAIT_DEPARTURE] += wait;
        seconds += wait;
    }
    if (step->seasonal) {
        const double delay = weather_s(run, step);
        lot->wait_s[KRN_WAIT_WEATHER] += delay;
        seconds += delay;
    }
    *out_s = seconds;
    return tell(run, lot, KRN_TRACE_START, step->resource, err);
}

krn_status krni_lot_put(krni_run *run, uint32_t index, krn_error *err)
{
    run->lots[index].stage = 3;
    run->lots[index].put_s = krni_now(run);
    return tell(run, &run->lots[index], KRN_TRACE_START,
                krni_step_of(run, &run->lots[index])->resource, err);
}

void krni_lot_done_in(krni_run *run, uint32_t lot, double seconds)
{
    (void)krni_engine_in(run->engine, seconds, (krni_event){.kind = KRNI_ON_DONE, .entity = lot});
}

/* Hours of a crossing and of the way on land, for the indicators. */
static void book_land(krni_run *run, krni_lot *lot, const krni_step *step)
{
    const double stay = krni_now(run) - lot->step_s;
    const bool on_rails = step->mode == KRN_RAIL, on_road = step->mode == KRN_ROAD;
    const bool way =
        step->kind == KRN_HAUL || step->kind == KRN_RIDE || step->kind == KRN_GAUGE_CHANGE;
    if (step->kind == KRN_CROSS) {
        lot->cross_rail_s += on_rails ? stay : 0.0;
        lot->cross_road_s += on_road ? stay : 0.0;
    }
    if (way || step->kind == KRN_CROSS) {
        lot->land_rail_s += on_rails ? stay : 0.0;
        lot->land_road_s += on_road ? stay : 0.0;
    }
}

static void deliver(krni_run *run, uint32_t index)
{
    krni_lot *lot = &run->lots[index];
    const double tonnes = run->sim->streams[lot->stream].tonnes;
    run->delivered_all_t += tonnes;
    run->under_way_t -= tonnes;
    if (run->counting)
        krni_count_delivered(run, lot);
    assert(!lot->claim.id && !lot->store.id && lot->ship == NONE);
    lot->live = false;
    lot->next = run->free_lot;
    run->free_lot = index;
}

krn_status krni_lot_done(krni_run *run, uint32_t index, krn_error *err)
{
    krni_lot *lot = &run->lots[index];
    const krni_step *step = krni_step_of(run, lot);
    book_land(run, lot, step);
    krn_status st = tell(run, lot, KRN_TRACE_END, NONE, err);
    if (!st && step->drops_wagons)
        st = krni_wagons_home(run, index, err);
    if (st)
        return st;
    lot = &run->lots[index];
    if (lot->fresh.id) {
        assert(!lot->wagons.id);
        lot->wagons = lot->fresh;
        lot->wagon_pool = lot->fresh_pool;
        lot->n_wagons = lot->n_fresh;
        lot->wagon_step = lot->at;
        lot->fresh = (krni_claim){0};
    }
    if (step->leaves_store)
        krni_store_leave(run, index);
    if (step->kind == KRN_ALIGHT)
        krni_ship_left(run, index);
    lot->at++;
    lot->stage = 0;
    lot->step_s = krni_now(run);
    if (lot->at < run->sim->ways[lot->way].n_steps)
        return krni_lot_begin(run, index, err);
    if (lot->wagons.id)
        st = krni_wagons_home(run, index, err);
    lot = &run->lots[index];
    if (!st)
        st = tell(run, lot, KRN_TRACE_DELIVERED, NONE, err);
    deliver(run, index);
    return st;
}

static krn_status on_done(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    (void)engine;
    return krni_lot_done(model, event.entity, err);
}

/* ---- before a step ---- */

static void again_at(krni_run *run, uint32_t lot, double at)
{
    (void)krni_engine_at(run->engine, at, (krni_event){.kind = KRNI_ON_BEGIN, .entity = lot});
}

/* Next start by hours and seasons, and in free flow by timetable; waits if that is not now. */
static krn_status wait_for_clock(krni_run *run, uint32_t index, bool *out_waits, krn_error *err)
{
    krni_lot *lot = &run->lots[index];
    const krni_step *step = krni_step_of(run, lot);
    const krn_network *net = run->sim->network;
    krn_activity words;
    krn_time start = KRN_TIME_NONE;
    const krn_time now = run->sim->begin + (krn_time)floor(krni_now(run));
    krn_network_activity(net, (krn_activity_id){step->activity}, &words);
    if (!run->sim->input.unlimited)
        words.kind = KRN_ALIGHT; /* departures are events of the service */
    krn_arena_reset(run->look);
    const krn_status st = krni_activity_next_start(net, (krn_activity_id){step->activity}, &words,
                                                   now, run->look, &start, err);
    if (st)
        return st;
    const double at =
        start == KRN_TIME_NONE ? run->sim->end_s + KRNI_DAY_S : (double)(start - run->sim->begin);
    *out_waits = at > krni_now(run);
    if (!*out_waits)
        return KRN_OK;
    uint32_t node, link;
    krni_activity_season(net, step->activity, &node, &link);
    const bool season = krn_season_at(net->calendars, node, link, now).closed;
    const krn_sim_cause cause = season                    ? KRN_WAIT_WEATHER
                                : step->kind == KRN_BOARD ? KRN_WAIT_DEPARTURE
                                                          : KRN_WAIT_HOURS;
    again_at(run, index, at);
    return krni_lot_wait(run, index, cause, NONE, err);
}

static krn_status hand_over(krni_run *run, uint32_t index, krn_error *err)
{
    krni_lot *lot = &run->lots[index];
    const krni_step *step = krni_step_of(run, lot);
    const bool rails = step->section != NONE;
    double seconds;
    if (step->kind == KRN_BOARD && step->service != NONE && !run->sim->input.unlimited)
        return krni_board_begin(run, index, err);
    if (step->kind == KRN_ALIGHT && !run->sim->input.unlimited)
        return krni_alight_begin(run, index, err);
    if (rails && !run->sim->input.unlimited)
        return krni_train_begin(run, index, err);
    if (step->resource != NONE && !rails && !run->sim->input.unlimited)
        return krni_queue_begin(run, index, err);
    const krn_status st = krni_lot_start(run, index, &seconds, err);
    const double stay = fmax(seconds, krni_border_least_s(run, lot));
    krni_lot_book(run, lot, stay - seconds);
    krni_lot_done_in(run, index, stay);
    return st;
}

/* Until a dated event is over: looks again then, in the order of coming. */
static krn_status wait_for_dated(krni_run *run, uint32_t index, krn_error *err)
{
    krni_lot *lot = &run->lots[index];
    lot->next = NONE;
    if (run->dated_last == NONE)
        run->dated_first = index;
    else
        run->lots[run->dated_last].next = index;
    run->dated_last = index;
    return krni_lot_wait(run, index, KRN_WAIT_CLOSURE, krni_step_of(run, lot)->resource, err);
}

krn_status krni_lot_begin(krni_run *run, uint32_t index, krn_error *err)
{
    krni_lot_go(run, index);
    krni_lot *lot = &run->lots[index];
    const krni_step *step = krni_step_of(run, lot);
    assert(lot->live && lot->stage < 3);
    if (lot->stage == 0) {
        if (krni_now(run) < lot->made_s + step->gate_s) {
            again_at(run, index, lot->made_s + step->gate_s);
            return krni_lot_wait(run, index, KRN_WAIT_PAPERS, NONE, err);
        }
    }
    /* closures also hold who has got wagons or room meanwhile; he keeps them */
    if (run->active & (step->closing | (lot->stage == 0 ? step->bans : 0)))
        return wait_for_dated(run, index, err);
    if (lot->stage == 0) {
        if (step->clocked) {
            bool waits = false;
            const krn_status st = wait_for_clock(run, index, &waits, err);
            if (st || waits)
                return st;
        }
        lot->stage = 1;
        if (step->wagons != NONE && !run->sim->input.unlimited)
            return krni_wagons_ask(run, index, err);
    }
    if (lot->stage == 1) {
        lot->stage = 2;
        if (step->store != NONE && !run->sim->input.unlimited)
            return krni_store_ask(run, index, err);
    }
    return hand_over(run, index, err);
}

static krn_status on_begin(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    (void)engine;
    return krni_lot_begin(model, event.entity, err);
}

/* ---- lots are made ---- */

/* Instant at which the cumulated demand of a stream reaches so many lots; end_s + 1 when it does
 * not within the run. made_slots: demand cumulated up to the begin of each month of the run. */
static double release_at(const krn_sim *sim, const krni_flow *stream, double lots)
{
    const double *sum = stream->made_slots;
    for (uint32_t m = 0; m < sim->n_months; m++)
        if (sum[m + 1] >= lots && sum[m + 1] > sum[m])
            return sim->month_s[m] + (sim->month_s[m + 1] - sim->month_s[m]) *
                                         fmax(0.0, (lots - sum[m]) / (sum[m + 1] - sum[m]));
    return sim->end_s + 1.0;
}

void krni_release_plan(krni_run *run, uint32_t index)
{
    const krn_sim *sim = run->sim;
    const krni_flow *stream = &sim->streams[index];
    const uint32_t serial = run->released[index];
    double at = sim->end_s + 1.0;
    if (stream->ready_s) {
        if (serial < stream->n_ready)
            at = stream->ready_s[serial];
    } else {
        uint32_t words[4];
        krni_random_stream(sim->input.seed, stream->source ^ krni_source_id(PROCESS_RELEASE, ""),
                           (uint64_t)run->replication << 32 | serial, words);
        const double within = sim->input.typical ? 0.5 : krni_random_prob(words[0]);
        at = floor(release_at(sim, stream, (double)serial + within));
    }
    if (at < sim->end_s)
        (void)krni_engine_at(run->engine, fmax(at, krni_now(run)),
                             (krni_event){.kind = KRNI_ON_RELEASE, .entity = index});
}

/* Seconds from now on until the last of these dated events is over. */
static double events_s(const krni_run *run, uint64_t bits)
{
    double seconds = 0.0;
    for (uint32_t i = 0; bits && i < run->sim->input.n_events; i++, bits >>= 1)
        if (bits & 1) {
            const krn_time to = run->sim->input.events[i].to;
            seconds = fmax(seconds, (double)(to - run->sim->begin) - krni_now(run));
        }
    return seconds;
}

/* Hours that the queues and closures of this moment would add on a way; one for locomotives counts
 * once, and who waits for the end of one closure does not wait for another. */
static double queues_h(const krni_run *run, const krni_course *way)
{
    const krn_sim *sim = run->sim;
    double seconds = 0.0, closed_s = 0.0;
    uint32_t last_pool = NONE;
    for (uint32_t k = 0; k < way->n_steps; k++) {
        const krni_step *step = &sim->steps[way->first_step + k];
        const uint32_t needs[4] = {step->resource, step->wagons, step->store, step->berths};
        for (unsigned i = 0; i < 4; i++)
            if (needs[i] != NONE)
                seconds += krni_use_delay_s(run, needs[i]);
        const uint32_t pool =
            step->section != NONE ? sim->sections[step->section].locomotives : NONE;
        if (pool != NONE && pool != last_pool)
            seconds += krni_use_delay_s(run, pool);
        last_pool = pool != NONE ? pool : last_pool;
        const uint64_t closing = run->active & (step->closing | step->bans);
        if (closing)
            closed_s = fmax(closed_s, events_s(run, closing));
    }
    return (seconds + closed_s) / KRNI_HOUR_S;
}

static uint32_t way_by_shares(const krni_run *run, const krni_flow *stream, uint32_t serial)
{
    uint32_t words[4];
    krni_random_stream(run->sim->input.seed, stream->source ^ krni_source_id(PROCESS_RELEASE, ""),
                       (uint64_t)run->replication << 32 | serial, words);
    double left = krni_random_prob(words[1]);
    for (uint32_t k = 0; k < stream->n_ways; k++) {
        left -= run->sim->ways[stream->first_way + k].share;
        if (left < 0.0)
            return stream->first_way + k;
    }
    return stream->first_way + stream->n_ways - 1;
}

/* Least generalised cost; with queues, those within the patience before all others, and if there
 * are none the shortest queues. */
static uint32_t way_by_cost(const krni_run *run, const krni_flow *stream, bool queues)
{
    uint32_t best = stream->first_way;
    double least = INFINITY;
    bool best_long = true;
    for (uint32_t k = 0; k < stream->n_ways; k++) {
        const krni_course *way = &run->sim->ways[stream->first_way + k];
        const double wait_h = queues ? queues_h(run, way) : 0.0;
        const bool too_long = wait_h > run->sim->input.patience_h;
        const double measure =
            too_long ? wait_h : way->general_usd + stream->value_of_time_usd_h * wait_h;
        if (too_long == best_long ? measure < least : best_long) {
            least = measure;
            best_long = too_long;
            best = stream->first_way + k;
        }
    }
    return best;
}

static uint32_t choose_way(const krni_run *run, const krni_flow *stream, uint32_t serial)
{
    const krn_sim_input *in = &run->sim->input;
    if (in->routing == KRN_ROUTING_BEST)
        return way_by_cost(run, stream, false);
    const uint32_t way = way_by_shares(run, stream, serial);
    if (in->routing == KRN_ROUTING_LOGIT || queues_h(run, &run->sim->ways[way]) <= in->patience_h)
        return way;
    return way_by_cost(run, stream, true);
}

static krn_status new_lot(krni_run *run, uint32_t *out, krn_error *err)
{
    *out = run->free_lot;
    if (*out != NONE) {
        run->free_lot = run->lots[*out].next;
        return KRN_OK;
    }
    const krn_status st = krni_pool_grow((void **)&run->lots, sizeof *run->lots, run->n_lots,
                                         &run->lots_capacity, err);
    if (!st)
        *out = run->n_lots++;
    return st;
}

krn_status krni_release(krni_run *run, uint32_t index, krn_error *err)
{
    const krni_flow *stream = &run->sim->streams[index];
    uint32_t at;
    const krn_status st = new_lot(run, &at, err);
    if (st)
        return st;
    const uint32_t serial = run->released[index]++;
    krni_lot *lot = &run->lots[at];
    memset(lot, 0, sizeof *lot);
    lot->stream = index;
    lot->serial = serial;
    lot->number = ++run->n_numbers;
    lot->way = choose_way(run, stream, serial);
    lot->next = lot->ship = lot->waits_for = lot->wagon_pool = lot->store_resource = NONE;
    lot->made_s = lot->step_s = krni_now(run);
    lot->since_s = NAN;
    lot->live = true;
    run->made_all_t += stream->tonnes;
    run->under_way_t += stream->tonnes;
    if (run->counting)
        run->totals[KRN_TOTAL_MADE_T] += stream->tonnes;
    krni_release_plan(run, index);
    const krn_status told = tell(run, lot, KRN_TRACE_MADE, NONE, err);
    return told ? told : krni_lot_begin(run, at, err);
}

static krn_status on_release(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    (void)engine;
    return krni_release(model, event.entity, err);
}

void krni_lots_on(krni_run *run)
{
    krni_run_on(run, KRNI_ON_RELEASE, on_release);
    krni_run_on(run, KRNI_ON_BEGIN, on_begin);
    krni_run_on(run, KRNI_ON_DONE, on_done);
}
