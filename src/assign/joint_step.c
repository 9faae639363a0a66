/* SPDX-License-Identifier: Apache-2.0 */
/* joint_step.c - projected conjugate gradients over the moves of pairs (in the manner of More and
 * Toraldo 1991): pairs at a bound whose slope points outwards are held, the rest take a step of
 * conjugate gradients, and what leaves its bounds is put back onto them. */
#include "assign/joint_step.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

#define NOISE        1e-14 /* of the times of both segments */
#define MOST_APPLIED 6u
#define LEAST_SHARE  0.1 /* of a step: less is worth another one */
#define WHOLE_SHARE  0.999
#define MOST_FACES   6u
#define MOST_STEPS   40u
#define FACE_FALL    3e-2
#define RIDGE        1e-10 /* of the mean curvature: keeps flat directions finite */
#define LESS         8.0   /* of a step, when its projection makes nothing less */
#define MOST_LESS    6u
#define MOST_TRIALS  12u
#define SLOPE_LEFT   0.05 /* of the slope along the step, where the search ends */

typedef struct joint {
    krni_segments *s;
    uint32_t n;                       /* pairs */
    double *move, *low, *high;        /* of each pair from A to B, and its bounds */
    double *grad, *base;              /* of the model at `move`, and at no move */
    double *diag;                     /* curvature of each alone */
    double *way, *bent, *step, *rest; /* of conjugate gradients; curvature * way */
    double *noise;                    /* differences of cost below this are none */
    bool *held;
    uint32_t *n_parts; /* of each pair in the log */
    double *change, *before, *time,
        *slope; /* by link: loads that the moves add, loads and times before */
    double ridge;
} joint;

/* Loads that moves of pairs change. */
static void spread_moves(const joint *j, const double *move)
{
    const krni_segments *s = j->s;
    memset(j->change, 0, s->problem->graph.n_links * sizeof *j->change);
    for (uint32_t k = 0; k < j->n; k++) {
        if (move[k] == 0.0)
            continue;
        const krni_pair *p = &s->pairs[k];
        const uint32_t *a = s->links + p->first, *b = a + p->n_a;
        for (uint32_t i = 0; i < p->n_a; i++)
            j->change[a[i]] -= move[k];
        for (uint32_t i = 0; i < p->n_b; i++)
            j->change[b[i]] += move[k];
    }
}

/* out = curvature * move */
static void curve(const joint *j, const double *move, double *out)
{
    const krni_segments *s = j->s;
    spread_moves(j, move);
    for (uint32_t k = 0; k < j->n; k++) {
        const krni_pair *p = &s->pairs[k];
        const uint32_t *a = s->links + p->first, *b = a + p->n_a;
        double sum = j->ridge * move[k];
        for (uint32_t i = 0; i < p->n_a; i++)
            sum -= j->slope[a[i]] * j->change[a[i]];
        for (uint32_t i = 0; i < p->n_b; i++)
            sum += j->slope[b[i]] * j->change[b[i]];
        out[k] = sum;
    }
}

/* Curvature of a pair alone. */
static void set_diag(joint *j, uint32_t k)
{
    const krni_pair *p = &j->s->pairs[k];
    const uint32_t *list = j->s->links + p->first;
    j->diag[k] = j->ridge;
    for (uint32_t i = 0; i < p->n_a + p->n_b; i++)
        j->diag[k] += j->slope[list[i]];
}

/* What a pair can move from A to B, and back; its difference of cost. */
static void look_at(joint *j, uint32_t k)
{
    const krni_segments *s = j->s;
    const krni_pair *p = &s->pairs[k];
    const uint32_t *a = s->links + p->first, *b = a + p->n_a;
    double cost = p->fixed, size = 0.0;
    for (uint32_t i = 0; i < p->n_a; i++) {
        cost += j->time[a[i]];
        size += j->time[a[i]];
    }
    for (uint32_t i = 0; i < p->n_b; i++) {
        cost -= j->time[b[i]];
        size += j->time[b[i]];
    }
    j->base[k] = -cost;
    j->noise[k] = NOISE * size;
    krni_segments_room(s, k, &j->high[k], &j->low[k]);
    j->low[k] = -j->low[k];
}

static double model_at(joint *j, const double *move)
{
    double sum = 0.0;
    curve(j, move, j->grad);
    for (uint32_t k = 0; k < j->n; k++) {
        sum += move[k] * (j->base[k] + 0.5 * j->grad[k]);
        j->grad[k] += j->base[k];
    }
    return sum;
}

/* Holds pairs at a bound that pushes back; the square of the slope that is left, by the diagonal.
 */
static double hold(joint *j)
{
    double sum = 0.0;
    for (uint32_t k = 0; k < j->n; k++) {
        j->held[k] = (j->move[k] <= j->low[k] && j->grad[k] >= 0.0) ||
                     (j->move[k] >= j->high[k] && j->grad[k] <= 0.0);
        j->rest[k] = j->held[k] || fabs(j->grad[k]) <= j->noise[k] ? 0.0 : -j->grad[k];
        sum += j->rest[k] * j->rest[k] / j->diag[k];
    }
    return sum;
}

