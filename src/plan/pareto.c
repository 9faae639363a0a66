/* SPDX-License-Identifier: Apache-2.0 */
/* pareto.c - all non-dominated paths, by label setting in the order of the first criterion.
 *
 * A label is a path from the source to a node, kept as f = cost so far + lower bound of the rest
 * (pareto_net.h). The queue gives labels in lexicographic order of f, so that
 *   - what comes out at the target is a solution for good, already in the order of the result;
 *   - a test for dominance may leave out the first criterion (pareto_front.h);
 *   - clocks keep this exact: they are first-in-first-out, so who is earlier and no worse in the
 *     rest can do all that the other can.
 *
 *   queue -> pop --covered at its node or at the target by now?--> dropped
 *             |
 *             +--> front of the node, log of expansions --> at the target: a solution
 *             +--> arcs: child f = f + reduced cost --covered at node or target?--> dropped
 *                                                   \--> queue; or, if it comes before all that
 *                                                        is queued, expanded next at once
 *
 * Order of ties: f0, f1, ..., f[k-1], then the node, then the number of the parent in the log, then
 * the arc; at one node that is the order in which labels were made. Nothing else decides.
 *
 * epsilon_share. A label is also dropped if a solution q found so far has q[c] <= (1 + eps) f[c]
 * for every c >= 1; for c = 0 the order gives q[0] <= f[0]. Fronts of other nodes stay exact. Then
 * every exact point p has a returned q with q[0] <= p[0] and q[c] <= (1 + eps) p[c]:
 *   Follow the path of p from the source as long as its labels are expanded. If it ends at the
 *   target, p is returned. Else the next label x was dropped.
 *   (a) By an expanded label y <= x at the same node. Go on along y and the rest of p's path: that
 *       path costs no more than p, so as much, for p is exact. y lies one arc nearer to the target
 *       than the last expanded label did, so this happens at most once per arc.
 *   (b) By a solution q <= (1 + eps) f(x). Bounds never exceed the truth, so f(x) <= p. Done.
 * The factor is applied to f of one label, never to a sum of such factors: it does not compound.
 *
 * Memory: an expansion takes 8 bytes of log, a queued label (k + 3) * 4 bytes, a point of a front
 * 4 k bytes or less. All of it lies in the caller's arena.
 */
#include <keruen/pareto.h>

#include <assert.h>
#include <string.h>

#include "base/error.h"
#include "plan/pareto_clock.h"
#include "plan/pareto_filter.h"
#include "plan/pareto_log.h"
#include "plan/pareto_net.h"
#include "plan/pareto_queue.h"

#define AT_ONCE 8u /* children handled together */

typedef struct search {
    const krn_pareto_graph *graph;
    const krn_pareto_query *query;
    const krni_simd *simd;
    krni_net net;
    krni_queue queue;
    krni_pool points; /* of fronts */
    krni_pool other;
    krni_front *front;  /* per node, k > 2 */
    uint32_t *least;    /* per node, k == 2: least f1 */
    krni_filter filter; /* before the front of the target, k > 2 */
    uint32_t *n_kept;   /* per node, with max_front */
    krni_log log;
    uint64_t n_expanded;
    uint64_t n_generated;
    bool ahead; /* `next` comes before all that is queued, and is known to be worth expanding */
    size_t next_place;
    uint32_t next[KRN_PARETO_MAX_CRITERIA + 3];
    bool truncated;
    bool stopped;  /* by max_labels, with labels left */
    bool complete; /* a solution that is best in all criteria but the first: nothing can follow */
} search;

/* ---- dominance ---- */

/* (1 + eps) f, rounded down and never past the largest sum. */
static KRNI_INLINE uint32_t stretch(double share, uint32_t f)
{
    const double more = share * (double)f * (1.0 - 1e-12);
    const double room = (double)(KRN_PARETO_INFINITY - 1 - f);
    return more < room ? f + (uint32_t)more : KRN_PARETO_INFINITY - 1;
}

/* Has the node a label no worse than f in criteria 1 .. k-1 that came at stamp or later? */
static KRNI_INLINE bool covered(const search *s, uint32_t node, const uint32_t *f, uint32_t stamp,
                                size_t *place, const unsigned k)
{
    if (k == 2)
        return s->least[node] <= f[1];
    if (k == 3)
        return krni_stairs_cover(&s->front[node], f[1], f[2], place);
    return krni_blocks_cover(&s->front[node], s->simd, f + 1, stamp, k - 1);
}

