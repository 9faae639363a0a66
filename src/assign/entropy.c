/* SPDX-License-Identifier: Apache-2.0 */
/* entropy.c - which of all flows by route that give the loads of an equilibrium is most likely.
 *
 * Ways of the same cost are alike to all who go them, so the flows of largest entropy are those
 * that most arrangements of trips lead to. They have the form
 *
 *     flow of a route = trips * product over its links of exp(-b_a) / the same sum over all routes
 *
 * with one number b_a a link for all origins. The numbers are the least point of a smooth convex
 * function whose slope is load - sum of flows; found by L-BFGS (Liu and Nocedal 1989) with the
 * loads as scale. Routes are not listed: each source has its links in order of the cost to their
 * heads, one pass gives sums over routes and one pass back the flows. */
#include "assign/entropy.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

#define PARTS       16u
#define MEMORY      12u
#define MOST_STEPS  2000u
#define STILL_SHARE 1e-10
#define MOST_HALVES 40u

/* Links of one source by head, heads in order of their cost. */
typedef struct ordered {
    uint32_t *links;
    uint32_t n;
    bool failed;
} ordered;

/* Scratch of one worker. */
typedef struct spreader {
    double *sum;     /* log of the sum over routes to a node */
    double *ends;    /* trips through a node */
    double *part;    /* of a link in what comes to its head */
    uint32_t *order; /* place of a node by cost */
} spreader;

typedef struct entropy {
    krni_segments *segments;
    const double *cost;
    double share;
    krni_seeker *seekers;
    spreader *spreaders;
    ordered *sources;
    const double *number; /* b, of the evaluation */
    double *load;         /* of the equilibrium */
    double *part_load;    /* PARTS * n_links */
    double part_value[PARTS];
    bool keeps; /* flows by source are written */
} entropy;

/* ---- links of a source ---- */

typedef struct by_cost {
    double label;
    uint32_t depth, node;
} by_cost;

static int compare_cost(const void *a, const void *b)
{
    const by_cost *x = a, *y = b;
    if (x->label != y->label)
        return x->label < y->label ? -1 : 1;
    if (x->depth != y->depth)
        return x->depth < y->depth ? -1 : 1;
    return x->node < y->node ? -1 : x->node > y->node;
}

/* Links by which a source may come to a node, from links that are reached themselves. */
static void add_links(entropy *e, uint32_t source, uint32_t node, const uint32_t *place,
                      const double *label, const double *cost, ordered *out)
{
    const krni_problem *p = e->segments->problem;
    const krni_graph *g = &p->graph;
    const uint32_t origin = p->sources[source].node;
    for (uint32_t k = g->first_in[node]; k < g->first_in[node + 1]; k++) {
        const uint32_t a = g->in_link[k], from = g->tail[a];
        if (e->load[a] > e->segments->dust && (!g->shut[from] || from == origin) &&
            place[from] < place[node] &&
            label[from] + cost[a] - label[node] <= e->share * label[node])
            out->links[out->n++] = a;
    }
}

static uint32_t depth_of(const krni_graph *g, const uint32_t *enter, uint32_t node)
{
    uint32_t depth = 0;
    for (; enter[node] != KRNI_NO_LINK; node = g->tail[enter[node]])
        depth++;
    return depth;
}

static void order_job(void *context, uint32_t source, unsigned worker)
{
    entropy *e = context;
    const krni_problem *p = e->segments->problem;
    const krni_graph *g = &p->graph;
    const double *cost = e->cost + (size_t)p->sources[source].class_index * g->n_links;
    uint32_t *enter = e->segments->enter + (size_t)source * g->n_nodes;
    krni_tree_work *tree = &e->seekers[worker].tree;
    uint32_t *place = e->spreaders[worker].order;
    ordered *out = &e->sources[source];
    by_cost *list = malloc((g->n_nodes + (size_t)1) * sizeof *list);
    uint32_t n = 0;
    out->links = malloc((g->n_links + (size_t)1) * sizeof *out->links);
    out->failed = !list || !out->links;
    krni_tree_repair(g, cost, p->sources[source].node, enter, tree);
    for (uint32_t v = 0; v < g->n_nodes && !out->failed; v++) {
        place[v] = UINT32_MAX;
        if (!isinf(tree->label[v]))
            list[n++] = (by_cost){tree->label[v], depth_of(g, enter, v), v};
    }
    if (!out->failed) {
        qsort(list, n, sizeof *list, compare_cost);
        for (uint32_t i = 0; i < n; i++)
            place[list[i].node] = i;
        for (uint32_t i = 1; i < n; i++)
            add_links(e, source, list[i].node, place, tree->label, cost, out);
        uint32_t *links = realloc(out->links, (out->n + (size_t)1) * sizeof *links);
        out->links = links ? links : out->links;
    }
    free(list);
}

