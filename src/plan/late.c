/* SPDX-License-Identifier: Apache-2.0 */
/* late.c - why no route arrives in time: a smallest set of facts without which one would.
 *
 *   ready            papers            opening, departure             due
 *     |----------------|=======|-----------------|==============>......|--->
 *        fact: lead             fact: calendar,     running time and what the quantity adds
 *                               season, timetable
 *
 * A fact is a row that holds the goods up (papers, visas, bookings; opening hours and closed
 * seasons; waits for departures; what a quantity or a season adds to a usual lot), or one that
 * blocks a way, or a filter of the query. What takes no such cargo, or has no wagon or ship for it,
 * has no known time and is left as it is.
 *
 * The search is for the earliest arrival, by Dijkstra with clocks, with some facts lifted. Lifting
 * never makes it later, so the smallest sets are found as blocked_sets.c has it, and the one that
 * opens the cheapest way in time is told. If a set is larger than that search goes, the facts on
 * the fastest way are taken and those that turn out to be needless are dropped.
 *
 * Only activities that can lie on a way in time with everything lifted are looked at. If there are
 * none, the running time itself is the fact, and the longest steps are named.
 *
 * Tariffs, rules and seasonal delays stay those of the day of the query, also when it is asked how
 * much sooner the goods would have to be ready. */
#include "plan/late_search.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

#define LONGEST     3   /* steps named when the running time is too long */
#define MOST_SOONER 400 /* days */
#define SPARE_DAYS  30

static bool in_time(krni_late *e)
{
    return krni_late_arrival(e, KRNI_LATE_LIFTED) != KRNI_NEVER;
}

/* ---- what the search for sets asks ---- */

static bool opens(void *self)
{
    return in_time(self);
}

/* Lifts the facts on the fastest way with all lifted. */
static krn_status fastest_way(void *self)
{
    krni_late *e = self;
    memset(e->lifted, 1, e->n_facts * sizeof *e->lifted);
    (void)krni_late_arrival(e, KRNI_LATE_LIFTED);
    memset(e->lifted, 0, e->n_facts * sizeof *e->lifted);
    for (uint32_t key = e->target; key != e->source; key = e->parent[key])
        for (uint32_t i = e->first_item[e->by[key]]; i < e->first_item[e->by[key] + 1]; i++)
            e->lifted[e->items[i].fact] = true;
    return e->status;
}

static krn_status price(void *self, krni_opened *out)
{
    return krni_late_price(self, &out->arrival, &out->usd);
}

/* ---- the answer ---- */

static krn_time instant_of(const krni_late *e, uint32_t value)
{
    return value == KRNI_NEVER ? KRN_TIME_NONE : e->planning.base + (krn_time)value;
}

/* Facts of one kind stand together; within a kind they stay in order. */
static void sort_by_block(const krni_late *e, uint32_t *facts, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++) {
        const uint32_t fact = facts[i];
        uint32_t at = i;
        for (; at > 0 && e->facts[facts[at - 1]].fact.block > e->facts[fact].fact.block; at--)
            facts[at] = facts[at - 1];
        facts[at] = fact;
    }
}

static krn_status tell_set(krni_late *e, const krni_opening *opening, krn_blocked *out)
{
    const krni_planning *planning = &e->planning;
    krn_blocker *told = krn_arena_calloc(planning->arena, opening->n, sizeof *told);
    krni_change *changes = krn_arena_calloc(e->arena, opening->n, sizeof *changes);
    krn_status st = told && changes ? KRN_OK : krni_fail_memory(planning->err);
    sort_by_block(e, opening->facts, opening->n);
    for (uint32_t i = 0; i < opening->n && !st; i++) {
        const krni_late_fact *fact = &e->facts[opening->facts[i]];
        st = krni_late_fact_tell(planning, fact, &told[i]);
        if (!st)
            st = krni_late_fact_change(planning, fact, &changes[i]);
    }
    if (st)
        return st;
    out->facts = told;
    out->opening_arrival = instant_of(e, opening->opened.arrival);
    st = krni_opening_tell(planning, opening, changes, "a route would be in time", out);
    return st ? st : krni_late_reason_tell(planning, NAN, out);
}

