/* SPDX-License-Identifier: Apache-2.0 */
/* late_search.c - facts that delay, and the earliest arrival without some of them.
 *
 *   activity   [ block? ] [ papers .. ] [ opening x season x departure ] [ running time + more ]
 *   items      0 or 1..2   one a row     one a row each                    quantity, season
 *
 * Dijkstra over states and required places visited; a larger instant never starts sooner, so the
 * first label of a place is the best. Times are whole seconds after base, as in the planner. */
#include "plan/late_search.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/rule_book.h"
#include "plan/pareto_clock.h"
#include "plan/plan_filter.h"

#define UNKNOWN_CLOCK (UINT32_MAX - 1u)
#define MASKS         8u
#define LEAST_MORE_H  0.01 /* less than this is rounding */
#define MOST_OTHERS   6    /* items of an activity that are no papers and no filters */

static_assert(UNKNOWN_CLOCK != KRN_PARETO_NO_CLOCK,
              "a clock that is not known yet is none of them");

static uint32_t after_base(const krni_late *e, krn_time at)
{
    const krn_time value = at - e->planning.base;
    if (value <= 0)
        return 0;
    return value < (krn_time)KRN_PARETO_INFINITY - 1 ? (uint32_t)value : KRN_PARETO_INFINITY - 1;
}

void krni_late_ready(krni_late *e, krn_time ready)
{
    assert(ready >= e->planning.base || e->planning.backward);
    e->start = after_base(e, ready);
    e->papers_s = ready - e->planning.base;
}

krn_status krni_late_open(const krni_planning *planning, krn_time base, krn_time by, krni_late *out)
{
    const krn_network *net = planning->network;
    krn_arena *arena = planning->scratch;
    const uint32_t n = net->n_activities;
    *out = (krni_late){.planning = *planning, .arena = arena, .bits = planning->n_required};
    krni_late *e = out;
    e->planning.base = base;
    krni_late_ready(e, planning->query->consignment.ready);
    e->planning.backward = false; /* times run forwards here */
    e->book = (krni_clock_book){.from = base, .to = by > base ? by : base};
    e->limit = by >= base ? after_base(e, by) : 0;
    e->n_keys = net->n_states << e->bits;
    e->source = (planning->origin << e->bits) | planning->visited_at_start;
    e->target = (planning->destination << e->bits) | ((1u << e->bits) - 1u);
    e->used = krn_arena_alloc(arena, n * sizeof *e->used);
    e->clock_of = krn_arena_alloc(arena, (size_t)n * MASKS * sizeof *e->clock_of);
    e->at = krn_arena_alloc(arena, e->n_keys * sizeof *e->at);
    e->by = krn_arena_alloc(arena, e->n_keys * sizeof *e->by);
    e->parent = krn_arena_alloc(arena, e->n_keys * sizeof *e->parent);
    e->heap = krn_arena_alloc(arena, (((size_t)n << e->bits) + 1) * sizeof *e->heap);
    if (!e->used || !e->clock_of || !e->at || !e->by || !e->parent || !e->heap)
        return krni_fail_memory(planning->err);
    memset(e->used, 1, n * sizeof *e->used);
    e->n_used = n;
    for (size_t i = 0; i < (size_t)n * MASKS; i++)
        e->clock_of[i] = UNKNOWN_CLOCK;
    return KRN_OK;
}

/* ---- what an activity takes ---- */

/* Hours more than those of a usual lot: quantity and seasons. */
static double more_h(const krni_late *e, uint32_t activity)
{
    const double more =
        e->planning.costs[activity].duration.typical_h - e->planning.network->typical_h[activity];
    return more > LEAST_MORE_H ? more : 0.0;
}

static double least_h(const krni_late *e, uint32_t activity)
{
    const krn_activity_cost *cost = &e->planning.costs[activity];
    return fmax(0.0, cost->expected_h - cost->wait.typical_h - more_h(e, activity));
}

/* Whether its time would be known if it were not blocked. */
static bool has_time(const krn_activity_cost *cost)
{
    return cost->block != KRN_BLOCK_CARGO && cost->block != KRN_BLOCK_DRAUGHT &&
           cost->block != KRN_BLOCK_AXLE;
}

