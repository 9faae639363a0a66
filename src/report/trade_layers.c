/* SPDX-License-Identifier: Apache-2.0 */
/* trade_layers.c - trade on the network as layers of a map.
 *
 *   links       a line a link and direction: tonnes, and what on it is fullest (its track, or a
 *               crossing in that direction)
 *   places      a point a crossing, port or gauge change, as the CSV has them
 *   resources   a point a resource: load, capacity, wait, worth; the middle of the line of a track,
 *               no point for pools of wagons and locomotives
 *
 * A link without geometry is a straight line between its ends. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "model/tables.h"
#include "report/geometry.h"
#include "report/resource_words.h"
#include "report/trade_page.h"

enum {
    MAP_LINK_ID,
    MAP_LINK_NAMED,
    MAP_LINK_FROM,
    MAP_LINK_FROM_NAME,
    MAP_LINK_TO,
    MAP_LINK_TO_NAME,
    MAP_LINK_MODE_NAME,
    MAP_LINK_KM,
    MAP_LINK_TONNES,
    MAP_LINK_TKM,
    MAP_LINK_FULLEST,
    MAP_LINK_LOAD,
    MAP_LINK_CAPACITY,
    MAP_LINK_UNIT,
    MAP_LINK_FULL,
    MAP_LINK_WAIT,
    MAP_LINK_WORTH,
    MAP_LINK_FIXED
};

enum {
    MAP_PLACE_KIND,
    MAP_PLACE_ID,
    MAP_PLACE_NODE,
    MAP_PLACE_NAME,
    MAP_PLACE_COUNTRY,
    MAP_PLACE_MODE,
    MAP_PLACE_TONNES,
    MAP_PLACE_FULL,
    MAP_PLACE_FIXED
};

enum {
    MAP_RESOURCE_ID,
    MAP_RESOURCE_WORDS,
    MAP_RESOURCE_KIND,
    MAP_RESOURCE_ROW,
    MAP_RESOURCE_UNIT,
    MAP_RESOURCE_LOAD,
    MAP_RESOURCE_CAPACITY,
    MAP_RESOURCE_FULL,
    MAP_RESOURCE_TONNES,
    MAP_RESOURCE_WAIT,
    MAP_RESOURCE_WORTH,
    MAP_RESOURCE_MORE,
    MAP_RESOURCE_FASTER,
    MAP_RESOURCE_COLUMNS
};

static const krn_layer_column link_columns[MAP_LINK_FIXED] = {{"link_id", KRN_LAYER_TEXT},
                                                              {"name", KRN_LAYER_TEXT},
                                                              {"from_id", KRN_LAYER_TEXT},
                                                              {"from_name", KRN_LAYER_TEXT},
                                                              {"to_id", KRN_LAYER_TEXT},
                                                              {"to_name", KRN_LAYER_TEXT},
                                                              {"mode", KRN_LAYER_TEXT},
                                                              {"length_km", KRN_LAYER_REAL},
                                                              {"tonnes", KRN_LAYER_REAL},
                                                              {"tkm", KRN_LAYER_REAL},
                                                              {"fullest", KRN_LAYER_TEXT},
                                                              {"load_a_day", KRN_LAYER_REAL},
                                                              {"capacity_a_day", KRN_LAYER_REAL},
                                                              {"unit", KRN_LAYER_TEXT},
                                                              {"full_share", KRN_LAYER_REAL},
                                                              {"wait_h", KRN_LAYER_REAL},
                                                              {"worth_usd_a_year", KRN_LAYER_REAL}};

static const krn_layer_column place_columns[MAP_PLACE_FIXED] = {
    {"kind", KRN_LAYER_TEXT},   {"id", KRN_LAYER_TEXT},        {"node_id", KRN_LAYER_TEXT},
    {"name", KRN_LAYER_TEXT},   {"country", KRN_LAYER_TEXT},   {"mode", KRN_LAYER_TEXT},
    {"tonnes", KRN_LAYER_REAL}, {"full_share", KRN_LAYER_REAL}};

static const krn_layer_column resource_columns[MAP_RESOURCE_COLUMNS] = {
    {"resource", KRN_LAYER_TEXT},
    {"words", KRN_LAYER_TEXT},
    {"kind", KRN_LAYER_TEXT},
    {"row", KRN_LAYER_TEXT},
    {"unit", KRN_LAYER_TEXT},
    {"load_a_day", KRN_LAYER_REAL},
    {"capacity_a_day", KRN_LAYER_REAL},
    {"full_share", KRN_LAYER_REAL},
    {"tonnes", KRN_LAYER_REAL},
    {"wait_h", KRN_LAYER_REAL},
    {"worth_usd_a_year", KRN_LAYER_REAL},
    {"more_t_a_year", KRN_LAYER_REAL},
    {"days_less", KRN_LAYER_REAL}};

static krn_layer_cell number(double value)
{
    return (krn_layer_cell){NULL, value};
}

static krn_layer_cell text(const char *value)
{
    return (krn_layer_cell){value && *value ? value : NULL, (double)NAN};
}

/* ---- geometry ---- */

