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

#define RELATIONS_SHOWN 8u
#define WAYS_SHOWN      4u
#define TIMES_SHOWN     12u
#define FIGURE_COLUMNS  52u /* of the deliveries, all but their names */
#define LEAST_NAME      18u
#define MANY_T          1e6 /* tonnes that are told in thousands */
#define BAR_COLUMNS     28
#define BAR_PARTS       6u
#define CAUSES_NAMED    3u
#define LEAST_WAIT_H    0.5 /* of a cause that is named */
#define DAYS_A_YEAR     365.0

static void write_relation(krni_writer *w, const krn_sim_group *g)
{
    char from[3], to[3];
    krn_country_text(g->from, from);
    krn_country_text(g->to, to);
    krni_writef(w, "%s → %s", from, to);
}

/* ---- delivered ---- */

/* The table of deliveries, in tonnes or thousands of them. */
typedef struct deliveries {
    const krni_run *run;
    const uint32_t *order; /* groups by relation, in each by tonnes */
    krni_grid grid;
    size_t name_columns;
    double unit_t;
    int decimals;
} deliveries;

/* A label in lines of the first column, further ones indented. */
static const char *label_of(const deliveries *d, const char *text, bool way)
{
    krni_writer w;
    krni_writer_init(&w, d->run->arena);
    krni_write(&w, way ? "  " : "");
    const size_t indent = way ? 4 : 2;
    krni_write_wrapped(&w, text, d->name_columns - indent, indent);
    return krni_writer_text(&w);
}

/* What is asked for tells nothing of ways that lots choose by the queues they meet. */
static void delivered_row(deliveries *d, const char *label, bool way, uint32_t first, uint32_t n)
{
    const krni_run *run = d->run;
    krni_grid *grid = &d->grid;
    const krn_estimate t = krni_groups_sum(run, d->order + first, n, KRN_GROUP_DELIVERED_T),
                       teu = krni_groups_sum(run, d->order + first, n, KRN_GROUP_TEU),
                       usd = krni_groups_mean(run, d->order + first, n, KRN_GROUP_PRICE_USD_T),
                       kg = krni_groups_mean(run, d->order + first, n, KRN_GROUP_WTW_KG_T);
    double planned_t = 0;
    for (uint32_t g = first; g < first + n; g++)
        planned_t += run->setup->groups[d->order[g]].planned_t;
    krni_grid_cell(grid, label_of(d, label, way));
    krni_grid_number(grid, t.mean / d->unit_t, d->decimals, true);
    krni_cell_number(grid, t.half / d->unit_t, d->decimals);
    krni_cell_number(grid,
                     way && run->question->routing == KRN_ROUTING_ADAPTIVE
                         ? (double)NAN
                         : planned_t * run->question->days / DAYS_A_YEAR / d->unit_t,
                     d->decimals);
    krni_cell_number(grid, teu.mean >= 0.5 ? teu.mean : (double)NAN, 0);
    krni_cell_number(grid, usd.mean, 1);
    krni_cell_number(grid, kg.mean, 1);
}

/* Ways of one relation below it. */
static void delivered_ways(deliveries *d, uint32_t first, uint32_t n)
{
    uint32_t used = 0;
    char text[32];
    while (used < n && krni_group(d->run, d->order[first + used], KRN_GROUP_DELIVERED_T).mean > 0)
        used++;
    const uint32_t shown = used <= WAYS_SHOWN + 1 ? used : WAYS_SHOWN;
    for (uint32_t g = first; g < first + shown; g++)
        delivered_row(d, d->run->setup->groups[d->order[g]].way, true, g, 1);
    if (shown < used) {
        (void)snprintf(text, sizeof text, "%u further ways", used - shown);
        delivered_row(d, text, true, first + shown, used - shown);
    }
}

static void delivered_relations(deliveries *d)
{
    const krn_sim_setup *s = d->run->setup;
    uint32_t relations = 0, first = 0;
    for (; first < s->n_groups && relations < RELATIONS_SHOWN; relations++) {
        const uint32_t n = krni_relation_size(d->run, first);
        krni_writer w;
        krni_writer_init(&w, d->run->arena);
        write_relation(&w, &s->groups[first]);
        if (n == 1)
            krni_writef(&w, " %s", s->groups[first].way);
        const char *label = krni_writer_text(&w);
        delivered_row(d, label ? label : "", false, first, n);
        if (n > 1)
            delivered_ways(d, first, n);
        first += n;
    }
    if (first < s->n_groups)
        delivered_row(d, "further relations", false, first, s->n_groups - first);
    if (s->n_groups > 1)
        delivered_row(d, "all", false, 0, s->n_groups);
}

