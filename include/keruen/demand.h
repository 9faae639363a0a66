/* demand.h - what trade is carried in a year, between which places, and by how many wagons.
 *
 * flow.csv has each tonne of a reference year once, by pair of countries and commodity;
 * flow_place.csv spreads the flows of a country over places, flow_month.csv over the months.
 * A user's own table (io.h, krn_demand_read) gives the same rows.
 *
 *     flow KZ -> IR, 1000 t      origins 3 : 1      destinations 1 : 1
 *     kostanay -> tehran 375 t   kostanay -> mashhad 375 t   astana -> ... 125 t each
 *
 *   units      tonnes are net of containers; shares are 0 to 1
 *   ownership  lists live in the caller's arena and borrow texts from the package
 *   threads    no shared state; any number of threads may read one package
 *   errors     KRN_E_NOT_FOUND (no flow of that year), KRN_E_RULE (a flow whose country has no
 *              place), KRN_E_LIMIT (more than 4 million pairs of places), KRN_E_MEMORY
 */
#ifndef KERUEN_DEMAND_H
#define KERUEN_DEMAND_H

#include <keruen/arena.h>
#include <keruen/package.h>
#include <keruen/units.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KRN_MONTHS 12

/* Tonnes between two places. Rows are of flow.csv, node.csv, commodity.csv, loading_unit.csv. */
typedef struct krn_demand {
    uint32_t flow;                  /* flow row; KRN_NO_ROW in a user's table */
    uint32_t line;                  /* 1-based line of the user's table; 0 of the package */
    uint32_t origin;                /* node row */
    uint32_t destination;           /* node row, another one than origin */
    uint32_t commodity;             /* commodity row */
    uint32_t loading_unit;          /* row, or KRN_NO_ROW: loose, or the unit of the cargo class */
    uint32_t n_units;               /* containers as told by the user; else 0 */
    double year_t;                  /* tonnes a year, or of the one consignment, > 0 */
    double lot_t;                   /* one shipment, > 0, <= year_t */
    double month_share[KRN_MONTHS]; /* January first; they sum to 1 */
    krn_time ready;                 /* one consignment, ready then; KRN_TIME_NONE: over the year */
    krn_time due;                   /* of that consignment; KRN_TIME_NONE: none */
    krn_quality quality;            /* weakest of tonnes, lot, weights and months */
} krn_demand;

typedef struct krn_demand_list {
    int year; /* 0: a user's table */
    uint32_t n;
    krn_demand *rows; /* by id of flow, origin, destination; a user's table: by line */
    double total_t;   /* sum of year_t */
} krn_demand_list;

/* Flows of a year (0: the latest one of flow.csv) between places. A flow spreads over pairs of
 * places by the product of their weights; the rows of its commodity go before those of its cargo
 * class, these before the others. Pairs of less than a tonne go to the largest pair, so the rows
 * of a flow sum to it (relative 1e-9). Months: rows of the commodity, the class, any; of these the
 * rows of the origin country first; none: each month one twelfth. O(flows * places^2). */
KRN_API krn_status krn_demand_of_year(const krn_package *package, int year, krn_arena *arena,
                                      krn_demand_list *out, krn_error *err);

/* Years that flow.csv has flows of, ascending, each once. O(rows * years). */
KRN_API krn_status krn_demand_years(const krn_package *package, krn_arena *arena, uint32_t *out_n,
                                    int **out, krn_error *err);

/* ---- wagons, locomotives, crews ---- */

typedef enum krn_fleet_kind {
    KRN_FLEET_WAGON,
    KRN_FLEET_LOCOMOTIVE,
    KRN_FLEET_CREW
} krn_fleet_kind;

/* "wagon", "locomotive", "crew". */
KRN_API const char *krn_fleet_kind_name(krn_fleet_kind kind);

/* A pool of fleet.csv. */
typedef struct krn_fleet {
    uint32_t row; /* fleet row; KRN_NO_ROW: none is known */
    krn_fleet_kind kind;
    krn_country country;
    int gauge_mm;
    uint32_t vehicle;      /* vehicle row; KRN_NO_ROW: any of the gauge */
    uint32_t count;        /* in all */
    double corridor_share; /* at the corridor's disposal */
    krn_quality quality;   /* weaker of count and share */
} krn_fleet;

/* Pools at the corridor's disposal: count * corridor_share, rounded to the nearest whole. */
KRN_API uint32_t krn_fleet_at_hand(const krn_fleet *fleet);

/* All pools, by id; out_n 0 when the package has none. From the arena. */
KRN_API krn_status krn_fleet_list(const krn_package *package, krn_arena *arena, uint32_t *out_n,
                                  krn_fleet **out, krn_error *err);

/* The pool of a country (0: the first of any country, by id) and gauge that a vehicle (row;
 * KRN_NO_ROW: any) is taken from: the one of that vehicle, else the one of any vehicle; row is
 * KRN_NO_ROW when fleet.csv has none. O(rows). */
KRN_API krn_fleet krn_fleet_find(const krn_package *package, krn_fleet_kind kind,
                                 krn_country country, int gauge_mm, uint32_t vehicle);

#ifdef __cplusplus
}
#endif
#endif
