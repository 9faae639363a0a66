/* SPDX-License-Identifier: Apache-2.0 */
/* link_delay.c - laws of time: constant, BPR, conical (Spiess 1990), tabulated.
 *
 *   BPR      t = f (1 + b r^p)                                     r = flow / capacity
 *   conical  t = f (2 + sqrt(a^2 (1-r)^2 + e^2) - a (1-r) - e)     e = (2a - 1) / (2a - 2)
 *   table    monotone cubic (Fritsch and Carlson 1980), straight behind the last point
 *
 * The system optimum takes t + x t'. BPR stays a power of the flow then; the others take their
 * second derivative. It needs x t(x) to be convex: BPR and conical are, a table is refused when its
 * chords grow flatter. Assumption: flows are never negative. */
#include "assign/link_delay.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

typedef struct law_point {
    double time, slope, bend; /* value, first and second derivative */
} law_point;

static double whole_power(double x, unsigned n)
{
    double power = 1.0;
    for (; n; n >>= 1) {
        if (n & 1u)
            power *= x;
        x *= x;
    }
    return power;
}

static double power_of(const krni_loaded *l, double flow, int less)
{
    if (l->law == KRNI_LAW_REAL_POWER)
        return flow > 0.0 ? pow(flow, l->power - less) : 0.0;
    return l->whole_power >= less ? whole_power(flow, (unsigned)(l->whole_power - less)) : 0.0;
}

static law_point conical_at(const krni_loaded *l, double flow)
{
    const double a = l->power, e = (2.0 * a - 1.0) / (2.0 * a - 2.0);
    const double left = a * (1.0 - flow / l->capacity);
    const double root = sqrt(left * left + e * e), grow = a / l->capacity;
    return (law_point){l->rise * (2.0 + root - left - e), l->rise * grow * (1.0 - left / root),
                       l->rise * grow * grow * e * e / (root * root * root)};
}

static double conical_integral(const krni_loaded *l, double flow)
{
    const double a = l->power, e = (2.0 * a - 1.0) / (2.0 * a - 2.0);
    const double from = a, to = a * (1.0 - flow / l->capacity);
    /* of sqrt(s^2 + e^2) over s */
    const double upper = 0.5 * (from * hypot(from, e) + e * e * asinh(from / e));
    const double lower = 0.5 * (to * hypot(to, e) + e * e * asinh(to / e));
    const double cone = (upper - lower) - 0.5 * (from * from - to * to);
    return l->rise * ((2.0 - e) * flow + cone * l->capacity / a);
}

