/* SPDX-License-Identifier: Apache-2.0 */
/* no_room.c - the proof that hard capacities cannot carry the trips.
 *
 *      12 trips --> ( ===[ 5 ]===>  ) --> o      both links have length 1, all trips need 12, there
 *                   (  --[ 4 ]-->   )            is 9 to give: 3 cannot pass */
#include "assign/no_room.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/error.h"

#define PROOF_SHARE 1e-8  /* needed over given: as well as hard capacities are kept */
#define SHORT_SHARE 1e-6  /* of the longest: of no account */
#define MOST_TREES  4000u /* built to find fewer links that prove it */
#define MOST_NAMED  3u

typedef struct need {
    double length;   /* sum of trips * shortest length */
    double crossing; /* trips with a length */
    double longest;
    uint32_t trip; /* the largest of them, KRNI_NO_LINK: none */
} need;

typedef struct proof {
    const krni_problem *problem;
    krni_workers *workers;
    krni_seeker *seekers;
    double *length;   /* by link */
    need *needs;      /* by source */
    uint32_t **enter; /* by worker */
    uint32_t *full;   /* links with a length, the shortest first */
    uint32_t n_full;
} proof;

static void need_job(void *context, uint32_t source, unsigned worker)
{
    proof *w = context;
    const krni_problem *p = w->problem;
    const krni_source *from = &p->sources[source];
    krni_tree_work *tree = &w->seekers[worker].tree;
    need *out = &w->needs[source];
    *out = (need){.trip = KRNI_NO_LINK};
    krni_tree_build(&p->graph, w->length, from->node, w->enter[worker], tree);
    for (uint32_t k = from->first_trip; k < from->first_trip + from->n_trips; k++) {
        const double length = tree->label[p->trip_end[k]];
        out->length += p->trip_load[k] * length;
        if (!(length > SHORT_SHARE))
            continue;
        out->crossing += p->trip_load[k];
        out->longest = fmax(out->longest, length);
        if (out->trip == KRNI_NO_LINK || p->trip_load[k] > p->trip_load[out->trip])
            out->trip = k;
    }
}

/* What trips need over what the links can give, in flow * length; 0: no proof. */
static double lack(proof *w)
{
    double needed = 0.0, given = 0.0;
    krni_workers_run(w->workers, w->problem->n_sources, need_job, w);
    for (uint32_t k = 0; k < w->problem->n_sources; k++)
        needed += w->needs[k].length;
    for (uint32_t i = 0; i < w->n_full; i++)
        given += w->length[w->full[i]] * w->problem->delays.limits[w->full[i]].limit;
    return needed - given > PROOF_SHARE * needed ? needed - given : 0.0;
}

/* Prices of what is above the hard capacities, the greatest 1. */
static void set_lengths(proof *w)
{
    const krni_delays *d = &w->problem->delays;
    double most = 0.0;
    for (uint32_t a = 0; a < d->n_links; a++) {
        const krni_limit *m = &d->limits[a];
        if (d->links[a].limited && d->links[a].flow > m->limit)
            w->length[a] = m->stiffness * (d->links[a].flow - m->limit);
        most = fmax(most, w->length[a]);
    }
    for (uint32_t a = 0; a < d->n_links; a++) {
        w->length[a] = w->length[a] > SHORT_SHARE * most ? w->length[a] / most : 0.0;
        if (w->length[a] > 0.0)
            w->full[w->n_full++] = a;
    }
    for (uint32_t i = 1; i < w->n_full; i++) /* by length, then number */
        for (uint32_t k = i; k && w->length[w->full[k - 1]] > w->length[w->full[k]]; k--) {
            const uint32_t other = w->full[k];
            w->full[k] = w->full[k - 1];
            w->full[k - 1] = other;
        }
}

/* Fewer links that still prove it: each in turn is left out where it can be. */
static void leave_out(proof *w)
{
    uint32_t n = 0, n_trees = 0;
    for (uint32_t i = 0; i < w->n_full && n_trees < MOST_TREES; i++) {
        const uint32_t a = w->full[i];
        const double before = w->length[a];
        w->length[a] = 0.0;
        if (!(lack(w) > 0.0))
            w->length[a] = before;
        n_trees += w->problem->n_sources;
    }
    for (uint32_t i = 0; i < w->n_full; i++)
        if (w->length[w->full[i]] > 0.0)
            w->full[n++] = w->full[i];
    w->n_full = n;
}

