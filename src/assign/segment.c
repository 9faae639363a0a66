/* SPDX-License-Identifier: Apache-2.0 */
/* segment.c - traffic assignment by paired segments (Bar-Gera 2010; search for pairs as Xie and Xie
 * 2016: back along the largest flow until the cheapest tree is met).
 *
 * A pair is kept once for all sources that use it, so that one look at its cost serves them all;
 * flow moves by one Newton step, bounded by the flow that is there, source after source. */
#include "assign/segment.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/simd.h"

#define IDLE_SWEEPS 3u
#define DUST_SHARE  1e-16

krn_status krni_seeker_new(uint32_t n_nodes, krni_seeker *out, krn_error *err)
{
    const size_t n = n_nodes + (size_t)1;
    *out = (krni_seeker){0};
    out->on_tree = calloc(n, sizeof *out->on_tree);
    out->seen = calloc(n, sizeof *out->seen);
    if (out->on_tree && out->seen && krni_tree_work_new(n_nodes, &out->tree, NULL) == KRN_OK)
        return KRN_OK;
    krni_seeker_free(out);
    return krni_fail_memory(err);
}

void krni_seeker_free(krni_seeker *k)
{
    krni_tree_work_free(&k->tree);
    free(k->on_tree);
    free(k->seen);
    *k = (krni_seeker){0};
}

void krni_findings_free(krni_findings *f)
{
    free(f->list);
    free(f->links);
    *f = (krni_findings){0};
}

krn_status krni_segments_new(krni_problem *problem, krni_segments *out, krn_error *err)
{
    const size_t m = problem->graph.n_links, n = problem->graph.n_nodes, k = problem->n_sources;
    *out = (krni_segments){.problem = problem, .n_words = (problem->n_sources + 63) / 64};
    out->flow = calloc(k * m + 1, sizeof *out->flow);
    out->enter = malloc((k * n + 1) * sizeof *out->enter);
    out->dust = DUST_SHARE * problem->load;
    if (out->flow && out->enter)
        return KRN_OK;
    krni_segments_free(out);
    return krni_fail_memory(err);
}

void krni_segments_free(krni_segments *s)
{
    free(s->flow);
    free(s->enter);
    free(s->pairs);
    free(s->links);
    free(s->members);
    free(s->table);
    *s = (krni_segments){0};
}

size_t krni_segments_bytes(const krni_segments *s)
{
    const size_t m = s->problem->graph.n_links, n = s->problem->graph.n_nodes;
    return s->problem->n_sources * (m * sizeof *s->flow + n * sizeof *s->enter) +
           s->pairs_room * (sizeof *s->pairs + s->n_words * sizeof *s->members) +
           (s->links_room + s->table_size) * sizeof *s->links;
}

void krni_segments_load_tree(krni_segments *s, uint32_t source, const double *cost,
                             krni_seeker *seeker)
{
    const krni_problem *p = s->problem;
    const krni_graph *g = &p->graph;
    const krni_source *from = &p->sources[source];
    uint32_t *enter = s->enter + (size_t)source * g->n_nodes;
    double *flow = krni_flow_of(s, source);
    krni_tree_build(g, cost, from->node, enter, &seeker->tree);
    for (uint32_t k = from->first_trip; k < from->first_trip + from->n_trips; k++)
        for (uint32_t v = p->trip_end[k]; v != from->node; v = g->tail[enter[v]])
            flow[enter[v]] += p->trip_load[k];
}

bool krni_segments_copy(krni_segments *s, uint32_t source, const krni_segments *other,
                        uint32_t from, const uint32_t *link_of, const double *cost,
                        krni_seeker *seeker)
{
    const krni_graph *g = &s->problem->graph;
    const double *before = krni_flow_of(other, from);
    double *flow = krni_flow_of(s, source);
    const krni_graph *old = &other->problem->graph;
    if (!link_of) {
        memcpy(flow, before, g->n_links * sizeof *flow);
        memcpy(s->enter + (size_t)source * g->n_nodes, other->enter + (size_t)from * g->n_nodes,
               g->n_nodes * sizeof *s->enter);
        return true;
    }
    for (uint32_t b = 0; b < old->n_links; b++)
        for (uint32_t i = old->first_part[b]; i < old->first_part[b + 1]; i++)
            if (before[b] > other->dust && s->problem->network->links[old->part[i]].closed)
                return false;
    for (uint32_t a = 0; a < g->n_links; a++) {
        const uint32_t b = link_of[g->part[g->first_part[a]]];
        flow[a] = b == KRNI_NO_LINK ? 0.0 : before[b];
    }
    krni_tree_build(g, cost, s->problem->sources[source].node,
                    s->enter + (size_t)source * g->n_nodes, &seeker->tree);
    return true;
}

