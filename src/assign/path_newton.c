/* SPDX-License-Identifier: Apache-2.0 */
/* path_newton.c - a Newton step in the space of loads.
 *
 *   step d of the flows of a row    E_p d_p + g_p + K_p y = level of the row,  sum of d = 0
 *   change y of the loads           y = sum over paths of A_p d_p
 *
 *   A_p  what a unit of flow loads (units; of the system optimum weights too)
 *   K_p  what a unit of load adds to the cost of the path (weight * slope + ...)
 *   E_p  spread / flow; where there is no spread a small ridge, so that the flows of paths that
 *        cost the same do not run away (a proximal step)
 *
 * Eliminating d leaves as many equations as loads, whatever the number of paths:
 *
 *     (1 + sum over rows of A' P K) y = - A' P g,   P = 1/E less its mean over the row
 *
 * K need not be made of A: weights and units may differ as they like. Paths that the step would
 * empty are emptied, and the rest is solved again. Where few paths use many resources the steps d
 * are the unknowns instead, as many equations as paths. */
#include "assign/path_newton.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

enum { OUT, FREE, EMPTIED };

#define MOST_STATES  1500u
#define FEW_SHARE    0.7 /* of the states: fewer paths than that are the unknowns */
#define MOST_ROUNDS  5
#define MOST_CHAINED 4
#define LEAST_LEFT   0.05 /* of a flow, by a plain change */
#define LEAST_SHARE  0.05
#define LEAST_RIDGE  1e-6
#define MOST_RIDGE   1e-1

/* A state that a use of a path loads, and what that state costs the path. */
typedef struct slot {
    uint32_t state;
    double a, k;
} slot;

void krni_path_newton_free(krni_path_newton *n)
{
    free(n->state);
    free(n->matrix);
    free(n->right);
    free(n->sum_a);
    free(n->sum_k);
    free(n->touched);
    free(n->start);
    free(n->kept);
    free(n->step);
    free(n->ease);
    free(n->g);
    free(n->part);
    *n = (krni_path_newton){0};
}

krn_status krni_path_newton_fit(krni_path_newton *n, const krni_path_flows *f, krn_error *err)
{
    const krni_path_set *s = f->set;
    krni_path_newton_free(n);
    n->n_resources = s->n_resources;
    n->n_paths = s->n_paths;
    n->ridge_share = 1e-4;
    for (uint32_t i = 0; i < s->n_rows; i++)
        n->any_spread = n->any_spread || s->spread[i] > 0.0;
    const size_t most = (size_t)s->n_resources * (f->marginal ? 2 : 1);
    n->room = (uint32_t)(most < MOST_STATES ? most : MOST_STATES);
    const size_t paths = (size_t)s->n_paths + 1, room = (size_t)n->room + 1;
    n->state = calloc((size_t)s->n_resources + 1, sizeof *n->state);
    n->matrix = calloc(room * room, sizeof *n->matrix);
    n->right = calloc(room, sizeof *n->right);
    n->sum_a = calloc(room, sizeof *n->sum_a);
    n->sum_k = calloc(room, sizeof *n->sum_k);
    n->touched = calloc(room, sizeof *n->touched);
    n->start = calloc(paths, sizeof *n->start);
    n->kept = calloc(paths, sizeof *n->kept);
    n->step = calloc(paths, sizeof *n->step);
    n->ease = calloc(paths, sizeof *n->ease);
    n->g = calloc(paths, sizeof *n->g);
    n->part = calloc(paths, sizeof *n->part);
    if (n->state && n->matrix && n->right && n->sum_a && n->sum_k && n->touched && n->start &&
        n->kept && n->step && n->ease && n->g && n->part)
        return KRN_OK;
    krni_path_newton_free(n);
    return krni_fail_memory(err);
}

static bool has_spread(const krni_path_flows *f, uint32_t row)
{
    return f->set->spread[row] > 0.0 && !f->room_only;
}

