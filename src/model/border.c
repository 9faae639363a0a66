/* SPDX-License-Identifier: Apache-2.0 */
/* border.c - a crossing and a gauge change as activities.
 *
 * A crossing belongs to a link and a direction. The link is passed first (its whole length and time
 * count there), then the border with its law:
 *
 *     [rail at A] --haul, link's km and hours--> [border A>B] --cross, dwell of border.csv--> [rail
 *     at B]
 *
 * Rows of border.csv may be for one cargo class; those without a class hold for all others. Of two
 * rows for one class the one with the shorter typical dwell is taken, then the lower id.
 *
 * A gauge change joins the rails of two gauges at a node, or two states of a train at a call. Every
 * method and every row is its own activity: they are alternatives. Within a method, a row for a
 * class displaces the rows without one. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "model/draft.h"

static bool row_joins(const krn_package *p, uint32_t row, krn_country from, krn_country to)
{
    return krn_country_parse(krni_text(p, KRN_TABLE_BORDER, row, BORDER_FROM_COUNTRY)) == from &&
           krn_country_parse(krni_text(p, KRN_TABLE_BORDER, row, BORDER_TO_COUNTRY)) == to;
}

/* Row of border.csv for one class (a bit), or KRN_NO_ROW. */
static uint32_t best_row(const krni_network_draft *draft, uint32_t link, krn_country from,
                         krn_country to, uint16_t class_bit)
{
    const krn_package *p = draft->package;
    uint32_t best = KRN_NO_ROW;
    bool best_own = false;
    double best_h = 0.0;
    for (uint32_t row = draft->border_of_link[link]; row != KRN_NO_ROW;
         row = draft->next_border[row]) {
        const uint16_t of_row = krni_draft_class(p, KRN_TABLE_BORDER, row, BORDER_CARGO_CLASS);
        if ((of_row && of_row != class_bit) || !row_joins(p, row, from, to))
            continue;
        const bool own = of_row != 0;
        const double typical_h =
            krni_number_or(p, KRN_TABLE_BORDER, row, BORDER_DWELL_TYPICAL_H, 0.0);
        if (best == KRN_NO_ROW || (own && !best_own) || (own == best_own && typical_h < best_h)) {
            best = row;
            best_own = own;
            best_h = typical_h;
        }
    }
    return best;
}

bool krni_border_known(const krni_network_draft *draft, uint32_t link, krn_country from_country,
                       krn_country to_country)
{
    for (uint32_t row = draft->border_of_link[link]; row != KRN_NO_ROW;
         row = draft->next_border[row])
        if (row_joins(draft->package, row, from_country, to_country))
            return true;
    return false;
}

krn_status krni_border_cross(krni_network_draft *draft, const krni_draft_activity *like,
                             krn_country from_country, krn_country to_country, uint32_t *out_n,
                             krn_error *err)
{
    const krn_package *p = draft->package;
    uint32_t of_class[KRN_MAX_CARGO_CLASSES];
    for (unsigned c = 0; c < KRN_MAX_CARGO_CLASSES; c++) {
        const uint16_t bit = (uint16_t)(1u << c);
        of_class[c] = like->cargo_mask & bit
                          ? best_row(draft, like->link, from_country, to_country, bit)
                          : KRN_NO_ROW;
    }
    *out_n = 0;
    for (uint32_t row = draft->border_of_link[like->link]; row != KRN_NO_ROW;
         row = draft->next_border[row]) {
        krni_draft_activity cross = *like;
        cross.cargo_mask = 0;
        for (unsigned c = 0; c < KRN_MAX_CARGO_CLASSES; c++)
            if (of_class[c] == row)
                cross.cargo_mask |= (uint16_t)(1u << c);
        if (!cross.cargo_mask)
            continue;
        cross.kind = KRN_CROSS;
        cross.country = from_country;
        cross.enters = to_country;
        cross.length_km = 0.0;
        cross.electrified = 0;
        cross.law_table = KRN_TABLE_BORDER;
        cross.law_row = row;
        cross.calendar = krni_ref(p, KRN_TABLE_BORDER, row, BORDER_CALENDAR_ID);
        cross.duration = krni_draft_triplet(p, KRN_TABLE_BORDER, row, BORDER_DWELL_LOW_H);
        const krn_status st = krni_draft_add(draft, &cross, err);
        if (st)
            return st;
        ++*out_n;
    }
    return KRN_OK;
}

