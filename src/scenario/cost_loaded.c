/* SPDX-License-Identifier: Apache-2.0 */
/* cost_loaded.c - formulas with VOLUME as times of resources that demand classes share. */
#include "scenario/cost_loaded.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/error.h"

#define ALIKE_SHARE 1e-9 /* of the growth: formulas that differ by less grow alike */

#define EXACT_SHARE 1e-12 /* the same for a law that is taken for a power */

static const double samples_share[] = {1e-3, 1e-2, 0.03, 0.1, 0.35, 0.6, 1.0}; /* of the largest */
#define N_SAMPLES (sizeof samples_share / sizeof samples_share[0])

double krni_loaded_units(const krni_loaded *l, uint32_t demand_class, uint32_t type)
{
    const krni_cost_book *b = l->books[demand_class];
    return b->car_units[type] / b->load_quantity[type];
}

uint32_t krni_loaded_resource(const krni_loaded *l, uint32_t state)
{
    const krni_state *s = &l->v->states[state];
    return l->resource_of[(size_t)s->link * 2 + s->forwards];
}

krn_status krni_loaded_cost(const krni_loaded *l, uint32_t demand_class, uint32_t state,
                            double volume, double *out_cost, krn_error *err)
{
    const krni_state *s = &l->v->states[state];
    krni_cost_book *b = l->books[demand_class];
    krni_cost_book_link(b, l->v->network, s->link, s->forwards, volume);
    return krni_cost_compute(b, &b->move[s->type], b->move_values,
                             (krni_cost_place){"link", l->v->network->links[s->link].id}, out_cost,
                             err);
}

double krni_loaded_time(const krni_loaded *l, uint32_t resource, double load, double *out_slope)
{
    const uint32_t state = l->state_of[resource];
    const krni_state *s = &l->v->states[state];
    krni_cost_book *b = l->books[l->class_of[resource]];
    double value, slope, higher;
    krni_cost_book_link(b, l->v->network, s->link, s->forwards, load);
    *out_slope = 0.0;
    if (krni_formula_compute(b->move[s->type].formula, b->move_values, KRNI_MOVE_VOLUME, &value,
                             &slope, NULL) != KRN_OK)
        return 0.0;         /* not met up to the largest volume: see krni_loaded_open */
    if (!isfinite(slope)) { /* steep at 0: a power below 1 */
        const double step = 1e-6 * fmax(load, 1.0);
        b->move_values[KRNI_MOVE_VOLUME] = load + step;
        slope = krni_formula_compute(b->move[s->type].formula, b->move_values, KRNI_FORMULA_NO_SLOT,
                                     &higher, NULL, NULL) == KRN_OK
                    ? (higher - value) / step
                    : 0.0;
    }
    *out_slope = fmax(slope, 0.0);
    return value - l->idle_time[resource];
}

/* ---- opening ---- */

/* What a formula adds to its value at no volume, at each sample. KRN_E_DATA where it falls. */
static krn_status sample(const krni_loaded *l, uint32_t c, uint32_t state, double *out,
                         krn_error *err)
{
    const double idle = l->idle[c].move[state];
    double before = 0.0;
    for (size_t k = 0; k < N_SAMPLES; k++) {
        const krn_status status =
            krni_loaded_cost(l, c, state, samples_share[k] * l->most_volume, &out[k], err);
        if (status)
            return status;
        out[k] -= idle;
        if (out[k] < before - ALIKE_SHARE * (fabs(before) + idle)) {
            char where[256];
            const krni_cost_entry *entry = &l->books[c]->move[l->v->states[state].type];
            krni_cost_key(l->books[c]->set, entry->source, where, sizeof where);
            return krni_fail(err, KRN_E_DATA,
                             "%s: \"%.200s\" falls with VOLUME; an equilibrium needs a cost that "
                             "does not",
                             where, krni_formula_text(entry->formula));
        }
        before = out[k];
    }
    return KRN_OK;
}

static bool grows(const krni_loaded *l, uint32_t c, uint32_t state)
{
    const krni_cost_entry *entry = &l->books[c]->move[l->v->states[state].type];
    return l->idle[c].move[state] < HUGE_VAL && entry->formula &&
           krni_formula_uses(entry->formula, KRNI_MOVE_VOLUME);
}

