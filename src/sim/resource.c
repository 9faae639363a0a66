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
 * release runs up a blocked line step by step and never calls itself. The common cases go past it:
 * an ask where nobody stands at the door, and a release whose units the first in the queue takes
 * over. */
#include "sim/resource.h"

#include <assert.h>

#include "sim/engine_data.h"
#include "sim/resource_list.h"

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
    krni_holders_remove(all, r, slot);
    r->stats.n_served++;
    free_units(r, all->claims[slot].units);
    krni_claim_drop(all, slot);
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

static KRNI_INLINE void serve(krni_resources *all, uint32_t slot)
{
    krni_claim_record *c = &all->claims[slot];
    const double due = krni_engine_now(all->engine) + c->service;
    c->due = due;
    c->event =
        krni_engine_plan_here(all->engine, due, c->entity, c->id, c->kind, KRNI_PRIORITY_NORMAL);
}

static bool ask_next(krni_resources *all, uint32_t slot); /* recursion: sets */

/* A granted claim that releases another, or is one of a set. */
static KRNI_APART void grant_linked(krni_resources *all, uint32_t slot)
{
    const uint32_t after = all->claims[slot].set_after;
    all->claims[slot].event.order = 0;
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

/* The first part of a grant: units are there; the slot is in no list. */
static KRNI_INLINE void hold(krni_resources *all, krni_resource *r, uint32_t slot)
{
    krni_claim_record *c = &all->claims[slot];
    assert(c->units <= r->capacity - r->in_use);
    r->in_use += c->units;
    if (r->in_use > r->stats.busy_max)
        r->stats.busy_max = r->in_use;
    c->state = KRNI_CLAIM_HELD;
    r->stats.n_granted += !c->granted;
    c->granted = true;
    krni_holders_add(all, r, slot);
}

/* Of a claim that stands for itself. */
static KRNI_INLINE void grant_alone(krni_resources *all, krni_resource *r, uint32_t slot)
{
    hold(all, r, slot);
    serve(all, slot);
}

static void grant(krni_resources *all, krni_resource *r, uint32_t slot)
{
    const krni_claim_record *c = &all->claims[slot];
    const bool linked = c->set_after | c->set_before | c->from;
    hold(all, r, slot);
    if (linked)
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

/* Of a claim that is new. */
static KRNI_INLINE void wait_last(krni_resources *all, krni_resource *r, uint32_t slot)
{
    krni_claim_record *c = &all->claims[slot];
    c->state = KRNI_CLAIM_WAITING;
    c->since = krni_engine_now(all->engine);
    krni_queue_last(all, &r->places, slot);
    if (r->places.n > r->stats.queue_max)
        r->stats.queue_max = r->places.n;
}

/* Of a claim that was interrupted. */
static void wait_first(krni_resources *all, krni_resource *r, uint32_t slot)
{
    krni_claim_record *c = &all->claims[slot];
    assert(c->granted && !c->from);
    c->state = KRNI_CLAIM_WAITING;
    c->since = krni_engine_now(all->engine);
    krni_queue_first(all, &r->places, slot);
    r->interrupted++;
    if (r->places.n > r->stats.queue_max)
        r->stats.queue_max = r->places.n;
}

static void into_places(krni_resources *all, krni_resource *r, uint32_t slot)
{
    wait_last(all, r, slot);
    if (all->claims[slot].from)
        get_in(all, slot);
}

static KRNI_INLINE void out_of_places(krni_resources *all, krni_resource *r, uint32_t slot)
{
    krni_claim_record *c = &all->claims[slot];
    const double now = krni_engine_now(all->engine);
    krni_queue_out(all, &r->places, slot);
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
    krni_queue_last(all, &r->door, slot);
}

static void from_door(krni_resources *all, krni_resource *r, uint32_t slot)
{
    krni_claim_record *c = &all->claims[slot];
    const double now = krni_engine_now(all->engine);
    krni_queue_out(all, &r->door, slot);
    r->stats.door_sum += stay_since(r, c, now);
    c->waited += now - c->since;
}

/* Units of a claim under service are taken away; it waits for them again. */
static void interrupt(krni_resources *all, krni_resource *r, uint32_t slot)
{
    krni_claim_record *c = &all->claims[slot];
    krni_engine_cancel(all->engine, c->event);
    c->service = c->due - krni_engine_now(all->engine);
    krni_holders_remove(all, r, slot);
    r->stats.n_preempted++;
    free_units(r, c->units);
    wait_first(all, r, slot);
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
    const uint32_t head = krni_queue_head(&r->places);
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
        const uint32_t outside = krni_queue_head(&r->door);
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

static KRNI_APART krni_claim ask_any(krni_resources *all, krni_resource_id id, const krni_ask *ask)
{
    if (!krni_claims_reserve(all, 1))
        return (krni_claim){0};
    const uint32_t slot = krni_claim_take(all, id, ask);
    if (ask->from.id) {
        all->claims[slot].from = krni_claim_slot(all, ask->from);
        block(all, all->claims[slot].from, true);
    }
    const bool accepted = ask_for(all, slot);
    const krni_claim claim = accepted ? krni_claim_of(all, slot) : (krni_claim){0};
    if (!accepted)
        krni_claim_drop(all, slot);
    look_again(all);
    return claim;
}

/* The common case, which calls nothing: no door, and units for a claim alone or a place in the
 * queue. */
krni_claim krni_resource_ask(krni_resources *all, krni_resource_id id, const krni_ask *ask)
{
    assert(ask->units >= 1 && ask->service >= 0.0 && ask->claim_class < KRNI_CLASSES);
    assert(!ask->from.id || ask->at_door);
    assert(id.index < all->n && !all->n_dirty && !all->looking);
    krni_resource *r = &all->resource[id.index];
    const bool fits = ask->units <= r->capacity - r->in_use;
    if (KRNI_UNLIKELY((ask->preempt | ask->at_door) || r->door.mask || !all->free_claim))
        return ask_any(all, id, ask);
    if (KRNI_UNLIKELY(fits ? r->places.mask != 0 : !has_place(r)))
        return ask_any(all, id, ask);
    const uint32_t slot = krni_claim_take(all, id, ask);
    const krni_claim claim = krni_claim_of(all, slot);
    r->stats.n_asked++;
    if (fits) {
        krni_resource_settle(r, krni_engine_now(all->engine));
        grant_alone(all, r, slot);
    } else {
        krni_resource_settle_places(r, krni_engine_now(all->engine));
        wait_last(all, r, slot);
    }
    return claim;
}

bool krni_resources_ask_all(krni_resources *all, size_t n, const krni_resource_id *ids,
                            const int64_t *units, const krni_ask *ask, krni_claim *claims)
{
    assert(n >= 1);
    if (!krni_claims_reserve(all, n))
        return claims[0].id = 0, false;
    uint32_t last = 0;
    for (size_t i = 0; i < n; i++) {
        assert(units[i] >= 1 && (i == 0 || ids[i].index > ids[i - 1].index));
        krni_ask one = *ask;
        one.units = units[i];
        one.at_door = ask->at_door || i > 0;
        const uint32_t slot = krni_claim_take(all, ids[i], &one);
        all->claims[slot].set_before = last;
        if (last)
            all->claims[last].set_after = slot;
        claims[i] = krni_claim_of(all, slot);
        last = slot;
    }
    if (ask->from.id) {
        all->claims[last].from = krni_claim_slot(all, ask->from);
        block(all, all->claims[last].from, true);
    }
    const bool accepted = ask_next(all, claims[0].id & KRNI_CLAIM_SLOT_MASK);
    for (size_t i = 0; i < n && !accepted; i++) {
        krni_claim_drop(all, claims[i].id & KRNI_CLAIM_SLOT_MASK);
        claims[i].id = 0;
    }
    look_again(all);
    return accepted;
}

void krni_resource_serve(krni_resources *all, krni_claim claim, double service, uint16_t kind)
{
    const uint32_t slot = krni_claim_slot(all, claim);
    krni_claim_record *c = &all->claims[slot];
    assert(c->state == KRNI_CLAIM_HELD && !c->blocked && !interruptible(all, slot));
    c->service = service;
    c->kind = kind;
    serve(all, slot);
}

/* May the first in the queue take over the units of c by a few steps: as many, of a claim that was
 * not interrupted and stands for itself, and nothing else to see to? */
static KRNI_INLINE bool may_take_over(const krni_resource *r, const krni_claim_record *c,
                                      const krni_claim_record *head)
{
    return head->units == c->units && !head->granted &&
           !(head->set_before | head->set_after | head->from | r->door.mask) && !r->leaving;
}

/* The same as a release and a grant. The event is planned first: what comes next in the run hangs
 * on it, all else does not. */
static KRNI_INLINE void take_over(krni_resources *all, krni_resource *r, uint32_t slot,
                                  uint32_t head)
{
    krni_claim_record *h = &all->claims[head];
    const double now = krni_engine_now(all->engine);
    const double since = h->since;
    serve(all, head);
    krni_resource_settle_places(r, now);
    krni_queue_pop(all, &r->places, head);
    r->stats.wait_sum += now - (since > r->stats.since ? since : r->stats.since);
    h->waited += now - since;
    h->state = KRNI_CLAIM_HELD;
    h->granted = true;
    r->stats.n_granted++;
    r->stats.n_served++;
    krni_holders_remove(all, r, slot);
    krni_holders_add(all, r, head);
    krni_claim_drop(all, slot);
}

void krni_resource_release(krni_resources *all, krni_claim claim)
{
    const uint32_t slot = krni_claim_slot(all, claim);
    const krni_claim_record *c = &all->claims[slot];
    krni_resource *r = &all->resource[c->resource];
    assert(c->state == KRNI_CLAIM_HELD && !c->blocked);
    assert(!c->set_before && !c->set_after && !interruptible(all, slot));
    assert(!all->looking && !all->n_dirty);
    const uint32_t head = r->places.head[0];
    if (head && KRNI_LIKELY(may_take_over(r, c, &all->claims[head]))) {
        take_over(all, r, slot, head);
        if (KRNI_LIKELY(!r->places.mask || r->in_use == r->capacity))
            return;
        krni_resource_settle(r, krni_engine_now(all->engine));
    } else {
        krni_resource_settle(r, krni_engine_now(all->engine));
        take_units(all, r, slot);
        if (!(r->places.mask | r->door.mask))
            return;
    }
    work_through(all, r);
}

void krni_resource_give(krni_resources *all, krni_claim claim, int64_t units)
{
    krni_claim_record *c = &all->claims[krni_claim_slot(all, claim)];
    assert(c->state == KRNI_CLAIM_HELD && units >= 1 && units < c->units && !c->blocked);
    c->units -= units;
    krni_resource *r = settled(all, c->resource);
    free_units(r, units);
    mark_dirty(all, r);
    look_again(all);
}

void krni_resource_move(krni_resources *all, krni_claim claim, krni_resource_id to)
{
    const uint32_t slot = krni_claim_slot(all, claim);
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
    krni_claim_drop(all, slot);
    mark_dirty(all, r); /* a place, or the turn of the next */
}

void krni_resource_withdraw(krni_resources *all, krni_claim claim)
{
    uint32_t slot = krni_claim_slot(all, claim);
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
