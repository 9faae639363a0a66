/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_plan.c - keruen plan: all ways worth having for a consignment, or why there is none. */
#include "base/error.h"
#include "cli/plan_query.h"

static const krni_option options[] = {
    {.name = "commodity",
     .letter = 'c',
     .kind = KRNI_OPT_TEXT,
     .value = "WHAT",
     .help = "what is moved: id, name in any language, or HS code"},
    {.name = "tonnes",
     .letter = 't',
     .kind = KRNI_OPT_NUMBER,
     .value = "N",
     .min = 0.001,
     .max = 10000000,
     .help = "net tonnes"},
    {.name = "units",
     .letter = 'u',
     .kind = KRNI_OPT_TEXT,
     .value = "20x42G1",
     .help = "count and loading unit, instead of or beside tonnes"},
    {.name = "ready",
     .letter = 'r',
     .kind = KRNI_OPT_DATE,
     .value = "DATE",
     .help = "goods ready at the origin (local time there); today"},
    {.name = "due",
     .letter = 'd',
     .kind = KRNI_OPT_DATE,
     .value = "DATE",
     .help = "wanted at the destination: the chance to meet it is told"},
    {.name = "arrive-by",
     .kind = KRNI_OPT_DATE,
     .value = "DATE",
     .help = "leave as late as possible and arrive by then"},
    {.name = "modes",
     .letter = 'm',
     .kind = KRNI_OPT_CHOICES,
     .value = "MODES",
     .choices = "rail|road|sea",
     .help = "modes allowed; all by default"},
    {.name = "criteria",
     .kind = KRNI_OPT_CHOICES,
     .value = "LIST",
     .choices = "arrival|cost|co2e|handlings|risk",
     .help = "what makes a way worth having; all by default, arrival always"},
    {.name = "epsilon",
     .kind = KRNI_OPT_NUMBER,
     .value = "SHARE",
     .min = 0,
     .max = 1,
     .help = "merge ways that differ by less than this share; 0 is exact"},
    {.name = "max",
     .kind = KRNI_OPT_INTEGER,
     .value = "N",
     .min = 0,
     .max = 10000,
     .help = "ways shown, chosen to differ; 0 all, 6 is the default"},
    {.name = "avoid",
     .kind = KRNI_OPT_LIST,
     .value = "WHAT,WHAT",
     .help =
         "places, countries (TM), borders, carriers not taken; place: country: border: carrier: "
         "tell which"},
    {.name = "require",
     .kind = KRNI_OPT_LIST,
     .value = "WHAT,WHAT",
     .help = "places passed, if on a detour; borders crossed, once; countries gone through: in by "
             "one crossing or port, out by another; carriers that alone are taken"},
    {.name = "date",
     .kind = KRNI_OPT_DATE,
     .value = "DATE",
     .help = "day of tariffs, rules and measures; that of --ready"},
    {.name = "with",
     .kind = KRNI_OPT_LIST,
     .value = "ID|FILE",
     .help = "measures switched on, by id or as an own YAML file"},
    {.name = "without",
     .kind = KRNI_OPT_LIST,
     .value = "ID",
     .help = "measures switched off; all: every one in force"},
    {.name = "driver",
     .kind = KRNI_OPT_TEXT,
     .value = "CC",
     .help = "nationality of drivers and crews; that of the origin"},
    {.name = "samples",
     .kind = KRNI_OPT_INTEGER,
     .value = "N",
     .min = 0,
     .max = 1000000,
     .help = "samples for P10, P50, P90 and the chance; 1000"},
    {.name = "seed",
     .kind = KRNI_OPT_INTEGER,
     .value = "N",
     .min = 0,
     .max = 1e15,
     .help = "of the samples; the same seed gives the same answer"},
    {.name = "explain",
     .letter = 'e',
     .kind = KRNI_OPT_FLAG,
     .help = "every figure with its row, quality and source"},
    {.name = "batch",
     .letter = 'b',
     .kind = KRNI_OPT_FILE,
     .value = "FILE",
     .help = "consignments as CSV: id, origin, destination, commodity, tonnes, units, ready, due, "
             "arrive_by; the answer is JSON lines, or CSV with --format csv"},
    {.name = "threads",
     .kind = KRNI_OPT_INTEGER,
     .value = "N",
     .min = 0,
     .max = 256,
     .help = "threads of a batch; 0 all processors"},
    {0},
};

