/* SPDX-License-Identifier: Apache-2.0 */
/* tariff.c - the exact price of a haul or voyage: which row of each group is taken, belt by belt,
 * and the coefficients on top.
 *
 *   rows that can hold --conditions--> of each group the best one --units * price--> lines
 *   coefficients       --conditions--> of each group the best one --(factor - 1)---> lines
 *
 * Order inside a group: more ends of a lane named, higher priority, valid on the day over carried
 * forward, later first day, lower belt, id. */
#include <keruen/tariff.h>

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "model/tariff_book.h"

#define MAX_LINES     64
#define HOURS_PER_DAY 24.0
#define TEU_PER_FEU   2.0

/* One line of a price before it becomes a charge. */
typedef struct line {
    uint32_t rate;
    krni_validity validity;
    double price_usd; /* or the factor */
    double units;
    double amount_usd;
    double running_usd; /* amount with the coefficients so far */
} line;

typedef struct line_list {
    line lines[MAX_LINES];
    uint32_t n_lines;
    bool overflow;
} line_list;

/* ---- conditions ---- */

static bool traffic_holds(krni_traffic traffic, krn_country country, krn_country origin,
                          krn_country destination)
{
    if (traffic == KRNI_ANY_TRAFFIC)
        return true;
    if (country == 0)
        return false;
    const bool from = origin == country;
    const bool to = destination == country;
    switch (traffic) {
    case KRNI_TRANSIT:
        return !from && !to;
    case KRNI_EXPORT:
        return from && !to;
    case KRNI_IMPORT:
        return to && !from;
    default:
        return from && to;
    }
}

static bool unit_holds(const krni_rate *rate, const krn_load *load)
{
    if (rate->feet != 0 && rate->feet != load->container_feet)
        return false;
    if (rate->unit_from_t == -INFINITY && rate->unit_to_t == INFINITY)
        return true;
    return load->n_containers > 0 && rate->unit_from_t <= load->unit_gross_t &&
           load->unit_gross_t <= rate->unit_to_t;
}

static bool goods_hold(const krni_rate *rate, const char *hs_code)
{
    if (*rate->hs_prefixes && !krni_goods_match(rate->hs_prefixes, hs_code))
        return false;
    return *rate->hs_except == '\0' || !krni_goods_match(rate->hs_except, hs_code);
}

krni_validity krni_rate_holds(const krni_rate *rate, const krni_tariff_case *question)
{
    if (!(rate->classes & question->load->class_bit) || question->day < rate->days.from)
        return KRNI_OUT;
    krni_validity validity = KRNI_VALID;
    if (question->day > rate->days.to) {
        if (!rate->carry_forward)
            return KRNI_OUT;
        validity = KRNI_CARRIED;
    }
    if (!krni_set_has(&rate->origins, question->origin) ||
        !krni_set_has(&rate->destinations, question->destination) ||
        !traffic_holds((krni_traffic)rate->traffic, question->country, question->origin,
                       question->destination) ||
        !unit_holds(rate, question->load) || !goods_hold(rate, question->load->hs_code))
        return KRNI_OUT;
    if (!rate->coefficient && !(krni_rate_units(rate, question, 1.0, HOURS_PER_DAY) > 0.0))
        return KRNI_OUT;
    return validity;
}

bool krni_rate_on_route(const krni_rate *rate, const krni_tariff_case *question)
{
    if (rate->lane > 0) {
        const bool ahead =
            (rate->from_node == KRN_NO_ROW || rate->from_node == question->from_node) &&
            (rate->to_node == KRN_NO_ROW || rate->to_node == question->to_node);
        const bool back = rate->both_ways &&
                          (rate->from_node == KRN_NO_ROW || rate->from_node == question->to_node) &&
                          (rate->to_node == KRN_NO_ROW || rate->to_node == question->from_node);
        if (!ahead && !back)
            return false;
    }
    return krni_set_has_any(&rate->via, question->nodes, question->n_nodes);
}

bool krni_rate_is_open(const krni_rate *rate)
{
    return rate->lane > 0 || !rate->via.blank || rate->belt_from_km > 0.0 ||
           rate->belt_to_km < INFINITY;
}