/* Instant at which an activity can start, opening hours, seasons and timetable without some. */
static uint32_t opens(krni_late *e, uint32_t activity, unsigned without, uint32_t at)
{
    uint32_t *clock = &e->clock_of[(size_t)activity * MASKS + without];
    if (*clock == UNKNOWN_CLOCK) {
        const krn_status st = krni_opening_of(&e->planning, &e->book, activity, without, clock);
        if (st) {
            *clock = UNKNOWN_CLOCK;
            e->status = e->status ? e->status : st;
            return KRNI_NEVER;
        }
    }
    return *clock == KRN_PARETO_NO_CLOCK ? at : krni_clock_enter(&e->book.clocks[*clock], at);
}

/* End of an activity that is reached at an instant, as the planner has it. */
static uint64_t end_as_is(krni_late *e, uint32_t activity, uint32_t at)
{
    const krn_activity_cost *cost = &e->planning.costs[activity];
    if (cost->block != KRN_BLOCK_NONE)
        return KRNI_NEVER;
    if (cost->gate_h > 0.0) {
        const int64_t gate = e->papers_s + krni_seconds(cost->gate_h);
        at = gate > (int64_t)at ? (uint32_t)gate : at;
    }
    const uint32_t start = opens(e, activity, 0, at);
    return start >= KRN_PARETO_INFINITY
               ? KRNI_NEVER
               : (uint64_t)start + (uint64_t)krni_seconds(cost->expected_h);
}

/* The same without the facts that are lifted. */
static uint64_t end_lifted(krni_late *e, uint32_t activity, uint32_t at)
{
    unsigned without = 0;
    double hours = e->planning.costs[activity].expected_h;
    for (uint32_t i = e->first_item[activity]; i < e->first_item[activity + 1]; i++) {
        const krni_late_item *item = &e->items[i];
        const bool lifted = e->lifted[item->fact];
        switch (item->part) {
        case KRNI_PART_BLOCK:
            if (!lifted)
                return KRNI_NEVER;
            break;
        case KRNI_PART_PAPERS: {
            const int64_t gate = e->papers_s + krni_seconds(item->hours_h);
            if (!lifted && gate > (int64_t)at)
                at = (uint32_t)gate;
            break;
        }
        case KRNI_PART_CALENDAR:
            without |= lifted ? KRNI_WITHOUT_CALENDAR : 0u;
            break;
        case KRNI_PART_SEASON:
            without |= lifted ? KRNI_WITHOUT_SEASON : 0u;
            break;
        case KRNI_PART_DEPARTURE:
            without |= lifted ? KRNI_WITHOUT_TIMETABLE : 0u;
            hours -= lifted ? item->hours_h : 0.0;
            break;
        case KRNI_PART_LONGER:
            hours -= lifted ? item->hours_h : 0.0;
            break;
        }
    }
    const uint32_t start = opens(e, activity, without, at);
    return start >= KRN_PARETO_INFINITY
               ? KRNI_NEVER
               : (uint64_t)start + (uint64_t)krni_seconds(fmax(0.0, hours));
}

static uint64_t end_bare(const krni_late *e, uint32_t activity, uint32_t at)
{
    const krn_activity_cost *cost = &e->planning.costs[activity];
    if (cost->block != KRN_BLOCK_NONE)
        return KRNI_NEVER;
    return (uint64_t)at + (uint64_t)krni_seconds(cost->expected_h - cost->wait.typical_h);
}

static uint64_t end_of(krni_late *e, krni_late_mode mode, uint32_t activity, uint32_t at)
{
    switch (mode) {
    case KRNI_LATE_AS_IS:
        return end_as_is(e, activity, at);
    case KRNI_LATE_LIFTED:
        return end_lifted(e, activity, at);
    case KRNI_LATE_BARE:
        return end_bare(e, activity, at);
    }
    return KRNI_NEVER;
}

/* ---- search ---- */

static uint32_t head_key(const krni_late *e, uint32_t key, uint32_t activity)
{
    const uint32_t visited =
        (key & ((1u << e->bits) - 1u)) | (e->planning.visits ? e->planning.visits[activity] : 0u);
    return (e->planning.network->to_state[activity] << e->bits) | visited;
}

