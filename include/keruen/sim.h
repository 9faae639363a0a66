/* sim.h - the corridor as a running system: lots that move along ways of the network and queue for
 * what they need.
 *
 *   streams of lots --> ways of the network --> resources: sections, borders, gauge-change yards,
 *                                               terminals, berths, storage, wagons, services
 *   one replication --> one vector of metrics;  an ensemble of them --> means with intervals
 *
 * The laws are those of the plan (krn_network_weigh): what an activity takes is drawn from its law,
 * the same one; what the simulation adds is waiting for others. With nobody else about and every
 * law at its typical value a lot takes exactly the time that a plan tells.
 *
 *   units      instants UTC; hours, tonnes, USD; a week is 7 days from the start
 *   ownership  an input is borrowed while its krn_sim lives; a krn_sim is freed by krn_sim_free
 *   threads    a krn_sim is immutable: any number of threads may replicate on it
 *   errors     KRN_E_ARG (an input that contradicts itself), KRN_E_MEMORY, KRN_E_LIMIT
 */
#ifndef KERUEN_SIM_H
#define KERUEN_SIM_H

#include <keruen/network.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- what is asked ---- */

/* How a lot finds its way among those of its stream. */
typedef enum krn_sim_routing {
    KRN_ROUTING_BEST,    /* the way of least generalised cost */
    KRN_ROUTING_LOGIT,   /* by the shares of the ways */
    KRN_ROUTING_ADAPTIVE /* by the shares, but round queues that are too long: see patience_h */
} krn_sim_routing;

/* One way that lots of a stream may take. */
typedef struct krn_sim_way {
    const krn_activity_id *activities; /* from rest at the origin to rest at the destination */
    uint32_t n_activities;
    double price_usd;   /* of one lot: exact sum of charges */
    double border_usd;  /* of it, fees at border crossings */
    double wtw_kg_co2e; /* of one lot */
    double general_usd; /* of one lot: price + value of time * expected time */
    double share;       /* 0..1 of the lots (LOGIT, ADAPTIVE); those of a stream add up to 1 */
    uint32_t group;     /* of the answers: which relation and way it is counted with */
} krn_sim_way;

/* Lots of one kind between two places. */
typedef struct krn_sim_stream {
    krn_consignment lot;    /* quantity of one lot; ready is not used */
    double lots_a_year;     /* >= 0; spread over the months, jittered within their order */
    double month_share[12]; /* adds up to 1 */
    const krn_time *ready;  /* instead of lots_a_year: one lot at each instant, ascending */
    uint32_t n_ready;
    double value_of_time_usd_h; /* of one lot */
    bool papers_ahead;          /* regular trade: papers are there when a lot is made */
    const krn_sim_way *ways;    /* at least one */
    uint32_t n_ways;
} krn_sim_stream;

typedef enum krn_sim_event_kind {
    KRN_SIM_CLOSE,    /* nothing starts there; what is being done goes on */
    KRN_SIM_CAPACITY, /* servers work at a share of their rate */
    KRN_SIM_BAN       /* no lot of the commodity is loaded there */
} krn_sim_event_kind;

/* Something dated that happens to a place, link, border or service. */
typedef struct krn_sim_event {
    krn_sim_event_kind kind;
    krn_time from, to;  /* from <= t < to */
    krn_table table;    /* KRN_TABLE_NODE, _LINK, _BORDER, _GAUGE_CHANGE, _OPERATION, _TRIP */
    uint32_t row;       /* of that table */
    double share;       /* CAPACITY: 0..1 of the rate that is left (0: as closed) */
    uint32_t commodity; /* BAN: row, or KRN_NO_ROW for all */
} krn_sim_event;

typedef struct krn_sim_input {
    const krn_network *network;
    const krn_sim_stream *streams;
    uint32_t n_streams;
    uint32_t n_groups; /* of the ways */
    const krn_sim_event *events;
    uint32_t n_events;
    krn_time start;  /* of what is counted */
    double warmup_d; /* days before start that run uncounted, >= 0 */
    double days;     /* counted, > 0 */
    uint64_t seed;
    krn_sim_routing routing;
    /* ADAPTIVE: a lot whose way has queues of more than so many hours together takes the way of
     * least generalised cost, queues counted in, among those that have not; if all have, the one
     * with the shortest. */
    double patience_h;
    bool typical;   /* every law at its typical value: no chance */
    bool unlimited; /* nobody waits for another: free flow */
} krn_sim_input;