bool krni_rate_before(const krni_rate *a, krni_validity va, const krni_rate *b, krni_validity vb)
{
    if (a->lane != b->lane)
        return a->lane > b->lane;
    if (a->priority != b->priority)
        return a->priority > b->priority;
    if (va != vb)
        return va > vb;
    if (a->days.from != b->days.from)
        return a->days.from > b->days.from;
    if (a->belt_from_km != b->belt_from_km)
        return a->belt_from_km < b->belt_from_km;
    return a < b; /* rates lie in the order of their ids */
}

bool krni_rate_per_day(const krni_rate *rate)
{
    return rate->basis == KRNI_PER_WAGON_DAY || rate->basis == KRNI_PER_TRUCK_DAY ||
           rate->basis == KRNI_PER_VESSEL_DAY;
}

bool krni_rate_per_km(const krni_rate *rate)
{
    return rate->basis == KRNI_PER_TKM || rate->basis == KRNI_PER_TEU_KM ||
           rate->basis == KRNI_PER_FEU_KM || rate->basis == KRNI_PER_WAGON_KM ||
           rate->basis == KRNI_PER_TRUCK_KM;
}

double krni_rate_units(const krni_rate *rate, const krni_tariff_case *question, double km,
                       double hours_h)
{
    const krn_load *load = question->load;
    const double teu = load->n_containers * load->teu_share;
    const double days = hours_h / HOURS_PER_DAY;
    const bool sea = question->mode == KRN_SEA;
    const bool at_entry = rate->charge == KRNI_CHARGE_BORDER || rate->charge == KRNI_CHARGE_SEAL;
    const uint32_t vehicles =
        at_entry && question->n_entering ? question->n_entering : question->n_vehicles;
    const uint32_t wagons = sea ? question->n_wagons : question->mode == KRN_RAIL ? vehicles : 0;
    const uint32_t trucks = question->mode == KRN_RAIL ? 0 : vehicles;
    switch ((krni_basis)rate->basis) {
    case KRNI_PER_T:
        return load->net_t;
    case KRNI_PER_TKM:
        return load->net_t * km;
    case KRNI_PER_TEU_KM:
        return teu * km;
    case KRNI_PER_FEU_KM:
        return teu / TEU_PER_FEU * km;
    case KRNI_PER_WAGON_KM:
        return wagons * km;
    case KRNI_PER_TRUCK_KM:
        return trucks * km;
    case KRNI_PER_CONTAINER:
        return load->n_containers;
    case KRNI_PER_TEU:
        return teu;
    case KRNI_PER_WAGON:
        return wagons;
    case KRNI_PER_TRUCK:
        return trucks;
    case KRNI_PER_CONSIGNMENT:
        return 1.0;
    case KRNI_PER_WAGON_DAY:
        return wagons * days;
    case KRNI_PER_TRUCK_DAY:
        return trucks * days;
    case KRNI_PER_VESSEL_DAY:
        return sea ? days : 0.0;
    default:
        return 0.0;
    }
}

double krni_rate_usd(const krn_tariff_book *book, const krni_rate *rate, int32_t day)
{
    if (rate->currency == KRN_NO_ROW)
        return rate->price;
    return rate->price * krni_currency_on(book, rate->currency, day)->usd_per_unit;
}

bool krni_rate_applies(const krni_rate *coefficient, uint32_t rate)
{
    uint32_t low = 0;
    uint32_t high = coefficient->n_applies;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (coefficient->applies[middle] < rate)
            low = middle + 1;
        else
            high = middle;
    }
    return low < coefficient->n_applies && coefficient->applies[low] == rate;
}

/* Whether a kind of charge belongs to this question at all. Where a leg ends right behind a border
 * nothing is hauled: hire and the entry are all that is paid there. */
