/* SPDX-License-Identifier: Apache-2.0 */
/* invest.c - which measures cut the cost of a year most under a budget: every set, each with its
 * own corridor, plans and assignment.
 *
 *   set of options --> measures applied --> network --> ways, equilibrium --> cost of a year
 *         for all sets whose costs add up to the budget at most
 *
 * Nothing is carried over from one set to another: a measure may change a price or a rule for any
 * row, so the ways of one set prove nothing about another one. Nor can a set be left out by what
 * its parts cut: congestion makes measures help or hinder each other, in both directions (a better
 * way may even raise the cost of all: Braess). So the search is through all sets, and exact up to
 * the gaps of the assignments. */
#include <keruen/trade.h>

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/tables.h"

#define MOST_OPTIONS 20u
#define MOST_SETS    4096u
#define LEAST_GAP    1e-6 /* of an assignment that names none */
#define ROUNDING     1e-12

typedef struct field {
    const krn_invest_question *q;
    krn_arena *arena;
    const char **with;    /* ids: always, then members of a set */
    const char **without; /* ids: those of always but members of a set */
    krn_invest_set *sets;
    uint32_t n_sets;  /* within the budget */
    uint32_t n_tried; /* that hold together */
    uint32_t n_skipped, n_clashing;
    double worst_gap;
    bool gaps_reached;
} field;

static const char *id_of(const krn_invest_question *q, uint32_t option)
{
    return krni_text(q->base, KRN_TABLE_MEASURE, q->options[option].measure, MEASURE_MEASURE_ID);
}

/* ---- the question ---- */

static bool is_listed(const char *const *list, uint32_t n, const char *id)
{
    for (uint32_t i = 0; i < n; i++)
        if (strcmp(list[i], id) == 0)
            return true;
    return false;
}

static krn_status check_option(const krn_invest_question *q, uint32_t i, krn_error *err)
{
    const krn_invest_option *o = &q->options[i];
    if (o->measure >= krn_package_rows(q->base, KRN_TABLE_MEASURE))
        return krni_fail(err, KRN_E_ARG, "option %u names no measure of the package", i);
    const char *id = id_of(q, i);
    if (!(o->cost_usd >= 0.0) || isinf(o->cost_usd))
        return krni_fail(err, KRN_E_ARG, "%s costs %g USD: 0 or more was expected", id,
                         o->cost_usd);
    for (uint32_t k = 0; k < i; k++)
        if (q->options[k].measure == o->measure)
            return krni_fail(err, KRN_E_ARG, "%s is an option twice", id);
    const krn_measure_choice *c = &q->always;
    const bool off =
        is_listed(c->without, c->n_without, id) || is_listed(c->without, c->n_without, "all");
    if (is_listed(c->with, c->n_with, id) ||
        (!off && krn_measure_in_force(q->base, o->measure, c->day)))
        return krni_fail(err, KRN_E_ARG,
                         "%s is at work already: what is chosen freely was expected", id);
    return KRN_OK;
}

static krn_status check_question(const krn_invest_question *q, krn_error *err)
{
    if (!q->base || !q->trade.demand || (q->n_options && !q->options))
        return krni_fail(err, KRN_E_ARG, "a package, its demand and options were expected");
    if (!(q->budget_usd >= 0.0) || isinf(q->budget_usd))
        return krni_fail(err, KRN_E_ARG, "a budget of %g USD: 0 or more was expected",
                         q->budget_usd);
    if (q->unserved_usd_t < 0.0 || isinf(q->unserved_usd_t))
        return krni_fail(err, KRN_E_ARG,
                         "a tonne that is not sent costs %g USD: 0 or more was expected",
                         q->unserved_usd_t);
    if (q->n_options > MOST_OPTIONS)
        return krni_fail(err, KRN_E_LIMIT,
                         "%u measures to choose from: at most %u are; name the ones that matter",
                         q->n_options, MOST_OPTIONS);
    krn_status st = KRN_OK;
    for (uint32_t i = 0; i < q->n_options && !st; i++)
        st = check_option(q, i, err);
    return st;
}

