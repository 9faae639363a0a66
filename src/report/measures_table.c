/* SPDX-License-Identifier: Apache-2.0 */
/* measures_table.c - measures with dates, state on a day, and what they touch. */
#include <math.h>

#include "base/error.h"
#include "model/tables.h"
#include "report/records.h"
#include "report/words.h"

static const char *state_of(const krn_package *package, uint32_t row, int32_t day)
{
    const double from = krni_number(package, KRN_TABLE_MEASURE, row, MEASURE_IN_FORCE_FROM),
                 to = krni_number(package, KRN_TABLE_MEASURE, row, MEASURE_IN_FORCE_TO);
    if (krn_measure_in_force(package, row, day))
        return "in force";
    if (!isnan(to) && to < day)
        return "ended";
    if (!isnan(from) && from > day)
        return "agreed";
    return isnan(krni_number(package, KRN_TABLE_MEASURE, row, MEASURE_AGREED_ON)) ? "planned"
                                                                                  : "agreed";
}

/* All changes of a measure in words, or why it has none. */
static const char *touches(const krn_package *package, uint32_t row, krn_arena *arena)
{
    const uint32_t n = krn_measure_changes(package, row);
    if (!n) {
        krni_writer why;
        krni_writer_init(&why, arena);
        krni_writef(&why, "context: %s",
                    krni_text(package, KRN_TABLE_MEASURE, row, MEASURE_CONTEXT));
        return krni_writer_text(&why);
    }
    krni_writer w;
    krni_writer_init(&w, arena);
    for (uint32_t i = 0; i < n; i++) {
        const char *text = krn_measure_change_text(package, row, i, arena);
        if (!text)
            return NULL;
        krni_writef(&w, "%s%s", i ? "; " : "", text);
    }
    return krni_writer_text(&w);
}

static krn_status measures_table(const krn_package *package, int32_t day,
                                 const krn_report_options *options, krn_arena *arena, char **out,
                                 krn_error *err)
{
    const uint32_t n = krn_package_rows(package, KRN_TABLE_MEASURE);
    char word[KRNI_WORD];
    krni_writer w;
    krni_writer_init(&w, arena);
    krni_page page = krni_page_of(&w, options);
    krni_writef(&w, "%u measure%s; states on %s\n", n, n == 1 ? "" : "s", krni_day_text(day, word));
    krni_page_rule(&page, 0);
    for (uint32_t i = 0; i < n; i++) {
        const char *from = krni_text(package, KRN_TABLE_MEASURE, i, MEASURE_IN_FORCE_FROM),
                   *to = krni_text(package, KRN_TABLE_MEASURE, i, MEASURE_IN_FORCE_TO),
                   *planned = krni_text(package, KRN_TABLE_MEASURE, i, MEASURE_PLANNED_FROM),
                   *parties = krni_text(package, KRN_TABLE_MEASURE, i, MEASURE_PARTIES);
        krni_page_bold(&page, krni_text(package, KRN_TABLE_MEASURE, i, MEASURE_MEASURE_ID));
        krni_writef(&w, "   %s", state_of(package, i, day));
        if (*from)
            krni_writef(&w, " from %s", from);
        else if (*planned)
            krni_writef(&w, " for %s", planned);
        if (*to)
            krni_writef(&w, " to %s", to);
        krni_write(&w, "\n");
        krni_writer line;
        krni_writer_init(&line, arena);
        krni_writef(&line, "%s (%s%s%s; %s, %s)",
                    krni_text(package, KRN_TABLE_MEASURE, i, MEASURE_NAME),
                    krni_text(package, KRN_TABLE_MEASURE, i, MEASURE_KIND), *parties ? ", " : "",
                    parties, krni_text(package, KRN_TABLE_MEASURE, i, MEASURE_QUALITY),
                    krni_text(package, KRN_TABLE_MEASURE, i, MEASURE_SOURCE_ID));
        const char *text = krni_writer_text(&line), *touched = touches(package, i, arena);
        if (!touched)
            return krni_fail_memory(err);
        krni_page_text(&page, text ? text : "", 2);
        krni_page_text(&page, touched, 4);
        krni_write(&w, i + 1 < n ? "\n" : "");
    }
    if (!n)
        krni_page_text(&page, "The package has no measures.", 0);
    return krni_writer_answer(&w, out, err);
}

krn_status krn_report_measures(const krn_package *package, int32_t day,
                               const krn_report_options *options, krn_arena *arena, char **out,
                               krn_error *err)
{
    static const char *const keys[] = {"measure_id",   "name",          "name_ru",     "name_kk",
                                       "name_fa",      "kind",          "parties",     "agreed_on",
                                       "planned_from", "in_force_from", "in_force_to", "status",
                                       "effect",       "context",       "quality",     "source_id"};
    static const int columns[] = {
        MEASURE_MEASURE_ID,   MEASURE_NAME,          MEASURE_NAME_RU,     MEASURE_NAME_KK,
        MEASURE_NAME_FA,      MEASURE_KIND,          MEASURE_PARTIES,     MEASURE_AGREED_ON,
        MEASURE_PLANNED_FROM, MEASURE_IN_FORCE_FROM, MEASURE_IN_FORCE_TO, MEASURE_STATUS,
        MEASURE_EFFECT,       MEASURE_CONTEXT,       MEASURE_QUALITY,     MEASURE_SOURCE_ID};
    enum { N = sizeof columns / sizeof columns[0] };
    const char *all_keys[N + 4];
    *out = NULL;
    if (options->format == KRN_FORMAT_TABLE)
        return measures_table(package, day, options, arena, out, err);
    for (size_t k = 0; k < N; k++)
        all_keys[k] = keys[k];
    all_keys[N] = "cost_usd";
    all_keys[N + 1] = "state";
    all_keys[N + 2] = "n_changes";
    all_keys[N + 3] = "touches";
    krni_records records;
    krni_records_init(&records, arena, all_keys, N + 4);
    for (uint32_t i = 0; i < krn_package_rows(package, KRN_TABLE_MEASURE); i++) {
        for (size_t k = 0; k < N; k++)
            krni_record_text(&records, krni_text(package, KRN_TABLE_MEASURE, i, columns[k]));
        krni_record_number(&records, krni_number(package, KRN_TABLE_MEASURE, i, MEASURE_COST_USD),
                           0);
        krni_record_text(&records, state_of(package, i, day));
        krni_record_number(&records, krn_measure_changes(package, i), 0);
        krni_record_text(&records, touches(package, i, arena));
    }
    return krni_records_answer(&records, "measures", options, arena, out, err);
}
