/* SPDX-License-Identifier: Apache-2.0 */
/* row_check.c - checks of one row: what its type cannot say alone.
 *
 *   every table     references, zones, low <= typical <= high, estimated_fields
 *   one table       dates in order, codes with check digits, sides of an operation, ... */
#include "model/row_check.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST_ITEM 256

typedef struct row_state {
    const krni_row_checker *checker;
    const krni_row_view *row;
    const krni_table *schema;
} row_state;

void krni_row_view_of(const krn_package *package, krn_table table, uint32_t row, krni_row_view *out)
{
    const krni_table *schema = krni_schema(table);
    assert(schema->n_columns <= KRNI_ROW_COLUMNS);
    out->table = table;
    for (int c = 0; c < schema->n_columns; c++) {
        out->texts[c] = krni_text(package, table, row, c);
        out->numbers[c] = krni_number(package, table, row, c);
    }
}

static const struct {
    krn_table table;
    int column;
} indexed[KRNI_ROW_INDICES] = {{KRN_TABLE_TIMEZONE, TIMEZONE_ZONE},
                               {KRN_TABLE_CURRENCY, CURRENCY_CURRENCY},
                               {KRN_TABLE_TARIFF, TARIFF_GROUP}};

bool krni_row_index_open(krni_row_index *index, const krn_package *package)
{
    bool made = true;
    for (int i = 0; i < KRNI_ROW_INDICES; i++) {
        index->rows[i] = krni_sorted_rows(package, indexed[i].table, indexed[i].column);
        made = made && index->rows[i];
    }
    return made;
}

void krni_row_index_close(krni_row_index *index)
{
    for (int i = 0; i < KRNI_ROW_INDICES; i++)
        free(index->rows[i]);
}

