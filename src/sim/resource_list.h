/* SPDX-License-Identifier: Apache-2.0 */
/* resource_list.h - the pool of claims, and the lists they stand in; for resource.c only.
 *
 *   pool     [ - | c1 | c2 | c3 | ... ]      the free ones in a list, the last used first. Slot 0
 * is written where there is no neighbour, never read id       generation 31..24 | slot 23..0  the
 * generation rises when the claim goes, so that an id kept too long fits no claim queue    per
 * class: head <-> ... <-> tail, and a mask of the classes that have some holders  newest <-> ...
 * <-> oldest
 */
#ifndef SIM_RESOURCE_LIST_H
#define SIM_RESOURCE_LIST_H

#include "sim/resource_data.h"

#define KRNI_CLAIM_GENERATION (UINT32_C(1) << KRNI_CLAIM_SLOT_BITS)

static inline krni_claim krni_claim_of(const krni_resources *all, uint32_t slot)
{
    return (krni_claim){all->claims[slot].id};
}

/* The claim is not gone. */
static inline uint32_t krni_claim_slot(const krni_resources *all, krni_claim claim)
{
    const krni_claim_record *c = krni_claim_record_of(all, claim);
    assert(c && "a claim that is gone");
    return c ? claim.id & KRNI_CLAIM_SLOT_MASK : 0;
}

/* A claim as asked, in no list yet; there is a free slot or room behind the last one. */
static KRNI_INLINE uint32_t krni_claim_take(krni_resources *all, krni_resource_id id,
                                            const krni_ask *ask)
{
    uint32_t slot = all->free_claim;
    if (KRNI_LIKELY(slot)) {
        all->free_claim = all->claims[slot].next;
    } else {
        slot = all->n_claims++;
        assert(slot < all->claims_size);
        all->claims[slot].id = KRNI_CLAIM_GENERATION | slot;
    }
    krni_claim_record *c = &all->claims[slot]; /* member by member is cheaper than a whole one */
    c->service = ask->service;
    c->waited = 0.0;
    c->units = ask->units;
    c->resource = id.index;
    c->entity = ask->entity;
    c->kind = ask->kind;
    c->claim_class = ask->claim_class;
    c->state = KRNI_CLAIM_LATER;
    c->preempt = ask->preempt;
    c->at_door = ask->at_door;
    c->granted = false;
    c->blocked = false;
    c->set_before = 0;
    c->set_after = 0;
    c->from = 0;
    return slot;
}

static inline void krni_claim_drop(krni_resources *all, uint32_t slot)
{
    krni_claim_record *c = &all->claims[slot];
    c->id += KRNI_CLAIM_GENERATION;
    c->state = KRNI_CLAIM_GONE;
    c->next = all->free_claim;
    all->free_claim = slot;
}

static inline void krni_queue_last(krni_resources *all, krni_claim_queue *queue, uint32_t slot)
{
    krni_claim_record *c = &all->claims[slot];
    const uint32_t k = c->claim_class;
    const uint32_t tail = queue->tail[k];
    c->prev = tail;
    c->next = 0;
    all->claims[tail].next = slot;
    queue->head[k] = tail ? queue->head[k] : slot;
    queue->tail[k] = slot;
    queue->mask |= 1u << k;
    queue->n++;
}

static inline void krni_queue_first(krni_resources *all, krni_claim_queue *queue, uint32_t slot)
{
    krni_claim_record *c = &all->claims[slot];
    const uint32_t k = c->claim_class;
    const uint32_t head = queue->head[k];
    c->prev = 0;
    c->next = head;
    all->claims[head].prev = slot;
    queue->tail[k] = head ? queue->tail[k] : slot;
    queue->head[k] = slot;
    queue->mask |= 1u << k;
    queue->n++;
}

/* The first of its class. */
static inline void krni_queue_pop(krni_resources *all, krni_claim_queue *queue, uint32_t slot)
{
    const krni_claim_record *c = &all->claims[slot];
    const uint32_t k = c->claim_class;
    const uint32_t next = c->next;
    assert(queue->head[k] == slot);
    queue->head[k] = next;
    queue->tail[k] = next ? queue->tail[k] : 0;
    all->claims[next].prev = 0;
    queue->mask ^= (uint32_t)(next == 0) << k;
    queue->n--;
}

static inline void krni_queue_out(krni_resources *all, krni_claim_queue *queue, uint32_t slot)
{
    const krni_claim_record *c = &all->claims[slot];
    if (!c->prev) {
        krni_queue_pop(all, queue, slot);
        return;
    }
    all->claims[c->prev].next = c->next;
    if (c->next)
        all->claims[c->next].prev = c->prev;
    else
        queue->tail[c->claim_class] = c->prev;
    queue->n--;
}

static inline uint32_t krni_queue_head(const krni_claim_queue *queue)
{
    return queue->mask ? queue->head[KRNI_LOW_BIT((uint64_t)queue->mask)] : 0;
}

static inline void krni_holders_add(krni_resources *all, krni_resource *r, uint32_t slot)
{
    all->claims[slot].prev = 0;
    all->claims[slot].next = r->holders;
    all->claims[r->holders].prev = slot;
    r->holders = slot;
}

static inline void krni_holders_remove(krni_resources *all, krni_resource *r, uint32_t slot)
{
    const uint32_t prev = all->claims[slot].prev;
    const uint32_t next = all->claims[slot].next;
    if (prev)
        all->claims[prev].next = next;
    else
        r->holders = next;
    all->claims[next].prev = prev;
}

#endif
