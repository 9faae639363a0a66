/* corridor.h - the corridor while it runs: what never changes (the layout), and one replication.
 *
 *   layout (krn_sim)   resources, sections, services, steps of every way with their laws
 *   run (krni_run)     the engine, lots under way, trains on sections, ships, statistics
 *
 *   a lot      made -> begins a step -> [waits] -> does it -> next step -> ... -> delivered
 *                           gate, hours, weather         |
 *              by kind:     HAUL, RIDE on rails  train.c          CROSS         border_post.c
 *                           TRANSFER             terminal.c       GAUGE_CHANGE  gauge_yard.c
 *                           BOARD, RIDE, ALIGHT  vessel.c         wagons        wagon.c
 *
 * Nothing is held while something is waited for that is held in turn by those who wait for it:
 *   - wagons are asked for by cargo on the ground; a lot that must change wagons and finds none is
 *     set down, and its old wagons go home;
 *   - a ship berths only when what it unloads has room ashore; import and export rooms are apart;
 *   - a train enters a block of single track only when a place for its direction is free behind it.
 * So storage waits for ships, ships for berths, berths for ships that have all they need; wagons
 * wait for storage and lines; lines for nothing that does not move. A closure holds whoever it
 * meets with what he has, until it is over. tests/property/test_corridor_property.c tries it.
 *
 *   units      seconds from the begin of the warm-up; tonnes; kilograms in stores
 *   order      lots, trains and resources by number; ties of the engine by its own order */
#ifndef SIM_CORRIDOR_H
#define SIM_CORRIDOR_H

#include <keruen/sim.h>

#include "model/network_data.h"
#include "sim/engine.h"
#include "sim/quantile.h"
#include "sim/resource.h"
#include "sim/statistics.h"

#define NONE              UINT32_MAX
#define KRNI_HOUR_S       3600.0
#define KRNI_DAY_S        86400.0
#define KRNI_WEEK_S       (7.0 * KRNI_DAY_S)
#define KRNI_MAX_EVENTS   64u /* dated events of a run */
#define KRNI_MAX_PASSAGES 8u  /* storages of one place that a class may use */

/* ---- layout ---- */

/* How a resource works in the run. */
typedef enum krni_works {
    KRNI_WORKS_QUEUE, /* one server at a rate: borders, gauge yards, terminals */
    KRNI_WORKS_POOL,  /* units that are taken and given back: wagons, stores, berths, locomotives */
    KRNI_WORKS_SECTION, /* train.c */
    KRNI_WORKS_SERVICE  /* vessel.c */
} krni_works;

typedef struct krni_resource_plan {
    krn_sim_resource words; /* what is told of it */
    krni_works works;
    uint32_t slot;    /* QUEUE, POOL: number among the resources of the engine; else of its kind */
    int64_t units;    /* POOL */
    double share_of;  /* servers or units behind the use share */
    uint64_t closing; /* bits of the dated events that close it */
    uint64_t slowing; /* bits of those that change its rate */
} krni_resource_plan;

/* A rail link as trains meet it. */
typedef struct krni_section {
    uint32_t resource;
    uint32_t link;
    double run_s;        /* typical running time over it, mean of both directions */
    bool single;         /* one track: blocks between passing loops */
    uint32_t n_blocks;   /* single track */
    double hold_s;       /* a block is held at least so long; double track: headway */
    bool limited;        /* number of trains a day is known */
    double max_t, max_m; /* of a train; infinite when not known */
    double km;
    uint32_t locomotives; /* pool, or NONE */
} krni_section;

typedef struct krni_departures {
    uint32_t n;
    const double *at_s; /* from the begin of the warm-up, ascending */
} krni_departures;

/* One boarding place of a service. */
typedef struct krni_service {
    uint32_t resource;
    uint32_t trip;
    uint32_t board;   /* activity */
    double headway_s; /* by frequency; else NaN */
    krni_departures timetable;
    bool when_full;      /* ferry or tramp: leaves as soon as it is full, if a ship is there */
    uint32_t most_ships; /* that may lie ready */
    bool at_sea;
    uint64_t source; /* of random numbers */
    uint64_t closing;
} krni_service;

