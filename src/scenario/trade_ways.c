/* SPDX-License-Identifier: Apache-2.0 */
/* trade_ways.c - rows of demand to ways with all that is known of them before anything is spread.
 *
 *   krn_sim_prepare: rows, ways        krn_sim_new, krn_sim_way_uses: resources, units of a lot
 *                     \                 /
 *     way = price, free hours, kg CO2e of a tonne + units of a tonne by resource
 *
 * Free hours of every way are found alike: from the ready time of the question on, typical times,
 * papers there ahead as with regular trade, opening hours and departures waited for, nobody else
 * about. Resources keep one number over several layouts: they are known by name. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/text.h"
#include "model/tables.h"
#include "model/way_words.h"
#include "scenario/resource_name.h"
#include "scenario/trade_desk.h"

#define HALF_YEAR_D 182

bool krni_trade_room(krn_arena *arena, void **list, size_t size, uint32_t n, uint32_t *capacity)
{
    if (n < *capacity)
        return true;
    const uint32_t more = *capacity ? 2 * *capacity : 8;
    void *grown = krn_arena_calloc(arena, more, size);
    if (!grown)
        return false;
    if (n)
        memcpy(grown, *list, n * size);
    *list = grown;
    *capacity = more;
    return true;
}

/* ---- resources ---- */

/* Number of a resource of a layout, made new when its name is. */
static krn_status number_of(krni_trade_desk *d, const krn_sim *sim, uint32_t resource,
                            uint32_t *out, krn_error *err)
{
    const char *name = krni_resource_key(sim, resource, d->arena);
    if (!name)
        return krni_fail_memory(err);
    for (*out = 0; *out < d->n_means; ++*out)
        if (strcmp(d->means[*out].name, name) == 0)
            return KRN_OK;
    if (!krni_trade_room(d->arena, (void **)&d->means, sizeof *d->means, d->n_means,
                         &d->means_capacity))
        return krni_fail_memory(err);
    krni_trade_means *m = &d->means[d->n_means++];
    *m = (krni_trade_means){.words = krn_sim_resource_at(sim, resource), .name = name};
    m->capacity = krni_trade_capacity(&m->words);
    return KRN_OK;
}

/* Takes of a way, and the same by resource. */
static krn_status take_uses(krni_trade_desk *d, double lots_a_day, const uint32_t *numbers,
                            const krn_sim_way_use *uses, uint32_t n, krni_trade_known *way,
                            krn_error *err)
{
    const krni_trade_lane *lane = &d->lanes[way->lane];
    way->takes = krn_arena_calloc(d->arena, n + 1u, sizeof *way->takes);
    way->uses = krn_arena_calloc(d->arena, n + 1u, sizeof *way->uses);
    if (!way->takes || !way->uses)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t resource = numbers[uses[i].resource];
        const double units = uses[i].quantity / lane->lot_t;
        assert(units >= 0);
        way->takes[way->n_takes++] = (krni_trade_take){uses[i].activity, resource, units};
        if (!d->means[resource].mixed)
            krni_resource_mix_add(&d->means[resource].mix, lots_a_day, uses[i].quantity,
                                  uses[i].occupy_h);
        uint32_t k = 0;
        while (k < way->n_uses && way->uses[k].resource != resource)
            k++;
        if (k == way->n_uses)
            way->uses[way->n_uses++] = (krn_path_use){.resource = resource};
        way->uses[k].units += units;
        way->uses[k].weight += lane->value_usd_t_h;
    }
    return KRN_OK;
}

/* ---- layouts ---- */

/* New ways first..n_ways-1, by lane in order, as streams of a simulation. */
static krn_status lay_out(krni_trade_desk *d, uint32_t first, krn_sim **out, krn_error *err)
{
    const uint32_t n = d->n_ways - first;
    krn_sim_stream *streams = krn_arena_calloc(d->scratch, n, sizeof *streams);
    krn_sim_way *ways = krn_arena_calloc(d->scratch, n, sizeof *ways);
    if (!streams || !ways)
        return krni_fail_memory(err);
    uint32_t n_streams = 0;
    for (uint32_t i = 0; i < n; i++) {
        const krni_trade_known *known = &d->ways[first + i];
        const krni_trade_lane *lane = &d->lanes[known->lane];
        if (!i || known->lane != d->ways[first + i - 1].lane) {
            krn_sim_stream *s = &streams[n_streams++];
            *s = (krn_sim_stream){.lot = lane->lot, .papers_ahead = true, .ways = &ways[i]};
            for (uint32_t m = 0; m < KRN_MONTHS; m++)
                s->month_share[m] = 1.0 / KRN_MONTHS;
        }
        streams[n_streams - 1].n_ways++;
        ways[i] = (krn_sim_way){.activities = known->words.activities,
                                .n_activities = known->words.n_activities};
    }
    const krn_time half = (krn_time)HALF_YEAR_D * KRN_SECONDS_PER_DAY;
    const krn_sim_input input = {.network = d->network,
                                 .streams = streams,
                                 .n_streams = n_streams,
                                 .n_groups = 1,
                                 .start = d->question->ready - half,
                                 .days = KRNI_TRADE_DAYS,
                                 .routing = KRN_ROUTING_BEST,
                                 .typical = true};
    return krn_sim_new(&input, out, err);
}

