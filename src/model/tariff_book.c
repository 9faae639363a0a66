/* SPDX-License-Identifier: Apache-2.0 */
/* tariff_book.c - tariff.csv and currency.csv compiled: every text of a condition becomes numbers,
 * and every mode and country gets the list of rows that can hold there.
 *
 *   tariff.csv --read_rate--> rates --sort by use, group, id--> lists by (mode, country) and by
 * node
 *
 * Belts: a belt holds for from < km <= to. Published tables write 1501 behind 1500; where another
 * belt of the group ends one kilometre below, the belt begins there, so that no distance falls in
 * between. */
#include "model/tariff_book.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

/* Lists are made by asking every row for every mode, country and port: at most so many times. */
#define MAX_QUESTIONS 100000000u

typedef struct sort_entry {
    krni_rate rate;
    const char *group;
    const char *id;
} sort_entry;

static int compare_entries(const void *a, const void *b)
{
    const sort_entry *x = a;
    const sort_entry *y = b;
    if (x->rate.coefficient != y->rate.coefficient)
        return x->rate.coefficient ? 1 : -1;
    const int groups = strcmp(x->group, y->group);
    return groups ? groups : strcmp(x->id, y->id);
}

/* Position of a text in a list, or -1. */
static int position(const char *const *words, int n, const char *text)
{
    for (int i = 0; i < n; i++)
        if (strcmp(words[i], text) == 0)
            return i;
    return -1;
}

static uint8_t charge_named(const char *text)
{
    static const char *const words[] = {"haul",   "wagon", "freight", "through",
                                        "border", "seal",  "other"};
    const int at = position(words, (int)(sizeof words / sizeof words[0]), text);
    return (uint8_t)(at < 0 ? KRNI_CHARGE_NEVER : at);
}

static uint8_t basis_named(const char *text)
{
    static const char *const words[] = {"t",         "tkm",        "teu_km",      "feu_km",
                                        "wagon_km",  "truck_km",   "container",   "teu",
                                        "wagon",     "truck",      "consignment", "wagon_day",
                                        "truck_day", "vessel_day", "coefficient"};
    const int at = position(words, (int)(sizeof words / sizeof words[0]), text);
    return (uint8_t)(at < 0 ? KRNI_BASIS_COUNT : at);
}

static uint8_t traffic_named(const char *text)
{
    static const char *const words[] = {"", "transit", "export", "import", "domestic"};
    const int at = position(words, (int)(sizeof words / sizeof words[0]), text);
    return (uint8_t)(at < 0 ? KRNI_ANY_TRAFFIC : at);
}

/* ---- currencies ---- */

