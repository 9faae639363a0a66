/* SPDX-License-Identifier: Apache-2.0 */
/* frank_wolfe.c - bi-conjugate Frank-Wolfe (Mitradjieva and Lindberg 2013): the plain second
 * method, and an oracle for the first.
 *
 *   y = all trips on cheapest ways; the target s mixes y with the last two targets so that the step
 *   is conjugate to the last two; flow moves to the least objective between x and s.
 *
 * Keeps link flows by class only. Slow below a gap of 1e-5. Sources are loaded in a fixed number of
 * parts that are summed in order, so the answer does not hang on the threads. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "assign/equilibrium.h"
#include "base/error.h"

#define PARTS     16u
#define HALVINGS  60u
#define LONG_STEP 0.99999

typedef struct frank_wolfe {
    krni_problem *problem;
    krni_tree_work *trees;                               /* one per worker */
    uint32_t *enter;                                     /* n_workers * n_nodes */
    size_t size;                                         /* n_classes * n_links */
    double *flow, *cost, *target, *last, *before, *part; /* size each; part: PARTS of them */
    double *sum_a, *sum_b;                               /* n_links: steps over all classes */
    double step;                                         /* length of the last one */
    uint32_t age;                                        /* steps since a plain one */
} frank_wolfe;

static void load_part(void *context, uint32_t job, unsigned worker)
{
    frank_wolfe *w = context;
    const krni_problem *p = w->problem;
    const krni_graph *g = &p->graph;
    double *part = w->part + job * w->size;
    uint32_t *enter = w->enter + (size_t)worker * g->n_nodes;
    const uint32_t end = (uint32_t)((uint64_t)p->n_sources * (job + 1) / PARTS);
    memset(part, 0, w->size * sizeof *part);
    for (uint32_t s = (uint32_t)((uint64_t)p->n_sources * job / PARTS); s < end; s++) {
        const krni_source *from = &p->sources[s];
        const size_t offset = (size_t)from->class_index * g->n_links;
        krni_tree_build(g, w->cost + offset, from->node, enter, &w->trees[worker]);
        for (uint32_t k = from->first_trip; k < from->first_trip + from->n_trips; k++)
            for (uint32_t v = p->trip_end[k]; v != from->node; v = g->tail[enter[v]])
                part[offset + enter[v]] += p->trip_load[k];
    }
}

/* target = all trips on cheapest ways by the costs of now. */
static void load_all(frank_wolfe *w, krni_workers *workers)
{
    const uint32_t m = w->problem->graph.n_links;
    for (size_t i = 0; i < w->size; i++)
        w->cost[i] = w->problem->delays.links[i % m].time + w->problem->fixed[i];
    krni_workers_run(workers, PARTS, load_part, w);
    memset(w->target, 0, w->size * sizeof *w->target);
    for (uint32_t k = 0; k < PARTS; k++)
        for (size_t i = 0; i < w->size; i++)
            w->target[i] += w->part[k * w->size + i];
}

static void set_loads(frank_wolfe *w)
{
    const krni_delays *d = &w->problem->delays;
    for (uint32_t a = 0; a < d->n_links; a++) {
        double load = 0.0;
        for (size_t i = a; i < w->size; i += d->n_links)
            load += w->flow[i];
        d->links[a].flow = load;
        krni_delay_update(d, a);
    }
}

/* out[a] = sum over classes of x - y. */
static void sum_step(const frank_wolfe *w, const double *x, const double *y, double *out)
{
    const uint32_t m = w->problem->graph.n_links;
    for (uint32_t a = 0; a < m; a++) {
        out[a] = 0.0;
        for (size_t i = a; i < w->size; i += m)
            out[a] += x[i] - y[i];
    }
}

/* a' H b with H the slopes of now. */
static double bent(const frank_wolfe *w, const double *a, const double *b)
{
    const krni_delays *d = &w->problem->delays;
    double sum = 0.0;
    for (uint32_t k = 0; k < d->n_links; k++)
        sum += a[k] * d->links[k].slope * b[k];
    return sum;
}

/* Mixes target with the last two, so that the step is conjugate to the steps that led here. */
static void mix_target(frank_wolfe *w)
{
    double mu = 0.0, nu = 0.0;
    if (w->age == 0 || w->step > LONG_STEP) {
        w->age = 0;
        return;
    }
    double *to_last = w->sum_a, *other = w->sum_b;
    sum_step(w, w->last, w->flow, to_last);
    sum_step(w, w->target, w->flow, other);
    const double own = bent(w, to_last, to_last);
    nu = own > 0.0 ? -bent(w, to_last, other) / own : 0.0;
    if (w->age > 1) {
        const double l = w->step;
        double *both = w->part, *between = w->part + w->problem->graph.n_links;
        sum_step(w, w->before, w->flow, both);
        for (uint32_t a = 0; a < w->problem->graph.n_links; a++)
            both[a] = l * to_last[a] + (1.0 - l) * both[a];
        sum_step(w, w->before, w->last, between);
        const double below = bent(w, both, between);
        mu = below != 0.0 ? fmax(0.0, -bent(w, both, other) / below) : 0.0;
        nu += mu * l / (1.0 - l);
    }
    nu = fmax(0.0, nu);
    const double all = 1.0 / (1.0 + mu + nu);
    for (size_t i = 0; i < w->size; i++)
        w->target[i] = all * (w->target[i] + nu * w->last[i] + mu * w->before[i]);
}

