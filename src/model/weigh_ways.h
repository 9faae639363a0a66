/* weigh_ways.h - prices of activities that depend on where their leg passes. */
#ifndef MODEL_WEIGH_WAYS_H
#define MODEL_WEIGH_WAYS_H

#include "model/network_data.h"
#include "model/tariff_book.h"

#define KRNI_SAME_PRICE UINT32_MAX

typedef struct krni_way_prices {
    uint32_t n_ways; /* 0: no price depends on a way */
    krni_way ways[KRNI_MAX_WAYS];
    bool more;               /* there are further conditions: what they change remains a bound */
    unsigned raises;         /* bits of the ways that make something dearer */
    const uint8_t *depends;  /* by activity: bits of the ways on which its price depends */
    const uint32_t *slot_of; /* by activity: row of usd, or KRNI_SAME_PRICE */
    const double *usd;       /* [slot << n_ways | ways passed]; INFINITY: no rate */
} krni_way_prices;

/* What activities cost in a leg that passes a set of ways. costs are those of krn_network_weigh:
 * their bound_usd is the least of all ways; an activity that is blocked is left out. O(activities +
 * countries * rates * 2^ways). */
krn_status krni_network_price_ways(const krn_network *network, const krn_consignment *consignment,
                                   const krn_load *load, const krn_activity_cost *costs,
                                   krn_arena *arena, krni_way_prices *out, krn_error *err);

#endif