static int compare_currencies(const void *a, const void *b)
{
    const krni_currency_rate *x = a;
    const krni_currency_rate *y = b;
    const int names = strcmp(x->currency, y->currency);
    if (names)
        return names;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static krn_status make_currencies(krn_tariff_book *book, krn_error *err)
{
    const krn_package *p = book->package;
    const krn_table t = KRN_TABLE_CURRENCY;
    book->n_currencies = krn_package_rows(p, t);
    book->currencies = krn_arena_calloc(book->arena, book->n_currencies, sizeof *book->currencies);
    if (!book->currencies)
        return krni_fail_memory(err);
    for (uint32_t row = 0; row < book->n_currencies; row++)
        book->currencies[row] = (krni_currency_rate){
            .currency = krni_text(p, t, row, CURRENCY_CURRENCY),
            .from = krni_days_of(p, t, row, CURRENCY_VALID_FROM, CURRENCY_VALID_FROM).from,
            .usd_per_unit = krni_number(p, t, row, CURRENCY_USD_PER_UNIT),
            .row = row,
            .quality = krn_package_quality(p, krni_figure(t, row, CURRENCY_USD_PER_UNIT))};
    qsort(book->currencies, book->n_currencies, sizeof *book->currencies, compare_currencies);
    uint32_t first = 0;
    for (uint32_t i = 0; i < book->n_currencies; i++) {
        if (strcmp(book->currencies[i].currency, book->currencies[first].currency) != 0)
            first = i;
        book->currencies[first].n_days++;
    }
    return KRN_OK;
}

/* First rate of a currency, or KRN_NO_ROW. */
static uint32_t find_currency(const krn_tariff_book *book, const char *currency)
{
    uint32_t low = 0;
    uint32_t high = book->n_currencies;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (strcmp(book->currencies[middle].currency, currency) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < book->n_currencies && strcmp(book->currencies[low].currency, currency) == 0
               ? low
               : KRN_NO_ROW;
}

const krni_currency_rate *krni_currency_on(const krn_tariff_book *book, uint32_t first, int32_t day)
{
    assert(first < book->n_currencies && book->currencies[first].n_days > 0);
    uint32_t low = first;
    uint32_t high = first + book->currencies[first].n_days;
    while (high - low > 1) {
        const uint32_t middle = low + (high - low) / 2;
        if (book->currencies[middle].from <= day)
            low = middle;
        else
            high = middle;
    }
    return &book->currencies[low];
}

double krn_currency_to_usd(const krn_tariff_book *book, const char *currency, double amount_share,
                           int32_t day, krn_figure *out_figure)
{
    if (out_figure)
        *out_figure = krn_figure_none();
    const uint32_t first = find_currency(book, currency);
    if (first == KRN_NO_ROW)
        return strcmp(currency, "USD") == 0 ? amount_share : NAN;
    const krni_currency_rate *rate = krni_currency_on(book, first, day);
    if (out_figure)
        *out_figure = krni_figure(KRN_TABLE_CURRENCY, rate->row, CURRENCY_USD_PER_UNIT);
    return amount_share * rate->usd_per_unit;
}

/* ---- rows ---- */

static krn_status read_sets(krn_tariff_book *book, uint32_t row, krni_rate *rate, krn_error *err)
{
    const krn_package *p = book->package;
    const krn_table t = KRN_TABLE_TARIFF;
    const bool failed =
        krni_set_countries(book->arena, krni_text(p, t, row, TARIFF_COUNTRIES), &rate->countries,
                           err) ||
        krni_set_countries(book->arena, krni_text(p, t, row, TARIFF_ORIGIN_COUNTRIES),
                           &rate->origins, err) ||
        krni_set_countries(book->arena, krni_text(p, t, row, TARIFF_DESTINATION_COUNTRIES),
                           &rate->destinations, err) ||
        krni_set_rows(p, KRN_TABLE_NODE, book->arena, krni_text(p, t, row, TARIFF_VIA_NODE_IDS),
                      &rate->via, err);
    return failed ? KRN_E_MEMORY : KRN_OK;
}

static krn_status read_currency(krn_tariff_book *book, uint32_t row, krni_rate *rate,
                                krn_error *err)
{
    const krn_package *p = book->package;
    const char *currency = krni_text(p, KRN_TABLE_TARIFF, row, TARIFF_CURRENCY);
    rate->currency = KRN_NO_ROW;
    if (rate->coefficient || *currency == '\0')
        return KRN_OK;
    rate->currency = find_currency(book, currency);
    if (rate->currency == KRN_NO_ROW && strcmp(currency, "USD") != 0)
        return krni_fail(err, KRN_E_RULE,
                         "%s:%u: currency: %s: a currency of currency.csv was expected",
                         krn_package_row_file(p, KRN_TABLE_TARIFF, row),
                         krn_package_row_line(p, KRN_TABLE_TARIFF, row), currency);
    return KRN_OK;
}

static krn_status read_rate(krn_tariff_book *book, uint32_t row, krni_rate *rate, krn_error *err)
{
    const krn_package *p = book->package;
    const krn_table t = KRN_TABLE_TARIFF;
    const char *mode = krni_text(p, t, row, TARIFF_MODE);
    *rate = (krni_rate){.row = row,
                        .coefficient = strcmp(krni_text(p, t, row, TARIFF_USE), "coefficient") == 0,
                        .both_ways = krni_number(p, t, row, TARIFF_BOTH_WAYS) == 1.0,
                        .carry_forward = krni_number(p, t, row, TARIFF_CARRY_FORWARD) == 1.0,
                        .marginal = strcmp(krni_text(p, t, row, TARIFF_BELT_RULE), "marginal") == 0,
                        .charge = charge_named(krni_text(p, t, row, TARIFF_CHARGE)),
                        .basis = basis_named(krni_text(p, t, row, TARIFF_BASIS)),
                        .traffic = traffic_named(krni_text(p, t, row, TARIFF_TRAFFIC)),
                        .modes = krni_mode_mask(mode),
                        .classes = krni_class_mask(p, krni_text(p, t, row, TARIFF_CARGO_CLASSES)),
                        .from_node = krni_ref(p, t, row, TARIFF_FROM_NODE_ID),
                        .to_node = krni_ref(p, t, row, TARIFF_TO_NODE_ID),
                        .hs_prefixes = krni_text(p, t, row, TARIFF_HS_PREFIXES),
                        .hs_except = krni_text(p, t, row, TARIFF_HS_EXCEPT),
                        .feet = (int)krni_number_or(p, t, row, TARIFF_FEET, 0.0),
                        .unit_from_t = krni_number_or(p, t, row, TARIFF_UNIT_T_FROM, -INFINITY),
                        .unit_to_t = krni_number_or(p, t, row, TARIFF_UNIT_T_TO, INFINITY),
                        .belt_from_km = krni_number_or(p, t, row, TARIFF_DISTANCE_FROM_KM, 0.0),
                        .belt_to_km = krni_number_or(p, t, row, TARIFF_DISTANCE_TO_KM, INFINITY),
                        .price = krni_number(p, t, row, TARIFF_PRICE),
                        .priority = (int)krni_number_or(p, t, row, TARIFF_PRIORITY, 0.0),
                        .days = krni_days_of(p, t, row, TARIFF_VALID_FROM, TARIFF_VALID_TO),
                        .quality = krn_package_quality(p, krni_figure(t, row, TARIFF_PRICE))};
    rate->lane = (uint8_t)((rate->from_node != KRN_NO_ROW) + (rate->to_node != KRN_NO_ROW));
    if (rate->coefficient)
        rate->basis = KRNI_COEFFICIENT;
    const krn_status status = read_currency(book, row, rate, err);
    return status ? status : read_sets(book, row, rate, err);
}

/* Whether a row is reckoned with: not kept for reading only, and with a figure. */
static bool is_used(const krn_package *p, uint32_t row)
{
    const char *use = krni_text(p, KRN_TABLE_TARIFF, row, TARIFF_USE);
    const uint8_t basis = basis_named(krni_text(p, KRN_TABLE_TARIFF, row, TARIFF_BASIS));
    const bool factor = strcmp(use, "coefficient") == 0;
    const bool rate = strcmp(use, "rate") == 0 && basis < KRNI_COEFFICIENT;
    return (factor || rate) && !isnan(krni_number(p, KRN_TABLE_TARIFF, row, TARIFF_PRICE));
}

static krn_status make_rates(krn_tariff_book *book, sort_entry **out_entries, krn_error *err)
{
    const krn_package *p = book->package;
    const uint32_t n_rows = krn_package_rows(p, KRN_TABLE_TARIFF);
    sort_entry *entries = krn_arena_calloc(book->arena, n_rows, sizeof *entries);
    book->rates = krn_arena_calloc(book->arena, n_rows, sizeof *book->rates);
    book->rate_of_row = krn_arena_alloc(book->arena, n_rows * sizeof *book->rate_of_row);
    if (!entries || !book->rates || !book->rate_of_row)
        return krni_fail_memory(err);
    for (uint32_t row = 0; row < n_rows; row++) {
        book->rate_of_row[row] = KRN_NO_ROW;
        if (!is_used(p, row))
            continue;
        sort_entry *entry = &entries[book->n_rates++];
        const krn_status status = read_rate(book, row, &entry->rate, err);
        if (status)
            return status;
        entry->id = krni_text(p, KRN_TABLE_TARIFF, row, TARIFF_TARIFF_ID);
        entry->group = krni_text(p, KRN_TABLE_TARIFF, row, TARIFF_GROUP);
        if (*entry->group == '\0')
            entry->group = krni_text(p, KRN_TABLE_TARIFF, row, TARIFF_CHARGE);
    }
    qsort(entries, book->n_rates, sizeof *entries, compare_entries);
    for (uint32_t i = 0; i < book->n_rates; i++) {
        const bool same = i > 0 && entries[i].rate.coefficient == entries[i - 1].rate.coefficient &&
                          strcmp(entries[i].group, entries[i - 1].group) == 0;
        entries[i].rate.group = i == 0 ? 0 : entries[i - 1].rate.group + (same ? 0 : 1);
        book->rates[i] = entries[i].rate;
        book->rate_of_row[entries[i].rate.row] = i;
    }
    *out_entries = entries;
    return KRN_OK;
}

/* Belts of whole kilometres: 1501 behind 1500 begins at 1500. */
static void join_belts(krn_tariff_book *book)
{
    uint32_t first = 0; /* of the group */
    for (uint32_t i = 0; i < book->n_rates; i++) {
        krni_rate *rate = &book->rates[i];
        if (rate->group != book->rates[first].group)
            first = i;
        if (rate->belt_from_km <= 0.0)
            continue;
        for (uint32_t k = first; k < book->n_rates && book->rates[k].group == rate->group; k++)
            if (book->rates[k].belt_to_km == rate->belt_from_km - 1.0) {
                rate->belt_from_km -= 1.0;
                break;
            }
    }
}

/* Marks the rates (no coefficients) of the group or id that an item of a list names. */
static void mark_named(const krn_tariff_book *book, const sort_entry *entries, uint32_t n_plain,
                       const char *name, bool *marked)
{
    uint32_t low = 0;
    uint32_t high = n_plain;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (strcmp(entries[middle].group, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < n_plain && strcmp(entries[low].group, name) == 0; low++)
        marked[low] = true;
    const uint32_t row = krn_package_find(book->package, KRN_TABLE_TARIFF, name);
    if (row != KRN_NO_ROW && book->rate_of_row[row] < n_plain)
        marked[book->rate_of_row[row]] = true;
}

/* Which rates each coefficient multiplies, by group or id. */
static krn_status make_applications(krn_tariff_book *book, const sort_entry *entries,
                                    krn_error *err)
{
    uint32_t n_plain = 0;
    while (n_plain < book->n_rates && !book->rates[n_plain].coefficient)
        n_plain++;
    bool *marked = krn_arena_alloc(book->arena, n_plain);
    if (!marked)
        return krni_fail_memory(err);
    for (uint32_t i = n_plain; i < book->n_rates; i++) {
        const char *list =
            krni_text(book->package, KRN_TABLE_TARIFF, book->rates[i].row, TARIFF_APPLIES_TO);
        const char *item;
        size_t length;
        memset(marked, 0, n_plain);
        while ((item = krni_list_next(&list, &length))) {
            char name[256];
            if (length >= sizeof name)
                continue;
            memcpy(name, item, length);
            name[length] = '\0';
            mark_named(book, entries, n_plain, name, marked);
        }
        uint32_t n = 0;
        for (uint32_t k = 0; k < n_plain; k++)
            n += marked[k];
        uint32_t *applies = krn_arena_alloc(book->arena, n * sizeof *applies);
        if (!applies)
            return krni_fail_memory(err);
        book->rates[i].applies = applies;
        book->rates[i].n_applies = n;
        for (uint32_t k = 0, at = 0; k < n_plain; k++)
            if (marked[k])
                applies[at++] = k;
    }
    return KRN_OK;
}

/* ---- lists ---- */

static int compare_countries(const void *a, const void *b)
{
    const krn_country x = *(const krn_country *)a;
    const krn_country y = *(const krn_country *)b;
    return x < y ? -1 : x > y;
}

static krn_status make_countries(krn_tariff_book *book, krn_error *err)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < book->n_rates; i++)
        n += book->rates[i].countries.n_items;
    krn_country *countries = krn_arena_alloc(book->arena, n * sizeof *countries);
    if (!countries)
        return krni_fail_memory(err);
    n = 0;
    for (uint32_t i = 0; i < book->n_rates; i++)
        for (uint32_t k = 0; k < book->rates[i].countries.n_items; k++)
            countries[n++] = (krn_country)book->rates[i].countries.items[k];
    qsort(countries, n, sizeof *countries, compare_countries);
    for (uint32_t i = 0; i < n; i++)
        if (i == 0 || countries[i] != countries[i - 1])
            countries[book->n_countries++] = countries[i];
    book->countries = countries;
    return KRN_OK;
}

typedef bool (*rate_filter)(const krn_tariff_book *book, const krni_rate *rate, uint32_t a,
                            uint32_t b);

/* a: mode, b: country; a country that no row names is 0. */
static bool holds_on_land(const krn_tariff_book *book, const krni_rate *rate, uint32_t a,
                          uint32_t b)
{
    (void)book;
    return (rate->modes & (1u << a)) != 0 && rate->charge != KRNI_CHARGE_THROUGH &&
           krni_set_has(&rate->countries, b);
}

/* a: node at which the voyage begins; KRN_NO_ROW: one that no lane names. */
static bool holds_at_sea(const krn_tariff_book *book, const krni_rate *rate, uint32_t a, uint32_t b)
{
    (void)book;
    (void)b;
    if (!(rate->modes & (1u << KRN_SEA)) || rate->charge == KRNI_CHARGE_THROUGH)
        return false;
    if (rate->from_node == KRN_NO_ROW || rate->from_node == a)
        return true;
    return rate->both_ways && (rate->to_node == KRN_NO_ROW || rate->to_node == a);
}

static bool is_through(const krn_tariff_book *book, const krni_rate *rate, uint32_t a, uint32_t b)
{
    (void)book;
    (void)a;
    (void)b;
    return rate->coefficient ? (rate->modes & (1u << KRN_RAIL)) != 0
                             : rate->charge == KRNI_CHARGE_THROUGH;
}

static krn_status make_list(krn_tariff_book *book, rate_filter filter, uint32_t a, uint32_t b,
                            krni_rate_list *out, krn_error *err)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < book->n_rates; i++)
        n += filter(book, &book->rates[i], a, b);
    uint32_t *rates = krn_arena_alloc(book->arena, n * sizeof *rates);
    if (!rates)
        return krni_fail_memory(err);
    out->rates = rates;
    out->n_rates = n;
    n = 0;
    for (uint32_t i = 0; i < book->n_rates; i++)
        if (filter(book, &book->rates[i], a, b))
            rates[n++] = i;
    return KRN_OK;
}

