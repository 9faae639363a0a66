/* SPDX-License-Identifier: Apache-2.0 */
/* route_leg.c - cuts the steps of a route into legs and lists where rules are asked.
 *
 *   load  haul  cross  haul  tranship  board  ride  alight  unload  haul ... unload
 *   [------- leg 1: rail --] [--------- leg 2: sea ------]  [-- leg 3: road -----]
 *
 * A leg is a run of one mode under one consignment note. A transfer belongs to the leg that
 * follows it, the last ones to the last leg. Crossings and gauge changes are steps inside. A change
 * of mode without a transfer (wagons that roll on a ferry) begins a leg as well. */
#include <assert.h>
#include <string.h>

#include "base/error.h"
#include "model/route_draft.h"

#define HIGH_SEA      KRN_COUNTRY('X', 'Z')
#define MOST_REGIMES  16
#define POINTS_A_STEP 4 /* loading on ship or gauge change; leave, enter; delivery */

krn_country krni_node_country(const krn_package *package, uint32_t node)
{
    if (node == KRN_NO_ROW)
        return 0;
    return krn_country_parse(krni_text(package, KRN_TABLE_NODE, node, NODE_COUNTRY));
}

static bool is_land(krn_country country)
{
    return country != 0 && country != HIGH_SEA;
}

/* Mode of the leg that begins at a step: of the first step that is no transfer. */
static krn_mode mode_ahead(const krni_draft *draft, uint32_t step)
{
    for (uint32_t i = step; i < draft->n_steps; i++)
        if (draft->words[i].kind != KRN_TRANSFER)
            return draft->words[i].mode;
    return draft->words[step].mode;
}

static bool moves_ahead(const krni_draft *draft, uint32_t step)
{
    for (uint32_t i = step; i < draft->n_steps; i++)
        if (draft->words[i].kind != KRN_TRANSFER)
            return true;
    return false;
}

static void cut(krni_draft *draft)
{
    bool moved = false; /* the current leg has a step that is no transfer */
    draft->n_legs = 0;
    for (uint32_t i = 0; i < draft->n_steps; i++) {
        const bool transfer = draft->words[i].kind == KRN_TRANSFER;
        krn_leg *leg = draft->n_legs ? &draft->legs[draft->n_legs - 1] : NULL;
        const bool begins = !leg || (moved && transfer && moves_ahead(draft, i)) ||
                            (moved && !transfer && draft->words[i].mode != leg->mode);
        if (begins) {
            leg = &draft->legs[draft->n_legs++];
            leg->mode = mode_ahead(draft, i);
            leg->first_step = i;
            moved = false;
        }
        leg->n_steps++;
        draft->leg_of[i] = draft->n_legs - 1;
        moved = moved || !transfer;
    }
}

/* Sums, ends and via nodes of one leg; via gets its nodes from the list of the whole route. */
static krn_status fill_leg(krni_draft *draft, krn_leg *leg)
{
    const krn_step *first = &draft->steps[leg->first_step];
    const krn_step *last = first + leg->n_steps - 1;
    uint32_t *via = krn_arena_calloc(draft->arena, leg->n_steps, sizeof *via);
    if (!via)
        return krni_fail_memory(draft->err);
    leg->from_node = first->from_node;
    leg->to_node = last->to_node;
    leg->departure = first->start;
    leg->arrival = last->end;
    leg->trip = KRN_NO_ROW;
    bool one_trip = true;
    uint32_t previous = leg->from_node;
    for (uint32_t i = 0; i < leg->n_steps; i++) {
        const krn_step *step = first + i;
        const krn_activity *words = &draft->words[leg->first_step + i];
        leg->length_km += step->length_km;
        leg->wtw_kg_co2e += step->wtw_kg_co2e;
        leg->ttw_kg_co2e += step->ttw_kg_co2e;
        if (words->kind == KRN_HAUL || words->kind == KRN_RIDE) {
            if (step->n_vehicles > leg->n_vehicles)
                leg->n_vehicles = step->n_vehicles;
            if (leg->trip == KRN_NO_ROW)
                leg->trip = words->trip;
            one_trip = one_trip && words->trip == leg->trip;
        }
        if (step->to_node != previous) {
            previous = step->to_node;
            if (previous != leg->to_node)
                via[leg->n_via++] = previous;
        }
    }
    if (!one_trip)
        leg->trip = KRN_NO_ROW;
    leg->via = via;
    return KRN_OK;
}

static void add_point(krni_draft *draft, krn_gate gate, uint32_t step, krn_country country,
                      krn_country other)
{
    const krn_step *at = &draft->steps[step];
    krn_rule_point *point = &draft->points[draft->n_points++];
    point->gate = gate;
    point->mode = draft->legs[draft->leg_of[step]].mode;
    point->country = country;
    point->other = other;
    point->node = at->from_node;
    point->leg = draft->leg_of[step];
    point->at = gate == KRN_GATE_DELIVERY ? at->end : at->start;
    if (gate == KRN_GATE_DELIVERY || gate == KRN_GATE_ENTER)
        point->node = at->to_node;
}

static void add_country(krni_draft *draft, krn_country country)
{
    for (uint32_t i = 0; i < draft->n_countries; i++)
        if (draft->countries[i] == country)
            return;
    draft->countries[draft->n_countries++] = country;
}

/* From one country to another without a crossing on land: left where the ship was boarded. */
static void change_country(krni_draft *draft, uint32_t step, krn_country from, krn_country to)
{
    uint32_t boarded = step;
    while (boarded > 0 && draft->words[boarded].kind != KRN_BOARD &&
           krni_node_country(draft->package, draft->steps[boarded].from_node) != from)
        boarded--;
    add_point(draft, KRN_GATE_LEAVE, boarded, from, to);
    add_point(draft, KRN_GATE_ENTER, step, to, from);
    add_country(draft, to);
}