double krni_segments_fixed(const krni_segments *s)
{
    const uint32_t m = s->problem->graph.n_links;
    double sum = 0.0;
    if (s->problem->n_classes == 1) { /* then flows add up to the loads */
        const double *fixed = krni_fixed_of(s->problem, 0);
        for (uint32_t a = 0; a < m; a++)
            sum += s->problem->delays.links[a].flow * fixed[a];
        return sum;
    }
    for (uint32_t k = 0; k < s->problem->n_sources; k++) {
        const double *flow = krni_flow_of(s, k);
        const double *fixed = krni_fixed_of(s->problem, s->problem->sources[k].class_index);
        for (uint32_t a = 0; a < m; a++)
            sum += flow[a] * fixed[a];
    }
    return sum;
}

void krni_segments_sum(krni_segments *s, uint32_t first, uint32_t end)
{
    const krni_problem *p = s->problem;
    for (uint32_t a = first; a < end; a++)
        p->delays.links[a].flow = 0.0;
    for (uint32_t k = 0; k < p->n_sources; k++) {
        const double *flow = krni_flow_of(s, k);
        for (uint32_t a = first; a < end; a++)
            p->delays.links[a].flow += flow[a];
    }
    for (uint32_t a = first; a < end; a++)
        krni_delay_update(&p->delays, a);
}

/* ---- search ---- */

static bool add_link(krni_findings *f, uint32_t link)
{
    if (f->n_links == f->links_room) {
        const uint32_t room = f->links_room ? 2 * f->links_room : 256;
        uint32_t *links = realloc(f->links, room * sizeof *links);
        if (!links)
            return false;
        f->links = links;
        f->links_room = room;
    }
    f->links[f->n_links++] = link;
    return true;
}

static bool add_finding(krni_findings *f, krni_finding finding)
{
    if (f->n == f->room) {
        const uint32_t room = f->room ? 2 * f->room : 32;
        krni_finding *list = realloc(f->list, room * sizeof *list);
        if (!list)
            return false;
        f->list = list;
        f->room = room;
    }
    f->list[f->n++] = finding;
    return true;
}

static uint32_t fullest_in(const krni_graph *g, const double *flow, uint32_t node, double dust)
{
    uint32_t best = KRNI_NO_LINK;
    double most = dust;
    for (uint32_t k = g->first_in[node]; k < g->first_in[node + 1]; k++)
        if (flow[g->in_link[k]] > most) {
            best = g->in_link[k];
            most = flow[best];
        }
    return best;
}

/* The used segment backwards from link until the tree; false: no memory. */
static bool find_pair(const krni_segments *s, const double *flow, const uint32_t *enter,
                      uint32_t origin, uint32_t link, krni_seeker *k, krni_findings *f)
{
    const krni_graph *g = &s->problem->graph;
    const uint32_t end = g->head[link], first = f->n_links;
    uint32_t stamp = ++k->stamp, at = end;
    while (at != origin) {
        at = g->tail[enter[at]];
        k->on_tree[at] = stamp;
    }
    k->seen[end] = stamp;
    if (!add_link(f, link))
        return false;
    for (at = g->tail[link]; k->on_tree[at] != stamp;) {
        k->seen[at] = stamp;
        const uint32_t a = fullest_in(g, flow, at, s->dust);
        if (a == KRNI_NO_LINK) { /* nothing but rounding flows here */
            f->n_links = first;
            return true;
        }
        if (!add_link(f, a))
            return false;
        at = g->tail[a];
        if (k->seen[at] != stamp)
            continue;
        uint32_t from = first; /* a cycle: what was gone since `at` */
        while (g->head[f->links[from]] != at)
            from++;
        const krni_finding cycle = {from, f->n_links - from, 0};
        return add_finding(f, cycle);
    }
    const uint32_t n_used = f->n_links - first;
    for (uint32_t v = end; v != at; v = g->tail[enter[v]])
        if (!add_link(f, enter[v]))
            return false;
    return add_finding(f, (krni_finding){first, n_used, f->n_links - first - n_used});
}

