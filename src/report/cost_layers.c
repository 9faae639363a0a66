/* SPDX-License-Identifier: Apache-2.0 */
/* cost_layers.c - flows of a cost network with geometry, to lie beside the layers they came from:
 * NUM is the id of the link or node there. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "report/cost_page.h"

enum {
    LINK_NUM,
    LINK_LAYER,
    LINK_MODE,
    LINK_NODE1,
    LINK_NODE2,
    LINK_QTY,
    LINK_QTY_AB,
    LINK_QTY_BA,
    LINK_VEH_AB,
    LINK_VEH_BA,
    LINK_VOL_AB,
    LINK_VOL_BA,
    LINK_LOAD,
    LINK_COLUMNS
};
enum { NODE_NUM, NODE_LAYER, NODE_NAME, NODE_LOADED, NODE_UNLOADED, NODE_CHANGED, NODE_COLUMNS };

static const krn_layer_column link_columns[LINK_COLUMNS] = {
    {"NUM", KRN_LAYER_INTEGER},   {"LAYER", KRN_LAYER_TEXT},    {"MODE", KRN_LAYER_INTEGER},
    {"NODE1", KRN_LAYER_INTEGER}, {"NODE2", KRN_LAYER_INTEGER}, {"QTY", KRN_LAYER_REAL},
    {"QTY_AB", KRN_LAYER_REAL},   {"QTY_BA", KRN_LAYER_REAL},   {"VEH_AB", KRN_LAYER_REAL},
    {"VEH_BA", KRN_LAYER_REAL},   {"VOL_AB", KRN_LAYER_REAL},   {"VOL_BA", KRN_LAYER_REAL},
    {"LOAD", KRN_LAYER_REAL}};

static const krn_layer_column node_columns[NODE_COLUMNS] = {
    {"NUM", KRN_LAYER_INTEGER}, {"LAYER", KRN_LAYER_TEXT},    {"NAME", KRN_LAYER_TEXT},
    {"LOADED", KRN_LAYER_REAL}, {"UNLOADED", KRN_LAYER_REAL}, {"TRANSHIP", KRN_LAYER_REAL}};

static krn_layer_cell number(double value)
{
    return (krn_layer_cell){NULL, value};
}

static krn_layer_cell text(const char *value)
{
    return (krn_layer_cell){value, NAN};
}

static void fill_link(const krn_cost_report *r, uint32_t link, krn_layer_cell *cells)
{
    const krn_cost_link *l = &r->network->links[link];
    cells[LINK_NUM] = number((double)l->id);
    cells[LINK_LAYER] = text(l->layer);
    cells[LINK_MODE] = number(l->mode);
    cells[LINK_NODE1] = number((double)r->network->nodes[l->from_node].id);
    cells[LINK_NODE2] = number((double)r->network->nodes[l->to_node].id);
    for (int k = LINK_QTY; k < LINK_COLUMNS; k++)
        cells[k] = number(0.0);
}

static void add_move(const krn_cost_report *r, const krn_cost_flow *f, krn_layer_cell *cells)
{
    const bool forwards = f->node == r->network->links[f->link].from_node;
    cells[LINK_QTY].number += f->quantity;
    cells[forwards ? LINK_QTY_AB : LINK_QTY_BA].number += f->quantity;
    cells[forwards ? LINK_VEH_AB : LINK_VEH_BA].number += f->vehicles;
    cells[forwards ? LINK_VOL_AB : LINK_VOL_BA].number = f->volume_load;
    cells[LINK_LOAD].number = fmax(cells[LINK_LOAD].number, krni_cost_ratio(r, f));
}

static krn_status make_links(const krn_cost_report *r, krn_arena *arena, krn_layer *out,
                             krn_error *err)
{
    const krn_cost_network *n = r->network;
    krn_layer_feature *features = krn_arena_calloc(arena, n->n_links + 1u, sizeof *features);
    krn_layer_cell **cells = krn_arena_calloc(arena, n->n_links + 1u, sizeof *cells);
    uint32_t n_features = 0;
    if (!features || !cells)
        return krni_fail_memory(err);
    for (uint32_t k = 0; k < r->answer->n_flows; k++) {
        const krn_cost_flow *f = &r->answer->flows[k];
        if (f->kind != KRN_COST_MOVE)
            continue;
        if (!cells[f->link]) {
            cells[f->link] = krn_arena_calloc(arena, LINK_COLUMNS, sizeof **cells);
            if (!cells[f->link])
                return krni_fail_memory(err);
            fill_link(r, f->link, cells[f->link]);
        }
        add_move(r, f, cells[f->link]);
    }
    for (uint32_t k = 0; k < n->n_links; k++)
        if (cells[k])
            features[n_features++] =
                (krn_layer_feature){n->links[k].points_deg, n->links[k].n_points, cells[k]};
    *out = (krn_layer){.name = "flow_links",
                       .title = "Flows on links",
                       .columns = link_columns,
                       .n_columns = LINK_COLUMNS,
                       .features = features,
                       .n_features = n_features,
                       .width_column = "QTY",
                       .colour_column = r->question->method == KRN_COST_USER ? "LOAD" : NULL};
    return KRN_OK;
}

static krn_status make_nodes(const krn_cost_report *r, krn_arena *arena, krn_layer *out,
                             krn_error *err)
{
    const krn_cost_network *n = r->network;
    krn_layer_feature *features = krn_arena_calloc(arena, n->n_nodes + 1u, sizeof *features);
    krn_layer_cell **cells = krn_arena_calloc(arena, n->n_nodes + 1u, sizeof *cells);
    uint32_t n_features = 0;
    if (!features || !cells)
        return krni_fail_memory(err);
    for (uint32_t k = 0; k < r->answer->n_flows; k++) {
        const krn_cost_flow *f = &r->answer->flows[k];
        if (f->kind == KRN_COST_MOVE)
            continue;
        krn_layer_cell *own = cells[f->node];
        if (!own) {
            own = cells[f->node] = krn_arena_calloc(arena, NODE_COLUMNS, sizeof *own);
            if (!own)
                return krni_fail_memory(err);
            own[NODE_NUM] = number((double)n->nodes[f->node].id);
            own[NODE_LAYER] = text(n->nodes[f->node].layer);
            own[NODE_NAME] = text(n->nodes[f->node].name);
        }
        own[f->kind == KRN_COST_LOAD     ? NODE_LOADED
            : f->kind == KRN_COST_UNLOAD ? NODE_UNLOADED
                                         : NODE_CHANGED]
            .number += f->quantity;
    }
    for (uint32_t k = 0; k < n->n_nodes; k++)
        if (cells[k]) {
            double *point = krn_arena_alloc(arena, 2 * sizeof *point);
            if (!point)
                return krni_fail_memory(err);
            point[0] = n->nodes[k].lon_deg;
            point[1] = n->nodes[k].lat_deg;
            features[n_features++] = (krn_layer_feature){point, 1, cells[k]};
        }
    *out = (krn_layer){.name = "flow_nodes",
                       .title = "Loading, unloading and transhipment",
                       .is_points = true,
                       .columns = node_columns,
                       .n_columns = NODE_COLUMNS,
                       .features = features,
                       .n_features = n_features,
                       .width_column = "LOADED"};
    return KRN_OK;
}

krn_status krn_cost_layers(const krn_cost_report *report, krn_arena *arena, krn_layer out[2],
                           krn_error *err)
{
    const krn_status status = make_links(report, arena, &out[0], err);
    return status ? status : make_nodes(report, arena, &out[1], err);
}