static bool is_asked(const krni_rate *rate, const krni_tariff_case *question)
{
    switch ((krni_charge_kind)rate->charge) {
    case KRNI_CHARGE_HAUL:
    case KRNI_CHARGE_OTHER:
        return question->km > 0.0 || !question->entered;
    case KRNI_CHARGE_WAGON:
        return question->km > 0.0 || !question->entered || krni_rate_per_day(rate);
    case KRNI_CHARGE_FREIGHT:
        return question->mode == KRN_SEA;
    case KRNI_CHARGE_BORDER:
    case KRNI_CHARGE_SEAL:
        return question->entered;
    default:
        return false;
    }
}

/* At sea a country is that of one of the two ports; a through rate is bound to its ends alone. */
static bool country_holds(const krn_tariff_book *book, const krni_rate *rate,
                          const krni_tariff_case *question)
{
    if (rate->countries.blank || rate->charge == KRNI_CHARGE_THROUGH)
        return true;
    if (question->mode != KRN_SEA)
        return krni_set_has(&rate->countries, question->country);
    const uint32_t ends[] = {question->from_node, question->to_node};
    for (int i = 0; i < 2; i++)
        if (ends[i] < book->n_nodes && krni_set_has(&rate->countries, book->node_country[ends[i]]))
            return true;
    return false;
}

/* ---- choice ---- */

/* Best row of the rates first .. end - 1 of a list (one group) at a distance: rows of rule total
 * are judged by the whole distance, marginal ones by the kilometre at_km. Returns KRN_NO_ROW. */
static uint32_t choose(const krn_tariff_book *book, const krni_rate_list *list, uint32_t first,
                       uint32_t end, const krni_tariff_case *question, double at_km,
                       krni_validity *out_validity)
{
    uint32_t best = KRN_NO_ROW;
    for (uint32_t i = first; i < end; i++) {
        const krni_rate *rate = &book->rates[list->rates[i]];
        if (!rate->coefficient && rate->charge != KRNI_CHARGE_THROUGH && !is_asked(rate, question))
            continue;
        const krni_validity validity = krni_rate_holds(rate, question);
        if (validity == KRNI_OUT || !country_holds(book, rate, question) ||
            !krni_rate_on_route(rate, question) ||
            !krni_rate_in_belt(rate, rate->marginal ? at_km : question->km))
            continue;
        if (best == KRN_NO_ROW ||
            krni_rate_before(rate, validity, &book->rates[best], *out_validity)) {
            best = list->rates[i];
            *out_validity = validity;
        }
    }
    return best;
}

/* End of the group that begins at first. */
static uint32_t group_end(const krn_tariff_book *book, const krni_rate_list *list, uint32_t first)
{
    const uint32_t group = book->rates[list->rates[first]].group;
    uint32_t end = first + 1;
    while (end < list->n_rates && book->rates[list->rates[end]].group == group)
        end++;
    return end;
}

/* Smallest end of a belt of a marginal row above a distance, at most km. */
static double next_belt(const krn_tariff_book *book, const krni_rate_list *list, uint32_t first,
                        uint32_t end, double from_km, double km)
{
    double next = km;
    for (uint32_t i = first; i < end; i++) {
        const krni_rate *rate = &book->rates[list->rates[i]];
        if (!rate->marginal)
            continue;
        if (rate->belt_from_km > from_km && rate->belt_from_km < next)
            next = rate->belt_from_km;
        if (rate->belt_to_km > from_km && rate->belt_to_km < next)
            next = rate->belt_to_km;
    }
    return next;
}

static void add_line(line_list *out, const krn_tariff_book *book, uint32_t rate,
                     krni_validity validity, const krni_tariff_case *question, double km)
{
    const krni_rate *r = &book->rates[rate];
    const double units = krni_rate_units(r, question, km, question->hours_h);
    uint32_t at = 0;
    while (at < out->n_lines && out->lines[at].rate != rate)
        at++;
    if (at == MAX_LINES) {
        out->overflow = true;
        return;
    }
    line *l = &out->lines[at];
    if (at == out->n_lines) {
        out->n_lines++;
        *l = (line){.rate = rate,
                    .validity = validity,
                    .price_usd = krni_rate_usd(book, r, question->day),
                    .units = units};
    } else if (krni_rate_per_km(r)) { /* a further stretch of a marginal belt */
        l->units += units;
    }
    l->amount_usd = l->price_usd * l->units;
    l->running_usd = l->amount_usd;
}

