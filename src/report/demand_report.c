/* SPDX-License-Identifier: Apache-2.0 */
/* demand_report.c - the trade of a year: as a table of relations and goods, and as the rows that a
 * simulation or an assignment reads back.
 *
 *   KZ → IR  all goods   1,475.5  KZ
 *            Barley      1,228.0  KZ  published  trade-apk-2024
 *
 * Statistics of two countries about one trade are never added up: sums are told by whose they are.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "model/tables.h"
#include "report/demand_page.h"
#include "report/words.h"

#define EXACT_DIGITS 17
#define MANY_T       1e5 /* tonnes that are told in thousands */

krn_country krni_country_of(const krn_package *package, uint32_t node)
{
    return krn_country_parse(krni_text(package, KRN_TABLE_NODE, node, NODE_COUNTRY));
}

double krni_demand_t(const krn_demand_answer *answer, const krn_demand *row)
{
    return row->ready == KRN_TIME_NONE ? row->year_t * answer->demand_share : row->year_t;
}

const char *krni_flow_text(const krn_package *package, uint32_t flow, int column)
{
    return flow == KRN_NO_ROW ? "" : krni_text(package, KRN_TABLE_FLOW, flow, column);
}

const char *krni_flow_statistics(const krn_package *package, uint32_t flow)
{
    return krni_flow_text(package, flow, FLOW_STATISTICS);
}

/* ---- flows ---- */

/* A flow with what it is put in order by. */
typedef struct ranked {
    krni_demand_flow flow;
    double relation_t;
    uint32_t first; /* row that began it */
} ranked;

static int compare_ranked(const void *pa, const void *pb)
{
    const ranked *a = pa, *b = pb;
    if (a->relation_t != b->relation_t)
        return a->relation_t > b->relation_t ? -1 : 1;
    if (a->flow.from != b->flow.from)
        return a->flow.from < b->flow.from ? -1 : 1;
    if (a->flow.to != b->flow.to)
        return a->flow.to < b->flow.to ? -1 : 1;
    if (a->flow.tonnes != b->flow.tonnes)
        return a->flow.tonnes > b->flow.tonnes ? -1 : 1;
    return (a->first > b->first) - (a->first < b->first);
}

static bool same_flow(const krni_demand_flow *f, krn_country from, krn_country to,
                      const krn_demand *d)
{
    return f->from == from && f->to == to && f->commodity == d->commodity && f->flow == d->flow;
}

static uint32_t gather(const krn_demand_answer *a, ranked *list)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < a->list->n; i++) {
        const krn_demand *d = &a->list->rows[i];
        const krn_country from = krni_country_of(a->package, d->origin),
                          to = krni_country_of(a->package, d->destination);
        uint32_t k = n; /* rows of a flow mostly stand together */
        while (k > 0 && !same_flow(&list[k - 1].flow, from, to, d))
            k--;
        if (!k) {
            list[n] = (ranked){.flow = {.from = from,
                                        .to = to,
                                        .commodity = d->commodity,
                                        .flow = d->flow,
                                        .quality = d->quality},
                               .first = i};
            k = ++n;
        }
        krni_demand_flow *f = &list[k - 1].flow;
        f->n_rows++;
        f->tonnes += krni_demand_t(a, d);
        f->lot_t = fmax(f->lot_t, d->lot_t);
        f->quality = krn_quality_weakest(f->quality, d->quality);
    }
    return n;
}

krni_demand_flow *krni_demand_flows(const krn_demand_answer *answer, krn_arena *arena,
                                    uint32_t *out_n)
{
    *out_n = 0;
    ranked *list = krn_arena_calloc(arena, (size_t)answer->list->n + 1, sizeof *list);
    if (!list)
        return NULL;
    const uint32_t n = gather(answer, list);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = 0; k < n; k++)
            if (list[k].flow.from == list[i].flow.from && list[k].flow.to == list[i].flow.to)
                list[i].relation_t += list[k].flow.tonnes;
    qsort(list, n, sizeof *list, compare_ranked);
    krni_demand_flow *flows = krn_arena_calloc(arena, (size_t)n + 1, sizeof *flows);
    for (uint32_t i = 0; i < n && flows; i++)
        flows[i] = list[i].flow;
    *out_n = n;
    return flows;
}

/* ---- table ---- */

typedef struct sheet {
    const krn_demand_answer *answer;
    krn_arena *arena;
    const krni_demand_flow *flows;
    uint32_t n_flows;
    double total_t, unit_t;
    int decimals;
} sheet;

