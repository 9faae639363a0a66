/* SPDX-License-Identifier: Apache-2.0 */
/* resource.c - how claims move: asked, door, places, held, released.
 *
 *      ask --fits and nobody ahead-------------------------> grant --> event after `service`
 *       |--free place--> places --first of its class, fits-----^  |
 *       |--at_door-----> door ----free place or grant----------^  | interrupted: first of its class
 *       '--else refused               places <--------------------'
 *
 * What a release or a new capacity sets free is handed on by `look_again`, which works through a
 * list of resources that changed: a claim that gets in releases the one it kept upstream, so the
 * release runs up a blocked line step by step and never calls itself. */
#include "sim/resource.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/simd.h"
#include "sim/resource_data.h"

#define MOST_CLAIMS     (UINT32_C(1) << KRNI_CLAIM_SLOT_BITS)
#define FIRST_CLAIMS    64u
#define FIRST_RESOURCES 16u

/* --- claims and lists --- */

static krni_claim claim_of(const krni_resources *all, uint32_t slot)
{
    return (krni_claim){(uint32_t)all->claims[slot].generation << KRNI_CLAIM_SLOT_BITS | slot};
}

static uint32_t slot_of(const krni_resources *all, krni_claim claim)
{
    const krni_claim_record *c = krni_claim_record_of(all, claim);
    assert(c && "a claim that is gone");
    return c ? claim.id & KRNI_CLAIM_SLOT_MASK : 0;
}

/* Makes sure that n claims can be taken without moving the pool. */
static bool reserve_claims(krni_resources *all, size_t n)
{
    if (all->free_claim && n == 1)
        return true;
    size_t size = all->claims_size;
    while (all->n_claims + n > size)
        size *= 2;
    if (size == all->claims_size)
        return true;
    if (size > MOST_CLAIMS) {
        krni_engine_fail(all->engine, KRN_E_LIMIT, "simulation: more than 2^24 claims");
        return false;
    }
    krni_claim_record *claims = realloc(all->claims, size * sizeof *claims);
    if (!claims) {
        krni_engine_fail(all->engine, KRN_E_MEMORY, "simulation: out of memory for claims");
        return false;
    }
    all->claims = claims;
    all->claims_size = (uint32_t)size;
    return true;
}

/* A claim as asked, in no list yet. */
static uint32_t take_claim(krni_resources *all, krni_resource_id id, const krni_ask *ask)
{
    uint32_t slot = all->free_claim;
    uint8_t generation = 1;
    if (slot) {
        all->free_claim = all->claims[slot].next;
        generation = (uint8_t)(all->claims[slot].generation + 1u);
    } else {
        slot = all->n_claims++;
    }
    assert(slot < all->claims_size);
    krni_claim_record *c = &all->claims[slot]; /* member by member is cheaper than a whole one */
    c->service = ask->service;
    c->units = ask->units;
    c->resource = id.index;
    c->entity = ask->entity;
    c->kind = ask->kind;
    c->claim_class = ask->claim_class;
    c->generation = generation;
    c->preempt = ask->preempt;
    c->at_door = ask->at_door;
    c->state = KRNI_CLAIM_LATER;
    c->granted = false;
    c->blocked = false;
    c->set_before = 0;
    c->set_after = 0;
    c->from = 0;
    c->waited = 0.0;
    c->event.order = 0;
    return slot;
}

static void drop_claim(krni_resources *all, uint32_t slot)
{
    all->claims[slot].state = KRNI_CLAIM_GONE;
    all->claims[slot].next = all->free_claim;
    all->free_claim = slot;
}

static void queue_last(krni_resources *all, krni_claim_queue *queue, uint32_t slot)
{
    krni_claim_record *c = &all->claims[slot];
    const uint32_t tail = queue->mask >> c->claim_class & 1 ? queue->tail[c->claim_class] : 0;
    c->prev = tail;
    c->next = 0;
    if (tail)
        all->claims[tail].next = slot;
    else
        queue->head[c->claim_class] = slot;
    queue->tail[c->claim_class] = slot;
    queue->mask |= 1u << c->claim_class;
    queue->n++;
}

