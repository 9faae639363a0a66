/* SPDX-License-Identifier: Apache-2.0 */
#include "citygen.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct street {
    uint32_t from, to;
    bool one_way;
    int kind; /* 0 street, 1 main road, 2 arterial */
    uint32_t parts;
} street;

typedef struct maker {
    const citygen *city;
    uint64_t state;
    street *streets;
    uint32_t n_streets;
    uint32_t *root; /* of crossings, for the spanning tree */
    double *x, *y;  /* of crossings */
} maker;

static double chance(maker *m)
{
    m->state = m->state * 6364136223846793005u + 1442695040888963407u;
    return (double)(m->state >> 11) / 9007199254740992.0;
}

static uint32_t root_of(maker *m, uint32_t v)
{
    while (m->root[v] != v)
        v = m->root[v] = m->root[m->root[v]];
    return v;
}

static int kind_of(const citygen *c, uint32_t a, uint32_t b)
{
    const uint32_t ax = a % c->width, ay = a / c->width, bx = b % c->width, by = b / c->width;
    if ((ax == bx && ax % 16 == 8) || (ay == by && ay % 16 == 8))
        return 2;
    return (ax == bx && ax % 4 == 2) || (ay == by && ay % 4 == 2) ? 1 : 0;
}

static void add_candidates(maker *m)
{
    const citygen *c = m->city;
    for (uint32_t y = 0; y < c->height; y++)
        for (uint32_t x = 0; x < c->width; x++) {
            const uint32_t v = y * c->width + x;
            if (x + 1 < c->width)
                m->streets[m->n_streets++] = (street){.from = v, .to = v + 1, .parts = 1};
            if (y + 1 < c->height)
                m->streets[m->n_streets++] = (street){.from = v, .to = v + c->width, .parts = 1};
        }
}

/* Keeps a spanning tree (both ways) and two thirds of the rest, some of them one-way. */
static void choose_streets(maker *m)
{
    for (uint32_t k = m->n_streets; k > 1; k--) {
        const uint32_t other = (uint32_t)(chance(m) * k);
        const street s = m->streets[k - 1];
        m->streets[k - 1] = m->streets[other];
        m->streets[other] = s;
    }
    uint32_t n = 0;
    for (uint32_t k = 0; k < m->n_streets; k++) {
        street s = m->streets[k];
        const uint32_t a = root_of(m, s.from), b = root_of(m, s.to);
        s.kind = kind_of(m->city, s.from, s.to);
        if (a != b)
            m->root[a] = b;
        else if (chance(m) < 0.35 && s.kind == 0)
            continue;
        else
            s.one_way = s.kind == 0 && chance(m) < 0.6;
        if (s.one_way && chance(m) < 0.5) {
            const uint32_t from = s.from;
            s.from = s.to;
            s.to = from;
        }
        m->streets[n++] = s;
    }
    m->n_streets = n;
}

static uint32_t split_streets(maker *m)
{
    const uint32_t crossings = m->city->width * m->city->height;
    uint32_t nodes = m->city->zones + crossings;
    while (nodes < m->city->nodes) {
        m->streets[(uint32_t)(chance(m) * m->n_streets)].parts++;
        nodes++;
    }
    return nodes;
}

static void write_link(FILE *file, uint32_t from, uint32_t to, double length, int kind)
{
    static const double capacities[] = {900, 1800, 4000}, speeds[] = {0.5, 0.8, 1.4};
    (void)fprintf(file, "\t%u\t%u\t%.0f\t%.4f\t%.6f\t%s\t0\t0\t1\t;\n", from, to, capacities[kind],
                  length, length / speeds[kind], kind == 2 ? "1\t4" : "0.5\t4");
}

static uint32_t write_links(maker *m, FILE *file)
{
    const citygen *c = m->city;
    uint32_t n = 0, next = c->zones + c->width * c->height + 1;
    for (uint32_t k = 0; k < m->n_streets; k++) {
        const street *s = &m->streets[k];
        const double length = hypot(m->x[s->from] - m->x[s->to], m->y[s->from] - m->y[s->to]);
        uint32_t at = c->zones + 1 + s->from;
        for (uint32_t part = 1; part <= s->parts; part++) {
            const uint32_t to = part == s->parts ? c->zones + 1 + s->to : next++;
            write_link(file, at, to, length / s->parts, s->kind);
            if (!s->one_way)
                write_link(file, to, at, length / s->parts, s->kind);
            n += s->one_way ? 1 : 2;
            at = to;
        }
    }
    return n;
}

