/* SPDX-License-Identifier: Apache-2.0 */
/* cell.c - the text of a cell read by the type of its column, and what the type takes in words.
 *
 * The reader of tables and the measures both come through here, so a cell cannot be changed to
 * something that a file would not be allowed to say. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <keruen/units.h>

#include "base/number.h"
#include "model/tables.h"

static bool is_key(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const char c = text[i];
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !(c >= '0' && c <= '9') && c != '.' && c != '_' && c != '-')
            return false;
    }
    return length > 0 && length <= 200;
}

static bool is_choice(const char *choices, const char *text, size_t length)
{
    for (const char *at = choices; length; at++) {
        const size_t step = strcspn(at, "|");
        if (step == length && memcmp(at, text, length) == 0)
            return true;
        at += step;
        if (!*at)
            break;
    }
    return false;
}

static bool is_country(const krni_column *column, const char *text, size_t length)
{
    if (column->any_allowed && length == 3 && memcmp(text, "any", 3) == 0)
        return true;
    return length == 2 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'A' && text[1] <= 'Z';
}

static bool is_item(const krni_column *column, const char *text, size_t length)
{
    switch (column->type) {
    case KRNI_REF_LIST:
        return is_key(text, length);
    case KRNI_CHOICE_LIST:
        return is_choice(column->choices, text, length);
    case KRNI_COUNTRY_LIST:
        return is_country(column, text, length);
    default:
        return length > 0;
    }
}

/* Items with ';' between them, none of them blank. */
static bool is_list(const krni_column *column, const char *text)
{
    for (;;) {
        const size_t length = strcspn(text, ";");
        if (!is_item(column, text, length))
            return false;
        if (!text[length])
            return true;
        text += length + 1;
    }
}

static bool in_bounds(const krni_column *column, double value)
{
    return column->min >= column->max || (value >= column->min && value <= column->max);
}

static bool read_number(const krni_column *column, const char *text, double *out)
{
    int64_t whole = 0;
    if (column->type == KRNI_INTEGER) {
        if (!krni_integer_read(text, strlen(text), &whole))
            return false;
        *out = (double)whole;
    } else if (!krni_number_read(text, strlen(text), out)) {
        return false;
    }
    return in_bounds(column, *out);
}

static bool read_bool(const char *text, double *out)
{
    const bool yes = strcmp(text, "true") == 0 || strcmp(text, "1") == 0;
    *out = yes ? 1 : 0;
    return yes || strcmp(text, "false") == 0 || strcmp(text, "0") == 0;
}

static bool read_month_day(const char *text, double *out)
{
    char whole[16];
    int32_t day = 0;
    if (strlen(text) != 5)
        return false;
    (void)snprintf(whole, sizeof whole, "2000-%s", text); /* a leap year: 02-29 is a day */
    if (!krni_date_read(whole, 10, false, &day))
        return false;
    *out = (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[3] - '0') * 10 + (text[4] - '0');
    return true;
}

/* "LINESTRING (lon lat, lon lat)": two points at least, each within the globe. */
static bool is_line(const char *text)
{
    static const char head[] = "LINESTRING";
    if (strncmp(text, head, sizeof head - 1) != 0)
        return false;
    text += sizeof head - 1;
    text += strspn(text, " ");
    if (*text++ != '(')
        return false;
    for (int n = 1;; n++) {
        double lon = 0, lat = 0;
        text += strspn(text, " ");
        size_t length = strcspn(text, " ,)");
        if (!krni_number_read(text, length, &lon) || text[length] != ' ')
            return false;
        text += length + strspn(text + length, " ");
        length = strcspn(text, " ,)");
        if (!krni_number_read(text, length, &lat) || !(fabs(lon) <= 180) || !(fabs(lat) <= 90))
            return false;
        text += length + strspn(text + length, " ");
        if (*text == ')')
            return n >= 2 && text[1] == '\0';
        if (*text++ != ',')
            return false;
    }
}