/* Paths that take part: those with flow and the cheapest one, in rows that have two of them. */
static void choose_parts(krni_path_newton *n, const krni_path_flows *f)
{
    const krni_path_set *s = f->set;
    for (uint32_t i = 0; i < s->n_rows; i++) {
        uint32_t used = 0;
        for (uint32_t p = s->row_first[i]; p < s->row_first[i + 1]; p++) {
            n->part[p] = f->flow[p] > 0.0 ? FREE : OUT;
            used += n->part[p] == FREE;
        }
        if (used == 0 || (used == 1 && !(s->row_first[i + 1] - s->row_first[i] > 1)))
            continue;
        const uint32_t best = has_spread(f, i) ? s->row_first[i] : krni_path_cheapest(f, i);
        used += n->part[best] == OUT;
        n->part[best] = FREE;
        for (uint32_t p = s->row_first[i]; used < 2 && p < s->row_first[i + 1]; p++)
            n->part[p] = OUT;
    }
}

/* Numbers the states; false: too many. */
static bool number_states(krni_path_newton *n, const krni_path_flows *f)
{
    const krni_path_set *s = f->set;
    for (uint32_t r = 0; r < s->n_resources; r++)
        n->state[r] = UINT32_MAX;
    for (uint32_t p = 0; p < s->n_paths; p++)
        for (uint32_t k = s->use_first[p]; n->part[p] != OUT && k < s->use_first[p + 1]; k++)
            n->state[s->uses[k].resource] = 0;
    n->n_states = 0;
    for (uint32_t r = 0; r < s->n_resources; r++) {
        const krni_path_point *point = &f->points[r];
        if (n->state[r] == UINT32_MAX || !(point->slope > 0.0 || point->price_slope > 0.0)) {
            n->state[r] = UINT32_MAX;
            continue;
        }
        n->state[r] = n->n_states;
        n->n_states += f->marginal ? 2 : 1;
    }
    return n->n_states > 0 && n->n_states <= n->room;
}

/* The slots of a use: one, or two of the system optimum; 0: it answers to nothing. */
static uint32_t slots_of(const krni_path_newton *n, const krni_path_flows *f,
                         const krn_path_use *use, slot out[2])
{
    const krni_path_point *point = &f->points[use->resource];
    const uint32_t state = n->state[use->resource];
    assert(state == UINT32_MAX || state < n->n_states);
    if (state == UINT32_MAX)
        return 0;
    out[0] =
        (slot){state, use->units, use->weight * point->slope + use->units * point->price_slope};
    if (!f->marginal)
        return 1;
    out[0].k += use->units * point->bend * point->weight_load;
    out[1] = (slot){state + 1, use->weight, use->units * point->slope};
    return 2;
}

/* 1 / E of the paths of a row. */
static void find_ease(krni_path_newton *n, const krni_path_flows *f, uint32_t row)
{
    const krni_path_set *s = f->set;
    double most = 0.0, cost = 0.0;
    slot slots[2];
    for (uint32_t p = s->row_first[row]; p < s->row_first[row + 1]; p++) {
        double slope = 0.0;
        if (n->part[p] == OUT)
            continue;
        for (uint32_t k = s->use_first[p]; k < s->use_first[p + 1]; k++)
            for (uint32_t j = slots_of(n, f, &s->uses[k], slots); j-- > 0;)
                slope += slots[j].a * slots[j].k;
        most = fmax(most, slope);
        cost = fmax(cost, fabs(n->g[p]));
    }
    const double ridge = n->ridge_share * fmax(most, 1e-6 * cost / s->flow[row]) + DBL_MIN;
    const double spread = has_spread(f, row) ? s->spread[row] : 0.0;
    for (uint32_t p = s->row_first[row]; p < s->row_first[row + 1]; p++)
        n->ease[p] = spread > 0.0 ? f->flow[p] / (spread + ridge * f->flow[p]) : 1.0 / ridge;
}

