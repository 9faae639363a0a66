/* SPDX-License-Identifier: Apache-2.0 */
/* weigh_rates.c - laws as one consignment meets them: rates, factors, papers, visas, trains.
 *
 * Each is asked once per key (mode, country, vehicles, ...) and kept in a small table:
 *
 *   key -> slot, or the next free one; when half is taken, further answers are not kept
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include <keruen/duration.h>

#include "model/weighing.h"

typedef enum memo_kind { RATE = 1, VOYAGE, EMISSION, GATE, VISA, ENTRY } memo_kind;

static bool recall(const krni_memo *m, uint64_t key, const double **out)
{
    for (uint32_t i = (uint32_t)((key * 0x9e3779b97f4a7c15u) >> 32);; i++) {
        const uint32_t slot = i & (KRNI_MEMO_SLOTS - 1);
        if (m->keys[slot] == key) {
            *out = m->values[slot];
            return true;
        }
        if (!m->keys[slot])
            return false;
    }
}

static void keep(krni_memo *m, uint64_t key, double a, double b)
{
    if (m->n >= KRNI_MEMO_SLOTS / 2)
        return;
    uint32_t i = (uint32_t)((key * 0x9e3779b97f4a7c15u) >> 32);
    while (m->keys[i & (KRNI_MEMO_SLOTS - 1)])
        i++;
    m->keys[i & (KRNI_MEMO_SLOTS - 1)] = key;
    m->values[i & (KRNI_MEMO_SLOTS - 1)][0] = a;
    m->values[i & (KRNI_MEMO_SLOTS - 1)][1] = b;
    m->n++;
}

void krni_weigh_block(krn_activity_cost *cost, krn_block why, krn_figure figure)
{
    if (cost->block == KRN_BLOCK_NONE) {
        cost->block = why;
        cost->block_figure = figure;
    }
}

static krn_duration sum(krn_duration a, krn_duration b)
{
    return (krn_duration){a.low_h + b.low_h, a.typical_h + b.typical_h, a.high_h + b.high_h};
}

/* ---- laws, asked once per key ---- */

static double rate_usd_per_km(krni_weighing *w, krn_mode mode, krn_country country, int gauge,
                              uint32_t n_vehicles, double *out_hire)
{
    const uint64_t key = (uint64_t)RATE << 60 | (uint64_t)mode << 56 |
                         (uint64_t)(unsigned)(gauge + 1) << 48 | (uint64_t)country << 32 |
                         n_vehicles;
    const double *known;
    if (recall(w->memo, key, &known)) {
        *out_hire = known[1];
        return known[0];
    }
    const double rate =
        krni_tariff_bound_per_km(w->network->tariffs, w->load, mode, country, n_vehicles,
                                 w->origin_country, w->destination_country, w->day, NULL);
    const double hire =
        krni_tariff_bound_per_hour(w->network->tariffs, w->load, mode, country, n_vehicles,
                                   w->origin_country, w->destination_country, w->day, NULL);
    keep(w->memo, key, rate, hire);
    *out_hire = hire;
    return rate;
}

/* Border fees and seals of the tariff at entry into a country. */
double krni_weigh_entry_usd(krni_weighing *w, krn_mode mode, krn_country country,
                            uint32_t n_vehicles)
{
    const uint64_t key =
        (uint64_t)ENTRY << 60 | (uint64_t)mode << 56 | (uint64_t)country << 32 | n_vehicles;
    const double *known;
    if (recall(w->memo, key, &known))
        return known[0];
    const double usd =
        krn_tariff_bound_entry_usd(w->network->tariffs, w->load, mode, country, n_vehicles,
                                   w->origin_country, w->destination_country, w->day);
    keep(w->memo, key, usd, 0.0);
    return usd;
}

double krni_weigh_voyage_usd(krni_weighing *w, uint32_t from_node, uint32_t to_node, uint32_t link,
                             double length_km)
{
    const uint64_t key = (uint64_t)VOYAGE << 60 | (uint64_t)(link & 0xfffffff) << 32 | from_node;
    const double *known;
    if (recall(w->memo, key, &known))
        return known[0];
    const double usd =
        krn_tariff_voyage_usd(w->network->tariffs, w->load, from_node, to_node, length_km,
                              w->origin_country, w->destination_country, w->day);
    keep(w->memo, key, usd, 0.0);
    return usd;
}

