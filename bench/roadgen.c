/* SPDX-License-Identifier: Apache-2.0 */
/* roadgen.c - grid roads from a seed; draws in the order that the generator's rule states. */
#include "roadgen.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct edge {
    uint32_t u;
    uint32_t v;
} edge;

static void seed_by_number(twister *t, uint32_t seed)
{
    t->state[0] = seed;
    for (uint32_t i = 1; i < 624; i++)
        t->state[i] = 1812433253u * (t->state[i - 1] ^ t->state[i - 1] >> 30) + i;
    t->at = 624;
}

void twister_seed(twister *t, uint32_t seed)
{
    uint32_t *s = t->state;
    uint32_t i = 1;
    seed_by_number(t, 19650218u);
    for (unsigned k = 0; k < 624; k++) { /* the key has one word, the seed */
        s[i] = (s[i] ^ (s[i - 1] ^ s[i - 1] >> 30) * 1664525u) + seed;
        if (++i == 624) {
            s[0] = s[623];
            i = 1;
        }
    }
    for (unsigned k = 0; k < 623; k++) {
        s[i] = (s[i] ^ (s[i - 1] ^ s[i - 1] >> 30) * 1566083941u) - i;
        if (++i == 624) {
            s[0] = s[623];
            i = 1;
        }
    }
    s[0] = 0x80000000u;
}

uint32_t twister_next(twister *t)
{
    uint32_t *s = t->state;
    if (t->at == 624) {
        for (unsigned i = 0; i < 624; i++) {
            const uint32_t y = (s[i] & 0x80000000u) | (s[(i + 1) % 624] & 0x7fffffffu);
            s[i] = s[(i + 397) % 624] ^ y >> 1 ^ (y & 1 ? 0x9908b0dfu : 0);
        }
        t->at = 0;
    }
    uint32_t y = s[t->at++];
    y ^= y >> 11;
    y ^= y << 7 & 0x9d2c5680u;
    y ^= y << 15 & 0xefc60000u;
    return y ^ y >> 18;
}

double twister_real(twister *t)
{
    const uint32_t high = twister_next(t) >> 5;
    const uint32_t low = twister_next(t) >> 6;
    return (high * 67108864.0 + low) * (1.0 / 9007199254740992.0);
}

uint32_t twister_below(twister *t, uint32_t n)
{
    unsigned bits = 0;
    while (bits < 32 && n >> bits)
        bits++;
    uint32_t r = twister_next(t) >> (32 - bits);
    while (r >= n)
        r = twister_next(t) >> (32 - bits);
    return r;
}

static double uniform(twister *t, double low, double high)
{
    return low + (high - low) * twister_real(t);
}

static int compare_edges(const void *a, const void *b)
{
    const edge *x = a;
    const edge *y = b;
    if (x->u != y->u)
        return x->u < y->u ? -1 : 1;
    return x->v < y->v ? -1 : x->v > y->v;
}

static uint32_t root_of(uint32_t *parent, uint32_t v)
{
    while (parent[v] != v) {
        parent[v] = parent[parent[v]];
        v = parent[v];
    }
    return v;
}

/* Keeps a random spanning tree and 40 % of the other edges; the number kept. */
static uint32_t choose_edges(twister *t, edge *edges, uint32_t n, uint32_t *parent,
                             uint32_t n_nodes, bool *taken)
{
    for (uint32_t v = 0; v < n_nodes; v++)
        parent[v] = v;
    for (uint32_t i = n - 1; i > 0; i--) {
        const uint32_t j = twister_below(t, i + 1);
        const edge e = edges[i];
        edges[i] = edges[j];
        edges[j] = e;
    }
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t a = root_of(parent, edges[i].u);
        const uint32_t b = root_of(parent, edges[i].v);
        taken[i] = a != b;
        parent[a] = b;
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++)
        if (taken[i] || twister_real(t) < 0.40)
            edges[kept++] = edges[i];
    qsort(edges, kept, sizeof *edges, compare_edges);
    return kept;
}

static uint32_t whole(double x)
{
    const double rounded = nearbyint(x);
    return rounded < 1.0 ? 1 : (uint32_t)rounded;
}

