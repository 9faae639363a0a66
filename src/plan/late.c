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
 * never makes it later. A conflict of a set that is still late is a smallest list of facts of which
 * at least one more must go: with all others lifted as well it is still late. So all smallest sets
 * are found by branching over conflicts, one, two and three deep. If more are needed, the facts on
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

#define MOST_SET     3
#define MOST_LOOKS   4000 /* searches before the smallest set is given up */
#define MOST_PRICED  64
#define LONGEST      3   /* steps named when the running time is too long */
#define MOST_SOONER  400 /* days */
#define SPARE_DAYS   30
#define FIRST_CHUNK  16
#define CHUNK_SHRINK 4

/* The best set so far. */
typedef struct choice {
    uint32_t set[MOST_SET];
    unsigned n; /* 0: none */
    double usd; /* NaN unknown */
    uint32_t arrival;
    uint32_t n_priced;
} choice;

static bool in_time(krni_late *e)
{
    e->n_looks++;
    return krni_late_arrival(e, KRNI_LATE_LIFTED) != KRNI_NEVER;
}

/* ---- conflicts ---- */

/* Facts of which one more must be lifted; out has room for all facts. */
static uint32_t conflict(krni_late *e, uint32_t *out)
{
    uint32_t n = 0;
    for (uint32_t f = 0; f < e->n_facts; f++)
        if (!e->lifted[f])
            out[n++] = f;
    const uint32_t n_all = n;
    uint32_t *taken = out + n_all; /* second half of the room: those lifted on trial */
    uint32_t n_taken = 0;
    for (uint32_t chunk = FIRST_CHUNK; chunk; chunk /= CHUNK_SHRINK) {
        uint32_t kept = 0;
        for (uint32_t i = 0; i < n; i += chunk) {
            const uint32_t end = i + chunk < n ? i + chunk : n;
            for (uint32_t k = i; k < end; k++)
                e->lifted[out[k]] = true;
            const bool early = in_time(e);
            for (uint32_t k = i; k < end; k++) {
                if (early) {
                    e->lifted[out[k]] = false;
                    out[kept++] = out[k];
                } else {
                    taken[n_taken++] = out[k];
                }
            }
        }
        n = kept;
    }
    for (uint32_t i = 0; i < n_taken; i++)
        e->lifted[taken[i]] = false;
    assert(n + n_taken == n_all);
    return n;
}

static krn_status weigh_choice(krni_late *e, const uint32_t *set, unsigned n, choice *best)
{
    uint32_t arrival = KRNI_NEVER;
    double usd = NAN;
    krn_status st = KRN_OK;
    if (best->n_priced++ < MOST_PRICED)
        st = krni_late_price(e, &arrival, &usd);
    const double mine = isnan(usd) ? INFINITY : usd;
    const double held = isnan(best->usd) ? INFINITY : best->usd;
    if (st || (best->n && (mine > held || (!(mine < held) && arrival >= best->arrival))))
        return st;
    memcpy(best->set, set, n * sizeof *set);
    best->n = n;
    best->usd = usd;
    best->arrival = arrival;
    return st;
}

/* All sets of n more facts; recursion is as deep as the set is large. */
static krn_status try_sets(krni_late *e, unsigned n, uint32_t *set, unsigned held, choice *best)
{
    uint32_t *facts = krn_arena_alloc(e->arena, (size_t)e->n_facts * 2 * sizeof *facts);
    if (!facts)
        return krni_fail_memory(e->planning.err);
    const uint32_t n_facts = conflict(e, facts);
    krn_status st = KRN_OK;
    for (uint32_t i = 0; i < n_facts && !st && e->n_looks < MOST_LOOKS; i++) {
        e->lifted[facts[i]] = true;
        set[held] = facts[i];
        if (n > 1)
            st = try_sets(e, n - 1, set, held + 1, best);
        else if (in_time(e))
            st = weigh_choice(e, set, held + 1, best);
        e->lifted[facts[i]] = false;
    }
    return st;
}

