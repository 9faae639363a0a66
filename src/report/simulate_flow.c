/* SPDX-License-Identifier: Apache-2.0 */
/* simulate_flow.c - what was delivered and how long it took, by relation and way.
 *
 *   1  18.2  ± 0.4  12.0 17.1 26.0   ██████▓▓▒▒░░········
 *      KZ → IR rail by Bolashak + Akyayla; waits for wagons 3.1 d, border queue 2.0 d
 *
 * Groups stand by relation, in each by planned tonnes; what is small on paper is joined at the end.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/simulate_page.h"

#define RELATIONS_SHOWN 12u
#define WAYS_SHOWN      6u
#define BAR_COLUMNS     24
#define CAUSES_NAMED    3u
#define LEAST_WAIT_H    0.5 /* of a cause that is named */
#define DAYS_A_YEAR     365.0

static void title(krni_page *page, const char *text)
{
    krni_write(page->out, "\n");
    krni_page_title(page, text);
}

static void dim_text(krni_page *page, const char *text)
{
    if (page->colour)
        krni_write(page->out, "\033[2m");
    krni_page_text(page, text, 0);
    if (page->colour)
        krni_write(page->out, "\033[0m");
}

/* Groups of the relation that begins at a group. */
static uint32_t relation_size(const krn_sim_setup *s, uint32_t first)
{
    uint32_t end = first;
    while (end < s->n_groups && s->groups[end].from == s->groups[first].from &&
           s->groups[end].to == s->groups[first].to)
        end++;
    return end - first;
}

static void write_relation(krni_writer *w, const krn_sim_group *g)
{
    char from[3], to[3];
    krn_country_text(g->from, from);
    krn_country_text(g->to, to);
    krni_writef(w, "%s → %s", from, to);
}

/* ---- delivered ---- */

static void half_cell(krni_grid *grid, krn_estimate e, int decimals)
{
    if (isnan(e.half))
        krni_grid_cell(grid, "");
    else
        krni_grid_number(grid, e.half, decimals, true);
}

static void number_cell(krni_grid *grid, double value, int decimals)
{
    if (isnan(value))
        krni_grid_cell(grid, "");
    else
        krni_grid_number(grid, value, decimals, true);
}

static void delivered_row(krni_grid *grid, const krni_run *run, const char *label, uint32_t first,
                          uint32_t n)
{
    const krn_estimate t = krni_groups_sum(run, first, n, KRN_GROUP_DELIVERED_T),
                       teu = krni_groups_sum(run, first, n, KRN_GROUP_TEU),
                       lots = krni_groups_sum(run, first, n, KRN_GROUP_LOTS),
                       usd = krni_groups_mean(run, first, n, KRN_GROUP_PRICE_USD_T),
                       kg = krni_groups_mean(run, first, n, KRN_GROUP_WTW_KG_T);
    double planned_t = 0;
    for (uint32_t g = first; g < first + n; g++)
        planned_t += run->setup->groups[g].planned_t;
    krni_grid_cell(grid, label);
    krni_grid_number(grid, t.mean, 0, true);
    half_cell(grid, t, 0);
    krni_grid_number(grid, planned_t * run->question->days / DAYS_A_YEAR, 0, true);
    if (teu.mean >= 0.5)
        krni_grid_number(grid, teu.mean, 0, true);
    else
        krni_grid_cell(grid, "");
    krni_grid_number(grid, lots.mean, 0, true);
    number_cell(grid, usd.mean, 1);
    number_cell(grid, kg.mean, 1);
}

/* Ways of one relation below it. */
static void delivered_ways(krni_grid *grid, const krni_run *run, uint32_t first, uint32_t n)
{
    const uint32_t shown = n <= WAYS_SHOWN + 1 ? n : WAYS_SHOWN;
    char text[256];
    for (uint32_t g = first; g < first + shown; g++) {
        (void)snprintf(text, sizeof text, "· %.250s", run->setup->groups[g].way);
        delivered_row(grid, run, krn_arena_text(run->arena, text), g, 1);
    }
    if (shown < n) {
        (void)snprintf(text, sizeof text, "· %u further", n - shown);
        delivered_row(grid, run, krn_arena_text(run->arena, text), first + shown, n - shown);
    }
}

void krni_simulate_delivered(krni_page *page, const krni_run *run)
{
    static const krni_grid_column columns[] = {{"relation and way", KRNI_LEFT, 22},
                                               {"delivered\nt", KRNI_RIGHT, 0},
                                               {"±", KRNI_RIGHT, 0},
                                               {"asked for\nt", KRNI_RIGHT, 0},
                                               {"TEU", KRNI_RIGHT, 0},
                                               {"lots", KRNI_RIGHT, 0},
                                               {"USD\nper t", KRNI_RIGHT, 0},
                                               {"CO2e\nkg/t", KRNI_RIGHT, 0}};
    const krn_sim_setup *s = run->setup;
    krni_grid grid;
    uint32_t relations = 0, first = 0;
    krni_grid_init(&grid, run->arena, columns, sizeof columns / sizeof columns[0]);
    for (; first < s->n_groups && relations < RELATIONS_SHOWN; relations++) {
        const uint32_t n = relation_size(s, first);
        krni_writer w;
        krni_writer_init(&w, run->arena);
        write_relation(&w, &s->groups[first]);
        if (n == 1)
            krni_writef(&w, " %s", s->groups[first].way);
        delivered_row(&grid, run, krni_writer_text(&w), first, n);
        if (n > 1)
            delivered_ways(&grid, run, first, n);
        first += n;
    }
    if (first < s->n_groups)
        delivered_row(&grid, run, "further relations", first, s->n_groups - first);
    if (s->n_groups > 1)
        delivered_row(&grid, run, "all", 0, s->n_groups);
    title(page, "Delivered");
    if (!s->n_groups)
        krni_page_text(page, "nothing: no demand has a way", 0);
    krni_grid_write(&grid, page, 0);
}

