/* SPDX-License-Identifier: Apache-2.0 */
/* cargo.c - from a consignment to wagons, trucks, boxes and ships.
 *
 *   consignment --commodity, unit--> cargo class --gauge--> wagon --axle load--> payload --> wagons
 *                                               \--------> truck ------------------------> trucks
 *
 *   payload of a wagon   min(payload, axles * axle load of the line - tare)
 *   wagons in bulk       ceil(net / payload);  in boxes ceil(boxes / boxes on a wagon), where boxes
 *                        on a wagon = min(TEU places / TEU, payload / gross of a box), whole
 *   trucks               max(ceil(gross / payload), ceil(boxes / boxes on a truck)): boxes too
 * heavy for the road are stuffed lighter and so need more trucks payload of a ship    payload - t
 * per decimetre * missing decimetres of draught
 *
 * The wagon of a class on a gauge of N mm stands in column wagon_N of cargo_class.csv. */
#include <keruen/cargo.h>

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/edit_distance.h"
#include "base/error.h"
#include "base/text.h"
#include "model/tables.h"

#define MAX_NET_T     1e7
#define MAX_UNITS     1000000u
#define N_SUGGESTIONS 3
#define ROUNDING      1e-9 /* shares of a vehicle below this are rounding */

/* ---- finding by name ---- */

/* The nearest names to a text, best first. */
typedef struct suggestions {
    uint32_t n;
    uint32_t distance[N_SUGGESTIONS];
    const char *name[N_SUGGESTIONS];
} suggestions;

static void suggest(suggestions *s, const char *name, uint32_t distance)
{
    uint32_t at = s->n;
    while (at > 0 && s->distance[at - 1] > distance)
        at--;
    if (at == N_SUGGESTIONS)
        return;
    if (s->n < N_SUGGESTIONS)
        s->n++;
    for (uint32_t i = s->n - 1; i > at; i--) {
        s->distance[i] = s->distance[i - 1];
        s->name[i] = s->name[i - 1];
    }
    s->distance[at] = distance;
    s->name[at] = name;
}

static krn_status fail_with_suggestions(const suggestions *s, const char *what, const char *table,
                                        const char *text, krn_error *err)
{
    char near[512] = "";
    size_t used = 0;
    for (uint32_t i = 0; i < s->n && used < sizeof near; i++) {
        const int n = snprintf(near + used, sizeof near - used, "%s%s", i ? ", " : "", s->name[i]);
        if (n < 0)
            break;
        used += (size_t)n;
    }
    if (s->n == 0)
        return krni_fail(err, KRN_E_NOT_FOUND,
                         "%s '%.100s' is not known; nearest: none; %s of the package lists them",
                         what, text, table);
    return krni_fail(err, KRN_E_NOT_FOUND, "%s '%.100s' is not known; nearest: %s", what, text,
                     near);
}

static bool is_code(const char *text)
{
    size_t digits = 0;
    for (; *text; text++) {
        if (*text >= '0' && *text <= '9')
            digits++;
        else if (*text != '.' && *text != ' ')
            return false;
    }
    return digits >= 2;
}

/* Digits of a code into out; points and blanks do not count. */
static size_t digits_of(const char *code, char *out, size_t size)
{
    size_t n = 0;
    for (; *code && n + 1 < size; code++)
        if (*code >= '0' && *code <= '9')
            out[n++] = *code;
    out[n] = '\0';
    return n;
}

static krn_status fail_ambiguous(const krn_package *package, const char *text, uint32_t first,
                                 uint32_t second, krn_error *err)
{
    return krni_fail(err, KRN_E_AMBIGUOUS,
                     "HS code '%.40s' fits several commodities, for example %s and %s; give the id",
                     text, krni_text(package, KRN_TABLE_COMMODITY, first, COMMODITY_COMMODITY_ID),
                     krni_text(package, KRN_TABLE_COMMODITY, second, COMMODITY_COMMODITY_ID));
}

