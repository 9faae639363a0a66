/* SPDX-License-Identifier: Apache-2.0 */
/* route_price.c - what a route costs, charge by charge, each with the row that it comes from.
 *
 *   rail leg   a through rate for the whole leg if there is one, else a haul per country part
 *   road leg   a haul per country part
 *   sea leg    a haul per voyage, from boarding to alighting (or lane by lane on an own ship)
 *   steps      operations, gauge changes and borders: price of their row times its quantity
 *   papers     those that are required and have a price
 *   storage    planned waiting at a place beyond the free days of its store
 *
 * Amounts are added in the order of the list; the sum is the cost of the route. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "model/route_draft.h"

#define HOURS_PER_DAY 24.0

double krni_load_quantity(const krn_load *load, const char *unit, uint32_t n_vehicles)
{
    if (strcmp(unit, "t") == 0)
        return load->n_containers ? load->gross_t : load->net_t;
    if (strcmp(unit, "consignment") == 0)
        return 1.0;
    if (strcmp(unit, "container") == 0)
        return load->n_containers;
    if (strcmp(unit, "TEU") == 0 || strcmp(unit, "teu") == 0)
        return load->n_containers * load->teu_share;
    if (strcmp(unit, "wagon") == 0 || strcmp(unit, "truck") == 0)
        return n_vehicles;
    return 0.0;
}

static krn_charge *add_charge(krni_draft *draft)
{
    krn_charge_list *list = &draft->route->charges;
    if (list->n_charges == list->capacity) {
        const uint32_t capacity = list->capacity ? 2 * list->capacity : 16;
        krn_charge *grown = krn_arena_calloc(draft->arena, capacity, sizeof *grown);
        if (!grown)
            return NULL;
        if (list->n_charges)
            memcpy(grown, list->charges, list->n_charges * sizeof *grown);
        list->charges = grown;
        list->capacity = capacity;
    }
    krn_charge *charge = &list->charges[list->n_charges++];
    memset(charge, 0, sizeof *charge);
    return charge;
}

/* A charge of price per unit times quantity; nothing when either is zero or unknown. */
static krn_status charge_units(krni_draft *draft, uint32_t leg, const char *name, krn_figure figure,
                               const char *unit, double quantity_share, krn_country country)
{
    const double price_usd =
        krn_package_number(draft->package, (krn_table)figure.table, figure.row, figure.column);
    if (!(price_usd != 0.0) || isnan(price_usd) || !(quantity_share > 0.0))
        return KRN_OK;
    krn_charge *charge = add_charge(draft);
    if (!charge)
        return krni_fail_memory(draft->err);
    charge->name = name;
    charge->price_usd = price_usd;
    charge->basis_share = quantity_share;
    charge->amount_usd = price_usd * quantity_share;
    charge->basis = unit;
    charge->currency = "USD";
    charge->country = country;
    charge->leg = leg;
    charge->figure = figure;
    charge->quality = krn_package_quality(draft->package, figure);
    return KRN_OK;
}

static const char *name_or(const char *name, const char *otherwise)
{
    return name[0] != '\0' ? name : otherwise;
}

/* Charge of the row that is the law of a step. */
static krn_status price_step(krni_draft *draft, uint32_t i)
{
    const krn_package *package = draft->package;
    const krn_activity *words = &draft->words[i];
    const uint32_t n_vehicles = draft->steps[i].n_vehicles;
    const uint32_t leg = draft->leg_of[i];
    const uint32_t row = words->figure.row;
    const char *unit;
    switch (words->figure.table) {
    case KRN_TABLE_OPERATION:
        if (words->kind != KRN_TRANSFER)
            return KRN_OK;
        unit = krni_text(package, KRN_TABLE_OPERATION, row, OPERATION_UNIT);
        return charge_units(
            draft, leg,
            name_or(krni_text(package, KRN_TABLE_OPERATION, row, OPERATION_NAME), "transfer"),
            krni_figure(KRN_TABLE_OPERATION, row, OPERATION_COST_USD), unit,
            krni_load_quantity(draft->load, unit, n_vehicles), words->country);
    case KRN_TABLE_BORDER:
        if (words->kind != KRN_CROSS)
            return KRN_OK;
        unit = name_or(krni_text(package, KRN_TABLE_BORDER, row, BORDER_FEE_BASIS), "consignment");
        return charge_units(draft, leg, krni_text(package, KRN_TABLE_BORDER, row, BORDER_CROSSING),
                            krni_figure(KRN_TABLE_BORDER, row, BORDER_FEE_USD), unit,
                            krni_load_quantity(draft->load, unit, n_vehicles), words->enters);
    case KRN_TABLE_GAUGE_CHANGE:
        unit = krni_text(package, KRN_TABLE_GAUGE_CHANGE, row, GAUGE_CHANGE_COST_UNIT);
        return charge_units(draft, leg, "change of gauge",
                            krni_figure(KRN_TABLE_GAUGE_CHANGE, row, GAUGE_CHANGE_COST_USD), unit,
                            krni_load_quantity(draft->load, unit, n_vehicles), words->country);
    default:
        return KRN_OK;
    }
}