/* Lots a day of a way by logit at no load among all of its row; without a spread all alike. A row
 * that asks nothing counts as one lot a day, so that laws do not hang on the demand's scale. */
static double first_lots(const krni_trade_desk *d, uint32_t way)
{
    const krni_trade_lane *lane = &d->lanes[d->ways[way].lane];
    const double own = krni_trade_fixed_usd_t(d, &d->ways[way]);
    double sum = 0;
    for (uint32_t i = 0; i < lane->n_ways; i++) {
        const double other = krni_trade_fixed_usd_t(d, &d->ways[lane->ways[i]]);
        sum += d->spread_usd_t > 0 ? exp((own - other) / d->spread_usd_t) : 1;
    }
    return (lane->day_t > 0 ? lane->day_t / lane->lot_t : 1) / sum;
}

/* What the new ways use, in the numbers of the desk. */
static krn_status read_uses(krni_trade_desk *d, uint32_t first, const krn_sim *sim, krn_error *err)
{
    const uint32_t n = krn_sim_resources(sim);
    uint32_t *numbers = krn_arena_calloc(d->scratch, n + 1u, sizeof *numbers);
    krn_status status = numbers ? KRN_OK : krni_fail_memory(err);
    for (uint32_t i = 0; i < n && !status; i++)
        status = number_of(d, sim, i, &numbers[i], err);
    uint32_t stream = 0, way = 0;
    for (uint32_t i = first; i < d->n_ways && !status; i++, way++) {
        if (i > first && d->ways[i].lane != d->ways[i - 1].lane) {
            stream++;
            way = 0;
        }
        uint32_t n_uses = 0;
        krn_sim_way_use *uses = NULL;
        status = krn_sim_way_uses(sim, stream, way, d->scratch, &n_uses, &uses, err);
        if (!status)
            status = take_uses(d, first_lots(d, i), numbers, uses, n_uses, &d->ways[i], err);
    }
    for (uint32_t i = 0; i < d->n_means; i++)
        d->means[i].mixed = true;
    return status;
}

/* ---- one way ---- */

/* Modes of legs of weight, in order: "rail-sea". */
static const char *modes_of(krni_trade_desk *d, const krn_route *r)
{
    krni_writer w;
    krni_writer_init(&w, d->arena);
    bool any = false;
    krn_mode last = KRN_RAIL;
    for (int pass = 0; pass < 2 && !any; pass++)
        for (uint32_t i = 0; i < r->n_legs; i++) {
            const krn_leg *leg = &r->legs[i];
            if ((!pass && krni_is_short_leg(d->network, r, leg)) || (any && leg->mode == last))
                continue;
            krni_writef(&w, "%s%s", any ? "-" : "", krn_mode_name(leg->mode));
            last = leg->mode;
            any = true;
        }
    return krni_writer_text(&w);
}

static void add_km(krn_trade_way *words, const krn_route *r)
{
    for (uint32_t i = 0; i < r->n_legs; i++) {
        const double km = r->legs[i].length_km;
        words->rail_km += r->legs[i].mode == KRN_RAIL ? km : 0;
        words->road_km += r->legs[i].mode == KRN_ROAD ? km : 0;
        words->sea_km += r->legs[i].mode == KRN_SEA ? km : 0;
    }
}

