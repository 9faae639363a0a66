/* demand_page.h - the parts of an answer about demand that all formats share. */
#ifndef REPORT_DEMAND_PAGE_H
#define REPORT_DEMAND_PAGE_H

#include "report/records.h"

/* Rows of one flow; of an own table rows of one relation and commodity. */
typedef struct krni_demand_flow {
    krn_country from, to;
    uint32_t commodity;
    uint32_t flow; /* row of flow.csv, KRN_NO_ROW in an own table */
    uint32_t n_rows;
    double tonnes; /* a year, scaled */
    double lot_t;  /* largest */
    krn_quality quality;
} krni_demand_flow;

/* By relation (most tonnes first), in each by tonnes. From the arena; NULL when memory ran out. */
krni_demand_flow *krni_demand_flows(const krn_demand_answer *answer, krn_arena *arena,
                                    uint32_t *out_n);

krn_country krni_country_of(const krn_package *package, uint32_t node);

/* Tonnes of a row as scaled; a shipment is not larger than its row. */
double krni_demand_t(const krn_demand_answer *answer, const krn_demand *row);

/* "KZ", "IR", "other": whose statistics a flow follows; "" in an own table. */
const char *krni_flow_statistics(const krn_package *package, uint32_t flow);

/* Text of a column of flow.csv; "" in an own table. */
const char *krni_flow_text(const krn_package *package, uint32_t flow, int column);

/* demand_json.c: the same for programs. */
krn_status krni_demand_json(const krn_demand_answer *answer, krn_arena *arena, char **out,
                            krn_error *err);
krn_status krni_demand_geojson(const krn_demand_answer *answer, krn_arena *arena, char **out,
                               krn_error *err);

#endif
