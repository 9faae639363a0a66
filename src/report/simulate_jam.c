/* SPDX-License-Identifier: Apache-2.0 */
/* simulate_jam.c - where the corridor jams, ranked by tonne-days lost, and how wagons, ships and
 * storage stood.
 *
 *    1  123,456  ± 1,234  98%  34 h  3,400  9,000  ▁▂▃▄▅▆▇█▇▅▃▂
 *       Incheh Borun gauge change 1520 → 1435 */
#include <math.h>
#include <stdlib.h>

#include "report/resource_words.h"
#include "report/simulate_page.h"

#define JAMS_SHOWN     12u
#define POOLS_SHOWN    5u /* of one kind */
#define SERVICES_SHOWN 8u
#define LEAST_USE      0.005 /* of a pool that is shown */
#define SPARK_COLUMNS  22u
#define MANY_TD        1e6 /* tonne-days that are told in thousands */

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

static void jam_row(krni_grid *grid, const krni_run *run, uint32_t rank, uint32_t resource,
                    double unit)
{
    const krn_estimate lost = krni_use(run, resource, KRN_USE_LOST_TD);
    krni_grid_format(grid, "%u", rank);
    krni_grid_number(grid, lost.mean / unit, unit > 1, true);
    krni_cell_number(grid, lost.half / unit, unit > 1);
    krni_cell_share(grid, krni_use(run, resource, KRN_USE_SHARE).mean);
    krni_cell_number(grid, krni_use(run, resource, KRN_USE_WAIT_H).mean, 0);
    krni_cell_number(grid, krni_use(run, resource, KRN_USE_QUEUE_T).mean / unit, unit > 1);
    krni_cell_number(grid, krni_use(run, resource, KRN_USE_QUEUE_MAX_T).mean / unit, unit > 1);
    krni_grid_cell(grid, sparkline(run, resource));
    krni_writer name;
    krni_writer_init(&name, run->arena);
    const char *text = krni_resource_name(run, resource);
    const krn_sim_resource r = krn_sim_resource_at(run->sim, resource);
    krni_write(&name, text ? text : "");
    if (!text)
        name.failed = true;
    krni_write_rate(&name, &r);
    krni_grid_span(grid, krni_writer_text(&name));
}

void krni_simulate_jams(krni_page *page, const krni_run *run)
{
    static const krni_grid_column ones[] = {
        {"", KRNI_RIGHT, 0},        {"tonne-days\nlost", KRNI_RIGHT, 0},
        {"±", KRNI_RIGHT, 0},       {"use", KRNI_RIGHT, 0},
        {"wait\nh", KRNI_RIGHT, 0}, {"queue t\nmean", KRNI_RIGHT, 0},
        {"\nmax", KRNI_RIGHT, 0},   {"queue by week", KRNI_LEFT, 0}};
    static const krni_grid_column thousands[] = {
        {"", KRNI_RIGHT, 0},        {"1,000 t-\ndays lost", KRNI_RIGHT, 0},
        {"±", KRNI_RIGHT, 0},       {"use", KRNI_RIGHT, 0},
        {"wait\nh", KRNI_RIGHT, 0}, {"queue kt\nmean", KRNI_RIGHT, 0},
        {"\nmax", KRNI_RIGHT, 0},   {"queue by week", KRNI_LEFT, 0}};
    const uint32_t n = krn_sim_resources(run->sim);
    const uint32_t *order = krni_resources_by_loss(run);
    krni_grid grid;
    uint32_t shown = 0;
    if (!order) {
        page->out->failed = true;
        return;
    }
    const double most = n ? krni_use(run, order[0], KRN_USE_LOST_TD).mean : 0,
                 unit = most >= MANY_TD ? 1000 : 1;
    krni_grid_init(&grid, run->arena, unit > 1 ? thousands : ones, 8);
    while (shown < n && shown < JAMS_SHOWN &&
           krni_use(run, order[shown], KRN_USE_LOST_TD).mean >= 0.05 * unit) {
        jam_row(&grid, run, shown + 1, order[shown], unit);
        shown++;
    }
    krni_page_section(page, "Where it jams");
    if (!shown)
        krni_page_text(page, "nowhere: nobody waited for another", 0);
    krni_grid_write(&grid, page, 0);
}

