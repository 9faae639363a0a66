/* units.h - quantities that every layer shares.
 *
 * A double in a public structure carries its unit as a suffix of its name:
 *   _km kilometre   _h hour   _kmh km/h   _usd US dollar of the package's price year   _t tonne
 *   _tkm tonne-kilometre   _kg_co2e kilogram of CO2 equivalent   _share and _prob 0 to 1
 *   _deg, lat, lon degree (WGS 84)   _m metre
 * Instants are krn_time; local times exist only at the borders of the program.
 */
#ifndef KERUEN_UNITS_H
#define KERUEN_UNITS_H

#include <stdbool.h>
#include <stdint.h>

#include <keruen/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Seconds since 1970-01-01T00:00:00Z, without leap seconds. */
typedef int64_t krn_time;
#define KRN_TIME_NONE        INT64_MIN

#define KRN_SECONDS_PER_HOUR 3600
#define KRN_SECONDS_PER_DAY  86400

/* How a figure is known; the larger value is the weaker one, so the weakest of two is their
 * maximum. */
typedef enum krn_quality {
    KRN_PUBLISHED = 0, /* a source states the figure */
    KRN_DERIVED = 1,   /* computed from published figures */
    KRN_ESTIMATED = 2  /* an engineering estimate, said to be one */
} krn_quality;

/* "published", "derived" or "estimated". */
KRN_API const char *krn_quality_name(krn_quality quality);

/* The weaker of two. */
KRN_API krn_quality krn_quality_weakest(krn_quality a, krn_quality b);

/* A duration with its spread: 10th, 50th and 90th percentile, 0 <= low <= typical <= high.
 * Its law is in duration.h. */
typedef struct krn_duration {
    double low_h;
    double typical_h;
    double high_h;
} krn_duration;

/* Kinds of transport. A set of modes is a bit mask: 1u << mode. */
typedef enum krn_mode { KRN_RAIL = 0, KRN_ROAD = 1, KRN_SEA = 2, KRN_MODE_COUNT } krn_mode;
#define KRN_ALL_MODES 7u

/* "rail", "road" or "sea". */
KRN_API const char *krn_mode_name(krn_mode mode);

/* A country as its ISO 3166-1 alpha-2 letters, first letter in the high byte; 0 is none. */
typedef uint16_t krn_country;
#define KRN_COUNTRY(a, b) ((krn_country)(((unsigned)(a) << 8) | (unsigned)(b)))

/* Two capital letters to a country; 0 when text is anything else. */
KRN_API krn_country krn_country_parse(const char *text);

/* Writes two letters and a NUL ("--" for none) into out[3]. */
KRN_API void krn_country_text(krn_country country, char out[3]);

#ifdef __cplusplus
}
#endif
#endif
