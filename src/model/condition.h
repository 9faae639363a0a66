/* condition.h - the conditions that rows of tariff, rule and sanction share, compiled once: lists
 * of countries, goods, cargo classes, nodes, and the days on which a row holds.
 *
 * A blank list holds for everything. All lists live in the arena of their book. */
#ifndef MODEL_CONDITION_H
#define MODEL_CONDITION_H

#include <keruen/arena.h>
#include <keruen/cargo.h>

#include "model/tables.h"

/* A list of countries or of rows. */
typedef struct krni_set {
    const uint32_t *items;
    uint32_t n_items;
    bool blank; /* holds for everything: blank, or "any" */
    bool any;   /* "any" stood there */
} krni_set;

/* Days on which a row holds, both inclusive. */
typedef struct krni_days {
    int32_t from; /* INT32_MIN: always */
    int32_t to;   /* INT32_MAX: for ever */
} krni_days;

/* Countries of a list cell ("KZ;TM", "any", ""). */
krn_status krni_set_countries(krn_arena *arena, const char *list, krni_set *out, krn_error *err);

/* Rows of the table that the keys of a list cell name; a key that does not exist is left out. */
krn_status krni_set_rows(const krn_package *package, krn_table table, krn_arena *arena,
                         const char *list, krni_set *out, krn_error *err);

bool krni_set_has(const krni_set *set, uint32_t item);

/* Whether one of n items is in the set; a blank set holds. */
bool krni_set_has_any(const krni_set *set, const uint32_t *items, uint32_t n_items);

/* Mask of cargo classes of a list cell; blank: all. */
uint16_t krni_class_mask(const krn_package *package, const char *list);

/* Mask of modes of a list cell ("rail;sea"); blank or "any": all. */
unsigned krni_mode_mask(const char *list);

/* Whether a code of goods begins with one of the prefixes of a list. Points and blanks of the code
 * do not count. A blank list has none. */
bool krni_goods_match(const char *prefixes, const char *hs_code);

/* Two date cells as days. */
krni_days krni_days_of(const krn_package *package, krn_table table, uint32_t row, int from_column,
                       int to_column);

static inline bool krni_days_hold(krni_days days, int32_t day)
{
    return days.from <= day && day <= days.to;
}

/* A mode by name; KRN_MODE_COUNT when it is none. */
krn_mode krni_mode_named(const char *name, size_t length);

#endif
