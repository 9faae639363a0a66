/* SPDX-License-Identifier: Apache-2.0 */
/* bench_sim.c - the simulation kernel on two workloads.
 *
 *   bench_sim [-q] [-n MOST_PENDING]     -q: short; default up to 10^7 pending events
 *
 * M/M/1    a million customers, arrival rate 0.9, service rate 1, one server, first come first
 *          served, all served. Through the calendar, the resource and its statistics: two events a
 *          customer, and the mean time in the system (10 in the long run) out of the resource's
 * sums Hold     n events pending: the earliest is taken, an exponential is added to its time, and
 * it is put back. Beside it a plain binary heap of 16-byte entries in an array, once as pop and
 *          push, once with the top replaced; a calendar queue and a ladder queue
 *
 * The reference loop tells how fast the machine is at the moment: the same queue with two clocks in
 * place of a calendar, xoshiro256+ and a ziggurat exponential. One-thread figures are processor
 * time, the best of several runs; two-thread figures are wall time, and beside it processor time,
 * which tells what other programs took. */
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "queue_rivals.h"
#include "sim/engine.h"
#include "sim/event_queue.h"
#include "sim/resource.h"
#include "sim/variate.h"

#define CUSTOMERS    1000000u
#define ARRIVAL_RATE 0.9
#define PUBLIC_S     0.116 /* best public program, a million customers on one thread, Zen 4 class */
#define REFERENCE_NS 11.9  /* the reference loop on that machine, per event */
#define REPLICATIONS 100u
#define MOST_THREADS 64

