/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_router.c - bytes -> a tiny graph with clocks; the search must agree with brute force.
 *
 * Nothing is repaired: a graph that the bytes make malformed must be refused by both. Stops at the
 * first difference. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <keruen/pareto.h>

#define MOST_NODES   8u
#define MOST_ARCS    24u
#define MOST_CLOCKS  4u
#define MOST_WINDOWS 3u

typedef struct bytes {
    const uint8_t *at;
    size_t left;
} bytes;

typedef struct tiny {
    krn_pareto_graph graph;
    uint32_t first_arc[MOST_NODES + 1];
    uint32_t head[MOST_ARCS];
    uint32_t cost[KRN_PARETO_MAX_CRITERIA][MOST_ARCS];
    uint32_t clock[MOST_ARCS];
    krn_pareto_clock clocks[MOST_CLOCKS];
    uint32_t open[MOST_CLOCKS][MOST_WINDOWS];
    uint32_t close[MOST_CLOCKS][MOST_WINDOWS];
} tiny;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint32_t next(bytes *b)
{
    if (b->left == 0)
        return 0;
    b->left--;
    return *b->at++;
}

/* Mostly small numbers; the largest bytes reach for the edges of 32 bits. */
static uint32_t number(bytes *b)
{
    const uint32_t x = next(b);
    return x < 240 ? x : x < 248 ? x << 23 : UINT32_MAX - (255 - x);
}

static void read_clock(bytes *b, tiny *t, unsigned i)
{
    krn_pareto_clock *clock = &t->clocks[i];
    const uint32_t kind = next(b);
    clock->not_before = kind & 1 ? number(b) : 0;
    clock->not_after = kind & 2 ? number(b) : KRN_PARETO_INFINITY;
    clock->n_windows = kind >> 2 & 3;
    for (uint32_t w = 0; w < clock->n_windows; w++) {
        const uint32_t before = w ? t->close[i][w - 1] : 0;
        t->open[i][w] = before + number(b);
        t->close[i][w] = t->open[i][w] + next(b);
    }
    clock->open = t->open[i];
    clock->close = t->close[i];
}

static void read_graph(bytes *b, tiny *t)
{
    memset(t, 0, sizeof *t);
    krn_pareto_graph *g = &t->graph;
    const uint32_t kind = next(b);
    g->n_criteria = 1 + kind % KRN_PARETO_MAX_CRITERIA;
    g->clock_at_head = kind >> 5 & 1;
    g->n_nodes = 1 + next(b) % MOST_NODES;
    for (uint32_t v = 0; v < g->n_nodes; v++) {
        const uint32_t degree = next(b) % 7;
        const uint32_t end = t->first_arc[v] + degree;
        t->first_arc[v + 1] = end < MOST_ARCS ? end : MOST_ARCS;
    }
    g->n_arcs = t->first_arc[g->n_nodes];
    g->first_arc = t->first_arc;
    g->head = t->head;
    for (uint32_t a = 0; a < g->n_arcs; a++) {
        t->head[a] = next(b) % (g->n_nodes + (kind == 255));
        for (unsigned c = 0; c < g->n_criteria; c++)
            t->cost[c][a] = number(b);
        const uint32_t clock = next(b) % (2 * MOST_CLOCKS);
        t->clock[a] = clock < MOST_CLOCKS ? clock : KRN_PARETO_NO_CLOCK;
    }
    for (unsigned c = 0; c < g->n_criteria; c++)
        g->cost[c] = t->cost[c];
    if (kind & 64)
        return;
    g->clock = t->clock;
    g->clocks = t->clocks;
    g->n_clocks = MOST_CLOCKS;
    for (unsigned i = 0; i < MOST_CLOCKS; i++)
        read_clock(b, t, i);
}

static void compare(const krn_pareto_graph *graph, const krn_pareto_query *query, krn_arena *arena)
{
    krn_pareto_result fast;
    krn_pareto_result slow;
    const krn_status a = krn_pareto_search(graph, query, arena, &fast, NULL);
    const krn_status b = krn_pareto_brute_force(graph, query, arena, &slow, NULL);
    if (a != b)
        abort();
    if (a)
        return;
    if (fast.n_solutions != slow.n_solutions || fast.truncated)
        abort();
    if (memcmp(fast.cost, slow.cost,
               (size_t)fast.n_solutions * graph->n_criteria * sizeof *fast.cost) != 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bytes b = {data, size};
    tiny t;
    krn_pareto_query query = {.source = next(&b) % MOST_NODES, .target = next(&b) % MOST_NODES};
    query.start = number(&b);
    const uint32_t instant = number(&b);
    read_graph(&b, &t);
    krn_arena *arena = krn_arena_new(NULL, (size_t)1 << 28);
    if (!arena)
        return 0;
    compare(&t.graph, &query, arena);
    krn_pareto_graph mirror;
    const uint32_t *arc_of;
    if (krn_pareto_mirror(&t.graph, instant, arena, &mirror, &arc_of, NULL) == KRN_OK) {
        const krn_pareto_query back = {.source = query.target, .target = query.source};
        compare(&mirror, &back, arena);
    }
    krn_arena_free(arena);
    return 0;
}
