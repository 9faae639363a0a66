/* SPDX-License-Identifier: Apache-2.0 */
/* weigh_ways.c - prices of activities by the set of ways that their leg passes.
 *
 * A row of the tariff may hold only by way of some place ("transit by Akyayla: half the rate"). For
 * each mode and country the parts of a price are asked once for every set of the ways that matter
 * there; an activity then costs
 *
 *   bound - parts of the least of all ways + parts by the set
 *
 *   parts:  rate * km  (haul, ride) | hire * hours (all but transfers) | entry (crossing)
 *
 * Where the set makes no difference, the price is the bound. */
#include "model/weigh_ways.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "model/route_draft.h"

#define SETS      (1u << KRNI_MAX_WAYS)
#define MOST_KEYS 256u /* a power of two */
#define UNKNOWN   SETS /* place of the prices without any knowledge of ways */
#define SAME_USD  1e-9 /* sums of the same parts may differ by rounding */

/* Parts of a price for a mode, a country, a number of vehicles. */
typedef struct parts {
    uint64_t key; /* 0: free */
    unsigned ways;
    double rate[SETS + 1], hire[SETS + 1], entry[SETS + 1];
} parts;

typedef struct pricing {
    const krn_network *network;
    const krn_load *load;
    const krn_activity_cost *costs;
    krn_country origin, destination;
    krni_way_prices *out;
    parts *table; /* MOST_KEYS */
    uint32_t n_parts;
    uint8_t *depends;
    uint32_t *slot_of;
    double *usd;
    uint32_t n_slots, capacity;
    uint32_t n_wagons[KRN_MAX_GAUGES]; /* of trains where they are boarded */
} pricing;

static void ask(const pricing *p, krn_mode mode, krn_country country, uint32_t n_vehicles,
                const krni_passing *passing, uint32_t at, parts *out)
{
    const krn_tariff_book *book = p->network->tariffs;
    const int32_t day = p->network->day;
    out->rate[at] = krni_tariff_bound_per_km(book, p->load, mode, country, n_vehicles, p->origin,
                                             p->destination, day, passing);
    out->hire[at] = krni_tariff_bound_per_hour(book, p->load, mode, country, n_vehicles, p->origin,
                                               p->destination, day, passing);
    out->entry[at] = krni_tariff_bound_entry(book, p->load, mode, country, n_vehicles, p->origin,
                                             p->destination, day, passing);
}

static void fill(const pricing *p, krn_mode mode, krn_country country, uint32_t n_vehicles,
                 parts *out)
{
    const krni_way_prices *w = p->out;
    out->ways = krni_tariff_ways_of(p->network->tariffs, mode, country, w->ways, w->n_ways);
    if (!out->ways)
        return;
    ask(p, mode, country, n_vehicles, NULL, UNKNOWN, out);
    for (unsigned set = 0; set < 1u << w->n_ways; set++) {
        const unsigned told = set & out->ways;
        if (told == set) {
            const krni_passing passing = {w->ways, w->n_ways, set};
            ask(p, mode, country, n_vehicles, &passing, set, out);
        } else {
            out->rate[set] = out->rate[told];
            out->hire[set] = out->hire[told];
            out->entry[set] = out->entry[told];
        }
    }
}

/* Parts by key; NULL when the table is half full: the price then stays a bound. */
static const parts *parts_of(pricing *p, krn_mode mode, krn_country country, uint32_t n_vehicles)
{
    const uint64_t key = 1ull << 63 | (uint64_t)mode << 56 | (uint64_t)country << 32 | n_vehicles;
    uint32_t i = (uint32_t)((key * 0x9e3779b97f4a7c15u) >> 40) & (MOST_KEYS - 1);
    while (p->table[i].key && p->table[i].key != key)
        i = (i + 1) & (MOST_KEYS - 1);
    if (p->table[i].key)
        return &p->table[i];
    if (p->n_parts == MOST_KEYS / 2)
        return NULL;
    p->n_parts++;
    p->table[i].key = key;
    fill(p, mode, country, n_vehicles, &p->table[i]);
    return &p->table[i];
}

