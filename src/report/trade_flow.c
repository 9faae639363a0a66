/* SPDX-License-Identifier: Apache-2.0 */
/* trade_flow.c - tonnes by way, by mode, over crossings and through ports.
 *
 *   KZ → IR grain bulk                      1,270.0
 *     rail by Bolashak + Akyayla              774.7   61%   88.1   19.2   1.3
 *
 * What is small is put together at the end of its list: sums stay whole. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/tables.h"
#include "report/trade_page.h"

#define CLASSES_SHOWN   10u
#define WAYS_SHOWN      4u
#define LEAST_SHARE     0.005 /* of a class: a way of its own */
#define MODES_SHOWN     4u
#define GOODS_SHOWN     16u
#define CROSSINGS_SHOWN 16u
#define PORTS_SHOWN     12u
#define FIGURE_COLUMNS  46u /* of the ways, all but their names */
#define LEAST_NAME      20u

/* ---- ways ---- */

/* A label in lines of the first column, further ones indented. */
static const char *label_of(const krni_trade *t, size_t columns, const char *text, size_t indent)
{
    krni_writer w;
    if (!text)
        return NULL;
    krni_writer_init(&w, t->arena);
    krni_write_repeat(&w, " ", indent);
    krni_write_wrapped(&w, text, columns - indent - 2, indent + 2);
    return krni_writer_text(&w);
}

static void ways_row(krni_grid *grid, const krni_trade *t, const char *label,
                     const krni_trade_bundle *list, uint32_t n, bool way)
{
    krni_trade_bundle sum = {0};
    for (uint32_t i = 0; i < n; i++) {
        sum.year_t += list[i].year_t;
        sum.price_usd += list[i].price_usd;
        sum.cost_usd += list[i].cost_usd;
        sum.hours += list[i].hours;
        sum.wait_h += list[i].wait_h;
        sum.wtw_kg += list[i].wtw_kg;
    }
    krni_grid_cell(grid, label);
    krni_grid_number(grid, sum.year_t / t->unit_t, t->decimals, true);
    krni_cell_share(grid, way ? sum.year_t / list->class_t : (double)NAN);
    krni_grid_number(grid, sum.price_usd / sum.year_t, 1, true);
    krni_grid_number(grid, sum.hours / sum.year_t / 24, 1, true);
    krni_grid_number(grid, sum.wait_h / sum.year_t / 24, 1, true);
    krni_grid_number(grid, sum.wtw_kg / sum.year_t, 1, true);
}

static const char *class_label(const krni_trade *t, const krni_trade_bundle *b, const char *way)
{
    krni_writer w;
    krni_writer_init(&w, t->arena);
    krni_write_relation(&w, b->from, b->to);
    krni_write(&w, " ");
    krni_write_goods_class(&w, t, b->cargo_class);
    krni_write(&w, way ? ", " : "");
    krni_write(&w, way ? way : "");
    return krni_writer_text(&w);
}

static void class_rows(krni_grid *grid, const krni_trade *t, size_t columns,
                       const krni_trade_bundle *list, uint32_t n)
{
    uint32_t shown = 0;
    char text[48];
    if (n == 1) {
        ways_row(grid, t, label_of(t, columns, class_label(t, list, list->words), 0), list, 1,
                 true);
        return;
    }
    ways_row(grid, t, label_of(t, columns, class_label(t, list, NULL), 0), list, n, false);
    while (shown < n && (shown < WAYS_SHOWN || n <= WAYS_SHOWN + 1) &&
           list[shown].year_t >= LEAST_SHARE * list->class_t)
        shown++;
    for (uint32_t i = 0; i < shown; i++)
        ways_row(grid, t, label_of(t, columns, list[i].words, 2), &list[i], 1, true);
    if (shown == n)
        return;
    (void)snprintf(text, sizeof text, "%u further way%s", n - shown, n - shown == 1 ? "" : "s");
    ways_row(grid, t, label_of(t, columns, text, 2), list + shown, n - shown, true);
}

void krni_trade_ways(krni_page *page, const krni_trade *t)
{
    const krni_grid_column columns[] = {
        {"relation, goods and way", KRNI_LEFT, 0},
        {t->unit_t > 1 ? "1,000 t\na year" : "t\na year", KRNI_RIGHT, 0},
        {"share", KRNI_RIGHT, 0},
        {"price\nUSD/t", KRNI_RIGHT, 0},
        {"\ndays", KRNI_RIGHT, 0},
        {"of it\nwait", KRNI_RIGHT, 0},
        {"CO2e\nkg/t", KRNI_RIGHT, 0}};
    const size_t width =
        page->columns < FIGURE_COLUMNS + LEAST_NAME ? LEAST_NAME : page->columns - FIGURE_COLUMNS;
    uint32_t n = 0, first = 0;
    const krni_trade_bundle *list = krni_trade_bundles(t, NULL, &n);
    krni_grid grid;
    if (!list) {
        page->out->failed = true;
        return;
    }
    krni_grid_init(&grid, t->arena, columns, sizeof columns / sizeof columns[0]);
    for (uint32_t shown = 0; first < n && shown < CLASSES_SHOWN; shown++) {
        const uint32_t size = krni_trade_class_size(list, n, first);
        class_rows(&grid, t, width, list + first, size);
        first += size;
    }
    if (first < n)
        ways_row(&grid, t, "further relations and goods", list + first, n - first, false);
    ways_row(&grid, t, "all", list, n, false);
    krni_page_section(page, "By which ways");
    krni_grid_write(&grid, page, 0);
}