void krni_segments_find(krni_segments *s, uint32_t source, const double *cost, double least,
                        krni_seeker *k, krni_findings *f)
{
    const krni_graph *g = &s->problem->graph;
    const uint32_t origin = s->problem->sources[source].node;
    const double *flow = krni_flow_of(s, source), *label = k->tree.label;
    uint32_t *enter = s->enter + (size_t)source * g->n_nodes;
    krni_tree_repair(g, cost, origin, enter, &k->tree);
    f->n = f->n_links = 0;
    f->excess = f->total = 0.0;
    for (uint32_t v = 0; v < g->n_nodes; v++) {
        const double from = label[v];
        for (uint32_t a = g->first_out[v]; a < g->first_out[v + 1]; a++) {
            if (!(flow[a] > 0.0))
                continue;
            const double excess = flow[a] * (from + cost[a] - label[g->head[a]]);
            f->excess += excess;
            f->total += flow[a] * cost[a];
            if (excess > least && flow[a] > s->dust && enter[g->head[a]] != a &&
                !find_pair(s, flow, enter, origin, a, k, f))
                f->failed = true;
        }
    }
}

/* ---- moving ---- */

static double segment_time(const krni_loaded *links, const uint32_t *list, uint32_t n)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < n; i++)
        sum += links[list[i]].time;
    return sum;
}

static double segment_slope(const krni_loaded *links, const uint32_t *list, uint32_t n)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < n; i++)
        sum += links[list[i]].slope;
    return sum;
}

static double least_flow(const double *flow, const uint32_t *list, uint32_t n)
{
    double least = flow[list[0]];
    for (uint32_t i = 1; i < n; i++)
        least = flow[list[i]] < least ? flow[list[i]] : least;
    return least;
}

static void add_flow(double *flow, const uint32_t *list, uint32_t n, double more, double dust)
{
    for (uint32_t i = 0; i < n; i++) {
        const double now = flow[list[i]] + more;
        flow[list[i]] = now > dust ? now : 0.0;
    }
}

static void add_load(const krni_delays *d, const uint32_t *list, uint32_t n, double more)
{
    for (uint32_t i = 0; i < n; i++) {
        krni_loaded *l = &d->links[list[i]];
        const double now = l->flow + more;
        l->flow = now > 0.0 ? now : 0.0;
        krni_delay_update(d, list[i]);
    }
}

static void take_cycle(krni_segments *s, double *flow, const uint32_t *list, uint32_t n)
{
    const double least = least_flow(flow, list, n);
    if (!(least > 0.0))
        return;
    add_flow(flow, list, n, -least, s->dust);
    add_load(&s->problem->delays, list, n, -least);
}

/* Moves up to `want` of the members' flows, the one that moved last first. */
static double move_members(krni_segments *s, krni_pair *p, const uint64_t *members,
                           const uint32_t *from, uint32_t n_from, const uint32_t *to, uint32_t n_to,
                           double want)
{
    double left = want;
    const uint32_t start = p->turn / 64, bit = p->turn % 64;
    for (uint32_t round = 0; round <= s->n_words && left > 0.0; round++) {
        const uint32_t word = (start + round) % s->n_words;
        uint64_t bits = members[word];
        if (round == 0)
            bits &= ~(uint64_t)0 << bit;
        else if (round == s->n_words)
            bits &= ~(~(uint64_t)0 << bit);
        for (; bits && left > 0.0; bits &= bits - 1) {
            const uint32_t source = word * 64 + KRNI_LOW_BIT(bits);
            double *flow = krni_flow_of(s, source);
            const double least = least_flow(flow, from, n_from);
            if (!(least > s->dust))
                continue;
            const double part = least < left ? least : left;
            add_flow(flow, from, n_from, -part, s->dust);
            add_flow(flow, to, n_to, part, s->dust);
            left -= part;
            p->turn = source;
            if (s->log)
                s->log[s->n_log++] = (krni_part){source, part};
        }
    }
    return want - left;
}

