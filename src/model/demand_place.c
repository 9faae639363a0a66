/* SPDX-License-Identifier: Apache-2.0 */
/* demand_place.c - places and months of a flow: the most specific rows, and only those.
 *
 *     rank   commodity   class      (months: + 1 when the row names the origin country)
 *     4      =           blank
 *     2      blank       =
 *     0      blank       blank
 *    -1      another one of either: does not hold */
#include "model/demand_place.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

krni_flow_goods krni_goods_of(const krn_package *p, uint32_t commodity, uint32_t unit)
{
    krni_flow_goods goods = {"", ""};
    if (commodity != KRN_NO_ROW)
        goods.commodity = krni_text(p, KRN_TABLE_COMMODITY, commodity, COMMODITY_COMMODITY_ID);
    if (unit != KRN_NO_ROW)
        goods.cargo_class = krni_text(p, KRN_TABLE_LOADING_UNIT, unit, LOADING_UNIT_CARGO_CLASS);
    if (!*goods.cargo_class && commodity != KRN_NO_ROW)
        goods.cargo_class = krni_text(p, KRN_TABLE_COMMODITY, commodity, COMMODITY_CARGO_CLASS);
    return goods;
}

krni_flow_goods krni_flow_goods_of(const krn_package *p, uint32_t flow)
{
    return krni_goods_of(p, krni_ref(p, KRN_TABLE_FLOW, flow, FLOW_COMMODITY),
                         krni_ref(p, KRN_TABLE_FLOW, flow, FLOW_LOADING_UNIT));
}

static int rank_of(const char *commodity, const char *cargo_class, krni_flow_goods goods)
{
    if ((*commodity && strcmp(commodity, goods.commodity) != 0) ||
        (*cargo_class && strcmp(cargo_class, goods.cargo_class) != 0))
        return -1;
    return *commodity ? 4 : *cargo_class ? 2 : 0;
}

/* Rank of a row of flow_place.csv for one end of a flow; -1: does not hold. */
static int place_rank(const krn_package *p, uint32_t row, const char *country, bool destination,
                      krni_flow_goods goods)
{
    const krn_table t = KRN_TABLE_FLOW_PLACE;
    const bool at_end = krni_text(p, t, row, FLOW_PLACE_END)[0] == (destination ? 'd' : 'o');
    if (!at_end || strcmp(krni_text(p, t, row, FLOW_PLACE_COUNTRY), country) != 0)
        return -1;
    return rank_of(krni_text(p, t, row, FLOW_PLACE_COMMODITY),
                   krni_text(p, t, row, FLOW_PLACE_CARGO_CLASS), goods);
}

static int best_rank(const krn_package *p, const char *country, bool destination,
                     krni_flow_goods goods)
{
    int best = -1;
    for (uint32_t row = 0; row < krn_package_rows(p, KRN_TABLE_FLOW_PLACE); row++) {
        const int rank = place_rank(p, row, country, destination, goods);
        best = rank > best ? rank : best;
    }
    return best;
}

/* Puts a place behind all of lower node id. */
static void insert_place(const krn_package *p, krni_flow_end *end, krni_flow_place place)
{
    const char *id = krni_text(p, KRN_TABLE_NODE, place.node, NODE_NODE_ID);
    uint32_t at = end->n++;
    for (; at > 0 &&
           strcmp(krni_text(p, KRN_TABLE_NODE, end->places[at - 1].node, NODE_NODE_ID), id) > 0;
         at--)
        end->places[at] = end->places[at - 1];
    end->places[at] = place;
}

krn_status krni_flow_end_open(const krn_package *p, const char *country, bool destination,
                              krni_flow_goods goods, krn_arena *arena, krni_flow_end *out,
                              krn_error *err)
{
    const int best = best_rank(p, country, destination, goods);
    const uint32_t n_rows = krn_package_rows(p, KRN_TABLE_FLOW_PLACE);
    double sum = 0.0;
    *out = (krni_flow_end){.quality = KRN_PUBLISHED};
    if (best < 0)
        return KRN_OK;
    uint32_t n = 0;
    for (uint32_t row = 0; row < n_rows; row++)
        n += place_rank(p, row, country, destination, goods) == best;
    out->places = krn_arena_calloc(arena, n, sizeof *out->places);
    if (!out->places)
        return krni_fail_memory(err);
    for (uint32_t row = 0; row < n_rows; row++) {
        if (place_rank(p, row, country, destination, goods) != best)
            continue;
        const krni_flow_place place = {
            krni_ref(p, KRN_TABLE_FLOW_PLACE, row, FLOW_PLACE_NODE_ID), row,
            krni_number_or(p, KRN_TABLE_FLOW_PLACE, row, FLOW_PLACE_WEIGHT, 0.0)};
        insert_place(p, out, place);
        out->quality = krn_quality_weakest(
            out->quality,
            krn_package_quality(p, krni_figure(KRN_TABLE_FLOW_PLACE, row, FLOW_PLACE_WEIGHT)));
    }
    for (uint32_t i = 0; i < out->n; i++) /* in the order of ids: same sum whatever the file's */
        sum += out->places[i].weight_share;
    assert(sum > 0.0);
    for (uint32_t i = 0; i < out->n; i++)
        out->places[i].weight_share /= sum;
    return KRN_OK;
}

static int month_rank(const krn_package *p, uint32_t row, const char *country,
                      krni_flow_goods goods)
{
    const krn_table t = KRN_TABLE_FLOW_MONTH;
    const char *of = krni_text(p, t, row, FLOW_MONTH_ORIGIN_COUNTRY);
    if (*of && strcmp(of, country) != 0)
        return -1;
    const int rank = rank_of(krni_text(p, t, row, FLOW_MONTH_COMMODITY),
                             krni_text(p, t, row, FLOW_MONTH_CARGO_CLASS), goods);
    return rank < 0 ? -1 : rank + (*of != '\0');
}

void krni_flow_months(const krn_package *p, const char *country, krni_flow_goods goods,
                      double out_share[KRN_MONTHS], krn_quality *out_quality)
{
    const uint32_t n = krn_package_rows(p, KRN_TABLE_FLOW_MONTH);
    int best = -1;
    double sum = 0.0;
    *out_quality = KRN_PUBLISHED;
    for (int m = 0; m < KRN_MONTHS; m++)
        out_share[m] = 0.0;
    for (uint32_t row = 0; row < n; row++) {
        const int rank = month_rank(p, row, country, goods);
        best = rank > best ? rank : best;
    }
    for (uint32_t row = 0; row < n && best >= 0; row++) {
        if (month_rank(p, row, country, goods) != best)
            continue;
        const int month = (int)krni_number(p, KRN_TABLE_FLOW_MONTH, row, FLOW_MONTH_MONTH);
        assert(month >= 1 && month <= KRN_MONTHS);
        out_share[month - 1] = krni_number_or(p, KRN_TABLE_FLOW_MONTH, row, FLOW_MONTH_SHARE, 0.0);
        *out_quality = krn_quality_weakest(
            *out_quality,
            krn_package_quality(p, krni_figure(KRN_TABLE_FLOW_MONTH, row, FLOW_MONTH_SHARE)));
    }
    for (int m = 0; m < KRN_MONTHS; m++)
        sum += out_share[m];
    if (best < 0)
        *out_quality = KRN_ESTIMATED;
    for (int m = 0; m < KRN_MONTHS; m++) /* what rounding of the table left is taken out */
        out_share[m] = sum > 0.0 ? out_share[m] / sum : 1.0 / KRN_MONTHS;
}
