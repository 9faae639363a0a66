/* SPDX-License-Identifier: Apache-2.0 */
/* Resources on hand-made cases: who gets units when, and what the statistics say of it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sim/resource.h"
#include "support/assert_near.h"
#include "support/failing_alloc.h"

enum { HAS = 1, DONE, COMES, TWO, CLOCK };
#define MOST_ENTITIES 64

/* What an entity asks for when it comes. */
typedef struct visit {
    krni_resource_id at;
    krni_ask ask;
} visit;

typedef struct yard {
    krni_engine *engine;
    krni_resources *resources;
    visit visits[MOST_ENTITIES];
    krni_claim claim[MOST_ENTITIES];
    uint32_t n;
    char text[512];
} yard;

static void write_down(yard *y, const char *what, uint32_t entity)
{
    const size_t used = strlen(y->text);
    snprintf(y->text + used, sizeof y->text - used, "%s%u@%g ", what, entity,
             krni_engine_now(y->engine));
}

static void check_all(yard *y)
{
    krn_error err = {0};
    for (uint32_t i = 0; i < krni_resources_count(y->resources); i++)
        if (krni_resource_check(y->resources, (krni_resource_id){i}, &err))
            fail_msg("%s", err.text);
}

/* Has its units and keeps them. */
static krn_status has(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    yard *y = model;
    (void)engine;
    (void)err;
    write_down(y, "", event.entity);
    y->claim[event.entity].id = event.argument;
    check_all(y);
    return KRN_OK;
}

/* Was served and goes. */
static krn_status done(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    yard *y = model;
    (void)engine;
    (void)err;
    write_down(y, "", event.entity);
    krni_resource_release(y->resources, (krni_claim){event.argument});
    y->claim[event.entity].id = 0;
    check_all(y);
    return KRN_OK;
}

static krn_status comes(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    yard *y = model;
    (void)engine;
    (void)err;
    const visit *v = &y->visits[event.argument];
    y->claim[event.entity] = krni_resource_ask(y->resources, v->at, &v->ask);
    if (!y->claim[event.entity].id)
        write_down(y, "no", event.entity);
    check_all(y);
    return KRN_OK;
}

/* Served at the first resource; goes to the second (argument of the ask: units 1, service 4) and
 * keeps its place until it gets in there. */
static krn_status two(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    yard *y = model;
    (void)engine;
    (void)err;
    write_down(y, "to", event.entity);
    const krni_ask ask = {.units = 1,
                          .service = 4.0,
                          .entity = event.entity,
                          .kind = DONE,
                          .at_door = true,
                          .from = {event.argument}};
    y->claim[event.entity] = krni_resource_ask(y->resources, (krni_resource_id){1}, &ask);
    check_all(y);
    return KRN_OK;
}

static krn_status clock_strikes(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    (void)model;
    (void)event;
    (void)err;
    krni_engine_stop(engine);
    return KRN_OK;
}

static bool open_yard(yard *y)
{
    memset(y, 0, sizeof *y);
    y->engine = krni_engine_new();
    y->resources = y->engine ? krni_resources_new(y->engine) : NULL;
    if (!y->resources)
        return false;
    krni_engine_on(y->engine, HAS, has, y);
    krni_engine_on(y->engine, DONE, done, y);
    krni_engine_on(y->engine, COMES, comes, y);
    krni_engine_on(y->engine, TWO, two, y);
    krni_engine_on(y->engine, CLOCK, clock_strikes, y);
    return true;
}

static void close_yard(yard *y)
{
    krni_resources_free(y->resources);
    krni_engine_free(y->engine);
}

static krni_resource_id add(yard *y, int64_t capacity, int64_t places, bool overtaking)
{
    krni_resource_id id = {0};
    const krni_resource_spec spec = {capacity, places, overtaking};
    assert_int_equal(krni_resource_add(y->resources, &spec, &id, NULL), KRN_OK);
    return id;
}

