/* SPDX-License-Identifier: Apache-2.0 */
/* plan_way.c - prices that depend on where a leg passes.
 *
 * A row of the tariff may hold only by way of some place ("transit by Akyayla: half the rate"), as
 * far as the leg touches it, before or behind. Along an arc one does not know yet. So the graph has
 * layers, and a path chooses late: only on an arc whose price depends on the way.
 *
 *   OFF --in full-----------------> OFF
 *     \--by the way--> CLAIMED ----> PAYING --behind the last such arc--> OFF
 *      \--at the place--> PASSED --^      CLAIMED: the place must come, nothing ends there
 *
 * So the layers meet again where prices do not depend on the way any more, and a leg (a transfer, a
 * ship) ends them all. A path that pays in full and passes the place all the same seems dearer than
 * it is; its twin by the way is there and goes before it. That is right as long as a way makes
 * nothing dearer. If it does (a border fee that holds only there), the layers are kept apart to the
 * end of the leg:
 *
 *   OFF --in full--> REFUSED (the place is shut)      OFF --at the place--> PASSED
 *     \--by the way--> CLAIMED --at the place--> PASSED
 *
 * Touching is not passing: a path that has come to a place with a right to its rows does not go
 * back over the link that it came by, not with another train either, as long as this layer lasts.
 * In the first picture a leg that has left the rows' country behind the place and comes back into
 * it pays in full there as far as the search reckons. More than KRNI_MAX_WAYS conditions: those
 * beyond remain bounds, the least of both. */
#include <assert.h>
#include <string.h>

#include "base/error.h"
#include "plan/planning.h"

static krni_way_phase phase_of(uint8_t ways, unsigned k)
{
    return (krni_way_phase)((unsigned)ways >> (2 * k) & 3u);
}

static bool is_on_way(const krni_way *way, uint32_t node)
{
    for (uint32_t i = 0; i < way->n_nodes; i++)
        if (way->nodes[i] == node)
            return true;
    return false;
}

/* A transfer ends a leg, and so does a ship. */
static bool ends_leg(const krn_network *net, uint32_t activity)
{
    return net->kind[activity] == (uint8_t)KRN_TRANSFER || net->mode[activity] == (uint8_t)KRN_SEA;
}

krn_status krni_ways_prepare(krni_planning *planning)
{
    const krn_network *net = planning->network;
    krni_way_prices *prices = &planning->prices;
    if (!(planning->query->criteria & (1u << KRN_COST)))
        return KRN_OK;
    const krn_status st =
        krni_network_price_ways(net, &planning->query->consignment, &planning->load,
                                planning->costs, planning->scratch, prices, planning->err);
    if (st || prices->n_ways == 0)
        return st;
    planning->passes = krn_arena_calloc(planning->scratch, net->n_states, 1);
    planning->outside = krn_arena_calloc(planning->scratch, net->n_states, 1);
    if (!planning->passes || !planning->outside)
        return krni_fail_memory(planning->err);
    for (uint32_t a = 0; a < net->n_activities; a++)
        if (planning->costs[a].block == KRN_BLOCK_NONE) {
            planning->ways |= prices->depends[a];
            if (net->kind[a] == (uint8_t)KRN_HAUL || net->kind[a] == (uint8_t)KRN_RIDE ||
                net->kind[a] == (uint8_t)KRN_CROSS)
                planning->outside[net->from_state[a]] |= (uint8_t)~prices->depends[a];
        }
    for (unsigned k = 0; k < prices->n_ways; k++)
        for (uint32_t i = 0; i < net->n_states && planning->ways & (1u << k); i++)
            if (is_on_way(&prices->ways[k], net->state_node[i]))
                planning->passes[i] |= (uint8_t)(1u << k);
    return KRN_OK;
}

/* Choices of one way: phase afterwards, and whether the activity is paid by it. */
typedef struct choice {
    krni_way_phase phase;
    bool paid;
    bool came; /* to the place, with a right to it: no turning back */
} choice;

/* A new leg begins at the head of the activity. */
static uint32_t new_leg(krni_way_phase phase, bool strict, bool at_place, choice out[2])
{
    uint32_t n = 0;
    if (phase == KRNI_WAY_CLAIMED || (phase == KRNI_WAY_PASSED && !strict))
        return 0;
    if (!at_place || !strict)
        out[n++] = (choice){KRNI_WAY_OFF, false, false};
    if (at_place)
        out[n++] = (choice){KRNI_WAY_PASSED, false, false};
    return n;
}

