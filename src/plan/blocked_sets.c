/* SPDX-License-Identifier: Apache-2.0 */
/* blocked_sets.c - all smallest sets of facts that open a way, by branching over conflicts.
 *
 *   conflict {a, b}        a | b          A conflict is a list of facts of which at least one must
 *   conflict {c, d, e}    c d e | c d e   go: with all others lifted it is still shut. It is made
 * as short as can be and kept: it holds for every branch.
 *
 * Sizes are tried from one fact upwards, so the first size at which a set opens is the smallest.
 * A branch ends without a look when more kept conflicts that share no fact are left than facts may
 * still be lifted. A fact whose branch is done is not taken again beside it, so that every set is
 * met once. */
#include "plan/blocked_sets.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

#define FIRST_CHUNK  16 /* facts lifted at once on trial */
#define CHUNK_SHRINK 4

typedef struct conflict {
    struct conflict *next;
    uint32_t n;
    uint32_t facts[]; /* ascending */
} conflict;

typedef struct search {
    const krni_set_problem *problem;
    conflict *kept;
    uint8_t *done;   /* by fact: 1 + depth at which its branch is done, 0 free */
    uint32_t *mark;  /* by fact: last count of disjoint conflicts that met it */
    uint32_t *room;  /* two lists of facts */
    uint32_t n_mark; /* counts so far */
    uint32_t set[KRNI_MOST_SET];
    uint32_t n_looks;
    bool given_up;
    krni_opening *best;
} search;

