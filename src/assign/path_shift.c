/* SPDX-License-Identifier: Apache-2.0 */
/* path_shift.c - flow moves between two paths of a row until they cost the same.
 *
 *   from p to b by d:   load of a resource falls by d (units_p - units_b)
 *                       cost_p - cost_b falls by about d * slope,
 *                       slope = sum of (weight_p - weight_b) time' (units_p - units_b)
 *
 * A Newton step, then, where the law bends too much, a bracketed search: a law may be as steep as
 * it likes. Where weights do not keep to units the slope can be 0 or less; then all of the flow is
 * tried and the bracket finds where the costs meet. In rows with a spread the unknown is
 * y = ln(flow_p / flow_b), so that flows stay above 0 and tiny ones keep their digits. */
#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "assign/path_flow.h"

#define GOOD_SHARE 0.3 /* a shift may leave this much of the difference */
#define MOST_TRIES 40
#define MOST_Y     640.0 /* of ln(flow / flow): there one of them is at its floor */
#define LN_2       0.69314718055994531
#define NOISE      4e-16 /* of a cost: differences below are rounding */

uint32_t krni_path_cheapest(const krni_path_flows *f, uint32_t row)
{
    uint32_t best = f->set->row_first[row];
    double lowest = HUGE_VAL;
    for (uint32_t p = f->set->row_first[row]; p < f->set->row_first[row + 1]; p++) {
        const double cost = krni_path_cost(f, p);
        if (cost < lowest) {
            lowest = cost;
            best = p;
        }
    }
    return best;
}

double krni_path_floor(double row_flow)
{
    return row_flow * 1e-280 + DBL_MIN;
}

static void divide_logit(krni_path_flows *f, uint32_t row)
{
    const krni_path_set *s = f->set;
    const uint32_t first = s->row_first[row], end = s->row_first[row + 1];
    const double spread = s->spread[row];
    double lowest = HUGE_VAL, sum = 0.0;
    for (uint32_t p = first; p < end; p++)
        lowest = fmin(lowest, krni_path_cost(f, p) - s->size_cost[p]);
    for (uint32_t p = first; p < end; p++) {
        f->flow[p] = exp((lowest - (krni_path_cost(f, p) - s->size_cost[p])) / spread);
        sum += f->flow[p];
    }
    for (uint32_t p = first; p < end; p++)
        f->flow[p] = fmax(krni_path_floor(s->flow[row]), s->flow[row] * (f->flow[p] / sum));
}

void krni_path_divide(krni_path_flows *f, uint32_t row)
{
    const krni_path_set *s = f->set;
    const uint32_t first = s->row_first[row], end = s->row_first[row + 1];
    if (first < end && s->spread[row] > 0.0 && s->flow[row] > 0.0 && !f->room_only) {
        divide_logit(f, row);
        return;
    }
    for (uint32_t p = first; p < end; p++)
        f->flow[p] = 0.0;
    if (first < end)
        f->flow[krni_path_cheapest(f, row)] = s->flow[row];
}

void krni_path_fill(krni_path_flows *f)
{
    const krni_path_set *s = f->set;
    for (uint32_t p = 0; p < s->n_paths; p++)
        f->flow[p] = 0.0;
    for (uint32_t r = 0; r < s->n_resources; r++) {
        f->points[r].load = f->points[r].weight_load = 0.0;
        krni_path_refresh(f, r);
    }
    for (uint32_t i = 0; i < s->n_rows; i++) {
        krni_path_divide(f, i);
        for (uint32_t p = s->row_first[i]; p < s->row_first[i + 1]; p++)
            for (uint32_t k = s->use_first[p]; f->flow[p] > 0.0 && k < s->use_first[p + 1]; k++) {
                const krn_path_use *use = &s->uses[k];
                f->points[use->resource].load += use->units * f->flow[p];
                f->points[use->resource].weight_load += use->weight * f->flow[p];
                krni_path_refresh(f, use->resource);
            }
    }
}

/* Where two paths differ: units and weight of p less those of b. */
static void make_pair(krni_path_flows *f, uint32_t p, uint32_t b)
{
    const krni_path_set *s = f->set;
    uint32_t i = s->use_first[p], j = s->use_first[b], n = 0;
    const uint32_t i_end = s->use_first[p + 1], j_end = s->use_first[b + 1];
    while (i < i_end || j < j_end) {
        krn_path_use *out = &f->pair[n];
        if (j == j_end || (i < i_end && s->uses[i].resource < s->uses[j].resource)) {
            *out = s->uses[i++];
        } else if (i == i_end || s->uses[j].resource < s->uses[i].resource) {
            *out = s->uses[j++];
            out->units = -out->units;
            out->weight = -out->weight;
        } else {
            *out = s->uses[i];
            out->units -= s->uses[j].units;
            out->weight -= s->uses[j].weight;
            i++;
            j++;
        }
        n += out->units < 0.0 || out->units > 0.0 || out->weight < 0.0 || out->weight > 0.0;
    }
    assert(n <= 2 * s->most_uses);
    f->n_pair = n;
}

