/* SPDX-License-Identifier: Apache-2.0 */
/* Queues whose answer is known, through the engine's events, resources and statistics.
 *
 *      source --> station --p--> station --> out       each station is one resource
 *                    ^------------'
 *
 * Twenty replications of fixed seeds; the known figure must lie in their interval of 99.9 %, and
 * the interval must be narrow (each case says how much) so that it says something. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/output_analysis.h"
#include "sim/resource.h"
#include "sim/variate.h"

#define REPLICATIONS  20u
#define CONFIDENCE    0.999
#define MOST_STATIONS 3u
#define MOST_SOURCES  2u
#define ALL           KRNI_UNBOUNDED

enum { ARRIVES = 1, SERVED };
typedef enum law { EXPONENTIAL, CONSTANT, GAMMA_QUARTER } law; /* gamma: c_s^2 = 4 */

typedef struct station {
    int64_t servers;
    int64_t places;
    law law;
    double mean;
    double next[MOST_STATIONS]; /* probabilities of going on; the rest leaves */
} station;

typedef struct source {
    law law;
    double mean; /* between arrivals; 0: no such source */
    uint32_t batch;
    uint8_t claim_class;
} source;

typedef struct plan {
    station stations[MOST_STATIONS];
    uint32_t n_stations;
    source sources[MOST_SOURCES]; /* to station 0 */
    uint32_t population;          /* of a closed network: all start at station 0 */
    double length;                /* time observed, after a tenth of it as warm-up */
} plan;

/* What a replication gives. */
typedef struct result {
    double wait[MOST_STATIONS];      /* mean time in the queue */
    double queue[MOST_STATIONS];     /* mean number in it */
    double present[MOST_STATIONS];   /* queue and servers */
    double refused[MOST_STATIONS];   /* share */
    double flow[MOST_STATIONS];      /* served by unit of time */
    double idle[MOST_STATIONS];      /* share of the time of servers */
    double class_wait[MOST_SOURCES]; /* at station 0 */
    double over_one;                 /* share of waits above 1 at station 0 */
} result;

typedef struct net {
    const plan *plan;
    krni_engine *engine;
    krni_resources *resources;
    krni_stream arrivals[MOST_SOURCES];
    krni_stream services[MOST_STATIONS];
    krni_stream ways;
    krni_sample waits[MOST_SOURCES];
    uint64_t n_over_one;
    bool watching;
} net;

static double draw(krni_stream *stream, law of, double mean)
{
    switch (of) {
    case EXPONENTIAL:
        return krni_exponential(stream, mean);
    case GAMMA_QUARTER:
        return krni_gamma(stream, 0.25, 4.0 * mean);
    case CONSTANT:
        break;
    }
    return mean;
}

/* The entity is the station and the class of a customer. */
static void enter(net *n, uint32_t at, uint32_t claim_class)
{
    const station *s = &n->plan->stations[at];
    const krni_ask ask = {.units = 1,
                          .service = draw(&n->services[at], s->law, s->mean),
                          .entity = at << 8 | claim_class,
                          .kind = SERVED,
                          .claim_class = (uint8_t)claim_class};
    krni_resource_ask(n->resources, (krni_resource_id){at}, &ask);
}

static krn_status arrives(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    net *n = model;
    (void)err;
    const source *s = &n->plan->sources[event.entity];
    for (uint32_t i = 0; i < s->batch; i++)
        enter(n, 0, s->claim_class);
    krni_engine_in(engine, draw(&n->arrivals[event.entity], s->law, s->mean), event);
    return KRN_OK;
}

static krn_status served(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    net *n = model;
    (void)engine;
    (void)err;
    const uint32_t at = event.entity >> 8;
    const uint32_t claim_class = event.entity & 255u;
    const krni_claim claim = {event.argument};
    if (at == 0 && n->watching) {
        const double waited = krni_claim_waited(n->resources, claim);
        krni_sample_add(&n->waits[claim_class], waited);
        n->n_over_one += waited > 1.0;
    }
    krni_resource_release(n->resources, claim);
    double u = krni_uniform(&n->ways);
    for (uint32_t i = 0; i < n->plan->n_stations; i++) {
        const double p = n->plan->stations[at].next[i];
        if (u < p) {
            enter(n, i, claim_class);
            break;
        }
        u -= p;
    }
    return KRN_OK;
}