/* One part of a leg: steps first .. end - 1, all in one country (or one voyage). */
static void fill_haul(const krni_draft *draft, const krn_leg *leg, uint32_t first, uint32_t end,
                      krn_haul *haul)
{
    memset(haul, 0, sizeof *haul);
    haul->mode = leg->mode;
    haul->gauge_index = -1;
    haul->from_node = leg->from_node;
    haul->to_node = leg->to_node;
    haul->leg_km = leg->length_km;
    haul->origin = draft->origin_country;
    haul->destination = draft->destination_country;
    krn_time seconds = 0;
    for (uint32_t i = first; i < end; i++) {
        const krn_activity *words = &draft->words[i];
        const krn_step *step = &draft->steps[i];
        if (words->kind != KRN_TRANSFER)
            seconds += step->end - step->start;
        if (words->kind != KRN_HAUL && words->kind != KRN_RIDE)
            continue;
        haul->country = leg->mode == KRN_SEA ? 0 : words->country;
        haul->country_km += step->length_km;
        if (haul->gauge_index < 0)
            haul->gauge_index = words->gauge_index;
        if (step->n_vehicles > haul->n_wagons)
            haul->n_wagons = step->n_vehicles;
    }
    haul->hours_h = (double)seconds / KRN_SECONDS_PER_HOUR;
}

/* Nodes that a leg touches, both ends included. */
static krn_status leg_nodes(const krni_draft *draft, const krn_leg *leg, uint32_t **out,
                            uint32_t *out_n)
{
    uint32_t *nodes = krn_arena_calloc(draft->arena, (size_t)leg->n_via + 2, sizeof *nodes);
    if (!nodes)
        return krni_fail_memory(draft->err);
    nodes[0] = leg->from_node;
    if (leg->n_via)
        memcpy(nodes + 1, leg->via, leg->n_via * sizeof *nodes);
    nodes[leg->n_via + 1] = leg->to_node;
    *out = nodes;
    *out_n = leg->n_via + 2;
    return KRN_OK;
}

static bool is_haul(const krni_draft *draft, uint32_t i)
{
    return draft->words[i].kind == KRN_HAUL || draft->words[i].kind == KRN_RIDE;
}

/* Country of the next haul of the leg at or after a step; 0 none. */
static krn_country country_ahead(const krni_draft *draft, uint32_t i, uint32_t end)
{
    while (i < end && !is_haul(draft, i))
        i++;
    return i < end ? draft->words[i].country : 0;
}

/* Crossing before a step of a leg, with no haul in between; KRN_NO_ROW. */
static uint32_t crossing_before(const krni_draft *draft, uint32_t first, uint32_t i)
{
    while (i-- > first && !is_haul(draft, i))
        if (draft->words[i].kind == KRN_CROSS)
            return i;
    return KRN_NO_ROW;
}

/* First step behind the part of a leg that lies in a country: a crossing ends it. */
static uint32_t end_of_part(const krni_draft *draft, uint32_t i, uint32_t end, krn_country country)
{
    for (; i < end; i++) {
        if (is_haul(draft, i) && draft->words[i].country != country)
            return i;
        if (draft->words[i].kind == KRN_CROSS && draft->words[i].enters != country)
            return i + 1;
    }
    return end;
}