/* ---- times ---- */

static const char *const bar_marks[] = {"█", "▓", "▒", "░", "·"};

/* Moving, handling, border, gauge change, waiting as shares of a bar; largest remainders round. */
static char *bar_of(const krni_run *run, uint32_t group)
{
    static const unsigned parts[] = {KRN_GROUP_MOVING_H, KRN_GROUP_HANDLING_H, KRN_GROUP_BORDER_H,
                                     KRN_GROUP_GAUGE_H};
    double values[5] = {0}, sum = 0;
    for (unsigned i = 0; i < 4; i++)
        values[i] = krni_group(run, group, parts[i]).mean;
    for (unsigned c = 0; c < KRN_WAIT_COUNT; c++) {
        const double wait_h = krni_group(run, group, KRN_GROUP_WAIT_H + c).mean;
        values[4] += isnan(wait_h) ? 0 : wait_h;
    }
    for (unsigned i = 0; i < 5; i++)
        sum += values[i];
    krni_writer w;
    krni_writer_init(&w, run->arena);
    double until = 0;
    int drawn = 0;
    for (unsigned i = 0; i < 5 && sum > 0; i++) {
        until += values[i] / sum * BAR_COLUMNS;
        const int end = (int)(until + 0.5);
        krni_write_repeat(&w, bar_marks[i], (size_t)(end > drawn ? end - drawn : 0));
        drawn = end > drawn ? end : drawn;
    }
    return krni_writer_text(&w);
}

/* "waits for wagons 3.1 d, border queue 12 h": the largest causes. */
static void write_causes(krni_writer *w, const krni_run *run, uint32_t group)
{
    bool told[KRN_WAIT_COUNT] = {false};
    for (unsigned n = 0; n < CAUSES_NAMED; n++) {
        unsigned worst = KRN_WAIT_COUNT;
        double worst_h = LEAST_WAIT_H;
        for (unsigned c = 0; c < KRN_WAIT_COUNT; c++) {
            const double wait_h = krni_group(run, group, KRN_GROUP_WAIT_H + c).mean;
            if (!told[c] && wait_h > worst_h) {
                worst = c;
                worst_h = wait_h;
            }
        }
        if (worst == KRN_WAIT_COUNT)
            return;
        char span[KRNI_WORD];
        told[worst] = true;
        krni_writef(w, "%s%s %s", n ? ", " : "; waits: ", krn_sim_cause_name((krn_sim_cause)worst),
                    krni_span(worst_h, span));
    }
}

static void days_cell(krni_grid *grid, double span_h)
{
    number_cell(grid, span_h / 24, 1);
}

static void times_row(krni_grid *grid, const krni_run *run, uint32_t group)
{
    const krn_estimate mean_h = krni_group(run, group, KRN_GROUP_MEAN_H);
    krni_writer w;
    krni_writer_init(&w, run->arena);
    write_relation(&w, &run->setup->groups[group]);
    krni_writef(&w, " %s", run->setup->groups[group].way);
    write_causes(&w, run, group);
    days_cell(grid, run->setup->groups[group].free_flow_h);
    days_cell(grid, mean_h.mean);
    half_cell(grid, (krn_estimate){mean_h.mean / 24, mean_h.half / 24, mean_h.n}, 1);
    days_cell(grid, krni_group(run, group, KRN_GROUP_P10_H).mean);
    days_cell(grid, krni_group(run, group, KRN_GROUP_P50_H).mean);
    days_cell(grid, krni_group(run, group, KRN_GROUP_P90_H).mean);
    krni_grid_cell(grid, bar_of(run, group));
    krni_grid_span(grid, krni_writer_text(&w));
}

void krni_simulate_times(krni_page *page, const krni_run *run)
{
    static const krni_grid_column columns[] = {{"alone", KRNI_RIGHT, 0}, {"mean", KRNI_RIGHT, 0},
                                               {"±", KRNI_RIGHT, 0},     {"P10", KRNI_RIGHT, 0},
                                               {"P50", KRNI_RIGHT, 0},   {"P90", KRNI_RIGHT, 0},
                                               {"", KRNI_LEFT, 0}};
    const krn_sim_setup *s = run->setup;
    krni_grid grid;
    uint32_t relations = 0, rows = 0;
    krni_grid_init(&grid, run->arena, columns, sizeof columns / sizeof columns[0]);
    for (uint32_t first = 0; first < s->n_groups && relations < RELATIONS_SHOWN; relations++) {
        const uint32_t n = relation_size(s, first), shown = n <= WAYS_SHOWN + 1 ? n : WAYS_SHOWN;
        for (uint32_t g = first; g < first + shown; g++)
            if (krni_group(run, g, KRN_GROUP_LOTS).mean > 0) {
                times_row(&grid, run, g);
                rows++;
            }
        first += n;
    }
    if (!rows)
        return;
    title(page, "Door to door, days");
    krni_grid_write(&grid, page, 0);
    dim_text(page, "█ moving  ▓ handling  ▒ border  ░ gauge change  · waiting; alone: as the plan "
                   "expects it with nobody else about");
}
