/* tariff_book.h - the inside of krn_tariff_book: rows of tariff.csv with their conditions as
 * numbers, and which rows can hold for a mode and a country.
 *
 *   rates:  by use (rates, then coefficients), group, id; an index into them is also the order of
 *           ties
 *   lists:  rail, road: one per mode and country, and one per mode for any other country;
 *           sea: one per node at which a lane begins, and one for any other node */
#ifndef MODEL_TARIFF_BOOK_H
#define MODEL_TARIFF_BOOK_H

#include <keruen/tariff.h>

#include "model/condition.h"

typedef enum krni_charge_kind {
    KRNI_CHARGE_HAUL,
    KRNI_CHARGE_WAGON,
    KRNI_CHARGE_FREIGHT,
    KRNI_CHARGE_THROUGH,
    KRNI_CHARGE_BORDER,
    KRNI_CHARGE_SEAL,
    KRNI_CHARGE_OTHER,
    KRNI_CHARGE_NEVER /* storage, terminal: priced by their operations */
} krni_charge_kind;

typedef enum krni_basis {
    KRNI_PER_T,
    KRNI_PER_TKM,
    KRNI_PER_TEU_KM,
    KRNI_PER_FEU_KM,
    KRNI_PER_WAGON_KM,
    KRNI_PER_TRUCK_KM,
    KRNI_PER_CONTAINER,
    KRNI_PER_TEU,
    KRNI_PER_WAGON,
    KRNI_PER_TRUCK,
    KRNI_PER_CONSIGNMENT,
    KRNI_PER_WAGON_DAY,
    KRNI_PER_TRUCK_DAY,
    KRNI_PER_VESSEL_DAY,
    KRNI_COEFFICIENT,
    KRNI_BASIS_COUNT
} krni_basis;

typedef enum krni_traffic {
    KRNI_ANY_TRAFFIC,
    KRNI_TRANSIT,
    KRNI_EXPORT,
    KRNI_IMPORT,
    KRNI_DOMESTIC
} krni_traffic;

typedef struct krni_rate {
    uint32_t row;
    uint32_t group; /* number of its group; coefficients have groups of their own */
    bool coefficient;
    bool both_ways;
    bool carry_forward;
    bool marginal;  /* belt rule */
    uint8_t charge; /* krni_charge_kind */
    uint8_t basis;  /* krni_basis */
    uint8_t traffic;
    uint8_t lane; /* ends that are named: 0, 1, 2 */
    unsigned modes;
    uint16_t classes;
    krni_set countries, origins, destinations;
    krni_set via; /* node rows */
    uint32_t from_node, to_node;
    const char *hs_prefixes, *hs_except;
    int feet;                        /* 0: any */
    double unit_from_t, unit_to_t;   /* -infinity, infinity: any */
    double belt_from_km, belt_to_km; /* holds for from < km <= to */
    double price;                    /* in its currency, or the factor */
    uint32_t currency;               /* first of its rates; KRN_NO_ROW: US dollar */
    int priority;
    krni_days days;
    krn_quality quality;
    const uint32_t *applies; /* coefficient: rates that it multiplies, ascending */
    uint32_t n_applies;
} krni_rate;

typedef struct krni_currency_rate {
    const char *currency;
    int32_t from;
    double usd_per_unit;
    uint32_t row;
    uint32_t n_days; /* of the first rate of a currency: how many there are */
    krn_quality quality;
} krni_currency_rate;

typedef struct krni_rate_list {
    const uint32_t *rates; /* ascending */
    uint32_t n_rates;
} krni_rate_list;

struct krn_tariff_book {
    krn_arena *arena;
    const krn_package *package; /* borrowed */
    krni_rate *rates;
    uint32_t n_rates;
    uint32_t *rate_of_row;          /* by row of tariff.csv, KRN_NO_ROW */
    krni_currency_rate *currencies; /* by name, then day */
    uint32_t n_currencies;
    uint32_t n_countries;
    const krn_country *countries; /* ascending */
    krni_rate_list *land;         /* [rail, road][n_countries + 1], the last: any other country */
    krni_rate_list *sea;          /* [n_nodes + 1], the last: any other node */
    krni_rate_list through;
    uint32_t n_nodes;
    const krn_country *node_country;
};

/* Rows that can hold on land in a country. */
krni_rate_list krni_tariff_land(const krn_tariff_book *book, krn_mode mode, krn_country country);

/* Rows that can hold for a voyage from a node. */
krni_rate_list krni_tariff_sea(const krn_tariff_book *book, uint32_t from_node);

/* US dollars for one unit of a currency (first of its rates) on a day. */
const krni_currency_rate *krni_currency_on(const krn_tariff_book *book, uint32_t first,
                                           int32_t day);

/* ---- what a row is asked ---- */