static void list_points(krni_draft *draft)
{
    krn_country held = draft->origin_country;
    add_point(draft, KRN_GATE_DEPARTURE, 0, held, 0);
    add_country(draft, held);
    draft->nodes[draft->n_nodes++] = draft->steps[0].from_node;
    for (uint32_t i = 0; i < draft->n_steps; i++) {
        const krn_activity *words = &draft->words[i];
        if (words->kind == KRN_TRANSFER && words->to_side == KRN_SIDE_QUAY_OUT)
            add_point(draft, KRN_GATE_LOAD_SEA, i, held, 0);
        else if (i > 0 && words->kind == KRN_TRANSFER && words->to_side != KRN_SIDE_REST)
            add_point(draft, KRN_GATE_NONE, i, held, 0); /* a mode with papers of its own begins */
        if (words->kind == KRN_GAUGE_CHANGE)
            add_point(draft, KRN_GATE_GAUGE_CHANGE, i, held, 0);
        const krn_country there = krni_node_country(draft->package, words->to_node);
        if (words->kind == KRN_CROSS && is_land(words->enters) && words->enters != held) {
            add_point(draft, KRN_GATE_LEAVE, i, held, words->enters);
            add_point(draft, KRN_GATE_ENTER, i, words->enters, held);
            add_country(draft, words->enters);
            held = words->enters;
        } else if (words->kind != KRN_CROSS && words->to_side != KRN_SIDE_BORDER &&
                   words->to_side != KRN_SIDE_ABOARD && is_land(there) && there != held) {
            change_country(draft, i, held, there);
            held = there;
        }
        if (words->to_node != draft->nodes[draft->n_nodes - 1])
            draft->nodes[draft->n_nodes++] = words->to_node;
    }
    add_point(draft, KRN_GATE_DELIVERY, draft->n_steps - 1, held, 0);
}

krn_status krni_route_legs(krni_draft *draft)
{
    const uint32_t n = draft->n_steps;
    assert(n > 0);
    draft->legs = krn_arena_calloc(draft->arena, n, sizeof *draft->legs);
    draft->leg_of = krn_arena_calloc(draft->arena, n, sizeof *draft->leg_of);
    draft->nodes = krn_arena_calloc(draft->arena, n + 1, sizeof *draft->nodes);
    draft->countries = krn_arena_calloc(draft->arena, n + 2, sizeof *draft->countries);
    draft->points =
        krn_arena_calloc(draft->arena, (size_t)n * POINTS_A_STEP + 2, sizeof *draft->points);
    if (!draft->legs || !draft->leg_of || !draft->nodes || !draft->countries || !draft->points)
        return krni_fail_memory(draft->err);
    cut(draft);
    for (uint32_t i = 0; i < draft->n_legs; i++) {
        const krn_status st = fill_leg(draft, &draft->legs[i]);
        if (st)
            return st;
    }
    list_points(draft);
    assert(draft->n_points <= n * POINTS_A_STEP + 2);
    return KRN_OK;
}

/* Conventions are about carriage between two countries; within one its own law holds. */
static bool stays_in_country(const krni_draft *draft, const krn_leg *leg)
{
    for (uint32_t i = leg->first_step; i < leg->first_step + leg->n_steps; i++)
        if (draft->words[i].kind == KRN_CROSS)
            return false;
    return krni_node_country(draft->package, leg->from_node) ==
           krni_node_country(draft->package, leg->to_node);
}

/* Regimes of one leg: asked country by country, the held one is kept where it also holds. None for
 * a leg that stays in its country. */
static krn_status leg_regimes(krni_draft *draft, krn_leg *leg)
{
    const char *names[MOST_REGIMES];
    uint32_t nodes[MOST_REGIMES];
    const char *held = "";
    krn_country before = 0;
    uint32_t n = 0;
    const bool national = stays_in_country(draft, leg);
    for (uint32_t i = leg->first_step; !national && i < leg->first_step + leg->n_steps; i++) {
        const krn_activity *words = &draft->words[i];
        if (words->kind != KRN_HAUL && words->kind != KRN_RIDE)
            continue;
        const krn_country country = is_land(words->country)
                                        ? words->country
                                        : krni_node_country(draft->package, words->from_node);
        if (country == before)
            continue;
        before = country;
        krn_figure figure;
        const char *name =
            krn_rule_regime(draft->network->rules, leg->mode, country, held, draft->day, &figure);
        if (name[0] == '\0' || strcmp(name, held) == 0 || n == MOST_REGIMES)
            continue;
        held = name;
        names[n] = name;
        nodes[n++] = words->from_node;
        if (figure.table < KRN_TABLE_COUNT)
            draft->route->quality = krn_quality_weakest(
                draft->route->quality, krn_package_quality(draft->package, figure));
    }
    const char **kept = krn_arena_calloc(draft->arena, n, sizeof *kept);
    uint32_t *begins = krn_arena_calloc(draft->arena, n, sizeof *begins);
    if (!kept || !begins)
        return krni_fail_memory(draft->err);
    if (n > 0) {
        memcpy(kept, names, n * sizeof *kept);
        memcpy(begins, nodes, n * sizeof *begins);
    }
    leg->regimes = kept;
    leg->regime_nodes = begins;
    leg->n_regimes = n;
    return KRN_OK;
}

krn_status krni_route_regimes(krni_draft *draft)
{
    for (uint32_t i = 0; i < draft->n_legs; i++) {
        const krn_status st = leg_regimes(draft, &draft->legs[i]);
        if (st)
            return st;
    }
    return KRN_OK;
}
