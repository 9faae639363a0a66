/* column_rival.h - hard capacities by column generation over COIN-OR CLP, to compare with. */
#ifndef BENCH_COLUMN_RIVAL_H
#define BENCH_COLUMN_RIVAL_H

#include <keruen/assign.h>

typedef struct column_outcome {
    bool good;
    double cost;      /* of the best program; without penalties */
    double unserved;  /* flow that found no room */
    double price_sum; /* of the hard capacities, times them */
    uint32_t rounds, n_columns;
} column_outcome;

/* Constant times only (free_time counts): one class, cheapest ways under hard capacities. */
column_outcome column_solve(const krn_assign_network *network);

#endif
