/* SPDX-License-Identifier: Apache-2.0 */
/* bush_rival.c - Algorithm B: each origin has a bush, a set of links without a cycle that carries
 * all its trips; flow moves within it from the longest used way to the shortest one, node by node
 * from the far end (Dial 2006; which links come in: Nie 2010).
 *
 * It works on the same packed problem as the library (chains joined, laws in one cache line), with
 * the same trees, so that only the method differs.
 *
 *   repeat:  every origin: unused links out, links that shorten the longest way in, flow moves
 *            up to PASSES times: flow moves in the bushes that are not at rest
 *            exact gap by one tree of cheapest ways an origin */
#include "bush_rival.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "assign/problem.h"

#define PASSES     20u
#define REST_SHARE 0.1 /* a bush rests below this share of the mean difference of labels */

typedef struct bush {
    uint32_t n, n_links;
    uint32_t *order; /* nodes so that every link goes forward; the origin first */
    uint32_t *first; /* by place in order: into links */
    uint32_t *links; /* into each node */
} bush;

typedef struct bushes {
    krni_problem problem;
    bush *list;   /* by source */
    double *flow; /* n_sources * n_links */
    double *low, *high;
    uint32_t *place, *by_low, *by_high, *degree, *enter;
    uint8_t *is_in; /* by link: in the bush at hand */
    uint32_t *way_low, *way_high;
    double *cost;
    krni_tree_work work;
    double dust, wide; /* largest difference of labels of the bush at hand */
} bushes;

static double now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double time_of(const bushes *b, uint32_t class_index, uint32_t link)
{
    return b->problem.delays.links[link].time + krni_fixed_of(&b->problem, class_index)[link];
}

/* Labels along the order: cheapest way, and the dearest over links with flow (all: over all). */
static void label(bushes *b, uint32_t source, bool all)
{
    const bush *w = &b->list[source];
    const uint32_t c = b->problem.sources[source].class_index;
    const double *flow = b->flow + (size_t)source * b->problem.graph.n_links;
    b->wide = 0.0;
    b->low[w->order[0]] = b->high[w->order[0]] = 0.0;
    b->place[w->order[0]] = 0;
    for (uint32_t at = 1; at < w->n; at++) {
        const uint32_t v = w->order[at];
        double low = HUGE_VAL, high = -1.0;
        b->place[v] = at;
        b->by_high[v] = KRNI_NO_LINK;
        for (uint32_t i = w->first[at]; i < w->first[at + 1]; i++) {
            const uint32_t a = w->links[i], from = b->problem.graph.tail[a];
            const double time = time_of(b, c, a);
            if (b->low[from] + time < low) {
                low = b->low[from] + time;
                b->by_low[v] = a;
            }
            if ((all || flow[a] > b->dust) && b->high[from] + time > high) {
                high = b->high[from] + time;
                b->by_high[v] = a;
            }
        }
        b->low[v] = low;
        b->high[v] = high >= 0.0 ? high : low;
        if (b->by_high[v] != KRNI_NO_LINK)
            b->wide = fmax(b->wide, b->high[v] - low);
    }
}

/* The order and the links of a bush from is_in; false: no memory. */
static bool pack(bushes *b, uint32_t source)
{
    const krni_graph *g = &b->problem.graph;
    const uint32_t origin = b->problem.sources[source].node;
    bush *w = &b->list[source];
    uint32_t n = 0, n_links = 0;
    memset(b->degree, 0, g->n_nodes * sizeof *b->degree);
    for (uint32_t a = 0; a < g->n_links; a++)
        if (b->is_in[a]) {
            b->degree[g->head[a]]++;
            n_links++;
        }
    if (n_links > w->n_links || !w->links) {
        free(w->links);
        w->links = malloc((n_links + n_links / 4 + 1u) * sizeof *w->links);
        if (!w->links)
            return false;
    }
    w->n_links = n_links > w->n_links ? n_links : w->n_links;
    w->order[n++] = origin;
    n_links = 0;
    for (uint32_t at = 0; at < n; at++) {
        const uint32_t v = w->order[at];
        w->first[at] = n_links;
        for (uint32_t i = g->first_in[v]; i < g->first_in[v + 1] && v != origin; i++)
            if (b->is_in[g->in_link[i]])
                w->links[n_links++] = g->in_link[i];
        for (uint32_t a = g->first_out[v]; a < g->first_out[v + 1]; a++)
            if (b->is_in[a] && --b->degree[g->head[a]] == 0)
                w->order[n++] = g->head[a];
    }
    w->first[n] = n_links;
    w->n = n;
    return true;
}