/* One activity of one way, as a lot of its stream meets it. */
typedef struct krni_step {
    uint32_t activity;
    uint8_t kind, mode;
    bool clocked;          /* has opening hours or closed seasons */
    bool seasonal;         /* a season may delay it */
    krn_duration duration; /* law with the quantity, without season */
    krn_duration wait;     /* free flow: wait of a frequency */
    krn_duration running;  /* on sections: of one train */
    double gate_s;         /* papers after ready */
    uint32_t resource;     /* QUEUE, section, service; or NONE */
    double occupy_s;       /* of the resource by the lot */
    uint32_t section, direction;
    uint32_t service;
    double ship_share;       /* BOARD: of a ship or train that the lot fills; may pass 1 */
    uint32_t store;          /* pool to be entered before the step, or NONE */
    uint32_t berths;         /* ALIGHT, BOARD at sea: pool of the port, or NONE */
    uint32_t wagons;         /* pool to be taken from before the step, or NONE */
    uint32_t n_wagons;       /* of the lot on this step */
    double train_t, train_m; /* of the lot as a train, on sections */
    double empty_t;          /* of its wagons alone */
    bool drops_wagons, leaves_store;
    double km;
    uint64_t source;  /* of random numbers of a lot */
    uint64_t common;  /* of what all aboard share */
    uint64_t weather; /* of the place or link */
    double quantity;  /* units served of the resource: wagons, trains, trucks, tonnes */
    uint64_t closing; /* bits of dated events */
    uint64_t bans;
    double inspection_share, inspection_s, recheck_share; /* of a border post */
    double storage_usd_s; /* per second of stay behind the free time, of the whole lot */
    double storage_free_s;
} krni_step;

typedef struct krni_course {
    uint32_t first_step, n_steps;
    double price_usd, border_usd, wtw_kg_co2e, general_usd, share;
    uint32_t group;
    double rail_km, road_km, sea_km;
    uint32_t n_rail_crossings, n_road_crossings;
} krni_course;

typedef struct krni_flow {
    uint32_t first_way, n_ways;
    double tonnes; /* goods of a lot */
    int64_t kg;    /* the same in stores, at least 1 */
    double teu;
    uint64_t source;
    double value_of_time_usd_h;
    const double *made_slots; /* lots due up to each of month_s; see release_at in lot.c */
    const double *ready_s;    /* or exact instants */
    uint32_t n_ready;
} krni_flow;

struct krn_sim {
    krn_sim_input input; /* arrays are borrowed */
    krn_arena *arena;
    const krn_network *network;
    krn_time begin; /* of the warm-up */
    double count_s, end_s;
    uint32_t n_days, n_weeks, n_months;
    double *month_s; /* begins of the months that the run touches, and its end */
    uint8_t *month_of;
    double *month_days; /* of the whole month */
    krni_resource_plan *resources;
    uint32_t n_resources;
    uint32_t n_slots; /* of the engine */
    krni_section *sections;
    uint32_t n_sections;
    krni_service *services;
    uint32_t n_services;
    krni_course *ways;
    uint32_t n_ways;
    krni_step *steps;
    uint32_t n_steps;
    krni_flow *streams;
    uint32_t n_streams;
    uint64_t fingerprint;
    _Atomic size_t *replication_bytes; /* most so far */
};

/* ---- run ---- */

enum {
    KRNI_ON_RELEASE = 1, /* entity: stream */
    KRNI_ON_BEGIN,       /* lot: tries to begin its step */
    KRNI_ON_GRANT,       /* lot: has the resource of its step */
    KRNI_ON_SERVED,      /* lot: leaves it to the next one */
    KRNI_ON_DONE,        /* lot: the step is done */
    KRNI_ON_WAGONS,      /* lot: has its wagons */
    KRNI_ON_STORE,       /* lot: has room */
    KRNI_ON_BERTH,       /* ship: has a berth */
    KRNI_ON_SAILED,      /* ship: berth is left */
    KRNI_ON_LOCOMOTIVE,  /* section * 2 + direction */
    KRNI_ON_DISPATCH,    /* section: all that came at this instant are there */
    KRNI_ON_BLOCK,       /* train: at the end of its block */
    KRNI_ON_CLEAR,       /* section: a block or headway is over; argument: block or direction */
    KRNI_ON_DEPARTURE,   /* service */
    KRNI_ON_HOME,        /* empties: at the end of a step homewards */
    KRNI_ON_DATED,       /* event begins or ends */
    KRNI_ON_COUNT,       /* the warm-up is over */
    KRNI_ON_DAY,
    KRNI_ON_KINDS
};

