/* SPDX-License-Identifier: Apache-2.0 */
/* demand_read.c - a user's table of demand: rows of a year, or single consignments.
 *
 *   origin,destination,commodity,tonnes,lot_t,units,loading_unit,ready,due
 *   kz-kostanay,IRTHR,barley,120000,3000,,,,            120 kt a year, in lots of 3 kt
 *   Xi'an,Tehran,machinery,,,50x42G1,,2026-12-01,        one train of 50 boxes
 *
 * The whole table is read; every fault is told with line, column and value. */
#include "io/demand_read.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <keruen/calendar.h>
#include <keruen/cargo.h>
#include <keruen/place.h>

#include "base/edit_distance.h"
#include "base/error.h"
#include "base/number.h"
#include "io/csv.h"
#include "io/faults.h"
#include "model/demand_place.h"

#define FILE_BYTES  ((size_t)64 * 1024 * 1024)
#define MOST_ROWS   1000000u
#define MOST_T      1e11
#define FIELD_BYTES 256u

static const char *const names[] = {"origin", "destination",  "commodity", "tonnes", "lot_t",
                                    "units",  "loading_unit", "ready",     "due"};
enum { ORIGIN, DESTINATION, COMMODITY, TONNES, LOT, UNITS, LOADING_UNIT, READY, DUE, N_NAMES };

typedef struct demand_read {
    const krn_package *package;
    const char *name;
    krn_faults *faults;
    krn_place_index *places;
    krn_calendar_book *calendars;
    krni_csv *csv;
    int field_of[N_NAMES]; /* -1: no such column */
    uint32_t n_heading;    /* fields of the first line */
    char texts[N_NAMES][FIELD_BYTES];
    bool row_is_wrong;
    krn_demand *rows; /* malloc'd while it grows */
    uint32_t n, room;
} demand_read;

static krni_place place_of(const demand_read *r, int name)
{
    const krni_place place = {0, r->name, r->csv->line, name < 0 ? 0 : (uint32_t)name + 1,
                              name < 0 ? "(row)" : names[name]};
    return place;
}

static void fault(demand_read *r, int name, const char *value, const char *expected)
{
    r->row_is_wrong = true;
    krni_fault(r->faults, place_of(r, name), value, strlen(value), "%s", expected);
}

/* A miss that says itself what was expected. */
static krn_status fault_of(demand_read *r, int name, const krn_error *miss)
{
    char text[KRN_ERROR_TEXT_SIZE];
    r->row_is_wrong = true;
    (void)snprintf(text, sizeof text, "%s:%u: %s: %.60s: %.700s", r->name, r->csv->line,
                   names[name], *r->texts[name] ? r->texts[name] : "(blank)", miss->text);
    krni_fault_text(r->faults, place_of(r, name), text);
    return miss->status == KRN_E_MEMORY ? KRN_E_MEMORY : KRN_OK;
}

/* ---- heading ---- */

static void read_name(demand_read *r, uint32_t f)
{
    char text[FIELD_BYTES], expected[192];
    const krni_field *field = &r->csv->fields[f];
    const size_t length = field->length < sizeof text - 1 ? field->length : sizeof text - 1;
    memcpy(text, field->text, length);
    text[length] = '\0';
    int k = 0;
    while (k < N_NAMES && (field->expected || strcmp(text, names[k]) != 0))
        k++;
    if (k == N_NAMES) {
        const int nearest = krni_nearest(text, names, N_NAMES);
        (void)snprintf(expected, sizeof expected,
                       "a column of origin, destination, commodity, tonnes, lot_t, units, "
                       "loading_unit, ready, due%s%s%s",
                       nearest < 0 ? "" : " (", nearest < 0 ? "" : names[nearest],
                       nearest < 0 ? "" : "?)");
        krni_fault(r->faults, place_of(r, -1), text, length, "%s", expected);
    } else if (r->field_of[k] >= 0) {
        fault(r, k, text, "a column that stands there only once");
    } else {
        r->field_of[k] = (int)f;
    }
}

