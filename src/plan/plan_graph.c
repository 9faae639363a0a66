/* SPDX-License-Identifier: Apache-2.0 */
/* plan_graph.c - the part of the network that a query can use, as a small graph of the kernel.
 *
 * 1. Places of the graph are states of the network times phases (plan_places.c). Only those that
 *    can be reached from the origin and from which the destination can be reached.
 * 2. A place that is neither end and whose outgoing arcs have no clock is taken out: each way in is
 *    joined with each way out, turning back left out, as long as this makes hardly more arcs. Most
 *    of a corridor is chains, so little is left.
 *
 *      a --x--> v --y--> b        a --xy--> b        x may have a clock (it is at the tail), y not
 *      a <--q-- v <--p-- b        a <--pq-- b
 *
 * 3. Of arcs between the same two places that are open at the same times, one that is no better in
 *    any criterion than another goes.
 *
 * 4. Places that cannot be reached in time (plan_earliest.c) are left out as well.
 *
 * All four keep every non-dominated cost vector: costs only add up and are never negative, a path
 * that comes back to a place is never better than without the loop, and waiting is allowed
 * anywhere.
 *
 * Weights. Criterion 0 is seconds. The others are first counted in fixed units (1e-6 USD, 1e-6 kg,
 * 1e-8 h2, one handling) in 64 bits and added up along chains without any error. Only then each is
 * scaled down to 32 bits, if it has to be: the factor is such that even a path through every place
 * of the graph by its dearest arc stays below 2^32 - 1, so no sum can overflow. If all that takes
 * is S units, rounding an arc errs by at most S / 2^33 units, a path of n arcs by n S / 2^33. On
 * the shipped corridor n < 40 and S is below 100 times a route: an error under 5e-7 of the cost. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "plan/plan_chain.h"
#include "plan/planning.h"

#define NONE          UINT32_MAX
#define USD_UNIT      1e-6
#define KG_UNIT       1e-6
#define VARIANCE_UNIT 1e-8
#define MOST_UNITS    (1e17) /* of one activity; beyond it is cut */
#define MOST_SHORTER  12u    /* n * m <= 4 (n + m) + 64: the lesser of both is at most 12 */
#define EXTRA_ARCS    2u     /* how many more arcs taking a place out may leave */

typedef struct builder {
    krni_planning *planning;
    krni_clock_book *book;
    krni_places places;
    const uint32_t *earliest; /* by place */
    uint32_t latest;          /* value of criterion 0 that is still in time */
    uint32_t *first_out, *first_in;
    uint32_t *n_out, *n_in;
    uint32_t *n_clocked; /* outgoing arcs with a clock */
    krni_chain *chains;
    uint32_t n_chains, chains_capacity;
    unsigned n_costs;
    int criterion[KRN_PARETO_MAX_CRITERIA];
    uint32_t source, target;
} builder;

static void *grow(krn_arena *arena, void *old, size_t size, uint32_t n, uint32_t capacity)
{
    void *grown = krn_arena_alloc(arena, size * capacity);
    if (grown && n)
        memcpy(grown, old, size * n);
    return grown;
}

static uint64_t units(double value, double unit)
{
    if (!(value > 0.0)) /* negative, or unknown: nothing is added */
        return 0;
    const double n = value / unit;
    return n < MOST_UNITS ? (uint64_t)(n + 0.5) : (uint64_t)MOST_UNITS;
}

static double unit_of(int criterion)
{
    switch (criterion) {
    case KRN_COST:
        return USD_UNIT;
    case KRN_CO2E:
        return KG_UNIT;
    case KRN_RISK:
        return VARIANCE_UNIT;
    default:
        return 1.0;
    }
}

/* Weight of an arc; false when there is no price by the ways that it is paid by. */
static bool weigh(const builder *b, const krni_place_arc *arc, int criterion, uint64_t *out)
{
    const krn_activity_cost *cost = &b->planning->costs[arc->activity];
    const krni_way_prices *prices = &b->planning->prices;
    double usd = cost->bound_usd;
    switch (criterion) {
    case KRN_ARRIVAL:
        *out = arc->run_s;
        return true;
    case KRN_COST:
        if (b->planning->ways && prices->slot_of[arc->activity] != KRNI_SAME_PRICE)
            usd =
                prices->usd[((size_t)prices->slot_of[arc->activity] << prices->n_ways) | arc->paid];
        *out = units(usd, USD_UNIT);
        return usd < INFINITY;
    case KRN_CO2E:
        *out = units(cost->wtw_kg_co2e, KG_UNIT);
        return true;
    case KRN_HANDLINGS:
        *out = b->planning->network->handlings[arc->activity];
        return true;
    default:
        *out = units(cost->variance_h2, VARIANCE_UNIT);
        return true;
    }
}

