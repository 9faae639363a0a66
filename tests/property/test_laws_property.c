/* SPDX-License-Identifier: Apache-2.0 */
/* test_laws_property.c - laws that hold for every table: random tariff books and routes, random
 * rules, random durations.
 *
 *   sum over country parts of bound * km + entries  <=  exact price of the route
 *   gate of a point with the route unknown          >=  leads of the papers of the route there
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <keruen/cargo.h>
#include <keruen/duration.h>
#include <keruen/rule.h>
#include <keruen/tariff.h>

#include "support/assert_near.h"
#include "support/mini_tables.h"

#define N_NODES     6
#define N_COUNTRIES 3
#define DAY         20000

static const krn_country countries[N_COUNTRIES] = {KRN_COUNTRY('A', 'A'), KRN_COUNTRY('B', 'B'),
                                                   KRN_COUNTRY('C', 'C')};
static const char *const country_names[] = {"", "any", "AA", "BB", "CC", "AA;BB", "BB;CC"};

typedef struct dice {
    uint64_t state;
} dice;

static uint32_t roll(dice *d, uint32_t n)
{
    d->state += 0x9e3779b97f4a7c15u;
    uint64_t z = d->state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (uint32_t)((z ^ (z >> 31)) % n);
}

static const char *pick(dice *d, const char *const *words, uint32_t n)
{
    return words[roll(d, n)];
}

typedef struct text {
    char data[16384];
    size_t used;
} text;

static void put(text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(text *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const int n = vsnprintf(t->data + t->used, sizeof t->data - t->used, format, args);
    va_end(args);
    assert_true(n >= 0 && (size_t)n < sizeof t->data - t->used);
    t->used += (size_t)n;
}

static void base_tables(mini *m)
{
    mini_table(m, "node.csv",
               "node_id,name,kr_country\nn0,0,AA\nn1,1,AA\nn2,2,BB\nn3,3,BB\nn4,4,CC\nn5,5,CC\n");
    mini_table(m, "cargo_class.csv", "cargo_class,name\ngrain,Grain\nbox,Boxes\n");
    mini_table(m, "vehicle.csv",
               "vehicle_id,name,kind,payload_t\ntruck,Truck,truck,20\nwagon,Wagon,wagon,50\n");
    mini_table(m, "currency.csv",
               "currency,valid_from,usd_per_unit\nXXX,2000-01-01,0.5\nXXX,2030-01-01,0.7\n");
}

/* One random row of tariff.csv. open: lanes, via, belts, carried rows and fixed amounts as well. */
static void put_tariff(dice *d, text *t, int i, bool open)
{
    static const char *const per_km[] = {"tkm", "wagon_km", "truck_km", "teu_km"};
    static const char *const fixed[] = {"t", "wagon", "consignment", "wagon_day"};
    static const char *const groups[] = {"g", "h", "", "i"};
    static const char *const traffics[] = {"", "", "", "transit", "export"};
    static const char *const classes[] = {"", "", "grain", "box"};
    static const char *const vias[] = {"n0", "n2", "n3;n4", "n5"};
    static const char *const charges[] = {"haul", "haul", "haul", "wagon", "border", "seal"};
    const bool coefficient = roll(d, 4) == 0;
    const char *charge = coefficient ? "haul" : pick(d, charges, open ? 6 : 3);
    const bool entry = *charge == 'b' || *charge == 's';
    const char *basis = coefficient               ? "coefficient"
                        : entry                   ? fixed[1 + roll(d, 2)]
                        : open && roll(d, 4) == 0 ? pick(d, fixed, 4)
                                                  : pick(d, per_km, 4);
    put(t, "r%02d,R,%s,%s,%s,%s,%s,%s,%s,", i, coefficient ? "coefficient" : "rate", charge,
        roll(d, 4) ? "any" : "rail", pick(d, country_names, 7), pick(d, traffics, open ? 5 : 1),
        pick(d, classes, 4), basis);
    put(t, "%g,%s,%s,", coefficient ? 0.25 * (1 + roll(d, 8)) : 0.5 * (1 + roll(d, 20)),
        !coefficient && roll(d, 3) == 0 ? "XXX" : "",
        coefficient ? "k"
        : entry     ? charge
                    : groups[roll(d, 4)]);
    put(t, "%s,%d,", coefficient ? (roll(d, 2) ? "g;h" : "r01;haul") : "", (int)roll(d, 3));
    if (!open) {
        put(t, ",,,,,,,,\n");
        return;
    }
    put(t, "%s,", roll(d, 3) ? "" : pick(d, vias, 4));
    put(t, "%s,%s,%s,", roll(d, 6) ? "" : "n0", roll(d, 6) ? "" : "n4", roll(d, 2) ? "true" : "");
    const uint32_t from = roll(d, 3) ? 0 : 100 * (1 + roll(d, 9));
    put(t, "%u,", from);
    if (roll(d, 3) == 0)
        put(t, "%u,", from + 100 * (1 + roll(d, 9)));
    else
        put(t, ",");
    put(t, "%s,", roll(d, 2) ? "marginal" : "total");
    put(t, "%s,%s\n", roll(d, 4) ? "" : "2020-01-01", roll(d, 2) ? "true" : "");
}