static krn_status price_land_leg(krni_draft *draft, uint32_t index, const uint32_t *nodes,
                                 uint32_t n_nodes)
{
    const krn_leg *leg = &draft->legs[index];
    const krn_tariff_book *book = draft->network->tariffs;
    const uint32_t end = leg->first_step + leg->n_steps;
    krn_haul haul;
    if (leg->mode == KRN_RAIL) {
        bool found = false;
        fill_haul(draft, leg, leg->first_step, end, &haul);
        haul.country_km = leg->length_km;
        haul.nodes = nodes;
        haul.n_nodes = n_nodes;
        const krn_status st =
            krn_tariff_through(book, draft->load, &haul, draft->day, index, draft->arena,
                               &draft->route->charges, &found, draft->err);
        if (st || found)
            return st;
    }
    for (uint32_t i = leg->first_step, after; i <= end; i = after) {
        const uint32_t crossing = crossing_before(draft, leg->first_step, i);
        krn_country country = country_ahead(draft, i, end);
        if (country == 0 && crossing == KRN_NO_ROW)
            break; /* only steps without a haul are left */
        after = end + 1;
        if (country == 0) /* the leg ends right behind the border */
            country = draft->words[crossing].enters;
        else
            after = end_of_part(draft, i, end, country);
        fill_haul(draft, leg, i, after < end ? after : end, &haul);
        haul.country = country;
        haul.nodes = nodes;
        haul.n_nodes = n_nodes;
        if (crossing != KRN_NO_ROW) {
            haul.enter_from = draft->words[crossing].country;
            haul.n_entering = draft->steps[crossing].n_vehicles;
            if (!haul.n_wagons)
                haul.n_wagons = haul.n_entering;
        }
        haul.leave_to = country_ahead(draft, after, end);
        const krn_status st = krni_tariff_haul(book, draft->load, &haul, draft->day, index,
                                               draft->memo ? &draft->memo->rates : NULL,
                                               draft->arena, &draft->route->charges, draft->err);
        if (st)
            return st;
    }
    return KRN_OK;
}

static krn_status price_sea_leg(krni_draft *draft, uint32_t index, const uint32_t *nodes,
                                uint32_t n_nodes)
{
    const krn_leg *leg = &draft->legs[index];
    const uint32_t end = leg->first_step + leg->n_steps;
    for (uint32_t i = leg->first_step; i < end;) {
        while (i < end && draft->words[i].kind != KRN_RIDE && draft->words[i].kind != KRN_HAUL)
            i++;
        uint32_t after = i;
        while (after < end && draft->words[after].kind != KRN_ALIGHT &&
               draft->words[after].kind != KRN_BOARD && draft->words[after].kind != KRN_TRANSFER)
            after++;
        if (after == i)
            break;
        krn_haul haul;
        fill_haul(draft, leg, i, after, &haul);
        haul.from_node = draft->steps[i].from_node;
        haul.to_node = draft->steps[after - 1].to_node;
        haul.leg_km = haul.country_km;
        haul.nodes = nodes;
        haul.n_nodes = n_nodes;
        const krn_status st =
            krn_tariff_haul(draft->network->tariffs, draft->load, &haul, draft->day, index,
                            draft->arena, &draft->route->charges, draft->err);
        if (st)
            return st;
        i = after;
    }
    return KRN_OK;
}

/* Row of operation.csv whose store the cargo lies in before a step: a store of the place (of its
 * cargo class before one for any), else the transfer at hand or the one that brought it there. */
static uint32_t find_store(const krni_draft *draft, uint32_t i)
{
    const krn_package *package = draft->package;
    const uint32_t node = draft->steps[i].from_node;
    const uint32_t n = krn_package_rows(package, KRN_TABLE_OPERATION);
    uint32_t store = KRN_NO_ROW;
    for (uint32_t row = 0; row < n; row++) {
        if (strcmp(krni_text(package, KRN_TABLE_OPERATION, row, OPERATION_KIND), "storage") != 0 ||
            krni_ref(package, KRN_TABLE_OPERATION, row, OPERATION_NODE_ID) != node)
            continue;
        const uint32_t of_class =
            krni_ref(package, KRN_TABLE_OPERATION, row, OPERATION_CARGO_CLASS);
        if (of_class == draft->load->cargo_class)
            return row;
        if (of_class == KRN_NO_ROW && store == KRN_NO_ROW)
            store = row;
    }
    for (uint32_t k = i; store == KRN_NO_ROW && draft->steps[k].from_node == node; k--) {
        const krn_activity *words = &draft->words[k];
        if (words->kind == KRN_TRANSFER && words->figure.table == KRN_TABLE_OPERATION)
            store = words->figure.row;
        if (k == 0)
            break;
    }
    return store;
}

