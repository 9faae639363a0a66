/* SPDX-License-Identifier: Apache-2.0 */
/* roadgen.h - grid roads that anyone can make again from width, height and seed.
 *
 * Nodes jittered around a grid, a random spanning tree plus 40 % of the other edges, three classes
 * of road, four costs per arc: distance, time, money, risk; both directions equal.
 *
 *   ownership  krn_roads is filled by road_make and emptied by road_free
 */
#ifndef BENCH_ROADGEN_H
#define BENCH_ROADGEN_H

#include <stdbool.h>
#include <stdint.h>

#define ROAD_COSTS 4

typedef struct roads {
    uint32_t n_nodes;
    uint32_t n_arcs;
    uint32_t *first_arc; /* n_nodes + 1 */
    uint32_t *head;
    uint32_t *cost[ROAD_COSTS]; /* d, t, m, c */
} roads;

/* Mersenne twister with the seeding of CPython's random.Random(seed). */
typedef struct twister {
    uint32_t state[624];
    unsigned at;
} twister;

void twister_seed(twister *t, uint32_t seed);
uint32_t twister_next(twister *t);              /* 32 bits */
double twister_real(twister *t);                /* [0, 1), 53 bits */
uint32_t twister_below(twister *t, uint32_t n); /* 0 .. n-1, n > 0 */

/* false when memory runs out; *out is then empty. */
bool road_make(uint32_t width, uint32_t height, uint32_t seed, roads *out);
void road_free(roads *r);

#endif
