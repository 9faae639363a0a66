/* SPDX-License-Identifier: Apache-2.0 */
/* resource_wait.c - queues by kind of resource, as the simulation works them:
 *
 *   border, gauge change, terminal   one lot after another, each for its units / rate: M/G/1
 *   section, single track            one train after another through a block, 12 h / N: M/D/1
 *   section, more tracks             trains of a direction, one every 24 h / N: M/D/1
 *   service                          a departure is 1 / share places, each for a headway: M/D/c;
 *                                    the wait for the next departure itself is in the plan
 *   wagons, locomotives, berths,     units / units of a use servers, each for the hours held:
 *   storage                          M/M/c
 *
 * Those who come do so by chance (ca2 = 1). The services of a post spread as the lots do that come.
 * Erlang's formula is exact up to 256 servers; beyond, C = rho^(sqrt(2 (c + 1)) - 1) (Sakasegawa
 * 1977). Above capacity C goes on by its tangent. */
#include "scenario/resource_wait.h"

#include <assert.h>
#include <math.h>

#define MOST_SERVERS 256.0
#define HOURS_A_DAY  24.0

/* ---- Erlang ---- */

/* Chance that somebody who comes waits, and its slope by rho = a / c. */
static double erlang_c(uint32_t c, double rho, double *out_slope)
{
    const double at = fmin(rho, 1.0), a = at * c;
    if (!(a > 0.0)) {
        *out_slope = c == 1 ? 1.0 : 0.0;
        return 0.0;
    }
    double b = 1.0; /* Erlang's loss */
    for (uint32_t k = 1; k <= c; k++)
        b = a * b / (k + a * b);
    const double b_slope = b * (c / a - 1.0 + b); /* by a */
    const double rest = 1.0 - at * (1.0 - b), rest_slope = at * b_slope - (1.0 - b) / c;
    const double value = b / rest;
    *out_slope = fmax(0.0, c * (b_slope * rest - b * rest_slope) / (rest * rest));
    return value + *out_slope * (rho - at);
}

/* C of any number of servers. */
static double wait_chance(double servers, double rho, double *out_slope)
{
    if (servers > MOST_SERVERS) {
        const double power = sqrt(2.0 * (servers + 1.0)) - 1.0;
        const double at = fmin(rho, 1.0), value = pow(at, power);
        *out_slope = at > 0.0 ? power * value / at : 0.0;
        return value + *out_slope * (rho - at);
    }
    const uint32_t below = (uint32_t)servers;
    const double part = servers - below;
    double slope = 0.0;
    double value = erlang_c(below, rho, &slope);
    if (part > 0.0) {
        double more_slope;
        const double more = erlang_c(below + 1, rho, &more_slope);
        value += part * (more - value);
        slope += part * (more_slope - slope);
    }
    *out_slope = slope;
    return value;
}

double krni_queue_wait_h(const krni_queue *q, double rho, double *out_slope)
{
    double g_slope;
    assert(q->servers >= 1.0 && q->service_h >= 0.0 && q->spread >= 0.0 && q->period_h > 0.0);
    assert(rho >= 0.0);
    const double scale = q->spread * q->service_h / q->servers;
    const double g = scale * wait_chance(q->servers, rho, &g_slope); /* W (1 - rho), steady */
    g_slope *= scale;
    const double left = 1.0 - rho;
    if (!(g > 0.0) && left > 0.0) {
        *out_slope = g_slope / left;
        return 0.0;
    }
    if (isinf(q->period_h)) {
        *out_slope = left > 0.0 ? (g_slope + g / left) / left : (double)INFINITY;
        return left > 0.0 ? g / left : (double)INFINITY;
    }
    const double root = sqrt(left * left + 8.0 * g / q->period_h);
    const double root_slope = root > 0.0 ? (4.0 * g_slope / q->period_h - left) / root : 0.0;
    *out_slope = fmax(0.0, 0.25 * q->period_h * (1.0 + root_slope));
    return left > 0.0 ? 2.0 * g / (root + left) : 0.25 * q->period_h * (root - left);
}

/* ---- resources ---- */

void krni_resource_mix_add(krni_resource_mix *mix, double uses, double quantity, double occupy_h)
{
    assert(uses >= 0.0 && quantity >= 0.0 && occupy_h >= 0.0);
    mix->uses += uses;
    mix->quantity += uses * quantity;
    mix->quantity2 += uses * quantity * quantity;
    mix->hours += uses * occupy_h;
}

static krni_queue pool(const krn_sim_resource *words, const krni_resource_mix *mix, double units)
{
    krni_queue q = {
        .servers = units, .service_h = HOURS_A_DAY, .spread = 1.0, .period_h = KRNI_YEAR_H};
    if (mix && mix->uses > 0.0 && mix->hours > 0.0) {
        double batch = mix->quantity / mix->hours * HOURS_A_DAY; /* units that one use holds */
        if (words->kind != KRN_RESOURCE_STORAGE)
            batch = fmax(1.0, batch);
        q.servers = units / batch;
        q.service_h = mix->hours / mix->uses;
    }
    q.servers = fmax(1.0, q.servers);
    return q;
}

/* What one use takes of a rate: mean, and the spread of services that it makes. */
static double mean_quantity(const krni_resource_mix *mix, double *out_cs2)
{
    *out_cs2 = 0.0;
    if (!mix || !(mix->uses > 0.0) || !(mix->quantity > 0.0))
        return 1.0;
    const double mean = mix->quantity / mix->uses;
    *out_cs2 = fmax(0.0, mix->quantity2 / mix->uses / (mean * mean) - 1.0);
    return mean;
}

krni_queue krni_resource_queue(const krn_sim_resource *words, const krni_resource_mix *mix,
                               double capacity)
{
    double cs2;
    const double quantity = mean_quantity(mix, &cs2);
    krni_queue q = {.servers = 1.0, .period_h = KRNI_YEAR_H};
    switch (words->kind) {
    case KRN_RESOURCE_SECTION:
        q.service_h = HOURS_A_DAY / capacity / (words->capacity > 1.0 ? 1.0 : 2.0);
        q.spread = 0.5;
        return q;
    case KRN_RESOURCE_SERVICE:
        q.servers = fmax(1.0, 1.0 / quantity);
        q.service_h = HOURS_A_DAY / capacity * fmax(1.0, quantity);
        q.spread = 0.5;
        return q;
    case KRN_RESOURCE_STORAGE:
    case KRN_RESOURCE_BERTHS:
    case KRN_RESOURCE_WAGONS:
    case KRN_RESOURCE_LOCOMOTIVES:
        return pool(words, mix, capacity);
    default:
        q.service_h = HOURS_A_DAY * quantity / capacity;
        q.spread = 0.5 * (1.0 + cs2);
        return q;
    }
}

double krni_resource_wait(const krn_sim_resource *words, const krni_resource_mix *mix,
                          double capacity, double load, double *out_slope)
{
    *out_slope = 0.0;
    assert(load >= 0.0);
    if (!(capacity > 0.0) || isinf(capacity))
        return 0.0;
    const krni_queue q = krni_resource_queue(words, mix, capacity);
    const double wait_h = krni_queue_wait_h(&q, load / capacity, out_slope);
    *out_slope /= capacity;
    return wait_h;
}

double krni_resource_wait_law(const krn_sim_resource *words, double capacity, double load,
                              double *out_slope)
{
    return krni_resource_wait(words, NULL, capacity, load, out_slope);
}