static void observe(net *n, result *out)
{
    uint64_t n_waits = 0;
    for (uint32_t i = 0; i < MOST_SOURCES; i++) {
        out->class_wait[i] = krni_sample_mean(&n->waits[i]);
        n_waits += n->waits[i].count;
    }
    out->over_one = (double)n->n_over_one / (double)n_waits;
    for (uint32_t i = 0; i < n->plan->n_stations; i++) {
        krn_error err = {0};
        if (krni_resource_check(n->resources, (krni_resource_id){i}, &err))
            fail_msg("%s", err.text);
        const krni_resource_stats s = krni_resource_measure(n->resources, (krni_resource_id){i});
        const double length = krni_engine_now(n->engine) - s.since;
        out->wait[i] = s.wait_sum / (double)s.n_granted;
        out->queue[i] = s.queue_area / length;
        out->present[i] = (s.queue_area + s.busy_area) / length;
        out->refused[i] = (double)s.n_refused / (double)s.n_asked;
        out->flow[i] = (double)s.n_served / length;
        out->idle[i] = s.capacity_area > 0.0 ? 1.0 - s.busy_area / s.capacity_area : 0.0;
    }
}

static void replicate(net *n, uint32_t replication, result *out)
{
    const plan *p = n->plan;
    krni_engine_reset(n->engine);
    krni_resources_reset(n->resources);
    memset(n->waits, 0, sizeof n->waits);
    n->n_over_one = 0;
    n->watching = false;
    n->ways = krni_stream_start(1, 1, replication);
    for (uint32_t i = 0; i < MOST_STATIONS; i++)
        n->services[i] = krni_stream_start(1, 100 + i, replication);
    for (uint32_t i = 0; i < MOST_SOURCES; i++) {
        n->arrivals[i] = krni_stream_start(1, 200 + i, replication);
        if (p->sources[i].mean > 0.0)
            krni_engine_in(n->engine, draw(&n->arrivals[i], p->sources[i].law, p->sources[i].mean),
                           (krni_event){.kind = ARRIVES, .entity = i});
    }
    for (uint32_t i = 0; i < p->population; i++)
        enter(n, 0, 0);
    assert_int_equal(krni_engine_run(n->engine, p->length * 0.1, NULL), KRN_OK);
    krni_resources_forget(n->resources);
    n->watching = true;
    assert_int_equal(krni_engine_run(n->engine, p->length * 1.1, NULL), KRN_OK);
    observe(n, out);
}

static void simulate(const plan *p, result out[REPLICATIONS])
{
    net n = {.plan = p, .engine = krni_engine_new()};
    assert_non_null(n.engine);
    n.resources = krni_resources_new(n.engine);
    assert_non_null(n.resources);
    krni_engine_on(n.engine, ARRIVES, arrives, &n);
    krni_engine_on(n.engine, SERVED, served, &n);
    for (uint32_t i = 0; i < p->n_stations; i++) {
        krni_resource_id id;
        const krni_resource_spec spec = {.capacity = p->stations[i].servers,
                                         .places = p->stations[i].places};
        assert_int_equal(krni_resource_add(n.resources, &spec, &id, NULL), KRN_OK);
    }
    for (uint32_t r = 0; r < REPLICATIONS; r++)
        replicate(&n, r, &out[r]);
    krni_resources_free(n.resources);
    krni_engine_free(n.engine);
}

/* The figure that lies `offset` bytes into a result. */
static void expect_at(const result *results, size_t offset, const char *name, double known,
                      double narrow)
{
    krni_sample sample = {0};
    for (uint32_t r = 0; r < REPLICATIONS; r++) {
        double value;
        memcpy(&value, (const char *)&results[r] + offset, sizeof value);
        krni_sample_add(&sample, value);
    }
    const krni_interval interval = krni_interval_of(&sample, CONFIDENCE);
    if (!(fabs(interval.mean - known) <= interval.half_width) ||
        !(interval.half_width <= narrow * known))
        fail_msg("%s: %g +- %g, known %g", name, interval.mean, interval.half_width, known);
}