static void queue_first(krni_resources *all, krni_claim_queue *queue, uint32_t slot)
{
    krni_claim_record *c = &all->claims[slot];
    const uint32_t head = queue->mask >> c->claim_class & 1 ? queue->head[c->claim_class] : 0;
    c->prev = 0;
    c->next = head;
    if (head)
        all->claims[head].prev = slot;
    else
        queue->tail[c->claim_class] = slot;
    queue->head[c->claim_class] = slot;
    queue->mask |= 1u << c->claim_class;
    queue->n++;
}

static void queue_out(krni_resources *all, krni_claim_queue *queue, uint32_t slot)
{
    const krni_claim_record *c = &all->claims[slot];
    if (c->prev)
        all->claims[c->prev].next = c->next;
    else
        queue->head[c->claim_class] = c->next;
    if (c->next)
        all->claims[c->next].prev = c->prev;
    else
        queue->tail[c->claim_class] = c->prev;
    if (!queue->head[c->claim_class])
        queue->mask &= ~(1u << c->claim_class);
    queue->n--;
}

static uint32_t queue_head(const krni_claim_queue *queue)
{
    return queue->mask ? queue->head[KRNI_LOW_BIT((uint64_t)queue->mask)] : 0;
}

static void add_holder(krni_resources *all, krni_resource *r, uint32_t slot)
{
    all->claims[slot].prev = 0;
    all->claims[slot].next = r->holders;
    if (r->holders)
        all->claims[r->holders].prev = slot;
    r->holders = slot;
}

static void remove_holder(krni_resources *all, krni_resource *r, uint32_t slot)
{
    const krni_claim_record *c = &all->claims[slot];
    if (c->prev)
        all->claims[c->prev].next = c->next;
    else
        r->holders = c->next;
    if (c->next)
        all->claims[c->next].prev = c->prev;
}

/* --- units change hands --- */

static krni_resource *settled(krni_resources *all, uint32_t index)
{
    assert(index < all->n);
    krni_resource *r = &all->resource[index];
    krni_resource_settle(r, krni_engine_now(all->engine));
    return r;
}

static void mark_dirty(krni_resources *all, krni_resource *r)
{
    if (r->dirty || !(r->places.mask | r->door.mask))
        return;
    r->dirty = true;
    const size_t at = all->dirty_first + all->n_dirty++;
    all->dirty[at < all->n ? at : at - all->n] = (uint32_t)(r - all->resource);
}

/* Units of a holder go back; the caller sees to it that they are handed on. */
static inline void free_units(krni_resource *r, int64_t units)
{
    assert(units >= 0 && units <= r->in_use);
    r->in_use -= units;
    if (r->leaving)
        r->leaving = r->in_use > r->capacity ? r->in_use - r->capacity : 0;
}

/* The end of a held claim. */
static inline void take_units(krni_resources *all, krni_resource *r, uint32_t slot)
{
    assert(all->claims[slot].state == KRNI_CLAIM_HELD && !all->claims[slot].blocked);
    remove_holder(all, r, slot);
    r->stats.n_served++;
    free_units(r, all->claims[slot].units);
    drop_claim(all, slot);
}

static void release_slot(krni_resources *all, uint32_t slot)
{
    krni_resource *r = settled(all, all->claims[slot].resource);
    take_units(all, r, slot);
    mark_dirty(all, r);
}

/* The claim upstream waits with its units for this one to get in. */
static void block(krni_resources *all, uint32_t from, bool blocked)
{
    krni_claim_record *c = &all->claims[from];
    krni_resource *r = settled(all, c->resource);
    assert(c->state == KRNI_CLAIM_HELD && c->blocked != blocked);
    c->blocked = blocked;
    r->blocked += blocked ? c->units : -c->units;
}

static void get_in(krni_resources *all, uint32_t slot)
{
    const uint32_t from = all->claims[slot].from;
    if (!from)
        return;
    all->claims[slot].from = 0;
    block(all, from, false);
    release_slot(all, from);
}

