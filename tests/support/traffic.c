/* SPDX-License-Identifier: Apache-2.0 */
#include "support/traffic.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <keruen/tntp.h>

static void *need(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

traffic traffic_new(uint32_t n_nodes, uint32_t n_links, uint32_t n_classes, uint32_t n_trips)
{
    traffic t = {.links = need(calloc(n_links + 1u, sizeof *t.links)),
                 .classes = need(calloc(n_classes + 1u, sizeof *t.classes)),
                 .trips = need(calloc(n_trips + 1u, sizeof *t.trips)),
                 .no_through = need(calloc(n_nodes + 1u, sizeof *t.no_through))};
    for (uint32_t k = 0; k < n_classes; k++)
        t.classes[k] = (krn_assign_class){"class", 1.0, 1.0, 0.0, 0.0};
    t.network = (krn_assign_network){n_nodes, n_links,   n_classes, n_trips,
                                     t.links, t.classes, t.trips,   t.no_through};
    return t;
}

void traffic_free(traffic *t)
{
    free(t->links);
    free(t->classes);
    free(t->trips);
    free(t->no_through);
}

krn_assign_link traffic_bpr(uint32_t tail, uint32_t head, double free_time, double factor,
                            double capacity, double power)
{
    return (krn_assign_link){.tail = tail,
                             .head = head,
                             .delay = {.kind = KRN_DELAY_BPR,
                                       .free_time = free_time,
                                       .capacity = capacity,
                                       .factor = factor,
                                       .power = power},
                             .limit_flow = HUGE_VAL};
}

/* 0 .. 1 */
static double chance(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) / 16777216.0;
}

static krn_assign_link random_link(uint32_t *seed, uint32_t tail, uint32_t head)
{
    static const double flows[] = {0.0, 20.0, 60.0, 150.0}, times[] = {3.0, 4.0, 9.0, 40.0};
    static const double powers[] = {1.0, 4.0, 2.5, 3.0};
    const int kind = (int)(chance(seed) * 6.0);
    krn_assign_link l = traffic_bpr(tail, head, 2.0 + 8.0 * chance(seed), 0.15 + chance(seed),
                                    20.0 + 60.0 * chance(seed), powers[(int)(chance(seed) * 4.0)]);
    if (kind == 0) {
        l.delay.kind = KRN_DELAY_CONICAL;
        l.delay.factor = 2.0 + 6.0 * chance(seed);
    } else if (kind == 1) {
        l.delay = (krn_delay){
            .kind = KRN_DELAY_TABLE, .n_points = 4, .points_flow = flows, .points_time = times};
    } else if (kind == 2) {
        l.delay.kind = KRN_DELAY_CONSTANT;
        l.delay.free_time += 10.0;
    }
    l.toll = chance(seed) < 0.3 ? chance(seed) : 0.0;
    l.length = chance(seed);
    return l;
}

traffic traffic_random(uint32_t seed, uint32_t n_nodes, uint32_t n_classes)
{
    const uint32_t n_links = 4 * n_nodes, n_trips = 3 * n_nodes * n_classes;
    traffic t = traffic_new(n_nodes, n_links, n_classes, n_trips);
    for (uint32_t v = 0; v < n_nodes; v++) {
        t.links[4 * v] = random_link(&seed, v, (v + 1) % n_nodes);
        t.links[4 * v + 1] = random_link(&seed, (v + 1) % n_nodes, v);
        for (uint32_t k = 2; k < 4; k++) {
            const uint32_t far = 2 + (uint32_t)(chance(&seed) * (n_nodes - 3));
            t.links[4 * v + k] = random_link(&seed, v, (v + far) % n_nodes);
        }
    }
    for (uint32_t k = 0; k < n_classes; k++)
        t.classes[k] = (krn_assign_class){"class", 1.0 + k, 1.0 + 0.5 * k, 1.0 + k, 0.3 * k};
    for (uint32_t k = 0; k < n_trips; k++)
        t.trips[k] = (krn_assign_trip){k % n_classes, (uint32_t)(chance(&seed) * n_nodes),
                                       (uint32_t)(chance(&seed) * n_nodes), 10.0 * chance(&seed)};
    return t;
}

traffic traffic_golden(const char *name)
{
    char net[512], trips[512];
    krn_tntp tntp;
    krn_error err = {0};
    krn_arena *arena = need(krn_arena_new(NULL, 0));
    (void)snprintf(net, sizeof net, "%s/tests/golden/tntp/%s_net.tntp", KRN_SOURCE_DIR, name);
    (void)snprintf(trips, sizeof trips, "%s/tests/golden/tntp/%s_trips.tntp", KRN_SOURCE_DIR, name);
    if (krn_tntp_read(net, trips, NULL, arena, &tntp, &err)) {
        fprintf(stderr, "%s\n", err.text);
        abort();
    }
    traffic t = traffic_new(tntp.n_nodes, tntp.n_links, 1, tntp.n_trips);
    for (uint32_t k = 0; k < tntp.n_links; k++) {
        const krn_tntp_link *l = &tntp.links[k];
        t.links[k] = traffic_bpr(l->tail, l->head, l->free_time, l->factor, l->capacity, l->power);
    }
    for (uint32_t k = 0; k < tntp.n_trips; k++)
        t.trips[k] = (krn_assign_trip){0, tntp.trips[k].origin, tntp.trips[k].destination,
                                       tntp.trips[k].flow};
    for (uint32_t v = 0; v < tntp.first_through && v < tntp.n_nodes; v++)
        t.no_through[v] = true;
    krn_arena_free(arena);
    return t;
}

krn_assignment *traffic_assign(const traffic *t, krn_assign_method method,
                               krn_assign_algorithm algorithm, double gap_share, unsigned n_threads)
{
    krn_assignment *a = NULL;
    krn_error err = {0};
    const krn_assign_options options = {
        .method = method, .algorithm = algorithm, .gap_share = gap_share, .n_threads = n_threads};
    if (krn_assign(&t->network, &options, &a, &err) ||
        krn_assignment_step(a).gap_share > gap_share) {
        fprintf(stderr, "gap %g: %s\n", a ? krn_assignment_step(a).gap_share : NAN, err.text);
        abort();
    }
    return a;
}

double traffic_imbalance_share(const traffic *t, const krn_assignment *a)
{
    const krn_assign_network *n = &t->network;
    double *balance = need(calloc(n->n_nodes, sizeof *balance)), worst = 0.0, demand = 0.0;
    for (uint32_t c = 0; c < n->n_classes; c++) {
        const double *flow = krn_assignment_class_flow(a, c);
        for (uint32_t v = 0; v < n->n_nodes; v++)
            balance[v] = 0.0;
        for (uint32_t k = 0; k < n->n_links; k++) {
            balance[n->links[k].tail] -= flow[k];
            balance[n->links[k].head] += flow[k];
        }
        for (uint32_t k = 0; k < n->n_trips; k++)
            if (n->trips[k].class_index == c) {
                balance[n->trips[k].origin] += n->trips[k].flow;
                balance[n->trips[k].destination] -= n->trips[k].flow;
                demand += n->trips[k].flow;
            }
        for (uint32_t v = 0; v < n->n_nodes; v++)
            worst = fmax(worst, fabs(balance[v]));
    }
    free(balance);
    return worst / demand;
}
