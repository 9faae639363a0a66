/* assign.h - equilibrium of trips on a network whose links slow down with their load.
 *
 *   trips (class, origin, destination, flow)      links (tail, head, law of time, toll, length)
 *                       \                            /
 *                    user equilibrium: no trip has a cheaper way than its own
 *                    system optimum:   the sum of all costs is least
 *
 * No freight word: the caller says what flows, and in what units. Flow is in the unit of the trips
 * (vehicles an hour, wagons a day), time and length in the units of the links. The generalised cost
 * of a class on a link is
 *
 *     cost = time + (toll_weight * toll + length_weight * length) / time_weight
 *
 * in units of time; a link's time depends on sum over classes of equivalents * flow.
 *
 *   order      nodes and links are numbers in the caller's order; ties go to the lower number
 *   ownership  an answer is freed by krn_assignment_free and borrows the network
 *   threads    krn_assign makes its own threads; the same bytes on any number of them
 *   errors     KRN_E_ARG (what is wrong, with the number of the link, class or trip), KRN_E_MEMORY,
 *              KRN_E_LIMIT (too many
 *              sources times links), KRN_E_NO_ROUTE (hard capacities), KRN_E_CANCELLED
 *   memory     about 8 bytes * (pairs of class and origin) * links, and 4 * nodes of the same
 */
#ifndef KERUEN_ASSIGN_H
#define KERUEN_ASSIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <keruen/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum krn_delay_kind {
    KRN_DELAY_CONSTANT, /* free_time */
    KRN_DELAY_BPR,      /* free_time * (1 + factor * (flow / capacity)^power) */
    KRN_DELAY_CONICAL,  /* Spiess 1990: free_time * f(flow / capacity), steepness factor > 1 */
    KRN_DELAY_TABLE     /* a monotone cubic through points, straight behind the last one */
} krn_delay_kind;

typedef struct krn_delay {
    krn_delay_kind kind;
    double free_time;          /* >= 0 */
    double capacity;           /* flow, > 0; BPR and conical */
    double factor;             /* BPR: >= 0; conical: > 1 */
    double power;              /* BPR: >= 0 */
    uint32_t n_points;         /* table: >= 2 */
    const double *points_flow; /* ascending, the first one 0 */
    const double *points_time; /* not descending, >= 0 */
} krn_delay;

typedef struct krn_assign_link {
    uint32_t tail, head;
    krn_delay delay;
    double toll, length; /* in the units of the weights */
    double limit_flow;   /* a hard capacity of the load, >= 0; HUGE_VAL: none */
    bool closed;         /* takes no flow */
} krn_assign_link;

typedef struct krn_assign_class {
    const char *name;
    double equivalents;   /* load of one unit of its flow, > 0 */
    double time_weight;   /* cost of a unit of time, > 0 */
    double toll_weight;   /* cost of a unit of toll */
    double length_weight; /* cost of a unit of length */
} krn_assign_class;

typedef struct krn_assign_trip {
    uint32_t class_index, origin, destination;
    double flow; /* >= 0 */
} krn_assign_trip;

typedef struct krn_assign_network {
    uint32_t n_nodes, n_links, n_classes, n_trips;
    const krn_assign_link *links;
    const krn_assign_class *classes;
    const krn_assign_trip *trips; /* in any order; of the same origin and destination they add up */
    const bool *no_through;       /* n_nodes: only ends of trips there; NULL: none */
} krn_assign_network;

typedef enum krn_assign_method { KRN_ASSIGN_USER, KRN_ASSIGN_SYSTEM } krn_assign_method;
typedef enum krn_assign_algorithm {
    KRN_ASSIGN_SEGMENT, /* paired segments with the flows of each origin */
    KRN_ASSIGN_FW       /* bi-conjugate Frank-Wolfe: link flows only */
} krn_assign_algorithm;

/* How far it is, after each iteration. */
typedef struct krn_assign_step {
    uint32_t iteration;
    double gap_share;      /* relative gap: (total cost - cost of shortest ways) / total cost */
    double excess_cost;    /* average excess: the same difference over the sum of all trips */
    double objective_cost; /* what the equilibrium makes least */
    uint32_t n_pairs;      /* paired segments in use */
} krn_assign_step;

/* Why hard capacities cannot carry the trips: n_links full links that some trips cannot go around.
 * All in load. */
