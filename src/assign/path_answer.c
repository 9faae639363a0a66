/* SPDX-License-Identifier: Apache-2.0 */
/* path_answer.c - what an assignment over paths tells: by path, by resource, sums, objective.
 *
 * Laws come without an integral: it is found by the rule of Kronrod with 15 points (1965) on parts
 * that are halved until both of its rules agree. */
#include "assign/path_answer.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

static const double kronrod_at[8] = {
    0.991455371120812639206854697526329, 0.949107912342758524526189684047851,
    0.864864423359769072789712788640926, 0.741531185599394439863864773280788,
    0.586087235467691130294144691693,    0.405845151377397166906606412076961,
    0.207784955007898467600689403773245, 0.0};
static const double kronrod_weight[8] = {
    0.022935322010529224963732008058970, 0.063092092629978553290700663189204,
    0.104790010322250183839876322541518, 0.140653259715525918745189590510238,
    0.169004726639267902826583426598550, 0.190350578064785409913256402421014,
    0.204432940075298892414161999234649, 0.209482141084727828012999174891714};
static const double gauss_weight[4] = {
    0.129484966168869693270611432679082, 0.279705391489276667901467771423780,
    0.381830050505118944950369775488975, 0.417959183673469387755102040816327};

typedef struct part {
    double from, to;
    unsigned depth;
} part;

static double time_at(const krni_path_flows *f, uint32_t resource, double load)
{
    double slope = 0.0;
    const double time = f->law(f->law_context, resource, load, &slope);
    return isfinite(time) ? time : 0.0;
}

static double integral_of(const krni_path_flows *f, uint32_t resource, double load)
{
    enum { DEPTH = 40 };
    part stack[DEPTH + 2];
    uint32_t n = 0;
    double sum = 0.0;
    const double tolerance = 1e-13 * load * time_at(f, resource, load);
    stack[n++] = (part){0.0, load, 0};
    while (n) {
        const part now = stack[--n];
        const double middle = 0.5 * (now.from + now.to), half = 0.5 * (now.to - now.from);
        double kronrod = 0.0, gauss = 0.0;
        for (int k = 0; k < 8; k++) {
            double value = time_at(f, resource, middle + half * kronrod_at[k]);
            if (k < 7)
                value += time_at(f, resource, middle - half * kronrod_at[k]);
            kronrod += kronrod_weight[k] * value;
            gauss += k & 1 ? gauss_weight[k / 2] * value : 0.0;
        }
        if (fabs(kronrod - gauss) * half <= tolerance || now.depth >= DEPTH) {
            sum += kronrod * half;
        } else {
            assert(n + 2 <= sizeof stack / sizeof *stack);
            stack[n++] = (part){middle, now.to, now.depth + 1};
            stack[n++] = (part){now.from, middle, now.depth + 1};
        }
    }
    return sum;
}

double krni_path_objective(const krni_path_flows *f)
{
    const krni_path_set *s = f->set;
    double sum = 0.0;
    for (uint32_t i = 0; i < s->n_rows; i++)
        for (uint32_t p = s->row_first[i]; p < s->row_first[i + 1]; p++) {
            if (!(f->flow[p] > 0.0))
                continue;
            sum += f->flow[p] * s->fixed[p];
            if (s->spread[i] > 0.0)
                sum += f->flow[p] * (s->spread[i] * log(f->flow[p]) - s->size_cost[p]);
        }
    for (uint32_t r = 0; f->law && r < s->n_resources; r++) {
        const krni_path_point *point = &f->points[r];
        if (f->marginal || !(point->load > 0.0))
            sum += point->weight_load * point->time;
        else if (point->weight_load > 0.0)
            sum += point->weight_load / point->load * integral_of(f, r, point->load);
    }
    return sum;
}

