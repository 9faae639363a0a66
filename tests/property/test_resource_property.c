/* SPDX-License-Identifier: Apache-2.0 */
/* Random networks of resources: whatever entities ask for under the stated rules, every one of
 * them ends, no resource is ever over its capacity, and areas equal sums of waits.
 *
 *      r0 ---- r1 ---- r2 ---- ... ---- rn        an entity holds some of them and asks only for
 *      [a a]   [b]     [c c c]                    higher ones; sets, classes, full rooms, doors,
 *                                                 breakdowns, shifts and withdrawals at random */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/random.h"
#include "sim/resource.h"

#define NETWORKS       10000u
#define MOST_RESOURCES 7u
#define MOST_ENTITIES  60u
#define HORIZON        1e7

enum { BEGINS = 1, STEP, REFUSED_BACK, IMPATIENT };

typedef struct entity {
    krni_claim held[MOST_RESOURCES];
    uint32_t n_held;
    uint32_t next; /* resources below it are no longer asked for */
    krni_claim asked;
    krni_event_id impatience;
    bool ended;
} entity;

typedef struct network {
    krni_engine *engine;
    krni_resources *resources;
    int64_t least_capacity[MOST_RESOURCES]; /* that it is sure to have again and again */
    uint32_t n_resources;
    entity entities[MOST_ENTITIES];
    uint32_t n_entities;
    uint64_t seed;
    uint64_t rolls;
    uint64_t hash;
} network;

static uint32_t roll(network *n, uint32_t below)
{
    uint32_t out[4];
    krni_random_stream(n->seed, 11, n->rolls++, out);
    return out[0] % below;
}

static void check_all(network *n)
{
    krn_error err = {0};
    for (uint32_t i = 0; i < n->n_resources; i++)
        if (krni_resource_check(n->resources, (krni_resource_id){i}, &err))
            fail_msg("network %llu: %s", (unsigned long long)n->seed, err.text);
}

static void give_all_back(network *n, entity *e)
{
    while (e->n_held)
        krni_resource_release(n->resources, e->held[--e->n_held]);
}

/* Asks for one or several of the resources it may ask for, or ends. */
static void go_on(network *n, uint32_t index)
{
    entity *e = &n->entities[index];
    if (e->n_held && roll(n, 3) == 0)
        krni_resource_release(n->resources, e->held[--e->n_held]);
    if (e->next >= n->n_resources || roll(n, 6) == 0) {
        give_all_back(n, e);
        e->ended = true;
        return;
    }
    krni_ask ask = {.service = (double)roll(n, 4),
                    .entity = index,
                    .kind = STEP,
                    .claim_class = (uint8_t)roll(n, 4),
                    .preempt = roll(n, 8) == 0,
                    .at_door = roll(n, 2) == 0};
    krni_resource_id ids[MOST_RESOURCES];
    int64_t units[MOST_RESOURCES];
    krni_claim claims[MOST_RESOURCES];
    uint32_t n_ids = 0;
    for (uint32_t r = e->next + roll(n, n->n_resources - e->next); r < n->n_resources && n_ids < 3;
         r += 1 + roll(n, 2)) {
        ids[n_ids].index = r;
        units[n_ids++] = 1 + roll(n, (uint32_t)n->least_capacity[r]);
    }
    e->next = ids[n_ids - 1].index + 1;
    const bool hands_over = e->n_held && ask.at_door && roll(n, 2) == 0;
    if (hands_over)
        ask.from = e->held[--e->n_held];
    claims[0].id = 0;
    if (n_ids == 1) {
        ask.units = units[0];
        claims[0] = krni_resource_ask(n->resources, ids[0], &ask);
    } else {
        krni_resources_ask_all(n->resources, n_ids, ids, units, &ask, claims);
    }
    if (!claims[0].id) { /* tries again, with what it has, later and further on */
        assert_false(hands_over);
        krni_engine_in(n->engine, 1.0 + roll(n, 5),
                       (krni_event){.kind = REFUSED_BACK, .entity = index});
        return;
    }
    for (uint32_t i = 0; i < n_ids; i++)
        e->held[e->n_held++] = claims[i];
    e->asked = claims[n_ids - 1];
    if (!hands_over && roll(n, 10) == 0)
        e->impatience = krni_engine_in(n->engine, 1.0 + roll(n, 20),
                                       (krni_event){.kind = IMPATIENT, .entity = index});
}