/* Adds a row to the equations. */
static void add_row(krni_path_newton *n, const krni_path_flows *f, uint32_t row)
{
    const krni_path_set *s = f->set;
    const size_t m = n->n_states;
    double ease = 0.0, ease_g = 0.0, freed = 0.0;
    uint32_t n_touched = 0;
    slot a[2], b[2];
    for (uint32_t p = s->row_first[row]; p < s->row_first[row + 1]; p++) {
        ease += n->part[p] == FREE ? n->ease[p] : 0.0;
        ease_g += n->part[p] == FREE ? n->ease[p] * n->g[p] : 0.0;
        freed += n->part[p] == EMPTIED ? f->flow[p] : 0.0;
    }
    if (!(ease > 0.0))
        return;
    const double level = (ease_g + freed) / ease;
    for (uint32_t p = s->row_first[row]; p < s->row_first[row + 1]; p++) {
        if (n->part[p] == OUT)
            continue;
        const bool is_free = n->part[p] == FREE;
        const double e = is_free ? n->ease[p] : 0.0;
        const double still = is_free ? e * (level - n->g[p]) : -f->flow[p];
        for (uint32_t k = s->use_first[p]; k < s->use_first[p + 1]; k++)
            for (uint32_t i = slots_of(n, f, &s->uses[k], a); i-- > 0;) {
                double *line = n->matrix + a[i].state * m;
                n->right[a[i].state] += a[i].a * still;
                if (!(e > 0.0))
                    continue;
                for (uint32_t l = s->use_first[p]; l < s->use_first[p + 1]; l++)
                    for (uint32_t j = slots_of(n, f, &s->uses[l], b); j-- > 0;)
                        line[b[j].state] += e * a[i].a * b[j].k;
                if (!(n->sum_a[a[i].state] > 0.0) && !(n->sum_k[a[i].state] > 0.0))
                    n->touched[n_touched++] = a[i].state;
                n->sum_a[a[i].state] += e * a[i].a + DBL_MIN;
                n->sum_k[a[i].state] += e * a[i].k;
            }
    }
    for (uint32_t i = 0; i < n_touched; i++) {
        double *line = n->matrix + n->touched[i] * m;
        const double share = n->sum_a[n->touched[i]] / ease;
        for (uint32_t j = 0; j < n_touched; j++)
            line[n->touched[j]] -= share * n->sum_k[n->touched[j]];
    }
    for (uint32_t i = 0; i < n_touched; i++)
        n->sum_a[n->touched[i]] = n->sum_k[n->touched[i]] = 0.0;
}

/* Gauss with rows exchanged; the answer is in right. false: singular. */
static bool solve(krni_path_newton *n, size_t m)
{
    assert(m <= n->room);
    for (size_t k = 0; k < m; k++) {
        size_t best = k;
        for (size_t i = k + 1; i < m; i++)
            if (fabs(n->matrix[i * m + k]) > fabs(n->matrix[best * m + k]))
                best = i;
        const double pivot = n->matrix[best * m + k];
        if (!isfinite(pivot) || fabs(pivot) < DBL_MIN)
            return false;
        if (best != k) {
            for (size_t j = k; j < m; j++) {
                const double kept = n->matrix[k * m + j];
                n->matrix[k * m + j] = n->matrix[best * m + j];
                n->matrix[best * m + j] = kept;
            }
            const double kept = n->right[k];
            n->right[k] = n->right[best];
            n->right[best] = kept;
        }
        const double *top = n->matrix + k * m;
        for (size_t i = k + 1; i < m; i++) {
            double *line = n->matrix + i * m;
            const double factor = line[k] / pivot;
            if (fabs(factor) > 0.0) {
                for (size_t j = k + 1; j < m; j++)
                    line[j] -= factor * top[j];
                n->right[i] -= factor * n->right[k];
            }
        }
    }
    for (size_t k = m; k-- > 0;) {
        for (size_t j = k + 1; j < m; j++)
            n->right[k] -= n->matrix[k * m + j] * n->right[j];
        n->right[k] /= n->matrix[k * m + k];
    }
    return true;
}

/* Steps of a row from the change of loads. */
static void step_row(krni_path_newton *n, const krni_path_flows *f, uint32_t row)
{
    const krni_path_set *s = f->set;
    double ease = 0.0, level = 0.0;
    slot slots[2];
    for (uint32_t p = s->row_first[row]; p < s->row_first[row + 1]; p++) {
        n->step[p] = 0.0;
        if (n->part[p] == EMPTIED) {
            n->step[p] = -f->flow[p];
            level += f->flow[p];
        } else if (n->part[p] == FREE) {
            double v = n->g[p];
            for (uint32_t k = s->use_first[p]; k < s->use_first[p + 1]; k++)
                for (uint32_t j = slots_of(n, f, &s->uses[k], slots); j-- > 0;)
                    v += slots[j].k * n->right[slots[j].state];
            n->step[p] = v;
            ease += n->ease[p];
            level += n->ease[p] * v;
        }
    }
    level /= ease > 0.0 ? ease : 1.0;
    for (uint32_t p = s->row_first[row]; p < s->row_first[row + 1]; p++)
        if (n->part[p] == FREE)
            n->step[p] = n->ease[p] * (level - n->step[p]);
}