static void serve(krni_resources *all, uint32_t slot)
{
    krni_claim_record *c = &all->claims[slot];
    c->due = krni_engine_now(all->engine) + c->service;
    c->event = krni_engine_at(
        all->engine, c->due,
        (krni_event){.entity = c->entity, .argument = claim_of(all, slot).id, .kind = c->kind});
}

static bool ask_next(krni_resources *all, uint32_t slot); /* recursion: sets */

/* A granted claim that releases another, or is one of a set. */
static KRNI_APART void grant_linked(krni_resources *all, uint32_t slot)
{
    const uint32_t after = all->claims[slot].set_after;
    get_in(all, slot);
    if (after) {
        (void)ask_next(all, after);
        return;
    }
    for (uint32_t at = slot; at;) { /* the set is complete */
        const uint32_t before = all->claims[at].set_before;
        all->claims[at].set_before = 0;
        all->claims[at].set_after = 0;
        at = before;
    }
    serve(all, slot);
}

/* Units are there; the slot is in no list. */
static KRNI_INLINE void grant(krni_resources *all, krni_resource *r, uint32_t slot)
{
    krni_claim_record *c = &all->claims[slot];
    assert(c->units <= r->capacity - r->in_use);
    r->in_use += c->units;
    if (r->in_use > r->stats.busy_max)
        r->stats.busy_max = r->in_use;
    c->state = KRNI_CLAIM_HELD;
    r->stats.n_granted += !c->granted;
    c->granted = true;
    add_holder(all, r, slot);
    if (KRNI_UNLIKELY(c->set_after | c->set_before | c->from))
        grant_linked(all, slot);
    else
        serve(all, slot);
}

/* --- waiting --- */

/* The part of a stay that the statistics have seen. */
static double stay_since(const krni_resource *r, const krni_claim_record *c, double now)
{
    return now - (c->since > r->stats.since ? c->since : r->stats.since);
}

static void into_places(krni_resources *all, krni_resource *r, uint32_t slot)
{
    krni_claim_record *c = &all->claims[slot];
    c->state = KRNI_CLAIM_WAITING;
    c->since = krni_engine_now(all->engine);
    if (c->granted) {
        queue_first(all, &r->places, slot);
        r->interrupted++;
    } else {
        queue_last(all, &r->places, slot);
    }
    if (r->places.n > r->stats.queue_max)
        r->stats.queue_max = r->places.n;
    if (c->from)
        get_in(all, slot);
}

static void out_of_places(krni_resources *all, krni_resource *r, uint32_t slot)
{
    krni_claim_record *c = &all->claims[slot];
    const double now = krni_engine_now(all->engine);
    queue_out(all, &r->places, slot);
    r->stats.wait_sum += stay_since(r, c, now);
    c->waited += now - c->since;
    if (c->granted)
        r->interrupted--;
}

static void to_door(krni_resources *all, krni_resource *r, uint32_t slot)
{
    krni_claim_record *c = &all->claims[slot];
    c->state = KRNI_CLAIM_DOOR;
    c->since = krni_engine_now(all->engine);
    queue_last(all, &r->door, slot);
}

static void from_door(krni_resources *all, krni_resource *r, uint32_t slot)
{
    krni_claim_record *c = &all->claims[slot];
    const double now = krni_engine_now(all->engine);
    queue_out(all, &r->door, slot);
    r->stats.door_sum += stay_since(r, c, now);
    c->waited += now - c->since;
}

/* Units of a claim under service are taken away; it waits for them again. */
static void interrupt(krni_resources *all, krni_resource *r, uint32_t slot)
{
    krni_claim_record *c = &all->claims[slot];
    krni_engine_cancel(all->engine, c->event);
    c->service = c->due - krni_engine_now(all->engine);
    remove_holder(all, r, slot);
    r->stats.n_preempted++;
    free_units(r, c->units);
    into_places(all, r, slot);
    mark_dirty(all, r);
}

static bool interruptible(const krni_resources *all, uint32_t slot)
{
    return krni_engine_pending(all->engine, all->claims[slot].event);
}