static double clock_s(clockid_t which)
{
    struct timespec t;
    clock_gettime(which, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
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
#ifdef __VERSION__
    printf("compiler     %s\n", __VERSION__);
#endif
}

/* --- reference loop --- */

typedef struct xoshiro {
    uint64_t s[4];
    double x[257]; /* of the ziggurat: edges of 256 layers of equal area under exp(-x) */
    double y[257];
} xoshiro;

static uint64_t rotl(uint64_t x, int k)
{
    return x << k | x >> (64 - k);
}

static uint64_t next_word(xoshiro *r)
{
    const uint64_t word = r->s[0] + r->s[3];
    const uint64_t t = r->s[1] << 17;
    r->s[2] ^= r->s[0];
    r->s[3] ^= r->s[1];
    r->s[1] ^= r->s[2];
    r->s[0] ^= r->s[3];
    r->s[2] ^= t;
    r->s[3] = rotl(r->s[3], 45);
    return word;
}

static void start_xoshiro(xoshiro *r)
{
    const double edge = 7.69711747013104972;
    const double area = 3.9496598225815571993e-3;
    for (unsigned i = 0; i < 4; i++)
        r->s[i] = UINT64_C(0x9E3779B97F4A7C15) * (i + 1);
    r->x[0] = area / exp(-edge);
    r->x[1] = edge;
    for (unsigned i = 2; i < 256; i++)
        r->x[i] = -log(exp(-r->x[i - 1]) + area / r->x[i - 1]);
    r->x[256] = 0.0;
    for (unsigned i = 0; i <= 256; i++)
        r->y[i] = exp(-r->x[i]);
}

static double ziggurat(xoshiro *r)
{
    for (double shift = 0.0;;) {
        const uint64_t word = next_word(r);
        const unsigned layer = (unsigned)(word & 255u);
        const double u = (double)(word >> 11) * 0x1p-53;
        const double x = u * r->x[layer];
        if (x < r->x[layer + 1])
            return shift + x;
        if (layer == 0) {
            shift += r->x[1];
            continue;
        }
        const double v = (double)(next_word(r) >> 11) * 0x1p-53;
        if (r->y[layer] + v * (r->y[layer + 1] - r->y[layer]) < exp(-x))
            return shift + x;
    }
}

/* ns per event; *mean: time in the system */
static double reference_ns(double *mean)
{
    xoshiro r;
    start_xoshiro(&r);
    double best = INFINITY;
    for (unsigned run = 0; run < 5; run++) {
        const double start = clock_s(CLOCK_THREAD_CPUTIME_ID);
        double now = 0.0, area = 0.0, arrival = ziggurat(&r) / ARRIVAL_RATE, end = INFINITY;
        uint64_t n = 0, in_system = 0;
        for (uint64_t served = 0; served < CUSTOMERS;) {
            const double next = arrival < end ? arrival : end;
            area += (double)in_system * (next - now);
            now = next;
            if (arrival < end) {
                if (++in_system == 1)
                    end = now + ziggurat(&r);
                arrival = ++n < CUSTOMERS ? now + ziggurat(&r) / ARRIVAL_RATE : INFINITY;
            } else {
                served++;
                end = --in_system ? now + ziggurat(&r) : INFINITY;
            }
        }
        *mean = area / CUSTOMERS;
        best = fmin(best, clock_s(CLOCK_THREAD_CPUTIME_ID) - start);
    }
    return best * 1e9 / (2.0 * CUSTOMERS);
}

/* --- M/M/1 --- */

enum { ARRIVES = 1, LEAVES };

typedef struct single_queue {
    krni_engine *engine;
    krni_resources *resources;
    krni_resource_id server;
    krni_exponential_source arrival;
    krni_exponential_source service;
    uint32_t n;
} single_queue;

/* The next arrival is planned first: what the run does next hangs on it. */
static krn_status arrives(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    single_queue *q = model;
    (void)err;
    const krni_ask ask = {.units = 1,
                          .service = krni_exponential_next(&q->service, 1.0),
                          .entity = event.entity,
                          .kind = LEAVES};
    if (++q->n < CUSTOMERS)
        krni_engine_in(engine, krni_exponential_next(&q->arrival, 1.0 / ARRIVAL_RATE),
                       (krni_event){.entity = q->n, .kind = ARRIVES});
    krni_resource_ask(q->resources, q->server, &ask);
    return KRN_OK;
}

static krn_status leaves(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    single_queue *q = model;
    (void)engine;
    (void)err;
    krni_resource_release(q->resources, (krni_claim){event.argument});
    return KRN_OK;
}

static bool open_queue(single_queue *q)
{
    memset(q, 0, sizeof *q);
    q->engine = krni_engine_new();
    q->resources = q->engine ? krni_resources_new(q->engine) : NULL;
    const krni_resource_spec spec = {.capacity = 1, .places = KRNI_UNBOUNDED};
    if (!q->resources || krni_resource_add(q->resources, &spec, &q->server, NULL))
        return false;
    krni_engine_on(q->engine, ARRIVES, arrives, q);
    krni_engine_on(q->engine, LEAVES, leaves, q);
    return true;
}

static void close_queue(single_queue *q)
{
    krni_resources_free(q->resources);
    krni_engine_free(q->engine);
}

/* Mean time in the system of one replication, or NaN. */
static double replicate(single_queue *q, uint32_t replication)
{
    krni_engine_reset(q->engine);
    krni_resources_reset(q->resources);
    q->arrival = krni_exponential_source_start(1, 1, replication);
    q->service = krni_exponential_source_start(1, 2, replication);
    q->n = 0;
    krni_engine_in(q->engine, krni_exponential_next(&q->arrival, 1.0 / ARRIVAL_RATE),
                   (krni_event){.kind = ARRIVES});
    if (krni_engine_run(q->engine, INFINITY, NULL))
        return NAN;
    const krni_resource_stats s = krni_resource_measure(q->resources, q->server);
    if (s.n_served != CUSTOMERS || krni_resource_check(q->resources, q->server, NULL))
        return NAN;
    return (s.wait_sum + s.busy_area) / CUSTOMERS;
}

static void run_single_queue(unsigned n_runs)
{
    double mean = 0.0;
    const double reference = reference_ns(&mean);
    printf("\nM/M/1, %u customers, one thread\n", CUSTOMERS);
    printf("  reference loop      %6.1f ns an event, %.4f s, mean time in the system %.3f\n",
           reference, reference * 2e-9 * CUSTOMERS, mean);
    single_queue q;
    double best = INFINITY;
    if (open_queue(&q))
        for (unsigned run = 0; run < n_runs; run++) {
            const double start = clock_s(CLOCK_THREAD_CPUTIME_ID);
            mean = replicate(&q, run);
            best = fmin(best, clock_s(CLOCK_THREAD_CPUTIME_ID) - start);
        }
    const krni_engine_state state = krni_engine_look(q.engine);
    printf("  engine              %6.1f ns an event, %.4f s, mean time in the system %.3f (last)\n",
           best * 1e9 / (double)state.n_handled, best, mean);
    printf("  events handled      %llu; memory %zu bytes\n", (unsigned long long)state.n_handled,
           state.bytes + krni_resources_bytes(q.resources));
    printf("  ratio to reference  %.2f; best public program on its machine %.2f\n",
           best * 1e9 / (2.0 * CUSTOMERS) / reference,
           PUBLIC_S * 1e9 / (2.0 * CUSTOMERS) / REFERENCE_NS);
    close_queue(&q);
}

typedef struct crew {
    atomic_uint next;
    unsigned n;
    double mean[REPLICATIONS];
} crew;

static void *work(void *argument)
{
    crew *all = argument;
    single_queue q;
    if (open_queue(&q))
        for (unsigned i; (i = atomic_fetch_add(&all->next, 1)) < all->n;)
            all->mean[i] = replicate(&q, i);
    close_queue(&q);
    return NULL;
}

static void run_replications(unsigned n)
{
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    const long n_threads = processors < MOST_THREADS ? processors : MOST_THREADS;
    pthread_t threads[MOST_THREADS];
    crew all = {.n = n};
    const double start = clock_s(CLOCK_MONOTONIC);
    const double start_busy = clock_s(CLOCK_PROCESS_CPUTIME_ID);
    long started = 0;
    while (started < n_threads && !pthread_create(&threads[started], NULL, work, &all))
        started++;
    for (long i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    const double s = clock_s(CLOCK_MONOTONIC) - start;
    const double busy = clock_s(CLOCK_PROCESS_CPUTIME_ID) - start_busy;
    double sum = 0.0;
    for (unsigned i = 0; i < n; i++)
        sum += all.mean[i];
    printf("\nM/M/1, %u replications on %ld threads\n", n, started);
    printf("  %.3f s, %.1f M events/s, mean time in the system %.4f\n", s,
           2.0 * CUSTOMERS * n / s * 1e-6, sum / n);
    printf("  %.3f s of processor time: %.1f M events a second of it\n", busy,
           2.0 * CUSTOMERS * n / busy * 1e-6);
}

/* --- hold --- */

static void sift_up(krni_entry *heap, size_t at, krni_entry entry)
{
    for (size_t parent; at > 0 && krni_entry_before(entry, heap[parent = (at - 1) / 2]);
         at = parent)
        heap[at] = heap[parent];
    heap[at] = entry;
}

static void sift_down(krni_entry *heap, size_t n, krni_entry entry)
{
    size_t at = 0;
    for (size_t child; (child = 2 * at + 1) < n; at = child) {
        if (child + 1 < n && krni_entry_before(heap[child + 1], heap[child]))
            child++;
        if (!krni_entry_before(heap[child], entry))
            break;
        heap[at] = heap[child];
    }
    heap[at] = entry;
}

/* ns per hold of a binary heap; replace: the top is replaced, else popped and pushed. */
static double heap_ns(size_t n, size_t n_holds, bool replace)
{
    krni_entry *heap = malloc(n * sizeof *heap);
    if (!heap)
        return NAN;
    krni_exponential_source law = krni_exponential_source_start(1, 1, 0);
    uint64_t order = 0;
    for (size_t i = 0; i < n; i++)
        sift_up(heap, i, (krni_entry){krni_exponential_next(&law, 1.0), order++});
    double best = INFINITY;
    for (unsigned run = 0; run < 3; run++) {
        const double start = clock_s(CLOCK_THREAD_CPUTIME_ID);
        for (size_t i = 0; i < n_holds; i++) {
            const krni_entry later = {heap[0].time + krni_exponential_next(&law, 1.0), order++};
            if (replace) {
                sift_down(heap, n, later);
            } else {
                sift_down(heap, n - 1, heap[n - 1]);
                sift_up(heap, n - 1, later);
            }
        }
        best = fmin(best, clock_s(CLOCK_THREAD_CPUTIME_ID) - start);
    }
    free(heap);
    return best * 1e9 / (double)n_holds;
}

static double queue_ns(size_t n, size_t n_holds, size_t *bytes)
{
    krni_event_queue *queue = krni_event_queue_new();
    krni_exponential_source law = krni_exponential_source_start(1, 1, 0);
    uint64_t order = 0;
    for (size_t i = 0; queue && i < n; i++)
        if (!krni_event_queue_push(queue, krni_exponential_next(&law, 1.0), order++))
            return NAN;
    double best = INFINITY;
    for (unsigned run = 0; queue && run < 3; run++) {
        const double start = clock_s(CLOCK_THREAD_CPUTIME_ID);
        for (size_t i = 0; i < n_holds; i++) {
            const krni_entry first = krni_event_queue_pop(queue);
            krni_event_queue_push(queue, first.time + krni_exponential_next(&law, 1.0), order++);
        }
        best = fmin(best, clock_s(CLOCK_THREAD_CPUTIME_ID) - start);
    }
    *bytes = queue ? krni_event_queue_bytes(queue) : 0;
    krni_event_queue_free(queue);
    return best * 1e9 / (double)n_holds;
}

static double brown_ns(size_t n, size_t n_holds)
{
    calendar_queue *queue = calendar_queue_new(n + 1);
    krni_exponential_source law = krni_exponential_source_start(1, 1, 0);
    uint64_t order = 0;
    double best = INFINITY, last = 0.0;
    for (size_t i = 0; queue && i < n; i++)
        if (!calendar_queue_push(queue, (krni_entry){krni_exponential_next(&law, 1.0), order++}))
            return NAN;
    for (unsigned run = 0; queue && run < 3; run++) {
        const double start = clock_s(CLOCK_THREAD_CPUTIME_ID);
        for (size_t i = 0; i < n_holds; i++) {
            const krni_entry first = calendar_queue_pop(queue);
            if (first.time < last)
                return NAN;
            last = first.time;
            (void)calendar_queue_push(
                queue, (krni_entry){last + krni_exponential_next(&law, 1.0), order++});
        }
        best = fmin(best, clock_s(CLOCK_THREAD_CPUTIME_ID) - start);
    }
    calendar_queue_free(queue);
    return best * 1e9 / (double)n_holds;
}

static double ladder_ns(size_t n, size_t n_holds)
{
    ladder_queue *queue = ladder_queue_new(n + 1);
    krni_exponential_source law = krni_exponential_source_start(1, 1, 0);
    uint64_t order = 0;
    double best = INFINITY, last = 0.0;
    for (size_t i = 0; queue && i < n; i++)
        (void)ladder_queue_push(queue, (krni_entry){krni_exponential_next(&law, 1.0), order++});
    for (unsigned run = 0; queue && run < 3; run++) {
        const double start = clock_s(CLOCK_THREAD_CPUTIME_ID);
        for (size_t i = 0; i < n_holds; i++) {
            const krni_entry first = ladder_queue_pop(queue);
            if (!(first.time >= last))
                return NAN;
            last = first.time;
            (void)ladder_queue_push(queue,
                                    (krni_entry){last + krni_exponential_next(&law, 1.0), order++});
        }
        best = fmin(best, clock_s(CLOCK_THREAD_CPUTIME_ID) - start);
    }
    ladder_queue_free(queue);
    return best * 1e9 / (double)n_holds;
}

static krn_status hold_on(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    (void)err;
    krni_engine_in(engine, krni_exponential_next(model, 1.0), event);
    return KRN_OK;
}

/* The same through the engine: dispatch, pool of events and all. */
static double engine_ns(size_t n, size_t n_holds)
{
    krni_engine *engine = krni_engine_new();
    if (!engine)
        return NAN;
    krni_exponential_source law = krni_exponential_source_start(1, 1, 0);
    krni_engine_on(engine, 1, hold_on, &law);
    for (size_t i = 0; i < n; i++)
        krni_engine_in(engine, krni_exponential_next(&law, 1.0),
                       (krni_event){.kind = 1, .entity = (uint32_t)i});
    double best = INFINITY;
    double until = 0.0;
    for (unsigned run = 0; run < 3; run++) {
        const uint64_t before = krni_engine_look(engine).n_handled;
        const double start = clock_s(CLOCK_THREAD_CPUTIME_ID);
        krni_engine_run(engine, until += (double)n_holds / (double)n, NULL);
        const double s = clock_s(CLOCK_THREAD_CPUTIME_ID) - start;
        best = fmin(best, s / (double)(krni_engine_look(engine).n_handled - before));
    }
    krni_engine_free(engine);
    return best * 1e9;
}

static void run_hold(size_t most, bool quick)
{
    printf("\nHold, ns an event (exponential of mean 1)\n");
    printf("%10s %8s %9s %9s %8s %8s %6s %8s %7s\n", "pending", "heap", "replaced", "calendar",
           "ladder", "chosen", "ratio", "engine", "MB");
    for (size_t n = 100; n <= most; n *= 10) {
        const size_t holds = quick ? 300000 : n < 1000000 ? 2000000 : 4 * n;
        size_t bytes = 0;
        const double heap = heap_ns(n, n < 10000000 ? holds : holds / 4, false);
        const double replaced = heap_ns(n, n < 10000000 ? holds : holds / 4, true);
        const double brown = brown_ns(n, holds), ladder = ladder_ns(n, holds);
        const double queue = queue_ns(n, holds, &bytes);
        const double engine = engine_ns(n, holds);
        printf("%10zu %8.1f %9.1f %9.1f %8.1f %8.1f %6.2f %8.1f %7.1f\n", n, heap, replaced, brown,
               ladder, queue, queue / heap, engine, (double)bytes * 1e-6);
        fflush(stdout);
    }
}

int main(int argc, char **argv)
{
    size_t most = 10000000;
    bool quick = false;
    for (int option; (option = getopt(argc, argv, "qn:")) != -1;) {
        if (option == 'q')
            quick = true;
        else if (option == 'n')
            most = (size_t)strtoull(optarg, NULL, 10);
        else
            return 2;
    }
    print_machine();
    run_single_queue(quick ? 3 : 20);
    run_replications(quick ? 10 : REPLICATIONS);
    run_hold(quick && most > 100000 ? 100000 : most, quick);
    return 0;
}
