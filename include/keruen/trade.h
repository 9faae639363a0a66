/* trade.h - the trade of a year on the network: which ways it takes, what is full, what one more
 * unit of capacity is worth.
 *
 *   demand of a year     ways of each row (plan),       loads of resources
 *   between places ----> with new ones while   <------> wait for each (queue formula of its kind,
 *                        queues grow                    or a table out of a simulation)
 *
 *     cost of a way, USD a tonne = price + value of time * (hours of the way + waits under load)
 *                                  + emission price * kg CO2e / 1000
 *
 * Ways and resources are those of the simulation (scenario.h, sim.h): both know a border by the
 * same figures. The kernel is path_assign.h.
 *
 *   units      tonnes a year (net), USD a tonne, hours; loads in units a day
 *   ownership  an answer lives in the caller's arena and borrows from network and demand
 *   threads    ways are planned on n_threads threads; the same bytes on any number of them
 *   errors     KRN_E_ARG, KRN_E_NOT_FOUND, KRN_E_DATA (a figure is missing), KRN_E_MEMORY,
 *              KRN_E_CANCELLED. Demand without a way is no error: it is told row by row
 */
#ifndef KERUEN_TRADE_H
#define KERUEN_TRADE_H

#include <keruen/measure.h>
#include <keruen/path_assign.h>
#include <keruen/scenario.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum krn_trade_method {
    KRN_TRADE_ALL_OR_NOTHING, /* the cheapest way takes all, whatever its load */
    KRN_TRADE_LOGIT,          /* by logit over the ways at no load */
    KRN_TRADE_PATH_SIZE,      /* the same, less for ways that share most of their length */
    KRN_TRADE_USER,       /* equilibrium: no way in use is dearer than another, waits included */
    KRN_TRADE_STOCHASTIC, /* path-size logit under load */
    KRN_TRADE_SYSTEM,     /* least total cost */
    KRN_TRADE_METHOD_COUNT
} krn_trade_method;

/* "aon", "logit", "psl", "ue", "sue", "so". */
KRN_API const char *krn_trade_method_name(krn_trade_method method);

/* Wait at a resource by its load, from a table instead of the formula of its kind. */
typedef struct krn_trade_delay {
    const char *resource;     /* name as krn_trade_resource has it */
    uint32_t n_points;        /* >= 2 */
    const double *load_a_day; /* ascending, the first 0 */
    const double *wait_h;     /* not descending */
} krn_trade_delay;

typedef struct krn_trade_question {
    const krn_demand_list *demand;
    double demand_share; /* >= 0: of the tonnes of a year */
    krn_trade_method method;
    bool hard_capacity;      /* no resource takes more than its rate; what finds no room is left
                                behind and told */
    double gap_share;        /* 0: 1e-6 */
    uint32_t max_iterations; /* 0: the kernel's */
    uint32_t most_ways;      /* of one row to begin with, >= 1 */
    double emission_usd_t;   /* price of a tonne CO2e, >= 0 */
    krn_time ready;          /* of the plans: seasons and rules of that time */
    const krn_trade_delay *delays; /* NULL: formulas */
    uint32_t n_delays;
    uint32_t n_priced;  /* so many of the fullest resources get a price; 0: none */
    unsigned n_threads; /* 0: all processors */
    /* Rows planned so far (while ways are looked for); NULL: none. false: KRN_E_CANCELLED. */
    bool (*progress)(void *context, uint32_t done, uint32_t n);
    bool (*step)(void *context, const krn_assign_step *step);
    void *progress_context;
} krn_trade_question;

/* One way of one row. */
typedef struct krn_trade_way {
    uint32_t row; /* of the answer */
    const krn_activity_id *activities;
    uint32_t n_activities;
    const char *words; /* "rail by Bolashak + Akyayla" */
    const char *modes; /* "rail", "road", "rail-sea", ...: those of a leg of weight, in order */
    double year_t;     /* >= 0 */
    double share;      /* of what the row sends, 0..1 */
    double price_usd_t, emission_usd_t, cost_usd_t; /* cost: with time, waits and emissions */
    double free_h, wait_h;                          /* nobody about; waits under load */
    double wtw_kg_t;
    double rail_km, road_km, sea_km;
    unsigned handlings;
} krn_trade_way;

typedef struct krn_trade_row {
    uint32_t demand; /* of the demand list */
    krn_country from, to;
    uint32_t cargo_class;       /* row */
    double asked_t, sent_t;     /* a year; the rest is unserved */
    const char *reason;         /* why the rest is not sent; NULL: all is */
    uint32_t first_way, n_ways; /* cheapest first */
    double value_of_time_usd_t_h;
    double cost_usd_t, price_usd_t, hours, wtw_kg_t; /* means of what is sent; NaN: nothing is */
    double least_usd_t;                              /* of the cheapest way under load; NaN: none */
} krn_trade_row;

/* Tonnes over a link in one direction, a crossing, or through a place. */
typedef enum krn_trade_use_kind {
    KRN_TRADE_LINK,    /* row of link.csv; from_node -> to_node */
    KRN_TRADE_BORDER,  /* row of border.csv: into a country */
    KRN_TRADE_GAUGE,   /* row of gauge_change.csv */
    KRN_TRADE_PORT_IN, /* row of node.csv: off ships */
    KRN_TRADE_PORT_OUT /* onto ships */
} krn_trade_use_kind;

typedef struct krn_trade_use {
    krn_trade_use_kind kind;
    uint32_t row;
    krn_mode mode;
    uint32_t from_node, to_node; /* rows; a place: both the same */
    double year_t;
    const double *class_t; /* of it by row of cargo_class.csv; they add up */
    double length_km;      /* of a link; 0 else */
} krn_trade_use;