static krn_status find_by_code(const krn_package *package, const char *text, uint32_t *out_row,
                               krn_error *err)
{
    char wanted[32];
    char known[32];
    const size_t n_wanted = digits_of(text, wanted, sizeof wanted);
    const uint32_t n_rows = krn_package_rows(package, KRN_TABLE_COMMODITY);
    uint32_t best = KRN_NO_ROW;
    uint32_t twin = KRN_NO_ROW; /* fits as well as best */
    size_t best_length = 0;
    for (uint32_t row = 0; row < n_rows; row++) {
        const size_t n = digits_of(krni_text(package, KRN_TABLE_COMMODITY, row, COMMODITY_HS_CODE),
                                   known, sizeof known);
        const bool row_in_text = n > 0 && n <= n_wanted && memcmp(known, wanted, n) == 0;
        const bool text_in_row = n > n_wanted && memcmp(known, wanted, n_wanted) == 0;
        if (!row_in_text && !text_in_row)
            continue;
        const size_t length = row_in_text ? n : 0; /* a row inside the text wins over one around */
        if (best == KRN_NO_ROW || length > best_length) {
            best = row;
            best_length = length;
            twin = KRN_NO_ROW;
        } else if (length == best_length && twin == KRN_NO_ROW) {
            twin = row;
        }
    }
    if (best == KRN_NO_ROW)
        return krni_fail(err, KRN_E_NOT_FOUND, "no commodity has HS code '%.40s'", text);
    if (twin != KRN_NO_ROW)
        return fail_ambiguous(package, text, best, twin, err);
    *out_row = best;
    return KRN_OK;
}

/* Compares text (folded) with the cells of some columns of a table; *out_row the first row that
 * has it, KRN_NO_ROW with suggestions otherwise. */
static krn_status find_folded(const krn_package *package, krn_table table, const int *columns,
                              int n_columns, const char *text, uint32_t *out_row, suggestions *near,
                              krn_error *err)
{
    krn_status status = KRN_OK;
    krni_writer wanted;
    krni_writer cell;
    krni_writer_init(&wanted, NULL);
    krni_writer_init(&cell, NULL);
    *out_row = KRN_NO_ROW;
    krni_fold(&wanted, text);
    const char *wanted_text = krni_writer_text(&wanted);
    if (!wanted_text) {
        status = krni_fail_memory(err);
        goto done;
    }
    const uint32_t limit = krni_edit_allowance(strlen(wanted_text)) + 2;
    const uint32_t n_rows = krn_package_rows(package, table);
    const int key = krni_schema(table)->key;
    for (uint32_t row = 0; row < n_rows && *out_row == KRN_NO_ROW; row++) {
        uint32_t nearest = limit + 1;
        for (int c = 0; c < n_columns; c++) {
            krni_writer_clear(&cell);
            krni_fold(&cell, krni_text(package, table, row, columns[c]));
            const char *cell_text = krni_writer_text(&cell);
            if (!cell_text) {
                status = krni_fail_memory(err);
                goto done;
            }
            if (!*cell_text)
                continue;
            if (*wanted_text && strcmp(cell_text, wanted_text) == 0) {
                *out_row = row;
                break;
            }
            const uint32_t distance = krni_edit_distance(wanted_text, cell_text, limit);
            if (distance < nearest)
                nearest = distance;
            if (*wanted_text && strncmp(cell_text, wanted_text, strlen(wanted_text)) == 0)
                nearest = 0; /* a beginning of a name is near */
        }
        if (nearest <= limit)
            suggest(near, krni_text(package, table, row, key), nearest);
    }
done:
    krni_writer_free(&cell);
    krni_writer_free(&wanted);
    return status;
}

krn_status krn_commodity_find(const krn_package *package, const char *text, uint32_t *out_row,
                              krn_error *err)
{
    static const int columns[] = {COMMODITY_COMMODITY_ID, COMMODITY_NAME, COMMODITY_NAME_RU,
                                  COMMODITY_NAME_KK, COMMODITY_NAME_FA};
    if (!text || !*text)
        return krni_fail(err, KRN_E_ARG, "no commodity was named");
    *out_row = krn_package_find(package, KRN_TABLE_COMMODITY, text);
    if (*out_row != KRN_NO_ROW)
        return KRN_OK;
    if (is_code(text))
        return find_by_code(package, text, out_row, err);
    suggestions near = {0};
    if (find_folded(package, KRN_TABLE_COMMODITY, columns,
                    (int)(sizeof columns / sizeof columns[0]), text, out_row, &near, err))
        return KRN_E_MEMORY;
    return *out_row != KRN_NO_ROW
               ? KRN_OK
               : fail_with_suggestions(&near, "commodity", "commodity.csv", text, err);
}