/* Settles all that comes in time; stops at the destination unless all is asked for. */
static uint32_t settle(krni_late *e, krni_late_mode mode, bool all)
{
    const krn_network *net = e->planning.network;
    memset(e->at, 0xff, e->n_keys * sizeof *e->at);
    if (e->start > e->limit)
        return KRNI_NEVER;
    uint32_t n = 0;
    e->at[e->source] = e->start;
    krni_heap_push(e->heap, &n, (krni_heap_entry){e->start, e->source});
    while (n) {
        const krni_heap_entry top = krni_heap_pop(e->heap, &n);
        if (top.time != e->at[top.place])
            continue;
        if (top.place == e->target && !all)
            break;
        const uint32_t state = top.place >> e->bits;
        for (uint32_t a = net->first_activity[state]; a < net->first_activity[state + 1]; a++) {
            if (mode == KRNI_LATE_LIFTED && !e->used[a])
                continue;
            const uint32_t head = head_key(e, top.place, a);
            const uint64_t end = end_of(e, mode, a, (uint32_t)top.time);
            if (end > e->limit || end >= e->at[head])
                continue;
            e->at[head] = (uint32_t)end;
            e->by[head] = a;
            e->parent[head] = top.place;
            krni_heap_push(e->heap, &n, (krni_heap_entry){end, head});
        }
    }
    return e->at[e->target];
}

uint32_t krni_late_arrival(krni_late *e, krni_late_mode mode)
{
    return settle(e, mode, false);
}

/* ---- facts ---- */

static uint32_t *seconds_of_states(krni_late *e)
{
    uint32_t *out = krn_arena_alloc(e->arena, e->planning.network->n_states * sizeof *out);
    if (out)
        memset(out, 0xff, e->planning.network->n_states * sizeof *out);
    return out;
}

/* Marks the activities that can lie on a way in time with everything lifted: by rounds over all of
 * them, since this is done once. */
static krn_status mark_used(krni_late *e, bool *out_reachable)
{
    const krn_network *net = e->planning.network;
    const uint32_t n = net->n_activities;
    uint32_t *from = seconds_of_states(e), *left = seconds_of_states(e);
    uint32_t *span = krn_arena_alloc(e->arena, n * sizeof *span);
    if (!from || !left || !span)
        return krni_fail_memory(e->planning.err);
    for (uint32_t a = 0; a < n; a++)
        span[a] =
            has_time(&e->planning.costs[a]) ? (uint32_t)krni_seconds(least_h(e, a)) : KRNI_NEVER;
    from[e->planning.origin] = e->start;
    left[e->planning.destination] = 0;
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t a = 0; a < n; a++) {
            if (span[a] == KRNI_NEVER)
                continue;
            const uint32_t tail = net->from_state[a], head = net->to_state[a];
            const uint64_t there = (uint64_t)from[tail] + span[a];
            const uint64_t back = (uint64_t)left[head] + span[a];
            if (there <= e->limit && there < from[head]) {
                from[head] = (uint32_t)there;
                changed = true;
            }
            if (back <= e->limit && back < left[tail]) {
                left[tail] = (uint32_t)back;
                changed = true;
            }
        }
    }
    e->n_used = 0;
    for (uint32_t a = 0; a < n; a++) {
        e->used[a] =
            span[a] != KRNI_NEVER &&
            (uint64_t)from[net->from_state[a]] + span[a] + left[net->to_state[a]] <= e->limit;
        e->n_used += e->used[a];
    }
    e->remaining = left;
    *out_reachable = e->start <= e->limit && e->n_used > 0;
    return KRN_OK;
}

static bool same_fact(const krni_fact *x, const krni_fact *y)
{
    if (x->block != y->block || x->filter != y->filter || x->figure.table != y->figure.table)
        return false;
    if (x->figure.table < KRN_TABLE_COUNT)
        return x->figure.row == y->figure.row;
    return x->filter != KRN_NO_ROW || x->activity == y->activity;
}