static const char *relation_text(const sheet *s, const krni_demand_flow *f)
{
    char from[3], to[3];
    krni_writer w;
    krn_country_text(f->from, from);
    krn_country_text(f->to, to);
    krni_writer_init(&w, s->arena);
    krni_writef(&w, "%s → %s", from, to);
    return krni_writer_text(&w);
}

/* Flows of one relation from `first` on. */
static uint32_t relation_size(const sheet *s, uint32_t first)
{
    uint32_t n = 1;
    while (first + n < s->n_flows && s->flows[first + n].from == s->flows[first].from &&
           s->flows[first + n].to == s->flows[first].to)
        n++;
    return n;
}

/* Whose statistics all flows of a relation follow; "" when they are of several. */
static const char *statistics_of(const sheet *s, uint32_t first, uint32_t n)
{
    const char *of = krni_flow_statistics(s->answer->package, s->flows[first].flow);
    for (uint32_t i = first + 1; i < first + n; i++)
        if (strcmp(of, krni_flow_statistics(s->answer->package, s->flows[i].flow)) != 0)
            return "";
    return of;
}

/* Name of goods without what stands in brackets. */
static const char *goods_text(const sheet *s, uint32_t commodity)
{
    const char *name = krni_commodity_name(s->answer->package, commodity),
               *bracket = strstr(name, " (");
    krni_writer w;
    krni_writer_init(&w, s->arena);
    krni_write_bytes(&w, name, bracket ? (size_t)(bracket - name) : strlen(name));
    return krni_writer_text(&w);
}

static void write_flow_row(krni_grid *grid, const sheet *s, const krni_demand_flow *f,
                           const char *relation)
{
    const krn_package *p = s->answer->package;
    const krn_quality tonnes =
        f->flow == KRN_NO_ROW
            ? KRN_PUBLISHED
            : krn_package_quality(p, krni_figure(KRN_TABLE_FLOW, f->flow, FLOW_TONNES));
    krni_grid_cell(grid, relation);
    krni_grid_cell(grid, goods_text(s, f->commodity));
    krni_grid_number(grid, f->tonnes / s->unit_t, s->decimals, true);
    krni_grid_cell(grid, krni_flow_statistics(p, f->flow));
    krni_grid_cell(grid, f->flow == KRN_NO_ROW ? "" : krn_quality_name(tonnes));
    krni_grid_cell(grid, krni_flow_text(p, f->flow, FLOW_SOURCE_ID));
}

static void write_sum_row(krni_grid *grid, const sheet *s, const char *relation, uint32_t first,
                          uint32_t n)
{
    double sum_t = 0.0;
    for (uint32_t i = first; i < first + n; i++)
        sum_t += s->flows[i].tonnes;
    krni_grid_cell(grid, relation);
    krni_grid_cell(grid, "all goods");
    krni_grid_number(grid, sum_t / s->unit_t, s->decimals, true);
    krni_grid_cell(grid, statistics_of(s, first, n));
    krni_grid_cell(grid, "");
    krni_grid_cell(grid, "");
}

static void write_relations(krni_page *page, const sheet *s)
{
    const krni_grid_column columns[] = {
        {"relation", KRNI_LEFT, 0},
        {"goods", KRNI_LEFT, 14},
        {s->unit_t > 1 ? "1,000 t\na year" : "t\na year", KRNI_RIGHT, 0},
        {"told\nby", KRNI_LEFT, 0},
        {"tonnes\nare", KRNI_LEFT, 0},
        {"source", KRNI_LEFT, page->columns < 80 ? 10 : 0}};
    krni_grid grid;
    krni_grid_init(&grid, s->arena, columns, sizeof columns / sizeof columns[0]);
    for (uint32_t first = 0, n; first < s->n_flows; first += n) {
        const char *relation = relation_text(s, &s->flows[first]);
        n = relation_size(s, first);
        if (n > 1)
            write_sum_row(&grid, s, relation, first, n);
        for (uint32_t i = first; i < first + n; i++)
            write_flow_row(&grid, s, &s->flows[i], n > 1 ? "" : relation);
    }
    krni_write(page->out, "\n");
    krni_grid_write(&grid, page, 0);
}

