/* SPDX-License-Identifier: Apache-2.0 */
/* tariff_bound.c - the least that a kilometre, or an entry into a country, can cost whatever the
 * route: what the search adds up along its way.
 *
 * The route decides on lanes, via and belts ("open" rows). Of a group, the row taken on some route
 * is the best row without such a condition, or an open row that goes before it, or nothing where
 * every row is open. The bound of a group is the least of these; the bound of the whole is the sum
 * over groups. Each row is multiplied by the least product of the coefficients that it can meet.
 *
 *   group:   open A | open B | closed C | open D | closed E      best first
 *            `--------possible--------'   `--never taken--'      bound = min(A, B, C)
 */
#include <keruen/tariff.h>

#include <assert.h>
#include <math.h>

#include "model/tariff_book.h"

/* Which charges a bound is asked for. */
typedef enum bound_part { PART_KM, PART_HOUR, PART_ENTRY } bound_part;

typedef struct question {
    const krn_tariff_book *book;
    krni_rate_list list;
    krni_tariff_case asked;
    bound_part part;
    const krni_passing *passing; /* NULL: nothing is known */
} question;

/* Same places: one condition. */
static bool same_nodes(const krni_set *set, const krni_way *way)
{
    if (set->n_items != way->n_nodes)
        return false;
    for (uint32_t i = 0; i < set->n_items; i++)
        if (set->items[i] != way->nodes[i])
            return false;
    return true;
}

/* Number of the way that a row holds by; n_ways when it has none, or none of these. */
static uint32_t way_of(const krni_way *ways, uint32_t n_ways, const krni_rate *rate)
{
    uint32_t k = rate->via.blank ? n_ways : 0;
    while (k < n_ways && !same_nodes(&rate->via, &ways[k]))
        k++;
    return k;
}

/* Whether a row holds as far as it is known: its way is passed, or may be. */
static krni_validity holds(const question *q, const krni_rate *rate)
{
    if (q->passing && !rate->via.blank) {
        const uint32_t k = way_of(q->passing->ways, q->passing->n_ways, rate);
        if (k < q->passing->n_ways && !(q->passing->passed & (1u << k)))
            return KRNI_OUT;
    }
    return krni_rate_holds(rate, &q->asked);
}

/* Whether the route decides on a row. */
static bool is_open(const question *q, const krni_rate *rate)
{
    if (q->passing && !rate->via.blank &&
        way_of(q->passing->ways, q->passing->n_ways, rate) < q->passing->n_ways)
        return rate->lane > 0 || rate->belt_from_km > 0.0 || rate->belt_to_km < INFINITY;
    return krni_rate_is_open(rate);
}

static bool belongs(const question *q, const krni_rate *rate)
{
    if (rate->coefficient)
        return true;
    if (q->part == PART_KM)
        return rate->charge == KRNI_CHARGE_HAUL || rate->charge == KRNI_CHARGE_WAGON;
    if (q->part == PART_HOUR)
        return rate->charge == KRNI_CHARGE_WAGON && krni_rate_per_day(rate);
    return rate->charge == KRNI_CHARGE_BORDER || rate->charge == KRNI_CHARGE_SEAL;
}

static uint32_t group_end(const question *q, uint32_t first)
{
    const krni_rate *rates = q->book->rates;
    uint32_t end = first + 1;
    while (end < q->list.n_rates &&
           rates[q->list.rates[end]].group == rates[q->list.rates[first]].group)
        end++;
    return end;
}

/* Whether rows of one belt rule, with no other open condition, leave no distance out. */
static bool rule_covers_all(const question *q, uint32_t first, uint32_t end, bool marginal)
{
    double reach = 0.0;
    for (bool grown = true; grown && reach < INFINITY;) {
        grown = false;
        for (uint32_t i = first; i < end; i++) {
            const krni_rate *rate = &q->book->rates[q->list.rates[i]];
            if (belongs(q, rate) && rate->marginal == marginal && rate->lane == 0 &&
                rate->via.blank && rate->belt_from_km <= reach && rate->belt_to_km > reach &&
                holds(q, rate) != KRNI_OUT) {
                reach = rate->belt_to_km;
                grown = true;
            }
        }
    }
    return reach == INFINITY;
}

