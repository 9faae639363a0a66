/* SPDX-License-Identifier: Apache-2.0 */
/* choice.c - a few routes out of many: the best in each criterion, then those farthest from all.
 *
 *      cost ^  *1              1, 2, 3: best in a criterion
 *           |   .              4: farthest from those chosen so far, in criteria scaled to 0..1
 *           |  . .*4
 *           |    . . *3        A route that goes another way (modes, borders, places of
 *           |*2   .  .         transfer) counts as farther by half the range of a criterion.
 *           +------------> arrival
 *
 * Deterministic: ties go to the earlier one in the order given. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "plan/planning.h"

#define OTHER_WAY 0.5 /* of the range of a criterion */

/* The way of a route as one number: modes and ends of legs, borders passed. */
static uint64_t way_of(const krn_route *route)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (uint32_t i = 0; i < route->n_legs; i++) {
        const krn_leg *leg = &route->legs[i];
        const uint32_t parts[3] = {(uint32_t)leg->mode, leg->from_node, leg->to_node};
        for (int k = 0; k < 3; k++)
            hash = (hash ^ parts[k]) * 0x100000001b3u;
    }
    for (uint32_t i = 0; i < route->n_steps; i++)
        if (route->steps[i].kind == KRN_CROSS)
            hash = (hash ^ route->steps[i].from_node) * 0x100000001b3u;
    return hash;
}

static bool is_asked(unsigned criteria, int c)
{
    return c == KRN_ARRIVAL || (criteria & (1u << c)) != 0;
}

/* Values scaled to 0..1 over all routes; 0 where all are alike. */
static void scale(const krn_route *routes, uint32_t n, unsigned criteria, bool backward,
                  double *out)
{
    for (int c = 0; c < KRN_CRITERION_COUNT; c++) {
        double least = INFINITY, most = -INFINITY;
        for (uint32_t i = 0; i < n; i++) {
            const double v = krni_route_worth(&routes[i], (krn_criterion)c, backward);
            least = v < least ? v : least;
            most = v > most ? v : most;
        }
        for (uint32_t i = 0; i < n; i++) {
            const double v = krni_route_worth(&routes[i], (krn_criterion)c, backward);
            out[(size_t)i * KRN_CRITERION_COUNT + (size_t)c] =
                is_asked(criteria, c) && most > least ? (v - least) / (most - least) : 0.0;
        }
    }
}

static double distance(const double *scaled, const uint64_t *ways, uint32_t a, uint32_t b)
{
    double sum = 0.0;
    for (size_t c = 0; c < KRN_CRITERION_COUNT; c++) {
        const double d = scaled[a * KRN_CRITERION_COUNT + c] - scaled[b * KRN_CRITERION_COUNT + c];
        sum += d * d;
    }
    return sqrt(sum) + (ways[a] == ways[b] ? 0.0 : OTHER_WAY);
}

static void mark_best(krn_route *routes, const uint32_t *chosen, uint32_t n, unsigned criteria,
                      bool backward)
{
    for (int c = 0; c < KRN_CRITERION_COUNT; c++) {
        double best = INFINITY;
        for (uint32_t i = 0; i < n; i++)
            best = fmin(best, krni_route_worth(&routes[chosen[i]], (krn_criterion)c, backward));
        for (uint32_t i = 0; i < n; i++)
            if (is_asked(criteria, c) &&
                krni_route_worth(&routes[chosen[i]], (krn_criterion)c, backward) <= best)
                routes[chosen[i]].best_of |= 1u << c;
    }
}

krn_status krni_choose(krn_route *routes, uint32_t n, uint32_t max, unsigned criteria,
                       bool backward, krn_arena *scratch, uint32_t *out_n, uint32_t **out,
                       krn_error *err)
{
    assert(n > 0);
    const uint32_t wanted = max == 0 || max > n ? n : max;
    uint32_t *chosen = krn_arena_calloc(scratch, wanted, sizeof *chosen);
    bool *taken = krn_arena_calloc(scratch, n, sizeof *taken);
    double *scaled = krn_arena_calloc(scratch, (size_t)n * KRN_CRITERION_COUNT, sizeof *scaled);
    double *nearest = krn_arena_calloc(scratch, n, sizeof *nearest);
    uint64_t *ways = krn_arena_calloc(scratch, n, sizeof *ways);
    if (!chosen || !taken || !scaled || !nearest || !ways)
        return krni_fail_memory(err);
    scale(routes, n, criteria, backward, scaled);
    for (uint32_t i = 0; i < n; i++) {
        routes[i].best_of = 0;
        ways[i] = way_of(&routes[i]);
        nearest[i] = INFINITY;
    }
    uint32_t n_chosen = 0;
    for (int c = 0; n_chosen < wanted; c++) {
        uint32_t best = 0;
        if (c < KRN_CRITERION_COUNT) {
            if (!is_asked(criteria, c))
                continue;
            for (uint32_t i = 1; i < n; i++)
                if (krni_route_worth(&routes[i], (krn_criterion)c, backward) <
                    krni_route_worth(&routes[best], (krn_criterion)c, backward))
                    best = i;
        } else {
            while (taken[best])
                best++;
            for (uint32_t i = best + 1; i < n; i++)
                if (!taken[i] && nearest[i] > nearest[best])
                    best = i;
        }
        if (taken[best])
            continue;
        taken[best] = true;
        n_chosen++;
        for (uint32_t i = 0; i < n; i++)
            nearest[i] = fmin(nearest[i], distance(scaled, ways, i, best));
    }
    uint32_t k = 0;
    for (uint32_t i = 0; i < n; i++)
        if (taken[i])
            chosen[k++] = i;
    assert(k == wanted);
    mark_best(routes, chosen, k, criteria, backward);
    *out_n = k;
    *out = chosen;
    return KRN_OK;
}
