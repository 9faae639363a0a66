/* resource.h - what entities occupy, and where they wait for it.
 *
 * A resource has units (servers, tracks, cranes, tonnes of room) and places to wait. An entity
 * asks for units by a claim; when it has them (and has been served, if it said how long), one
 * event comes to the model. The model releases the claim, and the next in the queue gets its turn.
 *
 *                 door (outside)       places to wait         units
 *      ask -->    c9 c8 c7 ...    -->  [c6 c5 c4 . .]   -->   [c1 c2 c3]  --> release
 *                 keep what they       by class, then         served, or held by the model
 *                 hold upstream        first come
 *
 *   claim     asked -> (door) -> waiting -> held -> released. Every claim that is not refused is
 *             answered by exactly one event {kind, entity, argument = claim id}: `service` after
 *             the units were granted. service 0: at the instant of the grant.
 *   order     smaller class first; within a class first come, first served. A large claim at the
 *             head is not overtaken by small ones of its class or later classes, unless the
 *             resource allows `overtaking`
 *   places    a full waiting room refuses, or (`at_door`) lets the entity stand at the door, where
 *             it keeps `from`, the claim it holds upstream: blocking back. `from` is released when
 *             the claim gets in. places 0: one gets in only by the grant itself
 *   preempt   a claim that may preempt takes units from claims that are being served, of a larger
 *             class: largest class first, latest grant first. The rest of their service follows
 *             when they get their units back; they wait first in their class. A claim whose event
 *             has come is in the hands of the model and is not interrupted
 *   capacity  may change at any time, also by a table of shifts. Where less is left than is in
 *             use: KRNI_AFTER_SERVICE, who has units keeps them until release, and nobody new
 *             comes in; KRNI_AT_ONCE, those in service are interrupted as above
 *   several   krni_resources_ask_all takes resources one after another by rising id. Rule against
 *             deadlock: an entity that holds units asks only for resources of a higher id. Then
 *             the holders of the highest resource that is waited for wait for nothing, so somebody
 *             always goes on. Entities that keep `from` and wait for each other at the doors of a
 *             ring can jam; the kernel does not prevent that, krni_resources_waiting shows it
 *
 * Statistics are running sums, settled whenever something changes. Sum of waits = area of the queue
 * (Little's law as an identity); krni_resource_check verifies it with every other invariant.
 *
 *   units      whole numbers: a store counts kilograms, not fractions of a tonne, and conserves
 *              them exactly. Times as in engine.h
 *   ownership  _new / _free; all claims lie in one pool; no memory is asked for once warm
 *   threads    as the engine
 *   errors     memory: the engine's run fails (engine.h). A wrong argument is an assertion
 *   cost       ask and release O(1); preemption and withdrawal O(holders), overtaking O(waiting)
 */
#ifndef SIM_RESOURCE_H
#define SIM_RESOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <keruen/status.h>

#include "sim/engine.h"

#define KRNI_CLASSES   8u /* of claims: 0 first .. 7 last */
#define KRNI_UNBOUNDED INT64_MAX

typedef struct krni_resources krni_resources; /* all resources of one engine */

typedef struct krni_resource_id {
    uint32_t index; /* 0, 1, ... in the order of adding: also the rank against deadlock */
} krni_resource_id;

/* 0 is none. A number used before is told from the present one for 255 reuses. */
typedef struct krni_claim {
    uint32_t id;
} krni_claim;

typedef struct krni_resource_spec {
    int64_t capacity; /* units, >= 0, KRNI_UNBOUNDED: nobody waits */
    int64_t places;   /* to wait, in claims, >= 0, KRNI_UNBOUNDED */
    bool overtaking;  /* a claim that fits may pass a larger one that does not */
} krni_resource_spec;

typedef struct krni_ask {
    int64_t units;          /* >= 1 */
    double service;         /* >= 0; the event comes this long after the grant */
    uint32_t entity;        /* of the event */
    uint16_t kind;          /* of the event */
    uint8_t claim_class;    /* 0 .. KRNI_CLASSES - 1 */
    bool preempt;           /* may interrupt claims of larger classes; never refused */
    bool at_door;           /* when the places are taken: wait at the door, not refused */
    struct krni_claim from; /* held claim to release when this one gets in; needs at_door */
} krni_ask;

typedef enum krni_leave { KRNI_AFTER_SERVICE, KRNI_AT_ONCE } krni_leave;

/* One step of a table of shifts: from this time of the period on, this capacity. */
typedef struct krni_shift {
    double time;
    int64_t capacity;
} krni_shift;

typedef struct krni_resource_state {
    int64_t capacity;
    int64_t in_use;  /* <= capacity, but for what leaves after service */
    int64_t waiting; /* claims in the places */
    int64_t door;    /* claims at the door */
    int64_t blocked; /* units held by entities that stand at another door */
} krni_resource_state;