/* Conjugate gradients on the pairs that are free, preconditioned by the diagonal: j->step. */
static void climb_down(joint *j, double slope)
{
    const double end = FACE_FALL * FACE_FALL * slope;
    for (uint32_t k = 0; k < j->n; k++) {
        j->step[k] = 0.0;
        j->way[k] = j->rest[k] / j->diag[k];
    }
    for (uint32_t step = 0; step < MOST_STEPS && slope > end; step++) {
        double bend = 0.0, then = 0.0;
        curve(j, j->way, j->bent);
        for (uint32_t k = 0; k < j->n; k++)
            bend += j->way[k] * j->bent[k];
        if (!(bend > 0.0))
            return;
        const double length = slope / bend;
        for (uint32_t k = 0; k < j->n; k++) {
            if (j->held[k])
                continue;
            j->step[k] += length * j->way[k];
            j->rest[k] -= length * j->bent[k];
            then += j->rest[k] * j->rest[k] / j->diag[k];
        }
        for (uint32_t k = 0; k < j->n; k++)
            j->way[k] = j->held[k] ? 0.0 : j->rest[k] / j->diag[k] + then / slope * j->way[k];
        slope = then;
    }
}

static double within(double x, double low, double high)
{
    return x < low ? low : x > high ? high : x;
}

/* The share of the step at which the first pair meets its bound. */
static double share_within(const joint *j)
{
    double share = 1.0;
    for (uint32_t k = 0; k < j->n; k++) {
        const double bound = j->step[k] > 0.0 ? j->high[k] : j->low[k];
        if (fabs(j->step[k]) * share > fabs(bound - j->move[k]))
            share = (bound - j->move[k]) / j->step[k];
    }
    return share;
}

/* The step put back onto the bounds where the model is less there, else less of it: at last what
 * stays within them, which keeps flat ways of two opposite pairs together. */
static bool take_step(joint *j, double *value)
{
    const double inner = share_within(j);
    double share = 1.0;
    for (uint32_t trial = 0;; trial++) {
        for (uint32_t k = 0; k < j->n; k++)
            j->way[k] = within(j->move[k] + share * j->step[k], j->low[k], j->high[k]);
        const double then = model_at(j, j->way);
        if (then < *value) {
            memcpy(j->move, j->way, j->n * sizeof *j->move);
            *value = then;
            return true;
        }
        if (share <= inner)
            return false;
        share = trial < MOST_LESS ? fmax(inner, share / LESS) : inner;
    }
}

static void make_least(joint *j)
{
    double value = model_at(j, j->move), first = 0.0;
    for (uint32_t face = 0; face < MOST_FACES; face++) {
        const double slope = hold(j);
        first = face ? first : slope;
        if (!(slope > FACE_FALL * FACE_FALL * first))
            return;
        climb_down(j, slope);
        if (!take_step(j, &value))
            return;
    }
}

/* ---- along the step ---- */

/* Loads at a share of the step; the slope of the objective along it. */
static double slope_at(joint *j, double share, double fixed)
{
    const krni_delays *d = &j->s->problem->delays;
    double sum = fixed;
    for (uint32_t a = 0; a < d->n_links; a++) {
        if (j->change[a] == 0.0)
            continue;
        d->links[a].flow = fmax(0.0, j->before[a] + share * j->change[a]);
        krni_delay_update(d, a);
        sum += j->change[a] * d->links[a].time;
    }
    return sum;
}

static void keep_loads(joint *j)
{
    const krni_delays *d = &j->s->problem->delays;
    for (uint32_t a = 0; a < d->n_links; a++) {
        j->before[a] = d->links[a].flow;
        j->time[a] = d->links[a].time;
        j->slope[a] = d->links[a].slope;
    }
}

static void put_loads_back(joint *j)
{
    const krni_delays *d = &j->s->problem->delays;
    for (uint32_t a = 0; a < d->n_links; a++)
        if (d->links[a].flow != j->before[a]) {
            d->links[a].flow = j->before[a];
            krni_delay_update(d, a);
        }
}

/* How much of the step to take: all, or where the objective is least along it. */
static double search(joint *j)
{
    double fixed = 0.0, low = 0.0, high = 1.0, share = 1.0;
    spread_moves(j, j->move);
    for (uint32_t k = 0; k < j->n; k++)
        fixed -= j->s->pairs[k].fixed * j->move[k];
    double at_low = slope_at(j, 0.0, fixed), at_high = slope_at(j, 1.0, fixed);
    const double enough = SLOPE_LEFT * fabs(at_low);
    if (!(at_low < 0.0))
        share = 0.0;
    for (uint32_t trial = 0; share > 0.0 && trial < MOST_TRIALS && at_high > enough; trial++) {
        share = low + (high - low) * within(at_low / (at_low - at_high), 0.1, 0.9);
        const double now = slope_at(j, share, fixed);
        if (fabs(now) <= enough)
            break;
        if (now > 0.0) {
            high = share;
            at_high = now;
        } else {
            low = share;
            at_low = now;
        }
        share = low;
    }
    put_loads_back(j);
    return share;
}