static uint32_t centre_of(maker *m, uint32_t zone)
{
    const uint64_t crossings = (uint64_t)m->city->width * m->city->height;
    return (uint32_t)((zone * crossings + crossings / 2) / m->city->zones);
}

static uint32_t write_connectors(maker *m, FILE *file)
{
    const citygen *c = m->city;
    const uint32_t crossings = c->width * c->height;
    uint32_t n = 0;
    for (uint32_t z = 0; z < c->zones; z++)
        for (uint32_t k = 0; k < 3; k++) {
            const uint32_t at = centre_of(m, z) + k * (k == 2 ? c->width / 2 : 1);
            if (at >= crossings)
                continue;
            for (int way = 0; way < 2; way++)
                (void)fprintf(file, "\t%u\t%u\t99999\t0.2\t%.3f\t0\t0\t0\t0\t3\t;\n",
                              way ? c->zones + 1 + at : z + 1, way ? z + 1 : c->zones + 1 + at,
                              0.3 + 0.2 * k);
            n += 2;
        }
    return n;
}

static void write_trips(maker *m, FILE *file)
{
    const citygen *c = m->city;
    double *weight = malloc(c->zones * sizeof *weight), all = 0.0;
    if (!weight)
        abort();
    for (uint32_t z = 0; z < c->zones; z++) {
        const uint32_t at = centre_of(m, z);
        const double from = hypot(m->x[at] / c->width - 0.5, m->y[at] / c->height - 0.5);
        weight[z] = (0.3 + chance(m)) * exp(-2.0 * from);
    }
    for (int pass = 0; pass < 2; pass++)
        for (uint32_t o = 0; o < c->zones; o++) {
            const uint32_t a = centre_of(m, o);
            if (pass)
                (void)fprintf(file, "Origin %u\n", o + 1);
            for (uint32_t d = 0; d < c->zones; d++) {
                const uint32_t b = centre_of(m, d);
                const double far = hypot(m->x[a] - m->x[b], m->y[a] - m->y[b]);
                const double pull = d == o ? 0.0 : weight[o] * weight[d] * exp(-far / 12.0);
                if (!pass)
                    all += pull;
                else if (pull * c->trips / all >= 0.005)
                    (void)fprintf(file, "%u : %.2f;\n", d + 1, pull * c->trips / all);
            }
        }
    free(weight);
}

static FILE *open_file(const char *folder, const char *name)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return fopen(path, "w");
}

citygen citygen_large(void)
{
    return (citygen){
        .width = 64, .height = 64, .zones = 865, .nodes = 12981, .trips = 180000.0, .seed = 1};
}

bool citygen_write(const citygen *city, const char *folder)
{
    const uint32_t crossings = city->width * city->height;
    maker m = {.city = city, .state = city->seed};
    FILE *net = open_file(folder, "City_net.tntp"), *trips = open_file(folder, "City_trips.tntp");
    m.streets = malloc(2 * (size_t)crossings * sizeof *m.streets);
    m.root = malloc(crossings * sizeof *m.root);
    m.x = malloc(crossings * sizeof *m.x);
    m.y = malloc(crossings * sizeof *m.y);
    if (!net || !trips || !m.streets || !m.root || !m.x || !m.y)
        return false;
    for (uint32_t v = 0; v < crossings; v++) {
        m.root[v] = v;
        m.x[v] = v % city->width + 0.7 * (chance(&m) - 0.5);
        m.y[v] = v / city->width + 0.7 * (chance(&m) - 0.5);
    }
    add_candidates(&m);
    choose_streets(&m);
    const uint32_t nodes = split_streets(&m);
    (void)fprintf(net,
                  "<NUMBER OF ZONES> %u\n<NUMBER OF NODES> %u\n<FIRST THRU NODE> %u\n"
                  "<NUMBER OF LINKS> ",
                  city->zones, nodes, city->zones + 1);
    const long count_at = ftell(net);
    (void)fprintf(net, "           \n<END OF METADATA>\n");
    const uint32_t n = write_links(&m, net) + write_connectors(&m, net);
    (void)fseek(net, count_at, SEEK_SET);
    (void)fprintf(net, "%u", n);
    (void)fprintf(trips, "<NUMBER OF ZONES> %u\n<END OF METADATA>\n", city->zones);
    write_trips(&m, trips);
    free(m.streets);
    free(m.root);
    free(m.x);
    free(m.y);
    return fclose(net) == 0 && fclose(trips) == 0;
}
