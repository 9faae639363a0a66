/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_invest.c - keruen invest: which measures of the package, under a budget, cut the cost of
 * trade most. What a measure costs is published in its file or given with --cost; it is never made
 * up. */
#include <math.h>
#include <string.h>

#include "base/edit_distance.h"
#include "base/error.h"
#include "base/number.h"
#include "cli/progress.h"
#include "cli/trade_query.h"

#define MOST_COST    1e12
#define MOST_MESSAGE 8u /* ids named in one message */

static const krni_option options[] = {
    {.name = "budget",
     .letter = 'b',
     .kind = KRNI_OPT_NUMBER,
     .value = "USD",
     .min = 0,
     .max = MOST_COST,
     .help = "what the measures may cost together, USD (200e6); required"},
    {.name = "measures",
     .kind = KRNI_OPT_LIST,
     .value = "ID|FILE",
     .help = "measures to choose from, by id or as own YAML files; else all of infrastructure and "
             "procedure that change "
             "something, are not at work and have a cost"},
    {.name = "cost",
     .kind = KRNI_OPT_LIST,
     .value = "ID=USD",
     .help = "what a measure costs, where nothing is published or you know better; may be given "
             "several times"},
    {.name = "unserved-cost",
     .kind = KRNI_OPT_NUMBER,
     .value = "USD",
     .min = 0,
     .max = 1e9,
     .help = "of a tonne that is not sent; the value of the goods (commodity.csv)"},
    {.name = "year",
     .letter = 'y',
     .kind = KRNI_OPT_INTEGER,
     .value = "YEAR",
     .min = 1990,
     .max = 2100,
     .help = "year of the trade; of flows the latest ones not after it. The latest year of the "
             "package"},
    {.name = "demand",
     .kind = KRNI_OPT_FILE,
     .value = "FILE",
     .help = "an own table instead of the package's flows"},
    {.name = "demand-scale",
     .letter = 'x',
     .kind = KRNI_OPT_NUMBER,
     .value = "X",
     .min = 0,
     .max = 1000,
     .help = "times the tonnes of a year; 1"},
    {.name = "with",
     .kind = KRNI_OPT_LIST,
     .value = "ID|FILE",
     .help = "measures at work whatever is chosen, by id or as an own YAML file"},
    {.name = "without",
     .kind = KRNI_OPT_LIST,
     .value = "ID",
     .help = "measures switched off, so that they may be chosen; all: every one in force"},
    {.name = "date",
     .kind = KRNI_OPT_DATE,
     .value = "DATE",
     .help = "day of tariffs, rules and measures; 1 July of the year of the trade"},
    {.name = "method",
     .letter = 'm',
     .kind = KRNI_OPT_CHOICE,
     .value = "WHAT",
     .choices = "ue|so|aon|logit|psl|sue",
     .help = "of the assignment, as keruen assign has it; ue"},
    {.name = "gap",
     .letter = 'g',
     .kind = KRNI_OPT_NUMBER,
     .value = "SHARE",
     .min = 1e-15,
     .max = 1,
     .help = "relative gap of each assignment; 1e-6"},
    {.name = "capacity",
     .kind = KRNI_OPT_FLAG,
     .help = "no resource takes more than its rate; what finds no room is not sent"},
    {.name = "ways",
     .kind = KRNI_OPT_INTEGER,
     .value = "N",
     .min = 1,
     .max = 64,
     .help = "ways between two places to begin with; 8"},
    {.name = "emission-price",
     .kind = KRNI_OPT_NUMBER,
     .value = "USD",
     .min = 0,
     .max = 1e6,
     .help = "of a tonne CO2e, in the cost of a way; 0"},
    {.name = "threads",
     .kind = KRNI_OPT_INTEGER,
     .value = "N",
     .min = 0,
     .max = 64,
     .help = "0 all processors; the answer does not hang on it"},
    {0},
};

static const krni_example examples[] = {
    {"invest --budget 200e6", "all that has a published cost, and what has none"},
    {"invest --budget 200e6 --measures m-serakhs-tracks-2025,m-inche-150-2025 --cost "
     "m-serakhs-tracks-2025=40e6 --cost m-inche-150-2025=25e6 -x 2",
     "two measures with costs of your own, twice the trade"},
    {0},
};

