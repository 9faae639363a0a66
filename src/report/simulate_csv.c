/* SPDX-License-Identifier: Apache-2.0 */
/* simulate_csv.c - the answer of a simulation as RFC 4180 in long form: one row a figure.
 *
 *   section    total, group, resource, week (of a resource), day (of tonnes under way), unserved
 *   item       relation, or id of the row that makes a resource
 *   name       way, or name of the resource
 *   step       week or day from 1; blank else */
#include <math.h>

#include "model/tables.h"
#include "report/records.h"
#include "report/simulate_page.h"

static const char *const keys[] = {"section", "kind", "item", "name", "metric",
                                   "step",    "mean", "half", "n"};

typedef struct row_head {
    const char *section, *kind, *item, *name;
} row_head;

static void add(krni_records *records, const row_head *head, const char *metric, uint32_t step,
                krn_estimate e, int decimals)
{
    krni_record_text(records, head->section);
    krni_record_text(records, head->kind);
    krni_record_text(records, head->item);
    krni_record_text(records, head->name);
    krni_record_text(records, metric);
    if (step)
        krni_record_number(records, step, 0);
    else
        krni_record_nothing(records);
    krni_record_number(records, e.mean, decimals);
    krni_record_number(records, e.half, decimals);
    krni_record_number(records, e.n, 0);
}

static void add_groups(krni_records *records, const krni_run *run)
{
    char key[KRNI_WORD], from[3], to[3];
    for (uint32_t g = 0; g < run->setup->n_groups; g++) {
        const krn_sim_group *group = &run->setup->groups[g];
        krni_writer item;
        krni_writer_init(&item, run->arena);
        krn_country_text(group->from, from);
        krn_country_text(group->to, to);
        krni_writef(&item, "%s-%s", from, to);
        const row_head head = {"group", "", krni_writer_text(&item), group->way};
        for (unsigned k = 0; k < KRN_GROUP_MEASURE_COUNT; k++)
            add(records, &head, krn_arena_text(run->arena, krni_measure_key(k, key)), 0,
                krni_group(run, g, k), k < KRN_GROUP_MEAN_H ? 1 : 2);
    }
}

static void add_resource(krni_records *records, const krni_run *run, uint32_t r)
{
    const row_head head = {"resource",
                           krn_sim_resource_kind_name(krn_sim_resource_at(run->sim, r).kind),
                           krni_resource_id(run, r), krni_resource_name(run, r)},
                   week = {"week", head.kind, head.item, head.name};
    double used = 0;
    for (unsigned u = 0; u < KRN_USE_COUNT; u++) {
        const krn_estimate e = krni_use(run, r, (krn_sim_use)u);
        used += isnan(e.mean) ? 0 : fabs(e.mean);
        add(records, &head, krni_use_key((krn_sim_use)u), 0, e, u == KRN_USE_SHARE ? 4 : 2);
    }
    for (uint32_t w = 0; w < krn_sim_weeks(run->sim) && used > 0; w++) {
        add(records, &week, "use_share", w + 1, krni_week(run, r, w, KRN_WEEK_SHARE), 4);
        add(records, &week, "queue_t", w + 1, krni_week(run, r, w, KRN_WEEK_QUEUE_T), 1);
    }
}

static void add_unserved(krni_records *records, const krni_run *run)
{
    for (uint32_t i = 0; i < run->setup->n_unserved; i++) {
        const krn_sim_unserved *u = &run->setup->unserved[i];
        const krn_demand *d = &run->question->demand->rows[u->row];
        krni_writer ends;
        krni_writer_init(&ends, run->arena);
        krni_writef(&ends, "%s > %s",
                    krni_text(run->package, KRN_TABLE_NODE, d->origin, NODE_NODE_ID),
                    krni_text(run->package, KRN_TABLE_NODE, d->destination, NODE_NODE_ID));
        const row_head head = {
            "unserved",
            krni_text(run->package, KRN_TABLE_COMMODITY, d->commodity, COMMODITY_COMMODITY_ID),
            krni_writer_text(&ends), u->reason};
        add(records, &head, "year_t", 0, (krn_estimate){u->year_t, (double)NAN, 0}, 1);
    }
}

krn_status krni_simulate_csv(const krni_run *run, char **out, krn_error *err)
{
    const row_head total = {"total", "", "", ""}, day = {"day", "", "", "tonnes under way"};
    krni_records records;
    krni_writer w;
    krni_records_init(&records, run->arena, keys, sizeof keys / sizeof keys[0]);
    for (unsigned t = 0; t < KRN_TOTAL_COUNT; t++)
        add(&records, &total, krni_total_key((krn_sim_total)t), 0,
            krni_total(run, (krn_sim_total)t), krni_total_decimals((krn_sim_total)t));
    add_groups(&records, run);
    const uint32_t *order = krni_resources_by_loss(run);
    if (!order)
        records.failed = true;
    for (uint32_t i = 0; order && i < krn_sim_resources(run->sim); i++)
        add_resource(&records, run, order[i]);
    for (uint32_t d = 0; d < krn_sim_days(run->sim); d++)
        add(&records, &day, "under_way_t", d + 1,
            krn_ensemble_estimate(run->ensemble, krn_sim_day_at(run->sim, d)), 1);
    add_unserved(&records, run);
    krni_writer_init(&w, run->arena);
    krni_records_csv(&records, &w);
    return krni_writer_answer(&w, out, err);
}