static double *point_of(const krni_trade *t, uint32_t node)
{
    double *at = krn_arena_alloc(t->arena, 2 * sizeof *at);
    if (at) {
        at[0] = krni_number(t->package, KRN_TABLE_NODE, node, NODE_X_COORD);
        at[1] = krni_number(t->package, KRN_TABLE_NODE, node, NODE_Y_COORD);
    }
    return at;
}

/* The line of a link from a node on; *n below 2: both ends are one point. NULL: no memory. */
static double *line_of(const krni_trade *t, uint32_t link, uint32_t from_node, uint32_t *n)
{
    bool failed = false;
    json_t *positions = json_array();
    krni_append_line(positions, t->package, link, from_node, &failed);
    *n = (uint32_t)json_array_size(positions);
    double *line = krn_arena_alloc(t->arena, (2 * (size_t)*n + 2) * sizeof *line);
    for (uint32_t i = 0; line && i < *n; i++)
        for (uint32_t axis = 0; axis < 2; axis++)
            line[2 * (size_t)i + axis] =
                json_number_value(json_array_get(json_array_get(positions, i), axis));
    const bool good = positions && !failed;
    json_decref(positions);
    return good ? line : NULL;
}

/* ---- columns ---- */

/* Fixed columns, and one of tonnes for each cargo class. */
static krn_layer_column *columns_of(const krni_trade *t, const krn_layer_column *fixed,
                                    uint32_t n_fixed)
{
    const uint32_t n = krni_classes(t);
    krn_layer_column *all = krn_arena_calloc(t->arena, n_fixed + n, sizeof *all);
    if (!all)
        return NULL;
    memcpy(all, fixed, n_fixed * sizeof *all);
    for (uint32_t k = 0; k < n; k++) {
        krni_writer w;
        krni_writer_init(&w, t->arena);
        krni_writef(&w, "t_%s", krni_class_id(t, k));
        all[n_fixed + k] = (krn_layer_column){krni_writer_text(&w), KRN_LAYER_REAL};
        if (w.failed)
            return NULL;
    }
    return all;
}

static void fill_classes(const krni_trade *t, const krn_trade_use *use, krn_layer_cell *cells)
{
    for (uint32_t k = 0; k < krni_classes(t); k++)
        cells[k] = number(use->class_t[k]);
}

/* ---- links ---- */

/* Whether a resource stands on a link in the direction of a use. */
static bool stands_on(const krni_trade *t, const krn_trade_resource *r, const krn_trade_use *use)
{
    char country[3];
    const krn_package *p = t->package;
    if (r->words.kind == KRN_RESOURCE_SECTION)
        return r->words.figure.table == KRN_TABLE_LINK && r->words.figure.row == use->row;
    if (r->words.kind != KRN_RESOURCE_BORDER || r->words.figure.table != KRN_TABLE_BORDER ||
        krni_ref(p, KRN_TABLE_BORDER, r->words.figure.row, BORDER_LINK_ID) != use->row)
        return false;
    krn_country_text(r->words.from, country);
    return strcmp(krni_text(p, KRN_TABLE_NODE, use->from_node, NODE_COUNTRY), country) == 0;
}

/* Whether a resource is the one of a crossing or gauge change, or works at a port. */
static bool works_at(const krn_trade_resource *r, const krn_trade_use *use)
{
    const krn_sim_resource *w = &r->words;
    if (use->kind == KRN_TRADE_BORDER || use->kind == KRN_TRADE_GAUGE)
        return w->figure.table ==
                   (use->kind == KRN_TRADE_BORDER ? KRN_TABLE_BORDER : KRN_TABLE_GAUGE_CHANGE) &&
               w->figure.row == use->row;
    return w->from_node == use->row &&
           (w->kind == KRN_RESOURCE_BERTHS || w->kind == KRN_RESOURCE_TERMINAL ||
            w->kind == KRN_RESOURCE_STORAGE);
}

/* Load over capacity of the fullest at a place; NaN: nothing that is known limits. */
static double full_share_at(const krni_trade *t, const krn_trade_use *use)
{
    for (uint32_t i = 0; i < t->answer->n_resources; i++) { /* fullest first */
        const krn_trade_resource *r = &t->answer->resources[i];
        if (isfinite(r->capacity_a_day) && works_at(r, use))
            return r->full_share;
    }
    return (double)NAN;
}

