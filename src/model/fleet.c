/* SPDX-License-Identifier: Apache-2.0 */
/* fleet.c - pools of wagons, locomotives and crews, as fleet.csv tells them. */
#include <math.h>
#include <string.h>

#include <keruen/demand.h>

#include "base/error.h"
#include "model/tables.h"

const char *krn_fleet_kind_name(krn_fleet_kind kind)
{
    return kind == KRN_FLEET_WAGON ? "wagon" : kind == KRN_FLEET_CREW ? "crew" : "locomotive";
}

static krn_fleet read_fleet(const krn_package *p, uint32_t row)
{
    const krn_table t = KRN_TABLE_FLEET;
    const char *kind = krni_text(p, t, row, FLEET_KIND);
    const krn_fleet fleet = {
        .row = row,
        .kind = kind[0] == 'w'   ? KRN_FLEET_WAGON
                : kind[0] == 'c' ? KRN_FLEET_CREW
                                 : KRN_FLEET_LOCOMOTIVE,
        .country = krn_country_parse(krni_text(p, t, row, FLEET_COUNTRY)),
        .gauge_mm = (int)krni_number_or(p, t, row, FLEET_GAUGE_MM, 0.0),
        .vehicle = krni_ref(p, t, row, FLEET_VEHICLE_ID),
        .count = (uint32_t)krni_number_or(p, t, row, FLEET_COUNT, 0.0),
        .corridor_share = krni_number_or(p, t, row, FLEET_CORRIDOR_SHARE, 0.0),
        .quality =
            krn_quality_weakest(krn_package_quality(p, krni_figure(t, row, FLEET_COUNT)),
                                krn_package_quality(p, krni_figure(t, row, FLEET_CORRIDOR_SHARE))),
    };
    return fleet;
}

uint32_t krn_fleet_at_hand(const krn_fleet *fleet)
{
    return (uint32_t)llround((double)fleet->count * fleet->corridor_share);
}

krn_status krn_fleet_list(const krn_package *package, krn_arena *arena, uint32_t *out_n,
                          krn_fleet **out, krn_error *err)
{
    const uint32_t n = krn_package_rows(package, KRN_TABLE_FLEET);
    krn_fleet *list = krn_arena_calloc(arena, (size_t)n + 1, sizeof *list);
    if (!list)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < n; i++)
        list[i] = read_fleet(package, package->tables[KRN_TABLE_FLEET].by_key[i]);
    *out = list;
    *out_n = n;
    return KRN_OK;
}

krn_fleet krn_fleet_find(const krn_package *package, krn_fleet_kind kind, krn_country country,
                         int gauge_mm, uint32_t vehicle)
{
    krn_fleet found = {
        .row = KRN_NO_ROW, .kind = kind, .gauge_mm = gauge_mm, .vehicle = KRN_NO_ROW};
    for (uint32_t i = 0; i < krn_package_rows(package, KRN_TABLE_FLEET); i++) {
        const krn_fleet f = read_fleet(package, package->tables[KRN_TABLE_FLEET].by_key[i]);
        const bool own = vehicle != KRN_NO_ROW && f.vehicle == vehicle;
        if (f.kind != kind || f.gauge_mm != gauge_mm || (country && f.country != country) ||
            (f.vehicle != KRN_NO_ROW && !own))
            continue;
        if (own)
            return f;
        if (found.row == KRN_NO_ROW)
            found = f;
    }
    return found;
}
