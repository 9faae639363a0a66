/* SPDX-License-Identifier: Apache-2.0 */
/* resource_data.h - the inside of resource.h, shared by the files resource*.c only.
 *
 *   claims     [ - | c1 | c2 | ... ]     one pool; slot 0 is none; links are slot numbers
 *   resource   holders    newest -> ... -> oldest                       (prev, next of a claim)
 *              places     per class: head <-> ... <-> tail, mask of the classes that have some
 *              door       the same
 */
#ifndef SIM_RESOURCE_DATA_H
#define SIM_RESOURCE_DATA_H

#include <assert.h>

#include "base/simd.h"
#include "sim/resource.h"

/* Two things of a claim have one place where it never is both. */
typedef struct krni_claim_record {
    union {
        double since;        /* waits: when the present stay at the door or in the places began */
        krni_event_id event; /* held: of the service under way */
    };
    union {
        double service; /* not held: to be served when units are granted: all of it, or the rest */
        double due;     /* held: when the service under way ends */
    };
    double waited; /* sum of the stays that have ended */
    int64_t units;
    uint32_t id; /* what the model has; another one as soon as the claim is gone */
    uint32_t resource;
    uint32_t entity;
    uint32_t prev;
    uint32_t next; /* also: next free slot */
    uint16_t kind;
    uint8_t claim_class;
    uint8_t state; /* krni_claim_state */
    bool preempt;
    bool at_door;
    bool granted;        /* has had its units before: was interrupted, or holds them */
    bool blocked;        /* held, and the claim of another that stands at a door */
    uint32_t set_before; /* neighbours in a set that is not complete yet */
    uint32_t set_after;
    uint32_t from; /* slot of the claim to release when this one gets in */
} krni_claim_record;

typedef struct krni_claim_queue {
    int64_t n;
    uint32_t mask; /* bit c: class c is not empty */
    uint32_t head[KRNI_CLASSES];
    uint32_t tail[KRNI_CLASSES];
} krni_claim_queue;

typedef struct krni_resource {
    double settled; /* areas are right up to here; of the places: */
    double places_settled;
    double capacity_settled;
    int64_t capacity;
    int64_t in_use;
    int64_t leaving;     /* units above the capacity that go when they are released */
    int64_t blocked;     /* units */
    int64_t interrupted; /* claims in the places that came back: they need no free place */
    uint32_t holders;    /* newest */
    bool dirty;          /* stands in the list of resources to look at again */
    krni_claim_queue places;
    krni_claim_queue door;
    krni_resource_stats stats;
    krni_resource_spec spec;
    krni_shift *shifts;
    size_t n_shifts;
    double period;
    krni_leave leave;
    krni_event_id next_shift;
} krni_resource;

struct krni_resources {
    krni_engine *engine;
    krni_resource *resource;
    size_t n;
    size_t size;
    krni_claim_record *claims;
    uint32_t n_claims; /* slots in use or free, slot 0 among them */
    uint32_t claims_size;
    uint32_t free_claim; /* 0: none */
    uint32_t *dirty;     /* resources to look at again: a ring of n */
    size_t dirty_first;
    size_t n_dirty;
    bool looking;
};

/* Brings the area of the places up to this instant. */
static inline void krni_resource_settle_places(krni_resource *r, double now)
{
    assert(now >= r->places_settled);
    r->stats.queue_area += (now - r->places_settled) * (double)r->places.n;
    r->places_settled = now;
}

/* The same of all areas, but that of the capacity only where it changes. */
static inline void krni_resource_settle(krni_resource *r, double now)
{
    const double dt = now - r->settled;
    assert(dt >= 0.0);
    r->settled = now;
    r->stats.busy_area += dt * (double)r->in_use;
    if (r->door.n | r->blocked) {
        r->stats.door_area += dt * (double)r->door.n;
        r->stats.blocked_area += dt * (double)r->blocked;
    }
    krni_resource_settle_places(r, now);
}

/* Called before the capacity changes, and before its area is read. */
static inline void krni_resource_settle_capacity(krni_resource *r, double now)
{
    if (r->capacity != KRNI_UNBOUNDED)
        r->stats.capacity_area += (now - r->capacity_settled) * (double)r->capacity;
    r->capacity_settled = now;
}

#define KRNI_CLAIM_SLOT_BITS 24u /* of a claim's id; the rest is its generation */
#define KRNI_CLAIM_SLOT_MASK ((UINT32_C(1) << KRNI_CLAIM_SLOT_BITS) - 1)

/* The record of a claim, or NULL when it is gone. */
static inline krni_claim_record *krni_claim_record_of(const krni_resources *resources,
                                                      krni_claim claim)
{
    const uint32_t slot = claim.id & KRNI_CLAIM_SLOT_MASK;
    if (slot >= resources->n_claims)
        return NULL;
    krni_claim_record *c = &resources->claims[slot];
    return c->id == claim.id ? c : NULL; /* slot 0 has an id of no claim */
}

/* Makes sure that n claims can be taken without moving the pool; false: the run fails. */
bool krni_claims_reserve(krni_resources *resources, size_t n);

#endif
