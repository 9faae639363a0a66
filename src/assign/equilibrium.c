/* SPDX-License-Identifier: Apache-2.0 */
/* equilibrium.c - the iteration over paired segments, its gap and its end.
 *
 *   all trips on cheapest ways, block of sources after block
 *   repeat:  costs held --> trees, gap, pairs of every source      (threads, source by source)
 *            flow moves along the new pairs, then sweeps over all  (one thread, in order)
 *
 * While the gap is large the sources go in blocks, so that later ones see what earlier ones did;
 * the gap of such a round is of mixed costs and never ends the iteration. Blocks do not hang on the
 * number of threads, so neither does the answer.
 *
 * The excess over the cheapest ways is summed link by link as flow * reduced cost, all of one sign:
 * gaps far below the rounding of the totals still mean something. */
#include "assign/equilibrium.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "assign/entropy.h"
#include "assign/joint_step.h"
#include "assign/no_room.h"
#include "base/error.h"

#define BLOCK           16u
#define MIXED_GAP       1e-2 /* above: blocks */
#define MOST_SWEEPS     20u
#define SWEEPS_TO_SHARE 0.02
#define SWEEPS_TO_JOINT 4u
#define SKIP_SHARE      0.01 /* of the mean excess of a node: not worth a pair */
#define FIRST_GAP       0.1
#define SUM_CHUNK       512u
#define JOINT_GAP       1e-4 /* below: joint steps */
#define SLOW            0.7  /* gap over the one before */
#define MOST_SLOW       4u
#define WARM_GAP        1e-3 /* hard capacities: gap at the first change of prices */
#define LIMIT_SHARE     1e-8 /* how well they are kept */
#define MOST_PRICES     200u
#define PRICES_FALL     0.5 /* slower: a stiffer penalty */
#define STIFFER         2.0
#define NEAR_LIMIT      1e-2         /* gap before the next change, over the share of now */
#define ALIKE_SHARE     1e-6         /* differences of cost of ways that count as alike */
#define MOST_FLOWS      2147483648.0 /* 16 GiB */

typedef struct equilibrium {
    krn_assignment *answer;
    krni_problem *problem;
    krni_segments *segments;
    krni_workers *workers;
    krni_seeker *seekers;    /* one per worker */
    krni_findings *findings; /* one per source of a block */
    uint32_t n_findings;
    double *cost;            /* n_classes * n_links, held while sources look */
    double least;            /* excess of a link below which no pair is sought */
    uint32_t first, n_block; /* source of job 0, sources of the block */
    double excess, total;
    bool is_warm;       /* started from a base */
    uint32_t n_slow;    /* iterations that made the gap hardly less */
    double worst_limit; /* how far off the hard capacities were at the last change */
    uint32_t n_prices;  /* changes of the prices of hard capacities */
} equilibrium;

static void hold_costs(equilibrium *e)
{
    const krni_problem *p = e->problem;
    const uint32_t m = p->graph.n_links;
    for (uint32_t c = 0; c < p->n_classes; c++) {
        const double *fixed = krni_fixed_of(p, c);
        double *cost = e->cost + (size_t)c * m;
        for (uint32_t a = 0; a < m; a++)
            cost[a] = p->delays.links[a].time + fixed[a];
    }
}

static const double *cost_of(const equilibrium *e, uint32_t source)
{
    return e->cost + (size_t)e->problem->sources[source].class_index * e->problem->graph.n_links;
}

static void load_job(void *context, uint32_t job, unsigned worker)
{
    equilibrium *e = context;
    const uint32_t source = e->first + job;
    krni_segments_load_tree(e->segments, source, cost_of(e, source), &e->seekers[worker]);
}

static void find_job(void *context, uint32_t job, unsigned worker)
{
    equilibrium *e = context;
    const uint32_t source = e->first + job;
    krni_segments_find(e->segments, source, cost_of(e, source), e->least, &e->seekers[worker],
                       &e->findings[job]);
}

static void sum_job(void *context, uint32_t job, unsigned worker)
{
    equilibrium *e = context;
    const uint32_t m = e->problem->graph.n_links, first = job * SUM_CHUNK;
    (void)worker;
    krni_segments_sum(e->segments, first, first + SUM_CHUNK < m ? first + SUM_CHUNK : m);
}

