/* SPDX-License-Identifier: Apache-2.0 */
/* bench_assign.c - time from files to a relative gap, on TNTP networks of a folder.
 *
 *   bench_assign FOLDER [--runs N] [--threads N] [--system]   NAME_net.tntp, NAME_trips.tntp
 *   bench_assign FOLDER --warm          start from a base whose two fullest links had less capacity
 *   bench_assign FOLDER --bush          Algorithm B instead, one run, reading not counted
 *   bench_assign --city FOLDER [--trips N]                    writes a made city, City_*.tntp
 *   bench_assign --paths [--runs N]                           rows over paths, made
 *
 * Each run is a process of its own: reading, all iterations to 1e-12, time at the first gap at or
 * below each bound, processor time, memory at most. The run of least processor time is shown;
 * of several threads that of least wall time. "main" is the processor time of the first thread:
 * what the wall time comes to where nothing else runs. Objectives are compared with the published
 * ones where there are any. */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <keruen/assign.h>
#include <keruen/path_assign.h>

#include "bush_rival.h"
#include "citygen.h"
#include "pathgen.h"
#include "tntp_net.h"

#define N_BOUNDS    BUSH_BOUNDS
#define GOAL        1e-12
#define MOST_BUSH_S 120.0

static const double bounds[N_BOUNDS] = {1e-4, 1e-6, 1e-8, 1e-10, GOAL};

typedef struct outcome {
    bool good;
    uint32_t n_zones, n_nodes, n_links, iterations;
    double read_s, wall_s, main_s, bound_s[N_BOUNDS];
    double gap_share, objective, most_mb;
} outcome;

typedef struct stopwatch {
    double begin;
    outcome *out;
} stopwatch;

static double now_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* A loop of its own for other machines: polynomials of the fourth power on 64-byte lines. */
static double reference_s(void)
{
    enum { N = 1 << 14, ROUNDS = 2000 };
    static const double rise = 1e-9;
    double *lines = malloc(8 * (size_t)N * sizeof *lines), sum = 0.0;
    if (!lines)
        return NAN;
    for (size_t i = 0; i < 8 * (size_t)N; i++)
        lines[i] = (double)(i % 97);
    const double begin = now_s();
    for (int round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < 8 * (size_t)N; i += 8) {
            const double x = lines[i], cube = rise * x * x * x;
            lines[i + 1] = 1.0 + cube * x;
            sum += lines[i + 1];
        }
    const double spent = now_s() - begin;
    free(lines);
    return sum > 0.0 ? spent : NAN;
}

static bool note_step(void *context, const krn_assign_step *step)
{
    const stopwatch *w = context;
    for (int k = 0; k < N_BOUNDS; k++)
        if (step->gap_share <= bounds[k] && !(w->out->bound_s[k] > 0.0))
            w->out->bound_s[k] = now_s() - w->begin;
    return true;
}

static outcome run_once(const char *folder, const tntp_net *which, krn_assign_options options)
{
    outcome out = {0};
    tntp_loaded t;
    krn_assignment *answer = NULL;
    krn_error err = {0};
    stopwatch watch = {now_s(), &out};
    krn_arena *arena = krn_arena_new(NULL, 0);
    options.progress = note_step;
    options.progress_context = &watch;
    if (!arena || !tntp_net_load(folder, which, arena, &t))
        return out;
    out.read_s = now_s() - watch.begin;
    if (krn_assign(&t.network, &options, &answer, &err)) {
        (void)fprintf(stderr, "%s\n", err.text);
        return out;
    }
    const krn_assign_step step = krn_assignment_step(answer);
    out.good = true;
    out.n_zones = t.n_zones;
    out.n_nodes = t.network.n_nodes;
    out.n_links = t.network.n_links;
    out.iterations = step.iteration;
    out.gap_share = step.gap_share;
    out.objective = step.objective_cost;
    out.wall_s = now_s() - watch.begin;
    struct timespec own;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &own);
    out.main_s = (double)own.tv_sec + (double)own.tv_nsec * 1e-9;
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) == 0)
        out.most_mb = (double)usage.ru_maxrss / 1e3;
    krn_assignment_free(answer);
    krn_arena_free(arena);
    return out;
}

