/* late_search.h - earliest arrival at the destination with facts that delay lifted. */
#ifndef PLAN_LATE_SEARCH_H
#define PLAN_LATE_SEARCH_H

#include "plan/late_texts.h"
#include "plan/plan_heap.h"
#include "plan/planning.h"

#define KRNI_NEVER UINT32_MAX

typedef enum krni_late_mode {
    KRNI_LATE_AS_IS, /* as the planner reckons */
    KRNI_LATE_LIFTED,
    KRNI_LATE_BARE /* what blocks blocks, but nothing is waited for */
} krni_late_mode;

typedef enum krni_late_part {
    KRNI_PART_BLOCK,
    KRNI_PART_PAPERS,
    KRNI_PART_CALENDAR,
    KRNI_PART_SEASON,
    KRNI_PART_DEPARTURE,
    KRNI_PART_LONGER /* hours that quantity or season add */
} krni_late_part;

/* A fact at an activity. */
typedef struct krni_late_item {
    uint32_t fact;
    krni_late_part part;
    double hours_h; /* lead of a paper; what is saved without it */
} krni_late_item;

typedef struct krni_late {
    krni_planning planning; /* of the query, with a base of its own */
    krn_arena *arena;
    krni_clock_book book;
    unsigned bits;
    uint32_t n_keys, source, target; /* state << bits | required places visited */
    uint32_t start;                  /* seconds after base: goods ready */
    int64_t papers_s;                /* papers asked for, seconds after base */
    uint32_t limit;                  /* later is never */
    bool *used;                      /* by activity: may lie on a way in time */
    uint32_t n_used;
    uint32_t *first_item; /* by activity, n + 1 */
    krni_late_item *items;
    krni_late_fact *facts;
    uint32_t n_facts, fact_capacity;
    bool *lifted;       /* by fact */
    uint32_t *clock_of; /* by activity * 8 + what is left out */
    uint32_t *at, *by, *parent;
    uint32_t *remaining; /* by state: seconds to the destination with all lifted */
    bool *queued;        /* by key, while a price is reckoned: stands in the ring */
    uint32_t *ring;
    double *usd; /* by key: least bound of cost */
    krni_heap_entry *heap;
    krn_status status; /* first failure inside a search */
} krni_late;

/* Nothing lifted, no facts. base: no search starts sooner; by: what comes later is never. */
krn_status krni_late_open(const krni_planning *planning, krn_time base, krn_time by,
                          krni_late *out);

/* Lists the facts; *out_reachable false when even with all lifted nothing comes in time. */
krn_status krni_late_facts(krni_late *e, bool *out_reachable);

/* Changes the ready time; not sooner than base. */
void krni_late_ready(krni_late *e, krn_time ready);

/* Earliest arrival in seconds after base, or KRNI_NEVER; leaves by and parent on the way. */
uint32_t krni_late_arrival(krni_late *e, krni_late_mode mode);

/* With what is lifted now: arrival, and a bound from below of the cost of a way in time that has a
 * price all along; NaN: there is none. */
krn_status krni_late_price(krni_late *e, uint32_t *out_arrival, double *out_usd);

/* The running time of an activity as a fact. */
krni_late_fact krni_late_step(const krni_late *e, uint32_t activity);

#endif
