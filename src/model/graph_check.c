/* SPDX-License-Identifier: Apache-2.0 */
/* graph_check.c - parts that hang together, and shortest ways over railways.
 *
 *   parts:  each node points to a node of its part; joining two parts lets one root point to the
 *           other (union-find with halved paths)
 *   ways:   Dijkstra from station to station over all railways in service, with a binary heap */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <keruen/connectivity.h>

#include "base/error.h"
#include "model/tables.h"

#define MOST_GAUGES 32

typedef struct ends {
    uint32_t from, to; /* node rows, KRN_NO_ROW when unknown */
    double length_km;
} ends;

static bool in_service(const krn_package *p, uint32_t link)
{
    return strcmp(krni_text(p, KRN_TABLE_LINK, link, LINK_STATUS), "in_service") == 0;
}

static bool ends_of(const krn_package *p, uint32_t link, ends *out)
{
    out->from = krni_ref(p, KRN_TABLE_LINK, link, LINK_FROM_NODE_ID);
    out->to = krni_ref(p, KRN_TABLE_LINK, link, LINK_TO_NODE_ID);
    out->length_km = krni_number(p, KRN_TABLE_LINK, link, LINK_LENGTH);
    return out->from != KRN_NO_ROW && out->to != KRN_NO_ROW && out->length_km >= 0;
}

/* ---- parts ---- */

static uint32_t root_of(uint32_t *parent, uint32_t node)
{
    while (parent[node] != node) {
        parent[node] = parent[parent[node]];
        node = parent[node];
    }
    return node;
}

static bool has_gauge(const krn_package *p, uint32_t link, int gauge_mm)
{
    const char *list = krni_text(p, KRN_TABLE_LINK, link, LINK_GAUGE_MM);
    size_t length = 0;
    for (const char *one; (one = krni_list_next(&list, &length)) != NULL;)
        if (strtol(one, NULL, 10) == gauge_mm)
            return true;
    return false;
}

/* Joins the ends of all links of one kind; a node that none touches stays KRN_NO_ROW. */
static void join(const krn_package *p, krn_mode mode, int gauge_mm, uint32_t *parent,
                 krn_connectivity *out)
{
    const uint32_t n_nodes = krn_package_rows(p, KRN_TABLE_NODE);
    const uint32_t n_links = krn_package_rows(p, KRN_TABLE_LINK);
    for (uint32_t v = 0; v < n_nodes; v++)
        parent[v] = KRN_NO_ROW;
    for (uint32_t l = 0; l < n_links; l++) {
        ends e;
        if (strcmp(krni_text(p, KRN_TABLE_LINK, l, LINK_MODE), krn_mode_name(mode)) != 0 ||
            !in_service(p, l) || (gauge_mm && !has_gauge(p, l, gauge_mm)) || !ends_of(p, l, &e))
            continue;
        if (parent[e.from] == KRN_NO_ROW)
            parent[e.from] = e.from;
        if (parent[e.to] == KRN_NO_ROW)
            parent[e.to] = e.to;
        parent[root_of(parent, e.from)] = root_of(parent, e.to);
        out->n_links++;
        out->length_km += e.length_km;
    }
}

static krn_status measure_parts(const krn_package *p, krn_mode mode, int gauge_mm, uint32_t *parent,
                                uint32_t *count, krn_arena *arena, krn_connectivity *out,
                                krn_error *err)
{
    const uint32_t n_nodes = krn_package_rows(p, KRN_TABLE_NODE);
    uint32_t best = KRN_NO_ROW;
    memset(out, 0, sizeof *out);
    out->mode = mode;
    out->gauge_mm = gauge_mm;
    join(p, mode, gauge_mm, parent, out);
    memset(count, 0, n_nodes * sizeof *count);
    for (uint32_t v = 0; v < n_nodes; v++) {
        if (parent[v] == KRN_NO_ROW)
            continue;
        const uint32_t root = root_of(parent, v);
        out->n_parts += count[root]++ == 0;
        out->n_nodes++;
        if (best == KRN_NO_ROW || count[root] > count[best])
            best = root;
    }
    out->largest = best == KRN_NO_ROW ? 0 : count[best];
    uint32_t *apart = krn_arena_alloc(arena, (out->n_nodes - out->largest) * sizeof *apart);
    if (!apart)
        return krni_fail_memory(err);
    for (uint32_t v = 0; v < n_nodes; v++)
        if (parent[v] != KRN_NO_ROW && root_of(parent, v) != best)
            apart[out->n_apart++] = v;
    out->apart = apart;
    return KRN_OK;
}

