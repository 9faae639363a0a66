/* SPDX-License-Identifier: Apache-2.0 */
/* demand_json.c - the trade of a year for programs: flows with their statistics and sources, rows
 * by pair of places; and as lines on a map. Schema: docs/demand.schema.json. */
#include <math.h>

#include "base/error.h"
#include "model/tables.h"
#include "report/demand_page.h"
#include "report/geometry.h"
#include "report/words.h"

static json_t *id_of(const krn_package *p, krn_table table, uint32_t row, int column)
{
    return row == KRN_NO_ROW ? json_null() : krni_json_text(krni_text(p, table, row, column));
}

static void set_country(json_t *o, const char *key, krn_country country, bool *failed)
{
    char text[3];
    krn_country_text(country, text);
    krni_json_set(o, key, krni_json_text_or_null(country ? text : NULL), failed);
}

static json_t *flow_json(const krn_demand_answer *a, const krni_demand_flow *f, bool *failed)
{
    static const struct {
        const char *key;
        int column;
    } texts[] = {{"flow", FLOW_FLOW_ID},
                 {"period", FLOW_PERIOD},
                 {"statistics", FLOW_STATISTICS},
                 {"source", FLOW_SOURCE_ID},
                 {"made_from", FLOW_DEMAND_IDS}};
    const krn_package *p = a->package;
    json_t *o = json_object();
    set_country(o, "from", f->from, failed);
    set_country(o, "to", f->to, failed);
    krni_json_set(o, "commodity",
                  id_of(p, KRN_TABLE_COMMODITY, f->commodity, COMMODITY_COMMODITY_ID), failed);
    krni_json_set(o, "name", krni_json_text(krni_commodity_name(p, f->commodity)), failed);
    krni_json_set(o, "tonnes", krni_json_number(f->tonnes, 3), failed);
    krni_json_set(o, "lot_t", krni_json_number(f->lot_t, 3), failed);
    krni_json_set(o, "pairs", krni_json_number(f->n_rows, 0), failed);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        krni_json_set(o, texts[i].key,
                      krni_json_text_or_null(krni_flow_text(p, f->flow, texts[i].column)), failed);
    krni_json_set(
        o, "quality",
        f->flow == KRN_NO_ROW ? json_null() : krni_json_text(krn_quality_name(f->quality)), failed);
    return o;
}

static void set_time(json_t *o, const char *key, const krn_calendar_book *calendars, uint32_t node,
                     krn_time at, bool *failed)
{
    char text[KRNI_WORD] = "";
    if (at != KRN_TIME_NONE)
        krn_time_text(calendars, node, at, text, sizeof text);
    krni_json_set(o, key, krni_json_text_or_null(text), failed);
}

/* Without what a map draws otherwise. */
static json_t *row_json(const krn_demand_answer *a, const krn_demand *d,
                        const krn_calendar_book *calendars, bool *failed)
{
    const krn_package *p = a->package;
    const double tonnes = krni_demand_t(a, d);
    json_t *o = json_object(), *months = json_array();
    krni_json_set(o, "origin", id_of(p, KRN_TABLE_NODE, d->origin, NODE_NODE_ID), failed);
    krni_json_set(o, "destination", id_of(p, KRN_TABLE_NODE, d->destination, NODE_NODE_ID), failed);
    krni_json_set(o, "commodity",
                  id_of(p, KRN_TABLE_COMMODITY, d->commodity, COMMODITY_COMMODITY_ID), failed);
    krni_json_set(o, "tonnes", json_real(tonnes), failed);
    krni_json_set(o, "lot_t", json_real(fmin(d->lot_t, tonnes)), failed);
    krni_json_set(o, "loading_unit",
                  id_of(p, KRN_TABLE_LOADING_UNIT, d->loading_unit, LOADING_UNIT_LOADING_UNIT),
                  failed);
    krni_json_set(o, "flow", id_of(p, KRN_TABLE_FLOW, d->flow, FLOW_FLOW_ID), failed);
    for (int m = 0; m < KRN_MONTHS; m++)
        krni_json_append(months, krni_json_number(d->month_share[m], 6), failed);
    krni_json_set(o, "month_shares", months, failed);
    set_time(o, "ready", calendars, d->origin, d->ready, failed);
    set_time(o, "due", calendars, d->destination, d->due, failed);
    return o;
}

static json_t *root_json(const krn_demand_answer *a, krn_arena *arena,
                         const krn_calendar_book *calendars, bool *failed)
{
    uint32_t n = 0;
    double total_t = 0.0;
    const krni_demand_flow *flows = krni_demand_flows(a, arena, &n);
    json_t *root = json_object(), *list = json_array(), *rows = json_array();
    if (!flows)
        *failed = true;
    for (uint32_t i = 0; i < n; i++) {
        total_t += flows[i].tonnes;
        krni_json_append(list, flow_json(a, &flows[i], failed), failed);
    }
    for (uint32_t i = 0; i < a->list->n; i++)
        krni_json_append(rows, row_json(a, &a->list->rows[i], calendars, failed), failed);
    krni_json_set(root, "year", a->list->year ? json_integer(a->list->year) : json_null(), failed);
    krni_json_set(root, "file", krni_json_text_or_null(a->file), failed);
    krni_json_set(root, "scale", json_real(a->demand_share), failed);
    krni_json_set(root, "total_t", krni_json_number(total_t, 3), failed);
    krni_json_set(root, "flows", list, failed);
    krni_json_set(root, "rows", rows, failed);
    return root;
}

krn_status krni_demand_json(const krn_demand_answer *answer, krn_arena *arena, char **out,
                            krn_error *err)
{
    krn_calendar_book *calendars = NULL;
    bool failed = false;
    const krn_status status = krn_calendar_book_new(answer->package, &calendars, err);
    if (status)
        return status;
    json_t *root = root_json(answer, arena, calendars, &failed);
    krn_calendar_book_free(calendars);
    return krni_json_write(root, failed, arena, out, err);
}

krn_status krni_demand_geojson(const krn_demand_answer *answer, krn_arena *arena, char **out,
                               krn_error *err)
{
    bool failed = false;
    json_t *features = json_array();
    for (uint32_t i = 0; i < answer->list->n; i++) {
        const krn_demand *d = &answer->list->rows[i];
        const krn_package *p = answer->package;
        json_t *line = json_array(), *o = json_object();
        krni_json_append(line, krni_node_position(p, d->origin, &failed), &failed);
        krni_json_append(line, krni_node_position(p, d->destination, &failed), &failed);
        krni_json_set(o, "origin", id_of(p, KRN_TABLE_NODE, d->origin, NODE_NODE_ID), &failed);
        krni_json_set(o, "destination", id_of(p, KRN_TABLE_NODE, d->destination, NODE_NODE_ID),
                      &failed);
        krni_json_set(o, "commodity",
                      id_of(p, KRN_TABLE_COMMODITY, d->commodity, COMMODITY_COMMODITY_ID), &failed);
        krni_json_set(o, "tonnes", krni_json_number(krni_demand_t(answer, d), 3), &failed);
        krni_json_append(features, krni_feature("LineString", line, o, &failed), &failed);
    }
    return krni_json_write(krni_feature_collection(features, &failed), failed, arena, out, err);
}
