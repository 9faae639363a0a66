/* SPDX-License-Identifier: Apache-2.0 */
/* plan_query.c - options of `keruen plan` to a query. What --avoid and --require name may be a
 * place, a country, a border crossing or a carrier; a name that fits several kinds needs a prefix:
 *
 *   TM                country (two capital letters)      country:TM
 *   "Sarakhs"         place                              place:ir-sarakhs
 *   "Bolashak - ..."  crossing of border.csv             border:bolashak
 *   rzdl              agency of the timetable            carrier:rzdl */
#include "cli/plan_query.h"

#include <string.h>

#include "base/edit_distance.h"
#include "base/error.h"

typedef enum kind { PLACE, COUNTRY, BORDER, CARRIER, KINDS } kind;

static const char *const kind_names[KINDS] = {"place", "country", "border", "carrier"};

/* Lists under construction, one of each kind. */
typedef struct targets {
    uint32_t *nodes;
    krn_country *countries;
    const char **borders, **carriers;
    uint32_t n[KINDS];
} targets;

static krn_status targets_new(krn_arena *arena, uint32_t most, targets *out, krn_error *err)
{
    *out = (targets){.nodes = krn_arena_calloc(arena, most + 1u, sizeof(uint32_t)),
                     .countries = krn_arena_calloc(arena, most + 1u, sizeof(krn_country)),
                     .borders = krn_arena_calloc(arena, most + 1u, sizeof(char *)),
                     .carriers = krn_arena_calloc(arena, most + 1u, sizeof(char *))};
    return out->nodes && out->countries && out->borders && out->carriers ? KRN_OK
                                                                         : krni_fail_memory(err);
}

static const char *folded(krni_session *s, const char *text)
{
    krni_writer w;
    krni_writer_init(&w, s->arena);
    krni_fold(&w, text);
    const char *out = krni_writer_text(&w);
    return out ? out : "";
}

