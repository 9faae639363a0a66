/* SPDX-License-Identifier: Apache-2.0 */
/* resource_measure.c - areas under the counts of a resource, and every invariant of it.
 *
 *      queue |      ___            area = sum over stays: each stay is a bar of height 1
 *            |   __|   |_          that begins at the ask and ends at the grant, so at an
 *            |__|        |___      empty end area and sum of stays are the same number
 *            +---------------> time
 */
#include "sim/resource.h"

#include <assert.h>
#include <math.h>

#include "base/error.h"
#include "sim/resource_data.h"

#define LITTLE_SHARE 1e-9 /* of the area, for rounding */

void krni_resources_forget(krni_resources *all)
{
    const double now = krni_engine_now(all->engine);
    for (size_t i = 0; i < all->n; i++) {
        krni_resource *r = &all->resource[i];
        r->settled = now;
        r->places_settled = now;
        r->capacity_settled = now;
        r->stats =
            (krni_resource_stats){.since = now, .queue_max = r->places.n, .busy_max = r->in_use};
    }
}

krni_claim_state krni_claim_look(const krni_resources *all, krni_claim claim)
{
    const krni_claim_record *c = krni_claim_record_of(all, claim);
    return c ? (krni_claim_state)c->state : KRNI_CLAIM_GONE;
}

double krni_claim_waited(const krni_resources *all, krni_claim claim)
{
    const krni_claim_record *c = krni_claim_record_of(all, claim);
    if (!c)
        return 0.0;
    const bool waits = c->state == KRNI_CLAIM_DOOR || c->state == KRNI_CLAIM_WAITING;
    return c->waited + (waits ? krni_engine_now(all->engine) - c->since : 0.0);
}

int64_t krni_claim_units(const krni_resources *all, krni_claim claim)
{
    const krni_claim_record *c = krni_claim_record_of(all, claim);
    return c ? c->units : 0;
}

krni_resource_id krni_claim_resource(const krni_resources *all, krni_claim claim)
{
    const krni_claim_record *c = krni_claim_record_of(all, claim);
    assert(c);
    return (krni_resource_id){c->resource};
}

size_t krni_resources_count(const krni_resources *all)
{
    return all->n;
}

krni_resource_state krni_resource_look(const krni_resources *all, krni_resource_id id)
{
    assert(id.index < all->n);
    const krni_resource *r = &all->resource[id.index];
    return (krni_resource_state){r->capacity, r->in_use, r->places.n, r->door.n, r->blocked};
}

krni_resource_stats krni_resource_measure(krni_resources *all, krni_resource_id id)
{
    assert(id.index < all->n);
    krni_resource_settle(&all->resource[id.index], krni_engine_now(all->engine));
    krni_resource_settle_capacity(&all->resource[id.index], krni_engine_now(all->engine));
    return all->resource[id.index].stats;
}

uint64_t krni_resources_waiting(const krni_resources *all)
{
    uint64_t n = 0;
    for (size_t i = 0; i < all->n; i++)
        n += (uint64_t)(all->resource[i].places.n + all->resource[i].door.n);
    return n;
}

size_t krni_resources_bytes(const krni_resources *all)
{
    size_t bytes = sizeof *all + all->size * (sizeof *all->resource + sizeof *all->dirty) +
                   all->claims_size * sizeof *all->claims;
    for (size_t i = 0; i < all->n; i++)
        bytes += all->resource[i].n_shifts * sizeof(krni_shift);
    return bytes;
}

typedef struct tally {
    int64_t claims;
    int64_t units;
    int64_t blocked; /* units */
    int64_t interrupted;
    double stays; /* so far, since the statistics began */
    bool linked;
} tally;

/* One list: length, links, states. */
static void count_list(const krni_resources *all, const krni_resource *r, uint32_t slot,
                       krni_claim_state state, int k, tally *sum)
{
    const double now = krni_engine_now(all->engine);
    for (uint32_t before = 0; slot; before = slot, slot = all->claims[slot].next) {
        const krni_claim_record *c = &all->claims[slot];
        sum->linked = sum->linked && c->prev == before && c->state == state &&
                      &all->resource[c->resource] == r && (k < 0 || c->claim_class == k);
        sum->claims++;
        sum->units += c->units;
        sum->blocked += c->blocked ? c->units : 0;
        sum->interrupted += c->granted ? 1 : 0;
        sum->stays += now - (c->since > r->stats.since ? c->since : r->stats.since);
        if (sum->claims > all->n_claims) { /* a ring */
            sum->linked = false;
            return;
        }
    }
}

static tally count_queue(const krni_resources *all, const krni_resource *r,
                         const krni_claim_queue *queue, krni_claim_state state)
{
    tally sum = {.linked = true};
    for (unsigned k = 0; k < KRNI_CLASSES; k++)
        if (queue->mask >> k & 1)
            count_list(all, r, queue->head[k], state, (int)k, &sum);
    sum.linked = sum.linked && sum.claims == queue->n;
    return sum;
}

/* Somebody waits who could go on: between events there is none. */
static bool is_idle(const krni_resources *all, const krni_resource *r)
{
    if (all->looking || r->dirty)
        return false;
    for (unsigned k = 0; k < KRNI_CLASSES; k++)
        if (r->places.mask >> k & 1)
            return all->claims[r->places.head[k]].units <= r->capacity - r->in_use;
    for (unsigned k = 0; k < KRNI_CLASSES; k++)
        if (r->door.mask >> k & 1)
            return all->claims[r->door.head[k]].units <= r->capacity - r->in_use ||
                   r->spec.places > 0;
    return false;
}

static bool near(double a, double b)
{
    return fabs(a - b) <= LITTLE_SHARE * (fabs(a) + fabs(b)) + 1e-9;
}

krn_status krni_resource_check(krni_resources *all, krni_resource_id id, krn_error *err)
{
    assert(id.index < all->n);
    krni_resource *r = &all->resource[id.index];
    krni_resource_settle(r, krni_engine_now(all->engine));
    tally held = {.linked = true};
    count_list(all, r, r->holders, KRNI_CLAIM_HELD, -1, &held);
    const tally places = count_queue(all, r, &r->places, KRNI_CLAIM_WAITING);
    const tally door = count_queue(all, r, &r->door, KRNI_CLAIM_DOOR);
    const char *fault = NULL;
    if (!held.linked || !places.linked || !door.linked)
        fault = "its lists of claims are broken";
    else if (held.units != r->in_use || held.blocked != r->blocked)
        fault = "units in use are not those of its holders";
    else if (r->in_use > r->capacity && r->in_use - r->capacity > r->leaving)
        fault = "more units are in use than it has";
    else if (places.interrupted != r->interrupted ||
             (r->places.n - r->interrupted > r->spec.places))
        fault = "more claims wait than there are places";
    else if (is_idle(all, r))
        fault = "somebody waits who could go on";
    else if (!near(r->stats.queue_area, r->stats.wait_sum + places.stays))
        fault = "the area of the queue is not the sum of waits";
    else if (!near(r->stats.door_area, r->stats.door_sum + door.stays))
        fault = "the area at the door is not the sum of stays there";
    return fault ? krni_fail(err, KRN_E_LIMIT, "resource %u: %s", id.index, fault) : KRN_OK;
}