/* False: rows cannot be read by it. */
static bool read_heading(demand_read *r)
{
    for (int k = 0; k < N_NAMES; k++)
        r->field_of[k] = -1;
    if (!krni_csv_next(r->csv)) {
        r->csv->line = 1;
        fault(r, -1, "", "a line of column names");
        return false;
    }
    r->n_heading = r->csv->n_fields;
    for (uint32_t f = 0; f < r->n_heading && f < KRNI_CSV_FIELDS; f++)
        read_name(r, f);
    for (int k = ORIGIN; k <= COMMODITY; k++)
        if (r->field_of[k] < 0)
            fault(r, k, "(missing)", "this column");
    if (r->field_of[TONNES] < 0 && r->field_of[UNITS] < 0)
        fault(r, TONNES, "(missing)", "this column, or units,");
    return krn_faults_count(r->faults) == 0;
}

/* ---- rows ---- */

/* Fields of a row as texts; a wrong one is told and blank. */
static void read_fields(demand_read *r)
{
    for (int k = 0; k < N_NAMES; k++) {
        r->texts[k][0] = '\0';
        if (r->field_of[k] < 0 || (uint32_t)r->field_of[k] >= r->csv->n_fields)
            continue;
        const krni_field *field = &r->csv->fields[r->field_of[k]];
        if (field->expected || field->length >= FIELD_BYTES) {
            r->row_is_wrong = true;
            krni_fault(r->faults, place_of(r, k), field->text, field->length, "%s",
                       field->expected ? field->expected : "a text of at most 255 bytes");
            continue;
        }
        memcpy(r->texts[k], field->text, field->length);
        r->texts[k][field->length] = '\0';
    }
}

static krn_status read_place(demand_read *r, int name, uint32_t *out)
{
    krn_error miss = {0};
    if (!*r->texts[name]) {
        fault(r, name, "", "a place by id, code or name");
        return KRN_OK;
    }
    return krn_place_resolve(r->places, r->texts[name], out, &miss) ? fault_of(r, name, &miss)
                                                                    : KRN_OK;
}

static krn_status read_goods(demand_read *r, krn_demand *d)
{
    krn_error miss = {0};
    krn_status status = KRN_OK;
    if (krn_commodity_find(r->package, r->texts[COMMODITY], &d->commodity, &miss))
        status = fault_of(r, COMMODITY, &miss);
    if (!status && *r->texts[UNITS] &&
        krn_units_parse(r->package, r->texts[UNITS], &d->loading_unit, &d->n_units, &miss))
        status = fault_of(r, UNITS, &miss);
    if (status || !*r->texts[LOADING_UNIT])
        return status;
    const uint32_t unit =
        krn_package_find(r->package, KRN_TABLE_LOADING_UNIT, r->texts[LOADING_UNIT]);
    if (unit == KRN_NO_ROW)
        fault(r, LOADING_UNIT, r->texts[LOADING_UNIT], "a key of loading_unit.csv");
    else if (d->n_units && unit != d->loading_unit)
        fault(r, LOADING_UNIT, r->texts[LOADING_UNIT], "the unit of the column units, or a blank");
    d->loading_unit = unit;
    return KRN_OK;
}

/* 0 when blank or wrong. */
static double read_tonnes(demand_read *r, int name)
{
    double value = 0.0;
    const char *text = r->texts[name];
    if (*text &&
        (!krni_number_read(text, strlen(text), &value) || !(value > 0.0) || value > MOST_T)) {
        fault(r, name, text, "a number of t above 0, at most 1e11,");
        value = 0.0;
    }
    return value;
}