static unsigned road_class(edge e, uint32_t width)
{
    const uint32_t x = e.u % width;
    const uint32_t y = e.u / width;
    const bool in_row = y == e.v / width;
    const bool in_column = x == e.v % width;
    if ((in_row && y % 16 == 8) || (in_column && x % 16 == 8))
        return 2;
    return (in_row && y % 4 == 2) || (in_column && x % 4 == 2) ? 1 : 0;
}

static void price_edge(twister *t, edge e, const double *x, const double *y, uint32_t width,
                       uint32_t cost[ROAD_COSTS])
{
    static const double speeds[3] = {3.0, 5.5, 11.0};
    static const double prices[3] = {200.0, 260.0, 420.0};
    const unsigned class = road_class(e, width);
    const double length = hypot(x[e.u] - x[e.v], y[e.u] - y[e.v]);
    const double speed = speeds[class] * uniform(t, 0.85, 1.15);
    const double money = uniform(t, 0.7, 1.3);
    const double risk = uniform(t, 1.0, 100.0);
    cost[0] = whole(1000.0 * length);
    cost[1] = whole(10000.0 * length / speed);
    cost[2] = whole(prices[class] * length * money);
    cost[3] = whole(length * risk);
}

static bool make_arcs(twister *t, const edge *edges, uint32_t n, const double *x, const double *y,
                      uint32_t width, roads *out)
{
    out->n_arcs = 2 * n;
    out->first_arc = calloc((size_t)out->n_nodes + 2, sizeof *out->first_arc);
    out->head = malloc(out->n_arcs * sizeof *out->head);
    bool good = out->first_arc && out->head;
    for (unsigned c = 0; c < ROAD_COSTS; c++) {
        out->cost[c] = malloc(out->n_arcs * sizeof *out->cost[c]);
        good = good && out->cost[c];
    }
    if (!good)
        return false;
    uint32_t *place = out->first_arc + 1;
    for (uint32_t i = 0; i < n; i++) {
        place[edges[i].u + 1]++;
        place[edges[i].v + 1]++;
    }
    for (uint32_t v = 0; v < out->n_nodes; v++)
        place[v + 1] += place[v];
    for (uint32_t i = 0; i < n; i++) {
        uint32_t cost[ROAD_COSTS];
        price_edge(t, edges[i], x, y, width, cost);
        const uint32_t there = place[edges[i].u]++;
        const uint32_t back = place[edges[i].v]++;
        out->head[there] = edges[i].v;
        out->head[back] = edges[i].u;
        for (unsigned c = 0; c < ROAD_COSTS; c++)
            out->cost[c][there] = out->cost[c][back] = cost[c];
    }
    return true;
}

bool road_make(uint32_t width, uint32_t height, uint32_t seed, roads *out)
{
    memset(out, 0, sizeof *out);
    out->n_nodes = width * height;
    const size_t n_most = (size_t)out->n_nodes * 3;
    double *x = malloc(out->n_nodes * sizeof *x);
    double *y = malloc(out->n_nodes * sizeof *y);
    edge *edges = malloc(n_most * sizeof *edges);
    bool *taken = malloc(n_most * sizeof *taken);
    uint32_t *parent = malloc(out->n_nodes * sizeof *parent);
    bool good = x && y && edges && taken && parent;
    if (!good)
        goto done;
    twister t;
    twister_seed(&t, seed);
    for (uint32_t i = 0; i < out->n_nodes; i++) {
        x[i] = i % width + uniform(&t, -0.35, 0.35);
        y[i] = i / width + uniform(&t, -0.35, 0.35);
    }
    uint32_t n = 0;
    for (uint32_t i = 0; i < out->n_nodes; i++) {
        const bool right = i % width + 1 < width;
        const bool down = i / width + 1 < height;
        if (right)
            edges[n++] = (edge){i, i + 1};
        if (down)
            edges[n++] = (edge){i, i + width};
        if (right && down && twister_real(&t) < 0.12)
            edges[n++] = (edge){i, i + width + 1};
    }
    n = choose_edges(&t, edges, n, parent, out->n_nodes, taken);
    good = make_arcs(&t, edges, n, x, y, width, out);
done:
    if (!good)
        road_free(out);
    free(parent);
    free(taken);
    free(edges);
    free(y);
    free(x);
    return good;
}

void road_free(roads *r)
{
    for (unsigned c = 0; c < ROAD_COSTS; c++)
        free(r->cost[c]);
    free(r->head);
    free(r->first_arc);
    memset(r, 0, sizeof *r);
}
