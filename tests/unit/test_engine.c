/* SPDX-License-Identifier: Apache-2.0 */
/* The engine: order of events, stop, cancel, failures, and a run that is the same each time. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "base/random.h"
#include "sim/engine.h"
#include "support/failing_alloc.h"

enum { NOTE = 1, SPAWN, FAILS, STOPS, CHATTER, WRONG };

typedef struct journal {
    char text[512];
    double last;
    uint64_t hash;
    uint64_t n;
    uint64_t limit;
    krni_event_id victim;
} journal;

static krn_status note(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    journal *j = model;
    (void)err;
    const size_t used = strlen(j->text);
    snprintf(j->text + used, sizeof j->text - used, "%u@%g ", event.entity,
             krni_engine_now(engine));
    return KRN_OK;
}

/* Plans notes 10 (this instant, last), 11 (this instant), 12 (this instant, first), 13 (later) */
static krn_status spawn(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    krn_status status = note(model, engine, event, err);
    krni_engine_in(engine, 0.0,
                   (krni_event){.kind = NOTE, .entity = 10, .priority = KRNI_PRIORITY_LAST});
    krni_engine_in(engine, 0.0, (krni_event){.kind = NOTE, .entity = 11});
    krni_engine_in(engine, 0.0,
                   (krni_event){.kind = NOTE, .entity = 12, .priority = KRNI_PRIORITY_FIRST});
    krni_engine_in(engine, 1.0, (krni_event){.kind = NOTE, .entity = 13});
    return status;
}

static krn_status fails(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    (void)model;
    (void)engine;
    return krni_fail(err, KRN_E_RULE, "entity %u has no rule", event.entity);
}

static krn_status stops(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    krni_engine_stop(engine);
    return note(model, engine, event, err);
}

static krn_status wrong(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    (void)err;
    const double times[] = {krni_engine_now(engine) - 1.0, (double)NAN, (double)INFINITY};
    const krni_event_id id = krni_engine_at(engine, times[event.entity], event);
    ((journal *)model)->n += id.order == 0;
    return KRN_OK;
}

/* Each event plans up to two more, cancels an old one at times, and goes into the hash. */
static krn_status chatter(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    journal *j = model;
    (void)err;
    uint32_t word[4];
    krni_random_stream(5, event.entity, j->n++, word);
    const double now = krni_engine_now(engine);
    assert_true(now >= j->last);
    j->last = now;
    uint64_t bits;
    memcpy(&bits, &now, sizeof bits);
    j->hash = (j->hash ^ bits ^ event.entity) * UINT64_C(0x9E3779B97F4A7C15);
    for (unsigned i = 0; i < 2 && j->n < j->limit; i++) {
        const double delay = word[i] % 3u ? (double)(word[i] % 7u) : krni_random_prob(word[i]);
        const krni_event next = {.kind = CHATTER,
                                 .entity = word[2] % 1000u + i,
                                 .priority = (int16_t)((int)(word[3] % 16u) - 8)};
        const krni_event_id id = krni_engine_in(engine, delay, next);
        if (word[i] % 5u == 0) {
            const bool was = krni_engine_pending(engine, j->victim);
            assert_int_equal(krni_engine_cancel(engine, j->victim), was);
            assert_false(krni_engine_pending(engine, j->victim));
            j->victim = id;
        }
    }
    return KRN_OK;
}

static krni_engine *engine_for(journal *j)
{
    krni_engine *engine = krni_engine_new();
    if (!engine)
        return NULL;
    memset(j, 0, sizeof *j);
    krni_engine_on(engine, NOTE, note, j);
    krni_engine_on(engine, SPAWN, spawn, j);
    krni_engine_on(engine, FAILS, fails, j);
    krni_engine_on(engine, STOPS, stops, j);
    krni_engine_on(engine, CHATTER, chatter, j);
    krni_engine_on(engine, WRONG, wrong, j);
    return engine;
}

static krni_event_id note_at(krni_engine *engine, double time, uint32_t entity, int priority)
{
    return krni_engine_at(
        engine, time, (krni_event){.kind = NOTE, .entity = entity, .priority = (int16_t)priority});
}

static void ties_go_by_priority_then_by_the_order_of_planning(void **state)
{
    (void)state;
    journal j;
    krni_engine *engine = engine_for(&j);
    note_at(engine, 2.0, 1, 0);
    note_at(engine, 1.0, 2, 3);
    note_at(engine, 1.0, 3, 0);
    note_at(engine, 1.0, 4, 0);
    note_at(engine, 1.0, 5, -2);
    note_at(engine, 0.0, 6, 0);
    assert_int_equal(krni_engine_run(engine, INFINITY, NULL), KRN_OK);
    assert_string_equal(j.text, "6@0 5@1 3@1 4@1 2@1 1@2 ");
    krni_engine_free(engine);
}