/* ---- arcs in lists ---- */

static bool covers(const builder *b, const krni_chain *x, const krni_chain *y)
{
    if (x->clock != KRN_PARETO_NO_CLOCK && x->clock != y->clock)
        return false;
    for (unsigned c = 0; c < b->n_costs; c++)
        if (x->cost[c] > y->cost[c])
            return false;
    return true;
}

static void unlink_chain(builder *b, uint32_t index)
{
    krni_chain *chain = &b->chains[index];
    if (chain->prev_out != NONE)
        b->chains[chain->prev_out].next_out = chain->next_out;
    else
        b->first_out[chain->tail] = chain->next_out;
    if (chain->next_out != NONE)
        b->chains[chain->next_out].prev_out = chain->prev_out;
    if (chain->prev_in != NONE)
        b->chains[chain->prev_in].next_in = chain->next_in;
    else
        b->first_in[chain->head] = chain->next_in;
    if (chain->next_in != NONE)
        b->chains[chain->next_in].prev_in = chain->prev_in;
    assert(b->n_out[chain->tail] && b->n_in[chain->head]);
    b->n_out[chain->tail]--;
    b->n_in[chain->head]--;
    if (chain->clock != KRN_PARETO_NO_CLOCK)
        b->n_clocked[chain->tail]--;
}

static void link_chain(builder *b, uint32_t index)
{
    krni_chain *chain = &b->chains[index];
    chain->prev_out = chain->prev_in = NONE;
    chain->next_out = b->first_out[chain->tail];
    chain->next_in = b->first_in[chain->head];
    if (chain->next_out != NONE)
        b->chains[chain->next_out].prev_out = index;
    if (chain->next_in != NONE)
        b->chains[chain->next_in].prev_in = index;
    b->first_out[chain->tail] = index;
    b->first_in[chain->head] = index;
    b->n_out[chain->tail]++;
    b->n_in[chain->head]++;
    if (chain->clock != KRN_PARETO_NO_CLOCK)
        b->n_clocked[chain->tail]++;
}

static krn_status add_chain(builder *b, const krni_chain *chain)
{
    const bool by_tail = b->n_out[chain->tail] <= b->n_in[chain->head]; /* the shorter list */
    for (uint32_t i = by_tail ? b->first_out[chain->tail] : b->first_in[chain->head]; i != NONE;) {
        const uint32_t next = by_tail ? b->chains[i].next_out : b->chains[i].next_in;
        if (b->chains[i].head == chain->head && b->chains[i].tail == chain->tail) {
            if (covers(b, &b->chains[i], chain))
                return KRN_OK;
            if (covers(b, chain, &b->chains[i]))
                unlink_chain(b, i);
        }
        i = next;
    }
    if (b->n_chains == b->chains_capacity) {
        const uint32_t capacity = 2 * b->chains_capacity;
        krni_chain *grown =
            grow(b->planning->scratch, b->chains, sizeof *grown, b->n_chains, capacity);
        if (!grown)
            return krni_fail_memory(b->planning->err);
        b->chains = grown;
        b->chains_capacity = capacity;
    }
    b->chains[b->n_chains] = *chain;
    link_chain(b, b->n_chains++);
    return KRN_OK;
}

/* ---- 1. activities between places ---- */

/* Clocks are made only for arcs that matter. */
static krn_status add_activities(builder *b)
{
    const krni_places *p = &b->places;
    for (uint32_t place = 0; place < p->n; place++) {
        if (!p->useful[place] || b->earliest[place] > b->latest)
            continue;
        for (uint32_t i = p->first_arc[place]; i < p->first_arc[place + 1]; i++) {
            const krni_place_arc *arc = &p->arcs[i];
            assert(arc->head != place && arc->head != b->source);
            if (!p->useful[arc->head] || b->earliest[arc->head] > b->latest)
                continue;
            krni_chain chain = {.tail = place,
                                .head = arc->head,
                                .first = arc->activity,
                                .second = NONE,
                                .length = 1};
            bool priced = true;
            for (unsigned c = 0; c < b->n_costs && priced; c++)
                priced = weigh(b, arc, b->criterion[c], &chain.cost[c]);
            if (!priced)
                continue;
            krn_status st = krni_clock_of(b->planning, b->book, arc->activity, b->earliest[place],
                                          &chain.clock);
            if (!st)
                st = add_chain(b, &chain);
            if (st)
                return st;
        }
    }
    return KRN_OK;
}

