/* SPDX-License-Identifier: Apache-2.0 */
/* simulate_json.c - the answer of a simulation as JSON, shape of docs/simulate.schema.json. Every
 * figure over replications is {"mean", "half", "n"}: half of its 95 % interval, and how many
 * replications tell it; series are arrays of means and of halves. */
#include <math.h>
#include <stdio.h>

#include "base/error.h"
#include "model/tables.h"
#include "report/plan_page.h"
#include "report/records.h"
#include "report/simulate_page.h"

/* The document under construction; a failed allocation anywhere fails the whole. */
typedef struct maker {
    const krni_run *run;
    bool failed;
} maker;

static void set(maker *m, json_t *object, const char *key, json_t *value)
{
    krni_json_set(object, key, value, &m->failed);
}

static void set_text(maker *m, json_t *object, const char *key, const char *text)
{
    set(m, object, key, krni_json_text_or_null(text));
}

static void set_number(maker *m, json_t *object, const char *key, double value, int decimals)
{
    set(m, object, key, krni_json_number(value, decimals));
}

static void set_estimate(maker *m, json_t *object, const char *key, krn_estimate e, int decimals)
{
    json_t *one = json_object();
    set_number(m, one, "mean", e.mean, decimals);
    set_number(m, one, "half", e.half, decimals);
    set_number(m, one, "n", e.n, 0);
    set(m, object, key, one);
}