/* The question to a row. What stands below `route` is unknown in a bound. */
typedef struct krni_tariff_case {
    const krn_load *load;
    krn_mode mode;
    krn_country country; /* 0 at sea */
    krn_country origin, destination;
    uint32_t n_vehicles; /* wagons or trucks; at sea trucks */
    uint32_t n_wagons;   /* at sea: wagons on a ferry */
    uint32_t n_entering; /* at the border, for fees and seals; 0: as n_vehicles */
    int32_t day;
    /* route */
    double km;
    double hours_h;
    bool entered;
    uint32_t from_node, to_node;
    const uint32_t *nodes;
    uint32_t n_nodes;
} krni_tariff_case;

typedef enum krni_validity { KRNI_OUT, KRNI_CARRIED, KRNI_VALID } krni_validity;

/* Whether a row holds on the day, for load, ends and country: all that is known without a route. */
krni_validity krni_rate_holds(const krni_rate *rate, const krni_tariff_case *question);

/* Whether it holds on the route: lane, via; belts apart. */
bool krni_rate_on_route(const krni_rate *rate, const krni_tariff_case *question);

/* Whether conditions of the route are named at all: lane, via, belts. */
bool krni_rate_is_open(const krni_rate *rate);

static inline bool krni_rate_in_belt(const krni_rate *rate, double km)
{
    return (rate->belt_from_km < km || rate->belt_from_km <= 0.0) && km <= rate->belt_to_km;
}

/* Whether a is taken before b (both hold; va, vb how). */
bool krni_rate_before(const krni_rate *a, krni_validity va, const krni_rate *b, krni_validity vb);

/* Units of the basis for a number of km and hours; 0 when the basis does not fit the load. */
double krni_rate_units(const krni_rate *rate, const krni_tariff_case *question, double km,
                       double hours_h);

/* Whether the basis counts kilometres; days. */
bool krni_rate_per_km(const krni_rate *rate);
bool krni_rate_per_day(const krni_rate *rate);

/* Price in US dollars on a day. */
double krni_rate_usd(const krn_tariff_book *book, const krni_rate *rate, int32_t day);

bool krni_rate_applies(const krni_rate *coefficient, uint32_t rate);

/* ---- prices of many routes ---- */

#define KRNI_MEMO_COUNTRIES 24u

/* Rows that can hold for one load between two ends on one day, by mode and country. */
typedef struct krni_rate_memo {
    krn_arena *arena;
    uint32_t n;
    struct {
        krn_mode mode;
        krn_country country;
        krni_rate_list list;
    } of[KRNI_MEMO_COUNTRIES];
} krni_rate_memo;

/* krn_tariff_haul; memo may be NULL. */
krn_status krni_tariff_haul(const krn_tariff_book *book, const krn_load *load, const krn_haul *haul,
                            int32_t day, uint32_t leg, krni_rate_memo *memo, krn_arena *arena,
                            krn_charge_list *out, krn_error *err);

/* ---- bounds for the search ---- */

/* A condition of rows that hold only by way of one of some places. */
typedef struct krni_way {
    const uint32_t *nodes; /* node rows */
    uint32_t n_nodes;
} krni_way;

#define KRNI_MAX_WAYS 4u /* conditions by way of some place that are told apart */

/* What is taken for known of a leg before it is found: of the ways listed, those whose place it
 * touches. Of a way that is not listed nothing is known: it may be met or not. */
typedef struct krni_passing {
    const krni_way *ways;
    uint32_t n_ways;
    unsigned passed; /* bits of ways */
} krni_passing;

/* Lower bounds for a land part (passing NULL: nothing is known): USD per km, USD per hour on wheels
 * for hire by the day, USD at the entry into a country. NaN per km: no rate. */
double krni_tariff_bound_per_km(const krn_tariff_book *book, const krn_load *load, krn_mode mode,
                                krn_country country, uint32_t n_vehicles, krn_country origin,
                                krn_country destination, int32_t day, const krni_passing *passing);
double krni_tariff_bound_per_hour(const krn_tariff_book *book, const krn_load *load, krn_mode mode,
                                  krn_country country, uint32_t n_vehicles, krn_country origin,
                                  krn_country destination, int32_t day,
                                  const krni_passing *passing);
double krni_tariff_bound_entry(const krn_tariff_book *book, const krn_load *load, krn_mode mode,
                               krn_country country, uint32_t n_vehicles, krn_country origin,
                               krn_country destination, int32_t day, const krni_passing *passing);

/* Bits of the ways on which some row for a mode and a country depends. O(rows of the country). */
unsigned krni_tariff_ways_of(const krn_tariff_book *book, krn_mode mode, krn_country country,
                             const krni_way *ways, uint32_t n_ways);

/* The different via conditions of rows of land modes that can hold for a load on a day, in the
 * order of rows; at most max of them, *out_more if there are others. O(rows). */
void krni_tariff_ways(const krn_tariff_book *book, const krn_load *load, krn_country origin,
                      krn_country destination, int32_t day, uint32_t max, krni_way *out,
                      uint32_t *out_n, bool *out_more);

#endif