/* Emissions of an activity by its tonne-kilometres. */
void krni_weigh_emit(krni_weighing *w, uint32_t i, uint32_t vehicle, krn_activity_cost *cost)
{
    const krn_network *net = w->network;
    const uint64_t key = (uint64_t)EMISSION << 60 | (uint64_t)net->mode[i] << 56 |
                         (uint64_t)(net->electrified[i] != 0) << 55 |
                         (uint64_t)net->country[i] << 32 | vehicle;
    const double *known;
    double factors[2];
    if (!recall(w->memo, key, &known)) {
        const krn_emission_factor found =
            krn_emission_find(net->emissions, (krn_mode)net->mode[i], w->load->cargo_class,
                              net->electrified[i] != 0, net->country[i], vehicle);
        factors[0] = isnan(found.wtw_kg_co2e) ? 0.0 : found.wtw_kg_co2e;
        factors[1] = found.ttw_kg_co2e;
        keep(w->memo, key, factors[0], factors[1]);
        known = factors;
    }
    const double tkm = w->load->net_t * net->length_km[i];
    cost->wtw_kg_co2e = known[0] * tkm;
    cost->ttw_kg_co2e = known[1] * tkm;
}

/* Lead of the papers asked for at a point; the latest of all gates of an activity counts. */
void krni_weigh_gate(krni_weighing *w, krn_gate gate, krn_mode mode, krn_country country,
                     krn_country other, uint32_t node, krn_activity_cost *cost)
{
    const uint64_t place = w->network->rules->names_node[node] ? node + 1u : 0u;
    const uint64_t key = (uint64_t)GATE << 60 | (uint64_t)gate << 56 | (uint64_t)mode << 54 |
                         (place & 0x3fffff) << 32 | (uint64_t)country << 16 | other;
    const krn_rule_point point = {.gate = gate,
                                  .mode = mode,
                                  .country = country,
                                  .other = other,
                                  .node = node,
                                  .leg = KRN_NO_ROW,
                                  .at = w->at};
    const double *known;
    double lead_h;
    if (recall(w->memo, key, &known)) {
        lead_h = known[0];
    } else {
        lead_h = krn_rule_gate_h(w->network->rules, &w->question, &point);
        keep(w->memo, key, lead_h, 0.0);
    }
    if (lead_h > cost->gate_h)
        cost->gate_h = lead_h;
    if (w->holds && lead_h > 0.0 && !w->hold_status)
        w->hold_status = krni_rule_holds(w->network->rules, &w->question, &point,
                                         (uint32_t)(cost - w->costs), w->arena, w->holds, NULL);
}

/* Row of visa.csv that closes a country to the driver, or KRN_NO_ROW. */
uint32_t krni_weigh_closed_to_driver(krni_weighing *w, krn_country country)
{
    const uint64_t key = (uint64_t)VISA << 60 | country;
    const double *known;
    if (recall(w->memo, key, &known))
        return (uint32_t)known[0];
    uint32_t row = KRN_NO_ROW;
    if (country != w->driver)
        krn_visa_find(w->network->rules, "driver", w->driver, country, w->day, &row);
    if (row != KRN_NO_ROW &&
        strcmp(krni_text(w->package, KRN_TABLE_VISA, row, VISA_REGIME), "closed") != 0)
        row = KRN_NO_ROW;
    keep(w->memo, key, row, 0.0);
    return row;
}

/* ---- trains and trucks ---- */

static krni_train_size size_of(const krni_weighing *w, int gauge, double axle_t)
{
    krni_train_size size = {.gauge = gauge, .axle_t = axle_t};
    size.n_wagons = krn_cargo_wagons(w->package, w->load, gauge, axle_t);
    if (size.n_wagons) {
        size.gross_t = krn_cargo_train_gross_t(w->package, w->load, gauge, size.n_wagons);
        size.length_m =
            size.n_wagons * krni_number_or(w->package, KRN_TABLE_VEHICLE, w->load->wagon[gauge],
                                           VEHICLE_LENGTH_M, 0.0);
    }
    return size;
}

/* The load on a gauge under an axle load; 0 t: no limit. */
krni_train_size krni_weigh_train_on(krni_weighing *w, int gauge, double axle_t)
{
    assert(gauge >= 0 && gauge < KRN_MAX_GAUGES);
    for (uint32_t i = 0; i < w->n_sizes; i++)
        if (w->sizes[i].gauge == gauge && w->sizes[i].axle_t == axle_t)
            return w->sizes[i];
    const krni_train_size size = size_of(w, gauge, axle_t);
    if (w->n_sizes < KRNI_MAX_AXLES)
        w->sizes[w->n_sizes++] = size;
    return size;
}