krn_status krni_path_answer_new(const krn_path_problem *problem, krn_path_answer **out,
                                krn_error *err)
{
    size_t n_uses = 0;
    krn_path_answer *a = calloc(1, sizeof *a);
    if (!a || !(a->arena = krn_arena_new(NULL, 0)))
        goto failed;
    for (uint32_t p = 0; p < problem->n_paths; p++)
        n_uses += problem->paths[p].n_uses;
    krn_path_use *uses = krn_arena_alloc(a->arena, n_uses * sizeof *uses);
    a->room = problem->n_paths + 1;
    a->paths = calloc(a->room, sizeof *a->paths);
    if (!uses || !a->paths)
        goto failed;
    for (uint32_t p = 0; p < problem->n_paths; p++) {
        a->paths[p] = problem->paths[p];
        a->paths[p].uses = uses;
        if (a->paths[p].n_uses)
            memcpy(uses, problem->paths[p].uses, a->paths[p].n_uses * sizeof *uses);
        uses += a->paths[p].n_uses;
    }
    a->n_paths = problem->n_paths;
    a->n_resources = problem->n_resources;
    *out = a;
    return KRN_OK;
failed:
    krn_path_answer_free(a);
    return krni_fail_memory(err);
}

krn_status krni_path_answer_add(krn_path_answer *a, const krn_path *path, krn_error *err)
{
    if (a->n_paths == a->room) {
        krn_path *more = NULL;
        if (a->room < UINT32_MAX / 2)
            more = realloc(a->paths, 2 * (size_t)a->room * sizeof *more);
        if (!more)
            return krni_fail_memory(err);
        a->paths = more;
        a->room *= 2;
    }
    a->paths[a->n_paths++] = *path;
    return KRN_OK;
}

krn_status krni_path_answer_take(krn_path_answer *a, const krni_path_flows *f, krn_error *err)
{
    const krni_path_set *s = f->set;
    a->flow = calloc((size_t)a->n_paths + 1, sizeof *a->flow);
    a->cost = calloc((size_t)a->n_paths + 1, sizeof *a->cost);
    a->load = calloc((size_t)s->n_resources + 1, sizeof *a->load);
    a->time = calloc((size_t)s->n_resources + 1, sizeof *a->time);
    a->price = calloc((size_t)s->n_resources + 1, sizeof *a->price);
    if (!a->flow || !a->cost || !a->load || !a->time || !a->price)
        return krni_fail_memory(err);
    for (uint32_t r = 0; r < s->n_resources; r++) {
        a->load[r] = fmax(0.0, f->points[r].load);
        a->time[r] = f->points[r].time;
        a->price[r] = f->points[r].price;
    }
    for (uint32_t q = 0; q < s->n_paths; q++)
        a->flow[s->number[q]] = f->flow[q];
    return KRN_OK;
}

void krni_path_answer_price(krn_path_answer *a)
{
    a->total_cost = 0.0;
    for (uint32_t p = 0; p < a->n_paths; p++) {
        double plain = a->paths[p].fixed_cost, cost = 0.0;
        for (uint32_t k = 0; k < a->paths[p].n_uses; k++) {
            const krn_path_use *use = &a->paths[p].uses[k];
            plain += use->weight * a->time[use->resource];
            cost += use->units * a->price[use->resource];
        }
        a->cost[p] = plain + cost;
        a->total_cost += a->flow[p] * plain;
    }
}

void krn_path_answer_free(krn_path_answer *answer)
{
    if (!answer)
        return;
    free(answer->paths);
    free(answer->flow);
    free(answer->cost);
    free(answer->load);
    free(answer->time);
    free(answer->price);
    krn_arena_free(answer->arena);
    free(answer);
}

krn_assign_step krn_path_answer_step(const krn_path_answer *answer)
{
    return answer->step;
}

uint32_t krn_path_answer_paths(const krn_path_answer *answer)
{
    return answer->n_paths;
}

const krn_path *krn_path_answer_path(const krn_path_answer *answer, uint32_t path)
{
    assert(path < answer->n_paths);
    return &answer->paths[path];
}

const double *krn_path_answer_flow(const krn_path_answer *answer)
{
    return answer->flow;
}

const double *krn_path_answer_cost(const krn_path_answer *answer)
{
    return answer->cost;
}

const double *krn_path_answer_load(const krn_path_answer *answer)
{
    return answer->load;
}

const double *krn_path_answer_time(const krn_path_answer *answer)
{
    return answer->time;
}

const double *krn_path_answer_price(const krn_path_answer *answer)
{
    return answer->price;
}

double krn_path_answer_total_cost(const krn_path_answer *answer)
{
    return answer->total_cost;
}
