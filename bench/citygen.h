/* citygen.h - a made-up city in the TNTP format, of the size and build of large public ones:
 * crossings on a grid with roads missing, one-way streets, chains of nodes along a road, arterials,
 * zones with connectors that nobody passes through, trips by gravity. The same seed, the same city.
 */
#ifndef BENCH_CITYGEN_H
#define BENCH_CITYGEN_H

#include <stdbool.h>
#include <stdint.h>

typedef struct citygen {
    uint32_t width, height; /* crossings */
    uint32_t zones;
    uint32_t nodes; /* in all; the rest are on chains */
    double trips;   /* a period, in all */
    uint32_t seed;
} citygen;

/* A city of 865 zones, 12,981 nodes and some 28,000 links. */
citygen citygen_large(void);

/* Writes FOLDER/City_net.tntp and FOLDER/City_trips.tntp; false: a file cannot be written. */
bool citygen_write(const citygen *city, const char *folder);

#endif