/* One run in a process of its own; false: it failed. */
static bool run_apart(const char *folder, const tntp_net *which, krn_assign_options options,
                      outcome *out, double *processor_s)
{
    int ends[2], status = 0;
    struct rusage usage;
    if (pipe(ends))
        return false;
    (void)fflush(NULL);
    const pid_t child = fork();
    if (child == 0) {
        const outcome found = run_once(folder, which, options);
        const ssize_t n = write(ends[1], &found, sizeof found);
        _exit(n == (ssize_t)sizeof found ? 0 : 1);
    }
    (void)close(ends[1]);
    const bool whole = child > 0 && read(ends[0], out, sizeof *out) == (ssize_t)sizeof *out;
    (void)close(ends[0]);
    struct rusage before;
    (void)getrusage(RUSAGE_CHILDREN, &before);
    if (child <= 0 || waitpid(child, &status, 0) != child || !whole || !out->good)
        return false;
    (void)getrusage(RUSAGE_CHILDREN, &usage);
    *processor_s = (double)(usage.ru_utime.tv_sec - before.ru_utime.tv_sec) +
                   (double)(usage.ru_utime.tv_usec - before.ru_utime.tv_usec) * 1e-6 +
                   (double)(usage.ru_stime.tv_sec - before.ru_stime.tv_sec) +
                   (double)(usage.ru_stime.tv_usec - before.ru_stime.tv_usec) * 1e-6;
    return true;
}

static void show(const tntp_net *which, const outcome *o, double processor_s)
{
    (void)printf("%-14s %5u %6u %6u  %3u ", which->name, o->n_zones, o->n_nodes, o->n_links,
                 o->iterations);
    for (int k = 0; k < N_BOUNDS; k++)
        (void)printf(" %8.4f", o->bound_s[k]);
    (void)printf("  %8.4f %8.3f %8.3f %8.3f %6.0f  %.1e  %.12g", o->read_s, o->wall_s, o->main_s,
                 processor_s, o->most_mb, o->gap_share, o->objective);
    if (!isnan(which->objective))
        (void)printf(" (%+.1e)", o->objective / which->objective - 1.0);
    (void)printf("\n");
}

static void bench(const char *folder, const tntp_net *which, krn_assign_options options,
                  unsigned runs)
{
    outcome best = {0};
    double best_s = 0.0, best_counts = HUGE_VAL;
    if (!tntp_net_is_there(folder, which->name))
        return;
    for (unsigned run = 0; run < runs; run++) {
        outcome out = {0};
        double processor_s = 0.0;
        if (!run_apart(folder, which, options, &out, &processor_s))
            return;
        /* of several threads the wall time counts; of one the processor time is less disturbed */
        const double counts = options.n_threads == 1 ? processor_s : out.wall_s;
        if (counts < best_counts) {
            best_counts = counts;
            best_s = processor_s;
            best = out;
        }
    }
    show(which, &best, best_s);
}

static void bench_bush(const char *folder, const tntp_net *which)
{
    tntp_loaded t;
    krn_arena *arena = krn_arena_new(NULL, 0);
    if (arena && tntp_net_is_there(folder, which->name) &&
        tntp_net_load(folder, which, arena, &t)) {
        const bush_outcome o = bush_solve(&t.network, bounds, MOST_BUSH_S);
        (void)printf("%-14s %5u %6u %6u  %3u ", which->name, t.n_zones, t.network.n_nodes,
                     t.network.n_links, o.iterations);
        for (int k = 0; k < N_BOUNDS; k++)
            (void)printf(" %8.4f", o.bound_s[k]);
        (void)printf("  wall %.4f, of it for exact gaps %.4f  gap %.1e  %.12g\n", o.whole_s,
                     o.gap_s, o.gap_share, o.objective);
    }
    krn_arena_free(arena);
}