/* "KZ 2,584.9, IR 2,673.2, other 2,768.5": by whose statistics, in the order of the format. */
static void write_statistics(krni_page *page, const sheet *s)
{
    const char *at = krni_schema(KRN_TABLE_FLOW)->columns[FLOW_STATISTICS].choices;
    char number[KRNI_WORD];
    krni_writer w;
    krni_writer_init(&w, s->arena);
    while (*at) {
        const size_t length = strcspn(at, "|");
        double sum_t = 0.0;
        for (uint32_t i = 0; i < s->n_flows; i++) {
            const char *of = krni_flow_statistics(s->answer->package, s->flows[i].flow);
            sum_t += strlen(of) == length && !strncmp(of, at, length) ? s->flows[i].tonnes : 0.0;
        }
        if (sum_t > 0.0)
            krni_writef(
                &w, "%s%.*s %s", w.size ? ", " : "", (int)length, at,
                krni_number_text(sum_t / s->unit_t, s->decimals, true, number, sizeof number));
        at += length + (at[length] == '|');
    }
    if (!w.size)
        return;
    krni_write(&w, s->unit_t > 1 ? " thousand t" : " t");
    const char *text = krni_writer_text(&w);
    page->out->failed = page->out->failed || !text;
    krni_write(page->out, "\n");
    krni_page_field(page, "told by", text ? text : "", 0, 9);
    krni_page_note(page, "A flow follows the statistics of one country: those of two differ about "
                         "the same trade and are never mixed in one flow. Its spread over places "
                         "is by the weights of flow_place.csv.");
}

static void write_pairs(krni_page *page, const sheet *s)
{
    static const krni_grid_column columns[] = {{"from", KRNI_LEFT, 12},
                                               {"to", KRNI_LEFT, 12},
                                               {"goods", KRNI_LEFT, 12},
                                               {"t a year", KRNI_RIGHT, 0},
                                               {"lot t", KRNI_RIGHT, 0}};
    const krn_demand_list *list = s->answer->list;
    char name[KRNI_WORD * 2];
    krni_grid grid;
    krni_grid_init(&grid, s->arena, columns, sizeof columns / sizeof columns[0]);
    for (uint32_t i = 0; i < list->n; i++) {
        const krn_demand *d = &list->rows[i];
        const krn_package *p = s->answer->package;
        const double tonnes = krni_demand_t(s->answer, d);
        krni_grid_cell(&grid,
                       krn_arena_text(s->arena, krni_place_short(p, d->origin, name, sizeof name)));
        krni_grid_cell(&grid, krn_arena_text(s->arena, krni_place_short(p, d->destination, name,
                                                                        sizeof name)));
        krni_grid_cell(&grid, goods_text(s, d->commodity));
        krni_grid_number(&grid, tonnes, 0, true);
        krni_grid_number(&grid, fmin(d->lot_t, tonnes), 0, true);
    }
    krni_page_section(page, "Between places");
    krni_grid_write(&grid, page, 0);
}

static void write_title(krni_page *page, const sheet *s, krn_quality quality)
{
    const krn_demand_answer *a = s->answer;
    char number[KRNI_WORD];
    krni_writer w;
    krni_writer_init(&w, s->arena);
    if (a->list->year)
        krni_writef(&w, "Trade of %d", a->list->year);
    else
        krni_writef(&w, "Trade of %s", a->file ? a->file : "an own table");
    const char *title = krni_writer_text(&w);
    page->out->failed = page->out->failed || !title;
    krni_page_title(page, title ? title : "");
    if (!s->n_flows) {
        krni_page_text(page, "No flow of this kind.", 0);
        return;
    }
    krni_writer_init(&w, s->arena);
    krni_writef(&w, "%s t a year in %u flow%s over %u pair%s of places",
                krni_number_text(s->total_t, 0, true, number, sizeof number), s->n_flows,
                s->n_flows == 1 ? "" : "s", a->list->n, a->list->n == 1 ? "" : "s");
    if (a->demand_share != 1.0)
        krni_writef(&w, ", scaled by %s",
                    krni_number_short(a->demand_share, 4, number, sizeof number));
    if (a->list->year)
        krni_writef(&w, "; weakest figure: %s", krn_quality_name(quality));
    const char *text = krni_writer_text(&w);
    page->out->failed = page->out->failed || !text;
    krni_page_text(page, text ? text : "", 0);
}