static const krni_example examples[] = {
    {"plan kz-kostanay ir-shahid-rajaee-port --commodity barley --tonnes 3000 --ready 2026-12-01",
     "all ways worth having, in USD, days, CO2e, handlings and risk"},
    {"plan KZALA IRTHR -c machinery -u 20x42G1 -r 2026-12-01 -d 2027-01-10 -m rail,road",
     "twenty containers, and the chance to be in time"},
    {"plan Актау \"Бендер-Аббас\" -c wheat -t 5000 --arrive-by 2027-02-01 --avoid TM",
     "the latest departure, not through Turkmenistan"},
    {0},
};

const krni_verb_words krni_words_plan = {
    .name = "plan",
    .line = "plans a consignment: all ways worth having with time, cost, CO2e, papers, sources",
    .prose = "A way is worth having when no other is at least as good in every criterion. Without "
             "any, the facts that block are told, and the cheapest change that opens one.",
    .arguments = {{.name = "ORIGIN", .help = "place by id, UN/LOCODE, rail code or name"},
                  {.name = "DESTINATION", .help = "the same"}},
    .options = options,
    .examples = examples,
};

/* The day of tariffs: --date, else the day of --ready or --arrive-by, else today. */
static krn_status choose_day(krni_session *s, krn_error *err)
{
    static const char *const from[] = {"date", "ready", "arrive-by"};
    bool given = false;
    for (size_t i = 0; i < 3 && !given; i++) {
        const krn_status status = krni_session_day(s, from[i], &s->day, &given, err);
        if (status)
            return status;
    }
    if (!given && !krni_given_text(s->arguments, "batch"))
        krni_session_say(s, "ready today; --ready DATE chooses another day");
    return KRN_OK;
}

static krn_status plan_one(krni_session *s, krn_plan_result *result, krn_plan_query *q,
                           krn_error *err)
{
    const krni_arguments *a = s->arguments;
    krn_consignment *c = &q->consignment;
    krn_status status = krni_session_place(s, a->argument[0], &c->origin, err);
    if (status == KRN_OK)
        status = krni_session_place(s, a->argument[1], &c->destination, err);
    if (status == KRN_OK && c->origin == c->destination)
        status = krni_fail(err, KRN_E_ARG, "%.60s and %.60s are the same place", a->argument[0],
                           a->argument[1]);
    if (status == KRN_OK)
        status = krni_session_goods(s, c, err);
    if (status == KRN_OK)
        status = krni_plan_times(s, krni_given_text(a, "ready"), krni_given_text(a, "due"),
                                 krni_given_text(a, "arrive-by"), q, err);
    if (status == KRN_OK)
        status = krn_plan(s->network, q, s->arena, result, err);
    return status;
}

int krni_run_plan(krni_session *s, krn_error *err)
{
    const krni_arguments *a = s->arguments;
    const char *batch = krni_given_text(a, "batch");
    krn_plan_query q;
    krn_plan_result result = {0};
    char *text = NULL;
    krn_status status = KRN_OK;
    if (!batch && (!a->argument[0] || !a->argument[1]))
        status = krni_fail(err, KRN_E_ARG, "%s is missing: keruen plan ORIGIN DESTINATION ...",
                           a->argument[0] ? "DESTINATION" : "ORIGIN");
    else if (batch && a->argument[0])
        status = krni_fail(err, KRN_E_ARG, "--batch takes its places from the file, not from %.60s",
                           a->argument[0]);
    if (status == KRN_OK)
        status = choose_day(s, err);
    if (status == KRN_OK)
        status = krni_session_compile(s, err);
    if (status == KRN_OK && batch)
        return krni_plan_batch(s, batch, err);
    if (status == KRN_OK)
        status = krni_plan_options(s, &q, err);
    if (status == KRN_OK)
        status = plan_one(s, &result, &q, err);
    s->report.explain = krni_given_flag(a, "explain");
    if (status == KRN_OK)
        status = krn_report_plan(s->network, &q, &result, &s->report, s->arena, &text, err);
    if (status == KRN_OK)
        status = krni_session_answer(s, text, err);
    if (status)
        return krni_exit_of(status);
    return result.n_routes ? KRNI_EXIT_DONE : KRNI_EXIT_NONE;
}