/* Lines of one group of rates. */
static void price_group(const krn_tariff_book *book, const krni_rate_list *list, uint32_t first,
                        uint32_t end, const krni_tariff_case *question, line_list *out)
{
    double done_km = 0.0;
    do {
        const double next_km = next_belt(book, list, first, end, done_km, question->km);
        krni_validity validity = KRNI_OUT;
        const uint32_t rate =
            choose(book, list, first, end, question, 0.5 * (done_km + next_km), &validity);
        if (rate != KRN_NO_ROW)
            add_line(out, book, rate, validity, question, next_km - done_km);
        done_km = next_km;
    } while (done_km < question->km);
}

/* One coefficient on the lines that it applies to, as a line of its own. */
static void multiply(const krn_tariff_book *book, uint32_t coefficient, krni_validity validity,
                     line_list *out)
{
    const krni_rate *rate = &book->rates[coefficient];
    double base = 0.0;
    for (uint32_t i = 0; i < out->n_lines; i++)
        if (krni_rate_applies(rate, out->lines[i].rate)) {
            base += out->lines[i].running_usd;
            out->lines[i].running_usd *= rate->price;
        }
    if (base == 0.0)
        return;
    if (out->n_lines == MAX_LINES) {
        out->overflow = true;
        return;
    }
    out->lines[out->n_lines++] = (line){.rate = coefficient,
                                        .validity = validity,
                                        .price_usd = rate->price,
                                        .units = base,
                                        .amount_usd = base * (rate->price - 1.0)};
}

/* All lines of a question: rates of all groups, then coefficients. */
static void price(const krn_tariff_book *book, const krni_rate_list *list,
                  const krni_tariff_case *question, line_list *out)
{
    out->n_lines = 0;
    out->overflow = false;
    for (uint32_t first = 0; first < list->n_rates;) {
        const uint32_t end = group_end(book, list, first);
        if (!book->rates[list->rates[first]].coefficient) {
            price_group(book, list, first, end, question, out);
        } else if (out->n_lines > 0) {
            krni_validity validity = KRNI_OUT;
            const uint32_t rate = choose(book, list, first, end, question, question->km, &validity);
            if (rate != KRN_NO_ROW)
                multiply(book, rate, validity, out);
        }
        first = end;
    }
}

/* Whether a line carries the cargo: a haul on land, freight or a haul at sea. */
static bool has_carriage(const krn_tariff_book *book, const line_list *lines)
{
    for (uint32_t i = 0; i < lines->n_lines; i++) {
        const krni_rate *rate = &book->rates[lines->lines[i].rate];
        if (!rate->coefficient &&
            (rate->charge == KRNI_CHARGE_HAUL || rate->charge == KRNI_CHARGE_FREIGHT))
            return true;
    }
    return false;
}

/* ---- lines to charges ---- */

static krn_status make_room(krn_charge_list *list, uint32_t more, krn_arena *arena, krn_error *err)
{
    if (list->capacity - list->n_charges >= more)
        return KRN_OK;
    uint32_t capacity = list->capacity ? 2 * list->capacity : 16;
    while (capacity - list->n_charges < more)
        capacity *= 2;
    krn_charge *grown = krn_arena_alloc(arena, capacity * sizeof *grown);
    if (!grown)
        return krni_fail_memory(err);
    if (list->n_charges > 0)
        memcpy(grown, list->charges, list->n_charges * sizeof *grown);
    list->charges = grown;
    list->capacity = capacity;
    return KRN_OK;
}

