/* bush_rival.h - user equilibrium by Algorithm B (Dial 2006), to compare with. */
#ifndef BENCH_BUSH_RIVAL_H
#define BENCH_BUSH_RIVAL_H

#include <keruen/assign.h>

#define BUSH_BOUNDS 5

typedef struct bush_outcome {
    bool good;
    uint32_t iterations;
    double gap_share, objective;
    double bound_s[BUSH_BOUNDS]; /* first time at or below each bound; 0: never */
    double gap_s;                /* of the whole: trees for the exact gap alone */
    double whole_s;
    double flows_mb;
} bush_outcome;

/* Ends at the last bound, or after most_s seconds. One thread. */
bush_outcome bush_solve(const krn_assign_network *network, const double bounds[BUSH_BOUNDS],
                        double most_s);

#endif