/* The two links fullest of the base get half as much capacity again. */
static void widen_fullest(tntp_loaded *t, const krn_assignment *base)
{
    const double *load = krn_assignment_load(base);
    for (int n = 0; n < 2; n++) {
        uint32_t best = 0;
        for (uint32_t a = 1; a < t->network.n_links; a++)
            if (load[a] / t->links[a].delay.capacity > load[best] / t->links[best].delay.capacity)
                best = a;
        t->links[best].delay.capacity *= 1.5;
    }
}

static bool time_one(const tntp_loaded *t, const krn_assignment *base, outcome *out)
{
    krn_assignment *answer = NULL;
    krn_error err = {0};
    stopwatch watch = {now_s(), out};
    const krn_assign_options options = {.gap_share = GOAL,
                                        .n_threads = 1,
                                        .base = base,
                                        .progress = note_step,
                                        .progress_context = &watch};
    *out = (outcome){0};
    if (krn_assign(&t->network, &options, &answer, &err))
        return false;
    out->iterations = krn_assignment_step(answer).iteration;
    krn_assignment_free(answer);
    return true;
}

static void bench_warm(const char *folder, const tntp_net *which, unsigned runs)
{
    tntp_loaded t;
    krn_assignment *base = NULL;
    krn_arena *arena = krn_arena_new(NULL, 0);
    const krn_assign_options options = {.gap_share = GOAL, .n_threads = 1};
    outcome best[2] = {{0}, {0}};
    if (!arena || !tntp_net_is_there(folder, which->name) ||
        !tntp_net_load(folder, which, arena, &t) || krn_assign(&t.network, &options, &base, NULL)) {
        krn_arena_free(arena);
        return;
    }
    widen_fullest(&t, base);
    for (unsigned run = 0; run < runs; run++)
        for (int warm = 0; warm < 2; warm++) {
            outcome out;
            if (time_one(&t, warm ? base : NULL, &out) &&
                (!run || out.bound_s[N_BOUNDS - 1] < best[warm].bound_s[N_BOUNDS - 1]))
                best[warm] = out;
        }
    for (int warm = 0; warm < 2; warm++) {
        (void)printf("%-14s %s %3u ", which->name, warm ? "from the base" : "from nothing ",
                     best[warm].iterations);
        for (int k = 0; k < N_BOUNDS; k++)
            (void)printf(" %8.4f", best[warm].bound_s[k]);
        (void)printf("\n");
    }
    krn_assignment_free(base);
    krn_arena_free(arena);
}

static unsigned number_after(int argc, char **argv, const char *name, unsigned otherwise)
{
    for (int i = 1; i + 1 < argc; i++)
        if (strcmp(argv[i], name) == 0)
            return (unsigned)strtoul(argv[i + 1], NULL, 10);
    return otherwise;
}

typedef struct path_bench {
    const char *name;
    krn_path_method method;
    bool one_weight;
    double spread_cost, limit_share;
} path_bench;