static double pair_cost(const krni_path_flows *f, uint32_t p, uint32_t b)
{
    double cost = f->room_only ? 0.0 : f->set->fixed[p] - f->set->fixed[b];
    for (uint32_t k = 0; k < f->n_pair; k++) {
        const krni_path_point *point = &f->points[f->pair[k].resource];
        cost += f->pair[k].weight * point->time + f->pair[k].units * (point->toll + point->price);
    }
    return cost;
}

static double pair_slope(const krni_path_flows *f)
{
    double slope = 0.0;
    for (uint32_t k = 0; k < f->n_pair; k++) {
        const krni_path_point *point = &f->points[f->pair[k].resource];
        const double units = f->pair[k].units, weight = f->pair[k].weight;
        slope += units * (weight * point->slope + units * point->price_slope);
        if (f->marginal)
            slope += units * (weight * point->slope + units * point->bend * point->weight_load);
    }
    return slope;
}

/* Sets the flows of both, and what they load. */
static void set_pair(krni_path_flows *f, uint32_t p, uint32_t b, double flow_p, double flow_b)
{
    const double moved = f->flow[p] - flow_p;
    assert(flow_p >= 0.0 && flow_b >= 0.0);
    for (uint32_t k = 0; k < f->n_pair; k++) {
        krni_path_point *point = &f->points[f->pair[k].resource];
        point->load -= moved * f->pair[k].units;
        point->weight_load -= moved * f->pair[k].weight;
        krni_path_refresh(f, f->pair[k].resource);
    }
    f->flow[p] = flow_p;
    f->flow[b] = flow_b;
}

/* Moves flow from p to the cheaper b; returns the flow moved. */
static double shift(krni_path_flows *f, uint32_t p, uint32_t b)
{
    const double from_p = f->flow[p], from_b = f->flow[b];
    assert(p != b && from_p > 0.0);
    make_pair(f, p, b);
    const double before = pair_cost(f, p, b);
    if (!(before > NOISE * fabs(krni_path_cost(f, p))))
        return 0.0;
    double low = 0.0, high = from_p, at_low = before, at_high = -before, moved = from_p;
    double slope = pair_slope(f);
    if (slope * from_p > before)
        moved = before / slope;
    double best = 0.0, at_best = before;
    double last = HUGE_VAL;
    bool bracketed = false;
    for (int i = 0; i < MOST_TRIES; i++) {
        set_pair(f, p, b, moved < from_p ? from_p - moved : 0.0, from_b + moved);
        const double now = pair_cost(f, p, b);
        if (fabs(now) < at_best || (now > 0.0 && !(moved < from_p))) {
            at_best = fabs(now);
            best = moved;
        }
        if (fabs(now) <= GOOD_SHARE * before || (now > 0.0 && !(moved < from_p)))
            break;
        if (now > 0.0) {
            low = moved;
            at_low = now;
        } else {
            high = moved;
            at_high = now;
            bracketed = true;
        }
        slope = pair_slope(f);
        double next = slope > 0.0 ? moved + now / slope : high;
        if (bracketed && (i & 1))
            next = low + (high - low) * at_low / (at_low - at_high);
        if (bracketed && (!(fabs(now) < 0.5 * last) || !(next > low) || !(next < high)))
            next = 0.5 * (low + high);
        last = fabs(now);
        moved = fmin(next, high);
        if (high - low <= 1e-15 * from_p)
            break;
    }
    best *= f->damping_share;
    if (best < moved || best > moved)
        set_pair(f, p, b, best < from_p ? from_p - best : 0.0, from_b + best);
    return best;
}

/* The y where start + slope * sum * (logistic(y) - logistic(from)) + spread * y = 0. */
static double solve_y(double start, double slope_sum, double spread, double from_share)
{
    const double level = start - slope_sum * from_share;
    double low = -(level + slope_sum) / spread, high = -level / spread, y = 0.5 * (low + high);
    for (int i = 0; i < 80; i++) {
        const double share = 1.0 / (1.0 + exp(-y));
        const double value = level + slope_sum * share + spread * y;
        if (value > 0.0)
            high = y;
        else
            low = y;
        const double next = y - value / (spread + slope_sum * share * (1.0 - share));
        if (fabs(next - y) <= 1e-13 * (1.0 + fabs(y)))
            return next;
        y = next > low && next < high ? next : 0.5 * (low + high);
    }
    return y;
}