typedef struct krn_trade_resource {
    krn_sim_resource words;
    const char *name;      /* the same in each version for the same rows: "border/b-...", */
    double load_a_day;     /* in words.unit, or servers' time a day where no rate is known */
    double capacity_a_day; /* infinite: nothing limits */
    double full_share;     /* load / capacity; 0 where nothing limits */
    double year_t;         /* tonnes that use it */
    double wait_h;         /* of each of them */
    /* Of the n_priced fullest; NaN: not priced. With so much more capacity a day (one unit; of
     * services one departure in 30 days): */
    double step_a_day;
    double price_usd_per_year; /* takes so much off the total cost */
    double more_t;             /* brings so many tonnes more over it a year */
    double faster_d;           /* makes the mean tonne of its rows so much faster */
} krn_trade_resource;

typedef struct krn_trade_answer {
    const krn_trade_question *question;
    krn_assign_step step;
    bool gap_reached;
    uint32_t n_rounds; /* that planning under waits found cheaper ways in */
    bool all_ways;     /* the last planning found none: the gap is against all ways that plans know;
                          of methods that look at no load always */
    const krn_trade_row *rows; /* in the order of the demand; all of it */
    uint32_t n_rows;
    const krn_trade_way *ways; /* by row */
    uint32_t n_ways;
    const krn_trade_use *uses; /* by kind, then tonnes, fullest first */
    uint32_t n_uses;
    const krn_trade_resource *resources; /* fullest first */
    uint32_t n_resources;
    double asked_t, sent_t, unserved_t;
    double price_usd, time_usd, emission_usd, total_usd; /* a year, of what is sent */
    double mean_d, wait_d;
    double wtw_kg_co2e, tkm, rail_tkm, road_tkm, sea_tkm;
    krn_quality quality;
} krn_trade_answer;

/* Plans ways, spreads the demand, prices what is full. Same question, same bytes. */
KRN_API krn_status krn_trade_assign(const krn_network *network, const krn_trade_question *question,
                                    krn_arena *arena, krn_trade_answer *out, krn_error *err);

/* Who uses what a text names (as of krn_sim_event_read: ids, the beginning of ids with '*', names
 * of crossings, places in words): tonnes by way of the answer. KRN_E_NOT_FOUND. */
typedef struct krn_trade_selection {
    const char *what;     /* as named */
    const double *ways_t; /* n_ways: of the way over it; all of it, or 0 */
    double year_t;
} krn_trade_selection;
KRN_API krn_status krn_trade_select(const krn_network *network, const krn_place_index *places,
                                    const krn_trade_answer *answer, const char *text,
                                    krn_arena *arena, krn_trade_selection *out, krn_error *err);

/* Tables of waits by load out of the simulation: the corridor runs under several shares of the
 * demand; loads and mean waits of each resource, made monotone. About a second a share. */
KRN_API krn_status krn_trade_delays_simulate(const krn_network *network,
                                             const krn_trade_question *question, uint64_t seed,
                                             krn_arena *arena, const krn_trade_delay **out,
                                             uint32_t *out_n, krn_error *err);

/* ---- which measures, under a budget ---- */

typedef struct krn_invest_option {
    uint32_t measure; /* row of KRN_TABLE_MEASURE of the base package */
    double cost_usd;  /* published, or given; >= 0 */
} krn_invest_option;

/* Cost of a year with a set: total_usd + unserved_usd. */
typedef struct krn_invest_set {
    uint64_t members; /* bit i: option i */
    double cost_usd;
    double total_usd; /* of the assignment with it, a year */
    double sent_t;
    double unserved_t;
    double unserved_usd; /* what the tonnes that are not sent cost */
} krn_invest_set;

typedef struct krn_invest_question {
    const krn_package *base;   /* without measures */
    krn_measure_choice always; /* measures at work whatever is chosen, and the day */
    const krn_invest_option *options;
    uint32_t n_options; /* <= 20 */
    double budget_usd;
    krn_trade_question trade; /* demand rows are of the base package; nothing is priced */
    double unserved_usd_t;    /* what a tonne that is not sent costs, in comparing sets; NaN: the
                                 value of the goods (commodity.csv; 0 where blank) */
    /* Sets tried so far; false: KRN_E_CANCELLED. May be NULL. */
    bool (*progress)(void *context, uint32_t done, uint32_t n);
    void *progress_context;
} krn_invest_question;

typedef struct krn_invest_answer {
    const krn_invest_set *sets; /* best first: all that were tried, the empty one too */
    uint32_t n_sets;
    krn_invest_set base;     /* none of them */
    uint32_t n_skipped;      /* sets over the budget */
    uint32_t n_clashing;     /* sets of several that cannot hold together: a change meets no row */
    const double *alone_usd; /* by option: what it cuts alone, USD a year; NaN: over the budget */
    /* Equilibria are known to their gap: costs of a year that lie nearer to each other than this
     * are the same, and the set of less cost goes before the other. */
    double resolution_usd;
    bool gaps_reached; /* of all assignments, against all ways that plans know */
} krn_invest_answer;

/* Every set of options within the budget, each with its own plans and assignment: exact. About the
 * time of krn_trade_assign a set. KRN_E_LIMIT beyond 4096 sets or 20 options; KRN_E_ARG: an option
 * without a cost, given twice, or at work already. */
KRN_API krn_status krn_invest(const krn_invest_question *question, krn_arena *arena,
                              krn_invest_answer *out, krn_error *err);

#ifdef __cplusplus
}
#endif
#endif