/* Whether some row of a group of belts is taken at every kilometre of every route. */
static bool belts_cover_all(const question *q, uint32_t first, uint32_t end)
{
    return rule_covers_all(q, first, end, false) || rule_covers_all(q, first, end, true);
}

/* The best row of a group that no route can refuse; KRN_NO_ROW. */
static uint32_t best_closed(const question *q, uint32_t first, uint32_t end,
                            krni_validity *out_validity)
{
    uint32_t best = KRN_NO_ROW;
    for (uint32_t i = first; i < end; i++) {
        const krni_rate *rate = &q->book->rates[q->list.rates[i]];
        if (!belongs(q, rate) || is_open(q, rate))
            continue;
        const krni_validity validity = holds(q, rate);
        if (validity != KRNI_OUT &&
            (best == KRN_NO_ROW ||
             krni_rate_before(rate, validity, &q->book->rates[best], *out_validity))) {
            best = q->list.rates[i];
            *out_validity = validity;
        }
    }
    return best;
}

/* Whether a row is the one taken on some route. */
static bool can_be_taken(const question *q, uint32_t rate, uint32_t closed, krni_validity validity)
{
    const krni_rate *r = &q->book->rates[rate];
    if (rate == closed)
        return true;
    if (!is_open(q, r))
        return false;
    const krni_validity own = holds(q, r);
    return own != KRNI_OUT &&
           (closed == KRN_NO_ROW || krni_rate_before(r, own, &q->book->rates[closed], validity));
}

/* Least and greatest factor that a group of coefficients can put on a rate. */
static void factor_range(const question *q, uint32_t first, uint32_t end, uint32_t rate,
                         double *least, double *greatest)
{
    krni_validity validity = KRNI_OUT;
    const uint32_t closed = best_closed(q, first, end, &validity);
    double low = INFINITY;
    double high = -INFINITY;
    if (closed == KRN_NO_ROW && !belts_cover_all(q, first, end))
        low = high = 1.0; /* none may be met */
    for (uint32_t i = first; i < end; i++) {
        const uint32_t coefficient = q->list.rates[i];
        if (!can_be_taken(q, coefficient, closed, validity))
            continue;
        const krni_rate *c = &q->book->rates[coefficient];
        const double factor = krni_rate_applies(c, rate) ? c->price : 1.0;
        low = fmin(low, factor);
        high = fmax(high, factor);
    }
    *least = low;
    *greatest = high;
}

/* Least amount of a rate with all coefficients: amounts a * f1 * f2 ... at the ends of the ranges.
 * Factors are >= 0 as a rule; a negative one turns the range around. */
static double with_coefficients(const question *q, uint32_t rate, double amount)
{
    double low = amount;
    double high = amount;
    for (uint32_t first = 0; first < q->list.n_rates;) {
        const uint32_t end = group_end(q, first);
        if (q->book->rates[q->list.rates[first]].coefficient) {
            double least = 1.0;
            double greatest = 1.0;
            factor_range(q, first, end, rate, &least, &greatest);
            const double a = low * least;
            const double b = low * greatest;
            const double c = high * least;
            const double d = high * greatest;
            low = fmin(fmin(a, b), fmin(c, d));
            high = fmax(fmax(a, b), fmax(c, d));
        }
        first = end;
    }
    return low;
}