static krn_package *random_tariffs(dice *d, bool open)
{
    static text t;
    mini *m = mini_new();
    t.used = 0;
    put(&t, "tariff_id,name,use,charge,mode,countries,traffic,cargo_classes,basis,price,currency,"
            "group,applies_to,priority,via_node_ids,from_node_id,to_node_id,both_ways,"
            "distance_from_km,distance_to_km,belt_rule,valid_to,carry_forward\n");
    const int n = 1 + (int)roll(d, 24);
    for (int i = 0; i < n; i++)
        put_tariff(d, &t, i, open);
    base_tables(m);
    mini_table(m, "tariff.csv", t.data);
    return mini_package(m);
}

static krn_load random_load(dice *d)
{
    krn_load load = {.net_t = 1.0 + roll(d, 500),
                     .wagon = {1, KRN_NO_ROW, KRN_NO_ROW, KRN_NO_ROW},
                     .truck = 0,
                     .hs_code = "1003"};
    load.cargo_class = roll(d, 2);
    load.class_bit = (uint16_t)(1u << load.cargo_class);
    load.gross_t = load.net_t;
    if (load.cargo_class == 1) {
        load.n_containers = 1 + roll(d, 20);
        load.teu_share = 1.0 + roll(d, 2);
        load.container_feet = (int)(20 * load.teu_share);
        load.unit_gross_t = load.net_t / load.n_containers + 2.0;
        load.gross_t = load.unit_gross_t * load.n_containers;
    }
    return load;
}

/* A leg through some countries in order; each part some hundred km. */
static uint32_t random_leg(dice *d, const krn_load *load, krn_haul parts[N_COUNTRIES],
                           const uint32_t *nodes, uint32_t n_nodes)
{
    const uint32_t n = 1 + roll(d, N_COUNTRIES);
    const krn_mode mode = roll(d, 2) ? KRN_RAIL : KRN_ROAD;
    const uint32_t vehicles = 1 + (uint32_t)(load->net_t / 20.0);
    krn_country before = 0;
    for (uint32_t i = 0; i < n; i++) {
        parts[i] = (krn_haul){.mode = mode,
                              .country = countries[i],
                              .country_km = roll(d, 12000) / 10.0 + 0.1,
                              .n_wagons = vehicles,
                              .hours_h = roll(d, 100),
                              .from_node = nodes[0],
                              .to_node = nodes[n_nodes - 1],
                              .nodes = nodes,
                              .n_nodes = n_nodes,
                              .origin = countries[0],
                              .destination = countries[N_COUNTRIES - 1],
                              .enter_from = before};
        before = countries[i];
    }
    return n;
}

static double sum_of(const krn_charge_list *list)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < list->n_charges; i++)
        sum += list->charges[i].amount_usd;
    return sum;
}

/* Exact price and bound of one leg; false when a part has no rate. */
static bool price_and_bound(const krn_tariff_book *book, const krn_load *load,
                            const krn_haul *parts, uint32_t n_parts, krn_arena *arena,
                            double *out_exact, double *out_bound)
{
    krn_charge_list list = {0};
    *out_bound = 0.0;
    for (uint32_t i = 0; i < n_parts; i++) {
        const krn_haul *h = &parts[i];
        krn_error err;
        const krn_status status = krn_tariff_haul(book, load, h, DAY, 0, arena, &list, &err);
        const double per_km = krn_tariff_bound_usd_per_km(
            book, load, h->mode, h->country, 0, h->n_wagons, h->origin, h->destination, DAY);
        if (status != KRN_OK) {
            assert_int_equal(status, KRN_E_RULE);
            return false;
        }
        assert_true(per_km == per_km); /* no NaN: what has a price has a bound */
        *out_bound += per_km * h->country_km;
        if (h->enter_from)
            *out_bound += krn_tariff_bound_entry_usd(book, load, h->mode, h->country, h->n_wagons,
                                                     h->origin, h->destination, DAY);
    }
    *out_exact = sum_of(&list);
    return true;
}