/* The Newton step over the bends where links that gain flow come to their hard capacities: beyond
 * each of them the slope is greater. */
static double step_over_bends(const krni_delays *d, const uint32_t *to, uint32_t n, double slope,
                              double difference)
{
    double step = 0.0;
    for (;;) {
        const double rest = slope > 0.0 ? difference / slope : HUGE_VAL;
        double bend = HUGE_VAL, stiffness = 0.0;
        for (uint32_t i = 0; i < n; i++) {
            if (!d->links[to[i]].limited)
                continue;
            const krni_limit *m = &d->limits[to[i]];
            const double at = m->limit - m->price / m->stiffness - d->links[to[i]].flow;
            if (at > step && at < bend) {
                bend = at;
                stiffness = m->stiffness;
            }
        }
        if (!(step + rest > bend))
            return step + rest;
        difference -= slope > 0.0 ? slope * (bend - step) : 0.0;
        slope += stiffness;
        step = bend;
    }
}

/* One Newton step; flow moved * difference of cost. */
static double move_pair(krni_segments *s, krni_pair *p, const uint64_t *members)
{
    const krni_delays *d = &s->problem->delays;
    const uint32_t *a = s->links + p->first, *b = a + p->n_a;
    const double time_a = segment_time(d->links, a, p->n_a);
    const double time_b = segment_time(d->links, b, p->n_b);
    const double difference = time_a - time_b + p->fixed;
    if (fabs(difference) <= 4e-16 * (time_a + time_b))
        return 0.0;
    const double slope = segment_slope(d->links, a, p->n_a) + segment_slope(d->links, b, p->n_b);
    const bool from_a = difference > 0.0;
    double want = slope > 0.0 ? fabs(difference) / slope : HUGE_VAL;
    if (d->n_limits)
        want =
            step_over_bends(d, from_a ? b : a, from_a ? p->n_b : p->n_a, slope, fabs(difference));
    want = want < HUGE_VAL ? want : s->problem->load;
    const double moved = from_a ? move_members(s, p, members, a, p->n_a, b, p->n_b, want)
                                : move_members(s, p, members, b, p->n_b, a, p->n_a, want);
    if (!(moved > 0.0)) {
        p->idle++;
        return 0.0;
    }
    p->idle = 0;
    add_load(d, a, p->n_a, from_a ? -moved : moved);
    add_load(d, b, p->n_b, from_a ? moved : -moved);
    return moved * fabs(difference);
}

/* What the members of a pair have together on a segment. */
static double room_on(const krni_segments *s, const uint64_t *members, const uint32_t *list,
                      uint32_t n)
{
    double sum = 0.0;
    for (uint32_t word = 0; word < s->n_words; word++)
        for (uint64_t bits = members[word]; bits; bits &= bits - 1) {
            const double least =
                least_flow(krni_flow_of(s, word * 64 + KRNI_LOW_BIT(bits)), list, n);
            sum += least > s->dust ? least : 0.0;
        }
    return sum;
}

void krni_segments_room(const krni_segments *s, uint32_t pair, double *out_a, double *out_b)
{
    const krni_pair *p = &s->pairs[pair];
    const uint64_t *members = s->members + (size_t)pair * s->n_words;
    const uint32_t *a = s->links + p->first;
    *out_a = room_on(s, members, a, p->n_a);
    *out_b = room_on(s, members, a + p->n_a, p->n_b);
}

double krni_segments_move(krni_segments *s, uint32_t pair, double flow)
{
    krni_pair *p = &s->pairs[pair];
    const krni_delays *d = &s->problem->delays;
    const uint64_t *members = s->members + (size_t)pair * s->n_words;
    const uint32_t *a = s->links + p->first, *b = a + p->n_a;
    const double moved = flow > 0.0 ? move_members(s, p, members, a, p->n_a, b, p->n_b, flow)
                                    : -move_members(s, p, members, b, p->n_b, a, p->n_a, -flow);
    add_load(d, a, p->n_a, -moved);
    add_load(d, b, p->n_b, moved);
    return moved;
}