/* ---- 2. taking places out ---- */

/* Pairs of a way in and a way out that turn back at a place. */
static uint32_t turning_back(const builder *b, uint32_t place)
{
    uint32_t ends[MOST_SHORTER], n = 0, pairs = 0; /* of the shorter list */
    const bool shorter_in = b->n_in[place] <= b->n_out[place];
    assert((shorter_in ? b->n_in[place] : b->n_out[place]) <= MOST_SHORTER);
    if (shorter_in) {
        for (uint32_t i = b->first_in[place]; i != NONE; i = b->chains[i].next_in)
            ends[n++] = b->chains[i].tail;
        for (uint32_t o = b->first_out[place]; o != NONE; o = b->chains[o].next_out)
            for (uint32_t k = 0; k < n; k++)
                pairs += ends[k] == b->chains[o].head;
    } else {
        for (uint32_t o = b->first_out[place]; o != NONE; o = b->chains[o].next_out)
            ends[n++] = b->chains[o].head;
        for (uint32_t i = b->first_in[place]; i != NONE; i = b->chains[i].next_in)
            for (uint32_t k = 0; k < n; k++)
                pairs += ends[k] == b->chains[i].tail;
    }
    return pairs;
}

static bool may_take_out(const builder *b, uint32_t place)
{
    if (place == b->source || place == b->target || b->n_clocked[place])
        return false;
    const uint32_t n_in = b->n_in[place], n_out = b->n_out[place], before = n_in + n_out;
    const uint64_t pairs = (uint64_t)n_in * n_out;
    if (before == 0 || pairs > 4ull * before + 64)
        return false; /* more than MOST_SHORTER both ways are always too many */
    /* even with turning back: most places */
    return pairs <= before + EXTRA_ARCS || pairs - turning_back(b, place) <= before + EXTRA_ARCS;
}

static krn_status take_out(builder *b, uint32_t place)
{
    for (uint32_t i = b->first_in[place]; i != NONE; i = b->chains[i].next_in)
        for (uint32_t o = b->first_out[place]; o != NONE; o = b->chains[o].next_out) {
            const krni_chain *in = &b->chains[i], *out = &b->chains[o];
            if (in->tail == out->head)
                continue;
            assert(out->clock == KRN_PARETO_NO_CLOCK);
            krni_chain joined = {.tail = in->tail,
                                 .head = out->head,
                                 .clock = in->clock,
                                 .first = i,
                                 .second = o,
                                 .length = in->length + out->length,
                                 .depth = 1 + (in->depth > out->depth ? in->depth : out->depth)};
            for (unsigned c = 0; c < b->n_costs; c++)
                joined.cost[c] = in->cost[c] + out->cost[c];
            const krn_status st = add_chain(b, &joined);
            if (st)
                return st;
        }
    while (b->first_in[place] != NONE)
        unlink_chain(b, b->first_in[place]);
    while (b->first_out[place] != NONE)
        unlink_chain(b, b->first_out[place]);
    return KRN_OK;
}

static void look_again(bool *waiting, uint32_t *later, uint32_t *n_later, uint32_t place)
{
    if (!waiting[place]) {
        waiting[place] = true;
        later[(*n_later)++] = place;
    }
}

/* Places in rounds until nothing changes; only neighbours of the last changes are looked at again.
 */
