/* SPDX-License-Identifier: Apache-2.0 */
/* bench_plan.c - how long a plan takes, on the shipped corridor and on made ones.
 *
 *   bench_plan [--package FOLDER] [--queries N] [--seed N] [--no-growth] [--no-batch]
 *
 * 1. Random consignments on the package: five criteria, reliability sampled, one thread.
 * 2. The same consignments as a batch on 1, 2, ... threads.
 * 3. Made corridors of 1,000 to 100,000 places: two railways and a road side by side, joined by
 *    ladders, with cities where cargo changes mode. */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <keruen/keruen.h>

#ifndef KRN_SOURCE_DIR
#define KRN_SOURCE_DIR "."
#endif

#define MOST_NODES_OF_CORRIDOR 100000u
#define READY_DAY              20788 /* 2026-12-01 */

typedef struct random_state {
    uint64_t value;
} random_state;

static uint64_t next_random(random_state *r)
{
    uint64_t z = (r->value += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static uint32_t pick(random_state *r, uint32_t n)
{
    return (uint32_t)(next_random(r) % n);
}

static double time_ms(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

static double now_ms(void)
{
    return time_ms(CLOCK_MONOTONIC);
}

static int compare_doubles(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void die(const char *what, const krn_error *err)
{
    fprintf(stderr, "bench_plan: %s: %s\n", what, err->text);
    exit(1);
}

/* Base tables with the measures of the day, as a network. */
static krn_network *open_network(const char *folder, krn_package **out_base)
{
    krn_error err = {0};
    krn_package *base = NULL, *scenario = NULL;
    krn_network *network = NULL;
    krn_arena *arena = krn_arena_new(NULL, 0);
    const krn_measure_choice choice = {.day = READY_DAY};
    if (krn_package_load(folder, NULL, 0, NULL, &base, &err))
        die(folder, &err);
    if (krn_measure_apply(base, &choice, arena, NULL, &scenario, &err))
        die("measures", &err);
    const double began = now_ms();
    if (krn_network_compile(scenario, READY_DAY, &network, &err))
        die("network", &err);
    printf("%s: %u places, %u states, %u activities, compiled in %.1f ms\n", folder,
           (unsigned)krn_package_rows(base, KRN_TABLE_NODE), (unsigned)krn_network_states(network),
           (unsigned)krn_network_activities(network), now_ms() - began);
    krn_arena_free(arena);
    *out_base = base;
    return network;
}

/* Whether cargo can lie at a place and something can be done with it there. */
static bool is_end(const krn_network *network, uint32_t node)
{
    const krn_package *p = krn_network_package(network);
    const int column = krn_package_column(p, KRN_TABLE_NODE, "node_type");
    const char *type = krn_package_text(p, KRN_TABLE_NODE, node, (uint32_t)column);
    return (strcmp(type, "city") == 0 || strcmp(type, "station") == 0 ||
            strcmp(type, "port") == 0 || strcmp(type, "terminal") == 0 ||
            strcmp(type, "dry_port") == 0) &&
           krn_network_state(network, node, KRN_SIDE_REST).index != KRN_NO_ID;
}

static krn_plan_query random_query(const krn_network *network, random_state *r)
{
    const krn_package *p = krn_network_package(network);
    const uint32_t n_nodes = krn_package_rows(p, KRN_TABLE_NODE);
    krn_plan_query q;
    krn_plan_query_init(&q);
    q.seed = next_random(r);
    q.consignment.commodity = pick(r, krn_package_rows(p, KRN_TABLE_COMMODITY));
    do {
        q.consignment.origin = pick(r, n_nodes);
        q.consignment.destination = pick(r, n_nodes);
    } while (q.consignment.origin == q.consignment.destination ||
             !is_end(network, q.consignment.origin) || !is_end(network, q.consignment.destination));
    const uint32_t box = krn_package_find(p, KRN_TABLE_LOADING_UNIT, "42G1");
    if (box != KRN_NO_ROW && pick(r, 3) == 0) {
        q.consignment.loading_unit = box;
        q.consignment.n_units = 1 + pick(r, 60);
    } else {
        q.consignment.net_t = 50.0 + pick(r, 4950);
    }
    q.consignment.ready =
        (krn_time)(READY_DAY + pick(r, 90)) * KRN_SECONDS_PER_DAY + pick(r, KRN_SECONDS_PER_DAY);
    return q;
}

static double share_of(const double *sorted, uint32_t n, double share)
{
    const uint32_t i = (uint32_t)ceil(share * n);
    return n ? sorted[i > 0 ? i - 1 : 0] : 0.0;
}

typedef struct tally {
    uint32_t n, with_route, truncated, failed;
    uint64_t labels, routes, shown;
    size_t peak_bytes;
    double *ms, *ms_found, *cpu_ms;
} tally;

static void run_queries(const krn_network *network, const krn_plan_query *queries, uint32_t n,
                        tally *out)
{
    krn_arena *arena = krn_arena_new(NULL, 0);
    *out = (tally){.n = n};
    out->ms = malloc(n * sizeof *out->ms);
    out->ms_found = malloc(n * sizeof *out->ms_found);
    out->cpu_ms = malloc(n * sizeof *out->cpu_ms);
    if (!arena || !out->ms || !out->ms_found || !out->cpu_ms)
        exit(1);
    for (uint32_t i = 0; i < n; i++) {
        krn_plan_result result;
        krn_error err = {0};
        krn_arena_reset(arena);
        const double began = now_ms(), cpu_began = time_ms(CLOCK_THREAD_CPUTIME_ID);
        const krn_status st = krn_plan(network, &queries[i], arena, &result, &err);
        out->ms[i] = now_ms() - began;
        out->cpu_ms[i] = time_ms(CLOCK_THREAD_CPUTIME_ID) - cpu_began;
        if (st) {
            out->failed++;
            if (out->failed <= 5)
                fprintf(stderr, "query %u: %s: %s\n", (unsigned)i, krn_status_name(st), err.text);
            continue;
        }
        if (getenv("KRN_BENCH_ALL"))
            fprintf(stderr, "%u: %.2f ms, %u routes of %u, %llu labels\n", (unsigned)i, out->ms[i],
                    (unsigned)result.n_routes, (unsigned)result.n_non_dominated,
                    (unsigned long long)result.n_labels);
        if (result.n_routes)
            out->ms_found[out->with_route++] = out->ms[i];
        out->labels += result.n_labels;
        out->routes += result.n_non_dominated;
        out->shown += result.n_routes;
        out->truncated += result.truncated;
        if (result.peak_bytes > out->peak_bytes)
            out->peak_bytes = result.peak_bytes;
    }
    qsort(out->ms, n, sizeof *out->ms, compare_doubles);
    qsort(out->cpu_ms, n, sizeof *out->cpu_ms, compare_doubles);
    qsort(out->ms_found, out->with_route, sizeof *out->ms_found, compare_doubles);
    krn_arena_free(arena);
}

static void print_tally(const tally *t)
{
    printf("%u consignments, five criteria, 1000 samples a route: %u with a route, %u failed, %u "
           "cut\n",
           (unsigned)t->n, (unsigned)t->with_route, (unsigned)t->failed, (unsigned)t->truncated);
    printf("median %.2f ms\n", share_of(t->ms, t->n, 0.5));
    printf("p99 %.2f ms, max %.2f ms\n", share_of(t->ms, t->n, 0.99), share_of(t->ms, t->n, 1.0));
    printf("of the processor alone: median %.2f ms, p99 %.2f ms, max %.2f ms\n",
           share_of(t->cpu_ms, t->n, 0.5), share_of(t->cpu_ms, t->n, 0.99),
           share_of(t->cpu_ms, t->n, 1.0));
    if (t->with_route)
        printf("with a route: median %.2f ms, p90 %.2f ms, p99 %.2f ms; %.1f non-dominated, %.1f "
               "shown, %.0f labels a query\n",
               share_of(t->ms_found, t->with_route, 0.5), share_of(t->ms_found, t->with_route, 0.9),
               share_of(t->ms_found, t->with_route, 0.99), (double)t->routes / t->with_route,
               (double)t->shown / t->with_route, (double)t->labels / t->with_route);
    printf("peak of a search %.1f MiB\n", (double)t->peak_bytes / 1048576.0);
}

static void run_batches(const krn_network *network, const krn_plan_query *queries, uint32_t n)
{
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    double alone_ms = 0.0;
    for (unsigned threads = 1; threads <= (online > 0 ? (unsigned)online : 1u); threads *= 2) {
        krn_plan_batch *batch = NULL;
        krn_error err = {0};
        const double began = now_ms();
        if (krn_plan_batch_run(network, queries, n, threads, NULL, NULL, &batch, &err))
            die("batch", &err);
        const double took = now_ms() - began;
        alone_ms = threads == 1 ? took : alone_ms;
        printf("batch on %u thread%s: %.0f ms, %.0f queries/s, %.2f times one thread\n", threads,
               threads == 1 ? "" : "s", took, n * 1e3 / took, alone_ms / took);
        krn_plan_batch_free(batch);
    }
}

/* ---- made corridors ---- */

static FILE *create(const char *folder, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    if (!f) {
        perror(path);
        exit(1);
    }
    return f;
}

/* A table of the mini package: whole, or only its first line. */
static void copy_table(const char *from, const char *to, const char *name, bool whole)
{
    char path[512], *text = NULL;
    size_t size = 0;
    krn_error err = {0};
    snprintf(path, sizeof path, "%s/%s", from, name);
    if (krn_file_read(path, (size_t)1 << 24, &text, &size, &err))
        return; /* an optional table */
    FILE *f = create(to, name);
    const char *end = whole ? text + size : strchr(text, '\n');
    fwrite(text, 1, end ? (size_t)(end - text) + (whole ? 0 : 1) : size, f);
    fclose(f);
    free(text);
}

/*  rail A  o--o--o--o--o--o ...     a ladder every 20 places, a city every 50
 *  rail B  o--o--o--o--o--o ...
 *  road    o--o--o--o--o--o ...  */
static void write_corridor(const char *folder, uint32_t n_places)
{
    const uint32_t length = n_places / 3;
    FILE *node = create(folder, "node.csv");
    FILE *link = create(folder, "link.csv");
    fprintf(node, "node_id,name,x_coord,y_coord,node_type,kr_country,kr_timezone,kr_quality,"
                  "kr_source_id\n");
    fprintf(link, "link_id,from_node_id,to_node_id,directed,length,free_speed,kr_mode,kr_country,"
                  "kr_status,kr_gauge_mm,kr_axle_t,kr_quality,kr_source_id\n");
    static const char *const rows = "abr";
    for (uint32_t i = 0; i < length; i++)
        for (int row = 0; row < 3; row++) {
            const double x = 10.0 + 60.0 * i / length; /* all on the equator, under 6700 km */
            fprintf(node, "%c%u,%c%u,%.6f,%.6f,%s,XA,Mini/West,published,s-mini\n", rows[row],
                    (unsigned)i, rows[row], (unsigned)i, x, 0.001 * row,
                    i % 50 == 0 ? "city" : "junction");
            const bool rail = row < 2;
            if (i + 1 < length)
                fprintf(
                    link, "%c%u,%c%u,%c%u,false,%u,%d,%s,XA,in_service,%s,%s,published,s-mini\n",
                    rows[row], (unsigned)i, rows[row], (unsigned)i, rows[row], (unsigned)(i + 1),
                    (unsigned)(6700.0 / length + 2 + (i * 7 + (uint32_t)row * 5) % 9),
                    rail ? 40 + 5 * row : 55, rail ? "rail" : "road", rail ? "1520" : "",
                    rail ? "23.5" : "");
            if (i % 20 == 0 && row == 0)
                fprintf(link,
                        "l%u,a%u,b%u,false,10,40,rail,XA,in_service,1520,23.5,published,s-mini\n",
                        (unsigned)i, (unsigned)i, (unsigned)i);
            if (i % 50 == 0 && row < 2)
                fprintf(link, "t%c%u,%c%u,r%u,false,8,30,road,XA,in_service,,,published,s-mini\n",
                        rows[row], (unsigned)i, rows[row], (unsigned)i, (unsigned)i);
        }
    fclose(node);
    fclose(link);
}

static void make_package(const char *folder, uint32_t n_places)
{
    static const char *const whole[] = {
        "config.csv",  "source.csv",   "timezone.csv",    "currency.csv",  "calendar.csv",
        "holiday.csv", "spread.csv",   "cargo_class.csv", "commodity.csv", "loading_unit.csv",
        "vehicle.csv", "emission.csv", "visa.csv",        "regime.csv"};
    static const char *const empty[] = {"port.csv",
                                        "season.csv",
                                        "border.csv",
                                        "gauge_change.csv",
                                        "rule.csv",
                                        "sanction.csv",
                                        "demand.csv",
                                        "place_crosswalk.csv",
                                        "rail_check.csv",
                                        "timetable/agency.txt",
                                        "timetable/stops.txt",
                                        "timetable/routes.txt",
                                        "timetable/trips.txt",
                                        "timetable/stop_times.txt",
                                        "timetable/calendar.txt",
                                        "timetable/kr_trip.txt",
                                        "timetable/feed_info.txt"};
    const char *mini = KRN_SOURCE_DIR "/tests/support/mini";
    char sub[512];
    snprintf(sub, sizeof sub, "%s/timetable", folder);
    mkdir(sub, 0700);
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        copy_table(mini, folder, whole[i], true);
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++)
        copy_table(mini, folder, empty[i], false);
    FILE *f = create(folder, "operation.csv");
    fprintf(f, "operation_id,applies_to,kind,from_side,to_side,servers,rate_per_h,unit,low_h,"
               "typical_h,high_h,cost_usd,quality,source_id\n");
    static const char *const sides[] = {"rest", "rail", "road"};
    for (int a = 0; a < 3; a++)
        for (int b = 0; b < 3; b++)
            if (a != b)
                fprintf(f, "o%d%d,city,transfer,%s,%s,1,200,t,4,%d,30,%d,estimated,s-mini\n", a, b,
                        sides[a], sides[b], 10 + a + b, 3 + a * b);
    fclose(f);
    f = create(folder, "tariff.csv");
    fprintf(f, "tariff_id,name,use,charge,mode,countries,basis,price,currency,quality,source_id\n"
               "rail,rail,rate,haul,rail,XA,tkm,0.02,USD,published,s-mini\n"
               "road,road,rate,haul,road,XA,truck_km,1.5,USD,published,s-mini\n");
    fclose(f);
    write_corridor(folder, n_places);
}

static void run_growth(uint64_t seed)
{
    char folder[] = "/tmp/bench_plan_XXXXXX";
    if (!mkdtemp(folder))
        return;
    for (uint32_t n = 1000; n <= MOST_NODES_OF_CORRIDOR; n *= 10) {
        make_package(folder, n);
        krn_package *base = NULL;
        krn_network *network = open_network(folder, &base);
        random_state r = {seed};
        krn_plan_query queries[20];
        for (int i = 0; i < 20; i++)
            queries[i] = random_query(network, &r);
        tally t;
        run_queries(network, queries, 20, &t);
        printf("corridor of %u places: median %.1f ms, max %.1f ms, %.0f labels, %.1f "
               "non-dominated\n",
               (unsigned)n, share_of(t.ms, t.n, 0.5), share_of(t.ms, t.n, 1.0),
               (double)t.labels / t.n, t.with_route ? (double)t.routes / t.with_route : 0.0);
        free(t.ms);
        free(t.ms_found);
        free(t.cpu_ms);
        krn_network_free(network);
        krn_package_free(base);
    }
    char command[64];
    snprintf(command, sizeof command, "rm -r %s", folder);
    if (system(command) != 0)
        fprintf(stderr, "bench_plan: %s is left behind\n", folder);
}

int main(int argc, char **argv)
{
    const char *folder = KRN_SOURCE_DIR "/data/kti";
    uint32_t n = 1000;
    random_state r = {20261201};
    bool growth = true, batch = true;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--package") == 0 && i + 1 < argc)
            folder = argv[++i];
        else if (strcmp(argv[i], "--queries") == 0 && i + 1 < argc)
            n = (uint32_t)strtoul(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc)
            r.value = strtoull(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--no-growth") == 0)
            growth = false;
        else if (strcmp(argv[i], "--no-batch") == 0)
            batch = false;
        else {
            fprintf(stderr, "usage: bench_plan [--package FOLDER] [--queries N] [--seed N] "
                            "[--no-growth] [--no-batch]\n");
            return 2;
        }
    }
    const uint64_t seed = r.value;
    krn_package *base = NULL;
    krn_network *network = open_network(folder, &base);
    krn_plan_query *queries = malloc((n ? n : 1) * sizeof *queries);
    if (!queries || n == 0)
        return 1;
    for (uint32_t i = 0; i < n; i++)
        queries[i] = random_query(network, &r);
    tally t;
    run_queries(network, queries, n, &t);
    print_tally(&t);
    if (batch)
        run_batches(network, queries, n);
    free(t.ms);
    free(t.ms_found);
    free(t.cpu_ms);
    free(queries);
    krn_network_free(network);
    krn_package_free(base);
    if (growth)
        run_growth(seed);
    return 0;
}