/* Entity 1, 2, ... comes at a time. */
static uint32_t come(yard *y, double time, krni_resource_id at, krni_ask ask)
{
    const uint32_t entity = ++y->n;
    ask.entity = entity;
    ask.units = ask.units ? ask.units : 1;
    ask.kind = ask.kind ? ask.kind : DONE;
    y->visits[entity] = (visit){at, ask};
    krni_engine_at(y->engine, time,
                   (krni_event){.kind = COMES, .entity = entity, .argument = entity});
    return entity;
}

static void run(yard *y, double until)
{
    krn_error err = {0};
    if (krni_engine_run(y->engine, until, &err))
        fail_msg("%s", err.text);
    check_all(y);
}

/*  D/D/1: one comes each 2, served 3:   wait of the k-th (from 0) is k
 *  D/D/2: served 3 by two: nobody waits */
static void deterministic_queues_are_exact(void **state)
{
    (void)state;
    for (int64_t servers = 1; servers <= 2; servers++) {
        yard y;
        assert_true(open_yard(&y));
        const krni_resource_id r = add(&y, servers, KRNI_UNBOUNDED, false);
        for (unsigned k = 0; k < 20; k++)
            come(&y, 2.0 * k, r, (krni_ask){.service = 3.0});
        run(&y, INFINITY);
        const krni_resource_stats s = krni_resource_measure(y.resources, r);
        const double waits = servers == 1 ? 190.0 : 0.0;
        assert_true(s.wait_sum == waits && s.queue_area == waits);
        assert_true(s.busy_area == 60.0);
        assert_true(krni_engine_now(y.engine) == (servers == 1 ? 60.0 : 41.0));
        assert_int_equal(s.n_asked, 20);
        assert_int_equal(s.n_granted, 20);
        assert_int_equal(s.n_served, 20);
        assert_int_equal(s.queue_max, servers == 1 ? 7 : 0);
        assert_int_equal(s.busy_max, servers);
        close_yard(&y);
    }
}

static void smaller_class_first_then_first_come(void **state)
{
    (void)state;
    yard y;
    assert_true(open_yard(&y));
    const krni_resource_id r = add(&y, 1, KRNI_UNBOUNDED, false);
    come(&y, 0.0, r, (krni_ask){.service = 10.0, .claim_class = 5});
    come(&y, 1.0, r, (krni_ask){.service = 10.0, .claim_class = 5});
    come(&y, 2.0, r, (krni_ask){.service = 10.0, .claim_class = 2});
    come(&y, 3.0, r, (krni_ask){.service = 10.0, .claim_class = 5});
    come(&y, 4.0, r, (krni_ask){.service = 10.0, .claim_class = 2});
    run(&y, INFINITY);
    assert_string_equal(y.text, "1@10 3@20 5@30 2@40 4@50 ");
    close_yard(&y);
}

/*  capacity 10; 1 has 6, 2 wants 7 and waits, 3 wants 2: fits, but 2 stands before it */
static void a_large_claim_is_not_overtaken_unless_the_resource_allows_it(void **state)
{
    (void)state;
    for (int overtaking = 0; overtaking < 2; overtaking++) {
        yard y;
        assert_true(open_yard(&y));
        const krni_resource_id r = add(&y, 10, KRNI_UNBOUNDED, overtaking);
        come(&y, 0.0, r, (krni_ask){.units = 6, .service = 10.0});
        come(&y, 1.0, r, (krni_ask){.units = 7, .service = 10.0});
        come(&y, 2.0, r, (krni_ask){.units = 2, .service = 1.0});
        come(&y, 3.0, r, (krni_ask){.units = 2, .service = 1.0, .claim_class = 1});
        run(&y, INFINITY);
        assert_string_equal(y.text, overtaking ? "3@3 4@4 1@10 2@20 " : "1@10 3@11 4@12 2@20 ");
        close_yard(&y);
    }
}