static krn_status contract(builder *b)
{
    krn_arena *arena = b->planning->scratch;
    bool *waiting = krn_arena_calloc(arena, b->places.n, sizeof *waiting);
    uint32_t *now = krn_arena_calloc(arena, b->places.n, sizeof *now);
    uint32_t *later = krn_arena_calloc(arena, b->places.n, sizeof *later);
    if (!waiting || !now || !later)
        return krni_fail_memory(b->planning->err);
    uint32_t n_now = 0;
    for (uint32_t place = 0; place < b->places.n; place++)
        if (b->n_in[place] + b->n_out[place])
            now[n_now++] = place;
    while (n_now) {
        uint32_t n_later = 0;
        for (uint32_t k = 0; k < n_now; k++)
            waiting[now[k]] = false;
        for (uint32_t k = 0; k < n_now; k++) {
            const uint32_t place = now[k];
            if (!may_take_out(b, place))
                continue;
            for (uint32_t i = b->first_in[place]; i != NONE; i = b->chains[i].next_in)
                look_again(waiting, later, &n_later, b->chains[i].tail);
            for (uint32_t o = b->first_out[place]; o != NONE; o = b->chains[o].next_out)
                look_again(waiting, later, &n_later, b->chains[o].head);
            const krn_status st = take_out(b, place);
            if (st)
                return st;
        }
        uint32_t *swap = now;
        now = later;
        later = swap;
        n_now = n_later;
    }
    return KRN_OK;
}

/* ---- 3. to 32 bits ---- */

/* Greatest sum of each criterion over any simple path: the dearest way out of every place. */
static void greatest_sums(const builder *b, double sums[KRN_PARETO_MAX_CRITERIA])
{
    for (unsigned c = 0; c < b->n_costs; c++)
        sums[c] = 0.0;
    for (uint32_t place = 0; place < b->places.n; place++) {
        uint64_t most[KRN_PARETO_MAX_CRITERIA] = {0};
        for (uint32_t i = b->first_out[place]; i != NONE; i = b->chains[i].next_out)
            for (unsigned c = 0; c < b->n_costs; c++)
                if (b->chains[i].cost[c] > most[c])
                    most[c] = b->chains[i].cost[c];
        for (unsigned c = 0; c < b->n_costs; c++)
            sums[c] += (double)most[c];
    }
}

static krn_status freeze(builder *b, krni_plan_graph *out)
{
    krn_arena *arena = b->planning->scratch;
    uint32_t *dense = krn_arena_alloc(arena, b->places.n * sizeof *dense);
    uint32_t n_nodes = 0, n_arcs = 0;
    if (!dense)
        return krni_fail_memory(b->planning->err);
    for (uint32_t place = 0; place < b->places.n; place++) {
        const bool kept =
            b->n_in[place] || b->n_out[place] || place == b->source || place == b->target;
        dense[place] = kept ? n_nodes++ : NONE;
        n_arcs += b->n_out[place];
    }
    uint32_t *first = krn_arena_calloc(arena, (size_t)n_nodes + 1, sizeof *first);
    uint32_t *head = krn_arena_alloc(arena, (size_t)n_arcs * sizeof *head);
    uint32_t *clock = krn_arena_alloc(arena, (size_t)n_arcs * sizeof *clock);
    uint32_t *chain_of = krn_arena_alloc(arena, (size_t)n_arcs * sizeof *chain_of);
    if (!first || !head || !clock || !chain_of)
        return krni_fail_memory(b->planning->err);
    uint32_t *cost[KRN_PARETO_MAX_CRITERIA];
    double factor[KRN_PARETO_MAX_CRITERIA], sums[KRN_PARETO_MAX_CRITERIA];
    greatest_sums(b, sums);
    for (unsigned c = 0; c < b->n_costs; c++) {
        cost[c] = krn_arena_alloc(arena, (size_t)n_arcs * sizeof *cost[c]);
        if (!cost[c])
            return krni_fail_memory(b->planning->err);
        const double room = (double)UINT32_MAX - 2.0 - (double)n_nodes;
        factor[c] = c == 0 || sums[c] <= room ? 1.0 : room / sums[c];
        out->unit[c] = unit_of(b->criterion[c]) / factor[c];
        out->criterion[c] = b->criterion[c];
        out->graph.cost[c] = cost[c];
    }
    uint32_t n = 0;
    for (uint32_t place = 0; place < b->places.n; place++) {
        if (dense[place] == NONE)
            continue;
        for (uint32_t i = b->first_out[place]; i != NONE; i = b->chains[i].next_out) {
            const krni_chain *chain = &b->chains[i];
            head[n] = dense[chain->head];
            clock[n] = chain->clock;
            chain_of[n] = i;
            for (unsigned c = 0; c < b->n_costs; c++) {
                const double scaled = (double)chain->cost[c] * factor[c];
                cost[c][n] = scaled < (double)UINT32_MAX ? (uint32_t)(scaled + 0.5) : UINT32_MAX;
            }
            n++;
        }
        first[dense[place] + 1] = n;
    }
    assert(n == n_arcs);
    out->graph.n_nodes = n_nodes;
    out->graph.n_arcs = n_arcs;
    out->graph.n_criteria = b->n_costs;
    out->graph.first_arc = first;
    out->graph.head = head;
    out->graph.clock = clock;
    out->graph.clocks = b->book->clocks;
    out->graph.n_clocks = b->book->n_clocks;
    out->source = dense[b->source];
    out->target = dense[b->target];
    out->chain_of = chain_of;
    out->chains = b->chains;
    return KRN_OK;
}

