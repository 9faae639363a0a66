/* SPDX-License-Identifier: Apache-2.0 */
/* cost_csv.c - flows of a cost network as tables with their figures exact. */
#include <math.h>

#include "base/error.h"
#include "base/number.h"
#include "report/cost_page.h"

#define DIGITS 15

static void write_exact(krni_writer *w, double value)
{
    char text[KRNI_NUMBER_EXACT_SIZE];
    krni_number_exact(value, DIGITS, text);
    krni_write_char(w, ',');
    krni_write(w, text);
}

static long long node_id(const krn_cost_report *r, uint32_t node)
{
    return (long long)r->network->nodes[node].id;
}

static long long link_id(const krn_cost_report *r, uint32_t link)
{
    return (long long)r->network->links[link].id;
}

static void write_group_heads(krni_writer *w, const krn_cost_answer *a)
{
    for (uint32_t g = 0; g < a->n_groups; g++)
        krni_writef(w, ",ucost%d,qty%d,veh%d", a->groups[g], a->groups[g], a->groups[g]);
    krni_write(w, ",qty,veh");
}

static void write_groups(krni_writer *w, const krn_cost_answer *a, const krn_cost_flow *f)
{
    for (uint32_t g = 0; g < a->n_groups; g++) {
        write_exact(w, f->group_cost[g]); /* nothing where the arc is not there */
        write_exact(w, f->group_quantity[g]);
        write_exact(w, f->group_vehicles[g]);
    }
    write_exact(w, f->quantity);
    write_exact(w, f->vehicles);
}

static void write_links(const krn_cost_report *r, krni_writer *w)
{
    const krn_cost_answer *a = r->answer;
    krni_write(w, "mode,means,link,from_node,to_node,length_km,speed_kmh");
    write_group_heads(w, a);
    krni_write(w, ",volume\r\n");
    for (uint32_t k = 0; k < a->n_flows; k++) {
        const krn_cost_flow *f = &a->flows[k];
        if (f->kind != KRN_COST_MOVE)
            continue;
        krni_writef(w, "%u,%u,%lld,%lld,%lld", f->mode, f->vehicle_class, link_id(r, f->link),
                    node_id(r, f->node), node_id(r, f->to_node));
        write_exact(w, r->network->links[f->link].length_km);
        write_exact(w, r->network->links[f->link].speed_kmh);
        write_groups(w, a, f);
        write_exact(w, f->volume_load);
        krni_write(w, "\r\n");
    }
}

/* Links that a handling lies between; 0 for the origin or the destination. */
static void write_handling_ends(const krn_cost_report *r, krni_writer *w, const krn_cost_flow *f)
{
    krni_writef(w, "%s,%lld", krni_cost_kind_word(f->kind), node_id(r, f->node));
    if (f->kind == KRN_COST_LOAD)
        krni_writef(w, ",0,0,0,%lld,%u,%u", link_id(r, f->link), f->mode, f->vehicle_class);
    else if (f->kind == KRN_COST_UNLOAD)
        krni_writef(w, ",%lld,%u,%u,0,0,0", link_id(r, f->link), f->mode, f->vehicle_class);
    else
        krni_writef(w, ",%lld,%u,%u,%lld,%u,%u", link_id(r, f->from_link), f->from_mode,
                    f->from_class, link_id(r, f->link), f->mode, f->vehicle_class);
}

static void write_handling(const krn_cost_report *r, krni_writer *w)
{
    const krn_cost_answer *a = r->answer;
    krni_write(w, "type,node,from_link,from_mode,from_means,to_link,to_mode,to_means");
    write_group_heads(w, a);
    krni_write(w, "\r\n");
    for (uint32_t k = 0; k < a->n_flows; k++)
        if (a->flows[k].kind != KRN_COST_MOVE) {
            write_handling_ends(r, w, &a->flows[k]);
            write_groups(w, a, &a->flows[k]);
            krni_write(w, "\r\n");
        }
}

static void write_cells(const krn_cost_report *r, krni_writer *w)
{
    const krn_cost_answer *a = r->answer;
    krni_write(w, "grp,class,org,dst,qty,cheapest_cost,cost,reason\r\n");
    for (uint32_t k = 0; k < a->n_cells; k++) {
        const krn_cost_cell *c = &a->cells[k];
        krni_writef(w, "%d,%d,%lld,%lld", c->group, c->od_class, node_id(r, c->origin),
                    node_id(r, c->destination));
        write_exact(w, c->quantity);
        write_exact(w, c->least_cost);
        write_exact(w, c->cost);
        krni_write_char(w, ',');
        krni_csv_field(w, c->reason ? c->reason : "");
        krni_write(w, "\r\n");
    }
}

krn_status krn_cost_csv(const krn_cost_report *report, krn_cost_table table, krn_arena *arena,
                        char **out, krn_error *err)
{
    krni_writer w;
    krni_writer_init(&w, arena);
    if (table == KRN_COST_LINKS)
        write_links(report, &w);
    else if (table == KRN_COST_HANDLING)
        write_handling(report, &w);
    else
        write_cells(report, &w);
    return krni_writer_answer(&w, out, err);
}
