/* SPDX-License-Identifier: Apache-2.0 */
/* bench_limits.c - hard capacities: the augmented Lagrangian beside column generation.
 *
 *   bench_limits FOLDER [--runs N] [--trace]     NAME_net.tntp, NAME_trips.tntp of a folder
 *
 * The fullest links between junctions without limits (of the equilibrium, or of constant times at
 * their free time) are cut to a share of their load there: such that all trips still have a way
 * without them; "narrow": whichever they are, so that there may not be room for all. The best of N
 * runs by wall time; the limits are kept to 1e-8 and the gap is 1e-8. Column generation (where
 * COIN-OR CLP was found at build) is exact, and knows constant times only. */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tntp_net.h"
#ifdef KRN_HAS_CLP
#include "column_rival.h"
#endif

typedef struct cut_case {
    bool constant, narrow;
    uint32_t n_links;
    double share;
} cut_case;

static const cut_case cases[] = {
    {false, false, 5, 0.9},  {false, false, 20, 0.95}, {false, false, 20, 0.9},
    {false, false, 20, 0.7}, {false, false, 50, 0.95}, {false, false, 50, 0.8},
    {false, false, 50, 0.5}, {false, false, 200, 0.8}, {true, false, 5, 0.9},
    {true, false, 20, 0.9},  {true, false, 20, 0.5},   {true, false, 50, 0.9},
    {true, false, 50, 0.5},  {true, false, 200, 0.8},  {true, false, 20, 0.0},
    {false, true, 1, 0.9},   {false, true, 20, 0.7},   {false, true, 100, 0.9},
    {true, true, 5, 0.9},    {true, true, 50, 0.5},
};

static double now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Whether all zones reach all that they reached, with the limited links away. */
static bool has_ways(const tntp_loaded *t, uint32_t *order, bool *seen)
{
    const krn_assign_network *net = &t->network;
    for (uint32_t zone = 0; zone < t->n_zones; zone++) {
        memset(seen, 0, net->n_nodes);
        seen[order[0] = zone] = true;
        bool more = true;
        while (more) { /* as many passes as the longest way has turns against the order of links */
            more = false;
            for (uint32_t a = 0; a < net->n_links; a++) {
                const krn_assign_link *l = &t->links[a];
                if (isinf(l->limit_flow) && seen[l->tail] && !seen[l->head] &&
                    (l->tail == zone || !net->no_through[l->tail]))
                    more = seen[l->head] = true;
            }
        }
        for (uint32_t v = 0; v < t->n_zones; v++)
            if (!seen[v])
                return false;
    }
    return true;
}

/* Limits on the fullest links of `open` that are no connectors; the number of them. */
static uint32_t cut_fullest(tntp_loaded *t, const krn_assignment *open, const cut_case *which)
{
    const double *load = krn_assignment_load(open);
    uint32_t n = 0;
    uint32_t *order = malloc((t->network.n_nodes + 1u) * sizeof *order);
    bool *seen = malloc(t->network.n_nodes + 1u);
    bool *tried = calloc(t->network.n_links + 1u, sizeof *tried);
    while (order && seen && tried && n < which->n_links) {
        uint32_t best = UINT32_MAX;
        for (uint32_t a = 0; a < t->network.n_links; a++) {
            const krn_assign_link *l = &t->links[a];
            const bool inner = l->tail >= t->first_through && l->head >= t->first_through;
            if (inner && load[a] > 0.0 && !tried[a] &&
                (best == UINT32_MAX ||
                 load[a] / l->delay.capacity > load[best] / t->links[best].delay.capacity))
                best = a;
        }
        if (best == UINT32_MAX)
            break;
        tried[best] = true;
        t->links[best].limit_flow = which->share * load[best];
        if (which->narrow || has_ways(t, order, seen))
            n++;
        else
            t->links[best].limit_flow = HUGE_VAL;
    }
    free(order);
    free(seen);
    free(tried);
    return n;
}

static bool trace(void *context, const krn_assign_step *step)
{
    (void)context;
    (void)fprintf(stderr, "%4u %9.2e %.12g %u pairs\n", step->iteration, step->gap_share,
                  step->objective_cost, step->n_pairs);
    return true;
}