uint32_t krni_segments_members(const krni_segments *s, uint32_t pair)
{
    const uint64_t *members = s->members + (size_t)pair * s->n_words;
    uint32_t n = 0;
    for (uint32_t word = 0; word < s->n_words; word++)
        for (uint64_t bits = members[word]; bits; bits &= bits - 1)
            n++;
    return n;
}

void krni_segments_undo(krni_segments *s, uint32_t pair, bool from_a, krni_part part)
{
    const krni_pair *p = &s->pairs[pair];
    const uint32_t *a = s->links + p->first, *b = a + p->n_a;
    double *flow = krni_flow_of(s, part.source);
    add_flow(flow, a, p->n_a, from_a ? part.flow : -part.flow, s->dust);
    add_flow(flow, b, p->n_b, from_a ? -part.flow : part.flow, s->dust);
}

double krni_segments_sweep(krni_segments *s)
{
    double sum = 0.0;
    for (uint32_t k = 0; k < s->n_pairs; k++)
        if (s->pairs[k].idle < IDLE_SWEEPS)
            sum += move_pair(s, &s->pairs[k], s->members + (size_t)k * s->n_words);
    return sum;
}

/* ---- pairs ---- */

static uint32_t hash_of(uint32_t class_index, const uint32_t *a, uint32_t n_a, const uint32_t *b,
                        uint32_t n_b)
{
    uint64_t h = 0x9E3779B97F4A7C15u ^ class_index;
    for (uint32_t i = 0; i < n_a; i++)
        h = (h ^ a[i]) * 0xD6E8FEB86659FD93u;
    h ^= h >> 32;
    for (uint32_t i = 0; i < n_b; i++)
        h = (h ^ b[i]) * 0xD6E8FEB86659FD93u;
    return (uint32_t)(h ^ (h >> 32));
}

static bool is_same(const krni_segments *s, const krni_pair *p, uint32_t class_index,
                    const uint32_t *a, uint32_t n_a, const uint32_t *b, uint32_t n_b)
{
    return p->n_a == n_a && p->n_b == n_b && p->class_index == class_index &&
           memcmp(s->links + p->first, a, n_a * sizeof *a) == 0 &&
           memcmp(s->links + p->first + n_a, b, n_b * sizeof *b) == 0;
}

static void enter_in_table(krni_segments *s, uint32_t pair)
{
    const krni_pair *p = &s->pairs[pair];
    const uint32_t *a = s->links + p->first;
    uint32_t at = hash_of(p->class_index, a, p->n_a, a + p->n_a, p->n_b) & (s->table_size - 1);
    while (s->table[at])
        at = (at + 1) & (s->table_size - 1);
    s->table[at] = pair + 1;
}

static bool grow_pairs(krni_segments *s)
{
    if (s->n_pairs < s->pairs_room)
        return true;
    const uint32_t room = s->pairs_room ? 2 * s->pairs_room : 1024;
    krni_pair *pairs = realloc(s->pairs, room * sizeof *pairs);
    if (!pairs)
        return false;
    s->pairs = pairs;
    uint64_t *members = realloc(s->members, ((size_t)room * s->n_words + 1) * sizeof *members);
    if (!members)
        return false;
    s->members = members;
    uint32_t *table = calloc((size_t)4 * room, sizeof *table);
    if (!table)
        return false;
    free(s->table);
    s->table = table;
    s->table_size = 4 * room;
    s->pairs_room = room;
    for (uint32_t k = 0; k < s->n_pairs; k++)
        enter_in_table(s, k);
    return true;
}

static bool grow_links(krni_segments *s, uint32_t more)
{
    uint32_t room = s->links_room ? s->links_room : 8192;
    while (room - s->n_links < more)
        room *= 2;
    if (room == s->links_room)
        return true;
    uint32_t *links = realloc(s->links, room * sizeof *links);
    if (!links)
        return false;
    s->links = links;
    s->links_room = room;
    return true;
}

