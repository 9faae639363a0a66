/* link_delay.h - time of a link as a function of its flow: value, slope, integral.
 *
 *   flow  [unit of demand], time [the caller's unit], slope = d time / d flow
 *
 * A link's law is packed to a few words, so that the inner loops load one cache line and take no
 * power function for the usual whole powers.
 *
 *   ownership  tables of tabulated laws are borrowed
 *   threads    only read
 *   errors     krni_delay_check says what is wrong with a law */
#ifndef ASSIGN_LINK_DELAY_H
#define ASSIGN_LINK_DELAY_H

#include <stdint.h>

#include "assign/shortest_tree.h"

typedef enum krni_law {
    KRNI_LAW_CONSTANT,
    KRNI_LAW_LINEAR,
    KRNI_LAW_POWER4,
    KRNI_LAW_POWER,      /* a whole power, 2 .. 64 */
    KRNI_LAW_REAL_POWER, /* any other */
    KRNI_LAW_CONICAL,
    KRNI_LAW_TABLE
} krni_law;

/* A link with its load. base + rise * flow^power; conical: rise is the free time and limit the
 * capacity; a table lies in curves[curve]. */
typedef struct krni_loaded {
    double flow, time, slope;
    double base, rise;
    double power;
    uint8_t law;
    uint8_t whole_power;
    bool limited; /* a hard capacity has a price */
    uint32_t curve;
    double capacity; /* of a conical law */
} krni_loaded;

_Static_assert(sizeof(krni_loaded) == 64, "a cache line");

/* A monotone cubic through the points of a table. */
typedef struct krni_curve {
    uint32_t n;
    const double *flow, *time; /* borrowed */
    double *tangent;           /* n, owned by the pack */
} krni_curve;

/* The price of a hard capacity: max(0, price + stiffness * (flow - limit)) on top of the time. */
typedef struct krni_limit {
    double limit, price, stiffness;
} krni_limit;

/* All laws of a graph: one a link, and those of the parts that it was made of. */
typedef struct krni_delays {
    uint32_t n_links, n_parts, n_curves, n_limits;
    krni_loaded *links;
    krni_loaded *parts; /* no load: laws only, in the order of graph.part */
    krni_curve *curves;
    krni_limit *limits; /* NULL: none; else n_links */
    bool marginal;      /* times are those of the system optimum: time + flow * slope */
} krni_delays;

/* Whether a law is one; link stands in the fault. */
krn_status krni_delay_check(const krn_delay *delay, uint32_t link, bool marginal, krn_error *err);

/* Laws of the links of a graph without load: sums over their parts, which must be of one form. */
krn_status krni_delays_new(const krn_assign_link *links, const krni_graph *graph, bool marginal,
                           krni_delays *out, krn_error *err);
void krni_delays_free(krni_delays *delays);

/* Sets time and slope from the flow. */
void krni_delay_update_any(const krni_delays *delays, uint32_t link);

/* The plain law of a part of a link, whatever `marginal` and limits are. */
double krni_delay_part_time(const krni_delays *delays, uint32_t part, double flow);

/* Integral from 0 to flow of what krni_delay_update gives as time, without prices of limits. */
double krni_delay_integral(const krni_delays *delays, uint32_t link, double flow);

/* The usual laws in line. */
static inline void krni_delay_update(const krni_delays *delays, uint32_t link)
{
    krni_loaded *l = &delays->links[link];
    if (l->law == KRNI_LAW_POWER4 && !l->limited) {
        const double cube = l->rise * l->flow * l->flow * l->flow;
        l->time = l->base + cube * l->flow;
        l->slope = 4.0 * cube;
    } else if (l->law != KRNI_LAW_CONSTANT || l->limited) {
        krni_delay_update_any(delays, link);
    }
}

#endif
