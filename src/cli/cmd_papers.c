/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_papers.c - keruen papers ORIGIN DESTINATION: every paper of a consignment without a route
 * search. Countries passed are those of the ends and of --via; conditions on a way that is not
 * known count as met. */
#include "cli/session.h"

#include "base/error.h"

static const krni_option options[] = {
    {.name = "commodity",
     .letter = 'c',
     .kind = KRNI_OPT_TEXT,
     .value = "WHAT",
     .help = "what is moved: id, name in any language, or HS code (required)"},
    {.name = "tonnes",
     .letter = 't',
     .kind = KRNI_OPT_NUMBER,
     .value = "N",
     .min = 0.001,
     .max = 10000000,
     .help = "net tonnes; 1 is the default"},
    {.name = "units",
     .letter = 'u',
     .kind = KRNI_OPT_TEXT,
     .value = "20x42G1",
     .help = "count and loading unit"},
    {.name = "mode",
     .letter = 'm',
     .kind = KRNI_OPT_CHOICES,
     .value = "MODES",
     .choices = "rail|road|sea",
     .help = "modes that it goes by; all by default"},
    {.name = "via",
     .kind = KRNI_OPT_LIST,
     .value = "CC,CC",
     .help = "countries on the way, in order"},
    {.name = "driver",
     .kind = KRNI_OPT_TEXT,
     .value = "CC",
     .help = "nationality of drivers and crews"},
    {.name = "date", .kind = KRNI_OPT_DATE, .value = "DATE", .help = "day of the rules; today"},
    {.name = "with", .kind = KRNI_OPT_LIST, .value = "ID|FILE", .help = "measures switched on"},
    {.name = "without", .kind = KRNI_OPT_LIST, .value = "ID", .help = "measures switched off"},
    {0},
};

static const krni_example examples[] = {
    {"papers kz-kostanay IRTHR --commodity barley --mode rail --via TM --date 2026-12-01",
     "what barley needs by rail through Turkmenistan"},
    {0},
};

const krni_verb_words krni_words_papers = {
    .name = "papers",
    .line = "lists every document between two places by mode and commodity",
    .arguments = {{.name = "ORIGIN", .required = true, .help = "place by id, code or name"},
                  {.name = "DESTINATION", .required = true, .help = "place by id, code or name"}},
    .options = options,
    .examples = examples,
};

static krn_country country_of(const krn_package *package, uint32_t node)
{
    const int column = krn_package_column(package, KRN_TABLE_NODE, "kr_country");
    return column < 0 ? 0
                      : krn_country_parse(
                            krn_package_text(package, KRN_TABLE_NODE, node, (uint32_t)column));
}

/* Countries in order without repeats: origin, --via, destination. */
static krn_status countries_passed(krni_session *s, const krn_consignment *c, krn_country **out,
                                   uint32_t *out_n, krn_error *err)
{
    const krn_package *package = krni_session_package(s);
    krn_country *via = NULL;
    uint32_t n_via = 0, n = 0;
    const krn_status status = krni_session_countries(s, "via", &via, &n_via, err);
    if (status)
        return status;
    krn_country *list = krn_arena_calloc(s->arena, n_via + 2u, sizeof *list);
    if (!list)
        return krni_fail_memory(err);
    list[n++] = country_of(package, c->origin);
    for (uint32_t i = 0; i < n_via; i++)
        if (via[i] != list[n - 1])
            list[n++] = via[i];
    if (country_of(package, c->destination) != list[n - 1])
        list[n++] = country_of(package, c->destination);
    *out = list;
    *out_n = n;
    return KRN_OK;
}

static uint32_t make_points(const krn_consignment *c, const krn_country *countries, uint32_t n,
                            unsigned modes, krn_rule_point *points)
{
    uint32_t k = 0;
    for (unsigned m = 0; m < KRN_MODE_COUNT; m++) {
        if (!(modes & (1u << m)))
            continue;
        const krn_rule_point base = {
            .mode = (krn_mode)m, .node = KRN_NO_ROW, .leg = KRN_NO_ROW, .at = KRN_TIME_NONE};
        points[k] = base;
        points[k].gate = KRN_GATE_DEPARTURE;
        points[k].country = countries[0];
        points[k++].node = c->origin;
        if (m == KRN_SEA) {
            points[k] = base;
            points[k].gate = KRN_GATE_LOAD_SEA;
            points[k++].country = countries[0];
        }
        for (uint32_t i = 0; i + 1 < n; i++) {
            points[k] = base;
            points[k].gate = KRN_GATE_LEAVE;
            points[k].country = countries[i];
            points[k++].other = countries[i + 1];
            points[k] = base;
            points[k].gate = KRN_GATE_ENTER;
            points[k].country = countries[i + 1];
            points[k++].other = countries[i];
        }
        points[k] = base;
        points[k].gate = KRN_GATE_DELIVERY;
        points[k].country = countries[n - 1];
        points[k++].node = c->destination;
    }
    return k;
}

static krn_status collect(krni_session *s, krn_consignment *c, krn_paper_list *papers,
                          krn_error *err)
{
    int gauges[KRN_MAX_GAUGES];
    const krn_package *package = krni_session_package(s);
    const int n_gauges = krn_network_gauges(s->network, gauges);
    krn_load load;
    krn_country *countries = NULL;
    uint32_t n = 0;
    krn_status status = krn_cargo_load(package, c, gauges, n_gauges, &load, err);
    if (status == KRN_OK)
        status = countries_passed(s, c, &countries, &n, err);
    if (status)
        return status;
    c->net_t = load.net_t;
    const krn_rule_case question = {.consignment = c,
                                    .load = &load,
                                    .origin = countries[0],
                                    .destination = countries[n - 1],
                                    .day = s->day,
                                    .countries = countries,
                                    .n_countries = n};
    krn_rule_point *points =
        krn_arena_calloc(s->arena, (size_t)KRN_MODE_COUNT * (2u * n + 3u), sizeof *points);
    if (!points)
        return krni_fail_memory(err);
    const unsigned modes = krni_given_mask(s->arguments, "mode", KRN_ALL_MODES);
    if (n > 1 && modes != 1u << KRN_SEA && !krni_given_text(s->arguments, "via"))
        krni_session_say(s, "countries between the two ends are not known; --via TM,UZ names them");
    const uint32_t n_points = make_points(c, countries, n, modes, points);
    return krn_rule_papers(krn_network_rules(s->network), &question, points, n_points, s->arena,
                           papers, err);
}

int krni_run_papers(krni_session *s, krn_error *err)
{
    krn_consignment c = {.ready = KRN_TIME_NONE, .due = KRN_TIME_NONE, .loading_unit = KRN_NO_ROW};
    krn_paper_list papers = {0};
    char *text = NULL;
    bool given;
    krn_status status = krni_session_day(s, "date", &s->day, &given, err);
    if (status == KRN_OK)
        status = krni_session_compile(s, err);
    if (status == KRN_OK && !given)
        krni_session_say(s, "rules of today; --date DATE chooses another day");
    if (status == KRN_OK)
        status = krni_session_place(s, s->arguments->argument[0], &c.origin, err);
    if (status == KRN_OK)
        status = krni_session_place(s, s->arguments->argument[1], &c.destination, err);
    if (status == KRN_OK)
        status = krni_session_goods(s, &c, err);
    if (status == KRN_OK)
        status = collect(s, &c, &papers, err);
    if (status == KRN_OK)
        status = krn_report_papers(s->network, &c, &papers, &s->report, s->arena, &text, err);
    if (status == KRN_OK)
        status = krni_session_answer(s, text, err);
    return krni_exit_of(status);
}
