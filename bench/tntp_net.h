/* tntp_net.h - the networks of a folder as assignment problems, for benchmarks.
 *
 *   ownership  all of it lives in the arena */
#ifndef BENCH_TNTP_NET_H
#define BENCH_TNTP_NET_H

#include <keruen/arena.h>
#include <keruen/assign.h>

typedef struct tntp_net {
    const char *name;
    double toll_weight, length_weight;
    double objective; /* published; NaN: none */
} tntp_net;

/* Networks that are known by name, with the weights that their objectives were published with. */
extern const tntp_net tntp_nets[];
extern const size_t n_tntp_nets;

/* FOLDER/NAME_net.tntp can be read. */
bool tntp_net_is_there(const char *folder, const char *name);

typedef struct tntp_loaded {
    uint32_t n_zones, first_through;
    krn_assign_class all;
    krn_assign_link *links;
    krn_assign_trip *trips;
    krn_assign_network network; /* borrows the above */
} tntp_loaded;

/* Reads NAME_net.tntp and NAME_trips.tntp; false: told on standard error. */
bool tntp_net_load(const char *folder, const tntp_net *which, krn_arena *arena, tntp_loaded *out);

#endif
