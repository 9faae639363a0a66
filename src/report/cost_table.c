/* SPDX-License-Identifier: Apache-2.0 */
/* cost_table.c - flows of a cost network as a page, and what page and JSON both need. */
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "report/cost_page.h"
#include "report/words.h"

#define FULLEST       10u
#define UNSERVED_MOST 10u
#define LABEL         22

/* ---- shared ---- */

const char *krni_cost_method_id(krn_cost_method method)
{
    static const char *const ids[] = {"aon", "logit", "ue"};
    return ids[method];
}

const char *krni_cost_method_name(krn_cost_method method)
{
    static const char *const names[] = {"all or nothing", "logit over combinations of modes",
                                        "user equilibrium"};
    return names[method];
}

const char *krni_cost_kind_word(krn_cost_kind kind)
{
    static const char *const words[KRN_COST_KIND_COUNT] = {
        [KRN_COST_LOAD] = "load", [KRN_COST_UNLOAD] = "unload",     [KRN_COST_TRANSIT] = "transit",
        [KRN_COST_MOVE] = "move", [KRN_COST_TRANSHIP] = "tranship", [KRN_COST_SWITCH] = "switch",
        [KRN_COST_STOP] = "stop"};
    return words[kind];
}

double krni_cost_ratio(const krn_cost_report *r, const krn_cost_flow *flow)
{
    const double capacity = r->network->links[flow->link].capacity;
    return flow->kind == KRN_COST_MOVE && capacity > 0.0 ? flow->volume_load / capacity : 0.0;
}

uint32_t krni_cost_fullest(const krn_cost_report *r, uint32_t most, const krn_cost_flow **out)
{
    uint32_t n = 0;
    for (uint32_t k = 0; k < r->answer->n_flows; k++) {
        const krn_cost_flow *f = &r->answer->flows[k];
        const double ratio = krni_cost_ratio(r, f);
        bool is_twice = false;
        if (f->kind != KRN_COST_MOVE || !(r->network->links[f->link].capacity > 1.0))
            continue;
        for (uint32_t i = 0; i < n; i++)
            is_twice = is_twice || (out[i]->link == f->link && out[i]->node == f->node);
        if (is_twice || (n == most && ratio <= krni_cost_ratio(r, out[n - 1])))
            continue;
        uint32_t at = n < most ? n++ : n - 1;
        for (; at && krni_cost_ratio(r, out[at - 1]) < ratio; at--)
            out[at] = out[at - 1];
        out[at] = f;
    }
    return n;
}

static int compare_modes(const void *pa, const void *pb)
{
    const krni_cost_mode *a = pa, *b = pb;
    if (a->mode != b->mode)
        return a->mode < b->mode ? -1 : 1;
    return (a->vehicle_class > b->vehicle_class) - (a->vehicle_class < b->vehicle_class);
}

static double cost_of(const krn_cost_report *r, const krn_cost_flow *f)
{
    double cost = 0.0;
    for (uint32_t g = 0; g < r->answer->n_groups; g++)
        if (f->group_quantity[g] > 0.0)
            cost += f->group_quantity[g] * f->group_cost[g];
    return cost;
}

krn_status krni_cost_modes(const krn_cost_report *r, krn_arena *arena, krni_cost_mode **out,
                           uint32_t *out_n, krn_error *err)
{
    krni_cost_mode *modes = krn_arena_calloc(arena, r->answer->n_flows + 1u, sizeof *modes);
    uint32_t n = 0;
    if (!modes)
        return krni_fail_memory(err);
    for (uint32_t k = 0; k < r->answer->n_flows; k++) {
        const krn_cost_flow *f = &r->answer->flows[k];
        uint32_t at = 0;
        while (at < n && (modes[at].mode != f->mode || modes[at].vehicle_class != f->vehicle_class))
            at++;
        if (at == n)
            modes[n++] = (krni_cost_mode){.mode = f->mode, .vehicle_class = f->vehicle_class};
        modes[at].total_cost += cost_of(r, f);
        if (f->kind == KRN_COST_MOVE)
            modes[at].quantity_km += f->quantity * r->network->links[f->link].length_km;
        if (f->kind == KRN_COST_LOAD)
            modes[at].loaded += f->quantity;
    }
    if (n)
        qsort(modes, n, sizeof *modes, compare_modes);
    *out = modes;
    *out_n = n;
    return KRN_OK;
}