static krn_status demand_table(const krn_demand_answer *a, const krn_report_options *options,
                               krn_arena *arena, char **out, krn_error *err)
{
    krni_writer w;
    krn_quality quality = KRN_PUBLISHED;
    sheet s = {.answer = a, .arena = arena};
    s.flows = krni_demand_flows(a, arena, &s.n_flows);
    if (!s.flows)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < s.n_flows; i++) {
        s.total_t += s.flows[i].tonnes;
        quality = krn_quality_weakest(quality, s.flows[i].quality);
    }
    s.unit_t = s.total_t >= MANY_T ? 1000.0 : 1.0;
    s.decimals = s.unit_t > 1.0;
    krni_writer_init(&w, arena);
    krni_page page = krni_page_of(&w, options);
    write_title(&page, &s, quality);
    if (s.n_flows) {
        write_relations(&page, &s);
        write_statistics(&page, &s);
    }
    if (a->pairs && a->list->n)
        write_pairs(&page, &s);
    return krni_writer_answer(&w, out, err);
}

/* ---- rows that are read back ---- */

static void write_exact(krni_writer *w, double value)
{
    char number[KRNI_NUMBER_EXACT_SIZE];
    krni_number_exact(value, EXACT_DIGITS, number);
    krni_write(w, number);
}

static void write_time(krni_writer *w, const krn_calendar_book *calendars, uint32_t node,
                       krn_time at)
{
    char text[KRNI_WORD] = "";
    if (at != KRN_TIME_NONE)
        krn_time_text(calendars, node, at, text, sizeof text);
    krni_write(w, text);
}

/* origin,destination,commodity,tonnes,lot_t,units,loading_unit,ready,due. A row of units that is
 * scaled is one of tonnes in that unit. */
static void write_csv_row(krni_writer *w, const krn_demand_answer *a,
                          const krn_calendar_book *calendars, const krn_demand *d)
{
    const krn_package *p = a->package;
    const double tonnes = krni_demand_t(a, d);
    const bool has_units = d->n_units && tonnes == d->year_t;
    const char *unit =
        d->loading_unit == KRN_NO_ROW
            ? ""
            : krni_text(p, KRN_TABLE_LOADING_UNIT, d->loading_unit, LOADING_UNIT_LOADING_UNIT);
    krni_csv_field(w, krni_text(p, KRN_TABLE_NODE, d->origin, NODE_NODE_ID));
    krni_write(w, ",");
    krni_csv_field(w, krni_text(p, KRN_TABLE_NODE, d->destination, NODE_NODE_ID));
    krni_write(w, ",");
    krni_csv_field(w, krni_text(p, KRN_TABLE_COMMODITY, d->commodity, COMMODITY_COMMODITY_ID));
    krni_write(w, ",");
    write_exact(w, tonnes);
    krni_write(w, ",");
    write_exact(w, fmin(d->lot_t, tonnes));
    krni_write(w, ",");
    if (has_units)
        krni_writef(w, "%ux%s,", d->n_units, unit);
    else
        krni_writef(w, ",%s", unit);
    krni_write(w, ",");
    write_time(w, calendars, d->origin, d->ready);
    krni_write(w, ",");
    write_time(w, calendars, d->destination, d->due);
    krni_write(w, "\r\n");
}

static krn_status demand_csv(const krn_demand_answer *a, krn_arena *arena, char **out,
                             krn_error *err)
{
    krn_calendar_book *calendars = NULL;
    krni_writer w;
    const krn_status status = krn_calendar_book_new(a->package, &calendars, err);
    if (status)
        return status;
    krni_writer_init(&w, arena);
    krni_write(&w, "origin,destination,commodity,tonnes,lot_t,units,loading_unit,ready,due\r\n");
    for (uint32_t i = 0; i < a->list->n; i++)
        if (krni_demand_t(a, &a->list->rows[i]) > 0.0) /* nothing is no row of demand */
            write_csv_row(&w, a, calendars, &a->list->rows[i]);
    krn_calendar_book_free(calendars);
    return krni_writer_answer(&w, out, err);
}

krn_status krn_report_demand(const krn_demand_answer *answer, const krn_report_options *options,
                             krn_arena *arena, char **out, krn_error *err)
{
    *out = NULL;
    switch (options->format) {
    case KRN_FORMAT_TABLE:
        return demand_table(answer, options, arena, out, err);
    case KRN_FORMAT_JSON:
        return krni_demand_json(answer, arena, out, err);
    case KRN_FORMAT_CSV:
        return demand_csv(answer, arena, out, err);
    default:
        return krni_demand_geojson(answer, arena, out, err);
    }
}