/* Length of the sign between count and unit: x, X, *, the multiplication sign, Cyrillic kha. */
static size_t times_sign(const char *at)
{
    static const char *const signs[] = {"x", "X", "*", "\xc3\x97", "\xd1\x85", "\xd0\xa5"};
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (strncmp(at, signs[i], strlen(signs[i])) == 0)
            return strlen(signs[i]);
    return 0;
}

krn_status krn_units_parse(const krn_package *package, const char *text, uint32_t *out_loading_unit,
                           uint32_t *out_n_units, krn_error *err)
{
    static const int columns[] = {LOADING_UNIT_LOADING_UNIT};
    uint32_t count = 0;
    const char *at = text ? text : "";
    for (; *at >= '0' && *at <= '9' && count <= MAX_UNITS; at++)
        count = count * 10 + (uint32_t)(*at - '0');
    const size_t sign = times_sign(at);
    if (count == 0 || count > MAX_UNITS || sign == 0 || at[sign] == '\0')
        return krni_fail(err, KRN_E_ARG,
                         "units '%.60s': a count of 1 to %u and a unit were expected, as 20x42G1",
                         text ? text : "", MAX_UNITS);
    at += sign;
    uint32_t row = krn_package_find(package, KRN_TABLE_LOADING_UNIT, at);
    if (row == KRN_NO_ROW) {
        suggestions near = {0};
        if (find_folded(package, KRN_TABLE_LOADING_UNIT, columns, 1, at, &row, &near, err))
            return KRN_E_MEMORY;
        if (row == KRN_NO_ROW)
            return fail_with_suggestions(&near, "loading unit", "loading_unit.csv", at, err);
    }
    *out_loading_unit = row;
    *out_n_units = count;
    return KRN_OK;
}

/* ---- the load ---- */

/* Number that are needed, each of them holding some; tolerant of rounding. */
static double whole(double amount, double each)
{
    return ceil(amount / each - ROUNDING);
}

/* Largest net load of one unit of a commodity: by mass, and by volume where both are known. */
static double unit_net_t(const krn_package *package, uint32_t unit, uint32_t commodity)
{
    const double payload =
        krni_number(package, KRN_TABLE_LOADING_UNIT, unit, LOADING_UNIT_MAX_PAYLOAD_T);
    const double volume =
        krni_number(package, KRN_TABLE_LOADING_UNIT, unit, LOADING_UNIT_VOLUME_M3);
    const double density =
        krni_number(package, KRN_TABLE_COMMODITY, commodity, COMMODITY_DENSITY_T_M3);
    const double filled = volume * density;
    return filled > 0.0 && filled < payload ? filled : payload;
}

/* Net tonnes and number of units of a consignment, one from the other where only one is given. */
static krn_status quantity(const krn_package *package, const krn_consignment *consignment,
                           uint32_t unit, double *out_net_t, double *out_units, krn_error *err)
{
    const char *name = krni_text(package, KRN_TABLE_LOADING_UNIT, unit, LOADING_UNIT_LOADING_UNIT);
    const double payload =
        krni_number(package, KRN_TABLE_LOADING_UNIT, unit, LOADING_UNIT_MAX_PAYLOAD_T);
    const double each = unit_net_t(package, unit, consignment->commodity);
    double net = consignment->net_t;
    double units = consignment->n_units;
    if (!(isfinite(net) && net >= 0.0))
        return krni_fail(err, KRN_E_ARG, "quantity %g t: a number above 0 was expected", net);
    if (net == 0.0)
        net = units * each;
    if (!(net > 0.0 && net <= MAX_NET_T))
        return krni_fail(err, KRN_E_ARG, "quantity %g t: above 0 and at most %g t was expected",
                         net, MAX_NET_T);
    if (units == 0.0)
        units = whole(net, each);
    if (units > MAX_UNITS * 10.0)
        return krni_fail(err, KRN_E_ARG, "quantity %g t makes %.0f units of %s, too many", net,
                         units, name);
    if (net > units * payload * (1.0 + ROUNDING))
        return krni_fail(err, KRN_E_ARG, "%.0f x %s hold at most %g t, %g t were given", units,
                         name, units * payload, net);
    *out_net_t = net;
    *out_units = units;
    return KRN_OK;
}