void krni_simulate_delivered(krni_page *page, const krni_run *run)
{
    static const krni_grid_column tonnes[] = {{"relation and way", KRNI_LEFT, 0},
                                              {"delivered\nt", KRNI_RIGHT, 0},
                                              {"±", KRNI_RIGHT, 0},
                                              {"asked\nfor t", KRNI_RIGHT, 0},
                                              {"TEU", KRNI_RIGHT, 0},
                                              {"USD\nper t", KRNI_RIGHT, 0},
                                              {"CO2e\nkg/t", KRNI_RIGHT, 0}};
    static const krni_grid_column thousands[] = {{"relation and way", KRNI_LEFT, 0},
                                                 {"delivered\n1,000 t", KRNI_RIGHT, 0},
                                                 {"±", KRNI_RIGHT, 0},
                                                 {"asked for\n1,000 t", KRNI_RIGHT, 0},
                                                 {"TEU", KRNI_RIGHT, 0},
                                                 {"USD\nper t", KRNI_RIGHT, 0},
                                                 {"CO2e\nkg/t", KRNI_RIGHT, 0}};
    krni_page_section(page, "Delivered");
    if (!run->setup->n_groups) {
        krni_page_text(page, "nothing: no demand has a way", 0);
        return;
    }
    const bool many =
        krni_groups_sum(run, NULL, run->setup->n_groups, KRN_GROUP_DELIVERED_T).mean >= MANY_T;
    deliveries d = {.run = run,
                    .order = krni_groups_by_tonnes(run),
                    .name_columns = page->columns < FIGURE_COLUMNS + LEAST_NAME
                                        ? LEAST_NAME
                                        : page->columns - FIGURE_COLUMNS,
                    .unit_t = many ? 1000 : 1,
                    .decimals = many};
    if (!d.order) {
        page->out->failed = true;
        return;
    }
    krni_grid_init(&d.grid, run->arena, many ? thousands : tonnes, 7);
    delivered_relations(&d);
    krni_grid_write(&d.grid, page, 0);
}

/* ---- times ---- */

static const char *const bar_marks[] = {"█", "▓", "▒", "░", "·", "┄"};

/* Moving, handling, border, gauge change, waiting, waiting for papers as shares of a bar. */
static char *bar_of(const krni_run *run, uint32_t group)
{
    static const unsigned parts[] = {KRN_GROUP_MOVING_H, KRN_GROUP_HANDLING_H, KRN_GROUP_BORDER_H,
                                     KRN_GROUP_GAUGE_H};
    double values[BAR_PARTS] = {0}, sum = 0;
    for (unsigned i = 0; i < 4; i++)
        values[i] = krni_group(run, group, parts[i]).mean;
    for (unsigned c = 0; c < KRN_WAIT_COUNT; c++) {
        const double wait_h = krni_group(run, group, KRN_GROUP_WAIT_H + c).mean;
        values[c == KRN_WAIT_PAPERS ? 5 : 4] += isnan(wait_h) ? 0 : wait_h;
    }
    for (unsigned i = 0; i < BAR_PARTS; i++)
        sum += values[i];
    krni_writer w;
    krni_writer_init(&w, run->arena);
    double until = 0;
    int drawn = 0;
    for (unsigned i = 0; i < BAR_PARTS && sum > 0; i++) {
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

static void times_row(krni_grid *grid, const krni_run *run, uint32_t group)
{
    const krn_estimate mean_h = krni_group(run, group, KRN_GROUP_MEAN_H);
    krni_writer w;
    krni_writer_init(&w, run->arena);
    write_relation(&w, &run->setup->groups[group]);
    krni_writef(&w, " %s", run->setup->groups[group].way);
    write_causes(&w, run, group);
    krni_cell_number(grid, run->setup->groups[group].free_flow_h / 24, 1);
    krni_cell_number(grid, mean_h.mean / 24, 1);
    krni_cell_number(grid, mean_h.half / 24, 1);
    krni_cell_number(grid, krni_group(run, group, KRN_GROUP_P10_H).mean / 24, 1);
    krni_cell_number(grid, krni_group(run, group, KRN_GROUP_P50_H).mean / 24, 1);
    krni_cell_number(grid, krni_group(run, group, KRN_GROUP_P90_H).mean / 24, 1);
    krni_grid_cell(grid, bar_of(run, group));
    krni_grid_span(grid, krni_writer_text(&w));
}

/* Tonnes of the last group that is shown: the TIMES_SHOWN largest are. */
static double least_shown_t(const krni_run *run)
{
    double largest[TIMES_SHOWN] = {0};
    for (uint32_t g = 0; g < run->setup->n_groups; g++) {
        double t = krni_group(run, g, KRN_GROUP_DELIVERED_T).mean;
        for (uint32_t i = 0; i < TIMES_SHOWN; i++)
            if (t > largest[i]) {
                const double other = largest[i];
                largest[i] = t;
                t = other;
            }
    }
    return largest[TIMES_SHOWN - 1];
}

void krni_simulate_times(krni_page *page, const krni_run *run)
{
    static const krni_grid_column columns[] = {{"alone", KRNI_RIGHT, 0}, {"mean", KRNI_RIGHT, 0},
                                               {"±", KRNI_RIGHT, 0},     {"P10", KRNI_RIGHT, 0},
                                               {"P50", KRNI_RIGHT, 0},   {"P90", KRNI_RIGHT, 0},
                                               {"", KRNI_LEFT, 0}};
    const double least_t = least_shown_t(run);
    const uint32_t *order = krni_groups_by_tonnes(run);
    krni_grid grid;
    uint32_t rows = 0;
    if (!order) {
        page->out->failed = true;
        return;
    }
    krni_grid_init(&grid, run->arena, columns, sizeof columns / sizeof columns[0]);
    for (uint32_t i = 0; i < run->setup->n_groups && rows < TIMES_SHOWN; i++) {
        const uint32_t g = order[i];
        const double t = krni_group(run, g, KRN_GROUP_DELIVERED_T).mean;
        if (t > 0 && t >= least_t) {
            times_row(&grid, run, g);
            rows++;
        }
    }
    if (!rows)
        return;
    krni_page_section(page, rows < run->setup->n_groups ? "Door to door, days: what carried most"
                                                        : "Door to door, days");
    krni_grid_write(&grid, page, 0);
    krni_page_note(page, "█ moving, ▓ handling, ▒ border, ░ gauge change, · waiting, ┄ papers "
                         "under way; alone: as the plan expects it with nobody else about");
}