/* Interrupts claims of classes above `above` until `units` are free: last class first, latest grant
 * first. Takes what it gets if there are fewer. */
static void interrupt_until(krni_resources *all, krni_resource *r, int above, int64_t units)
{
    for (int k = (int)KRNI_CLASSES - 1; k > above; k--)
        for (uint32_t slot = r->holders; slot && r->capacity - r->in_use < units;) {
            const uint32_t next = all->claims[slot].next;
            if (all->claims[slot].claim_class == k && interruptible(all, slot))
                interrupt(all, r, slot);
            slot = next;
        }
}

/* Could a claim of that class have so many units if it interrupted all that it may? */
static bool worth_interrupting(const krni_resources *all, const krni_resource *r,
                               const krni_claim_record *c)
{
    int64_t units = r->capacity - r->in_use;
    for (uint32_t slot = r->holders; slot && units < c->units; slot = all->claims[slot].next)
        if (all->claims[slot].claim_class > c->claim_class && interruptible(all, slot))
            units += all->claims[slot].units;
    return units >= c->units;
}

/* Classes 0 .. of the claim, as a mask. */
static uint32_t ahead_of(const krni_claim_record *c)
{
    return (2u << c->claim_class) - 1;
}

static bool has_place(const krni_resource *r)
{
    return r->places.n - r->interrupted < r->spec.places;
}

/* A new claim, or the next of a set: false if it is refused. */
static KRNI_INLINE bool ask_for(krni_resources *all, uint32_t slot)
{
    krni_claim_record *c = &all->claims[slot];
    krni_resource *r = settled(all, c->resource);
    const uint32_t ahead = (r->places.mask | r->door.mask) & ahead_of(c);
    bool fits = c->units <= r->capacity - r->in_use && (!ahead || r->spec.overtaking);
    r->stats.n_asked++;
    if (!fits && c->preempt && !ahead && worth_interrupting(all, r, c)) {
        interrupt_until(all, r, c->claim_class, c->units);
        fits = true;
    }
    if (fits)
        grant(all, r, slot);
    else if (has_place(r) && !(r->door.mask & ahead_of(c)))
        into_places(all, r, slot);
    else if (c->at_door || c->preempt)
        to_door(all, r, slot);
    else
        return r->stats.n_refused++, false;
    return true;
}

static KRNI_APART bool ask_next(krni_resources *all, uint32_t slot)
{
    return ask_for(all, slot);
}

/* The next claim of the places that can have its units, or 0. */
static uint32_t next_to_grant(const krni_resources *all, const krni_resource *r)
{
    const int64_t units = r->capacity - r->in_use;
    const uint32_t head = queue_head(&r->places);
    if (!head || all->claims[head].units <= units)
        return head;
    for (unsigned k = 0; r->spec.overtaking && k < KRNI_CLASSES; k++)
        if (r->places.mask >> k & 1)
            for (uint32_t slot = r->places.head[k]; slot; slot = all->claims[slot].next)
                if (all->claims[slot].units <= units)
                    return slot;
    return 0;
}

/* Lets in and grants what the units and places of a resource allow now. */
static void admit(krni_resources *all, krni_resource *r)
{
    for (;;) {
        const uint32_t waiting = next_to_grant(all, r);
        if (waiting) {
            out_of_places(all, r, waiting);
            grant(all, r, waiting);
            continue;
        }
        const uint32_t outside = queue_head(&r->door);
        if (!outside)
            return;
        const krni_claim_record *c = &all->claims[outside];
        const bool fits = c->units <= r->capacity - r->in_use &&
                          (!(r->places.mask & ahead_of(c)) || r->spec.overtaking);
        if (!fits && !has_place(r))
            return;
        from_door(all, r, outside);
        if (fits)
            grant(all, r, outside);
        else
            into_places(all, r, outside);
    }
}

/* From `first`, which changed, through all that change by it. */
static void work_through(krni_resources *all, krni_resource *first)
{
    all->looking = true;
    if (first)
        admit(all, first);
    while (all->n_dirty) {
        krni_resource *r = &all->resource[all->dirty[all->dirty_first]];
        if (++all->dirty_first == all->n)
            all->dirty_first = 0;
        all->n_dirty--;
        r->dirty = false;
        assert(r->settled >= krni_engine_now(all->engine)); /* it changed at this instant */
        admit(all, r);
    }
    all->looking = false;
}

