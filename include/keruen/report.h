/* report.h - answers as people and programs read them: one shape for every face.
 *
 *   ownership  texts are made in the caller's arena
 *   formats    table: at most `columns` characters a line; json: schema in docs/; csv: RFC 4180,
 * one row a leg; geojson: RFC 7946, one feature a leg errors     KRN_E_MEMORY; KRN_E_ARG for a
 * format that an answer does not have
 */
#ifndef KERUEN_REPORT_H
#define KERUEN_REPORT_H

#include <keruen/assign.h>
#include <keruen/cost_assign.h>
#include <keruen/ensemble.h>
#include <keruen/io.h>
#include <keruen/layer.h>
#include <keruen/measure.h>
#include <keruen/nodus.h>
#include <keruen/place.h>
#include <keruen/plan.h>
#include <keruen/scenario.h>
#include <keruen/tntp.h>
#include <keruen/trade.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum krn_format {
    KRN_FORMAT_TABLE,
    KRN_FORMAT_JSON,
    KRN_FORMAT_CSV,
    KRN_FORMAT_GEOJSON
} krn_format;

typedef struct krn_report_options {
    krn_format format;
    unsigned columns; /* of a table; 0: 80 */
    bool explain;     /* every figure with its row and source */
    bool colour;      /* of a terminal */
} krn_report_options;

/* The answer of a plan; query as it was asked. */
KRN_API krn_status krn_report_plan(const krn_network *network, const krn_plan_query *query,
                                   const krn_plan_result *result, const krn_report_options *options,
                                   krn_arena *arena, char **out, krn_error *err);

/* A corridor that ran: what was asked, how it was laid out, and the replications. */
typedef struct krn_simulation {
    const krn_network *network;
    const krn_sim_question *question;
    const krn_sim_setup *setup;
    const krn_sim *sim;
    const krn_ensemble *ensemble;
    double precision_share; /* that was asked for; 0: none */
} krn_simulation;
KRN_API krn_status krn_report_simulation(const krn_simulation *simulation,
                                         const krn_report_options *options, krn_arena *arena,
                                         char **out, krn_error *err);

/* An equilibrium of a TNTP network. table: the ten fullest links; json: schema in docs; csv: all
 * links in order of the file, figures that read back exactly. */
typedef struct krn_tntp_answer {
    const krn_tntp *tntp;
    const krn_assign_options *options;
    const krn_assignment *assignment;
} krn_tntp_answer;
KRN_API krn_status krn_report_tntp(const krn_tntp_answer *answer, const krn_report_options *options,
                                   krn_arena *arena, char **out, krn_error *err);

/* The trade of a year on the network. table; json: schema in docs (docs/assign.schema.json, also of
 * a TNTP network); csv: tonnes by link, crossing and port with those of each class; geojson: the
 * same with geometry. */
typedef struct krn_trade_report {
    const krn_network *network;
    const krn_trade_answer *answer;
    const krn_trade_selection *selections;
    uint32_t n_selections;
    int year;                /* asked for; another one than that of the flows is told. 0: none */
    const char *demand_file; /* own table as named by the user; NULL: flows of the package */
    const char *delay;       /* where waits come from: "formula", "simulated", a file */
} krn_trade_report;
KRN_API krn_status krn_report_trade(const krn_trade_report *report,
                                    const krn_report_options *options, krn_arena *arena, char **out,
                                    krn_error *err);

/* And as layers: "links" by direction, "places" (crossings, ports, gauge changes), "resources".
 * Borrows from the report and the arena. */
KRN_API krn_status krn_trade_layers(const krn_trade_report *report, krn_arena *arena,
                                    krn_layer out[3], krn_error *err);

/* And as matrices: tonnes asked for and sent, in all and by commodity; cost_usd_t, price_usd_t,
 * hours, wait_h, kg_co2e_t, distance_km as means of what is sent (NaN: nothing is). Zones are the
 * places that have demand, by key. KRN_E_ARG: no demand at all. */
KRN_API krn_status krn_trade_to_omx(const krn_trade_report *report, krn_arena *arena, krn_omx *out,
                                    krn_error *err);

/* The trade of a year, or an own table. table: relations by goods, with pairs of places when asked
 * for; json: schema in docs; csv: rows as krn_demand_read takes them, that read back the same;
 * geojson: a line a pair of places. */
