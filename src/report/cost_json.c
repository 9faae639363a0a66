/* SPDX-License-Identifier: Apache-2.0 */
/* cost_json.c - flows of a cost network for programs: docs/assign.schema.json. */
#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "report/cost_page.h"

#define FULLEST 10u
#define DIGITS  15

static json_t *exact(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *node_id(const krn_cost_report *r, uint32_t node)
{
    return json_integer((json_int_t)r->network->nodes[node].id);
}

static json_t *link_id(const krn_cost_report *r, uint32_t link)
{
    return json_integer((json_int_t)r->network->links[link].id);
}

static json_t *question_of(const krn_cost_report *r, bool *failed)
{
    const krn_cost_question *q = r->question;
    json_t *o = json_object(), *tables = json_array();
    for (uint32_t k = 0; k < q->n_od_tables; k++)
        krni_json_append(tables, krni_json_text(q->od_tables[k]), failed);
    krni_json_set(o, "network", json_string("cost"), failed);
    krni_json_set(o, "method", json_string(krni_cost_method_id(q->method)), failed);
    krni_json_set(o, "costs", krni_json_text(q->set), failed);
    krni_json_set(o, "od", tables, failed);
    krni_json_set(o, "scenario",
                  q->scenario == KRN_COST_ANY ? json_null() : json_integer(q->scenario), failed);
    krni_json_set(o, "spread", q->method == KRN_COST_LOGIT ? exact(q->spread_cost) : json_null(),
                  failed);
    krni_json_set(o, "gap", q->method == KRN_COST_USER ? exact(q->gap_share) : json_null(), failed);
    return o;
}

static json_t *totals_of(const krn_cost_report *r, bool *failed)
{
    const krn_cost_answer *a = r->answer;
    json_t *o = json_object();
    krni_json_set(o, "quantity", exact(a->quantity), failed);
    krni_json_set(o, "unserved", exact(a->unserved), failed);
    krni_json_set(o, "cost", exact(a->total_cost), failed);
    krni_json_set(o, "quantity_km", exact(a->moved_km), failed);
    krni_json_set(o, "virtual_nodes", json_integer(a->n_virtual_nodes), failed);
    krni_json_set(o, "virtual_arcs", json_integer(a->n_virtual_arcs), failed);
    return o;
}

static json_t *groups_of(const krn_cost_report *r, const krn_cost_flow *f, bool *failed)
{
    json_t *list = json_array();
    for (uint32_t g = 0; g < r->answer->n_groups; g++) {
        json_t *o = json_object();
        krni_json_set(o, "group", json_integer(r->answer->groups[g]), failed);
        krni_json_set(o, "cost", exact(f->group_cost[g]), failed);
        krni_json_set(o, "quantity", exact(f->group_quantity[g]), failed);
        krni_json_set(o, "vehicles", exact(f->group_vehicles[g]), failed);
        krni_json_append(list, o, failed);
    }
    return list;
}

static json_t *link_of(const krn_cost_report *r, const krn_cost_flow *f, bool *failed)
{
    json_t *o = json_object();
    krni_json_set(o, "link", link_id(r, f->link), failed);
    krni_json_set(o, "from", node_id(r, f->node), failed);
    krni_json_set(o, "to", node_id(r, f->to_node), failed);
    krni_json_set(o, "mode", json_integer(f->mode), failed);
    krni_json_set(o, "class", json_integer(f->vehicle_class), failed);
    krni_json_set(o, "length_km", exact(r->network->links[f->link].length_km), failed);
    krni_json_set(o, "quantity", exact(f->quantity), failed);
    krni_json_set(o, "vehicles", exact(f->vehicles), failed);
    krni_json_set(o, "volume", exact(f->volume_load), failed);
    krni_json_set(o, "volume_to_capacity", exact(krni_cost_ratio(r, f)), failed);
    krni_json_set(o, "groups", groups_of(r, f, failed), failed);
    return o;
}

static json_t *handling_of(const krn_cost_report *r, const krn_cost_flow *f, bool *failed)
{
    const bool from = f->kind != KRN_COST_LOAD, to = f->kind != KRN_COST_UNLOAD;
    const bool changes = f->kind == KRN_COST_TRANSHIP;
    json_t *o = json_object();
    krni_json_set(o, "what", json_string(krni_cost_kind_word(f->kind)), failed);
    krni_json_set(o, "node", node_id(r, f->node), failed);
    krni_json_set(o, "from_link", from ? link_id(r, changes ? f->from_link : f->link) : json_null(),
                  failed);
    krni_json_set(o, "from_mode",
                  from ? json_integer(changes ? f->from_mode : f->mode) : json_null(), failed);
    krni_json_set(o, "from_class",
                  from ? json_integer(changes ? f->from_class : f->vehicle_class) : json_null(),
                  failed);
    krni_json_set(o, "to_link", to ? link_id(r, f->link) : json_null(), failed);
    krni_json_set(o, "to_mode", to ? json_integer(f->mode) : json_null(), failed);
    krni_json_set(o, "to_class", to ? json_integer(f->vehicle_class) : json_null(), failed);
    krni_json_set(o, "quantity", exact(f->quantity), failed);
    krni_json_set(o, "vehicles", exact(f->vehicles), failed);
    krni_json_set(o, "groups", groups_of(r, f, failed), failed);
    return o;
}

static json_t *cell_of(const krn_cost_report *r, const krn_cost_cell *c, bool *failed)
{
    json_t *o = json_object();
    krni_json_set(o, "group", json_integer(c->group), failed);
    krni_json_set(o, "class", json_integer(c->od_class), failed);
    krni_json_set(o, "from", node_id(r, c->origin), failed);
    krni_json_set(o, "to", node_id(r, c->destination), failed);
    krni_json_set(o, "quantity", exact(c->quantity), failed);
    krni_json_set(o, "cost", exact(c->cost), failed);
    krni_json_set(o, "least_cost", exact(c->least_cost), failed);
    krni_json_set(o, "reason", krni_json_text_or_null(c->reason ? c->reason : ""), failed);
    return o;
}

static json_t *mode_of(const krn_cost_report *r, const krni_cost_mode *m, bool *failed)
{
    const double all = r->answer->moved_km;
    json_t *o = json_object();
    krni_json_set(o, "mode", json_integer(m->mode), failed);
    krni_json_set(o, "class", json_integer(m->vehicle_class), failed);
    krni_json_set(o, "loaded", exact(m->loaded), failed);
    krni_json_set(o, "quantity_km", exact(m->quantity_km), failed);
    krni_json_set(o, "share", exact(all > 0.0 ? m->quantity_km / all : 0.0), failed);
    krni_json_set(o, "cost", exact(m->total_cost), failed);
    return o;
}

static void set_flows(json_t *root, const krn_cost_report *r, bool *failed)
{
    const krn_cost_flow *fullest[FULLEST];
    json_t *links = json_array(), *handling = json_array(), *cells = json_array();
    json_t *bottlenecks = json_array();
    for (uint32_t k = 0; k < r->answer->n_flows; k++) {
        const krn_cost_flow *f = &r->answer->flows[k];
        if (f->kind == KRN_COST_MOVE)
            krni_json_append(links, link_of(r, f, failed), failed);
        else
            krni_json_append(handling, handling_of(r, f, failed), failed);
    }
    const uint32_t n = krni_cost_fullest(r, FULLEST, fullest);
    for (uint32_t k = 0; k < n; k++)
        krni_json_append(bottlenecks, link_of(r, fullest[k], failed), failed);
    for (uint32_t k = 0; k < r->answer->n_cells; k++)
        krni_json_append(cells, cell_of(r, &r->answer->cells[k], failed), failed);
    krni_json_set(root, "links", links, failed);
    krni_json_set(root, "bottlenecks", bottlenecks, failed);
    krni_json_set(root, "handling", handling, failed);
    krni_json_set(root, "cells", cells, failed);
}

krn_status krni_cost_json(const krn_cost_report *r, krn_arena *arena, char **out, krn_error *err)
{
    const krn_assign_step step = r->answer->step;
    krni_cost_mode *modes;
    uint32_t n;
    bool failed = false;
    const krn_status status = krni_cost_modes(r, arena, &modes, &n, err);
    if (status)
        return status;
    json_t *root = json_object(), *list = json_array();
    krni_json_set(root, "objective", exact(step.objective_cost), &failed);
    krni_json_set(root, "relative_gap", exact(step.gap_share), &failed);
    krni_json_set(root, "average_excess_cost", exact(step.excess_cost), &failed);
    krni_json_set(root, "iterations", json_integer(step.iteration), &failed);
    krni_json_set(root, "gap_reached", json_boolean(r->answer->gap_reached), &failed);
    krni_json_set(root, "question", question_of(r, &failed), &failed);
    krni_json_set(root, "totals", totals_of(r, &failed), &failed);
    for (uint32_t k = 0; k < n; k++)
        krni_json_append(list, mode_of(r, &modes[k], &failed), &failed);
    krni_json_set(root, "modes", list, &failed);
    set_flows(root, r, &failed);
    char *text =
        root && !failed ? json_dumps(root, JSON_INDENT(1) | JSON_REAL_PRECISION(DIGITS)) : NULL;
    json_decref(root);
    krni_writer w;
    krni_writer_init(&w, arena);
    *out = NULL;
    if (text) {
        krni_write(&w, text);
        krni_write(&w, "\n");
        *out = krni_writer_text(&w);
    }
    free(text);
    return *out ? KRN_OK : krni_fail_memory(err);
}
