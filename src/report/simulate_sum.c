/* SPDX-License-Identifier: Apache-2.0 */
/* simulate_sum.c - sums over all lots, the indicators of corridor surveys, whether every tonne is
 * accounted for, and whether the run was long and often enough. */
#include <math.h>
#include <stdio.h>

#include "report/simulate_page.h"

#define LOST_SHARE 1e-9 /* of the tonnes made: rounding */
#define LABEL      12u

/* "1,234 ± 12". */
static void write_estimate(krni_writer *w, krn_estimate e, int decimals)
{
    char half[KRNI_WORD];
    krni_write_number(w, e.mean, decimals, true);
    if (*krni_half_text(e, decimals, half))
        krni_writef(w, " %s", half);
}

static void write_field(krni_page *page, const char *label, krni_writer *line)
{
    const char *text = krni_writer_text(line);
    if (!text)
        page->out->failed = true;
    krni_page_field(page, label, text ? text : "", 0, LABEL);
}

static krn_estimate per_tonne(const krni_run *run, krn_sim_total what)
{
    return krni_quotient(run, krn_sim_total_at(run->sim, what),
                         krn_sim_total_at(run->sim, KRN_TOTAL_DELIVERED_T));
}

static double empty_share(const void *context, const double *metrics)
{
    const krn_sim *sim = context;
    const double empty = metrics[krn_sim_total_at(sim, KRN_TOTAL_EMPTY_WAGON_KM)],
                 loaded = metrics[krn_sim_total_at(sim, KRN_TOTAL_WAGON_KM)];
    return empty + loaded > 0 ? 100 * empty / (empty + loaded) : (double)NAN;
}

static void write_totals(krni_page *page, const krni_run *run)
{
    krni_writer line;
    krni_writer_init(&line, run->arena);
    write_estimate(&line, krni_total(run, KRN_TOTAL_DELIVERED_T), 0);
    krni_write(&line, " t in ");
    write_estimate(&line, krni_total(run, KRN_TOTAL_LOTS), 0);
    krni_write(&line, " lots, ");
    write_estimate(&line, krni_total(run, KRN_TOTAL_TEU), 0);
    krni_write(&line, " TEU; ");
    krn_estimate tkm = krni_total(run, KRN_TOTAL_TKM);
    write_estimate(&line, (krn_estimate){tkm.mean / 1e6, tkm.half / 1e6, tkm.n}, 1);
    krni_write(&line, " million tkm");
    write_field(page, "delivered", &line);

    krni_writer_init(&line, run->arena);
    write_estimate(&line, per_tonne(run, KRN_TOTAL_PRICE_USD), 2);
    krni_write(&line, " USD per t, of it storage beyond free days ");
    write_estimate(&line, per_tonne(run, KRN_TOTAL_STORAGE_USD), 2);
    write_field(page, "cost", &line);

    krni_writer_init(&line, run->arena);
    write_estimate(&line, per_tonne(run, KRN_TOTAL_WTW_KG_CO2E), 1);
    krni_write(&line, " kg per t, well to wheel");
    write_field(page, "CO2e", &line);

    krni_writer_init(&line, run->arena);
    write_estimate(&line, krni_total(run, KRN_TOTAL_TRAINS), 0);
    krni_write(&line, " trains, ");
    write_estimate(&line, krni_total(run, KRN_TOTAL_TRAIN_KM), 0);
    krni_write(&line, " train-km");
    const krn_estimate empty = krn_ensemble_reckon(run->ensemble, empty_share, run->sim);
    if (empty.n) {
        krni_write(&line, "; ");
        write_estimate(&line, empty, 1);
        krni_write(&line, " % of wagon-km empty");
    }
    krni_write(&line, "; ");
    write_estimate(&line, krni_total(run, KRN_TOTAL_SHIPS), 0);
    krni_write(&line, " ships");
    write_field(page, "moved by", &line);
}

/* ---- indicators ---- */

static void indicator_row(krni_grid *grid, const krni_run *run, const char *what,
                          krn_sim_total rail, krn_sim_total road, int decimals)
{
    const krn_sim_total both[] = {rail, road};
    krni_grid_cell(grid, what);
    for (unsigned i = 0; i < 2; i++) {
        const krn_estimate e = krni_total(run, both[i]);
        krni_grid_number(grid, e.mean, decimals, true);
        if (isnan(e.half))
            krni_grid_cell(grid, "");
        else
            krni_grid_number(grid, e.half, decimals, true);
    }
}

static void write_indicators(krni_page *page, const krni_run *run)
{
    static const krni_grid_column columns[] = {
        {"indicators as the corridor surveys reckon them", KRNI_LEFT, 24},
        {"rail", KRNI_RIGHT, 0},
        {"±", KRNI_RIGHT, 0},
        {"road", KRNI_RIGHT, 0},
        {"±", KRNI_RIGHT, 0}};
    krni_grid grid;
    krni_grid_init(&grid, run->arena, columns, 5);
    indicator_row(&grid, run, "TFI1  to clear a crossing, h", KRN_TOTAL_TFI1_RAIL_H,
                  KRN_TOTAL_TFI1_ROAD_H, 1);
    indicator_row(&grid, run, "TFI2  paid at a crossing, USD", KRN_TOTAL_TFI2_RAIL_USD,
                  KRN_TOTAL_TFI2_ROAD_USD, 0);
    indicator_row(&grid, run, "TFI3  paid per 500 km and 20 t, USD", KRN_TOTAL_TFI3_RAIL_USD,
                  KRN_TOTAL_TFI3_ROAD_USD, 0);
    indicator_row(&grid, run, "TFI4  speed without delay, km/h", KRN_TOTAL_SWOD_RAIL_KMH,
                  KRN_TOTAL_SWOD_ROAD_KMH, 1);
    indicator_row(&grid, run, "      speed with delay, km/h", KRN_TOTAL_SWD_RAIL_KMH,
                  KRN_TOTAL_SWD_ROAD_KMH, 1);
    krni_write(page->out, "\n");
    krni_grid_write(&grid, page, 0);
}

