/* random_corridor.h - small made-up corridors for tests of the planner, as a description that can
 * be changed (a link dropped, shortened, a service added) and made into a network again.
 *
 *   n0 --- n1 === n2 ~~~ n3      --- rail  === road  ~~~ sea      XA | XB: second half of the nodes
 *
 * Prices add up (per km, per tonne), services run weekly, nothing depends on the year. */
#ifndef SUPPORT_RANDOM_CORRIDOR_H
#define SUPPORT_RANDOM_CORRIDOR_H

#include <keruen/network.h>

#define CORRIDOR_NODES    8
#define CORRIDOR_LINKS    16
#define CORRIDOR_SERVICES 6

typedef struct corridor_link {
    uint32_t from, to;
    krn_mode mode;
    int km, speed_kmh;
    int law;      /* of its border: dwell and fees follow from it */
    bool by_day;  /* open from 08:00 to 20:00 only */
    bool closed;  /* out of service */
    bool removed; /* not in the tables at all */
} corridor_link;

typedef struct corridor_service {
    uint32_t link;
    bool back;     /* runs from the link's second node to its first */
    int hours;     /* of the ride */
    int headway_h; /* > 0: known by frequency */
    unsigned days; /* else a mask of weekdays, Monday is bit 0, departing at .hour */
    int hour;
    bool removed;
} corridor_service;

typedef struct corridor {
    uint64_t random;
    uint32_t n_nodes, n_links, n_services;
    corridor_link links[CORRIDOR_LINKS];
    corridor_service services[CORRIDOR_SERVICES];
    const char *rules;   /* text of rule.csv; NULL: a permit of 2 days for entry into XB */
    const char *tariffs; /* text of tariff.csv; NULL: one rate a mode */
    bool uncertain;      /* spread of running times; else they are constants */
} corridor;

/* Next random number below n. */
uint32_t corridor_random(corridor *c, uint32_t n);

/* A connected corridor of 3 to 5 nodes, or as many as asked for (0: any). */
void corridor_make(corridor *c, uint64_t seed, uint32_t n_nodes);

/* Its network for the day 2026-06-01; ends the test when the tables do not make one. */
krn_network *corridor_network(const corridor *c);

/* A consignment of barley from node 0 to the last one, ready on Monday 2026-06-01 00:00 UTC. */
krn_consignment corridor_consignment(const krn_network *network);

#endif