/* ---- wagons, ships, storage ---- */

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
    krni_cell_number(grid, isfinite(r.capacity) ? r.capacity : (double)NAN, 0);
    krni_grid_cell(grid, r.kind == KRN_RESOURCE_STORAGE  ? "t"
                         : r.kind == KRN_RESOURCE_BERTHS ? "ships"
                                                         : "");
    krni_cell_number(grid, krni_use(run, resource, KRN_USE_LEVEL).mean, r.capacity < 100);
    krni_cell_number(grid, krni_use(run, resource, KRN_USE_LEVEL_MAX).mean, 0);
    krni_cell_share(grid, krni_use(run, resource, KRN_USE_SHARE).mean);
    krni_cell_number(grid, krni_use(run, resource, KRN_USE_FULL_H).mean, 0);
    krni_cell_number(grid, krni_use(run, resource, KRN_USE_BLOCKED_H).mean, 0);
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
            if (left && h > best_hardness && h >= LEAST_USE) {
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

/* ---- services ---- */

typedef struct served_service {
    double carried; /* places used in all */
    uint32_t resource;
} served_service;

static int compare_served(const void *pa, const void *pb)
{
    const served_service *a = pa, *b = pb;
    if (a->carried != b->carried)
        return a->carried > b->carried ? -1 : 1;
    return (a->resource > b->resource) - (a->resource < b->resource);
}

/* Departures with their places used, of each service. */
static served_service *list_services(const krni_run *run, uint32_t *out_n)
{
    const uint32_t n = krn_sim_resources(run->sim);
    served_service *list = krn_arena_calloc(run->arena, n + 1u, sizeof *list);
    *out_n = 0;
    for (uint32_t i = 0; i < n && list; i++) {
        const krn_sim_resource r = krn_sim_resource_at(run->sim, i);
        const double served = krni_use(run, i, KRN_USE_SERVED).mean,
                     share = krni_use(run, i, KRN_USE_SHARE).mean;
        if (r.kind == KRN_RESOURCE_SERVICE && served > 0 && share > 0)
            list[(*out_n)++] =
                (served_service){served * share * (isfinite(r.capacity) ? r.capacity : 1), i};
    }
    if (list)
        qsort(list, *out_n, sizeof *list, compare_served);
    return list;
}

/* Services that carried most. */
static void write_services(krni_page *page, const krni_run *run)
{
    static const krni_grid_column columns[] = {
        {"services", KRNI_LEFT, 24}, {"departures", KRNI_RIGHT, 0},
        {"±", KRNI_RIGHT, 0},        {"places\nof one", KRNI_RIGHT, 0},
        {"used", KRNI_RIGHT, 0},     {"wait\nh", KRNI_RIGHT, 0}};
    uint32_t n = 0;
    const served_service *list = list_services(run, &n);
    krni_grid grid;
    if (!list) {
        page->out->failed = true;
        return;
    }
    krni_grid_init(&grid, run->arena, columns, sizeof columns / sizeof columns[0]);
    for (uint32_t i = 0; i < n && i < SERVICES_SHOWN; i++) {
        const uint32_t r = list[i].resource;
        const double capacity = krn_sim_resource_at(run->sim, r).capacity;
        krni_grid_cell(&grid, krni_resource_name(run, r));
        krni_cell_number(&grid, krni_use(run, r, KRN_USE_SERVED).mean, 0);
        krni_cell_number(&grid, krni_use(run, r, KRN_USE_SERVED).half, 0);
        krni_cell_number(&grid, isfinite(capacity) ? capacity : (double)NAN, 0);
        krni_cell_share(&grid, krni_use(run, r, KRN_USE_SHARE).mean);
        krni_cell_number(&grid, krni_use(run, r, KRN_USE_WAIT_H).mean, 0);
    }
    if (!n)
        return;
    krni_write(page->out, "\n");
    krni_grid_write(&grid, page, 0);
}

void krni_simulate_fleet(krni_page *page, const krni_run *run)
{
    static const krni_grid_column columns[] = {
        {"pools and storage", KRNI_LEFT, 24}, {"there\nare", KRNI_RIGHT, 0}, {"", KRNI_LEFT, 0},
        {"in use\nmean", KRNI_RIGHT, 0},      {"\nmax", KRNI_RIGHT, 0},      {"use", KRNI_RIGHT, 0},
        {"none\nleft h", KRNI_RIGHT, 0},      {"blocked\nh", KRNI_RIGHT, 0}};
    krni_grid grid;
    krni_grid_init(&grid, run->arena, columns, sizeof columns / sizeof columns[0]);
    static const krn_sim_resource_kind kinds[] = {KRN_RESOURCE_WAGONS, KRN_RESOURCE_LOCOMOTIVES,
                                                  KRN_RESOURCE_STORAGE, KRN_RESOURCE_BERTHS};
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
        pools_of(&grid, run, kinds[k]);
    if (grid.n_cells) {
        krni_write(page->out, "\n");
        krni_grid_write(&grid, page, 0);
        krni_page_note(page, "none left: hours without room or vehicle; blocked: hours that "
                             "somebody stood because of that");
    }
    write_services(page, run);
}