/* Since reset or krni_resources_forget. Areas are integrals over time. */
typedef struct krni_resource_stats {
    double since;
    double busy_area;     /* units in use */
    double capacity_area; /* units there; 0 when unbounded */
    double queue_area;    /* claims waiting in the places */
    double door_area;     /* claims at the door */
    double blocked_area;  /* units in use but blocked by a door downstream */
    double wait_sum;      /* of stays in the places that have ended */
    double door_sum;      /* of stays at the door that have ended */
    uint64_t n_asked;     /* claims, refused ones included */
    uint64_t n_refused;
    uint64_t n_granted; /* first grants, not resumptions */
    uint64_t n_served;  /* released after a grant */
    uint64_t n_left;    /* withdrawn before a grant */
    uint64_t n_preempted;
    int64_t queue_max;
    int64_t busy_max;
} krni_resource_stats;

/* The resources of an engine; takes KRNI_KIND_RESOURCE of it. NULL when memory runs out. */
krni_resources *krni_resources_new(krni_engine *engine);

/* resources may be NULL; before the engine is freed or after, it does not matter. */
void krni_resources_free(krni_resources *resources);

/* Adds a resource; KRN_E_ARG where the spec is wrong, KRN_E_MEMORY. */
krn_status krni_resource_add(krni_resources *resources, const krni_resource_spec *spec,
                             krni_resource_id *out, krn_error *err);

/* Capacity by a table: steps by rising time, 0 <= time < period, repeated every period from time 0
 * on; before the first step the capacity is that of the last. period 0: once, and before the first
 * step that of the spec. Call before the run; replaces an earlier table. O(n) copy. */
krn_status krni_resource_shifts(krni_resources *resources, krni_resource_id id, size_t n_steps,
                                const krni_shift *steps, double period, krni_leave leave,
                                krn_error *err);

/* For the next run, after krni_engine_reset: no claims, first capacities, statistics 0, tables of
 * shifts started again. O(resources). */
void krni_resources_reset(krni_resources *resources);

/* Statistics begin anew at this instant (end of the warm-up). */
void krni_resources_forget(krni_resources *resources);

/* Asks. The claim, or none when it is refused; see the head for what follows. */
krni_claim krni_resource_ask(krni_resources *resources, krni_resource_id id, const krni_ask *ask);

/* Asks for n >= 1 resources, ids strictly rising, units[i] of ids[i] (ask->units is not read), one
 * after the other: each is held while the next is waited for. One event when all are held and
 * `service` has passed, its argument the last claim. claims[n] receives all; the first may be
 * refused, then claims[0] is none and there is no other. `from` is released when the last lets in.
 */
bool krni_resources_ask_all(krni_resources *resources, size_t n, const krni_resource_id *ids,
                            const int64_t *units, const krni_ask *ask, krni_claim *claims);

/* A further service of a held claim whose event has come: event {kind, entity, claim} after it. It
 * can be interrupted like the first one. */
void krni_resource_serve(krni_resources *resources, krni_claim claim, double service,
                         uint16_t kind);

/* Gives all units back; what waits gets its turn at this instant. Not for a claim that waits. */
void krni_resource_release(krni_resources *resources, krni_claim claim);

/* Gives some units back, fewer than the claim has: a store that is emptied in parts. */
void krni_resource_give(krni_resources *resources, krni_claim claim, int64_t units);

/* Ends a held claim and takes its units along to another resource: capacity there rises by them,
 * here it falls. For pools whose members travel. */
void krni_resource_move(krni_resources *resources, krni_claim claim, krni_resource_id to);

/* Leaves the queue or the door (`from` stays held), or gives back what is held and strikes out its
 * event. Of claims asked together each is withdrawn by itself. */
void krni_resource_withdraw(krni_resources *resources, krni_claim claim);

void krni_resource_capacity(krni_resources *resources, krni_resource_id id, int64_t capacity,
                            krni_leave leave);

typedef enum krni_claim_state {
    KRNI_CLAIM_LATER,   /* of a set: its turn has not come */
    KRNI_CLAIM_GONE,    /* released, withdrawn, none */
    KRNI_CLAIM_DOOR,    /* at the door */
    KRNI_CLAIM_WAITING, /* in the places, new or interrupted */
    KRNI_CLAIM_HELD
} krni_claim_state;

krni_claim_state krni_claim_look(const krni_resources *resources, krni_claim claim);

/* Time spent at the door and in the places up to now, of a claim not gone. */
double krni_claim_waited(const krni_resources *resources, krni_claim claim);

/* Units and resource of a claim not gone. */
int64_t krni_claim_units(const krni_resources *resources, krni_claim claim);
krni_resource_id krni_claim_resource(const krni_resources *resources, krni_claim claim);

size_t krni_resources_count(const krni_resources *resources);
krni_resource_state krni_resource_look(const krni_resources *resources, krni_resource_id id);

/* Settled to the present instant. */
krni_resource_stats krni_resource_measure(krni_resources *resources, krni_resource_id id);

/* Claims of all resources that wait or stand at a door: not 0 when the calendar is empty means
 * that the model is jammed (or a capacity is 0 for good). O(resources). */
uint64_t krni_resources_waiting(const krni_resources *resources);

/* Every invariant of a resource: counts, lists, capacity, Little's identity for places and door
 * within 1e-9 of the area. KRN_E_LIMIT with a text where one fails. O(claims of the resource). */
krn_status krni_resource_check(krni_resources *resources, krni_resource_id id, krn_error *err);

/* Memory of resources and claims. */
size_t krni_resources_bytes(const krni_resources *resources);

#endif