/* Price, hours and words of a chain of activities; KRN_E_NO_ROUTE: it cannot be gone. */
static krn_status measure(krni_trade_desk *d, const krni_trade_chain *chain, const krn_load *load,
                          const krn_activity_cost *costs, krn_arena *work, krni_trade_known *out,
                          krn_error *err)
{
    const krni_trade_lane *lane = &d->lanes[chain->lane];
    krn_route r;
    const krn_status status =
        krn_route_build(d->network, &lane->lot, load, costs, chain->activities, chain->n_activities,
                        d->question->ready, KRN_TIME_NONE, work, &r, err);
    if (status)
        return status;
    const double t = lane->lot_t, kg = r.wtw_kg_co2e / t;
    *out = (krni_trade_known){
        .lane = chain->lane,
        .size = 1,
        .quality = r.quality,
        .words = {.n_activities = chain->n_activities,
                  .price_usd_t = r.cost_usd / t,
                  .emission_usd_t = kg / 1000.0 * d->question->emission_usd_t,
                  .free_h = (double)(r.arrival - d->question->ready) / KRN_SECONDS_PER_HOUR,
                  .wtw_kg_t = kg,
                  .handlings = r.handlings}};
    krn_activity_id *activities =
        krn_arena_alloc(d->arena, chain->n_activities * sizeof *activities);
    krni_writer w;
    krni_writer_init(&w, d->arena);
    krni_write_brief_way(&w, d->network, &r);
    out->words.words = krni_writer_text(&w);
    out->words.modes = modes_of(d, &r);
    if (!activities || !out->words.words || !out->words.modes)
        return krni_fail_memory(err);
    memcpy(activities, chain->activities, chain->n_activities * sizeof *activities);
    out->words.activities = activities;
    add_km(&out->words, &r);
    return KRN_OK;
}

bool krni_trade_is_known(const krni_trade_desk *d, const krni_trade_chain *chain)
{
    const krni_trade_lane *lane = &d->lanes[chain->lane];
    for (uint32_t i = 0; i < lane->n_ways; i++) {
        const krn_trade_way *w = &d->ways[lane->ways[i]].words;
        if (w->n_activities == chain->n_activities &&
            memcmp(w->activities, chain->activities,
                   chain->n_activities * sizeof *chain->activities) == 0)
            return true;
    }
    return false;
}

/* Chains of one lane, side by side. */
static krn_status measure_lane(krni_trade_desk *d, const krni_trade_chain *chains, uint32_t n,
                               krn_arena *costs_arena, krn_arena *work, krn_error *err)
{
    krni_trade_lane *lane = &d->lanes[chains->lane];
    krn_load load;
    krn_activity_cost *costs = NULL;
    krn_arena_reset(costs_arena);
    krn_status status = krn_network_weigh(d->network, &lane->lot, d->question->ready, costs_arena,
                                          &load, &costs, err);
    for (uint32_t i = 0; i < n && !status; i++) {
        assert(chains[i].lane == chains->lane);
        if (krni_trade_is_known(d, &chains[i]))
            continue;
        krni_trade_known known;
        krn_arena_reset(work);
        status = measure(d, &chains[i], &load, costs, work, &known, err);
        if (status == KRN_E_NO_ROUTE) {
            status = KRN_OK;
            continue;
        }
        if (status)
            break;
        if (!krni_trade_room(d->arena, (void **)&d->ways, sizeof *d->ways, d->n_ways,
                             &d->ways_capacity) ||
            !krni_trade_room(d->arena, (void **)&lane->ways, sizeof *lane->ways, lane->n_ways,
                             &lane->ways_capacity))
            return krni_fail_memory(err);
        lane->ways[lane->n_ways++] = d->n_ways;
        known.words.row = lane->row;
        d->ways[d->n_ways++] = known;
    }
    return status;
}

krn_status krni_trade_add_ways(krni_trade_desk *d, const krni_trade_chain *chains, uint32_t n,
                               krn_error *err)
{
    const uint32_t first = d->n_ways;
    krn_arena *costs = krn_arena_new(NULL, 0), *work = krn_arena_new(NULL, 0);
    krn_sim *sim = NULL;
    krn_status status = costs && work ? KRN_OK : krni_fail_memory(err);
    for (uint32_t i = 0, end; i < n && !status; i = end) {
        end = i + 1;
        while (end < n && chains[end].lane == chains[i].lane)
            end++;
        status = measure_lane(d, &chains[i], end - i, costs, work, err);
    }
    if (!status && d->n_ways > first)
        status = lay_out(d, first, &sim, err);
    if (!status && sim)
        status = read_uses(d, first, sim, err);
    krn_sim_free(sim);
    krn_arena_free(work);
    krn_arena_free(costs);
    krn_arena_reset(d->scratch);
    return status;
}

/* ---- the first ways ---- */