const krni_verb_words krni_words_invest = {
    .name = "invest",
    .line = "which measures, under a budget, cut the cost of trade most",
    .prose = "Tries every set of measures whose costs fit into the budget: applies it, looks for "
             "ways anew, assigns the trade of a year, and compares what a year costs. Exact, so "
             "a set takes as long as keruen assign; 4096 sets are the most. A measure without a "
             "published cost is asked for, never invented.",
    .options = options,
    .examples = examples,
};

/* ---- candidates ---- */

typedef struct desk {
    krni_session *s;
    const krn_package *base;
    uint32_t n_measures;
    double *cost_usd; /* by measure: given, else published, else NaN */
    bool *given;      /* by measure: with --cost */
    bool *at_work;    /* by measure */
    krn_invest_option *options;
    uint32_t n_options;
    uint32_t *without_cost;
    uint32_t n_without_cost;
} desk;

static const char *text_of(const desk *d, uint32_t measure, const char *column)
{
    const int c = krn_package_column(d->base, KRN_TABLE_MEASURE, column);
    return c < 0 ? "" : krn_package_text(d->base, KRN_TABLE_MEASURE, measure, (uint32_t)c);
}

static krn_status find_measure(const desk *d, const char *option, const char *id,
                               uint32_t *out_measure, krn_error *err)
{
    *out_measure = krn_package_find(d->base, KRN_TABLE_MEASURE, id);
    if (*out_measure != KRN_NO_ROW)
        return KRN_OK;
    const char **ids = krn_arena_calloc(d->s->arena, d->n_measures + 1u, sizeof *ids);
    if (!ids)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < d->n_measures; i++)
        ids[i] = text_of(d, i, "measure_id");
    const int nearest = krni_nearest(id, ids, d->n_measures);
    const int shown = (int)krni_prefix_bytes(id, 60);
    return nearest < 0
               ? krni_fail(err, KRN_E_NOT_FOUND,
                           "--%s %.*s: no such measure; keruen measures lists all", option, shown,
                           id)
               : krni_fail(err, KRN_E_NOT_FOUND, "--%s %.*s: no such measure; did you mean %s?",
                           option, shown, id, ids[nearest]);
}

/* ID=USD */
static krn_status read_cost(desk *d, const char *text, krn_error *err)
{
    const char *equals = strrchr(text, '=');
    const int shown = (int)krni_prefix_bytes(text, 60);
    double usd = NAN;
    if (!equals || equals == text || !krni_number_read(equals + 1, strlen(equals + 1), &usd) ||
        !(usd >= 0) || usd > MOST_COST)
        return krni_fail(err, KRN_E_ARG,
                         "--cost %.*s: a measure and what it costs were expected, as "
                         "m-example-2026=50e6",
                         shown, text);
    char *id = krn_arena_text(d->s->arena, text);
    if (!id)
        return krni_fail_memory(err);
    id[equals - text] = '\0';
    uint32_t measure = KRN_NO_ROW;
    const krn_status status = find_measure(d, "cost", id, &measure, err);
    if (status)
        return status;
    if (d->given[measure])
        return krni_fail(err, KRN_E_ARG, "--cost %.*s: the cost of %s was given before", shown,
                         text, id);
    d->given[measure] = true;
    d->cost_usd[measure] = usd;
    return KRN_OK;
}

static krn_status read_costs(desk *d, krn_error *err)
{
    uint32_t n = 0;
    const char *const *texts = krni_given_list(d->s->arguments, "cost", &n);
    const int column = krn_package_column(d->base, KRN_TABLE_MEASURE, "cost_usd");
    d->cost_usd = krn_arena_calloc(d->s->arena, d->n_measures + 1u, sizeof *d->cost_usd);
    d->given = krn_arena_calloc(d->s->arena, d->n_measures + 1u, sizeof *d->given);
    d->at_work = krn_arena_calloc(d->s->arena, d->n_measures + 1u, sizeof *d->at_work);
    d->options = krn_arena_calloc(d->s->arena, d->n_measures + 1u, sizeof *d->options);
    d->without_cost = krn_arena_calloc(d->s->arena, d->n_measures + 1u, sizeof *d->without_cost);
    if (!texts || !d->cost_usd || !d->given || !d->at_work || !d->options || !d->without_cost)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < d->n_measures; i++)
        d->cost_usd[i] =
            column < 0 ? NAN : krn_package_number(d->base, KRN_TABLE_MEASURE, i, (uint32_t)column);
    for (uint32_t i = 0; i < d->s->measures.n_applied; i++)
        d->at_work[d->s->measures.applied[i]] = true;
    krn_status status = KRN_OK;
    for (uint32_t i = 0; i < n && !status; i++)
        status = read_cost(d, texts[i], err);
    return status;
}