static void a_full_waiting_room_refuses(void **state)
{
    (void)state;
    yard y;
    assert_true(open_yard(&y));
    const krni_resource_id r = add(&y, 1, 1, false);
    come(&y, 0.0, r, (krni_ask){.service = 10.0});
    come(&y, 1.0, r, (krni_ask){.service = 10.0});
    come(&y, 2.0, r, (krni_ask){.service = 10.0});
    come(&y, 10.0, r, (krni_ask){.service = 10.0});
    run(&y, INFINITY);
    /* at 10 the newcomer was planned before the end of service: the place is still taken */
    assert_string_equal(y.text, "no3@2 no4@10 1@10 2@20 ");
    const krni_resource_stats s = krni_resource_measure(y.resources, r);
    assert_int_equal(s.n_refused, 2);
    assert_int_equal(s.n_asked, 4);
    close_yard(&y);
}

/*  first (1 server) --> second (1 server, 4 long, 1 place)
 *  1: first 0-1, second 1-5   2: first 1-2, place 2-5, second 5-9   3: first 2-3, stands until 5 */
static void who_finds_no_place_keeps_the_server_upstream(void **state)
{
    (void)state;
    yard y;
    assert_true(open_yard(&y));
    const krni_resource_id first = add(&y, 1, KRNI_UNBOUNDED, false);
    const krni_resource_id second = add(&y, 1, 1, false);
    for (unsigned i = 0; i < 4; i++)
        come(&y, 0.0, first, (krni_ask){.service = 1.0, .kind = TWO});
    run(&y, 4.5);
    const krni_resource_state at = krni_resource_look(y.resources, first);
    assert_int_equal(at.blocked, 1);
    assert_int_equal(at.in_use, 1);
    assert_int_equal(krni_resource_look(y.resources, second).door, 1);
    run(&y, INFINITY);
    assert_string_equal(y.text, "to1@1 to2@2 to3@3 1@5 to4@6 2@9 3@13 4@17 ");
    const krni_resource_stats a = krni_resource_measure(y.resources, first);
    const krni_resource_stats b = krni_resource_measure(y.resources, second);
    assert_true(a.blocked_area == 2.0 + 3.0 && a.busy_area == 4.0 + 5.0);
    assert_true(b.door_area == 5.0 && b.door_sum == 5.0);
    assert_true(b.queue_area == 3.0 + 4.0 + 4.0);
    close_yard(&y);
}

/*  no places at all: the next gets in by the grant itself, straight from the server upstream */
static void without_places_one_gets_in_by_the_grant(void **state)
{
    (void)state;
    yard y;
    assert_true(open_yard(&y));
    const krni_resource_id first = add(&y, 1, KRNI_UNBOUNDED, false);
    const krni_resource_id second = add(&y, 1, 0, false);
    for (unsigned i = 0; i < 3; i++)
        come(&y, 0.0, first, (krni_ask){.service = 1.0, .kind = TWO});
    run(&y, INFINITY);
    assert_string_equal(y.text, "to1@1 to2@2 1@5 to3@6 2@9 3@13 ");
    assert_true(krni_resource_measure(y.resources, second).queue_area == 0.0);
    assert_true(krni_resource_measure(y.resources, first).blocked_area == 6.0);
    close_yard(&y);
}

/*  1 and 2 work on two servers; at 4 a repair (3) takes the server of 2, the later one, until 9;
 *  4 comes at 5 and waits behind 2 */
static void a_breakdown_interrupts_and_the_rest_is_served_later(void **state)
{
    (void)state;
    yard y;
    assert_true(open_yard(&y));
    const krni_resource_id r = add(&y, 2, KRNI_UNBOUNDED, false);
    come(&y, 0.0, r, (krni_ask){.service = 10.0, .claim_class = 3});
    come(&y, 1.0, r, (krni_ask){.service = 10.0, .claim_class = 3});
    come(&y, 4.0, r, (krni_ask){.service = 5.0, .preempt = true});
    come(&y, 5.0, r, (krni_ask){.service = 1.0, .claim_class = 3});
    run(&y, INFINITY);
    assert_string_equal(y.text, "3@9 1@10 4@11 2@16 ");
    const krni_resource_stats s = krni_resource_measure(y.resources, r);
    assert_int_equal(s.n_preempted, 1);
    assert_int_equal(s.n_granted, 4);
    assert_int_equal(s.n_served, 4);
    assert_true(s.wait_sum == 5.0 + 5.0 && s.busy_area == 26.0);
    close_yard(&y);
}