/* ---- sets ---- */

static double cost_of(const krn_invest_question *q, uint64_t members)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < q->n_options; i++)
        sum += members >> i & 1u ? q->options[i].cost_usd : 0.0;
    return sum;
}

/* Sets within the budget, the empty one first. */
static krn_status list_sets(field *f, krn_error *err)
{
    const krn_invest_question *q = f->q;
    const uint64_t all = 1ull << q->n_options;
    for (uint64_t members = 0; members < all; members++)
        f->n_sets += cost_of(q, members) <= q->budget_usd;
    f->n_skipped = (uint32_t)(all - f->n_sets);
    if (f->n_sets > MOST_SETS)
        return krni_fail(err, KRN_E_LIMIT,
                         "%u sets of %u measures lie within the budget, each an assignment: at "
                         "most %u are tried; name fewer measures, or a smaller budget",
                         f->n_sets, q->n_options, MOST_SETS);
    f->sets = krn_arena_calloc(f->arena, f->n_sets, sizeof *f->sets);
    if (!f->sets)
        return krni_fail_memory(err);
    uint32_t n = 0;
    for (uint64_t members = 0; members < all; members++) {
        const double cost_usd = cost_of(q, members);
        if (cost_usd <= q->budget_usd)
            f->sets[n++] = (krn_invest_set){.members = members, .cost_usd = cost_usd};
    }
    assert(n == f->n_sets && f->sets[0].members == 0);
    return KRN_OK;
}

/* ---- one set ---- */

/* Row of a scenario with the id of a row of the base. */
static krn_status same_row(const krn_package *base, const krn_package *scenario, krn_table table,
                           int key, uint32_t *row, krn_error *err)
{
    if (*row == KRN_NO_ROW)
        return KRN_OK;
    const char *id = krni_text(base, table, *row, key);
    *row = krn_package_find(scenario, table, id);
    return *row != KRN_NO_ROW
               ? KRN_OK
               : krni_fail(err, KRN_E_NOT_FOUND,
                           "the demand names %s, which is gone with the measures chosen", id);
}

/* The demand in rows of a scenario, whose tables may be longer or shorter. */
static krn_status carry_demand(const krn_invest_question *q, const krn_package *scenario,
                               krn_arena *arena, krn_demand_list *out, krn_error *err)
{
    *out = *q->trade.demand;
    out->rows = krn_arena_calloc(arena, out->n + 1u, sizeof *out->rows);
    if (!out->rows)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < out->n; i++) {
        krn_demand *d = &out->rows[i];
        *d = q->trade.demand->rows[i];
        krn_status st = same_row(q->base, scenario, KRN_TABLE_NODE, NODE_NODE_ID, &d->origin, err);
        st = st ? st
                : same_row(q->base, scenario, KRN_TABLE_NODE, NODE_NODE_ID, &d->destination, err);
        st = st ? st
                : same_row(q->base, scenario, KRN_TABLE_COMMODITY, COMMODITY_COMMODITY_ID,
                           &d->commodity, err);
        st = st ? st
                : same_row(q->base, scenario, KRN_TABLE_LOADING_UNIT, LOADING_UNIT_LOADING_UNIT,
                           &d->loading_unit, err);
        if (st)
            return st;
        d->flow = d->flow == KRN_NO_ROW
                      ? KRN_NO_ROW
                      : krn_package_find(scenario, KRN_TABLE_FLOW,
                                         krni_text(q->base, KRN_TABLE_FLOW, d->flow, FLOW_FLOW_ID));
    }
    return KRN_OK;
}

static double unserved_usd(const krn_invest_question *q, const krn_trade_answer *answer)
{
    if (!isnan(q->unserved_usd_t))
        return q->unserved_usd_t * answer->unserved_t;
    double sum = 0.0;
    for (uint32_t i = 0; i < answer->n_rows; i++) {
        const krn_trade_row *row = &answer->rows[i];
        const uint32_t goods = q->trade.demand->rows[row->demand].commodity;
        const double usd_t =
            krni_number_or(q->base, KRN_TABLE_COMMODITY, goods, COMMODITY_VALUE_USD_T, 0.0);
        sum += usd_t * fmax(0.0, row->asked_t - row->sent_t);
    }
    return sum;
}

