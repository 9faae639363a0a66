/* SPDX-License-Identifier: Apache-2.0 */
/* plan_require.c - what "by way of" means, step by step.
 *
 *   place     met when the route comes to it, be it on a detour
 *   border    met by crossing it, in either direction; from then on it is shut, so nobody turns
 *             back over it
 *   country   met when the route begins or ends there, or goes in at one crossing or port and out
 *             at another one; while it is inside, the crossing or port that it came in by is shut
 *             as a way out, and afterwards the crossing that it left by is shut
 *
 *                     .------ country ------.
 *     --crossing X--> | entry X ... entry X | --crossing Y--> met
 *          <-- x ---- |                     | <-- x ----
 *                     '---------------------'
 *
 * One shut crossing is remembered at a time, that of the country met or entered last. Crossings
 * that share the name in border.csv are one, whatever the mode. Visited bits alone
 * (krni_planning.visits) say what a path touches: weaker, and what explanations of a blocked query
 * reckon with. */
#include <assert.h>
#include <string.h>

#include "base/error.h"
#include "plan/planning.h"

#define AT_PORT 0x80000000u /* an entry by sea: with the node; else the number of a crossing */

krn_status krni_require_prepare(krni_planning *planning)
{
    const krn_package *p = planning->network->package;
    const krn_plan_query *q = planning->query;
    const unsigned countries = (1u << q->n_require_countries) - 1u;
    const unsigned borders = (1u << q->n_require_borders) - 1u;
    planning->required_countries = (uint8_t)(countries << q->n_require_nodes);
    planning->required_borders =
        (uint8_t)(borders << (q->n_require_nodes + q->n_require_countries));
    if (!q->n_require_countries)
        return KRN_OK;
    const uint32_t n = krn_package_rows(p, KRN_TABLE_BORDER);
    uint32_t *number = krn_arena_alloc(planning->scratch, ((size_t)n + 1) * sizeof *number);
    if (!number)
        return krni_fail_memory(planning->err);
    for (uint32_t row = 0; row < n; row++) {
        const char *name = krni_text(p, KRN_TABLE_BORDER, row, BORDER_CROSSING);
        const uint32_t link = krni_ref(p, KRN_TABLE_BORDER, row, BORDER_LINK_ID);
        uint32_t same = 0;
        while (same < row &&
               (*name ? strcmp(krni_text(p, KRN_TABLE_BORDER, same, BORDER_CROSSING), name) != 0
                      : krni_ref(p, KRN_TABLE_BORDER, same, BORDER_LINK_ID) != link))
            same++;
        number[row] = same;
    }
    planning->crossing_of_border = number;
    return KRN_OK;
}

/* Where a country is entered or left by an activity. */
static uint32_t gate_of(const krni_planning *planning, uint32_t a)
{
    const krn_network *net = planning->network;
    if (net->kind[a] == (uint8_t)KRN_CROSS && net->law_table[a] == KRN_TABLE_BORDER)
        return planning->crossing_of_border[net->law_row[a]];
    return AT_PORT | net->state_node[net->to_state[a]];
}

/* Whether an activity leads to land: not into the middle of a link, not further on board. */
static bool comes_to_land(const krn_network *net, uint32_t a)
{
    const krn_side side = (krn_side)net->state_side[net->to_state[a]];
    return net->kind[a] == (uint8_t)KRN_CROSS ||
           (side != KRN_SIDE_BORDER && side != KRN_SIDE_ABOARD);
}

/* Leaves the country that it is in, or enters another one, by an activity that comes to land.
 * false: by a crossing that is shut. */
static bool pass_gate(const krni_planning *planning, uint32_t a, unsigned here, krni_phase *phase)
{
    const krn_network *net = planning->network;
    const bool crosses = net->kind[a] == (uint8_t)KRN_CROSS;
    const uint32_t gate = gate_of(planning, a);
    if (crosses && gate == phase->entry && !(here & phase->inside))
        return false;
    if (phase->inside && !(here & phase->inside)) {
        phase->visited |= phase->inside;
        phase->inside = 0;
        phase->entry = crosses ? gate : KRN_NO_ID;
    }
    if (!phase->inside && here) {
        phase->inside = (uint8_t)(here & (0u - here));
        phase->entry = gate;
    }
    return true;
}

bool krni_require_step(const krni_planning *planning, uint32_t a, krni_phase *phase)
{
    const krn_network *net = planning->network;
    const unsigned touched = planning->visits[a], countries = planning->required_countries;
    if (touched & planning->required_borders & phase->visited)
        return false; /* it was crossed before */
    phase->visited |= (uint8_t)(touched & ~countries);
    if (!countries)
        return true;
    const bool sails = net->kind[a] == (uint8_t)KRN_BOARD && net->mode[a] == (uint8_t)KRN_SEA;
    if (phase->inside && sails && phase->entry == (AT_PORT | net->state_node[net->from_state[a]]))
        return false; /* out by the port that it came in by */
    if (comes_to_land(net, a) &&
        !pass_gate(planning, a, touched & countries & ~(unsigned)phase->visited, phase))
        return false;
    if (net->to_state[a] == planning->destination && !phase->inside)
        phase->entry = KRN_NO_ID; /* the end: nothing is left to turn back from */
    return true;
}