/* Links without flow out but for the tree of cheapest ways; links in that cut the longest way, or
 * where there are none the shortest one. */
static bool improve(bushes *b, uint32_t source)
{
    const krni_graph *g = &b->problem.graph;
    const bush *w = &b->list[source];
    const krni_source *s = &b->problem.sources[source];
    const double *flow = b->flow + (size_t)source * g->n_links;
    uint32_t n_new = 0, kept = 0;
    label(b, source, false);
    memset(b->is_in, 0, g->n_links);
    for (uint32_t at = 1; at < w->n; at++)
        for (uint32_t i = w->first[at]; i < w->first[at + 1]; i++) {
            const uint32_t a = w->links[i];
            if (flow[a] > b->dust || b->by_low[w->order[at]] == a)
                b->is_in[a] = 1;
        }
    for (uint32_t at = 1; at < w->n; at++) /* labels over what is left */
        for (uint32_t i = w->first[at]; i < w->first[at + 1]; i++)
            kept += b->is_in[w->links[i]];
    if (kept && !pack(b, source))
        return false;
    label(b, source, true);
    for (int shorter = 0; shorter < 2 && !n_new; shorter++) {
        const double *by = shorter ? b->low : b->high;
        for (uint32_t v = 0; v < g->n_nodes; v++) {
            if ((g->shut[v] && v != s->node) || b->place[v] == UINT32_MAX)
                continue;
            for (uint32_t a = g->first_out[v]; a < g->first_out[v + 1]; a++) {
                const uint32_t to = g->head[a];
                const double time = time_of(b, s->class_index, a);
                if (!b->is_in[a] && to != s->node && by[v] + time < by[to] &&
                    b->high[v] + time <= b->high[to] && b->high[v] < b->high[to]) {
                    b->is_in[a] = 1;
                    n_new++;
                }
            }
        }
    }
    return pack(b, source);
}

static void shift(bushes *b, uint32_t source, uint32_t v)
{
    const krni_problem *p = &b->problem;
    const krni_graph *g = &p->graph;
    const uint32_t c = p->sources[source].class_index;
    double *flow = b->flow + (size_t)source * g->n_links;
    uint32_t n_low = 0, n_high = 0, x = v, y = v;
    double difference = 0.0, slope = 0.0, least = HUGE_VAL;
    for (bool first = true; first || x != y; first = false) { /* the later one goes back */
        const bool low_goes = first || b->place[x] > b->place[y];
        if (low_goes) {
            b->way_low[n_low++] = b->by_low[x];
            x = g->tail[b->by_low[x]];
        }
        if (first || !low_goes) {
            if (b->by_high[y] == KRNI_NO_LINK)
                return; /* rounding flows only */
            b->way_high[n_high++] = b->by_high[y];
            y = g->tail[b->by_high[y]];
        }
    }
    for (uint32_t i = 0; i < n_low; i++) {
        difference -= time_of(b, c, b->way_low[i]);
        slope += p->delays.links[b->way_low[i]].slope;
    }
    for (uint32_t i = 0; i < n_high; i++) {
        difference += time_of(b, c, b->way_high[i]);
        slope += p->delays.links[b->way_high[i]].slope;
        least = fmin(least, flow[b->way_high[i]]);
    }
    if (!(difference > 0.0) || !(least > b->dust))
        return;
    const double move = slope > 0.0 ? fmin(least, difference / slope) : least;
    for (uint32_t i = 0; i < n_low; i++) {
        flow[b->way_low[i]] += move;
        p->delays.links[b->way_low[i]].flow += move;
        krni_delay_update(&p->delays, b->way_low[i]);
    }
    for (uint32_t i = 0; i < n_high; i++) {
        const uint32_t a = b->way_high[i];
        flow[a] = flow[a] - move > b->dust ? flow[a] - move : 0.0;
        p->delays.links[a].flow = fmax(0.0, p->delays.links[a].flow - move);
        krni_delay_update(&p->delays, a);
    }
}

