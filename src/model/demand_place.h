/* demand_place.h - which rows of flow_place.csv and flow_month.csv hold for a flow.
 *
 * Rows of the commodity go before rows of its cargo class, these before rows of neither. */
#ifndef MODEL_DEMAND_PLACE_H
#define MODEL_DEMAND_PLACE_H

#include <keruen/demand.h>

#include "model/tables.h"

/* Goods of a flow: the class is the loading unit's where it has one, else the commodity's. */
typedef struct krni_flow_goods {
    const char *commodity, *cargo_class;
} krni_flow_goods;

typedef struct krni_flow_place {
    uint32_t node;       /* node row */
    uint32_t row;        /* flow_place row */
    double weight_share; /* of the end; all sum to 1 */
} krni_flow_place;

/* Places of one end of a flow, by node id. */
typedef struct krni_flow_end {
    krni_flow_place *places;
    uint32_t n; /* 0: none is known */
    krn_quality quality;
} krni_flow_end;

krni_flow_goods krni_flow_goods_of(const krn_package *package, uint32_t flow);

krn_status krni_flow_end_open(const krn_package *package, const char *country, bool destination,
                              krni_flow_goods goods, krn_arena *arena, krni_flow_end *out,
                              krn_error *err);

/* Goods by commodity row and loading unit row (may be KRN_NO_ROW). */
krni_flow_goods krni_goods_of(const krn_package *package, uint32_t commodity,
                              uint32_t loading_unit);

/* Shares of the months of goods from a country and how they are known; one twelfth each where no
 * row holds. */
void krni_flow_months(const krn_package *package, const char *origin_country, krni_flow_goods goods,
                      double out_share[KRN_MONTHS], krn_quality *out_quality);

#endif