static krn_status make_land(krn_tariff_book *book, krn_error *err)
{
    const uint32_t n = book->n_countries + 1;
    book->land = krn_arena_calloc(book->arena, 2 * (size_t)n, sizeof *book->land);
    if (!book->land)
        return krni_fail_memory(err);
    for (uint32_t mode = KRN_RAIL; mode <= KRN_ROAD; mode++)
        for (uint32_t c = 0; c < n; c++) {
            const krn_country country = c < book->n_countries ? book->countries[c] : 0;
            if (make_list(book, holds_on_land, mode, country, &book->land[mode * n + c], err))
                return KRN_E_MEMORY;
        }
    return KRN_OK;
}

static krn_status make_sea(krn_tariff_book *book, krn_error *err)
{
    const krn_package *p = book->package;
    book->n_nodes = krn_package_rows(p, KRN_TABLE_NODE);
    book->sea = krn_arena_calloc(book->arena, (size_t)book->n_nodes + 1, sizeof *book->sea);
    bool *named = krn_arena_calloc(book->arena, book->n_nodes, sizeof *named);
    krn_country *countries = krn_arena_calloc(book->arena, book->n_nodes, sizeof *countries);
    if (!book->sea || !named || !countries)
        return krni_fail_memory(err);
    book->node_country = countries;
    for (uint32_t i = 0; i < book->n_rates; i++) {
        const krni_rate *rate = &book->rates[i];
        if (!(rate->modes & (1u << KRN_SEA)))
            continue;
        if (rate->from_node < book->n_nodes)
            named[rate->from_node] = true;
        if (rate->both_ways && rate->to_node < book->n_nodes)
            named[rate->to_node] = true;
    }
    uint64_t n_lists = 2 * ((uint64_t)book->n_countries + 1);
    for (uint32_t node = 0; node < book->n_nodes; node++)
        n_lists += named[node];
    if (n_lists * book->n_rates > MAX_QUESTIONS)
        return krni_fail(err, KRN_E_LIMIT,
                         "tariff.csv: %u rows for %u countries and further lanes are too many",
                         book->n_rates, book->n_countries);
    if (make_list(book, holds_at_sea, KRN_NO_ROW - 1, 0, &book->sea[book->n_nodes], err))
        return KRN_E_MEMORY;
    for (uint32_t node = 0; node < book->n_nodes; node++) {
        countries[node] = krn_country_parse(krni_text(p, KRN_TABLE_NODE, node, NODE_COUNTRY));
        book->sea[node] = book->sea[book->n_nodes];
        if (named[node] && make_list(book, holds_at_sea, node, 0, &book->sea[node], err))
            return KRN_E_MEMORY;
    }
    return KRN_OK;
}