/* One pass over a bush from its far end; how wide the labels were. */
static double move_flow(bushes *b, uint32_t source, double rest)
{
    const bush *w = &b->list[source];
    label(b, source, false);
    const double wide = b->wide;
    if (wide <= rest)
        return wide;
    for (uint32_t at = w->n; at-- > 1;) {
        const uint32_t v = w->order[at];
        if (b->by_high[v] != KRNI_NO_LINK && b->by_high[v] != b->by_low[v])
            shift(b, source, v);
    }
    return wide;
}

static bool set_up(bushes *b, const krn_assign_network *network)
{
    krn_error err = {0};
    if (krni_problem_new(network, KRN_ASSIGN_USER, &b->problem, &err))
        return false;
    const krni_problem *p = &b->problem;
    const size_t n = p->graph.n_nodes + 1u, m = p->graph.n_links + 1u;
    b->dust = 1e-16 * p->load;
    b->list = calloc(p->n_sources + 1u, sizeof *b->list);
    b->flow = calloc(p->n_sources * m + 1u, sizeof *b->flow);
    b->low = malloc(n * sizeof *b->low);
    b->high = malloc(n * sizeof *b->high);
    b->cost = malloc(m * sizeof *b->cost);
    b->is_in = malloc(m);
    uint32_t **by_node[] = {&b->place, &b->by_low,  &b->by_high, &b->degree,
                            &b->enter, &b->way_low, &b->way_high};
    bool good = b->list && b->flow && b->low && b->high && b->cost && b->is_in &&
                krni_tree_work_new(p->graph.n_nodes, &b->work, &err) == KRN_OK;
    for (size_t k = 0; k < sizeof by_node / sizeof by_node[0]; k++) {
        *by_node[k] = malloc(n * sizeof **by_node[k]);
        good = good && *by_node[k];
    }
    for (uint32_t k = 0; good && k < p->n_sources; k++) {
        b->list[k].order = malloc(n * sizeof *b->list[k].order);
        b->list[k].first = malloc(n * sizeof *b->list[k].first);
        good = b->list[k].order && b->list[k].first;
    }
    return good;
}

static void hold_costs(bushes *b, uint32_t class_index)
{
    for (uint32_t a = 0; a < b->problem.graph.n_links; a++)
        b->cost[a] = time_of(b, class_index, a);
}

/* Trips on cheapest ways, origin after origin; a bush is at first the tree. */
static bool load_first(bushes *b)
{
    const krni_problem *p = &b->problem;
    const krni_graph *g = &p->graph;
    for (uint32_t k = 0; k < p->n_sources; k++) {
        const krni_source *s = &p->sources[k];
        double *flow = b->flow + (size_t)k * g->n_links;
        hold_costs(b, s->class_index);
        krni_tree_build(g, b->cost, s->node, b->enter, &b->work);
        memset(b->is_in, 0, g->n_links);
        for (uint32_t v = 0; v < g->n_nodes; v++)
            if (b->enter[v] != KRNI_NO_LINK)
                b->is_in[b->enter[v]] = 1;
        for (uint32_t i = s->first_trip; i < s->first_trip + s->n_trips; i++)
            for (uint32_t v = p->trip_end[i]; v != s->node; v = g->tail[b->enter[v]]) {
                flow[b->enter[v]] += p->trip_load[i];
                p->delays.links[b->enter[v]].flow += p->trip_load[i];
            }
        for (uint32_t a = 0; a < g->n_links; a++)
            if (flow[a] > 0.0)
                krni_delay_update(&p->delays, a);
        if (!pack(b, k))
            return false;
    }
    return true;
}

