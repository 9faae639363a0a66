/* SPDX-License-Identifier: Apache-2.0 */
/* route.c - a chain of activities becomes a route: times, legs, papers, charges, sums.
 *
 * Sums of hours are sums of whole seconds, so waiting, borders, gauge changes, moving and terminals
 * add up to arrival - departure without a rest. The risk is the square root of the sum of the
 * variances: times of different activities count as independent. */
#include <assert.h>
#include <math.h>

#include "base/error.h"
#include "model/route_draft.h"

const char *krn_criterion_name(krn_criterion criterion)
{
    static const char *const names[KRN_CRITERION_COUNT] = {"arrival", "cost", "co2e", "handlings",
                                                           "risk"};
    assert((unsigned)criterion < KRN_CRITERION_COUNT);
    return names[criterion];
}

double krn_route_value(const krn_route *route, krn_criterion criterion)
{
    switch (criterion) {
    case KRN_ARRIVAL:
        return (double)route->arrival / KRN_SECONDS_PER_HOUR;
    case KRN_COST:
        return route->cost_usd;
    case KRN_CO2E:
        return route->wtw_kg_co2e;
    case KRN_HANDLINGS:
        return route->handlings;
    case KRN_RISK:
        return route->risk_h;
    case KRN_CRITERION_COUNT:
        break;
    }
    assert(false);
    return 0.0;
}

bool krn_route_dominates(const krn_route *a, const krn_route *b, unsigned criteria)
{
    bool better = false;
    for (int c = 0; c < KRN_CRITERION_COUNT; c++) {
        if (!(criteria & (1u << c)))
            continue;
        const double left = krn_route_value(a, (krn_criterion)c);
        const double right = krn_route_value(b, (krn_criterion)c);
        if (!(left <= right))
            return false;
        better = better || left < right;
    }
    return better;
}

/* Which sum of hours a step counts to; the wait inside a departure by frequency is waiting. */
static void add_hours(krn_route *route, krn_time sums[KRN_ACTIVITY_KIND_COUNT],
                      const krn_step *step, krn_time *waiting)
{
    krn_time inside = krni_seconds(step->wait.typical_h);
    if (inside > step->end - step->start)
        inside = step->end - step->start;
    *waiting += inside;
    if (step->arrive >= route->departure)
        *waiting += step->start - step->arrive;
    sums[step->kind] += step->end - step->start - inside;
}

static void sum_up(krni_draft *draft)
{
    krn_route *route = draft->route;
    krn_time sums[KRN_ACTIVITY_KIND_COUNT] = {0};
    krn_time waiting = 0;
    double variance_h2 = 0.0;
    route->departure = draft->steps[0].start;
    route->arrival = draft->steps[draft->n_steps - 1].end;
    for (uint32_t i = 0; i < draft->n_steps; i++) {
        const krn_step *step = &draft->steps[i];
        add_hours(route, sums, step, &waiting);
        if (i == 0)
            waiting -= step->arrive >= route->departure ? step->start - step->arrive : 0;
        route->wtw_kg_co2e += step->wtw_kg_co2e;
        route->ttw_kg_co2e += step->ttw_kg_co2e;
        route->handlings += step->handlings;
        route->length_km += step->length_km;
        route->quality = krn_quality_weakest(route->quality, step->quality);
        variance_h2 += draft->costs[step->activity.index].variance_h2;
    }
    route->risk_h = sqrt(variance_h2);
    const double hour = KRN_SECONDS_PER_HOUR;
    route->waiting_h = (double)waiting / hour;
    route->border_h = (double)sums[KRN_CROSS] / hour;
    route->gauge_change_h = (double)sums[KRN_GAUGE_CHANGE] / hour;
    route->moving_h = (double)(sums[KRN_HAUL] + sums[KRN_RIDE]) / hour;
    route->terminal_h = (double)(sums[KRN_TRANSFER] + sums[KRN_BOARD] + sums[KRN_ALIGHT]) / hour;
    assert(waiting + sums[KRN_CROSS] + sums[KRN_GAUGE_CHANGE] + sums[KRN_HAUL] + sums[KRN_RIDE] +
               sums[KRN_TRANSFER] + sums[KRN_BOARD] + sums[KRN_ALIGHT] ==
           route->arrival - route->departure);
    const krn_time from =
        draft->papers_from != KRN_TIME_NONE ? draft->papers_from : route->departure;
    route->duration_h = (double)(route->arrival - from) / hour;
    route->arrival_p10 = route->arrival_p50 = route->arrival_p90 = route->arrival;
    route->on_time_prob = NAN;
}

krn_status krni_route_make(const krn_network *network, const krn_consignment *consignment,
                           const krn_load *load, const krn_activity_cost *costs,
                           const krn_activity_id *activities, uint32_t n_activities, krn_time start,
                           krn_time papers_from, krni_paper_memo *memo, krn_arena *arena,
                           krn_route *out, krn_error *err)
{
    *out = (krn_route){0};
    const krn_package *package = network->package;
    krni_draft draft = {
        .network = network,
        .package = package,
        .consignment = consignment,
        .load = load,
        .costs = costs,
        .arena = arena,
        .papers_from = papers_from,
        .day = network->day,
        .origin_country = krni_node_country(package, consignment->origin),
        .destination_country = krni_node_country(package, consignment->destination),
        .route = out,
        .n_steps = n_activities,
        .words = krn_arena_calloc(arena, n_activities, sizeof(krn_activity)),
        .steps = krn_arena_calloc(arena, n_activities, sizeof(krn_step)),
        .memo = memo,
        .err = err,
    };
    if (!draft.words || !draft.steps)
        return krni_fail_memory(err);
    krn_status st = krni_route_times(&draft, activities, start);
    if (!st)
        st = krni_route_legs(&draft);
    if (st)
        return st;
    sum_up(&draft);
    if (!memo)
        st = krni_route_regimes(&draft);
    if (!st)
        st = krni_route_papers(&draft);
    if (!st)
        st = krni_route_price(&draft);
    if (st)
        return st;
    out->steps = draft.steps;
    out->n_steps = draft.n_steps;
    out->legs = draft.legs;
    out->n_legs = draft.n_legs;
    return KRN_OK;
}

krn_status krn_route_build(const krn_network *network, const krn_consignment *consignment,
                           const krn_load *load, const krn_activity_cost *costs,
                           const krn_activity_id *activities, uint32_t n_activities, krn_time start,
                           krn_time papers_from, krn_arena *arena, krn_route *out, krn_error *err)
{
    if (!network || !consignment || !load || !costs || !activities || !arena || !out)
        return krni_fail(err, KRN_E_ARG, "a route needs network, consignment, costs and arena");
    if (n_activities == 0 || start == KRN_TIME_NONE)
        return krni_fail(err, KRN_E_ARG, "a route needs at least one activity and a start");
    return krni_route_make(network, consignment, load, costs, activities, n_activities, start,
                           papers_from, NULL, arena, out, err);
}