/* Waiting before a transfer or a departure lies in the store of the place. */
static krn_status price_storage(krni_draft *draft, uint32_t i)
{
    const krn_step *step = &draft->steps[i];
    if (i == 0 || (step->kind != KRN_TRANSFER && step->kind != KRN_BOARD) ||
        step->start - step->arrive < KRN_SECONDS_PER_DAY)
        return KRN_OK;
    const uint32_t row = find_store(draft, i);
    if (row == KRN_NO_ROW)
        return KRN_OK;
    const double waited_h = (double)(step->start - step->arrive) / KRN_SECONDS_PER_HOUR;
    const double free_days =
        krni_number_or(draft->package, KRN_TABLE_OPERATION, row, OPERATION_FREE_STORAGE_DAYS, 0.0);
    const double days = ceil(waited_h / HOURS_PER_DAY) - free_days;
    if (!(days > 0.0))
        return KRN_OK;
    const char *unit =
        name_or(krni_text(draft->package, KRN_TABLE_OPERATION, row, OPERATION_UNIT), "t");
    return charge_units(draft, draft->leg_of[i], "storage",
                        krni_figure(KRN_TABLE_OPERATION, row, OPERATION_STORAGE_USD_UNIT_DAY), unit,
                        days * krni_load_quantity(draft->load, unit, step->n_vehicles),
                        krni_node_country(draft->package, step->from_node));
}

static krn_status price_paper(krni_draft *draft, const krn_paper *paper)
{
    if (paper->optional || !(paper->cost_usd > 0.0))
        return KRN_OK;
    krn_charge *charge = add_charge(draft);
    if (!charge)
        return krni_fail_memory(draft->err);
    charge->name = paper->name;
    charge->price_usd = paper->cost_usd;
    charge->basis_share = 1.0;
    charge->amount_usd = paper->cost_usd;
    charge->basis = "consignment";
    charge->currency = "USD";
    charge->country = paper->country;
    charge->leg = paper->leg;
    charge->figure = paper->figure;
    charge->quality = paper->quality;
    return KRN_OK;
}

krn_status krni_route_price(krni_draft *draft)
{
    krn_route *route = draft->route;
    krn_status st = KRN_OK;
    for (uint32_t l = 0; l < draft->n_legs && !st; l++) {
        const krn_leg *leg = &draft->legs[l];
        uint32_t *nodes = NULL, n_nodes = 0;
        st = leg_nodes(draft, leg, &nodes, &n_nodes);
        if (!st && leg->mode == KRN_SEA)
            st = price_sea_leg(draft, l, nodes, n_nodes);
        else if (!st)
            st = price_land_leg(draft, l, nodes, n_nodes);
        for (uint32_t i = leg->first_step; i < leg->first_step + leg->n_steps && !st; i++) {
            st = price_step(draft, i);
            if (!st)
                st = price_storage(draft, i);
        }
    }
    if (st)
        return st;
    double usd = 0.0; /* without papers, then papers: the same sum with and without a memo */
    for (uint32_t i = 0; i < route->charges.n_charges; i++)
        usd += route->charges.charges[i].amount_usd;
    route->cost_usd = usd + draft->paper_usd;
    assert(isfinite(route->cost_usd));
    if (draft->memo)
        return KRN_OK;
    for (uint32_t i = 0; i < route->papers.n_papers && !st; i++)
        st = price_paper(draft, &route->papers.papers[i]);
    for (uint32_t i = 0; i < route->charges.n_charges; i++)
        route->quality = krn_quality_weakest(route->quality, route->charges.charges[i].quality);
    return st;
}