/* Adds the flows of sources first .. first + n_block - 1 to the loads. */
static void add_job(void *context, uint32_t job, unsigned worker)
{
    equilibrium *e = context;
    const krni_delays *d = &e->problem->delays;
    const uint32_t m = e->problem->graph.n_links, first = job * SUM_CHUNK;
    const uint32_t end = first + SUM_CHUNK < m ? first + SUM_CHUNK : m;
    (void)worker;
    for (uint32_t k = e->first; k < e->first + e->n_block; k++) {
        const double *flow = krni_flow_of(e->segments, k);
        for (uint32_t a = first; a < end; a++)
            d->links[a].flow += flow[a];
    }
    for (uint32_t a = first; a < end; a++)
        krni_delay_update(d, a);
}

static uint32_t n_chunks(const equilibrium *e)
{
    return (e->problem->graph.n_links + SUM_CHUNK - 1) / SUM_CHUNK;
}

static void sum_loads(equilibrium *e)
{
    krni_workers_run(e->workers, n_chunks(e), sum_job, e);
}

/* Trips of a block of sources on cheapest ways by the costs that the blocks before left. */
static void load_first(equilibrium *e)
{
    const uint32_t n_sources = e->problem->n_sources;
    for (e->first = 0; e->first < n_sources; e->first += BLOCK) {
        const uint32_t left = n_sources - e->first;
        e->n_block = left < BLOCK ? left : BLOCK;
        hold_costs(e);
        krni_workers_run(e->workers, e->n_block, load_job, e);
        krni_workers_run(e->workers, n_chunks(e), add_job, e);
    }
}

/* Trees, gap and pairs of sources first .. first + n - 1. */
static void find_block(equilibrium *e, uint32_t first, uint32_t n)
{
    e->first = first;
    hold_costs(e);
    krni_workers_run(e->workers, n, find_job, e);
    for (uint32_t k = 0; k < n; k++) {
        e->excess += e->findings[k].excess;
        e->total += e->findings[k].total;
    }
}

static krn_status take_block(equilibrium *e, uint32_t first, uint32_t n, krn_error *err)
{
    krn_status status = KRN_OK;
    for (uint32_t k = 0; k < n && !status; k++)
        status = krni_segments_take(e->segments, first + k, &e->findings[k], err);
    return status;
}

/* Sweeps over all pairs, and joint steps between where pairs alone are slow: with hard capacities,
 * whose prices make links stiff, where links of constant time leave flat ways, and near the end. */
static krn_status sweep_all(equilibrium *e, krn_error *err)
{
    const bool joint = e->is_warm || e->problem->delays.n_limits > 0 || e->n_slow >= MOST_SLOW ||
                       e->answer->step.gap_share < JOINT_GAP;
    krn_status status = KRN_OK;
    double first = 0.0;
    for (uint32_t k = 0; k < MOST_SWEEPS && !status; k++) {
        if (joint && k % SWEEPS_TO_JOINT == 1)
            status = krni_joint_step(e->segments, err);
        const double moved = krni_segments_sweep(e->segments);
        if (k == 0)
            first = moved;
        if (!(moved > SWEEPS_TO_SHARE * first) && (k || !joint))
            break;
    }
    krni_segments_tidy(e->segments);
    sum_loads(e);
    return status;
}

static krn_status run_mixed(equilibrium *e, krn_error *err)
{
    krn_status status = KRN_OK;
    const uint32_t n_sources = e->problem->n_sources;
    for (uint32_t first = 0; first < n_sources && !status; first += BLOCK) {
        const uint32_t n = n_sources - first < BLOCK ? n_sources - first : BLOCK;
        find_block(e, first, n);
        status = take_block(e, first, n, err);
    }
    return status;
}

static krn_status tell(equilibrium *e, const krn_assign_options *options, uint32_t iteration,
                       double objective, krn_error *err)
{
    krn_assign_step *step = &e->answer->step;
    step->iteration = iteration;
    step->gap_share = e->total > 0.0 ? e->excess / e->total : 0.0;
    step->excess_cost = e->problem->load > 0.0 ? e->excess / e->problem->load : 0.0;
    step->objective_cost = objective;
    step->n_pairs = e->segments->n_pairs;
    if (options->progress && !options->progress(options->progress_context, step))
        return krni_fail(err, KRN_E_CANCELLED, "stopped at a relative gap of %.3g",
                         step->gap_share);
    return KRN_OK;
}

