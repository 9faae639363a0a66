/* SPDX-License-Identifier: Apache-2.0 */
/* cost_stretch.c - stretches are parted way by way: of each stretch that a way uses, the links it
 * uses with the same units and weight become a new one. */
#include "scenario/cost_stretch.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

krn_status krni_stretches_new(const krni_loaded *loaded, krn_arena *arena, krni_stretches *out,
                              krn_error *err)
{
    const size_t n = loaded->n_resources + 1u;
    *out = (krni_stretches){.loaded = loaded};
    out->stretch_of = krn_arena_alloc(arena, n * sizeof *out->stretch_of);
    if (!out->stretch_of)
        return krni_fail_memory(err);
    memset(out->stretch_of, 0xff, n * sizeof *out->stretch_of);
    return KRN_OK;
}

typedef struct piece {
    uint32_t stretch;
    krn_path_use use;
} piece;

static int compare_pieces(const void *pa, const void *pb)
{
    const piece *a = pa, *b = pb;
    if (a->stretch != b->stretch)
        return a->stretch < b->stretch ? -1 : 1;
    if (a->use.units < b->use.units || a->use.units > b->use.units)
        return a->use.units < b->use.units ? -1 : 1;
    if (a->use.weight < b->use.weight || a->use.weight > b->use.weight)
        return a->use.weight < b->use.weight ? -1 : 1;
    return (a->use.resource > b->use.resource) - (a->use.resource < b->use.resource);
}

static bool goes_together(const piece *a, const piece *b)
{
    return a->stretch == b->stretch && !(a->use.units < b->use.units) &&
           !(a->use.units > b->use.units) && !(a->use.weight < b->use.weight) &&
           !(a->use.weight > b->use.weight);
}

krn_status krni_stretches_part(krni_stretches *s, krn_path_use *uses, uint32_t n, krn_error *err)
{
    piece *pieces = malloc((n + 1u) * sizeof *pieces);
    if (!pieces)
        return krni_fail_memory(err);
    for (uint32_t k = 0; k < n; k++)
        pieces[k] = (piece){s->stretch_of[uses[k].resource], uses[k]};
    if (n)
        qsort(pieces, n, sizeof *pieces, compare_pieces);
    for (uint32_t k = 0; k < n; k++) {
        if (!k || !goes_together(&pieces[k - 1], &pieces[k]))
            s->n_stretches++;
        s->stretch_of[pieces[k].use.resource] = s->n_stretches - 1;
    }
    free(pieces);
    return KRN_OK;
}

/* Numbers without gaps, in the order of resources. */
static krn_status number_stretches(krni_stretches *s, krn_arena *arena, krn_error *err)
{
    uint32_t *number = krn_arena_alloc(arena, (s->n_stretches + 1u) * sizeof *number), n = 0;
    if (!number)
        return krni_fail_memory(err);
    memset(number, 0xff, (s->n_stretches + 1u) * sizeof *number);
    for (uint32_t r = 0; r < s->loaded->n_resources; r++) {
        if (s->stretch_of[r] == KRNI_NO_INDEX)
            continue;
        if (number[s->stretch_of[r]] == KRNI_NO_INDEX)
            number[s->stretch_of[r]] = n++;
        s->stretch_of[r] = number[s->stretch_of[r]];
    }
    s->n_stretches = n;
    return KRN_OK;
}

/* Adds a resource's law to those of its stretch. */
static void add_law(krni_stretches *s, uint32_t *n_laws, uint32_t resource)
{
    const uint32_t stretch = s->stretch_of[resource];
    const double power = s->loaded->power[resource];
    struct krni_stretch_law *laws = s->laws + s->law_first[stretch];
    for (uint32_t k = 0; power > 0.0 && k < n_laws[stretch]; k++)
        if (fabs(laws[k].power - power) < 1e-9) {
            laws[k].factor += s->loaded->factor[resource];
            return;
        }
    laws[n_laws[stretch]++] =
        (struct krni_stretch_law){s->loaded->factor[resource], power, resource};
}

krn_status krni_stretches_pack(krni_stretches *s, krn_arena *arena, krn_error *err)
{
    const uint32_t n_resources = s->loaded->n_resources;
    const krn_status status = number_stretches(s, arena, err);
    if (status)
        return status;
    uint32_t *n_laws = krn_arena_calloc(arena, s->n_stretches + 1u, sizeof *n_laws);
    s->law_first = krn_arena_calloc(arena, s->n_stretches + 2u, sizeof *s->law_first);
    s->laws = krn_arena_calloc(arena, n_resources + 1u, sizeof *s->laws);
    if (!n_laws || !s->law_first || !s->laws)
        return krni_fail_memory(err);
    for (uint32_t r = 0; r < n_resources; r++)
        if (s->stretch_of[r] != KRNI_NO_INDEX)
            s->law_first[s->stretch_of[r] + 1]++;
    for (uint32_t k = 0; k < s->n_stretches; k++)
        s->law_first[k + 1] += s->law_first[k];
    for (uint32_t r = 0; r < n_resources; r++)
        if (s->stretch_of[r] != KRNI_NO_INDEX)
            add_law(s, n_laws, r);
    for (uint32_t k = 0; k < s->n_stretches; k++) /* what was added up leaves empty laws behind */
        for (uint32_t i = s->law_first[k] + n_laws[k]; i < s->law_first[k + 1]; i++)
            s->laws[i].resource = KRNI_NO_INDEX;
    return KRN_OK;
}

/* Whole powers by multiplication. */
static double power_of(double base, double power)
{
    if (power == 4.0)
        return (base * base) * (base * base);
    if (power == 1.0)
        return base;
    return pow(base, power);
}

double krni_stretches_law(const void *context, uint32_t stretch, double load, double *out_slope)
{
    const krni_stretches *s = context;
    double time = 0.0, slope;
    *out_slope = 0.0;
    for (uint32_t k = s->law_first[stretch]; k < s->law_first[stretch + 1]; k++) {
        const struct krni_stretch_law *law = &s->laws[k];
        if (law->resource == KRNI_NO_INDEX)
            break;
        if (law->power > 0.0) {
            const double value = law->factor * power_of(load, law->power);
            time += value;
            *out_slope += load > 0.0       ? law->power * value / load
                          : law->power > 1 ? 0.0
                                           : law->factor;
        } else {
            time += krni_loaded_time(s->loaded, law->resource, load, &slope);
            *out_slope += slope;
        }
    }
    return time;
}