static uint32_t wagon_of(const krn_package *package, uint32_t cargo_class, int gauge_mm)
{
    char column[32];
    (void)snprintf(column, sizeof column, "wagon_%d", gauge_mm);
    const int at = krn_package_column(package, KRN_TABLE_CARGO_CLASS, column);
    if (at < 0)
        return KRN_NO_ROW;
    const char *id = krn_package_text(package, KRN_TABLE_CARGO_CLASS, cargo_class, (uint32_t)at);
    return *id ? krn_package_find(package, KRN_TABLE_VEHICLE, id) : KRN_NO_ROW;
}

static krn_status find_class(const krn_package *package, const krn_consignment *consignment,
                             uint32_t *out_class, uint32_t *out_unit, krn_error *err)
{
    if (consignment->commodity >= krn_package_rows(package, KRN_TABLE_COMMODITY))
        return krni_fail(err, KRN_E_ARG, "the consignment names no commodity of the package");
    uint32_t unit = consignment->loading_unit;
    if (unit != KRN_NO_ROW && unit >= krn_package_rows(package, KRN_TABLE_LOADING_UNIT))
        return krni_fail(err, KRN_E_ARG, "the consignment names no loading unit of the package");
    uint32_t class_row =
        krni_ref(package, KRN_TABLE_COMMODITY, consignment->commodity, COMMODITY_CARGO_CLASS);
    if (unit == KRN_NO_ROW && class_row != KRN_NO_ROW)
        unit = krni_ref(package, KRN_TABLE_CARGO_CLASS, class_row, CARGO_CLASS_LOADING_UNIT);
    if (unit != KRN_NO_ROW) {
        const uint32_t of_unit =
            krni_ref(package, KRN_TABLE_LOADING_UNIT, unit, LOADING_UNIT_CARGO_CLASS);
        if (of_unit != KRN_NO_ROW && consignment->loading_unit != KRN_NO_ROW)
            class_row = of_unit;
    }
    if (unit == KRN_NO_ROW || class_row >= KRN_MAX_CARGO_CLASSES)
        return krni_fail(err, KRN_E_ARG, "commodity %s has no cargo class with a loading unit",
                         krni_text(package, KRN_TABLE_COMMODITY, consignment->commodity,
                                   COMMODITY_COMMODITY_ID));
    *out_class = class_row;
    *out_unit = unit;
    return KRN_OK;
}

krn_status krn_cargo_load(const krn_package *package, const krn_consignment *consignment,
                          const int *gauges_mm, int n_gauges, krn_load *out, krn_error *err)
{
    assert(n_gauges >= 0 && n_gauges <= KRN_MAX_GAUGES);
    uint32_t class_row = KRN_NO_ROW;
    uint32_t unit = KRN_NO_ROW;
    krn_status status = find_class(package, consignment, &class_row, &unit, err);
    if (status)
        return status;
    double net = 0.0;
    double units = 0.0;
    status = quantity(package, consignment, unit, &net, &units, err);
    if (status)
        return status;
    const char *kind = krni_text(package, KRN_TABLE_LOADING_UNIT, unit, LOADING_UNIT_KIND);
    const double tare =
        krni_number_or(package, KRN_TABLE_LOADING_UNIT, unit, LOADING_UNIT_TARE_T, 0.0);
    krn_load load = {
        .cargo_class = class_row,
        .class_bit = (uint16_t)(1u << class_row),
        .net_t = net,
        .gross_t = net,
        .truck = krni_ref(package, KRN_TABLE_CARGO_CLASS, class_row, CARGO_CLASS_TRUCK),
        .hs_code =
            krni_text(package, KRN_TABLE_COMMODITY, consignment->commodity, COMMODITY_HS_CODE),
        .un_number = (int)krni_number_or(package, KRN_TABLE_COMMODITY, consignment->commodity,
                                         COMMODITY_UN_NUMBER, 0.0)};
    if (strcmp(kind, "container") == 0) {
        load.n_containers = (uint32_t)units;
        load.teu_share =
            krni_number_or(package, KRN_TABLE_LOADING_UNIT, unit, LOADING_UNIT_TEU, 1.0);
        load.container_feet =
            (int)krni_number_or(package, KRN_TABLE_LOADING_UNIT, unit, LOADING_UNIT_FEET, 0.0);
        load.gross_t = net + units * tare;
        load.unit_gross_t = load.gross_t / units;
    } else if (strcmp(kind, "tonne") != 0) {
        load.n_trailers = (uint32_t)units; /* their own mass is that of the truck */
    }
    for (int g = 0; g < KRN_MAX_GAUGES; g++)
        load.wagon[g] = g < n_gauges ? wagon_of(package, class_row, gauges_mm[g]) : KRN_NO_ROW;
    *out = load;
    return KRN_OK;
}