typedef struct krn_demand_answer {
    const krn_package *package;
    const krn_demand_list *list;
    double demand_share; /* >= 0: of the tonnes of a year; dated consignments stay as they are */
    bool pairs;          /* table: each pair of places as well */
    const char *file;    /* own table as named by the user; NULL: flows of the package */
} krn_demand_answer;
KRN_API krn_status krn_report_demand(const krn_demand_answer *answer,
                                     const krn_report_options *options, krn_arena *arena,
                                     char **out, krn_error *err);

/* Which measures under a budget. table: the best set, each alone, the first sets; json: schema in
 * docs; csv: all sets, best first. */
typedef struct krn_invest_result {
    const krn_invest_question *question;
    const krn_invest_answer *answer;
    const uint32_t *without_cost; /* rows of measures that were left out: nobody says what they
                                     cost */
    uint32_t n_without_cost;
} krn_invest_result;
KRN_API krn_status krn_report_invest(const krn_invest_result *result,
                                     const krn_report_options *options, krn_arena *arena,
                                     char **out, krn_error *err);

/* Od tables on a cost network. table: totals, modes, fullest links, what found no way; json:
 * docs/assign.schema.json; csv: moves by link, direction and class. Units of the network. */
typedef struct krn_cost_report {
    const krn_cost_network *network;
    const krn_cost_question *question;
    const krn_cost_answer *answer;
} krn_cost_report;
KRN_API krn_status krn_report_cost(const krn_cost_report *report, const krn_report_options *options,
                                   krn_arena *arena, char **out, krn_error *err);

/* The same flows as tables: of links (what krn_report_cost gives as CSV), of loading, unloading
 * and transhipment, and of the cells of the demand. RFC 4180. */
typedef enum krn_cost_table { KRN_COST_LINKS, KRN_COST_HANDLING, KRN_COST_CELLS } krn_cost_table;
KRN_API krn_status krn_cost_csv(const krn_cost_report *report, krn_cost_table table,
                                krn_arena *arena, char **out, krn_error *err);

/* And as layers: "flow_links", one line a link with both directions, and "flow_nodes", points
 * where something is loaded, unloaded or transhipped. Borrows from the report and the arena. */
KRN_API krn_status krn_cost_layers(const krn_cost_report *report, krn_arena *arena,
                                   krn_layer out[2], krn_error *err);

/* What a cost network holds, and what of its project could not be used (notes may be NULL). where:
 * the folder or project, for the head line. table and json only. */
KRN_API krn_status krn_report_cost_network(const krn_cost_network *network,
                                           const krn_cost_notes *notes, const char *where,
                                           const krn_report_options *options, krn_arena *arena,
                                           char **out, krn_error *err);

/* Matches of a search for places. */
KRN_API krn_status krn_report_places(const krn_package *package, const krn_place_match *matches,
                                     uint32_t n, const krn_report_options *options,
                                     krn_arena *arena, char **out, krn_error *err);

/* All that a package knows of an id (place, link, service, rule, measure, ...), with sources.
 * KRN_E_NOT_FOUND when no table has it. */
KRN_API krn_status krn_report_show(const krn_package *package, const char *id,
                                   const krn_report_options *options, krn_arena *arena, char **out,
                                   krn_error *err);

/* Measures with dates, state on a day and what they touch. */
KRN_API krn_status krn_report_measures(const krn_package *package, int32_t day,
                                       const krn_report_options *options, krn_arena *arena,
                                       char **out, krn_error *err);

/* Visa rules for a person over countries in order; rows as krn_visa_find gives them. */
typedef struct krn_visa_question {
    const char *subject; /* "citizen", "business", "driver", "crew" */
    krn_country nationality;
    const krn_country *countries;
    uint32_t n_countries;
    int32_t day;
} krn_visa_question;
KRN_API krn_status krn_report_visa(const krn_package *package, const krn_rule_book *rules,
                                   const krn_visa_question *question,
                                   const krn_report_options *options, krn_arena *arena, char **out,
                                   krn_error *err);

/* A list of papers, as of `keruen papers`. */
KRN_API krn_status krn_report_papers(const krn_network *network, const krn_consignment *consignment,
                                     const krn_paper_list *papers,
                                     const krn_report_options *options, krn_arena *arena,
                                     char **out, krn_error *err);

/* What a package holds: rows by table, shares of published, derived, estimated, connectivity by
 * gauge and mode, published lengths against ours with the worst five. */
KRN_API krn_status krn_report_check(const krn_package *package, const krn_report_options *options,
                                    krn_arena *arena, char **out, krn_error *err);

#ifdef __cplusplus
}
#endif
#endif
