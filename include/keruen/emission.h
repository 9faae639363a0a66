/* emission.h - CO2 equivalents of a leg after ISO 14083: tonne-kilometres times a factor.
 *
 *   units      kg CO2e, well to wheel (WTW) and tank to wheel (TTW); NaN where no factor is known
 *   factors    chosen by mode, emission group of the cargo class, traction and country: the most
 *              specific row wins (vehicle, country, group, traction), then the lower id
 */
#ifndef KERUEN_EMISSION_H
#define KERUEN_EMISSION_H

#include <keruen/cargo.h>
#include <keruen/package.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct krn_emission_book krn_emission_book;

KRN_API krn_status krn_emission_book_new(const krn_package *package, krn_emission_book **out,
                                         krn_error *err);
KRN_API void krn_emission_book_free(krn_emission_book *book);

typedef struct krn_emission_factor {
    double wtw_kg_co2e; /* per tonne-kilometre */
    double ttw_kg_co2e; /* per tonne-kilometre; NaN: unknown */
    krn_figure figure;  /* row; table KRN_TABLE_COUNT when none fits */
    krn_quality quality;
} krn_emission_factor;

/* vehicle: row of vehicle.csv or KRN_NO_ROW. electrified: traction of the line. O(rows of the
 * mode).
 */
KRN_API krn_emission_factor krn_emission_find(const krn_emission_book *book, krn_mode mode,
                                              uint32_t cargo_class, bool electrified,
                                              krn_country country, uint32_t vehicle);

#ifdef __cplusplus
}
#endif
#endif
