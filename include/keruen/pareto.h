/* pareto.h - all non-dominated paths of a graph: the kernel of planning, without a freight word.
 *
 * A graph has arcs with 1 to 6 non-negative integer costs. Criterion 0 may be a clock: on an arc
 * with a clock one waits until the clock opens, then travels. All clocks are first-in-first-out
 * (who comes earlier never leaves later), so label setting stays exact.
 *
 *   units      costs are plain integers; the caller scales them (seconds, cents, grams, ...)
 *   sums       must stay below KRN_PARETO_INFINITY; a path that would pass it is not followed
 *   ownership  the caller owns graph and arrays; results live in the caller's arena
 *   threads    a graph is only read: any number of searches may share it, one arena each
 *   errors     KRN_E_ARG (a malformed graph or query), KRN_E_MEMORY, KRN_E_LIMIT (only if
 *              max_labels was reached before one solution was found)
 */
#ifndef KERUEN_PARETO_H
#define KERUEN_PARETO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <keruen/arena.h>
#include <keruen/status.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KRN_PARETO_MAX_CRITERIA 6
#define KRN_PARETO_INFINITY     UINT32_MAX
#define KRN_PARETO_NO_CLOCK     UINT32_MAX

/* When an arc may be entered: at a value a of criterion 0 one starts at the smallest s with
 * s >= a, s >= not_before and s inside one of the windows (n_windows 0: any s); if s > not_after
 * or no window is left, the arc cannot be taken. Windows are closed intervals, sorted, disjoint;
 * open[i] == close[i] is a single departure. */
typedef struct krn_pareto_clock {
    uint32_t not_before;
    uint32_t not_after; /* KRN_PARETO_INFINITY: no end */
    uint32_t n_windows;
    const uint32_t *open;  /* n_windows */
    const uint32_t *close; /* n_windows */
} krn_pareto_clock;

/* Arcs in order of their head, with their costs: what backward searches read. */
typedef struct krn_pareto_index krn_pareto_index;

/* Arcs in order of their tail (compressed sparse rows). */
typedef struct krn_pareto_graph {
    uint32_t n_nodes;
    uint32_t n_arcs;
    unsigned n_criteria;       /* 1 .. KRN_PARETO_MAX_CRITERIA */
    const uint32_t *first_arc; /* n_nodes + 1 */
    const uint32_t *head;      /* n_arcs */
    const uint32_t
        *cost[KRN_PARETO_MAX_CRITERIA]; /* cost[c][arc]; cost[0] is the travel part; an arc
                                           with cost[0] KRN_PARETO_INFINITY is absent */
    const uint32_t *clock;              /* n_arcs, index or KRN_PARETO_NO_CLOCK; NULL: none */
    const krn_pareto_clock *clocks;
    uint32_t n_clocks;
    bool clock_at_head; /* first travel, then wait: the mirrored graph of an arrive-by search */
    const krn_pareto_index *index; /* set by krn_pareto_prepare; NULL: each search makes its own */
} krn_pareto_graph;

typedef struct krn_pareto_query {
    uint32_t source;
    uint32_t target;
    uint32_t start;       /* value of criterion 0 at the source */
    double epsilon_share; /* 0: exact. Else every exact point p has a returned point q with
                             q[c] <= (1 + epsilon_share) * p[c] for every criterion c, and
                             q[0] <= p[0] */
    uint32_t max_front;   /* labels kept per node; 0: no bound. When it bites, truncated is set */
    uint64_t max_labels;  /* expansions before the search ends with what it has; 0: no bound */
} krn_pareto_query;

typedef struct krn_pareto_result {
    uint32_t n_solutions;
    unsigned n_criteria;
    const uint32_t *cost; /* n_solutions * n_criteria, lexicographic order; [0] is an instant */
    const uint32_t *first_step; /* n_solutions + 1, into arcs */
    const uint32_t *arcs;       /* arcs of each path, from source to target */
    uint64_t n_expanded;        /* labels taken from the queue and expanded */
    uint64_t n_generated;
    size_t peak_bytes; /* of labels, fronts and queue */
    bool truncated;    /* max_front or max_labels cut the search: the set may lack points */
} krn_pareto_result;

/* Checks the graph and makes its index once, for many searches: they then skip both. The index
 * lives in arena, which must outlive its use; the arrays of the graph and what they hold must not
 * change afterwards. KRN_E_ARG if the graph is malformed, KRN_E_MEMORY; then graph->index is NULL.
 * O(nodes + arcs). */
KRN_API krn_status krn_pareto_prepare(krn_pareto_graph *graph, krn_arena *arena, krn_error *err);

/* All non-dominated paths from source to target, one path for each distinct cost vector. Order of
 * ties: queue by (cost[0], cost[1], ... with the bounds of the rest added, node, number of the
 * label), so the answer depends on nothing but the input. No path: KRN_OK and n_solutions 0. source
 * == target: one empty path. Exponential in the worst case; O(labels * front) in practice. */
KRN_API krn_status krn_pareto_search(const krn_pareto_graph *graph, const krn_pareto_query *query,
                                     krn_arena *arena, krn_pareto_result *out, krn_error *err);

/* The same set by the slow, clear way: extends every label, compares every pair. An oracle for
 * tests and for graphs of a dozen nodes; ignores epsilon_share, max_front and max_labels. */
KRN_API krn_status krn_pareto_brute_force(const krn_pareto_graph *graph,
                                          const krn_pareto_query *query, krn_arena *arena,
                                          krn_pareto_result *out, krn_error *err);

/* The mirror of a graph in criterion 0 at an instant: arcs reversed, windows reflected (t becomes
 * instant - t), clock_at_head flipped. A search in it from target to source with start 0 answers
 * "arrive by instant, leave as late as possible": criterion 0 is instant - departure, and more than
 * instant if one would have to leave before 0. Windows after the instant vanish. arc_of (n_arcs)
 * tells which arc of graph each mirrored arc is. O(arcs). */
KRN_API krn_status krn_pareto_mirror(const krn_pareto_graph *graph, uint32_t instant,
                                     krn_arena *arena, krn_pareto_graph *out,
                                     const uint32_t **arc_of, krn_error *err);

/* Name of the vector code chosen on this machine: "avx512", "avx2" or "plain". */
KRN_API const char *krn_pareto_vector_code(void);

#ifdef __cplusplus
}
#endif
#endif