/* By halving. */
static bool is_indexed(const krn_package *package, const uint32_t *rows, krn_table table,
                       int column, const char *text)
{
    uint32_t low = 0, high = krn_package_rows(package, table);
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const int order = strcmp(krni_text(package, table, rows[middle], column), text);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* Whether a row of the package has that text in a column. */
static bool row_exists(const krni_row_checker *c, krn_table table, int column, const char *text)
{
    if (column == krni_schema(table)->key)
        return krn_package_find(c->package, table, text) != KRN_NO_ROW;
    for (int i = 0; c->index && i < KRNI_ROW_INDICES; i++)
        if (indexed[i].table == table && indexed[i].column == column)
            return is_indexed(c->package, c->index->rows[i], table, column, text);
    const uint32_t n = krn_package_rows(c->package, table);
    for (uint32_t r = 0; r < n; r++)
        if (strcmp(krni_text(c->package, table, r, column), text) == 0)
            return true;
    return false;
}

static bool exists(const row_state *s, krn_table table, int column, const char *text)
{
    const krni_row_checker *c = s->checker;
    return row_exists(c, table, column, text) ||
           (c->further && c->further(c->context, table, column, text));
}

/* The same for a text of the pool: looked up once as long as the memo keeps it. */
static bool exists_once(const row_state *s, krn_table table, int column, const char *text)
{
    krni_row_memo *memo = s->checker->memo;
    if (!memo)
        return exists(s, table, column, text);
    const size_t at = (((uintptr_t)text >> 2) + (size_t)table * 37) % KRNI_ROW_MEMO;
    if (memo->texts[at] == text && memo->tables[at] == (uint8_t)table)
        return true;
    if (!exists(s, table, column, text))
        return false;
    memo->texts[at] = text;
    memo->tables[at] = (uint8_t)table;
    return true;
}

static void report(const row_state *s, int column, const char *value, const char *expected)
{
    s->checker->report(s->checker->context, column, value, expected);
}

static const char *text_of(const row_state *s, int column)
{
    return s->row->texts[column];
}

static double number_of(const row_state *s, int column)
{
    return s->row->numbers[column];
}

/* A list item as a text of its own; false when it is too long to be anything known. */
static bool item_text(const char *item, size_t length, char out[LONGEST_ITEM])
{
    if (length >= LONGEST_ITEM)
        return false;
    memcpy(out, item, length);
    out[length] = '\0';
    return true;
}

/* ---- every table ---- */

static void check_reference(const row_state *s, int column, krn_table refers)
{
    const krni_table *other = krni_schema(refers);
    const char *list = text_of(s, column);
    const bool many = s->schema->columns[column].type == KRNI_REF_LIST;
    char item[LONGEST_ITEM], expected[128];
    size_t length = 0;
    if (!*list || (!many && exists_once(s, refers, other->key, list)))
        return;
    (void)snprintf(expected, sizeof expected, "a key of %s", other->file);
    if (!many) {
        report(s, column, list, expected);
        return;
    }
    for (const char *one; (one = krni_list_next(&list, &length)) != NULL;)
        if (!item_text(one, length, item) || !exists(s, refers, other->key, item))
            report(s, column, length < LONGEST_ITEM ? item : "(too long)", expected);
}

static void check_references(const row_state *s)
{
    for (int c = 0; c < s->schema->n_columns; c++) {
        const krni_column *column = &s->schema->columns[c];
        const bool own_key = column->type == KRNI_KEY && column->refers == KRN_TABLE_CONFIG;
        if (column->type == KRNI_REF || column->type == KRNI_REF_LIST ||
            (column->type == KRNI_KEY && !own_key))
            check_reference(s, c, column->refers);
        else if (column->type == KRNI_ZONE && *text_of(s, c) &&
                 !exists_once(s, KRN_TABLE_TIMEZONE, TIMEZONE_ZONE, text_of(s, c)))
            report(s, c, text_of(s, c), "a zone of timezone.csv");
    }
}

/* All three or none; ascending. */
static void check_percentiles(const row_state *s)
{
    const int low = s->schema->low;
    int given = 0;
    if (low < 0)
        return;
    for (int i = 0; i < 3; i++)
        given += !isnan(number_of(s, low + i));
    for (int i = 0; i < 3 && given && given < 3; i++)
        if (isnan(number_of(s, low + i)))
            report(s, low + i, "", "a figure beside the other two of low, typical, high");
    if (given < 3)
        return;
    if (number_of(s, low) > number_of(s, low + 1))
        report(s, low, text_of(s, low), "a low figure not above the typical one");
    if (number_of(s, low + 2) < number_of(s, low + 1))
        report(s, low + 2, text_of(s, low + 2), "a high figure not below the typical one");
}

static void check_estimated_fields(const row_state *s)
{
    if (s->schema->estimated < 0)
        return;
    const char *list = text_of(s, s->schema->estimated);
    char item[LONGEST_ITEM];
    size_t length = 0;
    for (const char *one; (one = krni_list_next(&list, &length)) != NULL;)
        if (!item_text(one, length, item) ||
            (strcmp(item, "all") != 0 &&
             krn_package_column(s->checker->package, s->row->table, item) < 0))
            report(s, s->schema->estimated, length < LONGEST_ITEM ? item : "(too long)",
                   "a name of a column of this table, or all,");
}

/* ---- two columns in order ---- */

typedef struct ordered_pair {
    krn_table table;
    int first, second;
} ordered_pair;

static const ordered_pair ordered_pairs[] = {
    {KRN_TABLE_HOLIDAY, HOLIDAY_DATE_FROM, HOLIDAY_DATE_TO},
    {KRN_TABLE_TARIFF, TARIFF_VALID_FROM, TARIFF_VALID_TO},
    {KRN_TABLE_TARIFF, TARIFF_DISTANCE_FROM_KM, TARIFF_DISTANCE_TO_KM},
    {KRN_TABLE_TARIFF, TARIFF_UNIT_T_FROM, TARIFF_UNIT_T_TO},
    {KRN_TABLE_RULE, RULE_VALID_FROM, RULE_VALID_TO},
    {KRN_TABLE_RULE, RULE_LEAD_TYPICAL_DAYS, RULE_LEAD_HIGH_DAYS},
    {KRN_TABLE_VISA, VISA_VALID_FROM, VISA_VALID_TO},
    {KRN_TABLE_VISA, VISA_LEAD_TYPICAL_DAYS, VISA_LEAD_HIGH_DAYS},
    {KRN_TABLE_REGIME, REGIME_VALID_FROM, REGIME_VALID_TO},
    {KRN_TABLE_SANCTION, SANCTION_VALID_FROM, SANCTION_VALID_TO},
    {KRN_TABLE_SERVICE_CALENDAR, SERVICE_CALENDAR_START_DATE, SERVICE_CALENDAR_END_DATE},
    {KRN_TABLE_FEED_INFO, FEED_INFO_FEED_START_DATE, FEED_INFO_FEED_END_DATE},
    {KRN_TABLE_MEASURE, MEASURE_IN_FORCE_FROM, MEASURE_IN_FORCE_TO},
};

static void check_pairs(const row_state *s)
{
    for (size_t i = 0; i < sizeof ordered_pairs / sizeof ordered_pairs[0]; i++) {
        const ordered_pair *p = &ordered_pairs[i];
        if (p->table != s->row->table || !(number_of(s, p->first) > number_of(s, p->second)))
            continue;
        char expected[128];
        (void)snprintf(expected, sizeof expected, "a value not below %s (%.40s)",
                       s->schema->columns[p->first].name, text_of(s, p->first));
        report(s, p->second, text_of(s, p->second), expected);
    }
}

/* ---- single tables ---- */

static bool is_unlocode(const char *code)
{
    if (strlen(code) != 5)
        return false;
    for (int i = 0; i < 5; i++) {
        const bool letter = code[i] >= 'A' && code[i] <= 'Z';
        const bool digit = i > 1 && code[i] >= '2' && code[i] <= '9';
        if (!letter && !digit)
            return false;
    }
    return true;
}

/* Five digits and a check digit: weights 1 to 5 modulo 11, when that is 10 weights 3 to 7, when
 * that is 10 again 0. */
static bool is_station_code(const char *code)
{
    if (strlen(code) != 6 || strspn(code, "0123456789") != 6)
        return false;
    for (int first = 1; first <= 3; first += 2) {
        int sum = 0;
        for (int i = 0; i < 5; i++)
            sum += (code[i] - '0') * (first + i);
        if (sum % 11 < 10)
            return sum % 11 == code[5] - '0';
    }
    return code[5] == '0';
}

static bool is_gauge(const char *text)
{
    if (strlen(text) < 3 || strlen(text) > 4 || strspn(text, "0123456789") != strlen(text))
        return false;
    int value = 0;
    for (; *text; text++)
        value = value * 10 + (*text - '0');
    return value >= 600 && value <= 2000;
}

static bool is_hs(const char *text)
{
    const size_t length = strlen(text);
    return length >= 1 && length <= 10 && strspn(text, "0123456789") == length;
}

static void check_items(const row_state *s, int column, bool (*fits)(const char *),
                        const char *expected)
{
    const char *list = text_of(s, column);
    char item[LONGEST_ITEM];
    size_t length = 0;
    for (const char *one; (one = krni_list_next(&list, &length)) != NULL;)
        if (!item_text(one, length, item) || !fits(item))
            report(s, column, length < LONGEST_ITEM ? item : "(too long)", expected);
}

static const char gauge_expected[] = "a list of gauges in mm, 600..2000,";
static const char hs_expected[] = "a list of HS prefixes of 1 to 10 digits";

static void check_node(const row_state *s)
{
    check_items(s, NODE_UNLOCODE, is_unlocode,
                "a UN/LOCODE of two capital letters and three of A-Z, 2-9");
    check_items(s, NODE_RAIL_CODE, is_station_code,
                "a station code of six digits with a right check digit");
    check_items(s, NODE_GAUGE_MM, is_gauge, gauge_expected);
    if (strcmp(text_of(s, NODE_PARENT_NODE_ID), text_of(s, NODE_NODE_ID)) == 0)
        report(s, NODE_PARENT_NODE_ID, text_of(s, NODE_PARENT_NODE_ID), "another node");
}

/* The countries of a railway or road are those of its two ends. */
static void check_link_countries(const row_state *s)
{
    const krn_package *p = s->checker->package;
    char expected[16] = "", ends[2][3] = {"", ""};
    for (int i = 0; i < 2; i++) {
        const char *id = text_of(s, i ? LINK_TO_NODE_ID : LINK_FROM_NODE_ID);
        const uint32_t node = krn_package_find(p, KRN_TABLE_NODE, id);
        const char *country =
            node == KRN_NO_ROW ? "" : krni_text(p, KRN_TABLE_NODE, node, NODE_COUNTRY);
        if (strlen(country) != 2)
            return; /* told as a fault already */
        memcpy(ends[i], country, 3);
    }
    const char *given = text_of(s, LINK_COUNTRY);
    const bool same = strcmp(ends[0], ends[1]) == 0;
    const bool fits = krni_list_has(given, ends[0]) && krni_list_has(given, ends[1]) &&
                      strlen(given) == (same ? 2u : 5u);
    (void)snprintf(expected, sizeof expected, same ? "%s" : "%s;%s", ends[0], ends[1]);
    if (*given && !fits)
        report(s, LINK_COUNTRY, given, expected);
}

static void check_link(const row_state *s)
{
    const bool sea = strcmp(text_of(s, LINK_MODE), "sea") == 0;
    const bool rail = strcmp(text_of(s, LINK_MODE), "rail") == 0;
    check_items(s, LINK_GAUGE_MM, is_gauge, gauge_expected);
    if (*text_of(s, LINK_FROM_NODE_ID) &&
        strcmp(text_of(s, LINK_FROM_NODE_ID), text_of(s, LINK_TO_NODE_ID)) == 0)
        report(s, LINK_TO_NODE_ID, text_of(s, LINK_TO_NODE_ID), "another node than from_node_id");
    if (rail && !*text_of(s, LINK_GAUGE_MM))
        report(s, LINK_GAUGE_MM, "", "a gauge of a railway");
    if (!sea)
        check_link_countries(s);
}

static void check_season(const row_state *s)
{
    const bool node = *text_of(s, SEASON_NODE_ID) != '\0';
    const bool link = *text_of(s, SEASON_LINK_ID) != '\0';
    if (node == link)
        report(s, node ? SEASON_LINK_ID : SEASON_NODE_ID,
               text_of(s, node ? SEASON_LINK_ID : SEASON_NODE_ID),
               "one of node_id and link_id, not both,");
}

static void check_border(const row_state *s)
{
    const krn_package *p = s->checker->package;
    const uint32_t link = krn_package_find(p, KRN_TABLE_LINK, text_of(s, BORDER_LINK_ID));
    const char *countries =
        link == KRN_NO_ROW ? "" : krni_text(p, KRN_TABLE_LINK, link, LINK_COUNTRY);
    if (*text_of(s, BORDER_FROM_COUNTRY) &&
        strcmp(text_of(s, BORDER_FROM_COUNTRY), text_of(s, BORDER_TO_COUNTRY)) == 0)
        report(s, BORDER_TO_COUNTRY, text_of(s, BORDER_TO_COUNTRY),
               "another country than from_country");
    for (int c = BORDER_FROM_COUNTRY; *countries && c <= BORDER_TO_COUNTRY; c++) {
        char expected[96];
        (void)snprintf(expected, sizeof expected, "a country of the link (%.60s)", countries);
        if (*text_of(s, c) && !krni_list_has(countries, text_of(s, c)))
            report(s, c, text_of(s, c), expected);
    }
}

static void check_gauge_change(const row_state *s)
{
    if (number_of(s, GAUGE_CHANGE_FROM_GAUGE_MM) == number_of(s, GAUGE_CHANGE_TO_GAUGE_MM))
        report(s, GAUGE_CHANGE_TO_GAUGE_MM, text_of(s, GAUGE_CHANGE_TO_GAUGE_MM),
               "another gauge than from_gauge_mm");
}

static void check_operation(const row_state *s)
{
    const bool node = *text_of(s, OPERATION_NODE_ID) != '\0';
    const bool kinds = *text_of(s, OPERATION_APPLIES_TO) != '\0';
    if (node == kinds)
        report(s, OPERATION_NODE_ID, text_of(s, OPERATION_NODE_ID),
               "one of node_id and applies_to, not both,");
    if (strcmp(text_of(s, OPERATION_KIND), "transfer") != 0)
        return;
    for (int c = OPERATION_FROM_SIDE; c <= OPERATION_TO_SIDE; c++)
        if (!*text_of(s, c))
            report(s, c, "", "a side of a transfer");
    if (*text_of(s, OPERATION_FROM_SIDE) &&
        strcmp(text_of(s, OPERATION_FROM_SIDE), text_of(s, OPERATION_TO_SIDE)) == 0 &&
        strcmp(text_of(s, OPERATION_FROM_SIDE), "rest") == 0)
        report(s, OPERATION_TO_SIDE, text_of(s, OPERATION_TO_SIDE), "another side than from_side");
    for (int c = OPERATION_LOW_H; c <= OPERATION_HIGH_H; c++)
        if (!*text_of(s, c))
            report(s, c, "", "the time of a transfer");
}

static void check_tariff(const row_state *s)
{
    const char *currency = text_of(s, TARIFF_CURRENCY);
    const char *list = text_of(s, TARIFF_APPLIES_TO);
    const bool coefficient = strcmp(text_of(s, TARIFF_USE), "coefficient") == 0;
    const bool rate = strcmp(text_of(s, TARIFF_USE), "rate") == 0;
    char item[LONGEST_ITEM];
    size_t length = 0;
    check_items(s, TARIFF_HS_PREFIXES, is_hs, hs_expected);
    check_items(s, TARIFF_HS_EXCEPT, is_hs, hs_expected);
    if (*currency && strcmp(currency, "USD") != 0 &&
        !exists(s, KRN_TABLE_CURRENCY, CURRENCY_CURRENCY, currency))
        report(s, TARIFF_CURRENCY, currency, "USD or a currency of currency.csv");
    if (rate && !*currency)
        report(s, TARIFF_CURRENCY, "", "the currency of a rate");
    if ((rate || coefficient) && !*text_of(s, TARIFF_PRICE))
        report(s, TARIFF_PRICE, "", "the figure of a rate or coefficient");
    if (coefficient && !*list)
        report(s, TARIFF_APPLIES_TO, "", "the rates that a coefficient multiplies");
    for (const char *one; (one = krni_list_next(&list, &length)) != NULL;)
        if (!item_text(one, length, item) ||
            (!exists(s, KRN_TABLE_TARIFF, TARIFF_TARIFF_ID, item) &&
             !exists(s, KRN_TABLE_TARIFF, TARIFF_GROUP, item)))
            report(s, TARIFF_APPLIES_TO, length < LONGEST_ITEM ? item : "(too long)",
                   "a key or group of tariff.csv");
}

static void check_above_zero(const row_state *s, int column, const char *expected)
{
    if (number_of(s, column) <= 0.0)
        report(s, column, text_of(s, column), expected);
}

/* Goods by commodity or by class, not by both. */
static void check_one_of_goods(const row_state *s, int commodity, int cargo_class)
{
    if (*text_of(s, commodity) && *text_of(s, cargo_class))
        report(s, cargo_class, text_of(s, cargo_class),
               "one of commodity and cargo_class, not both,");
}

/* Kazakh and Iranian totals are not in one flow; other ones may stand beside either. */
static void check_flow(const row_state *s)
{
    const krn_package *p = s->checker->package;
    const char *list = text_of(s, FLOW_DEMAND_IDS), *own = text_of(s, FLOW_STATISTICS);
    char item[LONGEST_ITEM], expected[64];
    size_t length = 0;
    check_above_zero(s, FLOW_TONNES, "tonnes above 0");
    check_above_zero(s, FLOW_LOT_T, "tonnes above 0");
    (void)snprintf(expected, sizeof expected, "a total of the statistics %.16s", own);
    for (const char *one; (one = krni_list_next(&list, &length)) != NULL;) {
        if (!item_text(one, length, item) || !*own)
            continue;
        const uint32_t row = krn_package_find(p, KRN_TABLE_DEMAND, item);
        const char *of =
            row == KRN_NO_ROW ? "" : krni_text(p, KRN_TABLE_DEMAND, row, DEMAND_STATISTICS);
        if (*of && strcmp(of, "other") != 0 && strcmp(of, own) != 0)
            report(s, FLOW_DEMAND_IDS, item, expected);
    }
}

static void check_flow_place(const row_state *s)
{
    const krn_package *p = s->checker->package;
    const uint32_t node = krn_package_find(p, KRN_TABLE_NODE, text_of(s, FLOW_PLACE_NODE_ID));
    const char *country =
        node == KRN_NO_ROW ? "" : krni_text(p, KRN_TABLE_NODE, node, NODE_COUNTRY);
    check_above_zero(s, FLOW_PLACE_WEIGHT, "a weight above 0");
    check_one_of_goods(s, FLOW_PLACE_COMMODITY, FLOW_PLACE_CARGO_CLASS);
    if (*country && *text_of(s, FLOW_PLACE_COUNTRY) &&
        strcmp(country, text_of(s, FLOW_PLACE_COUNTRY)) != 0)
        report(s, FLOW_PLACE_NODE_ID, text_of(s, FLOW_PLACE_NODE_ID), "a place of the country");
}

static void check_fleet(const row_state *s)
{
    const krn_package *p = s->checker->package;
    const uint32_t vehicle = krn_package_find(p, KRN_TABLE_VEHICLE, text_of(s, FLEET_VEHICLE_ID));
    if (vehicle != KRN_NO_ROW && !isnan(number_of(s, FLEET_GAUGE_MM)) &&
        krni_number(p, KRN_TABLE_VEHICLE, vehicle, VEHICLE_GAUGE_MM) !=
            number_of(s, FLEET_GAUGE_MM))
        report(s, FLEET_VEHICLE_ID, text_of(s, FLEET_VEHICLE_ID), "a vehicle of the gauge");
}

/* Zones of GTFS files; UTC needs no row. */
static void check_zone_text(const row_state *s, int column)
{
    const char *zone = text_of(s, column);
    if (*zone && strcmp(zone, "Etc/UTC") != 0 && strcmp(zone, "UTC") != 0 &&
        !exists_once(s, KRN_TABLE_TIMEZONE, TIMEZONE_ZONE, zone))
        report(s, column, zone, "Etc/UTC or a zone of timezone.csv");
}

static void check_booking_rule(const row_state *s)
{
    const double type = number_of(s, BOOKING_RULES_BOOKING_TYPE);
    const struct {
        int column;
        double type; /* that needs it, and alone may have it */
    } needs[] = {{BOOKING_RULES_PRIOR_NOTICE_DURATION_MIN, 1},
                 {BOOKING_RULES_PRIOR_NOTICE_LAST_DAY, 2},
                 {BOOKING_RULES_PRIOR_NOTICE_LAST_TIME, 2}};
    for (size_t i = 0; i < sizeof needs / sizeof needs[0]; i++) {
        const char *text = text_of(s, needs[i].column);
        if (type == needs[i].type && !*text)
            report(s, needs[i].column, "",
                   type == 1 ? "a notice in minutes with booking_type 1"
                             : "a last day and time with booking_type 2");
        else if (type != needs[i].type && *text && !isnan(type))
            report(s, needs[i].column, text, "a blank cell with this booking_type");
    }
}

static void check_frequency(const row_state *s)
{
    if (number_of(s, FREQUENCIES_END_TIME) <= number_of(s, FREQUENCIES_START_TIME))
        report(s, FREQUENCIES_END_TIME, text_of(s, FREQUENCIES_END_TIME),
               "a time after start_time");
}

static void check_stop_time(const row_state *s)
{
    if (number_of(s, STOP_TIMES_ARRIVAL_TIME) > number_of(s, STOP_TIMES_DEPARTURE_TIME))
        report(s, STOP_TIMES_DEPARTURE_TIME, text_of(s, STOP_TIMES_DEPARTURE_TIME),
               "a time not before arrival_time");
}

static void check_trip(const row_state *s)
{
    const bool rail = strcmp(text_of(s, TRIP_MODE), "rail") == 0;
    if (rail && isnan(number_of(s, TRIP_GAUGE_MM)))
        report(s, TRIP_GAUGE_MM, "", "the gauge of a train");
    if (!isnan(number_of(s, TRIP_CAPACITY)) && !*text_of(s, TRIP_CAPACITY_UNIT))
        report(s, TRIP_CAPACITY_UNIT, "", "the unit of capacity");
}

static void check_own_rules(const row_state *s)
{
    switch (s->row->table) {
    case KRN_TABLE_NODE:
        check_node(s);
        break;
    case KRN_TABLE_LINK:
        check_link(s);
        break;
    case KRN_TABLE_SEASON:
        check_season(s);
        break;
    case KRN_TABLE_COMMODITY:
        check_items(s, COMMODITY_HS_CODE, is_hs, hs_expected);
        break;
    case KRN_TABLE_BORDER:
        check_border(s);
        break;
    case KRN_TABLE_GAUGE_CHANGE:
        check_gauge_change(s);
        break;
    case KRN_TABLE_OPERATION:
        check_operation(s);
        break;
    case KRN_TABLE_TARIFF:
        check_tariff(s);
        break;
    case KRN_TABLE_RULE:
        check_items(s, RULE_HS_PREFIXES, is_hs, hs_expected);
        break;
    case KRN_TABLE_SANCTION:
        check_items(s, SANCTION_HS_PREFIXES, is_hs, hs_expected);
        check_items(s, SANCTION_HS_EXCEPT, is_hs, hs_expected);
        break;
    case KRN_TABLE_FLOW:
        check_flow(s);
        break;
    case KRN_TABLE_FLOW_PLACE:
        check_flow_place(s);
        break;
    case KRN_TABLE_FLOW_MONTH:
        check_one_of_goods(s, FLOW_MONTH_COMMODITY, FLOW_MONTH_CARGO_CLASS);
        break;
    case KRN_TABLE_FLEET:
        check_fleet(s);
        break;
    case KRN_TABLE_AGENCY:
        check_zone_text(s, AGENCY_AGENCY_TIMEZONE);
        break;
    case KRN_TABLE_STOPS:
        check_zone_text(s, STOPS_STOP_TIMEZONE);
        break;
    case KRN_TABLE_STOP_TIMES:
        check_stop_time(s);
        break;
    case KRN_TABLE_FREQUENCIES:
        check_frequency(s);
        break;
    case KRN_TABLE_BOOKING_RULES:
        check_booking_rule(s);
        break;
    case KRN_TABLE_TRIP:
        check_trip(s);
        break;
    default:
        break;
    }
}

void krni_row_check(const krni_row_checker *checker, const krni_row_view *row)
{
    const row_state s = {checker, row, krni_schema(row->table)};
    check_references(&s);
    check_percentiles(&s);
    check_estimated_fields(&s);
    check_pairs(&s);
    check_own_rules(&s);
}