/* The cell is not blank. */
static bool fits(const krni_table *table, const krni_column *column, const char *text,
                 double *out_number)
{
    const size_t length = strlen(text);
    int32_t whole = 0;
    switch (column->type) {
    case KRNI_TEXT:
    case KRNI_ZONE:
        return true;
    case KRNI_KEY:
    case KRNI_REF:
        return is_key(text, length);
    case KRNI_NUMBER:
    case KRNI_INTEGER:
        return read_number(column, text, out_number);
    case KRNI_BOOL:
        return read_bool(text, out_number);
    case KRNI_DATE:
        if (!krni_date_read(text, length, table->gtfs, &whole))
            return false;
        *out_number = whole;
        return true;
    case KRNI_MONTH_DAY:
        return read_month_day(text, out_number);
    case KRNI_CLOCK:
        if (!krni_clock_read(text, length, &whole))
            return false;
        *out_number = whole;
        return true;
    case KRNI_CHOICE:
        return is_choice(column->choices, text, length);
    case KRNI_COUNTRY:
        return is_country(column, text, length);
    case KRNI_HOURS:
        return krni_hours_read(text);
    case KRNI_WKT:
        return is_line(text);
    case KRNI_REF_LIST:
    case KRNI_CHOICE_LIST:
    case KRNI_COUNTRY_LIST:
    case KRNI_LIST:
        return is_list(column, text);
    }
    return false;
}

static void expect_number(const krni_column *column, char *out, size_t size)
{
    const char *what = column->type == KRNI_INTEGER ? "a whole number" : "a number";
    const bool unit = column->unit && *column->unit;
    char low[KRNI_NUMBER_EXACT_SIZE], high[KRNI_NUMBER_EXACT_SIZE];
    krni_number_exact(column->min, 17, low);
    krni_number_exact(column->max, 17, high);
    if (column->min < column->max)
        (void)snprintf(out, size, "%s%s%s in %s..%s", what, unit ? " of " : "",
                       unit ? column->unit : "", low, high);
    else
        (void)snprintf(out, size, "%s%s%s", what, unit ? " of " : "", unit ? column->unit : "");
}

/* "a|b|c" as "a, b, c". */
static void expect_choices(const char *head, const char *choices, char *out, size_t size)
{
    size_t used = (size_t)snprintf(out, size, "%s", head);
    for (const char *c = choices; *c && used + 3 < size; c++) {
        out[used++] = *c == '|' ? ',' : *c;
        if (*c == '|')
            out[used++] = ' ';
    }
    out[used] = '\0';
}

void krni_cell_expected(const krni_table *table, const krni_column *column, char *out, size_t size)
{
    const char *text = "a text";
    switch (column->type) {
    case KRNI_NUMBER:
    case KRNI_INTEGER:
        expect_number(column, out, size);
        return;
    case KRNI_CHOICE:
        expect_choices("one of ", column->choices, out, size);
        return;
    case KRNI_CHOICE_LIST:
        expect_choices("a list, ';' between the items, of ", column->choices, out, size);
        return;
    case KRNI_REF:
    case KRNI_REF_LIST:
        (void)snprintf(out, size, "%s of %s%s",
                       column->type == KRNI_REF ? "a key" : "a list of keys",
                       krni_schema(column->refers)->file,
                       column->type == KRNI_REF ? "" : ", ';' between them");
        return;
    case KRNI_TEXT:
        break;
    case KRNI_KEY:
        text = "a key of letters, digits, '.', '_', '-'";
        break;
    case KRNI_BOOL:
        text = "true, false, 1 or 0";
        break;
    case KRNI_DATE:
        text = table->gtfs ? "a date YYYYMMDD" : "a date YYYY-MM-DD";
        break;
    case KRNI_MONTH_DAY:
        text = "a day of the year MM-DD";
        break;
    case KRNI_CLOCK:
        text = "a time H:MM:SS, hours up to 9999";
        break;
    case KRNI_COUNTRY:
        text = column->any_allowed ? "a country of two capital letters or any"
                                   : "a country of two capital letters";
        break;
    case KRNI_COUNTRY_LIST:
        text = column->any_allowed
                   ? "a list of countries of two capital letters or any, ';' between them"
                   : "a list of countries of two capital letters, ';' between them";
        break;
    case KRNI_LIST:
        text = "a list of texts, ';' between them, none blank";
        break;
    case KRNI_HOURS:
        text = "a list of opening hours HH:MM-HH:MM, ascending, ';' between them";
        break;
    case KRNI_WKT:
        text = "LINESTRING (lon lat, lon lat, ...) in degrees";
        break;
    case KRNI_ZONE:
        text = "a zone of timezone.csv";
        break;
    }
    (void)snprintf(out, size, "%s", text);
}

bool krni_cell_parse(const krni_table *table, const krni_column *column, const char *text,
                     double *out_number, char *expected, size_t expected_size)
{
    *out_number = NAN;
    if (*text ? fits(table, column, text, out_number) : !column->required)
        return true;
    *out_number = NAN;
    krni_cell_expected(table, column, expected, expected_size);
    return false;
}