static krn_status assign(field *f, const krn_network *network, krn_arena *arena,
                         krn_invest_set *set, krn_error *err)
{
    krn_trade_question trade = f->q->trade;
    krn_demand_list demand;
    krn_trade_answer answer;
    krn_status st = carry_demand(f->q, krn_network_package(network), arena, &demand, err);
    if (st)
        return st;
    trade.demand = &demand;
    trade.n_priced = 0;
    st = krn_trade_assign(network, &trade, arena, &answer, err);
    if (st)
        return st;
    set->total_usd = answer.total_usd;
    set->sent_t = answer.sent_t;
    set->unserved_t = answer.unserved_t;
    set->unserved_usd = unserved_usd(f->q, &answer);
    f->gaps_reached = f->gaps_reached && answer.gap_reached && answer.all_ways;
    f->worst_gap = fmax(f->worst_gap, answer.step.gap_share);
    return KRN_OK;
}

static int count_members(uint64_t members)
{
    int n = 0;
    for (; members; members &= members - 1)
        n++;
    return n;
}

/* Measures of a set, also those that are switched off without it. */
static void choose(const field *f, uint64_t members, krn_measure_choice *choice)
{
    const krn_measure_choice *always = &f->q->always;
    choice->with = f->with;
    choice->without = f->without;
    choice->n_without = 0;
    for (uint32_t i = 0; i < f->q->n_options; i++)
        if (members >> i & 1u)
            f->with[choice->n_with++] = id_of(f->q, i);
    for (uint32_t i = 0; i < always->n_without; i++)
        if (!is_listed(f->with + always->n_with, choice->n_with - always->n_with,
                       always->without[i]))
            f->without[choice->n_without++] = always->without[i];
}

/* *out_clashes: measures of the set leave each other no row to change. */
static krn_status try_set(field *f, krn_invest_set *set, bool *out_clashes, krn_error *err)
{
    const krn_invest_question *q = f->q;
    krn_package *scenario = NULL;
    krn_network *network = NULL;
    krn_measure_choice choice = q->always;
    krn_arena *arena = krn_arena_new(NULL, 0);
    if (!arena)
        return krni_fail_memory(err);
    choose(f, set->members, &choice);
    krn_status st = krn_measure_apply(q->base, &choice, arena, NULL, &scenario, err);
    *out_clashes = st == KRN_E_DATA && count_members(set->members) > 1;
    if (!st)
        st = krn_network_compile(scenario, choice.day, &network, err);
    if (!st) {
        scenario = NULL; /* taken over */
        st = assign(f, network, arena, set, err);
    }
    krn_network_free(network);
    krn_package_free(scenario);
    krn_arena_free(arena);
    return *out_clashes ? KRN_OK : st;
}

/* While a set is worked on: lets the caller stop. */
typedef struct watch {
    const krn_invest_question *q;
    uint32_t done, n;
} watch;

static bool go_on(void *context, uint32_t done, uint32_t n)
{
    const watch *w = context;
    (void)done;
    (void)n;
    return !w->q->progress || w->q->progress(w->q->progress_context, w->done, w->n);
}

static krn_status try_all(field *f, krn_error *err)
{
    krn_invest_question q = *f->q; /* with the watch on its rows */
    const krn_invest_question *asked = f->q;
    watch w = {.q = asked, .n = f->n_sets};
    q.trade.progress = go_on;
    q.trade.step = NULL;
    q.trade.progress_context = &w;
    f->q = &q;
    krn_status st = KRN_OK;
    for (uint32_t i = 0; i < f->n_sets && !st; i++) {
        bool clashes = false;
        st = try_set(f, &f->sets[i], &clashes, err);
        f->n_clashing += clashes;
        if (!st && !clashes)
            f->sets[f->n_tried++] = f->sets[i];
        w.done = i + 1;
        if (!st && !go_on(&w, 0, 0))
            st = krni_fail(err, KRN_E_CANCELLED, "stopped while sets of measures were tried");
    }
    f->q = asked;
    return st;
}