/* What a resource did; tonnes of waiting lots over time. */
typedef struct krni_use {
    krni_level queue_t;
    krni_level level; /* stored t, vehicles out, blocks or servers busy */
    krni_series week_queue, week_level;
    double busy_s; /* server seconds, where service is counted by pieces */
    double served; /* units */
    double n_served, n_waits, wait_s;
    double full_since_s, full_s;       /* no unit left; since: NAN when some is */
    double blocked_since_s, blocked_s; /* somebody waits for that */
    double last_wait_s, last_go_s;     /* of the lot that last left the queue, and when */
    double rate_share;                 /* dated events: 1 as planned */
} krni_use;

typedef struct krni_lot {
    uint32_t stream, way, at; /* step of the way */
    uint8_t stage;            /* of the step: 0 new, 1 has wagons, 2 has room, 3 in hand */
    uint32_t serial;          /* of the stream */
    uint32_t number;          /* in the order made */
    uint32_t next;            /* in a list: waiting for a section, service, ... or free */
    double made_s, step_s;    /* made; begin of the present step with its waiting */
    double since_s;           /* waits since; NAN: does not */
    krn_sim_cause cause;
    uint32_t waits_for;            /* resource or NONE */
    krni_claim claim;              /* of the resource of the step */
    krni_claim wagons;             /* pool claim held */
    uint32_t wagon_pool, n_wagons; /* of the held wagons */
    uint32_t wagon_step;           /* where they were loaded */
    krni_claim fresh;              /* wagons that it goes on with after the step */
    uint32_t fresh_pool, n_fresh;
    krni_claim store;
    uint32_t store_resource, store_step;
    double stored_s; /* since when */
    double put_s;    /* on the present train */
    double storage_usd;
    uint32_t ship;     /* aboard, or NONE */
    double share_left; /* BOARD: of ships still needed */
    double moving_s, handling_s, border_s, gauge_s, wait_s[KRN_WAIT_COUNT];
    double cross_rail_s, cross_road_s; /* at crossings with their waits */
    double land_rail_s, land_road_s;   /* hours of TFI4, with delays */
    double moving_rail_s, moving_road_s;
    bool live;
} krni_lot;

/* Wagons of a lot that go back empty to where they were loaded. */
typedef struct krni_empties {
    krni_claim wagons;
    uint32_t pool, n_wagons;
    uint32_t way;
    uint32_t at, to; /* steps of the way, backwards */
    uint32_t next;
} krni_empties;

/* Wagons that ask for a path: of a lot, or empty ones. */
typedef struct krni_group {
    uint32_t owner; /* lot, or empties */
    bool empty;
    double t, m;  /* mass and length left to be moved */
    double run_s; /* drawn running time */
    double since_s;
    uint32_t next;
} krni_group;

typedef struct krni_train {
    uint32_t section, direction;
    uint32_t number; /* of the section and direction, from 1 */
    uint32_t place;  /* loop it stands in or runs to: 0 .. n_blocks */
    bool runs;
    double block_s;  /* running time in a block */
    uint32_t groups; /* list that ends its journey with it */
    krni_claim locomotive;
    uint32_t next; /* free list */
} krni_train;

typedef struct krni_ship {
    uint64_t departure; /* number of the service */
    uint64_t source;
    uint32_t aboard; /* lots */
    krni_claim berth;
    uint32_t berths; /* resource */
    bool berthed;
    uint32_t waiting, last; /* lots that wait for the berth */
    uint32_t next;
} krni_ship;