/* Slope of the objective at flow + length * (target - flow). */
static double slope_at(frank_wolfe *w, const double *step, double fixed, double length)
{
    krni_delays *d = &w->problem->delays;
    double slope = fixed;
    for (uint32_t a = 0; a < d->n_links; a++) {
        krni_loaded *l = &d->links[a];
        const double held = l->flow;
        l->flow = fmax(0.0, held + length * step[a]);
        krni_delay_update(d, a);
        slope += l->time * step[a];
        l->flow = held;
    }
    return slope;
}

static double best_length(frank_wolfe *w)
{
    double low = 0.0, high = 1.0, fixed = 0.0;
    for (size_t i = 0; i < w->size; i++)
        fixed += w->problem->fixed[i] * (w->target[i] - w->flow[i]);
    sum_step(w, w->target, w->flow, w->sum_a);
    if (slope_at(w, w->sum_a, fixed, 1.0) <= 0.0)
        return 1.0;
    for (uint32_t k = 0; k < HALVINGS && high - low > 1e-15; k++) {
        const double middle = 0.5 * (low + high);
        if (slope_at(w, w->sum_a, fixed, middle) < 0.0)
            low = middle;
        else
            high = middle;
    }
    return 0.5 * (low + high);
}

static void move(frank_wolfe *w)
{
    mix_target(w);
    double length = best_length(w);
    if (!(length > 1e-14) && w->age) { /* a mixed target that leads nowhere: start anew */
        w->age = 0;
        set_loads(w);
        return;
    }
    for (size_t i = 0; i < w->size; i++)
        w->flow[i] += length * (w->target[i] - w->flow[i]);
    double *spare = w->before;
    w->before = w->last;
    w->last = w->target;
    w->target = spare;
    w->step = length;
    w->age++;
    set_loads(w);
}

static krn_status tell(frank_wolfe *w, const krn_assign_options *options, uint32_t iteration,
                       krn_assign_step *step, krn_error *err)
{
    double total = 0.0, excess = 0.0, fixed = 0.0;
    for (size_t i = 0; i < w->size; i++) {
        total += w->flow[i] * w->cost[i];
        excess += (w->flow[i] - w->target[i]) * w->cost[i];
        fixed += w->flow[i] * w->problem->fixed[i];
    }
    *step = (krn_assign_step){
        .iteration = iteration,
        .gap_share = total > 0.0 ? fmax(0.0, excess) / total : 0.0,
        .excess_cost = w->problem->load > 0.0 ? fmax(0.0, excess) / w->problem->load : 0.0,
        .objective_cost = krni_problem_integral(w->problem) + fixed};
    if (options->progress && !options->progress(options->progress_context, step))
        return krni_fail(err, KRN_E_CANCELLED, "stopped at a relative gap of %.3g",
                         step->gap_share);
    return KRN_OK;
}

static krn_status set_up(frank_wolfe *w, unsigned n_workers, krn_error *err)
{
    const krni_graph *g = &w->problem->graph;
    krn_status status = KRN_OK;
    w->size = (size_t)w->problem->n_classes * g->n_links;
    double **const of_size[] = {&w->flow, &w->cost, &w->target, &w->last, &w->before};
    for (size_t k = 0; k < sizeof of_size / sizeof of_size[0]; k++) {
        *of_size[k] = calloc(w->size + 1, sizeof **of_size[k]);
        if (!*of_size[k])
            return krni_fail_memory(err);
    }
    w->part = calloc(PARTS * w->size + 1, sizeof *w->part);
    w->sum_a = calloc(g->n_links + (size_t)1, sizeof *w->sum_a);
    w->sum_b = calloc(g->n_links + (size_t)1, sizeof *w->sum_b);
    w->enter = malloc(((size_t)n_workers * g->n_nodes + 1) * sizeof *w->enter);
    w->trees = calloc(n_workers, sizeof *w->trees);
    if (!w->part || !w->sum_a || !w->sum_b || !w->enter || !w->trees)
        return krni_fail_memory(err);
    for (unsigned k = 0; k < n_workers && !status; k++)
        status = krni_tree_work_new(g->n_nodes, &w->trees[k], err);
    return status;
}

static void clean_up(frank_wolfe *w, unsigned n_workers)
{
    for (unsigned k = 0; w->trees && k < n_workers; k++)
        krni_tree_work_free(&w->trees[k]);
    free(w->trees);
    free(w->enter);
    free(w->flow);
    free(w->cost);
    free(w->target);
    free(w->last);
    free(w->before);
    free(w->part);
    free(w->sum_a);
    free(w->sum_b);
}

krn_status krni_frank_wolfe(krn_assignment *answer, const krn_assign_options *options,
                            krni_workers *workers, krn_error *err)
{
    const double goal = options->gap_share > 0.0 ? options->gap_share : 1e-6;
    const uint32_t most = options->max_iterations ? options->max_iterations : 100000u;
    frank_wolfe w = {.problem = &answer->problem};
    krn_status status = set_up(&w, krni_workers_count(workers), err);
    if (!status) {
        load_all(&w, workers);
        memcpy(w.flow, w.target, w.size * sizeof *w.flow);
        set_loads(&w);
    }
    for (uint32_t k = 1; k <= most && !status; k++) {
        load_all(&w, workers);
        status = tell(&w, options, k, &answer->step, err);
        if (status || answer->step.gap_share <= goal)
            break;
        move(&w);
    }
    if (!status)
        status = krni_answer_fill(answer, w.flow, err);
    answer->bytes = (PARTS + 5) * w.size * sizeof *w.flow;
    clean_up(&w, krni_workers_count(workers));
    return status;
}