/* ---- modes ---- */

/* The modes that carry most, most first; *out_n of them. */
static void main_modes(const krni_trade_mode *list, uint32_t n, const char *out[MODES_SHOWN],
                       uint32_t *out_n)
{
    *out_n = 0;
    while (*out_n < MODES_SHOWN) {
        const char *best = NULL;
        double best_t = 0.0;
        for (uint32_t i = 0; i < n; i++) {
            double sum_t = 0.0;
            bool told = false;
            for (uint32_t k = 0; k < *out_n; k++)
                told = told || strcmp(out[k], list[i].modes) == 0;
            for (uint32_t k = 0; k < n && !told; k++)
                sum_t += strcmp(list[k].modes, list[i].modes) == 0 ? list[k].year_t : 0.0;
            if (!told && sum_t > best_t) {
                best = list[i].modes;
                best_t = sum_t;
            }
        }
        if (!best)
            return;
        out[(*out_n)++] = best;
    }
}

static void modes_row(krni_grid *grid, const krni_trade *t, const char *label,
                      const krni_trade_mode *list, uint32_t n, const char *const *modes,
                      uint32_t n_modes)
{
    double sum_t = 0.0, told_t = 0.0;
    for (uint32_t i = 0; i < n; i++)
        sum_t += list[i].year_t;
    krni_grid_cell(grid, label);
    krni_grid_number(grid, sum_t / t->unit_t, t->decimals, true);
    for (uint32_t m = 0; m < MODES_SHOWN; m++) {
        double mode_t = 0.0;
        for (uint32_t i = 0; i < n && m < n_modes; i++)
            mode_t += strcmp(list[i].modes, modes[m]) == 0 ? list[i].year_t : 0.0;
        told_t += mode_t;
        krni_cell_share(grid, mode_t > 0 ? mode_t / sum_t : (double)NAN);
    }
    krni_cell_share(grid, sum_t - told_t > 1e-9 * sum_t ? (sum_t - told_t) / sum_t : (double)NAN);
}

void krni_trade_modes(krni_page *page, const krni_trade *t)
{
    const char *modes[MODES_SHOWN] = {0};
    uint32_t n = 0, n_modes = 0, first = 0;
    const krni_trade_mode *list = krni_trade_modes_by_goods(t, &n);
    krni_grid grid;
    if (!list) {
        page->out->failed = true;
        return;
    }
    main_modes(list, n, modes, &n_modes);
    if (n_modes < 2)
        return; /* the ways say it */
    const krni_grid_column columns[] = {{"goods", KRNI_LEFT, 16},
                                        {t->unit_t > 1 ? "1,000 t" : "t", KRNI_RIGHT, 0},
                                        {modes[0], KRNI_RIGHT, 0},
                                        {modes[1], KRNI_RIGHT, 0},
                                        {modes[2] ? modes[2] : "", KRNI_RIGHT, 0},
                                        {modes[3] ? modes[3] : "", KRNI_RIGHT, 0},
                                        {"other", KRNI_RIGHT, 0}};
    krni_grid_init(&grid, t->arena, columns, sizeof columns / sizeof columns[0]);
    for (uint32_t shown = 0; first < n && shown < GOODS_SHOWN; shown++) {
        uint32_t end = first + 1;
        while (end < n && list[end].commodity == list[first].commodity)
            end++;
        modes_row(&grid, t, krni_commodity_name(t->package, list[first].commodity), list + first,
                  end - first, modes, n_modes);
        first = end;
    }
    if (first < n)
        modes_row(&grid, t, "further goods", list + first, n - first, modes, n_modes);
    modes_row(&grid, t, "all", list, n, modes, n_modes);
    krni_page_section(page, "By which modes, shares of tonnes");
    krni_grid_write(&grid, page, 0);
}

/* ---- crossings and ports ---- */

/* "grain bulk 61%, containers 20%": what most of the tonnes are. */
static const char *goods_over(const krni_trade *t, const double *class_t, double year_t)
{
    krni_writer w;
    char share[KRNI_WORD];
    uint32_t told[2] = {KRN_NO_ROW, KRN_NO_ROW};
    krni_writer_init(&w, t->arena);
    for (int i = 0; i < 2; i++) {
        uint32_t best = KRN_NO_ROW;
        for (uint32_t k = 0; k < krni_classes(t); k++)
            if (k != told[0] && class_t[k] > 0.0 &&
                (best == KRN_NO_ROW || class_t[k] > class_t[best]))
                best = k;
        if (best == KRN_NO_ROW)
            break;
        told[i] = best;
        krni_write(&w, i ? ", " : "");
        krni_write_goods_class(&w, t, best);
        krni_writef(&w, " %s%%",
                    krni_number_text(100 * class_t[best] / year_t, 0, false, share, sizeof share));
    }
    return krni_writer_text(&w);
}

