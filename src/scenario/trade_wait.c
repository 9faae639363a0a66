/* SPDX-License-Identifier: Apache-2.0 */
/* trade_wait.c - hours that a tonne waits at a resource by its load: the formula of its kind, or a
 * table of the question as a monotone cubic (Fritsch and Carlson 1980), straight behind the last
 * point. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "scenario/trade_desk.h"

double krni_trade_capacity(const krn_sim_resource *words)
{
    if (words->rate_a_day > 0)
        return words->rate_a_day;
    return words->capacity > 0 ? words->capacity : (double)INFINITY;
}

/* Slopes at the points: harmonic means inside, the chord at the ends. */
static void lay_tangents(const krn_trade_delay *t, double *out)
{
    const uint32_t last = t->n_points - 1;
    for (uint32_t k = 0; k <= last; k++) {
        const uint32_t a = k ? k - 1 : 0, b = k < last ? k + 1 : last;
        const double left =
            k ? (t->wait_h[k] - t->wait_h[a]) / (t->load_a_day[k] - t->load_a_day[a]) : -1;
        const double right =
            k < last ? (t->wait_h[b] - t->wait_h[k]) / (t->load_a_day[b] - t->load_a_day[k]) : -1;
        out[k] = left < 0           ? right
                 : right < 0        ? left
                 : left * right > 0 ? 2 * left * right / (left + right)
                                    : 0;
    }
}

static double table_wait(const krn_trade_delay *t, const double *tangents, double load,
                         double *out_slope)
{
    const uint32_t last = t->n_points - 1;
    uint32_t k = 0;
    while (k < last && t->load_a_day[k + 1] <= load)
        k++;
    if (k == last) {
        *out_slope = tangents[k];
        return t->wait_h[k] + tangents[k] * (load - t->load_a_day[k]);
    }
    const double width = t->load_a_day[k + 1] - t->load_a_day[k];
    const double s = (load - t->load_a_day[k]) / width, rise = t->wait_h[k + 1] - t->wait_h[k];
    const double m0 = tangents[k] * width, m1 = tangents[k + 1] * width;
    const double c2 = 3 * rise - 2 * m0 - m1, c3 = m0 + m1 - 2 * rise;
    *out_slope = fmax(0, (m0 + s * (2 * c2 + 3 * s * c3)) / width);
    return t->wait_h[k] + s * (m0 + s * (c2 + s * c3));
}

double krni_trade_wait(const void *context, uint32_t resource, double load, double *out_slope)
{
    const krni_trade_law *law = context;
    const krni_trade_means *m = &law->desk->means[resource];
    assert(resource < law->desk->n_means && load >= 0);
    const double capacity = resource == law->more ? law->capacity : m->capacity;
    if (m->table) { /* known for the capacity that it was made with: the same use, the same wait */
        const double scale = isinf(capacity) ? 1 : m->capacity / capacity;
        const double wait_h = table_wait(m->table, m->tangents, load * scale, out_slope);
        *out_slope *= scale;
        return wait_h;
    }
    return krni_resource_wait(&m->words, &m->mix, capacity, load, out_slope);
}

krn_status krni_trade_take_tables(krni_trade_desk *d, krn_error *err)
{
    const krn_trade_question *q = d->question;
    for (uint32_t i = 0; i < d->n_means; i++) {
        krni_trade_means *m = &d->means[i];
        for (uint32_t k = 0; k < q->n_delays && !m->table; k++)
            if (strcmp(q->delays[k].resource, m->name) == 0)
                m->table = &q->delays[k];
        if (!m->table || m->tangents)
            continue;
        m->tangents = krn_arena_calloc(d->arena, m->table->n_points, sizeof *m->tangents);
        if (!m->tangents)
            return krni_fail_memory(err);
        lay_tangents(m->table, m->tangents);
    }
    return KRN_OK;
}