typedef struct krni_track {     /* one section in the run */
    uint32_t first[2], last[2]; /* groups that wait at each end */
    uint8_t locomotive[2];      /* 0 none, 1 asked, 2 held */
    krni_claim locomotive_claim[2];
    uint32_t *block;                 /* single: train in each block, NONE free, held: KRNI_HELD */
    uint32_t *loop[2];               /* single: train of a direction in each loop */
    uint8_t *turn;                   /* single: direction that used the block last */
    bool called;                     /* a dispatch is planned for this instant */
    bool busy[2];                    /* double track: headway not over */
    double out_s[2];                 /* double track: the last train arrives; nobody overtakes */
    uint32_t n_trains[2], n_over[2]; /* started and arrived */
} krni_track;

#define KRNI_HELD (UINT32_MAX - 1u)

typedef struct krni_quay { /* one service in the run */
    uint32_t first, last;  /* lots that wait */
    double share;          /* of ships that they ask for */
    uint64_t n_departures;
    uint32_t ready; /* ships that lie there */
    uint32_t next_departure;
} krni_quay;

/* Sums of the delivered lots of a group, by tonnes. */
typedef struct krni_tally {
    double t, teu, lots, door_th, moving_th, handling_th, border_th, gauge_th;
    double wait_th[KRN_WAIT_COUNT];
    double usd, kg;
    krni_quantile *door_h;
} krni_tally;

typedef struct krni_run {
    const krn_sim *sim;
    uint32_t replication;
    krni_engine *engine;
    krni_resources *pool; /* of the engine */
    double *metrics;
    krn_sim_trace trace;
    void *trace_context;
    bool counting;
    uint64_t active; /* bits of dated events at work */
    krni_use *uses;
    double *week_sums; /* behind the series */
    krni_lot *lots;
    uint32_t n_lots, lots_capacity, free_lot, n_numbers;
    krni_empties *empties;
    uint32_t n_empties, empties_capacity, free_empties;
    krni_group *groups;
    uint32_t n_groups, groups_capacity, free_group;
    krni_train *trains;
    uint32_t n_trains, trains_capacity, free_train;
    krni_ship *ships;
    uint32_t n_ships, ships_capacity, free_ship;
    krni_track *tracks;
    krni_quay *quays;
    uint32_t *released;               /* lots made, by stream */
    uint32_t dated_first, dated_last; /* lots that wait for the end of a dated event */
    krni_tally *tallies;
    double totals[KRN_TOTAL_COUNT];
    double swod[2][2], swd[2][2]; /* rail, road: km, s */
    double tfi1[2][2], tfi2[2][2], tfi3[2][2];
    double made_all_t, delivered_all_t; /* since the begin of the warm-up */
    double under_way_t;
    krni_quantile *door_h;
    krni_claim spare; /* locomotive of the train that has just ended, and its pool */
    uint32_t spare_pool;
    krn_arena *look;                       /* scratch of calendars */
    krni_handler *handlers[KRNI_ON_KINDS]; /* debug builds: behind run_check.c */
    uint64_t n_checks;
    void *check_memory;
    size_t check_size;
} krni_run;

/* ---- layout_resources.c: resources as steps ask for them, each made at its first use ---- */

/* Growing lists of a layout under construction, and indices from rows to resources. */
typedef struct krni_layout {
    krn_sim *sim;
    krn_arena *scratch;
    uint32_t resources_capacity, sections_capacity, services_capacity;
    uint32_t *section_of;  /* by link row */
    uint32_t *border_of;   /* resource by border row */
    uint32_t *terminal_of; /* by operation row */
    uint32_t *store_of[2]; /* by operation row: outbound, inbound */
    uint32_t *berths_of;   /* by port row */
    uint32_t *fleet_of;    /* by fleet row */
    uint32_t *service_of;  /* service by activity */
    uint32_t *leader;      /* by link: first activity of own trains, else of services */
    double *run_h;         /* by link: typical running time of own trains, NaN unknown */
    uint64_t *sources;     /* of streams so far, hashed; 0 free */
    uint32_t n_sources;
    krn_error *err;
} krni_layout;

krn_status krni_layout_start(krni_layout *layout);

/* Each fills the index of a resource (section, service), or NONE where nothing limits. */
krn_status krni_layout_section(krni_layout *layout, uint32_t activity, uint32_t *out);
krn_status krni_layout_border(krni_layout *layout, uint32_t activity, uint32_t *out);
krn_status krni_layout_gauge_yard(krni_layout *layout, uint32_t activity, uint32_t *out);
krn_status krni_layout_terminal(krni_layout *layout, uint32_t activity, uint32_t *out);
krn_status krni_layout_store(krni_layout *layout, uint32_t node, uint32_t cargo_class, bool inbound,
                             uint32_t *out);
