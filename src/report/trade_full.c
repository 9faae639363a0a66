/* SPDX-License-Identifier: Apache-2.0 */
/* trade_full.c - what is full, what one more unit of it is worth, and who uses what was asked for.
 *
 *    1  ███████████████▉  99%  31.0  1,240.1     182,500  1,150  0.42
 *       Incheh Borun gauge change 1520 → 1435: 49.8 of 50 wagons a day */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/resource_words.h"
#include "report/trade_page.h"

#define FULL_SHOWN  12u
#define LEAST_FULL  0.01 /* of its capacity: a resource that is shown */
#define USERS_SHOWN 10u
#define BAR_COLUMNS 16u
#define LEAST_BAR   6u
#define MOST_ALIKE  8u

/* ---- full ---- */

/* A share as a bar, in eighths of a column; above 1 it stays full. */
static char *bar_of(const krni_trade *t, double share, unsigned columns)
{
    static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    const double most = share < 0.0 ? 0.0 : share > 1.0 ? 1.0 : share;
    const unsigned parts = (unsigned)floor(most * 8 * columns + 0.5), rest = parts % 8;
    krni_writer w;
    krni_writer_init(&w, t->arena);
    krni_write_repeat(&w, "█", parts / 8);
    krni_write(&w, eighths[rest]);
    krni_write_repeat(&w, "·", columns - parts / 8 - (rest > 0));
    return krni_writer_text(&w);
}

/* Sections of one line carry the same trains: the same figures. */
static bool alike(const krn_trade_resource *a, const krn_trade_resource *b)
{
    return a->words.kind == b->words.kind && a->full_share == b->full_share &&
           a->load_a_day == b->load_a_day && a->year_t == b->year_t;
}

/* "98.3 of 50 wagons a day"; of pools, that are held: "1,988 of 3,750 wagons". */
static void write_load(krni_writer *w, const krn_trade_resource *r)
{
    const krn_sim_resource_kind kind = r->words.kind;
    const bool held = kind == KRN_RESOURCE_STORAGE || kind == KRN_RESOURCE_BERTHS ||
                      kind == KRN_RESOURCE_WAGONS || kind == KRN_RESOURCE_LOCOMOTIVES;
    char load[KRNI_WORD], capacity[KRNI_WORD];
    const double least = fmin(r->load_a_day, r->capacity_a_day);
    const int decimals = least < 0.1 ? 3 : least < 1.0 ? 2 : least < 100.0;
    krni_writef(w, ": %s of %s %s%s",
                krni_number_text(r->load_a_day, decimals, true, load, sizeof load),
                krni_number_text(r->capacity_a_day,
                                 r->capacity_a_day == floor(r->capacity_a_day) ? 0 : decimals, true,
                                 capacity, sizeof capacity),
                r->words.unit && *r->words.unit ? r->words.unit : "servers", held ? "" : " a day");
}

/* n: resources from r on that are told in one row. */
static void full_row(krni_grid *grid, const krni_trade *t, uint32_t rank,
                     const krn_trade_resource *r, uint32_t n, unsigned bar_columns)
{
    const bool is_priced = !isnan(r->price_usd_per_year);
    krni_writer name;
    krni_writer_init(&name, t->arena);
    krni_grid_format(grid, "%u", rank);
    krni_grid_cell(grid, bar_of(t, r->full_share, bar_columns));
    krni_cell_share(grid, r->full_share);
    krni_cell_number(grid, r->wait_h, 1);
    krni_cell_number(grid, r->year_t / t->unit_t, t->decimals);
    krni_cell_number(grid, r->price_usd_per_year, 0);
    krni_cell_number(grid, is_priced ? r->more_t : (double)NAN, 0);
    krni_cell_number(grid, is_priced ? r->faster_d : (double)NAN, 2);
    for (uint32_t i = 0; i < n; i++) {
        const char *words = krni_resource_words(t->package, &r[i].words, t->arena);
        krni_write(&name, i ? ", " : "");
        krni_write(&name, words ? words : "");
        name.failed = name.failed || !words;
    }
    write_load(&name, r);
    krni_write(&name, n > 1 ? " each" : "");
    krni_grid_span(grid, krni_writer_text(&name));
}

