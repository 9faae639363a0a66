/* SPDX-License-Identifier: Apache-2.0 */
/* visa_table.c - what a person needs to enter countries, one after another. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "model/tables.h"
#include "report/records.h"
#include "report/words.h"

static const char *regime_words(const char *regime)
{
    static const char *const words[][2] = {
        {"visa_free", "no visa needed"},         {"visa", "visa needed"},
        {"transit_visa", "transit visa needed"}, {"e_visa", "electronic visa"},
        {"visa_on_arrival", "visa on arrival"},  {"closed", "no entry"}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(regime, words[i][0]) == 0)
            return words[i][1];
    return regime;
}

/* A number of a visa row with words around it, "unknown" where blank. */
static void write_figure(krni_writer *w, const krn_package *package, uint32_t row, int column,
                         const char *before, const char *unit)
{
    const double value = krni_number(package, KRN_TABLE_VISA, row, column);
    char number[KRNI_WORD];
    if (isnan(value))
        krni_writef(w, "%sunknown", before);
    else
        krni_writef(w, "%s%s %s", before, krni_number_short(value, 1, number, sizeof number), unit);
}

static void write_entry(krni_page *page, const krn_package *package, const krn_visa_question *q,
                        krn_country country, uint32_t row, krn_arena *arena)
{
    char to[3], from[3];
    krn_country_text(country, to);
    krn_country_text(q->nationality, from);
    if (country == q->nationality) {
        krni_page_field(page, to, "own country: no visa is asked of its own citizens", 0, 4);
        return;
    }
    if (row == KRN_NO_ROW) {
        krni_page_field(page, to, "unknown: the package has no rule for this person and day", 0, 4);
        return;
    }
    krni_page_field(page, to, regime_words(krni_text(package, KRN_TABLE_VISA, row, VISA_REGIME)), 0,
                    4);
    krni_writer w;
    krni_writer_init(&w, arena);
    write_figure(&w, package, row, VISA_MAX_STAY_DAYS, "stay at most ", "days");
    write_figure(&w, package, row, VISA_LEAD_TYPICAL_DAYS, "; lead ", "days");
    const double high = krni_number(package, KRN_TABLE_VISA, row, VISA_LEAD_HIGH_DAYS);
    if (high > krni_number(package, KRN_TABLE_VISA, row, VISA_LEAD_TYPICAL_DAYS))
        write_figure(&w, package, row, VISA_LEAD_HIGH_DAYS, ", at times ", "days");
    write_figure(&w, package, row, VISA_COST_USD, "; price ", "USD");
    const char *text = krni_writer_text(&w);
    krni_page_text(page, text ? text : "", 4);
    const char *conditions = krni_text(package, KRN_TABLE_VISA, row, VISA_CONDITIONS),
               *subject = krni_text(package, KRN_TABLE_VISA, row, VISA_SUBJECT);
    if (*conditions)
        krni_page_text(page, conditions, 4);
    if (strcmp(subject, q->subject) != 0) {
        krni_writer as;
        krni_writer_init(&as, arena);
        krni_writef(&as, "no rule of its own for %s: the one for %s holds", q->subject, subject);
        const char *words = krni_writer_text(&as);
        krni_page_text(page, words ? words : "", 4);
    }
    krni_writer known;
    krni_writer_init(&known, arena);
    char place[KRNI_WORD * 4];
    const krn_figure f = krni_figure(KRN_TABLE_VISA, row, VISA_REGIME);
    const char *source = krn_package_source(package, f),
               *valid_from = krni_text(package, KRN_TABLE_VISA, row, VISA_VALID_FROM),
               *valid_to = krni_text(package, KRN_TABLE_VISA, row, VISA_VALID_TO);
    if (*valid_from || *valid_to)
        krni_writef(&known, "valid %s%s%s%s; ", *valid_from ? "from " : "", valid_from,
                    *valid_to ? " to " : "", valid_to);
    krni_writef(&known, "%s; %s: %s [%s]", krn_quality_name(krn_package_quality(package, f)),
                source, krni_source_title(package, source), krni_row_place(package, f, place));
    const char *line = krni_writer_text(&known);
    krni_page_text(page, line ? line : "", 4);
}

static void add_record(krni_records *r, const krn_package *package, const krn_visa_question *q,
                       krn_country country, uint32_t row)
{
    static const int texts[] = {VISA_VISA_ID,    VISA_SUBJECT,    VISA_REGIME,
                                VISA_CONDITIONS, VISA_VALID_FROM, VISA_VALID_TO};
    static const int numbers[] = {VISA_MAX_STAY_DAYS, VISA_LEAD_TYPICAL_DAYS, VISA_LEAD_HIGH_DAYS,
                                  VISA_COST_USD};
    char word[KRNI_WORD] = "", code[3];
    krn_country_text(country, code);
    krni_record_text(r, krn_arena_text(r->arena, code));
    krn_country_text(q->nationality, code);
    krni_record_text(r, krn_arena_text(r->arena, code));
    krni_record_text(r, q->subject);
    krni_record_text(r, krn_arena_text(r->arena, krni_day_text(q->day, word)));
    const bool known = row != KRN_NO_ROW && country != q->nationality;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        krni_record_text(r, known ? krni_text(package, KRN_TABLE_VISA, row, texts[i]) : "");
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        krni_record_number(
            r, known ? krni_number(package, KRN_TABLE_VISA, row, numbers[i]) : (double)NAN, 1);
    const krn_figure f = krni_figure(KRN_TABLE_VISA, known ? row : 0, VISA_REGIME);
    const char *source = known ? krn_package_source(package, f) : "";
    krni_record_text(r, known ? krn_quality_name(krn_package_quality(package, f)) : "");
    krni_record_text(r, source);
    krni_record_text(r, krni_source_title(package, source));
}

krn_status krn_report_visa(const krn_package *package, const krn_rule_book *rules,
                           const krn_visa_question *q, const krn_report_options *options,
                           krn_arena *arena, char **out, krn_error *err)
{
    static const char *const keys[] = {"destination",    "nationality",   "purpose",
                                       "date",           "visa_id",       "rule_for",
                                       "regime",         "conditions",    "valid_from",
                                       "valid_to",       "max_stay_days", "lead_typical_days",
                                       "lead_high_days", "cost_usd",      "quality",
                                       "source_id",      "source_title"};
    char code[3], word[KRNI_WORD];
    krni_writer w;
    krni_records records;
    *out = NULL;
    krni_writer_init(&w, arena);
    krni_records_init(&records, arena, keys, sizeof keys / sizeof keys[0]);
    krni_page page = krni_page_of(&w, options);
    krn_country_text(q->nationality, code);
    krni_writef(&w, "Entry on %s: %s of %s\n", krni_day_text(q->day, word),
                strcmp(q->subject, "business") == 0     ? "business traveller"
                : strcmp(q->subject, "crew") == 0       ? "member of a crew"
                : strcmp(q->subject, "train_crew") == 0 ? "member of a train crew"
                                                        : q->subject,
                code);
    krni_page_rule(&page, 0);
    for (uint32_t i = 0; i < q->n_countries; i++) {
        uint32_t row = KRN_NO_ROW;
        krn_visa_find(rules, q->subject, q->nationality, q->countries[i], q->day, &row);
        add_record(&records, package, q, q->countries[i], row);
        write_entry(&page, package, q, q->countries[i], row, arena);
        krni_write(&w, i + 1 < q->n_countries ? "\n" : "");
    }
    if (options->format == KRN_FORMAT_TABLE)
        return krni_writer_answer(&w, out, err);
    return krni_records_answer(&records, "visas", options, arena, out, err);
}
