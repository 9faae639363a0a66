/* SPDX-License-Identifier: Apache-2.0 */
/* trade_table.c - the trade of a year on a terminal: what was asked, the sums, then by which ways,
 * over which borders and ports, what is full, and what was left behind; and the choice of the
 * format. */
#include <math.h>
#include <stdio.h>

#include "base/error.h"
#include "model/tables.h"
#include "report/plan_page.h"
#include "report/trade_page.h"

#define MANY_T      1e5 /* tonnes that are told in thousands */
#define LEFT_SHOWN  8u
#define LABEL_WIDTH 14u

static void write_line(krni_page *page, krni_writer *line, size_t indent)
{
    const char *text = krni_writer_text(line);
    if (!text)
        page->out->failed = true;
    krni_page_text(page, text ? text : "", indent);
}

static void write_field(krni_page *page, const char *label, krni_writer *line)
{
    const char *text = krni_writer_text(line);
    if (!text)
        page->out->failed = true;
    krni_page_field(page, label, text ? text : "", 0, LABEL_WIDTH);
}

/* ---- head ---- */

static void write_title(krni_page *page, const krni_trade *t)
{
    const krn_demand_list *demand = t->question->demand;
    krni_writer line;
    krni_writer_init(&line, t->arena);
    if (t->report->year)
        krni_writef(&line, "The trade of %d on the network: ", t->report->year);
    else if (demand->year)
        krni_writef(&line, "The trade of %d on the network: ", demand->year);
    else
        krni_write(&line, "Own demand on the network: ");
    krni_write(&line, krni_trade_method_words(t->question->method));
    const char *title = krni_writer_text(&line);
    if (!title)
        page->out->failed = true;
    krni_page_title(page, title ? title : "");
}

static void write_demand(krni_page *page, const krni_trade *t)
{
    const krn_trade_question *q = t->question;
    char number[KRNI_WORD];
    krni_writer line;
    krni_writer_init(&line, t->arena);
    if (t->report->demand_file)
        krni_writef(&line, "demand of %s", t->report->demand_file);
    else if (q->demand->year)
        krni_writef(&line, "demand: flows of %d%s", q->demand->year,
                    t->report->year && q->demand->year != t->report->year
                        ? ", the latest known for that year"
                        : "");
    else
        krni_write(&line, "demand: own table");
    if (q->demand_share != 1.0)
        krni_writef(&line, ", times %s",
                    krni_number_short(q->demand_share, 4, number, sizeof number));
    krni_writef(&line, ", in %u row%s", t->answer->n_rows, t->answer->n_rows == 1 ? "" : "s");
    krni_writef(&line, " over %s way%s",
                krni_number_text(t->answer->n_ways, 0, true, number, sizeof number),
                t->answer->n_ways == 1 ? "" : "s");
    krni_writef(&line, "; tariffs, rules and measures of %s",
                krni_day_text(krn_network_day(t->network), number));
    write_line(page, &line, 0);
}

static void write_method(krni_page *page, const krni_trade *t)
{
    const krn_trade_question *q = t->question;
    const krn_trade_answer *a = t->answer;
    const double asked = q->gap_share > 0.0 ? q->gap_share : 1e-6;
    char number[KRNI_WORD];
    krni_writer line;
    krni_writer_init(&line, t->arena);
    if (q->method == KRN_TRADE_USER || q->method == KRN_TRADE_SYSTEM ||
        q->method == KRN_TRADE_STOCHASTIC) {
        krni_writef(&line, "relative gap %.2g", a->step.gap_share);
        krni_writef(&line,
                    a->gap_reached ? " (%.2g asked for)" : ": the %.2g asked for was not reached",
                    asked);
        krni_writef(&line, " after %u round%s of planning, %s", a->n_rounds,
                    a->n_rounds == 1 ? "" : "s",
                    a->all_ways ? "the last without a cheaper way" : "among the ways found so far");
        krni_writef(&line, "; waits: %s", t->report->delay ? t->report->delay : "formula");
    } else {
        krni_write(&line,
                   "ways are chosen as if nobody else were about; waits are what that gives");
    }
    if (q->hard_capacity)
        krni_write(&line, "; capacities are hard");
    if (q->emission_usd_t > 0.0)
        krni_writef(&line, "; a tonne CO2e costs %s USD",
                    krni_number_short(q->emission_usd_t, 2, number, sizeof number));
    krni_writef(&line, "; weakest figure used: %s", krn_quality_name(a->quality));
    write_line(page, &line, 0);
    const char *measures = krni_measures_line(t->package, t->arena);
    if (!measures)
        page->out->failed = true;
    else if (*measures)
        krni_page_text(page, measures, 0);
}