void krni_trade_full(krni_page *page, const krni_trade *t)
{
    const krni_grid_column columns[] = {
        {"", KRNI_RIGHT, 0},
        {"load to\ncapacity", KRNI_LEFT, 0},
        {"", KRNI_RIGHT, 0},
        {"wait\nh", KRNI_RIGHT, 0},
        {t->unit_t > 1 ? "1,000 t\na year" : "t\na year", KRNI_RIGHT, 0},
        {"one more\na day\nUSD a year", KRNI_RIGHT, 0},
        {"\nmore t\na year", KRNI_RIGHT, 0},
        {"\ndays\nless", KRNI_RIGHT, 0}};
    const krn_trade_answer *a = t->answer;
    const unsigned bar_columns = page->columns < 72 ? LEAST_BAR : BAR_COLUMNS;
    uint32_t shown = 0;
    bool priced = false, below = false;
    krni_grid grid;
    krni_grid_init(&grid, t->arena, columns, sizeof columns / sizeof columns[0]);
    for (uint32_t i = 0, n = 1; i < a->n_resources && shown < FULL_SHOWN; i += n) {
        const krn_trade_resource *r = &a->resources[i];
        for (n = 1; i + n < a->n_resources && n < MOST_ALIKE && alike(r, &r[n]);)
            n++;
        if (!(r->full_share >= LEAST_FULL) || !isfinite(r->capacity_a_day))
            continue;
        full_row(&grid, t, ++shown, r, n, bar_columns);
        priced = priced || !isnan(r->price_usd_per_year);
        below = below || r->price_usd_per_year < -0.5;
    }
    krni_page_section(page, "What is full, and what one more a day is worth");
    if (!shown)
        krni_page_text(page, "nothing: no resource with a known rate is used", 0);
    krni_grid_write(&grid, page, 0);
    if (priced)
        krni_page_note(page, "one more a day: what one more unit of capacity (a wagon, train, "
                             "truck or tonne a day; of services a departure in 30 days) takes "
                             "off the total cost of a year, how many tonnes more it brings over "
                             "it, and by how many days the mean tonne of its trade becomes faster");
    if (below)
        krni_page_note(page, "below 0: what it draws jams elsewhere, and all pay more");
}

/* ---- who uses it ---- */

static void selection_rows(krni_page *page, const krni_trade *t, const krn_trade_selection *s)
{
    const krni_grid_column columns[] = {{"relation", KRNI_LEFT, 0},
                                        {"goods", KRNI_LEFT, 0},
                                        {"way", KRNI_LEFT, 24},
                                        {t->unit_t > 1 ? "1,000 t" : "t", KRNI_RIGHT, 0},
                                        {"share", KRNI_RIGHT, 0}};
    uint32_t n = 0;
    double rest_t = 0.0;
    const krni_trade_bundle *list = krni_trade_bundles(t, s->ways_t, &n);
    krni_grid grid;
    if (!list) {
        page->out->failed = true;
        return;
    }
    krni_grid_init(&grid, t->arena, columns, sizeof columns / sizeof columns[0]);
    for (uint32_t i = 0; i < n; i++) {
        if (i >= USERS_SHOWN) {
            rest_t += list[i].year_t;
            continue;
        }
        krni_grid_cell(&grid, krni_relation_words(t, list[i].from, list[i].to));
        krni_grid_cell(&grid, krni_class_words(t, list[i].cargo_class));
        krni_grid_cell(&grid, list[i].words);
        krni_grid_number(&grid, list[i].year_t / t->unit_t, t->decimals, true);
        krni_cell_share(&grid, list[i].year_t / s->year_t);
    }
    if (rest_t > 0.0) {
        krni_grid_cell(&grid, "");
        krni_grid_cell(&grid, "");
        krni_grid_format(&grid, "%u further ones", n - USERS_SHOWN);
        krni_grid_number(&grid, rest_t / t->unit_t, t->decimals, true);
        krni_cell_share(&grid, rest_t / s->year_t);
    }
    krni_grid_write(&grid, page, 0);
}

void krni_trade_selections(krni_page *page, const krni_trade *t)
{
    char number[KRNI_WORD];
    for (uint32_t i = 0; i < t->report->n_selections; i++) {
        const krn_trade_selection *s = &t->report->selections[i];
        krni_writer w;
        krni_writer_init(&w, t->arena);
        krni_writef(&w, "Who uses %s: %s t a year", s->what,
                    krni_number_text(s->year_t, 0, true, number, sizeof number));
        const char *title = krni_writer_text(&w);
        if (!title)
            page->out->failed = true;
        krni_page_section(page, title ? title : "");
        if (s->year_t > 0.0)
            selection_rows(page, t, s);
        else
            krni_page_text(page, "nobody", 0);
    }
}
