/* SPDX-License-Identifier: Apache-2.0 */
/* test_way_uses.c - what a lot takes along its way, by hand and as a run serves it.
 *
 *   a-farm ==180== a-junction ==300== a-gate ==25==]border[== b-gate 1520|1435 ==290== b-city
 * ==360== b-gulf 12 pairs of trains a day on every link, 4,000 t each; border 8 trains, yard 60
 * wagons a day
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/assert_near.h"
#include "support/mini_network.h"
#include "support/random_corridor.h"
#include "support/sim_streams.h"

#define LOT_T 1000.0
#define NEAR  1e-9

typedef struct desk {
    krn_network *net;
    krn_arena *arena;
    krn_sim_stream stream;
    krn_sim_input input;
    krn_sim *sim;
} desk;

/* A stream of lots of barley over the ways of some modes. */
static desk *open_desk(const mini_edit *edits, uint32_t n, unsigned modes)
{
    desk *d = calloc(1, sizeof *d);
    assert_non_null(d);
    d->net = mini_network(edits, n);
    d->arena = krn_arena_new(NULL, 0);
    const krn_time start = (krn_time)krn_day_from_civil(2026, 3, 2) * KRN_SECONDS_PER_DAY;
    d->stream.lot = (krn_consignment){
        .commodity = mini_row(d->net, KRN_TABLE_COMMODITY, "barley"),
        .loading_unit = KRN_NO_ROW,
        .net_t = LOT_T,
        .origin = mini_row(d->net, KRN_TABLE_NODE, "a-farm"),
        .destination = mini_row(d->net, KRN_TABLE_NODE, "b-gulf"),
        .ready = start,
        .due = KRN_TIME_NONE,
    };
    krn_sim_way *ways;
    d->stream.n_ways = sim_ways(d->net, &d->stream.lot, modes, 1, 0, d->arena, &ways);
    assert_int_equal(d->stream.n_ways, 1);
    d->stream.ways = ways;
    d->stream.lots_a_year = 120.0;
    d->stream.papers_ahead = true;
    sim_even_months(&d->stream);
    d->input = (krn_sim_input){.network = d->net,
                               .streams = &d->stream,
                               .n_streams = 1,
                               .n_groups = 1,
                               .start = start,
                               .days = 365.0,
                               .seed = 1};
    d->sim = sim_make(&d->input);
    return d;
}

static void close_desk(desk *d)
{
    krn_sim_free(d->sim);
    krn_arena_free(d->arena);
    krn_network_free(d->net);
    free(d);
}

static uint32_t uses_of(desk *d, krn_sim_way_use **uses)
{
    uint32_t n = 0;
    krn_error err;
    if (krn_sim_way_uses(d->sim, 0, 0, d->arena, &n, uses, &err))
        fail_msg("%s", err.text);
    return n;
}

/* The only use of a resource of a kind (and at a link, where it is one); stops else. */
static const krn_sim_way_use *use_of(desk *d, krn_sim_resource_kind kind, const char *link)
{
    krn_sim_way_use *uses;
    const krn_sim_way_use *found = NULL;
    const uint32_t n = uses_of(d, &uses);
    for (uint32_t i = 0; i < n; i++) {
        const krn_sim_resource r = krn_sim_resource_at(d->sim, uses[i].resource);
        if (r.kind != kind || (link && r.figure.row != mini_row(d->net, KRN_TABLE_LINK, link)))
            continue;
        assert_null(found);
        found = &uses[i];
    }
    assert_non_null(found);
    return found;
}

static void uses_come_in_the_order_of_the_way(void **state)
{
    (void)state;
    desk *d = open_desk(NULL, 0, KRN_ALL_MODES);
    krn_sim_way_use *uses;
    const uint32_t n = uses_of(d, &uses);
    const krn_sim_way *way = &d->stream.ways[0];
    uint32_t at = 0;
    assert_true(n > 0);
    for (uint32_t i = 0; i < n; i++) {
        while (at < way->n_activities && way->activities[at].index != uses[i].activity.index)
            at++;
        assert_true(at < way->n_activities);
        assert_true(uses[i].quantity > 0.0 && uses[i].occupy_h >= 0.0);
        const krn_sim_resource r = krn_sim_resource_at(d->sim, uses[i].resource);
        assert_true(isfinite(r.capacity) || r.rate_a_day > 0.0); /* something limits */
    }
    close_desk(d);
}

