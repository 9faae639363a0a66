/* weighing.h - the question of one consignment to a network while it is answered: passed from
 * weigh.c (all activities) to weigh_service.c (departures, rides) and weigh_rates.c (laws). */
#ifndef MODEL_WEIGHING_H
#define MODEL_WEIGHING_H

#include "model/network_data.h"
#include "model/rule_book.h"
#include "model/tariff_book.h"

#define KRNI_MEMO_SLOTS 2048u /* a power of two */
#define KRNI_MAX_AXLES  16    /* different (gauge, axle load) kept */

/* Answers by key; when it is full, further ones are asked again. */
typedef struct krni_memo {
    uint64_t keys[KRNI_MEMO_SLOTS]; /* 0: free */
    double values[KRNI_MEMO_SLOTS][2];
    uint32_t n;
} krni_memo;

typedef struct krni_train_size {
    int gauge;
    double axle_t;
    uint32_t n_wagons; /* 0: none can */
    double gross_t;
    double length_m;
} krni_train_size;

typedef struct krni_weighing {
    const krn_network *network;
    const krn_package *package;
    const krn_load *load;
    krn_arena *arena;
    krn_time at;
    int32_t day;
    krn_country origin_country, destination_country, driver;
    uint32_t origin_rest, destination_rest; /* states */
    uint32_t n_trucks;
    krn_rule_case question;
    int wagon_column[KRN_MAX_GAUGES]; /* of cargo_class.csv */
    krni_train_size sizes[KRNI_MAX_AXLES];
    uint32_t n_sizes;
    krni_memo *memo;
    uint8_t *link_season;
    uint32_t *trip_voyages; /* by row of kr_trip.txt; most of its rides */
    krn_country *sails_to;  /* by state aboard at sea: country of the next port */
    krn_country *comes_from;
    krn_activity_cost *costs;
    krni_hold_list *holds; /* not NULL: the papers behind the gates are listed */
    krn_status hold_status;
    const double *delay_h; /* by activity, added to its duration; NULL: none */
} krni_weighing;

/* ---- weigh_rates.c ---- */

/* Says why; the first reason stands. */
void krni_weigh_block(krn_activity_cost *cost, krn_block why, krn_figure figure);

/* No wagon of the gauge takes the load: the line is too weak, or there is no such wagon. */
void krni_weigh_block_axle(const krni_weighing *w, int gauge, uint32_t link,
                           krn_activity_cost *cost);
void krni_weigh_block_truck(const krni_weighing *w, krn_activity_cost *cost);

/* Border fees and seals of the tariff at entry into a country. */
double krni_weigh_entry_usd(krni_weighing *w, krn_mode mode, krn_country country,
                            uint32_t n_vehicles);
double krni_weigh_voyage_usd(krni_weighing *w, uint32_t from_node, uint32_t to_node, uint32_t link,
                             double length_km);

/* Rate per km of an activity by its length; blocks without a rate. */
void krni_weigh_price_km(krni_weighing *w, uint32_t i, krn_activity_cost *cost);

/* Hire by the day for the expected hours on wheels on land: all but transfers, as routes are
 * priced. */
void krni_weigh_hire(krni_weighing *w, uint32_t i, krn_activity_cost *cost);

/* Emissions of an activity by its tonne-kilometres. */
void krni_weigh_emit(krni_weighing *w, uint32_t i, uint32_t vehicle, krn_activity_cost *cost);

/* Lead of the papers asked for at a point; the latest of all gates of an activity counts. */
void krni_weigh_gate(krni_weighing *w, krn_gate gate, krn_mode mode, krn_country country,
                     krn_country other, uint32_t node, krn_activity_cost *cost);

/* Row of visa.csv that closes a country to the driver, or KRN_NO_ROW. */
uint32_t krni_weigh_closed_to_driver(krni_weighing *w, krn_country country);

/* Adds a delay that a season at node or link brings now. */
void krni_weigh_delay(const krni_weighing *w, uint32_t i, krn_activity_cost *cost);

/* The load on a gauge under an axle load (0: no limit), and on a link. */
krni_train_size krni_weigh_train_on(krni_weighing *w, int gauge, double axle_t);
krni_train_size krni_weigh_train_over(krni_weighing *w, int gauge, uint32_t link);

/* ceil(whole / most), at least 1. */
uint32_t krni_weigh_parts(double whole, double most);

/* Trains that a load makes on a link. */
uint32_t krni_weigh_trains(const krni_weighing *w, const krni_train_size *size, uint32_t link);

/* ---- weigh_service.c ---- */

/* Rides come before all others, for boarding needs the number of voyages. */
void krni_weigh_ride(krni_weighing *w, uint32_t i, krn_activity_cost *cost);
void krni_weigh_board(krni_weighing *w, uint32_t i, krn_activity_cost *cost);
void krni_weigh_alight(krni_weighing *w, uint32_t i, krn_activity_cost *cost);

#endif
