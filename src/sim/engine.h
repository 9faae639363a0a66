/* engine.h - the clock and the calendar of events of one simulation run.
 *
 * A model is a set of entities (32-bit ids, small state machines of the model's own) and handlers.
 * An event is (time, kind, entity, argument): when its time has come, the handler of its kind is
 * called, which changes the entity and plans further events.
 *
 *       calendar:  12.0 arrive 7   12.5 leave 3   12.5 arrive 8   40.0 shift 1   ...
 *                  |
 *       run:       now = 12.0, handler[arrive](model, engine, {entity 7}) --> krni_engine_in(...)
 *
 * Order of events: by time, then by priority (smaller first), then by the order in which they were
 * planned. It is total, so a run is the same on every machine.
 *
 *   time       a double >= 0 in the unit of the model, counted from the start of the run. The
 *              corridor counts seconds: instants of calendars are whole seconds and stay exact, so
 *              that what happens at one instant is a tie and not a matter of rounding (10^15 s fit)
 *   ownership  _new / _free; events are values. Once the largest number of pending events was
 *              reached no memory is asked for any more, reset keeps it for the next run
 *   threads    one thread at a time per engine, no state elsewhere
 *   errors     a handler's failure ends the run. Planning cannot be refused: when memory runs out
 *              or a time is wrong (before now, NaN) the engine remembers it, the handler goes on,
 *              and the run ends with that failure when the handler returns
 *   bounds     2^24 pending events, 2^36 planned ones in a run (KRN_E_LIMIT)
 */
#ifndef SIM_ENGINE_H
#define SIM_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <keruen/status.h>

typedef struct krni_engine krni_engine;

#define KRNI_MAX_KINDS     256
#define KRNI_KIND_RESOURCE 0 /* used by sim/resource.c; kinds of a model begin at 1 */

/* Of events at one instant. Models may use any number from -8 to 7. */
#define KRNI_PRIORITY_FIRST  (-8)
#define KRNI_PRIORITY_NORMAL 0
#define KRNI_PRIORITY_LAST   7

typedef struct krni_event {
    uint32_t entity;
    uint32_t argument;
    uint16_t kind;    /* 0 .. KRNI_MAX_KINDS - 1, with a handler */
    int16_t priority; /* KRNI_PRIORITY_FIRST .. KRNI_PRIORITY_LAST; 0 normal */
} krni_event;

/* A planned event; 0 is none. Stays harmless after the event has happened or was cancelled. */
typedef struct krni_event_id {
    uint64_t order;
} krni_event_id;

typedef krn_status krni_handler(void *model, krni_engine *engine, krni_event event, krn_error *err);

/* NULL when memory runs out. */
krni_engine *krni_engine_new(void);

/* engine may be NULL. */
void krni_engine_free(krni_engine *engine);

/* Clock 0, no events, no failure; handlers and memory stay. */
void krni_engine_reset(krni_engine *engine);

/* From now on events of the kind go to handler(model, ...). */
void krni_engine_on(krni_engine *engine, uint16_t kind, krni_handler *handler, void *model);

/* Plans an event: at a time >= now, or after a delay >= 0. Event {.kind, .entity, ...}. An event
 * for this very instant comes after all that are planned for it with the same priority.
 * O(1) amortised for all practical purposes (see event_queue.h). */
static inline krni_event_id krni_engine_at(krni_engine *engine, double time, krni_event event);
static inline krni_event_id krni_engine_in(krni_engine *engine, double delay, krni_event event);

/* Whether the event is still to come. O(1). */
bool krni_engine_pending(const krni_engine *engine, krni_event_id id);

/* Strikes a planned event out; false if it is not pending any more. O(1) amortised. */
bool krni_engine_cancel(krni_engine *engine, krni_event_id id);

/* Handles all events with time < until, then sets the clock to until. INFINITY: until no event is
 * left; the clock stays at the last event. May be called again with a later time. An error (err
 * may be NULL) has the handler's text, or the engine's. */
krn_status krni_engine_run(krni_engine *engine, double until, krn_error *err);

/* The run ends after the present event (called by a handler); the clock stays. */
void krni_engine_stop(krni_engine *engine);

/* A run that would handle more events than this since reset ends with KRN_E_LIMIT: against models
 * that turn in circles. 0: no bound. */
void krni_engine_bound(krni_engine *engine, uint64_t n_events);

/* The run ends with this failure after the present event; the first one told stays. */
void krni_engine_fail(krni_engine *engine, krn_status status, const char *text);

typedef struct krni_engine_state {
    double now;
    uint64_t n_handled; /* events since reset */
    size_t n_pending;   /* cancelled ones not counted */
    size_t bytes;       /* memory of calendar and events */
} krni_engine_state;

krni_engine_state krni_engine_look(const krni_engine *engine);

/* The clock is the first member of an engine. */
static inline double krni_engine_now(const krni_engine *engine)
{
    return *(const double *)(const void *)engine;
}

/* What both come to; the event in parts, so that it travels in registers. */
krni_event_id krni_engine_plan(krni_engine *engine, double time, uint32_t entity, uint32_t argument,
                               uint16_t kind, int priority);

static inline krni_event_id krni_engine_at(krni_engine *engine, double time, krni_event event)
{
    return krni_engine_plan(engine, time, event.entity, event.argument, event.kind, event.priority);
}

static inline krni_event_id krni_engine_in(krni_engine *engine, double delay, krni_event event)
{
    return krni_engine_at(engine, krni_engine_now(engine) + delay, event);
}

#endif