static krn_status happens(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    network *n = model;
    (void)err;
    entity *e = &n->entities[event.entity];
    const double now = krni_engine_now(engine);
    uint64_t bits;
    memcpy(&bits, &now, sizeof bits);
    n->hash =
        (n->hash ^ bits ^ event.entity ^ (uint64_t)event.kind << 40) * UINT64_C(0x9E3779B97F4A7C15);
    assert_false(e->ended);
    if (event.kind == STEP) {
        assert_int_equal(event.argument, e->asked.id);
        krni_engine_cancel(engine, e->impatience);
    }
    if (event.kind == IMPATIENT) { /* gives up what it waits for, or what serves it */
        const uint32_t before = e->n_held;
        uint32_t kept = 0;
        krni_resource_withdraw(n->resources, e->asked);
        for (uint32_t i = 0; i < before; i++)
            if (krni_claim_look(n->resources, e->held[i]) == KRNI_CLAIM_HELD)
                e->held[kept++] = e->held[i];
        e->n_held = kept;
    }
    go_on(n, event.entity);
    check_all(n);
    return KRN_OK;
}

static void make_network(network *n)
{
    n->n_resources = 1 + roll(n, MOST_RESOURCES);
    for (uint32_t i = 0; i < n->n_resources; i++) {
        const int64_t capacity = 1 + roll(n, 4);
        krni_resource_id id;
        const krni_resource_spec spec = {.capacity = capacity,
                                         .places = roll(n, 2) ? KRNI_UNBOUNDED : roll(n, 3),
                                         .overtaking = roll(n, 3) == 0};
        assert_int_equal(krni_resource_add(n->resources, &spec, &id, NULL), KRN_OK);
        n->least_capacity[i] = capacity;
        if (roll(n, 3) == 0) { /* closed at times, or lower, and fully open at times */
            const krni_shift shifts[] = {{3.0, capacity}, {9.0, roll(n, 2)}, {12.0, 0}};
            assert_int_equal(krni_resource_shifts(n->resources, id, 3, shifts, 24.0,
                                                  roll(n, 2) ? KRNI_AT_ONCE : KRNI_AFTER_SERVICE,
                                                  NULL),
                             KRN_OK);
        }
    }
    n->n_entities = 1 + roll(n, MOST_ENTITIES);
    for (uint32_t i = 0; i < n->n_entities; i++)
        krni_engine_in(n->engine, (double)roll(n, 30), (krni_event){.kind = BEGINS, .entity = i});
}

/* One network to its end; the hash of all that happened. */
static uint64_t play(uint64_t seed, uint64_t *n_events)
{
    network *n = calloc(1, sizeof *n);
    assert_non_null(n);
    n->seed = seed;
    n->engine = krni_engine_new();
    assert_non_null(n->engine);
    n->resources = krni_resources_new(n->engine);
    assert_non_null(n->resources);
    for (uint16_t kind = BEGINS; kind <= IMPATIENT; kind++)
        krni_engine_on(n->engine, kind, happens, n);
    make_network(n);
    bool all_ended = false;
    for (double until = 500.0; !all_ended && until < HORIZON; until *= 2.0) {
        krn_error err = {0};
        if (krni_engine_run(n->engine, until, &err))
            fail_msg("%s", err.text);
        all_ended = true;
        for (uint32_t i = 0; i < n->n_entities; i++)
            all_ended = all_ended && n->entities[i].ended;
    }
    if (!all_ended)
        fail_msg("network %llu: some entity never ends", (unsigned long long)seed);
    assert_int_equal(krni_resources_waiting(n->resources), 0);
    for (uint32_t i = 0; i < n->n_resources; i++) {
        const krni_resource_stats s = krni_resource_measure(n->resources, (krni_resource_id){i});
        assert_int_equal(krni_resource_look(n->resources, (krni_resource_id){i}).in_use, 0);
        assert_int_equal(s.n_asked, s.n_refused + s.n_left + s.n_granted);
        assert_true(s.queue_area == s.wait_sum && s.door_area == s.door_sum); /* whole numbers */
        assert_true(s.blocked_area <= s.busy_area);
    }
    check_all(n);
    *n_events += krni_engine_look(n->engine).n_handled;
    const uint64_t hash = n->hash;
    krni_resources_free(n->resources);
    krni_engine_free(n->engine);
    free(n);
    return hash;
}

static void every_entity_of_a_random_network_ends(void **state)
{
    (void)state;
    uint64_t n_events = 0;
    for (uint64_t seed = 0; seed < NETWORKS; seed++)
        (void)play(seed, &n_events);
    assert_true(n_events > 50u * NETWORKS);
}

static void the_same_seed_gives_the_same_run(void **state)
{
    (void)state;
    uint64_t n_events = 0;
    for (uint64_t seed = 0; seed < 50; seed++)
        assert_int_equal(play(seed, &n_events), play(seed, &n_events));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_entity_of_a_random_network_ends),
        cmocka_unit_test(the_same_seed_gives_the_same_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