/* Undoes the moves; pairs that could not move all that they should get what they moved as their
 * bounds. */
static void take_back(joint *j, double share, const krni_part *log)
{
    uint32_t at = j->s->n_log;
    for (uint32_t k = j->n; k-- > 0;) {
        const bool from_a = j->move[k] > 0.0;
        double moved = 0.0;
        for (uint32_t i = 0; i < j->n_parts[k]; i++) {
            krni_segments_undo(j->s, k, from_a, log[--at]);
            moved += log[at].flow;
        }
        if (moved < WHOLE_SHARE * share * fabs(j->move[k]) && from_a)
            j->high[k] = moved;
        else if (moved < WHOLE_SHARE * share * fabs(j->move[k]))
            j->low[k] = -moved;
    }
    put_loads_back(j);
}

/* Moves the flows of sources. Pairs that share flow may have less than each had alone: what was
 * moved is no longer the step, and is taken back unless the objective fell along it. */
static bool apply(joint *j, double share, krni_part *log)
{
    krni_segments *s = j->s;
    const krni_loaded *links = s->problem->delays.links;
    double first = 0.0, last = 0.0;
    s->log = log;
    s->n_log = 0;
    for (uint32_t k = 0; k < j->n; k++) {
        const uint32_t n = s->n_log;
        if (j->move[k] != 0.0)
            first -= krni_segments_move(s, k, share * j->move[k]) * s->pairs[k].fixed;
        j->n_parts[k] = s->n_log - n;
    }
    s->log = NULL;
    last = first;
    for (uint32_t a = 0; a < s->problem->graph.n_links; a++) {
        first += (links[a].flow - j->before[a]) * j->time[a];
        last += (links[a].flow - j->before[a]) * links[a].time;
    }
    if (first < 0.0 && first + last <= 0.0)
        return true;
    take_back(j, share, log);
    return false;
}

/* Links just below their hard capacities that the step would load above them at once: from now on
 * the model has them stiff. False: there are none. */
static bool bend(joint *j)
{
    const krni_delays *d = &j->s->problem->delays;
    bool any = false;
    spread_moves(j, j->move);
    for (uint32_t a = 0; a < d->n_links; a++) {
        if (!d->links[a].limited || !(j->change[a] > 0.0))
            continue;
        const krni_limit *m = &d->limits[a];
        const double room = m->limit - m->price / m->stiffness - j->before[a];
        if (room >= 0.0 && room < LEAST_SHARE * j->change[a] &&
            j->slope[a] < d->links[a].slope + m->stiffness) {
            j->slope[a] = d->links[a].slope + m->stiffness;
            any = true;
        }
    }
    for (uint32_t k = 0; any && k < j->n; k++)
        set_diag(j, k);
    return any;
}

static bool make_room(joint *j)
{
    const size_t n = j->n, m = j->s->problem->graph.n_links;
    double *all = calloc(11 * n + 4 * m, sizeof *all);
    j->move = all;
    j->held = calloc(n, sizeof *j->held);
    j->n_parts = calloc(n, sizeof *j->n_parts);
    if (!all || !j->held || !j->n_parts)
        return false;
    double **parts[] = {&j->move, &j->low,  &j->high, &j->grad, &j->base, &j->diag,
                        &j->way,  &j->bent, &j->step, &j->rest, &j->noise};
    for (size_t k = 0; k < sizeof parts / sizeof parts[0]; k++)
        *parts[k] = all + k * n;
    j->change = all + 11 * n;
    j->before = j->change + m;
    j->time = j->before + m;
    j->slope = j->time + m;
    return true;
}

static void set_up(joint *j)
{
    double sum = 0.0;
    for (uint32_t k = 0; k < j->n; k++) {
        look_at(j, k);
        set_diag(j, k);
        sum += j->diag[k];
    }
    j->ridge = RIDGE * (sum > 0.0 ? sum / j->n : 1.0);
    for (uint32_t k = 0; k < j->n; k++)
        j->diag[k] += j->ridge;
}

krn_status krni_joint_step(krni_segments *s, krn_error *err)
{
    joint j = {.s = s, .n = s->n_pairs};
    krn_status status = KRN_OK;
    size_t n_parts = 1;
    if (!j.n)
        return KRN_OK;
    for (uint32_t k = 0; k < j.n; k++)
        n_parts += krni_segments_members(s, k);
    krni_part *log = malloc(n_parts * sizeof *log);
    if (log && make_room(&j)) {
        keep_loads(&j);
        set_up(&j);
        for (uint32_t trial = 0; trial < MOST_APPLIED; trial++) {
            memset(j.move, 0, j.n * sizeof *j.move);
            make_least(&j);
            const double share = search(&j);
            if (share < LEAST_SHARE && bend(&j))
                continue;
            if (!(share > 0.0) || apply(&j, share, log))
                break;
        }
    } else {
        status = krni_fail_memory(err);
    }
    free(j.move);
    free(j.held);
    free(j.n_parts);
    free(log);
    return status;
}