/* A measure that was asked for by its id. */
static krn_status take_named(desk *d, const char *option, uint32_t measure, krn_error *err)
{
    const char *id = text_of(d, measure, "measure_id");
    if (d->at_work[measure])
        return krni_fail(err, KRN_E_ARG,
                         "--%s %s: it is at work on that day; --without %s takes it out, so that "
                         "it can be chosen",
                         option, id, id);
    if (!krn_measure_changes(d->base, measure))
        return krni_fail(err, KRN_E_ARG, "--%s %s: it changes no table (keruen show %s says why)",
                         option, id, id);
    for (uint32_t i = 0; i < d->n_options; i++)
        if (d->options[i].measure == measure)
            return KRN_OK;
    d->options[d->n_options++] = (krn_invest_option){measure, d->cost_usd[measure]};
    return KRN_OK;
}

/* What was named must have a cost: asked for, with the way to give it. */
static krn_status ask_for_costs(const desk *d, krn_error *err)
{
    krni_writer w;
    uint32_t n = 0;
    const char *first = NULL;
    krni_writer_init(&w, d->s->arena);
    for (uint32_t i = 0; i < d->n_options; i++) {
        if (!isnan(d->options[i].cost_usd))
            continue;
        const char *id = text_of(d, d->options[i].measure, "measure_id");
        first = first ? first : id;
        if (n < MOST_MESSAGE)
            krni_writef(&w, "%s%s", n ? ", " : "", id);
        n++;
    }
    if (!n)
        return KRN_OK;
    if (n > MOST_MESSAGE)
        krni_writef(&w, " and %u more", n - MOST_MESSAGE);
    const char *ids = krni_writer_text(&w);
    if (!ids)
        return krni_fail_memory(err);
    return krni_fail(err, KRN_E_ARG,
                     "no cost is published for %s; --cost %s=USD gives one (with 0: it is free)",
                     ids, first);
}

/* All measures of an own file. */
static krn_status take_file(desk *d, const char *file, krn_error *err)
{
    krn_status status = KRN_OK;
    for (uint32_t i = 0; i < d->n_measures && !status; i++)
        if (strcmp(krn_package_row_file(d->base, KRN_TABLE_MEASURE, i), file) == 0)
            status = take_named(d, "measures", i, err);
    return status;
}

static krn_status take_listed(desk *d, const char *const *ids, uint32_t n, krn_error *err)
{
    krn_status status = KRN_OK;
    for (uint32_t i = 0; i < n && !status; i++) {
        uint32_t measure = KRN_NO_ROW;
        if (krni_is_measure_file(ids[i])) {
            status = take_file(d, ids[i], err);
            continue;
        }
        status = find_measure(d, "measures", ids[i], &measure, err);
        if (!status)
            status = take_named(d, "measures", measure, err);
    }
    for (uint32_t i = 0; i < d->n_measures && !status; i++) {
        bool listed = !d->given[i];
        for (uint32_t k = 0; k < d->n_options; k++)
            listed = listed || d->options[k].measure == i;
        if (!listed)
            status = krni_fail(err, KRN_E_ARG, "--cost %s: it is not among --measures",
                               text_of(d, i, "measure_id"));
    }
    return status;
}

/* Infrastructure and procedure that change something, and are not over on the day. */
static bool is_usual(const desk *d, uint32_t measure)
{
    const char *kind = text_of(d, measure, "kind"), *to = text_of(d, measure, "in_force_to");
    int32_t last = 0;
    if (d->at_work[measure] || !krn_measure_changes(d->base, measure))
        return false;
    if (*to && (krn_day_parse(to, &last, NULL) || last < d->s->day))
        return false;
    return strcmp(kind, "infrastructure") == 0 || strcmp(kind, "procedure") == 0;
}