/*  at 5: [1 spawns] [2] [3, last]     12 first; 2 before 11; 3 before 10 */
static void what_is_planned_for_this_instant_takes_its_place_among_ties(void **state)
{
    (void)state;
    journal j;
    krni_engine *engine = engine_for(&j);
    krni_engine_at(engine, 5.0, (krni_event){.kind = SPAWN, .entity = 1});
    note_at(engine, 5.0, 2, 0);
    note_at(engine, 5.0, 3, KRNI_PRIORITY_LAST);
    assert_int_equal(krni_engine_run(engine, INFINITY, NULL), KRN_OK);
    assert_string_equal(j.text, "1@5 12@5 2@5 11@5 3@5 10@5 13@6 ");
    krni_engine_free(engine);
}

static void a_run_handles_what_lies_before_its_end_and_can_go_on(void **state)
{
    (void)state;
    journal j;
    krni_engine *engine = engine_for(&j);
    note_at(engine, 1.0, 1, 0);
    note_at(engine, 2.0, 2, 0);
    note_at(engine, 3.0, 3, 0);
    assert_int_equal(krni_engine_run(engine, 2.0, NULL), KRN_OK);
    assert_string_equal(j.text, "1@1 ");
    assert_true(krni_engine_now(engine) == 2.0);
    note_at(engine, 2.0, 4, 0);
    note_at(engine, 2.5, 5, 0);
    assert_int_equal(krni_engine_look(engine).n_pending, 4);
    assert_int_equal(krni_engine_run(engine, 2.0, NULL), KRN_OK);
    assert_string_equal(j.text, "1@1 ");
    assert_int_equal(krni_engine_run(engine, 10.0, NULL), KRN_OK);
    assert_string_equal(j.text, "1@1 2@2 4@2 5@2.5 3@3 ");
    assert_true(krni_engine_now(engine) == 10.0);
    krni_engine_free(engine);
}

static void stop_ends_the_run_after_the_event_and_the_clock_stays(void **state)
{
    (void)state;
    journal j;
    krni_engine *engine = engine_for(&j);
    krni_engine_at(engine, 1.0, (krni_event){.kind = STOPS, .entity = 1});
    note_at(engine, 1.0, 2, 0);
    assert_int_equal(krni_engine_run(engine, 9.0, NULL), KRN_OK);
    assert_string_equal(j.text, "1@1 ");
    assert_true(krni_engine_now(engine) == 1.0);
    assert_int_equal(krni_engine_run(engine, 9.0, NULL), KRN_OK);
    assert_string_equal(j.text, "1@1 2@1 ");
    krni_engine_free(engine);
}

static void a_cancelled_event_does_not_happen_and_its_id_stays_harmless(void **state)
{
    (void)state;
    journal j;
    krni_engine *engine = engine_for(&j);
    const krni_event_id one = note_at(engine, 1.0, 1, 0);
    const krni_event_id two = note_at(engine, 2.0, 2, 0);
    assert_true(krni_engine_pending(engine, one));
    assert_true(krni_engine_cancel(engine, one));
    assert_false(krni_engine_cancel(engine, one));
    assert_false(krni_engine_cancel(engine, (krni_event_id){0}));
    assert_int_equal(krni_engine_look(engine).n_pending, 1);
    assert_int_equal(krni_engine_run(engine, INFINITY, NULL), KRN_OK);
    assert_string_equal(j.text, "2@2 ");
    const krni_event_id three = note_at(engine, 3.0, 3, 0); /* takes the slot of one of them */
    assert_false(krni_engine_cancel(engine, one));
    assert_false(krni_engine_cancel(engine, two));
    assert_true(krni_engine_pending(engine, three));
    krni_engine_free(engine);
}

static void many_cancelled_events_take_no_memory(void **state)
{
    (void)state;
    journal j;
    krni_engine *engine = engine_for(&j);
    size_t bytes = 0;
    for (unsigned i = 0; i < 200000; i++) {
        assert_true(krni_engine_cancel(engine, note_at(engine, 1e6 + i, i, 0)));
        if (i == 2000)
            bytes = krni_engine_look(engine).bytes;
    }
    assert_int_equal(krni_engine_look(engine).n_pending, 0);
    assert_int_equal(krni_engine_look(engine).bytes, bytes);
    note_at(engine, 1.0, 1, 0);
    assert_int_equal(krni_engine_run(engine, INFINITY, NULL), KRN_OK);
    assert_string_equal(j.text, "1@1 ");
    krni_engine_free(engine);
}