/* f, or (1 + eps) f, as the target's front wants it. */
static KRNI_INLINE const uint32_t *at_target(const search *s, const uint32_t *f, uint32_t *room,
                                             const unsigned k)
{
    const double share = s->query->epsilon_share;
    if (KRNI_LIKELY(share <= 0.0))
        return f;
    for (unsigned c = 1; c < k; c++)
        room[c] = stretch(share, f[c]);
    return room;
}

/* Is the label covered at the target? By look-up only, so perhaps without an answer. */
static KRNI_INLINE krni_verdict judge(const search *s, const uint32_t *f, const unsigned k)
{
    uint32_t room[KRN_PARETO_MAX_CRITERIA];
    f = at_target(s, f, room, k);
    if (k == 2)
        return s->least[s->query->target] <= f[1] ? KRNI_COVERED : KRNI_ACQUITTED;
    return krni_filter_judge(&s->filter, f + 1, k);
}

static KRNI_INLINE bool covered_at_target(const search *s, const uint32_t *f, uint32_t stamp,
                                          const unsigned k)
{
    uint32_t room[KRN_PARETO_MAX_CRITERIA];
    size_t place;
    return covered(s, s->query->target, at_target(s, f, room, k), stamp, &place, k);
}

static KRNI_INLINE bool keep(search *s, uint32_t node, const uint32_t *f, uint32_t stamp,
                             size_t place, const unsigned k)
{
    if (k == 2) {
        s->least[node] = f[1];
        return true;
    }
    if (k == 3)
        return krni_stairs_add(&s->front[node], &s->points, f[1], f[2], place);
    return krni_blocks_add(&s->front[node], &s->points, s->simd, f + 1, stamp, k - 1);
}

/* Keeps the filter in step with the front of the target, and sees whether that is complete. false:
 * memory ran out. */
static KRNI_INLINE bool note_solution(search *s, const uint32_t *f, const unsigned k)
{
    bool best = true;
    for (unsigned c = 1; c < k; c++)
        best = best && f[c] == s->net.bound[c][s->query->source];
    s->complete = best;
    if (k == 2)
        return true;
    const krni_front *front = &s->front[s->query->target];
    if (s->filter.least)
        krni_filter_add(&s->filter, f + 1, k);
    if (front->n < s->filter.next_build)
        return true;
    const uint32_t low[2] = {s->net.bound[1][s->query->source], s->net.bound[2][s->query->source]};
    return krni_filter_build(&s->filter, front, &s->other, low, k);
}

/* ---- the search ---- */

/* How long a label waits at the clock of an arc; KRN_PARETO_INFINITY: it cannot pass. */
static uint32_t wait_at_clock(const search *s, const uint32_t *record, uint32_t tail, uint32_t f0,
                              const unsigned k)
{
    const uint32_t clock = record[1 + k];
    if (clock == KRN_PARETO_NO_CLOCK)
        return 0;
    uint64_t at = (uint64_t)f0 - s->net.bound[0][tail];
    if (s->net.clock_at_head)
        at = (uint64_t)f0 + record[1] - s->net.bound[0][record[0]];
    if (at >= KRN_PARETO_INFINITY)
        return KRN_PARETO_INFINITY;
    const uint32_t open = krni_clock_enter(&s->graph->clocks[clock], (uint32_t)at);
    return open == KRN_PARETO_INFINITY ? KRN_PARETO_INFINITY : open - (uint32_t)at;
}

/* f of the child along an arc; false if the sum is too large or the clock stays shut. */
static KRNI_INLINE bool child_costs(const search *s, const uint32_t *label, const uint32_t *record,
                                    uint32_t tail, uint32_t *child, bool *same, const unsigned k,
                                    const bool clocks)
{
    uint64_t f0 = (uint64_t)label[0] + record[1];
    if (clocks) {
        const uint32_t wait = wait_at_clock(s, record, tail, label[0], k);
        if (wait == KRN_PARETO_INFINITY)
            return false;
        f0 += wait;
    }
    if (f0 > s->net.most)
        return false;
    child[0] = (uint32_t)f0;
    bool over = false;
    uint32_t rise = 0;
    for (unsigned c = 1; c < k; c++) {
        child[c] = label[c] + record[1 + c];
        over |= child[c] < label[c] || child[c] == KRN_PARETO_INFINITY;
        rise |= record[1 + c];
    }
    *same = rise == 0;
    return !over;
}

/* Queues a child that passed all tests, or keeps it aside if it comes before all that is queued: it
 * is then the next label, and as nothing is kept in between no test has to be made again. false:
 * memory ran out. */