typedef struct krn_sim krn_sim;

/* Lays the corridor out: resources, steps with their laws. O(ways * activities). */
KRN_API krn_status krn_sim_new(const krn_sim_input *input, krn_sim **out, krn_error *err);
KRN_API void krn_sim_free(krn_sim *sim);

/* ---- what is answered: metrics by place in a vector ---- */

/* Why a lot waits. */
typedef enum krn_sim_cause {
    KRN_WAIT_PAPERS,     /* documents, visas, bookings under way */
    KRN_WAIT_HOURS,      /* closed: night, weekend, holiday */
    KRN_WAIT_WEATHER,    /* storm, ice, convoy, closed season */
    KRN_WAIT_CLOSURE,    /* a dated event */
    KRN_WAIT_LINE,       /* a free section of track */
    KRN_WAIT_LOCOMOTIVE, /* or a crew */
    KRN_WAIT_WAGON,      /* empty wagons */
    KRN_WAIT_BORDER,     /* the queue before a border post */
    KRN_WAIT_GAUGE,      /* a track or gang of the gauge change */
    KRN_WAIT_TERMINAL,   /* loading and unloading gear */
    KRN_WAIT_STORAGE,    /* storage is full */
    KRN_WAIT_DEPARTURE,  /* the next ship or train of a service */
    KRN_WAIT_BERTH,      /* roadstead */
    KRN_WAIT_COUNT
} krn_sim_cause;

/* "papers", "closed hours", "weather", ... */
KRN_API const char *krn_sim_cause_name(krn_sim_cause cause);

typedef enum krn_sim_resource_kind {
    KRN_RESOURCE_SECTION,    /* a rail link: trains */
    KRN_RESOURCE_BORDER,     /* a crossing in one direction: wagons, trains or trucks */
    KRN_RESOURCE_GAUGE_YARD, /* a gauge change: wagons */
    KRN_RESOURCE_TERMINAL,   /* an operation of a place */
    KRN_RESOURCE_STORAGE,    /* tonnes */
    KRN_RESOURCE_BERTHS,     /* ships at a port */
    KRN_RESOURCE_WAGONS,     /* a pool */
    KRN_RESOURCE_LOCOMOTIVES,
    KRN_RESOURCE_SERVICE, /* places on departures of a trip */
    KRN_RESOURCE_KIND_COUNT
} krn_sim_resource_kind;

/* "section", "border", "gauge change", ... */
KRN_API const char *krn_sim_resource_kind_name(krn_sim_resource_kind kind);

typedef struct krn_sim_resource {
    krn_sim_resource_kind kind;
    krn_figure figure;    /* row that makes it */
    uint32_t from_node;   /* place, or begin of a section in the order of its link */
    uint32_t to_node;     /* KRN_NO_ROW for a place */
    krn_country from, to; /* border: direction */
    double capacity;      /* servers, tonnes, vehicles; infinite when nothing limits */
    double rate_a_day;    /* trains, wagons, trucks, tonnes a day of all servers; NaN unknown */
    const char *unit;     /* of the rate or capacity: "trains", "wagons", "t", ... */
} krn_sim_resource;