static void a_claim_in_the_hands_of_the_model_is_not_interrupted(void **state)
{
    (void)state;
    yard y;
    assert_true(open_yard(&y));
    const krni_resource_id r = add(&y, 1, KRNI_UNBOUNDED, false);
    come(&y, 0.0, r, (krni_ask){.kind = HAS, .claim_class = 7});
    come(&y, 1.0, r, (krni_ask){.service = 5.0, .preempt = true});
    run(&y, 3.0);
    assert_int_equal(krni_claim_look(y.resources, y.claim[2]), KRNI_CLAIM_WAITING);
    assert_near(krni_claim_waited(y.resources, y.claim[2]), 2.0, 0.0);
    krni_resource_serve(y.resources, y.claim[1], 4.0, DONE);
    run(&y, INFINITY);
    assert_string_equal(y.text, "1@0 1@7 2@12 ");
    close_yard(&y);
}

/*  0-8 two servers, 8-16 none, 16-24 one; every 24. Each needs 5. */
static void shifts_close_after_service_or_at_once(void **state)
{
    (void)state;
    static const krni_shift day[] = {{0.0, 2}, {8.0, 0}, {16.0, 1}};
    static const char *const expected[] = {"1@5 2@5 3@10 4@10 5@21 6@26 7@29 ",
                                           "1@5 2@5 3@18 4@20 5@25 6@29 7@30 "};
    for (int at_once = 0; at_once < 2; at_once++) {
        yard y;
        assert_true(open_yard(&y));
        const krni_resource_id r = add(&y, 9, KRNI_UNBOUNDED, false);
        assert_int_equal(krni_resource_shifts(y.resources, r, 3, day, 24.0,
                                              at_once ? KRNI_AT_ONCE : KRNI_AFTER_SERVICE, NULL),
                         KRN_OK);
        for (unsigned i = 0; i < 7; i++)
            come(&y, 0.0, r, (krni_ask){.service = 5.0});
        run(&y, 9.0);
        assert_int_equal(krni_resource_look(y.resources, r).capacity, 0);
        assert_int_equal(krni_resource_look(y.resources, r).in_use, at_once ? 0 : 2);
        run(&y, 48.0);
        assert_string_equal(y.text, expected[at_once]);
        assert_true(krni_resource_measure(y.resources, r).capacity_area == 48.0);
        close_yard(&y);
    }
}

static void capacity_may_rise_and_fall_at_any_time(void **state)
{
    (void)state;
    yard y;
    assert_true(open_yard(&y));
    const krni_resource_id r = add(&y, 0, KRNI_UNBOUNDED, false);
    for (unsigned i = 0; i < 4; i++)
        come(&y, 0.0, r, (krni_ask){.service = 5.0});
    run(&y, 3.0);
    assert_int_equal(krni_resources_waiting(y.resources), 4);
    krni_resource_capacity(y.resources, r, 3, KRNI_AFTER_SERVICE);
    run(&y, 4.0);
    krni_resource_capacity(y.resources, r, 1, KRNI_AT_ONCE);
    run(&y, INFINITY);
    assert_string_equal(y.text, "1@8 2@12 3@16 4@21 ");
    close_yard(&y);
}

static void a_store_is_emptied_in_parts_and_units_can_move(void **state)
{
    (void)state;
    yard y;
    assert_true(open_yard(&y));
    const krni_resource_id a = add(&y, 100, KRNI_UNBOUNDED, false);
    const krni_resource_id b = add(&y, 0, KRNI_UNBOUNDED, false);
    come(&y, 0.0, a, (krni_ask){.units = 80, .kind = HAS});
    come(&y, 1.0, a, (krni_ask){.units = 50, .kind = HAS});
    come(&y, 1.0, b, (krni_ask){.units = 30, .kind = HAS});
    run(&y, 2.0);
    krni_resource_give(y.resources, y.claim[1], 20);
    assert_int_equal(krni_resource_look(y.resources, a).in_use, 60);
    krni_resource_give(y.resources, y.claim[1], 10);
    run(&y, 3.0);
    assert_int_equal(krni_claim_units(y.resources, y.claim[1]), 50);
    krni_resource_move(y.resources, y.claim[1], b);
    run(&y, 4.0);
    assert_string_equal(y.text, "1@0 2@2 3@3 ");
    assert_int_equal(krni_resource_look(y.resources, a).capacity, 50);
    assert_int_equal(krni_resource_look(y.resources, a).in_use, 50);
    assert_int_equal(krni_resource_look(y.resources, b).capacity, 50);
    assert_int_equal(krni_resource_look(y.resources, b).in_use, 30);
    close_yard(&y);
}