static KRNI_INLINE bool queue_child(search *s, const uint32_t *child, size_t place,
                                    const unsigned k)
{
    const krni_queue *queue = &s->queue;
    if (child[0] < queue->heap_end) {
        const uint32_t *first = s->ahead ? s->next : queue->heap;
        if ((!s->ahead && queue->heap_n == 0) || krni_queue_less(child, first, k + 3)) {
            if (s->ahead && !krni_queue_push(&s->queue, s->next, k + 3))
                return false;
            krni_queue_copy(s->next, child, k + 3);
            s->next_place = place;
            s->ahead = true;
            return true;
        }
    }
    return krni_queue_push(&s->queue, child, k + 3);
}

/* Queues the children of an expanded label: first the sums and the look-up at the target, while
 * the fronts of the heads are on their way from memory, then those. false: memory ran out. */
static KRNI_INLINE bool expand(search *s, const uint32_t *label, uint32_t number, uint32_t tail,
                               const unsigned k, const bool clocks)
{
    const unsigned stride = k + 1 + clocks;
    const uint32_t back = s->net.tail[label[k + 2]];
    const uint32_t end = s->net.span[tail].end;
    uint32_t r = s->net.span[tail].first;
    while (r < end) {
        uint32_t children[AT_ONCE][KRN_PARETO_MAX_CRITERIA + 3];
        krni_verdict verdict[AT_ONCE];
        unsigned n = 0;
        for (const uint32_t stop = end - r < AT_ONCE ? end : r + AT_ONCE; r < stop; r++) {
            const uint32_t *record = s->net.record + (size_t)r * stride;
            const uint32_t head = record[0];
            uint32_t *child = children[n];
            bool same;        /* in criteria 1 .. k-1: the label itself passed at the target */
            if (head == back) /* its front has the parent of the label, or something better */
                continue;
            if (!child_costs(s, label, record, tail, child, &same, k, clocks))
                continue;
            verdict[n] = same ? KRNI_ACQUITTED : judge(s, child, k);
            if (verdict[n] == KRNI_COVERED)
                continue;
            KRNI_PREFETCH(&s->front[head]);
            child[k] = head;
            child[k + 1] = number;
            child[k + 2] = r;
            n++;
        }
        for (unsigned i = 0; i < n; i++)
            krni_front_prefetch(&s->front[children[i][k]], k);
        for (unsigned i = 0; i < n; i++) {
            const uint32_t *child = children[i];
            size_t place = 0;
            if (covered(s, child[k], child, 0, &place, k))
                continue;
            if (verdict[i] == KRNI_UNSURE && covered_at_target(s, child, 0, k))
                continue;
            if (!queue_child(s, child, place, k))
                return false;
            s->n_generated++;
        }
    }
    return true;
}

/* The same with two criteria, where a test is a look-up: children are written first and kept or
 * overwritten without a branch, for no branch here could be foretold. */
static KRNI_INLINE bool expand_two(search *s, const uint32_t *label, uint32_t number, uint32_t tail,
                                   const bool clocks)
{
    const unsigned stride = 3 + clocks;
    const uint32_t at_target = s->least[s->query->target];
    const bool stretched = s->query->epsilon_share > 0.0;
    uint32_t r = s->net.span[tail].first;
    const uint32_t end = s->net.span[tail].end;
    while (r < end) {
        uint32_t child[AT_ONCE][5];
        unsigned n = 0;
        for (const uint32_t stop = end - r < AT_ONCE ? end : r + AT_ONCE; r < stop; r++) {
            const uint32_t *record = s->net.record + (size_t)r * stride;
            const uint32_t head = record[0];
            const uint64_t f0 = (uint64_t)label[0] + record[1] +
                                (clocks ? wait_at_clock(s, record, tail, label[0], 2) : 0);
            const uint64_t f1 = (uint64_t)label[1] + record[2];
            bool good = (f0 <= s->net.most) & (f1 < s->least[head]) & (f1 < at_target);
            if (stretched)
                good = good && judge(s, (uint32_t[]){0, (uint32_t)f1}, 2) != KRNI_COVERED;
            child[n][0] = (uint32_t)f0;
            child[n][1] = (uint32_t)f1;
            child[n][2] = head;
            child[n][3] = number;
            child[n][4] = r;
            n += good;
        }
        for (unsigned i = 0; i < n; i++)
            if (!queue_child(s, child[i], 0, 2))
                return false;
        s->n_generated += n;
    }
    return true;
}

/* With max_front: counts one label more at the node, or false if it has as many already. */
static bool room_at(search *s, uint32_t node)
{
    if (s->n_kept[node] == s->query->max_front) {
        s->truncated = true;
        return false;
    }
    s->n_kept[node]++;
    return true;
}

