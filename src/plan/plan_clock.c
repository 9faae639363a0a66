/* SPDX-License-Identifier: Apache-2.0 */
/* plan_clock.c - when an activity may start, as a clock of the kernel.
 *
 *   gate (papers)      |------------------------------------->
 *   calendar               [====]        [====]        [====]
 *   season             [============]           [===========]
 *   timetable             |    |    |    |    |    |    |
 *   clock                  |    |         |             |   and everything open beyond the horizon
 *
 * Windows are made for a horizon only. Beyond it everything counts as open; a path that gets there
 * is then too early at worst, never too late, and router.c makes the horizon longer until no
 * solution gets there (see the proof in its head). Clocks and sets of windows that are alike are
 * made once. */
#include <assert.h>
#include <string.h>

#include "base/error.h"
#include "plan/planning.h"

#define ALWAYS UINT32_MAX /* no set of windows */

/* Windows of all activities with this key. */
typedef struct krni_window_set {
    uint32_t calendar; /* row or KRN_NO_ROW */
    uint32_t zone;     /* text of the zone of the node, as an offset */
    uint32_t node;     /* with a closing season, or KRN_NO_ROW */
    uint32_t link;
    uint32_t board; /* activity with a timetable, or KRN_NO_ID */
    uint32_t n_windows;
    uint32_t *open, *close;
    bool always;
} krni_window_set;

static uint32_t zone_of(const krn_package *p, uint32_t node)
{
    const krni_rows *t = &p->tables[KRN_TABLE_NODE];
    return t->cells[(size_t)node * t->n_columns + NODE_TIMEZONE].text;
}

static uint32_t count_of(const krni_planning *planning, krn_time at)
{
    const krn_time value = at - planning->base;
    if (value <= 0)
        return 0;
    return value < (krn_time)KRN_PARETO_INFINITY - 1 ? (uint32_t)value : KRN_PARETO_INFINITY - 1;
}

typedef struct intervals {
    uint32_t n, capacity;
    krn_time *open, *close;
} intervals;

static krn_status add_interval(intervals *list, krn_arena *arena, krn_time open, krn_time close,
                               krn_error *err)
{
    if (list->n == list->capacity) {
        const uint32_t capacity = list->capacity ? 2 * list->capacity : 64;
        krn_time *o = krn_arena_calloc(arena, capacity, sizeof *o);
        krn_time *c = krn_arena_calloc(arena, capacity, sizeof *c);
        if (!o || !c)
            return krni_fail_memory(err);
        if (list->n) {
            memcpy(o, list->open, list->n * sizeof *o);
            memcpy(c, list->close, list->n * sizeof *c);
        }
        list->open = o;
        list->close = c;
        list->capacity = capacity;
    }
    list->open[list->n] = open;
    list->close[list->n++] = close;
    return KRN_OK;
}

/* Parts of [open, close] in which no season closes node or link. */
static krn_status open_seasons(const krni_planning *planning, const krni_window_set *key,
                               krn_time open, krn_time close, intervals *out)
{
    if (key->node == KRN_NO_ROW && key->link == KRN_NO_ROW)
        return add_interval(out, planning->scratch, open, close, planning->err);
    krn_time at = open;
    while (at <= close) {
        const krn_season_effect effect =
            krn_season_at(planning->network->calendars, key->node, key->link, at);
        krn_time until = effect.until > at ? effect.until : close + 1;
        if (until > close + 1)
            until = close + 1;
        if (!effect.closed) {
            krn_status st = KRN_OK;
            if (out->n && out->close[out->n - 1] == at - 1)
                out->close[out->n - 1] = until - 1;
            else
                st = add_interval(out, planning->scratch, at, until - 1, planning->err);
            if (st)
                return st;
        }
        at = until;
    }
    return KRN_OK;
}

