/* rule.h - papers, visas, legal regimes and sanctions facts: who needs what, where, since when.
 *
 * What a consignment needs on a route is answered here alone, for plan and for simulation. A paper
 * is applied for when the goods are ready; papers are prepared side by side; a gate cannot be
 * passed before ready time + longest lead of the papers asked for there.
 *
 *   ownership  lists live in the caller's arena; texts are borrowed from the package
 *   errors     KRN_E_MEMORY; KRN_E_LIMIT: a book of a table with more than 20,000 rows; a question
 *              without rules has an empty answer
 */
#ifndef KERUEN_RULE_H
#define KERUEN_RULE_H

#include <keruen/arena.h>
#include <keruen/cargo.h>
#include <keruen/package.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct krn_rule_book
    krn_rule_book; /* compiled rules, visas, regimes, sanctions; immutable */

KRN_API krn_status krn_rule_book_new(const krn_package *package, krn_rule_book **out,
                                     krn_error *err);
KRN_API void krn_rule_book_free(krn_rule_book *book);

typedef enum krn_gate {
    KRN_GATE_DEPARTURE,    /* before the goods leave the origin */
    KRN_GATE_ENTER,        /* at entry into a country */
    KRN_GATE_LEAVE,        /* at exit from a country */
    KRN_GATE_LOAD_SEA,     /* before loading on a ship */
    KRN_GATE_GAUGE_CHANGE, /* at a change of gauge */
    KRN_GATE_DELIVERY,     /* before hand-over at the destination */
    KRN_GATE_NONE          /* needed, holds nothing up */
} krn_gate;

/* "departure", "entry", "exit", "loading on ship", ... */
KRN_API const char *krn_gate_name(krn_gate gate);

typedef struct krn_paper {
    const char *name;
    const char *kind; /* kind of rule.csv, or "visa" */
    const char *issuer;
    const char *legal_basis;
    const char *regime; /* "SMGS", "TIR", ...; "" none */
    bool optional;      /* an advantage, not a condition */
    krn_gate gate;
    krn_country country; /* country of the gate, 0 none */
    uint32_t gate_node;  /* node row where it is first asked for, or KRN_NO_ROW */
    uint32_t leg;        /* index of the leg that asks first, or KRN_NO_ROW */
    double lead_days_h;  /* typical lead time in hours; 0 known to be none; NaN not found */
    double cost_usd;     /* for the whole consignment; NaN: not found */
    krn_time apply_by;   /* so that the planned passage is met; KRN_TIME_NONE: no matter */
    krn_time ready_at;   /* when it is there if applied for at the ready time */
    krn_figure figure;   /* row of rule.csv or visa.csv */
    krn_quality quality;
} krn_paper;

typedef struct krn_paper_list {
    krn_paper *papers;
    uint32_t n_papers;
    uint32_t capacity;
} krn_paper_list;

/* A place in a route at which rules are asked. */
typedef struct krn_rule_point {
    krn_gate gate;
    krn_mode mode;       /* mode of the leg at that point */
    krn_country country; /* entered, left, or of the place */
    krn_country other;   /* the country on the other side of a border, 0 none */
    uint32_t node;       /* node row */
    uint32_t leg;
    krn_time at; /* planned passage; KRN_TIME_NONE: unknown */
} krn_rule_point;

/* The question of a consignment: goods, ends, day. */
typedef struct krn_rule_case {
    const krn_consignment *consignment;
    const krn_load *load;
    krn_country origin, destination;
    int32_t day; /* day by which validity is judged */
    const krn_country
        *countries; /* countries that the route touches in order; NULL: not known yet */
    uint32_t n_countries;
    const uint32_t *nodes; /* nodes of the route; NULL: node conditions are judged at the point */
    uint32_t n_nodes;
    const bool *concerned; /* NULL; else by rule of the book: goods, ends and day are as it asks */
} krn_rule_case;

/* Longest typical lead (hours) of the required papers and visas asked for at one point: what the
 * gate adds to the ready time. Conditions on the whole route that are not known count as met, so
 * this is never smaller than the truth for the route. 0 when nothing is asked. */
KRN_API double krn_rule_gate_h(const krn_rule_book *book, const krn_rule_case *question,
                               const krn_rule_point *point);

/* All papers of a route, each once, at the first point that asks for it. */
KRN_API krn_status krn_rule_papers(const krn_rule_book *book, const krn_rule_case *question,
                                   const krn_rule_point *points, uint32_t n_points,
                                   krn_arena *arena, krn_paper_list *out, krn_error *err);

/* Visa rule for a person; *out_row KRN_NO_ROW when the package knows none. subject: "citizen",
 * "business", "driver", "crew", "train_crew"; business and crew fall back to citizen. */
KRN_API void krn_visa_find(const krn_rule_book *book, const char *subject, krn_country nationality,
                           krn_country destination, int32_t day, uint32_t *out_row);

/* Legal regime of a leg in a country: name ("SMGS"), "" if unknown; *out_figure its row. held:
 * regime of the part before ("" at the start), kept where it also holds here. */
KRN_API const char *krn_rule_regime(const krn_rule_book *book, krn_mode mode, krn_country country,
                                    const char *held, int32_t day, krn_figure *out_figure);

/* Sanctions facts that touch a route, as rows of sanction.csv by their ids. */
KRN_API krn_status krn_rule_sanctions(const krn_rule_book *book, const krn_rule_case *question,
                                      unsigned modes, krn_arena *arena, uint32_t *out_n,
                                      uint32_t **out_rows, krn_error *err);

#ifdef __cplusplus
}
#endif
#endif