/* Amount of a row: per km, or once. A fixed amount of a haul is not spread over km. */
static double amount_of(const question *q, uint32_t rate)
{
    const krni_rate *r = &q->book->rates[rate];
    if (q->part == PART_KM && !krni_rate_per_km(r))
        return 0.0;
    const double units = krni_rate_units(r, &q->asked, q->part == PART_KM ? 1.0 : 0.0,
                                         q->part == PART_HOUR ? 1.0 : 0.0);
    return with_coefficients(q, rate, krni_rate_usd(q->book, r, q->asked.day) * units);
}

/* What a group can add on some route. */
typedef struct group_bound {
    bool possible;    /* some row can be taken */
    bool sure;        /* some row is taken on every route */
    bool any_haul;    /* one of the rows that can be taken is a haul */
    bool all_haul;    /* all of them are, and each for the whole distance */
    double least_usd; /* least of the rows that can be taken */
} group_bound;

static bool has_belt(const krni_rate *rate)
{
    return rate->belt_from_km > 0.0 || rate->belt_to_km < INFINITY;
}

static group_bound bound_group(const question *q, uint32_t first, uint32_t end)
{
    krni_validity validity = KRNI_OUT;
    const uint32_t closed = best_closed(q, first, end, &validity);
    group_bound g = {.all_haul = true, .least_usd = INFINITY};
    for (uint32_t i = first; i < end; i++) {
        const uint32_t rate = q->list.rates[i];
        const krni_rate *r = &q->book->rates[rate];
        if (!belongs(q, r) || !can_be_taken(q, rate, closed, validity))
            continue;
        const bool haul = r->charge == KRNI_CHARGE_HAUL;
        g.possible = true;
        g.any_haul = g.any_haul || haul;
        g.all_haul = g.all_haul && haul && !(r->marginal && has_belt(r));
        g.least_usd = fmin(g.least_usd, amount_of(q, rate));
    }
    g.sure = closed != KRN_NO_ROW || (g.possible && belts_cover_all(q, first, end));
    return g;
}

/* Sum over groups; NaN when no haul can be priced and one is asked for. */
static double bound(const question *q)
{
    double sum = 0.0;
    double least_haul = INFINITY; /* of groups of hauls that no route must take */
    bool pays_least_haul = q->part == PART_KM;
    bool any_haul = q->part != PART_KM;
    for (uint32_t first = 0; first < q->list.n_rates;) {
        const uint32_t end = group_end(q, first);
        if (q->book->rates[q->list.rates[first]].coefficient)
            break; /* they lie behind all rates */
        const group_bound g = bound_group(q, first, end);
        first = end;
        if (!g.possible)
            continue;
        const double below_zero = fmin(g.least_usd, 0.0);
        sum += g.sure ? g.least_usd : below_zero;
        any_haul = any_haul || g.any_haul;
        if (g.any_haul && (g.sure || !g.all_haul))
            pays_least_haul = false; /* this one may be the haul of the route */
        else if (g.any_haul)
            least_haul = fmin(least_haul, g.least_usd - below_zero);
    }
    if (!any_haul)
        return NAN;
    return pays_least_haul ? sum + least_haul : sum;
}

static double ask(const krn_tariff_book *book, const krn_load *load, krn_mode mode,
                  krn_country country, uint32_t n_vehicles, krn_country origin,
                  krn_country destination, int32_t day, bound_part part,
                  const krni_passing *passing)
{
    assert(mode == KRN_RAIL || mode == KRN_ROAD);
    const question q = {.book = book,
                        .list = krni_tariff_land(book, mode, country),
                        .part = part,
                        .passing = passing,
                        .asked = {.load = load,
                                  .mode = mode,
                                  .country = country,
                                  .origin = origin,
                                  .destination = destination,
                                  .n_vehicles = n_vehicles,
                                  .day = day,
                                  .km = 1.0,
                                  .entered = part == PART_ENTRY,
                                  .from_node = KRN_NO_ROW,
                                  .to_node = KRN_NO_ROW}};
    return bound(&q);
}