krn_status krni_layout_berths(krni_layout *layout, uint32_t node, uint32_t *out);
krn_status krni_layout_wagons(krni_layout *layout, krn_country country, int gauge_mm,
                              uint32_t vehicle, uint32_t *out);
krn_status krni_layout_service(krni_layout *layout, uint32_t activity, uint32_t *out);

/* gauge_yard.c: wagons a day that a yard handles with what tracks, gangs and cranes it has. */
double krni_gauge_yard_rate(const krn_package *package, uint32_t row);
bool krni_gauge_yard_keeps_wagon(const krn_package *package, uint32_t row);

/* layout_names.c: hashes of ids, so that nothing depends on the order of rows. */
uint64_t krni_activity_source(const krn_network *network, uint32_t activity);
uint64_t krni_flow_source(const krn_network *network, const krn_consignment *lot);
uint64_t krni_weather_source(const krn_network *network, uint32_t node, uint32_t link);
uint64_t krni_layout_fingerprint(const krn_sim *sim);

/* Bits of the dated events that hold for a step, and for what it occupies. */
uint64_t krni_layout_closing(const krn_sim *sim, uint32_t activity, bool resource);
uint64_t krni_layout_slowing(const krn_sim *sim, uint32_t activity);
uint64_t krni_layout_bans(const krn_sim *sim, uint32_t activity, uint32_t commodity);

/* ---- lot.c ---- */

/* A lot begins the step it stands before, or waits for what must hold before. */
krn_status krni_lot_begin(krni_run *run, uint32_t lot, krn_error *err);

/* Begins and ends waiting; tonnes in the queue of the resource (NONE: of nothing). */
krn_status krni_lot_wait(krni_run *run, uint32_t lot, krn_sim_cause cause, uint32_t resource,
                         krn_error *err);
void krni_lot_go(krni_run *run, uint32_t lot);

/* The step starts now: draws its law, tells the trace; returns how long it takes, s. */
krn_status krni_lot_start(krni_run *run, uint32_t lot, double *out_s, krn_error *err);

/* The step ends after so many seconds from now. */
void krni_lot_done_in(krni_run *run, uint32_t lot, double seconds);

/* Books the time of a step where it belongs: in motion, at a border, at a change of gauge, or
 * handling; and hours in motion alone. */
void krni_lot_book(const krni_run *run, krni_lot *lot, double seconds);
void krni_lot_moved(const krni_run *run, krni_lot *lot, double seconds);

/* On a train that starts: the step begins without a law of its own. */
krn_status krni_lot_put(krni_run *run, uint32_t lot, krn_error *err);
krn_status krni_lot_done(krni_run *run, uint32_t lot, krn_error *err);

static inline const krni_step *krni_step_of(const krni_run *run, const krni_lot *lot)
{
    return &run->sim->steps[run->sim->ways[lot->way].first_step + lot->at];
}

/* Uniform number in (0, 1) of a lot on its step; index 0..3. */
double krni_lot_chance(const krni_run *run, const krni_lot *lot, unsigned index);

/* Draws: a law with a chance, typical when the run has no chance; whole seconds. */
double krni_draw_s(const krni_run *run, krn_duration law, double chance);

krn_status krni_release(krni_run *run, uint32_t stream, krn_error *err);

/* Plans the next lot of a stream. */
void krni_release_plan(krni_run *run, uint32_t stream);
void krni_lots_on(krni_run *run);

/* ---- modules: the lot's step is of their kind, it has wagons and room ---- */
krn_status krni_train_begin(krni_run *run, uint32_t lot, krn_error *err);
krn_status krni_board_begin(krni_run *run, uint32_t lot, krn_error *err);
krn_status krni_alight_begin(krni_run *run, uint32_t lot, krn_error *err);