/* The piece of a curve that holds a flow; n - 1 behind the last point. */
static uint32_t piece_of(const krni_curve *c, double flow)
{
    uint32_t low = 0, high = c->n;
    while (high - low > 1) {
        const uint32_t middle = low + (high - low) / 2;
        if (c->flow[middle] <= flow)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static law_point table_at(const krni_curve *c, double flow)
{
    const uint32_t k = piece_of(c, flow);
    if (k == c->n - 1)
        return (law_point){c->time[k] + c->tangent[k] * (flow - c->flow[k]), c->tangent[k], 0.0};
    const double width = c->flow[k + 1] - c->flow[k], s = (flow - c->flow[k]) / width;
    const double rise = c->time[k + 1] - c->time[k];
    const double m0 = c->tangent[k] * width, m1 = c->tangent[k + 1] * width;
    const double c2 = 3.0 * rise - 2.0 * m0 - m1, c3 = m0 + m1 - 2.0 * rise;
    return (law_point){c->time[k] + s * (m0 + s * (c2 + s * c3)),
                       (m0 + s * (2.0 * c2 + s * 3.0 * c3)) / width,
                       (2.0 * c2 + 6.0 * s * c3) / (width * width)};
}

static double table_integral(const krni_curve *c, double flow)
{
    double sum = 0.0;
    const uint32_t last = piece_of(c, flow);
    for (uint32_t k = 0; k <= last; k++) {
        if (k == c->n - 1) {
            const double more = flow - c->flow[k];
            sum += more * (c->time[k] + 0.5 * c->tangent[k] * more);
            break;
        }
        const double width = c->flow[k + 1] - c->flow[k];
        const double s = k < last ? 1.0 : (flow - c->flow[k]) / width;
        const double rise = c->time[k + 1] - c->time[k];
        const double m0 = c->tangent[k] * width, m1 = c->tangent[k + 1] * width;
        const double c2 = 3.0 * rise - 2.0 * m0 - m1, c3 = m0 + m1 - 2.0 * rise;
        sum += width * s * (c->time[k] + s * (m0 / 2.0 + s * (c2 / 3.0 + s * c3 / 4.0)));
    }
    return sum;
}

static law_point law_at(const krni_delays *d, const krni_loaded *l, double flow)
{
    if (l->law == KRNI_LAW_CONICAL)
        return conical_at(l, flow);
    if (l->law == KRNI_LAW_TABLE)
        return table_at(&d->curves[l->curve], flow);
    const double below = power_of(l, flow, 1);
    const double time = l->law == KRNI_LAW_REAL_POWER ? power_of(l, flow, 0) : below * flow;
    if (l->law == KRNI_LAW_CONSTANT)
        return (law_point){l->base, 0.0, 0.0};
    return (law_point){l->base + l->rise * time, l->rise * l->power * below, 0.0};
}

static bool bends(const krni_loaded *l)
{
    return l->law == KRNI_LAW_CONICAL || l->law == KRNI_LAW_TABLE;
}

void krni_delay_update_any(const krni_delays *d, uint32_t link)
{
    krni_loaded *l = &d->links[link];
    law_point p = law_at(d, l, l->flow);
    if (d->marginal && bends(l)) {
        p.time += l->flow * p.slope;
        p.slope = 2.0 * p.slope + l->flow * p.bend;
    }
    if (l->limited) {
        const krni_limit *m = &d->limits[link];
        const double above = m->price + m->stiffness * (l->flow - m->limit);
        if (above > 0.0) {
            p.time += above;
            p.slope += m->stiffness;
        }
    }
    l->time = p.time;
    l->slope = p.slope;
}

static double plain_time(const krni_delays *d, const krni_loaded *l, double flow)
{
    const law_point p = law_at(d, l, flow);
    if (d->marginal && !bends(l) && l->law != KRNI_LAW_CONSTANT)
        return l->base + (p.time - l->base) / (l->power + 1.0);
    return p.time;
}

double krni_delay_part_time(const krni_delays *d, uint32_t part, double flow)
{
    return plain_time(d, &d->parts[part], flow);
}

double krni_delay_integral(const krni_delays *d, uint32_t link, double flow)
{
    const krni_loaded *l = &d->links[link];
    double sum;
    if (d->marginal)
        sum = flow * plain_time(d, l, flow);
    else if (l->law == KRNI_LAW_CONICAL)
        sum = conical_integral(l, flow);
    else if (l->law == KRNI_LAW_TABLE)
        sum = table_integral(&d->curves[l->curve], flow);
    else
        sum = flow * (l->base + (law_at(d, l, flow).time - l->base) / (l->power + 1.0));
    return sum;
}

/* ---- packing ---- */

/* Fritsch and Carlson: the mean of the two chords, zero at a turn, at most three times either. */
static void set_tangents(krni_curve *c)
{
    const uint32_t n = c->n;
    for (uint32_t k = 0; k < n; k++) {
        const uint32_t a = k ? k - 1 : 0, b = k + 1 < n ? k : n - 2;
        const double before = (c->time[a + 1] - c->time[a]) / (c->flow[a + 1] - c->flow[a]);
        const double after = (c->time[b + 1] - c->time[b]) / (c->flow[b + 1] - c->flow[b]);
        const double least = fmin(before, after);
        c->tangent[k] = fmin(0.5 * (before + after), 3.0 * least);
    }
}

static krn_status check_table(const krn_delay *d, uint32_t link, bool marginal, krn_error *err)
{
    double chord = 0.0;
    if (d->n_points < 2 || !d->points_flow || !d->points_time || d->points_flow[0] != 0.0 ||
        !(d->points_time[0] >= 0.0))
        return krni_fail(err, KRN_E_ARG,
                         "link %u: a table of at least two points from flow 0 was expected", link);
    for (uint32_t k = 1; k < d->n_points; k++) {
        const double width = d->points_flow[k] - d->points_flow[k - 1];
        const double rise = d->points_time[k] - d->points_time[k - 1];
        if (!(width > 0.0) || !(rise >= 0.0) || !isfinite(width) || !isfinite(rise))
            return krni_fail(err, KRN_E_ARG,
                             "link %u: point %u: a greater flow and no less time were expected",
                             link, k);
        if (marginal && rise / width < chord * (1.0 - 1e-12))
            return krni_fail(err, KRN_E_ARG,
                             "link %u: point %u: the system optimum needs a table that does not "
                             "grow flatter",
                             link, k);
        chord = rise / width;
    }
    return KRN_OK;
}

krn_status krni_delay_check(const krn_delay *d, uint32_t link, bool marginal, krn_error *err)
{
    if ((unsigned)d->kind > KRN_DELAY_TABLE)
        return krni_fail(err, KRN_E_ARG, "link %u: no such law of time", link);
    if (d->kind == KRN_DELAY_TABLE)
        return check_table(d, link, marginal, err);
    if (!(d->free_time >= 0.0) || !isfinite(d->free_time))
        return krni_fail(err, KRN_E_ARG, "link %u: free time %g: 0 or more was expected", link,
                         d->free_time);
    if (d->kind == KRN_DELAY_CONSTANT)
        return KRN_OK;
    if (!(d->capacity > 0.0) || !isfinite(d->capacity))
        return krni_fail(err, KRN_E_ARG, "link %u: capacity %g: more than 0 was expected", link,
                         d->capacity);
    if (d->kind == KRN_DELAY_CONICAL && (!(d->factor > 1.0) || d->factor > 1e6))
        return krni_fail(err, KRN_E_ARG, "link %u: steepness %g: more than 1 was expected", link,
                         d->factor);
    if (d->kind == KRN_DELAY_BPR && (!(d->factor >= 0.0) || !isfinite(d->factor)))
        return krni_fail(err, KRN_E_ARG, "link %u: factor %g: 0 or more was expected", link,
                         d->factor);
    if (d->kind == KRN_DELAY_BPR && (!(d->power >= 0.0) || d->power > 64.0))
        return krni_fail(err, KRN_E_ARG, "link %u: power %g: 0 to 64 was expected", link, d->power);
    return KRN_OK;
}

static void pack_bpr(const krn_delay *d, bool marginal, krni_loaded *l)
{
    /* factor * free time first: a free time of 1e-8 with a factor of 1e9 keeps its digits */
    const double rise = d->free_time * d->factor;
    const double whole = floor(d->power);
    l->base = d->free_time;
    l->law = KRNI_LAW_CONSTANT;
    if (!(rise > 0.0) || !(d->power > 0.0)) {
        l->base += rise;
        return;
    }
    l->power = d->power;
    l->whole_power = whole == d->power ? (uint8_t)whole : 0;
    l->law = (uint8_t)(whole != d->power ? KRNI_LAW_REAL_POWER
                       : d->power == 4.0 ? KRNI_LAW_POWER4
                       : d->power == 1.0 ? KRNI_LAW_LINEAR
                                         : KRNI_LAW_POWER);
    l->rise = rise / (whole == d->power ? whole_power(d->capacity, l->whole_power)
                                        : pow(d->capacity, d->power));
    if (marginal)
        l->rise *= d->power + 1.0;
}

static krn_status pack_curve(krni_delays *out, const krn_delay *d, krn_error *err)
{
    krni_curve *c = &out->curves[out->n_curves];
    *c = (krni_curve){.n = d->n_points, .flow = d->points_flow, .time = d->points_time};
    c->tangent = malloc(d->n_points * sizeof *c->tangent);
    if (!c->tangent)
        return krni_fail_memory(err);
    out->n_curves++;
    set_tangents(c);
    return KRN_OK;
}

static krn_status pack_law(krni_delays *out, uint32_t at, const krn_delay *d, krn_error *err)
{
    krni_loaded *l = &out->parts[at];
    if (d->kind == KRN_DELAY_BPR) {
        pack_bpr(d, out->marginal, l);
    } else if (d->kind == KRN_DELAY_CONICAL) {
        l->law = KRNI_LAW_CONICAL;
        l->rise = d->free_time;
        l->power = d->factor;
        l->capacity = d->capacity;
    } else if (d->kind == KRN_DELAY_TABLE) {
        l->law = KRNI_LAW_TABLE;
        l->curve = out->n_curves;
        return pack_curve(out, d, err);
    } else {
        l->law = KRNI_LAW_CONSTANT;
        l->base = d->free_time;
    }
    return KRN_OK;
}

/* The law of a chain: the first part's, with the sums of base and rise. */
static void join_parts(krni_delays *d, const krni_graph *g, uint32_t link)
{
    krni_loaded *l = &d->links[link];
    *l = d->parts[g->first_part[link]];
    for (uint32_t i = g->first_part[link] + 1; i < g->first_part[link + 1]; i++) {
        assert(l->law == d->parts[i].law && l->power == d->parts[i].power && !bends(l));
        l->base += d->parts[i].base;
        l->rise += d->parts[i].rise;
    }
}

/* Hard capacities; a price rises by about the free time when a tenth of one is exceeded. */
static krn_status set_limits(krni_delays *d, const krn_assign_link *links, const krni_graph *g,
                             krn_error *err)
{
    double least = HUGE_VAL, sum = 0.0;
    for (uint32_t a = 0; a < g->n_links; a++) {
        const double limit = links[g->part[g->first_part[a]]].limit_flow;
        least = limit > 0.0 && limit < least ? limit : least;
        sum += d->links[a].law == KRNI_LAW_CONICAL ? d->links[a].rise : d->links[a].base;
        d->links[a].limited = isfinite(limit);
        d->n_limits += d->links[a].limited;
    }
    if (!d->n_limits)
        return KRN_OK;
    d->limits = calloc(g->n_links, sizeof *d->limits);
    if (!d->limits)
        return krni_fail_memory(err);
    const double mean = sum > 0.0 ? sum / g->n_links : 1.0;
    for (uint32_t a = 0; a < g->n_links; a++) {
        const double limit = links[g->part[g->first_part[a]]].limit_flow;
        const double size = limit > 0.0 ? limit : isfinite(least) ? least : 1.0;
        d->limits[a] = (krni_limit){limit, 0.0, 10.0 * mean / size};
    }
    return KRN_OK;
}

krn_status krni_delays_new(const krn_assign_link *links, const krni_graph *g, bool marginal,
                           krni_delays *out, krn_error *err)
{
    krn_status status = KRN_OK;
    const uint32_t n_parts = g->first_part[g->n_links];
    uint32_t n_curves = 0;
    *out = (krni_delays){.n_links = g->n_links, .n_parts = n_parts, .marginal = marginal};
    for (uint32_t k = 0; k < n_parts; k++)
        n_curves += links[g->part[k]].delay.kind == KRN_DELAY_TABLE;
    out->links = aligned_alloc(64, ((size_t)g->n_links + 1) * sizeof *out->links);
    out->parts = calloc((size_t)n_parts + 1, sizeof *out->parts);
    out->curves = calloc(n_curves + 1u, sizeof *out->curves);
    if (!out->links || !out->parts || !out->curves) {
        krni_delays_free(out);
        return krni_fail_memory(err);
    }
    for (uint32_t k = 0; k < n_parts && !status; k++)
        status = pack_law(out, k, &links[g->part[k]].delay, err);
    for (uint32_t a = 0; a < g->n_links && !status; a++)
        join_parts(out, g, a);
    if (!status)
        status = set_limits(out, links, g, err);
    for (uint32_t a = 0; a < g->n_links && !status; a++)
        krni_delay_update_any(out, a);
    if (status)
        krni_delays_free(out);
    return status;
}

void krni_delays_free(krni_delays *d)
{
    for (uint32_t k = 0; d->curves && k < d->n_curves; k++)
        free(d->curves[k].tangent);
    free(d->curves);
    free(d->links);
    free(d->parts);
    free(d->limits);
    *d = (krni_delays){0};
}
