/* SPDX-License-Identifier: Apache-2.0 */
/* invest_report.c - which measures cut the cost of trade most under a budget: the best set, what
 * each cuts alone, the sets in order, and what was left out because nobody has said what it costs.
 *
 *   beyond its parts: what a set cuts less the sum of what its members cut alone. Above 0 they help
 *   each other (a longer way is only as wide as its narrowest place), below 0 they do the same. */
#include <math.h>

#include "base/error.h"
#include "model/tables.h"
#include "report/records.h"
#include "report/words.h"

#define SETS_SHOWN 12u
#define MILLION    1e6
#define THOUSAND   1e3

/* ---- figures ---- */

static double year_usd(const krn_invest_set *set)
{
    return set->total_usd + set->unserved_usd;
}

static double cut_usd(const krn_invest_answer *a, const krn_invest_set *set)
{
    return year_usd(&a->base) - year_usd(set);
}

/* NaN: a member was too dear to be tried alone. */
static double beyond_usd(const krn_invest_result *r, const krn_invest_set *set)
{
    double beyond = cut_usd(r->answer, set);
    for (uint32_t i = 0; i < r->question->n_options; i++)
        if (set->members >> i & 1u)
            beyond -= r->answer->alone_usd[i];
    return beyond;
}

static bool is_told(const krn_invest_answer *a, double usd)
{
    return fabs(usd) > a->resolution_usd;
}

static const char *option_text(const krn_invest_result *r, uint32_t option, int column)
{
    return krni_text(r->question->base, KRN_TABLE_MEASURE, r->question->options[option].measure,
                     column);
}

static bool is_published(const krn_invest_result *r, uint32_t option)
{
    const krn_invest_option *o = &r->question->options[option];
    return krni_number(r->question->base, KRN_TABLE_MEASURE, o->measure, MEASURE_COST_USD) ==
           o->cost_usd;
}

static const char *members_text(const krn_invest_result *r, const krn_invest_set *set,
                                const char *between, krn_arena *arena)
{
    krni_writer w;
    bool any = false;
    krni_writer_init(&w, arena);
    for (uint32_t i = 0; i < r->question->n_options; i++) {
        if (!(set->members >> i & 1u))
            continue;
        krni_writef(&w, "%s%s", any ? between : "", option_text(r, i, MEASURE_MEASURE_ID));
        any = true;
    }
    return krni_writer_text(&w);
}

/* ---- table ---- */

typedef struct sheet {
    const krn_invest_result *r;
    krni_page *page;
    krn_arena *arena;
} sheet;

/* "200 million USD", "54,321 USD". */
static void write_usd(krni_writer *w, double usd)
{
    char number[KRNI_WORD];
    if (fabs(usd) < 0.1 * MILLION)
        krni_writef(w, "%s USD", krni_number_text(usd, 0, true, number, sizeof number));
    else
        krni_writef(w, "%s million USD",
                    krni_number_short(usd / MILLION, fabs(usd) < 10 * MILLION ? 3 : 1, number,
                                      sizeof number));
}

