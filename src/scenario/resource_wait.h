/* resource_wait.h - hours that one waits at a resource by its load: formulas of queues.
 *
 *   steady queue (Allen and Cunneen)   W = (ca2 + cs2) / 2 * C(c, a) / c * S / (1 - rho)
 *   of a year that begins empty        W = T/4 [rho - 1 + sqrt((rho - 1)^2 + 8 W (1 - rho) / T)]
 *
 *      W |            /  T/2 (rho - 1)       C Erlang's chance of waiting, a = rho c servers busy
 *        |          _/                       S time of a server for one that comes
 *        |     __.-'                         ca2, cs2 squared variation of arrivals and services
 *        +-----------+-----> rho             T   the year that the demand is of
 *                    1
 *
 * The second is Kimber and Hollis's transformation (1979; Akcelik 1991): below capacity it is the
 * steady queue, above it the queue that grows all year, and in between it is smooth. So a wait is
 * finite under any load, never falls as the load grows, and is 0 without load. */
#ifndef SCENARIO_RESOURCE_WAIT_H
#define SCENARIO_RESOURCE_WAIT_H

#include <keruen/sim.h>

#define KRNI_YEAR_H 8760.0

typedef struct krni_queue {
    double servers;   /* c >= 1; between whole numbers in proportion */
    double service_h; /* S >= 0 */
    double spread;    /* (ca2 + cs2) / 2 >= 0 */
    double period_h;  /* T > 0; INFINITY: steady below capacity, and capacity is the end */
} krni_queue;

/* Wait at a share of the capacity >= 0, and its slope by that share. O(servers), at most 256. */
double krni_queue_wait_h(const krni_queue *queue, double load_share, double *out_slope_h);

/* Who uses a resource: sums over uses of krn_sim_way_uses, weighted by how often a day. */
typedef struct krni_resource_mix {
    double uses, quantity, quantity2, hours;
} krni_resource_mix;

void krni_resource_mix_add(krni_resource_mix *mix, double uses_a_day, double quantity,
                           double occupy_h);

/* Queue of a resource with a capacity (units of its rate a day; of pools: units that there are).
 * mix NULL or empty: of uses of one unit. */
krni_queue krni_resource_queue(const krn_sim_resource *words, const krni_resource_mix *mix,
                               double capacity);

/* Hours of wait and their slope by the load, in units of the rate a day; of pools unit-days a day.
 * Without any limit (infinite capacity) nobody waits. */
double krni_resource_wait(const krn_sim_resource *words, const krni_resource_mix *mix,
                          double capacity, double load, double *out_slope);

/* The same with no mix. */
double krni_resource_wait_law(const krn_sim_resource *words, double capacity, double load,
                              double *out_slope);

#endif