/* ---- sums ---- */

static char *tonnes(double t, char out[KRNI_WORD])
{
    return krni_number_text(t, 0, true, out, KRNI_WORD);
}

static char *percent(double share, char out[KRNI_WORD])
{
    return krni_number_short(100 * share, 1, out, KRNI_WORD);
}

static void write_tonnes(krni_page *page, const krni_trade *t)
{
    const krn_trade_answer *a = t->answer;
    char asked[KRNI_WORD], sent[KRNI_WORD], left[KRNI_WORD], share[KRNI_WORD];
    krni_writer line;
    krni_writer_init(&line, t->arena);
    krni_writef(&line, "%s t a year of %s t asked for", tonnes(a->sent_t, sent),
                tonnes(a->asked_t, asked));
    if (a->unserved_t > 0.5)
        krni_writef(&line, "; %s t (%s%%) left behind, see below", tonnes(a->unserved_t, left),
                    percent(a->asked_t > 0 ? a->unserved_t / a->asked_t : 0, share));
    write_field(page, "sent", &line);
}

static void write_costs(krni_page *page, const krni_trade *t)
{
    const krn_trade_answer *a = t->answer;
    char total[KRNI_WORD], price[KRNI_WORD], time[KRNI_WORD], co2e[KRNI_WORD], each[KRNI_WORD];
    krni_writer line;
    krni_writer_init(&line, t->arena);
    krni_writef(&line, "%s million USD a year: prices %s, value of time %s",
                krni_number_text(a->total_usd / 1e6, 2, true, total, sizeof total),
                krni_number_text(a->price_usd / 1e6, 2, true, price, sizeof price),
                krni_number_text(a->time_usd / 1e6, 2, true, time, sizeof time));
    if (a->emission_usd > 0.0)
        krni_writef(&line, ", CO2e %s",
                    krni_number_text(a->emission_usd / 1e6, 2, true, co2e, sizeof co2e));
    krni_writef(&line, "; %s USD a tonne",
                krni_number_text(a->total_usd / a->sent_t, 1, true, each, sizeof each));
    write_field(page, "cost", &line);
    krni_writer_init(&line, t->arena);
    krni_writef(&line, "%s days door to door, %s of them waiting for room",
                krni_number_text(a->mean_d, 1, true, total, sizeof total),
                krni_number_text(a->wait_d, 1, true, time, sizeof time));
    write_field(page, "mean tonne", &line);
}

static void write_carriage(krni_page *page, const krni_trade *t)
{
    const krn_trade_answer *a = t->answer;
    char number[KRNI_WORD], each[KRNI_WORD];
    const struct {
        const char *mode;
        double tkm;
    } parts[] = {{"rail", a->rail_tkm}, {"sea", a->sea_tkm}, {"road", a->road_tkm}};
    krni_writer line;
    krni_writer_init(&line, t->arena);
    krni_writef(&line,
                "%s million tkm:", krni_number_text(a->tkm / 1e6, 1, true, number, sizeof number));
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        krni_writef(&line, "%s %s %s%%", i ? "," : "", parts[i].mode,
                    percent(a->tkm > 0 ? parts[i].tkm / a->tkm : 0, number));
    write_field(page, "carriage", &line);
    krni_writer_init(&line, t->arena);
    krni_writef(&line, "%s t a year well to wheel, %s kg a tonne, %s g a tkm",
                krni_number_text(a->wtw_kg_co2e / 1e3, 0, true, number, sizeof number),
                krni_number_text(a->wtw_kg_co2e / a->sent_t, 1, true, each, sizeof each),
                krni_number_text(a->tkm > 0 ? a->wtw_kg_co2e / a->tkm * 1e3 : 0, 1, true,
                                 (char[KRNI_WORD]){0}, KRNI_WORD));
    write_field(page, "CO2e", &line);
}

