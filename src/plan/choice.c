/* SPDX-License-Identifier: Apache-2.0 */
/* choice.c - a few routes out of many: the best in each criterion, then balanced other ways.
 *
 *      cost ^  *1            1, 2, 3: best in a criterion
 *           |   .            4: of a way not shown yet, the one that
 *           |  *4.              loses least in all criteria together
 *           |    . . *3
 *           |*2   .  .       way: see way_of
 *           +------------> arrival
 *
 * A loss in one criterion is (value - least) / (median - least) over all routes found: free of
 * units, and a few odd routes do not stretch it. In all criteria but cost nearly the best will do:
 * the most balanced of those within a twentieth of the median's loss stands for the best.
 * Deterministic: ties go to the earlier one in the order given. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "plan/planning.h"

#define NEARLY_BEST 0.05 /* loss in one criterion */
#define SHORT_LEG   0.02 /* of the length of the route: drayage, no way of its own */

static uint64_t mix(uint64_t hash, uint32_t part)
{
    return (hash ^ part) * 0x100000001b3u;
}

/* The way of a route as one number: modes of its long legs, ports of its voyages, and the border by
 * which it comes into the last country. Detours on the way to that border are the same way. */
static uint64_t way_of(const krn_route *route)
{
    uint64_t hash = 0xcbf29ce484222325u;
    unsigned last = KRN_MODE_COUNT;
    for (uint32_t i = 0; i < route->n_legs; i++) {
        const krn_leg *leg = &route->legs[i];
        if (leg->mode == KRN_SEA)
            hash = mix(mix(hash, leg->from_node), leg->to_node);
        if (leg->length_km >= SHORT_LEG * route->length_km && (unsigned)leg->mode != last) {
            last = (unsigned)leg->mode;
            hash = mix(hash, last);
        }
    }
    for (uint32_t i = route->n_steps; i-- > 0;)
        if (route->steps[i].kind == KRN_CROSS)
            return mix(hash, route->steps[i].from_node);
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

static int compare_doubles(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* Losses in each criterion and their sum; sorted has room for n. */
static void weigh_losses(const krni_option *options, uint32_t n, unsigned criteria, double *sorted,
                         double *loss, double *total)
{
    for (uint32_t i = 0; i < n; i++)
        total[i] = 0.0;
    for (int c = 0; c < KRN_CRITERION_COUNT; c++) {
        for (uint32_t i = 0; i < n; i++)
            sorted[i] = options[i].worth[c];
        qsort(sorted, n, sizeof *sorted, compare_doubles);
        const double least = sorted[0];
        const double middle = sorted[n / 2] > least ? sorted[n / 2] : sorted[n - 1];
        for (uint32_t i = 0; i < n; i++) {
            double *l = &loss[(size_t)i * KRN_CRITERION_COUNT + (size_t)c];
            *l = is_asked(criteria, c) && middle > least
                     ? (options[i].worth[c] - least) / (middle - least)
                     : 0.0;
            total[i] += *l;
        }
    }
}

/* The best in a criterion: exactly in cost; in the others the most balanced of the
 * nearly best, or one that is taken already if it is nearly the best. */
static uint32_t best_in(int c, uint32_t n, const bool *taken, const double *loss,
                        const double *total)
{
    const double within = c == KRN_COST ? 0.0 : NEARLY_BEST;
    uint32_t best = UINT32_MAX;
    for (uint32_t i = 0; i < n; i++) {
        if (loss[(size_t)i * KRN_CRITERION_COUNT + (size_t)c] > within)
            continue;
        if (taken[i] && within > 0.0)
            return i;
        if (best == UINT32_MAX || total[i] < total[best])
            best = i;
    }
    assert(best != UINT32_MAX);
    return best;
}

static bool is_shown(const krni_option *options, const bool *taken, uint32_t n, uint64_t way)
{
    for (uint32_t i = 0; i < n; i++)
        if (taken[i] && options[i].way == way)
            return true;
    return false;
}

/* The most balanced of those not taken, of a way not shown yet if there is one. */
static uint32_t most_balanced(const krni_option *options, const bool *taken, uint32_t n,
                              const double *total)
{
    uint32_t best = UINT32_MAX, other = UINT32_MAX;
    for (uint32_t i = 0; i < n; i++) {
        if (taken[i])
            continue;
        if (other == UINT32_MAX || total[i] < total[other])
            other = i;
        if ((best == UINT32_MAX || total[i] < total[best]) &&
            !is_shown(options, taken, n, options[i].way))
            best = i;
    }
    return best != UINT32_MAX ? best : other;
}

/* A chosen one is called the best in a criterion when no chosen one is better there and it is
 * nearly the best of all that were found. */
static void mark_best(krni_option *options, const uint32_t *chosen, uint32_t n, const double *loss,
                      unsigned criteria)
{
    for (int c = 0; c < KRN_CRITERION_COUNT; c++) {
        double best = INFINITY;
        for (uint32_t i = 0; i < n; i++)
            best = fmin(best, options[chosen[i]].worth[c]);
        for (uint32_t i = 0; i < n; i++)
            if (is_asked(criteria, c) && options[chosen[i]].worth[c] <= best &&
                loss[(size_t)chosen[i] * KRN_CRITERION_COUNT + (size_t)c] <= NEARLY_BEST)
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
    double *loss = krn_arena_calloc(scratch, (size_t)n * KRN_CRITERION_COUNT, sizeof *loss);
    double *total = krn_arena_calloc(scratch, n, sizeof *total);
    double *sorted = krn_arena_calloc(scratch, n, sizeof *sorted);
    if (!chosen || !taken || !loss || !total || !sorted)
        return krni_fail_memory(err);
    weigh_losses(options, n, criteria, sorted, loss, total);
    for (uint32_t i = 0; i < n; i++)
        options[i].best_of = 0;
    /* the cheapest first: where only one is wanted, that is it */
    static const int order[KRN_CRITERION_COUNT] = {KRN_COST, KRN_ARRIVAL, KRN_CO2E, KRN_HANDLINGS,
                                                   KRN_RISK};
    uint32_t n_chosen = 0;
    for (int k = 0; n_chosen < wanted && wanted < n; k++) {
        const bool of_criterion = k < KRN_CRITERION_COUNT;
        if (of_criterion && !is_asked(criteria, order[k]))
            continue;
        const uint32_t next = of_criterion ? best_in(order[k], n, taken, loss, total)
                                           : most_balanced(options, taken, n, total);
        if (taken[next])
            continue;
        taken[next] = true;
        n_chosen++;
    }
    uint32_t k = 0;
    for (uint32_t i = 0; i < n; i++)
        if (taken[i] || wanted == n)
            chosen[k++] = i;
    assert(k == wanted);
    mark_best(options, chosen, k, loss, criteria);
    *out_n = k;
    *out = chosen;
    return KRN_OK;
}