/* Number of a fact, new or known; the longest delay stays with it. */
static uint32_t fact_number(krni_late *e, krni_fact fact, double delay_h)
{
    uint32_t i = 0;
    while (i < e->n_facts && !same_fact(&e->facts[i].fact, &fact))
        i++;
    if (i == e->n_facts) {
        assert(e->n_facts < e->fact_capacity);
        e->facts[e->n_facts++] = (krni_late_fact){fact, delay_h};
    } else if (e->facts[i].delay_h < delay_h) {
        e->facts[i].delay_h = delay_h;
        e->facts[i].fact.activity = fact.activity;
    }
    return i;
}

static void add_item(krni_late *e, uint32_t *n, uint32_t activity, krni_late_part part,
                     krn_block block, krn_figure figure, double hours_h)
{
    const krni_fact fact = {block, figure, KRN_NO_ROW, activity};
    e->items[(*n)++] = (krni_late_item){fact_number(e, fact, hours_h), part, hours_h};
}

/* Row of a season that closes node or link. */
static uint32_t closing_season(const krn_package *p, uint32_t node, uint32_t link)
{
    const uint32_t n = krn_package_rows(p, KRN_TABLE_SEASON);
    for (uint32_t row = 0; row < n; row++) {
        const uint32_t at = krni_ref(p, KRN_TABLE_SEASON, row, SEASON_NODE_ID);
        const uint32_t on = krni_ref(p, KRN_TABLE_SEASON, row, SEASON_LINK_ID);
        if (krni_number(p, KRN_TABLE_SEASON, row, SEASON_CLOSED) > 0.0 &&
            ((node != KRN_NO_ROW && at == node) || (link != KRN_NO_ROW && on == link)))
            return row;
    }
    return KRN_NO_ROW;
}

/* What quantity and season add to the time of a usual lot. */
static void add_longer(krni_late *e, uint32_t *n, uint32_t a, uint32_t node, uint32_t link)
{
    const krn_network *net = e->planning.network;
    const krn_plan_query *q = e->planning.query;
    double more = more_h(e, a);
    if (!(more > 0.0))
        return;
    const krn_time at = q->arrive_by != KRN_TIME_NONE ? q->arrive_by : q->consignment.ready;
    const krn_season_effect season = krn_season_at(net->calendars, node, link, at);
    if (season.row != KRN_NO_ROW && season.delay.typical_h > 0.0) {
        const double part = fmin(more, season.delay.typical_h);
        add_item(e, n, a, KRNI_PART_LONGER, KRN_BLOCK_CALENDAR,
                 krni_figure(KRN_TABLE_SEASON, season.row, SEASON_SEASON_ID), part);
        more -= part;
    }
    if (more > LEAST_MORE_H)
        add_item(e, n, a, KRNI_PART_LONGER, KRN_BLOCK_QUANTITY,
                 krni_figure((krn_table)net->law_table[a], net->law_row[a], 0), more);
}

static void add_waits(krni_late *e, uint32_t *n, uint32_t a)
{
    const krn_network *net = e->planning.network;
    uint32_t node, link;
    krni_activity_season(net, a, &node, &link);
    if (net->calendar[a] != KRN_NO_ROW)
        add_item(e, n, a, KRNI_PART_CALENDAR, KRN_BLOCK_CALENDAR,
                 krni_figure(KRN_TABLE_CALENDAR, net->calendar[a], CALENDAR_CALENDAR_ID), 0.0);
    const uint32_t closed_node =
        node != KRN_NO_ROW && e->planning.season_of_node[node] ? node : KRN_NO_ROW;
    const uint32_t closed_link =
        link != KRN_NO_ROW && e->planning.season_of_link[link] ? link : KRN_NO_ROW;
    if (closed_node != KRN_NO_ROW || closed_link != KRN_NO_ROW) {
        const uint32_t row = closing_season(net->package, closed_node, closed_link);
        if (row != KRN_NO_ROW)
            add_item(e, n, a, KRNI_PART_SEASON, KRN_BLOCK_CALENDAR,
                     krni_figure(KRN_TABLE_SEASON, row, SEASON_CLOSED), 0.0);
    }
    if (net->kind[a] == KRN_BOARD)
        add_item(e, n, a, KRNI_PART_DEPARTURE, KRN_BLOCK_DEPARTURE,
                 krni_figure(KRN_TABLE_TRIP, net->trip[a], TRIP_TRIP_ID),
                 e->planning.costs[a].wait.typical_h);
    add_longer(e, n, a, node, link);
}

