/* SPDX-License-Identifier: Apache-2.0 */
/* bench_pareto.c - non-dominated paths on generated grid roads, beside the best public programs.
 *
 *   bench_pareto [-r REPEATS] [-e EPSILON] [-u] [QUERY ...]     queries by number, 0 .. 8; else all
 *
 * Solutions and labels must equal the table; then the median time counts, lower bounds and paths
 * included. Not included is the index of the graph (its arcs in order of their head), which is made
 * once before the queries, as the public programs do when they load a graph; its time stands in a
 * column of its own. With -u there is none, and every query reads the graph backwards itself. The
 * public times were measured on another machine (Zen 4 class), so the ratio compares
 * programs only roughly. The reference loop, a plain Dijkstra from one node to all of g512, tells
 * how fast this machine is at the moment: a figure in units of it can be compared between runs.
 * Exit code 1 if a count differs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <keruen/pareto.h>

#include "roadgen.h"

typedef struct workload {
    uint32_t size;     /* of the grid, seed 1 */
    unsigned criteria; /* the first of d t m c */
    uint32_t source;   /* counted from 1 */
    uint32_t target;
    uint32_t solutions;
    uint64_t labels;
    double public_s; /* best public program, with its lower bounds where stated apart */
    double aim;      /* share of public_s */
} workload;

static const workload workloads[] = {
    {512, 2, 32434, 207975, 1113, 2067085, 0.520, 0.5},
    {512, 2, 151839, 219750, 498, 854847, 0.230, 0.5},
    {128, 3, 10612, 4944, 273, 31403, 0.024, 0.25},
    {128, 3, 12938, 1583, 856, 246066, 0.358, 0.25},
    {128, 3, 13703, 2290, 7794, 3362454, 12.3, 0.25},
    {128, 3, 13911, 1937, 2891, 1384482, 3.35, 0.25},
    {128, 4, 10612, 4944, 2886, 191434, 0.483, 0.25},
    {128, 4, 2374, 3085, 2562, 189007, 0.554, 0.25},
    {128, 4, 7887, 2973, 1256, 77535, 0.093, 0.25},
};