/* May the label be expanded? Stamps are numbers of the log: its parent's tells its age. */
static KRNI_INLINE bool worth_expanding(search *s, const uint32_t *label, size_t *place,
                                        const unsigned k)
{
    const uint32_t node = label[k];
    const uint32_t stamp = label[k + 1] + 1;
    const krni_verdict verdict = judge(s, label, k);
    if ((verdict == KRNI_COVERED) | covered(s, node, label, stamp, place, k))
        return false;
    if (verdict == KRNI_UNSURE && covered_at_target(s, label, stamp, k))
        return false;
    return !s->n_kept || room_at(s, node);
}

/* Asks early for the memory of the labels that come next: they lie all over the network. */
static KRNI_INLINE void prefetch_heap(const search *s, const unsigned k, const bool clocks)
{
    const unsigned words = k + 3;
    const unsigned stride = k + 1 + clocks;
    const size_t n = s->queue.heap_n < 64 ? s->queue.heap_n : 64;
    for (size_t i = 0; i < n; i++) {
        const uint32_t node = s->queue.heap[i * words + k];
        KRNI_PREFETCH(&s->net.span[node]);
        if (k == 2)
            KRNI_PREFETCH(&s->least[node]);
        else
            KRNI_PREFETCH(&s->front[node]);
    }
    for (size_t i = 0; i < n; i++) {
        const uint32_t *entry = s->queue.heap + i * words;
        KRNI_PREFETCH(s->net.record + (size_t)s->net.span[entry[k]].first * stride);
        if (k > 2)
            KRNI_PREFETCH(&s->net.tail[entry[k + 2]]);
        if (k > 2)
            krni_front_prefetch(&s->front[entry[k]], k);
    }
}

static KRNI_INLINE krn_status run(search *s, const unsigned k, const bool clocks)
{
    const uint64_t max_labels = s->query->max_labels ? s->query->max_labels : UINT64_MAX;
    while (!s->complete) {
        uint32_t label[KRN_PARETO_MAX_CRITERIA + 3];
        size_t place = 0;
        if (s->ahead) {
            krni_queue_copy(label, s->next, k + 3);
            place = s->next_place;
            s->ahead = false;
            if (s->n_kept && !room_at(s, label[k]))
                continue;
        } else {
            if (s->queue.heap_n == 0) {
                if (!krni_queue_refill(&s->queue, k + 3))
                    return KRN_E_MEMORY;
                if (s->queue.heap_n == 0)
                    break;
                prefetch_heap(s, k, clocks);
            }
            krni_queue_pop(&s->queue, label, k + 3);
            if (!worth_expanding(s, label, &place, k))
                continue;
        }
        if (s->n_expanded == max_labels || s->log.n == KRNI_LOG_FULL) {
            s->truncated = s->stopped = true;
            break;
        }
        const uint32_t node = label[k];
        const uint32_t number = krni_log_add(&s->log, label[k + 1], label[k + 2]);
        if (number == 0 || !keep(s, node, label, number, place, k))
            return KRN_E_MEMORY;
        s->n_expanded++;
        if (KRNI_UNLIKELY(s->net.span[node].end == KRNI_NOT_OPEN) &&
            !krni_net_open(&s->net, s->graph, node))
            return KRN_E_MEMORY;
        const bool good = node == s->query->target ? krni_log_solution(&s->log, number, label) &&
                                                         note_solution(s, label, k)
                          : k == 2 ? expand_two(s, label, number, node, clocks)
                                   : expand(s, label, number, node, k, clocks);
        if (!good)
            return KRN_E_MEMORY;
    }
    return KRN_OK;
}

/* One function per number of criteria, each compiled apart from the others. */
static KRNI_APART krn_status run_two_clocked(search *s)
{
    return run(s, 2, true);
}

static KRNI_APART krn_status run_three_clocked(search *s)
{
    return run(s, 3, true);
}

static KRNI_APART krn_status run_four_clocked(search *s)
{
    return run(s, 4, true);
}

static KRNI_APART krn_status run_five_clocked(search *s)
{
    return run(s, 5, true);
}

static KRNI_APART krn_status run_six_clocked(search *s)
{
    return run(s, 6, true);
}

static KRNI_APART krn_status run_two(search *s)
{
    return run(s, 2, false);
}

static KRNI_APART krn_status run_three(search *s)
{
    return run(s, 3, false);
}

static KRNI_APART krn_status run_four(search *s)
{
    return run(s, 4, false);
}

static KRNI_APART krn_status run_five(search *s)
{
    return run(s, 5, false);
}

static KRNI_APART krn_status run_six(search *s)
{
    return run(s, 6, false);
}