/* ---- how sure ---- */

/* The replication that accounts worst for its tonnes. */
static double worst_loss(const krni_run *run, double *out_made_t)
{
    double worst_t = 0;
    *out_made_t = 0;
    for (uint32_t i = 0; i < krn_ensemble_size(run->ensemble); i++) {
        const double *m = krn_ensemble_metrics(run->ensemble, i);
        const double lost_t = fabs(m[krn_sim_total_at(run->sim, KRN_TOTAL_LOST_T)]),
                     made_t = m[krn_sim_total_at(run->sim, KRN_TOTAL_MADE_T)];
        worst_t = lost_t > worst_t || isnan(lost_t) ? lost_t : worst_t;
        *out_made_t = made_t > *out_made_t ? made_t : *out_made_t;
    }
    return worst_t;
}

static void write_conservation(krni_page *page, const krni_run *run)
{
    double made_t = 0;
    const double lost_t = worst_loss(run, &made_t);
    krni_writer line;
    krni_writer_init(&line, run->arena);
    if (lost_t <= LOST_SHARE * made_t || lost_t == 0)
        krni_write(&line, "every tonne is accounted for: ");
    else {
        char t[KRNI_WORD];
        krni_writef(&line, "FLOW IS NOT CONSERVED, by %s t in one replication: ",
                    krni_number_short(lost_t, 6, t, sizeof t));
    }
    krni_write_number(&line, krni_total(run, KRN_TOTAL_BEGUN_T).mean, 0, true);
    krni_write(&line, " t under way at the start + ");
    krni_write_number(&line, krni_total(run, KRN_TOTAL_MADE_T).mean, 0, true);
    krni_write(&line, " made = ");
    krni_write_number(&line, krni_total(run, KRN_TOTAL_DELIVERED_T).mean, 0, true);
    krni_write(&line, " delivered + ");
    krni_write_number(&line, krni_total(run, KRN_TOTAL_LEFT_T).mean, 0, true);
    krni_write(&line, " under way at the end");
    write_field(page, "tonnes", &line);
}

static void write_verdict(krni_page *page, const krni_run *run)
{
    bool too_short = false;
    const double cut_d = krn_ensemble_warmup_d(run->ensemble, &too_short);
    const krn_sim_question *q = run->question;
    const uint32_t n = krn_ensemble_size(run->ensemble);
    char cut[KRNI_WORD], given[KRNI_WORD];
    krni_writer line;
    krni_writer_init(&line, run->arena);
    (void)krni_number_short(cut_d, 0, cut, sizeof cut);
    (void)krni_number_short(q->warmup_d, 0, given, sizeof given);
    if (too_short)
        krni_writef(&line,
                    "the run is too short: tonnes under way had not settled by its middle (MSER-5 "
                    "would cut %s days); a longer one, or less demand, is needed to tell",
                    cut);
    else if (cut_d > q->warmup_d)
        krni_writef(&line, "the warm-up of %s days is short: MSER-5 would cut %s (--warmup %s)",
                    given, cut, cut);
    else
        krni_writef(&line, "%s days are enough: MSER-5 would cut %s", given, cut);
    write_field(page, "warm-up", &line);

    krni_writer_init(&line, run->arena);
    if (n < 2)
        krni_write(&line, "one replication tells no interval");
    else {
        const krn_estimate t = krni_total(run, KRN_TOTAL_DELIVERED_T),
                           h = krni_groups_mean(run, NULL, run->setup->n_groups, KRN_GROUP_MEAN_H);
        krni_writef(
            &line, "%u replications: tonnes delivered ± %s %%, door-to-door time ± %s %%", n,
            krni_number_text(t.mean > 0 ? 100 * t.half / t.mean : 0, 1, false, cut, sizeof cut),
            krni_number_text(h.mean > 0 ? 100 * h.half / h.mean : 0, 1, false, given,
                             sizeof given));
        const double asked_share = run->simulation->precision_share;
        if (asked_share > 0)
            krni_writef(&line, "; the %s %% asked for %s",
                        krni_number_short(100 * asked_share, 2, cut, sizeof cut),
                        krn_ensemble_precise(run->ensemble)
                            ? "are reached"
                            : "are not reached: --max-replications");
    }
    write_field(page, "sure", &line);
    krni_page_note(page, "± is half of the 95 % interval over replications.");
}

void krni_simulate_sums(krni_page *page, const krni_run *run)
{
    krni_page_section(page, "In all");
    write_totals(page, run);
    write_indicators(page, run);
    krni_write(page->out, "\n");
    write_conservation(page, run);
    write_verdict(page, run);
}
