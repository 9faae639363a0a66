/* scenario.h - a question about the running corridor, made ready for the simulation.
 *
 *   demand of a year       ways worth having        streams of lots with
 *   between places  -----> of each row (plan) ----> the ways that they take -----> krn_sim_new
 *
 * A way costs its price plus the value of the time it takes (commodity.csv). The ways of a row are
 * the few of least cost, each by other borders, ports or modes; lots spread over them by logit:
 * share = exp(-cost / spread), with the spread of config.csv (kr_logit_usd_t), USD a tonne.
 *
 *   units      hours, tonnes, USD; instants UTC
 *   ownership  all that is made lives in the caller's arena and borrows from network and demand
 *   errors     KRN_E_ARG (a question that contradicts itself), KRN_E_NOT_FOUND (an event names
 *              nothing that is known), KRN_E_DATA (a figure is missing), KRN_E_MEMORY,
 *              KRN_E_CANCELLED
 */
#ifndef KERUEN_SCENARIO_H
#define KERUEN_SCENARIO_H

#include <keruen/demand.h>
#include <keruen/place.h>
#include <keruen/sim.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct krn_sim_question {
    const krn_demand_list *demand;
    double demand_share; /* >= 0: of the lots of a year; dated consignments stay as they are */
    krn_sim_routing routing;
    uint32_t most_ways; /* of one row of demand, >= 1 */
    const krn_sim_event *events;
    uint32_t n_events;
    krn_time start; /* of what is counted */
    double warmup_d;
    double days;
    uint64_t seed;
    bool typical, unlimited; /* see krn_sim_input */
    unsigned n_threads;      /* 0: all processors */
    /* Called with rows planned; false ends the call with KRN_E_CANCELLED. May be NULL. */
    bool (*progress)(void *context, uint32_t done, uint32_t n);
    void *progress_context;
} krn_sim_question;

/* What the lots are counted by: a relation and a way in words. */
typedef struct krn_sim_group {
    krn_country from, to; /* of origin and destination */
    const char *way;      /* "rail by Bolashak + Akyayla"; the last of a relation may be
                             "other ways" */
    uint32_t n_ways;      /* different ones in it */
    double planned_t;     /* a year, by the shares before anything is simulated */
    double free_flow_h;   /* expected door to door, nobody else about: mean by planned tonnes */
} krn_sim_group;

/* A row of demand that no way exists for. */
typedef struct krn_sim_unserved {
    uint32_t row;       /* of the demand list */
    double year_t;      /* scaled */
    const char *reason; /* one sentence, as the plan tells it */
} krn_sim_unserved;

typedef struct krn_sim_setup {
    krn_sim_input input;
    const uint32_t *stream_row;  /* row of the demand list by stream */
    const krn_sim_group *groups; /* relations by tonnes, largest first; in these the ways */
    uint32_t n_groups;
    const krn_sim_unserved *unserved; /* by row */
    uint32_t n_unserved;
    double asked_t;       /* a year, scaled; dated consignments once */
    double unserved_t;    /* of it, without a way */
    uint32_t n_outside;   /* dated consignments that are not ready within the run */
    uint32_t n_ways;      /* of all streams */
    krn_time planned_for; /* ready time of the plans: the middle of what is counted */
    krn_quality quality;  /* weakest of demand and routes */
} krn_sim_setup;

/* Plans every row of the demand and lays out the streams. O(rows) plans on n_threads threads; the
 * same on any number of them. */
KRN_API krn_status krn_sim_prepare(const krn_network *network, const krn_sim_question *question,
                                   krn_arena *arena, krn_sim_setup *out, krn_error *err);

/* Events of a text:
 *
 *   2027-03-01..2027-04-15 close ir-shahid-rajaee-port
 *   2027-03-01T08:00..2027-03-02T20:00 capacity 0.5 Bolashak - Serhetyaka
 *   2027-01-01..2027-06-30 ban wheat kz-aktau-port           (all: every commodity)
 *
 * What is named: the id of a node, link, border, gauge change, operation or trip, "BEGINNING*" for
 * all ids that begin so, the name of a crossing or link (all its rows), or a place in words. Dates
 * are local to it; a bare last day counts whole. An event has to touch begin..end, the time that is
 * simulated. */
KRN_API krn_status krn_sim_event_read(const krn_network *network, const krn_place_index *places,
                                      const char *text, krn_time begin, krn_time end,
                                      krn_arena *arena, krn_sim_event **out, uint32_t *out_n,
                                      krn_error *err);

#ifdef __cplusplus
}
#endif
#endif