static inline void look_again(krni_resources *all)
{
    if (all->n_dirty && !all->looking)
        work_through(all, NULL);
}

/* --- what the model calls --- */

krni_claim krni_resource_ask(krni_resources *all, krni_resource_id id, const krni_ask *ask)
{
    assert(ask->units >= 1 && ask->service >= 0.0 && ask->claim_class < KRNI_CLASSES);
    assert(!ask->from.id || ask->at_door);
    if (!reserve_claims(all, 1))
        return (krni_claim){0};
    const uint32_t slot = take_claim(all, id, ask);
    if (ask->from.id) {
        all->claims[slot].from = slot_of(all, ask->from);
        block(all, all->claims[slot].from, true);
    }
    const bool accepted = ask_for(all, slot);
    const krni_claim claim = accepted ? claim_of(all, slot) : (krni_claim){0};
    if (!accepted)
        drop_claim(all, slot);
    look_again(all);
    return claim;
}

bool krni_resources_ask_all(krni_resources *all, size_t n, const krni_resource_id *ids,
                            const int64_t *units, const krni_ask *ask, krni_claim *claims)
{
    assert(n >= 1);
    if (!reserve_claims(all, n))
        return claims[0].id = 0, false;
    uint32_t last = 0;
    for (size_t i = 0; i < n; i++) {
        assert(units[i] >= 1 && (i == 0 || ids[i].index > ids[i - 1].index));
        krni_ask one = *ask;
        one.units = units[i];
        one.at_door = ask->at_door || i > 0;
        const uint32_t slot = take_claim(all, ids[i], &one);
        all->claims[slot].set_before = last;
        if (last)
            all->claims[last].set_after = slot;
        claims[i] = claim_of(all, slot);
        last = slot;
    }
    if (ask->from.id) {
        all->claims[last].from = slot_of(all, ask->from);
        block(all, all->claims[last].from, true);
    }
    const bool accepted = ask_next(all, claims[0].id & KRNI_CLAIM_SLOT_MASK);
    for (size_t i = 0; i < n && !accepted; i++) {
        drop_claim(all, claims[i].id & KRNI_CLAIM_SLOT_MASK);
        claims[i].id = 0;
    }
    look_again(all);
    return accepted;
}

void krni_resource_serve(krni_resources *all, krni_claim claim, double service, uint16_t kind)
{
    const uint32_t slot = slot_of(all, claim);
    krni_claim_record *c = &all->claims[slot];
    assert(c->state == KRNI_CLAIM_HELD && !c->blocked && !interruptible(all, slot));
    c->service = service;
    c->kind = kind;
    serve(all, slot);
}

void krni_resource_release(krni_resources *all, krni_claim claim)
{
    const uint32_t slot = slot_of(all, claim);
    const krni_claim_record *c = &all->claims[slot];
    assert(!c->set_before && !c->set_after && !interruptible(all, slot));
    krni_resource *r = settled(all, c->resource);
    take_units(all, r, slot);
    if (!(r->places.mask | r->door.mask))
        return;
    if (all->looking || all->n_dirty)
        mark_dirty(all, r);
    else
        work_through(all, r);
}

void krni_resource_give(krni_resources *all, krni_claim claim, int64_t units)
{
    krni_claim_record *c = &all->claims[slot_of(all, claim)];
    assert(c->state == KRNI_CLAIM_HELD && units >= 1 && units < c->units && !c->blocked);
    c->units -= units;
    krni_resource *r = settled(all, c->resource);
    free_units(r, units);
    mark_dirty(all, r);
    look_again(all);
}