/* A way that makes something dearer: layers to the end of the leg. */
static uint32_t strict_way(krni_way_phase phase, bool depends, bool at_place, choice out[2])
{
    const choice by_way = {at_place ? KRNI_WAY_PASSED : KRNI_WAY_CLAIMED, true, at_place};
    uint32_t n = 0;
    if (phase == KRNI_WAY_PASSED)
        out[n++] = (choice){KRNI_WAY_PASSED, true, false};
    else if (phase == KRNI_WAY_CLAIMED)
        out[n++] = by_way;
    else if (phase == KRNI_WAY_OFF && !depends)
        out[n++] = (choice){at_place ? KRNI_WAY_PASSED : KRNI_WAY_OFF, false, at_place};
    else {
        if (!at_place)
            out[n++] = (choice){KRNI_WAY_REFUSED, false, false};
        if (phase == KRNI_WAY_OFF)
            out[n++] = by_way;
    }
    return n;
}

/* A way that makes nothing dearer: layers meet where no arc depends on it. moves: the activity
 * leads on by a link or a crossing. */
static uint32_t lax_way(krni_way_phase phase, bool depends, bool at_place, bool outside, bool moves,
                        choice out[2])
{
    uint32_t n = 0;
    if (!depends) {
        if (phase == KRNI_WAY_PAYING && moves)
            return 0; /* it was settled before */
        const bool claimed = phase == KRNI_WAY_CLAIMED;
        out[n++] = (choice){claimed && at_place ? KRNI_WAY_OFF : phase, false, claimed && at_place};
        if (at_place && (phase == KRNI_WAY_OFF || claimed))
            out[n++] = (choice){KRNI_WAY_PASSED, false, true};
        return n;
    }
    if (phase == KRNI_WAY_PASSED || phase == KRNI_WAY_PAYING || at_place) {
        const bool came = at_place && (phase == KRNI_WAY_OFF || phase == KRNI_WAY_CLAIMED);
        out[n++] = (choice){KRNI_WAY_PAYING, true, came};
        if (outside)
            out[n++] = (choice){KRNI_WAY_OFF, true, false};
        return n;
    }
    if (phase == KRNI_WAY_OFF)
        out[n++] = (choice){KRNI_WAY_OFF, false, false};
    out[n++] = (choice){KRNI_WAY_CLAIMED, true, false};
    return n;
}

/* Whether an activity turns back over the link by which the place of a way was reached. */
static bool turns_back(const krn_network *net, const krni_phase *phase, uint32_t a)
{
    const krn_activity_kind kind = (krn_activity_kind)net->kind[a];
    return phase->back != KRN_NO_ID && (kind == KRN_HAUL || kind == KRN_RIDE) &&
           net->link[a] == phase->back;
}

uint32_t krni_way_steps(const krni_planning *planning, const krni_phase *phase, uint32_t activity,
                        krni_way_step out[KRNI_MOST_WAY_STEPS])
{
    const krn_network *net = planning->network;
    const uint32_t to = net->to_state[activity];
    const krn_side side = (krn_side)net->state_side[to];
    const bool ends = ends_leg(net, activity);
    const bool on_land = side == KRN_SIDE_ROAD || (side >= KRN_SIDE_RAIL && side < KRN_SIDE_BORDER);
    uint32_t n = 1;
    if (turns_back(net, phase, activity))
        return 0;
    const bool moves = net->state_node[to] != net->state_node[net->from_state[activity]];
    const krn_activity_kind kind = (krn_activity_kind)net->kind[activity];
    const bool drives = kind == KRN_HAUL || kind == KRN_RIDE;
    const bool stays = !moves && to != planning->destination && planning->passes[to];
    out[0] = (krni_way_step){0, 0, stays ? phase->back : KRN_NO_ID};
    for (unsigned k = 0; k < planning->prices.n_ways; k++) {
        choice choices[2];
        uint32_t n_choices;
        if (!(planning->ways & (1u << k)))
            continue;
        const bool depends = planning->prices.depends[activity] & (1u << k);
        const bool there = planning->passes[to] & (1u << k);
        const bool strict = planning->prices.raises & (1u << k);
        if (ends)
            n_choices = new_leg(phase_of(phase->ways, k), strict, there && on_land, choices);
        else if (strict)
            n_choices = strict_way(phase_of(phase->ways, k), depends, there && moves, choices);
        else
            n_choices = lax_way(phase_of(phase->ways, k), depends, there && moves,
                                planning->outside[to] & (1u << k), drives, choices);
        const uint32_t before = n;
        n *= n_choices;
        assert(n <= KRNI_MOST_WAY_STEPS);
        for (uint32_t i = n; i-- > 0;) { /* from behind: the old ones are still read */
            const choice *c = &choices[i / before];
            out[i] = out[i % before];
            out[i].ways |= (uint8_t)((unsigned)c->phase << (2 * k));
            if (c->paid)
                out[i].paid |= (uint8_t)(1u << k);
            if (c->came)
                out[i].back = net->link[activity];
            else if (c->phase >= KRNI_WAY_PASSED && !ends && out[i].back == KRN_NO_ID)
                out[i].back = phase->back;
        }
    }
    return n;
}