/* ---- one evaluation ---- */

/* Parts of the links that come to the head of links[from]; the end of that group. */
static uint32_t sum_group(const entropy *e, const krni_graph *g, spreader *w, const ordered *o,
                          uint32_t from)
{
    const uint32_t head = g->head[o->links[from]];
    uint32_t end = from;
    double most = -HUGE_VAL, sum = 0.0;
    for (; end < o->n && g->head[o->links[end]] == head; end++) {
        w->part[end] = w->sum[g->tail[o->links[end]]] - e->number[o->links[end]];
        most = w->part[end] > most ? w->part[end] : most;
    }
    if (most == -HUGE_VAL) {
        for (uint32_t i = from; i < end; i++)
            w->part[i] = 0.0;
        return end;
    }
    if (end == from + 1) {
        w->sum[head] = most;
        w->part[from] = 1.0;
        return end;
    }
    for (uint32_t i = from; i < end; i++)
        sum += w->part[i] = exp(w->part[i] - most);
    for (uint32_t i = from; i < end; i++)
        w->part[i] /= sum;
    w->sum[head] = most + log(sum);
    return end;
}

/* Sum over trips of load * log of the sum over routes; flows are added to load. */
static double spread_source(entropy *e, uint32_t source, spreader *w, double *load)
{
    const krni_problem *p = e->segments->problem;
    const krni_graph *g = &p->graph;
    const krni_source *s = &p->sources[source];
    const ordered *o = &e->sources[source];
    double *flow = e->keeps ? krni_flow_of(e->segments, source) : NULL;
    double value = 0.0;
    for (uint32_t v = 0; v < g->n_nodes; v++) {
        w->sum[v] = -HUGE_VAL;
        w->ends[v] = 0.0;
    }
    w->sum[s->node] = 0.0;
    for (uint32_t i = 0; i < o->n;)
        i = sum_group(e, g, w, o, i);
    for (uint32_t k = s->first_trip; k < s->first_trip + s->n_trips; k++) {
        value += p->trip_load[k] * w->sum[p->trip_end[k]];
        w->ends[p->trip_end[k]] += p->trip_load[k];
    }
    if (flow)
        memset(flow, 0, g->n_links * sizeof *flow);
    for (uint32_t i = o->n; i-- > 0;) {
        const uint32_t a = o->links[i];
        const double part = w->ends[g->head[a]] * w->part[i];
        w->ends[g->tail[a]] += part;
        load[a] += part;
        if (flow)
            flow[a] = part;
    }
    return value;
}

static void spread_job(void *context, uint32_t job, unsigned worker)
{
    entropy *e = context;
    const uint32_t n = e->segments->problem->n_sources, m = e->segments->problem->graph.n_links;
    double *load = e->part_load + (size_t)job * m;
    memset(load, 0, m * sizeof *load);
    e->part_value[job] = 0.0;
    for (uint32_t s = (uint32_t)((uint64_t)n * job / PARTS);
         s < (uint32_t)((uint64_t)n * (job + 1) / PARTS); s++)
        e->part_value[job] += spread_source(e, s, &e->spreaders[worker], load);
}

/* The convex function at number; its slope. */
static double evaluate(entropy *e, krni_workers *workers, const double *number, double *slope)
{
    const uint32_t m = e->segments->problem->graph.n_links;
    double value = 0.0;
    e->number = number;
    krni_workers_run(workers, PARTS, spread_job, e);
    for (uint32_t a = 0; a < m; a++) {
        slope[a] = e->load[a];
        for (uint32_t k = 0; k < PARTS; k++)
            slope[a] -= e->part_load[(size_t)k * m + a];
        value += number[a] * e->load[a];
    }
    for (uint32_t k = 0; k < PARTS; k++)
        value += e->part_value[k];
    return value;
}