krni_train_size krni_weigh_train_over(krni_weighing *w, int gauge, uint32_t link)
{
    return krni_weigh_train_on(w, gauge,
                               krni_number_or(w->package, KRN_TABLE_LINK, link, LINK_AXLE_T, 0.0));
}

uint32_t krni_weigh_parts(double whole, double most)
{
    return whole > most ? (uint32_t)fmin(ceil(whole / most), 1e9) : 1;
}

/* Trains that a load makes on a link. */
uint32_t krni_weigh_trains(const krni_weighing *w, const krni_train_size *size, uint32_t link)
{
    const double max_t = krni_number(w->package, KRN_TABLE_LINK, link, LINK_MAX_TRAIN_T);
    const double max_m = krni_number(w->package, KRN_TABLE_LINK, link, LINK_MAX_TRAIN_M);
    const uint32_t by_mass = max_t > 0.0 ? krni_weigh_parts(size->gross_t, max_t) : 1;
    const uint32_t by_length = max_m > 0.0 ? krni_weigh_parts(size->length_m, max_m) : 1;
    return by_mass > by_length ? by_mass : by_length;
}

/* No wagon of the gauge takes the load: the line is too weak, or there is no such wagon. */
void krni_weigh_block_axle(const krni_weighing *w, int gauge, uint32_t link,
                           krn_activity_cost *cost)
{
    const bool line = link != KRN_NO_ROW && w->load->wagon[gauge] != KRN_NO_ROW;
    krni_weigh_block(
        cost, KRN_BLOCK_AXLE,
        line ? krni_figure(KRN_TABLE_LINK, link, LINK_AXLE_T)
             : krni_figure(KRN_TABLE_CARGO_CLASS, w->load->cargo_class, w->wagon_column[gauge]));
}

void krni_weigh_block_truck(const krni_weighing *w, krn_activity_cost *cost)
{
    krni_weigh_block(cost, KRN_BLOCK_CARGO,
                     krni_figure(KRN_TABLE_CARGO_CLASS, w->load->cargo_class, CARGO_CLASS_TRUCK));
}

void krni_weigh_price_km(krni_weighing *w, uint32_t i, krn_activity_cost *cost)
{
    const krn_network *net = w->network;
    double hire;
    const double rate = rate_usd_per_km(w, (krn_mode)net->mode[i], net->country[i], net->gauge[i],
                                        cost->n_vehicles, &hire);
    if (isnan(rate))
        krni_weigh_block(cost, KRN_BLOCK_RATE,
                         krni_figure(KRN_TABLE_LINK, net->link[i], LINK_COUNTRY));
    else
        cost->bound_usd = rate * net->length_km[i];
}

void krni_weigh_hire(krni_weighing *w, uint32_t i, krn_activity_cost *cost)
{
    const krn_network *net = w->network;
    const krn_mode mode = (krn_mode)net->mode[i];
    const krn_activity_kind kind = (krn_activity_kind)net->kind[i];
    if (cost->block != KRN_BLOCK_NONE || mode == KRN_SEA || kind == KRN_TRANSFER)
        return;
    uint32_t n_vehicles = cost->n_vehicles;
    if ((kind == KRN_BOARD || kind == KRN_ALIGHT) && mode == KRN_RAIL && net->gauge[i] >= 0)
        n_vehicles = krni_weigh_train_on(w, net->gauge[i], 0.0).n_wagons; /* of trains there */
    double hire;
    (void)rate_usd_per_km(w, mode, net->country[i], net->gauge[i], n_vehicles, &hire);
    if (hire > 0.0)
        cost->bound_usd += hire * cost->expected_h;
}

/* Adds a delay that a season at node or link brings now. */
void krni_weigh_delay(const krni_weighing *w, uint32_t i, krn_activity_cost *cost)
{
    uint32_t node, link;
    krni_activity_season(w->network, i, &node, &link);
    const bool at_node = node != KRN_NO_ROW;
    const bool at_link = link != KRN_NO_ROW && w->link_season[link];
    if (!at_node && !at_link)
        return;
    const krn_season_effect effect = krn_season_at(
        w->network->calendars, at_node ? node : KRN_NO_ROW, at_link ? link : KRN_NO_ROW, w->at);
    if (effect.closed || !(effect.delay.high_h > 0.0))
        return;
    cost->duration = sum(cost->duration, effect.delay);
    cost->variance_h2 += krn_duration_variance_h2(effect.delay);
}