/* Prices that do not settle: a proof that there is no room, else a stiffer penalty. */
static krn_status press(equilibrium *e, krn_assign_shortage *shortage, krn_error *err)
{
    krni_delays *d = &e->problem->delays;
    const krn_status status = krni_no_room(e->problem, e->workers, e->seekers, shortage, err);
    for (uint32_t a = 0; a < d->n_links; a++)
        d->limits[a].stiffness *= STIFFER;
    return status;
}

/* New prices of hard capacities (augmented Lagrangian); *out_kept: they hold as they are. */
static krn_status set_prices(equilibrium *e, krn_assign_shortage *shortage, bool *out_kept,
                             krn_error *err)
{
    krni_delays *d = &e->problem->delays;
    krn_status status = KRN_OK;
    double worst = 0.0;
    uint32_t link = 0;
    for (uint32_t a = 0; a < d->n_links; a++) {
        krni_limit *m = d->links[a].limited ? &d->limits[a] : NULL;
        if (!m)
            continue;
        const double before = m->price;
        m->price = fmax(0.0, m->price + m->stiffness * (d->links[a].flow - m->limit));
        const double moved = fabs(m->price - before) / m->stiffness;
        const double share = moved / fmax(m->limit, 1e-9 * e->problem->load);
        if (share > worst) {
            worst = share;
            link = e->problem->graph.part[e->problem->graph.first_part[a]];
        }
    }
    *out_kept = worst <= LIMIT_SHARE;
    if (!*out_kept && e->n_prices && worst > PRICES_FALL * e->worst_limit)
        status = press(e, shortage, err);
    for (uint32_t a = 0; a < d->n_links; a++)
        krni_delay_update(d, a);
    e->worst_limit = worst;
    if (!status && ++e->n_prices > MOST_PRICES && !*out_kept)
        status = krni_fail(err, KRN_E_NO_ROUTE,
                           "the hard capacities cannot carry the trips: link %u (%u to %u) is off "
                           "by a share of %.3g",
                           link, e->problem->network->links[link].tail,
                           e->problem->network->links[link].head, worst);
    return status;
}

static krn_status iterate(equilibrium *e, const krn_assign_options *options, krn_error *err)
{
    const double goal = options->gap_share > 0.0 ? options->gap_share : 1e-6;
    const uint32_t most = options->max_iterations ? options->max_iterations : 1000u;
    const bool limited = e->problem->delays.n_limits > 0;
    const double nodes = (double)e->problem->n_sources * e->problem->graph.n_nodes;
    double near = limited ? fmax(goal, WARM_GAP) : goal;
    krn_status status = KRN_OK;
    double before = HUGE_VAL;
    bool mixed = !options->base, kept = true;
    e->least = mixed ? SKIP_SHARE * FIRST_GAP * krni_problem_time(e->problem) / nodes : 0.0;
    for (uint32_t k = 1; k <= most && !status; k++) {
        double objective;
        e->excess = e->total = 0.0;
        if (mixed) {
            status = run_mixed(e, err);
            sum_loads(e);
            objective = krni_problem_integral(e->problem) + krni_segments_fixed(e->segments);
        } else {
            find_block(e, 0, e->problem->n_sources);
            objective =
                krni_problem_integral(e->problem) + (e->total - krni_problem_time(e->problem));
        }
        if (!status)
            status = tell(e, options, k, objective, err);
        const double gap = e->answer->step.gap_share;
        if (!status && !mixed && gap <= near) {
            if (limited)
                status = set_prices(e, options->shortage, &kept, err);
            if (kept && gap <= goal)
                break;
            near = limited ? fmax(goal, fmin(near, NEAR_LIMIT * e->worst_limit)) : goal;
        }
        if (!status && !mixed)
            status = take_block(e, 0, e->problem->n_sources, err);
        mixed = mixed && gap > MIXED_GAP;
        e->least = SKIP_SHARE * e->excess / nodes;
        e->n_slow += gap > SLOW * before;
        before = gap;
        if (!status)
            status = sweep_all(e, err);
    }
    if (!status && limited && !(e->n_prices && e->worst_limit <= LIMIT_SHARE))
        status = krni_fail(err, KRN_E_LIMIT,
                           "ended after %u iterations, before the hard "
                           "capacities were kept",
                           most);
    return status;
}