static void fill_link(const krni_trade *t, const krn_trade_use *use, krn_layer_cell *cells)
{
    const krn_package *p = t->package;
    const krn_trade_resource *full = NULL;
    for (uint32_t i = 0; i < t->answer->n_resources && !full; i++) /* fullest first */
        if (stands_on(t, &t->answer->resources[i], use))
            full = &t->answer->resources[i];
    const bool limited = full && isfinite(full->capacity_a_day);
    cells[MAP_LINK_ID] = text(krni_text(p, KRN_TABLE_LINK, use->row, LINK_LINK_ID));
    cells[MAP_LINK_NAMED] = text(krni_text(p, KRN_TABLE_LINK, use->row, LINK_NAME));
    cells[MAP_LINK_FROM] = text(krni_node_id(p, use->from_node));
    cells[MAP_LINK_FROM_NAME] = text(krni_text(p, KRN_TABLE_NODE, use->from_node, NODE_NAME));
    cells[MAP_LINK_TO] = text(krni_node_id(p, use->to_node));
    cells[MAP_LINK_TO_NAME] = text(krni_text(p, KRN_TABLE_NODE, use->to_node, NODE_NAME));
    cells[MAP_LINK_MODE_NAME] = text(krn_mode_name(use->mode));
    cells[MAP_LINK_KM] = number(use->length_km);
    cells[MAP_LINK_TONNES] = number(use->year_t);
    cells[MAP_LINK_TKM] = number(use->year_t * use->length_km);
    cells[MAP_LINK_FULLEST] = text(full ? full->name : NULL);
    cells[MAP_LINK_LOAD] = number(full ? full->load_a_day : (double)NAN);
    cells[MAP_LINK_CAPACITY] = number(full ? full->capacity_a_day : (double)NAN);
    cells[MAP_LINK_UNIT] = text(full ? full->words.unit : NULL);
    cells[MAP_LINK_FULL] = number(limited ? full->full_share : (double)NAN);
    cells[MAP_LINK_WAIT] = number(full ? full->wait_h : (double)NAN);
    cells[MAP_LINK_WORTH] = number(full ? full->price_usd_per_year : (double)NAN);
}

static void fill_place(const krni_trade *t, const krn_trade_use *use, krn_layer_cell *cells)
{
    const krn_package *p = t->package;
    cells[MAP_PLACE_KIND] = text(krni_trade_use_word(use->kind));
    cells[MAP_PLACE_ID] = text(krni_trade_use_id(t, use));
    cells[MAP_PLACE_NODE] = text(krni_node_id(p, use->from_node));
    cells[MAP_PLACE_NAME] = text(krni_text(p, KRN_TABLE_NODE, use->from_node, NODE_NAME));
    cells[MAP_PLACE_COUNTRY] = text(krni_text(p, KRN_TABLE_NODE, use->from_node, NODE_COUNTRY));
    cells[MAP_PLACE_MODE] = text(krn_mode_name(use->mode));
    cells[MAP_PLACE_TONNES] = number(use->year_t);
    cells[MAP_PLACE_FULL] = number(full_share_at(t, use));
}

/* Features of uses: of links, or of all others. */
static krn_status make_uses(const krni_trade *t, bool links, krn_layer *out, krn_error *err)
{
    const krn_trade_answer *a = t->answer;
    const uint32_t n_fixed = links ? MAP_LINK_FIXED : MAP_PLACE_FIXED,
                   n = n_fixed + krni_classes(t);
    krn_layer_column *columns = columns_of(t, links ? link_columns : place_columns, n_fixed);
    krn_layer_feature *features = krn_arena_calloc(t->arena, a->n_uses + 1u, sizeof *features);
    uint32_t n_features = 0;
    if (!columns || !features)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < a->n_uses; i++) {
        const krn_trade_use *use = &a->uses[i];
        if ((use->kind == KRN_TRADE_LINK) != links)
            continue;
        krn_layer_cell *cells = krn_arena_calloc(t->arena, n, sizeof *cells);
        uint32_t n_points = 1;
        const double *points =
            links ? line_of(t, use->row, use->from_node, &n_points) : point_of(t, use->from_node);
        if (!cells || !points)
            return krni_fail_memory(err);
        if (links) {
            fill_link(t, use, cells);
        } else {
            fill_place(t, use, cells);
        }
        fill_classes(t, use, cells + n_fixed);
        features[n_features++] =
            (krn_layer_feature){points, links && n_points < 2 ? 0 : n_points, cells};
    }
    *out = (krn_layer){.name = links ? "links" : "places",
                       .title = links ? "Tonnes a year by link and direction"
                                      : "Tonnes a year over borders, through ports, gauge changes",
                       .is_points = !links,
                       .is_directed = links,
                       .columns = columns,
                       .n_columns = n,
                       .features = features,
                       .n_features = n_features,
                       .width_column = "tonnes",
                       .colour_column = "full_share"};
    return KRN_OK;
}

