/* trade_page.h - the parts of an answer about trade on the network, on paper and for programs. */
#ifndef REPORT_TRADE_PAGE_H
#define REPORT_TRADE_PAGE_H

#include "report/records.h"
#include "report/words.h"

/* What all parts of one answer share. */
typedef struct krni_trade {
    const krn_trade_report *report;
    const krn_network *network;
    const krn_package *package;
    const krn_trade_answer *answer;
    const krn_trade_question *question;
    const krn_report_options *options;
    krn_arena *arena;
    double unit_t; /* tonnes are told in so many: 1 or 1000 */
    int decimals;
} krni_trade;

/* trade_table.c, trade_json.c, trade_csv.c: the whole answer. */
krn_status krni_trade_table(const krni_trade *trade, char **out, krn_error *err);
krn_status krni_trade_json(const krni_trade *trade, char **out, krn_error *err);
krn_status krni_trade_csv(const krni_trade *trade, char **out, krn_error *err);
krn_status krni_trade_geojson(const krni_trade *trade, char **out, krn_error *err);

/* ---- parts of the page ---- */

/* trade_flow.c: relations and goods by way; modes by goods; crossings and ports. */
void krni_trade_ways(krni_page *page, const krni_trade *trade);
void krni_trade_modes(krni_page *page, const krni_trade *trade);
void krni_trade_crossings(krni_page *page, const krni_trade *trade);
void krni_trade_ports(krni_page *page, const krni_trade *trade);

/* trade_full.c: what is full and what more of it is worth; who uses what was selected. */
void krni_trade_full(krni_page *page, const krni_trade *trade);
void krni_trade_selections(krni_page *page, const krni_trade *trade);

/* ---- figures and words (trade_words.c) ---- */

/* Ways in words of one relation and cargo class, together. */
typedef struct krni_trade_bundle {
    krn_country from, to;
    uint32_t cargo_class; /* row */
    const char *words, *modes;
    double year_t;
    double price_usd, cost_usd, hours, wait_h, wtw_kg; /* sums: times tonnes */
    double relation_t, class_t;                        /* of its relation; of it the class */
} krni_trade_bundle;

/* Relations by tonnes, in these the classes, in these the ways, each most first. ways_t: what of
 * each way counts; NULL: all of it. From the arena; NULL when memory ran out. */
krni_trade_bundle *krni_trade_bundles(const krni_trade *trade, const double *ways_t,
                                      uint32_t *out_n);

/* Bundles of one relation and class from `first` on. */
uint32_t krni_trade_class_size(const krni_trade_bundle *list, uint32_t n, uint32_t first);

/* Tonnes of a commodity by modes of its ways. */
typedef struct krni_trade_mode {
    uint32_t commodity;
    const char *modes;
    double year_t, share; /* of what is sent of the commodity */
} krni_trade_mode;
/* Goods by tonnes, in these the modes. From the arena; NULL when memory ran out. */
krni_trade_mode *krni_trade_modes_by_goods(const krni_trade *trade, uint32_t *out_n);

/* A crossing in one direction and mode, whatever the cargo class: of border.csv. */
typedef struct krni_trade_crossing {
    const char *name;
    krn_country from, to;
    krn_mode mode;
    uint32_t row; /* first of border.csv */
    double year_t;
    double *class_t; /* by row of cargo_class.csv */
} krni_trade_crossing;
/* Most tonnes first. From the arena; NULL when memory ran out. */
krni_trade_crossing *krni_trade_crossing_list(const krni_trade *trade, uint32_t *out_n);

/* Demand between two places that is not sent, or not all of it. */
typedef struct krni_trade_left {
    const krn_trade_row *row;
    const krn_demand *demand;
    double year_t;
    const char *reason;
} krni_trade_left;
/* Most tonnes first. From the arena; NULL when memory ran out. */
krni_trade_left *krni_trade_left_behind(const krni_trade *trade, uint32_t *out_n);

/* "user equilibrium", "system optimum", ... */
const char *krni_trade_method_words(krn_trade_method method);

/* "link", "border", "gauge_change", "port_in", "port_out". */
const char *krni_trade_use_word(krn_trade_use_kind kind);

/* Key of the row of link.csv, border.csv, ... (trade_csv.c). */
const char *krni_trade_use_id(const krni_trade *trade, const krn_trade_use *use);

/* "grain bulk" of a row of cargo_class.csv, as a text (NULL when memory ran out); its key. */
void krni_write_goods_class(krni_writer *w, const krni_trade *trade, uint32_t cargo_class);
const char *krni_class_words(const krni_trade *trade, uint32_t cargo_class);
const char *krni_class_id(const krni_trade *trade, uint32_t cargo_class);
uint32_t krni_classes(const krni_trade *trade);

/* "KZ → IR", as a text (NULL when memory ran out). */
void krni_write_relation(krni_writer *w, krn_country from, krn_country to);
const char *krni_relation_words(const krni_trade *trade, krn_country from, krn_country to);

const char *krni_node_id(const krn_package *package, uint32_t node);

#endif