static bool begins(const char *text, const char *beginning)
{
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

/* Name of the crossing that a text means: the whole name, a row's id, or (loose) one of its sides;
 * NULL when none; *second is another one that fits as well, or NULL. */
static const char *find_border(krni_session *s, const char *text, bool loose, const char **second)
{
    const krn_package *package = krni_session_package(s);
    const int name = krn_package_column(package, KRN_TABLE_BORDER, "crossing"),
              id = krn_package_column(package, KRN_TABLE_BORDER, "border_id");
    const char *asked = folded(s, text), *found = NULL;
    *second = NULL;
    for (uint32_t i = 0; name >= 0 && id >= 0 && i < krn_package_rows(package, KRN_TABLE_BORDER);
         i++) {
        const char *crossing = krn_package_text(package, KRN_TABLE_BORDER, i, (uint32_t)name);
        const char *whole = folded(s, crossing), *side_b = strstr(crossing, " - ");
        const bool exact =
            strcmp(whole, asked) == 0 ||
            strcmp(krn_package_text(package, KRN_TABLE_BORDER, i, (uint32_t)id), text) == 0;
        const bool side = loose && *asked &&
                          (begins(whole, asked) || (side_b && begins(folded(s, side_b), asked)));
        if (exact) {
            *second = NULL;
            return crossing;
        }
        if (side && !found)
            found = crossing;
        else if (side && strcmp(found, crossing) != 0)
            *second = crossing;
    }
    return found;
}

static const char *find_carrier(krni_session *s, const char *text)
{
    const krn_package *package = krni_session_package(s);
    const int id = krn_package_column(package, KRN_TABLE_AGENCY, "agency_id"),
              name = krn_package_column(package, KRN_TABLE_AGENCY, "agency_name");
    const char *asked = folded(s, text);
    for (uint32_t i = 0; id >= 0 && name >= 0 && i < krn_package_rows(package, KRN_TABLE_AGENCY);
         i++) {
        const char *agency = krn_package_text(package, KRN_TABLE_AGENCY, i, (uint32_t)id);
        if (strcmp(agency, text) == 0 ||
            strcmp(folded(s, krn_package_text(package, KRN_TABLE_AGENCY, i, (uint32_t)name)),
                   asked) == 0)
            return agency;
    }
    return NULL;
}

static bool has_country(krni_session *s, krn_country country)
{
    const krn_package *package = krni_session_package(s);
    const int column = krn_package_column(package, KRN_TABLE_NODE, "kr_country");
    for (uint32_t i = 0; column >= 0 && i < krn_package_rows(package, KRN_TABLE_NODE); i++)
        if (krn_country_parse(krn_package_text(package, KRN_TABLE_NODE, i, (uint32_t)column)) ==
            country)
            return true;
    return false;
}

/* One target with a prefix. */
static krn_status add_named(krni_session *s, const char *option, kind k, const char *text,
                            targets *t, krn_error *err)
{
    const char *second = NULL;
    switch (k) {
    case PLACE: {
        const krn_status status = krni_session_place(s, text, &t->nodes[t->n[PLACE]], err);
        t->n[PLACE] += status == KRN_OK;
        return status;
    }
    case COUNTRY:
        t->countries[t->n[COUNTRY]] = krn_country_parse(text);
        if (!t->countries[t->n[COUNTRY]] || !has_country(s, t->countries[t->n[COUNTRY]]))
            return krni_fail(err, KRN_E_ARG,
                             "--%s country:%.40s: two capital letters of a country of the package "
                             "were expected (TM)",
                             option, text);
        t->n[COUNTRY]++;
        return KRN_OK;
    case BORDER:
        t->borders[t->n[BORDER]] = find_border(s, text, true, &second);
        if (second)
            return krni_fail(
                err, KRN_E_AMBIGUOUS,
                "--%s border:%.60s: several crossings begin so, \"%s\" and \"%s\"; the whole "
                "name was expected",
                option, text, t->borders[t->n[BORDER]], second);
        if (!t->borders[t->n[BORDER]])
            return krni_fail(err, KRN_E_NOT_FOUND,
                             "--%s border:%.60s: no crossing of border.csv is called so", option,
                             text);
        t->n[BORDER]++;
        return KRN_OK;
    default:
        t->carriers[t->n[CARRIER]] = find_carrier(s, text);
        if (!t->carriers[t->n[CARRIER]])
            return krni_fail(err, KRN_E_NOT_FOUND,
                             "--%s carrier:%.60s: no agency is called so; timetable/agency.txt of "
                             "the package lists them",
                             option, text);
        t->n[CARRIER]++;
        return KRN_OK;
    }
}

/* One target without a prefix: the one kind that knows it. */
static krn_status add_any(krni_session *s, const char *option, const char *text, targets *t,
                          krn_error *err)
{
    bool fits[KINDS];
    const char *second = NULL;
    uint32_t node = KRN_NO_ROW, n = 0;
    krn_error miss = {0};
    const krn_country country = krn_country_parse(text);
    fits[COUNTRY] = country && has_country(s, country);
    fits[PLACE] = krni_session_place(s, text, &node, &miss) == KRN_OK;
    fits[BORDER] = find_border(s, text, false, &second) != NULL;
    fits[CARRIER] = find_carrier(s, text) != NULL;
    for (unsigned k = 0; k < KINDS; k++)
        n += fits[k];
    if (fits[COUNTRY])
        return add_named(s, option, COUNTRY, text, t, err);
    if (n == 0)
        return krni_fail(err, KRN_E_NOT_FOUND,
                         "--%s: no country, crossing or carrier is \"%.60s\", and %s", option, text,
                         miss.text);
    for (unsigned k = 0; k < KINDS; k++)
        if (fits[k] && n == 1)
            return add_named(s, option, (kind)k, text, t, err);
    krni_writer w;
    krni_writer_init(&w, s->arena);
    for (unsigned k = 0, told = 0; k < KINDS; k++)
        if (fits[k])
            krni_writef(&w, "%s%s:%s", told++ ? " or " : "", kind_names[k], text);
    const char *choices = krni_writer_text(&w);
    return krni_fail(err, KRN_E_AMBIGUOUS, "--%s %.60s means several things: write %s", option,
                     text, choices ? choices : "a prefix");
}

static krn_status read_targets(krni_session *s, const char *option, targets *t, krn_error *err)
{
    uint32_t n = 0;
    const char *const *list = krni_given_list(s->arguments, option, &n);
    krn_status status = list ? targets_new(s->arena, n, t, err) : krni_fail_memory(err);
    for (uint32_t i = 0; i < n && status == KRN_OK; i++) {
        unsigned k = 0;
        size_t length = 0;
        for (; k < KINDS; k++) {
            length = strlen(kind_names[k]);
            if (strncmp(list[i], kind_names[k], length) == 0 && list[i][length] == ':')
                break;
        }
        status = k < KINDS ? add_named(s, option, (kind)k, list[i] + length + 1, t, err)
                           : add_any(s, option, list[i], t, err);
    }
    return status;
}

krn_status krni_plan_options(krni_session *s, krn_plan_query *out, krn_error *err)
{
    const krni_arguments *a = s->arguments;
    targets avoid, require;
    krn_plan_query_init(out);
    out->consignment.ready = out->consignment.due = out->arrive_by = KRN_TIME_NONE;
    out->consignment.loading_unit = KRN_NO_ROW;
    out->modes = krni_given_mask(a, "modes", out->modes);
    out->criteria = krni_given_mask(a, "criteria", out->criteria) | 1u << KRN_ARRIVAL;
    out->epsilon_share = krni_given_number(a, "epsilon", out->epsilon_share);
    out->max_routes = (uint32_t)krni_given_number(a, "max", out->max_routes);
    out->samples = (uint32_t)krni_given_number(a, "samples", out->samples);
    out->seed = (uint64_t)krni_given_number(a, "seed", (double)out->seed);
    krn_status status = read_targets(s, "avoid", &avoid, err);
    if (status == KRN_OK)
        status = read_targets(s, "require", &require, err);
    if (status)
        return status;
    if (require.n[PLACE] > 6)
        return krni_fail(err, KRN_E_ARG, "--require: at most six places");
    out->avoid_nodes = avoid.nodes;
    out->n_avoid_nodes = avoid.n[PLACE];
    out->avoid_countries = avoid.countries;
    out->n_avoid_countries = avoid.n[COUNTRY];
    out->avoid_borders = avoid.borders;
    out->n_avoid_borders = avoid.n[BORDER];
    out->avoid_carriers = avoid.carriers;
    out->n_avoid_carriers = avoid.n[CARRIER];
    out->require_nodes = require.nodes;
    out->n_require_nodes = require.n[PLACE];
    out->require_countries = require.countries;
    out->n_require_countries = require.n[COUNTRY];
    out->require_borders = require.borders;
    out->n_require_borders = require.n[BORDER];
    out->require_carriers = require.carriers;
    out->n_require_carriers = require.n[CARRIER];
    return KRN_OK;
}

static krn_status read_time(krni_session *s, const char *what, const char *text, uint32_t node,
                            bool end_of_day, krn_time *out, krn_error *err)
{
    *out = KRN_TIME_NONE;
    if (!text)
        return KRN_OK;
    if (krn_time_parse(krn_network_calendars(s->network), node, text, end_of_day, out, NULL))
        return krni_fail(err, KRN_E_ARG,
                         "%s %.40s: a date of the years 1900 to 2199, as 2026-12-01 or "
                         "2026-12-01T08:30, was expected",
                         what, text);
    return KRN_OK;
}

krn_status krni_plan_times(krni_session *s, const char *ready, const char *due,
                           const char *arrive_by, krn_plan_query *q, krn_error *err)
{
    krn_consignment *c = &q->consignment;
    char day[16];
    if (!ready && !arrive_by) {
        int year, month, day_of_month;
        krn_day_to_civil(s->day, &year, &month, &day_of_month);
        (void)snprintf(day, sizeof day, "%04d-%02d-%02d", year % 10000, month % 100,
                       day_of_month % 100);
        ready = day;
    }
    krn_status status = read_time(s, "--ready", ready, c->origin, false, &c->ready, err);
    if (status == KRN_OK)
        status = read_time(s, "--due", due, c->destination, true, &c->due, err);
    if (status == KRN_OK)
        status = read_time(s, "--arrive-by", arrive_by, c->destination, true, &q->arrive_by, err);
    if (status == KRN_OK && c->ready != KRN_TIME_NONE && c->due != KRN_TIME_NONE &&
        c->due < c->ready)
        status = krni_fail(err, KRN_E_ARG, "due %s lies before ready %s", due, ready);
    if (status == KRN_OK && c->ready != KRN_TIME_NONE && q->arrive_by != KRN_TIME_NONE &&
        q->arrive_by < c->ready)
        status = krni_fail(err, KRN_E_ARG, "arrive by %s lies before ready %s", arrive_by, ready);
    return status;
}