/* ---- the page ---- */

static void write_tables(krni_writer *w, const krn_cost_question *q)
{
    for (uint32_t k = 0; k < q->n_od_tables; k++)
        krni_writef(w, "%s%s", k ? " + " : "", q->od_tables[k]);
}

static void write_figure(krni_page *page, const char *label, double value, int decimals)
{
    char text[64];
    krni_page_field(page, label, krni_number_text(value, decimals, true, text, sizeof text), 0,
                    LABEL);
}

static krn_status write_head(krni_page *page, const krn_cost_report *r, krn_arena *arena,
                             krn_error *err)
{
    const krn_cost_answer *a = r->answer;
    const krn_cost_question *q = r->question;
    char text[128];
    krni_writer w;
    krni_writer_init(&w, arena);
    krni_writef(&w, "%s: ",
                r->network->title && r->network->title[0] ? r->network->title : r->network->name);
    write_tables(&w, q);
    krni_writef(&w, " by the costs of %s", q->set);
    if (!krni_writer_text(&w))
        return krni_fail_memory(err);
    krni_page_title(page, krni_writer_text(&w));
    krni_writer_clear(&w);
    krni_writef(&w, "%s", krni_cost_method_name(q->method));
    if (q->method == KRN_COST_LOGIT)
        krni_writef(&w, ", spread %s", krni_number_short(q->spread_cost, 6, text, sizeof text));
    if (q->scenario != KRN_COST_ANY)
        krni_writef(&w, ", scenario %d", q->scenario);
    krni_writef(&w, "; %u virtual nodes, %u arcs", a->n_virtual_nodes, a->n_virtual_arcs);
    if (q->method == KRN_COST_USER)
        krni_writef(&w, "; %u iterations%s", a->step.iteration,
                    a->gap_reached ? "" : "; the gap asked for was not reached");
    if (!krni_writer_text(&w))
        return krni_fail_memory(err);
    krni_page_text(page, krni_writer_text(&w), 0);
    krni_write(page->out, "\n");
    write_figure(page, "quantity", a->quantity, 0);
    if (a->unserved > 0.0)
        write_figure(page, "without a way", a->unserved, 0);
    write_figure(page, "total cost", a->total_cost, 2);
    if (a->quantity > a->unserved)
        write_figure(page, "cost of a unit", a->total_cost / (a->quantity - a->unserved), 4);
    write_figure(page, "quantity x km", a->moved_km, 0);
    if (q->method == KRN_COST_USER) {
        (void)snprintf(text, sizeof text, "%.3g", a->step.gap_share);
        krni_page_field(page, "relative gap", text, 0, LABEL);
        (void)snprintf(text, sizeof text, "%.3g", a->step.excess_cost);
        krni_page_field(page, "average excess cost", text, 0, LABEL);
    }
    return KRN_OK;
}

static krn_status write_modes(krni_page *page, const krn_cost_report *r, krn_arena *arena,
                              krn_error *err)
{
    static const krni_grid_column columns[] = {
        {"mode", KRNI_RIGHT, 0},          {"class", KRNI_RIGHT, 0}, {"loaded", KRNI_RIGHT, 0},
        {"quantity x km", KRNI_RIGHT, 0}, {"share", KRNI_RIGHT, 0}, {"cost", KRNI_RIGHT, 0}};
    krni_cost_mode *modes;
    krni_grid grid;
    uint32_t n;
    const krn_status status = krni_cost_modes(r, arena, &modes, &n, err);
    if (status)
        return status;
    krni_grid_init(&grid, arena, columns, 6);
    for (uint32_t k = 0; k < n; k++) {
        krni_grid_format(&grid, "%u", modes[k].mode);
        krni_grid_format(&grid, "%u", modes[k].vehicle_class);
        krni_grid_number(&grid, modes[k].loaded, 0, true);
        krni_grid_number(&grid, modes[k].quantity_km, 0, true);
        krni_cell_share(
            &grid, r->answer->moved_km > 0.0 ? modes[k].quantity_km / r->answer->moved_km : 0.0);
        krni_grid_number(&grid, modes[k].total_cost, 2, true);
    }
    if (n) {
        krni_page_section(page, "Modes and vehicle classes");
        krni_grid_write(&grid, page, 0);
    }
    return KRN_OK;
}

