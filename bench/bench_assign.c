/* SPDX-License-Identifier: Apache-2.0 */
/* bench_assign.c - time from files to a relative gap, on TNTP networks of a folder.
 *
 *   bench_assign FOLDER [--runs N] [--threads N] [--system]   NAME_net.tntp, NAME_trips.tntp
 *   bench_assign --city FOLDER [--trips N]                    writes a made city, City_*.tntp
 *
 * Each run is a process of its own: reading, all iterations to 1e-12, time at the first gap at or
 * below each bound, processor time, memory at most. The run of least processor time is shown.
 * Objectives are compared with the published ones where there are any. */
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
#include <keruen/tntp.h>

#include "citygen.h"

#define N_BOUNDS 5
#define GOAL     1e-12

static const double bounds[N_BOUNDS] = {1e-4, 1e-6, 1e-8, 1e-10, GOAL};

typedef struct known_network {
    const char *name;
    double toll_weight, length_weight;
    double objective; /* published; NaN: none */
} known_network;

/* Published objectives: Transportation Networks for Research. */
static const known_network known[] = {
    {"SiouxFalls", 0.0, 0.0, 4231335.287107440},      {"Anaheim", 0.0, 0.0, 1286032.171096},
    {"Barcelona", 0.0, 0.0, 1265654.92203176},        {"Winnipeg", 0.0, 0.0, 827911.494629963},
    {"ChicagoSketch", 0.02, 0.04, 17313018.7387477},  {"berlin-center", 0.0, 0.0, NAN},
    {"ChicagoRegional", 0.1, 0.25, 30792611.3864393}, {"City", 0.0, 0.0, NAN},
};