/* Gauges of all railways in service, ascending. */
static int gauges_of(const krn_package *p, int out[MOST_GAUGES])
{
    int n = 0;
    for (uint32_t l = 0; l < krn_package_rows(p, KRN_TABLE_LINK); l++) {
        const char *list = krni_text(p, KRN_TABLE_LINK, l, LINK_GAUGE_MM);
        size_t length = 0;
        if (!in_service(p, l) || strcmp(krni_text(p, KRN_TABLE_LINK, l, LINK_MODE), "rail") != 0)
            continue;
        for (const char *one; (one = krni_list_next(&list, &length)) != NULL;) {
            const int gauge = (int)strtol(one, NULL, 10);
            int at = 0;
            while (at < n && out[at] < gauge)
                at++;
            if ((at < n && out[at] == gauge) || n == MOST_GAUGES)
                continue;
            memmove(out + at + 1, out + at, (size_t)(n - at) * sizeof *out);
            out[at] = gauge;
            n++;
        }
    }
    return n;
}

krn_status krn_connectivity_find(const krn_package *package, krn_arena *arena, uint32_t *out_n,
                                 const krn_connectivity **out, krn_error *err)
{
    const uint32_t n_nodes = krn_package_rows(package, KRN_TABLE_NODE);
    int gauges[MOST_GAUGES];
    const int n_gauges = gauges_of(package, gauges);
    krn_connectivity *list = krn_arena_alloc(arena, (size_t)(n_gauges + 2) * sizeof *list);
    uint32_t *parent = krn_arena_alloc(arena, n_nodes * sizeof *parent);
    uint32_t *count = krn_arena_alloc(arena, n_nodes * sizeof *count);
    uint32_t n = 0;
    if (!list || !parent || !count)
        return krni_fail_memory(err);
    for (int i = 0; i < n_gauges + 2; i++) {
        const krn_mode mode = i < n_gauges ? KRN_RAIL : i == n_gauges ? KRN_ROAD : KRN_SEA;
        const krn_status status = measure_parts(package, mode, i < n_gauges ? gauges[i] : 0, parent,
                                                count, arena, &list[n], err);
        if (status)
            return status;
        n += list[n].n_links > 0;
    }
    *out = list;
    *out_n = n;
    return KRN_OK;
}

/* ---- ways ---- */

typedef struct arc {
    uint32_t to;
    double length_km;
} arc;

typedef struct rails {
    uint32_t n_nodes;
    uint32_t *first; /* n_nodes + 1 */
    arc *arcs;
    double *distance;
    uint32_t *heap;  /* nodes */
    uint32_t *place; /* of a node in the heap, KRN_NO_ROW: not in it */
    uint32_t n_heap;
} rails;

static krn_status lay_rails(const krn_package *p, krn_arena *arena, rails *out, krn_error *err)
{
    const uint32_t n_links = krn_package_rows(p, KRN_TABLE_LINK);
    ends *all = krn_arena_alloc(arena, n_links * sizeof *all);
    uint32_t n = 0;
    out->n_nodes = krn_package_rows(p, KRN_TABLE_NODE);
    out->first = krn_arena_calloc(arena, out->n_nodes + (size_t)2, sizeof *out->first);
    out->distance = krn_arena_alloc(arena, out->n_nodes * sizeof *out->distance);
    out->heap = krn_arena_alloc(arena, out->n_nodes * sizeof *out->heap);
    out->place = krn_arena_alloc(arena, out->n_nodes * sizeof *out->place);
    if (!all || !out->first || !out->distance || !out->heap || !out->place)
        return krni_fail_memory(err);
    for (uint32_t l = 0; l < n_links; l++)
        if (in_service(p, l) && strcmp(krni_text(p, KRN_TABLE_LINK, l, LINK_MODE), "rail") == 0 &&
            ends_of(p, l, &all[n]))
            n++;
    out->arcs = krn_arena_alloc(arena, 2 * (size_t)n * sizeof *out->arcs);
    if (!out->arcs)
        return krni_fail_memory(err);
    /* counts one place ahead, so that filling moves each start to its end */
    for (uint32_t i = 0; i < n; i++) {
        out->first[all[i].from + 2]++;
        out->first[all[i].to + 2]++;
    }
    for (uint32_t v = 2; v < out->n_nodes + 2; v++)
        out->first[v] += out->first[v - 1];
    for (uint32_t i = 0; i < n; i++) {
        const arc there = {all[i].to, all[i].length_km}, back = {all[i].from, all[i].length_km};
        out->arcs[out->first[all[i].from + 1]++] = there;
        out->arcs[out->first[all[i].to + 1]++] = back;
    }
    return KRN_OK;
}