static void show_lagrangian(const tntp_loaded *t, unsigned runs, bool traced)
{
    double best = HUGE_VAL;
    krn_assign_step step = {0};
    uint32_t n_bind = 0;
    double worst = 0.0;
    bool failed = false;
    krn_error err = {0};
    for (unsigned run = 0; run < runs; run++) {
        krn_assignment *a = NULL;
        const krn_assign_options options = {
            .gap_share = 1e-8, .n_threads = 1, .progress = traced ? trace : NULL};
        const double start = now_s();
        failed = krn_assign(&t->network, &options, &a, &err) != KRN_OK;
        best = fmin(best, now_s() - start);
        if (failed)
            continue;
        step = krn_assignment_step(a);
        n_bind = 0;
        for (uint32_t k = 0; k < t->network.n_links; k++) {
            n_bind += krn_assignment_price_cost(a, k) > 0.0;
            if (isfinite(t->links[k].limit_flow))
                worst = fmax(worst, krn_assignment_load(a)[k] / t->links[k].limit_flow - 1.0);
        }
        krn_assignment_free(a);
    }
    if (failed)
        (void)printf(" %8.4f  %s", best, err.text);
    else
        (void)printf(" %8.4f %4u %4u  %.1e  %.12g", best, step.iteration, n_bind, worst,
                     step.objective_cost);
}

static void show_columns(const tntp_loaded *t, unsigned runs)
{
#ifdef KRN_HAS_CLP
    double best = HUGE_VAL;
    column_outcome out = {0};
    for (unsigned run = 0; run < runs; run++) {
        const double start = now_s();
        out = column_solve(&t->network);
        best = fmin(best, now_s() - start);
    }
    if (!out.good)
        (void)printf("  columns failed");
    else
        (void)printf("  | %8.4f %3u %5u  %.12g", best, out.rounds, out.n_columns, out.cost);
    if (out.unserved > 1e-6)
        (void)printf(" and %.6g without room", out.unserved);
#else
    (void)t;
    (void)runs;
#endif
}

static void run_case(tntp_loaded *t, const cut_case *which, unsigned runs, bool traced)
{
    krn_assignment *open = NULL;
    krn_error err = {0};
    const krn_assign_options options = {.gap_share = 1e-10, .n_threads = 1};
    for (uint32_t a = 0; a < t->network.n_links; a++) {
        t->links[a].limit_flow = HUGE_VAL;
        t->links[a].delay.kind = which->constant ? KRN_DELAY_CONSTANT : KRN_DELAY_BPR;
    }
    if (krn_assign(&t->network, &options, &open, &err)) {
        (void)fprintf(stderr, "%s\n", err.text);
        return;
    }
    const uint32_t n = cut_fullest(t, open, which);
    krn_assignment_free(open);
    (void)printf("  %-8s %-6s %3u to %2.0f %% ", which->constant ? "constant" : "BPR",
                 which->narrow ? "narrow" : "", n, 100.0 * which->share);
    show_lagrangian(t, runs, traced);
    if (which->constant)
        show_columns(t, runs);
    (void)printf("\n");
    (void)fflush(stdout);
}

int main(int argc, char **argv)
{
    unsigned runs = 3, only = UINT32_MAX;
    bool traced = false;
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--runs") == 0 && i + 1 < argc)
            runs = (unsigned)strtoul(argv[i + 1], NULL, 10);
        if (strcmp(argv[i], "--case") == 0 && i + 1 < argc)
            only = (unsigned)strtoul(argv[i + 1], NULL, 10);
        traced = traced || strcmp(argv[i], "--trace") == 0;
    }
    if (argc < 2) {
        (void)fprintf(stderr, "usage: bench_limits FOLDER [--runs N] [--case N] [--trace]\n");
        return 2;
    }
    (void)printf("  case                      s  its bind  over     objective          |  columns: "
                 "s, rounds, columns, objective\n");
    for (size_t k = 0; k < n_tntp_nets; k++) {
        krn_arena *arena = krn_arena_new(NULL, 0);
        tntp_loaded t;
        if (arena && tntp_net_is_there(argv[1], tntp_nets[k].name) &&
            tntp_net_load(argv[1], &tntp_nets[k], arena, &t)) {
            (void)printf("%s\n", tntp_nets[k].name);
            t.all.toll_weight = t.all.length_weight = 0.0;
            for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++)
                if (only == UINT32_MAX || only == c)
                    run_case(&t, &cases[c], runs, traced);
        }
        krn_arena_free(arena);
    }
    return 0;
}