static void write_head(const sheet *s)
{
    const krn_invest_question *q = s->r->question;
    const krn_invest_answer *a = s->r->answer;
    char number[KRNI_WORD], day[KRNI_WORD];
    krni_writer w;
    krni_writer_init(&w, s->arena);
    krni_write(&w, "Measures under a budget of ");
    write_usd(&w, q->budget_usd);
    const char *title = krni_writer_text(&w);
    krni_page_title(s->page, title ? title : "");
    krni_writer_init(&w, s->arena);
    if (q->trade.demand->year)
        krni_writef(&w, "trade of %d", q->trade.demand->year);
    else
        krni_write(&w, "own demand");
    if (q->trade.demand_share != 1.0)
        krni_writef(&w, " times %s",
                    krni_number_short(q->trade.demand_share, 4, number, sizeof number));
    krni_writef(
        &w, ", %s t a year; ",
        krni_number_text(a->base.sent_t + a->base.unserved_t, 0, true, number, sizeof number));
    if (a->base.unserved_t > 0.5)
        krni_writef(&w, "%s t of it find no way or room; ",
                    krni_number_text(a->base.unserved_t, 0, true, number, sizeof number));
    krni_writef(&w, "method %s; rules and tariffs of %s; ", krn_trade_method_name(q->trade.method),
                krni_day_text(q->always.day, day));
    krni_writef(&w, "%u set%s of %u measure%s, each with its own ways and assignment", a->n_sets,
                a->n_sets == 1 ? "" : "s", q->n_options, q->n_options == 1 ? "" : "s");
    if (a->n_skipped)
        krni_writef(&w, "; %u set%s over the budget", a->n_skipped, a->n_skipped == 1 ? "" : "s");
    if (a->n_clashing)
        krni_writef(&w, "; %u set%s whose measures leave each other nothing to change",
                    a->n_clashing, a->n_clashing == 1 ? "" : "s");
    const char *text = krni_writer_text(&w);
    krni_page_text(s->page, text ? text : "", 0);
}

static void write_nothing(const sheet *s)
{
    const krn_invest_answer *a = s->r->answer;
    char number[KRNI_WORD];
    krni_writer w;
    krni_writer_init(&w, s->arena);
    if (!s->r->question->n_options)
        krni_write(&w, "There is no measure to choose from.");
    else if (a->n_sets < 2)
        krni_write(&w, "No measure fits into the budget.");
    else
        krni_writef(&w,
                    "No set cuts the cost of a year by more than %s USD, to which it is known: the "
                    "best is to spend nothing.",
                    krni_number_text(a->resolution_usd, 0, true, number, sizeof number));
    const char *text = krni_writer_text(&w);
    krni_page_text(s->page, text ? text : "", 0);
}

static void write_best(const sheet *s)
{
    const krn_invest_answer *a = s->r->answer;
    const krn_invest_set *best = &a->sets[0];
    const double cut = cut_usd(a, best);
    char number[KRNI_WORD];
    krni_writer w;
    krni_write(s->page->out, "\n");
    if (!best->members || !is_told(a, cut)) {
        write_nothing(s);
        return;
    }
    const char *members = members_text(s->r, best, " + ", s->arena);
    krni_page_field(s->page, "best", members ? members : "", 0, 7);
    krni_writer_init(&w, s->arena);
    write_usd(&w, best->cost_usd);
    const char *text = krni_writer_text(&w);
    krni_page_field(s->page, "costs", text ? text : "", 0, 7);
    krni_writer_init(&w, s->arena);
    write_usd(&w, cut);
    krni_writef(
        &w, " a year, %s %% of ",
        krni_number_text(100.0 * cut / year_usd(&a->base), 2, false, number, sizeof number));
    write_usd(&w, year_usd(&a->base));
    krni_writef(&w, "; its cost in %s years",
                krni_number_short(best->cost_usd / cut, 1, number, sizeof number));
    text = krni_writer_text(&w);
    krni_page_field(s->page, "cuts", text ? text : "", 0, 7);
}

