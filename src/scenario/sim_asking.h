/* sim_asking.h - a question about the running corridor while it is made ready: rows of demand with
 * the ways found for each, before they are counted by groups. */
#ifndef SCENARIO_SIM_ASKING_H
#define SCENARIO_SIM_ASKING_H

#include <keruen/scenario.h>

/* One way of one row of demand. */
typedef struct krni_asked_way {
    krn_sim_way way;
    const char *words;
    double expected_h;
    double weight_t; /* planned on it with a demand of one, so that groups do not hang on it */
    double year_t;   /* planned on it */
} krni_asked_way;

typedef struct krni_asked_row {
    uint32_t row; /* of the demand list */
    krn_sim_stream stream;
    krni_asked_way *ways; /* of least cost first */
    uint32_t n_ways;
    double year_t; /* scaled; a dated consignment once */
    krn_country from, to;
} krni_asked_row;

/* sim_group.c: groups of all ways; sets way.group. Small ways of a relation become "other ways". */
krn_status krni_sim_group(krni_asked_row *rows, uint32_t n_rows, krn_arena *arena,
                          krn_sim_setup *setup, krn_error *err);

#endif