/* Facts on the fastest way with all lifted, without those that it does not need. */
static uint32_t facts_of_fastest(krni_late *e, uint32_t *out)
{
    memset(e->lifted, 1, e->n_facts * sizeof *e->lifted);
    (void)krni_late_arrival(e, KRNI_LATE_LIFTED);
    memset(e->lifted, 0, e->n_facts * sizeof *e->lifted);
    for (uint32_t key = e->target; key != e->source; key = e->parent[key])
        for (uint32_t i = e->first_item[e->by[key]]; i < e->first_item[e->by[key] + 1]; i++)
            e->lifted[e->items[i].fact] = true;
    uint32_t n = 0;
    for (uint32_t f = 0; f < e->n_facts; f++) {
        if (!e->lifted[f])
            continue;
        e->lifted[f] = false;
        if (in_time(e))
            continue;
        e->lifted[f] = true;
        out[n++] = f;
    }
    return n;
}

/* ---- the answer ---- */

static krn_time instant_of(const krni_late *e, uint32_t value)
{
    return value == KRNI_NEVER ? KRN_TIME_NONE : e->planning.base + (krn_time)value;
}

static krn_status tell_set(krni_late *e, const uint32_t *set, uint32_t n, krn_blocked *out)
{
    krn_blocker *told = krn_arena_calloc(e->planning.arena, n, sizeof *told);
    if (!told)
        return krni_fail_memory(e->planning.err);
    for (uint32_t i = 0; i < n; i++) {
        const krn_status st = krni_late_fact_tell(&e->planning, &e->facts[set[i]], &told[i]);
        if (st)
            return st;
    }
    out->facts = told;
    out->n_facts = n;
    return KRN_OK;
}

/* The longest steps of the fastest way that needs no waiting. */
static krn_status tell_running_time(krni_late *e, krn_blocked *out)
{
    e->limit = KRNI_NEVER - 1;
    const uint32_t arrival = krni_late_arrival(e, KRNI_LATE_BARE);
    if (arrival == KRNI_NEVER)
        return krni_late_reason_tell(&e->planning, 0, NAN, out);
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
              : krni_late_reason_tell(&e->planning, n, (double)arrival / KRN_SECONDS_PER_DAY, out);
}

static krn_status tell_smallest_set(krni_late *e, krn_blocked *out)
{
    choice best = {.usd = NAN};
    uint32_t set[MOST_SET];
    krn_status st = KRN_OK;
    for (unsigned n = 1; n <= MOST_SET && !best.n && !st && e->n_looks < MOST_LOOKS; n++)
        st = try_sets(e, n, set, 0, &best);
    if (st)
        return st;
    if (best.n) {
        st = tell_set(e, best.set, best.n, out);
        if (!st && best.n == 1) {
            out->opening_cost_usd = best.usd;
            out->opening_arrival = instant_of(e, best.arrival);
            st = krni_late_opening_tell(&e->planning, &e->facts[best.set[0]], out);
        }
    } else {
        uint32_t *many = krn_arena_alloc(e->arena, (size_t)e->n_facts * sizeof *many);
        if (!many)
            return krni_fail_memory(e->planning.err);
        const uint32_t n = facts_of_fastest(e, many);
        st = tell_set(e, many, n, out);
    }
    return st ? st : krni_late_reason_tell(&e->planning, out->n_facts, NAN, out);
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
        return krni_late_reason_tell(planning, 0, NAN, out);
    krni_late e;
    bool reachable = false;
    krn_status st = krni_late_open(planning, planning->base, by, &e);
    if (!st)
        st = krni_late_facts(&e, &reachable);
    if (st)
        return st;
    if (reachable && in_time(&e)) /* a way that an inexact search left out */
        return e.status ? e.status : krni_late_reason_tell(planning, 0, NAN, out);
    if (reachable) {
        memset(e.lifted, 1, e.n_facts * sizeof *e.lifted);
        reachable = in_time(&e);
        memset(e.lifted, 0, e.n_facts * sizeof *e.lifted);
    }
    st = reachable ? tell_smallest_set(&e, out) : tell_running_time(&e, out);
    if (!st)
        st = e.status;
    return st ? st : days_sooner(planning, by, out);
}
