/* SPDX-License-Identifier: Apache-2.0 */
/* trade_assign.c - the trade of a year on the network, from question to answer.
 *
 *   first ways --> spread --> [waits: plan again --> new ways --> spread] --> tell, price
 *                             \_____ equilibria, at most MOST_ROUNDS ____/
 *
 * An equilibrium is one among all ways that planning finds under its own waits: when a round finds
 * none that is cheaper, the known ones are all that matter. */
#include <assert.h>
#include <math.h>

#include "base/error.h"
#include "model/tables.h"
#include "scenario/trade_desk.h"

#define MOST_ROUNDS 8u
#define LEAST_GAP   1e-6
#define HALF        0.5 /* of the gap among the known ways; the other half to all ways */

const char *krn_trade_method_name(krn_trade_method method)
{
    static const char *const names[KRN_TRADE_METHOD_COUNT] = {"aon", "logit", "psl",
                                                              "ue",  "sue",   "so"};
    assert((unsigned)method < KRN_TRADE_METHOD_COUNT);
    return names[method];
}

static bool under_load(krn_trade_method method)
{
    return method == KRN_TRADE_USER || method == KRN_TRADE_STOCHASTIC || method == KRN_TRADE_SYSTEM;
}

static krn_status check_tables(const krn_trade_question *q, krn_error *err)
{
    for (uint32_t i = 0; i < q->n_delays; i++) {
        const krn_trade_delay *t = &q->delays[i];
        bool good = t->resource && t->n_points >= 2 && t->load_a_day && t->wait_h &&
                    t->load_a_day[0] == 0 && t->wait_h[0] >= 0;
        for (uint32_t k = 1; good && k < t->n_points; k++)
            good = t->load_a_day[k] > t->load_a_day[k - 1] && t->wait_h[k] >= t->wait_h[k - 1] &&
                   !isinf(t->load_a_day[k]) && !isinf(t->wait_h[k]);
        if (!good)
            return krni_fail(err, KRN_E_ARG,
                             "table of waits %u: two points or more were expected, loads ascending "
                             "from 0, waits not descending",
                             i);
    }
    return KRN_OK;
}

static krn_status check_question(const krn_trade_question *q, krn_error *err)
{
    if ((unsigned)q->method >= KRN_TRADE_METHOD_COUNT)
        return krni_fail(err, KRN_E_ARG, "aon, logit, psl, ue, sue or so were expected");
    if (!(q->demand_share >= 0) || isinf(q->demand_share))
        return krni_fail(err, KRN_E_ARG, "the demand is scaled by %g; 0 or more was expected",
                         q->demand_share);
    if (!(q->gap_share >= 0) || q->gap_share >= 1)
        return krni_fail(err, KRN_E_ARG, "a gap of %g; 0 to 1 was expected", q->gap_share);
    if (!(q->emission_usd_t >= 0) || isinf(q->emission_usd_t))
        return krni_fail(err, KRN_E_ARG, "a tonne CO2e at %g USD; 0 or more was expected",
                         q->emission_usd_t);
    if (!q->most_ways)
        return krni_fail(err, KRN_E_ARG, "at least one way was expected");
    if (q->ready == KRN_TIME_NONE)
        return krni_fail(err, KRN_E_ARG, "a time at which goods are ready was expected");
    if (q->hard_capacity && !under_load(q->method))
        return krni_fail(err, KRN_E_ARG,
                         "hard capacities with %s, which looks at no load: ue, sue or so was "
                         "expected",
                         krn_trade_method_name(q->method));
    return check_tables(q, err);
}

static krn_status read_spread(krni_trade_desk *d, krn_error *err)
{
    d->spread_usd_t = krn_package_rows(d->package, KRN_TABLE_CONFIG)
                          ? krni_number(d->package, KRN_TABLE_CONFIG, 0, CONFIG_LOGIT_USD_T)
                          : (double)NAN;
    if (krni_trade_divides(d->question->method) && !(d->spread_usd_t > 0))
        return krni_fail(err, KRN_E_DATA,
                         "config.csv: kr_logit_usd_t: blank: the spread of a choice of ways was "
                         "expected; aon, ue and so need none");
    return KRN_OK;
}

static krn_status spread_all(krni_trade_desk *d, double gap_share, uint32_t *out_rounds,
                             bool *out_closed, krn_error *err)
{
    const krni_trade_law law = {.desk = d, .more = KRN_NO_ROW};
    krn_status status = krni_trade_spread(d, &law, gap_share, false, err);
    bool shown = !under_load(d->question->method); /* all there is to learn of activities */
    *out_rounds = 0;
    *out_closed = shown;
    for (uint32_t turn = 0; turn < MOST_ROUNDS && !status && !shown; turn++) {
        uint32_t added = 0;
        status = krni_trade_grow(d, gap_share, &added, &shown, err);
        *out_closed = !added;
        *out_rounds += added > 0;
        if (!status && added)
            status = krni_trade_spread(d, &law, gap_share, true, err);
    }
    return status;
}

krn_status krn_trade_assign(const krn_network *network, const krn_trade_question *question,
                            krn_arena *arena, krn_trade_answer *out, krn_error *err)
{
    if (!network || !question || !question->demand || !arena || !out)
        return krni_fail(err, KRN_E_ARG, "a network, a question and an arena were expected");
    krn_status status = check_question(question, err);
    if (status)
        return status;
    krni_trade_desk d = {.network = network,
                         .package = krn_network_package(network),
                         .question = question,
                         .arena = arena,
                         .scratch = krn_arena_new(NULL, 0)};
    const double gap_share = question->gap_share > 0 ? question->gap_share : LEAST_GAP;
    uint32_t rounds = 0;
    bool closed = true;
    status = d.scratch ? read_spread(&d, err) : krni_fail_memory(err);
    if (!status)
        status = krni_trade_first_ways(&d, err);
    if (!status)
        status = spread_all(&d, HALF * gap_share, &rounds, &closed, err);
    if (!status)
        status = krni_trade_tell(&d, out, err);
    if (!status) {
        if (closed && under_load(question->method))
            out->step.gap_share += d.beyond_share;
        out->gap_reached = !under_load(question->method) || out->step.gap_share <= gap_share;
        out->n_rounds = rounds;
        out->all_ways = closed;
    }
    krn_arena_free(d.scratch);
    return status;
}