typedef struct krn_assign_shortage {
    uint32_t link, n_links;       /* one of them, and their number */
    uint32_t origin, destination; /* of the largest of these trips */
    double trips_flow;            /* that must pass one or more of the links */
    double capacity_flow;         /* of the links together */
    double excess_flow;           /* what cannot pass, at least */
} krn_assign_shortage;

typedef struct krn_assignment krn_assignment;

typedef struct krn_assign_options {
    krn_assign_method method;
    krn_assign_algorithm algorithm;
    double gap_share;        /* ends at or below this relative gap; 0: 1e-6 */
    uint32_t max_iterations; /* 0: 1000 of paired segments, 100000 of Frank-Wolfe */
    unsigned n_threads;      /* 0: all processors */
    /* Start from the flows of an answer with the same numbers of nodes and links, by paired
     * segments: of each class and origin whose trips are the same and whose links are open; and
     * from its prices of hard capacities. NULL: from none. */
    const krn_assignment *base;
    /* Flows by origin are those of largest entropy: all origins divide alike over ways of the same
     * cost, and krn_assignment_select has one answer. Asks for a small gap, 1e-8 or less. */
    bool proportional;
    krn_assign_shortage *shortage; /* filled with KRN_E_NO_ROUTE where it is known; or NULL */
    bool (*progress)(void *context, const krn_assign_step *step); /* false: stop; or NULL */
    void *progress_context;
} krn_assign_options;

/* Reaches the gap, or ends at max_iterations with what it has (krn_assignment_step tells the gap).
 * Trips without a way are left out of flows and costs and told by krn_assignment_unserved_flow.
 * Hard capacities are kept to 1e-8 of themselves and have prices; KRN_E_NO_ROUTE when they cannot
 * carry the trips, with full links and what cannot pass; KRN_E_ARG with Frank-Wolfe. */
KRN_API krn_status krn_assign(const krn_assign_network *network, const krn_assign_options *options,
                              krn_assignment **out, krn_error *err);
KRN_API void krn_assignment_free(krn_assignment *assignment);

/* The last iteration. */
KRN_API krn_assign_step krn_assignment_step(const krn_assignment *assignment);

/* n_links values each: load (sum of equivalents * flow), flow of a class, time. */
KRN_API const double *krn_assignment_load(const krn_assignment *assignment);
KRN_API const double *krn_assignment_class_flow(const krn_assignment *assignment,
                                                uint32_t class_index);
KRN_API const double *krn_assignment_time(const krn_assignment *assignment);

/* What one more unit of the hard capacity of a link would take off the objective, in units of time;
 * 0 where it has none or does not bind. */
KRN_API double krn_assignment_price_cost(const krn_assignment *assignment, uint32_t link);

/* Generalised cost of a class on a link, in units of time; without the price of a capacity. */
KRN_API double krn_assignment_cost(const krn_assignment *assignment, uint32_t class_index,
                                   uint32_t link);

/* Who uses a link: of each trip the flow over it (n_trips values), and of all links the load of the
 * trips that use it (n_links values). Trips of one origin part at a node in the same shares.
 * KRN_E_ARG after Frank-Wolfe, KRN_E_MEMORY. O(origins * links). */
KRN_API krn_status krn_assignment_select(const krn_assignment *assignment, uint32_t link,
                                         double *out_trips_flow, double *out_links_load,
                                         krn_error *err);

/* With options.proportional: the largest difference between a load and the sum of the flows by
 * origin that krn_assignment_select works on, as a share of the load; HUGE_VAL: the gap is too
 * large for it, and flows by origin are as the iteration left them. */
KRN_API double krn_assignment_spread_share(const krn_assignment *assignment);

/* Sums over all links: load * time, and load * generalised cost. */
KRN_API double krn_assignment_total_time(const krn_assignment *assignment);
KRN_API double krn_assignment_total_cost(const krn_assignment *assignment);

/* Flow of trips that have no way, and of those that stay in their node (never on a link). */
KRN_API double krn_assignment_unserved_flow(const krn_assignment *assignment);
KRN_API double krn_assignment_inner_flow(const krn_assignment *assignment);

/* Bytes of the largest state. */
KRN_API size_t krn_assignment_bytes(const krn_assignment *assignment);

/* Shares of n ways by their costs: share = exp(-steepness * cost) / the sum of it, steepness_weight
 * in 1 / cost. Ways of HUGE_VAL get none; all such: all shares 0. O(n). */
KRN_API void krn_assign_logit(const double *values, uint32_t n, double steepness_weight,
                              double *out_share);

#ifdef __cplusplus
}
#endif
#endif