static void write_fullest(krni_page *page, const krn_cost_report *r, krn_arena *arena)
{
    static const krni_grid_column columns[] = {{"link", KRNI_RIGHT, 0},
                                               {"from", KRNI_RIGHT, 0},
                                               {"to", KRNI_RIGHT, 0},
                                               {"mode", KRNI_RIGHT, 0},
                                               {"car units", KRNI_RIGHT, 0},
                                               {"capacity", KRNI_RIGHT, 0},
                                               {"units to\ncapacity", KRNI_RIGHT, 0}};
    const krn_cost_flow *fullest[FULLEST];
    const uint32_t n = krni_cost_fullest(r, FULLEST, fullest);
    krni_grid grid;
    krni_grid_init(&grid, arena, columns, 7);
    for (uint32_t k = 0; k < n; k++) {
        const krn_cost_flow *f = fullest[k];
        krni_grid_format(&grid, "%lld", (long long)r->network->links[f->link].id);
        krni_grid_format(&grid, "%lld", (long long)r->network->nodes[f->node].id);
        krni_grid_format(&grid, "%lld", (long long)r->network->nodes[f->to_node].id);
        krni_grid_format(&grid, "%u", f->mode);
        krni_grid_number(&grid, f->volume_load, 0, true);
        krni_grid_number(&grid, r->network->links[f->link].capacity, 0, true);
        krni_grid_number(&grid, krni_cost_ratio(r, f), 3, true);
    }
    if (n) {
        krni_page_section(page, "Fullest links");
        krni_grid_write(&grid, page, 0);
    }
}

static void write_unserved(krni_page *page, const krn_cost_report *r, krn_arena *arena)
{
    static const krni_grid_column columns[] = {{"from", KRNI_RIGHT, 0},
                                               {"to", KRNI_RIGHT, 0},
                                               {"group", KRNI_RIGHT, 0},
                                               {"quantity", KRNI_RIGHT, 0},
                                               {"why there is no way", KRNI_LEFT, 20}};
    uint32_t n = 0;
    krni_grid grid;
    krni_grid_init(&grid, arena, columns, 5);
    for (uint32_t k = 0; k < r->answer->n_cells; k++) {
        const krn_cost_cell *c = &r->answer->cells[k];
        if (!c->reason || ++n > UNSERVED_MOST)
            continue;
        krni_grid_format(&grid, "%lld", (long long)r->network->nodes[c->origin].id);
        krni_grid_format(&grid, "%lld", (long long)r->network->nodes[c->destination].id);
        krni_grid_format(&grid, "%d", c->group);
        krni_grid_number(&grid, c->quantity, 0, true);
        krni_grid_cell(&grid, c->reason);
    }
    if (!n)
        return;
    krni_page_section(page, "Without a way");
    krni_grid_write(&grid, page, 0);
    if (n > UNSERVED_MOST)
        krni_writef(page->out, "... and %u cells more\n", n - UNSERVED_MOST);
}

krn_status krni_cost_table(const krn_cost_report *r, const krn_report_options *options,
                           krn_arena *arena, char **out, krn_error *err)
{
    krni_writer w;
    krni_writer_init(&w, arena);
    krni_page page = krni_page_of(&w, options);
    krn_status status = write_head(&page, r, arena, err);
    if (!status)
        status = write_modes(&page, r, arena, err);
    if (status)
        return status;
    write_fullest(&page, r, arena);
    write_unserved(&page, r, arena);
    return krni_writer_answer(&w, out, err);
}

krn_status krn_report_cost(const krn_cost_report *report, const krn_report_options *options,
                           krn_arena *arena, char **out, krn_error *err)
{
    *out = NULL;
    switch (options->format) {
    case KRN_FORMAT_TABLE:
        return krni_cost_table(report, options, arena, out, err);
    case KRN_FORMAT_JSON:
        return krni_cost_json(report, arena, out, err);
    case KRN_FORMAT_CSV:
        return krn_cost_csv(report, KRN_COST_LINKS, arena, out, err);
    default:
        return krni_no_format(options, "flows of a cost network", err);
    }
}