static void check_bounds(uint64_t seed, bool open, uint32_t *priced)
{
    dice d = {seed};
    krn_package *package = random_tariffs(&d, open);
    krn_tariff_book *book;
    krn_error err;
    assert_int_equal(krn_tariff_book_new(package, &book, &err), KRN_OK);
    krn_arena *arena = krn_arena_new(NULL, 0);
    for (int trip = 0; trip < 20; trip++) {
        krn_haul parts[N_COUNTRIES];
        uint32_t nodes[4];
        const uint32_t n_nodes = 2 + roll(&d, 3);
        for (uint32_t i = 0; i < n_nodes; i++)
            nodes[i] = roll(&d, N_NODES);
        const krn_load load = random_load(&d);
        const uint32_t n = random_leg(&d, &load, parts, nodes, n_nodes);
        double exact;
        double bound;
        krn_arena_reset(arena);
        if (!price_and_bound(book, &load, parts, n, arena, &exact, &bound))
            continue;
        (*priced)++;
        const double slack = 1e-9 * (1.0 + fabs(exact));
        if (bound > exact + slack)
            fail_msg("seed %llu: bound %.17g above exact %.17g", (unsigned long long)seed, bound,
                     exact);
        if (!open)
            assert_near(bound, exact, slack);
    }
    krn_arena_free(arena);
    krn_tariff_book_free(book);
    krn_package_free(package);
}

static void no_bound_is_above_the_exact_price(void **state)
{
    (void)state;
    uint32_t priced = 0;
    for (uint64_t seed = 1; seed <= 10000; seed++)
        check_bounds(seed, true, &priced);
    assert_true(priced > 10000);
}

static void without_tapers_and_conditions_the_bound_is_the_price(void **state)
{
    (void)state;
    uint32_t priced = 0;
    for (uint64_t seed = 1; seed <= 1000; seed++)
        check_bounds(seed, false, &priced);
    assert_true(priced > 3000);
}

static void prices_come_out_the_same_twice(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        double sums[2] = {0.0, 0.0};
        for (int run = 0; run < 2; run++) {
            dice d = {seed};
            krn_package *package = random_tariffs(&d, true);
            krn_tariff_book *book;
            assert_int_equal(krn_tariff_book_new(package, &book, NULL), KRN_OK);
            krn_arena *arena = krn_arena_new(NULL, 0);
            const uint32_t nodes[] = {0, 3, 4};
            krn_haul parts[N_COUNTRIES];
            const krn_load load = random_load(&d);
            const uint32_t n = random_leg(&d, &load, parts, nodes, 3);
            double bound;
            (void)price_and_bound(book, &load, parts, n, arena, &sums[run], &bound);
            krn_arena_free(arena);
            krn_tariff_book_free(book);
            krn_package_free(package);
        }
        assert_true(sums[0] == sums[1]);
    }
}

/* ---- rules ---- */

static krn_package *random_rules(dice *d)
{
    static const char *const gates[] = {"departure",    "enter",    "leave", "load_sea",
                                        "gauge_change", "delivery", "none"};
    static const char *const modes[] = {"", "", "rail", "road", "rail;sea"};
    static const char *const nodes[] = {"", "", "n1", "n2;n5"};
    static const char *const transits[] = {"", "", "BB", "BB;CC", "AA"};
    static text t;
    mini *m = mini_new();
    t.used = 0;
    put(&t, "rule_id,use,name,kind,gate,lead_typical_days,modes,origin_countries,"
            "destination_countries,enter_countries,leave_countries,transit_countries,node_ids\n");
    const int n = 1 + (int)roll(d, 20);
    for (int i = 0; i < n; i++) {
        put(&t, "r%02d,%s,R,customs,%s,%u,", i, roll(d, 5) ? "required" : "optional",
            pick(d, gates, 7), roll(d, 20));
        put(&t, "%s,%s,%s,", pick(d, modes, 5), pick(d, country_names, 7),
            pick(d, country_names, 7));
        put(&t, "%s,%s,", roll(d, 2) ? "" : pick(d, country_names, 7),
            roll(d, 2) ? "" : pick(d, country_names, 7));
        put(&t, "%s,%s\n", pick(d, transits, 5), pick(d, nodes, 4));
    }
    base_tables(m);
    mini_table(m, "rule.csv", t.data);
    return mini_package(m);
}