/* Flows by source of largest entropy; the answer's loads stay as they are. */
static krn_status spread(equilibrium *e, krn_error *err)
{
    const double gap = e->answer->step.gap_share;
    hold_costs(e);
    return krni_spread_by_entropy(e->segments, e->cost, fmin(1e-3, fmax(ALIKE_SHARE, sqrt(gap))),
                                  e->workers, e->seekers, &e->answer->spread_off_share, err);
}

/* ---- start from another answer ---- */

/* Whether two sources have the same class, origin and trips. */
static bool is_same_source(const krni_problem *a, uint32_t i, const krni_problem *b, uint32_t j)
{
    const krni_source *x = &a->sources[i], *y = &b->sources[j];
    if (x->n_trips != y->n_trips)
        return false;
    for (uint32_t k = 0; k < x->n_trips; k++)
        if (a->graph.node[a->trip_end[x->first_trip + k]] !=
                b->graph.node[b->trip_end[y->first_trip + k]] ||
            a->trip_load[x->first_trip + k] != b->trip_load[y->first_trip + k])
            return false;
    return true;
}

static bool comes_before(const krni_problem *a, uint32_t i, const krni_problem *b, uint32_t j)
{
    const krni_source *x = &a->sources[i], *y = &b->sources[j];
    if (x->class_index != y->class_index)
        return x->class_index < y->class_index;
    return a->graph.node[x->node] < b->graph.node[y->node];
}

static bool is_same_graph(const krni_graph *a, const krni_graph *b)
{
    const size_t n = a->n_nodes, m = a->n_links;
    return n == b->n_nodes && m == b->n_links &&
           memcmp(a->node, b->node, n * sizeof *a->node) == 0 && memcmp(a->shut, b->shut, n) == 0 &&
           memcmp(a->head, b->head, m * sizeof *a->head) == 0 &&
           memcmp(a->first_out, b->first_out, (n + 1) * sizeof *a->first_out) == 0 &&
           memcmp(a->first_part, b->first_part, (m + 1) * sizeof *a->first_part) == 0 &&
           memcmp(a->part, b->part, a->first_part[m] * sizeof *a->part) == 0;
}

/* Prices of hard capacities where the base had one as well. */
static void take_prices(equilibrium *e, const krn_assignment *base)
{
    const krni_problem *p = e->problem;
    for (uint32_t a = 0; base->price && p->delays.n_limits && a < p->graph.n_links; a++)
        if (p->delays.links[a].limited)
            p->delays.limits[a].price = base->price[p->graph.part[p->graph.first_part[a]]];
}

/* Flows of the base where its sources are the same; the others on cheapest ways. */
static krn_status load_base(equilibrium *e, const krn_assignment *base, krn_error *err)
{
    const krni_problem *p = e->problem, *old = &base->problem;
    const uint32_t n_links = p->network->n_links;
    if (!base->segments.flow || base->n_links != n_links)
        return krni_fail(err, KRN_E_ARG,
                         "the answer to start from has other links, or no flows by origin");
    uint32_t *link_of = malloc((n_links + (size_t)1) * sizeof *link_of);
    if (!link_of)
        return krni_fail_memory(err);
    for (uint32_t k = 0; k < n_links; k++)
        link_of[k] = KRNI_NO_LINK;
    for (uint32_t b = 0; b < old->graph.n_links; b++)
        for (uint32_t i = old->graph.first_part[b]; i < old->graph.first_part[b + 1]; i++)
            link_of[old->graph.part[i]] = b;
    const bool same_graph = is_same_graph(&p->graph, &old->graph);
    take_prices(e, base);
    hold_costs(e);
    uint32_t n_same = 0;
    for (uint32_t k = 0, j = 0; k < p->n_sources; k++) {
        while (j < old->n_sources && comes_before(old, j, p, k))
            j++;
        const bool same =
            j < old->n_sources && !comes_before(p, k, old, j) && is_same_source(p, k, old, j) &&
            krni_segments_copy(e->segments, k, &base->segments, j, same_graph ? NULL : link_of,
                               cost_of(e, k), &e->seekers[0]);
        n_same += same && j == k;
        if (!same)
            krni_segments_load_tree(e->segments, k, cost_of(e, k), &e->seekers[0]);
    }
    sum_loads(e);
    free(link_of);
    if (!same_graph || n_same != p->n_sources || n_same != old->n_sources)
        return KRN_OK;
    const krn_status status = krni_segments_copy_pairs(e->segments, &base->segments, err);
    return status ? status : sweep_all(e, err);
}