#define expect(results, figure, known, narrow)                                                     \
    expect_at((results), offsetof(result, figure), #figure, (known), (narrow))

static plan simple(double rate, int64_t servers, int64_t places, law of, double length)
{
    return (plan){.stations[0] = {.servers = servers, .places = places, .law = of, .mean = 1.0},
                  .n_stations = 1,
                  .sources[0] = {EXPONENTIAL, 1.0 / rate, 1, 0},
                  .length = length};
}

static void poisson_arrivals_at_one_or_more_servers(void **state)
{
    (void)state;
    result r[REPLICATIONS];
    plan p = simple(0.9, 1, ALL, EXPONENTIAL, 80000.0);
    simulate(&p, r);
    expect(r, wait[0], 9.0, 0.1);
    expect(r, present[0], 9.0, 0.1);
    p = simple(1.6, 2, ALL, EXPONENTIAL, 30000.0);
    simulate(&p, r);
    expect(r, wait[0], 1.777778, 0.05);
    expect(r, queue[0], 2.844444, 0.05);
    expect(r, present[0], 4.444444, 0.05);
    p = simple(2.4, 3, ALL, EXPONENTIAL, 20000.0);
    simulate(&p, r);
    expect(r, wait[0], 1.078652, 0.06);
    expect(r, present[0], 4.988764, 0.05);
    expect(r, over_one, 0.355186, 0.05);
    p = simple(9.0, 10, ALL, EXPONENTIAL, 10000.0);
    simulate(&p, r);
    expect(r, wait[0], 0.668732, 0.1);
    expect(r, queue[0], 6.018584, 0.1);
}

static void finite_rooms_lose_the_known_share(void **state)
{
    (void)state;
    result r[REPLICATIONS];
    plan p = simple(0.8, 1, 4, EXPONENTIAL, 30000.0);
    simulate(&p, r);
    expect(r, refused[0], 0.088819, 0.05);
    expect(r, idle[0], 0.271056, 0.02);
    expect(r, queue[0], 1.139388, 0.03);
    expect(r, wait[0], 1.563065, 0.03);
    p = simple(1.6, 2, 4, EXPONENTIAL, 20000.0);
    simulate(&p, r);
    expect(r, refused[0], 0.075952, 0.05);
    expect(r, queue[0], 0.974327, 0.03);
    expect(r, wait[0], 0.659008, 0.03);
    p = simple(3.0, 5, 0, EXPONENTIAL, 10000.0);
    simulate(&p, r);
    expect(r, refused[0], 0.110054, 0.05);
    p = simple(7.0, 10, 0, EXPONENTIAL, 10000.0);
    simulate(&p, r);
    expect(r, refused[0], 0.078741, 0.05);
}

static void the_law_of_service_times_counts_by_its_variance(void **state)
{
    (void)state;
    result r[REPLICATIONS];
    plan p = simple(0.8, 1, ALL, CONSTANT, 40000.0);
    simulate(&p, r);
    expect(r, wait[0], 2.0, 0.05);
    p = simple(0.8, 1, ALL, EXPONENTIAL, 40000.0);
    simulate(&p, r);
    expect(r, wait[0], 4.0, 0.06);
    p = simple(0.8, 1, ALL, GAMMA_QUARTER, 80000.0);
    simulate(&p, r);
    expect(r, wait[0], 10.0, 0.1);
    p = simple(0.8, 1, ALL, EXPONENTIAL, 40000.0);
    p.sources[0].law = CONSTANT;
    simulate(&p, r);
    expect(r, wait[0], 1.692731, 0.06);
}

static void first_class_waits_less(void **state)
{
    (void)state;
    result r[REPLICATIONS];
    plan p = simple(0.3, 1, ALL, EXPONENTIAL, 60000.0);
    p.sources[1] = (source){EXPONENTIAL, 1.0 / 0.4, 1, 1};
    simulate(&p, r);
    expect(r, class_wait[0], 1.0, 0.05);
    expect(r, class_wait[1], 3.333333, 0.05);
    p.sources[1].claim_class = 0;
    simulate(&p, r);
    expect(r, wait[0], 2.333333, 0.05);
}

static void arrivals_in_trains_queue_longer(void **state)
{
    (void)state;
    static const uint32_t batch[] = {1, 2, 5, 50};
    static const double known[] = {4.0, 6.0, 12.0, 102.0};
    for (unsigned i = 0; i < 4; i++) {
        result r[REPLICATIONS];
        plan p = simple(0.8 / batch[i], 1, ALL, EXPONENTIAL, i == 3 ? 600000.0 : 60000.0);
        p.sources[0].batch = batch[i];
        simulate(&p, r);
        expect(r, present[0], known[i], 0.1);
    }
}

/*  five machines run for 5 on average and are repaired one at a time */
static void a_finite_source_is_a_closed_network(void **state)
{
    (void)state;
    result r[REPLICATIONS];
    const plan p = {.stations = {{1, ALL, EXPONENTIAL, 1.0, {0.0, 1.0, 0.0}},
                                 {ALL, ALL, EXPONENTIAL, 5.0, {1.0, 0.0, 0.0}}},
                    .n_stations = 2,
                    .population = 5,
                    .length = 20000.0};
    simulate(&p, r);
    expect(r, idle[0], 0.284868, 0.05);
    expect(r, present[0], 1.424339, 0.05);
    expect(r, flow[0], 0.715132, 0.02);
}

static void open_networks_behave_like_single_queues(void **state)
{
    (void)state;
    result r[REPLICATIONS];
    const plan jackson = {.stations = {{1, ALL, EXPONENTIAL, 1.0 / 2.0, {0.0, 0.6, 0.4}},
                                       {1, ALL, EXPONENTIAL, 1.0, {0.2, 0.0, 0.0}},
                                       {1, ALL, EXPONENTIAL, 1.0 / 0.6, {0.0, 0.0, 0.0}}},
                          .n_stations = 3,
                          .sources[0] = {EXPONENTIAL, 1.0, 1, 0},
                          .length = 40000.0};
    simulate(&jackson, r);
    expect(r, flow[0], 1.136364, 0.01);
    expect(r, flow[1], 0.681818, 0.01);
    expect(r, flow[2], 0.454545, 0.01);
    expect(r, present[0], 1.315789, 0.05);
    expect(r, present[1], 2.142857, 0.05);
    expect(r, present[2], 3.125000, 0.1);
    const plan tandem = {.stations = {{1, ALL, EXPONENTIAL, 1.0, {0.0, 1.0, 0.0}},
                                      {1, ALL, EXPONENTIAL, 1.0 / 0.8, {0.0, 0.0, 0.0}}},
                         .n_stations = 2,
                         .sources[0] = {EXPONENTIAL, 2.0, 1, 0},
                         .length = 40000.0};
    simulate(&tandem, r);
    expect(r, wait[0], 1.0, 0.05);
    expect(r, wait[1], 3.333333 - 1.25, 0.05);
}

static void closed_networks_have_the_known_throughput(void **state)
{
    (void)state;
    result r[REPLICATIONS];
    const plan two = {.stations = {{1, ALL, EXPONENTIAL, 1.0, {0.0, 1.0, 0.0}},
                                   {1, ALL, EXPONENTIAL, 0.5, {1.0, 0.0, 0.0}}},
                      .n_stations = 2,
                      .population = 3,
                      .length = 20000.0};
    simulate(&two, r);
    expect(r, flow[0], 0.933333, 0.01);
    const plan three = {.stations = {{1, ALL, EXPONENTIAL, 1.0, {0.0, 1.0, 0.0}},
                                     {1, ALL, EXPONENTIAL, 1.0, {0.0, 0.0, 1.0}},
                                     {1, ALL, EXPONENTIAL, 1.0, {1.0, 0.0, 0.0}}},
                        .n_stations = 3,
                        .population = 5,
                        .length = 20000.0};
    simulate(&three, r);
    expect(r, flow[1], 0.714286, 0.01);
}

/*  D/D/c: one comes each 1 and is served c - 0.5: a server is free for 0.5 before each arrival */
static void deterministic_queues_are_exact(void **state)
{
    (void)state;
    for (int64_t servers = 1; servers <= 8; servers++) {
        result r[REPLICATIONS];
        plan p = simple(1.0, servers, ALL, CONSTANT, 1000.0);
        p.sources[0].law = CONSTANT;
        p.stations[0].mean = (double)servers - 0.5;
        simulate(&p, r);
        for (uint32_t i = 0; i < REPLICATIONS; i++) {
            assert_true(r[i].wait[0] == 0.0 && r[i].queue[0] == 0.0);
            assert_true(r[i].present[0] == (double)servers - 0.5);
            assert_true(r[i].flow[0] == 1.0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(poisson_arrivals_at_one_or_more_servers),
        cmocka_unit_test(finite_rooms_lose_the_known_share),
        cmocka_unit_test(the_law_of_service_times_counts_by_its_variance),
        cmocka_unit_test(first_class_waits_less),
        cmocka_unit_test(arrivals_in_trains_queue_longer),
        cmocka_unit_test(a_finite_source_is_a_closed_network),
        cmocka_unit_test(open_networks_behave_like_single_queues),
        cmocka_unit_test(closed_networks_have_the_known_throughput),
        cmocka_unit_test(deterministic_queues_are_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