static double processor_s(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* 1000 rows of 10 paths over 200 resources, to 1e-10: the best of some runs. */
static bool bench_paths(const path_bench *b, unsigned runs)
{
    double best_s = HUGE_VAL;
    krn_assign_step step = {0};
    pathgen made;
    if (!pathgen_make(1, 1000, 10, 200, b->one_weight, b->spread_cost, b->limit_share, &made))
        return false;
    const krn_path_options options = {.method = b->method, .gap_share = 1e-10};
    for (unsigned run = 0; run < runs; run++) {
        krn_path_answer *answer = NULL;
        krn_error err = {0};
        const double begin = processor_s();
        if (krn_path_assign(&made.problem, &options, &answer, &err)) {
            (void)fprintf(stderr, "%s\n", err.text);
            pathgen_free(&made);
            return false;
        }
        best_s = fmin(best_s, processor_s() - begin);
        step = krn_path_answer_step(answer);
        krn_path_answer_free(answer);
    }
    (void)printf("%-30s %4u %6u  %.1e %9.4f s  %.12g\n", b->name, step.iteration, step.n_pairs,
                 step.gap_share, best_s, step.objective_cost);
    pathgen_free(&made);
    return true;
}

static bool bench_all_paths(unsigned runs)
{
    static const path_bench all[] = {
        {"user, weights keep to units", KRN_PATH_USER, true, 0.0, 0.0},
        {"user, weights do not", KRN_PATH_USER, false, 0.0, 0.0},
        {"system", KRN_PATH_SYSTEM, true, 0.0, 0.0},
        {"stochastic", KRN_PATH_USER, true, 0.5, 0.0},
        {"stochastic, tiny spread", KRN_PATH_USER, false, 0.01, 0.0},
        {"user, hard limits", KRN_PATH_USER, true, 0.0, 0.5},
        {"system, hard limits", KRN_PATH_SYSTEM, true, 0.0, 0.5},
        {"stochastic, hard limits", KRN_PATH_USER, false, 0.5, 0.5},
    };
    (void)printf("1000 rows, 10 paths each, 200 resources; processor time, best of %u runs\n"
                 "case                            its  in use  gap          time    objective\n",
                 runs);
    for (size_t k = 0; k < sizeof all / sizeof *all; k++)
        if (!bench_paths(&all[k], runs))
            return false;
    return true;
}

int main(int argc, char **argv)
{
    const unsigned runs = number_after(argc, argv, "--runs", 3);
    const unsigned threads = number_after(argc, argv, "--threads", 2);
    bool system_optimum = false;
    if (argc > 2 && strcmp(argv[1], "--city") == 0) {
        citygen city = citygen_large();
        city.trips = number_after(argc, argv, "--trips", (unsigned)city.trips);
        return citygen_write(&city, argv[2]) ? 0 : 1;
    }
    if (argc > 1 && strcmp(argv[1], "--paths") == 0)
        return bench_all_paths(runs) ? 0 : 1;
    if (argc < 2) {
        (void)fprintf(stderr,
                      "usage: bench_assign FOLDER [--runs N] [--threads N] [--system]\n"
                      "       bench_assign FOLDER --warm [--runs N], bench_assign FOLDER --bush\n"
                      "       bench_assign --city FOLDER [--trips N]\n"
                      "       bench_assign --paths [--runs N]\n");
        return 2;
    }
    for (int i = 1; i < argc; i++)
        system_optimum = system_optimum || strcmp(argv[i], "--system") == 0;
    if (argc > 2 && strcmp(argv[2], "--warm") == 0) {
        for (size_t k = 0; k < n_tntp_nets; k++)
            bench_warm(argv[1], &tntp_nets[k], runs);
        return 0;
    }
    if (argc > 2 && strcmp(argv[2], "--bush") == 0) {
        for (size_t k = 0; k < n_tntp_nets; k++)
            bench_bush(argv[1], &tntp_nets[k]);
        return 0;
    }
    (void)printf(
        "reference loop %.3f s; best of %u runs by processor time (threads: wall time)\n"
        "network        zones  nodes  links  its    1e-4     1e-6     1e-8     1e-10    "
        "1e-12      read     wall     main     cpu     MB  gap  objective (off the published)\n",
        reference_s(), runs);
    for (unsigned n = 1; n <= threads; n++) {
        (void)printf("%u thread%s\n", n, n == 1 ? "" : "s");
        for (size_t k = 0; k < n_tntp_nets; k++) {
            const krn_assign_options options = {.method = system_optimum ? KRN_ASSIGN_SYSTEM
                                                                         : KRN_ASSIGN_USER,
                                                .gap_share = GOAL,
                                                .n_threads = n};
            bench(argv[1], &tntp_nets[k], options, runs);
        }
    }
    return 0;
}