krni_rate_list krni_tariff_land(const krn_tariff_book *book, krn_mode mode, krn_country country)
{
    assert(mode == KRN_RAIL || mode == KRN_ROAD);
    uint32_t low = 0;
    uint32_t high = book->n_countries;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (book->countries[middle] < country)
            low = middle + 1;
        else
            high = middle;
    }
    const bool known = low < book->n_countries && book->countries[low] == country;
    return book->land[(uint32_t)mode * (book->n_countries + 1) + (known ? low : book->n_countries)];
}

krni_rate_list krni_tariff_sea(const krn_tariff_book *book, uint32_t from_node)
{
    return book->sea[from_node < book->n_nodes ? from_node : book->n_nodes];
}

krn_status krn_tariff_book_new(const krn_package *package, krn_tariff_book **out, krn_error *err)
{
    *out = NULL;
    krn_status status = KRN_OK;
    sort_entry *entries = NULL;
    krn_arena *arena = krn_arena_new(NULL, 0);
    krn_tariff_book *book = arena ? krn_arena_calloc(arena, 1, sizeof *book) : NULL;
    if (!book) {
        status = krni_fail_memory(err);
        goto done;
    }
    book->arena = arena;
    book->package = package;
    status = make_currencies(book, err);
    if (!status)
        status = make_rates(book, &entries, err);
    if (!status) {
        join_belts(book);
        status = make_applications(book, entries, err);
    }
    if (!status)
        status = make_countries(book, err);
    if (!status)
        status = make_sea(book, err); /* first: it knows how many lists there will be */
    if (!status)
        status = make_land(book, err);
    if (!status)
        status = make_list(book, is_through, 0, 0, &book->through, err);
done:
    if (status)
        krn_arena_free(arena);
    else
        *out = book;
    return status;
}

void krn_tariff_book_free(krn_tariff_book *book)
{
    if (book)
        krn_arena_free(book->arena);
}
