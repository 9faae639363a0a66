/* cost_page.h - what the reports of a cost network share. */
#ifndef REPORT_COST_PAGE_H
#define REPORT_COST_PAGE_H

#include <keruen/report.h>

#include "report/records.h"

krn_status krni_cost_table(const krn_cost_report *r, const krn_report_options *options,
                           krn_arena *arena, char **out, krn_error *err);
krn_status krni_cost_json(const krn_cost_report *r, krn_arena *arena, char **out, krn_error *err);

/* "aon", "logit", "ue"; "all or nothing", ... */
const char *krni_cost_method_id(krn_cost_method method);
const char *krni_cost_method_name(krn_cost_method method);

/* "load", "unload", "tranship", "move". */
const char *krni_cost_kind_word(krn_cost_kind kind);

/* Car units to capacity of a flow's link and direction; 0 where it has no capacity. */
double krni_cost_ratio(const krn_cost_report *r, const krn_cost_flow *flow);

/* Moves of the greatest ratio, one of a link and direction, the first one when alike; at most
 * `most`. Those of a capacity of 1 or less, which stands for none, are left out. */
uint32_t krni_cost_fullest(const krn_cost_report *r, uint32_t most, const krn_cost_flow **out);

/* Quantity times km by mode, in order of modes. */
typedef struct krni_cost_mode {
    uint32_t mode, vehicle_class;
    double quantity_km, loaded, total_cost; /* cost of its moves, loading and unloading */
} krni_cost_mode;
krn_status krni_cost_modes(const krn_cost_report *r, krn_arena *arena, krni_cost_mode **out,
                           uint32_t *out_n, krn_error *err);

#endif
