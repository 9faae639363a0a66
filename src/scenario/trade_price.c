/* SPDX-License-Identifier: Apache-2.0 */
/* trade_price.c - what one more unit of capacity a day is worth: the same ways, solved again.
 *
 *     price = (total cost - total cost with one more) * 365, goods left behind counted in
 *
 * The rows' flows start from the solution, so a few steps do. Both totals are reckoned to a far
 * smaller gap than what is told, for their difference is small. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "scenario/trade_desk.h"

#define PRICE_GAP 1e-12
#define MONTH_D   30.0

/* What is put back after a trial. */
typedef struct kept {
    double *day_t, *left_t;
    double *load, *wait_h, *unit_price;
    krn_assign_step step;
    double total_usd_day;
} kept;

static krn_status keep(krni_trade_desk *d, kept *k, krn_error *err)
{
    k->day_t = krn_arena_calloc(d->arena, d->n_ways + 1u, sizeof *k->day_t);
    k->left_t = krn_arena_calloc(d->arena, d->n_lanes + 1u, sizeof *k->left_t);
    if (!k->day_t || !k->left_t)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < d->n_ways; i++)
        k->day_t[i] = d->ways[i].day_t;
    for (uint32_t i = 0; i < d->n_lanes; i++)
        k->left_t[i] = d->lanes[i].left_t_day;
    k->load = d->load;
    k->wait_h = d->wait_h;
    k->unit_price = d->unit_price;
    k->step = d->step;
    k->total_usd_day = d->total_usd_day;
    return KRN_OK;
}

static void put_back(krni_trade_desk *d, const kept *k)
{
    for (uint32_t i = 0; i < d->n_ways; i++)
        d->ways[i].day_t = k->day_t[i];
    for (uint32_t i = 0; i < d->n_lanes; i++)
        d->lanes[i].left_t_day = k->left_t[i];
    d->load = k->load;
    d->wait_h = k->wait_h;
    d->unit_price = k->unit_price;
    d->step = k->step;
    d->total_usd_day = k->total_usd_day;
}

/* Marks the lanes that use a resource; their mean days. */
static double mean_days(const krni_trade_desk *d, const bool *of_it)
{
    double t = 0, hours = 0;
    for (uint32_t i = 0; i < d->n_ways; i++) {
        const krni_trade_known *w = &d->ways[i];
        if (!of_it[w->lane] || !(w->day_t > 0))
            continue;
        t += w->day_t;
        hours += w->day_t * (w->words.free_h + krni_trade_wait_h(d, w));
    }
    return t > 0 ? hours / t / 24 : (double)NAN;
}

static void mark_users(const krni_trade_desk *d, uint32_t resource, bool *of_it)
{
    for (uint32_t i = 0; i < d->n_ways; i++)
        for (uint32_t k = 0; k < d->ways[i].n_uses; k++)
            if (d->ways[i].uses[k].resource == resource && d->ways[i].day_t > 0)
                of_it[d->ways[i].lane] = true;
}

double krni_trade_step(const krn_sim_resource *words)
{
    return words->kind == KRN_RESOURCE_SERVICE ? 1.0 / MONTH_D : 1.0;
}

static krn_status price_one(krni_trade_desk *d, const kept *base, uint32_t resource,
                            krn_trade_resource *out, krn_error *err)
{
    bool *of_it = krn_arena_calloc(d->arena, d->n_lanes + 1u, sizeof *of_it);
    if (!of_it)
        return krni_fail_memory(err);
    const krni_trade_law law = {
        .desk = d, .more = resource, .capacity = d->means[resource].capacity + out->step_a_day};
    mark_users(d, resource, of_it);
    const double days = mean_days(d, of_it), over_t = krni_trade_over_t(d, resource);
    const krn_status status = krni_trade_spread(d, &law, PRICE_GAP, true, err);
    if (!status) {
        out->price_usd_per_year = (base->total_usd_day - d->total_usd_day) * KRNI_TRADE_DAYS;
        out->more_t = krni_trade_over_t(d, resource) - over_t;
        out->faster_d = days - mean_days(d, of_it);
    }
    put_back(d, base);
    return status;
}

krn_status krni_trade_price(krni_trade_desk *d, krn_trade_resource *resources,
                            const uint32_t *means_of, uint32_t n, krn_error *err)
{
    kept told = {0}, base = {0};
    const krni_trade_law law = {.desk = d, .more = KRN_NO_ROW};
    krn_status status = keep(d, &told, err);
    d->silent = true;
    if (!status)
        status = krni_trade_spread(d, &law, PRICE_GAP, true, err);
    if (!status)
        status = keep(d, &base, err);
    for (uint32_t i = 0; i < n && !status; i++)
        if (!isinf(d->means[means_of[i]].capacity))
            status = price_one(d, &base, means_of[i], &resources[i], err);
    put_back(d, &told);
    d->silent = false;
    return status;
}