double krni_border_typical_h(const krni_network_draft *draft, uint32_t link,
                             krn_country from_country, krn_country to_country, uint16_t mask)
{
    double shortest_h = NAN;
    for (unsigned c = 0; c < KRN_MAX_CARGO_CLASSES; c++) {
        if (!(mask & 1u << c))
            continue;
        const uint32_t row = best_row(draft, link, from_country, to_country, (uint16_t)(1u << c));
        if (row == KRN_NO_ROW)
            continue;
        const double typical_h =
            krni_number_or(draft->package, KRN_TABLE_BORDER, row, BORDER_DWELL_TYPICAL_H, 0.0);
        if (!(typical_h >= shortest_h))
            shortest_h = typical_h;
    }
    return isnan(shortest_h) ? 0.0 : shortest_h;
}

/* Whether a row of gauge_change.csv leads from one gauge to the other. */
static bool row_changes(const krni_network_draft *draft, uint32_t row, int from_gauge, int to_gauge)
{
    const krn_package *p = draft->package;
    return (int)krni_number_or(p, KRN_TABLE_GAUGE_CHANGE, row, GAUGE_CHANGE_FROM_GAUGE_MM, 0.0) ==
               draft->gauge_mm[from_gauge] &&
           (int)krni_number_or(p, KRN_TABLE_GAUGE_CHANGE, row, GAUGE_CHANGE_TO_GAUGE_MM, 0.0) ==
               draft->gauge_mm[to_gauge];
}

/* Classes that a row is for: its own, or all without a row of their own in the same method. */
static uint16_t change_mask(const krni_network_draft *draft, uint32_t node, uint32_t row,
                            int from_gauge, int to_gauge)
{
    const krn_package *p = draft->package;
    const uint16_t own = krni_draft_class(p, KRN_TABLE_GAUGE_CHANGE, row, GAUGE_CHANGE_CARGO_CLASS);
    if (own)
        return own;
    const char *method = krni_text(p, KRN_TABLE_GAUGE_CHANGE, row, GAUGE_CHANGE_METHOD);
    uint16_t mask = draft->all_classes;
    for (uint32_t other = draft->change_at_node[node]; other != KRN_NO_ROW;
         other = draft->next_change[other])
        if (row_changes(draft, other, from_gauge, to_gauge) &&
            strcmp(krni_text(p, KRN_TABLE_GAUGE_CHANGE, other, GAUGE_CHANGE_METHOD), method) == 0)
            mask &= (uint16_t)~krni_draft_class(p, KRN_TABLE_GAUGE_CHANGE, other,
                                                GAUGE_CHANGE_CARGO_CLASS);
    return mask;
}

krn_status krni_gauge_change(krni_network_draft *draft, const krni_draft_activity *like,
                             uint32_t node, int from_gauge, int to_gauge, uint32_t *out_n,
                             krn_error *err)
{
    const krn_package *p = draft->package;
    *out_n = 0;
    for (uint32_t row = draft->change_at_node[node]; row != KRN_NO_ROW;
         row = draft->next_change[row]) {
        if (!row_changes(draft, row, from_gauge, to_gauge))
            continue;
        krni_draft_activity change = *like;
        change.cargo_mask &= change_mask(draft, node, row, from_gauge, to_gauge);
        if (!change.cargo_mask)
            continue;
        change.kind = KRN_GAUGE_CHANGE;
        change.mode = KRN_RAIL;
        change.gauge = (int8_t)from_gauge;
        change.country = krn_country_parse(krni_text(p, KRN_TABLE_NODE, node, NODE_COUNTRY));
        change.law_table = KRN_TABLE_GAUGE_CHANGE;
        change.law_row = row;
        change.calendar = krni_ref(p, KRN_TABLE_GAUGE_CHANGE, row, GAUGE_CHANGE_CALENDAR_ID);
        change.duration = krni_draft_triplet(p, KRN_TABLE_GAUGE_CHANGE, row, GAUGE_CHANGE_LOW_H);
        const char *method = krni_text(p, KRN_TABLE_GAUGE_CHANGE, row, GAUGE_CHANGE_METHOD);
        change.handlings = strcmp(method, "transhipment") == 0;
        const krn_status st = krni_draft_add(draft, &change, err);
        if (st)
            return st;
        ++*out_n;
    }
    return KRN_OK;
}

