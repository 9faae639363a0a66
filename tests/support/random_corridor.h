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

/* What there is too little of, for tests of the running system; 0 in a cell: no bound. */
typedef struct corridor_limits {
    bool two_gauges; /* 1435 mm within XB, gauge changes at its places */
    bool bogies;     /* exchanged there; else goods are moved over */
    int yard_wagons; /* a day, each gauge change */
    int trains[CORRIDOR_LINKS], tracks[CORRIDOR_LINKS], train_t[CORRIDOR_LINKS];
    int post[CORRIDOR_LINKS]; /* wagons, trains or trucks a day, each direction */
    bool post_trains[CORRIDOR_LINKS];
    int examined_h[CORRIDOR_LINKS]; /* each agency of two, of every lot */
    bool jointly[CORRIDOR_LINKS];
    int store_t[CORRIDOR_NODES], berths[CORRIDOR_NODES];
    int gear_t_h[CORRIDOR_NODES];         /* of terminals of the place */
    int wagons[2][2];                     /* of XA and XB, 1520 and 1435 */
    int locomotives[2][2];                /* the same */
    int capacity_t[CORRIDOR_SERVICES];    /* of a departure */
    const char *kinds[CORRIDOR_SERVICES]; /* of the service; NULL: as without bounds */
} corridor_limits;

typedef struct corridor {
    uint64_t random;
    uint32_t n_nodes, n_links, n_services;
    corridor_link links[CORRIDOR_LINKS];
    corridor_service services[CORRIDOR_SERVICES];
    const char *rules;   /* text of rule.csv; NULL: a permit of 2 days for entry into XB */
    const char *tariffs; /* text of tariff.csv; NULL: one rate a mode */
    bool uncertain;      /* spread of running times; else they are constants */
    const corridor_limits *limits; /* borrowed; NULL: none */
} corridor;

/* Next random number below n. */
uint32_t corridor_random(corridor *c, uint32_t n);

/* A connected corridor of 3 to 5 nodes, or as many as asked for (0: any). */
void corridor_make(corridor *c, uint64_t seed, uint32_t n_nodes);

/* Small stores, few wagons, locomotives, berths, single tracks of few or many blocks; about half of
 * what could be bounded is. Services that leave by timetable get a frequency, so that what waits
 * for them goes some day. */
void corridor_limit(corridor *c, corridor_limits *limits, uint64_t seed);

/* Its network for the day 2026-06-01; ends the test when the tables do not make one. */
krn_network *corridor_network(const corridor *c);

/* A consignment of barley from node 0 to the last one, ready on Monday 2026-06-01 00:00 UTC. */
krn_consignment corridor_consignment(const krn_network *network);

#endif