/* Departures that lie inside the open intervals, as windows of one instant. */
static krn_status meet_departures(const krni_planning *planning, uint32_t board,
                                  const krni_clock_book *book, intervals *list, bool *out_any)
{
    uint32_t n = 0;
    krn_time *times = NULL;
    bool by_frequency = false;
    const krn_status st =
        krn_network_departures(planning->network, (krn_activity_id){board}, book->from, book->to,
                               planning->scratch, &n, &times, &by_frequency, planning->err);
    *out_any = by_frequency;
    if (st || by_frequency)
        return st;
    intervals met = {0};
    uint32_t k = 0;
    for (uint32_t i = 0; i < n; i++) {
        while (k < list->n && list->close[k] < times[i])
            k++;
        if (k == list->n)
            break;
        if (list->open[k] > times[i] || (met.n && met.open[met.n - 1] == times[i]))
            continue;
        const krn_status added =
            add_interval(&met, planning->scratch, times[i], times[i], planning->err);
        if (added)
            return added;
    }
    *list = met;
    return KRN_OK;
}

/* Turns instants into values; all is open outside the horizon. */
static krn_status freeze_windows(krni_planning *planning, const krni_clock_book *book,
                                 const intervals *list, krni_window_set *set)
{
    set->open = krn_arena_calloc(planning->scratch, (size_t)list->n + 2, sizeof *set->open);
    set->close = krn_arena_calloc(planning->scratch, (size_t)list->n + 2, sizeof *set->close);
    if (!set->open || !set->close)
        return krni_fail_memory(planning->err);
    uint32_t n = 0;
    if (planning->backward && book->from > planning->base) {
        set->open[0] = 0;
        set->close[0] = count_of(planning, book->from - 1);
        n = 1;
    }
    for (uint32_t i = 0; i < list->n; i++) {
        const uint32_t open = count_of(planning, list->open[i]);
        const uint32_t close = count_of(planning, list->close[i]);
        if (n && open <= set->close[n - 1] + 1)
            set->close[n - 1] = close;
        else {
            set->open[n] = open;
            set->close[n++] = close;
        }
    }
    if (!planning->backward) {
        const uint32_t end = count_of(planning, book->to + 1);
        if (n && set->close[n - 1] + 1 >= end)
            set->close[n - 1] = KRN_PARETO_INFINITY - 1;
        else {
            set->open[n] = end;
            set->close[n++] = KRN_PARETO_INFINITY - 1;
        }
    }
    set->n_windows = n;
    const uint32_t last =
        planning->backward ? count_of(planning, book->to) : KRN_PARETO_INFINITY - 1;
    set->always = n == 1 && set->open[0] == 0 && set->close[0] >= last;
    for (uint32_t i = 1; i < n; i++)
        assert(set->open[i] > set->close[i - 1]);
    return KRN_OK;
}

static krn_status make_set(krni_planning *planning, const krni_clock_book *book, uint32_t node,
                           krni_window_set *set)
{
    uint32_t n = 0;
    krn_time *open = NULL, *close = NULL;
    krn_status st =
        krn_calendar_windows(planning->network->calendars, set->calendar, node, book->from,
                             book->to, planning->scratch, &n, &open, &close, planning->err);
    intervals list = {0};
    for (uint32_t i = 0; i < n && !st; i++)
        st = open_seasons(planning, set, open[i], close[i], &list);
    bool any_time = true;
    if (!st && set->board != KRN_NO_ID)
        st = meet_departures(planning, set->board, book, &list, &any_time);
    if (!st)
        st = freeze_windows(planning, book, &list, set);
    return st;
}

