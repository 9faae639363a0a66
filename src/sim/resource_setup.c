/* SPDX-License-Identifier: Apache-2.0 */
/* resource_setup.c - how resources are made, memory for claims, and capacity by a table of shifts.
 *
 *   capacity |      ____            ____         one event per step, planned when the one before
 *            |  ___|    |       ___|    |        has come: first of all at its instant, so that
 *            |_|        |______|        |__      who asks at that time meets the new capacity
 *            +---------------------------> time
 *              |<--- period --->| */
#include "sim/resource.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "sim/resource_data.h"

#define FIRST_CLAIMS    64u
#define MOST_CLAIMS     (UINT32_C(1) << KRNI_CLAIM_SLOT_BITS)
#define FIRST_RESOURCES 16u

/* --- shifts --- */

static void plan_shift(krni_resources *all, krni_resource *r, uint32_t step)
{
    if (step >= r->n_shifts && (r->period <= 0.0 || r->n_shifts == 1))
        return;
    const double start = (double)(step / r->n_shifts) * r->period;
    r->next_shift = krni_engine_at(all->engine, start + r->shifts[step % r->n_shifts].time,
                                   (krni_event){.entity = (uint32_t)(r - all->resource),
                                                .argument = step,
                                                .kind = KRNI_KIND_RESOURCE,
                                                .priority = KRNI_PRIORITY_FIRST});
}

static krn_status shift_comes(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    krni_resources *all = model;
    (void)engine;
    (void)err;
    krni_resource *r = &all->resource[event.entity];
    krni_resource_capacity(all, (krni_resource_id){event.entity},
                           r->shifts[event.argument % r->n_shifts].capacity, r->leave);
    plan_shift(all, r, event.argument + 1);
    return KRN_OK;
}

static void start_shifts(krni_resources *all, krni_resource *r)
{
    if (!r->n_shifts)
        return;
    const bool now = r->shifts[0].time <= 0.0;
    if (now)
        r->capacity = r->shifts[0].capacity;
    else if (r->period > 0.0)
        r->capacity = r->shifts[r->n_shifts - 1].capacity;
    plan_shift(all, r, now ? 1 : 0);
}

krn_status krni_resource_shifts(krni_resources *all, krni_resource_id id, size_t n_steps,
                                const krni_shift *steps, double period, krni_leave leave,
                                krn_error *err)
{
    assert(id.index < all->n);
    krni_resource *r = &all->resource[id.index];
    for (size_t i = 0; i < n_steps; i++) {
        const bool rises = i ? steps[i].time > steps[i - 1].time : steps[i].time >= 0.0;
        if (!rises || steps[i].capacity < 0 || (period > 0.0 && !(steps[i].time < period)))
            return krni_fail(err, KRN_E_ARG, "shifts: step %zu: time %g, capacity %lld", i,
                             steps[i].time, (long long)steps[i].capacity);
    }
    krni_shift *copy = malloc((n_steps ? n_steps : 1) * sizeof *copy);
    if (!copy)
        return krni_fail_memory(err);
    if (n_steps)
        memcpy(copy, steps, n_steps * sizeof *copy);
    krni_engine_cancel(all->engine, r->next_shift);
    free(r->shifts);
    r->shifts = copy;
    r->n_shifts = n_steps;
    r->period = period;
    r->leave = leave;
    start_shifts(all, r);
    return KRN_OK;
}

/* --- making and resetting --- */

krni_resources *krni_resources_new(krni_engine *engine)
{
    krni_resources *all = calloc(1, sizeof *all);
    if (!all)
        return NULL;
    all->engine = engine;
    all->size = FIRST_RESOURCES;
    all->resource = calloc(all->size, sizeof *all->resource);
    all->dirty = calloc(all->size, sizeof *all->dirty);
    all->claims = calloc(FIRST_CLAIMS, sizeof *all->claims);
    all->claims_size = FIRST_CLAIMS;
    all->n_claims = 1;
    if (!all->resource || !all->dirty || !all->claims) {
        krni_resources_free(all);
        return NULL;
    }
    all->claims[0].id = UINT32_MAX; /* not of slot 0, so that no claim is found there */
    krni_engine_on(engine, KRNI_KIND_RESOURCE, shift_comes, all);
    return all;
}

void krni_resources_free(krni_resources *all)
{
    if (!all)
        return;
    for (size_t i = 0; i < all->n; i++)
        free(all->resource[i].shifts);
    free(all->resource);
    free(all->dirty);
    free(all->claims);
    free(all);
}

static bool grow_resources(krni_resources *all)
{
    krni_resource *resource = realloc(all->resource, 2 * all->size * sizeof *resource);
    if (!resource)
        return false;
    all->resource = resource;
    uint32_t *dirty = realloc(all->dirty, 2 * all->size * sizeof *dirty);
    if (!dirty)
        return false;
    all->dirty = dirty;
    all->size *= 2;
    return true;
}

krn_status krni_resource_add(krni_resources *all, const krni_resource_spec *spec,
                             krni_resource_id *out, krn_error *err)
{
    if (spec->capacity < 0 || spec->places < 0)
        return krni_fail(err, KRN_E_ARG, "resource: capacity %lld, places %lld: none below 0",
                         (long long)spec->capacity, (long long)spec->places);
    assert(!all->n_dirty);
    if (all->n == all->size && !grow_resources(all))
        return krni_fail_memory(err);
    const double now = krni_engine_now(all->engine);
    all->resource[all->n] = (krni_resource){.spec = *spec,
                                            .capacity = spec->capacity,
                                            .settled = now,
                                            .places_settled = now,
                                            .capacity_settled = now,
                                            .stats.since = now};
    all->dirty_first = 0;
    out->index = (uint32_t)all->n++;
    return KRN_OK;
}

void krni_resources_reset(krni_resources *all)
{
    assert(krni_engine_now(all->engine) == 0.0);
    all->n_claims = 1;
    all->free_claim = 0;
    all->n_dirty = 0;
    for (size_t i = 0; i < all->n; i++) {
        krni_resource *r = &all->resource[i];
        *r = (krni_resource){.spec = r->spec,
                             .capacity = r->spec.capacity,
                             .shifts = r->shifts,
                             .n_shifts = r->n_shifts,
                             .period = r->period,
                             .leave = r->leave};
        start_shifts(all, r);
    }
}

/* --- memory for claims --- */

bool krni_claims_reserve(krni_resources *all, size_t n)
{
    if (all->free_claim && n == 1)
        return true;
    size_t size = all->claims_size;
    while (all->n_claims + n > size)
        size *= 2;
    if (size == all->claims_size)
        return true;
    if (size > MOST_CLAIMS) {
        krni_engine_fail(all->engine, KRN_E_LIMIT, "simulation: more than 2^24 claims");
        return false;
    }
    krni_claim_record *claims = realloc(all->claims, size * sizeof *claims);
    if (!claims) {
        krni_engine_fail(all->engine, KRN_E_MEMORY, "simulation: out of memory for claims");
        return false;
    }
    all->claims = claims;
    all->claims_size = (uint32_t)size;
    return true;
}