/* ---- L-BFGS ---- */

typedef struct descent {
    uint32_t m, n_kept, at;
    double *number, *slope, *next, *next_slope, *step; /* m each */
    double *moves, *turns;                             /* MEMORY * m: of numbers, of slopes */
    double scale[MEMORY], weight[MEMORY];
} descent;

static double product(const double *x, const double *y, uint32_t m)
{
    double sum = 0.0;
    for (uint32_t a = 0; a < m; a++)
        sum += x[a] * y[a];
    return sum;
}

static void add(double *x, const double *y, double times, uint32_t m)
{
    for (uint32_t a = 0; a < m; a++)
        x[a] += times * y[a];
}

/* The step: minus the remembered inverse bend times the slope; links weigh by 1 / load. */
static void choose_step(descent *d, const double *load)
{
    const uint32_t m = d->m;
    for (uint32_t a = 0; a < m; a++)
        d->step[a] = -d->slope[a];
    for (uint32_t i = 0; i < d->n_kept; i++) {
        const uint32_t k = (d->at + MEMORY - 1 - i) % MEMORY;
        d->weight[k] = d->scale[k] * product(d->moves + (size_t)k * m, d->step, m);
        add(d->step, d->turns + (size_t)k * m, -d->weight[k], m);
    }
    for (uint32_t a = 0; a < m; a++)
        d->step[a] = load[a] > 0.0 ? d->step[a] / load[a] : 0.0;
    for (uint32_t i = d->n_kept; i-- > 0;) {
        const uint32_t k = (d->at + MEMORY - 1 - i) % MEMORY;
        const double back = d->scale[k] * product(d->turns + (size_t)k * m, d->step, m);
        add(d->step, d->moves + (size_t)k * m, d->weight[k] - back, m);
    }
}

static void remember(descent *d)
{
    const uint32_t m = d->m;
    double *move = d->moves + (size_t)d->at * m, *turn = d->turns + (size_t)d->at * m;
    for (uint32_t a = 0; a < m; a++) {
        move[a] = d->next[a] - d->number[a];
        turn[a] = d->next_slope[a] - d->slope[a];
    }
    const double bend = product(move, turn, m);
    if (!(bend > 0.0))
        return;
    d->scale[d->at] = 1.0 / bend;
    d->at = (d->at + 1) % MEMORY;
    d->n_kept += d->n_kept < MEMORY;
}

static double worst_share(const descent *d, const double *load, double dust)
{
    double worst = 0.0;
    for (uint32_t a = 0; a < d->m; a++)
        if (load[a] > dust)
            worst = fmax(worst, fabs(d->slope[a]) / load[a]);
    return worst;
}

/* One step with halving until the function falls enough; false: it cannot. */
static bool step_down(entropy *e, descent *d, krni_workers *workers, double *value)
{
    double length = 1.0;
    const double down = product(d->slope, d->step, d->m);
    if (!(down < 0.0))
        return false;
    for (uint32_t k = 0; k < MOST_HALVES; k++, length *= 0.5) {
        for (uint32_t a = 0; a < d->m; a++)
            d->next[a] = d->number[a] + length * d->step[a];
        const double next = evaluate(e, workers, d->next, d->next_slope);
        /* near the end the value is all rounding: then the slope decides */
        const bool flat = fabs(next - *value) <= 1e-13 * fabs(*value);
        const double along = product(d->next_slope, d->step, d->m);
        if (flat ? fabs(along) <= fabs(down) : next <= *value + 1e-4 * length * down) {
            remember(d);
            double *swap = d->number;
            d->number = d->next;
            d->next = swap;
            swap = d->slope;
            d->slope = d->next_slope;
            d->next_slope = swap;
            *value = next;
            return true;
        }
    }
    return false;
}