static void a_way_over_rails_takes_what_the_tables_say(void **state)
{
    (void)state;
    desk *d = open_desk(NULL, 0, 1u << KRN_RAIL);
    const krn_package *p = krn_network_package(d->net);
    krn_load load;
    krn_activity_cost *costs;
    assert_int_equal(
        krn_network_weigh(d->net, &d->stream.lot, d->input.start, d->arena, &load, &costs, NULL),
        KRN_OK);
    const uint32_t broad = krn_cargo_wagons(p, &load, 1, 0.0);
    const double tare =
        krn_package_number(p, KRN_TABLE_VEHICLE, load.wagon[1],
                           (uint32_t)krn_package_column(p, KRN_TABLE_VEHICLE, "tare_t"));
    const double laden_t = load.gross_t + broad * tare, empty_t = broad * tare;

    /* border: 8 trains a day of 4,000 t */
    const krn_sim_way_use *use = use_of(d, KRN_RESOURCE_BORDER, NULL);
    assert_near(use->quantity, laden_t / 4000.0, NEAR);
    assert_near(use->occupy_h, laden_t / 4000.0 * 3.0, NEAR);
    /* yard: 60 wagons a day */
    use = use_of(d, KRN_RESOURCE_GAUGE_YARD, NULL);
    assert_near(use->quantity, broad, NEAR);
    assert_near(use->occupy_h, broad * 24.0 / 60.0, NEAR);
    /* section: laden there, empty back; 12 trains each way */
    use = use_of(d, KRN_RESOURCE_SECTION, "r-junction-gate");
    assert_near(use->quantity, (laden_t + empty_t) / 2.0 / 4000.0, NEAR);
    assert_near(use->occupy_h, use->quantity * 2.0, NEAR);
    close_desk(d);
}

/* What a run serves is lots times what one lot takes. */
static void a_run_serves_what_lots_take(void **state)
{
    (void)state;
    static const unsigned modes[3] = {1u << KRN_RAIL, 1u << KRN_ROAD, KRN_ALL_MODES};
    uint32_t compared = 0;
    for (unsigned k = 0; k < 3; k++) {
        desk *d = open_desk(NULL, 0, modes[k]);
        double *m = calloc(krn_sim_metrics(d->sim), sizeof *m);
        assert_non_null(m);
        sim_run(d->sim, 0, m, NULL);
        krn_sim_way_use *uses;
        const uint32_t n = uses_of(d, &uses);
        for (uint32_t i = 0; i < n; i++) {
            const krn_sim_resource_kind kind = krn_sim_resource_at(d->sim, uses[i].resource).kind;
            if (kind != KRN_RESOURCE_BORDER && kind != KRN_RESOURCE_GAUGE_YARD &&
                kind != KRN_RESOURCE_TERMINAL)
                continue;
            double a_lot = 0.0;
            for (uint32_t j = 0; j < n; j++)
                a_lot += uses[j].resource == uses[i].resource ? uses[j].quantity : 0.0;
            const double served = m[krn_sim_use_at(d->sim, uses[i].resource, KRN_USE_SERVED)];
            const double lots = served / a_lot;
            assert_true(lots > 50.0);
            assert_near(lots, floor(lots + 0.5), 1e-6);
            compared++;
        }
        free(m);
        close_desk(d);
    }
    assert_true(compared >= 5);
}

/* Pools: as many as Little says, where nobody waits and times are typical. */
static void pools_hold_what_lots_take_times_their_number(void **state)
{
    (void)state;
    desk *d = open_desk(NULL, 0, 1u << KRN_RAIL);
    krn_sim_free(d->sim);
    d->input.typical = true;
    d->input.warmup_d = 60.0;
    d->sim = sim_make(&d->input);
    double *m = calloc(krn_sim_metrics(d->sim), sizeof *m);
    assert_non_null(m);
    sim_run(d->sim, 0, m, NULL);
    krn_sim_way_use *uses;
    const uint32_t n = uses_of(d, &uses);
    uint32_t compared = 0;
    for (uint32_t i = 0; i < n; i++) {
        const krn_sim_resource r = krn_sim_resource_at(d->sim, uses[i].resource);
        if (r.kind != KRN_RESOURCE_WAGONS)
            continue;
        const double level = m[krn_sim_use_at(d->sim, uses[i].resource, KRN_USE_LEVEL)];
        assert_near_relative(level, uses[i].quantity * 120.0 / 365.0, 0.08);
        compared++;
    }
    assert_int_equal(compared, 2);
    free(m);
    close_desk(d);
}