static void who_withdraws_lets_the_next_have_its_turn(void **state)
{
    (void)state;
    yard y;
    assert_true(open_yard(&y));
    const krni_resource_id r = add(&y, 10, 1, false);
    come(&y, 0.0, r, (krni_ask){.units = 5, .service = 9.0});
    come(&y, 1.0, r, (krni_ask){.units = 6, .service = 9.0});
    come(&y, 2.0, r, (krni_ask){.units = 2, .service = 1.0, .at_door = true});
    run(&y, 4.0);
    krni_resource_withdraw(y.resources, y.claim[2]);
    assert_int_equal(krni_claim_look(y.resources, y.claim[2]), KRNI_CLAIM_GONE);
    run(&y, 5.0);
    krni_resource_withdraw(y.resources, y.claim[1]); /* under service: its event is struck out */
    run(&y, INFINITY);
    assert_string_equal(y.text, "3@5 ");
    assert_int_equal(krni_resource_measure(y.resources, r).n_left, 1);
    assert_int_equal(krni_resource_look(y.resources, r).in_use, 0);
    close_yard(&y);
}

/*  1 asks for a and b together; b is taken until 10, so a is held and waits; 2 gets a after */
static void several_are_taken_one_after_the_other_by_rising_id(void **state)
{
    (void)state;
    yard y;
    assert_true(open_yard(&y));
    const krni_resource_id ids[2] = {add(&y, 1, KRNI_UNBOUNDED, false), add(&y, 1, 0, false)};
    const int64_t units[2] = {1, 1};
    come(&y, 0.0, ids[1], (krni_ask){.service = 10.0});
    run(&y, 1.0);
    krni_claim claims[2];
    const krni_ask ask = {.service = 2.0, .entity = 9, .kind = HAS};
    assert_true(krni_resources_ask_all(y.resources, 2, ids, units, &ask, claims));
    come(&y, 2.0, ids[0], (krni_ask){.service = 1.0});
    run(&y, 3.0);
    assert_int_equal(krni_claim_look(y.resources, claims[0]), KRNI_CLAIM_HELD);
    assert_int_equal(krni_claim_look(y.resources, claims[1]), KRNI_CLAIM_DOOR);
    run(&y, 13.0);
    assert_string_equal(y.text, "1@10 9@12 ");
    assert_int_equal(y.claim[9].id, claims[1].id);
    krni_resource_release(y.resources, claims[0]);
    krni_resource_release(y.resources, claims[1]);
    run(&y, INFINITY);
    assert_string_equal(y.text, "1@10 9@12 2@14 ");
    /* a set that is given up while it waits gives all back */
    come(&y, 20.0, ids[1], (krni_ask){.service = 10.0});
    run(&y, 21.0);
    assert_true(krni_resources_ask_all(y.resources, 2, ids, units, &ask, claims));
    krni_resource_withdraw(y.resources, claims[1]);
    assert_int_equal(krni_resource_look(y.resources, ids[0]).in_use, 0);
    assert_int_equal(krni_resources_waiting(y.resources), 0);
    check_all(&y);
    close_yard(&y);
}

