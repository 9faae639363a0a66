/* plan_chain.h - an arc of the graph of a query: one activity, or two chains one after another. */
#ifndef PLAN_PLAN_CHAIN_H
#define PLAN_PLAN_CHAIN_H

#include <keruen/pareto.h>
#include <keruen/route.h>

typedef struct krni_chain {
    uint32_t tail, head;                /* places */
    uint32_t next_out, prev_out;        /* list by tail */
    uint32_t next_in, prev_in;          /* list by head */
    uint32_t clock;                     /* of the first activity, or KRN_PARETO_NO_CLOCK */
    uint32_t first, second;             /* chains; second UINT32_MAX: first is an activity */
    uint32_t depth;                     /* of the tree of chains below it */
    uint32_t length;                    /* activities */
    uint64_t cost[KRN_CRITERION_COUNT]; /* exact, in fixed units */
} krni_chain;

#endif