void krni_resource_move(krni_resources *all, krni_claim claim, krni_resource_id to)
{
    const uint32_t slot = slot_of(all, claim);
    const int64_t units = all->claims[slot].units;
    krni_resource *here = settled(all, all->claims[slot].resource);
    krni_resource *there = settled(all, to.index);
    assert(!interruptible(all, slot));
    krni_resource_settle_capacity(here, krni_engine_now(all->engine));
    krni_resource_settle_capacity(there, krni_engine_now(all->engine));
    if (here->capacity != KRNI_UNBOUNDED)
        here->capacity -= units;
    release_slot(all, slot);
    if (there->capacity != KRNI_UNBOUNDED)
        there->capacity += units;
    there->leaving = there->in_use > there->capacity ? there->in_use - there->capacity : 0;
    mark_dirty(all, there);
    look_again(all);
}

static void withdraw_slot(krni_resources *all, uint32_t slot)
{
    krni_claim_record *c = &all->claims[slot];
    krni_resource *r = settled(all, c->resource);
    if (c->from)
        block(all, c->from, false);
    c->from = 0;
    switch ((krni_claim_state)c->state) {
    case KRNI_CLAIM_HELD:
        krni_engine_cancel(all->engine, c->event);
        release_slot(all, slot);
        return;
    case KRNI_CLAIM_WAITING:
        out_of_places(all, r, slot);
        break;
    case KRNI_CLAIM_DOOR:
        from_door(all, r, slot);
        break;
    case KRNI_CLAIM_LATER:
    case KRNI_CLAIM_GONE:
        break;
    }
    if (c->state != KRNI_CLAIM_LATER && !c->granted)
        r->stats.n_left++;
    drop_claim(all, slot);
    mark_dirty(all, r); /* a place, or the turn of the next */
}

void krni_resource_withdraw(krni_resources *all, krni_claim claim)
{
    uint32_t slot = slot_of(all, claim);
    while (all->claims[slot].set_before)
        slot = all->claims[slot].set_before;
    while (slot) {
        const uint32_t after = all->claims[slot].set_after;
        withdraw_slot(all, slot);
        slot = after;
    }
    look_again(all);
}

static void set_capacity(krni_resources *all, krni_resource *r, int64_t capacity, krni_leave leave)
{
    assert(capacity >= 0);
    krni_resource_settle_capacity(r, krni_engine_now(all->engine));
    r->capacity = capacity;
    if (leave == KRNI_AT_ONCE && r->in_use > capacity)
        interrupt_until(all, r, -1, 0);
    r->leaving = r->in_use > capacity ? r->in_use - capacity : 0;
    mark_dirty(all, r);
}

void krni_resource_capacity(krni_resources *all, krni_resource_id id, int64_t capacity,
                            krni_leave leave)
{
    set_capacity(all, settled(all, id.index), capacity, leave);
    look_again(all);
}

/* --- shifts --- */

static void plan_shift(krni_resources *all, krni_resource *r, uint32_t step)
{
    if (step >= r->n_shifts && (r->period <= 0.0 || r->n_shifts == 1))
        return;
    const double start = (double)(step / r->n_shifts) * r->period;
    r->next_shift = krni_engine_at(all->engine, start + r->shifts[step % r->n_shifts].time,
                                   (krni_event){.entity = (uint32_t)(r - all->resource),
                                                .argument = step,
                                                .kind = KRNI_KIND_RESOURCE,
                                                .priority = KRNI_PRIORITY_FIRST});
}

static krn_status shift_comes(void *model, krni_engine *engine, krni_event event, krn_error *err)
{
    krni_resources *all = model;
    (void)engine;
    (void)err;
    krni_resource *r = settled(all, event.entity);
    set_capacity(all, r, r->shifts[event.argument % r->n_shifts].capacity, r->leave);
    look_again(all);
    plan_shift(all, r, event.argument + 1);
    return KRN_OK;
}

static void start_shifts(krni_resources *all, krni_resource *r)
{
    if (!r->n_shifts)
        return;
    const bool now = r->shifts[0].time <= 0.0;
    if (now)
        r->capacity = r->shifts[0].capacity;
    else if (r->period > 0.0)
        r->capacity = r->shifts[r->n_shifts - 1].capacity;
    plan_shift(all, r, now ? 1 : 0);
}