/*  warm-up: 1 is served 0-10, 2 waits 0-10; statistics begin at 4: 2 has waited 6 since then */
static void statistics_can_begin_anew(void **state)
{
    (void)state;
    yard y;
    assert_true(open_yard(&y));
    const krni_resource_id r = add(&y, 1, KRNI_UNBOUNDED, false);
    come(&y, 0.0, r, (krni_ask){.service = 10.0});
    come(&y, 0.0, r, (krni_ask){.service = 10.0});
    run(&y, 4.0);
    krni_resources_forget(y.resources);
    run(&y, INFINITY);
    const krni_resource_stats s = krni_resource_measure(y.resources, r);
    assert_true(s.since == 4.0 && s.wait_sum == 6.0 && s.queue_area == 6.0);
    assert_true(s.busy_area == 16.0 && s.capacity_area == 16.0);
    close_yard(&y);
}

static void a_wrong_spec_or_table_is_refused_with_a_reason(void **state)
{
    (void)state;
    yard y;
    krn_error err;
    assert_true(open_yard(&y));
    krni_resource_id id;
    assert_int_equal(
        krni_resource_add(y.resources, &(krni_resource_spec){.capacity = -1}, &id, &err),
        KRN_E_ARG);
    assert_string_equal(err.text, "resource: capacity -1, places 0: none below 0");
    id = add(&y, 1, 0, false);
    static const krni_shift falls[] = {{5.0, 1}, {5.0, 2}};
    assert_int_equal(krni_resource_shifts(y.resources, id, 2, falls, 10.0, KRNI_AT_ONCE, &err),
                     KRN_E_ARG);
    static const krni_shift late[] = {{5.0, 1}, {10.0, 2}};
    assert_int_equal(krni_resource_shifts(y.resources, id, 2, late, 10.0, KRNI_AT_ONCE, &err),
                     KRN_E_ARG);
    assert_string_equal(err.text, "shifts: step 1: time 10, capacity 2");
    close_yard(&y);
}

static void the_nth_allocation_fails_and_the_run_says_so(void **state)
{
    (void)state;
    for (long n = 1;; n++) {
        yard y;
        failing_alloc_arm(n);
        krn_status status = KRN_E_MEMORY;
        if (open_yard(&y)) {
            krni_resource_id id = {0};
            const krni_resource_spec spec = {.capacity = 1, .places = KRNI_UNBOUNDED};
            status = KRN_OK;
            for (unsigned i = 0; i < 20 && !status; i++)
                status = krni_resource_add(y.resources, &spec, &id, NULL);
            for (unsigned i = 0; i < 300 && !status; i++) {
                const krni_ask ask = {.units = 1, .service = 1.0, .entity = 1, .kind = DONE};
                krni_resource_ask(y.resources, id, &ask);
            }
            if (!status)
                status = krni_engine_run(y.engine, 10.0, NULL);
        }
        const bool failed = failing_alloc_disarm();
        close_yard(&y);
        assert_int_equal(status, failed ? KRN_E_MEMORY : KRN_OK);
        if (!failed)
            break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deterministic_queues_are_exact),
        cmocka_unit_test(smaller_class_first_then_first_come),
        cmocka_unit_test(a_large_claim_is_not_overtaken_unless_the_resource_allows_it),
        cmocka_unit_test(a_full_waiting_room_refuses),
        cmocka_unit_test(who_finds_no_place_keeps_the_server_upstream),
        cmocka_unit_test(without_places_one_gets_in_by_the_grant),
        cmocka_unit_test(a_breakdown_interrupts_and_the_rest_is_served_later),
        cmocka_unit_test(a_claim_in_the_hands_of_the_model_is_not_interrupted),
        cmocka_unit_test(shifts_close_after_service_or_at_once),
        cmocka_unit_test(capacity_may_rise_and_fall_at_any_time),
        cmocka_unit_test(a_store_is_emptied_in_parts_and_units_can_move),
        cmocka_unit_test(who_withdraws_lets_the_next_have_its_turn),
        cmocka_unit_test(several_are_taken_one_after_the_other_by_rising_id),
        cmocka_unit_test(statistics_can_begin_anew),
        cmocka_unit_test(a_wrong_spec_or_table_is_refused_with_a_reason),
        cmocka_unit_test(the_nth_allocation_fails_and_the_run_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
