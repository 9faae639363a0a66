/* tariff.h - what a leg costs: a list of charges, each with its row, and a lower bound for search.
 *
 * A haul is priced per country part of a leg. Rows of one group are alternatives, one is taken:
 * more ends of a lane named, then higher priority, then valid on the day over carried forward, then
 * the later valid_from, then the lower belt, then the id. Coefficients multiply the groups that
 * they name. Belts: see belt_rule in docs/package-format.md.
 *
 *   units      USD; other currencies at the rate of the day of the tariff (currency.csv: latest row
 *              with valid_from <= day, else the first one)
 *   ownership  lists live in the caller's arena
 *   errors     KRN_E_RULE: no rate for a country, mode and cargo class (text says which), or a
 *              currency without a rate; KRN_E_LIMIT: a haul of more than 64 charges, a book of
 *              too many rows (rows * lists of countries and ports > 100 million); KRN_E_MEMORY
 */
#ifndef KERUEN_TARIFF_H
#define KERUEN_TARIFF_H

#include <keruen/arena.h>
#include <keruen/cargo.h>
#include <keruen/package.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct krn_tariff_book krn_tariff_book; /* compiled tariffs and currencies; immutable */

KRN_API krn_status krn_tariff_book_new(const krn_package *package, krn_tariff_book **out,
                                       krn_error *err);
KRN_API void krn_tariff_book_free(krn_tariff_book *book);

typedef struct krn_charge {
    const char *name;  /* as a user reads it; borrowed */
    double amount_usd; /* < 0: subsidy or discount */
    double
        price_usd; /* per basis, after currency, before coefficients; a coefficient: the factor */
    double basis_share;   /* number of basis units (tkm, wagons, containers x km, ...) */
    const char *basis;    /* "tkm", "wagon", ...; borrowed */
    const char *currency; /* original currency, borrowed */
    krn_country country;  /* 0: none */
    uint32_t leg;         /* index of the leg, or KRN_NO_ROW for the whole route */
    krn_figure figure;    /* row it comes from: tariff, operation, border, gauge_change or rule */
    krn_quality quality;  /* carried forward: estimated */
} krn_charge;

/* One country part of a land leg, or a whole sea voyage. */
typedef struct krn_haul {
    krn_mode mode;
    krn_country country;         /* 0 at sea */
    double country_km;           /* km of this part */
    double leg_km;               /* km of the whole leg (belts of rule total use country_km) */
    int gauge_index;             /* rail */
    uint32_t n_wagons;           /* rail: on this gauge; road: trucks */
    uint32_t n_entering;         /* the same at the border that it comes over; 0: n_wagons */
    double hours_h;              /* time on wheels, for hire by day */
    uint32_t from_node, to_node; /* ends of the leg (rows) */
    const uint32_t *nodes;       /* all nodes that the leg touches, for via */
    uint32_t n_nodes;
    krn_country origin, destination; /* of the consignment */
    krn_country enter_from;          /* country before this part, 0 = begins here */
    krn_country leave_to;            /* country after it, 0 = ends here */
} krn_haul;

/* A growing list of charges in an arena. */
typedef struct krn_charge_list {
    krn_charge *charges;
    uint32_t n_charges;
    uint32_t capacity;
} krn_charge_list;

/* Appends the charges of one haul: haul rate with belts, each coefficient as its own line (amount =
 * base * (factor - 1)), wagon or truck hire by day, seal, border fees of kind tariff. A part of 0
 * km behind a border (the leg ends there) pays entry and hire only. day: tariff day. */
KRN_API krn_status krn_tariff_haul(const krn_tariff_book *book, const krn_load *load,
                                   const krn_haul *haul, int32_t day, uint32_t leg,
                                   krn_arena *arena, krn_charge_list *out, krn_error *err);

/* A through rate between two nodes that replaces the haul charges of a whole rail leg, if the
 * package has one valid on the day: appends it and sets *out_found. */
KRN_API krn_status krn_tariff_through(const krn_tariff_book *book, const krn_load *load,
                                      const krn_haul *leg, int32_t day, uint32_t leg_index,
                                      krn_arena *arena, krn_charge_list *out, bool *out_found,
                                      krn_error *err);

/* Additive lower bound for the search: USD per km of a country part for the whole load, never above
 * what krn_tariff_haul charges per km for its rows by kilometre, whatever the route. NaN: no rate.
 * Outside of the bound: rates with a fixed amount (>= 0), hire by day, and what can bring a price
 * below it: charges of kind other (subsidies) and through rates. O(rows of the mode and country).
 */
KRN_API double krn_tariff_bound_usd_per_km(const krn_tariff_book *book, const krn_load *load,
                                           krn_mode mode, krn_country country, int gauge_index,
                                           uint32_t n_wagons, krn_country origin,
                                           krn_country destination, int32_t day);

/* The same for border fees and seals: USD once per entry into a country. 0 when there are none. */
KRN_API double krn_tariff_bound_entry_usd(const krn_tariff_book *book, const krn_load *load,
                                          krn_mode mode, krn_country country, uint32_t n_wagons,
                                          krn_country origin, krn_country destination, int32_t day);

/* Sea voyage between two nodes for the whole load: exact, lane first, else by km. NaN: no rate. */
KRN_API double krn_tariff_voyage_usd(const krn_tariff_book *book, const krn_load *load,
                                     uint32_t from_node, uint32_t to_node, double voyage_km,
                                     krn_country origin, krn_country destination, int32_t day);

/* An amount of a currency on a day in USD; NaN if the package has no rate for it. */
KRN_API double krn_currency_to_usd(const krn_tariff_book *book, const char *currency,
                                   double amount_share, int32_t day, krn_figure *out_figure);

#ifdef __cplusplus
}
#endif
#endif