/* The longest steps of the fastest way that needs no waiting. */
static krn_status tell_running_time(krni_late *e, krn_blocked *out)
{
    e->limit = KRNI_NEVER - 1;
    const uint32_t arrival = krni_late_arrival(e, KRNI_LATE_BARE);
    if (arrival == KRNI_NEVER)
        return krni_late_reason_tell(&e->planning, NAN, out);
    krni_late_fact longest[LONGEST];
    uint32_t n = 0;
    for (uint32_t key = e->target; key != e->source; key = e->parent[key]) {
        const krni_late_fact step = krni_late_step(e, e->by[key]);
        uint32_t at = n;
        while (at > 0 && longest[at - 1].delay_h < step.delay_h)
            at--;
        if (at == LONGEST)
            continue;
        n += n < LONGEST;
        memmove(&longest[at + 1], &longest[at], (n - 1 - at) * sizeof *longest);
        longest[at] = step;
    }
    krn_blocker *told = krn_arena_calloc(e->planning.arena, n, sizeof *told);
    if (!told)
        return krni_fail_memory(e->planning.err);
    krn_status st = KRN_OK;
    for (uint32_t i = 0; i < n && !st; i++)
        st = krni_late_fact_tell(&e->planning, &longest[i], &told[i]);
    out->facts = told;
    out->n_facts = n;
    return st ? st
              : krni_late_reason_tell(&e->planning, (double)arrival / KRN_SECONDS_PER_DAY, out);
}

static krn_status tell_smallest_set(krni_late *e, krn_blocked *out)
{
    const krni_set_problem problem = {.self = e,
                                      .n_facts = e->n_facts,
                                      .lifted = e->lifted,
                                      .arena = e->arena,
                                      .err = e->planning.err,
                                      .opens = opens,
                                      .failed = &e->status,
                                      .some_way = fastest_way,
                                      .price = price};
    krni_opening opening;
    const krn_status st = krni_cheapest_opening(&problem, &opening);
    if (st)
        return st;
    return opening.n ? tell_set(e, &opening, out) : tell_running_time(e, out);
}

static bool early_enough(krni_late *e, krn_time ready, krn_time days)
{
    krni_late_ready(e, ready - days * KRN_SECONDS_PER_DAY);
    return krni_late_arrival(e, KRNI_LATE_AS_IS) != KRNI_NEVER;
}

/* Fewest whole days that the goods must be ready sooner. */
static krn_status days_sooner(const krni_planning *planning, krn_time by, krn_blocked *out)
{
    const krn_time ready = planning->query->consignment.ready;
    krn_time span = MOST_SOONER;
    if (out->earliest != KRN_TIME_NONE && out->earliest > by)
        span = 2 * ((out->earliest - by) / KRN_SECONDS_PER_DAY) + SPARE_DAYS;
    if (span > MOST_SOONER)
        span = MOST_SOONER;
    krni_late e;
    const krn_status st = krni_late_open(planning, ready - span * KRN_SECONDS_PER_DAY, by, &e);
    if (st)
        return st;
    krn_time low = 0, high = span; /* late at low, in time at high */
    if (!early_enough(&e, ready, span))
        return e.status;
    while (high - low > 1) {
        const krn_time days = low + (high - low) / 2;
        if (early_enough(&e, ready, days))
            high = days;
        else
            low = days;
    }
    out->days_sooner = (uint32_t)high;
    return e.status;
}

krn_status krni_explain_late(const krni_planning *planning, krn_time by, krn_blocked *out)
{
    assert(planning->query->consignment.ready != KRN_TIME_NONE);
    if (by == KRN_TIME_NONE) /* the search met a bound of its own */
        return krni_late_reason_tell(planning, NAN, out);
    krni_late e;
    bool reachable = false;
    krn_status st = krni_late_open(planning, planning->base, by, &e);
    if (!st)
        st = krni_late_facts(&e, &reachable);
    if (st)
        return st;
    if (reachable && in_time(&e)) /* a way that an inexact search left out */
        return e.status ? e.status : krni_late_reason_tell(planning, NAN, out);
    st = reachable ? tell_smallest_set(&e, out) : tell_running_time(&e, out);
    if (!st)
        st = e.status;
    return st ? st : days_sooner(planning, by, out);
}