void krni_trade_crossings(krni_page *page, const krni_trade *t)
{
    const krni_grid_column columns[] = {{"crossing", KRNI_LEFT, 20},
                                        {"", KRNI_LEFT, 0},
                                        {"mode", KRNI_LEFT, 0},
                                        {t->unit_t > 1 ? "1,000 t" : "t", KRNI_RIGHT, 0},
                                        {"mostly", KRNI_LEFT, 20}};
    uint32_t n = 0;
    const krni_trade_crossing *list = krni_trade_crossing_list(t, &n);
    double rest_t = 0.0;
    krni_grid grid;
    if (!list)
        page->out->failed = true;
    if (!n)
        return;
    krni_grid_init(&grid, t->arena, columns, sizeof columns / sizeof columns[0]);
    for (uint32_t i = 0; i < n; i++) {
        if (i >= CROSSINGS_SHOWN) {
            rest_t += list[i].year_t;
            continue;
        }
        krni_grid_cell(&grid, list[i].name);
        krni_grid_cell(&grid, krni_relation_words(t, list[i].from, list[i].to));
        krni_grid_cell(&grid, krn_mode_name(list[i].mode));
        krni_grid_number(&grid, list[i].year_t / t->unit_t, t->decimals, true);
        krni_grid_cell(&grid, goods_over(t, list[i].class_t, list[i].year_t));
    }
    if (rest_t > 0.0) {
        krni_grid_format(&grid, "%u further ones", n - CROSSINGS_SHOWN);
        krni_grid_cell(&grid, "");
        krni_grid_cell(&grid, "");
        krni_grid_number(&grid, rest_t / t->unit_t, t->decimals, true);
        krni_grid_cell(&grid, "");
    }
    krni_page_section(page, "Over which borders");
    krni_grid_write(&grid, page, 0);
}

/* Both directions of a port. */
typedef struct port {
    uint32_t node;
    double in_t, out_t;
    double *class_t;
} port;

static int compare_ports(const void *pa, const void *pb)
{
    const port *a = pa, *b = pb;
    const double at = a->in_t + a->out_t, bt = b->in_t + b->out_t;
    return at != bt ? (at > bt ? -1 : 1) : (a->node > b->node) - (a->node < b->node);
}

/* Ports with most tonnes first; NULL when memory ran out. */
static port *list_ports(const krni_trade *t, uint32_t *out_n)
{
    port *list = krn_arena_calloc(t->arena, (size_t)t->answer->n_uses + 1, sizeof *list);
    uint32_t n = 0;
    for (uint32_t i = 0; i < t->answer->n_uses && list; i++) {
        const krn_trade_use *use = &t->answer->uses[i];
        if (use->kind != KRN_TRADE_PORT_IN && use->kind != KRN_TRADE_PORT_OUT)
            continue;
        uint32_t k = 0;
        while (k < n && list[k].node != use->row)
            k++;
        if (k == n) {
            list[n].node = use->row;
            list[n].class_t = krn_arena_calloc(t->arena, krni_classes(t) + 1u, sizeof(double));
            if (!list[n++].class_t)
                return NULL;
        }
        *(use->kind == KRN_TRADE_PORT_IN ? &list[k].in_t : &list[k].out_t) += use->year_t;
        for (uint32_t c = 0; c < krni_classes(t); c++)
            list[k].class_t[c] += use->class_t[c];
    }
    if (list)
        qsort(list, n, sizeof *list, compare_ports);
    *out_n = n;
    return list;
}

void krni_trade_ports(krni_page *page, const krni_trade *t)
{
    const krni_grid_column columns[] = {
        {"port", KRNI_LEFT, 16},
        {t->unit_t > 1 ? "onto ships\n1,000 t" : "onto ships\nt", KRNI_RIGHT, 0},
        {t->unit_t > 1 ? "off ships\n1,000 t" : "off ships\nt", KRNI_RIGHT, 0},
        {"mostly", KRNI_LEFT, 20}};
    uint32_t n = 0;
    char name[KRNI_WORD * 2];
    const port *list = list_ports(t, &n);
    krni_grid grid;
    if (!list)
        page->out->failed = true;
    if (!list || !n)
        return;
    krni_grid_init(&grid, t->arena, columns, sizeof columns / sizeof columns[0]);
    for (uint32_t i = 0; i < n && i < PORTS_SHOWN; i++) {
        const port *p = &list[i];
        krni_place_short(t->package, p->node, name, sizeof name);
        krni_grid_cell(&grid, krn_arena_text(t->arena, name));
        krni_cell_number(&grid, p->out_t > 0 ? p->out_t / t->unit_t : (double)NAN, t->decimals);
        krni_cell_number(&grid, p->in_t > 0 ? p->in_t / t->unit_t : (double)NAN, t->decimals);
        krni_grid_cell(&grid, goods_over(t, p->class_t, p->in_t + p->out_t));
    }
    krni_page_section(page, "Through which ports");
    krni_grid_write(&grid, page, 0);
}