/* Between two y: in the middle of the flows they stand for, or in that of the y themselves. */
static double middle(double low, double high, bool of_flows)
{
    if (!of_flows || high - low < 1.0)
        return 0.5 * (low + high);
    if (low < 0.0 && high > 0.0)
        return 0.0;
    return high <= 0.0 ? high - LN_2 : low + LN_2;
}

/* Levels g of two paths of a row with a spread; returns the flow moved. */
static double level_out(krni_path_flows *f, uint32_t row, uint32_t p, uint32_t b)
{
    const krni_path_set *s = f->set;
    const double sum = f->flow[p] + f->flow[b], spread = s->spread[row];
    const double from = f->flow[p], from_y = log(f->flow[p]) - log(f->flow[b]);
    const double sizes = s->size_cost[p] - s->size_cost[b], least = krni_path_floor(s->flow[row]);
    assert(p != b && f->flow[p] > 0.0 && f->flow[b] > 0.0);
    double low = -MOST_Y, high = MOST_Y, y = from_y, last = HUGE_VAL;
    make_pair(f, p, b);
    const double before = pair_cost(f, p, b) - sizes + spread * y;
    double now = before, best = from_y, at_best = fabs(before);
    const double noise = 4.0 * NOISE * fmax(fabs(krni_path_cost(f, p)), fabs(spread * y));
    if (fabs(before) <= noise || (before > 0.0 ? y <= -MOST_Y : y >= MOST_Y))
        return 0.0;
    const double good = fmax(noise, GOOD_SHARE * fabs(before));
    for (int i = 0; i < MOST_TRIES && (i == 0 || fabs(now) > good); i++) {
        const double slope = fmax(0.0, pair_slope(f));
        const double share = 1.0 / (1.0 + exp(-y));
        if (now > 0.0)
            high = y;
        else
            low = y;
        double next = solve_y(now - spread * y, slope * sum, spread, share);
        if (i > 0 && (!(fabs(now) < 0.5 * last) || !(next > low) || !(next < high)))
            next = middle(low, high, i % 3 != 2);
        last = fabs(now);
        y = fmax(-MOST_Y, fmin(MOST_Y, next));
        set_pair(f, p, b, fmax(least, sum / (1.0 + exp(-y))), fmax(least, sum / (1.0 + exp(y))));
        now = pair_cost(f, p, b) - sizes + spread * y;
        if (fabs(now) < at_best) {
            at_best = fabs(now);
            best = y;
        }
        if (high - low <= 1e-13 * (1.0 + fabs(y)))
            break;
    }
    best = from_y + f->damping_share * (best - from_y);
    if (best < y || best > y) {
        y = best;
        set_pair(f, p, b, fmax(least, sum / (1.0 + exp(-y))), fmax(least, sum / (1.0 + exp(y))));
    }
    return fabs(f->flow[p] - from);
}

static double sweep_spread(krni_path_flows *f, uint32_t row)
{
    const krni_path_set *s = f->set;
    const uint32_t first = s->row_first[row], end = s->row_first[row + 1];
    uint32_t fullest = first;
    double most = 0.0;
    for (uint32_t p = first; p < end; p++)
        if (f->flow[p] > f->flow[fullest])
            fullest = p;
    for (uint32_t p = first; p < end; p++)
        if (p != fullest)
            most = fmax(most, level_out(f, row, p, fullest));
    return most;
}

static double sweep_row(krni_path_flows *f, uint32_t row)
{
    const krni_path_set *s = f->set;
    const uint32_t first = s->row_first[row], end = s->row_first[row + 1];
    double most = 0.0;
    const uint32_t best = krni_path_cheapest(f, row);
    for (uint32_t p = first; p < end; p++)
        if (p != best && f->flow[p] > 0.0)
            most = fmax(most, shift(f, p, best));
    return most;
}

double krni_path_sweep(krni_path_flows *f)
{
    const krni_path_set *s = f->set;
    double most = 0.0;
    for (uint32_t i = 0; i < s->n_rows; i++) {
        if (!(s->flow[i] > 0.0) || s->row_first[i + 1] - s->row_first[i] < 2)
            continue;
        const double moved =
            s->spread[i] > 0.0 && !f->room_only ? sweep_spread(f, i) : sweep_row(f, i);
        most = fmax(most, moved / s->flow[i]);
    }
    return most;
}
