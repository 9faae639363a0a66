/* plan_page.h - the parts of the printed answer of a plan. */
#ifndef REPORT_PLAN_PAGE_H
#define REPORT_PLAN_PAGE_H

#include "report/words.h"

/* What all parts of one answer share. */
typedef struct krni_answer {
    const krn_network *network;
    const krn_package *package;
    const krn_plan_query *query;
    const krn_plan_result *result;
    const krn_report_options *options;
    krn_arena *arena;
} krni_answer;

/* plan_table.c: the whole page. */
krn_status krni_plan_table(const krni_answer *answer, char **out, krn_error *err);
/* plan_json.c, plan_csv.c, plan_geojson.c */
krn_status krni_plan_json(const krni_answer *answer, char **out, krn_error *err);
krn_status krni_plan_csv(const krni_answer *answer, char **out, krn_error *err);
krn_status krni_plan_geojson(const krni_answer *answer, char **out, krn_error *err);

/* tradeoff_plot.c: cost against time, a letter a route. Nothing for fewer than two routes. */
void krni_tradeoff_plot(krni_page *page, const krni_answer *answer);

/* route_table.c: one route with its legs, times, charges. */
void krni_route_table(krni_page *page, const krni_answer *answer, uint32_t index);

/* plan_papers.c: papers and sanctions facts of all shown routes. */
void krni_plan_papers(krni_page *page, const krni_answer *answer);
void krni_plan_sanctions(krni_page *page, const krni_answer *answer);

/* explain.c: every figure of a route with its row and source, and the sources in words. */
void krni_explain_route(krni_page *page, const krni_answer *answer, uint32_t index);
void krni_explain_sources(krni_page *page, const krni_answer *answer);

/* One figure that a route rests on. role: what it stands for ("time of Bolashak - Serhetyaka"). */
typedef struct krni_used_figure {
    krn_figure figure;
    const char *role;
} krni_used_figure;

/* All figures of a route, each cell once, in the order of the route. From the arena; *out_n. NULL
 * when memory ran out. */
krni_used_figure *krni_route_figures(const krni_answer *answer, const krn_route *route,
                                     uint32_t *out_n);

/* How a figure is known and its source; figures of the timetable have those of their trip. */
krn_quality krni_figure_quality(const krn_package *package, krn_figure f);
const char *krni_figure_source(const krn_package *package, krn_figure f);

/* Measures that changed something in this scenario, rows ascending; from the arena. */
uint32_t *krni_measures_at_work(const krn_package *package, krn_arena *arena, uint32_t *out_n);

/* "with 20 measures at work (...)", or their ids where they are few; "" when none is; NULL when
 * memory runs out. */
const char *krni_measures_line(const krn_package *package, krn_arena *arena);

#endif