static void write_alone(const sheet *s)
{
    static const krni_grid_column columns[] = {{"measure", KRNI_LEFT, 20},
                                               {"kind", KRNI_LEFT, 0},
                                               {"costs\nmillion\nUSD", KRNI_RIGHT, 0},
                                               {"cost is", KRNI_LEFT, 0},
                                               {"cuts alone\n1,000 USD\na year", KRNI_RIGHT, 0},
                                               {"pays in\nyears", KRNI_RIGHT, 0}};
    const krn_invest_answer *a = s->r->answer;
    krni_grid grid;
    if (!s->r->question->n_options)
        return;
    krni_grid_init(&grid, s->arena, columns, sizeof columns / sizeof columns[0]);
    for (uint32_t i = 0; i < s->r->question->n_options; i++) {
        const double cost = s->r->question->options[i].cost_usd, cut = a->alone_usd[i];
        krni_grid_cell(&grid, option_text(s->r, i, MEASURE_MEASURE_ID));
        krni_grid_cell(&grid, option_text(s->r, i, MEASURE_KIND));
        krni_grid_number(&grid, cost / MILLION, 1, true);
        krni_grid_cell(&grid, is_published(s->r, i) ? "published" : "given");
        if (isnan(cut))
            krni_grid_cell(&grid, "too dear");
        else if (is_told(a, cut))
            krni_grid_number(&grid, cut / THOUSAND, 1, true);
        else
            krni_grid_cell(&grid, "nothing");
        if (is_told(a, cut) && cut > 0.0)
            krni_grid_number(&grid, cost / cut, 1, true);
        else
            krni_grid_cell(&grid, "");
    }
    krni_page_section(s->page, "What each cuts alone");
    krni_grid_write(&grid, s->page, 0);
}

static void write_sets(const sheet *s)
{
    static const krni_grid_column columns[] = {{"", KRNI_RIGHT, 0},
                                               {"measures", KRNI_LEFT, 20},
                                               {"costs\nmillion\nUSD", KRNI_RIGHT, 0},
                                               {"cost of a\nyear\nmillion USD", KRNI_RIGHT, 0},
                                               {"cuts\n1,000 USD\na year", KRNI_RIGHT, 0},
                                               {"beyond\nits parts", KRNI_RIGHT, 0},
                                               {"sent\n1,000 t", KRNI_RIGHT, 0}};
    const krn_invest_answer *a = s->r->answer;
    const uint32_t n = a->n_sets < SETS_SHOWN ? a->n_sets : SETS_SHOWN;
    krni_grid grid;
    if (a->n_sets < 2)
        return;
    krni_grid_init(&grid, s->arena, columns, sizeof columns / sizeof columns[0]);
    for (uint32_t i = 0; i < n; i++) {
        const krn_invest_set *set = &a->sets[i];
        const char *members = members_text(s->r, set, " + ", s->arena);
        krni_grid_number(&grid, i + 1, 0, false);
        krni_grid_cell(&grid, set->members ? (members ? members : "") : "none");
        krni_grid_number(&grid, set->cost_usd / MILLION, 1, true);
        krni_grid_number(&grid, year_usd(set) / MILLION, 3, true);
        krni_grid_number(&grid, cut_usd(a, set) / THOUSAND, 1, true);
        const double beyond = beyond_usd(s->r, set);
        if ((set->members & (set->members - 1)) && !isnan(beyond))
            krni_grid_number(&grid, beyond / THOUSAND, 1, true);
        else
            krni_grid_cell(&grid, "");
        krni_grid_number(&grid, set->sent_t / THOUSAND, 1, true);
    }
    krni_page_section(s->page, "Sets, best first");
    krni_grid_write(&grid, s->page, 0);
    if (a->n_sets > n) {
        krni_writer w;
        krni_writer_init(&w, s->arena);
        krni_writef(&w, "%u sets more: --format csv has all.", a->n_sets - n);
        const char *text = krni_writer_text(&w);
        krni_page_text(s->page, text ? text : "", 0);
    }
}

static void write_notes(const sheet *s)
{
    const krn_invest_answer *a = s->r->answer;
    char number[KRNI_WORD];
    krni_writer w;
    krni_writer_init(&w, s->arena);
    krni_write(&w,
               "Cost of a year: what is paid, the value of time with its waits, and what tonnes "
               "cost that are not sent. ");
    if (a->resolution_usd >= 1.0)
        krni_writef(&w,
                    "Figures that lie nearer than %s USD are the same: twice the gap of the "
                    "equilibria%s. ",
                    krni_number_text(a->resolution_usd, 0, true, number, sizeof number),
                    a->gaps_reached ? "" : ", which were not all reached");
    krni_write(&w, "Interest, upkeep and who pays are not looked at.");
    const char *text = krni_writer_text(&w);
    krni_write(s->page->out, "\n");
    krni_page_note(s->page, text ? text : "");
}

