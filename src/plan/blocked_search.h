/* blocked_search.h - walks over the network with some of what blocks lifted. */
#ifndef PLAN_BLOCKED_SEARCH_H
#define PLAN_BLOCKED_SEARCH_H

#include "plan/blocked_sets.h"
#include "plan/blocked_texts.h"
#include "plan/planning.h"

/* Keys are states times the required places visited: state << bits | visited. */
typedef struct krni_blocked_search {
    krni_planning *planning;
    uint32_t n_keys, source, target;
    unsigned bits;
    uint32_t n_facts, n_data_facts; /* rows first, then filters */
    krni_fact *facts;
    uint32_t *first_fact; /* by activity, n + 1: into facts_of, what blocks it */
    uint32_t *facts_of;
    bool *lifted;   /* by fact: taken as gone */
    uint32_t *from; /* by key: walk in which it was reached, forwards */
    uint32_t *back;
    uint32_t walk;
    uint32_t *queue;
    uint32_t *first_back, *tail_back, *arc_back; /* reversed arcs by key */
} krni_blocked_search;

/* Origin and destination of the planning have states. No facts yet. */
krn_status krni_blocked_open(krni_planning *planning, krni_blocked_search *out);

/* Numbers the facts by what blocks now; nothing is lifted. A row is one fact whatever it blocks,
 * in the order of the activities; a filter of the query is one. */
krn_status krni_blocked_facts(krni_blocked_search *e);

/* Key behind an activity. */
uint32_t krni_blocked_head(const krni_blocked_search *e, uint32_t key, uint32_t activity);

/* How many facts of an activity still stand. */
uint32_t krni_blocked_standing(const krni_blocked_search *e, uint32_t activity);

/* Whether a way is open with what is lifted, whatever the time. */
bool krni_blocked_walk(krni_blocked_search *e);

/* The cheapest of the smallest sets of facts that open a way; out->n 0: there is no way at all. */
krn_status krni_blocked_sets(krni_blocked_search *e, krni_opening *out);

/* blocked_times.c: earliest arrival on ways that are open, KRN_TIME_NONE without any. Activities
 * that do not open within the horizon become blocked by their calendar; *out_never counts them. */
krn_status krni_blocked_times(krni_blocked_search *e, krn_time *out, uint32_t *out_never);

#endif