static krn_charge charge_of(const krn_tariff_book *book, const line *l,
                            const krni_tariff_case *question, uint32_t leg)
{
    const krni_rate *rate = &book->rates[l->rate];
    const krn_package *p = book->package;
    krn_charge charge = {.name = krni_text(p, KRN_TABLE_TARIFF, rate->row, TARIFF_NAME),
                         .amount_usd = l->amount_usd,
                         .price_usd = l->price_usd,
                         .basis_share = l->units,
                         .basis = krni_text(p, KRN_TABLE_TARIFF, rate->row, TARIFF_BASIS),
                         .currency = krni_text(p, KRN_TABLE_TARIFF, rate->row, TARIFF_CURRENCY),
                         .country = question->country,
                         .leg = leg,
                         .figure = krni_figure(KRN_TABLE_TARIFF, rate->row, TARIFF_PRICE),
                         .quality = l->validity == KRNI_CARRIED ? KRN_ESTIMATED : rate->quality};
    if (*charge.currency == '\0')
        charge.currency = "USD";
    if (rate->currency != KRN_NO_ROW)
        charge.quality = krn_quality_weakest(
            charge.quality, krni_currency_on(book, rate->currency, question->day)->quality);
    return charge;
}

static krn_status append(const krn_tariff_book *book, const line_list *lines,
                         const krni_tariff_case *question, uint32_t leg, krn_arena *arena,
                         krn_charge_list *out, krn_error *err)
{
    if (lines->overflow)
        return krni_fail(err, KRN_E_LIMIT, "a haul has more than %d charges", MAX_LINES);
    if (make_room(out, lines->n_lines, arena, err))
        return KRN_E_MEMORY;
    for (uint32_t i = 0; i < lines->n_lines; i++)
        out->charges[out->n_charges++] = charge_of(book, &lines->lines[i], question, leg);
    return KRN_OK;
}

/* ---- questions ---- */

/* Wagons of the gauge that needs the fewest, for a price per wagon on a ferry. */
static uint32_t ferry_wagons(const krn_tariff_book *book, const krn_load *load)
{
    uint32_t least = 0;
    for (int g = 0; g < KRN_MAX_GAUGES; g++) {
        const uint32_t n = krn_cargo_wagons(book->package, load, g, 0.0);
        if (n > 0 && (least == 0 || n < least))
            least = n;
    }
    return least;
}

static krni_tariff_case case_of(const krn_tariff_book *book, const krn_load *load,
                                const krn_haul *haul, int32_t day)
{
    krni_tariff_case question = {.load = load,
                                 .mode = haul->mode,
                                 .country = haul->country,
                                 .origin = haul->origin,
                                 .destination = haul->destination,
                                 .n_vehicles = haul->n_wagons,
                                 .n_entering = haul->n_entering,
                                 .day = day,
                                 .km = haul->country_km,
                                 .hours_h = haul->hours_h,
                                 .entered =
                                     haul->enter_from != 0 && haul->enter_from != haul->country,
                                 .from_node = haul->from_node,
                                 .to_node = haul->to_node,
                                 .nodes = haul->nodes,
                                 .n_nodes = haul->n_nodes};
    if (haul->mode == KRN_SEA) {
        question.n_vehicles = krn_cargo_trucks(book->package, load);
        question.n_wagons = ferry_wagons(book, load);
    }
    return question;
}

static krni_rate_list list_of(const krn_tariff_book *book, const krni_tariff_case *question)
{
    return question->mode == KRN_SEA ? krni_tariff_sea(book, question->from_node)
                                     : krni_tariff_land(book, question->mode, question->country);
}

/* The list of a question without the rows that hold on no route. Marginal rows stay, for their
 * belts part the distance. */
static krn_status list_known(const krn_tariff_book *book, const krni_tariff_case *question,
                             krni_rate_memo *memo, krni_rate_list *out, krn_error *err)
{
    *out = list_of(book, question);
    if (!memo || question->mode == KRN_SEA || question->n_vehicles == 0)
        return KRN_OK;
    for (uint32_t i = 0; i < memo->n; i++)
        if (memo->of[i].mode == question->mode && memo->of[i].country == question->country) {
            *out = memo->of[i].list;
            return KRN_OK;
        }
    if (memo->n == KRNI_MEMO_COUNTRIES)
        return KRN_OK;
    uint32_t *rates = krn_arena_alloc(memo->arena, ((size_t)out->n_rates + 1) * sizeof *rates);
    uint32_t n = 0;
    if (!rates)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < out->n_rates; i++) {
        const krni_rate *rate = &book->rates[out->rates[i]];
        if (rate->marginal ||
            (krni_rate_holds(rate, question) != KRNI_OUT && country_holds(book, rate, question)))
            rates[n++] = out->rates[i];
    }
    *out = (krni_rate_list){rates, n};
    memo->of[memo->n].mode = question->mode;
    memo->of[memo->n].country = question->country;
    memo->of[memo->n++].list = *out;
    return KRN_OK;
}