/* ---- resources ---- */

/* Where a resource is drawn; no point: nowhere. */
static krn_status place_resource(const krni_trade *t, const krn_sim_resource *r,
                                 krn_layer_feature *f, krn_error *err)
{
    uint32_t n = 1;
    const double *at = NULL;
    if (r->kind == KRN_RESOURCE_SECTION && r->figure.table == KRN_TABLE_LINK) {
        const uint32_t begin =
            krni_ref(t->package, KRN_TABLE_LINK, r->figure.row, LINK_FROM_NODE_ID);
        at = line_of(t, r->figure.row, begin, &n);
    } else if (r->from_node == KRN_NO_ROW || r->kind == KRN_RESOURCE_WAGONS ||
               r->kind == KRN_RESOURCE_LOCOMOTIVES) {
        return KRN_OK;
    } else {
        at = point_of(t, r->from_node);
    }
    if (!at)
        return krni_fail_memory(err);
    if (n == 1 || n > 2) {
        f->points_deg = at + 2 * (size_t)(n / 2);
        f->n_points = 1;
    } else if (n == 2) {
        double *middle = krn_arena_alloc(t->arena, 2 * sizeof *middle);
        if (!middle)
            return krni_fail_memory(err);
        middle[0] = 0.5 * (at[0] + at[2]);
        middle[1] = 0.5 * (at[1] + at[3]);
        f->points_deg = middle;
        f->n_points = 1;
    }
    return KRN_OK;
}

static void fill_resource(const krni_trade *t, const krn_trade_resource *r, const char *words,
                          krn_layer_cell *cells)
{
    const bool limited = isfinite(r->capacity_a_day);
    cells[MAP_RESOURCE_ID] = text(r->name);
    cells[MAP_RESOURCE_WORDS] = text(words);
    cells[MAP_RESOURCE_KIND] = text(krn_sim_resource_kind_name(r->words.kind));
    cells[MAP_RESOURCE_ROW] = text(krni_resource_row_id(t->package, &r->words));
    cells[MAP_RESOURCE_UNIT] = text(r->words.unit);
    cells[MAP_RESOURCE_LOAD] = number(r->load_a_day);
    cells[MAP_RESOURCE_CAPACITY] = number(r->capacity_a_day);
    cells[MAP_RESOURCE_FULL] = number(limited ? r->full_share : (double)NAN);
    cells[MAP_RESOURCE_TONNES] = number(r->year_t);
    cells[MAP_RESOURCE_WAIT] = number(r->wait_h);
    cells[MAP_RESOURCE_WORTH] = number(r->price_usd_per_year);
    cells[MAP_RESOURCE_MORE] = number(r->more_t);
    cells[MAP_RESOURCE_FASTER] = number(r->faster_d);
}

static krn_status make_resources(const krni_trade *t, krn_layer *out, krn_error *err)
{
    const krn_trade_answer *a = t->answer;
    krn_layer_feature *features = krn_arena_calloc(t->arena, a->n_resources + 1u, sizeof *features);
    if (!features)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < a->n_resources; i++) {
        const krn_trade_resource *r = &a->resources[i];
        krn_layer_cell *cells = krn_arena_calloc(t->arena, MAP_RESOURCE_COLUMNS, sizeof *cells);
        const char *words = krni_resource_words(t->package, &r->words, t->arena);
        if (!cells || !words)
            return krni_fail_memory(err);
        fill_resource(t, r, words, cells);
        features[i].cells = cells;
        const krn_status status = place_resource(t, &r->words, &features[i], err);
        if (status)
            return status;
    }
    *out = (krn_layer){.name = "resources",
                       .title = "Load, capacity, wait and worth of one more unit a day",
                       .is_points = true,
                       .columns = resource_columns,
                       .n_columns = MAP_RESOURCE_COLUMNS,
                       .features = features,
                       .n_features = a->n_resources,
                       .width_column = "tonnes",
                       .colour_column = "full_share"};
    return KRN_OK;
}

krn_status krn_trade_layers(const krn_trade_report *report, krn_arena *arena, krn_layer out[3],
                            krn_error *err)
{
    const krni_trade t = {.report = report,
                          .network = report->network,
                          .package = krn_network_package(report->network),
                          .answer = report->answer,
                          .question = report->answer->question,
                          .arena = arena,
                          .unit_t = 1.0};
    krn_status st = make_uses(&t, true, &out[0], err);
    if (!st)
        st = make_uses(&t, false, &out[1], err);
    return st ? st : make_resources(&t, &out[2], err);
}