/* Relative gap, as flow * reduced cost over flow * cost. */
static double exact_gap(bushes *b)
{
    const krni_problem *p = &b->problem;
    const krni_graph *g = &p->graph;
    double excess = 0.0, total = 0.0;
    for (uint32_t k = 0; k < p->n_sources; k++) {
        const double *flow = b->flow + (size_t)k * g->n_links;
        if (!k || p->sources[k].class_index != p->sources[k - 1].class_index)
            hold_costs(b, p->sources[k].class_index);
        krni_tree_build(g, b->cost, p->sources[k].node, b->enter, &b->work);
        for (uint32_t a = 0; a < g->n_links; a++)
            if (flow[a] > 0.0) {
                total += flow[a] * b->cost[a];
                excess += flow[a] * fmax(0.0, b->work.label[g->tail[a]] + b->cost[a] -
                                                  b->work.label[g->head[a]]);
            }
    }
    return total > 0.0 ? excess / total : 0.0;
}

static double objective_of(const bushes *b)
{
    const krni_problem *p = &b->problem;
    double sum = krni_problem_integral(p);
    for (uint32_t k = 0; k < p->n_sources; k++)
        for (uint32_t a = 0; a < p->graph.n_links; a++)
            sum += b->flow[(size_t)k * p->graph.n_links + a] *
                   krni_fixed_of(p, p->sources[k].class_index)[a];
    return sum;
}

static bool iterate(bushes *b)
{
    const uint32_t n = b->problem.n_sources;
    double sum = 0.0;
    for (uint32_t v = 0; v < b->problem.graph.n_nodes; v++)
        b->place[v] = UINT32_MAX;
    for (uint32_t k = 0; k < n; k++) {
        for (uint32_t v = 0; v < b->problem.graph.n_nodes; v++)
            b->place[v] = UINT32_MAX;
        if (!improve(b, k))
            return false;
        sum += move_flow(b, k, 0.0);
    }
    const double rest = REST_SHARE * sum / n;
    for (uint32_t pass = 0; pass < PASSES; pass++) {
        uint32_t n_moved = 0;
        for (uint32_t k = 0; k < n; k++)
            n_moved += move_flow(b, k, rest) > rest;
        if (!n_moved)
            break;
    }
    return true;
}

static void tear_down(bushes *b)
{
    for (uint32_t k = 0; b->list && k < b->problem.n_sources; k++) {
        free(b->list[k].order);
        free(b->list[k].first);
        free(b->list[k].links);
    }
    void *all[] = {b->list,   b->flow,    b->low,    b->high,  b->cost,    b->is_in,   b->place,
                   b->by_low, b->by_high, b->degree, b->enter, b->way_low, b->way_high};
    for (size_t k = 0; k < sizeof all / sizeof all[0]; k++)
        free(all[k]);
    krni_tree_work_free(&b->work);
    krni_problem_free(&b->problem);
}

bush_outcome bush_solve(const krn_assign_network *network, const double bounds[BUSH_BOUNDS],
                        double most_s)
{
    bushes b = {0};
    const double begin = now_s();
    bush_outcome out = {.gap_share = HUGE_VAL};
    out.good = set_up(&b, network) && load_first(&b);
    while (out.good && out.gap_share > bounds[BUSH_BOUNDS - 1] && now_s() - begin < most_s) {
        out.good = iterate(&b);
        out.iterations++;
        const double before = now_s();
        out.gap_share = exact_gap(&b);
        out.gap_s += now_s() - before;
        for (int k = 0; k < BUSH_BOUNDS; k++)
            if (out.gap_share <= bounds[k] && !(out.bound_s[k] > 0.0))
                out.bound_s[k] = now_s() - begin;
    }
    out.whole_s = now_s() - begin;
    if (out.good)
        out.objective = objective_of(&b);
    out.flows_mb = (double)b.problem.n_sources * b.problem.graph.n_links * 8e-6;
    tear_down(&b);
    return out;
}