static void a_handlers_failure_ends_the_run_with_its_text(void **state)
{
    (void)state;
    journal j;
    krn_error err;
    krni_engine *engine = engine_for(&j);
    krni_engine_at(engine, 1.0, (krni_event){.kind = FAILS, .entity = 7});
    note_at(engine, 2.0, 1, 0);
    assert_int_equal(krni_engine_run(engine, INFINITY, &err), KRN_E_RULE);
    assert_string_equal(err.text, "entity 7 has no rule");
    assert_string_equal(j.text, "");
    krni_engine_free(engine);
}

static void a_time_before_now_nan_or_infinite_fails_the_run(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 3; i++) {
        journal j;
        krn_error err;
        krni_engine *engine = engine_for(&j);
        krni_engine_at(engine, 5.0, (krni_event){.kind = WRONG, .entity = i});
        note_at(engine, 6.0, 1, 0);
        assert_int_equal(krni_engine_run(engine, INFINITY, &err), KRN_E_ARG);
        assert_string_equal(err.text, "simulation: an event is planned for before now, or never");
        assert_int_equal(j.n, 1);
        assert_string_equal(j.text, "");
        krni_engine_reset(engine);
        note_at(engine, 1.0, 1, 0);
        assert_int_equal(krni_engine_run(engine, INFINITY, &err), KRN_OK);
        assert_string_equal(j.text, "1@1 ");
        krni_engine_free(engine);
    }
}

static void a_bound_of_events_ends_a_model_that_turns_in_circles(void **state)
{
    (void)state;
    journal j;
    krni_engine *engine = engine_for(&j);
    j.limit = UINT64_MAX;
    krni_engine_bound(engine, 1000);
    krni_engine_at(engine, 0.0, (krni_event){.kind = CHATTER});
    assert_int_equal(krni_engine_run(engine, INFINITY, NULL), KRN_E_LIMIT);
    assert_int_equal(krni_engine_look(engine).n_handled, 1000);
    krni_engine_free(engine);
}

static uint64_t chatter_hash(krni_engine *engine, journal *j)
{
    krni_engine_reset(engine);
    memset(j, 0, sizeof *j);
    j->limit = 100000;
    for (uint32_t i = 0; i < 50; i++)
        krni_engine_at(engine, 0.0, (krni_event){.kind = CHATTER, .entity = i});
    assert_int_equal(krni_engine_run(engine, INFINITY, NULL), KRN_OK);
    assert_int_equal(krni_engine_look(engine).n_pending, 0);
    return j->hash;
}

static void a_second_run_is_the_same_and_asks_for_no_memory(void **state)
{
    (void)state;
    journal j;
    krni_engine *engine = engine_for(&j);
    const uint64_t first = chatter_hash(engine, &j);
    const uint64_t n = krni_engine_look(engine).n_handled;
    const size_t bytes = krni_engine_look(engine).bytes;
    failing_alloc_arm(1);
    const uint64_t second = chatter_hash(engine, &j);
    assert_false(failing_alloc_disarm());
    assert_int_equal(first, second);
    assert_int_equal(n, krni_engine_look(engine).n_handled);
    assert_int_equal(bytes, krni_engine_look(engine).bytes);
    krni_engine_free(engine);
}

static void the_nth_allocation_fails_and_the_run_says_so(void **state)
{
    (void)state;
    for (long n = 1;; n++) {
        journal j;
        failing_alloc_arm(n);
        krni_engine *engine = engine_for(&j);
        krn_status status = KRN_E_MEMORY;
        if (engine) {
            j.limit = 20000;
            for (uint32_t i = 0; i < 500; i++)
                krni_engine_at(engine, i % 2 ? 0.0 : 1.0, (krni_event){.kind = CHATTER});
            status = krni_engine_run(engine, INFINITY, NULL);
        }
        const bool failed = failing_alloc_disarm();
        krni_engine_free(engine);
        assert_int_equal(status, failed ? KRN_E_MEMORY : KRN_OK);
        if (!failed)
            break;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ties_go_by_priority_then_by_the_order_of_planning),
        cmocka_unit_test(what_is_planned_for_this_instant_takes_its_place_among_ties),
        cmocka_unit_test(a_run_handles_what_lies_before_its_end_and_can_go_on),
        cmocka_unit_test(stop_ends_the_run_after_the_event_and_the_clock_stays),
        cmocka_unit_test(a_cancelled_event_does_not_happen_and_its_id_stays_harmless),
        cmocka_unit_test(many_cancelled_events_take_no_memory),
        cmocka_unit_test(a_handlers_failure_ends_the_run_with_its_text),
        cmocka_unit_test(a_time_before_now_nan_or_infinite_fails_the_run),
        cmocka_unit_test(a_bound_of_events_ends_a_model_that_turns_in_circles),
        cmocka_unit_test(a_second_run_is_the_same_and_asks_for_no_memory),
        cmocka_unit_test(the_nth_allocation_fails_and_the_run_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