krn_status krni_resource_shifts(krni_resources *all, krni_resource_id id, size_t n_steps,
                                const krni_shift *steps, double period, krni_leave leave,
                                krn_error *err)
{
    krni_resource *r = settled(all, id.index);
    for (size_t i = 0; i < n_steps; i++) {
        const bool rises = i ? steps[i].time > steps[i - 1].time : steps[i].time >= 0.0;
        if (!rises || steps[i].capacity < 0 || (period > 0.0 && !(steps[i].time < period)))
            return krni_fail(err, KRN_E_ARG, "shifts: step %zu: time %g, capacity %lld", i,
                             steps[i].time, (long long)steps[i].capacity);
    }
    krni_shift *copy = malloc((n_steps ? n_steps : 1) * sizeof *copy);
    if (!copy)
        return krni_fail_memory(err);
    if (n_steps)
        memcpy(copy, steps, n_steps * sizeof *copy);
    krni_engine_cancel(all->engine, r->next_shift);
    free(r->shifts);
    r->shifts = copy;
    r->n_shifts = n_steps;
    r->period = period;
    r->leave = leave;
    start_shifts(all, r);
    return KRN_OK;
}

/* --- making and resetting --- */

krni_resources *krni_resources_new(krni_engine *engine)
{
    krni_resources *all = calloc(1, sizeof *all);
    if (!all)
        return NULL;
    all->engine = engine;
    all->size = FIRST_RESOURCES;
    all->resource = calloc(all->size, sizeof *all->resource);
    all->dirty = calloc(all->size, sizeof *all->dirty);
    all->claims = calloc(FIRST_CLAIMS, sizeof *all->claims);
    all->claims_size = FIRST_CLAIMS;
    all->n_claims = 1;
    if (!all->resource || !all->dirty || !all->claims) {
        krni_resources_free(all);
        return NULL;
    }
    krni_engine_on(engine, KRNI_KIND_RESOURCE, shift_comes, all);
    return all;
}

void krni_resources_free(krni_resources *all)
{
    if (!all)
        return;
    for (size_t i = 0; i < all->n; i++)
        free(all->resource[i].shifts);
    free(all->resource);
    free(all->dirty);
    free(all->claims);
    free(all);
}

static bool grow_resources(krni_resources *all)
{
    krni_resource *resource = realloc(all->resource, 2 * all->size * sizeof *resource);
    if (!resource)
        return false;
    all->resource = resource;
    uint32_t *dirty = realloc(all->dirty, 2 * all->size * sizeof *dirty);
    if (!dirty)
        return false;
    all->dirty = dirty;
    all->size *= 2;
    return true;
}

krn_status krni_resource_add(krni_resources *all, const krni_resource_spec *spec,
                             krni_resource_id *out, krn_error *err)
{
    if (spec->capacity < 0 || spec->places < 0)
        return krni_fail(err, KRN_E_ARG, "resource: capacity %lld, places %lld: none below 0",
                         (long long)spec->capacity, (long long)spec->places);
    assert(!all->n_dirty);
    if (all->n == all->size && !grow_resources(all))
        return krni_fail_memory(err);
    const double now = krni_engine_now(all->engine);
    all->resource[all->n] = (krni_resource){.spec = *spec,
                                            .capacity = spec->capacity,
                                            .settled = now,
                                            .capacity_settled = now,
                                            .stats.since = now};
    all->dirty_first = 0;
    out->index = (uint32_t)all->n++;
    return KRN_OK;
}

void krni_resources_reset(krni_resources *all)
{
    assert(krni_engine_now(all->engine) == 0.0);
    all->n_claims = 1;
    all->free_claim = 0;
    all->n_dirty = 0;
    for (size_t i = 0; i < all->n; i++) {
        krni_resource *r = &all->resource[i];
        *r = (krni_resource){.spec = r->spec,
                             .capacity = r->spec.capacity,
                             .shifts = r->shifts,
                             .n_shifts = r->n_shifts,
                             .period = r->period,
                             .leave = r->leave};
        start_shifts(all, r);
    }
}
