/* cargo.h - what is moved: commodity, loading unit, consignment, and the load it makes on a mode.
 *
 *   shapes     commodities, units, classes and vehicles are rows of their tables (uint32_t)
 *   errors     KRN_E_NOT_FOUND (nearest names in the text), KRN_E_AMBIGUOUS (a code that fits
 * several commodities), KRN_E_ARG (quantity, unit that does not fit), KRN_E_MEMORY
 */
#ifndef KERUEN_CARGO_H
#define KERUEN_CARGO_H

#include <keruen/package.h>
#include <keruen/units.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KRN_MAX_CARGO_CLASSES 16 /* a mask of classes has 16 bits */
#define KRN_MAX_GAUGES        4  /* different gauges of one package */

/* A consignment as asked for. Rows are of commodity.csv, loading_unit.csv, node.csv. */
typedef struct krn_consignment {
    uint32_t commodity;
    uint32_t loading_unit; /* KRN_NO_ROW: the unit of the commodity's cargo class (tonnes) */
    uint32_t n_units;      /* containers; 0 when given in tonnes */
    double net_t;          /* > 0; with units and no tonnes: filled units by density and payload */
    uint32_t origin;       /* node row */
    uint32_t destination;  /* node row */
    krn_time ready;        /* goods ready at the origin; papers are applied for from here on */
    krn_time due;          /* KRN_TIME_NONE: no date */
    krn_country driver;    /* nationality of drivers and crews; 0: country of origin */
} krn_consignment;

/* What the consignment is in wagons, trucks and boxes. Derived from it, package and date. */
typedef struct krn_load {
    uint32_t cargo_class;  /* row; the unit's class where it has one, else the commodity's */
    uint16_t class_bit;    /* 1 << row */
    double net_t;          /* goods */
    double gross_t;        /* goods and containers, without wagon and truck */
    uint32_t n_containers; /* 0 in bulk */
    double teu_share;      /* TEU per container, 0 in bulk */
    int container_feet;    /* 20, 40, 45; 0 in bulk */
    double unit_gross_t;   /* gross of one container; 0 in bulk */
    uint32_t n_trailers;   /* trailers and vehicles that roll on and off; else 0 */
    uint32_t wagon[KRN_MAX_GAUGES]; /* vehicle row by gauge index of the network, or KRN_NO_ROW */
    uint32_t truck;                 /* vehicle row or KRN_NO_ROW */
    const char *hs_code;            /* borrowed */
    int un_number;                  /* 0: not dangerous */
} krn_load;

/* Commodity by id, name in any language (letters folded), or HS code: the row whose code is the
 * longest beginning of the text, else the only row whose code begins with the text. O(rows). */
KRN_API krn_status krn_commodity_find(const krn_package *package, const char *text,
                                      uint32_t *out_row, krn_error *err);

/* "20x42G1", "3x22G1": count (1 .. 1,000,000) and loading unit. */
KRN_API krn_status krn_units_parse(const krn_package *package, const char *text,
                                   uint32_t *out_loading_unit, uint32_t *out_n_units,
                                   krn_error *err);

/* The load of a consignment; gauges_mm are the gauges of the network, n_gauges of them. Checks the
 * quantity: > 0, finite, <= 10 million t; a unit must be able to hold it. */
KRN_API krn_status krn_cargo_load(const krn_package *package, const krn_consignment *consignment,
                                  const int *gauges_mm, int n_gauges, krn_load *out,
                                  krn_error *err);

/* Whole wagons that a load needs on a gauge whose line allows axle_t a axle (0: unknown, no limit):
 * payload = min(vehicle payload, axles * axle_t - tare). 0 when no wagon of that gauge takes it. */
KRN_API uint32_t krn_cargo_wagons(const krn_package *package, const krn_load *load, int gauge_index,
                                  double axle_t);

/* Gross mass of the train load on rails: wagons * tare + gross of the load. */
KRN_API double krn_cargo_train_gross_t(const krn_package *package, const krn_load *load,
                                       int gauge_index, uint32_t n_wagons);

/* Whole trucks; 0 when the class does not go by road. Containers too heavy for a truck are taken to
 * be stuffed lighter: then the gross mass over the payload counts. */
KRN_API uint32_t krn_cargo_trucks(const krn_package *package, const krn_load *load);

/* What a ship carries at a draught limit: payload_t - t_per_dm * missing decimetres, >= 0; a blank
 * draught limits nothing. vehicle is a row of vehicle.csv. */
KRN_API double krn_ship_payload_t(const krn_package *package, uint32_t vehicle, double draught_m);

#ifdef __cplusplus
}
#endif
#endif
