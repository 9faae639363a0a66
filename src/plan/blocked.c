/* SPDX-License-Identifier: Apache-2.0 */
/* blocked.c - why there is no route: a smallest set of facts without which there would be one.
 *
 *   no state at an end              not connected
 *   a way, too late                 late.c
 *   a way that never opens          what never opens becomes a fact; then as below
 *   no way                          facts of blocked_search.c; the cheapest of the smallest sets;
 *                                   asked for a time: of late.c, if some set brings one in time
 *
 * Of sets of one size the cheapest is the one that opens the way with the least sum of bounds of
 * cost, whatever the times. */
#include <assert.h>
#include <math.h>

#include "base/error.h"
#include "plan/blocked_search.h"

static krn_status tell_facts(const krni_blocked_search *e, const krni_opening *opening,
                             const char *then, krn_blocked *out)
{
    krni_planning *planning = e->planning;
    krn_blocker *facts = krn_arena_calloc(planning->arena, opening->n, sizeof *facts);
    krni_change *changes = krn_arena_calloc(planning->scratch, opening->n, sizeof *changes);
    krn_status st = facts && changes ? KRN_OK : krni_fail_memory(planning->err);
    for (uint32_t i = 0; i < opening->n && !st; i++) {
        const krni_fact *fact = &e->facts[opening->facts[i]];
        st = krni_fact_tell(planning, fact, &facts[i]);
        if (!st)
            st = krni_fact_change(planning, fact, &changes[i]);
    }
    if (st)
        return st;
    out->facts = facts;
    return krni_opening_tell(planning, opening, changes, then, out);
}

/* The sooner of due time and arrive-by. */
static krn_time deadline_of(const krn_plan_query *q)
{
    if (q->arrive_by == KRN_TIME_NONE)
        return q->consignment.due;
    return q->consignment.due != KRN_TIME_NONE && q->consignment.due < q->arrive_by
               ? q->consignment.due
               : q->arrive_by;
}

static krn_status explain_no_way(krni_blocked_search *e, krn_blocked *out)
{
    const krn_plan_query *q = e->planning->query;
    const krn_time by = deadline_of(q);
    const char *then = "there would be a route";
    krni_opening opening;
    krn_status st = KRN_OK;
    if (by != KRN_TIME_NONE && q->consignment.ready != KRN_TIME_NONE) {
        krn_blocked in_time = *out;
        st = krni_explain_late(e->planning, by, &in_time);
        if (st || in_time.facts_at_least) {
            *out = in_time;
            return st;
        }
        then = "there would be a route, but none in time is known";
    }
    st = krni_blocked_facts(e);
    if (!st)
        st = krni_blocked_sets(e, &opening);
    if (!st && opening.n)
        st = tell_facts(e, &opening, then, out);
    return st ? st
              : krni_reason_tell(e->planning, out->n_facts ? KRNI_BLOCKED : KRNI_NOT_CONNECTED,
                                 out);
}

krn_status krni_explain_blocked(krni_planning *planning, krn_time earliest, krn_blocked *out)
{
    const krn_plan_query *q = planning->query;
    *out = (krn_blocked){.reason = "",
                         .opening = "",
                         .opening_cost_usd = NAN,
                         .earliest = KRN_TIME_NONE,
                         .opening_arrival = KRN_TIME_NONE};
    if (planning->origin == KRN_NO_ID || planning->destination == KRN_NO_ID)
        return krni_reason_tell(planning, KRNI_NOT_CONNECTED, out);
    if (earliest != KRN_TIME_NONE && !planning->backward) {
        out->earliest = earliest;
        return krni_explain_late(planning, deadline_of(q), out);
    }
    krni_blocked_search e;
    krn_status st = krni_blocked_open(planning, &e);
    if (!st)
        st = krni_blocked_facts(&e);
    if (st)
        return st;
    if (krni_blocked_walk(&e)) { /* there is a way, so time is what is missing */
        uint32_t n_never = 0;
        krni_places places = {.target = 0};
        if (planning->n_required)
            st = krni_places_make(planning, &places);
        if (st)
            return st;
        if (places.target == KRN_NO_ID)
            return krni_reason_tell(planning, KRNI_TURNS_BACK, out);
        st = krni_blocked_times(&e, &out->earliest, &n_never);
        if (st)
            return st;
        if (out->earliest != KRN_TIME_NONE && q->consignment.ready != KRN_TIME_NONE)
            return krni_explain_late(planning, deadline_of(q), out);
        out->earliest = KRN_TIME_NONE;
        if (n_never == 0)
            return krni_reason_tell(planning, KRNI_NOT_IN_TIME, out);
    }
    return explain_no_way(&e, out);
}
