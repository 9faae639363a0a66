/* SPDX-License-Identifier: Apache-2.0 */
/* sim_streams.c - plans as ways, traces as lists. */
#include "support/sim_streams.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void stop(const char *what, const char *text)
{
    fprintf(stderr, "sim_streams: %s: %s\n", what, text);
    abort();
}

static void take_way(krn_arena *arena, const krn_route *route, uint32_t group, double share,
                     krn_sim_way *out)
{
    krn_activity_id *activities = krn_arena_alloc(arena, route->n_steps * sizeof *activities);
    if (!activities)
        stop("no memory", "way");
    for (uint32_t k = 0; k < route->n_steps; k++)
        activities[k] = route->steps[k].activity;
    *out = (krn_sim_way){.activities = activities,
                         .n_activities = route->n_steps,
                         .price_usd = route->cost_usd,
                         .wtw_kg_co2e = route->wtw_kg_co2e,
                         .general_usd = route->cost_usd,
                         .share = share,
                         .group = group};
}

uint32_t sim_ways(const krn_network *network, const krn_consignment *lot, unsigned modes,
                  uint32_t most, uint32_t group, krn_arena *arena, krn_sim_way **out)
{
    krn_plan_query query;
    krn_plan_result result;
    krn_error err;
    krn_plan_query_init(&query);
    query.consignment = *lot;
    query.modes = modes;
    query.samples = 1;
    query.max_routes = most;
    if (krn_plan(network, &query, arena, &result, &err))
        stop("plan", err.text);
    *out = krn_arena_calloc(arena, result.n_routes + 1u, sizeof **out);
    if (!*out)
        stop("no memory", "ways");
    for (uint32_t i = 0; i < result.n_routes; i++)
        take_way(arena, &result.routes[i], group, 1.0 / result.n_routes, &(*out)[i]);
    return result.n_routes;
}

krn_route sim_route(const krn_network *network, const krn_consignment *lot, const krn_sim_way *way,
                    krn_time ready, krn_arena *arena)
{
    krn_load load;
    krn_activity_cost *costs;
    krn_route route = {0};
    krn_error err;
    krn_consignment ready_lot = *lot;
    ready_lot.ready = ready;
    if (krn_network_weigh(network, &ready_lot, ready, arena, &load, &costs, &err) ||
        krn_route_build(network, &ready_lot, &load, costs, way->activities, way->n_activities,
                        ready, ready, arena, &route, &err))
        stop("route", err.text);
    return route;
}

void sim_even_months(krn_sim_stream *stream)
{
    for (int m = 0; m < 12; m++)
        stream->month_share[m] = 1.0 / 12.0;
}

krn_sim *sim_make(const krn_sim_input *input)
{
    krn_sim *sim = NULL;
    krn_error err;
    if (krn_sim_new(input, &sim, &err))
        stop("krn_sim_new", err.text);
    return sim;
}

krn_status sim_log_add(void *context, const krn_sim_trace_event *event, krn_error *err)
{
    sim_log *log = context;
    if (log->n == log->capacity) {
        log->capacity = log->capacity ? 2 * log->capacity : 256;
        log->events = realloc(log->events, log->capacity * sizeof *log->events);
        if (!log->events)
            stop("no memory", "log");
    }
    log->events[log->n++] = *event;
    if (log->n != log->fail_at)
        return KRN_OK;
    if (err)
        (void)snprintf(err->text, sizeof err->text, "refused");
    return KRN_E_IO;
}

void sim_log_free(sim_log *log)
{
    free(log->events);
    *log = (sim_log){0};
}

void sim_run(const krn_sim *sim, uint32_t replication, double *metrics, sim_log *log)
{
    krn_error err;
    if (krn_sim_replicate(sim, replication, log ? sim_log_add : NULL, log, metrics, &err))
        stop("krn_sim_replicate", err.text);
}

/* ---- is a trace a story? ---- */

typedef struct told {
    bool made, waits, busy, delivered;
    uint32_t done; /* steps */
} told;

static const char *next_of(told *lot, const krn_sim_trace_event *e, const krn_sim_way *way)
{
    const bool on_way =
        lot->done < way->n_activities && e->activity.index == way->activities[lot->done].index;
    if (lot->delivered)
        return "an event after the delivery";
    if (e->kind != KRN_TRACE_MADE && !lot->made)
        return "an event before the lot is made";
    switch (e->kind) {
    case KRN_TRACE_MADE:
        if (lot->made)
            return "made twice";
        lot->made = true;
        return "";
    case KRN_TRACE_WAIT:
        return lot->busy ? "waits while it is moved" : !on_way ? "waits for another step" : "";
    case KRN_TRACE_START:
        if (lot->busy || !on_way)
            return "starts what is not next";
        lot->busy = true;
        return "";
    case KRN_TRACE_END:
        if (!lot->busy || !on_way)
            return "ends what it has not begun";
        lot->busy = false;
        lot->done++;
        return "";
    default:
        if (lot->busy || lot->done != way->n_activities)
            return "delivered before the end of its way";
        lot->delivered = true;
        return "";
    }
}

sim_story sim_log_check(const sim_log *log, const krn_sim_input *input)
{
    sim_story story = {.why = ""};
    told *lots = calloc(log->n + 1u, sizeof *lots);
    if (!lots)
        stop("no memory", "check");
    for (uint32_t i = 0; i < log->n && !*story.why; i++) {
        const krn_sim_trace_event *e = &log->events[i];
        const char *why = "";
        if (i && e->at < e[-1].at)
            why = "time goes back";
        else if (e->lot == 0 || e->lot > log->n || e->stream >= input->n_streams ||
                 e->way >= input->streams[e->stream].n_ways)
            why = "no such lot, stream or way";
        else
            why = next_of(&lots[e->lot], e, &input->streams[e->stream].ways[e->way]);
        story.made_t += e->kind == KRN_TRACE_MADE ? e->tonnes : 0.0;
        story.n_made += e->kind == KRN_TRACE_MADE;
        story.delivered_t += e->kind == KRN_TRACE_DELIVERED ? e->tonnes : 0.0;
        story.n_delivered += e->kind == KRN_TRACE_DELIVERED;
        if (*why)
            (void)snprintf(story.why, sizeof story.why, "event %u, lot %u: %s", (unsigned)i,
                           (unsigned)e->lot, why);
    }
    free(lots);
    return story;
}
