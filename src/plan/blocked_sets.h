/* blocked_sets.h - of the smallest sets of facts without which a way opens, the cheapest. */
#ifndef PLAN_BLOCKED_SETS_H
#define PLAN_BLOCKED_SETS_H

#include <keruen/arena.h>
#include <keruen/status.h>

#include <stdbool.h>
#include <stdint.h>

#define KRNI_MOST_SET    6    /* facts of a set that is searched for exactly */
#define KRNI_MOST_LOOKS  4000 /* calls of opens and edge before the search is given up */
#define KRNI_MOST_PRICED 1000 /* sets of which the price is compared */

/* What is opened with the facts lifted. */
typedef struct krni_opened {
    double usd;       /* of the cheapest way; NaN: not known */
    uint32_t arrival; /* sooner is better when prices are equal; any constant where times are not */
} krni_opened;

/* Facts are numbers below n_facts. Lifting one more never shuts a way again. */
typedef struct krni_set_problem {
    void *self;
    uint32_t n_facts;
    bool *lifted; /* by fact; set here, read by the calls */
    krn_arena *arena;
    krn_error *err;
    bool (*opens)(void *self);
    const krn_status *failed; /* first failure inside opens; NULL: it cannot fail */
    /* Not NULL: facts of which one more must be lifted, whatever else is; returns their number. */
    uint32_t (*edge)(void *self, uint32_t *out);
    /* Lifts facts so that a way opens: few, but not surely the fewest. */
    krn_status (*some_way)(void *self);
    krn_status (*price)(void *self, krni_opened *out);
} krni_set_problem;

typedef struct krni_opening {
    uint32_t *facts; /* ascending; none of them can be left out */
    uint32_t n;      /* 0: nothing opens even with all facts lifted */
    krni_opened opened;
    uint32_t at_least; /* no set of fewer facts opens a way; n: the set is a smallest one */
    uint32_t n_sets;   /* sets of n facts that were compared */
    bool all;          /* these are all sets of n facts */
} krni_opening;

/* Nothing is open with nothing lifted. The set told is the smallest one whose way has the lowest
 * price (not known: dearer than any), then the soonest arrival, then the lowest facts in order. A
 * set that is larger than KRNI_MOST_SET, or not found within the looks, is some_way without what
 * it does not need. Leaves nothing lifted. */
krn_status krni_cheapest_opening(const krni_set_problem *problem, krni_opening *out);

#endif