/* Points of a route AA - BB - CC by random modes. */
static uint32_t random_points(dice *d, krn_rule_point *points)
{
    const krn_mode first = (krn_mode)roll(d, 3);
    const krn_mode second = (krn_mode)roll(d, 3);
    uint32_t n = 0;
    points[n++] = (krn_rule_point){
        .gate = KRN_GATE_DEPARTURE, .mode = first, .country = countries[0], .node = 0};
    if (first == KRN_SEA)
        points[n++] = (krn_rule_point){
            .gate = KRN_GATE_LOAD_SEA, .mode = first, .country = countries[0], .node = 1};
    for (uint32_t i = 1; i < N_COUNTRIES; i++) {
        const krn_mode mode = i == 1 ? first : second;
        points[n++] = (krn_rule_point){.gate = KRN_GATE_LEAVE,
                                       .mode = mode,
                                       .country = countries[i - 1],
                                       .other = countries[i],
                                       .node = 2 * i - 1};
        points[n++] = (krn_rule_point){.gate = KRN_GATE_ENTER,
                                       .mode = mode,
                                       .country = countries[i],
                                       .other = countries[i - 1],
                                       .node = 2 * i};
        if (mode == KRN_RAIL)
            points[n++] = (krn_rule_point){.gate = KRN_GATE_GAUGE_CHANGE,
                                           .mode = mode,
                                           .country = countries[i],
                                           .node = 2 * i};
    }
    points[n++] = (krn_rule_point){
        .gate = KRN_GATE_DELIVERY, .mode = second, .country = countries[2], .node = 5};
    for (uint32_t i = 0; i < n; i++)
        points[i].at = (krn_time)i * 86400;
    return n;
}

static void a_gate_is_never_smaller_than_what_the_route_needs(void **state)
{
    (void)state;
    uint32_t n_papers = 0;
    krn_arena *arena = krn_arena_new(NULL, 0);
    for (uint64_t seed = 1; seed <= 3000; seed++) {
        dice d = {seed};
        krn_package *package = random_rules(&d);
        krn_rule_book *book;
        assert_int_equal(krn_rule_book_new(package, &book, NULL), KRN_OK);
        const krn_consignment consignment = {.ready = 0};
        const krn_load load = random_load(&d);
        static const uint32_t nodes[] = {0, 1, 2, 3, 4, 5};
        krn_rule_case known = {.consignment = &consignment,
                               .load = &load,
                               .origin = countries[0],
                               .destination = countries[2],
                               .day = DAY,
                               .countries = countries,
                               .n_countries = N_COUNTRIES,
                               .nodes = nodes,
                               .n_nodes = N_NODES};
        krn_rule_case unknown = known;
        unknown.countries = NULL;
        unknown.nodes = NULL;
        krn_rule_point points[16];
        const uint32_t n = random_points(&d, points);
        krn_paper_list list = {0};
        krn_arena_reset(arena);
        assert_int_equal(krn_rule_papers(book, &known, points, n, arena, &list, NULL), KRN_OK);
        for (uint32_t i = 0; i < list.n_papers; i++) {
            const krn_paper *paper = &list.papers[i];
            if (paper->optional || paper->gate == KRN_GATE_NONE)
                continue;
            double waited = 0.0;
            for (uint32_t k = 0; k < n; k++)
                if (points[k].node == paper->gate_node &&
                    (points[k].gate == paper->gate || paper->gate == KRN_GATE_DEPARTURE))
                    waited = fmax(waited, krn_rule_gate_h(book, &unknown, &points[k]));
            assert_true(waited >= paper->lead_days_h);
            n_papers++;
        }
        for (uint32_t k = 0; k < n; k++)
            assert_true(krn_rule_gate_h(book, &unknown, &points[k]) >=
                        krn_rule_gate_h(book, &known, &points[k]));
        krn_rule_book_free(book);
        krn_package_free(package);
    }
    krn_arena_free(arena);
    assert_true(n_papers > 2000);
}

/* ---- durations ---- */

static void a_worse_duration_is_worse_at_every_quantile(void **state)
{
    (void)state;
    dice d = {7};
    for (int trial = 0; trial < 3000; trial++) {
        const double low = roll(&d, 100) / 7.0;
        const double typical = low + roll(&d, 100) / 3.0 + 0.01;
        const krn_duration a = {low, typical, typical + roll(&d, 300) / 3.0};
        const krn_duration b = {a.low_h, a.typical_h, a.high_h + 1.0};
        assert_true(krn_duration_mean_h(b) > krn_duration_mean_h(a));
        for (int i = 1; i < 50; i++) {
            const double p = i / 50.0;
            const double q = krn_duration_quantile_h(a, p);
            assert_true(q >= 0.0 && krn_duration_quantile_h(b, p) >= q);
            assert_near_relative(krn_duration_quantile_h(krn_duration_scale(a, 3.0), p), 3.0 * q,
                                 1e-12);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_bound_is_above_the_exact_price),
        cmocka_unit_test(without_tapers_and_conditions_the_bound_is_the_price),
        cmocka_unit_test(prices_come_out_the_same_twice),
        cmocka_unit_test(a_gate_is_never_smaller_than_what_the_route_needs),
        cmocka_unit_test(a_worse_duration_is_worse_at_every_quantile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