static krn_status start(builder *b)
{
    for (int c = 0; c < KRN_CRITERION_COUNT; c++)
        if (c == KRN_ARRIVAL || (b->planning->query->criteria & (1u << c)))
            b->criterion[b->n_costs++] = c;
    return krni_places_make(b->planning, &b->places);
}

static krn_status start_lists(builder *b)
{
    krn_arena *arena = b->planning->scratch;
    b->chains_capacity = 2 * b->places.n_arcs + 64; /* as a rule enough for all that is joined */
    b->chains = krn_arena_alloc(arena, (size_t)b->chains_capacity * sizeof *b->chains);
    b->first_out = krn_arena_alloc(arena, b->places.n * sizeof *b->first_out);
    b->first_in = krn_arena_alloc(arena, b->places.n * sizeof *b->first_in);
    b->n_out = krn_arena_calloc(arena, b->places.n, sizeof *b->n_out);
    b->n_in = krn_arena_calloc(arena, b->places.n, sizeof *b->n_in);
    b->n_clocked = krn_arena_calloc(arena, b->places.n, sizeof *b->n_clocked);
    if (!b->chains || !b->first_out || !b->first_in || !b->n_out || !b->n_in || !b->n_clocked)
        return krni_fail_memory(b->planning->err);
    memset(b->first_out, 0xff, b->places.n * sizeof *b->first_out);
    memset(b->first_in, 0xff, b->places.n * sizeof *b->first_in);
    return KRN_OK;
}

krn_status krni_plan_graph_make(krni_planning *planning, krni_clock_book *book,
                                krni_plan_graph *out)
{
    builder b = {.planning = planning, .book = book};
    *out = (krni_plan_graph){.source = KRN_NO_ID, .target = KRN_NO_ID};
    if (planning->origin == KRN_NO_ID || planning->destination == KRN_NO_ID)
        return KRN_OK;
    krn_status st = start(&b);
    b.target = b.places.target;
    if (st || b.target == NONE)
        return st;
    uint32_t *earliest = NULL;
    st = krni_earliest_arrivals(planning, &b.places, &earliest);
    if (st)
        return st;
    b.earliest = earliest;
    const krn_time end =
        planning->backward ? planning->query->arrive_by : planning->query->consignment.due;
    b.latest = end == KRN_TIME_NONE || end - planning->base > (krn_time)UINT32_MAX
                   ? UINT32_MAX
                   : (uint32_t)(end - planning->base);
    if (end != KRN_TIME_NONE && (end < planning->base || earliest[b.target] > b.latest))
        return KRN_OK; /* nothing can be in time */
    st = start_lists(&b);
    if (!st)
        st = add_activities(&b);
    if (!st)
        st = contract(&b);
    if (!st)
        st = freeze(&b, out);
    return st;
}

uint32_t krni_path_length(const krni_plan_graph *graph, const uint32_t *arcs, uint32_t n_arcs)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < n_arcs; i++)
        n += graph->chains[graph->chain_of[arcs[i]]].length;
    return n;
}

krn_status krni_path_activities(const krni_plan_graph *graph, const uint32_t *arcs, uint32_t n_arcs,
                                krn_arena *scratch, krn_activity_id *out, krn_error *err)
{
    for (uint32_t i = 0; i < n_arcs; i++) {
        const uint32_t root = graph->chain_of[arcs[i]];
        uint32_t *stack =
            krn_arena_alloc(scratch, ((size_t)graph->chains[root].depth + 2) * sizeof *stack);
        if (!stack)
            return krni_fail_memory(err);
        uint32_t n = 0;
        stack[n++] = root;
        while (n) {
            const krni_chain *chain = &graph->chains[stack[--n]];
            if (chain->second == NONE) {
                (out++)->index = chain->first;
                continue;
            }
            stack[n++] = chain->second;
            stack[n++] = chain->first;
            assert(n <= graph->chains[root].depth + 2);
        }
    }
    return KRN_OK;
}