/* ---- the same with the steps as unknowns ---- */

static uint32_t count_free(const krni_path_newton *n)
{
    uint32_t free_paths = 0;
    for (uint32_t p = 0; p < n->n_paths; p++)
        free_paths += n->part[p] == FREE;
    return free_paths;
}

/* What a change of all loads (by state) adds to the cost of a path. */
static double answer_of(const krni_path_newton *n, const krni_path_flows *f, uint32_t path,
                        const double *change)
{
    const krni_path_set *s = f->set;
    double sum = 0.0;
    slot slots[2];
    for (uint32_t k = s->use_first[path]; k < s->use_first[path + 1]; k++)
        for (uint32_t j = slots_of(n, f, &s->uses[k], slots); j-- > 0;)
            sum += slots[j].k * change[slots[j].state];
    return sum;
}

/* What a step of a path adds to the loads. */
static void load_step(const krni_path_newton *n, const krni_path_flows *f, uint32_t path,
                      double step, double *change)
{
    const krni_path_set *s = f->set;
    slot slots[2];
    for (uint32_t k = s->use_first[path]; k < s->use_first[path + 1]; k++)
        for (uint32_t j = slots_of(n, f, &s->uses[k], slots); j-- > 0;)
            change[slots[j].state] += slots[j].a * step;
}

/* Lines of free paths: what each step does to each cost, and the cost that is to go. */
static void fill_lines(krni_path_newton *n, const krni_path_flows *f, size_t m)
{
    double *change = n->sum_k, *column = n->sum_a;
    for (uint32_t p = 0; p < n->n_paths; p++)
        if (n->part[p] == EMPTIED)
            load_step(n, f, p, -f->flow[p], change);
    for (size_t q = 0; q < m; q++) {
        load_step(n, f, n->touched[q], 1.0, column);
        for (size_t p = 0; p < m; p++)
            n->matrix[p * m + q] = answer_of(n, f, n->touched[p], column);
        n->matrix[q * m + q] += 1.0 / n->ease[n->touched[q]];
        n->right[q] = -n->g[n->touched[q]] - answer_of(n, f, n->touched[q], change);
        memset(column, 0, n->n_states * sizeof *column);
    }
    memset(change, 0, n->n_states * sizeof *change);
}

/* Costs of a row become alike: lines less the first one, which says that the steps add up to what
 * emptied paths give. */
static void level_lines(krni_path_newton *n, size_t m, size_t first, size_t end, double freed)
{
    double *top = n->matrix + first * m;
    const double scale = fabs(top[first]) + DBL_MIN;
    for (size_t p = first + 1; p < end; p++) {
        double *line = n->matrix + p * m;
        for (size_t q = 0; q < m; q++)
            line[q] -= top[q];
        n->right[p] -= n->right[first];
    }
    for (size_t q = 0; q < m; q++)
        top[q] = q >= first && q < end ? scale : 0.0;
    n->right[first] = scale * freed;
}

/* Steps of all paths from as many equations as are free; false: singular. */
static bool solve_for_steps(krni_path_newton *n, const krni_path_flows *f, size_t m)
{
    const krni_path_set *s = f->set;
    size_t at = 0;
    for (uint32_t p = 0; p < s->n_paths; p++) {
        n->step[p] = n->part[p] == EMPTIED ? -f->flow[p] : 0.0;
        if (n->part[p] == FREE)
            n->touched[at++] = p;
    }
    assert(at == m);
    fill_lines(n, f, m);
    at = 0;
    for (uint32_t i = 0; i < s->n_rows; i++) {
        const size_t first = at;
        double freed = 0.0;
        for (uint32_t p = s->row_first[i]; p < s->row_first[i + 1]; p++) {
            freed += n->part[p] == EMPTIED ? f->flow[p] : 0.0;
            at += n->part[p] == FREE;
        }
        if (at > first)
            level_lines(n, m, first, at, freed);
    }
    if (!solve(n, m))
        return false;
    for (size_t k = 0; k < m; k++)
        n->step[n->touched[k]] = n->right[k];
    return true;
}

