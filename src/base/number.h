/* number.h - texts of tables to numbers, days and clock times, and back; the C locale always.
 *
 * Every reader takes a whole text: anything in front of it, behind it or missing makes it false and
 * leaves *out alone. Texts need not end in NUL. */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A finite decimal ("-12", "3.5", "1e-3"): the nearest double, whatever the user's locale is. No
 * hexadecimal, inf, nan, blanks or digit groups; at most 400 characters. */
bool krni_number_read(const char *text, size_t length, double *out);

/* A whole number within int64_t, without decimal point or exponent. */
bool krni_integer_read(const char *text, size_t length, int64_t *out);

/* A real day of the Gregorian calendar, years 1900..2199: YYYY-MM-DD, or YYYYMMDD when compact; as
 * days since 1970-01-01. */
bool krni_date_read(const char *text, size_t length, bool compact, int32_t *out_day);

/* A clock time of GTFS, H:MM:SS with hours 0..9999, in seconds. */
bool krni_clock_read(const char *text, size_t length, int32_t *out_s);

/* Opening hours of a day: HH:MM-HH:MM, ';' between several, ascending and not overlapping, the end
 * up to 24:00 and after the start. */
bool krni_hours_read(const char *text);

/* Shortest decimal of at most `digits` (1..17) significant digits that reads back as the same
 * double, or the nearest of that many digits, into out[32]; "" when value is not finite. */
#define KRNI_NUMBER_EXACT_SIZE 32
void krni_number_exact(double value, int digits, char out[KRNI_NUMBER_EXACT_SIZE]);

#endif
