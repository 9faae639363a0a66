/* simulate_page.h - the parts of the answer of a simulation, on paper and for programs. */
#ifndef REPORT_SIMULATE_PAGE_H
#define REPORT_SIMULATE_PAGE_H

#include "report/words.h"

/* What all parts of one answer share. */
typedef struct krni_run {
    const krn_simulation *simulation;
    const krn_network *network;
    const krn_package *package;
    const krn_sim_question *question;
    const krn_sim_setup *setup;
    const krn_sim *sim;
    const krn_ensemble *ensemble;
    const krn_report_options *options;
    krn_arena *arena;
} krni_run;

/* simulate_table.c, simulate_json.c, simulate_csv.c: the whole answer. */
krn_status krni_simulate_table(const krni_run *run, char **out, krn_error *err);
krn_status krni_simulate_json(const krni_run *run, char **out, krn_error *err);
krn_status krni_simulate_csv(const krni_run *run, char **out, krn_error *err);

/* ---- parts of the page ---- */

/* simulate_head.c: what was simulated; demand that has no way. */
void krni_simulate_head(krni_page *page, const krni_run *run);
void krni_simulate_unserved(krni_page *page, const krni_run *run);
/* simulate_flow.c: delivered by relation and way; time door to door with its parts. */
void krni_simulate_delivered(krni_page *page, const krni_run *run);
void krni_simulate_times(krni_page *page, const krni_run *run);
/* simulate_jam.c: where it jams; wagons, ships, storage. */
void krni_simulate_jams(krni_page *page, const krni_run *run);
void krni_simulate_fleet(krni_page *page, const krni_run *run);
/* simulate_sum.c: cost, CO2e, indicators, conservation, verdict. */
void krni_simulate_sums(krni_page *page, const krni_run *run);

/* ---- figures ---- */

krn_estimate krni_total(const krni_run *run, krn_sim_total what);
krn_estimate krni_group(const krni_run *run, uint32_t group, unsigned measure);
krn_estimate krni_use(const krni_run *run, uint32_t resource, krn_sim_use what);
krn_estimate krni_week(const krni_run *run, uint32_t resource, uint32_t week, krn_sim_week what);

/* A quotient of two metrics, replication by replication. */
krn_estimate krni_quotient(const krni_run *run, uint32_t above, uint32_t below);

/* Sum of one measure over some groups, replication by replication; weighted by tonnes delivered it
 * is a mean. A replication without any tonnes tells no mean. groups NULL: all. */
krn_estimate krni_groups_sum(const krni_run *run, const uint32_t *groups, uint32_t n,
                             unsigned measure);
krn_estimate krni_groups_mean(const krni_run *run, const uint32_t *groups, uint32_t n,
                              unsigned measure);

/* Groups by relation as they are, in each by tonnes delivered. From the arena; NULL when memory ran
 * out. */
uint32_t *krni_groups_by_tonnes(const krni_run *run);

/* How many groups of that order, from one on, are of its relation. */
uint32_t krni_relation_size(const krni_run *run, uint32_t first);

/* Resources by tonne-days lost, most first; ties in their own order. From the arena; NULL when
 * memory ran out. */
uint32_t *krni_resources_by_loss(const krni_run *run);

/* ---- words (simulate_words.c) ---- */

/* "Incheh Borun gauge change 1520 → 1435", "Uzen – Bolashak track"; NULL when memory ran out. */
char *krni_resource_name(const krni_run *run, uint32_t resource);

/* Id of the row that a resource comes from, or "". */
const char *krni_resource_id(const krni_run *run, uint32_t resource);

/* "Shahid Rajaee Port closed from 2027-03-01 00:00 to 2027-04-16 00:00". */
char *krni_event_text(const krni_run *run, uint32_t event);

/* "best", "logit", "adaptive". */
const char *krni_routing_name(krn_sim_routing routing);

/* Name of a group measure in JSON and CSV ("delivered_t", "wait_border_h"). */
char *krni_measure_key(unsigned measure, char out[KRNI_WORD]);
const char *krni_total_key(krn_sim_total total);
const char *krni_use_key(krn_sim_use use);
int krni_total_decimals(krn_sim_total total);

/* "± 12" of an estimate, or "" when it has no interval. */
char *krni_half_text(krn_estimate e, int decimals, char out[KRNI_WORD]);

#endif