static void write_left_out(const sheet *s)
{
    krni_writer w;
    if (!s->r->n_without_cost)
        return;
    krni_writer_init(&w, s->arena);
    for (uint32_t i = 0; i < s->r->n_without_cost; i++)
        krni_writef(&w, "%s%s", i ? ", " : "",
                    krni_text(s->r->question->base, KRN_TABLE_MEASURE, s->r->without_cost[i],
                              MEASURE_MEASURE_ID));
    const char *text = krni_writer_text(&w);
    krni_page_section(s->page, "Left out: no cost is published");
    krni_page_text(s->page, text ? text : "", 0);
    krni_page_text(s->page, "None is invented: --cost ID=USD gives one.", 0);
}

static krn_status invest_table(const krn_invest_result *r, const krn_report_options *options,
                               krn_arena *arena, char **out, krn_error *err)
{
    krni_writer w;
    krni_writer_init(&w, arena);
    krni_page page = krni_page_of(&w, options);
    const sheet s = {r, &page, arena};
    write_head(&s);
    write_best(&s);
    write_alone(&s);
    write_sets(&s);
    if (r->answer->n_sets > 1)
        write_notes(&s);
    write_left_out(&s);
    return krni_writer_answer(&w, out, err);
}

/* ---- JSON ---- */

static json_t *set_json(const krn_invest_result *r, const krn_invest_set *set, bool *failed)
{
    json_t *o = json_object(), *list = json_array();
    for (uint32_t i = 0; i < r->question->n_options; i++)
        if (set->members >> i & 1u)
            krni_json_append(list, krni_json_text(option_text(r, i, MEASURE_MEASURE_ID)), failed);
    krni_json_set(o, "measures", list, failed);
    krni_json_set(o, "cost_usd", krni_json_number(set->cost_usd, 2), failed);
    krni_json_set(o, "trade_usd", krni_json_number(set->total_usd, 2), failed);
    krni_json_set(o, "unserved_usd", krni_json_number(set->unserved_usd, 2), failed);
    krni_json_set(o, "year_usd", krni_json_number(year_usd(set), 2), failed);
    krni_json_set(o, "cut_usd", krni_json_number(cut_usd(r->answer, set), 2), failed);
    krni_json_set(o, "beyond_parts_usd", krni_json_number(beyond_usd(r, set), 2), failed);
    krni_json_set(o, "sent_t", krni_json_number(set->sent_t, 3), failed);
    krni_json_set(o, "unserved_t", krni_json_number(set->unserved_t, 3), failed);
    return o;
}

static json_t *option_json(const krn_invest_result *r, uint32_t i, bool *failed)
{
    json_t *o = json_object();
    krni_json_set(o, "measure", krni_json_text(option_text(r, i, MEASURE_MEASURE_ID)), failed);
    krni_json_set(o, "name", krni_json_text(option_text(r, i, MEASURE_NAME)), failed);
    krni_json_set(o, "kind", krni_json_text(option_text(r, i, MEASURE_KIND)), failed);
    krni_json_set(o, "cost_usd", krni_json_number(r->question->options[i].cost_usd, 2), failed);
    krni_json_set(o, "cost_is", krni_json_text(is_published(r, i) ? "published" : "given"), failed);
    krni_json_set(
        o, "cost_source",
        krni_json_text_or_null(is_published(r, i) ? option_text(r, i, MEASURE_COST_SOURCE_ID) : ""),
        failed);
    krni_json_set(o, "cut_alone_usd", krni_json_number(r->answer->alone_usd[i], 2), failed);
    return o;
}