static int compare_numbers(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static bool opens(search *s)
{
    s->n_looks++;
    return s->problem->opens(s->problem->self);
}

static krn_status failed(const search *s)
{
    return s->problem->failed ? *s->problem->failed : KRN_OK;
}

/* ---- conflicts ---- */

/* Facts that may make a conflict, those of which the branch is done behind the others. */
static uint32_t suspects(search *s, uint32_t *out)
{
    const krni_set_problem *p = s->problem;
    uint32_t *list = s->room, n = 0, n_out = 0;
    if (p->edge) {
        s->n_looks++;
        n = p->edge(p->self, list);
        qsort(list, n, sizeof *list, compare_numbers);
    } else {
        for (uint32_t f = 0; f < p->n_facts; f++)
            if (!p->lifted[f])
                list[n++] = f;
    }
    for (int behind = 0; behind < 2; behind++)
        for (uint32_t i = 0; i < n; i++)
            if ((s->done[list[i]] != 0) == (behind == 1))
                out[n_out++] = list[i];
    assert(n_out == n);
    return n;
}

/* Lifts on trial, a chunk at a time, what a conflict does not need; returns what stays. */
static uint32_t shorten(search *s, uint32_t *list, uint32_t n)
{
    bool *lifted = s->problem->lifted;
    for (uint32_t chunk = FIRST_CHUNK; chunk; chunk /= CHUNK_SHRINK) {
        uint32_t stay = 0;
        for (uint32_t i = 0; i < n; i += chunk) {
            const uint32_t end = i + chunk < n ? i + chunk : n;
            for (uint32_t k = i; k < end; k++)
                lifted[list[k]] = true;
            if (!opens(s))
                continue;
            for (uint32_t k = i; k < end; k++) {
                lifted[list[k]] = false;
                list[stay++] = list[k];
            }
        }
        n = stay;
    }
    return n;
}

/* Keeps a conflict that no fact lifted now is part of; held: how many of the set are lifted. */
static krn_status learn(search *s, unsigned held, const conflict **out)
{
    const krni_set_problem *p = s->problem;
    uint32_t *list = s->room + p->n_facts;
    uint32_t n = suspects(s, list);
    memset(p->lifted, 1, p->n_facts * sizeof *p->lifted);
    for (uint32_t i = 0; i < n; i++)
        p->lifted[list[i]] = false;
    n = shorten(s, list, n);
    memset(p->lifted, 0, p->n_facts * sizeof *p->lifted);
    for (unsigned i = 0; i < held; i++)
        p->lifted[s->set[i]] = true;
    if (failed(s))
        return failed(s);
    assert(n > 0); /* with all lifted it opens */
    conflict *c = krn_arena_alloc(p->arena, sizeof *c + n * sizeof *c->facts);
    if (!c)
        return krni_fail_memory(p->err);
    qsort(list, n, sizeof *list, compare_numbers);
    memcpy(c->facts, list, n * sizeof *list);
    c->n = n;
    c->next = s->kept;
    s->kept = c;
    *out = c;
    return KRN_OK;
}

/* The conflict with the fewest free facts among those that nothing lifted is part of, or NULL.
 * False when at least one more fact than left is needed. */
static bool next_conflict(search *s, unsigned left, const conflict **out)
{
    const bool *lifted = s->problem->lifted;
    uint32_t fewest = UINT32_MAX, n_disjoint = 0;
    s->n_mark++;
    *out = NULL;
    for (const conflict *c = s->kept; c; c = c->next) {
        uint32_t n_free = 0;
        bool hit = false, disjoint = true;
        for (uint32_t i = 0; i < c->n && !hit; i++) {
            const uint32_t f = c->facts[i];
            hit = lifted[f];
            n_free += !s->done[f];
            disjoint = disjoint && (s->done[f] || s->mark[f] != s->n_mark);
        }
        if (hit)
            continue;
        if (n_free < fewest) {
            fewest = n_free;
            *out = c;
        }
        for (uint32_t i = 0; i < c->n && disjoint; i++)
            s->mark[c->facts[i]] = s->n_mark;
        n_disjoint += disjoint;
        if (n_free == 0 || n_disjoint > left)
            return false;
    }
    return true;
}

/* ---- sets ---- */

static bool better(const krni_opened *mine, const uint32_t *facts, const krni_opening *held)
{
    const double usd = isnan(mine->usd) ? INFINITY : mine->usd;
    const double held_usd = isnan(held->opened.usd) ? INFINITY : held->opened.usd;
    if (usd < held_usd || usd > held_usd)
        return usd < held_usd;
    if (mine->arrival != held->opened.arrival)
        return mine->arrival < held->opened.arrival;
    for (uint32_t i = 0; i < held->n; i++)
        if (facts[i] != held->facts[i])
            return facts[i] < held->facts[i];
    return false;
}

static krn_status weigh_set(search *s, unsigned n)
{
    krni_opening *best = s->best;
    uint32_t facts[KRNI_MOST_SET];
    krni_opened opened;
    const krn_status st = s->problem->price(s->problem->self, &opened);
    if (st)
        return st;
    memcpy(facts, s->set, n * sizeof *facts);
    qsort(facts, n, sizeof *facts, compare_numbers);
    best->n_sets++;
    s->given_up = s->given_up || best->n_sets == KRNI_MOST_PRICED;
    if (best->n && !better(&opened, facts, best))
        return KRN_OK;
    memcpy(best->facts, facts, n * sizeof *facts);
    best->n = n;
    best->opened = opened;
    return KRN_OK;
}

/* All sets of the facts held and left more of the free ones; as deep as a set is large. */
static krn_status extend(search *s, unsigned held, unsigned left)
{
    const conflict *c = NULL;
    if (s->n_looks >= KRNI_MOST_LOOKS)
        s->given_up = true;
    if (s->given_up || !next_conflict(s, left, &c))
        return KRN_OK;
    if (left == 0)
        return opens(s) ? weigh_set(s, held) : KRN_OK;
    krn_status st = c ? KRN_OK : learn(s, held, &c); /* fewer facts were tried before: it is shut */
    for (uint32_t i = 0; !st && i < c->n && !s->given_up; i++) {
        const uint32_t f = c->facts[i];
        if (s->done[f])
            continue;
        s->problem->lifted[f] = true;
        s->set[held] = f;
        st = extend(s, held + 1, left - 1);
        s->problem->lifted[f] = false;
        s->done[f] = (uint8_t)(1 + held);
    }
    for (uint32_t i = 0; c && i < c->n; i++)
        if (s->done[c->facts[i]] == 1 + held)
            s->done[c->facts[i]] = 0;
    return st;
}

/* Facts of some way, without those that it does not need. */
static krn_status take_some_way(search *s)
{
    const krni_set_problem *p = s->problem;
    krni_opening *best = s->best;
    krn_status st = p->some_way(p->self);
    for (uint32_t f = 0; f < p->n_facts && !st; f++) {
        if (!p->lifted[f])
            continue;
        p->lifted[f] = false;
        if (opens(s))
            continue;
        p->lifted[f] = true;
        best->facts[best->n++] = f;
    }
    best->n_sets = 1;
    st = st ? st : failed(s);
    return st ? st : p->price(p->self, &best->opened);
}

krn_status krni_cheapest_opening(const krni_set_problem *problem, krni_opening *out)
{
    const uint32_t n = problem->n_facts;
    const size_t most = (size_t)n + KRNI_MOST_SET;
    search s = {.problem = problem, .best = out};
    *out = (krni_opening){.opened.usd = NAN};
    out->facts = krn_arena_alloc(problem->arena, most * sizeof *out->facts);
    s.done = krn_arena_calloc(problem->arena, most, sizeof *s.done);
    s.mark = krn_arena_calloc(problem->arena, most, sizeof *s.mark);
    s.room = krn_arena_alloc(problem->arena, 2 * most * sizeof *s.room);
    if (!out->facts || !s.done || !s.mark || !s.room)
        return krni_fail_memory(problem->err);
    memset(problem->lifted, 1, n * sizeof *problem->lifted);
    const bool possible = opens(&s);
    memset(problem->lifted, 0, n * sizeof *problem->lifted);
    krn_status st = KRN_OK;
    for (unsigned size = 1; possible && size <= KRNI_MOST_SET && !out->n && !s.given_up && !st;
         size++) {
        out->at_least = size;
        st = extend(&s, 0, size);
    }
    st = st ? st : failed(&s);
    if (!possible || st)
        return st;
    out->all = out->n && !s.given_up;
    if (!out->n) {
        out->at_least += !s.given_up;
        st = take_some_way(&s);
        memset(problem->lifted, 0, n * sizeof *problem->lifted);
    }
    assert(st || (out->n >= out->at_least && out->n <= n));
    return st;
}
