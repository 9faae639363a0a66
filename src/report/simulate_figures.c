/* SPDX-License-Identifier: Apache-2.0 */
/* simulate_figures.c - means over replications, with the half width of their 95 % interval, of what
 * is not a metric itself: sums, quotients, means over several groups.
 *
 * Each is formed in every replication first, and the interval is that of Student's t over them. */
#include <math.h>
#include <stdlib.h>

#include "report/simulate_page.h"

krn_estimate krni_total(const krni_run *run, krn_sim_total what)
{
    return krn_ensemble_estimate(run->ensemble, krn_sim_total_at(run->sim, what));
}

krn_estimate krni_group(const krni_run *run, uint32_t group, unsigned measure)
{
    return krn_ensemble_estimate(run->ensemble, krn_sim_group_at(run->sim, group, measure));
}

krn_estimate krni_use(const krni_run *run, uint32_t resource, krn_sim_use what)
{
    return krn_ensemble_estimate(run->ensemble, krn_sim_use_at(run->sim, resource, what));
}

krn_estimate krni_week(const krni_run *run, uint32_t resource, uint32_t week, krn_sim_week what)
{
    return krn_ensemble_estimate(run->ensemble, krn_sim_week_at(run->sim, resource, week, what));
}

/* ---- reckoned in every replication ---- */

typedef struct quotient {
    uint32_t above, below;
} quotient;

static double divide(const void *context, const double *metrics)
{
    const quotient *q = context;
    return metrics[q->below] > 0 ? metrics[q->above] / metrics[q->below] : (double)NAN;
}

krn_estimate krni_quotient(const krni_run *run, uint32_t above, uint32_t below)
{
    return krn_ensemble_reckon(run->ensemble, divide, &(quotient){above, below});
}

/* Groups first .. first + n - 1 and one of their measures. */
typedef struct span {
    const krn_sim *sim;
    uint32_t first, n;
    unsigned measure;
} span;

static double sum_groups(const void *context, const double *metrics)
{
    const span *s = context;
    double sum = 0;
    for (uint32_t g = s->first; g < s->first + s->n; g++) {
        const double one = metrics[krn_sim_group_at(s->sim, g, s->measure)];
        sum += isnan(one) ? 0 : one;
    }
    return sum;
}

static double mean_groups(const void *context, const double *metrics)
{
    const span *s = context;
    double sum = 0, tonnes = 0;
    for (uint32_t g = s->first; g < s->first + s->n; g++) {
        const double t = metrics[krn_sim_group_at(s->sim, g, KRN_GROUP_DELIVERED_T)],
                     one = metrics[krn_sim_group_at(s->sim, g, s->measure)];
        if (t > 0 && !isnan(one)) {
            sum += t * one;
            tonnes += t;
        }
    }
    return tonnes > 0 ? sum / tonnes : (double)NAN;
}

krn_estimate krni_groups_sum(const krni_run *run, uint32_t first, uint32_t n, unsigned measure)
{
    return krn_ensemble_reckon(run->ensemble, sum_groups, &(span){run->sim, first, n, measure});
}

krn_estimate krni_groups_mean(const krni_run *run, uint32_t first, uint32_t n, unsigned measure)
{
    return krn_ensemble_reckon(run->ensemble, mean_groups, &(span){run->sim, first, n, measure});
}

/* ---- order ---- */

typedef struct loss {
    double lost_td;
    uint32_t resource;
} loss;

static int compare_loss(const void *pa, const void *pb)
{
    const loss *a = pa, *b = pb;
    if (a->lost_td != b->lost_td)
        return a->lost_td > b->lost_td ? -1 : 1;
    return (a->resource > b->resource) - (a->resource < b->resource);
}

uint32_t *krni_resources_by_loss(const krni_run *run)
{
    const uint32_t n = krn_sim_resources(run->sim);
    loss *losses = krn_arena_calloc(run->arena, n + 1u, sizeof *losses);
    uint32_t *order = krn_arena_calloc(run->arena, n + 1u, sizeof *order);
    if (!losses || !order)
        return NULL;
    for (uint32_t i = 0; i < n; i++) {
        const double lost_td = krni_use(run, i, KRN_USE_LOST_TD).mean;
        losses[i] = (loss){isnan(lost_td) ? 0 : lost_td, i};
    }
    qsort(losses, n, sizeof *losses, compare_loss);
    for (uint32_t i = 0; i < n; i++)
        order[i] = losses[i].resource;
    return order;
}