typedef enum krn_sim_total {
    KRN_TOTAL_MADE_T,      /* of all lots made from start to end */
    KRN_TOTAL_DELIVERED_T, /* in that time */
    KRN_TOTAL_LEFT_T,      /* under way or stored at the end */
    KRN_TOTAL_BEGUN_T,     /* under way or stored at the start */
    KRN_TOTAL_LOTS,        /* delivered */
    KRN_TOTAL_TEU,
    KRN_TOTAL_TKM,
    KRN_TOTAL_PRICE_USD,   /* of delivered lots, storage beyond free days included */
    KRN_TOTAL_STORAGE_USD, /* of it */
    KRN_TOTAL_WTW_KG_CO2E,
    KRN_TOTAL_TRAINS, /* started on a section, by their first section */
    KRN_TOTAL_TRAIN_KM,
    KRN_TOTAL_EMPTY_WAGON_KM,
    KRN_TOTAL_WAGON_KM, /* loaded */
    KRN_TOTAL_SHIPS,    /* departures with cargo */
    /* indicators as the corridor surveys reckon them, over delivered lots */
    KRN_TOTAL_TFI1_RAIL_H, /* hours to clear a border crossing, both sides, waiting included */
    KRN_TOTAL_TFI1_ROAD_H,
    KRN_TOTAL_TFI2_RAIL_USD, /* paid at a crossing, per 20 t or lot unit */
    KRN_TOTAL_TFI2_ROAD_USD,
    KRN_TOTAL_TFI3_RAIL_USD, /* per 500 km and 20 t */
    KRN_TOTAL_TFI3_ROAD_USD,
    KRN_TOTAL_SWOD_RAIL_KMH, /* TFI4: speed without delay: km over hours in motion */
    KRN_TOTAL_SWOD_ROAD_KMH,
    KRN_TOTAL_SWD_RAIL_KMH, /* speed with delay: borders, gauge change and queues under way in */
    KRN_TOTAL_SWD_ROAD_KMH,
    KRN_TOTAL_EVENTS,
    KRN_TOTAL_LOST_T, /* made - delivered - left + begun: 0, or the program is wrong */
    KRN_TOTAL_COUNT
} krn_sim_total;

/* Of the delivered lots of a group; means per lot are weighted by tonnes. */
typedef enum krn_sim_measure {
    KRN_GROUP_DELIVERED_T,
    KRN_GROUP_TEU,
    KRN_GROUP_LOTS,
    KRN_GROUP_MEAN_H, /* door to door */
    KRN_GROUP_P10_H,
    KRN_GROUP_P50_H,
    KRN_GROUP_P90_H,
    KRN_GROUP_MOVING_H,
    KRN_GROUP_HANDLING_H, /* terminals */
    KRN_GROUP_BORDER_H,   /* at the post, without the queue before it */
    KRN_GROUP_GAUGE_H,
    KRN_GROUP_WAIT_H, /* and KRN_WAIT_COUNT - 1 further places: by cause */
    KRN_GROUP_PRICE_USD_T = KRN_GROUP_WAIT_H + KRN_WAIT_COUNT,
    KRN_GROUP_WTW_KG_T,
    KRN_GROUP_MEASURE_COUNT
} krn_sim_measure;

typedef enum krn_sim_use {
    KRN_USE_SHARE,   /* of the capacity in time: 0..1; a service: of the places offered */
    KRN_USE_SERVED,  /* units served: trains, wagons, tonnes, ships */
    KRN_USE_WAIT_H,  /* mean wait of those served */
    KRN_USE_QUEUE_T, /* mean tonnes waiting */
    KRN_USE_QUEUE_MAX_T,
    KRN_USE_LOST_TD, /* tonne-days lost in its queue */
    KRN_USE_LEVEL,   /* mean tonnes stored, vehicles out, servers busy */
    KRN_USE_LEVEL_MAX,
    KRN_USE_FULL_H,    /* hours with no room or no vehicle left */
    KRN_USE_BLOCKED_H, /* hours that somebody stood because of that */
    KRN_USE_COUNT
} krn_sim_use;

typedef enum krn_sim_week {
    KRN_WEEK_SHARE,   /* mean use of a resource in a week */
    KRN_WEEK_QUEUE_T, /* mean tonnes waiting */
    KRN_WEEK_COUNT
} krn_sim_week;

KRN_API uint32_t krn_sim_resources(const krn_sim *sim);
KRN_API krn_sim_resource krn_sim_resource_at(const krn_sim *sim, uint32_t index);
KRN_API uint32_t krn_sim_weeks(const krn_sim *sim); /* begun ones count */
KRN_API uint32_t krn_sim_days(const krn_sim *sim);  /* of warm-up and count together */
KRN_API uint32_t krn_sim_groups(const krn_sim *sim);