#define N_WORKLOADS (sizeof workloads / sizeof workloads[0])
#define MOST_RUNS   64

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int compare_reals(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void print_machine(void)
{
    char line[256];
    FILE *info = fopen("/proc/cpuinfo", "r");
    while (info && fgets(line, sizeof line, info))
        if (strncmp(line, "model name", 10) == 0) {
            printf("machine      %s", strchr(line, ':') + 2);
            break;
        }
    if (info)
        fclose(info);
    printf("processors   %ld\n", sysconf(_SC_NPROCESSORS_ONLN));
    printf("vector code  %s\n", krn_pareto_vector_code());
#ifdef __VERSION__
    printf("compiler     %s\n", __VERSION__);
#endif
}

/* The plainest Dijkstra: a binary heap of distance << 32 | node, stale entries skipped. */
static uint64_t one_to_all(const roads *r, const uint32_t *cost, uint32_t source,
                           uint32_t *distance, uint64_t *heap)
{
    uint64_t sum = 0;
    size_t n = 1;
    memset(distance, 0xff, r->n_nodes * sizeof *distance);
    distance[source] = 0;
    heap[0] = source;
    while (n > 0) {
        const uint64_t top = heap[0];
        const uint64_t last = heap[--n];
        size_t at = 0;
        for (size_t child = 1; child < n; child = 2 * at + 1) {
            child += child + 1 < n && heap[child + 1] < heap[child];
            if (heap[child] >= last)
                break;
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = last;
        const uint32_t v = (uint32_t)top;
        if (top >> 32 != distance[v])
            continue;
        sum += distance[v];
        for (uint32_t a = r->first_arc[v]; a < r->first_arc[v + 1]; a++) {
            const uint32_t total = distance[v] + cost[a];
            const uint32_t head = r->head[a];
            if (total >= distance[head])
                continue;
            distance[head] = total;
            const uint64_t key = (uint64_t)total << 32 | head;
            size_t hole = n++;
            for (; hole > 0 && heap[(hole - 1) / 2] > key; hole = (hole - 1) / 2)
                heap[hole] = heap[(hole - 1) / 2];
            heap[hole] = key;
        }
    }
    return sum;
}

typedef struct settings {
    int repeats;
    double epsilon;
    bool unprepared;
} settings;

/* Median time of three one-to-all searches on g512; 0 when memory runs out. */
static double reference_s(void)
{
    roads r;
    double seconds[3] = {0};
    if (!road_make(512, 512, 1, &r))
        return 0.0;
    uint32_t *distance = malloc(r.n_nodes * sizeof *distance);
    uint64_t *heap = malloc(((size_t)r.n_arcs + 1) * sizeof *heap);
    for (int i = 0; distance && heap && i < 3; i++) {
        const double begin = now_s();
        const uint64_t sum = one_to_all(&r, r.cost[1], r.n_nodes / 2, distance, heap);
        seconds[i] = sum ? now_s() - begin : 0.0;
    }
    free(heap);
    free(distance);
    road_free(&r);
    qsort(seconds, 3, sizeof seconds[0], compare_reals);
    return seconds[1];
}

/* 1 if the counts differ from the table or the search fails. */
static int run_workload(unsigned number, const roads *r, const settings *set, double reference)
{
    const workload *w = &workloads[number];
    krn_pareto_graph graph = {.n_nodes = r->n_nodes,
                              .n_arcs = r->n_arcs,
                              .n_criteria = w->criteria,
                              .first_arc = r->first_arc,
                              .head = r->head};
    for (unsigned c = 0; c < w->criteria; c++)
        graph.cost[c] = r->cost[c];
    const krn_pareto_query query = {
        .source = w->source - 1, .target = w->target - 1, .epsilon_share = set->epsilon};
    krn_arena *of_graph = krn_arena_new(NULL, 0);
    krn_arena *arena = krn_arena_new(NULL, 0);
    krn_pareto_result result;
    krn_error err;
    double seconds[MOST_RUNS];
    double begin = now_s();
    krn_status status = set->unprepared ? KRN_OK : krn_pareto_prepare(&graph, of_graph, &err);
    const double index_s = set->unprepared ? 0.0 : now_s() - begin;
    for (int i = 0; i < set->repeats && !status; i++) {
        krn_arena_reset(arena);
        begin = now_s();
        status = krn_pareto_search(&graph, &query, arena, &result, &err);
        seconds[i] = now_s() - begin;
    }
    if (status) {
        printf("%u: %s\n", number, err.text);
        krn_arena_free(of_graph);
        krn_arena_free(arena);
        return 1;
    }
    qsort(seconds, (size_t)set->repeats, sizeof seconds[0], compare_reals);
    const double s = seconds[set->repeats / 2];
    const bool same = set->epsilon > 0.0 ||
                      (result.n_solutions == w->solutions && result.n_expanded == w->labels);
    const double ratio = s / w->public_s;
    printf("%u  g%u %u  %6u %6u  %6u %9llu %9llu  %8.4f %8.4f  %6.2f  %6.1f %6.1f  %7.4f  %7.3f  "
           "%5.3f  "
           "%6.2f %s%s\n",
           number, w->size, w->criteria, w->source, w->target, result.n_solutions,
           (unsigned long long)result.n_expanded, (unsigned long long)result.n_generated, s,
           seconds[0], (double)result.n_expanded / s * 1e-6, (double)result.peak_bytes / 1048576.0,
           (double)krn_arena_bytes(arena) / 1048576.0, index_s, w->public_s, ratio, s / reference,
           ratio <= w->aim ? "aim met" : "slower than the aim",
           same ? "" : "  COUNTS DIFFER FROM THE TABLE");
    fflush(stdout);
    krn_arena_free(of_graph);
    krn_arena_free(arena);
    return same ? 0 : 1;
}

int main(int argc, char **argv)
{
    settings set = {.repeats = 5};
    bool chosen[N_WORKLOADS] = {false};
    bool any = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-r") == 0 && i + 1 < argc)
            set.repeats = (int)strtol(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "-e") == 0 && i + 1 < argc)
            set.epsilon = strtod(argv[++i], NULL);
        else if (strcmp(argv[i], "-u") == 0)
            set.unprepared = true;
        else {
            char *end;
            const unsigned long number = strtoul(argv[i], &end, 10);
            if (*end || end == argv[i] || number >= N_WORKLOADS) {
                fprintf(stderr, "usage: bench_pareto [-r REPEATS] [-e EPSILON] [-u] [QUERY ...]\n");
                return 2;
            }
            chosen[number] = any = true;
        }
    }
    set.repeats = set.repeats < 1 ? 1 : set.repeats > MOST_RUNS ? MOST_RUNS : set.repeats;
    print_machine();
    const double reference = reference_s();
    printf("reference    one-to-all on g512 in %.1f ms\n", reference * 1e3);
    printf("index        %s\n", set.unprepared
                                    ? "none: every query reads the graph backwards itself"
                                    : "made once per graph and set of criteria, not in the times");
    printf("\n#  graph k  source target  routes    labels generated    median s   best s  Mlab/s  "
           "labels  arena  index s  public s  ratio  s/ref\n");
    int failed = 0;
    roads r = {0};
    uint32_t size = 0;
    for (unsigned i = 0; i < N_WORKLOADS; i++) {
        if (any && !chosen[i])
            continue;
        if (workloads[i].size != size) {
            road_free(&r);
            size = workloads[i].size;
            if (!road_make(size, size, 1, &r)) {
                fprintf(stderr, "out of memory\n");
                return 1;
            }
            printf("   g%u: %u nodes, %u arcs\n", size, r.n_nodes, r.n_arcs);
        }
        failed |= run_workload(i, &r, &set, reference);
    }
    road_free(&r);
    return failed;
}