static void a_blank_capacity_limits_nothing_and_is_not_used(void **state)
{
    (void)state;
    static const mini_edit edits[] = {
        {KRN_TABLE_LINK, "r-junction-gate", "kr_trains_per_day", ""},
        {KRN_TABLE_BORDER, "bo-rail-out", "trains_per_day", ""},
        {KRN_TABLE_GAUGE_CHANGE, "gc-out", "wagons_per_day", ""},
        {KRN_TABLE_GAUGE_CHANGE, "gc-out-container", "wagons_per_day", ""}, /* the same yard */
    };
    desk *d = open_desk(edits, 4, 1u << KRN_RAIL);
    krn_sim_way_use *uses;
    const uint32_t n = uses_of(d, &uses);
    for (uint32_t i = 0; i < n; i++) {
        const krn_sim_resource r = krn_sim_resource_at(d->sim, uses[i].resource);
        assert_true(r.kind != KRN_RESOURCE_BORDER && r.kind != KRN_RESOURCE_GAUGE_YARD);
        assert_false(r.kind == KRN_RESOURCE_SECTION &&
                     r.figure.row == mini_row(d->net, KRN_TABLE_LINK, "r-junction-gate"));
    }
    close_desk(d);
}

static void a_ship_is_taken_in_part_and_stores_and_berths_for_a_time(void **state)
{
    (void)state;
    static const mini_edit no_gate = {KRN_TABLE_LINK, "r-gate", "kr_status", "planned"};
    desk *d = open_desk(&no_gate, 1, 1u << KRN_RAIL | 1u << KRN_SEA);
    const uint32_t port = mini_row(d->net, KRN_TABLE_NODE, "a-port");
    krn_sim_way_use *uses;
    const uint32_t n = uses_of(d, &uses);
    bool ship = false, store = false, berth = false;
    for (uint32_t i = 0; i < n; i++) {
        const krn_sim_resource r = krn_sim_resource_at(d->sim, uses[i].resource);
        if (r.from_node != port)
            continue;
        if (r.kind == KRN_RESOURCE_SERVICE) {
            ship = true;
            assert_true(uses[i].quantity >= LOT_T / 4000.0 && uses[i].quantity < 1.0);
            assert_near(uses[i].occupy_h, uses[i].quantity * 24.0 / r.rate_a_day, NEAR);
        } else if (r.kind == KRN_RESOURCE_STORAGE) {
            store = true;
            assert_near(uses[i].quantity, LOT_T * uses[i].occupy_h / 24.0, 1e-6);
            assert_true(uses[i].occupy_h > 36.0); /* law of the terminal, then the ship */
        } else if (r.kind == KRN_RESOURCE_BERTHS) {
            berth = true;
            assert_near(uses[i].occupy_h, LOT_T / 200.0, NEAR); /* 200 t an hour */
            assert_near(uses[i].quantity, LOT_T / 200.0 / 24.0, NEAR);
        }
    }
    assert_true(ship && store && berth);
    close_desk(d);
}

static void what_is_not_there_is_refused(void **state)
{
    (void)state;
    desk *d = open_desk(NULL, 0, 1u << KRN_RAIL);
    uint32_t n;
    krn_sim_way_use *uses;
    krn_error err;
    assert_int_equal(krn_sim_way_uses(d->sim, 1, 0, d->arena, &n, &uses, &err), KRN_E_ARG);
    assert_int_equal(krn_sim_way_uses(d->sim, 0, 1, d->arena, &n, &uses, &err), KRN_E_ARG);
    assert_int_equal(krn_sim_way_uses(NULL, 0, 0, d->arena, &n, &uses, &err), KRN_E_ARG);
    close_desk(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uses_come_in_the_order_of_the_way),
        cmocka_unit_test(a_way_over_rails_takes_what_the_tables_say),
        cmocka_unit_test(a_run_serves_what_lots_take),
        cmocka_unit_test(pools_hold_what_lots_take_times_their_number),
        cmocka_unit_test(a_blank_capacity_limits_nothing_and_is_not_used),
        cmocka_unit_test(a_ship_is_taken_in_part_and_stores_and_berths_for_a_time),
        cmocka_unit_test(what_is_not_there_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