/* What one lot of a stream takes of the resources along a way: what assignment loads them by, so
 * that both know a border by the same figures.
 *
 *   section      full trains of its wagons, laden and where they come from a pool on the empty way
 *                back, halved: the rate is that of trains each way
 *   service      departures that it fills
 *   border, gauge change, terminal: wagons, trains, trucks, tonnes, ...: the unit of the rate
 *   storage      tonnes * days, from unloading into it to leaving it
 *   berths       ships * days that the gear works on it
 *   wagons, locomotives: vehicles * days, laden and empty
 *
 * All by typical times, nobody else about. */
typedef struct krn_sim_way_use {
    krn_activity_id activity; /* where it is taken */
    uint32_t resource;
    double quantity; /* > 0 */
    double occupy_h; /* time of one server for it; of pools: hours held */
} krn_sim_way_use;

/* Uses of a way in its order, from the arena; resources without any limit are left out. */
KRN_API krn_status krn_sim_way_uses(const krn_sim *sim, uint32_t stream, uint32_t way,
                                    krn_arena *arena, uint32_t *out_n, krn_sim_way_use **out,
                                    krn_error *err);

/* Length of the vector, and the place of a metric in it. */
KRN_API uint32_t krn_sim_metrics(const krn_sim *sim);
KRN_API uint32_t krn_sim_total_at(const krn_sim *sim, krn_sim_total what);
KRN_API uint32_t krn_sim_group_at(const krn_sim *sim, uint32_t group, unsigned measure);
KRN_API uint32_t krn_sim_use_at(const krn_sim *sim, uint32_t resource, krn_sim_use what);
KRN_API uint32_t krn_sim_week_at(const krn_sim *sim, uint32_t resource, uint32_t week,
                                 krn_sim_week what);
/* Tonnes under way at the end of a day, from the begin of the warm-up on. */
KRN_API uint32_t krn_sim_day_at(const krn_sim *sim, uint32_t day);

/* A name for each place of the vector, that says the same in each version of the program for the
 * same rows ("total/delivered_t", "border/b-.../queue_t"): what a store is checked by. */
KRN_API void krn_sim_metric_name(const krn_sim *sim, uint32_t metric, char *out, size_t size);

/* Hash of everything that decides what a replication answers. */
KRN_API uint64_t krn_sim_fingerprint(const krn_sim *sim);

/* Bytes of the layout, and the most that one replication has taken so far beside it (kept apart
 * from what replications read; any thread may ask). */
KRN_API size_t krn_sim_bytes(const krn_sim *sim);
KRN_API size_t krn_sim_replication_bytes(const krn_sim *sim);

/* ---- running ---- */

typedef enum krn_sim_trace_kind {
    KRN_TRACE_MADE,
    KRN_TRACE_WAIT,  /* begins to wait: cause and resource */
    KRN_TRACE_START, /* an activity begins */
    KRN_TRACE_END,   /* it ends */
    KRN_TRACE_DELIVERED
} krn_sim_trace_kind;

typedef struct krn_sim_trace_event {
    krn_time at; /* rounded down to the second */
    krn_sim_trace_kind kind;
    uint32_t lot; /* number in the order made, from 1 */
    uint32_t stream, way;
    double tonnes;
    krn_activity_id activity; /* KRN_NO_ID where none */
    krn_sim_cause cause;      /* of a wait */
    uint32_t resource;        /* or KRN_NO_ROW */
} krn_sim_trace_event;

/* Called for each event, in order of time; a status other than KRN_OK ends the replication. */
typedef krn_status (*krn_sim_trace)(void *context, const krn_sim_trace_event *event,
                                    krn_error *err);

/* One replication: out_metrics has room for krn_sim_metrics(sim). The same number gives the same
 * bytes. trace may be NULL. */
KRN_API krn_status krn_sim_replicate(const krn_sim *sim, uint32_t replication, krn_sim_trace trace,
                                     void *context, double *out_metrics, krn_error *err);

#ifdef __cplusplus
}
#endif
#endif