double krni_gauge_change_typical_h(const krni_network_draft *draft, uint32_t node, int from_gauge,
                                   int to_gauge, uint16_t mask)
{
    double shortest_h = NAN;
    for (uint32_t row = draft->change_at_node[node]; row != KRN_NO_ROW;
         row = draft->next_change[row]) {
        if (!row_changes(draft, row, from_gauge, to_gauge) ||
            !(mask & change_mask(draft, node, row, from_gauge, to_gauge)))
            continue;
        const double typical_h = krni_number_or(draft->package, KRN_TABLE_GAUGE_CHANGE, row,
                                                GAUGE_CHANGE_TYPICAL_H, 0.0);
        if (!(typical_h >= shortest_h))
            shortest_h = typical_h;
    }
    return shortest_h;
}

/* A row must name the two countries of its link, in a direction that may be used. */
static krn_status check_row(const krni_network_draft *draft, uint32_t row, uint32_t link_row,
                            krn_error *err)
{
    const krn_package *p = draft->package;
    const krni_draft_link *link = &draft->links[link_row];
    if (link->from_country == link->to_country)
        return krni_row_fault(p, KRN_TABLE_BORDER, row, BORDER_LINK_ID,
                              "expected a land link over a border", err);
    if (!row_joins(p, row, link->from_country, link->to_country) &&
        (link->directed || !row_joins(p, row, link->to_country, link->from_country)))
        return krni_row_fault(p, KRN_TABLE_BORDER, row, BORDER_FROM_COUNTRY,
                              "expected the countries of the link", err);
    return KRN_OK;
}

static krn_status change_at(krni_network_draft *draft, uint32_t node, int from_gauge, int to_gauge,
                            krn_error *err)
{
    uint32_t n;
    krni_draft_activity like = krni_draft_blank(KRN_GAUGE_CHANGE, KRN_RAIL);
    like.cargo_mask = draft->all_classes;
    krn_status st =
        krni_draft_side(draft, node, (krn_side)(KRN_SIDE_RAIL + from_gauge), &like.from, err);
    if (!st)
        st = krni_draft_side(draft, node, (krn_side)(KRN_SIDE_RAIL + to_gauge), &like.to, err);
    if (!st)
        st = krni_gauge_change(draft, &like, node, from_gauge, to_gauge, &n, err);
    return st;
}

krn_status krni_border_make(krni_network_draft *draft, krn_error *err)
{
    krn_status st = KRN_OK;
    const uint32_t *links = krni_draft_order(draft, KRN_TABLE_LINK);
    for (uint32_t i = 0; i < draft->n_links && !st; i++)
        for (uint32_t row = draft->border_of_link[links[i]]; row != KRN_NO_ROW && !st;
             row = draft->next_border[row])
            st = check_row(draft, row, links[i], err);
    const uint32_t *nodes = krni_draft_order(draft, KRN_TABLE_NODE);
    for (uint32_t i = 0; i < draft->n_nodes && !st; i++) {
        const uint32_t node = nodes[i];
        if (draft->change_at_node[node] == KRN_NO_ROW)
            continue;
        for (int from = 0; from < (int)draft->n_gauges && !st; from++)
            for (int to = 0; to < (int)draft->n_gauges && !st; to++)
                if (from != to && draft->node_sides[node] & 1u << (KRN_SIDE_RAIL + from) &&
                    draft->node_sides[node] & 1u << (KRN_SIDE_RAIL + to))
                    st = change_at(draft, node, from, to, err);
    }
    return st;
}