/* ---- order ---- */

static double year_usd(const krn_invest_set *set)
{
    return set->total_usd + set->unserved_usd;
}

static int compare_cost(const void *pa, const void *pb)
{
    const krn_invest_set *a = pa, *b = pb;
    if (a->cost_usd != b->cost_usd)
        return a->cost_usd < b->cost_usd ? -1 : 1;
    const int more = count_members(a->members) - count_members(b->members);
    return more ? more : (a->members > b->members) - (a->members < b->members);
}

static int compare_year(const void *pa, const void *pb)
{
    const double a = year_usd(pa), b = year_usd(pb);
    return a != b ? (a < b ? -1 : 1) : compare_cost(pa, pb);
}

/* By cost of a year; from the least on, those that lie within the resolution of it are the same
 * and stand by what they cost, then the least of the others, and so on. */
static void put_in_order(krn_invest_set *sets, uint32_t n, double resolution_usd)
{
    qsort(sets, n, sizeof *sets, compare_year);
    for (uint32_t i = 0, end; i < n; i = end) {
        end = i + 1;
        while (end < n && year_usd(&sets[end]) <= year_usd(&sets[i]) + resolution_usd)
            end++;
        qsort(&sets[i], end - i, sizeof *sets, compare_cost);
    }
}

/* To what share of it the cost of a year is known: a method that looks at no load has no gap. */
static double known_share(const field *f)
{
    const krn_trade_question *t = &f->q->trade;
    const bool loads = t->method == KRN_TRADE_USER || t->method == KRN_TRADE_STOCHASTIC ||
                       t->method == KRN_TRADE_SYSTEM;
    if (!loads)
        return ROUNDING;
    return fmax(f->worst_gap, t->gap_share > 0 ? t->gap_share : LEAST_GAP);
}

static krn_status rank(field *f, krn_invest_answer *out, krn_error *err)
{
    double *alone = krn_arena_calloc(f->arena, f->q->n_options + 1u, sizeof *alone);
    if (!alone)
        return krni_fail_memory(err);
    out->base = f->sets[0];
    const double base_usd = year_usd(&out->base);
    out->resolution_usd = 2.0 * known_share(f) * fabs(base_usd);
    for (uint32_t i = 0; i < f->q->n_options; i++)
        alone[i] = (double)NAN;
    for (uint32_t i = 0; i < f->n_tried; i++)
        for (uint32_t k = 0; k < f->q->n_options; k++)
            if (f->sets[i].members == 1ull << k)
                alone[k] = base_usd - year_usd(&f->sets[i]);
    put_in_order(f->sets, f->n_tried, out->resolution_usd);
    out->sets = f->sets;
    out->n_sets = f->n_tried;
    out->n_skipped = f->n_skipped;
    out->n_clashing = f->n_clashing;
    out->alone_usd = alone;
    out->gaps_reached = f->gaps_reached;
    return KRN_OK;
}

krn_status krn_invest(const krn_invest_question *question, krn_arena *arena, krn_invest_answer *out,
                      krn_error *err)
{
    if (!question || !arena || !out)
        return krni_fail(err, KRN_E_ARG, "a question and an arena were expected");
    field f = {.q = question, .arena = arena, .gaps_reached = true};
    krn_status st = check_question(question, err);
    if (st)
        return st;
    f.with =
        krn_arena_calloc(arena, question->always.n_with + question->n_options + 1u, sizeof *f.with);
    f.without = krn_arena_calloc(arena, question->always.n_without + 1u, sizeof *f.without);
    if (!f.with || !f.without)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < question->always.n_with; i++)
        f.with[i] = question->always.with[i];
    st = list_sets(&f, err);
    if (!st)
        st = try_all(&f, err);
    return st ? st : rank(&f, out, err);
}
