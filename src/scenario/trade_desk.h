/* trade_desk.h - the trade of a year while it is spread: rows with their ways, resources under one
 * number each however often corridors are laid out, and what the kernel made of them.
 *
 *   trade_ways.c    rows -> ways by plans -> price, hours, words of each; resources that it uses
 *   trade_grow.c    more ways under waits
 *   trade_wait.c    hours at a resource by its load
 *   trade_spread.c  ways and resources as a problem of path_assign.h, solved
 *   trade_answer.c  rows, ways, resources, sums      trade_uses.c  links, borders, ports
 *   trade_price.c   one more unit of capacity
 *
 * Tonnes are a day inside, a year outside. Numbers of ways and resources only grow. */
#ifndef SCENARIO_TRADE_DESK_H
#define SCENARIO_TRADE_DESK_H

#include <keruen/trade.h>

#include "scenario/resource_wait.h"

#define KRNI_TRADE_DAYS 365.0 /* of a year */

/* What a way takes of a resource where. */
typedef struct krni_trade_take {
    krn_activity_id activity;
    uint32_t resource;
    double units; /* of a tonne */
} krni_trade_take;

typedef struct krni_trade_known {
    uint32_t lane;
    krn_trade_way words; /* year_t, share, waits and cost: once all is solved */
    krni_trade_take *takes;
    uint32_t n_takes;
    krn_path_use *uses; /* takes by resource */
    uint32_t n_uses;
    double size; /* of path-size logit */
    double day_t;
    krn_quality quality;
} krni_trade_known;

/* A row of demand that has ways. */
typedef struct krni_trade_lane {
    uint32_t row; /* of the demand */
    krn_consignment lot;
    double lot_t, day_t;
    double value_usd_t_h;
    double left_usd_t; /* of leaving a tonne behind */
    double left_t_day; /* that is */
    uint32_t *ways;    /* numbers of known ones, as found */
    uint32_t n_ways, ways_capacity;
    double least_usd_t; /* found by planning under waits; HUGE_VAL: not looked for */
} krni_trade_lane;

typedef struct krni_trade_means {
    krn_sim_resource words;
    const char *name;
    krni_resource_mix mix;        /* of the ways that met it first, by logit at no load */
    bool mixed;                   /* the mix stands: laws do not change under way */
    double capacity;              /* a day; infinite: none */
    const krn_trade_delay *table; /* of the question; NULL: the formula */
    double *tangents;             /* of the table */
} krni_trade_means;

/* What activities take, of all ways ever found. */
typedef struct krni_trade_entry {
    uint32_t resource, next; /* of the activity: entry + 1; 0 the end */
    uint32_t goods;          /* of a lane, for wagons and storage; KRN_NO_ROW: of all */
    double units;            /* of a tonne: the largest known */
} krni_trade_entry;

typedef struct krni_trade_book {
    uint32_t *head; /* by activity: entry + 1, or 0 */
    krni_trade_entry *entries;
    uint32_t n, capacity;
} krni_trade_book;

typedef struct krni_trade_desk {
    const krn_network *network;
    const krn_package *package;
    const krn_trade_question *question;
    krn_arena *arena;    /* of the answer */
    krn_arena *scratch;  /* of one row at a time */
    double spread_usd_t; /* NaN: not known */
    krni_trade_lane *lanes;
    uint32_t n_lanes;
    const char **reasons; /* by row of the demand: why it has no way; NULL: it has */
    double *asked_t;      /* by row of the demand: a year */
    krni_trade_known *ways;
    uint32_t n_ways, ways_capacity;
    krni_trade_means *means; /* resources */
    uint32_t n_means, means_capacity;
    krni_trade_book book;
    double *load, *wait_h, *unit_price; /* n_means each, of the last solution */
    /* unit_price: USD a unit of load, of a limit that binds; of a system optimum also of others. */
    uint32_t solved_means; /* how many they are of */
    krn_assign_step step;
    bool silent;          /* steps are not told: trials */
    double beyond_share;  /* of all costs: what ways found last, but not taken, would save */
    double total_usd_day; /* of the last solution, left behind included */
    krn_quality quality;
} krni_trade_desk;

/* Whether flows divide by logit. */
bool krni_trade_divides(krn_trade_method method);

/* Room for one more in a list of the arena; false: no memory. */
bool krni_trade_room(krn_arena *arena, void **list, size_t size, uint32_t n, uint32_t *capacity);

/* trade_ways.c */
krn_status krni_trade_first_ways(krni_trade_desk *d, krn_error *err);
/* Chains of activities of lanes to ways with all that is known of them but their flow; those that
 * cannot be gone (*out_number[i] = KRN_NO_ROW) are left out. */
typedef struct krni_trade_chain {
    uint32_t lane;
    const krn_activity_id *activities;
    uint32_t n_activities;
} krni_trade_chain;
krn_status krni_trade_add_ways(krni_trade_desk *d, const krni_trade_chain *chains, uint32_t n,
                               krn_error *err);
bool krni_trade_is_known(const krni_trade_desk *d, const krni_trade_chain *chain);

/* trade_wait.c: law of the kernel; context is a krni_trade_law. */
typedef struct krni_trade_law {
    const krni_trade_desk *desk;
    uint32_t more;   /* resource with another capacity; KRN_NO_ROW: none */
    double capacity; /* of it */
} krni_trade_law;
double krni_trade_capacity(const krn_sim_resource *words); /* a day; infinite: none */
double krni_trade_wait(const void *law, uint32_t resource, double load, double *out_slope);
krn_status krni_trade_take_tables(krni_trade_desk *d, krn_error *err);

/* trade_spread.c: flows of all ways under the method of the question. base: start from the flows
 * that ways have. Sets day_t of ways, left_t_day, loads, waits, step, total. */
krn_status krni_trade_spread(krni_trade_desk *d, const krni_trade_law *law, double gap_share,
                             bool base, krn_error *err);
/* Fixed cost of a tonne: price, value of its free hours, emissions. */
double krni_trade_fixed_usd_t(const krni_trade_desk *d, const krni_trade_known *way);
/* And with the waits of the last solution. */
double krni_trade_cost_usd_t(const krni_trade_desk *d, const krni_trade_known *way);
double krni_trade_wait_h(const krni_trade_desk *d, const krni_trade_known *way);

/* trade_grow.c: plans under the waits of the last solution. How many cheaper ways were added
 * (none when all of them save less than the gap); closed: none, and nothing new was learnt of what
 * activities take. */
krn_status krni_trade_grow(krni_trade_desk *d, double gap_share, uint32_t *out_added,
                           bool *out_closed, krn_error *err);

/* trade_answer.c, trade_uses.c, trade_price.c */
krn_status krni_trade_tell(krni_trade_desk *d, krn_trade_answer *out, krn_error *err);
/* What an activity is counted as; false: as nothing. */
bool krni_trade_use_of(const krn_network *network, krn_activity_id id, krn_trade_use *out);
/* More capacity a day that a price is told for. */
double krni_trade_step(const krn_sim_resource *words);
/* Tonnes a year that use a resource. */
double krni_trade_over_t(const krni_trade_desk *d, uint32_t resource);
krn_status krni_trade_tell_uses(krni_trade_desk *d, krn_trade_answer *out, krn_error *err);
krn_status krni_trade_price(krni_trade_desk *d, krn_trade_resource *resources,
                            const uint32_t *means_of, uint32_t n, krn_error *err);

#endif
