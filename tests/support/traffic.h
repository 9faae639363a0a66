/* traffic.h - networks for tests of assignment: small ones by hand, random ones, TNTP files. */
#ifndef SUPPORT_TRAFFIC_H
#define SUPPORT_TRAFFIC_H

#include <keruen/assign.h>

/* A network and all that it borrows; traffic_free. */
typedef struct traffic {
    krn_assign_network network;
    krn_assign_link *links;
    krn_assign_class *classes;
    krn_assign_trip *trips;
    bool *no_through;
} traffic;

traffic traffic_new(uint32_t n_nodes, uint32_t n_links, uint32_t n_classes, uint32_t n_trips);
void traffic_free(traffic *t);

/* time = free_time * (1 + factor * (flow / capacity)^power); no hard capacity. */
krn_assign_link traffic_bpr(uint32_t tail, uint32_t head, double free_time, double factor,
                            double capacity, double power);

/* A ring of n_nodes with chords, all reach all; laws of every kind, some constant; n_classes. */
traffic traffic_random(uint32_t seed, uint32_t n_nodes, uint32_t n_classes);

/* tests/golden/tntp/NAME_net.tntp and _trips.tntp. */
traffic traffic_golden(const char *name);

/* The answer at a gap, or the test fails. */
krn_assignment *traffic_assign(const traffic *t, krn_assign_method method,
                               krn_assign_algorithm algorithm, double gap_share,
                               unsigned n_threads);

/* Largest |inflow + starts - outflow - ends| of a node and class over the demand. */
double traffic_imbalance_share(const traffic *t, const krn_assignment *a);

#endif
