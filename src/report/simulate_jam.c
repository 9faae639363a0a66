/* SPDX-License-Identifier: Apache-2.0 */
/* simulate_jam.c - where the corridor jams, ranked by tonne-days lost, and how wagons, ships and
 * storage stood.
 *
 *    1  123,456  ± 1,234  98%  34 h  3,400  9,000  ▁▂▃▄▅▆▇█▇▅▃▂
 *       Incheh Borun gauge change 1520 → 1435 */
#include <math.h>
#include <stdio.h>

#include "report/simulate_page.h"

#define JAMS_SHOWN    12u
#define POOLS_SHOWN   6u /* of one kind */
#define SPARK_COLUMNS 24u

static void title(krni_page *page, const char *text)
{
    krni_write(page->out, "\n");
    krni_page_title(page, text);
}

static void number_cell(krni_grid *grid, double value, int decimals)
{
    if (isnan(value))
        krni_grid_cell(grid, "");
    else
        krni_grid_number(grid, value, decimals, true);
}

static void share_cell(krni_grid *grid, double share)
{
    char text[KRNI_WORD];
    if (isnan(share))
        krni_grid_cell(grid, "");
    else
        krni_grid_format(grid, "%s%%", krni_number_text(100 * share, 0, false, text, sizeof text));
}

/* Mean tonnes waiting over the run, the highest eight levels of the highest column. */
static char *sparkline(const krni_run *run, uint32_t resource)
{
    static const char *const levels[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    const uint32_t weeks = krn_sim_weeks(run->sim),
                   n = weeks < SPARK_COLUMNS ? weeks : SPARK_COLUMNS;
    double values[SPARK_COLUMNS] = {0}, most = 0;
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t begin = i * weeks / n, end = (i + 1) * weeks / n;
        for (uint32_t w = begin; w < end; w++) {
            const double queue_t = krni_week(run, resource, w, KRN_WEEK_QUEUE_T).mean;
            values[i] += isnan(queue_t) ? 0 : queue_t / (end - begin);
        }
        most = values[i] > most ? values[i] : most;
    }
    krni_writer line;
    krni_writer_init(&line, run->arena);
    for (uint32_t i = 0; i < n; i++)
        krni_write(&line, levels[most > 0 ? (int)ceil(values[i] / most * 8 - 1e-9) : 0]);
    return krni_writer_text(&line);
}

static void jam_row(krni_grid *grid, const krni_run *run, uint32_t rank, uint32_t resource)
{
    const krn_estimate lost = krni_use(run, resource, KRN_USE_LOST_TD);
    krni_grid_format(grid, "%u", rank);
    krni_grid_number(grid, lost.mean, 0, true);
    number_cell(grid, lost.half, 0);
    share_cell(grid, krni_use(run, resource, KRN_USE_SHARE).mean);
    number_cell(grid, krni_use(run, resource, KRN_USE_WAIT_H).mean, 1);
    number_cell(grid, krni_use(run, resource, KRN_USE_QUEUE_T).mean, 0);
    number_cell(grid, krni_use(run, resource, KRN_USE_QUEUE_MAX_T).mean, 0);
    krni_grid_cell(grid, sparkline(run, resource));
    krni_writer name;
    krni_writer_init(&name, run->arena);
    const char *text = krni_resource_name(run, resource);
    const krn_sim_resource r = krn_sim_resource_at(run->sim, resource);
    char rate[KRNI_WORD];
    krni_write(&name, text ? text : "");
    if (!text)
        name.failed = true;
    if (r.rate_a_day > 0 && isfinite(r.rate_a_day) && r.unit)
        krni_writef(&name, " (%s %s a day)",
                    krni_number_short(r.rate_a_day, r.rate_a_day < 10 ? 1 : 0, rate, sizeof rate),
                    r.unit);
    krni_grid_span(grid, krni_writer_text(&name));
}

void krni_simulate_jams(krni_page *page, const krni_run *run)
{
    static const krni_grid_column columns[] = {
        {"", KRNI_RIGHT, 0},        {"tonne-days\nlost", KRNI_RIGHT, 0},
        {"±", KRNI_RIGHT, 0},       {"use", KRNI_RIGHT, 0},
        {"wait\nh", KRNI_RIGHT, 0}, {"queue t\nmean", KRNI_RIGHT, 0},
        {"\nmax", KRNI_RIGHT, 0},   {"queue by week", KRNI_LEFT, 0}};
    const uint32_t n = krn_sim_resources(run->sim);
    const uint32_t *order = krni_resources_by_loss(run);
    krni_grid grid;
    uint32_t shown = 0;
    if (!order) {
        page->out->failed = true;
        return;
    }
    krni_grid_init(&grid, run->arena, columns, sizeof columns / sizeof columns[0]);
    while (shown < n && shown < JAMS_SHOWN &&
           krni_use(run, order[shown], KRN_USE_LOST_TD).mean >= 0.5) {
        jam_row(&grid, run, shown + 1, order[shown]);
        shown++;
    }
    title(page, "Where it jams");
    if (!shown)
        krni_page_text(page, "nowhere: nobody waited for another", 0);
    krni_grid_write(&grid, page, 0);
}