/* The pair of two segments, made when it is new; NULL: no memory. */
static krni_pair *pair_of(krni_segments *s, uint32_t class_index, const uint32_t *a, uint32_t n_a,
                          const uint32_t *b, uint32_t n_b)
{
    if (!grow_pairs(s) || !grow_links(s, n_a + n_b))
        return NULL;
    uint32_t at = hash_of(class_index, a, n_a, b, n_b) & (s->table_size - 1);
    for (; s->table[at]; at = (at + 1) & (s->table_size - 1))
        if (is_same(s, &s->pairs[s->table[at] - 1], class_index, a, n_a, b, n_b))
            return &s->pairs[s->table[at] - 1];
    const double *fixed = krni_fixed_of(s->problem, class_index);
    krni_pair *p = &s->pairs[s->n_pairs];
    *p = (krni_pair){.first = s->n_links, .n_a = n_a, .n_b = n_b, .class_index = class_index};
    memcpy(s->links + s->n_links, a, n_a * sizeof *a);
    memcpy(s->links + s->n_links + n_a, b, n_b * sizeof *b);
    memset(s->members + (size_t)s->n_pairs * s->n_words, 0, s->n_words * sizeof *s->members);
    s->n_links += n_a + n_b;
    for (uint32_t i = 0; i < n_a; i++)
        p->fixed += fixed[a[i]];
    for (uint32_t i = 0; i < n_b; i++)
        p->fixed -= fixed[b[i]];
    s->table[at] = ++s->n_pairs;
    return p;
}

krn_status krni_segments_copy_pairs(krni_segments *s, const krni_segments *other, krn_error *err)
{
    assert(s->n_words == other->n_words);
    for (uint32_t k = 0; k < other->n_pairs; k++) {
        const krni_pair *from = &other->pairs[k];
        const uint32_t *a = other->links + from->first;
        krni_pair *p = pair_of(s, from->class_index, a, from->n_a, a + from->n_a, from->n_b);
        if (!p)
            return krni_fail_memory(err);
        memcpy(s->members + (size_t)(p - s->pairs) * s->n_words,
               other->members + (size_t)k * s->n_words, s->n_words * sizeof *s->members);
        p->turn = from->turn;
    }
    return KRN_OK;
}

krn_status krni_segments_take(krni_segments *s, uint32_t source, const krni_findings *f,
                              krn_error *err)
{
    const uint32_t class_index = s->problem->sources[source].class_index;
    if (f->failed)
        return krni_fail_memory(err);
    for (uint32_t k = 0; k < f->n; k++) {
        const krni_finding *found = &f->list[k];
        const uint32_t *used = f->links + found->first, *other = used + found->n_used;
        if (!found->n_other) {
            take_cycle(s, krni_flow_of(s, source), used, found->n_used);
            continue;
        }
        const bool swap = other[0] < used[0];
        krni_pair *p = swap ? pair_of(s, class_index, other, found->n_other, used, found->n_used)
                            : pair_of(s, class_index, used, found->n_used, other, found->n_other);
        if (!p)
            return krni_fail_memory(err);
        uint64_t *members = s->members + (size_t)(p - s->pairs) * s->n_words;
        members[source / 64] |= (uint64_t)1 << (source % 64);
        p->turn = source;
        (void)move_pair(s, p, members);
        p->idle = 0;
    }
    return KRN_OK;
}

void krni_segments_tidy(krni_segments *s)
{
    uint32_t n = 0, n_links = 0;
    for (uint32_t k = 0; k < s->n_pairs; k++) {
        krni_pair p = s->pairs[k];
        const uint32_t size = p.n_a + p.n_b;
        if (p.idle >= IDLE_SWEEPS)
            continue;
        memmove(s->links + n_links, s->links + p.first, size * sizeof *s->links);
        memmove(s->members + (size_t)n * s->n_words, s->members + (size_t)k * s->n_words,
                s->n_words * sizeof *s->members);
        p.first = n_links;
        n_links += size;
        s->pairs[n++] = p;
    }
    if (s->table)
        memset(s->table, 0, s->table_size * sizeof *s->table);
    s->n_pairs = n;
    s->n_links = n_links;
    for (uint32_t k = 0; k < n; k++)
        enter_in_table(s, k);
}