static krn_status unlike(const krni_loaded *l, uint32_t c, uint32_t state, krn_error *err)
{
    const uint32_t r = krni_loaded_resource(l, state);
    char where[256], other[256];
    krni_cost_key(l->books[c]->set, l->books[c]->move[l->v->states[state].type].source, where,
                  sizeof where);
    krni_cost_key(l->books[c]->set,
                  l->books[l->class_of[r]]->move[l->v->states[l->state_of[r]].type].source, other,
                  sizeof other);
    return krni_fail(err, KRN_E_DATA,
                     "%s (group %d) and %s (group %d) share link %lld and grow with VOLUME in "
                     "different ways; an equilibrium takes formulas that differ by a factor and "
                     "a constant",
                     where, l->books[c]->group, other, l->books[l->class_of[r]]->group,
                     (long long)l->v->network->links[l->v->states[state].link].id);
}

/* Whether a resource's growth is a power of the volume: with two decimals, at all samples. */
static void fit_power(krni_loaded *l, uint32_t resource, const double *growth)
{
    const uint32_t state = l->state_of[resource], c = l->class_of[resource];
    const size_t last = N_SAMPLES - 1;
    const krni_cost_entry *entry = &l->books[c]->move[l->v->states[state].type];
    if (!krni_formula_is_plain(entry->formula) || !(growth[last - 1] > 0.0))
        return;
    const double rough = log(growth[last] / growth[last - 1]) / -log(samples_share[last - 1]);
    const double power = round(rough * 100.0) / 100.0;
    if (!(power >= 1.0) || fabs(power - rough) > 1e-6)
        return;
    for (size_t k = 0; k < N_SAMPLES; k++) {
        const double fitted = growth[last] * pow(samples_share[k], power);
        if (fabs(fitted - growth[k]) > EXACT_SHARE * (fitted + l->idle[c].move[state]))
            return;
    }
    l->power[resource] = power;
    l->factor[resource] = growth[last] / pow(l->most_volume, power);
}

/* The weight of a formula against its resource's reference; the first one becomes it. */
static krn_status weigh(krni_loaded *l, uint32_t c, uint32_t state, krn_error *err)
{
    const krni_state *s = &l->v->states[state];
    uint32_t *resource = &l->resource_of[(size_t)s->link * 2 + s->forwards];
    double own[N_SAMPLES], reference[N_SAMPLES];
    krn_status status = sample(l, c, state, own, err);
    if (status || own[N_SAMPLES - 1] <= 0.0)
        return status;
    if (*resource == KRNI_NO_INDEX) {
        *resource = l->n_resources++;
        l->state_of[*resource] = state;
        l->class_of[*resource] = c;
        l->idle_time[*resource] = l->idle[c].move[state];
        fit_power(l, *resource, own);
    }
    status = sample(l, l->class_of[*resource], l->state_of[*resource], reference, err);
    if (status)
        return status;
    const double weight = own[N_SAMPLES - 1] / reference[N_SAMPLES - 1];
    for (size_t k = 0; k < N_SAMPLES; k++)
        if (fabs(own[k] - weight * reference[k]) > ALIKE_SHARE * (own[k] + l->idle[c].move[state]))
            return unlike(l, c, state, err);
    l->weight[c][state] = weight;
    return KRN_OK;
}

krn_status krni_loaded_open(const krni_virtual *v, krni_cost_book **books,
                            const krni_virtual_costs *idle, uint32_t n_classes, double most_volume,
                            krn_arena *arena, krni_loaded *out, krn_error *err)
{
    const size_t n_ways = (size_t)v->network->n_links * 2 + 1u;
    krn_status status = KRN_OK;
    *out = (krni_loaded){
        .v = v, .books = books, .idle = idle, .n_classes = n_classes, .most_volume = most_volume};
    out->resource_of = krn_arena_alloc(arena, n_ways * sizeof *out->resource_of);
    out->state_of = krn_arena_calloc(arena, n_ways, sizeof *out->state_of);
    out->class_of = krn_arena_calloc(arena, n_ways, sizeof *out->class_of);
    out->idle_time = krn_arena_calloc(arena, n_ways, sizeof *out->idle_time);
    out->factor = krn_arena_calloc(arena, n_ways, sizeof *out->factor);
    out->power = krn_arena_calloc(arena, n_ways, sizeof *out->power);
    out->weight = krn_arena_calloc(arena, n_classes + 1u, sizeof *out->weight);
    if (!out->resource_of || !out->state_of || !out->class_of || !out->idle_time || !out->factor ||
        !out->power || !out->weight)
        return krni_fail_memory(err);
    memset(out->resource_of, 0xff, n_ways * sizeof *out->resource_of);
    for (uint32_t c = 0; c < n_classes && !status; c++) {
        out->weight[c] = krn_arena_calloc(arena, v->n_states + 1u, sizeof(double));
        if (!out->weight[c])
            return krni_fail_memory(err);
        for (uint32_t s = 0; s < v->n_states && !status; s++)
            if (grows(out, c, s))
                status = weigh(out, c, s, err);
    }
    return status;
}