/* ---- wagons, ships, storage ---- */

static bool is_pool(krn_sim_resource_kind kind)
{
    return kind == KRN_RESOURCE_WAGONS || kind == KRN_RESOURCE_LOCOMOTIVES ||
           kind == KRN_RESOURCE_SERVICE || kind == KRN_RESOURCE_BERTHS ||
           kind == KRN_RESOURCE_STORAGE;
}

/* How hard a pool stood in the way: hours that somebody stood, then hours with none left, then
 * use. */
static double hardness(const krni_run *run, uint32_t resource)
{
    const double blocked_h = krni_use(run, resource, KRN_USE_BLOCKED_H).mean,
                 full_h = krni_use(run, resource, KRN_USE_FULL_H).mean,
                 share = krni_use(run, resource, KRN_USE_SHARE).mean;
    return (blocked_h > 0 ? 1e8 + blocked_h : 0) + (full_h > 0 ? 1e4 + full_h : 0) +
           (share > 0 ? share : 0);
}

static void pool_row(krni_grid *grid, const krni_run *run, uint32_t resource)
{
    const krn_sim_resource r = krn_sim_resource_at(run->sim, resource);
    krni_grid_cell(grid, krni_resource_name(run, resource));
    if (isfinite(r.capacity))
        krni_grid_format(grid, "%s",
                         krni_number_text(r.capacity, 0, true, (char[KRNI_WORD]){0}, KRNI_WORD));
    else
        krni_grid_cell(grid, "");
    number_cell(grid, krni_use(run, resource, KRN_USE_LEVEL).mean, 1);
    number_cell(grid, krni_use(run, resource, KRN_USE_LEVEL_MAX).mean, 0);
    share_cell(grid, krni_use(run, resource, KRN_USE_SHARE).mean);
    number_cell(grid, krni_use(run, resource, KRN_USE_FULL_H).mean, 0);
    number_cell(grid, krni_use(run, resource, KRN_USE_BLOCKED_H).mean, 0);
    number_cell(grid, krni_use(run, resource, KRN_USE_BLOCKED_H).half, 0);
}

/* The hardest pools of one kind that were used, hardest first. */
static void pools_of(krni_grid *grid, const krni_run *run, krn_sim_resource_kind kind)
{
    const uint32_t n = krn_sim_resources(run->sim);
    double above = (double)INFINITY;
    uint32_t last = KRN_NO_ROW;
    for (uint32_t shown = 0; shown < POOLS_SHOWN; shown++) {
        uint32_t best = KRN_NO_ROW;
        double best_hardness = 0;
        for (uint32_t i = 0; i < n; i++) {
            if (krn_sim_resource_at(run->sim, i).kind != kind)
                continue;
            const double h = hardness(run, i);
            const bool left = h < above || (h == above && last != KRN_NO_ROW && i > last);
            if (left && h > best_hardness) {
                best = i;
                best_hardness = h;
            }
        }
        if (best == KRN_NO_ROW)
            return;
        pool_row(grid, run, best);
        above = best_hardness;
        last = best;
    }
}

void krni_simulate_fleet(krni_page *page, const krni_run *run)
{
    static const krni_grid_column columns[] = {{"wagons, ships, storage", KRNI_LEFT, 24},
                                               {"there\nare", KRNI_RIGHT, 0},
                                               {"in use\nmean", KRNI_RIGHT, 0},
                                               {"\nmax", KRNI_RIGHT, 0},
                                               {"use", KRNI_RIGHT, 0},
                                               {"none\nleft h", KRNI_RIGHT, 0},
                                               {"blocked\nh", KRNI_RIGHT, 0},
                                               {"±", KRNI_RIGHT, 0}};
    krni_grid grid;
    krni_grid_init(&grid, run->arena, columns, sizeof columns / sizeof columns[0]);
    for (unsigned k = 0; k < KRN_RESOURCE_KIND_COUNT; k++)
        if (is_pool((krn_sim_resource_kind)k))
            pools_of(&grid, run, (krn_sim_resource_kind)k);
    if (!grid.n_cells)
        return;
    krni_write(page->out, "\n");
    krni_grid_write(&grid, page, 0);
    if (page->colour)
        krni_write(page->out, "\033[2m");
    krni_page_text(page,
                   "none left: hours without room or vehicle; blocked: hours that somebody "
                   "stood because of that",
                   0);
    if (page->colour)
        krni_write(page->out, "\033[0m");
}