double krni_usual_lot_t(const krn_package *p, krni_flow_goods goods)
{
    double best_t[2] = {0.0, 0.0};
    for (uint32_t flow = 0; flow < krn_package_rows(p, KRN_TABLE_FLOW); flow++) {
        const krni_flow_goods other = krni_flow_goods_of(p, flow);
        const double lot_t = krni_number_or(p, KRN_TABLE_FLOW, flow, FLOW_LOT_T, 0.0);
        if (strcmp(other.cargo_class, goods.cargo_class) != 0)
            continue;
        best_t[1] = fmax(best_t[1], lot_t);
        if (strcmp(other.commodity, goods.commodity) == 0)
            best_t[0] = fmax(best_t[0], lot_t);
    }
    return best_t[0] > 0.0 ? best_t[0] : best_t[1];
}

static krn_status read_quantity(demand_read *r, krn_demand *d)
{
    krn_error miss = {0};
    d->year_t = read_tonnes(r, TONNES);
    d->lot_t = read_tonnes(r, LOT);
    if (!*r->texts[TONNES] && !*r->texts[UNITS])
        fault(r, TONNES, "", "tonnes, or units,");
    if (r->row_is_wrong)
        return KRN_OK;
    if (d->n_units) {
        const krn_consignment goods = {.commodity = d->commodity,
                                       .loading_unit = d->loading_unit,
                                       .n_units = d->n_units,
                                       .net_t = d->year_t};
        krn_load load;
        if (krn_cargo_load(r->package, &goods, NULL, 0, &load, &miss))
            return fault_of(r, UNITS, &miss);
        d->year_t = load.net_t;
    }
    if (*r->texts[LOT] && d->lot_t > d->year_t)
        fault(r, LOT, r->texts[LOT], "a lot that is not above the tonnes of the row");
    if (!*r->texts[LOT] && d->ready == KRN_TIME_NONE)
        d->lot_t =
            krni_usual_lot_t(r->package, krni_goods_of(r->package, d->commodity, d->loading_unit));
    d->lot_t = d->lot_t > 0.0 ? fmin(d->lot_t, d->year_t) : d->year_t;
    return KRN_OK;
}

/* Places must be known. */
static krn_status read_times(demand_read *r, krn_demand *d)
{
    krn_error miss = {0};
    krn_status status = KRN_OK;
    if (*r->texts[READY] &&
        krn_time_parse(r->calendars, d->origin, r->texts[READY], false, &d->ready, &miss))
        status = fault_of(r, READY, &miss);
    if (!status && *r->texts[DUE] &&
        krn_time_parse(r->calendars, d->destination, r->texts[DUE], true, &d->due, &miss))
        status = fault_of(r, DUE, &miss);
    if (*r->texts[DUE] && !*r->texts[READY])
        fault(r, READY, "", "a time of a row that has a due time");
    else if (d->due != KRN_TIME_NONE && d->ready != KRN_TIME_NONE && d->due < d->ready)
        fault(r, DUE, r->texts[DUE], "a time not before ready");
    return status;
}

static krn_status keep_row(demand_read *r, const krn_demand *d, krn_error *err)
{
    if (r->n == MOST_ROWS)
        return krni_fail(err, KRN_E_LIMIT, "%s: more than %u rows", r->name, MOST_ROWS);
    if (r->n == r->room) {
        const uint32_t room = r->room ? 2 * r->room : 64;
        krn_demand *rows = realloc(r->rows, room * sizeof *rows);
        if (!rows)
            return krni_fail_memory(err);
        r->rows = rows;
        r->room = room;
    }
    r->rows[r->n++] = *d;
    return KRN_OK;
}

/* Whether the row has as many fields as the heading and each is a text. */
static bool read_fields_of_row(demand_read *r)
{
    char found[32], expected[48];
    if (r->csv->n_fields != r->n_heading) {
        (void)snprintf(found, sizeof found, "%u fields", r->csv->n_fields);
        (void)snprintf(expected, sizeof expected, "%u fields", r->n_heading);
        fault(r, -1, found, expected);
        return false;
    }
    read_fields(r);
    return !r->row_is_wrong;
}

