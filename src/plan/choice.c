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

krni_option krni_option_of(const krn_route *route, bool backward)
{
    krni_option option = {.way = way_of(route)};
    for (int c = 0; c < KRN_CRITERION_COUNT; c++)
        option.worth[c] = krn_route_value(route, (krn_criterion)c);
    if (backward)
        option.worth[KRN_ARRIVAL] = -(double)route->departure / KRN_SECONDS_PER_HOUR;
    return option;
}

static bool is_asked(unsigned criteria, int c)
{
    return c == KRN_ARRIVAL || (criteria & (1u << c)) != 0;
}

/* Values scaled to 0..1 over all options; 0 where all are alike. */
static void scale(const krni_option *options, uint32_t n, unsigned criteria, double *out)
{
    for (int c = 0; c < KRN_CRITERION_COUNT; c++) {
        double least = INFINITY, most = -INFINITY;
        for (uint32_t i = 0; i < n; i++) {
            least = fmin(least, options[i].worth[c]);
            most = fmax(most, options[i].worth[c]);
        }
        for (uint32_t i = 0; i < n; i++)
            out[(size_t)i * KRN_CRITERION_COUNT + (size_t)c] =
                is_asked(criteria, c) && most > least
                    ? (options[i].worth[c] - least) / (most - least)
                    : 0.0;
    }
}

static double distance(const double *scaled, const krni_option *options, uint32_t a, uint32_t b)
{
    double sum = 0.0;
    for (size_t c = 0; c < KRN_CRITERION_COUNT; c++) {
        const double d = scaled[a * KRN_CRITERION_COUNT + c] - scaled[b * KRN_CRITERION_COUNT + c];
        sum += d * d;
    }
    return sqrt(sum) + (options[a].way == options[b].way ? 0.0 : OTHER_WAY);
}

static void mark_best(krni_option *options, const uint32_t *chosen, uint32_t n, unsigned criteria)
{
    for (int c = 0; c < KRN_CRITERION_COUNT; c++) {
        double best = INFINITY;
        for (uint32_t i = 0; i < n; i++)
            best = fmin(best, options[chosen[i]].worth[c]);
        for (uint32_t i = 0; i < n; i++)
            if (is_asked(criteria, c) && options[chosen[i]].worth[c] <= best)
                options[chosen[i]].best_of |= 1u << c;
    }
}

krn_status krni_choose(krni_option *options, uint32_t n, uint32_t max, unsigned criteria,
                       krn_arena *scratch, uint32_t *out_n, uint32_t **out, krn_error *err)
{
    assert(n > 0);
    const uint32_t wanted = max == 0 || max > n ? n : max;
    uint32_t *chosen = krn_arena_calloc(scratch, wanted, sizeof *chosen);
    bool *taken = krn_arena_calloc(scratch, n, sizeof *taken);
    double *scaled = krn_arena_calloc(scratch, (size_t)n * KRN_CRITERION_COUNT, sizeof *scaled);
    double *nearest = krn_arena_calloc(scratch, n, sizeof *nearest);
    if (!chosen || !taken || !scaled || !nearest)
        return krni_fail_memory(err);
    scale(options, n, criteria, scaled);
    for (uint32_t i = 0; i < n; i++) {
        options[i].best_of = 0;
        nearest[i] = INFINITY;
    }
    uint32_t n_chosen = 0;
    for (int c = 0; n_chosen < wanted && wanted < n; c++) {
        uint32_t best = 0;
        if (c < KRN_CRITERION_COUNT) {
            if (!is_asked(criteria, c))
                continue;
            for (uint32_t i = 1; i < n; i++)
                if (options[i].worth[c] < options[best].worth[c])
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
            nearest[i] = fmin(nearest[i], distance(scaled, options, i, best));
    }
    uint32_t k = 0;
    for (uint32_t i = 0; i < n; i++)
        if (taken[i] || wanted == n)
            chosen[k++] = i;
    assert(k == wanted);
    mark_best(options, chosen, k, criteria);
    *out_n = k;
    *out = chosen;
    return KRN_OK;
}