static krn_status invest_json(const krn_invest_result *r, krn_arena *arena, char **out,
                              krn_error *err)
{
    const krn_invest_question *q = r->question;
    const krn_invest_answer *a = r->answer;
    char day[KRNI_WORD];
    bool failed = false;
    json_t *root = json_object(), *options = json_array(), *sets = json_array(),
           *left = json_array();
    for (uint32_t i = 0; i < q->n_options; i++)
        krni_json_append(options, option_json(r, i, &failed), &failed);
    for (uint32_t i = 0; i < a->n_sets; i++)
        krni_json_append(sets, set_json(r, &a->sets[i], &failed), &failed);
    for (uint32_t i = 0; i < r->n_without_cost; i++)
        krni_json_append(left,
                         krni_json_text(krni_text(q->base, KRN_TABLE_MEASURE, r->without_cost[i],
                                                  MEASURE_MEASURE_ID)),
                         &failed);
    krni_json_set(root, "budget_usd", krni_json_number(q->budget_usd, 2), &failed);
    krni_json_set(root, "method", krni_json_text(krn_trade_method_name(q->trade.method)), &failed);
    krni_json_set(root, "day", krni_json_text(krni_day_text(q->always.day, day)), &failed);
    krni_json_set(root, "year",
                  q->trade.demand->year ? json_integer(q->trade.demand->year) : json_null(),
                  &failed);
    krni_json_set(root, "scale", json_real(q->trade.demand_share), &failed);
    krni_json_set(root, "resolution_usd", krni_json_number(a->resolution_usd, 2), &failed);
    krni_json_set(root, "gaps_reached", json_boolean(a->gaps_reached), &failed);
    krni_json_set(root, "base", set_json(r, &a->base, &failed), &failed);
    krni_json_set(root, "best",
                  is_told(a, cut_usd(a, &a->sets[0])) ? set_json(r, &a->sets[0], &failed)
                                                      : json_null(),
                  &failed);
    krni_json_set(root, "options", options, &failed);
    krni_json_set(root, "sets", sets, &failed);
    krni_json_set(root, "over_budget", krni_json_number(a->n_skipped, 0), &failed);
    krni_json_set(root, "clashing", krni_json_number(a->n_clashing, 0), &failed);
    krni_json_set(root, "without_cost", left, &failed);
    return krni_json_write(root, failed, arena, out, err);
}

/* ---- CSV: all sets ---- */

static krn_status invest_csv(const krn_invest_result *r, const krn_report_options *options,
                             krn_arena *arena, char **out, krn_error *err)
{
    static const char *const keys[] = {"rank",         "measures",  "cost_usd", "trade_usd",
                                       "unserved_usd", "year_usd",  "cut_usd",  "beyond_parts_usd",
                                       "sent_t",       "unserved_t"};
    krni_records records;
    krni_records_init(&records, arena, keys, sizeof keys / sizeof keys[0]);
    for (uint32_t i = 0; i < r->answer->n_sets; i++) {
        const krn_invest_set *set = &r->answer->sets[i];
        krni_record_number(&records, i + 1, 0);
        krni_record_text(&records, members_text(r, set, ";", arena));
        krni_record_number(&records, set->cost_usd, 2);
        krni_record_number(&records, set->total_usd, 2);
        krni_record_number(&records, set->unserved_usd, 2);
        krni_record_number(&records, year_usd(set), 2);
        krni_record_number(&records, cut_usd(r->answer, set), 2);
        krni_record_number(&records, beyond_usd(r, set), 2);
        krni_record_number(&records, set->sent_t, 3);
        krni_record_number(&records, set->unserved_t, 3);
    }
    return krni_records_answer(&records, "sets", options, arena, out, err);
}

krn_status krn_report_invest(const krn_invest_result *result, const krn_report_options *options,
                             krn_arena *arena, char **out, krn_error *err)
{
    *out = NULL;
    switch (options->format) {
    case KRN_FORMAT_TABLE:
        return invest_table(result, options, arena, out, err);
    case KRN_FORMAT_JSON:
        return invest_json(result, arena, out, err);
    case KRN_FORMAT_CSV:
        return invest_csv(result, options, arena, out, err);
    default:
        return krni_no_format(options, "a choice of measures", err);
    }
}