static krn_status read_row(demand_read *r, krn_error *err)
{
    krn_demand d = {.flow = KRN_NO_ROW,
                    .line = r->csv->line,
                    .loading_unit = KRN_NO_ROW,
                    .ready = KRN_TIME_NONE,
                    .due = KRN_TIME_NONE};
    r->row_is_wrong = false;
    if (r->csv->n_fields == 1 && !r->csv->fields[0].length && !r->csv->fields[0].expected)
        return KRN_OK; /* an empty line */
    if (!read_fields_of_row(r))
        return KRN_OK;
    krn_status status = read_place(r, ORIGIN, &d.origin);
    if (!status)
        status = read_place(r, DESTINATION, &d.destination);
    if (!r->row_is_wrong && d.origin == d.destination)
        fault(r, DESTINATION, r->texts[DESTINATION], "another place than origin");
    if (!status && !r->row_is_wrong)
        status = read_times(r, &d);
    if (!status)
        status = read_goods(r, &d);
    if (!status)
        status = read_quantity(r, &d);
    if (status)
        return krni_fail_memory(err);
    if (r->row_is_wrong)
        return KRN_OK;
    krni_flow_months(r->package, krni_text(r->package, KRN_TABLE_NODE, d.origin, NODE_COUNTRY),
                     krni_goods_of(r->package, d.commodity, d.loading_unit), d.month_share,
                     &d.quality);
    return keep_row(r, &d, err);
}

static krn_status read_all(demand_read *r, krn_arena *arena, krn_demand_list *out, krn_error *err)
{
    krn_status status = KRN_OK;
    if (!read_heading(r))
        return krni_faults_close(r->faults, err);
    while (!status && !krni_csv_at_end(r->csv) && krni_csv_next(r->csv))
        status = read_row(r, err);
    if (status)
        return status;
    status = krni_faults_close(r->faults, err);
    if (status)
        return status;
    krn_demand_list list = {.n = r->n};
    list.rows = krn_arena_alloc(arena, r->n * sizeof *list.rows);
    if (!list.rows)
        return krni_fail_memory(err);
    if (r->n)
        memcpy(list.rows, r->rows, r->n * sizeof *list.rows);
    for (uint32_t i = 0; i < r->n; i++)
        list.total_t += r->rows[i].year_t;
    *out = list;
    return KRN_OK;
}

krn_status krni_demand_read_text(const krn_package *package, const char *name, char *text,
                                 size_t size, krn_faults *faults, krn_arena *arena,
                                 krn_demand_list *out, krn_error *err)
{
    demand_read *r = calloc(1, sizeof *r);
    krni_csv *csv = malloc(sizeof *csv);
    krn_faults *own = faults ? NULL : krn_faults_new();
    krn_status status = krni_fail_memory(err);
    if (!r || !csv || (!faults && !own))
        goto done;
    r->package = package;
    r->name = name;
    r->faults = faults ? faults : own;
    r->csv = csv;
    krni_csv_open(csv, text, size);
    status = krn_place_index_new(package, &r->places, err);
    if (!status)
        status = krn_calendar_book_new(package, &r->calendars, err);
    if (!status)
        status = read_all(r, arena, out, err);
done:
    if (r) {
        krn_calendar_book_free(r->calendars);
        krn_place_index_free(r->places);
        free(r->rows);
    }
    krn_faults_free(own);
    free(csv);
    free(r);
    return status;
}

krn_status krn_demand_read(const krn_package *package, const char *path, krn_faults *faults,
                           krn_arena *arena, krn_demand_list *out, krn_error *err)
{
    char *text = NULL;
    size_t size = 0;
    krn_status status = krn_file_read(path, FILE_BYTES, &text, &size, err);
    if (!status)
        status = krni_demand_read_text(package, path, text, size, faults, arena, out, err);
    free(text);
    return status;
}
