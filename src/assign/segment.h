/* segment.h - flows by source and link, and the pairs of segments between which they move.
 *
 *              A: the cheaper segment
 *            .--->---.
 *   ... --> i         j --> ...      a pair: two ways from i to j that share nothing between; all
 *            '--->---'               sources that use both move flow until they cost the same
 *              B: the dearer one
 *
 *   ownership  krni_segments_free
 *   threads    krni_segments_find may run at once for different sources, each with its own worker's
 *              scratch; all else by one thread
 *   order      pairs in the order they were found; of a pair the sources in turn */
#ifndef ASSIGN_SEGMENT_H
#define ASSIGN_SEGMENT_H

#include "assign/problem.h"

/* A pair found for a source, or a cycle in its flows (n_other 0). Links run backwards from the
 * common end. */
typedef struct krni_finding {
    uint32_t first, n_used, n_other; /* into links: the dearer segment, then the cheaper one */
} krni_finding;

/* What was found for one source. */
typedef struct krni_findings {
    krni_finding *list;
    uint32_t n, room;
    uint32_t *links;
    uint32_t n_links, links_room;
    double excess; /* sum of flow * (cost over that of the cheapest way) */
    double total;  /* sum of flow * cost */
    bool failed;   /* no memory */
} krni_findings;

typedef struct krni_pair {
    uint32_t first, n_a, n_b; /* into links: segment A, then B */
    uint32_t class_index;
    uint32_t turn; /* source that moved last */
    uint32_t idle; /* sweeps without anything to move */
    double fixed;  /* fixed cost of A less that of B */
} krni_pair;

/* What one source moved. */
typedef struct krni_part {
    uint32_t source;
    double flow;
} krni_part;

/* Scratch of one worker. */
typedef struct krni_seeker {
    krni_tree_work tree;
    uint32_t *on_tree, *seen; /* n_nodes: stamps */
    uint32_t stamp;
} krni_seeker;

typedef struct krni_segments {
    krni_problem *problem; /* borrowed; its loads move */
    double *flow;          /* n_sources * n_links */
    uint32_t *enter;       /* n_sources * n_nodes: trees */
    krni_pair *pairs;
    uint32_t n_pairs, pairs_room;
    uint32_t *links;
    uint32_t n_links, links_room;
    uint64_t *members; /* pairs_room * n_words: bits of sources */
    uint32_t n_words;
    uint32_t *table; /* table_size: pair + 1 by hash */
    uint32_t table_size;
    krni_part *log; /* moves of krni_segments_move are noted here; NULL: not */
    uint32_t n_log;
    double dust; /* a flow of a source up to this is none */
} krni_segments;

krn_status krni_segments_new(krni_problem *problem, krni_segments *out, krn_error *err);
void krni_segments_free(krni_segments *segments);

krn_status krni_seeker_new(uint32_t n_nodes, krni_seeker *out, krn_error *err);
void krni_seeker_free(krni_seeker *seeker);
void krni_findings_free(krni_findings *findings);

static inline double *krni_flow_of(const krni_segments *s, uint32_t source)
{
    return s->flow + (size_t)source * s->problem->graph.n_links;
}

/* All trips of a source on its cheapest ways by these costs; loads are left alone. */
void krni_segments_load_tree(krni_segments *s, uint32_t source, const double *cost,
                             krni_seeker *seeker);

/* Flows of a source as in another state (its source `from`), where every link that it used is open;
 * false, and nothing done, where one is not. link_of: by link of the caller the other's link, or
 * KRNI_NO_LINK, and the tree is made anew; NULL: both graphs are the same. */
bool krni_segments_copy(krni_segments *s, uint32_t source, const krni_segments *other,
                        uint32_t from, const uint32_t *link_of, const double *cost,
                        krni_seeker *seeker);

/* Pairs of another state with the same graph and the same sources. */
krn_status krni_segments_copy_pairs(krni_segments *s, const krni_segments *other, krn_error *err);

/* Sum over sources of flow * fixed cost. */
double krni_segments_fixed(const krni_segments *s);

/* Repairs the tree of a source; with findings: fills them with excess and with pairs for used links
 * whose flow * reduced cost is above `least`. */
void krni_segments_find(krni_segments *s, uint32_t source, const double *cost, double least,
                        krni_seeker *seeker, krni_findings *findings);

/* Moves flow of the source along what was found and keeps the pairs. */
krn_status krni_segments_take(krni_segments *s, uint32_t source, const krni_findings *findings,
                              krn_error *err);

/* Each pair once, in order; the sum of flow moved * difference of cost. */
double krni_segments_sweep(krni_segments *s);

/* Flow that the sources of a pair have on its segment A, and on B. */
void krni_segments_room(const krni_segments *s, uint32_t pair, double *out_a, double *out_b);

/* Moves flow of a pair from A to B, or back where it is below 0; what was moved, no more than is
 * there. At most as many parts as the pair has members go into the log. */
double krni_segments_move(krni_segments *s, uint32_t pair, double flow);

/* Takes back a part that a pair has moved; loads of links are left alone. */
void krni_segments_undo(krni_segments *s, uint32_t pair, bool from_a, krni_part part);

/* Sources that use a pair. */
uint32_t krni_segments_members(const krni_segments *s, uint32_t pair);

/* Forgets pairs that have had nothing to move. */
void krni_segments_tidy(krni_segments *s);

/* Loads of all links anew from the flows by source, links first .. end - 1. */
void krni_segments_sum(krni_segments *s, uint32_t first, uint32_t end);

size_t krni_segments_bytes(const krni_segments *s);

#endif