static krn_status set_up(equilibrium *e, krn_error *err)
{
    const krni_problem *p = e->problem;
    const unsigned n_workers = krni_workers_count(e->workers);
    e->n_findings = p->n_sources;
    e->cost = malloc(((size_t)p->n_classes * p->graph.n_links + 1) * sizeof *e->cost);
    e->seekers = calloc(n_workers, sizeof *e->seekers);
    e->findings = calloc(p->n_sources + (size_t)1, sizeof *e->findings);
    if (!e->cost || !e->seekers || !e->findings)
        return krni_fail_memory(err);
    if ((double)p->n_sources * p->graph.n_links > MOST_FLOWS)
        return krni_fail(err, KRN_E_LIMIT, "%u origins times %u links: more than fits",
                         p->n_sources, p->graph.n_links);
    krn_status status = krni_segments_new(e->problem, e->segments, err);
    for (unsigned k = 0; k < n_workers && !status; k++)
        status = krni_seeker_new(p->graph.n_nodes, &e->seekers[k], err);
    return status;
}

static krn_status fill(equilibrium *e, krn_error *err)
{
    const krni_problem *p = e->problem;
    const uint32_t m = p->graph.n_links;
    double *load = calloc((size_t)p->n_classes * m + 1, sizeof *load);
    if (!load)
        return krni_fail_memory(err);
    for (uint32_t k = 0; k < p->n_sources; k++) {
        double *sum = load + (size_t)p->sources[k].class_index * m;
        const double *flow = krni_flow_of(e->segments, k);
        for (uint32_t a = 0; a < m; a++)
            sum[a] += flow[a];
    }
    const krn_status status = krni_answer_fill(e->answer, load, err);
    free(load);
    return status;
}

krn_status krni_equilibrium(krn_assignment *answer, const krn_assign_options *options,
                            krni_workers *workers, krn_error *err)
{
    equilibrium e = {.answer = answer,
                     .problem = &answer->problem,
                     .segments = &answer->segments,
                     .workers = workers,
                     .is_warm = options->base != NULL};
    answer->step.gap_share = HUGE_VAL;
    krn_status status = set_up(&e, err);
    if (!status && options->base)
        status = load_base(&e, options->base, err);
    else if (!status)
        load_first(&e);
    if (!status)
        status = iterate(&e, options, err);
    if (!status)
        status = fill(&e, err);
    if (!status && options->proportional)
        status = spread(&e, err);
    if (!status)
        answer->bytes = krni_segments_bytes(e.segments);
    for (unsigned k = 0; e.seekers && k < krni_workers_count(workers); k++)
        krni_seeker_free(&e.seekers[k]);
    for (uint32_t k = 0; e.findings && k < e.n_findings; k++)
        krni_findings_free(&e.findings[k]);
    free(e.seekers);
    free(e.findings);
    free(e.cost);
    return status;
}

krn_status krn_assign(const krn_assign_network *network, const krn_assign_options *options,
                      krn_assignment **out, krn_error *err)
{
    krni_workers *workers = NULL;
    krn_assignment *answer = calloc(1, sizeof *answer);
    *out = NULL;
    if (!answer)
        return krni_fail_memory(err);
    krn_status status = krni_problem_new(network, options->method, &answer->problem, err);
    if (!status && options->algorithm == KRN_ASSIGN_FW &&
        (options->base || answer->problem.delays.n_limits))
        status = krni_fail(err, KRN_E_ARG,
                           "Frank-Wolfe takes no hard capacities and no base: paired segments do");
    if (!status)
        status = krni_workers_new(options->n_threads, &workers, err);
    if (!status)
        status = options->algorithm == KRN_ASSIGN_FW
                     ? krni_frank_wolfe(answer, options, workers, err)
                     : krni_equilibrium(answer, options, workers, err);
    krni_workers_free(workers);
    if (status)
        krn_assignment_free(answer);
    else
        *out = answer;
    return status;
}
