/* SPDX-License-Identifier: Apache-2.0 */
/* cmd_visa.c - keruen visa DESTINATION: what a person needs to enter, also on the way. */
#include "cli/session.h"

#include <string.h>

#include "base/error.h"

static const krni_option options[] = {
    {.name = "nationality",
     .letter = 'n',
     .kind = KRNI_OPT_TEXT,
     .value = "CC",
     .help = "country of the passport, two letters (required)"},
    {.name = "purpose",
     .kind = KRNI_OPT_CHOICE,
     .value = "WHO",
     .choices = "citizen|business|driver|crew|train_crew",
     .help = "who travels; business is the default"},
    {.name = "via",
     .kind = KRNI_OPT_LIST,
     .value = "CC,CC",
     .help = "countries on the way, in order"},
    {.name = "date", .kind = KRNI_OPT_DATE, .value = "DATE", .help = "day of entry; today"},
    {.name = "with", .kind = KRNI_OPT_LIST, .value = "ID|FILE", .help = "measures switched on"},
    {.name = "without", .kind = KRNI_OPT_LIST, .value = "ID", .help = "measures switched off"},
    {0},
};

static const krni_example examples[] = {
    {"visa IR --nationality KZ --purpose driver --via TM --date 2026-12-01",
     "a Kazakh driver to Iran through Turkmenistan"},
    {0},
};

const krni_verb_words krni_words_visa = {
    .name = "visa",
    .line = "tells the visa regime, stay, lead time, price and conditions for a person",
    .arguments = {{.name = "DESTINATION",
                   .required = true,
                   .help = "country (two letters) or a place in it"}},
    .options = options,
    .examples = examples,
};

/* A country by two letters of either case, or the country of a place. */
static krn_status read_destination(krni_session *s, const char *text, krn_country *out,
                                   krn_error *err)
{
    char upper[3] = "";
    if (strlen(text) == 2)
        for (int i = 0; i < 2; i++)
            upper[i] = (char)(text[i] >= 'a' && text[i] <= 'z' ? text[i] - 'a' + 'A' : text[i]);
    *out = krn_country_parse(upper);
    if (*out)
        return KRN_OK;
    uint32_t node = KRN_NO_ROW;
    const krn_status status = krni_session_place(s, text, &node, err);
    if (status)
        return status;
    const krn_package *package = krni_session_package(s);
    const int column = krn_package_column(package, KRN_TABLE_NODE, "kr_country");
    *out = krn_country_parse(
        column < 0 ? "" : krn_package_text(package, KRN_TABLE_NODE, node, (uint32_t)column));
    return *out ? KRN_OK : krni_fail(err, KRN_E_ARG, "%.60s: its country is not known", text);
}

static krn_status answer_visa(krni_session *s, krn_visa_question *q, krn_error *err)
{
    krn_rule_book *rules = NULL;
    char *text = NULL;
    krn_country *countries = NULL;
    uint32_t n = 0;
    krn_status status = krni_session_countries(s, "via", &countries, &n, err);
    if (status == KRN_OK)
        status = read_destination(s, s->arguments->argument[0], &countries[n], err);
    if (status)
        return status;
    q->countries = countries;
    q->n_countries = n + 1;
    q->day = s->day;
    status = krn_rule_book_new(krni_session_package(s), &rules, err);
    if (status == KRN_OK)
        status =
            krn_report_visa(krni_session_package(s), rules, q, &s->report, s->arena, &text, err);
    if (status == KRN_OK)
        status = krni_session_answer(s, text, err);
    krn_rule_book_free(rules);
    return status;
}

int krni_run_visa(krni_session *s, krn_error *err)
{
    static const char *const subjects[] = {"citizen", "business", "driver", "crew", "train_crew"};
    const char *nationality = krni_given_text(s->arguments, "nationality");
    krn_visa_question q = {.subject = subjects[krni_given_choice(s->arguments, "purpose", 1)]};
    bool given;
    krn_status status = krni_session_day(s, "date", &s->day, &given, err);
    if (status == KRN_OK && !nationality)
        status =
            krni_fail(err, KRN_E_ARG, "--nationality is missing: two letters of a country (KZ)");
    if (status == KRN_OK) {
        q.nationality = krn_country_parse(nationality);
        if (!q.nationality)
            status =
                krni_fail(err, KRN_E_ARG,
                          "--nationality %.40s: two capital letters of a country were expected "
                          "(KZ)",
                          nationality);
    }
    if (status == KRN_OK)
        status = krni_session_open(s, err);
    if (status == KRN_OK && !given)
        krni_session_say(s, "rules of today; --date DATE chooses another day");
    if (status == KRN_OK)
        status = answer_visa(s, &q, err);
    return krni_exit_of(status);
}