static double descend(entropy *e, descent *d, krni_workers *workers)
{
    const double dust = 1e-9 * e->segments->problem->load;
    double value = evaluate(e, workers, d->number, d->slope);
    if (!isfinite(value)) /* an end that no loaded link of like cost leads to */
        return HUGE_VAL;
    for (uint32_t k = 0; k < MOST_STEPS && worst_share(d, e->load, dust) > STILL_SHARE; k++) {
        choose_step(d, e->load);
        if (step_down(e, d, workers, &value))
            continue;
        if (!d->n_kept)
            break;
        d->n_kept = 0; /* once more, straight down */
    }
    e->keeps = true;
    (void)evaluate(e, workers, d->number, d->slope);
    return worst_share(d, e->load, dust);
}

/* ---- memory ---- */

static bool descent_new(descent *d, uint32_t m)
{
    const size_t n = m + (size_t)1;
    *d = (descent){.m = m,
                   .number = calloc(n, sizeof(double)),
                   .slope = calloc(n, sizeof(double)),
                   .next = calloc(n, sizeof(double)),
                   .next_slope = calloc(n, sizeof(double)),
                   .step = calloc(n, sizeof(double)),
                   .moves = calloc(MEMORY * n, sizeof(double)),
                   .turns = calloc(MEMORY * n, sizeof(double))};
    return d->number && d->slope && d->next && d->next_slope && d->step && d->moves && d->turns;
}

static void descent_free(descent *d)
{
    free(d->number);
    free(d->slope);
    free(d->next);
    free(d->next_slope);
    free(d->step);
    free(d->moves);
    free(d->turns);
}

static bool entropy_new(entropy *e, unsigned n_workers)
{
    const krni_graph *g = &e->segments->problem->graph;
    const size_t n = g->n_nodes + (size_t)1, m = g->n_links + (size_t)1;
    e->spreaders = calloc(n_workers, sizeof *e->spreaders);
    e->sources = calloc(e->segments->problem->n_sources + (size_t)1, sizeof *e->sources);
    e->load = calloc(m, sizeof *e->load);
    e->part_load = calloc(PARTS * m, sizeof *e->part_load);
    bool good = e->spreaders && e->sources && e->load && e->part_load;
    for (unsigned k = 0; good && k < n_workers; k++) {
        spreader *w = &e->spreaders[k];
        w->sum = malloc(n * sizeof *w->sum);
        w->ends = malloc(n * sizeof *w->ends);
        w->part = malloc(m * sizeof *w->part);
        w->order = malloc(n * sizeof *w->order);
        good = w->sum && w->ends && w->part && w->order;
    }
    return good;
}

static void entropy_free(entropy *e, unsigned n_workers)
{
    for (unsigned k = 0; e->spreaders && k < n_workers; k++) {
        free(e->spreaders[k].sum);
        free(e->spreaders[k].ends);
        free(e->spreaders[k].part);
        free(e->spreaders[k].order);
    }
    for (uint32_t s = 0; e->sources && s < e->segments->problem->n_sources; s++)
        free(e->sources[s].links);
    free(e->spreaders);
    free(e->sources);
    free(e->load);
    free(e->part_load);
}

krn_status krni_spread_by_entropy(krni_segments *segments, const double *cost, double share,
                                  krni_workers *workers, krni_seeker *seekers,
                                  double *out_off_share, krn_error *err)
{
    const krni_problem *p = segments->problem;
    entropy e = {.segments = segments, .cost = cost, .share = share, .seekers = seekers};
    descent d = {0};
    const unsigned n_workers = krni_workers_count(workers);
    bool good = entropy_new(&e, n_workers) && descent_new(&d, p->graph.n_links);
    if (good) {
        for (uint32_t a = 0; a < p->graph.n_links; a++)
            e.load[a] = p->delays.links[a].flow;
        krni_workers_run(workers, p->n_sources, order_job, &e);
        for (uint32_t s = 0; s < p->n_sources; s++)
            good = good && !e.sources[s].failed;
    }
    if (good)
        *out_off_share = descend(&e, &d, workers);
    descent_free(&d);
    entropy_free(&e, n_workers);
    return good ? KRN_OK : krni_fail_memory(err);
}