/* terminal.c: one lot after another at a rate: borders, gauge yards, terminals. */
krn_status krni_queue_begin(krni_run *run, uint32_t lot, krn_error *err);
krn_status krni_on_grant(void *model, krni_engine *engine, krni_event event, krn_error *err);
krn_status krni_on_served(void *model, krni_engine *engine, krni_event event, krn_error *err);
krn_status krni_store_ask(krni_run *run, uint32_t lot, krn_error *err);

/* border_post.c: how long examinations keep a lot at least, s; 0 where none is known. */
double krni_border_least_s(const krni_run *run, const krni_lot *lot);

/* train.c */
krn_status krni_train_ask(krni_run *run, uint32_t section, uint32_t direction, bool empty,
                          uint32_t owner, double t, double m, double run_s, krn_error *err);
krn_status krni_train_dispatch(krni_run *run, uint32_t section, krn_error *err);

/* The section is closed: locomotives that stand ready there go to others. */
void krni_train_close(krni_run *run, uint32_t section);
krn_status krni_on_locomotive(void *model, krni_engine *engine, krni_event event, krn_error *err);
krn_status krni_on_dispatch(void *model, krni_engine *engine, krni_event event, krn_error *err);
krn_status krni_on_block(void *model, krni_engine *engine, krni_event event, krn_error *err);
krn_status krni_on_clear(void *model, krni_engine *engine, krni_event event, krn_error *err);

/* vessel.c */
krn_status krni_on_departure(void *model, krni_engine *engine, krni_event event, krn_error *err);
void krni_vessels_on(krni_run *run);
krn_status krni_on_berth(void *model, krni_engine *engine, krni_event event, krn_error *err);
krn_status krni_on_sailed(void *model, krni_engine *engine, krni_event event, krn_error *err);
void krni_services_start(krni_run *run);

/* Ships that lie ready leave if there is enough for them. */
krn_status krni_quay_look(krni_run *run, uint32_t service, krn_error *err);

/* The lot is not aboard any more. */
void krni_ship_left(krni_run *run, uint32_t lot);

/* wagon.c: pools and the way home. */
krn_status krni_wagons_ask(krni_run *run, uint32_t lot, krn_error *err);
krn_status krni_on_wagons(void *model, krni_engine *engine, krni_event event, krn_error *err);
krn_status krni_wagons_home(krni_run *run, uint32_t lot, krn_error *err);
krn_status krni_empties_next(krni_run *run, uint32_t empties, krn_error *err);
krn_status krni_on_home(void *model, krni_engine *engine, krni_event event, krn_error *err);

/* terminal.c: stores. */
krn_status krni_on_store(void *model, krni_engine *engine, krni_event event, krn_error *err);
void krni_store_leave(krni_run *run, uint32_t lot);

/* dated.c */
krn_status krni_on_dated(void *model, krni_engine *engine, krni_event event, krn_error *err);
void krni_dated_start(krni_run *run);

/* ---- scoreboard.c ---- */
void krni_use_start(krni_run *run);
void krni_use_queue(krni_run *run, uint32_t resource, double change_t);
void krni_use_level(krni_run *run, uint32_t resource, double change);
void krni_use_serve(krni_run *run, uint32_t resource, double units, double service_s);
void krni_use_waited(krni_run *run, uint32_t resource, double seconds);

/* How long a lot that comes now would wait, as far as the queue of this moment tells. */
double krni_use_delay_s(const krni_run *run, uint32_t resource);

/* A departure of a service took so much of its room. */
void krni_use_filled(krni_run *run, uint32_t resource, double share);

/* Looks whether a pool is full and whether somebody waits for it, after each change of it. */
void krni_use_note(krni_run *run, uint32_t resource);
void krni_count_begin(krni_run *run);
void krni_count_delivered(krni_run *run, const krni_lot *lot);
void krni_count_end(krni_run *run);

/* run_check.c: events of a kind go to the handler; in debug builds what must hold is checked after
 * each. */
void krni_run_on(krni_run *run, uint16_t kind, krni_handler *handler);

/* Doubles a pool of records when it is full. */
krn_status krni_pool_grow(void **records, size_t size, uint32_t n, uint32_t *capacity,
                          krn_error *err);

static inline double krni_now(const krni_run *run)
{
    return krni_engine_now(run->engine);
}

#endif