/* ---- vehicles ---- */

/* Containers that find place on a vehicle, >= 1; one where its places are not known. */
static double boxes_by_places(const krn_package *package, const krn_load *load, uint32_t vehicle)
{
    const double places = krni_number(package, KRN_TABLE_VEHICLE, vehicle, VEHICLE_TEU);
    const double boxes = load->teu_share > 0.0 ? floor(places / load->teu_share + ROUNDING) : 1.0;
    return boxes > 1.0 ? boxes : 1.0; /* also when places is blank */
}

static uint32_t wagons_needed(const krn_package *package, const krn_load *load, uint32_t vehicle,
                              double payload_t)
{
    if (!(payload_t > 0.0))
        return 0;
    double n;
    if (load->n_containers > 0) {
        const double by_mass = floor(payload_t / load->unit_gross_t + ROUNDING);
        const double by_places = boxes_by_places(package, load, vehicle);
        const double boxes = by_mass < by_places ? by_mass : by_places;
        n = boxes >= 1.0 ? whole(load->n_containers, boxes) : 0.0;
    } else {
        n = whole(load->net_t, payload_t);
    }
    return n < UINT32_MAX ? (uint32_t)n : 0;
}

uint32_t krn_cargo_wagons(const krn_package *package, const krn_load *load, int gauge_index,
                          double axle_t)
{
    assert(gauge_index >= 0 && gauge_index < KRN_MAX_GAUGES);
    const uint32_t wagon = load->wagon[gauge_index];
    if (wagon == KRN_NO_ROW)
        return 0;
    double payload = krni_number(package, KRN_TABLE_VEHICLE, wagon, VEHICLE_PAYLOAD_T);
    const double axles = krni_number_or(package, KRN_TABLE_VEHICLE, wagon, VEHICLE_AXLES, 0.0);
    const double tare = krni_number_or(package, KRN_TABLE_VEHICLE, wagon, VEHICLE_TARE_T, 0.0);
    if (axle_t > 0.0 && axles > 0.0 && axles * axle_t - tare < payload)
        payload = axles * axle_t - tare;
    return wagons_needed(package, load, wagon, payload);
}

double krn_cargo_train_gross_t(const krn_package *package, const krn_load *load, int gauge_index,
                               uint32_t n_wagons)
{
    assert(gauge_index >= 0 && gauge_index < KRN_MAX_GAUGES);
    const uint32_t wagon = load->wagon[gauge_index];
    const double tare = wagon == KRN_NO_ROW ? 0.0
                                            : krni_number_or(package, KRN_TABLE_VEHICLE, wagon,
                                                             VEHICLE_TARE_T, 0.0);
    return n_wagons * tare + load->gross_t;
}

uint32_t krn_cargo_trucks(const krn_package *package, const krn_load *load)
{
    if (load->truck == KRN_NO_ROW)
        return 0;
    if (load->n_trailers > 0)
        return load->n_trailers;
    const double payload = krni_number(package, KRN_TABLE_VEHICLE, load->truck, VEHICLE_PAYLOAD_T);
    double n = whole(load->gross_t, payload);
    if (load->n_containers > 0) {
        const double by_places =
            whole(load->n_containers, boxes_by_places(package, load, load->truck));
        n = by_places > n ? by_places : n;
    }
    return n < UINT32_MAX ? (uint32_t)n : 0;
}

double krn_ship_payload_t(const krn_package *package, uint32_t vehicle, double draught_m)
{
    const double payload = krni_number(package, KRN_TABLE_VEHICLE, vehicle, VEHICLE_PAYLOAD_T);
    const double laden = krni_number(package, KRN_TABLE_VEHICLE, vehicle, VEHICLE_DRAUGHT_M);
    const double missing_m = laden - draught_m;
    if (!(missing_m > 0.0)) /* a blank draught limits nothing */
        return payload;
    const double t_per_dm = krni_number(package, KRN_TABLE_VEHICLE, vehicle, VEHICLE_T_PER_DM);
    const double left = payload - t_per_dm * missing_m * 10.0;
    return left > 0.0 ? left : 0.0; /* a ship that is too deep and has no figure stays outside */
}