/* All lengths 1, where that is a proof as well: then trips are counted, not weighed. */
static double level(proof *w, double *before)
{
    for (uint32_t i = 0; i < w->n_full; i++) {
        before[i] = w->length[w->full[i]];
        w->length[w->full[i]] = 1.0;
    }
    const double excess = lack(w);
    if (excess > 0.0)
        return excess;
    for (uint32_t i = 0; i < w->n_full; i++)
        w->length[w->full[i]] = before[i];
    return lack(w);
}

/* "link 4 (2 to 7), link 9 (2 to 8) and 3 more" */
static void name_links(const proof *w, char *text, size_t room)
{
    const krni_graph *g = &w->problem->graph;
    size_t at = 0;
    for (uint32_t i = 0; i < w->n_full && i < MOST_NAMED && at < room; i++) {
        const uint32_t k = g->part[g->first_part[w->full[w->n_full - 1 - i]]];
        at += (size_t)snprintf(text + at, room - at, "%slink %u (%u to %u)", i ? ", " : "", k,
                               w->problem->network->links[k].tail,
                               w->problem->network->links[k].head);
    }
    if (w->n_full > MOST_NAMED && at < room)
        (void)snprintf(text + at, room - at, " and %u more", w->n_full - MOST_NAMED);
}

static krn_status tell(const proof *w, double excess, krn_assign_shortage *out, krn_error *err)
{
    const krni_problem *p = w->problem;
    krn_assign_shortage found = {.n_links = w->n_full};
    uint32_t most = KRNI_NO_LINK, source = 0;
    double longest = 0.0;
    char text[256] = "";
    for (uint32_t k = 0; k < p->n_sources; k++) {
        const uint32_t trip = w->needs[k].trip;
        found.trips_flow += w->needs[k].crossing;
        longest = fmax(longest, w->needs[k].longest);
        if (trip != KRNI_NO_LINK &&
            (most == KRNI_NO_LINK || p->trip_load[trip] > p->trip_load[most])) {
            most = trip;
            source = k;
        }
    }
    assert(most != KRNI_NO_LINK && longest > 0.0);
    for (uint32_t i = 0; i < w->n_full; i++)
        found.capacity_flow += p->delays.limits[w->full[i]].limit;
    found.link = p->graph.part[p->graph.first_part[w->full[w->n_full - 1]]];
    found.excess_flow = excess / longest;
    found.origin = p->graph.node[p->sources[source].node];
    found.destination = p->graph.node[p->trip_end[most]];
    name_links(w, text, sizeof text);
    if (out)
        *out = found;
    return krni_fail(err, KRN_E_NO_ROUTE,
                     "the hard capacities cannot carry the trips: %s: %.6g of capacity leave at "
                     "least %.6g without room of the %.6g that must pass, such as from %u to %u",
                     text, found.capacity_flow, found.excess_flow, found.trips_flow, found.origin,
                     found.destination);
}

static bool make_room(proof *w)
{
    const krni_problem *p = w->problem;
    const unsigned n_workers = krni_workers_count(w->workers);
    w->length = calloc(2 * (p->graph.n_links + (size_t)1), sizeof *w->length);
    w->needs = malloc((p->n_sources + (size_t)1) * sizeof *w->needs);
    w->full = malloc((p->graph.n_links + (size_t)1) * sizeof *w->full);
    w->enter = calloc(n_workers, sizeof *w->enter);
    for (unsigned k = 0; w->enter && k < n_workers; k++) {
        w->enter[k] = malloc((p->graph.n_nodes + (size_t)1) * sizeof *w->enter[k]);
        if (!w->enter[k])
            return false;
    }
    return w->length && w->needs && w->full && w->enter;
}

krn_status krni_no_room(const krni_problem *p, krni_workers *workers, krni_seeker *seekers,
                        krn_assign_shortage *out, krn_error *err)
{
    proof w = {.problem = p, .workers = workers, .seekers = seekers};
    krn_status status = KRN_OK;
    assert(p->delays.n_limits > 0);
    if (!make_room(&w)) {
        status = krni_fail_memory(err);
    } else {
        set_lengths(&w);
        if (w.n_full && lack(&w) > 0.0) {
            leave_out(&w);
            status = tell(&w, level(&w, w.length + p->graph.n_links), out, err);
        }
    }
    for (unsigned k = 0; w.enter && k < krni_workers_count(workers); k++)
        free(w.enter[k]);
    free(w.enter);
    free(w.length);
    free(w.needs);
    free(w.full);
    return status;
}
