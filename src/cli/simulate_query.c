/* SPDX-License-Identifier: Apache-2.0 */
/* simulate_query.c - options of `keruen simulate` to a question about the running corridor.
 *
 *     warm-up, not counted        counted
 *   |-----------------------|-----------------------------------|
 *                           --from                  --from + --days
 *
 * The period is in UTC. Without --from it begins on the first of January after the day on which the
 * package was last looked at, so that the same package answers the same whatever the day is. */
#include "cli/simulate_query.h"

#include <string.h>

#include "base/error.h"
#include "cli/demand_query.h"

#define USUAL_DAYS         365
#define USUAL_WARMUP       90
#define USUAL_REPLICATIONS 10
#define USUAL_WAYS         8

/* First of January after the day of the package. */
static krn_status next_january(const krni_session *s, int32_t *out_day, krn_error *err)
{
    const krn_package *package = krni_session_package(s);
    const int column = krn_package_column(package, KRN_TABLE_CONFIG, "kr_date");
    int32_t day = 0;
    if (column < 0 || !krn_package_rows(package, KRN_TABLE_CONFIG) ||
        krn_day_parse(krn_package_text(package, KRN_TABLE_CONFIG, 0, (uint32_t)column), &day, NULL))
        return krni_fail(err, KRN_E_DATA,
                         "config.csv: kr_date: blank: --from DATE tells when the run begins");
    int year, month, day_of_month;
    krn_day_to_civil(day, &year, &month, &day_of_month);
    *out_day = krn_day_from_civil(year + 1, 1, 1);
    return KRN_OK;
}

static krn_status day_of_package(krni_session *s, krn_error *err)
{
    return next_january(s, &s->day, err);
}

krn_status krni_simulate_day(krni_session *s, krn_error *err)
{
    bool given = false;
    krn_status status = krni_session_day(s, "date", &s->day, &given, err);
    if (status == KRN_OK && !given)
        status = krni_session_day(s, "from", &s->day, &given, err);
    if (status == KRN_OK && !given)
        s->choose_day = day_of_package;
    return status;
}

static krn_status read_period(const krni_session *s, krn_sim_question *q, krn_error *err)
{
    const krni_arguments *a = s->arguments;
    bool given = false;
    int32_t day = 0;
    krn_status status = krni_session_day(s, "from", &day, &given, err);
    if (status == KRN_OK && !given)
        status = next_january(s, &day, err);
    q->start = (krn_time)day * KRN_SECONDS_PER_DAY;
    q->days = krni_given_number(a, "days", USUAL_DAYS);
    q->warmup_d = krni_given_number(a, "warmup", USUAL_WARMUP);
    return status;
}

static krn_status read_events(krni_session *s, krn_sim_question *q, krn_error *err)
{
    uint32_t n = 0, most = 0;
    const char *const *texts = krni_given_list(s->arguments, "event", &n);
    krn_sim_event *all = NULL;
    if (!texts)
        return krni_fail_memory(err);
    krn_status status = n ? krni_session_places(s, err) : KRN_OK;
    const krn_time begin = q->start - (krn_time)(q->warmup_d * KRN_SECONDS_PER_DAY),
                   end = q->start + (krn_time)(q->days * KRN_SECONDS_PER_DAY);
    for (uint32_t i = 0; i < n && status == KRN_OK; i++) {
        krn_sim_event *one = NULL;
        uint32_t n_one = 0;
        status = krn_sim_event_read(s->network, s->places, texts[i], begin, end, s->arena, &one,
                                    &n_one, err);
        if (status == KRN_OK && q->n_events + n_one > most) {
            most = 2 * (q->n_events + n_one);
            krn_sim_event *grown = krn_arena_calloc(s->arena, most, sizeof *grown);
            if (!grown)
                return krni_fail_memory(err);
            if (q->n_events)
                memcpy(grown, all, q->n_events * sizeof *grown);
            all = grown;
        }
        for (uint32_t k = 0; k < n_one && status == KRN_OK; k++)
            all[q->n_events++] = one[k];
    }
    q->events = all;
    return status;
}

krn_status krni_simulate_question(krni_session *s, krn_sim_question *out, krn_error *err)
{
    const krni_arguments *a = s->arguments;
    *out = (krn_sim_question){
        .routing = (krn_sim_routing)krni_given_choice(a, "routing", KRN_ROUTING_ADAPTIVE),
        .most_ways = (uint32_t)krni_given_number(a, "ways", USUAL_WAYS),
        .demand_share = krni_given_number(a, "demand-scale", 1),
        .seed = (uint64_t)krni_given_number(a, "seed", 1),
        .typical = krni_given_flag(a, "typical"),
        .unlimited = krni_given_flag(a, "unlimited"),
        .n_threads = (unsigned)krni_given_number(a, "threads", 0)};
    krn_status status = read_period(s, out, err);
    if (status == KRN_OK)
        status = read_events(s, out, err);
    return status ? status : krni_session_demand(s, &out->demand, err);
}

const char *krni_simulate_question_text(const krni_session *s, const krn_sim_question *q)
{
    static const char *const routings[] = {"best", "logit", "adaptive"};
    krni_writer w;
    krni_writer_init(&w, s->arena);
    krni_writef(&w, "{\"start\": %lld, \"days\": %.0f, \"warmup_d\": %.0f, ", (long long)q->start,
                q->days, q->warmup_d);
    krni_writef(&w, "\"routing\": \"%s\", \"most_ways\": %u, \"demand_year\": %d, ",
                routings[q->routing], q->most_ways, q->demand->year);
    krni_writef(&w, "\"demand_rows\": %u, \"demand_scale\": ", q->demand->n);
    krni_write_number(&w, q->demand_share, 6, false);
    krni_writef(&w, ", \"events\": %u, \"typical\": %s, \"unlimited\": %s}", q->n_events,
                q->typical ? "true" : "false", q->unlimited ? "true" : "false");
    return krni_writer_text(&w);
}

krn_status krni_simulate_replications(const krni_session *s, krn_ensemble_options *out,
                                      krn_error *err)
{
    const krni_arguments *a = s->arguments;
    const double usual = krni_given_flag(a, "typical") ? 1 : USUAL_REPLICATIONS;
    *out = (krn_ensemble_options){
        .replications = (uint32_t)krni_given_number(a, "replications", usual),
        .precision_share = krni_given_number(a, "precision", 0),
        .max_replications = (uint32_t)krni_given_number(a, "max-replications", 0),
        .n_threads = (unsigned)krni_given_number(a, "threads", 0)};
    if (out->max_replications && !(out->precision_share > 0))
        return krni_fail(err, KRN_E_ARG, "--max-replications bounds what --precision asks for");
    if (out->max_replications && out->max_replications < out->replications)
        return krni_fail(err, KRN_E_ARG, "--max-replications %u is less than --replications %u",
                         out->max_replications, out->replications);
    return KRN_OK;
}