typedef struct outcome {
    bool good;
    uint32_t n_zones, n_nodes, n_links, iterations;
    double read_s, wall_s, bound_s[N_BOUNDS];
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

static bool make_network(const krn_tntp *t, const known_network *which, krn_arena *arena,
                         krn_assign_class *all, krn_assign_network *out)
{
    krn_assign_link *links = krn_arena_calloc(arena, t->n_links + 1u, sizeof *links);
    krn_assign_trip *trips = krn_arena_calloc(arena, t->n_trips + 1u, sizeof *trips);
    bool *shut = krn_arena_calloc(arena, t->n_nodes + 1u, sizeof *shut);
    if (!links || !trips || !shut)
        return false;
    for (uint32_t k = 0; k < t->n_links; k++) {
        const krn_tntp_link *l = &t->links[k];
        links[k] = (krn_assign_link){.tail = l->tail,
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
    for (uint32_t k = 0; k < t->n_trips; k++)
        trips[k] =
            (krn_assign_trip){0, t->trips[k].origin, t->trips[k].destination, t->trips[k].flow};
    for (uint32_t v = 0; v < t->n_nodes && v < t->first_through; v++)
        shut[v] = true;
    *all = (krn_assign_class){"all", 1.0, 1.0, which->toll_weight, which->length_weight};
    *out = (krn_assign_network){.n_nodes = t->n_nodes,
                                .n_links = t->n_links,
                                .n_classes = 1,
                                .n_trips = t->n_trips,
                                .links = links,
                                .classes = all,
                                .trips = trips,
                                .no_through = shut};
    return true;
}

static void path_of(const char *folder, const char *name, const char *what, char out[4096])
{
    (void)snprintf(out, 4096, "%s/%s_%s.tntp", folder, name, what);
}

static outcome run_once(const char *folder, const known_network *which, krn_assign_options options)
{
    char net[4096], trips[4096];
    outcome out = {0};
    krn_tntp tntp;
    krn_assign_class all;
    krn_assign_network network;
    krn_assignment *answer = NULL;
    krn_error err = {0};
    stopwatch watch = {now_s(), &out};
    krn_arena *arena = krn_arena_new(NULL, 0);
    path_of(folder, which->name, "net", net);
    path_of(folder, which->name, "trips", trips);
    options.progress = note_step;
    options.progress_context = &watch;
    if (!arena || krn_tntp_read(net, trips, NULL, arena, &tntp, &err) ||
        !make_network(&tntp, which, arena, &all, &network)) {
        (void)fprintf(stderr, "%s\n", err.text);
        return out;
    }
    out.read_s = now_s() - watch.begin;
    if (krn_assign(&network, &options, &answer, &err)) {
        (void)fprintf(stderr, "%s\n", err.text);
        return out;
    }
    const krn_assign_step step = krn_assignment_step(answer);
    out.good = true;
    out.n_zones = tntp.n_zones;
    out.n_nodes = tntp.n_nodes;
    out.n_links = tntp.n_links;
    out.iterations = step.iteration;
    out.gap_share = step.gap_share;
    out.objective = step.objective_cost;
    out.wall_s = now_s() - watch.begin;
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) == 0)
        out.most_mb = (double)usage.ru_maxrss / 1e3;
    krn_assignment_free(answer);
    krn_arena_free(arena);
    return out;
}

/* One run in a process of its own; false: it failed. */
static bool run_apart(const char *folder, const known_network *which, krn_assign_options options,
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

static void show(const known_network *which, const outcome *o, double processor_s)
{
    (void)printf("%-14s %5u %6u %6u  %3u ", which->name, o->n_zones, o->n_nodes, o->n_links,
                 o->iterations);
    for (int k = 0; k < N_BOUNDS; k++)
        (void)printf(" %8.4f", o->bound_s[k]);
    (void)printf("  %8.4f %8.3f %8.3f %6.0f  %.1e  %.12g", o->read_s, o->wall_s, processor_s,
                 o->most_mb, o->gap_share, o->objective);
    if (!isnan(which->objective))
        (void)printf(" (%+.1e)", o->objective / which->objective - 1.0);
    (void)printf("\n");
}

static void bench(const char *folder, const known_network *which, krn_assign_options options,
                  unsigned runs)
{
    outcome best = {0};
    double best_s = HUGE_VAL;
    char net[4096];
    path_of(folder, which->name, "net", net);
    if (access(net, R_OK) != 0)
        return;
    for (unsigned run = 0; run < runs; run++) {
        outcome out = {0};
        double processor_s = 0.0;
        if (!run_apart(folder, which, options, &out, &processor_s))
            return;
        if (processor_s < best_s) {
            best_s = processor_s;
            best = out;
        }
    }
    show(which, &best, best_s);
}

static unsigned number_after(int argc, char **argv, const char *name, unsigned otherwise)
{
    for (int i = 1; i + 1 < argc; i++)
        if (strcmp(argv[i], name) == 0)
            return (unsigned)strtoul(argv[i + 1], NULL, 10);
    return otherwise;
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
    if (argc < 2) {
        (void)fprintf(stderr, "usage: bench_assign FOLDER [--runs N] [--threads N] [--system]\n"
                              "       bench_assign --city FOLDER [--trips N]\n");
        return 2;
    }
    for (int i = 1; i < argc; i++)
        system_optimum = system_optimum || strcmp(argv[i], "--system") == 0;
    (void)printf("reference loop %.3f s; best of %u runs by processor time\n"
                 "network        zones  nodes  links  its    1e-4     1e-6     1e-8     1e-10    "
                 "1e-12      read     wall     cpu     MB  gap  objective (off the published)\n",
                 reference_s(), runs);
    for (unsigned n = 1; n <= threads; n++) {
        (void)printf("%u thread%s\n", n, n == 1 ? "" : "s");
        for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
            const krn_assign_options options = {.method = system_optimum ? KRN_ASSIGN_SYSTEM
                                                                         : KRN_ASSIGN_USER,
                                                .gap_share = GOAL,
                                                .n_threads = n};
            bench(argv[1], &known[k], options, runs);
        }
    }
    return 0;
}
