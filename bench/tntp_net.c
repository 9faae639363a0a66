/* SPDX-License-Identifier: Apache-2.0 */
/* tntp_net.c - TNTP files of a folder as assignment problems: one class, BPR, no hard capacity. */
#include "tntp_net.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include <keruen/tntp.h>

/* Published objectives: Transportation Networks for Research. */
const tntp_net tntp_nets[] = {
    {"SiouxFalls", 0.0, 0.0, 4231335.287107440},      {"Anaheim", 0.0, 0.0, 1286032.171096},
    {"Barcelona", 0.0, 0.0, 1265654.92203176},        {"Winnipeg", 0.0, 0.0, 827911.494629963},
    {"ChicagoSketch", 0.02, 0.04, 17313018.7387477},  {"berlin-center", 0.0, 0.0, NAN},
    {"ChicagoRegional", 0.1, 0.25, 30792611.3864393}, {"City", 0.0, 0.0, NAN},
};
const size_t n_tntp_nets = sizeof tntp_nets / sizeof tntp_nets[0];

static void path_of(const char *folder, const char *name, const char *what, char out[4096])
{
    (void)snprintf(out, 4096, "%s/%s_%s.tntp", folder, name, what);
}

bool tntp_net_is_there(const char *folder, const char *name)
{
    char net[4096];
    path_of(folder, name, "net", net);
    return access(net, R_OK) == 0;
}

static krn_assign_link link_of(const krn_tntp_link *l)
{
    return (krn_assign_link){.tail = l->tail,
                             .head = l->head,
                             .delay = {.kind = KRN_DELAY_BPR,
                                       .free_time = l->free_time,
                                       .capacity = l->capacity > 0.0 ? l->capacity : 1.0,
                                       .factor = l->factor,
                                       .power = l->power},
                             .toll = l->toll,
                             .length = l->length,
                             .limit_flow = HUGE_VAL};
}

bool tntp_net_load(const char *folder, const tntp_net *which, krn_arena *arena, tntp_loaded *out)
{
    char net[4096], trips[4096];
    krn_tntp t;
    krn_error err = {0};
    path_of(folder, which->name, "net", net);
    path_of(folder, which->name, "trips", trips);
    if (krn_tntp_read(net, trips, NULL, arena, &t, &err)) {
        (void)fprintf(stderr, "%s\n", err.text);
        return false;
    }
    out->links = krn_arena_calloc(arena, t.n_links + 1u, sizeof *out->links);
    out->trips = krn_arena_calloc(arena, t.n_trips + 1u, sizeof *out->trips);
    bool *shut = krn_arena_calloc(arena, t.n_nodes + 1u, sizeof *shut);
    if (!out->links || !out->trips || !shut)
        return false;
    for (uint32_t k = 0; k < t.n_links; k++)
        out->links[k] = link_of(&t.links[k]);
    for (uint32_t k = 0; k < t.n_trips; k++)
        out->trips[k] =
            (krn_assign_trip){0, t.trips[k].origin, t.trips[k].destination, t.trips[k].flow};
    for (uint32_t v = 0; v < t.n_nodes && v < t.first_through; v++)
        shut[v] = true;
    out->n_zones = t.n_zones;
    out->first_through = t.first_through;
    out->all = (krn_assign_class){"all", 1.0, 1.0, which->toll_weight, which->length_weight};
    out->network = (krn_assign_network){.n_nodes = t.n_nodes,
                                        .n_links = t.n_links,
                                        .n_classes = 1,
                                        .n_trips = t.n_trips,
                                        .links = out->links,
                                        .classes = &out->all,
                                        .trips = out->trips,
                                        .no_through = shut};
    return true;
}
