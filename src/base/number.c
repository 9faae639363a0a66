/* SPDX-License-Identifier: Apache-2.0 */
/* number.c - decimals read exactly and without regard to the user's locale.
 *
 * A decimal of up to 15 digits with a small power of ten is exact as one product or quotient of two
 * doubles (both operands are exact, one rounding). All else goes to the C library under the C
 * locale of this thread alone. */
#include "base/number.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST_NUMBER 400
#define EXACT_DIGITS   15
#define EXACT_POWER    22

typedef struct decimal {
    uint64_t digits; /* the first 19 significant ones */
    int n_digits;    /* significant digits seen */
    long exponent;   /* of ten, behind the digits */
    bool negative;
} decimal;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits from *at on; true if there is one at least. places counts those that were read. */
static bool take_digits(const char **at, const char *end, decimal *d, long *places)
{
    const char *start = *at;
    for (; *at < end && is_digit(**at); (*at)++) {
        if (d->n_digits || **at != '0') {
            d->n_digits++;
            if (d->n_digits <= 19)
                d->digits = d->digits * 10 + (uint64_t)(**at - '0');
        }
    }
    *places = (long)(*at - start);
    return *at > start;
}

/* [+-] digits [. digits] [e [+-] digits], and the end. */
static bool take_decimal(const char *text, size_t length, decimal *d)
{
    const char *at = text, *end = text + length;
    long whole = 0, fraction = 0;
    memset(d, 0, sizeof *d);
    if (at < end && (*at == '-' || *at == '+'))
        d->negative = *at++ == '-';
    if (!take_digits(&at, end, d, &whole))
        return false;
    if (at < end && *at == '.') {
        at++;
        if (!take_digits(&at, end, d, &fraction))
            return false;
    }
    d->exponent = -fraction;
    if (at < end && (*at == 'e' || *at == 'E')) {
        at++;
        bool down = false;
        long power = 0;
        if (at < end && (*at == '-' || *at == '+'))
            down = *at++ == '-';
        if (at == end)
            return false;
        for (; at < end && is_digit(*at); at++)
            if (power < 100000)
                power = power * 10 + (*at - '0');
        d->exponent += down ? -power : power;
    }
    return at == end;
}

static bool read_with_library(const char *text, size_t length, double *out)
{
    char copy[LONGEST_NUMBER + 1];
    memcpy(copy, text, length);
    copy[length] = '\0';
    const locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!plain)
        return false;
    const locale_t before = uselocale(plain);
    const double value = strtod(copy, NULL);
    (void)uselocale(before);
    freelocale(plain);
    if (!isfinite(value))
        return false;
    *out = value;
    return true;
}

bool krni_number_read(const char *text, size_t length, double *out)
{
    static const double powers[EXACT_POWER + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                   1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                   1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    decimal d;
    if (length > LONGEST_NUMBER || !take_decimal(text, length, &d))
        return false;
    if (d.n_digits > EXACT_DIGITS || d.exponent < -EXACT_POWER || d.exponent > EXACT_POWER)
        return read_with_library(text, length, out);
    double value = (double)d.digits;
    value = d.exponent < 0 ? value / powers[-d.exponent] : value * powers[d.exponent];
    *out = d.negative ? -value : value;
    return true;
}

bool krni_integer_read(const char *text, size_t length, int64_t *out)
{
    size_t at = 0;
    const bool negative = length && text[0] == '-';
    if (length && (text[0] == '-' || text[0] == '+'))
        at = 1;
    if (at == length || length - at > 30)
        return false;
    uint64_t value = 0;
    for (; at < length; at++) {
        if (!is_digit(text[at]) || value > (uint64_t)INT64_MAX / 10)
            return false;
        value = value * 10 + (uint64_t)(text[at] - '0');
    }
    if (value > (uint64_t)INT64_MAX)
        return false;
    *out = negative ? -(int64_t)value : (int64_t)value;
    return true;
}

/* count digits from text as a number, -1 if one of them is none. */
static int digits_at(const char *text, size_t count)
{
    int value = 0;
    for (size_t i = 0; i < count; i++) {
        if (!is_digit(text[i]))
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

/* Days since 1970-01-01: years begin in March, so that the leap day is the last one. */
static int32_t day_of(int year, int month, int day)
{
    const int y = month <= 2 ? year - 1 : year;
    const int era = y / 400;
    const int of_era = y - era * 400;
    const int of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

bool krni_date_read(const char *text, size_t length, bool compact, int32_t *out_day)
{
    const size_t step = compact ? 0 : 1;
    if (length != 8 + 2 * step || (!compact && (text[4] != '-' || text[7] != '-')))
        return false;
    const int year = digits_at(text, 4);
    const int month = digits_at(text + 4 + step, 2);
    const int day = digits_at(text + 6 + 2 * step, 2);
    if (year < 1900 || year > 2199 || month < 1 || month > 12 || day < 1 ||
        day > days_in_month(year, month))
        return false;
    *out_day = day_of(year, month, day);
    return true;
}

bool krni_clock_read(const char *text, size_t length, int32_t *out_s)
{
    if (length < 7 || length > 10 || text[length - 3] != ':' || text[length - 6] != ':')
        return false;
    const int hours = digits_at(text, length - 6);
    const int minutes = digits_at(text + length - 5, 2);
    const int seconds = digits_at(text + length - 2, 2);
    if (hours < 0 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 59)
        return false;
    *out_s = hours * 3600 + minutes * 60 + seconds;
    return true;
}

/* HH:MM as minutes, -1 if it is none; up to 24:00. */
static int minute_at(const char *text)
{
    const int hours = digits_at(text, 2);
    if (hours < 0 || text[2] != ':')
        return -1;
    const int minutes = digits_at(text + 3, 2);
    const int total = hours * 60 + minutes;
    return minutes < 0 || minutes > 59 || total > 24 * 60 ? -1 : total;
}

bool krni_hours_read(const char *text)
{
    int last = -1;
    for (;;) {
        const size_t length = strcspn(text, ";");
        if (length != 11 || text[5] != '-')
            return false;
        const int from = minute_at(text), to = minute_at(text + 6);
        if (from < 0 || to < 0 || from >= to || from < last)
            return false;
        last = to;
        if (!text[length])
            return true;
        text += length + 1;
    }
}

void krni_number_exact(double value, int most, char out[KRNI_NUMBER_EXACT_SIZE])
{
    out[0] = '\0';
    if (!isfinite(value))
        return;
    const locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!plain)
        return;
    const locale_t before = uselocale(plain);
    double rounded = value, back = 0;
    (void)snprintf(out, KRNI_NUMBER_EXACT_SIZE, "%.*e", most - 1, value);
    (void)krni_number_read(out, strlen(out), &rounded);
    int digits = 1;
    for (; digits < most; digits++) {
        (void)snprintf(out, KRNI_NUMBER_EXACT_SIZE, "%.*e", digits - 1, rounded);
        if (krni_number_read(out, strlen(out), &back) && back == rounded)
            break;
    }
    (void)snprintf(out, KRNI_NUMBER_EXACT_SIZE, "%.*e", digits - 1, rounded);
    const char *mark = strchr(out, 'e');
    const long power = mark ? strtol(mark + 1, NULL, 10) : 0;
    const long places = digits - 1 - power;
    if (power >= -5 && power <= 15)
        (void)snprintf(out, KRNI_NUMBER_EXACT_SIZE, "%.*f", places > 0 ? (int)places : 0, rounded);
    (void)uselocale(before);
    freelocale(plain);
}