static json_t *instant(krn_time at)
{
    char text[KRNI_WORD];
    int year, month, day_of_month;
    krn_time day = at / KRN_SECONDS_PER_DAY, second = at % KRN_SECONDS_PER_DAY;
    if (second < 0) {
        second += KRN_SECONDS_PER_DAY;
        day--;
    }
    krn_day_to_civil((int32_t)day, &year, &month, &day_of_month);
    (void)snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, day_of_month,
                   (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
    return krni_json_text(text);
}

static json_t *country(krn_country c)
{
    char text[3];
    krn_country_text(c, text);
    return c ? krni_json_text(text) : json_null();
}

static const char *key_of(const krn_package *p, krn_table table, uint32_t row)
{
    if (row == KRN_NO_ROW || table >= KRN_TABLE_COUNT || krni_schema(table)->key < 0)
        return "";
    return krni_text(p, table, row, krni_schema(table)->key);
}

/* ---- what was asked ---- */

static json_t *event_object(maker *m, uint32_t index)
{
    static const char *const kinds[] = {"close", "capacity", "ban"};
    const krn_package *p = m->run->package;
    const krn_sim_event *e = &m->run->question->events[index];
    json_t *object = json_object();
    set_text(m, object, "kind", kinds[e->kind]);
    set(m, object, "from", instant(e->from));
    set(m, object, "to", instant(e->to));
    set_text(m, object, "table", krn_table_file(e->table));
    set_text(m, object, "id", key_of(p, e->table, e->row));
    set_number(m, object, "share", e->kind == KRN_SIM_CAPACITY ? e->share : (double)NAN, 6);
    set_text(m, object, "commodity",
             e->kind == KRN_SIM_BAN ? key_of(p, KRN_TABLE_COMMODITY, e->commodity) : "");
    const char *text = krni_event_text(m->run, index);
    if (!text)
        m->failed = true;
    set_text(m, object, "text", text);
    return object;
}

static json_t *query_object(maker *m)
{
    const krn_sim_question *q = m->run->question;
    char day[KRNI_WORD];
    uint32_t n = 0;
    json_t *object = json_object(), *measures = json_array(), *events = json_array();
    set(m, object, "start", instant(q->start));
    set(m, object, "end", instant(q->start + (krn_time)(q->days * KRN_SECONDS_PER_DAY)));
    set_number(m, object, "days", q->days, 3);
    set_number(m, object, "warmup_d", q->warmup_d, 3);
    set_number(m, object, "replications", krn_ensemble_size(m->run->ensemble), 0);
    set(m, object, "seed", json_integer((json_int_t)q->seed));
    set_text(m, object, "routing", krni_routing_name(q->routing));
    set_number(m, object, "most_ways", q->most_ways, 0);
    set(m, object, "demand_year", q->demand->year ? json_integer(q->demand->year) : json_null());
    set_number(m, object, "demand_scale", q->demand_share, 6);
    set(m, object, "typical", json_boolean(q->typical));
    set(m, object, "unlimited", json_boolean(q->unlimited));
    set_text(m, object, "date", krni_day_text(krn_network_day(m->run->network), day));
    const uint32_t *rows = krni_measures_at_work(m->run->package, m->run->arena, &n);
    if (!rows)
        m->failed = true;
    for (uint32_t i = 0; rows && i < n; i++)
        krni_json_append(measures,
                         krni_json_text(key_of(m->run->package, KRN_TABLE_MEASURE, rows[i])),
                         &m->failed);
    set(m, object, "measures", measures);
    for (uint32_t i = 0; i < q->n_events; i++)
        krni_json_append(events, event_object(m, i), &m->failed);
    set(m, object, "events", events);
    return object;
}

static json_t *demand_object(maker *m)
{
    const krn_sim_setup *s = m->run->setup;
    const krn_package *p = m->run->package;
    json_t *object = json_object(), *unserved = json_array();
    set_number(m, object, "asked_t", s->asked_t, 3);
    set_number(m, object, "unserved_t", s->unserved_t, 3);
    set_number(m, object, "streams", s->input.n_streams, 0);
    set_number(m, object, "ways", s->n_ways, 0);
    set_number(m, object, "outside", s->n_outside, 0);
    set(m, object, "planned_for", instant(s->planned_for));
    set_text(m, object, "quality", krn_quality_name(s->quality));
    for (uint32_t i = 0; i < s->n_unserved; i++) {
        const krn_sim_unserved *u = &s->unserved[i];
        const krn_demand *d = &m->run->question->demand->rows[u->row];
        json_t *one = json_object();
        set_text(m, one, "commodity", key_of(p, KRN_TABLE_COMMODITY, d->commodity));
        set_text(m, one, "origin", key_of(p, KRN_TABLE_NODE, d->origin));
        set_text(m, one, "destination", key_of(p, KRN_TABLE_NODE, d->destination));
        set_number(m, one, "year_t", u->year_t, 3);
        set_text(m, one, "reason", u->reason);
        krni_json_append(unserved, one, &m->failed);
    }
    set(m, object, "unserved", unserved);
    return object;
}

/* ---- what came of it ---- */

static int measure_decimals(unsigned measure)
{
    return measure < KRN_GROUP_MEAN_H ? 1 : 2;
}

static json_t *group_object(maker *m, uint32_t index)
{
    const krn_sim_group *g = &m->run->setup->groups[index];
    char key[KRNI_WORD];
    json_t *object = json_object();
    set(m, object, "from", country(g->from));
    set(m, object, "to", country(g->to));
    set_text(m, object, "way", g->way);
    set_number(m, object, "ways", g->n_ways, 0);
    set_number(m, object, "planned_t", g->planned_t, 3);
    set_number(m, object, "free_flow_h", g->free_flow_h, 2);
    for (unsigned k = 0; k < KRN_GROUP_MEASURE_COUNT; k++)
        set_estimate(m, object, krni_measure_key(k, key), krni_group(m->run, index, k),
                     measure_decimals(k));
    return object;
}

static void append_relations(maker *m, json_t *array)
{
    static const unsigned sums[] = {KRN_GROUP_DELIVERED_T, KRN_GROUP_TEU, KRN_GROUP_LOTS},
                          means[] = {KRN_GROUP_MEAN_H, KRN_GROUP_PRICE_USD_T, KRN_GROUP_WTW_KG_T};
    const krn_sim_setup *s = m->run->setup;
    char key[KRNI_WORD];
    const uint32_t *order = krni_groups_by_tonnes(m->run);
    if (!order)
        m->failed = true;
    for (uint32_t first = 0, n; order && first < s->n_groups; first += n) {
        json_t *object = json_object();
        double planned_t = 0;
        n = krni_relation_size(m->run, first);
        for (uint32_t g = first; g < first + n; g++)
            planned_t += s->groups[g].planned_t;
        set(m, object, "from", country(s->groups[first].from));
        set(m, object, "to", country(s->groups[first].to));
        set_number(m, object, "planned_t", planned_t, 3);
        for (unsigned k = 0; k < 3; k++)
            set_estimate(m, object, krni_measure_key(sums[k], key),
                         krni_groups_sum(m->run, order + first, n, sums[k]), 1);
        for (unsigned k = 0; k < 3; k++)
            set_estimate(m, object, krni_measure_key(means[k], key),
                         krni_groups_mean(m->run, order + first, n, means[k]), 2);
        krni_json_append(array, object, &m->failed);
    }
}

static json_t *series(maker *m, uint32_t resource, krn_sim_week what, int decimals)
{
    json_t *object = json_object(), *means = json_array(), *halves = json_array();
    for (uint32_t w = 0; w < krn_sim_weeks(m->run->sim); w++) {
        const krn_estimate e = krni_week(m->run, resource, w, what);
        krni_json_append(means, krni_json_number(e.mean, decimals), &m->failed);
        krni_json_append(halves, krni_json_number(e.half, decimals), &m->failed);
    }
    set(m, object, "mean", means);
    set(m, object, "half", halves);
    return object;
}

static json_t *resource_object(maker *m, uint32_t index)
{
    static const int decimals[KRN_USE_COUNT] = {4, 1, 2, 1, 1, 1, 2, 2, 1, 1};
    const krni_run *run = m->run;
    const krn_sim_resource r = krn_sim_resource_at(run->sim, index);
    json_t *object = json_object();
    const char *name = krni_resource_name(run, index);
    if (!name)
        m->failed = true;
    set_text(m, object, "kind", krn_sim_resource_kind_name(r.kind));
    set_text(m, object, "id", krni_resource_id(run, index));
    set_text(m, object, "table",
             r.figure.table < KRN_TABLE_COUNT ? krn_table_file((krn_table)r.figure.table) : "");
    set_text(m, object, "name", name);
    set_text(m, object, "from_node", key_of(run->package, KRN_TABLE_NODE, r.from_node));
    set_text(m, object, "to_node", key_of(run->package, KRN_TABLE_NODE, r.to_node));
    set(m, object, "from_country", country(r.from));
    set(m, object, "to_country", country(r.to));
    set_number(m, object, "capacity", r.capacity, 2);
    set_number(m, object, "rate_a_day", r.rate_a_day, 3);
    set_text(m, object, "unit", r.unit);
    double used = 0;
    for (unsigned u = 0; u < KRN_USE_COUNT; u++) {
        const krn_estimate e = krni_use(run, index, (krn_sim_use)u);
        used += isnan(e.mean) ? 0 : fabs(e.mean);
        set_estimate(m, object, krni_use_key((krn_sim_use)u), e, decimals[u]);
    }
    if (used > 0) {
        json_t *weeks = json_object();
        set(m, weeks, "use_share", series(m, index, KRN_WEEK_SHARE, 4));
        set(m, weeks, "queue_t", series(m, index, KRN_WEEK_QUEUE_T, 1));
        set(m, object, "weeks", weeks);
    } else
        set(m, object, "weeks", json_null());
    return object;
}

static json_t *days_object(maker *m)
{
    const krni_run *run = m->run;
    json_t *object = json_object(), *means = json_array(), *halves = json_array();
    for (uint32_t d = 0; d < krn_sim_days(run->sim); d++) {
        const krn_estimate e = krn_ensemble_estimate(run->ensemble, krn_sim_day_at(run->sim, d));
        krni_json_append(means, krni_json_number(e.mean, 1), &m->failed);
        krni_json_append(halves, krni_json_number(e.half, 1), &m->failed);
    }
    set(m, object, "mean", means);
    set(m, object, "half", halves);
    return object;
}

static json_t *verdict_object(maker *m)
{
    const krni_run *run = m->run;
    bool too_short = false;
    double worst_t = 0;
    const double cut_d = krn_ensemble_warmup_d(run->ensemble, &too_short);
    const krn_estimate t = krni_total(run, KRN_TOTAL_DELIVERED_T),
                       h = krni_groups_mean(run, NULL, run->setup->n_groups, KRN_GROUP_MEAN_H);
    for (uint32_t i = 0; i < krn_ensemble_size(run->ensemble); i++) {
        const double lost_t = fabs(
            krn_ensemble_metrics(run->ensemble, i)[krn_sim_total_at(run->sim, KRN_TOTAL_LOST_T)]);
        worst_t = lost_t > worst_t || isnan(lost_t) ? lost_t : worst_t;
    }
    json_t *object = json_object();
    set_number(m, object, "mser5_warmup_d", cut_d, 1);
    set(m, object, "too_short", json_boolean(too_short));
    set(m, object, "warmup_enough", json_boolean(!too_short && cut_d <= run->question->warmup_d));
    set_number(m, object, "tonnes_precision_share", t.mean > 0 ? t.half / t.mean : (double)NAN, 6);
    set_number(m, object, "hours_precision_share", h.mean > 0 ? h.half / h.mean : (double)NAN, 6);
    const double asked_share = run->simulation->precision_share;
    set_number(m, object, "precision_asked_share", asked_share > 0 ? asked_share : (double)NAN, 6);
    set(m, object, "precision_reached", json_boolean(krn_ensemble_precise(run->ensemble)));
    set_number(m, object, "most_unaccounted_t", worst_t, 6);
    return object;
}

krn_status krni_simulate_json(const krni_run *run, char **out, krn_error *err)
{
    maker m = {run, false};
    json_t *root = json_object(), *totals = json_object(), *relations = json_array(),
           *groups = json_array(), *resources = json_array();
    set(&m, root, "query", query_object(&m));
    set(&m, root, "demand", demand_object(&m));
    for (unsigned t = 0; t < KRN_TOTAL_COUNT; t++)
        set_estimate(&m, totals, krni_total_key((krn_sim_total)t),
                     krni_total(run, (krn_sim_total)t), krni_total_decimals((krn_sim_total)t));
    set(&m, root, "totals", totals);
    append_relations(&m, relations);
    set(&m, root, "relations", relations);
    for (uint32_t g = 0; g < run->setup->n_groups; g++)
        krni_json_append(groups, group_object(&m, g), &m.failed);
    set(&m, root, "groups", groups);
    const uint32_t n = krn_sim_resources(run->sim);
    const uint32_t *order = krni_resources_by_loss(run);
    if (!order)
        m.failed = true;
    for (uint32_t i = 0; order && i < n; i++)
        krni_json_append(resources, resource_object(&m, order[i]), &m.failed);
    set(&m, root, "resources", resources);
    set(&m, root, "under_way_t", days_object(&m));
    set(&m, root, "verdict", verdict_object(&m));
    return krni_json_write(root, m.failed, run->arena, out, err);
}