static krn_status fail_no_rate(const krn_tariff_book *book, const krni_tariff_case *question,
                               krn_error *err)
{
    char country[3];
    krn_country_text(question->country, country);
    return krni_fail(err, KRN_E_RULE, "tariff.csv: no rate by %s for cargo class %s in country %s",
                     krn_mode_name(question->mode),
                     krni_text(book->package, KRN_TABLE_CARGO_CLASS, question->load->cargo_class,
                               CARGO_CLASS_CARGO_CLASS),
                     country);
}

krn_status krni_tariff_haul(const krn_tariff_book *book, const krn_load *load, const krn_haul *haul,
                            int32_t day, uint32_t leg, krni_rate_memo *memo, krn_arena *arena,
                            krn_charge_list *out, krn_error *err)
{
    assert(haul->country_km >= 0.0 && haul->hours_h >= 0.0);
    const krni_tariff_case question = case_of(book, load, haul, day);
    krni_rate_list list;
    const krn_status st = list_known(book, &question, memo, &list, err);
    if (st)
        return st;
    line_list lines;
    price(book, &list, &question, &lines);
    if (question.km > 0.0 && !has_carriage(book, &lines))
        return fail_no_rate(book, &question, err);
    return append(book, &lines, &question, leg, arena, out, err);
}

krn_status krn_tariff_haul(const krn_tariff_book *book, const krn_load *load, const krn_haul *haul,
                           int32_t day, uint32_t leg, krn_arena *arena, krn_charge_list *out,
                           krn_error *err)
{
    return krni_tariff_haul(book, load, haul, day, leg, NULL, arena, out, err);
}

krn_status krn_tariff_through(const krn_tariff_book *book, const krn_load *load,
                              const krn_haul *leg, int32_t day, uint32_t leg_index,
                              krn_arena *arena, krn_charge_list *out, bool *out_found,
                              krn_error *err)
{
    krni_tariff_case question = case_of(book, load, leg, day);
    question.km = leg->leg_km;
    *out_found = false;
    for (uint32_t i = 0; i < book->through.n_rates; i++) {
        const krni_rate *rate = &book->rates[book->through.rates[i]];
        if (rate->coefficient || rate->lane < 2 || !(rate->modes & (1u << leg->mode)))
            continue;
        /* the country that the kind of traffic is seen from */
        if (rate->countries.n_items == 1 && !rate->countries.any)
            question.country = (krn_country)rate->countries.items[0];
        else
            question.country = leg->country;
        if (krni_rate_holds(rate, &question) == KRNI_OUT || !krni_rate_on_route(rate, &question))
            continue;
        line_list lines;
        price(book, &book->through, &question, &lines);
        *out_found = true;
        return append(book, &lines, &question, leg_index, arena, out, err);
    }
    return KRN_OK;
}

double krn_tariff_voyage_usd(const krn_tariff_book *book, const krn_load *load, uint32_t from_node,
                             uint32_t to_node, double voyage_km, krn_country origin,
                             krn_country destination, int32_t day)
{
    const uint32_t nodes[] = {from_node, to_node};
    const krn_haul haul = {.mode = KRN_SEA,
                           .country_km = voyage_km,
                           .leg_km = voyage_km,
                           .from_node = from_node,
                           .to_node = to_node,
                           .nodes = nodes,
                           .n_nodes = 2,
                           .origin = origin,
                           .destination = destination};
    const krni_tariff_case question = case_of(book, load, &haul, day);
    const krni_rate_list list = list_of(book, &question);
    line_list lines;
    price(book, &list, &question, &lines);
    if (lines.overflow || !has_carriage(book, &lines))
        return NAN;
    double sum = 0.0;
    for (uint32_t i = 0; i < lines.n_lines; i++)
        sum += lines.lines[i].amount_usd;
    return sum;
}