static krn_status take_unserved(krni_trade_desk *d, const krn_sim_setup *setup, krn_error *err)
{
    for (uint32_t i = 0; i < setup->n_unserved; i++) {
        const krn_sim_unserved *u = &setup->unserved[i];
        d->reasons[u->row] = u->reason;
        d->asked_t[u->row] = u->year_t;
    }
    (void)err;
    return KRN_OK;
}

static void take_lane(krni_trade_desk *d, const krn_sim_setup *setup, uint32_t stream)
{
    const krn_sim_stream *s = &setup->input.streams[stream];
    const uint32_t row = setup->stream_row[stream];
    const krn_demand *demand = &d->question->demand->rows[row];
    const double year_t = s->ready ? s->lot.net_t : s->lots_a_year * s->lot.net_t;
    const double value_usd_t = krni_number_or(d->package, KRN_TABLE_COMMODITY, demand->commodity,
                                              COMMODITY_VALUE_USD_T, 0);
    d->asked_t[row] = year_t;
    d->lanes[d->n_lanes++] =
        (krni_trade_lane){.row = row,
                          .lot = s->lot,
                          .lot_t = s->lot.net_t,
                          .day_t = year_t / KRNI_TRADE_DAYS,
                          .value_usd_t_h = s->value_of_time_usd_h / s->lot.net_t,
                          .left_usd_t = value_usd_t,
                          .least_usd_t = HUGE_VAL};
}

/* Rows whose ways cannot be gone once they are looked at are without a way. */
static void drop_empty(krni_trade_desk *d)
{
    for (uint32_t i = 0; i < d->n_lanes; i++)
        if (!d->lanes[i].n_ways)
            d->reasons[d->lanes[i].row] = "no way is open in the time that is looked at";
}

static krn_status take_setup(krni_trade_desk *d, const krn_sim_setup *setup, krn_error *err)
{
    const krn_sim_input *in = &setup->input;
    krni_trade_chain *chains = krn_arena_calloc(d->arena, setup->n_ways + 1u, sizeof *chains);
    uint32_t n = 0;
    d->lanes = krn_arena_calloc(d->arena, in->n_streams + 1u, sizeof *d->lanes);
    if (!chains || !d->lanes)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < in->n_streams; i++) {
        take_lane(d, setup, i);
        d->lanes[i].lot.ready = d->question->ready;
        for (uint32_t w = 0; w < in->streams[i].n_ways; w++) {
            const krn_sim_way *way = &in->streams[i].ways[w];
            assert(n < setup->n_ways);
            chains[n++] = (krni_trade_chain){i, way->activities, way->n_activities};
        }
    }
    krn_status status = krni_trade_add_ways(d, chains, n, err);
    drop_empty(d);
    return status;
}

/* Ways that simulation has. Equilibria look for more of them themselves, and keep dear ones. */
static krn_sim_routing routing_of(const krni_trade_desk *d)
{
    const krn_trade_method m = d->question->method;
    if (!(d->spread_usd_t > 0) && !krni_trade_divides(m))
        return KRN_ROUTING_BEST;
    return m == KRN_TRADE_USER || m == KRN_TRADE_SYSTEM ? KRN_ROUTING_ADAPTIVE : KRN_ROUTING_LOGIT;
}

krn_status krni_trade_first_ways(krni_trade_desk *d, krn_error *err)
{
    const krn_trade_question *q = d->question;
    const krn_time half = (krn_time)HALF_YEAR_D * KRN_SECONDS_PER_DAY;
    const krn_sim_question asked = {.demand = q->demand,
                                    .demand_share = q->demand_share,
                                    .routing = routing_of(d),
                                    .most_ways = q->most_ways,
                                    .start = q->ready - half,
                                    .days = KRNI_TRADE_DAYS,
                                    .n_threads = q->n_threads,
                                    .progress = q->progress,
                                    .progress_context = q->progress_context};
    krn_sim_setup setup;
    krn_status status = krn_sim_prepare(d->network, &asked, d->arena, &setup, err);
    if (status)
        return status;
    assert(setup.planned_for == q->ready);
    d->quality = setup.quality;
    d->reasons = krn_arena_calloc(d->arena, q->demand->n + 1u, sizeof *d->reasons);
    d->asked_t = krn_arena_calloc(d->arena, q->demand->n + 1u, sizeof *d->asked_t);
    if (!d->reasons || !d->asked_t)
        return krni_fail_memory(err);
    status = take_unserved(d, &setup, err);
    return status ? status : take_setup(d, &setup, err);
}
