/* sim_streams.h - streams of lots along planned ways, and what a replication tells of them, for
 * tests of the running corridor.
 *
 * Each call stops the test program when it cannot do what it should. */
#ifndef SUPPORT_SIM_STREAMS_H
#define SUPPORT_SIM_STREAMS_H

#include <keruen/plan.h>
#include <keruen/sim.h>

/* Ways of a consignment as a plan tells them, at most so many, in the order of the plan, with
 * equal shares; group of each. From the arena; returns how many. */
uint32_t sim_ways(const krn_network *network, const krn_consignment *lot, unsigned modes,
                  uint32_t most, uint32_t group, krn_arena *arena, krn_sim_way **out);

/* The route behind one way: as built by krn_route_build for a ready instant. */
krn_route sim_route(const krn_network *network, const krn_consignment *lot, const krn_sim_way *way,
                    krn_time ready, krn_arena *arena);

/* Same share for each month. */
void sim_even_months(krn_sim_stream *stream);

krn_sim *sim_make(const krn_sim_input *input);

/* All events of a replication. */
typedef struct sim_log {
    krn_sim_trace_event *events;
    uint32_t n, capacity;
    uint32_t fail_at; /* event that the callback refuses; 0 none */
} sim_log;

krn_status sim_log_add(void *log, const krn_sim_trace_event *event, krn_error *err);
void sim_log_free(sim_log *log);

/* Replication into metrics of krn_sim_metrics places, with its events. */
void sim_run(const krn_sim *sim, uint32_t replication, double *metrics, sim_log *log);

/* Order of time; made -> (wait | start | end)* -> delivered; each step of the way once and in
 * order; tonnes made and delivered. Text of the first fault in why, or "". */
typedef struct sim_story {
    double made_t, delivered_t;
    uint32_t n_made, n_delivered;
    char why[160];
} sim_story;
sim_story sim_log_check(const sim_log *log, const krn_sim_input *input);

#endif