double krni_tariff_bound_per_km(const krn_tariff_book *book, const krn_load *load, krn_mode mode,
                                krn_country country, uint32_t n_vehicles, krn_country origin,
                                krn_country destination, int32_t day, const krni_passing *passing)
{
    return ask(book, load, mode, country, n_vehicles, origin, destination, day, PART_KM, passing);
}

double krni_tariff_bound_per_hour(const krn_tariff_book *book, const krn_load *load, krn_mode mode,
                                  krn_country country, uint32_t n_vehicles, krn_country origin,
                                  krn_country destination, int32_t day, const krni_passing *passing)
{
    return ask(book, load, mode, country, n_vehicles, origin, destination, day, PART_HOUR, passing);
}

double krn_tariff_bound_usd_per_km(const krn_tariff_book *book, const krn_load *load, krn_mode mode,
                                   krn_country country, int gauge_index, uint32_t n_wagons,
                                   krn_country origin, krn_country destination, int32_t day)
{
    (void)gauge_index; /* the number of wagons says it */
    return ask(book, load, mode, country, n_wagons, origin, destination, day, PART_KM, NULL);
}

double krn_tariff_bound_entry_usd(const krn_tariff_book *book, const krn_load *load, krn_mode mode,
                                  krn_country country, uint32_t n_wagons, krn_country origin,
                                  krn_country destination, int32_t day)
{
    return ask(book, load, mode, country, n_wagons, origin, destination, day, PART_ENTRY, NULL);
}

double krni_tariff_bound_entry(const krn_tariff_book *book, const krn_load *load, krn_mode mode,
                               krn_country country, uint32_t n_vehicles, krn_country origin,
                               krn_country destination, int32_t day, const krni_passing *passing)
{
    return ask(book, load, mode, country, n_vehicles, origin, destination, day, PART_ENTRY,
               passing);
}

unsigned krni_tariff_ways_of(const krn_tariff_book *book, krn_mode mode, krn_country country,
                             const krni_way *ways, uint32_t n_ways)
{
    const krni_rate_list list = krni_tariff_land(book, mode, country);
    unsigned bits = 0;
    for (uint32_t i = 0; i < list.n_rates; i++) {
        const uint32_t k = way_of(ways, n_ways, &book->rates[list.rates[i]]);
        if (k < n_ways)
            bits |= 1u << k;
    }
    return bits;
}

/* Whether a row with a condition can hold in some country that it names. */
static bool can_hold(const krn_load *load, krn_country origin, krn_country destination, int32_t day,
                     const krni_rate *rate)
{
    if (!(rate->modes & (1u << KRN_RAIL | 1u << KRN_ROAD)))
        return false;
    krni_tariff_case asked = {.load = load,
                              .mode = rate->modes & (1u << KRN_RAIL) ? KRN_RAIL : KRN_ROAD,
                              .origin = origin,
                              .destination = destination,
                              .n_vehicles = 1,
                              .day = day,
                              .entered = true};
    if (rate->countries.blank)
        return true; /* the kind of traffic depends on the country */
    for (uint32_t i = 0; i < rate->countries.n_items; i++) {
        asked.country = (krn_country)rate->countries.items[i];
        if (krni_rate_holds(rate, &asked) != KRNI_OUT)
            return true;
    }
    return false;
}

void krni_tariff_ways(const krn_tariff_book *book, const krn_load *load, krn_country origin,
                      krn_country destination, int32_t day, uint32_t max, krni_way *out,
                      uint32_t *out_n, bool *out_more)
{
    *out_n = 0;
    *out_more = false;
    for (uint32_t r = 0; r < book->n_rates; r++) {
        const krni_rate *rate = &book->rates[r];
        if (rate->via.blank || way_of(out, *out_n, rate) < *out_n ||
            !can_hold(load, origin, destination, day, rate))
            continue;
        if (*out_n == max) {
            *out_more = true;
            return;
        }
        out[(*out_n)++] = (krni_way){rate->via.items, rate->via.n_items};
    }
}