/* Empties the paths of a row that would go below 0; true: none. */
static bool empty_row(krni_path_newton *n, const krni_path_flows *f, uint32_t row)
{
    bool good = true;
    for (uint32_t p = f->set->row_first[row]; p < f->set->row_first[row + 1]; p++)
        if (n->part[p] == FREE && !has_spread(f, row) && f->flow[p] + n->step[p] < 0.0) {
            n->part[p] = EMPTIED;
            good = false;
        }
    return good;
}

/* Steps from the equations of loads; false: singular. */
static bool solve_for_loads(krni_path_newton *n, const krni_path_flows *f)
{
    const size_t m = n->n_states;
    memset(n->matrix, 0, m * m * sizeof *n->matrix);
    memset(n->right, 0, m * sizeof *n->right);
    for (size_t k = 0; k < m; k++)
        n->matrix[k * m + k] = 1.0;
    for (uint32_t i = 0; i < f->set->n_rows; i++)
        add_row(n, f, i);
    if (!solve(n, m))
        return false;
    for (uint32_t i = 0; i < f->set->n_rows; i++)
        step_row(n, f, i);
    return true;
}

/* The steps of all paths; false: none. */
static bool find_steps(krni_path_newton *n, const krni_path_flows *f)
{
    const krni_path_set *s = f->set;
    for (int round = 0; round < MOST_ROUNDS; round++) {
        const size_t n_free = count_free(n);
        const bool few = (double)n_free < FEW_SHARE * n->n_states;
        bool good = true;
        if (!(few ? solve_for_steps(n, f, n_free) : solve_for_loads(n, f)))
            return false;
        for (uint32_t i = 0; i < s->n_rows; i++)
            good = empty_row(n, f, i) && good;
        if (good)
            break;
    }
    for (uint32_t p = 0; p < s->n_paths; p++)
        if (!isfinite(n->step[p]))
            return false;
    return true;
}

/* How flows of rows with a spread change: by their logarithms, or, where the spread is small beside
 * what loads do to costs, plainly. */
static double changed(double flow, double step, bool plainly)
{
    if (plainly)
        return fmax(flow + step, LEAST_LEFT * flow);
    return flow * exp(fmax(-600.0, fmin(600.0, step / flow)));
}

/* A share of the steps from the flows kept; rows as far as they stay at 0 or above. */
static void move(const krni_path_newton *n, krni_path_flows *f, double share, bool plainly)
{
    const krni_path_set *s = f->set;
    for (uint32_t i = 0; i < s->n_rows; i++) {
        double part = share, sum = 0.0;
        const uint32_t first = s->row_first[i], end = s->row_first[i + 1];
        if (has_spread(f, i)) {
            for (uint32_t p = first; p < end; p++) {
                if (n->part[p] == OUT)
                    continue;
                f->flow[p] = changed(n->kept[p], share * n->step[p], plainly);
                sum += f->flow[p];
            }
            for (uint32_t p = first; p < end; p++)
                if (n->part[p] != OUT)
                    f->flow[p] = fmax(krni_path_floor(s->flow[i]), f->flow[p] * (s->flow[i] / sum));
            continue;
        }
        for (uint32_t p = first; p < end; p++)
            if (n->kept[p] + part * n->step[p] < 0.0)
                part = n->kept[p] / -n->step[p];
        for (uint32_t p = first; p < end; p++)
            f->flow[p] = n->part[p] == EMPTIED && part >= 1.0
                             ? 0.0
                             : fmax(0.0, n->kept[p] + part * n->step[p]);
    }
}

/* Steps from the present flows, which are loaded; false: none. */
static bool aim(krni_path_newton *n, const krni_path_flows *f)
{
    const krni_path_set *s = f->set;
    choose_parts(n, f);
    if (!number_states(n, f))
        return false;
    for (uint32_t i = 0; i < s->n_rows; i++) {
        for (uint32_t p = s->row_first[i]; p < s->row_first[i + 1]; p++)
            n->g[p] = n->part[p] == OUT ? 0.0 : krni_path_g(f, i, p);
        find_ease(n, f, i);
    }
    return find_steps(n, f);
}

/* What the system optimum makes least, with prices of limits; 0 of an equilibrium, which need not
 * make anything least. */