static void put(rails *r, uint32_t at, uint32_t node)
{
    r->heap[at] = node;
    r->place[node] = at;
}

static void rise(rails *r, uint32_t at)
{
    const uint32_t node = r->heap[at];
    while (at && r->distance[r->heap[(at - 1) / 2]] > r->distance[node]) {
        put(r, at, r->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    put(r, at, node);
}

static uint32_t take_nearest(rails *r)
{
    const uint32_t nearest = r->heap[0];
    const uint32_t node = r->heap[--r->n_heap];
    uint32_t at = 0;
    for (uint32_t child; (child = 2 * at + 1) < r->n_heap; at = child) {
        if (child + 1 < r->n_heap && r->distance[r->heap[child + 1]] < r->distance[r->heap[child]])
            child++;
        if (r->distance[r->heap[child]] >= r->distance[node])
            break;
        put(r, at, r->heap[child]);
    }
    if (r->n_heap)
        put(r, at, node);
    r->place[nearest] = KRN_NO_ROW;
    return nearest;
}

/* Shortest way in km, or NaN. */
static double shortest(rails *r, uint32_t from, uint32_t to)
{
    for (uint32_t v = 0; v < r->n_nodes; v++) {
        r->distance[v] = INFINITY;
        r->place[v] = KRN_NO_ROW;
    }
    r->distance[from] = 0;
    r->n_heap = 1;
    put(r, 0, from);
    while (r->n_heap) {
        const uint32_t v = take_nearest(r);
        if (v == to)
            return r->distance[v];
        for (uint32_t a = r->first[v]; a < r->first[v + 1]; a++) {
            const uint32_t w = r->arcs[a].to;
            const double there = r->distance[v] + r->arcs[a].length_km;
            if (!(there < r->distance[w]))
                continue;
            r->distance[w] = there;
            if (r->place[w] == KRN_NO_ROW)
                put(r, r->n_heap++, w);
            rise(r, r->place[w]);
        }
    }
    return NAN;
}

static void check_route(const krn_package *p, rails *r, uint32_t row, krn_rail_check *out)
{
    const char *list = krni_text(p, KRN_TABLE_RAIL_CHECK, row, RAIL_CHECK_STATIONS);
    uint32_t before = KRN_NO_ROW;
    size_t length = 0;
    out->row = row;
    out->published_km = krni_number(p, KRN_TABLE_RAIL_CHECK, row, RAIL_CHECK_PUBLISHED_KM);
    out->ours_km = krni_number_or(p, KRN_TABLE_RAIL_CHECK, row, RAIL_CHECK_EXTRA_KM, 0);
    out->from = out->to = KRN_NO_ROW;
    for (const char *one; (one = krni_list_next(&list, &length)) != NULL;) {
        char id[256] = "";
        if (length < sizeof id)
            memcpy(id, one, length);
        const uint32_t node = krn_package_find(p, KRN_TABLE_NODE, id);
        if (before != KRN_NO_ROW && node != KRN_NO_ROW && !isnan(out->ours_km)) {
            out->ours_km += shortest(r, before, node);
            if (isnan(out->ours_km)) {
                out->from = before;
                out->to = node;
            }
        }
        before = node;
    }
    out->off_share = (out->ours_km - out->published_km) / out->published_km;
}

krn_status krn_rail_checks(const krn_package *package, krn_arena *arena, uint32_t *out_n,
                           const krn_rail_check **out, krn_error *err)
{
    const uint32_t n = krn_package_rows(package, KRN_TABLE_RAIL_CHECK);
    rails r;
    memset(&r, 0, sizeof r);
    krn_rail_check *list = krn_arena_alloc(arena, n * sizeof *list);
    if (!list)
        return krni_fail_memory(err);
    const krn_status status = lay_rails(package, arena, &r, err);
    if (status)
        return status;
    for (uint32_t i = 0; i < n; i++)
        check_route(package, &r, i, &list[i]);
    *out = list;
    *out_n = n;
    return KRN_OK;
}