/* Prices of an activity by set; false when all are the same. */
static bool price(pricing *p, uint32_t i, double usd[SETS])
{
    const krn_network *net = p->network;
    const krn_activity_cost *cost = &p->costs[i];
    const krn_activity_kind kind = (krn_activity_kind)net->kind[i];
    const krn_mode mode = (krn_mode)net->mode[i];
    const bool carries = kind == KRN_HAUL || kind == KRN_RIDE;
    uint32_t n_vehicles = cost->n_vehicles;
    if ((kind == KRN_BOARD || kind == KRN_ALIGHT) && mode == KRN_RAIL && net->gauge[i] >= 0)
        n_vehicles = p->n_wagons[net->gauge[i]];
    const parts *here = parts_of(p, mode, net->country[i], n_vehicles);
    const parts *there =
        kind == KRN_CROSS ? parts_of(p, mode, net->enters[i], cost->n_vehicles) : NULL;
    if ((!here || !here->ways) && (!there || !there->ways))
        return false;
    bool same = true;
    for (unsigned set = 0; set < 1u << p->out->n_ways; set++) {
        usd[set] = cost->bound_usd;
        if (here && here->ways) {
            if (here->hire[UNKNOWN] > 0.0)
                usd[set] -= here->hire[UNKNOWN] * cost->expected_h;
            if (here->hire[set] > 0.0)
                usd[set] += here->hire[set] * cost->expected_h;
            if (carries)
                usd[set] += (here->rate[set] - here->rate[UNKNOWN]) * net->length_km[i];
        }
        if (there && there->ways)
            usd[set] += there->entry[set] - there->entry[UNKNOWN];
        if (isnan(usd[set]))
            usd[set] = INFINITY;
        else if (usd[set] < 0.0)
            usd[set] = 0.0; /* rounding */
        same = same && fabs(usd[set] - usd[0]) <= SAME_USD * usd[0];
    }
    return !same;
}

static void note(pricing *p, uint32_t i, const double usd[SETS])
{
    krni_way_prices *out = p->out;
    p->slot_of[i] = p->n_slots;
    memcpy(p->usd + ((size_t)p->n_slots++ << out->n_ways), usd, sizeof *usd << out->n_ways);
    for (unsigned k = 0; k < out->n_ways; k++)
        for (unsigned set = 0; set < 1u << out->n_ways; set++) {
            const double without = usd[set & ~(1u << k)], with = usd[set | 1u << k];
            if (without < with || with < without)
                p->depends[i] |= (uint8_t)(1u << k);
            if (with > without * (1.0 + SAME_USD))
                out->raises |= 1u << k;
        }
}

static krn_status start(pricing *p, krn_arena *arena, krn_error *err)
{
    const uint32_t n = p->network->n_activities;
    p->table = krn_arena_calloc(arena, MOST_KEYS, sizeof *p->table);
    p->depends = krn_arena_calloc(arena, n, sizeof *p->depends);
    p->slot_of = krn_arena_alloc(arena, (size_t)n * sizeof *p->slot_of);
    p->capacity = 1024;
    p->usd = krn_arena_alloc(arena, ((size_t)p->capacity << p->out->n_ways) * sizeof *p->usd);
    if (!p->table || !p->depends || !p->slot_of || !p->usd)
        return krni_fail_memory(err);
    memset(p->slot_of, 0xff, (size_t)n * sizeof *p->slot_of);
    for (uint32_t g = 0; g < p->network->n_gauges; g++)
        p->n_wagons[g] = krn_cargo_wagons(p->network->package, p->load, (int)g, 0.0);
    return KRN_OK;
}

static krn_status make_room(pricing *p, krn_arena *arena, krn_error *err)
{
    if (p->n_slots < p->capacity)
        return KRN_OK;
    const size_t row = sizeof *p->usd << p->out->n_ways;
    double *grown = krn_arena_alloc(arena, 2 * (size_t)p->capacity * row);
    if (!grown)
        return krni_fail_memory(err);
    memcpy(grown, p->usd, p->n_slots * row);
    p->usd = grown;
    p->capacity *= 2;
    return KRN_OK;
}

krn_status krni_network_price_ways(const krn_network *network, const krn_consignment *consignment,
                                   const krn_load *load, const krn_activity_cost *costs,
                                   krn_arena *arena, krni_way_prices *out, krn_error *err)
{
    pricing p = {.network = network,
                 .load = load,
                 .costs = costs,
                 .origin = krni_node_country(network->package, consignment->origin),
                 .destination = krni_node_country(network->package, consignment->destination),
                 .out = out};
    *out = (krni_way_prices){0};
    krni_tariff_ways(network->tariffs, load, p.origin, p.destination, network->day, KRNI_MAX_WAYS,
                     out->ways, &out->n_ways, &out->more);
    if (out->n_ways == 0)
        return KRN_OK;
    krn_status st = start(&p, arena, err);
    for (uint32_t i = 0; i < network->n_activities && !st; i++) {
        double usd[SETS];
        if (costs[i].block != KRN_BLOCK_NONE || network->mode[i] == (uint8_t)KRN_SEA ||
            network->kind[i] == (uint8_t)KRN_TRANSFER || !price(&p, i, usd))
            continue;
        st = make_room(&p, arena, err);
        if (!st)
            note(&p, i, usd);
    }
    if (st)
        return st;
    if (p.n_slots == 0)
        out->n_ways = 0;
    out->depends = p.depends;
    out->slot_of = p.slot_of;
    out->usd = p.usd;
    return KRN_OK;
}