static double merit(const krni_path_flows *f)
{
    const krni_path_set *s = f->set;
    double sum = 0.0;
    for (uint32_t p = 0; f->marginal && p < s->n_paths; p++)
        sum += f->flow[p] * s->fixed[p];
    for (uint32_t r = 0; f->marginal && r < s->n_resources; r++) {
        const krni_path_point *point = &f->points[r];
        sum += point->weight_load * point->time;
        if (point->stiffness > 0.0)
            sum += 0.5 * point->price * point->price / point->stiffness;
    }
    return sum;
}

/* Goes a share of the steps from where they were found; true: the gap is lower than it was. The
 * total cost of a system optimum must not be higher: a gap is low at a saddle too. */
static bool go(krni_path_newton *n, krni_path_flows *f, double share, krni_path_gap *gap)
{
    for (int plainly = n->any_spread ? 1 : 0; plainly >= 0; plainly--) {
        move(n, f, share, plainly != 0);
        krni_path_load(f);
        const krni_path_gap now = krni_path_gap_of(f, NULL);
        if (now.gap_share < 0.95 * gap->gap_share &&
            !(merit(f) > n->merit + 1e-14 * fabs(n->merit))) {
            *gap = now;
            return true;
        }
    }
    return false;
}

/* Whether flows went downhill from where the steps were found: the costs there speak for the step,
 * and those here do not speak against it by more than half of that. Where something is made least,
 * it became less. */
static bool is_downhill(const krni_path_newton *n, const krni_path_flows *f)
{
    const krni_path_set *s = f->set;
    double before = 0.0, now = 0.0;
    for (uint32_t i = 0; i < s->n_rows; i++)
        for (uint32_t p = s->row_first[i]; p < s->row_first[i + 1]; p++) {
            const double moved = f->flow[p] - n->kept[p];
            if (moved < 0.0 || moved > 0.0) {
                before += moved * n->g[p];
                now += moved * krni_path_g(f, i, p);
            }
        }
    return before < 0.0 && now <= -0.5 * before && !(merit(f) > n->merit + 1e-14 * fabs(n->merit));
}

/* Prices of limits have kinks, and the gap of rows with a spread hangs on tiny flows: a few full
 * steps may be needed before it falls. */
static int chain_of(const krni_path_newton *n, const krni_path_flows *f)
{
    bool kinks = n->any_spread || n->failed;
    for (uint32_t r = 0; r < f->set->n_resources; r++)
        kinks = kinks || f->points[r].price_slope > 0.0;
    return kinks ? MOST_CHAINED : 1;
}

bool krni_path_newton_step(krni_path_newton *n, krni_path_flows *f, krni_path_gap *gap)
{
    const size_t bytes = f->set->n_paths * sizeof *f->flow;
    assert(n->n_paths == f->set->n_paths && n->n_resources == f->set->n_resources);
    krni_path_load(f);
    *gap = krni_path_gap_of(f, NULL);
    const int chain = chain_of(n, f);
    n->merit = merit(f);
    bool aimed = true;
    memcpy(n->start, f->flow, bytes);
    for (int k = 0; k < chain && aimed; k++) {
        memcpy(n->kept, f->flow, bytes);
        aimed = aim(n, f);
        if (aimed && go(n, f, 1.0, gap)) {
            n->ridge_share = fmax(LEAST_RIDGE, 0.2 * n->ridge_share);
            n->failed = false;
            return true;
        }
    }
    if (chain > 1) {
        memcpy(f->flow, n->start, bytes);
        memcpy(n->kept, n->start, bytes);
        krni_path_load(f);
        aimed = aim(n, f);
    }
    for (double share = 1.0; aimed && share > LEAST_SHARE; share *= 0.4) {
        bool good = share < 1.0 && go(n, f, share, gap);
        if (!good) {
            move(n, f, share, true);
            krni_path_load(f);
            good = is_downhill(n, f);
        }
        if (good) {
            *gap = krni_path_gap_of(f, NULL);
            n->failed = false;
            return false;
        }
    }
    n->failed = true;
    n->ridge_share = fmin(MOST_RIDGE, 10.0 * n->ridge_share);
    memcpy(f->flow, n->start, bytes);
    krni_path_load(f);
    return false;
}
