/* SPDX-License-Identifier: Apache-2.0 */
/* route_time.c - when each step of a route starts and ends.
 *
 *   arrive      gate          opening, season, departure      start         end
 *     |----------|-----------------------|---------------------|=============|
 *     papers not there     place closed, ship not yet leaving     typical time
 *
 * A step starts at the first instant at which all hold: the papers asked for there are ready, the
 * calendar is open, no season closes node or link, and (by timetable) a departure leaves. It lasts
 * its expected time rounded to whole seconds, the same rounding as in the search, so that a route
 * built here arrives exactly when the search said. A wait that is known by frequency only lies
 * inside the step. */
#include <assert.h>
#include <math.h>

#include "base/error.h"
#include "model/route_draft.h"

#define HORIZON_DAYS   400
#define FIRST_LOOK_DAY 15
#define MOST_TURNS     4000 /* calendar, season and timetable in turn; each moves on by an interval */

/* Next departure by timetable; at itself for a service known by frequency. */
static krn_status next_departure(const krn_network *network, krn_activity_id id, krn_time at,
                                 krn_arena *arena, krn_time *out, krn_error *err)
{
    *out = KRN_TIME_NONE;
    for (int days = FIRST_LOOK_DAY; *out == KRN_TIME_NONE; days *= 3) {
        const int look = days < HORIZON_DAYS ? days : HORIZON_DAYS;
        uint32_t n = 0;
        krn_time *times = NULL;
        bool by_frequency = false;
        const krn_status st =
            krn_network_departures(network, id, at, at + (krn_time)look * KRN_SECONDS_PER_DAY,
                                   arena, &n, &times, &by_frequency, err);
        if (st)
            return st;
        if (by_frequency)
            *out = at;
        else if (n > 0)
            *out = times[0];
        if (look == HORIZON_DAYS)
            break;
    }
    assert(*out == KRN_TIME_NONE || *out >= at);
    return KRN_OK;
}

krn_status krni_activity_next_start(const krn_network *network, krn_activity_id id,
                                    const krn_activity *words, krn_time at, krn_arena *arena,
                                    krn_time *out, krn_error *err)
{
    const krn_calendar_book *book = network->calendars;
    const krn_time limit = at + (krn_time)HORIZON_DAYS * KRN_SECONDS_PER_DAY;
    krn_time now = at;
    uint32_t season_node, season_link;
    krni_activity_season(network, id.index, &season_node, &season_link);
    *out = KRN_TIME_NONE;
    for (int turn = 0; turn < MOST_TURNS && now <= limit; turn++) {
        const krn_time before = now;
        now = krn_calendar_next_open(book, words->calendar, words->from_node, now);
        if (now == KRN_TIME_NONE)
            return KRN_OK;
        const krn_season_effect season = krn_season_at(book, season_node, season_link, now);
        if (season.closed) {
            if (season.until <= now)
                return KRN_OK;
            now = season.until;
            continue;
        }
        if (words->kind == KRN_BOARD) {
            const krn_status st = next_departure(network, id, now, arena, &now, err);
            if (st)
                return st;
            if (now == KRN_TIME_NONE)
                return KRN_OK;
        }
        if (now == before) {
            *out = now;
            return KRN_OK;
        }
    }
    return KRN_OK;
}

/* Figures behind the numbers of a step, and the weakest of their qualities. */
static void fill_figures(const krni_draft *draft, const krn_activity *words, krn_step *step)
{
    const krn_package *package = draft->package;
    step->time_figure = words->figure;
    step->length_figure = krn_figure_none();
    step->emission_figure = krn_figure_none();
    step->quality = KRN_PUBLISHED;
    if (words->figure.table < KRN_TABLE_COUNT)
        step->quality = krn_package_quality(package, words->figure);
    if (words->kind != KRN_HAUL && words->kind != KRN_RIDE)
        return;
    if (words->link != KRN_NO_ROW && step->length_km > 0.0) {
        step->length_figure = krni_figure(KRN_TABLE_LINK, words->link, LINK_LENGTH);
        step->quality =
            krn_quality_weakest(step->quality, krn_package_quality(package, step->length_figure));
    }
    uint32_t vehicle = KRN_NO_ROW;
    if (words->trip != KRN_NO_ROW)
        vehicle = krni_ref(package, KRN_TABLE_TRIP, words->trip, TRIP_VEHICLE_ID);
    const krn_emission_factor factor =
        krn_emission_find(draft->network->emissions, words->mode, draft->load->cargo_class,
                          words->electrified, words->country, vehicle);
    if (factor.figure.table < KRN_TABLE_COUNT && step->length_km > 0.0) {
        step->emission_figure = factor.figure;
        step->quality = krn_quality_weakest(step->quality, factor.quality);
    }
}

static krn_status no_start(const krni_draft *draft, const krn_activity *words)
{
    return krni_fail(draft->err, KRN_E_NO_ROUTE, "%s at %s does not open within %d days",
                     krn_activity_kind_name(words->kind),
                     krni_text(draft->package, KRN_TABLE_NODE, words->from_node, NODE_NAME),
                     HORIZON_DAYS);
}

krn_status krni_route_times(krni_draft *draft, const krn_activity_id *activities, krn_time start)
{
    krn_time now = start;
    for (uint32_t i = 0; i < draft->n_steps; i++) {
        const krn_activity_cost *cost = &draft->costs[activities[i].index];
        krn_activity *words = &draft->words[i];
        krn_step *step = &draft->steps[i];
        krn_network_activity(draft->network, activities[i], words);
        step->activity = activities[i];
        step->kind = words->kind;
        step->from_node = words->from_node;
        step->to_node = words->to_node;
        step->arrive = now;
        step->gate = KRN_TIME_NONE;
        if (draft->papers_from != KRN_TIME_NONE && cost->gate_h > 0.0) {
            step->gate = draft->papers_from + krni_seconds(cost->gate_h);
            now = now < step->gate ? step->gate : now;
        }
        const krn_status st = krni_activity_next_start(draft->network, activities[i], words, now,
                                                       draft->arena, &step->start, draft->err);
        if (st)
            return st;
        if (step->start == KRN_TIME_NONE)
            return no_start(draft, words);
        now = step->end = step->start + krni_seconds(cost->expected_h);
        step->duration = cost->duration;
        step->wait = cost->wait;
        step->length_km = words->length_km;
        step->wtw_kg_co2e = cost->wtw_kg_co2e;
        step->ttw_kg_co2e = cost->ttw_kg_co2e;
        step->handlings = words->handlings;
        step->n_vehicles = cost->n_vehicles;
        if (!draft->memo)
            fill_figures(draft, words, step);
        assert(step->arrive <= step->start && step->start <= step->end);
    }
    return KRN_OK;
}