/* ---- what is left behind ---- */

/* Whether an earlier one is of the same relation and goods: it speaks for both. */
static bool told_before(const krni_trade_left *list, uint32_t i)
{
    for (uint32_t k = 0; k < i; k++)
        if (list[k].row->from == list[i].row->from && list[k].row->to == list[i].row->to &&
            list[k].demand->commodity == list[i].demand->commodity)
            return true;
    return false;
}

/* "KZ → IR barley, 12,345 t between 3 pairs of places; the largest: ..." */
static void write_left_goods(krni_page *page, const krni_trade *t, const krni_trade_left *list,
                             uint32_t n, uint32_t first)
{
    const krni_trade_left *l = &list[first];
    double sum_t = 0.0;
    uint32_t pairs = 0;
    char number[KRNI_WORD];
    krni_writer line;
    for (uint32_t i = first; i < n; i++) {
        const bool same = list[i].row->from == l->row->from && list[i].row->to == l->row->to &&
                          list[i].demand->commodity == l->demand->commodity;
        sum_t += same ? list[i].year_t : 0.0;
        pairs += same;
    }
    krni_writer_init(&line, t->arena);
    krni_write_relation(&line, l->row->from, l->row->to);
    krni_writef(&line, " %s, %s t", krni_commodity_name(t->package, l->demand->commodity),
                tonnes(sum_t, number));
    if (pairs > 1)
        krni_writef(&line, " between %u pairs of places; the largest", pairs);
    krni_writef(&line, ": %s", l->reason);
    write_line(page, &line, 2);
}

static void write_left(krni_page *page, const krni_trade *t)
{
    uint32_t n = 0, shown = 0, more = 0;
    const krni_trade_left *list = krni_trade_left_behind(t, &n);
    krni_writer line;
    if (!list)
        page->out->failed = true;
    if (!list || !n)
        return;
    krni_page_section(page, "Left behind");
    for (uint32_t i = 0; i < n; i++) {
        if (told_before(list, i))
            continue;
        if (shown++ < LEFT_SHOWN)
            write_left_goods(page, t, list, n, i);
        else
            more++;
    }
    if (more) {
        krni_writer_init(&line, t->arena);
        krni_writef(&line, "and %u more: --format json has all", more);
        write_line(page, &line, 2);
    }
}

krn_status krni_trade_table(const krni_trade *trade, char **out, krn_error *err)
{
    krni_writer w;
    krni_writer_init(&w, trade->arena);
    krni_page page = krni_page_of(&w, trade->options);
    write_title(&page, trade);
    write_demand(&page, trade);
    write_method(&page, trade);
    krni_write(&w, "\n");
    write_tonnes(&page, trade);
    if (trade->answer->sent_t > 0.0) {
        write_costs(&page, trade);
        write_carriage(&page, trade);
        krni_trade_ways(&page, trade);
        krni_trade_modes(&page, trade);
        krni_trade_crossings(&page, trade);
        krni_trade_ports(&page, trade);
        krni_trade_full(&page, trade);
        krni_trade_selections(&page, trade);
    }
    write_left(&page, trade);
    return krni_writer_answer(&w, out, err);
}

krn_status krn_report_trade(const krn_trade_report *report, const krn_report_options *options,
                            krn_arena *arena, char **out, krn_error *err)
{
    const bool many = report->answer->sent_t >= MANY_T;
    const krni_trade trade = {.report = report,
                              .network = report->network,
                              .package = krn_network_package(report->network),
                              .answer = report->answer,
                              .question = report->answer->question,
                              .options = options,
                              .arena = arena,
                              .unit_t = many ? 1000.0 : 1.0,
                              .decimals = many};
    *out = NULL;
    switch (options->format) {
    case KRN_FORMAT_TABLE:
        return krni_trade_table(&trade, out, err);
    case KRN_FORMAT_JSON:
        return krni_trade_json(&trade, out, err);
    case KRN_FORMAT_CSV:
        return krni_trade_csv(&trade, out, err);
    default:
        return krni_trade_geojson(&trade, out, err);
    }
}