/* hits: room for all filters */
static void add_blocks(krni_late *e, uint32_t *n, uint32_t a, uint32_t *hits)
{
    const krn_activity_cost *cost = &e->planning.costs[a];
    if (cost->block != KRN_BLOCK_NONE && cost->block != KRN_BLOCK_FILTER)
        add_item(e, n, a, KRNI_PART_BLOCK, cost->block, cost->block_figure, 0.0);
    const uint32_t n_hits = krni_filters_of(&e->planning, a, hits);
    for (uint32_t i = 0; i < n_hits; i++) {
        const krni_fact fact = {KRN_BLOCK_FILTER, krn_figure_none(), hits[i], KRN_NO_ID};
        e->items[(*n)++] = (krni_late_item){fact_number(e, fact, 0.0), KRNI_PART_BLOCK, 0.0};
    }
}

typedef struct named_hold {
    krni_hold hold;
    const char *id;
} named_hold;

/* By ids, so that the order of rows in a table does not matter. */
static int compare_holds(const void *a, const void *b)
{
    const named_hold *x = a, *y = b;
    if (x->hold.activity != y->hold.activity)
        return x->hold.activity < y->hold.activity ? -1 : 1;
    if (x->hold.figure.table != y->hold.figure.table)
        return x->hold.figure.table < y->hold.figure.table ? -1 : 1;
    const int order = strcmp(x->id, y->id);
    if (order)
        return order;
    return x->hold.figure.row < y->hold.figure.row ? -1 : x->hold.figure.row > y->hold.figure.row;
}

static const char *id_of(const krn_package *p, krn_figure figure)
{
    switch (figure.table) {
    case KRN_TABLE_RULE:
        return krni_text(p, KRN_TABLE_RULE, figure.row, RULE_RULE_ID);
    case KRN_TABLE_VISA:
        return krni_text(p, KRN_TABLE_VISA, figure.row, VISA_VISA_ID);
    default:
        return "";
    }
}

static krn_status list_holds(krni_late *e, named_hold **out, uint32_t *out_n)
{
    const krni_planning *planning = &e->planning;
    const krn_plan_query *q = planning->query;
    krni_hold_list list;
    const krn_status st =
        krni_network_holds(planning->network, &q->consignment,
                           q->arrive_by != KRN_TIME_NONE ? q->arrive_by : q->consignment.ready,
                           e->arena, &list, planning->err);
    if (st)
        return st;
    named_hold *holds = krn_arena_alloc(e->arena, ((size_t)list.n + 1) * sizeof *holds);
    if (!holds)
        return krni_fail_memory(planning->err);
    for (uint32_t i = 0; i < list.n; i++)
        holds[i] =
            (named_hold){list.holds[i], id_of(planning->network->package, list.holds[i].figure)};
    qsort(holds, list.n, sizeof *holds, compare_holds);
    *out = holds;
    *out_n = list.n;
    return KRN_OK;
}

static krn_status make_items(krni_late *e)
{
    const krni_planning *planning = &e->planning;
    const uint32_t n_activities = planning->network->n_activities;
    named_hold *holds = NULL;
    uint32_t n_holds = 0;
    const krn_status st = list_holds(e, &holds, &n_holds);
    if (st)
        return st;
    uint32_t *hits = krn_arena_alloc(e->arena, ((size_t)planning->n_filters + 1) * sizeof *hits);
    if (!hits)
        return krni_fail_memory(planning->err);
    e->fact_capacity = n_holds + MOST_OTHERS * e->n_used + 1;
    for (uint32_t a = 0; a < n_activities; a++)
        e->fact_capacity += e->used[a] ? krni_filters_of(planning, a, hits) : 0;
    e->first_item = krn_arena_alloc(e->arena, ((size_t)n_activities + 1) * sizeof *e->first_item);
    e->items = krn_arena_alloc(e->arena, (size_t)e->fact_capacity * sizeof *e->items);
    e->facts = krn_arena_alloc(e->arena, (size_t)e->fact_capacity * sizeof *e->facts);
    if (!e->first_item || !e->items || !e->facts)
        return krni_fail_memory(planning->err);
    uint32_t n = 0, hold = 0;
    for (uint32_t a = 0; a < n_activities; a++) {
        e->first_item[a] = n;
        while (hold < n_holds && holds[hold].hold.activity < a)
            hold++;
        if (!e->used[a])
            continue;
        add_blocks(e, &n, a, hits);
        for (; hold < n_holds && holds[hold].hold.activity == a; hold++)
            add_item(e, &n, a, KRNI_PART_PAPERS, KRN_BLOCK_PAPERS, holds[hold].hold.figure,
                     holds[hold].hold.lead_h);
        add_waits(e, &n, a);
        assert(n < e->fact_capacity);
    }
    e->first_item[n_activities] = n;
    e->lifted = krn_arena_calloc(e->arena, (size_t)e->n_facts + 1, sizeof *e->lifted);
    return e->lifted ? KRN_OK : krni_fail_memory(planning->err);
}

