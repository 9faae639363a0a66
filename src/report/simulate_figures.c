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

/* Some groups and one of their measures. */
typedef struct span {
    const krn_sim *sim;
    const uint32_t *groups; /* NULL: 0, 1, 2, ... */
    uint32_t n;
    unsigned measure;
} span;

static double of_group(const span *s, const double *metrics, uint32_t index, unsigned measure)
{
    return metrics[krn_sim_group_at(s->sim, s->groups ? s->groups[index] : index, measure)];
}

static double sum_groups(const void *context, const double *metrics)
{
    const span *s = context;
    double sum = 0;
    for (uint32_t g = 0; g < s->n; g++) {
        const double one = of_group(s, metrics, g, s->measure);
        sum += isnan(one) ? 0 : one;
    }
    return sum;
}

static double mean_groups(const void *context, const double *metrics)
{
    const span *s = context;
    double sum = 0, tonnes = 0;
    for (uint32_t g = 0; g < s->n; g++) {
        const double t = of_group(s, metrics, g, KRN_GROUP_DELIVERED_T),
                     one = of_group(s, metrics, g, s->measure);
        if (t > 0 && !isnan(one)) {
            sum += t * one;
            tonnes += t;
        }
    }
    return tonnes > 0 ? sum / tonnes : (double)NAN;
}

krn_estimate krni_groups_sum(const krni_run *run, const uint32_t *groups, uint32_t n,
                             unsigned measure)
{
    return krn_ensemble_reckon(run->ensemble, sum_groups, &(span){run->sim, groups, n, measure});
}

krn_estimate krni_groups_mean(const krni_run *run, const uint32_t *groups, uint32_t n,
                              unsigned measure)
{
    return krn_ensemble_reckon(run->ensemble, mean_groups, &(span){run->sim, groups, n, measure});
}

/* ---- order ---- */

typedef struct ranked {
    double value;
    uint32_t index;
} ranked;

static int compare_ranked(const void *pa, const void *pb)
{
    const ranked *a = pa, *b = pb;
    if (a->value != b->value)
        return a->value > b->value ? -1 : 1;
    return (a->index > b->index) - (a->index < b->index);
}

uint32_t *krni_resources_by_loss(const krni_run *run)
{
    const uint32_t n = krn_sim_resources(run->sim);
    ranked *losses = krn_arena_calloc(run->arena, n + 1u, sizeof *losses);
    uint32_t *order = krn_arena_calloc(run->arena, n + 1u, sizeof *order);
    if (!losses || !order)
        return NULL;
    for (uint32_t i = 0; i < n; i++) {
        const double lost_td = krni_use(run, i, KRN_USE_LOST_TD).mean;
        losses[i] = (ranked){isnan(lost_td) ? 0 : lost_td, i};
    }
    qsort(losses, n, sizeof *losses, compare_ranked);
    for (uint32_t i = 0; i < n; i++)
        order[i] = losses[i].index;
    return order;
}

uint32_t krni_relation_size(const krni_run *run, uint32_t first)
{
    const krn_sim_setup *s = run->setup;
    uint32_t end = first;
    while (end < s->n_groups && s->groups[end].from == s->groups[first].from &&
           s->groups[end].to == s->groups[first].to)
        end++;
    return end - first;
}

uint32_t *krni_groups_by_tonnes(const krni_run *run)
{
    const uint32_t n = run->setup->n_groups;
    ranked *list = krn_arena_calloc(run->arena, n + 1u, sizeof *list);
    uint32_t *order = krn_arena_calloc(run->arena, n + 1u, sizeof *order);
    if (!list || !order)
        return NULL;
    for (uint32_t i = 0; i < n; i++)
        list[i] = (ranked){krni_group(run, i, KRN_GROUP_DELIVERED_T).mean, i};
    for (uint32_t first = 0; first < n;) {
        const uint32_t size = krni_relation_size(run, first);
        qsort(list + first, size, sizeof *list, compare_ranked);
        first += size;
    }
    for (uint32_t i = 0; i < n; i++)
        order[i] = list[i].index;
    return order;
}