static krn_status find_set(krni_planning *planning, krni_clock_book *book, uint32_t activity,
                           unsigned without, uint32_t *out)
{
    const krn_network *net = planning->network;
    const uint32_t node = net->state_node[net->from_state[activity]];
    uint32_t season_node, season_link;
    krni_activity_season(net, activity, &season_node, &season_link);
    krni_window_set key = {
        .calendar = net->calendar[activity],
        .node = season_node != KRN_NO_ROW && planning->season_of_node[season_node] ? season_node
                                                                                   : KRN_NO_ROW,
        .link = season_link != KRN_NO_ROW && planning->season_of_link[season_link] ? season_link
                                                                                   : KRN_NO_ROW,
        .board = KRN_NO_ID,
    };
    if (without & KRNI_WITHOUT_CALENDAR)
        key.calendar = KRN_NO_ROW;
    if (without & KRNI_WITHOUT_SEASON)
        key.node = key.link = KRN_NO_ROW;
    if (!(without & KRNI_WITHOUT_TIMETABLE) && net->kind[activity] == KRN_BOARD &&
        !(planning->costs[activity].wait.high_h > 0.0))
        key.board = activity;
    *out = ALWAYS;
    if (key.calendar == KRN_NO_ROW && key.node == KRN_NO_ROW && key.link == KRN_NO_ROW &&
        key.board == KRN_NO_ID)
        return KRN_OK;
    key.zone = zone_of(net->package, node);
    uint32_t i = 0;
    while (i < book->n_sets &&
           !(book->sets[i].calendar == key.calendar && book->sets[i].zone == key.zone &&
             book->sets[i].node == key.node && book->sets[i].link == key.link &&
             book->sets[i].board == key.board))
        i++;
    if (i == book->n_sets) {
        if (i == book->set_capacity) {
            const uint32_t capacity = i ? 2 * i : 32;
            krni_window_set *grown = krn_arena_calloc(planning->scratch, capacity, sizeof *grown);
            if (!grown)
                return krni_fail_memory(planning->err);
            if (i)
                memcpy(grown, book->sets, i * sizeof *grown);
            book->sets = grown;
            book->set_capacity = capacity;
        }
        const krn_status st = make_set(planning, book, node, &key);
        if (st)
            return st;
        book->sets[book->n_sets++] = key;
    }
    *out = book->sets[i].always ? ALWAYS : i;
    return KRN_OK;
}

/* The clock of a set of windows and a gate; a new one where there is none like it. */
static krn_status find_clock(krni_planning *planning, krni_clock_book *book, uint32_t set,
                             uint32_t not_before, uint32_t *out_clock)
{
    *out_clock = KRN_PARETO_NO_CLOCK;
    if (set == ALWAYS && not_before == 0)
        return KRN_OK;
    const krn_pareto_clock wanted = {
        .not_before = not_before,
        .not_after = KRN_PARETO_INFINITY,
        .n_windows = set == ALWAYS ? 0 : book->sets[set].n_windows,
        .open = set == ALWAYS ? NULL : book->sets[set].open,
        .close = set == ALWAYS ? NULL : book->sets[set].close,
    };
    uint32_t i = 0;
    while (i < book->n_clocks && !(book->clocks[i].not_before == wanted.not_before &&
                                   book->clocks[i].open == wanted.open))
        i++;
    if (i == book->n_clocks) {
        if (i == book->capacity) {
            const uint32_t capacity = i ? 2 * i : 32;
            krn_pareto_clock *grown = krn_arena_calloc(planning->scratch, capacity, sizeof *grown);
            if (!grown)
                return krni_fail_memory(planning->err);
            if (i)
                memcpy(grown, book->clocks, i * sizeof *grown);
            book->clocks = grown;
            book->capacity = capacity;
        }
        book->clocks[book->n_clocks++] = wanted;
    }
    *out_clock = i;
    return KRN_OK;
}

krn_status krni_clock_of(krni_planning *planning, krni_clock_book *book, uint32_t activity,
                         uint32_t earliest, uint32_t *out_clock)
{
    uint32_t set = ALWAYS;
    if (!book->set_of) {
        book->set_of = krn_arena_calloc(planning->scratch, planning->network->n_activities,
                                        sizeof *book->set_of);
        if (!book->set_of)
            return krni_fail_memory(planning->err);
    }
    if (book->set_of[activity]) {
        set = book->set_of[activity] - 2u;
    } else {
        const krn_status st = find_set(planning, book, activity, 0, &set);
        if (st)
            return st;
        book->set_of[activity] = set + 2u;
    }
    const double gate_h = planning->costs[activity].gate_h;
    uint32_t not_before = 0;
    if (planning->papers_from != KRN_TIME_NONE && gate_h > 0.0)
        not_before = count_of(planning, planning->papers_from + krni_seconds(gate_h));
    if (not_before <= earliest)
        not_before = 0;
    return find_clock(planning, book, set, not_before, out_clock);
}

krn_status krni_opening_of(krni_planning *planning, krni_clock_book *book, uint32_t activity,
                           unsigned without, uint32_t *out_clock)
{
    uint32_t set = ALWAYS;
    const krn_status st = find_set(planning, book, activity, without, &set);
    return st ? st : find_clock(planning, book, set, 0, out_clock);
}