krn_status krni_late_facts(krni_late *e, bool *out_reachable)
{
    const krn_status st = mark_used(e, out_reachable);
    return st || !*out_reachable ? st : make_items(e);
}

krni_late_fact krni_late_step(const krni_late *e, uint32_t activity)
{
    const krn_network *net = e->planning.network;
    const krn_activity_cost *cost = &e->planning.costs[activity];
    const krn_figure figure =
        krni_figure((krn_table)net->law_table[activity], net->law_row[activity], 0);
    return (krni_late_fact){{KRN_BLOCK_TIME, figure, KRN_NO_ROW, activity},
                            cost->expected_h - cost->wait.typical_h};
}

/* ---- price ---- */

/* Whether nothing blocks it any more and its price is known. */
static bool stands_open(const krni_late *e, uint32_t a)
{
    for (uint32_t i = e->first_item[a]; i < e->first_item[a + 1]; i++)
        if (e->items[i].part == KRNI_PART_BLOCK &&
            (!e->lifted[e->items[i].fact] ||
             e->facts[e->items[i].fact].fact.block == KRN_BLOCK_RATE))
            return false;
    return e->planning.costs[a].bound_usd >= 0.0;
}

/* Room for prices, once. */
static krn_status price_room(krni_late *e)
{
    if (e->usd)
        return KRN_OK;
    e->queued = krn_arena_calloc(e->arena, e->n_keys, sizeof *e->queued);
    e->ring = krn_arena_alloc(e->arena, e->n_keys * sizeof *e->ring);
    e->usd = krn_arena_alloc(e->arena, e->n_keys * sizeof *e->usd);
    return e->queued && e->ring && e->usd ? KRN_OK : krni_fail_memory(e->planning.err);
}

krn_status krni_late_price(krni_late *e, uint32_t *out_arrival, double *out_usd)
{
    const krn_network *net = e->planning.network;
    const krn_status st = price_room(e);
    if (st)
        return st;
    *out_arrival = settle(e, KRNI_LATE_LIFTED, true);
    for (uint32_t key = 0; key < e->n_keys; key++)
        e->usd[key] = INFINITY;
    uint32_t begin = 0, count = 1; /* label correcting on a ring */
    e->usd[e->source] = 0.0;
    e->ring[0] = e->source;
    while (count) {
        const uint32_t key = e->ring[begin], state = key >> e->bits;
        begin = (begin + 1) % e->n_keys;
        count--;
        e->queued[key] = false;
        for (uint32_t a = net->first_activity[state]; a < net->first_activity[state + 1]; a++) {
            const uint32_t head = head_key(e, key, a);
            const double usd = e->usd[key] + e->planning.costs[a].bound_usd;
            if (!e->used[a] || !(usd < e->usd[head]) || !stands_open(e, a) ||
                (uint64_t)e->at[key] + (uint64_t)krni_seconds(least_h(e, a)) +
                        e->remaining[net->to_state[a]] >
                    e->limit)
                continue;
            e->usd[head] = usd;
            if (!e->queued[head]) {
                e->queued[head] = true;
                e->ring[(begin + count++) % e->n_keys] = head;
            }
        }
    }
    *out_usd = isfinite(e->usd[e->target]) ? e->usd[e->target] : (double)NAN;
    return KRN_OK;
}
