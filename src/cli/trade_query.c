/* SPDX-License-Identifier: Apache-2.0 */
/* trade_query.c - options of assign and invest to a question about the trade of a year.
 *
 *   --year 2030      flows of the latest year not after it; tariffs, rules, measures of 2030-07-01
 *   no year          the latest year of the flows
 *   --demand FILE    own rows; the year is then that of tariffs alone */
#include "cli/trade_query.h"

#include "base/error.h"
#include "cli/demand_query.h"

#define USUAL_WAYS 8
#define USUAL_GAP  1e-6
#define MID_MONTH  7 /* the day of a year's tariffs: 1 July */

/* The latest year of flow.csv that is not after one; 0: there is none. */
static krn_status latest_year(const krn_package *package, int not_after, krn_arena *arena,
                              int *out_year, krn_error *err)
{
    uint32_t n = 0;
    int *years = NULL;
    const krn_status status = krn_demand_years(package, arena, &n, &years, err);
    *out_year = 0;
    for (uint32_t i = 0; !status && i < n; i++)
        if (years[i] <= not_after)
            *out_year = years[i];
    return status;
}

/* Called when tables were read and neither a year nor a day was given. */
static krn_status day_of_flows(krni_session *s, krn_error *err)
{
    int year = 0;
    const krn_status status = latest_year(s->base, INT32_MAX, s->arena, &year, err);
    if (!status && year)
        s->day = krn_day_from_civil(year, MID_MONTH, 1);
    return status;
}

krn_status krni_trade_day(krni_session *s, krn_error *err)
{
    bool given = false;
    const int year = (int)krni_given_number(s->arguments, "year", 0);
    const krn_status status = krni_session_day(s, "date", &s->day, &given, err);
    if (status || given)
        return status;
    if (year)
        s->day = krn_day_from_civil(year, MID_MONTH, 1);
    else
        s->choose_day = day_of_flows;
    return KRN_OK;
}

krn_status krni_trade_demand(krni_session *s, const krn_demand_list **out, int *out_year,
                             krn_error *err)
{
    const char *file = krni_given_text(s->arguments, "demand");
    krn_demand_list *list = krn_arena_calloc(s->arena, 1, sizeof *list);
    const int asked = (int)krni_given_number(s->arguments, "year", 0);
    int year = 0;
    if (!list)
        return krni_fail_memory(err);
    *out = list;
    *out_year = asked;
    if (file)
        return krni_own_demand(s, file, list, err);
    krn_status status =
        latest_year(krni_session_package(s), asked ? asked : INT32_MAX, s->arena, &year, err);
    if (!status) /* none before it: the failure names the years known */
        status =
            krn_demand_of_year(krni_session_package(s), year ? year : asked, s->arena, list, err);
    if (!status && !asked)
        *out_year = list->year;
    return status;
}

krn_trade_question krni_trade_question(const krni_session *s)
{
    static const krn_trade_method methods[] = {KRN_TRADE_USER,           KRN_TRADE_SYSTEM,
                                               KRN_TRADE_ALL_OR_NOTHING, KRN_TRADE_LOGIT,
                                               KRN_TRADE_PATH_SIZE,      KRN_TRADE_STOCHASTIC};
    const krni_arguments *a = s->arguments;
    return (krn_trade_question){.demand_share = krni_given_number(a, "demand-scale", 1),
                                .method = methods[krni_given_choice(a, "method", 0)],
                                .hard_capacity = krni_given_flag(a, "capacity"),
                                .gap_share = krni_given_number(a, "gap", USUAL_GAP),
                                .max_iterations = (uint32_t)krni_given_number(a, "iterations", 0),
                                .most_ways = (uint32_t)krni_given_number(a, "ways", USUAL_WAYS),
                                .emission_usd_t = krni_given_number(a, "emission-price", 0),
                                .ready = (krn_time)s->day * KRN_SECONDS_PER_DAY,
                                .n_threads = (unsigned)krni_given_number(a, "threads", 0)};
}
