/* shortest_tree.h - the graph of an assignment and cheapest ways from one node to all.
 *
 * Links are numbered in order of their tails, so that arrays of links are read in a row.
 *
 *   ownership  krni_graph_free, krni_tree_work_free
 *   threads    a graph is only read; one work space per thread
 *   order      of equal costs the way that was found first stays; the heap breaks ties by its own
 *              fixed course, which depends on nothing but costs and numbers */
#ifndef ASSIGN_SHORTEST_TREE_H
#define ASSIGN_SHORTEST_TREE_H

#include <stdint.h>

#include <keruen/assign.h>

#define KRNI_NO_LINK UINT32_MAX

/* Nodes where ways part or trips begin or end; links between them, each a chain of one or more
 * links of the caller. */
typedef struct krni_graph {
    uint32_t n_nodes, n_links;
    uint32_t *first_out;   /* n_nodes + 1 */
    uint32_t *head, *tail; /* n_links */
    uint32_t *first_in;    /* n_nodes + 1, into in_link */
    uint32_t *in_link;     /* n_links, ascending per node */
    uint32_t *first_part;  /* n_links + 1, into part */
    uint32_t *part;        /* links in the caller's order, along the chain */
    uint32_t *place;       /* by node of the caller: node here, UINT32_MAX on a chain */
    uint32_t *node;        /* n_nodes: node of the caller */
    uint8_t *shut;         /* n_nodes: only ends of trips */
} krni_graph;

typedef struct krni_heap_item {
    double key;
    uint32_t node;
} krni_heap_item;

/* Scratch of one thread. label is the cost from the origin after build or repair. */
typedef struct krni_tree_work {
    double *label;        /* n_nodes; INFINITY: not reached */
    uint32_t *place;      /* n_nodes: place in the heap + 1, 0 when not there */
    uint32_t *stack;      /* n_nodes */
    krni_heap_item *heap; /* n_nodes */
    uint32_t n_heap;
} krni_tree_work;

/* graph.c: the open links of a network, checked: ends within range, no loop. Trips must be checked.
 */
krn_status krni_graph_new(const krn_assign_network *network, krni_graph *out, krn_error *err);
void krni_graph_free(krni_graph *graph);

krn_status krni_tree_work_new(uint32_t n_nodes, krni_tree_work *out, krn_error *err);
void krni_tree_work_free(krni_tree_work *work);

/* Cheapest ways from origin: enter[v] is the link by which v is reached (KRNI_NO_LINK: origin, or
 * not reached). cost[link] >= 0. O((n + m) log n). */
void krni_tree_build(const krni_graph *graph, const double *cost, uint32_t origin, uint32_t *enter,
                     krni_tree_work *work);

/* The same from a tree of other costs: nodes that it reached are those that can be reached. About
 * O(n + m) when the costs moved little. */
void krni_tree_repair(const krni_graph *graph, const double *cost, uint32_t origin, uint32_t *enter,
                      krni_tree_work *work);

#endif