static krn_status run_any(search *s)
{
    static krn_status (*const plain[])(search *) = {run_two, run_three, run_four, run_five,
                                                    run_six};
    static krn_status (*const clocked[])(search *) = {
        run_two_clocked, run_three_clocked, run_four_clocked, run_five_clocked, run_six_clocked};
    const unsigned k = s->net.n_criteria;
    assert(k >= 2 && k <= KRN_PARETO_MAX_CRITERIA);
    return s->net.clocks ? clocked[k - 2](s) : plain[k - 2](s);
}

/* Makes fronts and queue, and queues the empty path. */
static bool start(search *s, krn_arena *arena)
{
    const unsigned k = s->net.n_criteria;
    const size_t n = s->graph->n_nodes;
    s->points = krni_pool_on(arena, k <= 3 ? 64 : k * KRNI_LANES * sizeof(uint32_t));
    s->other = krni_pool_on(arena, 64);
    s->log.memory = krni_pool_on(arena, 64);
    s->log.n_criteria = k;
    if (k == 2) {
        s->least = krni_pool_raw(&s->other, n * sizeof *s->least);
        if (!s->least)
            return false;
        memset(s->least, 0xff, n * sizeof *s->least);
    } else {
        s->front = krni_pool_raw(&s->other, n * sizeof *s->front);
        if (!s->front)
            return false;
        memset(s->front, 0, n * sizeof *s->front);
    }
    if (s->query->max_front) {
        s->n_kept = krni_pool_raw(&s->other, n * sizeof *s->n_kept);
        if (!s->n_kept)
            return false;
        memset(s->n_kept, 0, n * sizeof *s->n_kept);
    }
    uint32_t label[KRN_PARETO_MAX_CRITERIA + 3] = {0};
    const uint32_t source = s->query->source;
    const uint64_t f0 = (uint64_t)s->query->start + s->net.bound[0][source];
    for (unsigned c = 1; c < k; c++)
        label[c] = s->net.bound[c][source];
    label[0] = f0 < KRN_PARETO_INFINITY ? (uint32_t)f0 : KRN_PARETO_INFINITY;
    label[k] = source;
    label[k + 2] = s->net.n_records;
    s->filter.next_build = KRNI_FILTER_FROM;
    krni_queue_start(&s->queue, arena, label[0]);
    if (f0 >= KRN_PARETO_INFINITY)
        return true; /* every path would pass the largest sum */
    s->n_generated = 1;
    switch (k) {
    case 2:
        return krni_queue_push(&s->queue, label, 5);
    case 3:
        return krni_queue_push(&s->queue, label, 6);
    case 4:
        return krni_queue_push(&s->queue, label, 7);
    case 5:
        return krni_queue_push(&s->queue, label, 8);
    default:
        return krni_queue_push(&s->queue, label, 9);
    }
}

/* ---- the public face ---- */

krn_status krn_pareto_search(const krn_pareto_graph *graph, const krn_pareto_query *query,
                             krn_arena *arena, krn_pareto_result *out, krn_error *err)
{
    if (!arena || !out)
        return krni_fail(err, KRN_E_ARG, "search: arena or result is missing");
    memset(out, 0, sizeof *out);
    const bool prepared = graph && graph->index;
    if (prepared && !krni_index_fits(graph->index, graph))
        return krni_fail(err, KRN_E_ARG, "graph: its index was made of another graph");
    krn_status status = prepared ? KRN_OK : krni_pareto_check_graph(graph, err);
    if (!status)
        status = krni_pareto_check_query(graph, query, err);
    if (status)
        return status;
    search *s = krn_arena_calloc(arena, 1, sizeof *s);
    if (!s)
        return krni_fail_memory(err);
    s->graph = graph;
    s->query = query;
    s->simd = krni_simd_best();
    status = krni_net_make(graph, query, arena, &s->net, err);
    if (status)
        return status;
    if (s->net.reachable) {
        if (!start(s, arena))
            return krni_fail_memory(err);
        if (run_any(s))
            return krni_fail_memory(err);
    }
    out->n_criteria = graph->n_criteria;
    out->n_expanded = s->n_expanded;
    out->n_generated = s->n_generated;
    out->truncated = s->truncated;
    out->peak_bytes =
        s->points.bytes + s->other.bytes + s->log.memory.bytes + krni_queue_bytes(&s->queue);
    if (s->stopped && s->log.n_solutions == 0)
        return krni_fail(err, KRN_E_LIMIT, "no path among the first %llu labels",
                         (unsigned long long)s->n_expanded);
    return krni_log_answer(&s->log, &s->net, graph->n_criteria, arena, out, err);
}

const char *krn_pareto_vector_code(void)
{
    return krni_simd_best()->name;
}