static krn_status take_usual(desk *d, krn_error *err)
{
    krn_status status = KRN_OK;
    for (uint32_t i = 0; i < d->n_measures && !status; i++) {
        if (d->given[i])
            status = take_named(d, "cost", i, err);
        else if (!is_usual(d, i))
            continue;
        else if (isnan(d->cost_usd[i]))
            d->without_cost[d->n_without_cost++] = i;
        else
            d->options[d->n_options++] = (krn_invest_option){i, d->cost_usd[i]};
    }
    return status;
}

static krn_status choose(desk *d, krn_error *err)
{
    uint32_t n = 0;
    const char *const *ids = krni_given_list(d->s->arguments, "measures", &n);
    if (!ids)
        return krni_fail_memory(err);
    krn_status status = read_costs(d, err);
    if (!status)
        status = n ? take_listed(d, ids, n, err) : take_usual(d, err);
    return status ? status : ask_for_costs(d, err);
}

/* ---- the question ---- */

static krn_status read_question(desk *d, krn_invest_question *q, krn_error *err)
{
    const krni_arguments *a = d->s->arguments;
    const krn_measure_report *applied = &d->s->measures;
    const char **with = krn_arena_calloc(d->s->arena, applied->n_applied + 1u, sizeof *with);
    if (!with)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < applied->n_applied; i++)
        with[i] = text_of(d, applied->applied[i], "measure_id");
    *q = (krn_invest_question){
        .base = d->base,
        .always = {.day = d->s->day, .with = with, .n_with = applied->n_applied},
        .options = d->options,
        .n_options = d->n_options,
        .budget_usd = krni_given_number(a, "budget", 0),
        .unserved_usd_t = krni_given_number(a, "unserved-cost", NAN),
        .trade = krni_trade_question(d->s)};
    q->always.without = d->s->without;
    q->always.n_without = d->s->n_without;
    int year = 0;
    return krni_trade_demand(d->s, &q->trade.demand, &year, err);
}

/* Tables with the measures at work, without the chosen ones: the base of all sets. */
static krn_status open_base(krni_session *s, krn_error *err)
{
    const char *path = krni_session_path(s);
    if (!krni_given_text(s->arguments, "budget"))
        return krni_fail(err, KRN_E_ARG, "--budget is missing: what measures may cost together");
    if (krni_path_is_snapshot(path))
        return krni_fail(err, KRN_E_ARG,
                         "%s: a compiled network holds its measures; a folder of tables was "
                         "expected",
                         path);
    s->own_measures = "measures";
    krn_status status = krni_session_check_output(s, err);
    if (!status)
        status = krni_trade_day(s, err);
    if (!status)
        status = krni_session_open(s, err);
    krn_package_free(s->scenario); /* each set has its own */
    s->scenario = NULL;
    return status;
}

static krn_status answer(const desk *d, const krn_invest_question *q, krn_error *err)
{
    krni_session *s = d->s;
    krni_progress bar;
    krn_invest_answer found;
    krn_invest_question asked = *q;
    char *text = NULL;
    krni_progress_begin(&bar, s, "sets");
    asked.progress = krni_progress_show;
    asked.progress_context = &bar;
    krn_status status = krn_invest(&asked, s->arena, &found, err);
    if (status)
        return status;
    krni_session_say(s, "%u set%s of measures in %.1f s", found.n_sets + found.n_clashing,
                     found.n_sets + found.n_clashing == 1 ? "" : "s", krni_progress_spent_s(&bar));
    const krn_invest_result result = {q, &found, d->without_cost, d->n_without_cost};
    status = krn_report_invest(&result, &s->report, s->arena, &text, err);
    return status ? status : krni_session_answer(s, text, err);
}

int krni_run_invest(krni_session *s, krn_error *err)
{
    krn_invest_question q = {0};
    krn_status status = KRN_OK;
    if (s->report.format == KRN_FORMAT_GEOJSON)
        status = krni_fail(err, KRN_E_ARG, "a choice of measures answers as table, json or csv");
    if (!status)
        status = open_base(s, err);
    desk d = {.s = s, .base = s->base};
    if (!status) {
        d.n_measures = krn_package_rows(d.base, KRN_TABLE_MEASURE);
        status = choose(&d, err);
    }
    if (!status)
        status = read_question(&d, &q, err);
    if (!status)
        status = answer(&d, &q, err);
    return krni_exit_of(status);
}
