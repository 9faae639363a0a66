/* rule_book.h - the inside of krn_rule_book: rule.csv, visa.csv, regime.csv, sanction.csv with
 * their conditions as numbers. */
#ifndef MODEL_RULE_BOOK_H
#define MODEL_RULE_BOOK_H

#include <keruen/network.h>
#include <keruen/rule.h>

#include "model/condition.h"

#define KRNI_MAX_RULES 20000u /* rows of each of the four tables; questions look at all of them */

typedef struct krni_rule {
    uint32_t row;
    const char *id;
    bool optional;
    bool any_mode; /* modes are blank */
    unsigned modes;
    krn_gate gate;
    krni_set origins, destinations, enters, leaves;
    krni_set transits; /* all of them */
    krni_set nodes;
    const char *hs_prefixes;
    bool dangerous_only;
    uint16_t classes;
    double lead_h; /* NaN: not found */
    krni_days days;
} krni_rule;

typedef struct krni_visa {
    uint32_t row;
    const char *id;
    const char *subject;
    krn_country nationality; /* 0: any */
    krn_country destination;
    int priority;
    krni_days days;
    double lead_h;
    bool free; /* visa free: no paper */
} krni_visa;

typedef struct krni_regime {
    uint32_t row;
    const char *id;
    const char *name;
    krn_mode mode;
    krn_country country; /* 0: any */
    int rank;
    krni_days days;
} krni_regime;

typedef struct krni_sanction {
    krni_set countries, nodes;
    unsigned modes;
    const char *hs_prefixes, *hs_except;
    krni_days days;
} krni_sanction;

struct krn_rule_book {
    krn_arena *arena;
    const krn_package *package; /* borrowed */
    krni_rule *rules;           /* by id */
    uint32_t n_rules;
    krni_visa *visas; /* best first: destination, priority, nationality named, later day, id */
    uint32_t n_visas;
    krni_regime *regimes; /* by rank, country named, id */
    uint32_t n_regimes;
    krni_sanction *sanctions; /* by row */
    uint32_t n_sanctions;
    bool *names_node; /* by node: some rule names it */
};

/* For krn_rule_case.concerned, where one consignment asks many times. */
krn_status krni_rule_concerned(const krn_rule_book *book, const krn_rule_case *question,
                               krn_arena *arena, const bool **out, krn_error *err);

/* A paper that holds an activity up: not passed before ready time + lead. */
typedef struct krni_hold {
    uint32_t activity;
    krn_figure figure; /* row of rule.csv, visa.csv or booking_rules.txt */
    double lead_h;     /* > 0 */
} krni_hold;

typedef struct krni_hold_list {
    krni_hold *holds;
    uint32_t n, capacity;
} krni_hold_list;

krn_status krni_hold_add(krni_hold_list *list, krni_hold hold, krn_arena *arena, krn_error *err);

/* Adds all papers that krn_rule_gate_h takes the longest of. */
krn_status krni_rule_holds(const krn_rule_book *book, const krn_rule_case *question,
                           const krn_rule_point *point, uint32_t activity, krn_arena *arena,
                           krni_hold_list *list, krn_error *err);

/* weigh.c: the papers behind every gate_h of krn_network_weigh, by activity. */
krn_status krni_network_holds(const krn_network *network, const krn_consignment *consignment,
                              krn_time at, krn_arena *arena, krni_hold_list *out, krn_error *err);

/* visa.c */
krn_status krni_visas_make(krn_rule_book *book, krn_error *err);

/* Whose papers are asked for at a point: subject of visa.csv for entry by a mode. */
const char *krni_visa_subject(krn_mode mode);

/* Visa that a driver or crew needs at a point of entry, or NULL. Crews are held up only by rows of
 * their own: a citizen's rule does not stop a crew that stays with its train or ship. */
const krni_visa *krni_visa_at(const krn_rule_book *book, const krn_rule_case *question,
                              const krn_rule_point *point);

/* regime.c */
krn_status krni_regimes_make(krn_rule_book *book, krn_error *err);
krn_status krni_sanctions_make(krn_rule_book *book, krn_error *err);

#endif
